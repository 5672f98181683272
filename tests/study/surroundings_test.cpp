// [[surroundings]] and [footprint] of a study against closed forms on the equator.
#include "tests/study/small_study.h"

namespace lode::test {
namespace {

class Surroundings : public SmallStudy {
 protected:
  /// S: a square of a hundredth of a degree with its corner at 0 N 0 E.
  static constexpr const char* square_site = R"([[sites]]
path = "squares.geojson"
id = "id"
kind = "primary"
)";
  Surroundings() {
    write("squares.geojson", collection({feature(R"("id":"S")", box(0, 0, 0.01, 0.01))}));
  }
  StudyResult with(const std::string& table) const {
    return run(std::string(square_site) + "[[surroundings]]\n" + table);
  }
  /// A grid of hundredths of a degree with its lower left corner at 0.005 W 0.005 S.
  void write_grid(const std::string& name, const std::string& rows) const {
    write(name + ".asc",
          "ncols 3\nnrows 3\nxllcorner -0.005\nyllcorner -0.005\ncellsize 0.01\n"
          "NODATA_value -9999\n" +
              rows);
  }
};

TEST_F(Surroundings, WatersAreCountedAndMeasured) {
  write("waters.geojson", collection({feature(R"("id":"W1")", line(-0.01, 0.004, 0.02, 0.004)),
                                      feature(R"("id":"W2")", line(-0.01, 0.006, 0.02, 0.006)),
                                      feature(R"("id":"W3")", line(-0.01, 0.02, 0.02, 0.02))}));
  const std::string table = "kind = \"water\"\nname = \"water\"\npath = \"waters.geojson\"\n";
  const StudyResult result = with(table + "id = \"id\"\n");
  EXPECT_EQ(value(result, "water_crossings", "S"), 2.0);
  EXPECT_EQ(value(result, "water_nearest_m", "S"), 0.0);
  EXPECT_EQ(cell(result, "water_crossings", "S").unit, "n");
  write("waters.geojson", collection({feature(R"("id":"W3")", line(-0.01, 0.02, 0.02, 0.02))}));
  const StudyResult far = with(table);
  EXPECT_EQ(value(far, "water_crossings", "S"), 0.0);
  EXPECT_NEAR(value(far, "water_nearest_m", "S"), hundredth_north_m, 0.01);
}

TEST_F(Surroundings, PeopleWithinDistances) {
  // Along the equator from the square's eastern edge at 0.01 E.
  const double at_4km = 0.01 + 4000.0 / equator_degree_m,
               at_20km = 0.01 + 20000.0 / equator_degree_m,
               at_30km = 0.01 + 30000.0 / equator_degree_m;
  write("towns.csv", "name,lon,lat,people\na," + number_text(at_4km) + ",0,100\nb," +
                         number_text(at_20km) + ",0,2000\nc," + number_text(at_30km) + ",0,7\n");
  const StudyResult result = with(
      "kind = \"people\"\nname = \"population\"\npath = \"towns.csv\"\ncrs = \"EPSG:4326\"\n"
      "field = \"people\"\nwithin = \"5,25,50 km\"\n");
  EXPECT_EQ(value(result, "population_5km", "S"), 100.0);
  EXPECT_EQ(value(result, "population_25km", "S"), 2100.0);
  EXPECT_EQ(value(result, "population_50km", "S"), 2107.0);
  EXPECT_EQ(cell(result, "population_25km", "S").unit, "people");
}

TEST_F(Surroundings, RastersByExactShareOfCells) {
  // The square covers a quarter of each of the four cells of the lower left corner.
  write_grid("hazard", "9 9 9\n3 4 9\n1 2 9\n");
  const StudyResult result = with(
      "kind = \"raster\"\nname = \"seismic\"\npath = \"hazard.asc\"\ncrs = \"EPSG:4326\"\nunit = "
      "\"g\"\n");
  EXPECT_NEAR(value(result, "seismic", "S"), 2.5, 1e-6);
  EXPECT_EQ(cell(result, "seismic", "S").unit, "g");
  const StudyResult most = with(
      "kind = \"raster\"\nname = \"seismic\"\npath = \"hazard.asc\"\ncrs = \"EPSG:4326\"\nunit = "
      "\"g\"\n"
      "statistic = \"max\"\n");
  EXPECT_EQ(value(most, "seismic", "S"), 4.0);
}

TEST_F(Surroundings, LandCoverLostIsTheGroundOfItsClasses) {
  write_grid("cover", "9 9 9\n41 42 9\n11 41 9\n");
  const StudyResult result = with(
      "kind = \"raster\"\nname = \"forest\"\npath = \"cover.asc\"\ncrs = \"EPSG:4326\"\nclasses = "
      "[41, 42]\n");
  // Three of four quarters; the square spans the equator to 0.01 N.
  EXPECT_NEAR(value(result, "forest_ha", "S"), 0.75 * strip_m2(0.01, 0.01) / 1e4, 1e-3);
}

TEST_F(Surroundings, ValuesAndLandByArea) {
  write("basins.geojson", collection({feature(R"("id":"B1","stress":1)", box(-1, -1, 0.0025, 1)),
                                      feature(R"("id":"B2","stress":5)", box(0.0025, -1, 1, 1))}));
  const StudyResult result = with(
      "kind = \"value\"\nname = \"water_stress\"\npath = \"basins.geojson\"\nfield = \"stress\"\n"
      "unit = \"0 to 5\"\nid = \"id\"\n");
  EXPECT_NEAR(value(result, "water_stress", "S"), 4.0, 1e-6);
  EXPECT_EQ(value(result, "water_stress_largest", "S"), 5.0);
  EXPECT_THAT(cell(result, "water_stress", "S").source, HasSubstr("B1, B2"));
  write("land.geojson", collection({feature(R"("id":"Nation")", box(-1, -1, 0.0025, 1))}));
  const StudyResult land =
      with("kind = \"land\"\nname = \"indigenous\"\npath = \"land.geojson\"\nid = \"id\"\n");
  EXPECT_NEAR(value(land, "indigenous_pct", "S"), 25.0, 1e-6);
  EXPECT_THAT(cell(land, "indigenous_pct", "S").source, HasSubstr("Nation"));
}

TEST_F(Surroundings, HabitatLost) {
  // The site takes all of one of two equal patches that lie so far apart that none arrives.
  write("patches.geojson", collection({feature(R"("id":"P1")", box(0, 0, 0.01, 0.01)),
                                       feature(R"("id":"P2")", box(1, 0, 1.01, 0.01))}));
  const StudyResult result = with(
      "kind = \"habitat\"\nname = \"bog\"\npath = \"patches.geojson\"\nhalf_distance = \"100 "
      "m\"\n");
  EXPECT_NEAR(value(result, "bog_lost_ha", "S"), strip_m2(0.01, 0.01) / 1e4, 1e-3);
  // Sum of a^2: two patches before, one after.
  EXPECT_NEAR(value(result, "bog_connectivity_loss_pct", "S"), 50.0, 1e-6);
}

TEST_F(Surroundings, TerrainDrainsAndSlopes) {
  // A plane that falls to the east by 111.3195 m a cell, a cell being 1113.195 m: one in ten.
  std::string rows;
  const int n = 7;
  for (int row = 0; row < n; ++row) {
    for (int column = 0; column < n; ++column)
      rows += number_text(2000.0 - 0.001 * equator_degree_m * column) + " ";
    rows += "\n";
  }
  write("dem.asc",
        "ncols 7\nnrows 7\nxllcorner -0.03\nyllcorner -0.03\ncellsize 0.01\n"
        "NODATA_value -9999\n" +
            rows);
  const StudyResult result =
      with("kind = \"terrain\"\npath = \"dem.asc\"\ncrs = \"EPSG:4326\"\nheight_unit = \"m\"\n");
  // The site is the cell of column 3: its row drains through it.
  EXPECT_NEAR(value(result, "slope_mean_deg", "S"), std::atan(0.1) * 180 / std::numbers::pi, 1e-3);
  EXPECT_NEAR(value(result, "upstream_km2", "S"), 3 * strip_m2(0.01, 0.01) / 1e6, 1e-3);
  EXPECT_GT(value(result, "downstream_km", "S"), 2.0);
  EXPECT_THAT(cell(result, "upstream_km2", "S").source, HasSubstr("lower bound"));
}

TEST_F(Surroundings, SetbacksByClassComeFromTablesOfTheStudyOrThoseThatShip) {
  // The river is the meridian of 0 E, the square's western edge; the square is 1113.2 m wide.
  write("rivers.geojson",
        collection({feature(R"("id":"R","type":"creek")", line(0, -0.5, 0, 0.5))}));
  write("rules.toml", R"([[setbacks]]
class = "creek"
setback = "500 m"
hard = true
citation = "Act 1"
[[setbacks]]
class = "creek"
setback = "900 m"
hard = false
citation = "Guideline 2"
)");
  const std::string constraint =
      "[[constraints]]\nname = \"rivers\"\npath = \"rivers.geojson\"\nid = \"id\"\n";
  const StudyResult result =
      run(square_site + constraint + "class = \"type\"\nsetbacks = \"rules.toml\"\n");
  const double width_m = 0.01 * equator_degree_m;
  EXPECT_NEAR(value(result, "excluded_pct", "S"), 100 * 500 / width_m, 0.05);
  EXPECT_NEAR(value(result, "rivers_review_overlap_ha", "S"),
              strip_m2(0.01, 0.01) * 900 / width_m / 1e4, 0.05);
  ASSERT_EQ(result.rules.size(), 2u);
  EXPECT_EQ(result.rules[0].citation, "Act 1");
  ASSERT_EQ(result.constraints.size(), 2u);
  EXPECT_THAT(result.constraints[0].rule, HasSubstr("500 m setback, creek"));
  EXPECT_EQ(result.constraints[0].citation, "Act 1");
  EXPECT_FALSE(result.constraints[1].hard);
  // A table that the study has not is the one that ships.
  const StudyResult shipped =
      run(square_site + constraint +
          "class_is = \"fish-bearing stream\"\nsetbacks = \"us_federal.toml\"\n"
          "jurisdiction = \"US\"\n");
  EXPECT_EQ(said(shipped, "study.shipped_table").count, 1u);
  EXPECT_FALSE(shipped.rules.empty());
}

TEST_F(Surroundings, RulesOfAnotherDayAreLeftOut) {
  write("rivers.geojson", collection({feature(R"("id":"R")", line(0, -0.5, 0, 0.5))}));
  const std::string constraint =
      "[[constraints]]\nname = \"rivers\"\npath = \"rivers.geojson\"\nsetback = \"500 m\"\n";
  const StudyResult past = run(square_site + constraint + "to = 2020-12-31\n");
  EXPECT_EQ(said(past, "screen.rule_not_in_force").count, 1u);
  EXPECT_TRUE(past.constraints.empty());
  EXPECT_GT(value(run(square_site + constraint + "to = 2026-11-01\n"), "excluded_pct", "S"), 40.0);
}

TEST_F(Surroundings, FootprintsByRouteWithTheHaul) {
  write("sites.csv",
        "id,lon,lat,route,ore_t,treo_pct,dam_m\nA,0,0,r1,1000000,5,40\nB,0.1,0,r9,,,\n");
  write("routes.csv",
        "route,name,kind,co2e_kg_per_kg_low,co2e_kg_per_kg,co2e_kg_per_kg_high,water_m3_per_kg,"
        "source\nr1,one,primary,10,20,40,0.5,a paper\n");
  const StudyResult result = run(R"([[sites]]
path = "sites.csv"
id = "id"
kind = "primary"
ore = "ore_t"
grade = "treo_pct"
route = "route"
dam_height = "dam_m"
[footprint]
routes = "routes.csv"
)");
  EXPECT_EQ(value(result, "co2e_kg_per_kg", "A"), 20.0);
  EXPECT_EQ(cell(result, "process_co2e_kg_per_kg", "A").low, 10.0);
  EXPECT_EQ(value(result, "water_m3_per_kg", "A"), 0.5);
  EXPECT_THAT(cell(result, "co2e_kg_per_kg", "A").source, HasSubstr("no haul is known"));
  EXPECT_TRUE(std::isnan(value(result, "co2e_kg_per_kg", "B")));
  // 1,000,000 t of ore less 50,000 t of oxide leave 950,000 t, at 1.5 t/m3.
  EXPECT_NEAR(value(result, "tailings_m3", "A"), 950000.0 / 1.5, 1e-6);
  EXPECT_EQ(said(result, "footprint.no_route").count, 1u);
}

TEST_F(Surroundings, RegistersByPresetAndPermitsAskedFor) {
  write("claims.geojson",
        collection({feature(R"("CSE_NR":"NV1","CSE_DISP":"ACTIVE","RCRD_ACRS":20.0)",
                            box(-0.01, -0.01, 0.02, 0.02))}));
  write("asked.toml", R"([[permits]]
id = "plan"
name = "Plan of operations"
jurisdiction = "AU"
matches = ["plan of operation"]
citation = "Act 3"
)");
  const std::string sites =
      "[[sites]]\npath = \"squares.geojson\"\nid = \"id\"\nkind = \"primary\"\n"
      "country = { value = \"HOM\" }\n";
  const StudyResult result =
      run(sites + "[[permits]]\npath = \"claims.geojson\"\npreset = \"blm\"\n",
          "required_permits = \"asked.toml\"\n");
  // A register without a field for the end: on the ground, but not known to be in force.
  EXPECT_NEAR(value(result, "permit_coverage_pct", "S"), 100.0, 1e-9);
  EXPECT_EQ(value(result, "valid_coverage_pct", "S"), 0.0);
  ASSERT_EQ(result.permits.size(), 1u);
  EXPECT_EQ(result.permits[0].permits, std::vector<std::string>{"NV1"});
  EXPECT_EQ(code_of(sites + "[[permits]]\npath = \"claims.geojson\"\npreset = \"bml\"\n"),
            "study.value");
}

TEST_F(Surroundings, NoTableTakesTheNameOfAnother) {
  write("w.geojson", collection({feature(R"("id":"W1")", line(-0.01, 0.004, 0.02, 0.004))}));
  const std::string water =
      "[[surroundings]]\nkind = \"water\"\nname = \"water\"\npath = \"w.geojson\"\n";
  EXPECT_EQ(code_of(std::string(square_site) + water), "");
  EXPECT_EQ(code_of(std::string(square_site) + water + water), "study.value");
  EXPECT_EQ(code_of(std::string(square_site) + water +
                    "[[constraints]]\nname = \"water\"\npath = \"w.geojson\"\n"
                    "setback = \"1 m\"\n"),
            "study.value");
  EXPECT_EQ(code_of(std::string(square_site) +
                    "[[surroundings]]\nkind = \"value\"\nname = \"net_ndpr_t\"\n"
                    "path = \"w.geojson\"\nfield = \"id\"\nunit = \"t\"\n"),
            "study.value");
}

TEST_F(Surroundings, ACheckLooksIntoTheFiles) {
  write("towns.csv", "name,lon,lat,people\na,0,0,100\n");
  const auto check = [&](const std::string& table) -> std::string {
    write("c.toml", "[study]\ntitle = \"T\"\nhome = \"HOM\"\nas_of = 2026-11-01\n" +
                        std::string(square_site) + "[[surroundings]]\n" + table +
                        "[[criteria]]\nname = \"group\"\ndirection = \"min\"\nweight = 1.0\n"
                        "bounds = [0, 2]\n[ranking]\nmethod = \"wsm\"\n");
    try {
      (void)check_study(read_study((folder_ / "c.toml").string()), options_);
    } catch (const Error& error) {
      return error.code;
    }
    return "";
  };
  const std::string people =
      "kind = \"people\"\nname = \"p\"\npath = \"towns.csv\"\ncrs = \"EPSG:4326\"\n"
      "within = \"5 km\"\nfield = ";
  EXPECT_EQ(check(people + "\"people\"\n"), "");
  EXPECT_EQ(check(people + "\"peple\"\n"), "table.no_field");
  EXPECT_NE(check("kind = \"terrain\"\npath = \"towns.csv\"\n"), "");
}

TEST_F(Surroundings, MistakesAreNamedWithTheirLines) {
  for (const auto& [table, code] : std::vector<std::pair<std::string, std::string>>{
           {"kind = \"waters\"\nname = \"w\"\npath = \"x.csv\"\n", "study.value"},
           {"kind = \"people\"\nname = \"p\"\npath = \"x.csv\"\n", "study.missing"},
           {"kind = \"people\"\nname = \"p\"\npath = \"x.csv\"\nwithin = \"25, 5 km\"\n",
            "study.value"},
           {"kind = \"people\"\nname = \"p\"\npath = \"x.csv\"\nwithin = \"25\"\n", "unit.missing"},
           {"kind = \"raster\"\nname = \"r\"\npath = \"x.tif\"\n", "study.missing"},
           {"kind = \"raster\"\nname = \"r\"\npath = \"x.tif\"\nunit = \"g\"\nstatistic = "
            "\"men\"\n",
            "study.value"},
           {"kind = \"raster\"\nname = \"r\"\npath = \"x.tif\"\nclasses = \"41\"\n", "study.type"},
           {"kind = \"raster\"\nname = \"r\"\npath = \"x.tif\"\nclasses = [nan]\n", "study.type"},
           {"kind = \"raster\"\nname = \"r\"\npath = \"x.tif\"\nunit = \"g\"\n"
            "statistic = \"fraction\"\n",
            "study.value"},
           {"kind = \"habitat\"\nname = \"h\"\npath = \"x.gpkg\"\nhalf_distance = \"0 m\"\n",
            "study.value"},
           {"kind = \"land\"\nname = \"Some Land\"\npath = \"x.gpkg\"\n", "study.value"},
           {"kind = \"water\"\nname = \"w\"\npath = \"there_is_none.csv\"\n", "io.missing_file"}})
    EXPECT_EQ(code_of(std::string(square_site) + "[[surroundings]]\n" + table), code) << table;
}

}  // namespace
}  // namespace lode::test
