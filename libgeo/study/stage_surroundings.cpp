// After the constraints: what lies at and around the sites, by [[surroundings]].
#include <algorithm>
#include <cmath>
#include <utility>

#include "libgeo/core/error.h"
#include "libgeo/environment/buffer.h"
#include "libgeo/environment/drainage.h"
#include "libgeo/environment/habitat.h"
#include "libgeo/environment/near_index.h"
#include "libgeo/environment/surroundings.h"
#include "libgeo/environment/zonal.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/study/context.h"

namespace lode {

namespace {

/// The located sites, in their order.
struct Located {
  std::vector<std::size_t> rows;
  std::vector<Geometry> grounds;
  std::vector<std::string> ids;
};

Located located_sites(const StudyContext& context) {
  Located sites;
  for (std::size_t i = 0; i < context.result.sites.size(); ++i) {
    if (!context.result.sites[i].located) continue;
    sites.rows.push_back(i);
    sites.grounds.push_back(ground_of(context, i));
    sites.ids.push_back(context.result.sites[i].id);
  }
  return sites;
}

std::string kilometres(double metres) {
  return number_text(metres / 1000.0) + "km";
}

std::string class_list(const SurroundingsTable& table) {
  std::string list;
  for (const double value : table.classes) list += (list.empty() ? "" : ", ") + number_text(value);
  return list;
}

/// The layer, on the report's map too.
Layer read_shown(StudyContext& context, const SurroundingsTable& table) {
  Layer layer = context.read(table.layer, true);
  MapLayer on_map;
  on_map.name = table.name;
  on_map.role = "surroundings";
  on_map.geometry = layer.geometry;
  on_map.label = feature_ids(layer, table.id);
  context.result.layers.push_back(std::move(on_map));
  return layer;
}

std::string names_of(const std::vector<std::size_t>& features,
                     const std::vector<std::string>& ids) {
  std::string list;
  for (std::size_t i = 0; i < std::min<std::size_t>(5, features.size()); ++i)
    list += (i == 0 ? "" : ", ") + ids[features[i]];
  if (features.size() > 5) list += " and " + std::to_string(features.size() - 5) + " more";
  return list;
}

void take_water(StudyContext& context, const SurroundingsTable& table, const Located& sites,
                const Progress& progress) {
  const Layer layer = read_shown(context, table);
  const auto ids = feature_ids(layer, table.id);
  const auto crossings = water_crossings(sites.grounds, layer.geometry, wgs84(), Edges::straight,
                                         context.options.jobs, progress);
  for (std::size_t r = 0; r < sites.rows.size(); ++r) {
    context.set(table.name + "_crossings", "n", sites.rows[r], static_cast<double>(crossings[r]),
                table.layer.path + ": waters that the site's ground meets, each run once");
  }
  const NearIndex index(layer.geometry, wgs84(), Edges::straight, context.options.jobs, progress);
  for (std::size_t r = 0; r < sites.rows.size(); ++r) {
    progress.check();
    const NearHit hit = index.nearest(index.probe(sites.grounds[r]));
    if (hit.feature == NearIndex::npos) continue;
    context.set(table.name + "_nearest_m", "m", sites.rows[r], hit.distance_m,
                table.layer.path + ", feature " + ids[hit.feature]);
  }
}

void take_people(StudyContext& context, const SurroundingsTable& table, const Located& sites,
                 const Progress& progress) {
  PeopleOptions options;
  options.within_m = table.within_m;
  options.edges = Edges::straight;
  options.jobs = context.options.jobs;
  People people;
  std::string how;
  if (table.field.empty()) {
    const auto raster = context.read_raster(table.layer, 1);
    people = people_within(sites.grounds, wgs84(), *raster, options, progress);
    how = ", cells by their exact share";
  } else {
    const Layer layer = context.read(table.layer, true);
    people = people_within(sites.grounds, wgs84(), layer.geometry, layer.table.numbers(table.field),
                           options, progress);
    how = ", sum of " + table.field;
  }
  context.result.findings.add(people.findings);
  for (std::size_t r = 0; r < sites.rows.size(); ++r)
    for (std::size_t k = 0; k < table.within_m.size(); ++k)
      context.set(table.name + "_" + kilometres(table.within_m[k]), "people", sites.rows[r],
                  people.people[r][k], table.layer.path + how);
}

/// Ground of the sites, or all within a distance of it.
std::vector<Geometry> zones_of(const SurroundingsTable& table, const Located& sites) {
  if (table.within_m.empty()) return sites.grounds;
  BufferOptions options;
  options.edges = Edges::straight;
  std::vector<Geometry> zones;
  for (const Geometry& ground : sites.grounds)
    zones.push_back(setback_of(ground, wgs84(), table.within_m.front(), options));
  return zones;
}

void take_raster(StudyContext& context, const SurroundingsTable& table, const Located& sites,
                 const Progress& progress) {
  const auto raster = context.read_raster(table.layer, table.band);
  ZonalInputs inputs;
  inputs.zones = zones_of(table, sites);
  inputs.ids = sites.ids;
  inputs.crs = wgs84();
  inputs.bands = {raster.get()};
  ZonalOptions options;
  options.edges = Edges::straight;
  options.jobs = context.options.jobs;
  options.include_fractions = !table.classes.empty();
  options.statistics = parse_zonal_statistics(table.statistic);
  const Zonal zonal = zonal_statistics(inputs, options, progress);
  context.result.findings.add(zonal.findings);
  std::string source = table.layer.path;
  if (table.band > 1) source += ", band " + std::to_string(table.band);
  source += table.within_m.empty()
                ? std::string(" on the site's ground")
                : " within " + number_text(table.within_m.front() / 1000.0) + " km";
  for (std::size_t r = 0; r < sites.rows.size(); ++r) {
    const ZonalRow& row = zonal.zones[r];
    const ZonalBand& band = row.bands.front();
    if (table.classes.empty()) {
      context.set(table.name, table.unit, sites.rows[r], band.value.front(),
                  table.statistic + " of " + source + ", cells by their exact share");
      continue;
    }
    if (!(row.area_m2 > 0.0) || !(band.count > 0.0)) continue;  // a point takes no ground
    double area_m2 = 0.0;
    for (std::size_t v = 0; v < band.fraction.size(); ++v)
      if (std::find(table.classes.begin(), table.classes.end(), band.fraction[v].first) !=
          table.classes.end())
        area_m2 += band.fraction_m2[v];
    context.set(table.name + "_ha", "ha", sites.rows[r], area_m2 / 1e4,
                "classes " + class_list(table) + " of " + source + ", cells by their exact share");
  }
}

void take_value(StudyContext& context, const SurroundingsTable& table, const Located& sites,
                const Progress& progress) {
  const Layer layer = read_shown(context, table);
  const auto ids = feature_ids(layer, table.id);
  const bool land = table.kind == "land";
  const std::vector<double> number =
      land ? std::vector<double>(layer.size(), 1.0) : layer.table.numbers(table.field);
  const auto values = values_at(sites.grounds, layer.geometry, number, wgs84(), Edges::straight,
                                context.options.jobs, progress);
  for (std::size_t r = 0; r < sites.rows.size(); ++r) {
    const PlaceValue& value = values[r];
    const std::string met = value.features.empty()
                                ? table.layer.path + ": no feature meets the site"
                                : table.layer.path + ", feature " + names_of(value.features, ids);
    if (land) {
      context.set(table.name + "_pct", "%", sites.rows[r], value.covered_pct, met);
      continue;
    }
    if (std::isnan(value.mean)) continue;
    context.set(table.name, table.unit, sites.rows[r], value.mean,
                met + "; " + table.field + " by area");
    context.set(table.name + "_largest", table.unit, sites.rows[r], value.largest,
                met + "; largest " + table.field);
  }
}

void take_habitat(StudyContext& context, const SurroundingsTable& table, const Located& sites,
                  const Progress& progress) {
  const Layer layer = read_shown(context, table);
  HabitatInputs inputs;
  inputs.patches = layer.geometry;
  inputs.sites = sites.grounds;
  inputs.crs = wgs84();
  HabitatOptions options;
  options.half_distance_m = table.half_distance_m;
  options.edges = Edges::straight;
  options.jobs = context.options.jobs;
  const Habitat habitat = habitat_loss(inputs, options, progress);
  context.result.findings.add(habitat.findings);
  const std::string source = table.layer.path;
  for (std::size_t r = 0; r < sites.rows.size(); ++r) {
    const HabitatLoss& loss = habitat.sites[r];
    context.set(table.name + "_lost_ha", "ha", sites.rows[r], loss.lost_m2 / 1e4,
                source + ": habitat on the site's ground");
    context.set(table.name + "_connectivity_loss_pct", "%", sites.rows[r],
                loss.connectivity_loss_pct,
                source +
                    ": fall of the probability of connectivity (Saura & Pascual-Hortal 2007), "
                    "half distance " +
                    number_text(table.half_distance_m) + " m");
  }
}

/// Grounds of the sites in the raster's CRS; empty where they cannot be brought there.
std::vector<Geometry> grounds_in(const Crs& crs, const Located& sites) {
  const Transform transform(wgs84(), crs);
  std::vector<Geometry> grounds;
  for (const Geometry& ground : sites.grounds) {
    try {
      grounds.push_back(reproject(ground, transform, 0.01));
    } catch (const Error& error) {
      if (error.code != "crs.transform") throw;
      grounds.emplace_back();
    }
  }
  return grounds;
}

void take_release_paths(StudyContext& context, const std::vector<SiteCatchment>& found,
                        const Crs& crs, const Located& sites) {
  MapLayer on_map;
  on_map.name = "way of a release";
  on_map.role = "surroundings";
  const Transform back(crs, wgs84());
  for (std::size_t r = 0; r < sites.rows.size(); ++r) {
    if (!found[r].on_grid || found[r].path.empty()) continue;
    on_map.geometry.push_back(reproject(found[r].path, back, 1.0));
    on_map.label.push_back(sites.ids[r]);
  }
  if (!on_map.geometry.empty()) context.result.layers.push_back(std::move(on_map));
}

void take_terrain(StudyContext& context, const SurroundingsTable& table, const Located& sites,
                  const Progress& progress) {
  const auto raster = context.read_heights(table.layer, table.height_unit);
  const Crs crs = raster->place().crs;
  const std::vector<Geometry> grounds = grounds_in(crs, sites);
  Findings& findings = context.result.findings;
  ElevationGrid grid = read_elevation(*raster, progress.part(0.0, 0.2));
  const auto slopes = site_slopes(grid.place, slope_deg(grid, context.options.jobs), grounds,
                                  context.options.jobs, progress.part(0.2, 0.3));
  const Drainage drainage = drain(std::move(grid), {}, progress.part(0.3, 0.7));
  findings.add(drainage.findings);
  CatchmentOptions options;
  options.ids = sites.ids;
  options.snap_m = table.snap_m;
  options.jobs = context.options.jobs;
  const auto found = catchments(drainage, grounds, options, findings, progress.part(0.7, 1.0));
  const std::string source = table.layer.path + ": steepest descent among eight neighbours";
  for (std::size_t r = 0; r < sites.rows.size(); ++r) {
    const SiteCatchment& one = found[r];
    if (!std::isnan(slopes[r].mean_deg)) {
      const std::string how = table.layer.path + ": slope after Horn 1981";
      context.set("slope_mean_deg", "deg", sites.rows[r], slopes[r].mean_deg, how + ", by area");
      context.set("slope_max_deg", "deg", sites.rows[r], slopes[r].max_deg, how);
    }
    if (!one.on_grid) continue;
    const std::string bound =
        one.reaches_edge ? "; the catchment runs off the raster: a lower bound" : "";
    const std::size_t site = sites.rows[r];
    context.set("upstream_km2", "km2", site, one.upstream_km2, source + bound);
    context.set("watershed_share_pct", "%", site, one.watershed_share_pct,
                source + ": the site's ground, of the watershed that it drains to" + bound);
    context.set("upstream_share_pct", "%", site, one.upstream_share_pct, source + bound);
    context.set("downstream_km", "km", site, one.downstream_km,
                source + ": way of a release until it leaves the raster");
  }
  take_release_paths(context, found, crs, sites);
}

using Take = void (*)(StudyContext&, const SurroundingsTable&, const Located&, const Progress&);

Take take_of(const std::string& kind) {
  if (kind == "water") return take_water;
  if (kind == "people") return take_people;
  if (kind == "raster") return take_raster;
  if (kind == "habitat") return take_habitat;
  if (kind == "terrain") return take_terrain;
  return take_value;
}

}  // namespace

std::vector<std::string> surroundings_indicators(const StudyFile& study) {
  std::vector<std::string> names;
  for (const auto& table : study.surroundings) {
    const auto add = [&](const std::string& ending) { names.push_back(table.name + ending); };
    if (table.kind == "water") {
      add("_crossings");
      add("_nearest_m");
    } else if (table.kind == "people") {
      for (const double within_m : table.within_m) add("_" + kilometres(within_m));
    } else if (table.kind == "raster") {
      add(table.classes.empty() ? "" : "_ha");
    } else if (table.kind == "value") {
      add("");
      add("_largest");
    } else if (table.kind == "land") {
      add("_pct");
    } else if (table.kind == "habitat") {
      add("_lost_ha");
      add("_connectivity_loss_pct");
    } else {
      names.insert(names.end(), {"slope_mean_deg", "slope_max_deg", "upstream_km2",
                                 "watershed_share_pct", "upstream_share_pct", "downstream_km"});
    }
  }
  return names;
}

void stage_surroundings(StudyContext& context, const Progress& progress) {
  const auto& tables = context.study.surroundings;
  if (tables.empty()) return;
  const Located sites = located_sites(context);
  for (std::size_t t = 0; t < tables.size(); ++t) {
    const double from = static_cast<double>(t) / static_cast<double>(tables.size());
    const double to = static_cast<double>(t + 1) / static_cast<double>(tables.size());
    const Progress part = progress.part(from, to);
    part.update(0.0, tables[t].name.empty() ? tables[t].kind : tables[t].name);
    try {
      take_of(tables[t].kind)(context, tables[t], sites, part);
    } catch (const Error& error) {
      if (error.code == "run.interrupted" || error.where.starts_with(context.study.path)) throw;
      throw Error(error.code, error.what(),
                  context.where(tables[t].layer.line) + ": " + tables[t].layer.path, error.hint);
    }
  }
}

}  // namespace lode
