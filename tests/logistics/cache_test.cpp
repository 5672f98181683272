#include <gtest/gtest.h>

#include <functional>

#include "libgeo/core/error.h"
#include "libgeo/logistics/network_cache.h"
#include "tests/logistics/sketch.h"

namespace {

using namespace lode;

Network some_network() {
  auto roads =
      sketch::layer("road", {{{0, 0}, {1, 0}}, {{1, 0}, {2, 1}, {3, 1}}, {{9, 9}, {8, 8}}});
  roads.table.add(text_column("country", {"USA", "CAN", ""}));
  roads.table.add(text_column("oneway", {"yes", "no", "perhaps"}));
  roads.table.add(number_column("speed_kmh", {33.3, 80.0, 1.0}));
  return build_network({roads, sketch::layer("rail", {{{0, 0}, {1, 0}}})});
}

TEST(NetworkCache, ComesBackWhole) {
  const Network net = some_network();
  std::string note;
  const Network back = unpack_network(pack_network(net, "a note"), &note);
  EXPECT_EQ(note, "a note");
  EXPECT_EQ(back.crs, net.crs);
  EXPECT_EQ(back.nodes, net.nodes);
  EXPECT_EQ(back.edges, net.edges);
  EXPECT_EQ(back.lines, net.lines);
  EXPECT_EQ(back.shape, net.shape);
  EXPECT_EQ(back.borders, net.borders);
  EXPECT_EQ(back.carriers, net.carriers);
  EXPECT_EQ(back.texts, net.texts);
  EXPECT_EQ(back.component, net.component);
  EXPECT_EQ(back.component_edges, net.component_edges);
  EXPECT_EQ(back.report, net.report);
  EXPECT_EQ(back.layers, net.layers);
  EXPECT_EQ(back.findings.list(), net.findings.list());
}

TEST(NetworkCache, DamageIsSeen) {
  const std::string whole = pack_network(some_network());
  const auto code = [](const std::string& bytes) {
    try {
      (void)unpack_network(bytes);
    } catch (const Error& error) {
      return error.code;
    }
    return std::string("none");
  };
  EXPECT_EQ(code(whole), "none");
  EXPECT_EQ(code(""), "network.bad_cache");
  EXPECT_EQ(code(whole.substr(0, whole.size() / 2)), "network.bad_cache");
  for (const std::size_t at :
       {std::size_t{2}, std::size_t{20}, std::size_t{200}, whole.size() - 3}) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_EQ(code(changed), "network.bad_cache") << at;
  }
}

TEST(NetworkCache, NumbersThatLeadNowhereAreSeen) {
  // The checksum is right, what it covers is not.
  const auto refused = [](const std::function<void(Network&)>& spoil) {
    Network net = some_network();
    spoil(net);
    try {
      (void)unpack_network(pack_network(net));
    } catch (const Error& error) {
      return error.code == "network.bad_cache";
    }
    return false;
  };
  EXPECT_FALSE(refused([](Network&) {}));
  EXPECT_TRUE(refused([](Network& n) { n.edges[0].a = 1000; }));
  EXPECT_TRUE(refused([](Network& n) { n.edges[0].line = 1000; }));
  EXPECT_TRUE(refused([](Network& n) { n.edges[0].carrier = 9; }));
  EXPECT_TRUE(refused([](Network& n) { n.edges[0].vertices = 1; }));
  EXPECT_TRUE(refused([](Network& n) { n.edges[0].first_vertex = 0xfffffff0; }));
  EXPECT_TRUE(refused([](Network& n) { n.lines[0].country = 77; }));
  EXPECT_TRUE(refused([](Network& n) { n.lines[0].layer = 77; }));
  EXPECT_TRUE(refused([](Network& n) { n.borders[0].b = 1000; }));
  EXPECT_TRUE(refused([](Network& n) { n.component[0] = 77; }));
  EXPECT_TRUE(refused([](Network& n) { n.component.pop_back(); }));
}

}  // namespace
