// Counter-based random numbers: a value is a function of seed, stream and index alone.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace lode {

/// Philox 4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3").
[[nodiscard]] std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                                      std::array<std::uint32_t, 2> key);

/// A stream of random numbers addressed by index: the same (seed, stream, index) always gives the
/// same number, so results depend on neither threads nor order.
struct Random {
  std::uint64_t seed = 1;
  std::uint64_t stream = 0;

  [[nodiscard]] std::uint64_t bits(std::uint64_t index) const;
  /// In the open interval (0, 1), 53 bits.
  [[nodiscard]] double uniform(std::uint64_t index) const;
  /// Standard normal by the inverse distribution function.
  [[nodiscard]] double normal(std::uint64_t index) const;
};

/// Many standard normals at once: out[2i] and out[2i + 1] are the pair of index first + i of a
/// stream, from one Philox word of 128 bits by Box and Muller's transform (1958). The same bits on
/// every machine (own logarithm, sine and cosine, no fused multiply-add; error measured on ten
/// million below 4e-16 of the pair's radius). Not the numbers of Random::normal.
void fill_normal_pairs(const Random& random, std::uint64_t first, double* out, std::size_t pairs);

/// Inverse of the standard normal distribution function for p in (0, 1); relative error below
/// 1e-14 (Wichura 1988, algorithm AS 241, PPND16).
[[nodiscard]] double inverse_normal(double p);

}  // namespace lode
