#include "libgeo/ranking/order.h"

#include <algorithm>
#include <array>

namespace lode {

namespace {

constexpr int digits = 11;
constexpr std::size_t buckets = std::size_t{1} << digits;
constexpr std::size_t radix_from = 600;  // below, comparison sorting is quicker

/// Three stable passes over the upper 32 bits (the key); the lower 32 hold the index.
void radix_sort(std::vector<std::uint64_t>& keys, std::vector<std::uint64_t>& other) {
  std::array<std::array<std::uint32_t, buckets>, 3> counts{};
  for (const auto k : keys) {
    ++counts[0][(k >> 32) & (buckets - 1)];
    ++counts[1][(k >> 43) & (buckets - 1)];
    ++counts[2][k >> 54];
  }
  for (auto& count : counts) {
    std::uint32_t sum = 0;
    for (auto& c : count) {
      const std::uint32_t own = c;
      c = sum;
      sum += own;
    }
  }
  for (int pass = 0; pass < 3; ++pass) {
    const int shift = 32 + pass * digits;
    auto& count = counts[static_cast<std::size_t>(pass)];
    for (const auto k : keys) other[count[(k >> shift) & (buckets - 1)]++] = k;
    keys.swap(other);
  }
}

}  // namespace

void descending_order(const double* merit, std::size_t n, std::uint32_t* order,
                      OrderScratch& scratch) {
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    return merit[a] != merit[b] ? merit[a] > merit[b] : a < b;
  };
  const auto [lowest, highest] = std::minmax_element(merit, merit + n);
  const double top = *highest, range = top - *lowest;
  if (n < radix_from || !(range > 0.0)) {
    for (std::size_t i = 0; i < n; ++i) order[i] = static_cast<std::uint32_t>(i);
    std::sort(order, order + n, before);
    return;
  }
  // Multiplying by a positive constant keeps the order (never strictly), so equal keys are all that
  // is left to compare.
  const double scale = 4294967295.0 / range;
  scratch.keys.resize(n);
  scratch.other.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double steps = std::min(4294967295.0, (top - merit[i]) * scale);
    scratch.keys[i] = (static_cast<std::uint64_t>(steps) << 32) | i;
  }
  radix_sort(scratch.keys, scratch.other);
  for (std::size_t k = 0; k < n; ++k) order[k] = static_cast<std::uint32_t>(scratch.keys[k]);
  for (std::size_t from = 0; from < n;) {
    std::size_t to = from + 1;
    while (to < n && (scratch.keys[to] >> 32) == (scratch.keys[from] >> 32)) ++to;
    if (to - from > 1) std::sort(order + from, order + to, before);
    from = to;
  }
}

namespace {

constexpr std::size_t coarse = 16384;
constexpr std::uint32_t cut_through = 0x80000000u;

/// Counts sites by bucket of merit, best first, and turns the counts into the rank each bucket
/// starts at; buckets that hold a bin's edge or a kept rank are marked.
void mark_buckets(const double* merit, std::size_t n, std::size_t width, std::size_t kept,
                  OrderScratch& s) {
  const auto [lowest, highest] = std::minmax_element(merit, merit + n);
  const double top = *highest, range = top - *lowest;
  const double scale = range > 0.0 ? static_cast<double>(coarse - 1) / range : 0.0;
  s.bucket.resize(n);
  s.start.assign(coarse, 0);
  for (std::size_t i = 0; i < n; ++i)
    s.bucket[i] = static_cast<std::uint16_t>(static_cast<int>((top - merit[i]) * scale));
  for (std::size_t i = 0; i < n; ++i) ++s.start[s.bucket[i]];
  std::uint32_t rank = 1;
  for (auto& start : s.start) {
    const std::uint32_t count = start;
    const bool whole = rank > kept && (rank - 1) / width == (rank + count - 2) / width;
    start = rank | (count > 1 && !whole ? cut_through : 0u);
    rank += count;
  }
}

}  // namespace

void binned_ranks(const double* merit, std::size_t n, std::size_t width, std::size_t kept,
                  std::uint32_t* ranks, std::vector<std::uint32_t>& first, OrderScratch& s) {
  mark_buckets(merit, n, width, std::max<std::size_t>(kept, 1), s);
  s.edge.clear();
  first.clear();
  for (std::size_t i = 0; i < n; ++i) {
    ranks[i] = s.start[s.bucket[i]];
    if ((ranks[i] & cut_through) != 0)
      s.edge.push_back(static_cast<std::uint32_t>(i));
    else if (ranks[i] == 1)
      first.push_back(static_cast<std::uint32_t>(i));
  }
  std::sort(s.edge.begin(), s.edge.end(), [&](std::uint32_t a, std::uint32_t b) {
    return merit[a] != merit[b] ? merit[a] > merit[b] : a < b;
  });
  std::uint32_t group = 0, offset = 0;
  for (std::size_t k = 0; k < s.edge.size(); ++k) {
    const auto site = s.edge[k];
    const bool same_bucket = k > 0 && s.bucket[site] == s.bucket[s.edge[k - 1]];
    offset = same_bucket ? offset + 1 : 0;
    if (!same_bucket || merit[site] != merit[s.edge[k - 1]]) group = offset;
    ranks[site] = (s.start[s.bucket[site]] & ~cut_through) + group;
    if (ranks[site] == 1) first.push_back(site);
  }
}

}  // namespace lode
