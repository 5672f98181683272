#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/inspect.h"
#include "libgeo/io/mesh_files.h"

namespace lode {

namespace {

// In the role of a solid everything that bars a volume is an error; without one only what no
// reader of meshes would take.
void judge(const MeshFile& file, const std::string& where, const InspectOptions& options,
           InspectedLayer& seen, Findings& findings, const Progress& progress) {
  if (!options.mesh) {
    TriangleMesh mesh = file.mesh;
    mesh.name = where;
    tidy_mesh(mesh, findings);
    return;
  }
  TriangleMesh mesh = file.mesh;
  mesh.name = where;
  MeshReport report = examine_mesh(mesh, {}, progress);
  for (const MeshDefect& defect : report.defects) {
    std::string place = where;
    for (std::size_t i = 0; i < defect.triangles.size(); ++i)
      place += (i == 0 ? ", triangle " : " and ") +
               std::to_string(std::uint64_t{defect.triangles[i]} + 1);
    findings.add(defect.code, defect.severity, place, defect.message, defect.count);
  }
  report.solid = {};
  seen.mesh = std::move(report);
}

}  // namespace

void inspect_mesh_file(const std::string& path, const InspectOptions& options,
                       Inspection& inspection, const Progress& progress) {
  const auto note = [&](const Error& error) {
    if (error.code.starts_with("run.")) throw error;
    inspection.findings.add(
        {error.code, Severity::error, error.where.empty() ? path : error.where, 1,
         error.hint.empty() ? error.what() : error.what() + (". " + error.hint)});
  };
  InspectedLayer seen;
  seen.source.path = path;
  seen.kind = "mesh";
  std::vector<MeshFile> files;
  try {
    files = read_meshes(path);
  } catch (const Error& error) {
    note(error);
    inspection.layers.push_back(seen);
    return;
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    const MeshFile& file = files[i];
    if (i == 0) inspection.findings.add(file.findings);
    seen.mesh.reset();
    seen.source = file.source;
    seen.source.layer = file.group;
    seen.driver = file.format;
    for (char& c : seen.driver) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    seen.read = true;
    seen.geometry = "surface";
    seen.features = file.mesh.triangles.size();
    const Box3 box = bounds_of(file.mesh);
    seen.extent = Box();
    seen.extent->add(Point{box.lower[0], box.lower[1]});
    seen.extent->add(Point{box.upper[0], box.upper[1]});
    const double share = 1.0 / static_cast<double>(files.size());
    try {
      judge(file, file.group.empty() ? path : path + ", " + file.group, options, seen,
            inspection.findings,
            progress.part(static_cast<double>(i) * share, static_cast<double>(i + 1) * share));
    } catch (const Error& error) {
      note(error);
    }
    inspection.layers.push_back(seen);
  }
}

}  // namespace lode
