// Closed bodies under and above surfaces, and polygons as prisms.
#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/mesh_report.h"
#include "libgeo/geometry/solid/parts.h"
#include "libgeo/geometry/solid/plan_triangulation.h"
#include "libgeo/geometry/solids.h"
#include "libgeo/geometry/tin.h"

namespace lode {

namespace {

using Vec = std::array<double, 3>;

std::string place_text(const Vec& v) {
  return "(" + number_text(v[0]) + " " + number_text(v[1]) + ")";
}

Point plan_of(const Vec& v) {
  return {v[0], v[1]};
}

[[noreturn]] void refuse_fold(const TriangleMesh& surface, std::size_t t, const std::string& more) {
  throw Error("solid.folded",
              "the surface has two heights at a place: triangle " + std::to_string(t + 1) + more +
                  ", at " + place_text(surface.vertices[surface.triangles[t][0]]),
              surface.name, "Take out overhangs, cliffs and what stands twice.");
}

// Triangles that look up, none over another.
void lay_out(TriangleMesh& surface) {
  for (std::size_t t = 0; t < surface.triangles.size(); ++t) {
    auto& [a, b, c] = surface.triangles[t];
    const int turn = solid::turn_of(plan_of(surface.vertices[a]), plan_of(surface.vertices[b]),
                                    plan_of(surface.vertices[c]));
    if (turn == 0) refuse_fold(surface, t, " is upright");
    if (turn < 0) std::swap(b, c);
  }
  TriangleMesh plan = surface;
  for (Vec& v : plan.vertices) v[2] = 0.0;
  const SelfIntersections over = self_intersections(plan, 1);
  if (over.count > 0)
    refuse_fold(surface, over.pairs[0][0],
                " lies over triangle " + std::to_string(over.pairs[0][1] + 1));
}

// Sides that no other triangle runs along the other way.
std::vector<std::array<std::uint32_t, 2>> border_of(const TriangleMesh& surface) {
  std::vector<std::array<std::uint32_t, 2>> sides, border;
  for (const auto& t : surface.triangles)
    for (std::size_t c = 0; c < 3; ++c) sides.push_back({t[c], t[(c + 1) % 3]});
  std::sort(sides.begin(), sides.end());
  for (const auto& side : sides)
    if (!std::binary_search(sides.begin(), sides.end(), std::array{side[1], side[0]}))
      border.push_back(side);
  return border;
}

// Surface, its copy at the level, and walls between the borders; wound outward when the level is
// below.
TriangleMesh between(const TriangleMesh& surface, double level, bool below) {
  const auto n = static_cast<std::uint32_t>(surface.vertices.size());
  const auto border = border_of(surface);
  for (std::size_t i = 1; i < border.size(); ++i)
    if (border[i][0] == border[i - 1][0])
      throw Error("solid.pinched",
                  "the border meets itself at " + place_text(surface.vertices[border[i][0]]) +
                      ": the wall there would have four sides",
                  surface.name, "Fill the hole beside it, or part the two by a millimetre.");
  TriangleMesh body;
  body.name = surface.name;
  body.vertices = surface.vertices;
  for (Vec v : surface.vertices) {
    v[2] = level;
    body.vertices.push_back(v);
  }
  body.triangles = surface.triangles;
  for (const auto& [a, b, c] : surface.triangles) body.triangles.push_back({a + n, c + n, b + n});
  for (const auto& [a, b] : border) {
    body.triangles.push_back({b, a, a + n});
    body.triangles.push_back({b, a + n, b + n});
  }
  if (!below)
    for (auto& t : body.triangles) std::swap(t[1], t[2]);
  return body;
}

TriangleMesh close_surface(const TriangleMesh& given, double level, bool below) {
  if (!std::isfinite(level))
    throw Error("solid.level", "the level is no height", given.name, "Give it in metres.");
  TriangleMesh surface = given;
  Findings ignored;
  tidy_mesh(surface, ignored);
  solid::drop_unused_vertices(surface);
  lay_out(surface);
  for (const Vec& v : surface.vertices)
    if (below ? v[2] <= level : v[2] >= level)
      throw Error("solid.level",
                  "the surface is at " + number_text(v[2]) + " m at " + place_text(v) +
                      ", the level at " + number_text(level) + " m",
                  given.name,
                  below ? "Give a level below all of it." : "Give a level above all of it.");
  return between(surface, level, below);
}

}  // namespace

TriangleMesh solid_under(const TriangleMesh& surface, double level_m) {
  return close_surface(surface, level_m, true);
}

TriangleMesh solid_above(const TriangleMesh& surface, double level_m) {
  return close_surface(surface, level_m, false);
}

TriangleMesh prism(const Geometry& polygons, double bottom_m, double top_m) {
  if (!std::isfinite(bottom_m) || !std::isfinite(top_m) || !(bottom_m < top_m))
    throw Error("solid.level",
                "the prism's top (" + number_text(top_m) + " m) is not above its bottom (" +
                    number_text(bottom_m) + " m)",
                "prism", "Give the lower level first.");
  const PlanTriangles plan = triangulate_polygons(polygons);
  if (plan.triangles.empty())
    throw Error("solid.empty", "the polygons have no area", "prism", "Give polygons.");
  TriangleMesh top;
  top.name = "prism";
  for (const Point& p : plan.vertices) top.vertices.push_back({p.x, p.y, top_m});
  top.triangles = plan.triangles;
  solid::drop_unused_vertices(top);
  return between(top, bottom_m, true);
}

}  // namespace lode
