// Straight from the answer, row by row; the columns of sources are those that are read.
#include "libgeo/report/supply_result_tables.h"

#include <cmath>
#include <limits>

#include "libgeo/core/text.h"

namespace lode {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// A table made from a list, a column at a time.
template <class Row>
class TableOf {
 public:
  TableOf(std::string name, const std::vector<Row>& rows) : rows_(rows) {
    table_.name = std::move(name);
  }
  template <class Get>
  TableOf& text(const std::string& name, Get get) {
    std::vector<std::string> values;
    for (const auto& row : rows_) values.push_back(get(row));
    table_.add(text_column(name, std::move(values)));
    return *this;
  }
  template <class Get>
  TableOf& number(const std::string& name, Get get) {
    std::vector<double> values;
    for (const auto& row : rows_) values.push_back(static_cast<double>(get(row)));
    table_.add(number_column(name, std::move(values)));
    return *this;
  }
  /// `stem_p10_unit`, `stem_unit`, `stem_p90_unit`.
  template <class Get>
  TableOf& range(const std::string& stem, const std::string& unit, Get get) {
    const std::string end = unit.empty() ? "" : "_" + unit;
    number(stem + "_p10" + end, [&](const Row& row) { return get(row).low; });
    number(stem + end, [&](const Row& row) { return get(row).base; });
    return number(stem + "_p90" + end, [&](const Row& row) { return get(row).high; });
  }
  template <class Get>
  TableOf& spread(const std::string& stem, Get get) {
    number(stem + "_mean_t", [&](const Row& row) { return get(row).mean; });
    number(stem + "_p05_t", [&](const Row& row) { return get(row).p05; });
    number(stem + "_p10_t", [&](const Row& row) { return get(row).p10; });
    number(stem + "_p50_t", [&](const Row& row) { return get(row).p50; });
    number(stem + "_p90_t", [&](const Row& row) { return get(row).p90; });
    return number(stem + "_p95_t", [&](const Row& row) { return get(row).p95; });
  }
  /// Id, name, country, group and kind of a source.
  TableOf& who() {
    text("id", [](const Row& row) { return row.id; });
    text("name", [](const Row& row) { return row.name; });
    text("country", [](const Row& row) { return row.country; });
    text("group", [](const Row& row) { return row.group; });
    return text("kind", [](const Row& row) { return row.kind; });
  }
  [[nodiscard]] Table take() { return std::move(table_); }

