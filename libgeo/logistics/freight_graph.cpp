#include "libgeo/logistics/freight_graph.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

/// The nearest name, and always the list: who closes a strait wants to know what else there is.
std::string gate_hint(const std::string& wanted, const std::vector<std::string>& gates) {
  std::string hint = suggestion(wanted, gates);
  if (!hint.starts_with("Known")) hint += " " + suggestion("", gates);
  return hint;
}

}  // namespace

void Toll::add(const Toll& other) {
  km += other.km;
  gap_km += other.gap_km;
  freight_low += other.freight_low;
  freight += other.freight;
  freight_high += other.freight_high;
  toll += other.toll;
  time += other.time;
  stock += other.stock;
  wait_h += other.wait_h;
  hours += other.hours;
  co2e_kg += other.co2e_kg;
  seasonal = seasonal || other.seasonal;
}

FreightGraph::FreightGraph(const Network& network, const Tariff& tariff, const Terminals& terminals,
                           const RouteOptions& options, Findings& findings,
                           const TerminalSnaps* ready)
    : net_(network),
      tariff_(tariff),
      terminals_(terminals),
      options_(options),
      node_count_(static_cast<std::uint32_t>(network.nodes.size())) {
  choose_vehicles();
  check_tariff(findings);
  note_loads(findings);
  check_gates();
  close_edges(findings);
  dock_terminals(ready, findings);
  cut_edges();
  copy_nodes();
  copy_edges();
  link_borders();
  link_terminals(findings);
}

void FreightGraph::check_gates() const {
  std::vector<char> is_gate(net_.texts.size(), 0);
  for (const auto& line : net_.lines) is_gate[line.gate] = 1;
  std::set<std::string> gates;
  for (std::size_t text = 1; text < is_gate.size(); ++text)
    if (is_gate[text] != 0) gates.insert(net_.texts[text]);
  for (const auto& wanted : options_.close) {
    const bool known = std::any_of(gates.begin(), gates.end(), [&](const std::string& gate) {
      return lower(gate) == lower(trim(wanted));
    });
    if (!known)
      throw Error("route.unknown_gate", "no line has the gate '" + printable(wanted) + "'", "close",
                  gates.empty() ? "No line of the network names a gate; its column is 'gate'."
                                : gate_hint(wanted, {gates.begin(), gates.end()}));
  }
}

/// The arcs of an edge or a piece for one class, on all parts of the way that may use it.
void FreightGraph::add_stretch(const Copy& copy, std::uint32_t label, std::uint8_t lifted,
                               std::vector<Arc>& all) const {
  const std::uint32_t number = copy.number;
  const std::uint16_t vehicle = copy.vehicle;
  const auto edges = static_cast<std::uint32_t>(net_.edges.size());
  const bool whole = number < edges;
  const std::uint32_t edge = whole ? number : pieces_[number - edges].edge;
  const std::uint32_t a = whole ? net_.edges[edge].a : pieces_[number - edges].a;
  const std::uint32_t b = whole ? net_.edges[edge].b : pieces_[number - edges].b;
  if (a == b) return;
  const bool forward = may(edge, false, lifted, vehicle);
  const bool backward = may(edge, true, lifted, vehicle);
  const auto add = [&](WayPart part) {
    const std::uint32_t tail = node_of(a, vehicle, part), head = node_of(b, vehicle, part);
    if (forward) all.push_back({tail, head, 2 * label, 0.0});
    if (backward) all.push_back({head, tail, 2 * label + 1, 0.0});
  };
  if (copy.against_access) {
    if ((lifted & kAccess) != 0) add(WayPart::through);
    return;
  }
  const bool bound = restricted(edge);
  if (!bound) add(WayPart::through);
  // A connector between two restricted lines is as restricted as they are.
  const bool connector = net_.lines[net_.edges[edge].line].layer == kNone;
  if (bound || (connector && has_parts(a) && has_parts(b))) {
    add(WayPart::leaving);
    add(WayPart::arriving);
  }
}

std::vector<Arc> FreightGraph::arcs(std::uint8_t lifted) const {
  std::vector<Arc> all;
  all.reserve(2 * net_.edges.size() + 2 * pieces_.size() + links_.size() + 2 * copies_.size());
  const auto edges = static_cast<std::uint32_t>(net_.edges.size());
  for (std::uint32_t e = 0; e < edges; ++e)
    if (pieces_of_.empty() || pieces_of_.count(e) == 0) add_stretch({e, 0, false}, e, lifted, all);
  for (std::uint32_t p = 0; p < pieces_.size(); ++p)
    add_stretch({edges + p, 0, false}, edges + p, lifted, all);
  const auto first_link = edges + static_cast<std::uint32_t>(pieces_.size());
  const auto first_copy = first_link + static_cast<std::uint32_t>(links_.size());
  for (std::uint32_t l = 0; l < links_.size(); ++l)
    if ((links_[l].closures & ~lifted) == 0)
      all.push_back({links_[l].a, links_[l].b, 2 * (first_link + l), 0.0});
  for (std::uint32_t c = 0; c < copies_.size(); ++c)
    add_stretch(copies_[c], first_copy + c, lifted, all);
  if (!classes_of_node_.empty()) add_copies_of_links(all);
  weigh(all);
  return all;
}

void FreightGraph::weigh(std::vector<Arc>& arcs) const {
  constexpr std::size_t kBlock = 16384;
  parallel_blocks(
      arcs.size(), kBlock, options_.jobs, [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i) {
          // The way back costs what the way there does.
          const bool back = i > begin && arcs[i].label == (arcs[i - 1].label | 1U);
          arcs[i].weight = back ? arcs[i - 1].weight : weight(toll(step(arcs[i].label)));
        }
      });
}

