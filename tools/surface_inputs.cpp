#include "tools/surface_inputs.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/edges.h"
#include "libgeo/geometry/tin.h"
#include "libgeo/io/mesh_files.h"
#include "libgeo/io/open.h"
#include "libgeo/io/role_checks.h"
#include "libgeo/io/surface_files.h"
#include "tools/ground_inputs.h"
#include "tools/params.h"

namespace lode::tools {

namespace {

// One of the two as it was opened.
struct Opened {
  std::string path;
  std::optional<HeightsFile> heights;
  TriangleMesh tin;
  std::optional<Crs> crs;  // mesh files say none
  [[nodiscard]] bool raster() const { return heights.has_value(); }
};

double metres_of(const Arguments& arguments, const std::string& option) {
  const std::string unit = arguments.text(option);
  if (unit.empty()) return 1.0;
  if (!is_unit_of(unit, Dimension::length))
    throw Error("surface.unit", "'" + printable(unit) + "' is no unit of heights", "--" + option,
                "Say m or ft.");
  return unit_factor(unit, Dimension::length, "--" + option);
}

bool is_points_file(const std::string& path) {
  const std::string file = lower(split_layer(path).path);
  for (const char* ending : {".csv", ".gpkg", ".shp", ".geojson", ".fgb", ".xlsx"})
    if (file.ends_with(ending)) return true;
  return false;
}

// Heights of the rows of a layer in metres, from --z or a column of a usual name.
std::vector<double> heights_of(const Layer& layer, const Arguments& arguments,
                               const std::string& option, const std::string& path) {
  std::string field = arguments.text("z");
  for (const char* name : {"z", "elevation", "rl", "height"})
    if (field.empty() && layer.table.find(name) != nullptr) field = name;
  if (field.empty())
    throw Error("surface.no_z", "the layer has no column of heights", path,
                "Name it with --z, or call it z or elevation.");
  std::string unit = arguments.text(option);
  if (unit.empty() && layer.crs.metres_per_unit != 1.0 && !layer.crs.is_local())
    throw Error("surface.unit", "nothing says whether the heights are metres or feet", path,
                "Say it: --" + option + " m or ft.");
  if (unit.empty()) unit = layer.crs.metres_per_unit == 1.0 ? "m" : "ft";
  return quantity_column(layer.table, field, Dimension::length, unit);
}

// Points, and for TOP lines of one height each, as a TIN.
void read_points(const Arguments& arguments, const Session& session, const std::string& option,
                 Opened& opened, Outcome& outcome) {
  using Line = std::vector<std::array<double, 3>>;
  std::vector<std::array<double, 3>> points;
  std::vector<Line> lines;
  std::vector<std::string> paths{opened.path};
  if (option == "top-unit")
    for (const std::string& path : arguments.texts("breaklines")) paths.push_back(path);
  std::size_t without = 0;
  for (const std::string& path : paths) {
    ReadOptions options = other_read_options(arguments, session);
    if (path == opened.path) {
      options.x = arguments.text("x");
      options.y = arguments.text("y");
    }
    const Layer layer = read_layer(path, options);
    outcome.inputs.push_back(layer.source);
    outcome.findings.add(layer.findings);
    if (!opened.crs) opened.crs = layer.crs;
    if (!(layer.crs == *opened.crs))
      throw Error(
          "surface.other_crs",
          "the lines are in " + layer.crs.label() + ", the points in " + opened.crs->label(), path,
          "Bring them into one CRS first.");
    const auto z = heights_of(layer, arguments, option, path);
    for (std::size_t i = 0; i < layer.size(); ++i) {
      const Geometry& g = layer.geometry[i];
      if (std::isnan(z[i]) || (g.points.empty() && g.lines.empty())) {
        ++without;
        continue;
      }
      for (const Point& p : g.points) points.push_back({p.x, p.y, z[i]});
      for (const Path& path_of : g.lines) {
        Line line;
        for (const Point& p : path_of) line.push_back({p.x, p.y, z[i]});
        lines.push_back(std::move(line));
      }
    }
  }
  if (without > 0)
    outcome.findings.add("surface.no_height", Severity::warning, opened.path,
                         "rows that are no point or line, or have no height, were left out",
                         without);
  TinOptions options;
  options.name = opened.path;
  opened.tin = tin_of(points, lines, options, outcome.findings, session.progress.part(0.0, 0.05));
  opened.tin.name = opened.path;
}

Opened open_one(const Arguments& arguments, const Session& session, const std::string& word,
                Outcome& outcome) {
  Opened opened;
  opened.path = arguments.text(word);
  const std::string option = word == "TOP" ? "top-unit" : "base-unit";
  if (is_points_file(opened.path)) {
    read_points(arguments, session, option, opened, outcome);
    return opened;
  }
  if (is_mesh_file(opened.path)) {
    MeshFile file = read_mesh(opened.path);
    outcome.inputs.push_back(file.source);
    outcome.findings.add(file.findings);
    opened.tin = std::move(file.mesh);
    opened.tin.name = opened.path;
    tidy_mesh(opened.tin, outcome.findings);
    double plan_m = 1.0;
    if (arguments.has("input-crs")) {
      const Crs crs = parse_crs(arguments.text("input-crs"), "--input-crs");
      check_mesh_crs(file, crs, outcome.findings);
      plan_m = crs.metres_per_unit;
    }
    if (file.unit_m > 0.0) {
      // All three are metres now; the plan goes back to the units of its CRS.
      for (auto& v : opened.tin.vertices)
        for (std::size_t axis = 0; axis < 2; ++axis) v[axis] /= plan_m;
      return opened;
    }
    const double metres = metres_of(arguments, option);
    for (auto& v : opened.tin.vertices) v[2] *= metres;
    return opened;
  }
  HeightsOptions options;
  options.input_crs = arguments.text("input-crs");
  options.unit = arguments.text(option);
  opened.heights = open_heights(opened.path, options, session.progress);
  opened.crs = opened.heights->raster->place().crs;
  outcome.inputs.push_back(opened.heights->source);
  outcome.findings.add(opened.heights->findings);
  return opened;
}

// Mesh files say no CRS: that of the raster, the declared one, or metres of a mine grid.
Crs crs_of(const Arguments& arguments, const Opened& top, const Opened* base, Outcome& outcome) {
  for (const Opened* one : {&top, base}) {
    if (one == nullptr || !one->crs) continue;
    const Opened* other = one == &top ? base : &top;
    if (other != nullptr && !other->crs)
      outcome.findings.add("surface.crs_taken", Severity::note, other->path,
                           "mesh files say no CRS: it was taken to lie in that of the other "
                           "surface, " +
                               one->crs->label());
    return *one->crs;
  }
  if (arguments.has("input-crs")) return parse_crs(arguments.text("input-crs"), "--input-crs");
  outcome.findings.add("surface.crs_taken", Severity::note, top.path,
                       "mesh files say no CRS: taken for planar metres (local:m); --input-crs "
                       "gives true areas");
  return parse_crs("local:m", "--input-crs");
}

Box plan_of_tin(const TriangleMesh& mesh) {
  const Box3 box = bounds_of(mesh);
  return {box.lower[0], box.lower[1], box.upper[0], box.upper[1]};
}

// A raster over a TIN, as the TIN of its cell centres.
void make_tin(Opened& opened, const Box& window, const Arguments& arguments, Outcome& outcome) {
  SurfaceFile file = read_surface(opened.path, window, arguments.text("input-crs"), 1.0);
  opened.tin = std::move(file.mesh);
  // The unit may have been declared on the command line.
  const double again = opened.heights->metres_per_unit / file.metres_per_height;
  for (auto& v : opened.tin.vertices) v[2] *= again;
  outcome.findings.add("surface.raster_as_tin", Severity::note, opened.path,
                       "the raster was taken as the TIN of its cell centres; its outermost half "
                       "cell has no height");
}

void compare_heights(const HeightsFile& top, const HeightsFile& base, Outcome& outcome) {
  const std::string &a = top.source.path, &b = base.source.path;
  const bool lone =
      top.unit.empty() != base.unit.empty() && top.metres_per_unit != base.metres_per_unit;
  if (lone) {
    const bool first = top.unit.empty();
    throw Error(
        "surface.unit",
        "the heights of " + (first ? b : a) + " are in " + printable(first ? base.unit : top.unit) +
            ", and this raster does not say its own",
        first ? a : b, first ? "Say it: --top-unit m or ft." : "Say it: --base-unit m or ft.");
  }
  if (top.metres_per_unit != base.metres_per_unit)
    outcome.findings.add("surface.unit_converted", Severity::note, a,
                         "heights in " + printable(top.unit) + " and in " + printable(base.unit) +
                             " were both brought to metres");
  if (!top.vertical_crs.empty() && !base.vertical_crs.empty() &&
      top.vertical_crs != base.vertical_crs)
    outcome.findings.add("surface.vertical_datum", Severity::warning, b,
                         "TOP's heights stand on " + top.vertical_crs + ", BASE's on " +
                             base.vertical_crs + ": the difference of the two is in the volumes");
}

}  // namespace

void read_surfaces(const Arguments& arguments, const Session& session, SurfacePair& pair,
                   Outcome& outcome) {
  session.progress.check();
  Opened top = open_one(arguments, session, "TOP", outcome);
  std::optional<Opened> base;
  if (arguments.has("BASE")) base = open_one(arguments, session, "BASE", outcome);
  pair.crs = crs_of(arguments, top, base ? &*base : nullptr, outcome);
  if (base && top.raster() && base->raster())
    compare_heights(*top.heights, *base->heights, outcome);
  const bool tins = !top.raster() || (base && !base->raster());
  if (tins && top.raster()) make_tin(top, plan_of_tin(base->tin), arguments, outcome);
  if (tins && base && base->raster()) make_tin(*base, plan_of_tin(top.tin), arguments, outcome);
  const auto fill = [&](Opened& opened, Surface& surface, std::unique_ptr<RasterSource>& raster,
                        TriangleMesh& tin) {
    surface.crs = opened.crs.value_or(pair.crs);
    surface.name = opened.path;
    if (tins) {
      tin = std::move(opened.tin);
      surface.tin = &tin;
    } else {
      raster = std::move(opened.heights->raster);
      surface.raster = raster.get();
    }
  };
  fill(top, pair.top, pair.top_raster, pair.top_tin);
  if (base) fill(*base, pair.base.surface, pair.base_raster, pair.base_tin);
}

void read_zones(const Arguments& arguments, const Session& session, const Crs& crs,
                ZoneLayer& zones, Outcome& outcome) {
  if (!arguments.has("within")) return;
  const std::string path = arguments.text("within");
  ReadOptions options = read_options(arguments, session);
  if (options.input_crs.empty() && crs.is_local()) options.input_crs = crs.authority;
  zones.said = true;
  Layer layer = read_layer(path, options, session.progress.part(0.0, 0.05));
  outcome.inputs.push_back(layer.source);
  outcome.findings.add(layer.findings);
  for (std::size_t i = 0; i < layer.size(); ++i)
    if (layer.geometry[i].kind != GeometryKind::polygon)
      throw Error("surface.not_polygon",
                  "a zone must be a polygon, and this feature is " +
                      std::string(to_text(layer.geometry[i].kind)),
                  path + ", feature " + std::to_string(layer.fid[i]),
                  "Choose polygons, e.g. with --where.");
  if (!(layer.crs == crs)) {
    if (crs.is_local() || layer.crs.is_local())
      throw Error("surface.other_crs",
                  "the zones are in " + layer.crs.label() + ", the surface in " + crs.label(), path,
                  "A mine grid does not mix with other systems.");
    outcome.findings.add(
        "surface.zones_reprojected", Severity::note, path,
        "brought from " + layer.crs.label() + " to " + crs.label() + ", edges within 1 cm");
    layer = brought_to(std::move(layer), crs, arguments);
  } else if (crs.is_geographic()) {
    for (Geometry& g : layer.geometry) g = follow_edges(g, crs, Edges::geodesic);
  }
  zones.ids = feature_ids(layer, arguments.text("id"));
  zones.names = feature_names(layer, arguments.text("name"));
  outcome.findings.add(doubtful_ids(layer, zones.ids));
  zones.layer = std::move(layer);
  zones.zones.polygons = &zones.layer.geometry;
  zones.zones.ids = zones.ids;
}

}  // namespace lode::tools