 private:
  const std::vector<Row>& rows_;
  Table table_;
};

double at(const std::vector<double>& values, std::size_t i) {
  return i < values.size() ? values[i] : kNan;
}

/// A year, missing where 0 stands for none.
double year_or_none(int year) {
  return year > 0 ? static_cast<double>(year) : kNan;
}

std::string yes_or_no(bool value) {
  return value ? "yes" : "no";
}

Table sources_table(const SupplySources& sources) {
  Table table = table_of(sources);
  table.name = "supply_sources";
  return table;
}

Table economics_table(const EconomicsResult& result) {
  using Row = SiteEconomics;
  TableOf<Row> table("supply_economics", result.sites);
  table.who().text("metal", [](const Row& row) { return row.metal; });
  table.range("npv", "usd", [](const Row& row) { return row.npv_usd; })
      .range("irr", "", [](const Row& row) { return row.irr; })
      .range("payback", "years", [](const Row& row) { return row.payback_years; })
      .range("cost", "usd_per_kg", [](const Row& row) { return row.usd_per_kg; })
      .range("oxide_cost", "usd_per_kg", [](const Row& row) { return row.usd_per_kg_oxide; })
      .range("break_even_factor", "", [](const Row& row) { return row.break_even_factor; })
      .range("cash_factor", "", [](const Row& row) { return row.cash_factor; })
      .number("probability_of_loss", [](const Row& row) { return row.probability_of_loss; })
      .number("capex_usd", [](const Row& row) { return row.capex_usd; })
      .number("life_years", [](const Row& row) { return row.life_years; })
      .number("basket_usd_per_kg", [](const Row& row) { return row.basket_usd_per_kg; })
      .number("incentives_usd", [](const Row& row) { return row.incentives_usd; })
      .number("irr_roots", [](const Row& row) { return row.irr_roots; });
  table.text("currency", [&](const Row&) { return result.currency; });
  return table.number("price_year", [&](const Row&) { return year_or_none(result.price_year); })
      .take();
}

struct CurveRow : CostStep {
  std::string metal;
  int year = 0;
};

Table curve_table(const std::vector<CostCurve>& curves) {
  std::vector<CurveRow> rows;
  for (const auto& curve : curves)
    for (const auto& step : curve.steps) {
      CurveRow row;
      static_cast<CostStep&>(row) = step;
      row.metal = curve.metal;
      row.year = curve.year;
      rows.push_back(std::move(row));
    }
  TableOf<CurveRow> table("supply_curve", rows);
  table.text("metal", [](const CurveRow& row) { return row.metal; })
      .number("year", [](const CurveRow& row) { return year_or_none(row.year); })
      .who()
      .range("cost", "usd_per_kg", [](const CurveRow& row) { return row.usd_per_kg; })
      .range("capacity", "t_per_year", [](const CurveRow& row) { return row.tonnes; })
      .number("from_t", [](const CurveRow& row) { return row.from_t; })
      .number("cash_usd_per_kg", [](const CurveRow& row) { return row.cash_usd_per_kg; });
  return table.take();
}

Table portfolio_table(const Portfolio& plan) {
  using Row = PortfolioChoice;
  TableOf<Row> table("supply_portfolio", plan.choices);
  table.who()
      .number("start_year", [](const Row& row) { return year_or_none(row.start_year); })
      .number("capex_usd", [](const Row& row) { return row.capex_usd; })
      .number("cost_usd", [](const Row& row) { return row.cost_usd; })
      .number("worth_usd", [](const Row& row) { return row.worth_usd; })
      .number("worth_t", [](const Row& row) { return row.worth_t; })
      .text("indispensable", [](const Row& row) { return yes_or_no(row.indispensable); });
  for (std::size_t k = 0; k < plan.years.size(); ++k)
    table.number("t_" + number_text(plan.years[k]),
                 [&](const Row& row) { return at(row.tonnes, k); });
  return table.take();
}

Table balance_table(const Portfolio& plan) {
  using Row = PortfolioBalance;
  return TableOf<Row>("supply_balance", plan.balance)
      .text("metal", [](const Row& row) { return row.metal; })
      .number("year", [](const Row& row) { return row.year; })
      .number("demand_t", [](const Row& row) { return row.demand_t; })
      .number("supply_t", [](const Row& row) { return row.supply_t; })
      .number("shortfall_t", [](const Row& row) { return row.shortfall_t; })
      .number("surplus_t", [](const Row& row) { return row.surplus_t; })
      .number("hhi", [](const Row& row) { return row.hhi; })
      .number("recycled_share", [](const Row& row) { return row.recycled_share; })
      .number("price_usd_per_kg", [](const Row& row) { return row.price_usd_per_kg; })
      .take();
}

Table shortfall_table(const DisruptionResult& result) {
  using Row = ShortfallRow;
  return TableOf<Row>("supply_shortfall", result.rows)
      .text("metal", [](const Row& row) { return row.metal; })
      .number("year", [](const Row& row) { return row.year; })
      .number("demand_t", [](const Row& row) { return row.demand_t; })
      .text("stage", [](const Row& row) { return row.stage; })
      .spread("alone", [](const Row& row) { return row.alone_t; })
      .spread("with_sites", [](const Row& row) { return row.with_sites_t; })
      .spread("with_stock", [](const Row& row) { return row.with_stock_t; })
      .number("sites_t", [](const Row& row) { return row.sites_t; })
      .number("recycled_t", [](const Row& row) { return row.recycled_t; })
      .number("stock_t", [](const Row& row) { return row.stock_t; })
      .number("probability", [](const Row& row) { return row.probability; })
      .take();
}

struct ShockRow : ShockedSource {
  std::size_t shock = 0;
  std::string metal;
};

Table shock_table(const std::vector<PriceShockResult>& shocks) {
  std::vector<ShockRow> rows;
  for (std::size_t i = 0; i < shocks.size(); ++i)
    for (const auto& one : shocks[i].sources) {
      ShockRow row;
      static_cast<ShockedSource&>(row) = one;
      row.shock = i + 1;
      row.metal = shocks[i].metal;
      rows.push_back(std::move(row));
    }
  using Row = ShockRow;
  TableOf<Row> table("supply_shock", rows);
  table.number("shock", [](const Row& row) { return row.shock; })
      .who()
      .text("operating", [](const Row& row) { return yes_or_no(row.operating); })
      .text("stops", [](const Row& row) { return yes_or_no(row.stops); })
      .number("stops_in", [](const Row& row) { return year_or_none(row.stops_in); })
      .number("returns_in", [](const Row& row) { return year_or_none(row.returns_in); })
      .text("never_starts", [](const Row& row) { return yes_or_no(row.never_starts); })
      .number("delayed_years", [](const Row& row) { return row.delayed_years; })
      .text("metal", [](const Row& row) { return row.metal; })
      .range("cash_break_even", "usd_per_kg",
             [](const Row& row) { return row.cash_break_even_usd_per_kg; })
      .range("full_break_even", "usd_per_kg",
             [](const Row& row) { return row.full_break_even_usd_per_kg; })
      .number("cash_factor", [](const Row& row) { return row.cash_factor; })
      .number("full_factor", [](const Row& row) { return row.full_factor; })
      .number("probability_of_stopping", [](const Row& row) { return row.probability_of_stopping; })
      .number("npv_before_usd", [](const Row& row) { return row.npv_before_usd; })
      .number("npv_after_usd", [](const Row& row) { return row.npv_after_usd; })
      .text("kept_by_counter", [](const Row& row) { return yes_or_no(row.kept_by_counter); });
  return table.take();
}

Table alliance_table(const AllianceView& view) {
  using Row = StageBalance;
  return TableOf<Row>("supply_alliance", view.balance)
      .text("stage", [](const Row& row) { return row.stage; })
      .text("metal", [](const Row& row) { return row.metal; })
      .number("year", [](const Row& row) { return row.year; })
      .number("capacity_t", [](const Row& row) { return row.capacity_t; })
      .number("used_t", [](const Row& row) { return row.used_t; })
      .number("needed_t", [](const Row& row) { return row.needed_t; })
      .text("breaks", [](const Row& row) { return yes_or_no(row.breaks); })
      .number("frees_t_per_t", [](const Row& row) { return row.frees_t_per_t; })
      .number("frees_usd_per_t", [](const Row& row) { return row.frees_usd_per_t; })
      .text("best_country", [](const Row& row) { return row.best_country; })
      .take();
}

Table members_table(const AllianceView& view) {
  using Row = MemberPart;
  TableOf<Row> table("supply_members", view.members);
  table.text("country", [](const Row& row) { return row.country; })
      .number("year", [&](const Row&) { return year_or_none(view.year); })
      .number("demand_t", [](const Row& row) { return row.demand_t; })
      .number("met_alone_t", [](const Row& row) { return row.met_alone_t; })
      .number("met_together_t", [](const Row& row) { return row.met_together_t; })
      .number("cost_alone_usd", [](const Row& row) { return row.cost_alone_usd; })
      .number("pays_by_demand_usd", [](const Row& row) { return row.pays_by_demand_usd; })
      .number("pays_by_capacity_usd", [](const Row& row) { return row.pays_by_capacity_usd; })
      .number("pays_shapley_usd", [](const Row& row) { return row.pays_shapley_usd; })
      .number("shapley_error_usd", [](const Row& row) { return row.shapley_error_usd; })
      .number("gain_usd", [](const Row& row) { return row.gain_usd; })
      .number("spends_usd", [](const Row& row) { return row.spends_usd; });
  for (std::size_t k = 0; k < view.stages.size(); ++k) {
    table.number("brings_" + view.stages[k] + "_t",
                 [&](const Row& row) { return at(row.brings_t, k); });
    table.number("used_" + view.stages[k] + "_t",
                 [&](const Row& row) { return at(row.used_t, k); });
  }
  return table.take();
}

}  // namespace

