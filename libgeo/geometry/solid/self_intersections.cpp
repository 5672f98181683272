// Triangles that cross: boxes in a tree find who may, exact signs say who does.
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Intersections_3/Segment_3_Triangle_3.h>
#include <CGAL/Intersections_3/Triangle_3_Triangle_3.h>

#include <algorithm>
#include <cmath>

#include "libgeo/geometry/box_tree.h"
#include "libgeo/geometry/mesh_parts.h"
#include "libgeo/geometry/mesh_report.h"

namespace lode {

namespace {

using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using mesh_parts::Corners;
using mesh_parts::Vec;

Kernel::Point_3 point(const Vec& v) {
  return {v[0], v[1], v[2]};
}

// On which side of a plane a place lies: the determinant where its rounding cannot turn its sign
// (Shewchuk 1997, first stage), else exact.
int side_of(const Vec& a, const Vec& b, const Vec& c, const Vec& d) {
  const double adx = a[0] - d[0], ady = a[1] - d[1], adz = a[2] - d[2];
  const double bdx = b[0] - d[0], bdy = b[1] - d[1], bdz = b[2] - d[2];
  const double cdx = c[0] - d[0], cdy = c[1] - d[1], cdz = c[2] - d[2];
  const double bc = bdx * cdy, cb = cdx * bdy, ca = cdx * ady, ac = adx * cdy, ab = adx * bdy,
               ba = bdx * ady;
  const double det = adz * (bc - cb) + bdz * (ca - ac) + cdz * (ab - ba);
  const double size = (std::abs(bc) + std::abs(cb)) * std::abs(adz) +
                      (std::abs(ca) + std::abs(ac)) * std::abs(bdz) +
                      (std::abs(ab) + std::abs(ba)) * std::abs(cdz);
  const double bound = 7.8e-16 * size;
  if (det > bound && size > 1e-200) return -1;
  if (det < -bound && size > 1e-200) return 1;
  // In a plane along two axes, as the faces of blocks are.
  if ((adx == 0.0 && bdx == 0.0 && cdx == 0.0) || (ady == 0.0 && bdy == 0.0 && cdy == 0.0) ||
      (adz == 0.0 && bdz == 0.0 && cdz == 0.0))
    return 0;
  return static_cast<int>(CGAL::orientation(point(a), point(b), point(c), point(d)));
}

class Narrow {
 public:
  explicit Narrow(const TriangleMesh& mesh) : mesh_(mesh) {}

  bool cross(std::uint32_t s, std::uint32_t t) const {
    // Corners that both have come first, in the same order.
    Corners a = mesh_.triangles[s], b = mesh_.triangles[t];
    std::size_t shared = 0;
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = shared; j < 3; ++j)
        if (a[i] == b[j]) {
          std::swap(a[i], a[shared]);
          std::swap(b[j], b[shared]);
          ++shared;
          break;
        }
    if (shared == 3) return true;
    if (shared == 2) return folded(a, b);
    if (is_apart(a, b, shared) || is_apart(b, a, shared)) return false;
    if (is_line(a) || is_line(b)) return false;
    if (shared == 0) return CGAL::do_intersect(triangle(a), triangle(b));
    return CGAL::do_intersect(triangle(a), segment(b)) ||
           CGAL::do_intersect(triangle(b), segment(a));
  }

 private:
  [[nodiscard]] const Vec& at(std::uint32_t v) const { return mesh_.vertices[v]; }
  [[nodiscard]] Kernel::Triangle_3 triangle(const Corners& t) const {
    return {point(at(t[0])), point(at(t[1])), point(at(t[2]))};
  }
  [[nodiscard]] Kernel::Segment_3 segment(const Corners& t) const {
    return {point(at(t[1])), point(at(t[2]))};
  }
  // The corners of b that a has not lie on one side of a's plane.
  [[nodiscard]] bool is_apart(const Corners& a, const Corners& b, std::size_t shared) const {
    const Vec &p = at(a[0]), &q = at(a[1]), &r = at(a[2]);
    const int first = side_of(p, q, r, at(b[shared]));
    if (first == 0) return false;
    for (std::size_t i = shared + 1; i < 3; ++i)
      if (side_of(p, q, r, at(b[i])) != first) return false;
    return true;
  }
  // Neighbours over an edge that lie in one plane on the same side of it.
  [[nodiscard]] bool folded(const Corners& a, const Corners& b) const {
    if (side_of(at(a[0]), at(a[1]), at(a[2]), at(b[2])) != 0) return false;
    if (is_line(a) || is_line(b)) return false;
    return CGAL::coplanar_orientation(point(at(a[0])), point(at(a[1])), point(at(a[2])),
                                      point(at(b[2]))) == CGAL::POSITIVE;
  }
  // A face without area is covered by its neighbours.
  [[nodiscard]] bool is_line(const Corners& t) const {
    return CGAL::collinear(point(at(t[0])), point(at(t[1])), point(at(t[2])));
  }

  const TriangleMesh& mesh_;
};

}  // namespace

SelfIntersections self_intersections(const TriangleMesh& mesh, std::size_t most,
                                     const Progress& progress) {
  SelfIntersections result;
  const BoxTree tree = BoxTree::of_triangles(mesh);
  const Narrow narrow(mesh);
  std::vector<std::array<std::uint32_t, 2>> candidates, found;
  for (std::size_t part = 0; part < tree.parts(); ++part) {
    if (part % 1024 == 0)
      progress.update(static_cast<double>(part) / static_cast<double>(tree.parts()));
    candidates.clear();
    tree.pairs_of_part(part, candidates);
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (i % 65536 == 65535) progress.check();
      const auto [s, t] = candidates[i];
      if (!narrow.cross(s, t)) continue;
      ++result.count;
      found.push_back({std::min(s, t), std::max(s, t)});
    }
    // The first by number are kept, whatever order they are found in.
    if (found.size() > most + 65536) {
      std::nth_element(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(most),
                       found.end());
      found.resize(most);
    }
  }
  std::sort(found.begin(), found.end());
  if (found.size() > most) found.resize(most);
  result.pairs = std::move(found);
  progress.update(1.0);
  return result;
}

}  // namespace lode
