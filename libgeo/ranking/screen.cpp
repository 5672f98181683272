#include "libgeo/ranking/screen.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

std::string name_of(const HardRule& rule) {
  return rule.name.empty() ? "rule" : rule.name;
}

bool of_words(const HardRule& rule) {
  return !rule.words.empty();
}

/// A word made ready to be compared.
struct Word {
  std::string text;
  std::optional<double> number;
  bool met = false;  ///< some site has it
};

bool same(const Word& word, const std::string& text) {
  if (word.text == text) return true;
  if (!word.number) return false;
  const auto number = parse_number(text);
  return number && *number == *word.number;
}

/// One rule over all sites. Texts repeat, so each different one is judged once.
class RuleTest {
 public:
  RuleTest(const HardRule& rule, std::size_t sites) : rule_(rule) {
    const std::size_t has = of_words(rule) ? rule.texts.size() : rule.values.size();
    if (has != sites)
      throw Error("ranking.shape", "a hard rule does not have one value a site", name_of(rule));
    if (of_words(rule) && (std::isfinite(rule.min) || std::isfinite(rule.max)))
      throw Error("ranking.bad_rule", "the rule has both words and bounds", name_of(rule),
                  "Write two rules.");
    if (!(rule.min <= rule.max))
      throw Error(
          "ranking.bad_rule",
          "no value is at least " + number_text(rule.min) + " and at most " + number_text(rule.max),
          name_of(rule));
    for (const auto& word : rule.words)
      words_.push_back({lower(trim(word)), parse_number(word), false});
  }

  [[nodiscard]] bool missing(std::size_t site) const {
    return of_words(rule_) ? trim(rule_.texts[site]).empty() : std::isnan(rule_.values[site]);
  }

  [[nodiscard]] bool passes(std::size_t site) {
    if (missing(site)) return rule_.missing_passes;
    if (of_words(rule_)) return passes(rule_.texts[site]);
    const double x = rule_.values[site];
    return x >= rule_.min && x <= rule_.max;
  }

  /// A word that no site has is likely a slip; that nobody has what is ruled out may well be so.
  void say_unknown_words(Findings& findings) const {
    std::vector<std::string> known;
    for (const auto& [text, pass] : judged_)
      if (known.size() < 50) known.push_back(text);
    if (known.empty()) return;
    for (std::size_t k = 0; k < words_.size(); ++k) {
      if (words_[k].met) continue;
      const std::string word(trim(rule_.words[k]));
      const bool slip = nearest_name(word, known).has_value();
      findings.add("ranking.unknown_word",
                   slip || !rule_.none_of ? Severity::warning : Severity::note, name_of(rule_),
                   "no site has '" + printable(word) + "'. " + printable(suggestion(word, known)));
    }
  }

 private:
  bool passes(const std::string& text) {
    const auto seen = judged_.find(text);
    if (seen != judged_.end()) return seen->second;
    const std::string ready = lower(trim(text));
    bool among = false;
    for (auto& word : words_)
      if (same(word, ready)) among = word.met = true;
    const bool pass = among != rule_.none_of;
    judged_.emplace(text, pass);
    return pass;
  }

  const HardRule& rule_;
  std::vector<Word> words_;
  std::map<std::string, bool> judged_;
};

std::string found_at(const HardRule& rule, std::size_t site) {
  if (of_words(rule)) {
    const auto text = trim(rule.texts[site]);
    return text.empty() ? "no value" : "'" + printable(text) + "'";
  }
  return std::isnan(rule.values[site]) ? "no value" : number_text(rule.values[site]);
}

[[noreturn]] void all_dropped(const std::vector<HardRule>& rules, const RuleScreening& out) {
  std::vector<std::string> took;
  for (std::size_t r = 0; r < rules.size(); ++r)
    took.push_back("'" + out.counts[r].rule + "' (wanted " + wanted_by(rules[r]) + ") takes " +
                   std::to_string(out.counts[r].alone) +
                   (out.counts[r].missing > 0
                        ? ", of them " + std::to_string(out.counts[r].missing) + " without a value"
                        : std::string()));
  const auto& first = out.dropped.front();
  throw Error("ranking.all_dropped",
              "every site fails a hard rule, " + std::to_string(out.dropped.size()) +
                  " in all: " + join(took, "; "),
              first.rule,
              "Loosen the rules; the first site, " + first.id + ", fails '" +
                  join(first.failed, "', '") + "'.");
}

