// Tables that may stand in a study file: who reads one of them passes over the others by name.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace lode {

/// Every table's name, in the order of the manual.
[[nodiscard]] inline const std::vector<std::string>& study_tables() {
  static const std::vector<std::string> names = {
      "study",     "sites",    "occurrences", "evidence",     "tracts",    "reported",
      "volumes",   "permits",  "constraints", "surroundings", "footprint", "networks",
      "logistics", "criteria", "rules",       "ranking",      "supply"};
  return names;
}

[[nodiscard]] inline bool is_study_table(const std::string& name) {
  return std::find(study_tables().begin(), study_tables().end(), name) != study_tables().end();
}

}  // namespace lode
