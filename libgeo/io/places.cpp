#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"
#include "libgeo/crs/transform.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/io/layer_parts.h"

namespace lode::parts {
namespace {

constexpr std::size_t kBlock = 256;

std::string column_among(const Table& table, std::initializer_list<std::string_view> names) {
  for (const auto& name : names) {
    for (const auto& column : table.columns) {
      if (lower(trim(column.name)) == name) return column.name;
    }
  }
  return {};
}

bool holds_wkt(const Column& column) {
  if (column.kind != ColumnKind::text) return false;
  static constexpr std::array<std::string_view, 12> kWords{
      "point",    "linestring", "polygon",  "multi", "geometrycollection", "curve",
      "compound", "circular",   "triangle", "tin",   "polyhedral",         "srid="};
  for (const auto& text : column.texts) {
    const std::string start = lower(trim(text).substr(0, 40));
    if (start.empty()) continue;
    // "Circular" alone tells of the form of a deposit.
    if (start.find('(') == std::string::npos && !start.ends_with(" empty")) return false;
    return std::any_of(kWords.begin(), kWords.end(),
                       [&](auto word) { return start.compare(0, word.size(), word) == 0; });
  }
  return false;
}

/// What the checks of one geometry found.
struct Faults {
  bool bad = false;         ///< NaN or infinite
  bool impossible = false;  ///< beyond any place of that CRS
  bool beyond_180 = false;
  bool antimeridian = false;
  bool full_turn = false;  ///< an edge from -180 to 180 off the poles
  bool zero = false;
  Point where{};
};

void look_at_edges(const Path& path, double half_turn, double pole, Faults& faults) {
  for (std::size_t i = 1; i < path.size(); ++i) {
    const double step = std::abs(path[i].x - path[i - 1].x);
    if (step <= half_turn) continue;
    // The frame of a world map runs along the poles or from -180 to 180: no crossing there.
    const bool pole_edge = std::abs(path[i].y) >= pole && std::abs(path[i - 1].y) >= pole;
    const bool frame = std::abs(path[i].x) == half_turn && std::abs(path[i - 1].x) == half_turn;
    if (!pole_edge && !frame) faults.antimeridian = true;
    if (!pole_edge && frame) faults.full_turn = true;
  }
}

Faults faults_of(const Geometry& geometry, const Crs& crs, bool has_crs) {
  Faults faults;
  const bool geographic = has_crs && crs.is_geographic();
  const double degree = 0.017453292519943295 / crs.radians_per_unit;
  const double max_x = geographic ? 360 * degree : 1e9 / (has_crs ? crs.metres_per_unit : 1.0);
  const double max_y = geographic ? 90 * degree : max_x;
  const double slack = geographic ? 1e-6 : 0.0;
  const auto look = [&](Point p) {
    if (!std::isfinite(p.x) || !std::isfinite(p.y)) {
      if (!faults.bad) faults.where = p;
      faults.bad = true;
    } else if (std::abs(p.x) > max_x + slack || std::abs(p.y) > max_y + slack) {
      if (!faults.impossible) faults.where = p;
      faults.impossible = true;
    } else if (geographic && std::abs(p.x) > 180 * degree + slack) {
      faults.beyond_180 = true;
    }
  };
  for (const auto& p : geometry.points) {
    look(p);
    faults.zero = faults.zero || (p.x == 0 && p.y == 0);
  }
  const auto path = [&](const Path& vertices) {
    for (const auto& p : vertices) look(p);
    if (geographic) look_at_edges(vertices, 180 * degree, 90 * degree, faults);
  };
  for (const auto& line : geometry.lines) path(line);
  for (const auto& polygon : geometry.polygons) {
    path(polygon.shell);
    for (const auto& hole : polygon.holes) path(hole);
  }
  return faults;
}

/// Both ends of an edge from -180 to 180 are one place, so that the geodesic between them has no
/// length. It was drawn along its parallel: vertices at every degree say so.
Path along_parallels(const Path& path, double half_turn, double pole) {
  Path out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (i > 0 && std::abs(path[i].x) == half_turn && path[i].x == -path[i - 1].x &&
        (std::abs(path[i].y) < pole || std::abs(path[i - 1].y) < pole)) {
      const Point from = path[i - 1], to = path[i];
      for (int step = 1; step < 360; ++step)
        out.push_back(
            {from.x + (to.x - from.x) * step / 360.0, from.y + (to.y - from.y) * step / 360.0});
    }
    out.push_back(path[i]);
  }
  return out;
}

void run_along_parallels(Geometry& geometry, const Crs& crs) {
  const double degree = 0.017453292519943295 / crs.radians_per_unit;
  const auto run = [&](Path& path) { path = along_parallels(path, 180 * degree, 90 * degree); };
  for (auto& line : geometry.lines) run(line);
  for (auto& polygon : geometry.polygons) {
    run(polygon.shell);
    for (auto& hole : polygon.holes) run(hole);
  }
}

void refuse_faults(const Layer& layer, const std::vector<Faults>& faults) {
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if (faults[i].bad) {
      throw Error("geometry.bad_coordinate", "a coordinate is not a finite number",
                  row_place(layer, i), "Correct the coordinate or take the feature out.");
    }
  }
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if (!faults[i].impossible) continue;
    const std::string place =
        "(" + number_text(faults[i].where.x) + " " + number_text(faults[i].where.y) + ")";
    if (layer.has_crs && layer.crs.is_geographic()) {
      const Box box = layer.extent();
      const double degree = 0.017453292519943295 / layer.crs.radians_per_unit;
      if (std::max(-box.min_x, box.max_x) <= 90 * degree &&
          std::max(-box.min_y, box.max_y) <= 180 * degree)
        throw Error("crs.mismatch",
                    "latitude and longitude are exchanged: " + place +
                        " has its latitude beyond 90 degrees, and all places of the layer are on "
                        "Earth the other way round",
                    row_place(layer, i), "Put the longitude first (x), then the latitude (y).");
      throw Error("crs.mismatch",
                  place + " is no longitude and latitude of " + layer.crs.label() +
                      ": beyond 360 or 90 degrees",
                  row_place(layer, i),
                  "Either longitude and latitude are swapped, or the coordinates are metres: give "
                  "them the CRS they were measured in.");
    }
    throw Error("crs.mismatch", place + " lies farther out than the Earth is wide",
                row_place(layer, i), "Correct the coordinate or take the feature out.");
  }
}

