// Rings on section planes made ready to be joined, and tiled two by two.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "libgeo/geometry/solids.h"

namespace lode::section_rings {

using Vec = std::array<double, 3>;

/// A ring without repeated vertices, and its plane.
struct Ring {
  std::vector<Vec> vertices;
  Vec middle{0.0, 0.0, 0.0}, normal{0.0, 0.0, 1.0};  ///< counter-clockwise about the normal
  double size_m = 0.0;                               ///< diagonal of its box
  std::string where;                                 ///< "section 12, ring 1"
};

/// Error "solid.section" when it has too few vertices, leaves its plane or crosses itself.
[[nodiscard]] Ring ready(const SectionRing& ring, const std::string& where);
/// Turns the ring about.
void turn(Ring& ring);
/// Along two axes of the plane of `of`, counter-clockwise about its normal.
[[nodiscard]] std::vector<Point> in_plane(const std::vector<Vec>& vertices, const Ring& of);
/// Triangles of the inside, by vertex.
[[nodiscard]] std::vector<std::array<std::uint32_t, 3>> inside(const Ring& ring);

/// The triangles of least total area between two rings (Fuchs, Kedem and Uselton 1977): the
/// shortest of all closed ways through the torus of their pairs of vertices. First and second
/// vertex on one ring: {0, i, j} is i, i + 1 of the first with j of the second, {1, i, j} is i of
/// the first with j, j + 1 of the second.
struct Step {
  bool second = false;
  std::uint32_t i = 0, j = 0;
};
[[nodiscard]] std::vector<Step> tile(const std::vector<Vec>& first, const std::vector<Vec>& second);

}  // namespace lode::section_rings
