#include "libgeo/core/text.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>

namespace lode {

namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Optimal string alignment distance: insert, delete, replace, swap of neighbours.
std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + cost});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

bool read_digits(std::string_view& text, std::size_t least, std::size_t most, int& value) {
  std::size_t n = 0;
  value = 0;
  while (n < text.size() && n < most && is_digit(text[n])) value = value * 10 + (text[n++] - '0');
  if (n < least) return false;
  text.remove_prefix(n);
  return true;
}

/// "T12:30:00.5Z", " 12:30+02:00": what may follow a day. "2026-11-01 to 2027-11-01" is no day.
bool is_time_of_day(std::string_view text) {
  const auto take = [&](char c) {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
  };
  int hour = 0, minute = 0, second = 0;
  if (!take('T') && !take(' ')) return false;
  if (!read_digits(text, 2, 2, hour) || !take(':') || !read_digits(text, 2, 2, minute))
    return false;
  if (take(':')) {
    if (!read_digits(text, 2, 2, second)) return false;
    if (take('.')) {
      if (text.empty() || !is_digit(text.front())) return false;
      while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
    }
  }
  if (hour > 24 || minute > 59 || second > 60) return false;
  if (take('Z') || text.empty()) return text.empty();
  if (!take('+') && !take('-')) return false;
  int zone = 0;
  if (!read_digits(text, 2, 2, zone)) return false;
  if (!text.empty()) take(':');
  return text.empty() || (read_digits(text, 2, 2, zone) && text.empty());
}

std::chrono::sys_days to_days(const Date& date) {
  return std::chrono::sys_days(std::chrono::year_month_day(
      std::chrono::year(date.year), std::chrono::month(date.month), std::chrono::day(date.day)));
}

/// Length of the valid UTF-8 sequence at `i`, 0 when there is none.
std::size_t utf8_length(std::string_view text, std::size_t i) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[k]); };
  const unsigned char first = byte(i);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 && first <= 0xf4  ? 4
                             : first >= 0xe0 && first < 0xf0 ? 3
                             : first >= 0xc2 && first < 0xe0 ? 2
                                                             : 0;
  if (length == 0 || i + length > text.size()) return 0;
  for (std::size_t k = 1; k < length; ++k)
    if ((byte(i + k) & 0xc0) != 0x80) return 0;
  const unsigned char second = byte(i + 1);
  if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
      (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f))
    return 0;
  return length;
}

}  // namespace

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  while (true) {
    const std::size_t to = text.find(separator, from);
    parts.emplace_back(text.substr(from, to == std::string_view::npos ? to : to - from));
    if (to == std::string_view::npos) return parts;
    from = to + 1;
  }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += separator;
    out += parts[i];
  }
  return out;
}

std::optional<double> parse_number(std::string_view text) {
  text = trim(text);
  if (!text.empty() && text.front() == '+') {
    text.remove_prefix(1);
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) return std::nullopt;
  }
  if (text.empty()) return std::nullopt;
  const char first = text.front() == '-' && text.size() > 1 ? text[1] : text.front();
  if (!is_digit(first) && first != '.') return std::nullopt;
  double value = 0.0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

std::string number_text(double value) {
  if (std::isnan(value)) return {};
  if (value == 0.0) return "0";
  char buffer[32];
  // Whole numbers read better without an exponent as far as a double holds them exactly.
  const bool whole = std::abs(value) < 9007199254740992.0 && value == std::floor(value);
  const auto end = whole ? std::to_chars(buffer, buffer + 32, static_cast<long long>(value)).ptr
                         : std::to_chars(buffer, buffer + 32, value).ptr;
  return std::string(buffer, end);
}

std::string fixed_text(double value, int digits) {
  if (std::isnan(value)) return {};
  char buffer[400];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, digits).ptr;
  std::string text(buffer, end);
  // "-0.00" would puzzle a reader.
  if (text.front() == '-' && text.find_first_not_of("-0.") == std::string::npos) text.erase(0, 1);
  return text;
}

