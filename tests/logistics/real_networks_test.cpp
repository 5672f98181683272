// Real lines: distances against scipy on the same lines, sea routes against published ones.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>

#include "libgeo/core/text.h"
#include "libgeo/io/layer.h"
#include "tests/logistics/sketch.h"
#include "tests/tools/run_lode.h"

namespace {

using namespace lode;

LineLayer read_lines(const std::string& path, const std::string& mode) {
  ReadOptions options;
  options.check_geometry = false;
  const Layer layer = read_layer(path, options);
  LineLayer lines;
  lines.name = path;
  lines.mode = mode;
  lines.crs = layer.crs;
  lines.geometry = layer.geometry;
  lines.table = layer.table;
  return lines;
}

std::vector<std::vector<std::string>> rows_of(const std::string& path) {
  std::ifstream in(path);
  std::vector<std::vector<std::string>> rows;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    // Quoted cells lose their commas, which no number has.
    bool quoted = false;
    std::string plain;
    for (const char c : line) {
      if (c == '"')
        quoted = !quoted;
      else if (!(quoted && c == ','))
        plain += c;
    }
    rows.push_back(split(plain, ','));
  }
  return rows;
}

TEST(RealNetworks, DistancesAgreeWithScipy) {
  const std::string data = test::data_folder();
  if (data.empty()) GTEST_SKIP() << "SKIPPED: no real data; set LODE_DATA to its folder";
  std::map<std::string, std::pair<Places, Places>> ends;
  std::map<std::string, std::vector<double>> expected;
  for (const auto& row : rows_of(LODE_SOURCE_DIR "/tests/cases/route_network_distances.csv")) {
    auto& [from, to] =
        ends.try_emplace(row[0], sketch::places({}), sketch::places({})).first->second;
    from.list.push_back(sketch::place("a", *parse_number(row[1]), *parse_number(row[2])));
    to.list.push_back(sketch::place("b", *parse_number(row[3]), *parse_number(row[4])));
    expected[row[0]].push_back(parse_number(row[5]).value_or(std::nan("")));
  }
  ASSERT_EQ(ends.size(), 3u);
  for (const auto& [file, pair] : ends) {
    const Network net = build_network({read_lines(data + "/" + file, "road")});
    RouteOptions options;
    options.pairs = Pairs::pairwise;
    options.minimise = Minimise::distance;
    const auto table =
        route(net, sketch::tariff(), sketch::terminals(), pair.first, pair.second, options);
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      const RouteRow& row = table.rows[i];
      if (std::isnan(expected[file][i])) {
        EXPECT_EQ(row.reason, Unreachable::component) << file << " " << i;
        continue;
      }
      ASSERT_TRUE(row.reachable()) << file << " " << i << ": " << row.words;
      EXPECT_NEAR(row.distance_km, expected[file][i], 1e-9 * expected[file][i]) << file << " " << i;
      EXPECT_LT(row.snap_km, 1e-6);
    }
  }
}

// NGA Pub. 151 by way of the lanes of searoute-py, whose own figures on these pairs are a median of
// 3.1 % and a 90th percentile of 8.8 %. Lanes are drawn with bends, so this is no test of ours
// but of the whole chain: joins, antimeridian, snapping, search.
TEST(RealNetworks, SeaLanesComeNearPublishedDistances) {
  const std::string data = test::data_folder();
  if (data.empty()) GTEST_SKIP() << "SKIPPED: no real data; set LODE_DATA to its folder";
  const Network net =
      build_network({read_lines(data + "/sea_network/marnet_searoute.geojson", "sea")});
  EXPECT_EQ(net.component_edges.size(), 1u);
  Places from = sketch::places({}), to = sketch::places({});
  std::vector<double> published;
  for (const auto& row : rows_of(data + "/sea_pub151/port_pairs.csv")) {
    from.list.push_back(sketch::place("a", *parse_number(row[2]), *parse_number(row[3])));
    to.list.push_back(sketch::place("b", *parse_number(row[4]), *parse_number(row[5])));
    published.push_back(*parse_number(row[6]));
  }
  RouteOptions options;
  options.pairs = Pairs::pairwise;
  options.minimise = Minimise::distance;
  const auto table = route(net, sketch::tariff(), sketch::terminals(), from, to, options);
  std::vector<double> errors;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    ASSERT_TRUE(table.rows[i].reachable()) << i << table.rows[i].words;
    if (published[i] >= 1000.0)
      errors.push_back(std::abs(table.rows[i].distance_km / 1.852 / published[i] - 1.0));
  }
  ASSERT_EQ(errors.size(), 186u);
  std::sort(errors.begin(), errors.end());
  EXPECT_LT(errors[errors.size() / 2], 0.03);
  EXPECT_LT(errors[errors.size() * 9 / 10], 0.09);
}

}  // namespace
