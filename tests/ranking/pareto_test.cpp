// Dominance by bit sets against its plain definition, with ties, and its place in a ranking.
#include "libgeo/ranking/pareto.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "libgeo/core/random.h"
#include "libgeo/ranking/rank.h"
#include "tests/ranking/cases.h"

namespace lode::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// The definition, pair by pair; fronts by peeling (Goldberg 1989).
Dominance by_definition(const std::vector<double>& x, std::size_t n, std::size_t m,
                        std::size_t named) {
  const auto above = [&](std::size_t a, std::size_t b) {
    bool better = false;
    for (std::size_t j = 0; j < m; ++j) {
      if (x[j * n + a] < x[j * n + b]) return false;
      better = better || x[j * n + a] > x[j * n + b];
    }
    return better;
  };
  Dominance out;
  out.dominated_by.assign(n, 0);
  out.dominates.assign(n, 0);
  out.front.assign(n, 0);
  out.named.resize(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t k = 0; k < n; ++k)
      if (above(k, i)) {
        ++out.dominated_by[i];
        ++out.dominates[k];
        if (out.named[i].size() < named) out.named[i].push_back(k);
      }
  std::size_t left = n;
  for (std::uint32_t front = 1; left > 0; ++front) {
    std::vector<std::size_t> members;
    for (std::size_t i = 0; i < n; ++i) {
      bool free = out.front[i] == 0;
      for (std::size_t k = 0; k < n && free; ++k) free = out.front[k] != 0 || !above(k, i);
      if (free) members.push_back(i);
    }
    for (const auto i : members) out.front[i] = front;
    left -= members.size();
  }
  return out;
}

/// `levels` different values a criterion: few make many ties and many equal sites.
std::vector<double> random_columns(std::size_t n, std::size_t m, std::size_t levels,
                                   std::uint64_t seed) {
  std::vector<double> x(n * m);
  const Random random{seed, 3};
  for (std::size_t k = 0; k < x.size(); ++k)
    x[k] = std::floor(random.uniform(k) * static_cast<double>(levels)) - 2.0;
  return x;
}

void expect_same(const Dominance& a, const Dominance& b, const std::string& what) {
  EXPECT_EQ(a.dominated_by, b.dominated_by) << what;
  EXPECT_EQ(a.dominates, b.dominates) << what;
  EXPECT_EQ(a.front, b.front) << what;
  EXPECT_EQ(a.named, b.named) << what;
}

TEST(Pareto, EqualsTheDefinitionOnTablesWithManyTies) {
  std::uint64_t seed = 0;
  for (const std::size_t n : {1, 2, 3, 63, 64, 65, 511, 512, 513, 700})
    for (const std::size_t m : {1, 2, 3, 5})
      for (const std::size_t levels : {1, 2, 4, 1000}) {
        const auto x = random_columns(n, m, levels, ++seed);
        expect_same(dominance(x, n, m, {2, 3}), by_definition(x, n, m, 3),
                    std::to_string(n) + " x " + std::to_string(m) + ", " + std::to_string(levels));
      }
}

TEST(Pareto, EqualsTheDefinitionOverSeveralBlocks) {
  const std::size_t n = 4700, m = 3;
  for (const std::size_t levels : {5, 100000}) {
    const auto x = random_columns(n, m, levels, 77);
    const auto got = dominance(x, n, m, {2, 2});
    auto expected = by_definition(x, n, m, 2);
    expect_same(got, expected, std::to_string(levels));
    expect_same(got, dominance(x, n, m, {1, 2}), "one thread");
  }
}

TEST(Pareto, AChainHasAsManyFrontsAsSites) {
  const std::size_t n = 1500;
  std::vector<double> x;
  for (int j = 0; j < 2; ++j)
    for (std::size_t i = 0; i < n; ++i) x.push_back(static_cast<double>((i * 7) % n));
  const auto out = dominance(x, n, 2);
  for (std::size_t i = 0; i < n; ++i) {
    const auto value = static_cast<std::uint32_t>((i * 7) % n);
    EXPECT_EQ(out.front[i], n - value);
    EXPECT_EQ(out.dominated_by[i], n - 1 - value);
    EXPECT_EQ(out.dominates[i], value);
  }
}

