// Drillholes: collar, survey, assay and lithology tables checked and read into holes and intervals.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/core/table.h"
#include "libgeo/deposit/desurvey.h"

namespace lode {

/// Which sign a dip has that points down. `inferred`: all dips must be of one sign, which then
/// points down and is said.
enum class DipSign { inferred, positive_down, negative_down };

/// What a negative value counts as: a laboratory's mark for "below |value|".
enum class NegativeValue { refuse, half, zero, limit, missing };

/// Null = there is none. Either collars (with what there is of the others), or `desurveyed` alone:
/// intervals that hold x, y and z of their middle.
struct DrillholeTables {
  const Table* collars = nullptr;
  const Table* surveys = nullptr;  ///< without: azimuth and dip of the collar table, else vertical
  const Table* assays = nullptr;
  const Table* lithology = nullptr;
  const Table* desurveyed = nullptr;
};

struct DrillholeOptions {
  /// Of depths whose column does not say its unit; 1 or 0.3048. NaN = that of the coordinates.
  double depth_metres_per_unit = std::numeric_limits<double>::quiet_NaN();
  double metres_per_unit = 1.0;  ///< of the coordinates
  bool projected = false;        ///< coordinates of a projected CRS: degrees are refused
  DipSign dip_down = DipSign::inferred;
  double azimuth_add_deg = 0.0;  ///< magnetic declination and grid convergence; any
  PathMethod method = PathMethod::minimum_curvature;
  /// Wanted column (hole x y z depth at azimuth dip from to) -> name in the tables.
  std::map<std::string, std::string> fields;
  std::vector<std::string> values;  ///< of the assays; empty = every column that holds numbers
  std::string density;              ///< column of weights, t/m3; "" = none
  std::string recovery;             ///< core recovery in per cent; "" = none
  std::string domain;               ///< of the lithology or the assays; "" = one domain
  NegativeValue negative = NegativeValue::refuse;
  /// True: values below detection without a rule are said, not refused (nothing is computed).
  bool checking = false;
};

struct Drillhole {
  std::string name;
  double end_m = 0.0;     ///< depth of its end; that of its last interval when not given
  bool surveyed = false;  ///< false: taken as vertical
  HolePath path;          ///< metres
  std::size_t first_interval = 0;
  std::size_t intervals = 0;
};

/// Intervals of one kind, sorted by hole and depth; one entry an interval in every vector that is
/// not empty.
struct DrillholeIntervals {
  std::vector<std::uint32_t> hole;
  std::vector<double> from_m, to_m;
  std::vector<std::size_t> row;  ///< of its table
  std::vector<std::string> variables;
  std::vector<std::string> units;           ///< of the variables; "" = not known
  std::vector<std::vector<double>> values;  ///< by variable; NaN = missing
  std::vector<double> density_t_m3, recovery_pct;
  std::vector<std::uint32_t> domain;  ///< index into DrillholeSet::domain_names; empty = none

  [[nodiscard]] std::size_t size() const { return from_m.size(); }
};

struct DrillholeSet {
  std::vector<Drillhole> holes;  ///< in the order of the collars
  /// Where the lithology gives the domain, intervals are split at its contacts.
  DrillholeIntervals assays;
  DrillholeIntervals lithology;           ///< from, to and domain; empty unless it gives the domain
  std::vector<std::string> domain_names;  ///< "" = not logged
  bool has_domain = false;
  std::size_t samples = 0;  ///< rows of assays that stand, before they were split at domains
  double metres = 0.0;      ///< of the holes, to their ends
  Findings findings;        ///< those of severity error: `require_sound` refuses
};

/// Reads and checks. Faults of the data are findings, all of them at once; of severity error are
/// those with which nothing can be computed. Codes and rules: tools/drillholes_check.md.
/// Errors "drillholes.no_column", "drillholes.ambiguous_column", "drillholes.no_collars",
/// "drillholes.no_value".
[[nodiscard]] DrillholeSet read_drillholes(const DrillholeTables& tables,
                                           const DrillholeOptions& options = {},
                                           const Progress& progress = {});

/// Which table this is by its columns. Intervals are assays when a column holds values, else
/// lithology.
enum class DrillholeTableKind { unrecognised, collars, surveys, assays, lithology, desurveyed };
[[nodiscard]] DrillholeTableKind drillhole_table_kind(const Table& table,
                                                      const DrillholeOptions& options = {});

/// Throws the first finding of severity error, the others in `more`.
void require_sound(const DrillholeSet& set);

}  // namespace lode
