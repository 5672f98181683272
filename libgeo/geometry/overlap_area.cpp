#include "libgeo/geometry/overlap_area.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace lode {
namespace {

double cross(Point o, Point p, Point q) {
  return (p.x - o.x) * (q.y - o.y) - (q.x - o.x) * (p.y - o.y);
}

/// An edge that may lie within the other polygon, its turn (1 where its ring has the inside on the
/// left), and where it crosses the other's edges, as shares of it.
struct Edge {
  Point a, b;
  double turn = 1.0;
  bool follows = false;  ///< begins where the edge before it in the list ends
  std::vector<double> crossings;
};

template <class Visit>
void for_each_ring(const Geometry& g, Visit visit) {
  for (const Polygon& polygon : g.polygons) {
    visit(polygon.shell, 1.0);
    for (const Path& hole : polygon.holes) visit(hole, -1.0);
  }
}

double signed_area(const Path& ring) {
  double twice = 0.0;
  for (std::size_t i = 1; i + 1 < ring.size(); ++i) twice += cross(ring[0], ring[i], ring[i + 1]);
  return 0.5 * twice;
}

/// Edges that meet the window, about its corner so that products keep their digits.
std::vector<Edge> edges_in(const Geometry& g, const Box& window) {
  std::vector<Edge> out;
  for_each_ring(g, [&](const Path& ring, double side) {
    const double turn = signed_area(ring) * side < 0.0 ? -1.0 : 1.0;
    bool follows = false;
    for (std::size_t i = 1; i < ring.size(); ++i) {
      const Point a = ring[i - 1], b = ring[i];
      const bool meets = std::max(a.x, b.x) >= window.min_x && std::min(a.x, b.x) <= window.max_x &&
                         std::max(a.y, b.y) >= window.min_y && std::min(a.y, b.y) <= window.max_y;
      if (meets)
        out.push_back({{a.x - window.min_x, a.y - window.min_y},
                       {b.x - window.min_x, b.y - window.min_y},
                       turn,
                       follows,
                       {}});
      follows = meets;
    }
  });
  return out;
}

/// Even-odd over all rings.
bool holds(const Geometry& g, Point p) {
  bool in = false;
  for_each_ring(g, [&](const Path& ring, double) {
    for (std::size_t i = 1; i < ring.size(); ++i) {
      const Point a = ring[i - 1], b = ring[i];
      if ((a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x))
        in = !in;
    }
  });
  return in;
}

/// Fills the crossings; false where two edges come too near to say.
bool cross_all(std::vector<Edge>& first, std::vector<Edge>& second, double nearness) {
  for (Edge& e : first) {
    const double low_x = std::min(e.a.x, e.b.x) - nearness,
                 high_x = std::max(e.a.x, e.b.x) + nearness;
    const double low_y = std::min(e.a.y, e.b.y) - nearness,
                 high_y = std::max(e.a.y, e.b.y) + nearness;
    const double length = std::hypot(e.b.x - e.a.x, e.b.y - e.a.y);
    for (Edge& f : second) {
      if (std::max(f.a.x, f.b.x) < low_x || std::min(f.a.x, f.b.x) > high_x ||
          std::max(f.a.y, f.b.y) < low_y || std::min(f.a.y, f.b.y) > high_y)
        continue;
      const double c = cross(e.a, e.b, f.a), d = cross(e.a, e.b, f.b);
      const double near_e = nearness * length;
      if ((c > near_e && d > near_e) || (c < -near_e && d < -near_e)) continue;
      const double near_f = nearness * std::hypot(f.b.x - f.a.x, f.b.y - f.a.y);
      const double a = cross(f.a, f.b, e.a), b = cross(f.a, f.b, e.b);
      if ((a > near_f && b > near_f) || (a < -near_f && b < -near_f)) continue;
      if (std::abs(a) <= near_f || std::abs(b) <= near_f || std::abs(c) <= near_e ||
          std::abs(d) <= near_e)
        return false;
      e.crossings.push_back(a / (a - b));
      f.crossings.push_back(c / (c - d));
    }
  }
  return true;
}

/// Adds the integral along the parts of the edges within the other polygon. False when whether an
/// edge begins inside does not agree with the one before.
bool add_within(std::vector<Edge>& edges, const Geometry& other, Point corner, double& sum) {
  bool inside = false;
  for (Edge& e : edges) {
    if (!e.follows) inside = holds(other, {e.a.x + corner.x, e.a.y + corner.y});
    std::sort(e.crossings.begin(), e.crossings.end());
    const auto at = [&](double t) {
      return Point{e.a.x + t * (e.b.x - e.a.x), e.a.y + t * (e.b.y - e.a.y)};
    };
    Point from = e.a;
    const auto add = [&](Point to) {
      if (inside) sum += 0.5 * e.turn * (from.x * to.y - to.x * from.y);
      from = to;
    };
    for (const double t : e.crossings) {
      add(at(t));
      inside = !inside;
    }
    add(e.b);
    // The next edge that does not follow is judged anew: an odd count would show there only.
    if (&e == &edges.back() || !(&e + 1)->follows) {
      if (inside != holds(other, {e.b.x + corner.x, e.b.y + corner.y})) return false;
    }
  }
  return true;
}

}  // namespace

std::optional<double> overlap_area(const Geometry& a, const Geometry& b, double nearness) {
  const Box box_a = box_of(a), box_b = box_of(b);
  if (!box_a.meets(box_b)) return 0.0;
  const Box window{std::max(box_a.min_x, box_b.min_x), std::max(box_a.min_y, box_b.min_y),
                   std::min(box_a.max_x, box_b.max_x), std::min(box_a.max_y, box_b.max_y)};
  std::vector<Edge> first = edges_in(a, window), second = edges_in(b, window);
  if (!cross_all(first, second, nearness)) return std::nullopt;
  const Point corner{window.min_x, window.min_y};
  double sum = 0.0;
  if (!add_within(first, b, corner, sum) || !add_within(second, a, corner, sum))
    return std::nullopt;
  return sum;
}

}  // namespace lode
