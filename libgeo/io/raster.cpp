#include "libgeo/io/raster.h"

#include <cpl_conv.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/crs/transform.h"
#include "libgeo/geometry/raster_source.h"
#include "libgeo/io/door.h"
#include "libgeo/io/open.h"

namespace lode {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kMaxCells = std::int64_t{1} << 34;

void read_crs(const GDALDataset& dataset, const RasterOptions& options, RasterInfo& info) {
  const OGRSpatialReference* reference = dataset.GetSpatialRef();
  if (reference != nullptr && reference->IsLocal() == 0) {
    char* raw = nullptr;
    const char* const format[] = {"FORMAT=WKT2_2019", nullptr};
    reference->exportToWkt(&raw, format);
    const std::unique_ptr<char, void (*)(void*)> wkt(raw, VSIFree);
    info.crs = parse_crs(wkt ? wkt.get() : "", info.source.path);
    info.has_crs = true;
  }
  if (!options.input_crs.empty()) {
    const Crs declared = parse_crs(options.input_crs, "--input-crs");
    if (!info.has_crs) {
      info.crs = declared;
      info.has_crs = true;
    } else if (!(declared == info.crs)) {
      info.findings.add("crs.declaration_unused", Severity::warning, info.source.path,
                        "the raster has a CRS of its own (" + info.crs.label() +
                            "): --input-crs was not used for it");
    }
  }
}

void check_place(const RasterInfo& info) {
  const auto& t = info.transform;
  if (!std::all_of(t.begin(), t.end(), [](double v) { return std::isfinite(v); })) {
    throw Error("raster.bad_transform", "the raster's place is not made of finite numbers",
                info.source.path, "Write its geotransform anew.");
  }
  if (t[1] * t[5] - t[2] * t[4] == 0) {
    throw Error("raster.bad_transform", "the raster's cells have no size", info.source.path,
                "Write its geotransform anew.");
  }
  if (!info.has_crs || !info.crs.is_geographic()) return;
  const double half_turn = 3.141592653589793 / info.crs.radians_per_unit;
  for (const double row : {0.0, static_cast<double>(info.height)}) {
    const double y = t[3] + row * t[5];
    const double x = t[0] + static_cast<double>(info.width) * t[1];
    if (std::abs(y) > half_turn / 2 + std::abs(t[5]) || std::abs(t[0]) > 2 * half_turn + 1e-6 ||
        std::abs(x) > 2 * half_turn + std::abs(t[1])) {
      throw Error("crs.mismatch",
                  "the raster's corners are no longitude and latitude of " + info.crs.label(),
                  info.source.path, "Give the raster the CRS it was made in.");
    }
  }
}

struct Cells {
  std::uint64_t valid = 0, total = 0, sentinels = 0, infinite = 0;
  double min = kNan, max = kNan, sentinel = kNan;
  Sum sum;
};

void count_cells(const std::vector<double>& values, const RasterInfo& info, Cells& cells) {
  for (const double v : values) {
    ++cells.total;
    if (std::isnan(v) || (info.has_nodata && v == info.nodata)) continue;
    if (std::isinf(v)) {
      ++cells.infinite;
      continue;
    }
    if (is_fill_value(v)) {
      if (cells.sentinels++ == 0) cells.sentinel = v;
    }
    ++cells.valid;
    cells.sum += v;
    if (!(cells.min <= v)) cells.min = v;
    if (!(cells.max >= v)) cells.max = v;
  }
}

Cells read_cells(GDALRasterBand& band, const RasterInfo& info) {
  const double scale = band.GetScale(), offset = band.GetOffset();
  const int rows = std::max(1, (1 << 20) / std::max(1, info.width));
  std::vector<double> values;
  Cells cells;
  for (int y = 0; y < info.height; y += rows) {
    const int count = std::min(rows, info.height - y);
    values.resize(static_cast<std::size_t>(count) * static_cast<std::size_t>(info.width));
    if (band.RasterIO(GF_Read, 0, y, info.width, count, values.data(), info.width, count,
                      GDT_Float64, 0, 0, nullptr) != CE_None) {
      break;  // the error reaches the guard
    }
    count_cells(values, info, cells);
  }
  if (scale != 1 || offset != 0) {
    cells.min = cells.min * scale + offset;
    cells.max = cells.max * scale + offset;
    if (scale < 0) std::swap(cells.min, cells.max);
  }
  return cells;
}

void judge_cells(const Cells& cells, GDALRasterBand& band, RasterInfo& info) {
  const std::string& where = info.source.path;
  if (cells.infinite > 0) {
    throw Error("raster.not_finite", std::to_string(cells.infinite) + " cells are infinite", where,
                "Set them to NoData.");
  }
  if (cells.valid == 0) {
    throw Error("raster.all_nodata", "no cell has a value", where,
                "Take a raster with data in it.");
  }
  if (cells.sentinels > 0) {
    throw Error("raster.nodata_unset",
                std::to_string(cells.sentinels) + " cells hold " + number_text(cells.sentinel) +
                    ", which is not declared as NoData",
                where,
                "Declare it: gdal_edit.py -a_nodata " + number_text(cells.sentinel) + " FILE.");
  }
  const double scale = band.GetScale(), offset = band.GetOffset();
  info.min = cells.min;
  info.max = cells.max;
  info.mean = cells.sum.value() / static_cast<double>(cells.valid) * scale + offset;
  info.valid_pct = 100.0 * static_cast<double>(cells.valid) / static_cast<double>(cells.total);
  if (scale != 1 || offset != 0) {
    info.findings.add("raster.scaled", Severity::warning, where,
                      "cell values are stored with scale " + number_text(scale) + " and offset " +
                          number_text(offset) + ", which were applied");
  }
  if (info.has_nodata && info.nodata == 0) {
    info.findings.add("raster.nodata_zero", Severity::warning, where,
                      "0 is NoData: true zeros cannot be told from missing cells");
  }
  if (info.has_nodata && !std::isnan(info.nodata) && cells.valid == cells.total) {
    info.findings.add("raster.nodata_unused", Severity::note, where,
                      "no cell holds the declared NoData value " + number_text(info.nodata));
  }
}

void describe(GDALDataset& dataset, const RasterOptions& options, RasterInfo& info) {
  info.driver = dataset.GetDriverName();
  info.width = dataset.GetRasterXSize();
  info.height = dataset.GetRasterYSize();
  info.bands = dataset.GetRasterCount();
  const std::string& where = info.source.path;
  if (info.bands < 1 || info.width < 1 || info.height < 1) {
    throw Error("raster.corrupt", "the raster has no cells", where, "Take a sound copy of it.");
  }
  if (static_cast<std::int64_t>(info.width) * info.height > kMaxCells) {
    throw Error("io.too_large", "the raster has more than 17 thousand million cells", where,
                "Cut it to the study area.");
  }
  if (options.band < 1 || options.band > info.bands) {
    throw Error("raster.no_band", "there is no band " + std::to_string(options.band), where,
                "It has " + std::to_string(info.bands) + ".");
  }
  info.has_transform = dataset.GetGeoTransform(info.transform.data()) == CE_None;
  read_crs(dataset, options, info);
  if (dataset.GetMetadataItem("AREA_OR_POINT") != nullptr &&
      std::string(dataset.GetMetadataItem("AREA_OR_POINT")) == "Point") {
    info.findings.add("raster.pixel_is_point", Severity::note, where,
                      "values belong to cell centres (PixelIsPoint), as GDAL takes them");
  }
  if (info.has_transform) check_place(info);
}

void check_located(const RasterOptions& options, RasterInfo& info) {
  const std::string& where = info.source.path;
  if (!info.has_transform) {
    if (options.need_crs) {
      throw Error("raster.no_transform", "the raster does not say where it lies", where,
                  "Give it a geotransform or a world file.");
    }
    info.findings.add("raster.no_transform", Severity::warning, where,
                      "the raster does not say where it lies");
  }
  if (info.has_crs) {
    if (info.crs.is_geographic()) {
      info.findings.add("raster.geographic", Severity::warning, where,
                        "cells are measured in degrees: their area and slope depend on latitude");
    }
    return;
  }
  if (options.need_crs) {
    throw Error("crs.missing", "the raster does not say which CRS it is in", where,
                "Declare it with --input-crs EPSG:n.");
  }
  if (info.has_transform) {
    info.findings.add("crs.missing", Severity::note, where,
                      "the raster does not say which CRS it is in");
  }
}

/// A number of a grid's header; GDAL would read other text as 0 and mirror cells of negative size.
double header_number(const std::string& name, std::string_view word, const std::string& where) {
  const std::string hint = "Correct the header of the grid.";
  const auto value = parse_number(word);
  if (!value && lower(word) != "nan") {
    throw Error(
        "raster.bad_number",
        "'" + printable(word.substr(0, 40)) + "' after " + printable(name) + " is not a number",
        where, hint);
  }
  if (value && *value < 0 && (name == "cellsize" || name == "dx" || name == "dy")) {
    throw Error("raster.bad_transform", "cells of " + number_text(*value) + " have no size", where,
                hint);
  }
  return value.value_or(kNan);
}

}  // namespace

