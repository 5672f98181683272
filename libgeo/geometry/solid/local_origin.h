// A local origin that is subtracted from coordinates without rounding.
#pragma once

#include <array>

#include "libgeo/geometry/mesh.h"

namespace lode::solid {

/// Along each axis the bound nearer to 0, where the box lies within a factor of two of it: the
/// difference of two such numbers is exact (Sterbenz 1974). 0 elsewhere.
[[nodiscard]] std::array<double, 3> exact_origin(const Box3& box);

/// The box around both.
[[nodiscard]] Box3 joined(const Box3& a, const Box3& b);

}  // namespace lode::solid
