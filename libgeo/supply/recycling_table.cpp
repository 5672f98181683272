// A table of products in use, read strictly: one row a product, country and year of sales.
#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/composition.h"
#include "libgeo/supply/concentration.h"
#include "libgeo/supply/recycling.h"
#include "libgeo/supply/supply_columns.h"

namespace lode {

namespace {

constexpr double share_slack = 1e-9;  // shares that were rounded apart still sum to 1

void check_share(double value, const std::string& what, const std::string& where) {
  if (value < 0.0 || std::isinf(value))
    throw Error("supply.negative", what + " is " + number_text(100.0 * value) + " %", where,
                "It must be 0 or more.");
  if (value > 1.0 + share_slack)
    throw Error("supply.share_over_one", what + " is " + number_text(100.0 * value) + " %", where,
                "It is a share of what comes before it: 100 % at most.");
}

void check_step(const LowBaseHigh& step, const std::string& what, const std::string& where) {
  if (!step.known())
    throw Error("supply.no_step", what + " is empty", where,
                "Write 100 where nothing is lost, 0 where nothing comes through.");
  for (const double end : {step.low, step.base, step.high}) check_share(end, what, where);
  check_ordered(step, what, where);
}

/// `rows` name the lines of the sales where they were read of a table.
void check_sales(const ProductStock& stock, const std::vector<std::string>& rows) {
  if (stock.years.empty() || stock.years.size() != stock.sold_t.size())
    throw Error("supply.no_feedstock", "nothing was ever sold of it", stock.where,
                "Give sold_t by year.");
  double most = 0.0;
  for (std::size_t k = 0; k < stock.years.size(); ++k) {
    const std::string year = std::to_string(stock.years[k]);
    const std::string& where = rows.empty() ? stock.where : rows[k];
    if (k > 0 && stock.years[k] != stock.years[k - 1] + 1)
      throw Error("supply.year",
                  stock.years[k] == stock.years[k - 1]
                      ? "the year " + year + " stands twice"
                      : "no sales between " + std::to_string(stock.years[k - 1]) + " and " + year,
                  where, "Give each year one row; write 0 where nothing was sold.");
    if (std::isnan(stock.sold_t[k]))
      throw Error("supply.no_feedstock", "sold_t of " + year + " is empty", where,
                  "Write 0 where nothing was sold.");
    check_amount(stock.sold_t[k], "sold_t of " + year, where);
    most = std::max(most, stock.sold_t[k]);
  }
  if (std::isnan(stock.oxide_content))
    throw Error("supply.no_feedstock", "oxide_content_pct is empty", stock.where,
                "Say how much of the product's mass is oxide of all rare earths together.");
  check_share(stock.oxide_content, "oxide_content_pct", stock.where);
  if (most * stock.oxide_content == 0.0)
    throw Error("supply.no_feedstock", "a recycler without anything to recycle", stock.where,
                most == 0.0 ? "All sold_t are 0: leave the product out."
                            : "oxide_content_pct is 0: leave the product out.");
}

void check_growth(const ProductStock& stock) {
  if (!(stock.growth >= -1.0) || std::isinf(stock.growth))
    throw Error("supply.negative", "growth_pct is " + number_text(100.0 * stock.growth),
                stock.where, "It must be -100 or more.");
  check_share(std::max(0.0, stock.growth), "growth_pct", stock.where);
}

void check_metals(const ProductStock& stock, const std::vector<std::string>& metals) {
  if (stock.share.size() != metals.size())
    throw Error("supply.length",
                std::to_string(stock.share.size()) + " shares of " + std::to_string(metals.size()) +
                    " metals",
                stock.where, "Give each metal its share, 0 where there is none.");
  double sum = 0.0;
  for (std::size_t m = 0; m < stock.share.size(); ++m) {
    check_share(stock.share[m], "share_" + metals[m], stock.where);
    sum += stock.share[m];
  }
  if (sum > 1.0 + share_slack)
    throw Error("supply.shares_over_one",
                "its metals add up to " + per_cent_above_100(sum) + " of its oxide", stock.where,
                "Metals must not overlap (NdPr beside Nd).");
}

void check_stock(const ProductStock& stock, const std::vector<std::string>& metals,
                 const std::vector<std::string>& rows = {}) {
  if (stock.id.empty())
    throw Error("supply.no_id", "a product has no id", stock.where, "Fill its column id.");
  check_sales(stock, rows);
  check_growth(stock);
  check_metals(stock, metals);
  check_lifetime(stock.lifetime, stock.where);
  check_step(stock.collection, "collection_pct", stock.where);
  check_step(stock.dismantling, "dismantling_pct", stock.where);
  check_step(stock.recovery, "recovery_pct", stock.where);
  check_share(stock.collection_from, "collection_from_pct", stock.where);
  check_amount(stock.lead_years, "lead_years", stock.where);
  check_amount(stock.ramp_years, "ramp_years", stock.where);
  check_amount(stock.fixed_usd_per_year, "fixed_usd_per_year", stock.where);
  check_ordered(stock.capex_usd, "capex_usd", stock.where, most_capex_usd);
  check_ordered(stock.opex_usd_per_kg, "opex_usd_per_kg", stock.where, most_usd_per_kg);
}

/// The columns that say something of a product, read by its rows: what stands in several must
/// agree.
class StockColumns {
 public:
  StockColumns(const Table& table, const SupplyColumns& read) : table_(table), read_(read) {}

