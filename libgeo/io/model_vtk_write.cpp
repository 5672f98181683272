// Objects to VTU (all kinds), VTI (one regular block model) and VTP (points, lines, surfaces).
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/model_blocks.h"
#include "libgeo/io/model_parts.h"
#include "libgeo/io/model_text.h"
#include "libgeo/io/vtk_xml.h"

namespace lode::model_files {

namespace {

using mesh_files::NumberBytes;
using mesh_files::VtkWriter;
using Kind = ModelObject::Kind;
using Place = ModelColumn::Place;

// A column of the whole file: runs of values of the objects that have it, missing elsewhere.
struct WideColumn {
  ModelColumn::Kind kind = ModelColumn::Kind::number;
  std::vector<double> numbers;
  std::vector<std::string> words;
  std::map<std::string, double> known;
};

class WideColumns {
 public:
  // `count` values follow for an object with these columns.
  void add(const std::vector<ModelColumn>& columns, std::size_t count) {
    for (const ModelColumn& column : columns) {
      const bool text =
          column.kind == ModelColumn::Kind::text || column.kind == ModelColumn::Kind::category;
      std::string name = column.name.empty() ? "value" : column.name;
      ModelColumn::Kind kind = text ? ModelColumn::Kind::category : column.kind;
      // Columns of one name and different kinds stand apart.
      while (list_.contains(name) && list_[name].kind != kind) name += "_";
      const bool is_new = !list_.contains(name);
      WideColumn& wide = list_[name];
      wide.kind = kind;
      if (is_new) order_.push_back(name);
      const std::size_t width = width_of(kind);
      wide.numbers.resize(total_ * width, NAN);
      for (std::size_t v = 0; v < count; ++v) {
        if (!text) {
          for (std::size_t w = 0; w < width; ++w)
            wide.numbers.push_back(column.numbers[v * width + w]);
          continue;
        }
        const std::string word = value_text(column, v);
        if (word.empty()) {
          wide.numbers.push_back(NAN);
          continue;
        }
        const auto [at, fresh] = wide.known.emplace(word, static_cast<double>(wide.words.size()));
        if (fresh) wide.words.push_back(word);
        wide.numbers.push_back(at->second);
      }
    }
    total_ += count;
  }

  void write(VtkWriter& out) {
    for (const std::string& name : order_) {
      WideColumn& wide = list_[name];
      const std::size_t width = width_of(wide.kind);
      wide.numbers.resize(total_ * width, NAN);
      NumberBytes bytes;
      const bool whole = std::all_of(wide.numbers.begin(), wide.numbers.end(), [](double v) {
        return v == std::floor(v) && std::abs(v) < 9e15;
      });
      if (wide.kind == ModelColumn::Kind::category) {
        for (const double v : wide.numbers)
          bytes.add(std::isnan(v) ? std::int32_t{-1} : static_cast<std::int32_t>(v));
        out.array(name, "Int32", 1, bytes.bytes);
      } else if (whole && wide.kind != ModelColumn::Kind::number && width == 1) {
        for (const double v : wide.numbers) bytes.add(static_cast<std::int64_t>(v));
        out.array(name, "Int64", 1, bytes.bytes);
      } else {
        for (const double v : wide.numbers) bytes.add(v);
        out.array(name, "Float64", width, bytes.bytes);
      }
    }
  }
  void write_words(VtkWriter& out) const {
    for (const std::string& name : order_) {
      const WideColumn& wide = list_.at(name);
      if (wide.kind == ModelColumn::Kind::category) out.words(name + "_words", wide.words);
    }
  }

 private:
  std::map<std::string, WideColumn> list_;
  std::vector<std::string> order_;
  std::size_t total_ = 0;
};

std::vector<ModelColumn> columns_at(const ModelObject& object, Place place) {
  std::vector<ModelColumn> columns;
  for (const ModelColumn& column : object.columns)
    if (column.place == place) columns.push_back(column);
  return columns;
}

struct Cells {
  NumberBytes points, corners, ends, kinds, object;
  std::size_t point_count = 0, cell_count = 0;
  std::int64_t corner_count = 0;

