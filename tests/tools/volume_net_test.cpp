// `volume mesh` net of topography, polygons and solids: closed forms, and gross less all is net.
#include <gtest/gtest.h>

#include <fstream>

#include "libgeo/core/text.h"
#include "tests/geometry/solids.h"
#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string obj(const TriangleMesh& mesh) {
  std::string text;
  for (const auto& v : mesh.vertices)
    text += "v " + number_text(v[0]) + " " + number_text(v[1]) + " " + number_text(v[2]) + "\n";
  for (const auto& t : mesh.triangles)
    text += "f " + std::to_string(t[0] + 1) + " " + std::to_string(t[1] + 1) + " " +
            std::to_string(t[2] + 1) + "\n";
  return text;
}

TEST(VolumeNet, CubeUnderASlopeInAPermitBesideARiver) {
  const TempDir dir;
  write(dir / "cube.obj", obj(cube({0, 0, 0}, 10.0)));
  write(dir / "core.obj", obj(cube({2, 4, 0}, 2.0)));
  write(dir / "slope.off",
        "OFF\n4 2 0\n-99 -99 -99\n99 -99 99\n99 99 99\n-99 99 -99\n"
        "3 0 1 2\n3 0 2 3\n");
  write(dir / "west.csv", "WKT,id\n\"POLYGON((-9 -9,8 -9,8 19,-9 19,-9 -9))\",1\n");
  const auto path = [&](const char* name) { return (dir / name).string(); };
  const std::vector<std::string> plain{"volume",    "mesh",   path("cube.obj"),
                                       "--density", "2 t/m3", "--json"};
  auto with = [&](std::vector<std::string> more) {
    std::vector<std::string> args = plain;
    args.insert(args.end(), more.begin(), more.end());
    return run_lode(args);
  };
  const RunResult result = with({"--within", path("west.csv"), "--outside", path("core.obj"),
                                 "--below", path("slope.off"), "--input-crs", "local:m"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json row = result.json().at("results").items()[0];
  EXPECT_NEAR(row.at("gross_m3").as_number(), 1000.0, 1e-10);
  // Below z = x and west of 8: 320; of the core below z = x, which lies west: all of it.
  EXPECT_NEAR(row.at("net_m3").as_number(), 320.0 - 8.0, 1e-10);
  EXPECT_NEAR(row.at("net_t").as_number(), 2.0 * 312.0, 1e-10);
  const auto& taken = row.at("taken").items();
  ASSERT_EQ(taken.size(), 3U);
  const double alone[] = {200.0, 8.0, 500.0}, order[] = {200.0, 8.0, 480.0};
  const double marginal[] = {180.0, 8.0, 480.0};
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_NEAR(taken[c].at("alone_m3").as_number(), alone[c], 1e-10);
    EXPECT_NEAR(taken[c].at("in_order_m3").as_number(), order[c], 1e-10);
    EXPECT_NEAR(taken[c].at("marginal_m3").as_number(), marginal[c], 1e-10);
    EXPECT_NEAR(taken[c].at("alone_t").as_number(), 2.0 * alone[c], 1e-10);
  }
  EXPECT_FALSE(with({}).json().at("results").items()[0].has("net_m3"));
  EXPECT_EQ(with({"--within", path("west.csv")}).json().at("error").at("code").as_string(),
            "crs.missing");
}

TEST(VolumeNet, TheSampleOrebodyAddsUp) {
  const RunResult result =
      run_lode({"volume", "mesh", "orebody.obj", "--density", "2.9 t/m3", "--input-crs",
                "EPSG:32629", "--within", "permit.csv", "--outside", "river.csv=50 m", "--below",
                "topography.asc", "--json"},
               std::string(LODE_SOURCE_DIR) + "/sample_data/monazite_hill");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json row = result.json().at("results").items()[0];
  EXPECT_NEAR(row.at("gross_m3").as_number() / row.at("volume_m3").as_number(), 1.0, 1e-12);
  double left = row.at("gross_m3").as_number();
  for (const Json& one : row.at("taken").items()) {
    left -= one.at("in_order_m3").as_number();
    EXPECT_LE(one.at("marginal_m3").as_number(), one.at("alone_m3").as_number() + 1e-6);
  }
  EXPECT_NEAR(left, row.at("net_m3").as_number(), 1e-7);
}

}  // namespace
}  // namespace lode::test
