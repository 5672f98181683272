// Fixed-block parallel loops whose results are the same bits for any number of threads.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "libgeo/core/progress.h"

namespace lode {

/// Number of threads to use for `jobs` (0 = all cores).
[[nodiscard]] int thread_count(int jobs);

/// Calls body(begin, end, block) for fixed blocks of `block_size` items of [0, count), on `jobs`
/// threads (0 = all). Blocks depend on `count` and `block_size` only, never on the threads.
/// The exception of the lowest block that threw is thrown again after all threads have ended.
void parallel_blocks(
    std::size_t count, std::size_t block_size, int jobs,
    const std::function<void(std::size_t begin, std::size_t end, std::size_t block)>& body,
    const Progress& progress = {});

/// Folds partial results in block order: `map` gives one Partial a block, `fold` joins them from
/// the first to the last.
template <class Partial, class Map, class Fold>
[[nodiscard]] Partial parallel_fold(std::size_t count, std::size_t block_size, int jobs,
                                    Partial first, Map map, Fold fold,
                                    const Progress& progress = {}) {
  block_size = block_size == 0 ? 1 : block_size;
  std::vector<Partial> parts((count + block_size - 1) / block_size, first);
  parallel_blocks(
      count, block_size, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t block) {
        parts[block] = map(begin, end);
      },
      progress);
  Partial total = std::move(first);
  for (auto& part : parts) total = fold(std::move(total), std::move(part));
  return total;
}

}  // namespace lode
