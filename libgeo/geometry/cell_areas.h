// True areas on the ellipsoid of the cells of a grid in any CRS, cheaply.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "libgeo/crs/crs.h"

namespace lode {

/// In a geographic CRS with cells along its axes, areas are integrals between parallels; in any
/// other the density of area (|dX/du x dX/dv| of places on the ellipsoid) is fitted by Chebyshev
/// polynomials over patches of the grid, each refined until it keeps 1e-10, and integrated over
/// each cell. Good to 1e-9. In local: grids planar.
class CellAreas {
 public:
  /// `transform` as in `RasterPlace`. Places that the projection cannot undo are found here and
  /// told by `known`.
  CellAreas(const Crs& crs, const std::array<double, 6>& transform, std::size_t columns,
            std::size_t rows);

  /// Of all cells between consecutive `u` in the row from v0 to v1, which lies within one row of
  /// the grid; each within one column. `basis` is scratch kept between the rows of a window.
  struct Basis {
    std::vector<double> values;
    std::vector<std::size_t> first;  ///< of each patch: its first cell
    std::vector<std::size_t> patch;
    std::size_t patch_row = static_cast<std::size_t>(-1);
  };
  void row(const std::vector<double>& u, double v0, double v1, Basis& basis, double* area) const;
  /// False where an area cannot be had: `row` gives 0 there.
  [[nodiscard]] bool known(double u, double v) const;
  /// Square metres for one column x one row at a place.
  [[nodiscard]] double density(double u, double v) const;
  /// The same on the map plane; NaN in a geographic CRS.
  [[nodiscard]] double planar() const { return planar_; }
  [[nodiscard]] bool is_constant() const { return form_ == Form::planar; }

 private:
  enum class Form { planar, parallels, patches };
  struct Patch {
    double u0 = 0.0, v0 = 0.0, u1 = 0.0, v1 = 0.0;
    std::size_t n = 0;                ///< polynomials along each axis; 0 = not known
    std::vector<double> coefficient;  ///< n x n, those along u together
  };
  void fit(const Crs& crs, const std::array<double, 6>& transform, Patch& patch) const;
  void prepare(const std::vector<double>& u, double v, Basis& basis) const;
  [[nodiscard]] const Patch& patch_at(double u, double v) const;

  Form form_ = Form::planar;
  double planar_ = 0.0;
  std::array<double, 6> transform_{};
  double radians_ = 0.0, semi_major_ = 0.0, e2_ = 0.0;
  std::size_t side_u_ = 1, side_v_ = 1, patches_u_ = 1, patches_v_ = 1;
  std::vector<Patch> patches_;
};

}  // namespace lode
