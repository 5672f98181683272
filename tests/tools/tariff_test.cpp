// The command `tariff`, and what `route` does with loads and classes of vehicles.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

using testing::HasSubstr;

// A degree of the equator, GeodSolve -i -E.
constexpr double kDegree = 111.319490793274;

struct TariffCommand : testing::Test {
  TariffCommand() {
    write("tariff.toml", R"(as_of = 2026-11-01
value_of_time_usd_per_t_h = 0.1
[modes.road]
usd_per_tkm = 0.10
co2e_g_per_tkm = 100
speed_kmh = 50
[modes.sea]
usd_per_tkm = 0.01
co2e_g_per_tkm = 8
speed_kmh = 25
source = "a test"
[modes.sea.classes.small]
parcel_t = 1000
draught_m = 6
[modes.sea.classes.large]
usd_per_tkm = 0.002
parcel_t = 50000
draught_m = 14
[transfers]
"road>sea" = { usd_per_t = 7, hours = 48 }
[class7]
usd_per_t = 3
)");
    write("roads.geojson", lines("[[0,0],[1,0]]", "[[11,0],[12,0]]"));
    write("sea.geojson", lines("[[1,0],[11,0]]", "[[20,0],[21,0]]"));
    write("sites.csv",
          "id,lon,lat,th_ppm,mine_t_yr\nA,0,0,100,20000\nM,0.5,0,50000,20000\nN,0.5,0,-3,\n");
    write("places.csv", "id,lon,lat\nP,12,0\n");
    write("terminals.csv",
          "id,lon,lat,modes,class7,draught_m\nT1,1,0,road;sea,no,10\nT2,11,0,road;sea,yes,16\n");
  }
  static std::string lines(const std::string& first, const std::string& second) {
    const auto one = [](const std::string& path) {
      return R"({"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":)" +
             path + "}}";
    };
    return R"({"type":"FeatureCollection","features":[)" + one(first) + "," + one(second) + "]}";
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(dir / name) << text;
  }
  RunResult run(const std::vector<std::string>& words) {
    return run_lode(words, dir.path().string());
  }
  RunResult route(std::vector<std::string> more) {
    std::vector<std::string> words = {"route",         "sites.csv",       "--to",
                                      "places.csv",    "--network",       "road=roads.geojson",
                                      "--network",     "sea=sea.geojson", "--terminals",
                                      "terminals.csv", "--tariff",        "tariff.toml",
                                      "--cache",       "cache",           "--snap-radius",
                                      "50 km",         "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  TempDir dir;
};

TEST_F(TariffCommand, TheBuiltInOneIsPrintedAndIsATariff) {
  const auto printed = run({"tariff"});
  ASSERT_EQ(printed.exit_code, 0) << printed.err;
  EXPECT_THAT(printed.out, HasSubstr("[modes.sea.classes.handysize]"));
  const auto written = run({"tariff", "-o", "mine.toml"});
  ASSERT_EQ(written.exit_code, 0) << written.err;
  EXPECT_EQ(slurp(dir / "mine.toml"), printed.out);
  EXPECT_EQ(run({"tariff", "mine.toml"}).exit_code, 0);
  EXPECT_THAT(run({"tariff", "-o", "mine.toml"}).err, HasSubstr("io.exists"));
  const auto both = run({"tariff", "mine.toml", "-o", "other.toml"});
  EXPECT_EQ(both.exit_code, 2);
  EXPECT_THAT(both.err, HasSubstr("usage.tariff"));
}

TEST_F(TariffCommand, OnesOwnIsCheckedAndListed) {
  const auto good = run({"tariff", "tariff.toml", "--json"});
  ASSERT_EQ(good.exit_code, 0) << good.err;
  const Json json = good.json();
  ASSERT_EQ(json.at("results").size(), 4u);
  EXPECT_EQ(json.at("results").items()[1].at("mode").as_string(), "sea");
  EXPECT_EQ(json.at("results").items()[2].at("vehicle").as_string(), "large");
  EXPECT_EQ(json.at("results").items()[2].at("draught_m").as_number(), 14.0);
  EXPECT_EQ(json.at("results").items()[2].at("co2e_g_per_tkm").as_number(), 8.0);
  EXPECT_EQ(json.at("summary").at("class7_usd_per_t").as_number(), 3.0);
  EXPECT_THAT(good.out, HasSubstr("tariff.no_source"));
  write("bad.toml", "as_of = 2026-11-01\n[modes.road]\nusd_per_tkn = 3\n");
  const auto bad = run({"tariff", "bad.toml"});
  EXPECT_EQ(bad.exit_code, 1);
  EXPECT_THAT(bad.err, HasSubstr("tariff.invalid"));
  EXPECT_THAT(bad.err, HasSubstr("bad.toml:3"));
  EXPECT_THAT(bad.err, HasSubstr("usd_per_tkm"));
}

TEST_F(TariffCommand, EverySiteHasItsOwnLoad) {
  const auto result = route({"--thorium", "th_ppm", "--uranium", "0 ppm", "--annual", "mine_t_yr"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json json = result.json();
  const auto& rows = json.at("results").items();
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].at("class7").as_string(), "no");
  EXPECT_THAT(rows[0].at("activity").as_string(), HasSubstr("0.41 Bq/g of thorium"));
  // T1's berth has 10 m: the small ship. 1000 / 20000 x 8760 / 2 = 219 h.
  const Json& loading = rows[0].at("legs").items()[1];
  EXPECT_EQ(loading.at("vehicle").as_string(), "small");
  EXPECT_NEAR(loading.at("wait_h").as_number(), 219.0, 1e-9);
  EXPECT_NEAR(loading.at("stock_usd_per_t").as_number(), 21.9, 1e-9);
  EXPECT_NEAR(loading.at("stockpile_days").as_number(), 18.25, 1e-9);
  EXPECT_NEAR(rows[0].at("cost_usd_per_t").as_number(),
              2 * kDegree * 0.10 + 10 * kDegree * 0.01 + 14 +
                  0.1 * (2 * kDegree / 50 + 10 * kDegree / 25 + 96 + 219),
              1e-6);
  EXPECT_EQ(rows[1].at("class7").as_string(), "yes");
  EXPECT_EQ(rows[1].at("reason").as_string(), "class7");
  EXPECT_THAT(rows[1].at("reason_text").as_string(), HasSubstr("T1 says no"));
  EXPECT_EQ(rows[2].at("class7").as_string(), "unknown");
  EXPECT_TRUE(rows[2].at("reachable").as_bool());
  EXPECT_THAT(result.out, HasSubstr("route.bad_cargo"));
  EXPECT_THAT(result.out, HasSubstr("route.class7_unknown"));
}

TEST_F(TariffCommand, VehiclesAreNamed) {
  const auto large = route({"--vehicle", "large"});
  ASSERT_EQ(large.exit_code, 0) << large.err;
  EXPECT_EQ(large.json().at("results").items()[0].at("reason").as_string(), "draught");
  EXPECT_THAT(large.json().at("results").items()[0].at("reason_text").as_string(),
              HasSubstr("large lies 14 m deep, T1 has 10 m"));
  const auto small = route({"--vehicle", "small,large"});
  EXPECT_EQ(small.json().at("results").items()[0].at("legs").items()[2].at("vehicle").as_string(),
            "small");
  const auto unknown = route({"--vehicle", "huge"});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_THAT(unknown.err, HasSubstr("route.unknown_vehicle"));
}

}  // namespace
}  // namespace lode::test
