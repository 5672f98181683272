// Judgements: what is refused, what is warned of, and how files of them are read.
#include "libgeo/ranking/weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/ranking/cases.h"

namespace lode::test {
namespace {

std::vector<Criterion> named(std::vector<std::string> names) {
  std::vector<Criterion> criteria;
  for (auto& name : names) {
    Criterion c;
    c.name = std::move(name);
    criteria.push_back(c);
  }
  return criteria;
}

TEST(Ahp, RefusesMatricesThatAreNone) {
  EXPECT_EQ(code_of([] { (void)ahp_weights({1, 2, 0.5}, 2); }), "ranking.not_square");
  EXPECT_EQ(code_of([] { (void)ahp_weights({1, 3, 0.3, 1, 1, 1}, 2); }), "ranking.not_square");
  EXPECT_EQ(code_of([] { (void)ahp_weights({1, 3, 0.3, 1}, 2); }), "ranking.not_reciprocal");
  EXPECT_EQ(code_of([] { (void)ahp_weights({1, 3, 0.333, 1}, 2); }), "");
  EXPECT_EQ(code_of([] { (void)ahp_weights({1, -3, -1.0 / 3, 1}, 2); }), "ranking.judgement");
}

TEST(Ahp, NamesTheJudgementToMend) {
  // Consistent 1 2 4 8 but for the last pair, turned around.
  const std::vector<double> matrix = {1,    2,   4, 8,     0.5,   1,    2, 4,
                                      0.25, 0.5, 1, 0.125, 0.125, 0.25, 8, 1};
  const Weights weights = ahp_weights(matrix, 4);
  EXPECT_GT(weights.consistency_ratio, 0.1);
  ASSERT_TRUE(weights.findings.has("ranking.inconsistent"));
  EXPECT_EQ(weights.findings.list()[0].where, "row 3, column 4");
  EXPECT_THAT(weights.note, testing::HasSubstr("Saaty"));
}

TEST(Ahp, GeometricMeansAgreeForThreeCriteria) {
  AhpOptions geometric;
  geometric.geometric = true;
  const std::vector<double> matrix = {1, 0.5, 3, 2, 1, 4, 1.0 / 3, 0.25, 1};
  const auto eigen = ahp_weights(matrix, 3).weights,
             mean = ahp_weights(matrix, 3, geometric).weights;
  for (std::size_t j = 0; j < 3; ++j) EXPECT_NEAR(eigen[j], mean[j], 1e-12);
}

TEST(Ahp, AboveFifteenCriteriaThereIsNoRatio) {
  const Weights weights = ahp_weights(std::vector<double>(256, 1.0), 16);
  EXPECT_TRUE(std::isnan(weights.consistency_ratio));
  EXPECT_TRUE(weights.findings.has("ranking.no_random_index"));
  EXPECT_NEAR(weights.lambda_max, 16.0, 1e-12);
}

TEST(BestWorst, RefusesPreferencesThatAreNone) {
  EXPECT_EQ(code_of([] { (void)bwm_weights(0, 0, {1, 2}, {2, 1}); }), "ranking.judgement");
  EXPECT_EQ(code_of([] { (void)bwm_weights(0, 1, {1, 0.5}, {2, 1}); }), "ranking.judgement");
}

TEST(Swara, RefusesNegativeStepsAndShortLists) {
  EXPECT_EQ(code_of([] { (void)swara_weights({0, 1}, {0, -0.1}); }), "ranking.judgement");
  EXPECT_EQ(code_of([] { (void)swara_weights({0, 1}, {0}); }), "ranking.judgement");
}

TEST(DataWeights, RefuseWhatTheyCannotTakeAndSayWhenNothingDiffers) {
  EXPECT_EQ(code_of([] { (void)entropy_weights({1, -1}, 2, 1); }), "ranking.not_positive");
  EXPECT_EQ(code_of([] { (void)entropy_weights({0, 0}, 2, 1); }), "ranking.not_positive");
  EXPECT_EQ(code_of([] { (void)merec_weights(named({"a"}), {1, 0}, 2); }), "ranking.not_positive");
  const Weights flat = entropy_weights({3, 3, 5, 5}, 2, 2);
  EXPECT_TRUE(flat.findings.has("ranking.no_contrast"));
  EXPECT_EQ(flat.weights, (std::vector<double>{0.5, 0.5}));
  EXPECT_EQ(entropy_weights({0, 4, 5, 5}, 2, 2).weights, (std::vector<double>{1.0, 0.0}));
}

TEST(DataWeights, CriticWorksOnTheSenseOfEachCriterion) {
  // Cost and its negative as a benefit are the same criterion.
  auto criteria = named({"a", "b", "c"});
  const std::vector<double> columns = {1, 2, 4, 9, 3, 1, 4, 2, 5, 9, 1, 3};
  auto mirrored = columns;
  for (std::size_t i = 0; i < 4; ++i) mirrored[i] = -columns[i];
  criteria[0].direction = Direction::min;
  const auto cost = critic_weights(criteria, columns, 4).weights;
  criteria[0].direction = Direction::max;
  const auto benefit = critic_weights(criteria, mirrored, 4).weights;
  for (std::size_t j = 0; j < 3; ++j) EXPECT_NEAR(cost[j], benefit[j], 1e-14);
}

TEST(Judgements, AhpMatrixInAnyOrderOfNames) {
  const auto j =
      read_judgements(",b,a\na,2,1\nb,1,1/2\n", WeightScheme::ahp, named({"a", "b"}), "f.csv");
  EXPECT_EQ(j.matrix, (std::vector<double>{1, 2, 0.5, 1}));
}

TEST(Judgements, BestWorstRowsNameBestAndWorstByTheirOnes) {
  const auto j = read_judgements("row,cost,grade,size\nbest_to,8,2,1\nto_worst,1,5,8\n",
                                 WeightScheme::bwm, named({"cost", "grade", "size"}), "f.csv");
  EXPECT_EQ(j.best, 2u);
  EXPECT_EQ(j.worst, 0u);
  EXPECT_EQ(j.best_to, (std::vector<double>{8, 2, 1}));
}

TEST(Judgements, SwaraAndRocLists) {
  const auto swara =
      read_judgements("name,step\nb,\na,0.25\n", WeightScheme::swara, named({"a", "b"}), "f.csv");
  EXPECT_EQ(swara.order, (std::vector<std::size_t>{1, 0}));
  EXPECT_EQ(swara.step[1], 0.25);
  const auto roc = read_judgements("# most important first\nb\na\n", WeightScheme::roc,
                                   named({"a", "b"}), "f.csv");
  EXPECT_EQ(roc.order, (std::vector<std::size_t>{1, 0}));
}

TEST(Judgements, RefuseFilesThatDoNotFit) {
  const auto refused = [](const std::string& text, WeightScheme scheme) {
    return code_of([&] { (void)read_judgements(text, scheme, named({"a", "b"}), "f.csv"); });
  };
  EXPECT_EQ(refused("", WeightScheme::roc), "ranking.judgement");
  EXPECT_EQ(refused("a\nc\n", WeightScheme::roc), "ranking.unknown_criterion");
  EXPECT_EQ(refused("a\na\n", WeightScheme::roc), "ranking.judgement");
  EXPECT_EQ(refused("a\n", WeightScheme::roc), "ranking.judgement");
  EXPECT_EQ(refused("a\nb\n", WeightScheme::swara), "ranking.judgement");
  EXPECT_EQ(refused(",a,b\na,1,2\n", WeightScheme::ahp), "ranking.not_square");
  EXPECT_EQ(refused(",a,b\na,1\nb,1,1\n", WeightScheme::ahp), "ranking.not_square");
  EXPECT_EQ(refused(",a,b\na,1,x\nb,1,1\n", WeightScheme::ahp), "ranking.judgement");
  EXPECT_EQ(refused("r,a,b\nbest_to,1,2\n", WeightScheme::bwm), "ranking.judgement");
  EXPECT_EQ(refused("r,a,b\nbest_to,3,2\nto_worst,2,1\n", WeightScheme::bwm), "ranking.judgement");
}

}  // namespace
}  // namespace lode::test
