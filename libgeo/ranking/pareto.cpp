#include "libgeo/ranking/pareto.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"

namespace lode {

namespace {

// The loops stand twice in the program, for machines with AVX2 and for all others: whole numbers
// only, so the bits are the same.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define LODE_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define LODE_CLONES
#endif

// Sites stand in the order of their places on the criteria, the first criterion first: whoever
// dominates a site stands before it. A tile of them is held as bits, one a possible dominator; a
// block of later sites is compared with it at once.
constexpr std::size_t tile_sites = 512;
constexpr std::size_t words = tile_sites / 64;
constexpr std::size_t block_sites = 2048;
using Bits = std::array<std::uint64_t, words>;

struct Entry {
  std::uint32_t place;  ///< on the criterion, 0 = best; equal values share it
  std::uint32_t local;  ///< number of the site within its tile or block
};

/// ANDs into each site's set those of the tile that are at least as good on one criterion.
LODE_CLONES void sweep(const Entry* tile, std::size_t tile_size, const Entry* sites,
                       std::size_t count, bool first, Bits* sets) {
  Bits better{};
  std::size_t k = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t place = sites[i].place;
    for (; k < tile_size && tile[k].place <= place; ++k)
      better[tile[k].local / 64] |= std::uint64_t{1} << (tile[k].local % 64);
    Bits& set = sets[sites[i].local];
    if (first)
      set = better;
    else
      for (std::size_t w = 0; w < words; ++w) set[w] &= better[w];
  }
}

LODE_CLONES std::uint32_t count_of(const Bits& set) {
  std::uint32_t count = 0;
  for (std::size_t w = 0; w < words; ++w)
    count += static_cast<std::uint32_t>(std::popcount(set[w]));
  return count;
}

bool meets(const Bits& a, const Bits& b) {
  std::uint64_t any = 0;
  for (std::size_t w = 0; w < words; ++w) any |= a[w] & b[w];
  return any != 0;
}

bool empty(const Bits& set) {
  std::uint64_t any = 0;
  for (const auto word : set) any |= word;
  return any == 0;
}

void set_bit(Bits& set, std::size_t bit) {
  set[bit / 64] |= std::uint64_t{1} << (bit % 64);
}

/// Places of the sites on every criterion, 0 = best, site by site.
std::vector<std::uint32_t> places_of(const std::vector<double>& columns, std::size_t n,
                                     std::size_t m, int jobs) {
  std::vector<std::uint32_t> places(n * m);
  parallel_blocks(m, 1, jobs, [&](std::size_t j, std::size_t, std::size_t) {
    const double* x = columns.data() + j * n;
    std::vector<std::pair<double, std::uint32_t>> order(n);
    for (std::size_t i = 0; i < n; ++i) order[i] = {-x[i], static_cast<std::uint32_t>(i)};
    std::sort(order.begin(), order.end());
    std::uint32_t place = 0;
    for (std::size_t k = 0; k < n; ++k) {
      if (k > 0 && order[k].first != order[k - 1].first) ++place;
      places[order[k].second * m + j] = place;
    }
  });
  return places;
}

/// One direction of the relation over all sites: who stands above each.
class Relation {
 public:
  Relation(std::vector<std::uint32_t> places, std::size_t n, std::size_t m, int jobs)
      : n_(n), m_(m), jobs_(jobs), places_(std::move(places)), order_(n), end_(n) {
    std::iota(order_.begin(), order_.end(), std::uint32_t{0});
    std::sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
      const auto* x = places_.data() + std::size_t{a} * m_;
      const auto* y = places_.data() + std::size_t{b} * m_;
      for (std::size_t j = 0; j < m_; ++j)
        if (x[j] != y[j]) return x[j] < y[j];
      return a < b;
    });
    for (std::size_t p = n; p-- > 0;)
      end_[p] = p + 1 < n && equal(order_[p], order_[p + 1]) ? end_[p + 1] : p + 1;
    list_blocks();
  }

  /// Counts who is above; with `out`, names them and finds the fronts too.
  std::vector<std::uint32_t> count(Dominance* out, std::size_t named, const Progress& progress) {
    above_.assign(n_, 0);
    out_ = out;
    named_ = named;
    for (std::size_t from = 0; from < n_; from += tile_sites) {
      progress.update(static_cast<double>(from) / static_cast<double>(n_));
      begin_tile(from);
      finish_tile();
      const std::size_t first = (from + tile_.size()) / block_sites;
      const std::size_t blocks = (n_ + block_sites - 1) / block_sites;
      if (first < blocks)
        parallel_blocks(blocks - first, 1, jobs_,
                        [&](std::size_t b, std::size_t, std::size_t) { push(first + b); });
    }
    for (std::size_t p = 0; p < n_; ++p) copy_to_equals(p);
    return std::move(above_);
  }

 private:
  [[nodiscard]] bool equal(std::uint32_t a, std::uint32_t b) const {
    return std::equal(places_.begin() + static_cast<std::ptrdiff_t>(a * m_),
                      places_.begin() + static_cast<std::ptrdiff_t>((a + 1) * m_),
                      places_.begin() + static_cast<std::ptrdiff_t>(b * m_));
  }
  /// Equal sites share what is above them: the first of them stands for all.
  [[nodiscard]] bool stands_for_itself(std::size_t p) const { return p == 0 || end_[p - 1] == p; }
  [[nodiscard]] std::uint32_t place(std::size_t p, std::size_t j) const {
    return places_[std::size_t{order_[p]} * m_ + j];
  }

  /// For each block and criterion but the first (which the order itself keeps) its sites in order.
  void list_blocks() {
    const std::size_t blocks = (n_ + block_sites - 1) / block_sites;
    lists_.resize(blocks);
    sets_.resize(blocks);
    parallel_blocks(blocks, 1, jobs_, [&](std::size_t b, std::size_t, std::size_t) {
      const std::size_t from = b * block_sites, to = std::min(n_, from + block_sites);
      lists_[b].resize(m_);
      sets_[b].resize(to - from);
      for (std::size_t j = 1; j < m_; ++j) lists_[b][j] = listed(from, to, j, true);
    });
  }
  [[nodiscard]] std::vector<Entry> listed(std::size_t from, std::size_t to, std::size_t j,
                                          bool only_firsts) const {
    std::vector<Entry> list;
    list.reserve(to - from);
    for (std::size_t p = from; p < to; ++p)
      if (!only_firsts || stands_for_itself(p))
        list.push_back({place(p, j), static_cast<std::uint32_t>(p - from)});
    std::sort(list.begin(), list.end(), [](const Entry& a, const Entry& b) {
      return a.place != b.place ? a.place < b.place : a.local < b.local;
    });
    return list;
  }

  /// The tile's bits follow the numbers of its sites, so that the first bits are the first names.
  void begin_tile(std::size_t from) {
    from_ = from;
    tile_.clear();
    for (std::size_t p = from; p < std::min(n_, from + tile_sites); ++p) tile_.push_back(order_[p]);
    std::vector<std::uint32_t> sorted = tile_;
    std::sort(sorted.begin(), sorted.end());
    bit_of_.resize(tile_.size());
    for (std::size_t t = 0; t < tile_.size(); ++t)
      bit_of_[t] = static_cast<std::uint32_t>(
          std::lower_bound(sorted.begin(), sorted.end(), tile_[t]) - sorted.begin());
    site_of_bit_ = std::move(sorted);
    tile_lists_.assign(m_, {});
    for (std::size_t j = 1; j < m_; ++j) {
      tile_lists_[j] = listed(from, from + tile_.size(), j, false);
      for (auto& entry : tile_lists_[j]) entry.local = bit_of_[entry.local];
    }
    all_ = Bits{};
    for (std::size_t t = 0; t < tile_.size(); ++t) set_bit(all_, t);
  }

  void gather(const std::vector<std::vector<Entry>>& lists, std::vector<Bits>& sets) const {
    if (m_ == 1) sets.assign(sets.size(), all_);
    for (std::size_t j = 1; j < m_; ++j)
      sweep(tile_lists_[j].data(), tile_lists_[j].size(), lists[j].data(), lists[j].size(), j == 1,
            sets.data());
  }

  /// Within the tile, in order: only those before a site may dominate it. Then the tile's own
  /// fronts are known, and so are the sets of its sites by front.
  void finish_tile() {
    std::vector<std::vector<Entry>> lists(m_);
    for (std::size_t j = 1; j < m_; ++j) lists[j] = listed(from_, from_ + tile_.size(), j, true);
    std::vector<Bits> sets(tile_.size());
    gather(lists, sets);
    Bits before{};
    at_least_.clear();
    for (std::size_t t = 0; t < tile_.size(); ++t) {
      const std::size_t p = from_ + t;
      if (stands_for_itself(p)) {
        for (std::size_t w = 0; w < words; ++w) sets[t][w] &= before[w];
        take(p, sets[t]);
        if (out_ != nullptr)
          for (std::size_t k = p + 1; k < end_[p]; ++k)
            out_->front[order_[k]] = out_->front[order_[p]];
      }
      set_bit(before, bit_of_[t]);
      if (out_ != nullptr) add_front(out_->front[order_[p]], bit_of_[t]);
    }
  }

  /// `at_least_`: the tile's sites of that front or a later one, the earliest front first.
  void add_front(std::uint32_t front, std::size_t bit) {
    auto at = std::lower_bound(at_least_.begin(), at_least_.end(), front,
                               [](const Fronted& a, std::uint32_t b) { return a.front < b; });
    if (at == at_least_.end() || at->front != front)
      at = at_least_.insert(at, {front, at == at_least_.end() ? Bits{} : at->sites});
    for (auto k = at_least_.begin(); k <= at; ++k) set_bit(k->sites, bit);
  }

  void push(std::size_t block) {
    const std::size_t start = block * block_sites, stop = std::min(n_, start + block_sites);
    std::vector<Bits>& sets = sets_[block];
    gather(lists_[block], sets);
    for (std::size_t p = std::max(start, from_ + tile_.size()); p < stop; ++p)
      if (stands_for_itself(p)) take(p, sets[p - start]);
  }

  /// The tile's sites of `set` are above the site at p.
  void take(std::size_t p, const Bits& set) {
    if (empty(set)) return;
    const std::uint32_t site = order_[p];
    above_[site] += count_of(set);
    if (out_ == nullptr) return;
    std::uint32_t& front = out_->front[site];
    // The latest front among them, by halving: the sets grow towards the earlier fronts.
    if (!at_least_.empty() && front <= at_least_.back().front) {
      std::size_t low = 0, high = at_least_.size();
      while (high - low > 1) {
        const std::size_t middle = (low + high) / 2;
        (meets(set, at_least_[middle].sites) ? low : high) = middle;
      }
      front = std::max(front, at_least_[low].front + 1);
    }
    name(set, out_->named[site]);
  }

  void name(const Bits& set, std::vector<std::size_t>& names) const {
    std::size_t found = 0;
    for (std::size_t w = 0; w < words && found < named_; ++w)
      for (std::uint64_t rest = set[w]; rest != 0 && found < named_; rest &= rest - 1, ++found) {
        const std::size_t who =
            site_of_bit_[w * 64 + static_cast<std::size_t>(std::countr_zero(rest))];
        if (names.size() == named_ && who > names.back()) return;
        names.insert(std::lower_bound(names.begin(), names.end(), who), who);
        if (names.size() > named_) names.pop_back();
      }
  }

  void copy_to_equals(std::size_t p) {
    if (!stands_for_itself(p)) return;
    for (std::size_t k = p + 1; k < end_[p]; ++k) {
      above_[order_[k]] = above_[order_[p]];
      if (out_ != nullptr) out_->named[order_[k]] = out_->named[order_[p]];
    }
  }

  struct Fronted {
    std::uint32_t front;
    Bits sites;
  };

  std::size_t n_, m_;
  int jobs_;
  std::vector<std::uint32_t> places_;
  std::vector<std::uint32_t> order_;  ///< sites by their places
  std::vector<std::size_t> end_;      ///< past the last site equal to the one at p
  std::vector<std::vector<std::vector<Entry>>> lists_;  ///< by block and criterion
  std::vector<std::vector<Bits>> sets_;                 ///< by block: fresh memory would cost more

  std::size_t from_ = 0;
  std::vector<std::uint32_t> tile_, bit_of_, site_of_bit_;
  std::vector<std::vector<Entry>> tile_lists_;
  Bits all_{};
  std::vector<Fronted> at_least_;

  std::vector<std::uint32_t> above_;
  Dominance* out_ = nullptr;
  std::size_t named_ = 0;
};

}  // namespace

