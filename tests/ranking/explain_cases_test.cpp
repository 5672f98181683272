// Explanations against hand-made, closed-form and published figures.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/ranking/explain.h"
#include "libgeo/ranking/stability.h"
#include "tests/ranking/cases.h"

namespace lode::test {
namespace {

DecisionTable table_of(Case& one, const std::map<std::string, std::string>& extra) {
  DecisionTable table;
  const Matrix m = matrix(one["matrix"]);
  const auto weights = numbers(one["weights"]);
  double total = 0.0;
  for (const double w : weights) total += w;
  for (std::size_t i = 0; i < m.rows; ++i) table.ids.push_back(std::string(1, char('A' + i)));
  for (std::size_t j = 0; j < m.columns; ++j) {
    Criterion c;
    c.name = "c" + std::to_string(j);
    c.direction = parse_direction(words(one["directions"])[j]);
    c.weight = weights[j] / total;
    const auto ends = split(words(one["bounds"])[j], ':');
    c.lo = number(ends[0]);
    c.hi = number(ends[1]);
    if (extra.count("scale") > 0) c.scale = parse_scale(extra.at("scale"));
    if (extra.count("ideal") > 0 && j == 0) c.ideal = number(extra.at("ideal"));
    table.criteria.push_back(c);
  }
  table.values = m.cells;
  return table;
}

RankOptions options_for(Case& one, const std::map<std::string, std::string>& extra) {
  RankOptions options;
  options.draws.draws = 0;
  options.rescale_weights = true;
  options.method.method = parse_method(one["method"]);
  if (extra.count("fuzzy") > 0) options.method.fuzzy = parse_fuzzy_operator(extra.at("fuzzy"));
  if (extra.count("shape") > 0) options.method.preference = parse_shape(extra.at("shape"));
  if (extra.count("order") > 0) options.method.owa_order = numbers(extra.at("order"));
  return options;
}

std::vector<double> correlation(Case& one, const std::string& quantity) {
  const Matrix m = matrix(one["matrix"]);
  const auto half = m.cells.begin() + static_cast<std::ptrdiff_t>(m.columns);
  const std::vector<double> x(m.cells.begin(), half), y(half, m.cells.end());
  return {quantity == "tau"   ? kendall_tau(x, y)
          : quantity == "rho" ? spearman_rho(x, y)
          : quantity == "rw"  ? weighted_rho(x, y)
                              : ws_coefficient(x, y)};
}

std::vector<double> sobol(DecisionTable table, RankOptions options) {
  const std::size_t m = table.criteria.size();
  table.low.assign(table.values.size(), std::nan(""));
  table.high = table.low;
  for (std::size_t j = 0; j < m; ++j) {
    table.low[j] = table.criteria[j].lo;
    table.high[j] = table.criteria[j].hi;
  }
  options.draws.draws = 100;
  options.draws.spread = Spread::uniform;
  const auto why = explain(table, "A", "B", options);
  std::vector<double> out;
  for (const auto& index : why.sobol) out.push_back(index.first);
  for (const auto& index : why.sobol) out.push_back(index.total);
  for (const auto& index : why.sobol) {
    EXPECT_GT(index.first_error, 0.001);
    EXPECT_LT(index.first_error, 0.03);
  }
  return out;
}

TEST(ExplanationCases, AllRows) {
  std::size_t count = 0;
  for (auto& one : read_cases("ranking_explanations.csv")) {
    SCOPED_TRACE(one["case"]);
    ++count;
    const std::string kind = one["kind"];
    auto extra = parameters(one["parameters"]);
    const std::size_t j = extra.count("j") > 0 ? static_cast<std::size_t>(number(extra["j"])) : 0;
    const auto expected = numbers(one["expected"]);
    const double tolerance = number(one["tolerance"]);
    std::vector<double> got;
    if (kind == "correlation") {
      got = correlation(one, extra["quantity"]);
    } else if (kind == "sobol") {
      got = sobol(table_of(one, extra), options_for(one, extra));
    } else if (kind == "stability") {
      const auto all = weight_stability(table_of(one, extra), options_for(one, extra));
      got = {all[j].low, all[j].high};
      EXPECT_EQ(all[j].below, extra["below"]);
      EXPECT_EQ(all[j].above, extra["above"]);
    } else {
      const auto why = explain(table_of(one, extra), "A", "B", options_for(one, extra));
      if (kind == "split") got = why.split;
      if (kind == "weight_flip")
        got = {why.weight_flips[j].found ? why.weight_flips[j].to : std::nan("")};
      if (kind == "value_flip") {
        const double to = why.value_flips[j].found ? why.value_flips[j].to : std::nan("");
        double nearest = std::numeric_limits<double>::infinity();
        for (const double x : expected) nearest = std::min(nearest, std::abs(x - to));
        EXPECT_LE(nearest, tolerance) << to;
        continue;
      }
    }
    ASSERT_EQ(got.size(), expected.size());
    for (std::size_t k = 0; k < got.size(); ++k) {
      if (std::isnan(expected[k])) {
        EXPECT_TRUE(std::isnan(got[k])) << got[k];
      } else {
        EXPECT_NEAR(got[k], expected[k], tolerance);
      }
    }
  }
  EXPECT_GE(count, 40u);
}

}  // namespace
}  // namespace lode::test
