#include "libgeo/io/model_text.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {

std::string_view to_text(ModelObject::Kind kind) {
  switch (kind) {
    case ModelObject::Kind::points:
      return "points";
    case ModelObject::Kind::lines:
      return "lines";
    case ModelObject::Kind::surface:
      return "surface";
    case ModelObject::Kind::blocks:
      break;
  }
  return "blocks";
}

}  // namespace lode

namespace lode::model_files {

void refuse(const std::string& code, const std::string& what, const std::string& where) {
  throw Error(code, what, where, "Take a sound copy of the file, or write it anew.");
}

std::string ending_of(const std::string& path) {
  const auto dot = path.rfind('.');
  return dot == std::string::npos || path.find('/', dot) != std::string::npos
             ? std::string()
             : lower(path.substr(dot + 1));
}

bool Lines::next(std::string_view& line) {
  if (at_ >= text_.size()) return false;
  const std::size_t end = std::min(text_.find('\n', at_), text_.size());
  line = text_.substr(at_, end - at_);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  at_ = end + 1;
  ++line_;
  return true;
}

void words_of(std::string_view line, std::vector<std::string_view>& words) {
  words.clear();
  for (std::size_t from = 0; from < line.size();) {
    const auto begin = line.find_first_not_of(" \t\r", from);
    if (begin == std::string_view::npos) return;
    if (line[begin] == '"') {
      const auto close = std::min(line.find('"', begin + 1), line.size());
      words.push_back(line.substr(begin + 1, close - begin - 1));
      from = close + 1;
      continue;
    }
    from = std::min(line.find_first_of(" \t\r", begin), line.size());
    words.push_back(line.substr(begin, from - begin));
  }
}

void cells_of(std::string_view line, std::vector<std::string_view>& cells) {
  cells.clear();
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find(',', begin), line.size());
    cells.push_back(trim(line.substr(begin, end - begin)));
    begin = end + 1;
  }
}

double number_at(std::string_view word, const std::string& where) {
  const auto value = parse_number(word);
  if (!value || !std::isfinite(*value))
    refuse("model.syntax", "'" + printable(word.substr(0, 40)) + "' is no number", where);
  return *value;
}

std::int64_t integer_at(std::string_view word, const std::string& where) {
  word = trim(word);
  std::int64_t value = 0;
  const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (word.empty() || fault != std::errc() || end != word.data() + word.size())
    refuse("model.syntax", "'" + printable(word.substr(0, 40)) + "' is no whole number", where);
  return value;
}

std::uint32_t index_at(std::int64_t at, std::size_t count, const std::string& thing,
                       const std::string& where) {
  if (at < 0 || static_cast<std::uint64_t>(at) >= count ||
      at > std::numeric_limits<std::uint32_t>::max())
    refuse("model.index", "there is no " + thing + " of that number", where);
  return static_cast<std::uint32_t>(at);
}

std::size_t width_of(ModelColumn::Kind kind) {
  if (kind == ModelColumn::Kind::vector2) return 2;
  return kind == ModelColumn::Kind::vector3 ? 3 : 1;
}

std::size_t values_of(const ModelColumn& column) {
  if (column.kind == ModelColumn::Kind::text) return column.words.size();
  return column.numbers.size() / width_of(column.kind);
}

std::string value_text(const ModelColumn& column, std::size_t at) {
  if (column.kind == ModelColumn::Kind::text)
    return at < column.words.size() ? column.words[at] : std::string();
  if (at >= column.numbers.size()) return {};
  const double value = column.numbers[at];
  if (column.kind != ModelColumn::Kind::category) return number_text(value);
  return value >= 0 && value < static_cast<double>(column.words.size())
             ? column.words[static_cast<std::size_t>(value)]
             : std::string();
}

bool is_numeric(ModelColumn::Kind kind) {
  return kind != ModelColumn::Kind::text && kind != ModelColumn::Kind::category &&
         width_of(kind) == 1;
}

ModelColumn column_of_texts(const std::string& name, ModelColumn::Place place,
                            const std::vector<std::string>& texts) {
  ModelColumn column;
  column.name = name;
  column.place = place;
  bool numbers = false;
  for (const std::string& text : texts) {
    if (trim(text).empty()) {
      column.numbers.push_back(NAN);
      continue;
    }
    const auto value = parse_number(text);
    numbers = value.has_value();
    if (!numbers) break;
    column.numbers.push_back(*value);
  }
  if (numbers || column.numbers.size() == texts.size()) return column;
  column.kind = ModelColumn::Kind::category;
  column.numbers.clear();
  std::map<std::string, double> known;
  for (const std::string& text : texts) {
    const std::string word(trim(text));
    if (word.empty()) {
      column.numbers.push_back(NAN);
      continue;
    }
    const auto [at, is_new] = known.emplace(word, static_cast<double>(column.words.size()));
    if (is_new) column.words.push_back(word);
    column.numbers.push_back(at->second);
  }
  return column;
}

