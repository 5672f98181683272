// Loops over draws in registers of several widths, each operation rounded alike in all.
#include "libgeo/supply/cost_lanes.h"

#include <cmath>
#include <cstring>
#include <limits>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace lode::cost_lanes {

namespace {

namespace plain {
#define LODE_LANES_BYTES 16
#include "libgeo/core/lanes.inc"
#include "libgeo/supply/cost_lanes.inc"
std::size_t pick(const double* value, std::size_t count, double low, double high, double* picked,
                 std::size_t& so_many) {
  std::size_t below = 0, some = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double x = value[i];
    below += x < low ? 1 : 0;
    picked[some] = x;
    some += x >= low && x <= high ? 1 : 0;
  }
  so_many = some;
  return below;
}
const Kernels those{"plain", figures, add, costs, steps, add_below, pick};
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
#include "libgeo/supply/cost_lanes.inc"
}  // namespace avx2
#if defined(__clang__)
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
#else
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f")
#endif
namespace avx512 {
#define LODE_LANES_BYTES 64
#include "libgeo/core/lanes.inc"
#include "libgeo/supply/cost_lanes.inc"
// Eight values at a time are pressed together in a register; the last few one by one.
std::size_t pick(const double* value, std::size_t count, double low, double high, double* picked,
                 std::size_t& so_many) {
  const __m512d least = _mm512_set1_pd(low), most = _mm512_set1_pd(high);
  std::size_t below = 0, some = 0, i = 0;
  for (; i + 8 <= count; i += 8) {
    const __m512d x = _mm512_loadu_pd(value + i);
    const __mmask8 under = _mm512_cmp_pd_mask(x, least, _CMP_LT_OQ);
    const auto in = static_cast<__mmask8>(_mm512_cmp_pd_mask(x, most, _CMP_LE_OQ) & ~under);
    below += static_cast<std::size_t>(__builtin_popcount(under));
    _mm512_storeu_pd(picked + some, _mm512_maskz_compress_pd(in, x));
    some += static_cast<std::size_t>(__builtin_popcount(in));
  }
  std::size_t last = 0;
  below += plain::pick(value + i, count - i, low, high, picked + some, last);
  so_many = some + last;
  return below;
}
}  // namespace avx512
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

namespace avx2 {
const Kernels those{"avx2", figures, add, costs, steps, add_below, plain::pick};
}  // namespace avx2
namespace avx512 {
const Kernels those{"avx512", figures, add, costs, steps, add_below, pick};
}  // namespace avx512

#endif

}  // namespace

const Kernels* kernels_number(std::size_t k) {
  if (k == 0) return &plain::those;
#if defined(__x86_64__)
  if (k == 1 && __builtin_cpu_supports("avx2") != 0) return &avx2::those;
  if (k == 2 && __builtin_cpu_supports("avx512f") != 0) return &avx512::those;
#endif
  return nullptr;
}

const Kernels& kernels() {
  static const Kernels& widest = []() -> const Kernels& {
    const Kernels* best = kernels_number(0);
    for (std::size_t k = 1; kernels_number(k) != nullptr; ++k) best = kernels_number(k);
    return *best;
  }();
  return widest;
}

}  // namespace lode::cost_lanes
