// What `supply disrupt` reads: sources, demand, today's supply, scenario, governance and a plan.
#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/study/disruption_tables.h"
#include "tools/supply_disrupt_parts.h"
#include "tools/supply_inputs.h"

namespace lode::tools {

namespace {

constexpr std::size_t most_shock_draws = 1000;  // of economics, which take longer than failures

/// Tonnes by source and year of the demand. Years without demand are left, and told.
std::vector<std::vector<double>> plan_of(const Table& table, const SupplySources& sources,
                                         const SupplyDemand& demand, Findings& findings) {
  const auto ids = table.texts(supply_field(table, "", {"id"}, "a header"));
  const auto years = table.numbers(supply_field(table, "", {"year"}, "a header"));
  const auto tonnes =
      table.numbers(supply_field(table, "", {"tonnes", "output_t", "total_t"}, "a header"));
  std::vector<std::vector<double>> plan(sources.list.size(),
                                        std::vector<double>(demand.years.size(), 0.0));
  std::vector<std::string> left;
  for (std::size_t row = 0; row < ids.size(); ++row) {
    const std::string where = table.name + ", " + table.row_name(row);
    std::size_t i = 0;
    while (i < sources.list.size() && sources.list[i].id != trim(ids[row])) ++i;
    if (i == sources.list.size())
      throw Error("supply.plan", "'" + printable(ids[row]) + "' is no source", where,
                  "The plan must be of the same sources.");
    if (std::isnan(years[row]) || std::isnan(tonnes[row]))
      throw Error("supply.plan", "the year or the tonnes are empty", where);
    const auto at = std::find(demand.years.begin(), demand.years.end(), years[row]);
    if (at == demand.years.end()) {
      if (tonnes[row] != 0.0)
        left.push_back(printable(sources.list[i].id) + " " + number_text(years[row]));
      continue;
    }
    double& place = plan[i][static_cast<std::size_t>(at - demand.years.begin())];
    if (place != 0.0)
      throw Error("supply.plan",
                  printable(ids[row]) + " stands twice in " + number_text(years[row]), where,
                  "A row is all oxides of one source in one year.");
    place = tonnes[row];
  }
  if (!left.empty())
    findings.add("supply.plan_years", Severity::warning, join(left, ", "),
                 "output of the plan outside the years of the demand (" +
                     std::to_string(demand.years.front()) + " to " +
                     std::to_string(demand.years.back()) + "): left out",
                 left.size());
  return plan;
}

void add_governance(const Arguments& arguments, const Session& session,
                    const SupplyReading& reading, DisruptionOptions& options, Outcome& outcome) {
  if (!arguments.has("governance")) return;
  const GovernanceTable found =
      read_governance_table(reading, supply_table(arguments, session, "governance", outcome),
                            {"", arguments.text("governance-value"), "", ""});
  options.governance = found.risk;
  outcome.summary["governance_column"] = found.column;
}

void set_run(const Arguments& arguments, const Session& session, DisruptInputs& inputs) {
  DisruptionOptions& options = inputs.plan.disruption;
  PriceShockOptions& shock = inputs.plan.shock;
  if (arguments.has("base-year")) {
    options.base_year = static_cast<int>(arguments.integer("base-year"));
    shock.base_year = options.base_year;
  }
  if (arguments.has("draws")) options.draws = static_cast<std::size_t>(arguments.integer("draws"));
  if (arguments.has("confidence")) options.confidence = arguments.quantity("confidence");
  options.seed = shock.seed = session.seed;
  options.jobs = shock.jobs = session.jobs;
  shock.economics.seed = session.seed;
  shock.economics.jobs = session.jobs;
  shock.draws = std::min(options.draws, most_shock_draws);
  // One year of decisions holds for all: what a source is worth is counted from it too.
  if (options.base_year == 0) options.base_year = shock.base_year = shock.economics.base_year;
  if (!inputs.demand) return;
  if (options.base_year == 0) options.base_year = inputs.demand->years.front() - 1;
  shock.base_year = options.base_year;
  shock.first_year = inputs.demand->years.front();
  shock.last_year = inputs.demand->years.back();
}

}  // namespace

DisruptInputs disrupt_inputs(const Arguments& arguments, const Session& session, Outcome& outcome) {
  DisruptInputs inputs;
  inputs.sources = supply_sources(arguments, session, "SOURCES", outcome);
  const Countries countries = built_in_countries(session.jobs, outcome.findings);
  const ConcentrationOptions names;
  const SupplyReading reading{countries, names, InexactRule::take, outcome.findings};
  if (arguments.has("demand")) {
    inputs.demand = supply_demand(arguments, session, outcome);
    inputs.today = read_stage_supply(reading, supply_table(arguments, session, "today", outcome));
  }
  const std::string scenario = supply_text(arguments, "scenario", outcome);
  inputs.plan = parse_disruption_plan(scenario, arguments.text("scenario"));
  outcome.findings.add(inputs.plan.findings);
  name_plan_countries(inputs.plan, countries, inputs.today, arguments.text("scenario"));
  if (arguments.has("prices")) {
    inputs.prices = supply_prices(arguments, session, outcome);
    if (inputs.plan.shocks.empty())
      throw Error("supply.no_shock", "--prices are given, and no fall of them",
                  arguments.text("scenario"), "Write a [[shock]], or leave --prices out.");
  } else if (!inputs.plan.shocks.empty()) {
    outcome.findings.add("supply.no_prices", Severity::warning, arguments.text("scenario"),
                         "its falls of prices are left out, for want of --prices");
  }
  if (arguments.has("economics")) {
    EconomicsOptions& economics = inputs.plan.shock.economics;
    const std::string path = arguments.text("economics");
    economics = parse_economics(supply_text(arguments, "economics", outcome), path);
    name_economics(session, path, inputs.sources, economics, outcome);
  }
  add_governance(arguments, session, reading, inputs.plan.disruption, outcome);
  if (arguments.has("home")) {
    inputs.plan.disruption.home = country_code(arguments.text("home"), countries);
    if (inputs.plan.disruption.home.empty())
      throw Error("usage.country",
                  "'" + printable(arguments.text("home")) + "' is no country we know", "--home",
                  "Write an ISO 3166-1 alpha-3 code (USA).");
  }
  if (arguments.has("plan"))
    inputs.plan.disruption.plan = plan_of(supply_table(arguments, session, "plan", outcome),
                                          inputs.sources, *inputs.demand, outcome.findings);
  set_run(arguments, session, inputs);
  return inputs;
}

}  // namespace lode::tools
