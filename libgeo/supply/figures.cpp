#include "libgeo/supply/figures.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// True for digits in groups of three after a first group that is too long: "1216,000".
bool looks_glued(std::string_view text) {
  const auto comma = text.find(',');
  if (comma == std::string_view::npos || comma < 4 || text.size() - comma < 4) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || c == ','; });
}

std::string listed(const std::vector<double>& values) {
  std::vector<std::string> words;
  for (const double value : values) words.push_back(number_text(value));
  return join(words, " or ");
}

}  // namespace

std::string country_key(std::string_view text) {
  std::string key(trim(text));
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (key.size() != 3 || !std::all_of(key.begin(), key.end(), letter)) return key;
  for (char& c : key) c = static_cast<char>(c >= 'a' ? c - 'a' + 'A' : c);
  return key;
}

std::vector<double> without_footnote(std::string_view text) {
  std::string_view number = trim(text);
  if (!number.empty() && (number.front() == '>' || number.front() == '<'))
    number = trim(number.substr(1));
  std::vector<double> out;
  if (!looks_glued(number)) return out;
  const auto comma = number.find(',');
  std::string rest(number.substr(comma));
  rest.erase(std::remove(rest.begin(), rest.end(), ','), rest.end());
  // The figure's own first group has one to three digits and does not start with 0.
  for (std::size_t digits = 3; digits >= 1; --digits) {
    const std::string_view first = number.substr(comma - digits, digits);
    if (first.front() == '0' || comma - digits > 2) continue;  // no page has 100 footnotes
    if (const auto value = parse_number(std::string(first) + rest)) out.push_back(*value);
  }
  return out;
}

std::vector<double> likely_figures(const std::vector<std::vector<double>>& choices, double known,
                                   double total) {
  std::size_t ways = 1;
  for (const auto& one : choices) {
    if (one.empty() || ways > 1000000 / one.size()) return {};
    ways *= one.size();
  }
  if (choices.empty() || !(total > 0.0)) return {};
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t way = 0; way < ways; ++way) {
    double sum = known;
    std::size_t rest = way;
    for (const auto& one : choices) {
      sum += one[rest % one.size()];
      rest /= one.size();
    }
    if (std::abs(sum - total) < least) {
      least = std::abs(sum - total);
      best = way;
    }
  }
  if (least > 0.05 * total) return {};
  std::vector<double> out;
  for (const auto& one : choices) {
    out.push_back(one[best % one.size()]);
    best /= one.size();
  }
  return out;
}

ReportedFigure parse_reported(std::string_view text, const std::string& where) {
  using Kind = ReportedFigure::Kind;
  const std::string word(trim(text));
  const std::string low = lower(word);
  const double none = std::numeric_limits<double>::quiet_NaN();
  if (low.empty() || low == "na" || low == "n.a." || low == "n/a" || low == "xx")
    return {none, Kind::not_available};
  if (low == "w") return {none, Kind::withheld};
  if (low == "e") return {0.0, Kind::net_exporter};
  if (low == "-" || low == "--" || low == "\xe2\x80\x94" || low == "\xe2\x80\x93")
    return {0.0, Kind::exact};
  Kind kind = Kind::exact;
  std::string_view number = word;
  if (number.front() == '>') kind = Kind::more_than;
  if (number.front() == '<') kind = Kind::less_than;
  if (kind != Kind::exact) number = trim(number.substr(1));
  if (looks_glued(number))
    throw Error("supply.glued_footnote",
                "'" + printable(word) + "' has too many digits before its comma", where,
                "A footnote's number is glued to the figure, which is likely " +
                    listed(without_footnote(number)) +
                    ": see the source and write the number without commas.");
  const auto value = parse_number(number);
  if (!value)
    throw Error(
        "supply.bad_figure", "'" + printable(word) + "' is not a figure", where,
        "Write a number without grouping, > 95, < 1, E (net exporter), NA or W (withheld).");
  return {*value, kind};
}

std::string_view to_text(InexactRule rule) {
  return rule == InexactRule::take ? "take" : rule == InexactRule::middle ? "middle" : "refuse";
}

InexactRule parse_inexact_rule(std::string_view text, const std::string& where) {
  const std::string word = lower(trim(text));
  for (const auto rule : {InexactRule::take, InexactRule::middle, InexactRule::refuse})
    if (word == to_text(rule)) return rule;
  throw Error("supply.unknown_choice",
              "'" + printable(text) + "' is not a rule for figures such as > 95", where,
              suggestion(text, {"take", "middle", "refuse"}));
}

FigureRange figure_range(const ReportedFigure& figure, InexactRule rule, double at_most,
                         const std::string& where) {
  using Kind = ReportedFigure::Kind;
  FigureRange out{figure.value, figure.value, figure.value};
  const bool more = figure.kind == Kind::more_than;
  if (!more && figure.kind != Kind::less_than) return out;
  const std::string shown = (more ? "> " : "< ") + number_text(figure.value);
  if (rule == InexactRule::refuse)
    throw Error("supply.inexact", "'" + shown + "' is no exact figure", where,
                "Give the figure, or say what it counts as with take or middle.");
  (more ? out.high : out.low) = more ? std::max(at_most, figure.value) : 0.0;
  if (rule == InexactRule::take) return out;
  if (std::isinf(out.high))
    throw Error("supply.inexact", "'" + shown + "' has no middle: nothing closes it", where,
                "Only percentages end, at 100; use take, or give the figure.");
  out.value = out.low + (out.high - out.low) / 2.0;
  return out;
}

}  // namespace lode
