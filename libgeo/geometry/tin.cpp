#include "libgeo/geometry/tin.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/geometry/solid/plan_triangulation.h"
#include "libgeo/geometry/spatial_index.h"

namespace lode {

namespace {

using Vec = std::array<double, 3>;
using solid::PlanEdge;
using solid::turn_of;

Point plan_of(const Vec& v) {
  return {v[0], v[1]};
}

std::string place_text(const Vec& v) {
  return "(" + number_text(v[0]) + " " + number_text(v[1]) + ")";
}

[[noreturn]] void refuse_heights(const TinOptions& options, const Vec& at, double one, double other,
                                 const std::string& what) {
  throw Error(
      "tin.two_heights",
      what + " at " + place_text(at) + ": " + number_text(one) + " and " + number_text(other),
      options.name, "A surface has one height at a place: correct or leave out one.");
}

// Places that are all different, with lines between them.
class TinParts {
 public:
  TinParts(const TinOptions& options, Findings& findings)
      : options_(options), findings_(findings) {}

  void take(const std::vector<Vec>& points, const std::vector<std::vector<Vec>>& lines);
  void cross_lines(const Progress& progress);
  void check_touches(const Progress& progress) const;

  [[nodiscard]] const std::vector<Vec>& vertices() const { return vertices_; }
  [[nodiscard]] const std::vector<PlanEdge>& edges() const { return edges_; }

 private:
  [[nodiscard]] Box box_of_edge(const PlanEdge& edge) const;
  [[nodiscard]] SpatialIndex index_of_edges() const;
  bool split_once(const Progress& progress);
  std::uint32_t crossing(const PlanEdge& a, const PlanEdge& b);

  const TinOptions& options_;
  Findings& findings_;
  std::vector<Vec> vertices_;
  std::vector<PlanEdge> edges_;
};

void TinParts::take(const std::vector<Vec>& points, const std::vector<std::vector<Vec>>& lines) {
  std::vector<Vec> all = points;
  for (const auto& line : lines) all.insert(all.end(), line.begin(), line.end());
  for (std::size_t i = 0; i < all.size(); ++i)
    for (double& c : all[i]) {
      if (!std::isfinite(c) || std::abs(c) > 1e12)
        throw Error("mesh.bad_vertex", "a coordinate is not a finite number of metres",
                    options_.name + ", vertex " + std::to_string(i + 1), "Correct or remove it.");
      c += 0.0;  // -0 and 0 are one place
    }
  std::vector<std::uint32_t> order(all.size()), at(all.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return all[a] != all[b] ? all[a] < all[b] : a < b;
  });
  std::size_t repeated = 0, averaged = 0;
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    const Vec& first = all[order[begin]];
    double sum = 0.0, last = 0.0;
    std::size_t heights = 0;
    for (end = begin; end < order.size() && plan_of(all[order[end]]) == plan_of(first); ++end) {
      const double z = all[order[end]][2];
      if (end == begin || z != last) {
        sum += z - first[2];
        ++heights;
      }
      last = z;
      at[order[end]] = static_cast<std::uint32_t>(vertices_.size());
    }
    if (last - first[2] > options_.same_height_m) {
      if (options_.same_place == TinOptions::SamePlace::refuse)
        refuse_heights(options_, first, first[2], last, "points have two heights");
      ++averaged;
    } else if (heights > 1 || (end - begin > 1 && order[begin] < points.size() &&
                               order[end - 1] < points.size())) {
      ++repeated;
    }
    vertices_.push_back({first[0], first[1], first[2] + sum / static_cast<double>(heights)});
  }
  if (repeated > 0)
    findings_.add("tin.same_place", Severity::note, options_.name,
                  "places where points stand more than once at one height", repeated);
  if (averaged > 0)
    findings_.add("tin.same_place", Severity::warning, options_.name + " (heights)",
                  "places where points have different heights got their mean", averaged);
  std::size_t next = points.size();
  for (const auto& line : lines) {
    for (std::size_t v = 1; v < line.size(); ++v)
      if (at[next + v - 1] != at[next + v]) edges_.push_back({at[next + v - 1], at[next + v]});
    next += line.size();
  }
}

