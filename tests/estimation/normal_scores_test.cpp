// Normal scores: class middles, weights, ties, tails and the way back.
#include "libgeo/estimation/normal_scores.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/code_of.h"

namespace lode {
namespace {

NormalScoreOptions tails(double min, double max) {
  NormalScoreOptions options;
  options.min = min;
  options.max = max;
  return options;
}

TEST(NormalScores, AreQuantilesOfClassMiddles) {
  // R: qnorm((rank(c(3, 1, 10, 5)) - 0.5) / 4), to its 16 digits; GSLIB's nscore has the same rule.
  const NormalScores scores({3.0, 1.0, 10.0, 5.0}, {}, tails(0, 20));
  const double expected[] = {-0.3186393639643752, -1.1503493803760079, 1.1503493803760079,
                             0.3186393639643752};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(scores.scores()[i], expected[i], 1e-14);
  EXPECT_EQ(scores.mean(), 4.75);
  EXPECT_DOUBLE_EQ(scores.variance(), (9.0 + 1.0 + 100.0 + 25.0) / 4.0 - 4.75 * 4.75);
}

TEST(NormalScores, FollowTheWeights) {
  // Weights 1, 2, 1 of 4: middles 1/8, 1/2, 7/8. qnorm(0.875) = 1.1503493803760079.
  const NormalScores scores({1.0, 2.0, 3.0}, {1.0, 2.0, 1.0}, tails(0, 4));
  EXPECT_NEAR(scores.scores()[0], -1.1503493803760079, 1e-14);
  EXPECT_NEAR(scores.scores()[1], 0.0, 1e-15);
  EXPECT_NEAR(scores.scores()[2], 1.1503493803760079, 1e-14);
  EXPECT_EQ(scores.mean(), 2.0);
}

TEST(NormalScores, TellTiesApartOrAverageThem) {
  const std::vector<double> values{2.0, 1.0, 2.0, 3.0};
  const NormalScores apart(values, {}, tails(0, 4));
  EXPECT_EQ(apart.ties(), 2u);
  EXPECT_LT(apart.scores()[0], apart.scores()[2]);
  NormalScoreOptions options = tails(0, 4);
  options.ties = TiePolicy::average;
  const NormalScores together(values, {}, options);
  EXPECT_EQ(together.scores()[0], together.scores()[2]);
  EXPECT_NEAR(together.scores()[0], 0.0, 1e-15);  // middle of 1/4 .. 3/4
  // Whatever lies between the two scores of 2 is 2.
  EXPECT_EQ(apart.value_of(0.0), 2.0);
  EXPECT_NEAR(apart.score_of(2.0), apart.scores()[0], 1e-15);
}

TEST(NormalScores, ComeBackExactlyAndStraightBetween) {
  std::vector<double> values;
  for (int i = 0; i < 500; ++i) values.push_back(std::exp(std::sin(i * 12.9898) * 2.0));
  const NormalScores scores(values, {}, tails(0.0, 10.0));
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(scores.value_of(scores.scores()[i]), values[i]);
    EXPECT_NEAR(scores.score_of(values[i]), scores.scores()[i], 1e-12);
  }
  const NormalScores two({1.0, 3.0}, {}, tails(0, 4));
  EXPECT_DOUBLE_EQ(two.value_of(0.0), 2.0);
  EXPECT_NEAR(two.score_of(2.0), 0.0, 1e-15);
  EXPECT_TRUE(std::isnan(two.value_of(std::nan(""))));
}

TEST(NormalScores, TailsAreThoseStated) {
  // Two samples stand at probabilities 1/4 and 3/4; half of the lower tail is p = 1/8.
  const double low = -1.1503493803760079;
  EXPECT_NEAR(NormalScores({1.0, 3.0}, {}, tails(0, 4)).value_of(low), 0.5, 1e-14);
  EXPECT_NEAR(NormalScores({1.0, 3.0}, {}, tails(0, 4)).value_of(-low), 3.5, 1e-14);
  NormalScoreOptions options = tails(0, 40);
  options.lower = {TailShape::power, 2.0};
  options.upper = {TailShape::power, 0.5};
  const NormalScores power({1.0, 3.0}, {}, options);
  EXPECT_NEAR(power.value_of(low), std::sqrt(0.5), 1e-14);
  EXPECT_NEAR(power.value_of(-low), 3.0 + 37.0 * 0.25, 1e-13);
  // Hyperbolic: lambda = 3^2 * (1 - 0.75), value = (lambda / (1 - 0.875))^(1/2).
  options.upper = {TailShape::hyperbolic, 2.0};
  const NormalScores hyperbolic({1.0, 3.0}, {}, options);
  EXPECT_NEAR(hyperbolic.value_of(-low), std::sqrt(9.0 * 0.25 / 0.125), 1e-13);
  EXPECT_EQ(hyperbolic.value_of(30.0), 40.0);
  EXPECT_NEAR(power.value_of(-30.0), 0.0, 1e-12);
}

TEST(NormalScores, OneSampleAndAllAlikeAreDefined) {
  const NormalScores one({2.0}, {}, tails(0, 6));
  EXPECT_EQ(one.scores()[0], 0.0);
  EXPECT_EQ(one.value_of(0.0), 2.0);
  EXPECT_NEAR(one.value_of(-0.6744897501960817), 1.0, 1e-14);
  EXPECT_NEAR(one.value_of(0.6744897501960817), 4.0, 1e-14);
  const NormalScores alike(std::vector<double>(10, 2.0), {}, tails(2, 2));
  EXPECT_EQ(alike.variance(), 0.0);
  for (const double score : {-5.0, -1.0, 0.0, 0.3, 5.0}) EXPECT_EQ(alike.value_of(score), 2.0);
}

TEST(NormalScores, RefuseTailsAndWeightsThatCannotBe) {
  const auto code = [](const std::vector<double>& values, const std::vector<double>& weights,
                       const NormalScoreOptions& options) {
    return code_of([&] { (void)NormalScores(values, weights, options); });
  };
  EXPECT_EQ(code({1, 2}, {}, tails(1.5, 3)), "simulate.tails");
  EXPECT_EQ(code({1, 2}, {}, tails(0, 1.9)), "simulate.tails");
  EXPECT_EQ(code({1, 2}, {}, tails(std::nan(""), 3)), "simulate.tails");
  NormalScoreOptions options = tails(0, 3);
  options.lower.shape = TailShape::hyperbolic;
  EXPECT_EQ(code({1, 2}, {}, options), "simulate.tails");
  options = tails(0, 3);
  options.upper = {TailShape::power, 0.0};
  EXPECT_EQ(code({1, 2}, {}, options), "simulate.tails");
  options.upper = {TailShape::hyperbolic, 2.0};
  EXPECT_EQ(code({-2, -1}, {}, options), "simulate.tails");
  EXPECT_EQ(code({}, {}, tails(0, 3)), "simulate.no_values");
  EXPECT_EQ(code({1, 2}, {1, -1}, tails(0, 3)), "simulate.weights");
  EXPECT_EQ(code({1, 2}, {0, 0}, tails(0, 3)), "simulate.weights");
  EXPECT_EQ(code({1, 2}, {1}, tails(0, 3)), "simulate.weights");
}

}  // namespace
}  // namespace lode
