#include "libgeo/estimation/indicator_kriging.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/estimation/error_figures.h"
#include "libgeo/estimation/target_parts.h"

namespace lode {

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t part_size = 65536;  // targets whose indicators are held at once

void check_options(const IndicatorOptions& options) {
  const auto& cutoffs = options.cutoffs;
  if (cutoffs.empty())
    throw Error("indicator.no_cutoffs", "indicator kriging needs cut-offs", "--cutoffs",
                "Give them in ascending order.");
  for (std::size_t k = 0; k < cutoffs.size(); ++k)
    if (!std::isfinite(cutoffs[k]) || (k > 0 && cutoffs[k] <= cutoffs[k - 1]))
      throw Error("indicator.unsorted",
                  "cut-off " + std::to_string(k + 1) + " (" + number_text(cutoffs[k]) +
                      ") is not above the one before",
                  "--cutoffs", "Give them in ascending order, each once.");
  if (options.models.size() != 1 && options.models.size() != cutoffs.size())
    throw Error("indicator.models",
                std::to_string(options.models.size()) + " variograms for " +
                    std::to_string(cutoffs.size()) + " cut-offs",
                "--variogram", "Give one for all cut-offs, or one a cut-off in their order.");
  if (options.minimum >= cutoffs.front() || options.maximum <= cutoffs.back())
    throw Error("indicator.tails", "a bound of the tails lies inside the cut-offs", "--tails",
                "The minimum lies below the first cut-off, the maximum above the last.");
}

// Which class a value is of: the first cut-off that it does not exceed.
std::size_t class_of(const std::vector<double>& cutoffs, double value) {
  return static_cast<std::size_t>(
      std::distance(cutoffs.begin(), std::lower_bound(cutoffs.begin(), cutoffs.end(), value)));
}

void set_uniform(IndicatorClass& one, double from, double to) {
  one.mean = from + 0.5 * (to - from);
  one.variance = (to - from) * (to - from) / 12.0;
}

void settle_class(IndicatorClass& one, const IndicatorOptions& options, Findings& findings) {
  const bool lowest = std::isinf(one.lower), highest = std::isinf(one.upper);
  if (lowest && !std::isnan(options.minimum)) {
    set_uniform(one, options.minimum, one.upper);
  } else if (highest && !std::isnan(options.maximum)) {
    set_uniform(one, one.lower, options.maximum);
  } else if (one.samples == 0) {
    if (lowest || highest)
      throw Error("indicator.no_tail",
                  std::string("no sample lies ") +
                      (lowest ? "at or below the first cut-off" : "above the last cut-off"),
                  "--cutoffs", "Leave that cut-off out, or bound the class with --tails min,max.");
    set_uniform(one, one.lower, one.upper);
    findings.add("indicator.empty_class", Severity::warning, "--cutoffs",
                 "no sample lies between " + number_text(one.lower) + " and " +
                     number_text(one.upper) + ": the middle stands for the class");
  }
}

std::vector<IndicatorClass> classes_of(const std::vector<double>& values,
                                       const IndicatorOptions& options, Findings& findings) {
  const auto& cutoffs = options.cutoffs;
  std::vector<IndicatorClass> classes(cutoffs.size() + 1);
  std::vector<Sum> sum(classes.size()), square(classes.size());
  for (const double value : values) {
    if (std::isnan(value)) continue;
    const std::size_t k = class_of(cutoffs, value);
    sum[k] += value;
    ++classes[k].samples;
  }
  for (std::size_t k = 0; k < classes.size(); ++k)
    if (classes[k].samples > 0)
      classes[k].mean = sum[k].value() / static_cast<double>(classes[k].samples);
  for (const double value : values) {
    if (std::isnan(value)) continue;
    const std::size_t k = class_of(cutoffs, value);
    square[k] += (value - classes[k].mean) * (value - classes[k].mean);
  }
  for (std::size_t k = 0; k < classes.size(); ++k) {
    IndicatorClass& one = classes[k];
    if (one.samples > 0) one.variance = square[k].value() / static_cast<double>(one.samples);
    if (k > 0) one.lower = cutoffs[k - 1];
    if (k < cutoffs.size()) one.upper = cutoffs[k];
    settle_class(one, options, findings);
  }
  return classes;
}

// One indicator a cut-off: 1 where the value does not exceed it.
Samples indicators_of(const Samples& samples, const std::vector<double>& cutoffs) {
  Samples result = samples;
  result.variables.clear();
  result.values.clear();
  for (const double cutoff : cutoffs) {
    result.variables.push_back("below " + number_text(cutoff));
    std::vector<double> indicator;
    for (const double value : samples.values.front())
      indicator.push_back(std::isnan(value) ? nothing : value <= cutoff ? 1.0 : 0.0);
    result.values.push_back(std::move(indicator));
  }
  return result;
}

std::vector<double> means_of(const Samples& indicators) {
  std::vector<double> means;
  for (const auto& values : indicators.values) {
    double ones = 0.0, n = 0.0;
    for (const double value : values) {
      if (std::isnan(value)) continue;
      ones += value;
      n += 1.0;
    }
    means.push_back(n > 0.0 ? ones / n : nothing);
  }
  return means;
}

// The indicators that one run of `estimate` serves: all, or one.
struct Run {
  Samples indicators;
  EstimateOptions options;
};

std::vector<Run> runs_of(const Samples& samples, const IndicatorOptions& options) {
  const Samples all = indicators_of(samples, options.cutoffs);
  const std::vector<double> means = means_of(all);
  std::vector<Run> runs;
  for (std::size_t m = 0; m < options.models.size(); ++m) {
    Run run;
    run.indicators = all;
    run.options = options.kriging;
    run.options.model = options.models[m];
    run.options.means = means;
    if (options.models.size() > 1) {
      run.indicators.variables = {all.variables[m]};
      run.indicators.values = {all.values[m]};
      run.options.means = {means[m]};
    }
    runs.push_back(std::move(run));
  }
  return runs;
}

// Distribution of one row from the corrected probabilities.
struct Moments {
  double mean, variance;
};
Moments moments_of(const std::vector<double>& below, const std::vector<IndicatorClass>& classes) {
  double mean = 0.0, square = 0.0;
  const auto share = [&](std::size_t k) {
    return (k < below.size() ? below[k] : 1.0) - (k > 0 ? below[k - 1] : 0.0);
  };
  for (std::size_t k = 0; k < classes.size(); ++k) mean += share(k) * classes[k].mean;
  for (std::size_t k = 0; k < classes.size(); ++k) {
    const double off = classes[k].mean - mean;
    square += share(k) * (off * off + classes[k].variance);
  }
  return {mean, square};
}

class Corrector {
 public:
  explicit Corrector(std::size_t cutoffs) { order_.by_cutoff.assign(cutoffs, 0); }
  void correct(std::vector<double>& below) {
    const auto change = correct_order(below);
    bool any = false;
    for (std::size_t k = 0; k < change.size(); ++k) {
      // What rounding leaves above 1 or below 0 is no violation.
      if (change[k] <= 1e-12) continue;
      any = true;
      ++order_.by_cutoff[k];
      changes_ += change[k];
      count_ += 1.0;
      order_.largest = std::max(order_.largest, change[k]);
    }
    order_.targets += any ? 1 : 0;
  }
  [[nodiscard]] OrderCorrection order() const {
    OrderCorrection result = order_;
    result.mean_change = count_ > 0.0 ? changes_.value() / count_ : 0.0;
    return result;
  }

