// Sobol points in up to 40 dimensions: quasi-random draws of weights.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lode {

inline constexpr std::size_t sobol_dimensions = 40;

/// Coordinate `dimension` of point `index` as 32 bits of a binary fraction, in Gray-code order
/// (Antonov & Saleev 1979) with the direction numbers of Joe & Kuo (2008, new-joe-kuo-6).
[[nodiscard]] std::uint32_t sobol_bits(std::uint32_t index, std::size_t dimension);

}  // namespace lode
