// A finding in one line, to compare with what a test expects of it.
#pragma once

#include <string>

#include "libgeo/core/finding.h"

namespace lode {

/// "warning 2 a.csv, line 3": severity, count and place (without its folder) of the finding with a
/// code; "" when there is none.
inline std::string told(const Findings& findings, const std::string& code) {
  for (const auto& finding : findings.list()) {
    if (finding.code != code) continue;
    const std::string& where = finding.where;
    return std::string(to_text(finding.severity)) + " " + std::to_string(finding.count) + " " +
           where.substr(where.rfind('/') + 1);
  }
  return {};
}

/// The message of the finding with a code; "" when there is none.
inline std::string message_of(const Findings& findings, const std::string& code) {
  for (const auto& finding : findings.list()) {
    if (finding.code == code) return finding.message;
  }
  return {};
}

}  // namespace lode
