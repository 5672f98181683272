#include <algorithm>
#include <filesystem>

#include "libgeo/study/run_record.h"
#include "tools/study_outputs.h"

namespace lode::tools {

namespace {

/// Where the study lies as seen from its results: the one path that a record needs.
std::string relative_study(const std::string& study, const std::string& folder) {
  std::error_code failed;
  const auto from = std::filesystem::weakly_canonical(std::filesystem::absolute(folder), failed);
  const auto to = std::filesystem::weakly_canonical(std::filesystem::absolute(study), failed);
  return to.lexically_relative(from).generic_string();
}

Outcome run_it(const Arguments& arguments, const Session& session) {
  const StudyFile study = read_study(arguments.text("FILE"));
  const StudyOptions options = study_options(arguments, session);
  const std::string folder = output_folder(study, options, arguments.text("output"));
  const StudyResult result = run_study(study, options, session.progress);
  RunRecord record;
  record.version = version();
  record.study = relative_study(study.path, folder);
  record.study_sha256 = study.sha256;
  record.seed = result.seed;
  record.seed_said = options.seed.has_value();
  record.inputs = result.inputs;
  Outcome outcome;
  write_study(study, result, record, folder, session, outcome);
  return outcome;
}

}  // namespace

Command study_run_command() {
  Command command;
  command.name = "study run";
  command.summary = "run a study from its files to ranking, map and report";
  command.group = "Study";
  command.parameters = {{.name = "FILE",
                         .kind = Kind::file,
                         .help = "the study file (TOML)",
                         .positional = true,
                         .required = true}};
  append(command.parameters, study_parameters());
  command.parameters.push_back({.name = "output",
                                .kind = Kind::folder_out,
                                .help = "folder for the results; [study] output when not said",
                                .aliases = {"-o"},
                                .group = "Result"});
  command.run = run_it;
  return command;
}

}  // namespace lode::tools
