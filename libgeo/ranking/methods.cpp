#include "libgeo/ranking/methods.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/choices.h"
#include "libgeo/ranking/method_parts.h"

namespace lode {

namespace {

constexpr ranking_choices::Names<Method, 12> method_names{{{Method::wsm, "wsm"},
                                                           {Method::wpm, "wpm"},
                                                           {Method::waspas, "waspas"},
                                                           {Method::topsis, "topsis"},
                                                           {Method::vikor, "vikor"},
                                                           {Method::promethee1, "promethee1"},
                                                           {Method::promethee2, "promethee2"},
                                                           {Method::electre3, "electre3"},
                                                           {Method::electre_tri, "electre-tri"},
                                                           {Method::spotis, "spotis"},
                                                           {Method::owa, "owa"},
                                                           {Method::fuzzy, "fuzzy"}}};
constexpr ranking_choices::Names<FuzzyOperator, 5> fuzzy_names{{{FuzzyOperator::all, "and"},
                                                                {FuzzyOperator::any, "or"},
                                                                {FuzzyOperator::product, "product"},
                                                                {FuzzyOperator::sum, "sum"},
                                                                {FuzzyOperator::gamma, "gamma"}}};

enum class Family { rows, promethee, electre };

Family family_of(Method method) {
  switch (method) {
    case Method::promethee1:
    case Method::promethee2:
      return Family::promethee;
    case Method::electre3:
    case Method::electre_tri:
      return Family::electre;
    default:
      return Family::rows;
  }
}

void check_range(const char* name, double value, double least, double most) {
  if (!(value >= least && value <= most))
    throw Error("ranking.option",
                std::string(name) + " = " + number_text(value) + " is not from " +
                    number_text(least) + " to " + number_text(most),
                name);
}

void check_options(const MethodOptions& o, std::size_t criteria) {
  check_range("waspas lambda", o.waspas_lambda, 0.0, 1.0);
  check_range("vikor v", o.vikor_v, 0.0, 1.0);
  check_range("fuzzy gamma", o.fuzzy_gamma, 0.0, 1.0);
  check_range("owa orness", o.owa_orness, 1e-6, 1.0 - 1e-6);
  check_range("electre cut", o.electre_cut, 0.5, 1.0);
  check_range("electre alpha", o.electre_alpha, 0.0, 1.0);
  check_range("electre beta", o.electre_beta, 0.0, o.electre_alpha);
  if (o.owa_order.empty()) return;
  const double total = std::accumulate(o.owa_order.begin(), o.owa_order.end(), 0.0);
  const bool negative =
      std::any_of(o.owa_order.begin(), o.owa_order.end(), [](double w) { return !(w >= 0.0); });
  if (o.owa_order.size() != criteria || negative || std::abs(total - 1.0) > 1e-6)
    throw Error("ranking.option", "order weights are one number from 0 up a criterion and sum to 1",
                "owa order");
}

}  // namespace

std::string_view to_text(Method method) {
  return ranking_choices::name_of(method_names, method);
}
Method parse_method(std::string_view text, const std::string& where) {
  return ranking_choices::choice_of(method_names, text, "ranking method", where);
}
std::string_view to_text(FuzzyOperator op) {
  return ranking_choices::name_of(fuzzy_names, op);
}
FuzzyOperator parse_fuzzy_operator(std::string_view text, const std::string& where) {
  return ranking_choices::choice_of(fuzzy_names, text, "fuzzy operator", where);
}

PreparedMethod prepare_method(const std::vector<Criterion>& criteria,
                              const std::vector<double>& columns, std::size_t sites,
                              const MethodOptions& options, const std::vector<std::string>& ids) {
  check_options(options, criteria.size());
  PreparedMethod prepared;
  prepared.options = options;
  prepared.criteria = criteria;
  prepared.sites = sites;
  switch (family_of(options.method)) {
    case Family::promethee:
      method_parts::prepare_promethee(prepared, columns);
      break;
    case Family::electre:
      method_parts::prepare_electre(prepared, columns);
      break;
    case Family::rows:
      // SPOTIS is defined by bounds; nothing else would make it free of rank reversal.
      prepared.norm =
          normalise(criteria, columns, sites,
                    options.method == Method::spotis ? Normalise::bounds : options.normalise, ids);
      prepared.findings.add(prepared.norm.findings);
      method_parts::prepare_rows(prepared);
      if (options.method != Method::spotis) break;
      for (std::size_t j = 0; j < criteria.size();
           ++j) {  // a target's distance counts against the whole range
        if (std::isnan(criteria[j].ideal)) continue;
        const Bounds bounds = bounds_of(criteria[j], columns.data() + j * sites, sites);
        Criterion plain = criteria[j];
        plain.ideal = plain.ideal_to = not_stated;
        plain.direction = Direction::max;
        const double range = oriented(plain, bounds.hi) - oriented(plain, bounds.lo);
        for (std::size_t i = 0; i < sites; ++i)
          prepared.toward[j * sites + i] =
              range > 0.0 ? -oriented(criteria[j],
                                      std::clamp(columns[j * sites + i], bounds.lo, bounds.hi)) /
                                range
                          : 0.0;
      }
  }
  return prepared;
}

void merits(const PreparedMethod& prepared, const double* weights, double* merit) {
  switch (family_of(prepared.options.method)) {
    case Family::promethee:
      return method_parts::promethee_merits(prepared, weights, merit);
    case Family::electre:
      return method_parts::electre_merits(prepared, weights, merit);
    case Family::rows:
      return method_parts::row_merits(prepared, weights, merit);
  }
}

void merits(const PreparedMethod& prepared, const double* weights, std::size_t draws,
            double* merit) {
  const std::size_t n = prepared.sites, m = prepared.criteria.size();
  if (method_parts::merits_in_blocks(prepared.options.method)) {
    constexpr std::size_t block = 256;  // sites whose columns stay in cache for all the draws
    for (std::size_t from = 0; from < n; from += block)
      for (std::size_t d = 0; d < draws; ++d)
        method_parts::block_merits(prepared, weights + d * m, from, std::min(n, from + block),
                                   merit + d * n);
    return;
  }
  for (std::size_t d = 0; d < draws; ++d) merits(prepared, weights + d * m, merit + d * n);
}

Scored score(const PreparedMethod& prepared, const std::vector<double>& weights) {
  if (weights.size() != prepared.criteria.size())
    throw Error("ranking.shape", "there is not one weight a criterion");
  Scored out;
  switch (family_of(prepared.options.method)) {
    case Family::promethee:
      method_parts::promethee_score(prepared, weights, out);
      break;
    case Family::electre:
      method_parts::electre_score(prepared, weights, out);
      break;
    case Family::rows:
      method_parts::row_score(prepared, weights, out);
  }
  return out;
}

std::vector<std::size_t> competition_ranks(const std::vector<double>& merit, double tolerance) {
  std::vector<std::size_t> order(merit.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return merit[a] > merit[b]; });
  std::vector<std::size_t> ranks(merit.size(), 1);
  std::size_t group = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const double head = merit[order[group]], own = merit[order[k]];
    if (!(head - own <= tolerance * std::max(1.0, std::abs(head)))) group = k;
    ranks[order[k]] = group + 1;
  }
  return ranks;
}

