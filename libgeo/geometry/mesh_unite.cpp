// Shells that overlap, united: the only reading of them in which no rock counts twice.
#include <algorithm>
#include <numeric>

#include "libgeo/core/error.h"
#include "libgeo/geometry/mesh_parts.h"
#include "libgeo/geometry/mesh_report.h"
#include "libgeo/geometry/solids.h"

namespace lode::mesh_parts {

namespace {

TriangleMesh shell_of(const TriangleMesh& mesh, const Shells& shells, std::uint32_t shell) {
  TriangleMesh part;
  part.name = mesh.name;
  std::vector<std::uint32_t> becomes(mesh.vertices.size(), none);
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    if (shells.of[t] != shell) continue;
    Corners corners = mesh.triangles[t];
    for (std::uint32_t& v : corners) {
      if (becomes[v] == none) {
        becomes[v] = static_cast<std::uint32_t>(part.vertices.size());
        part.vertices.push_back(mesh.vertices[v]);
      }
      v = becomes[v];
    }
    part.triangles.push_back(corners);
  }
  return part;
}

void append(TriangleMesh& to, const TriangleMesh& part) {
  const auto offset = static_cast<std::uint32_t>(to.vertices.size());
  to.vertices.insert(to.vertices.end(), part.vertices.begin(), part.vertices.end());
  for (Corners corners : part.triangles) {
    for (std::uint32_t& v : corners) v += offset;
    to.triangles.push_back(corners);
  }
}

}  // namespace

TriangleMesh unite_shells(const TriangleMesh& mesh, const std::vector<char>& inward,
                          std::size_t& united, const Progress& progress) {
  constexpr std::size_t most_shells = 200;  // each union takes as long as all it joins
  Shells shells;
  std::vector<char> turn;
  walk(mesh, sorted_sides(mesh), shells, turn);
  const auto crossing =
      self_intersections(mesh, std::size_t{1} << 22, progress.part(0.0, 0.2)).pairs;
  std::vector<std::uint32_t> group(shells.count);
  std::iota(group.begin(), group.end(), 0U);
  const auto root = [&](std::uint32_t s) {
    while (group[s] != s) s = group[s] = group[group[s]];
    return s;
  };
  std::vector<char> crosses(shells.count, 0);
  for (const auto& [s, t] : crossing) {
    const std::uint32_t a = shells.of[s], b = shells.of[t];
    if (a == b || inward[a] != inward[b]) return {};
    crosses[a] = crosses[b] = 1;
    group[std::max(root(a), root(b))] = std::min(root(a), root(b));
  }
  united = static_cast<std::size_t>(std::count(crosses.begin(), crosses.end(), 1));
  if (united > most_shells) return {};
  TriangleMesh whole;
  whole.name = mesh.name;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    if (!crosses[shells.of[t]]) whole.triangles.push_back(mesh.triangles[t]);
  whole.vertices = mesh.vertices;
  std::size_t done = 0;
  for (std::uint32_t first = 0; first < shells.count; ++first) {
    if (!crosses[first] || root(first) != first) continue;
    TriangleMesh body = shell_of(mesh, shells, first);
    for (std::uint32_t next = first + 1; next < shells.count; ++next) {
      if (root(next) != first) continue;
      const double share = 0.8 / static_cast<double>(united);
      Findings ignored;
      try {
        body = combine_solids(body, shell_of(mesh, shells, next), SolidOperation::unite, ignored,
                              progress.part(0.2 + share * static_cast<double>(done),
                                            0.2 + share * static_cast<double>(done + 1)));
      } catch (const Error& error) {
        if (!error.code.starts_with("solid.") && !error.code.starts_with("mesh.")) throw;
        return {};
      }
      ++done;
    }
    append(whole, body);
  }
  return whole;
}

}  // namespace lode::mesh_parts
