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
  /// Or by a table of rules: files as written, and the class of each feature (by field) or of all.
  std::vector<std::string> setbacks;
  std::string class_field, class_is;
  std::string jurisdiction_field;  ///< where each feature lies; in place of `jurisdiction`
  bool hard = true;          ///< false: for review, never excluded; with a table the table says
  std::string citation;      ///< law, regulation, guideline
  std::string jurisdiction;  ///< with a table: where the sites lie, an ISO 3166 code
  std::optional<Date> from;  ///< first day on which the rule holds
  std::optional<Date> to;    ///< last day
  int line = 0;

  /// True when tables of rules say the setback of each feature's class.
  [[nodiscard]] bool by_class() const { return !class_field.empty() || !class_is.empty(); }
  /// True when the rule holds on that day.
  [[nodiscard]] bool holds_on(const Date& day) const {
    return (!from || *from <= day) && (!to || day <= *to);
  }
};

/// What a table's rules under review make of a layer: a constraint of this name beside the hard
/// one.
[[nodiscard]] std::string review_name(const std::string& name);

/// Reads TOML; other tables of a study file may stand beside `[[constraints]]` and are passed over.
/// `where` names the file in messages. Errors: "rules.syntax", "rules.unknown_key" (with the
/// nearest), "rules.missing_key", "rules.type", "rules.value", "rules.mixed_hard",
/// "rules.mixed_table", "rules.none", "unit.*", each with its line.
[[nodiscard]] std::vector<ConstraintRule> parse_rules(const std::string& toml,
                                                      const std::string& where);

}  // namespace lode
