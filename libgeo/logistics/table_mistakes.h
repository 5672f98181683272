// Every mistake in a table of rates or stages, told together in the order of its lines.
#pragma once

#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <string>
#include <utility>
#include <vector>

namespace lode {

/// What is wrong with a TOML table that people edit; its readers go on after a mistake, so that all
/// are told at once.
class TableMistakes {
 public:
  explicit TableMistakes(std::string where) : where_(std::move(where)) {}

  /// At the line of a node; null: of the table as a whole.
  void add(const toml::node* node, const std::string& text);
  void add_at(unsigned line, const std::string& text) { list_.emplace_back(line, text); }
  [[nodiscard]] std::size_t size() const { return list_.size(); }
  /// Adds the keys that are not known, each with the nearest that is.
  void check_keys(const toml::table& table, const std::string& path,
                  const std::vector<std::string>& known);
  /// The day of `as_of`; `what` names the figures in the message.
  [[nodiscard]] std::string date(const toml::table& root, const std::string& what);
  /// Throws the first mistake with the others in `Error::more`, if there is any.
  void throw_any(const std::string& code, const std::string& hint);

 private:
  std::string where_;
  std::vector<std::pair<unsigned, std::string>> list_;
};

}  // namespace lode
