// Solids joined, cut, mended and made, with exact predicates: booleans, wrapping, hulls, sections.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/geometry/geometry.h"
#include "libgeo/geometry/mesh.h"

namespace lode {

enum class SolidOperation { unite, intersect, subtract };

/// Two solids (`make_solid`) joined, what they share, or the first without the second. The result
/// may be empty. Signs are exact; new vertices are rounded once, to doubles.
/// Errors "solid.self_intersecting" (with two triangles of the input), "solid.boolean".
[[nodiscard]] TriangleMesh combine_solids(const TriangleMesh& a, const TriangleMesh& b,
                                          SolidOperation operation, Findings& findings,
                                          const Progress& progress = {});

/// The closed body under a surface (one height at every place) down to a level, or above it up to
/// one: walls along its border, a flat face at the level.
/// Errors "solid.folded" (two heights at a place), "solid.level" (the level crosses the surface),
/// "solid.pinched" (the border touches itself at a vertex).
[[nodiscard]] TriangleMesh solid_under(const TriangleMesh& surface, double level_m);
[[nodiscard]] TriangleMesh solid_above(const TriangleMesh& surface, double level_m);

/// Polygons (metres) as vertical prisms between two levels. Errors "solid.level", "solid.empty",
/// "solid.pinched".
[[nodiscard]] TriangleMesh prism(const Geometry& polygons, double bottom_m, double top_m);

struct WrapOptions {
  double alpha_m = 0.0;   ///< widest gap that is bridged; 0 = a fortieth of the box's diagonal
  double offset_m = 0.0;  ///< how far the wrap stands off; 0 = a thirtieth of alpha
};
/// A closed surface around faces of any kind (CGAL's 3-D alpha wrapping): it always stands outside,
/// so its volume is a little too large.
[[nodiscard]] TriangleMesh wrap(const TriangleMesh& mesh, const WrapOptions& options,
                                const Progress& progress = {});

/// Error "solid.too_few" (fewer than four points that are not in one plane).
[[nodiscard]] TriangleMesh convex_hull(const std::vector<std::array<double, 3>>& points);

/// The outer faces of the tetrahedra (Delaunay) whose circumsphere has a radius of at most
/// `alpha_m`; 0 = the smallest with which all points lie in one solid.
[[nodiscard]] TriangleMesh alpha_shape(const std::vector<std::array<double, 3>>& points,
                                       double& alpha_m, const Progress& progress = {});

/// The same, with what it took. Points that stand alone or on flat pieces are left out. Where
/// tetrahedra touch along an edge only, the smaller gap beside it is filled, so that the result is
/// a solid.
/// Errors "solid.too_few", "solid.alpha" (not a length), "solid.empty" (no tetrahedron is as
/// small).
struct AlphaShape {
  TriangleMesh mesh;
  double alpha_m = 0.0;
  std::size_t parts = 0;     ///< bodies that hang together by faces
  std::size_t points = 0;    ///< different ones
  std::size_t left_out = 0;  ///< of them, not on or in the solid
  double filled_m3 = 0.0;    ///< volume of the gaps
};
[[nodiscard]] AlphaShape alpha_solid(const std::vector<std::array<double, 3>>& points,
                                     double alpha_m, const Progress& progress = {});

/// A closed ring drawn on a section plane. Rings of one body follow one another along the strike.
struct SectionRing {
  std::string section;  ///< its name; rings of one section stand one after the other
  std::vector<std::array<double, 3>> vertices;
};
struct SectionOptions {
  double end_m = 0.0;  ///< the ends are drawn out by this much and kept at their shape; 0 = flat
};
/// Rings in order along the strike joined by triangles of least total area (Fuchs, Kedem and
/// Uselton 1977; the areas with each pair of rings moved over one another, half their size apart)
/// and closed at the ends. Where a section has several rings, those whose areas overlap, seen along
/// the strike, belong together; one ring that faces several is joined to all of them, with bridges
/// between their nearest vertices. Note "solid.ring_turned". Errors "solid.section" (too few,
/// crossed, out of plane).
[[nodiscard]] TriangleMesh solid_from_sections(const std::vector<SectionRing>& rings,
                                               const SectionOptions& options, Findings& findings);

}  // namespace lode
