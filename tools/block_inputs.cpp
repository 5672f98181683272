#include "tools/block_inputs.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/io/mesh_files.h"
#include "libgeo/io/surface_files.h"
#include "tools/sample_inputs.h"

namespace lode::tools {

std::vector<Parameter> block_parameters(const std::string& positional) {
  std::vector<Parameter> list = {
      {.name = positional,
       .kind = Kind::file,
       .help = "block model: CSV or GSLIB text of centroids x y z and sizes dx dy dz",
       .positional = true,
       .required = true}};
  const std::set<std::string> kept{"input-crs",      "x", "y", "fields", "field-unit", "missing",
                                   "below-detection"};
  for (Parameter& parameter : reading_parameters())
    if (kept.contains(parameter.name)) {
      list.push_back(parameter);
      if (parameter.name == "y")
        list.push_back({.name = "z", .help = "column that holds z", .group = "Reading"});
    }
  list.push_back({.name = "block-size",
                  .help = "size of every block, where no column says it: '10,10,5 m'",
                  .group = "Reading"});
  append(list, grid_parameters());
  for (Parameter& parameter : list) {
    if (parameter.name == "x" || parameter.name == "y")
      parameter.help = "column that holds " + parameter.name;
  }
  return list;
}

BlockCrs block_crs(const Arguments& arguments) {
  BlockCrs crs;
  crs.said = arguments.has("input-crs");
  crs.crs = parse_crs(crs.said ? arguments.text("input-crs") : "local:m", "--input-crs");
  if (crs.crs.is_geographic())
    throw Error("blocks.geographic",
                "block models do not stand in degrees (" + crs.crs.label() + ")", "--input-crs",
                "Give their projected CRS, or local:m for a mine grid.");
  return crs;
}

BlockReadOptions block_options(const Arguments& arguments, const Session& session,
                               const BlockCrs& crs) {
  const ReadOptions reading = other_read_options(arguments, session);
  BlockReadOptions options;
  if (arguments.has("fields"))
    for (const std::string& pair : split(arguments.text("fields"), ',')) {
      const auto equals = pair.find('=');
      if (equals == std::string::npos)
        throw Error("usage.pairs", "'" + printable(pair) + "' is not NAME=VALUE", "--fields",
                    "Write pairs such as x=EASTING,dx=XINC.");
      options.fields[std::string(trim(pair.substr(0, equals)))] =
          std::string(trim(pair.substr(equals + 1)));
    }
  for (const char* axis : {"x", "y", "z"})
    if (arguments.has(axis)) options.fields[axis] = arguments.text(axis);
  options.units = reading.units;
  options.units_met = reading.units_met;
  options.missing = reading.missing;
  options.below_detection = reading.below_detection;
  options.metres_per_unit = crs.crs.metres_per_unit;
  if (arguments.has("block-size")) {
    const auto size = lengths_of(arguments.text("block-size"), 3, "block-size");
    options.size_m = {size[0], size[1], size[2]};
  }
  if (asks_for_grid(arguments)) {
    options.grid = read_grid(arguments, crs.crs.metres_per_unit);
    if (!options.size_m) options.size_m = options.grid->spacing;
  }
  options.jobs = session.jobs;
  return options;
}

BlockLayout scan_layout(BlockFile& file, const Arguments& arguments, const BlockCrs& crs,
                        const Progress& progress, Outcome& outcome) {
  LayoutScan::Options options;
  if (asks_for_grid(arguments))
    options.declared = read_grid(arguments, crs.crs.metres_per_unit);
  else if (arguments.has("rotation"))
    options.rotation_deg = arguments.number("rotation");
  if (options.declared && !arguments.has("rotation")) options.declared->rotation_deg = 0.0;
  LayoutScan scan(options, file.path());
  BlockChunk chunk;
  file.rewind();
  while (file.next(chunk, progress)) {
    scan.add(chunk);
    progress.update(file.fraction(), "reading blocks");
  }
  const BlockLayout layout = scan.finish();
  outcome.findings.add(layout.findings);
  if (!crs.said)
    outcome.findings.add("blocks.no_crs", Severity::note, file.path(),
                         "no CRS was declared: coordinates and sizes are taken as metres "
                         "(--input-crs)");
  return layout;
}

void OverlapWatch::finish(const Progress& progress) {
  if (check_.count() == 0) return;
  BlockChunk chunk;
  file_.rewind();
  while (file_.next(chunk, progress))
    if (check_.find_partner(chunk)) break;
  check_.refuse();
}

std::string_view to_text(Cut cut) {
  switch (cut) {
    case Cut::within:
      return "within";
    case Cut::outside:
      return "outside";
    case Cut::below:
      return "below";
    case Cut::above:
      break;
  }
  return "above";
}

std::vector<Parameter> constraint_parameters() {
  std::vector<Parameter> list = {
      {.name = "within",
       .kind = Kind::vector_layer,
       .help = "polygons or a closed solid: only what lies in them counts"},
      {.name = "outside",
       .kind = Kind::vector_layer,
       .help = "polygons or a closed solid: what lies in them does not count"},
      {.name = "below",
       .kind = Kind::raster,
       .help = "raster or TIN: only what lies below it counts"},
      {.name = "above",
       .kind = Kind::raster,
       .help = "raster or TIN: only what lies above it counts"}};
  for (Parameter& parameter : list) {
    parameter.repeatable = true;
    parameter.group = "Constraints";
  }
  return list;
}

void add_cut_findings(std::size_t product, std::size_t uncovered, const std::string& where,
                      Outcome& outcome) {
  if (product > 0)
    outcome.findings.add("blocks.joint_share", Severity::warning, where,
                         "blocks are cut by two or more solids or surfaces at once: what these "
                         "leave together was taken as the product of their shares",
                         product);
  if (uncovered > 0)
    outcome.findings.add("surface.uncovered", Severity::warning, where,
                         "blocks are not wholly covered by a surface: what has none above or below "
                         "it does not count",
                         uncovered);
}

void check_csv_output(const Arguments& arguments) {
  if (arguments.has("output") && !lower(arguments.text("output")).ends_with(".csv"))
    throw Error("usage.output", "'" + printable(arguments.text("output")) + "' is no CSV file",
                "-o", "Block models are written as CSV: give a name that ends in .csv.");
}

TriangleMesh read_solid(const std::string& path, const BlockCrs& crs, Outcome& outcome) {
  MeshFile file = read_mesh(path, crs.crs.metres_per_unit);
  outcome.inputs.push_back(file.source);
  outcome.findings.add(file.findings);
  make_solid(file.mesh, outcome.findings);
  return std::move(file.mesh);
}

Geometry read_polygons(const std::string& path, const Arguments& arguments, const Session& session,
                       const BlockCrs& crs, Outcome& outcome) {
  if (!crs.said)
    throw Error("crs.missing", "the blocks do not say which CRS they are in, and the polygons do",
                arguments.text("BLOCKS"), "Declare it with --input-crs EPSG:n.");
  const Layer layer = read_layer(path, other_read_options(arguments, session));
  outcome.inputs.push_back(layer.source);
  outcome.findings.add(layer.findings);
  if (!(layer.crs == crs.crs))
    throw Error("blocks.other_crs",
                "the polygons stand in " + layer.crs.label() + ", the blocks in " + crs.crs.label(),
                path, "Bring them into one CRS first: nothing is reprojected unasked.");
  std::vector<const Geometry*> polygons;
  for (const Geometry& geometry : layer.geometry) {
    if (geometry.kind == GeometryKind::none) continue;
    if (geometry.kind != GeometryKind::polygon)
      throw Error("blocks.not_polygon", "points and lines hold no blocks", path,
                  "Give polygons, or buffer the lines with 'lode buffer'.");
    polygons.push_back(&geometry);
  }
  Geometry whole = unite(polygons);
  for_each_vertex(whole, [&](Point& p) {
    p.x *= crs.crs.metres_per_unit;
    p.y *= crs.crs.metres_per_unit;
  });
  return whole;
}

TriangleMesh read_surface_for(const std::string& path, const Arguments& arguments,
                              const BlockLayout& layout, const BlockCrs& crs, Outcome& outcome) {
  SurfaceFile file =
      read_surface(path, plan_of(layout.grid), crs.said ? arguments.text("input-crs") : "local:m",
                   crs.crs.metres_per_unit);
  outcome.inputs.push_back(file.source);
  outcome.findings.add(file.findings);
  if (file.has_crs && !crs.said && !file.crs.is_local())
    throw Error("crs.missing", "the blocks do not say which CRS they are in, and the surface does",
                path, "Declare it with --input-crs EPSG:n.");
  if (file.has_crs && !(file.crs == crs.crs))
    throw Error("blocks.other_crs",
                "the surface stands in " + file.crs.label() + ", the blocks in " + crs.crs.label(),
                path, "Bring them into one CRS first: nothing is reprojected unasked.");
  return std::move(file.mesh);
}

Box plan_of(const BlockGrid& grid) {
  Box box;
  for (const double i : {0.0, static_cast<double>(grid.count[0]) * grid.spacing[0]})
    for (const double j : {0.0, static_cast<double>(grid.count[1]) * grid.spacing[1]}) {
      const auto corner = from_grid(grid, {i, j, 0.0});
      box.add(Point{corner[0], corner[1]});
    }
  return box;
}

struct Constraints::One {
  std::string name;
  Cut cut = Cut::within;
  std::unique_ptr<ColumnCutter> body;       // a solid or surface
  std::unique_ptr<GridShares> on_grid;      // of a regular model: each column is cut once
  std::unique_ptr<PlanCutter> plan;         // polygons, alone
  std::unique_ptr<PlanCutter> plan_so_far;  // all polygons up to here, joined
};

Constraints::Constraints(const Arguments& arguments, const Session& session,
                         const BlockLayout& layout, const BlockCrs& crs, Outcome& outcome)
    : grid_(layout.grid) {
  Geometry region;
  bool any_region = false;
  // What holds the whole model: the region before the first polygons.
  const Box plan = plan_of(layout.grid);
  const double margin = 1.0 + (plan.max_x - plan.min_x) + (plan.max_y - plan.min_y);
  const Geometry everywhere = polygon_geometry({{plan.min_x - margin, plan.min_y - margin},
                                                {plan.max_x + margin, plan.min_y - margin},
                                                {plan.max_x + margin, plan.max_y + margin},
                                                {plan.min_x - margin, plan.max_y + margin},
                                                {plan.min_x - margin, plan.min_y - margin}});
  for (const Cut cut : {Cut::within, Cut::outside, Cut::below, Cut::above})
    for (const std::string& path : arguments.texts(std::string(to_text(cut)))) {
      auto one = std::make_unique<One>();
      one->name = path;
      one->cut = cut;
      const bool surface = cut == Cut::below || cut == Cut::above;
      if (surface) {
        one->body =
            std::make_unique<ColumnCutter>(read_surface_for(path, arguments, layout, crs, outcome),
                                           ColumnCutter::Form::surface, layout.grid);
      } else if (is_mesh_file(path)) {
        one->body = std::make_unique<ColumnCutter>(read_solid(path, crs, outcome),
                                                   ColumnCutter::Form::solid, layout.grid);
      } else {
        const Geometry polygons = read_polygons(path, arguments, session, crs, outcome);
        one->plan = std::make_unique<PlanCutter>(polygons, layout.grid);
        const Geometry& before = any_region ? region : everywhere;
        region = cut == Cut::within ? intersection(before, polygons) : difference(before, polygons);
        any_region = true;
      }
      if (one->body && layout.regular && layout.grid.count[2] < 1000000)
        one->on_grid = std::make_unique<GridShares>(layout.grid, *one->body, session.jobs);
      if (any_region) one->plan_so_far = std::make_unique<PlanCutter>(region, layout.grid);
      list_.push_back(std::move(one));
    }
}

Constraints::~Constraints() = default;

std::size_t Constraints::size() const {
  return list_.size();
}
std::string Constraints::name(std::size_t c) const {
  return list_[c]->name;
}
Cut Constraints::kind(std::size_t c) const {
  return list_[c]->cut;
}

namespace {

// What a cut leaves of what is inside (or below) and of what the surface covers.
double left_by(Cut cut, double inside, double covered, double whole) {
  if (cut == Cut::outside) return whole - inside;
  if (cut == Cut::above) return std::max(0.0, covered - inside);
  return inside;
}

}  // namespace

double Constraints::share_in(const One& one, const BlockBox& box, double& covered) const {
  if (!one.on_grid) return one.body->share(box.plan, box.z0, box.z1, &covered);
  const auto place = [&](double low, double high, std::size_t axis) {
    return std::min(static_cast<std::size_t>(std::max(0.0, (low + high) / 2 / grid_.spacing[axis])),
                    grid_.count[axis] - 1);
  };
  const std::size_t i = place(box.plan.x0, box.plan.x1, 0), j = place(box.plan.y0, box.plan.y1, 1);
  covered = one.on_grid->covered(i, j);
  return one.on_grid->at(i, j, place(box.z0, box.z1, 2));
}

bool Constraints::shares(const BlockBox& box, double* alone, double* so_far,
                         bool* uncovered) const {
  bool product = false;
  double bodies = 1.0;           // what solids and surfaces have left, without polygons
  const One* partial = nullptr;  // the one among them that cuts this block
  std::size_t partials = 0;
  for (std::size_t c = 0; c < list_.size(); ++c) {
    const One& one = *list_[c];
    if (one.plan) {
      const double inside = one.plan->share(box.plan);
      alone[c] = one.cut == Cut::within ? inside : 1.0 - inside;
    } else {
      double covered = 1.0;
      const double inside = share_in(one, box, covered);
      alone[c] = left_by(one.cut, inside, covered, 1.0);
      const bool surface = one.cut == Cut::below || one.cut == Cut::above;
      if (surface && covered < 1.0) *uncovered = true;
      bodies *= alone[c];
      if (alone[c] > 0.0 && alone[c] < 1.0) {
        ++partials;
        partial = &one;
      }
    }
    const double plan = one.plan_so_far ? one.plan_so_far->share(box.plan) : 1.0;
    if (plan == 0.0 || bodies == 0.0) {
      so_far[c] = 0.0;
    } else if (plan < 1.0 && partials == 1) {
      double covered = 1.0;
      const double inside =
          partial->body->joint_share(box.plan, box.z0, box.z1, *one.plan_so_far, &covered);
      so_far[c] = left_by(partial->cut, inside, covered, plan);
    } else {
      so_far[c] = plan * bodies;
      product = product || partials > 1;
    }
    if (c > 0) so_far[c] = std::min(so_far[c], so_far[c - 1]);
  }
  return product;
}

}  // namespace lode::tools
