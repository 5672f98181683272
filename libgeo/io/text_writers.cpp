#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include "libgeo/core/error.h"
#include "libgeo/core/json.h"
#include "libgeo/core/text.h"
#include "libgeo/crs/transform.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/geometry/wrap.h"
#include "libgeo/io/format_writers.h"

namespace lode {
namespace {

/// Spreadsheets run a cell that starts like this; an apostrophe makes it text.
bool is_formula(std::string_view cell) {
  if (cell.empty()) return false;
  const char c = cell.front();
  return (c == '=' || c == '+' || c == '-' || c == '@' || c == '\t' || c == '\r') &&
         !parse_number(cell);
}

void append_cell(std::string& text, std::string_view cell) {
  const bool formula = is_formula(cell);
  const bool quote = cell.find_first_of(",\"\r\n") != std::string_view::npos ||
                     (!cell.empty() && (cell.front() == ' ' || cell.back() == ' '));
  if (!quote) {
    if (formula) text += '\'';
    text += cell;
    return;
  }
  text += '"';
  if (formula) text += '\'';
  for (const char c : cell) {
    text += c;
    if (c == '"') text += '"';
  }
  text += '"';
}

void append_coordinate(std::string& text, double value) {
  std::array<char, 400> buffer{};
  auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                              std::chars_format::fixed, 9);
  const char* end = result.ptr;
  while (end[-1] == '0') --end;
  if (end[-1] == '.') --end;
  std::string_view digits(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  text += digits == "-0" ? "0" : digits;
}

void append_point(std::string& text, Point p) {
  text += '[';
  append_coordinate(text, p.x);
  text += ',';
  append_coordinate(text, p.y);
  text += ']';
}

void append_path(std::string& text, const Path& path, bool reverse = false) {
  text += '[';
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (i > 0) text += ',';
    append_point(text, reverse ? path[path.size() - 1 - i] : path[i]);
  }
  text += ']';
}

double twice_area(const Path& ring) {
  double sum = 0.0;
  for (std::size_t i = 1; i < ring.size(); ++i) {
    sum += (ring[i - 1].x - ring[0].x) * (ring[i].y - ring[0].y) -
           (ring[i].x - ring[0].x) * (ring[i - 1].y - ring[0].y);
  }
  return sum;
}

void append_polygon(std::string& text, const Polygon& polygon) {
  text += '[';
  append_path(text, polygon.shell, twice_area(polygon.shell) < 0);
  for (const auto& hole : polygon.holes) {
    text += ',';
    append_path(text, hole, twice_area(hole) > 0);
  }
  text += ']';
}

template <class Parts, class Append>
void append_parts(std::string& text, std::string_view type, const Parts& parts, Append append) {
  const bool multi = parts.size() != 1;
  text += std::string("{\"type\":\"") + (multi ? "Multi" : "") + std::string(type) +
          "\",\"coordinates\":";
  if (multi) text += '[';
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += ',';
    append(parts[i]);
  }
  if (multi) text += ']';
  text += '}';
}

void append_geometry(std::string& text, const Geometry& geometry) {
  if (geometry.empty()) {
    text += "null";
  } else if (geometry.kind == GeometryKind::point) {
    append_parts(text, "Point", geometry.points, [&](Point p) { append_point(text, p); });
  } else if (geometry.kind == GeometryKind::line) {
    append_parts(text, "LineString", geometry.lines, [&](const Path& p) { append_path(text, p); });
  } else {
    append_parts(text, "Polygon", geometry.polygons,
                 [&](const Polygon& p) { append_polygon(text, p); });
  }
}

bool only_single_points(const std::vector<Geometry>& geometry) {
  for (const auto& g : geometry) {
    if (!g.empty() && (g.kind != GeometryKind::point || g.points.size() != 1)) return false;
  }
  return true;
}

}  // namespace

