#include "libgeo/io/open.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_http.h>
#include <cpl_vsi.h>
#include <gdal_frmts.h>
#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/door.h"
#include "libgeo/io/guest.h"

namespace lode {
namespace {

constexpr std::size_t kMostMessages = 20;  ///< different ones of one call

struct Messages {
  std::vector<std::string> errors;
  std::vector<std::string> warnings;
};

void CPL_STDCALL collect(CPLErr level, CPLErrorNum, const char* text) {
  auto* messages = static_cast<Messages*>(CPLGetErrorHandlerUserData());
  if (level == CE_Failure || level == CE_Fatal) {
    messages->errors.emplace_back(text);
  } else if (level == CE_Warning) {
    messages->warnings.emplace_back(text);
  }
}

const char* hint_of(const std::string& code) {
  if (code == "io.write") return "Check the free space of the disk.";
  if (code == "usage.where") return "Write it as in SQL, e.g. STATUS = 'Active' AND AREA_HA > 5.";
  return "The file is damaged or not what its name says; take a sound copy.";
}

/// Pushes the collector for the time of a call, whatever way it ends.
class Collector {
 public:
  explicit Collector(Messages& messages) { CPLPushErrorHandlerEx(collect, &messages); }
  ~Collector() { CPLPopErrorHandler(); }
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;
};

// Values that hold whatever the environment or a gdalrc file says.
constexpr std::array<std::pair<const char*, const char*>, 36> kOptions{{
    {"GDAL_DRIVER_PATH", "disable"},
    {"GDAL_VRT_ENABLE_PYTHON", "NO"},
    {"GDAL_DISABLE_READDIR_ON_OPEN", "NO"},
    {"GDAL_NUM_THREADS", "1"},
    {"GDAL_GEOREF_SOURCES", "PAM,INTERNAL,TABFILE,WORLDFILE"},
    {"GDAL_FORCE_CACHING", "NO"},
    {"GTIFF_POINT_GEO_IGNORE", "NO"},
    {"GTIFF_REPORT_COMPD_CS", "NO"},
    {"GTIFF_IGNORE_READ_ERRORS", "NO"},
    {"OGR_SQLITE_LOAD_EXTENSIONS", ""},
    {"OGR_SQLITE_PRAGMA", ""},
    {"OGR_SQLITE_JOURNAL", "DELETE"},
    {"OGR_SQLITE_SYNCHRONOUS", "OFF"},  // the writer syncs the finished file itself
    {"SQLITE_USE_OGR_VFS", "NO"},
    {"OGR_GPKG_FOREIGN_KEY_CHECK", "NO"},
    {"SHAPE_RESTORE_SHX", "NO"},
    {"SHAPE_ENCODING", ""},
    {"SHAPE_REWIND_ON_WRITE", "YES"},
    {"OGR_ORGANIZE_POLYGONS", "DEFAULT"},
    {"OGR_ARC_STEPSIZE", "4"},
    {"OGR_ENABLE_PARTIAL_REPROJECTION", "NO"},
    {"OGR_GEOJSON_MAX_OBJ_SIZE", "1024"},
    {"OGR_GEOJSON_ARRAY_AS_STRING", "NO"},
    {"OGR_GEOJSON_DATE_AS_STRING", "YES"},
    {"OGR_XLSX_HEADERS", "DISABLE"},
    {"OGR_XLSX_FIELD_TYPES", "STRING"},
    {"OSR_DEFAULT_AXIS_MAPPING_STRATEGY", "AUTHORITY_COMPLIANT"},
    {"OGR_CT_FORCE_TRADITIONAL_GIS_ORDER", "NO"},
    {"CPL_DEBUG", "OFF"},
    {"CPL_LOG_ERRORS", "OFF"},
    {"CPL_ACCUM_ERROR_MSG", "OFF"},
    {"CPL_VSIL_GZIP_WRITE_PROPERTIES", "NO"},
    {"CPL_VSIL_ZIP_ALLOWED_EXTENSIONS", ""},
    {"CPL_VSIL_USE_TEMP_FILE_FOR_RANDOM_WRITE", "NO"},
    {"GDAL_HTTP_TIMEOUT", "1"},
    {"CPL_CURL_ENABLE_VSIMEM", "NO"},
}};

std::vector<const char*> drivers_of(door::Format format) {
  switch (format) {
    case door::Format::shapefile:
    case door::Format::dbf:
      return {"ESRI Shapefile", nullptr};
    case door::Format::geopackage:
      return {"GPKG", nullptr};
    case door::Format::geojson:
      return {"GeoJSON", nullptr};
    case door::Format::flatgeobuf:
      return {"FlatGeobuf", nullptr};
    case door::Format::xlsx:
      return {"XLSX", nullptr};
    case door::Format::geotiff:
      return {"GTiff", nullptr};
    case door::Format::ascii_grid:
      return {"AAIGrid", nullptr};
    case door::Format::csv:
      break;
  }
  return {nullptr};
}

bool is_raster(door::Format format) {
  return format == door::Format::geotiff || format == door::Format::ascii_grid;
}

void refuse_wrong_kind(const door::Input& input, OpenKind kind) {
  if (is_raster(input.format) == (kind == OpenKind::raster) && input.format != door::Format::csv) {
    return;
  }
  throw Error(
      "io.unsupported_format",
      kind == OpenKind::raster ? "this is no raster" : "this is no vector layer", input.given,
      kind == OpenKind::raster ? "Rasters are read from .tif and .asc."
                               : "Layers are read from .shp .gpkg .geojson .fgb .csv .xlsx.");
}

/// The fault checks of the format, and the options GDAL needs for what they found.
std::vector<const char*> prepare(door::Input& input, Findings& findings) {
  switch (input.format) {
    case door::Format::shapefile:
    case door::Format::dbf:
      input.path = door::check_shapefile(input, findings);
      return {"ENCODING=", "DBF_EOF_CHAR=YES", nullptr};
    case door::Format::geopackage:
      input.path = door::check_geopackage(input, findings);
      return {"IMMUTABLE=YES", "LIST_ALL_TABLES=NO", nullptr};
    case door::Format::geojson: {
      const std::string text = door::read_bytes(input.path);
      door::check_geojson(text, input.given, findings);
      return {"DATE_AS_STRING=YES", "FLATTEN_NESTED_ATTRIBUTES=NO", nullptr};
    }
    case door::Format::ascii_grid:
      door::check_ascii_grid(input);
      // GDAL would take whole numbers for 32-bit integers: NaN as 0, 3e9 as -1294967296.
      return {"DATATYPE=Float64", nullptr};
    default:
      return {nullptr};
  }
}

/// Whatever GDAL would fetch over HTTP for a name or a link within a file, it gets nothing.
CPLHTTPResult* fetch_nothing(const char* url, CSLConstList, GDALProgressFunc, void*,
                             CPLHTTPFetchWriteFunc, void*, void*) {
  CPLError(CE_Failure, CPLE_AppDefined, "%s was not fetched: no network is used", url);
  auto* result = static_cast<CPLHTTPResult*>(CPLCalloc(1, sizeof(CPLHTTPResult)));
  result->nStatus = 1;
  result->pszErrBuf = CPLStrdup("no network is used");
  return result;
}

}  // namespace

namespace {

std::atomic<bool> guest{false};
std::thread::id host_thread;  ///< set before `guest` is

/// In the whole process where it is ours, else in this thread.
void set_options() {
  if (!guest) {
    static std::once_flag once;
    std::call_once(once, [] {
      for (const auto& [name, value] : kOptions) CPLSetConfigOption(name, value);
      CPLHTTPSetFetchCallback(fetch_nothing, nullptr);
    });
    return;
  }
  thread_local bool done = false;
  if (done || std::this_thread::get_id() == host_thread) return;
  done = true;
  for (const auto& [name, value] : kOptions) CPLSetThreadLocalConfigOption(name, value);
  CPLHTTPPushFetchCallback(fetch_nothing, nullptr);
}

}  // namespace

void be_a_guest() {
  host_thread = std::this_thread::get_id();
  guest = true;
}

namespace door {

void set_up() {
  static std::once_flag once;
  std::call_once(once, [] {
    Messages dropped;
    Collector collector(dropped);
    GetGDALDriverManager();  // reads a gdalrc, so the options are set after it
    // Whoever comes later takes some drivers for all. Each of our opens names its own.
    if (guest) GDALAllRegister();
    set_options();
    GDALRegister_GTiff();
    GDALRegister_AAIGrid();
    RegisterOGRShape();
    RegisterOGRGeoPackage();
    RegisterOGRGeoJSON();
    RegisterOGRFlatGeobuf();
    RegisterOGRXLSX();
    RegisterOGRMEM();
  });
  set_options();
}

}  // namespace door

void DatasetCloser::operator()(GDALDataset* dataset) const {
  if (dataset == nullptr) return;
  const std::string path = dataset->GetDescription();
  Messages dropped;  // a file opened for reading has nothing to lose at its close
  Collector collector(dropped);
  GDALClose(GDALDataset::ToHandle(dataset));
  door::remove_private(path);
}

void guard_gdal(const std::string& code, const std::string& where, Findings& findings,
                const std::function<void()>& body) {
  door::set_up();
  Messages messages;
  {
    Collector collector(messages);
    try {
      body();
    } catch (const Error& error) {
      if (messages.errors.empty()) throw;
      throw Error(error.code, error.what() + (": " + printable(messages.errors.front())),
                  error.where, error.hint);
    }
  }
  std::set<std::string> said;
  for (const auto& text : messages.warnings) {
    // A word for every feature would bury all others.
    const bool known = said.contains(text);
    if (!known && said.size() == kMostMessages) {
      findings.add("gdal.warning", Severity::warning, where, "further messages of GDAL");
      continue;
    }
    if (!known) said.insert(text);
    findings.add("gdal.warning", Severity::warning, where, printable(text));
  }
  if (messages.errors.empty()) return;
  std::string text = printable(messages.errors.front());
  if (messages.errors.size() > 1) {
    text += " (and " + std::to_string(messages.errors.size() - 1) + " more)";
  }
  throw Error(code, text, where, hint_of(code));
}

DatasetHandle open_dataset(const std::string& path, OpenKind kind, Findings& findings) {
  return door::open_input(door::resolve_input(split_layer(path).path), kind, findings);
}

DatasetHandle door::open_input(Input input, OpenKind kind, Findings& findings) {
  door::set_up();
  refuse_wrong_kind(input, kind);
  const std::vector<const char*> options = prepare(input, findings);
  const std::vector<const char*> drivers = drivers_of(input.format);
  DatasetHandle dataset;
  const unsigned flags = GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR |
                         (kind == OpenKind::raster ? GDAL_OF_RASTER : GDAL_OF_VECTOR);
  try {
    guard_gdal("io.corrupt", input.given, findings, [&] {
      dataset.reset(
          GDALDataset::Open(input.path.c_str(), flags, drivers.data(), options.data(), nullptr));
    });
  } catch (...) {
    CPLSetThreadLocalConfigOption("SHAPE_RESTORE_SHX", nullptr);
    if (!dataset) door::remove_private(input.path);
    throw;
  }
  CPLSetThreadLocalConfigOption("SHAPE_RESTORE_SHX", nullptr);
  if (!dataset) {
    door::remove_private(input.path);
    throw Error("io.corrupt", "the file cannot be opened", input.given,
                "The file is damaged or not what its name says.");
  }
  return dataset;
}

PathAndLayer split_layer(const std::string& argument) {
  std::error_code ignored;
  if (std::filesystem::exists(argument, ignored)) return {argument, ""};
  const auto colon = argument.rfind(':');
  if (colon == std::string::npos || colon + 1 == argument.size()) return {argument, ""};
  const std::string path = argument.substr(0, colon);
  const std::string layer = argument.substr(colon + 1);
  // A scheme ("http://...") or a driver prefix is never a file and its layer.
  if (layer.rfind("//", 0) == 0) return {argument, ""};
  if (std::filesystem::exists(path, ignored)) return {path, layer};
  if (path.rfind("/vsi", 0) == 0 && path.find('.') != std::string::npos) return {path, layer};
  return {argument, ""};
}

}  // namespace lode
