#include "libgeo/io/omf_parts.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <limits>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/provenance.h"
#include "libgeo/core/text.h"
#include "libgeo/io/model_parts.h"

namespace lode::omf {

namespace {

constexpr std::size_t kMostAlong = std::size_t{1} << 20;
constexpr double kExact = 9007199254740992.0;  // 2^53

[[noreturn]] void syntax(const std::string& what, const std::string& where) {
  refuse("omf.syntax", what, where);
}

}  // namespace

void refuse(const std::string& code, const std::string& what, const std::string& where,
            const std::string& hint) {
  throw Error(code, what, where, hint);
}

const Json& needed(const Json& object, const std::string& key, const std::string& where) {
  if (!object.is_object() || !object.has(key) || object.at(key).is_null())
    syntax("'" + key + "' is not said", where);
  return object.at(key);
}

std::string text(const Json& object, const std::string& key, const std::string& where) {
  if (!object.is_object()) syntax("an object of JSON is due", where);
  const Json& value = object.at(key);
  if (value.is_null()) return {};
  if (!value.is_string()) syntax("'" + key + "' is no text", where);
  return value.as_string();
}

const Json::Array& list(const Json& object, const std::string& key, const std::string& where) {
  static const Json::Array none;
  if (!object.is_object()) syntax("an object of JSON is due", where);
  const Json& value = object.at(key);
  if (value.is_null()) return none;
  if (!value.is_array()) syntax("'" + key + "' is no list", where);
  return value.items();
}

std::uint64_t whole(const Json& value, std::uint64_t most, const std::string& what,
                    const std::string& where) {
  if (!value.is_integer() || value.as_integer() < 0 ||
      static_cast<std::uint64_t>(value.as_integer()) > most)
    syntax(what + " is no whole number from 0 to " + std::to_string(most), where);
  return static_cast<std::uint64_t>(value.as_integer());
}

std::vector<double> finite_numbers(const Json& value, const std::string& where) {
  if (!value.is_array()) syntax("a list of numbers is due", where);
  std::vector<double> numbers;
  for (const Json& item : value.items()) {
    if (!item.is_number() || !std::isfinite(item.as_number()))
      syntax("a list of numbers holds something else", where);
    numbers.push_back(item.as_number());
  }
  return numbers;
}

Triple triple(const Json& object, const std::string& key, const Triple& otherwise,
              const std::string& where) {
  if (!object.is_object()) syntax("an object of JSON is due", where);
  if (object.at(key).is_null()) return otherwise;
  const auto numbers = finite_numbers(object.at(key), where + ", '" + key + "'");
  if (numbers.size() != 3) syntax("'" + key + "' does not have three numbers", where);
  return {numbers[0], numbers[1], numbers[2]};
}

std::uint32_t colour(const Json& value, const std::string& where) {
  if (!value.is_array() || value.size() < 3 || value.size() > 4)
    syntax("a colour is not three or four numbers", where);
  std::uint32_t packed = 0;
  for (std::size_t i = 0; i < 4; ++i)
    packed = packed << 8U |
             (i < value.size()
                  ? static_cast<std::uint32_t>(whole(value.items()[i], 255, "a colour", where))
                  : 255U);
  return packed;
}

void check_axes(const std::vector<Triple>& axes, const std::string& where) {
  const auto dot = [](const Triple& a, const Triple& b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  };
  for (std::size_t i = 0; i < axes.size(); ++i)
    for (std::size_t j = 0; j <= i; ++j)
      if (!(std::abs(dot(axes[i], axes[j]) - (i == j ? 1.0 : 0.0)) < 1e-6))
        refuse("omf.axes", "the axes are not of length 1 and at right angles to each other", where);
}

void check_sizes(const std::vector<double>& sizes, const std::string& where) {
  if (sizes.empty() || sizes.size() > kMostAlong)
    refuse("omf.block_size",
           std::to_string(sizes.size()) + " cells along an axis, where 1 to " +
               std::to_string(kMostAlong) + " are read",
           where);
  for (const double size : sizes)
    if (!(size > 0.0) || !std::isfinite(size))
      refuse("omf.block_size", "the size of a cell is not above 0", where);
}

void check_object(const ModelObject& object, const std::string& where) {
  for (std::size_t i = 0; i < object.vertices.size(); ++i)
    for (const double c : object.vertices[i])
      if (!std::isfinite(c))
        refuse("omf.vertex", "vertex " + std::to_string(i) + " has no finite coordinates", where);
  const std::size_t n = object.vertices.size();
  const auto check = [&](const auto& parts, const char* what) {
    for (std::size_t i = 0; i < parts.size(); ++i)
      for (const std::uint32_t corner : parts[i])
        if (corner >= n)
          refuse("omf.index",
                 std::string(what) + " " + std::to_string(i) + " names vertex " +
                     std::to_string(corner) + " of " + std::to_string(n),
                 where);
  };
  check(object.segments, "segment");
  check(object.triangles, "triangle");
}

void shift(std::vector<Triple>& vertices, const Triple& by) {
  if (by == Triple{}) return;
  for (Triple& vertex : vertices)
    for (std::size_t i = 0; i < 3; ++i) vertex[i] += by[i];
}

std::size_t vertices_of(const SurfaceGrid& grid) {
  return (grid.sizes_u.size() + 1) * (grid.sizes_v.size() + 1);
}

std::size_t cells_of(const SurfaceGrid& grid) {
  return grid.sizes_u.size() * grid.sizes_v.size();
}

void add_grid(const SurfaceGrid& grid, ModelObject& object, unpack::Allowance& allowance,
              const std::string& where) {
  check_axes({grid.u, grid.v}, where);
  check_sizes(grid.sizes_u, where);
  check_sizes(grid.sizes_v, where);
  const std::size_t nu = grid.sizes_u.size() + 1, nv = grid.sizes_v.size() + 1, count = nu * nv;
  if (!grid.heights.empty() && grid.heights.size() != count)
    refuse("omf.array_length",
           std::to_string(grid.heights.size()) + " heights for " + std::to_string(count) +
               " vertices of the grid",
           where);
  // A flat grid says its size only: without the cap a line of text could ask for a gibibyte.
  if (grid.heights.empty() && count > kMostAlong)
    refuse("omf.block_size", "a flat grid of " + std::to_string(count) + " vertices", where);
  allowance.take(count, 48);
  const Triple w{grid.u[1] * grid.v[2] - grid.u[2] * grid.v[1],
                 grid.u[2] * grid.v[0] - grid.u[0] * grid.v[2],
                 grid.u[0] * grid.v[1] - grid.u[1] * grid.v[0]};
  double along_v = 0.0;
  for (std::size_t j = 0; j < nv; ++j) {
    double along_u = 0.0;
    for (std::size_t i = 0; i < nu; ++i) {
      const double height = grid.heights.empty() ? 0.0 : grid.heights[j * nu + i];
      Triple vertex = grid.origin;
      for (std::size_t k = 0; k < 3; ++k)
        vertex[k] += along_u * grid.u[k] + along_v * grid.v[k] + height * w[k];
      object.vertices.push_back(vertex);
      if (i + 1 < nu) along_u += grid.sizes_u[i];
    }
    if (j + 1 < nv) along_v += grid.sizes_v[j];
  }
  for (std::size_t j = 0; j + 1 < nv; ++j)
    for (std::size_t i = 0; i + 1 < nu; ++i) {
      const auto a = static_cast<std::uint32_t>(j * nu + i), b = a + 1,
                 d = static_cast<std::uint32_t>(a + nu), c = d + 1;
      object.triangles.push_back({a, b, c});
      object.triangles.push_back({a, c, d});
    }
}

void split_cells(ModelColumn& column) {
  const auto twice = [](auto& values, std::size_t width) {
    auto doubled = values;
    doubled.clear();
    doubled.reserve(2 * values.size());
    for (std::size_t i = 0; i + width <= values.size(); i += width)
      for (int time = 0; time < 2; ++time)
        for (std::size_t k = 0; k < width; ++k) doubled.push_back(values[i + k]);
    values = std::move(doubled);
  };
  if (column.kind == ModelColumn::Kind::text)
    twice(column.words, 1);
  else
    twice(column.numbers, width_of(column.kind));
}

void say_grid(ModelFile& model, const std::string& where) {
  model.findings.add("omf.grid_triangles", Severity::note, where,
                     "each cell of the grid was cut into two triangles; both have its values");
}

namespace {

// A number of exactly `count` digits at `at`, which moves behind it.
std::optional<int> digits(std::string_view text, std::size_t& at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i, ++at) {
    if (text[at] < '0' || text[at] > '9') return std::nullopt;
    value = 10 * value + (text[at] - '0');
  }
  return value;
}

bool skip(std::string_view text, std::size_t& at, char c) {
  if (at >= text.size() || text[at] != c) return false;
  ++at;
  return true;
}

}  // namespace

