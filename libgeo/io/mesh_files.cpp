#include "libgeo/io/mesh_files.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/length_unit.h"
#include "libgeo/io/mesh_parts.h"
#include "libgeo/io/model_files.h"
#include "libgeo/io/model_text.h"

namespace lode {

namespace mesh_files {

void refuse(const std::string& code, const std::string& what, const std::string& where) {
  throw Error(code, what, where, "Take a sound copy of the file, or write it anew.");
}

bool Scanner::next_line(std::vector<std::string_view>& words) {
  while (at_ < text_.size()) {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    std::string_view line = text_.substr(at_, end - at_);
    at_ = end + 1;
    ++line_;
    line = line.substr(0, line.find('#'));
    words.clear();
    for (std::size_t from = 0; from < line.size();) {
      const auto begin = line.find_first_not_of(" \t\r", from);
      if (begin == std::string_view::npos) break;
      from = std::min(line.find_first_of(" \t\r", begin), line.size());
      words.push_back(line.substr(begin, from - begin));
    }
    if (!words.empty()) return true;
  }
  return false;
}

std::string_view Scanner::next_word() {
  while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string::npos)
    if (text_[at_++] == '\n') ++line_;
  const std::size_t begin = std::min(at_, text_.size());
  at_ = std::min(text_.find_first_of(" \t\r\n", begin), text_.size());
  return text_.substr(begin, at_ - begin);
}

double Scanner::number(std::string_view word) const {
  const auto value = parse_number(word);
  if (!value)
    refuse("mesh.syntax", "'" + printable(word.substr(0, 40)) + "' is no number", where());
  return *value;
}

std::int64_t Scanner::integer(std::string_view word) const {
  std::int64_t value = 0;
  const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (fault != std::errc() || end != word.data() + word.size())
    refuse("mesh.syntax", "'" + printable(word.substr(0, 40)) + "' is no whole number", where());
  return value;
}

void add_polygon(TriangleMesh& mesh, const std::vector<std::int64_t>& corners, std::size_t& split,
                 const std::string& where) {
  if (corners.size() < 3) refuse("mesh.syntax", "a face has fewer than three corners", where);
  for (const std::int64_t corner : corners)
    if (corner < 0 || corner > std::numeric_limits<std::uint32_t>::max())
      refuse("mesh.index", "a face names a vertex that cannot be", where);
  if (corners.size() > 3) ++split;
  for (std::size_t i = 1; i + 1 < corners.size(); ++i)
    mesh.triangles.push_back({static_cast<std::uint32_t>(corners[0]),
                              static_cast<std::uint32_t>(corners[i]),
                              static_cast<std::uint32_t>(corners[i + 1])});
}

void read_obj(std::string_view text, TriangleMesh& mesh, std::size_t& split) {
  Scanner scanner(text, mesh.name);
  std::vector<std::string_view> words;
  std::vector<std::int64_t> corners;
  while (scanner.next_line(words)) {
    if (words[0] == "v") {
      if (words.size() < 4)
        refuse("mesh.syntax", "a vertex has fewer than three numbers", scanner.where());
      mesh.vertices.push_back(
          {scanner.number(words[1]), scanner.number(words[2]), scanner.number(words[3])});
    } else if (words[0] == "f") {
      corners.clear();
      for (std::size_t i = 1; i < words.size(); ++i) {
        const std::int64_t index = scanner.integer(words[i].substr(0, words[i].find('/')));
        const auto count = static_cast<std::int64_t>(mesh.vertices.size());
        if (index == 0 || index < -count)
          refuse("mesh.index", "there is no vertex " + std::to_string(index), scanner.where());
        corners.push_back(index > 0 ? index - 1 : count + index);
      }
      add_polygon(mesh, corners, split, scanner.where());
    }
  }
}

void read_off(std::string_view text, TriangleMesh& mesh, std::size_t& split) {
  Scanner scanner(text, mesh.name);
  std::vector<std::string_view> words;
  if (!scanner.next_line(words) || words[0] != "OFF")
    refuse("mesh.syntax", "the file does not begin with OFF", mesh.name + ", line 1");
  words.erase(words.begin());
  if (words.empty() && !scanner.next_line(words))
    refuse("mesh.syntax", "the file ends before its counts", scanner.where());
  if (words.size() < 2) refuse("mesh.syntax", "the counts are not there", scanner.where());
  const std::int64_t vertices = scanner.integer(words[0]), faces = scanner.integer(words[1]);
  for (std::int64_t v = 0; v < vertices; ++v) {
    if (!scanner.next_line(words) || words.size() < 3)
      refuse("mesh.count",
             "the file says " + std::to_string(vertices) + " vertices and has " + std::to_string(v),
             scanner.where());
    mesh.vertices.push_back(
        {scanner.number(words[0]), scanner.number(words[1]), scanner.number(words[2])});
  }
  std::vector<std::int64_t> corners;
  for (std::int64_t f = 0; f < faces; ++f) {
    if (!scanner.next_line(words))
      refuse("mesh.count",
             "the file says " + std::to_string(faces) + " faces and has " + std::to_string(f),
             scanner.where());
    const std::int64_t n = scanner.integer(words[0]);
    if (n < 0 || static_cast<std::size_t>(n) + 1 > words.size())
      refuse("mesh.count", "a face has fewer corners than it says", scanner.where());
    corners.clear();
    for (std::size_t i = 1; i <= static_cast<std::size_t>(n); ++i)
      corners.push_back(scanner.integer(words[i]));
    add_polygon(mesh, corners, split, scanner.where());
  }
  if (scanner.next_line(words))
    refuse("mesh.count", "more lines stand in the file than its counts say", scanner.where());
}

namespace {

float little_float(const char* at) {
  std::uint32_t bits = 0;
  for (std::size_t i = 4; i-- > 0;) bits = bits << 8 | static_cast<unsigned char>(at[i]);
  return std::bit_cast<float>(bits);
}

void read_text_stl(std::string_view text, TriangleMesh& mesh, MeshParts* parts) {
  Scanner scanner(text, mesh.name);
  std::vector<std::string_view> words;
  std::size_t in_loop = 0;
  while (scanner.next_line(words)) {
    if (words[0] == "vertex") {
      if (words.size() != 4 || ++in_loop > 3)
        refuse("mesh.syntax", "a facet has three vertices of three numbers", scanner.where());
      mesh.vertices.push_back(
          {scanner.number(words[1]), scanner.number(words[2]), scanner.number(words[3])});
    } else if (words[0] == "endloop") {
      if (in_loop != 3) refuse("mesh.syntax", "a facet has three vertices", scanner.where());
      in_loop = 0;
      const auto n = static_cast<std::uint32_t>(mesh.vertices.size());
      mesh.triangles.push_back({n - 3, n - 2, n - 1});
      if (parts != nullptr && !parts->names.empty())
        parts->of.push_back(static_cast<std::uint32_t>(parts->names.size() - 1));
    } else if (words[0] == "solid") {
      std::string name;
      for (std::size_t w = 1; w < words.size(); ++w)
        name += (w > 1 ? " " : "") + std::string(words[w]);
      if (parts != nullptr) parts->names.push_back(name);
    } else if (words[0] != "facet" && words[0] != "outer" && words[0] != "endfacet" &&
               words[0] != "endsolid") {
      refuse("mesh.syntax", "'" + printable(words[0].substr(0, 40)) + "' is no word of an STL file",
             scanner.where());
    }
  }
  if (in_loop != 0) refuse("mesh.syntax", "the file ends within a facet", scanner.where());
}

}  // namespace

void read_stl(std::string_view bytes, TriangleMesh& mesh, bool& single, MeshParts* parts) {
  std::uint64_t said = 0;
  if (bytes.size() >= 84)
    for (std::size_t i = 4; i-- > 0;) said = said << 8 | static_cast<unsigned char>(bytes[80 + i]);
  // Some writers begin a binary file with "solid" too: the size tells.
  if (bytes.size() < 84 || bytes.size() != 84 + 50 * said) {
    if (bytes.substr(0, 5) == "solid") return read_text_stl(bytes, mesh, parts);
    if (bytes.size() < 84)
      refuse("mesh.syntax", "the file is too short for an STL file", mesh.name);
    refuse("mesh.count",
           "the file says " + std::to_string(said) + " triangles and has room for " +
               std::to_string((bytes.size() - 84) / 50),
           mesh.name);
  }
  single = true;
  mesh.vertices.reserve(3 * said);
  mesh.triangles.reserve(said);
  for (std::uint64_t t = 0; t < said; ++t) {
    const char* at = bytes.data() + 84 + 50 * t + 12;
    for (std::size_t c = 0; c < 3; ++c, at += 12)
      mesh.vertices.push_back({little_float(at), little_float(at + 4), little_float(at + 8)});
    const auto n = static_cast<std::uint32_t>(mesh.vertices.size());
    mesh.triangles.push_back({n - 3, n - 2, n - 1});
  }
}

}  // namespace mesh_files

