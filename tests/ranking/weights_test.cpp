// Judgements: what is refused, what is warned of, and how files of them are read.
#include "libgeo/ranking/weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/random.h"
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

TEST(Ahp, SaysWhatToWriteInstead) {
  // The chain 1 2 4 8 without the turned-around pair is consistent: it implies 2.
  const std::vector<double> matrix = {1,    2,   4, 8,     0.5,   1,    2, 4,
                                      0.25, 0.5, 1, 0.125, 0.125, 0.25, 8, 1};
  const Weights weights = ahp_weights(matrix, 4);
  EXPECT_EQ(weights.mend.row, 2u);
  EXPECT_EQ(weights.mend.column, 3u);
  EXPECT_EQ(weights.mend.stated, 0.125);
  EXPECT_NEAR(weights.mend.value, 2.0, 1e-12);
  EXPECT_NEAR(weights.mend.ratio_after, 0.0, 1e-12);
  ASSERT_TRUE(weights.findings.has("ranking.inconsistent"));
  EXPECT_THAT(weights.findings.list()[0].message, testing::HasSubstr("from 1/8 to 2"));
  EXPECT_EQ(weights.random_index, 0.9);
}

TEST(Ahp, ReadsGapsOnEitherSide) {
  const double gap = std::nan("");
  // One side is enough; both missing is a gap; the diagonal may be left out.
  const Weights one_sided = ahp_weights({gap, 2, gap, gap, 1, 3, 1.0 / 6, gap, gap}, 3);
  EXPECT_NEAR(one_sided.weights[0], 0.6, 1e-14);
  EXPECT_FALSE(one_sided.findings.has("ranking.judgement_gaps"));
  const Weights gaps = ahp_weights({1, 2, gap, 0.5, 1, 3, gap, 1.0 / 3, 1}, 3);
  ASSERT_TRUE(gaps.findings.has("ranking.judgement_gaps"));
  EXPECT_EQ(gaps.findings.list()[0].where, "row 1, column 3");
  EXPECT_THAT(gaps.note, testing::HasSubstr("Harker"));
  EXPECT_EQ(code_of([&] {
              (void)ahp_weights({1, 2, gap, 0.5, 1, gap, gap, gap, 1}, 3);
            }),
            "ranking.judgement");
}

TEST(Ahp, NotesWhatIsAboveTheScaleAndRefusesZeroAndInfinity) {
  const Weights wide = ahp_weights({1, 12, 1.0 / 12, 1}, 2);
  ASSERT_TRUE(wide.findings.has("ranking.judgement_scale"));
  EXPECT_EQ(wide.findings.list()[0].where, "row 1, column 2");
  EXPECT_NEAR(wide.weights[0], 12.0 / 13.0, 1e-15);
  EXPECT_EQ(code_of([] { (void)ahp_weights({1, 0, 0, 1}, 2); }), "ranking.judgement");
  EXPECT_EQ(code_of([] { (void)ahp_weights({1, INFINITY, 0, 1}, 2); }), "ranking.judgement");
  EXPECT_EQ(code_of([] { (void)ahp_weights({2, 1, 1, 1}, 2); }), "ranking.not_reciprocal");
  EXPECT_EQ(ahp_weights(std::vector<double>{1}, 1).weights, std::vector<double>{1.0});
}

TEST(Ahp, ConvergesToTheLastDigitsForAnyMatrix) {
  // A w = lambda w entry by entry, for matrices far from consistent.
  for (std::uint64_t trial = 0; trial < 30; ++trial) {
    const std::size_t m = 3 + trial % 12;
    const Random random{17, trial};
    std::vector<double> a(m * m, 1.0);
    for (std::size_t i = 0; i < m; ++i)
      for (std::size_t j = i + 1; j < m; ++j) {
        a[i * m + j] = std::exp(2.2 * (2.0 * random.uniform(i * m + j) - 1.0));
        a[j * m + i] = 1.0 / a[i * m + j];
      }
    const Weights weights = ahp_weights(a, m);
    for (std::size_t i = 0; i < m; ++i) {
      double image = 0.0;
      for (std::size_t j = 0; j < m; ++j) image += a[i * m + j] * weights.weights[j];
      EXPECT_NEAR(image / weights.weights[i] / weights.lambda_max, 1.0, 1e-13) << trial;
    }
  }
}

