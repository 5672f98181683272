// The command `zonal`: keys, real rasters against figures of other programs, bands, kinds of
// numbers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <fstream>
#include <map>

#include "tests/tools/run_lode.h"
#include "tests/tools/tiny_tiff.h"

namespace lode::test {
namespace {

using testing::HasSubstr;

const std::string hill = std::string(LODE_SOURCE_DIR) + "/sample_data/monazite_hill/";

RunResult zonal(std::vector<std::string> words) {
  words.insert(words.begin(), "zonal");
  words.emplace_back("--json");
  return run_lode(words);
}

std::string code_of_run(const RunResult& run) {
  return run.exit_code == 0 ? "none" : run.json().at("error").at("code").as_string();
}

Json row_of(const RunResult& run, std::size_t i = 0) {
  EXPECT_EQ(run.exit_code, 0) << run.err << run.out;
  return run.json().at("results").items().at(i);
}

bool found(const RunResult& run, const std::string& code, const std::string& severity) {
  const Json out = run.json();
  for (const Json& finding : out.at("findings").items())
    if (finding.at("code").as_string() == code && finding.at("severity").as_string() == severity)
      return true;
  return false;
}

// 4 x 3 cells of 10 m: 0 to 11, and zones on it.
struct Small {
  TempDir dir;
  TinyTiff tiff;
  std::string raster, zones;
  Small() {
    tiff.columns = 4;
    tiff.rows = 3;
    tiff.corner = {500000, 4000030, 10};
    for (int i = 0; i < 12; ++i) tiff.values.push_back(static_cast<float>(i));
    raster = (dir / "values.tif").string();
    zones = (dir / "zones.csv").string();
    tiff.write(raster);
    std::ofstream(zones) << "id,name,WKT\n"
                            "a,left,\"POLYGON((500000 4000000,500015 4000000,500015 4000030,"
                            "500000 4000030,500000 4000000))\"\n"
                            "b,right,\"POLYGON((500030 4000010,500040 4000010,500040 4000030,"
                            "500030 4000030,500030 4000010))\"\n";
  }
  [[nodiscard]] RunResult run(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {zones, raster, "--input-crs", "EPSG:32629"});
    return zonal(more);
  }
};

TEST(ZonalCommand, KeysOfTheContract) {
  const Small small;
  const RunResult run =
      small.run({"--stats", "count,sum,mean,min,max,median,p90,stdev,fraction,unique"});
  const Json a = row_of(run), b = row_of(run, 1);
  EXPECT_EQ(a.at("id").as_string(), "a");
  EXPECT_EQ(a.at("name").as_string(), "left");
  EXPECT_NEAR(a.at("count").as_number(), 4.5, 1e-9);
  EXPECT_NEAR(a.at("sum").as_number(), 0 + 4 + 8 + (1 + 5 + 9) / 2.0, 1e-9);
  EXPECT_NEAR(b.at("mean").as_number(), 5.0, 1e-12);
  EXPECT_NEAR(b.at("p90").as_number(), 6.6, 1e-9);  // numpy.percentile([3, 7], 90)
  EXPECT_NEAR(b.at("stdev").as_number(), 2.0, 1e-12);
  EXPECT_EQ(b.at("covered_pct").as_number(), 100.0);
  EXPECT_EQ(b.at("fraction").dump(), "{\"3\":0.5,\"7\":0.5}");
  EXPECT_EQ(b.at("unique").dump(), "[3,7]");
  // 100 m2 of the plane at UTM's central meridian edge: 0.01 ha within the scale of the projection.
  EXPECT_NEAR(b.at("class_ha").at("7").as_number(), 0.01, 2e-5);
  EXPECT_NEAR(b.at("area_m2").as_number(), 200.0, 0.3);
  EXPECT_EQ(run.json().at("inputs").items().size(), 2u);
  const RunResult plain =
      run_lode({"zonal", small.zones, small.raster, "--input-crs", "EPSG:32629"});
  EXPECT_THAT(plain.out, HasSubstr("covered_pct"));
}

TEST(ZonalCommand, BandsHaveKeysOfTheirOwn) {
  Small small;
  small.tiff.bands = 3;
  small.tiff.write(small.raster);
  const Json all = row_of(small.run({"--stats", "mean"}), 1);
  for (const char* key : {"mean_1", "mean_2", "mean_3"})
    EXPECT_NEAR(all.at(key).as_number(), 5.0, 1e-12) << key;
  EXPECT_FALSE(all.has("mean"));
  const Json some = row_of(small.run({"--stats", "mean", "--band", "3,1"}), 1);
  EXPECT_TRUE(some.has("mean_3") && some.has("mean_1") && !some.has("mean_2"));
  EXPECT_TRUE(row_of(small.run({"--stats", "mean", "--band", "2"})).has("mean"));
  for (const char* wrong : {"0", "1.5", "a", "1,1", ""}) {
    const RunResult run = small.run({"--band", wrong});
    EXPECT_EQ(run.exit_code, 2) << wrong;
  }
  EXPECT_EQ(code_of_run(small.run({"--band", "0"})), "usage.band");
  EXPECT_EQ(code_of_run(small.run({"--band", "4"})), "raster.no_band");
}

TEST(ZonalCommand, WeightsWeighPlainNamesAndSaySo) {
  Small small;
  const std::string weights = (small.dir / "weights.tif").string();
  TinyTiff other = small.tiff;
  for (float& value : other.values) value = value == 7.0F ? 3.0F : 1.0F;
  other.write(weights);
  const RunResult run = small.run({"--stats", "mean,count,fraction", "--weights", weights});
  const Json b = row_of(run, 1);
  EXPECT_NEAR(b.at("mean").as_number(), (3 + 3 * 7) / 4.0, 1e-12);
  EXPECT_NEAR(b.at("count").as_number(), 2.0, 1e-12);
  EXPECT_EQ(b.at("fraction").dump(), "{\"3\":0.25,\"7\":0.75}");
  EXPECT_EQ(run.json().at("summary").at("weighted").dump(), "[\"mean\",\"fraction\"]");
  const Json both = row_of(small.run({"--stats", "mean,weighted_mean", "--weights", weights}), 1);
  EXPECT_NEAR(both.at("mean").as_number(), 5.0, 1e-12);
  EXPECT_NEAR(both.at("weighted_mean").as_number(), 6.0, 1e-12);
  EXPECT_NEAR(row_of(small.run({"--stats", "mean", "--weights", "area"}), 1).at("mean").as_number(),
              5.0, 1e-6);
  EXPECT_EQ(code_of_run(small.run({"--stats", "weighted_mean"})), "usage.weights");
  EXPECT_EQ(code_of_run(small.run({"--stats", "min", "--weights", "area"})), "usage.weights");
  EXPECT_EQ(code_of_run(small.run({"--stats", "meen"})), "usage.stats");
  other.corner[0] += 3.0;
  other.write(weights);
  EXPECT_EQ(code_of_run(small.run({"--stats", "mean", "--weights", weights})), "zonal.grid");
  other.bands = 2;
  other.write(weights);
  EXPECT_EQ(code_of_run(small.run({"--stats", "mean", "--weights", weights})), "zonal.weights");
}

TEST(ZonalCommand, OutputHoldsZonesWithColumns) {
  const Small small;
  const std::string out = (small.dir / "out.csv").string();
  EXPECT_EQ(small.run({"--stats", "mean,fraction", "-o", out}).exit_code, 0);
  const std::string text = slurp(out);
  EXPECT_THAT(text, HasSubstr("id,name,area_m2,cover_pct,mean,frac_0,frac_1,frac_3"));
  EXPECT_THAT(text, HasSubstr(",b,right,"));
  EXPECT_EQ(code_of_run(small.run({"-o", out})), "io.exists");
}

TEST(ZonalCommand, JobsLeaveNoTrace) {
  const TempDir dir;
  TinyTiff tiff;
  tiff.columns = 300;
  tiff.rows = 200;
  tiff.tile = 16;
  tiff.corner = {500000, 4002000, 10};
  for (std::uint32_t i = 0; i < 60000; ++i)
    tiff.values.push_back(static_cast<float>(i * 37 % 101) * 0.1F);
  tiff.write((dir / "r.tif").string());
  std::ofstream(dir / "z.csv")
      << "id,WKT\n1,\"POLYGON((500003 4000001,502983 4000517,501411 4001989,500003 4000001))\"\n"
         "2,\"POLYGON((500603 4000301,501983 4000417,501411 4001689,500603 4000301))\"\n";
  std::string first;
  for (const char* jobs : {"1", "2", "7"}) {
    const RunResult run =
        zonal({(dir / "z.csv").string(), (dir / "r.tif").string(), "--input-crs", "EPSG:32629",
               "--stats", "mean,stdev,median,mode,sum", "--jobs", jobs});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    if (first.empty()) first = run.out;
    EXPECT_EQ(run.out, first);
  }
}

TEST(ZonalCommand, PicturesFillsAndPlaces) {
  Small small;
  small.tiff.colours = true;
  small.tiff.bands = 3;
  small.tiff.write(small.raster);
  EXPECT_TRUE(found(small.run(), "raster.colours", "warning"));
  Small fill;
  fill.tiff.values[7] = -9999.0F;
  fill.tiff.write(fill.raster);
  EXPECT_EQ(code_of_run(fill.run()), "raster.nodata_unset");
  fill.tiff.nodata = "-9999";
  fill.tiff.write(fill.raster);
  const RunResult gaps = fill.run({"--stats", "mean"});
  EXPECT_NEAR(row_of(gaps, 1).at("mean").as_number(), 3.0, 1e-12);
  EXPECT_NEAR(row_of(gaps, 1).at("covered_pct").as_number(), 50.0, 1e-6);
  EXPECT_TRUE(found(gaps, "zonal.nodata", "note"));
  fill.tiff.nodata = "0";
  for (float& value : fill.tiff.values) value = 0.0F;
  fill.tiff.write(fill.raster);
  const RunResult zero = fill.run({"--stats", "mean,count"});
  EXPECT_TRUE(row_of(zero).at("mean").is_null());
  EXPECT_EQ(row_of(zero).at("count").as_number(), 0.0);
  EXPECT_TRUE(found(zero, "raster.nodata_zero", "warning"));
  EXPECT_TRUE(found(zero, "zonal.empty", "warning"));
  EXPECT_EQ(fill.run({"--strict"}).exit_code, 1);
  Small far;
  std::ofstream(far.zones)
      << "id,WKT\n1,\"POLYGON((600000 4000000,600100 4000000,600100 4000100,600000 4000000))\"\n";
  EXPECT_EQ(code_of_run(far.run()), "zonal.all_outside");
}

TEST(ZonalCommand, ZonesInAnotherCrs) {
  const Small small;
  std::ofstream(small.zones) << "id,WKT\n1,\"POLYGON((-9.001 36.14,-8.999 36.14,-8.999 36.15,"
                                "-9.001 36.15,-9.001 36.14))\"\n";
  const RunResult run = zonal({small.zones, small.raster, "--input-crs", "EPSG:4326"});
  EXPECT_NEAR(row_of(run).at("count").as_number(), 12.0, 1e-9);
  EXPECT_NEAR(row_of(run).at("sum").as_number(), 66.0, 1e-9);
  EXPECT_TRUE(found(run, "zonal.reprojected", "note"));
  EXPECT_TRUE(found(run, "zonal.partly_outside", "warning"));
}

// As values of text grids: what is not declared stays unknown.
TEST(ZonalCommand, ARasterWithoutCrsIsRefused) {
  const TempDir dir;
  std::ofstream(dir / "g.asc")
      << "ncols 2\nnrows 2\nxllcorner 0\nyllcorner 0\ncellsize 1\n1 2\n3 4\n";
  std::ofstream(dir / "z.csv") << "id,WKT\n1,\"POLYGON((0 0,2 0,2 2,0 2,0 0))\"\n";
  const std::string grid = (dir / "g.asc").string(), zones = (dir / "z.csv").string();
  EXPECT_EQ(code_of_run(zonal({zones, grid})), "crs.missing");
  const Json row = row_of(zonal({zones, grid, "--input-crs", "local:m"}));
  EXPECT_EQ(row.at("sum").as_number(), 10.0);
  EXPECT_EQ(row.at("area_m2").as_number(), 4.0);
}

TEST(ZonalCommand, MoreValuesThanClasses) {
  const TempDir dir;
  TinyTiff tiff;
  tiff.columns = 150;
  tiff.rows = 100;
  tiff.corner = {500000, 4001000, 10};
  for (std::uint32_t i = 0; i < 15000; ++i) tiff.values.push_back(static_cast<float>(i));
  tiff.write((dir / "r.tif").string());
  std::ofstream(dir / "z.csv")
      << "id,WKT\n1,\"POLYGON((500000 4000000,501500 4000000,501500 4001000,500000 4001000,"
         "500000 4000000))\"\n2,\"POLYGON((500000 4000900,500500 4000900,500500 4001000,"
         "500000 4001000,500000 4000900))\"\n";
  const std::string r = (dir / "r.tif").string(), z = (dir / "z.csv").string();
  EXPECT_EQ(code_of_run(zonal({z, r, "--input-crs", "EPSG:32629", "--stats", "fraction"})),
            "zonal.classes");
  const RunResult run = zonal({z, r, "--input-crs", "EPSG:32629", "--stats", "fraction", "--where",
                               "id = 2", "-o", (dir / "o.csv").string()});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(found(run, "zonal.classes_not_written", "warning"));
}

TEST(ZonalCommand, RealHeightsInLuxembourg) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "no dem_small: set LODE_DATA to the folder of real data";
  const RunResult run = zonal({data + "/dem_small/lux.shp", data + "/dem_small/elev.tif", "--stats",
                               "mean,min,max,count", "--edges", "straight"});
  // Each cell clipped with each district by GEOS through GDAL 3.6 in Python: mean, count, min.
  const std::vector<std::array<double, 3>> wanted{
      {467.3792128088, 553.28118103, 335}, {334.6855372124, 392.18826222, 195},
      {377.2069488978, 463.61685603, 256}, {372.2498264996, 129.05636926, 200},
      {418.7866815408, 472.73568990, 288}, {314.7698165492, 327.68824594, 164},
      {240.2105014236, 218.17005363, 141}, {283.2306567849, 373.05181064, 144},
      {329.8954410162, 330.46287971, 274}, {310.3832753727, 432.56315722, 239},
      {314.0103041679, 424.83287437, 224}, {313.5929875286, 419.24137799, 212}};
  const Json out = run.json();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const Json& row = out.at("results").items().at(i);
    EXPECT_NEAR(row.at("mean").as_number(), wanted[i][0], 1e-9) << i;
    EXPECT_NEAR(row.at("count").as_number(), wanted[i][1], 1e-7) << i;
    EXPECT_EQ(row.at("min").as_number(), wanted[i][2]) << i;
  }
}

