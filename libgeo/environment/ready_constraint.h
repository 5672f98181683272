// A constraint ready to be asked about sites: who is near, who is nearest.
#pragma once

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/environment/local_setback.h"
#include "libgeo/environment/near_index.h"
#include "libgeo/environment/plane_near.h"
#include "libgeo/environment/screening.h"
#include "libgeo/geometry/spatial_index.h"

namespace lode {

/// A micrometre: what rounding makes of edges that touch.
inline constexpr double kTouchM = 1e-6;

[[nodiscard]] double setback_of_feature(const ConstraintLayer& layer, std::size_t i);
/// "rivers: 17"
[[nodiscard]] std::string feature_name(const ConstraintLayer& layer, std::size_t i);

/// A constraint made ready: without the features that have no setback, the others checked where a
/// site may meet them. Features are looked for in the plane of the CRS where its scale is bounded,
/// in space otherwise. The layer must outlive it.
class ReadyConstraint {
 public:
  /// `sites` has the boxes of the sites, `all_sites` holds them all; `store` must outlive this.
  ReadyConstraint(const ScreenInputs& inputs, const ConstraintLayer& of,
                  const ScreenOptions& options, const SpatialIndex& sites, const Box& all_sites,
                  SetbackStore& store, Findings& findings);

  const ConstraintLayer& layer;
  std::vector<const Geometry*> features;  ///< null where left out
  std::unique_ptr<PlaneNear> plane;       ///< one of the two
  std::unique_ptr<NearIndex> index;
  std::vector<std::unique_ptr<FeatureSetback>> setbacks;  ///< as many as features
  double widest_m = 0.0;

 private:
  void mend(const std::vector<std::size_t>& used, const Crs& crs, int jobs, Findings& findings);
  std::vector<std::unique_ptr<Geometry>> mended_;
};

/// A feature near a site, however it was found.
struct Near {
  std::size_t feature = PlaneNear::npos;
  double distance_m = std::numeric_limits<double>::quiet_NaN();
  PlaneNear::Meeting meeting = PlaneNear::Meeting::edges;
};

/// What one constraint is asked about a site: who is near, and who is nearest.
class NearQuestion {
 public:
  NearQuestion(const ReadyConstraint& ready, const Geometry& site) : ready_(ready) {
    if (ready.plane)
      plane_ = ready.plane->probe(site);
    else
      probe_ = ready.index->probe(site);
  }
  [[nodiscard]] std::vector<Near> within(double distance_m) const {
    std::vector<Near> out;
    if (ready_.plane) {
      for (const PlaneNear::Hit& hit : ready_.plane->within(plane_, distance_m))
        out.push_back({hit.feature, hit.distance_m, hit.meeting});
    } else {
      for (const NearHit& hit : ready_.index->within(probe_, distance_m))
        out.push_back({hit.feature, hit.distance_m, PlaneNear::Meeting::edges});
    }
    return out;
  }
  [[nodiscard]] Near nearest() const {
    if (ready_.plane) {
      const PlaneNear::Hit hit = ready_.plane->nearest(plane_);
      return {hit.feature, hit.distance_m, hit.meeting};
    }
    const NearHit hit = ready_.index->nearest(probe_);
    return {hit.feature, hit.distance_m, PlaneNear::Meeting::edges};
  }

 private:
  const ReadyConstraint& ready_;
  PlaneNear::Probe plane_;
  NearIndex::Probe probe_;
};

}  // namespace lode
