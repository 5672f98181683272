// Tables that `supply disrupt` writes: shortfalls, tails, sources in a shock, counters.
#include <cmath>
#include <functional>

#include "tools/row_columns.h"
#include "tools/supply_disrupt_parts.h"

namespace lode::tools {

namespace {

template <class Row, class Of>
void add_spread(RowColumns<Row>& add, const std::string& stem, Of of) {
  add.number(stem + "_t", [&](const Row& row) { return std::invoke(of, row).mean; });
  add.number(stem + "_p10_t", [&](const Row& row) { return std::invoke(of, row).p10; });
  add.number(stem + "_p50_t", [&](const Row& row) { return std::invoke(of, row).p50; });
  add.number(stem + "_p90_t", [&](const Row& row) { return std::invoke(of, row).p90; });
}

struct ShockRow {
  int shock;
  const ShockedSource* source;
};
struct CounterRow {
  int shock;
  const CounterCost* cost;
};

OutputLayer shocked_sources_layer(const std::vector<ShockRow>& rows) {
  RowColumns<ShockRow> add("shocked_sources", rows);
  const auto number = [&](const std::string& name, double ShockedSource::*member) {
    add.number(name, [member](const ShockRow& row) { return row.source->*member; });
  };
  const auto text = [&](const std::string& name, std::string ShockedSource::*member) {
    add.text(name, [member](const ShockRow& row) { return row.source->*member; });
  };
  const auto flag = [&](const std::string& name, bool ShockedSource::*member) {
    add.number(name, [member](const ShockRow& row) { return row.source->*member ? 1.0 : 0.0; });
  };
  add.number("shock", [](const ShockRow& row) { return row.shock; });
  text("id", &ShockedSource::id);
  text("name", &ShockedSource::name);
  text("country", &ShockedSource::country);
  text("group", &ShockedSource::group);
  text("kind", &ShockedSource::kind);
  flag("operating", &ShockedSource::operating);
  flag("stops", &ShockedSource::stops);
  add.year("stops_in", [](const ShockRow& row) { return row.source->stops_in; });
  add.year("returns_in", [](const ShockRow& row) { return row.source->returns_in; });
  flag("never_starts", &ShockedSource::never_starts);
  number("delayed_years", &ShockedSource::delayed_years);
  add.range("cash_break_even_", "usd_per_kg",
            [](const ShockRow& row) { return row.source->cash_break_even_usd_per_kg; });
  add.range("full_break_even_", "usd_per_kg",
            [](const ShockRow& row) { return row.source->full_break_even_usd_per_kg; });
  number("floor_needed_usd_per_kg", &ShockedSource::floor_needed_usd_per_kg);
  number("probability_of_stopping", &ShockedSource::probability_of_stopping);
  number("npv_before_usd", &ShockedSource::npv_before_usd);
  number("npv_after_usd", &ShockedSource::npv_after_usd);
  flag("kept_by_counter", &ShockedSource::kept_by_counter);
  return add.take();
}

OutputLayer counters_layer(const std::vector<CounterRow>& rows) {
  RowColumns<CounterRow> add("counters", rows);
  const auto number = [&](const std::string& name, double CounterCost::*member) {
    add.number(name, [member](const CounterRow& row) { return row.cost->*member; });
  };
  add.number("shock", [](const CounterRow& row) { return row.shock; });
  add.text("counter", [](const CounterRow& row) { return row.cost->name; });
  number("cost_usd", &CounterCost::cost_usd);
  number("discounted_usd", &CounterCost::discounted_usd);
  number("kept_t", &CounterCost::kept_t);
  number("usd_per_kg_kept", &CounterCost::usd_per_kg_kept);
  number("stock_left_t", &CounterCost::stock_left_t);
  number("stock_value_usd", &CounterCost::stock_value_usd);
  add.number("sources_kept",
             [](const CounterRow& row) { return static_cast<double>(row.cost->keeps.size()); });
  return add.take();
}

}  // namespace

std::vector<OutputLayer> disruption_layers(const DisruptionResult& result) {
  RowColumns<ShortfallRow> row("shortfall", result.rows);
  row.text("metal", &ShortfallRow::metal);
  row.number("year", &ShortfallRow::year);
  row.number("demand_t", &ShortfallRow::demand_t);
  row.text("limiting_stage", &ShortfallRow::stage);
  add_spread(row, "shortfall", &ShortfallRow::alone_t);
  add_spread(row, "with_sites", &ShortfallRow::with_sites_t);
  add_spread(row, "with_stock", &ShortfallRow::with_stock_t);
  row.number("sites_t", &ShortfallRow::sites_t);
  row.number("recycled_t", &ShortfallRow::recycled_t);
  row.number("stock_t", &ShortfallRow::stock_t);
  row.number("probability", &ShortfallRow::probability);
  RowColumns<ShortfallTail> tail("tails", result.tails);
  tail.text("metal", &ShortfallTail::metal);
  tail.number("expected_t", &ShortfallTail::expected_t);
  tail.number("value_at_risk_t", &ShortfallTail::value_at_risk_t);
  tail.number("cvar_t", &ShortfallTail::cvar_t);
  tail.number("with_expected_t", &ShortfallTail::with_expected_t);
  tail.number("with_value_at_risk_t", &ShortfallTail::with_value_at_risk_t);
  tail.number("with_cvar_t", &ShortfallTail::with_cvar_t);
  tail.number("standard_error_t", &ShortfallTail::standard_error_t);
  tail.year("first_short_alone", &ShortfallTail::first_short_alone);
  tail.year("first_short_with", &ShortfallTail::first_short_with);
  tail.number("bought_by_stock_years", &ShortfallTail::bought_by_stock_years);
  tail.number("bought_by_recycling_years", &ShortfallTail::bought_by_recycling_years);
  tail.year("free_from", &ShortfallTail::free_from);
  return {row.take(), tail.take()};
}

std::vector<OutputLayer> shock_layers(const std::vector<PriceShockResult>& results) {
  if (results.empty()) return {};
  std::vector<ShockRow> sources;
  std::vector<CounterRow> counters;
  for (std::size_t k = 0; k < results.size(); ++k) {
    for (const auto& one : results[k].sources) sources.push_back({static_cast<int>(k) + 1, &one});
    for (const auto& one : results[k].counters) counters.push_back({static_cast<int>(k) + 1, &one});
  }
  std::vector<OutputLayer> layers{shocked_sources_layer(sources)};
  if (!counters.empty()) layers.push_back(counters_layer(counters));
  return layers;
}

}  // namespace lode::tools
