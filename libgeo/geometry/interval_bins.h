// Items listed in even bins along one axis, to find those that may meet an interval.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace lode {

/// The bin of a value, the first or last one for values beyond them.
[[nodiscard]] inline std::size_t bin_of(double value, double lower, double size, std::size_t bins) {
  const double at = (value - lower) / size;
  if (!(at > 0.0)) return 0;
  return at < static_cast<double>(bins) ? static_cast<std::size_t>(at) : bins - 1;
}

/// Items of bin b stand in `list` from start[b] to start[b + 1], rising.
struct IntervalBins {
  double lower = 0.0, size = 1.0;
  std::vector<std::uint32_t> start, list;

  [[nodiscard]] std::size_t count() const { return start.empty() ? 0 : start.size() - 1; }
  [[nodiscard]] std::size_t of(double value) const { return bin_of(value, lower, size, count()); }

  /// Lists `items` things from `low(i)` to `high(i)` on an axis from `from` to `to`. One bin an
  /// item, fewer where long items would stand in more than `most_an_item` bins each, so that the
  /// memory stays bounded.
  template <class Low, class High>
  void fill(std::size_t items, double from, double to, std::size_t most_an_item, Low low,
            High high) {
    lower = from;
    std::size_t bins = std::clamp<std::size_t>(items, 1, 65536);
    std::vector<std::uint64_t> entries;
    for (;; bins = (bins + 1) / 2) {
      size = (to - from) / static_cast<double>(bins);
      entries.assign(bins + 1, 0);
      std::uint64_t all = 0;
      for (std::size_t i = 0; i < items; ++i) {
        const auto first = bin_of(low(i), lower, size, bins);
        const auto last = bin_of(high(i), lower, size, bins);
        all += last - first + 1;
        for (auto b = first; b <= last; ++b) ++entries[b + 1];
      }
      if (bins == 1 || all <= most_an_item * items + 65536) break;
    }
    start.resize(entries.size());
    std::uint64_t total = 0;
    for (std::size_t b = 0; b < entries.size(); ++b)
      start[b] = static_cast<std::uint32_t>(total += entries[b]);
    list.resize(start.back());
    std::vector<std::uint32_t> next(start.begin(), start.end() - 1);
    for (std::size_t i = 0; i < items; ++i) {
      const auto last = bin_of(high(i), lower, size, bins);
      for (auto b = bin_of(low(i), lower, size, bins); b <= last; ++b)
        list[next[b]++] = static_cast<std::uint32_t>(i);
    }
  }
};

}  // namespace lode
