#include "libgeo/io/inspect.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/crs/geodesic.h"
#include "libgeo/crs/transform.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/io/door.h"
#include "libgeo/io/mesh_files.h"
#include "libgeo/io/open.h"
#include "libgeo/io/osm_lines.h"

namespace lode {
namespace {

constexpr double kFar_m = 100e3;

Finding finding_of(const Error& error, const std::string& file) {
  std::string message = error.what();
  if (!error.hint.empty()) message += ". " + error.hint;
  return {error.code, Severity::error, error.where.empty() ? file : error.where, 1, message};
}

std::string geometry_of(const Layer& layer) {
  std::set<GeometryKind> kinds;
  for (const auto& g : layer.geometry) {
    if (!g.empty()) kinds.insert(g.kind);
  }
  if (kinds.size() > 1) return "mixed";
  return std::string(to_text(kinds.empty() ? GeometryKind::none : *kinds.begin()));
}

InspectedLayer described(const Layer& layer) {
  InspectedLayer seen;
  seen.source = layer.source;
  seen.kind = layer.has_geometry() ? "vector" : "table";
  seen.driver = layer.driver;
  seen.read = true;
  seen.geometry = geometry_of(layer);
  seen.features = layer.size();
  const Box box = layer.extent();
  if (!box.empty()) seen.extent = box;
  for (const auto& column : layer.table.columns) {
    const bool number = column.kind == ColumnKind::number;
    std::size_t missing = 0;
    for (const double v : column.numbers) missing += std::isnan(v) ? 1 : 0;
    for (const auto& text : column.texts) missing += trim(text).empty() ? 1 : 0;
    const std::string unit =
        column.unit.empty() && number ? unit_of_field_name(column.name) : column.unit;
    seen.fields.push_back({column.name, number ? "number" : "text", unit, missing});
  }
  return seen;
}

/// A CSV cannot say its CRS and is not at fault; a format that can, and does not, is.
Findings judged(const Layer& layer) {
  const bool can_say = layer.driver != "CSV" && layer.driver != "XLSX";
  Findings findings;
  for (Finding finding : layer.findings.list()) {
    if (finding.code == "crs.missing" && can_say) finding.severity = Severity::error;
    findings.add(std::move(finding));
  }
  return findings;
}

LonLat centre_in_degrees(double x, double y, const Transform* transform) {
  if (transform != nullptr) static_cast<void>(transform->forward(&x, &y, 1));
  return {x, y};
}

/// West, south, east, north of a layer in degrees, by its features' boxes.
Box degrees_box(const Layer& layer) {
  Box box;
  const bool same = layer.crs == wgs84();
  const Transform transform(layer.crs, wgs84());
  for (const auto& g : layer.geometry) {
    const Box own = box_of(g);
    if (own.empty()) continue;
    for (const Point corner : {Point{own.min_x, own.min_y}, Point{own.max_x, own.max_y},
                               Point{own.min_x, own.max_y}, Point{own.max_x, own.min_y}}) {
      const LonLat at = centre_in_degrees(corner.x, corner.y, same ? nullptr : &transform);
      if (std::isfinite(at.lon_deg) && std::isfinite(at.lat_deg))
        box.add(Point{at.lon_deg, at.lat_deg});
    }
  }
  return box;
}

void check_near(const Layer& layer, const Box& study, Findings& findings) {
  if (!layer.has_crs || layer.crs.is_local() || layer.extent().empty()) return;
  const Geodesic geodesic;
  const double diagonal =
      geodesic.distance_m({study.min_x, study.min_y}, {study.max_x, study.max_y});
  const double limit = std::max(kFar_m, diagonal);
  const bool same = layer.crs == wgs84();
  const Transform transform(layer.crs, wgs84());
  std::size_t placed = 0, far = 0, first = 0;
  double farthest = 0.0;
  for (std::size_t i = 0; i < layer.geometry.size(); ++i) {
    if (layer.geometry[i].empty()) continue;
    ++placed;
    const Point p = representative_point(layer.geometry[i]);
    const LonLat at = centre_in_degrees(p.x, p.y, same ? nullptr : &transform);
    const LonLat nearest{std::clamp(at.lon_deg, study.min_x, study.max_x),
                         std::clamp(at.lat_deg, study.min_y, study.max_y)};
    const double distance = geodesic.distance_m(at, nearest);
    if (!(distance > limit)) continue;
    if (far++ == 0) first = i;
    farthest = std::max(farthest, distance);
  }
  if (far == 0) return;
  const std::string where = layer.table.name + ", " + layer.table.row_name(first);
  const std::string reach =
      "up to " + fixed_text(farthest / 1000, 0) + " km from the study's extent";
  if (far == placed) {
    findings.add(
        "place.nothing_near", Severity::error, where,
        "every feature lies far away, " + reach + ": swapped axes, a lost sign or another CRS?",
        far);
  } else {
    findings.add("place.far", Severity::warning, where,
                 "features lie far away, " + reach + ": swapped axes, a lost sign?", far);
  }
}

void add_layer(const Layer& layer, const InspectOptions& options, const Box* study,
               Inspection& inspection) {
  inspection.layers.push_back(described(layer));
  for (const auto& sidecar : layer.sidecars) inspection.sidecars.push_back(sidecar);
  inspection.findings.add(judged(layer));
  if (options.role) inspection.findings.add(check_role(layer, *options.role, options.fields));
  if (study != nullptr) check_near(layer, *study, inspection.findings);
}

ReadOptions lenient(ReadOptions reading) {
  reading.need_crs = false;
  reading.need_geometry = false;
  return reading;
}

ReadOptions in_role(const InspectOptions& options) {
  if (!options.role) return lenient(options.reading);
  ReadOptions reading = options.reading;
  reading.need_crs = true;
  reading.need_geometry = *options.role != Role::deposits;
  return reading;
}

/// The checksum of what could not be read still names it.
std::string checksum_if_file(const std::string& path) {
  try {
    return sha256_of_file(path);
  } catch (const Error&) {
    return {};
  }
}

InspectedLayer unread_layer(const std::string& path, const std::string& layer) {
  InspectedLayer unread;
  unread.source.path = path;
  unread.source.layer = layer;
  unread.source.sha256 = checksum_if_file(path);
  unread.kind = "vector";
  return unread;
}

/// One layer in its role; when that fails, what can be read of it without one.
void inspect_layer(const std::string& path, ReadOptions reading, const InspectOptions& options,
                   const Box* study, Inspection& inspection, const Progress& progress) {
  try {
    add_layer(read_layer(path, reading, progress), options, study, inspection);
    return;
  } catch (const Error& error) {
    if (error.code.starts_with("run.") || error.code.starts_with("usage.")) throw;
    inspection.findings.add(finding_of(error, path));
    if (options.role && (error.code == "crs.missing" || error.code == "geometry.missing")) {
      try {
        add_layer(read_layer(path, lenient(reading), progress), options, study, inspection);
        return;
      } catch (const Error& second) {
        inspection.findings.add(finding_of(second, path));
      }
    }
  }
  inspection.layers.push_back(unread_layer(path, reading.layer));
}

void inspect_raster_file(const std::string& path, const InspectOptions& options,
                         Inspection& inspection) {
  RasterOptions raster;
  raster.input_crs = options.reading.input_crs;
  raster.need_crs = options.raster;
  InspectedLayer seen;
  seen.source.path = path;
  seen.kind = "raster";
  try {
    RasterInfo info = inspect_raster(path, raster);
    for (Finding finding : info.findings.list()) {
      if (finding.code == "crs.missing") finding.severity = Severity::error;
      inspection.findings.add(std::move(finding));
    }
    seen.source = info.source;
    seen.driver = info.driver;
    seen.read = true;
    if (info.has_transform) {
      Box box;
      const auto& t = info.transform;
      for (const double column : {0.0, static_cast<double>(info.width)}) {
        for (const double row : {0.0, static_cast<double>(info.height)}) {
          box.add(Point{t[0] + column * t[1] + row * t[2], t[3] + column * t[4] + row * t[5]});
        }
      }
      seen.extent = box;
    }
    seen.raster = std::move(info);
  } catch (const Error& error) {
    if (error.code.starts_with("run.")) throw;
    inspection.findings.add(finding_of(error, path));
    seen.source.sha256 = checksum_if_file(path);
  }
  inspection.layers.push_back(std::move(seen));
}

bool is_raster_path(const std::string& path) {
  std::string small = lower(path);
  for (const char* packed : {".gz", ".zip"}) {
    if (small.ends_with(packed)) small.resize(small.size() - std::string(packed).size());
  }
  for (const char* ending : {".tif", ".tiff", ".asc", ".grd", ".agr"}) {
    if (small.ends_with(ending)) return true;
  }
  return false;
}

/// An extract of OpenStreetMap: a layer for each mode, or the one named.
void inspect_osm_file(const PathAndLayer& named, const InspectOptions& options, const Box* study,
                      Inspection& inspection, const Progress& progress) {
  const std::string& said = options.reading.layer.empty() ? named.layer : options.reading.layer;
  OsmOptions reading;
  reading.jobs = options.reading.jobs;
  try {
    if (!said.empty()) reading.modes = {said};
    for (const auto& layer : read_osm_lines(named.path, reading, progress))
      add_layer(layer.lines, options, study, inspection);
  } catch (const Error& error) {
    if (error.code.starts_with("run.")) throw;
    inspection.findings.add(finding_of(error, named.path));
    inspection.layers.push_back(unread_layer(named.path, said));
  }
}

/// The layers to look at: the one named, with a role the only one, else all with features.
std::vector<std::string> layers_of(const PathAndLayer& named, const InspectOptions& options) {
  const std::string& said = options.reading.layer.empty() ? named.layer : options.reading.layer;
  if (!said.empty() || options.role || named.path.starts_with("/vsistdin")) return {said};
  Findings passed;  // found again when each layer is read
  std::vector<std::string> names;
  for (const auto& layer : list_layers(named.path, passed)) names.push_back(layer.name);
  if (names.size() < 2) return {""};
  return names;
}

}  // namespace

Inspection inspect_file(const std::string& path, const InspectOptions& options,
                        const Progress& progress) {
  Inspection inspection;
  Box study;
  if (!options.near.empty()) study = degrees_box(read_layer(options.near));
  const PathAndLayer named = split_layer(path);
  if (options.raster || is_raster_path(named.path)) {
    inspect_raster_file(named.path, options, inspection);
    return inspection;
  }
  if (options.blocks || (!options.mesh && is_model_file(named.path))) {
    inspect_model_file(named.path, options, inspection, progress);
    return inspection;
  }
  if (options.mesh || is_mesh_file(named.path)) {
    inspect_mesh_file(named.path, options, inspection, progress);
    return inspection;
  }
  if (is_osm_path(named.path)) {
    inspect_osm_file(named, options, options.near.empty() ? nullptr : &study, inspection, progress);
    return inspection;
  }
  std::vector<std::string> names;
  try {
    names = layers_of(named, options);
  } catch (const Error& error) {
    if (error.code.starts_with("run.")) throw;
    inspection.findings.add(finding_of(error, path));
    inspection.layers.push_back(unread_layer(named.path, named.layer));
    return inspection;
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    ReadOptions reading = in_role(options);
    reading.layer = names[i];
    const double share = 1.0 / static_cast<double>(names.size());
    inspect_layer(
        named.path, reading, options, options.near.empty() ? nullptr : &study, inspection,
        progress.part(static_cast<double>(i) * share, static_cast<double>(i + 1) * share));
  }
  return inspection;
}

}  // namespace lode
