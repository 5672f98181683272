// OBJ, STL, PLY and OFF.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

#include "libgeo/core/text.h"
#include "libgeo/io/block_files.h"
#include "libgeo/io/model_parts.h"
#include "libgeo/io/model_text.h"
#include "libgeo/io/vtk_xml.h"

namespace lode::model_files {

namespace {

using Kind = ModelObject::Kind;
using Place = ModelColumn::Place;

std::string triple(const std::array<double, 3>& v) {
  return number_text(v[0]) + " " + number_text(v[1]) + " " + number_text(v[2]);
}

std::string one_line(const std::string& name, const std::string& otherwise) {
  std::string line;
  for (const char c : name) line += c == '\n' || c == '\r' || c == '#' ? ' ' : c;
  line = std::string(trim(line));
  return line.empty() ? otherwise : line;
}

// STL says no unit, no name in its binary form, and stores single precision there.
double largest_error(const ModelFile& model) {
  double error = 0.0;
  for (const ModelObject& object : model.objects)
    if (object.kind == Kind::surface)
      for (const auto& v : object.vertices)
        for (const double c : v)
          error = std::max(error, std::abs(static_cast<double>(static_cast<float>(c)) - c));
  return error;
}

std::array<float, 3> normal_of(const ModelObject& object, const std::array<std::uint32_t, 3>& t) {
  const auto &a = object.vertices[t[0]], &b = object.vertices[t[1]], &c = object.vertices[t[2]];
  std::array<double, 3> u{}, w{}, n{};
  for (std::size_t i = 0; i < 3; ++i) {
    u[i] = b[i] - a[i];
    w[i] = c[i] - a[i];
  }
  for (std::size_t i = 0; i < 3; ++i)
    n[i] = u[(i + 1) % 3] * w[(i + 2) % 3] - u[(i + 2) % 3] * w[(i + 1) % 3];
  const double length = std::hypot(n[0], n[1], n[2]);
  std::array<float, 3> normal{};
  if (length > 0.0)
    for (std::size_t i = 0; i < 3; ++i) normal[i] = static_cast<float>(n[i] / length);
  return normal;
}

// Formats of one mesh without names: all surfaces are joined.
void lose_names(const ModelFile& model, const std::string& format, std::vector<ModelLoss>& lost) {
  std::size_t surfaces = 0;
  for (const ModelObject& object : model.objects) surfaces += object.kind == Kind::surface ? 1 : 0;
  if (surfaces > 1)
    lost.push_back({"", "the names and borders of " + std::to_string(surfaces) +
                            " surfaces: " + format + " holds one mesh, they are joined"});
  for (const ModelObject& object : model.objects)
    if (surfaces == 1 && object.kind == Kind::surface && !object.name.empty())
      lost.push_back({object.name, "the name"});
}

void put_float(std::string& bytes, float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<char>(bits >> (8 * i) & 0xffU));
}

}  // namespace

std::vector<ModelLoss> write_obj(const std::string& staged, const ModelFile& model) {
  std::vector<ModelLoss> lost;
  lose_kinds(model, {Kind::points, Kind::lines, Kind::surface}, "OBJ", lost);
  lose_words(model, true, lost);
  BlockWriter out(staged, staged);
  std::size_t first = 1;
  for (const ModelObject& object : model.objects) {
    if (object.kind == Kind::blocks) continue;
    lose_columns(object, {}, lost);
    if (!object.name.empty() || model.objects.size() > 1)
      out.write("g " + one_line(object.name, "object") + "\n");
    for (const auto& v : object.vertices) out.write("v " + triple(v) + "\n");
    const auto at = [&](std::size_t v) { return std::to_string(first + v); };
    if (object.kind == Kind::points)
      for (std::size_t v = 0; v < object.vertices.size(); ++v) out.write("p " + at(v) + "\n");
    if (object.kind == Kind::lines)
      for (const auto& run : runs_of(object)) {
        std::string line = "l";
        for (const auto v : run) line += " " + at(v);
        out.write(line + "\n");
      }
    for (const auto& t : object.triangles)
      out.write("f " + at(t[0]) + " " + at(t[1]) + " " + at(t[2]) + "\n");
    first += object.vertices.size();
  }
  out.finish();
  return lost;
}

std::vector<ModelLoss> write_stl(const std::string& staged, const ModelFile& model) {
  std::vector<ModelLoss> lost;
  lose_kinds(model, {Kind::surface}, "STL", lost);
  lose_words(model, true, lost);
  lose_names(model, "binary STL", lost);
  const double error = largest_error(model);
  if (error > 0.0)
    lost.push_back({"", "digits of coordinates (single precision): the largest error is " +
                            number_text(error) + "; --format stl-text keeps them"});
  std::uint64_t count = 0;
  for (const ModelObject& object : model.objects) count += object.triangles.size();
  if (count > 0xffffffffULL)
    refuse("model.count", "STL holds at most 4,294,967,295 triangles", staged);
  BlockWriter out(staged, staged);
  std::string head = "binary STL by lode";
  head.resize(80, ' ');
  for (int i = 0; i < 4; ++i) head.push_back(static_cast<char>(count >> (8 * i) & 0xffU));
  out.write(head);
  for (const ModelObject& object : model.objects) {
    if (object.kind != Kind::surface) continue;
    lose_columns(object, {}, lost);
    for (const auto& t : object.triangles) {
      std::string facet;
      for (const float c : normal_of(object, t)) put_float(facet, c);
      for (const auto v : t)
        for (const double c : object.vertices[v]) put_float(facet, static_cast<float>(c));
      facet.append(2, '\0');
      out.write(facet);
    }
  }
  out.finish();
  return lost;
}

