// Concentration of portfolios: least HHI, and cost against it, by hand.
#include <gmock/gmock.h>

#include "libgeo/supply/portfolio_spread.h"
#include "libgeo/supply/programme_parts.h"
#include "tests/supply/small_portfolio.h"

namespace lode::test {
namespace {

using testing::HasSubstr;

TEST(Portfolio, LeastConcentrationOfEqualSourcesIsEqualParts) {
  // Three countries that could each make all: a third each, HHI 1/3.
  const SupplySources sources =
      small_sources({small_source("a", "USA", 100, 1), small_source("b", "AUS", 100, 2),
                     small_source("c", "CAN", 100, 3)});
  const SupplyDemand demand = small_demand(2026, {90, 60});
  PortfolioPolicy policy = small_policy();
  policy.aim = PortfolioAim::concentration;
  policy.gap = 1e-4;
  const Portfolio plan = plan_portfolio(sources, demand, policy);
  EXPECT_NEAR(plan.hhi, 1.0 / 3.0, 1e-4);
  EXPECT_LE(plan.gap, 2.5e-4);
  // Capacity of 20 t for c: c 20, the others 35 each.
  SupplySources small = sources;
  small.list[2].capacity_t_per_year = only_base(20);
  const Portfolio bound = plan_portfolio(small, small_demand(2026, {90}), policy);
  EXPECT_NEAR(bound.hhi, (35.0 * 35 * 2 + 400) / 8100, 1e-4);
}

TEST(Portfolio, FrontierFallsFromTheCheapestToTheLeastConcentrated) {
  const SupplySources sources =
      small_sources({small_source("a", "USA", 100, 1), small_source("b", "AUS", 100, 2),
                     small_source("c", "CAN", 100, 4)});
  PortfolioPolicy policy = small_policy();
  policy.gap = 1e-4;
  PortfolioOptions options;
  options.frontier = 5;
  const Portfolio plan = plan_portfolio(sources, small_demand(2026, {90}), policy, options);
  ASSERT_EQ(plan.frontier.size(), 5u);
  EXPECT_NEAR(plan.frontier.front().hhi, 1.0, 1e-3);
  EXPECT_NEAR(plan.frontier.front().cost_usd, 90e3, 100);
  EXPECT_NEAR(plan.frontier.back().hhi, 1.0 / 3.0, 1e-3);
  EXPECT_NEAR(plan.frontier.back().cost_usd, 30e3 * 7, 5e3);
  for (std::size_t k = 1; k < 5; ++k) {
    EXPECT_GE(plan.frontier[k].cost_usd, plan.frontier[k - 1].cost_usd - 1.0);
    EXPECT_LE(plan.frontier[k].hhi, plan.frontier[k - 1].hhi + 1e-3);
  }
  // The middle: HHI of 2/3 at least cost. With shares a > b > c by hand (Lagrange): shares are
  // mean + (mean cost - cost) k, k by the HHI: 1/3 + k^2 (sum of squared deviations 14/3) = 2/3.
  const double k = std::sqrt((1.0 / 3.0) / (14.0 / 3.0)), mean = 7.0 / 3.0;
  if (1.0 / 3.0 + (mean - 4.0) * k >= 0.0) {
    double cost = 0.0;
    for (const double c : {1.0, 2.0, 4.0}) cost += 90e3 * c * (1.0 / 3.0 + (mean - c) * k);
    EXPECT_NEAR(plan.frontier[2].cost_usd, cost, 2e-3 * cost);
  }
}

TEST(Portfolio, FrontierPaysForStartsThatItNeeds) {
  const double capex = 20e3;
  const SupplySources sources =
      small_sources({small_source("old", "USA", 100, 1), small_source("new", "AUS", 100, 2, capex),
                     small_source("dear", "CAN", 100, 2, 50 * capex)});
  PortfolioPolicy policy = small_policy();
  policy.gap = 1e-4;
  PortfolioOptions options;
  options.frontier = 5;
  options.values = false;
  const Portfolio plan = plan_portfolio(sources, small_demand(2026, {100}), policy, options);
  ASSERT_EQ(plan.frontier.size(), 5u);
  EXPECT_NEAR(plan.frontier.front().cost_usd, 100e3, 1.0);
  for (std::size_t k = 1; k < 5; ++k) {
    const FrontierPoint& point = plan.frontier[k];
    if (point.hhi < 0.5) {
      EXPECT_EQ(point.chosen.size(), 3u);
      continue;
    }
    const double b = (1.0 - std::sqrt(2.0 * point.hhi - 1.0)) / 2.0;
    EXPECT_NEAR(point.cost_usd, 100e3 * (1.0 + b) + capex, 200.0) << point.hhi;
    EXPECT_EQ(point.chosen, (std::vector<std::string>{"old", "new"}));
    // Searched until none can be cheaper by more than half a per cent.
    EXPECT_GE(point.gap, 0.0);
    EXPECT_LE(point.gap, 0.005);
  }
  // Nothing is less concentrated than a single country's supply when there is no other.
  const Portfolio alone = plan_portfolio(small_sources({small_source("old", "USA", 100, 1)}),
                                         small_demand(2026, {100}), policy, options);
  EXPECT_EQ(alone.frontier.size(), 1u);
  EXPECT_THAT(alone.words, HasSubstr("the frontier is one point"));
}

// A fraction y of a start may bring x of the supply where (1 - x)^2 + x^2 / y is the HHI: the
// cheapest of these, by trial, is what tangents find.
TEST(Portfolio, SharesOfFractionsCountByWhatIsBegun) {
  const double capex = 20e3, most = 0.6;
  const SupplySources sources = small_sources(
      {small_source("old", "USA", 100, 1), small_source("new", "AUS", 100, 2, capex)});
  const SupplyDemand demand = small_demand(2026, {100});
  PortfolioModel model = spread_model(sources, demand, small_policy(), ModelAim::cost, {});
  Tangents tangents(sources, model, spread_cells(model, demand, {}));
  model.programme.add(Programme::Row{"most_spread", "", -unbounded_value, most, tangents.mean()});
  WarmProgramme warm(model.programme, {});
  ProgrammeResult soft = warm.solve();
  for (int round = 0; round < 60 && tangents.hhi(soft.values) > most * (1.0 + 1e-6); ++round) {
    tangents.refine(soft.values);
    soft = warm.solve();
  }
  double least = unbounded_value, straight = unbounded_value;
  for (double x = 0.0; x <= 0.5; x += 1e-6) {
    const double left = most - (1.0 - x) * (1.0 - x);
    if (x * x > left) continue;
    straight = std::min(straight, 100e3 * (1.0 + x) + capex * x);
    least = std::min(least, 100e3 * (1.0 + x) + capex * std::max(x, x * x / left));
  }
  EXPECT_NEAR(soft.objective * model_usd, least, 1e-4 * least);
  EXPECT_GT(least, 1.02 * straight);
}

// Two mines of one country: each point is the cheapest of no, one and two starts, and no bound is
// above that.
TEST(Portfolio, FrontierOfTwoStartsInOneCountry) {
  const double capex = 20e3;
  const SupplySources sources =
      small_sources({small_source("old", "USA", 100, 1), small_source("one", "AUS", 30, 2, capex),
                     small_source("two", "AUS", 30, 2, capex)});
  PortfolioPolicy policy = small_policy();
  policy.gap = 1e-4;
  PortfolioOptions options;
  options.frontier = 6;
  options.values = false;
  const Portfolio plan = plan_portfolio(sources, small_demand(2026, {100}), policy, options);
  ASSERT_EQ(plan.frontier.size(), 6u);
  for (std::size_t k = 1; k < plan.frontier.size(); ++k) {
    const FrontierPoint& point = plan.frontier[k];
    ASSERT_GE(point.hhi, 0.5 - 1e-3);
    const double b = (1.0 - std::sqrt(std::max(0.0, 2.0 * point.hhi - 1.0))) / 2.0;
    const double cheapest = 100e3 * (1.0 + b) + capex * (b <= 0.3 ? 1.0 : 2.0);
    EXPECT_NEAR(point.cost_usd, cheapest, 3e-3 * cheapest) << point.hhi;
    EXPECT_LE(point.objective_usd * (1.0 - point.gap), cheapest * (1.0 + 1e-3)) << point.hhi;
    EXPECT_LE(point.gap, 0.005);
  }
}

// What is missing counts at its penalty along the frontier too, and no more is missing than in the
// plan: 100 t are needed, 60 t at 1 USD/kg and 20 t of another country at 2 USD/kg are there.
TEST(Portfolio, FrontierCountsWhatIsMissing) {
  const SupplySources sources =
      small_sources({small_source("old", "USA", 60, 1), small_source("new", "AUS", 20, 2)});
  PortfolioPolicy policy = small_policy(true);
  policy.shortfall_usd_per_kg = 7;
  PortfolioOptions options;
  options.frontier = 3;
  options.values = false;
  const Portfolio plan = plan_portfolio(sources, small_demand(2026, {100}), policy, options);
  ASSERT_FALSE(plan.frontier.empty());
  EXPECT_NEAR(plan.frontier.front().cost_usd, 60e3 + 40e3, 1.0);
  for (const auto& point : plan.frontier) {
    EXPECT_NEAR(point.shortfall_t, 20.0, 1e-3);
    EXPECT_NEAR(point.objective_usd, point.cost_usd + 20e3 * 7, 1.0);
  }
}

}  // namespace
}  // namespace lode::test
