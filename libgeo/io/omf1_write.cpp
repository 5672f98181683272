// Open Mining Format, version 1, as omf-python 1.0 reads it.
#include <algorithm>
#include <bit>
#include <cmath>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/provenance.h"
#include "libgeo/io/model_parts.h"
#include "libgeo/io/omf_parts.h"

namespace lode::omf {

namespace {

using Kind = ModelColumn::Kind;
using Place = ModelColumn::Place;
using unpack::put_little;

std::string quoted(const ModelColumn& column) {
  return "column '" + column.name + "'";
}

class Writer {
 public:
  explicit Writer(const ModelFile& model) : model_(model) {
    bytes_ = std::string("\x84\x83\x82\x81OMF-v0.9.0", 14);
    bytes_.resize(60, '\0');
  }

  std::string bytes() {
    if (!model_.crs.empty()) lose("", "the coordinate reference system (" + model_.crs + ")");
    const auto names = unlike_names(model_, lost_);
    Json elements = Json::array();
    for (std::size_t i = 0; i < model_.objects.size(); ++i) {
      if (is_held(model_.objects[i]))
        elements.push_back(element(model_.objects[i], names[i]));
      else
        lose(names[i],
             "the whole object: OMF 1 holds no sub-blocks, and nothing stands on the "
             "parents of these " +
                 std::to_string(model_.objects[i].blocks.parent.size()));
    }
    if (elements.items().empty() && !model_.objects.empty())
      throw Error("model.nothing",
                  "OMF 1 holds no sub-blocks and no absent blocks, and there is nothing else", {},
                  "Write OMF 2 (--format omf), VTU or CSV.");
    Json project = content(model_.name, model_.description);
    project["author"] = model_.author;
    project["revision"] = "";
    project["date"] = kNoDate;
    project["units"] = model_.unit;
    project["origin"] = Json(std::vector<double>{0.0, 0.0, 0.0});
    project["elements"] = std::move(elements);
    const std::string uid = add("Project", std::move(project));
    std::string head;
    for (std::size_t i = 0; i < uid.size();) {
      if (uid[i] == '-') {
        ++i;
        continue;
      }
      head += static_cast<char>(std::stoi(uid.substr(i, 2), nullptr, 16));
      i += 2;
    }
    put_little(head, bytes_.size(), 8);
    bytes_.replace(36, 24, head);
    return bytes_ + index_.dump();
  }

  std::vector<ModelLoss>& lost() { return lost_; }

 private:
  void lose(const std::string& object, const std::string& what) { lost_.push_back({object, what}); }

  // Parents alone say nothing of sub-blocks, nor of blocks that are not there: they are written for
  // the sake of columns that stand on them.
  static bool is_held(const ModelObject& object) {
    return object.kind != ModelObject::Kind::blocks ||
           object.blocks.sub_blocks == ModelBlocks::SubBlocks::none ||
           std::any_of(object.columns.begin(), object.columns.end(),
                       [](const ModelColumn& column) { return column.place == Place::parts; });
  }

  static Json content(const std::string& name, const std::string& description) {
    Json fields = Json::object();
    fields["name"] = name;
    fields["description"] = description;
    return fields;
  }

  // Puts an object into the index; its id comes from all that was put there before and from itself.
  std::string add(const char* type, Json fields) {
    Json entry = Json::object();
    entry["date_created"] = kNoDate;
    entry["date_modified"] = kNoDate;
    for (const auto& [key, value] : fields.members()) entry[key] = value;
    entry["__class__"] = type;
    seed_ = sha256(seed_ + entry.dump());
    std::string uid = uuid_of(seed_);
    entries_.emplace_back(uid, std::move(entry));
    if (std::string(type) == "Project") index_ = Json(std::move(entries_));
    return uid;
  }

  Json packed(const std::string& values, bool integers) {
    const std::string bytes = unpack::deflate(values, unpack::Wrap::zlib);
    Json array = Json::object();
    array["start"] = Json(bytes_.size());
    array["dtype"] = integers ? "<i8" : "<f8";
    array["length"] = Json(bytes.size());
    bytes_ += bytes;
    seed_ = sha256(seed_ + sha256(bytes));
    return array;
  }

  std::string numbers(const char* type, const std::vector<double>& values, bool integers) {
    std::string bytes;
    bytes.reserve(8 * values.size());
    for (const double value : values)
      put_little(bytes,
                 integers ? static_cast<std::uint64_t>(static_cast<std::int64_t>(value))
                          : std::bit_cast<std::uint64_t>(value),
                 8);
    Json fields = Json::object();
    fields["array"] = packed(bytes, integers);
    return add(type, std::move(fields));
  }

  template <class Part>
  std::string rows(const char* type, const std::vector<Part>& parts, bool integers) {
    std::vector<double> values;
    for (const Part& part : parts)
      for (const auto value : part) values.push_back(static_cast<double>(value));
    return numbers(type, values, integers);
  }

