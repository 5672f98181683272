// Portfolios: hand-solved plans, all starts tried, conflicts, least HHI, scenarios, other programs.
#include "libgeo/supply/portfolio.h"

#include <gmock/gmock.h>

#include <random>

#include "libgeo/supply/programme.h"
#include "tests/ranking/cases.h"
#include "tests/supply/programme_oracles.h"
#include "tests/supply/small_portfolio.h"

namespace lode::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Old: 100 t a year at 10 USD/kg. New: 100 t at 5 USD/kg, capex 1 million, a year of lead.
SupplySources old_and_new() {
  return small_sources(
      {small_source("old", "USA", 100, 10), small_source("new", "AUS", 100, 5, 1e6, 1)});
}

TEST(Portfolio, TablesThatDoNotFitAreRefused) {
  const auto code = [](const SupplySources& sources, const SupplyDemand& demand) {
    return code_of([&] { (void)plan_portfolio(sources, demand, small_policy()); });
  };
  EXPECT_EQ(code({}, {}), "supply.no_source");
  EXPECT_EQ(code(old_and_new(), {}), "supply.no_demand");
  SupplyDemand demand = small_demand(2026, {1, 2});
  demand.tonnes.pop_back();
  EXPECT_EQ(code(old_and_new(), demand), "supply.length");
  SupplySources sources = old_and_new();
  sources.list[1].share = {0.5, 0.5};
  EXPECT_EQ(code(sources, small_demand(2026, {1})), "supply.length");
  EXPECT_EQ(code_of([] { (void)portfolio_programme(old_and_new(), {}, small_policy()); }),
            "supply.no_demand");
}

TEST(Portfolio, TwoSourcesByHand) {
  const SupplyDemand demand = small_demand(2026, {150, 150, 150});
  PortfolioPolicy policy = small_policy(true);
  const Portfolio plan = plan_portfolio(old_and_new(), demand, policy);
  ASSERT_EQ(plan.status, ProgrammeStatus::optimal);
  // 2026: 100 t of old (1 million), 50 t missing (25 million), capex (1 million); then 100 t of new
  // and 50 t of old each year (1 million each).
  EXPECT_NEAR(plan.objective_usd, 29e6, 1e-3);
  EXPECT_NEAR(plan.cost_usd, 4e6, 1e-3);
  EXPECT_NEAR(plan.bound_usd, 29e6, 10.0);
  EXPECT_EQ(plan.choices[1].start_year, 2027);
  EXPECT_NEAR(plan.choices[1].tonnes[1], 100, 1e-6);
  EXPECT_NEAR(plan.choices[0].tonnes[1], 50, 1e-6);
  EXPECT_NEAR(plan.shortfall_t, 50, 1e-6);
  EXPECT_NEAR(plan.capex_usd, 1e6, 1e-6);
  ASSERT_EQ(plan.free_from.size(), 1u);
  EXPECT_EQ(plan.free_from[0].year, 2027);
  EXPECT_LE(plan.worst_violation, 1e-7);
  EXPECT_THAT(plan.words, HasSubstr("free from 2027, and no mix of these sources can do without a "
                                    "shortage in 2026: at least 50 t"));
  // Shares of 2027 are 2/3 and 1/3; in 2026 all is of one country.
  EXPECT_NEAR(plan.balance[0].hhi, 1.0, 1e-9);
  EXPECT_NEAR(plan.balance[1].hhi, 5.0 / 9.0, 1e-9);
  EXPECT_NEAR(plan.hhi, (1.0 + 10.0 / 9.0) / 3.0, 1e-9);
  // One more kg is dear while it is missing, then what old asks.
  EXPECT_NEAR(plan.balance[0].price_usd_per_kg, 500, 1e-6);
  EXPECT_NEAR(plan.balance[1].price_usd_per_kg, 10, 1e-6);
  // Without new 50 t more are missing in two years (50 million), and old makes 50 t more in both
  // (1 million) instead of new's 100 t in both (1 million) and the capex (1 million).
  EXPECT_NEAR(plan.choices[1].worth_usd, 50e6 + 1e6 - 2e6, 1.0);
  EXPECT_NEAR(plan.choices[1].worth_t, 100, 1e-6);
  // Without old 50 t more are missing in the later years too, and 100 t in 2026.
  EXPECT_EQ(plan.matters_most, "old");
  policy.discount = 0.1;
  const Portfolio discounted = plan_portfolio(old_and_new(), demand, policy);
  EXPECT_NEAR(discounted.objective_usd, 27e6 + 1e6 / 1.1 + 1e6 / 1.21, 1e-2);
}

