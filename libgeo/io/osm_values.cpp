#include <algorithm>
#include <array>
#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/io/osm_tags.h"

namespace lode {

namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Words that stand where a figure could, and give none.
bool says_no_figure(std::string_view word) {
  return one_of(word, {"none", "no", "default", "below_default", "unsigned", "unknown", "signals",
                       "variable", "implicit", "n/a", "*"});
}

/// A figure and what stands after it: "7.5 t" -> 7.5, "t". A comma may be the decimal sign.
std::optional<double> leading_number(std::string_view text, std::string_view& rest) {
  std::size_t end = 0;
  while (end < text.size() && (std::isdigit(static_cast<unsigned char>(text[end])) != 0 ||
                               text[end] == '.' || text[end] == ','))
    ++end;
  std::string figure(text.substr(0, end));
  if (std::count(figure.begin(), figure.end(), ',') == 1 && figure.find('.') == std::string::npos)
    std::replace(figure.begin(), figure.end(), ',', '.');
  rest = trim(text.substr(end));
  const auto number = parse_number(figure);
  return number && *number > 0.0 ? number : std::nullopt;
}

/// The lowest of the values between semicolons; nothing when one of them cannot be read.
template <class Read>
std::optional<double> lowest_of(std::string_view text, Read read) {
  std::optional<double> lowest;
  for (const auto& part : split(text, ';')) {
    const auto value = read(trim(part));
    if (!value) return std::nullopt;
    if (!lowest || std::isnan(*lowest) || *value < *lowest) lowest = value;
  }
  return lowest;
}

/// Limits by law where the sign says only which law (wiki.openstreetmap.org, Key:maxspeed and
/// Speed limits); those that exceed a lorry's are cut later.
std::optional<double> speed_of_zone(const std::string& word) {
  const auto colon = word.find(':');
  if (word == "walk") return 7.0;
  if (colon == std::string::npos || colon < 2) return std::nullopt;
  const std::string country = word.substr(0, 2);
  std::string zone = word.substr(colon + 1);
  if (zone.rfind("zone", 0) == 0) {
    zone.erase(0, 4);
    if (!zone.empty() && zone.front() == ':') zone.erase(0, 1);
    const auto figure = parse_number(zone);
    return figure && *figure > 0.0 && *figure <= 90.0 ? figure : std::nullopt;
  }
  const bool sixty = one_of(country, {"ru", "by", "kz"});
  const bool eighty = one_of(country, {"fr", "nl", "dk", "no", "fi", "ch"});
  if (zone == "urban") return sixty ? 60.0 : 50.0;
  if (zone == "rural") return eighty ? 80.0 : 90.0;
  if (one_of(zone, {"trunk", "expressway"})) return 90.0;
  if (zone == "motorway") return 110.0;
  if (one_of(zone, {"living_street", "pedestrian_zone"})) return country == "de" ? 7.0 : 20.0;
  if (zone == "nsl_restricted") return 30.0 * 1.609344;
  if (zone == "nsl_single") return 60.0 * 1.609344;
  if (zone == "nsl_dual") return 70.0 * 1.609344;
  return std::nullopt;
}

/// Day of the year of the first of each month, in a year of 366 days.
constexpr std::array<int, 13> kFirst = {0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366};

int month_named(std::string_view word) {
  static constexpr std::array<std::string_view, 12> kNames = {
      "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
  const std::string small = lower(word);
  static constexpr std::array<std::string_view, 12> kLong = {
      "january", "february", "march",     "april",   "may",      "june",
      "july",    "august",   "september", "october", "november", "december"};
  for (std::size_t m = 0; m < 12; ++m)
    if (small == kNames[m] || small == kLong[m]) return static_cast<int>(m);
  return -1;
}

/// "Nov", "Nov 15": days of the year that it starts at and ends before.
bool day_range(std::string_view text, int& first, int& end) {
  std::vector<std::string> words;
  for (const auto& word : split(trim(text), ' '))
    if (!trim(word).empty()) words.emplace_back(trim(word));
  if (words.empty() || words.size() > 2) return false;
  const int month = month_named(words[0]);
  if (month < 0) return false;
  const auto m = static_cast<std::size_t>(month);
  first = kFirst[m];
  end = kFirst[m + 1];
  if (words.size() == 1) return true;
  const auto day = parse_number(words[1]);
  if (!day || *day < 1.0 || *day != std::floor(*day) || *day > end - first) return false;
  first += static_cast<int>(*day) - 1;
  end = first + 1;
  return true;
}

}  // namespace

std::optional<double> osm_speed_kmh(std::string_view text) {
  return lowest_of(lower(text), [](std::string_view word) -> std::optional<double> {
    if (says_no_figure(word)) return kNothing;
    if (const auto zone = speed_of_zone(std::string(word))) return zone;
    std::string_view unit;
    const auto number = leading_number(word, unit);
    if (!number || *number > 1000.0) return std::nullopt;
    if (one_of(unit, {"", "km/h", "kmh", "kph", "kmph"})) return number;
    if (one_of(unit, {"mph"})) return *number * 1.609344;
    if (one_of(unit, {"knots", "knot", "kn", "kt", "kts"})) return *number * 1.852;
    return std::nullopt;
  });
}

std::optional<double> osm_mass_t(std::string_view text) {
  return lowest_of(lower(text), [](std::string_view word) -> std::optional<double> {
    if (says_no_figure(word)) return kNothing;
    std::string_view unit;
    const auto number = leading_number(word, unit);
    if (!number) return std::nullopt;
    if (one_of(unit, {"", "t", "ton", "tons", "tonne", "tonnes", "mt"})) return number;
    if (one_of(unit, {"kg"})) return *number / 1000.0;
    if (one_of(unit, {"lb", "lbs"})) return *number * 0.00045359237;
    if (one_of(unit, {"st"})) return *number * 0.90718474;
    if (one_of(unit, {"lt"})) return *number * 1.0160469088;
    return std::nullopt;
  });
}

std::optional<double> osm_length_m(std::string_view text) {
  return lowest_of(lower(text), [](std::string_view word) -> std::optional<double> {
    if (says_no_figure(word)) return kNothing;
    std::string_view unit;
    const auto number = leading_number(word, unit);
    if (!number) return std::nullopt;
    if (one_of(unit, {"", "m", "metre", "metres", "meter", "meters"})) return number;
    if (one_of(unit, {"cm"})) return *number / 100.0;
    if (one_of(unit, {"\""})) return *number * 0.0254;
    if (one_of(unit, {"ft", "feet", "foot", "'"})) return *number * 0.3048;
    if (unit.empty() || unit.front() != '\'') return std::nullopt;
    std::string_view sign;
    const auto inches = leading_number(trim(unit.substr(1)), sign);
    if (!inches || *inches >= 12.0 || !one_of(sign, {"\"", ""})) return std::nullopt;
    return *number * 0.3048 + *inches * 0.0254;
  });
}

std::optional<double> osm_duration_h(std::string_view text) {
  const std::string word = lower(trim(text));
  double hours = 0.0;
  if (word.rfind("pt", 0) == 0) {  // ISO 8601
    std::string_view rest = std::string_view(word).substr(2);
    while (!rest.empty()) {
      std::string_view unit;
      const auto number = leading_number(rest, unit);
      if (!number || unit.empty()) return std::nullopt;
      if (unit.front() != 'h' && unit.front() != 'm' && unit.front() != 's') return std::nullopt;
      hours += *number / (unit.front() == 'h' ? 1.0 : unit.front() == 'm' ? 60.0 : 3600.0);
      rest = unit.substr(1);
    }
  } else {
    const auto parts = split(word, ':');
    if (parts.size() > 3) return std::nullopt;
    double scale = parts.size() == 1 ? 1.0 / 60.0 : 1.0;
    for (const auto& part : parts) {
      const auto number = parse_number(part);
      if (!number || *number < 0.0) return std::nullopt;
      hours += *number * scale;
      scale /= 60.0;
    }
  }
  return hours > 0.0 && hours < 1000.0 ? std::optional<double>(hours) : std::nullopt;
}

bool osm_months(std::string_view text, OsmMonths& months) {
  months = {};
  for (const auto& range : split(text, ',')) {
    const std::string word = lower(trim(range));
    const auto whole_months = [&](std::initializer_list<int> list) {
      for (const int m : list) {
        months.touched = static_cast<std::uint16_t>(months.touched | (1U << m));
        months.whole = static_cast<std::uint16_t>(months.whole | (1U << m));
      }
      months.by_season = true;
    };
    if (word == "winter") {
      whole_months({11, 0, 1});
      continue;
    }
    if (word == "spring") {
      whole_months({2, 3, 4});
      continue;
    }
    if (word == "summer") {
      whole_months({5, 6, 7});
      continue;
    }
    if (word == "autumn" || word == "fall") {
      whole_months({8, 9, 10});
      continue;
    }
    const auto dash = word.find('-');
    int first = 0, first_end = 0, last = 0, last_end = 0;
    if (!day_range(word.substr(0, dash), first, first_end)) return false;
    if (dash == std::string::npos)
      last_end = first_end;
    else if (!day_range(word.substr(dash + 1), last, last_end))
      return false;
    // Days from `first` to before `last_end`, over the new year when they stand the other way.
    std::array<int, 12> days{};
    int day = first;
    do {
      const auto month = static_cast<std::size_t>(
          std::upper_bound(kFirst.begin(), kFirst.end(), day) - kFirst.begin() - 1);
      ++days[month];
      day = (day + 1) % 366;
    } while (day != last_end % 366);
    for (std::size_t m = 0; m < 12; ++m) {
      if (days[m] > 0) months.touched = static_cast<std::uint16_t>(months.touched | (1U << m));
      if (days[m] == kFirst[m + 1] - kFirst[m])
        months.whole = static_cast<std::uint16_t>(months.whole | (1U << m));
    }
  }
  return months.touched != 0;
}

}  // namespace lode
