// The packed tree against brute force.
#include "libgeo/geometry/spatial_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "libgeo/core/random.h"

namespace lode {
namespace {

std::vector<Box> boxes(std::size_t count, std::uint64_t seed) {
  const Random random{seed, 1};
  std::vector<Box> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double x = random.uniform(4 * i), y = random.uniform(4 * i + 1);
    out[i] = {x, y, x + 0.03 * random.uniform(4 * i + 2), y + 0.03 * random.uniform(4 * i + 3)};
  }
  return out;
}

TEST(SpatialIndex, FindsWhatBruteForceFinds) {
  for (const std::size_t count : {0u, 1u, 15u, 16u, 17u, 300u, 5000u}) {
    const auto all = boxes(count, count + 1);
    const SpatialIndex index(all);
    EXPECT_EQ(index.size(), count);
    for (const Box& query : boxes(20, 99)) {
      std::vector<std::size_t> expected;
      for (std::size_t i = 0; i < count; ++i)
        if (all[i].meets(query)) expected.push_back(i);
      EXPECT_EQ(index.query(query), expected);
    }
  }
}

TEST(SpatialIndex, LeavesEmptyBoxesOut) {
  const SpatialIndex index({Box{}, Box{0, 0, 1, 1}, Box{}});
  EXPECT_EQ(index.query({0, 0, 5, 5}), (std::vector<std::size_t>{1}));
  EXPECT_TRUE(index.query(Box{}).empty());
}

double away(const Box& b, Point p) {
  return std::hypot(std::max({0.0, b.min_x - p.x, p.x - b.max_x}),
                    std::max({0.0, b.min_y - p.y, p.y - b.max_y}));
}

TEST(SpatialIndex, FindsTheNearestWithFewVisits) {
  const auto all = boxes(5000, 3);
  const SpatialIndex index(all);
  const Random random{8, 1};
  for (std::uint64_t i = 0; i < 200; ++i) {
    const Point p{random.uniform(2 * i), random.uniform(2 * i + 1)};
    std::size_t best = 0, visits = 0;
    double least = std::numeric_limits<double>::infinity();
    index.nearest([&](const Box& b) { return away(b, p); },
                  [&](std::size_t k) {
                    ++visits;
                    const double d = away(all[k], p);
                    if (d < least || (d == least && k < best)) {
                      least = d;
                      best = k;
                    }
                    return least;
                  });
    std::size_t expected = 0;
    for (std::size_t k = 1; k < all.size(); ++k)
      if (away(all[k], p) < away(all[expected], p)) expected = k;
    EXPECT_EQ(best, expected);
    EXPECT_LT(visits, 60u);
  }
}

TEST(SpatialIndex, ReportsTiesInIndexOrder) {
  const SpatialIndex index(std::vector<Box>(100, Box{1, 1, 2, 2}));
  std::vector<std::size_t> seen;
  index.nearest([](const Box&) { return 5.0; },
                [&](std::size_t k) {
                  seen.push_back(k);
                  return 5.0;
                });
  EXPECT_EQ(seen.size(), 100u);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
}

}  // namespace
}  // namespace lode
