// Realisations of Gaussian factors, conditional on the scores at nodes: what both methods share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/estimation/simulation.h"

namespace lode {

/// Scores of the factors at the nodes that hold samples, and what is drawn there.
struct ConditioningData {
  std::vector<std::size_t> node;
  std::vector<std::vector<double>> factor;  ///< by factor, then node
};

/// Draws batches of realisations: value l of node n of a factor goes to out[n * lanes() + l].
class SimulationEngine {
 public:
  virtual ~SimulationEngine() = default;
  [[nodiscard]] virtual std::size_t lanes() const = 0;
  /// Memory of one thread.
  struct Work {
    virtual ~Work() = default;
  };
  [[nodiscard]] virtual std::unique_ptr<Work> work() const = 0;
  /// Realisations first ... first + count - 1, count up to lanes(); `first` a multiple of lanes().
  virtual void draw(std::size_t factor, std::size_t first, std::size_t count, Work& work,
                    double* out, const Progress& progress) const = 0;
  /// Says in the result what happened (embedding, nodes left unconditioned).
  virtual void report(Simulation& result) const = 0;
};

/// `models` have sill 1, one for all factors or one each.
[[nodiscard]] std::unique_ptr<SimulationEngine> fft_engine(
    const BlockGrid& grid, const std::vector<VariogramModel>& models, const ConditioningData& data,
    const SimulationOptions& options, const Progress& progress);
[[nodiscard]] std::unique_ptr<SimulationEngine> sequential_engine(
    const BlockGrid& grid, const std::vector<VariogramModel>& models, const ConditioningData& data,
    const SimulationOptions& options, const Progress& progress);

/// Streams of random numbers, so that no two uses share one.
enum class StreamOf : std::uint64_t { fft_pair = 1, path = 2, draws = 3 };
[[nodiscard]] inline std::uint64_t stream_of(StreamOf use, std::size_t factor, std::size_t number) {
  return (static_cast<std::uint64_t>(use) << 60) | (static_cast<std::uint64_t>(factor) << 40) |
         static_cast<std::uint64_t>(number);
}

}  // namespace lode
