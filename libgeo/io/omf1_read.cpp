// Open Mining Format, version 1: a header, packed arrays, and objects in JSON that name each other.
#include <algorithm>
#include <bit>
#include <cmath>
#include <set>
#include <unordered_map>

#include "libgeo/core/text.h"
#include "libgeo/io/omf_parts.h"

namespace lode::omf {

namespace {

using Kind = ModelColumn::Kind;
using Place = ModelColumn::Place;
using unpack::little;

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kHeader = 60;
constexpr std::uint32_t kGrey = 0x808080FF;

std::string uid_text(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex += "0123456789abcdef"[byte >> 4U];
    hex += "0123456789abcdef"[byte & 15U];
  }
  for (const std::size_t at : {20U, 16U, 12U, 8U}) hex.insert(at, "-");
  return hex;
}

class Reader {
 public:
  Reader(std::string_view bytes, ModelFile& model)
      : bytes_(bytes), model_(model), path_(model.source.path), allowance_(bytes.size(), path_) {}

  void read() {
    if (bytes_.size() < kHeader) refuse("omf.syntax", "the file is cut in its header", path_);
    const std::string_view version = bytes_.substr(4, 32);
    if (version.substr(0, 7) != "OMF-v0." && version.substr(0, 7) != "OMF-v1.")
      refuse("omf.version",
             "the file says '" + printable(version.substr(0, version.find('\0'))) +
                 "' of itself, not OMF-v0.9.0",
             path_);
    const std::uint64_t begin = little(bytes_, 52, 8);
    if (begin < kHeader || begin >= bytes_.size())
      refuse("omf.syntax",
             "its index would begin at byte " + std::to_string(begin) + " of " +
                 std::to_string(bytes_.size()),
             path_);
    arrays_ = bytes_.substr(0, begin);
    const Json index = Json::parse(bytes_.substr(begin), path_);
    if (!index.is_object()) refuse("omf.syntax", "its index is no object of JSON", path_);
    for (const auto& [uid, entry] : index.members()) entries_.emplace(uid, &entry);
    read_project(entry(uid_text(bytes_.substr(36, 16)), {"Project"}, path_));
  }

 private:
  void lose(const std::string& object, const std::string& what) {
    model_.lost.push_back({object, what});
  }

  // The object of an id, which must be of one of the classes.
  const Json& entry(const std::string& uid, const std::vector<std::string>& classes,
                    const std::string& where) const {
    const auto found = entries_.find(uid);
    if (found == entries_.end())
      refuse("omf.missing_array", "there is no object " + printable(uid.substr(0, 60)), where);
    const std::string name = text(*found->second, "__class__", where);
    if (std::find(classes.begin(), classes.end(), name) == classes.end())
      refuse("omf.syntax",
             "'" + printable(name) + "' stands where " + join(classes, " or ") + " is due", where);
    return *found->second;
  }

  const Json& linked(const Json& holder, const std::string& key,
                     const std::vector<std::string>& classes, const std::string& where) const {
    (void)needed(holder, key, where);
    return entry(text(holder, key, where), classes, where + ", '" + key + "'");
  }

  const Json& linked_item(const Json& uid, const std::vector<std::string>& classes,
                          const std::string& where) const {
    if (!uid.is_string()) refuse("omf.syntax", "an id is no text", where);
    return entry(uid.as_string(), classes, where);
  }

  void read_project(const Json& project) {
    model_.format = "omf1";
    model_.name = text(project, "name", path_);
    model_.description = text(project, "description", path_);
    model_.author = text(project, "author", path_);
    model_.unit = text(project, "units", path_);
    origin_ = triple(project, "origin", {}, path_);
    const std::string revision = text(project, "revision", path_);
    if (!revision.empty()) lose("", "its revision (" + revision + ")");
    const std::string date = text(project, "date", path_);
    if (!date.empty() && date != kNoDate) lose("", "its date (" + date + ")");
    for (const Json& uid : list(project, "elements", path_)) {
      const Json& element = linked_item(
          uid, {"PointSetElement", "LineSetElement", "SurfaceElement", "VolumeElement"}, path_);
      read_element(element);
    }
  }