TEST(Portfolio, RampLifeAndPermitBindOutput) {
  SupplySource slow = small_source("slow", "USA", 90, 1, 1.0, 1);
  slow.ramp_years = 3;
  slow.life_years = 4;
  slow.not_before = 2028;
  PortfolioPolicy policy = small_policy(true);
  policy.discount = 0.1;  // what is missing early weighs more: begin as soon as the permit allows
  const Portfolio plan = plan_portfolio(small_sources({slow}),
                                        small_demand(2026, {90, 90, 90, 90, 90, 90, 90}), policy);
  const std::vector<double> expected{0, 0, 30, 60, 90, 90, 0};
  for (std::size_t t = 0; t < expected.size(); ++t)
    EXPECT_NEAR(plan.choices[0].tonnes[t], expected[t], 1e-6) << t;
  EXPECT_EQ(plan.free_from[0].year, 0);
}

/// What starts cost with one metal: each year the cheapest open sources first, no solver.
double cost_of_starts(const SupplySources& sources, const SupplyDemand& demand,
                      const PortfolioPolicy& policy, const std::vector<int>& starts) {
  double cost = 0.0;
  const auto factor = [&](int year) { return std::pow(1 + policy.discount, 2026 - year); };
  std::vector<std::size_t> order(sources.list.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return sources.list[a].opex_usd_per_kg.base / sources.list[a].share[0] <
           sources.list[b].opex_usd_per_kg.base / sources.list[b].share[0];
  });
  for (std::size_t s = 0; s < starts.size(); ++s) {
    const auto& source = sources.list[s];
    if (starts[s] == 0 || source.operating) continue;
    const int lead = static_cast<int>(source.lead_years);
    for (int year = starts[s] - lead; year < starts[s]; ++year)
      cost += source.capex_usd.base / lead * factor(year);
    for (const int year : demand.years)
      if (ramp_share(source, starts[s], year) > 0) cost += source.fixed_usd_per_year * factor(year);
  }
  for (std::size_t t = 0; t < demand.years.size(); ++t) {
    const int year = demand.years[t];
    double need = demand.at(0, t).base;
    for (const std::size_t s : order) {
      const auto& source = sources.list[s];
      const double usd = source.opex_usd_per_kg.base / source.share[0];
      if ((starts[s] == 0 && !source.operating) || usd >= *policy.shortfall_usd_per_kg) continue;
      const double made = std::min(
          need, source.share[0] * output_t(source, source.operating ? 2026 : starts[s], year));
      cost += made * 1e3 * usd * factor(year);
      need -= made;
    }
    cost += need * 1e3 * *policy.shortfall_usd_per_kg * factor(year);
  }
  return cost;
}

TEST(Portfolio, AllStartsTried) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    std::mt19937_64 random(seed);
    const auto draw = [&](double low, double high) {
      return low + (high - low) * static_cast<double>(random() % 10001) / 1e4;
    };
    std::vector<SupplySource> list{small_source("old", "USA", draw(50, 100), draw(8, 30))};
    for (int k = 0; k < 4; ++k) {
      SupplySource source = small_source("s" + std::to_string(k), "AUS", draw(40, 150), draw(2, 15),
                                         draw(2e6, 4e7), 1);
      source.lead_years = static_cast<double>(1 + random() % 3);
      source.ramp_years = static_cast<double>(1 + random() % 3);
      source.life_years = static_cast<double>(2 + random() % 5);
      source.fixed_usd_per_year = draw(0, 1e6);
      source.share = {draw(0.3, 1.0)};
      list.push_back(source);
    }
    const SupplySources sources = small_sources(list);
    const SupplyDemand demand = small_demand(2026, {90, 120, 150, 180, 210});
    PortfolioPolicy policy = small_policy(true);
    policy.discount = 0.07;
    policy.shortfall_usd_per_kg = 60;
    PortfolioOptions options;
    options.values = false;
    const Portfolio plan = plan_portfolio(sources, demand, policy, options);
    double least = unbounded_value;
    std::vector<int> starts(5, 0), ways;
    for (int code = 0; code < 6 * 6 * 6 * 6; ++code) {
      bool possible = true;
      for (int k = 0, rest = code; k < 4; ++k, rest /= 6) {
        const int choice = rest % 6;
        starts[static_cast<std::size_t>(k + 1)] = choice == 0 ? 0 : 2025 + choice;
        possible = possible && (choice == 0 || 2025 + choice >= first_year(list[k + 1], 2026));
      }
      if (possible) least = std::min(least, cost_of_starts(sources, demand, policy, starts));
    }
    EXPECT_NEAR(plan.objective_usd, least, 1e-6 * least) << seed;
    std::vector<int> chosen;
    for (const auto& choice : plan.choices) chosen.push_back(choice.start_year);
    EXPECT_NEAR(cost_of_starts(sources, demand, policy, chosen), least, 1e-6 * least);
  }
}

