// The order of things along a curve that fills space, by their codes on it.
#pragma once

#include <cstdint>
#include <vector>

namespace lode {

/// Indices by rising code, equal codes by rising index. Radix sort, 11 bits a turn: several times
/// as fast as comparing, and the same order.
[[nodiscard]] std::vector<std::uint32_t> order_by_code(const std::vector<std::uint64_t>& codes);

}  // namespace lode
