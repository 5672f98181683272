// Open Mining Format, version 2: a zip of an index in JSON and Parquet tables.
#include <cmath>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
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

constexpr std::size_t kMostIndex = std::size_t{64} << 20;
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

[[noreturn]] void wrong_schema(const Table& table, const std::string& due,
                               const std::string& where) {
  refuse("omf.schema",
         "the table holds '" + printable(schema_text(table)) + "' where " + due + " are due",
         where);
}

bool is_real(const Column& column) {
  return column.store == Store::float32 || column.store == Store::float64;
}

bool is_whole(const Column& column) {
  return column.store == Store::int32 || column.store == Store::int64;
}

// Columns of the names, in their order, all real or all whole numbers; nothing else may stand
// there.
void expect(const Table& table, const std::string& group, const std::vector<std::string>& names,
            bool real, const std::string& where) {
  bool fits = table.columns.size() == names.size();
  for (std::size_t c = 0; fits && c < names.size(); ++c)
    fits = table.columns[c].name == names[c] && table.columns[c].group == group &&
           (real ? is_real(table.columns[c]) : is_whole(table.columns[c])) &&
           (!group.empty() || !table.columns[c].optional);
  if (!fits)
    wrong_schema(table, (real ? "real columns " : "whole columns ") + join(names, ", "), where);
}

// One column of a name, which may have missing rows.
const Column& single(const Table& table, const std::string& name, const std::string& where) {
  if (table.columns.size() != 1 || table.columns[0].name != name || !table.columns[0].group.empty())
    wrong_schema(table, "column " + name, where);
  return table.columns[0];
}

std::int64_t whole_at(const Column& column, std::size_t row) {
  const std::int64_t value = column.integers[row];
  return column.store == Store::int32 && column.meaning == Meaning::u32
             ? static_cast<std::int64_t>(static_cast<std::uint32_t>(value))
             : value;
}

class Reader {
 public:
  Reader(std::string_view bytes, ModelFile& model)
      : model_(model),
        path_(model.source.path),
        allowance_(bytes.size(), path_),
        archive_(bytes, allowance_) {}

  void read() {
    if (archive_.comment().rfind("Open Mining Format 2.", 0) != 0)
      refuse("omf.version",
             "the archive says '" + printable(archive_.comment().substr(0, 60)) +
                 "' of itself, not Open Mining Format 2",
             path_, "Is it another kind of zip file, or a newer version?");
    if (!archive_.has("index.json.gz"))
      refuse("omf.missing_array", "the archive has no member index.json.gz", path_);
    const std::string packed = archive_.content("index.json.gz");
    unpack::Allowance limit(0, path_);
    limit.take(limit.left() - kMostIndex);
    const std::string text_of_index =
        unpack::inflate(packed, unpack::Wrap::gzip, limit, path_ + ", index.json.gz");
    const Json index = Json::parse(text_of_index, path_ + ", index.json.gz");
    model_.format = "omf2";
    model_.name = text(index, "name", path_);
    model_.description = text(index, "description", path_);
    model_.author = text(index, "author", path_);
    model_.crs = text(index, "coordinate_reference_system", path_);
    model_.unit = text(index, "units", path_);
    origin_ = triple(index, "origin", {}, path_);
    lose_metadata(index, "");
    const std::string application = text(index, "application", path_);
    if (!application.empty()) lose("", "the program that wrote it (" + application + ")");
    const std::string date = text(index, "date", path_);
    if (!date.empty() && date != kNoDate) lose("", "its date (" + date + ")");
    read_elements(list(index, "elements", path_), "");
  }

 private:
  struct Spot {
    ModelObject& object;
    std::string where;
    const SurfaceGrid* grid = nullptr;
  };

  void lose(const std::string& object, const std::string& what) {
    model_.lost.push_back({object, what});
  }

  void lose_metadata(const Json& holder, const std::string& object,
                     const std::string& of = std::string()) {
    const Json& metadata = holder.at("metadata");
    if (!metadata.is_object() || metadata.size() == 0) return;
    std::vector<std::string> keys;
    for (const auto& [key, value] : metadata.members()) keys.push_back(key);
    lose(object, std::to_string(keys.size()) + " metadata" + of + " (" + join(keys, ", ") + ")");
  }

