// How an alliance shares its cost: warm against cold plans, samples against exact, many members.
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/random.h"
#include "libgeo/supply/alliance_chain.h"
#include "libgeo/supply/alliance_parts.h"

namespace lode::test {
namespace {

/// `n` members of three stages and two metals, with gaps in what each has, and hauls among most.
ChainYear drawn_year(std::size_t n, std::uint64_t stream) {
  ChainYear year;
  year.members = n;
  year.stages = 3;
  year.metals = 2;
  year.unmet_usd_per_kg = {300.0, 900.0};
  std::uint64_t index = 0;
  const auto next = [&](double low, double high) {
    return low + (high - low) * Random{11, stream}.uniform(index++);
  };
  for (std::size_t i = 0; i < n; ++i) {
    year.demand_t.push_back(next(0, 1) < 0.6 ? next(0, 100) : 0.0);
    year.demand_t.push_back(next(0, 1) < 0.6 ? next(0, 10) : 0.0);
    for (std::size_t s = 0; s < 3; ++s) {
      if (next(0, 1) < 0.5) continue;
      AllianceStep step{.member = i, .stage = s};
      step.tonnes = next(5, 150);
      step.usd_per_kg = next(1, 40);
      step.recovery = s == 0 ? 1.0 : next(0.7, 1.0);
      step.fed = s > 0;
      if (next(0, 1) < 0.5) step.metal = next(0, 1) < 0.6 ? 0 : 1;
      year.steps.push_back(step);
    }
  }
  for (std::size_t k = 0; k < 3 * n * n; ++k)
    year.haul_usd_per_kg.push_back(next(0, 1) < 0.8 ? next(0, 8) : std::nan(""));
  return year;
}

std::vector<std::size_t> all_members(std::size_t n) {
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < n; ++i) all.push_back(i);
  return all;
}

TEST(AllianceShares, EverySetCostsWhatItsOwnPlanCosts) {
  for (const std::uint64_t stream : {1, 2, 3}) {
    constexpr std::size_t n = 8;
    const ChainYear year = drawn_year(n, stream);
    std::vector<double> cost(1u << n, 0.0);
    for (std::size_t set = 1; set < cost.size(); ++set) {
      std::vector<char> in(n);
      for (std::size_t k = 0; k < n; ++k) in[k] = static_cast<char>(set >> k & 1);
      cost[set] = alliance_plan(year, in).cost_usd;  // a programme of its own, solved from nothing
    }
    const auto values = shapley_values(cost, n);
    const CostShares shares = share_cost(year, all_members(n), {}, {});
    EXPECT_TRUE(shares.exact);
    EXPECT_EQ(shares.orders, 0u);
    for (std::size_t k = 0; k < n; ++k) {
      EXPECT_NEAR(shares.shapley_usd[k], values[k], 1e-9 * cost.back()) << stream << " " << k;
      EXPECT_NEAR(shares.alone_usd[k], cost[std::size_t{1} << k], 1e-9 * cost.back());
    }
  }
}

TEST(AllianceShares, SamplesLieAboutTheExactValuesAsFarAsTheyState) {
  double squares = 0.0, worst = 0.0;
  std::size_t values = 0;
  for (const std::size_t n : {8, 10, 12}) {
    const ChainYear year = drawn_year(n, 40 + n);
    const auto active = all_members(n);
    const CostShares exact = share_cost(year, active, {}, {});
    ASSERT_TRUE(exact.exact);
    const CostShares drawn = share_cost(year, active, {.exact_members = 0, .orders = 400}, {});
    EXPECT_FALSE(drawn.exact);
    EXPECT_EQ(drawn.orders, 400u);
    double paid = 0.0, cost = 0.0;
    for (std::size_t k = 0; k < n; ++k) {
      paid += drawn.shapley_usd[k];
      cost += exact.shapley_usd[k];
    }
    EXPECT_NEAR(paid, cost, 1e-9 * cost);  // every order shares out the whole cost
    for (std::size_t k = 0; k < n; ++k) {
      const double off = std::abs(drawn.shapley_usd[k] - exact.shapley_usd[k]);
      if (drawn.error_usd[k] < 1e-6 * cost) {
        EXPECT_NEAR(off, 0.0, 1e-5 * cost);
        continue;
      }
      squares += std::pow(off / drawn.error_usd[k], 2);
      worst = std::max(worst, off / drawn.error_usd[k]);
      ++values;
    }
  }
  ASSERT_GT(values, 15u);
  EXPECT_LT(worst, 4.0);
  // Were errors told too small or too large, their squares would not be about 1 on the mean.
  EXPECT_GT(squares / static_cast<double>(values), 0.3);
  EXPECT_LT(squares / static_cast<double>(values), 2.5);
}

TEST(AllianceShares, SixtyMembersAreSampled) {
  constexpr std::size_t n = 60;
  AllianceInputs in;
  in.stages = {"mine", "magnet"};
  in.metals = {"NdPr"};
  in.years = {2030};
  // A game of gloves: 20 have mines, 40 magnets and demand.
  constexpr std::size_t mines = 20;
  for (std::size_t i = 0; i < n; ++i) {
    in.members.push_back("M" + std::to_string(i));
    in.demand_t.push_back({i < mines ? 0.0 : 10.0});
    StageCapacity row;
    row.country = in.members.back();
    row.stage = i < mines ? "mine" : "magnet";
    row.tonnes_per_year = 10.0;
    in.capacity.push_back(row);
  }
  AllianceOptions options;
  options.missing_haul_usd_per_kg = 1.0;
  options.unmet_usd_per_kg_default = 101.0;
  options.orders = 40;
  options.jobs = 1;
  const AllianceView one = alliance_chain(in, options);
  options.jobs = 2;
  const AllianceView two = alliance_chain(in, options);
  EXPECT_FALSE(one.shapley_exact);
  EXPECT_EQ(one.shapley_orders, 40u);
  EXPECT_GT(one.shapley_largest_error_usd, 0.0);
  EXPECT_NE(one.words.find("sampled, from 40 orders"), std::string::npos) << one.words;
  // A pair of 10 t is worth 100 USD/kg, a million. Who joins after k others makes one where fewer
  // of its own kind came before: each k is as likely, and of k others the kinds are hypergeometric.
  const auto choose = [](double of, double some) {
    return std::lgamma(of + 1) - std::lgamma(some + 1) - std::lgamma(of - some + 1);
  };
  const auto value = [&](int own, int others) {
    double sum = 0.0;
    for (int a = 0; a < own; ++a)
      for (int b = a + 1; b <= others; ++b)
        sum += std::exp(choose(own - 1, a) + choose(others, b) - choose(own + others - 1, a + b)) /
               (own + others);
    return sum;
  };
  const double of_mine = value(20, 40), of_magnet = value(40, 20);
  EXPECT_NEAR(20 * of_mine + 40 * of_magnet, 20.0, 1e-9);
  double gains = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    EXPECT_EQ(one.members[i].pays_shapley_usd, two.members[i].pays_shapley_usd);
    EXPECT_LE(one.members[i].shapley_error_usd, one.shapley_largest_error_usd);
    gains += one.members[i].gain_usd;
    // By the greatest error: of few orders a member may have been alike in all by chance.
    EXPECT_NEAR(one.members[i].gain_usd, 1e6 * (i < mines ? of_mine : of_magnet),
                5.0 * one.shapley_largest_error_usd);
  }
  EXPECT_NEAR(one.gain_usd, 20 * 10 * 100 * 1000.0, 1.0);
  EXPECT_NEAR(gains, one.gain_usd, 1e-6 * one.gain_usd);
}

