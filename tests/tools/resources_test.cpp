// The command `resources`: the contract's keys, exact constraints, classes, and refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
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

// 4 x 4 x 2 blocks of 10 x 10 x 5 m from (1000, 2000, 0) on; grade rises with x: 0.5, 1, 1.5, 2 %.
std::vector<std::string> rows() {
  std::vector<std::string> list;
  for (int k = 0; k < 2; ++k)
    for (int j = 0; j < 4; ++j)
      for (int i = 0; i < 4; ++i)
        list.push_back(std::to_string(1005 + 10 * i) + "," + std::to_string(2005 + 10 * j) + "," +
                       (k == 0 ? "2.5" : "7.5") + ",10,10,5," + number_text(0.5 * (i + 1)) +
                       ",2.5," + (j < 2 ? "measured" : "indicated") + "," +
                       std::to_string(20 * (j + 1)));
  return list;
}

const std::string header = "x,y,z,dx,dy,dz,treo_pct,density_t_m3,class,spacing_m\n";

std::string text_of(const std::vector<std::string>& list) {
  std::string text = header;
  for (const std::string& row : list) text += row + "\n";
  return text;
}

class Resources : public testing::Test {
 protected:
  void SetUp() override { write(dir / "blocks.csv", text_of(rows())); }

  RunResult run(std::vector<std::string> more, const std::string& cutoffs = "0.5,1,1.5,2 %") {
    std::vector<std::string> args{"resources", (dir / "blocks.csv").string(),
                                  "--grade",   "treo_pct",
                                  "--density", "density_t_m3",
                                  "--cutoffs", cutoffs,
                                  "--json"};
    args.insert(args.end(), more.begin(), more.end());
    return run_lode(args);
  }
  std::string code(std::vector<std::string> more, const std::string& cutoffs = "1 %") {
    const RunResult result = run(std::move(more), cutoffs);
    if (result.exit_code == 0) return "none";
    return result.json().at("error").at("code").as_string();
  }
  void change(std::size_t row, const std::string& to) {
    auto list = rows();
    list[row] = to;
    write(dir / "blocks.csv", text_of(list));
  }
  TempDir dir;
};

TEST_F(Resources, CurveOfTheContract) {
  const RunResult result = run({});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json json = result.json();
  const auto& curve = json.at("results").items()[0].at("curve").items();
  ASSERT_EQ(curve.size(), 4u);
  // 8 blocks of 500 m3 a grade.
  const double rock[] = {40000, 30000, 20000, 10000};
  const double product[] = {500, 450, 350, 200};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(curve[i].at("cutoff_pct").as_number(), 0.5 * static_cast<double>(i + 1));
    EXPECT_EQ(curve[i].at("rock_t").as_number(), rock[i]);
    EXPECT_EQ(curve[i].at("volume_m3").as_number(), rock[i] / 2.5);
    EXPECT_NEAR(curve[i].at("product_t").as_number(), product[i], 1e-9);
    EXPECT_NEAR(curve[i].at("mean_grade_pct").as_number(), 100 * product[i] / rock[i], 1e-12);
    EXPECT_EQ(curve[i].at("basis").as_string(), "oxide TREO");
  }
  EXPECT_EQ(json.at("summary").at("curve").items().size(), 4u);
  EXPECT_EQ(json.at("summary").at("tonnes").as_string(), "dry");
  EXPECT_THAT(json.at("findings").dump(), HasSubstr("blocks.no_crs"));
  EXPECT_GE(json.at("summary").at("checklist").size(), 5u);
  // The same in ppm.
  const Json ppm = run({}, "5000,15000 ppm").json();
  EXPECT_EQ(ppm.at("summary").at("curve").items()[1].at("cutoff_ppm").as_number(), 15000.0);
  EXPECT_EQ(ppm.at("summary").at("curve").items()[0].at("rock_t").as_number(), 40000.0);
}