  std::string texts(const char* type, const std::vector<std::string>& words) {
    Json list = Json::array();
    for (const std::string& word : words)
      list.push_back(word.empty() && std::string(type) == "DateTimeArray" ? Json() : Json(word));
    Json fields = Json::object();
    fields["array"] = std::move(list);
    return add(type, std::move(fields));
  }

  static Json rgb(std::uint32_t colour) {
    return Json(Json::Array{Json(static_cast<int>(colour >> 24U)),
                            Json(static_cast<int>(colour >> 16U & 255U)),
                            Json(static_cast<int>(colour >> 8U & 255U))});
  }

  Json element(const ModelObject& object, const std::string& name) {
    const std::string where = "object '" + name + "'";
    check_object(object, where);
    const auto [type, subtype] = class_of(object.kind);
    Json fields = content(name, object.description);
    if (object.colour != 0) {
      fields["color"] = rgb(object.colour);
      if ((object.colour & 255U) != 255U) lose(name, "how far its colour lets light through");
    }
    fields["geometry"] = geometry(object, name);
    Json data = Json::array();
    for (const ModelColumn& column : object.columns) {
      const bool blocks = object.kind == ModelObject::Kind::blocks;
      if (blocks && column.place != Place::parts) {
        lose(name, quoted(column) + (column.place == Place::sub_blocks ? " on sub-blocks"
                                                                       : " on corners of blocks"));
        continue;
      }
      check_column(object, column, where);
      if (!column.unit.empty())
        lose(name, "the unit of " + quoted(column) + " (" + column.unit + ")");
      data.push_back(this->data(object, column, name));
    }
    fields["data"] = std::move(data);
    if (object.kind == ModelObject::Kind::points || object.kind == ModelObject::Kind::surface)
      fields["textures"] = Json::array();
    fields["subtype"] = subtype;
    return Json(add(type, std::move(fields)));
  }

  static std::pair<const char*, const char*> class_of(ModelObject::Kind kind) {
    switch (kind) {
      case ModelObject::Kind::points:
        return {"PointSetElement", "point"};
      case ModelObject::Kind::lines:
        return {"LineSetElement", "line"};
      case ModelObject::Kind::surface:
        return {"SurfaceElement", "surface"};
      case ModelObject::Kind::blocks:
        break;
    }
    return {"VolumeElement", "volume"};
  }

  std::string geometry(const ModelObject& object, const std::string& name) {
    Json fields = Json::object();
    fields["origin"] = Json(std::vector<double>{0.0, 0.0, 0.0});
    if (object.kind == ModelObject::Kind::blocks) return volume(object, name);
    fields["vertices"] = rows("Vector3Array", object.vertices, false);
    if (object.kind == ModelObject::Kind::points) return add("PointSetGeometry", std::move(fields));
    if (object.kind == ModelObject::Kind::lines) {
      fields["segments"] = rows("Int2Array", object.segments, true);
      return add("LineSetGeometry", std::move(fields));
    }
    fields["triangles"] = rows("Int3Array", object.triangles, true);
    return add("SurfaceGeometry", std::move(fields));
  }

  std::string volume(const ModelObject& object, const std::string& name) {
    const ModelBlocks& blocks = object.blocks;
    if (blocks.sub_blocks != ModelBlocks::SubBlocks::none) {
      lose(name, std::to_string(blocks.parent.size()) + " sub-blocks");
      const std::set<std::array<std::uint32_t, 3>> filled(blocks.parent.begin(),
                                                          blocks.parent.end());
      if (filled.size() < blocks.parents())
        lose(name, "that " + std::to_string(blocks.parents() - filled.size()) +
                       " parents have no block: they are written as blocks");
    }
    check_axes({blocks.axes[0], blocks.axes[1], blocks.axes[2]}, "object '" + name + "'");
    Json fields = Json::object();
    fields["origin"] = Json(std::vector<double>(blocks.origin.begin(), blocks.origin.end()));
    for (std::size_t a = 0; a < 3; ++a) {
      check_sizes(blocks.sizes[a], "object '" + name + "'");
      const std::string axis(1, "uvw"[a]);
      fields["tensor_" + axis] = Json(blocks.sizes[a]);
      fields["axis_" + axis] =
          Json(std::vector<double>(blocks.axes[a].begin(), blocks.axes[a].end()));
    }
    return add("VolumeGridGeometry", std::move(fields));
  }