TEST(AllianceSources, LevelisedCostByHand) {
  SupplySources sources;
  sources.metals = {"NdPr"};
  SupplySource mine;
  mine.id = "A";
  mine.country = "USA";
  mine.capacity_t_per_year = only_base(1000);
  mine.share = {0.2};
  mine.opex_usd_per_kg = only_base(6);
  mine.fixed_usd_per_year = 1e6;
  mine.capex_usd = only_base(1e8);
  mine.lead_years = 0;
  mine.ramp_years = 1;
  mine.life_years = 10;
  SupplySource running = mine;
  running.id = "B";
  running.operating = true;
  sources.list = {mine, running};
  Findings findings;
  const SupplySources full = at_levelised_cost(sources, 0.10, 2026, findings);
  // A million kg a year for ten years from year 0 on: at 10 % as much as 6.7590238 million at once.
  double kg = 0.0;
  for (int k = 0; k < 10; ++k) kg += 1e6 / std::pow(1.1, k);
  EXPECT_NEAR(kg, 6.7590238e6, 1.0);
  EXPECT_NEAR(full.list[0].opex_usd_per_kg.base, 6.0 + 1.0 + 1e8 / kg, 1e-9);
  EXPECT_NEAR(full.list[0].opex_usd_per_kg.base, 21.795036, 1e-6);
  EXPECT_NEAR(full.list[1].opex_usd_per_kg.base, 7.0, 1e-12);  // what it was built for is spent
  EXPECT_TRUE(findings.empty());
  const auto rows = stage_capacity_of(full, {"mine", "separation"}, {"NdPr"}, {2030}, 2026);
  EXPECT_EQ(rows[0].usd_per_kg, full.list[0].opex_usd_per_kg.base);
  sources.list[0].capex_usd = {};
  (void)at_levelised_cost(sources, 0.10, 2026, findings);
  EXPECT_TRUE(findings.has("supply.no_capex"));
}

}  // namespace
}  // namespace lode::test
