#include "libgeo/ranking/tally.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lode {

RankTally::RankTally(std::size_t sites, std::size_t draws, std::size_t kept)
    : sites_(sites), draws_(draws), kept_(std::min(kept, sites)) {
  width_ = sites <= exact_sites ? 1 : (sites + most_bins - 1) / most_bins;
  bins_ = (sites + width_ - 1) / width_;
  listed_ = width_ == 1 && draws < 2 * sites;
  narrow_ = draws < 65536;
  if (listed_)
    ranks_.resize(sites * draws);
  else if (narrow_)
    narrow_counts_.resize(sites * bins_);
  else
    counts_.resize(sites * bins_);
  leading_.resize(sites * kept_);
}

namespace {

constexpr std::size_t strip = 64;  // sites whose counts stay in the nearest cache

template <class Count, class Place>
void count_up(Count* counts, std::size_t bins, const Place* places, std::size_t stride,
              std::size_t draws, std::size_t begin, std::size_t end) {
  for (std::size_t from = begin; from < end; from += strip) {
    const std::size_t to = std::min(end, from + strip);
    for (std::size_t d = 0; d < draws; ++d)
      for (std::size_t i = from; i < to; ++i) ++counts[i * bins + places[d * stride + i]];
  }
}

}  // namespace

void RankTally::add_exact(const std::uint16_t* ranks, std::size_t first, std::size_t count,
                          std::size_t begin, std::size_t end) {
  if (listed_) {
    for (std::size_t from = begin; from < end; from += strip)
      for (std::size_t i = from; i < std::min(end, from + strip); ++i)
        for (std::size_t d = 0; d < count; ++d)
          ranks_[i * draws_ + first + d] = ranks[d * sites_ + i];
  } else if (narrow_) {
    count_up(narrow_counts_.data(), bins_, ranks, sites_, count, begin, end);
  } else {
    count_up(counts_.data(), bins_, ranks, sites_, count, begin, end);
  }
}

void RankTally::add_bins(const std::uint8_t* bins, std::size_t count, std::size_t begin,
                         std::size_t end) {
  if (narrow_)
    count_up(narrow_counts_.data(), bins_, bins, sites_, count, begin, end);
  else
    count_up(counts_.data(), bins_, bins, sites_, count, begin, end);
}

void RankTally::add_leading(const std::vector<LeadingRank>& ranks) {
  for (const auto& one : ranks)
    if (one.rank <= kept_) ++leading_[one.site * kept_ + one.rank - 1];
}

namespace {

/// Draws of a list or of a histogram as counts of up to 256 classes of so many ranks or bins, and
/// within one class rank by rank: a list is never spread out over all ranks.
template <class Count>
void count_classes(const Count* counts, std::size_t bins, std::size_t group,
                   std::array<std::size_t, RankTally::most_bins>& classes) {
  for (std::size_t b = 0; b < bins; ++b) classes[b / group] += counts[b];
}

}  // namespace

void RankTally::fill_classes(std::size_t site, std::size_t group,
                             std::array<std::size_t, most_bins>& classes) const {
  classes.fill(0);
  if (listed_)
    for (std::size_t d = 0; d < draws_; ++d) ++classes[ranks_[site * draws_ + d] / group];
  else if (narrow_)
    count_classes(narrow_counts_.data() + site * bins_, bins_, group, classes);
  else
    count_classes(counts_.data() + site * bins_, bins_, group, classes);
}

void RankTally::fill_bins(std::size_t site, std::size_t from, std::size_t to,
                          std::vector<std::uint32_t>& bins) const {
  bins.assign(to - from, 0);
  if (listed_) {
    for (std::size_t d = 0; d < draws_; ++d) {
      const std::size_t rank = ranks_[site * draws_ + d];
      if (rank >= from && rank < to) ++bins[rank - from];
    }
    return;
  }
  for (std::size_t b = from; b < to; ++b)
    bins[b - from] = narrow_ ? narrow_counts_[site * bins_ + b] : counts_[site * bins_ + b];
}

RankTally::Summary RankTally::summary(std::size_t site) const {
  // The rank of draw ceil(share * draws) in sorted order: the inverse empirical distribution.
  const auto place = [&](double share) {
    return static_cast<std::size_t>(
        std::max(1.0, std::ceil(share * static_cast<double>(draws_) - 1e-9)));
  };
  const std::size_t wanted[3] = {place(0.05), place(0.50), place(0.95)};
  double found[3] = {0.0, 0.0, 0.0};
  std::size_t seen = 0, k = 0;
  if (width_ > 1)
    for (std::size_t rank = 1; rank <= kept_; ++rank) {
      seen += leading(site, rank);
      for (; k < 3 && seen >= wanted[k]; ++k) found[k] = static_cast<double>(rank);
    }
  seen = 0;
  const std::size_t group = (bins_ + most_bins - 1) / most_bins;
  const std::size_t classes = (bins_ + group - 1) / group;
  std::array<std::size_t, most_bins> own;
  std::vector<std::uint32_t> bins;
  fill_classes(site, group, own);
  double entropy = 0.0;
  for (std::size_t c = 0; c < classes; ++c) {
    if (own[c] == 0) continue;
    const double share = static_cast<double>(own[c]) / static_cast<double>(draws_);
    entropy -= share * std::log(share);
    if (k == 3 || seen + own[c] < wanted[k]) {
      seen += own[c];
      continue;
    }
    const std::size_t from = c * group, to = std::min(bins_, from + group);
    fill_bins(site, from, to, bins);
    for (std::size_t bin = from; bin < to; ++bin) {
      seen += bins[bin - from];
      for (; k < 3 && seen >= wanted[k]; ++k) {
        const double best =
            static_cast<double>(width_ == 1 ? bin + 1 : std::max(bin * width_, kept_) + 1);
        const double worst = static_cast<double>(std::min(sites_, (bin + 1) * width_));
        found[k] = k == 0 ? best : k == 1 ? std::floor(0.5 * (best + worst)) : worst;
      }
    }
  }
  const auto most = static_cast<double>(std::min(classes, draws_));
  return {found[0], found[1], found[2],
          most > 1.0 ? std::clamp(entropy / std::log(most), 0.0, 1.0) : 0.0};
}

}  // namespace lode
