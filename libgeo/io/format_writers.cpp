#include "libgeo/io/format_writers.h"

#include <cpl_conv.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>
#include <ogrsf_frmts.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <memory>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/door.h"
#include "libgeo/io/layer_parts.h"
#include "libgeo/io/open.h"

namespace lode::writing {
namespace {

constexpr const char* kFixedTime = "2000-01-01T00:00:00.000Z";
constexpr std::size_t kDbfText = 254;
constexpr std::size_t kBetweenChecks = 1024;  // rows between two looks for a stop

struct KindName {
  Kind kind;
  const char* ending;
  const char* driver;
};
constexpr std::array<KindName, 5> kKinds{{{Kind::geopackage, ".gpkg", "GPKG"},
                                          {Kind::shapefile, ".shp", "ESRI Shapefile"},
                                          {Kind::flatgeobuf, ".fgb", "FlatGeobuf"},
                                          {Kind::geojson, ".geojson", "GeoJSON"},
                                          {Kind::csv, ".csv", "CSV"}}};

const char* driver_of(Kind kind) {
  for (const auto& entry : kKinds) {
    if (entry.kind == kind) return entry.driver;
  }
  return "";
}

/// A sum over vertices and numbers that does not depend on their order: drivers may turn rings and
/// sort features, but must not lose or change a value.
class Tally {
 public:
  void add(double value, std::uint64_t salt) {
    std::uint64_t bits = 0;
    const double positive_zero = value + 0.0;
    std::memcpy(&bits, &positive_zero, sizeof bits);
    sum_ += mix(bits + salt * 0x9E3779B97F4A7C15ULL);
    ++count_;
  }
  void add(Point p) {
    std::uint64_t x = 0, y = 0;
    const double px = p.x + 0.0, py = p.y + 0.0;
    std::memcpy(&x, &px, sizeof x);
    std::memcpy(&y, &py, sizeof y);
    sum_ += mix(mix(x) ^ (y + 0x2545F4914F6CDD1DULL));
    ++count_;
  }
  void add(const Geometry& geometry) {
    Geometry copy = geometry;
    for_each_vertex(copy, [&](const Point& p) { add(p); });
  }
  void add_text(std::string_view text, std::uint64_t salt) {
    std::uint64_t hash = 1469598103934665603ULL + salt;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    sum_ += mix(hash);
    ++count_;
  }
  bool operator==(const Tally&) const = default;

