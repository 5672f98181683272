// Counting the ranks of every site over the draws in little memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lode {

/// Ranks are kept one by one while the draws are few, as a histogram when they are many, and in
/// bins of n/256 above 10,000 sites. Adding is safe from several threads for different sites.
class RankTally {
 public:
  static constexpr std::size_t exact_sites = 10000;

  RankTally(std::size_t sites, std::size_t draws, std::size_t kept);

  void add(std::size_t site, std::size_t draw, std::uint32_t rank) {
    if (rank <= kept_) ++leading_[site * kept_ + rank - 1];
    if (listed_)
      ranks_[site * draws_ + draw] = static_cast<std::uint16_t>(rank - 1);
    else
      ++counts_[site * bins_ + (rank - 1) / width_];
  }

  [[nodiscard]] std::size_t bin_width() const { return width_; }
  /// Draws in which the site had this rank, for rank 1 .. kept.
  [[nodiscard]] std::uint32_t leading(std::size_t site, std::size_t rank) const {
    return leading_[site * kept_ + rank - 1];
  }

  struct Quantiles {
    double p05 = 0.0, p50 = 0.0, p95 = 0.0;
  };
  /// Smallest rank with at least that share of the draws at or above it. Binned: exact among the
  /// kept ranks; else the best rank of the bin for p05, its middle for p50, its worst for p95, so
  /// that the interval is never too narrow.
  [[nodiscard]] Quantiles quantiles(std::size_t site) const;

 private:
  std::size_t sites_, draws_, kept_, width_, bins_;
  bool listed_;
  std::vector<std::uint16_t> ranks_;
  std::vector<std::uint32_t> counts_, leading_;
};

}  // namespace lode