std::optional<double> seconds_of(std::string_view text) {
  const auto day = text.size() >= 10 ? parse_date(text.substr(0, 10)) : std::nullopt;
  if (!day) return std::nullopt;
  std::int64_t micros = 0;
  if (text.size() > 10) {
    std::size_t at = 11;
    if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return std::nullopt;
    const auto hour = digits(text, at, 2);
    const bool one = skip(text, at, ':');
    const auto minute = digits(text, at, 2);
    const bool two = skip(text, at, ':');
    const auto second = digits(text, at, 2);
    if (!hour || !minute || !second || !one || !two || *hour > 23 || *minute > 59 || *second > 60)
      return std::nullopt;
    micros = ((*hour * 60 + *minute) * 60 + *second) * std::int64_t{1000000};
    if (skip(text, at, '.')) {
      const std::size_t begin = at;
      for (std::int64_t part = 100000; at < text.size() && text[at] >= '0' && text[at] <= '9';
           ++at, part /= 10)
        micros += part * (text[at] - '0');
      if (at == begin) return std::nullopt;
    }
    if (!skip(text, at, 'Z') && !skip(text, at, 'z') && at < text.size()) {
      const bool behind = text[at] == '-';
      if (!behind && text[at] != '+') return std::nullopt;
      ++at;
      const auto hours = digits(text, at, 2);
      (void)skip(text, at, ':');
      const auto minutes = digits(text, at, 2);
      if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
      const std::int64_t offset = (*hours * 60 + *minutes) * std::int64_t{60000000};
      micros += behind ? offset : -offset;
    }
    if (at != text.size()) return std::nullopt;
  }
  return seconds_of_micros(days_between(Date{1970, 1, 1}, *day) * std::int64_t{86400000000} +
                           micros);
}

