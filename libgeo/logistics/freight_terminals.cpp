// Terminals in the expanded graph: where they meet their lines, and what may change mode there.
#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/logistics/edge_index.h"
#include "libgeo/logistics/freight_graph.h"

namespace lode {

namespace {

/// A terminal serves a second gauge only when that line is practically there.
constexpr double kSecondGaugeRadius_km = 2.0;

}  // namespace

TerminalSnaps snap_terminals(const Network& net, const Terminals& terminals,
                             const RouteOptions& options) {
  TerminalSnaps snaps;
  for (std::uint16_t carrier = 0; carrier < net.carriers.size(); ++carrier) {
    std::vector<std::uint32_t> edges;
    for (std::uint32_t e = 0; e < net.edges.size(); ++e)
      if (net.edges[e].carrier == carrier) edges.push_back(e);
    snaps.emplace_back(terminals.list.size());
    std::vector<std::size_t> numbers;
    std::vector<LonLat> places;
    for (std::size_t t = 0; t < terminals.list.size(); ++t) {
      const auto& [modes, at] = std::tie(terminals.list[t].modes, terminals.list[t].at);
      if (std::find(modes.begin(), modes.end(), net.carriers[carrier].mode) == modes.end())
        continue;
      numbers.push_back(t);
      places.push_back(plain_place(at.lon_deg, at.lat_deg));
    }
    if (places.empty()) continue;
    NearestEdges nearest(net, std::move(edges), options.jobs);
    const auto hits = nearest.find(places, options.snap.radius_km * 1000.0);
    for (std::size_t i = 0; i < hits.size(); ++i) snaps.back()[numbers[i]] = snap_of(net, hits[i]);
  }
  return snaps;
}

void FreightGraph::check_terminal_mode(const Terminal& terminal, const std::string& mode,
                                       Findings& findings) const {
  if (tariff_.mode(mode) == nullptr) {
    std::vector<std::string> known;
    for (const auto& [name, rates] : tariff_.modes) known.push_back(name);
    throw Error("route.unknown_mode",
                "neither network nor tariff knows the mode '" + printable(mode) + "'",
                "terminal " + terminal.id, suggestion(mode, known));
  }
  findings.add("route.terminal_mode_absent", Severity::note, "terminals",
               "a mode of a terminal is not in the network, first " + mode + " at " + terminal.id);
}

void FreightGraph::dock_terminals(const TerminalSnaps* ready, Findings& findings) {
  if (terminals_.list.empty()) return;
  if (!(terminals_.crs == net_.crs))
    throw Error("crs.mismatch",
                "terminals in " + terminals_.crs.label() + ", the network in " + net_.crs.label());
  TerminalSnaps own;
  if (ready == nullptr) own = snap_terminals(net_, terminals_, options_);
  const TerminalSnaps& snaps = ready == nullptr ? own : *ready;
  for (std::uint32_t t = 0; t < terminals_.list.size(); ++t)
    for (const auto& mode : terminals_.list[t].modes) {
      std::vector<std::uint16_t> carriers;
      double nearest = std::numeric_limits<double>::infinity();
      for (std::uint16_t c = 0; c < net_.carriers.size(); ++c)
        if (net_.carriers[c].mode == mode) {
          carriers.push_back(c);
          if (snaps[c][t].found) nearest = std::min(nearest, snaps[c][t].distance_m);
        }
      if (carriers.empty()) {
        check_terminal_mode(terminals_.list[t], mode, findings);
        continue;
      }
      if (std::isinf(nearest)) {
        findings.add("route.terminal_far", Severity::warning, "terminals",
                     "no line of a terminal's mode lies within the snap radius, first " + mode +
                         " at " + terminals_.list[t].id);
        continue;
      }
      for (const auto c : carriers)
        if (snaps[c][t].found && (snaps[c][t].distance_m == nearest ||
                                  snaps[c][t].distance_m <= kSecondGaugeRadius_km * 1000.0))
          docks_.push_back({t, c, snaps[c][t], 0});
    }
}

void FreightGraph::cut_edges() {
  std::vector<std::tuple<std::uint32_t, double, std::size_t>> cuts;
  for (std::size_t d = 0; d < docks_.size(); ++d) {
    const Snap& snap = docks_[d].snap;
    const NetworkEdge& edge = net_.edges[snap.edge];
    if (snap.fraction <= 0.0)
      docks_[d].node = edge.a;
    else if (snap.fraction >= 1.0)
      docks_[d].node = edge.b;
    else
      cuts.emplace_back(snap.edge, snap.fraction, d);
  }
  std::sort(cuts.begin(), cuts.end());
  for (std::size_t i = 0; i < cuts.size();) {
    const std::uint32_t edge = std::get<0>(cuts[i]);
    const auto first = static_cast<std::uint32_t>(pieces_.size());
    Piece part{edge, net_.edges[edge].a, 0, 0.0, 0.0};
    for (; i < cuts.size() && std::get<0>(cuts[i]) == edge; ++i) {
      const double fraction = std::get<1>(cuts[i]);
      if (fraction > part.from) {
        part.to = fraction;
        part.b = node_count_++;
        pieces_.push_back(part);
        part.from = fraction;
        part.a = part.b;
      }
      docks_[std::get<2>(cuts[i])].node = part.a;
    }
    part.to = 1.0;
    part.b = net_.edges[edge].b;
    pieces_.push_back(part);
    pieces_of_[edge] = {first, static_cast<std::uint32_t>(pieces_.size())};
  }
}

const Handling* FreightGraph::handling(const Dock& from, const Dock& to) const {
  return tariff_.transfer(net_.carriers[from.carrier].mode, net_.carriers[to.carrier].mode);
}

std::uint8_t FreightGraph::terminal_closures(const Terminal& terminal, Findings& findings) {
  std::uint8_t closed = kOpen;
  if (class7_of(options_.cargo) == Class7::yes) {
    const Accepts accepts = terminal.accepts_class7();
    if (accepts != Accepts::yes) closed |= kClass7;
    if (accepts == Accepts::unknown)
      findings.add("route.terminal_class7_unknown", Severity::warning, "terminals",
                   "a terminal whose class7 is not recorded is taken not to accept class 7 cargo, "
                   "first " +
                       terminal.id);
  }
  if (options_.cargo.annual_t > terminal.capacity_t_per_year) closed |= kCapacity;
  return closed;
}

/// The berths of the docks from `first` on, one a class, with the ways in and out.
std::vector<FreightGraph::Berth> FreightGraph::berths_of(std::size_t first, std::size_t last,
                                                         Findings& findings) {
  const Terminal& terminal = terminals_.list[docks_[first].terminal];
  std::vector<Berth> berths;
  const auto new_node = [&] {
    terminal_nodes_.push_back(docks_[first].terminal);
    return node_count_++;
  };
  bool no_draught = false;
  for (std::size_t i = first; i < last; ++i)
    for (std::uint16_t v = 0; v < vehicles_[docks_[i].carrier].size(); ++v) {
      const std::uint32_t in = new_node();
      berths.push_back({i, v, in, restricted(docks_[i].snap.edge) ? new_node() : in});
      no_draught = no_draught || (std::isnan(terminal.draught_m) &&
                                  !std::isnan(vehicles_[docks_[i].carrier][v].draught_m));
    }
  if (no_draught)
    findings.add(
        "route.no_draught", Severity::note, "terminals",
        "a terminal without a draught is open to ships of any draught, first " + terminal.id);
  return berths;
}

void FreightGraph::link_access(const Berth& berth) {
  const Dock& dock = docks_[berth.dock];
  const std::uint32_t edge = dock.snap.edge;
  Link link{gate_node(dock.node, edge, berth.vehicle, false), berth.in, {}, kOpen};
  if (vehicles_[dock.carrier][berth.vehicle].draught_m > terminals_.list[dock.terminal].draught_m)
    link.closures = kDraught;
  link.step.kind = Step::Kind::access;
  link.step.edge = edge;
  link.step.terminal = dock.terminal;
  link.step.carrier = dock.carrier;
  link.step.vehicle = berth.vehicle;
  link.step.gap_km = dock.snap.distance_m / 1000.0;
  used_ |= link.closures;
  links_.push_back(link);
  link.a = berth.out;
  link.b = gate_node(dock.node, edge, berth.vehicle, true);
  link.step.to_network = true;
  links_.push_back(link);
}

void FreightGraph::link_transfers(const Berth& from, const std::vector<Berth>& berths,
                                  std::uint8_t closures, Findings& findings) {
  const Dock& dock = docks_[from.dock];
  const Terminal& terminal = terminals_.list[dock.terminal];
  for (const auto& to : berths) {
    if (from.in == to.in) continue;
    const Dock& next = docks_[to.dock];
    if (handling(dock, next) == nullptr && std::isnan(terminal.handling_usd_per_t)) {
      if (from.dock != to.dock && from.vehicle == 0 && to.vehicle == 0)
        findings.add("route.transfer_without_tariff", Severity::warning, "terminals",
                     "a change of mode is not offered where neither terminal nor tariff has its "
                     "price, first " +
                         net_.carriers[dock.carrier].mode + " to " +
                         net_.carriers[next.carrier].mode + " at " + terminal.id);
      continue;
    }
    Link transfer{from.in, to.out, {}, closures};
    transfer.step.kind = Step::Kind::transfer;
    transfer.step.terminal = dock.terminal;
    transfer.step.carrier = dock.carrier;
    transfer.step.carrier_to = next.carrier;
    transfer.step.vehicle = from.vehicle;
    transfer.step.vehicle_to = to.vehicle;
    used_ |= closures;
    links_.push_back(transfer);
    // What has just been put on a vehicle may be put on the next one too, as where both are one.
    if (from.out == from.in) continue;
    transfer.a = from.out;
    links_.push_back(transfer);
  }
}

void FreightGraph::link_terminals(Findings& findings) {
  terminal_base_ = node_count_;
  for (std::size_t first = 0; first < docks_.size();) {
    std::size_t last = first;
    while (last < docks_.size() && docks_[last].terminal == docks_[first].terminal) ++last;
    const std::uint8_t closures =
        terminal_closures(terminals_.list[docks_[first].terminal], findings);
    const std::vector<Berth> berths = berths_of(first, last, findings);
    for (const auto& berth : berths) {
      link_access(berth);
      link_transfers(berth, berths, closures, findings);
    }
    first = last;
  }
}

void FreightGraph::link_borders() {
  for (const auto& border : net_.borders) {
    Link link{border.a, border.b, {}, kOpen};
    link.step.kind = Step::Kind::border;
    link.step.country_from = border.country_a;
    link.step.country_to = border.country_b;
    links_.push_back(link);
    std::swap(link.a, link.b);
    std::swap(link.step.country_from, link.step.country_to);
    links_.push_back(link);
  }
}

}  // namespace lode
