// Inside of the supply room: P10 and P90 of many values without sorting them.
#pragma once

#include <cstddef>
#include <vector>

#include "libgeo/core/low_base_high.h"

namespace lode {

/// Room of one thread.
struct TailRoom {
  std::vector<double> sample, picked;
};

/// `low` and `high` of `percentiles_of` to the last bit; `base` is NaN. No value is NaN. A sample
/// says between which values the tail lies, and only those are put in order (Floyd and Rivest
/// 1975).
[[nodiscard]] LowBaseHigh tails_of(const double* values, std::size_t count, TailRoom& room);

}  // namespace lode
