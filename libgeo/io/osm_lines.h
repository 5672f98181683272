// Roads, rail, waterways and ferries out of an OpenStreetMap extract, one layer a mode.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/io/layer.h"

namespace lode {

/// The lines of one mode. Columns: osm_id highway name oneway speed_kmh max_weight_t axle_load_t
/// max_draught_m gauge_mm surface tracktype bridge months_closed toll access ferry, those of a
/// network where OSM has them; from max_weight_t on, columns without any value are left out.
/// Vertices that several ways share have bitwise equal coordinates.
struct OsmLayer {
  std::string mode;  ///< "road", "rail", "barge" (ferries count to the road they carry)
  Layer lines;
};

struct OsmOptions {
  /// Modes to read; empty = road, rail, barge.
  std::vector<std::string> modes;
  /// Classes of highway to read; empty = all that a truck may use, tracks included.
  std::vector<std::string> highways;
  int jobs = 0;  ///< threads, 0 = all; at most four are of use
};

/// Whether the name ends as extracts of OpenStreetMap do: .osm.pbf .pbf .osm .osm.gz .osm.bz2 .osh
/// .osc.
[[nodiscard]] bool is_osm_path(const std::string& path);

/// The modes that `--network MODE=extract` reads: "osm" is all of them, a mode of OpenStreetMap is
/// itself. Error "osm.no_mode" for others.
[[nodiscard]] std::vector<std::string> osm_modes(const std::string& mode);

/// Reads an extract in two passes (ways, then the nodes that they use). Ways of which a node is
/// missing, as at the border of an extract, are cut there and counted ("osm.missing_node");
/// "osm.bad_tag" counts values that cannot be read, "osm.duplicate_place" nodes of two numbers at
/// one place, "osm.no_length" ways of one place, "osm.repeated" ways or nodes that the file holds
/// twice, "osm.deleted" deleted ones, "osm.no_gauge" narrow railways without a gauge (left out),
/// "osm.ice_road" winter roads without months, "osm.seasonal" lines whose season is not said,
/// "osm.condition" conditions other than months and weight, "osm.maybe_cut" a .pbf without
/// relations. Modes without a line are left out ("osm.no_lines").
/// Errors: "io.missing_file", "io.not_a_file", "io.forbidden_path", "io.unsupported_format",
/// "io.changed", "osm.cut" (the file ends mid-way), "osm.syntax", "osm.history", "osm.empty" (no
/// line of the modes asked for), "osm.bad_coordinate", "osm.no_mode".
/// Memory: 24 bytes a node of the ways read, and about 500 bytes a way beside its vertices.
[[nodiscard]] std::vector<OsmLayer> read_osm_lines(const std::string& path,
                                                   const OsmOptions& options = {},
                                                   const Progress& progress = {});

}  // namespace lode
