// Files of `simulate`: one column a realisation, and the summary by block.
#pragma once

#include <string>
#include <vector>

#include "libgeo/estimation/recoverable.h"
#include "tools/sample_inputs.h"

namespace lode::tools {

/// Writes -o and --summary-output when asked for, together or not at all. CSV without --crs is
/// written in pieces; other formats need the table in memory. `cutoffs` by value, in its unit.
void write_simulation(const Arguments& arguments, const Session& session,
                      const SampleInputs& inputs, const Simulation& simulation,
                      const std::vector<std::string>& units,
                      const std::vector<std::vector<double>>& cutoffs, Outcome& outcome);

}  // namespace lode::tools
