#include "libgeo/estimation/target_parts.h"

#include <algorithm>

namespace lode {

namespace {

// Blocks of a list stand parallel to the axes, so those of a turned grid need a grid.
bool needs_grid(const Targets& targets) {
  return targets.is_grid && targets.grid.rotation_deg != 0.0;
}

template <class T>
std::vector<T> cut(const std::vector<T>& whole, std::size_t begin, std::size_t end) {
  if (whole.empty()) return {};
  return {whole.begin() + static_cast<std::ptrdiff_t>(begin),
          whole.begin() + static_cast<std::ptrdiff_t>(end)};
}

void list_blocks(const BlockGrid& grid, std::size_t begin, std::size_t end, Targets& part) {
  for (std::size_t block = begin; block < end; ++block) {
    const auto centre = centre_of(grid, block);
    part.x.push_back(centre[0]);
    part.y.push_back(centre[1]);
    part.z.push_back(centre[2]);
  }
  part.dx.assign(end - begin, grid.spacing[0]);
  part.dy.assign(end - begin, grid.spacing[1]);
  part.dz.assign(end - begin, grid.spacing[2]);
}

}  // namespace

std::size_t part_end(const Targets& targets, std::size_t begin, std::size_t wanted) {
  wanted = std::max<std::size_t>(wanted, 1);
  if (!needs_grid(targets)) return std::min(targets.size(), begin + wanted);
  // Whole rows of one level.
  const auto& count = targets.grid.count;
  const std::size_t row = begin / count[0];
  const std::size_t rows = std::max<std::size_t>(1, wanted / count[0]);
  return std::min(row + rows, (row / count[1] + 1) * count[1]) * count[0];
}

Targets part_of(const Targets& targets, std::size_t begin, std::size_t end) {
  Targets part;
  for (const auto& drift : targets.drift) part.drift.push_back(cut(drift, begin, end));
  part.domain = cut(targets.domain, begin, end);
  if (needs_grid(targets)) {
    const auto at = targets.grid.ijk(begin);
    part.is_grid = true;
    part.grid = targets.grid;
    part.grid.origin =
        from_grid(targets.grid, {0.0, static_cast<double>(at[1]) * targets.grid.spacing[1],
                                 static_cast<double>(at[2]) * targets.grid.spacing[2]});
    part.grid.count = {targets.grid.count[0], (end - begin) / targets.grid.count[0], 1};
  } else if (targets.is_grid) {
    list_blocks(targets.grid, begin, end, part);
  } else {
    part.x = cut(targets.x, begin, end);
    part.y = cut(targets.y, begin, end);
    part.z = cut(targets.z, begin, end);
    part.dx = cut(targets.dx, begin, end);
    part.dy = cut(targets.dy, begin, end);
    part.dz = cut(targets.dz, begin, end);
  }
  return part;
}

}  // namespace lode
