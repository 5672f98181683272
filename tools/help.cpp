#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "tools/params.h"

namespace lode::tools {

Command help_command() {
  Command command;
  command.name = "help";
  command.summary = "show what a command does and its options";
  command.group = "Program";
  command.parameters = {{.name = "COMMAND",
                         .help = "the command's words, e.g. volume outline",
                         .positional = true,
                         .repeatable = true},
                        {.name = "markdown",
                         .kind = Kind::flag,
                         .help = "the options chapter of the manual page",
                         .group = "Result"}};
  command.run = [](const Arguments& arguments, const Session&) {
    Outcome outcome;
    std::string text;
    if (!arguments.has("COMMAND")) {
      text = overview_text();
    } else {
      const auto words = arguments.texts("COMMAND");
      const NamedCommand named = find_command(words);
      if (!named.command || named.words != words.size()) {
        std::vector<std::string> known;
        for (const auto& one : commands()) known.push_back(one.name);
        throw Error("usage.command", "there is no command '" + printable(join(words, " ")) + "'",
                    "lode help", suggestion(join(words, " "), known));
      }
      text =
          arguments.flag("markdown") ? options_markdown(*named.command) : help_text(*named.command);
    }
    outcome.text = text;
    outcome.summary["text"] = text;
    return outcome;
  };
  return command;
}

}  // namespace lode::tools
