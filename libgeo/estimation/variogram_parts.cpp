#include "libgeo/estimation/variogram_parts.h"

#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"

namespace lode::variogram_parts {

namespace {

constexpr std::size_t most_lags = 10000;
constexpr std::size_t most_directions = 1000;

double mean_of(const std::vector<double>& values) {
  Sum sum;
  for (const double value : values) sum += value;
  return sum.value() / static_cast<double>(values.size());
}

void refuse_alike(const std::vector<double>& values, const std::string& name) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  if (*low == *high)
    throw Error("variogram.all_alike", "all " + std::to_string(values.size()) + " values are alike",
                name,
                "Nothing varies, so there is no variogram: check the column, or the cut-off.");
}

// Pairs count within a domain and, down-hole, within a hole: one number for both.
std::vector<std::uint32_t> groups_of(const Samples& samples, bool down_hole) {
  if (samples.domain.empty() && !down_hole) return {};
  if (down_hole && samples.hole.empty())
    throw Error("variogram.no_holes", "it is not known which hole a sample is of", {},
                "Name the column with --hole.");
  std::map<std::pair<std::string, std::uint32_t>, std::uint32_t> known;
  std::vector<std::uint32_t> group;
  for (std::size_t i = 0; i < samples.size(); ++i)
    group.push_back(known
                        .emplace(std::pair{samples.domain.empty() ? "" : samples.domain[i],
                                           down_hole ? samples.hole[i] : 0u},
                                 static_cast<std::uint32_t>(known.size()))
                        .first->second);
  return group;
}

}  // namespace

Values values_of(const Samples& samples, const VariogramOptions& options) {
  Values values;
  const bool cross = options.type == VariogramType::cross;
  const auto& first = samples.values.at(options.variable);
  const auto& second = samples.values.at(cross ? options.variable2 : options.variable);
  const auto group = groups_of(samples, options.down_hole);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (!std::isfinite(samples.x[i]) || !std::isfinite(samples.y[i]) ||
        !std::isfinite(samples.z[i]))
      throw Error("variogram.place", "the sample has no finite place", samples.name(i),
                  "Give it coordinates or leave it out.");
    if (!std::isfinite(first[i]) || !std::isfinite(second[i])) {
      ++values.missing;
      continue;
    }
    values.x.push_back(samples.x[i]);
    values.y.push_back(samples.y[i]);
    values.z.push_back(samples.z[i]);
    values.first.push_back(first[i]);
    if (cross) values.second.push_back(second[i]);
    if (!group.empty()) values.group.push_back(group[i]);
  }
  const std::string name = samples.variables.at(options.variable);
  if (values.first.size() < 2)
    throw Error("variogram.too_few_samples",
                std::to_string(values.first.size()) + " samples have a value", name,
                "A variogram needs pairs: at least two samples.");
  refuse_alike(values.first, name);
  if (cross) refuse_alike(values.second, samples.variables.at(options.variable2));
  values.mean = mean_of(values.first);
  Sum squares;
  for (double& value : values.first) {
    value -= values.mean;
    squares += value * value;
  }
  values.variance = squares.value() / static_cast<double>(values.first.size());
  return values;
}

void check_options(const VariogramOptions& options) {
  const auto length = [](double lag) { return std::isfinite(lag) && lag > 0.0; };
  if (options.lags < 1 || options.lags > most_lags)
    throw Error("variogram.lag_count", std::to_string(options.lags) + " lags", "--lags",
                "Between 1 and " + std::to_string(most_lags) + ".");
  if (options.directions.empty() || options.directions.size() > most_directions)
    throw Error("variogram.direction",
                std::to_string(options.directions.size()) + " directions were given", "--azimuth",
                "Between 1 and " + std::to_string(most_directions) + ".");
  for (const VariogramDirection& direction : options.directions) {
    const double lag = std::isnan(direction.lag_m) ? options.lag_m : direction.lag_m;
    if (!length(lag))
      throw Error("variogram.lag", "the lag is " + number_text(lag) + " m", "--lag",
                  "A length above 0, near the usual distance between samples.");
    const double tolerance = options.lag_tolerance_m;
    if (!std::isnan(tolerance) && !(tolerance > 0.0 && tolerance <= lag / 2.0))
      throw Error("variogram.lag_tolerance",
                  "the lag tolerance is " + number_text(tolerance) + " m at a lag of " +
                      number_text(lag) + " m",
                  "--lag-tolerance",
                  "Above 0 and at most half the lag: a wider one would count pairs twice.");
    if (direction.omnidirectional) continue;
    if (!std::isfinite(direction.azimuth_deg) || !std::isfinite(direction.dip_deg) ||
        !(direction.angle_tolerance_deg > 0.0 && direction.angle_tolerance_deg <= 90.0) ||
        !(direction.bandwidth_m > 0.0) || !(direction.vertical_bandwidth_m > 0.0))
      throw Error("variogram.direction",
                  "azimuth " + number_text(direction.azimuth_deg) + ", dip " +
                      number_text(direction.dip_deg) + ", angle tolerance " +
                      number_text(direction.angle_tolerance_deg) + " are no direction",
                  "--azimuth", "Tolerance above 0 up to 90 degrees, bandwidths above 0.");
  }
}

Sorted sorted_values(const PairIndex& index, const Values& values) {
  Sorted sorted;
  for (const std::uint32_t i : index.order()) {
    sorted.first.push_back(values.first[i]);
    if (!values.second.empty()) sorted.second.push_back(values.second[i]);
  }
  return sorted;
}

double gamma_of(VariogramType type, const Bin& bin, double mean) {
  const double n = bin.pairs;
  if (n == 0.0) return std::numeric_limits<double>::quiet_NaN();
  const double tail = bin.tail / n, head = bin.head / n;
  switch (type) {
    case VariogramType::covariance:
      return bin.main / n - tail * head;
    case VariogramType::correlogram: {
      const double spread = (bin.tail2 / n - tail * tail) * (bin.head2 / n - head * head);
      return spread > 0.0 ? (bin.main / n - tail * head) / std::sqrt(spread)
                          : std::numeric_limits<double>::quiet_NaN();
    }
    case VariogramType::general_relative: {
      const double middle = 0.5 * (tail + head) + mean;
      return middle != 0.0 ? 0.5 * bin.main / n / (middle * middle)
                           : std::numeric_limits<double>::quiet_NaN();
    }
    default:
      return 0.5 * bin.main / n;
  }
}

}  // namespace lode::variogram_parts
