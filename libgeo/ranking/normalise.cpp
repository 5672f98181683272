#include "libgeo/ranking/normalise.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/sum.h"
#include "libgeo/ranking/choices.h"

namespace lode {

namespace {

constexpr ranking_choices::Names<Normalise, 6> normalise_names{{{Normalise::bounds, "bounds"},
                                                                {Normalise::minmax, "minmax"},
                                                                {Normalise::vector, "vector"},
                                                                {Normalise::max, "max"},
                                                                {Normalise::sum, "sum"},
                                                                {Normalise::none, "none"}}};

bool is_target(const Criterion& c) {
  return !std::isnan(c.ideal);
}
double curve_value(const std::vector<CurvePoint>& curve, double x) {
  if (x <= curve.front().at) return curve.front().value;
  for (std::size_t k = 1; k < curve.size(); ++k) {
    if (x > curve[k].at) continue;
    const double share = (x - curve[k - 1].at) / (curve[k].at - curve[k - 1].at);
    return curve[k - 1].value + share * (curve[k].value - curve[k - 1].value);
  }
  return curve.back().value;
}

double on_scale(const Criterion& c, double x) {
  return c.scale == Scale::log ? std::log(x) : x;
}

/// The value without its sense: what the formulas of normalisation are written for.
double transformed(const Criterion& c, double x) {
  if (!c.curve.empty()) return curve_value(c.curve, x);
  // With bounds stated, what has no logarithm is below the lower one, and counts as that.
  const double t = on_scale(c, c.scale == Scale::log && !(x > 0.0) && c.lo > 0.0 ? c.lo : x);
  if (!is_target(c)) return t;
  const double from = on_scale(c, c.ideal);
  const double to = std::isnan(c.ideal_to) ? from : on_scale(c, c.ideal_to);
  return -std::max({0.0, from - t, t - to});
}

std::string id_of(const std::vector<std::string>& ids, std::size_t site) {
  return site < ids.size() ? ids[site] : "site " + std::to_string(site + 1);
}

[[noreturn]] void not_positive(const Criterion& c, const std::vector<std::string>& ids,
                               std::size_t site, double value, const std::string& who) {
  throw Error("ranking.not_positive", who + " cannot take the value " + number_text(value),
              id_of(ids, site) + ", " + c.name,
              "Use --normalise bounds with stated bounds, or a linear scale.");
}

struct Column {
  const Criterion& criterion;
  const double* value;
  std::size_t sites;
  const std::vector<std::string>& ids;
};

/// Merit under fixed bounds; values outside are taken at the bound and counted.
void by_bounds(const Column& column, double* merit, Findings& findings) {
  const Criterion& c = column.criterion;
  if (!c.curve.empty()) {
    for (std::size_t i = 0; i < column.sites; ++i) merit[i] = curve_value(c.curve, column.value[i]);
    return;
  }
  const Bounds bounds = bounds_of(c, column.value, column.sites);
  if (bounds.observed)
    findings.add("ranking.observed_bounds", Severity::note, c.name,
                 "no bounds are stated: the observed " + number_text(bounds.lo) + " to " +
                     number_text(bounds.hi) +
                     " are used, so the order may change when sites are added");
  const double lo = on_scale(c, bounds.lo), hi = on_scale(c, bounds.hi);
  const double from = is_target(c) ? on_scale(c, c.ideal) : hi;
  const double to = std::isnan(c.ideal_to) ? from : on_scale(c, c.ideal_to);
  std::size_t clamped = 0, first = 0;
  for (std::size_t i = 0; i < column.sites; ++i) {
    const double x = std::clamp(column.value[i], bounds.lo, bounds.hi);
    if (x != column.value[i] && clamped++ == 0) first = i;
    const double t = on_scale(c, x);
    if (is_target(c)) {
      merit[i] = t < from ? 1.0 - (from - t) / (from - lo)
                 : t > to ? 1.0 - (t - to) / (hi - to)
                          : 1.0;
    } else if (hi > lo) {
      merit[i] = is_cost(c) ? (hi - t) / (hi - lo) : (t - lo) / (hi - lo);
    } else {
      merit[i] = 0.5;
    }
  }
  if (clamped > 0)
    findings.add({"ranking.clamped", Severity::warning, c.name, clamped,
                  "outside the stated bounds " + number_text(bounds.lo) + " to " +
                      number_text(bounds.hi) + " and taken at the bound, first at " +
                      id_of(column.ids, first)});
}

void by_share(const Column& column, Normalise how, double* merit) {
  const Criterion& c = column.criterion;
  const bool cost = is_cost(c);
  const std::string who = how == Normalise::sum ? "sum" : "max";
  Sum total;
  double largest = 0.0;
  for (std::size_t i = 0; i < column.sites; ++i) {
    const double t = transformed(c, column.value[i]);
    if (t < 0.0 || (cost && t == 0.0)) not_positive(c, column.ids, i, column.value[i], who);
    merit[i] = cost ? 1.0 / t : t;
    total += merit[i];
    largest = std::max(largest, merit[i]);
  }
  const double by = how == Normalise::sum ? total.value() : largest;
  if (by == 0.0) not_positive(c, column.ids, 0, 0.0, who);
  for (std::size_t i = 0; i < column.sites; ++i) merit[i] /= by;
}

void by_vector(const Column& column, double* merit) {
  const Criterion& c = column.criterion;
  double largest = 0.0;
  for (std::size_t i = 0; i < column.sites; ++i) {
    merit[i] = transformed(c, column.value[i]);
    largest = std::max(largest, std::abs(merit[i]));
  }
  // Squares of large or small values must not leave the range of numbers; a power of two as the
  // unit changes no digit.
  const double unit = largest > 0.0 ? std::ldexp(1.0, std::ilogb(largest)) : 1.0;
  Sum squares;
  for (std::size_t i = 0; i < column.sites; ++i) squares += (merit[i] / unit) * (merit[i] / unit);
  const double length = unit * std::sqrt(squares.value());
  for (std::size_t i = 0; i < column.sites; ++i) {
    const double share = length > 0.0 ? merit[i] / length : 0.0;
    merit[i] = is_cost(c) ? 1.0 - share : share;
  }
}

void by_extremes(const Column& column, double* merit) {
  const Criterion& c = column.criterion;
  for (std::size_t i = 0; i < column.sites; ++i) merit[i] = transformed(c, column.value[i]);
  const auto [low, high] = std::minmax_element(merit, merit + column.sites);
  const double lo = *low, hi = *high;
  for (std::size_t i = 0; i < column.sites; ++i)
    merit[i] = !(hi > lo)   ? 0.5
               : is_cost(c) ? (hi - merit[i]) / (hi - lo)
                            : (merit[i] - lo) / (hi - lo);
}

void check_log(const Column& column) {
  const Criterion& c = column.criterion;
  if (c.scale != Scale::log || !c.curve.empty()) return;
  if (!std::isnan(c.lo)) return;  // a value at or below 0 counts as the stated lower bound
  for (std::size_t i = 0; i < column.sites; ++i)
    if (!(column.value[i] > 0.0))
      not_positive(c, column.ids, i, column.value[i], "a log scale without stated bounds");
}

/// Values must be finite: one that is not would spoil the merits of all others.
void check_finite(const Column& column) {
  for (std::size_t i = 0; i < column.sites; ++i)
    if (!std::isfinite(column.value[i]))
      throw Error("ranking.not_finite",
                  "the value " + number_text(column.value[i]) + " is not finite",
                  id_of(column.ids, i) + ", " + column.criterion.name,
                  "Give a finite number, or say what to do with --missing.");
}

/// Values so large or so small that their sums, squares or inverses leave the range of numbers.
void check_merits(const Column& column, const double* merit) {
  for (std::size_t i = 0; i < column.sites; ++i)
    if (!std::isfinite(merit[i]))
      throw Error("ranking.not_finite",
                  "the merit of the value " + number_text(column.value[i]) +
                      " is beyond the range of numbers",
                  id_of(column.ids, i) + ", " + column.criterion.name,
                  "State the criterion in another unit, or use --normalise bounds.");
}

}  // namespace

bool is_cost(const Criterion& c) {
  return c.direction == Direction::min && c.curve.empty() && !is_target(c);
}

std::string_view to_text(Normalise normalise) {
  return ranking_choices::name_of(normalise_names, normalise);
}
Normalise parse_normalise(std::string_view text, const std::string& where) {
  return ranking_choices::choice_of(normalise_names, text, "normalisation", where);
}

Bounds bounds_of(const Criterion& criterion, const double* column, std::size_t sites) {
  if (!std::isnan(criterion.lo) && !std::isnan(criterion.hi))
    return {criterion.lo, criterion.hi, false};
  if (!criterion.curve.empty())
    return {criterion.curve.front().at, criterion.curve.back().at, false};
  Bounds bounds{column[0], column[0], true};
  for (std::size_t i = 1; i < sites; ++i) {
    bounds.lo = std::min(bounds.lo, column[i]);
    bounds.hi = std::max(bounds.hi, column[i]);
  }
  if (is_target(criterion)) {  // the target itself belongs to the scale
    bounds.lo = std::min(bounds.lo, criterion.ideal);
    bounds.hi =
        std::max(bounds.hi, std::isnan(criterion.ideal_to) ? criterion.ideal : criterion.ideal_to);
  }
  return bounds;
}

double oriented(const Criterion& criterion, double value) {
  const double t = transformed(criterion, value);
  return is_cost(criterion) ? -t : t;
}

Normalised normalise(const std::vector<Criterion>& criteria, const std::vector<double>& columns,
                     std::size_t sites, Normalise how, const std::vector<std::string>& ids) {
  Normalised out;
  out.sites = sites;
  out.criteria = criteria.size();
  out.merit.resize(columns.size());
  for (std::size_t j = 0; j < criteria.size(); ++j) {
    const Column column{criteria[j], columns.data() + j * sites, sites, ids};
    double* merit = out.merit.data() + j * sites;
    check_finite(column);
    check_log(column);
    switch (how) {
      case Normalise::bounds:
        by_bounds(column, merit, out.findings);
        break;
      case Normalise::minmax:
        by_extremes(column, merit);
        break;
      case Normalise::vector:
        by_vector(column, merit);
        break;
      case Normalise::max:
      case Normalise::sum:
        by_share(column, how, merit);
        break;
      case Normalise::none:
        for (std::size_t i = 0; i < sites; ++i) merit[i] = oriented(criteria[j], column.value[i]);
    }
    check_merits(column, merit);
    const auto [low, high] = std::minmax_element(merit, merit + sites);
    if (sites > 1 && *low == *high)
      out.findings.add("ranking.constant_criterion", Severity::note, criteria[j].name,
                       "every site has the same value: the criterion does not tell them apart");
    const Bounds bounds = bounds_of(criteria[j], column.value, sites);
    const bool fixed = how == Normalise::bounds && bounds.lo < bounds.hi;
    out.best.push_back(fixed ? 1.0 : *high);
    out.worst.push_back(fixed ? 0.0 : *low);
  }
  return out;
}

}  // namespace lode
