// Alpha wrapping: a Delaunay tetrahedrisation is carved from outside through every facet wider than
// alpha, until the offset surface stops it (Portaneri, Rouxel-Labbe, Hemmer, Cohen-Steiner and
// Alliez 2022).
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Surface_mesh.h>
#include <CGAL/alpha_wrap_3.h>

#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/solid/parts.h"
#include "libgeo/geometry/solids.h"

namespace lode {

namespace {

using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using Point3 = Kernel::Point_3;
using Surface = CGAL::Surface_mesh<Point3>;

// About 1 kB each in the tetrahedrisation.
constexpr std::size_t most_points = 2000000;

void refuse_fine(const std::string& name) {
  throw Error(
      "solid.alpha",
      "wrapping with this alpha needs more than " + std::to_string(most_points) + " vertices", name,
      "Give a larger alpha: the vertices grow with the area over its square.");
}

// Hears of every facet, so that a stop is heard, and counts the points that are put in.
struct Watch {
  const Progress* progress = nullptr;
  std::size_t* points = nullptr;
  std::size_t* facets = nullptr;
  const std::string* name = nullptr;

  template <class Wrapper>
  void on_alpha_wrapping_begin(const Wrapper& /*wrapper*/) {}
  template <class Wrapper>
  void on_alpha_wrapping_end(const Wrapper& /*wrapper*/) {
    progress->update(0.95, "closing the wrap");
  }
  template <class Wrapper>
  void on_flood_fill_begin(const Wrapper& /*wrapper*/) {}
  template <class Wrapper>
  void on_flood_fill_end(const Wrapper& /*wrapper*/) {}
  template <class Wrapper, class Gate>
  void before_facet_treatment(const Wrapper& /*wrapper*/, const Gate& /*gate*/) {
    if (++*facets % 256 == 0) progress->check();
  }
  template <class Wrapper, class Point>
  void before_Steiner_point_insertion(const Wrapper& /*wrapper*/, const Point& /*point*/) {
    if (++*points > most_points) refuse_fine(*name);
    if (*points % 1024 == 0)
      progress->update(
          0.9 * static_cast<double>(*points) / (static_cast<double>(*points) + 20000.0),
          "wrapping");
  }
  template <class Wrapper, class Vertex>
  void after_Steiner_point_insertion(const Wrapper& /*wrapper*/, Vertex /*vertex*/) {}
};

// Faces are cut into pieces of alpha's size before anything is heard of progress.
double pieces(const TriangleMesh& mesh, double alpha) {
  double area = 0.0;
  for (const auto& [a, b, c] : mesh.triangles) {
    const auto &p = mesh.vertices[a], &q = mesh.vertices[b], &r = mesh.vertices[c];
    const double u[3] = {q[0] - p[0], q[1] - p[1], q[2] - p[2]};
    const double v[3] = {r[0] - p[0], r[1] - p[1], r[2] - p[2]};
    area += std::hypot(u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2],
                       u[0] * v[1] - u[1] * v[0]) /
            2.0;
  }
  return area / (alpha * alpha);
}

double diagonal(const Box3& box) {
  return std::hypot(box.upper[0] - box.lower[0], box.upper[1] - box.lower[1],
                    box.upper[2] - box.lower[2]);
}

}  // namespace

TriangleMesh wrap(const TriangleMesh& mesh, const WrapOptions& options, const Progress& progress) {
  for (const double length : {options.alpha_m, options.offset_m})
    if (!(length >= 0.0) || !std::isfinite(length))
      throw Error("solid.alpha", "alpha and offset are lengths of 0 or more", mesh.name,
                  "Leave them out for a fortieth of the diagonal and a thirtieth of that.");
  TriangleMesh tidy = mesh;
  Findings ignored;
  tidy_mesh(tidy, ignored);
  const Box3 box = bounds_of(tidy);
  const double alpha = options.alpha_m > 0.0 ? options.alpha_m : diagonal(box) / 40.0;
  const double offset = options.offset_m > 0.0 ? options.offset_m : alpha / 30.0;

  if (pieces(tidy, alpha) > static_cast<double>(most_points)) refuse_fine(mesh.name);

  const auto origin = solid::exact_origin(box);
  std::vector<Point3> points;
  points.reserve(tidy.vertices.size());
  for (const auto& v : tidy.vertices)
    points.emplace_back(v[0] - origin[0], v[1] - origin[1], v[2] - origin[2]);
  std::vector<std::array<std::size_t, 3>> faces;
  faces.reserve(tidy.triangles.size());
  for (const auto& [a, b, c] : tidy.triangles)
    faces.push_back({std::size_t{a}, std::size_t{b}, std::size_t{c}});

  Surface surface;
  std::size_t inserted = 0, facets = 0;
  Watch watch{&progress, &inserted, &facets, &mesh.name};
  CGAL::alpha_wrap_3(points, faces, alpha, offset, surface, CGAL::parameters::default_values(),
                     CGAL::parameters::visitor(watch));

  TriangleMesh result;
  result.name = mesh.name;
  std::vector<std::uint32_t> place(surface.number_of_vertices() +
                                   surface.number_of_removed_vertices());
  for (const auto v : surface.vertices()) {
    place[v.idx()] = static_cast<std::uint32_t>(result.vertices.size());
    const Point3& p = surface.point(v);
    result.vertices.push_back({p.x() + origin[0], p.y() + origin[1], p.z() + origin[2]});
  }
  for (const auto f : surface.faces()) {
    const auto h = surface.halfedge(f);
    result.triangles.push_back({place[surface.source(h).idx()], place[surface.target(h).idx()],
                                place[surface.target(surface.next(h)).idx()]});
  }
  make_solid(result, ignored);
  return result;
}

}  // namespace lode
