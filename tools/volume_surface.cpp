#include <algorithm>
#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "tools/ground_inputs.h"
#include "tools/params.h"
#include "tools/surface_inputs.h"

namespace lode::tools {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

void refuse_levels(const std::string& what) {
  throw Error("usage.levels", what, "--levels",
              "Give them from low to high, e.g. '340,345,350 m', or the first and the last with "
              "--step '5 m'.");
}

std::vector<double> levels_of(const Arguments& arguments) {
  std::vector<double> levels;
  if (arguments.has("level")) levels = {arguments.quantity("level")};
  if (arguments.has("levels"))
    levels = option_quantities(arguments.text("levels"), Dimension::length, "--levels");
  for (const double level : levels)
    if (!(std::abs(level) <= 1e6))
      refuse_levels("a level of " + number_text(level) + " m lies beyond 1,000,000 m");
  for (std::size_t i = 1; i < levels.size(); ++i)
    if (!(levels[i] > levels[i - 1])) refuse_levels("the levels do not rise");
  if (!arguments.has("levels") || !arguments.has("step")) return levels;
  const double step = arguments.quantity("step");
  if (levels.size() != 2)
    refuse_levels("--step goes from one level to another, and there are not two");
  const double steps = (levels[1] - levels[0]) / step, count = std::round(steps);
  if (!(step > 0.0) || !(count <= 100000.0))
    refuse_levels("--step gives no levels, or more than 100,000");
  if (!(count >= 1.0) || std::abs(steps - count) > 1e-9 * count)
    refuse_levels("the last level is no whole number of steps above the first");
  std::vector<double> list;
  for (double i = 0.0; i < count; i += 1.0) list.push_back(levels[0] + i * step);
  list.push_back(levels[1]);
  return list;
}

// Density, grade and what they are multiplied with.
struct Material {
  std::vector<double> density, grade;  // one a zone, or one for all; empty: none
  std::string of, density_text, grade_text;
  double dry = 1.0;

  [[nodiscard]] static double at(const std::vector<double>& list, std::size_t zone) {
    if (list.empty()) return kNan;
    return list.size() == 1 ? list[0] : list[zone];
  }
  [[nodiscard]] double volume(const SurfaceVolume& row) const {
    if (row.empty()) return kNan;
    return of == "cut" ? row.cut_m3 : of == "fill" ? row.fill_m3 : row.net_m3;
  }
  [[nodiscard]] double tonnage(const SurfaceVolume& row) const {
    return volume(row) * at(density, row.zone) * dry;
  }
  [[nodiscard]] double contained(const SurfaceVolume& row) const {
    return tonnage(row) * at(grade, row.zone);
  }
};

std::vector<double> figure_of(const Arguments& arguments, const ZoneLayer& zones,
                              const std::string& name, Dimension dimension, double least,
                              double most, const std::string& range) {
  if (!arguments.has(name)) return {};
  const std::string text = arguments.text(name);
  std::vector<double> values;
  if (looks_like_quantity(text)) {
    values = {parse_quantity(text, dimension, "--" + name)};
  } else if (!zones.said) {
    throw Error("usage." + name, "'" + printable(text) + "' is a field, and there are no zones",
                "--" + name, "Give a quantity with its unit, or zones with --within.");
  } else {
    values = quantity_column(zones.layer.table, text, dimension);
  }
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isnan(values[i]) && !(values[i] >= least && values[i] <= most))
      throw Error("deposit." + name, "a " + name + " of " + number_text(values[i]) + " cannot be",
                  values.size() > 1 || zones.said ? "zone " + zones.ids.at(i) : "--" + name,
                  "It lies from " + range + ".");
  return values;
}

Material material_of(const Arguments& arguments, const ZoneLayer& zones) {
  Material material;
  material.of = arguments.text("material");
  material.density =
      figure_of(arguments, zones, "density", Dimension::density, 0.2, 23.0, "0.2 to 23 t/m3");
  material.grade = figure_of(arguments, zones, "grade", Dimension::grade, 0.0, 1.0, "0 to 100 %");
  material.density_text = arguments.text("density");
  material.grade_text = arguments.text("grade");
  if (arguments.has("moisture")) material.dry = 1.0 - arguments.quantity("moisture");
  return material;
}

std::string basis_of(const Arguments& arguments, const Material& material, const Crs& crs) {
  std::string basis = crs.is_local() ? "planar area" : "area on the ellipsoid";
  basis += " x difference of heights";
  if (material.density.empty()) return basis;
  basis += "; " + material.of + " x density " + material.density_text;
  if (material.dry != 1.0) basis += " (wet) x (1 - moisture " + arguments.text("moisture") + ")";
  if (!material.grade.empty()) basis += " x grade " + material.grade_text;
  return basis;
}

