#include "libgeo/study/freight_inputs.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/provenance.h"

namespace lode {

namespace {

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
  const auto texts = [&](const char* name) {
    return role == "plant" && layer.table.find(name) ? layer.table.texts(name)
                                                     : std::vector<std::string>(layer.size());
  };
  const auto numbers = [&](const char* name) {
    return role == "plant" && layer.table.find(name) ? layer.table.numbers(name)
                                                     : std::vector<double>(layer.size(), unknown);
  };
  // Only a chain takes these columns: a study without one may hold anything in them.
  const bool chain = !context.study.logistics.chain.empty();
  const auto stages = texts("stages"), accepts = texts("accepts");
  const auto recovery = chain ? numbers("recovery") : std::vector<double>(layer.size(), unknown);
  const auto cost = chain ? numbers("usd_per_kg") : std::vector<double>(layer.size(), unknown);
  if (role == "plant") to.says_stages = layer.table.find("stages") != nullptr;
  to.places.crs = places.crs;
  MapLayer on_map;
  on_map.name = role + "s";
  on_map.role = role;
  for (std::size_t i = 0; i < places.list.size(); ++i) {
    const Place& place = places.list[i];
    if (std::isnan(place.at.lon_deg)) continue;
    to.places.list.push_back(place);
    to.role.push_back(role);
    to.stages.push_back(stages[i]);
    to.accepts.push_back(accepts[i]);
    to.recovery.push_back(recovery[i]);
    to.usd_per_kg.push_back(cost[i]);
    on_map.geometry.push_back(point_geometry(place.at.lon_deg, place.at.lat_deg));
    on_map.label.push_back(place.name.empty() ? place.id : place.name);
  }
  context.result.layers.push_back(std::move(on_map));
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

/// Where ships may berth: terminals of the sea, and ports that are none.
std::vector<SeaBerth> berths_of(const Terminals& terminals, const Destinations& to) {
  std::vector<SeaBerth> berths;
  std::set<std::pair<double, double>> taken;
  for (const Terminal& one : terminals.list) {
    if (std::find(one.modes.begin(), one.modes.end(), "sea") == one.modes.end()) continue;
    if (taken.insert({one.at.lon_deg, one.at.lat_deg}).second) berths.push_back({one.id, one.at});
  }
  for (std::size_t k = 0; k < to.role.size(); ++k) {
    const Place& place = to.places.list[k];
    if (to.role[k] == "port" && taken.insert({place.at.lon_deg, place.at.lat_deg}).second)
      berths.push_back({place.id, place.at});
  }
  return berths;
}

Network build(StudyContext& context, std::vector<LineLayer> layers, const Progress& progress) {
  NetworkOptions options;
  options.snap_tolerance_m = context.study.logistics.snap_tolerance_m;
  options.jobs = context.options.jobs;
  Network network = build_network(layers, options, progress);
  context.result.findings.add(network.findings);
  return network;
}

/// Countries that no way may enter: those to avoid, and all of the network but the only ones.
std::vector<std::string> shut_countries(const StudyContext& context, const Network& network) {
  std::set<std::string> shut(context.avoid.begin(), context.avoid.end());
  const std::set<std::string> only(context.only.begin(), context.only.end());
  if (!context.study.logistics.only.empty())
    for (const NetworkLine& line : network.lines) {
      const std::string& country = network.texts[line.country];
      if (!country.empty() && only.count(country) == 0) shut.insert(country);
    }
  return {shut.begin(), shut.end()};
}

/// A gate that no line has would be shut without any effect.
void check_gates(const StudyContext& context, const Network& network) {
  std::set<std::string> known;
  for (const NetworkLine& line : network.lines)
    if (line.gate != 0) known.insert(network.texts[line.gate]);
  for (const std::string& wanted : context.study.logistics.close) {
    const bool found = std::any_of(known.begin(), known.end(), [&](const std::string& gate) {
      return lower(trim(gate)) == lower(trim(wanted));
    });
    if (!found)
      throw Error(
          "study.gate",
          "[logistics] close: no line of the networks has the gate '" + printable(wanted) + "'",
          context.where(context.study.logistics.line),
          known.empty() ? "No line has a gate: see the column 'gate' of [[networks]]."
                        : "Gates there: " + join({known.begin(), known.end()}, ", ") + ".");
  }
}

RouteOptions route_options(const StudyContext& context, const FreightInputs& inputs) {
  const LogisticsTable& logistics = context.study.logistics;
  RouteOptions options;
  options.minimise = logistics.minimise == "distance" ? Minimise::distance
                     : logistics.minimise == "hours"  ? Minimise::hours
                     : logistics.minimise == "co2e"   ? Minimise::co2e
                                                      : Minimise::cost;
  options.snap.radius_km = logistics.snap_radius_m / 1000.0;
  options.snap.min_component_edges = static_cast<std::uint32_t>(logistics.min_part);
  options.close = logistics.close;
  options.avoid = shut_countries(context, inputs.network);
  options.month = logistics.month;
  options.vehicle_classes = logistics.vehicle_classes;
  for (const std::size_t row : inputs.rows) options.cargoes.push_back(haul_of(context, row));
  // Where nothing is known of any load, none is handed on.
  if (std::all_of(options.cargoes.begin(), options.cargoes.end(), [](const Cargo& cargo) {
        return std::isnan(cargo.thorium_ppm) && std::isnan(cargo.uranium_ppm) &&
               std::isnan(cargo.annual_t);
      }))
    options.cargoes.clear();
  options.search_from = SearchFrom::places;
  options.jobs = context.options.jobs;
  options.pairs = Pairs::nearest;
  options.nearest = 1;
  options.legs = true;
  options.lines = true;
  return options;
}

}  // namespace

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

Destinations read_destinations(StudyContext& context) {
  const LogisticsTable& logistics = context.study.logistics;
  Destinations to;
  add_destinations(context, logistics.plants, logistics.plants_where, logistics.plants_crs, "plant",
                   to);
  add_destinations(context, logistics.ports, logistics.ports_where, logistics.ports_crs, "port",
                   to);
  return to;
}

Destinations of_role(const Destinations& all, const std::string& role) {
  Destinations part;
  part.places.crs = all.places.crs;
  part.says_stages = all.says_stages;
  for (std::size_t k = 0; k < all.role.size(); ++k) {
    if (all.role[k] != role) continue;
    part.places.list.push_back(all.places.list[k]);
    part.role.push_back(role);
    part.stages.push_back(all.stages[k]);
    part.accepts.push_back(all.accepts[k]);
    part.recovery.push_back(all.recovery[k]);
    part.usd_per_kg.push_back(all.usd_per_kg[k]);
  }
  return part;
}

Cargo haul_of(const StudyContext& context, std::size_t site) {
  const LogisticsTable& logistics = context.study.logistics;
  const SiteFacts& facts = context.facts[site];
  Cargo cargo;
  // A tonne of dry product comes from grade of product / (grade x recovery) tonnes of ore.
  const double ore_t = logistics.product_grade / (facts.treo.base * facts.recovery);
  const bool primary = context.result.sites[site].kind == "primary";
  cargo.thorium_ppm = facts.thorium_ppm * logistics.thorium_share * (primary ? ore_t : 1.0);
  cargo.uranium_ppm = facts.uranium_ppm * logistics.uranium_share * (primary ? ore_t : 1.0);
  if (logistics.annual_tonnage)
    cargo.annual_t =
        facts.rate_t_per_yr.base / logistics.product_grade / (1.0 - logistics.product_moisture);
  return cargo;
}

void take_sites(const StudyContext& context, FreightInputs& inputs) {
  inputs.from.crs = wgs84();
  for (std::size_t i = 0; i < context.result.sites.size(); ++i) {
    const Site& site = context.result.sites[i];
    if (!site.located) continue;
    inputs.from.list.push_back({site.id, site.name, site.place});
    inputs.rows.push_back(i);
  }
}

void read_freight(StudyContext& context, const Destinations& to, FreightInputs& inputs,
                  const Progress& progress) {
  // Lanes around land want berths, which are terminals; otherwise those are read last, as ever.
  std::optional<Terminals> terminals;
  const auto berths = [&] {
    if (!terminals) terminals = read_terminals(context);
    return berths_of(*terminals, to);
  };
  CountryBorders borders;
  if (context.study.logistics.locate_countries)
    for (const Country& country : context.countries.list())
      borders.add(country.iso3, country.outline);
  borders.finish();
  const auto& networks = context.study.networks;
  std::vector<LineLayer> layers;
  const double share = 0.7 / static_cast<double>(networks.size());
  for (std::size_t t = 0; t < networks.size(); ++t)
    read_lines(context, networks[t], berths, borders, layers,
               progress.part(share * static_cast<double>(t), share * static_cast<double>(t + 1)));
  inputs.network = build(context, std::move(layers), progress.part(0.7, 1.0));
  check_gates(context, inputs.network);
  inputs.tariff = read_tariff(context);
  inputs.terminals = terminals ? std::move(*terminals) : read_terminals(context);
  inputs.options = route_options(context, inputs);
}

}  // namespace lode
