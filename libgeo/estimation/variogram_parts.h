// The loops over pairs that variograms and variogram maps share.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "libgeo/core/parallel.h"
#include "libgeo/estimation/pair_index.h"
#include "libgeo/estimation/variogram.h"

namespace lode::variogram_parts {

// Partial sums kept at most: the blocks depend on the number of samples alone.
constexpr std::size_t block_limit = 512;

// Sums over the pairs of one bin. `tail` is where the separation starts, `head` where it ends.
struct Bin {
  double pairs = 0.0, distance = 0.0;
  double dx = 0.0, dy = 0.0, dz = 0.0;
  double main = 0.0, tail = 0.0, head = 0.0, tail2 = 0.0, head2 = 0.0;
  Bin& operator+=(const Bin& o) {
    pairs += o.pairs;
    distance += o.distance;
    dx += o.dx;
    dy += o.dy;
    dz += o.dz;
    main += o.main;
    tail += o.tail;
    head += o.head;
    tail2 += o.tail2;
    head2 += o.head2;
    return *this;
  }
};

// The samples with a value, as the loops want them.
struct Values {
  std::vector<double> x, y, z;
  std::vector<double> first, second;  ///< less their means
  std::vector<std::uint32_t> group;
  double mean = 0.0, variance = 0.0;
  std::size_t missing = 0;
};

/// The samples that have the values `options` wants. Errors as `experimental_variogram`.
[[nodiscard]] Values values_of(const Samples& samples, const VariogramOptions& options);
void check_options(const VariogramOptions& options);

struct Pair {
  double dx, dy, dz, distance;
  double tail, head, measure;
};

/// Adds the ends of a pair, turned when `sign` is below 0.
inline void add_ordered(Bin& bin, const Pair& pair, double sign) {
  bin.dx += sign * pair.dx;
  bin.dy += sign * pair.dy;
  bin.dz += sign * pair.dz;
  const double tail = sign > 0.0 ? pair.tail : pair.head;
  const double head = sign > 0.0 ? pair.head : pair.tail;
  bin.tail += tail;
  bin.head += head;
  bin.tail2 += tail * tail;
  bin.head2 += head * head;
}

// Sorted values beside the index.
struct Sorted {
  std::vector<double> first, second;
};

// Measures of a pair by type; NaN where it has none.
template <class Use>
void with_measure(const VariogramOptions& options, const Sorted& sorted, double mean, Use use) {
  const double* z = sorted.first.data();
  const double* w = sorted.second.data();
  switch (options.type) {
    case VariogramType::semivariogram:
    case VariogramType::general_relative:
      return use([z](std::size_t i, std::size_t j) { return (z[i] - z[j]) * (z[i] - z[j]); });
    case VariogramType::cross:
      return use([z, w](std::size_t i, std::size_t j) { return (z[i] - z[j]) * (w[i] - w[j]); });
    case VariogramType::covariance:
    case VariogramType::correlogram:
      return use([z](std::size_t i, std::size_t j) { return z[i] * z[j]; });
    case VariogramType::madogram:
      return use([z](std::size_t i, std::size_t j) { return std::abs(z[i] - z[j]); });
    case VariogramType::rodogram:
      return use([z](std::size_t i, std::size_t j) { return std::sqrt(std::abs(z[i] - z[j])); });
    case VariogramType::pairwise_relative:
      return use([z, mean](std::size_t i, std::size_t j) {
        const double sum = z[i] + z[j] + 2.0 * mean;
        constexpr double nothing = 1e-12;
        if (std::abs(sum) <= nothing * (std::abs(z[i] + mean) + std::abs(z[j] + mean)))
          return std::numeric_limits<double>::quiet_NaN();
        const double ratio = 2.0 * (z[i] - z[j]) / sum;
        return ratio * ratio;
      });
  }
}

/// Values in the order of the index.
[[nodiscard]] Sorted sorted_values(const PairIndex& index, const Values& values);
/// The measure that the sums of a bin make; NaN without pairs.
[[nodiscard]] double gamma_of(VariogramType type, const Bin& bin, double mean);

struct Partial {
  std::vector<Bin> bins;
  std::size_t skipped = 0, same_place = 0;
};

// Runs body(i, partial) over all sorted samples in fixed blocks and joins the blocks in order.
template <class Body>
Partial over_samples(const PairIndex& index, std::size_t bins, int jobs, const Progress& progress,
                     Body body) {
  const std::size_t n = index.size();
  const std::size_t block = std::max<std::size_t>(16, (n + block_limit - 1) / block_limit);
  return parallel_fold(
      n, block, jobs, Partial{},
      [&](std::size_t begin, std::size_t end) {
        Partial part;
        part.bins.resize(bins);
        for (std::size_t i = begin; i < end; ++i) {
          progress.check();
          body(i, part);
        }
        return part;
      },
      [](Partial total, const Partial& part) {
        if (total.bins.empty()) total.bins.resize(part.bins.size());
        for (std::size_t b = 0; b < part.bins.size(); ++b) total.bins[b] += part.bins[b];
        total.skipped += part.skipped;
        total.same_place += part.same_place;
        return total;
      },
      progress);
}

}  // namespace lode::variogram_parts
