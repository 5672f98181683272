#include "libgeo/estimation/simulation_engine.h"

#include <algorithm>
#include <atomic>

#include "libgeo/estimation/estimate.h"
#include "libgeo/estimation/sequential_gaussian.h"

namespace lode {

namespace {

// Kriging weights of all nodes: node n has entries start[n] .. start[n + 1).
struct NodeWeights {
  std::vector<std::size_t> start{0};
  std::vector<std::uint32_t> sample;
  std::vector<double> weight;
};

NodeWeights weights_of(const BlockGrid& grid, const VariogramModel& model,
                       const ConditioningData& data, const SimulationOptions& options,
                       const Progress& progress) {
  NodeWeights result;
  if (data.node.empty()) {
    result.start.assign(grid.size() + 1, 0);
    return result;
  }
  Samples places;
  places.variables = {"score"};
  places.values = {std::vector<double>(data.node.size(), 0.0)};
  for (const std::size_t node : data.node) {
    const auto centre = centre_of(grid, node);
    places.x.push_back(centre[0]);
    places.y.push_back(centre[1]);
    places.z.push_back(centre[2]);
  }
  Targets targets;
  targets.is_grid = true;
  targets.grid = grid;
  EstimateOptions kriging;
  kriging.method = EstimationMethod::sk;
  kriging.means = {0.0};
  kriging.model = model;
  kriging.search.angles = options.search_angles;
  kriging.search.passes = {options.search};
  kriging.jobs = options.jobs;
  result.start.reserve(grid.size() + 1);
  kriging_weights(
      places, targets, kriging,
      [&](const WeightChunk& chunk) {
        const std::size_t before = result.sample.size();
        result.sample.insert(result.sample.end(), chunk.sample.begin(), chunk.sample.end());
        result.weight.insert(result.weight.end(), chunk.weight.begin(), chunk.weight.end());
        for (std::size_t i = 1; i < chunk.start.size(); ++i)
          result.start.push_back(before + chunk.start[i]);
      },
      false, progress);
  return result;
}

class FftEngine final : public SimulationEngine {
 public:
  static constexpr std::size_t width = 8;

  FftEngine(const BlockGrid& grid, const std::vector<VariogramModel>& models,
            const ConditioningData& data, const SimulationOptions& options,
            const Progress& progress)
      : grid_(grid), data_(data), seed_(options.seed) {
    const auto share = [&](std::size_t i) {
      return static_cast<double>(i) / static_cast<double>(2 * models.size());
    };
    for (std::size_t i = 0; i < models.size(); ++i) {
      fields_.push_back(std::make_unique<FftField>(grid, models[i], options.fft,
                                                   progress.part(share(2 * i), share(2 * i + 1))));
      weights_.push_back(weights_of(grid, models[i], data, options,
                                    progress.part(share(2 * i + 1), share(2 * i + 2))));
    }
  }

  struct FieldWork final : Work {
    std::vector<std::unique_ptr<FftField::Work>> field;
    std::vector<double> residual;
  };

  [[nodiscard]] std::size_t lanes() const override { return width; }
  [[nodiscard]] std::unique_ptr<Work> work() const override {
    auto made = std::make_unique<FieldWork>();
    for (const auto& field : fields_)
      made->field.push_back(std::make_unique<FftField::Work>(*field));
    return made;
  }

  void draw(std::size_t factor, std::size_t first, std::size_t count, Work& work, double* out,
            const Progress& progress) const override {
    auto& mine = static_cast<FieldWork&>(work);
    const std::size_t model = fields_.size() == 1 ? 0 : factor;
    if (count < width) std::fill(out, out + grid_.size() * width, 0.0);
    for (std::size_t lane = 0; lane < count; lane += 2)
      fields_[model]->simulate(
          {.seed = seed_, .stream = stream_of(StreamOf::fft_pair, factor, (first + lane) / 2)},
          *mine.field[model], out + lane, out + lane + 1, width, progress);
    condition(factor, weights_[model], mine.residual, out, progress);
  }

  void report(Simulation& result) const override {
    for (const auto& field : fields_) result.embedding.push_back(field->embedding());
    const auto& start = weights_.front().start;
    for (std::size_t node = 0; node + 1 < start.size(); ++node)
      if (start[node] == start[node + 1]) ++result.unconditioned;
  }

