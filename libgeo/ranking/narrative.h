// An explanation in sentences, for the terminal and the report alike.
#pragma once

#include <string>
#include <vector>

#include "libgeo/ranking/explain.h"

namespace lode {

/// Plain sentences without markup, in the order in which they are read. Numbers carry their units.
struct Narrative {
  std::string headline;                ///< "A stands above B by 0.0312 (TOPSIS, scale 0 to 1)."
  std::vector<std::string> in_favour;  ///< criteria that put the upper site ahead, largest first
  std::vector<std::string> against;    ///< criteria on which the lower site is ahead
  std::vector<std::string> flips;      ///< the smallest weight and datum that turn it round
  std::vector<std::string> certainty;  ///< draws won, what the uncertainty comes from
  std::vector<std::string>
      cautions;  ///< missing values filled, correlated criteria, a split not exact
};

/// Names of sites are their names where the table has them, with the id beside.
[[nodiscard]] Narrative narrate(const Explanation& explanation);

}  // namespace lode
