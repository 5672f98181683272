// Vehicles on the expanded graph: which classes run, what closes a line to them, and the copies of
// lines and nodes that they and restricted lines need.
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/logistics/freight_graph.h"

namespace lode {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

/// The classes of a mode that run: those named, else the mode's own choice, else all.
std::vector<ModeRates> chosen_classes(const ModeRates& mode, const std::set<std::string>& wanted) {
  std::vector<ModeRates> chosen;
  for (const auto& one : mode.classes)
    if (wanted.count(one.vehicle) != 0) chosen.push_back(one);
  if (!chosen.empty()) return chosen;
  const auto& own = mode.default_classes;
  if (own.empty() || wanted.count("all") != 0) return mode.classes;
  for (const auto& one : mode.classes)
    if (std::find(own.begin(), own.end(), one.vehicle) != own.end()) chosen.push_back(one);
  return chosen;
}

/// The factor of each text as a surface, so that no name is looked up edge by edge.
std::vector<double> factors_by_text(const Network& network, const ModeRates& rates) {
  if (rates.surface_factor.empty()) return {};
  std::vector<double> factors(std::max<std::size_t>(network.texts.size(), 1), 1.0);
  for (std::size_t text = 1; text < network.texts.size(); ++text)
    if (const auto known = rates.surface_factor.find(network.texts[text]);
        known != rates.surface_factor.end())
      factors[text] = known->second;
  return factors;
}

}  // namespace

void FreightGraph::choose_vehicles() {
  std::set<std::string> wanted, classes;
  for (const auto& name : options_.vehicle_classes) wanted.insert(lower(trim(name)));
  for (const auto& [mode, rates] : tariff_.modes)
    for (const auto& one : rates.classes) classes.insert(one.vehicle);
  for (const auto& name : wanted)
    if (name != "all" && classes.count(name) == 0)
      throw Error("route.unknown_vehicle", "the tariff has no class '" + printable(name) + "'",
                  tariff_.name,
                  classes.empty()
                      ? "It has no classes at all: leave --vehicle out, or give its modes classes."
                      : suggestion(name, {classes.begin(), classes.end()}));
  std::vector<std::string> known;
  for (const auto& [mode, rates] : tariff_.modes) known.push_back(mode);
  for (const auto& carrier : net_.carriers) {
    const ModeRates* mode = tariff_.mode(carrier.mode);
    if (mode == nullptr)
      throw Error("tariff.no_mode", "the network has '" + carrier.mode + "', the tariff does not",
                  tariff_.name,
                  "Add [modes." + carrier.mode + "]. " + suggestion(carrier.mode, known));
    own_.push_back(*mode);
    own_.back().classes.clear();
    own_.back().usd_per_tkm = mode->net_usd_per_tkm();
    std::vector<ModeRates> chosen = chosen_classes(*mode, wanted);
    for (auto& one : chosen) one.usd_per_tkm = one.net_usd_per_tkm();
    if (chosen.empty()) chosen.push_back(own_.back());
    surface_factors_.emplace_back();
    for (const auto& one : chosen) surface_factors_.back().push_back(factors_by_text(net_, one));
    vehicles_.push_back(std::move(chosen));
  }
}

