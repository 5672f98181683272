// Tonnes above cut-offs and block summaries, worked by hand on four realisations.
#include "libgeo/estimation/recoverable.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/code_of.h"

namespace lode {
namespace {

// Two blocks of 1000 m3, four realisations.
Simulation four() {
  Simulation simulation;
  simulation.blocks.spacing = {10.0, 10.0, 10.0};
  simulation.blocks.count = {2, 1, 1};
  simulation.realizations = 4;
  simulation.variables = {"treo_pct"};
  simulation.values = {{1.0, 3.0, 2.0, 2.0, 0.5, 4.0, 0.1, 0.2}};
  return simulation;
}

TEST(Recoverable, QuantilesAreOfTypeSeven) {
  // R: quantile(c(1, 2, 4, 8), c(0.1, 0.5, 0.9)) gives 1.3, 3, 6.8.
  const std::vector<double> sorted{1.0, 2.0, 4.0, 8.0};
  EXPECT_DOUBLE_EQ(quantile_of_sorted(sorted, 0.1), 1.3);
  EXPECT_DOUBLE_EQ(quantile_of_sorted(sorted, 0.5), 3.0);
  EXPECT_DOUBLE_EQ(quantile_of_sorted(sorted, 0.9), 6.8);
  EXPECT_TRUE(std::isnan(quantile_of_sorted({}, 0.5)));
  EXPECT_EQ(quantile_of_sorted({5.0}, 0.9), 5.0);
}

TEST(Recoverable, CountsTonnesAboveCutoffs) {
  RecoverableOptions options;
  options.cutoffs = {1.0, 2.0};
  options.density_t_m3 = 2.5;
  const std::vector<Zone> zones{{"all", "all", {}}, {"permit", "A", {0.5, 0.0}}};
  const auto curve = recoverable_curve(four(), 0, zones, options);
  ASSERT_EQ(curve.size(), 4u);
  // At 1 %, a block at the cut-off counts: 5000, 5000, 2500 and 0 t of rock; product
  // 25 + 75, 50 + 50, 100 and 0 t.
  EXPECT_EQ(curve[0].cutoff, 1.0);
  EXPECT_DOUBLE_EQ(curve[0].rock_t.p50, 3750.0);
  EXPECT_DOUBLE_EQ(curve[0].rock_t.p10, 750.0);
  EXPECT_DOUBLE_EQ(curve[0].rock_t.p90, 5000.0);
  EXPECT_DOUBLE_EQ(curve[0].product_t.p50, 100.0);
  EXPECT_DOUBLE_EQ(curve[0].product_t.p10, 30.0);
  EXPECT_DOUBLE_EQ(curve[0].grade.p50, 2.0);  // of 2, 2 and 4 %
  EXPECT_DOUBLE_EQ(curve[0].chance_of_none, 0.25);
  EXPECT_DOUBLE_EQ(curve[0].rock_mean_t, 3125.0);
  EXPECT_DOUBLE_EQ(curve[0].product_mean_t, 75.0);
  // Above 2 %: 2500, 5000, 2500, 0.
  EXPECT_DOUBLE_EQ(curve[1].rock_t.p50, 2500.0);
  // In the permit lies half of the first block: 1250, 1250, 0, 0 t at 1 %, 0, 1250, 0, 0 at 2 %.
  EXPECT_EQ(curve[2].zone, 1u);
  EXPECT_DOUBLE_EQ(curve[2].rock_t.p50, 625.0);
  EXPECT_DOUBLE_EQ(curve[3].rock_mean_t, 312.5);
  options.jobs = 3;
  EXPECT_EQ(recoverable_curve(four(), 0, zones, options)[0].rock_t.p10, curve[0].rock_t.p10);
}

TEST(Recoverable, SummarisesBlocks) {
  const BlockSummary summary = summarise_blocks(four(), 0, {1.0, 2.0}, 1);
  // Block 1: 1, 2, 0.5, 0.1; block 2: 3, 2, 4, 0.2.
  EXPECT_DOUBLE_EQ(summary.mean[0], 0.9);
  EXPECT_DOUBLE_EQ(summary.sd[0], std::sqrt((0.01 + 1.21 + 0.16 + 0.64) / 3.0));
  EXPECT_DOUBLE_EQ(summary.p50[1], 2.5);
  EXPECT_DOUBLE_EQ(summary.p10[1], 0.2 + 0.3 * 1.8);
  EXPECT_DOUBLE_EQ(summary.p90[1], 3.7);
  EXPECT_DOUBLE_EQ(summary.probability[0][0], 0.5);
  EXPECT_DOUBLE_EQ(summary.probability[1][0], 0.25);
  EXPECT_DOUBLE_EQ(summary.probability[1][1], 0.75);
}

TEST(Recoverable, RefusesCutoffsOutOfOrder) {
  RecoverableOptions options;
  options.density_t_m3 = 2.5;
  const auto code = [&] {
    return code_of([&] { (void)recoverable_curve(four(), 0, {{"all", "all", {}}}, options); });
  };
  options.cutoffs = {2.0, 1.0};
  EXPECT_EQ(code(), "simulate.cutoffs");
  options.cutoffs = {1.0, 1.0};
  EXPECT_EQ(code(), "simulate.cutoffs");
  options.cutoffs = {1.0};
  options.density_t_m3 = 0.0;
  EXPECT_EQ(code(), "simulate.density");
}

}  // namespace
}  // namespace lode
