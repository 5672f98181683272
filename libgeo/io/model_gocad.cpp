// GOCAD text objects: TSurf, PLine, VSet, with properties on vertices.
#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_map>

#include "libgeo/core/text.h"
#include "libgeo/io/block_files.h"
#include "libgeo/io/model_parts.h"
#include "libgeo/io/model_text.h"

namespace lode::model_files {

namespace {

struct Property {
  std::string name, unit;
  std::size_t width = 1;
  double missing = NAN;
};

class Reader {
 public:
  Reader(std::string_view bytes, ModelFile& model)
      : lines_(bytes, model.source.path), model_(model) {}

  void read() {
    std::string_view line;
    bool first = true;
    while (lines_.next(line)) {
      words_of(line, words_);
      if (words_.empty() || words_[0].front() == '#') continue;
      if (words_[0] == "GOCAD" && words_.size() > 1) {
        first = false;
        object(std::string(words_[1]));
      } else if (first) {
        refuse("model.syntax", "the file does not begin with GOCAD", lines_.where());
      }
    }
    if (first) refuse("model.syntax", "the file does not begin with GOCAD", lines_.where());
  }

 private:
  void object(const std::string& type) {
    object_ = ModelObject{};
    id_.clear();
    properties_.clear();
    values_.clear();
    depth_ = false;
    if (type == "Voxet" || type == "SGrid")
      refuse("model.unsupported", "a GOCAD " + type + " is not read", lines_.where());
    const bool known = type == "TSurf" || type == "PLine" || type == "VSet";
    const bool group = type.ends_with("Group") || type == "GroupIn" || type == "Group";
    if (type == "PLine") object_.kind = ModelObject::Kind::lines;
    if (type == "VSet") object_.kind = ModelObject::Kind::points;
    if (group) return;  // its members follow as objects
    std::string_view line;
    while (lines_.next(line)) {
      words_of(line, words_);
      if (words_.empty() || words_[0].front() == '#') continue;
      if (words_[0] == "END") {
        if (known) finish();
        if (!known) model_.lost.push_back({object_.name, "an object of type " + printable(type)});
        return;
      }
      if (words_[0] == "GOCAD")
        refuse("model.syntax", "an object begins before the last has its END", lines_.where());
      if (known || words_[0] == "name:" || words_[0].starts_with("HEADER")) take(line);
    }
    refuse("model.syntax", "the file ends before the END of an object", lines_.where());
  }

  void take(std::string_view line) {
    const std::string_view word = words_[0];
    const std::string text(trim(line));
    const std::string small = lower(text);
    if (small.starts_with("name:")) {
      object_.name = std::string(trim(text.substr(5)));
    } else if (const auto at = small.find("name:");
               small.starts_with("header") && at != std::string::npos) {
      object_.name = std::string(trim(text.substr(at + 5, text.find('}') - at - 5)));
    } else if (word == "ZPOSITIVE") {
      depth_ = words_.size() > 1 && lower(words_[1]) == "depth";
    } else if (word == "AXIS_UNIT" && words_.size() > 1) {
      unit(words_[1]);
    } else if (word == "NAME" && words_.size() > 1 && lower(words_[1]) != "default") {
      model_.crs = std::string(words_[1]);
    } else if (word == "PROPERTIES") {
      properties_.clear();
      for (std::size_t i = 1; i < words_.size(); ++i)
        properties_.push_back({std::string(words_[i]), "", 1, NAN});
      if (properties_.size() > 1000)
        refuse("model.count", "an object has more than 1000 properties", lines_.where());
    } else if (word == "ESIZES" || word == "UNITS" || word == "NO_DATA_VALUES") {
      of_properties(word);
    } else if (word == "VRTX" || word == "PVRTX") {
      vertex();
    } else if (word == "ATOM" || word == "PATOM") {
      atom();
    } else if (word == "TRGL") {
      triangle();
    } else if (word == "SEG") {
      segment();
    } else if (word == "TETRA") {
      refuse("model.unsupported", "tetrahedra are not read", lines_.where());
    }
  }

  void unit(std::string_view text) {
    const std::string said = lower(text);
    if (!model_.unit.empty() && model_.unit != said)
      refuse("model.unsupported", "objects of different units of length stand in one file",
             lines_.where());
    model_.unit = said;
  }

  void of_properties(std::string_view word) {
    for (std::size_t p = 0; p < properties_.size() && p + 1 < words_.size(); ++p) {
      const std::string_view text = words_[p + 1];
      if (word == "UNITS" && text != "none" && text != "unitless")
        properties_[p].unit = std::string(text);
      if (word == "NO_DATA_VALUES") properties_[p].missing = parse_number(text).value_or(NAN);
      if (word != "ESIZES") continue;
      const std::int64_t width = integer_at(text, lines_.where());
      if (width < 1 || width > 100)
        refuse("model.count", "a property has a size that cannot be", lines_.where());
      properties_[p].width = static_cast<std::size_t>(width);
    }
  }

