#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/study/countries.h"
#include "libgeo/supply/price_units.h"
#include "tools/supply_curve_parts.h"

namespace lode::tools {

namespace {

constexpr int default_span = 20;  // years of recycling flows

Parameter whole(const std::string& name, const std::string& help, double least, double most,
                const std::string& text = {}) {
  Parameter parameter{.name = name,
                      .kind = Kind::integer,
                      .help = help,
                      .default_text = text,
                      .range = number_text(least) + " to " + fixed_text(most, 0)};
  parameter.minimum = least;
  parameter.maximum = most;
  return parameter;
}

std::vector<Parameter> curve_parameters() {
  std::vector<Parameter> list{
      sources_parameter("SOURCES"),
      prices_parameter(true),
      {.name = "settings",
       .kind = Kind::file,
       .help = "TOML of lode-supply-economics(1): discount, royalty, incentives, ..."},
      {.name = "metal", .help = "that the curve is of: NdPr, Dy; the others are credited"},
      whole("base-year", "of the decisions, and that costs are discounted to", 1900, 2200),
      whole("year", "only what could run in that year, at its rate then", 1900, 2200),
      {.name = "price-line",
       .help = "NAME='56 USD/kg': a price to say how much covers its cost there; the low, base and "
               "high of the table of prices when not said",
       .repeatable = true},
      whole("draws", "draws of capacity, opex, capex and prices; 0 = no bands", 0, 1e6, "10000"),
      whole("grid", "points of the bands", 1, 1e5, "100"),
      {.name = "bands", .kind = Kind::vector_out, .help = "write the bands"},
      {.name = "stocks",
       .kind = Kind::table,
       .help =
           "products in use: id, product, country, year, sold_t, ...; adds what recycling gives"},
      whole("from-year", "first year of what is recycled; the base year when not said", 1900, 2200),
      whole("to-year", "last year of it; 20 years later when not said", 1900, 2200),
      {.name = "recycling", .kind = Kind::vector_out, .help = "write what is recycled by year"}};
  for (std::size_t k = 1; k < list.size(); ++k) list[k].group = k < 10 ? "Curve" : "Recycling";
  append(list, reading_parameters());
  append(list, output_parameters());
  return list;
}

/// "base=56 USD/kg" taken apart.
std::pair<std::string, PricePerKg> price_line(const std::string& text) {
  const auto at = text.find('=');
  const std::string name(trim(text.substr(0, std::min(at, text.size()))));
  if (at == std::string::npos || name.empty())
    throw Error("usage.price_line", "'" + printable(text) + "' is not NAME=PRICE", "--price-line",
                "Write --price-line 'floor=110 USD/kg'.");
  PricePerKg price;
  check_option("usage.price_line",
               [&] { price = parse_price_per_kg(text.substr(at + 1), "--price-line"); });
  if (price.amount < 0.0)
    throw Error("usage.price_line", "a price below 0", "--price-line", "It must be 0 or more.");
  return {name, price};
}

void check_curve(const Arguments& arguments) {
  for (const char* option : {"from-year", "to-year", "recycling"})
    if (arguments.has(option) && !arguments.has("stocks"))
      throw Error("usage.stocks", "--" + std::string(option) + " without a table of stocks",
                  "--" + std::string(option), "Add --stocks FILE.");
  if (arguments.has("bands") && arguments.integer("draws") == 0)
    throw Error("usage.bands", "--bands without draws", "--bands", "Say --draws 10000.");
  if (arguments.has("from-year") && arguments.has("to-year") &&
      arguments.integer("from-year") > arguments.integer("to-year"))
    throw Error("usage.stocks", "--from-year is after --to-year", "--from-year",
                "Give the first year and then the last.");
  for (const auto& text : arguments.texts("price-line")) (void)price_line(text);
  (void)metal_option(arguments);
}

int year_of(const Arguments& arguments, const std::string& option) {
  return arguments.has(option) ? static_cast<int>(arguments.integer(option)) : 0;
}

CostCurveOptions curve_options(const Arguments& arguments, const Session& session,
                               const PricePath& prices, Outcome& outcome) {
  CostCurveOptions options;
  if (arguments.has("settings"))
    options.economics =
        parse_economics(supply_text(arguments, "settings", outcome), arguments.text("settings"));
  options.metal = metal_option(arguments);
  options.year = year_of(arguments, "year");
  options.base_year = year_of(arguments, "base-year");
  if (options.base_year == 0) options.base_year = options.economics.base_year;
  if (options.base_year == 0 && !prices.years.empty()) options.base_year = prices.years.front();
  if (options.base_year == 0) options.base_year = prices.price_year;
  options.draws = static_cast<std::size_t>(arguments.integer("draws"));
  options.grid = static_cast<std::size_t>(arguments.integer("grid"));
  options.seed = session.seed;
  options.jobs = session.jobs;
  for (const auto& text : arguments.texts("price-line")) {
    const auto [name, price] = price_line(text);
    check_price_money(price, prices.currency, "--price-line");
    options.price_lines.emplace_back(name, price.amount);
  }
  return options;
}

/// Stocks read and their sources added; what they give by year.
std::vector<RecyclingFlow> add_stocks(const Arguments& arguments, const Session& session,
                                      const CostCurveOptions& options, SupplySources& sources,
                                      Outcome& outcome) {
  ProductStocks stocks =
      read_stocks(supply_table(arguments, session, "stocks", outcome), outcome.findings);
  const Countries countries = built_in_countries(session.jobs, outcome.findings);
  for (auto& stock : stocks.list) stock.country = country_id(stock.country, countries);
  int from = year_of(arguments, "from-year"), to = year_of(arguments, "to-year");
  if (from == 0) from = options.base_year;
  if (from == 0)
    throw Error("usage.stocks", "nothing says from which year on to recycle", "--stocks",
                "Add --from-year 2026, or --base-year.");
  if (to == 0) to = std::max(from + default_span, options.year);
  if (from > to)
    throw Error("usage.stocks",
                "the recycling begins in " + std::to_string(from) + ", after --to-year " +
                    std::to_string(to),
                "--to-year", "Give a later year, or an earlier --from-year.");
  add_recycling(sources, stocks, from, to, outcome.findings);
  return recycling_flows(stocks, from, to);
}

/// Low, base and high of the table, where no line was asked for.
void lines_of_table(const PricePath& prices, const std::string& metal, CostCurveOptions& options) {
  if (!options.price_lines.empty()) return;
  const LowBaseHigh price = prices.of(metal, options.year != 0 ? options.year : options.base_year);
  for (const auto& [name, value] :
       {std::pair{"low price", price.low}, {"price", price.base}, {"high price", price.high}})
    if (!std::isnan(value)) options.price_lines.emplace_back(name, value);
}

/// The metal that the curve will be of, as the economics choose it.
std::string metal_of_curve(const SupplySources& sources, const PricePath& prices,
                           const CostCurveOptions& options) {
  SupplySources none = sources;
  none.list.clear();
  EconomicsOptions economics = options.economics;
  if (!options.metal.empty()) economics.metal = options.metal;
  economics.base_year = options.base_year;
  economics.draws = 0;
  return site_economics(none, prices, economics).metal;
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  SupplySources sources = supply_sources(arguments, session, "SOURCES", outcome);
  const PricePath prices = supply_prices(arguments, session, outcome);
  CostCurveOptions options = curve_options(arguments, session, prices, outcome);
  std::vector<RecyclingFlow> flows;
  if (arguments.has("stocks")) flows = add_stocks(arguments, session, options, sources, outcome);
  name_economics(session, arguments.text("settings"), sources, options.economics, outcome);
  options.metal = metal_of_curve(sources, prices, options);
  lines_of_table(prices, options.metal, options);
  const CostCurve curve = cost_curve(sources, prices, options, session.progress);
  outcome.findings.add(curve.findings);
  outcome.shown = {"id",         "country",        "kind",
                   "usd_per_kg", "p10_usd_per_kg", "p90_usd_per_kg",
                   "t_per_year", "cumulated_t"};
  add_results(session, outcome, curve.steps.size(),
              [&](std::size_t k) { return curve_row(curve.steps[k]); });
  summarise_curve(curve, flows, options, outcome);
  enforce_strict(session, outcome.findings);
  if (arguments.has("bands"))
    write_beside(arguments, session, "bands", bands_layer(curve), outcome);
  if (arguments.has("recycling"))
    write_beside(arguments, session, "recycling", recycling_layer(flows), outcome);
  std::vector<OutputLayer> layers{curve_layer(curve)};
  if (!curve.bands.empty()) layers.push_back(bands_layer(curve));
  if (!flows.empty()) layers.push_back(recycling_layer(flows));
  write_tables(arguments, session, std::move(layers), outcome);
  return outcome;
}

}  // namespace

Command supply_curve_command() {
  Command command;
  command.name = "supply curve";
  command.summary = "supply by cost: mines and recyclers cumulated, with bands and price lines";
  command.group = "Supply";
  command.parameters = curve_parameters();
  command.setup = check_curve;
  command.run = run;
  return command;
}

}  // namespace lode::tools