TEST(Portfolio, JointProductionOfTwoMetals) {
  // 10 t of Dy need 100 t of ore oxide; NdPr then comes in excess and costs nothing.
  SupplySources sources = small_sources({small_source("a", "USA", 200, 10)});
  sources.metals = {"NdPr", "Dy"};
  sources.list[0].share = {0.5, 0.1};
  SupplyDemand demand;
  demand.metals = {"NdPr", "Dy"};
  demand.years = {2026};
  demand.tonnes = {only_base(20), only_base(10)};
  PortfolioPolicy policy = small_policy();
  const Portfolio plan = plan_portfolio(sources, demand, policy);
  EXPECT_NEAR(plan.choices[0].tonnes[0], 100, 1e-6);
  EXPECT_NEAR(plan.balance[0].surplus_t, 30, 1e-6);
  EXPECT_NEAR(plan.objective_usd, 1e6, 1e-3);
  EXPECT_TRUE(plan.choices[0].indispensable);
  // Resold at 50 and 300 USD/kg a kg of oxide is worth 55 and costs 10: all capacity runs.
  policy.resell_surplus = true;
  policy.prices.metals = {"NdPr", "Dy"};
  policy.prices.usd_per_kg = {only_base(50), only_base(300)};
  const Portfolio resold = plan_portfolio(sources, demand, policy);
  EXPECT_NEAR(resold.choices[0].tonnes[0], 200, 1e-6);
  EXPECT_NEAR(resold.objective_usd, 2e6 - 80e3 * 50 - 10e3 * 300, 1e-3);
}

TEST(Portfolio, LimitsBudgetsAndCaps) {
  SupplySources sources =
      small_sources({small_source("chn", "CHN", 200, 1), small_source("usa", "USA", 200, 4),
                     small_source("rec", "USA", 200, 9)});
  sources.list[2].kind = "secondary";
  sources.burdens = {"co2e_kg"};
  for (std::size_t k = 0; k < 3; ++k) sources.list[k].burden = {k == 1 ? 20.0 : 5.0};
  const SupplyDemand demand = small_demand(2026, {100});
  PortfolioOptions quick;
  quick.values = false;
  PortfolioPolicy policy = small_policy();
  const auto cost = [&] {
    return plan_portfolio(sources, demand, policy, quick).objective_usd / 1e5;
  };
  EXPECT_NEAR(cost(), 1.0, 1e-8);
  PortfolioLimit limit;
  limit.country = "CHN";
  limit.max_share = 0.4;
  policy.limits = {limit};
  EXPECT_NEAR(cost(), 0.4 + 2.4, 1e-8);
  PortfolioLimit recycled;
  recycled.kind = "secondary";
  recycled.min_share = 0.2;
  policy.limits.push_back(recycled);
  EXPECT_NEAR(cost(), 0.4 + 1.6 + 1.8, 1e-8);
  policy.limits[0] = PortfolioLimit();
  policy.limits[0].each_country = true;
  policy.limits[0].max_share = 0.5;
  EXPECT_NEAR(cost(), 0.5 + 1.2 + 1.8, 1e-8);
  // 50 t at 5, 30 t at 20, 20 t at 5 kg/kg are 950 t; 800 t leave 20 t of usa: the rest is
  // recycled.
  policy.caps = {{"co2e_kg", "", 0, 9999, 800e3}};
  EXPECT_NEAR(cost(), 0.5 + 0.8 + 2.7, 1e-8);
  policy.exclude = {"chn"};
  policy.limits.resize(0);
  policy.caps.clear();
  EXPECT_NEAR(cost(), 4.0, 1e-8);
}