TEST_F(Resources, ShuffledRowsAndThreadsGiveTheSameBytes) {
  auto list = rows();
  const std::string before = run({"--class", "class", "--jobs", "1"}).json().at("results").dump();
  std::reverse(list.begin(), list.end());
  std::swap(list[3], list[20]);
  write(dir / "blocks.csv", text_of(list));
  const Json after = run({"--class", "class", "--jobs", "3"}).json();
  EXPECT_EQ(before, after.at("results").dump());
}

TEST_F(Resources, ClassesOfAColumnAndOfRules) {
  const Json json = run({"--class", "class"}).json();
  const auto& results = json.at("results").items();
  ASSERT_EQ(results.size(), 3u);
  EXPECT_EQ(results[0].at("class").as_string(), "all");
  EXPECT_EQ(results[1].at("class").as_string(), "measured");
  EXPECT_EQ(results[1].at("rock_t").as_number(), 20000.0);
  EXPECT_EQ(results[2].at("class").as_string(), "indicated");
  write(dir / "rules.toml",
        "[[classes]]\nname = \"measured\"\nwhen = [\"spacing_m <= 20\"]\n"
        "[[classes]]\nname = \"inferred\"\nwhen = [\"spacing_m <= 60\"]\n");
  const Json ruled = run({"--classify", (dir / "rules.toml").string()}).json();
  const auto& rows_of = ruled.at("results").items();
  ASSERT_EQ(rows_of.size(), 4u);
  EXPECT_EQ(rows_of[1].at("rock_t").as_number(), 10000.0);
  EXPECT_EQ(rows_of[1].at("unfc").as_string(), "E3,F3,G1");
  EXPECT_EQ(rows_of[2].at("rock_t").as_number(), 20000.0);
  EXPECT_EQ(rows_of[3].at("class").as_string(), "unclassified");
  EXPECT_EQ(rows_of[3].at("rock_t").as_number(), 10000.0);
  // Smoothed over three blocks each way all take the class of most of them.
  write(dir / "smooth.toml",
        "[[classes]]\nname = \"measured\"\nwhen = [\"spacing_m <= 20\"]\n"
        "[[classes]]\nname = \"inferred\"\nwhen = [\"spacing_m <= 80\"]\n"
        "[smoothing]\nblocks = 3\n");
  const Json smooth = run({"--classify", (dir / "smooth.toml").string(), "-v"}).json();
  EXPECT_EQ(smooth.at("summary").at("smoothed_blocks").as_integer(), 8);
  EXPECT_THAT(smooth.at("findings").dump(), HasSubstr("classes.smoothed"));
  change(0, "1005,2005,2.5,10,10,5,0.5,2.5,measured,");
  EXPECT_THAT(run({"--classify", (dir / "rules.toml").string()}).out,
              HasSubstr("resources.no_class_value"));
  EXPECT_EQ(code({"--class", "class", "--classify", "x"}), "usage.class");
}

