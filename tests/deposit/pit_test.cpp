// Pits: held against all closures of small models, closed forms, cones counted block by block, and
// the published optimum of Marvin.
#include "libgeo/deposit/pit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <numbers>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "libgeo/deposit/pseudoflow.h"
#include "tests/tools/run_lode.h"

namespace lode {
namespace {

std::string code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code;
  }
  return "none";
}

BlockGrid grid_of(std::size_t nx, std::size_t ny, std::size_t nz) {
  BlockGrid grid;
  grid.spacing = {10.0, 10.0, 10.0};
  grid.count = {nx, ny, nz};
  return grid;
}

PitBlocks model(const BlockGrid& grid, const std::vector<double>& values) {
  PitBlocks blocks;
  blocks.grid = grid;
  for (std::size_t b = 0; b < grid.size(); ++b) {
    blocks.cell.push_back(static_cast<std::uint32_t>(b));
    blocks.revenue.push_back(0.0);
    blocks.processing.push_back(0.0);
    blocks.mining.push_back(-values[b]);
    blocks.ore.push_back(values[b] > 0.0 ? 1.0 : 0.0);
  }
  return blocks;
}

std::vector<double> random_values(std::size_t n, std::uint64_t seed) {
  const Random random(seed, 7);
  std::vector<double> values(n);
  // Small whole numbers, so that several closures are often equally good.
  for (std::size_t b = 0; b < n; ++b) values[b] = std::round(2.0 * random.normal(b) - 0.7);
  return values;
}

// Whether all that the blocks of a set ask for is in it, from the offsets themselves.
bool closed(const BlockGrid& grid, const std::vector<PrecedenceOffset>& offsets,
            const std::function<bool(std::size_t)>& in) {
  for (std::size_t b = 0; b < grid.size(); ++b) {
    if (!in(b)) continue;
    const auto [i, j, k] = grid.ijk(b);
    for (const PrecedenceOffset& o : offsets) {
      const long x = static_cast<long>(i) + o.di, y = static_cast<long>(j) + o.dj,
                 z = static_cast<long>(k) + o.dk;
      if (x < 0 || y < 0 || x >= static_cast<long>(grid.count[0]) ||
          y >= static_cast<long>(grid.count[1]) || z >= static_cast<long>(grid.count[2]))
        continue;
      if (!in(grid.index(static_cast<std::size_t>(x), static_cast<std::size_t>(y),
                         static_cast<std::size_t>(z))))
        return false;
    }
  }
  return true;
}

TEST(Pit, AgreesWithAllClosuresOfSmallModels) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const BlockGrid grid = seed % 2 == 0 ? grid_of(5, 1, 3) : grid_of(3, 2, 2);
    const std::vector<double> values = random_values(grid.size(), seed);
    PitOptions options;
    options.precedence =
        seed % 3 == 0 ? neighbour_precedence(true) : cone_precedence(grid, {{{{0.0, 45.0}}}}, 3);
    double best = 0.0;
    std::uint32_t smallest = 0;  // what all of the best closures have in common
    for (std::uint32_t set = 0; set < (1U << grid.size()); ++set) {
      double value = 0.0;
      for (std::size_t b = 0; b < grid.size(); ++b)
        if ((set >> b & 1U) != 0) value += values[b];
      if (value < best) continue;
      if (!closed(grid, options.precedence.patterns[0],
                  [&](std::size_t b) { return (set >> b & 1U) != 0; }))
        continue;
      smallest = value > best ? set : smallest & set;
      best = value;
    }
    const Pit pit = ultimate_pit(model(grid, values), options);
    EXPECT_EQ(pit.shells[0].value, best) << seed;
    std::uint32_t found = 0;
    for (std::size_t b = 0; b < grid.size(); ++b)
      if (pit.shell[b] != 0 && values[b] != 0.0) found |= 1U << b;
    for (std::size_t b = 0; b < grid.size(); ++b)
      if (values[b] == 0.0) smallest &= ~(1U << b);
    EXPECT_EQ(found, smallest) << seed;
  }
}

