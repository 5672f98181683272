#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/geometry/dissolve.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/logistics/network.h"
#include "libgeo/logistics/sea_parts.h"

namespace lode::sea {

namespace {

/// Half the width of gaps between outlines that are closed: outlines simplified country by country
/// to 0.002 degrees part by that much at their borders.
constexpr double kGap_deg = 0.0025;
/// Maps cut a little before 180 degrees or 90 south are taken to end there.
constexpr double kCut_deg = 0.5;
constexpr double kOnCut_deg = 5e-4;
/// Lakes and gaps smaller than this, in square degrees, are land (a few hundred km2 at most).
constexpr double kPond_deg2 = 0.03;

/// Edges of a map that stop short of the antimeridian and the pole moved there.
class Cut {
 public:
  explicit Cut(const std::vector<Geometry>& parts) {
    for (const auto& part : parts) box_.add(box_of(part));
    west_ = box_.min_x <= -180.0 + kCut_deg && box_.min_x >= -180.0;
    east_ = box_.max_x >= 180.0 - kCut_deg && box_.max_x <= 180.0;
    south_ = box_.min_y <= -90.0 + kCut_deg && box_.min_y >= -90.0;
  }

  void mend(Path& ring) const {
    const Path before = ring;
    const std::size_t n = before.size();
    const auto along = [&](std::size_t i, auto on) {
      return on(before[i]) && (on(before[(i + 1) % n]) || on(before[(i + n - 1) % n]));
    };
    const auto on_west = [&](Point p) { return p.x <= box_.min_x + kOnCut_deg; };
    const auto on_east = [&](Point p) { return p.x >= box_.max_x - kOnCut_deg; };
    const auto on_south = [&](Point p) { return p.y <= box_.min_y + kOnCut_deg; };
    for (std::size_t i = 0; i < n; ++i) {
      if (west_ && along(i, on_west)) ring[i].x = -180.0;
      if (east_ && along(i, on_east)) ring[i].x = 180.0;
      if (south_ && along(i, on_south)) ring[i].y = -90.0;
    }
  }

 private:
  Box box_;
  bool west_ = false, east_ = false, south_ = false;
};

double twice_area(const Path& ring) {
  double sum = 0.0;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i)
    sum += (ring[i].x - ring[0].x) * (ring[i + 1].y - ring[0].y) -
           (ring[i + 1].x - ring[0].x) * (ring[i].y - ring[0].y);
  return sum;
}

/// Polygons one by one, valid, whatever the features were.
std::vector<Geometry> parts_of(const Crs& crs, const std::vector<Geometry>& land,
                               Findings& findings) {
  std::vector<Geometry> parts;
  std::size_t row = 0;
  for (const auto& feature : land) {
    ++row;
    if (feature.kind != GeometryKind::polygon) continue;
    Geometry sound = feature;
    const auto check = check_geometry(sound, crs, "row " + std::to_string(row));
    if (!check.valid)
      findings.add("sea.land_repaired", Severity::note, "land",
                   "a polygon that is not valid is repaired, first in row " + std::to_string(row) +
                       ": " + check.fault);
    for (auto& polygon : sound.polygons) {
      Geometry part;
      part.kind = GeometryKind::polygon;
      part.polygons.push_back(std::move(polygon));
      parts.push_back(std::move(part));
    }
  }
  return parts;
}

/// Which parts stand alone: those need no closing, and keep every digit.
std::vector<Geometry> closed(const std::vector<Geometry>& parts, int jobs, Findings& findings,
                             const Progress& progress) {
  std::vector<Geometry> boxes;
  for (const auto& part : parts) {
    const Box box = box_of(part);
    const double west = box.min_x - kGap_deg, east = box.max_x + kGap_deg;
    const double south = box.min_y - kGap_deg, north = box.max_y + kGap_deg;
    boxes.push_back(polygon_geometry(
        {{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}));
  }
  std::vector<const Geometry*> all;
  for (const auto& box : boxes) all.push_back(&box);
  std::vector<Geometry> grown(parts.size());
  std::vector<Geometry> ground;
  std::vector<std::size_t> joined;
  for (const auto& cluster : clusters_of(all)) {
    if (cluster.size() == 1)
      ground.push_back(parts[cluster.front()]);
    else
      joined.insert(joined.end(), cluster.begin(), cluster.end());
  }
  std::sort(joined.begin(), joined.end());
  parallel_blocks(
      joined.size(), 4, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        const OverlayStop stop(progress);
        for (std::size_t i = begin; i < end; ++i)
          grown[joined[i]] = planar_buffer(parts[joined[i]], kGap_deg, 1);
      },
      progress.part(0.0, 0.2));
  std::vector<const Geometry*> swollen;
  for (const std::size_t i : joined) swollen.push_back(&grown[i]);
  auto whole = dissolve(swollen, jobs, progress.part(0.2, 0.6), &findings);
  std::vector<Geometry> single;
  for (auto& cluster : whole)
    for (auto& polygon : cluster.polygons) {
      Geometry part;
      part.kind = GeometryKind::polygon;
      part.polygons.push_back(std::move(polygon));
      single.push_back(std::move(part));
    }
  parallel_blocks(
      single.size(), 4, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        const OverlayStop stop(progress);
        for (std::size_t i = begin; i < end; ++i)
          single[i] = planar_buffer(single[i], -kGap_deg, 1);
      },
      progress.part(0.6, 1.0));
  for (auto& part : single) ground.push_back(std::move(part));
  return ground;
}

bool on_cut(Point p) {
  return std::abs(p.x) == 180.0;
}
bool on_pole(Point p) {
  return std::abs(p.y) == 90.0;
}

