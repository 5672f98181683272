#include "libgeo/environment/rules.h"

#include <toml++/toml.h>

#include <algorithm>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/jurisdiction.h"
#include "libgeo/core/quantity.h"
#include "libgeo/core/study_tables.h"

namespace lode {
namespace {

const std::vector<std::string> kKeys = {"name",
                                        "path",
                                        "layer",
                                        "where",
                                        "crs",
                                        "x",
                                        "y",
                                        "encoding",
                                        "missing",
                                        "below_detection",
                                        "id",
                                        "setback",
                                        "hard",
                                        "citation",
                                        "jurisdiction",
                                        "from",
                                        "to",
                                        "setbacks",
                                        "class",
                                        "class_is",
                                        "jurisdiction_field"};

/// One table and the place of each fault in it.
class Reader {
 public:
  Reader(const toml::table& table, std::string file) : table_(table), file_(std::move(file)) {}

  [[noreturn]] void refuse(const std::string& code, const std::string& what,
                           const toml::source_position& at, const std::string& hint) const {
    throw Error(
        code, what,
        file_ + ", line " + std::to_string(at.line) + ", column " + std::to_string(at.column),
        hint);
  }

  void text(const char* key, std::string& into, bool required = false) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) {
      if (required)
        refuse("rules.missing_key", std::string("a rule has no ") + key, table_.source().begin,
               "Write name, path and setback in every [[constraints]] table.");
      return;
    }
    if (!node->is_string())
      refuse("rules.type", std::string(key) + " must be text", node->source().begin,
             "Put it in quotes.");
    into = *node->value<std::string>();
  }

  void date(const char* key, std::optional<Date>& into) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return;
    if (const auto day = node->value<toml::date>(); day && node->is_date()) {
      into = Date{day->year, day->month, day->day};
      return;
    }
    if (node->is_string()) into = parse_date(*node->value<std::string>());
    if (!into)
      refuse("rules.value", std::string(key) + " is no date", node->source().begin,
             "Write it as 2026-11-01.");
  }

  void missing(std::vector<std::string>& into) const {
    const toml::node* node = table_.get("missing");
    if (node == nullptr) return;
    const toml::array* list = node->as_array();
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i)
      if (const auto value = list->get(i)->value<std::string>()) into.push_back(*value);
    if (list == nullptr || into.size() != list->size())
      refuse("rules.type", "missing must be a list of texts", node->source().begin,
             "Write missing = [\"-\", \"n/a\"].");
  }

  void setback(ConstraintRule& rule) const {
    const toml::node* node = table_.get("setback");
    if (node == nullptr)
      refuse("rules.missing_key", "a rule has no setback", table_.source().begin,
             "Write setback = \"200 m\"; \"0 m\" keeps off the feature itself.");
    const auto& at = node->source().begin;
    if (const toml::table* by_field = node->as_table()) {
      rule.setback_field = by_field->at_path("field").value<std::string>().value_or("");
      rule.setback_unit = by_field->at_path("unit").value<std::string>().value_or("");
      if (rule.setback_field.empty() || by_field->size() > (rule.setback_unit.empty() ? 1u : 2u))
        refuse("rules.value", "a setback by attribute needs a field, and may have a unit", at,
               "Write setback = { field = \"SETBACK\", unit = \"m\" }.");
      return;
    }
    if (!node->is_string())
      refuse("rules.type", "setback must be text with a unit", at, "Write setback = \"200 m\".");
    rule.setback_m = parse_quantity(*node->value<std::string>(), Dimension::length,
                                    file_ + ", line " + std::to_string(at.line));
    if (rule.setback_m < 0.0)
      refuse("rules.value", "a setback below 0", at, "Setbacks are 0 or more.");
  }

  /// One file of a table, or a list of files.
  void tables(std::vector<std::string>& into) const {
    const toml::node* node = table_.get("setbacks");
    if (node == nullptr)
      refuse("rules.missing_key", "a rule by class has no setbacks", table_.source().begin,
             "Write setbacks = \"us_federal.toml\", or a list of files.");
    if (const auto one = node->value<std::string>()) into.push_back(*one);
    const toml::array* list = node->as_array();
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i)
      if (const auto one = list->get(i)->value<std::string>()) into.push_back(*one);
    if (into.empty() || (list != nullptr && into.size() != list->size()))
      refuse("rules.type", "setbacks must be the name of a file, or a list of them",
             node->source().begin, "Write setbacks = [\"us_federal.toml\", \"nevada.toml\"].");
  }

  /// A setback by class: the table says how far, how hard and by which law.
  void by_class(ConstraintRule& rule) const {
    if (!rule.class_field.empty() && !rule.class_is.empty())
      refuse("rules.value", "class names a field and class_is one class for all: say one of them",
             table_.get("class_is")->source().begin, "Take one out.");
    for (const char* key : {"setback", "hard", "citation"})
      if (const toml::node* node = table_.get(key))
        refuse("rules.value", std::string(key) + " stands in the table of setbacks",
               node->source().begin, "Take it out here, or take class and setbacks out.");
    tables(rule.setbacks);
    if (!rule.jurisdiction_field.empty() && !rule.jurisdiction.empty())
      refuse("rules.value", "jurisdiction is one place for all and jurisdiction_field a field",
             table_.get("jurisdiction_field")->source().begin, "Take one out.");
    if (rule.jurisdiction.empty()) return;
    const auto code = jurisdiction_code(rule.jurisdiction);
    if (!code)
      refuse("rules.value", "'" + printable(rule.jurisdiction) + "' is no jurisdiction",
             table_.get("jurisdiction")->source().begin,
             "Write a code of ISO 3166: \"US\", \"US-NV\", \"AU-WA\".");
    rule.jurisdiction = *code;
  }

  void check_keys() const {
    for (const auto& [key, node] : table_) {
      const std::string name(key.str());
      if (std::find(kKeys.begin(), kKeys.end(), name) == kKeys.end())
        refuse("rules.unknown_key", "no key '" + name + "' in [[constraints]]", key.source().begin,
               suggestion(name, kKeys));
    }
  }

  [[nodiscard]] ConstraintRule read() const {
    check_keys();
    ConstraintRule rule;
    rule.line = static_cast<int>(table_.source().begin.line);
    text("name", rule.name, true);
    text("path", rule.path, true);
    text("layer", rule.layer);
    text("where", rule.where);
    text("crs", rule.crs);
    text("x", rule.x);
    text("y", rule.y);
    text("encoding", rule.encoding);
    text("below_detection", rule.below_detection);
    text("id", rule.id);
    text("citation", rule.citation);
    text("jurisdiction", rule.jurisdiction);
    text("class", rule.class_field);
    text("class_is", rule.class_is);
    text("jurisdiction_field", rule.jurisdiction_field);
    missing(rule.missing);
    if (rule.by_class()) {
      by_class(rule);
    } else {
      for (const char* key : {"setbacks", "jurisdiction_field"})
        if (const toml::node* node = table_.get(key))
          refuse("rules.missing_key", std::string(key) + " without a class", node->source().begin,
                 "Write class = \"FIELD\", or class_is = \"fish-bearing stream\".");
      setback(rule);
    }
    date("from", rule.from);
    date("to", rule.to);
    if (rule.from && rule.to && *rule.to < *rule.from)
      refuse("rules.value", "the rule ends before it begins", table_.source().begin,
             "Mend from or to.");
    if (const toml::node* node = table_.get("hard")) {
      if (!node->is_boolean())
        refuse("rules.type", "hard must be true or false", node->source().begin,
               "Leave out the quotes.");
      rule.hard = *node->value<bool>();
    }
    return rule;
  }

 private:
  const toml::table& table_;
  std::string file_;
};

