#include "libgeo/estimation/recoverable.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

void check(const RecoverableOptions& options) {
  for (std::size_t i = 0; i < options.cutoffs.size(); ++i)
    if (!std::isfinite(options.cutoffs[i]) ||
        (i > 0 && !(options.cutoffs[i] > options.cutoffs[i - 1])))
      throw Error("simulate.cutoffs",
                  "cut-off " + number_text(options.cutoffs[i]) + " does not follow in order",
                  "--cutoffs", "Give them from low to high, each once.");
  if (!(options.density_t_m3 > 0.0) || !std::isfinite(options.density_t_m3))
    throw Error("simulate.density", "the density must be above 0", "--density",
                "For example --density '2.7 t/m3'.");
}

LowMiddleHigh percentiles(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {quantile_of_sorted(values, 0.1), quantile_of_sorted(values, 0.5),
          quantile_of_sorted(values, 0.9)};
}

// Tonnes above each cut-off of one realisation.
struct Above {
  std::vector<double> rock_t, product_t;
};

Above above_cutoffs(const double* value, std::size_t blocks, double block_t, const Zone& zone,
                    const RecoverableOptions& options) {
  const std::size_t count = options.cutoffs.size();
  // Between cut-offs first, then from the highest down: one look at a block, whatever their number.
  std::vector<Sum> rock(count), product(count);
  for (std::size_t block = 0; block < blocks; ++block) {
    const auto past =
        std::upper_bound(options.cutoffs.begin(), options.cutoffs.end(), value[block]);
    if (past == options.cutoffs.begin()) continue;
    const auto at = static_cast<std::size_t>(past - options.cutoffs.begin()) - 1;
    const double tonnes = block_t * (zone.share.empty() ? 1.0 : zone.share[block]);
    rock[at].add(tonnes);
    product[at].add(tonnes * value[block] * options.fraction_per_value);
  }
  Above above{std::vector<double>(count), std::vector<double>(count)};
  double rock_t = 0.0, product_t = 0.0;
  for (std::size_t at = count; at-- > 0;) {
    above.rock_t[at] = rock_t += rock[at].value();
    above.product_t[at] = product_t += product[at].value();
  }
  return above;
}

RecoverablePoint point_of(const std::vector<Above>& realizations, std::size_t cutoff,
                          double fraction_per_value) {
  RecoverablePoint point;
  std::vector<double> rock, product, grade;
  Sum rock_sum, product_sum;
  for (const Above& one : realizations) {
    rock.push_back(one.rock_t[cutoff]);
    product.push_back(one.product_t[cutoff]);
    rock_sum.add(rock.back());
    product_sum.add(product.back());
    if (rock.back() > 0.0) grade.push_back(product.back() / rock.back() / fraction_per_value);
  }
  const double count = static_cast<double>(realizations.size());
  point.rock_mean_t = rock_sum.value() / count;
  point.product_mean_t = product_sum.value() / count;
  point.chance_of_none = 1.0 - static_cast<double>(grade.size()) / count;
  point.rock_t = percentiles(rock);
  point.product_t = percentiles(product);
  point.rock_by_realization_t = std::move(rock);
  point.product_by_realization_t = std::move(product);
  point.grade = percentiles(std::move(grade));
  return point;
}

}  // namespace

double quantile_of_sorted(const std::vector<double>& sorted, double p) {
  if (sorted.empty()) return none;
  const double place = static_cast<double>(sorted.size() - 1) * p;
  const auto low = static_cast<std::size_t>(place);
  if (low + 1 >= sorted.size()) return sorted.back();
  return sorted[low] + (place - static_cast<double>(low)) * (sorted[low + 1] - sorted[low]);
}

std::vector<RecoverablePoint> recoverable_curve(const Simulation& simulation, std::size_t variable,
                                                const std::vector<Zone>& zones,
                                                const RecoverableOptions& options,
                                                const Progress& progress) {
  check(options);
  const std::size_t blocks = simulation.blocks.size();
  const double block_t = simulation.blocks.block_m3() * options.density_t_m3;
  std::vector<RecoverablePoint> curve;
  for (std::size_t zone = 0; zone < zones.size(); ++zone) {
    std::vector<Above> realizations(simulation.realizations);
    parallel_blocks(
        simulation.realizations, 1, options.jobs,
        [&](std::size_t begin, std::size_t, std::size_t) {
          realizations[begin] = above_cutoffs(simulation.values[variable].data() + begin * blocks,
                                              blocks, block_t, zones[zone], options);
        },
        progress.part(static_cast<double>(zone) / static_cast<double>(zones.size()),
                      static_cast<double>(zone + 1) / static_cast<double>(zones.size())));
    for (std::size_t cutoff = 0; cutoff < options.cutoffs.size(); ++cutoff) {
      curve.push_back(point_of(realizations, cutoff, options.fraction_per_value));
      curve.back().zone = zone;
      curve.back().cutoff = options.cutoffs[cutoff];
    }
  }
  return curve;
}

BlockSummary summarise_blocks(const Simulation& simulation, std::size_t variable,
                              const std::vector<double>& cutoffs, int jobs,
                              const Progress& progress) {
  const std::size_t blocks = simulation.blocks.size(), count = simulation.realizations;
  BlockSummary summary;
  for (auto* column : {&summary.mean, &summary.sd, &summary.p10, &summary.p50, &summary.p90})
    column->resize(blocks);
  summary.probability.assign(cutoffs.size(), std::vector<double>(blocks));
  parallel_blocks(
      blocks, 4096, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        std::vector<double> values(count);
        for (std::size_t block = begin; block < end; ++block) {
          Sum sum, squares;
          for (std::size_t r = 0; r < count; ++r) {
            values[r] = simulation.values[variable][r * blocks + block];
            sum.add(values[r]);
          }
          const double n = static_cast<double>(count);
          const double mean = summary.mean[block] = sum.value() / n;
          for (const double value : values) squares.add((value - mean) * (value - mean));
          summary.sd[block] = count > 1 ? std::sqrt(squares.value() / (n - 1.0)) : none;
          std::sort(values.begin(), values.end());
          summary.p10[block] = quantile_of_sorted(values, 0.1);
          summary.p50[block] = quantile_of_sorted(values, 0.5);
          summary.p90[block] = quantile_of_sorted(values, 0.9);
          for (std::size_t c = 0; c < cutoffs.size(); ++c)
            summary.probability[c][block] =
                static_cast<double>(values.end() -
                                    std::lower_bound(values.begin(), values.end(), cutoffs[c])) /
                n;
        }
      },
      progress);
  return summary;
}

}  // namespace lode
