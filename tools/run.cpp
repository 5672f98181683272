#include "tools/run.h"

#include <filesystem>
#include <new>
#include <utility>

#include "libgeo/io/open.h"
#include "tools/session.h"

namespace lode::tools {

namespace {

bool is_input(const Parameter& parameter) {
  return parameter.kind == Kind::vector_layer || parameter.kind == Kind::table ||
         parameter.kind == Kind::raster || parameter.kind == Kind::file;
}

bool is_output(const Parameter& parameter) {
  return parameter.kind == Kind::vector_out || parameter.kind == Kind::file_out ||
         parameter.kind == Kind::folder_out;
}

/// What a run would read and write, without doing it.
Outcome dry_run(const Command& command, const Arguments& arguments) {
  Outcome outcome;
  outcome.summary["would_run"] = "lode " + command.name;
  for (const auto& parameter : command.parameters) {
    const bool in = is_input(parameter);
    const bool out = is_output(parameter);
    if (!in && !out) continue;
    for (const auto& path : arguments.texts(parameter.name)) {
      std::error_code failed;
      const std::string file = in ? split_layer(path).path : path;
      Json row;
      row["parameter"] = parameter.name;
      row["action"] = in ? "read" : "write";
      row["path"] = shown_path(path);
      row["exists"] = std::filesystem::exists(file, failed);
      outcome.results.push_back(row);
    }
  }
  return outcome;
}

std::vector<std::string> input_files(const Command& command, const Arguments& arguments) {
  std::vector<std::string> files;
  for (const auto& parameter : command.parameters) {
    if (!is_input(parameter)) continue;
    for (const auto& path : arguments.texts(parameter.name))
      files.push_back(split_layer(path).path);
  }
  return files;
}

/// One of two results under one name would be gone, whichever way the name is written.
void refuse_same_outputs(const Command& command, const Arguments& arguments) {
  std::vector<std::pair<std::string, std::filesystem::path>> known;
  for (const auto& parameter : command.parameters) {
    if (!is_output(parameter)) continue;
    for (const auto& text : arguments.texts(parameter.name)) {
      if (text.empty()) continue;
      std::error_code failed;
      std::filesystem::path path =
          std::filesystem::weakly_canonical(std::filesystem::absolute(text), failed);
      if (failed) path = text;
      for (const auto& [option, other] : known)
        if (path == other)
          throw Error("usage.same_output",
                      "--" + parameter.name + " and --" + option + " name the same file", text,
                      "Give each result a name of its own.");
      known.emplace_back(parameter.name, path);
    }
  }
}

/// A result that cannot be written is refused before the work, not after it.
void check_outputs(const Command& command, const Arguments& arguments, const Session& session) {
  for (const auto& parameter : command.parameters) {
    if (!arguments.has(parameter.name)) continue;
    if (parameter.kind != Kind::vector_out || session.dry_run) continue;
    WriteOptions options;
    options.overwrite = session.overwrite;
    if (parameter.name == "output" && arguments.has("format"))
      options.format = arguments.text("format");
    refuse_input_as_output(arguments.text(parameter.name), input_files(command, arguments));
    check_output(arguments.text(parameter.name), options);
  }
}

Outcome outcome_of(const Command& command, const Arguments& arguments, const Session& session) {
  try {
    if (command.setup) command.setup(arguments);
    refuse_same_outputs(command, arguments);
    check_outputs(command, arguments, session);
    return session.dry_run ? dry_run(command, arguments) : command.run(arguments, session);
  } catch (Error& error) {
    // A room that knows no files leaves the place to us.
    const auto files = input_files(command, arguments);
    if (error.where.empty()) error.where = files.empty() ? "lode " + command.name : files.front();
    throw;
  }
}

}  // namespace

Session make_session(const Arguments& arguments, bool json, Progress progress) {
  Session session;
  session.json = json;
  session.progress = std::move(progress);
  session.jobs = static_cast<int>(arguments.integer("jobs"));
  session.seed = static_cast<std::uint64_t>(arguments.number("seed"));
  session.overwrite = arguments.flag("overwrite");
  session.strict = arguments.flag("strict");
  session.dry_run = arguments.flag("dry-run");
  return session;
}

Outcome run(const Command& command, const Arguments& arguments, const Session& session) {
  Outcome outcome = outcome_of(command, arguments, session);
  enforce_strict(session, outcome.findings);
  if (!session.dry_run && !outcome.failed) refuse_unmet_units(arguments, session);
  return outcome;
}

Error as_error(const std::exception& error) {
  if (const auto* known = dynamic_cast<const Error*>(&error)) return *known;
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr)
    return Error("run.memory", "there is not enough memory", "lode",
                 "Work on fewer features at a time (--bbox, --where).");
  return Error("run.internal", error.what(), "lode",
               "This is a fault in lode; please report it with the command.");
}

}  // namespace lode::tools