 private:
  OrderCorrection order_;
  Sum changes_;
  double count_ = 0.0;
};

// `chunk.above` holds the raw probabilities below on entry.
void finish(IndicatorChunk& chunk, const std::vector<IndicatorClass>& classes,
            Corrector& corrector) {
  std::vector<double> below(chunk.above.size());
  chunk.mean.assign(chunk.rows(), nothing);
  chunk.variance.assign(chunk.rows(), nothing);
  for (std::size_t row = 0; row < chunk.rows(); ++row) {
    bool whole = chunk.pass[row] > 0;
    for (std::size_t k = 0; k < below.size(); ++k) {
      below[k] = chunk.above[k][row];
      whole = whole && std::isfinite(below[k]);
    }
    if (!whole) {
      chunk.pass[row] = 0;
      for (auto& above : chunk.above) above[row] = nothing;
      continue;
    }
    corrector.correct(below);
    for (std::size_t k = 0; k < below.size(); ++k) chunk.above[k][row] = 1.0 - below[k];
    const Moments moments = moments_of(below, classes);
    chunk.mean[row] = moments.mean;
    chunk.variance[row] = moments.variance;
  }
}

template <class T>
void extend(std::vector<T>& to, const std::vector<T>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

void add_summary(const EstimateSummary& more, bool first_run, EstimateSummary& total) {
  if (!first_run) {
    // The same targets and neighbours again: only what depends on the variogram differs.
    total.not_positive_definite = std::max(total.not_positive_definite, more.not_positive_definite);
    total.negative_weights = std::max(total.negative_weights, more.negative_weights);
    return;
  }
  total.targets += more.targets;
  total.ties += more.ties;
  total.duplicates = more.duplicates;
  total.samples_used = more.samples_used;
  total.samples_dropped = more.samples_dropped;
  total.negative_weights += more.negative_weights;
  total.not_positive_definite += more.not_positive_definite;
  if (total.by_pass.size() < more.by_pass.size()) total.by_pass.resize(more.by_pass.size(), 0);
  for (std::size_t p = 0; p < more.by_pass.size(); ++p) total.by_pass[p] += more.by_pass[p];
  // What is said of the samples comes again with every part; targets are counted over all parts.
  for (const Finding& finding : more.findings.list())
    if (finding.where == "samples" && !total.findings.has(finding.code))
      total.findings.add(finding);
}

// Raw probabilities of the targets of a part, one run after the other.
IndicatorChunk raw_part(const std::vector<Run>& runs, const Targets& part, std::size_t first,
                        std::size_t targets, EstimateSummary& total, const Progress& progress) {
  IndicatorChunk chunk;
  chunk.first = first;
  EstimateSummary of_part;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    std::vector<std::vector<double>> raw(runs[r].indicators.values.size());
    EstimateOptions options = runs[r].options;
    if (!options.local_angles.empty())
      options.local_angles.assign(
          runs[r].options.local_angles.begin() + static_cast<std::ptrdiff_t>(first),
          runs[r].options.local_angles.begin() + static_cast<std::ptrdiff_t>(first + part.size()));
    const auto from = static_cast<double>(first) +
                      static_cast<double>(part.size() * r) / static_cast<double>(runs.size());
    const auto to = from + static_cast<double>(part.size()) / static_cast<double>(runs.size());
    const auto all = static_cast<double>(std::max<std::size_t>(targets, 1));
    const EstimateSummary summary = estimate(
        runs[r].indicators, part, options,
        [&](const EstimateChunk& rows) {
          for (std::size_t v = 0; v < raw.size(); ++v) extend(raw[v], rows.value[v]);
          if (r > 0) return;
          extend(chunk.nearest_m, rows.nearest_m);
          extend(chunk.samples, rows.samples);
          extend(chunk.holes, rows.holes);
          extend(chunk.pass, rows.pass);
        },
        progress.part(from / all, std::min(1.0, to / all)));
    add_summary(summary, r == 0, of_part);
    for (auto& one : raw) chunk.above.push_back(std::move(one));
  }
  add_summary(of_part, true, total);
  return chunk;
}

}  // namespace

