// VTU, VTI and VTP to objects: by kind of cell, and by the array "object" where one stands.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "libgeo/core/text.h"
#include "libgeo/io/mesh_parts.h"
#include "libgeo/io/model_blocks.h"
#include "libgeo/io/model_parts.h"
#include "libgeo/io/model_text.h"
#include "libgeo/io/vtk_xml.h"

namespace lode::model_files {

namespace {

using mesh_files::Type;
using mesh_files::VtkArray;
using mesh_files::VtkFile;
using Kind = ModelObject::Kind;
using Place = ModelColumn::Place;

// Cells of any kind: VTK's number of the kind, and corners by place in a list.
struct Cells {
  std::vector<int> kind;
  std::vector<std::uint32_t> corners;
  std::vector<std::size_t> ends;

  [[nodiscard]] std::vector<std::uint32_t> of(std::size_t cell) const {
    const std::size_t from = cell == 0 ? 0 : ends[cell - 1];
    return {corners.begin() + static_cast<std::ptrdiff_t>(from),
            corners.begin() + static_cast<std::ptrdiff_t>(ends[cell])};
  }
};

constexpr int vertex_cell = 2, line_cell = 4, strip_cell = 6, polygon_cell = 7, pixel_cell = 8,
              voxel_cell = 11, hexahedron_cell = 12;

// -1 for kinds that are not read.
int group_of(int kind) {
  if (kind == 1 || kind == vertex_cell) return static_cast<int>(Kind::points);
  if (kind == 3 || kind == line_cell) return static_cast<int>(Kind::lines);
  if (kind >= 5 && kind <= 9) return static_cast<int>(Kind::surface);
  if (kind == voxel_cell || kind == hexahedron_cell) return static_cast<int>(Kind::blocks);
  return -1;
}

void add_cells(const std::vector<double>& corners, const std::vector<double>& ends, int kind,
               std::size_t points, const std::string& path, Cells& cells) {
  std::size_t at = 0;
  const std::size_t base = cells.corners.size();
  for (std::size_t c = 0; c < ends.size(); ++c) {
    const std::string where = path + ", cell " + std::to_string(cells.kind.size() + 1);
    if (!(ends[c] >= static_cast<double>(at) && ends[c] <= static_cast<double>(corners.size())))
      refuse("model.count", "the corners of a cell are not in the file", where);
    for (const auto end = static_cast<std::size_t>(ends[c]); at < end; ++at)
      cells.corners.push_back(
          index_at(mesh_files::index_of(corners[at], where), points, "vertex", where));
    cells.kind.push_back(kind);
    cells.ends.push_back(base + at);
  }
}

ModelColumn column_of(const VtkArray& array, Place place,
                      const std::map<std::string, std::vector<std::string>>& words) {
  ModelColumn column;
  column.name = array.name;
  column.place = place;
  if (array.is_text) {
    column = column_of_texts(array.name, place, array.words);
    return column;
  }
  column.numbers = array.numbers;
  if (array.components == 2) column.kind = ModelColumn::Kind::vector2;
  if (array.components == 3) column.kind = ModelColumn::Kind::vector3;
  if (array.components != 1) return column;
  if (array.type != Type::f32 && array.type != Type::f64) column.kind = ModelColumn::Kind::integer;
  const auto at = words.find(array.name);
  if (at == words.end()) return column;
  column.kind = ModelColumn::Kind::category;
  column.words = at->second;
  for (double& code : column.numbers)
    if (!(code >= 0.0 && code < static_cast<double>(column.words.size()))) code = NAN;
  return column;
}

// Columns of a section, checked against the count of what they stand on.
std::vector<ModelColumn> columns_of(const VtkFile& file, const std::string& section, Place place,
                                    std::size_t count, ModelFile& model) {
  std::map<std::string, std::vector<std::string>> words;
  for (const VtkArray& array : file.all("FieldData"))
    if (array.is_text && array.name.ends_with("_words"))
      words[array.name.substr(0, array.name.size() - 6)] = array.words;
  std::vector<ModelColumn> columns;
  for (const VtkArray& array : file.all(section)) {
    const std::size_t values =
        array.is_text ? array.words.size() : array.numbers.size() / array.components;
    if (values != count)
      refuse("model.count",
             "array '" + printable(array.name) + "' has " + std::to_string(values) +
                 " values, there are " + std::to_string(count),
             model.source.path);
    if (array.is_text || array.components <= 3) {
      columns.push_back(column_of(array, place, words));
      continue;
    }
    for (std::size_t c = 0; c < array.components; ++c) {
      ModelColumn one;
      one.name = array.name + "_" + std::to_string(c + 1);
      one.place = place;
      for (std::size_t v = 0; v < count; ++v)
        one.numbers.push_back(array.numbers[v * array.components + c]);
      columns.push_back(std::move(one));
    }
  }
  return columns;
}

// One object in the making: its cells, and where its vertices and parts come from.
struct Piece {
  ModelObject object;
  std::vector<std::uint32_t> vertex_from, part_from;
  std::vector<std::size_t> boxes;  // cells
};

class Splitter {
 public:
  Splitter(const std::vector<std::array<double, 3>>& points, const Cells& cells, bool single,
           ModelFile& model)
      : points_(points), cells_(cells), single_(single), model_(model) {}

