// True metres on the ellipsoid for geometries in any CRS: area, length, nearest distance.
#pragma once

#include "libgeo/crs/crs.h"
#include "libgeo/crs/transform.h"
#include "libgeo/geometry/geometry.h"

namespace lode {

/// How an edge runs between two vertices: along the geodesic, or straight in its CRS.
enum class Edges { geodesic, straight };

/// geodesic in geographic CRS, straight otherwise.
[[nodiscard]] Edges default_edges(const Crs& crs);

/// On the ellipsoid (planar only in local: grids), holes taken off, 0 for points and lines.
/// Straight edges are densified until the area keeps 1e-9 relative.
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
/// given model; relative error below 1e-6.
[[nodiscard]] Nearest nearest(const Geometry& a, const Geometry& b, const Crs& crs, Edges edges);

}  // namespace lode
