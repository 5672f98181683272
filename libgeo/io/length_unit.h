// The words with which files name their unit of length.
#pragma once

#include <optional>
#include <string>

namespace lode {

/// Metres of one unit; nothing when the word is none that is known.
[[nodiscard]] std::optional<double> length_unit_m(const std::string& word);

}  // namespace lode
