// Text rules shared by all: trimming, strict numbers, shortest numbers, dates, near names.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lode {

[[nodiscard]] std::string_view trim(std::string_view text);
[[nodiscard]] std::string lower(std::string_view text);  ///< ASCII only, locale free
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);
[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// A decimal number that takes up the whole (trimmed) text: no prefix, hex, grouping or locale.
/// "nan" and "inf" are not numbers. Empty when the text is none.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);
/// Shortest text that reads back to the same double; "" for NaN.
[[nodiscard]] std::string number_text(double value);
/// Rounded to `digits` decimals for people, never for files.
[[nodiscard]] std::string fixed_text(double value, int digits);

/// The candidate nearest to `name` by edit distance (case-insensitive), if near enough to be a
/// likely slip of the pen.
[[nodiscard]] std::optional<std::string> nearest_name(std::string_view name,
                                                      const std::vector<std::string>& candidates);
/// "Did you mean 'x'?" or, with few candidates, "Known: a, b, c." or "".
[[nodiscard]] std::string suggestion(std::string_view name,
                                     const std::vector<std::string>& candidates);

/// A calendar day, proleptic Gregorian.
struct Date {
  int year = 1970;
  unsigned month = 1;
  unsigned day = 1;
  auto operator<=>(const Date&) const = default;
};
/// ISO 8601 (2026-11-01), with / as separator too, a time of day after it ignored; empty when the
/// text is no valid calendar day or anything else stands after it.
[[nodiscard]] std::optional<Date> parse_date(std::string_view text);
[[nodiscard]] std::string to_text(const Date& date);
[[nodiscard]] long days_between(const Date& from, const Date& to);

/// True when a dotted key of a TOML text has more than 256 parts: parsers descend once for each and
/// run out of stack.
[[nodiscard]] bool nests_too_deep(std::string_view toml);

[[nodiscard]] bool is_valid_utf8(std::string_view text);
/// Control characters, bidi overrides and escape sequences shown as \xNN, for messages and logs.
[[nodiscard]] std::string printable(std::string_view text);

/// Columns that a text takes on a terminal: its characters, not its bytes.
[[nodiscard]] std::size_t shown_width(std::string_view text);
/// Filled up with blanks behind, or before, to a width on a terminal.
[[nodiscard]] std::string padded(std::string_view text, std::size_t width);
[[nodiscard]] std::string padded_left(std::string_view text, std::size_t width);

}  // namespace lode