void lose_columns(const ModelObject& object, const std::set<std::string>& kept,
                  std::vector<ModelLoss>& lost) {
  std::vector<std::string> names;
  for (const ModelColumn& column : object.columns)
    if (!kept.contains(column.name)) names.push_back(column.name);
  if (names.empty()) return;
  const std::size_t n = names.size();
  if (n > 8) {
    names.resize(8);
    names.emplace_back("...");
  }
  lost.push_back({object.name, std::to_string(n) + (n == 1 ? " column (" : " columns (") +
                                   join(names, ", ") + ")"});
}

bool lose_kinds(const ModelFile& model, const std::set<ModelObject::Kind>& kinds,
                const std::string& format, std::vector<ModelLoss>& lost) {
  bool left = false;
  for (const ModelObject& object : model.objects) {
    if (kinds.contains(object.kind)) {
      left = true;
      continue;
    }
    lost.push_back({object.name, "the whole object: " + format + " holds no " +
                                     std::string(to_text(object.kind)) +
                                     (object.kind == ModelObject::Kind::surface ? "s" : "")});
  }
  return left;
}

void lose_words(const ModelFile& model, bool unit_too, std::vector<ModelLoss>& lost) {
  if (!model.crs.empty()) lost.push_back({"", "the CRS (" + model.crs + ")"});
  if (unit_too && !model.unit.empty())
    lost.push_back({"", "the unit of length (" + model.unit + "): the numbers stay as they are"});
}

void weld(ModelObject& surface) {
  struct Hash {
    std::size_t operator()(const std::array<std::uint64_t, 3>& bits) const {
      std::uint64_t mix = 0;
      for (const std::uint64_t b : bits) mix = (mix ^ b) * 0x9e3779b97f4a7c15ULL, mix ^= mix >> 29;
      return mix;
    }
  };
  std::unordered_map<std::array<std::uint64_t, 3>, std::uint32_t, Hash> known;
  std::vector<std::array<double, 3>> kept;
  std::vector<std::uint32_t> to(surface.vertices.size());
  for (std::size_t v = 0; v < surface.vertices.size(); ++v) {
    std::array<std::uint64_t, 3> bits{};
    for (std::size_t a = 0; a < 3; ++a)
      bits[a] = std::bit_cast<std::uint64_t>(surface.vertices[v][a] + 0.0);  // -0 is 0
    const auto [at, is_new] = known.emplace(bits, static_cast<std::uint32_t>(kept.size()));
    if (is_new) kept.push_back(surface.vertices[v]);
    to[v] = at->second;
  }
  surface.vertices = std::move(kept);
  for (auto& triangle : surface.triangles)
    for (auto& corner : triangle) corner = to[corner];
  for (auto& segment : surface.segments)
    for (auto& end : segment) end = to[end];
}

void drop_unused(ModelObject& object) {
  constexpr auto none = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> to(object.vertices.size(), none);
  for (const auto& t : object.triangles)
    for (const auto v : t) to[v] = 0;
  for (const auto& s : object.segments)
    for (const auto v : s) to[v] = 0;
  std::vector<std::uint32_t> kept;
  for (std::size_t v = 0; v < to.size(); ++v)
    if (to[v] != none) {
      to[v] = static_cast<std::uint32_t>(kept.size());
      kept.push_back(static_cast<std::uint32_t>(v));
    }
  if (kept.size() == to.size()) return;
  std::vector<std::array<double, 3>> vertices;
  for (const auto v : kept) vertices.push_back(object.vertices[v]);
  object.vertices = std::move(vertices);
  for (auto& t : object.triangles)
    for (auto& v : t) v = to[v];
  for (auto& s : object.segments)
    for (auto& v : s) v = to[v];
  for (ModelColumn& column : object.columns)
    if (column.place == ModelColumn::Place::vertices) column = spread(column, kept);
}

void add_fan(ModelObject& surface, const std::vector<std::uint32_t>& corners) {
  for (std::size_t i = 1; i + 1 < corners.size(); ++i)
    surface.triangles.push_back({corners[0], corners[i], corners[i + 1]});
}

ModelColumn spread(const ModelColumn& column, const std::vector<std::uint32_t>& of) {
  ModelColumn wide = column;
  const std::size_t width = width_of(column.kind);
  if (column.kind == ModelColumn::Kind::text) {
    wide.words.clear();
    for (const auto from : of) wide.words.push_back(column.words[from]);
    return wide;
  }
  wide.numbers.clear();
  for (const auto from : of)
    for (std::size_t w = 0; w < width; ++w)
      wide.numbers.push_back(column.numbers[from * width + w]);
  return wide;
}

std::vector<std::vector<std::uint32_t>> runs_of(const ModelObject& lines) {
  std::vector<std::vector<std::uint32_t>> runs;
  for (const auto& segment : lines.segments) {
    if (runs.empty() || runs.back().back() != segment[0] ||
        (runs.back().size() > 2 && runs.back().front() == segment[0]))
      runs.push_back({segment[0]});
    runs.back().push_back(segment[1]);
  }
  return runs;
}

std::string plain_name(const std::string& name, const std::string& otherwise) {
  std::string plain;
  for (const char c : name) {
    const bool good = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      c == '_' || c == '-' || (static_cast<unsigned char>(c) >= 0x80);
    plain.push_back(good ? c : '_');
  }
  return plain.empty() ? otherwise : plain;
}

}  // namespace lode::model_files
