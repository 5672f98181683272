#include "libgeo/environment/surroundings.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/environment/local_setback.h"
#include "libgeo/geometry/dissolve.h"
#include "libgeo/geometry/meetings.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/geometry/spatial_index.h"

namespace lode {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

SetbackPlane plane_of(const Crs& crs, Edges edges) {
  return {crs, edges, 1e-3, kNan, false};
}

/// Single lines, polygons and points of a layer in the plane of its CRS, found by their boxes.
struct Parts {
  std::vector<Geometry> part;
  std::vector<std::size_t> feature;
  SpatialIndex index;

  Parts(const std::vector<Geometry>& features, const SetbackPlane& plane, int jobs,
        const Progress& progress) {
    std::vector<Geometry> planar(features.size());
    parallel_blocks(
        features.size(), 64, jobs,
        [&](std::size_t begin, std::size_t end, std::size_t) {
          for (std::size_t i = begin; i < end; ++i)
            if (!features[i].empty()) planar[i] = plane.planar(features[i]);
        },
        progress);
    for (std::size_t i = 0; i < planar.size(); ++i) {
      const auto add = [&](auto& list, auto Geometry::*member) {
        for (auto& one : list) {
          Geometry single;
          single.kind = planar[i].kind;
          (single.*member).push_back(std::move(one));
          part.push_back(std::move(single));
          feature.push_back(i);
        }
      };
      add(planar[i].points, &Geometry::points);
      add(planar[i].lines, &Geometry::lines);
      add(planar[i].polygons, &Geometry::polygons);
    }
    std::vector<Box> boxes;
    boxes.reserve(part.size());
    for (const Geometry& g : part) boxes.push_back(box_of(g));
    index = SpatialIndex(std::move(boxes));
  }
};

Geometry of_kind(GeometryKind kind) {
  Geometry g;
  g.kind = kind;
  return g;
}

std::size_t crossings_of_points(const Geometry& site, const Parts& waters) {
  std::size_t count = 0;
  for (const Point& p : site.points) {
    const Geometry place = point_geometry(p.x, p.y);
    const auto near = waters.index.query(box_of(place));
    count += std::any_of(near.begin(), near.end(), [&](std::size_t k) {
      return waters.part[k].kind == GeometryKind::polygon ? covers(waters.part[k], p)
                                                          : intersects(place, waters.part[k]);
    });
  }
  return count;
}

std::size_t crossings_of(const Geometry& site, const Parts& waters) {
  if (site.kind == GeometryKind::point) return crossings_of_points(site, waters);
  Geometry lines = of_kind(GeometryKind::line);
  std::vector<const Geometry*> areas;
  for (const std::size_t k : waters.index.query(box_of(site))) {
    const Geometry& part = waters.part[k];
    if (part.kind == GeometryKind::line) lines.lines.push_back(part.lines.front());
    if (part.kind == GeometryKind::polygon) areas.push_back(&part);
  }
  Meeting all = meeting_of(site, lines);
  // A river that only touches a site's edge does not cross it; two lines cross in a point.
  if (site.kind == GeometryKind::polygon) all.points.points.clear();
  if (!areas.empty()) {
    Meeting wet = meeting_of(site, unite(areas));
    all.polygons = std::move(wet.polygons);
    if (site.kind == GeometryKind::line)
      for (Path& run : wet.lines.lines) all.lines.lines.push_back(std::move(run));
  }
  return stretches(all);
}

/// One site's overlaps with polygons: measured by area, length, or number of points.
class Overlap {
 public:
  Overlap(const Geometry& site, const SetbackPlane& plane, const Crs& crs)
      : site_(site), plane_(plane), crs_(crs) {}

  [[nodiscard]] double measure(const Geometry& piece) const {
    if (piece.kind == GeometryKind::polygon) return plane_.area_m2(piece);
    if (piece.kind == GeometryKind::line) return length_m(piece, crs_, Edges::straight);
    return static_cast<double>(piece.points.size());
  }
  [[nodiscard]] Geometry within(const Geometry& polygon) const {
    if (site_.kind != GeometryKind::point) return intersection(site_, polygon);
    Geometry held = of_kind(GeometryKind::point);
    for (const Point& p : site_.points)
      if (covers(polygon, p)) held.points.push_back(p);
    return held;
  }

