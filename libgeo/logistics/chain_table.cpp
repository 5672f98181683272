#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "libgeo/core/error.h"
#include "libgeo/core/quantity.h"
#include "libgeo/core/text.h"
#include "libgeo/logistics/chain.h"
#include "libgeo/logistics/table_mistakes.h"

namespace lode {

namespace {

constexpr const char* kHint = "'lode chain --print-table' shows a whole table to start from.";

/// A fault of a table and the entry it stands in.
struct Fault {
  enum class In { table, last, product, stage } in = In::table;
  std::size_t index = 0;
  std::string what;
};

std::vector<std::string> names_of(const std::vector<Product>& products) {
  std::vector<std::string> names;
  for (const auto& product : products) names.push_back(product.name);
  return names;
}

/// Checks of what the entries say to one another.
class Structure {
 public:
  explicit Structure(const ChainTable& table) : table_(table), names_(names_of(table.products)) {}

  std::vector<Fault> faults() {
    values();
    links();
    if (faults_.empty()) circles();
    if (faults_.empty()) ends();
    return std::move(faults_);
  }

 private:
  void fault(Fault::In in, std::size_t index, std::string what) {
    faults_.push_back({in, index, std::move(what)});
  }

  void values() {
    std::set<std::string> given, seen;
    for (const auto& stage : table_.stages) given.insert(stage.gives);
    for (std::size_t i = 0; i < table_.products.size(); ++i) {
      const Product& product = table_.products[i];
      const std::string name = "product '" + printable(product.name) + "': ";
      const auto bad = [&](const std::string& what) { fault(Fault::In::product, i, name + what); };
      if (product.name.empty()) bad("it has no name");
      if (!seen.insert(product.name).second) bad("there are two of this name");
      if (!(product.grade >= 0.0 && product.grade <= 1.0))
        bad("grade must be above 0 and at most 100 %");
      else if (product.grade == 0.0 && given.count(product.name) != 0)
        bad("grade is missing: only what leaves a site may have the site's own");
      if (!(product.moisture >= 0.0 && product.moisture < 1.0))
        bad("moisture must be 0 to below 100 %");
      if (!(product.radioactivity_share >= 0.0 && product.radioactivity_share <= 1.0))
        bad("radioactivity_share must be 0 to 100 %");
    }
    if (table_.products.empty()) fault(Fault::In::table, 0, "there are no [[products]]");
    if (table_.stages.empty()) fault(Fault::In::table, 0, "there are no [[stages]]");
    if (!table_.last.empty() && !known(table_.last))
      fault(Fault::In::last, 0,
            "last = '" + printable(table_.last) + "' is no product of the table. " +
                suggestion(table_.last, names_));
  }

  void links() {
    std::set<std::pair<std::string, std::string>> seen;
    std::set<std::string> met;
    for (std::size_t i = 0; i < table_.stages.size(); ++i) {
      const ChainStage& stage = table_.stages[i];
      const std::string name = "stage '" + printable(stage.name) + "': ";
      const auto bad = [&](const std::string& what) { fault(Fault::In::stage, i, name + what); };
      if (stage.name.empty()) bad("it has no name");
      const std::pair<const char*, std::string> ends[] = {{"takes", stage.takes},
                                                          {"gives", stage.gives}};
      for (const auto& [key, product] : ends)
        if (!known(product))
          bad(std::string(key) + " '" + printable(product) + "', which is no product. " +
              suggestion(product, names_));
      if (!seen.insert({stage.name, stage.takes}).second)
        bad("two of this name take '" + printable(stage.takes) + "'");
      if (!(stage.recovery > 0.0 && stage.recovery <= 1.0))
        bad("recovery must be above 0 and at most 100 %");
      const Rate& cost = stage.usd_per_kg;
      if (!(cost.low >= 0.0 && cost.low <= cost.base && cost.base <= cost.high &&
            std::isfinite(cost.high)))
        bad("usd_per_kg must be zero or more, low, base and high rising");
      met.insert(stage.takes);
      met.insert(stage.gives);
    }
    for (std::size_t i = 0; i < table_.products.size(); ++i)
      if (met.count(names_[i]) == 0 && !table_.stages.empty())
        fault(Fault::In::product, i,
              "product '" + printable(names_[i]) + "': no stage takes or gives it");
  }

