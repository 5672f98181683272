// Distances from a place to lines by the geodesic inverse problem alone, edge by edge.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "libgeo/crs/geodesic.h"
#include "libgeo/environment/buffer.h"
#include "libgeo/geometry/geometry.h"

namespace lode::test {

/// Knows nothing of planes, trees or chords: every edge is walked along its geodesic (or straight
/// in longitude and latitude) and the nearest place on it sought by golden section.
class DistanceOracle {
 public:
  explicit DistanceOracle(const Geometry& g, Edges edges = Edges::geodesic)
      : straight_(edges == Edges::straight) {
    const auto path = [&](const Path& p) {
      for (std::size_t i = 1; i < p.size(); ++i) add(p[i - 1], p[i]);
    };
    for (const Point& p : g.points) add(p, p);
    for (const Path& line : g.lines) path(line);
    for (const Polygon& polygon : g.polygons) {
      path(polygon.shell);
      for (const Path& hole : polygon.holes) path(hole);
    }
  }

  [[nodiscard]] double distance_m(Point place) const {
    // An edge is at least as far as its middle less half its length.
    std::vector<std::pair<double, const Edge*>> near;
    for (const Edge& edge : edges_)
      near.push_back(
          {geodesic_.distance_m({place.x, place.y}, edge.middle) - 0.5 * edge.length, &edge});
    std::sort(near.begin(), near.end());
    double best = 1e300;
    for (const auto& [least, edge] : near) {
      if (least > best) break;
      best = std::min(best, to_edge(place, *edge));
    }
    return best;
  }

 private:
  struct Edge {
    Point a, b;
    LonLat middle;
    double azimuth = 0.0, length = 0.0;
  };
  void add(Point a, Point b) {
    // Pieces so short that a distance along them has one minimum and bulges are small.
    const Inverse whole = geodesic_.inverse({a.x, a.y}, {b.x, b.y});
    const int pieces = 1 + static_cast<int>(whole.distance_m / 50e3);
    Point from = a;
    for (int i = 1; i <= pieces; ++i) {
      const double t = static_cast<double>(i) / pieces;
      Point to{a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
      if (!straight_ && i < pieces) {
        const LonLat at = geodesic_.direct({a.x, a.y}, whole.azimuth1_deg, t * whole.distance_m);
        to = {at.lon_deg, at.lat_deg};
      } else if (!straight_) {
        to = b;
      }
      Edge edge;
      edge.a = from, edge.b = to;
      const Inverse way = geodesic_.inverse({from.x, from.y}, {to.x, to.y});
      edge.azimuth = way.azimuth1_deg;
      edge.length = way.distance_m * (straight_ ? 1.01 : 1.0);
      edge.middle = at(edge, 0.5);
      edges_.push_back(edge);
      from = to;
    }
  }
  [[nodiscard]] LonLat at(const Edge& e, double t) const {
    if (straight_) return {e.a.x + t * (e.b.x - e.a.x), e.a.y + t * (e.b.y - e.a.y)};
    return geodesic_.direct({e.a.x, e.a.y}, e.azimuth, t * e.length);
  }
  [[nodiscard]] double to_edge(Point place, const Edge& edge) const {
    const auto d = [&](double t) { return geodesic_.distance_m({place.x, place.y}, at(edge, t)); };
    if (edge.length == 0.0) return d(0.0);
    constexpr double golden = 0.6180339887498949;
    double low = 0.0, high = 1.0, p = 1.0 - golden, q = golden, dp = d(p), dq = d(q);
    for (int i = 0; i < 40; ++i) {
      if (dp < dq) {
        high = q, q = p, dq = dp, p = high - golden * (high - low), dp = d(p);
      } else {
        low = p, p = q, dp = dq, q = low + golden * (high - low), dq = d(q);
      }
    }
    return std::min({d(0.0), d(1.0), dp, dq});
  }

  Geodesic geodesic_;
  bool straight_;
  std::vector<Edge> edges_;
};

inline bool on_cut(Point a, Point b) {
  return (std::abs(a.x) == 180.0 && a.x == b.x) || (std::abs(a.y) == 90.0 && a.y == b.y);
}

/// Largest |distance - asked| over about `probes` places of the boundary: vertices and middles.
inline double worst_error_m(const Geometry& buffer, const DistanceOracle& oracle, double asked_m,
                            std::size_t probes = 400) {
  std::size_t vertices = 0;
  for (const Polygon& polygon : buffer.polygons) {
    vertices += polygon.shell.size();
    for (const Path& hole : polygon.holes) vertices += hole.size();
  }
  const std::size_t step = std::max<std::size_t>(1, 2 * vertices / probes);
  double worst = 0.0;
  std::size_t count = 0;
  const auto ring = [&](const Path& path) {
    for (std::size_t i = 1; i < path.size(); ++i) {
      if (count++ % step != 0 || on_cut(path[i - 1], path[i])) continue;
      for (const double t : {0.0, 0.5}) {
        const Point p{path[i - 1].x + t * (path[i].x - path[i - 1].x),
                      path[i - 1].y + t * (path[i].y - path[i - 1].y)};
        worst = std::max(worst, std::abs(oracle.distance_m(p) - asked_m));
      }
    }
  };
  for (const Polygon& polygon : buffer.polygons) {
    ring(polygon.shell);
    for (const Path& hole : polygon.holes) ring(hole);
  }
  return worst;
}

}  // namespace lode::test
