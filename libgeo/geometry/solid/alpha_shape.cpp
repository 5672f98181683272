// Alpha shapes: the Delaunay tetrahedra whose circumsphere is no larger than a given one
// (Edelsbrunner and Muecke 1994), and their outer faces.
#include <CGAL/Delaunay_triangulation_3.h>
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Triangulation_cell_base_with_info_3.h>
#include <CGAL/Triangulation_vertex_base_with_info_3.h>
#include <CGAL/property_map.h>
#include <CGAL/spatial_sort.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/solid/parts.h"
#include "libgeo/geometry/solids.h"

namespace lode {

namespace {

using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using Point3 = Kernel::Point_3;
struct CellMark {
  std::uint32_t number = 0;  // of finite cells
  bool finite = false, inside = false;
};
using VertexBase = CGAL::Triangulation_vertex_base_with_info_3<std::uint32_t, Kernel>;
using CellBase =
    CGAL::Triangulation_cell_base_with_info_3<CellMark, Kernel,
                                              CGAL::Delaunay_triangulation_cell_base_3<Kernel>>;
using Delaunay =
    CGAL::Delaunay_triangulation_3<Kernel,
                                   CGAL::Triangulation_data_structure_3<VertexBase, CellBase>>;
using Cell = Delaunay::Cell_handle;
using SortTraits =
    CGAL::Spatial_sort_traits_adapter_3<Kernel, CGAL::Pointer_property_map<Point3>::const_type>;

// Radii that differ by rounding are one: those of a regular grid.
constexpr double slack = 1.0 + 1e-12;

[[noreturn]] void refuse_points(std::size_t points) {
  throw Error("solid.too_few",
              "the " + std::to_string(points) + " points lie in one plane: no solid is around them",
              "", "Four points or more that are not in one plane make one.");
}

class Shape {
 public:
  Shape(const std::vector<std::array<double, 3>>& points, const Progress& progress);
  [[nodiscard]] double smallest_whole() const;  // squared radius
  void choose(double squared_radius);
  double fill_edges(const Progress& progress);
  AlphaShape result() const;
  [[nodiscard]] bool any_inside() const {
    return std::any_of(cells_.begin(), cells_.end(), [](Cell c) { return c->info().inside; });
  }

 private:
  bool fill_edge(const Delaunay::Edge& edge, double& filled);

