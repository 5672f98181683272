// Inside of programmes: their checks, shared by solving, writing and explaining.
#pragma once

#include "libgeo/supply/programme.h"

namespace lode {

/// Error "supply.programme" for what neither a solver nor an LP file can take.
void check_programme(const Programme& programme);
/// (objective - bound) / |objective|, 0 where they are the same.
[[nodiscard]] double relative_gap(double objective, double bound);

}  // namespace lode
