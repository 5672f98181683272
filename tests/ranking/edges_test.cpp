// Every method at the edges: one site, equal sites, constant columns, nothing left, tiny numbers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/ranking/rank.h"
#include "tests/ranking/cases.h"

namespace lode::test {
namespace {

constexpr Method all_methods[] = {Method::wsm,        Method::wpm,      Method::waspas,
                                  Method::topsis,     Method::vikor,    Method::promethee1,
                                  Method::promethee2, Method::electre3, Method::electre_tri,
                                  Method::spotis,     Method::owa,      Method::fuzzy};

Criterion criterion(const std::string& name, double weight, Direction direction = Direction::max) {
  Criterion c;
  c.name = name;
  c.weight = weight;
  c.direction = direction;
  return c;
}

DecisionTable table_of(std::vector<double> values, std::size_t criteria, bool bounds = false) {
  DecisionTable table;
  table.values = std::move(values);
  for (std::size_t j = 0; j < criteria; ++j) {
    table.criteria.push_back(criterion("c" + std::to_string(j), 1.0 / static_cast<double>(criteria),
                                       j % 2 == 1 ? Direction::min : Direction::max));
    if (bounds) {
      table.criteria.back().lo = 0.0;
      table.criteria.back().hi = 1.0;
    }
  }
  for (std::size_t i = 0; i < table.values.size() / criteria; ++i)
    table.ids.push_back(std::string(1, static_cast<char>('a' + i)));
  return table;
}

RankOptions with(Method method, std::size_t draws = 16) {
  RankOptions options;
  options.method.method = method;
  options.draws.draws = draws;
  options.weights = WeightScheme::uncertain;
  return options;
}

std::vector<std::size_t> ranks_of(const RankResult& result) {
  std::vector<std::size_t> ranks;
  for (const auto& site : result.sites) ranks.push_back(site.rank);
  return ranks;
}

void expect_sound(const RankResult& result, const std::string& what) {
  for (const auto& site : result.sites) {
    EXPECT_TRUE(std::isfinite(site.score)) << what;
    EXPECT_GE(site.rank, 1u) << what;
    EXPECT_LE(site.rank, result.sites.size()) << what;
    EXPECT_GE(site.first_acceptability, 0.0) << what;
    EXPECT_LE(site.first_acceptability, 1.0) << what;
    EXPECT_LE(site.rank_p05, site.rank_p95) << what;
    for (const double x : site.contributions) EXPECT_TRUE(std::isfinite(x)) << what;
  }
  for (const double w : result.weights.weights) EXPECT_TRUE(std::isfinite(w)) << what;
}

class Edges : public testing::TestWithParam<Method> {
 protected:
  [[nodiscard]] std::string name() const { return std::string(to_text(GetParam())); }
};

TEST_P(Edges, OneSiteIsFirst) {
  for (const bool bounds : {false, true}) {
    const auto result = rank(table_of({0.2, 0.9}, 2, bounds), with(GetParam()));
    expect_sound(result, name());
    EXPECT_EQ(result.sites[0].rank, 1u);
    EXPECT_EQ(result.sites[0].first_acceptability, 1.0);
    EXPECT_EQ(result.sites[0].pareto_front, 1u);
    EXPECT_TRUE(result.correlation.empty());
    EXPECT_TRUE(result.findings.has("ranking.one_site"));
  }
}

TEST_P(Edges, TwoEqualSitesShareTheFirstRankInEveryDraw) {
  for (const bool bounds : {false, true}) {
    const auto result = rank(table_of({0.4, 0.5, 0.4, 0.5}, 2, bounds), with(GetParam()));
    expect_sound(result, name());
    EXPECT_EQ(ranks_of(result), (std::vector<std::size_t>{1, 1})) << name();
    EXPECT_EQ(result.sites[0].score, result.sites[1].score);
    for (const auto& site : result.sites) {
      EXPECT_EQ(site.first_acceptability, 1.0) << name();
      EXPECT_EQ(site.dominators, 0u);
      EXPECT_EQ(site.pareto_front, 1u);
    }
  }
}

TEST_P(Edges, ConstantColumnsDoNotSay) {
  const auto all = rank(table_of({3, 3, 3, 3, 3, 3}, 2), with(GetParam()));
  expect_sound(all, name());
  EXPECT_EQ(ranks_of(all), (std::vector<std::size_t>{1, 1, 1})) << name();
  // One column tells them apart: it alone decides.
  const auto one = rank(table_of({3, 3, 1, 3, 2, 3}, 2), with(GetParam()));
  expect_sound(one, name());
  EXPECT_EQ(one.sites[0].id, "a") << name();
  EXPECT_EQ(one.sites[0].first_acceptability, 1.0) << name();
}

TEST_P(Edges, ACriterionOfNoWeightHasNoSay) {
  auto table = table_of({0.9, 0.1, 0.5, 0.5, 0.2, 0.9}, 2, true);
  table.criteria[0].weight = 0.0;
  table.criteria[1].weight = 1.0;
  const auto result = rank(table, with(GetParam()));
  expect_sound(result, name());
  EXPECT_EQ(result.sites[0].id, "a") << name();  // least of the cost
  EXPECT_EQ(result.weights.weights[0], 0.0);
  auto other = table;
  other.values[0] = 0.3;
  const auto same = rank(other, with(GetParam()));
  EXPECT_EQ(ranks_of(result), ranks_of(same)) << name();
  for (std::size_t k = 0; k < 3; ++k) EXPECT_EQ(result.sites[k].score, same.sites[k].score);
}

TEST_P(Edges, NothingLeftIsAnError) {
  auto options = with(GetParam());
  options.rules = {{"none", {0, 0}, 1, 1}};
  const auto table = table_of({1, 2, 3, 4}, 2);
  EXPECT_EQ(code_of([&] { (void)rank(table, options); }), "ranking.all_dropped");
  EXPECT_EQ(code_of([&] { (void)rank(DecisionTable{}, with(GetParam())); }), "ranking.no_sites");
}

TEST_P(Edges, MarksForNoDataAndRemainsOfZeroAreRefused) {
  EXPECT_EQ(code_of([&] {
              (void)rank(table_of({1, 2, 1e308, 4}, 2), with(GetParam()));
            }),
            "ranking.magnitude");
}

TEST_P(Edges, LargeAndTinyValuesRankLikePlainOnes) {
  const std::vector<double> plain{3, 1, 2, 2, 1, 3};
  const auto expected = rank(table_of(plain, 2), with(GetParam()));
  for (const double scale : {1e29, 1e-99}) {
    auto values = plain;
    for (auto& x : values) x *= scale;
    const auto result = rank(table_of(values, 2), with(GetParam()));
    expect_sound(result, name());
    ASSERT_EQ(ranks_of(result), ranks_of(expected)) << name() << " " << scale;
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_EQ(result.sites[k].id, expected.sites[k].id) << name() << " " << scale;
      EXPECT_EQ(result.sites[k].first_acceptability, expected.sites[k].first_acceptability);
    }
  }
}

std::string method_name(const testing::TestParamInfo<Method>& info) {
  std::string text(to_text(info.param));
  for (auto& c : text)
    if (c == '-') c = '_';
  return text;
}

INSTANTIATE_TEST_SUITE_P(Methods, Edges, testing::ValuesIn(all_methods), method_name);

TEST(LogScale, TakesWhatHasNoLogarithmAtItsLowerBound) {
  const auto ranked = [](double value, Method method, Normalise scale) {
    DecisionTable table = table_of({value, 0.2, 5, 0.9, 60, 0.5, 20, 0.1}, 2);
    table.criteria[0].scale = Scale::log;
    table.criteria[0].lo = 1;
    table.criteria[0].hi = 100;
    RankOptions options;
    options.method.method = method;
    options.method.normalise = scale;
    options.draws.draws = 0;
    return rank(table, options);
  };
  for (const auto method : {Method::promethee1, Method::promethee2, Method::electre3,
                            Method::electre_tri, Method::topsis, Method::vikor, Method::wsm})
    for (const auto scale : {Normalise::bounds, Normalise::minmax})
      for (const double value : {0.0, -3.0}) {
        SCOPED_TRACE(std::string(to_text(method)) + " " + std::string(to_text(scale)));
        const auto got = ranked(value, method, scale), at = ranked(1.0, method, scale);
        EXPECT_TRUE(got.findings.has("ranking.clamped"));
        ASSERT_EQ(got.sites.size(), at.sites.size());
        for (std::size_t i = 0; i < at.sites.size(); ++i) {
          EXPECT_EQ(got.sites[i].id, at.sites[i].id);
          EXPECT_EQ(got.sites[i].score, at.sites[i].score);
        }
      }
}

}  // namespace
}  // namespace lode::test
