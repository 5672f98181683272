// PLY and VTP: formats whose data may be text or binary.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/mesh_parts.h"
#include "libgeo/io/vtk_xml.h"

namespace lode::mesh_files {

namespace {

struct PlyProperty {
  std::string name;
  Type type = Type::none, count_type = Type::none;  // count_type none: a single number
};
struct PlyElement {
  std::string name;
  std::uint64_t count = 0;
  std::vector<PlyProperty> properties;
};

// The body of a PLY file, one number at a time.
class PlyBody {
 public:
  PlyBody(std::string_view bytes, const std::string& path, const std::string& format)
      : bytes_(bytes),
        path_(path),
        text_(format == "ascii"),
        big_(format == "binary_big_endian"),
        scanner_(bytes, path) {}

  double next(Type type) {
    if (text_) {
      const std::string_view word = scanner_.next_word();
      if (word.empty()) end();
      return scanner_.number(word);
    }
    const std::size_t n = size_of(type);
    if (bytes_.size() - at_ < n) end();
    const double value = value_at(bytes_.data() + at_, type, big_);
    at_ += n;
    return value;
  }
  bool finished() { return text_ ? scanner_.next_word().empty() : at_ == bytes_.size(); }

 private:
  [[noreturn]] void end() const {
    refuse("mesh.count", "the file ends before the numbers that its header counts", path_);
  }
  std::string_view bytes_;
  std::string path_;
  bool text_, big_;
  Scanner scanner_;
  std::size_t at_ = 0;
};

std::vector<PlyElement> ply_header(Scanner& scanner, std::string& format, const std::string& path) {
  std::vector<PlyElement> elements;
  std::vector<std::string_view> words;
  if (!scanner.next_line(words) || words[0] != "ply")
    refuse("mesh.syntax", "the file does not begin with ply", path + ", line 1");
  for (;;) {
    if (!scanner.next_line(words))
      refuse("mesh.syntax", "the header does not end", scanner.where());
    if (words[0] == "end_header") return elements;
    const auto bad = [&]() {
      refuse("mesh.syntax", "a line of the header makes no sense", scanner.where());
    };
    if (words[0] == "format" && words.size() >= 2) {
      format = words[1];
      if (format != "ascii" && format != "binary_little_endian" && format != "binary_big_endian")
        bad();
    } else if (words[0] == "element" && words.size() == 3) {
      const std::int64_t count = scanner.integer(words[2]);
      if (count < 0) bad();
      elements.push_back({std::string(words[1]), static_cast<std::uint64_t>(count), {}});
    } else if (words[0] == "property" && !elements.empty()) {
      PlyProperty property;
      if (words.size() == 5 && words[1] == "list") {
        property = {std::string(words[4]), type_of(words[3]), type_of(words[2])};
        if (property.count_type == Type::none) bad();
      } else if (words.size() == 3) {
        property = {std::string(words[2]), type_of(words[1]), Type::none};
      }
      if (property.type == Type::none) bad();
      elements.back().properties.push_back(property);
    } else if (words[0] != "comment" && words[0] != "obj_info") {
      bad();
    }
  }
}

// Where the single numbers of an element go; -1 = nowhere.
std::vector<int> targets_of(const PlyElement& element, MeshValues* values) {
  std::vector<int> target(element.properties.size(), -1);
  const bool vertex = element.name == "vertex";
  if (values == nullptr || (!vertex && element.name != "face")) return target;
  for (std::size_t p = 0; p < target.size(); ++p) {
    const PlyProperty& property = element.properties[p];
    const bool place = property.name == "x" || property.name == "y" || property.name == "z";
    if (property.count_type != Type::none || (vertex && place)) continue;
    target[p] = static_cast<int>(values->columns.size());
    values->columns.push_back(
        {property.name, !vertex, property.type != Type::f32 && property.type != Type::f64, {}});
  }
  return target;
}

void read_element(const PlyElement& element, PlyBody& body, TriangleMesh& mesh, std::size_t& split,
                  MeshValues* values) {
  const bool vertex = element.name == "vertex", face = element.name == "face";
  const std::vector<int> target = targets_of(element, values);
  std::vector<double> row(element.properties.size());
  std::vector<std::int64_t> corners;
  for (std::uint64_t i = 0; i < element.count; ++i) {
    std::array<double, 3> place{NAN, NAN, NAN};
    bool has_corners = false;
    const std::string where = face ? mesh.name + ", face " + std::to_string(i + 1) : std::string();
    for (std::size_t p = 0; p < element.properties.size(); ++p) {
      const PlyProperty& property = element.properties[p];
      if (property.count_type == Type::none) {
        const double value = row[p] = body.next(property.type);
        for (std::size_t axis = 0; axis < 3; ++axis)
          if (vertex && property.name.size() == 1 && property.name[0] == "xyz"[axis])
            place[axis] = value;
        continue;
      }
      const std::int64_t n = index_of(body.next(property.count_type), where);
      const bool wanted =
          face && (property.name == "vertex_indices" || property.name == "vertex_index");
      if (wanted) corners.clear();
      has_corners = has_corners || wanted;
      for (std::int64_t c = 0; c < n; ++c) {
        const double value = body.next(property.type);
        if (wanted) corners.push_back(index_of(value, where));
      }
    }
    const std::size_t before = mesh.triangles.size();
    if (vertex) mesh.vertices.push_back(place);
    if (face && has_corners) add_polygon(mesh, corners, split, where);
    const std::size_t times = vertex ? 1 : mesh.triangles.size() - before;
    for (std::size_t p = 0; p < target.size(); ++p)
      if (target[p] >= 0) {
        auto& numbers = values->columns[static_cast<std::size_t>(target[p])].numbers;
        numbers.resize(numbers.size() + times, row[p]);
      }
  }
}

}  // namespace

void read_ply(std::string_view bytes, TriangleMesh& mesh, std::size_t& split, bool& single,
              MeshValues* values) {
  Scanner scanner(bytes, mesh.name);
  std::string format;
  const auto elements = ply_header(scanner, format, mesh.name);
  if (format.empty()) refuse("mesh.syntax", "the header names no format", mesh.name);
  PlyBody body(bytes.substr(std::min(scanner.position(), bytes.size())), mesh.name, format);
  for (const PlyElement& element : elements) {
    if (element.properties.empty() && element.count > 0)
      refuse("mesh.syntax", "the element '" + printable(element.name) + "' has no property",
             mesh.name);
    for (const PlyProperty& property : element.properties)
      if (element.name == "vertex" && property.name == "x" && property.type == Type::f32)
        single = true;
    read_element(element, body, mesh, split, values);
  }
  if (!body.finished())
    refuse("mesh.count", "more numbers stand in the file than its header counts", mesh.name);
}

void read_vtp(std::string_view bytes, TriangleMesh& mesh, std::size_t& split, bool& single) {
  const VtkFile arrays(bytes, mesh.name);
  if (arrays.type() != "PolyData") refuse("mesh.syntax", "the VTK file is no PolyData", mesh.name);
  if (arrays.count("NumberOfStrips") > 0.0)
    refuse("mesh.unsupported", "triangle strips are not read", mesh.name);
  Type type = Type::none;
  const auto places = arrays.read("Points", "", type);
  single = type == Type::f32;
  if (places.size() % 3 != 0 ||
      static_cast<double>(places.size() / 3) != arrays.count("NumberOfPoints"))
    refuse("mesh.count",
           "the file says " + arrays.said("Piece", "NumberOfPoints") + " points and has " +
               std::to_string(places.size() / 3),
           mesh.name);
  for (std::size_t i = 0; i < places.size(); i += 3)
    mesh.vertices.push_back({places[i], places[i + 1], places[i + 2]});
  const auto corners = arrays.read("Polys", "connectivity", type);
  const auto ends = arrays.read("Polys", "offsets", type);
  if (static_cast<double>(ends.size()) != arrays.count("NumberOfPolys"))
    refuse("mesh.count",
           "the file says " + arrays.said("Piece", "NumberOfPolys") + " faces and has " +
               std::to_string(ends.size()),
           mesh.name);
  std::size_t at = 0;
  std::vector<std::int64_t> face;
  for (std::size_t f = 0; f < ends.size(); ++f) {
    const std::string where = mesh.name + ", face " + std::to_string(f + 1);
    if (!(ends[f] >= static_cast<double>(at) && ends[f] <= static_cast<double>(corners.size())))
      refuse("mesh.count", "the corners of a face are not in the file", where);
    face.clear();
    for (const auto end = static_cast<std::size_t>(ends[f]); at < end; ++at)
      face.push_back(index_of(corners[at], where));
    add_polygon(mesh, face, split, where);
  }
}

}  // namespace lode::mesh_files
