// What a register says of its own permits: standing on the day, faults, and why its sums differ.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libgeo/permits/coverage.h"
#include "libgeo/permits/ground.h"

namespace lode {

/// The id of feature i, or its number where the layer has none.
[[nodiscard]] std::string permit_id(const std::vector<std::string>& ids, std::size_t i);

/// Error "permits.length".
void check_lengths(const PermitInputs& permits);

/// Fills `permits`; findings once a kind, with the first permit named and their number. Also
/// "permits.no_area", and of titles with several features "permits.two_holders" and
/// "permits.two_standings".
void judge_permits(const CoverageInputs& inputs, const CoverageOptions& options,
                   const PermitGround& ground, Coverage& out);

/// Fills `recorded` and what of the summary needs no overlay. Findings
/// "permits.mapped_over_recorded", "permits.recorded_over_mapped", "permits.repeated_feature".
void compare_recorded(const PermitInputs& permits, const PermitGround& ground, Coverage& out);

/// Says why sum, ground and recorded area differ: finding "permits.sums_differ".
void explain_sums(Coverage& out);

}  // namespace lode
