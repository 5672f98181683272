// What `estimate` reads from its options: search, support, targets, amounts in a value's unit.
#pragma once

#include <string>
#include <vector>

#include "libgeo/estimation/estimate.h"
#include "tools/sample_inputs.h"

namespace lode::tools {

/// The options on the search, the support and the method that touch no file.
/// Errors "usage.list", "usage.pass", "usage.search", "usage.pairs", "unit.*".
[[nodiscard]] SearchOptions read_search(const Arguments& arguments);
[[nodiscard]] std::vector<std::array<int, 3>> read_cells(const Arguments& arguments,
                                                         const std::string& option);
/// A:B of --soft-boundary: targets of A may use samples of B.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> read_soft_boundaries(
    const Arguments& arguments);

/// A number in `unit` from "8 %" (or "8" where the column has no unit).
/// Error "usage.quantity".
[[nodiscard]] double amount_of(const std::string& text, const std::string& unit,
                               const std::string& option);
/// "0.5,1,2 %" in the unit of the column.
[[nodiscard]] std::vector<double> amounts_of(const std::string& text, const std::string& unit,
                                             const std::string& option);
/// One a value, from FIELD=AMOUNT or, for a single value, AMOUNT alone; `otherwise` where none was
/// said. Error "usage.amount" for a field that is no value, or a bare amount among several.
[[nodiscard]] std::vector<double> amounts_by_value(const Arguments& arguments,
                                                   const std::string& option,
                                                   const SampleInputs& inputs, double otherwise);
/// The unit of each value's column, "" where it has none.
[[nodiscard]] std::string unit_of_value(const SampleInputs& inputs, std::size_t value);

/// What is estimated, and what came along with it from --targets.
struct TargetInputs {
  Targets targets;
  std::vector<Angles> local_angles;
};
/// Errors "estimate.crs_differs", "estimate.no_elevation", "estimate.flat", "estimate.block_size",
/// "estimate.no_value" (a drift, angle or elevation that is blank) and those of reading.
[[nodiscard]] TargetInputs read_targets(const Arguments& arguments, const Session& session,
                                        const SampleInputs& inputs,
                                        const std::vector<std::string>& drift,
                                        const Progress& progress, Outcome& outcome);

/// A column of the samples' layer by sample. Error "estimate.no_value" where it is blank.
[[nodiscard]] std::vector<double> sample_column(const SampleInputs& inputs,
                                                const std::string& field);

}  // namespace lode::tools
