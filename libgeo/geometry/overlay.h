// Planar set operations and repair of geometries, through GEOS, in the plane of their CRS.
#pragma once

#include <string>
#include <vector>

#include "libgeo/crs/crs.h"
#include "libgeo/geometry/geometry.h"

namespace lode {

/// What `check_geometry` found and did.
struct GeometryCheck {
  bool valid = true;      ///< as it came
  bool repaired = false;  ///< changed so that it is valid now
  bool empty = false;     ///< nothing was left (zero area, no vertex)
  std::string fault;      ///< "Self-intersection at (x y)", "" when valid
  double area_before_m2 = 0.0;
  double area_after_m2 = 0.0;
};

/// Validity as OGC has it; repair joins what parts cover (union, not even-odd), removes spikes and
/// zero-area parts, closes rings, winds shells counter-clockwise. Points and lines lose only
/// repeated vertices. Error "geometry.bad_coordinate" for NaN or infinite coordinates.
GeometryCheck check_geometry(Geometry& geometry, const Crs& crs, const std::string& where = {});

/// Operations on valid polygons; the results are valid. Robust: floating first, then snapped.
[[nodiscard]] Geometry intersection(const Geometry& a, const Geometry& b);
[[nodiscard]] Geometry difference(const Geometry& a, const Geometry& b);
[[nodiscard]] Geometry unite(const std::vector<const Geometry*>& geometries);
[[nodiscard]] Geometry unite(const std::vector<Geometry>& geometries);
[[nodiscard]] bool intersects(const Geometry& a, const Geometry& b);
/// Inside or on the boundary.
[[nodiscard]] bool covers(const Geometry& polygon, Point place);
/// Lines joined at their ends where exactly two meet.
[[nodiscard]] Geometry merge_lines(const std::vector<const Geometry*>& lines);
/// Planar buffer in the units of the coordinates; `segments` a quadrant.
enum class Cap { round, flat, square };
enum class BufferSide { both, left, right };
[[nodiscard]] Geometry planar_buffer(const Geometry& geometry, double distance, int segments,
                                     Cap cap = Cap::round, BufferSide side = BufferSide::both);
/// Fewer vertices, none moved by more than `tolerance` (in the units of the coordinates).
[[nodiscard]] Geometry simplify(const Geometry& geometry, double tolerance);
/// WKB round trip for writers and readers (little endian, 2-D out; Z is dropped on reading).
[[nodiscard]] std::string to_wkb(const Geometry& geometry);
[[nodiscard]] std::string to_wkt(const Geometry& geometry);
/// Error "geometry.bad_wkt".
[[nodiscard]] Geometry from_wkt(const std::string& wkt, const std::string& where = {});

}  // namespace lode
