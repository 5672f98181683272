// Open Mining Format, version 2, with the tables that omf-rust writes.
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/provenance.h"
#include "libgeo/io/model_parts.h"
#include "libgeo/io/omf_parts.h"
#include "libgeo/io/parquet.h"
#include "libgeo/io/zip_parts.h"

namespace lode::omf {

namespace {

using Kind = ModelColumn::Kind;
using Place = ModelColumn::Place;
using parquet::Column;
using parquet::Meaning;
using parquet::Store;
using parquet::Table;

std::string quoted(const ModelColumn& column) {
  return "column '" + column.name + "'";
}

Column column_of(const std::string& name, Store store, Meaning meaning = Meaning::plain) {
  Column column;
  column.name = name;
  column.store = store;
  column.meaning = meaning;
  return column;
}

Column places(const std::string& name) {
  return column_of(name, Store::int32, Meaning::u32);
}

// Four columns r, g, b, a.
std::vector<Column> colour_columns(const std::string& group) {
  std::vector<Column> columns;
  for (const char* name : {"r", "g", "b", "a"}) {
    columns.push_back(column_of(name, Store::int32, Meaning::u8));
    columns.back().group = group;
    columns.back().optional = !group.empty();
  }
  return columns;
}

void put_colour(std::vector<Column>& columns, std::uint32_t colour) {
  for (std::size_t c = 0; c < 4; ++c) columns[c].integers.push_back(colour >> (24 - 8 * c) & 255U);
}

class Writer {
 public:
  explicit Writer(const ModelFile& model) : model_(model) {}

  std::string bytes() {
    const auto names = unlike_names(model_, lost_);
    Json index = Json::object();
    said(index, "name", model_.name);
    said(index, "description", model_.description);
    said(index, "coordinate_reference_system", model_.crs);
    said(index, "units", model_.unit);
    said(index, "author", model_.author);
    said(index, "application", "Lode " + std::string(version()));
    index["date"] = kNoDate;
    Json elements = Json::array();
    for (std::size_t i = 0; i < model_.objects.size(); ++i)
      elements.push_back(element(model_.objects[i], names[i]));
    index["elements"] = std::move(elements);
    members_.emplace_back("index.json.gz", unpack::deflate(index.dump(), unpack::Wrap::gzip));
    return zip_parts::stored_zip(members_, "Open Mining Format 2.0");
  }

  std::vector<ModelLoss>& lost() { return lost_; }

 private:
  void lose(const std::string& object, const std::string& what) { lost_.push_back({object, what}); }

  static void said(Json& object, const std::string& key, const std::string& value) {
    if (!value.empty()) object[key] = value;
  }

  Json array(std::vector<Column> columns, std::size_t rows) {
    Table table;
    table.rows = rows;
    table.columns = std::move(columns);
    const std::string name = std::to_string(members_.size() + 1) + ".parquet";
    members_.emplace_back(name, parquet::table_bytes(table));
    Json result = Json::object();
    result["filename"] = name;
    result["item_count"] = Json(rows);
    return result;
  }

  static Json numbers(const Triple& values) {
    return Json(std::vector<double>(values.begin(), values.end()));
  }

  Json element(const ModelObject& object, const std::string& name) {
    const std::string where = "object '" + name + "'";
    check_object(object, where);
    Json result = Json::object();
    result["name"] = name;
    said(result, "description", object.description);
    if (object.colour != 0) {
      Json rgba = Json::array();
      for (const unsigned by : {24U, 16U, 8U, 0U})
        rgba.push_back(Json(static_cast<int>(object.colour >> by & 255U)));
      result["color"] = std::move(rgba);
    }
    Json geometry =
        object.kind == ModelObject::Kind::blocks ? blocks(object, name, where) : shape(object);
    Json attributes = Json::array();
    for (const ModelColumn& column : object.columns) {
      const bool on_blocks = object.kind == ModelObject::Kind::blocks;
      if (on_blocks && column.place == Place::vertices) {
        lose(name, quoted(column) + " on corners of blocks");
        continue;
      }
      check_column(object, column, where);
      attributes.push_back(attribute(object, column, name));
    }
    if (attributes.size() > 0) result["attributes"] = std::move(attributes);
    result["geometry"] = std::move(geometry);
    return result;
  }

