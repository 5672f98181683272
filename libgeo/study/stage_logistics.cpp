// Stage 5: what it costs to get out: the cheapest way from every site to every plant and port.
#include <algorithm>
#include <cmath>
#include <set>

#include "libgeo/study/freight_results.h"

namespace lode {

namespace {

const std::string& name_of(const SiteRoute& route) {
  return route.destination_name.empty() ? route.destination : route.destination_name;
}

SiteRoute to_site_route(const RouteRow& row, std::size_t site, const Destinations& to,
                        const PlaceNames& names) {
  SiteRoute route;
  const Place& place = to.places.list[row.to];
  route.site = site;
  route.destination = place.id;
  route.destination_name = place.name;
  route.role = to.role[row.to];
  route.reachable = row.reachable();
  route.reason = row.reachable() ? "" : std::string(to_text(row.reason)) + ": " + row.words;
  route.distance_km = row.distance_km;
  route.cost_usd_per_t = row.cost_usd_per_t;
  route.cost_low_usd_per_t = row.cost_low_usd_per_t;
  route.cost_high_usd_per_t = row.cost_high_usd_per_t;
  route.hours = row.hours;
  route.co2e_kg_per_t = row.co2e_kg_per_t;
  for (const auto& leg : row.legs) route.legs.push_back(to_site_leg(leg, names));
  return route;
}

void set_indicators(StudyContext& context, const SiteRoute& best, double snap_km,
                    const Tariff& tariff) {
  const LogisticsTable& logistics = context.study.logistics;
  const std::string way = "cheapest way to " + best.role + " " + name_of(best) + ", " +
                          std::to_string(best.legs.size()) + " legs (" + leg_words(best.legs) +
                          "), tariff " + tariff_words(tariff);
  const std::string sources = rate_sources(tariff, best.legs);
  const LowBaseHigh cost{best.cost_low_usd_per_t, best.cost_usd_per_t, best.cost_high_usd_per_t};
  context.set("delivered_usd_per_t", "USD/t", best.site, cost,
              way + (sources.empty() ? "" : "; " + sources), freight_spread);
  if (logistics.chain.empty()) {
    // What is hauled is moist concentrate: its dry part times its grade is the oxide delivered.
    const double kg_per_t = 1000.0 * (1.0 - logistics.product_moisture) * logistics.product_grade;
    context.set("delivered_usd_per_kg", "USD/kg", best.site, times(cost, 1.0 / kg_per_t),
                way + "; per kg of oxide at " + number_text(logistics.product_grade * 100) +
                    " % TREO and " + number_text(logistics.product_moisture * 100) + " % moisture",
                freight_spread);
  }
  context.set("delivered_hours", "h", best.site, best.hours, way);
  context.set("delivered_co2e_kg_per_t", "kg/t", best.site, best.co2e_kg_per_t, way);
  context.set("access_km", "km", best.site, snap_km,
              "straight way to the nearest line of the network");
}

void set_class7(StudyContext& context, const FreightInputs& inputs) {
  if (!context.study.logistics.chain.empty()) return;  // its loads count
  for (std::size_t k = 0; k < inputs.options.cargoes.size(); ++k) {
    const Cargo& cargo = inputs.options.cargoes[k];
    const Class7 found = class7_of(cargo);
    if (found == Class7::unknown) continue;
    context.set("haul_class7", "0 no, 1 yes", inputs.rows[k], found == Class7::yes ? 1.0 : 0.0,
                class7_words(cargo) + " (IAEA SSR-6, paragraph 107 f)");
  }
}

/// Only distances, when the study has no network.
void straight(StudyContext& context, const FreightInputs& inputs, const Destinations& to) {
  RouteOptions options;
  options.jobs = context.options.jobs;
  options.pairs = Pairs::nearest;
  options.legs = false;
  const double circuity = context.study.logistics.circuity;
  for (const std::string role : {"port", "plant"}) {
    const Destinations part = of_role(to, role);
    if (part.places.list.empty()) continue;
    const RouteTable table = straight_distances(inputs.from, part.places, options);
    context.result.findings.add(table.findings);
    for (const auto& row : table.rows) {
      if (!row.reachable()) continue;
      const Place& place = part.places.list[row.to];
      context.set(role + "_distance_km", "km", inputs.rows[row.from], row.distance_km * circuity,
                  "geodesic to " + role + " " + (place.name.empty() ? place.id : place.name) +
                      " x circuity " + number_text(circuity) + " (the study has no network)");
    }
  }
}

/// The table of one role: results, routes and, for the main one, what goes beyond.
std::size_t take_routes(StudyContext& context, const FreightInputs& inputs,
                        const Destinations& part, bool main, const Progress& progress) {
  const std::string& role = part.role.front();
  const RouteTable table = route(inputs.network, inputs.tariff, inputs.terminals, inputs.from,
                                 part.places, inputs.options, progress.part(0.0, 0.4));
  context.result.findings.add(table.findings);
  std::vector<SiteRoute> routes;
  const PlaceNames names = place_names(inputs, part.places);
  std::size_t unreachable = 0;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const RouteRow& row = table.rows[r];
    SiteRoute found = to_site_route(row, inputs.rows[row.from], part, names);
    if (r < table.lines.size()) {
      found.line = table.lines[r];
      found.parts = parts_by_mode(found.line, found.legs);
    }
    if (found.reachable) {
      context.set(role + "_distance_km", "km", found.site, found.distance_km,
                  "along the network to " + role + " " + name_of(found));
      if (main) set_indicators(context, found, row.snap_km, inputs.tariff);
    } else if (main) {
      ++unreachable;
    }
    routes.push_back(std::move(found));
  }
  if (main) {
    add_year(context, inputs, part.places, table, routes, progress.part(0.4, 0.7));
    add_detours(context, inputs, part.places, table, routes, progress.part(0.7, 0.8));
    add_closures(context, inputs, part.places, table, progress.part(0.8, 1.0));
  }
  for (SiteRoute& one : routes) context.result.routes.push_back(std::move(one));
  return unreachable;
}

void keep_basis(StudyContext& context, const FreightInputs& inputs,
                const std::optional<ChainTable>& chain) {
  const LogisticsTable& logistics = context.study.logistics;
  FreightBasis basis;
  basis.tariff = inputs.tariff.name;
  basis.as_of = inputs.tariff.as_of;
  basis.value_of_time_usd_per_t_h = inputs.tariff.value_of_time_usd_per_t_h;
  std::set<std::string> modes;
  for (const Carrier& carrier : inputs.network.carriers) modes.insert(carrier.mode);
  for (const auto& [mode, rates] : inputs.tariff.modes) {
    if (modes.count(mode) == 0) continue;
    std::string source = rates.source;
    if (rates.year > 0) source += (source.empty() ? "" : ", ") + std::to_string(rates.year);
    if (!source.empty()) basis.sources.emplace_back(mode, source);
  }
  if (chain) {
    basis.chain = chain->name + " of " + chain->as_of;
    basis.contained = chain->contained;
  }
  for (const auto& gate : logistics.close) basis.closed.push_back("gate " + gate);
  for (const auto& country : logistics.avoid) basis.closed.push_back("avoids " + country);
  for (const auto& country : logistics.only) basis.closed.push_back("only " + country);
  basis.month = logistics.month;
  context.result.freight = std::move(basis);
}

}  // namespace

