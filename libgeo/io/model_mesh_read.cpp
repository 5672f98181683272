// OBJ with its groups, lines and points; STL, PLY and OFF through the readers of meshes.
#include <charconv>
#include <cmath>
#include <limits>
#include <map>

#include "libgeo/core/text.h"
#include "libgeo/io/mesh_parts.h"
#include "libgeo/io/model_parts.h"
#include "libgeo/io/model_text.h"

namespace lode::model_files {

namespace {

using Kind = ModelObject::Kind;

class ObjReader {
 public:
  ObjReader(std::string_view text, ModelFile& model)
      : scanner_(text, model.source.path), model_(model) {}

  void read() {
    while (scanner_.next_line(words_)) line();
    for (auto& object : model_.objects) {
      object.vertices = vertices_;
      if (object.kind == Kind::points) {
        object.vertices.clear();
        for (const auto v : points_[object.name]) object.vertices.push_back(vertices_[v]);
      } else {
        drop_unused(object);
      }
    }
    if (split_ > 0)
      model_.findings.add("model.polygons_split", Severity::note, model_.source.path,
                          "faces with more than three corners were cut into triangles", split_);
    for (const auto& [word, count] : lost_)
      model_.lost.push_back({"", std::to_string(count) + " '" + word + "' elements"});
    if (colours_) model_.lost.push_back({"", "colours or weights of vertices"});
  }

 private:
  void line() {
    const std::string_view word = words_[0];
    if (word == "v") {
      if (words_.size() < 4)
        refuse("model.syntax", "a vertex has fewer than three numbers", scanner_.where());
      vertices_.push_back({number_at(words_[1], scanner_.where()),
                           number_at(words_[2], scanner_.where()),
                           number_at(words_[3], scanner_.where())});
      colours_ = colours_ || words_.size() > 4;
    } else if (word == "o" || word == "g") {
      std::string name;
      for (std::size_t w = 1; w < words_.size(); ++w)
        name += (w > 1 ? " " : "") + std::string(words_[w]);
      if (word == "o") group_.clear();
      (word == "o" ? object_ : group_) = name;
    } else if (word == "f" || word == "l" || word == "p") {
      element(word);
    } else if (word != "vn" && word != "vt" && word != "s" && word != "usemtl" &&
               word != "mtllib" && word != "vp") {
      ++lost_[printable(word.substr(0, 40))];
    }
  }

  void element(std::string_view word) {
    std::vector<std::uint32_t> corners;
    for (std::size_t i = 1; i < words_.size(); ++i) {
      const std::int64_t said =
          integer_at(words_[i].substr(0, words_[i].find('/')), scanner_.where());
      const auto count = static_cast<std::int64_t>(vertices_.size());
      if (said == 0) refuse("model.index", "there is no vertex 0", scanner_.where());
      // A vertex may follow its face; those that never do are found at the end of it.
      corners.push_back(index_at(said > 0 ? said - 1 : count + said, vertices_.size(), "vertex",
                                 scanner_.where()));
    }
    const Kind kind = word == "f" ? Kind::surface : word == "l" ? Kind::lines : Kind::points;
    ModelObject& object = of(kind);
    if (kind == Kind::points) {
      for (const auto v : corners) points_[object.name].push_back(v);
    } else if (kind == Kind::lines) {
      for (std::size_t i = 1; i < corners.size(); ++i)
        object.segments.push_back({corners[i - 1], corners[i]});
    } else {
      if (corners.size() < 3)
        refuse("model.syntax", "a face has fewer than three corners", scanner_.where());
      split_ += corners.size() > 3 ? 1 : 0;
      add_fan(object, corners);
    }
  }

  ModelObject& of(Kind kind) {
    const std::string name =
        object_.empty() || group_.empty() ? object_ + group_ : object_ + "/" + group_;
    const auto [at, is_new] =
        place_.emplace(std::make_pair(name, static_cast<int>(kind)), model_.objects.size());
    if (is_new) {
      model_.objects.emplace_back();
      model_.objects.back().kind = kind;
      model_.objects.back().name = name;
    }
    return model_.objects[at->second];
  }

  mesh_files::Scanner scanner_;
  ModelFile& model_;
  std::vector<std::string_view> words_;
  std::vector<std::array<double, 3>> vertices_;
  std::string object_, group_;
  std::map<std::pair<std::string, int>, std::size_t> place_;
  std::map<std::string, std::vector<std::uint32_t>> points_;
  std::map<std::string, std::size_t> lost_;
  std::size_t split_ = 0;
  bool colours_ = false;
};

void check_indices(const TriangleMesh& mesh) {
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    for (const auto v : mesh.triangles[t])
      if (v >= mesh.vertices.size())
        refuse("model.index", "there is no vertex " + std::to_string(std::uint64_t{v} + 1),
               mesh.name + ", triangle " + std::to_string(t + 1));
  for (std::size_t v = 0; v < mesh.vertices.size(); ++v)
    for (const double c : mesh.vertices[v])
      if (!(std::abs(c) <= 1e12))
        refuse("model.syntax", "a place cannot be",
               mesh.name + ", vertex " + std::to_string(v + 1));
}

}  // namespace

void read_obj_objects(std::string_view bytes, ModelFile& model) {
  ObjReader(bytes, model).read();
}

void read_mesh_objects(std::string_view bytes, ModelFile& model) {
  TriangleMesh mesh;
  mesh.name = model.source.path;
  std::size_t split = 0;
  bool single = false;
  mesh_files::MeshParts parts;
  mesh_files::MeshValues values;
  if (model.format == "off") mesh_files::read_off(bytes, mesh, split);
  if (model.format == "stl") mesh_files::read_stl(bytes, mesh, single, &parts);
  if (model.format == "ply") mesh_files::read_ply(bytes, mesh, split, single, &values);
  check_indices(mesh);
  if (split > 0)
    model.findings.add("model.polygons_split", Severity::note, model.source.path,
                       "faces with more than three corners were cut into triangles", split);
  if (parts.names.empty() || parts.of.size() != mesh.triangles.size()) {
    parts.names.assign(1, "");
    parts.of.assign(mesh.triangles.size(), 0);
  }
  for (std::size_t p = 0; p < parts.names.size(); ++p) {
    ModelObject object;
    object.name = parts.names[p];
    if (mesh.triangles.empty()) object.kind = Kind::points;
    object.vertices = mesh.vertices;
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
      if (parts.of[t] == p) object.triangles.push_back(mesh.triangles[t]);
    for (const auto& value : values.columns) {
      ModelColumn column;
      column.name = value.name;
      column.place = value.on_faces ? ModelColumn::Place::parts : ModelColumn::Place::vertices;
      if (value.whole) column.kind = ModelColumn::Kind::integer;
      column.numbers = value.numbers;
      object.columns.push_back(std::move(column));
    }
    if (model.format == "stl") {
      drop_unused(object);
      weld(object);
    }
    if (!object.vertices.empty()) model.objects.push_back(std::move(object));
  }
}

}  // namespace lode::model_files