  void point(const std::array<double, 3>& place) {
    for (const double c : place) points.add(c);
    ++point_count;
  }
  void cell(int kind, const std::vector<std::size_t>& list, std::size_t of) {
    for (const std::size_t v : list) corners.add(static_cast<std::int64_t>(v));
    corner_count += static_cast<std::int64_t>(list.size());
    ends.add(corner_count);
    kinds.add(static_cast<std::uint8_t>(kind));
    object.add(static_cast<std::int32_t>(of));
    ++cell_count;
  }
};

constexpr std::array<std::array<int, 3>, 8> ring{
    {{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0}, {0, 0, 1}, {1, 0, 1}, {1, 1, 1}, {0, 1, 1}}};

// Parents share corners; sub-blocks have their own.
void add_blocks(const ModelBlocks& blocks, std::size_t of, Cells& cells) {
  const std::size_t first = cells.point_count;
  if (blocks.sub_blocks == ModelBlocks::SubBlocks::none) {
    std::array<std::vector<double>, 3> edges;
    for (std::size_t a = 0; a < 3; ++a) edges[a] = edges_of(blocks.sizes[a]);
    for (const double z : edges[2])
      for (const double y : edges[1])
        for (const double x : edges[0]) cells.point(in_the_file(blocks, {x, y, z}));
    const std::size_t nx = edges[0].size(), ny = edges[1].size();
    for (std::size_t k = 0; k + 1 < edges[2].size(); ++k)
      for (std::size_t j = 0; j + 1 < ny; ++j)
        for (std::size_t i = 0; i + 1 < nx; ++i) {
          std::vector<std::size_t> corners;
          for (const auto& r : ring)
            corners.push_back(first + i + static_cast<std::size_t>(r[0]) +
                              nx * (j + static_cast<std::size_t>(r[1]) +
                                    ny * (k + static_cast<std::size_t>(r[2]))));
          cells.cell(12, corners, of);
        }
    return;
  }
  each_block(blocks, [&](std::size_t, const BlockBoxRow& row) {
    std::vector<std::size_t> corners;
    for (const auto& r : ring) {
      corners.push_back(cells.point_count);
      std::array<double, 3> local{};
      for (std::size_t a = 0; a < 3; ++a)
        local[a] = row.centre[a] + (r[a] == 0 ? -0.5 : 0.5) * row.size[a];
      cells.point(in_the_file(blocks, local));
    }
    cells.cell(12, corners, of);
  });
}

// What VTK's arrays do not hold, of an object that is written.
void lose_notes(const ModelObject& object, std::vector<ModelLoss>& lost) {
  std::size_t units = 0, kinds = 0, legends = 0;
  for (const ModelColumn& column : object.columns) {
    units += column.unit.empty() && column.description.empty() ? 0 : 1;
    legends += column.colours.empty() ? 0 : 1;
    kinds += column.kind == ModelColumn::Kind::colour || column.kind == ModelColumn::Kind::date ||
                     column.kind == ModelColumn::Kind::date_time
                 ? 1
                 : 0;
  }
  if (units > 0)
    lost.push_back(
        {object.name, "units and descriptions of " + std::to_string(units) + " columns"});
  if (legends > 0)
    lost.push_back({object.name, "colours of " + std::to_string(legends) + " legends"});
  if (kinds > 0)
    lost.push_back({object.name, "that " + std::to_string(kinds) +
                                     " columns are colours or dates: numbers are left"});
  if (object.colour != 0 || !object.description.empty())
    lost.push_back({object.name, "colour or description of the object"});
}

void write_fields(VtkWriter& out, const ModelFile& model, const WideColumns& a,
                  const WideColumns& b) {
  out.open("FieldData");
  std::vector<std::string> names;
  for (const ModelObject& object : model.objects) names.push_back(object.name);
  out.words("object_names", names);
  if (!model.crs.empty()) out.words("crs", {model.crs});
  if (!model.unit.empty()) out.words("unit", {model.unit});
  a.write_words(out);
  b.write_words(out);
  out.close("FieldData");
}

void write_data(VtkWriter& out, Cells& cells, WideColumns& on_points, WideColumns& on_cells) {
  out.open("PointData");
  on_points.write(out);
  out.close("PointData");
  out.open("CellData");
  out.array("object", "Int32", 1, cells.object.bytes);
  on_cells.write(out);
  out.close("CellData");
  out.open("Points");
  out.array("Points", "Float64", 3, cells.points.bytes);
  out.close("Points");
}

// Columns on points of an object: one place for both, since each is a cell too.
void add_columns(const ModelObject& object, WideColumns& on_points, WideColumns& on_cells,
                 std::size_t points, std::size_t cells, std::vector<ModelLoss>& lost) {
  lose_notes(object, lost);
  if (object.kind == Kind::blocks) {
    on_points.add({}, points);
    on_cells.add(columns_of_list(object, lost), cells);
    return;
  }
  on_points.add(columns_at(object, Place::vertices), points);
  on_cells.add(columns_at(object, Place::parts), cells);
}

}  // namespace

std::vector<ModelLoss> write_vtu(const std::string& staged, const ModelFile& model) {
  std::vector<ModelLoss> lost;
  Cells cells;
  WideColumns on_points, on_cells;
  for (std::size_t o = 0; o < model.objects.size(); ++o) {
    const ModelObject& object = model.objects[o];
    const std::size_t first = cells.point_count, first_cell = cells.cell_count;
    if (object.kind == Kind::blocks) {
      add_blocks(object.blocks, o, cells);
    } else {
      for (const auto& v : object.vertices) cells.point(v);
    }
    if (object.kind == Kind::points)
      for (std::size_t v = 0; v < object.vertices.size(); ++v) cells.cell(1, {first + v}, o);
    for (const auto& s : object.segments) cells.cell(3, {first + s[0], first + s[1]}, o);
    for (const auto& t : object.triangles)
      cells.cell(5, {first + t[0], first + t[1], first + t[2]}, o);
    add_columns(object, on_points, on_cells, cells.point_count - first,
                cells.cell_count - first_cell, lost);
  }
  VtkWriter out("UnstructuredGrid", "");
  write_fields(out, model, on_points, on_cells);
  out.open("Piece NumberOfPoints=\"" + std::to_string(cells.point_count) + "\" NumberOfCells=\"" +
           std::to_string(cells.cell_count) + "\"");
  write_data(out, cells, on_points, on_cells);
  out.open("Cells");
  out.array("connectivity", "Int64", 1, cells.corners.bytes);
  out.array("offsets", "Int64", 1, cells.ends.bytes);
  out.array("types", "UInt8", 1, cells.kinds.bytes);
  out.close("Cells");
  out.close("Piece");
  out.write(staged);
  return lost;
}

std::vector<ModelLoss> write_vtp(const std::string& staged, const ModelFile& model) {
  std::vector<ModelLoss> lost;
  lose_kinds(model, {Kind::points, Kind::lines, Kind::surface}, "VTP", lost);
  // Cells stand in the order of VTK: vertices, lines, faces.
  std::array<Cells, 3> of_kind;
  Cells all;
  WideColumns on_points, on_cells;
  std::vector<std::size_t> first(model.objects.size());
  for (std::size_t o = 0; o < model.objects.size(); ++o) {
    const ModelObject& object = model.objects[o];
    if (object.kind == Kind::blocks) continue;
    first[o] = all.point_count;
    for (const auto& v : object.vertices) all.point(v);
    on_points.add(columns_at(object, Place::vertices), object.vertices.size());
    lose_notes(object, lost);
  }
  for (const Kind kind : {Kind::points, Kind::lines, Kind::surface})
    for (std::size_t o = 0; o < model.objects.size(); ++o) {
      const ModelObject& object = model.objects[o];
      if (object.kind != kind) continue;
      Cells& cells = of_kind[static_cast<std::size_t>(kind)];
      const std::size_t before = cells.cell_count;
      if (kind == Kind::points)
        for (std::size_t v = 0; v < object.vertices.size(); ++v) cells.cell(1, {first[o] + v}, o);
      if (kind == Kind::lines)
        for (const auto& s : object.segments) cells.cell(3, {first[o] + s[0], first[o] + s[1]}, o);
      if (kind == Kind::surface)
        for (const auto& t : object.triangles)
          cells.cell(5, {first[o] + t[0], first[o] + t[1], first[o] + t[2]}, o);
      on_cells.add(columns_at(object, Place::parts), cells.cell_count - before);
    }
  for (const Cells& cells : of_kind) all.object.bytes += cells.object.bytes;
  VtkWriter out("PolyData", "");
  write_fields(out, model, on_points, on_cells);
  out.open("Piece NumberOfPoints=\"" + std::to_string(all.point_count) + "\" NumberOfVerts=\"" +
           std::to_string(of_kind[0].cell_count) + "\" NumberOfLines=\"" +
           std::to_string(of_kind[1].cell_count) + "\" NumberOfStrips=\"0\" NumberOfPolys=\"" +
           std::to_string(of_kind[2].cell_count) + "\"");
  write_data(out, all, on_points, on_cells);
  const std::array<std::string, 3> sections{"Verts", "Lines", "Polys"};
  for (std::size_t k = 0; k < 3; ++k) {
    out.open(sections[k]);
    out.array("connectivity", "Int64", 1, of_kind[k].corners.bytes);
    out.array("offsets", "Int64", 1, of_kind[k].ends.bytes);
    out.close(sections[k]);
  }
  out.close("Piece");
  out.write(staged);
  return lost;
}

std::vector<ModelLoss> write_vti(const std::string& staged, const ModelFile& model) {
  std::vector<ModelLoss> lost;
  lose_kinds(model, {Kind::blocks}, "VTI", lost);
  ModelFile one;
  one.crs = model.crs;
  one.unit = model.unit;
  for (const ModelObject& object : model.objects) {
    if (object.kind != Kind::blocks) continue;
    if (!is_regular(object.blocks)) {
      lost.push_back({object.name, "the whole object: VTI holds equal blocks without sub-blocks"});
    } else if (!one.objects.empty()) {
      lost.push_back({object.name, "the whole object: VTI holds one block model"});
    } else {
      one.objects.push_back(object);
    }
  }
  if (one.objects.empty())
    throw Error("model.nothing", "VTI holds one block model of equal blocks, and there is none", {},
                "Write VTU, which holds sub-blocks and unequal layers.");
  const ModelObject& object = one.objects[0];
  const ModelBlocks& blocks = object.blocks;
  std::string extent, origin, spacing, turn;
  for (std::size_t a = 0; a < 3; ++a) {
    extent += (a > 0 ? " 0 " : "0 ") + std::to_string(blocks.sizes[a].size());
    origin += (a > 0 ? " " : "") + number_text(blocks.origin[a]);
    spacing += (a > 0 ? " " : "") + number_text(blocks.sizes[a][0]);
    for (std::size_t c = 0; c < 3; ++c)
      turn += (turn.empty() ? "" : " ") + number_text(blocks.axes[c][a]);
  }
  WideColumns on_points, on_cells;
  add_columns(object, on_points, on_cells, 0, blocks.parents(), lost);
  VtkWriter out("ImageData", " WholeExtent=\"" + extent + "\" Origin=\"" + origin +
                                 "\" Spacing=\"" + spacing + "\" Direction=\"" + turn + "\"");
  write_fields(out, one, on_points, on_cells);
  out.open("Piece Extent=\"" + extent + "\"");
  out.open("PointData");
  out.close("PointData");
  out.open("CellData");
  on_cells.write(out);
  out.close("CellData");
  out.close("Piece");
  out.write(staged);
  return lost;
}

}  // namespace lode::model_files
