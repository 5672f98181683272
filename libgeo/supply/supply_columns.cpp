#include "libgeo/supply/supply_columns.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/composition.h"

namespace lode {

namespace {

const Column* column_of(const Table& table, const std::string& name, bool needed) {
  const Column* column = table.find(name);
  if (column == nullptr && needed)
    throw Error("supply.no_column", "the table has no column " + name, table.name,
                suggestion(name, table.names()));
  return column;
}

std::string currency_of(const Table& table) {
  const Column* column = table.find("currency");
  if (column == nullptr) return "USD";
  std::string first;
  const auto texts = table.texts("currency");
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const std::string text(trim(texts[row]));
    if (text.empty()) continue;
    if (first.empty()) first = text;
    if (lower(text) != lower(first))
      throw Error("supply.mixed_currency",
                  "money in " + printable(first) + " and in " + printable(text),
                  table.name + ", " + table.row_name(row), "Convert the table to one currency.");
  }
  return first.empty() ? "USD" : first;
}

int price_year_of(const Table& table) {
  if (table.find("price_year") == nullptr) return 0;
  int first = 0;
  const auto years = table.numbers("price_year");
  for (std::size_t row = 0; row < years.size(); ++row) {
    if (std::isnan(years[row])) continue;
    const int year = whole_year(years[row], table, row, "price_year");
    if (first == 0) first = year;
    if (year != first)
      throw Error("supply.mixed_price_year",
                  "money of " + std::to_string(first) + " and of " + std::to_string(year),
                  table.name + ", " + table.row_name(row), "Bring the table to one price year.");
  }
  return first;
}

/// Letters and digits alone: "Not before" is not_before.
std::string plain_of(const std::string& name) {
  return join(column_words(name), "");
}

/// One letter more, less, other, or two that changed places: too few for two words that only look
/// alike.
bool one_slip_apart(const std::string& a, const std::string& b) {
  const auto& shorter = a.size() <= b.size() ? a : b;
  const auto& longer = a.size() <= b.size() ? b : a;
  if (longer.size() - shorter.size() > 1) return false;
  const auto at = static_cast<std::size_t>(
      std::mismatch(shorter.begin(), shorter.end(), longer.begin()).first - shorter.begin());
  const auto rest = [](const std::string& text, std::size_t from) {
    return from < text.size() ? text.substr(from) : std::string();
  };
  if (longer.size() > shorter.size()) return rest(shorter, at) == rest(longer, at + 1);
  if (rest(shorter, at + 1) == rest(longer, at + 1)) return true;
  return at + 1 < shorter.size() && shorter[at] == longer[at + 1] &&
         shorter[at + 1] == longer[at] && rest(shorter, at + 2) == rest(longer, at + 2);
}

bool is_slip(const std::string& a, const std::string& b) {
  constexpr std::size_t fewest = 4;  // shorter words are one slip from too many others
  return std::min(a.size(), b.size()) >= fewest && one_slip_apart(a, b);
}

bool is_one_of(const std::string& word, const std::vector<std::string>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// The last word says that the column is about the table, not of it.
bool is_remark(const std::vector<std::string>& words) {
  return is_one_of(words.back(),
                   {"note", "notes", "source", "sources", "data", "basis", "ref", "reference",
                    "comment", "comments", "remark", "remarks", "status", "id", "name", "url"});
}

/// Whether one of the words is that which a column of numbers begins with ("capex" of "capex_eur").
bool has_stem(const std::vector<std::string>& words, const std::string& stem) {
  const bool small = is_one_of(stem, {"low", "high", "not", "from", "to"});
  for (std::size_t k = 0; k < (small ? 1 : words.size()); ++k)
    if (words[k] == stem || is_slip(words[k], stem)) return true;
  return false;
}

/// Whether both are in per cent, in USD or in tonnes a year.
bool same_measure(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const auto last = [](const std::vector<std::string>& words) {
    return join({words.end() - std::min<std::ptrdiff_t>(3, std::ssize(words)), words.end()}, "_");
  };
  return (a.back() == "pct" && b.back() == "pct") || (is_one_of("usd", a) && is_one_of("usd", b)) ||
         (last(a) == "t_per_year" && last(b) == "t_per_year");
}

}  // namespace

std::vector<std::string> column_words(const std::string& name) {
  std::string spaced = lower(name);
  for (char& letter : spaced)
    if ((letter < 'a' || letter > 'z') && (letter < '0' || letter > '9')) letter = ' ';
  std::vector<std::string> words;
  for (auto& word : split(spaced, ' '))
    if (!word.empty()) words.push_back(std::move(word));
  return words;
}

bool holds_numbers(const Column& column) {
  return std::any_of(column.numbers.begin(), column.numbers.end(),
                     [](double value) { return !std::isnan(value); }) ||
         std::any_of(column.texts.begin(), column.texts.end(),
                     [](const std::string& text) { return parse_number(text).has_value(); });
}

Money money_of(const Table& table) {
  return {currency_of(table), price_year_of(table)};
}

void SupplyColumns::takes(const std::string& name, bool number) const {
  asked_.push_back({name, number});
}

std::optional<std::string> SupplyColumns::likely_meant(const Column& column) const {
  const std::string plain = plain_of(column.name);
  for (const auto& one : asked_)
    if (plain == plain_of(one.name) || is_slip(plain, plain_of(one.name))) return one.name;
  const auto words = column_words(column.name);
  if (words.empty() || is_remark(words) || !holds_numbers(column)) return std::nullopt;
  std::vector<std::string> by_stem, by_measure;
  for (const auto& one : asked_) {
    if (!one.number || one.name == "year") continue;
    const auto its = column_words(one.name);
    if (has_stem(words, its.front())) by_stem.push_back(one.name);
    if (same_measure(words, its)) by_measure.push_back(one.name);
  }
  const auto& likely = by_stem.empty() ? by_measure : by_stem;
  if (likely.empty()) return std::nullopt;
  for (const auto& name : likely)
    if (plain_of(name).starts_with(plain)) return name;  // only its unit was left off
  return nearest_name(column.name, likely).value_or(likely.front());
}

void SupplyColumns::say_unused(Findings& findings) const {
  std::vector<std::string> said;
  for (const auto& column : table_.columns) {
    const bool read = std::any_of(asked_.begin(), asked_.end(), [&](const Asked& one) {
      return lower(one.name) == lower(column.name);
    });
    if (read) continue;
    if (const auto meant = likely_meant(column))
      said.push_back("the column " + printable(column.name) + " is not read; is " +
                     printable(*meant) + " meant?");
  }
  if (!said.empty())
    findings.add("supply.column_unused", Severity::warning, table_.name, join(said, " "),
                 said.size());
}

void check_apart(const std::vector<std::string>& metals, const std::string& where) {
  std::map<std::size_t, std::string> of;
  for (const auto& metal : metals)
    for (const std::size_t element : parse_element_group(metal).elements)
      if (const auto [at, fresh] = of.emplace(element, metal); !fresh)
        throw Error("supply.duplicate_element",
                    metal + " and " + at->second + " share an element, which would count twice",
                    where, "Name groups or their elements, not both: NdPr, or Nd and Pr.");
}

void say_unused_columns(const Table& table, const std::vector<std::string>& words,
                        const std::vector<std::string>& numbers, Findings& findings) {
  const SupplyColumns read(table);
  for (const auto& name : words) read.takes(name, false);
  for (const auto& name : numbers) read.takes(name, true);
  read.say_unused(findings);
}

std::vector<std::string> SupplyColumns::texts(const std::string& name, bool needed) const {
  takes(name, false);
  const Column* column = column_of(table_, name, needed);
  return column == nullptr ? std::vector<std::string>(table_.rows()) : table_.texts(column->name);
}

std::vector<double> SupplyColumns::numbers(const std::string& name, bool needed) const {
  takes(name, true);
  const Column* column = column_of(table_, name, needed);
  return column == nullptr ? std::vector<double>(table_.rows(), std::nan(""))
                           : table_.numbers(column->name);
}

std::vector<LowBaseHigh> SupplyColumns::ranges(const std::string& stem, const std::string& unit,
                                               bool needed) const {
  const auto base = numbers(stem + "_" + unit, needed);
  const auto low = numbers(stem + "_low_" + unit), high = numbers(stem + "_high_" + unit);
  std::vector<LowBaseHigh> all(base.size());
  for (std::size_t row = 0; row < all.size(); ++row) all[row] = {low[row], base[row], high[row]};
  return all;
}

int whole_year(double value, const Table& table, std::size_t row, const std::string& column) {
  if (!(value >= 1900.0 && value <= 2200.0) || value != std::floor(value))
    throw Error("supply.year", column + " " + number_text(value) + " is no year",
                table.name + ", " + table.row_name(row), "Write a whole year, such as 2030.");
  return static_cast<int>(value);
}

void check_amount(double value, const std::string& what, const std::string& where, double most) {
  if (value < 0.0 || std::isinf(value))
    throw Error("supply.negative", what + " is " + number_text(value), where,
                "It must be 0 or more.");
  if (value > most)
    throw Error("supply.magnitude",
                what + " is " + number_text(value) + ", above " + number_text(most), where,
                "Nothing on earth is that much: is it a mark for no data, or another unit?");
}

std::string per_cent_above_100(double sum) {
  constexpr int most_digits = 12;
  int digits = 2;
  while (digits < most_digits && parse_number(fixed_text(100.0 * sum, digits)) == 100.0) ++digits;
  return fixed_text(100.0 * sum, digits) + " %";
}

void say_if_fractions(const std::vector<double>& per_cent, const std::string& column,
                      const std::string& table, Findings& findings, double above) {
  double most = std::nan("");
  for (const double value : per_cent) {
    if (std::isnan(value)) continue;
    if (!(value > above && value <= 1.0)) return;
    most = std::fmax(most, value);
  }
  if (!std::isnan(most))
    findings.add("supply.looks_like_fraction", Severity::warning, table + ", column " + column,
                 "its figures are " + number_text(most) +
                     " at most, and are taken as per cent: are they fractions of 1?");
}

void say_if_shares_are_fractions(const std::vector<std::vector<double>>& shares,
                                 const std::string& table, Findings& findings) {
  std::vector<double> per_cent;
  for (const auto& row : shares) {
    const double sum = std::accumulate(row.begin(), row.end(), 0.0);
    if (sum > 0.0) per_cent.push_back(100.0 * sum);
  }
  say_if_fractions(per_cent, "share_<metal>_pct", table, findings);
}

void check_ordered(const LowBaseHigh& value, const std::string& what, const std::string& where,
                   double most) {
  for (const double one : {value.low, value.base, value.high}) check_amount(one, what, where, most);
  if (value.low > value.base || value.base > value.high || value.low > value.high)
    throw Error("supply.range_order", what + ": low, base and high are not in this order", where,
                "Low is the 10th percentile, high the 90th.");
  if (value.ranged() && !value.known())
    throw Error("supply.range_order", what + " has a range and no figure of its own", where,
                "Fill " + what + " too.");
}

}  // namespace lode
