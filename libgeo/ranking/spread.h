// Inside of the ranking room: many values of a spread at once, from logarithms taken before.
#pragma once

#include <cstddef>

#include "libgeo/ranking/criteria.h"

namespace lode::spread_parts {

/// sample_value of p10_p90 on a log scale, or of lognormal, with the logarithms of low, base and
/// high, all above 0.
void log_values(const double* low, const double* base, const double* high, const double* u,
                std::size_t count, Spread spread, double* value);

}  // namespace lode::spread_parts
