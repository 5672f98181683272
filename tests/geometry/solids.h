// Solids of known volume for tests: cubes, spheres of triangles, shells joined to one mesh.
#pragma once

#include <array>
#include <cmath>
#include <map>
#include <numbers>

#include "libgeo/geometry/mesh.h"

namespace lode {

inline TriangleMesh cube(std::array<double, 3> corner, double side) {
  TriangleMesh mesh;
  mesh.name = "cube";
  for (int i = 0; i < 8; ++i)
    mesh.vertices.push_back({corner[0] + (i & 1 ? side : 0.0), corner[1] + (i & 2 ? side : 0.0),
                             corner[2] + (i & 4 ? side : 0.0)});
  mesh.triangles = {{0, 2, 1}, {1, 2, 3}, {4, 5, 6}, {5, 7, 6}, {0, 1, 4}, {1, 5, 4},
                    {2, 6, 3}, {3, 6, 7}, {0, 4, 2}, {2, 4, 6}, {1, 3, 5}, {3, 7, 5}};
  return mesh;
}

inline TriangleMesh joined(TriangleMesh a, const TriangleMesh& b) {
  const auto offset = static_cast<std::uint32_t>(a.vertices.size());
  a.vertices.insert(a.vertices.end(), b.vertices.begin(), b.vertices.end());
  for (auto t : b.triangles) {
    for (auto& v : t) v += offset;
    a.triangles.push_back(t);
  }
  return a;
}

/// An octahedron whose triangles are split `times` and pushed onto a sphere.
inline TriangleMesh sphere(std::array<double, 3> centre, double radius, int times) {
  TriangleMesh mesh;
  mesh.name = "sphere";
  mesh.vertices = {{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}};
  mesh.triangles = {{0, 2, 4}, {2, 1, 4}, {1, 3, 4}, {3, 0, 4},
                    {2, 0, 5}, {1, 2, 5}, {3, 1, 5}, {0, 3, 5}};
  for (int split = 0; split < times; ++split) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> middle;
    const auto between = [&](std::uint32_t a, std::uint32_t b) {
      const auto [at, is_new] =
          middle.emplace(std::minmax(a, b), static_cast<std::uint32_t>(mesh.vertices.size()));
      if (is_new) {
        auto p = mesh.vertices[a];
        double length = 0.0;
        for (std::size_t c = 0; c < 3; ++c) length += (p[c] += mesh.vertices[b][c]) * p[c];
        for (double& c : p) c /= std::sqrt(length);
        mesh.vertices.push_back(p);
      }
      return at->second;
    };
    std::vector<std::array<std::uint32_t, 3>> finer;
    for (const auto& [a, b, c] : std::vector(mesh.triangles)) {
      const auto ab = between(a, b), bc = between(b, c), ca = between(c, a);
      finer.insert(finer.end(), {{a, ab, ca}, {ab, b, bc}, {ca, bc, c}, {ab, bc, ca}});
    }
    mesh.triangles = finer;
  }
  for (auto& v : mesh.vertices)
    for (std::size_t c = 0; c < 3; ++c) v[c] = centre[c] + radius * v[c];
  return mesh;
}

}  // namespace lode