namespace {

bool is_own_format(const std::string& ending) {
  return ending == "obj" || ending == "stl" || ending == "ply" || ending == "off" ||
         ending == "vtp";
}

// The unit that a model says, in metres; 0 when it says none.
double said_unit(const ModelFile& model) {
  const std::string name = lower(trim(model.unit));
  if (name.empty() || name == "unknown" || name == "unitless" || name == "none") return 0.0;
  if (const auto metres = length_unit_m(name)) return *metres;
  throw Error("mesh.unknown_unit",
              "the file says that its unit of length is '" + printable(model.unit) + "'",
              model.source.path, "Convert it first: lode convert --unit m.");
}

// What single precision costs far from the origin, and the unit.
void scale(MeshFile& file, double metres_per_unit, bool single) {
  if (file.format == "dxf" && file.unit_m > 0.0) {
    // Drawings in metres that say inches are the rule: programs leave $INSUNITS at its default.
    if (std::abs(file.unit_m / metres_per_unit - 1.0) > 1e-9)
      file.findings.add("mesh.unit", Severity::warning, file.source.path,
                        "the drawing says that its unit is " + number_text(file.unit_m) +
                            " m ($INSUNITS, often left at its default): its coordinates were "
                            "taken for units of " +
                            number_text(metres_per_unit) + " m all the same");
    file.unit_m = 0.0;
  }
  if (file.unit_m > 0.0) {
    if (std::abs(file.unit_m / metres_per_unit - 1.0) > 1e-9)
      file.findings.add("mesh.unit", Severity::warning, file.source.path,
                        "the file says that its unit is " + number_text(file.unit_m) +
                            " m: its coordinates were taken so");
    metres_per_unit = file.unit_m;
  }
  double far = 0.0;
  for (auto& v : file.mesh.vertices)
    for (double& c : v) {
      far = std::max(far, std::abs(c));
      c *= metres_per_unit;
    }
  if (single && far > 1e5)
    file.findings.add("mesh.single_precision", Severity::warning, file.source.path,
                      "coordinates up to " + number_text(far) +
                          " are stored in single precision, which keeps 1 part in 16 million: "
                          "corners are off by up to " +
                          number_text(std::ldexp(1.0, std::ilogb(far) - 24)));
  file.source.features = file.mesh.triangles.size();
}

// Whether the coordinates of a file are in single precision: what `read_model` does not say.
bool is_single(const std::string& path, const std::string& ending) {
  if (ending != "stl" && ending != "ply" && ending != "vtp") return false;
  return read_mesh(path).findings.has("mesh.single_precision");
}

// An OBJ without groups is not worth a second reading.
bool has_groups(const std::string& path) {
  const std::string text = text_of_file(path, "Name a mesh file.", std::size_t{4} << 30);
  const std::string_view whole(text);
  return whole.starts_with("g ") || whole.starts_with("o ") ||
         whole.find("\ng ") != std::string_view::npos ||
         whole.find("\no ") != std::string_view::npos;
}

// The surfaces of a model as meshes. Codes of `read_model` are said as those of meshes.
std::vector<MeshFile> surfaces_of(const std::string& path) {
  ModelFile model;
  try {
    model = read_model(path);
  } catch (const Error& error) {
    if (error.code == "model.nothing")
      throw Error("mesh.empty", "the file holds no triangle", path, "Name a file with a surface.");
    if (!error.code.starts_with("model.")) throw;
    throw Error("mesh." + error.code.substr(6), error.what(), error.where, error.hint);
  }
  const double unit_m = said_unit(model);
  std::vector<MeshFile> files;
  for (ModelObject& object : model.objects) {
    if (object.kind != ModelObject::Kind::surface || object.triangles.empty()) continue;
    MeshFile file;
    file.group = object.name;
    file.mesh.name = object.name.empty() ? path : path + ", group '" + printable(object.name) + "'";
    file.mesh.vertices = std::move(object.vertices);
    file.mesh.triangles = std::move(object.triangles);
    file.source = model.source;
    file.format = model.format;
    file.crs = model.crs;
    file.unit_m = unit_m;
    if (files.empty()) file.findings = model.findings;
    files.push_back(std::move(file));
  }
  if (files.empty())
    throw Error("mesh.empty", "the file holds no triangle", path, "Name a file with a surface.");
  // A drawing's blocks and texts may be parts of the body; elsewhere colours and textures are lost.
  for (const ModelLoss& loss : model.lost)
    files.front().findings.add("mesh.left_out",
                               model.format == "dxf" ? Severity::warning : Severity::note,
                               loss.object.empty() ? path : path + ", " + printable(loss.object),
                               "not read: " + loss.what);
  return files;
}

MeshFile joined(const std::string& path) {
  auto files = surfaces_of(path);
  MeshFile all = std::move(files[0]);
  for (std::size_t f = 1; f < files.size(); ++f) {
    const std::size_t base = all.mesh.vertices.size();
    if (base + files[f].mesh.vertices.size() > std::numeric_limits<std::uint32_t>::max())
      throw Error("mesh.count", "the surfaces have too many vertices together", path,
                  "Convert them one by one: lode convert --object.");
    all.mesh.vertices.insert(all.mesh.vertices.end(), files[f].mesh.vertices.begin(),
                             files[f].mesh.vertices.end());
    for (auto triangle : files[f].mesh.triangles) {
      for (auto& corner : triangle) corner += static_cast<std::uint32_t>(base);
      all.mesh.triangles.push_back(triangle);
    }
  }
  all.group.clear();
  all.mesh.name = path;
  return all;
}

}  // namespace

