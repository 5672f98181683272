// Chains of plants: figures reckoned by hand, brute force over all sequences, and what is refused.
#include "libgeo/logistics/chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "libgeo/core/text.h"
#include "tests/logistics/sketch.h"

namespace {

using namespace lode;
using sketch::layer;
using sketch::place;
using sketch::places;
using sketch::terminals;
using testing::HasSubstr;

// A degree of the equator, GeodSolve -i -E.
constexpr double kDegree = 111.319490793274;

template <class Call>
std::string code_of(Call call) {
  try {
    (void)call();
  } catch (const Error& error) {
    return error.code;
  }
  return "none";
}

const char* table_text() {
  return R"(as_of = 2026-11-01
contained = "TREO"
[[products]]
name = "ore"
moisture = "0 %"
[[products]]
name = "concentrate"
grade = "50 %"
moisture = "20 %"
radioactivity_share = "80 %"
[[products]]
name = "carbonate"
grade = "40 %"
moisture = "0 %"
radioactivity_share = "0 %"
[[products]]
name = "oxide"
grade = "100 %"
moisture = "0 %"
radioactivity_share = "0 %"
[[stages]]
name = "concentration"
takes = "ore"
gives = "concentrate"
recovery = "80 %"
usd_per_kg = { low = 1, base = 2, high = 3 }
at_site = true
[[stages]]
name = "cracking"
takes = "concentrate"
gives = "carbonate"
recovery = "90 %"
usd_per_kg = 4
[[stages]]
name = "separation"
takes = "carbonate"
gives = "oxide"
recovery = "50 %"
usd_per_kg = { low = 4, base = 5, high = 9 }
)";
}

ChainTable table() {
  return parse_chain(table_text(), "test chain");
}

ChainSite site(const std::string& id, double lon, double lat, const std::string& product = "ore") {
  ChainSite s;
  s.place = place(id, lon, lat);
  s.product = product;
  s.grade = 0.05;
  return s;
}

ChainPlant plant(const std::string& id, double lon, double lat, std::vector<std::string> stages) {
  ChainPlant p;
  p.place = place(id, lon, lat);
  p.stages = std::move(stages);
  return p;
}

Network road(double to = 20.0) {
  Path path;
  for (int i = 0; i <= static_cast<int>(to); ++i) path.push_back({static_cast<double>(i), 0});
  return build_network({layer("road", {path})});
}

ChainResult chains(const std::vector<ChainSite>& sites, const std::vector<ChainPlant>& plants,
                   const std::vector<Place>& goals = {}, const RouteOptions& options = {}) {
  return cheapest_chains(road(), sketch::plain_tariff(), terminals(), table(), sites, plants,
                         places(goals), options);
}

