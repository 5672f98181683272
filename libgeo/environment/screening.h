// What constraints leave of each site: distances, overlaps with setbacks, net area.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/crs/crs.h"
#include "libgeo/geometry/geometry.h"
#include "libgeo/geometry/measure.h"

namespace lode {

/// One constraint: features of one layer under one name. `setback_m` has one value for all, or one
/// each; NaN leaves a feature out, 0 means the feature itself.
struct ConstraintLayer {
  std::string name;
  std::vector<Geometry> geometry;
  std::vector<std::string> ids;  ///< as many as features, or empty (counted from 1)
  std::vector<double> setback_m{0.0};
  bool hard = true;                  ///< false: review, never excluded
  std::vector<std::string> rules;    ///< which rule a feature's setback comes from, or empty
  std::vector<std::string> classes;  ///< as many as features, or empty
};

/// Sites and constraints of one CRS.
struct ScreenInputs {
  std::vector<Geometry> sites;
  std::vector<std::string> ids;
  std::vector<double> recorded_m2;  ///< as a register has them; NaN or empty = not known
  std::vector<ConstraintLayer> constraints;
  Crs crs;
};

struct ScreenOptions {
  Edges edges = Edges::geodesic;  ///< of sites and constraints; straight in their CRS otherwise
  double tolerance = 1e-3;        ///< of setback lines, as a share of the setback; 1e-7 to 0.1
  /// The same in metres; used instead of the share when it is a number (> 0).
  double tolerance_m = std::numeric_limits<double>::quiet_NaN();
  bool conservative = false;  ///< setbacks never narrower than said
  bool nearest = true;        ///< look for the nearest feature where none is within its setback
  bool dissolve = true;       ///< the summary's dissolved areas
  /// Overlaps and free parts thinner than this are reported as slivers too, never dropped; > 0.
  double sliver_width_m = 1.0;
  int jobs = 0;
};

/// A feature whose setback meets the site.
struct TouchedFeature {
  std::size_t feature = 0;
  double overlap_m2 = 0.0;  ///< with its setback
  double distance_m = 0.0;  ///< to the feature itself; 0 = touches or inside
  bool sliver = false;      ///< the overlap is thinner than the sliver width
};

struct SiteConstraint {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  double overlap_m2 = 0.0;   ///< with the union of the setbacks
  double overlap_pct = 0.0;  ///< of the site; of a point 100 within a setback, else 0
  double nearest_m = std::numeric_limits<double>::quiet_NaN();
  std::size_t nearest = none;
  std::vector<TouchedFeature> touched;  ///< in feature order
};

struct SiteScreening {
  double area_m2 = 0.0;       ///< 0 for points and lines
  double excluded_m2 = 0.0;   ///< union of hard constraints
  double excluded_pct = 0.0;  ///< of a point 100 within a hard setback, else 0
  double net_m2 = 0.0;        ///< area - excluded
  double review_m2 = 0.0;     ///< union of constraints under review, excluded ground with it
  bool excluded = false;      ///< a point or line within a hard setback, or nothing left
  std::vector<SiteConstraint> constraints;  ///< as in the inputs
  Geometry net;  ///< what is left, in the CRS; the site itself when a point is free
  std::size_t free_parts = 0;
  double largest_free_m2 = 0.0;
};

struct ScreenSummary {
  double sites_sum_m2 = 0.0;
  double sites_dissolved_m2 = 0.0;  ///< ground counted once; NaN when not asked for
  double recorded_m2 = std::numeric_limits<double>::quiet_NaN();
  double excluded_sum_m2 = 0.0;
  double excluded_dissolved_m2 = 0.0;
  double net_sum_m2 = 0.0;
  double net_dissolved_m2 = 0.0;
  double review_sum_m2 = 0.0;
};

struct Screening {
  std::vector<SiteScreening> sites;  ///< in the inputs' order
  ScreenSummary summary;
  Findings findings;
};

/// Distances first: setbacks are built only near sites that lie within them. Areas on the
/// ellipsoid (planar in mine grids), unions without double count. The same bits for any `jobs`.
/// Errors: "screen.negative_setback", "screen.setback_range", "screen.duplicate_name",
/// "buffer.tolerance".
[[nodiscard]] Screening screen_sites(const ScreenInputs& inputs, const ScreenOptions& options = {},
                                     const Progress& progress = {});

}  // namespace lode
