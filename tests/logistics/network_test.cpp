#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/logistics/network.h"
#include "tests/logistics/sketch.h"

namespace {

using namespace lode;
using sketch::layer;

std::string code_of(const std::vector<LineLayer>& layers, const NetworkOptions& options = {}) {
  try {
    (void)build_network(layers, options);
  } catch (const Error& error) {
    return error.code;
  }
  return "none";
}

// Karney's GeodSolve -i -E -p 6: "0 0 0 1" -> 111319.490793274, "0 0 1 0" -> 110574.388557799.
constexpr double kDegreeOfEquator_m = 111319.490793274;
constexpr double kFirstDegreeNorth_m = 110574.388557799;

TEST(Network, EdgesAreAsLongAsTheGeodesic) {
  const Network net = build_network({layer("road", {{{0, 0}, {1, 0}}, {{0, 0}, {0, 1}}})});
  ASSERT_EQ(net.edges.size(), 2u);
  EXPECT_NEAR(net.edges[0].length_m, kDegreeOfEquator_m, 1e-6);
  EXPECT_NEAR(net.edges[1].length_m, kFirstDegreeNorth_m, 1e-6);
  EXPECT_EQ(net.nodes.size(), 3u);
}

TEST(Network, LinesJoinWhereTheyShareAVertex) {
  // A shared inner vertex joins and cuts both lines.
  const Network net =
      build_network({layer("road", {{{0, 0}, {1, 0}, {2, 0}}, {{1, -1}, {1, 0}, {1, 1}}})});
  EXPECT_EQ(net.edges.size(), 4u);
  EXPECT_EQ(net.nodes.size(), 5u);
  EXPECT_EQ(net.component_edges.size(), 1u);
  EXPECT_FALSE(net.findings.has("network.crossing_without_node"));
}

TEST(Network, LinesThatOnlyCrossAreNotJoined) {
  const Network net = build_network({layer("road", {{{0, 0}, {2, 0}}, {{1, -1}, {1, 1}}})});
  EXPECT_EQ(net.edges.size(), 2u);
  EXPECT_EQ(net.component_edges.size(), 2u);
  EXPECT_TRUE(net.findings.has("network.crossing_without_node"));
  EXPECT_TRUE(net.findings.has("network.components"));
  EXPECT_TRUE(net.findings.has("network.dangling_ends"));
  EXPECT_EQ(net.report[0].crossings_without_node, 1u);
  EXPECT_EQ(net.report[0].dangling_ends, 4u);
}

TEST(Network, ModesDoNotJoin) {
  const Network net =
      build_network({layer("road", {{{0, 0}, {1, 0}}}), layer("rail", {{{1, 0}, {2, 0}}})});
  EXPECT_EQ(net.component_edges.size(), 2u);
  EXPECT_EQ(net.nodes.size(), 4u);
  ASSERT_EQ(net.report.size(), 2u);
  EXPECT_EQ(net.report[0].mode, "road");
}

TEST(Network, BothSidesOfTheAntimeridianAreOnePlace) {
  const Network net = build_network({layer("sea", {{{179, 0}, {180, 0}},
                                                   {{-180, 0}, {-179, 0}},
                                                   {{190.8498, 1}, {181, 0}},
                                                   {{-169.1502, 1}, {-169, 2}},
                                                   {{-179, 0}, {-178, 0}}})});
  EXPECT_EQ(net.component_edges.size(), 1u);
  EXPECT_NEAR(net.edges[0].length_m, kDegreeOfEquator_m, 1e-6);
}

TEST(Network, AllLongitudesMeetAtThePole) {
  const Network net = build_network({layer("sea", {{{10, 80}, {10, 90}}, {{-70, 90}, {-70, 80}}})});
  EXPECT_EQ(net.component_edges.size(), 1u);
}

TEST(Network, ToleranceBridgesGapsAndSaysSo) {
  NetworkOptions options;
  options.snap_tolerance_m = 20.0;
  // Two ends 11.1 m apart, and an end 11.1 m short of the inside of a line.
  const auto roads =
      layer("road", {{{0, 0}, {1, 0}}, {{1.0001, 0}, {2, 0}}, {{1.5, 1}, {1.5, 0.0001}}});
  const Network exact = build_network({roads});
  EXPECT_EQ(exact.component_edges.size(), 3u);
  const Network net = build_network({roads}, options);
  EXPECT_EQ(net.component_edges.size(), 1u);
  EXPECT_TRUE(net.findings.has("network.joined_by_tolerance"));
  EXPECT_EQ(net.report[0].joined_by_tolerance, 2u);
  EXPECT_NEAR(net.report[0].largest_gap_m, 11.132, 0.1);
  // The line that was cut keeps its length.
  double length = 0.0;
  for (const auto& edge : net.edges) length += edge.length_m;
  double before = 0.0;
  for (const auto& edge : exact.edges) before += edge.length_m;
  EXPECT_NEAR(length - before, 11.132 + 11.057, 0.01);
}

TEST(Network, ABorderStandsWhereCountriesMeet) {
  auto roads = layer("road", {{{0, 0}, {1, 0}}, {{1, 0}, {2, 0}}, {{1, 0}, {1, 1}}});
  roads.table.add(text_column("country", {"usa", "CAN", "USA"}));
  const Network net = build_network({roads});
  ASSERT_EQ(net.borders.size(), 1u);
  EXPECT_EQ(net.texts[net.borders[0].country_a], "USA");
  EXPECT_EQ(net.texts[net.borders[0].country_b], "CAN");
  EXPECT_EQ(net.component_edges.size(), 1u);
}

TEST(Network, ABreakOfGaugeSplits) {
  auto rail = layer("rail", {{{0, 0}, {1, 0}}, {{1, 0}, {2, 0}}, {{2, 0}, {3, 0}}});
  rail.table.add(text_column("gauge_mm", {"1435", "1520", "1435;1520"}));
  const Network net = build_network({rail});
  EXPECT_EQ(net.carriers.size(), 2u);
  EXPECT_EQ(net.edges.size(), 4u);
  EXPECT_EQ(net.component_edges.size(), 3u);
}

TEST(Network, WithoutAGaugeStandardGaugeIsAssumed) {
  auto rail = layer("rail", {{{0, 0}, {1, 0}}, {{1, 0}, {2, 0}}});
  rail.table.add(text_column("gauge_mm", {"1435", ""}));
  const Network net = build_network({rail});
  EXPECT_EQ(net.component_edges.size(), 1u);
  EXPECT_TRUE(net.findings.has("network.gauge_assumed"));
}

TEST(Network, ARecordedLengthIsUsedUnlessItCannotBe) {
  auto roads = layer("road", {{{0, 0}, {1, 0}}, {{1, 0}, {2, 0}}});
  roads.table.add(number_column("length_km", {150.0, 50.0}));
  const Network net = build_network({roads});
  EXPECT_NEAR(net.lines[0].length_factor, 150e3 / kDegreeOfEquator_m, 1e-12);
  EXPECT_EQ(net.lines[1].length_factor, 1.0);
  EXPECT_TRUE(net.findings.has("network.recorded_length"));
  EXPECT_TRUE(net.findings.has("network.length_doubtful"));
}

TEST(Network, DoubtfulColumnsAreCounted) {
  auto roads = layer("road", {{{0, 0}, {1, 0}}, {{1, 0}, {2, 0}}});
  roads.table.add(text_column("oneway", {"sometimes", "-1"}));
  roads.table.add(number_column("speed_kmh", {0.0, 80.0}));
  roads.table.add(number_column("max_weight_t", {-1.0, 40.0}));
  roads.table.add(text_column("months_closed", {"winter", "Nov-Feb"}));
  roads.table.add(number_column("toll_usd", {-3.0, 2.0}));
  roads.table.add(text_column("gauge_mm", {"9999", ""}));
  roads.table.add(number_column("length_km", {-5.0, std::nan("")}));
  const Network net = build_network({roads});
  for (const char* code :
       {"network.bad_oneway", "network.bad_speed", "network.bad_limit", "network.bad_months",
        "network.bad_toll", "network.bad_gauge", "network.bad_length"})
    EXPECT_TRUE(net.findings.has(code)) << code;
  EXPECT_EQ(net.lines[1].oneway, Oneway::backward);
  EXPECT_EQ(net.lines[1].months_closed, (1U << 10) | (1U << 11) | 1U | 2U);
  EXPECT_EQ(net.lines[1].speed_kmh, 80.0);
}

TEST(Network, MonthsAreRead) {
  std::uint16_t months = 0;
  EXPECT_TRUE(parse_months("12,1,2", months));
  EXPECT_EQ(months, (1U << 11) | 1U | 2U);
  EXPECT_TRUE(parse_months("Nov-Jan; 6", months));
  EXPECT_EQ(months, (1U << 10) | (1U << 11) | 1U | (1U << 5));
  EXPECT_TRUE(parse_months("", months));
  EXPECT_EQ(months, 0U);
  EXPECT_FALSE(parse_months("13", months));
  EXPECT_FALSE(parse_months("1.5", months));
}

TEST(Network, BadInputIsRefused) {
  EXPECT_EQ(code_of({}), "network.empty");
  EXPECT_EQ(code_of({layer("road", {{{1, 1}, {1, 1}}})}), "network.empty");
  auto points = layer("road", {});
  points.geometry.push_back(point_geometry(1, 1));
  EXPECT_EQ(code_of({points}), "network.not_lines");
  EXPECT_EQ(code_of({layer(" ", {{{0, 0}, {1, 0}}})}), "network.no_mode");
  EXPECT_EQ(code_of({layer("road", {{{0, 0}, {1, 91}}})}), "network.bad_coordinate");
  EXPECT_EQ(code_of({layer("road", {{{0, 0}, {std::nan(""), 1}}})}), "network.bad_coordinate");
  auto metres = layer("road", {{{0, 0}, {1, 0}}});
  metres.crs = parse_crs("EPSG:32611");
  EXPECT_EQ(code_of({metres}), "network.crs");
  auto other = layer("rail", {{{0, 0}, {1, 0}}});
  other.crs = parse_crs("EPSG:4269");
  EXPECT_EQ(code_of({layer("road", {{{0, 0}, {1, 0}}}), other}), "crs.mismatch");
  NetworkOptions options;
  options.snap_tolerance_m = -1.0;
  EXPECT_EQ(code_of({layer("road", {{{0, 0}, {1, 0}}})}, options), "network.bad_tolerance");
  options = {};
  options.max_vertices = 3;
  EXPECT_EQ(code_of({layer("road", {{{0, 0}, {1, 0}}, {{1, 0}, {2, 0}}})}, options),
            "network.too_large");
  auto uneven = layer("road", {{{0, 0}, {1, 0}}});
  uneven.table.add(text_column("gate", {"a", "b"}));
  EXPECT_EQ(code_of({uneven}), "network.length");
  auto mixed = layer("road", {{{0, 0}, {1, 0}}, {{2, 2}, {2, 2}}});
  mixed.geometry.push_back(point_geometry(1, 1));
  const Network net = build_network({mixed});
  EXPECT_TRUE(net.findings.has("network.not_a_line"));
  EXPECT_TRUE(net.findings.has("network.zero_length"));
  auto words = layer("road", {{{0, 0}, {1, 0}}});
  words.table.add(text_column("speed_kmh", {"fast"}));
  EXPECT_EQ(code_of({words}), "table.bad_number");
}

TEST(Network, TheOrderOfThreadsIsNoMatter) {
  std::vector<Path> paths;
  for (int i = 0; i < 60; ++i)
    for (int k = 0; k < 60; ++k) {
      paths.push_back({{0.01 * i, 0.01 * k}, {0.01 * (i + 1), 0.01 * k}});
      paths.push_back({{0.01 * i, 0.01 * k}, {0.01 * i, 0.01 * (k + 1)}});
    }
  NetworkOptions one, four;
  one.jobs = 1;
  four.jobs = 4;
  const Network a = build_network({layer("road", paths)}, one);
  const Network b = build_network({layer("road", paths)}, four);
  EXPECT_EQ(a.edges, b.edges);
  EXPECT_EQ(a.nodes, b.nodes);
  EXPECT_EQ(a.component, b.component);
}

}  // namespace
