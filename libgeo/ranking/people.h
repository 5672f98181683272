// Inside of the ranking room: numbers as people write them, in three digits and by thousands.
#pragma once

#include <string>
#include <utility>

namespace lode::ranking_words {

/// Three significant digits (whole numbers below 10,000 in full), thousands by commas.
[[nodiscard]] std::string people_number(double value, int digits = 3);
/// With its sign.
[[nodiscard]] std::string people_signed(double value);
/// Two numbers in as many digits as it takes to tell them apart.
[[nodiscard]] std::pair<std::string, std::string> people_pair(double one, double other);
/// A share as "83 %", nearer the ends "99.7 %"; never 0 % or 100 % when it is neither.
[[nodiscard]] std::string people_percent(double share);

}  // namespace lode::ranking_words
