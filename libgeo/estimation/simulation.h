// Conditional simulation on a block grid: many equally likely pictures of one or several variables.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/estimation/fft_field.h"
#include "libgeo/estimation/neighbours.h"
#include "libgeo/estimation/node_samples.h"
#include "libgeo/estimation/normal_scores.h"
#include "libgeo/estimation/pca_maf.h"
#include "libgeo/estimation/samples.h"
#include "libgeo/estimation/variogram_model.h"
#include "libgeo/geometry/grid.h"

namespace lode {

/// fft: fields by circulant embedding, conditioned by simple kriging of residuals whose weights
/// are solved once for all realisations. sgs: sequential Gaussian simulation.
enum class SimulationMethod { fft, sgs };

struct SimulationOptions {
  SimulationMethod method = SimulationMethod::fft;
  std::size_t realizations = 0;  ///< must be said
  std::uint64_t seed = 1;
  /// Of normal scores: one for all variables (or factors), or one each. Brought to sill 1.
  std::vector<VariogramModel> models;
  /// Search for samples (fft: as kriging; sgs: samples and simulated nodes; its octants, holes and
  /// min_samples do not apply).
  SearchPass search;
  Angles search_angles;
  std::vector<NormalScoreOptions> scores;  ///< one a variable
  std::vector<double> weights;             ///< declustering, one a sample; empty = all alike
  NodePolicy in_one_node = NodePolicy::nearest;
  OutsidePolicy outside = OutsidePolicy::refuse;
  Decorrelation decorrelation = Decorrelation::none;  ///< of several variables
  double maf_lag_m = 0.0;
  std::array<std::size_t, 3> reblock{1, 1, 1};  ///< nodes averaged to a block, along each axis
  int multigrid = 3;                            ///< sgs
  FftFieldOptions fft;
  int jobs = 0;
};

/// Of one variable over the nodes, by realisation; `sample_*` are declustered.
struct SimulatedMoments {
  std::vector<double> mean, variance;
  double sample_mean = 0.0, sample_variance = 0.0;
};

struct Simulation {
  BlockGrid blocks;  ///< after reblocking
  std::size_t realizations = 0;
  std::vector<std::string> variables;
  /// By variable; realisation r of block b stands at r * blocks.size() + b.
  std::vector<std::vector<double>> values;
  std::vector<SimulatedMoments> moments;  ///< by variable
  std::size_t samples = 0;                ///< used for the distribution
  std::size_t conditioning = 0;           ///< nodes that hold a sample
  double largest_move_m = 0.0, mean_move_m = 0.0;
  std::size_t unconditioned = 0;     ///< fft: nodes with no sample within the radius
  std::vector<Embedding> embedding;  ///< fft: by model
  FactorTransform factors;           ///< of several variables
  Findings findings;
};

/// The same bits for any number of threads: random numbers are counted by realisation and node.
/// Node values are those of the samples exactly where a sample is. Memory: 8 bytes a block,
/// realisation and variable; fft also 12 bytes a node and sample used, and 64 bytes a node,
/// variable and thread.
/// Errors "simulate.*", "grid.*", "variogram.*", and those of `kriging_weights`.
[[nodiscard]] Simulation simulate(const Samples& samples, const BlockGrid& grid,
                                  const SimulationOptions& options, const Progress& progress = {});

}  // namespace lode