TEST(Pit, OneOreBlockUnderWasteInSection) {
  // A block n benches down in a section takes n^2 - 1 blocks of waste at 45 degrees.
  for (int n = 1; n <= 6; ++n) {
    const BlockGrid grid = grid_of(15, 1, 6);
    PitOptions options;
    options.precedence = cone_precedence(grid, {{{{0.0, 45.0}}}}, 6);
    for (const double over : {-1.0, 0.0, 2.0}) {
      std::vector<double> values(grid.size(), -1.0);
      values[grid.index(7, 0, static_cast<std::size_t>(6 - n))] = n * n - 1 + over;
      const Pit pit = ultimate_pit(model(grid, values), options);
      EXPECT_EQ(pit.shells[0].value, std::max(over, 0.0));
      EXPECT_EQ(pit.shells[0].blocks_mined, over > 0.0 ? static_cast<std::size_t>(n * n) : 0u);
      if (over > 0.0) {
        EXPECT_EQ(pit.shells[0].strip_ratio, n * n - 1.0);
      }
    }
  }
}

TEST(Pit, TwoBodiesShareTheirWaste) {
  // Neither pays its own 8 blocks of waste; together they share one of 16 and pay the rest.
  const BlockGrid grid = grid_of(9, 1, 3);
  std::vector<double> values(grid.size(), -1.0);
  values[grid.index(2, 0, 0)] = values[grid.index(6, 0, 0)] = 7.75;
  PitOptions options;
  options.precedence = cone_precedence(grid, {{{{0.0, 45.0}}}}, 3);
  EXPECT_NEAR(ultimate_pit(model(grid, values), options).shells[0].value, 0.5, 1e-12);
  values[grid.index(6, 0, 0)] = -1.0;
  EXPECT_EQ(ultimate_pit(model(grid, values), options).shells[0].blocks_mined, 0u);
}

// Every block of a pit has its whole cone in the pit: bearings, flattened blocks, a turned grid and
// several zones. The cone is counted anew from centres, not from the pattern.
TEST(Pit, ConesAreWhole) {
  BlockGrid grid = grid_of(23, 19, 9);
  grid.spacing = {10.0, 12.5, 7.5};
  grid.rotation_deg = 30.0;
  const SlopeZone flat{{{20.0, 32.0}, {140.0, 50.0}, {260.0, 41.0}}};
  const SlopeZone steep{{{0.0, 65.0}}};
  const int benches = 5;
  PitOptions options;
  options.precedence = cone_precedence(grid, {flat, steep}, benches);
  std::vector<double> values = random_values(grid.size(), 3);
  values[grid.index(11, 9, 0)] = 5000.0;
  PitBlocks blocks = model(grid, values);
  for (std::size_t b = 0; b < grid.size(); ++b)
    blocks.zone.push_back(grid.ijk(b)[0] < 8 || b % 5 == 0 ? 1 : 0);
  const Pit pit = ultimate_pit(blocks, options);
  ASSERT_GT(pit.shells[0].blocks_mined, 100u);
  std::size_t checked = 0;
  for (std::size_t b = 0; b < grid.size(); ++b) {
    if (pit.shell[b] == 0) continue;
    const auto from = centre_of(grid, b);
    const SlopeZone& zone = blocks.zone[b] == 0 ? flat : steep;
    for (std::size_t a = 0; a < grid.size(); ++a) {
      if (grid.ijk(a)[2] <= grid.ijk(b)[2] || grid.ijk(a)[2] > grid.ijk(b)[2] + benches) continue;
      const auto to = centre_of(grid, a);
      const double away = std::hypot(to[0] - from[0], to[1] - from[1]);
      const double azimuth =
          std::atan2(to[0] - from[0], to[1] - from[1]) * 180.0 / std::numbers::pi;
      const double slope = slope_at(zone, azimuth) * std::numbers::pi / 180.0;
      if (to[2] - from[2] < away * std::tan(slope) * (1.0 + 1e-7)) continue;
      ++checked;
      ASSERT_NE(pit.shell[a], 0) << "block " << a << " over " << b;
    }
  }
  EXPECT_GT(checked, 1000u);
}

