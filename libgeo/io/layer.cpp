#include "libgeo/io/layer.h"

#include <gdal_priv.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <future>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"
#include "libgeo/crs/transform.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/io/cells.h"
#include "libgeo/io/door.h"
#include "libgeo/io/layer_parts.h"
#include "libgeo/io/open.h"

namespace lode {
namespace {

std::string layer_place(const std::string& path, const std::string& layer) {
  return layer.empty() ? path : path + ":" + layer;
}

void number_rows(Layer& layer) {
  for (std::size_t i = 0; i < layer.table.rows(); ++i) {
    layer.fid.push_back(static_cast<std::int64_t>(i + 1));
  }
}

/// Places of a table from text: coordinates by name or as said, EPSG:4326 for lon and lat.
void locate(Layer& layer, const ReadOptions& options) {
  const auto columns = parts::place_columns(layer.table, options);
  parts::add_places(layer, columns);
  if (columns.degrees && options.input_crs.empty() && layer.has_geometry()) {
    layer.crs = wgs84();
    layer.has_crs = true;
    layer.findings.add("crs.assumed", Severity::note, layer.table.name,
                       "columns '" + printable(columns.x) + "' and '" + printable(columns.y) +
                           "' were read as longitude and latitude in EPSG:4326");
  }
}

void read_text_table(const door::Input& input, const ReadOptions& options, Layer& layer,
                     const Progress& progress) {
  layer.driver = "CSV";
  cells::Grid grid = cells::parse_csv(door::read_bytes(input.path), options.encoding, input.given,
                                      layer.findings, progress);
  progress.check();
  layer.table = cells::table_of(std::move(grid), input.given, layer.findings);
}

void rename_fields(Table& table, const ReadOptions& options) {
  for (const auto& [wanted, field] : options.fields) {
    const std::string name = table.at(field).name;
    const Column* taken = table.find(wanted);
    if (taken != nullptr && taken->name != name) {
      throw Error("table.ambiguous_field",
                  "'" + wanted + "' was said to be field '" + field +
                      "', but there is a field of that name already",
                  table.name, "Rename one of them in the file.");
    }
    for (auto& column : table.columns) {
      if (column.name == name) column.name = wanted;
    }
  }
  for (const auto& [field, unit] : options.units) {
    // The option holds for all inputs of a command; the caller sees who met none.
    const Column* said = table.find(field);
    if (said == nullptr) continue;
    if (options.units_met) options.units_met->insert(field);
    const std::string name = said->name;
    for (auto& column : table.columns) {
      if (column.name == name) column.unit = unit;
    }
  }
}

struct Want {
  bool places = true;  ///< false: places of spatial formats are read, none are made from columns
};

/// Everything after the bytes are features: names, types, CRS, places.
void finish(Layer& layer, const ReadOptions& options, const Progress& progress) {
  rename_fields(layer.table, options);
  if (layer.size() == 0) {
    const bool filtered = !options.where.empty() || options.bbox.has_value();
    throw Error(
        "io.empty_layer",
        filtered ? "no feature passes the filter" : "the layer has no features: 0 were read",
        layer.table.name, filtered ? "Check --where and --bbox." : "Name a layer with data in it.");
  }
  parts::settle_crs(layer, options);
  const auto need_a_place = [&](const char* what, const char* hint) {
    const bool placed = std::any_of(layer.geometry.begin(), layer.geometry.end(),
                                    [](const auto& g) { return !g.empty(); });
    if (!placed && options.need_geometry) {
      throw Error("geometry.missing", what, layer.table.name, hint);
    }
  };
  need_a_place("no feature has a place",
               "Name the coordinate columns with --x and --y, or take a layer with geometry.");
  if (layer.has_geometry()) {
    parts::check_places(layer, options);
    if (options.check_geometry) parts::repair_geometries(layer, options, progress);
    need_a_place("nothing is left of any geometry: they have no area or no length",
                 "Take a layer with sound geometry.");
  }
}

void open_source(const door::Input& input, const ReadOptions& options, const std::string& wanted,
                 const Want& want, Layer& layer, const Progress& progress) {
  if (input.format == door::Format::csv) {
    read_text_table(input, options, layer, progress);
  } else {
    const DatasetHandle dataset = door::open_input(input, OpenKind::vector, layer.findings);
    layer.driver = dataset->GetDriverName();
    std::vector<LayerName> names;
    guard_gdal("io.corrupt", input.given, layer.findings,
               [&] { names = parts::layer_names(*dataset); });
    const std::string name = parts::choose_layer(names, wanted, input.given);
    layer.source.layer = name;
    layer.table.name =
        names.size() > 1 || !wanted.empty() ? layer_place(input.given, name) : input.given;
    if (input.format != door::Format::xlsx) {
      parts::read_features(*dataset, name, options, input, layer, progress);
      cells::settle_columns(layer.table, options, layer.findings);
      return;
    }
    layer.table =
        parts::sheet_table(*dataset, name, layer_place(input.given, name), layer.findings);
  }
  cells::settle_columns(layer.table, options, layer.findings);
  number_rows(layer);
  if (want.places) locate(layer, options);
  parts::filter_rows(layer, options);
}

/// Size and time of a file, to see whether another program wrote to it meanwhile.
struct FileState {
  std::uintmax_t size = 0;
  std::filesystem::file_time_type time{};
  bool operator==(const FileState&) const = default;
};

FileState state_of(const std::string& file) {
  FileState state;
  std::error_code ignored;
  if (file.empty()) return state;
  state.size = std::filesystem::file_size(file, ignored);
  state.time = std::filesystem::last_write_time(file, ignored);
  return state;
}

Layer read(const std::string& path, const ReadOptions& options, const Want& want,
           const Progress& progress) {
  door::set_up();
  const PathAndLayer named = split_layer(path);
  const std::string wanted = options.layer.empty() ? named.layer : options.layer;
  const door::Input input = door::resolve_input(named.path);
  struct Keep {
    std::string path;
    ~Keep() { door::remove_private(path); }
  } const keep{input.path};
  const FileState before = state_of(input.file);
  Layer layer;
  layer.source.path = named.path;
  layer.table.name = layer_place(input.given, wanted);
  auto checksum = std::async(std::launch::async, [&input, &progress] {
    return input.file.empty() ? input.sha256 : sha256_of_file(input.file, progress);
  });
  open_source(input, options, wanted, want, layer, progress.part(0.0, 0.6));
  finish(layer, options, progress.part(0.6, 1.0));
  layer.source.sha256 = checksum.get();
  if (!(state_of(input.file) == before)) {
    throw Error("io.changed", "the file was written to while it was read", input.given,
                "Close the program that writes to it and run again.");
  }
  layer.source.features = layer.size();
  layer.source.crs = layer.has_crs ? layer.crs.label() : "";
  if (input.format == door::Format::shapefile && !input.file.empty()) {
    for (const char* ending : {".shx", ".dbf", ".prj", ".cpg"}) {
      const std::string file = door::sidecar(input.file, ending);
      if (!file.empty() && file.rfind("/vsi", 0) != 0) {
        layer.sidecars.push_back({file, sha256_of_file(file, progress), "", 0, ""});
      }
    }
  }
  progress.update(1.0);
  return layer;
}

std::string text_of(const Column& column, std::size_t row) {
  return column.kind == ColumnKind::text ? std::string(trim(column.texts[row]))
                                         : number_text(column.numbers[row]);
}

const Column* field_or(const Table& table, const std::string& field,
                       std::initializer_list<const char*> defaults) {
  if (!field.empty()) return &table.at(field);
  for (const char* name : defaults) {
    if (const Column* column = table.find(name)) return column;
  }
  return nullptr;
}

}  // namespace

BelowDetection parse_below_detection(const std::string& text) {
  const std::string rule = lower(trim(text));
  if (rule == "refuse") return BelowDetection::refuse;
  if (rule == "half") return BelowDetection::half;
  if (rule == "zero") return BelowDetection::zero;
  if (rule == "limit") return BelowDetection::limit;
  if (rule == "missing") return BelowDetection::missing;
  throw Error("usage.choice", "'" + printable(text) + "' is no rule for values below detection", "",
              suggestion(rule, {"refuse", "half", "zero", "limit", "missing"}));
}

Box Layer::extent() const {
  Box box;
  for (const auto& g : geometry) box.add(box_of(g));
  return box;
}

Layer read_layer(const std::string& path, const ReadOptions& options, const Progress& progress) {
  return read(path, options, Want{}, progress);
}

Layer read_table(const std::string& path, ReadOptions options, const Progress& progress) {
  options.need_crs = false;
  options.need_geometry = false;
  Want want;
  want.places = !options.x.empty();
  return read(path, options, want, progress);
}

std::vector<LayerName> list_layers(const std::string& path, Findings& findings) {
  door::set_up();
  const door::Input input = door::resolve_input(split_layer(path).path);
  struct Keep {
    std::string path;
    ~Keep() { door::remove_private(path); }
  } const keep{input.path};
  if (input.format == door::Format::csv) {
    const cells::Grid grid =
        cells::parse_csv(door::read_bytes(input.path), {}, input.given, findings);
    Findings passed;
    const Table table = cells::table_of(grid, input.given, passed);
    const auto places = parts::place_columns(table, {});
    return {
        {"", static_cast<std::int64_t>(table.rows()), !places.x.empty() || !places.wkt.empty()}};
  }
  const DatasetHandle dataset = door::open_input(input, OpenKind::vector, findings);
  std::vector<LayerName> names;
  guard_gdal("io.corrupt", input.given, findings, [&] { names = parts::layer_names(*dataset); });
  return names;
}

Layer to_crs(Layer layer, const Crs& crs) {
  if (layer.has_crs && layer.crs == crs) return layer;
  if (!layer.has_crs) {
    throw Error("crs.missing", "the layer does not say which CRS its coordinates are in",
                layer.table.name, "Declare it with --input-crs EPSG:n.");
  }
  const Transform transform(layer.crs, crs);
  parallel_blocks(layer.geometry.size(), 256, 0,
                  [&](std::size_t begin, std::size_t end, std::size_t) {
                    for (std::size_t i = begin; i < end; ++i) {
                      if (!layer.geometry[i].empty())
                        layer.geometry[i] = reproject(layer.geometry[i], transform);
                    }
                  });
  layer.crs = crs;
  return layer;
}

std::vector<std::string> feature_ids(const Layer& layer, const std::string& field) {
  std::vector<std::string> ids;
  ids.reserve(layer.size());
  const Column* column = field_or(layer.table, field, {"id", "name"});
  for (std::size_t i = 0; i < layer.size(); ++i) {
    std::string id = column == nullptr ? std::string{} : text_of(*column, i);
    // A row without an id is still named, by what the file calls it.
    if (id.empty()) id = std::to_string(layer.fid[i]);
    ids.push_back(std::move(id));
  }
  return ids;
}

std::vector<std::string> feature_names(const Layer& layer, const std::string& field) {
  std::vector<std::string> names(layer.size());
  const Column* column = field_or(layer.table, field, {"name"});
  if (column == nullptr) return names;
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = text_of(*column, i);
  return names;
}

std::vector<double> quantity_column(const Table& table, const std::string& field,
                                    Dimension dimension, const std::string& unit) {
  const Column& column = table.at(field);
  const std::string place = table.name + ", field '" + printable(column.name) + "'";
  std::string own = unit;
  if (own.empty()) own = column.unit;
  if (own.empty()) own = unit_of_field_name(column.name);
  if (own.empty() && dimension != Dimension::number) {
    throw Error("unit.missing", "the field does not say its unit", place,
                "Say it: --field-unit " + column.name + "=UNIT with UNIT one of " +
                    join(units_of(dimension), ", ") + ", or end the field's name in it.");
  }
  const double factor =
      dimension == Dimension::number && own.empty() ? 1.0 : unit_factor(own, dimension, place);
  std::vector<double> values = table.numbers(column.name);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (cells::is_sentinel(values[i])) {
      throw Error("table.sentinel",
                  number_text(values[i]) + " in field '" + printable(column.name) +
                      "' looks like \"no value\"",
                  table.name + ", " + table.row_name(i),
                  "Blank it with --missing " + number_text(values[i]) + " or correct it.");
    }
    values[i] *= factor;
  }
  return values;
}

}  // namespace lode
