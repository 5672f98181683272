#include "libgeo/environment/setback_table.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "libgeo/core/error.h"
#include "libgeo/core/jurisdiction.h"
#include "libgeo/core/quantity.h"

namespace lode {
namespace {

const std::vector<std::string> kRuleKeys = {
    "class", "setback", "hard", "citation", "jurisdiction", "from", "to", "source", "note"};
const std::vector<std::string> kTableKeys = {"title", "disclaimer", "as_of"};
constexpr std::size_t kNamed = 20;  ///< classes that a finding names before it only counts

/// Reads a whole table and keeps every fault, so that one run of a check shows them all.
class TableReader {
 public:
  explicit TableReader(std::string file) : file_(std::move(file)) {}

  void fault(const std::string& code, const std::string& what, const toml::source_position& at,
             const std::string& hint) {
    faults_.emplace_back(code, what, file_ + ", line " + std::to_string(at.line), hint);
  }

  void fail_on_faults() const {
    if (faults_.empty()) return;
    Error first = faults_.front();
    first.more.assign(faults_.begin() + 1, faults_.end());
    throw first;
  }

  void check_keys(const toml::table& table, const std::vector<std::string>& known,
                  const std::string& where) {
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      if (std::find(known.begin(), known.end(), name) == known.end())
        fault("setbacks.unknown_key", "no key '" + printable(name) + "' in " + where,
              key.source().begin, suggestion(name, known));
    }
  }

  void text(const toml::table& table, const char* key, std::string& into, bool required = false) {
    const toml::node* node = table.get(key);
    if (node == nullptr) {
      if (required)
        fault("setbacks.missing_key", std::string("a rule has no ") + key, table.source().begin,
              "Write class, setback, hard and citation in every [[setbacks]] table.");
      return;
    }
    if (!node->is_string()) {
      fault("setbacks.value", std::string(key) + " must be text", node->source().begin,
            "Put it in quotes.");
      return;
    }
    into = std::string(trim(*node->value<std::string>()));
    if (required && into.empty())
      fault("setbacks.value", std::string(key) + " is blank", node->source().begin,
            "Say it, or take the rule out.");
  }

  void date(const toml::table& table, const char* key, std::optional<Date>& into) {
    const toml::node* node = table.get(key);
    if (node == nullptr) return;
    if (const auto day = node->value<toml::date>(); day && node->is_date())
      into = Date{day->year, day->month, day->day};
    else if (node->is_string())
      into = parse_date(*node->value<std::string>());
    if (!into)
      fault("setbacks.value", std::string(key) + " is no date", node->source().begin,
            "Write it as 2026-11-01.");
  }

  void setback(const toml::table& table, SetbackRule& rule) {
    text(table, "setback", rule.setback, true);
    if (rule.setback.empty()) return;
    const auto& at = table.get("setback")->source().begin;
    try {
      rule.setback_m = parse_quantity(rule.setback, Dimension::length,
                                      file_ + ", line " + std::to_string(at.line));
      if (rule.setback_m < 0.0)
        fault("setbacks.value", "a setback below 0", at, "Setbacks are 0 or more.");
    } catch (const Error& error) {
      faults_.push_back(error);
    }
  }

  /// Codes of one place, or of each in a list; a rule without holds everywhere.
  [[nodiscard]] std::vector<std::string> jurisdictions(const toml::table& table) {
    std::vector<std::string> out;
    const toml::node* node = table.get("jurisdiction");
    if (node == nullptr) return {""};
    const auto add = [&](const toml::node& one) {
      const auto text = one.value<std::string>();
      const auto code = text && one.is_string() ? jurisdiction_code(*text) : std::nullopt;
      if (code)
        out.push_back(*code);
      else
        fault("setbacks.value", "'" + printable(text.value_or("")) + "' is no jurisdiction",
              one.source().begin,
              "Write a code of ISO 3166: \"US\", \"US-NV\", \"AU-WA\"; or \"EU\".");
    };
    const toml::array* list = node->as_array();
    if (list == nullptr) {
      add(*node);
    } else {
      for (const toml::node& one : *list) add(one);
      if (list->empty())
        fault("setbacks.value", "a rule of no place", node->source().begin,
              "Name a place, or leave jurisdiction out: the rule then holds everywhere.");
    }
    return out;
  }