  Table table(const Json& holder, const std::string& key, const std::string& where,
              std::optional<std::size_t> due = std::nullopt) {
    const Json& array = needed(holder, key, where);
    const std::string name = text(array, "filename", where);
    const std::uint64_t count =
        whole(needed(array, "item_count", where), 0xFFFFFFFFULL, "'item_count'", where);
    const std::string at = where + ", '" + key + "' in " + printable(name);
    if (due && count != *due)
      refuse("omf.array_length",
             std::to_string(count) + " values where " + std::to_string(*due) + " are due", at);
    if (!archive_.has(name)) refuse("omf.missing_array", "the archive has no such member", at);
    try {
      return parquet::read_table(archive_.content(name), count, allowance_, at);
    } catch (const Error& error) {
      if (error.code != "parquet.rows") throw;
      refuse("omf.array_length", error.what(), at);
    }
  }

  void read_elements(const Json::Array& elements, const std::string& path) {
    std::set<std::string> names;
    for (const Json& element : elements) {
      const std::string name = text(element, "name", path_);
      if (!names.insert(name).second)
        refuse("omf.duplicate_name", "two objects are called '" + printable(name) + "'", path_,
               "Give them names that differ where the file was made.");
    }
    for (const Json& element : elements) read_element(element, path);
  }

  void read_element(const Json& element, const std::string& path) {
    ModelObject object;
    object.name = path + text(element, "name", path_);
    const std::string where = path_ + ", object '" + printable(object.name) + "'";
    object.description = text(element, "description", where);
    if (!element.at("color").is_null()) object.colour = colour(element.at("color"), where);
    lose_metadata(element, object.name);
    const Json& geometry = needed(element, "geometry", where);
    const std::string type = text(geometry, "type", where);
    if (type == "Composite") return read_composite(element, geometry, object.name, where);
    SurfaceGrid grid;
    const bool gridded = type == "GridSurface";
    if (type == "PointSet" || type == "LineSet" || type == "Surface")
      read_vertices(geometry, type, object, where);
    else if (gridded)
      read_grid_surface(geometry, grid, object, where);
    else if (type == "BlockModel")
      read_blocks(geometry, object, where);
    else
      refuse("omf.syntax", "objects of type '" + printable(type) + "' are not known", where);
    Spot spot{object, where, gridded ? &grid : nullptr};
    for (const Json& attribute : list(element, "attributes", where))
      read_attribute(attribute, spot);
    model_.objects.push_back(std::move(object));
  }

  void read_composite(const Json& element, const Json& geometry, const std::string& name,
                      const std::string& where) {
    model_.findings.add("omf.composite", Severity::note, where,
                        "the objects of a composite stand one by one, with its name before theirs");
    const std::size_t attributes = list(element, "attributes", where).size();
    if (attributes > 0)
      lose(name, std::to_string(attributes) + " columns with a value for each of its objects");
    read_elements(list(geometry, "elements", where), name + "/");
  }

  void read_vertices(const Json& geometry, const std::string& type, ModelObject& object,
                     const std::string& where) {
    const Table places = table(geometry, "vertices", where);
    expect(places, "", {"x", "y", "z"}, true, where);
    for (std::size_t i = 0; i < places.rows; ++i)
      object.vertices.push_back(
          {places.columns[0].reals[i], places.columns[1].reals[i], places.columns[2].reals[i]});
    shift(object.vertices, triple(geometry, "origin", {}, where));
    shift(object.vertices, origin_);
    object.kind = ModelObject::Kind::points;
    if (type == "LineSet") {
      object.kind = ModelObject::Kind::lines;
      read_corners(geometry, "segments", {"a", "b"}, object.segments, where);
    } else if (type == "Surface") {
      object.kind = ModelObject::Kind::surface;
      read_corners(geometry, "triangles", {"a", "b", "c"}, object.triangles, where);
    }
    check_object(object, where);
  }

