// The command `solid`: volumes in closed form, cuts that add up, and refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <tuple>

#include "libgeo/core/text.h"
#include "libgeo/io/mesh_files.h"
#include "libgeo/io/model_files.h"
#include "tests/geometry/solids.h"
#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

using testing::HasSubstr;

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

class Solid : public testing::Test {
 protected:
  void SetUp() override {
    write(dir / "a.obj", obj_text(cube({500000, 4000000, 100}, 10)));
    write(dir / "b.obj", obj_text(cube({500005, 4000005, 105}, 10)));
    // Nodes of a cube of 4 m; the right half is richer.
    std::string text = "x,y,z,hole,treo_pct,zone\n";
    for (int k = 0; k <= 4; ++k)
      for (int j = 0; j <= 4; ++j)
        for (int i = 0; i <= 4; ++i)
          text += std::to_string(500000 + i) + "," + std::to_string(4000000 + j) + "," +
                  std::to_string(100 + k) + ",H" + std::to_string(i) + "," +
                  (i >= 2 ? "2.0" : "0.4") + "," + (j < 2 ? "south" : "north") + "\n";
    write(dir / "points.csv", text);
  }
  RunResult run(const std::string& file, std::vector<std::string> more) {
    std::vector<std::string> args{"solid", (dir / file).string(), "--json"};
    args.insert(args.end(), more.begin(), more.end());
    return run_lode(args);
  }
  Json sound(const std::string& file, std::vector<std::string> more) {
    const RunResult result = run(file, std::move(more));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.json();
  }
  std::string code(const std::string& file, std::vector<std::string> more) {
    const RunResult result = run(file, std::move(more));
    if (result.exit_code == 0) return "none";
    return result.json().at("error").at("code").as_string();
  }
  static double volume(const Json& json, std::size_t row = 0) {
    return json.at("results").items()[row].at("volume_m3").as_number();
  }
  [[nodiscard]] std::string path(const std::string& file) const { return (dir / file).string(); }
  TempDir dir;
};

TEST_F(Solid, Booleans) {
  const std::vector<std::array<std::string, 2>> cases{
      {"unite", "1875"}, {"intersect", "125"}, {"subtract", "875"}};
  for (const auto& [operation, expected] : cases) {
    const Json json = sound("a.obj", {path("b.obj"), "--from", "boolean", "--operation", operation,
                                      "--density", "2.5 t/m3", "-o", path(operation + ".obj")});
    EXPECT_NEAR(volume(json), *parse_number(expected), 1e-6);
    const Json& row = json.at("results").items()[0];
    EXPECT_NEAR(row.at("tonnage_t").as_number(), 2.5 * *parse_number(expected), 1e-5);
    EXPECT_TRUE(row.at("closed").as_bool());
    EXPECT_EQ(json.at("summary").at("steps").items().size(), 1u);
    EXPECT_THAT(json.at("findings").dump(), HasSubstr("solid.no_crs"));
    // What was written is read back as the same solid.
    const Json again = run_lode({"volume", "mesh", path(operation + ".obj"), "--json"}).json();
    EXPECT_NEAR(volume(again), *parse_number(expected), 1e-6);
  }
}

