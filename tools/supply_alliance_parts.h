// Parts of `supply alliance`: its parameters, what it reads, and the rows and layers that it gives.
#pragma once

#include <string>
#include <vector>

#include "libgeo/supply/alliance_chain.h"
#include "tools/command.h"

namespace lode::tools {

[[nodiscard]] std::vector<Parameter> supply_alliance_parameters();
/// What can be checked without a file. Errors "usage.sources", "usage.stages", "usage.unmet",
/// "usage.members".
void check_supply_alliance(const Arguments& arguments);

/// All tables read; sources and findings go to the outcome.
[[nodiscard]] AllianceInputs supply_alliance_inputs(const Arguments& arguments,
                                                    const Session& session, Outcome& outcome);
[[nodiscard]] AllianceOptions supply_alliance_options(const Arguments& arguments,
                                                      const Session& session,
                                                      const AllianceInputs& inputs);

void supply_alliance_results(const AllianceView& view, Outcome& outcome);
[[nodiscard]] std::vector<OutputLayer> supply_alliance_layers(const AllianceView& view);

}  // namespace lode::tools
