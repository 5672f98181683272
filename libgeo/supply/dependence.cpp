#include "libgeo/supply/dependence.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

bool matches(const std::string& wanted, const std::string& has) {
  return lower(trim(wanted)) == lower(trim(has)) ||
         (is_total_oxide(wanted) && is_total_oxide(has) && !trim(has).empty());
}

/// How well a row of a side table fits: 0 = not at all, 3 = by element and stage.
template <typename Row>
int fit(const Row& row, const std::string& element, const std::string& stage) {
  int score = 1;
  if (!row.element.empty()) {
    if (!matches(element, row.element)) return 0;
    score += 2;
  }
  if (!row.stage.empty()) {
    if (lower(trim(stage)) != lower(trim(row.stage))) return 0;
    score += 1;
  }
  return score;
}

/// The row that fits best, the first of equals; null when none does.
template <typename Row>
const Row* best(const std::vector<Row>& rows, const std::string& element,
                const std::string& stage) {
  const Row* found = nullptr;
  int most = 0;
  for (const auto& row : rows)
    if (const int score = fit(row, element, stage); score > most) {
      most = score;
      found = &row;
    }
  return found;
}

/// The first figure that is said, from the row that fits best on.
double factor_of(const std::vector<MaterialFactors>& rows, const std::string& element,
                 const std::string& stage, double MaterialFactors::*member) {
  double value = std::numeric_limits<double>::quiet_NaN();
  int most = 0;
  for (const auto& row : rows)
    if (const int score = fit(row, element, stage); score > most && !std::isnan(row.*member)) {
      most = score;
      value = row.*member;
    }
  return value;
}

void add_how(std::string& how, const std::string& words) {
  if (!words.empty()) how += (how.empty() ? "" : "; ") + words;
}

Sourcing sourcing_of(const Production& imports, const DependenceInputs& inputs,
                     Findings& findings) {
  Sourcing out;
  out.seller = concentration(imports, inputs.options);
  out.origin = out.seller;
  if (!inputs.origins.empty()) {
    TracedImports traced = trace_imports(imports, inputs.origins);
    out.origin = concentration(traced.by_origin, inputs.options);
    out.traced = true;
    out.refined_share = traced.refined_share;
    out.untraced_share = traced.untraced_share;
    out.untraced = std::move(traced.untraced);
    out.imports = std::move(traced.by_origin);
  } else {
    out.imports = imports;
  }
  findings.add(out.origin.findings);
  const auto ungoverned =
      std::find_if(out.origin.shares.begin(), out.origin.shares.end(),
                   [](const auto& one) { return one.amount > 0.0 && std::isnan(one.governance); });
  if (!inputs.refuse_ungoverned_imports && !inputs.options.governance.empty() &&
      ungoverned != out.origin.shares.end())
    findings.add("supply.no_governance", Severity::warning,
                 imports.source.empty() ? "imports" : imports.source,
                 "no governance figure of imports from " + ungoverned->country +
                     ", so there is no GeoPolRisk");
  if (out.untraced_share > 0.0)
    findings.add({"supply.untraced", Severity::note,
                  imports.source.empty() ? "imports" : imports.source, out.untraced.size(),
                  fixed_text(100.0 * out.untraced_share, 1) +
                      " % of the imports stay with the refiner for want of an origin: " +
                      join(out.untraced, ", ")});
  return out;
}

void add_alliances(const DependenceInputs& inputs, DependenceRow& row) {
  if (!inputs.home.empty()) row.home_share = share_of(row.supply, {inputs.home}, inputs.parents);
  if (inputs.alliances.empty()) return;
  for (const auto& set : inputs.alliances)
    row.share_by_set.push_back(share_of(row.supply, set.members, inputs.parents));
  auto members = all_members(inputs.alliances);
  row.allied_share = share_of(row.supply, members, inputs.parents);
  const bool home_is_member = !inputs.home.empty() && members.count(inputs.home) > 0;
  // A territory of the home country goes with it.
  row.allied_without_home = home_is_member ? row.allied_share - row.home_share : row.allied_share;
}