  template <class Part>
  void read_corners(const Json& geometry, const char* key, const std::vector<std::string>& names,
                    std::vector<Part>& parts, const std::string& where) {
    const Table corners = table(geometry, key, where);
    expect(corners, "", names, false, where);
    for (std::size_t i = 0; i < corners.rows; ++i) {
      Part part{};
      for (std::size_t c = 0; c < part.size(); ++c)
        part[c] = place_at(corners.columns[c], i, 0xFFFFFFFF, std::string("'") + key + "'", where);
      parts.push_back(part);
    }
  }

  // A whole number from 0 up to `most`.
  static std::uint32_t place_at(const Column& column, std::size_t row, std::uint64_t most,
                                const std::string& what, const std::string& where) {
    const std::int64_t value = whole_at(column, row);
    if (value < 0 || static_cast<std::uint64_t>(value) > most)
      refuse("omf.index",
             "row " + std::to_string(row) + " of " + what + " has " + column.name + " = " +
                 std::to_string(value) + ", which cannot be",
             where);
    return static_cast<std::uint32_t>(value);
  }

  std::vector<double> scalars(const Json& holder, const std::string& key,
                              const std::string& where) {
    Table numbers = table(holder, key, where);
    expect(numbers, "", {"scalar"}, true, where);
    return std::move(numbers.columns[0].reals);
  }

  // Sizes of the cells along the axes of a grid, regular or not.
  std::vector<std::vector<double>> sizes_of(const Json& grid, const std::vector<std::string>& axes,
                                            const std::string& where) {
    std::vector<std::vector<double>> sizes;
    const std::string type = text(grid, "type", where);
    if (type == "Tensor") {
      for (const std::string& axis : axes) sizes.push_back(scalars(grid, axis, where));
    } else if (type == "Regular") {
      const auto size = finite_numbers(needed(grid, "size", where), where);
      const auto& count = list(grid, "count", where);
      if (size.size() != axes.size() || count.size() != axes.size())
        refuse("omf.syntax", "the grid's 'size' or 'count' has not a number for each axis", where);
      for (std::size_t a = 0; a < axes.size(); ++a) {
        const std::uint64_t n = whole(count[a], 0xFFFFFFFFULL, "'count'", where);
        if (n > std::uint64_t{1} << 20U)
          refuse("omf.block_size", std::to_string(n) + " cells along an axis", where);
        sizes.emplace_back(n, size[a]);
      }
    } else {
      refuse("omf.syntax", "grids of type '" + printable(type) + "' are not known", where);
    }
    for (const auto& along : sizes) check_sizes(along, where);
    return sizes;
  }

  void read_grid_surface(const Json& geometry, SurfaceGrid& grid, ModelObject& object,
                         const std::string& where) {
    object.kind = ModelObject::Kind::surface;
    const Json& orient = needed(geometry, "orient", where);
    grid.origin = triple(orient, "origin", {}, where);
    grid.u = triple(orient, "u", {1, 0, 0}, where);
    grid.v = triple(orient, "v", {0, 1, 0}, where);
    auto sizes = sizes_of(needed(geometry, "grid", where), {"u", "v"}, where);
    grid.sizes_u = std::move(sizes[0]);
    grid.sizes_v = std::move(sizes[1]);
    if (!geometry.at("heights").is_null()) {
      grid.heights = scalars(geometry, "heights", where);
      if (grid.heights.empty()) refuse("omf.array_length", "no heights for the grid", where);
    }
    add_grid(grid, object, allowance_, where);
    shift(object.vertices, origin_);
    check_object(object, where);
    say_grid(model_, where);
  }

  void read_blocks(const Json& geometry, ModelObject& object, const std::string& where) {
    object.kind = ModelObject::Kind::blocks;
    ModelBlocks& blocks = object.blocks;
    const Json& orient = needed(geometry, "orient", where);
    blocks.origin = triple(orient, "origin", {}, where);
    for (std::size_t i = 0; i < 3; ++i) blocks.origin[i] += origin_[i];
    blocks.axes = {triple(orient, "u", {1, 0, 0}, where), triple(orient, "v", {0, 1, 0}, where),
                   triple(orient, "w", {0, 0, 1}, where)};
    check_axes({blocks.axes[0], blocks.axes[1], blocks.axes[2]}, where);
    auto sizes = sizes_of(needed(geometry, "grid", where), {"u", "v", "w"}, where);
    for (std::size_t a = 0; a < 3; ++a) blocks.sizes[a] = std::move(sizes[a]);
    const Json& subs = geometry.at("subblocks");
    if (subs.is_null()) return;
    const std::string type = text(subs, "type", where);
    if (type == "Freeform")
      blocks.sub_blocks = ModelBlocks::SubBlocks::free;
    else if (type == "Regular")
      read_divisions(subs, object, where);
    else
      refuse("omf.syntax", "sub-blocks of type '" + printable(type) + "' are not known", where);
    read_sub_blocks(subs, blocks, where);
  }

