// The command `route`: keys, totals, options and refusals as scripts see them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

// A degree of the equator, GeodSolve -i -E.
constexpr double kDegree = 111.319490793274;

struct RouteCommand : testing::Test {
  RouteCommand() {
    write("sites.csv", "id,name,lon,lat\nA,Alpha,0,0\nB,Beta,2,0\n");
    write("places.csv", "id,name,lon,lat\nP,Port,10,0\nQ,Quay,1,0\n");
    write("roads.geojson", lines({{"[[0,0],[1,0],[9,0],[10,0]]", ""}}));
    write("rail.geojson", lines({{"[[1,0],[9,0]]", ""}}));
    write("terminals.csv", "id,name,lon,lat,modes\nT1,One,1,0,road;rail\nT2,Two,9,0,road;rail\n");
    write("tariff.toml", R"(as_of = 2026-11-01
currency = "USD"
value_of_time_usd_per_t_h = 0
[modes.road]
usd_per_tkm = { low = 0.08, base = 0.10, high = 0.20 }
co2e_g_per_tkm = 100
speed_kmh = 50
[modes.rail]
usd_per_tkm = 0.03
co2e_g_per_tkm = 20
speed_kmh = 40
[transfers]
"road>rail" = { usd_per_t = 6, hours = 12 }
)");
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

  RunResult run(std::vector<std::string> words) {
    words.insert(words.begin(), "route");
    words.insert(words.end(), {"--cache", "cache"});
    return run_lode(words, dir.path().string());
  }
  std::vector<std::string> base(std::vector<std::string> more) {
    std::vector<std::string> words = {"sites.csv",          "--to",     "places.csv",  "--network",
                                      "road=roads.geojson", "--tariff", "tariff.toml", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  std::string refused(const std::vector<std::string>& words, int exit_code) {
    const RunResult result = run(words);
    EXPECT_EQ(result.exit_code, exit_code) << result.out;
    return result.json().at("error").at("code").as_string();
  }
  TempDir dir;
};

TEST_F(RouteCommand, KeysOfTheContract) {
  const RunResult result =
      run(base({"--network", "rail=rail.geojson", "--terminals", "terminals.csv", "--grade", "50 %",
                "--moisture", "10 %", "--recovery", "80 %"}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json json = result.json();
  ASSERT_EQ(json.at("results").size(), 4u);
  const Json& row = json.at("results").items()[0];
  for (const char* key : {"from", "to", "reachable", "reason", "distance_km", "cost_usd_per_t",
                          "cost_low_usd_per_t", "cost_high_usd_per_t", "cost_usd_per_kg_contained",
                          "hours", "co2e_kg_per_t", "snap_km", "snap_to_km", "legs"})
    EXPECT_TRUE(row.has(key)) << key;
  EXPECT_EQ(row.at("from").as_string(), "A");
  EXPECT_EQ(row.at("to").as_string(), "P");
  EXPECT_TRUE(row.at("reachable").as_bool());
  EXPECT_TRUE(row.at("reason").is_null());
  EXPECT_NEAR(row.at("distance_km").as_number(), 10 * kDegree, 1e-6);
  const double cost = 2 * kDegree * 0.10 + 8 * kDegree * 0.03 + 12;
  EXPECT_NEAR(row.at("cost_usd_per_t").as_number(), cost, 1e-6);
  EXPECT_NEAR(row.at("cost_usd_per_kg_contained").as_number(), cost / 360.0, 1e-9);
  EXPECT_NEAR(row.at("hours").as_number(), 2 * kDegree / 50 + 8 * kDegree / 40 + 24, 1e-6);
  ASSERT_EQ(row.at("legs").size(), 5u);
  double sum = 0.0;
  for (const Json& leg : row.at("legs").items()) {
    sum += leg.at("cost_usd_per_t").as_number();
    for (const char* key :
         {"mode", "distance_km", "hours", "cost_usd_per_t", "co2e_kg_per_t", "from", "to"})
      EXPECT_TRUE(leg.has(key)) << key;
  }
  EXPECT_EQ(sum, row.at("cost_usd_per_t").as_number());
  EXPECT_EQ(row.at("legs").items()[1].at("mode").as_string(), "transfer");
  EXPECT_EQ(json.at("summary").at("tariff").as_string(), "tariff.toml");
  EXPECT_EQ(json.at("summary").at("pairs").as_integer(), 4);
  EXPECT_EQ(json.at("inputs").size(), 6u);
}

TEST_F(RouteCommand, TheSameBytesForAnyJobsAndFromTheCache) {
  const auto words = [&](const std::string& jobs) {
    return base({"--network", "rail=rail.geojson", "--terminals", "terminals.csv", "--jobs", jobs});
  };
  const std::string first = run(words("1")).out;
  EXPECT_FALSE(std::filesystem::is_empty(dir / "cache"));
  EXPECT_EQ(run(words("4")).out, first);
  // A damaged cache is built again.
  for (const auto& file : std::filesystem::directory_iterator(dir / "cache"))
    std::filesystem::resize_file(file.path(), 100);
  EXPECT_EQ(run(words("2")).out, first);
  // What cannot be written is no failure, only a note.
  write("blocked", "a file where a folder should be");
  auto blocked = words("1");
  blocked.insert(blocked.end(), {"--cache", "blocked"});
  blocked.insert(blocked.begin(), "route");
  const RunResult noted = run_lode(blocked, dir.path().string());
  EXPECT_EQ(noted.exit_code, 0);
  EXPECT_THAT(noted.out, testing::HasSubstr("route.no_cache"));
}

TEST_F(RouteCommand, TheCacheKnowsItsInputs) {
  const double before = run(base({})).json().at("results").items()[0].at("distance_km").as_number();
  write("roads.geojson", lines({{"[[0,0],[5,5],[10,0]]", ""}}));
  const double after = run(base({})).json().at("results").items()[0].at("distance_km").as_number();
  EXPECT_GT(after, before + 100);
}

TEST_F(RouteCommand, PairwiseNearestAndMatrix) {
  const Json pairs = run(base({"--pairwise"})).json();
  ASSERT_EQ(pairs.at("results").size(), 2u);
  EXPECT_EQ(pairs.at("results").items()[1].at("to").as_string(), "Q");
  const Json near = run(base({"--nearest", "1"})).json();
  ASSERT_EQ(near.at("results").size(), 2u);
  EXPECT_EQ(near.at("results").items()[0].at("to").as_string(), "Q");
  const RunResult matrix = run(base({"--matrix", "-o", "matrix.csv"}));
  ASSERT_EQ(matrix.exit_code, 0) << matrix.err;
  EXPECT_EQ(matrix.json().at("results").size(), 0u);
  EXPECT_EQ(matrix.json().at("summary").at("pairs").as_integer(), 4);
  EXPECT_EQ(matrix.json().at("summary").at("unreachable").as_integer(), 0);
  const std::string csv = slurp(dir / "matrix.csv");
  EXPECT_THAT(csv, testing::StartsWith("from,to,distance_km,cost_usd_per_t,hours,co2e_kg_per_t"));
  EXPECT_THAT(csv, testing::HasSubstr("\nB,Q,111.31949"));
}

TEST_F(RouteCommand, StraightIsGeodesic) {
  const RunResult result = run({"sites.csv", "--to", "places.csv", "--straight", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json row = result.json().at("results").items()[0];
  EXPECT_NEAR(row.at("distance_km").as_number(), 10 * kDegree, 1e-9);
  EXPECT_TRUE(row.at("cost_usd_per_t").is_null());
}

TEST_F(RouteCommand, WithoutATariffTheBuiltInOneIsNamed) {
  const RunResult result =
      run({"sites.csv", "--to", "places.csv", "--network", "road=roads.geojson", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.json().at("summary").at("tariff").as_string(), "built-in");
  EXPECT_NEAR(result.json().at("results").items()[0].at("cost_usd_per_t").as_number(),
              10 * kDegree * 0.12, 1e-6);
}

TEST_F(RouteCommand, ClosuresGiveTheirReason) {
  const std::string facts =
      R"("gate":"Suez","country":"CHN","months_closed":"1-3","max_weight_t":40,"axle_load_t":10)";
  write("roads.geojson", lines({{"[[0,0],[1,0],[2,0]]", ""}, {"[[2,0],[10,0]]", facts}}));
  write("groups.csv", "group,iso3\nbloc,CHN\nfriends,USA\n");
  const auto reason = [&](const std::vector<std::string>& words) {
    const Json row = run(base(words)).json().at("results").items()[0];
    EXPECT_TRUE(row.at("distance_km").is_null());
    EXPECT_FALSE(row.at("reachable").as_bool());
    EXPECT_FALSE(row.at("reason_text").as_string().empty());
    return row.at("reason").as_string();
  };
  EXPECT_EQ(reason({"--close", "suez"}), "closed");
  EXPECT_EQ(reason({"--avoid", "CHN"}), "border");
  EXPECT_EQ(reason({"--avoid", "bloc", "--alliances", "groups.csv"}), "border");
  EXPECT_EQ(reason({"--only", "friends", "--alliances", "groups.csv"}), "border");
  EXPECT_EQ(reason({"--month", "2"}), "season");
  EXPECT_EQ(reason({"--vehicle-mass", "44 t"}), "weight");
  EXPECT_EQ(reason({"--axle-load", "11.5 t"}), "weight");
  EXPECT_EQ(refused(base({"--close", "sues"}), 1), "route.unknown_gate");
  EXPECT_EQ(refused(base({"--avoid", "blok", "--alliances", "groups.csv"}), 1),
            "route.unknown_group");
  EXPECT_EQ(refused(base({"--avoid", "bloc"}), 2), "usage.country");
  EXPECT_EQ(refused(base({"--avoid", "QQQ"}), 2), "usage.country");
  EXPECT_EQ(refused(base({"--snap-radius", "0 m"}), 2), "usage.range");
  EXPECT_EQ(refused(base({"--grade", "5 %", "--moisture", "100 %"}), 2), "usage.range");
  EXPECT_EQ(refused(base({"--grade", "0 %"}), 2), "usage.range");
  const RunResult strict = run(base({"--month", "2", "--strict"}));
  EXPECT_EQ(strict.exit_code, 1);
}

TEST_F(RouteCommand, ATollForAWholeShipIsNoTollPerTonne) {
  write("roads.geojson", lines({{"[[0,0],[10,0]]", R"("toll_usd":160000)"}}));
  EXPECT_THAT(run(base({})).out, testing::HasSubstr("route.toll_per_tonne"));
  std::string tariff = slurp(dir / "tariff.toml");
  tariff.insert(tariff.find("speed_kmh = 50"), "payload_t = 40000\n");
  write("tariff.toml", tariff);
  const RunResult mended = run(base({}));
  EXPECT_THAT(mended.out, testing::Not(testing::HasSubstr("route.toll_per_tonne")));
  const Json leg = mended.json().at("results").items()[0].at("legs").items()[0];
  EXPECT_NEAR(leg.at("toll_usd_per_t").as_number(), 4.0, 1e-9);
}

TEST_F(RouteCommand, ColumnsUnderOtherNames) {
  write("roads.geojson", lines({{"[[0,0],[10,0]]", R"("PASSAGE":"Suez")"}}));
  const RunResult result = run(base({"--fields", "gate=PASSAGE", "--close", "Suez"}));
  EXPECT_EQ(result.json().at("results").items()[0].at("reason").as_string(), "closed");
  EXPECT_EQ(refused(base({"--fields", "gate=PASSAG"}), 1), "table.no_field");
  EXPECT_EQ(refused(base({"--fields", "gates=PASSAGE"}), 2), "usage.fields");
  EXPECT_EQ(refused(base({"--fields", "gate"}), 2), "usage.pairs");
}

TEST_F(RouteCommand, WritesRouteLines) {
  const RunResult result = run(base({"-o", "routes.geojson"}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json written = Json::parse(slurp(dir / "routes.geojson"));
  ASSERT_EQ(written.at("features").size(), 4u);
  const Json& first = written.at("features").items()[0];
  EXPECT_NEAR(first.at("properties").at("distance_km").as_number(), 10 * kDegree, 1e-6);
  EXPECT_FALSE(first.at("geometry").is_null());
}

TEST_F(RouteCommand, RefusesWhatItCannotMean) {
  EXPECT_EQ(refused({"sites.csv", "--to", "places.csv", "--json"}, 2), "usage.network");
  EXPECT_EQ(refused(base({"--straight"}), 2), "usage.network");
  EXPECT_EQ(refused({"sites.csv", "--to", "places.csv", "--network", "roads.geojson", "--json"}, 2),
            "usage.network");
  EXPECT_EQ(refused(base({"--matrix"}), 2), "usage.matrix");
  EXPECT_EQ(refused(base({"--pairwise", "--nearest", "1"}), 2), "usage.pairs");
  EXPECT_EQ(refused(base({"--moisture", "8 %"}), 2), "usage.grade");
  EXPECT_EQ(refused(base({"--snap-radius", "5"}), 2), "usage.quantity");
  EXPECT_EQ(refused({"sites.csv", "--to", "places.csv", "--network", "road=roads.geojson",
                     "--tariff", "missing.toml", "--json"},
                    1),
            "io.missing_file");
  write("short.toml", "as_of = 2026-01-01\n[modes.rail]\nusd_per_tkm = 0.1\n");
  EXPECT_EQ(refused({"sites.csv", "--to", "places.csv", "--network", "road=roads.geojson",
                     "--tariff", "short.toml", "--json"},
                    1),
            "tariff.no_mode");
  write("points.geojson",
        R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{},)"
        R"("geometry":{"type":"Point","coordinates":[1,1]}}]})");
  EXPECT_EQ(
      refused({"sites.csv", "--to", "places.csv", "--network", "road=points.geojson", "--json"}, 1),
      "network.not_lines");
  write("huge.toml", std::string(5 << 20, '#'));
  EXPECT_EQ(refused({"sites.csv", "--to", "places.csv", "--network", "road=roads.geojson",
                     "--tariff", "huge.toml", "--json"},
                    1),
            "io.too_large");
}

}  // namespace
}  // namespace lode::test
