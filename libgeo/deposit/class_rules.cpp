// Class rules from TOML, every fault with its line.
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/classification.h"

namespace lode {

namespace {

class Reader {
 public:
  explicit Reader(std::string where) : where_(std::move(where)) {}

  [[noreturn]] void refuse(const std::string& code, const std::string& what,
                           const toml::source_position& at, const std::string& hint) const {
    throw Error(
        code, what,
        where_ + ", line " + std::to_string(at.line) + ", column " + std::to_string(at.column),
        hint);
  }

  void check_keys(const toml::table& table, const std::vector<std::string>& known,
                  const std::string& of) const {
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      if (std::find(known.begin(), known.end(), name) == known.end())
        refuse("classes.unknown_key", "no key '" + printable(name) + "' in " + of,
               key.source().begin, suggestion(name, known));
    }
  }

  [[nodiscard]] std::string text(const toml::table& table, const char* key) const {
    const toml::node* node = table.get(key);
    if (node == nullptr)
      refuse("classes.missing_key", std::string("a class has no ") + key, table.source().begin,
             "Write name and when in every [[classes]] table.");
    if (!node->is_string())
      refuse("classes.type", std::string(key) + " must be text", node->source().begin,
             "Put it in quotes.");
    return *node->value<std::string>();
  }

  // "nearest_m <= 30"
  [[nodiscard]] ClassCondition condition(const std::string& text,
                                         const toml::source_position& at) const {
    static const std::vector<std::pair<std::string, Comparison>> signs{
        {"<=", Comparison::at_most}, {">=", Comparison::at_least}, {"!=", Comparison::not_equal},
        {"<", Comparison::below},    {">", Comparison::above},     {"=", Comparison::equal}};
    for (const auto& [sign, comparison] : signs) {
      const auto place = text.find(sign);
      if (place == std::string::npos) continue;
      const std::string column(trim(text.substr(0, place)));
      std::string number(trim(text.substr(place + sign.size())));
      if (sign == "=" && number.starts_with("=")) number = trim(number.substr(1));
      const auto value = parse_number(number);
      if (column.empty() || !value) break;
      return {column, comparison, *value};
    }
    refuse("classes.condition", "'" + printable(text) + "' is no condition", at,
           "Write a column, a sign and a number, e.g. \"nearest_m <= 30\".");
  }

  void read_class(const toml::table& table, ClassRules& rules) const {
    check_keys(table, {"name", "when"}, "[[classes]]");
    ClassRule rule;
    rule.line = static_cast<int>(table.source().begin.line);
    rule.name = text(table, "name");
    for (const ClassRule& other : rules.rules)
      if (other.name == rule.name || rule.name == "unclassified")
        refuse("classes.repeated", "the class '" + printable(rule.name) + "' stands twice",
               table.source().begin, "Give each class one table.");
    const toml::node* when = table.get("when");
    if (when == nullptr)
      refuse("classes.missing_key", "a class has no when", table.source().begin,
             "Write when = [\"nearest_m <= 30\"].");
    const toml::array* list = when->as_array();
    if (list == nullptr || list->empty())
      refuse("classes.type", "when must be a list of conditions", when->source().begin,
             "Write when = [\"nearest_m <= 30\"].");
    for (const toml::node& one : *list) {
      const auto words = one.value<std::string>();
      if (!one.is_string())
        refuse("classes.type", "a condition must be text", one.source().begin, "Put it in quotes.");
      rule.when.push_back(condition(*words, one.source().begin));
    }
    if (rules.rules.size() >= 200)
      refuse("classes.type", "there are more than 200 classes", table.source().begin,
             "Take fewer.");
    rules.rules.push_back(std::move(rule));
  }

  [[nodiscard]] int count(const toml::table& table, const char* key, int least, int most,
                          int otherwise) const {
    const toml::node* node = table.get(key);
    if (node == nullptr) return otherwise;
    const auto value = node->value<std::int64_t>();
    if (!node->is_integer() || *value < least || *value > most)
      refuse("classes.type",
             std::string(key) + " must be a whole number from " + std::to_string(least) + " to " +
                 std::to_string(most),
             node->source().begin, "Correct it.");
    return static_cast<int>(*value);
  }

  [[nodiscard]] std::string axis(const toml::table& table, const char* key, char letter, int grades,
                                 const std::string& otherwise) const {
    const toml::node* node = table.get(key);
    if (node == nullptr) return otherwise;
    const auto value = node->value<std::string>();
    const bool good = node->is_string() && value->size() >= 2 && (*value)[0] == letter &&
                      (*value)[1] >= '1' && (*value)[1] <= '0' + grades;
    if (!good)
      refuse("classes.unfc",
             std::string("'") + key + "' is no category of UNFC's " + letter + " axis",
             node->source().begin,
             std::string("Write ") + letter + "1 to " + letter + std::to_string(grades) + ".");
    return *value;
  }

 private:
  std::string where_;
};

}  // namespace

ClassRules parse_class_rules(const std::string& text, const std::string& where) {
  if (nests_too_deep(text))
    throw Error("classes.syntax", "a key has too many parts", where, "Write plain keys.");
  toml::table root;
  try {
    root = toml::parse(text, where);
  } catch (const toml::parse_error& error) {
    const auto& at = error.source().begin;
    throw Error(
        "classes.syntax", std::string(error.description()),
        where + ", line " + std::to_string(at.line) + ", column " + std::to_string(at.column),
        "Class rules are TOML.");
  }
  const Reader reader(where);
  reader.check_keys(root, {"classes", "smoothing", "unfc"}, "class rules");
  ClassRules rules;
  const toml::array* classes = root["classes"].as_array();
  for (std::size_t i = 0; classes != nullptr && i < classes->size(); ++i)
    if (const toml::table* table = classes->get(i)->as_table()) reader.read_class(*table, rules);
  if (rules.rules.empty())
    throw Error("classes.missing_key", "there is no [[classes]] table", where,
                "Write [[classes]] with name and when.");
  if (const toml::table* table = root["smoothing"].as_table()) {
    reader.check_keys(*table, {"blocks", "rounds"}, "[smoothing]");
    rules.smooth_blocks = reader.count(*table, "blocks", 0, 10, 0);
    rules.smooth_rounds = reader.count(*table, "rounds", 1, 10, 1);
  }
  if (const toml::table* table = root["unfc"].as_table()) {
    reader.check_keys(*table, {"e", "f"}, "[unfc]");
    rules.unfc_e = reader.axis(*table, "e", 'E', 3, rules.unfc_e);
    rules.unfc_f = reader.axis(*table, "f", 'F', 4, rules.unfc_f);
  }
  const auto columns = rules.columns();
  for (ClassRule& rule : rules.rules)
    for (ClassCondition& condition : rule.when)
      condition.index = static_cast<std::size_t>(
          std::find(columns.begin(), columns.end(), condition.column) - columns.begin());
  return rules;
}

}  // namespace lode
