// From a search to a route: the steps of the way in order, its legs, totals and line.
#pragma once

#include <vector>

#include "libgeo/logistics/freight_graph.h"

namespace lode {

/// One way on or off the graph at an attachment.
struct Gate {
  std::uint32_t node = 0;
  Step step;  ///< of no length where the attachment is a node
  double weight = 0.0;
};

/// The ways from a place to the graph (`leaving`) or from the graph to it, none where closed.
[[nodiscard]] std::vector<Gate> gates_of(const FreightGraph& graph, const Attachment& at,
                                         bool leaving, std::uint8_t lifted = kOpen);

/// The straight run between two attachments on one stretch, if it may be gone; its weight is
/// infinite when it may not.
[[nodiscard]] Gate direct_run(const FreightGraph& graph, const Attachment& from,
                              const Attachment& to, std::uint8_t lifted = kOpen);

/// The cheapest way found by a search, as steps from site to place. Empty and an infinite weight
/// when there is none.
struct Way {
  double weight = ShortestPaths::kUnreached;
  std::vector<Step> steps;
};

/// `search` has run on `directed` from `source`, the site; with `backward`, on the reverse graph,
/// and `source` is the place. `target` is the other end.
[[nodiscard]] Way way_between(const FreightGraph& graph, const Graph& directed,
                              const ShortestPaths& search, const Attachment& source,
                              const Attachment& target, bool backward);

/// Totals without the ways themselves: sums are kept at the nodes of the search tree, so that a
/// thousand targets cost little more than the tree. One per thread.
class TreeTotals {
 public:
  /// Before the targets of a new search.
  void start(const FreightGraph& graph, const Attachment& source, bool backward);
  /// False when there is no way. The arguments are those of `way_between`.
  [[nodiscard]] bool total(const FreightGraph& graph, const Graph& directed,
                           const ShortestPaths& search, const Attachment& source,
                           const Attachment& target, bool backward, Toll& sum);

 private:
  const Toll& at(const FreightGraph& graph, const Graph& directed, const ShortestPaths& search,
                 std::uint32_t node);

  std::vector<Gate> source_;
  std::vector<Toll> totals_;
  std::vector<std::uint32_t> run_;
  std::vector<std::uint32_t> way_;
  std::uint32_t now_ = 0;
};

/// Totals of a row from a sum along its way, snaps included.
void fill_totals(const Toll& toll, RouteRow& row);

/// Fills legs and totals of a row whose snaps are known. `from` and `to` name the ends;
/// `leg_of_step` takes the leg that each step went into.
void fill_row(const FreightGraph& graph, const std::vector<Step>& steps, const Snap& from_snap,
              const Snap& to_snap, const std::string& from, const std::string& to, RouteRow& row,
              std::vector<std::uint32_t>* leg_of_step = nullptr);

/// The route as lines from the site to the place, vertex by vertex, cut where it passes 180
/// degrees.
[[nodiscard]] Geometry route_line(const FreightGraph& graph, const std::vector<Step>& steps,
                                  LonLat from, LonLat to);

/// The same leg by leg; changes of mode and borders have no line.
[[nodiscard]] std::vector<Geometry> leg_lines(const FreightGraph& graph,
                                              const std::vector<Step>& steps,
                                              const std::vector<std::uint32_t>& leg_of_step,
                                              const std::vector<Leg>& legs, LonLat from, LonLat to);

}  // namespace lode
