// Booleans by corefinement: both surfaces are cut along the curves in which they meet, with exact
// signs, and the patches between are kept or left out.
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Polygon_mesh_processing/corefinement.h>
#include <CGAL/Surface_mesh.h>

#include <cmath>
#include <limits>
#include <optional>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/mesh_report.h"
#include "libgeo/geometry/solid/parts.h"
#include "libgeo/geometry/solids.h"

namespace lode {

namespace {

namespace pmp = CGAL::Polygon_mesh_processing;
using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using Point3 = Kernel::Point_3;
using Surface = CGAL::Surface_mesh<Point3>;
using Vec = std::array<double, 3>;

// Hears of each step, so that a stop is heard.
struct Watch : pmp::Corefinement::Default_visitor<Surface> {
  const Progress* progress = nullptr;
  void say(double fraction, const char* what) const {
    if (progress != nullptr) progress->update(fraction, what);
  }
  void check() const {
    if (progress != nullptr) progress->check();
  }
  void start_filtering_intersections() const { say(0.05, "finding where the solids meet"); }
  void progress_filtering_intersections(double) const { check(); }
  void start_triangulating_faces(std::size_t) const { say(0.5, "cutting faces"); }
  void triangulating_faces_step() const { check(); }
  void start_handling_intersection_of_coplanar_faces(std::size_t) const {
    say(0.2, "faces in one plane");
  }
  void intersection_of_coplanar_faces_step() const { check(); }
  void start_handling_edge_face_intersections(std::size_t) const { say(0.3, "edges and faces"); }
  void edge_face_intersections_step() const { check(); }
  void start_building_output() const { say(0.7, "joining patches"); }
  void detect_patches() const { check(); }
  void classify_patches() const { check(); }
  void classify_intersection_free_patches(const Surface& /*surface*/) const { check(); }
};

Surface to_surface(const TriangleMesh& solid) {
  TriangleMesh mesh = solid;
  solid::part_umbrellas(mesh);
  Surface surface;
  const auto vertices = static_cast<Surface::size_type>(mesh.vertices.size());
  const auto faces = static_cast<Surface::size_type>(mesh.triangles.size());
  surface.reserve(vertices, faces / 2 * 3, faces);
  for (const Vec& v : mesh.vertices) surface.add_vertex(Point3(v[0], v[1], v[2]));
  using Index = Surface::Vertex_index;
  for (const auto& [a, b, c] : mesh.triangles)
    if (surface.add_face(Index(a), Index(b), Index(c)) == Surface::null_face())
      throw Error("mesh.not_orientable", "the triangles about a vertex do not make one sheet",
                  solid.name, "Mend the surface where it was made.");
  return surface;
}

TriangleMesh to_mesh(const Surface& surface, const std::string& name) {
  TriangleMesh mesh;
  mesh.name = name;
  std::vector<std::uint32_t> place(surface.number_of_vertices() +
                                   surface.number_of_removed_vertices());
  for (const auto v : surface.vertices()) {
    place[v.idx()] = static_cast<std::uint32_t>(mesh.vertices.size());
    const Point3& p = surface.point(v);
    mesh.vertices.push_back({p.x(), p.y(), p.z()});
  }
  for (const auto f : surface.faces()) {
    const auto h = surface.halfedge(f);
    mesh.triangles.push_back({place[surface.source(h).idx()], place[surface.target(h).idx()],
                              place[surface.target(surface.next(h)).idx()]});
  }
  if (mesh.empty()) mesh.vertices.clear();
  solid::order_by_place(mesh);
  return mesh;
}

// The parts that both have, and the one asked for.
struct Parts {
  std::optional<TriangleMesh> joined, shared, rest;
};

Parts cut(const TriangleMesh& a, const TriangleMesh& b, SolidOperation operation,
          const Progress& progress) {
  Surface one = to_surface(a), two = to_surface(b);
  Surface joined, shared, rest;
  std::array<boost::optional<Surface*>, 4> wanted;
  wanted[pmp::Corefinement::UNION] = &joined;
  wanted[pmp::Corefinement::INTERSECTION] = &shared;
  const bool subtract = operation == SolidOperation::subtract;
  if (subtract) wanted[pmp::Corefinement::TM1_MINUS_TM2] = &rest;
  Watch watch;
  watch.progress = &progress;
  const auto valid = pmp::corefine_and_compute_boolean_operations(one, two, wanted,
                                                                  CGAL::parameters::visitor(watch));
  Parts parts;
  if (valid[pmp::Corefinement::UNION]) parts.joined = to_mesh(joined, a.name);
  if (valid[pmp::Corefinement::INTERSECTION]) parts.shared = to_mesh(shared, a.name);
  if (subtract && valid[pmp::Corefinement::TM1_MINUS_TM2]) parts.rest = to_mesh(rest, a.name);
  return parts;
}

void refuse_crossing(const TriangleMesh& solid, const Progress& progress) {
  const SelfIntersections found = self_intersections(solid, 1, progress);
  if (found.count == 0) return;
  throw Error("solid.self_intersecting",
              "the solid crosses itself: triangles " + std::to_string(found.pairs[0][0] + 1) +
                  " and " + std::to_string(found.pairs[0][1] + 1) + " do, of " +
                  std::to_string(found.count) + " pair(s)",
              solid.name, "Mend it where it was made, or wrap it ('lode volume mesh --repair').");
}

[[noreturn]] void refuse(const TriangleMesh& a, const TriangleMesh& b, const std::string& what,
                         const std::string& hint) {
  throw Error("solid.boolean", what, a.name + " and " + b.name, hint);
}

// Rounded vertices may fall together; the signed volume of each closed result must then still be
// what the others leave.
double checked_volume(TriangleMesh& mesh, const TriangleMesh& a, const TriangleMesh& b) {
  if (mesh.empty()) return 0.0;
  Findings ignored;
  const double before = signed_volume_m3(mesh);
  try {
    tidy_mesh(mesh, ignored);
  } catch (const Error&) {
    mesh.vertices.clear();  // nothing but flat triangles
    mesh.triangles.clear();
    return before;
  }
  const MeshCheck check = check_mesh(mesh);
  if (!check.closed || !check.oriented)
    refuse(a, b, "the result touches itself along an edge: " + check.fault,
           "No solid has such an edge: move one of the two by a millimetre.");
  solid::drop_unused_vertices(mesh);
  return signed_volume_m3(mesh);
}

// What the result holds must be what the two and the other part leave.
void check_volumes(TriangleMesh& asked, const Parts& parts, const TriangleMesh& one,
                   const TriangleMesh& two, SolidOperation operation) {
  const double in_a = signed_volume_m3(one), in_b = signed_volume_m3(two);
  const double result = checked_volume(asked, one, two);
  // Each vertex is right to a unit in the last place.
  const Box3 box_a = bounds_of(one), box_b = bounds_of(two);
  double far = 0.0;
  for (std::size_t axis = 0; axis < 3; ++axis)
    for (const Box3* box : {&box_a, &box_b})
      far = std::max({far, std::abs(box->lower[axis]), std::abs(box->upper[axis])});
  const double tolerance = 1e-9 * (in_a + in_b) + 8.0 * std::numeric_limits<double>::epsilon() *
                                                      far *
                                                      (solid::area_m2(one) + solid::area_m2(two));
  const auto agree = [&](double expected) {
    if (std::abs(result - expected) > tolerance)
      refuse(one, two,
             "volumes do not add up: the result holds " + number_text(result) +
                 " m3 and must hold " + number_text(expected),
             "Check both solids with 'lode volume mesh'; one may cross itself.");
  };
  if (operation == SolidOperation::intersect) {
    if (parts.joined) agree(in_a + in_b - signed_volume_m3(*parts.joined));
    if (result > std::min(in_a, in_b) + tolerance) agree(std::min(in_a, in_b));
  } else if (parts.shared) {
    const double shared = signed_volume_m3(*parts.shared);
    agree(operation == SolidOperation::unite ? in_a + in_b - shared : in_a - shared);
  }
}

bool wanted_inside(SolidOperation operation, bool in_a, bool in_b) {
  switch (operation) {
    case SolidOperation::unite:
      return in_a || in_b;
    case SolidOperation::intersect:
      return in_a && in_b;
    case SolidOperation::subtract:
      break;
  }
  return in_a && !in_b;
}

struct Face {
  double twice_area = 0.0;
  Vec middle{0.0, 0.0, 0.0}, normal{0.0, 0.0, 0.0};
};

Face largest_face(const TriangleMesh& mesh, std::size_t begin, std::size_t end) {
  Face face;
  for (std::size_t t = begin; t < end; ++t) {
    const auto& [va, vb, vc] = mesh.triangles[t];
    const Vec &p = mesh.vertices[va], &q = mesh.vertices[vb], &r = mesh.vertices[vc];
    const Vec u{q[0] - p[0], q[1] - p[1], q[2] - p[2]}, v{r[0] - p[0], r[1] - p[1], r[2] - p[2]};
    const Vec n{u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]};
    const double length = std::hypot(n[0], n[1], n[2]);
    if (length <= face.twice_area) continue;
    face.twice_area = length;
    for (std::size_t c = 0; c < 3; ++c) {
      face.middle[c] = p[c] + (u[c] + v[c]) / 3.0;
      face.normal[c] = n[c] / length;
    }
  }
  return face;
}

// Places close by the middles of some triangles of the result, on both sides: they must lie in a
// and b as the operation says. Independent of how the patches were told apart. What is thinner than
// the rounding of its vertices cannot be probed.
void probe(const TriangleMesh& result, const TriangleMesh& a, const TriangleMesh& b,
           SolidOperation operation, const Progress& progress) {
  const double all = static_cast<double>(a.triangles.size() + b.triangles.size());
  const auto probes = std::min(result.triangles.size(),
                               static_cast<std::size_t>(std::clamp(4.0e6 / all, 8.0, 64.0)));
  const double thickness = signed_volume_m3(result) / solid::area_m2(result);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < probes; ++i) {
    progress.check();
    const std::size_t begin = i * result.triangles.size() / probes;
    const std::size_t end = (i + 1) * result.triangles.size() / probes;
    const auto [largest, middle, normal] = largest_face(result, begin, end);
    if (largest == 0.0) continue;
    const double far = std::max({std::abs(middle[0]), std::abs(middle[1]), std::abs(middle[2])});
    const double step = std::max(1e-9 * std::sqrt(largest), 1e-14 * far);
    if (thickness < 100.0 * step) continue;
    for (const double side : {-1.0, 1.0}) {
      Vec place = middle;
      for (std::size_t c = 0; c < 3; ++c) place[c] += side * step * normal[c];
      const bool in_a = solid::winding_about(a, place) > 0.5;
      const bool in_b = solid::winding_about(b, place) > 0.5;
      if (wanted_inside(operation, in_a, in_b) != (side < 0.0)) ++wrong;
    }
  }
  // A part thinner than the step misleads a probe; a patch on the wrong side misleads many.
  if (wrong > 1 && wrong * 8 > 2 * probes)
    refuse(a, b, "the faces of the result do not part the inside from the outside",
           "Check both solids with 'lode volume mesh'; one may cross itself.");
}

}  // namespace

