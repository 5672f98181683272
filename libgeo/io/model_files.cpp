#include "libgeo/io/model_files.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/model_parts.h"
#include "libgeo/io/model_text.h"

namespace lode {

namespace {

using Kind = ModelObject::Kind;
using namespace model_files;

constexpr std::size_t most_bytes = std::size_t{8} << 30;

using Reader = void (*)(std::string_view, ModelFile&);

const std::map<std::string, Reader> readers{{"omf", read_omf},
                                            {"vtu", read_vtk},
                                            {"vti", read_vtk},
                                            {"vtp", read_vtk},
                                            {"str", read_surpac_strings},
                                            {"dtm", read_surpac_dtm},
                                            {"dxf", read_dxf},
                                            {"obj", read_obj_objects},
                                            {"stl", read_mesh_objects},
                                            {"ply", read_mesh_objects},
                                            {"off", read_mesh_objects},
                                            {"ts", read_gocad},
                                            {"pl", read_gocad},
                                            {"vs", read_gocad},
                                            {"gp", read_gocad}};
const std::set<std::string> tables{"csv", "gslib", "dat", "out"};

struct Format {
  Writer write;
  std::set<Kind> kinds;
};

const std::set<Kind> every{Kind::points, Kind::lines, Kind::surface, Kind::blocks};
const std::set<Kind> drawn{Kind::points, Kind::lines, Kind::surface};
const std::map<std::string, Format> writers{{"omf", {write_omf2, every}},
                                            {"omf1", {write_omf1, every}},
                                            {"omf2", {write_omf2, every}},
                                            {"vtu", {write_vtu, every}},
                                            {"vti", {write_vti, {Kind::blocks}}},
                                            {"vtp", {write_vtp, drawn}},
                                            {"str", {write_str, drawn}},
                                            {"dxf", {write_dxf, drawn}},
                                            {"obj", {write_obj, drawn}},
                                            {"stl", {write_stl, {Kind::surface}}},
                                            {"stl-text", {write_stl_text, {Kind::surface}}},
                                            {"ply", {write_ply, {Kind::surface}}},
                                            {"off", {write_off, {Kind::surface}}},
                                            {"ts", {write_gocad, drawn}},
                                            {"pl", {write_gocad, drawn}},
                                            {"vs", {write_gocad, drawn}},
                                            {"gp", {write_gocad, drawn}},
                                            {"gocad", {write_gocad, drawn}},
                                            {"csv", {write_csv, {Kind::points, Kind::blocks}}},
                                            {"gslib", {write_gslib, {Kind::points, Kind::blocks}}},
                                            {"dat", {write_gslib, {Kind::points, Kind::blocks}}},
                                            {"out", {write_gslib, {Kind::points, Kind::blocks}}}};

// The name of the format, which is not always the ending.
std::string format_of(const std::string& ending) {
  if (ending == "ts" || ending == "pl" || ending == "vs" || ending == "gp") return "gocad";
  return ending == "dat" || ending == "out" ? "gslib" : ending;
}

}  // namespace

std::size_t parts_of(const ModelObject& object) {
  switch (object.kind) {
    case ModelObject::Kind::points:
      return object.vertices.size();
    case ModelObject::Kind::lines:
      return object.segments.size();
    case ModelObject::Kind::surface:
      return object.triangles.size();
    case ModelObject::Kind::blocks:
      break;
  }
  return object.blocks.sub_blocks == ModelBlocks::SubBlocks::none ? object.blocks.parents()
                                                                  : object.blocks.corners.size();
}

ModelFile read_model(const std::string& path, const ModelReadOptions& options,
                     const Progress& progress) {
  ModelFile model;
  const std::string ending = ending_of(path);
  model.format = format_of(ending);
  const auto reader = readers.find(ending);
  if (reader == readers.end() && !tables.contains(ending))
    throw Error("model.unsupported", "'" + printable(ending) + "' is no format that is read", path,
                "Give .omf .vtu .vti .vtp .str .dtm .dxf .obj .stl .ply .off .ts .pl .vs .gp .csv, "
                "or .gslib .dat .out for GSLIB text.");
  model.name = std::filesystem::path(path).stem().string();
  model.source.path = path;
  try {
    if (reader == readers.end()) {
      model.source.sha256 = sha256_of_file(path, progress);
      read_block_text(path, options, model, progress);
    } else {
      const std::string bytes = text_of_file(path, "Name a model file.", most_bytes);
      model.source.sha256 = sha256(bytes);
      progress.update(0.1, "reading the model");
      reader->second(bytes, model);
    }
  } catch (const Error& error) {
    // Readers shared with `read_mesh` speak of meshes.
    if (!error.code.starts_with("mesh.")) throw;
    throw Error("model." + error.code.substr(5), error.what(), error.where, error.hint);
  }
  progress.check();
  if (model.objects.empty())
    throw Error("model.nothing", "the file holds no points, lines, surfaces or blocks", path,
                "Is it the file you meant?");
  for (const ModelObject& object : model.objects) model.source.features += parts_of(object);
  return model;
}

bool can_write_model(const std::string& path) {
  return writers.contains(ending_of(path));
}

std::vector<ModelLoss> write_model(const std::string& staged, const std::string& path,
                                   const ModelFile& model, const std::string& format,
                                   const Progress& progress) {
  const std::string said = format.empty() ? ending_of(path) : lower(format);
  const auto writer = writers.find(said);
  if (writer == writers.end()) {
    if (said == "dtm")
      throw Error("model.unsupported",
                  "a .dtm that Surpac loads needs a checksum that is not published", path,
                  "Write .str (vertices) or .dxf (triangles): Surpac reads both.");
    throw Error("model.unsupported", "'" + printable(said) + "' is no format that is written", path,
                "Give .omf .vtu .vti .vtp .str .dxf .obj .stl .ply .off .ts .csv or .gslib.");
  }
  const bool any = std::any_of(
      model.objects.begin(), model.objects.end(),
      [&](const ModelObject& object) { return writer->second.kinds.contains(object.kind); });
  if (!any)
    throw Error("model.nothing", "the format " + said + " holds none of the objects", path,
                "Points, lines and surfaces go to DXF or OMF, block models to OMF, VTU or CSV.");
  progress.update(0.0, "writing the model");
  auto lost = writer->second.write(staged, model);
  progress.check();
  return lost;
}

}  // namespace lode
