// The line of a way on the map, cut into its modes.
#include <cmath>

#include "libgeo/crs/geodesic.h"
#include "libgeo/study/freight_results.h"

namespace lode {

namespace {

LonLat at(const Point& p) {
  return {p.x, p.y};
}

double length_km(const Geometry& line, const Geodesic& geodesic) {
  double metres = 0.0;
  for (const Path& path : line.lines)
    for (std::size_t i = 1; i < path.size(); ++i)
      metres += geodesic.distance_m(at(path[i - 1]), at(path[i]));
  return metres / 1000.0;
}

double legs_km(const std::vector<SiteLeg>& legs, bool with_snaps) {
  double km = 0.0;
  for (const SiteLeg& leg : legs)
    if (with_snaps || leg.mode != "snap") km += leg.distance_km;
  return km;
}

/// Puts parts down along a line, each for so many kilometres.
class Cutter {
 public:
  Cutter(const Geometry& line, const Geodesic& geodesic) : line_(line), geodesic_(geodesic) {}

  /// The next `km` of the line; all that is left for an infinite length.
  void take(const std::string& mode, double km, std::vector<RouteStretch>& parts) {
    while (path_ < line_.lines.size() && km > 0.0) {
      const Path& path = line_.lines[path_];
      if (vertex_ + 1 >= path.size()) {
        ++path_;
        vertex_ = 0;
        done_km_ = 0.0;
        open_ = false;
        continue;
      }
      const double whole = geodesic_.distance_m(at(path[vertex_]), at(path[vertex_ + 1])) / 1000.0;
      const double left = whole - done_km_;
      if (!open_ || parts.empty() || parts.back().mode != mode) {
        parts.push_back({mode, {between(path, whole, done_km_)}});
        open_ = true;
      }
      if (left <= km) {
        parts.back().line.push_back(path[vertex_ + 1]);
        ++vertex_;
        done_km_ = 0.0;
        km -= left;
      } else {
        done_km_ += km;
        parts.back().line.push_back(between(path, whole, done_km_));
        km = 0.0;
      }
    }
  }

 private:
  /// A vertex, or a place within the segment: on the map a segment is straight.
  [[nodiscard]] Point between(const Path& path, double whole_km, double along_km) const {
    const double t = whole_km > 0.0 ? along_km / whole_km : 0.0;
    const Point &a = path[vertex_], &b = path[vertex_ + 1];
    return {a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
  }

  const Geometry& line_;
  const Geodesic& geodesic_;
  std::size_t path_ = 0, vertex_ = 0;
  double done_km_ = 0.0;
  bool open_ = false;
};

}  // namespace

std::vector<RouteStretch> parts_by_mode(const Geometry& line, const std::vector<SiteLeg>& legs) {
  std::vector<RouteStretch> parts;
  if (line.lines.empty()) return parts;
  const Geodesic geodesic(wgs84());
  const double drawn = length_km(line, geodesic);
  // The line may or may not hold the straight ways to the network.
  const double with = legs_km(legs, true), without = legs_km(legs, false);
  const bool snaps = std::abs(drawn - with) <= std::abs(drawn - without);
  const double said = snaps ? with : without;
  // Lengths that a column records stretch what is drawn.
  const double scale = said > 0.0 ? drawn / said : 0.0;
  Cutter cutter(line, geodesic);
  std::string last = "road";
  for (const SiteLeg& leg : legs) {
    if (!(leg.distance_km > 0.0) || (leg.mode == "snap" && !snaps)) continue;
    last = leg.mode;
    cutter.take(leg.mode, leg.distance_km * scale, parts);
  }
  cutter.take(last, std::numeric_limits<double>::infinity(), parts);
  return parts;
}

}  // namespace lode
