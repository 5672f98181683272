// Freight in a study against values by hand: the year, closures, countries, loads, chains.
#include "tests/study/small_study.h"

namespace lode::test {
namespace {

const std::string sites = R"([[sites]]
path = "sites.csv"
id = "id"
kind = "primary"
)";
const std::string roads = R"([[networks]]
path = "roads.geojson"
mode = "road"
)";
const std::string logistics = R"([logistics]
plants = "plants.csv"
tariff = "tariff.toml"
snap_radius = "5 km"
)";
const std::string tariff = R"(as_of = 2026-01-01
currency = "USD"
[modes.road]
usd_per_tkm = { low = 0.08, base = 0.10, high = 0.15 }
co2e_g_per_tkm = 50
speed_kmh = 60
source = "a table of truck rates"
year = 2025
[modes.rail]
usd_per_tkm = 0.02
[modes.sea]
usd_per_tkm = 0.01
[transfers]
"road>rail" = { usd_per_t = 5, hours = 1 }
"road>sea" = { usd_per_t = 5, hours = 1 }
)";

/// A bend from (0,0) over (0.5,0.5) to (1,0).
const std::string bend = R"({"type":"LineString","coordinates":[[0,0],[0.5,0.5],[1,0]]})";

class StudyFreight : public SmallStudy {
 protected:
  StudyFreight() { write("tariff.toml", tariff); }

  /// A lies west of (0,0), B east of (2,0), the plant south of (1,0), each at the end of a road of
  /// a tenth of a degree. From A over a ford of one degree, or a bend that is recorded as 300 km;
  /// from B over the ford's like alone.
  void two_ways(const std::string& months_closed) const {
    write("sites.csv",
          "id,lon,lat,ore_t,pct,th_ppm,u_ppm,t_yr\n"
          "A,-0.1,0,1000,5,500,10,1000\nB,2.1,0,1000,5,100,10,10\n");
    write("plants.csv", "id,name,lon,lat,stages\nW,Works,1,-0.1,separation\n");
    const std::string ford = R"("length_km":null,"gate":"Ford","country":"OTH","months_closed":")" +
                             months_closed + "\"";
    const std::string road = R"("length_km":null,"gate":"","country":"HOM","months_closed":"")";
    const std::string long_road = R"("length_km":300,"gate":"","country":"HOM","months_closed":"")";
    write("roads.geojson",
          collection({feature(ford, line(0, 0, 1, 0)), feature(ford, line(1, 0, 2, 0)),
                      feature(long_road, bend), feature(road, line(-0.1, 0, 0, 0)),
                      feature(road, line(2, 0, 2.1, 0)), feature(road, line(1, 0, 1, -0.1))}));
  }
  static const SiteRoute& route_of(const StudyResult& result, const std::string& id) {
    for (const auto& route : result.routes)
      if (result.sites[route.site].id == id) return route;
    ADD_FAILURE() << "no route of " << id;
    return result.routes.front();
  }
  /// The code of the error that `study check` ends with.
  std::string check_code(const std::string& tables) const {
    try {
      (void)run(tables);  // writes the study
    } catch (const Error&) {
    }
    try {
      (void)check_study(read_study((folder_ / "s.toml").string()));
    } catch (const Error& error) {
      return error.code;
    }
    return {};
  }
  const double km = equator_degree_m / 1000;                          // 111.319
  const double ford_km = 1.1 * km + 10.0 * hundredth_north_m / 1000;  // 133.508
  const double bend_km = ford_km - km + 300.0;
};

// ---- when

TEST_F(StudyFreight, TheYearOfTheChosenWay) {
  two_ways("5-11");
  const StudyResult result = run(sites + roads + logistics + "months = true\n");
  // A takes the ford when it is open, 0.10 USD x 133.508 km, else the bend.
  EXPECT_NEAR(value(result, "delivered_usd_per_t", "A"), 0.10 * ford_km, 1e-6);
  EXPECT_EQ(value(result, "delivered_months_open", "A"), 12.0);
  EXPECT_NEAR(value(result, "delivered_dearest_usd_per_t", "A"), 0.10 * bend_km, 1e-6);
  EXPECT_THAT(cell(result, "delivered_dearest_usd_per_t", "A").source, HasSubstr("month 5"));
  const auto& year = *route_of(result, "A").months;
  EXPECT_NEAR(year.cost_usd_per_t[0], 0.10 * ford_km, 1e-6);
  EXPECT_NEAR(year.cost_usd_per_t[4], 0.10 * bend_km, 1e-6);
  // B has the ford alone: December to April.
  EXPECT_EQ(value(result, "delivered_months_open", "B"), 5.0);
  EXPECT_NEAR(value(result, "delivered_dearest_usd_per_t", "B"), 0.10 * ford_km, 1e-6);
  EXPECT_THAT(cell(result, "delivered_months_open", "B").source,
              HasSubstr("closed in May Jun Jul Aug Sep Oct Nov (season)"));
  // May to November are 31 + 30 + 31 + 31 + 30 + 31 + 30 days.
  EXPECT_EQ(route_of(result, "B").months->longest_closed_days, 214);
  EXPECT_FALSE(cell(run(sites + roads + logistics), "delivered_months_open", "A").column);
}

