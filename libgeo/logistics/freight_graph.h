// The expanded graph of freight: places by modes, terminals between them, and what each step costs.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "libgeo/logistics/freight.h"
#include "libgeo/logistics/shortest_path.h"

namespace lode {

/// What a step adds up to; a sum of steps is one too.
struct Toll {
  double km = 0.0;      ///< along lines
  double gap_km = 0.0;  ///< straight ways to and from lines
  double freight_low = 0.0, freight = 0.0, freight_high = 0.0;
  double toll = 0.0, time = 0.0;
  double hours = 0.0, co2e_kg = 0.0;
  bool seasonal = false;  ///< a line that is closed in some months

  void add(const Toll& other);
};

/// A run along an edge, or one of the links that are no edges.
struct Step {
  enum class Kind : std::uint8_t { edge, border, access, transfer };
  Kind kind = Kind::edge;
  bool to_network = false;                         ///< access: from the terminal to its line
  std::uint32_t edge = 0;                          ///< edge, and access: the edge met
  double from = 0.0, to = 1.0;                     ///< edge: fractions of its length
  std::uint32_t terminal = 0;                      ///< access, transfer
  std::uint16_t carrier = 0;                       ///< access: of the line; transfer: come from
  std::uint16_t carrier_to = 0;                    ///< transfer: gone to
  std::uint32_t country_from = 0, country_to = 0;  ///< border, into Network::texts
  double gap_km = 0.0;                             ///< access
};

/// Where a place stands in the graph: at a node, or inside a stretch between two.
struct Attachment {
  bool at_node = false;
  std::uint32_t a = 0, b = 0;  ///< nodes of the graph; equal when at_node
  std::uint32_t edge = 0;
  double from = 0.0, to = 0.0, at = 0.0;  ///< fractions: of a, of b, of the place
  std::uint32_t stretch = 0;              ///< the same for places on one stretch
};

/// Why a line may not be used; a line may have several.
enum Closure : std::uint8_t {
  kOpen = 0,
  kClosed = 1,
  kBorder = 2,
  kSeason = 4,
  kWeight = 8,
  kAllClosures = 15
};

class FreightGraph {
 public:
  /// Checks options, tariff and terminals, and joins the terminals to the network.
  FreightGraph(const Network& network, const Tariff& tariff, const Terminals& terminals,
               const RouteOptions& options, Findings& findings);

  /// Arcs of all steps that are open when the closures in `lifted` are no matter. The label of an
  /// arc is 2 x the stretch's or link's number, plus 1 when it is gone backward.
  [[nodiscard]] std::vector<Arc> arcs(std::uint8_t lifted) const;
  [[nodiscard]] std::uint32_t nodes() const { return node_count_; }
  [[nodiscard]] Step step(std::uint32_t label) const;
  [[nodiscard]] Toll toll(const Step& step) const;
  /// What is minimised, of a step.
  [[nodiscard]] double weight(const Toll& toll) const;
  /// The straight way between a place and the edge it is snapped to.
  [[nodiscard]] Toll access_toll(std::uint32_t edge, double distance_m) const;

  [[nodiscard]] Attachment attach(const Snap& snap) const;
  [[nodiscard]] std::uint8_t closures(std::uint32_t edge) const { return closures_[edge]; }
  [[nodiscard]] bool may(std::uint32_t edge, bool backward, std::uint8_t lifted) const;
  /// Closures that some line has.
  [[nodiscard]] std::uint8_t closures_used() const { return used_; }

  [[nodiscard]] const Network& network() const { return net_; }
  [[nodiscard]] const Terminals& terminals() const { return terminals_; }
  [[nodiscard]] const RouteOptions& options() const { return options_; }

 private:
  /// A part of an edge that terminals cut; whole edges have none.
  struct Part {
    std::uint32_t edge = 0, a = 0, b = 0;
    double from = 0.0, to = 1.0;
  };
  struct Link {
    std::uint32_t a = 0, b = 0;
    Step step;  ///< going from a to b
  };
  /// Where a terminal's line of one carrier is.
  struct Dock {
    std::uint32_t terminal = 0;
    std::uint16_t carrier = 0;
    Snap snap;
    std::uint32_t node = 0;
  };

  void check_tariff(Findings& findings) const;
  void close_edges(Findings& findings);
  void check_gates() const;
  [[nodiscard]] std::vector<std::vector<Snap>> snap_terminals() const;  ///< by carrier, by terminal
  void check_terminal_mode(const Terminal& terminal, const std::string& mode,
                           Findings& findings) const;
  void dock_terminals(Findings& findings);
  void cut_edges();
  void link_terminals(Findings& findings);
  [[nodiscard]] std::uint32_t node_of_dock(const Dock& dock) const;
  [[nodiscard]] const Handling* handling(const Dock& from, const Dock& to) const;

  const Network& net_;
  const Tariff& tariff_;
  const Terminals& terminals_;
  const RouteOptions& options_;
  std::vector<const ModeRates*> rates_;  ///< by carrier
  std::vector<std::uint8_t> closures_;   ///< by edge
  std::uint8_t used_ = 0;
  std::uint32_t node_count_ = 0;
  std::vector<Dock> docks_;
  std::vector<Part> parts_;
  std::unordered_map<std::uint32_t, std::pair<std::uint32_t, std::uint32_t>> parts_of_;
  std::vector<Link> links_;
};

/// Checks of options that need no network. Errors "route.bad_option", "route.pairwise_length",
/// "route.no_places", "crs.mismatch", "route.bad_coordinate".
void check_route_input(const Places& from, const Places& to, const RouteOptions& options);

/// A line through the places, cut where it passes 180 degrees (RFC 7946). Longitudes in
/// (-180, 180]; parts of one vertex are left out.
[[nodiscard]] Geometry cut_at_antimeridian(const std::vector<LonLat>& path);

}  // namespace lode
