#include "libgeo/logistics/freight_graph.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <tuple>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/logistics/edge_index.h"

namespace lode {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
/// A terminal serves a second gauge only when that line is practically there.
constexpr double kSecondGaugeRadius_km = 2.0;

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
  hours += other.hours;
  co2e_kg += other.co2e_kg;
  seasonal = seasonal || other.seasonal;
}

FreightGraph::FreightGraph(const Network& network, const Tariff& tariff, const Terminals& terminals,
                           const RouteOptions& options, Findings& findings)
    : net_(network),
      tariff_(tariff),
      terminals_(terminals),
      options_(options),
      node_count_(static_cast<std::uint32_t>(network.nodes.size())) {
  for (const auto& carrier : net_.carriers) rates_.push_back(tariff_.mode(carrier.mode));
  check_tariff(findings);
  check_gates();
  close_edges(findings);
  dock_terminals(findings);
  cut_edges();
  link_terminals(findings);
}

void FreightGraph::check_tariff(Findings& findings) const {
  std::vector<std::string> known;
  for (const auto& [mode, rates] : tariff_.modes) known.push_back(mode);
  for (std::size_t i = 0; i < rates_.size(); ++i)
    if (rates_[i] == nullptr)
      throw Error(
          "tariff.no_mode", "the network has '" + net_.carriers[i].mode + "', the tariff does not",
          tariff_.name,
          "Add [modes." + net_.carriers[i].mode + "]. " + suggestion(net_.carriers[i].mode, known));
  std::set<std::string> no_speed, no_emissions;
  for (const auto& edge : net_.edges) {
    const ModeRates& rates = *rates_[edge.carrier];
    const std::string& mode = net_.carriers[edge.carrier].mode;
    if (std::isnan(rates.speed_kmh) && net_.lines[edge.line].speed_kmh <= 0.0)
      no_speed.insert(mode);
    if (std::isnan(rates.co2e_g_per_tkm)) no_emissions.insert(mode);
  }
  const bool need_hours =
      options_.minimise == Minimise::hours || tariff_.value_of_time_usd_per_t_h > 0.0;
  for (const auto& mode : no_speed) {
    if (need_hours)
      throw Error("tariff.incomplete",
                  "modes." + mode + " has no speed_kmh, and some lines have none of their own",
                  tariff_.name, "Hours are needed here: add speed_kmh.");
    findings.add("route.no_speed", Severity::warning, tariff_.name,
                 "hours are missing where " + mode + " is used: no speed_kmh");
  }
  for (const auto& mode : no_emissions) {
    if (options_.minimise == Minimise::co2e)
      throw Error("tariff.incomplete", "modes." + mode + " has no co2e_g_per_tkm", tariff_.name,
                  "Emissions are to be minimised: add it.");
    findings.add("route.no_emissions", Severity::warning, tariff_.name,
                 "emissions are missing where " + mode + " is used: no co2e_g_per_tkm");
  }
}

void FreightGraph::check_gates() const {
  std::set<std::string> gates;
  for (const auto& line : net_.lines)
    if (line.gate != 0) gates.insert(net_.texts[line.gate]);
  for (const auto& wanted : options_.close) {
    const bool known = std::any_of(gates.begin(), gates.end(), [&](const std::string& gate) {
      return lower(gate) == lower(trim(wanted));
    });
    if (!known)
      throw Error("route.unknown_gate", "no line has the gate '" + printable(wanted) + "'", "",
                  gates.empty() ? "No line of the network names a gate; its column is 'gate'."
                                : gate_hint(wanted, {gates.begin(), gates.end()}));
  }
}

