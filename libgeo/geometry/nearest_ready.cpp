// Cuts edges into short pieces whose chords follow them, and packs those into a tree.
#include "libgeo/geometry/nearest_ready.h"

#include <algorithm>
#include <numbers>

#include "libgeo/geometry/overlay.h"

namespace lode {
namespace {

constexpr double degree = std::numbers::pi / 180.0;
constexpr double longest_piece_m = 25e3;
constexpr double least_radius_m = 6.3e6;  ///< of curvature, below that of any Earth ellipsoid
constexpr std::uint32_t fanout = 8;
constexpr int deepest_split = 16;

Point between(Point a, Point b, double share) {
  return {a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)};
}

}  // namespace

void SpaceBox::add(Space p) {
  low = {std::min(low.x, p.x), std::min(low.y, p.y), std::min(low.z, p.z)};
  high = {std::max(high.x, p.x), std::max(high.y, p.y), std::max(high.z, p.z)};
}

void SpaceBox::add(const SpaceBox& other) {
  add(other.low);
  add(other.high);
}

double distance(const SpaceBox& a, const SpaceBox& b) {
  const auto apart = [](double low1, double high1, double low2, double high2) {
    return std::max({0.0, low2 - high1, low1 - high2});
  };
  return norm({apart(a.low.x, a.high.x, b.low.x, b.high.x),
               apart(a.low.y, a.high.y, b.low.y, b.high.y),
               apart(a.low.z, a.high.z, b.low.z, b.high.z)});
}

NearestReady::NearestReady(const Geometry& geometry, const Crs& crs, Edges edges)
    : impl(std::make_shared<Impl>(geometry, crs, edges)) {}

NearestReady::Impl::Impl(const Geometry& given, const Crs& crs_, Edges edges_)
    : crs(crs_), edges(edges_), planar(crs_.is_local()), geodesic(crs_) {
  const double f = crs.inverse_flattening == 0.0 ? 0.0 : 1.0 / crs.inverse_flattening;
  e2_ = f * (2.0 - f);
  add_points(given.points);
  for (const Path& line : given.lines) add_path(line);
  for (const Polygon& polygon : given.polygons) {
    add_path(polygon.shell);
    for (const Path& hole : polygon.holes) add_path(hole);
  }
  geometry.kind = given.kind;
  geometry.polygons = given.polygons;
  if (!planar && edges == Edges::geodesic) {
    for (const Polygon& polygon : given.polygons) {
      rings.emplace_back();
      rings.back().push_back(earth_of(crs).lon_lat(polygon.shell));
      for (const Path& hole : polygon.holes) rings.back().push_back(earth_of(crs).lon_lat(hole));
      ring_boxes.push_back(lon_lat_box(polygon_geometry(polygon.shell), crs, edges));
    }
  }
  build_tree();
}

Space NearestReady::Impl::to_space(LonLat p) const {
  const double s = std::sin(p.lat_deg * degree), c = std::cos(p.lat_deg * degree);
  const double n = crs.semi_major_m / std::sqrt(1.0 - e2_ * s * s);
  return {n * c * std::cos(p.lon_deg * degree), n * c * std::sin(p.lon_deg * degree),
          n * (1.0 - e2_) * s};
}

NearestReady::Impl::Walk NearestReady::Impl::walk(std::uint32_t edge) const {
  Walk out{edge, {}};
  if (!planar && edges == Edges::geodesic)
    out.way = geodesic.inverse(ends[edge].a_deg, ends[edge].b_deg);
  return out;
}

NearestReady::Impl::At NearestReady::Impl::at(const Walk& walk, double share) const {
  const EdgeEnds& e = ends[walk.edge];
  At out{walk.edge, share, {}, {}};
  if (planar) {
    const Point p = between(e.a, e.b, share);
    out.space = {p.x * crs.metres_per_unit, p.y * crs.metres_per_unit, 0.0};
    return out;
  }
  if (share <= 0.0 || share >= 1.0) {
    out.degrees = share <= 0.0 ? e.a_deg : e.b_deg;
  } else if (edges == Edges::straight) {
    out.degrees = earth_of(crs).lon_lat(between(e.a, e.b, share));
  } else {
    out.degrees = geodesic.direct(e.a_deg, walk.way.azimuth1_deg, share * walk.way.distance_m);
  }
  out.space = to_space(out.degrees);
  return out;
}

Point NearestReady::Impl::place_of(const At& at) const {
  const EdgeEnds& e = ends[at.edge];
  if (at.share <= 0.0) return e.a;
  if (at.share >= 1.0) return e.b;
  if (planar || edges == Edges::straight) return between(e.a, e.b, at.share);
  LonLat near = at.degrees;
  if (crs.is_geographic())
    near.lon_deg = e.a_deg.lon_deg + std::remainder(near.lon_deg - e.a_deg.lon_deg, 360.0);
  return earth_of(crs).place(near);
}

void NearestReady::Impl::add_points(const std::vector<Point>& points) {
  if (points.empty()) return;
  std::vector<LonLat> places(points.size());
  if (!planar) places = earth_of(crs).lon_lat(points);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto edge = static_cast<std::uint32_t>(ends.size());
    ends.push_back({points[i], points[i], places[i], places[i]});
    const Space p = at({edge, {}}, 0.0).space;
    pieces.push_back({p, p, 0.0, 1.0, 0.0, edge});
    firsts.emplace_back(points[i], places[i]);
  }
}

