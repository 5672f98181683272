#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Surface_mesh.h>
#include <CGAL/convex_hull_3.h>

#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/geometry/solid/parts.h"
#include "libgeo/geometry/solids.h"

namespace lode {

namespace {

using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using Point3 = Kernel::Point_3;
using Surface = CGAL::Surface_mesh<Point3>;

// Exact.
bool in_one_plane(const std::vector<Point3>& points) {
  std::size_t b = 1, c = 1, d = 1;
  while (b < points.size() && points[b] == points[0]) ++b;
  if (b >= points.size()) return true;
  for (c = b + 1; c < points.size() && CGAL::collinear(points[0], points[b], points[c]);) ++c;
  if (c >= points.size()) return true;
  for (d = c + 1; d < points.size() && CGAL::coplanar(points[0], points[b], points[c], points[d]);)
    ++d;
  return d >= points.size();
}

}  // namespace

TriangleMesh convex_hull(const std::vector<std::array<double, 3>>& points) {
  std::vector<Point3> places;
  places.reserve(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (const double c : points[i])
      if (!std::isfinite(c) || std::abs(c) > 1e12)
        throw Error("mesh.bad_vertex", "a coordinate is not a finite number of metres",
                    "point " + std::to_string(i + 1), "Correct or remove it.");
    places.emplace_back(points[i][0], points[i][1], points[i][2]);
  }
  if (in_one_plane(places))
    throw Error("solid.too_few",
                "the " + std::to_string(points.size()) +
                    " points lie in one plane: no solid is around them",
                "", "Four points or more that are not in one plane make one.");
  Surface surface;
  CGAL::convex_hull_3(places.begin(), places.end(), surface);
  TriangleMesh hull;
  hull.name = "hull";
  std::vector<std::uint32_t> place(surface.number_of_vertices() +
                                   surface.number_of_removed_vertices());
  for (const auto v : surface.vertices()) {
    place[v.idx()] = static_cast<std::uint32_t>(hull.vertices.size());
    const Point3& p = surface.point(v);
    hull.vertices.push_back({p.x(), p.y(), p.z()});
  }
  for (const auto f : surface.faces()) {
    const auto h = surface.halfedge(f);
    hull.triangles.push_back({place[surface.source(h).idx()], place[surface.target(h).idx()],
                              place[surface.target(surface.next(h)).idx()]});
  }
  solid::order_by_place(hull);
  Findings ignored;
  make_solid(hull, ignored);
  return hull;
}

}  // namespace lode