/// What is printed against what the balance gives, once a row of the table.
void check_reliance(const TradeRow& trade, Findings& findings) {
  if (const auto words = reliance_mismatch(trade.printed, import_reliance(trade.balance));
      !words.empty())
    findings.add("supply.reliance_differs", Severity::warning,
                 trade.source.empty() ? "trade" : trade.source, "net import reliance is " + words);
}

void add_reliance(const TradeRow& trade, DependenceRow& row) {
  row.reliance_computed = import_reliance(trade.balance);
  row.reliance_printed = trade.printed.value;
  const bool computed = !std::isnan(row.reliance_computed);
  row.reliance =
      computed ? FigureRange{row.reliance_computed, row.reliance_computed, row.reliance_computed}
               : trade.printed;
  if (!std::isnan(row.reliance.value))
    add_how(row.how, computed ? "import reliance computed" : "import reliance as printed");
}

void add_eu(const DependenceInputs& inputs, DependenceRow& row) {
  const auto& element = row.supply.element;
  const auto& stage = row.supply.stage;
  const auto said = [&](double MaterialFactors::*member, double otherwise) {
    const double value = factor_of(inputs.factors, element, stage, member);
    return std::isnan(value) ? otherwise : value;
  };
  row.recycling_rate = said(&MaterialFactors::recycling_rate, inputs.recycling_rate);
  row.substitution = said(&MaterialFactors::substitution, inputs.substitution);
  row.economic_importance = said(&MaterialFactors::economic_importance, row.economic_importance);
  if (!row.sourcing || std::isnan(row.supply.hhi_wgi) || std::isnan(row.sourcing->origin.hhi_wgi) ||
      std::isnan(row.reliance.value))
    return;
  const auto risk = [&](double reliance) {
    return eu_supply_risk({row.supply.hhi_wgi, row.sourcing->origin.hhi_wgi, reliance,
                           row.recycling_rate, row.substitution});
  };
  row.eu_supply_risk = risk(row.reliance.value);
  row.eu_low = std::min(risk(row.reliance.low), risk(row.reliance.high));
  row.eu_high = std::max(risk(row.reliance.low), risk(row.reliance.high));
}

/// Imports as shares do not say how they stand to domestic output.
bool only_shares(const Production& imports) {
  if (imports.percent) return true;
  Sum sum;
  for (const double amount : imports.amount)
    if (!std::isnan(amount)) sum += amount;
  return std::isnan(imports.tonnes_per_unit) && sum.value() <= 1.0 + 1e-9;
}

void add_geopolrisk(const DependenceInputs& inputs, const TradeBalance* balance, DependenceRow& row,
                    Findings& findings) {
  if (!row.sourcing || balance == nullptr || std::isnan(balance->production) ||
      inputs.options.governance.empty())
    return;
  Production sold = row.sourcing->imports;
  const auto& sellers = row.sourcing->origin.shares;
  if (!inputs.refuse_ungoverned_imports &&
      std::any_of(sellers.begin(), sellers.end(), [](const CountryShare& one) {
        return one.amount > 0.0 && std::isnan(one.governance);
      }))
    return;
  if (std::isnan(balance->imports) && balance->production > 0.0 && only_shares(sold)) {
    findings.add("supply.imports_total", Severity::warning, sold.source,
                 "imports are shares and their total is not given, so there is no GeoPolRisk");
    return;
  }
  // Shares become tonnes when the total is known: the score sets imports against domestic output.
  Sum sum;
  for (std::size_t i = 0; i < sold.amount.size(); ++i)
    if (!std::isnan(sold.amount[i]) && !is_named(inputs.options.total_names, sold.country[i]))
      sum += sold.amount[i];
  if (!std::isnan(balance->imports) && sum.value() > 0.0)
    for (auto& amount : sold.amount) amount *= balance->imports / sum.value();
  const GeoPolRisk risk = geopolrisk(row.supply.hhi, sold, balance->production, inputs.options);
  row.weighted_import_share = risk.weighted_import_share;
  row.geopolrisk = risk.score;
  const auto price = inputs.price_usd_per_kg.find(row.supply.element);
  if (price != inputs.price_usd_per_kg.end())
    row.geopolrisk_factor =
        geopolrisk_factor(risk.score, price->second, inputs.reference_usd_per_kg);
}

