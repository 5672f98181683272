#include "libgeo/logistics/freight_hierarchy.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/parallel.h"

namespace lode {

namespace {

constexpr std::uint32_t kNone = HierarchyTopology::kNone;
/// Searches whose Dijkstra takes as long as an order, and as unpacking one and setting weights.
constexpr std::size_t kWorthAnOrder = 150;
constexpr std::size_t kWorthAMetric = 8;

Graph lifted_graph(const FreightGraph& graph) {
  return make_graph(graph.nodes(), graph.arcs(kAllClosures));
}

std::string key_of(const std::string& digest) {
  return "cch-" + digest;
}

std::optional<HierarchyTopology> kept(const Keep& keep, const std::string& digest) {
  if (!keep.load) return std::nullopt;
  const auto bytes = keep.load(key_of(digest));
  return bytes ? unpack_hierarchy(*bytes, digest) : std::nullopt;
}

}  // namespace

std::unique_ptr<FreightHierarchy> FreightHierarchy::make(const FreightGraph& graph,
                                                         const Progress& progress) {
  const RouteOptions& options = graph.options();
  const Graph lifted = lifted_graph(graph);
  const std::string digest = topology_digest(lifted);
  std::unique_ptr<FreightHierarchy> made(new FreightHierarchy(graph));
  auto topology = kept(options.keep, digest);
  if (!topology) {
    DissectionOptions dissection;
    dissection.jobs = options.jobs;
    const auto order =
        nested_dissection(lifted, graph.places(), dissection, progress.part(0.0, 0.9));
    const std::size_t most_links = 16 * static_cast<std::size_t>(graph.nodes()) + 1000000;
    topology = build_hierarchy(lifted, order, most_links, progress);
    if (!topology) return nullptr;
    if (options.keep.store) options.keep.store(key_of(digest), pack_hierarchy(*topology, digest));
  }
  made->topology_ = std::move(*topology);
  made->set_weights(lifted, progress.part(0.9, 1.0));
  return made;
}

std::unique_ptr<FreightHierarchy> FreightHierarchy::choose(const FreightGraph& graph,
                                                           std::size_t searches,
                                                           const Progress& progress) {
  const RouteOptions& options = graph.options();
  if (options.algorithm == Algorithm::dijkstra) return nullptr;
  if (options.algorithm == Algorithm::cch) return make(graph, progress);
  if (options.search_from != SearchFrom::fewer || searches < kWorthAMetric) return nullptr;
  if (searches >= kWorthAnOrder) return make(graph, progress);
  if (!options.keep.load) return nullptr;
  const Graph lifted = lifted_graph(graph);
  auto topology = kept(options.keep, topology_digest(lifted));
  if (!topology) return nullptr;
  std::unique_ptr<FreightHierarchy> made(new FreightHierarchy(graph));
  made->topology_ = std::move(*topology);
  made->set_weights(lifted, progress);
  return made;
}

void FreightHierarchy::set_weights(const Graph& lifted, const Progress& progress) {
  constexpr std::size_t kBlock = 16384;
  const bool all_open = graph_.closures_used() == kOpen;
  std::vector<double> weights(lifted.out.size());
  arc_labels_.resize(lifted.out.size());
  parallel_blocks(lifted.out.size(), kBlock, graph_.options().jobs,
                  [&](std::size_t begin, std::size_t end, std::size_t) {
                    for (std::size_t i = begin; i < end; ++i) {
                      const auto& out = lifted.out[i];
                      const bool open = all_open || graph_.closures_of(out.label) == kOpen;
                      weights[i] = open ? out.weight : ShortestPaths::kUnreached;
                      arc_labels_[i] = out.label;
                    }
                  });
  metric_ = customise(topology_, weights, graph_.options().jobs, progress);
}

std::uint32_t FreightHierarchy::tail(std::uint32_t half) const {
  const auto& first = topology_.first;
  return static_cast<std::uint32_t>(std::upper_bound(first.begin(), first.end(), half / 2) -
                                    first.begin() - 1);
}

FreightHierarchy::Labels FreightHierarchy::labels(const Attachment& at, bool leaving) const {
  std::vector<Seed> seeds;
  for (const auto& gate : gates_of(graph_, at, leaving)) seeds.push_back({gate.node, gate.weight});
  return label_seeds(topology_, metric_, seeds, !leaving);
}

FreightHierarchy::Join FreightHierarchy::join(const Attachment& from, const Labels& from_labels,
                                              const Attachment& to, const Labels& to_labels) const {
  Join best;
  if (from.at_node == to.at_node && (from.at_node || from.stretch == to.stretch)) {
    best.weight = direct_run(graph_, from, to).weight;
    best.straight = best.weight < ShortestPaths::kUnreached;
  }
  for (std::size_t i = 0; i < from_labels.size(); ++i)
    for (std::size_t k = 0; k < to_labels.size(); ++k) {
      const LabelMeeting meeting = meet(from_labels[i], to_labels[k]);
      if (meeting.weight < best.weight)
        best = {meeting.weight, false, static_cast<std::uint16_t>(i), static_cast<std::uint16_t>(k),
                meeting.depth};
    }
  return best;
}

/// Steps between a seed and the node at a depth, in the order of travel.
void FreightHierarchy::steps_of(const HierarchyLabel& label, std::uint32_t depth,
                                std::vector<Step>& steps, std::uint32_t& seed) const {
  std::vector<std::uint32_t> halves, arcs;
  while (label.link[depth] != kNone) {
    halves.push_back(label.link[depth]);
    depth = topology_.depth[tail(label.link[depth])];
  }
  seed = topology_.order[label.path[depth]];
  // Links up were found from the seed on, those down from the far end.
  if (!halves.empty() && (halves[0] & 1) == 0) std::reverse(halves.begin(), halves.end());
  for (const auto half : halves) unpack_link(topology_, metric_, half, arcs);
  for (const auto arc : arcs) steps.push_back(graph_.step(arc_labels_[arc]));
}

Way FreightHierarchy::way(const Join& join, const Attachment& from, const Labels& from_labels,
                          const Attachment& to, const Labels& to_labels) const {
  Way way;
  way.weight = join.weight;
  if (join.weight == ShortestPaths::kUnreached) return way;
  if (join.straight) {
    const Gate direct = direct_run(graph_, from, to);
    if (direct.step.from != direct.step.to) way.steps.push_back(direct.step);
    return way;
  }
  std::vector<Step> before, steps, after;
  std::uint32_t leave = 0, reach = 0;
  steps_of(from_labels[join.from], join.depth, before, leave);
  steps_of(to_labels[join.to], join.depth, after, reach);
  for (const auto& gate : gates_of(graph_, from, true))
    if (gate.node == leave) steps.push_back(gate.step);
  steps.insert(steps.end(), before.begin(), before.end());
  steps.insert(steps.end(), after.begin(), after.end());
  for (const auto& gate : gates_of(graph_, to, false))
    if (gate.node == reach) steps.push_back(gate.step);
  for (const auto& step : steps)
    if (step.kind != Step::Kind::pass &&
        (step.kind != Step::Kind::edge || step.from != step.to || step.loading))
      way.steps.push_back(step);
  return way;
}

}  // namespace lode
