// The part of a feature's setback that a site can meet, built where they are near each other only.
#pragma once

#include <memory>
#include <vector>

#include "libgeo/crs/crs.h"
#include "libgeo/crs/transform.h"
#include "libgeo/environment/near_ground.h"
#include "libgeo/geometry/geometry.h"
#include "libgeo/geometry/measure.h"

namespace lode {

/// Works in the plane of one CRS, whose straight lines follow the edges of the given model.
class SetbackPlane {
 public:
  /// `tolerance` is a share of the setback; `tolerance_m`, when a number, takes its place.
  SetbackPlane(const Crs& crs, Edges edges, double tolerance, double tolerance_m,
               bool conservative);

  /// A geometry fit for planar operations of the CRS.
  [[nodiscard]] Geometry planar(const Geometry& geometry) const;
  /// Parts (maybe overlapping) of the ground within `setback_m` of the feature, in the plane of
  /// the CRS: all of it that lies within `window` (a box of the planar form of a site).
  [[nodiscard]] std::vector<Geometry> parts_near(const Geometry& feature, double setback_m,
                                                 const Geometry& planar_site) const;
  /// Metres squared on the ellipsoid of what `planar` made (or overlays of it).
  [[nodiscard]] double area_m2(const Geometry& planar) const;

 private:
  [[nodiscard]] std::vector<Path> edges_near(const Geometry& degrees, double setback_m,
                                             const Box& window) const;
  const Crs crs_;
  Edges edges_;
  double tolerance_;
  double tolerance_m_;
  bool conservative_;
  Crs base_;
  std::unique_ptr<Transform> to_base_;
  std::unique_ptr<Transform> from_base_;
  Geodesic geodesic_;
};

}  // namespace lode