void NearestReady::Impl::add_path(const Path& path) {
  if (path.empty()) return;
  if (path.size() == 1) return add_points(path);
  std::vector<LonLat> places(path.size());
  if (!planar) places = earth_of(crs).lon_lat(path);
  firsts.emplace_back(path.front(), places.front());
  Space before{};
  for (std::size_t i = 0; i < path.size(); ++i) {
    const Space here =
        planar ? Space{path[i].x * crs.metres_per_unit, path[i].y * crs.metres_per_unit, 0.0}
               : to_space(places[i]);
    if (i > 0) {
      const auto edge = static_cast<std::uint32_t>(ends.size());
      ends.push_back({path[i - 1], path[i], places[i - 1], places[i]});
      if (planar) {
        pieces.push_back({before, here, 0.0, 1.0, 0.0, edge});
      } else if (edges == Edges::geodesic) {
        add_geodesic(edge, before, here);
      } else {
        add_straight(edge, {before, here, 0.0, 1.0, 0.0, edge}, 0);
      }
    }
    before = here;
  }
}

void NearestReady::Impl::add_geodesic(std::uint32_t edge, Space a, Space b) {
  const auto gap = [](double chord) { return 1.05 * chord * chord / (8.0 * least_radius_m); };
  const double chord = norm(b - a);
  if (chord <= longest_piece_m) {
    pieces.push_back({a, b, 0.0, 1.0, gap(chord), edge});
    return;
  }
  const EdgeEnds e = ends[edge];
  const Inverse way = geodesic.inverse(e.a_deg, e.b_deg);
  const int count = static_cast<int>(std::ceil(way.distance_m / longest_piece_m));
  Space before = a;
  for (int i = 1; i <= count; ++i) {
    const double share = static_cast<double>(i) / count;
    const Space here =
        i == count ? b
                   : to_space(geodesic.direct(e.a_deg, way.azimuth1_deg, share * way.distance_m));
    pieces.push_back({before, here, static_cast<double>(i - 1) / count, share,
                      gap(way.distance_m / count), edge});
    before = here;
  }
}

/// Halves until the chord follows the curve; the middle shows how far it strays, and half as much
/// again covers bends that are not parabolas.
void NearestReady::Impl::add_straight(std::uint32_t edge, const Piece& piece, int depth) {
  const EdgeEnds& e = ends[edge];
  const double chord = norm(piece.b - piece.a);
  const double steep = std::max(std::abs(e.a_deg.lat_deg), std::abs(e.b_deg.lat_deg));
  if (chord <= 300.0 && steep < 85.0 && std::abs(e.a_deg.lon_deg - e.b_deg.lon_deg) < 1.0) {
    // Straight lines of the usual projections bend by less than 2 tan(lat) / R.
    Piece out = piece;
    out.gap = chord * chord / (8.0 * least_radius_m) * (1.1 + 2.0 * std::tan(steep * degree));
    pieces.push_back(out);
    return;
  }
  const double share = 0.5 * (piece.from + piece.to);
  const Space middle = at({edge, {}}, share).space;
  const double stray = norm(middle - 0.5 * (piece.a + piece.b));
  const bool wide =
      crs.is_geographic() && depth == 0 && std::abs(e.a_deg.lon_deg - e.b_deg.lon_deg) > 5.0;
  if (depth < deepest_split && chord > 1.0 &&
      (wide || chord > longest_piece_m || stray > chord / 64.0)) {
    add_straight(edge, {piece.a, middle, piece.from, share, 0.0, edge}, wide ? 0 + 1 : depth + 1);
    add_straight(edge, {middle, piece.b, share, piece.to, 0.0, edge}, wide ? 0 + 1 : depth + 1);
    return;
  }
  Piece out = piece;
  out.gap = 1.5 * stray;
  pieces.push_back(out);
}

/// Pieces stand in the order of their paths, so neighbours in the list are neighbours in space.
void NearestReady::Impl::build_tree() {
  if (pieces.empty()) return;
  std::vector<Node> leaves;
  for (std::uint32_t first = 0; first < pieces.size(); first += fanout) {
    Node node;
    node.first = first;
    node.count = std::min(fanout, static_cast<std::uint32_t>(pieces.size()) - first);
    for (std::uint32_t i = first; i < first + node.count; ++i) {
      node.box.add(pieces[i].a);
      node.box.add(pieces[i].b);
      node.gap = std::max(node.gap, pieces[i].gap);
    }
    leaves.push_back(node);
  }
  levels.push_back(std::move(leaves));
  while (levels.back().size() > 1) {
    const std::vector<Node>& below = levels.back();
    std::vector<Node> above;
    for (std::uint32_t first = 0; first < below.size(); first += fanout) {
      Node node;
      node.first = first;
      node.count = std::min(fanout, static_cast<std::uint32_t>(below.size()) - first);
      for (std::uint32_t i = first; i < first + node.count; ++i) {
        node.box.add(below[i].box);
        node.gap = std::max(node.gap, below[i].gap);
      }
      above.push_back(node);
    }
    levels.push_back(std::move(above));
  }
}

bool NearestReady::Impl::holds(Point place, LonLat degrees) const {
  if (geometry.polygons.empty()) return false;
  if (planar || edges == Edges::straight) {
    if (covers(geometry, place)) return true;
    if (planar || !crs.is_geographic()) return false;
    const double turn = 2.0 * std::numbers::pi / crs.radians_per_unit;
    return covers(geometry, {place.x + turn, place.y}) ||
           covers(geometry, {place.x - turn, place.y});
  }
  for (std::size_t k = 0; k < rings.size(); ++k) {
    const auto& polygon = rings[k];
    if (box_distance_lower_bound_m(degrees, ring_boxes[k], crs) > 0.0) continue;
    if (!inside_geodesic_ring(polygon.front(), degrees, geodesic)) continue;
    bool in_hole = false;
    for (std::size_t i = 1; i < polygon.size(); ++i)
      in_hole = in_hole || inside_geodesic_ring(polygon[i], degrees, geodesic);
    if (!in_hole) return true;
  }
  return false;
}

}  // namespace lode