  void split(const std::vector<ModelColumn>& on_points, const std::vector<ModelColumn>& on_cells,
             const std::vector<std::string>& names) {
    std::vector<double> object_of(cells_.kind.size(), 0.0);
    for (const ModelColumn& column : on_cells)
      if (column.name == "object" && column.numbers.size() == object_of.size())
        object_of = column.numbers;
    std::size_t unknown = 0;
    for (std::size_t c = 0; c < cells_.kind.size(); ++c) {
      const int group = group_of(cells_.kind[c]);
      if (group < 0) {
        ++unknown;
        continue;
      }
      const auto key = std::make_pair(object_of[c], group);
      const auto [at, is_new] = place_.emplace(key, pieces_.size());
      if (is_new) {
        pieces_.emplace_back();
        pieces_.back().object.kind = static_cast<Kind>(group);
        const double n = object_of[c];
        if (n >= 0.0 && n < static_cast<double>(names.size()))
          pieces_.back().object.name = names[static_cast<std::size_t>(n)];
      }
      add(pieces_[at->second], c);
    }
    if (unknown > 0)
      model_.lost.push_back({"", std::to_string(unknown) + " cells of kinds that are not read"});
    for (Piece& piece : pieces_) finish(piece, on_points, on_cells);
  }

 private:
  // Corners counted in the file become corners of the object, whose vertices keep the file's order.
  void number_vertices(Piece& piece) const {
    std::vector<std::uint32_t>& used = piece.vertex_from;
    for (const auto& t : piece.object.triangles) used.insert(used.end(), t.begin(), t.end());
    for (const auto& s : piece.object.segments) used.insert(used.end(), s.begin(), s.end());
    std::sort(used.begin(), used.end());
    used.erase(std::unique(used.begin(), used.end()), used.end());
    const auto renumber = [&](std::uint32_t& v) {
      v = static_cast<std::uint32_t>(std::lower_bound(used.begin(), used.end(), v) - used.begin());
    };
    for (auto& t : piece.object.triangles)
      for (auto& v : t) renumber(v);
    for (auto& s : piece.object.segments)
      for (auto& v : s) renumber(v);
    for (const auto from : used) piece.object.vertices.push_back(points_[from]);
  }

  void add(Piece& piece, std::size_t cell) {
    std::vector<std::uint32_t> corners = cells_.of(cell);
    const int kind = cells_.kind[cell];
    const auto from = static_cast<std::uint32_t>(cell);
    if (piece.object.kind == Kind::blocks) return piece.boxes.push_back(cell);
    if (piece.object.kind == Kind::points) {
      for (const auto v : corners) {
        piece.object.vertices.push_back(points_[v]);
        piece.vertex_from.push_back(v);
        piece.part_from.push_back(from);
      }
      return;
    }
    if (piece.object.kind == Kind::lines) {
      for (std::size_t i = 1; i < corners.size(); ++i) {
        piece.object.segments.push_back({corners[i - 1], corners[i]});
        piece.part_from.push_back(from);
      }
      return;
    }
    if (corners.size() < 3)
      refuse("model.syntax", "a face has fewer than three corners",
             model_.source.path + ", cell " + std::to_string(cell + 1));
    if (kind == pixel_cell && corners.size() == 4) std::swap(corners[2], corners[3]);
    const std::size_t before = piece.object.triangles.size();
    if (kind == strip_cell) {
      for (std::size_t i = 2; i < corners.size(); ++i) {
        const bool odd = i % 2 == 1;
        piece.object.triangles.push_back(
            {corners[i - (odd ? 1 : 2)], corners[i - (odd ? 2 : 1)], corners[i]});
      }
    } else {
      add_fan(piece.object, corners);
      split_ += corners.size() > 3 ? 1 : 0;
    }
    piece.part_from.resize(piece.part_from.size() + piece.object.triangles.size() - before, from);
  }

