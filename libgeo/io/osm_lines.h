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
/// gauge_mm surface months_closed toll access ferry, those of a network where OSM has them.
/// Vertices that several ways share have bitwise equal coordinates.
struct OsmLayer {
  std::string mode;  ///< "road", "rail", "barge", "sea" (ferries count to the road they carry)
  Layer lines;
};

struct OsmOptions {
  /// Modes to read; empty = road, rail, barge.
  std::vector<std::string> modes;
  /// Classes of highway to read; empty = all that a truck may use, tracks included.
  std::vector<std::string> highways;
};

/// Whether the name ends as extracts of OpenStreetMap do: .osm.pbf .pbf .osm .osm.gz .osm.bz2 .osh.
[[nodiscard]] bool is_osm_path(const std::string& path);

/// Reads an extract in two passes (ways, then the nodes that they use). Ways of which a node is
/// missing, as at the border of an extract, are cut there and counted ("osm.missing_node");
/// "osm.bad_tag" counts values that cannot be read, "osm.duplicate_place" nodes of two numbers at
/// one place. Errors: "io.missing_file", "osm.cut" (the file ends mid-way), "osm.syntax",
/// "osm.empty" (no line of the modes asked for), "osm.bad_coordinate".
[[nodiscard]] std::vector<OsmLayer> read_osm_lines(const std::string& path,
                                                   const OsmOptions& options = {},
                                                   const Progress& progress = {});

}  // namespace lode