TEST_F(StudyFreight, OneMonth) {
  two_ways("5-11");
  const StudyResult june = run(sites + roads + logistics + "month = 6\n");
  EXPECT_NEAR(value(june, "delivered_usd_per_t", "A"), 0.10 * bend_km, 1e-6);
  EXPECT_TRUE(std::isnan(value(june, "delivered_usd_per_t", "B")));
  EXPECT_THAT(route_of(june, "B").reason, HasSubstr("season"));
  EXPECT_EQ(check_code(sites + roads + logistics + "month = 13\n"), "study.value");
  EXPECT_EQ(code_of(sites + roads + logistics + "months = true\nmonth = 2\n"), "study.value");
  EXPECT_EQ(code_of(sites + roads + logistics + "months = false\nmonth = 6\n"), "");
  EXPECT_EQ(code_of(sites + roads + logistics + "month = 2.5\n"), "study.value");
  EXPECT_EQ(code_of(sites + logistics + "month = 6\n"), "study.missing");  // without a network
}

// ---- where not

TEST_F(StudyFreight, WhatTheStudyShutsAddsADetour) {
  two_ways("");
  const StudyResult shut = run(sites + roads + logistics + "close = [\"ford\"]\n");
  EXPECT_NEAR(value(shut, "delivered_usd_per_t", "A"), 0.10 * bend_km, 1e-6);
  EXPECT_NEAR(value(shut, "detour_usd_per_t", "A"), 0.10 * (300.0 - km), 1e-6);
  EXPECT_THAT(cell(shut, "detour_usd_per_t", "A").source, HasSubstr("13.35 USD/t to Works"));
  EXPECT_TRUE(std::isnan(value(shut, "detour_usd_per_t", "B")));
  EXPECT_EQ(said(shut, "study.cut_off").count, 1u);
  EXPECT_THAT(route_of(shut, "B").reason, HasSubstr("with everything open it would be 13.35"));
  ASSERT_TRUE(shut.freight);
  EXPECT_EQ(shut.freight->closed, std::vector<std::string>{"gate ford"});
  const StudyResult open = run(sites + roads + logistics);
  EXPECT_FALSE(cell(open, "detour_usd_per_t", "A").column);
  EXPECT_EQ(said(open, "study.cut_off").count, 0u);
  EXPECT_EQ(code_of(sites + roads + logistics + "close = [\"fjord\"]\n"), "study.gate");
}

TEST_F(StudyFreight, EachPassageOnAWayIsShutAlone) {
  two_ways("");
  const StudyResult result = run(sites + roads + logistics);
  ASSERT_EQ(result.closures.size(), 1u);
  EXPECT_EQ(result.closures[0].gate, "Ford");
  ASSERT_EQ(result.closures[0].hits.size(), 2u);
  EXPECT_NEAR(result.closures[0].hits[0].usd_per_t, 0.10 * (300.0 - km), 1e-6);
  EXPECT_NEAR(result.closures[0].hits[0].distance_km, 300.0 - km, 1e-6);
  EXPECT_FALSE(result.closures[0].hits[0].lost);
  EXPECT_EQ(result.closures[0].hits[0].destination, "Works");
  EXPECT_TRUE(result.closures[0].hits[1].lost);
}