void check_names(const std::vector<ConstraintRule>& rules, const std::string& where) {
  std::map<std::string, bool> hard, table;
  const auto place = [&](const ConstraintRule& rule) {
    return where + ", line " + std::to_string(rule.line);
  };
  for (const ConstraintRule& rule : rules) {
    for (const auto& name : {rule.name, review_name(rule.name)}) {
      if (!rule.by_class() && name != rule.name) continue;  // one name only
      const auto [at, fresh] = table.try_emplace(name, rule.by_class());
      if (!fresh && at->second != rule.by_class())
        throw Error("rules.mixed_table",
                    "the constraint '" + name +
                        "' has a setback in one rule and a table of setbacks in another",
                    place(rule), "Give the two different names.");
    }
    if (rule.by_class()) continue;
    const auto [at, fresh] = hard.try_emplace(rule.name, rule.hard);
    if (!fresh && at->second != rule.hard)
      throw Error(
          "rules.mixed_hard",
          "the constraint '" + rule.name + "' is hard in one rule and for review in another",
          place(rule), "Give the two different names.");
  }
}

}  // namespace

std::string review_name(const std::string& name) {
  return name + " (review)";
}

std::vector<ConstraintRule> parse_rules(const std::string& text, const std::string& where) {
  toml::table root;
  if (nests_too_deep(text))
    throw Error("rules.syntax", "a key nests deeper than 256 tables", where, "Write flat tables.");
  try {
    root = toml::parse(text, where);
  } catch (const toml::parse_error& error) {
    throw Error("rules.syntax", std::string(error.description()),
                where + ", line " + std::to_string(error.source().begin.line) + ", column " +
                    std::to_string(error.source().begin.column),
                "Mend the TOML there.");
  }
  const Reader top(root, where);
  for (const auto& [key, node] : root) {
    const std::string name(key.str());
    if (!is_study_table(name))
      top.refuse("rules.unknown_key", "no table '" + name + "' in a file of rules",
                 key.source().begin, suggestion(name, {"constraints"}));
  }
  std::vector<ConstraintRule> out;
  if (const toml::array* tables = root["constraints"].as_array())
    for (const toml::node& node : *tables)
      if (const toml::table* table = node.as_table()) out.push_back(Reader(*table, where).read());
  if (out.empty())
    throw Error("rules.none", "the file has no [[constraints]] table", where,
                "Write one for each layer: name, path, setback.");
  check_names(out, where);
  return out;
}

}  // namespace lode
