// Rule tables: class of feature to setback, exclusion or review, with citation, place and dates.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/text.h"

namespace lode {

/// One rule of a table, whatever layers it will meet.
struct SetbackRule {
  std::string feature_class;  ///< "fish-bearing stream", "national park"; compared without case
  double setback_m = std::numeric_limits<double>::quiet_NaN();  ///< >= 0
  std::string setback;                                          ///< as written: "300 ft"
  bool hard = true;                                             ///< false: for review
  std::string citation, jurisdiction, note, source;
  std::optional<Date> from, to;  ///< first and last day of force
  int line = 0;
};

/// A `[[setbacks]]` table as TOML, with `[table] title disclaimer as_of`.
struct SetbackTable {
  std::string name;  ///< file
  std::string title, disclaimer;
  std::optional<Date> as_of;
  std::vector<SetbackRule> rules;
};
/// Errors "setbacks.syntax", "setbacks.unknown_key", "setbacks.missing_key", "setbacks.value",
/// "setbacks.duplicate", "unit.*", each with its line.
[[nodiscard]] SetbackTable parse_setback_table(const std::string& toml, const std::string& where);

/// The rules of one jurisdiction ("" = all; "US" takes in "US-NV") that hold on a day.
[[nodiscard]] std::vector<const SetbackRule*> rules_in_force(const SetbackTable& table,
                                                             const std::string& jurisdiction,
                                                             const std::optional<Date>& day);

/// For each feature's class the strictest rule that applies (largest setback among the hard ones,
/// and apart from it the largest under review); index into `rules`, npos = none.
struct ClassRules {
  std::vector<std::size_t> hard, review;  ///< one a feature
  Findings findings;  ///< "setbacks.class_without_rule" by class, "setbacks.rule_unused"
};
[[nodiscard]] ClassRules rules_of_classes(const std::vector<const SetbackRule*>& rules,
                                          const std::vector<std::string>& feature_class,
                                          const std::string& where);

}  // namespace lode
