// Inside of the supply room: a TOML text read key by key, with every mistake told at its line.
#pragma once

#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace lode {

/// The mistakes of one text, thrown together in the order of their lines.
class SettingsMistakes {
 public:
  SettingsMistakes(std::string where, std::string code)
      : where_(std::move(where)), code_(std::move(code)) {}
  void add(const toml::node& at, const std::string& text, const std::string& hint = {});
  void throw_if_any() const;

 private:
  std::string where_, code_;
  struct One {
    unsigned line;
    std::string text, hint;
  };
  std::vector<One> list_;
};

/// Parses the text. Error `code` ("policy.syntax") with the line.
[[nodiscard]] toml::table parse_settings(std::string_view text, const std::string& where,
                                         const std::string& code);

/// One table of it. Keys that were never asked for are mistakes, with the nearest of those that
/// were.
class SettingsTable {
 public:
  SettingsTable(const toml::table& table, std::string path, SettingsMistakes& mistakes)
      : table_(table), path_(std::move(path)), mistakes_(mistakes) {}

  [[nodiscard]] bool has(const std::string& key) const { return table_.contains(key); }
  void text(const std::string& key, std::string& into);
  void texts(const std::string& key, std::vector<std::string>& into);  ///< a text counts as one
  void flag(const std::string& key, bool& into);
  void number(const std::string& key, double& into, double low, double high);
  void whole(const std::string& key, std::size_t& into, std::size_t low, std::size_t high);
  void year(const std::string& key, int& into);  ///< 1900 to 2200
  /// `from_year` and `to_year`, or `year` for both.
  void years(int& from, int& to);
  void choice(const std::string& key, const std::vector<std::string>& names, std::string& into);
  /// One [[key]] after the other.
  void each(const std::string& key, const std::function<void(SettingsTable&)>& read);
  /// The table [key], when there is one.
  void inner(const std::string& key, const std::function<void(SettingsTable&)>& read);
  /// Keys of this table that are names of the user's own, as numbers.
  void named_numbers(std::vector<std::pair<std::string, double>>& into, double low, double high);
  void fault(const std::string& key, const std::string& what, const std::string& hint = {});
  /// Unknown keys; call it last.
  void finish();

 private:
  [[nodiscard]] const toml::node* ask(const std::string& key);
  [[nodiscard]] std::string name(const std::string& key) const;

  const toml::table& table_;
  std::string path_;
  SettingsMistakes& mistakes_;
  std::vector<std::string> known_;
};

}  // namespace lode