  void hard(const toml::table& table, SetbackRule& rule) {
    const toml::node* node = table.get("hard");
    if (node == nullptr)
      fault("setbacks.missing_key", "a rule has no hard", table.source().begin,
            "Write hard = true where the setback excludes, false where it asks for review.");
    else if (!node->is_boolean())
      fault("setbacks.value", "hard must be true or false", node->source().begin,
            "Leave out the quotes.");
    else
      rule.hard = *node->value<bool>();
  }

  [[nodiscard]] SetbackRule rule(const toml::table& table) {
    check_keys(table, kRuleKeys, "[[setbacks]]");
    SetbackRule rule;
    rule.line = static_cast<int>(table.source().begin.line);
    text(table, "class", rule.feature_class, true);
    setback(table, rule);
    hard(table, rule);
    text(table, "citation", rule.citation, true);
    text(table, "note", rule.note);
    text(table, "source", rule.source);
    date(table, "from", rule.from);
    date(table, "to", rule.to);
    if (rule.from && rule.to && *rule.to < *rule.from)
      fault("setbacks.value", "the rule ends before it begins", table.source().begin,
            "Mend from or to.");
    return rule;
  }

  /// One law that stands twice for the same class and days is a slip; two laws are not.
  void check_duplicates(const std::vector<SetbackRule>& rules) {
    std::map<std::vector<std::string>, std::vector<std::size_t>> same;
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const SetbackRule& rule = rules[i];
      auto& others = same[{class_key(rule.feature_class), rule.jurisdiction,
                           rule.hard ? "hard" : "review", class_key(rule.citation)}];
      for (const std::size_t other : others) {
        const SetbackRule& before = rules[other];
        const bool apart = (rule.to && before.from && *rule.to < *before.from) ||
                           (before.to && rule.from && *before.to < *rule.from);
        if (apart) continue;
        fault("setbacks.duplicate",
              "'" + printable(rule.feature_class) + "' has this rule already in line " +
                  std::to_string(before.line),
              {static_cast<toml::source_index>(rule.line), 1},
              "Take one out, or give the two days of force that do not overlap.");
        break;
      }
      others.push_back(i);
    }
  }

 private:
  std::string file_;
  std::vector<Error> faults_;
};

toml::table parsed(const std::string& text, const std::string& where) {
  if (nests_too_deep(text))
    throw Error("setbacks.syntax", "a key nests deeper than 256 tables", where,
                "Write flat tables.");
  try {
    return toml::parse(text, where);
  } catch (const toml::parse_error& error) {
    throw Error("setbacks.syntax", std::string(error.description()),
                where + ", line " + std::to_string(error.source().begin.line) + ", column " +
                    std::to_string(error.source().begin.column),
                "Mend the TOML there.");
  }
}

/// Up to kNamed of them in quotes, then how many more.
std::string listed(const std::vector<std::string>& names) {
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < std::min(names.size(), kNamed); ++i)
    shown.push_back("'" + printable(names[i]) + "'");
  std::string out = join(shown, ", ");
  if (names.size() > kNamed) out += " and " + std::to_string(names.size() - kNamed) + " more";
  return out;
}

/// The strictest rules of one class, and what was met of it.
struct Strictest {
  std::size_t hard = StrictestRules::none, review = StrictestRules::none;
  std::string written;  ///< as the first rule writes the class
  bool met = false;
};

std::map<std::string, Strictest> strictest_of(const std::vector<const SetbackRule*>& rules) {
  std::map<std::string, Strictest> out;
  for (std::size_t r = 0; r < rules.size(); ++r) {
    const auto [at, fresh] = out.try_emplace(class_key(rules[r]->feature_class));
    if (fresh) at->second.written = rules[r]->feature_class;
    std::size_t& best = rules[r]->hard ? at->second.hard : at->second.review;
    if (best == StrictestRules::none || rules[r]->setback_m > rules[best]->setback_m) best = r;
  }
  return out;
}

void say_classes(const std::map<std::string, std::pair<std::string, std::size_t>>& without,
                 const std::map<std::string, Strictest>& table, const std::string& where,
                 Findings& findings) {
  std::vector<std::string> known;
  for (const auto& [key, rule] : table) known.push_back(rule.written);
  std::size_t said = 0, rest = 0, classes = 0;
  for (const auto& [key, met] : without) {
    if (++said > kNamed) {
      rest += met.second;
      ++classes;
      continue;
    }
    const auto near = nearest_name(met.first, known);
    findings.add("setbacks.class_without_rule", Severity::warning,
                 where + ", class '" + printable(met.first) + "'",
                 "no rule in force names this class: its features are left out" +
                     (near ? " (the table has '" + printable(*near) + "')" : ""),
                 met.second);
  }
  if (classes > 0)
    findings.add("setbacks.class_without_rule", Severity::warning,
                 where + ", " + std::to_string(classes) + " more classes",
                 "no rule in force names these classes: their features are left out", rest);
}

}  // namespace