  void vertex() {
    if (words_.size() < 5) refuse("model.syntax", "a vertex lacks a coordinate", lines_.where());
    const std::int64_t id = integer_at(words_[1], lines_.where());
    std::array<double, 3> place{};
    for (std::size_t a = 0; a < 3; ++a) place[a] = number_at(words_[2 + a], lines_.where());
    if (depth_) place[2] = -place[2];
    values(words_[0] == "PVRTX", 5, nullptr);
    add(id, place);
  }

  // A vertex at the place of another, with properties of its own.
  void atom() {
    if (words_.size() < 3) refuse("model.syntax", "an atom names no vertex", lines_.where());
    const std::uint32_t same = found(words_[2]);
    values(words_[0] == "PATOM", 3, &same);
    add(integer_at(words_[1], lines_.where()), object_.vertices[same]);
  }

  void add(std::int64_t id, const std::array<double, 3>& place) {
    if (object_.vertices.size() >= 0xfffffff0U)
      refuse("model.count", "an object has too many vertices", lines_.where());
    id_[id] = static_cast<std::uint32_t>(object_.vertices.size());
    object_.vertices.push_back(place);
  }

  void values(bool said, std::size_t from, const std::uint32_t* same) {
    std::size_t at = from, column = 0;
    for (const Property& property : properties_)
      for (std::size_t w = 0; w < property.width; ++w, ++column) {
        if (values_.size() <= column) values_.emplace_back(object_.vertices.size(), NAN);
        double value = NAN;
        if (said) {
          if (at >= words_.size())
            refuse("model.count", "a vertex has fewer values than there are properties",
                   lines_.where());
          value = number_at(words_[at++], lines_.where());
          if (value == property.missing) value = NAN;
        } else if (same != nullptr) {
          value = values_[column][*same];
        }
        values_[column].push_back(value);
      }
  }

  std::uint32_t found(std::string_view word) {
    const auto at = id_.find(integer_at(word, lines_.where()));
    if (at == id_.end())
      refuse("model.index", "there is no vertex " + printable(word.substr(0, 40)), lines_.where());
    return at->second;
  }

  void triangle() {
    if (words_.size() < 4) refuse("model.syntax", "a triangle has three vertices", lines_.where());
    object_.triangles.push_back({found(words_[1]), found(words_[2]), found(words_[3])});
  }

  void segment() {
    if (words_.size() < 3) refuse("model.syntax", "a segment has two vertices", lines_.where());
    object_.segments.push_back({found(words_[1]), found(words_[2])});
  }

  void finish() {
    std::size_t column = 0;
    for (const Property& property : properties_) {
      ModelColumn one;
      one.name = property.name;
      one.unit = property.unit;
      const bool vector = property.width == 3 || property.width == 2;
      for (std::size_t w = 0; w < property.width; ++w, ++column) {
        if (column >= values_.size()) break;
        values_[column].resize(object_.vertices.size(), NAN);
        if (!vector) {
          one.name =
              property.width == 1 ? property.name : property.name + "_" + std::to_string(w + 1);
          one.numbers = values_[column];
          object_.columns.push_back(one);
        }
      }
      if (!vector || column > values_.size()) continue;
      one.kind = property.width == 3 ? ModelColumn::Kind::vector3 : ModelColumn::Kind::vector2;
      for (std::size_t v = 0; v < object_.vertices.size(); ++v)
        for (std::size_t w = 0; w < property.width; ++w)
          one.numbers.push_back(values_[column - property.width + w][v]);
      object_.columns.push_back(one);
    }
    if (depth_)
      model_.findings.add("model.depth", Severity::note, model_.source.path,
                          "z counts downward in the file (ZPOSITIVE Depth): its sign was turned");
    model_.objects.push_back(std::move(object_));
  }

