// The loops of kriging_lanes.h for processors with avx2.
#include "libgeo/estimation/kriging_lanes.h"

#include <cmath>

#if defined(__x86_64__)

#include <immintrin.h>

#define LODE_AVX2

namespace lode::kriging {

namespace {

double power_of(double h, double exponent) {
  return std::pow(h, exponent);
}

}  // namespace

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif
namespace avx2_set {
namespace {
#include "libgeo/estimation/kriging_lanes.inc"
}  // namespace
}  // namespace avx2_set
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

const Kernels& avx2_kernels() {
  static const Kernels those{"avx2",
                             avx2_set::covariances,
                             avx2_set::solve,
                             avx2_set::distances,
                             avx2_set::smallest,
                             avx2_set::dots};
  return those;
}

}  // namespace lode::kriging

#endif
