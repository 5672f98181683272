#include "libgeo/ranking/setting.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace lode::ranking_work {

double margin_of(const Scored& scored, Method method, std::size_t a, std::size_t b) {
  if (method == Method::promethee1)
    return (scored.phi_plus[a] - scored.phi_minus[a]) - (scored.phi_plus[b] - scored.phi_minus[b]);
  return scored.merit[a] - scored.merit[b];
}

double margin_with(const Setting& s, const std::vector<double>& columns,
                   const std::vector<double>& weights) {
  return margin_of(
      score(prepare_method(s.table.criteria, columns, s.sites, s.options, s.ids), weights),
      s.options.method, s.a, s.b);
}

double margin_with(const Setting& s, const std::vector<double>& weights) {
  return margin_of(score(s.prepared, weights), s.options.method, s.a, s.b);
}

bool is_additive(Method method) {
  return method == Method::wsm || method == Method::spotis || is_promethee(method);
}

namespace {

bool has_fixed_scale(const Criterion& c) {
  return !c.curve.empty() || (!std::isnan(c.lo) && !std::isnan(c.hi));
}

bool all_fixed(const Setting& s) {
  return std::all_of(s.table.criteria.begin(), s.table.criteria.end(), has_fixed_scale);
}

/// Others enter the scale by their extremes alone.
bool by_extremes(const Setting& s) {
  if (s.options.method == Method::spotis || s.options.method == Method::electre_tri) return true;
  return s.options.normalise != Normalise::vector && s.options.normalise != Normalise::sum;
}

/// The other sites that are least and most in `value`.
template <class Value>
void add_ends(const Setting& s, const Value& value, std::set<std::size_t>& chosen) {
  std::size_t least = s.sites, most = s.sites;
  for (std::size_t i = 0; i < s.sites; ++i) {
    if (i == s.a || i == s.b) continue;
    if (least == s.sites || value(i) < value(least)) least = i;
    if (most == s.sites || value(i) > value(most)) most = i;
  }
  if (least == s.sites) return;
  chosen.insert(least);
  chosen.insert(most);
}

Setting only(const Setting& s, const std::set<std::size_t>& chosen) {
  Setting out{s.table, s.options, {}, {}, chosen.size(), 0, 0, s.weights, {}};
  for (const auto i : chosen) {
    if (i == s.a) out.a = out.ids.size();
    if (i == s.b) out.b = out.ids.size();
    out.ids.push_back(s.ids[i]);
  }
  for (std::size_t j = 0; j < s.table.criteria.size(); ++j)
    for (const auto i : chosen) out.columns.push_back(s.columns[j * s.sites + i]);
  out.prepared = prepare_method(out.table.criteria, out.columns, out.sites, out.options, out.ids);
  return out;
}

}  // namespace

bool stands_alone(const Setting& s) {
  const Method method = s.options.method;
  if (method == Method::vikor || method == Method::electre3 || is_promethee(method)) return false;
  if (method == Method::electre_tri || method == Method::spotis) return all_fixed(s);
  if (s.options.normalise == Normalise::none && method != Method::topsis) return true;
  return s.options.normalise == Normalise::bounds && all_fixed(s);
}

Setting essential(const Setting& s, bool weights_move) {
  const Method method = s.options.method;
  const bool vikor = method == Method::vikor;
  if (is_promethee(method) || method == Method::electre3 || !by_extremes(s)) return s;
  // VIKOR's Q is on the scale of the least and the largest S and R of all sites.
  if (vikor && (weights_move || s.options.normalise != Normalise::bounds || !all_fixed(s)))
    return s;
  std::set<std::size_t> chosen = {s.a, s.b};
  if (vikor) {
    const Scored scored = score(s.prepared, s.weights);
    add_ends(
        s, [&](std::size_t i) { return scored.s[i]; }, chosen);
    add_ends(
        s, [&](std::size_t i) { return scored.r[i]; }, chosen);
  } else if (!stands_alone(s)) {
    for (std::size_t j = 0; j < s.table.criteria.size(); ++j) {
      const double* column = s.columns.data() + j * s.sites;
      add_ends(
          s, [&](std::size_t i) { return column[i]; }, chosen);
      add_ends(
          s, [&](std::size_t i) { return oriented(s.table.criteria[j], column[i]); }, chosen);
    }
  }
  return chosen.size() < s.sites ? only(s, chosen) : s;
}

double scoring_cost(const Setting& s) {
  const double n = static_cast<double>(s.sites),
               cells = n * static_cast<double>(s.table.criteria.size());
  switch (s.options.method) {
    case Method::electre3:
      return 15.0 * cells * n + 60.0 * n * n;  // concordance, then two distillations
    case Method::promethee1:
    case Method::promethee2:
      return 60.0 * cells;
    case Method::wpm:
    case Method::waspas:
    case Method::owa:
    case Method::fuzzy:
    case Method::electre_tri:
      return 40.0 * cells;
    default:
      return 8.0 * cells;
  }
}

NetFlows::NetFlows(const Setting& s, std::size_t j)
    : criterion_(s.table.criteria[j]),
      options_(s.options),
      shape_(criterion_.shape.value_or(s.options.preference)),
      fixed_(has_fixed_scale(criterion_) || !std::isnan(criterion_.p) ||
             !std::isnan(criterion_.ideal)) {
  options_.jobs = 1;
  options_.owa_order.clear();  // one a criterion, and here is one criterion only
  const double* column = s.columns.data() + j * s.sites;
  bool any = false;
  for (std::size_t i = 0; i < s.sites; ++i) {
    if (i == s.a || i == s.b) continue;
    least_ = any ? std::min(least_, column[i]) : column[i];
    most_ = any ? std::max(most_, column[i]) : column[i];
    any = true;
    others_.push_back(oriented(criterion_, column[i]));
  }
}

double NetFlows::difference(double value_a, double value_b) const {
  // The thresholds follow from the extremes of a column, so they are those of its ends.
  std::vector<double> ends = {value_a, value_b};
  if (!others_.empty()) ends.insert(ends.end(), {least_, most_});
  const PreparedMethod p = prepare_method({criterion_}, ends, ends.size(), options_);
  const double a = oriented(criterion_, value_a), b = oriented(criterion_, value_b);
  const auto net = [&](double own, double other) {
    return preference(own - other, shape_, p.q[0], p.p[0]) -
           preference(other - own, shape_, p.q[0], p.p[0]);
  };
  double sum = 2.0 * net(a, b);
  for (const double other : others_) sum += net(a, other) - net(b, other);
  return sum / static_cast<double>(others_.size() + 1);
}

}  // namespace lode::ranking_work
