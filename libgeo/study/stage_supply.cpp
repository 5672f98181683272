// Stage 6: governance of each site's country, its group as a number, and the dependence of today.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/study/context.h"
#include "libgeo/study/supply_tables.h"
#include "libgeo/supply/dependence.h"

namespace lode {

namespace {

/// The tables of `[supply]`, read one by one under the names that the study gives them.
class SupplyTables {
 public:
  explicit SupplyTables(StudyContext& context) : context_(context), supply_(context.study.supply) {
    options_.other = parse_other_rule(supply_.other);
    options_.not_available = parse_not_available_rule(supply_.not_available);
    options_.quota = parse_quota_rule(supply_.quota);
    options_.other_governance = supply_.other_governance;
  }

  [[nodiscard]] Table read(const std::string& path) {
    Layer layer = context_.read_plain_table(path, supply_.line);
    layer.table.name = path;
    return std::move(layer.table);
  }
  [[nodiscard]] SupplyReading reading() {
    return {context_.countries, options_, parse_inexact_rule(supply_.inexact),
            context_.result.findings};
  }
  [[nodiscard]] ConcentrationOptions& options() { return options_; }
  [[nodiscard]] const std::string& governance_how() const { return governance_how_; }

  void governance() {
    if (supply_.governance.empty()) return;
    const GovernanceTable read_table =
        read_governance_table(reading(), read(supply_.governance),
                              {supply_.governance_country, supply_.governance_value,
                               supply_.governance_indicator, supply_.governance_year});
    options_.governance = read_table.risk;
    governance_how_ = read_table.how;
  }

  /// The whole table is the supply of one stage, TREO mined, unless columns say otherwise.
  [[nodiscard]] std::vector<Production> production() {
    if (supply_.production_value.empty())
      throw Error("study.missing", "[supply] does not say which field holds the production",
                  context_.where(supply_.line), "Add production_value = \"FIELD\".");
    const Table table = read(supply_.production);
    say_production_slips(reading(), table);
    std::vector<Production> all;
    for (const auto* value : {&supply_.production_before, &supply_.production_value}) {
      if (value->empty()) continue;
      for (auto& one : read_production(reading(), table,
                                       fields_of(table, supply_.production_country, *value))) {
        if (one.stage.empty()) one.stage = "mine";
        all.push_back(std::move(one));
      }
    }
    // A quota is one of the table that prints it, not of every other stage.
    std::set<std::string> quotas;
    for (const auto& country : supply_.quota_countries)
      quotas.insert(country_id(country, context_.countries));
    mark_quotas(all, quotas);
    if (supply_.stages.empty()) return all;
    const Table stages = read(supply_.stages);
    say_production_slips(reading(), stages);
    const std::string value = supply_field(
        stages, supply_.stages_value, {"share_pct", "amount_t", "share", "value"}, "stages_value");
    for (auto& one : read_production(reading(), stages, fields_of(stages, "", value))) {
      if (one.stage.empty())
        throw Error("study.value", "a row of the table of stages has no stage", supply_.stages,
                    "Fill its column stage: mine, separation, metal, magnet.");
      // A stage that the table of production has already would be counted twice.
      if (std::none_of(all.begin(), all.end(), [&](const Production& known) {
            return known.stage == one.stage && known.element == one.element;
          }))
        all.push_back(std::move(one));
    }
    return all;
  }

 private:
  static SupplyFields fields_of(const Table& table, const std::string& country,
                                const std::string& value) {
    const auto has = [&](const char* name) {
      return table.find(name) != nullptr ? table.find(name)->name : std::string();
    };
    SupplyFields fields;
    fields.country = country;
    fields.value = value;
    fields.element = has("element");
    fields.stage = has("stage");
    fields.trade_factor = has("trade_factor");
    fields.kind = has("kind");
    fields.low = has("low");
    fields.high = has("high");
    return fields;
  }

