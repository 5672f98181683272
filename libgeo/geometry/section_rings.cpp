#include "libgeo/geometry/section_rings.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/mesh_parts.h"
#include "libgeo/geometry/solid/plan_triangulation.h"

namespace lode::section_rings {

namespace {

using mesh_parts::cross;
using mesh_parts::dot;
using mesh_parts::minus;

[[noreturn]] void refuse(const std::string& what, const std::string& where,
                         const std::string& hint) {
  throw Error("solid.section", what, where, hint);
}

bool between(double low, double value, double high) {
  return std::min(low, high) <= value && value <= std::max(low, high);
}

// Whether the segments share a place, ends included.
bool meet(const Point& a, const Point& b, const Point& c, const Point& d) {
  using solid::turn_of;
  const int t1 = turn_of(a, b, c), t2 = turn_of(a, b, d);
  const int t3 = turn_of(c, d, a), t4 = turn_of(c, d, b);
  if (t1 * t2 < 0 && t3 * t4 < 0) return true;
  const auto on = [](const Point& p, const Point& q, const Point& r) {
    return between(p.x, r.x, q.x) && between(p.y, r.y, q.y);
  };
  return (t1 == 0 && on(a, b, c)) || (t2 == 0 && on(a, b, d)) || (t3 == 0 && on(c, d, a)) ||
         (t4 == 0 && on(c, d, b));
}

void refuse_crossed(const Ring& ring) {
  const auto plan = in_plane(ring.vertices, ring);
  const std::size_t n = plan.size();
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 2; j < n; ++j) {
      if (i == 0 && j + 1 == n) continue;  // neighbours
      if (meet(plan[i], plan[i + 1], plan[j], plan[(j + 1) % n]))
        refuse("the ring crosses or touches itself: its sides " + std::to_string(i + 1) + " and " +
                   std::to_string(j + 1) + " meet",
               ring.where, "Digitise it again there.");
    }
}

}  // namespace

Ring ready(const SectionRing& given, const std::string& where) {
  Ring ring;
  ring.where = where;
  for (std::size_t i = 0; i < given.vertices.size(); ++i) {
    const Vec& v = given.vertices[i];
    for (const double c : v)
      if (!std::isfinite(c) || std::abs(c) > 1e12)
        throw Error("mesh.bad_vertex", "a coordinate is not a finite number of metres",
                    where + ", vertex " + std::to_string(i + 1), "Correct or remove it.");
    if (ring.vertices.empty() || v != ring.vertices.back()) ring.vertices.push_back(v);
  }
  while (ring.vertices.size() > 1 && ring.vertices.front() == ring.vertices.back())
    ring.vertices.pop_back();
  const std::size_t n = ring.vertices.size();
  if (n < 3)
    refuse("a ring needs three vertices or more, and has " + std::to_string(n), where,
           "Leave it out, or digitise it again.");
  TriangleMesh box;
  box.vertices = ring.vertices;
  const Box3 bounds = bounds_of(box);
  const Vec size = minus(bounds.upper, bounds.lower);
  ring.size_m = std::sqrt(dot(size, size));
  // Newell's normal, about the first vertex.
  Vec normal{0.0, 0.0, 0.0}, sum{0.0, 0.0, 0.0};
  for (std::size_t i = 0; i < n; ++i) {
    const Vec p = minus(ring.vertices[i], ring.vertices[0]);
    const Vec q = minus(ring.vertices[(i + 1) % n], ring.vertices[0]);
    const Vec c = cross(p, q);
    for (std::size_t k = 0; k < 3; ++k) {
      normal[k] += c[k];
      sum[k] += p[k];
    }
  }
  const double length = std::sqrt(dot(normal, normal));
  if (!(length > 1e-9 * ring.size_m * ring.size_m))
    refuse("the ring has no area", where, "Leave it out, or digitise it again.");
  double off = 0.0;
  for (std::size_t k = 0; k < 3; ++k) {
    ring.normal[k] = normal[k] / length;
    ring.middle[k] = ring.vertices[0][k] + sum[k] / static_cast<double>(n);
  }
  for (const Vec& v : ring.vertices)
    off = std::max(off, std::abs(dot(minus(v, ring.middle), ring.normal)));
  if (off > 0.01 * ring.size_m)
    refuse("the ring leaves its plane by " + fixed_text(off, 3) +
               " m, more than a hundredth of "
               "its size",
           where, "Lay it onto its section plane.");
  refuse_crossed(ring);
  return ring;
}

void turn(Ring& ring) {
  std::reverse(ring.vertices.begin(), ring.vertices.end());
  for (double& c : ring.normal) c = -c;
}