bool is_mesh_file(const std::string& path) {
  const std::string ending = model_files::ending_of(path);
  return is_own_format(ending) || ending == "dxf" || ending == "dtm" || ending == "ts" ||
         ending == "gp" || ending == "vtu" || ending == "omf";
}

MeshFile read_mesh(const std::string& path, double metres_per_unit) {
  MeshFile file;
  file.format = model_files::ending_of(path);
  if (!is_mesh_file(path))
    throw Error("mesh.unsupported",
                "'" + printable(file.format) + "' is no mesh format that is read", path,
                "Give OBJ, STL, PLY, OFF, VTP, VTU, DXF, DTM, TS, GP or OMF.");
  if (!is_own_format(file.format)) {
    file = joined(path);
    scale(file, metres_per_unit, false);
    return file;
  }
  const std::string bytes = text_of_file(path, "Name a mesh file.", std::size_t{4} << 30);
  file.source.path = path;
  file.source.sha256 = sha256(bytes);
  TriangleMesh& mesh = file.mesh;
  mesh.name = path;
  std::size_t split = 0;
  bool single = false;
  if (file.format == "obj") mesh_files::read_obj(bytes, mesh, split);
  if (file.format == "off") mesh_files::read_off(bytes, mesh, split);
  if (file.format == "stl") mesh_files::read_stl(bytes, mesh, single);
  if (file.format == "ply") mesh_files::read_ply(bytes, mesh, split, single);
  if (file.format == "vtp") mesh_files::read_vtp(bytes, mesh, split, single);
  if (file.format == "vtp") {
    // The numbers are read here for their precision; what else the file says, where models are.
    const std::vector<MeshFile> said = surfaces_of(path);
    file.crs = said.front().crs;
    file.unit_m = said.front().unit_m;
  }
  if (split > 0)
    file.findings.add("mesh.polygons_split", Severity::note, path,
                      "faces with more than three corners were cut into triangles", split);
  scale(file, metres_per_unit, single);
  return file;
}

