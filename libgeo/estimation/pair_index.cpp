#include "libgeo/estimation/pair_index.h"

#include <algorithm>
#include <numeric>

namespace lode {

PairIndex::PairIndex(std::span<const double> x, std::span<const double> y,
                     std::span<const double> z, std::span<const std::uint32_t> group,
                     double reach_m)
    : reach_(reach_m) {
  const std::size_t n = x.size();
  if (n == 0) return;
  const std::array<std::span<const double>, 3> given{x, y, z};
  const std::array<double, 3> origin{x[0], y[0], z[0]};
  std::array<double, 3> high{};
  for (std::size_t axis = 0; axis < 3; ++axis)
    for (const double value : given[axis]) {
      low_[axis] = std::min(low_[axis], value - origin[axis]);
      high[axis] = std::max(high[axis], value - origin[axis]);
    }
  // A third of the reach keeps three quarters of the visited pairs inside it; never so small that
  // an axis has more cells than a key has room for.
  size_ = reach_ / 3.0;
  for (std::size_t axis = 0; axis < 3; ++axis)
    size_ = std::max(size_, (high[axis] - low_[axis]) / 1.0e6);
  for (std::size_t axis = 0; axis < 3; ++axis)
    most_[axis] = static_cast<std::int64_t>((high[axis] - low_[axis]) / size_);

  std::vector<std::uint64_t> key_of(n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto [a, b, c] = cell_of(x[i] - origin[0], y[i] - origin[1], z[i] - origin[2]);
    key_of[i] = key(a, b, c);
  }
  order_.resize(n);
  std::iota(order_.begin(), order_.end(), 0u);
  std::sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (!group.empty() && group[a] != group[b]) return group[a] < group[b];
    if (key_of[a] != key_of[b]) return key_of[a] < key_of[b];
    return a < b;
  });
  for (const std::uint32_t i : order_) {
    x_.push_back(x[i] - origin[0]);
    y_.push_back(y[i] - origin[1]);
    z_.push_back(z[i] - origin[2]);
    key_.push_back(key_of[i]);
  }
  group_end_.assign(n, n);
  for (std::size_t i = n - 1; i-- > 0;)
    group_end_[i] =
        group.empty() || group[order_[i]] == group[order_[i + 1]] ? group_end_[i + 1] : i + 1;
}

std::int64_t PairIndex::cell(std::size_t axis, double value) const {
  const double at = (value - low_[axis]) / size_;
  if (!(at > 0.0)) return 0;
  return at >= static_cast<double>(most_[axis]) ? most_[axis] : static_cast<std::int64_t>(at);
}

double PairIndex::gap(std::size_t axis, std::int64_t index, double value) const {
  // The outermost cells take in what rounding puts just outside them.
  const double from = low_[axis] + static_cast<double>(index) * size_;
  if (value < from) return (from - value) / slack;
  if (index < most_[axis] && value > from + size_) return (value - from - size_) / slack;
  return 0.0;
}

std::size_t PairIndex::lower(std::uint64_t wanted, std::size_t from, std::size_t to) const {
  return static_cast<std::size_t>(std::lower_bound(key_.begin() + static_cast<std::ptrdiff_t>(from),
                                                   key_.begin() + static_cast<std::ptrdiff_t>(to),
                                                   wanted) -
                                  key_.begin());
}

}  // namespace lode
