#include "libgeo/deposit/pit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/exact_sum.h"
#include "libgeo/deposit/pseudoflow.h"

namespace lode {

namespace {

constexpr double most = 4611686018427387904.0;  // 2^62: sums of flows stay below 2^63

double worth(const PitBlocks& blocks, std::size_t b, double factor) {
  const double processed = factor * blocks.revenue[b] - blocks.processing[b];
  return (blocks.selective ? std::max(processed, 0.0) : processed) - blocks.mining[b];
}

void check(const PitBlocks& blocks, const PitOptions& options) {
  for (std::size_t f = 0; f < options.factors.size(); ++f)
    if (!(options.factors[f] > 0.0) || !std::isfinite(options.factors[f]) ||
        (f > 0 && !(options.factors[f] > options.factors[f - 1])))
      throw Error("pit.factors",
                  "revenue factor " + number_text(options.factors[f]) +
                      " is not above 0 and above the one before it",
                  "--revenue-factors", "Write them from low to high, e.g. 0.4,0.6,0.8,1.");
  if (options.factors.empty() || options.factors.size() > 65000)
    throw Error("pit.factors", "there are no revenue factors, or more than 65,000",
                "--revenue-factors", "Give some, e.g. 0.4,0.6,0.8,1.");
  if (static_cast<double>(blocks.grid.count[0]) * static_cast<double>(blocks.grid.count[1]) *
          static_cast<double>(blocks.grid.count[2]) >
      536870912.0)
    throw Error("pit.too_many", "the grid around the blocks has more than 500 million cells", "",
                "Join the blocks into larger ones first: lode blocks reblock.");
  for (std::size_t b = 0; b < blocks.cell.size(); ++b)
    if (!(blocks.revenue[b] >= 0.0))
      throw Error("pit.revenue", "the revenue of a block is negative or missing",
                  "block " + std::to_string(b + 1),
                  "Costs belong to the cost: pits of rising factors would not hold one another.");
}

// True when all values are whole numbers of 1 / scale, as far as a double can say.
bool whole(const std::vector<double>& values, double scale) {
  return std::all_of(values.begin(), values.end(), [&](double v) {
    const double scaled = std::nearbyint(v * scale);
    return scaled / scale == v;
  });
}

// Values at one factor, by block.
std::vector<double> values_at(const PitBlocks& blocks, double factor) {
  std::vector<double> values(blocks.cell.size());
  for (std::size_t b = 0; b < values.size(); ++b) values[b] = worth(blocks, b, factor);
  return values;
}

void choose_scale(const PitBlocks& blocks, const PitOptions& options, Pit& pit) {
  double largest = 0.0;
  for (const double factor : {options.factors.front(), 1.0, options.factors.back()}) {
    double sum = 0.0;
    for (const double v : values_at(blocks, factor)) sum += std::abs(v);
    largest = std::max(largest, sum);
  }
  if (!(largest < most))
    throw Error("pit.overflow", "the values of the blocks add up to more than 4.6e18", "",
                "Give them in a larger unit, such as thousands.");
  pit.exact = true;
  for (const double factor : options.factors) {
    const std::vector<double> values = values_at(blocks, factor);
    while (pit.exact && !whole(values, pit.scale)) {
      if (pit.scale >= 1e6 || pit.scale * 10.0 * largest >= most)
        pit.exact = false;
      else
        pit.scale *= 10.0;
    }
  }
}

std::vector<std::int64_t> on_grid(const PitBlocks& blocks, double factor, double scale) {
  std::vector<std::int64_t> cells(blocks.grid.size(), 0);
  for (std::size_t b = 0; b < blocks.cell.size(); ++b)
    cells[blocks.cell[b]] = std::llround(worth(blocks, b, factor) * scale);
  return cells;
}

PitShell count(const PitBlocks& blocks, const Pit& pit, std::size_t number, double factor) {
  PitShell shell;
  shell.factor = factor;
  ExactSum value, at_factor, rock, ore, product, ore_blocks;
  for (std::size_t b = 0; b < blocks.cell.size(); ++b) {
    if (pit.shell[b] == 0 || pit.shell[b] > number) continue;
    ++shell.blocks_mined;
    value += worth(blocks, b, 1.0);
    at_factor += worth(blocks, b, factor);
    const double share = blocks.ore.empty() ? 0.0 : blocks.ore[b];
    shell.ore_blocks += share > 0.0 ? 1 : 0;
    ore_blocks += share;
    if (!blocks.rock_t.empty()) {
      rock += blocks.rock_t[b];
      ore += share * blocks.rock_t[b];
    }
    if (share > 0.0 && !blocks.product_t.empty()) product += blocks.product_t[b];
  }
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  const auto mined = static_cast<double>(shell.blocks_mined);
  const double of_ore = ore_blocks.value();
  shell.value = value.value();
  shell.value_at_factor = at_factor.value();
  shell.volume_m3 = mined * blocks.grid.block_m3();
  const bool masses = !blocks.rock_t.empty();
  shell.rock_t = masses ? rock.value() : unknown;
  shell.ore_t = masses ? ore.value() : unknown;
  shell.product_t = blocks.product_t.empty() ? unknown : product.value();
  const double whole_rock = masses ? shell.rock_t : mined, part = masses ? shell.ore_t : of_ore;
  shell.strip_ratio = part > 0.0 ? (whole_rock - part) / part : unknown;
  return shell;
}

// Blocks of the grid cells that a shell holds get its number, unless an earlier one holds them.
void number_blocks(const PitBlocks& blocks, const ClosureGraph& graph,
                   const std::vector<std::uint8_t>& member, std::uint16_t number, Pit& pit) {
  std::vector<std::uint8_t> in(blocks.grid.size(), 0);
  for (std::size_t n = 0; n < graph.size(); ++n)
    if (member[n] != 0) in[graph.grid_cell[n]] = 1;
  for (const std::uint32_t cell : graph.free_members(member)) in[cell] = 1;
  for (std::size_t b = 0; b < blocks.cell.size(); ++b)
    if (pit.shell[b] == 0 && in[blocks.cell[b]] != 0) pit.shell[b] = number;
}

}  // namespace

Pit ultimate_pit(const PitBlocks& blocks, const PitOptions& options, const Progress& progress) {
  check(blocks, options);
  Pit pit;
  choose_scale(blocks, options, pit);
  std::vector<std::uint16_t> zones;
  if (!blocks.zone.empty()) {
    zones.assign(blocks.grid.size(), static_cast<std::uint16_t>(options.precedence.air));
    for (std::size_t b = 0; b < blocks.cell.size(); ++b) zones[blocks.cell[b]] = blocks.zone[b];
  }
  std::vector<std::int64_t> last = on_grid(blocks, options.factors.back(), pit.scale);
  const ClosureGraph graph(
      blocks.grid.count, options.precedence, zones,
      options.factors.size() == 1 ? last : on_grid(blocks, options.factors.front(), pit.scale),
      last);
  pit.candidates = graph.size();
  pit.shell.assign(blocks.cell.size(), 0);
  ClosureSolver solver(graph);
  std::vector<std::int64_t> value(graph.size());
  for (std::size_t f = 0; f < options.factors.size(); ++f) {
    const double at = static_cast<double>(f) / static_cast<double>(options.factors.size());
    progress.update(at, "finding the pit");
    if (f + 1 < options.factors.size() || f > 0)
      last = on_grid(blocks, options.factors[f], pit.scale);
    for (std::size_t n = 0; n < graph.size(); ++n) value[n] = last[graph.grid_cell[n]];
    const ClosureProof proof = solver.solve(value, progress);
    const auto number = static_cast<std::uint16_t>(f + 1);
    number_blocks(blocks, graph, solver.members(), number, pit);
    pit.shells.push_back(count(blocks, pit, number, options.factors[f]));
    pit.shells.back().whole_value = proof.value;
    pit.shells.back().bound = proof.bound;
    pit.shells.back().positive = proof.positive;
    pit.precedences = proof.precedences;
  }
  return pit;
}

}  // namespace lode
