#include "libgeo/estimation/variogram.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/estimation/pair_index.h"
#include "libgeo/estimation/variogram_model.h"
#include "libgeo/estimation/variogram_parts.h"

namespace lode {

using namespace variogram_parts;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// One direction, ready for the loop over pairs.
struct Aim {
  bool omni = true;
  double lag = 1.0, tolerance = infinity;  ///< infinite: half-open bins of half a lag
  std::size_t lags = 1, offset = 0;        ///< bins offset to offset + lags
  Matrix3 axes{};
  double cosine = 0.0, side = infinity, across = infinity;
};

struct Plan {
  std::vector<Aim> aims;
  std::size_t bins = 0;
  double reach_m = 0.0;
};

Plan plan_of(const VariogramOptions& options) {
  Plan plan;
  for (const VariogramDirection& direction : options.directions) {
    Aim aim;
    aim.omni = direction.omnidirectional;
    aim.lag = std::isnan(direction.lag_m) ? options.lag_m : direction.lag_m;
    if (!std::isnan(options.lag_tolerance_m)) aim.tolerance = options.lag_tolerance_m;
    aim.lags = options.lags;
    aim.offset = plan.bins;
    aim.axes = axes_of({direction.azimuth_deg, direction.dip_deg, 0.0});
    aim.cosine = direction.angle_tolerance_deg >= 90.0
                     ? 0.0
                     : axes_of({direction.angle_tolerance_deg, 0.0, 0.0})[0][1];
    aim.side = direction.bandwidth_m;
    aim.across = direction.vertical_bandwidth_m;
    plan.bins += aim.lags + 1;
    // A hair more, so that rounding in the search loses no pair at the edge.
    plan.reach_m =
        std::max(plan.reach_m, (static_cast<double>(aim.lags) + 0.5) * aim.lag * (1.0 + 1e-9));
    plan.aims.push_back(aim);
  }
  return plan;
}

// The bin of a distance, or more than the last.
std::size_t bin_of(const Aim& aim, double distance) {
  const double at = distance / aim.lag + 0.5;
  if (!(at < static_cast<double>(aim.lags) + 1.0)) return aim.lags + 1;
  const auto bin = static_cast<std::size_t>(at);
  if (aim.tolerance < infinity &&
      std::abs(distance - static_cast<double>(bin) * aim.lag) > aim.tolerance)
    return aim.lags + 1;
  return bin;
}

double along(const std::array<double, 3>& axis, const Pair& pair) {
  return axis[0] * pair.dx + axis[1] * pair.dy + axis[2] * pair.dz;
}

void add_to(const Aim& aim, const Pair& pair, Bin* bins) {
  const std::size_t at = bin_of(aim, pair.distance);
  if (at > aim.lags) return;
  double sign = 1.0;
  if (!aim.omni) {
    const double forward = along(aim.axes[0], pair);
    // Angles at the very edge count, whatever the last bit says.
    constexpr double hair = 1e-10;
    if (std::abs(forward) < (aim.cosine - hair) * pair.distance) return;
    if (aim.side < infinity && std::abs(along(aim.axes[1], pair)) > aim.side * (1.0 + hair)) return;
    if (aim.across < infinity && std::abs(along(aim.axes[2], pair)) > aim.across * (1.0 + hair))
      return;
    if (forward < 0.0) sign = -1.0;
  }
  Bin& bin = bins[aim.offset + at];
  bin.pairs += 1.0;
  bin.distance += pair.distance;
  bin.main += pair.measure;
  if (aim.omni) {
    const double sum = pair.tail + pair.head;
    const double squares = pair.tail * pair.tail + pair.head * pair.head;
    bin.tail += 0.5 * sum;
    bin.head += 0.5 * sum;
    bin.tail2 += 0.5 * squares;
    bin.head2 += 0.5 * squares;
  } else {
    add_ordered(bin, pair, sign);
  }
}

constexpr std::size_t strip = 256;

// Distances of sample i to a strip of others, in a loop that compilers vectorise.
void distances(const PairIndex& index, std::size_t i, std::size_t begin, std::size_t count,
               double* distance) {
  const double x = index.x(i), y = index.y(i), z = index.z(i);
  const double* xs = index.xs() + begin;
  const double* ys = index.ys() + begin;
  const double* zs = index.zs() + begin;
  for (std::size_t t = 0; t < count; ++t) {
    const double dx = xs[t] - x, dy = ys[t] - y, dz = zs[t] - z;
    distance[t] = std::sqrt(dx * dx + dy * dy + dz * dz);
  }
}

// The usual case by itself: all pairs, and only distance and measure to be added.
template <class Measure>
void gather_plain(const Aim& aim, double reach, const PairIndex& index, std::size_t i,
                  const Measure& measure, Bin* bins) {
  double distance[strip];
  index.visit(i, [&](std::size_t begin, std::size_t end) {
    for (std::size_t from = begin; from < end; from += strip) {
      const std::size_t count = std::min(strip, end - from);
      distances(index, i, from, count, distance);
      for (std::size_t t = 0; t < count; ++t) {
        if (distance[t] > reach) continue;
        const std::size_t at = bin_of(aim, distance[t]);
        if (at > aim.lags) continue;
        Bin& bin = bins[at];
        bin.pairs += 1.0;
        bin.distance += distance[t];
        bin.main += measure(i, from + t);
      }
    }
  });
}

template <class Measure>
std::size_t gather_full(const Plan& plan, const PairIndex& index, const Sorted& sorted,
                        std::size_t i, const Measure& measure, Bin* bins) {
  double distance[strip];
  std::size_t skipped = 0;
  index.visit(i, [&](std::size_t begin, std::size_t end) {
    for (std::size_t from = begin; from < end; from += strip) {
      const std::size_t count = std::min(strip, end - from);
      distances(index, i, from, count, distance);
      for (std::size_t t = 0; t < count; ++t) {
        if (distance[t] > plan.reach_m) continue;
        const std::size_t j = from + t;
        const double m = measure(i, j);
        if (std::isnan(m)) {
          ++skipped;
          continue;
        }
        const Pair pair{index.x(j) - index.x(i),
                        index.y(j) - index.y(i),
                        index.z(j) - index.z(i),
                        distance[t],
                        sorted.first[i],
                        sorted.first[j],
                        m};
        for (const Aim& aim : plan.aims) add_to(aim, pair, bins);
      }
    }
  });
  return skipped;
}

bool needs_ends(VariogramType type) {
  return type == VariogramType::covariance || type == VariogramType::correlogram ||
         type == VariogramType::general_relative || type == VariogramType::pairwise_relative;
}

DirectionalVariogram result_of(const Aim& aim, const VariogramDirection& direction,
                               const std::vector<Bin>& bins, VariogramType type, double mean) {
  DirectionalVariogram result;
  result.direction = direction;
  result.direction.lag_m = aim.lag;
  for (std::size_t k = 0; k <= aim.lags; ++k) {
    const Bin& bin = bins[aim.offset + k];
    VariogramLag lag;
    lag.lag = k;
    lag.pairs = static_cast<std::size_t>(bin.pairs);
    if (lag.pairs > 0) {
      lag.distance_m = bin.distance / bin.pairs;
      lag.gamma = gamma_of(type, bin, mean);
      lag.separation_m = {bin.dx / bin.pairs, bin.dy / bin.pairs, bin.dz / bin.pairs};
    }
    result.lags.push_back(lag);
  }
  return result;
}

void say(ExperimentalVariogram& result, const Values& values, const Partial& sums,
         const std::string& name) {
  constexpr std::size_t few = 30;
  if (values.missing > 0)
    result.findings.add("variogram.missing_value", Severity::note, name,
                        "samples without a value were left out", values.missing);
  if (sums.skipped > 0)
    result.findings.add("variogram.zero_sum", Severity::warning, name,
                        "pairs whose values sum to 0 have no relative difference; left out",
                        sums.skipped);
  std::size_t total = 0, thin = 0;
  for (const DirectionalVariogram& one : result.directions)
    for (const VariogramLag& lag : one.lags) {
      total += lag.pairs;
      if (lag.pairs > 0 && lag.pairs < few) ++thin;
    }
  if (total == 0)
    throw Error("variogram.no_pairs", "no pair of samples lies in any lag", name,
                "Give a longer --lag, more --lags or wider tolerances.");
  if (thin > 0)
    result.findings.add("variogram.few_pairs", Severity::note, name,
                        "lags with fewer than 30 pairs; their values are little sure", thin);
}

std::size_t same_place(const PairIndex& index, std::size_t i) {
  std::size_t count = 0;
  index.visit(i, [&](std::size_t begin, std::size_t end) {
    for (std::size_t j = begin; j < end; ++j)
      if (index.x(j) == index.x(i) && index.y(j) == index.y(i) && index.z(j) == index.z(i)) ++count;
  });
  return count;
}

}  // namespace

