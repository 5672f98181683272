// Counting the ranks of every site over the draws in little memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "libgeo/ranking/order.h"

namespace lode {

/// Up to 10,000 sites ranks are kept one by one while the draws are few, as a histogram when they
/// are many; above that they are counted in 256 bins. Adding is safe from several threads for
/// different sites.
class RankTally {
 public:
  static constexpr std::size_t exact_sites = 10000;
  static constexpr std::size_t most_bins = 256;

  RankTally(std::size_t sites, std::size_t draws, std::size_t kept);

  [[nodiscard]] std::size_t bin_width() const { return width_; }
  [[nodiscard]] bool exact() const { return width_ == 1; }

  /// Ranks less 1 of draws [first, first + count), draw by draw: those of sites [begin, end).
  void add_exact(const std::uint16_t* ranks, std::size_t first, std::size_t count,
                 std::size_t begin, std::size_t end);
  /// Likewise their bins.
  void add_bins(const std::uint8_t* bins, std::size_t count, std::size_t begin, std::size_t end);
  /// The leading ranks of one draw.
  void add_leading(const std::vector<LeadingRank>& ranks);

  /// Draws in which the site had this rank, for rank 1 .. kept.
  [[nodiscard]] std::uint32_t leading(std::size_t site, std::size_t rank) const {
    return leading_[site * kept_ + rank - 1];
  }

  struct Summary {
    double p05 = 0.0, p50 = 0.0, p95 = 0.0;
    double entropy = 0.0;  ///< 0 to 1
  };
  /// Quantiles: smallest rank with at least that share of the draws at or above it. Binned: exact
  /// among the kept ranks; else the best rank of the bin for p05, its middle for p50, its worst for
  /// p95, so that the interval is never too narrow. Entropy: that of the site's shares in up to 256
  /// bins of ranks over the largest that so many draws can have.
  [[nodiscard]] Summary summary(std::size_t site) const;

 private:
  void fill_classes(std::size_t site, std::size_t group,
                    std::array<std::size_t, most_bins>& classes) const;
  void fill_bins(std::size_t site, std::size_t from, std::size_t to,
                 std::vector<std::uint32_t>& bins) const;

  std::size_t sites_, draws_, kept_, width_, bins_;
  bool listed_, narrow_;
  std::vector<std::uint16_t> ranks_;
  std::vector<std::uint16_t> narrow_counts_;  ///< below 65,536 draws
  std::vector<std::uint32_t> counts_, leading_;
};

}  // namespace lode
