// Traps, loops, doubles and crossings of networks small enough to see.
#include "libgeo/logistics/network_check.h"
#include "libgeo/logistics/crossings.h"

#include <gtest/gtest.h>

#include "tests/logistics/sketch.h"

namespace {

using namespace lode;
using sketch::layer;

LineLayer with_oneway(std::vector<Path> paths, std::vector<std::string> oneway) {
  LineLayer l = layer("road", std::move(paths));
  l.table.add(text_column("oneway", std::move(oneway)));
  return l;
}

TEST(NetworkCheck, OneWayTraps) {
  // A triangle both ways, a way out of it that leads nowhere else, one into it, and a link of both.
  const Network net = build_network({with_oneway({{{0, 0}, {1, 0}},
                                                  {{1, 0}, {0, 1}},
                                                  {{0, 1}, {0, 0}},
                                                  {{1, 0}, {2, 0}},
                                                  {{2, 0}, {3, 0}},
                                                  {{5, 5}, {0, 1}},
                                                  {{5, 5}, {2, 0}}},
                                                 {"", "", "", "yes", "", "yes", "yes"})});
  Findings findings;
  const NetworkCheck check = check_network(net, findings);
  ASSERT_EQ(check.traps.size(), 3u);
  EXPECT_EQ(check.traps[0].kind, TrapKind::no_exit);
  EXPECT_EQ(check.traps[0].edges, (std::vector<std::uint32_t>{3, 4}));
  EXPECT_EQ(check.traps[1].kind, TrapKind::no_entry);
  EXPECT_EQ(check.traps[1].edges, (std::vector<std::uint32_t>{5}));
  EXPECT_EQ(check.traps[2].kind, TrapKind::cut_off);
  EXPECT_EQ(check.traps[2].edges, (std::vector<std::uint32_t>{6}));
  ASSERT_TRUE(findings.has("network.one_way_trap"));
  EXPECT_EQ(findings.list()[0].count, 2u);
  EXPECT_NE(findings.list()[0].message.find("x 1.00000, y 0.00000"), std::string::npos);
  EXPECT_EQ(to_text(TrapKind::no_exit), "no_exit");
}

TEST(NetworkCheck, ARingOfOneWaysIsNoTrap) {
  // The last line is drawn against its traffic.
  const Network net = build_network(
      {with_oneway({{{0, 0}, {1, 0}}, {{1, 0}, {0, 1}}, {{0, 0}, {0, 1}}}, {"yes", "yes", "-1"})});
  Findings findings;
  EXPECT_TRUE(check_network(net, findings).traps.empty());
  EXPECT_TRUE(findings.empty());
  const Network both = build_network({layer("road", {{{0, 0}, {1, 0}}})});
  EXPECT_TRUE(check_network(both, findings).traps.empty());
}

TEST(NetworkCheck, ALongOneWayChainNeedsNoStack) {
  std::vector<Path> paths;
  std::vector<std::string> oneway;
  for (int i = 0; i < 200000; ++i) {
    const double x = i * 1e-4;
    paths.push_back({{x, 0}, {x + 1e-4, 0}});
    oneway.emplace_back("yes");
  }
  // Written as i * 1e-4 + 1e-4 the ends need not meet bit for bit: take the same sums.
  for (std::size_t i = 1; i < paths.size(); ++i) paths[i].front() = paths[i - 1].back();
  NetworkOptions options;
  options.report_crossings = false;
  const Network net = build_network({with_oneway(std::move(paths), std::move(oneway))}, options);
  Findings findings;
  const auto check = check_network(net, findings);
  ASSERT_GE(check.traps.size(), 1u);
  std::size_t edges = 0;
  for (const auto& trap : check.traps) edges += trap.edges.size();
  EXPECT_EQ(edges, net.edges.size());
}

TEST(NetworkCheck, LoopsAndDoubles) {
  const Network net = build_network({layer("road", {{{0, 0}, {1, 0}},
                                                    {{1, 0}, {2, 0}, {2, 1}, {1, 0}},
                                                    {{1, 0}, {0, 0}},
                                                    {{0, 0}, {0.5, 0.1}, {1, 0}}})});
  Findings findings;
  const NetworkCheck check = check_network(net, findings);
  EXPECT_EQ(check.loops, (std::vector<std::uint32_t>{1}));
  ASSERT_EQ(check.doubled.size(), 1u);
  EXPECT_EQ(check.doubled[0].first, 0u);
  EXPECT_EQ(check.doubled[0].again, 2u);
  EXPECT_TRUE(findings.has("network.self_loop"));
  EXPECT_TRUE(findings.has("network.doubled_line"));
}

TEST(NetworkCheck, CrossingsAreListed) {
  const Network net = build_network(
      {layer("road", {{{0, 0}, {2, 0}}, {{0.5, -1}, {0.5, 1}}, {{1.5, -1}, {1.5, 1}}})});
  const auto crossings = crossings_without_node(net);
  ASSERT_EQ(crossings.size(), net.report[0].crossings_without_node);
  ASSERT_EQ(crossings.size(), 2u);
  EXPECT_EQ(crossings[0].at, (LonLat{0.5, 0}));
  EXPECT_EQ(crossings[1].at, (LonLat{1.5, 0}));
}

}  // namespace