 private:
  static std::uint64_t mix(std::uint64_t z) {  // splitmix64 (Steele, Lea, Flood 2014)
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  std::uint64_t sum_ = 0;
  std::uint64_t count_ = 0;
};

bool all_integers(const Column& column) {
  return std::all_of(column.numbers.begin(), column.numbers.end(), [](double v) {
    return std::isnan(v) || (std::abs(v) < 1e15 && v == std::floor(v));
  });
}

std::string cut_text(const std::string& text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  std::size_t end = bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

/// Names that the format can hold, unlike one another in any case.
std::vector<std::string> file_names(Kind kind, const Table& table, const std::string& where,
                                    Findings& findings) {
  const std::size_t limit = kind == Kind::shapefile ? 10 : 200;
  std::set<std::string> taken;
  std::vector<std::string> names;
  for (const auto& column : table.columns) {
    std::string name = cut_text(column.name, limit);
    for (int n = 2; !taken.insert(lower(name)).second; ++n) {
      const std::string tail = "_" + std::to_string(n);
      name = cut_text(column.name, limit - tail.size()) + tail;
    }
    if (name != column.name) {
      findings.add("write.short_name", Severity::warning,
                   where + ", field '" + printable(column.name) + "'",
                   "written as '" + printable(name) + "'");
    }
    names.push_back(std::move(name));
  }
  return names;
}

std::unique_ptr<OGRLinearRing> ring_of(const Path& path) {
  auto ring = std::make_unique<OGRLinearRing>();
  ring->setPoints(static_cast<int>(path.size()), reinterpret_cast<const OGRRawPoint*>(path.data()));
  return ring;
}

std::unique_ptr<OGRGeometry> ogr_geometry(const Geometry& geometry) {
  if (geometry.kind == GeometryKind::point) {
    if (geometry.points.size() == 1) {
      return std::make_unique<OGRPoint>(geometry.points[0].x, geometry.points[0].y);
    }
    auto multi = std::make_unique<OGRMultiPoint>();
    for (const auto& p : geometry.points) multi->addGeometryDirectly(new OGRPoint(p.x, p.y));
    return multi;
  }
  if (geometry.kind == GeometryKind::line) {
    auto multi = std::make_unique<OGRMultiLineString>();
    for (const auto& path : geometry.lines) {
      auto line = std::make_unique<OGRLineString>();
      line->setPoints(static_cast<int>(path.size()),
                      reinterpret_cast<const OGRRawPoint*>(path.data()));
      multi->addGeometryDirectly(line.release());
    }
    return multi;
  }
  auto multi = std::make_unique<OGRMultiPolygon>();
  for (const auto& polygon : geometry.polygons) {
    auto part = std::make_unique<OGRPolygon>();
    part->addRingDirectly(ring_of(polygon.shell).release());
    for (const auto& hole : polygon.holes) part->addRingDirectly(ring_of(hole).release());
    multi->addGeometryDirectly(part.release());
  }
  return multi;
}

std::set<GeometryKind> kinds_of(const OutputLayer& layer) {
  std::set<GeometryKind> kinds;
  for (const auto& g : layer.geometry) {
    if (!g.empty()) kinds.insert(g.kind);
  }
  return kinds;
}

OGRwkbGeometryType type_of(const OutputLayer& layer) {
  if (layer.geometry.empty()) return wkbNone;
  const auto kinds = kinds_of(layer);
  if (kinds.size() != 1) return wkbUnknown;
  if (*kinds.begin() == GeometryKind::line) return wkbMultiLineString;
  if (*kinds.begin() == GeometryKind::polygon) return wkbMultiPolygon;
  const bool multi = std::any_of(layer.geometry.begin(), layer.geometry.end(),
                                 [](const auto& g) { return g.points.size() > 1; });
  return multi ? wkbMultiPoint : wkbPoint;
}

std::string free_name(const Table& table, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (std::none_of(table.columns.begin(), table.columns.end(),
                     [&](const auto& c) { return lower(c.name) == name; })) {
      return name;
    }
  }
  return "lode_" + std::string(*names.begin());
}

struct SpatialReferenceReleaser {
  void operator()(OGRSpatialReference* reference) const { reference->Release(); }
};
using Reference = std::unique_ptr<OGRSpatialReference, SpatialReferenceReleaser>;

Reference reference_of(const OutputLayer& layer) {
  if (layer.geometry.empty() || layer.crs.wkt.empty() || layer.crs.is_local()) return nullptr;
  Reference reference(new OGRSpatialReference());
  reference->SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  if (reference->importFromWkt(layer.crs.wkt.c_str()) != OGRERR_NONE) {
    throw Error("io.write", "the CRS " + layer.crs.label() + " cannot be written", layer.name);
  }
  // GDAL finds the code's own table rows only when the code is part of the definition.
  reference->AutoIdentifyEPSG();
  return reference;
}

void create_fields(OGRLayer& target, Kind kind, const Table& table,
                   const std::vector<std::string>& names) {
  for (std::size_t k = 0; k < table.columns.size(); ++k) {
    const Column& column = table.columns[k];
    OGRFieldDefn field(names[k].c_str(), column.kind == ColumnKind::number ? OFTReal : OFTString);
    if (kind == Kind::shapefile) {
      if (column.kind == ColumnKind::text) {
        std::size_t width = 1;
        for (const auto& text : column.texts) width = std::max(width, text.size());
        field.SetWidth(static_cast<int>(std::min(width, kDbfText)));
      } else if (all_integers(column)) {
        field.SetType(OFTInteger64);
        field.SetWidth(18);
      }
    }
    if (target.CreateField(&field, FALSE) != OGRERR_NONE) {
      throw Error("io.write", "field '" + printable(column.name) + "' cannot be made", table.name);
    }
  }
}

void set_fields(OGRFeature& feature, Kind kind, const Table& table, std::size_t row,
                std::size_t& cut) {
  for (std::size_t k = 0; k < table.columns.size(); ++k) {
    const Column& column = table.columns[k];
    const int field = static_cast<int>(k);
    if (column.kind == ColumnKind::number) {
      const double value = column.numbers[row];
      if (!std::isfinite(value))
        feature.SetFieldNull(field);
      else if (feature.GetFieldDefnRef(field)->GetType() == OFTInteger64)
        feature.SetField(field, static_cast<GIntBig>(value));
      else
        feature.SetField(field, value);
    } else if (column.texts[row].empty()) {
      feature.SetFieldNull(field);
    } else if (kind == Kind::shapefile && column.texts[row].size() > kDbfText) {
      ++cut;
      feature.SetField(field, cut_text(column.texts[row], kDbfText).c_str());
    } else {
      feature.SetField(field, column.texts[row].c_str());
    }
  }
}

std::size_t rows_of(const OutputLayer& layer) {
  return layer.geometry.empty() ? layer.table.rows() : layer.geometry.size();
}

/// The title, unless another layer has it: a GeoPackage holds each once.
std::string identifier_of(const OutputLayer& layer, const std::vector<OutputLayer>& layers) {
  const bool free = std::none_of(layers.begin(), layers.end(), [&](const OutputLayer& other) {
    return &other != &layer && (other.name == layer.title || other.title == layer.title);
  });
  return layer.title.empty() || !free ? layer.name : layer.title;
}

void write_layer(GDALDataset& dataset, Kind kind, const OutputLayer& layer,
                 const std::string& identifier, const std::string& where, const Progress& progress,
                 Findings& findings) {
  const std::string fid = "FID=" + free_name(layer.table, {"fid", "ogc_fid", "row_fid"});
  const std::string geom = "GEOMETRY_NAME=" + free_name(layer.table, {"geom", "geometry", "place"});
  const std::string title = "IDENTIFIER=" + identifier;
  const std::string abstract = "DESCRIPTION=" + layer.abstract;
  std::vector<const char*> options;
  if (kind == Kind::geopackage) {
    options = {fid.c_str(), geom.c_str(), title.c_str(), abstract.c_str()};
    // Older versions know no such option, say so and write 0 where -1 is meant.
    static const bool takes_srid =
        parse_number(GDALVersionInfo("VERSION_NUM")).value_or(0) >= 3090000;
    if (takes_srid && layer.crs.is_local() && !layer.geometry.empty()) options.push_back("SRID=-1");
  } else if (kind == Kind::shapefile) {
    options = {"ENCODING=UTF-8", "DBF_DATE_LAST_UPDATE=2000-01-01"};
  }
  options.push_back(nullptr);
  const Reference reference = reference_of(layer);
  OGRLayer* target = dataset.CreateLayer(layer.name.c_str(), reference.get(), type_of(layer),
                                         const_cast<char**>(options.data()));
  if (target == nullptr) throw Error("io.write", "the layer cannot be made", where);
  create_fields(*target, kind, layer.table, file_names(kind, layer.table, where, findings));
  const bool transaction = kind == Kind::geopackage;
  if (transaction && target->StartTransaction() != OGRERR_NONE) {
    throw Error("io.write", "the file cannot be written", where);
  }
  std::size_t cut = 0;
  for (std::size_t i = 0; i < rows_of(layer); ++i) {
    if (i % kBetweenChecks == 0) progress.check();
    OGRFeature feature(target->GetLayerDefn());
    set_fields(feature, kind, layer.table, i, cut);
    if (!layer.geometry.empty() && !layer.geometry[i].empty()) {
      feature.SetGeometryDirectly(ogr_geometry(layer.geometry[i]).release());
    }
    if (target->CreateFeature(&feature) != OGRERR_NONE) {
      throw Error("io.write", "feature " + std::to_string(i + 1) + " cannot be written", where,
                  "Check the free space of the disk.");
    }
  }
  if (transaction && target->CommitTransaction() != OGRERR_NONE) {
    throw Error("io.write", "the file cannot be written to its end", where,
                "Check the free space of the disk.");
  }
  if (cut > 0) {
    findings.add(
        "write.text_cut", Severity::warning, where,
        "texts longer than 254 bytes were cut: a shapefile holds no more; a GeoPackage does", cut);
  }
}

void run_sql(sqlite3* database, const std::string& sql, const std::vector<std::string>& values,
             const std::string& where) {
  sqlite3_stmt* statement = nullptr;
  int result = sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr);
  for (std::size_t i = 0; result == SQLITE_OK && i < values.size(); ++i) {
    result = sqlite3_bind_text(statement, static_cast<int>(i + 1), values[i].c_str(), -1,
                               SQLITE_TRANSIENT);
  }
  if (result == SQLITE_OK) result = sqlite3_step(statement);
  sqlite3_finalize(statement);
  if (result != SQLITE_DONE && result != SQLITE_ROW && result != SQLITE_OK) {
    throw Error("io.write",
                std::string("the styles cannot be written: ") + sqlite3_errmsg(database), where,
                "Check the free space of the disk.");
  }
}

/// The table in which QGIS keeps default styles, by plain SQL.
void write_styles(const std::string& file, const std::vector<OutputLayer>& layers,
                  const std::string& time, const std::string& where) {
  if (std::all_of(layers.begin(), layers.end(),
                  [](const auto& l) { return l.style_qml.empty(); })) {
    return;
  }
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> database(raw, sqlite3_close);
  if (opened != SQLITE_OK) throw Error("io.write", "the styles cannot be written", where);
  run_sql(raw, "BEGIN", {}, where);
  run_sql(raw,
          "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "
          "f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256), "
          "f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, "
          "useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), "
          "update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))",
          {}, where);
  run_sql(raw,
          "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) "
          "VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?)",
          {time}, where);
  for (const auto& layer : layers) {
    if (layer.style_qml.empty()) continue;
    run_sql(raw,
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
            "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, "
            "ui, update_time) VALUES ('', '', ?, ?, ?, ?, '', 1, '', '', NULL, ?)",
            {layer.name,
             layer.geometry.empty() ? "" : free_name(layer.table, {"geom", "geometry", "place"}),
             layer.name, layer.style_qml, time},
            where);
  }
  run_sql(raw, "COMMIT", {}, where);
}

[[noreturn]] void not_the_same(const std::string& where, const std::string& what,
                               const std::string& hint = "Check the free space of the disk.") {
  throw Error("io.write", "what was read back is not what was written: " + what, where, hint);
}

/// A row of a .dbf against what was meant. Blanks at the ends of a text are not kept, a number has
/// 15 decimals; one that is too wide would lose its last figures and be another number.
std::size_t verify_dbf_row(const OGRFeature& feature, const Table& table, std::size_t row,
                           const std::string& where) {
  std::size_t rounded = 0;
  for (std::size_t k = 0; k < table.columns.size(); ++k) {
    const Column& column = table.columns[k];
    const int field = static_cast<int>(k);
    const bool set = feature.IsFieldSetAndNotNull(field);
    const std::string place =
        where + ", " + table.row_name(row) + ", field '" + printable(column.name) + "'";
    if (column.kind == ColumnKind::text) {
      const std::string meant = cut_text(column.texts[row], kDbfText);
      const std::string got = set ? feature.GetFieldAsString(field) : "";
      if (trim(got) != trim(meant)) not_the_same(place, "a text differs");
      continue;
    }
    const double meant = column.numbers[row];
    const double got = set ? feature.GetFieldAsDouble(field) : std::nan("");
    if (!std::isfinite(meant) || std::abs(got - meant) <= 1e-9 * std::abs(meant)) continue;
    if (!(std::abs(got - meant) <= 1e-15)) {
      not_the_same(place, number_text(meant) + " became " + number_text(got),
                   "A shapefile cannot hold this number; write a GeoPackage (.gpkg).");
    }
    ++rounded;
  }
  return rounded;
}

/// Reads one layer back and compares it with what was meant.
void verify_layer(OGRLayer& source, Kind kind, const OutputLayer& layer, const std::string& where,
                  const Progress& progress, Findings& findings) {
  Tally places, wanted_places, values, wanted_values;
  for (const auto& g : layer.geometry) wanted_places.add(g);
  const auto& columns = layer.table.columns;
  std::size_t count = 0, rounded = 0;
  parts::Census census;
  for (const auto& feature : source) {
    if (count % kBetweenChecks == 0) progress.check();
    if (const OGRGeometry* geometry = feature->GetGeometryRef()) {
      places.add(parts::geometry_of(*geometry, census));
    }
    if (kind == Kind::shapefile && count < layer.table.rows()) {
      rounded += verify_dbf_row(*feature, layer.table, count, where);
    }
    for (std::size_t k = 0; k < columns.size() && kind != Kind::shapefile; ++k) {
      const int field = static_cast<int>(k);
      const bool set = feature->IsFieldSetAndNotNull(field);
      if (set && columns[k].kind == ColumnKind::number) {
        values.add(feature->GetFieldAsDouble(field), k);
      } else if (set) {
        values.add_text(feature->GetFieldAsString(field), k);
      }
    }
    ++count;
  }
  for (std::size_t k = 0; k < columns.size() && kind != Kind::shapefile; ++k) {
    for (const double v : columns[k].numbers) {
      if (std::isfinite(v)) wanted_values.add(v, k);
    }
    for (const auto& text : columns[k].texts) {
      if (!text.empty()) wanted_values.add_text(text, k);
    }
  }
  if (count != rows_of(layer)) {
    not_the_same(where, std::to_string(count) + " features of " + std::to_string(rows_of(layer)));
  }
  if (!(places == wanted_places)) not_the_same(where, "coordinates differ");
  if (!(values == wanted_values)) not_the_same(where, "attributes differ");
  if (rounded > 0) {
    findings.add(
        "write.rounded", Severity::warning, where,
        "small numbers lost digits in the .dbf, which has 15 decimals; a GeoPackage keeps them",
        rounded);
  }
}

DatasetHandle reopen(Kind kind, const std::string& file) {
  const char* const drivers[] = {driver_of(kind), nullptr};
  const char* const immutable[] = {"IMMUTABLE=YES", nullptr};
  return DatasetHandle(
      GDALDataset::Open(file.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                        drivers, kind == Kind::geopackage ? immutable : nullptr, nullptr));
}

}  // namespace

Kind kind_of(const std::string& path, const std::string& format) {
  const std::string wanted = lower(format);
  const std::string small = lower(path);
  for (const auto& entry : kKinds) {
    const std::string ending(entry.ending);
    if (wanted.empty()) {
      if (small.size() > ending.size() &&
          small.compare(small.size() - ending.size(), ending.size(), ending) == 0) {
        return entry.kind;
      }
    } else if (wanted == lower(entry.driver) || "." + wanted == ending ||
               (wanted == "shapefile" && entry.kind == Kind::shapefile)) {
      return entry.kind;
    }
  }
  if (wanted.empty() && small.size() > 5 && small.substr(small.size() - 5) == ".json") {
    return Kind::geojson;
  }
  throw Error("io.unsupported_format",
              wanted.empty() ? "the ending does not say a format that is written"
                             : "there is no format '" + printable(format) + "' for results",
              path, "Use .gpkg, .shp, .geojson, .fgb or .csv.");
}

void check(Kind kind, const std::string& path, const std::vector<OutputLayer>& layers) {
  if (layers.empty() || (layers.size() > 1 && kind != Kind::geopackage)) {
    throw Error("write.several_layers",
                layers.empty() ? "there is no layer to write" : "this format holds one layer only",
                path, "Write a GeoPackage (.gpkg).");
  }
  for (const auto& layer : layers) {
    for (const auto& column : layer.table.columns) {
      if (column.size() != rows_of(layer)) {
        throw Error("write.length",
                    "column '" + printable(column.name) + "' and the geometries differ in number",
                    path);
      }
    }
    if (kind != Kind::shapefile) continue;
    if (layer.geometry.empty()) {
      throw Error("write.no_geometry", "a shapefile needs places", path, "Write a .csv.");
    }
    if (kinds_of(layer).size() > 1) {
      throw Error("write.mixed_kinds", "a shapefile holds points, lines or polygons, not several",
                  path, "Write a GeoPackage (.gpkg).");
    }
  }
}

void write_with_gdal(Kind kind, const std::string& temporary, const std::string& name,
                     const std::vector<OutputLayer>& layers, const WriteOptions& options,
                     Findings& findings) {
  const std::string time = options.time_stamp.empty() ? kFixedTime : options.time_stamp;
  guard_gdal("io.write", name, findings, [&] {
    CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", time.c_str());
    GDALDriver* driver = GetGDALDriverManager()->GetDriverByName(driver_of(kind));
    std::unique_ptr<GDALDataset, void (*)(GDALDataset*)> dataset(
        driver->Create(temporary.c_str(), 0, 0, 0, GDT_Unknown, nullptr),
        [](GDALDataset* d) { GDALClose(GDALDataset::ToHandle(d)); });
    if (!dataset) throw Error("io.write", "the file cannot be made", name);
    for (const auto& layer : layers) {
      write_layer(*dataset, kind, layer, identifier_of(layer, layers), name, options.progress,
                  findings);
    }
    dataset->FlushCache(true);
    dataset.reset();
    CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", nullptr);
  });
  if (kind == Kind::geopackage) write_styles(temporary, layers, time, name);
  if (kind == Kind::shapefile) door::blank_asterisks(door::sidecar(temporary, ".dbf"));
  guard_gdal("io.write", name, findings, [&] {
    const DatasetHandle dataset = reopen(kind, temporary);
    if (!dataset) not_the_same(name, "it cannot be opened");
    for (const auto& layer : layers) {
      OGRLayer* source = kind == Kind::geopackage ? dataset->GetLayerByName(layer.name.c_str())
                                                  : dataset->GetLayer(0);
      if (source == nullptr) not_the_same(name, "a layer is missing");
      verify_layer(*source, kind, layer, name, options.progress, findings);
    }
  });
}

}  // namespace lode::writing
