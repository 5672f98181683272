#include <algorithm>
#include <cmath>

#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/logistics/sea_lanes.h"

namespace lode {

namespace {

/// One `[[gates]]` table.
class GateReader {
 public:
  GateReader(const toml::table& table, const std::string& where) : table_(table), where_(where) {}

  SeaGate read() {
    check_keys();
    SeaGate gate;
    gate.name = text("name");
    if (gate.name.empty()) fail(&table_, "a gate without a name");
    gate.canal = flag("canal");
    gate.closed = flag("closed");
    gate.line = line();
    gate.toll_usd = number("toll_usd");
    gate.max_draught_m = number("max_draught_m");
    gate.speed_kmh = number("speed_kmh");
    gate.country = text("country");
    gate.source = text("source");
    const std::string months = text("months_closed");
    if (!trim(months).empty() && !parse_months(months, gate.months_closed))
      fail(table_.get("months_closed"), "months_closed must be months, such as \"11-6\"");
    return gate;
  }

 private:
  [[noreturn]] void fail(const toml::node* node, const std::string& what) const {
    const auto row = node == nullptr ? 0U : node->source().begin.line;
    throw Error("sea.gate_invalid", what, where_ + (row > 0 ? ":" + std::to_string(row) : ""),
                "Keys of a gate: name canal line toll_usd max_draught_m speed_kmh months_closed "
                "closed country source.");
  }

  void check_keys() const {
    static const std::vector<std::string> known = {
        "name",      "canal",         "line",   "toll_usd", "max_draught_m",
        "speed_kmh", "months_closed", "closed", "country",  "source"};
    for (const auto& [key, node] : table_) {
      const std::string name(key.str());
      if (std::find(known.begin(), known.end(), name) == known.end())
        fail(&node, "unknown key '" + printable(name) + "'. " + suggestion(name, known));
    }
  }

  [[nodiscard]] std::string text(const char* key) const {
    const auto* node = table_.get(key);
    if (node == nullptr) return {};
    const auto value = node->value<std::string>();
    if (!node->is_string() || !value) fail(node, std::string(key) + " must be a text");
    return *value;
  }

  [[nodiscard]] bool flag(const char* key) const {
    const auto* node = table_.get(key);
    if (node == nullptr) return false;
    if (!node->is_boolean()) fail(node, std::string(key) + " must be true or false");
    return node->value_or(false);
  }

  [[nodiscard]] double number(const char* key) const {
    const auto* node = table_.get(key);
    if (node == nullptr) return 0.0;
    const auto value = node->is_number() ? node->value<double>() : std::nullopt;
    if (!value || !std::isfinite(*value) || *value < 0.0)
      fail(node, std::string(key) + " must be a number, zero or more");
    return *value;
  }

  [[nodiscard]] Path line() const {
    const auto* list = table_.get_as<toml::array>("line");
    if (list == nullptr || list->size() < 2)
      fail(table_.get("line"), "line must have two or more places [longitude, latitude]");
    Path line;
    for (const auto& node : *list) {
      const auto* pair = node.as_array();
      const auto x =
          pair != nullptr && pair->size() == 2 ? (*pair)[0].value<double>() : std::nullopt;
      const auto y =
          pair != nullptr && pair->size() == 2 ? (*pair)[1].value<double>() : std::nullopt;
      if (!x || !y || !(std::abs(*x) <= 360.0) || !(std::abs(*y) <= 90.0))
        fail(&node, "a place must be [longitude, latitude] in degrees");
      line.push_back({*x, *y});
    }
    return line;
  }

  const toml::table& table_;
  const std::string& where_;
};

}  // namespace

std::vector<SeaGate> parse_sea_gates(std::string_view text, const std::string& where) {
  const auto syntax = [&](const std::string& what, unsigned row) {
    return Error("sea.gate_syntax", what, where + (row > 0 ? ":" + std::to_string(row) : ""),
                 "Gates are TOML: [[gates]] tables.");
  };
  if (nests_too_deep(text)) throw syntax("keys nest too deep", 0);
  toml::table root;
  try {
    root = toml::parse(text);
  } catch (const toml::parse_error& fault) {
    throw syntax(std::string(fault.description()), fault.source().begin.line);
  }
  const auto* list = root.get_as<toml::array>("gates");
  std::vector<SeaGate> gates;
  for (const auto& [key, node] : root)
    if (key.str() != "gates")
      throw Error("sea.gate_invalid", "unknown key '" + printable(std::string(key.str())) + "'",
                  where, "The file holds [[gates]] tables only.");
  if (list == nullptr)
    throw Error("sea.gate_invalid", "there is no [[gates]] table", where, "See the page of route.");
  for (const auto& node : *list) {
    const auto* table = node.as_table();
    if (table == nullptr)
      throw Error("sea.gate_invalid", "gates must be tables", where, "Write [[gates]].");
    gates.push_back(GateReader(*table, where).read());
  }
  return gates;
}

std::vector<SeaGate> with_built_in_gates(std::vector<SeaGate> own) {
  std::vector<SeaGate> gates;
  for (const auto& gate : built_in_sea_gates()) {
    const bool replaced = std::any_of(own.begin(), own.end(), [&](const SeaGate& mine) {
      return lower(trim(mine.name)) == lower(gate.name);
    });
    if (!replaced) gates.push_back(gate);
  }
  for (auto& gate : own) gates.push_back(std::move(gate));
  return gates;
}

}  // namespace lode