 private:
  // Adds the kriged difference between the scores and the field at the samples.
  void condition(std::size_t factor, const NodeWeights& weights, std::vector<double>& residual,
                 double* out, const Progress& progress) const {
    using Two = double __attribute__((vector_size(16), aligned(8), may_alias));
    const auto& score = data_.factor[factor];
    residual.resize(score.size() * width);
    for (std::size_t s = 0; s < score.size(); ++s)
      for (std::size_t lane = 0; lane < width; ++lane)
        residual[s * width + lane] = score[s] - out[data_.node[s] * width + lane];
    const std::size_t nodes = grid_.size();
    for (std::size_t node = 0; node < nodes; ++node) {
      if (node % 65536 == 0) progress.check();
      auto* to = reinterpret_cast<Two*>(out + node * width);
      Two a = to[0], b = to[1], c = to[2], d = to[3];
      for (std::size_t i = weights.start[node]; i < weights.start[node + 1]; ++i) {
        const auto* from =
            reinterpret_cast<const Two*>(residual.data() + weights.sample[i] * width);
        const double weight = weights.weight[i];
        a += weight * from[0];
        b += weight * from[1];
        c += weight * from[2];
        d += weight * from[3];
      }
      to[0] = a;
      to[1] = b;
      to[2] = c;
      to[3] = d;
    }
    for (std::size_t s = 0; s < score.size(); ++s)
      for (std::size_t lane = 0; lane < width; ++lane) out[data_.node[s] * width + lane] = score[s];
  }

  const BlockGrid& grid_;
  const ConditioningData& data_;
  std::uint64_t seed_ = 1;
  std::vector<std::unique_ptr<FftField>> fields_;
  std::vector<NodeWeights> weights_;
};

class SequentialEngine final : public SimulationEngine {
 public:
  SequentialEngine(const BlockGrid& grid, const std::vector<VariogramModel>& models,
                   const ConditioningData& data, const SimulationOptions& options,
                   const Progress& progress)
      : seed_(options.seed) {
    SequentialOptions sequential;
    sequential.search = options.search;
    sequential.search_angles = options.search_angles;
    sequential.multigrid = options.multigrid;
    for (std::size_t f = 0; f < data.factor.size(); ++f)
      methods_.push_back(
          std::make_unique<SequentialGaussian>(grid, models[models.size() == 1 ? 0 : f], data.node,
                                               data.factor[f], sequential, progress));
  }

  struct NodeWork final : Work {
    SequentialGaussian::Work nodes;
  };

  [[nodiscard]] std::size_t lanes() const override { return 1; }
  [[nodiscard]] std::unique_ptr<Work> work() const override { return std::make_unique<NodeWork>(); }
  void draw(std::size_t factor, std::size_t first, std::size_t, Work& work, double* out,
            const Progress& progress) const override {
    auto& mine = static_cast<NodeWork&>(work).nodes;
    mine.skipped = 0;
    methods_[factor]->simulate({.seed = seed_, .stream = stream_of(StreamOf::path, factor, first)},
                               {.seed = seed_, .stream = stream_of(StreamOf::draws, factor, first)},
                               mine, out, 1, progress);
    skipped_ += mine.skipped;
  }
  void report(Simulation& result) const override {
    if (skipped_ > 0)
      result.findings.add("simulate.near_singular", Severity::warning, "variogram",
                          "neighbours left out because the system was singular up to rounding; a "
                          "little nugget would mend it",
                          skipped_);
  }

 private:
  std::uint64_t seed_ = 1;
  std::vector<std::unique_ptr<SequentialGaussian>> methods_;
  mutable std::atomic<std::size_t> skipped_{0};
};

}  // namespace

std::unique_ptr<SimulationEngine> fft_engine(const BlockGrid& grid,
                                             const std::vector<VariogramModel>& models,
                                             const ConditioningData& data,
                                             const SimulationOptions& options,
                                             const Progress& progress) {
  return std::make_unique<FftEngine>(grid, models, data, options, progress);
}

std::unique_ptr<SimulationEngine> sequential_engine(const BlockGrid& grid,
                                                    const std::vector<VariogramModel>& models,
                                                    const ConditioningData& data,
                                                    const SimulationOptions& options,
                                                    const Progress& progress) {
  return std::make_unique<SequentialEngine>(grid, models, data, options, progress);
}

}  // namespace lode
