// From declarations to checked arguments: the command line's only parser, and the help it prints.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tools/command.h"

namespace lode::tools {

/// Options that every command has; parsed with the rest, read by the session.
[[nodiscard]] const std::vector<Parameter>& common_parameters();

/// The command that the first words name, and how many words that took; null when there is none.
struct NamedCommand {
  const Command* command = nullptr;
  std::size_t words = 0;
};
[[nodiscard]] NamedCommand find_command(const std::vector<std::string>& words);

/// Parses and checks the words after the command's name.
/// Errors "usage.*": unknown option (with the nearest), missing argument, bad choice, number out
/// of range, a quantity without its unit.
[[nodiscard]] Arguments parse_arguments(const Command& command,
                                        const std::vector<std::string>& words);

/// The part of it after the words: values by parameter, "true" for a flag that is set. Their names
/// must be declared ones. Checks the values only, not whether a required one is there.
[[nodiscard]] Arguments check_arguments(const Command& command,
                                        std::map<std::string, std::vector<std::string>> values);

/// Quantities of an option's text in base units, one unit at the end or one each.
/// Error "usage.quantity", also for what `parse_quantities` calls "unit.*".
[[nodiscard]] std::vector<double> option_quantities(const std::string& text, Dimension dimension,
                                                    const std::string& where);

[[nodiscard]] std::string help_text(const Command& command);
[[nodiscard]] std::string usage_line(const Command& command);
[[nodiscard]] std::string overview_text();
/// The options chapter of a manual page, in Markdown.
[[nodiscard]] std::string options_markdown(const Command& command);
[[nodiscard]] Json describe(const Command& command);
[[nodiscard]] std::string_view to_text(Kind kind);

}  // namespace lode::tools
