#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/criteria.h"

namespace lode {

namespace {

[[noreturn]] void bad_rule(std::string_view text, const std::string& what) {
  throw Error("usage.rule", what, "--require " + printable(text),
              "Write it like 'valid_coverage_pct >= 50', 'STATUS = Active|Issued' or "
              "'STATUS != Expired'.");
}

/// The right side's words, parted by |; what stands in double quotes is taken as it is.
std::vector<std::string> words_of(std::string_view whole, std::string_view right) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false, was_quoted = false;
  const auto finish = [&] {
    const std::string ready = was_quoted ? word : std::string(trim(word));
    if (trim(ready).empty()) bad_rule(whole, "a word of the rule is empty");
    words.push_back(ready);
    word.clear();
    was_quoted = false;
  };
  for (const char c : right) {
    if (c == '"') {
      if (!quoted && !trim(word).empty()) bad_rule(whole, "quotes go round a whole word");
      if (!quoted) word.clear();
      quoted = !quoted;
      was_quoted = true;
    } else if (c == '|' && !quoted) {
      finish();
    } else if (!was_quoted || quoted) {
      word += c;
    } else if (c != ' ') {
      bad_rule(whole, "quotes go round a whole word");
    }
  }
  if (quoted) bad_rule(whole, "a quote is not closed");
  finish();
  return words;
}

/// Takes " or missing" off the end.
bool take_missing(std::string_view& right) {
  static constexpr std::string_view ending = " or missing";
  if (right.size() < ending.size() || lower(right.substr(right.size() - ending.size())) != ending)
    return false;
  right = trim(right.substr(0, right.size() - ending.size()));
  return true;
}

}  // namespace

RuleText parse_rule(std::string_view text) {
  constexpr double far = std::numeric_limits<double>::infinity();
  const std::size_t at = text.find_first_of("<>=!");
  if (at == std::string_view::npos)
    bad_rule(text, "a rule compares a field by >=, <=, >, <, = or !=");
  const bool with_equals = at + 1 < text.size() && text[at + 1] == '=';
  const char sign = text[at];
  if (sign == '!' && !with_equals) bad_rule(text, "'not equal' is written !=");
  RuleText rule;
  rule.name = std::string(trim(text));
  rule.field = std::string(trim(text.substr(0, at)));
  if (rule.field.empty()) bad_rule(text, "the rule names no field");
  std::string_view right = trim(text.substr(at + (with_equals ? 2 : 1)));
  rule.missing_passes = take_missing(right);
  if (right.empty()) bad_rule(text, "nothing stands on the right side of the rule");
  if (std::string_view("<>=!").find(right.front()) != std::string_view::npos)
    bad_rule(text, "two signs of comparison stand together");
  const auto number = parse_number(right);
  if (sign == '<' || sign == '>') {
    if (!number) bad_rule(text, "the right side of the rule is not a number");
    // A strict bound is the next number on its side: nothing lies between.
    const double bound = with_equals ? *number : std::nextafter(*number, sign == '<' ? -far : far);
    (sign == '<' ? rule.max : rule.min) = bound;
  } else if (sign == '=' && number) {
    rule.min = rule.max = *number;
  } else {
    rule.words = words_of(text, right);
    rule.none_of = sign == '!';
  }
  return rule;
}

}  // namespace lode