Box TinParts::box_of_edge(const PlanEdge& edge) const {
  Box box;
  for (const std::uint32_t v : edge) box.add(plan_of(vertices_[v]));
  return box;
}

SpatialIndex TinParts::index_of_edges() const {
  std::vector<Box> boxes;
  boxes.reserve(edges_.size());
  for (const PlanEdge& edge : edges_) boxes.push_back(box_of_edge(edge));
  return SpatialIndex(std::move(boxes));
}

// The new vertex where two edges cross.
std::uint32_t TinParts::crossing(const PlanEdge& a, const PlanEdge& b) {
  const Vec &p = vertices_[a[0]], &q = vertices_[a[1]], &r = vertices_[b[0]], &s = vertices_[b[1]];
  const double ux = q[0] - p[0], uy = q[1] - p[1], vx = s[0] - r[0], vy = s[1] - r[1];
  const double wx = r[0] - p[0], wy = r[1] - p[1];
  const double area = ux * vy - uy * vx;
  const double t = std::clamp((wx * vy - wy * vx) / area, 0.0, 1.0);
  const double u = std::clamp((wx * uy - wy * ux) / area, 0.0, 1.0);
  const double one = p[2] + t * (q[2] - p[2]), other = r[2] + u * (s[2] - r[2]);
  const Vec at{p[0] + t * ux, p[1] + t * uy, (one + other) / 2.0};
  if (std::abs(one - other) > options_.same_height_m)
    refuse_heights(options_, at, one, other, "lines cross at two heights");
  vertices_.push_back(at);
  return static_cast<std::uint32_t>(vertices_.size() - 1);
}

// Cuts edges where they cross others; false when none does.
bool TinParts::split_once(const Progress& progress) {
  const SpatialIndex index = index_of_edges();
  std::vector<std::pair<std::size_t, std::uint32_t>> cuts;
  for (std::size_t e = 0; e < edges_.size(); ++e) {
    if (e % 256 == 0) progress.check();
    for (const std::size_t other : index.query(box_of_edge(edges_[e]))) {
      if (other <= e) continue;
      const PlanEdge one = edges_[e], two = edges_[other];
      const Point a = plan_of(vertices_[one[0]]), b = plan_of(vertices_[one[1]]);
      const Point c = plan_of(vertices_[two[0]]), d = plan_of(vertices_[two[1]]);
      if (turn_of(a, b, c) * turn_of(a, b, d) >= 0 || turn_of(c, d, a) * turn_of(c, d, b) >= 0)
        continue;
      const std::uint32_t v = crossing(one, two);
      cuts.emplace_back(e, v);
      cuts.emplace_back(other, v);
    }
  }
  std::sort(cuts.begin(), cuts.end());
  for (std::size_t begin = 0, end = 0; begin < cuts.size(); begin = end) {
    const PlanEdge edge = edges_[cuts[begin].first];
    std::vector<std::uint32_t> along{edge[0]};
    for (end = begin; end < cuts.size() && cuts[end].first == cuts[begin].first; ++end)
      along.push_back(cuts[end].second);
    const auto far = [&](std::uint32_t v) {
      return std::hypot(vertices_[v][0] - vertices_[edge[0]][0],
                        vertices_[v][1] - vertices_[edge[0]][1]);
    };
    std::sort(along.begin() + 1, along.end(),
              [&](std::uint32_t a, std::uint32_t b) { return far(a) < far(b); });
    along.push_back(edge[1]);
    edges_[cuts[begin].first] = {along[0], along[1]};
    for (std::size_t i = 1; i + 1 < along.size(); ++i) edges_.push_back({along[i], along[i + 1]});
  }
  return !cuts.empty();
}