  void read_element(const Json& element) {
    ModelObject object;
    object.name = text(element, "name", path_);
    const std::string where = path_ + ", object '" + printable(object.name) + "'";
    object.description = text(element, "description", where);
    if (!element.at("color").is_null()) object.colour = colour(element.at("color"), where);
    const std::string subtype = text(element, "subtype", where);
    static const std::set<std::string> kPlain{"", "point", "line", "surface", "volume"};
    if (kPlain.count(subtype) == 0) lose(object.name, "its subtype (" + subtype + ")");
    const std::size_t textures = list(element, "textures", where).size();
    if (textures > 0) lose(object.name, std::to_string(textures) + " textures");
    SurfaceGrid grid;
    bool gridded = false;
    const std::string type = text(element, "__class__", where);
    if (type == "VolumeElement") {
      read_volume(linked(element, "geometry", {"VolumeGridGeometry"}, where), object, where);
    } else if (type == "SurfaceElement") {
      object.kind = ModelObject::Kind::surface;
      const Json& geometry =
          linked(element, "geometry", {"SurfaceGeometry", "SurfaceGridGeometry"}, where);
      gridded = text(geometry, "__class__", where) == "SurfaceGridGeometry";
      if (gridded)
        read_grid(geometry, grid, object, where);
      else
        read_vertices(geometry, object, where);
    } else {
      const bool points = type == "PointSetElement";
      object.kind = points ? ModelObject::Kind::points : ModelObject::Kind::lines;
      read_vertices(
          linked(element, "geometry", {points ? "PointSetGeometry" : "LineSetGeometry"}, where),
          object, where);
    }
    for (const Json& uid : list(element, "data", where))
      read_data(linked_item(uid, kDataClasses, where), object, gridded ? &grid : nullptr, where);
    model_.objects.push_back(std::move(object));
  }

  void read_vertices(const Json& geometry, ModelObject& object, const std::string& where) {
    const auto places = numbers(linked(geometry, "vertices", {"Vector3Array"}, where), 3, where);
    for (std::size_t i = 0; i + 2 < places.size(); i += 3)
      object.vertices.push_back({places[i], places[i + 1], places[i + 2]});
    shift(object.vertices, triple(geometry, "origin", {}, where));
    shift(object.vertices, origin_);
    if (object.kind == ModelObject::Kind::lines)
      corners(linked(geometry, "segments", {"Int2Array"}, where), object.segments, where);
    else if (object.kind == ModelObject::Kind::surface)
      corners(linked(geometry, "triangles", {"Int3Array"}, where), object.triangles, where);
    check_object(object, where);
  }

  template <class Part>
  void corners(const Json& array, std::vector<Part>& parts, const std::string& where) {
    const std::size_t width = std::tuple_size<Part>::value;
    const auto values = numbers(array, width, where);
    for (std::size_t i = 0; i + width <= values.size(); i += width) {
      Part part{};
      for (std::size_t c = 0; c < width; ++c) {
        const double value = values[i + c];
        if (!(value >= 0.0) || value > 4294967295.0 || value != std::floor(value))
          refuse("omf.index",
                 "row " + std::to_string(i / width) + " of '" + text(array, "__class__", where) +
                     "' names vertex " + number_text(value),
                 where);
        part[c] = static_cast<std::uint32_t>(value);
      }
      parts.push_back(part);
    }
  }

