#include "tools/solid_output.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/model_files.h"

namespace lode::tools {

namespace {

// Formats that keep triangles: a Surpac string file would keep the vertices alone.
const std::set<std::string> endings{"obj", "stl", "ply", "off", "vtp",
                                    "vtu", "dxf", "ts",  "gp",  "omf"};

ModelObject object_of(const SolidOutput::Solid& solid, double metres_per_unit) {
  constexpr auto unused = std::numeric_limits<std::uint32_t>::max();
  const TriangleMesh& mesh = *solid.mesh;
  ModelObject object;
  object.name = solid.name;
  object.triangles = mesh.triangles;
  std::vector<std::uint32_t> becomes(mesh.vertices.size(), unused);
  for (auto& triangle : object.triangles)
    for (std::uint32_t& v : triangle) {
      if (becomes[v] == unused) {
        becomes[v] = static_cast<std::uint32_t>(object.vertices.size());
        object.vertices.push_back({mesh.vertices[v][0] / metres_per_unit,
                                   mesh.vertices[v][1] / metres_per_unit,
                                   mesh.vertices[v][2] / metres_per_unit});
      }
      v = becomes[v];
    }
  return object;
}

// One finding a place: of several with the same code and place the first alone would be read.
void say_losses(const std::vector<ModelLoss>& losses, const std::string& path, Findings& findings) {
  std::vector<std::pair<std::string, std::vector<std::string>>> by_object;
  for (const ModelLoss& loss : losses) {
    auto at = std::find_if(by_object.begin(), by_object.end(),
                           [&](const auto& one) { return one.first == loss.object; });
    if (at == by_object.end()) at = by_object.insert(at, {loss.object, {}});
    at->second.push_back(loss.what);
  }
  for (const auto& [object, what] : by_object)
    findings.add("convert.lost", Severity::note, object.empty() ? path : path + ", " + object,
                 "lost: " + join(what, "; "), what.size());
}

}  // namespace

void set_crs(const Crs& crs, bool said, SolidOutput& output) {
  output.metres_per_unit = crs.metres_per_unit;
  for (const char* unit : {"m", "ft", "us-ft"})
    if (std::abs(unit_factor(unit, Dimension::length, "--input-crs") / crs.metres_per_unit - 1.0) <
        1e-9)
      output.unit = unit;
  if (said && !crs.is_local()) output.crs = crs.label();
}

std::vector<Parameter> solid_output_parameters(const std::string& what) {
  return {{.name = "output",
           .kind = Kind::file_out,
           .help = what + "; the ending says the format",
           .aliases = {"-o"},
           .group = "Result"},
          {.name = "format",
           .kind = Kind::choice,
           .help = "format of the result, whatever its ending; omf is version 2",
           .choices = {"obj", "stl", "stl-text", "ply", "off", "vtp", "vtu", "dxf", "gocad", "omf",
                       "omf1"},
           .group = "Result"}};
}

void check_solid_output(const Arguments& arguments) {
  if (!arguments.has("output")) {
    if (arguments.has("format"))
      throw Error("usage.output", "--format without -o", "--format", "Name the result with -o.");
    return;
  }
  const std::string output = arguments.text("output");
  const auto dot = output.rfind('.');
  if (arguments.has("format") ||
      (dot != std::string::npos && endings.contains(lower(output.substr(dot + 1)))))
    return;
  throw Error("usage.output",
              "the ending of '" + printable(output) + "' names no format that holds solids", "-o",
              "Give .obj .stl .ply .off .vtp .vtu .dxf .ts .omf, or say --format.");
}

void write_solids(const Arguments& arguments, const Session& session, const SolidOutput& output,
                  Outcome& outcome) {
  enforce_strict(session, outcome.findings);
  if (!arguments.has("output")) return;
  const std::string path = arguments.text("output");
  std::vector<std::string> inputs;
  for (const Source& input : outcome.inputs) inputs.push_back(input.path);
  refuse_input_as_output(path, inputs);
  ModelFile model;
  model.name = output.name;
  model.unit = output.unit;
  model.crs = output.crs;
  for (const SolidOutput::Solid& solid : output.solids) {
    session.progress.check();
    model.objects.push_back(object_of(solid, output.metres_per_unit));
  }
  OutputSet outputs(session.overwrite);
  const std::string staged = outputs.stage(path);
  say_losses(write_model(staged, path, model, arguments.text("format"), session.progress), path,
             outcome.findings);
  outputs.commit();
  outcome.outputs = outputs.written();
}

}  // namespace lode::tools
