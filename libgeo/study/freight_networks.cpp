// [[networks]]: lines from layers, from extracts and around land, and the countries they lie in.
#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/io/osm_lines.h"
#include "libgeo/study/freight_inputs.h"

namespace lode {

namespace {

std::string name_of(const NetworkTable& table) {
  return table.layer.path + (table.layer.layer.empty() ? "" : ":" + table.layer.layer);
}

void show(StudyContext& context, const std::string& mode, const std::vector<Geometry>& geometry) {
  MapLayer on_map;
  on_map.name = mode;
  on_map.role = "network";
  on_map.geometry = geometry;
  on_map.label.assign(geometry.size(), "");
  context.result.layers.push_back(std::move(on_map));
}

bool has_polygons(const std::vector<Geometry>& geometry) {
  return std::any_of(geometry.begin(), geometry.end(),
                     [](const Geometry& one) { return one.kind == GeometryKind::polygon; });
}

/// The rows of a table by number; a row may come several times.
Table rows_of(const Table& table, const std::vector<std::size_t>& rows) {
  Table out;
  out.name = table.name;
  for (const Column& column : table.columns) {
    Column copy;
    copy.name = column.name;
    copy.kind = column.kind;
    copy.unit = column.unit;
    for (const std::size_t row : rows)
      if (column.kind == ColumnKind::number)
        copy.numbers.push_back(column.numbers[row]);
      else
        copy.texts.push_back(column.texts[row]);
    out.columns.push_back(std::move(copy));
  }
  for (const std::size_t row : rows) out.row_names.push_back(table.row_name(row));
  return out;
}

const Column* column_of(const LineLayer& layer, const std::string& wanted) {
  const auto named = layer.fields.find(wanted);
  if (named != layer.fields.end())
    if (const Column* column = layer.table.find(named->second)) return column;
  return layer.table.find(wanted);
}

bool says_number(const Column* column, std::size_t row) {
  if (column == nullptr) return false;
  return column->kind == ColumnKind::number
             ? !std::isnan(column->numbers[row]) && column->numbers[row] != 0.0
             : !trim(column->texts[row]).empty();
}

/// The countries of the segments of a line, by their middles; "" at sea.
std::vector<std::string> countries_along(const Path& line, const Countries& countries) {
  std::vector<std::string> codes;
  for (std::size_t i = 1; i < line.size(); ++i)
    codes.push_back(
        countries.at({(line[i - 1].x + line[i].x) / 2.0, (line[i - 1].y + line[i].y) / 2.0}).iso3);
  return codes;
}

/// Lines cut where the country changes, one row each with the row it came from.
struct Pieces {
  std::vector<Geometry> geometry;
  std::vector<std::size_t> rows;
  std::vector<std::string> country;
  std::size_t located = 0, uncut = 0;

