// Ground within a distance of a short run of edges: exact buffers on the ellipsoid, piece by piece.
#pragma once

#include <vector>

#include "libgeo/crs/geodesic.h"
#include "libgeo/geometry/geometry.h"
#include "libgeo/geometry/overlay.h"

namespace lode {

/// How near to the truth a setback line must lie, and how it ends.
struct SetbackShape {
  double distance_m = 0.0;    ///< > 0
  double tolerance_m = 0.0;   ///< > 0; most that the line may be off
  bool conservative = false;  ///< never nearer than the distance
  Cap cap = Cap::round;
  BufferSide side = BufferSide::both;
  int finer = 0;       ///< each step halves the tolerance worked with (rebuilt buffers)
  bool exact = false;  ///< no frames: every vertex by the direct geodesic problem
};

/// How a setback is worked out: the error budget shared among chords, frames and edges.
struct SetbackPlan {
  double working_m = 0.0;       ///< tolerance worked with
  double reach_m = 0.0;         ///< farthest from its centre that a frame keeps its share
  double run_m = 0.0;           ///< largest radius of a run
  double longest_edge_m = 0.0;  ///< longest edge taken as straight in a frame
  int segments = 8;             ///< chords a quadrant
  double radius_m = 0.0;        ///< planar radius (grown when conservative)
  bool frames = true;           ///< false: every vertex by the direct geodesic problem
};
[[nodiscard]] SetbackPlan plan_of(const SetbackShape& shape);

/// Cuts a line or ring (degrees, longitude running on) into runs whose vertices lie within
/// `run_m` of their middle; neighbours share a vertex. Edges must be shorter than that.
[[nodiscard]] std::vector<Path> runs_of(const Path& path, double run_m);

/// Everything within the distance of a run (a point when it has one vertex), in degrees, cut at
/// the antimeridian and closed over the poles. Round ends unless the shape says otherwise.
[[nodiscard]] Geometry ground_near(const Path& run, const SetbackShape& shape,
                                   const Geodesic& geodesic);

/// The same for a whole geometry that lies within `plan_of(shape).reach_m - distance` of one
/// place; `inwards` gives what is left of polygons.
[[nodiscard]] Geometry ground_near_small(const Geometry& lonlat, const SetbackShape& shape,
                                         bool inwards, const Geodesic& geodesic);

/// Middle and radius of the ball (on the ground, roughly) that holds the vertices.
struct Extent {
  LonLat middle;
  double radius_m = 0.0;
};
[[nodiscard]] Extent extent_of(const Geometry& lonlat);

}  // namespace lode
