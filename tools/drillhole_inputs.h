// What the drillhole commands share: the tables they name, and the holes that come of them.
#pragma once

#include <string>
#include <vector>

#include "libgeo/deposit/composites.h"
#include "libgeo/deposit/drillholes.h"
#include "tools/command.h"

namespace lode::tools {

/// Holes and intervals in metres; `place` of results is divided by `metres_per_unit` again.
struct DrillholeInputs {
  Crs crs;
  bool has_crs = false;
  double metres_per_unit = 1.0;  ///< of the CRS
  DrillholeSet set;
};

/// What a command needs of the tables.
struct DrillholeNeeds {
  bool crs = true;        ///< false: positions do not matter
  bool checking = false;  ///< faults are listed, not refused
};

/// --collars --surveys --assays --lithology --desurveyed, the conventions and --value, and how
/// tables are read.
[[nodiscard]] std::vector<Parameter> drillhole_parameters();
/// --density --recovery --domain.
[[nodiscard]] std::vector<Parameter> weighting_parameters();
/// Error "usage.drillholes" unless the options name collars or --desurveyed, and not both.
void check_drillhole_options(const Arguments& arguments);

/// Sources and findings go to the outcome. Errors "crs.missing", "drillholes.geographic", those of
/// `read_drillholes`, and unless `checking` those of `require_sound`.
[[nodiscard]] DrillholeInputs read_drillhole_inputs(const Arguments& arguments,
                                                    const Session& session,
                                                    const DrillholeNeeds& needs,
                                                    const Progress& progress, Outcome& outcome);

/// For `inspect`: the tables among `files` known by their columns (those that could not be read are
/// passed over; their fault is told already), checked together. Which file is which comes back, ""
/// for one that is none. Finding "drillholes.not_a_table" (error).
[[nodiscard]] std::vector<std::string> inspect_drillholes(const Arguments& arguments,
                                                          const Session& session,
                                                          const std::vector<std::string>& files,
                                                          Outcome& outcome);

/// holes, samples, metres.
void summarise(const DrillholeInputs& inputs, Outcome& outcome);
/// A number of a percentage: "50" or "50 %". Error "usage.percentage".
[[nodiscard]] double percentage_of(const Arguments& arguments, const std::string& name,
                                   double otherwise);
/// Caps of --cap by variable: "treo_pct=5 %" or, with one variable, "5 %"; in the column's unit. A
/// column without a unit takes a bare number. Error "usage.cap".
struct NamedCap {
  std::size_t variable = 0;
  double cap = 0.0;
};
[[nodiscard]] std::vector<NamedCap> caps_of(const Arguments& arguments,
                                            const DrillholeIntervals& intervals);
[[nodiscard]] Parameter cap_parameter(const std::string& help);

/// Weight of each interval for statistics: its length, times density and recovery where given.
[[nodiscard]] std::vector<double> interval_weights(const DrillholeSet& set);

}  // namespace lode::tools
