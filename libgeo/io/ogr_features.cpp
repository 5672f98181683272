#include <cpl_conv.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>
#include <ogrsf_frmts.h>

#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>

#include "libgeo/core/error.h"
#include "libgeo/core/quantity.h"
#include "libgeo/core/text.h"
#include "libgeo/io/cells.h"
#include "libgeo/io/layer_parts.h"
#include "libgeo/io/open.h"

namespace lode::parts {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kExactInteger = 9007199254740992.0;  // 2^53

enum class FieldKind { number, integer64, text, date, skipped };

FieldKind kind_of(const OGRFieldDefn& field) {
  switch (field.GetType()) {
    case OFTInteger:
    case OFTReal:
      return FieldKind::number;
    case OFTInteger64:
      return FieldKind::integer64;
    case OFTDate:
    case OFTDateTime:
    case OFTTime:
      return FieldKind::date;
    case OFTBinary:
      return FieldKind::skipped;
    default:
      return FieldKind::text;
  }
}

std::string padded(int value, int width) {
  std::string text = std::to_string(value);
  while (static_cast<int>(text.size()) < width) text.insert(text.begin(), '0');
  return text;
}

/// ISO 8601 as it stands in the file: no shift between time zones.
std::string date_text(const OGRFeature& feature, int index, OGRFieldType type) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, zone = 0;
  float second = 0.0F;
  if (feature.GetFieldAsDateTime(index, &year, &month, &day, &hour, &minute, &second, &zone) == 0) {
    return {};
  }
  const std::string date = padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2);
  if (type == OFTDate) return date;
  const int whole = static_cast<int>(second);
  std::string time = padded(hour, 2) + ":" + padded(minute, 2) + ":" + padded(whole, 2);
  const int milli = static_cast<int>(std::lround((second - static_cast<float>(whole)) * 1000));
  if (milli > 0 && milli < 1000) time += "." + padded(milli, 3);
  if (type == OFTTime) return time;
  if (zone == 100) time += "Z";
  if (zone > 1 && zone != 100) {
    const int minutes = (zone - 100) * 15;
    time += (minutes < 0 ? "-" : "+") + padded(std::abs(minutes) / 60, 2) + ":" +
            padded(std::abs(minutes) % 60, 2);
  }
  return date + "T" + time;
}

/// Text of the source as UTF-8: what was declared, else UTF-8, else Windows-1252 with a word.
class Decoder {
 public:
  Decoder(OGRLayer& layer, const ReadOptions& options, const door::Input& input, Findings& findings)
      : findings_(findings), where_(input.given) {
    if (input.format != door::Format::shapefile && input.format != door::Format::dbf) return;
    if (!options.encoding.empty()) {
      encoding_ = options.encoding;
      return;
    }
    for (const char* item : {"CPG_ENCODING", "LDID_ENCODING"}) {
      const char* value = layer.GetMetadataItem(item, "SHAPEFILE");
      if (value != nullptr && *value != '\0') {
        encoding_ = value;
        return;
      }
    }
  }

  std::string operator()(const char* raw) {
    std::string text(raw);
    bool ascii = true;
    for (const char c : text) ascii = ascii && static_cast<unsigned char>(c) < 0x80;
    if (ascii) return text;
    const std::string small = lower(encoding_);
    if (!encoding_.empty() && small != "utf-8" && small != "utf8") {
      return door::utf8_from(text, encoding_, where_);
    }
    if (is_valid_utf8(text)) return text;
    findings_.add("io.encoding_assumed", Severity::warning, where_,
                  "text that is not UTF-8 was read as Windows-1252; --encoding says otherwise");
    return door::utf8_from_cp1252(text);
  }

 private:
  Findings& findings_;
  std::string where_;
  std::string encoding_;
};

struct FieldReader {
  int index = 0;
  FieldKind kind = FieldKind::text;
  OGRFieldType type = OFTString;
  std::vector<std::string> wide;  ///< integers beyond 2^53 make the column text
  bool beyond_double = false;
};

