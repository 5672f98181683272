// Exact shares of boxes inside closed solids, below surfaces and within polygons, without sampling.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/geometry/geometry.h"
#include "libgeo/geometry/grid.h"
#include "libgeo/geometry/interval_bins.h"
#include "libgeo/geometry/mesh.h"

namespace lode {

/// A rectangle in plan, in the axes of the blocks.
struct Footprint {
  double x0 = 0.0, y0 = 0.0, x1 = 0.0, y1 = 0.0;
  [[nodiscard]] double area() const { return (x1 - x0) * (y1 - y0); }
};

/// A part of a rectangle: all of it, or what lies under a line that runs from its left side to its
/// right one.
struct PlanPiece {
  Footprint place;
  double sign = 1.0;  ///< of its contribution
  bool slanted = false;
  double left_y = 0.0, right_y = 0.0;  ///< of the line, at x0 and x1
};

class PlanCutter;

/// A share that was computed, without the rounding of whole and empty blocks. Error "mesh.overlap"
/// when it is beyond 0 to 1.
[[nodiscard]] double clean_share(double share, const char* what);

/// A surface cut into columns. By the divergence theorem, the volume between two levels of a
/// column inside a solid is the sum over its triangles, clipped to the column, of
/// +-integral(clamp(z, level, next) - level), + for triangles that look up. Every piece is a
/// polygon whose integral is a closed form, so the shares are exact up to rounding (about 1e-13 of
/// a block), and those of blocks that no triangle cuts are exactly 0 or 1.
class ColumnCutter {
 public:
  enum class Form {
    solid,   ///< closed, wound outward (`make_solid`)
    surface  ///< one height at every place; triangles wind as they like
  };
  /// `grid` gives the axes: its origin and rotation. The mesh is turned into them.
  ColumnCutter(const TriangleMesh& mesh, Form form, const BlockGrid& axes);

  /// Volume (m3) between consecutive `levels` (rising, n + 1 of them) inside the solid, or below
  /// the surface, over a footprint. Returns the area of the
  /// footprint that the surface covers (a solid: the whole footprint).
  /// Errors "mesh.overlap" when a part is inside twice.
  double volumes(const Footprint& place, const std::vector<double>& levels,
                 std::vector<double>& volume, const PlanPiece* under = nullptr) const;
  /// Share of one box, 0 to 1. `covered` takes the covered share of its footprint.
  [[nodiscard]] double share(const Footprint& place, double z0, double z1,
                             double* covered = nullptr) const;
  /// Share of one box that is inside or below and within polygons (which have the same axes), as
  /// exact as either.
  [[nodiscard]] double joint_share(const Footprint& place, double z0, double z1,
                                   const PlanCutter& polygons, double* covered = nullptr) const;
  /// Bounds in the axes of the blocks.
  [[nodiscard]] const Box3& bounds() const { return bounds_; }
  [[nodiscard]] Form form() const { return form_; }
  /// The mesh in the axes of the blocks.
  [[nodiscard]] const TriangleMesh& mesh() const { return mesh_; }
  /// Triangles whose boxes in plan meet a footprint, rising.
  void near(const Footprint& place, std::vector<std::uint32_t>& list) const;

 private:
  template <class Visit>
  void for_each_near(const Footprint& place, Visit visit) const;

  TriangleMesh mesh_;
  Form form_ = Form::solid;
  Box3 bounds_;
  std::array<std::size_t, 2> bins_{1, 1};
  std::array<double, 2> bin_size_{1.0, 1.0};
  std::vector<std::uint32_t> start_, list_;  ///< triangles of each bin, rising
  std::vector<Footprint> boxes_;             ///< of the triangles, in plan
  std::vector<double> top_;                  ///< highest z of each triangle
};

/// Area of rectangles within polygons, exact: the sum over the edges of the integral of their
/// height above the rectangle's foot, clamped to it.
class PlanCutter {
 public:
  /// Polygons that do not overlap one another (`unite` first), in the CRS of the blocks, metres.
  PlanCutter(const Geometry& polygons, const BlockGrid& axes);
  /// Share of the rectangle that lies within, 0 to 1.
  [[nodiscard]] double share(const Footprint& place) const;
  /// The part of the rectangle within, as signed pieces.
  [[nodiscard]] std::vector<PlanPiece> pieces(const Footprint& place) const;
  /// An edge, with what lies within on its left.
  struct Edge {
    double ax = 0.0, ay = 0.0, bx = 0.0, by = 0.0;
  };
  /// Edges that stand over, in or under a footprint, in no order but always the same, each once.
  void near(const Footprint& place, std::vector<Edge>& list) const;

 private:
  template <class Visit>
  void for_each_edge(const Footprint& place, Visit visit) const;
  Footprint bounds_;
  std::vector<Edge> edges_;
  IntervalBins bins_;  ///< of the edges, along x
};

/// Shares of all blocks of a grid, held by column as runs of equal value: memory grows with the
/// blocks that the surface cuts, not with the grid.
class GridShares {
 public:
  GridShares() = default;
  GridShares(const BlockGrid& grid, const ColumnCutter& cutter, int jobs,
             const Progress& progress = {});
  /// Share of a block inside or below.
  [[nodiscard]] double at(std::size_t i, std::size_t j, std::size_t k) const;
  /// Share of the column's footprint that the surface covers; 1 for solids.
  [[nodiscard]] double covered(std::size_t i, std::size_t j) const;

 private:
  struct Run {
    std::uint32_t from = 0;  ///< first layer with this share
    double share = 0.0;
  };
  std::size_t nx_ = 0;
  std::vector<std::vector<Run>> columns_;
  std::vector<double> covered_;
};

}  // namespace lode