  Lines lines_;
  ModelFile& model_;
  std::vector<std::string_view> words_;
  ModelObject object_;
  std::unordered_map<std::int64_t, std::uint32_t> id_;
  std::vector<Property> properties_;
  std::vector<std::vector<double>> values_;  // by column, then vertex
  bool depth_ = false;
};

}  // namespace

void read_gocad(std::string_view bytes, ModelFile& model) {
  Reader(bytes, model).read();
}

namespace {

// A number that no value of the column is.
double missing_of(const ModelColumn& column) {
  double missing = -99999.0;
  while (std::find(column.numbers.begin(), column.numbers.end(), missing) != column.numbers.end())
    missing = missing * 10.0 - 9.0;
  return missing;
}

std::string head(const ModelFile& model, const ModelObject& object,
                 const std::vector<const ModelColumn*>& columns) {
  const char* type = object.kind == ModelObject::Kind::surface ? "TSurf"
                     : object.kind == ModelObject::Kind::lines ? "PLine"
                                                               : "VSet";
  std::string name = object.name.empty() ? "object" : object.name;
  for (char& c : name)
    if (c == '\n' || c == '\r' || c == '{' || c == '}') c = ' ';
  std::string crs;
  for (const char c : model.crs) crs += c == '"' || c == '\n' ? ' ' : c;
  std::string text = std::string("GOCAD ") + type + " 1\nHEADER {\nname:" + name +
                     "\n}\nGOCAD_ORIGINAL_COORDINATE_SYSTEM\nNAME " +
                     (crs.empty() ? "Default" : "\"" + crs + "\"") +
                     "\nAXIS_NAME \"X\" \"Y\" \"Z\"\n";
  if (!model.unit.empty()) {
    const std::string unit = " \"" + plain_name(model.unit, "m") + "\"";
    text += "AXIS_UNIT" + unit + unit + unit + "\n";
  }
  text += "ZPOSITIVE Elevation\nEND_ORIGINAL_COORDINATE_SYSTEM\n";
  if (columns.empty()) return text;
  std::string names = "PROPERTIES", sizes = "ESIZES", units = "UNITS", missing = "NO_DATA_VALUES";
  for (const ModelColumn* column : columns) {
    names += " " + plain_name(column->name, "value");
    sizes += " " + std::to_string(width_of(column->kind));
    units += " " + (column->unit.empty() ? "none" : plain_name(column->unit, "none"));
    missing += " " + number_text(missing_of(*column));
  }
  return text + names + "\n" + missing + "\n" + sizes + "\n" + units + "\n";
}

void write_object(BlockWriter& out, const ModelFile& model, const ModelObject& object,
                  const std::vector<const ModelColumn*>& columns) {
  out.write(head(model, object, columns));
  if (object.kind == ModelObject::Kind::surface) out.write("TFACE\n");
  if (object.kind == ModelObject::Kind::lines) out.write("ILINE\n");
  std::vector<double> missing;
  for (const ModelColumn* column : columns) missing.push_back(missing_of(*column));
  for (std::size_t v = 0; v < object.vertices.size(); ++v) {
    std::string line = (columns.empty() ? "VRTX " : "PVRTX ") + std::to_string(v + 1);
    for (const double c : object.vertices[v]) line += " " + number_text(c);
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const std::size_t width = width_of(columns[c]->kind);
      for (std::size_t w = 0; w < width; ++w) {
        const double value = columns[c]->numbers[v * width + w];
        line += " " + number_text(std::isnan(value) ? missing[c] : value);
      }
    }
    out.write(line + "\n");
  }
  for (const auto& s : object.segments)
    out.write("SEG " + std::to_string(std::uint64_t{s[0]} + 1) + " " +
              std::to_string(std::uint64_t{s[1]} + 1) + "\n");
  for (const auto& t : object.triangles)
    out.write("TRGL " + std::to_string(std::uint64_t{t[0]} + 1) + " " +
              std::to_string(std::uint64_t{t[1]} + 1) + " " +
              std::to_string(std::uint64_t{t[2]} + 1) + "\n");
  out.write("END\n");
}

}  // namespace

std::vector<ModelLoss> write_gocad(const std::string& staged, const ModelFile& model) {
  using Kind = ModelObject::Kind;
  std::vector<ModelLoss> lost;
  lose_kinds(model, {Kind::points, Kind::lines, Kind::surface}, "GOCAD text", lost);
  BlockWriter out(staged, staged);
  for (const ModelObject& object : model.objects) {
    if (object.kind == Kind::blocks) continue;
    std::vector<const ModelColumn*> columns;
    std::set<std::string> kept;
    for (const ModelColumn& column : object.columns) {
      const bool on_vertices =
          column.place == ModelColumn::Place::vertices ||
          (object.kind == Kind::points && column.place == ModelColumn::Place::parts);
      if (!on_vertices || column.kind == ModelColumn::Kind::text ||
          column.kind == ModelColumn::Kind::category)
        continue;
      columns.push_back(&column);
      kept.insert(column.name);
    }
    lose_columns(object, kept, lost);
    write_object(out, model, object, columns);
  }
  out.finish();
  return lost;
}

}  // namespace lode::model_files
