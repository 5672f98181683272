#include "tools/command.h"
#include "tools/supply_risk_parts.h"

namespace lode::tools {

namespace {

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const DependenceInputs inputs = supply_risk_inputs(arguments, session, outcome);
  const auto rows = dependence(inputs, outcome.findings);
  for (const auto& row : rows) outcome.results.push_back(supply_risk_row(row, inputs));
  supply_risk_summary(rows, inputs, outcome);
  outcome.shown = {"element", "stage",           "value",   "hhi",
                   "hhi_wgi", "import_reliance", "largest", "largest_share"};
  write_output(arguments, session, supply_risk_shares(rows), outcome);
  return outcome;
}

}  // namespace

Command supply_risk_command() {
  Command command;
  command.name = "supply risk";
  command.summary = "dependence today: shares, concentration, governance, import reliance";
  command.group = "Supply";
  command.parameters = supply_risk_parameters();
  append(command.parameters, reading_parameters());
  append(command.parameters, output_parameters());
  command.setup = check_supply_risk;
  command.run = run;
  return command;
}

}  // namespace lode::tools
