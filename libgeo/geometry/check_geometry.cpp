// Judges polygons as OGC does and mends them so that they cover what their parts cover.
#include <geos_c.h>

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/geos_handles.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/geometry/overlay_ladder.h"
#include "libgeo/geometry/spatial_index.h"

namespace lode {
namespace {

using geos::context;
using geos::Handle;

/// Beyond this nothing on or near the Earth has coordinates, and products of them lose all digits.
constexpr double largest_coordinate = 1e12;

std::string place_text(Point p) {
  return "(" + number_text(p.x) + " " + number_text(p.y) + ")";
}

std::string coordinate_text(double v) {
  if (std::isnan(v)) return "nan";
  if (std::isinf(v)) return v > 0 ? "inf" : "-inf";
  return number_text(v);
}

void refuse_bad_coordinates(Geometry& geometry, const std::string& where) {
  for_each_vertex(geometry, [&](Point& p) {
    if (std::abs(p.x) < largest_coordinate && std::abs(p.y) < largest_coordinate) return;
    throw Error(
        "geometry.bad_coordinate",
        "a vertex has no usable place: " + coordinate_text(p.x) + ", " + coordinate_text(p.y),
        where, "Mend or remove the feature.");
  });
}

bool drop_repeats(Path& path) {
  const auto end = std::unique(path.begin(), path.end());
  const bool changed = end != path.end();
  path.erase(end, path.end());
  return changed;
}

/// Keeps the first of equal points, in order.
void drop_repeated_points(std::vector<Point>& points) {
  if (points.size() < 2) return;
  std::vector<std::size_t> order(points.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto key = [&](std::size_t i) { return std::pair(points[i].x, points[i].y); };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return key(a) < key(b) || (key(a) == key(b) && a < b);
  });
  std::vector<bool> keep(points.size(), true);
  for (std::size_t i = 1; i < order.size(); ++i)
    if (key(order[i]) == key(order[i - 1])) keep[order[i]] = false;
  std::vector<Point> kept;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (keep[i]) kept.push_back(points[i]);
  points = std::move(kept);
}

/// Closed and without repeats; the fault it had is told once.
void tidy_ring(Path& ring, std::string& fault) {
  drop_repeats(ring);
  if (ring.empty()) return;
  const Point first = ring.front();
  if (ring.size() > 1 && ring.back() != first) {
    if (fault.empty()) fault = "Ring not closed at " + place_text(first);
    ring.push_back(first);
  }
  if (ring.size() < 4) {
    if (fault.empty()) fault = "Too few points in ring at " + place_text(first);
    ring.clear();
  }
}

void tidy_polygons(Geometry& geometry, std::string& fault) {
  for (Polygon& polygon : geometry.polygons) {
    tidy_ring(polygon.shell, fault);
    for (Path& hole : polygon.holes) tidy_ring(hole, fault);
    std::erase_if(polygon.holes, [](const Path& hole) { return hole.empty(); });
  }
  std::erase_if(geometry.polygons, [](const Polygon& p) { return p.shell.empty(); });
}

/// Longitude runs on along each ring, so that the plane sees it in one piece. False when a ring
/// winds around a pole: then it has no such plane.
bool run_on(Path& ring, double turn, double start) {
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const double near = i == 0 ? start : ring[i - 1].x;
    ring[i].x += turn * std::round((near - ring[i].x) / turn);
  }
  return ring.front() == ring.back();
}

/// True when an edge jumps over the antimeridian (longer than half a turn, shorter than a whole).
bool jumps(const Path& ring, double turn) {
  for (std::size_t i = 1; i < ring.size(); ++i) {
    const double dx = std::abs(ring[i].x - ring[i - 1].x);
    if (dx > 0.5 * turn && dx < turn) return true;
  }
  return false;
}

double turn_of(const Crs& crs) {
  return std::round(6.283185307179586 / crs.radians_per_unit * 1e9) / 1e9;
}

enum class Wrap { none, run_on, pole };