  void add(Path line, std::size_t row, std::string code) {
    Geometry one;
    one.kind = GeometryKind::line;
    one.lines.push_back(std::move(line));
    geometry.push_back(std::move(one));
    rows.push_back(row);
    country.push_back(std::move(code));
  }
  void add_whole(const Geometry& whole, std::size_t row, std::string code) {
    geometry.push_back(whole);
    rows.push_back(row);
    country.push_back(std::move(code));
  }
  void add_cut(const Path& line, std::size_t row, const std::vector<std::string>& codes) {
    for (std::size_t i = 0; i < codes.size();) {
      std::size_t end = i;
      while (end < codes.size() && codes[end] == codes[i]) ++end;
      add(Path(line.begin() + static_cast<std::ptrdiff_t>(i),
               line.begin() + static_cast<std::ptrdiff_t>(end + 1)),
          row, codes[i]);
      i = end;
    }
  }
};

/// The country that most segments lie in.
std::string most_of(const std::vector<std::vector<std::string>>& codes) {
  std::map<std::string, std::size_t> count;
  for (const auto& line : codes)
    for (const auto& code : line) ++count[code];
  std::string best;
  std::size_t most = 0;
  for (const auto& [code, n] : count)
    if (n > most) {
      most = n;
      best = code;
    }
  return best;
}

}  // namespace

void locate_countries(LineLayer& layer, const Countries& countries, Findings& findings) {
  if (layer.mode == "sea" || countries.list().empty()) return;
  const Column* said = column_of(layer, "country");
  const auto codes = said ? layer.table.texts(said->name) : std::vector<std::string>();
  const Column *toll = column_of(layer, "toll_usd"), *length = column_of(layer, "length_km");
  Pieces pieces;
  for (std::size_t row = 0; row < layer.geometry.size(); ++row) {
    const Geometry& geometry = layer.geometry[row];
    if (geometry.kind != GeometryKind::line || (!codes.empty() && !trim(codes[row]).empty())) {
      pieces.add_whole(geometry, row, codes.empty() ? "" : codes[row]);
      continue;
    }
    std::vector<std::vector<std::string>> along;
    bool one_country = true;
    for (const Path& line : geometry.lines) {
      along.push_back(countries_along(line, countries));
      for (const auto& code : along.back())
        one_country = one_country && code == along.front().front();
    }
    ++pieces.located;
    const bool whole_figure = says_number(toll, row) || says_number(length, row);
    if (one_country || whole_figure) {
      if (!one_country) ++pieces.uncut;
      pieces.add_whole(geometry, row, most_of(along));
      continue;
    }
    for (std::size_t k = 0; k < geometry.lines.size(); ++k)
      pieces.add_cut(geometry.lines[k], row, along[k]);
  }
  if (pieces.located == 0) return;
  layer.table = layer.table.columns.empty() ? Table{layer.table.name, {}, {}}
                                            : rows_of(layer.table, pieces.rows);
  const std::string name = said ? said->name : "country";
  std::erase_if(layer.table.columns, [&](const Column& one) { return one.name == name; });
  layer.geometry = std::move(pieces.geometry);
  layer.table.add(text_column(name, std::move(pieces.country)));
  findings.add("study.countries_located", Severity::note, layer.name,
               "lines that say no country take the one they lie in", pieces.located);
  if (pieces.uncut > 0)
    findings.add("study.line_not_cut", Severity::warning, layer.name,
                 "lines cross a border but have a toll or a length for the whole: they count to "
                 "the country that most of their segments lie in",
                 pieces.uncut);
}

void read_lines(StudyContext& context, const NetworkTable& table,
                const std::function<std::vector<SeaBerth>()>& berths,
                std::vector<LineLayer>& layers, const Progress& progress) {
  const bool located = context.study.logistics.locate_countries;
  const auto take = [&](LineLayer lines) {
    if (located) locate_countries(lines, context.countries, context.result.findings);
    show(context, lines.mode, lines.geometry);
    layers.push_back(std::move(lines));
  };
  if (is_osm_path(table.layer.path)) {
    for (LineLayer& lines : extract_lines(context, table, progress)) take(std::move(lines));
    return;
  }
  if (table.layer.path == "installed") {
    if (table.mode != "sea")
      throw Error("study.value", "the installed country outlines are land, not " + table.mode,
                  context.where(table.layer.line), "Write mode = \"sea\", or name a layer.");
    std::vector<Geometry> land;
    for (const Country& country : context.countries.list()) land.push_back(country.outline);
    return take(lanes_of(context, table, land, berths(), progress));
  }
  Layer layer = context.read(table.layer, true);
  if (table.mode == "sea" && has_polygons(layer.geometry))
    return take(lanes_of(context, table, layer.geometry, berths(), progress));
  LineLayer lines;
  lines.name = name_of(table);
  lines.mode = table.mode;
  lines.crs = layer.crs;
  lines.fields = table.fields;
  lines.geometry = std::move(layer.geometry);
  lines.table = std::move(layer.table);
  take(std::move(lines));
}

}  // namespace lode
