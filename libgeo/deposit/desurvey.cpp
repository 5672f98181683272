#include "libgeo/deposit/desurvey.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

constexpr double radians = std::numbers::pi / 180.0;
// Below it two directions are one: an arc of 1 km departs from its chord by less than 1 nm.
constexpr double straight_rad = 1e-11;

double dot(const Vector3& a, const Vector3& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

Vector3 sum_of(const Vector3& start, double a, const Vector3& u, double b, const Vector3& v) {
  return {start[0] + a * u[0] + b * v[0], start[1] + a * u[1] + b * v[1],
          start[2] + a * u[2] + b * v[2]};
}

Vector3 unit(const Vector3& v) {
  const double length = std::sqrt(dot(v, v));
  return {v[0] / length, v[1] / length, v[2] / length};
}

// The arc tangent keeps its digits at small angles and near 180 degrees, where acos loses them.
double angle_between(const Vector3& a, const Vector3& b) {
  const Vector3 cross{a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2],
                      a[0] * b[1] - a[1] * b[0]};
  return std::atan2(std::sqrt(dot(cross, cross)), dot(a, b));
}

struct SineCosine {
  double sine, cosine;
};

// Exact at whole quarter turns: cos(90 degrees) is 6e-17 in doubles, and a vertical hole must keep
// its x and y.
SineCosine sine_and_cosine(double degrees) {
  int quarter = 0;
  const double rest = std::remquo(degrees, 90.0, &quarter) * radians;
  const double s = std::sin(rest), c = std::cos(rest);
  switch (quarter & 3) {
    case 0:
      return {s, c};
    case 1:
      return {c, -s};
    case 2:
      return {-s, -c};
    default:
      return {-c, s};
  }
}

// `along` metres below `from` on the way to `to`.
Vector3 place_between(PathMethod method, const PathNode& from, const PathNode& to, double along) {
  const double length = to.at_m - from.at_m;
  const Vector3& u = from.direction;
  const Vector3& v = to.direction;
  if (method == PathMethod::through_points) return sum_of(from.place, along, u, 0.0, v);
  if (method == PathMethod::tangential) return sum_of(from.place, 0.0, u, along, v);
  if (method == PathMethod::balanced_tangential)
    return sum_of(from.place, std::min(along, length / 2.0), u, std::max(0.0, along - length / 2.0),
                  v);
  const double angle = angle_between(u, v), share = along / length;
  if (angle < straight_rad)
    return sum_of(from.place, along * (1.0 - share / 2.0), u, along * share / 2.0, v);
  // The integral of the direction, which turns evenly from u to v; differences of cosines are
  // written as products of sines so that small angles keep their digits.
  const double scale = length / (angle * std::sin(angle));
  const double part = angle * share / 2.0;
  return sum_of(from.place, scale * 2.0 * std::sin(angle - part) * std::sin(part), u,
                scale * 2.0 * std::sin(part) * std::sin(part), v);
}

Vector3 direction_between(PathMethod method, const PathNode& from, const PathNode& to,
                          double along) {
  const double length = to.at_m - from.at_m;
  if (method == PathMethod::through_points) return from.direction;
  if (method == PathMethod::tangential) return to.direction;
  if (method == PathMethod::balanced_tangential)
    return along < length / 2.0 ? from.direction : to.direction;
  const double angle = angle_between(from.direction, to.direction), share = along / length;
  if (angle < straight_rad) return from.direction;
  return unit(sum_of({}, std::sin(angle * (1.0 - share)), from.direction, std::sin(angle * share),
                     to.direction));
}

// The node at or above a depth; the first one for depths above it.
std::size_t node_above(const HolePath& path, double at_m) {
  const auto after = std::upper_bound(path.nodes.begin(), path.nodes.end(), at_m,
                                      [](double at, const PathNode& n) { return at < n.at_m; });
  return after == path.nodes.begin() ? 0 : static_cast<std::size_t>(after - path.nodes.begin()) - 1;
}

}  // namespace

