// Samples sorted into cells, so that only pairs within a distance are visited, each once.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lode {

/// Sorted by group, then cell, then sample. Pairs are of one group only.
class PairIndex {
 public:
  /// `group` may be empty. Coordinates are kept relative to the first sample.
  PairIndex(std::span<const double> x, std::span<const double> y, std::span<const double> z,
            std::span<const std::uint32_t> group, double reach_m);

  [[nodiscard]] std::size_t size() const { return order_.size(); }
  /// Place of the sorted sample in the input.
  [[nodiscard]] std::size_t sample(std::size_t sorted) const { return order_[sorted]; }
  [[nodiscard]] const std::vector<std::uint32_t>& order() const { return order_; }
  [[nodiscard]] const double* xs() const { return x_.data(); }
  [[nodiscard]] const double* ys() const { return y_.data(); }
  [[nodiscard]] const double* zs() const { return z_.data(); }
  [[nodiscard]] double x(std::size_t sorted) const { return x_[sorted]; }
  [[nodiscard]] double y(std::size_t sorted) const { return y_[sorted]; }
  [[nodiscard]] double z(std::size_t sorted) const { return z_[sorted]; }

  /// Calls run(begin, end) for runs of sorted samples after `i` that hold all partners of `i`
  /// within reach (and some beyond it).
  template <class Run>
  void visit(std::size_t i, Run run) const {
    const std::size_t last = group_end_[i];
    const auto [ci, cj, ck] = cell_of(x_[i], y_[i], z_[i]);
    const std::int64_t top = cell(2, z_[i] + reach_);
    for (std::int64_t k = ck; k <= top; ++k) {
      const double dz = k == ck ? 0.0 : gap(2, k, z_[i]);
      const double wide = reach_ * reach_ - dz * dz;
      if (wide < 0.0) break;
      const double ry = std::sqrt(wide) * slack;
      const std::int64_t back = cell(1, y_[i] + ry);
      for (std::int64_t j = k == ck ? cj : cell(1, y_[i] - ry); j <= back; ++j) {
        const double dy = gap(1, j, y_[i]);
        const double left = wide * slack - dy * dy;
        if (left < 0.0) continue;
        const double rx = std::sqrt(left) * slack;
        const bool own = k == ck && j == cj;
        const std::size_t begin = own ? i + 1 : lower(key(cell(0, x_[i] - rx), j, k), i + 1, last);
        const std::size_t end = lower(key(cell(0, x_[i] + rx), j, k) + 1, begin, last);
        if (end > begin) run(begin, end);
      }
    }
  }

 private:
  // A hair more than reach, against rounding: whoever visits tests the distance again.
  static constexpr double slack = 1.0 + 1e-9;
  [[nodiscard]] std::int64_t cell(std::size_t axis, double value) const;
  [[nodiscard]] std::array<std::int64_t, 3> cell_of(double x, double y, double z) const {
    return {cell(0, x), cell(1, y), cell(2, z)};
  }
  // Distance along an axis from a coordinate to a cell, 0 inside it.
  [[nodiscard]] double gap(std::size_t axis, std::int64_t index, double value) const;
  [[nodiscard]] static std::uint64_t key(std::int64_t i, std::int64_t j, std::int64_t k) {
    return static_cast<std::uint64_t>((k << 42) | (j << 21) | i);
  }
  [[nodiscard]] std::size_t lower(std::uint64_t wanted, std::size_t from, std::size_t to) const;

  double reach_ = 0.0;
  double size_ = 1.0;
  std::array<double, 3> low_{};
  std::array<std::int64_t, 3> most_{};
  std::vector<double> x_, y_, z_;
  std::vector<std::uint64_t> key_;
  std::vector<std::uint32_t> order_;
  std::vector<std::size_t> group_end_;
};

}  // namespace lode
