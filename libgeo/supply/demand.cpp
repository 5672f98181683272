#include "libgeo/supply/demand.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/composition.h"
#include "libgeo/supply/supply_columns.h"

namespace lode {

namespace {

/// A metal as written: a group, an element, or its oxide ("Nd2O3").
std::string metal_of_text(const std::string& text, const std::string& where) {
  std::string word(trim(text));
  // An oxide is named by its element; a group never holds a digit.
  const auto digit = word.find_first_of("0123456789");
  if (digit != std::string::npos) word = word.substr(0, digit);
  if (word.size() > 1 && word.back() == 'O') word.pop_back();
  return element_group_of_column(word, where).name;
}

/// A single letter may be an axis as well as yttrium.
bool is_metal(const std::string& word) {
  try {
    return word.size() > 1 && !metal_of_text(word, "").empty();
  } catch (const Error&) {
    return false;
  }
}

bool is_mass(const std::string& word) {
  for (const char* unit :
       {"t", "kt", "mt", "kg", "g", "lb", "lbs", "ton", "tons", "tonne", "tonnes", "tpa", "ktpa"})
    if (word == unit) return true;
  return false;
}

/// `ndpr_low_t` or `ndpr_high_t` beside `ndpr_t`.
bool has_base(const Table& table, const std::string& name) {
  for (const std::string end : {"_low_t", "_high_t"}) {
    if (!name.ends_with(end)) continue;
    const std::string base = name.substr(0, name.size() - end.size()) + "_t";
    if (!metal_of_column(base).empty() && table.find(base) != nullptr) return true;
  }
  return false;
}

enum class Lost { nothing, total, demand };

/// What is lost where a column that is not a metal's is left out.
Lost lost_with(const Table& table, const Column& column) {
  const auto words = column_words(column.name);
  if (words.empty() || has_base(table, lower(column.name))) return Lost::nothing;
  if (words.size() > 1 && std::any_of(words.begin(), words.end(), is_mass))
    return words[0] == "total" || words[0] == "sum" ? Lost::total : Lost::demand;
  return std::any_of(words.begin(), words.end(), is_metal) && holds_numbers(column) ? Lost::demand
                                                                                    : Lost::nothing;
}

}  // namespace

std::string metal_of_column(const std::string& column) {
  const std::string name = lower(column);
  if (!name.ends_with("_t")) return "";
  try {
    return element_group_of_column(name.substr(0, name.size() - 2)).name;
  } catch (const Error&) {
    return "";
  }
}

std::vector<MetalColumn> metal_columns(const Table& table, Findings& findings) {
  std::vector<MetalColumn> found;
  std::vector<std::string> totals;
  for (const auto& column : table.columns) {
    const std::string metal = metal_of_column(column.name);
    if (metal.empty()) {
      const Lost lost = lost_with(table, column);
      if (lost == Lost::demand)
        throw Error("supply.demand_column",
                    "the column " + printable(column.name) + " cannot be read as a demand",
                    table.name,
                    "Name columns by metal, in tonnes: NdPr_t, Dy_t; with NdPr_low_t and "
                    "NdPr_high_t beside it for a range.");
      if (lost == Lost::total) totals.push_back(printable(column.name));
      continue;
    }
    for (const auto& known : found)
      if (known.metal == metal)
        throw Error("supply.duplicate_element", metal + " has two columns", table.name,
                    "Keep one of them.");
    found.push_back({column.name, metal});
  }
  if (found.empty())
    throw Error("supply.no_demand", "the table holds no metal's demand", table.name,
                "Name columns by metal: NdPr_t, Dy_t.");
  std::vector<std::string> metals;
  for (const auto& one : found) metals.push_back(one.metal);
  check_apart(metals, table.name);
  if (!totals.empty())
    findings.add("supply.column_unused", Severity::warning, table.name,
                 "the column " + join(totals, ", ") + " is not read: each metal has its own",
                 totals.size());
  return found;
}

SupplyDemand read_demand(const Table& table, Findings& findings) {
  SupplyDemand demand;
  demand.table = table.name;
  const SupplyColumns read(table);
  const auto years = read.numbers("year", true);
  std::vector<std::string> stems;
  for (const auto& one : metal_columns(table, findings)) {
    demand.metals.push_back(one.metal);
    stems.push_back(one.column.substr(0, one.column.size() - 2));
  }
  std::vector<std::size_t> order(years.size());
  for (std::size_t row = 0; row < order.size(); ++row) {
    order[row] = row;
    (void)whole_year(years[row], table, row, "year");
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return years[a] < years[b]; });
  for (std::size_t k = 0; k < order.size(); ++k) {
    demand.years.push_back(static_cast<int>(years[order[k]]));
    if (k > 0 && demand.years[k] != demand.years[k - 1] + 1)
      throw Error("supply.year",
                  demand.years[k] == demand.years[k - 1]
                      ? "the year " + std::to_string(demand.years[k]) + " stands twice"
                      : "no demand between " + std::to_string(demand.years[k - 1]) + " and " +
                            std::to_string(demand.years[k]),
                  table.name + ", " + table.row_name(order[k]), "Give each year one row.");
  }
  double total = 0.0;
  for (std::size_t m = 0; m < stems.size(); ++m) {
    const auto values = read.ranges(stems[m], "t", true);
    for (const std::size_t row : order) {
      const std::string where = table.name + ", " + table.row_name(row);
      if (!values[row].known())
        throw Error("supply.no_demand", stems[m] + "_t is empty", where,
                    "Write 0 where nothing is needed.");
      check_ordered(values[row], stems[m] + "_t", where);
      demand.tonnes.push_back(values[row]);
      total += values[row].base;
    }
  }
  if (!(total > 0.0)) throw Error("supply.no_demand", "nothing is needed in any year", table.name);
  return demand;
}