namespace method_parts {

double threshold(const Criterion& criterion, double stated) {
  return criterion.scale == Scale::log && criterion.curve.empty() ? std::log(stated) : stated;
}

std::vector<char> relation_of(const std::vector<double>& up, const std::vector<double>& down) {
  const std::size_t n = up.size();
  std::vector<char> relation(n * n);
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = 0; b < n; ++b) {
      const bool at_least = up[a] >= up[b] && down[a] <= down[b];
      const bool at_most = up[a] <= up[b] && down[a] >= down[b];
      relation[a * n + b] = at_least ? (at_most ? 'I' : 'P') : at_most ? '-' : 'R';
    }
  return relation;
}

void refuse_value(const Criterion& criterion, double value) {
  if (!std::isfinite(value))
    throw Error("ranking.not_finite", "the value " + number_text(value) + " is not finite",
                criterion.name, "Give a finite number, or say what to do with --missing.");
  throw Error("ranking.not_positive", "a log scale cannot take the value " + number_text(value),
              criterion.name, "Use a linear scale for this criterion.");
}

void weighted_columns(const double* columns, std::size_t n, std::size_t m, const double* weights,
                      double* out) {
  constexpr std::size_t block = 512;  // 4 kB of sums stay in the nearest cache
  for (std::size_t from = 0; from < n; from += block)
    weighted_block(columns, n, m, weights, from, std::min(n, from + block), out);
}

void weighted_block(const double* columns, std::size_t n, std::size_t m, const double* weights,
                    std::size_t from, std::size_t to, double* out) {
  std::fill(out + from, out + to, 0.0);
  for (std::size_t j = 0; j < m; ++j) {
    const double w = weights[j];
    const double* column = columns + j * n;
    for (std::size_t i = from; i < to; ++i) out[i] += w * column[i];
  }
}

}  // namespace method_parts

}  // namespace lode
