// Everything that is wrong with a triangle mesh, with the triangles named, and what mends it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/geometry/mesh.h"

namespace lode {

/// Pairs of triangles that cross or overlap, other than at the vertices and edges they share;
/// exact predicates. At most `most` are listed, all are counted.
struct SelfIntersections {
  std::size_t count = 0;
  std::vector<std::array<std::uint32_t, 2>> pairs;  ///< rising
};
[[nodiscard]] SelfIntersections self_intersections(const TriangleMesh& mesh, std::size_t most = 10,
                                                   const Progress& progress = {});

/// One kind of fault and the first place of it. Errors stand in the way of a volume; what is a
/// warning or note was mended for it, or does not touch it.
struct MeshDefect {
  std::string code;
  Severity severity = Severity::error;
  std::size_t count = 1;
  std::vector<std::uint32_t> triangles;  ///< of the first place, numbered as in the input, from 0
  std::array<double, 3> place{0.0, 0.0, 0.0};
  std::string message;  ///< with the edge or vertex
};

struct MeshShell {
  std::size_t triangles = 0;
  bool cavity = false;
  bool inward = false;     ///< as given: its first triangle wound inward
  double volume_m3 = 0.0;  ///< signed: negative for cavities
  double area_m2 = 0.0;
  Box3 box;
};

struct MeshReport {
  static constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  bool closed = false;             ///< every edge has two triangles
  bool oriented = false;           ///< as given, every edge is run through once each way
  bool self_intersecting = false;  ///< false too when it was not looked for
  std::size_t components = 0;      ///< shells that hang together by edges
  std::size_t cavities = 0;
  std::size_t turned = 0;  ///< triangles that wound the wrong way
  std::size_t open_edges = 0, holes = 0, crowded_edges = 0, flat = 0, duplicates = 0;
  std::size_t t_junctions = 0, cracks = 0, self_intersections = 0;
  double crack_width_m = nan;  ///< what `weld` would have to close
  double area_m2 = 0.0;
  double volume_m3 = nan;  ///< only when it is one
  std::array<double, 3> centroid{nan, nan, nan};
  Box3 box;
  /// When closed, of two sides and not flat; none of them is a cavity when they cross.
  std::vector<MeshShell> shells;
  std::vector<MeshDefect> defects;  ///< in the order of looking
  /// Tidy; wound outward, cavities inward, when there is a volume.
  TriangleMesh solid;
};

struct MeshReportOptions {
  bool self_intersections = true;  ///< look for them: longer than all the rest
  /// An edge at which several shells meet, each with two triangles, is no fault: "mesh.parted"
  /// (warning) instead of "mesh.crowded_edge".
  bool part_shells = false;
};
/// Errors "mesh.bad_vertex", "mesh.index", "mesh.empty"; all else is a defect:
/// "mesh.open", "mesh.t_junction", "mesh.crack", "mesh.crowded_edge", "mesh.not_orientable",
/// "mesh.flat", "mesh.self_intersecting" (errors), "mesh.turned", "mesh.duplicate_triangle"
/// (warnings), "mesh.cavity", "mesh.flat_triangle" (notes).
[[nodiscard]] MeshReport examine_mesh(const TriangleMesh& mesh,
                                      const MeshReportOptions& options = {},
                                      const Progress& progress = {});

/// `make_solid` for what is to cut other things: a solid whose faces cross, or whose shells
/// overlap, is refused, since what is inside twice cannot be told from what is outside. Errors of
/// `make_solid`, "mesh.self_intersecting" with two triangles.
void require_solid(TriangleMesh& mesh, Findings& findings, const Progress& progress = {});

/// What was changed, and by how much.
struct MeshMending {
  std::size_t vertices = 0;   ///< welded, or edges split at; holes filled
  std::size_t triangles = 0;  ///< added
  double most_m = 0.0;        ///< the farthest that a vertex or face was moved
  double area_m2 = 0.0;       ///< of triangles added
};
/// Vertices of open edges that lie within `width_m` of each other become one, that with the lowest
/// number; of triangles that shrink to a line by it nothing is left.
MeshMending weld_mesh(TriangleMesh& mesh, double width_m);

/// Triangles whose open edge has a vertex of another open edge within `width_m` (or a millionth of
/// its length) are split there.
MeshMending split_t_junctions(TriangleMesh& mesh, double width_m = 0.0);

/// Holes whose rim lies in a plane (to a thousandth of its extent), or is at most `small_m` across,
/// are closed by triangles. Those that no plane shows without crossing stay open.
MeshMending fill_holes(TriangleMesh& mesh, double small_m);

struct MeshRepairOptions {
  double weld_m = 0.0;   ///< as of `weld_mesh`; 0 = none
  bool repair = false;   ///< all the rest, as far as it is needed
  double alpha_m = 0.0;  ///< of `wrap`; 0 = a fortieth of the box's diagonal
};
struct MeshRepair {
  MeshReport report;  ///< of what came out; of the mesh as given when there is no volume
  std::vector<MeshDefect> given;  ///< faults of the mesh as given, when it is no volume
  /// Warnings "mesh.welded", "mesh.split", "mesh.parted", "mesh.filled", "mesh.united",
  /// "mesh.wrapped".
  std::vector<MeshDefect> steps;
  /// What the faces as given add up to, about the middle of their box: the volume when they close.
  double before_m3 = MeshReport::nan;
};
/// Examines a mesh and, where it is no volume, mends it: welded, split at T-junctions, shells that
/// touch along edges told apart, holes filled (small: a twentieth of the box's diagonal), shells
/// that overlap united, and when all that does not close it, wrapped.
/// Errors as `examine_mesh`.
[[nodiscard]] MeshRepair repair_mesh(const TriangleMesh& mesh, const MeshRepairOptions& options,
                                     const Progress& progress = {});

/// How far coordinates are rounded when all of them, far from the origin, are numbers of single
/// precision (in the unit they were read in) and some use its last bit; 0 when they are not.
[[nodiscard]] double single_precision_step(const TriangleMesh& mesh);

}  // namespace lode
