// A study run from the command line: where its results go, what is written, what is shown.
#pragma once

#include <string>

#include "libgeo/study/pipeline.h"
#include "libgeo/study/run_record.h"
#include "tools/command.h"

namespace lode::tools {

/// --data (or LODE_DATA), --allow-path and --seed as the pipeline takes them.
[[nodiscard]] StudyOptions study_options(const Arguments& arguments, const Session& session);
[[nodiscard]] std::vector<Parameter> study_parameters();

/// The folder for the results: -o, or the study's own `output` below its folder.
/// Errors "study.path" (it leads out of the study's folder), "study.output_is_input".
[[nodiscard]] std::string output_folder(const StudyFile& study, const StudyOptions& options,
                                        const std::string& asked);

/// Writes sites.gpkg, ranking.csv, indicators.csv, the tables on supply that there are,
/// explanation.json, report.html and run.json, all or none, and fills the outcome. Tables on supply
/// that the run before left and this one does not have are taken away.
void write_study(const StudyFile& study, const StudyResult& result, const RunRecord& record,
                 const std::string& folder, const Session& session, Outcome& outcome);

}  // namespace lode::tools
