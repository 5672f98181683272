// The command `watershed`: keys, a valley of known size, rasters and layers out, refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "libgeo/io/layer.h"
#include "libgeo/io/raster.h"
#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

// 11 columns x 20 rows of 10 m on a mine grid, the bed in the middle at x = 55, running south.
void write_files(const TempDir& dir) {
  std::ofstream dem(dir / "valley.asc");
  dem << "ncols 11\nnrows 20\nxllcorner 0\nyllcorner 0\ncellsize 10\nNODATA_value -9999\n";
  for (int r = 0; r < 20; ++r) {
    for (int c = 0; c < 11; ++c) dem << 100.0 + std::abs(c - 5) + 0.1 * (19 - r) << ' ';
    dem << '\n';
  }
  std::ofstream(dir / "sites.csv") << "id,name,wkt\n"
                                   << "P,tank,POINT(52 102)\n"
                                   << "Q,pond,\"POLYGON((0 130,110 130,110 150,0 150,0 130))\"\n"
                                   << "R,far,POINT(500 500)\n";
  std::ofstream(dir / "intakes.csv") << "id,name,wkt\n"
                                     << "1,Town,POINT(58 33)\n"
                                     << "2,Town,POINT(58 23)\n"
                                     << "3,,POINT(58 83)\n"
                                     << "4,Farm,POINT(95 55)\n";
}

RunResult in_valley(const TempDir& dir, std::vector<std::string> words,
                    const std::string& dem = "valley.asc") {
  write_files(dir);
  words.insert(words.begin(), {"watershed", "sites.csv", dem, "--input-crs", "local:m", "--json"});
  return run_lode(words, dir.path().string());
}

