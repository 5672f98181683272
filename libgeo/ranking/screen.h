// Screening before scoring: which sites fall by which hard rule, alone, in order and by it only.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/ranking/criteria.h"

namespace lode {

/// A site that fell, with every rule that it fails.
struct DroppedSite {
  std::size_t row = 0;
  std::string id;
  std::string rule;                 ///< the first that it fails, in the order of the rules
  double value = not_stated;        ///< of that rule; NaN when missing or a rule of words
  std::string text;                 ///< of a rule of words; of "dominated" the dominator's id
  std::vector<std::string> failed;  ///< names of all rules that it fails
};

/// What one rule took. `in_order` adds up to the sites that fell.
struct RuleCount {
  std::string rule;
  std::size_t alone = 0;     ///< sites that fail it, whatever the other rules say
  std::size_t in_order = 0;  ///< sites that passed the rules before it and fail it
  std::size_t only = 0;     ///< sites that fail it and no other: what loosening it would bring back
  std::size_t missing = 0;  ///< of `alone`, those that fail because they have no value
};

struct RuleScreening {
  std::vector<std::size_t> passed;   ///< rows, in table order
  std::vector<DroppedSite> dropped;  ///< in table order
  std::vector<RuleCount> counts;     ///< one a rule, in the order of the rules
  Findings findings;                 ///< "ranking.dropped" (note), "ranking.unknown_word"
};

/// Words are compared trimmed and in any case; where word and text both read as numbers, as
/// numbers. Errors: "ranking.shape" (a rule without one value a site), "ranking.bad_rule" (bounds
/// that nothing fits, words and bounds at once), "ranking.all_dropped" (with what each rule took).
[[nodiscard]] RuleScreening screen(const std::vector<std::string>& ids,
                                   const std::vector<HardRule>& rules);

/// What a rule asks for, in words: "at least 50", "above 0 and at most 5", "Active or Issued",
/// "not Expired".
[[nodiscard]] std::string wanted_by(const HardRule& rule);

/// Whether a rule as read is of words: then its column is to be read as text.
[[nodiscard]] bool is_of_words(const RuleText& rule);

/// The rule with its column: `values` for a rule of numbers, `texts` for one of words.
[[nodiscard]] HardRule with_values(const RuleText& rule, std::vector<double> values);
[[nodiscard]] HardRule with_texts(const RuleText& rule, std::vector<std::string> texts);

}  // namespace lode