Json row_of(const SurfaceVolume& row, const ZoneLayer& zones, const Material& material,
            const std::string& basis) {
  const bool empty = row.empty();
  const auto figure = [&](double value) { return empty ? Json() : number_or_null(value); };
  Json json;
  json["id"] = zones.said ? Json(zones.ids[row.zone]) : Json("all");
  json["name"] =
      zones.said && !zones.names[row.zone].empty() ? Json(zones.names[row.zone]) : Json();
  if (!std::isnan(row.level_m)) json["level_m"] = row.level_m;
  json["area_m2"] = row.area_m2;
  json["cut_m3"] = figure(row.cut_m3);
  json["fill_m3"] = figure(row.fill_m3);
  json["net_m3"] = figure(row.net_m3);
  json["nodata_pct"] = row.nodata_pct;
  json["zone_m2"] = row.zone_m2;
  json["above_m2"] = figure(row.above_m2);
  json["below_m2"] = figure(std::max(0.0, row.area_m2 - row.above_m2));
  json["planar_area_m2"] = number_or_null(row.planar_area_m2);
  json["planar_cut_m3"] = figure(row.planar_cut_m3);
  json["planar_fill_m3"] = figure(row.planar_fill_m3);
  json["tonnage_t"] = number_or_null(material.tonnage(row));
  json["contained_t"] = number_or_null(material.contained(row));
  json["basis"] = basis;
  return json;
}

OutputLayer output_of(const SurfaceResult& result, const ZoneLayer& zones, const Material& material,
                      const Crs& crs) {
  OutputLayer out;
  out.name = "surface_volumes";
  out.crs = crs;
  std::vector<std::string> id, name;
  std::vector<double> level, area, cut, fill, net, nodata, tonnage, contained;
  for (const SurfaceVolume& row : result.rows) {
    if (zones.said) out.geometry.push_back(zones.layer.geometry[row.zone]);
    id.push_back(zones.said ? zones.ids[row.zone] : "all");
    name.push_back(zones.said ? zones.names[row.zone] : "");
    level.push_back(row.level_m);
    area.push_back(row.area_m2);
    cut.push_back(row.empty() ? kNan : row.cut_m3);
    fill.push_back(row.empty() ? kNan : row.fill_m3);
    net.push_back(row.empty() ? kNan : row.net_m3);
    nodata.push_back(row.nodata_pct);
    tonnage.push_back(material.tonnage(row));
    contained.push_back(material.contained(row));
  }
  out.table.name = out.name;
  out.table.add(text_column("id", id));
  out.table.add(text_column("name", name));
  if (!result.rows.empty() && !std::isnan(result.rows[0].level_m))
    out.table.add(number_column("level_m", level, "m"));
  out.table.add(number_column("area_m2", area, "m2"));
  out.table.add(number_column("cut_m3", cut, "m3"));
  out.table.add(number_column("fill_m3", fill, "m3"));
  out.table.add(number_column("net_m3", net, "m3"));
  out.table.add(number_column("nodata_pct", nodata, "%"));
  if (!material.density.empty()) out.table.add(number_column("tonnage_t", tonnage, "t"));
  if (!material.grade.empty()) out.table.add(number_column("contnd_t", contained, "t"));
  return out;
}

// Sums over the zones mean something against one surface or level only.
void summarise(const SurfaceResult& result, const ZoneLayer& zones, const Crs& crs,
               std::size_t levels, Outcome& outcome) {
  outcome.summary["zones"] = zones.said ? zones.ids.size() : 1;
  outcome.summary["crs"] = crs.label();
  outcome.summary["method"] = result.method;
  if (levels > 1) {
    outcome.summary["levels"] = levels;
    return;
  }
  double area = 0.0, cut = 0.0, fill = 0.0, planar = 0.0, planar_cut = 0.0, planar_fill = 0.0;
  for (const SurfaceVolume& row : result.rows) {
    area += row.area_m2;
    cut += row.cut_m3;
    fill += row.fill_m3;
    planar += row.planar_area_m2;
    planar_cut += row.planar_cut_m3;
    planar_fill += row.planar_fill_m3;
  }
  outcome.summary["area_sum_m2"] = area;
  outcome.summary["cut_sum_m3"] = cut;
  outcome.summary["fill_sum_m3"] = fill;
  outcome.summary["net_sum_m3"] = cut - fill;
  outcome.summary["planar_area_sum_m2"] = number_or_null(planar);
  outcome.summary["planar_cut_sum_m3"] = number_or_null(planar_cut);
  outcome.summary["planar_fill_sum_m3"] = number_or_null(planar_fill);
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  SurfacePair pair;
  read_surfaces(arguments, session, pair, outcome);
  pair.base.levels_m = levels_of(arguments);
  ZoneLayer zones;
  read_zones(arguments, session, pair.crs, zones, outcome);
  const Material material = material_of(arguments, zones);
  SurfaceOptions options;
  options.jobs = session.jobs;
  const std::string resample = arguments.text("resample");
  if (resample == "nearest") options.resample = Resample::nearest;
  if (resample == "bilinear") options.resample = Resample::bilinear;
  const SurfaceResult result =
      surface_volume(pair.top, pair.base, zones.zones, options, session.progress.part(0.05, 0.98));
  outcome.findings.add(result.findings);
  summarise(result, zones, pair.crs, pair.base.levels_m.size(), outcome);
  outcome.shown = {"id", "name"};
  if (!pair.base.levels_m.empty()) outcome.shown.emplace_back("level_m");
  for (const char* key : {"area_m2", "cut_m3", "fill_m3", "net_m3", "nodata_pct"})
    outcome.shown.emplace_back(key);
  if (!material.density.empty()) outcome.shown.emplace_back("tonnage_t");
  if (!material.grade.empty()) outcome.shown.emplace_back("contained_t");
  const std::string basis = basis_of(arguments, material, pair.crs);
  add_results(session, outcome, result.rows.size(),
              [&](std::size_t i) { return row_of(result.rows[i], zones, material, basis); });
  write_output(arguments, session, output_of(result, zones, material, pair.crs), outcome);
  return outcome;
}

