// Standards, blanks and duplicates against figures worked by hand.
#include "libgeo/deposit/qaqc.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/code_of.h"

namespace lode {
namespace {

TEST(Qaqc, Standards) {
  Findings findings;
  // Certificate 100 +- 5. z: 0, 2.2, 2.4, -1, 3.2.
  const std::vector<double> values{100, 111, 112, 95, std::nan(""), 116};
  const auto all =
      summarise_standards({"S1", "S1", "S1", "S1", "S1", "S1"}, values, std::vector<double>(6, 100),
                          std::vector<double>(6, 5), "standards.csv", findings);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].n, 5U);
  EXPECT_DOUBLE_EQ(all[0].mean, 106.8);
  EXPECT_NEAR(all[0].bias_pct, 6.8, 1e-12);
  EXPECT_NEAR(all[0].mean_z, 1.36, 1e-12);
  EXPECT_EQ(all[0].outside_2sd, 3U);
  EXPECT_EQ(all[0].outside_3sd, 1U);
  EXPECT_EQ(all[0].runs_of_two, 1U);
  EXPECT_TRUE(findings.has("qaqc.standard_failures"));
  EXPECT_FALSE(findings.has("qaqc.standard_bias"));
}

TEST(Qaqc, BiasIsSaidWhenChanceDoesNotExplainIt) {
  Findings findings;
  (void)summarise_standards(std::vector<std::string>(6, "S"), {106, 107, 106, 107, 106, 107},
                            std::vector<double>(6, 100), std::vector<double>(6, 5), "s", findings);
  EXPECT_TRUE(findings.has("qaqc.standard_bias"));
  EXPECT_FALSE(findings.has("qaqc.standard_failures"));
}

TEST(Qaqc, CertificatesMustBeSound) {
  Findings findings;
  EXPECT_EQ(code_of([&] { (void)summarise_standards({"S"}, {1}, {1}, {0}, "s", findings); }),
            "qaqc.standard");
  EXPECT_EQ(code_of([&] {
              (void)summarise_standards({"S", "S"}, {1, 1}, {1, 2}, {0.1, 0.1}, "s", findings);
            }),
            "qaqc.standard");
}

TEST(Qaqc, Blanks) {
  Findings findings;
  // 1 % of the sample before is carried over.
  const BlankSummary s =
      summarise_blanks({1, 2, 3, 30}, 10, {100, 200, 300, 3000}, "blanks.csv", findings);
  EXPECT_EQ(s.n, 4U);
  EXPECT_EQ(s.above, 1U);
  EXPECT_DOUBLE_EQ(s.median, 2.5);
  EXPECT_DOUBLE_EQ(s.max, 30);
  EXPECT_NEAR(s.carry_over_pct, 1.0, 1e-12);
  EXPECT_NEAR(s.carry_over_r, 1.0, 1e-12);
  EXPECT_TRUE(findings.has("qaqc.blank_failures"));
  EXPECT_TRUE(std::isnan(summarise_blanks({1}, 10, {}, "b", findings).carry_over_pct));
  EXPECT_EQ(code_of([&] { (void)summarise_blanks({1}, 0, {}, "b", findings); }), "qaqc.limit");
}

TEST(Qaqc, Duplicates) {
  // Pairs (1, 3), (10, 10), (90, 110): |a - b| / (a + b) = 0.5, 0, 0.1.
  const DuplicateSummary s = summarise_duplicates({1, 10, 90, 0, std::nan("")}, {3, 10, 110, 0, 1});
  EXPECT_EQ(s.n, 3U);
  EXPECT_EQ(s.left_out, 2U);
  EXPECT_NEAR(s.mean_hard_pct, 20.0, 1e-12);
  EXPECT_NEAR(s.median_hard_pct, 10.0, 1e-12);
  EXPECT_NEAR(s.within_10_hard_pct, 200.0 / 3, 1e-12);
  // sqrt(mean of 2 x 0.25, 0, 2 x 0.01)
  EXPECT_NEAR(s.rms_cv_pct, 100 * std::sqrt(0.52 / 3), 1e-12);
  EXPECT_NEAR(s.precision_pct, 2 * s.rms_cv_pct, 1e-12);
  EXPECT_NEAR(s.bias_pct, 100 * (41.0 - 101.0 / 3) / (101.0 / 3), 1e-9);
}

}  // namespace
}  // namespace lode