TEST(ZonalCommand, PlanningUnitsOfTasmania) {
  const std::string data = data_folder();
  if (data.empty())
    GTEST_SKIP() << "no conservation_tasmania: set LODE_DATA to the folder of real data";
  const std::string folder = data + "/conservation_tasmania/";
  const RunResult run = zonal({"/vsizip/" + folder + "tas_pu.gpkg.zip", folder + "tas_features.tif",
                               "--stats", "sum,count"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json out = run.json();
  // As above, of feature 2: what is not there is 0.
  const Json& second = out.at("results").items().at(1);
  EXPECT_NEAR(second.at("count_1").as_number(), 22.945791627, 1e-8);
  const std::map<int, double> there{
      {12, 5.244057404}, {14, 0.168592016}, {16, 2.579119579}, {20, 0.325628793}};
  for (int band = 1; band <= 33; ++band) {
    const double sum = second.at("sum_" + std::to_string(band)).as_number();
    EXPECT_NEAR(sum, there.contains(band) ? there.at(band) : 0.0, 1e-8) << band;
  }
  const Json& other = out.at("results").items().at(776);
  EXPECT_NEAR(other.at("sum_8").as_number(), 38.018449286, 1e-8);
  const Json& last = out.at("results").items().at(1129);
  EXPECT_EQ(last.at("count_1").as_number(), 0.0);
  EXPECT_TRUE(last.at("sum_33").is_null());
}

}  // namespace
}  // namespace lode::test