std::vector<FieldReader> field_readers(OGRFeatureDefn& definition, Table& table, Decoder& decode,
                                       Findings& findings) {
  std::vector<FieldReader> readers;
  std::vector<std::string> names;
  for (int i = 0; i < definition.GetFieldCount(); ++i) {
    names.push_back(decode(definition.GetFieldDefn(i)->GetNameRef()));
  }
  names = cells::unlike(std::move(names), table.name, findings);
  for (int i = 0; i < definition.GetFieldCount(); ++i) {
    const OGRFieldDefn& field = *definition.GetFieldDefn(i);
    FieldReader reader{i, kind_of(field), field.GetType(), {}, false};
    const std::string& name = names[static_cast<std::size_t>(i)];
    if (reader.kind == FieldKind::skipped) {
      findings.add("table.field_skipped", Severity::note, table.name,
                   "binary field '" + printable(name) + "' was left out");
      continue;
    }
    const bool number = reader.kind == FieldKind::number || reader.kind == FieldKind::integer64;
    table.columns.push_back(number ? number_column(name, {}) : text_column(name, {}));
    readers.push_back(std::move(reader));
  }
  return readers;
}

void read_row(const OGRFeature& feature, std::vector<FieldReader>& readers, Table& table,
              Decoder& decode) {
  for (std::size_t k = 0; k < readers.size(); ++k) {
    FieldReader& reader = readers[k];
    Column& column = table.columns[k];
    const bool set = feature.IsFieldSetAndNotNull(reader.index);
    switch (reader.kind) {
      case FieldKind::number:
        column.numbers.push_back(set ? feature.GetFieldAsDouble(reader.index) : kNan);
        break;
      case FieldKind::integer64: {
        const GIntBig value = set ? feature.GetFieldAsInteger64(reader.index) : 0;
        column.numbers.push_back(set ? static_cast<double>(value) : kNan);
        reader.wide.push_back(set ? std::to_string(value) : std::string{});
        reader.beyond_double =
            reader.beyond_double || std::abs(static_cast<double>(value)) >= kExactInteger;
        break;
      }
      case FieldKind::date:
        column.texts.push_back(set ? date_text(feature, reader.index, reader.type) : std::string{});
        break;
      default:
        column.texts.push_back(set ? decode(feature.GetFieldAsString(reader.index))
                                   : std::string{});
    }
  }
}

void keep_wide_integers(std::vector<FieldReader>& readers, Table& table) {
  for (std::size_t k = 0; k < readers.size(); ++k) {
    if (!readers[k].beyond_double) continue;
    table.columns[k] = text_column(table.columns[k].name, std::move(readers[k].wide));
  }
}

void read_crs(OGRLayer& source, const door::Input& input, Layer& layer) {
  const OGRSpatialReference* reference = source.GetSpatialRef();
  if (reference == nullptr) {
    if (input.format != door::Format::shapefile) return;
    const std::string prj = door::sidecar(input.path, ".prj");
    if (prj.empty() || trim(door::read_bytes(prj, 1 << 20)).empty()) return;
    throw Error("crs.unknown", "the .prj of this shapefile cannot be understood", input.given,
                "Write a sound .prj, or remove it and use --input-crs EPSG:n.");
  }
  const std::string name = reference->GetName() == nullptr ? "" : reference->GetName();
  if (name.find("Undefined Cartesian") != std::string::npos ||
      name.find("Undefined geographic") != std::string::npos || reference->IsLocal() != 0) {
    return;
  }
  if (name == "WGS 84 (CRS84)") {
    layer.crs = wgs84();
  } else {
    char* raw = nullptr;
    const char* const options[] = {"FORMAT=WKT2_2019", nullptr};
    reference->exportToWkt(&raw, options);
    const std::unique_ptr<char, void (*)(void*)> wkt(raw, VSIFree);
    layer.crs = parse_crs(wkt ? wkt.get() : "", layer.table.name);
  }
  layer.has_crs = true;
}

}  // namespace

void report_census(const Census& census, Layer& layer) {
  const auto add = [&](const Census::CensusCount& tally, const char* code, Severity severity,
                       const std::string& what) {
    if (tally.count == 0) return;
    const std::string id = id_text(layer.table, tally.first);
    layer.findings.add(code, severity, row_place(layer, tally.first),
                       what + (id.empty() ? "" : "; the first is " + id), tally.count);
  };
  add(census.curves, "geometry.curve", Severity::warning,
      "curves were made of straight segments, one for 4 degrees of an arc: areas are up to 0.1 % "
      "off");
  add(census.z, "geometry.z_dropped", Severity::note,
      "heights (Z) or measures (M) of vertices were not used");
  add(census.collections, "geometry.collection", Severity::warning,
      "collections of several kinds: only the parts of the highest dimension were kept");
  add(census.short_parts, "geometry.short_part", Severity::warning,
      "lines of one vertex or rings of fewer than three were left out");
}

