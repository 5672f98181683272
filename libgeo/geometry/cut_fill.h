// Cut and fill over rows of cells: one pass, in lanes that add up alike on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "libgeo/core/sum.h"

namespace lode {

/// What a row of cells, each a prism, adds to.
struct CutFill {
  std::uint64_t cells = 0, valid = 0;
  Sum area, above;                      ///< m2 where both have a height; where TOP is above
  Sum cut, fill;                        ///< m3, both positive
  Sum planar, planar_cut, planar_fill;  ///< in cells and cells x metres
  double largest = 0.0;                 ///< height met, whatever its sign
};

/// Numbers that mean "no height", besides NaN.
struct CutFillMissing {
  double top = std::numeric_limits<double>::quiet_NaN();
  double base = std::numeric_limits<double>::quiet_NaN();
};

/// Adds `count` cells of `area` (m2 within the zone) and `cells` (the part of a cell that they are;
/// null: whole ones). Infinite heights are not counted: the caller looks for them where `valid`
/// falls short.
void add_cut_fill(const float* top, const float* base, const double* area, const double* cells,
                  std::size_t count, const CutFillMissing& missing, CutFill& sum);
void add_cut_fill(const double* top, const double* base, const double* area, const double* cells,
                  std::size_t count, const CutFillMissing& missing, CutFill& sum);

/// Sum in the same lanes.
[[nodiscard]] double lane_sum(const double* values, std::size_t count);
/// to += factor x from.
void add_scaled(double* to, const double* from, double factor, std::size_t count);

}  // namespace lode
