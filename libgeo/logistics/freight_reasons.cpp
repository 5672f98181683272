#include "libgeo/logistics/freight_reasons.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "libgeo/core/text.h"
#include "libgeo/logistics/network_parts.h"

namespace lode {

namespace {

struct Kind {
  std::uint8_t closure;
  Unreachable reason;
};
/// In the order in which they are tried.
constexpr Kind kKinds[] = {{kClosed, Unreachable::closed},     {kBorder, Unreachable::border},
                           {kSeason, Unreachable::season},     {kWeight, Unreachable::weight},
                           {kDraught, Unreachable::draught},   {kClass7, Unreachable::class7},
                           {kCapacity, Unreachable::capacity}, {kAccess, Unreachable::access}};

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
  // Components of all nodes that a place may be reached from, direction no matter.
  const auto parts = [&](const Attachment& at, bool leaving) {
    std::vector<std::uint32_t> all;
    const auto& classes = graph_.vehicles(graph_.network().edges[at.edge].carrier);
    for (std::uint16_t v = 0; v < classes.size(); ++v)
      if (at.at_node || graph_.may(at.edge, false, mask, v) || graph_.may(at.edge, true, mask, v))
        for (const auto node : {at.a, at.b})
          all.push_back(component[graph_.gate_node(node, at.edge, v, leaving)]);
    return all;
  };
  const auto from = parts(a, true), to = parts(b, false);
  return std::any_of(from.begin(), from.end(), [&](std::uint32_t part) {
    return std::find(to.begin(), to.end(), part) != to.end();
  });
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

std::vector<std::uint32_t> Reasons::way_of(std::uint8_t mask, const Attachment& b) {
  Lifted& known = lifted(mask);
  std::vector<std::uint32_t> labels;
  const Gate* best = nullptr;
  double least = ShortestPaths::kUnreached;
  const auto gates = gates_of(graph_, b, false, mask);
  for (const auto& gate : gates)
    if (known.search.distance(gate.node) + gate.weight < least) {
      least = known.search.distance(gate.node) + gate.weight;
      best = &gate;
    }
  if (best == nullptr) return labels;
  for (std::uint32_t node = best->node; known.search.parent_arc(node) != ShortestPaths::kNone;
       node = known.search.parent(node))
    labels.push_back(known.graph.out[known.search.parent_arc(node)].label);
  return labels;
}

std::string Reasons::draught_words(const std::vector<std::uint32_t>& way) const {
  const Network& net = graph_.network();
  for (auto label = way.rbegin(); label != way.rend(); ++label) {
    if ((graph_.closures_of(*label) & kDraught) == 0) continue;
    const Step step = graph_.step(*label);
    const ModeRates& ship = graph_.vehicles(step.carrier)[step.vehicle];
    const std::string lies = (ship.vehicle.empty() ? "the ship" : ship.vehicle) + " lies " +
                             number_text(ship.draught_m) + " m deep, ";
    if (step.kind == Step::Kind::access) {
      const Terminal& terminal = graph_.terminals().list[step.terminal];
      return lies + terminal.id + " has " + number_text(terminal.draught_m) + " m";
    }
    const NetworkLine& line = net.lines[net.edges[step.edge].line];
    return lies + (line.gate == 0 ? "a lane" : net.texts[line.gate]) + " has " +
           number_text(line.max_draught_m) + " m";
  }
  return "the water is too shallow";
}

std::string Reasons::class7_words_of(const std::vector<std::uint32_t>& way) const {
  std::vector<std::string> words;
  for (auto label = way.rbegin(); label != way.rend(); ++label) {
    if ((graph_.closures_of(*label) & kClass7) == 0) continue;
    const Terminal& terminal = graph_.terminals().list[graph_.step(*label).terminal];
    const std::string one =
        terminal.id + (terminal.accepts_class7() == Accepts::no ? " says no" : " does not say");
    if (std::find(words.begin(), words.end(), one) == words.end()) words.push_back(one);
  }
  return "no terminal on the way takes class 7" +
         (words.empty() ? std::string() : ": " + join(words, ", "));
}

std::string Reasons::capacity_words(const std::vector<std::uint32_t>& way) const {
  for (auto label = way.rbegin(); label != way.rend(); ++label) {
    if ((graph_.closures_of(*label) & kCapacity) == 0) continue;
    const Terminal& terminal = graph_.terminals().list[graph_.step(*label).terminal];
    return terminal.id + " takes " + number_text(terminal.capacity_t_per_year) +
           " t a year, the load is " + number_text(graph_.options().cargo.annual_t);
  }
  return "terminals take fewer tonnes a year";
}

std::string Reasons::closure_words(std::uint8_t closure, std::uint8_t mask, const Attachment& a,
                                   const Attachment& b) {
  const RouteOptions& options = graph_.options();
  const bool direct = direct_run(graph_, a, b, mask).weight < ShortestPaths::kUnreached;
  const auto way = direct ? std::vector<std::uint32_t>{} : way_of(mask, b);
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
      return words + (std::isnan(options.vehicle_mass_t) && std::isnan(options.axle_load_t)
                          ? " the vehicles"
                          : "");
    }
    case kDraught:
      return draught_words(way);
    case kClass7:
      return class7_words_of(way);
    case kCapacity:
      return capacity_words(way);
    case kAccess:
      return "only lines closed to through traffic link the two";
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
      row.words = "no way is left, " + closure_words(kind.closure, kind.closure, a, b);
      return;
    }
  if (used != 0 && opens(used)) {
    // What is not needed to open the way is not to blame.
    std::uint8_t mask = used;
    for (auto kind = std::rbegin(kKinds); kind != std::rend(kKinds); ++kind) {
      const auto without = static_cast<std::uint8_t>(mask & ~kind->closure);
      if (without != mask && opens(without)) mask = without;
    }
    row.words = "no way is left";
    for (const auto& kind : kKinds)
      if ((mask & kind.closure) != 0) {
        if (row.reason == Unreachable::no) row.reason = kind.reason;
        row.words += ", " + closure_words(kind.closure, mask, a, b);
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
