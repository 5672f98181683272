// The pit of greatest value under slopes, and nested pits by revenue factor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/deposit/pit_precedence.h"
#include "libgeo/geometry/grid.h"

namespace lode {

/// Blocks on a regular grid; cells without a block are air. Vectors by block; money in one
/// currency. A block is worth f x revenue - processing - mining at revenue factor f.
struct PitBlocks {
  BlockGrid grid;
  std::vector<std::uint32_t> cell;  ///< of the grid, each once
  std::vector<std::uint16_t> zone;  ///< pattern of its slopes; empty = the first
  std::vector<double> revenue, processing, mining;
  /// True: a block is processed only where revenue pays for it, f x revenue > processing.
  bool selective = false;
  std::vector<double> ore;        ///< share of the rock that is ore, 0 to 1; empty = unknown
  std::vector<double> rock_t;     ///< empty = unknown
  std::vector<double> product_t;  ///< recovered from ore; empty = unknown
};

struct PitOptions {
  Precedence precedence;
  std::vector<double> factors{1.0};  ///< rising, above 0
};

struct PitShell {
  double factor = 1.0;
  double value = 0.0;            ///< at factor 1
  double value_at_factor = 0.0;  ///< what was made greatest
  std::size_t blocks_mined = 0, ore_blocks = 0;
  double volume_m3 = 0.0;
  double rock_t = 0.0, ore_t = 0.0, product_t = 0.0;  ///< NaN when unknown
  double strip_ratio = 0.0;  ///< waste to ore by mass, by volume without masses; NaN without ore
  /// In money / scale: value and bound are equal, which proves the optimum.
  std::int64_t whole_value = 0, bound = 0, positive = 0;
};

struct Pit {
  std::vector<PitShell> shells;
  std::vector<std::uint16_t> shell;  ///< by block: the first that holds it, from 1 on; 0 = none
  double scale = 1.0;                ///< values are whole numbers of 1 / scale
  bool exact = true;                 ///< all values were such already
  std::size_t candidates = 0;        ///< blocks in the reach of positive ones, air among them
  std::size_t precedences = 0;       ///< that were checked of the last shell
};

/// The pit is the smallest closure of greatest value; it is unique, so that the order of rows and
/// the number of threads do not matter, and pits of rising factors hold one another.
/// Values are scaled to whole numbers by the lowest power of ten up to 10^6 that makes all of them
/// whole; where none does, the highest that fits is taken and each is rounded.
/// Errors "pit.factors" (not rising, not above 0, more than 65,000), "pit.overflow" (the sum of the
/// values is above 4.6e18), "pit.revenue" (negative), those of `ClosureGraph` and `prove_closure`.
[[nodiscard]] Pit ultimate_pit(const PitBlocks& blocks, const PitOptions& options,
                               const Progress& progress = {});

}  // namespace lode
