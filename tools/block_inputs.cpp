#include "tools/block_inputs.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/environment/buffer.h"
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
      return "above";
    case Cut::pit:
      break;
  }
  return "pit";
}

std::vector<Parameter> constraint_parameters() {
  std::vector<Parameter> list = {
      {.name = "within",
       .kind = Kind::vector_layer,
       .help = "polygons or a closed solid: only what lies in them counts"},
      {.name = "outside",
       .kind = Kind::vector_layer,
       .help = "polygons or a closed solid: what lies in them does not count; FILE=Q: what lies "
               "nearer than that to lines, points or polygons"},
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

void add_cut_findings(std::size_t uncovered, const std::string& where, Outcome& outcome) {
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

PlanSource plan_source(const std::string& text, const std::string& option) {
  const auto equals = text.rfind('=');
  if (equals == std::string::npos || !looks_like_quantity(text.substr(equals + 1)))
    return {text, 0.0};
  PlanSource source{text.substr(0, equals), 0.0};
  try {
    source.setback_m = parse_quantity(text.substr(equals + 1), Dimension::length, option);
  } catch (const Error& error) {
    throw Error("usage.quantity", error.what(), option, error.hint);
  }
  if (!(source.setback_m > 0.0))
    throw Error("usage.setback",
                "a setback of '" + printable(text.substr(equals + 1)) + "' leaves nothing out",
                option, "Give a length above 0, such as river.shp='50 m'.");
  return source;
}

Geometry read_polygons(const PlanSource& source, const Arguments& arguments, const Session& session,
                       const BlockCrs& crs, Outcome& outcome) {
  const std::string& path = source.path;
  if (!crs.said)
    throw Error("crs.missing", "the blocks or solids do not say which CRS they are in", path,
                "The polygons have one: declare it with --input-crs EPSG:n.");
  const Layer layer = read_layer(path, other_read_options(arguments, session));
  outcome.inputs.push_back(layer.source);
  outcome.findings.add(layer.findings);
  if (!(layer.crs == crs.crs))
    throw Error("blocks.other_crs",
                "the polygons stand in " + layer.crs.label() + ", the blocks or solids in " +
                    crs.crs.label(),
                path, "Bring them into one CRS first: nothing is reprojected unasked.");
  BufferInputs around;
  around.crs = layer.crs;
  around.distance_m = {source.setback_m};
  for (const Geometry& geometry : layer.geometry) {
    if (geometry.kind == GeometryKind::none) continue;
    if (source.setback_m == 0.0 && geometry.kind != GeometryKind::polygon)
      throw Error("blocks.not_polygon", "points and lines hold no blocks", path,
                  "Give polygons; --outside takes a setback: FILE='50 m'.");
    around.geometry.push_back(geometry);
  }
  Geometry whole;
  if (source.setback_m > 0.0) {
    BufferOptions options;
    options.edges = Edges::straight;
    options.conservative = true;
    options.jobs = session.jobs;
    const Buffers buffers = geodesic_buffers(around, options);
    outcome.findings.add(buffers.findings);
    for (const BufferFeature& one : buffers.features) around.geometry.push_back(one.geometry);
    std::erase_if(around.geometry,
                  [](const Geometry& one) { return one.kind != GeometryKind::polygon; });
  }
  whole = unite(around.geometry);
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
  std::unique_ptr<ColumnCutter> body;   // a solid or surface
  std::unique_ptr<GridShares> on_grid;  // of a regular model: each column is cut once
  std::unique_ptr<PlanCutter> plan;     // polygons
};

Constraints::Constraints(const Arguments& arguments, const Session& session,
                         const BlockLayout& layout, const BlockCrs& crs, Outcome& outcome)
    : grid_(layout.grid) {
  using Form = ColumnCutter::Form;
  using Keep = JointCutter::Keep;
  for (const Cut cut : {Cut::within, Cut::outside, Cut::below, Cut::above})
    for (const std::string& text : arguments.texts(std::string(to_text(cut)))) {
      auto one = std::make_unique<One>();
      const std::string option = "--" + std::string(to_text(cut));
      const PlanSource source = plan_source(text, option);
      one->name = text;
      one->cut = cut;
      const bool surface = cut == Cut::below || cut == Cut::above;
      const Keep keep = cut == Cut::within || cut == Cut::below ? Keep::inside : Keep::outside;
      if (source.setback_m > 0.0 && (cut != Cut::outside || is_mesh_file(source.path)))
        throw Error("usage.setback", "'" + printable(text) + "' cannot have a setback", option,
                    "--outside takes one, around a layer of lines, points or polygons.");
      if (surface) {
        one->body = std::make_unique<ColumnCutter>(
            read_surface_for(text, arguments, layout, crs, outcome), Form::surface, layout.grid);
      } else if (is_mesh_file(source.path)) {
        one->body = std::make_unique<ColumnCutter>(read_solid(text, crs, outcome), Form::solid,
                                                   layout.grid);
      } else {
        one->plan = std::make_unique<PlanCutter>(
            read_polygons(source, arguments, session, crs, outcome), layout.grid);
        joint_.add(*one->plan, keep);
      }
      if (one->body) joint_.add(*one->body, keep);
      if (one->body && layout.regular && layout.grid.count[2] < 1000000)
        one->on_grid = std::make_unique<GridShares>(layout.grid, *one->body, session.jobs);
      list_.push_back(std::move(one));
    }
}

Constraints::~Constraints() = default;

std::size_t Constraints::size() const {
  return list_.size() + (pit_.empty() ? 0 : 1);
}
std::string Constraints::name(std::size_t c) const {
  return c < list_.size() ? list_[c]->name : pit_;
}
Cut Constraints::kind(std::size_t c) const {
  return c < list_.size() ? list_[c]->cut : Cut::pit;
}

void Constraints::add_to(JointCutter& cutter) const {
  for (const auto& one : list_) {
    const bool inside = one->cut == Cut::within || one->cut == Cut::below;
    const auto keep = inside ? JointCutter::Keep::inside : JointCutter::Keep::outside;
    if (one->plan)
      cutter.add(*one->plan, keep);
    else
      cutter.add(*one->body, keep);
  }
}

double Constraints::alone(const One& one, const BlockBox& box, bool& uncovered) const {
  double inside = 0.0, covered = 1.0;
  if (one.plan) {
    inside = one.plan->share(box.plan);
  } else if (!one.on_grid) {
    inside = one.body->share(box.plan, box.z0, box.z1, &covered);
  } else {
    const auto place = [&](double low, double high, std::size_t axis) {
      return std::min(
          static_cast<std::size_t>(std::max(0.0, (low + high) / 2 / grid_.spacing[axis])),
          grid_.count[axis] - 1);
    };
    const std::size_t i = place(box.plan.x0, box.plan.x1, 0),
                      j = place(box.plan.y0, box.plan.y1, 1);
    covered = one.on_grid->covered(i, j);
    inside = one.on_grid->at(i, j, place(box.z0, box.z1, 2));
  }
  const bool surface = one.cut == Cut::below || one.cut == Cut::above;
  if (surface && covered < 1.0) uncovered = true;
  if (one.cut == Cut::outside) return 1.0 - inside;
  if (one.cut == Cut::above) return std::max(0.0, covered - inside);
  return inside;
}

void Constraints::shares(const BlockBox& box, BlockShares& shares, bool in_pit) const {
  const std::size_t n = list_.size();
  shares.uncovered = false;
  BoxShares parts(joint_);
  parts.start(box.plan, box.z0, box.z1);
  for (std::size_t c = 0; c < n; ++c) {
    shares.alone[c] = alone(*list_[c], box, shares.uncovered);
    parts.set(c, shares.alone[c]);
  }
  const std::uint64_t all = n == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << n) - 1;
  double net = 1.0;
  for (std::size_t c = 0; c < n; ++c) {
    net = std::min(net, parts.together(~std::uint64_t{0} >> (63 - c)));
    shares.so_far[c] = net;
  }
  for (std::size_t c = 0; c < n; ++c)
    shares.without[c] = std::max(net, parts.together(all & ~(std::uint64_t{1} << c)));
  if (pit_.empty()) return;
  const double held = in_pit ? 1.0 : 0.0;
  for (std::size_t c = 0; c < n; ++c) shares.without[c] *= held;
  shares.alone[n] = held;
  shares.so_far[n] = net * held;
  shares.without[n] = net;
}

}  // namespace lode::tools
