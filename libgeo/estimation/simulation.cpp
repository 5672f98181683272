#include "libgeo/estimation/simulation.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/estimation/simulation_engine.h"

namespace lode {

namespace {

void check(const Samples& samples, const BlockGrid& grid, const SimulationOptions& options) {
  check_grid(grid, "grid");
  if (options.realizations == 0 || options.realizations > 1000000)
    throw Error("simulate.realizations", "the number of realisations must be 1 to 1,000,000",
                "--realizations", "100 are usual.");
  for (std::size_t axis = 0; axis < 3; ++axis)
    if (options.reblock[axis] == 0 || grid.count[axis] % options.reblock[axis] != 0)
      throw Error("simulate.reblock",
                  std::to_string(grid.count[axis]) + " nodes along axis " +
                      std::to_string(axis + 1) + " do not make whole blocks of " +
                      std::to_string(options.reblock[axis]),
                  "--reblock", "Choose factors that divide the counts.");
  const std::size_t variables = samples.variables.size();
  const double numbers =
      static_cast<double>(grid.size()) /
      static_cast<double>(options.reblock[0] * options.reblock[1] * options.reblock[2]) *
      static_cast<double>(options.realizations * variables);
  if (grid.size() > 0xFFFFFFFFu || numbers > 0x1p36)
    throw Error("simulate.grid_size",
                "the grid has more than 2^32 nodes, or the result more than 2^36 numbers", "grid",
                "Simulate it in parts, or with larger blocks.");
  if (options.scores.size() != variables)
    throw Error("simulate.tails", "the tails of a variable are not stated", "--tails",
                "Give the least and the largest value of each.");
  if (!options.weights.empty() && options.weights.size() != samples.size())
    throw Error("simulate.weights",
                std::to_string(options.weights.size()) + " declustering weights for " +
                    std::to_string(samples.size()) + " samples",
                "--weights", "Give one a sample.");
  if (options.models.empty() || (options.models.size() != 1 && options.models.size() != variables))
    throw Error("simulate.models",
                std::to_string(options.models.size()) + " variograms for " +
                    std::to_string(variables) + " variables",
                "--variogram", "Give one for all, or one each in the order of the values.");
}

// Variograms of normal scores have a sill of 1; those of the values themselves do not.
std::vector<VariogramModel> unit_sill(const std::vector<VariogramModel>& models,
                                      Findings& findings) {
  std::vector<VariogramModel> result = models;
  for (VariogramModel& model : result) {
    check_model(model, "variogram");
    const double sill = model.sill();
    if (!(sill > 0.5 && sill < 2.0) && model.bounded())
      throw Error("simulate.sill",
                  "the variogram's sill is " + number_text(sill) + "; that of normal scores is 1",
                  "variogram", "Model the variogram of the normal scores, not of the values.");
    if (sill == 1.0 || !model.bounded()) continue;
    findings.add("simulate.sill_scaled",
                 std::abs(sill - 1.0) > 0.1 ? Severity::warning : Severity::note, "variogram",
                 "the variogram's sill " + number_text(sill) +
                     " was brought to 1, nugget and sills in proportion");
    model.nugget /= sill;
    for (Structure& structure : model.structures) structure.sill /= sill;
  }
  return result;
}

// Samples with a value of every variable, and their weights.
Samples complete_samples(const Samples& samples, std::vector<double>& weights, Findings& findings) {
  Samples kept;
  kept.variables = samples.variables;
  kept.values.resize(samples.values.size());
  std::vector<double> kept_weights;
  std::size_t missing = 0;
  std::string first;
  for (std::size_t s = 0; s < samples.size(); ++s) {
    if (!std::isfinite(samples.x[s]) || !std::isfinite(samples.y[s]) ||
        !std::isfinite(samples.z[s]))
      throw Error("simulate.bad_place", "the sample's place is not finite", samples.name(s),
                  "Correct x, y or z.");
    bool whole = true;
    for (const auto& column : samples.values) whole = whole && std::isfinite(column[s]);
    if (!whole) {
      if (missing++ == 0) first = samples.name(s);
      continue;
    }
    kept.x.push_back(samples.x[s]);
    kept.y.push_back(samples.y[s]);
    kept.z.push_back(samples.z[s]);
    kept.names.push_back(samples.name(s));
    for (std::size_t v = 0; v < samples.values.size(); ++v)
      kept.values[v].push_back(samples.values[v][s]);
    if (!weights.empty()) kept_weights.push_back(weights[s]);
  }
  if (missing > 0)
    findings.add("simulate.missing_value", Severity::warning, first,
                 samples.variables.size() > 1
                     ? "samples without a value of every variable were left out"
                     : "samples without a value were left out",
                 missing);
  weights = std::move(kept_weights);
  return kept;
}

void say_samples(const Samples& samples, const std::vector<NormalScores>& scores,
                 const NodeSamples& nodes, const SimulationOptions& options, Findings& findings) {
  for (std::size_t v = 0; v < scores.size(); ++v) {
    if (samples.size() == 1)
      findings.add("simulate.one_sample", Severity::warning, samples.variables[v],
                   "one sample alone: the distribution is that of the tails");
    else if (*std::min_element(samples.values[v].begin(), samples.values[v].end()) ==
             *std::max_element(samples.values[v].begin(), samples.values[v].end()))
      findings.add("simulate.all_alike", Severity::warning, samples.variables[v],
                   "all samples have the same value");
    else if (scores[v].ties() > 0)
      findings.add("simulate.ties", Severity::note, samples.variables[v],
                   options.scores[v].ties == TiePolicy::by_index
                       ? "equal values were given different scores, in the order of the samples"
                       : "equal values were given one score",
                   scores[v].ties());
  }
  if (nodes.sharing > 0)
    findings.add("simulate.shared_node", Severity::warning, "samples",
                 options.in_one_node == NodePolicy::nearest
                     ? "samples share a node with others; the one nearest to it counts there"
                     : "samples share a node with others; their average counts there",
                 nodes.sharing);
  if (nodes.outside > 0)
    findings.add("simulate.outside", Severity::warning, "samples",
                 "samples outside the grid condition nothing, but count for the distribution",
                 nodes.outside);
}

// Turns batches of scores into values of blocks.
class Finisher {
 public:
  Finisher(const BlockGrid& grid, const NodeSamples& nodes, const std::vector<NormalScores>& scores,
           const std::array<std::size_t, 3>& reblock, Simulation& result)
      : grid_(grid), nodes_(nodes), scores_(scores), reblock_(reblock), result_(result) {}

