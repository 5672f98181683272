#include <algorithm>
#include <cmath>
#include <filesystem>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/mesh_report.h"
#include "libgeo/io/mesh_files.h"
#include "tools/solid_output.h"
#include "tools/volume_net.h"

namespace lode::tools {

namespace {

// One solid: a file, or a named part of one.
struct Solid {
  std::string file, name, where;
  std::size_t triangles = 0;
  MeshRepair found;
};

Json place_of(const std::array<double, 3>& place) {
  Json json = Json::array();
  for (const double c : place) json.push_back(number_or_null(c));
  return json;
}

Json defects_of(const std::vector<MeshDefect>& defects) {
  Json list = Json::array();
  for (const MeshDefect& defect : defects) {
    Json one;
    one["code"] = defect.code;
    one["severity"] = std::string(to_text(defect.severity));
    one["count"] = defect.count;
    Json triangles = Json::array();
    for (const std::uint32_t t : defect.triangles) triangles.push_back(std::size_t{t} + 1);
    one["place"] = defect.triangles.empty() ? Json() : place_of(defect.place);
    one["triangles"] = triangles;
    one["message"] = defect.message;
    list.push_back(one);
  }
  return list;
}

Json row_of(const Solid& solid, double density) {
  const MeshReport& report = solid.found.report;
  const double volume = report.volume_m3;
  Json row;
  row["name"] = solid.name;
  row["file"] = std::filesystem::path(solid.file).filename().string();
  row["triangles"] = solid.triangles;
  row["closed"] = report.closed;
  row["oriented"] = report.oriented;
  row["self_intersecting"] = report.self_intersecting;
  row["components"] = report.components;
  row["cavities"] = report.cavities;
  row["area_m2"] = report.area_m2;
  row["volume_m3"] = number_or_null(volume);
  row["tonnage_t"] = number_or_null(volume * density);
  row["centroid_m"] = std::isnan(volume) ? Json() : place_of(report.centroid);
  row["lower_m"] = place_of(report.box.lower);
  row["upper_m"] = place_of(report.box.upper);
  row["open_edges"] = report.open_edges;
  row["holes"] = report.holes;
  row["turned"] = report.turned;
  row["repaired"] = !solid.found.steps.empty() && !std::isnan(volume);
  row["volume_before_m3"] = number_or_null(solid.found.before_m3);
  row["volume_change_m3"] = number_or_null(volume - solid.found.before_m3);
  std::vector<MeshDefect> defects = solid.found.given;
  defects.insert(defects.end(), solid.found.steps.begin(), solid.found.steps.end());
  if (solid.found.given.empty() || !std::isnan(volume))
    defects.insert(defects.end(), report.defects.begin(), report.defects.end());
  row["defects"] = defects_of(defects);
  return row;
}

std::string where_of(const Solid& solid, const MeshDefect& defect) {
  std::string where = solid.where;
  for (std::size_t i = 0; i < defect.triangles.size(); ++i)
    where +=
        (i == 0 ? ", triangle " : " and ") + std::to_string(std::size_t{defect.triangles[i]} + 1);
  return where;
}

// What to do about it, where there is no volume.
std::string advice(const std::string& code, bool repair) {
  if (code == "mesh.crack") return ". Join them with --weld";
  if (repair)
    return code == "mesh.not_wrapped" ? ". Give --alpha, or close it where it was made" : "";
  return code == "mesh.open" || code == "mesh.t_junction" || code == "mesh.crowded_edge" ||
                 code == "mesh.self_intersecting"
             ? ". Mend it where it was made, or try --repair"
             : "";
}

void tell(const Solid& solid, bool repair, Findings& findings) {
  const MeshReport& report = solid.found.report;
  const bool sound = !std::isnan(report.volume_m3);
  for (const MeshDefect& defect : solid.found.given) {
    const bool mended = sound && defect.severity == Severity::error;
    if (sound && !mended) continue;  // said again below
    findings.add(
        defect.code, mended ? Severity::warning : defect.severity, where_of(solid, defect),
        mended ? defect.message + ": mended" : defect.message + advice(defect.code, repair),
        defect.count);
  }
  if (!sound) {
    if (solid.found.given.empty())
      for (const MeshDefect& defect : report.defects)
        findings.add(defect.code, defect.severity, where_of(solid, defect), defect.message,
                     defect.count);
    return;
  }
  for (const MeshDefect& defect : solid.found.steps)
    findings.add(defect.code, defect.severity, solid.where,
                 defect.message + ". Volume " + number_text(report.volume_m3) +
                     " m3; the faces as given add up to " + number_text(solid.found.before_m3) +
                     " m3 about the middle of their box",
                 defect.count);
  for (const MeshDefect& defect : report.defects)
    findings.add(defect.code, defect.severity, where_of(solid, defect), defect.message,
                 defect.count);
}

// Faults of the numbers themselves, before any unit is applied.
void judge_numbers(const MeshFile& file, const std::string& where, bool unit_said, double unit,
                   Findings& findings) {
  const double step = single_precision_step(file.mesh);
  if (step > 0.0 && !file.findings.has("mesh.single_precision"))
    findings.add("mesh.single_precision", Severity::warning, where,
                 "all coordinates far from the origin are numbers of single precision: if the "
                 "file was made from such, corners are off by up to " +
                     number_text(step));
  const Box3 box = bounds_of(file.mesh);
  double size = 0.0;
  for (std::size_t axis = 0; axis < 3; ++axis)
    size = std::max(size, (box.upper[axis] - box.lower[axis]) * unit);
  if (!unit_said && size > 1e5)
    findings.add("mesh.size", Severity::warning, where,
                 "a solid " + fixed_text(size / 1000.0, 0) +
                     " km across: are its numbers millimetres or feet? Say it with --unit");
}

// In the unit of the input.
SolidOutput output_of(const std::vector<Solid>& solids, const Arguments& arguments, double unit) {
  SolidOutput output;
  output.name = solids[0].name;
  output.unit = arguments.text("unit");
  output.metres_per_unit = unit;
  for (const Solid& solid : solids)
    output.solids.push_back({solid.name, &solid.found.report.solid});
  return output;
}

// The solids of a file. Groups that do not close by themselves but do together are one solid whose
// faces were sorted: by rock, by material.
std::vector<MeshFile> solids_of(const std::string& path, Findings& findings) {
  auto parts = read_meshes(path, 1.0);
  if (parts.size() < 2) return parts;
  const auto is_closed = [](MeshFile part) {
    Findings ignored;
    tidy_mesh(part.mesh, ignored);
    return check_mesh(part.mesh).closed;
  };
  if (std::any_of(parts.begin(), parts.end(), is_closed)) return parts;
  MeshFile whole = read_mesh(path, 1.0);
  if (!is_closed(whole)) return parts;
  findings.add("mesh.groups_joined", Severity::note, path,
               "groups that close only together were taken for one solid", parts.size());
  std::vector<MeshFile> one;
  one.push_back(std::move(whole));
  return one;
}

// Metres: by the unit that the file says, which is in its vertices already, or by --unit.
void take_unit(MeshFile& part, const Arguments& arguments, double unit, Findings& findings) {
  if (arguments.has("input-crs"))
    check_mesh_crs(part, parse_crs(arguments.text("input-crs"), "--input-crs"), findings);
  if (part.unit_m > 0.0) {
    if (arguments.has("unit") && std::abs(part.unit_m / unit - 1.0) > 1e-9)
      throw Error("mesh.unit",
                  "the file says that its unit is " + number_text(part.unit_m) +
                      " m, --unit says " + arguments.text("unit"),
                  part.source.path, "Leave --unit out, or correct the file.");
    return;
  }
  for (auto& v : part.mesh.vertices)
    for (double& c : v) c *= unit;
}

// Of the coordinates: --unit, else that of the declared CRS.
double unit_of(const Arguments& arguments) {
  const double said = unit_factor(arguments.text("unit"), Dimension::length, "--unit");
  if (!arguments.has("input-crs")) return said;
  const double map = parse_crs(arguments.text("input-crs"), "--input-crs").metres_per_unit;
  if (arguments.has("unit") && std::abs(map / said - 1.0) > 1e-9)
    throw Error("usage.unit",
                "--unit says " + arguments.text("unit") + ", the unit of --input-crs is " +
                    number_text(map) + " m",
                "--unit", "Leave one of them out.");
  return map;
}

std::vector<Solid> examine_files(const Arguments& arguments, const Session& session, double unit,
                                 Outcome& outcome) {
  const auto files = arguments.texts("FILE");
  MeshRepairOptions options;
  options.repair = arguments.flag("repair");
  if (arguments.has("weld")) options.weld_m = arguments.quantity("weld");
  if (arguments.has("alpha")) options.alpha_m = arguments.quantity("alpha");
  std::vector<Solid> solids;
  for (std::size_t f = 0; f < files.size(); ++f) {
    const double share = 1.0 / static_cast<double>(files.size());
    const Progress progress =
        session.progress.part(static_cast<double>(f) * share, static_cast<double>(f + 1) * share);
    auto parts = solids_of(files[f], outcome.findings);
    for (std::size_t p = 0; p < parts.size(); ++p) {
      MeshFile& part = parts[p];
      if (p == 0) {
        outcome.inputs.push_back(part.source);
        outcome.findings.add(part.findings);
      }
      Solid solid;
      solid.file = files[f];
      solid.name =
          part.group.empty() ? std::filesystem::path(files[f]).stem().string() : part.group;
      solid.where = part.group.empty() ? files[f] : files[f] + ", " + part.group;
      solid.triangles = part.mesh.triangles.size();
      part.mesh.name = solid.where;
      judge_numbers(part, solid.where, arguments.has("unit"), unit, outcome.findings);
      take_unit(part, arguments, unit, outcome.findings);
      const double step = 1.0 / static_cast<double>(parts.size());
      solid.found = repair_mesh(part.mesh, options,
                                progress.part(0.1 + 0.9 * static_cast<double>(p) * step,
                                              0.1 + 0.9 * static_cast<double>(p + 1) * step));
      tell(solid, options.repair, outcome.findings);
      part.mesh = {};
      solids.push_back(std::move(solid));
    }
  }
  return solids;
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const double unit = unit_of(arguments);
  const double density = arguments.quantity("density");
  const std::vector<Solid> solids = examine_files(arguments, session, unit, outcome);
  Sum volume, area;
  std::size_t without = 0, triangles = 0;
  for (const Solid& solid : solids) {
    without += std::isnan(solid.found.report.volume_m3) ? 1 : 0;
    volume += solid.found.report.volume_m3;
    area += solid.found.report.area_m2;
    triangles += solid.triangles;
  }
  outcome.summary["solids"] = solids.size();
  outcome.summary["without_volume"] = without;
  outcome.summary["triangles"] = triangles;
  outcome.summary["unit"] = arguments.text("unit");
  outcome.summary["density_t_m3"] = number_or_null(density);
  outcome.summary["area_sum_m2"] = area.value();
  outcome.summary["volume_sum_m3"] = number_or_null(without > 0 ? NAN : volume.value());
  outcome.summary["tonnage_sum_t"] = number_or_null(without > 0 ? NAN : volume.value() * density);
  std::vector<const TriangleMesh*> measured;
  for (const Solid& solid : solids)
    measured.push_back(std::isnan(solid.found.report.volume_m3) ? nullptr
                                                                : &solid.found.report.solid);
  const std::vector<Json> nets = net_of_solids(arguments, session, measured, density, outcome);
  outcome.shown = {"name",       "triangles", "closed",    "self_intersecting",
                   "components", "area_m2",   "volume_m3", "tonnage_t"};
  if (asks_for_net(arguments)) outcome.shown.insert(outcome.shown.end(), {"net_m3", "net_t"});
  add_results(session, outcome, solids.size(), [&](std::size_t i) {
    Json row = row_of(solids[i], density);
    for (const auto& [key, value] : nets[i].members()) row[key] = value;
    return row;
  });
  outcome.failed = without > 0;
  if (!outcome.failed)
    write_solids(arguments, session, output_of(solids, arguments, unit), outcome);
  return outcome;
}

std::vector<Parameter> parameters() {
  std::vector<Parameter> list{
      {.name = "FILE",
       .kind = Kind::file,
       .help = "solids: OBJ, STL, PLY, OFF, VTP, VTU, DXF, DTM, GOCAD, OMF",
       .positional = true,
       .required = true,
       .repeatable = true},
      {.name = "unit",
       .kind = Kind::choice,
       .help = "of the coordinates",
       .choices = {"m", "ft", "us-ft", "in", "mm", "cm"},
       .default_text = "m"},
      {.name = "density",
       .kind = Kind::quantity,
       .help = "dry bulk density, for the tonnage",
       .dimension = Dimension::density},
      {.name = "weld",
       .kind = Kind::quantity,
       .help = "join vertices of open edges that lie within this length of each other",
       .dimension = Dimension::length,
       .group = "Repair"},
      {.name = "repair",
       .kind = Kind::flag,
       .help = "mend what does not close: T-junctions, holes, and by wrapping what is left",
       .group = "Repair"},
      {.name = "alpha",
       .kind = Kind::quantity,
       .help = "widest gap that wrapping bridges; without it a fortieth of the box's diagonal",
       .dimension = Dimension::length,
       .group = "Repair"}};
  append(list, net_parameters());
  append(list, solid_output_parameters("the solids as they were measured"));
  return list;
}

}  // namespace

Command volume_mesh_command() {
  Command command;
  command.name = "volume mesh";
  command.summary = "volume, tonnage and faults of closed solids";
  command.group = "Deposit";
  command.parameters = parameters();
  command.setup = [](const Arguments& arguments) {
    for (const std::string name : {"weld", "alpha", "density"})
      if (arguments.has(name) && !(arguments.quantity(name) > 0.0))
        throw Error("usage.range", "--" + name + " must be above 0", "volume mesh",
                    "Leave it out, or give more.");
    if (arguments.has("density") && arguments.quantity("density") > 23.0)
      throw Error("usage.range", "no rock weighs more than 23 t/m3", "--density",
                  "2700 kg/m3 is 2.7 t/m3.");
    if (arguments.has("alpha") && !arguments.flag("repair"))
      throw Error("usage.range", "--alpha without --repair", "volume mesh",
                  "Wrapping is the last step of --repair.");
    check_solid_output(arguments);
  };
  command.run = run;
  return command;
}

}  // namespace lode::tools