/// Borders for the other classes and on the other parts of a way, and the steps between the parts.
void FreightGraph::add_copies_of_links(std::vector<Arc>& all) const {
  const auto first_link = static_cast<std::uint32_t>(net_.edges.size() + pieces_.size());
  for (std::uint32_t l = 0; l < links_.size(); ++l) {
    const Link& link = links_[l];
    if (link.step.kind != Step::Kind::border) break;  // they stand first
    for (std::uint16_t v = 0; v < classes_of_node_[link.a]; ++v)
      for (const WayPart part : {WayPart::through, WayPart::leaving, WayPart::arriving}) {
        if (part == WayPart::through ? v == 0 : !(has_parts(link.a) && has_parts(link.b))) continue;
        all.push_back(
            {node_of(link.a, v, part), node_of(link.b, v, part), 2 * (first_link + l), 0.0});
      }
  }
  const auto pass = first_link + static_cast<std::uint32_t>(links_.size() + copies_.size());
  for (std::uint32_t node = 0; node < plain_nodes_; ++node) {
    if (!has_parts(node)) continue;
    for (std::uint16_t v = 0; v < classes_of_node_[node]; ++v) {
      const std::uint32_t through = node_of(node, v, WayPart::through);
      all.push_back({node_of(node, v, WayPart::leaving), through, 2 * pass, 0.0});
      all.push_back({through, node_of(node, v, WayPart::arriving), 2 * pass, 0.0});
    }
  }
}

Step FreightGraph::step(std::uint32_t label) const {
  std::uint32_t number = label / 2;
  const auto edges = static_cast<std::uint32_t>(net_.edges.size());
  const auto first_link = edges + static_cast<std::uint32_t>(pieces_.size());
  Step step;
  if (number >= first_link) {
    const std::size_t link = number - first_link;
    if (link < links_.size()) return links_[link].step;
    if (link - links_.size() >= copies_.size()) {
      step.kind = Step::Kind::pass;
      return step;
    }
    const Copy& copy = copies_[link - links_.size()];
    number = copy.number;
    step.vehicle = copy.vehicle;
  }
  step.edge = number;
  if (number >= edges) {
    const Piece& piece = pieces_[number - edges];
    step.edge = piece.edge;
    step.from = piece.from;
    step.to = piece.to;
  }
  if ((label & 1) != 0) std::swap(step.from, step.to);
  step.carrier = net_.edges[step.edge].carrier;
  return step;
}

std::uint8_t FreightGraph::closures_of(std::uint32_t label) const {
  const std::size_t first_link = net_.edges.size() + pieces_.size();
  const std::uint32_t number = label / 2;
  if (number >= first_link && number - first_link < links_.size())
    return links_[number - first_link].closures;
  const Step at = step(label);
  if (at.kind != Step::Kind::edge) return kOpen;
  const std::uint8_t closed = closures(at.edge, at.vehicle);
  if (number < first_link) return closed;
  const Copy& copy = copies_[number - first_link - links_.size()];
  return copy.against_access ? static_cast<std::uint8_t>(closed | kAccess) : closed;
}

std::vector<LonLat> FreightGraph::places() const {
  std::vector<LonLat> all(net_.nodes);
  all.resize(plain_nodes_);
  for (const auto& dock : docks_) all[dock.node] = dock.snap.at;
  for (std::uint32_t node = 0; node < net_.nodes.size(); ++node) all[node] = net_.nodes[node];
  all.resize(node_count_);
  for (std::uint32_t node = 0; node < plain_nodes_ && !classes_of_node_.empty(); ++node)
    for (std::uint16_t v = 0; v < classes_of_node_[node]; ++v) {
      all[node_of(node, v, WayPart::through)] = all[node];
      if (!has_parts(node)) continue;
      all[node_of(node, v, WayPart::leaving)] = all[node];
      all[node_of(node, v, WayPart::arriving)] = all[node];
    }
  for (std::size_t t = 0; t < terminal_nodes_.size(); ++t)
    all[terminal_base_ + t] = terminals_.list[terminal_nodes_[t]].at;
  return all;
}

double FreightGraph::weight(const Toll& toll) const {
  switch (options_.minimise) {
    case Minimise::distance:
      return toll.km + toll.gap_km;
    case Minimise::hours:
      return toll.hours;
    case Minimise::co2e:
      return toll.co2e_kg;
    case Minimise::cost:
      break;
  }
  return toll.freight + toll.toll + toll.time + toll.stock;
}

Attachment FreightGraph::attach(const Snap& snap) const {
  Attachment at;
  at.edge = snap.edge;
  at.at = snap.fraction;
  at.a = net_.edges[snap.edge].a;
  at.b = net_.edges[snap.edge].b;
  at.to = 1.0;
  at.stretch = snap.edge;
  if (const auto found = pieces_of_.find(snap.edge); found != pieces_of_.end()) {
    std::uint32_t p = found->second.first;
    while (p + 1 < found->second.second && pieces_[p].to < snap.fraction) ++p;
    at.a = pieces_[p].a;
    at.b = pieces_[p].b;
    at.from = pieces_[p].from;
    at.to = pieces_[p].to;
    at.stretch = static_cast<std::uint32_t>(net_.edges.size()) + p;
  }
  if (at.at <= at.from)
    at.b = at.a;
  else if (at.at >= at.to)
    at.a = at.b;
  else
    return at;
  at.at_node = true;
  return at;
}

}  // namespace lode
