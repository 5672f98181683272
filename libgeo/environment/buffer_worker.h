// One feature's setback at a time: the way from its CRS to degrees, to buffers and back.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "libgeo/crs/transform.h"
#include "libgeo/environment/buffer.h"
#include "libgeo/environment/near_ground.h"

namespace lode {

/// Most that a setback line of this distance may be off.
[[nodiscard]] double tolerance_for(double distance_m, const BufferOptions& options);

/// Lines along which a feature is bounded; edges that only close a cut at the antimeridian or over
/// a pole bound nothing and are left out.
[[nodiscard]] std::vector<Path> boundary_of(const Geometry& geometry);
/// True for an edge along the antimeridian or a pole.
[[nodiscard]] bool is_seam(Point a, Point b);

/// Safe to use from several threads. `crs` and `options` must outlive it.
class BufferWorker {
 public:
  BufferWorker(const Crs& crs, const BufferOptions& options);

  /// In degrees (grid units of a mine grid), not yet in the CRS. Each step of `finer` halves the
  /// tolerance worked with; from `kExact` on no frames are used.
  [[nodiscard]] Geometry buffer(const Geometry& feature, double distance_m, int finer) const;
  /// One outline of lines and places together; empty when `buffer` and a union must do.
  [[nodiscard]] std::optional<Geometry> buffer_together(
      const std::vector<const Geometry*>& features, double distance_m, int finer, int jobs,
      const Progress& progress) const;
  [[nodiscard]] Geometry to_crs(const Geometry& degrees, double tolerance_m) const;
  /// On the ellipsoid, edges straight in the CRS, as the result has them.
  [[nodiscard]] double area(const Geometry& geometry) const;
  /// Error "buffer.distance_range" when flat or square ends, or one side only, are asked for
  /// farther out than frames reach.
  void check_reach(double distance_m) const;

  static constexpr int kExact = 2;

 private:
  [[nodiscard]] SetbackShape shape_of(double distance_m, int finer) const;
  [[nodiscard]] Geometry planar(const Geometry& feature, const SetbackShape& shape,
                                bool inwards) const;
  [[nodiscard]] Geometry grow(const Geometry& lonlat, const SetbackShape& shape,
                              const SetbackPlan& plan, bool inwards) const;
  /// Traced, for round ends and both sides within reach of frames; empty where that is not so.
  [[nodiscard]] std::optional<Geometry> outline(const std::vector<const Geometry*>& features,
                                                const SetbackShape& shape, bool inwards, int jobs,
                                                const Progress& progress) const;
  void along(const Path& path, const SetbackShape& shape, const SetbackPlan& plan,
             std::vector<Geometry>& parts) const;

  const Crs& crs_;
  const BufferOptions& options_;
  Crs base_;
  std::unique_ptr<Transform> to_base_;
  std::unique_ptr<Transform> from_base_;
  Geodesic geodesic_;
};

}  // namespace lode