TEST(Pareto, EqualSitesDominateNobodyOfEachOther) {
  const auto out = dominance({1, 1, 1, 0, 2, 2, 2, 2}, 4, 2);
  EXPECT_THAT(out.dominated_by, ElementsAre(0u, 0u, 0u, 3u));
  EXPECT_THAT(out.dominates, ElementsAre(1u, 1u, 1u, 0u));
  EXPECT_THAT(out.front, ElementsAre(1u, 1u, 1u, 2u));
}

TEST(Pareto, EndsOfTheNumbersAreValuesAndNaNIsNot) {
  const double far = std::numeric_limits<double>::infinity();
  const auto out = dominance({-far, far, 1e308, 0.0, -0.0, 5e-324}, 6, 1);
  EXPECT_THAT(out.dominated_by, ElementsAre(5u, 0u, 1u, 3u, 3u, 2u));
  EXPECT_EQ(code_of([] { (void)dominance({1.0, std::nan("")}, 2, 1); }), "ranking.not_finite");
  EXPECT_EQ(code_of([] { (void)dominance({1.0, 2.0, 3.0}, 2, 1); }), "ranking.shape");
  EXPECT_TRUE(dominance({}, 0, 2).front.empty());
}

TEST(Pareto, StopsWhenAsked) {
  const Progress stopped({}, [] { return true; });
  EXPECT_EQ(code_of([&] { (void)dominance({1.0, 2.0}, 2, 1, {}, stopped); }), "run.interrupted");
}

Criterion criterion(const std::string& name, double weight, Direction direction = Direction::max) {
  Criterion c;
  c.name = name;
  c.weight = weight;
  c.direction = direction;
  return c;
}

/// Merit rises with x and falls with y: d is dominated by a and b, c by a; b and e are equal.
DecisionTable example() {
  DecisionTable table;
  table.ids = {"d", "a", "c", "b", "e"};
  table.criteria = {criterion("x", 0.5), criterion("y", 0.5, Direction::min)};
  table.values = {1, 9, 3, 5, 2, 5, 2, 4, 2, 4};
  return table;
}

RankOptions with(Pareto pareto, std::size_t draws = 0) {
  RankOptions options;
  options.method.method = Method::wsm;
  options.pareto = pareto;
  options.draws.draws = draws;
  return options;
}

const RankedSite& site(const RankResult& result, const std::string& id) {
  return *std::find_if(result.sites.begin(), result.sites.end(),
                       [&](const auto& s) { return s.id == id; });
}

TEST(ParetoOption, ReportsCountsFrontsAndNames) {
  for (const auto pareto : {Pareto::automatic, Pareto::report}) {
    const auto result = rank(example(), with(pareto));
    EXPECT_EQ(site(result, "d").dominators, 4u);
    EXPECT_THAT(site(result, "d").dominated_by, ElementsAre(1u, 3u, 2u));  // rows of a, b, c
    EXPECT_EQ(site(result, "d").pareto_front, 3u);
    EXPECT_EQ(site(result, "c").dominators, 3u);
    EXPECT_EQ(site(result, "c").pareto_front, 2u);
    EXPECT_EQ(site(result, "b").dominators, 0u);
    EXPECT_EQ(site(result, "b").dominates, 2u);
    EXPECT_EQ(site(result, "a").dominates, 2u);
    EXPECT_TRUE(result.dropped.empty());
  }
}

TEST(ParetoOption, OffLooksAtNothing) {
  const auto result = rank(example(), with(Pareto::off));
  EXPECT_EQ(site(result, "d").pareto_front, 0u);
  EXPECT_TRUE(site(result, "d").dominated_by.empty());
}

