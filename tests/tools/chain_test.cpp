// The commands `chain` and `isochrone`: keys, figures, options and refusals as scripts see them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

using testing::HasSubstr;

// A degree of the equator, GeodSolve -i -E.
constexpr double kDegree = 111.319490793274;

const char* kChain = R"(as_of = 2026-11-01
contained = "TREO"
[[products]]
name = "ore"
moisture = "0 %"
[[products]]
name = "concentrate"
grade = "50 %"
moisture = "20 %"
[[products]]
name = "oxide"
grade = "100 %"
moisture = "0 %"
radioactivity_share = "0 %"
[[stages]]
name = "concentration"
takes = "ore"
gives = "concentrate"
recovery = "80 %"
usd_per_kg = 2
at_site = true
[[stages]]
name = "separation"
takes = "concentrate"
gives = "oxide"
recovery = "50 %"
usd_per_kg = { low = 4, base = 5, high = 9 }
)";

struct ChainCommand : testing::Test {
  ChainCommand() {
    write("sites.csv",
          "id,name,lon,lat,treo_pct,th_ppm,what\nA,Alpha,0,0,5,1000,ore\nB,Beta,2,0,,,\n");
    write("plants.csv",
          "id,name,lon,lat,stages,accepts,recovery_pct,usd_per_kg\n"
          "near,Near,1,0,separation,,10,\nfar,Far,4,0,separation,concentrate,,6\n");
    write("goals.csv", "id,name,lon,lat\nG,Goal,5,0\n");
    write("roads.geojson",
          R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":)"
          R"({"type":"LineString","coordinates":[[0,0],[1,0],[2,0],[4,0],[5,0]]}}]})");
    write("tariff.toml", R"(as_of = 2026-11-01
currency = "USD"
[modes.road]
usd_per_tkm = { low = 0.08, base = 0.10, high = 0.20 }
co2e_g_per_tkm = 100
speed_kmh = 50
)");
    write("chain.toml", kChain);
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(dir / name) << text;
  }
  RunResult run(std::vector<std::string> words) {
    words.insert(words.end(), {"--cache", "cache"});
    return run_lode(words, dir.path().string());
  }
  RunResult chain(const std::vector<std::string>& more, const std::string& plants = "plants.csv") {
    std::vector<std::string> words = {"chain",    "sites.csv",   "--plants",  plants,
                                      "--chain",  "chain.toml",  "--network", "road=roads.geojson",
                                      "--tariff", "tariff.toml", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  RunResult isochrone(const std::vector<std::string>& more) {
    std::vector<std::string> words = {"isochrone", "sites.csv",   "--network", "road=roads.geojson",
                                      "--tariff",  "tariff.toml", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  static std::string code(const RunResult& result, int exit_code) {
    EXPECT_EQ(result.exit_code, exit_code) << result.out;
    return result.json().at("error").at("code").as_string();
  }
  TempDir dir;
};

// The near plant recovers a tenth, the far one half: the chain goes on to the far one.
// A tonne of oxide: 1 / 0.5 = 2 t of TREO in 2 / 0.5 = 4 t of dry concentrate, / 0.8 = 5 t wet,
// hauled 4 degrees at 0.10 USD/t-km; 2 USD/kg at the mine twice; 6 USD/kg at the plant. Then one
// degree for a tonne of oxide.
TEST_F(ChainCommand, KeysAndFigures) {
  const RunResult result = chain({"--grade", "treo_pct", "--thorium", "th_ppm", "--to", "goals.csv",
                                  "--uranium", "10 ppm", "-o", "hauls.geojson"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json json = result.json();
  ASSERT_EQ(json.at("results").size(), 2u);
  const Json& row = json.at("results").items()[0];
  for (const char* key :
       {"id", "reachable", "reason", "usd_per_kg", "low_usd_per_kg", "high_usd_per_kg",
        "haul_usd_per_kg", "process_usd_per_kg", "recovery_pct", "distance_km", "hours",
        "co2e_kg_per_kg", "plants", "name", "product", "broken_stage", "reason_text", "steps"})
    EXPECT_TRUE(row.has(key)) << key;
  EXPECT_TRUE(row.at("reachable").as_bool());
  ASSERT_EQ(row.at("ends").size(), 2u);
  EXPECT_EQ(row.at("ends").items()[1].at("plant").as_string(), "near");
  const double haul = (4 * kDegree * 0.10 * 5 + kDegree * 0.10) / 1000;
  EXPECT_NEAR(row.at("haul_usd_per_kg").as_number(), haul, 1e-9);
  EXPECT_NEAR(row.at("process_usd_per_kg").as_number(), 2 * 2 + 6, 1e-12);
  EXPECT_NEAR(row.at("usd_per_kg").as_number(), haul + 10, 1e-9);
  EXPECT_NEAR(row.at("low_usd_per_kg").as_number(), 0.8 * haul + 10, 1e-9);
  EXPECT_NEAR(row.at("high_usd_per_kg").as_number(), 2 * haul + 10, 1e-9);
  EXPECT_NEAR(row.at("recovery_pct").as_number(), 40, 1e-9);
  EXPECT_NEAR(row.at("distance_km").as_number(), 5 * kDegree, 1e-6);
  EXPECT_NEAR(row.at("hours").as_number(), 5 * kDegree / 50, 1e-7);
  EXPECT_NEAR(row.at("co2e_kg_per_kg").as_number(), haul, 1e-9);  // 0.1 kg and 0.1 USD a t-km
  EXPECT_EQ(row.at("plants").as_string(), "far > G");
  ASSERT_EQ(row.at("steps").size(), 3u);
  const Json& step = row.at("steps").items()[1];
  for (const char* key :
       {"stage", "product", "plant", "haul", "usd_per_kg", "wet_t_per_t", "grade_pct",
        "moisture_pct", "class7", "at_site", "plant_name", "recovery_pct"})
    EXPECT_TRUE(step.has(key)) << key;
  EXPECT_NEAR(step.at("wet_t_per_t").as_number(), 5, 1e-12);
  EXPECT_NEAR(step.at("haul").at("cost_usd_per_t").as_number(), 4 * kDegree * 0.10, 1e-7);
  EXPECT_EQ(step.at("haul").at("legs").size(), 1u);
  // 1,000 ppm in ore of 5 %: x 0.5 / (0.05 x 0.8) x 0.8 wet = 10,000 ppm, 40.7 Bq/g of thorium.
  EXPECT_NEAR(step.at("thorium_ppm").as_number(), 10000, 1e-6);
  EXPECT_EQ(step.at("class7").as_string(), "yes");
  EXPECT_TRUE(row.at("steps").items()[0].at("at_site").as_bool());
  EXPECT_TRUE(row.at("steps").items()[0].at("haul").is_null());
  EXPECT_EQ(row.at("steps").items()[2].at("stage").as_string(), "delivery");
  EXPECT_EQ(row.at("steps").items()[2].at("class7").as_string(), "no");
  const Json& beta = json.at("results").items()[1];
  EXPECT_EQ(beta.at("steps").items()[1].at("class7").as_string(), "unknown");
  EXPECT_THAT(result.out, HasSubstr("chain.no_grade"));
  EXPECT_EQ(json.at("summary").at("product").as_string(), "ore");
  EXPECT_EQ(json.at("summary").at("last_product").as_string(), "oxide");
  const std::string lines = slurp(dir / "hauls.geojson");
  EXPECT_THAT(lines, HasSubstr("LineString"));
  EXPECT_THAT(lines, HasSubstr("\"haul_usd_per_kg\""));
}

TEST_F(ChainCommand, ProductsByFieldAndTheTable) {
  const Json json = chain({"--product", "what", "--grade", "5 %"}).json();
  EXPECT_TRUE(json.at("results").items()[0].at("reachable").as_bool());
  const Json& beta = json.at("results").items()[1];
  EXPECT_FALSE(beta.at("reachable").as_bool());
  EXPECT_EQ(beta.at("reason").as_string(), "product");
  EXPECT_TRUE(beta.at("usd_per_kg").is_null());
  const Json shorter = chain({"--until", "concentrate"}).json();
  EXPECT_EQ(shorter.at("results").items()[0].at("usd_per_kg").as_number(), 2.0);
  const RunResult printed = run({"chain", "--print-table"});
  EXPECT_EQ(printed.exit_code, 0);
  EXPECT_THAT(printed.out, HasSubstr("[[stages]]"));
  write("own.toml", printed.out);
  EXPECT_EQ(run({"chain", "--print-table", "--chain", "own.toml"}).out, printed.out);
}

TEST_F(ChainCommand, PeopleSeeTheSteps) {
  std::vector<std::string> words = {"chain",    "sites.csv",   "--plants",  "plants.csv",
                                    "--chain",  "chain.toml",  "--network", "road=roads.geojson",
                                    "--tariff", "tariff.toml", "--steps"};
  const RunResult result = run(words);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("concentrate A to far Far: 445 km, 44.53 USD/t x 5.00 t/t"));
  words.pop_back();
  EXPECT_THAT(run(words).out, HasSubstr("far"));
}

TEST_F(ChainCommand, OtherColumnsAndPlantsLeftOut) {
  write("other.csv",
        "id,lon,lat,does,accepts\nP,4,0,separation,concentrat\nQ,1,0,,\nR,,,separation,\n"
        "S,5,0,separation,\n");
  EXPECT_EQ(code(chain({}, "other.csv"), 1), "table.no_field");
  const RunResult result = chain({"--fields", "stages=does"}, "other.csv");
  ASSERT_EQ(result.exit_code, 0) << result.out;
  for (const char* found :
       {"chain.plant_without_stage", "chain.plant_without_place", "chain.accepts_unknown"})
    EXPECT_THAT(result.out, HasSubstr(found));
  EXPECT_EQ(result.json().at("results").items()[0].at("plants").as_string(), "S");
}

TEST_F(ChainCommand, WhatIsRefused) {
  EXPECT_EQ(code(run({"chain", "--json"}), 2), "usage.chain");
  EXPECT_EQ(code(run({"chain", "sites.csv", "--json"}), 2), "usage.chain");
  EXPECT_EQ(code(run({"chain", "sites.csv", "--plants", "plants.csv", "--json"}), 2),
            "usage.chain");
  EXPECT_EQ(code(chain({"--product", "or"}), 1), "chain.unknown_product");
  EXPECT_EQ(code(chain({"--until", "oxid"}), 1), "chain.unknown_product");
  EXPECT_EQ(code(chain({"--product", "name"}), 1), "chain.unknown_product");
  EXPECT_EQ(code(chain({"--grade", "150 %"}), 1), "chain.bad_site");
  write("p.csv", "id,lon,lat,stages\nP,4,0,separatio\n");
  EXPECT_EQ(code(chain({}, "p.csv"), 1), "chain.unknown_stage");
  write("p.csv", "id,lon,lat,stages\nP,4,0,concentration\n");
  EXPECT_EQ(code(chain({}, "p.csv"), 1), "chain.no_plant");
  for (const char* bad : {"0", "120", "-3"}) {
    write("p.csv", std::string("id,lon,lat,stages,recovery_pct\nP,4,0,separation,") + bad + "\n");
    EXPECT_EQ(code(chain({}, "p.csv"), 1), "chain.bad_plant") << bad;
  }
  write("chain.toml", "as_of = ");
  EXPECT_EQ(code(chain({}), 1), "chain.syntax");
  write("chain.toml", "as_of = 2026-11-01\n");
  EXPECT_EQ(code(chain({}), 1), "chain.invalid");
}

// A road of five degrees; A stands at its end, B at 2 degrees. The buffer of a line of length L has
// 2 w L + pi w^2 (the ellipsoid's curvature takes less than 1e-4 of that here).
TEST_F(ChainCommand, IsochronesInClosedForm) {
  const RunResult result =
      isochrone({"--within", "100,30 km", "--width", "2 km", "-o", "reach.geojson", "--lines",
                 "lines.geojson", "--reached", "goals.csv"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json json = result.json();
  ASSERT_EQ(json.at("results").size(), 4u);
  const double lengths[] = {100, 30, 200, 60};
  for (std::size_t i = 0; i < 4; ++i) {
    const Json& row = json.at("results").items()[i];
    for (const char* key : {"from", "limit", "unit", "length_km", "area_km2", "places_reached",
                            "from_name", "reason_text", "reached"})
      EXPECT_TRUE(row.has(key)) << key;
    EXPECT_EQ(row.at("unit").as_string(), "km");
    EXPECT_NEAR(row.at("length_km").as_number(), lengths[i], 1e-7);
    const double area = 2 * 2 * lengths[i] + std::acos(-1.0) * 4;
    EXPECT_NEAR(row.at("area_km2").as_number(), area, 2e-3 * area);
    EXPECT_EQ(row.at("places_reached").as_integer(), 0);
  }
  EXPECT_THAT(slurp(dir / "reach.geojson"), HasSubstr("Polygon"));
  EXPECT_THAT(slurp(dir / "lines.geojson"), HasSubstr("LineString"));
}

TEST_F(ChainCommand, IsochronesOverTheAntimeridian) {
  write("sites.csv", "id,lon,lat\nA,179.9,0\n");
  write("roads.geojson",
        R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":)"
        R"({"type":"MultiLineString","coordinates":[[[179,0],[180,0]],[[-180,0],[-179,0]]]}}]})");
  const RunResult result = isochrone({"--within", "20,50 km", "-o", "reach.geojson"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json json = result.json();
  const double limits[] = {20, 50};
  for (std::size_t i = 0; i < 2; ++i) {
    const Json& row = json.at("results").items()[i];
    EXPECT_NEAR(row.at("length_km").as_number(), 2 * limits[i], 1e-6);
    const double area = 2 * 2 * limits[i] + std::acos(-1.0);
    EXPECT_NEAR(row.at("area_km2").as_number(), area, 3e-3 * area);
  }
  const std::string text = slurp(dir / "reach.geojson");
  EXPECT_THAT(text, HasSubstr("MultiPolygon"));
  EXPECT_THAT(text, HasSubstr("-180"));
}

// One edge of 10,179 km, which passes 180 degrees near 53.8 S: the land reached lies along it.
TEST_F(ChainCommand, IsochronesOfALongEdgeLieAlongTheGeodesic) {
  write("sites.csv", "id,lon,lat\nA,120,-34.3\n");
  write("roads.geojson",
        R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":)"
        R"({"type":"LineString","coordinates":[[120,-34.3],[-120,-34.3]]}}]})");
  const RunResult result =
      isochrone({"--within", "8000 km", "--width", "5 km", "--lines", "lines.geojson"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json json = result.json();
  const Json& row = json.at("results").items()[0];
  EXPECT_NEAR(row.at("length_km").as_number(), 8000.0, 1e-6);
  const double area = 2 * 5 * 8000.0 + 25 * std::acos(-1.0);
  EXPECT_NEAR(row.at("area_km2").as_number(), area, 1e-4 * area);
  const std::string lines = slurp(dir / "lines.geojson");
  EXPECT_THAT(lines, HasSubstr("180,-53.834636"));
  EXPECT_THAT(lines, HasSubstr("-180,-53.834636"));
}

TEST_F(ChainCommand, IsochronesByHoursAndDollars) {
  // 4 h at 50 km/h; 20 USD/t at 0.10.
  const Json hours = isochrone({"--within", "4 h"}).json();
  EXPECT_NEAR(hours.at("results").items()[0].at("length_km").as_number(), 200, 1e-7);
  EXPECT_TRUE(hours.at("results").items()[0].at("places_reached").is_null());
  const Json cost =
      isochrone({"--within", "20,70 USD/t", "--towards", "--reached", "goals.csv"}).json();
  EXPECT_NEAR(cost.at("results").items()[0].at("length_km").as_number(), 200, 1e-7);
  EXPECT_EQ(cost.at("results").items()[0].at("places_reached").as_integer(), 0);
  // 5 degrees cost 55.66 USD/t.
  EXPECT_EQ(cost.at("results").items()[1].at("reached").items()[0].as_string(), "G");
  EXPECT_EQ(cost.at("summary").at("direction").as_string(), "towards");
}

TEST_F(ChainCommand, IsochronesRefuse) {
  EXPECT_EQ(code(isochrone({"--within", "5"}), 2), "usage.within");
  EXPECT_EQ(code(isochrone({"--within", "5 ppm"}), 2), "usage.within");
  EXPECT_EQ(code(isochrone({"--within", "0 h"}), 2), "usage.within");
  EXPECT_EQ(code(isochrone({"--within", "-2 h"}), 2), "usage.within");
  for (const char* mixed : {"2 h,5 km", "1 h,50 km", "10,20 USD/t,5 h"}) {
    const RunResult refused = isochrone({"--within", mixed});
    EXPECT_EQ(code(refused, 2), "usage.within") << mixed;
    EXPECT_THAT(refused.out, HasSubstr("mixes kinds"));
  }
  const RunResult twice = isochrone({"--within", "2,2 h"});
  EXPECT_EQ(code(twice, 2), "usage.within");
  EXPECT_THAT(twice.out, HasSubstr("the limit 2 h stands twice"));
  write("sites.csv", "id,lon,lat\nfar,2,30\n");
  const RunResult nothing = isochrone({"--within", "5 km"});
  EXPECT_EQ(nothing.exit_code, 0);
  EXPECT_THAT(nothing.out, HasSubstr("reach.nothing"));
  EXPECT_THAT(nothing.out, HasSubstr("beyond the snap radius"));
}

}  // namespace
}  // namespace lode::test