  // `batch` by factor: value of node n and lane l at n * lanes + l.
  void finish(std::vector<std::vector<double>>& batch, std::size_t lanes, std::size_t first,
              std::size_t count, const Progress& progress) const {
    const std::size_t variables = scores_.size();
    std::vector<double> factor(variables), score(variables);
    for (std::size_t node = 0; node < grid_.size(); ++node) {
      if (node % 16384 == 0) progress.check();
      for (std::size_t lane = 0; lane < count; ++lane) {
        const std::size_t at = node * lanes + lane;
        if (variables == 1) {
          batch[0][at] = scores_[0].value_of(batch[0][at]);
          continue;
        }
        for (std::size_t v = 0; v < variables; ++v) factor[v] = batch[v][at];
        result_.factors.to_scores(factor.data(), score.data());
        for (std::size_t v = 0; v < variables; ++v) batch[v][at] = scores_[v].value_of(score[v]);
      }
    }
    for (std::size_t v = 0; v < variables; ++v) {
      for (std::size_t s = 0; s < nodes_.node.size(); ++s)
        for (std::size_t lane = 0; lane < count; ++lane)
          batch[v][nodes_.node[s] * lanes + lane] = nodes_.values[v][s];
      for (std::size_t lane = 0; lane < count; ++lane) {
        take_moments(batch[v].data() + lane, lanes, result_.moments[v], first + lane);
        progress.check();
      }
      store(batch[v], lanes, first, count, result_.values[v]);
    }
  }

 private:
  void take_moments(const double* value, std::size_t stride, SimulatedMoments& moments,
                    std::size_t realization) const {
    const double nodes = static_cast<double>(grid_.size());
    Sum sum, squares;
    for (std::size_t node = 0; node < grid_.size(); ++node) sum.add(value[node * stride]);
    const double mean = sum.value() / nodes;
    for (std::size_t node = 0; node < grid_.size(); ++node) {
      const double off = value[node * stride] - mean;
      squares.add(off * off);
    }
    moments.mean[realization] = mean;
    moments.variance[realization] = squares.value() / nodes;
  }

  // Averages nodes to blocks; each realisation's blocks stand together.
  void store(const std::vector<double>& batch, std::size_t lanes, std::size_t first,
             std::size_t count, std::vector<double>& values) const {
    const BlockGrid& blocks = result_.blocks;
    if (reblock_ == std::array<std::size_t, 3>{1, 1, 1}) {
      for (std::size_t lane = 0; lane < count; ++lane) {
        double* to = values.data() + (first + lane) * blocks.size();
        for (std::size_t node = 0; node < grid_.size(); ++node)
          to[node] = batch[node * lanes + lane];
      }
      return;
    }
    const double part = static_cast<double>(reblock_[0] * reblock_[1] * reblock_[2]);
    for (std::size_t block = 0; block < blocks.size(); ++block) {
      const auto at = blocks.ijk(block);
      for (std::size_t lane = 0; lane < count; ++lane) {
        double sum = 0.0;
        for (std::size_t k = 0; k < reblock_[2]; ++k)
          for (std::size_t j = 0; j < reblock_[1]; ++j)
            for (std::size_t i = 0; i < reblock_[0]; ++i)
              sum +=
                  batch[lane + lanes * grid_.index(at[0] * reblock_[0] + i, at[1] * reblock_[1] + j,
                                                   at[2] * reblock_[2] + k)];
        values[(first + lane) * blocks.size() + block] = sum / part;
      }
    }
  }

