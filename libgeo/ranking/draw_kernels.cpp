#include "libgeo/ranking/draw_kernels.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "libgeo/core/random.h"
#include "libgeo/ranking/uncertainty.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Vectors are handed about inside this file only, where both sides are compiled alike.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wpsabi"
#endif

namespace lode::draw_kernels {

namespace {

namespace plain {
#define LODE_LANES_BYTES 16
#include "libgeo/core/lanes.inc"
#include "libgeo/ranking/draw_lanes.inc"
const Kernels those{"plain",  weighted, closeness, add_regret,   buckets,
                    uniforms, halves,   bounded,   add_distances};
}  // namespace plain

#if defined(__x86_64__)

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif
namespace avx2 {
#define LODE_LANES_BYTES 32
#include "libgeo/core/lanes.inc"
#include "libgeo/ranking/draw_lanes.inc"
}  // namespace avx2
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
namespace avx2 {
const Kernels those{"avx2",   weighted, closeness, add_regret,   buckets,
                    uniforms, halves,   bounded,   add_distances};
}  // namespace avx2

bool has_avx2() {
  return __builtin_cpu_supports("avx2") != 0;
}

#endif

}  // namespace

const Kernels* kernels_number(std::size_t k) {
  if (k == 0) return &plain::those;
#if defined(__x86_64__)
  if (k == 1 && has_avx2()) return &avx2::those;
#endif
  return nullptr;
}

const Kernels& kernels() {
  static const Kernels& widest = kernels_number(1) != nullptr ? *kernels_number(1) : plain::those;
  return widest;
}

}  // namespace lode::draw_kernels
