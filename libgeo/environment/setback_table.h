// Rule tables: class of feature to setback, exclusion or review, with citation, place and dates.
#pragma once

#include <cstddef>
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
/// "setbacks.duplicate", "unit.*", each with its line; all at once but for a fault of syntax.
/// Every rule needs class, setback, hard and citation; one without a jurisdiction holds everywhere,
/// one with a list of them becomes a rule of each.
[[nodiscard]] SetbackTable parse_setback_table(const std::string& toml, const std::string& where);

/// The rules of one jurisdiction ("" = all; "US" takes in "US-NV") that hold on a day.
[[nodiscard]] std::vector<const SetbackRule*> rules_in_force(const SetbackTable& table,
                                                             const std::string& jurisdiction,
                                                             const std::optional<Date>& day);

/// True when the rule holds on that day; both ends are days of force.
[[nodiscard]] bool holds_on(const SetbackRule& rule, const Date& day);

/// How a rule is called in reports: "fish-bearing stream, US, 300 ft".
[[nodiscard]] std::string rule_name(const SetbackRule& rule);

/// A class as it is compared: trimmed, blanks single, in lower case (ASCII).
[[nodiscard]] std::string class_key(const std::string& text);

/// For each feature's class the strictest rule that applies (largest setback among the hard ones,
/// and apart from it the largest under review; of equal ones the first); index into `rules`, npos =
/// none. Classes that no rule names are left out and said, never guessed.
struct StrictestRules {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::vector<std::size_t> hard, review;  ///< one a feature
  /// "setbacks.class_without_rule" by class, "setbacks.no_class", "setbacks.rule_unused"
  Findings findings;
};
[[nodiscard]] StrictestRules rules_of_classes(const std::vector<const SetbackRule*>& rules,
                                              const std::vector<std::string>& feature_class,
                                              const std::string& where);

}  // namespace lode
