// Freight over a hierarchy: labels of places, the ways between two, their totals.
#pragma once

#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "libgeo/logistics/freight_path.h"
#include "libgeo/logistics/hierarchy.h"

namespace lode {

/// The graph of freight with every closure lifted as a topology, the open weights as its metric:
/// whatever is closed, the order is the same and is kept under one key.
class FreightHierarchy {
 public:
  /// Nothing when the graph has no small separators. `graph` must outlive it.
  static std::unique_ptr<FreightHierarchy> make(const FreightGraph& graph,
                                                const Progress& progress = {});
  /// What `Algorithm::automatic` comes to for as many searches: a hierarchy when it is quicker in
  /// all, or nothing. Only with `SearchFrom::fewer`, for shards of one study must agree.
  static std::unique_ptr<FreightHierarchy> choose(const FreightGraph& graph, std::size_t searches,
                                                  const Progress& progress = {});

  using Labels = std::vector<HierarchyLabel>;
  /// Of the ways from a place (`leaving`) or to it.
  [[nodiscard]] Labels labels(const Attachment& at, bool leaving) const;

  /// The best way between two places: over labels `from` and `to` at a depth, or straight.
  struct Join {
    double weight = ShortestPaths::kUnreached;
    bool straight = false;  ///< along one stretch
    std::uint16_t from = 0, to = 0;
    std::uint32_t depth = 0;
  };
  [[nodiscard]] Join join(const Attachment& from, const Labels& from_labels, const Attachment& to,
                          const Labels& to_labels) const;
  [[nodiscard]] Way way(const Join& join, const Attachment& from, const Labels& from_labels,
                        const Attachment& to, const Labels& to_labels) const;

  [[nodiscard]] const FreightGraph& graph() const { return graph_; }
  [[nodiscard]] const HierarchyTopology& topology() const { return topology_; }
  [[nodiscard]] const HierarchyMetric& metric() const { return metric_; }
  /// Label of an arc of the topology, see `FreightGraph::step`.
  [[nodiscard]] std::uint32_t arc_label(std::uint32_t arc) const { return arc_labels_[arc]; }
  /// Rank of the lower end of a half link.
  [[nodiscard]] std::uint32_t tail(std::uint32_t half) const;

 private:
  explicit FreightHierarchy(const FreightGraph& graph) : graph_(graph) {}
  void set_weights(const Graph& lifted, const Progress& progress);
  void steps_of(const HierarchyLabel& label, std::uint32_t depth, std::vector<Step>& steps,
                std::uint32_t& seed) const;

  const FreightGraph& graph_;
  HierarchyTopology topology_;
  HierarchyMetric metric_;
  std::vector<std::uint32_t> arc_labels_;
};

/// What a matrix says of a way.
struct WayTotals {
  double km = 0.0, cost = 0.0, hours = 0.0, co2e_kg = 0.0;
  bool seasonal = false;

  WayTotals() = default;
  explicit WayTotals(const Toll& toll);
  void add(const WayTotals& other);
};

/// Totals of half links, worked out when first asked for. One per thread.
class LinkTotals {
 public:
  explicit LinkTotals(const FreightHierarchy& hierarchy);
  [[nodiscard]] WayTotals of(std::uint32_t half);

 private:
  const FreightHierarchy& hierarchy_;
  std::vector<std::uint32_t> slot_;  ///< 1 + place in `known_`; 0 = not known
  std::vector<WayTotals> known_;
  std::vector<std::uint32_t> open_;
};

/// Totals between a place and the nodes on its labels' paths, worked out when first asked for.
class LabelTotals {
 public:
  /// The gate is the way between the place and a seed's node.
  void start(const FreightHierarchy& hierarchy, const Attachment& at, bool leaving);
  [[nodiscard]] const WayTotals& of(const FreightHierarchy& hierarchy, LinkTotals& links,
                                    const FreightHierarchy::Labels& labels, std::uint16_t label,
                                    std::uint32_t depth);
  /// Asked for before.
  [[nodiscard]] const WayTotals& known(std::uint16_t label, std::uint32_t depth) const {
    return known_[slot_[label][depth] - 1];
  }

 private:
  std::vector<std::pair<std::uint32_t, WayTotals>> gates_;  ///< rank of the seed, totals
  std::vector<std::vector<std::uint32_t>> slot_;
  std::vector<WayTotals> known_;
};

/// The nearest of many places from any site: each node on a path to a root keeps the nearest few
/// places below it (buckets: Knopp et al. 2007).
class NearestPlaces {
 public:
  /// `found[k]` = place k is on the network; `last[k]` is added to the ways to it.
  NearestPlaces(const FreightHierarchy& hierarchy, const std::vector<Attachment>& places,
                const std::vector<char>& found, const std::vector<double>& last, std::size_t keep,
                int jobs, const Progress& progress);

  using Choice = std::pair<double, std::uint32_t>;  ///< weight, place
  /// Nearest first.
  [[nodiscard]] std::vector<Choice> nearest(const Attachment& site,
                                            const FreightHierarchy::Labels& labels) const;

 private:
  void add(const FreightHierarchy::Labels& labels, std::uint32_t place);

  const FreightHierarchy& hierarchy_;
  const std::vector<Attachment>& places_;
  const std::vector<double>& last_;
  std::size_t keep_;
  std::vector<std::uint32_t> slot_;  ///< by rank: 1 + bucket, 0 = none
  std::vector<std::vector<Choice>> buckets_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> on_stretch_;
};

}  // namespace lode