std::optional<std::string> nearest_name(std::string_view name,
                                        const std::vector<std::string>& candidates) {
  const std::string wanted = lower(name.substr(0, 64));
  // Less than the whole name, or any one-letter name would be near any other.
  std::size_t best = std::min(wanted.size() / 3 + 2, wanted.size());
  std::optional<std::string> nearest;
  for (const auto& candidate : candidates) {
    if (candidate.size() > 64) continue;
    const std::size_t distance = edit_distance(wanted, lower(candidate));
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string suggestion(std::string_view name, const std::vector<std::string>& candidates) {
  if (const auto near = nearest_name(name, candidates)) return "Did you mean '" + *near + "'?";
  if (candidates.empty()) return {};
  constexpr std::ptrdiff_t most_shown = 100;  // all commands or built-in gates, on one line
  std::vector<std::string> shown(
      candidates.begin(),
      candidates.begin() +
          std::min<std::ptrdiff_t>(most_shown, static_cast<std::ptrdiff_t>(candidates.size())));
  return "Known: " + join(shown, ", ") +
         (candidates.size() > static_cast<std::size_t>(most_shown) ? ", ..." : ".");
}

std::optional<Date> parse_date(std::string_view text) {
  text = trim(text);
  int year = 0, month = 0, day = 0;
  if (!read_digits(text, 4, 4, year) || text.empty()) return std::nullopt;
  const char separator = text.front();
  if (separator != '-' && separator != '/') return std::nullopt;
  text.remove_prefix(1);
  if (!read_digits(text, 1, 2, month) || text.empty() || text.front() != separator)
    return std::nullopt;
  text.remove_prefix(1);
  if (!read_digits(text, 1, 2, day)) return std::nullopt;
  if (!text.empty() && !is_time_of_day(text)) return std::nullopt;
  const Date date{year, static_cast<unsigned>(month), static_cast<unsigned>(day)};
  const std::chrono::year_month_day checked{std::chrono::year(year), std::chrono::month(date.month),
                                            std::chrono::day(date.day)};
  if (!checked.ok()) return std::nullopt;
  return date;
}

std::string to_text(const Date& date) {
  const auto pad = [](long value, std::size_t width) {
    std::string digits = std::to_string(value);
    return std::string(digits.size() < width ? width - digits.size() : 0, '0') + digits;
  };
  return pad(date.year, 4) + "-" + pad(date.month, 2) + "-" + pad(date.day, 2);
}

long days_between(const Date& from, const Date& to) {
  return static_cast<long>((to_days(to) - to_days(from)).count());
}

bool nests_too_deep(std::string_view toml) {
  constexpr std::size_t kMost = 256;
  std::size_t dots = 0;
  char last = 0;       // the last character that is no blank
  bool blank = false;  // blanks lie between it and this one
  for (const char c : toml) {
    if (c == ' ' || c == '\t') {
      blank = true;
      continue;
    }
    const bool part = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-' || c == '"' || c == '\'';
    if (c == '.' && last != '.') {
      if (++dots > kMost) return true;
    } else if (!part || (blank && last != '.')) {
      dots = 0;
    }
    last = c;
    blank = false;
  }
  return false;
}

bool is_valid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

std::string printable(std::string_view text) {
  static const char* digits = "0123456789abcdef";
  std::string out;
  const auto escape = [&](std::size_t from, std::size_t length) {
    for (std::size_t k = from; k < from + length; ++k) {
      const auto byte = static_cast<unsigned char>(text[k]);
      out += "\\x";
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  };
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text, i);
    const std::size_t step = std::max<std::size_t>(length, 1);
    const auto sequence = text.substr(i, step);
    const auto byte = static_cast<unsigned char>(text[i]);
    // U+202A..202E and U+2066..2069 turn the reading order, U+2028 and 2029 end a line;
    // U+0080..009F are control characters.
    const bool bidi = sequence.size() == 3 && sequence.substr(0, 2) == "\xe2\x80" &&
                      static_cast<unsigned char>(sequence[2]) >= 0xa8 &&
                      static_cast<unsigned char>(sequence[2]) <= 0xae;
    const bool isolate = sequence.size() == 3 && sequence.substr(0, 2) == "\xe2\x81" &&
                         static_cast<unsigned char>(sequence[2]) >= 0xa6 &&
                         static_cast<unsigned char>(sequence[2]) <= 0xa9;
    const bool c1 =
        sequence.size() == 2 && byte == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (length == 0 || byte < 0x20 || byte == 0x7f || bidi || isolate || c1)
      escape(i, step);
    else
      out += sequence;
    i += step;
  }
  return out;
}

std::size_t shown_width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

std::string padded(std::string_view text, std::size_t width) {
  const std::size_t shown = shown_width(text);
  return std::string(text) + std::string(width > shown ? width - shown : 0, ' ');
}

std::string padded_left(std::string_view text, std::size_t width) {
  const std::size_t shown = shown_width(text);
  return std::string(width > shown ? width - shown : 0, ' ') + std::string(text);
}

}  // namespace lode