/// Degrees of the area of use, widened by a margin.
bool within_area(const Crs& crs, double lon, double lat, double margin) {
  if (lat < crs.south - margin || lat > crs.north + margin) return false;
  double east = crs.east;
  if (east < crs.west) east += 360;
  double x = lon;
  while (x > east + margin) x -= 360;
  while (x < crs.west - margin) x += 360;
  return x <= east + margin;
}

/// Middles of the features that have a place, in degrees; NaN or infinite off the CRS's projection.
struct Middles {
  std::vector<double> lon, lat;
  std::vector<std::size_t> rows;
};

Middles middles_of(const Layer& layer, bool exchanged) {
  Middles out;
  for (std::size_t i = 0; i < layer.geometry.size(); ++i) {
    const Box box = box_of(layer.geometry[i]);
    if (box.empty()) continue;
    const double x = (box.min_x + box.max_x) / 2, y = (box.min_y + box.max_y) / 2;
    out.lon.push_back(exchanged ? y : x);
    out.lat.push_back(exchanged ? x : y);
    out.rows.push_back(i);
  }
  if (!(layer.crs == wgs84()))
    static_cast<void>(
        Transform(layer.crs, wgs84()).forward(out.lon.data(), out.lat.data(), out.rows.size()));
  return out;
}

/// All features lie within the area of use when x and y are exchanged.
bool fits_exchanged(const Layer& layer) {
  const Middles middles = middles_of(layer, true);
  for (std::size_t k = 0; k < middles.rows.size(); ++k) {
    const double lon = middles.lon[k], lat = middles.lat[k];
    if (!std::isfinite(lon) || !std::isfinite(lat) || !within_area(layer.crs, lon, lat, 0.0))
      return false;
  }
  return true;
}