LowBaseHigh PricePath::of(std::string_view metal, int year) const {
  const std::size_t columns = std::max<std::size_t>(1, years.size());
  if (usd_per_kg.size() != metals.size() * columns)
    throw Error("supply.length",
                std::to_string(usd_per_kg.size()) + " prices of " + std::to_string(metals.size()) +
                    " metals in " + std::to_string(columns) + " years",
                table.empty() ? "prices" : table, "Give one of each metal and year.");
  for (std::size_t m = 0; m < metals.size(); ++m) {
    if (lower(metals[m]) != lower(metal)) continue;
    if (years.empty()) return usd_per_kg[m];
    const auto after = std::upper_bound(years.begin(), years.end(), year);
    const auto at = after == years.begin() ? 0 : after - years.begin() - 1;
    return usd_per_kg[m * columns + static_cast<std::size_t>(at)];
  }
  return {};
}

namespace {

struct PriceRow {
  std::string metal, source;
  int year = 0;
  LowBaseHigh value;
  std::size_t row = 0;
};

std::vector<PriceRow> price_rows(const Table& table, Findings& findings) {
  const SupplyColumns read(table);
  std::string item, price;
  for (const char* name : {"metal", "oxide", "element"})
    if (item.empty() && table.find(name) != nullptr) item = name;
  if (item.empty()) item = "metal";
  for (const char* name : {"price_usd_per_kg", "usd_per_kg"})
    if (price.empty() && table.find(name) != nullptr) price = name;
  if (price.empty()) price = "price_usd_per_kg";
  const auto metals = read.texts(item, true), sources = read.texts("source");
  const auto base = read.numbers(price, true), low = read.numbers("low_usd_per_kg"),
             high = read.numbers("high_usd_per_kg"), years = read.numbers("year");
  std::vector<PriceRow> rows;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string where = table.name + ", " + table.row_name(row);
    PriceRow one;
    one.metal = metal_of_text(metals[row], where);
    one.source = trim(sources[row]);
    one.value = {low[row], base[row], high[row]};
    one.row = row;
    if (!one.value.known())
      throw Error("supply.no_price", printable(metals[row]) + " has no price", where,
                  "Fill " + price + ", or leave the row out.");
    check_ordered(one.value, price, where);
    if (!std::isnan(years[row])) one.year = whole_year(years[row], table, row, "year");
    rows.push_back(one);
  }
  read.say_unused(findings);
  return rows;
}

}  // namespace