TEST(Portfolio, LooseningNeverCostsMore) {
  const SupplySources sources =
      small_sources({small_source("a", "CHN", 200, 1), small_source("b", "USA", 200, 4, 3e6, 1),
                     small_source("c", "AUS", 90, 3, 1e6, 2)});
  const SupplyDemand demand = small_demand(2026, {100, 120, 140, 160});
  PortfolioPolicy policy = small_policy(true);
  PortfolioOptions quick;
  quick.values = false;
  double before = unbounded_value;
  for (const double share : {0.0, 0.2, 0.4, 0.6, 0.8, 1.0}) {
    PortfolioLimit limit;
    limit.country = "CHN";
    limit.max_share = share;
    policy.limits = {limit};
    const double cost = plan_portfolio(sources, demand, policy, quick).objective_usd;
    EXPECT_LE(cost, before * (1 + 1e-9));
    before = cost;
  }
}

TEST(Portfolio, ConflictsAreNamed) {
  const SupplyDemand demand = small_demand(2026, {100, 150});
  PortfolioPolicy policy = small_policy();
  const Portfolio short_of =
      plan_portfolio(small_sources({small_source("a", "USA", 120, 1)}), demand, policy);
  EXPECT_EQ(short_of.status, ProgrammeStatus::infeasible);
  EXPECT_THAT(short_of.conflict.requirements, ElementsAre("demand of NdPr in 2027"));
  EXPECT_THAT(short_of.words, HasSubstr("demand of NdPr in 2027 cannot be kept"));
  // The new source would do, but not with this money.
  policy.budget_usd = 2e6;
  const Portfolio poor = plan_portfolio(
      small_sources({small_source("a", "USA", 120, 1), small_source("b", "USA", 90, 1, 3e6, 1)}),
      demand, policy);
  EXPECT_THAT(poor.conflict.requirements,
              ElementsAre("demand of NdPr in 2027", "budget of 2000000 USD"));
  policy.budget_usd = unbounded_value;
  PortfolioLimit recycled;
  recycled.kind = "secondary";
  recycled.min_share = 0.2;
  policy.limits = {recycled};
  SupplySources two =
      small_sources({small_source("a", "USA", 500, 1), small_source("r", "USA", 25, 1)});
  two.list[1].kind = "secondary";
  EXPECT_THAT(plan_portfolio(two, demand, policy).conflict.requirements,
              ElementsAre("minimum recycled share 20 %, NdPr in 2027"));
}

TEST(Portfolio, LeastShortageIsProven) {
  const SupplySources sources =
      small_sources({small_source("a", "USA", 60, 1), small_source("b", "AUS", 30, 900, 1e9, 1)});
  PortfolioPolicy policy = small_policy(true);
  policy.shortfall_usd_per_kg = 5;
  const SupplyDemand demand = small_demand(2026, {100, 100});
  const Portfolio cheap = plan_portfolio(sources, demand, policy);
  EXPECT_NEAR(cheap.shortfall_t, 80, 1e-6);
  EXPECT_THAT(
      cheap.words,
      HasSubstr("no mix of these sources can do without a shortage in 2027: at least 10 t"));
  policy.aim = PortfolioAim::shortfall;
  const Portfolio least = plan_portfolio(sources, demand, policy);
  EXPECT_NEAR(least.shortfall_t, 50, 1e-5);
  EXPECT_EQ(least.choices[1].start_year, 2027);
}

// One sells today at 1 USD/kg, another country's mine costs 2 USD/kg and its capex F. With a share
// b of it HHI is (1 - b)^2 + b^2, so that an HHI of h wants b = (1 - sqrt(2 h - 1)) / 2.
TEST(Portfolio, ScenariosKeepTheirInequalities) {
  const SupplySources sources =
      small_sources({small_source("a", "AUS", 100, 1), small_source("b", "USA", 80, 4, 4e6, 1),
                     small_source("c", "CAN", 60, 3, 9e6, 1)});
  const SupplyDemand demand = small_demand(2026, {90, 100, 110});
  PortfolioPolicy policy = small_policy(true);
  policy.shortfall_usd_per_kg = 100;
  PortfolioPolicy::Scenario lost, more;
  lost.name = "AUS lost";
  lost.lost_countries = {"AUS"};
  lost.weight = 1;
  more.name = "base";
  more.weight = 3;
  policy.scenarios = {more, lost};
  const Portfolio plan = plan_portfolio(sources, demand, policy);
  ASSERT_EQ(plan.scenarios.size(), 2u);
  EXPECT_NEAR(plan.scenarios[1].weight, 0.25, 1e-12);
  double known = 0.0, mean = 0.0;
  for (const auto& one : plan.scenarios) {
    EXPECT_GE(one.objective_usd, one.objective_if_known_usd - 1.0);
    known += one.weight * one.objective_if_known_usd;
    mean += one.weight * one.objective_usd;
  }
  // Wait and see <= here and now <= keeping to the plan without scenarios (Birge 1982).
  EXPECT_NEAR(plan.hedged_usd, mean, 1e-6 * mean);
  EXPECT_NEAR(plan.value_of_information_usd, mean - known, 1.0);
  EXPECT_GE(plan.value_of_information_usd, -1.0);
  EXPECT_GE(plan.value_of_stochastic_usd, -1.0);
  PortfolioOptions robust;
  robust.robust = true;
  const Portfolio worst = plan_portfolio(sources, demand, policy, robust);
  double most = 0.0, most_mean = 0.0;
  for (const auto& one : worst.scenarios) most = std::max(most, one.objective_usd);
  for (const auto& one : plan.scenarios) most_mean = std::max(most_mean, one.objective_usd);
  EXPECT_LE(most, most_mean + 1.0);
  EXPECT_NEAR(worst.hedged_usd, most, 1e-6 * most);
}

