#include <algorithm>
#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/exact_sum.h"
#include "libgeo/io/mesh_files.h"
#include "libgeo/report/section_figure.h"
#include "tools/block_inputs.h"
#include "tools/sample_inputs.h"

namespace lode::tools {

namespace {

using report::Section;
using report::SectionBlock;
using report::SectionTrace;

// The plane of the section: from `a` to `b` in plan, metres.
struct Plane {
  Point a, b;
  [[nodiscard]] double length() const { return std::hypot(b.x - a.x, b.y - a.y); }
  [[nodiscard]] Point along() const { return {(b.x - a.x) / length(), (b.y - a.y) / length()}; }
  [[nodiscard]] double s(double x, double y) const {
    return (x - a.x) * along().x + (y - a.y) * along().y;
  }
  [[nodiscard]] double side(double x, double y) const {
    return (y - a.y) * along().x - (x - a.x) * along().y;
  }
};

Plane plane_of(const Arguments& arguments, double unit) {
  const auto from = numbers_of(arguments.text("from"), 2, "from");
  const auto to = numbers_of(arguments.text("to"), 2, "to");
  const Plane plane{{from[0] * unit, from[1] * unit}, {to[0] * unit, to[1] * unit}};
  if (!(plane.length() > 0.0) || !std::isfinite(plane.length()))
    throw Error("usage.section", "the section starts where it ends", "--to",
                "Give two places, x,y each, in the unit of the CRS.");
  return plane;
}

// From and to along the section within a footprint of the blocks' axes; false when it misses it.
bool clip(const Point& a, const Point& b, const Footprint& place, double& from, double& to) {
  from = 0.0;
  to = 1.0;
  const double start[2]{a.x, a.y}, way[2]{b.x - a.x, b.y - a.y};
  const double low[2]{place.x0, place.y0}, high[2]{place.x1, place.y1};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    if (way[axis] == 0.0) {
      // A plane along a face belongs to the block on its upper side.
      if (start[axis] < low[axis] || start[axis] >= high[axis]) return false;
      continue;
    }
    double enter = (low[axis] - start[axis]) / way[axis];
    double leave = (high[axis] - start[axis]) / way[axis];
    if (enter > leave) std::swap(enter, leave);
    from = std::max(from, enter);
    to = std::min(to, leave);
  }
  return to - from > 1e-12;
}

void read_blocks(const Plane& plane, const BlockLayout& layout, BlockFile& file, bool with_pit,
                 double top, const Progress& progress, Section& section) {
  const auto a = to_grid(layout.grid, {plane.a.x, plane.a.y, 0.0});
  const auto b = to_grid(layout.grid, {plane.b.x, plane.b.y, 0.0});
  OverlapWatch watch(layout, file);
  BlockChunk chunk;
  while (file.next(chunk, progress)) {
    watch.add(chunk);
    for (std::size_t r = 0; r < chunk.size(); ++r) {
      const BlockBox box = box_of(layout, chunk, r);
      double from = 0.0, to = 0.0;
      if (!clip({a[0], a[1]}, {b[0], b[1]}, box.plan, from, to)) continue;
      SectionBlock block;
      block.s0 = from * plane.length();
      block.s1 = to * plane.length();
      block.z0 = chunk.z[r] - 0.5 * chunk.dz[r];
      block.z1 = chunk.z[r] + 0.5 * chunk.dz[r];
      block.value = chunk.numbers[0][r];
      if (with_pit) {
        const double pit = chunk.numbers[1][r];
        block.in_pit = pit > 0.0 && (std::isnan(top) || pit <= top);
      }
      section.blocks.push_back(block);
    }
    progress.update(file.fraction(), "reading blocks");
  }
  watch.finish(progress);
}

// Where the triangles of a mesh meet the plane, cut to the section's ends.
SectionTrace trace_of(const TriangleMesh& mesh, const Plane& plane, std::string name, bool solid) {
  SectionTrace trace;
  trace.name = std::move(name);
  trace.solid = solid;
  const double length = plane.length();
  for (const auto& triangle : mesh.triangles) {
    std::vector<Point> ends;
    for (std::size_t c = 0; c < 3; ++c) {
      const auto& p = mesh.vertices[triangle[c]];
      const auto& q = mesh.vertices[triangle[(c + 1) % 3]];
      const double u = plane.side(p[0], p[1]), v = plane.side(q[0], q[1]);
      if ((u < 0.0) == (v < 0.0)) continue;
      const double t = u / (u - v);
      ends.push_back(
          {plane.s(p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])), p[2] + t * (q[2] - p[2])});
    }
    if (ends.size() != 2) continue;
    if (ends[0].x > ends[1].x) std::swap(ends[0], ends[1]);
    if (ends[1].x < 0.0 || ends[0].x > length) continue;
    const double run = ends[1].x - ends[0].x, rise = ends[1].y - ends[0].y;
    const Point first = ends[0];
    for (Point& end : ends) {
      const double s = std::clamp(end.x, 0.0, length);
      if (s != end.x) end = {s, first.y + rise * (s - first.x) / run};
    }
    trace.pieces.push_back({ends[0], ends[1]});
  }
  return trace;
}

