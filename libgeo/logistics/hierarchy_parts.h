// Pieces of the hierarchy that its files share.
#pragma once

#include "libgeo/logistics/bytes.h"
#include "libgeo/logistics/hierarchy.h"

namespace lode {

/// The link between two ranks, which must be there.
[[nodiscard]] std::uint32_t find_link(const HierarchyTopology& topology, std::uint32_t low,
                                      std::uint32_t high);

/// Fills what follows from order, first, head.
void derive(HierarchyTopology& topology);

}  // namespace lode
