// The command `route` over the sea: land as a network, berths, gates, the cache.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

// PROJ's geod: along (0, 0), (4, -1), (6, -1), (10, 0), and along (0, 0), (3.5, 0.5), (6.5, 0.5),
// (10, 0).
constexpr double kRound_km = 1140.1654418545888;
constexpr double kThrough_km = 1120.978737784002;

struct SeaCommand : testing::Test {
  SeaCommand() {
    write("sites.csv", "id,lon,lat\nA,0,0\n");
    write("ports.csv", "id,lon,lat\nP,10,0\n");
    write("land.geojson",
          R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":)"
          R"({"type":"Polygon","coordinates":[[[4,-1],[6,-1],[6,2],[4,2],[4,-1]]]}}]})");
    write("gates.toml",
          "[[gates]]\nname = \"ditch\"\ncanal = true\nclosed = true\n"
          "line = [[3.5, 0.5], [6.5, 0.5]]\n");
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(dir / name) << text;
  }
  RunResult run(const std::vector<std::string>& more) {
    std::vector<std::string> words = {
        "route",  "sites.csv", "--to",  "ports.csv",  "--network", "sea=land.geojson",
        "--json", "--cache",   "cache", "--minimise", "distance",  "--sea-tolerance",
        "0 m"};
    words.insert(words.end(), more.begin(), more.end());
    return run_lode(words, dir.path().string());
  }
  static double distance_of(const RunResult& result) {
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.json().at("results").items()[0].at("distance_km").as_number();
  }
  static std::string code_of(const RunResult& result) {
    return result.json().at("error").at("code").as_string();
  }
  TempDir dir;
};

TEST_F(SeaCommand, SitesAreBerthsWhenThereIsOnlyTheSea) {
  const RunResult first = run({});
  EXPECT_NEAR(distance_of(first), kRound_km, 1e-6);
  EXPECT_FALSE(std::filesystem::is_empty(dir / "cache"));
  EXPECT_EQ(run({}).out, first.out);
}

TEST_F(SeaCommand, TheCacheKnowsGatesAndBerths) {
  EXPECT_NEAR(distance_of(run({"--gates", "gates.toml"})), kRound_km, 1e-6);
  EXPECT_NEAR(distance_of(run({"--gates", "gates.toml", "--open", "ditch"})), kThrough_km, 1e-6);
  EXPECT_NEAR(distance_of(run({})), kRound_km, 1e-6);
  write("ports.csv", "id,lon,lat\nP,3,0\n");
  EXPECT_LT(distance_of(run({})), 400.0);
}

TEST_F(SeaCommand, FaultsHaveTheirCodes) {
  EXPECT_EQ(code_of(run({"--open", "nowhere"})), "sea.unknown_gate");
  write("gates.toml", "[[gates]]\nname = 3\n");
  EXPECT_EQ(code_of(run({"--gates", "gates.toml"})), "sea.gate_invalid");
  write("gates.toml", "[[gates");
  EXPECT_EQ(code_of(run({"--gates", "gates.toml"})), "sea.gate_syntax");
}

}  // namespace
}  // namespace lode::test