std::optional<std::string> date_time_text(double seconds) {
  // 0000-01-01 to 9999-12-31.
  if (!(seconds >= -62167219200.0) || !(seconds < 253402300800.0)) return std::nullopt;
  const std::int64_t micros = std::llround(seconds * 1e6);
  std::int64_t days = micros / 86400000000, rest = micros % 86400000000;
  if (rest < 0) rest += 86400000000, --days;
  // Days to a date (proleptic Gregorian): eras of 400 years that begin in March.
  const std::int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
  const std::int64_t doe = z - era * 146097;
  const std::int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
  const std::int64_t d = doy - (153 * mp + 2) / 5 + 1, m = mp < 10 ? mp + 3 : mp - 9;
  const std::int64_t y = yoe + era * 400 + (m <= 2 ? 1 : 0);
  std::array<char, 64> buffer{};
  const std::int64_t s = rest / 1000000;
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ",
                static_cast<int>(y), static_cast<int>(m), static_cast<int>(d),
                static_cast<int>(s / 3600), static_cast<int>(s / 60 % 60), static_cast<int>(s % 60),
                static_cast<int>(rest % 1000000));
  return std::string(buffer.data());
}

double seconds_of_micros(std::int64_t micros) {
  return static_cast<double>(micros) / 1e6;
}

std::optional<std::int64_t> micros_of(double seconds) {
  if (!(std::abs(seconds) < 9.0e12)) return std::nullopt;
  const std::int64_t micros = std::llround(seconds * 1e6);
  if (seconds_of_micros(micros) != seconds) return std::nullopt;
  return micros;
}

std::size_t width_of(ModelColumn::Kind kind) {
  return kind == ModelColumn::Kind::vector2 ? 2 : kind == ModelColumn::Kind::vector3 ? 3 : 1;
}

std::size_t values_in(const ModelColumn& column) {
  return column.kind == ModelColumn::Kind::text ? column.words.size()
                                                : column.numbers.size() / width_of(column.kind);
}

std::size_t places_of(const ModelObject& object, ModelColumn::Place place) {
  switch (place) {
    case ModelColumn::Place::vertices:
      return object.vertices.size();
    case ModelColumn::Place::sub_blocks:
      return object.blocks.parent.size();
    case ModelColumn::Place::parts:
      break;
  }
  switch (object.kind) {
    case ModelObject::Kind::points:
      return object.vertices.size();
    case ModelObject::Kind::lines:
      return object.segments.size();
    case ModelObject::Kind::surface:
      return object.triangles.size();
    case ModelObject::Kind::blocks:
      break;
  }
  return object.blocks.parents();
}

