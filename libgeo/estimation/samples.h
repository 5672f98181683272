// Samples for estimation: places, values of one or several variables, hole and domain of each.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lode {

/// One entry a sample in every vector that is not empty. Coordinates are metres in a projected or
/// mine system, never degrees.
struct Samples {
  std::vector<double> x, y, z;
  std::vector<std::string> variables;       ///< names of the values, e.g. "treo_pct"
  std::vector<std::vector<double>> values;  ///< by variable, then sample; NaN = missing
  std::vector<std::uint32_t> hole;          ///< index into hole_names; empty = holes not known
  std::vector<std::string> hole_names;
  std::vector<std::string> domain;  ///< empty = one domain
  std::vector<std::string> names;   ///< for messages, e.g. "row 7"; empty = counted from 1

  [[nodiscard]] std::size_t size() const { return x.size(); }
  [[nodiscard]] std::string name(std::size_t sample) const {
    return sample < names.size() ? names[sample] : "sample " + std::to_string(sample + 1);
  }
};

}  // namespace lode
