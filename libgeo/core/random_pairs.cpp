#include <cmath>
#include <cstring>

#include "libgeo/core/random.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// The same operations in registers of several widths: each is rounded alike, so the bits are the
// same whichever the machine has.
namespace lode {

namespace {

namespace plain {
using Lanes = double __attribute__((vector_size(16)));
using Words = std::uint64_t __attribute__((vector_size(16)));
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
#include "libgeo/core/random_lanes.inc"
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
inline Words product_of_low_halves(Words a, Words b) {
  return reinterpret_cast<Words>(
      _mm256_mul_epu32(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
}
inline Lanes square_root(Lanes x) {
  return _mm256_sqrt_pd(x);
}
#include "libgeo/core/random_lanes.inc"
}  // namespace avx2
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif

using Fill = void (*)(const Random&, std::uint64_t, double*, std::size_t);
struct Width {
  Fill fill = plain::fill;
  std::size_t lanes = 2;
};
Width widest() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return {avx2::fill, 4};
#endif
  return {};
}

}  // namespace

void fill_normal_pairs(const Random& random, std::uint64_t first, double* out, std::size_t pairs) {
  static const Width width = widest();
  const std::size_t whole = pairs / width.lanes * width.lanes;
  width.fill(random, first, out, whole / width.lanes);
  for (std::size_t pair = whole; pair < pairs; pair += 2) {
    double two[4];
    plain::fill(random, first + pair, two, 1);
    std::memcpy(out + 2 * pair, two, (pairs - pair > 1 ? 4 : 2) * sizeof(double));
  }
}

}  // namespace lode
