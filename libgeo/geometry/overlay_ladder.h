// The rungs of robust set operations, and stopping in the middle of one; of this room's sources.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "libgeo/geometry/geos_handles.h"
#include "libgeo/geometry/overlay.h"

namespace lode::geos {

/// Area that a result can have, with room for rounding.
struct AreaBounds {
  double least = 0.0;
  double most = 0.0;
};

struct Climbed {
  Handle result;
  OverlayRung rung = OverlayRung::floating;
  std::string fault;
};

/// Tries the rungs in turn (null = GEOS failed). A result of the first is taken when its area is
/// within the bounds: GEOS builds it from edges whose noding it has checked. Those of the others
/// must be valid too. Error "run.interrupted" when the thread's scope was cancelled.
[[nodiscard]] Climbed climb(const std::vector<std::function<GEOSGeom_t*()>>& rungs,
                            const AreaBounds& bounds);

/// A GEOS call that may be stopped; tried again when another thread's stop has hit it.
[[nodiscard]] Handle stoppable(const std::function<GEOSGeom_t*()>& call);
/// The same for a call that answers with a character, 2 = failed.
[[nodiscard]] char stoppable_answer(const std::function<char()>& call);

}  // namespace lode::geos
