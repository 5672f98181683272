// The closed surface of a function at one value inside a box: marching tetrahedra, caps at the box.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/geometry/mesh.h"

namespace lode {

/// Gives the function at each place; it may use threads of its own.
using FieldValues = std::function<void(const std::vector<std::array<double, 3>>& places,
                                       std::vector<double>& into)>;

struct IsosurfaceOptions {
  Box3 bounds;               ///< the solid ends here, flat
  double cell_m = 0.0;       ///< largest side of a cell; each axis is cut into equal ones
  double value = 0.0;        ///< of the surface
  bool inside_below = true;  ///< the solid is where the function is below the value, else above
  /// Places near which the surface is looked for, besides a coarse lattice over the box.
  std::vector<std::array<double, 3>> seeds;
  std::size_t lattice_nodes = 40000;  ///< of the coarse lattice, at most
  std::size_t most_nodes = 3000000;   ///< that may be evaluated; some 300 bytes each
  /// Steps by which vertices are moved along their edge onto the function itself.
  int secant_steps = 3;
};

struct Isosurface {
  TriangleMesh mesh;  ///< closed, wound outward; empty when the box is all outside
  std::array<std::size_t, 3> cells{0, 0, 0};
  std::array<double, 3> cell_m{0.0, 0.0, 0.0};
  /// Spacing of the coarse lattice: a body smaller than this, away from all seeds, may be missed.
  std::array<double, 3> lattice_m{0.0, 0.0, 0.0};
  std::size_t evaluations = 0;
  bool crosses = false;         ///< the function has the value somewhere in the box
  bool touches_bounds = false;  ///< part of the solid's surface is the box
};

/// Each cell is cut into six tetrahedra along its diagonal (Kuhn 1960), in which the function is
/// taken as linear, so that faces fit without gaps or crossings. From cells at the seeds and at
/// changes of sign of the lattice the surface is followed from cell to cell; only there the
/// function is evaluated.
/// Errors "isosurface.bounds" (empty or not finite), "isosurface.cell", "isosurface.too_fine" (too
/// many cells; before anything is allocated where the box alone says so), "isosurface.not_finite".
[[nodiscard]] Isosurface isosurface(const FieldValues& field, const IsosurfaceOptions& options,
                                    const Progress& progress = {});

}  // namespace lode
