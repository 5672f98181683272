#include "libgeo/geometry/solid/parts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "libgeo/core/sum.h"
#include "libgeo/geometry/mesh_parts.h"

namespace lode::solid {

namespace {

using mesh_parts::cross;
using mesh_parts::dot;
using mesh_parts::minus;
using mesh_parts::Vec;

// Corners of triangles joined to sets: corner 3t + c.
struct Sets {
  std::vector<std::uint32_t> parent;
  explicit Sets(std::size_t n) : parent(n) { std::iota(parent.begin(), parent.end(), 0U); }
  std::uint32_t root(std::uint32_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
  }
  void join(std::uint32_t a, std::uint32_t b) {
    a = root(a);
    b = root(b);
    parent[std::max(a, b)] = std::min(a, b);
  }
};

struct Side {
  std::uint32_t low = 0, high = 0, triangle = 0;
};

}  // namespace

std::array<double, 3> exact_origin(const Box3& box) {
  Vec origin{0.0, 0.0, 0.0};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double low = box.lower[axis], high = box.upper[axis];
    if (low > 0.0 && high <= 2.0 * low) origin[axis] = low;
    if (high < 0.0 && low >= 2.0 * high) origin[axis] = high;
  }
  return origin;
}

void part_umbrellas(TriangleMesh& mesh) {
  const auto n = static_cast<std::uint32_t>(mesh.triangles.size());
  std::vector<Side> sides;
  sides.reserve(std::size_t{3} * n);
  for (std::uint32_t t = 0; t < n; ++t)
    for (std::size_t c = 0; c < 3; ++c) {
      const auto [low, high] = std::minmax(mesh.triangles[t][c], mesh.triangles[t][(c + 1) % 3]);
      sides.push_back({low, high, t});
    }
  std::sort(sides.begin(), sides.end(), [](const Side& a, const Side& b) {
    return std::array{a.low, a.high, a.triangle} < std::array{b.low, b.high, b.triangle};
  });
  Sets corners(std::size_t{3} * n);
  const auto corner = [&](std::uint32_t t, std::uint32_t v) {
    const auto& triangle = mesh.triangles[t];
    return 3 * t + (triangle[0] == v ? 0U : triangle[1] == v ? 1U : 2U);
  };
  for (std::size_t i = 1; i < sides.size(); ++i) {
    const Side &a = sides[i - 1], &b = sides[i];
    if (a.low != b.low || a.high != b.high) continue;
    for (const std::uint32_t v : {a.low, a.high})
      corners.join(corner(a.triangle, v), corner(b.triangle, v));
  }
  constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> first(mesh.vertices.size(), none);  // set that keeps the vertex
  std::vector<std::uint32_t> own(std::size_t{3} * n, none);      // vertex of a set
  std::vector<std::array<std::uint32_t, 3>> triangles = mesh.triangles;
  for (std::uint32_t t = 0; t < n; ++t)
    for (std::uint32_t c = 0; c < 3; ++c) {
      const std::uint32_t v = mesh.triangles[t][c], set = corners.root(3 * t + c);
      if (own[set] == none) {
        if (first[v] == none) {
          first[v] = set;
          own[set] = v;
        } else {
          own[set] = static_cast<std::uint32_t>(mesh.vertices.size());
          mesh.vertices.push_back(mesh.vertices[v]);
        }
      }
      triangles[t][c] = own[set];
    }
  mesh.triangles = std::move(triangles);
}

double winding_about(const TriangleMesh& mesh, const Vec& place) {
  Sum sum;
  for (const auto& t : mesh.triangles) {
    const Vec a = minus(mesh.vertices[t[0]], place);
    const Vec b = minus(mesh.vertices[t[1]], place);
    const Vec c = minus(mesh.vertices[t[2]], place);
    const double la = std::sqrt(dot(a, a)), lb = std::sqrt(dot(b, b)), lc = std::sqrt(dot(c, c));
    sum += 2.0 * std::atan2(dot(a, cross(b, c)),
                            la * lb * lc + dot(a, b) * lc + dot(b, c) * la + dot(c, a) * lb);
  }
  return sum.value() / (4.0 * std::numbers::pi);
}

double area_m2(const TriangleMesh& mesh) {
  Sum sum;
  for (const auto& [a, b, c] : mesh.triangles) {
    const Vec n =
        cross(minus(mesh.vertices[b], mesh.vertices[a]), minus(mesh.vertices[c], mesh.vertices[a]));
    sum += std::sqrt(dot(n, n)) / 2.0;
  }
  return sum.value();
}

void drop_unused_vertices(TriangleMesh& mesh) {
  std::vector<std::uint32_t> becomes(mesh.vertices.size(), 0);
  for (const auto& triangle : mesh.triangles)
    for (const std::uint32_t v : triangle) becomes[v] = 1;
  std::uint32_t kept = 0;
  for (std::size_t v = 0; v < becomes.size(); ++v) {
    if (becomes[v] == 0) continue;
    mesh.vertices[kept] = mesh.vertices[v];
    becomes[v] = kept++;
  }
  mesh.vertices.resize(kept);
  for (auto& triangle : mesh.triangles)
    for (std::uint32_t& v : triangle) v = becomes[v];
}

void order_by_place(TriangleMesh& mesh) {
  std::vector<std::uint32_t> order(mesh.vertices.size()), now(mesh.vertices.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return mesh.vertices[a] < mesh.vertices[b];
  });
  const auto before = mesh.vertices;
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    now[order[i]] = i;
    mesh.vertices[i] = before[order[i]];
  }
  for (auto& triangle : mesh.triangles) {
    for (std::uint32_t& v : triangle) v = now[v];
    std::rotate(triangle.begin(), std::min_element(triangle.begin(), triangle.end()),
                triangle.end());
  }
  std::sort(mesh.triangles.begin(), mesh.triangles.end());
}

}  // namespace lode::solid
