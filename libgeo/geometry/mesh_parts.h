// What the mesh files share: sides sorted into edges, shells, welding, volumes by shell.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "libgeo/geometry/mesh.h"

namespace lode::mesh_parts {

using Vec = std::array<double, 3>;
using Corners = std::array<std::uint32_t, 3>;
inline constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

inline Vec minus(const Vec& a, const Vec& b) {
  return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}
inline double dot(const Vec& a, const Vec& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
inline Vec cross(const Vec& a, const Vec& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
inline double length(const Vec& a) {
  return std::sqrt(dot(a, a));
}
inline double distance(const Vec& a, const Vec& b) {
  return length(minus(a, b));
}
[[nodiscard]] std::string place_text(const Vec& v);

/// One side of a triangle: its ends in rising order, and whether it runs from low to high.
struct Side {
  std::uint32_t low = 0, high = 0, triangle = 0;
  bool rising = false;
};
/// By low end, high end, triangle.
[[nodiscard]] std::vector<Side> sorted_sides(const TriangleMesh& mesh);
[[nodiscard]] std::string edge_text(const TriangleMesh& mesh, const Side& side);

/// Calls visit(first, last) for the sides of every edge.
template <class Visit>
void for_each_edge(const std::vector<Side>& sides, Visit visit) {
  for (std::size_t begin = 0; begin < sides.size();) {
    std::size_t end = begin + 1;
    while (end < sides.size() && sides[end].low == sides[begin].low &&
           sides[end].high == sides[begin].high)
      ++end;
    visit(begin, end);
    begin = end;
  }
}

/// Shells that hang together by edges with exactly two triangles; which one each triangle is in.
struct Shells {
  std::vector<std::uint32_t> of;
  std::size_t count = 0;
};
/// Walks the neighbours from the first triangle of each shell. `turn[t]` says that triangle t winds
/// the other way than that one; returns false when no consistent winding exists.
bool walk(const TriangleMesh& mesh, const std::vector<Side>& sides, Shells& shells,
          std::vector<char>& turn);

/// What one shell holds: its signed volume, the area, and the volume's first moments about `about`.
struct ShellVolume {
  double volume_m3 = 0.0, area_m2 = 0.0;
  Vec moment{0.0, 0.0, 0.0}, about{0.0, 0.0, 0.0};
  Box3 box;
  std::size_t triangles = 0;
};
[[nodiscard]] std::vector<ShellVolume> shell_volumes(const TriangleMesh& mesh,
                                                     const Shells& shells);
/// True when the volumes are no more than what rounding leaves of none.
[[nodiscard]] bool is_flat(const std::vector<ShellVolume>& volumes);

/// By shell: whether it lies in an odd number of others (exact signs; solid/nesting.cpp).
[[nodiscard]] std::vector<char> cavities(const TriangleMesh& mesh, const Shells& shells);

/// Turns triangles so that shells wind outward and cavities inward; returns how many were turned.
/// `turn` as of `walk`; volumes change their signs along.
std::size_t wind(TriangleMesh& mesh, const Shells& shells, const std::vector<char>& turn,
                 const std::vector<char>& cavity, std::vector<ShellVolume>& volumes,
                 std::uint32_t* first = nullptr);

/// The steps of `tidy_mesh`. `number`, when given, holds the number of each triangle and loses
/// those that leave.
void check_numbers(TriangleMesh& mesh);
void join_vertices(TriangleMesh& mesh);
/// `first` gets the number of the first that left, else `none`.
std::size_t drop_pointed(TriangleMesh& mesh, std::vector<std::uint32_t>* number = nullptr,
                         std::uint32_t* first = nullptr);
std::size_t drop_repeated(TriangleMesh& mesh, std::vector<std::uint32_t>* number = nullptr,
                          std::uint32_t* first = nullptr);
/// Triangles whose corners lie on one line: the long edge is turned to the neighbour's far corner,
/// so that the surface stays as it is and none is left. Returns how many there were.
std::size_t turn_flat_edges(TriangleMesh& mesh, std::uint32_t* first = nullptr);
/// How far the corner nearest to it lies off the longest edge; which corner that is.
[[nodiscard]] double height_of(const TriangleMesh& mesh, const Corners& triangle,
                               std::size_t& corner);

}  // namespace lode::mesh_parts
