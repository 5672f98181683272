#include "libgeo/logistics/drawn_line.h"

#include <algorithm>
#include <cmath>

#include "libgeo/logistics/freight_graph.h"

namespace lode {

namespace {

constexpr double kTolerance_m = 500.0;
constexpr int kMostHalvings = 24;

bool at_pole(LonLat p) {
  return std::abs(p.lat_deg) >= 90.0;
}

/// Degrees of longitude from a to b by the shorter way round.
double turn(LonLat a, LonLat b) {
  const double d = b.lon_deg - a.lon_deg;
  return d > 180.0 ? d - 360.0 : d < -180.0 ? d + 360.0 : d;
}

/// One geodesic edge; places by their distance from its beginning.
class Edge {
 public:
  Edge(const Geodesic& geodesic, LonLat a, LonLat b, std::vector<LonLat>& path)
      : geodesic_(geodesic), a_(a), line_(geodesic.inverse(a, b)), path_(path) {}

  void add(LonLat b) {
    const bool over = std::abs(b.lon_deg - a_.lon_deg) > 180.0;
    if (!over || std::abs(a_.lon_deg) == 180.0 || std::abs(b.lon_deg) == 180.0) {
      // An end on the meridian itself belongs to the side that the edge lies on.
      LonLat a = a_, end = b;
      if (over && std::abs(a.lon_deg) == 180.0) {
        a.lon_deg = -a.lon_deg;
        path_.push_back(a);
      } else if (over) {
        end.lon_deg = -end.lon_deg;
      }
      halve(a, 0.0, end, line_.distance_m, 0);
      path_.push_back(b);
      return;
    }
    const double side = a_.lon_deg > 0.0 ? 180.0 : -180.0;
    const double at_m = crossing(b);
    const LonLat before{side, at(at_m).lat_deg}, after{-side, before.lat_deg};
    halve(a_, 0.0, before, at_m, 0);
    path_.push_back(before);
    path_.push_back(after);
    halve(after, at_m, b, line_.distance_m, 0);
    path_.push_back(b);
  }

 private:
  [[nodiscard]] LonLat at(double m) const {
    const LonLat place = geodesic_.direct(a_, line_.azimuth1_deg, m);
    return plain_place(place.lon_deg, place.lat_deg);
  }

  /// Where the edge passes 180 degrees: longitudes rise or fall all along a geodesic.
  [[nodiscard]] double crossing(LonLat b) const {
    double near = 0.0, far = line_.distance_m;
    for (int i = 0; i < 100; ++i) {
      const double middle = near + (far - near) / 2.0;
      if (middle <= near || middle >= far) break;
      const double lon = at(middle).lon_deg;
      if (std::abs(lon) == 180.0) return middle;
      ((lon > 0.0) == (b.lon_deg > 0.0) ? far : near) = middle;
    }
    return near;
  }

  /// Is the geodesic further from the straight line in degrees than we draw? Quarters are looked at
  /// too: an edge over the equator bends both ways, and meets the straight line in its middle.
  [[nodiscard]] bool strays(LonLat p, double p_m, LonLat q, double q_m) const {
    const double dlon = turn(p, q), dlat = q.lat_deg - p.lat_deg;
    const double most_lat = std::max(std::abs(p.lat_deg), std::abs(q.lat_deg));
    // Up to some 60 km nothing strays by more, except about the poles.
    if (std::abs(dlon) < 0.5 && std::abs(dlat) < 0.5 && most_lat < 85.0) return false;
    for (const double share : {0.5, 0.25, 0.75}) {
      const LonLat straight{p.lon_deg + share * dlon, p.lat_deg + share * dlat};
      if (geodesic_.distance_m(straight, at(p_m + share * (q_m - p_m))) > kTolerance_m) return true;
    }
    return false;
  }

  /// Adds what is wanted between p and q, both left out.
  void halve(LonLat p, double p_m, LonLat q, double q_m, int depth) {
    if (depth >= kMostHalvings || !strays(p, p_m, q, q_m)) return;
    const double middle_m = p_m + (q_m - p_m) / 2.0;
    LonLat middle = at(middle_m);
    if (std::abs(middle.lon_deg) == 180.0 && (p.lon_deg < 0.0) == (q.lon_deg < 0.0))
      middle.lon_deg = std::copysign(180.0, p.lon_deg);
    halve(p, p_m, middle, middle_m, depth + 1);
    path_.push_back(middle);
    halve(middle, middle_m, q, q_m, depth + 1);
  }

  const Geodesic& geodesic_;
  LonLat a_;
  Inverse line_;
  std::vector<LonLat>& path_;
};

bool is_short(LonLat a, LonLat b) {
  return std::abs(b.lon_deg - a.lon_deg) < 0.5 && std::abs(b.lat_deg - a.lat_deg) < 0.5 &&
         std::abs(a.lat_deg) < 85.0 && std::abs(b.lat_deg) < 85.0;
}

}  // namespace

Geometry drawn_line(const Geodesic& geodesic, const std::vector<LonLat>& path) {
  std::vector<LonLat> drawn;
  drawn.reserve(path.size());
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (i == 0) {
      if (!at_pole(path[0]) || path.size() == 1) drawn.push_back(path[0]);
      continue;
    }
    LonLat a = path[i - 1], b = path[i];
    if (at_pole(a) && at_pole(b)) {
      if (a.lat_deg == b.lat_deg) continue;  // one place
      b.lon_deg = a.lon_deg;
    } else if (at_pole(a)) {
      a.lon_deg = b.lon_deg;
    } else if (at_pole(b)) {
      b.lon_deg = a.lon_deg;
    }
    if (at_pole(path[i - 1])) drawn.push_back(a);
    if (is_short(a, b))
      drawn.push_back(b);
    else
      Edge(geodesic, a, b, drawn).add(b);
  }
  return cut_at_antimeridian(drawn);
}

}  // namespace lode