TEST(GroupAhp, NamesTheJudgeWhoStandsApart) {
  const std::vector<double> usual = {1, 3, 5, 1.0 / 3, 1, 2, 0.2, 0.5, 1};
  const std::vector<double> near = {1, 2, 5, 0.5, 1, 3, 0.2, 1.0 / 3, 1};
  const std::vector<double> turned = {1, 1.0 / 5, 1.0 / 7, 5, 1, 1.0 / 3, 7, 3, 1};
  const Weights group =
      group_ahp_weights({usual, near, usual, turned}, {"Anna", "Ben", "Cleo", "Dirk"}, 3);
  ASSERT_EQ(group.judges.size(), 4u);
  EXPECT_TRUE(group.judges[3].stands_apart);
  EXPECT_FALSE(group.judges[0].stands_apart);
  EXPECT_GT(group.judges[3].factor_from_others, 5.0);
  ASSERT_TRUE(group.findings.has("ranking.judge_apart"));
  EXPECT_NEAR(group.judges[1].consistency_ratio, ahp_weights(near, 3).consistency_ratio, 0.0);
  // All the same: the group is each of them, and nobody stands apart.
  const Weights same = group_ahp_weights({usual, usual, usual}, {"a", "b", "c"}, 3);
  EXPECT_FALSE(same.findings.has("ranking.judge_apart"));
  for (std::size_t j = 0; j < 3; ++j)
    EXPECT_NEAR(same.weights[j], ahp_weights(usual, 3).weights[j], 1e-14);
  EXPECT_EQ(code_of([&] { (void)group_ahp_weights({usual}, {}, 3); }), "ranking.judgement");
}

