// The loops of kriging_lanes.h for processors with avx512f.
#include "libgeo/estimation/kriging_lanes.h"

#include <cmath>

#if defined(__x86_64__)

#include <immintrin.h>

#define LODE_AVX512

namespace lode::kriging {

namespace {

double power_of(double h, double exponent) {
  return std::pow(h, exponent);
}

}  // namespace

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f")
#endif
namespace avx512_set {
namespace {
#include "libgeo/estimation/kriging_lanes.inc"
}  // namespace
}  // namespace avx512_set
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

const Kernels& avx512_kernels() {
  static const Kernels those{"avx512",
                             avx512_set::covariances,
                             avx512_set::solve,
                             avx512_set::distances,
                             avx512_set::smallest,
                             avx512_set::dots};
  return those;
}

}  // namespace lode::kriging

#endif
