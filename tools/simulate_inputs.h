// What `simulate` reads from its options: amounts in a column's unit, tails, search, zones.
#pragma once

#include <string>
#include <vector>

#include "libgeo/estimation/recoverable.h"
#include "libgeo/estimation/simulation.h"
#include "tools/sample_inputs.h"

namespace lode::tools {

/// What can be seen without a file. Errors "usage.cutoffs" (not ascending), "usage.quantity",
/// "usage.density", "usage.tails", "usage.tail", "usage.reblock", "usage.decorrelate",
/// "usage.value", "usage.class", "usage.permits", "usage.search", "usage.grid", "usage.list".
void check_simulate(const Arguments& arguments);

/// Numbers of '0.5,1,1.5 %' in `unit`, each with a unit or one at the end. Bare numbers pass only
/// where `unit` is "". Error "usage.quantity".
[[nodiscard]] std::vector<double> amounts_in(const std::string& text, const std::string& unit,
                                             const std::string& option);

/// Unit of a column: as declared, or the one its name ends in; "" when there is none.
[[nodiscard]] std::string unit_of_column(const Layer& layer, const std::string& field);

/// Everything but the seed and the threads. `units` are those of the values.
[[nodiscard]] SimulationOptions simulation_options(const Arguments& arguments,
                                                   const SampleInputs& inputs,
                                                   const std::vector<std::string>& units,
                                                   Outcome& outcome);

/// The whole, then classes (--class of --class-blocks), then permits. Errors
/// "simulate.crs_differs", "simulate.no_class"; findings "simulate.class_missing".
[[nodiscard]] std::vector<Zone> read_zones(const Arguments& arguments, const Session& session,
                                           const SampleInputs& inputs, const BlockGrid& blocks,
                                           const Progress& progress, Outcome& outcome);

}  // namespace lode::tools