TEST(GroupAhp, JudgesMayShareTheComparisonsOut) {
  const double gap = std::nan("");
  // The first compares 1 with 2, the second 2 with 3: together a chain 2, 3, that is 6 : 3 : 1.
  const Weights group = group_ahp_weights(
      {{1, 2, gap, 0.5, 1, gap, gap, gap, 1}, {1, gap, gap, gap, 1, 3, gap, 1.0 / 3, 1}},
      {"first", "second"}, 3);
  EXPECT_NEAR(group.weights[0], 0.6, 1e-14);
  EXPECT_TRUE(group.judges[0].weights.empty());  // one comparison weighs three criteria not
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

TEST(BestWorst, SaysWhichPreferenceContradictsMost) {
  // Best over worst 9; the third: 8 times 8 is far from 9.
  const Weights weights = bwm_weights(0, 3, {1, 3, 8, 9}, {9, 3, 8, 1});
  EXPECT_NEAR(weights.input_ratio, 55.0 / 72.0, 1e-15);
  EXPECT_EQ(weights.input_limit, 0.2681);
  ASSERT_TRUE(weights.findings.has("ranking.inconsistent"));
  EXPECT_EQ(weights.findings.list()[0].where, "best_to, column 3");
  EXPECT_NEAR(weights.mend.value, 9.0 / 8.0, 1e-15);
  EXPECT_EQ(weights.mend.ratio_after, 0.0);
  EXPECT_FALSE(bwm_weights(0, 3, {1, 3, 3, 9}, {9, 3, 3, 1}).findings.has("ranking.inconsistent"));
  EXPECT_TRUE(bwm_weights(0, 1, {1, 4}, {5, 1}).findings.has("ranking.best_worst_differ"));
  EXPECT_FALSE(bwm_weights(0, 1, {1, 4}, {4, 1}).findings.has("ranking.best_worst_differ"));
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

TEST(DataWeights, EverySchemeGivesAConstantColumnNothing) {
  const auto criteria = named({"a", "same", "c"});
  const std::vector<double> columns = {1, 2, 4, 9, 5, 5, 5, 5, 5, 9, 1, 3};
  for (const auto scheme :
       {WeightScheme::entropy, WeightScheme::critic, WeightScheme::merec, WeightScheme::sd,
        WeightScheme::gini, WeightScheme::cilos, WeightScheme::idocriw, WeightScheme::lopcow}) {
    const Weights weights = data_weights(scheme, criteria, columns, 4);
    EXPECT_NEAR(weights.weights[0] + weights.weights[1] + weights.weights[2], 1.0, 1e-15);
    if (scheme != WeightScheme::merec) {
      EXPECT_EQ(weights.weights[1], 0.0) << to_text(scheme);
    }
    EXPECT_GT(weights.weights[0], 0.0) << to_text(scheme);
    EXPECT_FALSE(weights.findings.has("ranking.no_contrast")) << to_text(scheme);
    // One site, or nothing that differs: equal weights, and said.
    const Weights flat = data_weights(scheme, criteria, {2, 3, 4}, 1);
    EXPECT_TRUE(flat.findings.has("ranking.no_contrast")) << to_text(scheme);
    EXPECT_NEAR(flat.weights[0], 1.0 / 3.0, 1e-15);
  }
  EXPECT_EQ(code_of([&] { (void)data_weights(WeightScheme::given, criteria, columns, 4); }),
            "ranking.option");
}

TEST(DataWeights, NewSchemesRefuseWhatTheyCannotTake) {
  EXPECT_EQ(code_of([] { (void)gini_weights({1, -1}, 2, 1); }), "ranking.not_positive");
  EXPECT_EQ(code_of([] { (void)gini_weights({0, 0}, 2, 1); }), "ranking.not_positive");
  EXPECT_EQ(code_of([] { (void)cilos_weights(named({"a"}), {1, 0}, 2); }), "ranking.not_positive");
  EXPECT_EQ(code_of([] { (void)sd_weights(named({"a"}), {1, NAN}, 2); }), "ranking.not_finite");
}

TEST(DataWeights, CilosSaysWhenOneCriterionTakesAll) {
  // The second site is best on both: whichever is chosen, nothing is lost on either.
  const Weights none = cilos_weights(named({"a", "b"}), {1, 2, 1, 3}, 2);
  EXPECT_TRUE(none.findings.has("ranking.no_contrast"));
  // On the first criterion the first site shares the lead, so only the other can lose.
  const Weights all = cilos_weights(named({"a", "b", "c"}), {2, 2, 1, 1, 3, 2, 3, 1, 2}, 3);
  EXPECT_NEAR(all.weights[0], 1.0, 1e-12);
  EXPECT_TRUE(all.findings.has("ranking.no_contrast"));
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

TEST(Judgements, SeveralJudgesInOneFileOrInSeveral) {
  const auto criteria = named({"a", "b"});
  const auto file = read_judgements(
      "\xEF\xBB\xBF"
      "Anna,a,b\na,1,2\nb,,1\n\nBen,b,a\nb,1,-\na,4,1\n",
      WeightScheme::ahp, criteria, "f.csv");
  EXPECT_EQ(file.judges, (std::vector<std::string>{"Anna", "Ben"}));
  ASSERT_EQ(file.matrices.size(), 2u);
  EXPECT_TRUE(std::isnan(file.matrices[0][2]));
  EXPECT_EQ(file.matrices[1][1], 4.0);
  // sqrt(2 x 4) to 1
  const double ratio = std::sqrt(8.0);
  EXPECT_NEAR(ahp_weights(file, 2).weights[0], ratio / (1.0 + ratio), 1e-14);

  auto joined = read_judgements(",a,b\na,1,2\nb,1/2,1\n", WeightScheme::ahp, criteria, "1.csv");
  EXPECT_TRUE(ahp_weights(joined, 2).judges.empty());
  add_judgements(joined,
                 read_judgements(",a,b\na,1,4\nb,1/4,1\n", WeightScheme::ahp, criteria, "2"),
                 WeightScheme::ahp);
  EXPECT_EQ(joined.judges, (std::vector<std::string>{"judge 1", "judge 2"}));
  EXPECT_NEAR(ahp_weights(joined, 2).weights[0], ratio / (1.0 + ratio), 1e-14);
  EXPECT_EQ(code_of([&] { add_judgements(joined, joined, WeightScheme::bwm); }),
            "ranking.judgement");
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