Dominance dominance(const std::vector<double>& columns, std::size_t sites, std::size_t criteria,
                    const DominanceOptions& options, const Progress& progress) {
  if (columns.size() != sites * criteria || criteria == 0)
    throw Error("ranking.shape", "dominance needs one value a site and criterion");
  for (std::size_t k = 0; k < columns.size(); ++k)
    if (std::isnan(columns[k]))
      throw Error("ranking.not_finite", "dominance needs a number in every cell",
                  "site " + std::to_string(k % sites + 1));
  Dominance out;
  out.front.assign(sites, 1);
  out.named.resize(sites);
  auto places = places_of(columns, sites, criteria, options.jobs);
  {
    // Who is above in the order turned round is who is below.
    auto turned = places;
    std::vector<std::uint32_t> last(criteria, 0);
    for (std::size_t k = 0; k < turned.size(); ++k)
      last[k % criteria] = std::max(last[k % criteria], turned[k]);
    for (std::size_t k = 0; k < turned.size(); ++k) turned[k] = last[k % criteria] - turned[k];
    Relation below(std::move(turned), sites, criteria, options.jobs);
    out.dominates = below.count(nullptr, 0, progress.part(0.0, 0.45));
  }
  Relation above(std::move(places), sites, criteria, options.jobs);
  out.dominated_by = above.count(&out, options.named, progress.part(0.45, 1.0));
  return out;
}

}  // namespace lode
