#include "libgeo/supply/alliance_chain.h"

#include "tools/command.h"
#include "tools/supply_alliance_parts.h"
#include "tools/supply_inputs.h"

namespace lode::tools {

namespace {

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const AllianceInputs inputs = supply_alliance_inputs(arguments, session, outcome);
  const AllianceView view =
      alliance_chain(inputs, supply_alliance_options(arguments, session, inputs),
                     session.progress.part(0.1, 0.95));
  outcome.findings.add(view.findings);
  outcome.summary["seed"] = session.seed;
  supply_alliance_results(view, outcome);
  if (wants_output(arguments, session))
    write_tables(arguments, session, supply_alliance_layers(view), outcome);
  else
    enforce_strict(session, outcome.findings);
  return outcome;
}

}  // namespace

Command supply_alliance_command() {
  Command command;
  command.name = "supply alliance";
  command.summary = "a bloc's chain from mine to magnet: where it breaks, who brings and pays";
  command.group = "Supply";
  command.parameters = supply_alliance_parameters();
  append(command.parameters, reading_parameters());
  append(command.parameters, output_parameters());
  command.setup = check_supply_alliance;
  command.run = run;
  return command;
}

}  // namespace lode::tools
