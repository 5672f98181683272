// Pieces of outline joined into rings, and rings into polygons.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/environment/near_ground_cuts.h"
#include "libgeo/geometry/geometry.h"

namespace lode {

/// A piece of one curve, ground on its left: its vertices without the last, which is where the
/// next piece begins.
struct OutlinePiece {
  NearCurve curve = kNoCurve;
  NearCurve before = kNoCurve;  ///< the curve it comes from
  NearCurve after = kNoCurve;   ///< and the one it goes to
  std::uint32_t body = 0;       ///< connected ground that it bounds
  std::uint32_t block = 0;      ///< where its vertices are
  std::uint32_t first = 0, count = 0;
  Point end;  ///< where it ends
};

struct JoinOptions {
  double apart_m = 0.0;  ///< ends this near to a beginning belong to it when names do not tell
  double apart_named_m = 0.0;  ///< and when they do (curves may meet at a very small angle)
  bool planar = false;
  Progress stop;
  bool reversed = false;  ///< the ground wanted lies to the right
  double least_m = 0.0;   ///< vertices nearer to one another are one
};

/// Polygons in running degrees (or metres): each body's shells with the holes in them. Empty when
/// an end has no beginning.
[[nodiscard]] std::optional<Geometry> join_pieces(const std::vector<OutlinePiece>& pieces,
                                                  const std::vector<Path>& vertices,
                                                  const JoinOptions& options);

}  // namespace lode