std::vector<LayerName> layer_names(GDALDataset& dataset) {
  std::vector<LayerName> names;
  for (OGRLayer* layer : dataset.GetLayers()) {
    const std::string name = layer->GetName();
    if (name == "layer_styles" || name == "qgis_projects") continue;
    names.push_back({name, layer->GetFeatureCount(1), layer->GetGeomType() != wkbNone});
  }
  return names;
}

std::string choose_layer(const std::vector<LayerName>& names, const std::string& wanted,
                         const std::string& where) {
  std::vector<std::string> list;
  for (const auto& name : names) {
    list.push_back(name.name);
    if (name.name == wanted) return wanted;
  }
  if (!wanted.empty()) {
    std::string match;
    for (const auto& name : list) {
      if (lower(name) == lower(wanted)) match = match.empty() ? name : std::string("\n");
    }
    if (!match.empty() && match != "\n") return match;
    throw Error("io.no_layer", "there is no layer '" + printable(wanted) + "'", where,
                suggestion(wanted, list));
  }
  if (list.empty()) {
    throw Error("io.empty_layer", "the file holds no layer", where, "Name a file with data in it.");
  }
  if (list.size() > 1) {
    throw Error("io.several_layers",
                "the file holds several layers: " + printable(join(list, ", ")), where,
                "Name one with --layer, or as FILE:LAYER.");
  }
  return list.front();
}

/// One language of filters for every format: a database would read it in its own dialect, take a
/// misspelt name in quotes for a text, and pass over what follows a semicolon.
static std::unique_ptr<OGRFeatureQuery> compiled(const std::string& where, OGRFeatureDefn& fields,
                                                 const std::string& place) {
  if (where.empty()) return nullptr;
  auto query = std::make_unique<OGRFeatureQuery>();
  if (query->Compile(&fields, where.c_str()) == OGRERR_NONE) return query;
  throw Error("usage.where", "the filter '" + printable(where) + "' cannot be read", place,
              "Write it as in SQL, e.g. STATUS = 'Active' AND AREA_HA > 5.");
}

void read_features(GDALDataset& dataset, const std::string& name, const ReadOptions& options,
                   const door::Input& input, Layer& layer, const Progress& progress) {
  guard_gdal("io.corrupt", layer.table.name, layer.findings, [&] {
    OGRLayer* source = dataset.GetLayerByName(name.c_str());
    if (source == nullptr) throw Error("io.no_layer", "the layer cannot be read", layer.table.name);
    const auto filter = compiled(options.where, *source->GetLayerDefn(), layer.table.name);
    if (options.bbox) {
      const auto& b = *options.bbox;
      source->SetSpatialFilterRect(b[0], b[1], b[2], b[3]);
    }
    read_crs(*source, input, layer);
    const bool places = source->GetGeomType() != wkbNone;
    Decoder decode(*source, options, input, layer.findings);
    auto readers = field_readers(*source->GetLayerDefn(), layer.table, decode, layer.findings);
    const GIntBig expected = source->GetFeatureCount(0);
    Census census;
    source->ResetReading();
    CPLErrorReset();
    for (OGRFeature* raw = nullptr; (raw = source->GetNextFeature()) != nullptr;) {
      const std::unique_ptr<OGRFeature> feature(raw);
      if (filter && filter->Evaluate(feature.get()) == 0) continue;
      if (CPLGetLastErrorType() == CE_Failure) {
        throw Error("io.corrupt", "the feature cannot be read",
                    layer.table.name + ", feature " + std::to_string(feature->GetFID()),
                    "Correct or remove the feature in its source.");
      }
      if ((layer.fid.size() & 1023U) == 0) {
        progress.update(expected > 0 ? std::min(1.0, static_cast<double>(layer.fid.size()) /
                                                         static_cast<double>(expected))
                                     : 0.0,
                        "reading");
      }
      layer.fid.push_back(feature->GetFID());
      read_row(*feature, readers, layer.table, decode);
      if (!places) continue;
      const OGRGeometry* geometry = feature->GetGeometryRef();
      census.row = layer.fid.size() - 1;
      layer.geometry.push_back(geometry == nullptr ? Geometry{} : geometry_of(*geometry, census));
    }
    keep_wide_integers(readers, layer.table);
    for (const auto id : layer.fid)
      layer.table.row_names.push_back("feature " + std::to_string(id));
    report_census(census, layer);
  });
}

