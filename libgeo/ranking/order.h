// Sorting merits into ranks a thousand times over: radix on a monotone key, exact at the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lode {

/// Scratch space of one thread, reused from draw to draw.
struct OrderScratch {
  std::vector<std::uint64_t> keys, other;
  std::vector<std::uint16_t> bucket;
  std::vector<std::uint32_t> start, edge;
};

/// Sites from the highest merit to the lowest, equal ones by index. `merit` is finite.
void descending_order(const double* merit, std::size_t sites, std::uint32_t* order,
                      OrderScratch& scratch);

/// Competition ranks from 1, exact where they are at most `kept`; any other is exact to the bin
/// ((rank - 1)/width) it lies in, which spares sorting what no bin's edge cuts through.
/// `first` receives the sites of rank 1 in index order.
void binned_ranks(const double* merit, std::size_t sites, std::size_t width, std::size_t kept,
                  std::uint32_t* ranks, std::vector<std::uint32_t>& first, OrderScratch& scratch);

}  // namespace lode
