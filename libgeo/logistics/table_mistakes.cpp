#include "libgeo/logistics/table_mistakes.h"

#include <algorithm>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {

void TableMistakes::add(const toml::node* node, const std::string& text) {
  add_at(node == nullptr ? 0 : node->source().begin.line, text);
}

void TableMistakes::check_keys(const toml::table& table, const std::string& path,
                               const std::vector<std::string>& known) {
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    if (std::find(known.begin(), known.end(), name) == known.end())
      add(&node, "unknown key '" + printable(path + name) + "'. " + suggestion(name, known));
  }
}

std::string TableMistakes::date(const toml::table& root, const std::string& what) {
  const auto* node = root.get("as_of");
  if (node == nullptr) {
    add(nullptr, "as_of is missing: say of which day the " + what + " are");
    return {};
  }
  if (const auto day = node->value<toml::date>())
    return to_text(Date{day->year, day->month, day->day});
  if (const auto written = node->value<std::string>())
    if (const auto day = parse_date(*written)) return to_text(*day);
  add(node, "as_of must be a day such as 2026-11-01");
  return {};
}

void TableMistakes::throw_any(const std::string& code, const std::string& hint) {
  if (list_.empty()) return;
  std::stable_sort(list_.begin(), list_.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  const auto error_of = [&](const std::pair<unsigned, std::string>& one) {
    return Error(code, one.second,
                 one.first > 0 ? where_ + ":" + std::to_string(one.first) : where_, hint);
  };
  Error error = error_of(list_.front());
  for (std::size_t i = 1; i < list_.size(); ++i) error.more.push_back(error_of(list_[i]));
  throw error;
}

}  // namespace lode