  Json shape(const ModelObject& object) {
    Json result = Json::object();
    result["type"] = object.kind == ModelObject::Kind::points  ? "PointSet"
                     : object.kind == ModelObject::Kind::lines ? "LineSet"
                                                               : "Surface";
    std::vector<Column> columns;
    for (std::size_t c = 0; c < 3; ++c) {
      columns.push_back(column_of(std::string(1, "xyz"[c]), Store::float64));
      for (const Triple& vertex : object.vertices) columns.back().reals.push_back(vertex[c]);
    }
    result["vertices"] = array(std::move(columns), object.vertices.size());
    if (object.kind == ModelObject::Kind::lines) result["segments"] = corners(object.segments);
    if (object.kind == ModelObject::Kind::surface) result["triangles"] = corners(object.triangles);
    return result;
  }

  template <class Part>
  Json corners(const std::vector<Part>& parts) {
    std::vector<Column> columns;
    for (std::size_t c = 0; c < std::tuple_size<Part>::value; ++c) {
      columns.push_back(places(std::string(1, "abc"[c])));
      for (const Part& part : parts) columns.back().integers.push_back(part[c]);
    }
    return array(std::move(columns), parts.size());
  }

  Json blocks(const ModelObject& object, const std::string& name, const std::string& where) {
    const ModelBlocks& blocks = object.blocks;
    check_axes({blocks.axes[0], blocks.axes[1], blocks.axes[2]}, where);
    Json result = Json::object(), orient = Json::object(), grid = Json::object();
    result["type"] = "BlockModel";
    orient["origin"] = numbers(blocks.origin);
    bool regular = true;
    for (std::size_t a = 0; a < 3; ++a) {
      check_sizes(blocks.sizes[a], where);
      orient[std::string(1, "uvw"[a])] = numbers(blocks.axes[a]);
      for (const double size : blocks.sizes[a]) regular = regular && size == blocks.sizes[a][0];
    }
    grid["type"] = regular ? "Regular" : "Tensor";
    Json size = Json::array(), count = Json::array();
    for (std::size_t a = 0; a < 3; ++a) {
      const std::vector<double>& along = blocks.sizes[a];
      size.push_back(Json(along[0]));
      count.push_back(Json(along.size()));
      if (regular) continue;
      Column scalars = column_of("scalar", Store::float64);
      scalars.reals = along;
      grid[std::string(1, "uvw"[a])] = array({std::move(scalars)}, along.size());
    }
    if (regular) {
      grid["size"] = std::move(size);
      grid["count"] = std::move(count);
    }
    result["orient"] = std::move(orient);
    result["grid"] = std::move(grid);
    if (blocks.sub_blocks != ModelBlocks::SubBlocks::none)
      result["subblocks"] = sub_blocks(blocks, name, where);
    return result;
  }

  // Whether every corner is that of a cell, exactly, as the divisions and the reader have them.
  static bool on_cells(const ModelBlocks& blocks) {
    for (const auto& corners : blocks.corners)
      for (std::size_t c = 0; c < 6; ++c) {
        const std::uint32_t n = blocks.divisions[c % 3];
        if (std::nearbyint(corners[c] * n) / n != corners[c]) return false;
      }
    return true;
  }

  void check_sub_blocks(const ModelBlocks& blocks, const std::string& where) const {
    if (blocks.corners.size() != blocks.parent.size())
      refuse("omf.array_length", "sub-blocks have other than a parent each", where);
    for (const std::uint32_t n : blocks.divisions)
      if (n == 0) refuse("omf.sub_block", "parents cannot be cut into 0 cells", where);
    for (std::size_t i = 0; i < blocks.parent.size(); ++i)
      for (std::size_t a = 0; a < 3; ++a) {
        const auto& corners = blocks.corners[i];
        if (blocks.parent[i][a] >= blocks.sizes[a].size() || !(corners[a] >= 0.0) ||
            !(corners[a] < corners[a + 3]) || !(corners[a + 3] <= 1.0))
          refuse("omf.sub_block",
                 "sub-block " + std::to_string(i) + " has no size or lies outside its parent",
                 where);
      }
  }

