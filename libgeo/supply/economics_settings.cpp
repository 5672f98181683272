// The settings of site economics, read from TOML.
#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/economics.h"
#include "libgeo/supply/settings_table.h"

namespace lode {

namespace {

constexpr double most_usd = 1e15;

/// A rate or share that is written in per cent.
void percent(SettingsTable& table, const std::string& key, double& into, double low, double high) {
  double value = 100.0 * into;
  if (!table.has(key)) {
    table.number(key, value, low, high);  // so that it is known
    return;
  }
  table.number(key, value, low, high);
  into = value / 100.0;
}

void read_incentives(SettingsTable& table, Incentives& aid) {
  table.number("grant_usd", aid.grant_usd, 0.0, most_usd);
  percent(table, "investment_credit_pct", aid.investment_credit, 0.0, 100.0);
  percent(table, "production_credit_pct", aid.production_credit, 0.0, 100.0);
  percent(table, "loan_share_pct", aid.loan_share, 0.0, 100.0);
  percent(table, "loan_rate_pct", aid.loan_rate, 0.0, 1000.0);
  table.number("loan_years", aid.loan_years, 1.0, 100.0);
  if (aid.loan_years != static_cast<int>(aid.loan_years))
    table.fault("loan_years", "a whole number is meant");
  table.texts("countries", aid.countries);
  table.texts("groups", aid.groups);
  table.number("floor_years", aid.floor_years, 0.0, Incentives::unlimited_years);
  table.inner("floor_usd_per_kg", [&](SettingsTable& floors) {
    std::vector<std::pair<std::string, double>> named;
    floors.named_numbers(named, 0.0, most_usd);
    aid.floor_metals.clear();
    aid.floor_usd_per_kg.clear();
    for (const auto& [metal, level] : named) {
      aid.floor_metals.push_back(metal);
      aid.floor_usd_per_kg.push_back(level);
    }
  });
}

}  // namespace

EconomicsOptions parse_economics(std::string_view text, const std::string& where,
                                 const EconomicsOptions& otherwise) {
  const toml::table root = parse_settings(text, where, "economics.syntax");
  SettingsMistakes mistakes(where, "economics.invalid");
  SettingsTable table(root, "", mistakes);
  EconomicsOptions options = otherwise;
  percent(table, "discount_pct", options.discount, -99.0, 1000.0);
  table.year("base_year", options.base_year);
  table.flag("mid_year", options.mid_year);
  percent(table, "tax_pct", options.tax, 0.0, 99.0);
  table.inner("country_tax_pct", [&](SettingsTable& inside) {
    options.country_tax.clear();
    inside.named_numbers(options.country_tax, 0.0, 99.0);
    for (auto& [country, tax] : options.country_tax) tax /= 100.0;
  });
  percent(table, "royalty_pct", options.royalty, 0.0, 99.0);
  table.number("depreciation_years", options.depreciation_years, 0.0, 200.0);
  percent(table, "working_capital_pct", options.working_capital, 0.0, 1000.0);
  table.number("closure_usd", options.closure_usd, 0.0, most_usd);
  table.number("horizon_years", options.horizon_years, 1.0, 200.0);
  table.flag("unpriced_is_zero", options.unpriced_is_zero);
  table.text("metal", options.metal);
  table.whole("draws", options.draws, 0, 10'000'000);
  table.inner("incentives",
              [&](SettingsTable& inside) { read_incentives(inside, options.incentives); });
  table.inner("capex_model", [&](SettingsTable& inside) {
    inside.number("base_usd", options.capex_model.base, 0.0, most_usd);
    inside.number("base_size_t_per_year", options.capex_model.base_size, 1e-9, most_usd);
    inside.number("exponent", options.capex_model.exponent, 0.0, 2.0);
  });
  table.finish();
  mistakes.throw_if_any();
  return options;
}

}  // namespace lode
