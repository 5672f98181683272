// Stage 5: what it costs to get out: the cheapest way from every site to every plant and port.
#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/provenance.h"
#include "libgeo/logistics/freight.h"
#include "libgeo/study/context.h"

namespace lode {

namespace {

Network read_network(StudyContext& context, const Progress& progress) {
  std::vector<LineLayer> layers;
  for (const auto& table : context.study.networks) {
    Layer layer = context.read(table.layer, true);
    LineLayer lines;
    lines.name = table.layer.path + (table.layer.layer.empty() ? "" : ":" + table.layer.layer);
    lines.mode = table.mode;
    lines.crs = layer.crs;
    lines.fields = table.fields;
    MapLayer on_map;
    on_map.name = table.mode;
    on_map.role = "network";
    on_map.geometry = layer.geometry;
    on_map.label.assign(layer.geometry.size(), "");
    context.result.layers.push_back(std::move(on_map));
    lines.geometry = std::move(layer.geometry);
    lines.table = std::move(layer.table);
    layers.push_back(std::move(lines));
  }
  NetworkOptions options;
  options.snap_tolerance_m = context.study.logistics.snap_tolerance_m;
  options.jobs = context.options.jobs;
  Network network = build_network(layers, options, progress);
  context.result.findings.add(network.findings);
  return network;
}

struct Destinations {
  Places places;
  std::vector<std::string> role;  ///< plant or port, one a place
};

void add_destinations(StudyContext& context, const std::string& path, const std::string& where,
                      const std::string& crs, const std::string& role, Destinations& to) {
  if (path.empty()) return;
  LayerRef reference;
  reference.path = path;
  reference.where = where;
  reference.crs = crs;
  reference.line = context.study.logistics.line;
  const Layer layer = context.read(reference, true);
  const Places places =
      places_from(layer.crs, layer.geometry, feature_ids(layer, ""), feature_names(layer, ""));
  to.places.crs = places.crs;
  MapLayer on_map;
  on_map.name = role + "s";
  on_map.role = role;
  for (const auto& place : places.list) {
    if (std::isnan(place.at.lon_deg)) continue;
    to.places.list.push_back(place);
    to.role.push_back(role);
    on_map.geometry.push_back(point_geometry(place.at.lon_deg, place.at.lat_deg));
    on_map.label.push_back(place.name.empty() ? place.id : place.name);
  }
  context.result.layers.push_back(std::move(on_map));
}

Terminals read_terminals(StudyContext& context) {
  Terminals terminals;
  terminals.crs = wgs84();
  if (context.study.logistics.terminals.empty()) return terminals;
  LayerRef reference;
  reference.path = context.study.logistics.terminals;
  reference.crs = context.study.logistics.terminals_crs;
  reference.line = context.study.logistics.line;
  const Layer layer = context.read(reference, true);
  return terminals_from_table(layer.crs, layer.geometry, layer.table, feature_ids(layer, ""),
                              feature_names(layer, ""), {}, context.result.findings);
}

Tariff read_tariff(StudyContext& context) {
  const std::string& path = context.study.logistics.tariff;
  if (path.empty()) {
    context.result.findings.add("study.built_in_tariff", Severity::note, context.study.path,
                                "no tariff is named: the built-in table counts");
    return built_in_tariff();
  }
  const std::string text = context.read_text(path, context.study.logistics.line);
  Tariff tariff = parse_tariff(text, path);
  tariff.name = path;
  return tariff;
}

SiteRoute to_site_route(const RouteRow& row, std::size_t site, const Destinations& to) {
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
  for (const auto& leg : row.legs)
    route.legs.push_back({leg.mode, leg.from, leg.to, leg.distance_km, leg.hours,
                          leg.cost_usd_per_t, leg.co2e_kg_per_t});
  return route;
}

void set_indicators(StudyContext& context, const SiteRoute& best, double snap_km,
                    const std::string& tariff) {
  const LogisticsTable& logistics = context.study.logistics;
  const std::string name = best.destination_name.empty() ? best.destination : best.destination_name;
  const std::string way = "cheapest way to " + best.role + " " + name + ", " +
                          std::to_string(best.legs.size()) + " legs, tariff " + tariff;
  const LowBaseHigh cost{best.cost_low_usd_per_t, best.cost_usd_per_t, best.cost_high_usd_per_t};
  context.set("delivered_usd_per_t", "USD/t", best.site, cost, way);
  // What is hauled is moist concentrate: its dry part times its grade is the oxide delivered.
  const double kg_per_t = 1000.0 * (1.0 - logistics.product_moisture) * logistics.product_grade;
  context.set("delivered_usd_per_kg", "USD/kg", best.site, times(cost, 1.0 / kg_per_t),
              way + "; per kg of oxide at " + number_text(logistics.product_grade * 100) +
                  " % TREO and " + number_text(logistics.product_moisture * 100) + " % moisture");
  context.set("delivered_hours", "h", best.site, best.hours, way);
  context.set("delivered_co2e_kg_per_t", "kg/t", best.site, best.co2e_kg_per_t, way);
  context.set("access_km", "km", best.site, snap_km,
              "straight way to the nearest line of the network");
}

Destinations of_role(const Destinations& all, const std::string& role) {
  Destinations part;
  part.places.crs = all.places.crs;
  for (std::size_t k = 0; k < all.role.size(); ++k) {
    if (all.role[k] != role) continue;
    part.places.list.push_back(all.places.list[k]);
    part.role.push_back(role);
  }
  return part;
}

/// Only distances, when the study has no network.
void straight(StudyContext& context, const Places& from, const std::vector<std::size_t>& rows,
              const Destinations& to) {
  RouteOptions options;
  options.jobs = context.options.jobs;
  options.pairs = Pairs::nearest;
  options.legs = false;
  const double circuity = context.study.logistics.circuity;
  for (const std::string role : {"port", "plant"}) {
    const Destinations part = of_role(to, role);
    if (part.places.list.empty()) continue;
    const RouteTable table = straight_distances(from, part.places, options);
    context.result.findings.add(table.findings);
    for (const auto& row : table.rows) {
      if (!row.reachable()) continue;
      const Place& place = part.places.list[row.to];
      context.set(role + "_distance_km", "km", rows[row.from], row.distance_km * circuity,
                  "geodesic to " + role + " " + (place.name.empty() ? place.id : place.name) +
                      " x circuity " + number_text(circuity) + " (the study has no network)");
    }
  }
}

/// The cheapest destination (or the best in what the study minimises), with its legs and line.
RouteOptions route_options(const StudyContext& context) {
  const LogisticsTable& logistics = context.study.logistics;
  RouteOptions options;
  options.minimise = logistics.minimise == "distance" ? Minimise::distance
                     : logistics.minimise == "hours"  ? Minimise::hours
                     : logistics.minimise == "co2e"   ? Minimise::co2e
                                                      : Minimise::cost;
  options.snap.radius_km = logistics.snap_radius_m / 1000.0;
  options.close = logistics.close;
  options.avoid = logistics.avoid;
  options.search_from = SearchFrom::places;
  options.jobs = context.options.jobs;
  options.pairs = Pairs::nearest;
  options.nearest = 1;
  options.legs = true;
  options.lines = true;
  return options;
}

}  // namespace

void stage_logistics(StudyContext& context, const Progress& progress) {
  const LogisticsTable& logistics = context.study.logistics;
  if (!logistics.given) return;
  progress.update(0.0, "freight");
  Destinations to;
  add_destinations(context, logistics.plants, logistics.plants_where, logistics.plants_crs, "plant",
                   to);
  add_destinations(context, logistics.ports, logistics.ports_where, logistics.ports_crs, "port",
                   to);
  Places from;
  from.crs = wgs84();
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < context.result.sites.size(); ++i) {
    const Site& site = context.result.sites[i];
    if (!site.located) continue;
    from.list.push_back({site.id, site.name, site.place});
    rows.push_back(i);
  }
  if (from.list.empty() || to.places.list.empty()) return;
  if (context.study.networks.empty()) return straight(context, from, rows, to);