  // Corners as a box along axes; false when the cell is none.
  [[nodiscard]] std::array<std::array<double, 3>, 3> edges(std::size_t cell) const {
    const auto corners = cells_.of(cell);
    const bool voxel = cells_.kind[cell] == voxel_cell;
    std::array<std::array<double, 3>, 3> edge{};
    for (std::size_t c = 0; c < 3; ++c) {
      const double from = points_[corners[0]][c];
      edge[0][c] = points_[corners[1]][c] - from;
      edge[1][c] = points_[corners[voxel ? 2 : 3]][c] - from;
      edge[2][c] = points_[corners[4]][c] - from;
    }
    return edge;
  }

  bool box(std::size_t cell, const std::array<std::array<double, 3>, 3>& axes,
           BlockBoxRow& row) const {
    const auto corners = cells_.of(cell);
    const bool voxel = cells_.kind[cell] == voxel_cell;
    const auto edge = edges(cell);
    double far = 0.0, largest = 0.0;
    for (std::size_t a = 0; a < 3; ++a) {
      row.size[a] = 0.0;
      for (std::size_t c = 0; c < 3; ++c) row.size[a] += edge[a][c] * axes[a][c];
      largest = std::max(largest, row.size[a]);
      far = std::max(far, std::abs(points_[corners[0]][a]));
    }
    const double rounding = far * (single_ ? 5e-7 : 1e-15);
    const double tolerance = 8.0 * rounding + 1e-6 * largest;
    static constexpr std::array<std::array<int, 3>, 8> ring{
        {{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0}, {0, 0, 1}, {1, 0, 1}, {1, 1, 1}, {0, 1, 1}}};
    for (std::size_t v = 0; v < 8; ++v) {
      std::array<int, 3> at = ring[v];
      if (voxel)
        at = {static_cast<int>(v & 1), static_cast<int>(v >> 1 & 1), static_cast<int>(v >> 2)};
      for (std::size_t c = 0; c < 3; ++c) {
        double expected = points_[corners[0]][c];
        for (std::size_t a = 0; a < 3; ++a) expected += at[a] * row.size[a] * axes[a][c];
        if (!(std::abs(points_[corners[v]][c] - expected) <= tolerance)) return false;
      }
    }
    const std::size_t opposite = voxel ? 7 : 6;
    for (std::size_t c = 0; c < 3; ++c)
      row.centre[c] = points_[corners[0]][c] / 2.0 + points_[corners[opposite]][c] / 2.0;
    // Digits beyond those of the coordinates are rounding.
    for (double& size : row.size) {
      const double round = std::round(size * 1e6) / 1e6;
      if (std::abs(round - size) <= 8.0 * rounding) size = round;
      if (!(size > 0.0)) return false;
    }
    return true;
  }

  void boxes(Piece& piece, std::vector<std::uint32_t>& kept) {
    std::array<std::array<double, 3>, 3> axes{};
    for (const std::size_t cell : piece.boxes) {
      if (cells_.of(cell).size() != 8)
        refuse("model.count", "a hexahedron does not have eight corners",
               model_.source.path + ", cell " + std::to_string(cell + 1));
      const auto edge = edges(cell);
      for (std::size_t a = 0; a < 3; ++a)
        for (std::size_t c = 0; c < 3; ++c) axes[a][c] += edge[a][c];
    }
    for (auto& axis : axes) {
      const double length = std::hypot(axis[0], axis[1], axis[2]);
      for (double& c : axis) c = std::abs(c) < 1e-12 * length ? 0.0 : c / length;
    }
    std::vector<BlockBoxRow> rows;
    std::size_t other = 0;
    for (const std::size_t cell : piece.boxes) {
      BlockBoxRow row;
      if (box(cell, axes, row)) {
        rows.push_back(row);
        kept.push_back(static_cast<std::uint32_t>(cell));
      } else {
        ++other;
      }
    }
    if (other > 0)
      model_.lost.push_back({piece.object.name, std::to_string(other) +
                                                    " hexahedra that are no boxes along one system "
                                                    "of axes"});
    rows_ = std::move(rows);
    axes_ = axes;
  }