void check_demand(const SupplyDemand& demand) {
  const std::string where = demand.table.empty() ? "demand" : demand.table;
  if (demand.metals.empty() || demand.years.empty())
    throw Error("supply.no_demand",
                std::string("there is no demand: no ") +
                    (demand.metals.empty() ? "metal" : "year") + " is named",
                where);
  for (std::size_t t = 1; t < demand.years.size(); ++t)
    if (demand.years[t] != demand.years[t - 1] + 1)
      throw Error(
          "supply.year",
          std::to_string(demand.years[t]) + " follows " + std::to_string(demand.years[t - 1]),
          where, "Give every year, one after the other.");
  if (demand.tonnes.size() != demand.metals.size() * demand.years.size())
    throw Error("supply.length",
                std::to_string(demand.tonnes.size()) + " tonnes of " +
                    std::to_string(demand.metals.size()) + " metals in " +
                    std::to_string(demand.years.size()) + " years",
                where, "Give each metal its tonnes in each year.");
  for (std::size_t k = 0; k < demand.tonnes.size(); ++k) {
    const std::string what = demand.metals[k / demand.years.size()] + " in " +
                             std::to_string(demand.years[k % demand.years.size()]);
    if (std::isnan(demand.tonnes[k].base))
      throw Error("supply.negative", "the demand of " + what + " is missing", where,
                  "It must be 0 or more.");
    check_amount(demand.tonnes[k].base, "the demand of " + what, where);
  }
}

namespace {

/// Years between two rows of a metal, which have no price of their own.
void say_gaps(const std::map<std::string, std::map<int, const PriceRow*>>& by_metal,
              const std::string& table, Findings& findings) {
  std::size_t count = 0;
  std::vector<std::string> gaps;
  for (const auto& [metal, of] : by_metal)
    for (auto at = of.begin(); std::next(at) != of.end(); ++at) {
      const int first = at->first + 1, last = std::next(at)->first - 1;
      if (first > last) continue;
      count += static_cast<std::size_t>(last - first) + 1;
      gaps.push_back(metal + " of " + std::to_string(first) +
                     (last > first ? " to " + std::to_string(last) : std::string()));
    }
  if (count > 0)
    findings.add(
        "supply.price_gap", Severity::warning, table,
        "no price of " + join(gaps, ", ") + ": a year without a row takes the last row before it",
        count);
}

}  // namespace

PricePath read_price_path(const Table& table, Findings& findings) {
  const auto rows = price_rows(table, findings);
  PricePath path;
  path.table = table.name;
  const Money money = money_of(table);
  path.currency = money.currency;
  path.price_year = money.price_year;
  std::map<std::string, std::map<int, const PriceRow*>> by_metal;
  std::set<int> years;
  bool repeated = false;
  for (const auto& row : rows) {
    auto& of = by_metal[row.metal];
    if (of.empty()) {
      path.metals.push_back(row.metal);
      path.source.push_back(row.source);
    }
    repeated = repeated || !of.empty();
    if (!of.emplace(row.year, &row).second)
      throw Error("supply.duplicate_price",
                  row.metal + " has two prices" +
                      (row.year > 0 ? " in " + std::to_string(row.year) : std::string()),
                  table.name + ", " + table.row_name(row.row),
                  "Keep one, or give each row its year.");
    years.insert(row.year);
  }
  if (!repeated) {
    // One row a metal: the year is that of the money.
    for (const auto& metal : path.metals)
      path.usd_per_kg.push_back(by_metal[metal].begin()->second->value);
    years.erase(0);  // rows that do not say it
    if (years.size() > 1)
      throw Error("supply.mixed_price_year",
                  "money of " + std::to_string(*years.begin()) + " and of " +
                      std::to_string(*years.rbegin()),
                  table.name, "Bring the prices to one year, or give each metal a row a year.");
    if (path.price_year == 0 && !years.empty()) path.price_year = *years.begin();
    return path;
  }
  if (years.count(0) > 0)
    throw Error("supply.duplicate_price", "some rows of prices have no year", table.name,
                "With several rows a metal each needs its year.");
  say_gaps(by_metal, table.name, findings);
  path.years.assign(years.begin(), years.end());
  for (const auto& metal : path.metals) {
    const auto& of = by_metal[metal];
    for (const int year : path.years) {
      // A year that a metal has no row of takes the year before, else the first.
      auto at = of.upper_bound(year);
      if (at != of.begin()) --at;
      path.usd_per_kg.push_back(at->second->value);
    }
  }
  return path;
}

void check_same_money(const std::string& currency_a, int year_a, const std::string& table_a,
                      const std::string& currency_b, int year_b, const std::string& table_b) {
  const bool other_year = year_a != 0 && year_b != 0 && year_a != year_b;
  if (lower(currency_a) == lower(currency_b) && !other_year) return;
  const auto words = [](const std::string& currency, int year) {
    return currency + (year != 0 ? " of " + std::to_string(year) : std::string());
  };
  throw Error("supply.money",
              table_a + " is in " + words(currency_a, year_a) + ", " + table_b + " in " +
                  words(currency_b, year_b),
              table_b, "Bring both to one currency and price year.");
}

}  // namespace lode