  // Numbers of a packed array, `width` to a row; `integers` says whether it holds whole ones.
  std::vector<double> numbers(const Json& holder, std::size_t width, const std::string& where,
                              bool* integers = nullptr) {
    const Json& array = needed(holder, "array", where);
    const std::string type = text(array, "dtype", where);
    if (type != "<f8" && type != "<i8")
      refuse("omf.syntax", "arrays of '" + printable(type) + "' are not read", where);
    constexpr std::uint64_t kMost = std::uint64_t{1} << 62U;
    const std::uint64_t start = whole(needed(array, "start", where), kMost, "'start'", where),
                        length = whole(needed(array, "length", where), kMost, "'length'", where);
    if (start > arrays_.size() || length > arrays_.size() - start)
      refuse("omf.missing_array", "an array at byte " + std::to_string(start) + " lies outside",
             where);
    const std::string bytes =
        unpack::inflate(arrays_.substr(start, length), unpack::Wrap::zlib, allowance_, where);
    if (bytes.size() % (8 * width) != 0)
      refuse("omf.array_length",
             "an array has " + std::to_string(bytes.size()) + " bytes, no multiple of " +
                 std::to_string(8 * width),
             where);
    allowance_.take(bytes.size());
    const bool whole_ones = type == "<i8";
    if (integers != nullptr) *integers = whole_ones;
    std::vector<double> values;
    std::size_t beyond = 0;
    for (std::size_t i = 0; i < bytes.size(); i += 8) {
      const std::uint64_t bits = little(bytes, i, 8);
      const auto integer = static_cast<std::int64_t>(bits);
      if (whole_ones && (integer > std::int64_t{1} << 53U || integer < -(std::int64_t{1} << 53U)))
        ++beyond;
      values.push_back(whole_ones ? static_cast<double>(integer) : std::bit_cast<double>(bits));
    }
    if (beyond > 0)
      model_.findings.add("omf.integer_precision", Severity::warning, where,
                          "whole numbers beyond 2^53 are rounded", beyond);
    return values;
  }

  void read_grid(const Json& geometry, SurfaceGrid& grid, ModelObject& object,
                 const std::string& where) {
    grid.origin = triple(geometry, "origin", {}, where);
    grid.u = triple(geometry, "axis_u", {1, 0, 0}, where);
    grid.v = triple(geometry, "axis_v", {0, 1, 0}, where);
    grid.sizes_u = finite_numbers(needed(geometry, "tensor_u", where), where);
    grid.sizes_v = finite_numbers(needed(geometry, "tensor_v", where), where);
    if (!geometry.at("offset_w").is_null()) {
      grid.heights = numbers(linked(geometry, "offset_w", {"ScalarArray"}, where), 1, where);
      if (grid.heights.empty()) refuse("omf.array_length", "no heights for the grid", where);
    }
    add_grid(grid, object, allowance_, where);
    shift(object.vertices, origin_);
    check_object(object, where);
    say_grid(model_, where);
  }

  void read_volume(const Json& geometry, ModelObject& object, const std::string& where) {
    object.kind = ModelObject::Kind::blocks;
    ModelBlocks& blocks = object.blocks;
    blocks.origin = triple(geometry, "origin", {}, where);
    for (std::size_t i = 0; i < 3; ++i) blocks.origin[i] += origin_[i];
    blocks.axes = {triple(geometry, "axis_u", {1, 0, 0}, where),
                   triple(geometry, "axis_v", {0, 1, 0}, where),
                   triple(geometry, "axis_w", {0, 0, 1}, where)};
    check_axes({blocks.axes[0], blocks.axes[1], blocks.axes[2]}, where);
    static const std::array<const char*, 3> kKeys{"tensor_u", "tensor_v", "tensor_w"};
    for (std::size_t a = 0; a < 3; ++a) {
      blocks.sizes[a] = finite_numbers(needed(geometry, kKeys.at(a), where), where);
      check_sizes(blocks.sizes[a], where);
    }
  }

