#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/environment/drainage.h"
#include "libgeo/environment/drainage_grid.h"
#include "libgeo/environment/grid_cells.h"
#include "libgeo/geometry/cell_areas.h"
#include "libgeo/geometry/measure.h"

namespace lode {

namespace {

// What does not change from site to site.
class Ground {
 public:
  explicit Ground(const Drainage& drained)
      : drainage(drained),
        place(drained.filled.place),
        shape{place.columns, place.rows},
        metric(place),
        areas(place.crs, place.transform, place.columns, place.rows) {}

  [[nodiscard]] bool valid(std::size_t cell) const {
    return drainage.direction[cell] != drainage_none;
  }
  [[nodiscard]] bool last(std::size_t cell) const {
    return drainage.direction[cell] >= drainage_out;
  }
  [[nodiscard]] std::size_t next(std::size_t cell) const {
    return shape.step(cell, drainage.direction[cell]);
  }
  [[nodiscard]] Point middle(std::size_t cell) const {
    return {static_cast<double>(cell % shape.columns) + 0.5,
            static_cast<double>(cell / shape.columns) + 0.5};
  }
  [[nodiscard]] double area_m2(std::size_t cell) const {
    const Point at = middle(cell);
    return areas.density(at.x, at.y);
  }
  /// Between places in columns and rows that are near one another.
  [[nodiscard]] double length_m(Point a, Point b) const {
    return metric.at((a.x + b.x) / 2.0, (a.y + b.y) / 2.0).length_m(b.x - a.x, b.y - a.y);
  }

  const Drainage& drainage;
  const RasterPlace& place;
  GridShape shape;
  GridMetric metric;
  CellAreas areas;
};

class OneSite {
 public:
  OneSite(const Ground& ground, const CatchmentOptions& options)
      : ground_(ground), drainage_(ground.drainage), options_(options) {}

  SiteCatchment measure(const Geometry& site, const Progress& progress) {
    take_cells(site);
    result_.on_grid = !cells_.empty();
    if (cells_.empty()) return std::move(result_);
    choose_outlet();
    follow();
    add_water();
    if (options_.polygons) add_catchment(progress);
    return std::move(result_);
  }

 private:
  void take_cells(const Geometry& site) {
    const GridCells on = cells_of(site, ground_.place);
    areal_ = !site.polygons.empty();
    Sum own, covered;
    std::size_t valid = 0;
    double most = 0.0;
    std::size_t best = 0;
    for (const CellShare& c : on.cells) {
      const double area = areal_ ? c.share * ground_.area_m2(c.cell) : 0.0;
      covered += area;
      if (!ground_.valid(c.cell)) continue;
      ++valid;
      own += area;
      if (!areal_ || c.share >= 0.5) cells_.push_back(c.cell);
      if (c.share <= most) continue;
      most = c.share;
      best = c.cell;
    }
    if (cells_.empty() && valid > 0) cells_.push_back(best);
    result_.own_km2 = own.value() / 1e6;
    whole_ = on.whole && valid == on.cells.size();
    result_.covered_pct = whole_ ? 100.0 : share_covered(site, own.value(), valid, on.cells.size());
    if (options_.snap_m > 0.0 && !site.points.empty()) snap(site.points.front());
  }

  // Of polygons by area in the plane of cells, of others by cells.
  [[nodiscard]] double share_covered(const Geometry& site, double own_m2, std::size_t valid,
                                     std::size_t cells) const {
    if (!areal_)
      return cells == 0 ? 0.0 : 100.0 * static_cast<double>(valid) / static_cast<double>(cells);
    const double whole = area_m2(site, ground_.place.crs, Edges::straight);
    return whole > 0.0 ? std::min(100.0, 100.0 * own_m2 / whole) : 0.0;
  }

  // To the cell with most water within the distance, the first of equal ones.
  void snap(Point place) {
    const Point at = to_cells(place, ground_.place);
    const auto columns = static_cast<double>(ground_.shape.columns);
    const auto rows = static_cast<double>(ground_.shape.rows);
    const CellMetric m =
        ground_.metric.at(std::clamp(at.x, 0.0, columns), std::clamp(at.y, 0.0, rows));
    // A tenth more, since cells change their size on the way.
    const double across = 1.1 * options_.snap_m / std::sqrt(m.e - m.f * m.f / m.g) + 1.0;
    const double down = 1.1 * options_.snap_m / std::sqrt(m.g - m.f * m.f / m.e) + 1.0;
    const auto bound = [](double x, double most) {
      return static_cast<std::size_t>(std::clamp(std::floor(x), 0.0, most));
    };
    const std::size_t c0 = bound(at.x - across, columns - 1),
                      c1 = bound(at.x + across, columns - 1);
    const std::size_t r0 = bound(at.y - down, rows - 1), r1 = bound(at.y + down, rows - 1);
    double most = cells_.empty() ? -1.0 : drainage_.upstream_m2[cells_.front()];
    for (std::size_t r = r0; r <= r1; ++r)
      for (std::size_t c = c0; c <= c1; ++c) {
        const std::size_t cell = r * ground_.shape.columns + c;
        if (!ground_.valid(cell) || !(drainage_.upstream_m2[cell] > most)) continue;
        const double away = ground_.length_m(at, ground_.middle(cell));
        if (away > options_.snap_m) continue;
        most = drainage_.upstream_m2[cell];
        cells_.assign(1, cell);
        result_.snapped_m = away;
      }
  }

