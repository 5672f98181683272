#include "libgeo/estimation/estimate.h"

#include <algorithm>

#include "libgeo/estimation/kriging_run.h"

namespace lode {

std::string_view to_text(EstimationMethod method) {
  switch (method) {
    case EstimationMethod::nn:
      return "nn";
    case EstimationMethod::idw:
      return "idw";
    case EstimationMethod::sk:
      return "sk";
    case EstimationMethod::ok:
      return "ok";
    case EstimationMethod::uk:
      return "uk";
    case EstimationMethod::ked:
      return "ked";
  }
  return "";
}

EstimateSummary estimate(const Samples& samples, const Targets& targets,
                         const EstimateOptions& options, const EstimateSink& sink,
                         const Progress& progress) {
  const kriging::Plan plan = kriging::make_plan(samples, targets, options, false);
  const kriging::TargetSource source(plan, targets);
  kriging::Tally tally(plan);
  kriging::run_slabs(
      plan, source, false,
      [&](const kriging::Slab& slab, const std::vector<kriging::WeightRows>&) {
        tally.add(slab);
        if (sink) sink(slab.chunk);
      },
      progress);
  return tally.summary();
}

namespace {

// A sample that stands for several hands its weight on to them.
void add_weight(const kriging::Plan& plan, std::uint32_t sample, double weight,
                WeightChunk& chunk) {
  const auto merged = plan.merged.find(sample);
  if (merged == plan.merged.end()) {
    chunk.sample.push_back(sample);
    chunk.weight.push_back(weight);
    return;
  }
  for (const std::uint32_t one : merged->second) {
    chunk.sample.push_back(one);
    chunk.weight.push_back(weight / static_cast<double>(merged->second.size()));
  }
}

}  // namespace

void kriging_weights(const Samples& samples, const Targets& targets, const EstimateOptions& options,
                     const std::function<void(const WeightChunk&)>& sink, bool /*any_order*/,
                     const Progress& progress) {
  const kriging::Plan plan = kriging::make_plan(samples, targets, options, true);
  const kriging::TargetSource source(plan, targets);
  struct Spot {
    std::size_t block = 0, at = SIZE_MAX;
  };
  std::vector<Spot> spots;
  WeightChunk chunk;
  kriging::run_slabs(
      plan, source, true,
      [&](const kriging::Slab& slab, const std::vector<kriging::WeightRows>& blocks) {
        const std::size_t rows = slab.chunk.rows();
        spots.assign(rows, Spot{});
        for (std::size_t b = 0; b < blocks.size(); ++b)
          for (std::size_t i = 0; i < blocks[b].row.size(); ++i) spots[blocks[b].row[i]] = {b, i};
        chunk.first = slab.first;
        chunk.start.assign(1, 0);
        chunk.sample.clear();
        chunk.weight.clear();
        for (const Spot& spot : spots) {
          if (spot.at != SIZE_MAX) {
            const kriging::WeightRows& those = blocks[spot.block];
            const std::size_t end =
                spot.at + 1 < those.start.size() ? those.start[spot.at + 1] : those.sample.size();
            for (std::size_t i = those.start[spot.at]; i < end; ++i)
              add_weight(plan, those.sample[i], those.weight[i], chunk);
          }
          chunk.start.push_back(chunk.sample.size());
        }
        chunk.variance = slab.chunk.variance;
        sink(chunk);
      },
      progress);
}

}  // namespace lode