  void finish(Piece& piece, const std::vector<ModelColumn>& on_points,
              const std::vector<ModelColumn>& on_cells) {
    const bool blocks = piece.object.kind == Kind::blocks;
    if (blocks) boxes(piece, piece.part_from);
    if (piece.object.kind == Kind::lines || piece.object.kind == Kind::surface)
      number_vertices(piece);
    if (blocks && rows_.empty()) return;
    for (const ModelColumn& column : on_cells) {
      if (column.name == "object") continue;
      ModelColumn one = spread(column, piece.part_from);
      one.place = piece.object.kind == Kind::points ? Place::vertices : Place::parts;
      if (worth(one)) piece.object.columns.push_back(std::move(one));
    }
    if (!blocks) {
      for (const ModelColumn& column : on_points) {
        ModelColumn one = spread(column, piece.vertex_from);
        if (worth(one)) piece.object.columns.push_back(std::move(one));
      }
    } else if (!on_points.empty()) {
      model_.lost.push_back({piece.object.name, std::to_string(on_points.size()) +
                                                    " columns on the corners of blocks"});
    }
    if (blocks) fit_blocks(piece.object, rows_, axes_, model_.findings, model_.source.path);
    model_.objects.push_back(std::move(piece.object));
  }

  // A file of several objects has the columns of all for each: those without a value are not its.
  [[nodiscard]] bool worth(const ModelColumn& column) const {
    if (pieces_.size() < 2 || column.kind == ModelColumn::Kind::text) return true;
    return std::any_of(column.numbers.begin(), column.numbers.end(),
                       [](double value) { return !std::isnan(value); });
  }

  const std::vector<std::array<double, 3>>& points_;
  const Cells& cells_;
  bool single_;
  ModelFile& model_;
  std::map<std::pair<double, int>, std::size_t> place_;
  std::vector<Piece> pieces_;
  std::vector<BlockBoxRow> rows_;
  std::array<std::array<double, 3>, 3> axes_{};

