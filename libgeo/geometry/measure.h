// True metres on the ellipsoid for geometries in any CRS: area, length, nearest distance.
#pragma once

#include <limits>
#include <memory>
#include <vector>

#include "libgeo/crs/crs.h"
#include "libgeo/crs/geodesic.h"
#include "libgeo/crs/transform.h"
#include "libgeo/geometry/geometry.h"

namespace lode {

/// How an edge runs between two vertices: along the geodesic, or straight in its CRS.
enum class Edges { geodesic, straight };

/// geodesic in geographic CRS, straight otherwise.
[[nodiscard]] Edges default_edges(const Crs& crs);

/// A projection that keeps areas on its own ellipsoid: Albers, Lambert's azimuthal and cylindrical.
[[nodiscard]] bool keeps_areas(const Crs& crs);

/// Longitude and latitude in degrees on the CRS's own datum (no datum shift, its own prime
/// meridian). Errors "crs.transform", "crs.local".
[[nodiscard]] LonLat to_lon_lat(Point place, const Crs& crs);
[[nodiscard]] std::vector<LonLat> to_lon_lat(const Path& path, const Crs& crs);
/// And back.
[[nodiscard]] Point from_lon_lat(LonLat place, const Crs& crs);

/// On the ellipsoid (planar only in local: grids), holes taken off, 0 for points and lines.
/// Straight edges are densified until the area keeps 1e-9 relative (exact without where the
/// projection keeps areas). With geodesic edges a ring goes
/// the short way over the antimeridian and encloses the smaller part of the Earth; with straight
/// edges in a geographic CRS 179 to -179 runs through 0.
[[nodiscard]] double area_m2(const Geometry& geometry, const Crs& crs, Edges edges);
[[nodiscard]] double area_m2(const Geometry& geometry, const Crs& crs);
[[nodiscard]] double length_m(const Geometry& geometry, const Crs& crs, Edges edges);
[[nodiscard]] double length_m(const Geometry& geometry, const Crs& crs);

/// The same geometry in another CRS; straight edges densified so that they stay within
/// `tolerance_m` of the line they were. Error "crs.transform" when a vertex cannot be transformed.
[[nodiscard]] Geometry reproject(const Geometry& geometry, const Transform& transform,
                                 double tolerance_m = 0.01);

/// A place inside or on the geometry that stands for it: the point, the middle of the line, the
/// centroid of the largest polygon (or a point inside when the centroid is outside), in its CRS.
[[nodiscard]] Point representative_point(const Geometry& geometry);

struct Nearest {
  double distance_m = 0.0;  ///< 0 = touches, crosses or inside
  Point on_a;               ///< nearest place of either, in the common CRS
  Point on_b;
};
/// Geodesic distance between two geometries of one CRS (planar in local: grids), edges by the
/// given model; relative error below 1e-6; less than a micrometre counts as 0. Right over the
/// antimeridian. NaN when one of them is empty.
[[nodiscard]] Nearest nearest(const Geometry& a, const Geometry& b, const Crs& crs, Edges edges);

/// A geometry made ready for many distances: vertices on the ellipsoid, edges in a tree. Cheap to
/// copy, safe to share between threads.
class NearestReady {
 public:
  NearestReady(const Geometry& geometry, const Crs& crs, Edges edges);
  struct Impl;
  std::shared_ptr<const Impl> impl;
};
/// As above, for two made ready in the same CRS with the same edges. Stops early when nothing lies
/// within `within_m` (metres, any value >= 0): the distance is then infinite.
[[nodiscard]] Nearest nearest(const NearestReady& a, const NearestReady& b,
                              double within_m = std::numeric_limits<double>::infinity());

/// Box in degrees that holds the whole geometry, bulging edges too, for index searches with
/// `box_distance_lower_bound_m`. Longitude runs on over the antimeridian (min_x within -180..180,
/// max_x may pass 180); around a pole it is -180..180. In local: grids the planar box.
[[nodiscard]] Box lon_lat_box(const Geometry& geometry, const Crs& crs, Edges edges);

/// Never more than the geodesic distance from a place to anything in the box, and rarely 1 % less
/// (0.67 % at worst): spherical distance times the ellipsoid's least radius of curvature, a(1-e2).
/// Degrees; longitudes may pass 180.
[[nodiscard]] double box_distance_lower_bound_m(LonLat place, const Box& degrees, const Crs& crs);
/// The same with place and box in the units of the CRS: geographic as above, planar in local:
/// grids; in a projected CRS the box's outline is taken to degrees first (slow: index
/// `lon_lat_box` instead).
[[nodiscard]] double box_distance_lower_bound_m(Point place, const Box& box, const Crs& crs);

}  // namespace lode
