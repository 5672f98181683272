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
  std::string text;                 ///< of a rule of words
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
};

/// Errors: "ranking.shape" (a rule without one value a site), "ranking.all_dropped".
[[nodiscard]] RuleScreening screen(const std::vector<std::string>& ids,
                                   const std::vector<HardRule>& rules);

}  // namespace lode