TriangleMesh combine_solids(const TriangleMesh& a, const TriangleMesh& b, SolidOperation operation,
                            Findings& findings, const Progress& progress) {
  TriangleMesh one = a, two = b;
  if (!one.empty()) make_solid(one, findings);
  if (!two.empty()) make_solid(two, findings);
  if (one.empty() || two.empty()) {
    if (operation == SolidOperation::unite) return one.empty() ? two : one;
    return operation == SolidOperation::subtract ? one : TriangleMesh{{}, {}, a.name};
  }
  refuse_crossing(one, progress.part(0.0, 0.1));
  refuse_crossing(two, progress.part(0.1, 0.2));
  Parts parts;
  try {
    parts = cut(one, two, operation, progress.part(0.2, 0.9));
  } catch (const CGAL::Failure_exception& failure) {
    refuse(a, b, "the solids cannot be cut along one another: " + printable(failure.what()),
           "Check both with 'lode volume mesh'.");
  }
  std::optional<TriangleMesh>& asked = operation == SolidOperation::unite       ? parts.joined
                                       : operation == SolidOperation::intersect ? parts.shared
                                                                                : parts.rest;
  if (!asked)
    refuse(a, b, "the result touches itself along an edge, which no solid has",
           "Move one of the two by a millimetre.");

  check_volumes(*asked, parts, one, two, operation);
  if (!asked->empty()) {
    probe(*asked, one, two, operation, progress);
    const auto crossing = self_intersections(*asked, 1, progress.part(0.9, 1.0));
    if (crossing.count > 0)
      findings.add("solid.rounded", Severity::warning, a.name + " and " + b.name,
                   "pairs of faces of the result cross by less than coordinates can tell: its "
                   "volume is right, but it may be refused as an input",
                   crossing.count);
  }
  progress.update(1.0);
  return std::move(*asked);
}

}  // namespace lode
