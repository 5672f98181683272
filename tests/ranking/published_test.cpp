// Every method and weighting against published and peer-computed figures.
#include <gtest/gtest.h>

#include <numeric>

#include "libgeo/ranking/methods.h"
#include "libgeo/ranking/weights.h"
#include "tests/ranking/cases.h"

namespace lode::test {
namespace {

void set_list(std::vector<Criterion>& criteria, const std::map<std::string, std::string>& given,
              const std::string& key, double Criterion::*member) {
  if (given.count(key) == 0) return;
  const auto values = numbers(given.at(key));
  ASSERT_EQ(values.size(), criteria.size()) << key;
  for (std::size_t j = 0; j < criteria.size(); ++j) criteria[j].*member = values[j];
}

std::vector<Criterion> criteria_of(const Case& one) {
  std::vector<Criterion> criteria;
  for (const auto& direction : words(one.at("directions"))) {
    Criterion c;
    c.name = "c" + std::to_string(criteria.size() + 1);
    c.direction = parse_direction(direction);
    criteria.push_back(c);
  }
  return criteria;
}

void set_parameters(const Case& one, std::vector<Criterion>& criteria, MethodOptions& options) {
  const auto given = parameters(one.at("parameters"));
  for (const auto& [key, member] :
       {std::pair{"q", &Criterion::q}, {"p", &Criterion::p}, {"v", &Criterion::v}})
    set_list(criteria, given, key, member);
  const auto bounds = words(one.at("bounds"));
  for (std::size_t j = 0; j < bounds.size(); ++j) {
    criteria[j].lo = number(split(bounds[j], ':')[0]);
    criteria[j].hi = number(split(bounds[j], ':')[1]);
  }
  for (const auto& [key, value] : given) {
    const auto list = words(value);
    for (std::size_t j = 0; j < criteria.size(); ++j) {
      const auto& own = list[j % list.size()];
      if (key == "shape") criteria[j].shape = parse_shape(own);
      if (key == "scale") criteria[j].scale = parse_scale(own);
      if (key == "ideal") {
        criteria[j].ideal = number(split(own, ':')[0]);
        if (split(own, ':').size() == 2) criteria[j].ideal_to = number(split(own, ':')[1]);
      }
      if (key == "profiles")
        for (const auto& limit : split(own, ':')) criteria[j].profiles.push_back(number(limit));
    }
    if (key == "curve")
      for (const auto& corner : list)
        criteria[0].curve.push_back({number(split(corner, ':')[0]), number(split(corner, ':')[1])});
    if (key == "vikor_v") options.vikor_v = number(value);
    if (key == "lambda") options.waspas_lambda = number(value);
    if (key == "cut") options.electre_cut = number(value);
    if (key == "optimistic") options.optimistic = true;
    if (key == "order") options.owa_order = numbers(value);
    if (key == "orness") options.owa_orness = number(value);
    if (key == "fuzzy") options.fuzzy = parse_fuzzy_operator(value);
    if (key == "gamma") options.fuzzy_gamma = number(value);
  }
}

/// The vector a case asks for. PROMETHEE's published flows of one source are sums over the other
/// sites, not means; they are brought to that form here.
std::vector<double> result_of(const Scored& scored, const std::string& quantity) {
  const double sums = static_cast<double>(scored.score.size() - 1);
  std::vector<double> out;
  if (quantity == "score") return scored.score;
  if (quantity == "s") return scored.s;
  if (quantity == "r") return scored.r;
  if (quantity == "credibility") return scored.credibility;
  if (quantity == "descending") return scored.descending;
  if (quantity == "ascending") return scored.ascending;
  if (quantity == "plus") return scored.phi_plus;
  if (quantity == "minus") return scored.phi_minus;
  if (quantity == "negated")
    for (const double x : scored.score) out.push_back(-x);
  if (quantity == "doubled")
    for (const double x : scored.score) out.push_back(2.0 * x);
  if (quantity == "phi_net")
    for (const double x : scored.score) out.push_back(x * sums);
  if (quantity == "phi_minus")
    for (const double x : scored.phi_minus) out.push_back(x * sums);
  if (quantity == "category")
    for (const auto x : scored.category) out.push_back(static_cast<double>(x));
  if (quantity == "compromise")
    for (const bool x : scored.compromise) out.push_back(x ? 1.0 : 0.0);
  if (quantity == "rank")
    for (const auto x : competition_ranks(scored.merit)) out.push_back(static_cast<double>(x));
  return out;
}

/// A partial order as words, one row a site.
std::string relation_of(const Scored& scored) {
  const std::size_t n = scored.score.size();
  EXPECT_EQ(scored.relation.size(), n * n);
  std::string out;
  for (std::size_t k = 0; k < scored.relation.size(); ++k) {
    if (k > 0 && k % n == 0) out += ' ';
    out += scored.relation[k];
  }
  return out;
}

class PublishedMethod : public testing::TestWithParam<Case> {};

TEST_P(PublishedMethod, Agrees) {
  const Case& one = GetParam();
  auto criteria = criteria_of(one);
  const Matrix values = matrix(one.at("matrix"));
  ASSERT_EQ(values.columns, criteria.size());
  MethodOptions options;
  options.method = parse_method(one.at("method"));
  options.normalise = parse_normalise(one.at("normalise"));
  set_parameters(one, criteria, options);
  auto weights = numbers(one.at("weights"));
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (auto& w : weights) w /= total;
  const auto scored =
      score(prepare_method(criteria, values.by_column(), values.rows, options), weights);
  if (one.at("quantity") == "relation") {
    EXPECT_EQ(relation_of(scored), one.at("expected")) << one.at("source");
    return;
  }
  const auto got = result_of(scored, one.at("quantity"));
  const auto expected = numbers(one.at("expected"));
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t k = 0; k < got.size(); ++k)
    EXPECT_NEAR(got[k], expected[k], number(one.at("tolerance")))
        << "entry " << k + 1 << ", " << one.at("source");
}

std::string name_of(const testing::TestParamInfo<Case>& info) {
  std::string name = info.param.at("case");
  for (auto& c : name)
    if (c == '-') c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Cases, PublishedMethod,
                         testing::ValuesIn(read_cases("ranking_methods.csv")), name_of);

class PublishedWeights : public testing::TestWithParam<Case> {};

Weights ahp_of(const Case& one) {
  AhpOptions options;
  options.geometric = one.at("directions") == "geometric";
  std::vector<std::vector<double>> matrices;
  std::vector<std::string> judges;
  std::size_t order = 0;
  for (const auto& judge : split(one.at("matrix"), '|')) {
    const Matrix m = matrix(judge);
    order = m.columns;
    matrices.push_back(m.cells);
    judges.push_back("judge " + std::to_string(matrices.size()));
  }
  return group_ahp_weights(matrices, judges, order, options);
}

Weights best_worst_of(const Matrix& m) {
  const std::vector<double> best_to(m.cells.begin(),
                                    m.cells.begin() + static_cast<long>(m.columns));
  const std::vector<double> to_worst(m.cells.begin() + static_cast<long>(m.columns), m.cells.end());
  const auto best =
      static_cast<std::size_t>(std::find(best_to.begin(), best_to.end(), 1.0) - best_to.begin());
  const auto worst =
      static_cast<std::size_t>(std::find(to_worst.begin(), to_worst.end(), 1.0) - to_worst.begin());
  return bwm_weights(best, worst, best_to, to_worst);
}

Weights weights_of(const Case& one) {
  const auto scheme = parse_weight_scheme(one.at("scheme"));
  if (scheme == WeightScheme::ahp) return ahp_of(one);
  const Matrix m = matrix(one.at("matrix"));
  std::vector<std::size_t> order(is_from_order(scheme) ? static_cast<std::size_t>(m.cells[0])
                                                       : m.columns);
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (is_from_order(scheme)) return rank_order_weights(scheme, order);
  if (scheme == WeightScheme::swara) return swara_weights(order, m.cells);
  if (scheme == WeightScheme::bwm) return best_worst_of(m);
  auto criteria = criteria_of(one);
  criteria.resize(m.columns);  // schemes that do not look at the directions state none
  return data_weights(scheme, criteria, m.by_column(), m.rows);
}

double figure_of(const Weights& weights, const std::string& quantity) {
  if (quantity == "lambda_max") return weights.lambda_max;
  if (quantity == "consistency_ratio") return weights.consistency_ratio;
  if (quantity == "random_index") return weights.random_index;
  if (quantity == "geometric_index") return weights.geometric_index;
  if (quantity == "input_ratio") return weights.input_ratio;
  if (quantity == "input_limit") return weights.input_limit;
  if (quantity == "output_ratio") return weights.output_ratio;
  if (quantity == "mend_value") return weights.mend.value;
  if (quantity == "mend_ratio") return weights.mend.ratio_after;
  ADD_FAILURE() << "no such figure: " << quantity;
  return std::nan("");
}

TEST_P(PublishedWeights, Agree) {
  const Case& one = GetParam();
  const Weights weights = weights_of(one);
  const std::vector<double> got = one.at("quantity") == "weights"
                                      ? weights.weights
                                      : std::vector<double>{figure_of(weights, one.at("quantity"))};
  const auto expected = numbers(one.at("expected"));
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t k = 0; k < got.size(); ++k)
    EXPECT_NEAR(got[k], expected[k], number(one.at("tolerance")))
        << "entry " << k + 1 << ", " << one.at("source");
}

INSTANTIATE_TEST_SUITE_P(Cases, PublishedWeights,
                         testing::ValuesIn(read_cases("ranking_weights.csv")), name_of);

}  // namespace
}  // namespace lode::test