void check_area_of_use(Layer& layer) {
  if (!layer.has_crs || layer.crs.is_local() || std::isnan(layer.crs.west)) return;
  const auto [x, y, rows] = middles_of(layer, false);
  if (rows.empty()) return;
  const Box box = layer.extent();
  const bool degrees = layer.crs.is_projected() && box.min_x >= -360 && box.max_x <= 360 &&
                       box.min_y >= -90 && box.max_y <= 90;
  const double margin = layer.crs.is_projected() ? 3.0 : 1.0;
  std::size_t outside = 0, first = 0, lost = 0;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const bool nowhere = !std::isfinite(x[k]) || !std::isfinite(y[k]);
    lost += nowhere ? 1 : 0;
    if (!nowhere && within_area(layer.crs, x[k], y[k], degrees ? 0.0 : margin)) continue;
    if (outside++ == 0) first = rows[k];
  }
  if (outside == 0) return;
  if (degrees && outside == rows.size()) {
    throw Error("crs.mismatch",
                "the coordinates look like degrees, but the CRS says " + layer.crs.label() +
                    ", whose places lie elsewhere",
                layer.table.name,
                "Give the layer the CRS it was measured in, for instance EPSG:4326.");
  }
  const bool exchanged = outside == rows.size() && fits_exchanged(layer);
  if (lost == rows.size()) {
    throw Error("crs.mismatch", "no place of the layer lies on Earth in " + layer.crs.label(),
                layer.table.name,
                exchanged ? "All would lie in its area of use with x and y exchanged: easting or "
                            "longitude comes first."
                          : "Give the layer the CRS it was measured in.");
  }
  if (exchanged) {
    const std::string names =
        layer.crs.is_geographic() ? "longitude and latitude" : "easting and northing";
    const std::string id = id_text(layer.table, first);
    const std::string what = names + " seem exchanged: no feature lies within the area of use of " +
                             layer.crs.label() +
                             ", and all would with x and y exchanged; taken as they are";
    layer.findings.add("geometry.swapped", Severity::warning, row_place(layer, first),
                       what + (id.empty() ? "" : "; the first is " + id), outside);
    return;
  }
  layer.findings.add("crs.outside_area", Severity::warning, row_place(layer, first),
                     "features lie outside the area of use of " + layer.crs.label() +
                         ": wrong zone, swapped axes or a lost sign?",
                     outside);
}

/// "id A12: " where the layer has such a column, else nothing: its place in the file says which.
std::string id_of(const Table& table, std::size_t row) {
  const std::string id = id_text(table, row);
  return id.empty() ? id : id + ": ";
}

constexpr std::size_t kListed = 1000;  ///< repairs told one by one; one line sums up the rest

void list_repairs(Layer& layer, const std::vector<GeometryCheck>& checks) {
  std::size_t shown = 0, further = 0;
  double before = 0.0, after = 0.0;
  for (std::size_t i = 0; i < checks.size(); ++i) {
    const GeometryCheck& check = checks[i];
    if (check.empty) {
      layer.geometry[i] = Geometry{};
      layer.findings.add(
          "geometry.zero_area", Severity::warning, row_place(layer, i),
          id_of(layer.table, i) + "nothing is left of the geometry (zero area): " + check.fault);
      continue;
    }
    if (!check.repaired && check.valid) continue;
    if (++shown > kListed) {
      ++further;
      before += check.area_before_m2;
      after += check.area_after_m2;
      continue;
    }
    std::string what =
        id_of(layer.table, i) + check.fault + "; mended by joining what the parts cover";
    if (layer.geometry[i].kind == GeometryKind::polygon) {
      what += ", area " + number_text(check.area_before_m2) + " m2 before, " +
              number_text(check.area_after_m2) + " m2 after";
    }
    layer.findings.add("geometry.repaired", Severity::warning, row_place(layer, i), what);
  }
  if (further > 0)
    layer.findings.add("geometry.repaired", Severity::warning, layer.table.name,
                       "further geometries were mended in the same way, in sum " +
                           number_text(before) + " m2 before, " + number_text(after) + " m2 after",
                       further);
}

}  // namespace

