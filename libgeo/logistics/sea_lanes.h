// Sea lanes from land: the shortest ways over water between ports, round the coast.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/crs/geodesic.h"
#include "libgeo/logistics/lines.h"

namespace lode {

/// A strait, canal or ice edge that the program knows: a line across the water (whatever crosses it
/// passes the gate), or a fairway along which ships pass where the land leaves no water.
struct SeaGate {
  std::string name;
  bool canal = false;  ///< `line` is a fairway; else a bar across the water
  Path line;           ///< longitudes and latitudes
  double toll_usd = 0.0;
  double max_draught_m = 0.0;  ///< 0 = none said
  double speed_kmh = 0.0;      ///< 0 = none said
  std::uint16_t months_closed = 0;
  bool closed = false;  ///< shut unless it is asked for (`SeaOptions::open`)
  std::string country;
  std::string source;
};

/// Reads gates (TOML, `[[gates]]` with the members above as keys, `months_closed = "11-6"`).
/// Errors "sea.gate_syntax", "sea.gate_invalid".
[[nodiscard]] std::vector<SeaGate> parse_sea_gates(std::string_view text, const std::string& where);
/// The gates that ship with Lode; each has its source.
[[nodiscard]] std::string_view built_in_sea_gates_text();
[[nodiscard]] const std::vector<SeaGate>& built_in_sea_gates();
/// One's own gates and those that ship with Lode, of which those of the same names are left out.
[[nodiscard]] std::vector<SeaGate> with_built_in_gates(std::vector<SeaGate> own);

/// A port, or any place that ships leave from.
struct SeaBerth {
  std::string id;
  LonLat at;
};

struct SeaOptions {
  /// The coast is drawn so coarsely that no way gets longer, and capes are cut by at most this.
  double tolerance_m = 2000.0;
  /// A berth farther than this from open water gets no lane.
  double berth_radius_km = 250.0;
  std::vector<std::string> open;  ///< gates shut by default that may be passed
  int jobs = 0;
};

/// Lanes of mode "sea" between all berths over the water that the land polygons leave, as a network
/// of geodesic edges that are tangent to the coast, so that the shortest way on them is the
/// shortest way over water (within the tolerance). Each berth is the end of lanes at the water
/// nearest to it. Columns: gate toll_usd max_draught_m speed_kmh months_closed country.
/// Findings: "sea.no_water" (a berth without water within the radius), "sea.landlocked" (water
/// without a way to the ocean), "sea.inland_berth" (how far berths lie from water),
/// "sea.gate_inland", "sea.land_repaired". Errors: "sea.not_land" (no polygon), "sea.crs",
/// "sea.bad_option", "sea.unknown_gate", "sea.bad_berth".
[[nodiscard]] LineLayer sea_lanes(const Crs& crs, const std::vector<Geometry>& land,
                                  const std::vector<SeaGate>& gates,
                                  const std::vector<SeaBerth>& berths, const SeaOptions& options,
                                  Findings& findings, const Progress& progress = {});

}  // namespace lode
