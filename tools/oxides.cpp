#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/oxides.h"
#include "tools/command.h"

namespace lode::tools {

namespace {

// Name of a sum in results and output, and where it stands.
struct SumKey {
  const char* key;
  double OxideSums::*value;
};
constexpr SumKey sum_keys[] = {{"treo_pct", &OxideSums::treo},
                               {"lreo_pct", &OxideSums::lreo},
                               {"hreo_pct", &OxideSums::hreo},
                               {"mreo_pct", &OxideSums::mreo},
                               {"ndpr_pct", &OxideSums::ndpr},
                               {"dytb_pct", &OxideSums::dytb},
                               {"treo_without_y_pct", &OxideSums::treo_without_y},
                               {"treo_minus_ceo2_pct", &OxideSums::treo_minus_ceo2}};

std::string element_key(std::size_t i) {
  return std::string(rare_earths()[i].symbol) + "_ppm";
}

std::string oxide_key(std::size_t i, OxideBasis basis) {
  return oxide_name(static_cast<RareEarth>(i), basis) + "_pct";
}

Json row_of(const OxideRow& given, const OxideOptions& options, const std::string& id,
            const std::string& name) {
  Json row;
  row["id"] = id;
  row["name"] = name.empty() ? Json() : Json(name);
  for (const SumKey& sum : sum_keys) row[sum.key] = given.sums.*sum.value * 100.0;
  row["basket_usd_per_t"] = given.sums.basket_usd_per_t;
  row["basket_usd_per_kg"] = given.sums.basket_usd_per_kg;
  row["unpriced_pct"] = given.sums.unpriced_share * 100.0;
  row["basis"] = to_text(options.basis);
  row["line"] = to_text(options.line);
  row["treo_from"] = given.sums.treo_stated ? "column" : "sum";
  row["partial"] = Json(given.suite.missing());
  for (std::size_t i = 0; i < rare_earth_count; ++i)
    row[oxide_key(i, options.basis)] = given.suite.oxide[i] * 100.0;
  for (std::size_t i = 0; i < rare_earth_count; ++i) row[element_key(i)] = given.element[i] * 1e6;
  return row;
}

// The input's columns, then those computed whose name is not taken.
OutputLayer output_of(const Layer& layer, const OxideResult& result, const OxideOptions& options) {
  OutputLayer out;
  out.name = "oxides";
  out.crs = layer.crs;
  out.geometry = layer.geometry;
  out.table = layer.table;
  const auto add = [&](const std::string& name, const std::string& unit, auto value) {
    if (out.table.find(name) != nullptr) return;
    std::vector<double> values;
    bool any = false;
    for (const OxideRow& row : result.rows) {
      values.push_back(value(row));
      any = any || !std::isnan(values.back());
    }
    if (any) out.table.add(number_column(name, std::move(values), unit));
  };
  for (const SumKey& sum : sum_keys)
    add(sum.key, "%", [&](const OxideRow& row) { return row.sums.*sum.value * 100.0; });
  add("basket_usd_per_t", "USD/t", [](const OxideRow& row) { return row.sums.basket_usd_per_t; });
  for (std::size_t i = 0; i < rare_earth_count; ++i) {
    add(oxide_key(i, options.basis), "%",
        [i](const OxideRow& row) { return row.suite.oxide[i] * 100.0; });
    add(element_key(i), "ppm", [i](const OxideRow& row) { return row.element[i] * 1e6; });
  }
  return out;
}

Json sums_of(const OxideOptions& options, const OxideResult& result,
             const std::vector<std::string>& ids) {
  Json summary;
  summary["basis"] = to_text(options.basis);
  summary["line"] = to_text(options.line);
  summary["line_after"] = options.line == HeavyLine::usgs ? "Gd" : "Sm";
  summary["rows"] = result.rows.size();
  summary["columns_used"] = Json(result.columns_used);
  summary["partial_rows"] = result.partial_rows;
  Json partial = Json::array();
  for (std::size_t i = 0; i < result.rows.size(); ++i)
    if (!result.rows[i].suite.missing().empty()) partial.push_back(ids[i]);
  summary["partial"] = partial;
  return summary;
}

Outcome run(const Arguments& arguments, const Session& session) {
  ReadOptions reading = read_options(arguments, session);
  reading.need_crs = false;
  reading.need_geometry = false;
  const Layer layer = read_layer(arguments.text("TABLE"), reading, session.progress.part(0.0, 0.5));
  OxideOptions options;
  options.basis = parse_oxide_basis(arguments.text("basis"));
  options.line = parse_heavy_line(arguments.text("line"));
  Outcome outcome;
  outcome.inputs = {layer.source};
  outcome.findings = layer.findings;
  if (arguments.has("prices")) {
    const Layer prices = read_table(arguments.text("prices"));
    options.prices = read_prices(prices.table);
    outcome.inputs.push_back(prices.source);
    outcome.findings.add(prices.findings);
  }
  const OxideResult result = oxides_of(layer.table, options, session.progress.part(0.5, 0.9));
  outcome.findings.add(result.findings);
  const auto ids = feature_ids(layer, arguments.text("id"));
  const auto names = feature_names(layer, arguments.text("name"));
  outcome.summary = sums_of(options, result, ids);
  outcome.shown = {"id",       "name",     "treo_pct", "lreo_pct",        "hreo_pct",
                   "mreo_pct", "ndpr_pct", "dytb_pct", "basket_usd_per_t"};
  add_results(session, outcome, result.rows.size(),
              [&](std::size_t i) { return row_of(result.rows[i], options, ids[i], names[i]); });
  write_output(arguments, session, output_of(layer, result, options), outcome);
  return outcome;
}

}  // namespace

Command oxides_command() {
  const OxideOptions defaults;
  Command command;
  command.name = "oxides";
  command.summary = "rare earth elements to oxides and back, TREO and its parts, basket value";
  command.group = "Deposit";
  command.parameters = {
      {.name = "TABLE",
       .kind = Kind::table,
       .help = "grades in columns such as La_ppm, La2O3_pct, TREO_pct",
       .positional = true,
       .required = true},
      {.name = "basis",
       .kind = Kind::choice,
       .help = "oxides to convert elements to: as traded (CeO2, Pr6O11, Tb4O7), or all as M2O3",
       .choices = {"trade", "sesquioxide"},
       .default_text = std::string(to_text(defaults.basis)),
       .group = "Convention"},
      {.name = "line",
       .kind = Kind::choice,
       .help = "light ends after Gd (usgs) or after Sm (eu); Y is heavy",
       .choices = {"usgs", "eu"},
       .default_text = std::string(to_text(defaults.line)),
       .group = "Convention"},
      {.name = "prices",
       .kind = Kind::table,
       .help = "prices of the oxides: oxide, price_usd_per_kg, perhaps payable, recovery, year",
       .group = "Basket"}};
  append(command.parameters, naming_parameters());
  append(command.parameters, reading_parameters());
  append(command.parameters, output_parameters());
  command.run = run;
  return command;
}

}  // namespace lode::tools