std::vector<ModelLoss> write_stl_text(const std::string& staged, const ModelFile& model) {
  std::vector<ModelLoss> lost;
  lose_kinds(model, {Kind::surface}, "STL", lost);
  lose_words(model, true, lost);
  BlockWriter out(staged, staged);
  for (const ModelObject& object : model.objects) {
    if (object.kind != Kind::surface) continue;
    lose_columns(object, {}, lost);
    const std::string name = one_line(object.name, "object");
    out.write("solid " + name + "\n");
    for (const auto& t : object.triangles) {
      std::string facet = "facet normal";
      for (const float c : normal_of(object, t)) facet += " " + number_text(c);
      facet += "\nouter loop\n";
      for (const auto v : t) facet += "vertex " + triple(object.vertices[v]) + "\n";
      out.write(facet + "endloop\nendfacet\n");
    }
    out.write("endsolid " + name + "\n");
  }
  out.finish();
  return lost;
}

std::vector<ModelLoss> write_off(const std::string& staged, const ModelFile& model) {
  std::vector<ModelLoss> lost;
  lose_kinds(model, {Kind::surface}, "OFF", lost);
  lose_words(model, true, lost);
  lose_names(model, "OFF", lost);
  std::size_t vertices = 0, triangles = 0;
  for (const ModelObject& object : model.objects) {
    if (object.kind != Kind::surface) continue;
    lose_columns(object, {}, lost);
    vertices += object.vertices.size();
    triangles += object.triangles.size();
  }
  BlockWriter out(staged, staged);
  out.write("OFF\n" + std::to_string(vertices) + " " + std::to_string(triangles) + " 0\n");
  for (const ModelObject& object : model.objects)
    if (object.kind == Kind::surface)
      for (const auto& v : object.vertices) out.write(triple(v) + "\n");
  std::size_t first = 0;
  for (const ModelObject& object : model.objects) {
    if (object.kind != Kind::surface) continue;
    for (const auto& t : object.triangles)
      out.write("3 " + std::to_string(first + t[0]) + " " + std::to_string(first + t[1]) + " " +
                std::to_string(first + t[2]) + "\n");
    first += object.vertices.size();
  }
  out.finish();
  return lost;
}

namespace {

// Columns of one number each that all surfaces have, on vertices or on faces: properties of PLY.
std::vector<std::string> ply_columns(const ModelFile& model, Place place) {
  std::vector<std::string> names;
  bool first = true;
  for (const ModelObject& object : model.objects) {
    if (object.kind != Kind::surface) continue;
    std::vector<std::string> own;
    for (const ModelColumn& column : object.columns)
      if (column.place == place && is_numeric(column.kind) && column.name != "x" &&
          column.name != "y" && column.name != "z" &&
          column.name.find_first_of(" \t\r\n") == std::string::npos && !column.name.empty() &&
          (first || std::find(names.begin(), names.end(), column.name) != names.end()))
        own.push_back(column.name);
    names = own;
    first = false;
  }
  return names;
}

double number_of(const ModelObject& object, Place place, const std::string& name, std::size_t at) {
  for (const ModelColumn& column : object.columns)
    if (column.place == place && column.name == name && at < column.numbers.size())
      return column.numbers[at];
  return NAN;
}

}  // namespace

std::vector<ModelLoss> write_ply(const std::string& staged, const ModelFile& model) {
  std::vector<ModelLoss> lost;
  lose_kinds(model, {Kind::surface}, "PLY", lost);
  lose_words(model, true, lost);
  lose_names(model, "PLY", lost);
  const auto on_vertices = ply_columns(model, Place::vertices);
  const auto on_faces = ply_columns(model, Place::parts);
  std::set<std::string> kept(on_vertices.begin(), on_vertices.end());
  kept.insert(on_faces.begin(), on_faces.end());
  std::size_t vertices = 0, triangles = 0;
  for (const ModelObject& object : model.objects) {
    if (object.kind != Kind::surface) continue;
    lose_columns(object, kept, lost);
    vertices += object.vertices.size();
    triangles += object.triangles.size();
  }
  if (vertices > 0xffffffffULL) refuse("model.count", "PLY holds at most 2^32 vertices", staged);
  std::string head = "ply\nformat binary_little_endian 1.0\nelement vertex " +
                     std::to_string(vertices) +
                     "\nproperty double x\nproperty double y\nproperty double z\n";
  for (const auto& name : on_vertices) head += "property double " + name + "\n";
  head +=
      "element face " + std::to_string(triangles) + "\nproperty list uchar uint vertex_indices\n";
  for (const auto& name : on_faces) head += "property double " + name + "\n";
  BlockWriter out(staged, staged);
  out.write(head + "end_header\n");
  for (const ModelObject& object : model.objects) {
    if (object.kind != Kind::surface) continue;
    mesh_files::NumberBytes row;
    for (std::size_t v = 0; v < object.vertices.size(); ++v) {
      for (const double c : object.vertices[v]) row.add(c);
      for (const auto& name : on_vertices) row.add(number_of(object, Place::vertices, name, v));
    }
    out.write(row.bytes);
  }
  std::size_t first = 0;
  for (const ModelObject& object : model.objects) {
    if (object.kind != Kind::surface) continue;
    mesh_files::NumberBytes row;
    for (std::size_t t = 0; t < object.triangles.size(); ++t) {
      row.add(std::uint8_t{3});
      for (const auto v : object.triangles[t])
        row.add(static_cast<std::int32_t>(static_cast<std::uint32_t>(first + v)));
      for (const auto& name : on_faces) row.add(number_of(object, Place::parts, name, t));
    }
    out.write(row.bytes);
    first += object.vertices.size();
  }
  out.finish();
  return lost;
}

}  // namespace lode::model_files
