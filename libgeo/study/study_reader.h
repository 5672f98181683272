// Reads one TOML table key by key, collecting every mistake with its line.
#pragma once

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "libgeo/core/error.h"
#include "libgeo/core/quantity.h"
#include "libgeo/core/text.h"
#include "libgeo/crs/crs.h"
#include "libgeo/study/study_file.h"

namespace lode {

[[nodiscard]] inline StatedKeys stated_keys(const toml::table& table) {
  StatedKeys keys;
  keys.line = static_cast<int>(table.source().begin.line);
  for (const auto& [key, node] : table)
    keys.lines[std::string(key.str())] = static_cast<int>(node.source().begin.line);
  return keys;
}

/// The mistakes of a whole file, thrown together at its end.
class Mistakes {
 public:
  explicit Mistakes(std::string file) : file_(std::move(file)) {}
  void add(const std::string& code, const std::string& what, const toml::source_position& at,
           const std::string& hint = {}) {
    const std::string where = file_ + (at.line == 0 ? ""
                                                    : ", line " + std::to_string(at.line) +
                                                          ", column " + std::to_string(at.column));
    list_.emplace_back(code, what, where, hint);
  }
  void add(const Error& error, const toml::source_position& at) {
    add(error.code, error.what(), at, error.hint);
  }
  /// An error that already says where.
  void add_ready(const Error& error) {
    list_.push_back(error);
    list_.back().more.clear();
    list_.insert(list_.end(), error.more.begin(), error.more.end());
  }
  void throw_if_any() const {
    if (list_.empty()) return;
    Error first = list_.front();
    first.more.assign(list_.begin() + 1, list_.end());
    throw first;
  }

 private:
  std::string file_;
  std::vector<Error> list_;
};

/// One table. Keys that were never asked for are mistakes, with the nearest of those that were.
class TableReader {
 public:
  TableReader(const toml::table& table, std::string name, Mistakes& mistakes)
      : table_(table), name_(std::move(name)), mistakes_(mistakes) {}

  [[nodiscard]] int line() const { return static_cast<int>(table_.source().begin.line); }
  [[nodiscard]] toml::source_position position() const { return table_.source().begin; }
  [[nodiscard]] bool has(const std::string& key) const { return table_.contains(key); }
  [[nodiscard]] StatedKeys stated() const { return stated_keys(table_); }
  void fault(const std::string& code, const std::string& key, const std::string& what,
             const std::string& hint = {}) {
    const auto* node = table_.get(key);
    mistakes_.add(code, name_ + " " + key + ": " + what, node ? node->source().begin : position(),
                  hint);
  }

  void text(const std::string& key, std::string& into, bool required = false) {
    const auto* node = ask(key, required);
    if (!node) return;
    if (const auto value = node->value<std::string>(); value && node->is_string()) {
      if (value->empty() && required) fault("study.value", key, "is empty");
      into = *value;
    } else {
      fault("study.type", key, "wants a text in quotes");
    }
  }
  void choice(const std::string& key, std::string& into, const std::vector<std::string>& choices,
              bool required = false) {
    text(key, into, required);
    if (!has(key)) return;
    for (const auto& one : choices)
      if (one == into) return;
    fault("study.value", key, "'" + printable(into) + "' is not one of " + join(choices, ", "),
          suggestion(into, choices));
  }
  /// A CRS that PROJ knows, or local:m, local:ft.
  void crs(const std::string& key, std::string& into) {
    text(key, into);
    if (into.empty()) return;
    try {
      (void)parse_crs(into);
    } catch (const Error& error) {
      fault(error.code, key, error.what(), error.hint);
    }
  }
  void boolean(const std::string& key, bool& into) {
    const auto* node = ask(key, false);
    if (!node) return;
    if (node->is_boolean())
      into = *node->value<bool>();
    else
      fault("study.type", key, "wants true or false");
  }
  void number(const std::string& key, double& into, double least, double most,
              bool required = false) {
    const auto* node = ask(key, required);
    if (!node) return;
    const auto value = node->is_number() ? node->value<double>() : std::nullopt;
    if (!value || !std::isfinite(*value))
      fault("study.type", key, "wants a number");
    else if (*value < least || *value > most)
      fault("study.value", key,
            number_text(*value) + " is not within " + number_text(least) + " to " +
                number_text(most));
    else
      into = *value;
  }
  /// A text with a unit: "200 m".
  void quantity(const std::string& key, double& into, Dimension dimension, bool required = false) {
    const auto* node = ask(key, required);
    if (!node) return;
    if (!node->is_string()) {
      fault("study.type", key,
            "wants a quantity with its unit in quotes, such as \"1 " +
                std::string(base_unit(dimension)) + "\"");
      return;
    }
    try {
      into = parse_quantity(*node->value<std::string>(), dimension);
    } catch (const Error& error) {
      fault(error.code, key, error.what(), error.hint);
    }
  }
  /// Three lengths above 0 with a unit: "25,25,5 m"; one stands for all three.
  void lengths(const std::string& key, std::array<double, 3>& into, bool required) {
    std::string said;
    text(key, said, required);
    if (said.empty()) return;
    try {
      std::vector<double> lengths = parse_quantities(said, Dimension::length);
      if (lengths.size() == 1) lengths.assign(3, lengths.front());
      bool good = lengths.size() == 3;
      for (const double length : lengths) good = good && length > 0.0;
      if (good)
        std::copy(lengths.begin(), lengths.end(), into.begin());
      else
        fault("study.value", key, "wants three lengths above 0", "Such as \"25,25,5 m\".");
    } catch (const Error& error) {
      fault(error.code, key, error.what(), error.hint);
    }
  }
  void date(const std::string& key, Date& into, bool required) {
    const auto* node = ask(key, required);
    if (!node) return;
    std::optional<Date> found;
    if (const auto* value = node->as_date()) {
      found = Date{value->get().year, value->get().month, value->get().day};
    } else if (node->is_string()) {
      found = parse_date(*node->value<std::string>());
    }
    if (found)
      into = *found;
    else
      fault("study.type", key, "wants a day such as 2026-11-01");
  }
  void texts(const std::string& key, std::vector<std::string>& into) {
    const auto* node = ask(key, false);
    if (!node) return;
    const auto* list = node->as_array();
    if (!list) {
      fault("study.type", key, "wants a list of texts");
      return;
    }
    into.clear();
    for (const auto& item : *list) {
      if (item.is_string())
        into.push_back(*item.value<std::string>());
      else
        fault("study.type", key, "wants a list of texts");
    }
  }
  /// A field's name, or `{ field, unit, low, high, basis }`, or `{ value, low, high }`.
  void field(const std::string& key, FieldOrValue& into, bool required = false);
  /// A word for all rows, or a field as above in a table.
  void text_or_field(const std::string& key, FieldOrValue& into);
  void layer(LayerRef& into, const std::string& path_key = "path", bool required = true);

