// What `supply curve` prints and writes: steps, bands, price lines, what is recycled by year.
#include <cmath>

#include "tools/row_columns.h"
#include "tools/supply_curve_parts.h"
#include "tools/supply_inputs.h"

namespace lode::tools {

namespace {

Json numbers(const std::vector<double>& values) {
  Json all = Json::array();
  for (const double value : values) all.push_back(number_or_null(value));
  return all;
}

Json flow_of(const RecyclingFlow& flow) {
  Json one = Json::object();
  one["id"] = flow.id;
  Json years = Json::array();
  std::vector<double> low, base, high;
  for (std::size_t k = 0; k < flow.years.size(); ++k) {
    years.push_back(flow.years[k]);
    low.push_back(flow.recovered_t[k].low);
    base.push_back(flow.recovered_t[k].base);
    high.push_back(flow.recovered_t[k].high);
  }
  one["years"] = years;
  one["sold_t"] = numbers(flow.sold_t);
  one["retired_t"] = numbers(flow.retired_t);
  one["collected_t"] = numbers(flow.collected_t);
  one["dismantled_t"] = numbers(flow.dismantled_t);
  one["low_recovered_t"] = numbers(low);
  one["recovered_t"] = numbers(base);
  one["high_recovered_t"] = numbers(high);
  one["in_use_t"] = numbers(flow.in_use_t);
  one["recycling_rate"] = number_or_null(flow.recycling_rate);
  return one;
}

}  // namespace

Json curve_row(const CostStep& step) {
  Json row = Json::object();
  row["id"] = step.id;
  row["name"] = text_or_null(step.name);
  row["country"] = text_or_null(step.country);
  row["group"] = text_or_null(step.group);
  row["kind"] = step.kind;
  put_range(row, "", "usd_per_kg", step.usd_per_kg);
  row["cash_usd_per_kg"] = step.cash_usd_per_kg;
  put_range(row, "", "t_per_year", step.tonnes);
  row["from_t"] = step.from_t;
  row["cumulated_t"] = step.from_t + step.tonnes.base;
  return row;
}

void summarise_curve(const CostCurve& curve, const std::vector<RecyclingFlow>& flows,
                     const CostCurveOptions& options, Outcome& outcome) {
  Json& summary = outcome.summary;
  summary["metal"] = curve.metal;
  summary["currency"] = curve.currency;
  summary["price_year"] = year_or_null(curve.price_year);
  summary["base_year"] = year_or_null(curve.base_year);
  summary["year"] = year_or_null(curve.year);
  summary["draws"] = options.draws;
  summary["sources"] = curve.steps.size();
  summary["t_per_year"] =
      curve.steps.empty() ? 0.0 : curve.steps.back().from_t + curve.steps.back().tonnes.base;
  Json lines = Json::array();
  for (const auto& line : curve.lines) {
    Json one = Json::object();
    one["name"] = line.name;
    one["usd_per_kg"] = line.usd_per_kg;
    put_range(one, "", "t_per_year", line.tonnes);
    one["sources"] = line.sources;
    lines.push_back(one);
  }
  summary["lines"] = lines;
  Json bands = Json::array();
  for (const auto& band : curve.bands) {
    Json one = Json::object();
    one["cumulated_t"] = band.tonnes;
    one["p10_usd_per_kg"] = band.usd_per_kg.low;
    one["p50_usd_per_kg"] = band.usd_per_kg.base;
    one["p90_usd_per_kg"] = band.usd_per_kg.high;
    bands.push_back(one);
  }
  summary["bands"] = bands;
  summary["left_out"] = Json(curve.left_out);
  Json recycling = Json::array();
  for (const auto& flow : flows) recycling.push_back(flow_of(flow));
  summary["recycling"] = recycling;
}

OutputLayer curve_layer(const CostCurve& curve) {
  RowColumns<CostStep> add("curve", curve.steps);
  add.text("id", &CostStep::id);
  add.text("name", &CostStep::name);
  add.text("country", &CostStep::country);
  add.text("group", &CostStep::group);
  add.text("kind", &CostStep::kind);
  add.text("metal", [&](const CostStep&) { return curve.metal; });
  add.range("", "usd_per_kg", &CostStep::usd_per_kg);
  add.number("cash_usd_per_kg", &CostStep::cash_usd_per_kg);
  add.range("", "t_per_year", &CostStep::tonnes);
  add.number("from_t", &CostStep::from_t);
  add.number("cumulated_t", [](const CostStep& step) { return step.from_t + step.tonnes.base; });
  return add.take();
}

OutputLayer bands_layer(const CostCurve& curve) {
  using Band = CostCurve::Band;
  RowColumns<Band> add("bands", curve.bands);
  add.number("cumulated_t", &Band::tonnes);
  add.number("p10_usd_per_kg", [](const Band& band) { return band.usd_per_kg.low; });
  add.number("p50_usd_per_kg", [](const Band& band) { return band.usd_per_kg.base; });
  add.number("p90_usd_per_kg", [](const Band& band) { return band.usd_per_kg.high; });
  return add.take();
}

OutputLayer recycling_layer(const std::vector<RecyclingFlow>& flows) {
  struct Row {
    const RecyclingFlow* flow;
    std::size_t k;
  };
  std::vector<Row> rows;
  for (const auto& flow : flows)
    for (std::size_t k = 0; k < flow.years.size(); ++k) rows.push_back({&flow, k});
  RowColumns<Row> add("recycling", rows);
  add.text("id", [](const Row& row) { return row.flow->id; });
  add.number("year", [](const Row& row) { return row.flow->years[row.k]; });
  const auto number = [&](const std::string& name, std::vector<double> RecyclingFlow::*of) {
    add.number(name, [of](const Row& row) { return (row.flow->*of)[row.k]; });
  };
  number("sold_t", &RecyclingFlow::sold_t);
  number("retired_t", &RecyclingFlow::retired_t);
  number("collected_t", &RecyclingFlow::collected_t);
  number("dismantled_t", &RecyclingFlow::dismantled_t);
  add.number("low_recovered_t", [](const Row& row) { return row.flow->recovered_t[row.k].low; });
  add.number("recovered_t", [](const Row& row) { return row.flow->recovered_t[row.k].base; });
  add.number("high_recovered_t", [](const Row& row) { return row.flow->recovered_t[row.k].high; });
  number("in_use_t", &RecyclingFlow::in_use_t);
  return add.take();
}

}  // namespace lode::tools
