#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "tools/params.h"

namespace lode::tools {

Command describe_command() {
  Command command;
  command.name = "describe";
  command.summary = "every command's parameters as JSON, for programs that build on lode";
  command.group = "Program";
  command.parameters = {{.name = "COMMAND",
                         .help = "one command's words; all when left out",
                         .positional = true,
                         .repeatable = true}};
  command.run = [](const Arguments& arguments, const Session&) {
    Outcome outcome;
    const std::string wanted = join(arguments.texts("COMMAND"), " ");
    std::vector<std::string> known;
    for (const auto& one : commands()) {
      known.push_back(one.name);
      if (wanted.empty() || one.name == wanted) outcome.results.push_back(describe(one));
    }
    if (outcome.results.size() == 0)
      throw Error("usage.command", "there is no command '" + printable(wanted) + "'",
                  "lode describe", suggestion(wanted, known));
    outcome.always_json = true;
    return outcome;
  };
  return command;
}

}  // namespace lode::tools
