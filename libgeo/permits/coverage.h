// How much of each site permits cover on a day, who holds them, and where they collide.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/crs/crs.h"
#include "libgeo/geometry/geometry.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/permits/validity.h"

namespace lode {

/// What a permit is for; only like kinds stand in conflict.
enum class PermitKind { mineral, surface, permit };
[[nodiscard]] std::string_view to_text(PermitKind kind);
/// From a register's type text: claims, leases, exploration licences, tenements are mineral tenure;
/// surface rights, grazing, rights of way, easements, timber are surface rights; water, air,
/// discharge, plans of operation, operating licences are permits. Mineral when nothing says
/// otherwise.
[[nodiscard]] PermitKind permit_kind(std::string_view type);

/// Permits of one layer. `cells` has one entry each; `holders`, `types`, `recorded_m2` may be
/// empty. Features of one id are parts of one title.
struct PermitInputs {
  std::vector<Geometry> geometry;
  std::vector<std::string> ids;
  std::vector<std::string> holders;
  std::vector<std::string> types;
  std::vector<PermitCells> cells;
  std::vector<double> recorded_m2;
  std::vector<std::string> commodities;  ///< may be empty, as may:
  std::vector<std::string> names;
};

struct CoverageInputs {
  std::vector<Geometry> sites;
  std::vector<std::string> ids;
  PermitInputs permits;
  Crs crs;  ///< of both
};

struct CoverageOptions {
  ValidityOptions validity;
  Edges edges = Edges::geodesic;
  /// Overlaps and gaps thinner than this are told apart as slivers, never dropped; > 0.
  double sliver_width_m = 1.0;
  bool gaps = false;      ///< ground of each site without a valid permit, as geometry
  bool conflicts = true;  ///< overlaps between holders
  /// Conflicts listed for each site, the first ones in layer order; all are counted. 0 or more.
  std::size_t most_conflicts = 1000;
  bool overlaps = true;  ///< the summary's overlaps among permits
  int jobs = 0;
  /// Permits drawn as points or lines have no ground; those within this distance of a site are
  /// listed with it and cover nothing. 0 = none of them is.
  double point_radius_m = 0.0;
};

/// A permit that meets a site.
struct CoveringPermit {
  std::size_t permit = 0;   ///< feature of the permit layer
  double overlap_m2 = 0.0;  ///< 0 for points
  double share_pct = 0.0;   ///< of the site
  /// Of a permit without ground, to the site; NaN for those with ground.
  double distance_m = std::numeric_limits<double>::quiet_NaN();
};

/// Two permits of one kind and different holders on the same ground.
struct PermitConflict {
  std::size_t a = 0, b = 0;  ///< features, a before b
  double area_m2 = 0.0;      ///< within the site; of the whole overlap for a point
  PermitKind kind = PermitKind::mineral;
  bool sliver = false;
};

struct SiteCoverage {
  double area_m2 = 0.0;
  double coverage_pct = 0.0;        ///< by permits of any status, union
  double valid_coverage_pct = 0.0;  ///< by valid ones, union; points 0 or 100
  double covered_m2 = 0.0;
  double valid_m2 = 0.0;
  double gap_m2 = 0.0;           ///< without a valid permit
  double gap_sliver_m2 = 0.0;    ///< of it, in parts thinner than the sliver width
  bool only_sliver_gaps = true;  ///< no part of the gap is wider than that
  bool inside = false;           ///< all of it lies in permits
  /// valid, partial, expired, not_yet, pending, renewal_pending or none.
  std::string status = "none";
  std::vector<CoveringPermit> permits;  ///< in layer order
  std::vector<PermitConflict> conflicts;
  std::size_t conflict_count = 0;      ///< all of them, slivers too
  std::optional<long> days_to_expiry;  ///< earliest end among valid ones; else the latest past one
  Geometry gap;                        ///< filled when asked for
};

/// One permit title on the day.
struct PermitRecord {
  Validity validity;
  PermitKind kind = PermitKind::mineral;
  double area_m2 = 0.0;    ///< of this feature, as mapped
  std::size_t holder = 0;  ///< equal for names taken for one; 0 = unknown
};

/// A title whose recorded area is known.
struct RecordedTitle {
  std::string id;
  double mapped_m2 = 0.0;  ///< parts added
  double recorded_m2 = 0.0;
};

struct CoverageSummary {
  double sum_m2 = 0.0;
  double dissolved_m2 = 0.0;
  double recorded_m2 = std::numeric_limits<double>::quiet_NaN();
  std::size_t titles = 0;
  std::size_t overlapping_pairs = 0;  ///< features whose overlap has an area
  std::size_t stacked_permits = 0;    ///< that share more than 1 m2 with another
  double stacked_m2 = 0.0;            ///< sum less dissolved: ground counted more than once
  std::size_t mapped_over_twice_recorded = 0;
  /// Features that repeat an earlier one of the same title on the same ground, as joined tables
  /// do; sums over features count them again. Both sums without them:
  std::size_t repeated_features = 0;
  double sum_once_m2 = 0.0;
  double recorded_once_m2 = std::numeric_limits<double>::quiet_NaN();
  std::size_t shapes = 0;             ///< different ones
  std::size_t most_of_one_shape = 0;  ///< permits
  /// Middle value of mapped over recorded among titles that record an area; NaN without.
  double median_mapped_over_recorded = std::numeric_limits<double>::quiet_NaN();
};

struct Coverage {
  std::vector<SiteCoverage> sites;
  std::vector<PermitRecord> permits;
  std::vector<RecordedTitle> recorded;  ///< titles that have a recorded area, first seen first
  CoverageSummary summary;
  Findings findings;
};

/// Coverage of every site on the day. Areas on the ellipsoid (planar in mine grids), unions
/// without double count. A point on the edge of a permit is inside. The same bits for any `jobs`.
/// Errors: "permits.length" when columns and features differ in number.
[[nodiscard]] Coverage permit_coverage(const CoverageInputs& inputs,
                                       const CoverageOptions& options = {},
                                       const Progress& progress = {});

}  // namespace lode