Table sheet_table(GDALDataset& dataset, const std::string& sheet, const std::string& where,
                  Findings& findings) {
  cells::Grid grid;
  grid.place_word = "row";
  guard_gdal("io.corrupt", where, findings, [&] {
    OGRLayer* source = dataset.GetLayerByName(sheet.c_str());
    if (source == nullptr) throw Error("io.no_layer", "the sheet cannot be read", where);
    const int width = source->GetLayerDefn()->GetFieldCount();
    source->ResetReading();
    for (OGRFeature* raw = nullptr; (raw = source->GetNextFeature()) != nullptr;) {
      const std::unique_ptr<OGRFeature> feature(raw);
      std::vector<std::string> row;
      for (int i = 0; i < width; ++i) {
        row.emplace_back(feature->IsFieldSetAndNotNull(i) ? feature->GetFieldAsString(i) : "");
      }
      bool blank = true;
      for (const auto& cell : row) blank = blank && trim(cell).empty();
      if (blank) continue;
      grid.rows.push_back(std::move(row));
      grid.places.push_back(static_cast<std::size_t>(feature->GetFID()));
    }
  });
  return cells::table_of(std::move(grid), where, findings);
}

static void keep_in_box(const Layer& layer, const std::array<double, 4>& b,
                        std::vector<char>& keep) {
  const Box box{b[0], b[1], b[2], b[3]};
  for (std::size_t i = 0; i < layer.size(); ++i) {
    const Box own = box_of(layer.geometry[i]);
    if (own.empty() || !own.meets(box)) keep[i] = 0;
  }
}

void filter_rows(Layer& layer, const ReadOptions& options) {
  if (options.where.empty() && !options.bbox) return;
  std::vector<char> keep(layer.size(), 1);
  if (!options.where.empty()) {
    guard_gdal("usage.where", layer.table.name, layer.findings, [&] {
      GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("Memory");
      const DatasetHandle memory(driver->Create("", 0, 0, 0, GDT_Unknown, nullptr));
      OGRLayer* rows = memory->CreateLayer("rows", nullptr, wkbNone, nullptr);
      for (const auto& column : layer.table.columns) {
        OGRFieldDefn field(column.name.c_str(),
                           column.kind == ColumnKind::number ? OFTReal : OFTString);
        rows->CreateField(&field);
      }
      for (std::size_t i = 0; i < layer.size(); ++i) {
        OGRFeature feature(rows->GetLayerDefn());
        feature.SetFID(static_cast<GIntBig>(i));
        for (std::size_t k = 0; k < layer.table.columns.size(); ++k) {
          const Column& column = layer.table.columns[k];
          const int field = static_cast<int>(k);
          if (column.kind == ColumnKind::number) {
            if (std::isnan(column.numbers[i]))
              feature.SetFieldNull(field);
            else
              feature.SetField(field, column.numbers[i]);
          } else if (column.texts[i].empty()) {
            feature.SetFieldNull(field);
          } else {
            feature.SetField(field, column.texts[i].c_str());
          }
        }
        if (rows->CreateFeature(&feature) != OGRERR_NONE) return;  // GDAL's word reaches the guard
      }
      const auto filter = compiled(options.where, *rows->GetLayerDefn(), layer.table.name);
      for (auto& feature : *rows)
        keep[static_cast<std::size_t>(feature->GetFID())] = filter->Evaluate(feature.get()) != 0;
    });
  }
  if (options.bbox && layer.has_geometry()) keep_in_box(layer, *options.bbox, keep);
  const auto compact = [&](auto& values) {
    std::size_t to = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (keep[i] != 0 && to != i) values[to] = std::move(values[i]);
      if (keep[i] != 0) ++to;
    }
    values.resize(to);
  };
  for (auto& column : layer.table.columns) {
    if (column.kind == ColumnKind::number)
      compact(column.numbers);
    else
      compact(column.texts);
  }
  compact(layer.table.row_names);
  if (layer.has_geometry()) compact(layer.geometry);
  compact(layer.fid);
}

}  // namespace lode::parts
