// Imports by seller turned into imports by country of the ore, through refiners and their loops.
#pragma once

#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/supply/concentration.h"

namespace lode {

/// One leg: of what `from` sells, `share` comes from `origin`. Where `origin` sells others' ore in
/// its turn (it is a `from` too), it is followed further; a leg from a country to itself is ore
/// mined there.
struct Origin {
  std::string from;
  std::string origin;
  double share = 0.0;  ///< 0 to 1; what is not traced stays with `from`
};

struct TracedImports {
  Production by_origin;         ///< sorted by country
  double refined_share = 0.0;   ///< of the imports, sold by a country that has legs
  double untraced_share = 0.0;  ///< of the imports, left with a refiner whose legs do not sum to 1
  std::vector<std::string> untraced;  ///< those refiners
  std::size_t countries_traced = 0;   ///< countries with legs
};

/// An absorbing chain, solved by state reduction without a subtraction (Grassmann, Taksar and
/// Heyman 1985), so that loops (A refines B's feed and B that of A) come out exactly. A country
/// without legs is taken as that of the ore. Errors: "supply.shares_over_one", "supply.fraction";
/// "supply.closed_loop" when countries only sell what they buy from one another.
[[nodiscard]] TracedImports trace_imports(const Production& imports,
                                          const std::vector<Origin>& origins);
/// Its `by_origin` alone.
[[nodiscard]] Production trace_origin(const Production& imports,
                                      const std::vector<Origin>& origins);

}  // namespace lode
