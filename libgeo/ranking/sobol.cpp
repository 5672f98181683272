#include "libgeo/ranking/sobol.h"

#include <array>

namespace lode {

namespace {

/// A primitive polynomial over GF(2), all its coefficients as bits, and the first direction
/// numbers.
struct Start {
  unsigned polynomial;
  std::array<std::uint32_t, 8> m;
};

/// Joe & Kuo 2008, "Constructing Sobol sequences with better two-dimensional projections",
/// SIAM J. Sci. Comput. 30, 2635-2654; the first 40 dimensions of new-joe-kuo-6.21201.
constexpr std::array<Start, sobol_dimensions> starts{{
    {1, {1}},
    {3, {1}},
    {7, {1, 3}},
    {11, {1, 3, 1}},
    {13, {1, 1, 1}},
    {19, {1, 1, 3, 3}},
    {25, {1, 3, 5, 13}},
    {37, {1, 1, 5, 5, 17}},
    {41, {1, 1, 5, 5, 5}},
    {47, {1, 1, 7, 11, 19}},
    {55, {1, 1, 5, 1, 1}},
    {59, {1, 1, 1, 3, 11}},
    {61, {1, 3, 5, 5, 31}},
    {67, {1, 3, 3, 9, 7, 49}},
    {91, {1, 1, 1, 15, 21, 21}},
    {97, {1, 3, 1, 13, 27, 49}},
    {103, {1, 1, 1, 15, 7, 5}},
    {109, {1, 3, 1, 15, 13, 25}},
    {115, {1, 1, 5, 5, 19, 61}},
    {131, {1, 3, 7, 11, 23, 15, 103}},
    {137, {1, 3, 7, 13, 13, 15, 69}},
    {143, {1, 1, 3, 13, 7, 35, 63}},
    {145, {1, 3, 5, 9, 1, 25, 53}},
    {157, {1, 3, 1, 13, 9, 35, 107}},
    {167, {1, 3, 1, 5, 27, 61, 31}},
    {171, {1, 1, 5, 11, 19, 41, 61}},
    {185, {1, 3, 5, 3, 3, 13, 69}},
    {191, {1, 1, 7, 13, 1, 19, 1}},
    {193, {1, 3, 7, 5, 13, 19, 59}},
    {203, {1, 1, 3, 9, 25, 29, 41}},
    {211, {1, 3, 5, 13, 23, 1, 55}},
    {213, {1, 3, 7, 3, 13, 59, 17}},
    {229, {1, 3, 1, 3, 5, 53, 69}},
    {239, {1, 1, 5, 5, 23, 33, 13}},
    {241, {1, 1, 7, 7, 1, 61, 123}},
    {247, {1, 1, 7, 9, 13, 61, 49}},
    {253, {1, 3, 3, 5, 3, 55, 33}},
    {285, {1, 3, 1, 15, 31, 13, 49, 245}},
    {299, {1, 3, 5, 15, 31, 59, 63, 97}},
    {301, {1, 3, 1, 11, 11, 11, 77, 249}},
}};

using Directions = std::array<std::array<std::uint32_t, 32>, sobol_dimensions>;

constexpr int degree_of(unsigned polynomial) {
  int degree = 0;
  while ((polynomial >> (degree + 1)) != 0) ++degree;
  return degree;
}

Directions directions() {
  Directions v{};
  for (std::size_t d = 0; d < sobol_dimensions; ++d) {
    const int s = degree_of(starts[d].polynomial);
    for (int k = 0; k < 32; ++k) {
      if (s == 0) {  // the first dimension: van der Corput
        v[d][k] = 1u << (31 - k);
      } else if (k < s) {
        v[d][k] = starts[d].m[k] << (31 - k);
      } else {
        std::uint32_t next = v[d][k - s] ^ (v[d][k - s] >> s);
        for (int i = 1; i < s; ++i)
          if ((starts[d].polynomial >> (s - i)) & 1u) next ^= v[d][k - i];
        v[d][k] = next;
      }
    }
  }
  return v;
}

}  // namespace

std::uint32_t sobol_bits(std::uint32_t index, std::size_t dimension) {
  static const Directions v = directions();
  std::uint32_t gray = index ^ (index >> 1), bits = 0;
  for (int k = 0; gray != 0; ++k, gray >>= 1)
    if (gray & 1u) bits ^= v[dimension][k];
  return bits;
}

}  // namespace lode
