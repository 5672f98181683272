// One run of a command: what lies between checked arguments and an outcome, for any face of Lode.
#pragma once

#include <exception>

#include "libgeo/core/error.h"
#include "tools/command.h"

namespace lode::tools {

/// What the options of every command say; `json`: every key of every result is wanted.
[[nodiscard]] Session make_session(const Arguments& arguments, bool json, Progress progress);

/// Checks what needs no file and what cannot be written, then does the work, or says what it would
/// do (--dry-run); then --strict and --field-unit. Throws `Error`; what ends with exit 1 although
/// there are results has `failed` set. Keeps nothing between runs: several may go on at once.
[[nodiscard]] Outcome run(const Command& command, const Arguments& arguments,
                          const Session& session);

/// `Error` as it is; anything else as "run.memory" or "run.internal".
[[nodiscard]] Error as_error(const std::exception& error);

}  // namespace lode::tools
