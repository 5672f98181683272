// The chain of an alliance: hand-worked flows and losses, published games, linprog's costs,
// refusals.
#include "libgeo/supply/alliance_chain.h"

#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/random.h"
#include "libgeo/supply/alliance_parts.h"
#include "tests/ranking/cases.h"

namespace lode::test {
namespace {

constexpr double tonne = 1000.0;  // kg

AllianceInputs chain_of(const std::vector<std::string>& members,
                        const std::vector<std::string>& stages) {
  AllianceInputs in;
  in.members = members;
  in.stages = stages;
  in.metals = {"NdPr"};
  in.years = {2030};
  in.demand_t.assign(members.size(), {0.0});
  return in;
}

AllianceOptions free_hauls(double unmet_usd_per_kg = 500.0) {
  AllianceOptions options;
  options.missing_haul_usd_per_kg = 0.0;
  options.unmet_usd_per_kg_default = unmet_usd_per_kg;
  return options;
}

StageCapacity plant(const std::string& country, const std::string& stage, double tonnes,
                    double usd_per_kg = 0.0, double recovery = 1.0) {
  StageCapacity row;
  row.country = country;
  row.stage = stage;
  row.tonnes_per_year = tonnes;
  row.usd_per_kg = usd_per_kg;
  row.recovery = recovery;
  return row;
}

const StageBalance& stage_of(const AllianceView& view, const std::string& stage) {
  for (const auto& row : view.balance)
    if (row.stage == stage) return row;
  throw Error("test", "no stage " + stage);
}

/// A number that looks random and is the same in every run.
double drawn(std::uint64_t stream, std::uint64_t index, double low, double high) {
  return low + (high - low) * Random{7, stream}.uniform(index);
}

/// `n` members, four stages, two metals, some shared and some missing capacity.
AllianceInputs random_alliance(std::size_t n, std::uint64_t stream) {
  AllianceInputs in;
  in.stages = {"mine", "separation", "metal", "magnet"};
  in.metals = {"NdPr", "DyTb"};
  in.years = {2030};
  std::uint64_t index = 0;
  const auto next = [&](double low, double high) { return drawn(stream, index++, low, high); };
  for (std::size_t i = 0; i < n; ++i) {
    in.members.push_back("M" + std::to_string(i));
    in.demand_t.push_back({next(0, 100), next(0, 10)});
    for (const auto& stage : in.stages) {
      if (next(0, 1) < 0.4) continue;
      StageCapacity row = plant(in.members[i], stage, next(5, 200), next(1, 40), next(0.8, 1));
      if (next(0, 1) < 0.5) row.metal = next(0, 1) < 0.7 ? "NdPr" : "DyTb";
      in.capacity.push_back(row);
    }
  }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      if (i != j && next(0, 1) < 0.8)
        in.hauls.push_back({in.members[i], in.members[j], "", next(0, 5)});
  return in;
}

TEST(AllianceChain, LossesAreCountedStageByStage) {
  // 36 t of magnets need 36 / 0.8 = 45 t of oxide and 45 / 0.9 = 50 t in ore.
  AllianceInputs in = chain_of({"USA"}, {"mine", "separation", "magnet"});
  in.demand_t = {{36.0}};
  in.capacity = {plant("USA", "mine", 100, 2), plant("USA", "separation", 100, 5, 0.9),
                 plant("USA", "magnet", 1000, 10, 0.8)};
  AllianceView view = alliance_chain(in, free_hauls());
  EXPECT_NEAR(stage_of(view, "magnet").used_t, 36.0, 1e-9);
  EXPECT_NEAR(stage_of(view, "separation").needed_t, 45.0, 1e-9);
  EXPECT_NEAR(stage_of(view, "separation").used_t, 45.0, 1e-9);
  EXPECT_NEAR(stage_of(view, "mine").needed_t, 50.0, 1e-9);
  EXPECT_NEAR(stage_of(view, "mine").used_t, 50.0, 1e-9);
  EXPECT_NEAR(view.years[0].cost_together_usd, (36 * 10 + 45 * 5 + 50 * 2) * tonne, 1e-5);
  EXPECT_EQ(view.years[0].weakest_stage, "");
  EXPECT_FALSE(stage_of(view, "mine").breaks);

  // 1000 t: the mine's 100 t give 90 t of oxide and 72 t of magnets.
  in.demand_t = {{1000.0}};
  view = alliance_chain(in, free_hauls());
  EXPECT_NEAR(view.years[0].met_together_t, 72.0, 1e-9);
  EXPECT_EQ(view.years[0].weakest_stage, "mine");
  EXPECT_TRUE(stage_of(view, "mine").breaks);
  EXPECT_TRUE(stage_of(view, "separation").breaks);
  EXPECT_FALSE(stage_of(view, "magnet").breaks);
  // One tonne more of ore is 0.72 t of magnets, at 2 + 0.9 x 5 + 0.72 x 10 = 13.7 USD a kg.
  EXPECT_NEAR(stage_of(view, "mine").frees_t_per_t, 0.72, 1e-9);
  EXPECT_NEAR(stage_of(view, "mine").frees_usd_per_t, (0.72 * 500 - 13.7) * tonne, 1e-4);
  EXPECT_EQ(stage_of(view, "mine").best_country, "USA");
  EXPECT_EQ(stage_of(view, "separation").frees_usd_per_t, 0.0);
  EXPECT_EQ(stage_of(view, "separation").best_country, "");
}

TEST(AllianceChain, HaulsGoTheCheapWay) {
  // Two mines (10 and 15 t), two magnet makers who want 8 and 12 t. A to C costs 1, A to D 4,
  // B to C 3, B to D 2: 8 from A to C, 12 from B to D, 8 x 1 + 12 x 2 = 32.
  AllianceInputs in = chain_of({"A", "B", "C", "D"}, {"mine", "magnet"});
  in.demand_t = {{0.0}, {0.0}, {8.0}, {12.0}};
  in.capacity = {plant("A", "mine", 10), plant("B", "mine", 15), plant("C", "magnet", 8),
                 plant("D", "magnet", 100)};
  in.hauls = {{"A", "C", "", 1}, {"A", "D", "", 4}, {"B", "C", "", 3}, {"B", "D", "", 2}};
  AllianceView view = alliance_chain(in);
  EXPECT_NEAR(view.years[0].cost_together_usd, 32.0 * tonne, 1e-6);
  ASSERT_EQ(view.flows.size(), 2u);
  EXPECT_EQ(view.flows[0].from, "A");
  EXPECT_NEAR(view.flows[0].tonnes, 8.0, 1e-9);
  EXPECT_EQ(view.flows[1].to, "D");
  // B breaks down to 5 t: A's last 2 t go to D at 4, and 5 t of D's demand go without.
  in.capacity[1].tonnes_per_year = 5;
  view = alliance_chain(in);
  EXPECT_NEAR(view.years[0].met_together_t, 15.0, 1e-9);
  EXPECT_NEAR(view.years[0].cost_together_usd, (8 * 1 + 2 * 4 + 5 * 2 + 5 * 500) * tonne, 1e-5);
  // A tonne more at B's mine goes to D: 500 - 2.
  EXPECT_EQ(stage_of(view, "mine").best_country, "D");  // at D itself it needs no haul
  EXPECT_NEAR(stage_of(view, "mine").frees_usd_per_t, 500 * tonne, 1e-4);
  // A row of a stage comes before one of any.
  in.hauls.push_back({"A", "D", "mine", 9});
  view = alliance_chain(in);
  EXPECT_NEAR(view.years[0].cost_together_usd, (8 * 1 + 2 * 9 + 5 * 2 + 5 * 500) * tonne, 1e-5);
}

TEST(AllianceChain, ATonneIsWorthWhatItTrulyFreesWhereTwoStagesBindAtOnce) {
  // Mine and magnet both end at 10 t of 20: prices of the plan may put all the worth on either, but
  // a tonne of one alone frees nothing.
  AllianceInputs in = chain_of({"A", "B"}, {"mine", "magnet"});
  in.demand_t = {{20.0}, {0.0}};
  in.capacity = {plant("A", "mine", 10), plant("B", "magnet", 10)};
  AllianceView view = alliance_chain(in, free_hauls());
  for (const auto& row : view.balance) {
    EXPECT_TRUE(row.breaks);
    EXPECT_EQ(row.frees_usd_per_t, 0.0) << row.stage;
    EXPECT_EQ(row.frees_t_per_t, 0.0) << row.stage;
    EXPECT_EQ(row.best_country, "") << row.stage;
  }
  EXPECT_EQ(view.years[0].weakest_stage, "mine");
  EXPECT_NE(view.words.find("missing at several"), std::string::npos) << view.words;
}

TEST(AllianceChain, ATonneIsTheBestOfAllCountries) {
  for (std::uint64_t stream = 100; stream < 106; ++stream) {
    AllianceInputs in = random_alliance(4, stream);
    // One cost and recovery a stage, so that the tonne's own are known.
    for (auto& row : in.capacity) {
      row.usd_per_kg = 7;
      row.recovery = row.stage == "mine" ? 1.0 : 0.9;
    }
    const AllianceView view = alliance_chain(in);
    for (const auto& row : view.balance) {
      double best = 0.0;
      for (const auto& country : in.members) {
        AllianceInputs more = in;
        bool any = false;
        for (const auto& one : in.capacity)
          any = any || (one.stage == row.stage && (one.metal.empty() || one.metal == row.metal));
        more.capacity.push_back(
            plant(country, row.stage, 1.0, any ? 7 : 0, any && row.stage != "mine" ? 0.9 : 1.0));
        more.capacity.back().metal = row.metal;
        best = std::max(best, view.years[0].cost_together_usd -
                                  alliance_chain(more).years[0].cost_together_usd);
      }
      EXPECT_NEAR(row.frees_usd_per_t, best, 0.01 + 1e-7 * best) << stream << " " << row.stage;
    }
  }
}

TEST(AllianceChain, AStageThatNobodyHasIsWhereTheChainBreaks) {
  AllianceInputs in = chain_of({"USA", "AUS"}, {"mine", "separation", "magnet"});
  in.demand_t = {{100.0}, {0.0}};
  in.capacity = {plant("AUS", "mine", 500), plant("AUS", "separation", 500)};
  const AllianceView view = alliance_chain(in, free_hauls(300.0));
  EXPECT_EQ(view.years[0].weakest_stage, "magnet");
  EXPECT_EQ(view.years[0].met_together_t, 0.0);
  EXPECT_NEAR(view.years[0].cost_together_usd, 100 * 300 * tonne, 1e-6);
  const StageBalance& magnet = stage_of(view, "magnet");
  EXPECT_TRUE(magnet.breaks);
  EXPECT_EQ(magnet.capacity_t, 0.0);
  EXPECT_EQ(magnet.needed_t, 100.0);
  EXPECT_NEAR(magnet.frees_t_per_t, 1.0, 1e-9);
  EXPECT_NEAR(magnet.frees_usd_per_t, 300 * tonne, 1e-4);
  EXPECT_EQ(magnet.best_country, "USA");  // the first of those where it saves the same
  EXPECT_NE(view.words.find("breaks at magnet"), std::string::npos) << view.words;
}

TEST(AllianceChain, NoCapacityAtAllIsAnAnswer) {
  AllianceInputs in = chain_of({"USA"}, {"mine", "magnet"});
  in.demand_t = {{10.0}};
  const AllianceView view = alliance_chain(in);
  EXPECT_EQ(view.years[0].weakest_stage, "mine");
  EXPECT_EQ(view.members[0].pays_shapley_usd, 10 * 500 * tonne);
  EXPECT_EQ(view.members[0].pays_by_capacity_usd, 10 * 500 * tonne);
  EXPECT_EQ(view.gain_usd, 0.0);
}

TEST(AllianceChain, WantOfHaulsAndDearStepsAreToldFromWantOfCapacity) {
  AllianceInputs in = chain_of({"A", "B"}, {"mine", "magnet"});
  in.demand_t = {{0.0}, {10.0}};
  in.capacity = {plant("A", "mine", 10, 50), plant("B", "magnet", 10, 60)};
  AllianceView view = alliance_chain(in);
  EXPECT_EQ(view.years[0].weakest_stage, "hauls");
  EXPECT_TRUE(view.findings.has("supply.no_haul"));
  view = alliance_chain(in, free_hauls(100.0));
  EXPECT_EQ(view.years[0].weakest_stage, "price");
  EXPECT_EQ(view.years[0].met_together_t, 0.0);
  EXPECT_TRUE(view.findings.has("supply.dearer_than_unmet"));
  view = alliance_chain(in, free_hauls(111.0));
  EXPECT_EQ(view.years[0].weakest_stage, "");
  EXPECT_TRUE(view.findings.empty());
}

TEST(AllianceChain, MetalsShareCapacityAsThePlanUsesIt) {
  AllianceInputs in = chain_of({"A"}, {"mine", "magnet"});
  in.metals = {"NdPr", "DyTb"};
  in.demand_t = {{100.0, 20.0}};
  StageCapacity own = plant("A", "mine", 40);
  own.metal = "NdPr";
  in.capacity = {own, plant("A", "mine", 60), plant("A", "magnet", 500)};
  AllianceOptions options;
  options.unmet_usd_per_kg = {{"NdPr", 100.0}, {"DyTb", 1000.0}};
  // DyTb comes first: 20 of the shared 60 t, and NdPr has its own 40 and the other 40.
  AllianceView view = alliance_chain(in, options);
  EXPECT_NEAR(view.balance[0].capacity_t, 80.0, 1e-9);
  EXPECT_NEAR(view.balance[1].capacity_t, 20.0, 1e-9);
  EXPECT_TRUE(view.balance[0].breaks);
  EXPECT_FALSE(view.balance[1].breaks);
  EXPECT_NEAR(view.years[0].met_together_t, 100.0, 1e-9);
  EXPECT_EQ(view.years[0].weakest_metal, "NdPr");
  // Without magnets nothing is used: open are 60 and 20 of 80, and the 60 t count as 45 and 15.
  in.capacity.pop_back();
  view = alliance_chain(in, options);
  EXPECT_NEAR(view.balance[0].capacity_t, 85.0, 1e-12);
  EXPECT_NEAR(view.balance[1].capacity_t, 15.0, 1e-12);
}

TEST(AllianceChain, JointProductsAndScrap) {
  // A mine of 100 t of oxide, 20 % NdPr and 1 % DyTb, at 3 USD/kg; DyTb also from scrap.
  AllianceInputs in = chain_of({"A"}, {"mine", "separation"});
  in.metals = {"NdPr", "DyTb"};
  in.demand_t = {{10.0, 2.0}};
  StageCapacity mine = plant("A", "mine", 100, 3), scrap = plant("A", "separation", 0.5, 40);
  mine.share = {0.2, 0.01};
  scrap.metal = "DyTb";
  scrap.from_scrap = true;
  in.capacity = {mine, scrap, plant("A", "separation", 50, 1, 0.5)};
  const AllianceView view = alliance_chain(in);
  // NdPr: 20 t of ore at half recovery are 10 t. DyTb: 0.5 t of 1 t, and 0.5 t from scrap.
  EXPECT_NEAR(view.years[0].met_together_t, 11.0, 1e-9);
  EXPECT_NEAR(view.years[0].cost_together_usd, (100 * 3 + 10.5 * 1 + 0.5 * 40 + 1.0 * 500) * tonne,
              1e-4);
  EXPECT_NEAR(view.members[0].spends_usd, view.years[0].cost_together_usd, 1e-4);
  EXPECT_NEAR(view.members[0].brings_t[0], 21.0, 1e-12);
  // Of 2 t of DyTb 0.5 come from scrap, the rest from 3 t in ore.
  EXPECT_NEAR(view.balance[1].needed_t, 3.0, 1e-12);
  EXPECT_EQ(view.balance[1].metal, "DyTb");
}

TEST(AllianceShares, GloveGameHalfEach) {
  AllianceInputs in = chain_of({"A", "B"}, {"mine", "magnet"});
  in.demand_t = {{0.0}, {10.0}};
  in.capacity = {plant("A", "mine", 10), plant("B", "magnet", 10)};
  const AllianceView view = alliance_chain(in, free_hauls(100.0));
  EXPECT_NEAR(view.members[0].pays_shapley_usd, -500 * tonne, 1e-6);
  EXPECT_NEAR(view.members[1].pays_shapley_usd, 500 * tonne, 1e-6);
  EXPECT_NEAR(view.members[0].gain_usd, 500 * tonne, 1e-6);
  EXPECT_NEAR(view.members[1].gain_usd, 500 * tonne, 1e-6);
  EXPECT_NEAR(view.gain_usd, 1000 * tonne, 1e-6);
  EXPECT_NEAR(view.gain_t, 10.0, 1e-9);
  EXPECT_TRUE(view.shapley_exact);
  EXPECT_TRUE(view.core_stable);
  EXPECT_TRUE(view.core_whole);
}

// Two with a left glove and one with a right one: (1/6, 1/6, 2/3); the core gives all to the last.
TEST(AllianceShares, GloveGameOfThree) {
  AllianceInputs in = chain_of({"L1", "L2", "R"}, {"mine", "magnet"});
  in.demand_t = {{0.0}, {0.0}, {1.0}};
  in.capacity = {plant("L1", "mine", 1), plant("L2", "mine", 1), plant("R", "magnet", 1)};
  const AllianceView view = alliance_chain(in, free_hauls(600.0));
  EXPECT_NEAR(view.members[0].gain_usd, 100 * tonne, 1e-6);
  EXPECT_NEAR(view.members[1].gain_usd, 100 * tonne, 1e-6);
  EXPECT_NEAR(view.members[2].gain_usd, 400 * tonne, 1e-6);
  EXPECT_FALSE(view.core_stable);  // L1 and R have 5/6 of what they make by themselves
  EXPECT_FALSE(view.core_whole);
  EXPECT_NE(view.core_words.find("L1 and R would gain most"), std::string::npos) << view.core_words;
  EXPECT_NE(view.core_words.find("0.100 million"), std::string::npos) << view.core_words;
}

TEST(AllianceShares, PublishedGames) {
  for (const auto& game : read_cases("cooperative_games.csv")) {
    const auto cost = numbers(game.at("cost")), expected = numbers(game.at("shapley"));
    const auto values = shapley_values(cost, expected.size());
    ASSERT_EQ(cost.size(), std::size_t{1} << expected.size()) << game.at("name");
    for (std::size_t k = 0; k < expected.size(); ++k)
      EXPECT_NEAR(values[k], expected[k], 1e-12) << game.at("name") << " " << k;
  }
}

TEST(AllianceShares, EachSharingAddsUpToTheCost) {
  double gains = 0.0;
  for (std::uint64_t stream = 1; stream < 6; ++stream) {
    const AllianceView view = alliance_chain(random_alliance(6, stream));
    double demand = 0, capacity = 0, shapley = 0, spends = 0, alone = 0;
    for (const auto& one : view.members) {
      demand += one.pays_by_demand_usd;
      capacity += one.pays_by_capacity_usd;
      shapley += one.pays_shapley_usd;
      spends += one.spends_usd;
      alone += one.cost_alone_usd;
    }
    const double cost = view.years[0].cost_together_usd;
    EXPECT_NEAR(demand, cost, 1e-9 * cost);
    EXPECT_NEAR(capacity, cost, 1e-9 * cost);
    EXPECT_NEAR(shapley, cost, 1e-9 * cost);
    EXPECT_NEAR(spends, cost, 1e-9 * cost);
    EXPECT_NEAR(alone, view.years[0].cost_alone_usd, 1e-9 * cost);
    EXPECT_GE(view.gain_usd, -1e-9 * cost);
    gains += view.gain_usd;
  }
  EXPECT_GT(gains, 0.0);
}

TEST(AllianceShares, SampledNearExact) {
  const AllianceInputs in = random_alliance(7, 3);
  const AllianceView exact = alliance_chain(in);
  AllianceOptions options;
  options.exact_members = 3;
  options.orders = 600;
  const AllianceView sampled = alliance_chain(in, options);
  EXPECT_TRUE(exact.shapley_exact);
  EXPECT_FALSE(sampled.shapley_exact);
  double sum = 0.0;
  for (std::size_t i = 0; i < in.members.size(); ++i) {
    EXPECT_GT(sampled.members[i].shapley_error_usd, 0.0);
    EXPECT_NEAR(sampled.members[i].pays_shapley_usd, exact.members[i].pays_shapley_usd,
                4.0 * sampled.members[i].shapley_error_usd);
    EXPECT_EQ(exact.members[i].shapley_error_usd, 0.0);
    sum += sampled.members[i].pays_shapley_usd;
  }
  EXPECT_NEAR(sum, sampled.years[0].cost_together_usd, 1e-9 * sum);
  // Another seed draws other orders.
  options.seed = 2;
  EXPECT_NE(alliance_chain(in, options).members[0].pays_shapley_usd,
            sampled.members[0].pays_shapley_usd);
}

TEST(AllianceShares, IdleMembersPayNothingAndCostNoTime) {
  AllianceInputs in = random_alliance(5, 4);
  const AllianceView few = alliance_chain(in);
  for (int i = 0; i < 40; ++i) {
    in.members.push_back("I" + std::to_string(i));
    in.demand_t.push_back({0.0, 0.0});
  }
  const AllianceView many = alliance_chain(in);
  EXPECT_TRUE(many.shapley_exact);
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_EQ(many.members[i].pays_shapley_usd, few.members[i].pays_shapley_usd);
  EXPECT_EQ(many.members.back().pays_shapley_usd, 0.0);
  EXPECT_EQ(many.members.back().pays_by_capacity_usd, 0.0);
}

TEST(AllianceShares, TheSameBitsOnAnyThreads) {
  AllianceInputs in = random_alliance(6, 5);
  in.years = {2030, 2031, 2032};
  for (auto& demand : in.demand_t)
    demand = {demand[0], demand[0] * 1.1, demand[0] * 1.3, demand[1], demand[1], demand[1] * 2};
  for (const std::size_t exact : {0, 12}) {
    AllianceOptions options;
    options.exact_members = exact;
    options.orders = 50;
    options.jobs = 1;
    const AllianceView one = alliance_chain(in, options);
    for (const int jobs : {2, 7}) {
      options.jobs = jobs;
      const AllianceView more = alliance_chain(in, options);
      for (std::size_t i = 0; i < in.members.size(); ++i) {
        EXPECT_EQ(one.members[i].pays_shapley_usd, more.members[i].pays_shapley_usd);
        EXPECT_EQ(one.members[i].shapley_error_usd, more.members[i].shapley_error_usd);
        EXPECT_EQ(one.members[i].spends_usd, more.members[i].spends_usd);
      }
      ASSERT_EQ(one.flows.size(), more.flows.size());
      for (std::size_t k = 0; k < one.flows.size(); ++k)
        EXPECT_EQ(one.flows[k].tonnes, more.flows[k].tonnes);
      for (std::size_t k = 0; k < one.balance.size(); ++k)
        EXPECT_EQ(one.balance[k].frees_usd_per_t, more.balance[k].frees_usd_per_t);
      EXPECT_EQ(one.words, more.words);
    }
  }
}

TEST(AllianceChain, MoreCapacityAndMoreMembersNeverCostMore) {
  for (std::uint64_t stream = 20; stream < 25; ++stream) {
    const AllianceInputs in = random_alliance(5, stream);
    const AllianceView view = alliance_chain(in);
    const double cost = view.years[0].cost_together_usd;
    AllianceInputs more = in;
    for (auto& row : more.capacity) row.tonnes_per_year *= 1.5;
    EXPECT_LE(alliance_chain(more).years[0].cost_together_usd, cost * (1 + 1e-9));
    EXPECT_LE(cost, view.years[0].cost_alone_usd * (1 + 1e-9));
    // With fewer members, what those who leave cost alone is at least what they added.
    AllianceInputs fewer = in;
    fewer.members.pop_back();
    fewer.demand_t.pop_back();
    const double without = alliance_chain(fewer).years[0].cost_together_usd;
    EXPECT_LE(cost, (without + view.members.back().cost_alone_usd) * (1 + 1e-9));
    EXPECT_LE(view.years[0].met_together_t, view.years[0].demand_t * (1 + 1e-12));
  }
}

// Costs of random alliances by scipy.optimize.linprog (HiGHS), on a formulation of its own.
TEST(AllianceChain, CostsOfAnotherSolver) {
  for (const auto& one : read_cases("alliance_linprog.csv")) {
    AllianceInputs in;
    in.stages = words(one.at("stages"));
    in.metals = words(one.at("metals"));
    in.years = {2030};
    const Matrix demand = matrix(one.at("demand"));
    for (std::size_t i = 0; i < demand.rows; ++i) {
      in.members.push_back("M" + std::to_string(i));
      in.demand_t.emplace_back(demand.cells.begin() + static_cast<long>(i * demand.columns),
                               demand.cells.begin() + static_cast<long>((i + 1) * demand.columns));
    }
    const Matrix rows = matrix(one.at("capacity"));  // member stage metal(-1) tonnes usd recovery
    for (std::size_t r = 0; r < rows.rows; ++r) {
      const double* cell = &rows.cells[r * rows.columns];
      in.capacity.push_back(plant(in.members[static_cast<std::size_t>(cell[0])],
                                  in.stages[static_cast<std::size_t>(cell[1])], cell[3], cell[4],
                                  cell[5]));
      if (cell[2] >= 0) in.capacity.back().metal = in.metals[static_cast<std::size_t>(cell[2])];
    }
    const Matrix hauls = matrix(one.at("hauls"));  // stage from to usd
    for (std::size_t r = 0; r < hauls.rows; ++r) {
      const double* cell = &hauls.cells[r * hauls.columns];
      in.hauls.push_back({in.members[static_cast<std::size_t>(cell[1])],
                          in.members[static_cast<std::size_t>(cell[2])],
                          in.stages[static_cast<std::size_t>(cell[0])], cell[3]});
    }
    AllianceOptions options;
    const auto unmet = numbers(one.at("unmet"));
    for (std::size_t m = 0; m < unmet.size(); ++m)
      options.unmet_usd_per_kg.emplace_back(in.metals[m], unmet[m]);
    const AllianceView view = alliance_chain(in, options);
    const double cost = number(one.at("cost_usd")), met = number(one.at("met_t"));
    EXPECT_NEAR(view.years[0].cost_together_usd, cost, 1e-7 * cost) << one.at("name");
    EXPECT_NEAR(view.years[0].met_together_t, met, 1e-6 * (1 + met)) << one.at("name");
    EXPECT_NEAR(view.years[0].cost_alone_usd, number(one.at("alone_usd")), 1e-7 * cost);
    const auto shapley = numbers(one.at("shapley_usd"));
    for (std::size_t i = 0; i < shapley.size(); ++i)
      EXPECT_NEAR(view.members[i].pays_shapley_usd, shapley[i], 1e-7 * cost) << one.at("name");
  }
}

TEST(AllianceChain, CapacityOfSourcesByTheirYears) {
  SupplySources sources;
  sources.metals = {"NdPr", "DyTb", "Ce"};
  SupplySource mine;
  mine.id = "US01";
  mine.country = "USA";
  mine.capacity_t_per_year = only_base(1000);
  mine.share = {0.2, 0.01, 0.5};
  mine.opex_usd_per_kg = only_base(6);
  mine.lead_years = 2;
  mine.ramp_years = 2;
  mine.where = "sources.csv, row 1";
  SupplySource recycler = mine;
  recycler.kind = "secondary";
  recycler.operating = true;
  recycler.where = "sources.csv, row 2";
  sources.list = {mine, recycler};
  const std::vector<std::string> stages{"mine", "separation"};
  const auto rows =
      stage_capacity_of(sources, stages, {"DyTb", "NdPr"}, {2026, 2027, 2028, 2029, 2030}, 2026);
  ASSERT_EQ(rows.size(), 3u);  // half in 2028, all from 2029, and the recycler
  EXPECT_EQ(rows[0].from_year, 2028);
  EXPECT_EQ(rows[0].to_year, 2028);
  EXPECT_EQ(rows[0].tonnes_per_year, 500.0);
  EXPECT_EQ(rows[1].from_year, 2029);
  EXPECT_EQ(rows[1].to_year, 2030);
  EXPECT_EQ(rows[1].share, (std::vector<double>{0.01, 0.2}));
  EXPECT_EQ(rows[1].usd_per_kg, 6.0);
  EXPECT_EQ(rows[2].stage, "separation");
  EXPECT_TRUE(rows[2].from_scrap);
  EXPECT_EQ(rows[2].to_year, 2030);
  const auto code = [&](const std::vector<std::string>& of,
                        const std::vector<std::string>& metals) {
    return code_of([&] { (void)stage_capacity_of(sources, of, metals, {2030}, 2026); });
  };
  EXPECT_EQ(code(stages, {"Sm"}), "supply.no_metal");
  EXPECT_EQ(code({"mine", "magnet"}, {"NdPr"}), "supply.no_stage");
  sources.list[0].opex_usd_per_kg = {};
  EXPECT_EQ(code(stages, {"NdPr"}), "supply.no_cost");
}

TEST(AllianceChain, YearsBoundCapacityAndChooseTheSplit) {
  AllianceInputs in = chain_of({"USA"}, {"mine"});
  in.years = {2030, 2031};
  in.demand_t = {{10.0, 10.0}};
  in.capacity = {plant("USA", "mine", 10)};
  in.capacity[0].from_year = 2031;
  AllianceOptions options;
  EXPECT_EQ(alliance_chain(in, options).members[0].met_alone_t, 10.0);
  options.year = 2030;
  const AllianceView view = alliance_chain(in, options);
  EXPECT_EQ(view.year, 2030);
  EXPECT_EQ(view.members[0].met_alone_t, 0.0);
  EXPECT_EQ(view.years[1].met_together_t, 10.0);
  options.year = 2040;
  EXPECT_EQ(code_of([&] { (void)alliance_chain(in, options); }), "supply.year");
}

TEST(AllianceChain, RefusesWhatItCannotMean) {
  AllianceInputs good = chain_of({"USA", "AUS"}, {"mine", "magnet"});
  good.demand_t = {{10.0}, {0.0}};
  good.capacity = {plant("USA", "mine", 10), plant("AUS", "magnet", 10)};
  good.hauls = {{"USA", "AUS", "", 1.0}};
  const auto code = [&](const auto& change) {
    AllianceInputs in = good;
    AllianceOptions options;
    change(in, options);
    return code_of([&] { (void)alliance_chain(in, options); });
  };
  using In = AllianceInputs&;
  using Of = AllianceOptions&;
  EXPECT_EQ(code([](In, Of) {}), "");
  EXPECT_EQ(code([](In in, Of) { in.capacity[0].tonnes_per_year = -1; }), "supply.negative");
  EXPECT_EQ(code([](In in, Of) { in.capacity[0].tonnes_per_year = std::nan(""); }),
            "supply.negative");
  EXPECT_EQ(code([](In in, Of) { in.capacity[0].tonnes_per_year = 1e30; }), "supply.magnitude");
  EXPECT_EQ(code([](In in, Of) { in.capacity[0].usd_per_kg = -1; }), "supply.negative");
  EXPECT_EQ(code([](In in, Of) { in.capacity[1].recovery = 1.01; }), "supply.recovery");
  EXPECT_EQ(code([](In in, Of) { in.capacity[1].recovery = 0; }), "supply.recovery");
  EXPECT_EQ(code([](In in, Of) { in.capacity[0].stage = "smelter"; }), "supply.no_stage");
  EXPECT_EQ(code([](In in, Of) {
              in.capacity[0].from_year = 2050;
              in.capacity[0].to_year = 2040;
            }),
            "supply.year");
  EXPECT_EQ(code([](In in, Of) { in.hauls[0].stage = "smelter"; }), "supply.no_stage");
  EXPECT_EQ(code([](In in, Of) { in.hauls[0].usd_per_kg = -1; }), "supply.negative");
  EXPECT_EQ(code([](In in, Of) { in.hauls.push_back(in.hauls[0]); }), "supply.haul");
  EXPECT_EQ(code([](In in, Of) { in.stages = {}; }), "supply.no_stage");
  EXPECT_EQ(code([](In in, Of) { in.stages = {"mine", "magnet", "Mine"}; }), "supply.no_stage");
  EXPECT_EQ(code([](In in, Of) { in.members = {"USA", "usa"}; }), "supply.member");
  EXPECT_EQ(code([](In in, Of) {
              in.members = {};
              in.demand_t = {};
            }),
            "supply.member");
  EXPECT_EQ(code([](In in, Of) { in.demand_t = {{0.0}, {0.0}}; }), "supply.no_demand");
  EXPECT_EQ(code([](In in, Of) { in.demand_t = {{1.0}}; }), "supply.no_demand");
  EXPECT_EQ(code([](In in, Of) { in.demand_t = {{1.0}, {}}; }), "supply.no_demand");
  EXPECT_EQ(code([](In in, Of) { in.demand_t = {{1.0}, {-1.0}}; }), "supply.negative");
  EXPECT_EQ(code([](In in, Of) { in.metals = {"NdPr", "ndpr"}; }), "supply.no_metal");
  EXPECT_EQ(code([](In in, Of) { in.capacity[0].metal = "NdPrr"; }), "supply.unknown_element");
  EXPECT_EQ(code([](In in, Of) { in.capacity[0].share = {0.5, 0.5}; }), "supply.no_metal");
  EXPECT_EQ(code([](In in, Of) { in.capacity[1].share = {0.5}; }), "supply.no_metal");
  EXPECT_EQ(code([](In in, Of) { in.capacity[0].share = {1.5}; }), "supply.shares_over_one");
  EXPECT_EQ(code([](In, Of of) { of.unmet_usd_per_kg = {{"Sm", 1.0}}; }), "supply.no_metal");
  EXPECT_EQ(code([](In, Of of) { of.unmet_usd_per_kg_default = -1; }), "supply.negative");
  EXPECT_EQ(code([](In, Of of) { of.missing_haul_usd_per_kg = -1; }), "supply.negative");
}

TEST(AllianceChain, WhoIsNoMemberIsLeftOutAndSaid) {
  AllianceInputs in = chain_of({"USA"}, {"mine", "magnet"});
  in.demand_t = {{10.0}};
  in.capacity = {plant("USA", "mine", 10), plant("MYS", "magnet", 10), plant("USA", "mine", 5)};
  in.capacity[2].metal = "La";
  const AllianceView view = alliance_chain(in, free_hauls());
  EXPECT_TRUE(view.findings.has("supply.not_member"));
  EXPECT_TRUE(view.findings.has("supply.metal_unused"));
  EXPECT_EQ(view.findings.worst(), Severity::warning);
  EXPECT_EQ(view.years[0].met_together_t, 0.0);
  EXPECT_EQ(stage_of(view, "mine").capacity_t, 10.0);
}

}  // namespace
}  // namespace lode::test