// Two solids of 16 m3 and 32 m3 (groups of the points), in every format that holds surfaces.
TEST_F(Solid, EveryFormatOfSurfaces) {
  const std::vector<std::string> options{"--from",      "intercepts", "--shape", "hull",
                                         "--input-crs", "EPSG:32629", "--group", "zone"};
  const auto write_as = [&](const std::string& file, const std::string& format) {
    auto args = options;
    args.insert(args.end(), {"-o", path(file)});
    if (!format.empty()) args.insert(args.end(), {"--format", format});
    return sound("points.csv", args);
  };
  // Vertices are whole numbers below 2^24: even single precision keeps them.
  for (const auto& [file, format, groups] :
       std::vector<std::tuple<std::string, std::string, std::size_t>>{{"a1.obj", "", 2},
                                                                      {"a2.stl", "stl-text", 2},
                                                                      {"a3.stl", "", 1},
                                                                      {"a4.ply", "", 1},
                                                                      {"a5.off", "", 1},
                                                                      {"a6.vtp", "", 0},
                                                                      {"a7.vtu", "", 0},
                                                                      {"a8.dxf", "", 2},
                                                                      {"a9.ts", "", 2},
                                                                      {"b1.omf", "", 2},
                                                                      {"b2.omf", "omf1", 2}}) {
    const Json json = write_as(file, format);
    ASSERT_EQ(json.at("outputs").items().size(), 1u) << file;
    EXPECT_NEAR(signed_volume_m3(read_mesh(path(file)).mesh), 16.0 + 32.0, 1e-6) << file;
    if (groups > 0) {
      EXPECT_EQ(read_meshes(path(file)).size(), groups) << file;
    }
    const std::string findings = json.at("findings").dump();
    if (groups == 1) {
      EXPECT_THAT(findings, HasSubstr("names and borders of 2 surfaces")) << file;
    }
    // What names its CRS loses none.
    const bool crs = file.ends_with(".omf") || file.ends_with(".ts") || file.ends_with(".vtp") ||
                     file.ends_with(".vtu");
    EXPECT_EQ(findings.find("convert.lost") != std::string::npos &&
                  findings.find("the CRS (EPSG:32629)") != std::string::npos,
              !crs)
        << file << findings;
  }
  EXPECT_EQ(code("points.csv", {"--from", "points", "--shape", "hull", "--input-crs", "local:m",
                                "-o", path("a1.obj")}),
            "io.exists");
}

// Coordinates go back into the unit of the input, and the file says which.
TEST_F(Solid, FeetStayFeet) {
  for (const char* file : {"feet.dxf", "feet.ts"}) {
    const Json json = sound("points.csv", {"--from", "points", "--shape", "hull", "--input-crs",
                                           "local:ft", "-o", path(file)});
    EXPECT_NEAR(volume(json), 64.0 * std::pow(0.3048, 3), 1e-6);
    const MeshFile read = read_mesh(path(file));
    // Readers give metres where the file says its unit, but trust no drawing.
    const double unit = file == std::string("feet.ts") ? 0.3048 : 1.0;
    EXPECT_NEAR(signed_volume_m3(read.mesh), 64.0 * std::pow(unit, 3), 1e-6);
    EXPECT_NEAR(bounds_of(read.mesh).upper[0] / unit, 500004.0, 1e-6);
    EXPECT_EQ(read_model(path(file)).unit, "ft");
  }
}

TEST_F(Solid, CutsOfAHillAddUp) {
  const std::string hill = std::string(LODE_SOURCE_DIR) + "/sample_data/monazite_hill/";
  const auto of = [&](std::vector<std::string> more) {
    std::vector<std::string> args{"solid",   hill + "orebody.obj", "--json",    "--from",
                                  "boolean", "--input-crs",        "EPSG:32629"};
    args.insert(args.end(), more.begin(), more.end());
    const RunResult result = run_lode(args);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return volume(result.json());
  };
  const double whole = of({});
  const std::string permit = hill + "permit.csv", ground = hill + "topography.asc";
  EXPECT_NEAR(of({"--within", permit}) + of({"--outside", permit}), whole, 1e-6 * whole);
  EXPECT_GT(of({"--below", ground}), 0.0);
  EXPECT_LE(of({"--below", ground}), whole * (1 + 1e-9));
}

TEST_F(Solid, HullAndAlphaShapeOfPoints) {
  const Json hull =
      sound("points.csv", {"--from", "points", "--shape", "hull", "--input-crs", "local:m"});
  EXPECT_NEAR(volume(hull), 64.0, 1e-6);
  EXPECT_THAT(hull.at("findings").dump(), HasSubstr("solid.hull"));
  const Json alpha =
      sound("points.csv", {"--from", "points", "--shape", "alpha", "--input-crs", "local:m"});
  EXPECT_NEAR(volume(alpha), 64.0, 1e-6);
  EXPECT_NEAR(alpha.at("results").items()[0].at("alpha_m").as_number(), std::sqrt(3.0) / 2, 1e-6);
  EXPECT_EQ(alpha.at("results").items()[0].at("parts").as_number(), 1.0);
}