void TinParts::cross_lines(const Progress& progress) {
  // A crossing is rounded to doubles, which may bring about another one, closer by.
  for (int pass = 0; pass < 8 && split_once(progress); ++pass) {
    // Crossings may coincide with one another or with a vertex.
    std::vector<std::vector<Vec>> lines;
    for (const PlanEdge& edge : edges_) lines.push_back({vertices_[edge[0]], vertices_[edge[1]]});
    const std::vector<Vec> before = std::move(vertices_);
    Findings ignored;
    TinParts joined(options_, ignored);
    joined.take(before, lines);
    vertices_ = std::move(joined.vertices_);
    edges_ = std::move(joined.edges_);
  }
}

// A vertex in the way of an edge must have the edge's height.
void TinParts::check_touches(const Progress& progress) const {
  if (edges_.empty()) return;
  const SpatialIndex index = index_of_edges();
  for (std::uint32_t v = 0; v < vertices_.size(); ++v) {
    if (v % 1024 == 0) progress.check();
    Box box;
    box.add(plan_of(vertices_[v]));
    for (const std::size_t e : index.query(box)) {
      const auto [a, b] = edges_[e];
      if (v == a || v == b) continue;
      const Vec &p = vertices_[a], &q = vertices_[b], &at = vertices_[v];
      if (turn_of(plan_of(p), plan_of(q), plan_of(at)) != 0) continue;
      const double t =
          std::hypot(at[0] - p[0], at[1] - p[1]) / std::hypot(q[0] - p[0], q[1] - p[1]);
      const double z = p[2] + t * (q[2] - p[2]);
      if (std::abs(z - at[2]) > options_.same_height_m)
        refuse_heights(options_, at, z, at[2], "a line and a point on it have two heights");
    }
  }
}

}  // namespace

PlanTriangles triangulate_polygons(const Geometry& polygons) {
  PlanTriangles plan;
  if (polygons.polygons.empty()) return plan;
  const Geometry whole = unite(std::vector<Geometry>{polygons});
  std::map<std::array<double, 2>, std::uint32_t> at;
  std::vector<PlanEdge> edges;
  const auto add_ring = [&](const Path& ring) {
    std::uint32_t before = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const auto [place, is_new] = at.emplace(std::array{ring[i].x + 0.0, ring[i].y + 0.0},
                                              static_cast<std::uint32_t>(plan.vertices.size()));
      if (is_new) plan.vertices.push_back(ring[i]);
      if (i > 0 && place->second != before) edges.push_back({before, place->second});
      before = place->second;
    }
  };
  for (const Polygon& polygon : whole.polygons) {
    add_ring(polygon.shell);
    for (const Path& hole : polygon.holes) add_ring(hole);
  }
  plan.triangles = solid::triangulate_plan(plan.vertices, edges, true, {});
  return plan;
}

TriangleMesh tin_of(const std::vector<std::array<double, 3>>& points,
                    const std::vector<std::vector<std::array<double, 3>>>& breaklines,
                    const TinOptions& options, Findings& findings, const Progress& progress) {
  TinParts parts(options, findings);
  parts.take(points, breaklines);
  parts.cross_lines(progress.part(0.0, 0.3));
  parts.check_touches(progress.part(0.3, 0.4));
  std::vector<Point> places;
  places.reserve(parts.vertices().size());
  for (const Vec& v : parts.vertices()) places.push_back(plan_of(v));
  progress.update(0.4, "triangulating");
  TriangleMesh mesh;
  mesh.name = options.name;
  mesh.triangles = solid::triangulate_plan(places, parts.edges(), false, progress.part(0.4, 1.0));
  if (mesh.triangles.empty())
    throw Error("tin.too_few", "there are fewer than three places that are not on one line",
                options.name, "A surface needs at least three.");
  mesh.vertices = parts.vertices();
  return mesh;
}

}  // namespace lode