std::string_view to_text(PathMethod method) {
  switch (method) {
    case PathMethod::minimum_curvature:
      return "mincurv";
    case PathMethod::balanced_tangential:
      return "balanced";
    case PathMethod::tangential:
      return "tangential";
    case PathMethod::through_points:
      return "points";
  }
  return "";
}

PathMethod parse_path_method(const std::string& text) {
  for (const PathMethod method :
       {PathMethod::minimum_curvature, PathMethod::balanced_tangential, PathMethod::tangential})
    if (text == to_text(method)) return method;
  throw Error("drillholes.method", "'" + printable(text) + "' is no way to desurvey", {},
              "Known: mincurv, balanced, tangential.");
}

Vector3 direction_of(double azimuth_deg, double dip_deg) {
  const auto [east, north] = sine_and_cosine(azimuth_deg);
  const auto [down, flat] = sine_and_cosine(dip_deg);
  return {flat * east, flat * north, -down};
}

double dogleg_deg(const SurveyStation& a, const SurveyStation& b) {
  return angle_between(direction_of(a.azimuth_deg, a.dip_deg),
                       direction_of(b.azimuth_deg, b.dip_deg)) /
         radians;
}

HolePath desurvey(const Vector3& collar, const std::vector<SurveyStation>& stations,
                  PathMethod method) {
  HolePath path;
  path.method = method;
  PathNode start;
  start.place = collar;
  if (stations.empty()) {
    path.nodes = {start};
    return path;
  }
  start.direction = direction_of(stations.front().azimuth_deg, stations.front().dip_deg);
  path.nodes = {start};
  for (const SurveyStation& station : stations) {
    if (station.at_m <= 0.0) continue;  // the collar is its place
    PathNode node;
    node.at_m = station.at_m;
    node.direction = direction_of(station.azimuth_deg, station.dip_deg);
    const PathNode& above = path.nodes.back();
    node.place = place_between(method, above, node, node.at_m - above.at_m);
    path.nodes.push_back(node);
  }
  return path;
}

HolePath path_through(const std::vector<double>& at_m, const std::vector<Vector3>& places) {
  HolePath path;
  path.method = PathMethod::through_points;
  for (std::size_t i = 0; i < at_m.size(); ++i) {
    PathNode node;
    node.at_m = at_m[i];
    node.place = places[i];
    path.nodes.push_back(node);
  }
  for (std::size_t i = 0; i + 1 < path.nodes.size(); ++i) {
    const PathNode& next = path.nodes[i + 1];
    PathNode& node = path.nodes[i];
    // Not a unit vector: the given places rule, so a metre of depth is what they make it.
    for (std::size_t axis = 0; axis < 3; ++axis)
      node.direction[axis] = (next.place[axis] - node.place[axis]) / (next.at_m - node.at_m);
  }
  if (path.nodes.size() > 1)
    path.nodes.back().direction = path.nodes[path.nodes.size() - 2].direction;
  return path;
}

Vector3 place_at(const HolePath& path, double at_m) {
  const std::size_t i = node_above(path, at_m);
  const PathNode& node = path.nodes[i];
  if (at_m < node.at_m || i + 1 == path.nodes.size())
    return sum_of(node.place, at_m - node.at_m, node.direction, 0.0, node.direction);
  return place_between(path.method, node, path.nodes[i + 1], at_m - node.at_m);
}

Vector3 direction_at(const HolePath& path, double at_m) {
  const std::size_t i = node_above(path, at_m);
  const PathNode& node = path.nodes[i];
  const Vector3 direction =
      at_m < node.at_m || i + 1 == path.nodes.size()
          ? node.direction
          : direction_between(path.method, node, path.nodes[i + 1], at_m - node.at_m);
  return dot(direction, direction) > 0.0 ? unit(direction) : direction;
}

}  // namespace lode