  Json sub_blocks(const ModelBlocks& blocks, const std::string& name, const std::string& where) {
    check_sub_blocks(blocks, where);
    const bool cells = blocks.sub_blocks != ModelBlocks::SubBlocks::free && on_cells(blocks);
    if (!cells && blocks.sub_blocks != ModelBlocks::SubBlocks::free)
      lose(name, "that its sub-blocks are made of cells: their corners are none");
    std::vector<Column> columns;
    for (std::size_t a = 0; a < 3; ++a) {
      columns.push_back(places(std::string("parent_") + "uvw"[a]));
      for (const auto& parent : blocks.parent) columns.back().integers.push_back(parent[a]);
    }
    for (std::size_t c = 0; c < 6; ++c) {
      const std::string corner = std::string(c < 3 ? "corner_min_" : "corner_max_") + "uvw"[c % 3];
      columns.push_back(cells ? places(corner) : column_of(corner, Store::float64));
      for (const auto& corners : blocks.corners) {
        if (cells)
          columns.back().integers.push_back(std::llround(corners[c] * blocks.divisions[c % 3]));
        else
          columns.back().reals.push_back(corners[c]);
      }
    }
    Json result = Json::object();
    result["type"] = cells ? "Regular" : "Freeform";
    if (cells) {
      Json count = Json::array();
      bool octree = blocks.sub_blocks == ModelBlocks::SubBlocks::octree;
      for (const std::uint32_t n : blocks.divisions) {
        count.push_back(Json(static_cast<std::int64_t>(n)));
        if (octree && (n & (n - 1)) != 0)
          refuse("omf.sub_block",
                 "an octree cuts parents into powers of two, not " + std::to_string(n), where);
      }
      result["count"] = std::move(count);
      result["subblocks"] = array(std::move(columns), blocks.parent.size());
      result["mode"] = octree ? Json("Octree") : Json();
      return result;
    }
    result["subblocks"] = array(std::move(columns), blocks.parent.size());
    return result;
  }

  Json attribute(const ModelObject& object, const ModelColumn& column, const std::string& name) {
    Json result = Json::object();
    result["name"] = column.name;
    said(result, "description", column.description);
    said(result, "units", column.unit);
    result["location"] = column.place == Place::sub_blocks ? "Subblocks"
                         : column.place == Place::parts && object.kind != ModelObject::Kind::points
                             ? "Primitives"
                             : "Vertices";
    result["data"] = data(column, name);
    return result;
  }

  Json data(const ModelColumn& column, const std::string& name) {
    Json result = Json::object();
    const Kind kind = kind_to_write(column, name, lost_);
    const std::size_t rows = values_in(column);
    switch (kind) {
      case Kind::vector2:
      case Kind::vector3:
        result["type"] = "Vector";
        result["values"] = array(vectors(column), rows);
        break;
      case Kind::text:
        result["type"] = "Text";
        result["values"] = array({text_column(column)}, rows);
        break;
      case Kind::colour:
        result["type"] = "Color";
        result["values"] = array(colours(column), rows);
        break;
      case Kind::boolean:
        result["type"] = "Boolean";
        result["values"] = array({whole_column(column, "bool", Store::boolean)}, rows);
        break;
      case Kind::category:
        category(column, result);
        break;
      case Kind::integer:
        result["type"] = "Number";
        result["values"] = array({whole_column(column, "number", Store::int64)}, rows);
        break;
      case Kind::date:
        result["type"] = "Number";
        result["values"] =
            array({whole_column(column, "number", Store::int32, Meaning::date)}, rows);
        break;
      case Kind::date_time:
        result["type"] = "Number";
        result["values"] = array({time_column(column, name)}, rows);
        break;
      case Kind::number:
        result["type"] = "Number";
        result["values"] = array({real_column(column)}, rows);
        break;
    }
    return result;
  }