TEST_F(StudyFreight, PassagesOfALargeNetworkAreNotPriced) {
  // 201 lines, each a gate of its own, and 5,000 plants: 2.02e8 edges to look at.
  write("sites.csv", "id,lon,lat\nA,0,0\n");
  std::vector<std::string> lines;
  for (int i = 0; i < 201; ++i)
    lines.push_back(
        feature("\"gate\":\"G" + std::to_string(i) + "\"", line(0.01 * i, 0, 0.01 * (i + 1), 0)));
  write("roads.geojson", collection(lines));
  std::string plants = "id,name,lon,lat\n";
  for (int k = 0; k < 5000; ++k)
    plants += "P" + std::to_string(k) + ",,1," + number_text(k * 1e-6) + "\n";
  write("plants.csv", plants);
  const StudyResult result = run(sites + roads + logistics);
  EXPECT_EQ(said(result, "study.gates_not_priced").count, 1u);
  EXPECT_TRUE(result.closures.empty());
}

TEST_F(StudyFreight, CountriesAndGroupsThatAreShut) {
  two_ways("");
  write("alliances.csv", "group,iso3\nRIVALS,OTH\nFRIENDS,HOM\nFRIENDS,ALL\n");
  const std::string text = sites + roads + logistics;
  const std::string keys = "alliances = \"alliances.csv\"\nallies = \"FRIENDS\"\n";
  for (const std::string shut :
       {"avoid = [\"OTH\"]\n", "avoid = [\"rivals\"]\n", "only = [\"allied\"]\n",
        "only = [\"FRIENDS\"]\n", "only = [\"HOM\"]\n"}) {
    const StudyResult result = run(text + shut, keys);
    EXPECT_NEAR(value(result, "delivered_usd_per_t", "A"), 0.10 * bend_km, 1e-6) << shut;
    EXPECT_NEAR(value(result, "detour_usd_per_t", "A"), 0.10 * (300.0 - km), 1e-6) << shut;
    EXPECT_THAT(route_of(result, "B").reason, HasSubstr("border")) << shut;
  }
  EXPECT_EQ(value(run(text + "only = [\"OTH\", \"HOM\"]\n", keys), "detour_usd_per_t", "A"), 0.0);
  EXPECT_EQ(code_of(text + "avoid = [\"RIVAL\"]\n", keys), "study.unknown_group");
  EXPECT_EQ(code_of(text + "only = [\"QQQ\"]\n", keys), "study.country");
  EXPECT_EQ(code_of(text + "avoid = [\"RIVALS\"]\n"), "study.country");  // there are no groups
  EXPECT_EQ(code_of(text + "only = []\n"), "study.value");
}

TEST_F(StudyFreight, LinesTakeTheCountryTheyLieIn) {
  // HOM ends at 1 E, ALL begins at 1.15 E: the line is cut at both.
  write("sites.csv", "id,lon,lat\nA,0.6,0\n");
  write("plants.csv", "id,name,lon,lat\nW,Works,2,0\n");
  write("roads.geojson", collection({feature(R"("n":1)", line(0.5, 0, 2, 0))}));
  const std::string text = sites + roads + logistics + "avoid = [\"ALL\"]\n";
  EXPECT_FALSE(std::isnan(value(run(text), "delivered_usd_per_t", "A")));
  const StudyResult located = run(text + "locate_countries = true\n");
  EXPECT_TRUE(std::isnan(value(located, "delivered_usd_per_t", "A")));
  EXPECT_EQ(said(located, "network.countries_located").count, 1u);
}

// ---- what is hauled

TEST_F(StudyFreight, ThoriumOfTheOreMakesTheLoadClass7) {
  two_ways("");
  const std::string site_keys = R"(grade = { field = "pct", unit = "%" }
thorium = { field = "th_ppm", unit = "ppm" }
uranium = { field = "u_ppm", unit = "ppm" }
)";
  const StudyResult result =
      run(sites + site_keys + roads + logistics +
          "product_grade = \"60 %\"\nthorium_share = \"80 %\"\nuranium_share = \"80 %\"\n");
  // A: 500 ppm x 0.8 x 60/5 = 4800 ppm, 19.5 Bq/g of at most 10; B: 960 ppm, 3.9 Bq/g, and 96 ppm
  // of uranium, 1.2 Bq/g.
  EXPECT_EQ(value(result, "haul_class7", "A"), 1.0);
  EXPECT_EQ(value(result, "haul_class7", "B"), 0.0);
  EXPECT_FALSE(cell(run(sites + site_keys + roads + logistics), "haul_class7", "A").column);
  // Of a share without uranium nothing is known below the line.
  const StudyResult half =
      run(sites + site_keys + roads + logistics + "thorium_share = \"80 %\"\n");
  EXPECT_EQ(value(half, "haul_class7", "A"), 1.0);
  EXPECT_TRUE(std::isnan(value(half, "haul_class7", "B")));
  EXPECT_EQ(code_of(sites + roads + logistics + "thorium_share = \"120 %\"\n"), "study.value");
}