TEST(Pit, PatternsAreSmall) {
  const BlockGrid grid = grid_of(40, 40, 20);
  // 45 degrees: the cross of five; two on each diagonal and side of it where the cone is rounder.
  EXPECT_EQ(cone_precedence(grid, {{{{0.0, 45.0}}}}, 1).patterns[0].size(), 5u);
  EXPECT_EQ(cone_precedence(grid, {{{{0.0, 45.0}}}}, 8).patterns[0].size(), 17u);
  EXPECT_EQ(neighbour_precedence(false).patterns[0].size(), 5u);
  EXPECT_EQ(neighbour_precedence(true).patterns[0].size(), 9u);
  EXPECT_NEAR(slope_at({{{20.0, 30.0}, {140.0, 60.0}}}, 80.0), 45.0, 1e-12);
  EXPECT_NEAR(slope_at({{{20.0, 30.0}, {140.0, 60.0}}}, 260.0), 45.0, 1e-12);
  EXPECT_NEAR(slope_at({{{20.0, 30.0}, {140.0, 60.0}}}, -10.0), 33.75, 1e-12);
}

PitBlocks priced(const BlockGrid& grid, std::uint64_t seed) {
  PitBlocks blocks = model(grid, std::vector<double>(grid.size(), 0.0));
  const Random random(seed, 1);
  for (std::size_t b = 0; b < grid.size(); ++b) {
    blocks.mining[b] = 1.5;
    blocks.processing[b] = 2.0;
    blocks.revenue[b] = std::max(0.0, std::round(100.0 * (3.0 * random.normal(b) - 1.0)) / 100.0);
    blocks.ore[b] = blocks.revenue[b] > 2.0 ? 1.0 : 0.0;
  }
  blocks.selective = true;
  return blocks;
}

TEST(Pit, NestedPitsAreThoseFoundAlone) {
  const BlockGrid grid = grid_of(20, 15, 8);
  const PitBlocks blocks = priced(grid, 5);
  PitOptions options;
  options.precedence = cone_precedence(grid, {{{{0.0, 50.0}}}}, 8);
  options.factors = {0.5, 0.7, 0.8, 0.9, 1.0, 1.1, 1.3, 2.0};
  const Pit all = ultimate_pit(blocks, options);
  std::size_t before = 0;
  for (std::size_t s = 0; s < all.shells.size(); ++s) {
    PitOptions one = options;
    one.factors = {options.factors[s]};
    const Pit alone = ultimate_pit(blocks, one);
    EXPECT_EQ(alone.shells[0].value_at_factor, all.shells[s].value_at_factor);
    for (std::size_t b = 0; b < grid.size(); ++b)
      ASSERT_EQ(alone.shell[b] != 0, all.shell[b] != 0 && all.shell[b] <= s + 1);
    EXPECT_EQ(all.shells[s].whole_value, all.shells[s].bound);
    EXPECT_GE(all.shells[s].blocks_mined, before);
    before = all.shells[s].blocks_mined;
    // Nothing is worth more at its own factor; at factor 1 none is worth more than that pit.
    EXPECT_LE(all.shells[s].value, all.shells[4].value);
  }
  EXPECT_GT(before, 100u);
}

TEST(Pit, OrderOfRowsDoesNotMatter) {
  const BlockGrid grid = grid_of(12, 12, 6);
  PitBlocks blocks = priced(grid, 8);
  PitOptions options;
  options.precedence = cone_precedence(grid, {{{{0.0, 45.0}}}}, 6);
  options.factors = {0.6, 1.0};
  const Pit first = ultimate_pit(blocks, options);
  for (auto* list : {&blocks.revenue, &blocks.processing, &blocks.mining, &blocks.ore})
    std::reverse(list->begin(), list->end());
  std::reverse(blocks.cell.begin(), blocks.cell.end());
  Pit second = ultimate_pit(blocks, options);
  std::reverse(second.shell.begin(), second.shell.end());
  EXPECT_EQ(first.shell, second.shell);
  EXPECT_EQ(first.shells[0].value, second.shells[0].value);
}

TEST(Pit, AbsentBlocksAreAir) {
  // The upper half is not listed: a block at the bottom has only its own half to pay.
  const BlockGrid grid = grid_of(9, 9, 4);
  PitBlocks blocks = model(grid, std::vector<double>(grid.size(), -1.0));
  const std::size_t half = grid.size() / 2;
  for (auto* list : {&blocks.revenue, &blocks.processing, &blocks.mining, &blocks.ore})
    list->resize(half);
  blocks.cell.resize(half);
  blocks.mining[grid.index(4, 4, 0)] = -20.0;
  PitOptions options;
  options.precedence = cone_precedence(grid, {{{{0.0, 45.0}}}}, 4);
  const Pit pit = ultimate_pit(blocks, options);
  EXPECT_EQ(pit.shells[0].value, 15.0);
  EXPECT_EQ(pit.shells[0].blocks_mined, 6u);
  // Listed blocks worth nothing are mined with what lies under them, and with nothing else.
  blocks.mining.assign(half, 0.0);
  blocks.mining[grid.index(4, 4, 0)] = -20.0;
  EXPECT_EQ(ultimate_pit(blocks, options).shells[0].blocks_mined, 6u);
}