  const BlockGrid& grid_;
  const NodeSamples& nodes_;
  const std::vector<NormalScores>& scores_;
  std::array<std::size_t, 3> reblock_;
  Simulation& result_;
};

// Memory of the threads at work, given back for the next batch.
class WorkPool {
 public:
  struct Entry {
    std::unique_ptr<SimulationEngine::Work> work;
    std::vector<std::vector<double>> batch;
  };
  [[nodiscard]] std::unique_ptr<Entry> take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return nullptr;
    auto entry = std::move(free_.back());
    free_.pop_back();
    return entry;
  }
  void give(std::unique_ptr<Entry> entry) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(entry));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Entry>> free_;
};

ConditioningData factors_at_nodes(const NodeSamples& nodes, const std::vector<NormalScores>& scores,
                                  const FactorTransform& factors) {
  const std::size_t variables = scores.size();
  ConditioningData data;
  data.node = nodes.node;
  data.factor.resize(variables);
  std::vector<double> score(variables), factor(variables);
  for (std::size_t s = 0; s < nodes.node.size(); ++s) {
    for (std::size_t v = 0; v < variables; ++v) score[v] = nodes.values[v][s];
    factors.to_factors(score.data(), factor.data());
    for (std::size_t v = 0; v < variables; ++v) data.factor[v].push_back(factor[v]);
  }
  return data;
}

void prepare(Simulation& result, const BlockGrid& grid, const std::vector<NormalScores>& scores,
             const SimulationOptions& options) {
  result.blocks = grid;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    result.blocks.count[axis] /= options.reblock[axis];
    result.blocks.spacing[axis] *= static_cast<double>(options.reblock[axis]);
  }
  result.realizations = options.realizations;
  for (const NormalScores& score : scores) {
    SimulatedMoments moments;
    moments.mean.resize(options.realizations);
    moments.variance.resize(options.realizations);
    moments.sample_mean = score.mean();
    moments.sample_variance = score.variance();
    result.moments.push_back(std::move(moments));
    result.values.emplace_back(options.realizations * result.blocks.size());
  }
}

// Draws all realisations, a batch at a time, and finishes each.
void draw_all(const SimulationEngine& engine, const Finisher& finisher, std::size_t variables,
              std::size_t nodes, const SimulationOptions& options, const Progress& progress) {
  WorkPool pool;
  const std::size_t lanes = engine.lanes();
  parallel_blocks(
      options.realizations, lanes, options.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        auto entry = pool.take();
        if (!entry) {
          entry = std::make_unique<WorkPool::Entry>();
          entry->work = engine.work();
          entry->batch.assign(variables, std::vector<double>(nodes * lanes));
        }
        for (std::size_t factor = 0; factor < variables; ++factor)
          engine.draw(factor, begin, end - begin, *entry->work, entry->batch[factor].data(),
                      progress);
        finisher.finish(entry->batch, lanes, begin, end - begin, progress);
        pool.give(std::move(entry));
      },
      progress);
}

}  // namespace

Simulation simulate(const Samples& given, const BlockGrid& grid, const SimulationOptions& options,
                    const Progress& progress) {
  check(given, grid, options);
  Simulation result;
  result.variables = given.variables;
  const auto models = unit_sill(options.models, result.findings);
  std::vector<double> weights = options.weights;
  const Samples samples = complete_samples(given, weights, result.findings);
  std::vector<NormalScores> scores;
  std::vector<std::vector<double>> by_sample;
  for (std::size_t v = 0; v < samples.variables.size(); ++v) {
    scores.emplace_back(samples.values[v], weights, options.scores.at(v), samples.variables[v]);
    by_sample.push_back(scores.back().scores());
  }
  result.samples = samples.size();
  result.factors = decorrelate(samples, by_sample, weights, options.decorrelation,
                               options.maf_lag_m, progress.part(0.0, 0.02));
  const NodeSamples nodes = move_to_nodes(grid, samples, options.in_one_node, options.outside);
  Samples scored = samples;
  scored.values = by_sample;
  const NodeSamples at_nodes = move_to_nodes(grid, scored, options.in_one_node, options.outside);
  say_samples(samples, scores, nodes, options, result.findings);
  if (nodes.node.empty())
    throw Error("simulate.off_grid", "no sample lies inside the grid", "grid",
                "Check --origin, --spacing and --count against the samples' places.");
  result.conditioning = nodes.node.size();
  result.largest_move_m = nodes.largest_move_m;
  result.mean_move_m = nodes.mean_move_m;
  const ConditioningData data = factors_at_nodes(at_nodes, scores, result.factors);
  prepare(result, grid, scores, options);
  const auto engine = (options.method == SimulationMethod::fft ? fft_engine : sequential_engine)(
      grid, models, data, options, progress.part(0.02, 0.3));
  const Finisher finisher(grid, nodes, scores, options.reblock, result);
  draw_all(*engine, finisher, scores.size(), grid.size(), options, progress.part(0.3, 1.0));
  engine->report(result);
  for (const Embedding& embedding : result.embedding)
    if (embedding.clipped > 0)
      result.findings.add("simulate.clipped_eigenvalues", Severity::note, "variogram",
                          "eigenvalues of the covariance below 0 were set to 0, " +
                              number_text(embedding.clipped_share) + " of their absolute sum",
                          embedding.clipped);
  return result;
}

}  // namespace lode