namespace door {

void check_ascii_grid(const Input& input) {
  const std::string text = read_bytes(input.path);
  std::size_t at = 0, columns = 0, rows = 0, cells = 0;
  std::set<std::string> said;
  const auto next = [&]() -> std::string_view {
    at = std::min(text.find_first_not_of(" \t\r\n", at), text.size());
    const std::size_t end = std::min(text.find_first_of(" \t\r\n", at), text.size());
    const std::string_view token(text.data() + at, end - at);
    at = end;
    return token;
  };
  for (std::string_view token = next(); !token.empty(); token = next()) {
    const bool key = (token[0] >= 'a' && token[0] <= 'z') || (token[0] >= 'A' && token[0] <= 'Z');
    const std::string name = lower(token);
    if (cells == 0 && key && name != "nan") {
      const double value = header_number(name, next(), input.given);
      said.insert(name);
      if (name == "ncols" && value >= 1) columns = static_cast<std::size_t>(value);
      if (name == "nrows" && value >= 1) rows = static_cast<std::size_t>(value);
      continue;
    }
    ++cells;
    if (parse_number(token) || name == "nan") continue;
    throw Error("raster.bad_number", "'" + printable(token.substr(0, 40)) + "' is not a number",
                input.given + ", cell " + std::to_string(cells),
                "Correct the cell or set it to the NoData value.");
  }
  const auto either = [&](const char* a, const char* b) {
    return said.contains(a) || said.contains(b);
  };
  if (!either("xllcorner", "xllcenter") || !either("yllcorner", "yllcenter") ||
      !either("cellsize", "dx") || !either("cellsize", "dy")) {
    throw Error(
        "raster.corrupt",
        "the header does not say xllcorner, yllcorner (or xllcenter, yllcenter) and cellsize",
        input.given, "Take a sound copy of it.");
  }
  if (columns == 0 || rows == 0 || cells / columns < rows || cells != columns * rows) {
    throw Error("raster.corrupt",
                "the grid has " + std::to_string(cells) + " cells where its header says " +
                    std::to_string(columns) + " x " + std::to_string(rows),
                input.given, "Take a sound copy of it.");
  }
}

}  // namespace door