  StudyContext& context_;
  const SupplyTable& supply_;
  ConcentrationOptions options_;
  std::string governance_how_;
};

DependenceInputs inputs_of(StudyContext& context, SupplyTables& tables) {
  const SupplyTable& supply = context.study.supply;
  auto& findings = context.result.findings;
  DependenceInputs inputs;
  inputs.supply = tables.production();
  inputs.options = tables.options();
  if (!supply.composition.empty()) {
    inputs.compositions = read_compositions(tables.reading(), tables.read(supply.composition));
    const std::vector<std::string> usual = {"La", "Ce", "Pr", "Nd", "Tb", "Dy", "Y"};
    inputs.split.groups =
        parse_element_groups(supply.elements.empty() ? usual : supply.elements,
                             context.where(supply.keys.line_of("elements")) + ", elements");
    inputs.split.without = parse_no_composition(supply.no_composition);
    inputs.split.basis = parse_split_basis(supply.composition_basis);
  }
  if (!supply.imports.empty())
    inputs.imports = read_imports(tables.reading(), tables.read(supply.imports), {});
  if (!supply.origins.empty())
    inputs.origins = read_origins(tables.reading(), tables.read(supply.origins));
  if (!supply.trade.empty())
    inputs.trade =
        read_trade(tables.reading(), tables.read(supply.trade), {supply.trade_period, {}});
  if (!supply.factors.empty()) inputs.factors = read_factors(tables.read(supply.factors), findings);
  if (!supply.uses.empty())
    for (const auto& one : read_uses(tables.read(supply.uses), findings))
      inputs.factors.push_back(one);
  if (!supply.willingness.empty())
    inputs.willingness = read_willingness(tables.reading(), tables.read(supply.willingness));
  if (!supply.territories.empty())
    inputs.parents = read_territories(tables.reading(), tables.read(supply.territories));
  inputs.refuse_ungoverned_imports = false;  // a study goes on without the one index
  inputs.merge_territories = supply.merge_territories;
  inputs.home = context.result.home.empty() ? context.study.home : context.result.home;
  if (!context.result.allies.empty())
    inputs.alliances.push_back({context.result.allies_name,
                                {context.result.allies.begin(), context.result.allies.end()},
                                ""});
  return inputs;
}

std::string governance_words(const SupplyTables& tables) {
  return tables.governance_how().empty() ? "" : "; governance: " + tables.governance_how();
}

void add_dependence(StudyContext& context, SupplyTables& tables) {
  const DependenceInputs inputs = inputs_of(context, tables);
  const SupplyTable& supply = context.study.supply;
  for (const auto& found : dependence(inputs, context.result.findings)) {
    Dependence row;
    row.material =
        is_total_oxide(found.supply.element) ? "rare earth oxides" : found.supply.element;
    row.stage = found.supply.stage;
    row.period = found.period;
    row.hhi = found.supply.hhi;
    row.hhi_wgi = found.supply.hhi_wgi;
    row.hhi_low = found.supply.hhi_low;
    row.hhi_high = found.supply.hhi_high;
    row.total_t = found.total_t;
    row.home_share = found.home_share;
    row.allied_share = found.allied_without_home;
    row.import_reliance = found.reliance.value;
    row.eu_supply_risk = found.eu_supply_risk;
    row.geopolrisk = found.geopolrisk;
    row.usgs_supply_risk = found.usgs_supply_risk;
    for (const auto& one : found.supply.shares)
      row.share_by_country.emplace_back(one.country, one.share);
    row.source = found.source + ", field " + found.period;
    row.how = found.how + governance_words(tables);
    // Whoever reads `source` alone is told the rule that moves the figure most.
    if (std::any_of(found.supply.shares.begin(), found.supply.shares.end(),
                    [](const CountryShare& one) { return one.is_other; }) ||
        supply.other == "exclude")
      row.source +=
          "; 'Other' " + std::string(supply.other == "exclude"      ? "left out"
                                     : supply.other == "total-only" ? "in the total alone"
                                                                    : "counted as one country");
    context.result.dependence.push_back(std::move(row));
  }
}

}  // namespace

void check_supply_names(const StudyContext& context, std::vector<Error>& faults) {
  const SupplyTable& supply = context.study.supply;
  std::vector<std::string> known;
  for (const auto& country : context.countries.list()) {
    known.push_back(country.iso3);
    known.push_back(country.name);
  }
  for (const auto& country : supply.quota_countries) {
    if (known.empty() || !country_code(country, context.countries).empty()) continue;
    const auto near = nearest_name(country, known);
    faults.emplace_back(
        "study.value",
        "[supply] quota_countries: '" + printable(country) + "' is no country we know",
        context.where(supply.keys.line_of("quota_countries")),
        near ? suggestion(country, known) : "Give its ISO 3166-1 alpha-3 code, such as CHN.");
  }
  try {
    (void)parse_element_groups(
        supply.elements, context.where(supply.keys.line_of("elements")) + ", [supply] elements");
  } catch (const Error& error) {
    faults.push_back(error);
  }
}

void stage_supply(StudyContext& context, const Progress& progress) {
  progress.update(0.0, "dependence");
  const SupplyTable& supply = context.study.supply;
  SupplyTables tables(context);
  tables.governance();
  const auto& risk = context.governance = tables.options().governance;
  for (std::size_t i = 0; i < context.result.sites.size(); ++i) {
    const Site& site = context.result.sites[i];
    if (!site.group.empty())
      context.set("group", "0 domestic, 1 allied, 2 other", i,
                  site.group == "domestic" ? 0.0
                  : site.group == "allied" ? 1.0
                                           : 2.0,
                  site.source + ": country " + (site.country.empty() ? "unknown" : site.country));
    const auto found = risk.find(country_key(site.country));
    if (found != risk.end())
      context.set("governance_risk", "0 to 10", i, found->second,
                  supply.governance + ", country " + site.country);
    else if (!risk.empty() && !site.country.empty())
      context.result.findings.add("study.no_governance", Severity::warning, supply.governance,
                                  "a country has no governance figure (first: " + site.country +
                                      "); it is missing, not average");
  }
  progress.check();
  if (!supply.production.empty()) add_dependence(context, tables);
}

}  // namespace lode
