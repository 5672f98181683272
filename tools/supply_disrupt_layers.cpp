// Tables that `supply disrupt` writes: shortfalls, tails, sources in a shock, counters.
#include <cmath>
#include <functional>

#include "tools/supply_disrupt_parts.h"

namespace lode::tools {

namespace {

/// Adds columns of rows one by one.
template <class Row>
class Columns {
 public:
  Columns(OutputLayer& layer, const std::vector<Row>& rows) : layer_(layer), rows_(rows) {}
  void text(const std::string& name, const std::function<std::string(const Row&)>& of) {
    std::vector<std::string> values;
    for (const auto& row : rows_) values.push_back(of(row));
    layer_.table.add(text_column(name, std::move(values)));
  }
  void number(const std::string& name, const std::function<double(const Row&)>& of) {
    std::vector<double> values;
    for (const auto& row : rows_) values.push_back(of(row));
    layer_.table.add(number_column(name, std::move(values)));
  }
  void year(const std::string& name, const std::function<int(const Row&)>& of) {
    number(name, [&](const Row& row) { return of(row) == 0 ? std::nan("") : of(row); });
  }
  void spread(const std::string& stem, const std::function<const Spread5&(const Row&)>& of) {
    number(stem + "_t", [&](const Row& row) { return of(row).mean; });
    number(stem + "_p10_t", [&](const Row& row) { return of(row).p10; });
    number(stem + "_p50_t", [&](const Row& row) { return of(row).p50; });
    number(stem + "_p90_t", [&](const Row& row) { return of(row).p90; });
  }
  void range(const std::string& stem, const std::function<const LowBaseHigh&(const Row&)>& of) {
    number(stem + "_p10_usd_per_kg", [&](const Row& row) { return of(row).low; });
    number(stem + "_usd_per_kg", [&](const Row& row) { return of(row).base; });
    number(stem + "_p90_usd_per_kg", [&](const Row& row) { return of(row).high; });
  }

 private:
  OutputLayer& layer_;
  const std::vector<Row>& rows_;
};

OutputLayer named(const std::string& name) {
  OutputLayer layer;
  layer.name = name;
  layer.table.name = name;
  return layer;
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
  OutputLayer layer = named("shocked_sources");
  Columns<ShockRow> add(layer, rows);
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
  add.range("cash_break_even", [](const ShockRow& row) -> const LowBaseHigh& {
    return row.source->cash_break_even_usd_per_kg;
  });
  add.range("full_break_even", [](const ShockRow& row) -> const LowBaseHigh& {
    return row.source->full_break_even_usd_per_kg;
  });
  number("floor_needed_usd_per_kg", &ShockedSource::floor_needed_usd_per_kg);
  number("probability_of_stopping", &ShockedSource::probability_of_stopping);
  number("npv_before_usd", &ShockedSource::npv_before_usd);
  number("npv_after_usd", &ShockedSource::npv_after_usd);
  flag("kept_by_counter", &ShockedSource::kept_by_counter);
  return layer;
}

OutputLayer counters_layer(const std::vector<CounterRow>& rows) {
  OutputLayer layer = named("counters");
  Columns<CounterRow> add(layer, rows);
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
  return layer;
}

}  // namespace

std::vector<OutputLayer> disruption_layers(const DisruptionResult& result) {
  OutputLayer shortfall = named("shortfall"), tails = named("tails");
  Columns<ShortfallRow> row(shortfall, result.rows);
  row.text("metal", [](const ShortfallRow& one) { return one.metal; });
  row.number("year", [](const ShortfallRow& one) { return one.year; });
  row.number("demand_t", [](const ShortfallRow& one) { return one.demand_t; });
  row.text("limiting_stage", [](const ShortfallRow& one) { return one.stage; });
  row.spread("shortfall", [](const ShortfallRow& one) -> const Spread5& { return one.alone_t; });
  row.spread("with_sites",
             [](const ShortfallRow& one) -> const Spread5& { return one.with_sites_t; });
  row.spread("with_stock",
             [](const ShortfallRow& one) -> const Spread5& { return one.with_stock_t; });
  row.number("sites_t", [](const ShortfallRow& one) { return one.sites_t; });
  row.number("recycled_t", [](const ShortfallRow& one) { return one.recycled_t; });
  row.number("stock_t", [](const ShortfallRow& one) { return one.stock_t; });
  row.number("probability", [](const ShortfallRow& one) { return one.probability; });
  Columns<ShortfallTail> tail(tails, result.tails);
  const auto number = [&](const std::string& name, double ShortfallTail::*member) {
    tail.number(name, [member](const ShortfallTail& one) { return one.*member; });
  };
  tail.text("metal", [](const ShortfallTail& one) { return one.metal; });
  number("expected_t", &ShortfallTail::expected_t);
  number("value_at_risk_t", &ShortfallTail::value_at_risk_t);
  number("cvar_t", &ShortfallTail::cvar_t);
  number("with_expected_t", &ShortfallTail::with_expected_t);
  number("with_value_at_risk_t", &ShortfallTail::with_value_at_risk_t);
  number("with_cvar_t", &ShortfallTail::with_cvar_t);
  number("standard_error_t", &ShortfallTail::standard_error_t);
  tail.year("first_short_alone", [](const ShortfallTail& one) { return one.first_short_alone; });
  tail.year("first_short_with", [](const ShortfallTail& one) { return one.first_short_with; });
  number("bought_by_stock_years", &ShortfallTail::bought_by_stock_years);
  number("bought_by_recycling_years", &ShortfallTail::bought_by_recycling_years);
  tail.year("free_from", [](const ShortfallTail& one) { return one.free_from; });
  return {std::move(shortfall), std::move(tails)};
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
