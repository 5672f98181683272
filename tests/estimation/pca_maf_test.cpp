// Principal components and min/max autocorrelation factors of scores.
#include "libgeo/estimation/pca_maf.h"

#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/random.h"
#include "tests/core/code_of.h"

namespace lode {
namespace {

struct Case {
  Samples samples;
  std::vector<std::vector<double>> scores;
};

// One smooth and one rough factor mixed, along a line of 1 m steps.
Case mixed(std::size_t count) {
  Case made;
  const Random random{.seed = 3};
  made.scores.resize(2);
  for (std::size_t i = 0; i < count; ++i) {
    made.samples.x.push_back(static_cast<double>(i));
    made.samples.y.push_back(0.0);
    made.samples.z.push_back(0.0);
    const double smooth = std::sqrt(2.0) * std::sin(static_cast<double>(i) / 15.0);
    const double rough = random.normal(i);
    made.scores[0].push_back(0.8 * smooth + 0.6 * rough);
    made.scores[1].push_back(0.6 * smooth - 0.8 * rough);
  }
  // Of variance 1, as normal scores are.
  for (auto& column : made.scores) {
    double squares = 0.0;
    for (const double score : column) squares += score * score;
    for (double& score : column) score /= std::sqrt(squares / static_cast<double>(count));
  }
  return made;
}

TEST(PcaMaf, TwoVariablesHaveTheEigenvaluesOnePlusAndMinusTheirCorrelation) {
  const Case made = mixed(400);
  double aa = 0.0, bb = 0.0, ab = 0.0;
  for (std::size_t i = 0; i < 400; ++i) {
    aa += made.scores[0][i] * made.scores[0][i];
    bb += made.scores[1][i] * made.scores[1][i];
    ab += made.scores[0][i] * made.scores[1][i];
  }
  const double rho = ab / std::sqrt(aa * bb);
  const auto pca = decorrelate(made.samples, made.scores, {}, Decorrelation::pca, 0.0);
  EXPECT_NEAR(pca.measure[0], (1.0 + std::abs(rho)) / 2.0, 1e-12);
  EXPECT_NEAR(pca.measure[1], (1.0 - std::abs(rho)) / 2.0, 1e-12);
}

TEST(PcaMaf, GoThereAndBack) {
  const Case made = mixed(400);
  for (const auto how : {Decorrelation::none, Decorrelation::pca, Decorrelation::maf}) {
    const auto transform = decorrelate(made.samples, made.scores, {}, how, 1.0);
    const double scores[] = {0.7, -1.3};
    double factors[2], back[2];
    transform.to_factors(scores, factors);
    transform.to_scores(factors, back);
    EXPECT_NEAR(back[0], 0.7, 1e-12);
    EXPECT_NEAR(back[1], -1.3, 1e-12);
  }
}

TEST(PcaMaf, FactorsAreUncorrelatedAndMafOnesAtTheLagToo) {
  const Case made = mixed(400);
  const auto maf = decorrelate(made.samples, made.scores, {}, Decorrelation::maf, 1.0);
  EXPECT_EQ(maf.pairs, 399u);
  std::vector<std::array<double, 2>> factors(400);
  for (std::size_t i = 0; i < 400; ++i) {
    const double scores[] = {made.scores[0][i], made.scores[1][i]};
    maf.to_factors(scores, factors[i].data());
  }
  double cross = 0.0, at_lag = 0.0, smooth = 0.0, rough = 0.0;
  for (std::size_t i = 0; i + 1 < 400; ++i) {
    const double a = factors[i + 1][0] - factors[i][0], b = factors[i + 1][1] - factors[i][1];
    at_lag += a * b / 2.0 / 399.0;
    smooth += a * a / 2.0 / 399.0;
    rough += b * b / 2.0 / 399.0;
  }
  for (const auto& both : factors) cross += both[0] * both[1] / 400.0;
  EXPECT_NEAR(cross, 0.0, 1e-12);
  EXPECT_NEAR(at_lag, 0.0, 1e-12);
  EXPECT_NEAR(smooth, maf.measure[0], 1e-12);
  EXPECT_NEAR(rough, maf.measure[1], 1e-12);
  EXPECT_LT(maf.measure[0], 0.05);  // the sine is found again
}

TEST(PcaMaf, RefuseWhatHasNoFactors) {
  Case made = mixed(100);
  EXPECT_EQ(code_of([&] {
              (void)decorrelate(made.samples, made.scores, {}, Decorrelation::maf, 5000.0);
            }),
            "simulate.maf_lag");
  made.scores[1] = made.scores[0];
  EXPECT_EQ(
      code_of([&] { (void)decorrelate(made.samples, made.scores, {}, Decorrelation::pca, 0.0); }),
      "simulate.collinear");
}

}  // namespace
}  // namespace lode