// The parts of the section inside polygons: crossings with all edges, in order, by the even-odd
// rule.
std::vector<std::array<double, 2>> inside_of(const Geometry& region, const Plane& plane) {
  std::vector<double> crossings;
  const auto add = [&](const Path& ring) {
    for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
      const double u = plane.side(ring[i].x, ring[i].y);
      const double v = plane.side(ring[i + 1].x, ring[i + 1].y);
      if ((u < 0.0) == (v < 0.0)) continue;
      const double t = u / (u - v);
      crossings.push_back(plane.s(ring[i].x + t * (ring[i + 1].x - ring[i].x),
                                  ring[i].y + t * (ring[i + 1].y - ring[i].y)));
    }
  };
  for (const Polygon& polygon : region.polygons) {
    add(polygon.shell);
    for (const Path& hole : polygon.holes) add(hole);
  }
  std::sort(crossings.begin(), crossings.end());
  std::vector<std::array<double, 2>> parts;
  for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
    const double from = std::max(crossings[i], 0.0);
    const double to = std::min(crossings[i + 1], plane.length());
    if (to > from) parts.push_back({from, to});
  }
  return parts;
}

std::string file_name(const std::string& path) {
  const auto slash = path.find_last_of('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

void read_traces(const Arguments& arguments, const Session& session, const BlockCrs& crs,
                 const Plane& plane, Section& section, Outcome& outcome) {
  BlockLayout around;  // a window around the section, for rasters
  const double margin = 1.0;
  around.grid.origin = {std::min(plane.a.x, plane.b.x) - margin,
                        std::min(plane.a.y, plane.b.y) - margin, 0.0};
  around.grid.spacing = {std::abs(plane.b.x - plane.a.x) + 2.0 * margin,
                         std::abs(plane.b.y - plane.a.y) + 2.0 * margin, 1.0};
  for (const std::string& path : arguments.texts("surface"))
    section.traces.push_back(trace_of(read_surface_for(path, arguments, around, crs, outcome),
                                      plane, file_name(path), false));
  for (const std::string& path : arguments.texts("solid")) {
    MeshFile file = read_mesh(path, crs.crs.metres_per_unit);
    outcome.inputs.push_back(file.source);
    outcome.findings.add(file.findings);
    if (crs.said) check_mesh_crs(file, crs.crs, outcome.findings);
    section.traces.push_back(trace_of(file.mesh, plane, file_name(path), true));
  }
  for (const SectionTrace& trace : section.traces)
    if (trace.pieces.empty())
      outcome.findings.add("section.missed", Severity::warning, trace.name,
                           "the section does not meet this surface or solid");
  if (!arguments.has("within")) return;
  section.within_name = file_name(arguments.text("within"));
  section.within = inside_of(read_polygons(plan_source(arguments.text("within"), "--within"),
                                           arguments, session, crs, outcome),
                             plane);
  if (section.within.empty())
    outcome.findings.add("section.missed", Severity::warning, section.within_name,
                         "the section does not meet these polygons");
}

void fill_results(const Section& section, const Plane& plane, const std::string& grade,
                  Outcome& outcome) {
  ExactSum area, weighted, pit;
  double low = std::numeric_limits<double>::infinity(), high = -low;
  std::size_t missing = 0;
  for (const SectionBlock& block : section.blocks) {
    const double face = (block.s1 - block.s0) * (block.z1 - block.z0);
    if (block.in_pit) pit += face;
    if (std::isnan(block.value)) {
      ++missing;
      continue;
    }
    area += face;
    weighted += face * block.value;
    low = std::min(low, block.value);
    high = std::max(high, block.value);
  }
  Json row;
  row["length_m"] = plane.length();
  row["blocks_cut"] = section.blocks.size();
  row["blocks_without_value"] = missing;
  row["area_m2"] = area.value();
  row["mean"] = area.value() > 0.0 ? Json(weighted.value() / area.value()) : Json();
  row["lowest"] = std::isfinite(low) ? Json(low) : Json();
  row["highest"] = std::isfinite(high) ? Json(high) : Json();
  if (section.has_pit) row["pit_m2"] = pit.value();
  Json within = Json::array();
  for (const auto& [from, to] : section.within) {
    Json part;
    part["from_m"] = from;
    part["to_m"] = to;
    within.push_back(part);
  }
  if (!section.within_name.empty()) row["within"] = within;
  outcome.results.push_back(row);
  outcome.summary["value"] = grade;
  outcome.shown = {"length_m", "blocks_cut", "area_m2", "mean", "lowest", "highest"};
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const std::string path = arguments.text("BLOCKS");
  const BlockCrs crs = block_crs(arguments);
  BlockReadOptions reading = block_options(arguments, session, crs);
  const Plane plane = plane_of(arguments, crs.crs.metres_per_unit);
  BlockFile header(path, reading);
  const std::string grade = header.column(arguments.text("grade"));
  reading.numbers = {grade};
  Section section;
  section.has_pit = arguments.has("pit");
  if (section.has_pit) reading.numbers.push_back(header.column(arguments.text("pit")));
  const BlockLayout layout =
      scan_layout(header, arguments, crs, session.progress.part(0.0, 0.4), outcome);
  BlockFile file(path, reading);
  section.length_m = plane.length();
  read_blocks(plane, layout, file, section.has_pit, arguments.number("pit-shell"),
              session.progress.part(0.4, 0.9), section);
  if (section.blocks.empty())
    throw Error("section.empty", "the section meets no block", path,
                "Check --from and --to: x,y in the CRS of the blocks.");
  Source source = file.source();
  source.crs = crs.said ? crs.crs.label() : "";
  source.features = layout.blocks;
  outcome.inputs.push_back(source);
  read_traces(arguments, session, crs, plane, section, outcome);
  section.title = file_name(path) + ": " + grade;
  section.value_name = grade;
  section.from_name = "from " + arguments.text("from");
  section.to_name = "to " + arguments.text("to");
  fill_results(section, plane, grade, outcome);
  enforce_strict(session, outcome.findings);
  refuse_unmet_units(arguments, session);
  std::vector<std::string> inputs;
  for (const Source& input : outcome.inputs) inputs.push_back(input.path);
  refuse_input_as_output(arguments.text("output"), inputs);
  OutputSet outputs(session.overwrite);
  outputs.write_text(arguments.text("output"), report::to_svg(report::draw_section(section)));
  outputs.commit();
  outcome.outputs = outputs.written();
  return outcome;
}

std::vector<Parameter> own_parameters() {
  std::vector<Parameter> list = {
      {.name = "grade",
       .kind = Kind::field,
       .help = "column that colours the blocks",
       .required = true,
       .parent = "BLOCKS"},
      {.name = "from", .help = "x,y where the section starts", .required = true},
      {.name = "to", .help = "x,y where it ends", .required = true},
      {.name = "surface",
       .kind = Kind::raster,
       .help = "raster or TIN whose trace is drawn",
       .repeatable = true},
      {.name = "solid",
       .kind = Kind::file,
       .help = "mesh whose trace is drawn",
       .repeatable = true},
      {.name = "within",
       .kind = Kind::vector_layer,
       .help = "polygons whose limits are drawn, e.g. a permit"},
      {.name = "pit",
       .kind = Kind::field,
       .help = "column of lode pit: the outline of blocks above 0",
       .parent = "BLOCKS"},
      {.name = "pit-shell",
       .kind = Kind::integer,
       .help = "outline of this nested pit; all unless said",
       .minimum = 1},
      {.name = "output",
       .kind = Kind::file_out,
       .help = "the figure (.svg)",
       .required = true,
       .aliases = {"-o"}}};
  for (Parameter& parameter : list)
    parameter.group = parameter.name == "output" ? "Result" : "Section";
  return list;
}

}  // namespace

Command blocks_section_command() {
  Command command;
  command.name = "blocks section";
  command.summary = "draws a vertical section: blocks by grade, surfaces, solids, limits, the pit";
  command.group = "Deposit";
  command.parameters = block_parameters("BLOCKS");
  append(command.parameters, own_parameters());
  command.setup = [](const Arguments& arguments) {
    (void)plane_of(arguments, 1.0);
    if (!lower(arguments.text("output")).ends_with(".svg"))
      throw Error("usage.section", "the figure is SVG", "-o", "Give a name that ends in .svg.");
    if (arguments.has("pit-shell") && !arguments.has("pit"))
      throw Error("usage.section", "--pit-shell without --pit", "--pit-shell",
                  "Name the column of the pits.");
  };
  command.run = run;
  return command;
}

}  // namespace lode::tools
