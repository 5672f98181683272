#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>

#include "libgeo/core/error.h"
#include "libgeo/core/study_tables.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/criteria.h"

#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

namespace lode {

namespace {

/// Collects every fault of the file, each with its line.
class Faults {
 public:
  void add(const toml::node& node, const std::string& what) {
    list_.push_back({node.source().begin.line, what});
  }
  [[nodiscard]] bool empty() const { return list_.empty(); }
  [[nodiscard]] std::string text() {
    std::stable_sort(list_.begin(), list_.end(),
                     [](const auto& a, const auto& b) { return a.line < b.line; });
    std::vector<std::string> lines;
    for (const auto& fault : list_)
      lines.push_back("line " + std::to_string(fault.line) + ": " + fault.what);
    return join(lines, "; ");
  }

 private:
  struct Fault {
    std::uint32_t line;
    std::string what;
  };
  std::vector<Fault> list_;
};

std::string key_text(const toml::key& key) {
  return printable(std::string(key.str()));
}

const std::vector<std::string> criterion_keys = {"name",
                                                 "field",
                                                 "unit",
                                                 "direction",
                                                 "weight",
                                                 "scale",
                                                 "bounds",
                                                 "q",
                                                 "p",
                                                 "v",
                                                 "shape",
                                                 "ideal",
                                                 "curve",
                                                 "low",
                                                 "high",
                                                 "profiles",
                                                 "spread",
                                                 "spread_group",
                                                 "spread_correlation",
                                                 "spread_common"};
const std::vector<std::string> rule_keys = {"name",           "field",  "min",    "max",
                                            "missing_passes", "any_of", "none_of"};

class Reader {
 public:
  explicit Reader(Faults& faults) : faults_(faults) {}

  void number(const toml::table& table, const char* key, double& to) {
    const auto* node = table.get(key);
    if (node == nullptr) return;
    const auto value = node->value<double>();
    if (!value || node->is_boolean() || !std::isfinite(*value))
      faults_.add(*node, std::string(key) + " must be a number");
    else
      to = *value;
  }
  void text(const toml::table& table, const char* key, std::string& to) {
    const auto* node = table.get(key);
    if (node == nullptr) return;
    if (const auto* value = node->as_string())
      to = value->get();
    else
      faults_.add(*node, std::string(key) + " must be a text");
  }
  void flag(const toml::table& table, const char* key, bool& to) {
    const auto* node = table.get(key);
    if (node == nullptr) return;
    if (const auto* value = node->as_boolean())
      to = value->get();
    else
      faults_.add(*node, std::string(key) + " must be true or false");
  }
  std::vector<double> numbers(const toml::node& node, const char* key, std::size_t least,
                              std::size_t most) {
    std::vector<double> out;
    const auto* array = node.as_array();
    bool good = array != nullptr && array->size() >= least && array->size() <= most;
    if (good)
      for (const auto& item : *array) {
        const auto value = item.value<double>();
        good = good && value && !item.is_boolean() && std::isfinite(*value);
        if (good) out.push_back(*value);
      }
    if (good) return out;
    faults_.add(node,
                std::string(key) + (most == least
                                        ? " must be a list of " + std::to_string(least) + " numbers"
                                        : std::string(" must be a list of numbers")));
    return {};
  }
  /// A word of a choice: the parser's own message, with its line.
  template <class Parse, class Value>
  void choice(const toml::table& table, const char* key, Parse parse, Value& to) {
    std::string word;
    const auto* node = table.get(key);
    if (node == nullptr) return;
    const std::size_t before = faults_seen(table, key, word);
    if (before != 0) return;
    try {
      to = parse(word, {});
    } catch (const Error& error) {
      faults_.add(*node, std::string(key) + ": " + error.what() + ". " + error.hint);
    }
  }
  void unknown_keys(const toml::table& table, const std::vector<std::string>& known) {
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      if (std::find(known.begin(), known.end(), name) == known.end())
        faults_.add(node, "unknown key '" + key_text(key) + "'. " + suggestion(name, known));
    }
  }

