#include <algorithm>
#include <cmath>
#include <filesystem>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/solids.h"
#include "libgeo/io/mesh_files.h"
#include "tools/block_inputs.h"
#include "tools/sample_inputs.h"
#include "tools/section_lines.h"
#include "tools/solid_output.h"
#include "tools/solid_sources.h"

namespace lode::tools {

namespace {

double area_of(const TriangleMesh& mesh) {
  Sum sum;
  for (const auto& [a, b, c] : mesh.triangles) {
    const auto &p = mesh.vertices[a], &q = mesh.vertices[b], &r = mesh.vertices[c];
    const double u[3] = {q[0] - p[0], q[1] - p[1], q[2] - p[2]};
    const double v[3] = {r[0] - p[0], r[1] - p[1], r[2] - p[2]};
    sum += std::hypot(u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2],
                      u[0] * v[1] - u[1] * v[0]) /
           2.0;
  }
  return sum.value();
}

double volume_of(const TriangleMesh& mesh) {
  return mesh.empty() ? 0.0 : signed_volume_m3(mesh);
}

Json row_of(const MadeSolid& solid, double density) {
  const MeshCheck check = check_mesh(solid.mesh);
  const double volume = volume_of(solid.mesh);
  Json row;
  row["name"] = solid.name;
  row["triangles"] = solid.mesh.triangles.size();
  row["closed"] = check.closed;
  row["components"] = check.components;
  row["area_m2"] = area_of(solid.mesh);
  row["volume_m3"] = volume;
  row["tonnage_t"] = number_or_null(volume * density);
  for (const auto& [key, value] : solid.more.members()) row[key] = value;
  return row;
}

SolidOperation operation_of(const std::string& text) {
  if (text == "unite") return SolidOperation::unite;
  return text == "intersect" ? SolidOperation::intersect : SolidOperation::subtract;
}

Json step(const std::string& what, const std::string& with, double before, double after) {
  Json one;
  one["what"] = what;
  one["with"] = with;
  one["before_m3"] = before;
  one["volume_m3"] = after;
  one["change_m3"] = after - before;
  return one;
}

void refuse_empty(const TriangleMesh& mesh, const std::string& what, const std::string& where,
                  const std::string& hint) {
  if (mesh.empty()) throw Error("solid.empty", what, where, hint);
}

BlockCrs crs_of(const Arguments& arguments, const Crs& crs, bool said) {
  if (crs.is_geographic())
    throw Error("solid.geographic", "solids do not stand in degrees (" + crs.label() + ")",
                "--input-crs", "Give their projected CRS, or local:m for a mine grid.");
  (void)arguments;
  return {crs, said};
}

// A layout whose window is the plan of a solid.
BlockLayout window_of(const Box3& box) {
  BlockLayout layout;
  layout.grid.origin = box.lower;
  for (std::size_t k = 0; k < 3; ++k)
    layout.grid.spacing[k] = std::max(box.upper[k] - box.lower[k], 1e-3);
  return layout;
}

// Applies --within --outside --below --above to one solid.
void clip(MadeSolid& solid, const Arguments& arguments, const Session& session, const BlockCrs& crs,
          Json& steps, Outcome& outcome) {
  for (const Cut cut : {Cut::within, Cut::outside, Cut::below, Cut::above})
    for (const std::string& path : arguments.texts(std::string(to_text(cut)))) {
      const Box3 box = bounds_of(solid.mesh);
      const double height = box.upper[2] - box.lower[2], before = volume_of(solid.mesh);
      const std::string name(to_text(cut));
      const auto combine = [&](const TriangleMesh& a, const TriangleMesh& b, SolidOperation what) {
        return combine_solids(a, b, what, outcome.findings, session.progress.part(0.5, 0.9));
      };
      if (cut == Cut::within || cut == Cut::outside) {
        TriangleMesh body;
        if (is_mesh_file(path))
          body = read_solid(path, crs, outcome);
        else
          body = prism(read_polygons(plan_source(path, "--" + std::string(to_text(cut))), arguments,
                                     session, crs, outcome),
                       box.lower[2] - height - 1.0, box.upper[2] + height + 1.0);
        body.name = path;
        solid.mesh =
            combine(solid.mesh, body,
                    cut == Cut::within ? SolidOperation::intersect : SolidOperation::subtract);
      } else {
        const TriangleMesh surface =
            read_surface_for(path, arguments, window_of(box), crs, outcome);
        const Box3 range = bounds_of(surface);
        const double low = std::min(range.lower[2], box.lower[2]) - height - 1.0;
        const double high = std::max(range.upper[2], box.upper[2]) + height + 1.0;
        TriangleMesh under = solid_under(surface, low), over = solid_above(surface, high);
        under.name = over.name = path;
        const bool below = cut == Cut::below;
        const TriangleMesh kept =
            combine(solid.mesh, below ? under : over, SolidOperation::intersect);
        const TriangleMesh other =
            combine(solid.mesh, below ? over : under, SolidOperation::intersect);
        const double missing = before - volume_of(kept) - volume_of(other);
        if (missing > 1e-6 * before)
          outcome.findings.add("surface.uncovered", Severity::warning, path,
                               "the surface does not cover the solid: " + fixed_text(missing, 1) +
                                   " m3 without one above or below were cut off");
        solid.mesh = kept;
        solid.mesh.name = solid.name;
      }
      refuse_empty(solid.mesh,
                   "nothing of the solid lies " + std::string(cut == Cut::outside  ? "outside"
                                                              : cut == Cut::within ? "within"
                                                              : cut == Cut::below
                                                                  ? "below it: all of it is above"
                                                                  : "above it: all of it is below"),
                   solid.name + " and " + path, "Check units, CRS and elevations.");
      steps.push_back(step(name, path, before, volume_of(solid.mesh)));
    }
}

MadeSolids combined(const Arguments& arguments, const Session& session, const BlockCrs& crs,
                    Json& steps, Outcome& outcome) {
  const auto files = arguments.texts("INPUT");
  MadeSolid made;
  made.name = std::filesystem::path(files[0]).stem().string();
  Json inputs = Json::array();
  for (std::size_t f = 0; f < files.size(); ++f) {
    TriangleMesh mesh = read_solid(files[f], crs, outcome);
    mesh.name = files[f];
    Json input;
    input["name"] = std::filesystem::path(files[f]).filename().string();
    input["volume_m3"] = volume_of(mesh);
    inputs.push_back(input);
    if (f == 0) {
      made.mesh = std::move(mesh);
      continue;
    }
    const double share = 0.5 / static_cast<double>(files.size());
    const double before = volume_of(made.mesh);
    made.mesh = combine_solids(
        made.mesh, mesh, operation_of(arguments.text("operation")), outcome.findings,
        session.progress.part(share * static_cast<double>(f), share * static_cast<double>(f + 1)));
    refuse_empty(made.mesh, "nothing is left: " + arguments.text("operation") + " is empty",
                 files[0] + " and " + files[f], "Check units and places of both.");
    steps.push_back(step(arguments.text("operation"), files[f], before, volume_of(made.mesh)));
  }
  outcome.summary["volumes"] = inputs;
  MadeSolids result;
  result.crs = crs.crs;
  result.solids.push_back(std::move(made));
  return result;
}

SolidOutput output_of(const MadeSolids& made) {
  SolidOutput output;
  output.name = made.solids[0].name;
  set_crs(made.crs, made.crs_said, output);
  for (const MadeSolid& solid : made.solids) output.solids.push_back({solid.name, &solid.mesh});
  return output;
}

// What cuts several solids is read for each of them.
void drop_repeated(std::vector<Source>& inputs) {
  std::vector<Source> once;
  for (const Source& input : inputs)
    if (std::none_of(once.begin(), once.end(),
                     [&](const Source& other) { return other.path == input.path; }))
      once.push_back(input);
  inputs = std::move(once);
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const std::string from = arguments.text("from");
  Json steps = Json::array();
  MadeSolids made;
  const std::string path = arguments.texts("INPUT").front();
  if (from == "boolean") {
    const bool said = arguments.has("input-crs");
    const Crs crs = parse_crs(said ? arguments.text("input-crs") : "local:m", "--input-crs");
    made = combined(arguments, session, crs_of(arguments, crs, said), steps, outcome);
    made.crs_said = said;
  } else if (from == "sections") {
    made = is_line_file(path) ? solids_of_lines(arguments, session, outcome)
                              : solid_of_sections(arguments, session, outcome);
  } else {
    made = solids_of_points(arguments, session, from == "intercepts", outcome);
  }
  if (!made.crs_said)
    outcome.findings.add("solid.no_crs", Severity::note, path,
                         "no CRS was declared: coordinates are taken as " +
                             std::string(made.crs.metres_per_unit == 1.0 ? "metres" : "feet") +
                             " (--input-crs)");
  const BlockCrs crs = crs_of(arguments, made.crs, made.crs_said);
  const double density = arguments.quantity("density");
  Sum volume;
  for (MadeSolid& solid : made.solids) {
    clip(solid, arguments, session, crs, steps, outcome);
    volume += volume_of(solid.mesh);
  }
  drop_repeated(outcome.inputs);
  outcome.summary["from"] = from;
  outcome.summary["solids"] = made.solids.size();
  outcome.summary["volume_sum_m3"] = volume.value();
  outcome.summary["density_t_m3"] = number_or_null(density);
  outcome.summary["tonnage_sum_t"] = number_or_null(volume.value() * density);
  outcome.summary["steps"] = steps;
  outcome.shown = {"name",    "triangles", "closed",   "components",
                   "area_m2", "volume_m3", "tonnage_t"};
  add_results(session, outcome, made.solids.size(),
              [&](std::size_t i) { return row_of(made.solids[i], density); });
  write_solids(arguments, session, output_of(made), outcome);
  return outcome;
}

std::vector<Parameter> making_parameters() {
  return {
      {.name = "INPUT",
       .kind = Kind::file,
       .help = "a table or layer of points; for booleans the solids: OBJ, STL, PLY, OFF, VTP; for "
               "sections also lines: DXF, STR, OMF, GOCAD, OBJ, VTP, VTU",
       .positional = true,
       .required = true,
       .repeatable = true},
      {.name = "from",
       .kind = Kind::choice,
       .help = "what the solid is made of",
       .required = true,
       .choices = {"points", "intercepts", "sections", "boolean"}},
      {.name = "shape",
       .kind = Kind::choice,
       .help = "around points: their convex hull, or their alpha shape",
       .choices = {"hull", "alpha"},
       .group = "Points"},
      {.name = "alpha",
       .kind = Kind::quantity,
       .help = "radius of the largest sphere between points that is filled; without it the "
               "smallest that makes one body of all",
       .dimension = Dimension::length,
       .group = "Points"},
      {.name = "value",
       .kind = Kind::field,
       .help = "column that meets the cut-off",
       .parent = "INPUT",
       .group = "Points"},
      {.name = "cutoff",
       .help = "points with less are left out, with its unit: '0.5 %'",
       .aliases = {"cut-off"},
       .group = "Points"},
      {.name = "group",
       .kind = Kind::field,
       .help = "column, one solid for each of its values",
       .parent = "INPUT",
       .group = "Points"}};
}

std::vector<Parameter> other_parameters() {
  return {
      {.name = "section",
       .kind = Kind::field,
       .help = "column of the section; rows in order along each ring, sections along the strike",
       .parent = "INPUT",
       .group = "Sections"},
      {.name = "ring",
       .kind = Kind::field,
       .help = "column that tells several rings of a section apart",
       .parent = "INPUT",
       .group = "Sections"},
      {.name = "object",
       .help = "lines: those of this name alone (layer, string, group)",
       .repeatable = true,
       .group = "Sections"},
      {.name = "together",
       .kind = Kind::flag,
       .help = "lines: all objects are rings of one solid; without it each is a solid of its own",
       .group = "Sections"},
      {.name = "order",
       .kind = Kind::choice,
       .help = "lines: as in the file, or sorted along the mean direction of their planes; without "
               "it as in the file, where that runs one way",
       .choices = {"file", "strike"},
       .group = "Sections"},
      {.name = "weld",
       .kind = Kind::quantity,
       .help = "lines: open ones are closed where their ends are no further apart",
       .dimension = Dimension::length,
       .group = "Sections"},
      {.name = "ends",
       .kind = Kind::quantity,
       .help = "the ends are drawn out by this; without it they are flat on the last sections",
       .dimension = Dimension::length,
       .group = "Sections"},
      {.name = "operation",
       .kind = Kind::choice,
       .help = "on the solids, one after the other",
       .choices = {"unite", "intersect", "subtract"},
       .group = "Booleans"},
      {.name = "density",
       .kind = Kind::quantity,
       .help = "dry bulk density, for the tonnage",
       .dimension = Dimension::density,
       .group = "Geology"}};
}

// A table names the section of each vertex; lines are rings as they stand.
void check_sections(const Arguments& arguments) {
  const bool lines = is_line_file(arguments.texts("INPUT").front());
  if (!lines && !arguments.has("section"))
    throw Error("usage.section", "no column names the section of each vertex", "--section",
                "Name it.");
  const std::vector<std::string> of_tables{"section", "ring", "layer", "where", "bbox",
                                           "x",       "y",    "z",     "fields"};
  for (const std::string& name :
       lines ? of_tables : std::vector<std::string>{"object", "together", "order", "weld"})
    if (arguments.has(name))
      throw Error("usage.section",
                  "--" + name +
                      (lines ? " goes with a table of vertices, not with lines"
                             : " goes with a file of lines, not with a table"),
                  "solid", "Leave it out.");
}

void check_options(const Arguments& arguments) {
  const std::string from = arguments.text("from");
  const auto only_with = [&](const std::vector<std::string>& names,
                             const std::vector<std::string>& with) {
    if (std::find(with.begin(), with.end(), from) != with.end()) return;
    for (const std::string& name : names)
      if (arguments.has(name))
        throw Error("usage.from", "--" + name + " does not go with --from " + from, "solid",
                    "It goes with --from " + join(with, " or ") + ".");
  };
  only_with({"shape", "alpha", "value", "cutoff", "group"}, {"points", "intercepts"});
  only_with({"section", "ring", "ends", "object", "together", "order", "weld"}, {"sections"});
  only_with({"operation"}, {"boolean"});
  const bool points = from == "points" || from == "intercepts";
  if (points && !arguments.has("shape"))
    throw Error("usage.shape", "which solid is wanted around the points?", "--shape",
                "Say --shape hull or --shape alpha: they hold different volumes.");
  if (arguments.has("alpha") && arguments.text("shape") != "alpha")
    throw Error("usage.shape", "--alpha goes with --shape alpha", "solid", "Leave it out.");
  if (arguments.has("value") != arguments.has("cutoff"))
    throw Error("usage.cutoff", "--value and --cutoff go together", "solid",
                "For example --value treo_pct --cutoff '0.5 %'.");
  if (from == "sections") check_sections(arguments);
  const std::size_t files = arguments.texts("INPUT").size();
  if (from == "boolean" && files > 1 && !arguments.has("operation"))
    throw Error("usage.operation", "what is to be done with the solids?", "--operation",
                "Say unite, intersect or subtract.");
  if (from != "boolean" && files > 1)
    throw Error("usage.from", "one table at a time", "solid", "Join them first, or run it twice.");
  for (const std::string name : {"alpha", "ends", "weld", "density"})
    if (arguments.has(name) && !(arguments.quantity(name) > 0.0))
      throw Error("usage.range", "--" + name + " must be above 0", "solid",
                  "Leave it out, or give more.");
  if (arguments.has("density") && arguments.quantity("density") > 23.0)
    throw Error("usage.range", "no rock weighs more than 23 t/m3", "--density",
                "2700 kg/m3 is 2.7 t/m3.");
  check_solid_output(arguments);
}

}  // namespace

Command solid_command() {
  Command command;
  command.name = "solid";
  command.summary =
      "solids from points, intercepts, sections and booleans, cut by ground and areas";
  command.group = "Deposit";
  command.parameters = making_parameters();
  append(command.parameters, other_parameters());
  append(command.parameters, constraint_parameters());
  for (const Parameter& parameter : reading_parameters()) {
    command.parameters.push_back(parameter);
    if (parameter.name == "y")
      command.parameters.push_back({.name = "z",
                                    .kind = Kind::field,
                                    .help = "column that holds the elevation",
                                    .parent = "INPUT",
                                    .group = "Reading"});
  }
  append(command.parameters, solid_output_parameters("the solids"));
  command.setup = check_options;
  command.run = run;
  return command;
}

}  // namespace lode::tools