  void choose_outlet() {
    const auto better = [&](std::size_t a, std::size_t b) {
      const double za = drainage_.filled.height_m[a], zb = drainage_.filled.height_m[b];
      if (options_.lowest_outlet && za != zb) return za < zb;
      return drainage_.upstream_m2[a] > drainage_.upstream_m2[b];
    };
    result_.cell = cells_.front();
    for (const std::size_t cell : cells_)
      if (better(cell, result_.cell)) result_.cell = cell;
  }

  // The way of a release: a vertex where it turns, cut where it is long enough.
  void follow() {
    Sum length;
    Path line;
    std::size_t cell = result_.cell;
    Point at = ground_.middle(cell);
    const auto add = [&](Point p) { line.push_back(from_cells(p.x, p.y, ground_.place)); };
    add(at);
    const double most_m = options_.most_path_km * 1000.0;
    double end_height = drainage_.filled.height_m[cell];
    std::uint8_t before = drainage_none;
    while (!ground_.last(cell) && length.value() < most_m) {
      const std::uint8_t way = drainage_.direction[cell];
      const std::size_t to = ground_.next(cell);
      Point there = ground_.middle(to);
      const double step = ground_.length_m(at, there);
      const double share = std::min(1.0, (most_m - length.value()) / step);
      if (share < 1.0) there = {at.x + share * (there.x - at.x), at.y + share * (there.y - at.y)};
      if (way == before) line.pop_back();
      add(there);
      before = way;
      const double from = drainage_.filled.height_m[cell];
      end_height = from + share * (drainage_.filled.height_m[to] - from);
      length += share * step;
      at = there;
      if (share < 1.0) break;
      cell = to;
    }
    end_ = cell;
    result_.downstream_km = length.value() / 1000.0;
    result_.drop_m = drainage_.filled.height_m[result_.cell] - end_height;
    result_.path.kind = GeometryKind::line;
    if (line.size() > 1)
      result_.path.lines.push_back(std::move(line));
    else
      result_.path = {};
  }

  [[nodiscard]] bool is_own(std::size_t cell) const {
    return std::binary_search(cells_.begin(), cells_.end(), cell);
  }

  // Whether the water of a cell comes by the end of the path, and whether it comes by the site
  // again.
  struct Way {
    bool by_end = false, by_site = false;
  };
  Way way_of(std::size_t cell) {
    std::vector<std::size_t> run;
    Way way;
    for (;;) {
      const auto known = ways_.find(cell);
      if (known != ways_.end()) {
        way = known->second;
        break;
      }
      run.push_back(cell);
      if (ground_.last(cell)) break;
      cell = ground_.next(cell);
    }
    bool own_next = !run.empty() && cell != run.back() && is_own(cell);
    for (auto it = run.rbegin(); it != run.rend(); ++it) {
      way.by_site = way.by_site || own_next;
      way.by_end = way.by_end || *it == end_;
      ways_.emplace(*it, way);
      own_next = is_own(*it);
    }
    return way;
  }

  void add_water() {
    Sum all, main, own_cells, own_main;
    for (const std::size_t cell : cells_) {
      const Way way = way_of(cell);
      if (areal_) {
        own_cells += ground_.area_m2(cell);
        if (way.by_end) own_main += ground_.area_m2(cell);
      }
      if (way.by_site) continue;
      mouths_.push_back(cell);
      all += drainage_.upstream_m2[cell];
      if (way.by_end) main += drainage_.upstream_m2[cell];
      result_.several_ways = result_.several_ways || !way.by_end;
      result_.reaches_edge = result_.reaches_edge || drainage_.from_edge[cell];
    }
    const double watershed = drainage_.upstream_m2[end_];
    const auto km2 = [](double m2) { return std::max(0.0, m2) / 1e6; };
    result_.upstream_km2 = km2(all.value() - own_cells.value());
    result_.watershed_km2 = watershed / 1e6;
    const double own_share = own_cells.value() > 0.0 ? own_main.value() / own_cells.value() : 0.0;
    result_.watershed_share_pct =
        std::min(100.0, 100.0 * result_.own_km2 * own_share / result_.watershed_km2);
    result_.upstream_share_pct =
        100.0 * km2(main.value() - own_main.value()) / result_.watershed_km2;
  }

