// Consecutive targets cut out of many, so that memory is needed for a part of them only.
#pragma once

#include <cstddef>

#include "libgeo/estimation/estimate.h"

namespace lode {

/// Where the part ends that starts at `begin`: after about `wanted` targets, on a row's end in a
/// turned grid.
[[nodiscard]] std::size_t part_end(const Targets& targets, std::size_t begin, std::size_t wanted);
/// The targets from `begin` to before `end` (as `part_end` gave it). The parts of a turned grid
/// are turned grids, all others are lists.
[[nodiscard]] Targets part_of(const Targets& targets, std::size_t begin, std::size_t end);

}  // namespace lode
