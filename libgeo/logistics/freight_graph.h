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
  double stock = 0.0;   ///< value of time x wait_h
  double wait_h = 0.0;  ///< until the parcel is together; part of hours
  double hours = 0.0, co2e_kg = 0.0;
  bool seasonal = false;  ///< a line that is closed in some months

  void add(const Toll& other);
};

/// A run along an edge, or one of the links that are no edges. `pass` costs nothing: from a part of
/// the way to the next.
struct Step {
  enum class Kind : std::uint8_t { edge, border, access, transfer, pass };
  Kind kind = Kind::edge;
  bool to_network = false;                         ///< access: from the terminal to its line
  std::uint32_t edge = 0;                          ///< edge, and access: the edge met
  double from = 0.0, to = 1.0;                     ///< edge: fractions of its length
  std::uint32_t terminal = 0;                      ///< access, transfer
  std::uint16_t carrier = 0;                       ///< access: of the line; transfer: come from
  std::uint16_t carrier_to = 0;                    ///< transfer: gone to
  std::uint32_t country_from = 0, country_to = 0;  ///< border, into Network::texts
  double gap_km = 0.0;                             ///< access
  std::uint16_t vehicle = 0;                       ///< class; transfer: come from
  std::uint16_t vehicle_to = 0;                    ///< transfer: gone to
  bool loading = false;                            ///< edge: the load is taken on before it
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
  kDraught = 16,   ///< of a lane or a berth
  kClass7 = 32,    ///< of a terminal
  kCapacity = 64,  ///< of a terminal
  kAccess = 128,   ///< through traffic on a restricted line
  kAllClosures = 255
};

/// Which part of a way a node belongs to: restricted lines are gone only before or only after all
/// others, so the nodes that touch them have a copy for either part.
enum class WayPart : std::uint8_t { through, leaving, arriving };

/// By carrier, by terminal: where each terminal meets its lines. A function of network, terminals
/// and snap radius alone, so graphs of other loads take it over.
using TerminalSnaps = std::vector<std::vector<Snap>>;
[[nodiscard]] TerminalSnaps snap_terminals(const Network& network, const Terminals& terminals,
                                           const RouteOptions& options);

class FreightGraph {
 public:
  /// Checks options, tariff and terminals, and joins the terminals to the network. The load is
  /// `options.cargo`; `options.cargoes` is no matter here. `ready` saves the search for the
  /// terminals' lines.
  FreightGraph(const Network& network, const Tariff& tariff, const Terminals& terminals,
               const RouteOptions& options, Findings& findings,
               const TerminalSnaps* ready = nullptr);

  /// Arcs of all steps that are open when the closures in `lifted` are no matter. The label of an
  /// arc is 2 x the stretch's or link's number, plus 1 when it is gone backward. Node numbers do
  /// not depend on `lifted`.
  [[nodiscard]] std::vector<Arc> arcs(std::uint8_t lifted) const;
  [[nodiscard]] std::uint32_t nodes() const { return node_count_; }
  /// Where the nodes are.
  [[nodiscard]] std::vector<LonLat> places() const;
  [[nodiscard]] Step step(std::uint32_t label) const;
  [[nodiscard]] Toll toll(const Step& step) const;
  /// What is minimised, of a step.
  [[nodiscard]] double weight(const Toll& toll) const;
  /// The straight way between a place and the edge it is snapped to.
  [[nodiscard]] Toll access_toll(std::uint32_t edge, double distance_m) const;

  /// Its nodes are those of the first class and of through traffic; see `gate_node`.
  [[nodiscard]] Attachment attach(const Snap& snap) const;
  /// The node where a way of a class begins (`leaving`) or ends that meets the network at `node`:
  /// an attachment's `a` or `b`, on `edge`.
  [[nodiscard]] std::uint32_t gate_node(std::uint32_t node, std::uint32_t edge,
                                        std::uint16_t vehicle, bool leaving) const;
  /// Closures of an edge for a class of vehicle.
  [[nodiscard]] std::uint8_t closures(std::uint32_t edge, std::uint16_t vehicle = 0) const;
  [[nodiscard]] bool may(std::uint32_t edge, bool backward, std::uint8_t lifted,
                         std::uint16_t vehicle = 0) const;
  /// Closures that some line or terminal has.
  [[nodiscard]] std::uint8_t closures_used() const { return used_; }
  /// Closures of the step that an arc stands for.
  [[nodiscard]] std::uint8_t closures_of(std::uint32_t label) const;

  /// Classes that may run on a carrier; one, without a name, where the tariff has none.
  [[nodiscard]] const std::vector<ModeRates>& vehicles(std::uint16_t carrier) const {
    return vehicles_[carrier];
  }
  /// Mean hours until the smallest parcel of a class is together; 0 without `Cargo::annual_t`.
  [[nodiscard]] double wait_h(std::uint16_t carrier, std::uint16_t vehicle) const;

  [[nodiscard]] const Network& network() const { return net_; }
  [[nodiscard]] const Terminals& terminals() const { return terminals_; }
  [[nodiscard]] const RouteOptions& options() const { return options_; }