void FreightGraph::close_edges(Findings& findings) {
  std::set<std::string> gates, countries;
  for (const auto& gate : options_.close) gates.insert(lower(trim(gate)));
  for (const auto& country : options_.avoid) countries.insert(country);
  std::vector<std::uint8_t> of_line(net_.lines.size(), kOpen);
  std::size_t no_country = 0;
  for (std::size_t i = 0; i < net_.lines.size(); ++i) {
    const NetworkLine& line = net_.lines[i];
    std::uint8_t closed = kOpen;
    if (line.gate != 0 && gates.count(lower(net_.texts[line.gate])) != 0) closed |= kClosed;
    if (line.country != 0 && countries.count(net_.texts[line.country]) != 0) closed |= kBorder;
    if (line.country == 0 && line.layer != kNone) ++no_country;
    if (options_.month > 0 && (line.months_closed >> (options_.month - 1) & 1) != 0)
      closed |= kSeason;
    if (line.max_weight_t > 0.0 && options_.vehicle_mass_t > line.max_weight_t) closed |= kWeight;
    if (line.axle_load_t > 0.0 && options_.axle_load_t > line.axle_load_t) closed |= kWeight;
    of_line[i] = closed;
    used_ |= closed;
  }
  closures_.resize(net_.edges.size());
  for (std::size_t e = 0; e < net_.edges.size(); ++e) closures_[e] = of_line[net_.edges[e].line];
  if (!countries.empty() && no_country > 0)
    findings.add("route.no_country", Severity::warning, "network",
                 "lines without a country are used as if they lay outside those avoided",
                 no_country);
}

