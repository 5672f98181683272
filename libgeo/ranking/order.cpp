#include "libgeo/ranking/order.h"

#include <algorithm>
#include <array>

#include "libgeo/ranking/draw_kernels.h"

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

constexpr std::size_t most_buckets = 16384;
constexpr std::size_t sampled = 1024;
constexpr std::uint16_t cut_through = 0x8000u;

/// Puts every site into a bucket of merit, best first; a better merit never lies in a later bucket.
/// The scale is that of every so many-th site without its four extremes a side, so that a far
/// outlier does not crowd all others into one bucket; what lies beyond goes to the end buckets.
void fill_buckets(const double* merit, std::size_t n, std::size_t count, OrderScratch& s) {
  const std::size_t step = (n + sampled - 1) / sampled;
  s.sample.clear();
  for (std::size_t i = 0; i < n; i += step) s.sample.push_back(merit[i]);
  const auto trim = static_cast<std::ptrdiff_t>(s.sample.size() / 256);
  const auto low = s.sample.begin() + trim, high = s.sample.end() - 1 - trim;
  std::nth_element(s.sample.begin(), low, s.sample.end());
  const double bottom = *low;
  std::nth_element(low, high, s.sample.end());
  const double top = *high, range = top - bottom, last = static_cast<double>(count - 1);
  // Subtracting and multiplying by a positive constant keep the order, though never strictly.
  const double scale = range > 0.0 ? last / range : 0.0;
  s.bucket.resize(n);
  draw_kernels::kernels().buckets(merit, n, top, scale, last, s.bucket.data());
  s.start.assign(count + 1, 0);
  for (std::size_t i = 0; i < n; ++i) ++s.start[s.bucket[i]];
  std::uint32_t before = 0;
  for (auto& start : s.start) {
    const std::uint32_t own = start;
    start = before;
    before += own;
  }
}

/// The sites of one bucket from the best down, equal ones by index.
void sort_places(OrderScratch::Place* first, OrderScratch::Place* last) {
  const auto before = [](const OrderScratch::Place& a, const OrderScratch::Place& b) {
    return a.merit != b.merit ? a.merit > b.merit : a.site < b.site;
  };
  if (last - first > 24) {
    std::sort(first, last, before);
    return;
  }
  for (auto* at = first; at < last; ++at) {
    const auto own = *at;
    auto* to = at;
    for (; to > first && before(own, to[-1]); --to) *to = to[-1];
    *to = own;
  }
}

}  // namespace

void exact_ranks(const double* merit, std::size_t n, std::size_t kept, std::uint16_t* ranks,
                 std::vector<LeadingRank>& leading, OrderScratch& s) {
  std::size_t count = 64;
  while (count < 2 * n && count < most_buckets) count *= 2;
  fill_buckets(merit, n, count, s);
  s.places.resize(n);
  s.slot.assign(s.start.begin(), s.start.end());
  for (std::size_t i = 0; i < n; ++i)
    s.places[s.slot[s.bucket[i]]++] = {merit[i], static_cast<std::uint32_t>(i)};
  for (std::size_t b = 0; b < count; ++b)
    if (s.start[b + 1] > s.start[b] + 1)
      sort_places(s.places.data() + s.start[b], s.places.data() + s.start[b + 1]);
  leading.clear();
  std::uint32_t group = 0;
  for (std::uint32_t k = 0; k < n; ++k) {
    const auto& place = s.places[k];
    if (place.merit != s.places[group].merit) group = k;
    ranks[place.site] = static_cast<std::uint16_t>(group);
    if (group < kept) leading.push_back({place.site, group + 1});
  }
}

namespace {

/// Labels buckets with the bin that they lie in, or with the number of their place among those
/// that must be sorted. Returns how many sites the latter hold; `slot` is where each one starts.
std::size_t label_buckets(std::size_t width, std::size_t kept, OrderScratch& s) {
  s.label.resize(most_buckets);
  s.slot.clear();
  std::size_t cut = 0, bin = 0, bin_end = width;
  for (std::size_t b = 0; b < most_buckets; ++b) {
    const std::size_t from = s.start[b], to = s.start[b + 1];
    while (from >= bin_end) ++bin, bin_end += width;
    if (to <= from || (from >= kept && to <= bin_end)) {
      s.label[b] = static_cast<std::uint16_t>(bin);
      continue;
    }
    s.label[b] = static_cast<std::uint16_t>(cut_through | s.slot.size());
    s.slot.push_back(static_cast<std::uint32_t>(cut));
    s.edge.push_back(static_cast<std::uint32_t>(b));
    cut += to - from;
  }
  return cut;
}

}  // namespace

void binned_ranks(const double* merit, std::size_t n, std::size_t width, std::size_t kept,
                  std::uint8_t* bins, std::vector<LeadingRank>& leading, OrderScratch& s) {
  fill_buckets(merit, n, most_buckets, s);
  s.edge.clear();
  leading.clear();
  s.places.resize(label_buckets(width, std::max<std::size_t>(kept, 1), s));
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint16_t label = s.label[s.bucket[i]];
    bins[i] = static_cast<std::uint8_t>(label);
    if ((label & cut_through) != 0)
      s.places[s.slot[label & ~cut_through]++] = {merit[i], static_cast<std::uint32_t>(i)};
  }
  auto* first = s.places.data();
  for (const auto b : s.edge) {
    const std::uint32_t before = s.start[b], count = s.start[b + 1] - before;
    sort_places(first, first + count);
    std::uint32_t group = 0, bin = before / static_cast<std::uint32_t>(width);
    for (std::uint32_t k = 0; k < count; ++k) {
      if (first[k].merit != first[group].merit) {
        group = k;
        bin = (before + group) / static_cast<std::uint32_t>(width);
      }
      bins[first[k].site] = static_cast<std::uint8_t>(bin);
      if (before + group < kept) leading.push_back({first[k].site, before + group + 1});
    }
    first += count;
  }
}

}  // namespace lode
