#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/crs/transform.h"
#include "libgeo/environment/zonal_parts.h"
#include "libgeo/geometry/edges.h"
#include "libgeo/geometry/overlay.h"

namespace lode::zonal {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double edge_tolerance_m = 0.01;

// Places of a CRS as columns and rows.
struct ToGrid {
  std::array<double, 6> t;
  double det;
  explicit ToGrid(const std::array<double, 6>& transform)
      : t(transform), det(transform[1] * transform[5] - transform[2] * transform[4]) {}
  [[nodiscard]] Point operator()(Point p) const {
    const double dx = p.x - t[0], dy = p.y - t[3];
    return {(dx * t[5] - dy * t[2]) / det, (dy * t[1] - dx * t[4]) / det};
  }
};

// Everything that zones need to get onto the grid; serves all threads.
class Placer {
 public:
  Placer(const ZonalInputs& inputs, const ZonalOptions& options, const RasterPlace& place)
      : inputs_(inputs), options_(options), place_(place), to_grid_(place.transform) {
    if (!(inputs.crs == place.crs)) transform_.emplace(inputs.crs, place.crs);
    for (const double u : {0.0, static_cast<double>(place.columns)})
      for (const double v : {0.0, static_cast<double>(place.rows)})
        extent_.add(Point{place.transform[0] + u * place.transform[1] + v * place.transform[2],
                          place.transform[3] + u * place.transform[4] + v * place.transform[5]});
    if (place.crs.is_geographic())
      turn_ = std::round(2.0 * std::numbers::pi / place.crs.radians_per_unit * 1e9) / 1e9;
  }

  [[nodiscard]] GridZone place(std::size_t index) const;

 private:
  /// False where the zone serves as it is.
  [[nodiscard]] bool moves() const;
  [[nodiscard]] Geometry brought(const Geometry& own) const;
  void copy_along_turns(GridZone& zone) const;
  void take_cells(GridZone& zone) const;
  void take_line(const Path& line, GridZone& zone) const;
  void take_cell(double u, double v, GridZone& zone) const;
  void judge_bounds(const Box& all, GridZone& zone) const;

  const ZonalInputs& inputs_;
  const ZonalOptions& options_;
  const RasterPlace& place_;
  ToGrid to_grid_;
  std::optional<Transform> transform_;
  Box extent_;
  double turn_ = 0.0;  // 0 = longitude does not come round
};

bool Placer::moves() const {
  const bool bent = inputs_.crs.is_geographic() || options_.edges == Edges::geodesic;
  return transform_ || (bent && !inputs_.crs.is_local());
}

Geometry Placer::brought(const Geometry& own) const {
  const Geometry followed =
      inputs_.crs.is_local() || own.kind == GeometryKind::point
          ? own
          : follow_edges(own, inputs_.crs, options_.edges, {.tolerance_m = edge_tolerance_m});
  return transform_ ? reproject(followed, *transform_, edge_tolerance_m) : followed;
}

// The zone a whole number of turns further east or west, where the grid has it there.
void Placer::copy_along_turns(GridZone& zone) const {
  if (turn_ == 0.0) return;
  const Box box = box_of(zone.whole());
  if (box.empty()) return;
  const double first = std::ceil((extent_.min_x - box.max_x) / turn_ - 1e-12);
  const double last = std::floor((extent_.max_x - box.min_x) / turn_ + 1e-12);
  if (last - first > 4.0 || (first == 0.0 && last == 0.0)) return;
  Geometry all;
  all.kind = zone.kind;
  for (double k = first; k <= last; k += 1.0) {
    Geometry copy = zone.whole();
    for_each_vertex(copy, [&](Point& p) { p.x += k * turn_; });
    all.points.insert(all.points.end(), copy.points.begin(), copy.points.end());
    all.lines.insert(all.lines.end(), copy.lines.begin(), copy.lines.end());
    all.polygons.insert(all.polygons.end(), copy.polygons.begin(), copy.polygons.end());
  }
  // Columns that the grid has twice count once.
  if (extent_.max_x - extent_.min_x > turn_ * (1.0 + 1e-9) && !all.polygons.empty()) {
    const double w = extent_.min_x, e = w + turn_, s = box.min_y - 1.0, n = box.max_y + 1.0;
    all = intersection(all, polygon_geometry({{w, s}, {e, s}, {e, n}, {w, n}, {w, s}}));
  }
  zone.copies = std::move(all);
}

void Placer::take_cell(double u, double v, GridZone& zone) const {
  const auto columns = static_cast<double>(place_.columns), rows = static_cast<double>(place_.rows);
  if (!(u >= 0.0 && v >= 0.0 && u <= columns && v <= rows)) {
    zone.sticks_out = true;
    return;
  }
  // What lies on the last line belongs to the last cell.
  const double c = std::min(std::floor(u), columns - 1.0), r = std::min(std::floor(v), rows - 1.0);
  zone.cells.push_back(static_cast<std::uint64_t>(r) * place_.columns +
                       static_cast<std::uint64_t>(c));
}

// The cells that a line has a length in.
void Placer::take_line(const Path& line, GridZone& zone) const {
  const auto columns = static_cast<double>(place_.columns), rows = static_cast<double>(place_.rows);
  std::vector<double> cuts;
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const Point a = to_grid_(line[i]), b = to_grid_(line[i + 1]);
    cuts.assign({0.0, 1.0});
    const auto cut = [&](double from, double to, double most) {
      const double low = std::max(0.0, std::ceil(std::min(from, to)));
      const double high = std::min(most, std::floor(std::max(from, to)));
      for (double k = low; k <= high && from != to; k += 1.0)
        cuts.push_back((k - from) / (to - from));
    };
    cut(a.x, b.x, columns);
    cut(a.y, b.y, rows);
    std::sort(cuts.begin(), cuts.end());
    for (std::size_t k = 0; k + 1 < cuts.size(); ++k) {
      if (!(cuts[k + 1] - cuts[k] > 1e-12)) continue;
      const double t = (cuts[k] + cuts[k + 1]) / 2.0;
      take_cell(a.x + t * (b.x - a.x), a.y + t * (b.y - a.y), zone);
    }
  }
}

