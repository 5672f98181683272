// The command `route` on the sample study: closures, allies only, the account, the year.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <map>
#include <set>

#include "libgeo/core/text.h"
#include "libgeo/crs/geodesic.h"
#include "libgeo/io/layer.h"
#include "libgeo/logistics/lines.h"
#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

using Words = std::vector<std::string>;
const std::string kStudy = LODE_SOURCE_DIR "/sample_data/us_allied_ree";

using Segment = std::pair<std::pair<double, double>, std::pair<double, double>>;

Segment segment_of(const Point& a, const Point& b) {
  const std::pair<double, double> p{a.x, a.y}, q{b.x, b.y};
  return p < q ? Segment{p, q} : Segment{q, p};
}

/// Segments of the lines of a layer that `wanted` picks by its row.
template <class Wanted>
std::set<Segment> segments(const Layer& layer, Wanted wanted) {
  std::set<Segment> all;
  for (std::size_t i = 0; i < layer.size(); ++i)
    if (wanted(i))
      for (const Path& path : layer.geometry[i].lines)
        for (std::size_t k = 0; k + 1 < path.size(); ++k)
          all.insert(segment_of(path[k], path[k + 1]));
  return all;
}

bool uses(const Geometry& route, const std::set<Segment>& wanted) {
  for (const Path& path : route.lines)
    for (std::size_t k = 0; k + 1 < path.size(); ++k)
      if (wanted.count(segment_of(path[k], path[k + 1])) != 0) return true;
  return false;
}

struct RouteOnTheSample : testing::Test {
  RunResult run(const std::string& to, const Words& more) {
    Words words = {"route",       kStudy + "/deposits.shp",
                   "--id",        "SITE_ID",
                   "--to",        kStudy + "/" + to,
                   "--network",   "road=" + kStudy + "/network.gpkg:roads",
                   "--network",   "rail=" + kStudy + "/network.gpkg:rail",
                   "--network",   "sea=" + kStudy + "/network.gpkg:sea",
                   "--terminals", kStudy + "/terminals.csv",
                   "--tariff",    kStudy + "/tariff.toml",
                   "--cache",     (dir / "cache").string()};
    words.insert(words.end(), more.begin(), more.end());
    return run_lode(words, dir.path().string());
  }
  Json json(const std::string& to, Words more) {
    more.emplace_back("--json");
    const RunResult result = run(to, more);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.json();
  }
  Layer written(const std::string& name, const std::string& layer = "") {
    ReadOptions options;
    options.layer = layer;
    return read_layer((dir / name).string(), options);
  }
  static Layer lines(const std::string& layer) {
    ReadOptions options;
    options.layer = layer;
    return read_layer(kStudy + "/network.gpkg", options);
  }
  TempDir dir;
};

/// What a pair is, without the keys that a closure adds.
std::string figures(const Json& row) {
  Json kept;
  for (const auto& [key, value] : row.members())
    if (!key.starts_with("detour_")) kept[key] = value;
  return kept.dump();
}

TEST_F(RouteOnTheSample, ClosingPanamaChangesThePairsThatWentThroughAndNoOther) {
  const Json open = json("ports.csv", {"-o", "open.gpkg"});
  const Json closed = json("ports.csv", {"--close", "PANAMA"});
  const Layer sea = lines("sea");
  const auto gates = sea.table.texts("gate");
  const auto canal = segments(sea, [&](std::size_t i) { return gates[i] == "panama"; });
  ASSERT_FALSE(canal.empty());
  const Layer routes = written("open.gpkg");
  ASSERT_EQ(routes.size(), open.at("results").size());
  ASSERT_EQ(closed.at("results").size(), open.at("results").size());
  std::size_t through = 0, lost = 0;
  double usd = 0.0, largest = 0.0;
  for (std::size_t i = 0; i < routes.size(); ++i) {
    const Json& before = open.at("results").items()[i];
    const Json& after = closed.at("results").items()[i];
    const std::string pair = before.at("from").as_string() + " " + before.at("to").as_string();
    if (!uses(routes.geometry[i], canal)) {
      ASSERT_EQ(figures(before), figures(after)) << pair;
      if (before.at("reachable").as_bool()) {
        ASSERT_EQ(after.at("detour_usd_per_t").as_number(), 0.0) << pair;
        ASSERT_EQ(after.at("detour_km").as_number(), 0.0) << pair;
      }
      ASSERT_FALSE(after.at("detour_lost").as_bool()) << pair;
      continue;
    }
    ASSERT_NE(figures(before), figures(after)) << pair;
    if (!after.at("reachable").as_bool()) {
      ++lost;
      EXPECT_TRUE(after.at("detour_lost").as_bool());
      continue;
    }
    ++through;
    for (const auto& [key, of] :
         std::map<std::string, std::string>{{"detour_km", "distance_km"},
                                            {"detour_usd_per_t", "cost_usd_per_t"},
                                            {"detour_hours", "hours"},
                                            {"detour_co2e_kg_per_t", "co2e_kg_per_t"}})
      EXPECT_EQ(after.at(key).as_number(), after.at(of).as_number() - before.at(of).as_number());
    // The way was the cheapest one: another can only cost more.
    EXPECT_GT(after.at("detour_usd_per_t").as_number(), 0.0) << pair;
    usd += after.at("detour_usd_per_t").as_number();
    largest = std::max(largest, after.at("detour_usd_per_t").as_number());
  }
  EXPECT_GT(through, 100u);
  const Json& summary = closed.at("summary").at("detours");
  EXPECT_EQ(summary.at("pairs_changed").as_integer(), static_cast<std::int64_t>(through));
  EXPECT_EQ(summary.at("pairs_lost").as_integer(), static_cast<std::int64_t>(lost));
  EXPECT_NEAR(summary.at("mean_usd_per_t").as_number(), usd / static_cast<double>(through), 1e-9);
  EXPECT_EQ(summary.at("largest_usd_per_t").as_number(), largest);
  EXPECT_FALSE(open.at("summary").has("detours"));
  // Without their price the ways are the same.
  const Json plain = json("ports.csv", {"--close", "panama", "--no-detours"});
  EXPECT_FALSE(plain.at("summary").has("detours"));
  for (std::size_t i = 0; i < routes.size(); ++i) {
    const Json& row = plain.at("results").items()[i];
    EXPECT_FALSE(row.has("detour_lost"));
    ASSERT_EQ(row.dump(), figures(closed.at("results").items()[i]));
  }
}

