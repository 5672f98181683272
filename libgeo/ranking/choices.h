// Names of enumerated choices: one table each for reading and printing.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode::ranking_choices {

template <class Choice, std::size_t Count>
using Names = std::array<std::pair<Choice, std::string_view>, Count>;

template <class Choice, std::size_t Count>
std::string_view name_of(const Names<Choice, Count>& names, Choice choice) {
  for (const auto& [value, name] : names)
    if (value == choice) return name;
  return "";
}

/// Error "ranking.unknown_choice" with the nearest name.
template <class Choice, std::size_t Count>
Choice choice_of(const Names<Choice, Count>& names, std::string_view text, std::string_view kind,
                 const std::string& where) {
  const std::string wanted = lower(trim(text));
  std::vector<std::string> known;
  for (const auto& [value, name] : names) {
    if (wanted == name) return value;
    known.emplace_back(name);
  }
  throw Error("ranking.unknown_choice", "'" + printable(text) + "' is not a " + std::string(kind),
              where, suggestion(text, known));
}

}  // namespace lode::ranking_choices
