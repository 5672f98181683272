#include "libgeo/deposit/top_cut.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/sum.h"

namespace lode {

namespace {

struct Weighed {
  double value, weight;
};

std::vector<Weighed> known_values(const std::vector<double>& values,
                                  const std::vector<double>& weights) {
  std::vector<Weighed> known;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isnan(values[i]) && weights[i] > 0.0) known.push_back({values[i], weights[i]});
  std::sort(known.begin(), known.end(), [](const Weighed& a, const Weighed& b) {
    return a.value != b.value ? a.value < b.value : a.weight < b.weight;
  });
  return known;
}

double variance_of(const std::vector<Weighed>& known, double mean, double total, double cap) {
  if (known.size() < 2) return std::nan("");
  Sum sum;
  for (const Weighed& one : known) {
    const double off = std::min(one.value, cap) - mean;
    sum += one.weight * off * off;
  }
  const auto n = static_cast<double>(known.size());
  return sum.value() / total * n / (n - 1.0);
}

CapEffect cap_effect(const std::vector<Weighed>& known, double cap, double total, double mean) {
  CapEffect effect;
  effect.cap = cap;
  Sum metal, above;
  for (const Weighed& one : known) {
    metal += one.weight * std::min(one.value, cap);
    if (one.value <= cap) continue;
    ++effect.capped;
    above += one.weight;
  }
  effect.capped_weight_pct = 100.0 * above.value() / total;
  effect.at_pct = 100.0 - effect.capped_weight_pct;
  effect.mean = metal.value() / total;
  effect.cv = std::sqrt(variance_of(known, effect.mean, total, cap)) / effect.mean;
  effect.metal_removed_pct = 100.0 * (mean - effect.mean) / mean;
  return effect;
}

// Metal in the richest `share` of the weight, %.
double top_metal(const std::vector<Weighed>& known, double share, double total, double mean) {
  double left = share * total;
  Sum metal;
  for (auto one = known.rbegin(); one != known.rend() && left > 0.0; ++one) {
    const double weight = std::min(left, one->weight);
    metal += weight * one->value;
    left -= weight;
  }
  return 100.0 * metal.value() / (mean * total);
}

void find_gap(const std::vector<Weighed>& known, double total, double gap_pct,
              GradeStatistics& stats) {
  stats.gap_value = stats.gap_next = std::nan("");
  Sum below;
  for (std::size_t i = 0; i + 1 < known.size(); ++i) {
    below += known[i].weight;
    if (below.value() < 0.9 * total || known[i].value <= 0.0) continue;
    if (known[i + 1].value - known[i].value <= gap_pct / 100.0 * known[i].value) continue;
    stats.gap_value = known[i].value;
    stats.gap_next = known[i + 1].value;
    return;
  }
}

void log_moments(const std::vector<Weighed>& known, GradeStatistics& stats) {
  std::vector<Weighed> logs;
  Sum weight, sum;
  for (const Weighed& one : known) {
    if (!(one.value > 0.0)) continue;
    logs.push_back({std::log(one.value), one.weight});
    weight += one.weight;
    sum += one.weight * logs.back().value;
  }
  stats.log_mean = stats.log_sd = std::nan("");
  if (logs.empty()) return;
  stats.log_mean = sum.value() / weight.value();
  stats.log_sd = std::sqrt(
      variance_of(logs, stats.log_mean, weight.value(), std::numeric_limits<double>::infinity()));
}

// Quantiles of rising shares (%), in one pass.
template <class Points>
std::vector<double> quantiles_of(const std::vector<Weighed>& known, double total,
                                 const Points& points) {
  std::vector<double> quantiles;
  Sum below;
  std::size_t i = 0;
  double last_value = known.front().value, last_at = 0.0;
  const auto centre = [&] { return (below.value() + known[i].weight / 2.0) / total; };
  for (const double point : points) {
    const double share = point / 100.0;
    while (i < known.size() && centre() < share) {
      last_value = known[i].value;
      last_at = centre();
      below += known[i].weight;
      ++i;
    }
    if (i == known.size()) {
      quantiles.push_back(known.back().value);
    } else {
      const double at = centre(), span = at - last_at;
      quantiles.push_back(i == 0 || span <= 0.0 ? known[i].value
                                                : last_value + (known[i].value - last_value) *
                                                                   (share - last_at) / span);
    }
  }
  return quantiles;
}

}  // namespace

GradeStatistics statistics_of(const std::vector<double>& values, const std::vector<double>& weights,
                              const StatisticsOptions& options) {
  GradeStatistics stats;
  const std::vector<Weighed> known = known_values(values, weights);
  stats.n = known.size();
  stats.missing = values.size() - known.size();
  if (known.empty()) {
    stats.min = stats.max = stats.mean = stats.sd = stats.cv = std::nan("");
    stats.log_mean = stats.log_sd = stats.gap_value = stats.gap_next = std::nan("");
    stats.top_tenth_metal_pct = stats.top_hundredth_metal_pct = std::nan("");
    stats.quantiles.fill(std::nan(""));
    return stats;
  }
  Sum weight, metal;
  for (const Weighed& one : known) {
    weight += one.weight;
    metal += one.weight * one.value;
  }
  const double total = stats.weight = weight.value();
  stats.min = known.front().value;
  stats.max = known.back().value;
  stats.mean = metal.value() / total;
  stats.sd =
      std::sqrt(variance_of(known, stats.mean, total, std::numeric_limits<double>::infinity()));
  stats.cv = stats.sd / stats.mean;
  log_moments(known, stats);
  const auto quantiles = quantiles_of(known, total, quantile_points);
  std::copy(quantiles.begin(), quantiles.end(), stats.quantiles.begin());
  stats.top_tenth_metal_pct = top_metal(known, 0.1, total, stats.mean);
  stats.top_hundredth_metal_pct = top_metal(known, 0.01, total, stats.mean);
  find_gap(known, total, options.gap_pct, stats);
  std::vector<double> caps = quantiles_of(known, total, cap_points);
  caps.insert(caps.end(), options.caps.begin(), options.caps.end());
  std::sort(caps.begin(), caps.end());
  caps.erase(std::unique(caps.begin(), caps.end()), caps.end());
  for (const double cap : caps) stats.caps.push_back(cap_effect(known, cap, total, stats.mean));
  return stats;
}

std::size_t apply_cap(std::vector<double>& values, double cap) {
  std::size_t capped = 0;
  for (double& value : values) {
    if (!(value > cap)) continue;
    value = cap;
    ++capped;
  }
  return capped;
}

}  // namespace lode