TEST(Portfolio, AnOperatingSourceMayBeClosed) {
  SupplySource dear = small_source("dear", "USA", 100, 1);
  dear.fixed_usd_per_year = 9e6;
  const SupplySources sources = small_sources({dear, small_source("cheap", "AUS", 100, 2)});
  PortfolioPolicy policy = small_policy();
  const SupplyDemand demand = small_demand(2026, {50, 50});
  EXPECT_NEAR(plan_portfolio(sources, demand, policy).objective_usd, 18e6 + 1e5, 1e-2);
  policy.may_close = true;
  EXPECT_NEAR(plan_portfolio(sources, demand, policy).objective_usd, 2e5, 1e-2);
}

TEST(Portfolio, TheSameBitsForAnyJobs) {
  const SupplyDemand demand = small_demand(2026, {150, 160, 170});
  PortfolioOptions one, two;
  one.jobs = 1;
  two.jobs = 2;
  const Portfolio a = plan_portfolio(old_and_new(), demand, small_policy(true), one);
  const Portfolio b = plan_portfolio(old_and_new(), demand, small_policy(true), two);
  for (std::size_t k = 0; k < a.choices.size(); ++k) {
    EXPECT_EQ(a.choices[k].worth_usd, b.choices[k].worth_usd);
    EXPECT_EQ(a.choices[k].tonnes, b.choices[k].tonnes);
  }
}

TEST(Portfolio, OtherProgramsFindTheSameCost) {
  const bool cbc = has_program("cbc"), glpsol = has_program("glpsol");
  if (!cbc && !glpsol) GTEST_SKIP() << "neither cbc nor glpsol is installed";
  const TempDir dir;
  PortfolioOptions quick;
  quick.values = false;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<SupplySource> list;
    for (std::size_t k = 0; k < 12; ++k)
      list.push_back(small_source(
          "S-" + std::to_string(k), k % 3 == 0 ? "USA" : "AUS",
          static_cast<double>(20 + random() % 80), static_cast<double>(1 + random() % 30),
          k % 4 == 0 ? std::nan("") : static_cast<double>(1 + random() % 50) * 1e6,
          static_cast<double>(1 + random() % 4)));
    const SupplySources sources = small_sources(list);
    const SupplyDemand demand = small_demand(2026, {100, 150, 200, 250, 300});
    PortfolioPolicy policy = small_policy(true);
    policy.discount = 0.05;
    PortfolioLimit limit;
    limit.country = "AUS";
    limit.max_share = 0.5;
    policy.limits = {limit};
    const Portfolio plan = plan_portfolio(sources, demand, policy, quick);
    const std::string lp = lp_text(portfolio_programme(sources, demand, policy));
    for (const bool first : {true, false}) {
      if (!(first ? cbc : glpsol)) continue;
      const Said said = first ? cbc_objective(dir, lp) : glpsol_objective(dir, lp);
      ASSERT_TRUE(said);
      EXPECT_NEAR(*said * 1e6, plan.objective_usd, 1e-6 * plan.objective_usd) << seed;
    }
  }
}

