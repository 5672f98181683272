// Variogram maps, and the transforms of values that variograms are made of.
#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "libgeo/core/text.h"
#include "libgeo/estimation/variogram.h"
#include "libgeo/estimation/variogram_parts.h"

namespace lode {

using namespace variogram_parts;

namespace {
constexpr std::size_t map_half_limit = 200;
}  // namespace

VariogramMap variogram_map(const Samples& samples, const VariogramOptions& options,
                           const Progress& progress) {
  check_options(options);
  const auto half = static_cast<std::int64_t>(options.lags);
  if (options.lags > map_half_limit)
    throw Error("variogram.lag_count", std::to_string(options.lags) + " lags to each side", "--map",
                "A map takes at most " + std::to_string(map_half_limit) + ".");
  const Values values = values_of(samples, options);
  const double lag = options.lag_m;
  const double reach = (static_cast<double>(half) + 0.5) * lag * std::sqrt(2.0) * (1.0 + 1e-9);
  const PairIndex index(values.x, values.y, std::vector<double>(values.x.size(), 0.0), values.group,
                        reach);
  const Sorted sorted = sorted_values(index, values);
  const std::int64_t wide = 2 * half + 1;
  const auto cells = static_cast<std::size_t>(wide * wide);
  const double tall = options.directions[0].vertical_bandwidth_m;
  const auto cell_of = [&](double d) {
    const double k = std::floor(std::abs(d) / lag + 0.5);
    return static_cast<std::int64_t>(d < 0.0 ? -k : k);
  };
  Partial sums;
  with_measure(options, sorted, values.mean, [&](const auto& measure) {
    sums = over_samples(index, cells, options.jobs, progress, [&](std::size_t i, Partial& part) {
      index.visit(i, [&](std::size_t begin, std::size_t end) {
        for (std::size_t j = begin; j < end; ++j) {
          const double dz = values.z[index.sample(j)] - values.z[index.sample(i)];
          const double dx = index.x(j) - index.x(i), dy = index.y(j) - index.y(i);
          const std::int64_t a = cell_of(dx), b = cell_of(dy);
          const double m = measure(i, j);
          if (std::abs(a) > half || std::abs(b) > half || std::abs(dz) > tall || std::isnan(m))
            continue;
          // The half with the larger index; its opposite is filled in afterwards.
          const auto at = (b + half) * wide + a + half;
          const bool turned = at < static_cast<std::int64_t>(cells / 2);
          Bin& bin = part.bins[static_cast<std::size_t>(
              turned ? static_cast<std::int64_t>(cells) - 1 - at : at)];
          bin.pairs += 1.0;
          bin.main += m;
          add_ordered(bin, {dx, dy, dz, 0.0, sorted.first[i], sorted.first[j], m},
                      turned ? -1.0 : 1.0);
        }
      });
    });
  });
  VariogramMap map{lag, options.lags, {}};
  for (std::size_t c = 0; c < cells; ++c) {
    const Bin& bin = sums.bins[std::max(c, cells - 1 - c)];
    const auto column = static_cast<std::int64_t>(c) % wide,
               row = static_cast<std::int64_t>(c) / wide;
    map.cells.push_back({static_cast<double>(column - half) * lag,
                         static_cast<double>(row - half) * lag, static_cast<std::size_t>(bin.pairs),
                         gamma_of(options.type, bin, values.mean)});
  }
  return map;
}

std::vector<double> transformed(const Samples& samples, std::size_t variable,
                                VariogramTransform transform, double cutoff) {
  std::vector<double> values = samples.values.at(variable);
  if (transform == VariogramTransform::log)
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i] <= 0.0)
        throw Error("variogram.log_of_zero",
                    "the value " + number_text(values[i]) + " has no logarithm",
                    samples.variables.at(variable) + ", " + samples.name(i),
                    "Leave such samples out with --where, or take --transform nscore.");
      values[i] = std::log(values[i]);
    }
  if (transform == VariogramTransform::indicator)
    for (double& value : values)
      if (!std::isnan(value)) value = value <= cutoff ? 1.0 : 0.0;
  if (transform != VariogramTransform::nscore) return values;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (std::isfinite(values[i])) order.push_back(i);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> scores = values;
  for (std::size_t from = 0; from < order.size();) {
    std::size_t to = from + 1;
    while (to < order.size() && values[order[to]] == values[order[from]]) ++to;
    // Mean of the ranks from + 1 to `to`, less a half.
    const double p = 0.5 * static_cast<double>(from + to) / static_cast<double>(order.size());
    for (std::size_t at = from; at < to; ++at) scores[order[at]] = inverse_normal(p);
    from = to;
  }
  return scores;
}

double usual_lag(const Samples& samples, std::size_t lags) {
  double square = 0.0;
  for (const auto* axis : {&samples.x, &samples.y, &samples.z}) {
    if (axis->empty()) continue;
    const auto [low, high] = std::minmax_element(axis->begin(), axis->end());
    square += (*high - *low) * (*high - *low);
  }
  return std::sqrt(square) / 3.0 / static_cast<double>(lags);
}

}  // namespace lode