TEST_F(StudyFreight, TonnesAYearCountAgainstCapacities) {
  two_ways("");
  write("plants.csv", "id,name,lon,lat\nW,Works,0.5,-1\n");
  write("roads.geojson", collection({feature(R"("n":1)", line(-0.1, 0, 2.1, 0))}));
  write("rail.geojson", collection({feature(R"("n":1)", line(0.5, 0, 0.5, -1))}));
  write("terminals.csv",
        "id,name,lon,lat,modes,capacity_t_per_year\nT,Siding,0.5,0,road;rail,1500\n");
  const std::string text = sites + "rate = { field = \"t_yr\", unit = \"t/yr\" }\n" + roads +
                           "[[networks]]\npath = \"rail.geojson\"\nmode = \"rail\"\n" + logistics +
                           "terminals = \"terminals.csv\"\n";
  EXPECT_FALSE(std::isnan(value(run(text), "delivered_usd_per_t", "A")));
  // A: 1000 / 0.6 / 0.92 = 1812 wet tonnes a year, over the siding's 1500; B: 18.
  const StudyResult counted = run(text + "annual_tonnage = true\n");
  EXPECT_TRUE(std::isnan(value(counted, "delivered_usd_per_t", "A")));
  EXPECT_THAT(route_of(counted, "A").reason, HasSubstr("capacity"));
  EXPECT_FALSE(std::isnan(value(counted, "delivered_usd_per_t", "B")));
}

// ---- traces and shards

TEST_F(StudyFreight, TheTraceNamesLegsAndTheTariffsSources) {
  two_ways("");
  const StudyResult result = run(sites + roads + logistics);
  const std::string source = cell(result, "delivered_usd_per_t", "A").source;
  EXPECT_THAT(source, HasSubstr("road 133.5 km"));
  EXPECT_THAT(source, HasSubstr("tariff tariff.toml of 2026-01-01"));
  EXPECT_THAT(source, HasSubstr("road: a table of truck rates (2025)"));
  const auto& parts = route_of(result, "A").parts;
  ASSERT_EQ(parts.size(), 1u);
  EXPECT_EQ(parts[0].mode, "road");
  EXPECT_EQ(parts[0].line.front(), (Point{-0.1, 0}));
  EXPECT_EQ(parts[0].line.back(), (Point{1, -0.1}));
}

TEST_F(StudyFreight, ASitesFiguresDoNotDependOnTheOthers) {
  two_ways("5-11");
  const std::string text = sites + R"(grade = { field = "pct", unit = "%" }
rate = { field = "t_yr", unit = "t/yr" }
thorium = { field = "th_ppm", unit = "ppm" }
)" + roads + logistics +
                           "months = true\nthorium_share = \"80 %\"\nannual_tonnage = true\n"
                           "close = [\"ford\"]\n";
  const StudyResult both = run(text);
  write("sites.csv", "id,lon,lat,ore_t,pct,th_ppm,u_ppm,t_yr\nA,-0.1,0,1000,5,500,10,1000\n");
  const StudyResult alone = run(text);
  for (const auto& column : alone.indicators) {
    const Cell one = cell(alone, column.name, "A"), two = cell(both, column.name, "A");
    EXPECT_TRUE(one.value == two.value || (std::isnan(one.value) && std::isnan(two.value)))
        << column.name;
    EXPECT_EQ(one.source, two.source) << column.name;
  }
}

// ---- chains

const std::string chain = R"(as_of = 2026-01-01
contained = "TREO"
[[products]]
name = "ore"
moisture = "0 %"
[[products]]
name = "concentrate"
grade = "50 %"
moisture = "0 %"
radioactivity_share = "80 %"
[[products]]
name = "oxide"
grade = "99 %"
moisture = "0 %"
[[stages]]
name = "concentration"
takes = "ore"
gives = "concentrate"
recovery = "50 %"
usd_per_kg = 1
at_site = true
[[stages]]
name = "separation"
takes = "concentrate"
gives = "oxide"
recovery = "80 %"
usd_per_kg = 3
)";

class StudyChain : public StudyFreight {
 protected:
  StudyChain() {
    two_ways("");
    write("chain.toml", chain);
  }
  std::string text(const std::string& product = "product = \"ore\"\n") const {
    return sites + R"(grade = { field = "pct", unit = "%" }
thorium = { field = "th_ppm", unit = "ppm" }
uranium = { field = "u_ppm", unit = "ppm" }
)" + product +
           roads + logistics + "chain = \"chain.toml\"\n";
  }
};