TEST_F(RouteOnTheSample, AlliedOnlyUsesNoLineOfAnotherCountry) {
  const Words allied = {"--only", "USMCA",       "--home",
                        "AUS",    "--alliances", kStudy + "/alliances.csv"};
  Words with_lines = allied;
  with_lines.insert(with_lines.end(), {"-o", "allied.gpkg"});
  const Json json_allied = json("plants.csv", with_lines);
  const std::set<std::string> allowed = {"USA", "CAN", "MEX", "AUS"};
  std::set<Segment> foreign;
  for (const char* name : {"roads", "rail"}) {
    const Layer layer = lines(name);
    const auto country = layer.table.texts("country");
    for (const Segment& segment : segments(layer, [&](std::size_t i) {
           return !country[i].empty() && allowed.count(country[i]) == 0;
         }))
      foreign.insert(segment);
  }
  ASSERT_FALSE(foreign.empty());
  const Layer routes = written("allied.gpkg");
  std::size_t reached = 0, shut = 0;
  for (std::size_t i = 0; i < routes.size(); ++i) {
    EXPECT_FALSE(uses(routes.geometry[i], foreign)) << i;
    const Json& row = json_allied.at("results").items()[i];
    reached += row.at("reachable").as_bool() ? 1 : 0;
    shut += row.at("detour_lost").as_bool() ? 1 : 0;
  }
  EXPECT_GT(reached, 100u);
  EXPECT_GT(shut, 20u);
  // The group is two years older than the tariff; home is no part of it.
  EXPECT_THAT(json_allied.dump(), testing::HasSubstr("route.old_group"));
  Words homeless(allied.begin(), allied.begin() + 2);
  homeless.insert(homeless.end(), allied.begin() + 4, allied.end());
  const Json without = json("plants.csv", homeless);
  std::size_t less = 0;
  for (const Json& row : without.at("results").items())
    less += row.at("reachable").as_bool() ? 1 : 0;
  EXPECT_LT(less, reached);
}

