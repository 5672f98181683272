#include "libgeo/environment/plane_near.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/geometry/earth.h"
#include "libgeo/geometry/measure.h"

namespace lode {
namespace {

constexpr std::size_t kCells = 100;   ///< of the scale along each side
constexpr std::uint32_t kPiece = 32;  ///< edges of one piece of a feature
constexpr std::uint32_t kOwn = 8;     ///< edges of one run of what is asked about
constexpr std::size_t kBig = 1024;    ///< vertices from which strips are worth their memory
constexpr double kWidest = 8.0e6;     ///< metres across in which no plane is cut
constexpr double kMostRatio = 1.25;   ///< of scales, above which too many pairs are left
constexpr double kTouch = 1e-6;       ///< metres
constexpr std::uint32_t kNone = 0xffffffffu;
constexpr double kEndless = std::numeric_limits<double>::infinity();

double apart(const Box& a, const Box& b) {
  const double dx = std::max({0.0, a.min_x - b.max_x, b.min_x - a.max_x});
  const double dy = std::max({0.0, a.min_y - b.max_y, b.min_y - a.max_y});
  return std::sqrt(dx * dx + dy * dy);
}

Box grown(const Box& box, double by) {
  return {box.min_x - by, box.min_y - by, box.max_x + by, box.max_y + by};
}

/// Boundaries of a geometry: single points, lines, rings.
template <class Visit>
void for_each_boundary(const Geometry& g, Visit visit) {
  for (const Point& p : g.points) visit(&p, std::size_t{1});
  const auto path = [&](const Path& p) {
    if (p.size() > 1) visit(p.data(), p.size());
  };
  for (const Path& line : g.lines) path(line);
  for (const Polygon& polygon : g.polygons) {
    path(polygon.shell);
    for (const Path& hole : polygon.holes) path(hole);
  }
}

/// Cuts a boundary into runs of some edges that share their end vertices.
template <class Take>
void for_each_run(const Point* p, std::size_t n, std::uint32_t edges, Take take) {
  if (n == 0) return;
  std::size_t at = 0;
  do {
    PlaneNear::Run run{
        p + at, static_cast<std::uint32_t>(std::min<std::size_t>(edges + 1, n - at)), {}};
    for (std::uint32_t i = 0; i < run.count; ++i) run.box.add(run.first[i]);
    take(run, at == 0);
    at += edges;
  } while (at + 1 < n);
}

double cross(Point o, Point a, Point b) {
  return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

double squared_to_segment(Point p, Point a, Point b) {
  const double dx = b.x - a.x, dy = b.y - a.y, px = p.x - a.x, py = p.y - a.y;
  const double square = dx * dx + dy * dy, along = px * dx + py * dy;
  const double t = square > 0.0 ? std::clamp(along / square, 0.0, 1.0) : 0.0;
  const double ex = px - t * dx, ey = py - t * dy;
  return ex * ex + ey * ey;
}

double squared_gap(Point a, Point b, Point c, Point d) {
  const double c1 = cross(a, b, c), c2 = cross(a, b, d), c3 = cross(c, d, a), c4 = cross(c, d, b);
  const bool astride =
      ((c1 > 0 && c2 < 0) || (c1 < 0 && c2 > 0)) && ((c3 > 0 && c4 < 0) || (c3 < 0 && c4 > 0));
  if (astride) return 0.0;
  return std::min(std::min(squared_to_segment(a, c, d), squared_to_segment(b, c, d)),
                  std::min(squared_to_segment(c, a, b), squared_to_segment(d, a, b)));
}

/// Even-odd over all rings.
bool holds(const Geometry& polygon, Point p) {
  bool in = false;
  for_each_boundary(polygon, [&](const Point* ring, std::size_t n) {
    for (std::size_t i = 1; i < n; ++i) {
      const Point a = ring[i - 1], b = ring[i];
      if ((a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x))
        in = !in;
    }
  });
  return in;
}

std::size_t vertices_of(const Geometry& g) {
  std::size_t n = 0;
  for_each_boundary(g, [&](const Point*, std::size_t count) { n += count; });
  return n;
}

/// Extreme singular values of a 2 x 2 matrix.
struct Stretch {
  double most = 0.0, least = 0.0;
};
Stretch stretch_of(double a, double b, double c, double d) {
  const double p1 = std::hypot(a + d, b - c), p2 = std::hypot(a - d, b + c);
  return {0.5 * (p1 + p2), 0.5 * std::abs(p1 - p2)};
}

}  // namespace

PlaneScale::Node PlaneScale::node_at(const Crs& crs, Point p) {
  const double h = 50.0 / crs.metres_per_unit;
  const std::vector<LonLat> at =
      earth_of(crs).lon_lat(Path{{p.x - h, p.y}, {p.x + h, p.y}, {p.x, p.y - h}, {p.x, p.y + h}});
  const double f = crs.inverse_flattening > 0.0 ? 1.0 / crs.inverse_flattening : 0.0;
  const double e2 = f * (2.0 - f), degree = 0.017453292519943295;
  const double lat =
      0.25 * degree * (at[0].lat_deg + at[1].lat_deg + at[2].lat_deg + at[3].lat_deg);
  const double w = 1.0 - e2 * std::sin(lat) * std::sin(lat);
  const double east = crs.semi_major_m / std::sqrt(w) * std::cos(lat) * degree / (2.0 * h);
  const double north = crs.semi_major_m * (1.0 - e2) / (w * std::sqrt(w)) * degree / (2.0 * h);
  return {std::remainder(at[1].lon_deg - at[0].lon_deg, 360.0) * east,
          std::remainder(at[3].lon_deg - at[2].lon_deg, 360.0) * east,
          (at[1].lat_deg - at[0].lat_deg) * north, (at[3].lat_deg - at[2].lat_deg) * north};
}

PlaneScale::PlaneScale(const Crs& crs, const Box& box) {
  if (crs.is_local()) {
    least_m_ = most_m_ = crs.metres_per_unit;
    known_ = true;
    return;
  }
  if (!crs.is_projected() || box.empty()) return;
  const double width = box.max_x - box.min_x, height = box.max_y - box.min_y;
  box_ = grown(box, std::max(0.05 * std::max(width, height), 1000.0 / crs.metres_per_unit));
  least_m_ = kEndless;
  most_m_ = 0.0;
  try {
    for (std::size_t j = 0; j <= kCells; ++j)
      for (std::size_t i = 0; i <= kCells; ++i) {
        const double u = static_cast<double>(i) / double{kCells};
        const double v = static_cast<double>(j) / double{kCells};
        const Node node = node_at(crs, {box_.min_x + (box_.max_x - box_.min_x) * u,
                                        box_.min_y + (box_.max_y - box_.min_y) * v});
        const Stretch stretch = stretch_of(node.a, node.b, node.c, node.d);
        if (!std::isfinite(stretch.most)) return;
        least_m_ = std::min(least_m_, stretch.least);
        most_m_ = std::max(most_m_, stretch.most);
        nodes_.push_back(node);
      }
  } catch (const Error&) {
    return;
  }
  const double slack = 0.1 * (most_m_ - least_m_) + 1e-5 * most_m_;
  least_m_ -= slack;
  most_m_ += slack;
  known_ = least_m_ > 0.0 && most_m_ <= kMostRatio * least_m_ &&
           std::hypot(width, height) * most_m_ < kWidest;
}

std::size_t PlaneScale::column(double x) const {
  return static_cast<std::size_t>(std::clamp(
      (x - box_.min_x) / (box_.max_x - box_.min_x) * double{kCells}, 0.0, double{kCells} - 1.0));
}

std::size_t PlaneScale::row(double y) const {
  return static_cast<std::size_t>(std::clamp(
      (y - box_.min_y) / (box_.max_y - box_.min_y) * double{kCells}, 0.0, double{kCells} - 1.0));
}

PlaneMetric PlaneScale::at(Point place) const {
  PlaneMetric out;
  if (nodes_.empty()) {
    out.xx = out.yy = out.shrink = least_m_;
    return out;
  }
  const Node& node = nodes_[row(place.y) * (kCells + 1) + column(place.x)];
  out.xx = node.a, out.xy = node.b, out.yx = node.c, out.yy = node.d;
  const Stretch own = stretch_of(node.a, node.b, node.c, node.d);
  out.shrink = own.least;
  out.least = least_m_ / own.most;
  out.most = most_m_ / own.least;
  return out;
}

PlaneMetric PlaneScale::within(const PlaneMetric& metric, const Box& box) const {
  PlaneMetric out = metric;
  if (nodes_.empty()) return out;
  const double determinant = metric.xx * metric.yy - metric.xy * metric.yx;
  const double a = metric.yy / determinant, b = -metric.xy / determinant;
  const double c = -metric.yx / determinant, d = metric.xx / determinant;
  Stretch all{0.0, kEndless};
  const std::size_t last_row = row(box.max_y) + 1, last_column = column(box.max_x) + 1;
  for (std::size_t j = row(box.min_y); j <= last_row; ++j)
    for (std::size_t i = column(box.min_x); i <= last_column; ++i) {
      const Node& n = nodes_[j * (kCells + 1) + i];
      const Stretch one =
          stretch_of(n.a * a + n.b * c, n.a * b + n.b * d, n.c * a + n.d * c, n.c * b + n.d * d);
      all.least = std::min(all.least, one.least);
      all.most = std::max(all.most, one.most);
    }
  // Between the places the scale bends by less than it changes from one to the next.
  const double slack = 0.25 * (all.most - all.least) + 1e-5;
  out.least = std::max(metric.least, all.least - slack);
  out.most = std::min(metric.most, all.most + slack);
  return out;
}

PlaneNear::PlaneNear(std::vector<const Geometry*> features, const Crs& crs, const PlaneScale& scale)
    : features_(std::move(features)), crs_(crs), scale_(scale) {
  starts_.resize(features_.size());
  std::vector<Box> boxes, polygons;
  std::vector<Geometry> big;
  for (std::size_t i = 0; i < features_.size(); ++i) {
    const Geometry* feature = features_[i];
    if (feature == nullptr || feature->empty()) continue;
    Box all;
    std::size_t vertices = 0;
    for_each_boundary(*feature, [&](const Point* p, std::size_t n) {
      vertices += n;
      starts_[i] += n > 0;
      for_each_run(p, n, kPiece, [&](const Run& run, bool starts) {
        pieces_.push_back({run, static_cast<std::uint32_t>(i), starts});
        boxes.push_back(run.box);
        all.add(run.box);
      });
    });
    if (feature->kind != GeometryKind::polygon) continue;
    polygons.push_back(all);
    polygon_feature_.push_back(static_cast<std::uint32_t>(i));
    big_.push_back(vertices >= kBig ? static_cast<std::uint32_t>(big.size()) : kNone);
    if (vertices >= kBig) big.push_back(*feature);
  }
  index_ = SpatialIndex(std::move(boxes));
  polygons_ = SpatialIndex(std::move(polygons));
  inside_ = InsideIndex(std::move(big));
}

PlaneNear::Probe PlaneNear::probe(const Geometry& geometry) const {
  Probe out;
  out.geometry = &geometry;
  for_each_boundary(geometry, [&](const Point* p, std::size_t n) {
    if (n > 0) out.starts.push_back(*p);
    for_each_run(p, n, kOwn, [&](const Run& run, bool) {
      out.runs.push_back(run);
      out.box.add(run.box);
    });
  });
  out.centre = {0.5 * (out.box.min_x + out.box.max_x), 0.5 * (out.box.min_y + out.box.max_y)};
  for (const Run& run : out.runs)
    for (std::uint32_t i = 0; i < run.count; ++i)
      out.radius = std::max(
          out.radius, std::hypot(run.first[i].x - out.centre.x, run.first[i].y - out.centre.y));
  out.metric = scale_.at(out.centre);
  for (const Run& run : out.runs)
    for (std::uint32_t i = 0; i < run.count; ++i)
      out.metres.push_back(out.metric.metres(run.first[i]));
  out.big = geometry.kind == GeometryKind::polygon && vertices_of(geometry) >= kBig;
  if (out.big) out.inside = InsideIndex({geometry});
  return out;
}

void PlaneNear::pairs_of(const Probe& probe, const Piece& piece, const PlaneMetric& metric,
                         double& limit, std::vector<Pair>& out) {
  const Run& theirs = piece.run;
  const std::uint32_t their_edges = std::max(1u, theirs.count - 1);
  if (apart(probe.box, theirs.box) * metric.shrink > limit) return;
  for (std::uint32_t k = 0; k < their_edges; ++k) {
    const Point first = theirs.first[k], second = theirs.first[std::min(k + 1, theirs.count - 1)];
    Box edge;
    edge.add(first);
    edge.add(second);
    if (apart(edge, probe.box) * metric.shrink > limit) continue;
    const Point c = metric.metres(first), d = metric.metres(second);
    const double low_x = std::min(c.x, d.x), high_x = std::max(c.x, d.x);
    const double low_y = std::min(c.y, d.y), high_y = std::max(c.y, d.y);
    std::size_t base = 0;
    for (const Run& own : probe.runs) {
      const Point* metres = probe.metres.data() + base;
      base += own.count;
      if (apart(edge, own.box) * metric.shrink > limit) continue;
      const std::uint32_t own_edges = std::max(1u, own.count - 1);
      for (std::uint32_t i = 0; i < own_edges; ++i) {
        const Point a = metres[i], b = metres[std::min(i + 1, own.count - 1)];
        if (std::min(a.x, b.x) - high_x > limit || low_x - std::max(a.x, b.x) > limit ||
            std::min(a.y, b.y) - high_y > limit || low_y - std::max(a.y, b.y) > limit)
          continue;
        const double gap = std::sqrt(squared_gap(a, b, c, d));
        if (gap > limit) continue;
        limit = std::min(limit, gap * metric.ratio());
        out.push_back({gap, own.first + i, theirs.first + k, own.count == 1, theirs.count == 1,
                       piece.feature});
        if (gap == 0.0) return;
      }
    }
  }
}

double PlaneNear::measured_m(std::vector<Pair>::const_iterator begin,
                             std::vector<Pair>::const_iterator end, const PlaneMetric& metric,
                             double within_m) const {
  double least = kEndless;
  for (auto pair = begin; pair != end; ++pair) least = std::min(least, pair->gap);
  if (crs_.is_local()) return least;
  std::vector<const Point*> own, theirs;
  for (auto pair = begin; pair != end; ++pair) {
    if (pair->gap > least * metric.ratio()) continue;
    own.push_back(pair->own);
    theirs.push_back(pair->theirs);
  }
  const auto geometry_of = [](std::vector<const Point*>& edges, bool point) {
    std::sort(edges.begin(), edges.end());
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    Geometry out;
    out.kind = point ? GeometryKind::point : GeometryKind::line;
    for (const Point* edge : edges) {
      if (point)
        out.points.push_back(*edge);
      else if (!out.lines.empty() && edge > edges.front() && out.lines.back().back() == edge[0])
        out.lines.back().push_back(edge[1]);
      else
        out.lines.push_back({edge[0], edge[1]});
    }
    return out;
  };
  const Geometry a = geometry_of(own, begin->own_point),
                 b = geometry_of(theirs, begin->their_point);
  return lode::nearest(NearestReady(a, crs_, Edges::straight),
                       NearestReady(b, crs_, Edges::straight), within_m)
      .distance_m;
}

/// How many boundaries of the probe start within a feature, for every feature that holds any.
void PlaneNear::add_holding(const Probe& probe,
                            std::vector<std::pair<std::size_t, std::size_t>>& out) const {
  for (const std::size_t k : polygons_.query(probe.box)) {
    const std::size_t feature = polygon_feature_[k];
    std::size_t held = 0;
    for (const Point& start : probe.starts)
      held += big_[k] != kNone ? inside_.holds(big_[k], start) : holds(*features_[feature], start);
    if (held > 0) out.push_back({feature, held});
  }
}

/// One feature: its pieces near the probe are `near[first .. last)`, and `holding` boundaries of
/// the probe start within it.
PlaneNear::Hit PlaneNear::hit_of(const Probe& probe, std::size_t first, std::size_t last,
                                 const std::vector<std::size_t>& near, std::size_t holding,
                                 double distance_m) const {
  Hit hit;
  const PlaneMetric metric =
      scale_.within(probe.metric, grown(probe.box, scale_.units_of(std::max(distance_m, kTouch))));
  double limit = std::max(distance_m, kTouch) / metric.least;
  std::vector<Pair> pairs;
  std::size_t held = 0;
  double least = kEndless;
  for (std::size_t i = first; i < last; ++i) {
    const Piece& piece = pieces_[near[i]];
    hit.feature = piece.feature;
    const std::size_t before = pairs.size();
    pairs_of(probe, piece, metric, limit, pairs);
    for (std::size_t k = before; k < pairs.size(); ++k) least = std::min(least, pairs[k].gap);
    if (least <= kTouch) {
      hit.meeting = Meeting::edges;
      return hit;
    }
    const Point start = *piece.run.first;
    if (!piece.starts || probe.geometry->kind != GeometryKind::polygon ||
        !probe.box.meets({start.x, start.y, start.x, start.y}))
      continue;
    held += probe.big ? probe.inside.holds(0, start) : holds(*probe.geometry, start);
  }
  if (holding > 0 || held > 0) {
    const bool all_in = holding == probe.starts.size() && held == 0;
    const bool all_held = holding == 0 && held == starts_[hit.feature];
    hit.meeting = all_in ? Meeting::holds : all_held ? Meeting::held_by : Meeting::edges;
    return hit;
  }
  hit.distance_m =
      pairs.empty() ? kEndless : measured_m(pairs.begin(), pairs.end(), metric, kEndless);
  return hit;
}

std::vector<PlaneNear::Hit> PlaneNear::within(const Probe& probe, double distance_m) const {
  std::vector<Hit> out;
  if (probe.runs.empty()) return out;
  std::vector<std::pair<std::size_t, std::size_t>> holding;
  add_holding(probe, holding);
  const double reach = scale_.units_of(std::max(distance_m, kTouch));
  const std::vector<std::size_t> near = index_.query(grown(probe.box, reach));
  std::size_t at = 0, next = 0;  // pieces stand in feature order, as do those that hold
  while (at < near.size() || next < holding.size()) {
    const std::size_t a = at < near.size() ? pieces_[near[at]].feature : npos;
    const std::size_t b = next < holding.size() ? holding[next].first : npos;
    const std::size_t feature = std::min(a, b);
    std::size_t end = at;
    while (end < near.size() && pieces_[near[end]].feature == feature) ++end;
    Hit hit = hit_of(probe, at, end, near, b == feature ? holding[next].second : 0, distance_m);
    if (hit.feature == npos) {  // none of its edges is near, and it holds some of the probe
      hit.feature = feature;
      hit.meeting = holding[next].second == probe.starts.size() ? Meeting::holds : Meeting::edges;
    }
    if (hit.distance_m < kTouch) hit.distance_m = 0.0;
    if (hit.distance_m <= distance_m) out.push_back(hit);
    at = end;
    next += b == feature;
  }
  return out;
}

PlaneNear::Hit PlaneNear::nearest(const Probe& probe) const {
  Hit hit;
  hit.distance_m = kEndless;
  if (probe.runs.empty() || pieces_.empty()) return hit;
  double limit = kEndless;
  PlaneMetric metric = probe.metric;
  std::vector<Pair> pairs;
  const auto bound = [&](const Box& box) {
    const Point c = probe.centre;
    return metric.shrink *
           std::max(apart(probe.box, box), apart({c.x, c.y, c.x, c.y}, box) - probe.radius);
  };
  index_.nearest(bound, [&](std::size_t piece) {
    const bool first = pairs.empty();
    pairs_of(probe, pieces_[piece], metric, limit, pairs);
    if (first && !pairs.empty()) {  // how far it can be at most says where the scale matters
      const double farthest = limit / metric.ratio() * metric.most;
      metric = scale_.within(metric, grown(probe.box, scale_.units_of(farthest)));
      limit *= metric.ratio() / probe.metric.ratio();
    }
    if (pairs.size() > 1024) std::erase_if(pairs, [&](const Pair& p) { return p.gap > limit; });
    return limit;
  });
  std::erase_if(pairs, [&](const Pair& p) { return p.gap > limit; });
  std::sort(pairs.begin(), pairs.end(), [](const Pair& p, const Pair& q) {
    if (p.feature != q.feature) return p.feature < q.feature;
    return p.gap != q.gap ? p.gap < q.gap : std::less<>()(p.own, q.own);
  });
  // The feature that seems nearest is measured first, so that few others need to be.
  std::vector<std::pair<std::vector<Pair>::const_iterator, std::vector<Pair>::const_iterator>> by;
  for (auto begin = pairs.cbegin(); begin != pairs.cend();) {
    auto end = begin;
    while (end != pairs.cend() && end->feature == begin->feature) ++end;
    by.emplace_back(begin, end);
    begin = end;
  }
  std::stable_sort(by.begin(), by.end(),
                   [](const auto& p, const auto& q) { return p.first->gap < q.first->gap; });
  for (const auto& [begin, end] : by) {
    if (begin->gap * metric.least > hit.distance_m) continue;
    const double d = measured_m(begin, end, metric, hit.distance_m);
    if (d < hit.distance_m || (d == hit.distance_m && begin->feature < hit.feature))
      hit = {begin->feature, d, Meeting::apart};
  }
  if (hit.distance_m < kTouch) hit.distance_m = 0.0;
  return hit;
}

}  // namespace lode