  // The version does not say in which order the values of blocks stand, and programs differ.
  void say_order(const ModelObject& object, const std::string& where) {
    const auto& sizes = object.blocks.sizes;
    const auto longer = std::count_if(sizes.begin(), sizes.end(),
                                      [](const auto& along) { return along.size() > 1; });
    if (longer > 1)
      model_.findings.add("omf.block_order", Severity::warning, where,
                          "version 1 does not say in which order values of blocks stand; taken as "
                          "the first axis running fastest, as omf-rust does (omfvista: the last)");
  }

  void read_data(const Json& data, ModelObject& object, const SurfaceGrid* grid,
                 const std::string& outer) {
    ModelColumn column;
    column.name = text(data, "name", outer);
    const std::string where = outer + ", column '" + printable(column.name) + "'";
    column.description = text(data, "description", where);
    const std::string location = text(data, "location", where);
    const bool blocks = object.kind == ModelObject::Kind::blocks;
    if (blocks && location == "vertices")
      return lose(object.name, "column '" + column.name + "' on corners of blocks");
    const bool parts = (object.kind == ModelObject::Kind::lines && location == "segments") ||
                       (object.kind == ModelObject::Kind::surface && location == "faces") ||
                       (blocks && location == "cells");
    if (location != "vertices" && !parts)
      refuse("omf.syntax",
             "values at '" + printable(location) + "', which the object does not have", where);
    column.place = parts ? Place::parts : Place::vertices;
    if (blocks) say_order(object, outer);
    std::vector<ModelColumn> more;
    read_values(data, column, more, object.name, where);
    more.insert(more.begin(), std::move(column));
    const bool cells = grid != nullptr && parts;
    const std::size_t due = cells ? cells_of(*grid) : places_of(object, more[0].place);
    for (ModelColumn& each : more) {
      if (values_in(each) != due)
        refuse(
            "omf.array_length",
            std::to_string(values_in(each)) + " values where " + std::to_string(due) + " are due",
            where);
      if (cells) {
        allowance_.take(due, 64);
        split_cells(each);
      }
      object.columns.push_back(std::move(each));
    }
  }

  void read_values(const Json& data, ModelColumn& column, std::vector<ModelColumn>& more,
                   const std::string& object, const std::string& where) {
    const std::string type = text(data, "__class__", where);
    if (!data.at("colormap").is_null())
      lose(object, "the colour map of column '" + column.name + "'");
    if (type == "ScalarData") {
      bool integers = false;
      column.numbers = numbers(linked(data, "array", {"ScalarArray"}, where), 1, where, &integers);
      column.kind = integers ? Kind::integer : Kind::number;
    } else if (type == "Vector2Data" || type == "Vector3Data") {
      const bool three = type == "Vector3Data";
      column.kind = three ? Kind::vector3 : Kind::vector2;
      column.numbers =
          numbers(linked(data, "array", {three ? "Vector3Array" : "Vector2Array"}, where),
                  three ? 3 : 2, where);
    } else if (type == "MappedData") {
      read_mapped(data, column, more, where);
    } else {
      const Json& array =
          linked(data, "array",
                 type == "StringData"     ? std::vector<std::string>{"StringArray"}
                 : type == "DateTimeData" ? std::vector<std::string>{"DateTimeArray"}
                                          : std::vector<std::string>{"ColorArray", "Int3Array"},
                 where);
      read_array(array, column, where);
    }
  }

