#include "libgeo/ranking/tally.h"

#include <algorithm>
#include <cmath>

namespace lode {

RankTally::RankTally(std::size_t sites, std::size_t draws, std::size_t kept)
    : sites_(sites), draws_(draws), kept_(std::min(kept, sites)) {
  width_ = sites <= exact_sites ? 1 : (sites + 255) / 256;
  bins_ = (sites + width_ - 1) / width_;
  listed_ = width_ == 1 && draws < 2 * sites;
  if (listed_)
    ranks_.assign(sites * draws, 0);
  else
    counts_.assign(sites * bins_, 0);
  leading_.assign(sites * kept_, 0);
}

RankTally::Quantiles RankTally::quantiles(std::size_t site) const {
  // The rank of draw ceil(share * draws) in sorted order: the inverse empirical distribution.
  const auto place = [&](double share) {
    return static_cast<std::size_t>(
        std::max(1.0, std::ceil(share * static_cast<double>(draws_) - 1e-9)));
  };
  const std::size_t wanted[3] = {place(0.05), place(0.50), place(0.95)};
  double found[3] = {0.0, 0.0, 0.0};
  if (listed_) {
    std::vector<std::uint16_t> own(
        ranks_.begin() + static_cast<std::ptrdiff_t>(site * draws_),
        ranks_.begin() + static_cast<std::ptrdiff_t>((site + 1) * draws_));
    for (int k = 0; k < 3; ++k) {
      std::nth_element(own.begin(), own.begin() + static_cast<std::ptrdiff_t>(wanted[k] - 1),
                       own.end());
      found[k] = own[wanted[k] - 1] + 1.0;
    }
    return {found[0], found[1], found[2]};
  }
  std::size_t seen = 0, k = 0;
  for (std::size_t rank = 1; rank <= kept_; ++rank) {
    seen += leading(site, rank);
    for (; k < 3 && seen >= wanted[k]; ++k) found[k] = static_cast<double>(rank);
  }
  seen = 0;
  for (std::size_t bin = 0; bin < bins_ && k < 3; ++bin) {
    seen += counts_[site * bins_ + bin];
    for (; k < 3 && seen >= wanted[k]; ++k) {
      const double from = static_cast<double>(std::max(bin * width_, kept_) + 1);
      const double to = static_cast<double>(std::min(sites_, (bin + 1) * width_));
      found[k] = k == 0 ? from : k == 1 ? std::floor(0.5 * (from + to)) : to;
    }
  }
  return {found[0], found[1], found[2]};
}

}  // namespace lode
