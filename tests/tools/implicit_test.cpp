// The command `implicit`: keys, closed forms, what it writes, and refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <numbers>

#include "libgeo/core/text.h"
#include "libgeo/io/mesh_files.h"
#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

using testing::HasSubstr;

class ImplicitCommand : public testing::Test {
 protected:
  // A plane that dips 45 degrees to the east through the middle of a cube of 100 m.
  void SetUp() override {
    write("plane.csv",
          "x,y,z,dip,azimuth\n20,20,80,45,90\n50,80,50,45,90\n80,40,20,45,90\n60,10,40,45,90\n");
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(dir / name, std::ios::binary) << text;
  }
  RunResult run(const std::string& file, std::vector<std::string> more,
                const std::string& crs = "local:m") {
    std::vector<std::string> args{"implicit", (dir / file).string(), "--input-crs", crs, "--json"};
    args.insert(args.end(), more.begin(), more.end());
    return run_lode(args);
  }
  std::string code(const std::string& file, std::vector<std::string> more,
                   const std::string& crs = "local:m") {
    const RunResult result = run(file, std::move(more), crs);
    if (result.exit_code == 0) return "none";
    const std::string code = result.json().at("error").at("code").as_string();
    EXPECT_EQ(result.exit_code, code.rfind("usage.", 0) == 0 ? 2 : 1) << code;
    return code;
  }
  std::vector<std::string> plane(std::vector<std::string> more = {}) const {
    std::vector<std::string> args{"--dip",  "dip",      "--azimuth",         "azimuth", "--drift",
                                  "linear", "--bounds", "0,0,0,100,100,100", "--cell",  "10 m"};
    args.insert(args.end(), more.begin(), more.end());
    return args;
  }
  // A ball of 10 m by points and normals, at coordinates of a projected system.
  void write_ball() {
    std::string text = "x,y,z,val,nx,ny,nz\n";
    for (int i = 0; i < 300; ++i) {
      const double z = 1.0 - (2.0 * i + 1.0) / 300.0, r = std::sqrt(1.0 - z * z),
                   a = std::numbers::pi * (3.0 - std::sqrt(5.0)) * i;
      const double x = r * std::cos(a), y = r * std::sin(a);
      text += number_text(500000.0 + 10.0 * x) + "," + number_text(2000000.0 + 10.0 * y) + "," +
              number_text(10.0 * z) + ",0," + number_text(x) + "," + number_text(y) + "," +
              number_text(z) + "\n";
    }
    write("ball.csv", text);
  }
  TempDir dir;
};