TEST_F(StudyChain, TheCheapestChainByHand) {
  const StudyResult result = run(text());
  // A kg of concentrate's oxide costs 1 to make and 0.10 x 133.508 / 500 to haul; of it 0.8 kg
  // arrive as oxide, which costs 3 more to make.
  const double haul = 0.10 * ford_km / 500.0;
  EXPECT_NEAR(value(result, "chain_usd_per_kg", "A"), (1.0 + haul) / 0.8 + 3.0, 1e-9);
  EXPECT_NEAR(value(result, "delivered_usd_per_kg", "A"), haul / 0.8, 1e-9);
  EXPECT_NEAR(cell(result, "delivered_usd_per_kg", "A").low, 0.08 * ford_km / 500.0 / 0.8, 1e-9);
  EXPECT_NEAR(cell(result, "delivered_usd_per_kg", "A").high, 0.15 * ford_km / 500.0 / 0.8, 1e-9);
  EXPECT_NEAR(value(result, "chain_co2e_kg_per_kg", "A"), 0.050 * ford_km / 500.0 / 0.8, 1e-9);
  EXPECT_NEAR(value(result, "chain_recovery_pct", "A"), 40.0, 1e-9);
  EXPECT_THAT(cell(result, "chain_usd_per_kg", "A").source,
              HasSubstr("concentration at the site, separation at Works after 134 km of "
                        "concentrate"));
  EXPECT_THAT(cell(result, "delivered_usd_per_kg", "A").source, HasSubstr("all hauls of the"));
  ASSERT_EQ(result.chains.size(), 2u);
  EXPECT_EQ(result.chains[0].steps.size(), 2u);
  ASSERT_TRUE(result.freight);
  EXPECT_EQ(result.freight->chain, "chain.toml of 2026-01-01");
  // Concentrate of 50 % from ore of 5 % with half of the oxide: 20 t of ore a tonne. 500 ppm x 0.8
  // x 20 = 8000 ppm, 32 Bq/g; B: 1600 ppm, 6.5 Bq/g, with 160 ppm of uranium, 2.0 Bq/g.
  EXPECT_EQ(value(result, "haul_class7", "A"), 1.0);
  EXPECT_EQ(value(result, "haul_class7", "B"), 0.0);
  EXPECT_EQ(figure(result, "sites without a chain of plants"), 0.0);
}

TEST_F(StudyChain, ProductsByColumnAndSitesWithoutOne) {
  write("sites.csv",
        "id,lon,lat,ore_t,pct,th_ppm,u_ppm,t_yr,sold\n"
        "A,-0.1,0,1000,5,500,10,1000,concentrate\nB,2.1,0,1000,5,100,10,10,\n");
  const StudyResult result = run(text("product = { field = \"sold\" }\n"));
  EXPECT_NEAR(value(result, "chain_usd_per_kg", "A"), 0.10 * ford_km / 500.0 / 0.8 + 3.0, 1e-9);
  EXPECT_EQ(value(result, "haul_class7", "A"), 1.0);  // the row's thorium is the ore's
  EXPECT_EQ(said(result, "study.no_product").count, 1u);
  EXPECT_TRUE(std::isnan(value(result, "chain_usd_per_kg", "B")));
  EXPECT_EQ(figure(result, "sites without a chain of plants"), 1.0);
}

TEST_F(StudyChain, BadChains) {
  EXPECT_EQ(code_of(text("")), "study.missing");                             // no product
  EXPECT_EQ(code_of(text("product = \"orr\"\n")), "study.value");            // no such product
  EXPECT_EQ(code_of(text() + "thorium_share = \"80 %\"\n"), "study.value");  // said twice
  write("plants.csv", "id,name,lon,lat,stages\nW,Works,1,-0.1,separation\nX,Idle,1,-0.1,\n");
  EXPECT_EQ(said(run(text()), "study.plant_without_stage").count, 1u);
  write("plants.csv", "id,name,lon,lat,stages\nW,Works,1,-0.1,seperation\n");
  EXPECT_EQ(code_of(text()), "chain.unknown_stage");
  EXPECT_EQ(check_code(text()), "chain.unknown_stage");
  write("plants.csv", "id,name,lon,lat\nW,Works,1,-0.1\n");
  EXPECT_EQ(code_of(text()), "study.field");
  EXPECT_EQ(check_code(text()), "study.field");
  write("chain.toml", chain + "takes = \"ore\n");
  EXPECT_EQ(check_code(text()), "chain.syntax");
  write("chain.toml", chain + "recoverie = \"80 %\"\n");
  EXPECT_EQ(check_code(text()), "chain.invalid");
  std::filesystem::remove(folder_ / "chain.toml");
  EXPECT_EQ(code_of(text()), "io.missing_file");
}