TEST(WatershedCommand, KeysOfTheContract) {
  const TempDir dir;
  const RunResult run = in_valley(dir, {"--receptors", "intakes.csv"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  const Json& point = json.at("results").items().at(0);
  EXPECT_EQ(point.at("id").as_string(), "P");
  EXPECT_TRUE(point.at("on_grid").as_bool());
  EXPECT_NEAR(point.at("upstream_km2").as_number(), 0.011, 1e-12);
  EXPECT_NEAR(point.at("watershed_km2").as_number(), 0.022, 1e-12);
  EXPECT_NEAR(point.at("upstream_share_pct").as_number(), 50.0, 1e-9);
  EXPECT_EQ(point.at("watershed_share_pct").as_number(), 0.0);
  EXPECT_TRUE(point.at("reaches_edge").as_bool());
  EXPECT_NEAR(point.at("downstream_km").as_number(), 0.1, 1e-12);
  EXPECT_NEAR(point.at("drop_m").as_number(), 1.0, 1e-9);
  EXPECT_EQ(point.at("snapped_m").as_number(), 0.0);
  const auto& receptors = point.at("receptors").items();
  ASSERT_EQ(receptors.size(), 2U);  // one Town, and the nameless; the farm lies off the way
  EXPECT_EQ(receptors[0].at("id").as_string(), "3");
  EXPECT_TRUE(receptors[0].at("name").is_null());
  EXPECT_EQ(receptors[1].at("name").as_string(), "Town");
  EXPECT_EQ(receptors[1].at("id").as_string(), "1");
  EXPECT_EQ(receptors[1].at("layer").as_string(), "intakes");
  EXPECT_NEAR(receptors[1].at("km").as_number(), 0.105 - 0.033, 0.0075);
  EXPECT_NEAR(json.at("summary").at("reach_m").as_number(), std::sqrt(50.0), 1e-12);

  const Json& polygon = json.at("results").items().at(1);
  EXPECT_NEAR(polygon.at("upstream_km2").as_number(), 0.0055, 1e-12);
  EXPECT_NEAR(polygon.at("watershed_share_pct").as_number(), 10.0, 1e-9);
  // Sides of 0.1 across and 0.01 along; in the bed only along.
  const double side = std::atan(std::hypot(0.1, 0.01)) * 180.0 / 3.14159265358979;
  EXPECT_NEAR(polygon.at("slope_max_deg").as_number(), side, 1e-9);
  const double bed = std::atan(0.01) * 180.0 / 3.14159265358979;
  EXPECT_NEAR(polygon.at("slope_mean_deg").as_number(), (8 * side + bed) / 9, 1e-9);

  const Json& off = json.at("results").items().at(2);
  EXPECT_FALSE(off.at("on_grid").as_bool());
  EXPECT_TRUE(off.at("upstream_km2").is_null());
  EXPECT_TRUE(off.at("slope_mean_deg").is_null());
  EXPECT_THAT(run.out, testing::HasSubstr("drainage.off_grid"));
  EXPECT_NEAR(json.at("summary").at("area_km2").as_number(), 0.022, 1e-12);
}

TEST(WatershedCommand, WritesLayersAndRasters) {
  const TempDir dir;
  const RunResult run = in_valley(dir, {"-o", "paths.gpkg", "--watersheds", "grounds.geojson",
                                        "--accumulation", "water.tif", "--slope", "slope.tif"});
  // A mine grid has no place on Earth, so GeoJSON, which has no other, is refused: nothing appears.
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_FALSE(std::filesystem::exists(dir / "paths.gpkg"));
  EXPECT_FALSE(std::filesystem::exists(dir / "water.tif"));
  const std::vector<std::string> words{"-o",           "paths.gpkg",     "--watersheds",
                                       "grounds.gpkg", "--accumulation", "water.tif",
                                       "--slope",      "slope.tif"};
  const RunResult good = in_valley(dir, words);
  ASSERT_EQ(good.exit_code, 0) << good.err;
  EXPECT_EQ(good.json().at("outputs").items().size(), 4U);
  ReadOptions options;
  options.input_crs = "local:m";
  const Layer paths = read_layer((dir / "paths.gpkg").string(), options);
  EXPECT_EQ(paths.geometry[0].lines.at(0), (Path{{55, 105}, {55, 5}}));
  const Layer grounds = read_layer((dir / "grounds.gpkg").string(), options);
  EXPECT_EQ(box_of(grounds.geometry[0]), (Box{0, 100, 110, 200}));
  const RasterInfo water = inspect_raster((dir / "water.tif").string(), {.input_crs = "local:m"});
  EXPECT_EQ(water.unit, "m2");
  EXPECT_NEAR(water.max, 22000.0, 1e-9);
  EXPECT_NEAR(water.min, 100.0, 1e-9);
  const RasterInfo slope = inspect_raster((dir / "slope.tif").string(), {.input_crs = "local:m"});
  EXPECT_NEAR(slope.valid_pct, 100.0 * 9 * 18 / 220, 1e-9);
  EXPECT_EQ(slope.nodata, -9999.0);
  EXPECT_EQ(slope.data_type, "Float64");
  // What exists is not replaced unless that is asked for, and the bytes are the same again.
  EXPECT_EQ(in_valley(dir, words).json().at("error").at("code").as_string(), "io.exists");
  const std::string before = slurp(dir / "water.tif");
  std::vector<std::string> again = words;
  again.insert(again.end(), {"--overwrite", "--jobs", "3"});
  ASSERT_EQ(in_valley(dir, again).exit_code, 0);
  EXPECT_EQ(slurp(dir / "water.tif"), before);
}

TEST(WatershedCommand, OptionsReachTheirPart) {
  const TempDir dir;
  const auto first = [&](const std::vector<std::string>& words) {
    const RunResult run = in_valley(dir, words);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return run.json().at("results").items().at(0);
  };
  EXPECT_NEAR(first({"--max-path", "35 m"}).at("downstream_km").as_number(), 0.035, 1e-12);
  EXPECT_NEAR(first({"--snap", "14 m"}).at("snapped_m").as_number(), std::hypot(3, 7), 1e-9);
  EXPECT_EQ(first({"--receptors", "intakes.csv", "--reach", "50 m"}).at("receptors").items().size(),
            3U);
  // The same numbers in feet are a third as high.
  EXPECT_NEAR(first({"--unit", "ft"}).at("drop_m").as_number(), 0.3048, 1e-9);
  EXPECT_EQ(first({"--outlet", "lowest"}).at("downstream_km").as_number(), 0.1);
}

TEST(WatershedCommand, HollowsMayKeepTheirWater) {
  const TempDir dir;
  write_files(dir);
  std::ofstream dem(dir / "hollow.asc");
  dem << "ncols 9\nnrows 9\nxllcorner 0\nyllcorner 0\ncellsize 10\n";
  for (int r = 0; r < 9; ++r) {
    for (int c = 0; c < 9; ++c) dem << (c == 4 && r == 4 ? 80 : 100 - c) << ' ';
    dem << '\n';
  }
  dem.close();
  std::ofstream(dir / "place.csv") << "id,x,y\na,45,45\n";
  const auto run = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words{"watershed",   "place.csv", "hollow.asc",
                                   "--input-crs", "local:m",   "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return run_lode(words, dir.path().string()).json();
  };
  EXPECT_EQ(run({}).at("summary").at("filled_m3").as_number(), 1500.0);  // 95 - 80 m of 100 m2
  EXPECT_NEAR(run({}).at("results").items().at(0).at("downstream_km").as_number(), 0.04, 1e-12);
  const Json kept = run({"--max-fill", "10 m"});
  EXPECT_EQ(kept.at("summary").at("sinks").as_number(), 1.0);
  EXPECT_EQ(kept.at("results").items().at(0).at("downstream_km").as_number(), 0.0);
}

TEST(WatershedCommand, RefusesWhatItCannotMean) {
  const TempDir dir;
  const auto refused = [&](const std::vector<std::string>& words, int exit_code,
                           const std::string& dem = "valley.asc") {
    const RunResult run = in_valley(dir, words, dem);
    EXPECT_EQ(run.exit_code, exit_code) << run.out;
    return run.json().at("error").at("code").as_string();
  };
  EXPECT_EQ(refused({"--snap", "20"}, 2), "usage.quantity");
  EXPECT_EQ(refused({"--snap", "-20 m"}, 2), "usage.length");
  EXPECT_EQ(refused({"--max-fill", "-1 m"}, 2), "usage.length");
  EXPECT_EQ(refused({"--max-path", "0 m"}, 2), "usage.length");
  EXPECT_EQ(refused({"--reach", "10 m"}, 2), "usage.receptors");
  EXPECT_EQ(refused({"--slope", "slope.png"}, 1), "io.unsupported_format");
  std::ofstream(dir / "small.asc")
      << "ncols 2\nnrows 3\nxllcorner 0\nyllcorner 0\ncellsize 10\n1 2 3 4 5 6\n";
  EXPECT_EQ(refused({}, 1, "small.asc"), "drainage.too_small");
  std::ofstream(dir / "none.asc") << "ncols 3\nnrows 3\nxllcorner 0\nyllcorner 0\ncellsize 10\n"
                                  << "NODATA_value 1\n1 1 1 1 1 1 1 1 1\n";
  EXPECT_EQ(refused({}, 1, "none.asc"), "raster.all_nodata");
  std::ofstream(dir / "unset.asc") << "ncols 3\nnrows 3\nxllcorner 0\nyllcorner 0\ncellsize 10\n"
                                   << "1 1 1 1 -9999 1 1 1 1\n";
  EXPECT_EQ(refused({}, 1, "unset.asc"), "raster.nodata_unset");
  write_files(dir);
  const RunResult bare = run_lode({"watershed", "sites.csv", "valley.asc", "--json"}, dir.path());
  EXPECT_EQ(bare.json().at("error").at("code").as_string(), "crs.missing");
  // A map in feet leaves open what its heights are in.
  std::ofstream(dir / "feet.csv") << "id,x,y\na,1000050,10000050\n";
  std::ofstream(dir / "feet.asc") << "ncols 3\nnrows 3\nxllcorner 1000000\nyllcorner 10000000\n"
                                  << "cellsize 50\n9 8 7 9 8 7 9 8 7\n";
  std::vector<std::string> words{"watershed",   "feet.csv",  "feet.asc",
                                 "--input-crs", "EPSG:2277", "--json"};
  const Json open = run_lode(words, dir.path()).json().at("error");
  EXPECT_EQ(open.at("code").as_string(), "surface.unit");
  EXPECT_THAT(open.at("hint").as_string(), testing::HasSubstr("--unit"));
  words.insert(words.end(), {"--unit", "ft"});
  EXPECT_EQ(run_lode(words, dir.path()).exit_code, 0);
  EXPECT_EQ(in_valley(dir, {"--strict"}).json().at("error").at("code").as_string(),
            "strict.finding");
  EXPECT_EQ(refused({"-o", "valley.asc", "--format", "GPKG"}, 1), "io.output_is_input");
  EXPECT_EQ(refused({"--accumulation", "a.tif", "--slope", "a.tif"}, 2), "usage.same_output");
}

}  // namespace
}  // namespace lode::test