PlaceNames place_names(const FreightInputs& inputs, const Places& to) {
  PlaceNames names;
  for (const Place& place : to.list) names[place.id] = place.name;
  for (const Terminal& terminal : inputs.terminals.list) names[terminal.id] = terminal.name;
  for (const Place& place : inputs.from.list) names[place.id] = place.name;
  return names;
}

SiteLeg to_site_leg(const Leg& leg, const PlaceNames& names) {
  SiteLeg out;
  out.mode = leg.mode;
  out.from = leg.from;
  out.to = leg.to;
  out.distance_km = leg.distance_km;
  out.hours = leg.hours;
  out.cost_usd_per_t = leg.cost_usd_per_t;
  out.cost_low_usd_per_t = leg.cost_low_usd_per_t;
  out.cost_high_usd_per_t = leg.cost_high_usd_per_t;
  out.freight_usd_per_t = leg.freight_usd_per_t;
  out.toll_usd_per_t = leg.toll_usd_per_t;
  out.time_usd_per_t = leg.time_usd_per_t;
  out.co2e_kg_per_t = leg.co2e_kg_per_t;
  out.vehicle = leg.vehicle;
  out.stockpile_days = leg.stockpile_days;
  const auto name = [&](const std::string& id) {
    const auto found = names.find(id);
    return found == names.end() ? std::string() : found->second;
  };
  out.from_name = name(leg.from);
  out.to_name = name(leg.to);
  return out;
}

