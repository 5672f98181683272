// The covariance of a bounded variogram model between the nodes of a block grid, and its reach.
#pragma once

#include <array>
#include <vector>

#include "libgeo/estimation/variogram_model.h"
#include "libgeo/geometry/grid.h"

namespace lode {

/// Lags are counted in nodes along the grid's own axes.
class NodeCovariance {
 public:
  /// Error "simulate.unbounded" for a model with a power structure.
  NodeCovariance(const BlockGrid& grid, const VariogramModel& model);

  /// The structures' covariance, without the nugget.
  [[nodiscard]] double smooth(double lag_x, double lag_y, double lag_z) const;
  [[nodiscard]] double nugget() const { return nugget_; }
  [[nodiscard]] double sill() const { return sill_; }
  /// Nodes along each axis beyond which no structure keeps more than `share` of the sill; exact
  /// for structures that end.
  [[nodiscard]] std::array<double, 3> reach(double share) const;

 private:
  struct Part {
    Structure structure;
    Matrix3 scaled;                  ///< from lags in nodes to ranges
    std::array<double, 3> extent{};  ///< of the ellipsoid of one range, in nodes
  };
  std::vector<Part> parts_;
  double nugget_ = 0.0, sill_ = 0.0;
};

}  // namespace lode
