// The run record: what a study run read, with which choices, so that it can be run again.
#pragma once

#include <string>
#include <vector>

#include "libgeo/core/json.h"
#include "libgeo/study/pipeline.h"

namespace lode {

/// How the study and its folder are found again, and what was asked on the command line. No
/// absolute path, time, host or thread count is kept.
struct RunRecord {
  std::string version;
  std::string study;  ///< path relative to the folder of the record
  std::string study_sha256;
  bool seed_said = false;  ///< --seed on the command line
  std::uint64_t seed = 1;
  std::vector<Source> inputs;  ///< paths as the study file writes them
};

/// `outputs`: names and checksums of the files beside the record.
[[nodiscard]] Json to_json(const RunRecord& record, const StudyResult& result,
                           const std::vector<std::pair<std::string, std::string>>& outputs);
/// Errors: "rerun.not_a_record" for a file that is no run record, "json.syntax".
[[nodiscard]] RunRecord parse_run_record(const std::string& text, const std::string& where);

/// Before any work. Error "rerun.version".
void check_version(const RunRecord& record, const std::string& where);
/// Throws "rerun.version" when another version made the record, "rerun.input_changed" for the first
/// input whose checksum differs (or that is gone).
void check_rerun(const RunRecord& record, const StudyResult& result);

[[nodiscard]] Json to_json(const Finding& finding);

}  // namespace lode