TEST(Portfolio, RefusesWhatCannotBePlanned) {
  const SupplyDemand demand = small_demand(2026, {50});
  const auto code = [&](const SupplySources& sources, const PortfolioPolicy& policy) {
    return code_of([&] { (void)plan_portfolio(sources, demand, policy); });
  };
  SupplySources sources = small_sources({small_source("a", "USA", 100, 1)});
  EXPECT_EQ(code(sources, small_policy()), "");
  PortfolioPolicy policy = small_policy();
  policy.exclude = {"nobody"};
  EXPECT_EQ(code(sources, policy), "supply.policy");
  policy = small_policy();
  PortfolioLimit limit;
  limit.metal = "Dy";
  limit.max_share = 0.5;
  policy.limits = {limit};
  EXPECT_EQ(code(sources, policy), "supply.policy");
  policy.limits[0] = PortfolioLimit();
  policy.limits[0].country = "AUS";
  policy.limits[0].max_share = 0.5;
  const Portfolio unused = plan_portfolio(sources, demand, policy);
  EXPECT_THAT(unused.findings.list().at(0).code, "supply.policy_unused");
  policy.limits[0].max_share = 1.0;
  policy.limits[0].min_share = 0.5;
  EXPECT_EQ(code(sources, policy), "supply.policy");
  policy = small_policy();
  policy.base_year = 2040;
  EXPECT_EQ(code(sources, policy), "supply.policy");
  policy = small_policy();
  policy.caps = {{"co2e_kg", "", 0, 9999, 1.0}};
  EXPECT_EQ(code(sources, policy), "supply.policy");
  policy = small_policy();
  policy.resell_surplus = true;
  EXPECT_EQ(code(sources, policy), "supply.no_price");
  policy.prices.metals = {"NdPr"};
  policy.prices.usd_per_kg = {only_base(9)};
  policy.prices.currency = "EUR";
  EXPECT_EQ(code(sources, policy), "supply.money");
  policy.prices.currency = "USD";
  // A market without an end, resold above its price.
  SupplySources market = sources;
  market.list[0].capacity_t_per_year = only_base(unbounded_value);
  EXPECT_EQ(code(market, policy), "supply.unbounded");
  sources.list[0].opex_usd_per_kg = {};
  EXPECT_EQ(code(sources, small_policy()), "supply.no_cost");
  sources = small_sources({small_source("a", "USA", 100, 1)});
  sources.list[0].share = {0.0};
  EXPECT_EQ(code(sources, small_policy()), "supply.no_source");
  sources.metals = {"Dy"};
  EXPECT_EQ(code(sources, small_policy()), "supply.no_metal");
}

TEST(Policy, IsReadKeyByKey) {
  const PortfolioPolicy policy = parse_policy(
      "discount = 0.08\nbase_year = 2026\ngap = 0.01\nbudget_usd = 2e9\nallow_shortfall = true\n"
      "aim = \"shortfall\"\n[penalty]\nNdPr = 300\n[[limit]]\ncountry = \"CHN\"\nyear = 2030\n"
      "max_share = 0.2\n[[cap]]\nburden = \"co2e_kg\"\nmax = 5e6\n[[scenario]]\nname = \"x\"\n"
      "lost_countries = \"AUS\"\n",
      "policy.toml");
  EXPECT_EQ(policy.discount, 0.08);
  EXPECT_EQ(policy.budget_usd, 2e9);
  EXPECT_EQ(policy.aim, PortfolioAim::shortfall);
  EXPECT_EQ(policy.limits.at(0).from_year, 2030);
  EXPECT_EQ(policy.limits.at(0).to_year, 2030);
  EXPECT_EQ(policy.penalty.at(0).second, 300);
  EXPECT_EQ(policy.caps.at(0).max, 5e6);
  EXPECT_THAT(policy.scenarios.at(0).lost_countries, ElementsAre("AUS"));
}

TEST(Policy, MistakesAreToldWithTheirLines) {
  EXPECT_EQ(code_of([] { (void)parse_policy("a = [", "p"); }), "policy.syntax");
  try {
    (void)parse_policy(
        "discont = 0.1\nbudget_usd = -1\n[[limit]]\nmax_share = 1.2\n[[limit]]\nmin_share = 0.5\n"
        "max_share = 0.4\n[[limit]]\ncountry = \"CHN\"\n[[limit]]\nmax_share = 1\nfrom_year = "
        "2031\nto_year = 2030\n",
        "p.toml");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "policy.invalid");
    EXPECT_EQ(error.where, "p.toml:1");
    EXPECT_THAT(error.hint, HasSubstr("discount"));
    EXPECT_GE(error.more.size(), 5u);
  }
}

}  // namespace
}  // namespace lode::test
