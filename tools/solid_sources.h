// Where solids come from: points, drillhole intercepts, rings on sections.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "libgeo/crs/crs.h"
#include "libgeo/geometry/mesh.h"
#include "tools/command.h"

namespace lode::tools {

/// One solid, and what was said about making it.
struct MadeSolid {
  std::string name;
  TriangleMesh mesh;  ///< metres, wound outward
  Json more = Json::object();
};
struct MadeSolids {
  std::vector<MadeSolid> solids;
  Crs crs;
  bool crs_said = true;  ///< false: nothing names it, coordinates are taken as they are
};

/// Of the points of a table or layer; `intercepts`: only those that pass --cutoff, with both ends
/// of their intervals. One solid a group.
/// Errors "solid.too_few", "solid.empty" (nothing passes the cut-off).
[[nodiscard]] MadeSolids solids_of_points(const Arguments& arguments, const Session& session,
                                          bool intercepts, Outcome& outcome);
/// Of a table of ring vertices in order.
[[nodiscard]] MadeSolids solid_of_sections(const Arguments& arguments, const Session& session,
                                           Outcome& outcome);

}  // namespace lode::tools