TEST_F(Resources, PolygonsCutExactlyAndSterilisedAddsUp) {
  // A permit over the west 25 m, a river strip of 5 m over the south; both cross blocks.
  const auto polygon = [&](const std::string& name, const std::string& wkt) {
    write(dir / name, "WKT,id\n\"" + wkt + "\",1\n");
    return (dir / name).string();
  };
  const std::string permit =
      polygon("permit.csv", "POLYGON((900 1900,1025 1900,1025 2100,900 2100,900 1900))");
  const std::string river =
      polygon("river.csv", "POLYGON((900 1900,1100 1900,1100 2005,900 2005,900 1900))");
  const RunResult result = run({"--within", permit, "--outside", river, "--input-crs", "local:m"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json json = result.json();
  const Json& all = json.at("results").items()[0];
  for (const Json& row : all.at("curve").items()) {
    double lost = 0.0;
    for (const Json& one : row.at("sterilised_t").items()) lost += one.at("in_order_t").as_number();
    EXPECT_NEAR(row.at("before_t").as_number() - lost, row.at("rock_t").as_number(), 1e-6);
  }
  const Json& lowest = all.at("curve").items()[0];
  // 25 of 40 m along x, 35 of 40 along y.
  EXPECT_NEAR(lowest.at("rock_t").as_number(), 40000.0 * 25 / 40 * 35 / 40, 1e-6);
  const auto& lost = lowest.at("sterilised_t").items();
  EXPECT_EQ(lost[0].at("kind").as_string(), "within");
  EXPECT_NEAR(lost[0].at("alone_t").as_number(), 15000.0, 1e-6);
  EXPECT_NEAR(lost[1].at("alone_t").as_number(), 5000.0, 1e-6);
  EXPECT_NEAR(lost[1].at("in_order_t").as_number(), 5000.0 * 25 / 40, 1e-6);
  EXPECT_NEAR(lost[0].at("marginal_t").as_number(), 15000.0 * 35 / 40, 1e-6);
  EXPECT_NEAR(lost[1].at("marginal_t").as_number(), 5000.0 * 25 / 40, 1e-6);
  EXPECT_NEAR(lost[1].at("marginal_product_t").as_number(), (0.5 + 1.0 + 1.5 / 2) / 100 * 1250.0,
              1e-8);
  EXPECT_TRUE(lowest.at("adds_up").as_bool());
  EXPECT_EQ(lowest.at("gross_t").as_number(), 40000.0);
  EXPECT_EQ(lowest.at("net_t").as_number(), lowest.at("dry_t").as_number());
  EXPECT_EQ(code({"--within", permit}), "crs.missing");
  write(dir / "line.csv", "WKT,id\n\"LINESTRING(0 0,1 1)\",1\n");
  EXPECT_EQ(code({"--within", (dir / "line.csv").string(), "--input-crs", "local:m"}),
            "blocks.not_polygon");
}

TEST_F(Resources, SetbacksAroundLines) {
  // A river along y = 2000: a setback of 15 m takes 15 of 40 m, and at its ends too.
  write(dir / "line.csv", "WKT,id\n\"LINESTRING(900 2000,1100 2000)\",1\n");
  const std::string line = (dir / "line.csv").string();
  const Json json = run({"--outside", line + "=15 m", "--input-crs", "local:m"}).json();
  // Never narrower than said, and at most a thousandth wider.
  const double left = json.at("results").items()[0].at("rock_t").as_number();
  EXPECT_LE(left, 25000.0 + 1e-6);
  EXPECT_GE(left, 25000.0 - 0.015 * 1000.0);
  EXPECT_EQ(json.at("summary").at("sterilised_t").items()[0].at("constraint").as_string(),
            "line.csv=15 m");
  EXPECT_EQ(code({"--outside", line + "=0 m", "--input-crs", "local:m"}), "usage.setback");
  EXPECT_EQ(code({"--within", line + "=15 m", "--input-crs", "local:m"}), "usage.setback");
  EXPECT_EQ(code({"--outside", line + "=15 t", "--input-crs", "local:m"}), "usage.quantity");
}

TEST_F(Resources, PitsAreTheLastConstraint) {
  // Pit 1 over the lowest x, 2 over the next, none over the third, unknown over the last.
  std::string text = "x,y,z,dx,dy,dz,treo_pct,density_t_m3,pit\n";
  const char* pits[] = {"1", "2", "0", ""};
  for (int i = 0; i < 4; ++i)
    text += std::to_string(1005 + 10 * i) + ",2005,2.5,10,10,5," + number_text(0.5 * (i + 1)) +
            ",2," + pits[i] + "\n";
  write(dir / "blocks.csv", text);
  write(dir / "west.csv", "WKT,id\n\"POLYGON((0 0,1015 0,1015 9999,0 9999,0 0))\",1\n");
  const auto rock = [&](const std::string& pit) {
    return run({"--pit", pit}, "0.5 %").json().at("results").items()[0].at("rock_t").as_number();
  };
  EXPECT_EQ(rock("pit"), 2000.0);
  EXPECT_EQ(rock("pit=1"), 1000.0);
  const Json json =
      run({"--pit", "pit=1", "--within", (dir / "west.csv").string(), "--input-crs", "local:m"},
          "0.5 %")
          .json();
  EXPECT_THAT(json.at("findings").dump(), HasSubstr("resources.no_pit"));
  const Json& row = json.at("summary");
  EXPECT_EQ(row.at("gross_t").as_number(), 4000.0);
  EXPECT_EQ(row.at("net_t").as_number(), 1000.0);
  const auto& lost = row.at("sterilised_t").items();
  ASSERT_EQ(lost.size(), 2U);
  EXPECT_EQ(lost[0].at("alone_t").as_number(), 2500.0);
  EXPECT_EQ(lost[0].at("in_order_t").as_number(), 2500.0);
  EXPECT_EQ(lost[0].at("marginal_t").as_number(), 0.0);
  EXPECT_EQ(lost[1].at("kind").as_string(), "pit");
  EXPECT_EQ(lost[1].at("alone_t").as_number(), 3000.0);
  EXPECT_EQ(lost[1].at("in_order_t").as_number(), 500.0);
  EXPECT_EQ(lost[1].at("marginal_t").as_number(), 500.0);
  EXPECT_EQ(code({"--pit", "pit=0"}), "usage.pit");
  EXPECT_EQ(code({"--pit", "pit=x"}), "usage.pit");
  EXPECT_EQ(code({"--pit", "shell"}), "table.no_field");
  EXPECT_EQ(code({"--pit", "treo_pct"}, "0.5 %"), "resources.pit");
}

TEST(ResourcesOfTheSample, NetOfPermitRiverAndGround) {
  // Recomputed by sampling each block at 20 x 20 places in plain Python: ray casting in the permit,
  // distance to the river times the grid's scale, heights of the triangulated raster.
  const RunResult result = run_lode(
      {"resources", "blocks.csv", "--input-crs", "EPSG:32629", "--grade", "treo_pct", "--density",
       "density_t_m3", "--share", "proportion", "--cutoffs", "1 %", "--within", "permit.csv",
       "--outside", "river.csv=50 m", "--below", "topography.asc", "--json"},
      std::string(LODE_SOURCE_DIR) + "/sample_data/monazite_hill");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json summary = result.json().at("summary");
  EXPECT_NEAR(summary.at("gross_t").as_number(), 13474331.04375, 1e-3);
  EXPECT_NEAR(summary.at("net_t").as_number(), 9813182.0, 3000.0);
  EXPECT_NEAR(summary.at("net_product_t").as_number(), 179377.0, 60.0);
  EXPECT_TRUE(summary.at("adds_up").as_bool());
  const auto& taken = summary.at("sterilised_t").items();
  ASSERT_EQ(taken.size(), 3U);
  const double alone[] = {1759969.0, 1822849.0, 87280.0};
  const double in_order[] = {1759969.0, 1822849.0, 78331.0};
  const double marginal[] = {1751020.0, 1822849.0, 78331.0};
  double left = summary.at("gross_t").as_number();
  double product = summary.at("gross_product_t").as_number();
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_NEAR(taken[c].at("alone_t").as_number() / alone[c], 1.0, 1.5e-3) << c;
    EXPECT_NEAR(taken[c].at("in_order_t").as_number() / in_order[c], 1.0, 1.5e-3) << c;
    EXPECT_NEAR(taken[c].at("marginal_t").as_number() / marginal[c], 1.0, 1.5e-3) << c;
    left -= taken[c].at("in_order_t").as_number();
    product -= taken[c].at("in_order_product_t").as_number();
  }
  // The setback is nowhere narrower than said.
  EXPECT_GE(taken[1].at("alone_t").as_number(), alone[1]);
  EXPECT_NEAR(left, summary.at("net_t").as_number(), 1e-8);
  EXPECT_NEAR(product, summary.at("net_product_t").as_number(), 1e-10);
}

TEST_F(Resources, PolygonsOfAnotherCrsAreRefused) {
  write(dir / "permit.geojson",
        R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":1},
"geometry":{"type":"Polygon","coordinates":[[[10,50],[11,50],[11,51],[10,51],[10,50]]]}}]})");
  EXPECT_EQ(code({"--within", (dir / "permit.geojson").string(), "--input-crs", "EPSG:32632"}),
            "blocks.other_crs");
  EXPECT_EQ(code({"--input-crs", "EPSG:4326"}), "blocks.geographic");
}