// Road at 0.10 USD/t-km (0.08 to 0.20), 100 g/t-km, 50 km/h. From the end, a tonne of TREO in
// oxide:
//   oxide        1 t (100 %, dry)                                  hauled 1 degree
//   separation   5 USD/kg (4 to 9), recovers 50 %: 2 t TREO enter
//   carbonate    2 / 0.40 = 5 t                                    hauled 3 degrees
//   cracking     4 USD/kg of carbonate's TREO x 2 = 8; recovers 90 %: 2.2222 t enter
//   concentrate  2.2222 / 0.50 = 4.4444 t dry, / 0.8 = 5.5556 t wet, hauled 2 degrees
//   at the mine  2 USD/kg (1 to 3) x 2.2222 = 4.4444; recovers 80 %: 2.7778 t enter
// Recovery of all: 0.8 x 0.9 x 0.5 = 36 %.
TEST(Chain, ByHand) {
  const auto result =
      chains({site("A", 0, 0)}, {plant("P", 2, 0, {"cracking"}), plant("Q", 5, 0, {"separation"})},
             {place("G", 6, 0)});
  const ChainRow& row = result.rows.at(0);
  ASSERT_TRUE(row.reachable) << row.words;
  ASSERT_EQ(row.steps.size(), 4u);
  const double wet[] = {0.0, 2.0 / 0.9 / 0.5 / 0.8, 5.0, 1.0};
  const double degrees[] = {0, 2, 3, 1};
  const double process[] = {2 * 2.0 / 0.9, 4 * 2.0, 5.0, 0.0};
  double haul = 0.0, haul_low = 0.0, haul_high = 0.0, co2e = 0.0;
  for (std::size_t i = 0; i < 4; ++i) {
    const ChainStep& step = row.steps[i];
    const double per_t = degrees[i] * kDegree * 0.10;
    EXPECT_EQ(step.moved, i > 0);
    EXPECT_NEAR(step.wet_t_per_t_contained, wet[i], 1e-12);
    EXPECT_NEAR(step.process_usd_per_kg, process[i], 1e-12);
    if (i > 0) {
      EXPECT_NEAR(step.haul.cost_usd_per_t, per_t, 1e-8);
      EXPECT_EQ(step.haul.legs.size(), 1u);
    }
    EXPECT_NEAR(step.haul_usd_per_kg, per_t * wet[i] / 1000, 1e-10);
    haul += per_t * wet[i] / 1000;
    haul_low += 0.8 * per_t * wet[i] / 1000;
    haul_high += 2.0 * per_t * wet[i] / 1000;
    co2e += degrees[i] * kDegree * 0.1 * wet[i] / 1000;
  }
  EXPECT_NEAR(row.haul_usd_per_kg, haul, 1e-10);
  EXPECT_NEAR(row.process_usd_per_kg, 4.0 / 0.9 + 8 + 5, 1e-12);
  EXPECT_NEAR(row.usd_per_kg, haul + 4.0 / 0.9 + 13, 1e-10);
  EXPECT_NEAR(row.low_usd_per_kg, haul_low + 2.0 / 0.9 + 8 + 4, 1e-10);
  EXPECT_NEAR(row.high_usd_per_kg, haul_high + 6.0 / 0.9 + 8 + 9, 1e-10);
  EXPECT_NEAR(row.recovery, 0.36, 1e-15);
  EXPECT_NEAR(row.distance_km, 6 * kDegree, 1e-8);
  EXPECT_NEAR(row.hours, 6 * kDegree / 50, 1e-9);
  EXPECT_NEAR(row.co2e_kg_per_kg, co2e, 1e-10);
  EXPECT_EQ(row.steps[0].stage, "concentration");
  EXPECT_EQ(row.steps[0].plant, kAtSite);
  EXPECT_EQ(row.steps[1].stage, "cracking");
  EXPECT_EQ(row.steps[1].product, "concentrate");
  EXPECT_EQ(row.steps[1].haul.from, kAtSite);
  EXPECT_EQ(row.steps[2].plant, 1u);
  EXPECT_TRUE(row.steps[3].delivery);
  EXPECT_EQ(row.steps[3].haul.from, 1u);
}

TEST(Chain, TotalsAloneAreTheSame) {
  const std::vector<ChainSite> sites = {site("A", 0, 0), site("B", 9, 0, "carbonate")};
  const std::vector<ChainPlant> plants = {plant("P", 2, 0, {"cracking"}),
                                          plant("Q", 5, 0, {"separation"})};
  RouteOptions bare;
  bare.legs = false;
  RouteOptions lines;
  lines.lines = true;
  const auto one = chains(sites, plants, {place("G", 6, 0)});
  const auto two = chains(sites, plants, {place("G", 6, 0)}, bare);
  const auto three = chains(sites, plants, {place("G", 6, 0)}, lines);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(one.rows[i].usd_per_kg, two.rows[i].usd_per_kg, 1e-12);
    EXPECT_EQ(one.rows[i].usd_per_kg, three.rows[i].usd_per_kg);
    EXPECT_TRUE(two.rows[i].steps.back().haul.legs.empty());
    EXPECT_EQ(three.rows[i].steps.back().line.lines.size(), 1u);
  }
  // What is past a stage enters after it.
  ASSERT_EQ(one.rows[1].steps.size(), 2u);
  EXPECT_EQ(one.rows[1].steps[0].stage, "separation");
}