void FreightGraph::check_tariff(Findings& findings) const {
  std::set<std::string> no_speed, no_emissions;
  std::vector<char> bare(net_.carriers.size(), 0);  // some line has no speed of its own
  std::vector<char> used(net_.carriers.size(), 0);
  for (const auto& edge : net_.edges) {
    used[edge.carrier] = 1;
    if (net_.lines[edge.line].speed_kmh <= 0.0) bare[edge.carrier] = 1;
  }
  for (std::size_t c = 0; c < net_.carriers.size(); ++c)
    for (const auto& rates : vehicles_[c]) {
      const std::string mode =
          net_.carriers[c].mode + (rates.vehicle.empty() ? "" : ".classes." + rates.vehicle);
      if (std::isnan(rates.speed_kmh) && bare[c] != 0) no_speed.insert(mode);
      if (std::isnan(rates.co2e_g_per_tkm) && used[c] != 0) no_emissions.insert(mode);
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

void FreightGraph::note_loads(Findings& findings) const {
  const Cargo& cargo = options_.cargo;
  if (class7_of(cargo) == Class7::unknown &&
      (!std::isnan(cargo.thorium_ppm) || !std::isnan(cargo.uranium_ppm)))
    findings.add(
        "route.class7_unknown", Severity::warning, "cargo",
        "a load whose class cannot be told travels as ordinary cargo: " + class7_words(cargo));
  if (!std::isnan(cargo.annual_t)) return;
  for (const auto& classes : vehicles_)
    for (const auto& one : classes)
      if (!std::isnan(one.parcel_t)) {
        findings.add("route.parcel_unknown", Severity::note, tariff_.name,
                     "the tariff has smallest parcels, and the tonnes a year are not known: no "
                     "wait for a parcel counts, and the largest ship that fits is not too large");
        return;
      }
}

void FreightGraph::close_edges(Findings& findings) {
  std::set<std::string> gates, countries;
  for (const auto& gate : options_.close) gates.insert(lower(trim(gate)));
  for (const auto& country : options_.avoid) countries.insert(country);
  std::vector<char> closed_gate(net_.texts.size(), 0), avoided(net_.texts.size(), 0);
  for (std::size_t text = 1; text < net_.texts.size(); ++text) {
    closed_gate[text] = gates.count(lower(net_.texts[text])) != 0 ? 1 : 0;
    avoided[text] = countries.count(net_.texts[text]) != 0 ? 1 : 0;
  }
  std::vector<std::uint8_t> of_line(net_.lines.size(), kOpen);
  std::size_t no_country = 0;
  for (std::size_t i = 0; i < net_.lines.size(); ++i) {
    const NetworkLine& line = net_.lines[i];
    std::uint8_t closed = kOpen;
    if (line.gate != 0 && closed_gate[line.gate] != 0) closed |= kClosed;
    if (line.country != 0 && avoided[line.country] != 0) closed |= kBorder;
    if (line.country == 0 && line.layer != kNone) ++no_country;
    if (options_.month > 0 && (line.months_closed >> (options_.month - 1) & 1) != 0)
      closed |= kSeason;
    if (line.max_weight_t > 0.0 && options_.vehicle_mass_t > line.max_weight_t) closed |= kWeight;
    if (line.axle_load_t > 0.0 && options_.axle_load_t > line.axle_load_t) closed |= kWeight;
    if (line.restricted) used_ |= kAccess;
    of_line[i] = closed;
  }
  closures_.resize(net_.edges.size());
  for (std::size_t e = 0; e < net_.edges.size(); ++e) closures_[e] = of_line[net_.edges[e].line];
  for (std::uint32_t e = 0; e < net_.edges.size(); ++e)
    for (std::uint16_t v = 0; v < vehicles_[net_.edges[e].carrier].size(); ++v)
      used_ |= closures(e, v);
  if (!countries.empty() && no_country > 0)
    findings.add("route.no_country", Severity::warning, "network",
                 "lines without a country are used as if they lay outside those avoided",
                 no_country);
}

std::uint8_t FreightGraph::vehicle_closures(const NetworkLine& line, const ModeRates& vehicle,
                                            std::uint8_t general) const {
  auto closed = static_cast<std::uint8_t>(general & ~kWeight);
  const double mass_t =
      std::isnan(vehicle.vehicle_mass_t) ? options_.vehicle_mass_t : vehicle.vehicle_mass_t;
  const double axle_t =
      std::isnan(vehicle.axle_load_t) ? options_.axle_load_t : vehicle.axle_load_t;
  if (line.max_weight_t > 0.0 && mass_t > line.max_weight_t) closed |= kWeight;
  if (line.axle_load_t > 0.0 && axle_t > line.axle_load_t) closed |= kWeight;
  if (line.max_draught_m > 0.0 && vehicle.draught_m > line.max_draught_m) closed |= kDraught;
  return closed;
}

std::uint8_t FreightGraph::closures(std::uint32_t edge, std::uint16_t vehicle) const {
  const std::uint8_t general = closures_[edge];
  const ModeRates& own = vehicles_[net_.edges[edge].carrier][vehicle];
  if (std::isnan(own.draught_m) && std::isnan(own.vehicle_mass_t) && std::isnan(own.axle_load_t))
    return general;
  return vehicle_closures(net_.lines[net_.edges[edge].line], own, general);
}

bool FreightGraph::may(std::uint32_t edge, bool backward, std::uint8_t lifted,
                       std::uint16_t vehicle) const {
  if ((closures(edge, vehicle) & ~lifted) != 0) return false;
  const Oneway oneway = net_.lines[net_.edges[edge].line].oneway;
  return oneway == Oneway::both || (oneway == Oneway::backward) == backward;
}

double FreightGraph::wait_h(std::uint16_t carrier, std::uint16_t vehicle) const {
  const double parcel_t = vehicles_[carrier][vehicle].parcel_t;
  const double annual_t = options_.cargo.annual_t;
  if (std::isnan(parcel_t) || std::isnan(annual_t)) return 0.0;
  // A tonne waits half the time that the parcel takes to come together, in the mean.
  return parcel_t / annual_t * 8760.0 / 2.0;
}

void FreightGraph::copy_nodes() {
  plain_nodes_ = node_count_;
  std::size_t most = 1;
  for (const auto& classes : vehicles_) most = std::max(most, classes.size());
  const bool parts = (used_ & kAccess) != 0;
  if (most == 1 && !parts) return;
  classes_of_node_.assign(plain_nodes_, 1);
  if (parts) part_rank_.assign(plain_nodes_, kNoRank);
  const auto mark = [&](std::uint32_t edge, std::uint32_t a, std::uint32_t b) {
    const auto count = static_cast<std::uint16_t>(vehicles_[net_.edges[edge].carrier].size());
    classes_of_node_[a] = classes_of_node_[b] = count;
    if (parts && restricted(edge)) part_rank_[a] = part_rank_[b] = 0;
  };
  for (std::uint32_t e = 0; e < net_.edges.size(); ++e) mark(e, net_.edges[e].a, net_.edges[e].b);
  for (const auto& piece : pieces_) mark(piece.edge, piece.a, piece.b);
  if (most > 1) class_rank_.assign(plain_nodes_, kNoRank);
  for (std::uint32_t v = 0; v < plain_nodes_; ++v) {
    if (classes_of_node_[v] > 1) class_rank_[v] = class_nodes_++;
    if (parts && part_rank_[v] == 0) part_rank_[v] = part_nodes_++;
  }
  class_base_ = node_count_;
  part_base_ = class_base_ + static_cast<std::uint32_t>(most - 1) * class_nodes_;
  node_count_ = part_base_ + static_cast<std::uint32_t>(2 * most) * part_nodes_;
}

std::uint32_t FreightGraph::node_of(std::uint32_t node, std::uint16_t vehicle, WayPart part) const {
  if (part == WayPart::through)
    return vehicle == 0 ? node : class_base_ + (vehicle - 1U) * class_nodes_ + class_rank_[node];
  const std::uint32_t row = 2U * vehicle + (part == WayPart::leaving ? 0U : 1U);
  return part_base_ + row * part_nodes_ + part_rank_[node];
}

std::uint32_t FreightGraph::gate_node(std::uint32_t node, std::uint32_t edge, std::uint16_t vehicle,
                                      bool leaving) const {
  if (!restricted(edge)) return node_of(node, vehicle, WayPart::through);
  return node_of(node, vehicle, leaving ? WayPart::leaving : WayPart::arriving);
}

void FreightGraph::copy_edges() {
  const auto edges = static_cast<std::uint32_t>(net_.edges.size());
  const auto copy = [&](std::uint32_t number, std::uint32_t edge) {
    const std::size_t classes = vehicles_[net_.edges[edge].carrier].size();
    for (std::uint16_t v = 1; v < classes; ++v) copies_.push_back({number, v, false});
    for (std::uint16_t v = 0; v < classes && restricted(edge); ++v)
      copies_.push_back({number, v, true});
  };
  for (std::uint32_t e = 0; e < edges; ++e)
    if (pieces_of_.count(e) == 0) copy(e, e);
  for (std::uint32_t p = 0; p < pieces_.size(); ++p) copy(edges + p, pieces_[p].edge);
}

}  // namespace lode