void say_dropped(const std::vector<HardRule>& rules, const std::vector<std::size_t>& first,
                 RuleScreening& out, const std::vector<std::string>& ids) {
  for (std::size_t r = 0; r < rules.size(); ++r) {
    const RuleCount& count = out.counts[r];
    if (count.in_order == 0) continue;
    const std::size_t site = first[r];
    out.findings.add(
        "ranking.dropped", Severity::note, count.rule,
        "left out before scoring: wanted " + wanted_by(rules[r]) + ", found " +
            found_at(rules[r], site) + " at " + ids[site] + (count.in_order > 1 ? " first" : "") +
            (count.missing > 0 ? " (" + std::to_string(count.missing) + " have no value)"
                               : std::string()),
        count.in_order);
  }
}

}  // namespace

bool is_of_words(const RuleText& rule) {
  return !rule.words.empty();
}

HardRule with_values(const RuleText& rule, std::vector<double> values) {
  return {rule.name, std::move(values), rule.min, rule.max, rule.missing_passes, {}, {}, false};
}

HardRule with_texts(const RuleText& rule, std::vector<std::string> texts) {
  return {rule.name,        {},         rule.min,    rule.max, rule.missing_passes,
          std::move(texts), rule.words, rule.none_of};
}

std::string wanted_by(const HardRule& rule) {
  if (of_words(rule)) {
    std::vector<std::string> words;
    for (const auto& word : rule.words) words.push_back(printable(trim(word)));
    return rule.none_of ? "not " + join(words, ", nor ") : join(words, " or ");
  }
  if (rule.min == rule.max) return number_text(rule.min);
  // A strict bound is kept as the number beside it: the shorter text is the one that was written.
  const auto side = [](double bound, double beside, const char* weak, const char* strict) {
    const std::string plain = number_text(bound), near = number_text(beside);
    return near.size() + 2 < plain.size() ? strict + near : weak + plain;
  };
  const double far = std::numeric_limits<double>::infinity();
  std::vector<std::string> sides;
  if (std::isfinite(rule.min))
    sides.push_back(side(rule.min, std::nextafter(rule.min, -far), "at least ", "above "));
  if (std::isfinite(rule.max))
    sides.push_back(side(rule.max, std::nextafter(rule.max, far), "at most ", "below "));
  return sides.empty() ? "any value" : join(sides, " and ");
}

RuleScreening screen(const std::vector<std::string>& ids, const std::vector<HardRule>& rules) {
  const std::size_t n = ids.size();
  std::vector<RuleTest> tests;
  tests.reserve(rules.size());
  RuleScreening out;
  for (const auto& rule : rules) {
    tests.emplace_back(rule, n);
    out.counts.push_back({name_of(rule), 0, 0, 0, 0});
  }
  std::vector<std::size_t> first_taken(rules.size(), n), failed;
  for (std::size_t i = 0; i < n; ++i) {
    failed.clear();
    for (std::size_t r = 0; r < rules.size(); ++r) {
      if (tests[r].passes(i)) continue;
      failed.push_back(r);
      ++out.counts[r].alone;
      if (tests[r].missing(i)) ++out.counts[r].missing;
    }
    if (failed.empty()) {
      out.passed.push_back(i);
      continue;
    }
    const std::size_t by = failed.front();
    if (out.counts[by].in_order++ == 0) first_taken[by] = i;
    if (failed.size() == 1) ++out.counts[by].only;
    DroppedSite site;
    site.row = i;
    site.id = ids[i];
    site.rule = out.counts[by].rule;
    if (of_words(rules[by]))
      site.text = rules[by].texts[i];
    else
      site.value = rules[by].values[i];
    for (const auto r : failed) site.failed.push_back(out.counts[r].rule);
    out.dropped.push_back(std::move(site));
  }
  for (const auto& test : tests) test.say_unknown_words(out.findings);
  if (n > 0 && out.passed.empty()) all_dropped(rules, out);
  say_dropped(rules, first_taken, out, ids);
  return out;
}

}  // namespace lode