 private:
  const Geometry& site_;
  const SetbackPlane& plane_;
  const Crs& crs_;
};

PlaceValue value_of(const Geometry& site, const Parts& polygons, const std::vector<double>& number,
                    const SetbackPlane& plane, const Crs& crs) {
  PlaceValue out;
  const Overlap overlap(site, plane, crs);
  const double whole = overlap.measure(site);
  Sum weighted, weight;
  std::vector<Geometry> counted;
  for (const std::size_t k : polygons.index.query(box_of(site))) {
    if (polygons.part[k].kind != GeometryKind::polygon) continue;
    Geometry piece = overlap.within(polygons.part[k]);
    if (piece.empty()) continue;
    const double size = overlap.measure(piece);
    const std::size_t feature = polygons.feature[k];
    const double value = number.empty() ? 1.0 : number[feature];
    if (std::isnan(value)) continue;
    if (out.features.empty() || out.features.back() != feature) out.features.push_back(feature);
    weighted += size * value;
    weight += size;
    out.largest = std::isnan(out.largest) ? value : std::max(out.largest, value);
    counted.push_back(std::move(piece));
  }
  if (counted.empty()) return out;
  if (weight.value() > 0.0) out.mean = weighted.value() / weight.value();
  // What several polygons cover is covered once.
  double covered = weight.value();
  if (counted.size() > 1 && site.kind == GeometryKind::point) {
    std::vector<Point> held;
    for (const Geometry& piece : counted)
      for (const Point& p : piece.points)
        if (std::find(held.begin(), held.end(), p) == held.end()) held.push_back(p);
    covered = static_cast<double>(held.size());
  } else if (counted.size() > 1) {
    covered = overlap.measure(unite(counted));
  }
  if (whole > 0.0) out.covered_pct = std::min(100.0, 100.0 * covered / whole);
  return out;
}

/// Calls `work(site, planar)` once for each shape among the sites, in parallel.
template <class Work>
Distinct each_shape(const std::vector<Geometry>& sites, const SetbackPlane& plane, int jobs,
                    const Progress& progress, const Work& work) {
  Distinct distinct = distinct_of(sites);
  parallel_blocks(
      distinct.first.size(), 4, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i) {
          const Geometry& site = sites[distinct.first[i]];
          if (!site.empty()) work(i, plane.planar(site));
        }
      },
      progress);
  return distinct;
}

}  // namespace

std::vector<std::size_t> water_crossings(const std::vector<Geometry>& sites,
                                         const std::vector<Geometry>& waters, const Crs& crs,
                                         Edges edges, int jobs, const Progress& progress) {
  const SetbackPlane plane = plane_of(crs, edges);
  const Parts parts(waters, plane, jobs, progress.part(0.0, 0.4));
  std::vector<std::size_t> once(sites.size(), 0), out;
  const Distinct distinct =
      each_shape(sites, plane, jobs, progress.part(0.4, 1.0),
                 [&](std::size_t i, const Geometry& site) { once[i] = crossings_of(site, parts); });
  for (const std::size_t i : distinct.of) out.push_back(once[i]);
  return out;
}

std::vector<PlaceValue> values_at(const std::vector<Geometry>& sites,
                                  const std::vector<Geometry>& polygons,
                                  const std::vector<double>& number, const Crs& crs, Edges edges,
                                  int jobs, const Progress& progress) {
  if (!number.empty() && number.size() != polygons.size())
    throw Error("surroundings.length", "there are " + std::to_string(polygons.size()) +
                                           " polygons and " + std::to_string(number.size()) +
                                           " numbers");
  const SetbackPlane plane = plane_of(crs, edges);
  const Parts parts(polygons, plane, jobs, progress.part(0.0, 0.4));
  std::vector<PlaceValue> once(sites.size()), out;
  const Distinct distinct = each_shape(sites, plane, jobs, progress.part(0.4, 1.0),
                                       [&](std::size_t i, const Geometry& site) {
                                         once[i] = value_of(site, parts, number, plane, crs);
                                       });
  for (const std::size_t i : distinct.of) out.push_back(once[i]);
  return out;
}

}  // namespace lode
