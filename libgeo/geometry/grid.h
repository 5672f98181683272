// A regular block grid in a projected or mine system: origin, spacing, count, rotation about z.
#pragma once

#include <array>
#include <cstddef>

namespace lode {

/// Blocks stand in the order x fastest, then y, then z. `origin` is the lower corner of the first
/// block; the grid turns about it, clockwise seen from above by `rotation_deg` (the azimuth of its
/// y axis from grid north).
struct BlockGrid {
  std::array<double, 3> origin{0.0, 0.0, 0.0};
  std::array<double, 3> spacing{1.0, 1.0, 1.0};  ///< m
  std::array<std::size_t, 3> count{1, 1, 1};
  double rotation_deg = 0.0;

  [[nodiscard]] std::size_t size() const { return count[0] * count[1] * count[2]; }
  [[nodiscard]] double block_m3() const { return spacing[0] * spacing[1] * spacing[2]; }
  [[nodiscard]] std::array<std::size_t, 3> ijk(std::size_t block) const {
    return {block % count[0], block / count[0] % count[1], block / (count[0] * count[1])};
  }
  [[nodiscard]] std::size_t index(std::size_t i, std::size_t j, std::size_t k) const {
    return i + count[0] * (j + count[1] * k);
  }
};

/// Centre of a block in the grid's system.
[[nodiscard]] std::array<double, 3> centre_of(const BlockGrid& grid, std::size_t block);
/// A place in the grid's own axes, counted from its origin (m along each axis).
[[nodiscard]] std::array<double, 3> to_grid(const BlockGrid& grid, std::array<double, 3> place);
/// The way back.
[[nodiscard]] std::array<double, 3> from_grid(const BlockGrid& grid, std::array<double, 3> local);

/// Errors "grid.spacing" (not 1e-6 to 1e7 m), "grid.origin" (beyond 1e9 m), "grid.count" (0, or
/// more than 2^40 blocks), "grid.rotation" (not finite). `where` names the option or file.
void check_grid(const BlockGrid& grid, const char* where);

}  // namespace lode