TEST_F(Resources, SolidsAndSurfacesCutExactly) {
  // A cube of 20 m whose lower half lies in the model.
  write(dir / "solid.obj", [] {
    const TriangleMesh mesh = cube({1005.0, 2005.0, 0.0}, 20.0);
    std::string text;
    for (const auto& v : mesh.vertices)
      text += "v " + number_text(v[0]) + " " + number_text(v[1]) + " " + number_text(v[2]) + "\n";
    for (const auto& t : mesh.triangles)
      text += "f " + std::to_string(t[0] + 1) + " " + std::to_string(t[1] + 1) + " " +
              std::to_string(t[2] + 1) + "\n";
    return text;
  }());
  const std::string solid = (dir / "solid.obj").string();
  Json json = run({"--within", solid}).json();
  EXPECT_NEAR(json.at("results").items()[0].at("volume_m3").as_number(), 4000.0, 1e-9);
  json = run({"--outside", solid}).json();
  EXPECT_NEAR(json.at("results").items()[0].at("volume_m3").as_number(), 12000.0, 1e-9);
  // A plane that rises from 0 at x = 1000 to 10 at x = 1040: half of the model lies below.
  write(dir / "top.off",
        "OFF\n4 2 0\n1000 2000 0\n1040 2000 10\n1040 2040 10\n1000 2040 0\n3 0 1 2\n3 0 2 3\n");
  const std::string top = (dir / "top.off").string();
  json = run({"--below", top}).json();
  EXPECT_NEAR(json.at("results").items()[0].at("volume_m3").as_number(), 8000.0, 1e-9);
  json = run({"--above", top}).json();
  EXPECT_NEAR(json.at("results").items()[0].at("volume_m3").as_number(), 8000.0, 1e-9);
  json = run({"--below", top, "--within", solid}).json();
  // Over 1005 to 1025 the plane rises from 1.25 to 6.25 m: 3.75 m on average.
  EXPECT_NEAR(json.at("results").items()[0].at("volume_m3").as_number(), 400.0 * 3.75, 1e-9);
  json = run({"--above", top, "--within", solid}).json();
  EXPECT_NEAR(json.at("results").items()[0].at("volume_m3").as_number(), 400.0 * 6.25, 1e-9);
  // A raster of one height, whose outermost half cell has no surface.
  write(dir / "dem.asc",
        "ncols 4\nnrows 4\nxllcorner 1000\nyllcorner 2000\ncellsize 10\nNODATA_value -9999\n"
        "5 5 5 5\n5 5 5 5\n5 5 5 5\n5 5 5 5\n");
  json = run({"--below", (dir / "dem.asc").string(), "--input-crs", "local:m"}).json();
  EXPECT_NEAR(json.at("results").items()[0].at("volume_m3").as_number(), 30.0 * 30.0 * 5.0, 1e-9);
  EXPECT_THAT(json.at("findings").dump(), HasSubstr("surface.uncovered"));
  write(dir / "open.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 3 2\nf 1 2 4\nf 1 4 3\n");
  EXPECT_EQ(code({"--within", (dir / "open.obj").string()}), "mesh.open");
}

