// lode: the command line. Only this file catches.
#include <csignal>
#include <cstdio>
#include <exception>
#include <set>
#include <string>
#include <vector>

#include "libgeo/core/text.h"
#include "tools/params.h"
#include "tools/run.h"
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

int run_command(const Command& command, const std::vector<std::string>& words, bool json) {
  const Arguments arguments = parse_arguments(command, words);
  const Progress progress = make_progress(arguments.text("progress"), arguments.flag("quiet"));
  const Outcome outcome = run(command, arguments, make_session(arguments, json, progress));
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
  } catch (const std::exception& error) {
    return tools::report_error(tools::as_error(error), json);
  }
}
