// A program of someone else's that has a part of Lode built within its own project.
#include <cstdio>

#include "libgeo/core/quantity.h"

int main() {
  const double metres = lode::parse_quantity("1640 ft", lode::Dimension::length);
  std::printf("%.3f m\n", metres);
  // 1 ft = 0.3048 m by definition.
  return metres > 499.871 && metres < 499.873 ? 0 : 1;
}