// The plant at 1 degree is the nearest, but recovers a third of what the one at 4 degrees does:
// per kg of oxide it needs three times the ore, so the chain passes it by.
TEST(Chain, TheCheapestIsNotTheNearest) {
  ChainPlant near = plant("near", 1, 0, {"cracking"});
  near.recovery = 0.3;
  const ChainPlant far = plant("far", 4, 0, {"cracking"});
  const auto result = chains({site("A", 0, 0)}, {near, far, plant("Q", 5, 0, {"separation"})});
  ASSERT_EQ(result.rows[0].steps.size(), 3u);
  EXPECT_EQ(result.rows[0].steps[1].plant, 1u);
  // And a plant on the way back loses to one on the way on.
  const auto detour =
      chains({site("A", 5, 0)}, {plant("back", 4, 0, {"cracking"}), plant("on", 7, 0, {"cracking"}),
                                 plant("Q", 15, 0, {"separation"})});
  EXPECT_EQ(detour.rows[0].steps[1].plant, 1u);
}

// Ends are the cheapest chains with that plant alone for the last stage.
TEST(Chain, EndsArePricedToo) {
  const auto cracker = plant("P", 2, 0, {"cracking"});
  std::vector<ChainPlant> ends = {plant("Q1", 9, 0, {"separation"}),
                                  plant("Q2", 5, 0, {"separation"}),
                                  plant("Q3", 3, 0, {"separation"})};
  ends[2].usd_per_kg = 50;
  RouteOptions options;
  options.nearest = 2;
  std::vector<ChainPlant> all = {cracker};
  all.insert(all.end(), ends.begin(), ends.end());
  const ChainRow row = chains({site("A", 0, 0)}, all, {place("G", 6, 0)}, options).rows[0];
  ASSERT_EQ(row.ends.size(), 2u);
  EXPECT_EQ(row.ends[0].plant, 2u);
  EXPECT_EQ(row.ends[1].plant, 1u);
  for (const auto& end : row.ends)
    EXPECT_NEAR(end.usd_per_kg,
                chains({site("A", 0, 0)}, {cracker, ends[end.plant - 1]}, {place("G", 6, 0)})
                    .rows[0]
                    .usd_per_kg,
                1e-10);
}

TEST(Chain, OnePlantDoesSeveralStages) {
  const auto both = plant("both", 3, 0, {"cracking", "separation"});
  const auto result = chains({site("A", 0, 0)}, {both});
  ASSERT_EQ(result.rows[0].steps.size(), 3u);
  EXPECT_TRUE(result.rows[0].steps[1].moved);
  EXPECT_FALSE(result.rows[0].steps[2].moved);
  // It accepts concentrate alone; its own carbonate goes on, another's does not come in.
  ChainPlant closed = both;
  closed.accepts = {"concentrate"};
  EXPECT_TRUE(chains({site("A", 0, 0)}, {closed}).rows[0].reachable);
  const auto row = chains({site("A", 0, 0, "carbonate")}, {closed}).rows[0];
  EXPECT_FALSE(row.reachable);
  EXPECT_EQ(row.reason, "plant");
  EXPECT_EQ(row.broken_stage, "separation");
  EXPECT_THAT(row.words, HasSubstr("accepts 'carbonate'"));
}

// All sequences of plants by recursion on the same matrix of freight: the judge of the search,
// which never asks more than one plant at a time.
struct Brute {
  const ChainTable& table;
  const ChainSite& site;
  const std::vector<ChainPlant>& plants;
  const std::vector<std::vector<double>>& usd_per_t;  // from (0 site, 1 + plant) to plant
  double best = 1e300;

  double per_kg(const Product& product) const {
    const double grade = product.name == site.product ? site.grade : product.grade;
    return 1.0 / (1000 * (1 - product.moisture) * grade);
  }
  const Product& named(const std::string& name) const {
    for (const auto& product : table.products)
      if (product.name == name) return product;
    throw std::runtime_error(name);
  }
  void go(std::size_t at, const std::string& product, double cost) {
    if (product == "oxide") best = std::min(best, cost);
    for (const auto& stage : table.stages) {
      if (stage.takes != product) continue;
      if (stage.at_site && at == 0)
        go(0, stage.gives, cost / stage.recovery + stage.usd_per_kg.base);
      for (std::size_t p = 0; p < plants.size(); ++p)
        for (const auto& offered : plants[p].stages) {
          if (offered != stage.name) continue;
          const bool accepts =
              plants[p].accepts.empty() || at == p + 1 || plants[p].accepts[0] == product;
          if (!accepts) continue;
          const double haul = at == p + 1 ? 0.0 : usd_per_t[at][p] * per_kg(named(product));
          const double recovery =
              std::isnan(plants[p].recovery) ? stage.recovery : plants[p].recovery;
          const double process =
              std::isnan(plants[p].usd_per_kg) ? stage.usd_per_kg.base : plants[p].usd_per_kg;
          go(p + 1, stage.gives, (cost + haul) / recovery + process);
        }
    }
  }
};

