// The methods of `estimate`, each from samples and options to rows and summary.
#pragma once

#include <string>
#include <vector>

#include "libgeo/estimation/estimate.h"
#include "tools/sample_inputs.h"

namespace lode::tools {

/// What the methods share: the samples as they are estimated from, and how.
struct EstimateJob {
  std::string method;
  SampleInputs inputs;
  EstimateOptions options;
  std::vector<VariogramModel> models;  ///< ik: one, or one a cut-off
  std::vector<std::string> drift;      ///< ked: the fields
};

/// Reads samples and variograms, caps values, fills the options.
[[nodiscard]] EstimateJob read_job(const Arguments& arguments, const Session& session,
                                   Outcome& outcome);

void run_kriging(const Arguments& arguments, const Session& session, EstimateJob& job,
                 Outcome& outcome);
void run_indicators(const Arguments& arguments, const Session& session, EstimateJob& job,
                    Outcome& outcome);
void run_cokriging(const Arguments& arguments, const Session& session, EstimateJob& job,
                   Outcome& outcome);
void run_analysis(const Arguments& arguments, const Session& session, EstimateJob& job,
                  Outcome& outcome);

}  // namespace lode::tools
