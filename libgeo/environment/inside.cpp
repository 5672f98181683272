#include "libgeo/environment/inside.h"

#include <algorithm>
#include <cmath>

namespace lode {
namespace {

constexpr std::size_t kSmall = 512;  ///< edges below which strips are not worth their memory

template <class Visit>
void for_each_edge(const Geometry& geometry, Visit visit) {
  const auto ring = [&](const Path& path) {
    for (std::size_t i = 1; i < path.size(); ++i)
      if (path[i - 1].y != path[i].y) visit(path[i - 1], path[i]);
  };
  for (const Polygon& polygon : geometry.polygons) {
    ring(polygon.shell);
    for (const Path& hole : polygon.holes) ring(hole);
  }
}

bool odd_step(Point a, Point b, Point place) {
  return (a.y > place.y) != (b.y > place.y) &&
         place.x < a.x + (place.y - a.y) / (b.y - a.y) * (b.x - a.x);
}

}  // namespace

InsideIndex::Strips InsideIndex::strips_of(const Geometry& geometry, const Box& box) {
  Strips out;
  std::size_t edges = 0;
  for_each_edge(geometry, [&](Point, Point) { ++edges; });
  if (edges < kSmall) return out;
  const std::size_t strips = std::min<std::size_t>(edges / 8, 4096);
  out.low = box.min_y;
  out.per_unit = static_cast<double>(strips) / (box.max_y - box.min_y);
  const auto strip = [&](double y) {
    const double s = std::floor((y - out.low) * out.per_unit);
    return static_cast<std::size_t>(std::clamp(s, 0.0, static_cast<double>(strips - 1)));
  };
  std::vector<std::uint32_t> count(strips + 1, 0);
  for_each_edge(geometry, [&](Point a, Point b) {
    for (std::size_t s = strip(std::min(a.y, b.y)); s <= strip(std::max(a.y, b.y)); ++s)
      ++count[s + 1];
  });
  for (std::size_t s = 0; s < strips; ++s) count[s + 1] += count[s];
  out.starts = count;
  out.edges.resize(count.back());
  for_each_edge(geometry, [&](Point a, Point b) {
    for (std::size_t s = strip(std::min(a.y, b.y)); s <= strip(std::max(a.y, b.y)); ++s)
      out.edges[count[s]++] = {a, b};
  });
  return out;
}

InsideIndex::InsideIndex(std::vector<Geometry> features) : features_(std::move(features)) {
  for (const Geometry& feature : features_) {
    box_.push_back(feature.polygons.empty() ? Box{} : box_of(feature));
    strips_.push_back(strips_of(feature, box_.back()));
  }
  index_ = SpatialIndex(box_);
}

bool InsideIndex::holds(std::size_t feature, Point place) const {
  if (!box_[feature].meets({place.x, place.y, place.x, place.y})) return false;
  bool in = false;
  const Strips& own = strips_[feature];
  if (own.starts.empty()) {
    for_each_edge(features_[feature],
                  [&](Point a, Point b) { in = odd_step(a, b, place) ? !in : in; });
    return in;
  }
  const auto last = static_cast<double>(own.starts.size() - 2);
  const auto strip = static_cast<std::size_t>(
      std::clamp(std::floor((place.y - own.low) * own.per_unit), 0.0, last));
  for (std::uint32_t i = own.starts[strip]; i < own.starts[strip + 1]; ++i)
    if (odd_step(own.edges[i].first, own.edges[i].second, place)) in = !in;
  return in;
}

void InsideIndex::holding(Point place, std::vector<std::size_t>& out) const {
  if (features_.empty()) return;
  for (const std::size_t feature : index_.query({place.x, place.y, place.x, place.y}))
    if (holds(feature, place)) out.push_back(feature);
}

}  // namespace lode
