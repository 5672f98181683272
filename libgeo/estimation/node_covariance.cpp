#include "libgeo/estimation/node_covariance.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"

namespace lode {

NodeCovariance::NodeCovariance(const BlockGrid& grid, const VariogramModel& model)
    : nugget_(model.nugget), sill_(model.sill()) {
  check_model(model, "variogram");
  if (!model.bounded())
    throw Error("simulate.unbounded", "the variogram has a power structure, which has no sill",
                "variogram", "A simulation of normal scores needs a model that reaches a sill.");
  BlockGrid turn;
  turn.rotation_deg = grid.rotation_deg;
  std::array<std::array<double, 3>, 3> step{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    std::array<double, 3> along{};
    along[axis] = grid.spacing[axis];
    step[axis] = from_grid(turn, along);
  }
  for (const Structure& structure : model.structures) {
    if (structure.sill == 0.0) continue;
    Part part;
    part.structure = structure;
    const Matrix3 axes = axes_of(structure.angles);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      double square = 0.0;
      for (std::size_t row = 0; row < 3; ++row) {
        const double along = axes[row][0] * step[axis][0] + axes[row][1] * step[axis][1] +
                             axes[row][2] * step[axis][2];
        part.scaled[row][axis] = along / structure.ranges_m[row];
        const double reached = structure.ranges_m[row] * along / grid.spacing[axis];
        square += reached * reached;
      }
      part.extent[axis] = std::sqrt(square) / grid.spacing[axis];
    }
    parts_.push_back(part);
  }
}

double NodeCovariance::smooth(double lag_x, double lag_y, double lag_z) const {
  double sum = 0.0;
  for (const Part& part : parts_) {
    double square = 0.0;
    for (const auto& row : part.scaled) {
      const double along = row[0] * lag_x + row[1] * lag_y + row[2] * lag_z;
      square += along * along;
    }
    sum += part.structure.sill * (1.0 - unit_gamma(part.structure, std::sqrt(square)));
  }
  return sum;
}

std::array<double, 3> NodeCovariance::reach(double share) const {
  std::array<double, 3> farthest{};
  for (const Part& part : parts_) {
    double ranges = 1.0;
    const double left = share * sill_ / part.structure.sill;
    if (part.structure.type == StructureType::exponential)
      ranges = left >= 1.0 ? 0.0 : -std::log(left) / 3.0;
    if (part.structure.type == StructureType::gaussian)
      ranges = left >= 1.0 ? 0.0 : std::sqrt(-std::log(left) / 3.0);
    for (std::size_t axis = 0; axis < 3; ++axis)
      farthest[axis] = std::max(farthest[axis], ranges * part.extent[axis]);
  }
  return farthest;
}

}  // namespace lode
