// The one entry: order, ties, missing values, screening, findings, and the draws behind it.
#include "libgeo/ranking/rank.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "libgeo/core/random.h"
#include "tests/ranking/cases.h"

namespace lode::test {
namespace {

const double none = std::nan("");

Criterion criterion(const std::string& name, double weight, Direction direction = Direction::max) {
  Criterion c;
  c.name = name;
  c.weight = weight;
  c.direction = direction;
  c.lo = 0.0;
  c.hi = 1.0;
  return c;
}

DecisionTable table_of(std::vector<std::string> ids, std::vector<Criterion> criteria,
                       std::vector<double> values) {
  DecisionTable table;
  table.ids = std::move(ids);
  table.criteria = std::move(criteria);
  table.values = std::move(values);
  return table;
}

/// Three sites of which each wins for some weights: the worked SMAA example.
DecisionTable smaa_example() {
  return table_of({"A1", "A2", "A3"}, {criterion("risk", 0.5), criterion("altitude", 0.5)},
                  {1, 0, 0.75, 0.5, 0, 1});
}

RankOptions with(Method method, std::size_t draws = 0) {
  RankOptions options;
  options.method.method = method;
  options.draws.draws = draws;
  return options;
}

std::vector<std::string> order_of(const RankResult& result) {
  std::vector<std::string> ids;
  for (const auto& site : result.sites) ids.push_back(site.id);
  return ids;
}

std::vector<std::size_t> ranks_of(const RankResult& result) {
  std::vector<std::size_t> ranks;
  for (const auto& site : result.sites) ranks.push_back(site.rank);
  return ranks;
}

const RankedSite& site(const RankResult& result, const std::string& id) {
  return *std::find_if(result.sites.begin(), result.sites.end(),
                       [&](const auto& s) { return s.id == id; });
}

TEST(Rank, EqualScoresShareARankAndStandInTheOrderOfIds) {
  const auto result = rank(
      table_of({"d", "b", "c", "a"}, {criterion("x", 1)}, {0.1, 0.5, 0.5, 0.9}), with(Method::wsm));
  EXPECT_EQ(order_of(result), (std::vector<std::string>{"a", "b", "c", "d"}));
  EXPECT_EQ(ranks_of(result), (std::vector<std::size_t>{1, 2, 2, 4}));
  // Without draws nothing is known of how sure that is.
  EXPECT_TRUE(std::isnan(result.sites[0].rank_p05));
  EXPECT_TRUE(std::isnan(result.sites[0].first_acceptability));
}

TEST(Rank, ContributionsOfTheWeightedSumAddUp) {
  const auto result = rank(smaa_example(), with(Method::wsm));
  for (const auto& s : result.sites)
    EXPECT_NEAR(std::accumulate(s.contributions.begin(), s.contributions.end(), 0.0), s.score,
                1e-15);
  EXPECT_EQ(result.sites[0].id, "A2");
  EXPECT_EQ(result.sites[0].score, 0.625);
}

TEST(Rank, TopsisWithNothingToTellApartIsAHalf) {
  auto table = table_of({"a", "b"}, {criterion("x", 0.5), criterion("y", 0.5)}, {3, 4, 3, 4});
  for (auto& c : table.criteria) c.lo = c.hi = none;
  for (const auto how : {Normalise::bounds, Normalise::minmax, Normalise::vector}) {
    auto options = with(Method::topsis, 10);
    options.method.normalise = how;
    const auto result = rank(table, options);
    EXPECT_EQ(result.sites[0].score, 0.5);
    EXPECT_EQ(ranks_of(result), (std::vector<std::size_t>{1, 1}));
    EXPECT_TRUE(result.findings.has("ranking.constant_criterion"));
  }
}

TEST(Rank, EveryMethodTakesTwoEqualSitesAndOneSite) {
  for (const auto method : {Method::wsm, Method::wpm, Method::waspas, Method::topsis, Method::vikor,
                            Method::promethee1, Method::promethee2, Method::electre3,
                            Method::electre_tri, Method::spotis, Method::owa, Method::fuzzy}) {
    const auto criteria =
        std::vector<Criterion>{criterion("x", 0.4), criterion("y", 0.6, Direction::min)};
    const auto twins =
        rank(table_of({"a", "b", "c"}, criteria, {0.2, 0.9, 0.8, 0.3, 0.8, 0.3}), with(method, 16));
    EXPECT_EQ(ranks_of(twins), (std::vector<std::size_t>{1, 1, 3})) << to_text(method);
    EXPECT_EQ(twins.sites[0].score, twins.sites[1].score) << to_text(method);
    const auto one = rank(table_of({"a"}, criteria, {0.2, 0.9}), with(method, 16));
    EXPECT_EQ(ranks_of(one), (std::vector<std::size_t>{1})) << to_text(method);
    EXPECT_TRUE(std::isfinite(one.sites[0].score)) << to_text(method);
    EXPECT_TRUE(one.findings.has("ranking.one_site"));
  }
}

TEST(Rank, MissingValuesAreRefusedUnlessARuleIsStated) {
  const auto table = table_of({"a", "b", "c", "d"}, {criterion("x", 0.5), criterion("y", 0.5)},
                              {0.9, 0.9, none, 0.9, 0.1, 0.1, 0.2, 0.2});
  EXPECT_EQ(code_of([&] { (void)rank(table, with(Method::wsm)); }), "ranking.missing_value");
  const auto filled = [&](Missing missing, double expected) {
    auto options = with(Method::wsm, 2000);
    options.missing = missing;
    const auto result = rank(table, options);
    EXPECT_TRUE(result.findings.has("ranking.missing_filled"));
    EXPECT_EQ(site(result, "b").missing, std::vector<std::string>{"x"});
    EXPECT_NEAR(site(result, "b").score, expected, 1e-15) << to_text(missing);
    return site(result, "b");
  };
  filled(Missing::worst, 0.45);
  filled(Missing::neutral, 0.70);
  filled(Missing::impute, 0.5 * (0.2 + 0.9));
  const auto interval = filled(Missing::interval, 0.70);
  EXPECT_EQ(interval.rank_p05, 1.0);  // above a when x > 0.9: one draw in ten
  EXPECT_NEAR(interval.first_acceptability, 0.1, 0.02);
}

TEST(Rank, ACriterionWithoutAnyValueIsRefused) {
  auto options = with(Method::wsm);
  options.missing = Missing::impute;
  EXPECT_EQ(code_of([&] {
              (void)rank(table_of({"a", "b"}, {criterion("x", 1)}, {none, none}), options);
            }),
            "ranking.empty_criterion");
}

TEST(Rank, HardRulesDropSitesAndSayWhich) {
  auto options = with(Method::wsm);
  options.rules = {{"permit", {1, 0, none}, 1, 10, false}};
  const auto result = rank(smaa_example(), options);
  EXPECT_EQ(order_of(result), std::vector<std::string>{"A1"});
  ASSERT_EQ(result.dropped.size(), 2u);
  EXPECT_EQ(result.dropped[0].id, "A2");
  EXPECT_EQ(result.dropped[0].rule, "permit");
  EXPECT_EQ(result.dropped[0].value, 0.0);
  options.rules[0].values = {0, 0, 0};
  EXPECT_EQ(code_of([&] { (void)rank(smaa_example(), options); }), "ranking.all_dropped");
  options.rules[0].values = {0};
  EXPECT_EQ(code_of([&] { (void)rank(smaa_example(), options); }), "ranking.shape");
}

TEST(Rank, WeightsThatDoNotSumAreRefusedOrRescaled) {
  auto table = smaa_example();
  table.criteria[0].weight = 0.8;
  EXPECT_EQ(code_of([&] { (void)rank(table, with(Method::wsm)); }), "ranking.weights_sum");
  auto options = with(Method::wsm);
  options.rescale_weights = true;
  const auto result = rank(table, options);
  EXPECT_NEAR(result.weights.weights[0], 0.8 / 1.3, 1e-15);
  EXPECT_TRUE(result.findings.has("ranking.weights_rescaled"));
  table.criteria[0].weight = none;
  EXPECT_EQ(code_of([&] { (void)rank(table, with(Method::wsm)); }), "ranking.no_weights");
  table.criteria[0].weight = table.criteria[1].weight = 0;
  EXPECT_EQ(code_of([&] { (void)rank(table, with(Method::wsm)); }), "ranking.bad_weight");
}

TEST(Rank, RefusesBadTables) {
  const auto refused = [](DecisionTable table) {
    return code_of([&] { (void)rank(table, with(Method::wsm)); });
  };
  EXPECT_EQ(refused({}), "ranking.no_sites");
  EXPECT_EQ(refused(table_of({"a"}, {}, {})), "ranking.no_criteria");
  EXPECT_EQ(refused(table_of({"a"}, {criterion("x", 1)}, {1, 2})), "ranking.shape");
  EXPECT_EQ(refused(table_of({"a", "a"}, {criterion("x", 1)}, {1, 2})), "ranking.duplicate_id");
  EXPECT_EQ(refused(table_of({"a"}, {criterion("x", 1), criterion("x", 0)}, {1, 2})),
            "ranking.duplicate_criterion");
  EXPECT_EQ(refused(table_of({"a"}, {criterion("x", 1)}, {INFINITY})), "ranking.not_finite");
  auto bounds = table_of({"a"}, {criterion("x", 1)}, {1});
  bounds.criteria[0].lo = 3;
  EXPECT_EQ(refused(bounds), "ranking.bad_criterion");
  auto spread = table_of({"a"}, {criterion("x", 1)}, {1});
  spread.low = {2};
  EXPECT_EQ(refused(spread), "ranking.spread_order");
}

TEST(Rank, MethodsThatNeedPositiveValuesSaySo) {
  auto table = table_of({"a", "b"}, {criterion("x", 1, Direction::min)}, {0.0, 1.0});
  const auto refused = [&](Method method, Normalise how) {
    auto options = with(method);
    options.method.normalise = how;
    return code_of([&] { (void)rank(table, options); });
  };
  EXPECT_EQ(refused(Method::wsm, Normalise::sum), "ranking.not_positive");
  EXPECT_EQ(refused(Method::wsm, Normalise::max), "ranking.not_positive");
  EXPECT_EQ(refused(Method::wpm, Normalise::none), "ranking.not_positive");
  EXPECT_EQ(refused(Method::wsm, Normalise::bounds), "");
  table.criteria[0].direction = Direction::max;
  table.values[0] = -1;
  EXPECT_EQ(refused(Method::fuzzy, Normalise::none), "ranking.not_positive");
  table.criteria[0].lo = table.criteria[0].hi = none;
  table.criteria[0].scale = Scale::log;
  EXPECT_EQ(refused(Method::wsm, Normalise::bounds), "ranking.not_positive");
  EXPECT_EQ(refused(Method::promethee2, Normalise::bounds), "ranking.not_positive");
}

TEST(Rank, ValuesOutsideStatedBoundsAreClampedAndCounted) {
  const auto result =
      rank(table_of({"a", "b", "c"}, {criterion("x", 1)}, {-5, 0.5, 7}), with(Method::wsm));
  EXPECT_EQ(site(result, "a").score, 0.0);
  EXPECT_EQ(site(result, "c").score, 1.0);
  ASSERT_EQ(result.findings.list().size(), 1u);
  EXPECT_EQ(result.findings.list()[0].code, "ranking.clamped");
  EXPECT_EQ(result.findings.list()[0].count, 2u);
}

TEST(Rank, CorrelatedAndTwinCriteriaAreWarnedOf) {
  std::vector<double> values;
  for (int i = 0; i < 8; ++i) values.insert(values.end(), {i / 8.0, i / 16.0, (i * 5 % 8) / 8.0});
  auto table = table_of({"a", "b", "c", "d", "e", "f", "g", "h"},
                        {criterion("x", 0.4), criterion("y", 0.3), criterion("z", 0.3)}, values);
  const auto result = rank(table, with(Method::wsm));
  EXPECT_TRUE(result.findings.has("ranking.duplicate_criteria"));
  EXPECT_NEAR(result.correlation[1], 1.0, 1e-12);
  EXPECT_LT(std::abs(result.correlation[2]), 0.9);
}

TEST(Rank, SaysWhatWasNotStated) {
  auto table = table_of({"a", "b", "c", "d", "e"}, {criterion("x", 0.5), criterion("y", 0.5)},
                        {0.1, 0.9, 0.2, 0.8, 0.3, 0.6, 0.4, 0.5, 0.5, 0.1});
  auto options = with(Method::wsm);
  options.rules = {{"r", {0, 1, 1, 1, 1}, 1, 1, false}, {"s", {1, 1, 1, 1, none}, 1, 1, true}};
  EXPECT_TRUE(rank(table, options).findings.has("ranking.dropped"));
  EXPECT_TRUE(rank(table, with(Method::wsm)).findings.has("ranking.correlated_criteria"));
  for (auto& c : table.criteria) c.lo = c.hi = none;
  EXPECT_TRUE(rank(table, with(Method::wsm)).findings.has("ranking.observed_bounds"));
  EXPECT_TRUE(rank(table, with(Method::promethee2)).findings.has("ranking.default_threshold"));
  EXPECT_TRUE(rank(table, with(Method::electre3)).findings.has("ranking.default_threshold"));
  EXPECT_TRUE(rank(table, with(Method::electre_tri)).findings.has("ranking.default_profiles"));
}

TEST(Rank, DominatedSitesNameTheirDominators) {
  const auto result =
      rank(table_of({"a", "b"}, {criterion("x", 0.5), criterion("y", 0.5, Direction::min)},
                    {0.9, 0.1, 0.5, 0.1}),
           with(Method::wsm));
  EXPECT_EQ(site(result, "b").dominated_by, std::vector<std::size_t>{0});
  EXPECT_TRUE(site(result, "a").dominated_by.empty());
}

TEST(Draws, SmaaExampleIsExactInTheLimit) {
  auto options = with(Method::wsm, 20000);
  options.weights = WeightScheme::free;
  const auto result = rank(smaa_example(), options);
  const auto near = [](const std::vector<double>& got, std::vector<double> expected,
                       double tolerance) {
    ASSERT_EQ(got.size(), expected.size());
    for (std::size_t k = 0; k < got.size(); ++k) EXPECT_NEAR(got[k], expected[k], tolerance);
  };
  // b(i, r) and central weights: exact by integration over the one free weight.
  near(site(result, "A1").rank_acceptability, {1.0 / 3, 1.0 / 6, 1.0 / 2}, 2e-3);
  near(site(result, "A2").rank_acceptability, {4.0 / 15, 11.0 / 15, 0.0}, 2e-3);
  near(site(result, "A3").rank_acceptability, {2.0 / 5, 1.0 / 10, 1.0 / 2}, 2e-3);
  near(site(result, "A1").central_weights, {5.0 / 6, 1.0 / 6}, 2e-3);
  near(site(result, "A2").central_weights, {8.0 / 15, 7.0 / 15}, 2e-3);
  near(site(result, "A3").central_weights, {1.0 / 5, 4.0 / 5}, 2e-3);
  EXPECT_EQ(site(result, "A1").rank_p05, 1.0);
  EXPECT_EQ(site(result, "A1").rank_p95, 3.0);
  EXPECT_LT(result.standard_error, 1e-3);
}

TEST(Draws, ConfidenceUnderCentralWeights) {
  auto options = with(Method::wsm, 4000);
  options.weights = WeightScheme::free;
  // Without spread a site is first under the weights that suit it, or it is not.
  for (const auto& s : rank(smaa_example(), options).sites) EXPECT_EQ(s.confidence, 1.0);
  // Under its central weights 1/5, 4/5 A3 has 0.8; A2 0.55 + 0.2 x with x uniform on 0.5 to 1.0:
  // never more. Under 8/15, 7/15 A2 has 8/15 x + 7/30 against 8/15 of A1: ahead for x > 9/16, in 7
  // of 8 draws.
  auto table = smaa_example();
  table.low = {none, none, 0.5, none, none, none};
  table.high = {none, none, 1.0, none, none, none};
  options.draws.spread = Spread::uniform;
  const auto result = rank(table, options);
  EXPECT_EQ(site(result, "A3").confidence, 1.0);
  const auto& central = site(result, "A2").central_weights;
  const double ahead = (std::max(central[0], central[1]) - 0.5 * central[1]) / central[0];
  EXPECT_NEAR(site(result, "A2").confidence, (1.0 - ahead) / 0.5, 0.03);
}

TEST(Draws, PairwiseWinsAndRegretOfTheExample) {
  auto options = with(Method::wsm, 20000);
  options.weights = WeightScheme::free;
  options.draws.pairs = {{0, 2}};
  const auto result = rank(smaa_example(), options);
  EXPECT_NEAR(result.pair_wins[0], 0.5, 2e-3);
  const std::size_t a1 = static_cast<std::size_t>(&site(result, "A1") - result.sites.data());
  const std::size_t a2 = static_cast<std::size_t>(&site(result, "A2") - result.sites.data());
  EXPECT_NEAR(result.pairwise[a2 * 3 + a1], 2.0 / 3, 2e-3);
  EXPECT_NEAR(result.pairwise[a2 * 3 + a1] + result.pairwise[a1 * 3 + a2], 1.0, 1e-12);
  // Regret of A2: integral of max(0, w - (0.5 + w/4)) above 2/3 plus max(0, 1 - w - (0.5 + w/4))
  // below 2/5.
  const double above = 0.75 * (1 - 4.0 / 9) / 2 - 0.5 / 3, below = 0.5 * 0.4 - 1.25 * 0.16 / 2;
  EXPECT_NEAR(site(result, "A2").regret, above + below, 1e-3);
}

RankOptions uncertain_options(std::size_t draws, int jobs) {
  auto options = with(Method::topsis, draws);
  options.weights = WeightScheme::uncertain;
  options.draws.jobs = options.method.jobs = jobs;
  return options;
}

DecisionTable random_table(std::size_t n, std::size_t m) {
  DecisionTable table;
  const Random random{7, 1};
  for (std::size_t i = 0; i < n; ++i) {
    table.ids.push_back("S" + std::to_string(100000 + i));
    for (std::size_t j = 0; j < m; ++j) {
      const double x = random.uniform(i * m + j);
      table.values.push_back(x);
      table.low.push_back(j == 0 ? x * 0.8 : none);
      table.high.push_back(j == 0 ? x * 1.3 : none);
    }
  }
  for (std::size_t j = 0; j < m; ++j)
    table.criteria.push_back(criterion("c" + std::to_string(j), 1.0 / static_cast<double>(m),
                                       j % 3 == 2 ? Direction::min : Direction::max));
  return table;
}

void expect_same(const RankResult& a, const RankResult& b) {
  ASSERT_EQ(order_of(a), order_of(b));
  for (std::size_t k = 0; k < a.sites.size(); ++k) {
    EXPECT_EQ(a.sites[k].score, b.sites[k].score);
    EXPECT_EQ(a.sites[k].rank_acceptability, b.sites[k].rank_acceptability);
    EXPECT_EQ(a.sites[k].central_weights, b.sites[k].central_weights);
    EXPECT_EQ(a.sites[k].rank_p95, b.sites[k].rank_p95);
    EXPECT_EQ(a.sites[k].regret, b.sites[k].regret);
  }
}

TEST(Draws, SameBitsForAnyNumberOfThreadsAndAnyOrderOfRows) {
  const auto table = random_table(700, 5);
  const auto one = rank(table, uncertain_options(300, 1));
  expect_same(one, rank(table, uncertain_options(300, 3)));
  DecisionTable shuffled = table;
  const std::size_t m = table.criteria.size(), n = table.ids.size();
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t from = (i * 131 + 7) % n;  // 131 and 700 have no common divisor
    shuffled.ids[i] = table.ids[from];
    for (std::size_t j = 0; j < m; ++j) {
      shuffled.values[i * m + j] = table.values[from * m + j];
      shuffled.low[i * m + j] = table.low[from * m + j];
      shuffled.high[i * m + j] = table.high[from * m + j];
    }
  }
  expect_same(one, rank(shuffled, uncertain_options(300, 2)));
}

TEST(Draws, SeedsDifferButAgreeWithinTheirError) {
  const auto table = random_table(30, 4);
  auto options = uncertain_options(4000, 2);
  const auto one = rank(table, options);
  options.draws.seed = 2;
  const auto two = rank(table, options);
  const auto a = site(one, one.sites[0].id).first_acceptability,
             b = site(two, one.sites[0].id).first_acceptability;
  EXPECT_NE(a, b);
  EXPECT_NEAR(a, b, 6 * (one.standard_error + two.standard_error) + 1e-9);
}

TEST(Draws, AcceptabilitiesOfASiteSumToOne) {
  const auto result = rank(random_table(40, 4), uncertain_options(500, 1));
  for (const auto& s : result.sites)
    EXPECT_NEAR(std::accumulate(s.rank_acceptability.begin(), s.rank_acceptability.end(), 0.0), 1.0,
                1e-12);
}

TEST(Draws, BinnedQuantilesEncloseTheExactRank) {
  const auto table = random_table(10240, 3);
  auto options = uncertain_options(40, 2);
  const auto result = rank(table, options);
  EXPECT_EQ(result.rank_bin_width, 40u);
  EXPECT_TRUE(result.findings.has("ranking.binned_ranks"));
  for (const auto& s : result.sites) ASSERT_LE(s.rank_p05, s.rank_p95);
  EXPECT_EQ(result.sites[0].rank_p05, 1.0);
  EXPECT_EQ(result.sites[0].rank_acceptability.size(), 20u);
  // Among the kept ranks they are exact: what the acceptabilities themselves add up to.
  for (const auto& s : result.sites) {
    const auto exact = [&](double share) {
      double seen = 0.0;
      for (std::size_t r = 0; r < s.rank_acceptability.size(); ++r)
        if ((seen += s.rank_acceptability[r]) >= share - 1e-9) return static_cast<double>(r + 1);
      return 0.0;
    };
    EXPECT_TRUE(exact(0.05) == 0.0 || s.rank_p05 == exact(0.05)) << s.id;
    EXPECT_TRUE(exact(0.95) == 0.0 || s.rank_p95 == exact(0.95)) << s.id;
  }
}

TEST(Draws, WeightSamplesKeepTheirPromises) {
  WeightDraws weights{WeightScheme::uncertain, {0.5, 0.3, 0.2, 0.0}, 0.5, {}};
  DrawOptions options;
  options.draws = 800;
  const auto w = draw_weights(weights, options);
  for (std::size_t d = 0; d < options.draws; ++d) {
    EXPECT_NEAR(w[d * 4] + w[d * 4 + 1] + w[d * 4 + 2], 1.0, 1e-12);
    EXPECT_EQ(w[d * 4 + 3], 0.0);
    EXPECT_LE(w[d * 4] / w[d * 4 + 1], 3.0 * 0.5 / 0.3);  // ratio-bounded by (1 + s)/(1 - s)
    EXPECT_GE(w[d * 4] / w[d * 4 + 1], 0.5 / 0.3 / 3.0);
  }
  weights.scheme = WeightScheme::ordered;
  const auto o = draw_weights(weights, options);
  std::vector<double> mean(4, 0.0);
  for (std::size_t d = 0; d < options.draws; ++d)
    for (std::size_t j = 0; j < 4; ++j) {
      mean[j] += o[d * 4 + j] / static_cast<double>(options.draws);
      if (j > 0) {
        EXPECT_GE(o[d * 4 + j - 1], o[d * 4 + j]);
      }
    }
  // The centroid of ordered weights is ROC (Barron & Barrett 1996).
  for (std::size_t j = 0; j < 4; ++j)
    EXPECT_NEAR(mean[j], roc_weights({0, 1, 2, 3}).weights[j], 5e-3);
}

TEST(Draws, WeightLimitsAreKeptOrRefused) {
  WeightDraws weights{WeightScheme::free, {0.5, 0.5}, 0.5, {{0.2, 0.4}, {0.0, 1.0}}};
  DrawOptions options;
  options.draws = 200;
  const auto w = draw_weights(weights, options);
  for (std::size_t d = 0; d < options.draws; ++d) {
    EXPECT_GE(w[2 * d], 0.2);
    EXPECT_LE(w[2 * d], 0.4);
  }
  weights.limits = {{0.7, 1.0}, {0.7, 1.0}};
  EXPECT_EQ(code_of([&] { (void)draw_weights(weights, options); }), "ranking.weight_limits");
  weights.limits = {{0.7, 1.0}};
  EXPECT_EQ(code_of([&] { (void)draw_weights(weights, options); }), "ranking.option");
  weights.limits.clear();
  weights.spread = 2.0;
  EXPECT_EQ(code_of([&] { (void)draw_weights(weights, options); }), "ranking.option");
}

TEST(Spread, PercentilesAndEndsAreWhatTheySay) {
  const auto at = [](Spread spread, double u, bool log_scale = false) {
    return sample_value(40, 100, 220, u, spread, log_scale);
  };
  EXPECT_NEAR(at(Spread::p10_p90, 0.1), 40, 1e-9);
  EXPECT_NEAR(at(Spread::p10_p90, 0.5), 100, 1e-9);
  EXPECT_NEAR(at(Spread::p10_p90, 0.9), 220, 1e-9);
  EXPECT_NEAR(at(Spread::p10_p90, 0.1, true), 40, 1e-9);
  EXPECT_EQ(sample_value(1, 100, 200, 1e-9, Spread::p10_p90), 0.0);
  EXPECT_NEAR(at(Spread::normal, 0.1), 40, 1e-9);
  EXPECT_NEAR(at(Spread::lognormal, 0.9), 220, 1e-9);
  EXPECT_NEAR(at(Spread::uniform, 0.25), 85, 1e-9);
  EXPECT_NEAR(at(Spread::triangular, 1.0 / 3.0), 100, 1e-9);  // F(mode) = (100 - 40)/(220 - 40)
  EXPECT_NEAR(sample_value(0, 0.5, 1, 0.5, Spread::pert), 0.5, 1e-12);
  // Mean of a PERT is (low + 4 mode + high)/6.
  double mean = 0.0;
  for (int k = 0; k < 4000; ++k) mean += at(Spread::pert, (k + 0.5) / 4000) / 4000;
  EXPECT_NEAR(mean, (40 + 400 + 220) / 6.0, 1e-3);
}

TEST(Spread, CellsOfOneGroupMoveTogether) {
  auto table =
      table_of({"a", "b"}, {criterion("ore", 0.5), criterion("oxide", 0.5, Direction::min)},
               {0.5, 0.5, 0.5, 0.5});
  table.low = {0.2, 0.2, none, none};
  table.high = {0.8, 0.8, none, none};
  for (auto& c : table.criteria) c.spread_group = "tonnage";
  // What a gains on one criterion it loses on the other, so a and b stay equal in every draw.
  EXPECT_EQ(rank(table, with(Method::wsm, 100)).sites[0].first_acceptability, 1.0);
  table.criteria[1].spread_group.clear();
  EXPECT_LT(rank(table, with(Method::wsm, 100)).sites[0].first_acceptability, 1.0);
}

TEST(Spread, SimulatedCellsAreTakenDrawByDraw) {
  auto table = table_of({"a", "b"}, {criterion("x", 1)}, {0.5, 0.5});
  table.draws = {{0, 0, {0.9, 0.1, 0.1, 0.1}}};
  const auto result = rank(table, with(Method::wsm, 400));
  EXPECT_EQ(site(result, "a").first_acceptability, 0.25);
}

TEST(Electre, DistillationIsRefusedWhereItWouldTakeHours) {
  auto table = random_table(2000, 2);
  table.low.clear();
  table.high.clear();
  auto options = with(Method::electre3, 100000);
  options.weights = WeightScheme::free;
  EXPECT_EQ(code_of([&] { (void)rank(table, options); }), "ranking.too_large");
}

}  // namespace
}  // namespace lode::test