/// Rings that jump over the antimeridian are laid out in one piece.
Wrap lay_out(Geometry& geometry, const Crs& crs) {
  if (!crs.is_geographic()) return Wrap::none;
  const double turn = turn_of(crs);
  Wrap wrap = Wrap::none;
  for (Polygon& polygon : geometry.polygons) {
    if (!jumps(polygon.shell, turn)) continue;
    wrap = Wrap::run_on;
    if (!run_on(polygon.shell, turn, polygon.shell.front().x)) return Wrap::pole;
    for (Path& hole : polygon.holes)
      if (!run_on(hole, turn, polygon.shell.front().x)) return Wrap::pole;
  }
  return wrap;
}

/// The fault GEOS finds, "" when valid.
std::string fault_of(const GEOSGeometry* g, const std::string& where) {
  char* reason = nullptr;
  GEOSGeometry* place = nullptr;
  const char valid =
      geos::stoppable_answer([&] { return GEOSisValidDetail_r(context(), g, 0, &reason, &place); });
  const Handle at(place);
  if (valid == 2)
    throw Error("geometry.repair", "the geometry cannot be judged: " + geos::take_message(), where,
                "Mend or remove the feature.");
  std::string fault = reason == nullptr ? "Invalid geometry" : reason;
  if (reason != nullptr) GEOSFree_r(context(), reason);
  double x = 0, y = 0;
  if (at && GEOSGeomGetX_r(context(), at.get(), &x) == 1 &&
      GEOSGeomGetY_r(context(), at.get(), &y) == 1)
    fault += " at " + place_text({x, y});
  return valid == 1 ? std::string() : fault;
}

/// True when the polygon is valid for certain, without GEOS's walk of the whole shell for each
/// hole: shell and holes valid by themselves, holes apart from each other and well inside the
/// shell.
bool surely_valid(const Polygon& polygon) {
  const auto one = [](const Path& ring) {
    Geometry g = polygon_geometry(ring);
    return geos::to_geos(g);
  };
  const auto valid = [](const GEOSGeometry* g) {
    return geos::stoppable_answer([&] { return GEOSisValid_r(context(), g); }) == 1;
  };
  const Handle shell = one(polygon.shell);
  if (!valid(shell.get())) return false;
  const std::unique_ptr<const GEOSPreparedGeometry, void (*)(const GEOSPreparedGeometry*)> ready(
      GEOSPrepare_r(context(), shell.get()),
      [](const GEOSPreparedGeometry* p) { GEOSPreparedGeom_destroy_r(context(), p); });
  std::vector<Box> boxes;
  for (const Path& hole : polygon.holes) {
    const Handle g = one(hole);
    if (!valid(g.get()) || GEOSPreparedContainsProperly_r(context(), ready.get(), g.get()) != 1)
      return false;
    boxes.emplace_back();
    for (const Point& p : hole) boxes.back().add(p);
  }
  const SpatialIndex index(boxes);
  for (std::size_t i = 0; i < boxes.size(); ++i)
    for (const std::size_t j : index.query(boxes[i]))
      if (j > i) {
        const Handle a = one(polygon.holes[i]), b = one(polygon.holes[j]);
        if (GEOSDisjoint_r(context(), a.get(), b.get()) != 1) return false;
      }
  return true;
}

/// Whether GEOS's own judgement would take many minutes, and the quick one says valid.
bool large_and_surely_valid(const Geometry& plane) {
  if (plane.polygons.size() != 1) return false;
  const Polygon& polygon = plane.polygons.front();
  const double steps =
      static_cast<double>(polygon.holes.size()) * static_cast<double>(polygon.shell.size());
  return steps > 1e7 && surely_valid(polygon);
}

/// What the parts cover (JTS's structure method: every ring by itself, then shells joined and
/// holes taken off), never even-odd.
Geometry mended(const GEOSGeometry* g, const std::string& where) {
  const std::unique_ptr<GEOSMakeValidParams, void (*)(GEOSMakeValidParams*)> params(
      GEOSMakeValidParams_create_r(context()),
      [](GEOSMakeValidParams* p) { GEOSMakeValidParams_destroy_r(context(), p); });
  GEOSMakeValidParams_setMethod_r(context(), params.get(), GEOS_MAKE_VALID_STRUCTURE);
  GEOSMakeValidParams_setKeepCollapsed_r(context(), params.get(), 0);
  const Handle result =
      geos::stoppable([&] { return GEOSMakeValidWithParams_r(context(), g, params.get()); });
  if (!result)
    throw Error("geometry.repair", "the geometry cannot be mended: " + geos::take_message(), where,
                "Mend or remove the feature.");
  return geos::from_geos(result.get(), GeometryKind::polygon);
}

