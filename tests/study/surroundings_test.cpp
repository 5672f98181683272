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
  const StudyResult result =
      with("kind = \"raster\"\nname = \"seismic\"\npath = \"hazard.asc\"\ncrs = \"EPSG:4326\"\nunit = \"g\"\n");
  EXPECT_NEAR(value(result, "seismic", "S"), 2.5, 1e-6);
  EXPECT_EQ(cell(result, "seismic", "S").unit, "g");
  const StudyResult most = with(
      "kind = \"raster\"\nname = \"seismic\"\npath = \"hazard.asc\"\ncrs = \"EPSG:4326\"\nunit = \"g\"\n"
      "statistic = \"max\"\n");
  EXPECT_EQ(value(most, "seismic", "S"), 4.0);
}

TEST_F(Surroundings, LandCoverLostIsTheGroundOfItsClasses) {
  write_grid("cover", "9 9 9\n41 42 9\n11 41 9\n");
  const StudyResult result =
      with("kind = \"raster\"\nname = \"forest\"\npath = \"cover.asc\"\ncrs = \"EPSG:4326\"\nclasses = [41, 42]\n");
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
  const StudyResult result = with("kind = \"terrain\"\npath = \"dem.asc\"\ncrs = \"EPSG:4326\"\nheight_unit = \"m\"\n");
  // The site is the cell of column 3: its row drains through it.
  EXPECT_NEAR(value(result, "slope_mean_deg", "S"), std::atan(0.1) * 180 / std::numbers::pi, 1e-3);
  EXPECT_NEAR(value(result, "upstream_km2", "S"), 3 * strip_m2(0.01, 0.01) / 1e6, 1e-3);
  EXPECT_GT(value(result, "downstream_km", "S"), 2.0);
  EXPECT_THAT(cell(result, "upstream_km2", "S").source, HasSubstr("lower bound"));
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
           {"kind = \"habitat\"\nname = \"h\"\npath = \"x.gpkg\"\nhalf_distance = \"0 m\"\n",
            "study.value"},
           {"kind = \"land\"\nname = \"Some Land\"\npath = \"x.gpkg\"\n", "study.value"},
           {"kind = \"water\"\nname = \"w\"\npath = \"there_is_none.csv\"\n", "io.missing_file"}})
    EXPECT_EQ(code_of(std::string(square_site) + "[[surroundings]]\n" + table), code) << table;
}

}  // namespace
}  // namespace lode::test