  Json data(const ModelObject& object, const ModelColumn& column, const std::string& name) {
    Json fields = content(column.name, column.description);
    const bool parts = column.place == Place::parts && object.kind != ModelObject::Kind::points;
    fields["location"] = !parts                                      ? "vertices"
                         : object.kind == ModelObject::Kind::lines   ? "segments"
                         : object.kind == ModelObject::Kind::surface ? "faces"
                                                                     : "cells";
    const char* type = "ScalarData";
    const auto missing =
        static_cast<std::size_t>(std::count_if(column.numbers.begin(), column.numbers.end(),
                                               [](double value) { return std::isnan(value); }));
    switch (kind_to_write(column, name, lost_)) {
      case Kind::number:
        fields["array"] = numbers("ScalarArray", column.numbers, false);
        break;
      case Kind::integer:
        if (missing > 0)
          lose(name, "that the values of " + quoted(column) +
                         " are whole: some are missing, which whole ones cannot be");
        fields["array"] = numbers("ScalarArray", column.numbers, missing == 0);
        break;
      case Kind::boolean:
        lose(name, "that " + quoted(column) + " holds truth values: written as 0 and 1");
        fields["array"] = numbers("ScalarArray", column.numbers, missing == 0);
        break;
      case Kind::category:
        type = "MappedData";
        mapped(column, name, fields);
        break;
      case Kind::text:
        type = "StringData";
        fields["array"] = texts("StringArray", column.words);
        break;
      case Kind::colour:
        type = "ColorData";
        fields["array"] = colours(column, missing, name);
        break;
      case Kind::date:
      case Kind::date_time:
        type = times(column, name, fields);
        break;
      case Kind::vector2:
        type = "Vector2Data";
        fields["array"] = numbers("Vector2Array", column.numbers, false);
        break;
      case Kind::vector3:
        type = "Vector3Data";
        fields["array"] = numbers("Vector3Array", column.numbers, false);
        break;
    }
    return Json(add(type, std::move(fields)));
  }

  void mapped(const ModelColumn& column, const std::string& name, Json& fields) {
    std::vector<double> places = column.numbers;
    for (double& place : places)
      if (std::isnan(place)) place = -1.0;
    fields["array"] = numbers("ScalarArray", places, true);
    Json names = content("name", ""), legends = Json::array();
    names["values"] = texts("StringArray", column.words);
    legends.push_back(Json(add("Legend", std::move(names))));
    if (!column.colours.empty()) {
      Json list = Json::array(), colours = Json::object(), legend = content("color", "");
      bool opaque = true;
      for (const std::uint32_t colour : column.colours) {
        list.push_back(rgb(colour));
        opaque = opaque && (colour & 255U) == 255U;
      }
      if (!opaque) lose(name, "how far colours of " + quoted(column) + " let light through");
      colours["array"] = std::move(list);
      legend["values"] = add("ColorArray", std::move(colours));
      legends.push_back(Json(add("Legend", std::move(legend))));
    }
    fields["legends"] = std::move(legends);
  }

  std::string colours(const ModelColumn& column, std::size_t missing, const std::string& name) {
    if (missing > 0)
      lose(name,
           std::to_string(missing) + " missing colours of " + quoted(column) + ": written as grey");
    std::vector<double> values;
    bool opaque = true;
    for (const double number : column.numbers) {
      const std::uint32_t colour =
          std::isnan(number) ? 0x808080FFU : static_cast<std::uint32_t>(number);
      opaque = opaque && (colour & 255U) == 255U;
      for (const unsigned by : {24U, 16U, 8U}) values.push_back(colour >> by & 255U);
    }
    if (!opaque) lose(name, "how far colours of " + quoted(column) + " let light through");
    return numbers("Int3Array", values, true);
  }

  // Times as texts to the microsecond; beyond what these can say, as numbers.
  const char* times(const ModelColumn& column, const std::string& name, Json& fields) {
    const bool days = column.kind == Kind::date;
    std::vector<std::string> words;
    std::size_t rounded = 0;
    for (const double number : column.numbers) {
      const double seconds = days ? 86400.0 * number : number;
      const auto word = std::isnan(seconds) ? std::string() : date_time_text(seconds);
      if (!word) {
        lose(name, "that " + quoted(column) + " holds times, some of which lie beyond the year " +
                       "9999: written as numbers, " + (days ? "days" : "seconds") + " since 1970");
        fields["array"] = numbers("ScalarArray", column.numbers, false);
        return "ScalarData";
      }
      if (!word->empty() && seconds_of(*word) != seconds) ++rounded;
      words.push_back(*word);
    }
    if (days) lose(name, "that " + quoted(column) + " holds days: written as their midnights");
    if (rounded > 0)
      lose(name,
           std::to_string(rounded) + " times of " + quoted(column) + " beyond the microsecond");
    fields["array"] = texts("DateTimeArray", words);
    return "DateTimeData";
  }

  const ModelFile& model_;
  std::string bytes_, seed_;
  Json::Object entries_;
  Json index_;
  std::vector<ModelLoss> lost_;
};

}  // namespace

}  // namespace lode::omf

namespace lode::model_files {

std::vector<ModelLoss> write_omf1(const std::string& staged, const ModelFile& model) {
  omf::Writer writer(model);
  omf::write_bytes(staged, writer.bytes());
  return std::move(writer.lost());
}

}  // namespace lode::model_files