TEST_F(Resources, ProductsMinusFactorsAndValue) {
  write(dir / "ree.csv",
        "x,y,z,dx,dy,dz,treo_pct,CeO2_pct,Nd_ppm,share\n5,5,5,10,10,10,2,0.8,2000,0.5\n"
        "15,5,5,10,10,10,1,0.6,1000,1\n");
  write(dir / "prices.csv", "oxide,price_usd_per_kg\nNd2O3,56\n");
  const auto args = [&](std::vector<std::string> more) {
    std::vector<std::string> list{
        "resources", (dir / "ree.csv").string(), "--grade", "treo_pct", "--density", "2 t/m3",
        "--json"};
    list.insert(list.end(), more.begin(), more.end());
    return run_lode(list);
  };
  Json row = args({"--cutoffs", "0.5 %", "--minus", "CeO2_pct"}).json().at("results").items()[0];
  EXPECT_EQ(row.at("rock_t").as_number(), 2000.0);
  EXPECT_NEAR(row.at("product_t").as_number(), 40.0, 1e-12);
  const Json both = args({"--cutoffs", "0.5 %", "--product", "Nd_ppm", "--form", "oxide",
                          "--prices", (dir / "prices.csv").string(), "--share", "share"})
                        .json();
  row = both.at("results").items()[0];
  const double nd =
      (1000.0 * 2000e-6 + 2000.0 * 1000e-6) * (2 * 144.242 + 3 * 15.999) / (2 * 144.242);
  EXPECT_NEAR(row.at("nd2o3_t").as_number(), nd, 1e-9);
  EXPECT_EQ(row.at("nd2o3_basis").as_string(), "oxide Nd2O3");
  EXPECT_NEAR(row.at("value_usd").as_number(), nd * 56000.0, 1e-3);
  EXPECT_EQ(row.at("rock_t").as_number(), 3000.0);
  EXPECT_THAT(args({"--cutoffs", "0.5 %"}).out, HasSubstr("resources.share_unused"));
  const Json wet = args({"--cutoffs", "0.5 %", "--share", "share", "--moisture", "20 %",
                         "--dilution", "10 %", "--mining-loss", "5 %"})
                       .json();
  EXPECT_NEAR(wet.at("results").items()[0].at("rock_t").as_number(), 3000 * 1.1 * 0.95 / 0.8, 1e-9);
  EXPECT_EQ(wet.at("summary").at("tonnes").as_string(), "wet");
  const auto code_of_args = [&](std::vector<std::string> more) {
    return args(std::move(more)).json().at("error").at("code").as_string();
  };
  EXPECT_EQ(code_of_args({"--cutoffs", "0.5 %", "--minus", "treo_pct,CeO2_pct"}),
            "resources.minus");
  EXPECT_EQ(code_of_args({"--cutoffs", "0.5 %", "--form", "element"}), "resources.form");
  EXPECT_EQ(code_of_args({"--cutoffs", "0.5 %", "--moisture", "100 %"}), "resources.factor");
  EXPECT_EQ(code_of_args({"--cutoffs", "0.5 %", "--dilution-grade", "1 %"}), "usage.dilution");
}