  /// Takes away what no stage gives, again and again; what is left runs in circles.
  void circles() {
    std::set<std::string> left(names_.begin(), names_.end());
    for (bool changed = true; changed;) {
      changed = false;
      for (const auto& name : names_) {
        const bool waits = std::any_of(
            table_.stages.begin(), table_.stages.end(),
            [&](const ChainStage& s) { return s.gives == name && left.count(s.takes) != 0; });
        if (!waits && left.erase(name) != 0) changed = true;
      }
    }
    for (std::size_t i = 0; i < table_.stages.size(); ++i)
      if (left.count(table_.stages[i].takes) != 0 && left.count(table_.stages[i].gives) != 0) {
        fault(Fault::In::stage, i,
              "stage '" + printable(table_.stages[i].name) + "': stages run in a circle through '" +
                  printable(table_.stages[i].takes) + "'");
        return;
      }
  }

  void ends() {
    if (!table_.last.empty()) return;
    std::vector<std::string> ends;
    for (const auto& name : names_)
      if (std::none_of(table_.stages.begin(), table_.stages.end(),
                       [&](const ChainStage& s) { return s.takes == name; }))
        ends.push_back(printable(name));
    if (ends.size() > 1)
      fault(Fault::In::table, 0, "chains may end at " + join(ends, ", ") + ": say which with last");
  }

  [[nodiscard]] bool known(const std::string& product) const {
    return std::find(names_.begin(), names_.end(), product) != names_.end();
  }

  const ChainTable& table_;
  std::vector<std::string> names_;
  std::vector<Fault> faults_;
};

class Reader {
 public:
  explicit Reader(const std::string& where) : where_(where), mistakes_(where) {}

  ChainTable read(const toml::table& root) {
    check_keys(root, "", {"as_of", "contained", "last", "source", "note", "products", "stages"});
    ChainTable table;
    table.name = where_;
    table.as_of = mistakes_.date(root, "figures");
    table.contained = text(root, "contained", "", true);
    table.last = text(root, "last", "", false);
    table.source = text(root, "source", "", false);
    each(root, "products", [&](const toml::table& entry) { product(entry, table); });
    each(root, "stages", [&](const toml::table& entry) { stage(entry, table); });
    mistakes_.throw_any("chain.invalid", kHint);
    for (const auto& fault : Structure(table).faults())
      mistakes_.add_at(fault.in == Fault::In::product ? product_lines_[fault.index]
                       : fault.in == Fault::In::stage ? stage_lines_[fault.index]
                       : fault.in == Fault::In::last  ? line_of(root, "last")
                                                      : 0,
                       fault.what);
    mistakes_.throw_any("chain.invalid", kHint);
    for (const auto& product : table.products)
      if (table.last.empty() &&
          std::none_of(table.stages.begin(), table.stages.end(),
                       [&](const ChainStage& stage) { return stage.takes == product.name; }))
        table.last = product.name;
    return table;
  }

 private:
  static unsigned line_of(const toml::table& root, const char* key) {
    const auto* node = root.get(key);
    return node == nullptr ? 0 : node->source().begin.line;
  }

  void mistake(const toml::node* node, const std::string& what) { mistakes_.add(node, what); }
  void check_keys(const toml::table& table, const std::string& path,
                  const std::vector<std::string>& known) {
    mistakes_.check_keys(table, path, known);
  }

  template <class Visit>
  void each(const toml::table& root, const char* key, Visit visit) {
    const auto* node = root.get(key);
    const auto* list = node == nullptr ? nullptr : node->as_array();
    if (list == nullptr) {
      mistake(node, std::string("there is no [[") + key + "]]");
      return;
    }
    for (const auto& entry : *list)
      if (const auto* table = entry.as_table())
        visit(*table);
      else
        mistake(&entry, std::string(key) + " must be tables: [[" + key + "]]");
  }

  std::string text(const toml::table& table, const char* key, const std::string& path,
                   bool required) {
    const auto* node = table.get(key);
    if (node == nullptr) {
      if (required) mistake(&table, path + key + " is missing");
      return {};
    }
    const auto value = node->value<std::string>();
    if (!value || (required && trim(*value).empty())) mistake(node, path + key + " must be a text");
    return value.value_or("");
  }

  /// A share with its unit; `fallback` NaN: it is required.
  double share(const toml::table& table, const char* key, const std::string& path,
               double fallback) {
    const auto* node = table.get(key);
    if (node == nullptr) {
      if (std::isnan(fallback)) mistake(&table, path + key + " is missing");
      return std::isnan(fallback) ? 0.5 : fallback;
    }
    const auto written = node->value<std::string>();
    if (!written || !node->is_string()) {
      mistake(node, path + key + " needs its unit, such as \"60 %\"");
      return 0.5;
    }
    try {
      return parse_quantity(*written, Dimension::grade, where_);
    } catch (const Error& error) {
      mistake(node, path + key + ": " + error.what());
      return 0.5;
    }
  }

