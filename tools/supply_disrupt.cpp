#include "libgeo/core/error.h"
#include "tools/supply_disrupt_parts.h"
#include "tools/supply_inputs.h"

namespace lode::tools {

namespace {

std::vector<Parameter> scenario_parameters() {
  const std::string group = "Scenario";
  return {
      {.name = "today",
       .kind = Kind::table,
       .help = "where the demand is met from today: stage, metal, country, share_pct",
       .group = "Supply"},
      {.name = "scenario",
       .kind = Kind::file,
       .help = "restrictions, failures, stockpiles, falls of prices and counters (TOML)",
       .required = true,
       .group = group},
      {.name = "economics",
       .kind = Kind::file,
       .help = "discount, tax, royalty, incentives (TOML, as lode supply economics takes it)",
       .group = group},
      {.name = "governance",
       .kind = Kind::table,
       .help = "governance by country (iso3, risk 0 to 10): what failures come from",
       .group = group},
      {.name = "governance-value",
       .kind = Kind::field,
       .help = "its column; by its usual name when not said",
       .parent = "governance",
       .group = group},
      {.name = "home", .help = "country that never fails (USA)", .group = group},
      {.name = "plan",
       .kind = Kind::table,
       .help = "what sources make: id, year, tonnes; else each all it can, as early as it can",
       .group = group},
      {.name = "base-year",
       .kind = Kind::integer,
       .help = "year of decisions on sources; the scenario's, else of --economics, else the year "
               "before the first",
       .range = "1900 to 2200",
       .minimum = 1900.0,
       .maximum = 2200.0,
       .group = group},
      {.name = "draws",
       .kind = Kind::integer,
       .help = "of chance; 0 = restrictions alone; the scenario's, else 10000",
       .range = "0 to 1000000",
       .minimum = 0.0,
       .maximum = 1e6,
       .group = group},
      {.name = "confidence",
       .kind = Kind::quantity,
       .help = "of value at risk: '95 %'",
       .dimension = Dimension::grade,
       .range = "above 0 % and below 100 %",
       .minimum = 0.0,
       .maximum = 1.0,
       .group = group},
  };
}

void check(const Arguments& arguments) {
  const bool demand = arguments.has("demand"), today = arguments.has("today");
  if (demand != today)
    throw Error("usage.disrupt", demand ? "--demand needs --today" : "--today needs --demand", "",
                "A disruption is of what is needed, and of where it comes from today.");
  if (!demand && !arguments.has("prices"))
    throw Error("usage.disrupt", "there is nothing to disrupt", "",
                "Give --demand and --today, or --prices for a fall of prices.");
  if (!demand && arguments.has("plan"))
    throw Error("usage.disrupt", "--plan needs --demand", "", "It says when what is made.");
  if (arguments.has("economics") && !arguments.has("prices"))
    throw Error("usage.disrupt", "--economics needs --prices", "");
  if (arguments.has("governance-value") && !arguments.has("governance"))
    throw Error("usage.disrupt", "--governance-value needs --governance", "");
  if (!arguments.has("confidence")) return;
  const double confidence = arguments.quantity("confidence");
  if (confidence == 0.0 || confidence == 1.0)
    throw Error("usage.range", "the confidence is " + arguments.text("confidence"), "--confidence",
                "It lies between 0 and 100 %, both excluded: '95 %'.");
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const DisruptInputs inputs = disrupt_inputs(arguments, session, outcome);
  std::vector<OutputLayer> layers;
  const double half = inputs.demand && inputs.prices ? 0.5 : 1.0;
  if (inputs.demand) {
    const DisruptionResult result =
        disruption(*inputs.demand, inputs.today, inputs.sources, inputs.plan.restrictions,
                   inputs.plan.stock, inputs.plan.disruption, session.progress.part(0.0, half));
    outcome.findings.add(result.findings);
    outcome.table = add_disruption(result, outcome);
    layers = disruption_layers(result);
  }
  if (inputs.prices) {
    std::vector<PriceShockResult> results;
    for (const PriceShock& shock : inputs.plan.shocks) {
      results.push_back(price_shock(inputs.sources, *inputs.prices, shock, inputs.plan.counters,
                                    inputs.plan.shock,
                                    session.progress.part(inputs.demand ? half : 0.0, 1.0)));
      outcome.findings.add(results.back().findings);
      outcome.table +=
          (outcome.table.empty() ? "" : "\n") + add_shock(inputs, shock, results.back(), outcome);
    }
    for (auto& layer : shock_layers(results)) layers.push_back(std::move(layer));
  }
  write_tables(arguments, session, std::move(layers), outcome);
  return outcome;
}

}  // namespace

Command supply_disrupt_command() {
  Command command;
  command.name = "supply disrupt";
  command.summary = "export bans, failures and price collapses: what is missing, who stops";
  command.group = "Supply";
  command.parameters = {sources_parameter("SOURCES"), demand_parameter(false),
                        prices_parameter(false)};
  append(command.parameters, scenario_parameters());
  append(command.parameters, reading_parameters());
  append(command.parameters, output_parameters());
  command.setup = check;
  command.run = run;
  return command;
}

}  // namespace lode::tools
