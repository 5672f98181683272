#include "libgeo/geometry/grid.h"

#include <cmath>
#include <numbers>

#include "libgeo/core/error.h"

namespace lode {

namespace {

struct Turn {
  double sine = 0.0, cosine = 1.0;
};

// Quarter turns are exact, so that a grid turned by 90 degrees keeps its round coordinates.
Turn turn_of(double rotation_deg) {
  const double full = std::fmod(std::fmod(rotation_deg, 360.0) + 360.0, 360.0);
  if (full == 0.0) return {0.0, 1.0};
  if (full == 90.0) return {1.0, 0.0};
  if (full == 180.0) return {0.0, -1.0};
  if (full == 270.0) return {-1.0, 0.0};
  const double angle = full * std::numbers::pi / 180.0;
  return {std::sin(angle), std::cos(angle)};
}

}  // namespace

std::array<double, 3> from_grid(const BlockGrid& grid, std::array<double, 3> local) {
  const Turn turn = turn_of(grid.rotation_deg);
  return {grid.origin[0] + local[0] * turn.cosine + local[1] * turn.sine,
          grid.origin[1] - local[0] * turn.sine + local[1] * turn.cosine,
          grid.origin[2] + local[2]};
}

std::array<double, 3> to_grid(const BlockGrid& grid, std::array<double, 3> place) {
  const Turn turn = turn_of(grid.rotation_deg);
  const double dx = place[0] - grid.origin[0];
  const double dy = place[1] - grid.origin[1];
  return {dx * turn.cosine - dy * turn.sine, dx * turn.sine + dy * turn.cosine,
          place[2] - grid.origin[2]};
}

std::array<double, 3> centre_of(const BlockGrid& grid, std::size_t block) {
  const auto at = grid.ijk(block);
  return from_grid(grid, {(static_cast<double>(at[0]) + 0.5) * grid.spacing[0],
                          (static_cast<double>(at[1]) + 0.5) * grid.spacing[1],
                          (static_cast<double>(at[2]) + 0.5) * grid.spacing[2]});
}

void check_grid(const BlockGrid& grid, const char* where) {
  // Beyond these a block's corners can no longer be told apart as doubles, or overflow.
  constexpr double farthest_m = 1e9, least_m = 1e-6, most_m = 1e7;
  for (int axis = 0; axis < 3; ++axis) {
    if (!(std::abs(grid.origin[axis]) <= farthest_m))
      throw Error("grid.origin", "the grid's origin is not within 1e9 m of 0", where,
                  "Give x, y and z of the lower corner of the first block.");
    if (!(grid.spacing[axis] >= least_m && grid.spacing[axis] <= most_m))
      throw Error("grid.spacing", "a block's size must be from 1e-6 to 1e7 m", where,
                  "Give three lengths, e.g. '25,25,5 m'.");
  }
  if (!std::isfinite(grid.rotation_deg))
    throw Error("grid.rotation", "the grid's rotation is not finite", where,
                "Give degrees clockwise from grid north.");
  double blocks = 1.0;
  for (const std::size_t n : grid.count) blocks *= static_cast<double>(n);
  if (blocks < 1.0 || blocks > 1099511627776.0)
    throw Error("grid.count", "the grid must have between 1 and 2^40 blocks", where,
                "Give the number of blocks along x, y and z.");
}

}  // namespace lode