TEST_F(Resources, DirtyRowsAreRefusedOrCounted) {
  change(4, "1005,2015,2.5,10,10,5,0.5,0,measured,40");
  EXPECT_EQ(code({}), "blocks.density");
  change(4, "1005,2015,2.5,10,10,5,-0.5,2.5,measured,40");
  EXPECT_EQ(code({}), "blocks.grade");
  change(4, "1005,2015,2.5,10,10,-5,0.5,2.5,measured,40");
  EXPECT_EQ(code({}), "blocks.size");
  change(4, "1005,2005,2.5,10,10,5,0.5,2.5,measured,40");
  EXPECT_EQ(code({}), "blocks.duplicate");
  change(4, "1010,2005,2.5,10,10,5,0.5,2.5,measured,40");
  EXPECT_EQ(code({}), "blocks.overlap");
  change(4, "1005,2015,2.5,10,10,5,,2.5,measured,40");
  RunResult result = run({}, "0.5 %");
  EXPECT_THAT(result.out, HasSubstr("resources.no_grade"));
  EXPECT_EQ(result.json().at("results").items()[0].at("rock_t").as_number(), 38750.0);
  change(4, "1005,2015,2.5,10,10,5,0.5,,measured,40");
  EXPECT_THAT(run({}, "0.5 %").out, HasSubstr("resources.no_density"));
  write(dir / "blocks.csv",
        "x,y,z,dx,dy,dz,treo_pct,density_t_m3,proportion\n5,5,5,10,10,10,1,2.5,1.2\n");
  EXPECT_EQ(code({}), "blocks.share");
  write(dir / "blocks.csv",
        "x,y,z,dx,dy,dz,treo_pct,ndpr_pct,density_t_m3,share\n5,5,5,10,10,10,1,,2.5,\n"
        "15,5,5,10,10,10,1,,2.5,1\n");
  result = run({"--share", "share", "--product", "ndpr_pct"});
  EXPECT_THAT(result.out, HasSubstr("resources.no_share"));
  EXPECT_THAT(result.out, HasSubstr("resources.no_product"));
}

