#include <filesystem>

#include "libgeo/core/error.h"
#include "libgeo/core/provenance.h"
#include "libgeo/study/run_record.h"
#include "tools/study_outputs.h"

namespace lode::tools {

namespace fs = std::filesystem;

namespace {

/// The study of a record: beside it as the record says, or under the same name further up.
std::string find_study(const RunRecord& record, const std::string& record_path,
                       const std::string& said) {
  std::vector<fs::path> places;
  if (!said.empty()) {
    places.emplace_back(said);
  } else {
    const fs::path folder = fs::absolute(record_path).parent_path();
    places.push_back((folder / record.study).lexically_normal());
    const fs::path name = fs::path(record.study).filename();
    for (fs::path one = folder;; one = one.parent_path()) {
      places.push_back(one / name);
      if (one == one.root_path()) break;
    }
    places.push_back(name);
  }
  std::error_code failed;
  bool other = false;
  for (const auto& place : places) {
    if (!fs::is_regular_file(place, failed)) continue;
    if (sha256_of_file(place.string()) == record.study_sha256) {
      const fs::path near = place.lexically_proximate(fs::current_path());
      return place.is_absolute() && said.empty() ? near.string() : place.string();
    }
    other = true;
  }
  if (other)
    throw Error("rerun.input_changed", "the study file is not the one of the record", record.study,
                "Its SHA-256 was " + record.study_sha256.substr(0, 12) +
                    "...; restore it, or run the study anew.");
  throw Error("io.missing_file", "the study file of the record is not found", record.study,
              "Say where it is with --study FILE.");
}

Outcome run_it(const Arguments& arguments, const Session& session) {
  const std::string path = arguments.text("RECORD");
  RunRecord record =
      parse_run_record(text_of_file(path, "Give the run.json of a results folder."), path);
  check_version(record, path);
  const StudyFile study = read_study(find_study(record, path, arguments.text("study")));
  StudyOptions options = study_options(arguments, session);
  options.seed.reset();
  if (record.seed_said) options.seed = record.seed;
  const std::string folder =
      arguments.has("output") ? output_folder(study, options, arguments.text("output"))
      : fs::path(path).parent_path().string().empty() ? "."
                                                      : fs::path(path).parent_path().string();
  const StudyResult result = run_study(study, options, session.progress);
  check_rerun(record, result);
  record.inputs = result.inputs;
  Outcome outcome;
  write_study(study, result, record, folder, session, outcome);
  return outcome;
}

}  // namespace

Command study_rerun_command() {
  Command command;
  command.name = "study rerun";
  command.summary =
      "run a study again from its run record: the same bytes, or an error that says why not";
  command.group = "Study";
  command.parameters = {{.name = "RECORD",
                         .kind = Kind::file,
                         .help = "run.json of a results folder",
                         .positional = true,
                         .required = true},
                        {.name = "study",
                         .kind = Kind::text,
                         .help = "the study file, when it does not lie where the record says",
                         .group = "Reading"}};
  append(command.parameters, study_parameters());
  command.parameters.push_back(
      {.name = "output",
       .kind = Kind::folder_out,
       .help = "folder for the results; the record's own when not said (with --overwrite)",
       .aliases = {"-o"},
       .group = "Result"});
  command.run = run_it;
  return command;
}

}  // namespace lode::tools
