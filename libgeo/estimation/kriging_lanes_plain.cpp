// The loops of kriging_lanes.h for any processor.
#include "libgeo/estimation/kriging_lanes.h"

#include <cmath>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace lode::kriging {

namespace {

double power_of(double h, double exponent) {
  return std::pow(h, exponent);
}

}  // namespace

namespace plain_set {
namespace {
#include "libgeo/estimation/kriging_lanes.inc"
}  // namespace
}  // namespace plain_set

const Kernels& plain_kernels() {
  static const Kernels those{"plain",
                             plain_set::covariances,
                             plain_set::solve,
                             plain_set::distances,
                             plain_set::smallest,
                             plain_set::dots};
  return those;
}

}  // namespace lode::kriging