std::string leg_words(const std::vector<SiteLeg>& legs) {
  std::string text;
  for (const SiteLeg& leg : legs) {
    if (!text.empty()) text += ", ";
    text += leg.mode == "snap" ? "off the network" : leg.mode;
    if (!leg.vehicle.empty()) text += " by " + leg.vehicle;
    if (leg.mode == "transfer" || leg.mode == "border")
      text += leg.from.empty() ? "" : " at " + (leg.from_name.empty() ? leg.from : leg.from_name);
    else
      text += " " + number_text(std::round(leg.distance_km * 10.0) / 10.0) + " km";
  }
  return text;
}

std::string tariff_words(const Tariff& tariff) {
  return tariff.name + " of " + tariff.as_of;
}

std::string rate_sources(const Tariff& tariff, const std::vector<SiteLeg>& legs) {
  std::string text;
  std::set<std::string> named;
  for (const SiteLeg& leg : legs) {
    const ModeRates* rates = tariff.mode(leg.mode);
    if (rates == nullptr || rates->source.empty() || !named.insert(leg.mode).second) continue;
    text += (text.empty() ? "" : "; ") + leg.mode + ": " + rates->source;
    if (rates->year > 0) text += " (" + std::to_string(rates->year) + ")";
  }
  return text;
}

void stage_logistics(StudyContext& context, const Progress& progress) {
  const LogisticsTable& logistics = context.study.logistics;
  if (!logistics.given) return;
  progress.update(0.0, "freight");
  const Destinations to = read_destinations(context);
  FreightInputs inputs;
  take_sites(context, inputs);
  if (inputs.from.list.empty() || to.places.list.empty()) return;
  if (context.study.networks.empty()) return straight(context, inputs, to);
  read_freight(context, to, inputs, progress.part(0.0, 0.4));
  const std::optional<ChainTable> chain = read_chain(context);
  keep_basis(context, inputs, chain);
  set_class7(context, inputs);
  // The nearest port and the cheapest plant are asked for apart: two tables, each with one row a
  // site.
  std::size_t unreachable = 0;
  for (const std::string role : {"port", "plant"}) {
    const Destinations part = of_role(to, role);
    if (part.places.list.empty()) continue;
    const bool main = role == "plant" || logistics.plants.empty();
    unreachable += take_routes(context, inputs, part, main,
                               role == "port" ? progress.part(0.4, 0.5) : progress.part(0.5, 0.8));
  }
  context.result.figures.push_back(
      {"sites that freight cannot reach", static_cast<double>(unreachable), ""});
  if (chain) add_chains(context, inputs, of_role(to, "plant"), *chain, progress.part(0.8, 1.0));
  if (!context.study.supply.capacities.empty())
    context.freight =
        std::make_shared<const KeptFreight>(KeptFreight{std::move(inputs), to, chain});
}

}  // namespace lode
