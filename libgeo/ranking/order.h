// Sorting merits into ranks a thousand times over: radix on a monotone key, exact at the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lode {

/// Scratch space of one thread, reused from draw to draw.
struct OrderScratch {
  std::vector<std::uint64_t> keys, other;
};

/// Sites from the highest merit to the lowest, equal ones by index. `merit` is finite.
void descending_order(const double* merit, std::size_t sites, std::uint32_t* order,
                      OrderScratch& scratch);

}  // namespace lode
