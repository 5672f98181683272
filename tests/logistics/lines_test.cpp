// Columns of line layers, and countries by outlines: squares whose crossings are known.
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/random.h"
#include "libgeo/logistics/line_countries.h"
#include "libgeo/logistics/network.h"
#include "tests/logistics/sketch.h"

namespace {

using namespace lode;
using sketch::layer;

LineLayer with(std::size_t lines, Column column) {
  std::vector<Path> paths;
  for (std::size_t i = 0; i < lines; ++i) {
    const auto y = static_cast<double>(i);
    paths.push_back({{0, y}, {1, y}});
  }
  LineLayer l = layer("road", paths);
  l.table.add(std::move(column));
  return l;
}

TEST(Lines, AccessRestrictsToThoseWhoLiveThere) {
  Findings findings;
  const auto lines = line_attributes(
      with(6, text_column("access", {"", "yes", "private", "No", "destination", "perhaps"})),
      findings);
  EXPECT_FALSE(lines[0].restricted);
  EXPECT_FALSE(lines[1].restricted);
  EXPECT_TRUE(lines[2].restricted);
  EXPECT_TRUE(lines[3].restricted);
  EXPECT_TRUE(lines[4].restricted);
  EXPECT_FALSE(lines[5].restricted);
  ASSERT_TRUE(findings.has("network.bad_access"));
  EXPECT_EQ(findings.list().size(), 1u);
  EXPECT_NE(findings.list()[0].message.find("'perhaps'"), std::string::npos);
}

TEST(Lines, DraughtsAreMetresOrTheColumnsUnit) {
  Findings findings;
  const auto metres =
      line_attributes(with(3, number_column("max_draught_m", {2.8, std::nan(""), -1})), findings);
  EXPECT_EQ(metres[0].max_draught_m, 2.8);
  EXPECT_TRUE(std::isnan(metres[1].max_draught_m));
  EXPECT_TRUE(std::isnan(metres[2].max_draught_m));
  EXPECT_TRUE(findings.has("network.bad_limit"));
  // A shapefile keeps ten characters; a foot is 0.3048 m.
  Findings none;
  const auto feet = line_attributes(with(1, number_column("max_draugh", {10}, "ft")), none);
  EXPECT_NEAR(feet[0].max_draught_m, 3.048, 1e-12);
  EXPECT_TRUE(none.empty());
  const Network net = build_network({with(1, number_column("max_draught_m", {2.8}))});
  EXPECT_EQ(net.lines[0].max_draught_m, 2.8);
}

TEST(Lines, TheColumnOfAName) {
  LineLayer l = with(1, text_column("PASSAGE", {"suez"}));
  EXPECT_EQ(line_column(l, "gate"), nullptr);
  l.fields = {{"gate", "PASSAGE"}};
  ASSERT_NE(line_column(l, "gate"), nullptr);
  EXPECT_EQ(line_column(l, "gate")->name, "PASSAGE");
}

Geometry square(double x0, double y0, double x1, double y1) {
  return polygon_geometry({{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}});
}

/// AAA from x 0 to 1, BBB from 1 to 2 with a hole that is CCC; nothing beyond.
CountryBorders three() {
  CountryBorders borders;
  borders.add("AAA", square(0, 0, 1, 1));
  Geometry b = square(1, 0, 2, 1);
  b.polygons[0].holes.push_back({{1.4, 0.4}, {1.4, 0.6}, {1.6, 0.6}, {1.6, 0.4}, {1.4, 0.4}});
  borders.add("BBB", b);
  borders.add("CCC", square(1.4, 0.4, 1.6, 0.6));
  borders.finish();
  return borders;
}

LineLayer located(LineLayer l, Findings& findings, int jobs = 1) {
  locate_countries(l, three(), jobs, findings);
  return l;
}

TEST(LineCountries, LinesAreCutAtBorders) {
  Findings findings;
  LineLayer l = layer("road", {{{0.25, 0.5}, {1.75, 0.5}}});
  l.table.add(number_column("toll_usd", {30}));
  l = located(std::move(l), findings);
  EXPECT_EQ(l.table.texts("country"), (std::vector<std::string>{"AAA", "BBB", "CCC"}));
  ASSERT_EQ(l.geometry.size(), 3u);
  EXPECT_EQ(l.geometry[0].lines, (std::vector<Path>{{{0.25, 0.5}, {1, 0.5}}}));
  ASSERT_EQ(l.geometry[1].lines.size(), 2u);
  EXPECT_EQ(l.geometry[1].lines[0].front(), (Point{1, 0.5}));
  EXPECT_NEAR(l.geometry[1].lines[0].back().x, 1.4, 1e-12);
  // Both sides of a cut have the same vertex, bit for bit.
  EXPECT_EQ(l.geometry[1].lines[0].back(), l.geometry[2].lines[0].front());
  const auto tolls = l.table.numbers("toll_usd");
  EXPECT_NEAR(tolls[0], 15.0, 1e-6);  // near one parallel lengths go as longitudes: 0.75 of 1.5
  EXPECT_NEAR(tolls[1], 11.0, 1e-6);
  EXPECT_NEAR(tolls[2], 4.0, 1e-6);
  ASSERT_TRUE(findings.has("network.countries_located"));
  const Network net = build_network({l});
  EXPECT_EQ(net.borders.size(), 3u);  // into BBB, into CCC, back into BBB
  EXPECT_NEAR(net.report[0].length_km,
              build_network({layer("road", {{{0.25, 0.5}, {1.75, 0.5}}})}).report[0].length_km,
              1e-3);
}

TEST(LineCountries, WhatIsSaidStaysAndNowhereIsNoCountry) {
  Findings findings;
  LineLayer l = layer("road", {{{0.1, 0.1}, {0.9, 0.9}},
                               {{0.1, 0.1}, {1.9, 0.1}},
                               {{5, 5}, {6, 5}},
                               {{0.5, 0.5}, {0.5, 1.5}}});
  l.table.add(text_column("country", {"", "XYZ", "", ""}));
  l = located(std::move(l), findings);
  EXPECT_EQ(l.table.texts("country"), (std::vector<std::string>{"AAA", "XYZ", "", "AAA", ""}));
  EXPECT_EQ(l.geometry[3].lines[0].back(), (Point{0.5, 1}));
  ASSERT_TRUE(findings.has("network.outside_countries"));
}

TEST(LineCountries, GapsBetweenNeighboursAreClosed) {
  CountryBorders borders;
  borders.add("AAA", square(0, 0, 1, 1));
  borders.add("BBB", square(1.005, 0, 2, 1));  // 556 m beside it
  borders.finish();
  Findings findings;
  LineLayer l = layer("road", {{{0.5, 0.5}, {1.5, 0.5}}});
  locate_countries(l, borders, 1, findings);
  EXPECT_EQ(l.table.texts("country"), (std::vector<std::string>{"AAA", "BBB"}));
  EXPECT_EQ(l.geometry[0].lines[0].back(), l.geometry[1].lines[0].front());
}

TEST(LineCountries, AlongABorderAndThroughCorners) {
  Findings findings;
  const LineLayer l = located(layer("road", {{{1, 0.25}, {1, 0.75}},        // on the border
                                             {{0.5, 0.5}, {1, 1}, {2, 2}},  // out by a corner
                                             {{0.5, 1}, {1.5, 1}}}),        // on the outer side
                              findings);
  const auto country = l.table.texts("country");
  EXPECT_EQ(country[0], "BBB");  // one of the two, always the same
  EXPECT_EQ(country[1], "AAA");
  EXPECT_EQ(country[2], "");
}

TEST(LineCountries, RandomLinesAgreeWithTheirMiddles) {
  // Of each piece the country is that of its middle, by the definition of the squares.
  const auto expected = [](Point p) {
    if (p.y <= 0 || p.y >= 1 || p.x <= 0 || p.x >= 2) return std::string();
    if (p.x < 1) return std::string("AAA");
    const bool inner = p.x > 1.4 && p.x < 1.6 && p.y > 0.4 && p.y < 0.6;
    return std::string(inner ? "CCC" : "BBB");
  };
  std::vector<Path> paths;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    Path path;
    for (std::uint64_t k = 0; k < 3; ++k) {
      const auto unit = [&](std::uint64_t n) {
        return static_cast<double>((i * 7919 + k * 104729 + n * 1299709) % 10007) / 10007.0;
      };
      path.push_back({-0.5 + 3.0 * unit(1), -0.5 + 2.0 * unit(2)});
    }
    paths.push_back(path);
  }
  Findings findings, again;
  const LineLayer l = located(layer("road", paths), findings);
  const LineLayer four = located(layer("road", paths), again, 4);
  EXPECT_EQ(l.geometry, four.geometry);
  const auto country = l.table.texts("country");
  std::size_t judged = 0;
  for (std::size_t i = 0; i < l.geometry.size(); ++i)
    for (const auto& path : l.geometry[i].lines)
      for (std::size_t k = 1; k < path.size(); ++k) {
        const Point a = path[k - 1], b = path[k];
        if (std::hypot(a.x - b.x, a.y - b.y) < 0.01) continue;  // gaps closed
        EXPECT_EQ(country[i], expected({(a.x + b.x) / 2, (a.y + b.y) / 2}));
        ++judged;
      }
  EXPECT_GT(judged, 6000u);
}

}  // namespace
