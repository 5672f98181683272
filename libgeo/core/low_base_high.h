// A number with its low and high estimate.
#pragma once

#include <limits>
#include <string>
#include <vector>

namespace lode {

/// NaN is missing. `low` and `high` are NaN where only one figure is known.
struct LowBaseHigh {
  double low = std::numeric_limits<double>::quiet_NaN();
  double base = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();

  [[nodiscard]] bool known() const { return base == base; }
  [[nodiscard]] bool ranged() const { return low == low || high == high; }
  bool operator==(const LowBaseHigh&) const = default;
};

/// One figure without a range.
[[nodiscard]] inline LowBaseHigh only_base(double base) {
  LowBaseHigh value;
  value.base = base;
  return value;
}

/// One figure a feature, or one for all of them (a vector of length 1); `low` and `high` may be
/// empty. `basis` says where it is from ("field THICK_M", "12 m"), for the basis text.
struct LowBaseHighColumn {
  std::vector<double> low, base, high;
  std::string basis;

  [[nodiscard]] bool given() const { return !base.empty(); }
  [[nodiscard]] LowBaseHigh at(std::size_t row) const;
};

/// Product end by end: low x low, base x base, high x high. A factor without a range keeps its base
/// at both ends; without a range in either there is none in the product.
[[nodiscard]] LowBaseHigh times(const LowBaseHigh& a, const LowBaseHigh& b);
[[nodiscard]] LowBaseHigh times(const LowBaseHigh& a, double factor);

/// Throws Error "deposit.negative" for a value below 0, "deposit.range_order" unless
/// low <= base <= high, both with `where` and `quantity` ("ore tonnage") named.
void check_range(const LowBaseHigh& value, const std::string& quantity, const std::string& where);

}  // namespace lode