 public:
  std::size_t split_ = 0;
};

std::vector<std::string> object_names(const VtkFile& file) {
  for (const VtkArray& array : file.all("FieldData"))
    if (array.name == "object_names" && array.is_text) return array.words;
  return {};
}

void field_words(const VtkFile& file, ModelFile& model) {
  for (const VtkArray& array : file.all("FieldData")) {
    if (!array.is_text || array.words.empty()) continue;
    if (array.name == "crs") model.crs = array.words[0];
    if (array.name == "unit") model.unit = array.words[0];
  }
}

void read_cells(const VtkFile& file, ModelFile& model) {
  const std::string& path = model.source.path;
  Type type = Type::none;
  const auto places = file.read("Points", "", type);
  const bool single = type == Type::f32;
  if (places.size() % 3 != 0 ||
      static_cast<double>(places.size() / 3) != file.count("NumberOfPoints"))
    refuse("model.count",
           "the file says " + file.said("Piece", "NumberOfPoints") + " points and has " +
               std::to_string(places.size() / 3),
           path);
  std::vector<std::array<double, 3>> points;
  for (std::size_t i = 0; i < places.size(); i += 3) {
    points.push_back({places[i], places[i + 1], places[i + 2]});
    for (const double c : points.back())
      if (!(std::abs(c) <= 1e12))
        refuse("model.syntax", "a place cannot be", path + ", point " + std::to_string(i / 3 + 1));
  }
  Cells cells;
  const bool grid = file.type() == "UnstructuredGrid";
  if (grid) {
    const auto kinds = file.read("Cells", "types", type);
    add_cells(file.read("Cells", "connectivity", type), file.read("Cells", "offsets", type), 0,
              points.size(), path, cells);
    if (kinds.size() != cells.kind.size() ||
        static_cast<double>(kinds.size()) != file.count("NumberOfCells"))
      refuse("model.count", "the numbers of cells, their ends and kinds differ", path);
    for (std::size_t c = 0; c < kinds.size(); ++c) cells.kind[c] = static_cast<int>(kinds[c]);
  } else {
    for (const auto& [section, kind] : {std::pair<const char*, int>{"Verts", vertex_cell},
                                        {"Lines", line_cell},
                                        {"Polys", polygon_cell},
                                        {"Strips", strip_cell}}) {
      const std::size_t before = cells.kind.size();
      if (file.has(section))
        add_cells(file.read(section, "connectivity", type), file.read(section, "offsets", type),
                  kind, points.size(), path, cells);
      const double said = file.count(std::string("NumberOf") + section);
      if (static_cast<double>(cells.kind.size() - before) != said)
        refuse("model.count", std::string("the number of ") + section + " is not what is said",
               path);
    }
  }
  const auto on_cells = columns_of(file, "CellData", Place::parts, cells.kind.size(), model);
  const auto on_points = columns_of(file, "PointData", Place::vertices, points.size(), model);
  if (cells.kind.empty() && !points.empty()) {
    ModelObject object;
    object.kind = Kind::points;
    object.vertices = std::move(points);
    object.columns = on_points;
    model.objects.push_back(std::move(object));
    return;
  }
  Splitter splitter(points, cells, single, model);
  splitter.split(on_points, on_cells, object_names(file));
  if (splitter.split_ > 0)
    model.findings.add("model.polygons_split", Severity::note, path,
                       "faces with more than three corners were cut into triangles",
                       splitter.split_);
}

std::vector<double> numbers_said(const VtkFile& file, const std::string& name, std::size_t count,
                                 const std::vector<double>& otherwise, const std::string& path) {
  const std::string text = file.said("ImageData", name);
  if (text.empty() && !otherwise.empty()) return otherwise;
  std::vector<std::string_view> words;
  words_of(text, words);
  if (words.size() != count)
    refuse("model.syntax", name + " does not have " + std::to_string(count) + " numbers", path);
  std::vector<double> list;
  for (const auto word : words) list.push_back(number_at(word, path));
  return list;
}

void read_image(const VtkFile& file, ModelFile& model) {
  const std::string& path = model.source.path;
  const auto extent = numbers_said(file, "WholeExtent", 6, {}, path);
  const auto origin = numbers_said(file, "Origin", 3, {0, 0, 0}, path);
  const auto spacing = numbers_said(file, "Spacing", 3, {1, 1, 1}, path);
  const auto turn = numbers_said(file, "Direction", 9, {1, 0, 0, 0, 1, 0, 0, 0, 1}, path);
  ModelObject object;
  object.kind = Kind::blocks;
  double cells = 1.0, corners = 1.0;
  std::array<double, 3> count{};
  for (std::size_t a = 0; a < 3; ++a) {
    count[a] = extent[2 * a + 1] - extent[2 * a];
    if (!(count[a] >= 1.0 && count[a] <= 1e6) || count[a] != std::floor(count[a]))
      refuse("model.count", "the image has no cells along an axis, or too many", path);
    if (!(spacing[a] > 0.0)) refuse("model.syntax", "a spacing is not above 0", path);
    cells *= count[a];
    corners *= count[a] + 1.0;
  }
  // No array bears a grid of only numbers out: it stays a box of equal cells, at 24 bytes an axis.
  if (cells > 4e9) refuse("model.count", "the image has more than 4e9 cells", path);
  object.blocks.origin = {0, 0, 0};
  for (std::size_t a = 0; a < 3; ++a) {
    object.blocks.sizes[a].assign(static_cast<std::size_t>(count[a]), spacing[a]);
    for (std::size_t c = 0; c < 3; ++c) object.blocks.axes[a][c] = turn[3 * c + a];
    const double length = std::hypot(turn[a], turn[3 + a], turn[6 + a]);
    if (std::abs(length - 1.0) > 1e-6)
      refuse("model.syntax", "a direction is no unit vector", path);
  }
  for (std::size_t c = 0; c < 3; ++c) {
    object.blocks.origin[c] = origin[c];
    for (std::size_t a = 0; a < 3; ++a)
      object.blocks.origin[c] += turn[3 * c + a] * extent[2 * a] * spacing[a];
  }
  object.columns =
      columns_of(file, "CellData", Place::parts, static_cast<std::size_t>(cells), model);
  for (ModelColumn& column :
       columns_of(file, "PointData", Place::vertices, static_cast<std::size_t>(corners), model))
    object.columns.push_back(std::move(column));
  const auto names = object_names(file);
  if (!names.empty()) object.name = names[0];
  model.objects.push_back(std::move(object));
}

}  // namespace

void read_vtk(std::string_view bytes, ModelFile& model) {
  const VtkFile file(bytes, model.source.path);
  field_words(file, model);
  if (file.type() == "ImageData") return read_image(file, model);
  if (file.type() == "UnstructuredGrid" || file.type() == "PolyData")
    return read_cells(file, model);
  refuse("model.unsupported", "a VTK file of type '" + printable(file.type()) + "' is not read",
         model.source.path);
}

}  // namespace lode::model_files
