// Cut-offs on the command line, in the unit of the column that they cut.
#pragma once

#include <string>
#include <vector>

#include "libgeo/core/table.h"

namespace lode::tools {

/// The unit of a column as said or as its name ends, or "".
[[nodiscard]] std::string unit_of_column(const Table& table, const std::string& field);
/// A number times a ratio of units (see `unit_ratio`) without the detour by base units, which would
/// make 5 of 0.0005 % and lose the blocks of exactly 5 ppm.
[[nodiscard]] double in_unit(double number, double ratio);
/// "0.5,1,2 %" for a column in `unit`, converted to it; bare numbers where it has none. Rising.
/// Errors "usage.quantity", "usage.cutoff" (no numbers, not rising, or not what the unit measures).
[[nodiscard]] std::vector<double> cutoffs_of(const std::string& text, const std::string& unit,
                                             const std::string& option);

}  // namespace lode::tools
