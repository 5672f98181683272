#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/estimation/kriging_run.h"

namespace lode {

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

void score(const Samples& samples, CrossValidation& result) {
  for (std::size_t v = 0; v < result.estimate.size(); ++v) {
    Sum error, absolute, square, ratio, a, b;
    std::size_t n = 0, ratios = 0;
    const auto each = [&](const auto& take) {
      for (std::size_t i = 0; i < samples.size(); ++i)
        if (!std::isnan(result.estimate[v][i]) && !std::isnan(samples.values[v][i]))
          take(result.estimate[v][i], samples.values[v][i], result.variance[i]);
    };
    each([&](double estimate, double value, double variance) {
      const double e = estimate - value;
      ++n;
      error += e;
      absolute += std::abs(e);
      square += e * e;
      a += estimate;
      b += value;
      if (!(variance > 0.0)) return;
      ++ratios;
      ratio += e * e / variance;
    });
    const auto count = static_cast<double>(n);
    const double mean_a = a.value() / count, mean_b = b.value() / count;
    Sum aa, bb, ab;
    each([&](double estimate, double value, double) {
      aa += (estimate - mean_a) * (estimate - mean_a);
      bb += (value - mean_b) * (value - mean_b);
      ab += (estimate - mean_a) * (value - mean_b);
    });
    const double spread = std::sqrt(aa.value()) * std::sqrt(bb.value());
    result.me.push_back(n > 0 ? error.value() / count : missing);
    result.mae.push_back(n > 0 ? absolute.value() / count : missing);
    result.rmse.push_back(n > 0 ? std::sqrt(square.value() / count) : missing);
    result.msdr.push_back(ratios > 0 ? ratio.value() / static_cast<double>(ratios) : missing);
    result.correlation.push_back(spread > 0.0 ? ab.value() / spread : missing);
  }
}

// With every sample in every system the errors follow from one factor (Dubrule 1983). False when
// the search or the options want each system apart.
bool from_one_factor(const Samples& samples, const kriging::Plan& plan, bool by_hole,
                     kriging::Slab& slab, const Progress& progress) {
  if (by_hole || plan.options.drop_negative_weights || !plan.krigs()) return false;
  const kriging::SharedSystems shared = kriging::share_systems(plan, false, progress);
  if (shared.empty()) return false;
  for (std::size_t g = 0; g < shared.size(); ++g)
    for (std::size_t s = 0; s < shared[g].size(); ++s)
      if (!shared[g][s].in_use || !plan.sets[g][s].high.empty() ||
          plan.sets[g][s].sample.size() <= plan.options.search.passes.front().min_samples)
        return false;
  for (std::size_t g = 0; g < shared.size(); ++g)
    for (std::size_t s = 0; s < shared[g].size(); ++s) {
      const kriging::SampleSet& set = plan.sets[g][s];
      const auto& variables = plan.groups[g];
      const std::size_t n = set.sample.size();
      std::vector<std::vector<double>> errors;
      for (std::size_t v = 0; v < variables.size(); ++v) {
        errors.emplace_back(n);
        const double mean =
            plan.options.method == EstimationMethod::sk ? plan.options.means[variables[v]] : 0.0;
        for (std::size_t i = 0; i < n; ++i) errors[v][i] = set.values[i * set.width + v] - mean;
      }
      std::vector<double> variances;
      const bool good = shared[g][s].system.leave_one_out(errors, variances);
      for (std::size_t i = 0; i < n; ++i) {
        const std::uint32_t row = set.sample[i];
        // A soft boundary brings samples of other domains: they have a set of their own.
        if (!samples.domain.empty() && plan.domains.at(samples.domain[row]) != s) continue;
        if (!good) {
          slab.flags[row] |= kriging::flag_bad;
          continue;
        }
        for (std::size_t v = 0; v < variables.size(); ++v)
          slab.chunk.value[variables[v]][row] = set.values[i * set.width + v] + errors[v][i];
        if (slab.chunk.pass[row] != 0) continue;
        slab.chunk.pass[row] = 1;
        slab.chunk.samples[row] = static_cast<std::uint32_t>(n - 1);
        slab.chunk.variance[row] = variances[i];
      }
    }
  // Duplicates that another one stands for have its estimate.
  for (std::uint32_t row = 0; row < samples.size(); ++row) {
    const std::uint32_t one = plan.stands_for[row];
    if (one == row) continue;
    for (auto& column : slab.chunk.value) column[row] = column[one];
    slab.chunk.variance[row] = slab.chunk.variance[one];
    slab.chunk.samples[row] = slab.chunk.samples[one];
    slab.chunk.pass[row] = slab.chunk.pass[one];
    slab.flags[row] = slab.flags[one];
  }
  return true;
}

void keep(const kriging::Slab& slab, CrossValidation& result) {
  for (std::size_t row = 0; row < slab.chunk.rows(); ++row) {
    for (std::size_t v = 0; v < result.estimate.size(); ++v)
      result.estimate[v][slab.first + row] = slab.chunk.value[v][row];
    result.variance[slab.first + row] = slab.chunk.variance[row];
    result.samples[slab.first + row] = slab.chunk.samples[row];
  }
}

kriging::Slab empty_slab(std::size_t n, std::size_t variables) {
  kriging::Slab slab;
  slab.chunk.value.assign(variables, std::vector<double>(n, missing));
  for (auto* column :
       {&slab.chunk.variance, &slab.chunk.slope, &slab.chunk.efficiency, &slab.chunk.nearest_m})
    column->assign(n, missing);
  slab.chunk.samples.assign(n, 0);
  slab.chunk.holes.assign(n, 0);
  slab.chunk.pass.assign(n, 0);
  slab.flags.assign(n, 0);
  return slab;
}

}  // namespace

CrossValidation cross_validate(const Samples& samples, const EstimateOptions& options, bool by_hole,
                               const Progress& progress) {
  EstimateOptions points = options;
  points.discretise = {1, 1, 1};
  Targets targets;
  targets.x = samples.x;
  targets.y = samples.y;
  targets.z = samples.z;
  targets.domain = samples.domain;
  targets.drift = options.sample_drift;
  if (by_hole && samples.hole.empty())
    throw Error("estimate.no_holes",
                "holes are to be left out, but the samples' holes are not known", "",
                "Say which field names the hole.");
  const kriging::Plan plan = kriging::make_plan(samples, targets, points, false);
  kriging::TargetSource source(plan, targets);
  source.without_sample = plan.stands_for;
  if (by_hole) source.without_hole = samples.hole;
  const std::size_t n = samples.size();
  CrossValidation result;
  result.estimate.assign(plan.variables, std::vector<double>(n, missing));
  result.variance.assign(n, missing);
  result.samples.assign(n, 0);
  kriging::Tally tally(plan);
  kriging::Slab all = empty_slab(n, plan.variables);
  if (from_one_factor(samples, plan, by_hole, all, progress)) {
    tally.add(all);
    keep(all, result);
  } else {
    kriging::run_slabs(
        plan, source, false,
        [&](const kriging::Slab& slab, const std::vector<kriging::WeightRows>&) {
          tally.add(slab);
          keep(slab, result);
        },
        progress);
  }
  result.summary = tally.summary();
  score(samples, result);
  return result;
}

}  // namespace lode