  bool flag(const toml::table& table, const char* key, const std::string& path) {
    const auto* node = table.get(key);
    if (node == nullptr) return false;
    if (!node->is_boolean()) mistake(node, path + key + " must be true or false");
    return node->value_or(false);
  }

  double number(const toml::table& table, const char* key, const std::string& path,
                double fallback) {
    const auto* node = table.get(key);
    if (node == nullptr && !std::isnan(fallback)) return fallback;
    if (node == nullptr) mistake(&table, path + key + " is missing");
    const auto value = node != nullptr && node->is_number() ? node->value<double>() : std::nullopt;
    if (node != nullptr && !value) mistake(node, path + key + " must be a number");
    return value.value_or(0.0);
  }

  Rate rate(const toml::table& table, const char* key, const std::string& path) {
    const auto* node = table.get(key);
    const auto* band = node == nullptr ? nullptr : node->as_table();
    if (band == nullptr) {
      const double base = number(table, key, path, std::nan(""));
      return {base, base, base};
    }
    const std::string inside = path + key + ".";
    check_keys(*band, inside, {"low", "base", "high"});
    Rate rate;
    rate.base = number(*band, "base", inside, std::nan(""));
    rate.low = number(*band, "low", inside, rate.base);
    rate.high = number(*band, "high", inside, rate.base);
    return rate;
  }

  void product(const toml::table& entry, ChainTable& table) {
    product_lines_.push_back(entry.source().begin.line);
    Product product;
    product.name = std::string(trim(text(entry, "name", "products: ", true)));
    const std::string path = "product '" + printable(product.name) + "': ";
    check_keys(entry, path, {"name", "grade", "moisture", "radioactivity_share", "source", "note"});
    product.grade = share(entry, "grade", path, 0.0);
    if (entry.get("grade") != nullptr && product.grade == 0.0)
      mistake(entry.get("grade"), path + "grade must be above 0 and at most 100 %");
    product.moisture = share(entry, "moisture", path, std::nan(""));
    product.radioactivity_share = share(entry, "radioactivity_share", path, 1.0);
    product.source = text(entry, "source", path, false);
    table.products.push_back(std::move(product));
  }

  void stage(const toml::table& entry, ChainTable& table) {
    stage_lines_.push_back(entry.source().begin.line);
    ChainStage stage;
    stage.name = std::string(trim(text(entry, "name", "stages: ", true)));
    const std::string path = "stage '" + printable(stage.name) + "': ";
    check_keys(entry, path,
               {"name", "takes", "gives", "recovery", "usd_per_kg", "at_site", "optional", "source",
                "note"});
    stage.takes = text(entry, "takes", path, true);
    stage.gives = text(entry, "gives", path, true);
    stage.recovery = share(entry, "recovery", path, std::nan(""));
    stage.usd_per_kg = rate(entry, "usd_per_kg", path);
    stage.at_site = flag(entry, "at_site", path);
    stage.optional = flag(entry, "optional", path);
    stage.source = text(entry, "source", path, false);
    table.stages.push_back(std::move(stage));
  }

  std::string where_;
  std::vector<unsigned> product_lines_, stage_lines_;
  TableMistakes mistakes_;
};

}  // namespace

void check_chain(const ChainTable& table) {
  const auto faults = Structure(table).faults();
  if (faults.empty()) return;
  Error error("chain.invalid", faults.front().what, table.name, kHint);
  for (std::size_t i = 1; i < faults.size(); ++i)
    error.more.emplace_back("chain.invalid", faults[i].what, table.name, kHint);
  throw error;
}

ChainTable parse_chain(std::string_view text, const std::string& where) {
  toml::table root;
  if (nests_too_deep(text))
    throw Error("chain.syntax", "a key nests deeper than 256 tables", where, "Write flat tables.");
  try {
    root = toml::parse(text, where);
  } catch (const toml::parse_error& error) {
    const auto at = error.source().begin;
    throw Error("chain.syntax", std::string(error.description()),
                where + ":" + std::to_string(at.line) + ":" + std::to_string(at.column),
                std::string("The table is TOML. ") + kHint);
  }
  return Reader(where).read(root);
}

}  // namespace lode
