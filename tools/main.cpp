// lode: the command line. Only this file catches.
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <new>
#include <set>
#include <string>
#include <vector>

#include "libgeo/core/text.h"
#include "libgeo/io/open.h"
#include "tools/params.h"
#include "tools/session.h"

namespace lode::tools {
namespace {

enum ExitCode { done = 0, could_not = 1, asked_wrongly = 2 };

/// False when stdout could not take it (a full disk, a closed pipe).
bool try_print(const std::string& text) {
  const bool good = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  return std::fflush(stdout) == 0 && good;
}

void print(const std::string& text) {
  if (!try_print(text))
    throw Error("io.stdout", "the result could not be written to standard output", "stdout",
                "Is the disk full, or the reading program gone?");
}

int report_error(const Error& error, bool json) {
  end_progress();
  std::fputs(error_text(error).c_str(), stderr);
  for (const auto& other : error.more) std::fputs(error_text(other).c_str(), stderr);
  if (json) try_print(error_json(error));
  if (error.code == "run.interrupted") return 128 + (stop_signal() != 0 ? stop_signal() : SIGINT);
  return error.code.starts_with("usage.") ? asked_wrongly : could_not;
}

[[noreturn]] void unknown_command(const std::vector<std::string>& words) {
  std::set<std::string> known;
  const std::string first = words.front();
  std::string near_to = first;
  for (const auto& command : commands()) {
    const auto parts = split(command.name, ' ');
    known.insert(parts.front());
    if (parts.front() == first) {
      // The first word is right, so the second is what is missing or wrong.
      std::vector<std::string> second;
      for (const auto& other : commands())
        if (other.name.starts_with(first + " ")) second.push_back(split(other.name, ' ')[1]);
      if (words.size() < 2 || words[1].starts_with("-"))
        throw Error("usage.command", "'" + first + "' wants a subcommand: " + join(second, ", "),
                    "lode");
      throw Error("usage.command",
                  "there is no command '" + first + " " + printable(words[1]) + "'", "lode",
                  suggestion(words[1], second));
    }
  }
  throw Error("usage.command", "there is no command '" + printable(near_to) + "'", "lode",
              suggestion(first, {known.begin(), known.end()}));
}

bool is_input(const Parameter& parameter) {
  return parameter.kind == Kind::vector_layer || parameter.kind == Kind::table ||
         parameter.kind == Kind::raster || parameter.kind == Kind::file;
}

/// What a run would read and write, without doing it.
Outcome dry_run(const Command& command, const Arguments& arguments) {
  Outcome outcome;
  outcome.summary["would_run"] = "lode " + command.name;
  for (const auto& parameter : command.parameters) {
    const bool in = is_input(parameter);
    const bool out = parameter.kind == Kind::vector_out || parameter.kind == Kind::file_out ||
                     parameter.kind == Kind::folder_out;
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

Session make_session(const Arguments& arguments, bool json) {
  Session session;
  session.json = json;
  session.progress = make_progress(arguments.text("progress"), arguments.flag("quiet"));
  session.jobs = static_cast<int>(arguments.integer("jobs"));
  session.seed = static_cast<std::uint64_t>(arguments.number("seed"));
  session.overwrite = arguments.flag("overwrite");
  session.strict = arguments.flag("strict");
  session.dry_run = arguments.flag("dry-run");
  return session;
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
    check_outputs(command, arguments, session);
    return session.dry_run ? dry_run(command, arguments) : command.run(arguments, session);
  } catch (Error& error) {
    // A room that knows no files leaves the place to us.
    const auto files = input_files(command, arguments);
    if (error.where.empty()) error.where = files.empty() ? "lode " + command.name : files.front();
    throw;
  }
}

int run_command(const Command& command, const std::vector<std::string>& words, bool json) {
  const Arguments arguments = parse_arguments(command, words);
  const Session session = make_session(arguments, json);
  Outcome outcome = outcome_of(command, arguments, session);
  enforce_strict(session, outcome.findings);
  if (!session.dry_run && !outcome.failed) refuse_unmet_units(arguments, session);
  end_progress();
  if (!arguments.flag("quiet") && !json)
    std::fputs(findings_text(outcome.findings, arguments.flag("verbose")).c_str(), stderr);
  if (json || outcome.always_json)
    print_json(command, outcome, print);
  else
    print(people_text(outcome));
  return outcome.failed ? could_not : done;
}

int dispatch(std::vector<std::string> words, bool json) {
  if (words.empty()) {
    std::fputs(overview_text().c_str(), stderr);
    return asked_wrongly;
  }
  if (words.front() == "--version" || words.front() == "-V") {
    print("lode " + std::string(version()) + "\n");
    return done;
  }
  const bool help = words.back() == "--help" || words.back() == "-h";
  const NamedCommand named = find_command(words);
  if (help) {
    print(named.command ? help_text(*named.command) : overview_text());
    return done;
  }
  if (!named.command) unknown_command(words);
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(named.words));
  return run_command(*named.command, words, json);
}

}  // namespace
}  // namespace lode::tools

int main(int argc, char** argv) {
  using namespace lode;
  const std::vector<std::string> words(argv + 1, argv + argc);
  bool json = false;
  for (const auto& word : words) {
    if (word == "--") break;
    json = json || word == "--json";
  }
  tools::catch_signals();
  try {
    return tools::dispatch(words, json);
  } catch (const Error& error) {
    return tools::report_error(error, json);
  } catch (const std::bad_alloc&) {
    return tools::report_error(Error("run.memory", "there is not enough memory", "lode",
                                     "Work on fewer features at a time (--bbox, --where)."),
                               json);
  } catch (const std::exception& error) {
    return tools::report_error(Error("run.internal", error.what(), "lode",
                                     "This is a fault in lode; please report it with the command."),
                               json);
  }
}