void Placer::take_cells(GridZone& zone) const {
  const Geometry& g = zone.on_grid();
  for (const Point& p : g.points) {
    const Point at = to_grid_(p);
    take_cell(at.x, at.y, zone);
  }
  for (const Path& line : g.lines) take_line(line, zone);
  std::sort(zone.cells.begin(), zone.cells.end());
  zone.cells.erase(std::unique(zone.cells.begin(), zone.cells.end()), zone.cells.end());
  zone.outside = zone.cells.empty();
  // The copies of one turn are outside where another one is not.
  if (!zone.copies.empty()) zone.sticks_out = false;
  for (const std::uint64_t cell : zone.cells) {
    const auto c = static_cast<double>(cell % place_.columns);
    const auto r = static_cast<double>(cell / place_.columns);
    zone.bounds.add(Point{c, r});
    zone.bounds.add(Point{c + 1.0, r + 1.0});
  }
  zone.given = nullptr;
  zone.shape = {};
  zone.copies = {};
}

void Placer::judge_bounds(const Box& all, GridZone& zone) const {
  const auto columns = static_cast<double>(place_.columns), rows = static_cast<double>(place_.rows);
  zone.bounds = {std::max(0.0, all.min_x), std::max(0.0, all.min_y), std::min(columns, all.max_x),
                 std::min(rows, all.max_y)};
  zone.outside = all.empty() || !(zone.bounds.max_x > zone.bounds.min_x) ||
                 !(zone.bounds.max_y > zone.bounds.min_y);
  zone.sticks_out = all.min_x < 0.0 || all.min_y < 0.0 || all.max_x > columns || all.max_y > rows;
}

GridZone Placer::place(std::size_t index) const {
  const Geometry* own = &inputs_.zones[index];
  GridZone zone;
  zone.kind = own->kind;
  if (own->empty()) return zone;
  try {
    if (options_.check_zones && own->kind == GeometryKind::polygon) {
      Geometry checked = *own;
      zone.repaired = check_geometry(checked, inputs_.crs).repaired;
      if (checked.empty()) {
        zone.kind = GeometryKind::none;
        return zone;
      }
      if (zone.repaired) zone.shape = std::move(checked);
    }
    if (zone.repaired) own = &zone.shape;
    if (own->kind == GeometryKind::polygon)
      zone.area_m2 = transform_ || place_.crs.is_geographic()
                         ? area_m2(*own, inputs_.crs, options_.edges)
                         : kNan;
    if (moves())
      zone.shape = brought(*own);
    else if (!zone.repaired)
      zone.given = own;
  } catch (const Error& error) {
    throw Error(error.code, error.what(), zone_name(inputs_, index), error.hint);
  }
  copy_along_turns(zone);
  if (zone.kind != GeometryKind::polygon) {
    take_cells(zone);
    return zone;
  }
  Box all;
  for (const Polygon& polygon : zone.on_grid().polygons)
    for (const Point& p : polygon.shell) all.add(to_grid_(p));
  judge_bounds(all, zone);
  if (std::isnan(zone.area_m2) && (zone.sticks_out || zone.outside))
    zone.area_m2 = area_m2(zone.whole(), place_.crs, Edges::straight);
  return zone;
}

}  // namespace

std::string zone_name(const ZonalInputs& inputs, std::size_t zone) {
  return "zone " + (zone < inputs.ids.size() ? inputs.ids[zone] : std::to_string(zone + 1));
}

std::vector<GridZone> zones_on_grid(const ZonalInputs& inputs, const ZonalOptions& options,
                                    const RasterPlace& place, const Progress& progress) {
  const Placer placer(inputs, options, place);
  std::vector<GridZone> zones(inputs.zones.size());
  parallel_blocks(
      zones.size(), 16, options.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i) {
          progress.check();
          zones[i] = placer.place(i);
        }
      },
      progress);
  return zones;
}

}  // namespace lode::zonal