void add_usgs(const DependenceInputs& inputs, DependenceRow& row, Findings& findings) {
  row.vulnerability = factor_of(inputs.factors, row.supply.element, row.supply.stage,
                                &MaterialFactors::vulnerability);
  if (inputs.willingness.empty()) return;
  const auto potential = disruption_potential(row.supply, inputs.willingness, inputs.home);
  row.disruption_potential = potential.value;
  if (!potential.without.empty())
    findings.add({"supply.no_willingness", Severity::warning, row.source, potential.without.size(),
                  "no index of ability or willingness, so no weight in the disruption potential: " +
                      join(potential.without, ", ")});
  if (!std::isnan(potential.value) && !std::isnan(row.reliance.value) &&
      !std::isnan(row.vulnerability))
    row.usgs_supply_risk = usgs_supply_risk(potential.value, row.reliance.value, row.vulnerability);
}

/// The supply as it is assessed: territories merged, totals split into elements.
struct Part {
  Production production;
  double covered = std::numeric_limits<double>::quiet_NaN();
  std::string basis, how;
};

std::vector<Part> parts_of(const DependenceInputs& inputs, Findings& findings) {
  std::vector<Part> parts;
  bool any_split = false;
  for (Production production : inputs.supply) {
    std::string how;
    if (inputs.merge_territories) {
      const auto merged = merge_territories(production, inputs.parents);
      if (!merged.empty()) how = join(merged, ", ") + " counted with the parent";
    }
    const bool split = !inputs.split.groups.empty() && is_total_oxide(production.element) &&
                       has_composition(inputs.compositions, production.stage);
    Part whole;
    whole.production = production;
    whole.how = how;
    parts.push_back(std::move(whole));
    if (!split) continue;
    SplitProduction by_element =
        split_by_element(production, inputs.compositions, inputs.split, inputs.options);
    findings.add(by_element.findings);
    any_split = true;
    for (auto& part : by_element.parts) {
      // A figure of the table itself comes before one that is split.
      if (std::any_of(inputs.supply.begin(), inputs.supply.end(), [&](const Production& own) {
            return own.element == part.element && own.stage == part.stage &&
                   own.period == part.period;
          }))
        continue;
      Part one;
      one.production = std::move(part);
      one.covered = by_element.covered;
      one.basis = to_text(inputs.split.basis);
      one.how = how;
      add_how(one.how, by_element.how);
      parts.push_back(std::move(one));
    }
  }
  if (!inputs.split.groups.empty() && !any_split)
    findings.add("supply.composition_unused", Severity::warning, "composition",
                 "no table holds all rare earths together at a stage that has compositions, so "
                 "nothing was split");
  return parts;
}

DependenceRow row_of(const DependenceInputs& inputs, const Part& part,
                     const std::vector<Production>& imports, const std::vector<Sourcing>& sourcing,
                     Findings& findings) {
  DependenceRow row;
  row.source = part.production.source;
  row.period = part.production.period;
  row.composition_covered = part.covered;
  row.basis = part.basis;
  row.supply = concentration(part.production, inputs.options);
  // What is said of the whole need not be said again of each of its elements.
  Findings own;
  own.add(row.supply.findings);
  row.total_t = row.supply.total * part.production.tonnes_per_unit;
  row.how = row.supply.how;
  add_how(row.how, part.how);
  add_alliances(inputs, row);
  if (const auto* sold = best(imports, row.supply.element, row.supply.stage); sold != nullptr) {
    row.sourcing = sourcing[static_cast<std::size_t>(sold - imports.data())];
    if (row.sourcing->traced) add_how(row.how, "imports traced to the country of the ore");
  }
  const TradeRow* trade = best(inputs.trade, row.supply.element, row.supply.stage);
  if (trade != nullptr) add_reliance(*trade, row);
  add_eu(inputs, row);
  add_geopolrisk(inputs, trade == nullptr ? nullptr : &trade->balance, row, own);
  add_usgs(inputs, row, own);
  if (part.basis.empty()) findings.add(own);
  return row;
}

}  // namespace