/// The winding is judged in the plane, where no ring jumps.
void wind_as(Geometry& geometry, const Geometry& plane) {
  for (std::size_t i = 0; i < geometry.polygons.size(); ++i) {
    Polygon& kept = geometry.polygons[i];
    const Polygon& flat = plane.polygons[i];
    const bool turn = signed_planar_area(flat.shell) < 0.0;
    std::vector<bool> turns;
    for (const Path& hole : flat.holes) turns.push_back(signed_planar_area(hole) > 0.0);
    if (turn) std::reverse(kept.shell.begin(), kept.shell.end());
    for (std::size_t h = 0; h < kept.holes.size(); ++h)
      if (turns[h]) std::reverse(kept.holes[h].begin(), kept.holes[h].end());
  }
}

bool any_jump(const Geometry& geometry, const Crs& crs) {
  if (!crs.is_geographic()) return false;
  const double turn = turn_of(crs);
  return std::any_of(geometry.polygons.begin(), geometry.polygons.end(),
                     [&](const Polygon& polygon) { return jumps(polygon.shell, turn); });
}

/// The area a geometry has as it came, whatever its rings' winding.
double area_as_given(Geometry geometry, const Crs& crs) {
  for (Polygon& polygon : geometry.polygons) wind(polygon);
  return area_m2(geometry, crs);
}

/// Few copies: a polygon may have millions of vertices. A plane of its own is made only where rings
/// jump over the antimeridian, and GEOS's copy is gone before areas are measured.
void check_polygons(Geometry& geometry, const Crs& crs, const std::string& where,
                    GeometryCheck& check) {
  tidy_polygons(geometry, check.fault);
  Geometry laid_out;
  const bool jumping = any_jump(geometry, crs);
  Wrap wrap = Wrap::none;
  if (jumping) {
    laid_out = geometry;
    wrap = lay_out(laid_out, crs);
  }
  const Geometry& plane = jumping ? laid_out : geometry;
  Geometry mended_one;
  bool mend = false;
  if (!geometry.empty() && wrap != Wrap::pole && !large_and_surely_valid(plane)) {
    const geos::Handle g = geos::to_geos(plane);
    const std::string fault = fault_of(g.get(), where);
    mend = !fault.empty();
    if (mend) {
      if (check.fault.empty()) check.fault = fault;
      mended_one = mended(g.get(), where);
    }
  }
  check.valid = check.fault.empty();
  if (!check.valid) check.area_before_m2 = area_as_given(geometry, crs);
  if (mend) {
    geometry = std::move(mended_one);
  } else if (!geometry.empty() && wrap != Wrap::pole) {
    wind_as(geometry, plane);
  }
  if (check.valid) return;
  check.repaired = !geometry.empty();
  check.area_after_m2 = area_m2(geometry, crs);
}

}  // namespace

GeometryCheck check_geometry(Geometry& geometry, const Crs& crs, const std::string& where) {
  refuse_bad_coordinates(geometry, where);
  GeometryCheck check;
  if (geometry.kind == GeometryKind::point) {
    drop_repeated_points(geometry.points);
  } else if (geometry.kind == GeometryKind::line) {
    for (Path& line : geometry.lines) {
      drop_repeats(line);
      if (line.size() >= 2) continue;
      check.valid = false;
      check.fault = "Line without length" +
                    (line.empty() ? std::string() : " at " + place_text(line.front()));
    }
    std::erase_if(geometry.lines, [](const Path& line) { return line.size() < 2; });
    check.repaired = !check.valid && !geometry.empty();
  } else if (geometry.kind == GeometryKind::polygon) {
    check_polygons(geometry, crs, where, check);
  }
  check.empty = geometry.empty();
  return check;
}

}  // namespace lode
