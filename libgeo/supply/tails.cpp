#include "libgeo/supply/tails.h"

#include <algorithm>
#include <cmath>

#include "libgeo/supply/cost_lanes.h"
#include "libgeo/supply/draws.h"

namespace lode {

namespace {

constexpr std::size_t sample_size = 128;

double straight_between(double a, double b, double part) {
  const double value = part == 0.0 ? a : a + part * (b - a);
  return std::isfinite(value) ? value : std::nan("");
}

/// Value below which the part p lies.
double tail(const double* values, std::size_t count, double p, TailRoom& room) {
  const double at = p * static_cast<double>(count - 1);
  const auto k = static_cast<std::size_t>(at);
  const auto size = static_cast<double>(sample_size);
  const double middle = p * size, reach = 2.5 * std::sqrt(size * p * (1.0 - p));
  const auto first = static_cast<std::size_t>(std::max(0.0, middle - reach));
  const auto last = std::min(sample_size - 1, static_cast<std::size_t>(middle + reach) + 1);
  std::vector<double>& picked = room.picked;
  std::size_t some = 0;
  std::size_t below = cost_lanes::kernels().pick(values, count, room.sample[first],
                                                 room.sample[last], picked.data(), some);
  if (k < below || k + 1 >= below + some) {  // the sample was an odd one
    std::copy(values, values + count, picked.begin());
    below = 0;
    some = count;
  }
  const auto begin = picked.begin(), end = begin + static_cast<std::ptrdiff_t>(some);
  const auto here = begin + static_cast<std::ptrdiff_t>(k - below);
  std::nth_element(begin, here, end);
  return straight_between(*here, *std::min_element(here + 1, end), at - static_cast<double>(k));
}

}  // namespace

LowBaseHigh tails_of(const double* values, std::size_t count, TailRoom& room) {
  if (count < 4 * sample_size) {
    LowBaseHigh all = percentiles_of(std::vector<double>(values, values + count));
    all.base = std::nan("");
    return all;
  }
  room.picked.resize(count + cost_lanes::spare);
  room.sample.resize(sample_size);
  for (std::size_t i = 0; i < sample_size; ++i) room.sample[i] = values[i * count / sample_size];
  std::sort(room.sample.begin(), room.sample.end());
  return {tail(values, count, 0.1, room), std::nan(""), tail(values, count, 0.9, room)};
}

}  // namespace lode
