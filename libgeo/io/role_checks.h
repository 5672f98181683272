// What a layer must hold to be computed with as deposits, permits, a constraint, a network, ...
#pragma once

#include <optional>
#include <string>

#include "libgeo/core/finding.h"
#include "libgeo/io/layer.h"

namespace lode {

enum class Role { deposits, permits, constraint, network, outline, points };

[[nodiscard]] std::string_view to_text(Role role);
/// Empty when the text names no role of layers.
[[nodiscard]] std::optional<Role> parse_role(const std::string& text);

/// Fields by name; "" = found by what they are called.
struct RoleFields {
  std::string id;
  std::string granted;
  std::string expires;
};

/// Findings of severity error mean that Lode would refuse the layer in that role, warnings that it
/// would compute with a doubt. Nothing is changed.
/// deposits: an id, unlike in every row; a grade column (unit by suffix) of 0 to 100 %, masses not
/// negative, densities between 0.5 and 10 t/m3; numbers that are numbers. permits: polygons and
/// readable dates in order. constraint: places. network: lines (or polygons of water). outline:
/// polygons. points: points.
/// Codes: "role.no_id", "role.no_grade", "role.kind", "table.duplicate_id", "table.blank_id",
/// "table.near_duplicate_id", "table.bad_number", "table.sentinel", "table.asterisks",
/// "unit.missing", "grade.over_100", "grade.negative", "mass.negative", "mass.unlikely",
/// "density.impossible", "permit.bad_date", "permit.dates_reversed", "permit.no_expiry".
[[nodiscard]] Findings check_role(const Layer& layer, Role role, const RoleFields& fields = {});

/// The column that names rows: `field`, else "id", else the first whose name ends in id; "" = none.
[[nodiscard]] std::string id_field(const Table& table, const std::string& field = {});

/// Equal ids are errors ("table.duplicate_id"), each with its rows; ids alike but for case, blanks
/// or composed letters are warnings, blank ones errors.
[[nodiscard]] Findings check_ids(const Layer& layer, const std::string& field);

/// For results with one row a feature: the same two as warnings, since each row stays right but ids
/// no longer tell rows apart. `ids` as `feature_ids` gives them.
[[nodiscard]] Findings doubtful_ids(const Layer& layer, const std::vector<std::string>& ids);

}  // namespace lode