  std::array<double, 3> origin_{0.0, 0.0, 0.0};
  Delaunay delaunay_;
  std::vector<Cell> cells_;
  std::vector<double> squared_radius_;
};

Shape::Shape(const std::vector<std::array<double, 3>>& points, const Progress& progress) {
  TriangleMesh all;
  all.vertices = points;
  for (std::size_t i = 0; i < points.size(); ++i)
    for (const double c : points[i])
      if (!std::isfinite(c) || std::abs(c) > 1e12)
        throw Error("mesh.bad_vertex", "a coordinate is not a finite number of metres",
                    "point " + std::to_string(i + 1), "Correct or remove it.");
  origin_ = solid::exact_origin(bounds_of(all));
  std::vector<Point3> places;
  places.reserve(points.size());
  for (const auto& p : points)
    places.emplace_back(p[0] - origin_[0], p[1] - origin_[1], p[2] - origin_[2]);
  // Points on one sphere have several tetrahedrisations: the order of the rows must not choose.
  std::sort(places.begin(), places.end(), [](const Point3& a, const Point3& b) {
    return CGAL::lexicographically_xyz_smaller(a, b);
  });
  std::vector<std::size_t> order(places.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  CGAL::spatial_sort(order.begin(), order.end(),
                     SortTraits(CGAL::make_property_map(std::as_const(places))));
  Delaunay::Vertex_handle near;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i % 1024 == 0)
      progress.update(0.8 * static_cast<double>(i) / static_cast<double>(order.size()),
                      "making tetrahedra");
    near = near == Delaunay::Vertex_handle() ? delaunay_.insert(places[order[i]])
                                             : delaunay_.insert(places[order[i]], near);
  }
  if (delaunay_.dimension() < 3) refuse_points(points.size());
  std::uint32_t number = 0;
  for (auto v = delaunay_.finite_vertices_begin(); v != delaunay_.finite_vertices_end(); ++v)
    v->info() = number++;
  for (auto c = delaunay_.finite_cells_begin(); c != delaunay_.finite_cells_end(); ++c) {
    c->info() = {static_cast<std::uint32_t>(cells_.size()), true, false};
    cells_.push_back(c);
    const double radius = CGAL::squared_radius(c->vertex(0)->point(), c->vertex(1)->point(),
                                               c->vertex(2)->point(), c->vertex(3)->point());
    squared_radius_.push_back(std::isfinite(radius) ? radius : std::numeric_limits<double>::max());
  }
}

// Tetrahedra are let in by growing radius, until they hang together by faces and hold every point.
double Shape::smallest_whole() const {
  std::vector<std::uint32_t> order(cells_.size()), parent(cells_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::iota(parent.begin(), parent.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::pair(squared_radius_[a], a) < std::pair(squared_radius_[b], b);
  });
  const auto root = [&](std::uint32_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
  };
  std::vector<char> in(cells_.size(), 0), held(delaunay_.number_of_vertices(), 0);
  std::size_t bodies = 0, points = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::uint32_t c = order[i];
    in[c] = 1;
    ++bodies;
    for (int k = 0; k < 4; ++k) {
      const std::uint32_t v = cells_[c]->vertex(k)->info();
      points += held[v] == 0 ? 1 : 0;
      held[v] = 1;
      const CellMark& next = cells_[c]->neighbor(k)->info();
      if (!next.finite || in[next.number] == 0) continue;
      const std::uint32_t a = root(c), b = root(next.number);
      if (a == b) continue;
      parent[std::max(a, b)] = std::min(a, b);
      --bodies;
    }
    const bool last_of_its_size =
        i + 1 == order.size() || squared_radius_[order[i + 1]] > squared_radius_[c] * slack;
    if (last_of_its_size && bodies == 1 && points == held.size()) return squared_radius_[c];
  }
  return squared_radius_[order.back()];
}

void Shape::choose(double squared_radius) {
  for (std::size_t c = 0; c < cells_.size(); ++c)
    cells_[c]->info().inside = squared_radius_[c] <= squared_radius * slack;
}

double volume_of(const Cell& c) {
  return std::abs(CGAL::volume(c->vertex(0)->point(), c->vertex(1)->point(), c->vertex(2)->point(),
                               c->vertex(3)->point()));
}

// About an edge with two gaps or more between the tetrahedra inside, the smaller gaps are filled.
bool Shape::fill_edge(const Delaunay::Edge& edge, double& filled) {
  std::vector<Cell> ring;
  auto cell = delaunay_.incident_cells(edge);
  const auto first = cell;
  do ring.push_back(cell);
  while (++cell != first);
  // Start behind a change from inside to outside.
  const std::size_t n = ring.size();
  std::size_t start = n;
  for (std::size_t i = 0; i < n && start == n; ++i)
    if (ring[i]->info().inside && !ring[(i + 1) % n]->info().inside) start = (i + 1) % n;
  if (start == n) return false;
  struct Gap {
    std::vector<Cell> cells;
    double volume = 0.0;
    bool open = false;
  };
  std::vector<Gap> gaps;
  for (std::size_t i = 0; i < n; ++i) {
    const Cell c = ring[(start + i) % n];
    if (c->info().inside) continue;
    if (ring[(start + i + n - 1) % n]->info().inside) gaps.emplace_back();
    gaps.back().cells.push_back(c);
    if (c->info().finite)
      gaps.back().volume += volume_of(c);
    else
      gaps.back().open = true;
  }
  if (gaps.size() < 2) return false;
  std::stable_sort(gaps.begin(), gaps.end(), [](const Gap& a, const Gap& b) {
    return std::pair(a.open, a.volume) < std::pair(b.open, b.volume);
  });
  for (std::size_t g = 0; g + 1 < gaps.size(); ++g) {
    filled += gaps[g].volume;
    for (const Cell& c : gaps[g].cells) c->info().inside = true;
  }
  return true;
}

