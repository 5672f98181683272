// Places where a load changes from one mode of transport to another.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/table.h"
#include "libgeo/crs/crs.h"
#include "libgeo/crs/geodesic.h"
#include "libgeo/geometry/geometry.h"

namespace lode {

/// Whether a terminal takes radioactive cargo.
enum class Accepts : std::uint8_t { unknown, yes, no };

/// A siding, port or depot. NaN where nothing is recorded.
struct Terminal {
  std::string id;
  std::string name;
  LonLat at;
  std::vector<std::string> modes;
  /// Of each change of mode; NaN: the tariff's.
  double handling_usd_per_t = std::numeric_limits<double>::quiet_NaN();
  /// Band of the handling; NaN: the same as handling_usd_per_t.
  double handling_low_usd_per_t = std::numeric_limits<double>::quiet_NaN();
  double handling_high_usd_per_t = std::numeric_limits<double>::quiet_NaN();
  double dwell_h = std::numeric_limits<double>::quiet_NaN();  ///< NaN: the tariff's
  double capacity_t_per_year = std::numeric_limits<double>::quiet_NaN();
  double draught_m = std::numeric_limits<double>::quiet_NaN();  ///< of its berths
  std::string class7;  ///< takes radioactive cargo: as written

  [[nodiscard]] Accepts accepts_class7() const;  ///< `class7` read: yes, no, anything else unknown
};

/// Terminals in one CRS.
struct Terminals {
  Crs crs;
  std::vector<Terminal> list;
};

/// From a table with the columns `modes handling_usd_per_t handling_low_usd_per_t
/// handling_high_usd_per_t dwell_h capacity_t_per_year draught_m class7`, by name or through
/// `fields`. Modes are parted by ; , / | or blanks. A terminal without a place is left out
/// ("route.terminal_without_place"), one with less than two modes too
/// ("route.terminal_one_mode").
/// A class7 that is neither yes, no nor blank counts as blank ("route.bad_class7").
/// Errors: "table.no_field" without `modes`, "route.bad_terminal" for negative figures or a band of
/// handling that does not hold its middle,
/// "table.bad_number", "unit.unknown".
[[nodiscard]] Terminals terminals_from_table(const Crs& crs, const std::vector<Geometry>& geometry,
                                             const Table& table,
                                             const std::vector<std::string>& ids,
                                             const std::vector<std::string>& names,
                                             const std::map<std::string, std::string>& fields,
                                             Findings& findings);

}  // namespace lode