 private:
  /// A part of an edge that terminals cut; whole edges have none.
  struct Piece {
    std::uint32_t edge = 0, a = 0, b = 0;
    double from = 0.0, to = 1.0;
  };
  struct Link {
    std::uint32_t a = 0, b = 0;
    Step step;  ///< going from a to b
    std::uint8_t closures = kOpen;
  };
  /// An edge or piece once more: for another class than the first, or (`against_access`) for
  /// through traffic on a restricted line, which only a lifted closure allows.
  struct Copy {
    std::uint32_t number = 0;
    std::uint16_t vehicle = 0;
    bool against_access = false;
  };
  /// Where a terminal's line of one carrier is.
  struct Dock {
    std::uint32_t terminal = 0;
    std::uint16_t carrier = 0;
    Snap snap;
    std::uint32_t node = 0;
  };
  /// The load at a terminal, in a vehicle of one class: where it comes in and where it goes out
  /// (two nodes only on restricted lines, which nobody may pass by way of the terminal).
  struct Berth {
    std::size_t dock = 0;
    std::uint16_t vehicle = 0;
    std::uint32_t in = 0, out = 0;
  };

  void choose_vehicles();
  void check_tariff(Findings& findings) const;
  void note_loads(Findings& findings) const;
  void close_edges(Findings& findings);
  [[nodiscard]] std::uint8_t vehicle_closures(const NetworkLine& line, const ModeRates& vehicle,
                                              std::uint8_t general) const;
  void check_gates() const;
  void check_terminal_mode(const Terminal& terminal, const std::string& mode,
                           Findings& findings) const;
  void dock_terminals(const TerminalSnaps* ready, Findings& findings);
  void cut_edges();
  void copy_nodes();
  void copy_edges();
  void link_borders();
  void link_terminals(Findings& findings);
  [[nodiscard]] std::vector<Berth> berths_of(std::size_t first, std::size_t last,
                                             Findings& findings);
  void link_access(const Berth& berth);
  void link_transfers(const Berth& from, const std::vector<Berth>& berths, std::uint8_t closures,
                      Findings& findings);
  [[nodiscard]] std::uint8_t terminal_closures(const Terminal& terminal, Findings& findings);
  [[nodiscard]] const Handling* handling(const Dock& from, const Dock& to) const;
  void add_handling(const Step& step, Toll& toll) const;
  void add_edge(const Step& step, Toll& toll) const;

  /// The node's copy for a class and a part of the way.
  [[nodiscard]] std::uint32_t node_of(std::uint32_t node, std::uint16_t vehicle,
                                      WayPart part) const;
  [[nodiscard]] bool has_parts(std::uint32_t node) const {
    return !part_rank_.empty() && part_rank_[node] != kNoRank;
  }
  [[nodiscard]] bool restricted(std::uint32_t edge) const {
    return net_.lines[net_.edges[edge].line].restricted;
  }
  void add_copies_of_links(std::vector<Arc>& all) const;
  void weigh(std::vector<Arc>& arcs) const;
  void add_stretch(const Copy& copy, std::uint32_t label, std::uint8_t lifted,
                   std::vector<Arc>& all) const;

  static constexpr std::uint32_t kNoRank = 0xffffffffU;

  const Network& net_;
  const Tariff& tariff_;
  const Terminals& terminals_;
  const RouteOptions& options_;
  std::vector<std::vector<ModeRates>> vehicles_;  ///< by carrier, rates net of return loads
  /// By carrier, class and text of the network; none where the class has no factors.
  std::vector<std::vector<std::vector<double>>> surface_factors_;
  std::vector<ModeRates> own_;          ///< by carrier: the mode's own, the same
  std::vector<std::uint8_t> closures_;  ///< by edge, of vehicles without own limits
  std::uint8_t used_ = 0;
  std::uint32_t node_count_ = 0;
  std::uint32_t plain_nodes_ = 0;  ///< of the network and of cuts: those that have copies
  std::vector<Dock> docks_;
  std::vector<Piece> pieces_;
  std::unordered_map<std::uint32_t, std::pair<std::uint32_t, std::uint32_t>> pieces_of_;
  std::vector<Link> links_;
  std::vector<Copy> copies_;
  std::vector<std::uint16_t> classes_of_node_;  ///< empty: one each
  std::vector<std::uint32_t> class_rank_;       ///< place among the nodes with classes; or empty
  std::uint32_t class_base_ = 0, class_nodes_ = 0;
  std::vector<std::uint32_t> part_rank_;  ///< place among the nodes on restricted lines; or empty
  std::uint32_t part_base_ = 0, part_nodes_ = 0;
  std::vector<std::uint32_t> terminal_nodes_;  ///< terminal of each node after the copies
  std::uint32_t terminal_base_ = 0;
};

/// Checks of options that need no network. Errors "route.bad_option", "route.pairwise_length",
/// "route.no_places", "crs.mismatch", "route.bad_coordinate".
void check_route_input(const Places& from, const Places& to, const RouteOptions& options);

/// A line through the places, cut where it passes 180 degrees (RFC 7946). Longitudes in
/// (-180, 180]; parts of one vertex are left out.
[[nodiscard]] Geometry cut_at_antimeridian(const std::vector<LonLat>& path);

}  // namespace lode
