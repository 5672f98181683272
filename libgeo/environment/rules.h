// Setback rules from a table: what to keep how far from, hard or for review, on whose authority.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "libgeo/core/text.h"

namespace lode {

/// One `[[constraints]]` table. Rules of one name make one constraint; each feature keeps the
/// setback of the rule that selected it.
struct ConstraintRule {
  std::string name;
  std::string path;  ///< as written; relative to the rules file
  std::string layer, where, crs, x, y, encoding, below_detection, id;
  std::vector<std::string> missing;
  double setback_m = std::numeric_limits<double>::quiet_NaN();  ///< or by field:
  std::string setback_field, setback_unit;
  bool hard = true;      ///< false: for review, never excluded
  std::string citation;  ///< law, regulation, guideline
  std::string jurisdiction;
  std::optional<Date> from;  ///< first day on which the rule holds
  std::optional<Date> to;    ///< last day
  int line = 0;

  /// True when the rule holds on that day.
  [[nodiscard]] bool holds_on(const Date& day) const {
    return (!from || *from <= day) && (!to || day <= *to);
  }
};

/// Reads TOML; other tables of a study file may stand beside `[[constraints]]` and are passed over.
/// `where` names the file in messages. Errors: "rules.syntax", "rules.unknown_key" (with the
/// nearest), "rules.missing_key", "rules.type", "rules.value", "rules.mixed_hard",
/// "rules.none", "unit.*", each with its line.
[[nodiscard]] std::vector<ConstraintRule> parse_rules(const std::string& toml,
                                                      const std::string& where);

}  // namespace lode