  // What an array of texts, times, colours or numbers holds, for a column or a legend.
  void read_array(const Json& array, ModelColumn& column, const std::string& where) {
    const std::string type = text(array, "__class__", where);
    if (type == "ScalarArray") {
      bool integers = false;
      column.numbers = numbers(array, 1, where, &integers);
      column.kind = integers ? Kind::integer : Kind::number;
      return;
    }
    column.kind = type == "StringArray"     ? Kind::text
                  : type == "DateTimeArray" ? Kind::date_time
                                            : Kind::colour;
    if (type == "Int3Array") {
      const auto values = numbers(array, 3, where);
      for (std::size_t i = 0; i + 2 < values.size(); i += 3) {
        std::uint32_t packed = 0;
        for (std::size_t c = 0; c < 3; ++c) {
          if (!(values[i + c] >= 0.0) || values[i + c] > 255.0)
            refuse("omf.syntax", "a colour is not of 0 to 255", where);
          packed = packed << 8U | static_cast<std::uint32_t>(values[i + c]);
        }
        column.numbers.push_back(packed << 8U | 255U);
      }
      return;
    }
    allowance_.take(list(array, "array", where).size(), 48);
    for (const Json& item : list(array, "array", where)) {
      if (column.kind == Kind::colour) {
        column.numbers.push_back(colour(item, where));
        continue;
      }
      if (!item.is_string() && !item.is_null())
        refuse("omf.syntax", "a list of texts holds something else", where);
      const std::string word = item.is_null() ? std::string() : item.as_string();
      if (column.kind == Kind::text) {
        column.words.push_back(word);
        continue;
      }
      const auto seconds = word.empty() ? std::optional<double>(kMissing) : seconds_of(word);
      if (!seconds)
        refuse("omf.syntax", "'" + printable(word.substr(0, 40)) + "' is no time", where);
      column.numbers.push_back(*seconds);
    }
  }

  // Places in legends: the first legend of texts gives the names, the first of colours the colours,
  // any other a column of its own.
  void read_mapped(const Json& data, ModelColumn& column, std::vector<ModelColumn>& more,
                   const std::string& where) {
    column.kind = Kind::category;
    column.numbers = numbers(linked(data, "array", {"ScalarArray"}, where), 1, where);
    std::vector<ModelColumn> others;
    bool named = false;
    std::size_t count = 0;
    for (const Json& uid : list(data, "legends", where)) {
      const Json& legend = linked_item(uid, {"Legend"}, where);
      ModelColumn values;
      values.name = column.name + "/" + text(legend, "name", where);
      values.description = text(legend, "description", where);
      read_array(linked(legend, "values",
                        {"StringArray", "ColorArray", "DateTimeArray", "ScalarArray"}, where),
                 values, where);
      count = std::max(count, values_in(values));
      if (values.kind == Kind::text && !named) {
        named = true;
        column.words = std::move(values.words);
      } else if (values.kind == Kind::colour && column.colours.empty()) {
        for (const double c : values.numbers)
          column.colours.push_back(static_cast<std::uint32_t>(c));
      } else {
        others.push_back(std::move(values));
      }
    }
    for (std::size_t i = 0; !named && i < count; ++i)
      column.words.push_back("Category " + std::to_string(i));
    column.words.resize(count);
    if (!column.colours.empty()) column.colours.resize(count, kGrey);
    for (std::size_t i = 0; i < column.numbers.size(); ++i) {
      double& number = column.numbers[i];
      if (std::isnan(number) || number < 0.0) {
        number = kMissing;
      } else if (number >= static_cast<double>(count) || number != std::floor(number)) {
        refuse("omf.index",
               "row " + std::to_string(i) + " names category " + number_text(number) + " of " +
                   std::to_string(count),
               where);
      }
    }
    for (ModelColumn& other : others) {
      if (other.kind == Kind::text)
        other.words.resize(count);
      else
        other.numbers.resize(count * width_of(other.kind), kMissing);
      more.push_back(spread(other, column, allowance_));
    }
  }

  inline static const std::vector<std::string> kDataClasses{
      "ScalarData", "DateTimeData", "Vector2Data", "Vector3Data",
      "ColorData",  "StringData",   "MappedData"};

  std::string_view bytes_;
  std::string_view arrays_;
  ModelFile& model_;
  std::string path_;
  unpack::Allowance allowance_;
  std::unordered_map<std::string, const Json*> entries_;
  Triple origin_{};
};

}  // namespace

void read_omf1(std::string_view bytes, ModelFile& model) {
  Reader(bytes, model).read();
}

}  // namespace lode::omf
