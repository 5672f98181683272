#include "libgeo/core/error.h"
#include "tools/command.h"
#include "tools/drillhole_inputs.h"

namespace lode::tools {

namespace {

Json row_of(const DrillholeSet& set, const Drillhole& hole, double metres_per_unit) {
  Json row;
  row["hole"] = hole.name;
  row["end_m"] = hole.end_m;
  row["surveyed"] = hole.surveyed;
  row["intervals"] = hole.intervals;
  double sampled = 0.0;
  for (std::size_t i = hole.first_interval; i < hole.first_interval + hole.intervals; ++i)
    sampled += set.assays.to_m[i] - set.assays.from_m[i];
  row["sampled_m"] = sampled;
  const Vector3 collar = place_at(hole.path, 0.0), end = place_at(hole.path, hole.end_m);
  static constexpr const char* keys[] = {"x", "y", "z"};
  for (std::size_t axis = 0; axis < 3; ++axis) row[keys[axis]] = collar[axis] / metres_per_unit;
  for (std::size_t axis = 0; axis < 3; ++axis)
    row[std::string("end_") + keys[axis]] = end[axis] / metres_per_unit;
  return row;
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const DrillholeInputs inputs = read_drillhole_inputs(
      arguments, session, {.crs = false, .checking = true}, session.progress, outcome);
  refuse_unmet_units(arguments, session);
  summarise(inputs, outcome);
  std::size_t errors = 0, warnings = 0;
  for (const Finding& finding : outcome.findings.list()) {
    errors += finding.severity == Severity::error ? finding.count : 0;
    warnings += finding.severity == Severity::warning ? finding.count : 0;
  }
  outcome.summary["errors"] = errors;
  outcome.summary["warnings"] = warnings;
  outcome.shown = {"hole", "end_m", "surveyed", "intervals", "sampled_m"};
  add_results(session, outcome, inputs.set.holes.size(), [&](std::size_t i) {
    return row_of(inputs.set, inputs.set.holes[i], inputs.metres_per_unit);
  });
  outcome.failed = errors > 0;
  if (!outcome.failed) enforce_strict(session, outcome.findings);
  return outcome;
}

}  // namespace

Command drillholes_check_command() {
  Command command;
  command.name = "drillholes check";
  command.summary = "everything that is wrong with collar, survey, assay and lithology tables";
  command.group = "Deposit";
  append(command.parameters, drillhole_parameters());
  append(command.parameters, weighting_parameters());
  command.setup = check_drillhole_options;
  command.run = run;
  return command;
}

}  // namespace lode::tools