/// Joins rings in space.
class Rings {
 public:
  /// A closed ring with land to the left.
  void add(Path ring) {
    ring.pop_back();
    for (auto& p : ring) {
      // Buffering leaves rounding errors on the cut.
      if (std::abs(p.x) > 180.0 - kOnCut_deg) p.x = p.x > 0.0 ? 180.0 : -180.0;
      if (std::abs(p.y) > 90.0 - kOnCut_deg) p.y = p.y > 0.0 ? 90.0 : -90.0;
    }
    if (std::none_of(ring.begin(), ring.end(), [](Point p) { return on_cut(p) || on_pole(p); })) {
      Chain chain;
      for (const auto& p : ring) chain.push_back(plain_place(p.x, p.y));
      close(chain);
      return;
    }
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Point a = ring[i], b = ring[(i + 1) % ring.size()];
      if (a == b || (on_pole(a) && on_pole(b) && a.y == b.y)) continue;
      if (on_cut(a) && on_cut(b) && a.x == b.x)
        (a.x > 0.0 ? east_ : west_).emplace_back(std::min(a.y, b.y), std::max(a.y, b.y));
      else
        loose_.emplace_back(plain_place(a.x, a.y), plain_place(b.x, b.y));
    }
  }

  Coast finish() {
    cut_edges();
    std::map<std::pair<double, double>, std::vector<std::size_t>> from;
    for (std::size_t i = 0; i < loose_.size(); ++i)
      from[{loose_[i].first.lon_deg, loose_[i].first.lat_deg}].push_back(i);
    std::vector<char> used(loose_.size(), 0);
    for (std::size_t first = 0; first < loose_.size(); ++first) {
      if (used[first] != 0) continue;
      Chain chain;
      for (std::size_t i = first; i != loose_.size();) {
        used[i] = 1;
        chain.push_back(loose_[i].first);
        std::size_t onward = loose_.size();
        for (const std::size_t k : from[{loose_[i].second.lon_deg, loose_[i].second.lat_deg}])
          if (used[k] == 0) {
            onward = k;
            break;
          }
        i = onward;
      }
      close(chain);
    }
    return std::move(coast_);
  }

 private:
  using Chain = std::vector<LonLat>;
  using Spans = std::vector<std::pair<double, double>>;

  /// Along the cut, land on one side only is coast.
  void cut_edges() {
    std::set<double> stops;
    for (const Spans* spans : {&east_, &west_})
      for (const auto& [low, high] : *spans) stops.insert({low, high});
    const auto covers = [](const Spans& spans, double y) {
      return std::any_of(spans.begin(), spans.end(),
                         [&](const auto& span) { return span.first < y && y < span.second; });
    };
    for (auto it = stops.begin(); it != stops.end() && std::next(it) != stops.end(); ++it) {
      const double low = *it, high = *std::next(it);
      const bool in_east = covers(east_, 0.5 * (low + high));
      const bool in_west = covers(west_, 0.5 * (low + high));
      // Land of the east end of the map lies west of the line: to its left going north.
      if (in_east && !in_west) loose_.emplace_back(plain_place(180, low), plain_place(180, high));
      if (in_west && !in_east) loose_.emplace_back(plain_place(180, high), plain_place(180, low));
    }
  }

  void close(const Chain& chain) {
    std::vector<LonLat> places;
    std::vector<Direction> at;
    for (const auto& place : chain) {
      const Direction d = direction_of(place);
      if (!at.empty() && rough_m(at.back(), d) < 1e-3) continue;
      places.push_back(place);
      at.push_back(d);
    }
    while (at.size() > 1 && rough_m(at.back(), at.front()) < 1e-3) {
      at.pop_back();
      places.pop_back();
    }
    if (at.size() < 3) return;
    const auto first = static_cast<std::uint32_t>(coast_.size());
    const auto count = static_cast<std::uint32_t>(at.size());
    for (std::uint32_t i = 0; i < count; ++i) {
      coast_.place.push_back(places[i]);
      coast_.at.push_back(at[i]);
      coast_.next.push_back(first + (i + 1) % count);
      coast_.previous.push_back(first + (i + count - 1) % count);
    }
  }

  Coast coast_;
  std::vector<std::pair<LonLat, LonLat>> loose_;
  Spans east_, west_;
};

}  // namespace

Coast coast_of(const Crs& crs, const std::vector<Geometry>& land, int jobs, Findings& findings,
               const Progress& progress) {
  auto parts = parts_of(crs, land, findings);
  if (parts.empty())
    throw Error("sea.not_land", "the land has no polygon", "land",
                "Lanes are found round land: give a layer of polygons.");
  const Cut cut(parts);
  for (auto& part : parts) {
    cut.mend(part.polygons.front().shell);
    for (auto& hole : part.polygons.front().holes) cut.mend(hole);
  }
  progress.update(0.1);
  Rings rings;
  for (auto& ground : closed(parts, jobs, findings, progress.part(0.1, 1.0)))
    for (auto& polygon : ground.polygons) {
      if (twice_area(polygon.shell) < 0.0) std::reverse(polygon.shell.begin(), polygon.shell.end());
      if (polygon.shell.size() >= 4) rings.add(std::move(polygon.shell));
      for (auto& hole : polygon.holes) {
        const double area = twice_area(hole);
        if (std::abs(area) < 2.0 * kPond_deg2 || hole.size() < 4) continue;
        if (area > 0.0) std::reverse(hole.begin(), hole.end());
        rings.add(std::move(hole));
      }
    }
  return rings.finish();
}

}  // namespace lode::sea