 private:
  std::size_t faults_seen(const toml::table& table, const char* key, std::string& word) {
    const auto* node = table.get(key);
    if (const auto* value = node->as_string()) {
      word = value->get();
      return 0;
    }
    faults_.add(*node, std::string(key) + " must be a text");
    return 1;
  }
  Faults& faults_;
};

void read_curve(const toml::node& node, Reader& reader, Faults& faults, Criterion& c) {
  const auto* array = node.as_array();
  if (array == nullptr) {
    faults.add(node, "curve must be a list of [at, value] pairs");
    return;
  }
  for (const auto& corner : *array) {
    const auto pair = reader.numbers(corner, "a point of curve", 2, 2);
    if (pair.size() == 2) c.curve.push_back({pair[0], pair[1]});
  }
}

Criterion read_criterion(const toml::table& table, Reader& reader, Faults& faults) {
  Criterion c;
  reader.unknown_keys(table, criterion_keys);
  reader.text(table, "name", c.name);
  reader.text(table, "field", c.field);
  reader.text(table, "low", c.low_field);
  reader.text(table, "high", c.high_field);
  reader.text(table, "unit", c.unit);
  reader.text(table, "spread_group", c.spread_group);
  reader.choice(table, "direction", parse_direction, c.direction);
  reader.choice(table, "scale", parse_scale, c.scale);
  reader.choice(
      table, "shape",
      [](const std::string& word, const std::string& where) {
        return std::optional(parse_shape(word, where));
      },
      c.shape);
  reader.choice(
      table, "spread",
      [](const std::string& word, const std::string& where) {
        return std::optional(parse_spread(word, where));
      },
      c.spread);
  for (const auto& [key, member] : {std::pair{"weight", &Criterion::weight},
                                    {"q", &Criterion::q},
                                    {"p", &Criterion::p},
                                    {"v", &Criterion::v},
                                    {"spread_correlation", &Criterion::spread_correlation},
                                    {"spread_common", &Criterion::spread_common}})
    reader.number(table, key, c.*member);
  if (const auto* node = table.get("bounds")) {
    const auto bounds = reader.numbers(*node, "bounds", 2, 2);
    if (bounds.size() == 2) c.lo = bounds[0], c.hi = bounds[1];
  }
  if (const auto* node = table.get("ideal")) {
    if (node->is_array()) {
      const auto ideal = reader.numbers(*node, "ideal", 2, 2);
      if (ideal.size() == 2) c.ideal = ideal[0], c.ideal_to = ideal[1];
    } else {
      reader.number(table, "ideal", c.ideal);
    }
  }
  if (const auto* node = table.get("curve")) read_curve(*node, reader, faults, c);
  if (const auto* node = table.get("profiles"))
    c.profiles = reader.numbers(*node, "profiles", 1, 20);
  if (table.get("direction") == nullptr && table.get("ideal") == nullptr &&
      table.get("curve") == nullptr)
    faults.add(table, "criterion '" + printable(c.name) + "' needs direction = \"max\" or \"min\"");
  for (const auto& fault : faults_of(c))
    faults.add(table, (c.name.empty() ? std::string("criterion")
                                      : "criterion '" + printable(c.name) + "'") +
                          ": " + fault);
  return c;
}

/// `any_of` or `none_of`: texts, or numbers that stand for their text.
void read_words(const toml::table& table, const char* key, Faults& faults, RuleText& rule) {
  const auto* node = table.get(key);
  if (node == nullptr) return;
  const auto* array = node->as_array();
  bool good = array != nullptr && !array->empty();
  if (good)
    for (const auto& item : *array) {
      std::string word;
      if (const auto* text = item.as_string()) word = text->get();
      if (const auto number = item.value<double>(); number && !item.is_boolean())
        word = number_text(*number);
      good = good && !trim(word).empty();
      rule.words.push_back(word);
    }
  if (!good) faults.add(*node, std::string(key) + " must be a list of words");
}

std::string rule_name(const RuleText& rule) {
  if (!rule.words.empty())
    return rule.field + (rule.none_of ? " != " : " = ") + join(rule.words, "|");
  std::string name = rule.field;
  if (std::isfinite(rule.min)) name += " >= " + number_text(rule.min);
  if (std::isfinite(rule.max))
    name += (std::isfinite(rule.min) ? ", <= " : " <= ") + number_text(rule.max);
  return name;
}

RuleText read_rule(const toml::table& table, Reader& reader, Faults& faults) {
  RuleText rule;
  reader.unknown_keys(table, rule_keys);
  reader.text(table, "name", rule.name);
  reader.text(table, "field", rule.field);
  reader.number(table, "min", rule.min);
  reader.number(table, "max", rule.max);
  reader.flag(table, "missing_passes", rule.missing_passes);
  const auto* none = table.get("none_of");
  const auto* any = table.get("any_of");
  const bool bounded = table.get("min") != nullptr || table.get("max") != nullptr;
  if (any != nullptr && none != nullptr)
    faults.add(*none, "a rule has any_of or none_of, not both: write two rules");
  rule.none_of = none != nullptr;
  read_words(table, none != nullptr ? "none_of" : "any_of", faults, rule);
  if (rule.field.empty()) faults.add(table, "a rule needs a field");
  if (any != nullptr || none != nullptr) {
    if (bounded)
      faults.add(any != nullptr ? *any : *none,
                 "a rule has words or min and max, not both: write two rules");
  } else if (!bounded) {
    faults.add(table, "a rule needs min, max or both, or any_of or none_of");
  }
  if (rule.min > rule.max) faults.add(table, "min and max of the rule contradict each other");
  if (rule.name.empty()) rule.name = rule_name(rule);
  return rule;
}

template <class Read>
void each_table(const toml::table& root, const char* key, Faults& faults, Read read) {
  const auto* node = root.get(key);
  if (node == nullptr) return;
  const auto* array = node->as_array();
  if (array == nullptr) {
    faults.add(*node, std::string(key) + " must be a list of tables: write [[" + key + "]]");
    return;
  }
  for (const auto& item : *array) {
    if (const auto* table = item.as_table())
      read(*table);
    else
      faults.add(item, std::string("[[") + key + "]] must be tables");
  }
}

}  // namespace