std::string csv_text(const Table& table) {
  std::string text;
  for (std::size_t k = 0; k < table.columns.size(); ++k) {
    if (k > 0) text += ',';
    append_cell(text, table.columns[k].name);
  }
  text += '\n';
  for (std::size_t row = 0; row < table.rows(); ++row) {
    for (std::size_t k = 0; k < table.columns.size(); ++k) {
      const Column& column = table.columns[k];
      if (k > 0) text += ',';
      if (column.kind == ColumnKind::number) {
        text += number_text(column.numbers[row]);
      } else {
        append_cell(text, column.texts[row]);
      }
    }
    // A lone blank cell would look like no row at all.
    if (table.columns.size() == 1 && text.back() == '\n') text += "\"\"";
    text += '\n';
  }
  return text;
}

namespace writing {

void say_guarded(const Table& table, const std::string& path, Findings& findings) {
  std::vector<std::string> columns;
  std::size_t count = 0;
  for (const auto& column : table.columns) {
    const auto guarded = static_cast<std::size_t>(
        std::count_if(column.texts.begin(), column.texts.end(),
                      [](const std::string& text) { return is_formula(text); }));
    if (guarded > 0) columns.push_back(printable(column.name));
    count += guarded;
  }
  if (count > 0)
    findings.add({"output.guarded", Severity::warning, path, count,
                  "texts that a spreadsheet would run as a formula got an apostrophe before "
                  "them, in " +
                      join(columns, ", ")});
}

std::string csv_layer(const OutputLayer& layer) {
  if (layer.geometry.empty()) return csv_text(layer.table);
  const bool degrees = layer.crs.is_geographic();
  const std::string x = degrees ? "lon" : "x";
  const std::string y = degrees ? "lat" : "y";
  const bool taken = layer.table.find(x) != nullptr || layer.table.find(y) != nullptr;
  Table table;
  table.name = layer.table.name;
  if (only_single_points(layer.geometry) && !taken) {
    std::vector<double> east, north;
    for (const auto& g : layer.geometry) {
      east.push_back(g.empty() ? std::nan("") : g.points.front().x);
      north.push_back(g.empty() ? std::nan("") : g.points.front().y);
    }
    table.add(number_column(x, std::move(east)));
    table.add(number_column(y, std::move(north)));
  } else {
    std::vector<std::string> wkt;
    for (const auto& g : layer.geometry) wkt.push_back(g.empty() ? std::string{} : to_wkt(g));
    table.add(text_column(layer.table.find("WKT") == nullptr ? "WKT" : "geometry", std::move(wkt)));
  }
  for (const auto& column : layer.table.columns) table.add(column);
  return csv_text(table);
}

std::string geojson_text(const OutputLayer& layer, Findings& findings) {
  std::string text =
      "{\"type\":\"FeatureCollection\",\"name\":" + Json(layer.name).dump() + ",\"features\":[";
  std::unique_ptr<Transform> transform;
  if (!layer.geometry.empty() && !(layer.crs == wgs84())) {
    transform = std::make_unique<Transform>(layer.crs, wgs84());
    findings.add(
        "write.lon_lat", Severity::note, layer.name,
        "GeoJSON is longitude and latitude: the layer was transformed from " + layer.crs.label());
  }
  const std::size_t count = layer.geometry.empty() ? layer.table.rows() : layer.geometry.size();
  for (std::size_t i = 0; i < count; ++i) {
    text += i == 0 ? "\n" : ",\n";
    text += "{\"type\":\"Feature\",\"properties\":{";
    for (std::size_t k = 0; k < layer.table.columns.size(); ++k) {
      const Column& column = layer.table.columns[k];
      if (k > 0) text += ',';
      text += Json(column.name).dump() + ":";
      if (column.kind == ColumnKind::number) {
        text += std::isfinite(column.numbers[i]) ? number_text(column.numbers[i]) : "null";
      } else {
        text += column.texts[i].empty() ? "null" : Json(column.texts[i]).dump();
      }
    }
    text += "},\"geometry\":";
    Geometry geometry = layer.geometry.empty() ? Geometry{} : layer.geometry[i];
    if (transform && !geometry.empty()) geometry = reproject(geometry, *transform);
    append_geometry(text, geometry.empty() ? geometry : cut_at_antimeridian(geometry));
    text += '}';
  }
  return text + "\n]}\n";
}

}  // namespace writing
}  // namespace lode
