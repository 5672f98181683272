#include "libgeo/logistics/crossings.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "libgeo/core/random.h"
#include "libgeo/logistics/curve_order.h"
#include "tests/logistics/sketch.h"

namespace {

using namespace lode;

TEST(Crossings, AgreeWithEveryPair) {
  const Random random{31, 0};
  std::vector<Path> paths;
  for (std::uint64_t i = 0; i < 700; ++i) {
    const auto u = [&](std::uint64_t k) { return random.uniform(4 * i + k); };
    // Mostly short, a few across everything.
    const double reach = i % 50 == 0 ? 20.0 : 0.5;
    const Point a{-100.0 + 10.0 * u(0), 40.0 + 10.0 * u(1)};
    paths.push_back({a, {a.x + reach * (u(2) - 0.5), a.y + reach * (u(3) - 0.5)}});
  }
  const Network net = build_network({sketch::layer("road", paths)});
  const auto side = [](Point a, Point b, Point c) {
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
  };
  std::size_t expected = 0;
  for (std::size_t i = 0; i < paths.size(); ++i)
    for (std::size_t k = i + 1; k < paths.size(); ++k)
      if (side(paths[i][0], paths[i][1], paths[k][0]) *
                  side(paths[i][0], paths[i][1], paths[k][1]) <
              0 &&
          side(paths[k][0], paths[k][1], paths[i][0]) *
                  side(paths[k][0], paths[k][1], paths[i][1]) <
              0)
        ++expected;
  ASSERT_GT(expected, 50u);
  EXPECT_EQ(net.report[0].crossings_without_node, expected);
  const auto one = count_crossings(net, 0, 1), two = count_crossings(net, 0, 2);
  EXPECT_EQ(one.count, expected);
  EXPECT_EQ(two.count, expected);
  EXPECT_EQ(one.first, two.first);
}

TEST(CurveOrder, IsThatOfAStableSort) {
  const Random random{32, 0};
  std::vector<std::uint64_t> codes;
  for (std::uint64_t i = 0; i < 5000; ++i)
    codes.push_back(i % 3 == 0 ? random.bits(i) : random.bits(i) & 0xff00000000000fULL);
  std::vector<std::uint32_t> expected(codes.size());
  for (std::uint32_t i = 0; i < expected.size(); ++i) expected[i] = i;
  std::stable_sort(expected.begin(), expected.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return codes[a] < codes[b]; });
  EXPECT_EQ(order_by_code(codes), expected);
  EXPECT_TRUE(order_by_code({}).empty());
}

}  // namespace