std::string row_place(const Layer& layer, std::size_t row) {
  return layer.table.name + ", " + layer.table.row_name(row);
}

std::string id_text(const Table& table, std::size_t row) {
  const std::string field = column_among(table, {"id", "name"});
  if (field.empty()) return {};
  const Column& column = table.at(field);
  const bool number = column.kind == ColumnKind::number;
  if (row >= (number ? column.numbers.size() : column.texts.size())) return {};
  const std::string value =
      number ? number_text(column.numbers[row]) : printable(trim(column.texts[row]));
  const bool blank = number ? std::isnan(column.numbers[row]) : value.empty();
  return blank ? std::string{} : field + " " + value;
}

PlaceColumns place_columns(const Table& table, const ReadOptions& options) {
  PlaceColumns columns;
  if (!options.x.empty() || !options.y.empty()) {
    if (options.x.empty() || options.y.empty()) {
      throw Error("usage.missing", "--x and --y go together", table.name,
                  "Name the columns of both coordinates.");
    }
    columns.x = table.at(options.x).name;
    columns.y = table.at(options.y).name;
    return columns;
  }
  for (const auto& column : table.columns) {
    const std::string name = lower(trim(column.name));
    const bool known = name == "wkt" || name == "_wkt" || name == "geometry" || name == "geom" ||
                       name == "the_geom" || name == "wkt_geom" || name == "shape";
    if (known && holds_wkt(column)) {
      columns.wkt = column.name;
      return columns;
    }
  }
  columns.x = column_among(table, {"longitude", "lon", "long", "lng", "longitude_deg", "lon_deg"});
  columns.y = column_among(table, {"latitude", "lat", "latitude_deg", "lat_deg"});
  if (!columns.x.empty() && !columns.y.empty()) {
    columns.degrees = true;
    return columns;
  }
  columns.x = column_among(table, {"x", "easting", "east", "x_m", "easting_m", "xcoord", "x_coord",
                                   "xc", "utm_e", "utme", "coord_x", "eastings"});
  columns.y = column_among(table, {"y", "northing", "north", "y_m", "northing_m", "ycoord",
                                   "y_coord", "yc", "utm_n", "utmn", "coord_y", "northings"});
  if (columns.x.empty() || columns.y.empty()) columns.x = columns.y = "";
  return columns;
}

void add_places(Layer& layer, const PlaceColumns& columns) {
  if (!columns.wkt.empty()) {
    const Column& wkt = layer.table.at(columns.wkt);
    Census census;
    for (std::size_t i = 0; i < wkt.texts.size(); ++i) {
      const bool blank = trim(wkt.texts[i]).empty();
      census.row = i;
      layer.geometry.push_back(blank ? Geometry{}
                                     : geometry_of_wkt(wkt.texts[i], row_place(layer, i), census));
    }
    report_census(census, layer);
    std::erase_if(layer.table.columns, [&](const auto& c) { return c.name == columns.wkt; });
    return;
  }
  if (columns.x.empty()) return;
  const std::vector<double> x = layer.table.numbers(columns.x);
  const std::vector<double> y = layer.table.numbers(columns.y);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const bool blank = std::isnan(x[i]) || std::isnan(y[i]);
    layer.geometry.push_back(blank ? Geometry{} : point_geometry(x[i], y[i]));
  }
}

