// The one exception of Lode: what went wrong, where, and how to mend it.
#pragma once

#include <stdexcept>
#include <string>

namespace lode {

/// Thrown by every function that cannot give the result asked for; only `main` catches it.
/// `code` is stable and dotted ("io.missing_file"), shared by scripts, tests and the manual;
/// `where` names file, layer or row, feature id; `hint` says how to mend it.
struct Error : std::runtime_error {
  Error(std::string code, const std::string& what, std::string where = {}, std::string hint = {})
      : std::runtime_error(what), code(std::move(code)), where(std::move(where)),
        hint(std::move(hint)) {}
  std::string code;
  std::string where;
  std::string hint;
};

}  // namespace lode