  void read_divisions(const Json& subs, ModelObject& object, const std::string& where) {
    ModelBlocks& blocks = object.blocks;
    const auto& count = list(subs, "count", where);
    if (count.size() != 3) refuse("omf.syntax", "'count' has not three numbers", where);
    const std::string mode = text(subs, "mode", where);
    blocks.sub_blocks =
        mode == "Octree" ? ModelBlocks::SubBlocks::octree : ModelBlocks::SubBlocks::regular;
    if (mode == "Full") lose(object.name, "that its parents are cut wholly or not at all");
    for (std::size_t a = 0; a < 3; ++a) {
      const auto n = static_cast<std::uint32_t>(whole(count[a], 0xFFFFFFFFULL, "'count'", where));
      blocks.divisions[a] = n;
      if (n == 0 || (mode == "Octree" && (n & (n - 1)) != 0))
        refuse("omf.sub_block", "parents cannot be cut into " + std::to_string(n) + " cells",
               where);
    }
  }

  void read_sub_blocks(const Json& subs, ModelBlocks& blocks, const std::string& where) {
    const bool free = blocks.sub_blocks == ModelBlocks::SubBlocks::free;
    const Table rows = table(subs, "subblocks", where);
    static const std::vector<std::string> kNames{"parent_u",     "parent_v",     "parent_w",
                                                 "corner_min_u", "corner_min_v", "corner_min_w",
                                                 "corner_max_u", "corner_max_v", "corner_max_w"};
    bool fits = rows.columns.size() == kNames.size();
    for (std::size_t c = 0; fits && c < kNames.size(); ++c)
      fits = rows.columns[c].name == kNames[c] && rows.columns[c].group.empty() &&
             !rows.columns[c].optional &&
             (free && c > 2 ? is_real(rows.columns[c]) : is_whole(rows.columns[c]));
    if (!fits) wrong_schema(rows, "parents and corners of sub-blocks", where);
    allowance_.take(rows.rows, 60);
    for (std::size_t i = 0; i < rows.rows; ++i) {
      std::array<std::uint32_t, 3> parent{};
      std::array<double, 6> corners{};
      for (std::size_t a = 0; a < 3; ++a)
        parent[a] =
            place_at(rows.columns[a], i, blocks.sizes[a].size() - 1, "the sub-blocks", where);
      for (std::size_t c = 0; c < 6; ++c) {
        const Column& column = rows.columns[c + 3];
        const std::uint32_t n = blocks.divisions[c % 3];
        corners[c] = free
                         ? column.reals[i]
                         : static_cast<double>(place_at(column, i, n, "the sub-blocks", where)) / n;
      }
      for (std::size_t a = 0; a < 3; ++a)
        if (!(corners[a] >= 0.0) || !(corners[a] < corners[a + 3]) || !(corners[a + 3] <= 1.0))
          refuse("omf.sub_block",
                 "sub-block " + std::to_string(i) + " has no size or lies outside its parent",
                 where);
      blocks.parent.push_back(parent);
      blocks.corners.push_back(corners);
    }
  }