CriteriaFile read_criteria(std::string_view text, const std::string& where) {
  toml::table root;
  if (nests_too_deep(text))
    throw Error("ranking.syntax", "a key nests deeper than 256 tables", where,
                "Write flat tables.");
  try {
    root = toml::parse(text);
  } catch (const toml::parse_error& error) {
    const auto at = error.source().begin;
    throw Error("ranking.syntax",
                "line " + std::to_string(at.line) + ", column " + std::to_string(at.column) + ": " +
                    printable(std::string(error.description())),
                where);
  }
  Faults faults;
  Reader reader(faults);
  CriteriaFile out;
  const bool study = root.get("study") != nullptr;
  for (const auto& [key, node] : root) {
    const std::string name(key.str());
    if (name == "criteria" || name == "rules" || (study && is_study_table(name))) continue;
    faults.add(node,
               "unknown key '" + key_text(key) + "'. " + suggestion(name, {"criteria", "rules"}));
  }
  std::set<std::string> names;
  each_table(root, "criteria", faults, [&](const toml::table& table) {
    out.criteria.push_back(read_criterion(table, reader, faults));
    if (!names.insert(out.criteria.back().name).second)
      faults.add(table, "two criteria are named '" + printable(out.criteria.back().name) + "'");
  });
  each_table(root, "rules", faults, [&](const toml::table& table) {
    out.rules.push_back(read_rule(table, reader, faults));
  });
  if (!faults.empty()) throw Error("ranking.criteria_file", faults.text(), where);
  if (out.criteria.empty())
    throw Error("ranking.no_criteria", "the file has no [[criteria]] table", where,
                "Write [[criteria]], then name, direction and weight below it.");
  return out;
}

}  // namespace lode
