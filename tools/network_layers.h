// The layers that the command network writes, for mending the lines in a GIS.
#pragma once

#include "libgeo/logistics/crossings.h"
#include "libgeo/logistics/network_check.h"
#include "tools/command.h"

namespace lode::tools {

/// edges, nodes, crossings, traps; those without a feature are left out.
[[nodiscard]] std::vector<OutputLayer> network_layers(
    const Network& network, const std::vector<LineLayer>& lines, const NetworkCheck& check,
    const std::vector<NetworkCrossing>& crossings);

/// The name of a line in its layer, "connector" for what the tolerance added.
[[nodiscard]] std::string line_name(const Network& network, const std::vector<LineLayer>& lines,
                                    std::uint32_t edge);
/// What the column `bridge` of a layer says of the line of an edge; "" without one.
[[nodiscard]] std::string bridge_of(const Network& network, const std::vector<LineLayer>& lines,
                                    std::uint32_t edge);
/// Edges and borders that meet in each node.
[[nodiscard]] std::vector<std::uint32_t> node_degrees(const Network& network);

}  // namespace lode::tools