std::vector<DependenceRow> dependence(const DependenceInputs& inputs, Findings& findings) {
  std::vector<Production> imports = inputs.imports;
  if (inputs.merge_territories)
    for (auto& one : imports) (void)merge_territories(one, inputs.parents);
  std::vector<Sourcing> sourcing;
  for (const auto& one : imports) sourcing.push_back(sourcing_of(one, inputs, findings));
  for (const auto& trade : inputs.trade) check_reliance(trade, findings);
  std::vector<DependenceRow> rows;
  for (const auto& part : parts_of(inputs, findings))
    rows.push_back(row_of(inputs, part, imports, sourcing, findings));
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t k = i; k-- > 0;)
      if (rows[k].supply.element == rows[i].supply.element &&
          rows[k].supply.stage == rows[i].supply.stage && rows[k].period != rows[i].period) {
        rows[i].change_in_hhi = rows[i].supply.hhi - rows[k].supply.hhi;
        break;
      }
  return rows;
}

std::vector<WorstStage> worst_stages(const std::vector<DependenceRow>& rows) {
  // "" and TREO are one material.
  const auto material = [](const DependenceRow& row) {
    return is_total_oxide(row.supply.element) ? std::string("TREO") : row.supply.element;
  };
  std::vector<WorstStage> out;
  std::set<std::pair<std::string, std::string>> done;
  // Shares of one stage may be of another column than those of the mine: a row's own period comes
  // first, and stages that it has not are taken from wherever they stand.
  for (const auto& first : rows) {
    if (!done.insert({material(first), first.period}).second) continue;
    std::vector<const DependenceRow*> stages;
    for (const auto& row : rows)
      if (material(row) == material(first) && row.period == first.period) stages.push_back(&row);
    for (const auto& row : rows)
      if (material(row) == material(first) &&
          std::none_of(stages.begin(), stages.end(), [&](const DependenceRow* known) {
            return known->supply.stage == row.supply.stage;
          }))
        stages.push_back(&row);
    if (stages.size() < 2) continue;
    const auto all_have = [&](auto get) {
      return std::none_of(stages.begin(), stages.end(),
                          [&](const DependenceRow* row) { return std::isnan(get(*row)); });
    };
    const auto eu = [](const DependenceRow& row) { return row.eu_supply_risk; };
    const auto wgi = [](const DependenceRow& row) { return row.supply.hhi_wgi; };
    const auto plain = [](const DependenceRow& row) { return row.supply.hhi; };
    const int by = all_have(eu) ? 0 : all_have(wgi) ? 1 : 2;
    const auto value = [&](const DependenceRow& row) {
      return by == 0 ? eu(row) : by == 1 ? wgi(row) : plain(row);
    };
    const DependenceRow* worst = stages.front();
    for (const auto* row : stages)
      if (value(*row) > value(*worst)) worst = row;
    WorstStage found{material(first), first.period, worst->supply.stage,
                     by == 0   ? "eu_supply_risk"
                     : by == 1 ? "hhi_wgi"
                               : "hhi",
                     value(*worst)};
    const bool known = std::any_of(out.begin(), out.end(), [&](const WorstStage& one) {
      return one.element == found.element && one.stage == found.stage && one.value == found.value;
    });
    if (!known) out.push_back(std::move(found));
  }
  return out;
}

std::set<std::string> all_members(const std::vector<AllianceSet>& sets) {
  std::set<std::string> members;
  for (const auto& set : sets) members.insert(set.members.begin(), set.members.end());
  return members;
}

void check_alliance_date(const AllianceSet& set, const std::string& as_of, Findings& findings) {
  if (set.valid_as_of.size() < 4 || as_of.size() < 4) return;
  const auto year = parse_number(set.valid_as_of.substr(0, 4)),
             wanted = parse_number(as_of.substr(0, 4));
  if (!year || !wanted || *year == *wanted) return;
  findings.add("supply.alliance_date", Severity::warning, set.name,
               "the members are those of " + set.valid_as_of + ", " +
                   (*year < *wanted ? "older" : "newer") + " than " + as_of +
                   ": membership may have changed");
}

}  // namespace lode
