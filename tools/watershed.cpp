#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/environment/downstream.h"
#include "libgeo/environment/drainage.h"
#include "libgeo/environment/drainage_grid.h"
#include "libgeo/environment/grid_cells.h"
#include "libgeo/io/raster_blocks.h"
#include "libgeo/io/raster_writer.h"
#include "libgeo/io/role_checks.h"
#include "tools/ground_inputs.h"

namespace lode::tools {

namespace {

std::vector<Parameter> own_parameters() {
  return {{.name = "SITES",
           .kind = Kind::vector_layer,
           .help = "points, lines or polygons from which water runs",
           .positional = true,
           .required = true},
          {.name = "DEM",
           .kind = Kind::raster,
           .help = "heights (.tif .asc)",
           .positional = true,
           .required = true},
          {.name = "max-fill",
           .kind = Kind::quantity,
           .help = "deepest hollow that is filled to drain; deeper ones keep their water. All are "
                   "filled when not said",
           .dimension = Dimension::length,
           .range = "0 m or more"},
          {.name = "snap",
           .kind = Kind::quantity,
           .help = "move points to the cell with most water within this distance",
           .dimension = Dimension::length,
           .range = "0 m or more"},
          {.name = "outlet",
           .kind = Kind::choice,
           .help = "where a release leaves a line or polygon: its cell with most water, or its "
                   "lowest",
           .choices = {"most-water", "lowest"},
           .default_text = "most-water"},
          {.name = "max-path",
           .kind = Kind::quantity,
           .help = "how far a release is followed; to where water leaves the heights when not said",
           .dimension = Dimension::length,
           .range = "above 0 m"},
          {.name = "receptors",
           .kind = Kind::vector_layer,
           .help = "features that a release may come by: water intakes, protected areas, towns",
           .repeatable = true},
          {.name = "receptor-name",
           .kind = Kind::field,
           .help = "field that names a receptor; default name, else its id",
           .parent = "receptors"},
          {.name = "reach",
           .kind = Kind::quantity,
           .help = "how near the path must come to a receptor; half the diagonal of a cell when "
                   "not said",
           .dimension = Dimension::length,
           .range = "0 m or more"},
          {.name = "unit", .help = "unit of the heights, where the file does not say it: m, ft"}};
}

std::vector<Parameter> result_parameters() {
  return {{.name = "watersheds",
           .kind = Kind::vector_out,
           .help = "polygons of the ground that drains into each site",
           .group = "Result"},
          {.name = "accumulation",
           .kind = Kind::file_out,
           .help = "raster of the area that drains through each cell, m2 (.tif)",
           .group = "Result"},
          {.name = "slope",
           .kind = Kind::file_out,
           .help = "raster of the slope in degrees (.tif)",
           .group = "Result"}};
}

HeightsFile open_dem(const Arguments& arguments, const Progress& progress) {
  HeightsOptions options;
  options.input_crs = arguments.text("input-crs");
  options.unit = arguments.text("unit");
  try {
    return open_heights(arguments.text("DEM"), options, progress);
  } catch (Error& error) {
    if (error.code == "surface.unit") error.hint = "Say it: --unit m, ft or 'US survey foot'.";
    throw;
  }
}

/// Receptors of all layers, in the CRS of the heights.
struct Receptors {
  std::vector<Geometry> geometry;
  std::vector<std::string> ids, names, layers;
};

Receptors read_receptors(const Arguments& arguments, const Session& session, const Crs& crs,
                         Outcome& outcome) {
  Receptors all;
  for (const std::string& path : arguments.texts("receptors")) {
    Layer layer =
        brought_to(read_layer(path, other_read_options(arguments, session)), crs, arguments);
    outcome.inputs.push_back(layer.source);
    outcome.findings.add(layer.findings);
    const auto ids = feature_ids(layer, "");
    const auto names = feature_names(layer, arguments.text("receptor-name"));
    for (std::size_t i = 0; i < layer.size(); ++i) {
      all.geometry.push_back(std::move(layer.geometry[i]));
      all.ids.push_back(ids[i]);
      all.names.push_back(names[i]);
      all.layers.push_back(layer.source.layer.empty() ? std::filesystem::path(path).stem().string()
                                                      : layer.source.layer);
    }
  }
  return all;
}

// Along the path; of receptors of one name in one layer the first.
Json receptors_json(const std::vector<Passed>& passed, const Receptors& receptors) {
  Json list = Json::array();
  std::set<std::pair<std::string, std::string>> said;
  for (const Passed& p : passed) {
    const std::string& name = receptors.names[p.receptor];
    const std::string key = name.empty() ? "\n" + receptors.ids[p.receptor] : name;
    if (!said.emplace(receptors.layers[p.receptor], key).second) continue;
    Json one;
    one["layer"] = receptors.layers[p.receptor];
    one["id"] = receptors.ids[p.receptor];
    one["name"] = name.empty() ? Json() : Json(name);
    one["km"] = p.km;
    one["distance_m"] = p.distance_m;
    list.push_back(std::move(one));
  }
  return list;
}

/// All that is known of the sites.
struct Answer {
  Layer sites;
  std::vector<std::string> ids, names;
  std::vector<SiteCatchment> rows;
  std::vector<SiteSlope> slopes;
  Receptors receptors;
  std::vector<std::vector<Passed>> passed;
  bool asked = false;  // for receptors
};

Json row_of(const Answer& answer, std::size_t i) {
  const SiteCatchment& site = answer.rows[i];
  const auto figure = [&](double value) { return site.on_grid ? number_or_null(value) : Json(); };
  Json row;
  row["id"] = answer.ids[i];
  row["name"] = answer.names[i].empty() ? Json() : Json(answer.names[i]);
  row["on_grid"] = site.on_grid;
  row["upstream_km2"] = figure(site.upstream_km2);
  row["watershed_km2"] = figure(site.watershed_km2);
  row["watershed_share_pct"] = figure(site.watershed_share_pct);
  row["upstream_share_pct"] = figure(site.upstream_share_pct);
  row["reaches_edge"] = site.on_grid ? Json(site.reaches_edge) : Json();
  row["downstream_km"] = figure(site.downstream_km);
  row["drop_m"] = figure(site.drop_m);
  row["snapped_m"] = figure(site.snapped_m);
  row["own_km2"] = figure(site.own_km2);
  row["covered_pct"] = figure(site.covered_pct);
  row["several_ways"] = site.on_grid ? Json(site.several_ways) : Json();
  row["slope_mean_deg"] = number_or_null(answer.slopes[i].mean_deg);
  row["slope_max_deg"] = number_or_null(answer.slopes[i].max_deg);
  row["receptors"] = answer.asked && site.on_grid
                         ? receptors_json(answer.passed[i], answer.receptors)
                     : answer.asked ? Json()
                                    : Json::array();
  return row;
}

OutputLayer sites_layer(const Answer& answer, const Crs& crs, const std::string& name,
                        Geometry SiteCatchment::*geometry) {
  OutputLayer out;
  out.name = name;
  out.crs = crs;
  std::vector<double> upstream, share, km, drop;
  for (const SiteCatchment& site : answer.rows) {
    const auto figure = [&](double value) { return site.on_grid ? value : std::nan(""); };
    out.geometry.push_back(site.*geometry);
    upstream.push_back(figure(site.upstream_km2));
    share.push_back(figure(site.upstream_share_pct));
    km.push_back(figure(site.downstream_km));
    drop.push_back(figure(site.drop_m));
  }
  out.table.name = name;
  out.table.add(text_column("id", answer.ids));
  out.table.add(text_column("name", answer.names));
  out.table.add(number_column("up_km2", upstream, "km2"));
  out.table.add(number_column("up_pct", share, "%"));
  out.table.add(number_column("down_km", km, "km"));
  out.table.add(number_column("drop_m", drop, "m"));
  return out;
}

OutputRaster raster_of(const RasterPlace& place, const std::vector<double>& values,
                       const std::vector<std::uint8_t>& direction, const std::string& what,
                       const std::string& unit) {
  OutputRaster out;
  out.place = place;
  out.place.nodata = -9999.0;
  out.description = what;
  out.unit = unit;
  const std::size_t columns = place.columns;
  out.read = [&values, &direction, columns](std::size_t row, std::size_t rows, double* numbers) {
    for (std::size_t i = 0; i < rows * columns; ++i) {
      const std::size_t cell = row * columns + i;
      numbers[i] = direction[cell] == drainage_none ? std::nan("") : values[cell];
    }
  };
  return out;
}

// All results appear together, or none.
void write_all(const Arguments& arguments, const Session& session, const Answer& answer,
               const Drainage& drainage, const std::vector<double>& slope, Outcome& outcome) {
  enforce_strict(session, outcome.findings);
  refuse_unmet_units(arguments, session);
  std::vector<std::string> inputs;
  for (const auto& input : outcome.inputs) inputs.push_back(input.path);
  const RasterPlace& place = drainage.filled.place;
  OutputSet outputs(session.overwrite);
  const auto write_layer = [&](const std::string& option, OutputLayer layer) {
    if (!arguments.has(option) && !session.kept) return;
    if (arguments.has("crs")) {
      const Transform transform(layer.crs, parse_crs(arguments.text("crs"), "--crs"));
      for (auto& geometry : layer.geometry) geometry = reproject(geometry, transform);
      layer.crs = transform.to();
    }
    if (session.kept) session.kept->push_back(layer);
    if (!arguments.has(option)) return;
    const std::string path = arguments.text(option);
    refuse_input_as_output(path, inputs);
    WriteOptions options;
    options.overwrite = session.overwrite;
    if (option == "output") options.format = arguments.text("format");
    outputs.write_layers(path, {std::move(layer)}, options, outcome.findings);
  };
  write_layer("output", sites_layer(answer, place.crs, "paths", &SiteCatchment::path));
  write_layer("watersheds",
              sites_layer(answer, place.crs, "watersheds", &SiteCatchment::catchment));
  const auto write_cells = [&](const std::string& option, const OutputRaster& raster) {
    if (!arguments.has(option)) return;
    refuse_input_as_output(arguments.text(option), inputs);
    write_raster(outputs, arguments.text(option), raster, outcome.findings,
                 session.progress.part(0.9, 0.95));
  };
  write_cells("accumulation", raster_of(place, drainage.upstream_m2, drainage.direction,
                                        "area that drains through the cell", "m2"));
  write_cells("slope", raster_of(place, slope, drainage.direction, "slope", "degree"));
  enforce_strict(session, outcome.findings);
  outputs.commit();
  outcome.outputs = outputs.written();
}

void summarise(const Drainage& drainage, double reach_m, Outcome& outcome) {
  const RasterPlace& place = drainage.filled.place;
  double all = 0.0;
  std::size_t outlets = 0;
  for (std::size_t i = 0; i < drainage.direction.size(); ++i) {
    if (drainage.direction[i] != drainage_out) continue;
    all += drainage.upstream_m2[i];
    ++outlets;
  }
  Json& s = outcome.summary;
  s["crs"] = place.crs.label();
  s["columns"] = place.columns;
  s["rows"] = place.rows;
  s["area_km2"] = all / 1e6;
  s["outlets"] = outlets;
  s["filled_cells"] = drainage.filled_cells;
  s["filled_m3"] = drainage.filled_m3;
  s["sinks"] = drainage.sinks;
  s["reach_m"] = number_or_null(reach_m);
  s["method"] =
      "priority flood, flats drained towards their outlets, steepest of eight neighbours, slope "
      "after Horn";
}

double reach_of(const Arguments& arguments, const RasterPlace& place) {
  if (arguments.has("reach")) return arguments.quantity("reach");
  const double u = static_cast<double>(place.columns) / 2.0;
  const double v = static_cast<double>(place.rows) / 2.0;
  const CellMetric m = GridMetric(place).at(u, v);
  return std::max(m.length_m(1.0, 1.0), m.length_m(1.0, -1.0)) / 2.0;
}

// Heights are read once: slope first, since drainage changes them.
Drainage read_ground(const Arguments& arguments, const Session& session, Layer sites,
                     Answer& answer, std::vector<double>& slope, Outcome& outcome) {
  const HeightsFile dem = open_dem(arguments, session.progress);
  const Crs& crs = dem.raster->place().crs;
  outcome.inputs.push_back(dem.source);
  outcome.findings.add(dem.findings);
  answer.sites = brought_to(std::move(sites), crs, arguments);
  answer.asked = arguments.has("receptors");
  answer.receptors = read_receptors(arguments, session, crs, outcome);
  ElevationGrid grid = read_elevation(*dem.raster, session.progress.part(0.05, 0.2));
  slope = slope_deg(grid, session.jobs, session.progress.part(0.2, 0.24));
  answer.slopes = site_slopes(grid.place, slope, answer.sites.geometry, session.jobs,
                              session.progress.part(0.24, 0.25));
  if (!arguments.has("slope")) std::vector<double>().swap(slope);  // 8 bytes a cell
  DrainageOptions options;
  if (arguments.has("max-fill")) options.most_fill_m = arguments.quantity("max-fill");
  options.jobs = session.jobs;
  return drain(std::move(grid), options, session.progress.part(0.25, 0.7));
}

CatchmentOptions catchment_options(const Arguments& arguments, const Session& session,
                                   const std::vector<std::string>& ids) {
  CatchmentOptions options;
  if (arguments.has("snap")) options.snap_m = arguments.quantity("snap");
  if (arguments.has("max-path")) options.most_path_km = arguments.quantity("max-path") / 1000.0;
  options.polygons = arguments.has("watersheds");
  options.lowest_outlet = arguments.text("outlet") == "lowest";
  options.ids = ids;
  options.jobs = session.jobs;
  return options;
}

void find_receptors(const RasterPlace& place, double reach_m, const Session& session,
                    Answer& answer) {
  std::vector<Geometry> paths;
  for (const SiteCatchment& site : answer.rows) {
    const Point at = from_cells(static_cast<double>(site.cell % place.columns) + 0.5,
                                static_cast<double>(site.cell / place.columns) + 0.5, place);
    const bool leaves_at_once = site.on_grid && site.path.empty();
    paths.push_back(leaves_at_once ? point_geometry(at.x, at.y) : site.path);
  }
  answer.passed = receptors_passed(paths, answer.receptors.geometry, place.crs, reach_m,
                                   session.jobs, session.progress.part(0.8, 0.9));
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  Answer answer;
  Layer sites = read_layer(arguments.text("SITES"), read_options(arguments, session),
                           session.progress.part(0.0, 0.02));
  answer.ids = feature_ids(sites, arguments.text("id"));
  answer.names = feature_names(sites, arguments.text("name"));
  outcome.inputs.push_back(sites.source);
  outcome.findings = sites.findings;
  outcome.findings.add(doubtful_ids(sites, answer.ids));
  std::vector<double> slope;
  const Drainage drainage =
      read_ground(arguments, session, std::move(sites), answer, slope, outcome);
  outcome.findings.add(drainage.findings);
  const RasterPlace& place = drainage.filled.place;
  answer.rows =
      catchments(drainage, answer.sites.geometry, catchment_options(arguments, session, answer.ids),
                 outcome.findings, session.progress.part(0.72, 0.8));
  const double reach_m = answer.asked ? reach_of(arguments, place) : std::nan("");
  if (answer.asked) find_receptors(place, reach_m, session, answer);
  summarise(drainage, reach_m, outcome);
  outcome.shown = {"id",
                   "on_grid",
                   "upstream_km2",
                   "reaches_edge",
                   "watershed_km2",
                   "watershed_share_pct",
                   "downstream_km",
                   "drop_m",
                   "slope_mean_deg"};
  add_results(session, outcome, answer.ids.size(),
              [&](std::size_t i) { return row_of(answer, i); });
  write_all(arguments, session, answer, drainage, slope, outcome);
  return outcome;
}

void check_usage(const Arguments& arguments) {
  for (const char* name : {"max-fill", "snap", "reach"})
    if (arguments.has(name) && !(arguments.quantity(name) >= 0.0))
      throw Error("usage.length", "a length below 0", "--" + std::string(name),
                  "Give 0 m or more.");
  if (arguments.has("max-path") && !(arguments.quantity("max-path") > 0.0))
    throw Error("usage.length", "a path of no length", "--max-path", "Give more than 0 m.");
  for (const char* name : {"reach", "receptor-name"})
    if (arguments.has(name) && !arguments.has("receptors"))
      throw Error("usage.receptors", "--" + std::string(name) + " needs --receptors", "watershed",
                  "Say which features a release may come by.");
  for (const char* name : {"accumulation", "slope"})
    if (arguments.has(name)) check_raster_name(arguments.text(name));
}

}  // namespace

Command watershed_command() {
  Command command;
  command.name = "watershed";
  command.summary = "what drains into sites from upstream, and the way of a release downstream";
  command.group = "Environment";
  command.parameters = own_parameters();
  command.parameters.push_back(edges_parameter());
  append(command.parameters, naming_parameters());
  append(command.parameters, reading_parameters());
  append(command.parameters, output_parameters());
  append(command.parameters, result_parameters());
  command.setup = check_usage;
  command.run = run;
  return command;
}

}  // namespace lode::tools