std::vector<Point> in_plane(const std::vector<Vec>& vertices, const Ring& of) {
  const Vec& n = of.normal;
  // The axis least along the normal, made square to it.
  std::size_t least = 0;
  for (std::size_t k = 1; k < 3; ++k)
    if (std::abs(n[k]) < std::abs(n[least])) least = k;
  Vec u{0.0, 0.0, 0.0};
  u[least] = 1.0;
  for (std::size_t k = 0; k < 3; ++k) u[k] -= n[least] * n[k];
  const double length = std::sqrt(dot(u, u));
  for (double& c : u) c /= length;
  const Vec w = cross(n, u);
  std::vector<Point> plan;
  plan.reserve(vertices.size());
  for (const Vec& v : vertices) {
    const Vec d = minus(v, of.middle);
    plan.push_back({dot(d, u), dot(d, w)});
  }
  return plan;
}

std::vector<std::array<std::uint32_t, 3>> inside(const Ring& ring) {
  std::vector<solid::PlanEdge> edges;
  const auto n = static_cast<std::uint32_t>(ring.vertices.size());
  for (std::uint32_t i = 0; i < n; ++i) edges.push_back({i, (i + 1) % n});
  return solid::triangulate_plan(in_plane(ring.vertices, ring), edges, true, {});
}

namespace {

double area_of(const Vec& a, const Vec& b, const Vec& c) {
  const Vec n = cross(minus(b, a), minus(c, a));
  return std::sqrt(dot(n, n)) / 2.0;
}

// Ways from (0, start) to (m, start + n) through pairs of vertices, between two others: columns
// that each row of a way touches.
struct Way {
  double area = std::numeric_limits<double>::infinity();
  std::uint32_t start = 0;
  std::vector<std::uint32_t> low, high;  // by row
};

class Tiler {
 public:
  Tiler(const std::vector<Vec>& p, const std::vector<Vec>& q)
      : p_(p),
        q_(q),
        m_(static_cast<std::uint32_t>(p.size())),
        n_(static_cast<std::uint32_t>(q.size())) {}

  Way best() {
    Way first = way(0, nullptr, nullptr);
    Way last = first;
    last.start += n_;
    for (auto* side : {&last.low, &last.high})
      for (std::uint32_t& j : *side) j += n_;
    best_ = first;
    halve(first, last);
    return best_;
  }

 private:
  // Shortest ways do not cross: those from starts in between lie in between.
  void halve(const Way& left, const Way& right) {
    if (right.start - left.start < 2) return;
    const Way middle = way((left.start + right.start) / 2, &left, &right);
    if (middle.area < best_.area) best_ = middle;
    halve(left, middle);
    halve(middle, right);
  }

  Way way(std::uint32_t start, const Way* left, const Way* right) {
    constexpr double far = std::numeric_limits<double>::infinity();
    Way result;
    result.start = start;
    std::vector<std::uint32_t> from(m_ + 1), to(m_ + 1);
    std::vector<std::vector<char>> came(m_ + 1);  // 1: from the row before
    std::vector<double> before, now;
    for (std::uint32_t i = 0; i <= m_; ++i) {
      from[i] = std::max(start, left != nullptr ? left->low[i] : start);
      to[i] = std::min(start + n_, right != nullptr ? right->high[i] : start + n_);
      now.assign(to[i] - from[i] + 1, far);
      came[i].assign(now.size(), 0);
      for (std::uint32_t j = from[i]; j <= to[i]; ++j) {
        double& here = now[j - from[i]];
        if (i == 0 && j == start) here = 0.0;
        if (i > 0 && j >= from[i - 1] && j <= to[i - 1]) {
          here = before[j - from[i - 1]] + area_of(p(i - 1), p(i), q(j));
          came[i][j - from[i]] = 1;
        }
        if (j > from[i]) {
          const double along = now[j - 1 - from[i]] + area_of(p(i), q(j - 1), q(j));
          if (along < here) {
            here = along;
            came[i][j - from[i]] = 0;
          }
        }
      }
      std::swap(before, now);
    }
    result.area = before.back();
    result.low.assign(m_ + 1, 0);
    result.high.assign(m_ + 1, 0);
    std::uint32_t j = start + n_;
    for (std::uint32_t i = m_ + 1; i-- > 0;) {
      result.high[i] = j;
      while (i > 0 ? came[i][j - from[i]] == 0 : j > start) --j;
      result.low[i] = j;
    }
    return result;
  }

  const Vec& p(std::uint32_t i) const { return p_[i % m_]; }
  const Vec& q(std::uint32_t j) const { return q_[j % n_]; }
  const std::vector<Vec>&p_, &q_;
  std::uint32_t m_, n_;
  Way best_;
};

}  // namespace

std::vector<Step> tile(const std::vector<Vec>& first, const std::vector<Vec>& second) {
  const Way way = Tiler(first, second).best();
  const auto m = static_cast<std::uint32_t>(first.size());
  const auto n = static_cast<std::uint32_t>(second.size());
  std::vector<Step> steps;
  for (std::uint32_t i = 0; i <= m; ++i) {
    for (std::uint32_t j = way.low[i]; j < way.high[i]; ++j) steps.push_back({true, i % m, j % n});
    if (i < m) steps.push_back({false, i, way.high[i] % n});
  }
  return steps;
}

}  // namespace lode::section_rings
