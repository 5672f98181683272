// Vertices at one place become one; triangles without area and repeated ones leave.
#include <algorithm>
#include <bit>
#include <cmath>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/geometry/mesh_parts.h"

namespace lode {

namespace mesh_parts {

void check_numbers(TriangleMesh& mesh) {
  if (mesh.triangles.empty())
    throw Error("mesh.empty", "there is no triangle", mesh.name, "Give a mesh with faces.");
  for (std::size_t v = 0; v < mesh.vertices.size(); ++v)
    for (double& c : mesh.vertices[v]) {
      if (!(std::abs(c) <= 1e12))
        throw Error("mesh.bad_vertex", "a coordinate is not a finite number of metres",
                    mesh.name + ", vertex " + std::to_string(v + 1), "Correct or remove it.");
      c += 0.0;  // -0 and 0 are one place
    }
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    for (const std::uint32_t v : mesh.triangles[t])
      if (v >= mesh.vertices.size())
        throw Error("mesh.index",
                    "there is no vertex " + std::to_string(std::uint64_t{v} + 1) +
                        ": the mesh has " + std::to_string(mesh.vertices.size()),
                    mesh.name + ", triangle " + std::to_string(t + 1), "Take a sound copy of it.");
}

// A table of places: the first vertex at a place stands for all.
void join_vertices(TriangleMesh& mesh) {
  const std::size_t n = mesh.vertices.size();
  const std::size_t size = std::bit_ceil(std::max<std::size_t>(2 * n, 16));
  std::vector<std::uint32_t> table(size, none), becomes(n);
  bool joined = false;
  for (std::size_t v = 0; v < n; ++v) {
    std::uint64_t hash = 0x9e3779b97f4a7c15U;
    for (const double c : mesh.vertices[v]) {
      hash = (hash ^ std::bit_cast<std::uint64_t>(c)) * 0xff51afd7ed558ccdU;
      hash ^= hash >> 32;
    }
    std::size_t at = hash & (size - 1);
    while (table[at] != none && mesh.vertices[table[at]] != mesh.vertices[v])
      at = (at + 1) & (size - 1);
    if (table[at] == none) table[at] = static_cast<std::uint32_t>(v);
    becomes[v] = table[at];
    joined = joined || becomes[v] != v;
  }
  if (!joined) return;
  for (auto& triangle : mesh.triangles)
    for (std::uint32_t& v : triangle) v = becomes[v];
}

namespace {

std::size_t drop(TriangleMesh& mesh, const std::vector<char>& gone,
                 std::vector<std::uint32_t>* number) {
  std::size_t kept = 0;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    if (!gone[t]) {
      if (number != nullptr) (*number)[kept] = (*number)[t];
      mesh.triangles[kept++] = mesh.triangles[t];
    }
  const std::size_t dropped = mesh.triangles.size() - kept;
  mesh.triangles.resize(kept);
  if (number != nullptr) number->resize(kept);
  return dropped;
}

std::uint32_t opposite(const TriangleMesh& mesh, const Side& side) {
  for (const std::uint32_t v : mesh.triangles[side.triangle])
    if (v != side.low && v != side.high) return v;
  return none;
}

}  // namespace

std::size_t drop_pointed(TriangleMesh& mesh, std::vector<std::uint32_t>* number,
                         std::uint32_t* first) {
  std::vector<char> gone(mesh.triangles.size(), 0);
  std::uint32_t lowest = none;
  for (std::size_t t = gone.size(); t-- > 0;) {
    const auto& [a, b, c] = mesh.triangles[t];
    if (a != b && b != c && c != a) continue;
    gone[t] = 1;
    lowest = number != nullptr ? (*number)[t] : static_cast<std::uint32_t>(t);
  }
  if (first != nullptr) *first = lowest;
  return lowest == none ? 0 : drop(mesh, gone, number);
}

// Of triangles that stand several times one stays where its edges need it to be whole, none where
// they are whole without it: a fin of no thickness, whose two sides cancel.
std::size_t drop_repeated(TriangleMesh& mesh, std::vector<std::uint32_t>* number,
                          std::uint32_t* first) {
  const auto sides = sorted_sides(mesh);
  // How many other triangles an edge has, each counted once: all of them may stand twice.
  const auto others = [&](std::uint32_t low, std::uint32_t high) {
    const auto less = [](const Side& side, const std::array<std::uint32_t, 2>& ends) {
      return std::array{side.low, side.high} < ends;
    };
    const auto from = std::lower_bound(sides.begin(), sides.end(), std::array{low, high}, less);
    const auto to = std::lower_bound(from, sides.end(), std::array{low, high + 1}, less);
    std::vector<std::uint32_t> corners;
    for (auto side = from; side != to; ++side) corners.push_back(opposite(mesh, *side));
    std::sort(corners.begin(), corners.end());
    return std::unique(corners.begin(), corners.end()) - corners.begin() - 1;
  };
  std::vector<char> gone(mesh.triangles.size(), 0);
  std::uint32_t lowest = none;
  std::vector<std::array<std::uint32_t, 2>> far;  // far corner and triangle
  // Repeated triangles share every edge; each is looked at on that of its two lower corners.
  for_each_edge(sides, [&](std::size_t begin, std::size_t end) {
    if (end - begin < 2) return;
    far.clear();
    for (std::size_t i = begin; i < end; ++i) {
      const std::uint32_t other = opposite(mesh, sides[i]);
      if (other != none && other > sides[i].high) far.push_back({other, sides[i].triangle});
    }
    if (far.size() < 2) return;
    std::sort(far.begin(), far.end());
    for (std::size_t a = 0, b = 0; a < far.size(); a = b) {
      for (b = a + 1; b < far.size() && far[b][0] == far[a][0];) ++b;
      const std::size_t n = b - a;
      if (n == 1) continue;
      const std::uint32_t low = sides[begin].low, middle = sides[begin].high, high = far[a][0];
      const bool whole = others(low, middle) % 2 == 0 && others(middle, high) % 2 == 0 &&
                         others(low, high) % 2 == 0;
      for (std::size_t i = a + (whole ? 0 : 1); i < b; ++i) gone[far[i][1]] = 1;
      lowest = std::min(lowest, number != nullptr ? (*number)[far[a + 1][1]] : far[a + 1][1]);
    }
  });
  if (first != nullptr) *first = lowest;
  return lowest == none ? 0 : drop(mesh, gone, number);
}

double height_of(const TriangleMesh& mesh, const Corners& triangle, std::size_t& corner) {
  double longest = -1.0;
  std::array<Vec, 3> p;
  for (std::size_t c = 0; c < 3; ++c) p[c] = mesh.vertices[triangle[c]];
  for (std::size_t c = 0; c < 3; ++c) {
    const Vec along = minus(p[(c + 2) % 3], p[(c + 1) % 3]);
    const double square = dot(along, along);
    if (square > longest) {
      longest = square;
      corner = c;
    }
  }
  return length(cross(minus(p[1], p[0]), minus(p[2], p[0]))) / std::sqrt(longest);
}

namespace {

// Off its longest edge by less than 1e-10 of it, or by what coordinates so far out are rounded by.
std::vector<std::uint32_t> flat_triangles(const TriangleMesh& mesh) {
  std::vector<std::uint32_t> flat;
  for (std::uint32_t t = 0; t < mesh.triangles.size(); ++t) {
    const auto& tri = mesh.triangles[t];
    const Vec& a = mesh.vertices[tri[0]];
    const Vec ab = minus(mesh.vertices[tri[1]], a), ac = minus(mesh.vertices[tri[2]], a);
    const Vec normal = cross(ab, ac);
    const double reach = std::max(dot(ab, ab), dot(ac, ac));
    if (dot(normal, normal) > 1e-12 * reach * reach) continue;  // most, at a glance
    std::size_t corner = 0;
    const double height = height_of(mesh, tri, corner);
    const double size = std::max({std::abs(a[0]), std::abs(a[1]), std::abs(a[2])});
    const double longest =
        distance(mesh.vertices[tri[(corner + 1) % 3]], mesh.vertices[tri[(corner + 2) % 3]]);
    if (height <= std::max(1e-10 * longest, 4.5e-16 * size)) flat.push_back(t);
  }
  return flat;
}

std::vector<Side>::const_iterator edge_at(const std::vector<Side>& sides, std::uint32_t a,
                                          std::uint32_t b) {
  const auto less = [](const Side& side, const std::array<std::uint32_t, 2>& ends) {
    return std::array{side.low, side.high} < ends;
  };
  return std::lower_bound(sides.begin(), sides.end(), std::array{std::min(a, b), std::max(a, b)},
                          less);
}

bool is_edge(const std::vector<Side>& sides, std::vector<Side>::const_iterator at, std::uint32_t a,
             std::uint32_t b) {
  return at != sides.end() && at->low == std::min(a, b) && at->high == std::max(a, b);
}

// Turns the long edges of those whose neighbour has not been touched yet.
bool turn_edges(TriangleMesh& mesh, const std::vector<std::uint32_t>& flat) {
  const auto sides = sorted_sides(mesh);
  std::vector<char> used(mesh.triangles.size(), 0);
  std::set<std::array<std::uint32_t, 2>> made;
  bool changed = false;
  for (const std::uint32_t t : flat) {
    std::size_t corner = 0;
    (void)height_of(mesh, mesh.triangles[t], corner);
    const auto tri = mesh.triangles[t];
    const std::uint32_t b = tri[corner], c = tri[(corner + 1) % 3], a = tri[(corner + 2) % 3];
    const auto at = edge_at(sides, a, c);
    if (used[t] || !is_edge(sides, at, a, c) || !is_edge(sides, at + 1, a, c)) continue;
    if (is_edge(sides, at + 2, a, c)) continue;
    const Side& other = at->triangle == t ? at[1] : at[0];
    const std::uint32_t d = opposite(mesh, other);
    if (used[other.triangle] || d == b) continue;
    if (is_edge(sides, edge_at(sides, b, d), b, d)) continue;
    if (!made.insert({std::min(b, d), std::max(b, d)}).second) continue;
    // The neighbour's side runs from one end to the other; b comes between them.
    const bool from_a = (a < c) == other.rising;
    mesh.triangles[t] = {from_a ? a : c, b, d};
    mesh.triangles[other.triangle] = {b, from_a ? c : a, d};
    used[t] = used[other.triangle] = 1;
    changed = true;
  }
  return changed;
}

}  // namespace

std::size_t turn_flat_edges(TriangleMesh& mesh, std::uint32_t* first) {
  constexpr int most_rounds = 20;
  auto flat = flat_triangles(mesh);
  const std::size_t found = flat.size();
  if (first != nullptr) *first = flat.empty() ? none : flat[0];
  for (int round = 0; round < most_rounds && !flat.empty(); ++round) {
    if (!turn_edges(mesh, flat)) break;
    flat = flat_triangles(mesh);
  }
  return found;
}

}  // namespace mesh_parts

void tidy_mesh(TriangleMesh& mesh, Findings& findings) {
  mesh_parts::check_numbers(mesh);
  mesh_parts::join_vertices(mesh);
  const std::size_t flat = mesh_parts::drop_pointed(mesh), twice = mesh_parts::drop_repeated(mesh);
  if (flat > 0)
    findings.add("mesh.flat_triangle", Severity::note, mesh.name,
                 "triangles with two corners at one place were left out", flat);
  if (twice > 0)
    findings.add("mesh.duplicate_triangle", Severity::warning, mesh.name,
                 "triangles that stand twice were taken once, or not at all where their two sides "
                 "cancel",
                 twice);
  if (mesh.triangles.empty())
    throw Error("mesh.empty", "no triangle has an area", mesh.name, "Give a mesh with faces.");
}

}  // namespace lode
