// The constraints of `screen`, from --constraint, --rules and --setbacks, with their words.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libgeo/environment/class_constraints.h"
#include "libgeo/environment/rules.h"
#include "libgeo/environment/screening.h"
#include "tools/command.h"

namespace lode::tools {

/// What is screened against, with the words the report needs.
struct ScreenConstraints {
  std::vector<ConstraintLayer> layers;
  std::vector<Source> inputs;
  std::vector<ConstraintRule> rules;  ///< the first rule of each layer
  std::vector<RuleUse> uses;          ///< rules of tables that govern features
  std::vector<RuleUse> overruled;     ///< rules of tables that a stricter one beats
  std::vector<SetbackTable> tables;   ///< read, without their rules
  Findings findings;
};

/// --setbacks FILE and --jurisdiction CODE.
[[nodiscard]] std::vector<Parameter> setback_parameters();
/// The code said by --jurisdiction, "" when not said. Error "usage.jurisdiction".
[[nodiscard]] std::string jurisdiction_of(const Arguments& arguments);
/// A table and where it came from. Errors "io.*", "setbacks.*".
[[nodiscard]] SetbackTable read_setback_table(const std::string& path, std::vector<Source>& inputs);

/// Error "usage.constraint" or "usage.quantity" for a --constraint that is not FILE=SETBACK,
/// "usage.setbacks" for a class without a table or a table without a class.
void check_constraint_arguments(const Arguments& arguments);

/// Reads every constraint that holds on --as-of, brought to `crs`. Errors
/// "screen.duplicate_name", "screen.no_constraint", "rules.*", "setbacks.*".
[[nodiscard]] ScreenConstraints read_constraints(const Arguments& arguments, const Session& session,
                                                 const Crs& crs);

/// `summary.rules[]`: class setback_m setback hard citation jurisdiction from to features ...
/// and, of the overruled, overruled_by.
[[nodiscard]] Json rules_in_use(const std::vector<RuleUse>& uses);
/// What the tables say of themselves, each once.
[[nodiscard]] std::string disclaimers(const std::vector<SetbackTable>& tables);
/// `summary.setback_tables[]`: file title disclaimer as_of.
[[nodiscard]] Json tables_in_use(const ScreenConstraints& constraints);

}  // namespace lode::tools