void describe_raster(GDALDataset& dataset, const RasterOptions& options, RasterInfo& info) {
  describe(dataset, options, info);
  GDALRasterBand& band = *dataset.GetRasterBand(options.band);
  int has_nodata = 0;
  info.nodata = band.GetNoDataValue(&has_nodata);
  info.has_nodata = has_nodata != 0;
  info.data_type = GDALGetDataTypeName(band.GetRasterDataType());
  info.unit = band.GetUnitType();
  check_located(options, info);
}

RasterInfo inspect_raster(const std::string& path, const RasterOptions& options) {
  const door::Input input = door::resolve_input(path);
  struct Keep {
    std::string path;
    ~Keep() { door::remove_private(path); }
  } const keep{input.path};
  RasterInfo info;
  info.min = info.max = info.mean = kNan;
  info.source.path = input.given;
  const DatasetHandle dataset = door::open_input(input, OpenKind::raster, info.findings);
  guard_gdal("raster.corrupt", input.given, info.findings, [&] {
    describe_raster(*dataset, options, info);
    GDALRasterBand& band = *dataset->GetRasterBand(options.band);
    const Cells cells = read_cells(band, info);
    if (cells.total ==
        static_cast<std::uint64_t>(info.width) * static_cast<std::uint64_t>(info.height)) {
      judge_cells(cells, band, info);
    }
  });
  info.source.sha256 = input.file.empty() ? input.sha256 : sha256_of_file(input.file);
  info.source.crs = info.has_crs ? info.crs.label() : "";
  return info;
}

}  // namespace lode
