#include "libgeo/permits/ground.h"

#include <algorithm>

#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/geometry/dissolve.h"
#include "libgeo/geometry/edges.h"
#include "libgeo/geometry/overlay.h"

namespace lode {
PermitGround::PermitGround(const std::vector<Geometry>& permits, const Crs& of, Edges model,
                           int jobs)
    : crs(of), edges(model) {
  Distinct distinct = distinct_of(permits);
  of_ = std::move(distinct.of);
  const std::vector<std::size_t> first = std::move(distinct.first);
  members_.assign(first.size(), 0);
  for (const std::size_t s : of_) ++members_[s];
  shapes_.resize(first.size());
  areas_.resize(first.size());
  parallel_blocks(first.size(), 64, jobs, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t s = begin; s < end; ++s) {
      shapes_[s] = planar(permits[first[s]]);
      areas_[s] = area_m2(permits[first[s]]);
    }
  });
  std::vector<Box> shape_boxes, boxes;
  for (const Geometry& shape : shapes_)
    shape_boxes.push_back(shape.empty() ? Box{} : box_of(shape));
  for (const std::size_t s : of_) boxes.push_back(shape_boxes[s]);
  index_ = SpatialIndex(std::move(boxes));
  shape_index_ = SpatialIndex(std::move(shape_boxes));
}

Geometry PermitGround::planar(const Geometry& geometry) const {
  return follow_edges(geometry, crs, edges);
}

double PermitGround::area_m2(const Geometry& planar) const {
  if (planar.kind != GeometryKind::polygon || planar.empty()) return 0.0;
  return lode::area_m2(planar, crs, edges);
}

double PermitGround::width_m(const Geometry& planar, double area) const {
  Geometry outline;
  outline.kind = GeometryKind::line;
  for (const Polygon& polygon : planar.polygons) {
    outline.lines.push_back(polygon.shell);
    for (const Path& hole : polygon.holes) outline.lines.push_back(hole);
  }
  const double length = length_m(outline, crs, edges);
  return length > 0.0 ? 2.0 * area / length : 0.0;
}

double PermitGround::pair_area_m2(std::size_t permit_a, std::size_t permit_b) const {
  const std::size_t a = std::min(of_[permit_a], of_[permit_b]);
  const std::size_t b = std::max(of_[permit_a], of_[permit_b]);
  if (a == b) return areas_[a];
  const auto at = pairs_.find({a, b});
  return at == pairs_.end() ? 0.0 : at->second;
}

void PermitGround::measure_pairs(int jobs, const Progress& progress) {
  std::vector<std::vector<std::pair<std::size_t, double>>> found(shapes_.size());
  const auto measure = [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t a = begin; a < end; ++a) {
      progress.check();  // claims stacked on one place make as many pairs as the square of them
      if (shapes_[a].kind != GeometryKind::polygon || shapes_[a].empty()) continue;
      for (const std::size_t b : shape_index_.query(box_of(shapes_[a]))) {
        if (b <= a || shapes_[b].kind != GeometryKind::polygon) continue;
        const double area = area_m2(intersection(shapes_[a], shapes_[b]));
        if (area > 0.0) found[a].emplace_back(b, area);
      }
    }
  };
  parallel_blocks(shapes_.size(), 16, jobs, measure, progress);
  for (std::size_t a = 0; a < found.size(); ++a)
    for (const auto& [b, area] : found[a]) pairs_[{a, b}] = area;
}

std::size_t PermitGround::overlapping_pairs() const {
  std::size_t count = 0;
  for (std::size_t s = 0; s < shapes_.size(); ++s)
    if (areas_[s] > 0.0) count += members_[s] * (members_[s] - 1) / 2;
  for (const auto& [pair, area] : pairs_) count += members_[pair.first] * members_[pair.second];
  return count;
}

std::size_t PermitGround::stacked_permits() const {
  std::vector<char> stacked(shapes_.size(), 0);
  for (std::size_t s = 0; s < shapes_.size(); ++s)
    if (areas_[s] > 1.0 && members_[s] > 1) stacked[s] = 1;
  for (const auto& [pair, area] : pairs_)
    if (area > 1.0) stacked[pair.first] = stacked[pair.second] = 1;
  std::size_t count = 0;
  for (std::size_t s = 0; s < shapes_.size(); ++s)
    if (stacked[s] != 0) count += members_[s];
  return count;
}

double PermitGround::dissolved_m2(int jobs) const {
  std::vector<const Geometry*> all;
  for (const Geometry& shape : shapes_)
    if (shape.kind == GeometryKind::polygon && !shape.empty()) all.push_back(&shape);
  const std::vector<Geometry> ground = dissolve(all, jobs);
  std::vector<double> areas(ground.size());
  parallel_blocks(ground.size(), 16, jobs, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t i = begin; i < end; ++i) areas[i] = area_m2(ground[i]);
  });
  Sum sum;
  for (const double a : areas) sum += a;
  return sum.value();
}

}  // namespace lode