ModelColumn spread(const ModelColumn& of_each, const ModelColumn& categories,
                   unpack::Allowance& allowance) {
  ModelColumn result = of_each;
  result.place = categories.place;
  const bool texts = of_each.kind == ModelColumn::Kind::text;
  const std::size_t width = width_of(of_each.kind);
  allowance.take(categories.numbers.size(), 32 * width);
  if (texts)
    result.words.clear();
  else
    result.numbers.clear();
  for (const double category : categories.numbers) {
    const bool missing = std::isnan(category);
    const auto row = missing ? 0 : static_cast<std::size_t>(category);
    if (texts) {
      if (!missing) allowance.take(of_each.words[row].size());
      result.words.push_back(missing ? std::string() : of_each.words[row]);
      continue;
    }
    for (std::size_t k = 0; k < width; ++k)
      result.numbers.push_back(missing ? std::numeric_limits<double>::quiet_NaN()
                                       : of_each.numbers[row * width + k]);
  }
  return result;
}

void check_column(const ModelObject& object, const ModelColumn& column, const std::string& where) {
  const std::size_t due = places_of(object, column.place);
  const std::size_t numbers =
      column.kind == ModelColumn::Kind::text ? column.words.size() : column.numbers.size();
  if (numbers != due * width_of(column.kind))
    refuse("omf.array_length",
           "column '" + printable(column.name) + "' has " + std::to_string(values_in(column)) +
               " values where " + std::to_string(due) + " are due",
           where);
  if (column.kind != ModelColumn::Kind::category) return;
  if (!column.colours.empty() && column.colours.size() != column.words.size())
    refuse("omf.array_length",
           "column '" + printable(column.name) + "' has other than a colour for each category",
           where);
  for (std::size_t i = 0; i < column.numbers.size(); ++i) {
    const double number = column.numbers[i];
    if (std::isnan(number)) continue;
    if (!(number >= 0.0) || number >= static_cast<double>(column.words.size()) ||
        number != std::floor(number))
      refuse("omf.index",
             "value " + std::to_string(i) + " of column '" + printable(column.name) +
                 "' is none of its " + std::to_string(column.words.size()) + " categories",
             where);
  }
}

ModelColumn::Kind kind_to_write(const ModelColumn& column, const std::string& object,
                                std::vector<ModelLoss>& lost) {
  using Kind = ModelColumn::Kind;
  double least = 0.0, most = 0.0;
  const char* what = nullptr;
  switch (column.kind) {
    case Kind::integer:
      least = -kExact, most = kExact, what = "whole numbers";
      break;
    case Kind::boolean:
      most = 1.0, what = "truth values";
      break;
    case Kind::colour:
      most = 4294967295.0, what = "colours";
      break;
    case Kind::date:
      least = -2147483648.0, most = 2147483647.0, what = "dates";
      break;
    default:
      return column.kind;
  }
  for (const double number : column.numbers)
    if (!std::isnan(number) &&
        (!(number >= least) || !(number <= most) || number != std::floor(number))) {
      lost.push_back(
          {object, "column '" + column.name + "' written as numbers: not all of it are " + what});
      return Kind::number;
    }
  return column.kind;
}

std::vector<std::string> unlike_names(const ModelFile& model, std::vector<ModelLoss>& lost) {
  std::set<std::string> taken;
  for (const ModelObject& object : model.objects) taken.insert(object.name);
  std::set<std::string> used;
  std::vector<std::string> names;
  for (const ModelObject& object : model.objects) {
    std::string name = object.name;
    if (!used.insert(name).second) {
      for (std::size_t n = 2; taken.count(name) > 0; ++n)
        name = object.name + " (" + std::to_string(n) + ")";
      taken.insert(name);
      used.insert(name);
      lost.push_back({object.name, "its name stands twice: written as '" + name + "'"});
    }
    names.push_back(std::move(name));
  }
  return names;
}

void write_bytes(const std::string& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) throw Error("io.write", "the file cannot be written", path, "Is the disk full?");
}

std::string uuid_of(std::string_view text) {
  std::string hex = sha256(text).substr(0, 32);
  hex[12] = '4';
  hex[16] = "89ab"[static_cast<unsigned char>(hex[16]) % 4];
  for (const std::size_t at : {20U, 16U, 12U, 8U}) hex.insert(at, "-");
  return hex;
}

}  // namespace lode::omf

namespace lode::model_files {

void read_omf(std::string_view bytes, ModelFile& model) {
  if (bytes.substr(0, 4) == "\x84\x83\x82\x81") return omf::read_omf1(bytes, model);
  if (bytes.substr(0, 2) == "PK") return omf::read_omf2(bytes, model);
  omf::refuse("omf.unknown", "the file is Open Mining Format of neither version 1 nor 2",
              model.source.path, "Take a sound copy of the file.");
}

}  // namespace lode::model_files
