// The command `network`, and extracts of OpenStreetMap as networks of `route`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

// A degree of the equator, GeodSolve -i -E.
constexpr double kDegree = 111.319490793274;

struct NetworkCommand : testing::Test {
  NetworkCommand() {
    write("roads.geojson", lines({{"[[0,0],[1,0]]", R"("oneway":"")"},
                                  {"[[1,0],[1.5,0.5],[2,0]]", R"("oneway":"yes")"},
                                  {"[[0.5,-1],[0.5,1]]", R"("oneway":"")"},
                                  {"[[1,0],[0,0]]", R"("oneway":"")"}}));
    write("x.osm", R"(<?xml version='1.0' encoding='UTF-8'?>
<osm version="0.6" generator="test">
<node id="1" version="1" lon="0" lat="0"/><node id="2" version="1" lon="1" lat="0"/>
<node id="3" version="1" lon="2" lat="0"/><node id="4" version="1" lon="3" lat="0"/>
<way id="11" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way>
<way id="12" version="1"><nd ref="2"/><nd ref="3"/><tag k="highway" v="track"/>
<tag k="access" v="private"/></way>
<way id="13" version="1"><nd ref="2"/><nd ref="4"/><tag k="railway" v="rail"/></way>
</osm>
)");
    write("halves.geojson",
          R"({"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"iso3":"AAA"},"geometry":{"type":"Polygon","coordinates":
[[[-1,-1],[0.5,-1],[0.5,1],[-1,1],[-1,-1]]]}},
{"type":"Feature","properties":{"iso3":"BBB"},"geometry":{"type":"Polygon","coordinates":
[[[0.5,-1],[4,-1],[4,1],[0.5,1],[0.5,-1]]]}}]})");
    write("sites.csv", "id,lon,lat\nA,0,0\n");
    write("places.csv", "id,lon,lat\nP,1,0\n");
  }
  static std::string lines(const std::vector<std::pair<std::string, std::string>>& features) {
    std::string text = R"({"type":"FeatureCollection","features":[)";
    for (std::size_t i = 0; i < features.size(); ++i)
      text += std::string(i > 0 ? "," : "") + R"({"type":"Feature","properties":{)" +
              features[i].second + R"(},"geometry":{"type":"LineString","coordinates":)" +
              features[i].first + "}}";
    return text + "]}";
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(dir / name) << text;
  }
  RunResult run(std::vector<std::string> words) { return run_lode(words, dir.path().string()); }
  std::string refused(std::vector<std::string> words, int exit_code) {
    words.emplace_back("--json");
    const RunResult result = run(words);
    EXPECT_EQ(result.exit_code, exit_code) << result.out;
    return result.json().at("error").at("code").as_string();
  }
  static bool found(const Json& json, const std::string& code) {
    for (const Json& one : json.at("findings").items())
      if (one.at("code").as_string() == code) return true;
    return false;
  }
  TempDir dir;
};

TEST_F(NetworkCommand, ReportsByMode) {
  const RunResult result = run({"network", "road=roads.geojson", "--json", "-o", "net.gpkg"});
  ASSERT_EQ(result.exit_code, 0) << result.out << result.err;
  const Json json = result.json();
  const Json& row = json.at("results").items().at(0);
  EXPECT_EQ(row.at("mode").as_string(), "road");
  EXPECT_EQ(row.at("lines").as_integer(), 4);
  EXPECT_EQ(row.at("edges").as_integer(), 4);
  EXPECT_EQ(row.at("components").as_integer(), 2);
  EXPECT_EQ(row.at("crossings_without_node").as_integer(), 2);
  EXPECT_EQ(row.at("oneway_lines").as_integer(), 1);
  EXPECT_EQ(row.at("one_way_traps").as_integer(), 1);
  EXPECT_EQ(row.at("one_way_trap_edges").as_integer(), 1);
  EXPECT_EQ(row.at("doubled_lines").as_integer(), 1);
  EXPECT_EQ(row.at("self_loops").as_integer(), 0);
  ASSERT_EQ(row.at("largest_components").size(), 2u);
  EXPECT_EQ(row.at("largest_components").items()[0].at("edges").as_integer(), 3);
  EXPECT_TRUE(found(json, "network.one_way_trap"));
  EXPECT_TRUE(found(json, "network.doubled_line"));
  EXPECT_EQ(json.at("summary").at("arcs").as_integer(), 7);
  EXPECT_LE(json.at("summary").at("bytes_per_arc").as_number(), 20.0 + 4.0);
  const RunResult layers = run({"inspect", "net.gpkg", "--json"});
  ASSERT_EQ(layers.exit_code, 0) << layers.out;
  std::map<std::string, long> features;
  const Json inspected = layers.json();
  for (const Json& one : inspected.at("results").items())
    features[one.at("layer").as_string()] = one.at("features").as_integer();
  EXPECT_EQ(features["edges"], 4);
  EXPECT_EQ(features["crossings"], 2);
  EXPECT_EQ(features["traps"], 1);
  EXPECT_EQ(features["nodes"], row.at("nodes").as_integer());
}

