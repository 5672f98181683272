// What is odd in a network and where: crossings without a node, one-way traps, loops, doubles.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/logistics/network.h"

namespace lode {

/// How an edge stands to the main body of its piece of network: the largest set of nodes that can
/// all be reached from one another (Tarjan 1972).
enum class TrapKind : std::uint8_t {
  none,      ///< can be entered and left
  no_exit,   ///< can be entered from the main body, no way leads back
  no_entry,  ///< a way leads to the main body, none from it
  cut_off    ///< neither, though lines link them
};
[[nodiscard]] std::string_view to_text(TrapKind kind);

/// Edges of one kind that hang together.
struct OneWayTrap {
  TrapKind kind = TrapKind::none;
  std::string mode;
  std::vector<std::uint32_t> edges;  ///< ascending
  LonLat at;                         ///< the first vertex of the first edge
};

/// Edges that are drawn twice: the same nodes and the same vertices, in either direction.
struct DoubledEdge {
  std::uint32_t first = 0, again = 0;
};

struct NetworkCheck {
  std::vector<OneWayTrap> traps;     ///< in the order of their first edges
  std::vector<std::uint32_t> loops;  ///< edges that end where they start
  std::vector<DoubledEdge> doubled;
};

/// Adds the findings "network.one_way_trap" (warning), "network.self_loop" (note) and
/// "network.doubled_line" (warning), each with its first place. Restrictions, seasons and terminals
/// do not count: the network alone is judged.
[[nodiscard]] NetworkCheck check_network(const Network& network, Findings& findings,
                                         const Progress& progress = {});

}  // namespace lode
