#include "libgeo/core/low_base_high.h"

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

double pick(const std::vector<double>& values, std::size_t row) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  return values.size() == 1 ? values.front() : values.at(row);
}

double or_base(double end, double base) {
  return end == end ? end : base;
}

}  // namespace

LowBaseHigh LowBaseHighColumn::at(std::size_t row) const {
  return {pick(low, row), pick(base, row), pick(high, row)};
}

LowBaseHigh times(const LowBaseHigh& a, const LowBaseHigh& b) {
  LowBaseHigh product;
  product.base = a.base * b.base;
  if (a.ranged() || b.ranged()) {
    product.low = or_base(a.low, a.base) * or_base(b.low, b.base);
    product.high = or_base(a.high, a.base) * or_base(b.high, b.base);
  }
  return product;
}

LowBaseHigh times(const LowBaseHigh& a, double factor) {
  return {a.low * factor, a.base * factor, a.high * factor};
}

void check_range(const LowBaseHigh& value, const std::string& quantity, const std::string& where) {
  for (double x : {value.low, value.base, value.high})
    if (x < 0.0)
      throw Error("deposit.negative", quantity + " is negative (" + number_text(x) + ")", where,
                  "Leave it blank when it is not known.");
  const double base = value.base;
  if (value.low > base || value.high < base || value.low > value.high)
    throw Error("deposit.range_order",
                quantity + " has low " + number_text(value.low) + ", base " + number_text(base) +
                    ", high " + number_text(value.high),
                where, "Low must not exceed base, nor base exceed high.");
}

}  // namespace lode
