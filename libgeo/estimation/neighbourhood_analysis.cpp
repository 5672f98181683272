#include "libgeo/estimation/neighbourhood_analysis.h"

#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"

namespace lode {

namespace {

// Samples, places and angles in the grid's own axes, so that its blocks become a list.
struct Frame {
  Samples samples;
  Targets targets;
  EstimateOptions options;
};

void turn(std::vector<double>& x, std::vector<double>& y, const BlockGrid& grid) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto local = to_grid(grid, {x[i], y[i], grid.origin[2]});
    x[i] = grid.origin[0] + local[0];
    y[i] = grid.origin[1] + local[1];
  }
}

template <class T>
std::vector<T> picked(const std::vector<T>& all, const std::vector<std::size_t>& from) {
  std::vector<T> result;
  if (all.empty()) return result;
  for (const std::size_t i : from) result.push_back(all[i]);
  return result;
}

std::vector<std::size_t> spread(std::size_t all, std::size_t wanted) {
  const std::size_t n = wanted == 0 ? all : std::min(all, wanted);
  std::vector<std::size_t> which;
  // Middle of each of n equal stretches.
  for (std::size_t i = 0; i < n; ++i)
    which.push_back(static_cast<std::size_t>((static_cast<double>(i) + 0.5) *
                                             static_cast<double>(all) / static_cast<double>(n)));
  return which;
}

Frame frame_of(const Samples& samples, const Targets& targets, const EstimateOptions& options,
               std::size_t places) {
  Frame frame{samples, {}, options};
  const auto which = spread(targets.size(), places);
  Targets& list = frame.targets;
  if (targets.is_grid) {
    for (const std::size_t block : which) {
      const auto centre = centre_of(targets.grid, block);
      list.x.push_back(centre[0]);
      list.y.push_back(centre[1]);
      list.z.push_back(centre[2]);
    }
    list.dx.assign(which.size(), targets.grid.spacing[0]);
    list.dy.assign(which.size(), targets.grid.spacing[1]);
    list.dz.assign(which.size(), targets.grid.spacing[2]);
  } else {
    list.x = picked(targets.x, which);
    list.y = picked(targets.y, which);
    list.z = picked(targets.z, which);
    list.dx = picked(targets.dx, which);
    list.dy = picked(targets.dy, which);
    list.dz = picked(targets.dz, which);
  }
  for (const auto& drift : targets.drift) list.drift.push_back(picked(drift, which));
  list.domain = picked(targets.domain, which);
  frame.options.local_angles = picked(options.local_angles, which);
  const double rotation = targets.is_grid ? targets.grid.rotation_deg : 0.0;
  if (rotation == 0.0) return frame;
  turn(frame.samples.x, frame.samples.y, targets.grid);
  turn(list.x, list.y, targets.grid);
  frame.options.search.angles.azimuth_deg -= rotation;
  for (Structure& s : frame.options.model.structures) s.angles.azimuth_deg -= rotation;
  for (Angles& angles : frame.options.local_angles) angles.azimuth_deg -= rotation;
  return frame;
}

void set_block(Targets& targets, const std::array<double, 3>& size) {
  targets.dx.assign(targets.x.size(), size[0]);
  targets.dy.assign(targets.x.size(), size[1]);
  targets.dz.assign(targets.x.size(), size[2]);
}

double mean_of(const Sum& sum, std::size_t n) {
  return n > 0 ? sum.value() / static_cast<double>(n) : std::numeric_limits<double>::quiet_NaN();
}

void add_weights(const Frame& frame, NeighbourhoodRow& row, const Progress& progress) {
  Sum below;
  std::size_t solved = 0, with_negative = 0;
  kriging_weights(
      frame.samples, frame.targets, frame.options,
      [&](const WeightChunk& chunk) {
        for (std::size_t t = 0; t + 1 < chunk.start.size(); ++t) {
          if (chunk.start[t] == chunk.start[t + 1]) continue;
          ++solved;
          double sum = 0.0;
          for (std::size_t k = chunk.start[t]; k < chunk.start[t + 1]; ++k)
            sum += std::fmin(chunk.weight[k], 0.0);
          below += sum;
          with_negative += sum < 0.0 ? 1 : 0;
        }
      },
      false, progress);
  row.negative_weight_sum = mean_of(below, solved);
  row.negative_targets_pct =
      solved > 0 ? 100.0 * static_cast<double>(with_negative) / static_cast<double>(solved)
                 : std::numeric_limits<double>::quiet_NaN();
}

void run_setting(const Frame& frame, NeighbourhoodRow& row, const Progress& progress) {
  Sum samples, variance, slope, efficiency;
  std::size_t slopes = 0;
  const EstimateSummary summary = estimate(
      frame.samples, frame.targets, frame.options,
      [&](const EstimateChunk& chunk) {
        for (std::size_t t = 0; t < chunk.rows(); ++t) {
          if (chunk.pass[t] == 0) continue;
          samples += static_cast<double>(chunk.samples[t]);
          variance += chunk.variance[t];
          if (!std::isfinite(chunk.slope[t]) || !std::isfinite(chunk.efficiency[t])) continue;
          slope += chunk.slope[t];
          efficiency += chunk.efficiency[t];
          ++slopes;
        }
      },
      progress.part(0.0, 0.5));
  row.targets = summary.targets;
  row.estimated = summary.estimated;
  row.samples = mean_of(samples, row.estimated);
  row.variance = mean_of(variance, row.estimated);
  row.slope = mean_of(slope, slopes);
  row.efficiency = mean_of(efficiency, slopes);
  add_weights(frame, row, progress.part(0.5, 1.0));
}

}  // namespace

std::vector<NeighbourhoodRow> neighbourhood_analysis(const Samples& samples, const Targets& targets,
                                                     const EstimateOptions& options,
                                                     const NeighbourhoodTrials& trials,
                                                     const Progress& progress) {
  if (options.method == EstimationMethod::nn || options.method == EstimationMethod::idw)
    throw Error("neighbourhood.method",
                "a neighbourhood analysis compares krigings, and nearest neighbour and inverse "
                "distance have no variance",
                {}, "Take sk, ok, uk or ked.");
  Frame frame = frame_of(samples, targets, options, trials.places);
  // What the options say stands for a list that was not given.
  const auto counts = trials.max_samples.empty()
                          ? std::vector<std::size_t>{options.search.passes.front().max_samples}
                          : trials.max_samples;
  auto blocks = trials.block_m;
  const bool given = !blocks.empty();
  if (!given)
    blocks.push_back(
        frame.targets.dx.empty()
            ? std::array<double, 3>{0.0, 0.0, 0.0}
            : std::array<double, 3>{frame.targets.dx[0], frame.targets.dy[0], frame.targets.dz[0]});
  const auto cells = trials.discretise.empty() ? std::vector<std::array<int, 3>>{options.discretise}
                                               : trials.discretise;
  std::vector<NeighbourhoodRow> rows;
  const auto all = static_cast<double>(cells.size() * blocks.size() * counts.size());
  for (const auto& cell : cells)
    for (const auto& block : blocks)
      for (const std::size_t count : counts) {
        NeighbourhoodRow row;
        row.max_samples = count;
        row.block_m = block;
        row.discretise = cell;
        frame.options.discretise = cell;
        if (given) set_block(frame.targets, block);
        if (!trials.max_samples.empty())
          for (SearchPass& pass : frame.options.search.passes) pass.max_samples = count;
        const auto done = static_cast<double>(rows.size());
        run_setting(frame, row, progress.part(done / all, (done + 1.0) / all));
        rows.push_back(row);
      }
  return rows;
}

}  // namespace lode
