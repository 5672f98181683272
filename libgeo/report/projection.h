// Map projections of the report: a world map of true areas, or a regional one around its middle.
#pragma once

#include <vector>

#include "libgeo/crs/geodesic.h"
#include "libgeo/geometry/geometry.h"

namespace lode::report {

enum class MapProjection {
  equal_earth,  ///< Savric, Patterson and Jenny 2018: pseudo-cylindrical, equal area
  azimuthal,    ///< Lambert's azimuthal equal area (Snyder 1987, p. 182), spherical
};

/// A projection with its place on the sheet. Projections are on the sphere of equal area
/// (6,371,007.2 m): pictures, never measures.
struct MapView {
  MapProjection projection = MapProjection::equal_earth;
  LonLat centre;                  ///< equal_earth uses the longitude only
  double px_per_unit = 1.0;       ///< pixels a unit of the sphere's radius
  double x_px = 0.0, y_px = 0.0;  ///< where the projection's origin lies
  double width_px = 0.0, height_px = 0.0;

  /// Pixels, y down. A place further than `reach_deg` from the centre of an azimuthal map is NaN.
  [[nodiscard]] Point forward(LonLat place) const;
  [[nodiscard]] bool shows(Point px, double margin_px = 0.0) const;
  [[nodiscard]] double metres_per_px() const;
};
constexpr double kReachDeg = 120.0;  ///< how far an azimuthal map reaches from its centre

/// Radius of the sphere that has the ellipsoid's area, metres.
constexpr double kSphereRadius_m = 6371007.2;

struct FitOptions {
  double width_px = 1040.0;
  double min_aspect = 1.25, max_aspect = 2.0;  ///< width over height of a regional map
  double min_width_km = 60.0;                  ///< a single site still gets a piece of land around
  double margin = 0.10;                        ///< free rim, share of the extent
  bool allow_world = true;
};
/// The view that suits these places: regional when they lie within about a quarter of the globe,
/// the world otherwise (or when there are none).
[[nodiscard]] MapView fit_view(const std::vector<LonLat>& places, const FitOptions& options = {});

/// Pieces of a ring or line on the sheet, cut at the map's seam and its rim.
struct Projected {
  std::vector<Path> fills;    ///< closed rings
  std::vector<Path> strokes;  ///< lines; of a ring only where it has edges along the seam
  bool seamed = false;        ///< the ring runs along the antimeridian or was cut at the map's seam
};
[[nodiscard]] Projected project_ring(const Path& ring, const MapView& view, double tolerance_px);
/// Lines in pixels, cut where they leave the map or cross its seam.
[[nodiscard]] std::vector<Path> project_line(const Path& line, const MapView& view,
                                             double tolerance_px);
/// Appends a geometry's rings and lines on the sheet; lines shorter than 1.5 pixels are left out.
void project_geometry(const Geometry& geometry, const MapView& view, double tolerance_px,
                      std::vector<Path>& rings, std::vector<Path>& lines);
/// The outline of the world on a world map; empty for a regional one.
[[nodiscard]] Path world_outline(const MapView& view);
/// Meridians and parallels, and their step in degrees.
struct Graticule {
  double step_deg = 30.0;
  std::vector<Path> lines;
};
[[nodiscard]] Graticule graticule(const MapView& view);

/// Douglas and Peucker 1973: no point is further than the tolerance from the new line.
[[nodiscard]] Path simplify_path(const Path& path, double tolerance);

}  // namespace lode::report
