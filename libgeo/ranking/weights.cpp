#include "libgeo/ranking/weights.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/sum.h"
#include "libgeo/ranking/choices.h"
#include "libgeo/ranking/normalise.h"

namespace lode {

namespace {

constexpr ranking_choices::Names<WeightScheme, 12> scheme_names{
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
     {WeightScheme::merec, "merec"}}};

double total_of(const std::vector<double>& values) {
  Sum sum;
  for (const double v : values) sum += v;
  return sum.value();
}

/// Divides by the sum; all zero becomes equal, with a finding.
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

double correlation(const double* a, const double* b, std::size_t n) {
  Sum sa, sb;
  for (std::size_t i = 0; i < n; ++i) sa += a[i], sb += b[i];
  const double ma = sa.value() / static_cast<double>(n), mb = sb.value() / static_cast<double>(n);
  Sum ab, aa, bb;
  for (std::size_t i = 0; i < n; ++i) {
    ab += (a[i] - ma) * (b[i] - mb);
    aa += (a[i] - ma) * (a[i] - ma);
    bb += (b[i] - mb) * (b[i] - mb);
  }
  const double scale = std::sqrt(aa.value() * bb.value());
  return scale > 0.0 ? ab.value() / scale : 0.0;
}

double deviation(const double* a, std::size_t n) {
  Sum sum, squares;
  for (std::size_t i = 0; i < n; ++i) sum += a[i];
  const double mean = sum.value() / static_cast<double>(n);
  for (std::size_t i = 0; i < n; ++i) squares += (a[i] - mean) * (a[i] - mean);
  return std::sqrt(squares.value() / static_cast<double>(n));
}

}  // namespace

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

Weights entropy_weights(const std::vector<double>& columns, std::size_t sites,
                        std::size_t criteria) {
  std::vector<double> raw(criteria, 0.0);
  for (std::size_t j = 0; j < criteria; ++j) {
    const double* x = columns.data() + j * sites;
    Sum total;
    for (std::size_t i = 0; i < sites; ++i) {
      if (x[i] < 0.0)
        throw Error(
            "ranking.not_positive", "entropy weights cannot take the value " + number_text(x[i]),
            "criterion " + std::to_string(j + 1), "Use --weights critic, which takes any sign.");
      total += x[i];
    }
    if (!(total.value() > 0.0))
      throw Error("ranking.not_positive", "entropy weights cannot take a column of zeros",
                  "criterion " + std::to_string(j + 1), "Leave the criterion out.");
    Sum entropy;
    for (std::size_t i = 0; i < sites; ++i) {
      const double share = x[i] / total.value();
      if (share > 0.0) entropy += -share * std::log(share);
    }
    const bool constant = std::all_of(x, x + sites, [&](double v) { return v == x[0]; });
    if (!constant)
      raw[j] = std::max(0.0, 1.0 - entropy.value() / std::log(static_cast<double>(sites)));
  }
  return from_raw(std::move(raw), "entropy");
}

Weights critic_weights(const std::vector<Criterion>& criteria, const std::vector<double>& columns,
                       std::size_t sites) {
  const Normalised norm = normalise(criteria, columns, sites, Normalise::minmax);
  const std::size_t m = criteria.size();
  std::vector<double> spread(m), raw(m, 0.0);
  for (std::size_t j = 0; j < m; ++j) spread[j] = deviation(norm.merit.data() + j * sites, sites);
  for (std::size_t j = 0; j < m; ++j) {
    Sum conflict;
    for (std::size_t k = 0; k < m; ++k)
      if (k != j && spread[k] > 0.0)
        conflict +=
            1.0 - correlation(norm.merit.data() + j * sites, norm.merit.data() + k * sites, sites);
    raw[j] = m == 1 ? spread[j] : std::max(0.0, spread[j] * conflict.value());
  }
  return from_raw(std::move(raw), "CRITIC");
}

Weights merec_weights(const std::vector<Criterion>& criteria, const std::vector<double>& columns,
                      std::size_t sites) {
  const std::size_t m = criteria.size();
  std::vector<double> logs(columns.size());
  for (std::size_t j = 0; j < m; ++j) {
    const double* x = columns.data() + j * sites;
    const auto [low, high] = std::minmax_element(x, x + sites);
    if (!(*low > 0.0))
      throw Error("ranking.not_positive",
                  "MEREC weights cannot take the value " + number_text(*low), criteria[j].name,
                  "Use --weights critic, which takes any sign.");
    const bool cost = criteria[j].direction == Direction::min;
    for (std::size_t i = 0; i < sites; ++i)
      logs[j * sites + i] = std::abs(std::log(cost ? x[i] / *high : *low / x[i]));
  }
  std::vector<double> raw(m, 0.0);
  const double share = 1.0 / static_cast<double>(m);
  for (std::size_t i = 0; i < sites; ++i) {
    Sum all;
    for (std::size_t j = 0; j < m; ++j) all += logs[j * sites + i];
    const double whole = std::log1p(share * all.value());
    for (std::size_t j = 0; j < m; ++j)
      raw[j] +=
          std::abs(std::log1p(share * std::max(0.0, all.value() - logs[j * sites + i])) - whole);
  }
  return from_raw(std::move(raw), "MEREC");
}

}  // namespace lode
