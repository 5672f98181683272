// The one exception of Lode: what went wrong, where, and how to mend it.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace lode {

/// Thrown by every function that cannot give the result asked for; only `main` catches it.
/// `code` is stable and dotted ("io.missing_file"), shared by scripts, tests and the manual;
/// `where` names file, layer or row, feature id; `hint` says how to mend it.
struct Error : std::runtime_error {
  Error(std::string code_, const std::string& what_, std::string where_ = {},
        std::string hint_ = {})
      : std::runtime_error(what_),
        code(std::move(code_)),
        where(std::move(where_)),
        hint(std::move(hint_)) {}
  std::string code;
  std::string where;
  std::string hint;
  /// Further faults of the same kind of check, when all are listed at once.
  std::vector<Error> more;
};

}  // namespace lode