ExperimentalVariogram experimental_variogram(const Samples& samples,
                                             const VariogramOptions& options,
                                             const Progress& progress) {
  check_options(options);
  const Values values = values_of(samples, options);
  const Plan plan = plan_of(options);
  const PairIndex index(values.x, values.y, values.z, values.group, plan.reach_m);
  const Sorted sorted = sorted_values(index, values);
  const bool plain = plan.aims.size() == 1 && plan.aims[0].omni && !needs_ends(options.type);
  Partial sums;
  with_measure(options, sorted, values.mean, [&](const auto& measure) {
    sums =
        over_samples(index, plan.bins, options.jobs, progress, [&](std::size_t i, Partial& part) {
          if (plain)
            gather_plain(plan.aims[0], plan.reach_m, index, i, measure, part.bins.data());
          else
            part.skipped += gather_full(plan, index, sorted, i, measure, part.bins.data());
        });
  });
  ExperimentalVariogram result;
  result.type = options.type;
  result.samples = values.first.size();
  result.mean = values.mean;
  result.variance = values.variance;
  for (std::size_t d = 0; d < plan.aims.size(); ++d)
    result.directions.push_back(
        result_of(plan.aims[d], options.directions[d], sums.bins, options.type, values.mean));
  const PairIndex close(values.x, values.y, values.z, values.group,
                        std::max(plan.reach_m * 1e-6, 1e-9));
  for (std::size_t i = 0; i < close.size(); ++i) result.same_place_pairs += same_place(close, i);
  const std::string name = samples.variables.at(options.variable);
  if (result.same_place_pairs > 0)
    result.findings.add("variogram.same_place", Severity::warning, name,
                        "pairs of samples at one place; they count in lag 0",
                        result.same_place_pairs);
  say(result, values, sums, name);
  return result;
}

}  // namespace lode
