// Inside of the ranking room: where a margin first changes sign between a value and a bound.
#pragma once

#include <functional>
#include <vector>

#include "libgeo/ranking/criteria.h"

namespace lode::ranking_work {

struct Crossing {
  double at = not_stated;   ///< NaN = none
  bool level_only = false;  ///< the margin is 0 there and not beyond 0 just after
};

/// Tries `stops` one after the other, then bisects. Where the margin may `dip` between stops, a
/// stop lower than both its neighbours is looked at more closely, so that two changes of sign
/// between them are seen. A margin that is NaN ends the search.
[[nodiscard]] Crossing first_crossing(double from, double at_from, const std::vector<double>& stops,
                                      bool dips, const std::function<double(double)>& margin);

/// `count` equal steps from `from` to `end`, with `corners` that lie between.
[[nodiscard]] std::vector<double> stops_between(double from, double end, int count,
                                                const std::vector<double>& corners = {});

/// Real roots of c2 x^2 + c1 x + c0 at which it changes sign, in rising order.
[[nodiscard]] std::vector<double> sign_changes(double c2, double c1, double c0);

}  // namespace lode::ranking_work
