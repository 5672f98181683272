// Holders as registers spell them, taken for one where only the spelling differs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/finding.h"

namespace lode {

/// Names for comparison: lower case, no punctuation, single blanks, "Incorporated" as "inc",
/// "Corporation" as "corp", "Limited" as "ltd", "Company" as "co", "&" as "and", shares such as
/// "(50)" or "100%" left out, holders of one title in alphabetical order. "Acme Inc" and "Acme Ltd"
/// stay two. "" when nothing is left.
[[nodiscard]] std::string holder_key(std::string_view name);

/// Holders known by number, 0 = unknown; equal where the keys are. Finding
/// "permits.holder_spelling" when names spelled differently were taken for one, with the first two.
struct HolderNumbers {
  std::vector<std::size_t> of;  ///< one a name
  Findings findings;
};
[[nodiscard]] HolderNumbers holder_numbers(const std::vector<std::string>& names);

}  // namespace lode