TEST_F(NetworkCommand, ExtractsOfOpenStreetMap) {
  const RunResult result = run({"network", "osm=x.osm", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.out;
  const Json json = result.json();
  ASSERT_EQ(json.at("results").size(), 2u);
  const Json& road = json.at("results").items()[0];
  EXPECT_NEAR(road.at("length_km").as_number(), 2 * kDegree, 1e-6);
  EXPECT_EQ(road.at("restricted_lines").as_integer(), 1);
  EXPECT_EQ(json.at("results").items()[1].at("mode").as_string(), "rail");
  EXPECT_EQ(refused({"network", "sea=x.osm"}, 1), "osm.no_mode");
  EXPECT_EQ(refused({"network", "barge=x.osm"}, 1), "osm.empty");
  EXPECT_EQ(refused({"network", "x.osm"}, 2), "usage.network");
}

TEST_F(NetworkCommand, ExtractsAreInspectedAsNetworks) {
  const RunResult result = run({"inspect", "x.osm", "--as", "network", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.out;
  const Json json = result.json();
  ASSERT_EQ(json.at("results").size(), 2u);
  EXPECT_EQ(json.at("results").items()[0].at("layer").as_string(), "road");
  EXPECT_EQ(json.at("results").items()[0].at("features").as_integer(), 2);
  EXPECT_EQ(json.at("results").items()[1].at("geometry").as_string(), "line");
  write("cut.osm", slurp(dir / "x.osm").substr(0, 400));
  EXPECT_TRUE(found(run({"inspect", "cut.osm", "--json"}).json(), "osm.cut"));
}

TEST_F(NetworkCommand, CountriesByOutlines) {
  const RunResult result = run({"network", "road=x.osm", "--locate-countries", "halves.geojson",
                                "--json", "-o", "net.gpkg"});
  ASSERT_EQ(result.exit_code, 0) << result.out;
  const Json json = result.json();
  EXPECT_EQ(json.at("results").items()[0].at("edges").as_integer(), 3);
  EXPECT_EQ(json.at("results").items()[0].at("lines_without_country").as_integer(), 0);
  EXPECT_EQ(json.at("summary").at("border_crossings").as_integer(), 1);
  EXPECT_TRUE(found(json, "network.countries_located"));
  write("none.geojson", R"({"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"iso3":""},"geometry":{"type":"Polygon","coordinates":
[[[-1,-1],[0.5,-1],[0.5,1],[-1,1],[-1,-1]]]}}]})");
  EXPECT_EQ(refused({"network", "road=x.osm", "--locate-countries", "none.geojson"}, 1),
            "network.no_outlines");
}

TEST_F(NetworkCommand, RoutesOverAnExtract) {
  const auto words = [&](std::vector<std::string> more) {
    std::vector<std::string> all = {"route",     "sites.csv", "--to",       "places.csv",
                                    "--network", "osm=x.osm", "--minimise", "distance",
                                    "--cache",   "cache",     "--json"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  const RunResult plain = run(words({}));
  ASSERT_EQ(plain.exit_code, 0) << plain.out;
  EXPECT_NEAR(plain.json().at("results").items()[0].at("distance_km").as_number(), kDegree, 1e-6);
  EXPECT_EQ(run(words({})).out, plain.out);  // from the cache
  // The cache knows the outlines apart.
  const RunResult avoided =
      run(words({"--locate-countries", "halves.geojson", "--only", "USA,CAN"}));
  ASSERT_EQ(avoided.exit_code, 0) << avoided.out;
  EXPECT_EQ(avoided.json().at("results").items()[0].at("reason").as_string(), "border");
}

}  // namespace
}  // namespace lode::test
