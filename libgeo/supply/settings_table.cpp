#include "libgeo/supply/settings_table.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {

void SettingsMistakes::add(const toml::node& at, const std::string& text, const std::string& hint) {
  list_.push_back({at.source().begin.line, text, hint});
}

void SettingsMistakes::throw_if_any() const {
  if (list_.empty()) return;
  auto sorted = list_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const One& a, const One& b) { return a.line < b.line; });
  // A file of another kind has a mistake a line: the first tell.
  constexpr std::size_t most_said = 20;
  const std::size_t more = sorted.size() > most_said ? sorted.size() - most_said : 0;
  sorted.resize(sorted.size() - more);
  std::vector<Error> errors;
  for (const auto& one : sorted)
    errors.emplace_back(code_, one.text,
                        one.line > 0 ? where_ + ":" + std::to_string(one.line) : where_, one.hint);
  if (more > 0)
    errors.emplace_back(code_, "and " + std::to_string(more) + " more mistakes", where_,
                        "Mend the first ones, or see whether it is the file that is meant.");
  Error first = errors.front();
  first.more.assign(errors.begin() + 1, errors.end());
  throw first;
}

toml::table parse_settings(std::string_view text, const std::string& where,
                           const std::string& code) {
  const std::string hint = "It is TOML: key = value, [table], [[list]].";
  if (nests_too_deep(text)) throw Error(code, "keys nest too deep", where, hint);
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw Error(code, std::string(error.description()),
                where + ":" + std::to_string(error.source().begin.line), hint);
  }
}

std::string SettingsTable::name(const std::string& key) const {
  return path_.empty() ? key : path_ + " " + key;
}

const toml::node* SettingsTable::ask(const std::string& key) {
  known_.push_back(key);
  return table_.get(key);
}

void SettingsTable::fault(const std::string& key, const std::string& what,
                          const std::string& hint) {
  const toml::node* node = table_.get(key);
  mistakes_.add(node != nullptr ? *node : static_cast<const toml::node&>(table_),
                name(key) + ": " + what, hint);
}

void SettingsTable::text(const std::string& key, std::string& into) {
  const auto* node = ask(key);
  if (node == nullptr) return;
  if (const auto value = node->value_exact<std::string>())
    into = *value;
  else
    fault(key, "a text in quotation marks is meant");
}

void SettingsTable::texts(const std::string& key, std::vector<std::string>& into) {
  const auto* node = ask(key);
  if (node == nullptr) return;
  into.clear();
  if (const auto value = node->value_exact<std::string>()) {
    into.push_back(*value);
  } else if (const auto* list = node->as_array()) {
    for (const auto& one : *list)
      if (const auto text = one.value_exact<std::string>())
        into.push_back(*text);
      else
        return fault(key, "a list of texts is meant");
  } else {
    fault(key, "a text or a list of texts is meant");
  }
}

void SettingsTable::flag(const std::string& key, bool& into) {
  const auto* node = ask(key);
  if (node == nullptr) return;
  if (const auto value = node->value_exact<bool>())
    into = *value;
  else
    fault(key, "true or false is meant");
}

void SettingsTable::number(const std::string& key, double& into, double low, double high) {
  const auto* node = ask(key);
  if (node == nullptr) return;
  const auto value = node->is_number() ? node->value<double>() : std::nullopt;
  if (!value || !std::isfinite(*value)) return fault(key, "a number is meant");
  if (*value < low || *value > high)
    return fault(key, number_text(*value) + " is not " +
                          (std::isinf(high) ? number_text(low) + " or more"
                                            : number_text(low) + " to " + number_text(high)));
  into = *value;
}

void SettingsTable::whole(const std::string& key, std::size_t& into, std::size_t low,
                          std::size_t high) {
  double value = static_cast<double>(into);
  number(key, value, static_cast<double>(low), static_cast<double>(high));
  if (value != std::floor(value)) return fault(key, "a whole number is meant");
  into = static_cast<std::size_t>(value);
}

void SettingsTable::year(const std::string& key, int& into) {
  double value = into;
  const bool said = has(key);
  number(key, value, 1900.0, 2200.0);
  if (!said) return;
  if (value != std::floor(value)) return fault(key, "a whole year is meant");
  into = static_cast<int>(value);
}

void SettingsTable::years(int& from, int& to) {
  int only = 0;
  year("year", only);
  if (only != 0) from = to = only;
  if (only != 0 && (has("from_year") || has("to_year")))
    fault("year", "stands beside from_year or to_year", "Say either.");
  year("from_year", from);
  year("to_year", to);
  if (from > to) fault("from_year", "is after to_year");
}

void SettingsTable::choice(const std::string& key, const std::vector<std::string>& names,
                           std::string& into) {
  std::string word = into;
  text(key, word);
  const auto at = std::find(names.begin(), names.end(), lower(word));
  if (!has(key)) return;
  if (at == names.end())
    fault(key, "'" + printable(word) + "' is not one of " + join(names, ", "),
          suggestion(word, names));
  else
    into = *at;
}

void SettingsTable::each(const std::string& key, const std::function<void(SettingsTable&)>& read) {
  const auto* node = ask(key);
  if (node == nullptr) return;
  const auto* list = node->as_array();
  if (list == nullptr) return fault(key, "write [[" + name(key) + "]]");
  for (const auto& one : *list) {
    const auto* table = one.as_table();
    if (table == nullptr) return fault(key, "write [[" + name(key) + "]]");
    SettingsTable inside(*table, name(key), mistakes_);
    read(inside);
    inside.finish();
  }
}

void SettingsTable::inner(const std::string& key, const std::function<void(SettingsTable&)>& read) {
  const auto* node = ask(key);
  if (node == nullptr) return;
  const auto* table = node->as_table();
  if (table == nullptr) return fault(key, "write [" + name(key) + "]");
  SettingsTable inside(*table, name(key), mistakes_);
  read(inside);
  inside.finish();
}

void SettingsTable::named_numbers(std::vector<std::pair<std::string, double>>& into, double low,
                                  double high) {
  for (const auto& [key, node] : table_) {
    double value = 0.0;
    const std::string own(key.str());
    number(own, value, low, high);
    into.emplace_back(own, value);
  }
}

void SettingsTable::finish() {
  for (const auto& [key, node] : table_) {
    const std::string own(key.str());
    if (std::find(known_.begin(), known_.end(), own) == known_.end())
      mistakes_.add(node, "unknown key '" + printable(name(own)) + "'", suggestion(own, known_));
  }
}

}  // namespace lode