  void rows(std::vector<std::size_t> rows, const std::string& where) {
    rows_ = std::move(rows);
    where_ = where;
  }
  [[nodiscard]] double number(const std::string& name, bool needed = false) {
    auto at = numbers_.find(name);
    if (at == numbers_.end()) at = numbers_.emplace(name, read_.numbers(name, needed)).first;
    double found = std::nan("");
    for (const std::size_t row : rows_) {
      const double one = at->second[row];
      if (std::isnan(one)) continue;
      if (!std::isnan(found) && one != found) differs(name, number_text(found), number_text(one));
      found = one;
    }
    return found;
  }
  [[nodiscard]] double number_or(const std::string& name, double otherwise) {
    const double found = number(name);
    return std::isnan(found) ? otherwise : found;
  }
  [[nodiscard]] std::string text(const std::string& name, bool needed = false) {
    auto at = texts_.find(name);
    if (at == texts_.end()) at = texts_.emplace(name, read_.texts(name, needed)).first;
    std::string found;
    for (const std::size_t row : rows_) {
      const std::string one(trim(at->second[row]));
      if (one.empty()) continue;
      if (!found.empty() && one != found) differs(name, found, one);
      found = one;
    }
    return found;
  }
  [[nodiscard]] LowBaseHigh range(const std::string& stem, const std::string& unit, bool needed) {
    return {number(stem + "_low_" + unit), number(stem + "_" + unit, needed),
            number(stem + "_high_" + unit)};
  }
  [[nodiscard]] int year(const std::string& name) {
    const double found = number(name);
    return std::isnan(found) ? 0 : whole_year(found, table_, rows_.front(), name);
  }

 private:
  void differs(const std::string& name, const std::string& a, const std::string& b) const {
    throw Error("supply.stock_differs",
                name + " is " + printable(a) + " in one row and " + printable(b) + " in another",
                where_, "What is said of a product holds in all its years: give it once.");
  }