TEST(Pit, ScaleOfValues) {
  const BlockGrid grid = grid_of(2, 1, 1);
  PitOptions options;
  options.precedence = neighbour_precedence(false);
  Pit pit = ultimate_pit(model(grid, {1.25, -3.0}), options);
  EXPECT_EQ(pit.scale, 100.0);
  EXPECT_TRUE(pit.exact);
  EXPECT_EQ(pit.shells[0].whole_value, 125);
  pit = ultimate_pit(model(grid, {1.0 / 3.0, -3.0}), options);
  EXPECT_EQ(pit.scale, 1e6);
  EXPECT_FALSE(pit.exact);
  EXPECT_EQ(pit.shells[0].whole_value, 333333);
  EXPECT_EQ(code_of([&] {
              (void)ultimate_pit(model(grid, {3e18, -3e18}), options);
            }),
            "pit.overflow");
}

TEST(Pit, Refusals) {
  const BlockGrid grid = grid_of(2, 1, 2);
  const auto slopes = [&](std::vector<SlopeSector> sectors) {
    return code_of([&] { (void)cone_precedence(grid, {{std::move(sectors)}}, 2); });
  };
  EXPECT_EQ(slopes({{0.0, 0.0}}), "pit.slope");
  EXPECT_EQ(slopes({{0.0, 90.0}}), "pit.slope");
  EXPECT_EQ(slopes({{0.0, std::nan("")}}), "pit.slope");
  EXPECT_EQ(slopes({}), "pit.sectors");
  EXPECT_EQ(slopes({{0.0, 40.0}, {360.0, 45.0}}), "pit.sectors");
  EXPECT_EQ(code_of([] {
              (void)cone_precedence(grid_of(400, 400, 3), {{{{0.0, 0.5}}}}, 2);
            }),
            "pit.slope");
  PitOptions options;
  options.precedence = neighbour_precedence(false);
  const auto factors = [&](std::vector<double> list) {
    options.factors = std::move(list);
    return code_of([&] { (void)ultimate_pit(model(grid, {1, 1, 1, 1}), options); });
  };
  EXPECT_EQ(factors({}), "pit.factors");
  EXPECT_EQ(factors({0.0}), "pit.factors");
  EXPECT_EQ(factors({1.0, 1.0}), "pit.factors");
  EXPECT_EQ(factors({1.0}), "none");
  PitBlocks blocks = model(grid, {1, 1, 1, 1});
  blocks.revenue[2] = -1.0;
  EXPECT_EQ(code_of([&] { (void)ultimate_pit(blocks, options); }), "pit.revenue");
  blocks = model(grid, {1, 1, 1, 1});
  blocks.zone = {0, 0, 1, 0};
  EXPECT_EQ(code_of([&] { (void)ultimate_pit(blocks, options); }), "pit.zones");
  blocks = model(grid, {1, 1, 1, 1});
  blocks.grid.count = {70000, 70000, 100};
  EXPECT_EQ(code_of([&] { (void)ultimate_pit(blocks, options); }), "pit.too_many");
}

