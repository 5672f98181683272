// Exact shares of cells within polygons, for whole windows of a grid at once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "libgeo/geometry/geometry.h"
#include "libgeo/geometry/interval_bins.h"

namespace lode {

/// Polygons over a grid of cells. Every edge adds to the cells that it runs through what lies to
/// its right there, and to those further right its height: sums along a row are the shares, exact
/// up to rounding (1e-11, taken for 0 and 1), whatever the number of cells.
class CellCoverage {
 public:
  /// `transform` as in `RasterPlace`; the polygons are straight in its plane and do not overlap
  /// one another.
  CellCoverage(const Geometry& polygons, const std::array<double, 6>& transform);

  /// In columns and rows; empty when there is no polygon.
  [[nodiscard]] const Box& bounds() const { return bounds_; }

  /// Shares of the cells between consecutive `u` (columns) and `v` (rows), both rising, row by
  /// row.
  void shares(const std::vector<double>& u, const std::vector<double>& v,
              std::vector<double>& share) const;

 private:
  struct Edge {
    double au, av, bu, bv;
  };
  Box bounds_;
  std::vector<Edge> edges_;
  IntervalBins bins_;  ///< edges of each strip of rows
};

}  // namespace lode