  const Table& table_;
  const SupplyColumns& read_;
  std::map<std::string, std::vector<double>> numbers_;
  std::map<std::string, std::vector<std::string>> texts_;
  std::vector<std::size_t> rows_;
  std::string where_;
};

struct ShareOf {
  std::string column;
  double factor = 1.0;
};

std::vector<ShareOf> share_columns(const Table& table, std::vector<std::string>& metals) {
  std::vector<ShareOf> found;
  const std::string prefix = "share_";
  for (const auto& column : table.columns) {
    if (!lower(column.name).starts_with(prefix) || column.name.size() == prefix.size()) continue;
    std::string name = column.name.substr(prefix.size());
    const bool percent = lower(name).ends_with("_pct");
    if (percent) name.resize(name.size() - 4);
    const std::string metal = element_group_of_column(name, table.name).name;
    if (std::find(metals.begin(), metals.end(), metal) != metals.end())
      throw Error("supply.duplicate_element", metal + " has two columns", table.name,
                  "Keep one of them.");
    metals.push_back(metal);
    found.push_back({column.name, percent ? 0.01 : 1.0});
  }
  check_apart(metals, table.name);
  if (found.empty())
    throw Error("supply.no_column", "the table says of no metal how much the oxide holds",
                table.name, "Add a column share_<metal>: share_NdPr, share_DyTb.");
  return found;
}

/// What holds of a product in all its years.
void describe_stock(ProductStock& stock, StockColumns& columns,
                    const std::vector<ShareOf>& shares) {
  stock.product = columns.text("product", true);
  stock.country = country_key(columns.text("country", true));
  stock.oxide_content = 0.01 * columns.number("oxide_content_pct", true);
  for (const auto& share : shares)
    stock.share.push_back(columns.number_or(share.column, 0.0) * share.factor);
  const std::string shape = columns.text("lifetime", true);
  stock.lifetime = {parse_lifetime_shape(shape, stock.where), columns.number("mean_years", true),
                    columns.number("spread")};
  stock.collection = times(columns.range("collection", "pct", true), 0.01);
  stock.dismantling = times(columns.range("dismantling", "pct", true), 0.01);
  stock.recovery = times(columns.range("recovery", "pct", true), 0.01);
  stock.growth = 0.01 * columns.number_or("growth_pct", 0.0);
  stock.collection_from = 0.01 * columns.number_or("collection_from_pct", 0.0);
  stock.collection_by = columns.year("collection_by");
  const int start = columns.year("start");
  if (start != 0) stock.start = start;
  stock.lead_years = columns.number_or("lead_years", 0.0);
  stock.ramp_years = columns.number_or("ramp_years", 0.0);
  stock.opex_usd_per_kg = columns.range("opex", "usd_per_kg", false);
  stock.fixed_usd_per_year = columns.number_or("fixed_usd_per_year", 0.0);
  stock.capex_usd = columns.range("capex", "usd", false);
}

/// Columns in per cent whose figures are too small for what they say.
void say_fractions(const SupplyColumns& read, const ProductStocks& stocks,
                   const std::vector<ShareOf>& shares, Findings& findings) {
  // A car's oxide is some 0.05 % of its mass; that of a magnet is never below 1 %.
  constexpr double of_whole_products = 0.2;
  say_if_fractions(read.numbers("oxide_content_pct"), "oxide_content_pct", stocks.table, findings,
                   of_whole_products);
  for (const std::string name : {"collection_pct", "dismantling_pct", "recovery_pct"})
    say_if_fractions(read.numbers(name), name, stocks.table, findings);
  for (const auto& share : shares)
    if (share.factor == 1.0) return;
  std::vector<std::vector<double>> by_stock;
  for (const auto& stock : stocks.list) by_stock.push_back(stock.share);
  say_if_shares_are_fractions(by_stock, stocks.table, findings);
}

}  // namespace

void check_stocks(const ProductStocks& stocks) {
  for (const auto& stock : stocks.list) check_stock(stock, stocks.metals);
}

ProductStocks read_stocks(const Table& table, Findings& findings) {
  ProductStocks stocks;
  stocks.table = table.name;
  const Money money = money_of(table);
  stocks.currency = money.currency;
  stocks.price_year = money.price_year;
  const auto shares = share_columns(table, stocks.metals);
  const SupplyColumns read(table);
  const auto ids = read.texts("id", true);
  const auto years = read.numbers("year", true), sold = read.numbers("sold_t", true);
  std::vector<std::string> order;
  std::map<std::string, std::vector<std::size_t>> rows_of;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string id(trim(ids[row]));
    if (id.empty())
      throw Error("supply.no_id", "a product has no id", table.name + ", " + table.row_name(row),
                  "Fill its column id.");
    auto& rows = rows_of[id];
    if (rows.empty()) order.push_back(id);
    rows.push_back(row);
  }
  StockColumns columns(table, read);
  for (const auto& id : order) {
    auto rows = rows_of[id];
    ProductStock stock;
    stock.id = id;
    stock.where = table.name + ", " + table.row_name(rows.front()) + " (" + printable(id) + ")";
    for (const std::size_t row : rows) (void)whole_year(years[row], table, row, "year");
    columns.rows(rows, stock.where);
    describe_stock(stock, columns, shares);
    std::stable_sort(rows.begin(), rows.end(),
                     [&](std::size_t a, std::size_t b) { return years[a] < years[b]; });
    std::vector<std::string> places;
    for (const std::size_t row : rows) {
      places.push_back(table.name + ", " + table.row_name(row) + " (" + printable(id) + ")");
      stock.years.push_back(static_cast<int>(years[row]));
      stock.sold_t.push_back(sold[row]);
    }
    check_stock(stock, stocks.metals, places);
    const bool bare = std::all_of(stock.share.begin(), stock.share.end(),
                                  [](double share) { return share == 0.0; });
    if (bare)
      findings.add("supply.no_share", Severity::warning, stock.where,
                   "the product's oxide holds none of the metals");
    stocks.list.push_back(std::move(stock));
  }
  if (stocks.list.empty())
    throw Error("supply.no_feedstock", "the table names no product", table.name,
                "Add a row a product and year of sales.");
  read.takes("share_<metal>", true);
  for (const auto& share : shares) read.takes(share.column, true);
  read.say_unused(findings);
  say_fractions(read, stocks, shares, findings);
  return stocks;
}

}  // namespace lode
