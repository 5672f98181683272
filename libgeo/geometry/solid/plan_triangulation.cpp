#include "libgeo/geometry/solid/plan_triangulation.h"

#include <CGAL/Constrained_Delaunay_triangulation_2.h>
#include <CGAL/Constrained_triangulation_face_base_2.h>
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Triangulation_face_base_with_info_2.h>
#include <CGAL/Triangulation_vertex_base_with_info_2.h>
#include <CGAL/property_map.h>
#include <CGAL/spatial_sort.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode::solid {

namespace {

using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using Point2 = Kernel::Point_2;
using VertexBase = CGAL::Triangulation_vertex_base_with_info_2<std::uint32_t, Kernel>;
using FaceBase =
    CGAL::Triangulation_face_base_with_info_2<int, Kernel,
                                              CGAL::Constrained_triangulation_face_base_2<Kernel>>;
using Triangulation = CGAL::Constrained_Delaunay_triangulation_2<
    Kernel, CGAL::Triangulation_data_structure_2<VertexBase, FaceBase>,
    CGAL::No_constraint_intersection_requiring_constructions_tag>;
using SortTraits =
    CGAL::Spatial_sort_traits_adapter_2<Kernel, CGAL::Pointer_property_map<Point2>::const_type>;

// Faces by the number of edges that lie before them; the infinite ones are outside.
void count_edges_before(Triangulation& plan) {
  constexpr int unknown = -1;
  for (auto f = plan.all_faces_begin(); f != plan.all_faces_end(); ++f) f->info() = unknown;
  std::vector<Triangulation::Face_handle> now{plan.infinite_face()}, behind;
  for (int level = 0; !now.empty(); ++level) {
    while (!now.empty()) {
      const auto f = now.back();
      now.pop_back();
      if (f->info() != unknown) continue;
      f->info() = level;
      for (int i = 0; i < 3; ++i) {
        const auto next = f->neighbor(i);
        if (next->info() == unknown) (f->is_constrained(i) ? behind : now).push_back(next);
      }
    }
    std::swap(now, behind);
  }
}

}  // namespace

std::vector<std::array<std::uint32_t, 3>> triangulate_plan(const std::vector<Point>& places,
                                                           const std::vector<PlanEdge>& edges,
                                                           bool inside, const Progress& progress) {
  std::vector<Point2> points;
  points.reserve(places.size());
  for (const Point& p : places) points.emplace_back(p.x, p.y);
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  CGAL::spatial_sort(order.begin(), order.end(),
                     SortTraits(CGAL::make_property_map(std::as_const(points))));

  Triangulation plan;
  std::vector<Triangulation::Vertex_handle> vertices(points.size());
  Triangulation::Face_handle near;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i % 4096 == 0) progress.check();
    const auto v = plan.insert(points[order[i]], near);
    v->info() = static_cast<std::uint32_t>(order[i]);
    vertices[order[i]] = v;
    near = v->face();
  }
  try {
    for (std::size_t e = 0; e < edges.size(); ++e) {
      if (e % 1024 == 0) progress.check();
      plan.insert_constraint(vertices[edges[e][0]], vertices[edges[e][1]]);
    }
  } catch (const Triangulation::Intersection_of_constraints_exception&) {
    throw Error("geometry.overlay", "edges cross by less than numbers can tell", "",
                "Move the lines apart or join them at a vertex.");
  }
  std::vector<std::array<std::uint32_t, 3>> triangles;
  if (plan.dimension() < 2) return triangles;
  progress.check();
  if (inside) count_edges_before(plan);
  triangles.reserve(plan.number_of_faces());
  for (auto f = plan.finite_faces_begin(); f != plan.finite_faces_end(); ++f) {
    if (inside && f->info() % 2 == 0) continue;
    triangles.push_back({f->vertex(0)->info(), f->vertex(1)->info(), f->vertex(2)->info()});
  }
  return triangles;
}

int turn_of(const Point& a, const Point& b, const Point& c) {
  return static_cast<int>(CGAL::orientation(Point2(a.x, a.y), Point2(b.x, b.y), Point2(c.x, c.y)));
}

}  // namespace lode::solid
