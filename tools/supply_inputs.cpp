#include "tools/supply_inputs.h"

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/format_writers.h"
#include "libgeo/study/countries.h"
#include "libgeo/study/incentive_names.h"
#include "libgeo/supply/composition.h"

namespace lode::tools {

namespace {

constexpr std::size_t most_settings = std::size_t{4} << 20;  // a page or two

Table kept_table(Layer layer, Outcome& outcome) {
  outcome.inputs.push_back(layer.source);
  outcome.findings.add(layer.findings);
  return std::move(layer.table);
}

}  // namespace

Parameter sources_parameter(const std::string& word) {
  return {.name = word,
          .kind = Kind::table,
          .help = "sources: id, country, capacity_t_per_year, share_<metal>, opex_usd_per_kg, ...",
          .positional = true,
          .required = true};
}

Parameter demand_parameter(bool required) {
  return {.name = "demand",
          .kind = Kind::table,
          .help = "demand: year, <metal>_t (NdPr_t, DyTb_t)",
          .required = required,
          .group = "Supply"};
}

Parameter prices_parameter(bool required) {
  return {.name = "prices",
          .kind = Kind::table,
          .help = "prices: metal, price_usd_per_kg, perhaps low, high, year, currency, price_year",
          .required = required,
          .group = "Supply"};
}

SupplySources supply_sources(const Arguments& arguments, const Session& session,
                             const std::string& word, Outcome& outcome) {
  const Table table = kept_table(
      read_table(arguments.text(word), read_options(arguments, session), session.progress),
      outcome);
  SupplySources sources = read_sources(table, outcome.findings);
  name_source_countries(sources, session, outcome);
  return sources;
}

void name_source_countries(SupplySources& sources, const Session& session, Outcome& outcome) {
  const Countries countries = built_in_countries(session.jobs, outcome.findings);
  std::vector<std::string> unknown;
  for (auto& source : sources.list) {
    source.country = country_id(source.country, countries);
    // "Other" is a country that is not told, not a slip of the pen.
    if (country_code(source.country, countries).empty() &&
        !names_or_all(ConcentrationOptions().other_names, source.country))
      unknown.push_back(printable(source.id) + (source.country.empty()
                                                    ? " (empty)"
                                                    : " (" + printable(source.country) + ")"));
  }
  if (!unknown.empty() && !countries.list().empty())
    outcome.findings.add("supply.unknown_country", Severity::warning, sources.table,
                         "no country we know: " + join(unknown, ", ") +
                             "; what holds for a country does not meet these sources",
                         unknown.size());
}

SupplyDemand supply_demand(const Arguments& arguments, const Session& session, Outcome& outcome) {
  return read_demand(supply_table(arguments, session, "demand", outcome), outcome.findings);
}

PricePath supply_prices(const Arguments& arguments, const Session& session, Outcome& outcome) {
  return read_price_path(supply_table(arguments, session, "prices", outcome), outcome.findings);
}

Table supply_table(const Arguments& arguments, const Session& session, const std::string& option,
                   Outcome& outcome) {
  return kept_table(read_table(arguments.text(option), other_read_options(arguments, session)),
                    outcome);
}

std::string supply_text(const Arguments& arguments, const std::string& option, Outcome& outcome) {
  Source source;
  source.path = arguments.text(option);
  std::string text = text_of_file(source.path, {}, most_settings);
  source.sha256 = sha256(text);
  outcome.inputs.push_back(source);
  return text;
}

void check_option(const std::string& usage, const std::function<void()>& read) {
  try {
    read();
  } catch (const Error& error) {
    throw Error(usage, error.what(), error.where, error.hint);
  }
}

std::string metal_option(const Arguments& arguments) {
  std::string metal;
  if (arguments.has("metal"))
    check_option("usage.metal",
                 [&] { metal = element_group_of_column(arguments.text("metal"), "--metal").name; });
  return metal;
}

void name_economics(const Session& session, const std::string& settings,
                    const SupplySources& sources, EconomicsOptions& options, Outcome& outcome) {
  const Incentives& aid = options.incentives;
  if (aid.countries.empty() && aid.groups.empty() && options.country_tax.empty()) return;
  name_economics_countries(options, sources, built_in_countries(session.jobs, outcome.findings),
                           settings);
  check_economics_countries(options, sources, settings, outcome.findings);
}

void write_tables(const Arguments& arguments, const Session& session,
                  std::vector<OutputLayer> layers, Outcome& outcome) {
  const std::string path = arguments.text("output");
  if (!path.empty() && layers.size() > 1 &&
      writing::kind_of(path, arguments.text("format")) != writing::Kind::geopackage)
    layers.resize(1);
  write_output(arguments, session, std::move(layers), outcome);
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json year_or_null(int year) {
  return year == 0 ? Json() : Json(year);
}

void put_range(Json& row, const std::string& stem, const std::string& unit,
               const LowBaseHigh& value) {
  const auto name = [&](const std::string& part) {
    std::string all = stem;
    for (const std::string& word : {part, unit})
      if (!word.empty()) all += (all.empty() ? "" : "_") + word;
    return all;
  };
  row[name("p10")] = value.low;
  row[name("")] = value.base;
  row[name("p90")] = value.high;
}

}  // namespace lode::tools
