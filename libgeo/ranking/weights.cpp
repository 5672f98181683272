#include "libgeo/ranking/weights.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/sum.h"
#include "libgeo/ranking/choices.h"
#include "libgeo/ranking/weight_parts.h"

namespace lode {

namespace {

constexpr ranking_choices::Names<WeightScheme, 19> scheme_names{
    {{WeightScheme::given, "given"},
     {WeightScheme::equal, "equal"},
     {WeightScheme::free, "free"},
     {WeightScheme::uncertain, "uncertain"},
     {WeightScheme::ordered, "ordered"},
     {WeightScheme::ahp, "ahp"},
     {WeightScheme::bwm, "bwm"},
     {WeightScheme::swara, "swara"},
     {WeightScheme::roc, "roc"},
     {WeightScheme::entropy, "entropy"},
     {WeightScheme::critic, "critic"},
     {WeightScheme::merec, "merec"},
     {WeightScheme::rank_sum, "rank-sum"},
     {WeightScheme::rank_reciprocal, "rank-reciprocal"},
     {WeightScheme::sd, "sd"},
     {WeightScheme::gini, "gini"},
     {WeightScheme::cilos, "cilos"},
     {WeightScheme::idocriw, "idocriw"},
     {WeightScheme::lopcow, "lopcow"}}};

}  // namespace

namespace weight_parts {

double total_of(const std::vector<double>& values) {
  Sum sum;
  for (const double v : values) sum += v;
  return sum.value();
}

Weights from_raw(std::vector<double> raw, const std::string& note) {
  Weights out;
  out.note = note;
  const double total = total_of(raw);
  if (!(total > 0.0)) {
    out = equal_weights(raw.size());
    out.note = note;
    out.findings.add("ranking.no_contrast", Severity::warning, note,
                     "no criterion tells the sites apart: equal weights are used");
    return out;
  }
  for (auto& w : raw) w /= total;
  out.weights = std::move(raw);
  return out;
}

}  // namespace weight_parts

using weight_parts::from_raw;
using weight_parts::total_of;

bool is_from_data(WeightScheme scheme) {
  switch (scheme) {
    case WeightScheme::entropy:
    case WeightScheme::critic:
    case WeightScheme::merec:
    case WeightScheme::sd:
    case WeightScheme::gini:
    case WeightScheme::cilos:
    case WeightScheme::idocriw:
    case WeightScheme::lopcow:
      return true;
    default:
      return false;
  }
}
bool is_from_order(WeightScheme scheme) {
  return scheme == WeightScheme::roc || scheme == WeightScheme::rank_sum ||
         scheme == WeightScheme::rank_reciprocal;
}

std::string_view to_text(WeightScheme scheme) {
  return ranking_choices::name_of(scheme_names, scheme);
}
WeightScheme parse_weight_scheme(std::string_view text, const std::string& where) {
  return ranking_choices::choice_of(scheme_names, text, "weighting", where);
}

Weights given_weights(const std::vector<Criterion>& criteria, bool rescale) {
  Weights out;
  std::vector<std::string> without;
  for (const auto& c : criteria) {
    if (std::isnan(c.weight)) without.push_back(c.name);
    if (c.weight < 0.0 || std::isinf(c.weight))
      throw Error("ranking.bad_weight",
                  "the weight " + number_text(c.weight) + " is not a number from 0 up", c.name);
    out.weights.push_back(c.weight);
  }
  if (!without.empty())
    throw Error("ranking.no_weights", "no weight is stated", join(without, ", "),
                "State a weight for every criterion, or use --weights equal, free, entropy, ...");
  const double total = total_of(out.weights);
  if (!(total > 0.0)) throw Error("ranking.bad_weight", "all weights are 0", "weights");
  if (std::abs(total - 1.0) > 1e-6 && !rescale)
    throw Error("ranking.weights_sum", "the weights sum to " + number_text(total) + ", not to 1",
                "weights", "Correct them, or add --rescale-weights.");
  if (std::abs(total - 1.0) > 1e-6)
    out.findings.add("ranking.weights_rescaled", Severity::note, "weights",
                     "the weights summed to " + number_text(total) + " and were divided by that");
  for (auto& w : out.weights) w /= total;
  out.note = "given";
  return out;
}

Weights equal_weights(std::size_t criteria) {
  Weights out;
  out.weights.assign(criteria, 1.0 / static_cast<double>(criteria));
  out.note = "equal";
  return out;
}

Weights roc_weights(const std::vector<std::size_t>& order) {
  Weights out;
  const std::size_t m = order.size();
  out.weights.assign(m, 0.0);
  for (std::size_t k = 0; k < m; ++k) {
    Sum sum;
    for (std::size_t i = k; i < m; ++i) sum += 1.0 / static_cast<double>(i + 1);
    out.weights[order[k]] = sum.value() / static_cast<double>(m);
  }
  out.note = "rank-order centroids";
  return out;
}

namespace {

Weights by_place(const std::vector<std::size_t>& order, const std::string& note,
                 double (*raw)(std::size_t place, std::size_t count)) {
  Weights out;
  out.weights.assign(order.size(), 0.0);
  Sum total;
  for (std::size_t k = 0; k < order.size(); ++k) total += raw(k + 1, order.size());
  for (std::size_t k = 0; k < order.size(); ++k)
    out.weights[order[k]] = raw(k + 1, order.size()) / total.value();
  out.note = note;
  return out;
}

}  // namespace

Weights rank_sum_weights(const std::vector<std::size_t>& order) {
  return by_place(order, "rank sums", [](std::size_t place, std::size_t count) {
    return static_cast<double>(count + 1 - place);
  });
}

Weights rank_reciprocal_weights(const std::vector<std::size_t>& order) {
  return by_place(order, "rank reciprocals",
                  [](std::size_t place, std::size_t) { return 1.0 / static_cast<double>(place); });
}

Weights rank_order_weights(WeightScheme scheme, const std::vector<std::size_t>& order) {
  if (scheme == WeightScheme::rank_sum) return rank_sum_weights(order);
  if (scheme == WeightScheme::rank_reciprocal) return rank_reciprocal_weights(order);
  return roc_weights(order);
}

Weights swara_weights(const std::vector<std::size_t>& order, const std::vector<double>& step) {
  if (step.size() != order.size())
    throw Error("ranking.judgement", "SWARA needs one step a criterion", "judgements");
  std::vector<double> raw(order.size(), 0.0);
  double q = 1.0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    if (k > 0 && !(step[k] >= 0.0 && std::isfinite(step[k])))
      throw Error("ranking.judgement", "a SWARA step is a number from 0 up",
                  "place " + std::to_string(k + 1));
    if (k > 0) q /= 1.0 + step[k];
    raw[order[k]] = q;
  }
  return from_raw(std::move(raw), "SWARA");
}

}  // namespace lode