double Shape::fill_edges(const Progress& progress) {
  double filled = 0.0;
  for (bool again = true; again;) {
    again = false;
    std::size_t count = 0;
    for (auto e = delaunay_.finite_edges_begin(); e != delaunay_.finite_edges_end(); ++e) {
      if (++count % 4096 == 0) progress.check();
      again = fill_edge(*e, filled) || again;
    }
  }
  return filled;
}

AlphaShape Shape::result() const {
  AlphaShape shape;
  shape.points = delaunay_.number_of_vertices();
  shape.mesh.name = "alpha shape";
  std::vector<char> held(shape.points, 0);
  std::vector<char> seen(cells_.size(), 0);
  std::vector<std::uint32_t> stack;
  shape.mesh.vertices.resize(shape.points);
  for (auto v = delaunay_.finite_vertices_begin(); v != delaunay_.finite_vertices_end(); ++v)
    shape.mesh.vertices[v->info()] = {v->point().x() + origin_[0], v->point().y() + origin_[1],
                                      v->point().z() + origin_[2]};
  for (std::uint32_t first = 0; first < cells_.size(); ++first) {
    if (!cells_[first]->info().inside || seen[first]) continue;
    ++shape.parts;
    seen[first] = 1;
    stack.push_back(first);
    while (!stack.empty()) {
      const Cell c = cells_[stack.back()];
      stack.pop_back();
      for (int k = 0; k < 4; ++k) {
        held[c->vertex(k)->info()] = 1;
        const CellMark& next = c->neighbor(k)->info();
        if (!next.inside) {
          shape.mesh.triangles.push_back({c->vertex(Delaunay::vertex_triple_index(k, 0))->info(),
                                          c->vertex(Delaunay::vertex_triple_index(k, 1))->info(),
                                          c->vertex(Delaunay::vertex_triple_index(k, 2))->info()});
        } else if (!seen[next.number]) {
          seen[next.number] = 1;
          stack.push_back(next.number);
        }
      }
    }
  }
  shape.left_out = static_cast<std::size_t>(std::count(held.begin(), held.end(), 0));
  solid::drop_unused_vertices(shape.mesh);
  return shape;
}

}  // namespace

AlphaShape alpha_solid(const std::vector<std::array<double, 3>>& points, double alpha_m,
                       const Progress& progress) {
  if (!(alpha_m >= 0.0) || !std::isfinite(alpha_m))
    throw Error("solid.alpha", "alpha is a length above 0", "alpha",
                "Leave it out for the smallest that makes one solid of all points.");
  if (points.size() < 4) refuse_points(points.size());
  Shape shape(points, progress);
  const double squared = alpha_m > 0.0 ? alpha_m * alpha_m : shape.smallest_whole();
  progress.check();
  shape.choose(squared);
  if (!shape.any_inside())
    throw Error("solid.empty",
                "no four points lie in a sphere of radius " + number_text(alpha_m) +
                    " m that holds no other",
                "alpha", "Give a larger alpha, or none: it is then found.");
  const double filled = shape.fill_edges(progress.part(0.8, 1.0));
  AlphaShape result = shape.result();
  result.alpha_m = alpha_m > 0.0 ? alpha_m : std::sqrt(squared);
  result.filled_m3 = filled;
  Findings ignored;
  make_solid(result.mesh, ignored);
  progress.update(1.0);
  return result;
}

TriangleMesh alpha_shape(const std::vector<std::array<double, 3>>& points, double& alpha_m,
                         const Progress& progress) {
  AlphaShape shape = alpha_solid(points, alpha_m, progress);
  alpha_m = shape.alpha_m;
  return std::move(shape.mesh);
}

}  // namespace lode
