// Customisable contraction hierarchies: one order of the nodes for any weights on them.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/crs/geodesic.h"
#include "libgeo/logistics/shortest_path.h"

namespace lode {

struct DissectionOptions {
  int jobs = 0;
  /// Parts of at most this many nodes are ordered by least degree. 1 or more.
  std::uint32_t small_part = 32;
};

/// An elimination order by nested dissection: separators from flow cuts between the far ends of a
/// part along several directions (inertial flow: Schild, Sommer 2015), in parallel over parts, the
/// same for any number of threads. `places` are those of the nodes (NaN where a node has none: it
/// takes a neighbour's). order[i] = the node eliminated as i-th.
[[nodiscard]] std::vector<std::uint32_t> nested_dissection(const Graph& graph,
                                                           const std::vector<LonLat>& places,
                                                           const DissectionOptions& options = {},
                                                           const Progress& progress = {});

/// What an elimination order makes of a graph, whatever its weights: every node linked to the later
/// ones that it reaches over earlier ones (Dibbelt, Strasser, Wagner 2016). Nodes are known by
/// their rank, the place in the order (made a depth-first one, which changes no link). A node's
/// links lead along one path to the root of the elimination tree, so a depth names a node on it.
struct HierarchyTopology {
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  std::vector<std::uint32_t> order;  ///< node of each rank
  std::vector<std::uint32_t> first;  ///< links of rank r: first[r] to first[r + 1] - 1
  std::vector<std::uint32_t> head;   ///< rank above, ascending
  /// Of each arc of the input: 2 x its link, plus 1 when it leads down; kNone for a loop.
  std::vector<std::uint32_t> slot;
  // The rest follows from these.
  std::vector<std::uint32_t> rank;        ///< of each node
  std::vector<std::uint32_t> depth;       ///< of each rank in the elimination tree; 0 at roots
  std::vector<std::uint32_t> low_first;   ///< links that come up to rank r, from below
  std::vector<std::uint32_t> low;         ///< link
  std::vector<std::uint32_t> low_tail;    ///< its lower end
  std::vector<std::uint32_t> head_depth;  ///< of each link

  [[nodiscard]] std::uint32_t nodes() const { return static_cast<std::uint32_t>(order.size()); }
  /// The next on the way to the root, kNone at a root.
  [[nodiscard]] std::uint32_t parent(std::uint32_t r) const {
    return first[r] == first[r + 1] ? kNone : head[first[r]];
  }
};

/// `order` as by `nested_dissection`. Nothing when there would be more than `most_links` links:
/// graphs without small separators have no use for a hierarchy.
[[nodiscard]] std::optional<HierarchyTopology> build_hierarchy(
    const Graph& graph, const std::vector<std::uint32_t>& order,
    std::size_t most_links = std::numeric_limits<std::uint32_t>::max() / 4,
    const Progress& progress = {});

/// What the topology depends on: a digest of the graph's nodes and arcs, weights left out.
[[nodiscard]] std::string topology_digest(const Graph& graph);

/// Runs of bytes and back. Nothing when the bytes are damaged, of another version, or of another
/// graph than the one with this digest.
[[nodiscard]] std::string pack_hierarchy(const HierarchyTopology& topology,
                                         const std::string& digest);
[[nodiscard]] std::optional<HierarchyTopology> unpack_hierarchy(std::string_view bytes,
                                                                const std::string& digest);

/// The topology with weights: each link's least weight up (at 2 x link) and down (2 x link + 1)
/// over any nodes below it, infinite where there is no way.
struct HierarchyMetric {
  static constexpr std::uint32_t kArc = 0x80000000U;

  std::vector<double> weight;
  /// What the link stands for: kArc + the arc of the input, or the rank of the lower node that it
  /// leads over; HierarchyTopology::kNone where there is no way.
  std::vector<std::uint32_t> via;
};

/// `weights` are those of graph.out, zero or more, infinite where an arc is closed. Of equal ways
/// an arc counts before a way over lower nodes, the first before the later ones, the lowest node
/// before others. The same bits for any number of threads.
[[nodiscard]] HierarchyMetric customise(const HierarchyTopology& topology,
                                        const std::vector<double>& weights, int jobs = 0,
                                        const Progress& progress = {});

/// The arcs of the input that a link's weight is the sum of, in the order of travel. `half` is
/// 2 x link, plus 1 for down.
void unpack_link(const HierarchyTopology& topology, const HierarchyMetric& metric,
                 std::uint32_t half, std::vector<std::uint32_t>& arcs);
/// The two halves that a half link leads over; false when it is an arc.
[[nodiscard]] bool split_link(const HierarchyTopology& topology, const HierarchyMetric& metric,
                              std::uint32_t half, std::uint32_t& one, std::uint32_t& two);

/// Distances between a place and all nodes on the path from its seeds to the root of the
/// elimination tree, over lower nodes only: the least sum over the common part of two such paths
/// is the distance between two places.
struct HierarchyLabel {
  std::vector<std::uint32_t> path;  ///< ranks by depth, from the root down
  std::vector<double> distance;     ///< by depth
  std::vector<std::uint32_t> link;  ///< half link it was reached over, kNone at seeds and where not
};

/// From the seeds upward, or (`down`) from above to the seeds. Seeds whose nodes do not lie on one
/// path give several labels.
[[nodiscard]] std::vector<HierarchyLabel> label_seeds(const HierarchyTopology& topology,
                                                      const HierarchyMetric& metric,
                                                      const std::vector<Seed>& seeds, bool down);

/// Where two labels meet.
struct LabelMeeting {
  double weight = std::numeric_limits<double>::infinity();
  std::uint32_t depth = 0;  ///< the least one of equals
};
[[nodiscard]] LabelMeeting meet(const HierarchyLabel& up, const HierarchyLabel& down);

}  // namespace lode
