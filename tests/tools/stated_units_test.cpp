// Units and CRS that files state, solids that count twice: never passed over when they cut others.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "libgeo/core/text.h"
#include "tests/geometry/solids.h"
#include "tests/tools/run_lode.h"
#include "tests/tools/tiny_tiff.h"

namespace lode::test {
namespace {

class StatedUnits : public testing::Test {
 protected:
  void SetUp() override {
    write("cube.obj", obj(cube({464800, 2265800, 400}, 10.0)));
    // One block that holds the cube.
    write("block.csv", "x,y,z,dx,dy,dz,treo_pct\n464815,2265815,415,40,40,40,1\n");
    write("west.csv",
          "id,wkt\nP,\"POLYGON ((464790 2265790, 464805 2265790, 464805 2265820, 464790 2265820, "
          "464790 2265790))\"\n");
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(dir_ / name, std::ios::binary) << text;
  }
  [[nodiscard]] std::string path(const std::string& name) const { return (dir_ / name).string(); }
  static std::string obj(const TriangleMesh& mesh, std::size_t first = 0) {
    std::string text;
    for (const auto& v : mesh.vertices)
      text += "v " + number_text(v[0]) + " " + number_text(v[1]) + " " + number_text(v[2]) + "\n";
    for (const auto& t : mesh.triangles)
      text += "f " + std::to_string(first + t[0] + 1) + " " + std::to_string(first + t[1] + 1) +
              " " + std::to_string(first + t[2] + 1) + "\n";
    return text;
  }
  // cube.obj in feet, as a format that says so.
  [[nodiscard]] std::string in_feet(const std::string& name) const {
    const RunResult done = run_lode({"convert", path("cube.obj"), "--input-unit", "m", "--unit",
                                     "ft", "-o", path(name), "--overwrite"});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return path(name);
  }
  static std::string code_of(const RunResult& result) {
    return result.exit_code == 0 ? "none" : result.json().at("error").at("code").as_string();
  }
  static double volume_of(const RunResult& result) {
    return result.json().at("results").items()[0].at("volume_m3").as_number();
  }
  RunResult resources(const std::vector<std::string>& more) const {
    std::vector<std::string> words{"resources",   path("block.csv"), "--grade",   "treo_pct",
                                   "--density",   "1 t/m3",          "--cutoffs", "0 %",
                                   "--input-crs", "EPSG:32629",      "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return run_lode(words);
  }
  static double net_of(const RunResult& result) {
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.json().at("summary").at("net_t").as_number();
  }
  TempDir dir_;
};

TEST_F(StatedUnits, FeetInTheFileAreFeet) {
  for (const char* name : {"ft.omf", "ft.vtu", "ft.vtp", "ft.ts"}) {
    const RunResult result = run_lode({"volume", "mesh", in_feet(name), "--json"});
    ASSERT_EQ(result.exit_code, 0) << name << result.err;
    EXPECT_NEAR(volume_of(result), 1000.0, 1e-5) << name;
    EXPECT_NE(result.out.find("\"mesh.unit\""), std::string::npos) << name;
  }
  EXPECT_NEAR(net_of(resources({"--within", in_feet("ft.omf")})), 1000.0, 1e-5);
  EXPECT_EQ(code_of(run_lode({"volume", "mesh", path("ft.omf"), "--unit", "in", "--json"})),
            "mesh.unit");
  EXPECT_NEAR(volume_of(run_lode({"volume", "mesh", path("ft.omf"), "--unit", "ft", "--json"})),
              1000.0, 1e-5);
}

TEST_F(StatedUnits, TheUnitOfADrawingIsSaidButNotTrusted) {
  const RunResult plain = run_lode({"volume", "mesh", in_feet("ft.dxf"), "--json"});
  EXPECT_NEAR(volume_of(plain), 1000.0 / std::pow(0.3048, 3), 1e-3);
  EXPECT_NE(plain.out.find("\"mesh.unit\""), std::string::npos) << plain.out;
  EXPECT_NEAR(volume_of(run_lode({"volume", "mesh", path("ft.dxf"), "--unit", "ft", "--json"})),
              1000.0, 1e-5);
}

TEST_F(StatedUnits, PartsOfADrawingThatAreNotReadAreSaid) {
  ASSERT_EQ(run_lode({"convert", path("cube.obj"), "-o", path("cube.dxf")}).exit_code, 0);
  std::string text = slurp(dir_ / "cube.dxf");
  const auto end = text.rfind("0\nENDSEC");
  ASSERT_NE(end, std::string::npos);
  text.insert(end, "0\nINSERT\n8\n0\n2\nB1\n10\n0\n20\n0\n30\n0\n");
  write("insert.dxf", text);
  const RunResult result = run_lode({"volume", "mesh", path("insert.dxf"), "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.out.find("mesh.left_out"), std::string::npos) << result.out;
}

TEST_F(StatedUnits, AUnitThatIsNoneIsRefused) {
  write(
      "odd.ts",
      "GOCAD TSurf 1\nHEADER {\nname:a\n}\nGOCAD_ORIGINAL_COORDINATE_SYSTEM\nNAME Default\n"
      "AXIS_NAME \"X\" \"Y\" \"Z\"\nAXIS_UNIT \"cubit\" \"cubit\" \"cubit\"\nZPOSITIVE Elevation\n"
      "END_ORIGINAL_COORDINATE_SYSTEM\nTFACE\nVRTX 1 0 0 0\nVRTX 2 1 0 0\nVRTX 3 0 1 0\n"
      "VRTX 4 0 0 1\nTRGL 1 3 2\nTRGL 1 2 4\nTRGL 2 3 4\nTRGL 3 1 4\nEND\n");
  EXPECT_EQ(code_of(run_lode({"volume", "mesh", path("odd.ts"), "--json"})), "mesh.unknown_unit");
}

TEST_F(StatedUnits, TheCrsInTheFileMustAgree) {
  const auto stated = [&](const std::string& crs, const std::string& name) {
    const RunResult done = run_lode(
        {"convert", path("cube.obj"), "--input-crs", crs, "-o", path(name), "--overwrite"});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return path(name);
  };
  const std::string other = stated("EPSG:32630", "z30.omf"), same = stated("EPSG:32629", "z29.omf");
  EXPECT_EQ(code_of(resources({"--within", other})), "mesh.other_crs");
  EXPECT_NEAR(net_of(resources({"--within", same})), 1000.0, 1e-6);
  EXPECT_EQ(code_of(run_lode({"volume", "mesh", other, "--within", path("west.csv"), "--input-crs",
                              "EPSG:32629", "--json"})),
            "mesh.other_crs");
  // Words that name no CRS are said.
  std::string odd = slurp(same);
  write("odd.dxf", "");
  write("odd.ts",
        "GOCAD TSurf 1\nHEADER {\nname:a\n}\nGOCAD_ORIGINAL_COORDINATE_SYSTEM\nNAME Minegrid\n"
        "PROJECTION Minegrid 7\nZPOSITIVE Elevation\nEND_ORIGINAL_COORDINATE_SYSTEM\nTFACE\n"
        "VRTX 1 464800 2265800 400\nVRTX 2 464801 2265800 400\nVRTX 3 464800 2265801 400\n"
        "VRTX 4 464800 2265800 401\nTRGL 1 3 2\nTRGL 1 2 4\nTRGL 2 3 4\nTRGL 3 1 4\nEND\n");
  const RunResult said = resources({"--within", path("odd.ts")});
  EXPECT_NEAR(net_of(said), 1.0 / 6.0, 1e-9);
  EXPECT_NE(said.out.find("mesh.crs_unknown"), std::string::npos) << said.out;
}

TEST_F(StatedUnits, TheCrsOfSolidsGivesTheirUnit) {
  write("feet.obj", obj(cube({6450000, 1850000, 400}, 10.0)));
  write("half.csv",
        "id,wkt\nP,\"POLYGON ((6450000 1850000, 6450005 1850000, 6450005 1850010, 6450000 1850010, "
        "6450000 1850000))\"\n");
  const std::vector<std::string> words{"volume",    "mesh",           path("feet.obj"),
                                       "--within",  path("half.csv"), "--input-crs",
                                       "EPSG:2229", "--json"};
  const RunResult result = run_lode(words);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const double foot = 1200.0 / 3937.0, whole = 1000.0 * foot * foot * foot;
  EXPECT_NEAR(volume_of(result), whole, 1e-7);
  EXPECT_NEAR(result.json().at("results").items()[0].at("net_m3").as_number(), whole / 2, 1e-5);
  std::vector<std::string> both = words;
  both.insert(both.end(), {"--unit", "m"});
  const RunResult refused = run_lode(both);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_EQ(code_of(refused), "usage.unit");
}

TEST_F(StatedUnits, HeightsInFeetAreFeet) {
  // z = 405 + 0.5 (x - 464810) m on cells of 5 m; half of it is the same in feet.
  TinyTiff raster;
  raster.columns = raster.rows = 10;
  raster.corner = {464790, 2265830, 5};
  std::vector<float> metres;
  for (std::uint32_t r = 0; r < 10; ++r)
    for (std::uint32_t c = 0; c < 10; ++c)
      metres.push_back(405.0F + 0.5F * (464792.5F - 464810.0F + 5.0F * static_cast<float>(c)));
  raster.values = metres;
  raster.write(path("m.tif"));
  for (float& z : raster.values) z /= 0.3048F;
  raster.unit = "ft";
  raster.write(path("ft.tif"));
  const auto net = [&](const char* dem) {
    const RunResult result = run_lode({"volume", "mesh", path("cube.obj"), "--below", path(dem),
                                       "--input-crs", "EPSG:32629", "--json"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.json();
  };
  // The plane runs from 400 m in the west of the cube to 405 m in its east.
  EXPECT_NEAR(net("m.tif").at("results").items()[0].at("net_m3").as_number(), 250.0, 1e-6);
  const Json feet = net("ft.tif");
  EXPECT_NEAR(feet.at("results").items()[0].at("net_m3").as_number(), 250.0, 1e-2);
  EXPECT_NE(feet.dump().find("surface.unit_said"), std::string::npos);
}

TEST_F(StatedUnits, PicturesAreNoHeights) {
  TinyTiff raster;
  raster.columns = raster.rows = 10;
  raster.corner = {464790, 2265830, 5};
  raster.values.assign(100, 100.0F);
  raster.bands = 3;
  raster.colours = true;
  raster.write(path("rgb.tif"));
  EXPECT_EQ(code_of(resources({"--below", path("rgb.tif")})), "raster.picture");
  EXPECT_EQ(code_of(run_lode({"volume", "surface", path("rgb.tif"), "--level", "5 m", "--json"})),
            "raster.picture");
}

TEST_F(StatedUnits, OtherBandsAreSaid) {
  TinyTiff raster;
  raster.columns = raster.rows = 10;
  raster.corner = {464790, 2265830, 5};
  raster.values.assign(100, 100.0F);
  raster.bands = 3;
  raster.write(path("three.tif"));
  const RunResult result =
      run_lode({"volume", "surface", path("three.tif"), "--level", "5 m", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.out.find("raster.bands"), std::string::npos);
}

TEST_F(StatedUnits, WhatLiesNowhereNearIsSaid) {
  write("far.csv",
        "id,wkt\nP,\"POLYGON ((764790 2265790, 764805 2265790, 764805 2265820, 764790 2265820, "
        "764790 2265790))\"\n");
  for (const char* option : {"--within", "--outside"}) {
    const RunResult result = resources({option, path("far.csv")});
    EXPECT_EQ(net_of(result), option == std::string("--within") ? 0.0 : 64000.0);
    EXPECT_NE(result.out.find("blocks.apart"), std::string::npos) << option;
  }
  EXPECT_EQ(resources({"--within", path("west.csv")}).out.find("blocks.apart"), std::string::npos);
}

TEST_F(StatedUnits, ASolidThatCountsTwiceCutsNothing) {
  const TriangleMesh one = cube({464800, 2265800, 400}, 10.0),
                     two = cube({464805, 2265805, 405}, 10.0);
  write("over.obj", obj(one) + obj(two, one.vertices.size()));
  EXPECT_EQ(code_of(resources({"--within", path("over.obj")})), "mesh.self_intersecting");
  EXPECT_EQ(code_of(run_lode(
                {"volume", "mesh", path("cube.obj"), "--within", path("over.obj"), "--json"})),
            "mesh.self_intersecting");
}

}  // namespace
}  // namespace lode::test
