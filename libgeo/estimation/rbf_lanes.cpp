#include "libgeo/estimation/rbf_lanes.h"

#include <cmath>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace lode::rbf {

namespace plain_set {
namespace {
#include "libgeo/estimation/rbf_lanes.inc"
}  // namespace
}  // namespace plain_set

#if defined(__x86_64__)
// The square root is what takes the time: the widest one there is does most of them a cycle.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif
#define LODE_AVX2
namespace avx2_set {
namespace {
#include "libgeo/estimation/rbf_lanes.inc"
}  // namespace
}  // namespace avx2_set
#undef LODE_AVX2
#if defined(__clang__)
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
#else
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f")
#endif
#define LODE_AVX512
namespace avx512_set {
namespace {
#include "libgeo/estimation/rbf_lanes.inc"
}  // namespace
}  // namespace avx512_set
#undef LODE_AVX512
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif

void sums(Basis basis, const Centres& centres, const double* x, const double* y, const double* z,
          std::size_t n, double* into) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") != 0)
    return avx512_set::sums(basis, centres, x, y, z, n, into);
  if (__builtin_cpu_supports("avx2") != 0) return avx2_set::sums(basis, centres, x, y, z, n, into);
#endif
  plain_set::sums(basis, centres, x, y, z, n, into);
}

}  // namespace lode::rbf
