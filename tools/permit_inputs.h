// Permit layers as the commands read them: which column holds what, ids, dates, holders, areas.
#pragma once

#include <string>
#include <vector>

#include "libgeo/io/layer.h"
#include "libgeo/permits/coverage.h"
#include "libgeo/permits/presets.h"
#include "tools/command.h"

namespace lode::tools {

/// --permit-id, --holder, --status, --granted, --expires, --kind, --commodity, --area, --valid,
/// --date-order, --date-numbers, --preset.
[[nodiscard]] std::vector<Parameter> permit_parameters();

/// Which column of a permit layer holds what: said, of the preset, or found by its usual name; "" =
/// it has none.
struct PermitColumns {
  std::string id, holder, status, granted, expires, area, kind, commodity, name;
  std::vector<std::string> more_holders;
  std::string area_unit, area_unit_field;
  std::vector<std::string> valid;
  DateOrder date_order = DateOrder::unsaid;
  DateNumbers date_numbers = DateNumbers::unsaid;
};
/// Error "table.no_field". Finding "permits.preset_fits" when the layer has the columns of a preset
/// that was not said.
[[nodiscard]] PermitColumns permit_columns(const Arguments& arguments, const Layer& permits,
                                           Findings& findings);

/// Features without an id are named "feature 12" and said: finding "permits.blank_id". Also
/// "permits.mixed_date_order".
[[nodiscard]] PermitInputs permit_inputs(const Arguments& arguments, const Layer& layer,
                                         const PermitColumns& columns, Findings& findings);

/// --as-of, or today with the finding "permits.as_of_today".
[[nodiscard]] Date permit_day(const Arguments& arguments, Findings& findings);

}  // namespace lode::tools