TEST_F(RouteOnTheSample, LegsAddUpAndNameTheirRates) {
  const Json all = json("plants.csv", {"--legs", "-o", "legs.gpkg"});
  std::size_t legs = 0, reached = 0;
  for (const Json& row : all.at("results").items()) {
    std::map<std::string, double> sum;
    double on_lines = 0.0;
    for (const Json& leg : row.at("legs").items()) {
      ++legs;
      if (leg.at("mode").as_string() != "snap") on_lines += leg.at("distance_km").as_number();
      for (const char* key : {"hours", "cost_usd_per_t", "cost_low_usd_per_t",
                              "cost_high_usd_per_t", "co2e_kg_per_t"})
        sum[key] += leg.at(key).as_number();
      EXPECT_NEAR(leg.at("freight_usd_per_t").as_number() + leg.at("toll_usd_per_t").as_number() +
                      leg.at("time_usd_per_t").as_number(),
                  leg.at("cost_usd_per_t").as_number(), 1e-9);
    }
    if (!row.at("reachable").as_bool()) continue;
    ++reached;
    EXPECT_NEAR(on_lines, row.at("distance_km").as_number(), 1e-9 * on_lines);
    for (const auto& [key, value] : sum)
      EXPECT_NEAR(value, row.at(key).as_number(), 1e-9 * std::max(1.0, value)) << key;
  }
  EXPECT_GT(reached, 300u);
  // The tariff's figures and years, by mode.
  std::map<std::string, double> rates;
  for (const Json& rate : all.at("summary").at("rates").items()) {
    rates[rate.at("mode").as_string()] = rate.at("usd_per_tkm").as_number();
    EXPECT_FALSE(rate.at("source").as_string().empty());
  }
  EXPECT_EQ(rates.at("road"), 0.12);
  EXPECT_EQ(rates.at("rail"), 0.036);
  // One feature a leg, beside the routes; legs lie end to end along their route.
  const Layer layer = written("legs.gpkg", "legs");
  EXPECT_EQ(layer.size(), legs);
  EXPECT_EQ(written("legs.gpkg", "routes").size(), all.at("results").size());
  const auto modes = layer.table.texts("mode");
  const Column* km = layer.table.find("distance_km");
  ASSERT_NE(km, nullptr);
  const Geodesic geodesic(layer.crs);
  for (std::size_t i = 0; i < layer.size(); ++i) {
    const bool still = modes[i] == "transfer" || modes[i] == "border";
    EXPECT_EQ(layer.geometry[i].empty(), still) << i << " " << modes[i];
    double drawn_m = 0.0;
    for (const Path& path : layer.geometry[i].lines)
      for (std::size_t k = 0; k + 1 < path.size(); ++k)
        drawn_m += geodesic.distance_m({path[k].x, path[k].y}, {path[k + 1].x, path[k + 1].y});
    // Where a lane is cut at 180 degrees, the cut lies beside the geodesic.
    EXPECT_NEAR(drawn_m / 1000.0, km->numbers[i], 2e-3 * km->numbers[i] + 1e-6) << i << modes[i];
  }
}

TEST_F(RouteOnTheSample, TheAccountFitsItsWidthAndAddsUp) {
  const RunResult people = run("plants.csv", {"--legs"});
  ASSERT_EQ(people.exit_code, 0) << people.err;
  EXPECT_THAT(people.out, testing::HasSubstr("legs add up to the totals of the pair."));
  EXPECT_THAT(people.out, testing::Not(testing::HasSubstr("do NOT add up")));
  EXPECT_THAT(people.out, testing::HasSubstr("[1] "));
  EXPECT_THAT(people.out, testing::HasSubstr("no way (snap)"));
  for (const auto& line : split(people.out, '\n')) {
    std::size_t width = 0;
    for (const char c : line) width += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
    EXPECT_LE(width, 120u) << line;
  }
  // A layer that one format cannot hold is said.
  const RunResult shape = run("plants.csv", {"--legs", "-o", "routes.geojson", "--json"});
  ASSERT_EQ(shape.exit_code, 0) << shape.err;
  EXPECT_THAT(shape.out, testing::HasSubstr("route.legs_not_written"));
}

TEST_F(RouteOnTheSample, WinterRoadsAreClosedAsTheirMonthsSay) {
  const Layer roads = lines("roads");
  const auto names = roads.table.texts("class"), months = roads.table.texts("months_closed");
  std::uint16_t closed = 0;
  for (std::size_t i = 0; i < roads.size(); ++i)
    if (names[i] == "winter road") {
      ASSERT_TRUE(parse_months(months[i], closed));
    }
  ASSERT_NE(closed, 0);
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int days = 0;
  for (int m = 0; m < 12; ++m) days += (closed >> m & 1) != 0 ? kDays[m] : 0;
  const Json year = json("ports.csv", {"--months", "--nearest", "1"});
  std::set<std::string> seen;
  for (const Json& row : year.at("results").items()) {
    const std::string site = row.at("from").as_string();
    // Nechalacho, Hoidas Lake and Buckton lie on winter roads.
    const bool winter = site == "CA01" || site == "CA05" || site == "CA15";
    ASSERT_EQ(row.at("months").size(), 12u);
    if (!winter) continue;
    seen.insert(site);
    for (int m = 0; m < 12; ++m) {
      const Json& month = row.at("months").items()[static_cast<std::size_t>(m)];
      EXPECT_EQ(month.at("month").as_integer(), m + 1);
      if ((closed >> m & 1) != 0) {
        EXPECT_EQ(month.at("reason").as_string(), "season") << site << m;
        EXPECT_TRUE(month.at("cost_usd_per_t").is_null());
      } else {
        EXPECT_TRUE(month.at("reason").is_null()) << site << m;
        EXPECT_GT(month.at("cost_usd_per_t").as_number(), 0.0);
      }
    }
    EXPECT_EQ(row.at("months_open").as_integer(), 12 - std::popcount(closed));
    // They close in one run.
    EXPECT_EQ(row.at("longest_closed_days").as_integer(), days);
  }
  EXPECT_EQ(seen.size(), 3u);
  const RunResult people = run("ports.csv", {"--months", "--nearest", "1", "-o", "year.gpkg"});
  ASSERT_EQ(people.exit_code, 0) << people.err;
  EXPECT_THAT(people.out, testing::HasSubstr("Jan"));
  EXPECT_THAT(people.out, testing::ContainsRegex("CA15 .* - .* 245\n"));
  const Layer layer = written("year.gpkg");
  ASSERT_NE(layer.table.find("usd_per_t_jul"), nullptr);
  ASSERT_NE(layer.table.find("longest_closed_days"), nullptr);
}

