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
using Lanes = double __attribute__((vector_size(16)));
using Words = std::uint64_t __attribute__((vector_size(16)));
using Masks = long long __attribute__((vector_size(16)));
using Ints = int __attribute__((vector_size(8)));
inline Words product_of_low_halves(Words a, Words b) {
#if defined(__x86_64__)
  return reinterpret_cast<Words>(
      _mm_mul_epu32(reinterpret_cast<__m128i>(a), reinterpret_cast<__m128i>(b)));
#else
  return (a & 0xFFFFFFFFull) * (b & 0xFFFFFFFFull);
#endif
}
inline Lanes square_root(Lanes x) {
#if defined(__x86_64__)
  return _mm_sqrt_pd(x);
#else
  return Lanes{std::sqrt(x[0]), std::sqrt(x[1])};
#endif
}
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
using Lanes = double __attribute__((vector_size(32)));
using Words = std::uint64_t __attribute__((vector_size(32)));
using Masks = long long __attribute__((vector_size(32)));
using Ints = int __attribute__((vector_size(16)));
inline Words product_of_low_halves(Words a, Words b) {
  return reinterpret_cast<Words>(
      _mm256_mul_epu32(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
}
inline Lanes square_root(Lanes x) {
  return _mm256_sqrt_pd(x);
}
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
