// The commands `blocks create`, `blocks code` and `blocks reblock`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "libgeo/core/text.h"
#include "tests/geometry/solids.h"
#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

using testing::HasSubstr;

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

std::string code_of_run(const RunResult& run) {
  return run.exit_code == 0 ? "none" : run.json().at("error").at("code").as_string();
}

TEST(BlocksCreate, SharesOfASolidAddUpToItsVolume) {
  const TempDir dir;
  const TriangleMesh ball = sphere({512000.0, 6120000.0, 50.0}, 40.0, 4);
  write(dir / "ball.obj", obj(ball));
  const RunResult run =
      run_lode({"blocks", "create", "--origin", "511950,6119950,0", "--spacing", "10,10,5 m",
                "--count", "10,10,20", "--within", (dir / "ball.obj").string(), "-o",
                (dir / "blocks.csv").string(), "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.err << run.out;
  const Json json = run.json();
  const Json& row = json.at("results").items()[0];
  EXPECT_NEAR(row.at("volume_m3").as_number() / signed_volume_m3(ball), 1.0, 1e-10);
  EXPECT_EQ(row.at("blocks").as_integer(), 2000);
  EXPECT_GT(row.at("cut_blocks").as_integer(), 100);
  const std::string text = slurp(dir / "blocks.csv");
  EXPECT_THAT(text, testing::StartsWith("x,y,z,dx,dy,dz,share\n"));
  EXPECT_EQ(static_cast<std::int64_t>(std::count(text.begin(), text.end(), '\n')),
            row.at("written").as_integer() + 1);
  EXPECT_EQ(code_of_run(run_lode({"blocks", "create", "--origin", "0,0,0", "--spacing", "10 m",
                                  "--count", "2,2,2", "-o", (dir / "b.shp").string(), "--json"})),
            "usage.output");
}

TEST(BlocksCreate, ARotatedGridIsKnownAgain) {
  const TempDir dir;
  const std::string blocks = (dir / "blocks.csv").string();
  ASSERT_EQ(run_lode({"blocks", "create", "--origin", "500000,4000000,0", "--spacing", "10,20,5 m",
                      "--count", "6,5,3", "--rotation", "30", "-o", blocks})
                .exit_code,
            0);
  write(dir / "cube.obj", obj(cube({500000.0, 4000000.0, 0.0}, 12.0)));
  const RunResult run =
      run_lode({"blocks", "code", blocks, "--solid", "ore=" + (dir / "cube.obj").string(), "-o",
                (dir / "coded.csv").string(), "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.err << run.out;
  EXPECT_THAT(run.json().at("findings").dump(), HasSubstr("blocks.rotated"));
  // What of the cube lies within the turned grid: the part of the square with azimuth 30 to 120.
  const double tan30 = std::tan(30.0 * 3.141592653589793 / 180.0);
  EXPECT_NEAR(run.json().at("results").items()[0].at("volume_m3").as_number(),
              12.0 * (144.0 - 12.0 * 12.0 * tan30 / 2.0), 1e-6);
}

TEST(BlocksCode, ColumnsOfSolidsPolygonsSurfacesAndHoles) {
  const TempDir dir;
  const auto path = [&](const std::string& name) { return (dir / name).string(); };
  write(dir / "blocks.csv",
        "x,y,z,dx,dy,dz,note\n5,5,5,10,10,10,\"a, b\"\n15,5,5,10,10,10,\n25,5,5,10,10,10,c\n");
  write(dir / "ore.obj", obj(cube({2.5, 0.0, 0.0}, 10.0)));
  write(dir / "permit.csv", "WKT,id\n\"POLYGON((0 0,20 0,20 5,0 5,0 0))\",1\n");
  write(dir / "top.off", "OFF\n4 2 0\n0 -10 10\n40 -10 10\n40 30 10\n0 30 10\n3 0 1 2\n3 0 2 3\n");
  write(dir / "samples.csv", "x,y,z,hole\n5,5,5,A\n5,5,0,A\n15,5,5,B\n25,5,5,C\n");
  write(dir / "rules.toml", "[[classes]]\nname = \"measured\"\nwhen = [\"x <= 15\"]\n");
  const RunResult run = run_lode({"blocks",
                                  "code",
                                  path("blocks.csv"),
                                  "--solid",
                                  "ore=" + path("ore.obj"),
                                  "--polygon",
                                  "permit=" + path("permit.csv"),
                                  "--surface",
                                  "ground=" + path("top.off"),
                                  "--domain",
                                  "--samples",
                                  path("samples.csv"),
                                  "--hole",
                                  "hole",
                                  "--classify",
                                  path("rules.toml"),
                                  "--input-crs",
                                  "local:m",
                                  "-o",
                                  path("coded.csv"),
                                  "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.err << run.out;
  EXPECT_EQ(slurp(dir / "coded.csv"),
            "x,y,z,dx,dy,dz,note,ore,ground,permit,domain,nearest_hole_m,hole_spacing_m,class\n"
            "5,5,5,10,10,10,\"a, b\",0.75,1,0.5,ore,0,10,measured\n"
            "15,5,5,10,10,10,,0.25,1,0.5,permit,0,6.666666666666667,measured\n"
            "25,5,5,10,10,10,c,0,1,0,,0,10,unclassified\n");
  EXPECT_NEAR(run.json().at("results").items()[0].at("volume_m3").as_number(), 1000.0, 1e-9);
}

// What a solid, polygons and a sloping surface leave together is no product of their shares.
TEST(BlocksCode, NetOfAllConstraintsTogether) {
  const TempDir dir;
  const auto path = [&](const std::string& name) { return (dir / name).string(); };
  write(dir / "blocks.csv", "x,y,z,dx,dy,dz\n5,5,5,10,10,10\n15,5,5,10,10,10\n25,5,5,10,10,10\n");
  write(dir / "ore.obj", obj(cube({2.5, 0.0, 0.0}, 10.0)));
  write(dir / "taken.csv", "WKT,id\n\"POLYGON((0 0,20 0,20 5,0 5,0 0))\",1\n");
  // z = x / 2.
  write(dir / "slope.off", "OFF\n4 2 0\n0 -10 0\n40 -10 20\n40 30 20\n0 30 0\n3 0 1 2\n3 0 2 3\n");
  write(dir / "river.csv", "WKT,id\n\"LINESTRING(27.5 -100,27.5 200)\",1\n");
  const auto coded = [&](std::vector<std::string> more) {
    std::vector<std::string> args{"blocks",        "code",    path("blocks.csv"),
                                  "--input-crs",   "local:m", "-o",
                                  path("out.csv"), "--json",  "--overwrite"};
    args.insert(args.end(), more.begin(), more.end());
    return run_lode(args);
  };
  const RunResult run =
      coded({"--within", path("ore.obj"), "--outside", path("taken.csv"), "--below",
             path("slope.off"), "--polygon", "taken=" + path("taken.csv"), "--domain"});
  ASSERT_EQ(run.exit_code, 0) << run.err << run.out;
  // The integral of x / 2 from 2.5 to 10 and from 10 to 12.5, over 5 m of y.
  EXPECT_EQ(slurp(dir / "out.csv"),
            "x,y,z,dx,dy,dz,taken,net_share,domain\n5,5,5,10,10,10,0.5,0.1171875,taken\n"
            "15,5,5,10,10,10,0.5,0.0703125,taken\n25,5,5,10,10,10,0,0,\n");
  const Json row = run.json().at("results").items()[1];
  EXPECT_EQ(row.at("column").as_string(), "net_share");
  EXPECT_NEAR(row.at("volume_m3").as_number(), 187.5, 1e-9);
  EXPECT_EQ(row.at("cut_blocks").as_integer(), 2);
  // The same figure as `resources` has for the same constraints.
  write(dir / "graded.csv",
        "x,y,z,dx,dy,dz,treo_pct\n5,5,5,10,10,10,1\n15,5,5,10,10,10,1\n25,5,5,10,10,10,1\n");
  const RunResult other =
      run_lode({"resources", path("graded.csv"), "--input-crs", "local:m", "--grade", "treo_pct",
                "--density", "2 t/m3", "--cutoffs", "0.5 %", "--within", path("ore.obj"),
                "--outside", path("taken.csv"), "--below", path("slope.off"), "--json"});
  ASSERT_EQ(other.exit_code, 0) << other.err << other.out;
  const Json resource = other.json();
  const Json& curve = resource.at("summary").at("curve").items()[0];
  EXPECT_NEAR(curve.at("rock_t").as_number(), 2.0 * row.at("volume_m3").as_number(), 1e-9);

  const RunResult river = coded({"--outside", path("river.csv") + "=5 m"});
  ASSERT_EQ(river.exit_code, 0) << river.err << river.out;
  // Nowhere narrower than 5 m, and a hair wider.
  const Json left = river.json().at("results").items()[0];
  EXPECT_LE(left.at("volume_m3").as_number(), 2250.0);
  EXPECT_GT(left.at("volume_m3").as_number(), 2249.0);
  // Nothing lies above where there is no surface, and that is said.
  write(dir / "half.off", "OFF\n4 2 0\n0 -10 0\n15 -10 0\n15 30 0\n0 30 0\n3 0 1 2\n3 0 2 3\n");
  const RunResult half = coded({"--above", path("half.off")});
  ASSERT_EQ(half.exit_code, 0) << half.err << half.out;
  EXPECT_NEAR(half.json().at("results").items()[0].at("volume_m3").as_number(), 1500.0, 1e-9);
  EXPECT_THAT(half.json().at("findings").dump(), HasSubstr("surface.uncovered"));

  const auto refused = [&](std::vector<std::string> more) {
    return code_of_run(coded(std::move(more)));
  };
  EXPECT_EQ(refused({"--within", path("river.csv")}), "blocks.not_polygon");
  EXPECT_EQ(refused({"--within", path("taken.csv") + "=5 m"}), "usage.setback");
  EXPECT_EQ(refused({"--within", path("none.csv")}), "io.missing_file");
  EXPECT_EQ(refused({"--below", path("slope.off"), "--polygon", "net_share=" + path("taken.csv")}),
            "usage.name");
  write(dir / "blocks.csv", "x,y,z,dx,dy,dz,net_share\n5,5,5,10,10,10,1\n");
  EXPECT_EQ(refused({"--below", path("slope.off")}), "blocks.column_exists");
}

TEST(BlocksCode, RulesHoldAgainstTheSpacingOfTheSameRun) {
  const TempDir dir;
  const auto path = [&](const std::string& name) { return (dir / name).string(); };
  write(dir / "blocks.csv",
        "x,y,z,dx,dy,dz,pass\n5,5,5,10,10,10,1\n15,5,5,10,10,10,1\n25,5,5,10,10,10,2\n");
  write(dir / "samples.csv", "x,y,z,hole\n5,5,5,A\n15,5,5,B\n25,5,5,C\n");
  const std::string rules =
      "[[classes]]\nname = \"measured\"\nwhen = [\"hole_spacing_m <= 7\", \"pass <= 1\"]\n"
      "[[classes]]\nname = \"indicated\"\nwhen = [\"pass <= 1\", \"nearest_hole_m <= 0\"]\n";
  const auto coded = [&] {
    const RunResult run =
        run_lode({"blocks", "code", path("blocks.csv"), "--samples", path("samples.csv"), "--hole",
                  "hole", "--classify", path("rules.toml"), "--input-crs", "local:m", "-o",
                  path("coded.csv"), "--json", "--overwrite"});
    EXPECT_EQ(run.exit_code, 0) << run.err << run.out;
    return slurp(dir / "coded.csv");
  };
  write(dir / "rules.toml", rules);
  // Distances to the three holes: 0 10 20, 10 0 10 and 20 10 0.
  EXPECT_EQ(coded(),
            "x,y,z,dx,dy,dz,pass,nearest_hole_m,hole_spacing_m,class\n"
            "5,5,5,10,10,10,1,0,10,indicated\n15,5,5,10,10,10,1,0,6.666666666666667,measured\n"
            "25,5,5,10,10,10,2,0,10,unclassified\n");
  // Smoothing reads the model once more: the middle block alone has two neighbours of one class.
  write(dir / "rules.toml",
        "[[classes]]\nname = \"measured\"\nwhen = [\"hole_spacing_m <= 7\"]\n"
        "[[classes]]\nname = \"indicated\"\nwhen = [\"hole_spacing_m <= 12\"]\n"
        "[smoothing]\nblocks = 1\nrounds = 1\n");
  EXPECT_THAT(coded(), HasSubstr("6.666666666666667,indicated\n"));
}

TEST(BlocksCode, Refusals) {
  const TempDir dir;
  const auto path = [&](const std::string& name) { return (dir / name).string(); };
  write(dir / "blocks.csv", "x,y,z,dx,dy,dz,ore\n5,5,5,10,10,10,1\n");
  write(dir / "ore.obj", obj(cube({2.5, 0.0, 0.0}, 10.0)));
  const auto code = [&](std::vector<std::string> more) {
    std::vector<std::string> args{"blocks", "code",          path("blocks.csv"),
                                  "-o",     path("out.csv"), "--json"};
    args.insert(args.end(), more.begin(), more.end());
    return code_of_run(run_lode(args));
  };
  EXPECT_EQ(code({"--solid", "ore=" + path("ore.obj")}), "blocks.column_exists");
  EXPECT_EQ(code({"--solid", path("ore.obj")}), "usage.pairs");
  EXPECT_EQ(code({"--solid", "a=" + path("ore.obj"), "--solid", "A=" + path("ore.obj")}),
            "usage.name");
  EXPECT_EQ(code({}), "usage.nothing");
  EXPECT_EQ(code({"--samples", path("blocks.csv")}), "usage.hole");
  write(dir / "flat.csv", "x,y,hole\n1,1,A\n");
  EXPECT_EQ(code({"--samples", path("flat.csv"), "--hole", "hole"}), "blocks.sample_z");
  write(dir / "rules.toml",
        "[[classes]]\nname = \"a\"\nwhen = [\"x <= 15\"]\n[smoothing]\nblocks = 1\n");
  write(dir / "blocks.csv", "x,y,z,dx,dy,dz\n5,5,5,10,10,10\n12.5,5,5,5,10,10\n");
  EXPECT_EQ(code({"--classify", path("rules.toml")}), "classes.not_regular");
  write(dir / "blocks.csv", "title\n6\nx\ny\nz\ndx\ndy\ndz\n5 5 5 10 10 10\n");
  EXPECT_EQ(code({"--solid", "a=" + path("ore.obj")}), "blocks.not_csv");
  EXPECT_FALSE(std::filesystem::exists(dir / "out.csv"));
}

TEST(BlocksReblock, SubBlocksIntoParents) {
  const TempDir dir;
  const auto path = [&](const std::string& name) { return (dir / name).string(); };
  write(dir / "blocks.csv",
        "x,y,z,dx,dy,dz,treo_pct,density_t_m3\n5,5,5,10,10,10,1,2\n12.5,5,5,5,10,10,2,3\n"
        "17.5,5,5,5,10,10,5,1\n");
  RunResult run =
      run_lode({"blocks", "reblock", path("blocks.csv"), "--size", "10,10,10 m", "--value",
                "treo_pct", "--density", "density_t_m3", "-o", path("parents.csv"), "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.err << run.out;
  // (2 x 3 + 5 x 1) / 4 by mass, density (3 + 1) / 2 by volume.
  EXPECT_EQ(slurp(dir / "parents.csv"),
            "x,y,z,dx,dy,dz,share,treo_pct,density_t_m3\n5,5,5,10,10,10,1,1,2\n"
            "15,5,5,10,10,10,1,2.75,2\n");
  run = run_lode({"blocks", "reblock", path("blocks.csv"), "--origin", "0,0,0", "--spacing", "10 m",
                  "--count", "1,1,1", "--value", "treo_pct", "-o", path("one.csv"), "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.err << run.out;
  EXPECT_THAT(run.out, HasSubstr("reblock.outside"));
  EXPECT_EQ(code_of_run(run_lode({"blocks", "reblock", path("blocks.csv"), "--value", "treo_pct",
                                  "-o", path("two.csv"), "--json"})),
            "usage.grid");
}

TEST(BlocksReblock, SharesCountAndWhatIsMissingIsSaid) {
  const TempDir dir;
  const auto path = [&](const std::string& name) { return (dir / name).string(); };
  const auto run = [&](std::vector<std::string> more) {
    std::vector<std::string> list{"blocks",       "reblock", path("blocks.csv"),  "--size",
                                  "20,10,10 m",   "--value", "treo_pct",          "--density",
                                  "density_t_m3", "-o",      path("parents.csv"), "--json",
                                  "--overwrite"};
    list.insert(list.end(), more.begin(), more.end());
    return run_lode(list);
  };
  write(dir / "blocks.csv",
        "x,y,z,dx,dy,dz,share,treo_pct,density_t_m3\n5,5,5,10,10,10,0.5,1,2\n"
        "15,5,5,10,10,10,0.25,4,2\n");
  RunResult result = run({"--share", "share"});
  ASSERT_EQ(result.exit_code, 0) << result.err << result.out;
  // 500 and 250 m3 of 2000: (2 x 1 + 1 x 4) / 3.
  EXPECT_EQ(slurp(dir / "parents.csv"),
            "x,y,z,dx,dy,dz,share,treo_pct,density_t_m3\n10,5,5,20,10,10,0.375,2,2\n");
  EXPECT_EQ(result.json().at("summary").at("volume_m3").as_number(), 750.0);
  EXPECT_THAT(result.out, testing::Not(HasSubstr("reblock.")));
  result = run({});
  ASSERT_EQ(result.exit_code, 0) << result.err << result.out;
  EXPECT_THAT(result.out, HasSubstr("reblock.share_unused"));
  EXPECT_THAT(slurp(dir / "parents.csv"), HasSubstr("20,10,10,1,2.5,2\n"));

  write(dir / "blocks.csv",
        "x,y,z,dx,dy,dz,share,treo_pct,density_t_m3\n5,5,5,10,10,10,0.5,,2\n"
        "15,5,5,10,10,10,0.25,4,\n25,5,5,10,10,10,,4,2\n35,5,5,10,10,10,1,3,2\n");
  result = run({"--share", "share"});
  ASSERT_EQ(result.exit_code, 0) << result.err << result.out;
  EXPECT_THAT(result.out, HasSubstr("reblock.missing"));
  EXPECT_THAT(result.out, HasSubstr("blocks lack 'treo_pct' (500 m3)"));
  EXPECT_THAT(result.out, HasSubstr("blocks lack 'density_t_m3' (250 m3)"));
  EXPECT_THAT(result.out, HasSubstr("blocks lack 'share' (1000 m3)"));
  EXPECT_EQ(result.json().at("summary").at("volume_m3").as_number(), 1750.0);

  write(dir / "blocks.csv", "x,y,z,dx,dy,dz,share,treo_pct,density_t_m3\n5,5,5,10,10,10,1.5,1,2\n");
  EXPECT_EQ(code_of_run(run({"--share", "share"})), "blocks.share");
  EXPECT_EQ(code_of_run(run({})), "blocks.share");
}

}  // namespace
}  // namespace lode::test