TEST(Chain, BruteForceOverAllSequences) {
  const ChainTable stages = table();
  const char* names[] = {"concentration", "cracking", "separation"};
  int reached = 0, broken = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Random random{seed, 7};
    std::uint64_t n = 0;
    const auto u = [&] { return random.uniform(n++); };
    std::vector<Path> paths;
    std::vector<Point> spots;
    for (int i = 0; i < 12; ++i)
      spots.push_back({std::round(u() * 1e3) / 50, std::round(u() * 1e3) / 50});
    for (int i = 0; i < 14; ++i) {
      const auto a = static_cast<std::size_t>(u() * 12), b = static_cast<std::size_t>(u() * 12);
      if (a != b) paths.push_back({spots[a], spots[b]});
    }
    const Network net = build_network({layer("road", paths)});
    std::vector<ChainSite> sites;
    for (int i = 0; i < 3; ++i)
      sites.push_back(
          site("S" + std::to_string(i), spots[i].x, spots[i].y, i < 2 ? "ore" : "carbonate"));
    std::vector<ChainPlant> plants;
    for (int i = 3; i < 10; ++i) {
      ChainPlant p = plant("P" + std::to_string(i), spots[i].x, spots[i].y, {});
      for (const char* name : names)
        if (u() < 0.5) p.stages.emplace_back(name);
      if (u() < 0.3) p.recovery = 0.3 + 0.7 * u();
      if (u() < 0.3) p.usd_per_kg = 10 * u();
      if (u() < 0.3) p.accepts = {u() < 0.5 ? "concentrate" : "carbonate"};
      plants.push_back(p);
    }
    RouteOptions options;
    options.snap.radius_km = 1.0;
    ChainResult result;
    try {
      result = cheapest_chains(net, sketch::plain_tariff(), terminals(), stages, sites, plants,
                               places({}), options);
    } catch (const Error& error) {
      EXPECT_EQ(error.code, "chain.no_plant");
      continue;
    }
    std::vector<Place> ends;
    for (const auto& p : plants) ends.push_back(p.place);
    for (std::size_t i = 0; i < sites.size(); ++i) {
      std::vector<Place> starts = {sites[i].place};
      for (const auto& p : plants) starts.push_back(p.place);
      const auto rows =
          route(net, sketch::plain_tariff(), terminals(), places(starts), places(ends), options)
              .rows;
      std::vector<std::vector<double>> usd(starts.size(), std::vector<double>(ends.size()));
      for (const auto& row : rows)
        usd[row.from][row.to] = row.reachable() ? row.cost_usd_per_t : 1e300;
      Brute brute{stages, sites[i], plants, usd};
      brute.go(0, sites[i].product, 0.0);
      EXPECT_EQ(result.rows[i].reachable, brute.best < 1e290) << seed << " " << i;
      if (!result.rows[i].reachable) {
        EXPECT_NE(result.rows[i].words, "");
        ++broken;
        continue;
      }
      ++reached;
      EXPECT_NEAR(result.rows[i].usd_per_kg, brute.best, 1e-9 * brute.best) << seed << " " << i;
    }
  }
  EXPECT_GT(reached, 30);
  EXPECT_GT(broken, 5);
}

