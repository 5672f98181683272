// Draws in lanes, tails without sorting, and each draw's curve against sorting it whole.
#include "libgeo/supply/cost_bands.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "libgeo/core/sum.h"
#include "libgeo/supply/cost_lanes.h"
#include "libgeo/supply/draws.h"
#include "libgeo/supply/tails.h"

namespace lode::test {
namespace {

constexpr double endless = std::numeric_limits<double>::infinity();

TEST(CostLanes, FiguresAreThoseOfOneDrawOnEveryWidth) {
  const Random random{123456789012345ull, 987654321098765ull};
  const LowBaseHigh ranges[] = {{3, 5, 9}, {NAN, 5, 9}, {3, 5, NAN}, {-4, -1, 7}, {0, 0, 2}};
  for (std::size_t k = 0; cost_lanes::kernels_number(k) != nullptr; ++k) {
    const auto& with = *cost_lanes::kernels_number(k);
    for (const auto& range : ranges) {
      std::vector<double> values(1000 + cost_lanes::spare);
      const std::uint64_t first = 0xFFFFFF00ull;  // the counter passes 32 bits
      with.figures(range, random, first, 1000, values.data());
      for (std::size_t i = 0; i < 1000; ++i)
        ASSERT_EQ(values[i], drawn(range, random, first + i)) << with.name << " " << i;
    }
  }
}

TEST(CostLanes, TailsAreThoseOfSortedValues) {
  const Random random{5, 6};
  TailRoom room;
  for (const std::size_t count : {1, 2, 511, 512, 1000, 4096, 10001}) {
    std::vector<std::vector<double>> kinds(5, std::vector<double>(count));
    for (std::size_t i = 0; i < count; ++i) {
      const double u = random.uniform(i);
      kinds[0][i] = u;
      kinds[1][i] = std::floor(u * 7);             // ties
      kinds[2][i] = u < 0.15 ? endless : 1.0 / u;  // draws that make nothing
      kinds[3][i] = 42.0;                          // all the same
      kinds[4][i] = static_cast<double>(i) - 1e6;  // sorted: the sample sees all of it
    }
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
      const LowBaseHigh sorted = percentiles_of(kinds[kind]);
      const LowBaseHigh picked = tails_of(kinds[kind].data(), count, room);
      EXPECT_TRUE(picked.low == sorted.low || std::isnan(sorted.low)) << kind << " " << count;
      EXPECT_TRUE(picked.high == sorted.high || std::isnan(sorted.high)) << kind << " " << count;
      EXPECT_EQ(std::isnan(picked.high), std::isnan(sorted.high)) << kind << " " << count;
    }
  }
}

SupplySources many(std::size_t count) {
  SupplySources sources;
  sources.table = "made up";
  sources.metals = {"NdPr", "DyTb"};
  const Random any{3, 0};
  for (std::size_t k = 0; k < count; ++k) {
    const auto u = [&](std::uint64_t j) { return any.uniform(16 * k + j); };
    SupplySource one;
    one.id = "S" + std::to_string(k);
    const double capacity = 500 + 9000 * u(0), opex = std::exp(4 * u(1)), capex = 3e8 * u(2);
    one.capacity_t_per_year = only_base(capacity);
    one.opex_usd_per_kg = only_base(opex);
    one.capex_usd = only_base(capex);
    if (u(8) < 0.6) one.capacity_t_per_year = {0.5 * capacity, capacity, 1.3 * capacity};
    if (u(9) < 0.6) one.opex_usd_per_kg = {0.8 * opex, opex, 1.4 * opex};
    if (u(10) < 0.6) one.capex_usd = {0.8 * capex, capex, 1.5 * capex};
    one.share = {0.1 + 0.3 * u(3), 0.05 * u(4)};
    one.lead_years = std::floor(6 * u(5));
    one.ramp_years = 3;
    one.life_years = 10 + std::floor(20 * u(6));
    sources.list.push_back(one);
  }
  return sources;
}

TEST(CostBands, AreThoseOfEveryDrawSortedWhole) {
  constexpr std::size_t count = 5000, draws = 70;
  const SupplySources sources = many(count);
  PricePath prices;
  prices.metals = {"NdPr", "DyTb"};
  prices.usd_per_kg = {{50, 60, 120}, {250, 300, 500}};
  EconomicsOptions options;
  options.metal = "NdPr";
  const CurveRun run = curve_run(sources, prices, options, 2026, 0, draws);
  std::vector<CostDraws> each;
  double total = 0.0;
  for (std::size_t k = 0; k < count; ++k) {
    each.emplace_back(run, k, sources.list[k].capex_usd);
    total += each.back().base().tonnes;
  }
  BandsAsked asked{{}, {60.0, 150.0}, draws, 1};
  for (std::size_t p = 1; p <= 100; ++p)
    asked.grid_t.push_back(total * static_cast<double>(p) / 95);
  const BandsDrawn one = cost_bands(each, asked, {});
  asked.jobs = 3;
  const BandsDrawn more = cost_bands(each, asked, {});
  EXPECT_EQ(one.marginal, more.marginal);
  EXPECT_EQ(one.below, more.below);
  std::vector<std::vector<CostAndTonnes>> drawn_costs(draws);
  for (std::size_t d = 0; d < draws; ++d) {
    std::vector<CostAndTonnes>& costs = drawn_costs[d];
    for (auto& source : each) costs.push_back(source.draw(d));
    auto sorted = costs;
    std::sort(sorted.begin(), sorted.end(), [](const CostAndTonnes& a, const CostAndTonnes& b) {
      return a.usd_per_kg < b.usd_per_kg;
    });
    std::size_t point = 0;
    Sum cumulated, below[2];
    for (const auto& cell : sorted) {
      cumulated += cell.tonnes;
      for (; point < 100 && asked.grid_t[point] <= cumulated.value() * (1 + 1e-12); ++point)
        ASSERT_EQ(one.marginal[d * 100 + point], cell.usd_per_kg) << d << " " << point;
      for (std::size_t l = 0; l < 2; ++l)
        if (cell.usd_per_kg <= asked.line_usd_per_kg[l]) below[l] += cell.tonnes;
    }
    for (; point < 100; ++point) ASSERT_EQ(one.marginal[d * 100 + point], endless);
    for (std::size_t l = 0; l < 2; ++l)
      EXPECT_NEAR(one.below[2 * d + l], below[l].value(), 1e-15 * below[l].value());
  }
  const auto tails = cost_tails(each, draws, 2, {});
  for (std::size_t k = 0; k < count; k += 100) {
    std::vector<double> costs, tonnes;
    for (std::size_t d = 0; d < draws; ++d) {
      costs.push_back(drawn_costs[d][k].usd_per_kg);
      tonnes.push_back(drawn_costs[d][k].tonnes);
    }
    EXPECT_EQ(tails[k].usd_per_kg.low, percentiles_of(costs).low);
    EXPECT_EQ(tails[k].usd_per_kg.high, percentiles_of(costs).high);
    EXPECT_EQ(tails[k].tonnes.low, percentiles_of(tonnes).low);
    EXPECT_EQ(tails[k].tonnes.high, percentiles_of(tonnes).high);
  }
}

}  // namespace
}  // namespace lode::test