  void read_attribute(const Json& attribute, const Spot& spot) {
    ModelObject& object = spot.object;
    ModelColumn column;
    column.name = text(attribute, "name", spot.where);
    const std::string where = spot.where + ", column '" + printable(column.name) + "'";
    column.description = text(attribute, "description", where);
    column.unit = text(attribute, "units", where);
    const std::string place = text(attribute, "location", where);
    const Json& data = needed(attribute, "data", where);
    const std::string type = text(data, "type", where);
    if (type == "MappedTexture" || type == "ProjectedTexture")
      return lose(object.name, "the texture '" + column.name + "'");
    lose_metadata(attribute, object.name, " of column '" + column.name + "'");
    const bool blocks = object.kind == ModelObject::Kind::blocks;
    if (blocks && place == "Vertices")
      return lose(object.name, "column '" + column.name + "' on corners of blocks");
    if (place == "Vertices")
      column.place = Place::vertices;
    else if (place == "Primitives" && object.kind != ModelObject::Kind::points)
      column.place = Place::parts;
    else if (place == "Subblocks" && blocks)
      column.place = Place::sub_blocks;
    else
      refuse("omf.syntax", "values at '" + printable(place) + "', which the object does not have",
             where);
    const bool cells = spot.grid != nullptr && column.place == Place::parts;
    const std::size_t due = cells ? cells_of(*spot.grid) : places_of(object, column.place);
    const std::size_t first = object.columns.size();
    object.columns.push_back(std::move(column));
    read_values(data, type, due, object, first, where);
    for (std::size_t c = first; cells && c < object.columns.size(); ++c) {
      allowance_.take(values_in(object.columns[c]), 32);
      split_cells(object.columns[c]);
    }
  }

  // Fills column `at`; categories with columns of their own add these behind it.
  void read_values(const Json& data, const std::string& type, std::size_t due, ModelObject& object,
                   std::size_t at, const std::string& where) {
    ModelColumn& column = object.columns[at];
    if (!data.at("colormap").is_null())
      lose(object.name, "the colour map of column '" + column.name + "'");
    if (type == "Category") return read_category(data, due, object, at, where);
    Table values = table(data, "values", where, due);
    if (type == "Number")
      numbers(single(values, "number", where), values, column, where);
    else if (type == "Vector")
      vectors(values, column, where);
    else if (type == "Color")
      colours(values, column, where);
    else if (type == "Text" || type == "Boolean")
      plain(values, type == "Text", column, where);
    else
      refuse("omf.syntax", "columns of type '" + printable(type) + "' are not known", where);
  }

  void numbers(const Column& from, const Table& values, ModelColumn& column,
               const std::string& where) {
    const bool date = from.store == Store::int32 && from.meaning == Meaning::date;
    const bool micros = from.store == Store::int64 && from.meaning == Meaning::micros;
    if ((!is_real(from) && !is_whole(from)) ||
        (is_whole(from) && !date && !micros && from.meaning != Meaning::plain))
      wrong_schema(values, "numbers, dates or times", where);
    column.kind = is_real(from) ? Kind::number
                  : date        ? Kind::date
                  : micros      ? Kind::date_time
                                : Kind::integer;
    std::size_t beyond = 0;
    for (std::size_t i = 0; i < values.rows; ++i) {
      if (from.missing(i)) {
        column.numbers.push_back(kMissing);
      } else if (is_real(from)) {
        column.numbers.push_back(from.reals[i]);
      } else {
        const std::int64_t value = from.integers[i];
        column.numbers.push_back(micros ? seconds_of_micros(value) : static_cast<double>(value));
        if (value > std::int64_t{1} << 53U || value < -(std::int64_t{1} << 53U)) ++beyond;
      }
    }
    if (beyond > 0)
      model_.findings.add("omf.integer_precision", Severity::warning, where,
                          "whole numbers beyond 2^53 are rounded", beyond);
  }

  static void vectors(const Table& values, ModelColumn& column, const std::string& where) {
    const bool three = values.columns.size() == 3;
    column.kind = three ? Kind::vector3 : Kind::vector2;
    std::vector<std::string> names{"x", "y"};
    if (three) names.emplace_back("z");
    expect(values, "vector", names, true, where);
    for (std::size_t i = 0; i < values.rows; ++i)
      for (const Column& from : values.columns)
        column.numbers.push_back(from.missing(i) ? kMissing : from.reals[i]);
  }