TEST_F(Resources, TheDeclaredGridIsHeldAgainstTheRows) {
  const std::vector<std::string> grid{"--origin", "1000,2000,0", "--spacing", "10,10,5 m"};
  const auto with = [&](const std::string& count, const std::string& rotation) {
    auto args = grid;
    args.insert(args.end(), {"--count", count, "--rotation", rotation});
    return code(args);
  };
  EXPECT_EQ(with("4,4,2", "0"), "none");
  EXPECT_EQ(with("4,4,3", "0"), "blocks.count");
  EXPECT_EQ(with("4,3,2", "0"), "blocks.outside_grid");
  EXPECT_EQ(with("4,4,2", "30"), "blocks.rotation");
  EXPECT_EQ(code({"--rotation", "30"}), "blocks.rotation");
}

TEST_F(Resources, CutOffsThatDoNotRise) {
  for (const char* cutoffs : {"1,0.5 %", "1,1 %", "150 %"}) {
    const RunResult result = run({}, cutoffs);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.json().at("error").at("code").as_string(), "usage.cutoffs");
  }
  EXPECT_EQ(run({}, "0.5").exit_code, 2);
  EXPECT_EQ(code({}, "0.5"), "usage.quantity");
  EXPECT_EQ(run_lode({"resources", (dir / "blocks.csv").string(), "--grade", "treo_pct",
                      "--density", "2700 t/m3", "--cutoffs", "1 %", "--json"})
                .json()
                .at("error")
                .at("code")
                .as_string(),
            "usage.density");
}

TEST_F(Resources, TheCurveAsATableAndForPeople) {
  const RunResult result =
      run_lode({"resources", (dir / "blocks.csv").string(), "--grade", "treo_pct", "--density",
                "2.5 t/m3", "--cutoffs", "1,2 %", "-o", (dir / "curve.csv").string()});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("competent person"));
  const std::string text = slurp(dir / "curve.csv");
  EXPECT_THAT(text, HasSubstr("class,cutoff_pct,volume_m3,rock_t,product_t,basis,mean_grade_pct"));
  EXPECT_THAT(text, HasSubstr("all,2,4000,10000,200,oxide TREO,2"));
}

TEST(ResourcesReal, BlocksOfAnotherProgram) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "SKIPPED: no real data; set LODE_DATA";
  // Tonnes of the blocks that pygslib listed, by its shares, within the solid that it took them
  // from.
  const RunResult result = run_lode(
      {"resources", data + "/drill_pygslib_demo1/upstream_block_model.csv", "--block-size",
       "5,5,5 m", "--grade", "Au_OK", "--field-unit", "Au_OK=ppm", "--density", "2.7 t/m3",
       "--cutoffs", "0,0.5,1 ppm", "--within", data + "/drill_pygslib_demo1/dom1.vtp", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err << result.out;
  const RunResult theirs =
      run_lode({"resources", data + "/drill_pygslib_demo1/upstream_block_model.csv", "--block-size",
                "5,5,5 m", "--grade", "Au_OK", "--field-unit", "Au_OK=ppm", "--density", "2.7 t/m3",
                "--cutoffs", "0,0.5,1 ppm", "--share", "__in", "--json"});
  ASSERT_EQ(theirs.exit_code, 0) << theirs.err << theirs.out;
  const Json ours_json = result.json(), theirs_json = theirs.json();
  const double ours = ours_json.at("results").items()[0].at("rock_t").as_number();
  const double sampled = theirs_json.at("results").items()[0].at("rock_t").as_number();
  // Their shares are counts of sub-cells; over the whole solid the two agree.
  EXPECT_NEAR(ours / sampled, 1.0, 0.01);
}

}  // namespace
}  // namespace lode::test