void check_usage(const Arguments& arguments) {
  const int against = (arguments.has("BASE") ? 1 : 0) + (arguments.has("level") ? 1 : 0) +
                      (arguments.has("levels") ? 1 : 0);
  if (against != 1)
    throw Error("usage.base", "TOP is measured against one of BASE, --level and --levels",
                "volume surface", "Give exactly one of them.");
  static_cast<void>(levels_of(arguments));
  if (arguments.has("step") && !arguments.has("levels"))
    throw Error("usage.levels", "--step needs --levels with the first and the last", "--step",
                "For example --levels '340,360 m' --step '5 m'.");
  for (const char* name : {"grade", "moisture"})
    if (arguments.has(name) && !arguments.has("density"))
      throw Error("usage.density", "--" + std::string(name) + " needs --density", "volume surface",
                  "Tonnage is volume x density; say e.g. --density '1.6 t/m3'.");
  if (arguments.has("density") != arguments.has("material"))
    throw Error(
        "usage.material", "--density and --material go together: tonnes of what?", "volume surface",
        "Say --material cut (TOP above BASE), fill (BASE above TOP) or net, and --density.");
  if (arguments.has("moisture") &&
      !(arguments.quantity("moisture") >= 0.0 && arguments.quantity("moisture") < 1.0))
    throw Error("usage.moisture", "moisture is 0 % or more and less than 100 % of the wet mass",
                "--moisture", "For example '12 %'.");
}

std::vector<Parameter> own_parameters() {
  return {
      {.name = "TOP",
       .kind = Kind::raster,
       .help = "surface on top: a raster (.tif .asc), a TIN (.obj .stl .ply .off .vtp) or points",
       .positional = true,
       .required = true},
      {.name = "BASE",
       .kind = Kind::raster,
       .help = "surface that TOP is measured against",
       .positional = true},
      {.name = "level",
       .kind = Kind::quantity,
       .help = "a level plane in place of BASE",
       .dimension = Dimension::length},
      {.name = "levels", .help = "several levels, rising: a row for each, e.g. '340,350,360 m'"},
      {.name = "step",
       .kind = Kind::quantity,
       .help = "levels from the first of --levels to the last, this far apart",
       .dimension = Dimension::length},
      {.name = "within", .kind = Kind::vector_layer, .help = "polygons: a row for each feature"},
      {.name = "resample",
       .kind = Kind::choice,
       .help = "bring a raster BASE to TOP's cells, where the grids differ",
       .choices = {"nearest", "bilinear"}},
      {.name = "z", .help = "column of the heights of points and lines; default z or elevation"},
      {.name = "breaklines",
       .kind = Kind::vector_layer,
       .help = "lines of one height each, such as contours, that the TIN of TOP's points follows"},
      {.name = "top-unit", .help = "unit of TOP's heights, where the file does not say it"},
      {.name = "base-unit", .help = "unit of BASE's heights, where the file does not say it"},
      {.name = "material",
       .kind = Kind::choice,
       .help = "which volume is weighed",
       .choices = {"cut", "fill", "net"},
       .group = "Material"},
      {.name = "density",
       .kind = Kind::field_or_quantity,
       .help = "bulk density: dry, or wet with --moisture",
       .dimension = Dimension::density,
       .parent = "within",
       .group = "Material"},
      {.name = "moisture",
       .kind = Kind::quantity,
       .help = "water in the wet mass: tonnes are reported dry",
       .dimension = Dimension::grade,
       .group = "Material"},
      {.name = "grade",
       .kind = Kind::field_or_quantity,
       .help = "mass fraction, of dry mass, of what is to be counted",
       .dimension = Dimension::grade,
       .parent = "within",
       .group = "Material"}};
}

}  // namespace

Command volume_surface_command() {
  Command command;
  command.name = "volume surface";
  command.summary = "cut, fill and net volume between two surfaces, or a surface and levels";
  command.group = "Deposit";
  command.parameters = own_parameters();
  append(command.parameters, naming_parameters());
  append(command.parameters, reading_parameters());
  append(command.parameters, output_parameters());
  command.setup = check_usage;
  command.run = run;
  return command;
}

}  // namespace lode::tools