TEST(Chain, TheSameForAnyJobsAndAnyOtherSites) {
  const std::vector<ChainPlant> plants = {plant("P", 2, 0, {"cracking"}),
                                          plant("P2", 2, 0, {"cracking"}),
                                          plant("Q", 5, 0, {"separation"})};
  std::vector<ChainSite> sites;
  for (int i = 0; i < 12; ++i) sites.push_back(site("S" + std::to_string(i), i * 1.37, 0.1));
  RouteOptions one, four;
  one.jobs = 1;
  four.jobs = 4;
  const auto a = chains(sites, plants, {}, one), b = chains(sites, plants, {}, four);
  const auto alone = chains({sites[7]}, plants, {}, one);
  for (std::size_t i = 0; i < sites.size(); ++i) {
    EXPECT_EQ(a.rows[i].usd_per_kg, b.rows[i].usd_per_kg);
    EXPECT_EQ(a.rows[i].steps[1].plant, 0u) << "of two alike the first";
  }
  EXPECT_EQ(alone.rows[0].usd_per_kg, a.rows[7].usd_per_kg);
}

// 100 ppm of thorium in ore of 5 %: a dry tonne of concentrate (50 %) comes from
// 0.50 / (0.05 x 0.80) = 12.5 t of ore and holds 80 % of their thorium: 1,000 ppm; 800 of the wet
// tonne. Carbonate's share is nil.
TEST(Chain, RadioactivityFollowsTheMass) {
  ChainSite s = site("A", 0, 0);
  s.thorium_ppm = 100;
  s.uranium_ppm = 10;
  EXPECT_NEAR(chain_cargo(table(), s, "ore").thorium_ppm, 100, 1e-9);
  const Cargo cargo = chain_cargo(table(), s, "concentrate");
  EXPECT_NEAR(cargo.thorium_ppm, 800, 1e-9);
  EXPECT_NEAR(cargo.uranium_ppm, 80, 1e-9);
  EXPECT_EQ(chain_cargo(table(), s, "carbonate").thorium_ppm, 0.0);
  s.uranium_ppm = std::nan("");
  EXPECT_TRUE(std::isnan(chain_cargo(table(), s, "concentrate").uranium_ppm));
  const auto result =
      chains({s}, {plant("P", 2, 0, {"cracking"}), plant("Q", 5, 0, {"separation"})});
  EXPECT_NEAR(result.rows[0].steps[1].cargo.thorium_ppm, 800, 1e-9);
  EXPECT_EQ(class7_of(result.rows[0].steps[1].cargo), Class7::unknown);
  EXPECT_EQ(class7_of(result.rows[0].steps[2].cargo), Class7::no);
}

TEST(Chain, WordsSayWhereItBreaks) {
  const Network net = build_network({layer("road", {{{0, 0}, {5, 0}}, {{0, 3}, {5, 3}}})});
  const auto go = [&](std::vector<ChainSite> sites, std::vector<ChainPlant> plants,
                      std::vector<Place> goals = {}) {
    RouteOptions options;
    options.snap.radius_km = 20;
    return cheapest_chains(net, sketch::plain_tariff(), terminals(), table(), sites, plants,
                           places(goals), options);
  };
  const auto cracker = plant("P", 2, 0, {"cracking"});
  const auto other_side = plant("Q", 5, 3, {"separation"});
  const auto split = go({site("A", 0, 0)}, {cracker, other_side});
  EXPECT_FALSE(split.rows[0].reachable);
  EXPECT_EQ(split.rows[0].broken_stage, "separation");
  EXPECT_EQ(split.rows[0].reason, "component");
  EXPECT_THAT(split.rows[0].words, HasSubstr("separation: no way for the carbonate from P to Q"));
  EXPECT_TRUE(std::isnan(split.rows[0].usd_per_kg));
  EXPECT_TRUE(split.findings.has("chain.broken"));
  const auto far = go({site("A", 0, 1)}, {cracker, plant("Q", 4, 0, {"separation"})});
  EXPECT_EQ(far.rows[0].reason, "snap");
  EXPECT_EQ(far.rows[0].broken_stage, "cracking");
  const auto undelivered =
      go({site("A", 0, 0)}, {cracker, plant("Q", 4, 0, {"separation"})}, {place("G", 3, 3)});
  EXPECT_EQ(undelivered.rows[0].reason, "component");
  EXPECT_THAT(undelivered.rows[0].words, testing::StartsWith("delivery: "));
  // Without a grade ore is not hauled, but it is concentrated where it lies.
  ChainSite no_grade = site("A", 0, 0);
  no_grade.grade = std::nan("");
  const auto fine = go({no_grade}, {cracker, plant("Q", 4, 0, {"separation"})});
  EXPECT_TRUE(fine.rows[0].reachable);
  EXPECT_TRUE(fine.findings.has("chain.no_grade"));
  const auto unknown = go({site("A", 0, 0, "")}, {cracker, plant("Q", 4, 0, {"separation"})});
  EXPECT_EQ(unknown.rows[0].reason, "product");
  EXPECT_TRUE(unknown.findings.has("chain.no_product"));
}

