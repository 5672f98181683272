// What a plan's figures mean: worth of its sources, early starts, closings, HHI, prices, scenarios.
#include <gtest/gtest.h>

#include <random>

#include "libgeo/supply/portfolio_parts.h"
#include "tests/supply/small_portfolio.h"

namespace lode::test {
namespace {

PortfolioOptions quick() {
  PortfolioOptions options;
  options.values = false;
  return options;
}

PortfolioPolicy policy_of(PortfolioAim aim, double penalty) {
  PortfolioPolicy policy = small_policy(true);
  policy.aim = aim;
  policy.shortfall_usd_per_kg = penalty;
  return policy;
}

TEST(PortfolioWorth, IsOfAPlanWithTheSameAim) {
  // What is missing counts less than the dear source costs: only the aim keeps it in.
  const SupplySources sources =
      small_sources({small_source("cheap", "USA", 60, 1), small_source("dear", "AUS", 40, 900)});
  const Portfolio plan =
      plan_portfolio(sources, small_demand(2026, {100}), policy_of(PortfolioAim::shortfall, 5));
  EXPECT_EQ(plan.shortfall_t, 0.0);
  EXPECT_NEAR(plan.objective_usd, 60e3 + 36e6, 1.0);
  EXPECT_NEAR(plan.choices[0].worth_t, 60, 1e-5);
  EXPECT_NEAR(plan.choices[0].worth_usd, 60e3 * (5 - 1), 20.0);
  EXPECT_NEAR(plan.choices[1].worth_t, 40, 1e-5);
  EXPECT_NEAR(plan.choices[1].worth_usd, 40e3 * (5 - 900), 20.0);
  EXPECT_EQ(plan.matters_most, "cheap");
}

TEST(PortfolioWorth, WhereShortageComesFirstTonnesRankBeforeMoney) {
  // Nobody else has Dy, of which 10 t are worth little; `mid` saves 998 USD on each of 50 t of
  // NdPr.
  SupplySources sources =
      small_sources({small_source("only", "USA", 10, 1), small_source("mid", "AUS", 50, 2),
                     small_source("spare", "CAN", 50, 1000)});
  sources.metals = {"NdPr", "Dy"};
  sources.list[0].share = {0.0, 1.0};
  sources.list[1].share = sources.list[2].share = {1.0, 0.0};
  SupplyDemand demand = small_demand(2026, {50});
  demand.metals = sources.metals;
  demand.tonnes.push_back(only_base(10));
  for (const auto aim : {PortfolioAim::shortfall, PortfolioAim::concentration}) {
    const Portfolio plan = plan_portfolio(sources, demand, policy_of(aim, 5));
    EXPECT_EQ(plan.matters_most, "only");
    EXPECT_NEAR(plan.choices[0].worth_t, 10, 1e-5);
    EXPECT_NEAR(plan.choices[0].worth_usd, 10e3 * (5 - 1), 1.0);
    EXPECT_EQ(plan.choices[1].worth_t, 0.0);
    EXPECT_NEAR(plan.choices[1].worth_usd, 50e3 * 998, 1.0);
    // The least concentrated plan has `spare` too, which neither tonnes nor money ask for.
    EXPECT_EQ(plan.choices[2].start_year > 0, aim == PortfolioAim::concentration);
    if (aim == PortfolioAim::concentration) {
      EXPECT_EQ(plan.choices[2].worth_usd, 0.0);
    }
  }
  EXPECT_EQ(plan_portfolio(sources, demand, policy_of(PortfolioAim::cost, 5)).matters_most, "mid");
}

TEST(PortfolioWorth, WithoutASourceMoreMayBeSupplied) {
  // Beside `old` the mine would save 50e3 x (10 - 1) USD and cost 0.7 million: it is left. Alone it
  // saves twice that: it is built, and nothing is missing.
  const SupplySources sources = small_sources(
      {small_source("old", "USA", 50, 1), small_source("mine", "AUS", 100, 1, 0.7e6, 0)});
  const Portfolio plan =
      plan_portfolio(sources, small_demand(2026, {100}), policy_of(PortfolioAim::cost, 10));
  EXPECT_NEAR(plan.objective_usd, 0.55e6, 1.0);
  EXPECT_NEAR(plan.choices[0].worth_t, -50, 1e-5);
  EXPECT_NEAR(plan.choices[0].worth_usd, 0.8e6 - 0.55e6, 1.0);
}

TEST(PortfolioStart, ASourceRisesBeforeThereIsDemand) {
  SupplySource mine = small_source("mine", "AUS", 1000, 10, 1e6, 0);
  mine.ramp_years = 4;
  SupplySources sources = small_sources({mine, small_source("dear", "USA", 2000, 100)});
  PortfolioPolicy policy = small_policy();
  policy.discount = 0.05;
  const SupplyDemand demand = small_demand(2030, {1000, 1000});
  const Portfolio plan = plan_portfolio(sources, demand, policy, quick());
  EXPECT_EQ(plan.choices[0].start_year, 2027);
  EXPECT_NEAR(plan.choices[0].tonnes[0], 1000, 1e-6);
  EXPECT_NEAR(plan.choices[0].tonnes[1], 1000, 1e-6);
  const auto at = [](int year) { return std::pow(1.05, 2026 - year); };
  EXPECT_NEAR(plan.objective_usd, 1e6 * at(2027) + 10e6 * (at(2030) + at(2031)), 1.0);
  EXPECT_EQ(plan.choices[1].start_year, 0);
  // It costs its fixed cost from its first year on.
  sources.list[0].fixed_usd_per_year = 2e6;
  double fixed = 0.0;
  for (int year = 2027; year <= 2031; ++year) fixed += 2e6 * at(year);
  EXPECT_NEAR(plan_portfolio(sources, demand, policy, quick()).objective_usd,
              plan.objective_usd + fixed, 1.0);
}

TEST(PortfolioStart, YearsBeforeTheBaseYearMoveNoClosing) {
  // From 2028 on; `a` would save 0.9 of its 1 million a year, for three years: it is closed.
  SupplySource a = small_source("a", "USA", 1000, 1);
  a.fixed_usd_per_year = 1e6;
  a.life_years = 3;
  const SupplySources sources = small_sources({a, small_source("b", "AUS", 1000, 2)});
  PortfolioPolicy policy = small_policy(true);
  policy.base_year = 2028;
  policy.may_close = true;
  const SupplyDemand demand = small_demand(2026, std::vector<double>(7, 900.0));
  const Portfolio closed = plan_portfolio(sources, demand, policy, quick());
  EXPECT_NEAR(closed.cost_usd, 5 * 1.8e6, 1.0);
  EXPECT_EQ(closed.choices[0].start_year, 0);
  // At half the fixed cost it stays for its three years: 0.5 + 0.9 million, then 1.8 million.
  SupplySources cheaper = sources;
  cheaper.list[0].fixed_usd_per_year = 0.5e6;
  const Portfolio open = plan_portfolio(cheaper, demand, policy, quick());
  EXPECT_NEAR(open.cost_usd, 3 * 1.4e6 + 2 * 1.8e6, 1.0);
  EXPECT_NEAR(open.choices[0].cost_usd, 3 * 1.4e6, 1.0);
  // A frontier begins with the same plan.
  PortfolioOptions options = quick();
  options.frontier = 2;
  EXPECT_NEAR(plan_portfolio(cheaper, demand, policy, options).frontier.at(0).cost_usd,
              open.cost_usd, 1e-3 * open.cost_usd);
}

/// NdPr of three countries in excess of a demand of 60 t, because all Dy that there is is needed.
SupplySources joint_sources() {
  SupplySources sources =
      small_sources({small_source("usa", "USA", 100, 1), small_source("aus", "AUS", 100, 1),
                     small_source("can", "CAN", 100, 1)});
  sources.metals = {"NdPr", "Dy"};
  sources.list[0].share = {0.5, 0.1};
  sources.list[1].share = {0.2, 0.1};
  sources.list[2].share = {0.1, 0.1};
  return sources;
}

TEST(PortfolioHhi, IsOfTheLeastConcentratedUse) {
  SupplyDemand demand = small_demand(2026, {60});
  demand.metals = {"NdPr", "Dy"};
  demand.tonnes = {only_base(60), only_base(30)};
  // Of 50, 20 and 10 t the use of 60 t that is least concentrated is 30, 20 and 10 t.
  const double ndpr = (900.0 + 400.0 + 100.0) / 3600.0;
  for (const auto aim : {PortfolioAim::cost, PortfolioAim::concentration}) {
    PortfolioPolicy policy = policy_of(aim, 500);
    policy.gap = 1e-4;
    PortfolioOptions options = quick();
    options.frontier = 2;
    const Portfolio plan = plan_portfolio(joint_sources(), demand, policy, options);
    EXPECT_NEAR(plan.balance[0].surplus_t, 20, 1e-5);
    EXPECT_NEAR(plan.balance[0].hhi, ndpr, 1e-6);
    EXPECT_NEAR(plan.balance[1].hhi, 1.0 / 3.0, 1e-6);
    EXPECT_NEAR(plan.hhi, (60 * ndpr + 10) / 90, 1e-6);
    // The frontier begins with the plan of least cost; its HHI is of tangents, near to 0.002.
    if (aim == PortfolioAim::cost) {
      EXPECT_NEAR(plan.frontier.at(0).hhi, plan.hhi, 2e-3 * plan.hhi);
    }
  }
}

TEST(PortfolioPrice, MovesWithLimitsThatAreSharesOfDemand) {
  SupplySources sources =
      small_sources({small_source("chn", "CHN", 200, 1), small_source("usa", "USA", 200, 4),
                     small_source("rec", "USA", 200, 9)});
  sources.list[2].kind = "secondary";
  PortfolioPolicy policy = small_policy();
  PortfolioLimit most, least;
  most.country = "CHN";
  most.max_share = 0.4;
  least.kind = "secondary";
  least.min_share = 0.2;
  const auto price = [&] {
    return plan_portfolio(sources, small_demand(2026, {100}), policy, quick())
        .balance[0]
        .price_usd_per_kg;
  };
  policy.limits = {most};
  EXPECT_NEAR(price(), 0.4 * 1 + 0.6 * 4, 1e-9);
  policy.limits = {most, least};
  EXPECT_NEAR(price(), 0.4 * 1 + 0.4 * 4 + 0.2 * 9, 1e-9);
  // Of demand that nobody meets all is missing, however little that counts.
  policy = policy_of(PortfolioAim::cost, 0.5);
  EXPECT_NEAR(price(), 0.5, 1e-9);
  policy.aim = PortfolioAim::concentration;
  EXPECT_TRUE(std::isnan(price()));
}

TEST(PortfolioPrice, OfWhatIsMissingIsThePenaltyWhenShortageComesFirst) {
  // 2026: 100 of 150 t are there. 2027: the dear source makes the last kg, above the penalty.
  SupplySource dear = small_source("dear", "AUS", 200, 900, 1e6, 1);
  const SupplySources sources = small_sources({small_source("old", "USA", 100, 1), dear});
  const Portfolio plan = plan_portfolio(sources, small_demand(2026, {150, 150}),
                                        policy_of(PortfolioAim::shortfall, 5), quick());
  EXPECT_NEAR(plan.shortfall_t, 50, 1e-4);
  EXPECT_NEAR(plan.balance[0].price_usd_per_kg, 5, 1e-6);
  EXPECT_NEAR(plan.balance[1].price_usd_per_kg, 900, 1e-6);
}

TEST(PortfolioPrice, IsTheSlopeOfTheObjective) {
  // The price lies between what 100 kg less save and 100 kg more cost, a kg.
  std::size_t moved = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    std::mt19937_64 random(seed);
    const auto draw = [&](double low, double high) {
      return low + (high - low) * static_cast<double>(random() % 10001) / 1e4;
    };
    std::vector<SupplySource> list;
    for (const char* country : {"USA", "AUS", "CHN", "BRA", "CHN", "AUS"}) {
      SupplySource source =
          small_source("s" + std::to_string(list.size()), country, draw(300, 900), draw(5, 40));
      if (list.size() > 2) {
        source.capex_usd = only_base(draw(1e6, 3e7));
        source.operating = false;
        source.lead_years = 1;
      }
      source.share = {draw(0.2, 0.4), draw(0.0, 0.06)};
      source.kind = list.size() % 2 == 0 ? "secondary" : "primary";
      list.push_back(source);
    }
    SupplySources sources = small_sources(list);
    sources.metals = {"NdPr", "Dy"};
    SupplyDemand demand = small_demand(2026, {0, 0, 0});
    demand.metals = {"NdPr", "Dy"};
    demand.tonnes.clear();
    for (int k = 0; k < 6; ++k)
      demand.tonnes.push_back(only_base(k < 3 ? draw(400, 700) : draw(30, 70)));
    PortfolioPolicy policy = policy_of(PortfolioAim::cost, 2000);
    policy.discount = 0.08;
    policy.penalty = {{"NdPr", 300}};
    PortfolioLimit each, recycled;
    each.each_country = true;
    each.max_share = 0.4;
    recycled.kind = "secondary";
    recycled.min_share = 0.3;
    recycled.metal = "NdPr";
    policy.limits = {each, recycled};
    const Portfolio plan = plan_portfolio(sources, demand, policy, quick());
    for (std::size_t at = 0; at < 6; ++at) {
      const auto objective = [&](double more_t) {
        SupplyDemand other = demand;
        other.tonnes[at].base += more_t;
        return plan_portfolio(sources, other, policy, quick()).objective_usd;
      };
      const double factor = std::pow(1.08, -static_cast<double>(at % 3));
      const double below = (plan.objective_usd - objective(-0.1)) / 100.0 / factor;
      const double above = (objective(0.1) - plan.objective_usd) / 100.0 / factor;
      const double price = plan.balance[at].price_usd_per_kg;
      EXPECT_GE(price, below - 0.01) << seed << " " << at;
      EXPECT_LE(price, above + 0.01) << seed << " " << at;
      moved += std::abs(price) > 1.0 ? 1 : 0;
    }
  }
  EXPECT_GE(moved, 8u);
}

TEST(PortfolioScenario, CostIsWithoutPenaltiesAsInTheSummary) {
  const SupplySources sources = small_sources({small_source("a", "AUS", 100, 1)});
  PortfolioPolicy policy = policy_of(PortfolioAim::cost, 100);
  PortfolioPolicy::Scenario base, lost;
  base.name = "base";
  lost.name = "AUS lost";
  lost.lost_countries = {"AUS"};
  policy.scenarios = {base, lost};
  const Portfolio plan = plan_portfolio(sources, small_demand(2026, {150}), policy, quick());
  ASSERT_EQ(plan.scenarios.size(), 2u);
  EXPECT_NEAR(plan.cost_usd, 0.1e6, 1e-3);
  EXPECT_NEAR(plan.scenarios[0].cost_usd, 0.1e6, 1e-3);
  EXPECT_NEAR(plan.scenarios[0].objective_usd, 5.1e6, 1e-3);
  EXPECT_NEAR(plan.scenarios[0].cost_if_known_usd, 0.1e6, 1e-3);
  EXPECT_NEAR(plan.scenarios[0].objective_if_known_usd, 5.1e6, 1e-3);
  EXPECT_NEAR(plan.scenarios[1].cost_usd, 0.0, 1e-3);
  EXPECT_NEAR(plan.scenarios[1].objective_usd, 15e6, 1e-3);
  EXPECT_NEAR(plan.scenarios[1].shortfall_t, 150, 1e-6);
  EXPECT_NEAR(plan.hedged_usd, (5.1e6 + 15e6) / 2, 1e-3);
}

TEST(PortfolioBalance, WhatTheSolverLeavesIsNoTonnes) {
  EXPECT_EQ(counted_t(2.7e-12, 100.0), 0.0);
  EXPECT_EQ(counted_t(0.9e-6, 0.0), 0.0);
  EXPECT_EQ(counted_t(0.5e-3, 1e3), 0.0);
  EXPECT_EQ(counted_t(2e-3, 1e3), 2e-3);
  EXPECT_EQ(counted_t(-5.0, 1e3), 0.0);
}

}  // namespace
}  // namespace lode::test
