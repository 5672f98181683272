// What stands around a run: signals, progress on stderr, results and errors as JSON or for people.
#pragma once

#include <functional>
#include <string>

#include "libgeo/core/error.h"
#include "tools/command.h"

namespace lode::tools {

/// SIGINT and SIGTERM set a flag that `Progress` checks; a second one ends the program at once.
void catch_signals();
/// The signal that asked to stop, 0 when none did.
[[nodiscard]] int stop_signal();

/// mode: auto, bar, json, none.
[[nodiscard]] Progress make_progress(const std::string& mode, bool quiet);
/// Ends the line of a bar, so that the next text starts on its own.
void end_progress();

/// What stands before the rows of the result as JSON, and what behind them.
[[nodiscard]] Json json_head(const Command& command, const Outcome& outcome);
[[nodiscard]] Json json_tail(const Outcome& outcome);
/// The result as JSON, handed to `print` a piece at a time.
void print_json(const Command& command, const Outcome& outcome,
                const std::function<void(const std::string&)>& print);
[[nodiscard]] std::string people_text(const Outcome& outcome);
/// Findings as lines for stderr; notes only when `verbose`.
[[nodiscard]] std::string findings_text(const Findings& findings, bool verbose);
[[nodiscard]] std::string error_text(const Error& error);
[[nodiscard]] std::string error_json(const Error& error);
/// A path as results show it: never absolute.
[[nodiscard]] std::string shown_path(const std::string& path);

}  // namespace lode::tools
