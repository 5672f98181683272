// Parts of TREO: what a site or table says of elements and groups, and what follows for others.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "libgeo/study/context.h"

namespace lode {

/// Makes what a site's row says of NdPr, DyTb and single elements one: a group is the sum of its
/// elements, and the element that is left the rest of its group. Error "deposit.share" for a share
/// outside 0 to 1, elements above 1 together, and groups that are not the sum of their elements.
void join_shares(SiteFacts& facts, const std::string& source);

/// Share of TREO of an element or group, by what the site says; NaN where that does not tell. Where
/// a group was found anew (by [[volumes]]), its elements keep their ratio and sum to it.
[[nodiscard]] double metal_share(const SiteFacts& facts, const std::string& metal);

/// Places of the names that a metal is the sum of: its own, or those of all its parts (NdPr of Nd
/// and Pr); empty where they do not make it up.
[[nodiscard]] std::vector<std::size_t> parts_of_metal(const std::vector<std::string>& names,
                                                      const std::string& metal);

}  // namespace lode
