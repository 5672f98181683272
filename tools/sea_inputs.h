// What the sea needs of the command line: land, gates, and the berths that ships leave from.
#pragma once

#include <optional>

#include "libgeo/logistics/sea_lanes.h"
#include "tools/command.h"
#include "tools/route_inputs.h"

namespace lode::tools {

/// --sea-tolerance, --gates, --open.
[[nodiscard]] std::vector<Parameter> sea_parameters();

/// Lanes over the water that the polygons of `sea=FILE` leave, or with `sea=installed` those of the
/// country map that comes with Lode; nothing for lines and for other modes. Berths are the
/// terminals of mode sea; when no other mode has a network, the sites and places too. Errors:
/// "io.no_share" when Lode was built without the map, those of `sea_lanes` and of gates.
[[nodiscard]] std::optional<LineLayer> sea_layer(const NetworkArgument& argument,
                                                 const Arguments& arguments, const Session& session,
                                                 const Progress& progress,
                                                 std::vector<Source>& sources, Findings& findings);

/// What lanes depend on besides the land: berths, gates and options, as text for the cache. Empty
/// without a network of mode sea.
[[nodiscard]] std::string sea_key(const Arguments& arguments);
/// The file that a network argument reads: itself, or the installed map for `sea=installed`.
[[nodiscard]] std::string network_path(const NetworkArgument& argument);

}  // namespace lode::tools
