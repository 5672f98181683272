#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/economics.h"
#include "tools/command.h"
#include "tools/row_columns.h"
#include "tools/supply_inputs.h"

namespace lode::tools {

namespace {

std::vector<Parameter> economics_parameters() {
  Parameter discount{.name = "discount",
                     .kind = Kind::quantity,
                     .help = "rate a year, without inflation; 8 % when nothing says another",
                     .dimension = Dimension::grade,
                     .range = "above -100 % to 1000 %"};
  discount.minimum = -0.99;
  discount.maximum = 10.0;
  Parameter year{.name = "base-year",
                 .kind = Kind::integer,
                 .help = "year 0: of decisions, and that values are discounted to",
                 .range = "1900 to 2200"};
  year.minimum = 1900;
  year.maximum = 2200;
  Parameter draws{.name = "draws",
                  .kind = Kind::integer,
                  .help =
                      "draws between low and high; 0 = the base figures alone, 1000 when "
                      "nothing says another",
                  .range = "0 to 10000000"};
  draws.minimum = 0;
  draws.maximum = 1e7;
  std::vector<Parameter> list{
      sources_parameter("SOURCES"),
      prices_parameter(true),
      {.name = "settings",
       .kind = Kind::file,
       .help = "TOML: tax, royalty, depreciation, incentives, capex model, ..."},
      {.name = "metal", .help = "that the levelised cost is of: NdPr, Dy; the others are credited"},
      discount,
      year,
      draws,
      {.name = "cash", .kind = Kind::vector_out, .help = "write the cash of every year"}};
  for (auto& parameter : list)
    if (!parameter.positional) parameter.group = "Economics";
  append(list, reading_parameters());
  append(list, output_parameters());
  return list;
}

/// The settings, and the options of the command line over them.
EconomicsOptions economics_options(const Arguments& arguments, const Session& session,
                                   const SupplySources& sources, Outcome& outcome) {
  EconomicsOptions options;
  options.draws = 1000;
  if (arguments.has("settings")) {
    const std::string path = arguments.text("settings");
    options = parse_economics(supply_text(arguments, "settings", outcome), path, options);
    name_economics(session, path, sources, options, outcome);
  }
  if (arguments.has("metal")) options.metal = metal_option(arguments);
  if (arguments.has("discount")) options.discount = arguments.quantity("discount");
  if (arguments.has("base-year"))
    options.base_year = static_cast<int>(arguments.integer("base-year"));
  if (arguments.has("draws")) options.draws = static_cast<std::size_t>(arguments.integer("draws"));
  options.seed = session.seed;
  options.jobs = session.jobs;
  return options;
}

LowBaseHigh in_percent(const LowBaseHigh& fraction) {
  return {100.0 * fraction.low, 100.0 * fraction.base, 100.0 * fraction.high};
}

/// `p10_usd_per_kg`, `usd_per_kg`, `p90_usd_per_kg`, for a name that is its unit.
Json site_row(const SiteEconomics& site) {
  Json row = Json::object();
  row["id"] = site.id;
  row["name"] = text_or_null(site.name);
  row["country"] = text_or_null(site.country);
  row["group"] = text_or_null(site.group);
  row["kind"] = site.kind;
  row["metal"] = site.metal;
  put_range(row, "npv", "usd", site.npv_usd);
  row["npv_base_usd"] = site.npv_base_usd;
  put_range(row, "irr", "pct", in_percent(site.irr));
  row["irr_roots"] = site.irr_roots;
  put_range(row, "payback", "years", site.payback_years);
  put_range(row, "", "usd_per_kg", site.usd_per_kg);
  put_range(row, "", "usd_per_kg_oxide", site.usd_per_kg_oxide);
  put_range(row, "break_even_factor", "", site.break_even_factor);
  put_range(row, "break_even", "usd_per_kg", site.break_even_usd_per_kg);
  put_range(row, "cash_factor", "", site.cash_factor);
  row["probability_of_loss"] = site.probability_of_loss;
  row["capex_usd"] = site.capex_usd;
  row["life_years"] = site.life_years;
  row["basket_usd_per_kg"] = site.basket_usd_per_kg;
  row["incentives_usd"] = site.incentives_usd;
  row["notes"] = Json(site.notes);
  return row;
}

void summarise(const EconomicsResult& result, const EconomicsOptions& options, Outcome& outcome) {
  std::size_t above = 0;
  Sum total, incentives;
  for (const auto& site : result.sites) {
    above += site.npv_usd.base > 0.0;
    total += site.npv_base_usd;
    incentives += site.incentives_usd;
  }
  Json& summary = outcome.summary;
  summary["metal"] = result.metal;
  summary["currency"] = result.currency;
  summary["price_year"] = year_or_null(result.price_year);
  summary["base_year"] = year_or_null(result.base_year);
  summary["discount_pct"] = 100.0 * options.discount;
  summary["tax_pct"] = 100.0 * options.tax;
  for (const auto& [country, tax] : options.country_tax)
    summary["country_tax_pct"][country] = 100.0 * tax;
  summary["mid_year"] = options.mid_year;
  summary["draws"] = options.draws;
  summary["sources"] = result.sites.size();
  summary["npv_above_0"] = above;
  summary["npv_base_total_usd"] = total.value();
  summary["incentives_total_usd"] = incentives.value();
}

OutputLayer economics_layer(const EconomicsResult& result) {
  RowColumns<SiteEconomics> add("economics", result.sites);
  add.text("id", &SiteEconomics::id);
  add.text("name", &SiteEconomics::name);
  add.text("country", &SiteEconomics::country);
  add.text("group", &SiteEconomics::group);
  add.text("kind", &SiteEconomics::kind);
  add.text("metal", &SiteEconomics::metal);
  add.range("npv_", "usd", &SiteEconomics::npv_usd);
  add.range("irr_", "pct", &SiteEconomics::irr, 100.0);
  add.range("payback_", "years", &SiteEconomics::payback_years);
  add.range("", "usd_per_kg", &SiteEconomics::usd_per_kg);
  add.range("", "usd_per_kg_oxide", &SiteEconomics::usd_per_kg_oxide);
  add.range("break_even_", "factor", &SiteEconomics::break_even_factor);
  add.range("break_even_", "usd_per_kg", &SiteEconomics::break_even_usd_per_kg);
  add.range("cash_", "factor", &SiteEconomics::cash_factor);
  add.number("npv_base_usd", &SiteEconomics::npv_base_usd);
  add.number("probability_of_loss", &SiteEconomics::probability_of_loss);
  add.number("capex_usd", &SiteEconomics::capex_usd);
  add.number("life_years", &SiteEconomics::life_years);
  add.number("basket_usd_per_kg", &SiteEconomics::basket_usd_per_kg);
  add.number("incentives_usd", &SiteEconomics::incentives_usd);
  return add.take();
}

struct CashRow {
  const SiteEconomics* site;
  const CashYear* year;
};

OutputLayer cash_layer(const EconomicsResult& result) {
  std::vector<CashRow> rows;
  for (const auto& site : result.sites)
    for (const auto& year : site.cash) rows.push_back({&site, &year});
  RowColumns<CashRow> add("cash_flow", rows);
  add.text("id", [](const CashRow& row) { return row.site->id; });
  add.number("year", [](const CashRow& row) { return row.year->year; });
  const std::pair<const char*, double CashYear::*> columns[] = {
      {"output_t", &CashYear::output_t},
      {"revenue_usd", &CashYear::revenue_usd},
      {"floor_usd", &CashYear::floor_usd},
      {"opex_usd", &CashYear::opex_usd},
      {"fixed_usd", &CashYear::fixed_usd},
      {"royalty_usd", &CashYear::royalty_usd},
      {"capex_usd", &CashYear::capex_usd},
      {"working_capital_usd", &CashYear::working_capital_usd},
      {"closure_usd", &CashYear::closure_usd},
      {"tax_usd", &CashYear::tax_usd},
      {"grant_usd", &CashYear::grant_usd},
      {"credit_usd", &CashYear::credit_usd},
      {"loan_usd", &CashYear::loan_usd},
      {"depreciation_usd", &CashYear::depreciation_usd},
      {"interest_usd", &CashYear::interest_usd},
      {"profit_usd", &CashYear::profit_usd},
      {"net_usd", &CashYear::net_usd},
      {"discount_factor", &CashYear::discount_factor}};
  for (const auto& [name, member] : columns)
    add.number(name, [of = member](const CashRow& row) { return row.year->*of; });
  return add.take();
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const SupplySources sources = supply_sources(arguments, session, "SOURCES", outcome);
  const PricePath prices = supply_prices(arguments, session, outcome);
  const EconomicsOptions options = economics_options(arguments, session, sources, outcome);
  const EconomicsResult result = site_economics(sources, prices, options, session.progress);
  outcome.findings.add(result.findings);
  outcome.shown = {"id",
                   "npv_usd",
                   "irr_pct",
                   "payback_years",
                   "usd_per_kg",
                   "break_even_factor",
                   "probability_of_loss"};
  add_results(session, outcome, result.sites.size(),
              [&](std::size_t k) { return site_row(result.sites[k]); });
  summarise(result, options, outcome);
  enforce_strict(session, outcome.findings);
  if (arguments.has("cash")) write_beside(arguments, session, "cash", cash_layer(result), outcome);
  write_tables(arguments, session, {economics_layer(result), cash_layer(result)}, outcome);
  return outcome;
}

}  // namespace

Command supply_economics_command() {
  Command command;
  command.name = "supply economics";
  command.summary = "what each source is worth: cash by year, NPV, IRR, levelised cost, break-even";
  command.group = "Supply";
  command.parameters = economics_parameters();
  command.setup = [](const Arguments& arguments) { (void)metal_option(arguments); };
  command.run = run;
  return command;
}

}  // namespace lode::tools