TEST_F(Solid, InterceptsByCutoffAndGroup) {
  const Json json =
      sound("points.csv", {"--from", "intercepts", "--shape", "hull", "--input-crs", "local:m",
                           "--value", "treo_pct", "--cutoff", "1 %", "--group", "zone"});
  ASSERT_EQ(json.at("results").items().size(), 2u);
  EXPECT_EQ(json.at("results").items()[0].at("name").as_string(), "south");
  EXPECT_NEAR(volume(json, 0), 2 * 1 * 4, 1e-6);
  EXPECT_NEAR(volume(json, 1), 2 * 2 * 4, 1e-6);
  EXPECT_THAT(json.at("findings").dump(), HasSubstr("solid.middles"));
  EXPECT_EQ(code("points.csv", {"--from", "intercepts", "--shape", "hull", "--input-crs", "local:m",
                                "--value", "treo_pct", "--cutoff", "9 %"}),
            "solid.empty");
}

TEST_F(Solid, InterceptsWithTheirEnds) {
  // Four vertical holes at the corners of 10 x 10 m, one interval of 6 m each: a box of 600 m3.
  std::string text = "x,y,z,hole,from_m,to_m,azimuth_deg,dip_deg,treo_pct\n";
  for (const char* corner : {"0,0", "10,0", "10,10", "0,10"})
    text += std::string(corner) + ",97,H,0,6,0,90,1\n";
  write(dir / "holes.csv", text);
  const std::vector<std::string> options{"--from", "intercepts",  "--shape",
                                         "hull",   "--input-crs", "local:m"};
  EXPECT_NEAR(volume(sound("holes.csv", options)), 600.0, 1e-6);
  write(dir / "holes.csv", text + "5,5,97,H,6,0,0,90,\n");
  EXPECT_EQ(code("holes.csv", options), "solid.interval");
  write(dir / "holes.csv", text + "5,5,97,H,0,6,0,90,\n");
  auto cut = options;
  cut.insert(cut.end(), {"--value", "treo_pct", "--cutoff", "0.5 %"});
  EXPECT_THAT(sound("holes.csv", cut).at("findings").dump(), HasSubstr("solid.no_value"));
}

TEST_F(Solid, PartsAndGroupsTooSmall) {
  std::string text = slurp(dir / "points.csv");
  text += "500100,4000000,100,X,1,far\n";
  for (int k = 0; k < 2; ++k)
    for (int j = 0; j < 2; ++j)
      for (int i = 0; i < 2; ++i)
        text += std::to_string(500050 + i) + "," + std::to_string(4000000 + j) + "," +
                std::to_string(100 + k) + ",Y,1,south\n";
  write(dir / "more.csv", text);
  const Json json = sound("more.csv", {"--from", "points", "--shape", "alpha", "--alpha", "0.9 m",
                                       "--input-crs", "local:m", "--group", "zone"});
  EXPECT_THAT(json.at("findings").dump(), HasSubstr("solid.parts"));
  EXPECT_THAT(json.at("findings").dump(), HasSubstr("solid.too_few"));
  EXPECT_EQ(json.at("results").items().size(), 2u);
}

TEST_F(Solid, Sections) {
  std::string text = "x,y,z,section\n";
  for (const auto& [at, inset] : {std::pair{0, 0}, {12, 2}})
    for (const auto& [x, z] : {std::pair{inset, inset},
                               {10 - inset, inset},
                               {10 - inset, 10 - inset},
                               {inset, 10 - inset}})
      text += std::to_string(x) + "," + std::to_string(at) + "," + std::to_string(z) + ",S" +
              std::to_string(at) + "\n";
  write(dir / "rings.csv", text);
  const std::vector<std::string> options{"--from",  "sections",    "--section",
                                         "section", "--input-crs", "local:m"};
  EXPECT_NEAR(volume(sound("rings.csv", options)), 12.0 / 3.0 * (100 + 36 + 60), 1e-9);
  auto drawn = options;
  drawn.insert(drawn.end(), {"--ends", "1 m"});
  EXPECT_NEAR(volume(sound("rings.csv", drawn)), 784.0 + 136.0, 1e-9);
  write(dir / "one.csv", "x,y,z,section\n0,0,0,A\n1,0,0,A\n1,0,1,A\n");
  EXPECT_EQ(code("one.csv", options), "solid.section");
}