  const Network network = read_network(context, progress.part(0.0, 0.4));
  const Tariff tariff = read_tariff(context);
  const RouteOptions options = route_options(context);
  // The nearest port and the cheapest plant are asked for apart: two tables, each with one row a
  // site.
  const Terminals terminals = read_terminals(context);
  std::size_t unreachable = 0;
  for (const std::string role : {"port", "plant"}) {
    const Destinations part = of_role(to, role);
    if (part.places.list.empty()) continue;
    const RouteTable table =
        route(network, tariff, terminals, from, part.places, options,
              role == "port" ? progress.part(0.4, 0.7) : progress.part(0.7, 1.0));
    context.result.findings.add(table.findings);
    const bool main = role == "plant" || logistics.plants.empty();
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      const RouteRow& row = table.rows[r];
      const std::size_t site = rows[row.from];
      SiteRoute found = to_site_route(row, site, part);
      if (r < table.lines.size()) found.line = table.lines[r];
      if (found.reachable) {
        context.set(
            role + "_distance_km", "km", site, found.distance_km,
            "along the network to " + role + " " +
                (found.destination_name.empty() ? found.destination : found.destination_name));
        if (main) set_indicators(context, found, row.snap_km, tariff.name);
      } else if (main) {
        ++unreachable;
      }
      context.result.routes.push_back(std::move(found));
    }
  }
  context.result.figures.push_back(
      {"sites that freight cannot reach", static_cast<double>(unreachable), ""});
}

}  // namespace lode
