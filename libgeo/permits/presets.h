// Field mappings for the layouts in which registers publish permits.
#pragma once

#include <string>
#include <vector>

#include "libgeo/permits/validity.h"

namespace lode {

/// Where a register keeps what; empty = it does not have it. Several names are tried in order.
struct PermitFields {
  std::vector<std::string> id, holder, status, granted, expires, area, type;
  std::string area_unit;           ///< of a numeric area column that does not say it
  std::vector<std::string> valid;  ///< status texts that mean "in force"; empty = the usual words
  DateOrder date_order = DateOrder::unsaid;
  std::vector<std::string> commodity;
  std::vector<std::string> more_holders;     ///< columns of further holders of one title
  std::vector<std::string> area_unit_field;  ///< column with the unit of each area
  DateNumbers date_numbers = DateNumbers::unsaid;
  std::string register_name;  ///< for people; "" for the usual names
};

/// Names of the presets: "blm" (US Bureau of Land Management, mining claims of MLRS), "wa" (Western
/// Australia, tenements), "qld" (Queensland, permits), "bc" (British Columbia, Mineral Titles
/// Online), "on" (Ontario, Mining Lands Administration System).
[[nodiscard]] std::vector<std::string> permit_presets();
/// "" = the usual column names. Error "permits.preset" with the known names.
[[nodiscard]] PermitFields permit_fields(const std::string& preset);

/// The first of the names that the columns have (any case), or "".
[[nodiscard]] std::string first_present(const std::vector<std::string>& wanted,
                                        const std::vector<std::string>& columns);

/// The preset whose own columns (id, status or end, and kind) all stand among `columns`, or "":
/// for a hint when a layer is read without one.
[[nodiscard]] std::string preset_that_fits(const std::vector<std::string>& columns);

}  // namespace lode