TEST_F(Solid, BadInputs) {
  const std::vector<std::string> boolean{"--from", "boolean"};
  TriangleMesh open = cube({0, 0, 0}, 10);
  open.triangles.pop_back();
  write(dir / "open.obj", obj_text(open));
  EXPECT_EQ(code("open.obj", boolean), "mesh.open");
  write(dir / "crossed.obj", obj_text(joined(cube({0, 0, 0}, 10), cube({5, 5, 5}, 10))));
  EXPECT_EQ(code("a.obj", {path("crossed.obj"), "--from", "boolean", "--operation", "unite"}),
            "mesh.self_intersecting");
  write(dir / "edge.obj", obj_text(cube({500010, 4000010, 100}, 10)));
  EXPECT_EQ(code("a.obj", {path("edge.obj"), "--from", "boolean", "--operation", "unite"}),
            "solid.boolean");
  EXPECT_EQ(code("a.obj", {path("edge.obj"), "--from", "boolean", "--operation", "intersect"}),
            "solid.empty");
  EXPECT_EQ(code("a.obj", {"--from", "boolean", "--input-crs", "EPSG:4326"}), "solid.geographic");
  write(dir / "flat.csv", "x,y,z\n0,0,5\n1,0,5\n1,1,5\n0,1,5\n");
  EXPECT_EQ(code("flat.csv", {"--from", "points", "--shape", "hull", "--input-crs", "local:m"}),
            "solid.too_few");
  EXPECT_EQ(code("flat.csv", {"--from", "points", "--shape", "hull"}), "crs.missing");
  write(dir / "no_z.csv", "x,y\n0,0\n1,0\n1,1\n0,1\n");
  EXPECT_EQ(code("no_z.csv", {"--from", "points", "--shape", "hull", "--input-crs", "local:m"}),
            "solid.too_few");
  write(dir / "zones.csv",
        "id,wkt\n1,\"POLYGON((499000 3999000,501000 3999000,501000 4001000,499000 3999000))\"\n");
  EXPECT_EQ(code("a.obj", {"--from", "boolean", "--within", path("zones.csv")}), "crs.missing");
}

// A surface in a file that covers the half of a cube.
TEST_F(Solid, SurfacesThatCoverInPartOrLieBelow) {
  TriangleMesh ground;
  ground.vertices = {{499990, 3999990, 104},
                     {500005, 3999990, 104},
                     {500005, 4000020, 104},
                     {499990, 4000020, 104}};
  ground.triangles = {{0, 1, 2}, {0, 2, 3}};
  write(dir / "ground.obj", obj_text(ground));
  const Json json = sound("a.obj", {"--from", "boolean", "--below", path("ground.obj")});
  EXPECT_NEAR(volume(json), 5 * 10 * 4, 1e-6);
  EXPECT_THAT(json.at("findings").dump(), HasSubstr("surface.uncovered"));
  for (auto& v : ground.vertices) v[2] = 50;
  write(dir / "low.obj", obj_text(ground));
  EXPECT_EQ(code("a.obj", {"--from", "boolean", "--below", path("low.obj")}), "solid.empty");
}

TEST_F(Solid, Usage) {
  EXPECT_EQ(code("points.csv", {"--from", "points"}), "usage.shape");
  EXPECT_EQ(code("points.csv", {"--from", "points", "--shape", "hull", "--alpha", "3 m"}),
            "usage.shape");
  EXPECT_EQ(code("points.csv", {"--from", "points", "--shape", "hull", "--operation", "unite"}),
            "usage.from");
  EXPECT_EQ(code("points.csv", {"--from", "points", "--shape", "hull", "--value", "treo_pct"}),
            "usage.cutoff");
  EXPECT_EQ(code("points.csv", {"--from", "sections"}), "usage.section");
  EXPECT_EQ(code("a.obj", {path("b.obj"), "--from", "boolean"}), "usage.operation");
  EXPECT_EQ(code("a.obj", {"--from", "boolean", "--density", "2700 t/m3"}), "usage.range");
  EXPECT_EQ(code("a.obj", {"--from", "boolean", "-o", path("x.str")}), "usage.output");
  EXPECT_EQ(code("a.obj", {"--from", "boolean", "-o", path("obj")}), "usage.output");
  EXPECT_EQ(code("a.obj", {"--from", "boolean", "--format", "stl"}), "usage.output");
  EXPECT_EQ(run("points.csv", {"--from", "points"}).exit_code, 2);
}

}  // namespace
}  // namespace lode::test
