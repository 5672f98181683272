// Ranks under uncertainty against closed forms: tests/cases/ranking_uncertainty.csv.
#include "libgeo/ranking/uncertainty.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "libgeo/ranking/rank.h"
#include "tests/ranking/cases.h"

namespace lode::test {
namespace {

std::vector<double> range_of(const std::string& text) {
  std::vector<double> out;
  for (const auto& word : split(text, ':'))
    out.push_back(word == "inf" ? std::numeric_limits<double>::infinity() : number(word));
  return out;
}

struct Problem {
  std::vector<Criterion> criteria;
  DrawInputs inputs;
  WeightDraws weights;
  DrawOptions options;
  MethodOptions method;
  std::size_t sites = 0;
};

WeightDraws weights_of(const std::string& text, std::size_t m) {
  WeightDraws weights;
  for (const auto& [key, value] : parameters(text)) {
    if (key == "scheme") weights.scheme = parse_weight_scheme(value);
    if (key == "base") weights.base = numbers(value);
    if (key == "spread") weights.spread = number(value);
    if (key == "limits")
      for (const auto& word : words(value)) {
        const auto range = range_of(word);
        weights.limits.emplace_back(range[0], range[1]);
      }
    if (key == "ratios")
      for (const auto& word : words(value)) {
        const auto four = range_of(word);
        weights.ratios.push_back({static_cast<std::size_t>(four[0]),
                                  static_cast<std::size_t>(four[1]), four[2], four[3]});
      }
  }
  if (weights.base.empty()) weights.base.assign(m, 1.0 / static_cast<double>(m));
  return weights;
}

Problem problem_of(Case& c) {
  Problem p;
  const Matrix values = matrix(c["values"]);
  p.sites = values.rows;
  p.inputs.columns = values.by_column();
  if (!c["low"].empty()) p.inputs.low = matrix(c["low"]).by_column();
  if (!c["high"].empty()) p.inputs.high = matrix(c["high"]).by_column();
  for (std::size_t i = 0; i < values.rows; ++i) p.inputs.ids.push_back("A" + std::to_string(i + 1));
  auto data = parameters(c["data"]);
  p.method.method = Method::wsm;
  p.method.normalise = data.count("bounds") > 0 ? Normalise::bounds : Normalise::none;
  for (std::size_t j = 0; j < values.columns; ++j) {
    Criterion criterion;
    criterion.name = "c" + std::to_string(j);
    if (data.count("bounds") > 0) {
      criterion.lo = range_of(data["bounds"])[0];
      criterion.hi = range_of(data["bounds"])[1];
    }
    if (data.count("spread") > 0) criterion.spread = parse_spread(data["spread"]);
    criterion.spread_group = data["group"];
    if (data.count("correlation") > 0) criterion.spread_correlation = number(data["correlation"]);
    if (data.count("common") > 0) criterion.spread_common = number(data["common"]);
    p.criteria.push_back(criterion);
  }
  p.weights = weights_of(c["weights"], values.columns);
  p.options.draws = static_cast<std::size_t>(number(c["draws"]));
  p.options.jobs = 2;
  return p;
}

std::vector<double> found(const Problem& p, const std::string& what) {
  const auto asked = words(what);
  const std::size_t n = p.sites, m = p.criteria.size();
  std::vector<double> out;
  if (asked[0] == "mean") {
    const auto w = draw_weights(p.weights, p.options);
    out.assign(m, 0.0);
    for (std::size_t k = 0; k < w.size(); ++k)
      out[k % m] += w[k] / static_cast<double>(p.options.draws);
    return out;
  }
  const auto prepared = prepare_method(p.criteria, p.inputs.columns, n, p.method);
  const auto u = rank_draws(prepared, p.inputs, p.weights, p.options);
  const auto which = asked.size() > 1 ? static_cast<std::size_t>(number(asked[1])) : 0;
  if (asked[0] == "holistic") return u.holistic;
  if (asked[0] == "confidence") return confidence_factors(prepared, p.inputs, u, p.options);
  for (std::size_t i = 0; i < n; ++i)
    out.push_back(asked[0] == "rank"      ? u.acceptability[i * u.kept + which - 1]
                  : asked[0] == "central" ? u.central[i * m + which]
                                          : u.pairwise[which * n + i]);
  return out;
}

TEST(UncertaintyCases, AgreeWithClosedForms) {
  auto cases = read_cases("ranking_uncertainty.csv");
  EXPECT_GE(cases.size(), 38u);
  for (auto& c : cases) {
    const auto got = found(problem_of(c), c["what"]);
    const auto expected = numbers(c["expected"]);
    ASSERT_EQ(got.size(), expected.size()) << c["name"];
    for (std::size_t k = 0; k < got.size(); ++k)
      EXPECT_NEAR(got[k], expected[k], number(c["tolerance"])) << c["name"] << " " << k;
  }
}

TEST(UncertaintyCases, ErrorsOfFirstSharesAreHonest) {
  // 60 seeds of the SMAA example: the deviation from the exact share over its stated error has a
  // spread of about one (eight replicates: Student's t with 7 degrees, variance 7/5).
  auto cases = read_cases("ranking_uncertainty.csv");
  Problem p = problem_of(cases.at(0));
  p.options.draws = 1000;
  p.options.quasi_random = false;
  const auto exact = numbers(cases.at(0)["expected"]);
  const auto prepared = prepare_method(p.criteria, p.inputs.columns, p.sites, p.method);
  double squares = 0.0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    p.options.seed = seed;
    const auto u = rank_draws(prepared, p.inputs, p.weights, p.options);
    EXPECT_GE(u.standard_error, u.first_error[0]);
    squares += std::pow((u.first[0] - exact[0]) / u.first_error[0], 2) / 60.0;
  }
  EXPECT_GT(squares, 0.6);
  EXPECT_LT(squares, 3.0);
}

TEST(UncertaintyCases, ErrorsOfFirstSharesDoNotHangOnTheSeed) {
  // Ten sites on a simplex of weights, so that many have a share of the first rank.
  Problem p;
  p.sites = 10;
  for (const auto* name : {"x", "y", "z"}) {
    Criterion c;
    c.name = name;
    c.lo = 0;
    c.hi = 1;
    p.criteria.push_back(c);
  }
  const std::vector<double> rows = {1,   0,   0,   0,   1,   0,   0,   0,   1,   0.7,
                                    0.6, 0,   0.6, 0,   0.7, 0,   0.7, 0.6, 0.5, 0.5,
                                    0.5, 0.8, 0.3, 0.2, 0.3, 0.8, 0.2, 0.2, 0.3, 0.8};
  p.inputs.columns.resize(30);
  for (std::size_t i = 0; i < 10; ++i) {
    p.inputs.ids.push_back("S" + std::to_string(i));
    for (std::size_t j = 0; j < 3; ++j) p.inputs.columns[j * 10 + i] = rows[i * 3 + j];
  }
  p.weights = weights_of("scheme=free", 3);
  p.options.draws = 1000;
  const auto prepared = prepare_method(p.criteria, p.inputs.columns, p.sites, p.method);
  constexpr int seeds = 24;
  std::vector<double> sum(10, 0.0), squares(10, 0.0);
  std::vector<std::vector<double>> stated(10);
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    p.options.seed = seed;
    const auto u = rank_draws(prepared, p.inputs, p.weights, p.options);
    EXPECT_EQ(u.standard_error, *std::max_element(u.first_error.begin(), u.first_error.end()));
    for (std::size_t i = 0; i < 10; ++i) {
      sum[i] += u.first[i];
      squares[i] += u.first[i] * u.first[i];
      stated[i].push_back(u.first_error[i]);
    }
  }
  double scatter = 0.0, said_least = 1e9, said_most = 0.0;
  for (std::size_t i = 0; i < 10; ++i)
    scatter += (squares[i] - sum[i] * sum[i] / seeds) / (seeds - 1);
  for (int k = 0; k < seeds; ++k) {
    double said = 0.0;
    for (std::size_t i = 0; i < 10; ++i) said += stated[i][k] * stated[i][k];
    said_least = std::min(said_least, std::sqrt(said));
    said_most = std::max(said_most, std::sqrt(said));
  }
  EXPECT_GT(said_least, std::sqrt(scatter) / 1.7);
  EXPECT_LT(said_most, std::sqrt(scatter) * 1.7);
}

}  // namespace
}  // namespace lode::test