void check_mesh_crs(const MeshFile& file, const Crs& crs, Findings& findings) {
  if (file.crs.empty()) return;
  std::optional<Crs> own;
  try {
    own = parse_crs(file.crs, file.source.path);
  } catch (const Error& error) {
    if (error.code == "run.interrupted") throw;
  }
  if (!own)
    findings.add("mesh.crs_unknown", Severity::warning, file.source.path,
                 "the file says the CRS '" + printable(file.crs) +
                     "', which is not known: its coordinates were taken for " + crs.label());
  else if (!(*own == crs))
    throw Error("mesh.other_crs",
                "the file says that it stands in " + own->label() + ", not in " + crs.label(),
                file.source.path, "Bring it into that CRS first: nothing is reprojected unasked.");
}

std::vector<MeshFile> read_meshes(const std::string& path, double metres_per_unit) {
  const std::string ending = model_files::ending_of(path);
  std::vector<MeshFile> files;
  // Formats without names are read as one; so is a file that has no groups.
  const bool named = ending == "obj" ? has_groups(path) : ending != "ply" && ending != "off";
  if (named && is_mesh_file(path)) files = surfaces_of(path);
  if (files.size() < 2 && (files.empty() || files[0].group.empty()))
    return {read_mesh(path, metres_per_unit)};
  const bool single = is_single(path, ending);
  for (MeshFile& file : files) scale(file, metres_per_unit, single);
  return files;
}

std::string obj_text(const TriangleMesh& mesh) {
  std::string text;
  for (const auto& v : mesh.vertices)
    text += "v " + number_text(v[0]) + " " + number_text(v[1]) + " " + number_text(v[2]) + "\n";
  for (const auto& t : mesh.triangles)
    text += "f " + std::to_string(std::uint64_t{t[0]} + 1) + " " +
            std::to_string(std::uint64_t{t[1]} + 1) + " " +
            std::to_string(std::uint64_t{t[2]} + 1) + "\n";
  return text;
}

}  // namespace lode