// The proof does not trust the solver: a false closure or a false flow is found out.
TEST(Pit, TheProofFindsFaults) {
  const BlockGrid grid = grid_of(1, 1, 2);
  const std::vector<std::int64_t> value{5, -3};
  const ClosureGraph graph(grid.count, neighbour_precedence(false), {}, value, value);
  ASSERT_EQ(graph.size(), 2u);
  const std::vector<ClosureFlow> flow{{0, 1, 3}};
  const ClosureProof proof = prove_closure(graph, value, flow, {1, 1});
  EXPECT_EQ(proof.value, 2);
  EXPECT_EQ(proof.bound, 2);
  EXPECT_EQ(proof.precedences, 1u);
  const auto code = [&](const std::vector<ClosureFlow>& flows, std::vector<std::uint8_t> member) {
    return code_of([&] { (void)prove_closure(graph, value, flows, member); });
  };
  EXPECT_EQ(code(flow, {1, 0}), "pit.not_closed");
  EXPECT_EQ(code(flow, {0, 0}), "pit.not_optimal");
  EXPECT_EQ(code({{0, 1, 2}}, {1, 1}), "pit.not_optimal");
  EXPECT_EQ(code({{1, 0, 3}}, {1, 1}), "pit.not_optimal");
  EXPECT_EQ(code({{0, 1, -3}}, {1, 1}), "pit.not_optimal");
  ClosureSolver solver(graph);
  EXPECT_EQ(solver.solve(value).value, 2);
  EXPECT_EQ(code_of([&] { (void)solver.solve({4, -3}); }), "pit.not_rising");
}

// MineLib (Espinoza et al. 2013) gives 1,415,655,436 as the optimum of its Marvin; the file's z
// runs up. MineFlow 1.0 with 9 benches gives 1,414,048,428 in whole dollars; 12,156 blocks with the
// air.
TEST(Pit, Marvin) {
  const std::string folder = test::data_folder() + "/pit_marvin";
  if (!std::filesystem::exists(folder + "/marvin.upit"))
    GTEST_SKIP() << "no pit_marvin: set LODE_DATA to the folder of real data";
  std::ifstream values(folder + "/marvin.upit"), places(folder + "/marvin.blocks");
  std::string line;
  for (int i = 0; i < 4; ++i) std::getline(values, line);
  PitBlocks blocks;
  blocks.grid = grid_of(61, 60, 17);
  blocks.grid.spacing = {30.0, 30.0, 30.0};
  std::size_t id = 0, x = 0, y = 0, z = 0, same = 0, positive = 0;
  double tonnes = 0.0, gold = 0.0, rest = 0.0, value = 0.0, sum = 0.0;
  while (places >> id >> x >> y >> z >> tonnes >> gold >> rest >> rest && values >> same >> value) {
    ASSERT_EQ(id, same);
    blocks.cell.push_back(static_cast<std::uint32_t>(blocks.grid.index(x, y, z)));
    blocks.revenue.push_back(0.0);
    blocks.processing.push_back(0.0);
    blocks.mining.push_back(-value);
    blocks.rock_t.push_back(tonnes);
    blocks.ore.push_back(value > 0.0 ? 1.0 : 0.0);
    positive += value > 0.0 ? 1 : 0;
    sum += std::max(value, 0.0);
  }
  ASSERT_EQ(blocks.cell.size(), 53271u);
  EXPECT_EQ(positive, 4427u);
  EXPECT_NEAR(sum, 1679430935.69, 0.005);
  PitOptions options;
  options.precedence = cone_precedence(blocks.grid, {{{{0.0, 45.0}}}}, 8);
  Pit pit = ultimate_pit(blocks, options);
  EXPECT_NEAR(pit.shells[0].value, 1415655436.0, 0.5);
  double rock = 0.0;
  for (std::size_t b = 0; b < blocks.cell.size(); ++b)
    if (pit.shell[b] != 0) rock += blocks.rock_t[b];
  EXPECT_NEAR(pit.shells[0].rock_t, rock, 1.0);
  options.precedence = cone_precedence(blocks.grid, {{{{0.0, 45.0}}}}, 9);
  pit = ultimate_pit(blocks, options);
  EXPECT_NEAR(pit.shells[0].value, 1414048428.0, 3.0);
  // The same model with its air listed.
  std::vector<std::uint8_t> listed(blocks.grid.size(), 0);
  for (const std::uint32_t cell : blocks.cell) listed[cell] = 1;
  for (std::uint32_t cell = 0; cell < blocks.grid.size(); ++cell) {
    if (listed[cell] != 0) continue;
    blocks.cell.push_back(cell);
    for (auto* list :
         {&blocks.revenue, &blocks.processing, &blocks.mining, &blocks.rock_t, &blocks.ore})
      list->push_back(0.0);
  }
  EXPECT_EQ(ultimate_pit(blocks, options).shells[0].blocks_mined, 12156u);
}

}  // namespace
}  // namespace lode
