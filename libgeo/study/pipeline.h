// A study from its file to its result: every stage in order, no output of its own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/study/result.h"
#include "libgeo/study/study_file.h"

namespace lode {

struct StudyOptions {
  std::string data;                      ///< root for inputs; overrides [study] data
  std::vector<std::string> allow_paths;  ///< further folders that inputs may lie in
  std::optional<std::uint64_t> seed;     ///< overrides [study] seed
  int jobs = 0;
};

/// Reads every input and checks it against what the study asks of it, computes nothing.
/// The result holds sites, inputs and findings. Errors are collected like those of `parse_study`.
[[nodiscard]] StudyResult check_study(const StudyFile& study, const StudyOptions& options = {},
                                      const Progress& progress = {});

/// The whole way: sites, tonnage, permits, environment, logistics, supply, ranking.
/// Errors: those of the readers and stages, and "study.no_sites", "study.path", "study.field",
/// "study.criterion" (no such indicator, with the nearest).
[[nodiscard]] StudyResult run_study(const StudyFile& study, const StudyOptions& options = {},
                                    const Progress& progress = {});

}  // namespace lode