std::vector<double> correct_order(std::vector<double>& below) {
  std::vector<double> up = below, change = below;
  for (double& p : up) p = std::clamp(p, 0.0, 1.0);
  std::vector<double> down = up;
  for (std::size_t k = 1; k < up.size(); ++k) up[k] = std::max(up[k], up[k - 1]);
  for (std::size_t k = down.size(); k-- > 1;) down[k - 1] = std::min(down[k - 1], down[k]);
  for (std::size_t k = 0; k < below.size(); ++k) {
    below[k] = 0.5 * (up[k] + down[k]);
    change[k] = std::abs(below[k] - change[k]);
  }
  return change;
}

IndicatorSummary indicator_kriging(const Samples& samples, const Targets& targets,
                                   const IndicatorOptions& options, const IndicatorSink& sink,
                                   const Progress& progress) {
  check_options(options);
  IndicatorSummary summary;
  Findings findings;
  summary.classes = classes_of(samples.values.front(), options, findings);
  const auto runs = runs_of(samples, options);
  Corrector corrector(options.cutoffs.size());
  Sum mean;
  for (std::size_t begin = 0; begin < targets.size();) {
    const std::size_t end = part_end(targets, begin, part_size);
    IndicatorChunk chunk = raw_part(runs, part_of(targets, begin, end), begin, targets.size(),
                                    summary.kriging, progress);
    finish(chunk, summary.classes, corrector);
    for (std::size_t row = 0; row < chunk.rows(); ++row) {
      if (chunk.pass[row] == 0) continue;
      ++summary.kriging.estimated;
      mean += chunk.mean[row];
    }
    sink(chunk);
    begin = end;
  }
  EstimateSummary& kriging = summary.kriging;
  kriging.unestimated = kriging.targets - kriging.estimated;
  kriging.findings.add(findings);
  summary.order = corrector.order();
  if (kriging.estimated > 0) summary.mean = mean.value() / static_cast<double>(kriging.estimated);
  return summary;
}

CrossValidation cross_validate_indicators(const Samples& samples, const IndicatorOptions& options,
                                          bool by_hole, const Progress& progress) {
  check_options(options);
  Findings findings;
  const auto classes = classes_of(samples.values.front(), options, findings);
  const auto runs = runs_of(samples, options);
  CrossValidation result;
  IndicatorChunk chunk;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    const double n = static_cast<double>(runs.size());
    CrossValidation one =
        cross_validate(runs[r].indicators, runs[r].options, by_hole,
                       progress.part(static_cast<double>(r) / n, static_cast<double>(r + 1) / n));
    for (auto& indicator : one.estimate) chunk.above.push_back(std::move(indicator));
    if (r > 0) continue;
    result.summary = one.summary;
    result.samples = one.samples;
  }
  chunk.pass.assign(samples.size(), 1);
  Corrector corrector(options.cutoffs.size());
  finish(chunk, classes, corrector);
  result.summary.findings.add(findings);
  result.summary.estimated = 0;
  for (const std::uint8_t pass : chunk.pass) result.summary.estimated += pass;
  result.estimate = {chunk.mean};
  result.variance = chunk.variance;
  add_error_figures(samples.values.front(), chunk.mean, chunk.variance, result);
  return result;
}

}  // namespace lode
