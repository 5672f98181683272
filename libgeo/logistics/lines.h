// Lines that carry freight: one layer of one mode, and what its columns say about each line.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/table.h"
#include "libgeo/crs/crs.h"
#include "libgeo/geometry/geometry.h"

namespace lode {

/// Name of a layer of lanes over open water (see `sea_lanes`): they rightly cross by the thousand,
/// and are entered and left at their ends alone.
inline constexpr std::string_view kOpenWaterLanes = "lanes over open water";

/// One layer of lines of one mode. `geometry[i]` and row i of `table` are one line.
struct LineLayer {
  std::string name;  ///< for messages: "roads.shp"
  std::string mode;  ///< "road", "rail", "sea", "barge", or any other word the tariff knows
  Crs crs;           ///< geographic; all layers of a network share it
  std::vector<Geometry> geometry;
  Table table;  ///< may have no columns
  /// Wanted column -> column of `table`, e.g. {"gate", "passage"}; without an entry, by name.
  std::map<std::string, std::string> fields;
};

enum class Oneway : std::uint8_t { both, forward, backward };

/// What the columns say about one line; NaN, "" and empty mean that nothing is said.
struct LineAttributes {
  Oneway oneway = Oneway::both;  ///< forward = in the order of the vertices
  double speed_kmh = std::numeric_limits<double>::quiet_NaN();
  double max_weight_t = std::numeric_limits<double>::quiet_NaN();  ///< of the loaded vehicle
  double axle_load_t = std::numeric_limits<double>::quiet_NaN();
  double max_draught_m = std::numeric_limits<double>::quiet_NaN();  ///< of the loaded ship
  double length_km = std::numeric_limits<double>::quiet_NaN();      ///< recorded, of the whole line
  double toll_usd = 0.0;            ///< for the whole line, see `ModeRates::payload_t`
  std::vector<int> gauges_mm;       ///< "1435;1520" is a line with both
  std::uint16_t months_closed = 0;  ///< bit m - 1 for month m
  /// Nobody may pass but those whose site or place lies on such lines (OSM: access no, private).
  bool restricted = false;
  std::string surface;  ///< lower case
  std::string gate;     ///< name of a canal, strait, bridge or crossing, as written
  std::string country;  ///< upper case, ISO 3166-1 alpha-3
};

/// The names of the columns that a network layer may have.
[[nodiscard]] const std::vector<std::string>& line_columns();

/// The column that a layer has for one of these, by `fields`, by name, or by the ten characters of
/// the name that a shapefile keeps; null when there is none.
[[nodiscard]] const Column* line_column(const LineLayer& layer, const std::string& wanted);

/// Whether the layer has any of them.
[[nodiscard]] bool has_line_columns(const LineLayer& layer);

/// Reads the columns `oneway speed_kmh max_weight_t axle_load_t gauge_mm surface months_closed gate
/// toll_usd country length_km access max_draught_m` of a layer; a column in another unit is
/// converted. Doubtful values are left out and counted: "network.bad_oneway", "network.bad_speed",
/// "network.bad_limit", "network.bad_gauge", "network.bad_months", "network.bad_toll",
/// "network.bad_length", "network.bad_access".
/// Errors: "table.bad_number" for text where a number belongs, "unit.unknown".
[[nodiscard]] std::vector<LineAttributes> line_attributes(const LineLayer& layer,
                                                          Findings& findings);

/// Months named in a text: "12,1,2", "11-4" (over the new year), "Nov-Apr".
/// Bit m - 1 for month m. False when the text cannot be read as months.
[[nodiscard]] bool parse_months(std::string_view text, std::uint16_t& months);

}  // namespace lode