  void add_catchment(const Progress& progress) {
    std::vector<std::uint32_t> found;
    for (const std::size_t cell : mouths_) found.push_back(static_cast<std::uint32_t>(cell));
    // The mouths do not drain into one another, so no cell is met twice.
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (i % 65536 == 0) progress.check();
      ground_.shape.around(found[i], [&](std::size_t n, std::uint8_t k) {
        if (drainage_.direction[n] == (k + 4) % 8) found.push_back(static_cast<std::uint32_t>(n));
      });
    }
    result_.catchment = outline_of_cells(found, ground_.place);
  }

  const Ground& ground_;
  const Drainage& drainage_;
  const CatchmentOptions& options_;
  SiteCatchment result_;
  std::vector<std::size_t> cells_, mouths_;
  bool areal_ = false, whole_ = true;
  std::size_t end_ = 0;
  std::unordered_map<std::size_t, Way> ways_;
};

// One finding a kind, with the first site and how many there are: each row says its own too.
class Doubts {
 public:
  void add(const std::string& code, Severity severity, const std::string& site,
           const std::string& message) {
    for (Finding& one : list_)
      if (one.code == code) {
        ++one.count;
        return;
      }
    list_.push_back({code, severity, site, 1, message});
  }
  void tell(Findings& findings) const {
    for (const Finding& one : list_) findings.add(one);
  }

 private:
  std::vector<Finding> list_;
};

void judge(const SiteCatchment& site, const std::string& where, Doubts& doubts) {
  if (!site.on_grid) {
    doubts.add("drainage.off_grid", Severity::warning, where,
               "sites lie where the raster has no heights: they have no results");
    return;
  }
  if (site.covered_pct < 100.0 - 1e-6)
    doubts.add("drainage.partly_outside", Severity::warning, where,
               "the raster has no heights for a part of the site: it was left out (covered_pct)");
  if (site.reaches_edge)
    doubts.add("drainage.reaches_edge", Severity::warning, where,
               "the catchment reaches the edge of the heights: what drains into the site is a "
               "lower bound");
  if (site.several_ways)
    doubts.add("drainage.several_ways", Severity::note, where,
               "water leaves the site by several ways: path and shares are those of its outlet");
}

}  // namespace

std::vector<SiteCatchment> catchments(const Drainage& drainage, const std::vector<Geometry>& sites,
                                      const CatchmentOptions& options, Findings& findings,
                                      const Progress& progress) {
  const Ground ground(drainage);
  std::vector<SiteCatchment> rows(sites.size());
  parallel_blocks(
      sites.size(), 1, options.jobs,
      [&](std::size_t from, std::size_t to, std::size_t) {
        for (std::size_t i = from; i < to; ++i)
          rows[i] = OneSite(ground, options).measure(sites[i], progress);
      },
      progress);
  Doubts doubts;
  for (std::size_t i = 0; i < rows.size(); ++i)
    judge(
        rows[i],
        "site " + (options.ids.empty() ? number_text(static_cast<double>(i + 1)) : options.ids[i]),
        doubts);
  doubts.tell(findings);
  return rows;
}

std::vector<SiteSlope> site_slopes(const RasterPlace& place, const std::vector<double>& slope_deg,
                                   const std::vector<Geometry>& sites, int jobs,
                                   const Progress& progress) {
  const CellAreas areas(place.crs, place.transform, place.columns, place.rows);
  std::vector<SiteSlope> rows(sites.size());
  parallel_blocks(
      sites.size(), 1, jobs,
      [&](std::size_t from, std::size_t to, std::size_t) {
        for (std::size_t i = from; i < to; ++i) {
          Sum sum, weights;
          double most = -1.0;
          for (const CellShare& c : cells_of(sites[i], place).cells) {
            if (std::isnan(slope_deg[c.cell])) continue;
            const double weight =
                c.share * areas.density(static_cast<double>(c.cell % place.columns) + 0.5,
                                        static_cast<double>(c.cell / place.columns) + 0.5);
            sum += weight * slope_deg[c.cell];
            weights += weight;
            most = std::max(most, slope_deg[c.cell]);
          }
          if (most >= 0.0) rows[i] = {sum.value() / weights.value(), most};
        }
      },
      progress);
  return rows;
}

}  // namespace lode