TEST_F(ImplicitCommand, PlaneHalvesTheCube) {
  const RunResult result = run("plane.csv", plane({"--density", "2.5 t/m3"}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json json = result.json();
  const Json& row = json.at("results").items()[0];
  EXPECT_NEAR(row.at("volume_m3").as_number(), 500000.0, 0.1);
  EXPECT_NEAR(row.at("tonnage_t").as_number(), 1250000.0, 0.25);
  // Two whole sides, two halves and the cut of sqrt(2) sides.
  EXPECT_NEAR(row.at("area_m2").as_number(), (3.0 + std::sqrt(2.0)) * 1e4, 0.1);
  EXPECT_EQ(row.at("iso").as_number(), 0.0);
  EXPECT_EQ(row.at("points").as_number(), 4.0);
  EXPECT_TRUE(row.at("closed").as_bool());
  EXPECT_TRUE(row.at("touches_bounds").as_bool());
  EXPECT_EQ(row.at("components").as_number(), 1.0);
  EXPECT_LT(row.at("max_residual").as_number(), 1e-9);
  EXPECT_LT(row.at("rms_residual").as_number(), 1e-9);
  EXPECT_GE(row.at("iterations").as_number(), 0.0);
  EXPECT_GT(row.at("triangles").as_number(), 1000.0);
  EXPECT_EQ(json.at("findings").items()[0].at("code").as_string(), "implicit.cut_off");
  EXPECT_EQ(json.at("summary").at("inside").as_string(), "below");
  // A warning: --strict refuses, and writes nothing.
  EXPECT_EQ(code("plane.csv", plane({"--strict", "-o", (dir / "s.obj").string()})),
            "strict.finding");
  EXPECT_FALSE(std::filesystem::exists(dir / "s.obj"));
  // Above the plane lies the other half; without a density there are no tonnes.
  const Json above = run("plane.csv", plane({"--keep", "above"})).json().at("results").items()[0];
  EXPECT_NEAR(above.at("volume_m3").as_number(), 500000.0, 0.1);
  EXPECT_TRUE(above.at("tonnage_t").is_null());
}

TEST_F(ImplicitCommand, BallIsWrittenAsItIsSaid) {
  write_ball();
  const std::string out = (dir / "ball.obj").string();
  const RunResult result =
      run("ball.csv", {"--normals", "nx,ny,nz", "--cell", "1 m", "--iso", "0,1 m", "-o", out},
          "EPSG:32629");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json json = result.json();
  ASSERT_EQ(json.at("results").items().size(), 2u);
  EXPECT_EQ(json.at("outputs").items().size(), 1u);
  for (std::size_t i = 0; i < 2; ++i) {
    const Json& row = json.at("results").items()[i];
    const double radius = 10.0 + static_cast<double>(i);
    EXPECT_NEAR(
        row.at("volume_m3").as_number() / (4.0 / 3.0 * std::numbers::pi * std::pow(radius, 3)), 1.0,
        i == 0 ? 0.005 : 0.03);
  }
  const std::string text = slurp(out);
  EXPECT_THAT(text, HasSubstr("g iso_0\n"));
  EXPECT_THAT(text, HasSubstr("g iso_1\n"));
  TriangleMesh mesh = read_mesh(out).mesh;
  const double sum = json.at("results").items()[0].at("volume_m3").as_number() +
                     json.at("results").items()[1].at("volume_m3").as_number();
  EXPECT_NEAR(signed_volume_m3(mesh), sum, 1e-6);
  EXPECT_EQ(code("ball.csv", {"--normals", "nx,ny,nz", "--cell", "1 m", "-o", out}, "EPSG:32629"),
            "io.exists");
  // The same solids in a format that keeps triangles and the CRS.
  const std::string omf = (dir / "ball.omf").string();
  const RunResult other =
      run("ball.csv", {"--normals", "nx,ny,nz", "--cell", "1 m", "--iso", "0,1 m", "-o", omf},
          "EPSG:32629");
  ASSERT_EQ(other.exit_code, 0) << other.err;
  EXPECT_THAT(json.at("findings").dump(), HasSubstr("convert.lost"));
  EXPECT_THAT(other.json().at("findings").dump(), testing::Not(HasSubstr("the CRS")));
  ASSERT_EQ(read_meshes(omf).size(), 2u);
  EXPECT_EQ(read_meshes(omf)[1].group, "iso_1");
  EXPECT_NEAR(signed_volume_m3(read_mesh(omf).mesh), sum, 1e-6);
  // The same bytes for any number of threads, values of 0 given or not.
  const auto again = [&](const std::string& jobs, const std::string& name) {
    run("ball.csv",
        {"--normals", "nx,ny,nz", "--value", "val", "--cell", "1 m", "--iso", "0,1", "--jobs", jobs,
         "-o", (dir / name).string()},
        "EPSG:32629");
    return slurp(dir / name);
  };
  EXPECT_EQ(again("1", "one.obj"), text);
  EXPECT_EQ(again("2", "two.obj"), text);
}

TEST_F(ImplicitCommand, FeetAreConverted) {
  const Json row = run("plane.csv",
                       {"--dip", "dip", "--azimuth", "azimuth", "--drift", "linear", "--bounds",
                        "0,0,0,100,100,100", "--cell", "10 ft", "-o", (dir / "ft.obj").string()},
                       "local:ft")
                       .json()
                       .at("results")
                       .items()[0];
  EXPECT_NEAR(row.at("volume_m3").as_number(), 500000.0 * std::pow(0.3048, 3), 0.1);
  const Box3 box = bounds_of(read_mesh((dir / "ft.obj").string()).mesh);
  EXPECT_NEAR(box.upper[0], 100.0, 1e-5);
}

TEST_F(ImplicitCommand, CodedSamples) {
  std::string text = "x,y,z,rock\n";
  for (int i = 0; i < 5; ++i)
    for (int j = 0; j < 5; ++j)
      for (int k = 0; k < 5; ++k)
        text += std::to_string(20 * i + 10) + "," + std::to_string(20 * j + 10) + "," +
                std::to_string(20 * k + 10) + "," + (k < 3 ? "ore" : "host") + "\n";
  write("coded.csv", text);
  const std::vector<std::string> args{"--inside", "rock", "--bounds", "0,0,0,100,100,100",
                                      "--cell",   "10 m", "--drift",  "linear"};
  auto with = args;
  with.insert(with.end(), {"--inside-is", "ore"});
  const RunResult result = run("coded.csv", with);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  // Between layers of samples at 50 and 70 m.
  EXPECT_NEAR(result.json().at("results").items()[0].at("volume_m3").as_number(), 600000.0, 6000.0);
  EXPECT_EQ(code("coded.csv", args), "implicit.word");
  with.back() = "gangue";
  EXPECT_EQ(code("coded.csv", with), "implicit.one_sided");
}

TEST_F(ImplicitCommand, DirtyPoints) {
  write("half.csv", "x,y,z,dip,azimuth\n20,20,80,45,90\n50,80,50,45,\n80,40,20,45,90\n");
  EXPECT_EQ(code("half.csv", plane()), "implicit.orientation");
  write("steep.csv", "x,y,z,dip,azimuth\n20,20,80,45,90\n50,80,50,200,90\n80,40,20,45,90\n");
  EXPECT_EQ(code("steep.csv", plane()), "implicit.angle");
  write("plan.csv", "x,y,dip,azimuth\n20,20,45,90\n50,80,45,90\n");
  EXPECT_EQ(code("plan.csv", plane()), "implicit.no_z");
  write("one.csv", "x,y,z,v\n20,20,80,1\n50,80,50,1\n80,40,20,1\n");
  EXPECT_EQ(code("one.csv", {"--value", "v", "--cell", "5 m"}), "implicit.undetermined");
  write("twice.csv", "x,y,z,v\n20,20,80,1\n20,20,80,2\n80,40,20,1\n");
  EXPECT_EQ(code("twice.csv", {"--value", "v", "--cell", "5 m", "--iso", "1.5"}),
            "implicit.duplicate");
  write("several.csv", "x,y,z,v\n20,20,80,1\n25,20,80,2\n80,40,20,1\n");
  EXPECT_EQ(code("several.csv", {"--value", "v", "--cell", "5 m"}), "implicit.no_iso");
  EXPECT_EQ(code("several.csv", {"--value", "v", "--cell", "5 m", "--iso", "99"}),
            "implicit.no_surface");
  EXPECT_EQ(
      code("several.csv", {"--value", "v", "--cell", "5 m", "--iso", "1.5", "--kernel", "cubic"}),
      "rbf.flat");
  EXPECT_EQ(code("several.csv", {"--value", "v", "--cell", "1 mm", "--iso", "1.5"}),
            "isosurface.too_fine");
  EXPECT_EQ(code("several.csv",
                 {"--value", "v", "--cell", "5 m", "--iso", "1.5", "--kernel", "wendland"}),
            "rbf.range");
  EXPECT_EQ(code("several.csv", {"--value", "v", "--cell", "5 m", "--iso", "1.5", "--kernel",
                                 "cubic", "--drift", "constant"}),
            "rbf.kernel_drift");
  EXPECT_EQ(code("several.csv",
                 {"--value", "v", "--cell", "5 m", "--iso", "1.5", "--tolerance", "1e-300"}),
            "rbf.not_converged");
  EXPECT_EQ(code("several.csv",
                 {"--value", "v", "--cell", "5 m", "--iso", "1.5", "--anisotropy", "0,0,0,1,1,0"}),
            "rbf.anisotropy");
  write("text.csv", "x,y,z,v\n20,20,80,abc\n50,80,50,1\n");
  EXPECT_EQ(code("text.csv", {"--value", "v", "--cell", "5 m"}), "table.bad_number");
  write("degrees.csv", "x,y,z,v\n20,20,80,1\n21,20,80,2\n");
  EXPECT_EQ(code("degrees.csv", {"--value", "v", "--cell", "5 m", "--iso", "1.5"}, "EPSG:4326"),
            "samples.geographic");
}

TEST_F(ImplicitCommand, AskedWrongly) {
  EXPECT_EQ(code("plane.csv", {"--cell", "5 m"}), "usage.implicit");
  EXPECT_EQ(code("plane.csv", {"--dip", "dip", "--cell", "5 m"}), "usage.implicit");
  EXPECT_EQ(code("plane.csv", plane({"--inside", "dip"})), "usage.implicit");
  EXPECT_EQ(code("plane.csv", plane({"--normals", "x,y,z"})), "usage.implicit");
  EXPECT_EQ(code("plane.csv", {"--normals", "x,y", "--cell", "5 m"}), "usage.implicit");
  EXPECT_EQ(code("plane.csv", plane({"--inside-is", "ore"})), "usage.implicit");
  EXPECT_EQ(code("plane.csv", plane({"-o", (dir / "a.gpkg").string()})), "usage.output");
  EXPECT_EQ(code("plane.csv", plane({"--density", "270 t/m3"})), "usage.density");
  EXPECT_EQ(code("plane.csv", plane({"--iso", "5"})), "usage.quantity");
  EXPECT_EQ(code("plane.csv", plane({"--tolerance", "-1 m"})), "usage.tolerance");
  EXPECT_EQ(code("plane.csv", {"--dip", "dip", "--azimuth", "azimuth", "--cell", "5"}),
            "usage.quantity");
  EXPECT_EQ(code("plane.csv", {"--dip", "dip", "--azimuth", "azimuth", "--cell", "5 m", "--bounds",
                               "0,0,0,100,100,-1"}),
            "usage.bounds");
  EXPECT_EQ(code("plane.csv", {"--dip", "dip", "--azimuth", "azimuth", "--cell", "5 m", "--bounds",
                               "0,0,0,100"}),
            "usage.list");
  EXPECT_EQ(code("plane.csv", {"--value", "z", "--cell", "5 m", "--iso", "5 m"}), "usage.list");
}

}  // namespace
}  // namespace lode::test