TEST_F(StudyFreight, ACheckLooksIntoTheFilesOfFreight) {
  two_ways("");
  EXPECT_EQ(check_code(sites + roads + logistics), "");
  write("tariff.toml", "as_of = 2026-01-01\n");
  EXPECT_EQ(check_code(sites + roads + logistics), "tariff.invalid");
  write("tariff.toml", tariff);
  write("roads.geojson", collection({feature(R"("speed_kmh":"fast")", line(0, 0, 1, 0))}));
  EXPECT_EQ(check_code(sites + roads + logistics), "table.bad_number");
}

// ---- networks

TEST_F(StudyFreight, TheSeaAroundLandWantsBerths) {
  two_ways("");
  write("land.geojson", collection({feature(R"("n":1)", box(0.4, -0.2, 0.6, 0.2))}));
  const std::string sea = "[[networks]]\npath = \"land.geojson\"\nmode = \"sea\"\n";
  EXPECT_EQ(code_of(sites + roads + sea + logistics), "study.no_berth");
  EXPECT_EQ(code_of(sites + "[[networks]]\npath = \"installed\"\nmode = \"road\"\n" + logistics),
            "study.value");
}

TEST_F(StudyFreight, TheSeaRoundAnIsland) {
  write("sites.csv", "id,lon,lat\nA,-0.1,0\n");
  write("plants.csv", "id,name,lon,lat\nW,Works,1.1,0\n");
  write("terminals.csv", "id,name,lon,lat,modes\nS,South,0,0,road;sea\nN,North,1,0,road;sea\n");
  write("roads.geojson", collection({feature(R"("gate":"")", line(-0.1, 0, 0, 0)),
                                     feature(R"("gate":"")", line(1, 0, 1.1, 0))}));
  write("land.geojson", collection({feature(R"("n":1)", box(0.4, -0.2, 0.6, 0.2))}));
  const StudyResult result =
      run(sites + roads + "[[networks]]\npath = \"land.geojson\"\nmode = \"sea\"\n" + logistics +
          "terminals = \"terminals.csv\"\n");
  // Round two corners of the island, each 0.4 degrees east and 0.2 north of its port; flat is right
  // to a hundred thousandth here.
  const double tangent_km = std::hypot(0.4 * km, 20.0 * hundredth_north_m / 1000);
  const double sea_km = 2 * tangent_km + 0.2 * km;
  EXPECT_NEAR(value(result, "delivered_usd_per_t", "A"), 0.10 * 0.2 * km + 10.0 + 0.01 * sea_km,
              0.01 * 1e-4 * sea_km);
  // Lanes are a network, but nothing to draw.
  for (const auto& layer : result.layers) EXPECT_NE(layer.name, "sea");
}

TEST_F(StudyFreight, AnExtractOfOpenStreetMap) {
  write("sites.csv", "id,lon,lat\nA,0,0\n");
  write("plants.csv", "id,name,lon,lat\nW,Works,1,0\n");
  write("roads.osm", R"(<?xml version="1.0"?><osm version="0.6">
<node id="1" lat="0" lon="0"/><node id="2" lat="0" lon="0.5"/><node id="3" lat="0" lon="1"/>
<way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way>
<way id="11"><nd ref="2"/><nd ref="3"/><tag k="highway" v="tertiary"/></way>
</osm>)");
  const std::string extract = "[[networks]]\npath = \"roads.osm\"\n";
  EXPECT_NEAR(value(run(sites + extract + logistics), "plant_distance_km", "A"), km, 1e-6);
  const StudyResult primary = run(sites + extract + "highways = [\"primary\"]\n" + logistics);
  EXPECT_TRUE(std::isnan(value(primary, "plant_distance_km", "A")));
  EXPECT_EQ(code_of(sites + "[[networks]]\npath = \"roads.geojson\"\n" + logistics),
            "study.missing");  // lines want their mode
}

}  // namespace
}  // namespace lode::test
