#include "libgeo/geometry/mesh.h"

#include "libgeo/core/error.h"
#include "libgeo/geometry/mesh_parts.h"

namespace lode {

using mesh_parts::edge_text;
using mesh_parts::for_each_edge;
using mesh_parts::Shells;

MeshCheck check_mesh(const TriangleMesh& mesh) {
  MeshCheck check;
  const auto sides = mesh_parts::sorted_sides(mesh);
  check.oriented = true;
  for_each_edge(sides, [&](std::size_t begin, std::size_t end) {
    const std::size_t n = end - begin;
    if (n == 1) ++check.open_edges;
    if (n > 2) ++check.crowded_edges;
    if (n != 2 && check.fault.empty()) check.fault = edge_text(mesh, sides[begin]);
    if (n != 2 || sides[begin].rising == sides[begin + 1].rising) check.oriented = false;
  });
  check.closed = !mesh.empty() && check.open_edges == 0 && check.crowded_edges == 0;
  Shells shells;
  std::vector<char> turn;
  mesh_parts::walk(mesh, sides, shells, turn);
  check.components = shells.count;
  return check;
}

void make_solid(TriangleMesh& mesh, Findings& findings) {
  tidy_mesh(mesh, findings);
  const auto sides = mesh_parts::sorted_sides(mesh);
  for_each_edge(sides, [&](std::size_t begin, std::size_t end) {
    const std::size_t n = end - begin;
    if (n == 2) return;
    const MeshCheck check = check_mesh(mesh);
    if (n == 1)
      throw Error("mesh.open",
                  "the solid is not closed: " + std::to_string(check.open_edges) +
                      " edge(s) have one triangle only, the first from " +
                      edge_text(mesh, sides[begin]),
                  mesh.name, "A volume needs a closed surface: close it where it was made.");
    throw Error("mesh.crowded_edge",
                "the edge from " + edge_text(mesh, sides[begin]) + " has " + std::to_string(n) +
                    " triangles",
                mesh.name, "An edge of a solid has two: take out the inner faces.");
  });
  Shells shells;
  std::vector<char> turn;
  if (!mesh_parts::walk(mesh, sides, shells, turn))
    throw Error("mesh.not_orientable", "the surface has one side only, as a Moebius strip has",
                mesh.name, "Mend the surface where it was made.");
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    if (turn[t]) std::swap(mesh.triangles[t][1], mesh.triangles[t][2]);
  auto volumes = mesh_parts::shell_volumes(mesh, shells);
  if (mesh_parts::is_flat(volumes))
    throw Error("mesh.flat", "the solid has no volume", mesh.name,
                "Give a solid with a thickness.");
  const std::size_t turned =
      mesh_parts::wind(mesh, shells, turn, mesh_parts::cavities(mesh, shells), volumes);
  if (turned > 0)
    findings.add("mesh.turned", Severity::warning, mesh.name,
                 "triangles wound the wrong way and were turned: outward on shells, inward on "
                 "cavities",
                 turned);
}

}  // namespace lode