SetbackTable parse_setback_table(const std::string& text, const std::string& where) {
  const toml::table root = parsed(text, where);
  TableReader reader(where);
  reader.check_keys(root, {"table", "setbacks"}, "a table of setbacks");
  SetbackTable out;
  out.name = where;
  if (const toml::node* node = root.get("table")) {
    if (const toml::table* head = node->as_table()) {
      reader.check_keys(*head, kTableKeys, "[table]");
      reader.text(*head, "title", out.title);
      reader.text(*head, "disclaimer", out.disclaimer);
      reader.date(*head, "as_of", out.as_of);
    } else {
      reader.fault("setbacks.value", "table must be a table", node->source().begin,
                   "Write [table], then title, disclaimer and as_of below it.");
    }
  }
  const toml::node* node = root.get("setbacks");
  const toml::array* tables = node == nullptr ? nullptr : node->as_array();
  if (tables == nullptr || tables->empty() || !tables->is_array_of_tables()) {
    reader.fault("setbacks.missing_key", "the file has no [[setbacks]] table",
                 node == nullptr ? root.source().begin : node->source().begin,
                 "Write one for each rule: class, setback, hard, citation.");
    reader.fail_on_faults();
    return out;
  }
  for (const toml::node& one : *tables) {
    SetbackRule rule = reader.rule(*one.as_table());
    for (std::string& place : reader.jurisdictions(*one.as_table())) {
      rule.jurisdiction = std::move(place);
      out.rules.push_back(rule);
    }
  }
  reader.check_duplicates(out.rules);
  reader.fail_on_faults();
  return out;
}

bool holds_on(const SetbackRule& rule, const Date& day) {
  return (!rule.from || *rule.from <= day) && (!rule.to || day <= *rule.to);
}

std::vector<const SetbackRule*> rules_in_force(const SetbackTable& table,
                                               const std::string& jurisdiction,
                                               const std::optional<Date>& day) {
  std::vector<const SetbackRule*> out;
  for (const SetbackRule& rule : table.rules)
    if (jurisdiction_meets(rule.jurisdiction, jurisdiction) && (!day || holds_on(rule, *day)))
      out.push_back(&rule);
  return out;
}

std::string rule_name(const SetbackRule& rule) {
  std::string name = rule.feature_class;
  if (!rule.jurisdiction.empty()) name += ", " + rule.jurisdiction;
  return name + ", " + rule.setback;
}

std::string class_key(const std::string& text) {
  std::string out;
  for (const char c : lower(trim(text))) {
    const bool blank = c == ' ' || c == '\t';
    if (blank && !out.empty() && out.back() == ' ') continue;
    out += blank ? ' ' : c;
  }
  return out;
}

StrictestRules rules_of_classes(const std::vector<const SetbackRule*>& rules,
                                const std::vector<std::string>& feature_class,
                                const std::string& where) {
  auto table = strictest_of(rules);
  StrictestRules out;
  out.hard.assign(feature_class.size(), StrictestRules::none);
  out.review = out.hard;
  std::map<std::string, std::pair<std::string, std::size_t>> without;
  std::size_t blank = 0;
  for (std::size_t i = 0; i < feature_class.size(); ++i) {
    const std::string key = class_key(feature_class[i]);
    if (key.empty()) {
      ++blank;
      continue;
    }
    const auto at = table.find(key);
    if (at == table.end()) {
      ++without.try_emplace(key, feature_class[i], 0).first->second.second;
      continue;
    }
    at->second.met = true;
    out.hard[i] = at->second.hard;
    out.review[i] = at->second.review;
  }
  say_classes(without, table, where, out.findings);
  if (blank > 0)
    out.findings.add("setbacks.no_class", Severity::warning, where,
                     "features with a blank class are left out", blank);
  std::vector<std::string> unused;
  for (const auto& [key, rule] : table)
    if (!rule.met) unused.push_back(rule.written);
  if (!unused.empty())
    out.findings.add("setbacks.rule_unused", Severity::note, where,
                     "no feature has the class " + listed(unused), unused.size());
  return out;
}

}  // namespace lode
