// Samples, variogram and options of a run of `estimate`.
#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "tools/estimate_inputs.h"
#include "tools/estimate_methods.h"

namespace lode::tools {

namespace {

EstimationMethod kernel_method(const std::string& method) {
  for (const EstimationMethod one :
       {EstimationMethod::nn, EstimationMethod::idw, EstimationMethod::sk, EstimationMethod::uk,
        EstimationMethod::ked})
    if (to_text(one) == method) return one;
  return EstimationMethod::ok;  // ok, and what indicators and co-kriging search with
}

// Values above the cap are cut to it, and counted.
void cap_values(const Arguments& arguments, SampleInputs& inputs, Outcome& outcome) {
  const auto caps =
      amounts_by_value(arguments, "cap", inputs, std::numeric_limits<double>::infinity());
  for (std::size_t v = 0; v < caps.size(); ++v) {
    std::size_t cut = 0;
    for (double& value : inputs.samples.values[v]) {
      if (!(value > caps[v])) continue;
      value = caps[v];
      ++cut;
    }
    if (cut > 0)
      outcome.findings.add("estimate.capped", Severity::note, inputs.samples.variables[v],
                           "values above " + number_text(caps[v]) + " were cut to it", cut);
  }
}

// Numbers of one element in % and in ppm differ by four powers of ten.
void say_doubtful_values(const SampleInputs& inputs, Outcome& outcome) {
  for (std::size_t v = 0; v < inputs.samples.variables.size(); ++v) {
    std::vector<double> values;
    for (const double value : inputs.samples.values[v])
      if (!std::isnan(value)) values.push_back(value);
    const std::string& name = inputs.samples.variables[v];
    if (values.empty())
      throw Error("estimate.no_values", "no sample has a value",
                  inputs.layer.source.path + ", " + name, "Name another column, or mend --where.");
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    if (values.size() > 1 && *least == *most)
      outcome.findings.add("estimate.all_alike", Severity::warning, name,
                           "all samples have the value " + number_text(*least));
    if (values.size() == 1)
      outcome.findings.add("estimate.one_sample", Severity::warning, name,
                           "there is one sample alone: its value stands everywhere in its reach");
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    const double median = *middle, above = 500.0 * median;
    const auto far =
        std::count_if(values.begin(), values.end(), [&](double value) { return value > above; });
    if (median > 0.0 && far > 0)
      outcome.findings.add("estimate.two_units", Severity::warning, name,
                           "values more than 500 times the median (" + number_text(median) +
                               "): are ppm and % mixed in the column?",
                           static_cast<std::size_t>(far));
  }
}

void read_models(const Arguments& arguments, EstimateJob& job, Outcome& outcome) {
  if (job.method == "ck") return;
  for (const std::string& path : arguments.texts("variogram"))
    job.models.push_back(read_variogram(path, outcome));
  if (job.models.empty()) return;
  job.options.model = job.models.front();
  const auto& structures = job.options.model.structures;
  if (arguments.has("search-angles") || structures.empty()) return;
  job.options.search.angles = structures.front().angles;
  for (const Structure& one : structures)
    if (!(one.angles == structures.front().angles))
      outcome.findings.add("estimate.search_angles", Severity::note, "--search-angles",
                           "the variogram's structures are turned differently: the search "
                           "ellipsoid stands as the first");
}

// The terms of universal kriging: x,y,z and xx,xy and so on.
std::string drift_terms(const Arguments& arguments) {
  std::string terms;
  for (const std::string& term : list_of(arguments, "drift"))
    terms += (terms.empty() ? "" : ",") + term;
  return terms;
}

void read_high_yield(const Arguments& arguments, EstimateJob& job) {
  if (!arguments.has("high-yield")) return;
  job.options.high_yield_above = amounts_by_value(arguments, "high-yield", job.inputs,
                                                  std::numeric_limits<double>::infinity());
  const auto radius = lengths_of(arguments.text("high-yield-radius"), 3, "high-yield-radius");
  job.options.high_yield_radius_m = {radius[0], radius[1], radius[2]};
}

DuplicatePolicy duplicate_policy(const std::string& text) {
  if (text == "average") return DuplicatePolicy::average;
  return text == "first" ? DuplicatePolicy::first : DuplicatePolicy::refuse;
}

}  // namespace

EstimateJob read_job(const Arguments& arguments, const Session& session, Outcome& outcome) {
  EstimateJob job;
  job.method = arguments.text("method");
  EstimateOptions& options = job.options;
  options.search = read_search(arguments);
  read_models(arguments, job, outcome);
  job.inputs = read_samples(arguments, session, arguments.text("SAMPLES"),
                            list_of(arguments, "value"), session.progress.part(0.0, 0.05), outcome);
  say_doubtful_values(job.inputs, outcome);
  cap_values(arguments, job.inputs, outcome);
  options.method = kernel_method(job.method);
  // The nearest needs no others: searching all of them would cost as much as all samples.
  if (options.method == EstimationMethod::nn)
    for (SearchPass& pass : options.search.passes)
      if (pass.max_samples == 0) pass.max_samples = pass.min_samples;
  const auto cells = read_cells(arguments, "discretise");
  if (!cells.empty()) options.discretise = cells.front();
  options.power = arguments.number("power");
  if (job.method == "sk") {
    options.means =
        amounts_by_value(arguments, "mean", job.inputs, std::numeric_limits<double>::quiet_NaN());
    for (std::size_t v = 0; v < options.means.size(); ++v)
      if (std::isnan(options.means[v]))
        throw Error("usage.mean",
                    "--mean does not give the mean of " + job.inputs.samples.variables[v], "--mean",
                    "Simple kriging needs one for every value: --mean VALUE=AMOUNT.");
  }
  if (job.method == "uk") options.drift = drift_terms(arguments);
  if (job.method == "ked") {
    job.drift = list_of(arguments, "drift");
    for (const std::string& field : job.drift)
      options.sample_drift.push_back(sample_column(job.inputs, field));
  }
  options.duplicates = duplicate_policy(arguments.text("duplicates"));
  if (arguments.has("duplicate-distance"))
    options.duplicate_distance_m = arguments.quantity("duplicate-distance");
  options.partial =
      arguments.text("partial") == "separate" ? PartialPolicy::separate : PartialPolicy::drop;
  read_high_yield(arguments, job);
  options.soft_boundaries = read_soft_boundaries(arguments);
  options.drop_negative_weights = arguments.text("negative-weights") == "zero";
  options.jobs = session.jobs;
  return job;
}

}  // namespace lode::tools
