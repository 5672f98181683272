// What `supply curve` prints and writes: steps, bands, price lines, what is recycled by year.
#include <cmath>

#include "tools/supply_curve_parts.h"

namespace lode::tools {

namespace {

Json word(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

/// `p10_usd_per_kg`, `usd_per_kg`, `p90_usd_per_kg`, for a name that is its unit.
void put_spread(Json& row, const std::string& unit, const LowBaseHigh& value) {
  row["p10_" + unit] = value.low;
  row[unit] = value.base;
  row["p90_" + unit] = value.high;
}

Json year_or_null(int year) {
  return year == 0 ? Json() : Json(year);
}

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

template <class Items, class Of>
void add_texts(Table& table, const std::string& name, const Items& items, Of of) {
  std::vector<std::string> values;
  for (const auto& item : items) values.push_back(of(item));
  table.add(text_column(name, std::move(values)));
}

template <class Items, class Of>
void add_numbers(Table& table, const std::string& name, const Items& items, Of of) {
  std::vector<double> values;
  for (const auto& item : items) values.push_back(of(item));
  table.add(number_column(name, std::move(values)));
}

template <class Items, class Of>
void add_spread(Table& table, const std::string& unit, const Items& items, Of of) {
  add_numbers(table, "p10_" + unit, items, [&](const auto& item) { return of(item).low; });
  add_numbers(table, unit, items, [&](const auto& item) { return of(item).base; });
  add_numbers(table, "p90_" + unit, items, [&](const auto& item) { return of(item).high; });
}

}  // namespace

Json curve_row(const CostStep& step) {
  Json row = Json::object();
  row["id"] = step.id;
  row["name"] = word(step.name);
  row["country"] = word(step.country);
  row["group"] = word(step.group);
  row["kind"] = step.kind;
  put_spread(row, "usd_per_kg", step.usd_per_kg);
  row["cash_usd_per_kg"] = step.cash_usd_per_kg;
  put_spread(row, "t_per_year", step.tonnes);
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
    put_spread(one, "t_per_year", line.tonnes);
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
  OutputLayer out;
  out.name = out.table.name = "curve";
  const auto& steps = curve.steps;
  Table& table = out.table;
  add_texts(table, "id", steps, [](const CostStep& step) { return step.id; });
  add_texts(table, "name", steps, [](const CostStep& step) { return step.name; });
  add_texts(table, "country", steps, [](const CostStep& step) { return step.country; });
  add_texts(table, "group", steps, [](const CostStep& step) { return step.group; });
  add_texts(table, "kind", steps, [](const CostStep& step) { return step.kind; });
  add_texts(table, "metal", steps, [&](const CostStep&) { return curve.metal; });
  add_spread(table, "usd_per_kg", steps, [](const CostStep& step) { return step.usd_per_kg; });
  add_numbers(table, "cash_usd_per_kg", steps,
              [](const CostStep& step) { return step.cash_usd_per_kg; });
  add_spread(table, "t_per_year", steps, [](const CostStep& step) { return step.tonnes; });
  add_numbers(table, "from_t", steps, [](const CostStep& step) { return step.from_t; });
  add_numbers(table, "cumulated_t", steps,
              [](const CostStep& step) { return step.from_t + step.tonnes.base; });
  return out;
}

OutputLayer bands_layer(const CostCurve& curve) {
  OutputLayer out;
  out.name = out.table.name = "bands";
  const auto& bands = curve.bands;
  using Band = CostCurve::Band;
  add_numbers(out.table, "cumulated_t", bands, [](const Band& band) { return band.tonnes; });
  add_numbers(out.table, "p10_usd_per_kg", bands,
              [](const Band& band) { return band.usd_per_kg.low; });
  add_numbers(out.table, "p50_usd_per_kg", bands,
              [](const Band& band) { return band.usd_per_kg.base; });
  add_numbers(out.table, "p90_usd_per_kg", bands,
              [](const Band& band) { return band.usd_per_kg.high; });
  return out;
}

OutputLayer recycling_layer(const std::vector<RecyclingFlow>& flows) {
  OutputLayer out;
  out.name = out.table.name = "recycling";
  struct Row {
    const RecyclingFlow* flow;
    std::size_t k;
  };
  std::vector<Row> rows;
  for (const auto& flow : flows)
    for (std::size_t k = 0; k < flow.years.size(); ++k) rows.push_back({&flow, k});
  Table& table = out.table;
  add_texts(table, "id", rows, [](const Row& row) { return row.flow->id; });
  add_numbers(table, "year", rows,
              [](const Row& row) { return static_cast<double>(row.flow->years[row.k]); });
  add_numbers(table, "sold_t", rows, [](const Row& row) { return row.flow->sold_t[row.k]; });
  add_numbers(table, "retired_t", rows, [](const Row& row) { return row.flow->retired_t[row.k]; });
  add_numbers(table, "collected_t", rows,
              [](const Row& row) { return row.flow->collected_t[row.k]; });
  add_numbers(table, "dismantled_t", rows,
              [](const Row& row) { return row.flow->dismantled_t[row.k]; });
  add_numbers(table, "low_recovered_t", rows,
              [](const Row& row) { return row.flow->recovered_t[row.k].low; });
  add_numbers(table, "recovered_t", rows,
              [](const Row& row) { return row.flow->recovered_t[row.k].base; });
  add_numbers(table, "high_recovered_t", rows,
              [](const Row& row) { return row.flow->recovered_t[row.k].high; });
  add_numbers(table, "in_use_t", rows, [](const Row& row) { return row.flow->in_use_t[row.k]; });
  return out;
}

}  // namespace lode::tools
