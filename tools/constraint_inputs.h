// The constraints of `screen`, from --constraint and --rules: layers, setbacks, and the words of
// each.
#pragma once

#include <vector>

#include "libgeo/environment/rules.h"
#include "libgeo/environment/screening.h"
#include "tools/command.h"

namespace lode::tools {

/// What is screened against, with the words the report needs.
struct ScreenConstraints {
  std::vector<ConstraintLayer> layers;
  std::vector<Source> inputs;
  std::vector<ConstraintRule> rules;  ///< the first rule of each layer
  Findings findings;
};

/// Error "usage.constraint" or "usage.quantity" for a --constraint that is not FILE=SETBACK.
void check_constraint_arguments(const Arguments& arguments);

/// Reads every constraint that holds on --as-of, brought to `crs`. Errors
/// "screen.duplicate_name", "screen.no_constraint", "rules.*".
[[nodiscard]] ScreenConstraints read_constraints(const Arguments& arguments, const Session& session,
                                                 const Crs& crs);

}  // namespace lode::tools
