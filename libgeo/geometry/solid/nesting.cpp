// Which shells are cavities: a ray upward from each counts the faces of all others at once, so many
// thousand shells take no longer than their triangles ask for. Signs are exact.
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>

#include <limits>

#include "libgeo/geometry/box_tree.h"
#include "libgeo/geometry/mesh_parts.h"

namespace lode::mesh_parts {

namespace {

using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;

Kernel::Point_3 point(const Vec& v) {
  return {v[0], v[1], v[2]};
}
Kernel::Point_2 flat(const Vec& v) {
  return {v[0], v[1]};
}

// The edge crosses the line y = place[1] to the right of the place. Its ends are taken in the order
// of their y, so both its triangles get one answer, also for a place on it.
bool is_right(const Vec& a, const Vec& b, const Vec& place) {
  const bool above_a = a[1] > place[1], above_b = b[1] > place[1];
  if (above_a == above_b) return false;
  return CGAL::orientation(flat(above_b ? a : b), flat(above_b ? b : a), flat(place)) ==
         CGAL::LEFT_TURN;
}

enum class Crossing { none, above, touches };

Crossing crossing(const TriangleMesh& mesh, std::uint32_t triangle, const Vec& place) {
  const auto& [ia, ib, ic] = mesh.triangles[triangle];
  const Vec &a = mesh.vertices[ia], &b = mesh.vertices[ib], &c = mesh.vertices[ic];
  const bool inside = is_right(a, b, place) != (is_right(b, c, place) != is_right(c, a, place));
  if (!inside) return Crossing::none;
  const auto side = CGAL::orientation(point(a), point(b), point(c), point(place));
  if (side == CGAL::COPLANAR) return Crossing::touches;
  const bool upward = CGAL::orientation(flat(a), flat(b), flat(c)) == CGAL::LEFT_TURN;
  return (side == CGAL::NEGATIVE) == upward ? Crossing::above : Crossing::none;
}

class Nesting {
 public:
  Nesting(const TriangleMesh& mesh, const Shells& shells)
      : mesh_(mesh), shells_(shells), tree_(BoxTree::of_triangles(mesh)) {}

  // False when the place lies on a face of another shell.
  bool is_inside_odd(std::uint32_t shell, const Vec& place, bool& odd) {
    tree_.meeting({place, {place[0], place[1], std::numeric_limits<double>::max()}}, found_);
    odd = false;
    for (const std::uint32_t t : found_) {
      if (shells_.of[t] == shell) continue;
      const Crossing met = crossing(mesh_, t, place);
      if (met == Crossing::touches) return false;
      if (met == Crossing::above) odd = !odd;
    }
    return true;
  }

 private:
  const TriangleMesh& mesh_;
  const Shells& shells_;
  BoxTree tree_;
  std::vector<std::uint32_t> found_;
};

}  // namespace

std::vector<char> cavities(const TriangleMesh& mesh, const Shells& shells) {
  std::vector<char> cavity(shells.count, 0);
  if (shells.count < 2) return cavity;
  Nesting nesting(mesh, shells);
  // A corner that lies on another shell says nothing: then the next, then middles of faces.
  std::vector<char> known(shells.count, 0);
  for (const bool middles : {false, true})
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
      const std::uint32_t shell = shells.of[t];
      if (known[shell]) continue;
      const auto& [a, b, c] = mesh.triangles[t];
      Vec place = mesh.vertices[a];
      if (middles)
        for (std::size_t axis = 0; axis < 3; ++axis)
          place[axis] +=
              ((mesh.vertices[b][axis] - place[axis]) + (mesh.vertices[c][axis] - place[axis])) / 3;
      bool odd = false;
      if (!nesting.is_inside_odd(shell, place, odd)) continue;
      known[shell] = 1;
      cavity[shell] = odd ? 1 : 0;
    }
  return cavity;
}

}  // namespace lode::mesh_parts
