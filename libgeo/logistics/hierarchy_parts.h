// Pieces of the hierarchy that its files share.
#pragma once

#include "libgeo/logistics/hierarchy.h"

namespace lode {

/// The link between two ranks, which must be there.
[[nodiscard]] std::uint32_t find_link(const HierarchyTopology& topology, std::uint32_t low,
                                      std::uint32_t high);

/// Makes room in large pages where the system has them: small ones take a fifth of the time.
void ask_for_large_pages(void* begin, std::size_t bytes);
template <class T>
void reserve_large(std::vector<T>& all, std::size_t count) {
  all.reserve(count);
  ask_for_large_pages(all.data(), count * sizeof(T));
}

/// Fills what follows from order, first, head.
void derive(HierarchyTopology& topology);

}  // namespace lode