TEST(Chain, AGradeThatIsNotKnownBreaksAHaul) {
  ChainTable t = table();
  t.stages[0].at_site = false;
  ChainSite s = site("A", 0, 0);
  s.grade = std::nan("");
  const auto result = cheapest_chains(
      road(), sketch::plain_tariff(), terminals(), t, {s},
      {plant("M", 1, 0, {"concentration", "cracking", "separation"})}, places({}), {});
  EXPECT_EQ(result.rows[0].reason, "grade");
  EXPECT_EQ(result.rows[0].broken_stage, "concentration");
}

TEST(Chain, WhatIsRefused) {
  const auto cracker = plant("P", 2, 0, {"cracking"});
  const auto refined = plant("Q", 5, 0, {"separation"});
  const auto code = [&](std::vector<ChainSite> sites, std::vector<ChainPlant> plants) {
    return code_of([&] { return chains(sites, plants); });
  };
  EXPECT_EQ(code({site("A", 0, 0)}, {cracker, refined}), "none");
  EXPECT_EQ(code({}, {cracker, refined}), "route.no_places");
  EXPECT_EQ(code({site("A", 0, 0)}, {cracker}), "chain.no_plant");
  EXPECT_EQ(code({site("A", 0, 0, "coal")}, {cracker, refined}), "chain.unknown_product");
  EXPECT_EQ(code({site("A", 0, 0)}, {plant("P", 2, 0, {"crackin"}), refined}),
            "chain.unknown_stage");
  for (const double bad : {0.0, -0.5, 1.5}) {
    ChainPlant p = cracker;
    p.recovery = bad;
    EXPECT_EQ(code({site("A", 0, 0)}, {p, refined}), "chain.bad_plant");
    ChainSite s = site("A", 0, 0);
    s.grade = bad;
    EXPECT_EQ(code({s}, {cracker, refined}), "chain.bad_site");
  }
  ChainPlant p = cracker;
  p.usd_per_kg = -1;
  EXPECT_EQ(code({site("A", 0, 0)}, {p, refined}), "chain.bad_plant");
  ChainSite s = site("A", 0, 0);
  s.thorium_ppm = -1;
  EXPECT_EQ(code({s}, {cracker, refined}), "chain.bad_site");
  EXPECT_EQ(code_of([&] {
              return cheapest_chains(road(), sketch::plain_tariff(), terminals(), table(),
                                     {site("A", 0, 0)}, {cracker, refined},
                                     {parse_crs("EPSG:32629"), {place("G", 1, 1)}}, {});
            }),
            "crs.mismatch");
  ChainPlant nowhere = refined;
  nowhere.place.at = {std::nan(""), std::nan("")};
  EXPECT_EQ(code({site("A", 0, 0)}, {cracker, nowhere}), "chain.no_plant");
  EXPECT_TRUE(chains({site("A", 0, 0)}, {cracker, refined, nowhere})
                  .findings.has("chain.plant_without_place"));
  ChainPlant odd = refined;
  odd.accepts = {"carbonat", "carbonate"};
  EXPECT_TRUE(chains({site("A", 0, 0)}, {cracker, odd}).findings.has("chain.accepts_unknown"));
}

std::string replaced(const std::string& from, const std::string& to) {
  std::string text = table_text();
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

void expect_invalid(const std::string& text, const std::string& what, const std::string& where) {
  try {
    (void)parse_chain(text, "c.toml");
    ADD_FAILURE() << "taken: " << what;
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "chain.invalid");
    EXPECT_THAT(std::string(error.what()), HasSubstr(what));
    EXPECT_EQ(error.where, where) << error.what();
  }
}

