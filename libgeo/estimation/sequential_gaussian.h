// Sequential Gaussian simulation of normal scores on the nodes of a block grid.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/core/random.h"
#include "libgeo/estimation/neighbours.h"
#include "libgeo/estimation/node_covariance.h"

namespace lode {

struct SequentialOptions {
  /// Radii and max_samples (data and simulated nodes together, 1 to 256) count.
  SearchPass search;
  Angles search_angles;
  int multigrid = 3;  ///< coarse grids of 8, 4, 2 nodes before the full one; 0 = none
};

/// Each node in a random order of its own realisation is drawn from the normal distribution that
/// simple kriging gives from the informed nodes nearest in covariance (Deutsch and Journel 1998,
/// p. 144-146, 170-175). Nodes that hold a sample keep it.
class SequentialGaussian {
 public:
  /// `node` and `score` of the samples. Errors "simulate.unbounded", "simulate.max_samples".
  SequentialGaussian(const BlockGrid& grid, const VariogramModel& model,
                     std::vector<std::size_t> node, std::vector<double> score,
                     const SequentialOptions& options, const Progress& progress = {});

  struct Work {
    std::vector<std::uint8_t> informed;
    std::vector<std::uint32_t> path;
    std::vector<std::uint64_t> key;
    std::vector<double> matrix, target, value;
    std::vector<std::size_t> chosen;
    std::vector<std::array<int, 3>> place;
    std::size_t skipped = 0;  ///< neighbours left out because the system was near singular
  };
  /// One realisation into out[node * stride]; `path` and `draws` are its streams.
  void simulate(const Random& path, const Random& draws, Work& work, double* out,
                std::size_t stride, const Progress& progress = {}) const;

  [[nodiscard]] std::size_t offsets() const { return spiral_.size(); }

 private:
  struct Offset {
    std::array<int, 3> step{};
    double covariance = 0.0;
  };
  void wind_spiral(const Progress& progress);
  void fill_table();
  void order_path(const Random& random, Work& work) const;
  void find_neighbours(std::size_t node, Work& work) const;
  [[nodiscard]] double covariance(const std::array<int, 3>& a, const std::array<int, 3>& b) const;
  void draw(std::size_t node, double normal, Work& work, double* out, std::size_t stride) const;

  BlockGrid grid_;
  NodeCovariance covariance_;
  SequentialOptions options_;
  std::vector<std::size_t> node_;
  std::vector<double> score_;
  std::vector<Offset> spiral_;        ///< from the most to the least correlated
  std::array<int, 3> table_reach_{};  ///< lags in the table run from -reach to reach
  std::vector<double> table_;         ///< empty when it would be too large
};

}  // namespace lode
