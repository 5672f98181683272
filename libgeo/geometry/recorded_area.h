// Areas as registers record them: numbers with a unit, or text such as "1,728.85 hectares".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/table.h"

namespace lode {

/// Square metres from text with a unit: hectares, acres, square kilometres, miles, metres, feet in
/// their usual spellings; commas group thousands. NaN when blank.
/// Errors: "area.no_unit" for a bare number, "area.bad_text" for anything else.
[[nodiscard]] double parse_recorded_area(std::string_view text, const std::string& where = {});

/// A column of recorded areas in square metres. Numbers take the column's unit, the unit its name
/// ends in (acres, ha, km2), or `unit`. NaN where blank; text that cannot be read is NaN with a
/// finding "area.unread". Error "area.no_unit" when no unit is known.
[[nodiscard]] std::vector<double> recorded_areas(const Table& table, const std::string& field,
                                                 Findings& findings, const std::string& unit = {});

}  // namespace lode
