// Sorting merits into ranks a thousand times over: buckets of merit first, comparisons inside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lode {

/// Scratch space of one thread, reused from draw to draw.
struct OrderScratch {
  std::vector<std::uint64_t> keys, other;
  struct Place {
    double merit;
    std::uint32_t site;
  };
  std::vector<Place> places;
  std::vector<std::uint16_t> bucket, label;
  std::vector<std::uint32_t> start, slot, edge;
  std::vector<double> sample;
};

/// Sites from the highest merit to the lowest, equal ones by index. `merit` is finite.
void descending_order(const double* merit, std::size_t sites, std::uint32_t* order,
                      OrderScratch& scratch);

/// A site and its competition rank, where that is a leading one.
struct LeadingRank {
  std::uint32_t site = 0, rank = 0;
};

/// Competition ranks from 1 of up to 65,536 sites. `leading` receives the sites of rank `kept` or
/// better, best first, equal ones by index.
void exact_ranks(const double* merit, std::size_t sites, std::size_t kept, std::uint16_t* ranks,
                 std::vector<LeadingRank>& leading, OrderScratch& scratch);

/// Of each site the bin (rank - 1)/width its competition rank lies in; there are at most 256.
/// `leading` as above, exact. Only buckets that a bin's edge cuts through are sorted.
void binned_ranks(const double* merit, std::size_t sites, std::size_t width, std::size_t kept,
                  std::uint8_t* bins, std::vector<LeadingRank>& leading, OrderScratch& scratch);

}  // namespace lode
