#include "libgeo/permits/ground.h"

#include <algorithm>
#include <limits>

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

double PermitGround::pair_area_m2(std::size_t permit_a, std::size_t permit_b,
                                  const std::string& where, Findings& findings) const {
  const std::size_t a = of_[permit_a], b = of_[permit_b];
  if (a == b) return areas_[a];
  if (shapes_[a].kind != GeometryKind::polygon || shapes_[b].kind != GeometryKind::polygon)
    return 0.0;
  const auto both =
      told(try_intersection(shapes_[a], shapes_[b]), "overlap of two permits", where, findings);
  return both ? area_m2(*both) : std::numeric_limits<double>::quiet_NaN();
}

void PermitGround::find_overlaps(int jobs, const Progress& progress) {
  std::vector<const Geometry*> shapes;
  for (std::size_t s = 0; s < shapes_.size(); ++s)
    shapes.push_back(areas_[s] > 0.0 ? &shapes_[s] : nullptr);
  overlaps_ = std::make_unique<OverlapClasses>(shapes, jobs, progress);
}

std::size_t PermitGround::overlapping_pairs() const {
  std::size_t twice = 0;
  const auto& classes = overlaps_->classes();
  std::vector<std::size_t> in_class(classes.size(), 0);
  for (std::size_t c = 0; c < classes.size(); ++c)
    for (const std::size_t s : classes[c]) in_class[c] += members_[s];
  for (std::size_t c = 0; c < classes.size(); ++c) {
    for (const std::size_t d : overlaps_->sharing()[c]) twice += in_class[c] * in_class[d];
    twice -= in_class[c];  // each with itself
    for (const std::size_t s : classes[c])
      for (const std::size_t t : overlaps_->others(s)) twice += members_[s] * members_[t];
  }
  return twice / 2;
}

std::size_t PermitGround::most_of_one_shape() const {
  return members_.empty() ? 0 : *std::max_element(members_.begin(), members_.end());
}

std::size_t PermitGround::stacked_permits(int jobs, Findings& findings,
                                          const Progress& progress) const {
  std::vector<char> stacked(shapes_.size(), 0);
  std::vector<Findings> said(shapes_.size());
  const auto shares = [&](std::size_t s, std::size_t t) {
    if (t == s) return false;
    const auto both = told(try_intersection(shapes_[s], shapes_[t]), "overlap of two permits",
                           "permits", said[s]);
    return both && area_m2(*both) > 1.0;
  };
  const auto look = [&](std::size_t s) {
    if (!(areas_[s] > 1.0)) return false;
    if (members_[s] > 1) return true;
    // Mostly the first one asked settles it.
    for (const std::size_t c : overlaps_->sharing()[overlaps_->class_of(s)])
      for (const std::size_t t : overlaps_->classes()[c])
        if (shares(s, t)) return true;
    const auto& others = overlaps_->others(s);
    return std::any_of(others.begin(), others.end(), [&](std::size_t t) { return shares(s, t); });
  };
  parallel_blocks(
      shapes_.size(), 16, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        const OverlayStop stop(progress);
        for (std::size_t s = begin; s < end; ++s) {
          progress.check();
          stacked[s] = look(s) ? 1 : 0;
        }
      },
      progress);
  for (const Findings& own : said) findings.add(own);
  std::size_t count = 0;
  for (std::size_t s = 0; s < shapes_.size(); ++s)
    if (stacked[s] != 0) count += members_[s];
  return count;
}

std::vector<Geometry> PermitGround::united_classes(int jobs, Findings& findings,
                                                   const Progress& progress) const {
  // The members of a class overlap each other: united apart, they spare `dissolve` the search for
  // neighbours, which is quadratic in a stack.
  constexpr std::size_t at_once = 512;
  std::vector<std::vector<const Geometry*>> slices;
  for (const auto& members : overlaps_->classes())
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i % at_once == 0) slices.emplace_back();
      slices.back().push_back(&shapes_[members[i]]);
    }
  std::vector<Geometry> out(slices.size());
  std::vector<Findings> said(slices.size());
  parallel_blocks(
      out.size(), 1, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        const OverlayStop stop(progress);
        for (std::size_t i = begin; i < end; ++i)
          out[i] = slices[i].size() == 1
                       ? *slices[i].front()
                       : united(slices[i], "ground of permits counted once", "permits", said[i]);
      },
      progress);
  for (const Findings& own : said) findings.add(own);
  return out;
}

double PermitGround::dissolved_m2(int jobs, Findings& findings, const Progress& progress) const {
  const std::vector<Geometry> parts = united_classes(jobs, findings, progress.part(0.0, 0.5));
  std::vector<const Geometry*> all;
  for (const Geometry& part : parts) all.push_back(&part);
  const std::vector<Geometry> ground = dissolve(all, jobs, progress.part(0.5, 1.0), &findings);
  std::vector<double> areas(ground.size());
  parallel_blocks(ground.size(), 16, jobs, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t i = begin; i < end; ++i) areas[i] = area_m2(ground[i]);
  });
  Sum sum;
  for (const double a : areas) sum += a;
  return sum.value();
}

}  // namespace lode