void settle_crs(Layer& layer, const ReadOptions& options) {
  if (!options.input_crs.empty()) {
    const Crs declared = parse_crs(options.input_crs, "--input-crs");
    if (!layer.has_crs) {
      layer.crs = declared;
      layer.has_crs = true;
    } else if (!(layer.crs == declared)) {
      layer.findings.add("crs.declaration_unused", Severity::warning, layer.table.name,
                         "the layer has a CRS of its own (" + layer.crs.label() +
                             "): --input-crs " + options.input_crs + " was not used for it");
    }
  }
  const bool placed = std::any_of(layer.geometry.begin(), layer.geometry.end(),
                                  [](const auto& g) { return !g.empty(); });
  if (layer.has_crs || !placed) return;
  const std::string what = "the layer does not say which CRS its coordinates are in";
  const Box box = layer.extent();
  const bool degrees = std::abs(box.min_x) <= 180 && std::abs(box.max_x) <= 180 &&
                       std::abs(box.min_y) <= 90 && std::abs(box.max_y) <= 90;
  const std::string hint =
      std::string("Declare it with --input-crs EPSG:n (local:m for a mine grid)") +
      (degrees ? "; they look like degrees: --input-crs EPSG:4326." : ".");
  if (options.need_crs) throw Error("crs.missing", what, layer.table.name, hint);
  layer.findings.add("crs.missing", Severity::note, layer.table.name, what + ". " + hint);
}

void check_places(Layer& layer, const ReadOptions& options) {
  std::vector<Faults> faults(layer.geometry.size());
  parallel_blocks(faults.size(), kBlock, options.jobs,
                  [&](std::size_t begin, std::size_t end, std::size_t) {
                    for (std::size_t i = begin; i < end; ++i) {
                      faults[i] = faults_of(layer.geometry[i], layer.crs, layer.has_crs);
                    }
                  });
  refuse_faults(layer, faults);
  const auto count = [&](auto member, const char* code, const std::string& what) {
    std::size_t n = 0, first = 0;
    for (std::size_t i = faults.size(); i-- > 0;) {
      if (faults[i].*member) {
        ++n;
        first = i;
      }
    }
    if (n > 0) layer.findings.add(code, Severity::warning, row_place(layer, first), what, n);
  };
  count(&Faults::zero, "geometry.zero_zero",
        "points at 0, 0: most often a place that was never filled in");
  count(&Faults::beyond_180, "crs.beyond_180", "longitudes beyond 180 degrees, kept as they are");
  count(&Faults::antimeridian, "geometry.antimeridian",
        "an edge longer than 180 degrees of longitude: taken as the short way across the "
        "antimeridian, along the geodesic");
  count(&Faults::full_turn, "geometry.full_turn",
        "an edge from longitude -180 to 180: taken once round the Earth along its parallel");
  for (std::size_t i = 0; i < faults.size(); ++i)
    if (faults[i].full_turn) run_along_parallels(layer.geometry[i], layer.crs);
  std::size_t none = 0, first = 0;
  std::array<std::size_t, 4> kinds{};
  for (std::size_t i = layer.geometry.size(); i-- > 0;) {
    ++kinds.at(static_cast<std::size_t>(layer.geometry[i].kind));
    if (layer.geometry[i].empty()) {
      ++none;
      first = i;
    }
  }
  if (none > 0) {
    layer.findings.add("geometry.empty", Severity::warning, row_place(layer, first),
                       "features without a place (empty or no geometry)", none);
  }
  if ((kinds[1] > 0) + (kinds[2] > 0) + (kinds[3] > 0) > 1) {
    layer.findings.add("geometry.mixed_kinds", Severity::warning, layer.table.name,
                       "the layer mixes kinds: " + std::to_string(kinds[1]) + " points, " +
                           std::to_string(kinds[2]) + " lines, " + std::to_string(kinds[3]) +
                           " polygons; points and lines have no area");
  }
  check_area_of_use(layer);
}

void repair_geometries(Layer& layer, const ReadOptions& options, const Progress& progress) {
  std::vector<GeometryCheck> checks(layer.geometry.size());
  parallel_blocks(
      checks.size(), kBlock, options.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i) {
          if (layer.geometry[i].empty()) continue;
          const OverlayStop stop(progress);
          checks[i] = check_geometry(layer.geometry[i], layer.crs, row_place(layer, i));
        }
      },
      progress);
  list_repairs(layer, checks);
}

}  // namespace lode::parts