  static Column whole_column(const ModelColumn& from, const std::string& name, Store store,
                             Meaning meaning = Meaning::plain) {
    Column column = column_of(name, store, meaning);
    column.optional = true;
    for (const double number : from.numbers) {
      column.present.push_back(std::isnan(number) ? 0 : 1);
      column.integers.push_back(std::isnan(number) ? 0 : static_cast<std::int64_t>(number));
    }
    return column;
  }

  static Column real_column(const ModelColumn& from) {
    Column column = column_of("number", Store::float64);
    column.optional = true;
    column.reals = from.numbers;
    for (const double number : from.numbers) column.present.push_back(std::isnan(number) ? 0 : 1);
    return column;
  }

  Column time_column(const ModelColumn& from, const std::string& name) {
    Column column = column_of("number", Store::int64, Meaning::micros);
    column.optional = true;
    std::size_t rounded = 0;
    for (const double seconds : from.numbers) {
      if (!std::isnan(seconds) && !(std::abs(seconds) < 9.0e12)) {
        lose(name, "that " + quoted(from) + " holds times, some of which lie beyond what can be " +
                       "said: written as numbers, seconds since 1970");
        return real_column(from);
      }
      column.present.push_back(std::isnan(seconds) ? 0 : 1);
      column.integers.push_back(std::isnan(seconds) ? 0 : std::llround(seconds * 1e6));
      if (!std::isnan(seconds) && !micros_of(seconds)) ++rounded;
    }
    if (rounded > 0)
      lose(name, std::to_string(rounded) + " times of " + quoted(from) + " beyond the microsecond");
    return column;
  }

  static Column text_column(const ModelColumn& from) {
    Column column = column_of("text", Store::bytes, Meaning::text);
    column.optional = true;
    column.texts = from.words;
    for (const std::string& word : from.words) column.present.push_back(word.empty() ? 0 : 1);
    return column;
  }

  // A vector is there when any of its numbers is: the format knows missing vectors, not halves.
  static std::vector<Column> vectors(const ModelColumn& from) {
    std::vector<Column> columns;
    const std::size_t width = width_of(from.kind);
    for (std::size_t k = 0; k < width; ++k) {
      columns.push_back(column_of(std::string(1, "xyz"[k]), Store::float64));
      Column& column = columns.back();
      column.group = "vector";
      column.optional = true;
      for (std::size_t i = 0; i < from.numbers.size(); i += width) {
        bool there = false;
        for (std::size_t j = 0; j < width; ++j) there = there || !std::isnan(from.numbers[i + j]);
        column.present.push_back(there ? 1 : 0);
        column.reals.push_back(from.numbers[i + k]);
      }
    }
    return columns;
  }

  static std::vector<Column> colours(const ModelColumn& from) {
    std::vector<Column> columns = colour_columns("color");
    for (const double number : from.numbers) {
      for (Column& column : columns) column.present.push_back(std::isnan(number) ? 0 : 1);
      put_colour(columns, std::isnan(number) ? 0 : static_cast<std::uint32_t>(number));
    }
    return columns;
  }

  void category(const ModelColumn& column, Json& result) {
    result["type"] = "Category";
    result["values"] =
        array({whole_column(column, "index", Store::int32, Meaning::u32)}, column.numbers.size());
    Column names = column_of("name", Store::bytes, Meaning::text);
    names.texts = column.words;
    result["names"] = array({std::move(names)}, column.words.size());
    if (column.colours.empty()) return;
    std::vector<Column> gradient = colour_columns("");
    for (const std::uint32_t colour : column.colours) put_colour(gradient, colour);
    result["gradient"] = array(std::move(gradient), column.colours.size());
  }

  const ModelFile& model_;
  std::vector<std::pair<std::string, std::string>> members_;
  std::vector<ModelLoss> lost_;
};

}  // namespace

}  // namespace lode::omf

namespace lode::model_files {

std::vector<ModelLoss> write_omf2(const std::string& staged, const ModelFile& model) {
  omf::Writer writer(model);
  omf::write_bytes(staged, writer.bytes());
  return std::move(writer.lost());
}

}  // namespace lode::model_files