const std::vector<std::string>& supply_result_files() {
  static const std::vector<std::string> files{
      "supply_sources.csv",   "supply_economics.csv", "supply_curve.csv",
      "supply_portfolio.csv", "supply_balance.csv",   "supply_shortfall.csv",
      "supply_shock.csv",     "supply_alliance.csv",  "supply_members.csv"};
  return files;
}

std::vector<std::pair<std::string, Table>> supply_result_tables(const StudyResult& result) {
  std::vector<std::pair<std::string, Table>> tables;
  if (!result.supply) return tables;
  const SupplyAnswer& supply = *result.supply;
  const auto add = [&](Table table) {
    if (table.rows() > 0) tables.emplace_back(table.name + ".csv", std::move(table));
  };
  add(sources_table(supply.sources));
  if (supply.economics) add(economics_table(*supply.economics));
  add(curve_table(supply.curves));
  if (supply.portfolio) {
    add(portfolio_table(*supply.portfolio));
    add(balance_table(*supply.portfolio));
  }
  if (supply.disruption) add(shortfall_table(*supply.disruption));
  add(shock_table(supply.shocks));
  if (supply.alliance) {
    add(alliance_table(*supply.alliance));
    add(members_table(*supply.alliance));
  }
  return tables;
}

}  // namespace lode
