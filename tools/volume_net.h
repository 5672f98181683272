// What constraints leave of solids that were measured.
#pragma once

#include <vector>

#include "libgeo/core/json.h"
#include "libgeo/geometry/mesh.h"
#include "tools/command.h"

namespace lode::tools {

/// --within --outside --below --above, and the CRS that they are in.
[[nodiscard]] std::vector<Parameter> net_parameters();
[[nodiscard]] bool asks_for_net(const Arguments& arguments);
/// For each solid (metres, closed; null where there is no volume) the keys that its row gets:
/// gross, net and what each constraint takes, exact. Empty objects without constraints.
[[nodiscard]] std::vector<Json> net_of_solids(const Arguments& arguments, const Session& session,
                                              const std::vector<const TriangleMesh*>& solids,
                                              double density_t_m3, Outcome& outcome);

}  // namespace lode::tools
