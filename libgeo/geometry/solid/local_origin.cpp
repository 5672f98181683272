#include "libgeo/geometry/solid/local_origin.h"

#include <algorithm>

namespace lode::solid {

std::array<double, 3> exact_origin(const Box3& box) {
  std::array<double, 3> origin{0.0, 0.0, 0.0};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double low = box.lower[axis], high = box.upper[axis];
    if (low > 0.0 && high <= 2.0 * low) origin[axis] = low;
    if (high < 0.0 && low >= 2.0 * high) origin[axis] = high;
  }
  return origin;
}

Box3 joined(const Box3& a, const Box3& b) {
  Box3 box = a;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    box.lower[axis] = std::min(a.lower[axis], b.lower[axis]);
    box.upper[axis] = std::max(a.upper[axis], b.upper[axis]);
  }
  return box;
}

}  // namespace lode::solid