TEST(ChainTables, MistakesHaveTheirLine) {
  EXPECT_EQ(code_of([] { return parse_chain("a = [", "c.toml"); }), "chain.syntax");
  expect_invalid(replaced("grade = \"50 %\"\n", ""), "grade is missing", "c.toml:6");
  expect_invalid(replaced("moisture = \"20 %\"\n", ""), "moisture is missing", "c.toml:6");
  expect_invalid(replaced("\"50 %\"", "\"150 %\""), "at most 100 %", "c.toml:6");
  expect_invalid(replaced("\"50 %\"", "0.5"), "needs its unit", "c.toml:8");
  expect_invalid(replaced("\"50 %\"", "\"50 m\""), "grade", "c.toml:8");
  expect_invalid(replaced("\"20 %\"", "\"100 %\""), "below 100 %", "c.toml:6");
  expect_invalid(replaced("\"90 %\"", "\"0 %\""), "recovery", "c.toml:28");
  expect_invalid(replaced("recovery = \"90 %\"\n", ""), "recovery is missing", "c.toml:28");
  expect_invalid(replaced("usd_per_kg = 4", "usd_per_kg = -4"), "zero or more", "c.toml:28");
  expect_invalid(replaced("low = 4", "low = 6"), "rising", "c.toml:34");
  expect_invalid(replaced("at_site = true", "at_site = 1"), "true or false", "c.toml:27");
  expect_invalid(replaced("at_site", "atsite"), "Did you mean 'at_site'", "c.toml:27");
  expect_invalid(replaced("takes = \"carbonate\"", "takes = \"carbonat\""),
                 "Did you mean 'carbonate'", "c.toml:34");
  expect_invalid(std::string(table_text()) +
                     "[[stages]]\nname = \"undoing\"\ntakes = \"carbonate\"\n"
                     "gives = \"concentrate\"\nrecovery = \"9 %\"\n"
                     "usd_per_kg = 1\n",
                 "run in a circle through 'concentrate'", "c.toml:28");
  expect_invalid(replaced("name = \"ore\"",
                          "name = \"ore\"\nmoisture = \"0 %\"\n[[products]]\nname = \"coal\""),
                 "no stage takes or gives it", "c.toml:6");
  expect_invalid(replaced("name = \"carbonate\"", "name = \"concentrate\""), "two of this name",
                 "c.toml:11");
  expect_invalid(replaced("as_of = 2026-11-01\n", ""), "as_of", "c.toml");
  expect_invalid(replaced("contained = \"TREO\"", "contained = \"TREO\"\nlast = \"oxid\""),
                 "Did you mean 'oxide'", "c.toml:3");
  expect_invalid("as_of = 2026-11-01\ncontained = \"TREO\"\n", "[[products]]", "c.toml");
  // A second end, and no word which.
  const std::string fork = std::string(table_text()) +
                           "[[products]]\nname = \"slag\"\ngrade = \"1 %\"\nmoisture = \"0 %\"\n"
                           "[[stages]]\nname = \"smelting\"\ntakes = \"carbonate\"\ngives = "
                           "\"slag\"\nrecovery = \"9 %\"\nusd_per_kg = 1\n";
  expect_invalid(fork, "say which with last", "c.toml");
  EXPECT_EQ(parse_chain("last = \"oxide\"\n" + fork, "c.toml").last, "oxide");
  ChainTable by_hand = table();
  by_hand.stages[1].recovery = 2;
  EXPECT_EQ(code_of([&] {
              check_chain(by_hand);
              return 0;
            }),
            "chain.invalid");
}

TEST(ChainTables, TheBuiltInOneIsSound) {
  const ChainTable& t = built_in_chain();
  EXPECT_EQ(t.last, "separated oxide");
  for (const auto& product : t.products) EXPECT_NE(product.source, "") << product.name;
  for (const auto& stage : t.stages) EXPECT_NE(stage.source, "") << stage.name;
  // Scrap enters past ore's stages.
  const auto result = cheapest_chains(
      road(), sketch::plain_tariff(), terminals(), t, {site("R", 0, 0, "magnet scrap")},
      {plant("P", 3, 0, {"recycling", "separation"})}, places({}), {});
  ASSERT_EQ(result.rows[0].steps.size(), 1u);
  EXPECT_EQ(result.rows[0].steps[0].stage, "recycling");
}

}  // namespace
