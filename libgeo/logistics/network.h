// A freight network from line layers: joined where lines share a vertex, cut into edges, measured.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/crs/geodesic.h"
#include "libgeo/logistics/lines.h"

namespace lode {

struct NetworkOptions {
  /// Ends of lines nearer than this to another end, or dangling ends nearer than this to an edge,
  /// are joined by a short connector of the true length. 0 to 10,000 m; 0 joins only vertices that
  /// are exactly the same.
  double snap_tolerance_m = 0.0;
  /// Count lines that cross without a common vertex (they are never joined).
  bool report_crossings = true;
  /// More vertices than this are refused; node numbers have 32 bits.
  std::size_t max_vertices = 2000000000;
  int jobs = 0;  ///< threads, 0 = all
};

/// One line of the input, its attributes with texts as indices into `Network::texts`. 80 bytes.
struct NetworkLine {
  std::uint32_t layer = 0;     ///< index of the layer it came from
  std::uint32_t feature = 0;   ///< row in that layer
  double speed_kmh = 0.0;      ///< 0 = not recorded
  double max_weight_t = 0.0;   ///< 0 = no limit recorded
  double axle_load_t = 0.0;    ///< 0 = no limit recorded
  double max_draught_m = 0.0;  ///< 0 = no limit recorded
  std::uint32_t surface = 0;
  std::uint32_t gate = 0;
  std::uint32_t country = 0;
  std::uint16_t months_closed = 0;
  Oneway oneway = Oneway::both;
  bool restricted = false;  ///< see LineAttributes::restricted
  double toll_usd = 0.0;    ///< for the whole line
  double length_m = 0.0;    ///< geodesic, of all its parts
  /// Recorded length over geodesic length, 1 where none is recorded.
  double length_factor = 1.0;

  bool operator==(const NetworkLine&) const = default;
};

/// A piece of a line between two nodes, from node `a` to node `b` in the order of its vertices. 32
/// bytes.
struct NetworkEdge {
  std::uint32_t a = 0, b = 0;
  std::uint32_t line = 0;
  std::uint32_t first_vertex = 0;  ///< into `Network::shape`
  std::uint32_t vertices = 0;      ///< at least 2
  std::uint16_t carrier = 0;       ///< into `Network::carriers`
  std::uint16_t unused = 0;        ///< so that equal edges are equal bytes
  double length_m = 0.0;           ///< geodesic along the vertices

  bool operator==(const NetworkEdge&) const = default;
};

/// A mode and its gauge: what may run through without a transfer. Gauge 0 where the mode has none.
struct Carrier {
  std::string mode;
  int gauge_mm = 0;
  bool operator==(const Carrier&) const = default;
};

/// What was built, by mode.
struct ModeReport {
  std::string mode;
  std::size_t lines = 0, edges = 0, nodes = 0;
  double length_km = 0.0;
  std::size_t components = 0;
  std::size_t largest_component_edges = 0;
  std::size_t dangling_ends = 0;
  std::size_t crossings_without_node = 0;
  std::size_t joined_by_tolerance = 0;
  double largest_gap_m = 0.0;  ///< of those joined
  bool operator==(const ModeReport&) const = default;
};

/// Nodes and edges in plain arrays, nodes numbered along a space-filling curve. Node, edge and
/// component numbers are functions of the input alone.
struct Network {
  Crs crs;
  std::vector<std::string> layers;  ///< names of the input layers
  std::vector<Carrier> carriers;
  std::vector<std::string> texts;  ///< [0] is ""
  std::vector<NetworkLine> lines;
  std::vector<LonLat> nodes;
  std::vector<NetworkEdge> edges;
  std::vector<LonLat> shape;  ///< vertices of all edges, longitudes in (-180, 180]
  /// Pairs of nodes of one carrier at one place in two countries: where a border is crossed.
  struct Border {
    std::uint32_t a = 0, b = 0;
    std::uint32_t country_a = 0, country_b = 0;  ///< into `texts`
    bool operator==(const Border&) const = default;
  };
  std::vector<Border> borders;
  /// Part of each edge: edges that are linked, whatever the direction and the mode's terminals,
  /// have one number; 0 has the most edges.
  std::vector<std::uint32_t> component;
  std::vector<std::uint32_t> component_edges;  ///< edges of each component
  std::vector<ModeReport> report;              ///< by mode, in order of first appearance
  Findings findings;

  [[nodiscard]] const std::string& mode_of(std::uint32_t edge) const {
    return carriers[edges[edge].carrier].mode;
  }
  /// A lane over open water: no line on the ground, so it has no crossings and is met at its ends.
  [[nodiscard]] bool open_water(std::uint32_t edge) const {
    const std::uint32_t layer = lines[edges[edge].line].layer;
    return layer < layers.size() && layers[layer] == kOpenWaterLanes;
  }
};

/// Lines of one mode (and gauge) join where they share a vertex, end or inner, never where they
/// only cross; x = 180 and x = -180 are one place, and so are all longitudes at a pole. Edges run
/// along geodesics. Where a line of one country meets one of another, the node is doubled and the
/// two are linked by a border.
///
/// Findings: "network.not_a_line", "network.zero_length", "network.components",
/// "network.dangling_ends", "network.crossing_without_node", "network.joined_by_tolerance",
/// "network.recorded_length", "network.length_doubtful", "network.gauge_assumed", those of
/// `line_attributes`. Errors: "network.empty" (no layer, or no line in any), "network.not_lines" (a
/// layer of points or polygons), "network.no_mode", "network.crs" (not geographic), "crs.mismatch",
/// "network.bad_coordinate" (NaN or a latitude past 90 degrees), "network.too_large",
/// "network.bad_tolerance".
[[nodiscard]] Network build_network(const std::vector<LineLayer>& layers,
                                    const NetworkOptions& options = {},
                                    const Progress& progress = {});

/// A plain longitude in (-180, 180]; 0 at the poles.
[[nodiscard]] LonLat plain_place(double lon_deg, double lat_deg);

}  // namespace lode