TEST(ParetoOption, DropLeavesOutWhoIsDominatedAndByWhom) {
  auto table = example();
  table.low.assign(10, std::nan(""));
  table.high = table.low;
  table.low[0] = 0.5;
  auto options = with(Pareto::drop, 50);
  options.rules = {{"not e", {1, 1, 1, 1, 0}, 1, 1}};
  const auto result = rank(table, options);
  EXPECT_EQ(result.sites.size(), 2u);
  EXPECT_EQ(site(result, "a").pareto_front, 1u);
  EXPECT_EQ(site(result, "a").dominates, 2u);
  ASSERT_EQ(result.dropped.size(), 3u);
  EXPECT_EQ(result.dropped[0].id, "d");
  EXPECT_EQ(result.dropped[0].rule, "dominated");
  EXPECT_EQ(result.dropped[0].text, "a");
  EXPECT_EQ(result.dropped[1].id, "c");
  EXPECT_EQ(result.dropped[2].rule, "not e");
  ASSERT_EQ(result.screening.size(), 2u);
  EXPECT_EQ(result.screening[0].in_order, 1u);
  EXPECT_EQ(result.screening[1].rule, "dominated");
  EXPECT_EQ(result.screening[1].in_order, 2u);
  const auto& list = result.findings.list();
  const auto at = std::find_if(list.begin(), list.end(),
                               [](const auto& f) { return f.code == "ranking.dominated"; });
  ASSERT_NE(at, list.end());
  EXPECT_EQ(at->count, 2u);
  EXPECT_THAT(at->message, HasSubstr("c by a first"));
  EXPECT_THAT(at->message, HasSubstr("whatever their spread"));
  // The same ranking as without them.
  auto small = with(Pareto::off, 50);
  small.rules = {{"only a and b", {0, 1, 0, 1, 0}, 1, 1}};
  EXPECT_EQ(rank(table, small).sites[0].score, result.sites[0].score);
}

TEST(ParetoOption, AboveItsLimitAutomaticSaysThatItDidNotLook) {
  DecisionTable table;
  table.criteria = {criterion("x", 1.0)};
  for (int i = 0; i < 20001; ++i) {
    table.ids.push_back("s" + std::to_string(i));
    table.values.push_back(i);
  }
  const auto skipped = rank(table, with(Pareto::automatic));
  EXPECT_TRUE(skipped.findings.has("ranking.dominance_skipped"));
  EXPECT_EQ(skipped.sites[0].pareto_front, 0u);
  const auto asked = rank(table, with(Pareto::report));
  EXPECT_FALSE(asked.findings.has("ranking.dominance_skipped"));
  EXPECT_EQ(asked.sites[2].dominators, 2u);
  EXPECT_EQ(asked.sites[2].pareto_front, 3u);
}

TEST(ParetoOption, TheLogarithmOfNothingIsTheWorstAndATargetHasTwoSides) {
  DecisionTable table;
  table.ids = {"a", "b", "c"};
  table.criteria = {criterion("x", 0.5), criterion("ph", 0.5)};
  table.criteria[0].scale = Scale::log;
  table.criteria[0].lo = 1;
  table.criteria[0].hi = 100;
  table.criteria[1].ideal = 7;
  table.values = {0, 7, 10, 6, 10, 9};  // b is nearer to 7 than c
  const auto result = rank(table, with(Pareto::report));
  EXPECT_EQ(site(result, "a").dominators, 0u);
  EXPECT_EQ(site(result, "c").dominators, 1u);
}

TEST(ParetoOption, NamesAreReadBack) {
  for (const auto pareto : {Pareto::automatic, Pareto::report, Pareto::drop, Pareto::off})
    EXPECT_EQ(parse_pareto(to_text(pareto)), pareto);
  EXPECT_EQ(code_of([] { (void)parse_pareto("dropp"); }), "ranking.unknown_choice");
}

}  // namespace
}  // namespace lode::test
