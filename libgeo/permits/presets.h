// Field mappings for the layouts in which registers publish permits.
#pragma once

#include <string>
#include <vector>

#include "libgeo/permits/validity.h"

namespace lode {

/// Where a register keeps what; "" = it does not have it. Several names are tried in order.
struct PermitFields {
  std::vector<std::string> id, holder, status, granted, expires, area, type;
  std::string area_unit;           ///< of a numeric area column that does not say it
  std::vector<std::string> valid;  ///< status texts that mean "in force"; empty = the usual words
  DateOrder date_order = DateOrder::unsaid;
};

/// Names of the presets: "" (usual column names), "blm" (US Bureau of Land Management, MLRS mining
/// claims: CSE_NR, CSE_DISP, RCRD_ACRS in acres; Active and Filed are in force).
[[nodiscard]] std::vector<std::string> permit_presets();
/// Error "permits.preset" with the known names.
[[nodiscard]] PermitFields permit_fields(const std::string& preset);

/// The first of the names that the columns have (any case), or "".
[[nodiscard]] std::string first_present(const std::vector<std::string>& wanted,
                                        const std::vector<std::string>& columns);

}  // namespace lode
