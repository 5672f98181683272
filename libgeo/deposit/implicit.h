// Solids from points: an implicit function through contacts, orientations or samples, and its
// surface.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/estimation/rbf.h"
#include "libgeo/geometry/isosurface.h"
#include "libgeo/geometry/mesh.h"

namespace lode {

/// What points say of a body. One entry a point in every vector that is not empty.
struct ImplicitPoints {
  std::vector<std::array<double, 3>> places;  ///< metres, projected or mine system
  /// Values of the function; NaN = none at this point. Empty: every point is a contact (value 0).
  std::vector<double> values;
  /// Towards greater values, of any length; NaN = none at this point.
  std::vector<std::array<double, 3>> normals;
  /// 1 = inside the body, 0 = outside, -1 = not known. Excludes the two above.
  std::vector<int> inside;
  std::vector<std::string> names;  ///< for messages, e.g. "row 7"
  std::string source;              ///< for messages: the file

  [[nodiscard]] std::string name(std::size_t point) const {
    return point < names.size() ? names[point] : "point " + std::to_string(point + 1);
  }
};

struct ImplicitOptions {
  /// `tolerance` here is not used: see below.
  RbfOptions rbf;
  /// Largest residual in units of the values; 0 = a ten-thousandth of the range of the data.
  double tolerance = 0.0;
  /// Distance of the off-surface points from their contact; 0 = half the median spacing.
  double offset_m = 0.0;
  std::vector<double> iso;  ///< empty = the one value that there is (0 for contacts and samples)
  bool inside_below = true;
  double cell_m = 0.0;
  bool has_bounds = false;  ///< false: the box of the points, a tenth of its diagonal larger
  Box3 bounds;
};

struct ImplicitSolid {
  double iso = 0.0;
  TriangleMesh mesh;  ///< passes `make_solid`
  double area_m2 = 0.0, volume_m3 = 0.0;
  std::size_t components = 0;
  bool closed = false, touches_bounds = false;
  std::array<double, 3> cell_m{0.0, 0.0, 0.0}, lattice_m{0.0, 0.0, 0.0};
};

struct ImplicitModel {
  RbfField field;
  std::string from;  ///< "values", "contacts and orientations", "inside and outside"
  double tolerance = 0.0, offset_m = 0.0;
  std::size_t off_surface = 0, slopes = 0;
  Box3 bounds;
  std::vector<ImplicitSolid> solids;  ///< one an isovalue
  Findings findings;
};

/// The data of the function. Three kinds of points are known:
/// - at least two different values: honoured as they are. Orientations say the direction of the
///   gradient, not its length: the function does not change along the two tangents.
/// - contacts (one value) with orientations: signed distance, by points off the surface on both
///   sides (Carr et al. 2001), nearer where another contact would be closer to them.
/// - inside and outside: signed distance to the nearest sample of the other kind, below 0 inside.
/// Errors "implicit.no_points", "implicit.not_finite", "implicit.normal" (of no length),
/// "implicit.undetermined" (one value and no orientation: nothing decides the inside),
/// "implicit.one_sided" (samples of one kind only), "implicit.duplicate" (different values at one
/// place), "implicit.no_iso" (several values and no isovalue).
[[nodiscard]] RbfData implicit_data(const ImplicitPoints& points, const ImplicitOptions& options,
                                    ImplicitModel& model, const Progress& progress = {});

/// Fits the function and takes out the solid of every isovalue. What a limit cuts off is said
/// (warning "implicit.cut_off").
/// Errors those of `implicit_data`, `fit_rbf` and `isosurface`; "implicit.no_surface" (the box is
/// all inside or all outside).
[[nodiscard]] ImplicitModel implicit_model(const ImplicitPoints& points,
                                           const ImplicitOptions& options,
                                           const Progress& progress = {});

}  // namespace lode
