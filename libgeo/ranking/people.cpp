#include "libgeo/ranking/people.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/text.h"

namespace lode::ranking_words {

namespace {

constexpr int most_digits = 17;

/// Commas between the thousands of numbers of five digits and more: 2031 may be a year.
std::string by_thousands(const std::string& text) {
  const std::size_t start = text.front() == '-' ? 1 : 0;
  const std::size_t point = std::min(text.find('.'), text.size());
  if (point - start < 5) return text;
  std::string out = text.substr(0, start);
  for (std::size_t k = start; k < point; ++k) {
    if (k > start && (point - k) % 3 == 0) out += ',';
    out += text[k];
  }
  return out + text.substr(point);
}

}  // namespace

std::string people_number(double value, int digits) {
  const auto plain = [](std::string text) {
    if (text.find('.') == std::string::npos) return text;
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
  };
  if (std::isnan(value)) return "unknown";
  if (!std::isfinite(value)) return value > 0.0 ? "infinity" : "-infinity";
  const double size = std::abs(value);
  if (size == 0.0) return "0";
  if (size < 1e-9 || size >= 1e15) return number_text(value);
  if (size < 1e4 && value == std::round(value)) return by_thousands(fixed_text(value, 0));
  const int leading = static_cast<int>(std::floor(std::log10(size)));
  const int decimals = digits - 1 - leading;
  if (decimals > 0) return by_thousands(plain(fixed_text(value, std::min(decimals, most_digits))));
  const double step = std::pow(10.0, -decimals);
  return by_thousands(fixed_text(std::round(value / step) * step, 0));
}

std::string people_signed(double value) {
  return (value >= 0.0 ? "+" : "") + people_number(value);
}

std::pair<std::string, std::string> people_pair(double one, double other) {
  int digits = 3;
  while (digits < most_digits && one != other &&
         people_number(one, digits) == people_number(other, digits))
    ++digits;
  // One digit more than it takes to tell them apart, where three did not do.
  if (digits > 3) digits = std::min(digits + 1, most_digits);
  return {people_number(one, digits), people_number(other, digits)};
}

std::string people_percent(double share) {
  const double percent = 100.0 * share;
  if (percent <= 0.0) return "0 %";
  if (percent < 0.01) return "under 0.01 %";
  if (percent > 99.99 && percent < 100.0) return "over 99.99 %";
  if (percent < 1.0 || (percent > 99.0 && percent < 100.0)) {
    const double edge = std::min(percent, 100.0 - percent);
    return fixed_text(percent, edge < 0.1 ? 2 : 1) + " %";
  }
  return fixed_text(percent, 0) + " %";
}

}  // namespace lode::ranking_words