TEST_F(RouteOnTheSample, TheYearWithAClosureAndAnotherAim) {
  const Json year = json("ports.csv", {"--months", "--nearest", "2", "--minimise", "hours",
                                       "--close", "panama", "--jobs", "2"});
  for (const Json& row : year.at("results").items()) {
    EXPECT_TRUE(row.has("detour_hours"));
    if (row.at("months_open").as_integer() < 12) continue;
    // A line that is open all year is the same every month.
    for (const Json& month : row.at("months").items())
      EXPECT_GE(month.at("hours").as_number(), row.at("hours").as_number() - 1e-9);
  }
  EXPECT_TRUE(year.at("summary").has("year"));
  EXPECT_TRUE(year.at("summary").has("detours"));
}

TEST_F(RouteOnTheSample, CountriesInAnyCase) {
  const auto results = [&](Words more) {
    more.emplace_back("--json");
    const RunResult result = run("plants.csv", more);
    EXPECT_EQ(result.exit_code, 0) << result.out;
    return result.json().at("results").dump();
  };
  EXPECT_EQ(results({"--avoid", "can"}), results({"--avoid", "CAN"}));
  EXPECT_NE(results({"--avoid", "can"}), results({}));
  EXPECT_EQ(results({"--only", "can", "--home", "Usa"}),
            results({"--only", "CAN", "--home", "USA"}));
}

TEST_F(RouteOnTheSample, OptionsThatDoNotGoTogether) {
  const auto code = [&](Words more) {
    more.emplace_back("--json");
    const RunResult result = run("plants.csv", more);
    EXPECT_EQ(result.exit_code, 2) << result.out;
    return result.json().at("error").at("code").as_string();
  };
  EXPECT_EQ(code({"--months", "--month", "2"}), "usage.months");
  EXPECT_EQ(code({"--no-detours"}), "usage.detours");
  EXPECT_EQ(code({"--home", "USA"}), "usage.country");
  EXPECT_EQ(code({"--home", "USA", "--avoid", "CHN"}), "usage.country");
  EXPECT_EQ(code({"--home", "usx", "--only", "CAN"}), "usage.country");
  EXPECT_EQ(code({"--avoid", "usx"}), "usage.country");
  EXPECT_EQ(code({"--alliances", kStudy + "/alliances.csv"}), "usage.country");
  EXPECT_EQ(code({"--matrix", "-o", "m.csv", "--months"}), "usage.matrix");
  EXPECT_EQ(code({"--matrix", "-o", "m.csv", "--legs"}), "usage.matrix");
  const auto straight = [&](Words more) {
    Words words = {"route", kStudy + "/deposits.shp", "--id",       "SITE_ID",
                   "--to",  kStudy + "/plants.csv",   "--straight", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    const RunResult result = run_lode(words, dir.path().string());
    EXPECT_EQ(result.exit_code, 2) << result.out;
    return result.json().at("error").at("code").as_string();
  };
  for (const Words& more :
       {Words{"--months"}, Words{"--month", "3"}, Words{"--close", "suez"}, Words{"--avoid", "CHN"},
        Words{"--legs"}, Words{"--tariff", "t.toml"}, Words{"--vehicle-mass", "40 t"}})
    EXPECT_EQ(straight(more), "usage.straight") << more[0];
  // A gate that is not there: the message lists those that are.
  const RunResult gate = run("plants.csv", {"--close", "xyzzy"});
  EXPECT_EQ(gate.exit_code, 1);
  for (const char* name : {"route.unknown_gate", "panama", "suez", "malacca", "bab el mandeb"})
    EXPECT_THAT(gate.err, testing::HasSubstr(name));
  // A slip of the pen too.
  const RunResult slip = run("plants.csv", {"--close", "panma"});
  EXPECT_THAT(slip.err, testing::HasSubstr("Did you mean 'panama'?"));
  EXPECT_THAT(slip.err, testing::HasSubstr("suez"));
}

}  // namespace
}  // namespace lode::test
