// A rectangle divided along lines into trapezoids on each of which something linear is integrated.
#pragma once

#include <cstddef>
#include <vector>

#include "libgeo/geometry/box_share.h"

namespace lode {

/// A piece of a line in plan, from left to right.
struct PlanLine {
  double ax = 0.0, ay = 0.0, bx = 0.0, by = 0.0;
};
/// The part of a line that lies in a rectangle; false where only a point of it does, or none.
[[nodiscard]] bool clip_line(PlanLine& line, const Footprint& place);

/// A trapezoid: its area, its centroid, and a height that is inside it at the slab's middle.
struct PlanCell {
  double area = 0.0, x = 0.0, y = 0.0, middle_y = 0.0;
};
/// Cells that stand over one another between two values of x; no line ends or crosses another one
/// there.
struct PlanSlab {
  double middle_x = 0.0;
  std::size_t end = 0;  ///< its cells are those from the end of the slab before, rising in y
};

/// Slabs from all ends and crossings of the lines in x, cells between neighbouring lines. Where
/// rounding misplaces a crossing, the area that falls to the wrong cell is 1e-14 of the rectangle.
class PlanCells {
 public:
  /// Lines lie within the rectangle (`clip_line`); those that run along y are slab ends only.
  void divide(const Footprint& place, const std::vector<PlanLine>& lines);
  [[nodiscard]] const std::vector<PlanSlab>& slabs() const { return slabs_; }
  [[nodiscard]] const std::vector<PlanCell>& cells() const { return cells_; }

 private:
  struct Across {
    double left_y = 0.0, right_y = 0.0;
  };
  void add_slab(const Footprint& place, double from, double to);
  bool find_crossings(double from, double to, double tolerance);
  void add_cells(double from, double to, const Across& lower, const Across& upper);

  std::vector<double> ends_, crossings_;
  std::vector<Across> across_, part_;
  std::vector<PlanLine> sorted_;
  std::vector<std::size_t> active_;
  std::vector<PlanSlab> slabs_;
  std::vector<PlanCell> cells_;
};

}  // namespace lode
