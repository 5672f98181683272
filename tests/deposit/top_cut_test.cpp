// Weighted statistics and top-cuts against figures worked by hand and by R.
#include "libgeo/deposit/top_cut.h"

#include <gtest/gtest.h>

#include <cmath>

namespace lode {
namespace {

TEST(TopCut, EqualWeightsAreTheTextbook) {
  // R: x <- c(2,4,4,4,5,5,7,9); mean 5, sd(x) 2.13809; quantile(x, c(.1,.5,.9), type = 5).
  const GradeStatistics s = statistics_of({9, 2, 4, 4, 5, 4, 5, 7}, std::vector<double>(8, 1.5));
  EXPECT_EQ(s.n, 8U);
  EXPECT_DOUBLE_EQ(s.weight, 12.0);
  EXPECT_DOUBLE_EQ(s.mean, 5.0);
  EXPECT_NEAR(s.sd, 2.13809, 5e-6);
  EXPECT_NEAR(s.cv, 0.427618, 5e-7);
  EXPECT_EQ(s.min, 2.0);
  EXPECT_EQ(s.max, 9.0);
  const auto quantile = [&](double point) {
    for (std::size_t q = 0; q < quantile_points.size(); ++q)
      if (quantile_points[q] == point) return s.quantiles[q];
    return -1.0;
  };
  EXPECT_NEAR(quantile(10), 2.6, 1e-12);
  EXPECT_NEAR(quantile(50), 4.5, 1e-12);
  EXPECT_NEAR(quantile(90), 8.4, 1e-12);
}

TEST(TopCut, WeightsCountLikeRepeats) {
  // 3 m of 1 and 1 m of 5 have the mean and the spread of 1, 1, 1, 5 (but for n / (n - 1)).
  const GradeStatistics s = statistics_of({1, 5, std::nan("")}, {3, 1, 2});
  EXPECT_DOUBLE_EQ(s.mean, 2.0);
  EXPECT_NEAR(s.sd * s.sd, 3.0 * 2.0, 1e-12);
  EXPECT_EQ(s.missing, 1U);
  EXPECT_DOUBLE_EQ(s.weight, 4.0);
}

TEST(TopCut, CapsByHand) {
  StatisticsOptions options;
  options.caps = {10};
  const GradeStatistics s = statistics_of({1, 2, 3, 34}, {1, 1, 1, 1}, options);
  for (const CapEffect& cap : s.caps) {
    if (cap.cap != 10) continue;
    EXPECT_EQ(cap.capped, 1U);
    EXPECT_DOUBLE_EQ(cap.mean, 4.0);
    EXPECT_DOUBLE_EQ(cap.metal_removed_pct, 60.0);
    EXPECT_DOUBLE_EQ(cap.capped_weight_pct, 25.0);
    EXPECT_NEAR(cap.cv, std::sqrt((9 + 4 + 1 + 36) / 3.0) / 4.0, 1e-12);
    return;
  }
  FAIL() << "the cap asked for is not there";
}

TEST(TopCut, MetalOfTheRichest) {
  std::vector<double> values(100, 1.0);
  values[3] = 101.0;
  const GradeStatistics s = statistics_of(values, std::vector<double>(100, 2.0));
  EXPECT_NEAR(s.top_hundredth_metal_pct, 100 * 101.0 / 200.0, 1e-9);
  EXPECT_NEAR(s.top_tenth_metal_pct, 100 * 110.0 / 200.0, 1e-9);
}

TEST(TopCut, WhereTheTailFallsApart) {
  std::vector<double> values;
  for (int i = 1; i <= 98; ++i) values.push_back(100 + i);
  values.push_back(300);
  values.push_back(310);
  const GradeStatistics s = statistics_of(values, std::vector<double>(100, 1.0));
  EXPECT_EQ(s.gap_value, 198.0);
  EXPECT_EQ(s.gap_next, 300.0);
  values.resize(98);
  EXPECT_TRUE(std::isnan(statistics_of(values, std::vector<double>(98, 1.0)).gap_value));
}

TEST(TopCut, LogMoments) {
  const GradeStatistics s = statistics_of({0, 1, std::exp(2.0)}, {5, 1, 1});
  EXPECT_NEAR(s.log_mean, 1.0, 1e-12);
  EXPECT_NEAR(s.log_sd, std::sqrt(2.0), 1e-12);
}

TEST(TopCut, NothingIsNotZero) {
  const GradeStatistics s = statistics_of({std::nan(""), std::nan("")}, {1, 1});
  EXPECT_EQ(s.n, 0U);
  EXPECT_TRUE(std::isnan(s.mean));
  EXPECT_TRUE(s.caps.empty());
}

TEST(TopCut, Applied) {
  std::vector<double> values{1, 7, std::nan(""), 5};
  EXPECT_EQ(apply_cap(values, 5), 1U);
  EXPECT_EQ(values[1], 5.0);
  EXPECT_TRUE(std::isnan(values[2]));
}

}  // namespace
}  // namespace lode
