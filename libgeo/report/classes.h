// Classes of numbers for a map's legend: few, with round bounds, each with values, none left over.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lode::report {

/// The first class holds `lower` too, the others what is above it. Both the same: one value.
struct NumberClass {
  double lower = 0.0, upper = 0.0;
  bool operator==(const NumberClass&) const = default;
};

/// Rising classes that every finite value falls into; none when there is no finite value.
/// Up to `most` different values: one each. Shares in per cent that spread widely: 0, steps of 20,
/// 100. Otherwise about equally many values a class, bounds of as few digits as keep them apart,
/// and zero by itself where it is frequent.
[[nodiscard]] std::vector<NumberClass> classes_of(const std::vector<double>& values,
                                                  std::string_view unit = {}, std::size_t most = 5);

/// "10 to 20 km"; "500 m" for one value.
[[nodiscard]] std::string class_label(const NumberClass& one, std::string_view unit);

}  // namespace lode::report
