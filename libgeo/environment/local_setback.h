// The part of a feature's setback that a site can meet, built run by run and shared among sites.
#pragma once

#include <atomic>
#include <limits>
#include <memory>
#include <mutex>
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
  /// Metres squared on the ellipsoid of what `planar` made (or overlays of it).
  [[nodiscard]] double area_m2(const Geometry& planar) const;
  /// Where something of the plane is, as `FeatureSetback` asks for it: its box in degrees on the
  /// base of the CRS, in mine grids the box as it is.
  [[nodiscard]] Box window_of(const Geometry& planar) const;

 private:
  friend class FeatureSetback;
  [[nodiscard]] SetbackShape shape_of(double setback_m) const;
  /// Vertices as the runs of a setback are made of: degrees, or the plane of a mine grid.
  [[nodiscard]] Geometry traced(const Geometry& feature, const SetbackPlan& plan) const;
  /// Everything within the setback of a run, in the plane of the CRS.
  [[nodiscard]] Geometry ground_of(const Path& run, const SetbackShape& shape) const;

  const Crs crs_;
  Edges edges_;
  double tolerance_;
  double tolerance_m_;
  bool conservative_;
  bool as_drawn_;  ///< edges of features are straight in the plane already
  Crs base_;
  std::unique_ptr<Transform> to_base_;
  std::unique_ptr<Transform> from_base_;
  Geodesic geodesic_;
};

/// How many vertices of setbacks are kept for the sites to come; what does not fit is built anew
/// for each site, with the same result.
class SetbackStore {
 public:
  /// True when the vertices fit in, which counts them.
  bool take(std::size_t vertices) {
    if (used_.fetch_add(vertices, std::memory_order_relaxed) + vertices <= kMost) return true;
    used_.fetch_sub(vertices, std::memory_order_relaxed);
    return false;
  }

 private:
  static constexpr std::size_t kMost = std::size_t{16} << 20;  ///< 256 MB
  std::atomic<std::size_t> used_{0};
};

/// One feature with its setback. Its boundary is cut into runs by the feature alone, and each run's
/// ground is built for the first site that comes near it, so that what a site meets never depends
/// on which sites came before. Safe to ask from any number of threads.
class FeatureSetback {
 public:
  using Part = std::shared_ptr<const Geometry>;

  /// The feature and the store must outlive this.
  FeatureSetback(const Geometry& feature, double setback_m, SetbackStore& store)
      : feature_(feature), setback_m_(setback_m), store_(store) {}

  /// Parts (maybe overlapping) of the ground within the setback, in the plane of the CRS: all of it
  /// that lies within `window` (of `SetbackPlane::window_of`). The area of a polygon is the first.
  [[nodiscard]] std::vector<Part> near(const SetbackPlane& plane, const Box& window) const;
  /// Of a part that `near` gave, whole; known once where the feature has no other part.
  [[nodiscard]] double area_m2(const SetbackPlane& plane, const Geometry& part) const;

 private:
  struct Run {
    Path path;
    Box box;
    mutable Part ground;  ///< once built and kept
  };
  void prepare(const SetbackPlane& plane) const;
  void add_runs(const Path& path, bool degrees, double run_m) const;
  [[nodiscard]] Part ground_of(const SetbackPlane& plane, const Run& run,
                               const SetbackShape& shape) const;

  const Geometry& feature_;
  double setback_m_;
  SetbackStore& store_;
  mutable std::once_flag once_;
  mutable std::mutex guard_;                                           ///< of the grounds of runs
  mutable double area_m2_ = std::numeric_limits<double>::quiet_NaN();  ///< of the only part
  mutable Part inner_;                                                 ///< the polygon itself
  mutable std::vector<Run> runs_;
  mutable std::vector<Box> groups_;  ///< boxes of so many runs in a row
};

}  // namespace lode