  static std::uint32_t packed_colour(const Table& values, std::size_t row,
                                     const std::string& where) {
    std::uint32_t packed = 0;
    for (std::size_t c = 0; c < 4; ++c)
      packed = packed << 8U | (c < values.columns.size()
                                   ? place_at(values.columns[c], row, 255, "the colours", where)
                                   : 255U);
    return packed;
  }

  static void expect_colours(const Table& values, const std::string& group,
                             const std::string& where) {
    std::vector<std::string> names{"r", "g", "b"};
    if (values.columns.size() == 4) names.emplace_back("a");
    expect(values, group, names, false, where);
  }

  static void colours(const Table& values, ModelColumn& column, const std::string& where) {
    column.kind = Kind::colour;
    expect_colours(values, "color", where);
    for (std::size_t i = 0; i < values.rows; ++i)
      column.numbers.push_back(values.columns[0].missing(i) ? kMissing
                                                            : packed_colour(values, i, where));
  }

  static void plain(Table& values, bool is_text, ModelColumn& column, const std::string& where) {
    const Column& from = single(values, is_text ? "text" : "bool", where);
    if (from.store != (is_text ? Store::bytes : Store::boolean))
      wrong_schema(values, is_text ? "texts" : "truth values", where);
    column.kind = is_text ? Kind::text : Kind::boolean;
    if (is_text) {
      column.words = std::move(values.columns[0].texts);
      return;
    }
    for (std::size_t i = 0; i < values.rows; ++i)
      column.numbers.push_back(from.missing(i) ? kMissing : static_cast<double>(from.integers[i]));
  }

  void read_category(const Json& data, std::size_t due, ModelObject& object, std::size_t at,
                     const std::string& where) {
    const Table values = table(data, "values", where, due);
    const Column& index = single(values, "index", where);
    if (!is_whole(index)) wrong_schema(values, "places of categories", where);
    Table names = table(data, "names", where);
    if (single(names, "name", where).store != Store::bytes) wrong_schema(names, "names", where);
    ModelColumn& column = object.columns[at];
    column.kind = Kind::category;
    column.words = std::move(names.columns[0].texts);
    const std::size_t count = column.words.size();
    if (!data.at("gradient").is_null()) {
      const Table gradient = table(data, "gradient", where, count);
      expect_colours(gradient, "", where);
      for (std::size_t i = 0; i < gradient.rows; ++i)
        column.colours.push_back(packed_colour(gradient, i, where));
    }
    for (std::size_t i = 0; i < values.rows; ++i) {
      if (!index.missing(i) && count == 0)
        refuse("omf.index", "row " + std::to_string(i) + " has a category where there is none",
               where);
      column.numbers.push_back(
          index.missing(i) ? kMissing : place_at(index, i, count - 1, "the categories", where));
    }
    for (const Json& sub : list(data, "attributes", where))
      read_sub_attribute(sub, count, object, at, where);
  }

  // A value for each category, such as the density of a rock: it becomes a column of its own, with
  // the value of each place's category.
  void read_sub_attribute(const Json& sub, std::size_t count, ModelObject& object, std::size_t at,
                          const std::string& where) {
    ModelObject holder;
    holder.name = object.name;
    holder.columns.resize(1);
    ModelColumn& of_each = holder.columns[0];
    of_each.name = object.columns[at].name + "/" + text(sub, "name", where);
    of_each.description = text(sub, "description", where);
    of_each.unit = text(sub, "units", where);
    const std::string inner = where + ", '" + printable(of_each.name) + "'";
    lose_metadata(sub, object.name, " of column '" + of_each.name + "'");
    const Json& data = needed(sub, "data", inner);
    const std::string type = text(data, "type", inner);
    if (type == "MappedTexture" || type == "ProjectedTexture")
      return lose(object.name, "the texture '" + of_each.name + "'");
    read_values(data, type, count, holder, 0, inner);
    for (const ModelColumn& from : holder.columns)
      object.columns.push_back(spread(from, object.columns[at], allowance_));
  }

  ModelFile& model_;
  std::string path_;
  unpack::Allowance allowance_;
  zip_parts::Archive archive_;
  Triple origin_{};
};

}  // namespace

void read_omf2(std::string_view bytes, ModelFile& model) {
  Reader(bytes, model).read();
}

}  // namespace lode::omf
