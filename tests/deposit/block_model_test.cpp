// Listed blocks: layout, rotation, overlaps, declared grids, and blocks joined into parents.
#include "libgeo/deposit/block_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "tests/core/code_of.h"

namespace lode {
namespace {

void add_block(BlockChunk& chunk, std::array<double, 3> c, std::array<double, 3> d) {
  chunk.x.push_back(c[0]);
  chunk.y.push_back(c[1]);
  chunk.z.push_back(c[2]);
  chunk.dx.push_back(d[0]);
  chunk.dy.push_back(d[1]);
  chunk.dz.push_back(d[2]);
  chunk.line.push_back(chunk.line.size() + 2);
}

BlockChunk blocks_of(const BlockGrid& grid, double round = 0.0) {
  BlockChunk chunk;
  for (std::size_t b = 0; b < grid.size(); ++b) {
    auto c = centre_of(grid, b);
    if (round > 0.0)
      for (double& one : c) one = std::round(one / round) * round;
    add_block(chunk, c, grid.spacing);
  }
  return chunk;
}

BlockGrid some_grid(double rotation) {
  return {{500000.0, 6000000.0, 100.0}, {10.0, 20.0, 5.0}, {12, 9, 4}, rotation};
}

BlockLayout layout_of(const BlockChunk& chunk, const LayoutScan::Options& options = {}) {
  LayoutScan scan(options, "blocks.csv");
  scan.add(chunk);
  return scan.finish();
}

std::string scan_code(const BlockChunk& chunk, const LayoutScan::Options& options = {}) {
  return code_of([&] { (void)layout_of(chunk, options); });
}

TEST(BlockModel, GridsAreKnownByTheirCentroids) {
  for (const double turn : {0.0, 12.5, -30.0, 45.0, 33.333}) {
    const BlockGrid grid = some_grid(turn);
    const BlockLayout layout = layout_of(blocks_of(grid, 0.001));
    EXPECT_TRUE(layout.on_grid) << turn;
    EXPECT_TRUE(layout.regular) << turn;
    EXPECT_EQ(layout.blocks, grid.size());
    EXPECT_NEAR(layout.volume_m3, 1000.0 * 432, 1e-6);
    EXPECT_NEAR(layout.grid.rotation_deg, turn, 1e-3);
    EXPECT_EQ(layout.grid.count, grid.count) << turn;
    for (std::size_t axis = 0; axis < 3; ++axis)
      EXPECT_NEAR(layout.grid.origin[axis], grid.origin[axis], 0.02) << turn;
    EXPECT_EQ(layout.findings.has("blocks.rotated"), turn != 0.0);
  }
}

TEST(BlockModel, AnyOrderOfRowsGivesTheSame) {
  BlockChunk chunk = blocks_of(some_grid(20.0), 0.001);
  const BlockLayout before = layout_of(chunk);
  const Random random{3, 3};
  for (std::size_t r = chunk.size() - 1; r > 0; --r) {
    const auto other = static_cast<std::size_t>(random.uniform(r) * static_cast<double>(r + 1));
    for (auto* column : {&chunk.x, &chunk.y, &chunk.z}) std::swap((*column)[r], (*column)[other]);
  }
  const BlockLayout after = layout_of(chunk);
  EXPECT_EQ(after.grid.rotation_deg, 20.0);
  EXPECT_EQ(before.grid.origin, after.grid.origin);
  EXPECT_TRUE(after.regular);
  EXPECT_EQ(before.volume_m3, after.volume_m3);
  EXPECT_EQ(before.grid.count, after.grid.count);
}

TEST(BlockModel, SubBlocksStandOnTheGridOfTheSmallest) {
  BlockChunk chunk;
  add_block(chunk, {5, 5, 5}, {10, 10, 10});
  for (int i = 0; i < 8; ++i)
    add_block(chunk, {12.5 + 5 * (i & 1), 2.5 + 5 * (i >> 1 & 1), 2.5 + 5 * (i >> 2)}, {5, 5, 5});
  const BlockLayout layout = layout_of(chunk);
  EXPECT_TRUE(layout.on_grid);
  EXPECT_FALSE(layout.regular);
  EXPECT_TRUE(layout.findings.has("blocks.sub_blocked"));
  EXPECT_EQ(layout.volume_m3, 2000.0);
  EXPECT_EQ(layout.grid.count, (std::array<std::size_t, 3>{4, 2, 2}));
  OverlapCheck check(layout, "blocks.csv");
  check.add(chunk);
  EXPECT_EQ(check.count(), 0u);
}

std::string overlap_code(const BlockChunk& chunk, std::string* where = nullptr) {
  const BlockLayout layout = layout_of(chunk);
  OverlapCheck check(layout, "blocks.csv");
  check.add(chunk);
  if (check.count() == 0) return "none";
  EXPECT_TRUE(check.find_partner(chunk));
  try {
    check.refuse();
  } catch (const Error& error) {
    if (where != nullptr) *where = error.where;
    return error.code;
  }
}

TEST(BlockModel, SharedGroundIsRefusedWithBothLines) {
  BlockChunk chunk = blocks_of(some_grid(0.0));
  EXPECT_EQ(overlap_code(chunk), "none");
  add_block(chunk, {chunk.x[7], chunk.y[7], chunk.z[7]}, {10, 20, 5});
  std::string where;
  EXPECT_EQ(overlap_code(chunk, &where), "blocks.duplicate");
  EXPECT_EQ(where, "blocks.csv, lines 9 and 434");
  // A large block over small ones.
  BlockChunk sub = blocks_of({{0, 0, 0}, {5, 5, 5}, {4, 4, 1}, 0.0});
  add_block(sub, {10, 10, 2.5}, {10, 10, 5});
  EXPECT_EQ(overlap_code(sub, &where), "blocks.overlap");
  // On no grid at all: boxes that meet by half a metre.
  BlockChunk free;
  for (int i = 0; i < 50; ++i) add_block(free, {i * 10.37 + 0.011 * i * i, 5, 5}, {10, 10, 10});
  const BlockLayout layout = layout_of(free);
  EXPECT_FALSE(layout.on_grid);
  EXPECT_TRUE(layout.findings.has("blocks.free"));
  EXPECT_EQ(overlap_code(free), "none");
  add_block(free, {free.x[20] + 9.0, 5, 5}, {10, 10, 10});
  EXPECT_EQ(overlap_code(free, &where), "blocks.overlap");
  EXPECT_EQ(where, "blocks.csv, lines 22 and 52");
}

TEST(BlockModel, SizesAreAboveZero) {
  BlockChunk chunk = blocks_of(some_grid(0.0));
  chunk.dz[3] = 0.0;
  EXPECT_EQ(scan_code(chunk), "blocks.size");
  chunk.dz[3] = -5.0;
  EXPECT_EQ(scan_code(chunk), "blocks.size");
}

TEST(BlockModel, DeclaredGridsAreHeldAgainstTheRows) {
  const BlockGrid grid = some_grid(30.0);
  const BlockChunk chunk = blocks_of(grid, 0.001);
  LayoutScan::Options options;
  options.declared = grid;
  EXPECT_EQ(scan_code(chunk, options), "no error");
  options.declared->rotation_deg = 0.0;
  EXPECT_EQ(scan_code(chunk, options), "blocks.rotation");
  options.declared = grid;
  options.declared->count[0] = 11;
  EXPECT_EQ(scan_code(chunk, options), "blocks.outside_grid");
  options.declared->count[0] = 13;
  EXPECT_EQ(scan_code(chunk, options), "blocks.count");
  options.declared = grid;
  options.declared->origin[2] += 2.0;
  options.declared->count[2] += 2;
  EXPECT_NE(scan_code(chunk, options), "no error");
  options.declared = grid;
  options.declared->origin[2] -= 2.0;
  options.declared->count[2] += 2;
  EXPECT_EQ(scan_code(chunk, options), "blocks.off_grid");
}

TEST(BlockModel, TooManyFreeBlocks) {
  // The limit of blocks on no grid cannot be reached in a test; that of parents can.
  Reblocking::Options options;
  options.parents.count = {std::size_t{1} << 20, std::size_t{1} << 10, 1};
  EXPECT_EQ(code_of([&] { Reblocking parents(options); }), "reblock.too_many");
}

TEST(BlockModel, ParentsKeepTonnesAndMetal) {
  BlockChunk chunk = blocks_of({{0, 0, 0}, {5, 5, 5}, {4, 4, 4}, 0.0});
  chunk.numbers.resize(2);
  const Random random{5, 5};
  double tonnes = 0.0, metal = 0.0;
  for (std::size_t r = 0; r < chunk.size(); ++r) {
    chunk.numbers[0].push_back(3.0 * random.uniform(r));
    chunk.numbers[1].push_back(2.5 + random.uniform(1000 + r));
    tonnes += 125.0 * chunk.numbers[1][r];
    metal += 125.0 * chunk.numbers[1][r] * chunk.numbers[0][r];
  }
  const BlockLayout layout = layout_of(chunk);
  Reblocking::Options options;
  // Parents of 8 m do not line up with blocks of 5: those are shared out.
  options.parents = {{-2, -2, -2}, {8, 8, 8}, {3, 3, 3}, 0.0};
  options.values = 2;
  options.density = 1;
  Reblocking parents(options);
  parents.add(layout, chunk);
  double volume = 0.0, back_tonnes = 0.0, back_metal = 0.0;
  for (std::size_t p = 0; p < 27; ++p) {
    const auto parent = parents.at(p);
    if (parent.volume_m3 == 0.0) continue;
    volume += parent.volume_m3;
    back_tonnes += parent.volume_m3 * parent.values[1];
    back_metal += parent.volume_m3 * parent.values[1] * parent.values[0];
  }
  EXPECT_NEAR(volume, 8000.0, 1e-9);
  EXPECT_NEAR(back_tonnes, tonnes, 1e-8);
  EXPECT_NEAR(back_metal, metal, 1e-8);
  EXPECT_EQ(parents.outside_m3(), 0.0);
  BlockLayout turned = layout;
  turned.grid.rotation_deg = 10.0;
  EXPECT_EQ(code_of([&] { parents.add(turned, chunk); }), "reblock.rotation");
}

TEST(ExactSum, OrderDoesNotMatter) {
  const Random random{9, 9};
  std::vector<double> terms;
  for (std::uint64_t i = 0; i < 5000; ++i)
    terms.push_back((random.uniform(i) - 0.3) * std::pow(10.0, 12.0 * random.uniform(10000 + i)));
  ExactSum forward, backward;
  for (const double term : terms) forward += term;
  std::reverse(terms.begin(), terms.end());
  ExactSum parts;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    backward += terms[i];
    if (i % 17 == 0) {
      parts += backward;
      backward = ExactSum();
    }
  }
  parts += backward;
  EXPECT_EQ(forward.value(), parts.value());
  ExactSum tenths;
  for (int i = 0; i < 10; ++i) tenths += 0.1;
  EXPECT_NEAR(tenths.value(), 1.0, 1e-14);
  ExactSum large;
  large += 1e18;
  large += 0.5;
  large += -1e18;
  EXPECT_EQ(large.value(), 0.5);
}

}  // namespace
}  // namespace lode