std::vector<std::vector<Snap>> FreightGraph::snap_terminals() const {
  std::vector<std::vector<Snap>> snaps;
  for (std::uint16_t carrier = 0; carrier < net_.carriers.size(); ++carrier) {
    std::vector<std::uint32_t> edges;
    for (std::uint32_t e = 0; e < net_.edges.size(); ++e)
      if (net_.edges[e].carrier == carrier) edges.push_back(e);
    const EdgeIndex index(net_, edges, options_.jobs);
    snaps.emplace_back(terminals_.list.size());
    for (std::size_t t = 0; t < terminals_.list.size(); ++t) {
      const auto& [modes, at] = std::tie(terminals_.list[t].modes, terminals_.list[t].at);
      if (std::find(modes.begin(), modes.end(), net_.carriers[carrier].mode) == modes.end())
        continue;
      const EdgeHit hit =
          index.nearest(plain_place(at.lon_deg, at.lat_deg), options_.snap.radius_km * 1000.0);
      Snap& snap = snaps.back()[t];
      snap.found = hit.found;
      snap.edge = hit.edge;
      snap.fraction = hit.fraction;
      snap.at = hit.at;
      snap.distance_m = hit.distance_m < kOnTheLine_m ? 0.0 : hit.distance_m;
    }
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

void FreightGraph::dock_terminals(Findings& findings) {
  if (terminals_.list.empty()) return;
  if (!(terminals_.crs == net_.crs))
    throw Error("crs.mismatch",
                "terminals in " + terminals_.crs.label() + ", the network in " + net_.crs.label());
  const auto snaps = snap_terminals();
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
    const auto first = static_cast<std::uint32_t>(parts_.size());
    Part part{edge, net_.edges[edge].a, 0, 0.0, 0.0};
    for (; i < cuts.size() && std::get<0>(cuts[i]) == edge; ++i) {
      const double fraction = std::get<1>(cuts[i]);
      if (fraction > part.from) {
        part.to = fraction;
        part.b = node_count_++;
        parts_.push_back(part);
        part.from = fraction;
        part.a = part.b;
      }
      docks_[std::get<2>(cuts[i])].node = part.a;
    }
    part.to = 1.0;
    part.b = net_.edges[edge].b;
    parts_.push_back(part);
    parts_of_[edge] = {first, static_cast<std::uint32_t>(parts_.size())};
  }
}

const Handling* FreightGraph::handling(const Dock& from, const Dock& to) const {
  return tariff_.transfer(net_.carriers[from.carrier].mode, net_.carriers[to.carrier].mode);
}

void FreightGraph::link_terminals(Findings& findings) {
  for (const auto& border : net_.borders) {
    Link link{border.a, border.b, {}};
    link.step.kind = Step::Kind::border;
    link.step.country_from = border.country_a;
    link.step.country_to = border.country_b;
    links_.push_back(link);
    std::swap(link.a, link.b);
    std::swap(link.step.country_from, link.step.country_to);
    links_.push_back(link);
  }
  for (std::size_t first = 0; first < docks_.size();) {
    std::size_t last = first;
    while (last < docks_.size() && docks_[last].terminal == docks_[first].terminal) ++last;
    const Terminal& terminal = terminals_.list[docks_[first].terminal];
    const std::uint32_t base = node_count_;
    node_count_ += static_cast<std::uint32_t>(last - first);
    for (std::size_t i = first; i < last; ++i) {
      Link link{docks_[i].node, base + static_cast<std::uint32_t>(i - first), {}};
      link.step.kind = Step::Kind::access;
      link.step.edge = docks_[i].snap.edge;
      link.step.terminal = docks_[i].terminal;
      link.step.carrier = docks_[i].carrier;
      link.step.gap_km = docks_[i].snap.distance_m / 1000.0;
      links_.push_back(link);
      std::swap(link.a, link.b);
      link.step.to_network = true;
      links_.push_back(link);
      for (std::size_t k = first; k < last; ++k) {
        if (k == i) continue;
        const bool known = handling(docks_[i], docks_[k]) != nullptr;
        if (!known && std::isnan(terminal.handling_usd_per_t)) {
          findings.add("route.transfer_without_tariff", Severity::warning, "terminals",
                       "a change of mode is not offered where neither terminal nor tariff has its "
                       "price, first " +
                           net_.carriers[docks_[i].carrier].mode + " to " +
                           net_.carriers[docks_[k].carrier].mode + " at " + terminal.id);
          continue;
        }
        Link transfer{base + static_cast<std::uint32_t>(i - first),
                      base + static_cast<std::uint32_t>(k - first),
                      {}};
        transfer.step.kind = Step::Kind::transfer;
        transfer.step.terminal = docks_[i].terminal;
        transfer.step.carrier = docks_[i].carrier;
        transfer.step.carrier_to = docks_[k].carrier;
        links_.push_back(transfer);
      }
    }
    first = last;
  }
}

bool FreightGraph::may(std::uint32_t edge, bool backward, std::uint8_t lifted) const {
  if ((closures_[edge] & ~lifted) != 0) return false;
  const Oneway oneway = net_.lines[net_.edges[edge].line].oneway;
  return oneway == Oneway::both || (oneway == Oneway::backward) == backward;
}

std::vector<Arc> FreightGraph::arcs(std::uint8_t lifted) const {
  std::vector<Arc> all;
  all.reserve(2 * net_.edges.size() + 2 * parts_.size() + links_.size());
  const auto edges = static_cast<std::uint32_t>(net_.edges.size());
  const auto add = [&](std::uint32_t number, std::uint32_t edge, std::uint32_t a, std::uint32_t b) {
    if (a == b) return;
    if (may(edge, false, lifted)) all.push_back({a, b, 2 * number, 0.0});
    if (may(edge, true, lifted)) all.push_back({b, a, 2 * number + 1, 0.0});
  };
  for (std::uint32_t e = 0; e < edges; ++e)
    if (parts_of_.empty() || parts_of_.count(e) == 0) add(e, e, net_.edges[e].a, net_.edges[e].b);
  for (std::uint32_t p = 0; p < parts_.size(); ++p)
    add(edges + p, parts_[p].edge, parts_[p].a, parts_[p].b);
  const auto first_link = edges + static_cast<std::uint32_t>(parts_.size());
  for (std::uint32_t l = 0; l < links_.size(); ++l)
    all.push_back({links_[l].a, links_[l].b, 2 * (first_link + l), 0.0});
  for (auto& arc : all) arc.weight = weight(toll(step(arc.label)));
  return all;
}

Step FreightGraph::step(std::uint32_t label) const {
  const std::uint32_t number = label / 2;
  const auto edges = static_cast<std::uint32_t>(net_.edges.size());
  if (number >= edges + parts_.size()) return links_[number - edges - parts_.size()].step;
  Step step;
  step.edge = number;
  if (number >= edges) {
    const Part& part = parts_[number - edges];
    step.edge = part.edge;
    step.from = part.from;
    step.to = part.to;
  }
  if ((label & 1) != 0) std::swap(step.from, step.to);
  step.carrier = net_.edges[step.edge].carrier;
  return step;
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
  return toll.freight + toll.toll + toll.time;
}

Attachment FreightGraph::attach(const Snap& snap) const {
  Attachment at;
  at.edge = snap.edge;
  at.at = snap.fraction;
  at.a = net_.edges[snap.edge].a;
  at.b = net_.edges[snap.edge].b;
  at.to = 1.0;
  at.stretch = snap.edge;
  if (const auto found = parts_of_.find(snap.edge); found != parts_of_.end()) {
    std::uint32_t p = found->second.first;
    while (p + 1 < found->second.second && parts_[p].to < snap.fraction) ++p;
    at.a = parts_[p].a;
    at.b = parts_[p].b;
    at.from = parts_[p].from;
    at.to = parts_[p].to;
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
