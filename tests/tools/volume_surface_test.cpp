// The command `volume surface`: keys, real terrain against numpy, units, files and refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "tests/tools/run_lode.h"
#include "tests/tools/tiny_tiff.h"

namespace lode::test {
namespace {

using testing::HasSubstr;

const std::string hill = std::string(LODE_SOURCE_DIR) + "/sample_data/monazite_hill/";

RunResult volume(std::vector<std::string> words) {
  words.insert(words.begin(), {"volume", "surface"});
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

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

// Heights of 100 to 103 over 40 x 30 cells of 10 m.
TinyTiff waves(double lift = 0.0) {
  TinyTiff tiff;
  tiff.columns = 40;
  tiff.rows = 30;
  tiff.corner = {500000, 4000000, 10};
  for (std::uint32_t i = 0; i < 1200; ++i)
    tiff.values.push_back(static_cast<float>(100.0 + i % 7 * 0.5 + lift));
  return tiff;
}

TEST(VolumeSurface, KeysOfTheContractAndTonnes) {
  const RunResult run =
      volume({hill + "topography.asc", "--level", "440 m", "--within", hill + "permit.csv",
              "--input-crs", "EPSG:32629", "--density", "1.9 t/m3", "--moisture", "12 %",
              "--material", "cut", "--grade", "1.2 %"});
  const Json row = row_of(run);
  for (const char* key : {"area_m2", "cut_m3", "fill_m3", "net_m3", "nodata_pct"})
    EXPECT_TRUE(row.at(key).is_number()) << key;
  const double cut = row.at("cut_m3").as_number();
  EXPECT_NEAR(row.at("net_m3").as_number(), cut - row.at("fill_m3").as_number(), 1e-6);
  EXPECT_NEAR(row.at("tonnage_t").as_number(), cut * 1.9 * 0.88, 1e-6 * cut);
  EXPECT_NEAR(row.at("contained_t").as_number(), cut * 1.9 * 0.88 * 0.012, 1e-6 * cut);
  EXPECT_THAT(row.at("basis").as_string(), HasSubstr("moisture 12 %"));
}

TEST(VolumeSurface, RealTerrainAgainstNumpy) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "no dem_small: set LODE_DATA to the folder of real data";
  // numpy 1.24 on the cells as GDAL 3.6 reads them: area of each row of cells from Snyder's closed
  // form (1987, 3-12) x (height - 300), Int16 with NoData -32768.
  const Json lux = row_of(volume({data + "/dem_small/elev.tif", "--level", "300 m"}));
  EXPECT_NEAR(lux.at("area_m2").as_number() / 2563610105.593612, 1.0, 1e-11);
  EXPECT_NEAR(lux.at("cut_m3").as_number() / 152742151362.960, 1.0, 1e-11);
  EXPECT_NEAR(lux.at("fill_m3").as_number() / 29318990836.739, 1.0, 1e-11);
  EXPECT_NEAR(lux.at("nodata_pct").as_number(), 46.060426566, 1e-7);
  EXPECT_TRUE(lux.at("planar_cut_m3").is_null());
  // UTM, Float32: sums of (height - 1500) x 62,500 m2.
  const Json alps = row_of(volume({data + "/dem_small/elev_vinschgau.tif", "--level", "1500 m"}));
  EXPECT_NEAR(alps.at("planar_area_m2").as_number(), 3027687500.0, 1e-3);
  EXPECT_NEAR(alps.at("planar_cut_m3").as_number() / 2239611631362.915, 1.0, 1e-12);
  EXPECT_NEAR(alps.at("planar_fill_m3").as_number() / 184043027980.80444, 1.0, 1e-12);
  EXPECT_EQ(
      code_of_run(volume({data + "/dem_small/elev.tif", data + "/dem_small/elev_vinschgau.tif"})),
      "surface.other_crs");
}

TEST(VolumeSurface, StripsTilesAndThreadsGiveOneFigure) {
  const TempDir dir;
  TinyTiff top, base;
  top.columns = base.columns = 150;
  top.rows = base.rows = 130;
  top.corner = base.corner = {700000, 4000000, 10};
  top.nodata = base.nodata = "-9999";
  double cut = 0.0, fill = 0.0, cells = 0.0;
  for (std::uint32_t i = 0; i < 150 * 130; ++i) {
    top.values.push_back(i % 97 == 0 ? -9999.0F : static_cast<float>(i * 37 % 101) * 0.25F);
    base.values.push_back(i % 89 == 0 ? -9999.0F : static_cast<float>(i * 53 % 103) * 0.25F);
    if (i % 97 == 0 || i % 89 == 0) continue;
    const double d = static_cast<double>(top.values.back()) - base.values.back();
    (d > 0 ? cut : fill) += std::abs(d) * 100.0;
    cells += 1.0;
  }
  base.write((dir / "base.tif").string());
  std::string first;
  for (const std::uint32_t tile : {0U, 16U, 64U}) {
    top.tile = tile;
    top.write((dir / "top.tif").string());
    for (const char* jobs : {"1", "5"}) {
      const RunResult run =
          volume({(dir / "top.tif").string(), (dir / "base.tif").string(), "--jobs", jobs});
      const Json row = row_of(run);
      EXPECT_NEAR(row.at("planar_cut_m3").as_number(), cut, 1e-6);
      EXPECT_NEAR(row.at("planar_fill_m3").as_number(), fill, 1e-6);
      EXPECT_EQ(row.at("planar_area_m2").as_number(), cells * 100.0);
      EXPECT_NEAR(row.at("nodata_pct").as_number(), 100.0 * (1.0 - cells / 19500.0), 1e-3);
      EXPECT_NE(row.at("cut_m3").as_number(), row.at("planar_cut_m3").as_number());
      if (std::string(jobs) == "1") first = run.json().at("results").dump();
      EXPECT_EQ(run.json().at("results").dump(), first);
    }
  }
}

TEST(VolumeSurface, UnitsOfHeightsAreThoseThatAreSaid) {
  const TempDir dir;
  const std::string top = (dir / "top.tif").string(), base = (dir / "base.tif").string();
  TinyTiff feet = waves();
  for (float& v : feet.values) v *= 3.0F;  // stored exactly
  feet.unit = "ft";
  feet.write(top);
  waves().write(base);
  // One says feet, the other nothing.
  EXPECT_EQ(code_of_run(volume({top, base})), "surface.unit");
  const RunResult told = volume({top, base, "--base-unit", "m"});
  double sum = 0.0;
  for (std::uint32_t i = 0; i < 1200; ++i)
    sum += 100.0 * (static_cast<double>(feet.values[i]) * 0.3048 - (100.0 + i % 7 * 0.5));
  EXPECT_NEAR(row_of(told).at("planar_fill_m3").as_number(), -sum, 1e-6);
  EXPECT_THAT(told.out, HasSubstr("surface.unit_converted"));
  EXPECT_THAT(volume({top, base, "--base-unit", "m", "--top-unit", "m"}).out,
              HasSubstr("surface.unit_overruled"));
  EXPECT_THAT(volume({base, "--level", "100 m"}).out, HasSubstr("surface.unit_taken"));
  EXPECT_EQ(code_of_run(volume({base, "--level", "1 m", "--top-unit", "acre"})), "surface.unit");
  // A map in feet whose heights say nothing; vertical datums that differ.
  TinyTiff state = waves();
  state.epsg = 2225;
  state.corner = {6000000, 2200000, 10};
  state.write(top);
  EXPECT_EQ(code_of_run(volume({top, "--level", "1 m"})), "surface.unit");
  TinyTiff navd = waves(1.0), egm = waves();
  navd.vertical = 5703;
  egm.vertical = 5773;
  navd.write(top);
  egm.write(base);
  const RunResult datums = volume({top, base});
  EXPECT_NEAR(row_of(datums).at("planar_cut_m3").as_number(), 120000.0, 1e-6);
  EXPECT_THAT(datums.out, HasSubstr("surface.vertical_datum"));
}

TEST(VolumeSurface, ZonesComeInOtherSystemsAndGoOut) {
  const TempDir dir;
  const std::string top = (dir / "top.tif").string(), base = (dir / "base.tif").string();
  waves(2.0).write(top);
  waves().write(base);
  write(dir / "zones.csv",
        "id,rho_t_m3,wkt\nwest,1.5,\"POLYGON((500000 3999700,500200 3999700,500200 "
        "4000000,500000 4000000,500000 3999700))\"\nlean,2.5,\"POLYGON((500200 "
        "3999700,500400 3999700,500400 4000000,500200 3999700))\"\n");
  const RunResult run =
      volume({top, base, "--within", (dir / "zones.csv").string(), "--input-crs", "EPSG:32629",
              "--density", "rho_t_m3", "--material", "net", "-o", (dir / "out.gpkg").string()});
  EXPECT_NEAR(row_of(run, 0).at("planar_cut_m3").as_number(), 120000.0, 1e-4);
  EXPECT_NEAR(row_of(run, 1).at("planar_cut_m3").as_number(), 60000.0, 1e-4);
  EXPECT_NEAR(row_of(run, 1).at("tonnage_t").as_number(),
              2.5 * row_of(run, 1).at("net_m3").as_number(), 1e-6);
  EXPECT_TRUE(std::filesystem::exists(dir / "out.gpkg"));
  // The same zones in longitude and latitude.
  const RunResult inspected =
      run_lode({"buffer", (dir / "out.gpkg").string(), "--distance", "0 m", "--crs", "EPSG:4326",
                "-o", (dir / "degrees.gpkg").string()});
  if (inspected.exit_code == 0) {
    const RunResult other = volume({top, base, "--within", (dir / "degrees.gpkg").string()});
    EXPECT_NEAR(row_of(other, 0).at("planar_cut_m3").as_number(), 120000.0, 20.0);
    EXPECT_THAT(other.out, HasSubstr("surface.zones_reprojected"));
  }
  write(dir / "line.csv", "id,wkt\na,\"LINESTRING(500000 4000000,500100 4000000)\"\n");
  EXPECT_EQ(code_of_run(volume(
                {top, base, "--within", (dir / "line.csv").string(), "--input-crs", "EPSG:32629"})),
            "surface.not_polygon");
}

TEST(VolumeSurface, TinsAloneAndWithRasters) {
  const TempDir dir;
  const std::string pyramid = (dir / "pyramid.obj").string(), top = (dir / "top.tif").string();
  write(pyramid,
        "v 500100 3999800 100\nv 500300 3999800 100\nv 500300 3999900 100\nv 500100 3999900 100\n"
        "v 500200 3999850 130\nf 1 2 5\nf 2 3 5\nf 3 4 5\nf 4 1 5\n");
  const RunResult alone = volume({pyramid, "--level", "100 m"});
  EXPECT_NEAR(row_of(alone).at("cut_m3").as_number(), 200.0 * 100.0 * 30.0 / 3.0, 1e-6);
  EXPECT_THAT(alone.out, HasSubstr("surface.crs_taken"));
  TinyTiff flat = waves();
  for (float& v : flat.values) v = 115.0F;
  flat.write(top);
  const RunResult mixed = volume({pyramid, top});
  // Above half its height stands an eighth of the pyramid.
  EXPECT_NEAR(row_of(mixed).at("planar_cut_m3").as_number(), 25000.0, 1e-4);
  EXPECT_THAT(mixed.out, HasSubstr("surface.raster_as_tin"));
  const RunResult turned = volume({top, pyramid});
  EXPECT_NEAR(row_of(turned).at("planar_fill_m3").as_number(), 25000.0, 1e-4);
  EXPECT_EQ(code_of_run(volume({hill + "orebody.obj", "--level", "400 m"})), "surface.folded");
}

TEST(VolumeSurface, PointsAndBreaklinesMakeATin) {
  const TempDir dir;
  const std::string points = (dir / "points.csv").string(), crest = (dir / "crest.csv").string();
  // A dam of 10 m whose crest runs between corners: without it Delaunay would choose either way.
  write(points, "x,y,z\n0,0,0\n100,0,0\n100,40,0\n0,40,0\n50,10,\n");
  write(crest, "id,z,wkt\n1,10,\"LINESTRING(0 20,100 20)\"\n");
  const RunResult run = volume({points, "--breaklines", crest, "--level", "0 m", "--input-crs",
                                "local:m", "--x", "x", "--y", "y"});
  EXPECT_NEAR(row_of(run).at("cut_m3").as_number(), 100.0 * 40.0 * 10.0 / 2.0, 1e-9);
  EXPECT_THAT(run.out, HasSubstr("surface.no_height"));
  write(points, "x,y\n0,0\n100,0\n100,40\n");
  EXPECT_EQ(code_of_run(volume({points, "--level", "0 m", "--input-crs", "local:m"})),
            "surface.no_z");
}

TEST(VolumeSurface, RefusesWhatItCannotMean) {
  const std::string top = hill + "topography.asc";
  const auto usage = [&](std::vector<std::string> words) {
    words.insert(words.begin(), top);
    const RunResult run = volume(words);
    EXPECT_EQ(run.exit_code, 2) << run.out;
    return code_of_run(run);
  };
  EXPECT_EQ(usage({}), "usage.base");
  EXPECT_EQ(usage({top, "--level", "1 m"}), "usage.base");
  EXPECT_EQ(usage({"--levels", "3,2 m"}), "usage.levels");
  EXPECT_EQ(usage({"--levels", "3,5 m", "--step", "0 m"}), "usage.levels");
  EXPECT_EQ(usage({"--level", "3 m", "--step", "1 m"}), "usage.levels");
  EXPECT_EQ(usage({"--level", "1e20 m"}), "usage.levels");
  EXPECT_EQ(usage({"--levels", "3,1001 km"}), "usage.levels");
  EXPECT_EQ(usage({"--levels", "100,105 m", "--step", "2 m"}), "usage.levels");
  EXPECT_EQ(usage({"--level", "450"}), "usage.quantity");
  EXPECT_EQ(usage({"--level", "450 m", "--density", "2 t/m3"}), "usage.material");
  EXPECT_EQ(usage({"--level", "450 m", "--grade", "1 %"}), "usage.density");
  EXPECT_EQ(usage({"--level", "450 m", "--density", "2 t/m3", "--material", "cut", "--moisture",
                   "100 %"}),
            "usage.moisture");
  EXPECT_EQ(usage({"--level", "450 m", "--density", "2 t/m3", "--material", "cut", "--grade", "G"}),
            "usage.grade");
  EXPECT_EQ(
      code_of_run(volume({top, "--level", "450 m", "--density", "2700 t/m3", "--material", "cut"})),
      "deposit.density");
  EXPECT_EQ(code_of_run(volume({top, "--level", "450 m", "--density", "2 t/m3", "--material", "cut",
                                "--grade", "120 %"})),
            "deposit.grade");
  const TempDir dir;
  TinyTiff undeclared = waves();
  undeclared.values[77] = -9999.0F;
  undeclared.write((dir / "u.tif").string());
  EXPECT_EQ(code_of_run(volume({(dir / "u.tif").string(), "--level", "450 m"})),
            "raster.nodata_unset");
  TinyTiff whole = waves();
  whole.write((dir / "w.tif").string());
  EXPECT_EQ(code_of_run(volume({(dir / "w.tif").string(), (dir / "u.tif").string()})),
            "raster.nodata_unset");
  undeclared.values[77] = INFINITY;
  undeclared.write((dir / "u.tif").string());
  EXPECT_EQ(code_of_run(volume({(dir / "w.tif").string(), (dir / "u.tif").string()})),
            "raster.not_finite");
  EXPECT_EQ(volume({(dir / "w.tif").string(), "--level", "50 m", "--strict"}).exit_code, 0);
  whole.bands = 3;
  whole.write((dir / "three.tif").string());
  const RunResult three = volume({(dir / "three.tif").string(), "--level", "50 m"});
  EXPECT_EQ(three.exit_code, 0) << three.out;
  EXPECT_THAT(three.out, HasSubstr("raster.bands"));
  whole.colours = true;
  whole.write((dir / "rgb.tif").string());
  EXPECT_EQ(code_of_run(volume({(dir / "rgb.tif").string(), "--level", "50 m"})), "raster.picture");
}

}  // namespace
}  // namespace lode::test
