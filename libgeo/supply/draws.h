// Inside of the supply room: streams of random numbers by name, and percentiles of what was drawn.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "libgeo/core/low_base_high.h"

namespace lode {

/// The stream of a source's or metal's figure, by its name and not its place: what stands beside it
/// in the table does not change what it draws. FNV-1a (Fowler, Noll, Vo 1991).
[[nodiscard]] inline std::uint64_t draw_stream(std::string_view id, std::string_view figure) {
  std::uint64_t hash = 14695981039346656037ull;
  const auto mix = [&](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
    hash = (hash ^ 0x1fu) * 1099511628211ull;  // "a" + "bc" is not "ab" + "c"
  };
  mix(id);
  mix(figure);
  return hash;
}

/// Value below which the part p of sorted values lies, straight between neighbours (Hyndman and Fan
/// 1996, type 7); NaN when there are none.
[[nodiscard]] inline double percentile_of_sorted(const std::vector<double>& sorted, double p) {
  if (sorted.empty()) return std::nan("");
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto k = static_cast<std::size_t>(at);
  if (k + 1 >= sorted.size()) return sorted.back();
  const double part = at - static_cast<double>(k);
  return part == 0.0 ? sorted[k] : sorted[k] + part * (sorted[k + 1] - sorted[k]);
}

/// P10, P50 and P90 of draws. One that gave nothing (NaN: never paid back) counts as beyond all
/// others; a percentile that falls on such is NaN.
[[nodiscard]] inline LowBaseHigh percentiles_of(std::vector<double> values) {
  for (double& value : values)
    if (std::isnan(value)) value = std::numeric_limits<double>::infinity();
  std::sort(values.begin(), values.end());
  const auto at = [&](double p) {
    const double value = percentile_of_sorted(values, p);
    return std::isfinite(value) ? value : std::nan("");
  };
  return {at(0.1), at(0.5), at(0.9)};
}

}  // namespace lode