  [[nodiscard]] const toml::node* ask(const std::string& key, bool required) {
    known_.push_back(key);
    const auto* node = table_.get(key);
    if (!node && required)
      mistakes_.add("study.missing", name_ + " has no '" + key + "'", position(),
                    "Add " + key + " = ... to the table.");
    return node;
  }
  /// To be called last.
  void finish() {
    for (const auto& [key, node] : table_) {
      (void)node;
      const std::string name(key.str());
      bool is_known = false;
      for (const auto& one : known_) is_known = is_known || one == name;
      if (!is_known)
        mistakes_.add("study.unknown_key", name_ + " has no key '" + printable(name) + "'",
                      key.source().begin, suggestion(name, known_));
    }
  }

 private:
  const toml::table& table_;
  std::string name_;
  Mistakes& mistakes_;
  std::vector<std::string> known_;
};

/// Hands each of the [[key]] tables to `each`, and lists the keys that it did not ask for.
template <class Each>
void each_table(const toml::table& root, const std::string& key, Mistakes& mistakes, Each each) {
  const auto* node = root.get(key);
  if (!node) return;
  const auto* list = node->as_array();
  if (!list || !list->is_homogeneous(toml::node_type::table)) {
    mistakes.add("study.type", "'" + key + "' wants [[" + key + "]] tables", node->source().begin);
    return;
  }
  for (const auto& item : *list) {
    TableReader reader(*item.as_table(), "[[" + key + "]]", mistakes);
    each(reader);
    reader.finish();
  }
}

/// Likewise the one [key] table.
template <class Read>
void one_table(const toml::table& root, const std::string& key, bool required, Mistakes& mistakes,
               Read read) {
  const auto* node = root.get(key);
  if (!node) {
    if (required)
      mistakes.add("study.missing", "there is no [" + key + "] table", {},
                   "'lode study init' writes a study file to start from.");
    return;
  }
  if (const auto* table = node->as_table()) {
    TableReader reader(*table, "[" + key + "]", mistakes);
    read(reader);
    reader.finish();
  } else {
    mistakes.add("study.type", "'" + key + "' wants a [" + key + "] table", node->source().begin);
  }
}

/// Reads `[[constraints]]`, whose rules the environment room knows.
void read_constraint_tables(const toml::table& root, const std::string& text, StudyFile& study,
                            Mistakes& mistakes);
/// Reads `[ranking]`, after the criteria that it names.
void read_ranking_table(const toml::table& root, StudyFile& study, Mistakes& mistakes);
/// Reads `[[networks]]` and `[logistics]`.
void read_logistics_tables(const toml::table& root, StudyFile& study, Mistakes& mistakes);
/// Reads `[[surroundings]]` and `[footprint]`.
void read_surroundings(const toml::table& root, StudyFile& study, Mistakes& mistakes);

}  // namespace lode
