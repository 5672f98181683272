// Places where a load changes from one mode of transport to another.
#pragma once

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

/// A siding, port or depot. NaN where nothing is recorded.
struct Terminal {
  std::string id;
  std::string name;
  LonLat at;
  std::vector<std::string> modes;
  /// Of each change of mode; NaN: the tariff's.
  double handling_usd_per_t = std::numeric_limits<double>::quiet_NaN();
  double dwell_h = std::numeric_limits<double>::quiet_NaN();  ///< NaN: the tariff's
  double capacity_t_per_year = std::numeric_limits<double>::quiet_NaN();
  double draught_m = std::numeric_limits<double>::quiet_NaN();
  std::string class7;  ///< takes radioactive cargo: as written
};

/// Terminals in one CRS.
struct Terminals {
  Crs crs;
  std::vector<Terminal> list;
};

/// From a table with the columns `modes handling_usd_per_t dwell_h capacity_t_per_year draught_m
/// class7`, by name or through `fields`. Modes are parted by ; , / | or blanks. A terminal without
/// a place is left out ("route.terminal_without_place"), one with less than two modes too
/// ("route.terminal_one_mode").
/// Errors: "table.no_field" without `modes`, "route.bad_terminal" for negative figures,
/// "table.bad_number", "unit.unknown".
[[nodiscard]] Terminals terminals_from_table(const Crs& crs, const std::vector<Geometry>& geometry,
                                             const Table& table,
                                             const std::vector<std::string>& ids,
                                             const std::vector<std::string>& names,
                                             const std::map<std::string, std::string>& fields,
                                             Findings& findings);

}  // namespace lode
