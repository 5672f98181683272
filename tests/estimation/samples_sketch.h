// Short ways to make samples and models for tests of estimation, and to gather the results.
#pragma once

#include <string>
#include <vector>

#include "libgeo/core/random.h"
#include "libgeo/estimation/estimate.h"

namespace lode::sketch {

inline VariogramModel model(StructureType type, double nugget, double sill, double range) {
  VariogramModel result;
  result.nugget = nugget;
  Structure structure;
  structure.type = type;
  structure.sill = sill;
  structure.ranges_m = {range, range, range};
  result.structures = {structure};
  return result;
}

/// Samples, and targets, along the x axis.
inline Samples row_of(const std::vector<double>& x, const std::vector<double>& values) {
  Samples samples;
  samples.x = x;
  samples.y.assign(x.size(), 0.0);
  samples.z.assign(x.size(), 0.0);
  samples.values = {values};
  return samples;
}

inline Targets points(const std::vector<double>& x) {
  Targets targets;
  targets.x = x;
  targets.y.assign(x.size(), 0.0);
  targets.z.assign(x.size(), 0.0);
  return targets;
}

struct Result {
  EstimateChunk chunk;  ///< of all targets
  EstimateSummary summary;
};

inline Result run(const Samples& samples, const Targets& targets, const EstimateOptions& options) {
  Result result;
  const auto join = [](auto& all, const auto& part) {
    all.insert(all.end(), part.begin(), part.end());
  };
  result.summary = estimate(samples, targets, options, [&](const EstimateChunk& chunk) {
    EstimateChunk& all = result.chunk;
    all.value.resize(chunk.value.size());
    for (std::size_t v = 0; v < chunk.value.size(); ++v) join(all.value[v], chunk.value[v]);
    join(all.variance, chunk.variance);
    join(all.slope, chunk.slope);
    join(all.efficiency, chunk.efficiency);
    join(all.nearest_m, chunk.nearest_m);
    join(all.samples, chunk.samples);
    join(all.holes, chunk.holes);
    join(all.pass, chunk.pass);
  });
  return result;
}

/// `n` samples in a box of `size` metres, with values and, when wanted, holes of ten samples.
inline Samples scattered(std::size_t n, std::array<double, 3> size, std::size_t variables = 1,
                         std::uint64_t seed = 7) {
  Samples samples;
  const Random random{seed, 0};
  samples.values.resize(variables);
  for (std::size_t i = 0; i < n; ++i) {
    samples.x.push_back(500000.0 + size[0] * random.uniform(3 * i));
    samples.y.push_back(7000000.0 + size[1] * random.uniform(3 * i + 1));
    samples.z.push_back(size[2] * random.uniform(3 * i + 2));
    for (std::size_t v = 0; v < variables; ++v)
      samples.values[v].push_back(1.0 + Random{seed, v + 1}.uniform(i));
  }
  return samples;
}

}  // namespace lode::sketch
