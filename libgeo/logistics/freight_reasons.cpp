#include "libgeo/logistics/freight_reasons.h"

#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/logistics/network_parts.h"

namespace lode {

namespace {

struct Kind {
  std::uint8_t closure;
  Unreachable reason;
};
/// In the order in which they are tried.
constexpr Kind kKinds[] = {{kClosed, Unreachable::closed},
                           {kBorder, Unreachable::border},
                           {kSeason, Unreachable::season},
                           {kWeight, Unreachable::weight}};

std::string snap_words(const Snap& snap, const std::string& id, double radius_km) {
  if (std::isnan(snap.nearest_m))
    return id + " has no place, or the network has no line it may use";
  return "the nearest line is " + fixed_text(snap.nearest_m / 1000.0, 1) + " km from " + id +
         ", beyond the snap radius of " + number_text(radius_km) + " km";
}

}  // namespace

Reasons::Lifted& Reasons::lifted(std::uint8_t mask) {
  auto& known = masks_[mask];
  if (known) return *known;
  known = std::make_unique<Lifted>();
  LinkedSets sets(graph_.nodes());
  for (const auto& arc : graph_.arcs(mask)) sets.link(arc.tail, arc.head);
  known->component.resize(graph_.nodes());
  for (std::uint32_t node = 0; node < graph_.nodes(); ++node)
    known->component[node] = sets.root(node);
  return *known;
}

bool Reasons::linked(std::uint8_t mask, const Attachment& a, const Attachment& b) {
  const auto& component = lifted(mask).component;
  const auto open = [&](const Attachment& at) {
    return at.at_node || graph_.may(at.edge, false, mask) || graph_.may(at.edge, true, mask);
  };
  return open(a) && open(b) && component[a.a] == component[b.a];
}

bool Reasons::passable(std::uint8_t mask, const Attachment& a, const Attachment& b,
                       std::uint32_t from) {
  if (direct_run(graph_, a, b, mask).weight < ShortestPaths::kUnreached) return true;
  Lifted& known = lifted(mask);
  if (known.graph.first.empty()) known.graph = make_graph(graph_.nodes(), graph_.arcs(mask));
  if (known.searched_from != from) {
    std::vector<Seed> seeds;
    for (const auto& gate : gates_of(graph_, a, true, mask)) seeds.push_back({gate.node, 0.0});
    known.search.run(known.graph, seeds);
    known.searched_from = from;
  }
  for (const auto& gate : gates_of(graph_, b, false, mask))
    if (known.search.distance(gate.node) < ShortestPaths::kUnreached) return true;
  return false;
}

std::string Reasons::closure_words(std::uint8_t closure) const {
  const RouteOptions& options = graph_.options();
  switch (closure) {
    case kClosed:
      return "closed: " + join(options.close, ", ");
    case kBorder:
      return "avoided: " + join(options.avoid, ", ");
    case kSeason:
      return "lines are closed in month " + std::to_string(options.month);
    case kWeight: {
      std::string words = "lines do not carry";
      if (!std::isnan(options.vehicle_mass_t))
        words += " " + number_text(options.vehicle_mass_t) + " t";
      if (!std::isnan(options.axle_load_t))
        words += (std::isnan(options.vehicle_mass_t) ? " " : " or ") +
                 number_text(options.axle_load_t) + " t an axle";
      return words;
    }
    default:
      return {};
  }
}

void Reasons::explain(const Snap& from_snap, const Snap& to_snap, const Place& from,
                      const Place& to, RouteRow& row) {
  if (!from_snap.found || !to_snap.found) {
    row.reason = Unreachable::snap;
    const double radius = graph_.options().snap.radius_km;
    row.words = from_snap.found ? snap_words(to_snap, to.id, radius)
                                : snap_words(from_snap, from.id, radius);
    return;
  }
  const Attachment a = graph_.attach(from_snap);
  const Attachment b = graph_.attach(to_snap);
  const std::uint8_t used = graph_.closures_used();
  // Components first: they are cheap, and say all when direction is not at stake.
  const bool one_way = linked(kOpen, a, b);
  const auto opens = [&](std::uint8_t mask) {
    return linked(mask, a, b) && passable(mask, a, b, row.from);
  };
  for (const auto& kind : kKinds)
    if ((used & kind.closure) != 0 && opens(kind.closure)) {
      row.reason = kind.reason;
      row.words = "no way is left, " + closure_words(kind.closure);
      return;
    }
  if (used != 0 && opens(used)) {
    row.words = "no way is left";
    for (const auto& kind : kKinds)
      if ((used & kind.closure) != 0) {
        if (row.reason == Unreachable::no) row.reason = kind.reason;
        row.words += ", " + closure_words(kind.closure);
      }
    return;
  }
  row.reason = Unreachable::component;
  const Network& net = graph_.network();
  const auto part = [&](const Snap& snap) {
    return net.mode_of(snap.edge) + " part " + std::to_string(snap.component) + " (" +
           std::to_string(net.component_edges[snap.component]) + " edges)";
  };
  if (one_way || linked(kAllClosures, a, b))
    row.words = "one-way lines lead only the other way";
  else if (from_snap.component == to_snap.component)
    row.words = "no terminal or line links the two ends of " + part(from_snap);
  else
    row.words = from.id + " is on " + part(from_snap) + ", " + to.id + " on " + part(to_snap) +
                ", and no terminal links the two";
}

}  // namespace lode
