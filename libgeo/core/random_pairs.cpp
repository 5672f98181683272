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
#define LODE_LANES_BYTES 16
#include "libgeo/core/lanes.inc"
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
#define LODE_LANES_BYTES 32
#include "libgeo/core/lanes.inc"
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
