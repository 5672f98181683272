// Solids, block models and surfaces of a study against boxes in closed form, and the sample
// deposit.
#include "libgeo/study/rock_body.h"
#include "libgeo/study/study_file.h"
#include "tests/study/small_study.h"

namespace lode::test {
namespace {

namespace fs = std::filesystem;

// A box of 100 x 100 x 10 m at the equator, a little west of 3 E, in EPSG:32631: plan coordinates
// of its sides, for files.
constexpr int west = 499900, east = 500000, south = 500, north = 600;

std::string rectangle(int x0, int y0, int x1, int y1) {
  const auto at = [](int x, int y) { return std::to_string(x) + " " + std::to_string(y); };
  return "\"POLYGON ((" + at(x0, y0) + ", " + at(x1, y0) + ", " + at(x1, y1) + ", " + at(x0, y1) +
         ", " + at(x0, y0) + "))\"";
}

class RockVolumes : public SmallStudy {
 protected:
  RockVolumes() {
    write("sites.csv", "id,lon,lat\nA,2.9995,0.005\n");
    write("box.obj",
          "v 499900 500 0\nv 500000 500 0\nv 500000 600 0\nv 499900 600 0\n"
          "v 499900 500 10\nv 500000 500 10\nv 500000 600 10\nv 499900 600 10\n"
          "f 1 3 2\nf 1 4 3\nf 5 6 7\nf 5 7 8\nf 1 2 6\nf 1 6 5\nf 2 3 7\nf 2 7 6\n"
          "f 3 4 8\nf 3 8 7\nf 4 1 5\nf 4 5 8\n");
    // The western half is permitted; a reserve takes the southern fifth.
    write("permits.csv", "id,status,expires,wkt\nP,Active,2030-01-01," +
                             rectangle(west - 10, south - 10, west + 50, north + 10) + "\n");
    write("reserve.csv",
          "id,wkt\nR," + rectangle(west - 10, south - 10, east + 10, south + 20) + "\n");
  }
  static constexpr const char* site = R"([[sites]]
path = "sites.csv"
id = "id"
kind = "primary"
ndpr_share = { value = "20 %" }
dytb_share = { value = "1 %" }
)";
  static constexpr const char* cuts = R"([[permits]]
path = "permits.csv"
crs = "EPSG:32631"
id = "id"
status = "status"
expires = "expires"
valid = ["Active"]
[[constraints]]
name = "reserve"
path = "reserve.csv"
crs = "EPSG:32631"
setback = "0 m"
)";
  static std::string volume(const std::string& kind, const std::string& rest) {
    return "[[volumes]]\nsite = \"A\"\ncrs = \"EPSG:32631\"\nkind = \"" + kind + "\"\n" + rest;
  }
  // What the two cuts take of `gross` t when half lies in the permit, a fifth in the reserve.
  static void expect_cuts(const StudyResult& result, double gross) {
    ASSERT_EQ(result.net_tonnes.size(), 1u);
    const NetTonnes& net = result.net_tonnes[0];
    const double close = 2e-4 * gross;  // edges of permits are straight in degrees on the way
    EXPECT_NEAR(net.gross_t, gross, 1e-6 * gross);
    EXPECT_NEAR(net.net_t, 0.4 * gross, close);
    ASSERT_EQ(net.taken.size(), 2u);
    EXPECT_EQ(net.taken[0].name, "permits");
    EXPECT_NEAR(net.taken[0].alone_t, 0.5 * gross, close);
    EXPECT_NEAR(net.taken[0].in_order_t, 0.5 * gross, close);
    EXPECT_NEAR(net.taken[0].marginal_t, 0.4 * gross, close);
    EXPECT_EQ(net.taken[1].name, "reserve");
    EXPECT_NEAR(net.taken[1].alone_t, 0.2 * gross, close);
    EXPECT_NEAR(net.taken[1].in_order_t, 0.1 * gross, close);
    EXPECT_NEAR(net.taken[1].marginal_t, 0.1 * gross, close);
    EXPECT_NEAR(net.gross_t - net.taken[0].in_order_t - net.taken[1].in_order_t, net.net_t,
                1e-9 * gross);
  }
};

TEST_F(RockVolumes, ASolidGivesItsTonnesAndWhatCutsTake) {
  const StudyResult result =
      run(std::string(site) +
          volume("mesh",
                 "path = \"box.obj\"\ndensity = { value = \"2.5 t/m3\", low = \"2.4 t/m3\", high = "
                 "\"2.6 t/m3\" }\ngrade = { value = \"2 %\" }\n") +
          cuts);
  // 100,000 m3 x 2.5 t/m3 x 2 %.
  const Cell gross = cell(result, "gross_treo_t", "A");
  EXPECT_NEAR(gross.value, 5000.0, 1e-6);
  EXPECT_NEAR(gross.low, 4800.0, 1e-6);
  EXPECT_NEAR(gross.high, 5200.0, 1e-6);
  EXPECT_THAT(gross.source, HasSubstr("box.obj: solid of 100000 m3"));
  expect_cuts(result, 5000.0);
  EXPECT_NEAR(value(result, "net_treo_t", "A"), 2000.0, 1.0);
  EXPECT_NEAR(value(result, "net_ndpr_t", "A"), 400.0, 0.2);
  EXPECT_THAT(cell(result, "net_treo_t", "A").source, HasSubstr("box by box"));
}

TEST_F(RockVolumes, TheGroundCutsASolid) {
  // A tilted ground from 0 m in the west to 10 m in the east: half of the box lies below it.
  write("ground.obj",
        "v 499900 500 0\nv 500000 500 10\nv 500000 600 10\nv 499900 600 0\nf 1 2 3\nf 1 3 4\n");
  const std::string mesh =
      "path = \"box.obj\"\ndensity = \"2.5 t/m3\"\ngrade = \"2 %\"\ntopography = ";
  const StudyResult result =
      run(std::string(site) + volume("mesh", mesh + "\"ground.obj\"\n") + cuts);
  EXPECT_NEAR(value(result, "gross_treo_t", "A"), 2500.0, 1e-6);
  // Of the wedge a quarter lies in the western half.
  ASSERT_EQ(result.net_tonnes.size(), 1u);
  EXPECT_NEAR(result.net_tonnes[0].net_t, 2500.0 * 0.25 * 0.8, 1.0);
  write("low.obj",
        "v 499900 500 -5\nv 500000 500 -5\nv 500000 600 -5\nv 499900 600 -5\nf 1 2 3\nf 1 3 4\n");
  EXPECT_EQ(code_of(std::string(site) + volume("mesh", mesh + "\"low.obj\"\n")), "study.volume");
}

TEST_F(RockVolumes, BlocksAboveTheCutOffCountByClassAndPit) {
  // Four blocks of 50 x 50 x 10 m; 62,500 t each.
  write("blocks.csv",
        "x,y,z,dx,dy,dz,treo_pct,nd2o3_pct,density_t_m3,class,pit\n"
        "499925,525,5,50,50,10,4,1,2.5,Measured,1\n499975,525,5,50,50,10,2,0.5,2.5,Inferred,2\n"
        "499925,575,5,50,50,10,0.5,0.1,2.5,Measured,1\n499975,575,5,50,50,10,,,2.5,Inferred,0\n");
  const std::string blocks =
      "path = \"blocks.csv\"\ngrade = \"treo_pct\"\ndensity = \"density_t_m3\"\ncutoff = \"1 %\"\n"
      "class = \"class\"\nndpr = [\"nd2o3_pct\"]\n";
  const StudyResult result = run(std::string(site) + volume("blocks", blocks));
  EXPECT_NEAR(value(result, "gross_treo_t", "A"), 62500 * 0.06, 1e-6);
  EXPECT_NEAR(value(result, "treo_grade_pct", "A"), 3.0, 1e-12);
  EXPECT_NEAR(value(result, "mreo_share_pct", "A"), 25.0 + 1.0, 1e-9);
  // Two thirds of the oxide are measured (0.95), a third inferred (0.5).
  EXPECT_NEAR(value(result, "resource_confidence", "A"), 2.4 / 3.0, 1e-12);
  EXPECT_EQ(said(result, "study.blocks_no_grade").count, 1u);
  const StudyResult pit =
      run(std::string(site) + volume("blocks", blocks + "pit = \"pit\"\npit_shell = 1\n") + cuts);
  EXPECT_NEAR(value(pit, "gross_treo_t", "A"), 2500.0, 1e-6);
  // The block lies in the permit; the reserve takes 20 of its 50 m.
  EXPECT_NEAR(value(pit, "net_treo_t", "A"), 1500.0, 1.0);
  EXPECT_EQ(code_of(std::string(site) + volume("blocks", blocks + "pit_shell = 1\n")),
            "study.missing");
  const std::string rich = "path = \"blocks.csv\"\ngrade = \"treo_pct\"\ncutoff = \"5 %\"\n";
  EXPECT_EQ(code_of(std::string(site) + volume("blocks", rich + "density = \"2.5 t/m3\"\n")),
            "study.volume");
}

TEST_F(RockVolumes, BlocksLackWhatTheyLack) {
  write("blocks.csv",
        "x,y,z,dx,dy,dz,treo_pct,nd2o3_pct,density_t_m3\n"
        "499925,525,5,50,50,10,4,,2.5\n499975,525,5,50,50,10,2,0.5,\n");
  const StudyResult result =
      run(std::string(site) + volume("blocks",
                                     "path = \"blocks.csv\"\ngrade = \"treo_pct\"\ndensity = "
                                     "\"density_t_m3\"\nndpr = [\"nd2o3_pct\"]\n"));
  EXPECT_EQ(said(result, "study.blocks_no_density").count, 1u);
  EXPECT_EQ(said(result, "study.blocks_no_part").count, 1u);
  EXPECT_NEAR(value(result, "gross_treo_t", "A"), 2500.0, 1e-6);
}

TEST_F(RockVolumes, AHeapStandsOnALevel) {
  // Cells of 10 m, 16 m high, over more than the box; the heap is bounded by the box.
  std::string grid =
      "ncols 12\nnrows 12\nxllcorner 499890\nyllcorner 490\ncellsize 10\nNODATA_value -9999\n";
  for (int row = 0; row < 12; ++row) {
    for (int column = 0; column < 12; ++column) grid += "16.0 ";
    grid += "\n";
  }
  write("top.asc", grid);
  write("dam.geojson", collection({}));
  write("dam.csv", "id,wkt\nD," + rectangle(west, south, east, north) + "\n");
  const std::string heap =
      "path = \"top.asc\"\ndensity = \"1.6 t/m3\"\ngrade = \"0.5 %\"\nwithin = \"dam.csv\"\n";
  const StudyResult result =
      run(std::string(site) + volume("surface", heap + "level = \"12 m\"\n") + cuts);
  // True ground is larger than the map by 0.9996^2 near the central meridian.
  const double treo = 100.0 * 100.0 / (0.9996 * 0.9996) * 4.0 * 1.6 * 0.005;
  EXPECT_NEAR(value(result, "gross_treo_t", "A"), treo, 1e-5 * treo);
  expect_cuts(result, value(result, "gross_treo_t", "A"));
  EXPECT_EQ(code_of(std::string(site) + volume("surface", heap + "level = \"20 m\"\n")),
            "study.volume");
  EXPECT_EQ(code_of(std::string(site) + volume("surface", heap)), "study.missing");
}

TEST_F(RockVolumes, AHeapWithHolesSaysSo) {
  std::string grid =
      "ncols 12\nnrows 12\nxllcorner 499890\nyllcorner 490\ncellsize 10\nNODATA_value -9999\n";
  for (int row = 0; row < 12; ++row) {
    for (int column = 0; column < 12; ++column) grid += row == 5 && column == 5 ? "-9999 " : "16 ";
    grid += "\n";
  }
  write("top.asc", grid);
  write("dam.csv", "id,wkt\nD," + rectangle(west, south, east, north) + "\n");
  const StudyResult result =
      run(std::string(site) +
          volume("surface",
                 "path = \"top.asc\"\ndensity = \"1.6 t/m3\"\ngrade = \"0.5 %\"\nwithin = "
                 "\"dam.csv\"\nlevel = \"12 m\"\n"));
  EXPECT_EQ(said(result, "study.heap_nodata").count, 1u);
  const double treo = 99.0 * 100.0 / (0.9996 * 0.9996) * 4.0 * 1.6 * 0.005;
  EXPECT_NEAR(value(result, "gross_treo_t", "A"), treo, 1e-5 * treo);
}

TEST(NetTonnes, SixtyCutsAreTheMost) {
  const SiteRock rock{wgs84(),
                      [](const std::vector<PlanCut>&, const std::vector<std::uint64_t>& which) {
                        return std::vector<double>(which.size(), 1.0);
                      }};
  EXPECT_EQ(net_tonnes(rock, std::vector<PlanCut>(60), 5.0).net_t, 5.0);
  try {
    (void)net_tonnes(rock, std::vector<PlanCut>(61), 5.0);
    FAIL() << "61 cuts passed";
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "study.cuts");
  }
}

TEST_F(RockVolumes, BadTablesAreRefused) {
  const std::string mesh = "path = \"box.obj\"\ngrade = \"2 %\"\n";
  EXPECT_EQ(code_of(std::string(site) + volume("mesh", mesh)), "study.missing");
  EXPECT_EQ(code_of(std::string(site) + volume("mesh", mesh + "density = \"dens\"\n")),
            "study.value");
  EXPECT_EQ(code_of(std::string(site) + volume("mesh", mesh + "density = \"2500 t/m3\"\n")),
            "study.volume");
  EXPECT_EQ(code_of(std::string(site) +
                    "[[volumes]]\nsite = \"A\"\nkind = \"mesh\"\ndensity = \"2 t/m3\"\n" + mesh),
            "study.volume");
  EXPECT_EQ(code_of(std::string(site) +
                    "[[volumes]]\nsite = \"A\"\nkind = \"mesh\"\ncrs = \"EPSG:32632\"\n" + mesh +
                    "density = \"2 t/m3\"\n"),
            "study.volume");
  EXPECT_EQ(code_of(std::string(site) + volume("lump", mesh + "density = \"2 t/m3\"\n")),
            "study.value");
  EXPECT_EQ(code_of(std::string(site) + volume("mesh", "path = \"box.obj\"\npit = \"pit\"\n" +
                                                           std::string("density = \"2 t/m3\"\n"))),
            "study.unknown_key");
}

TEST(SampleDeposit, PermitAndRiverTakeWhatTheyTakeOfTheTruth) {
  const fs::path sample = fs::path(LODE_SOURCE_DIR) / "sample_data/monazite_hill";
  const StudyResult result = run_study(read_study((sample / "study.toml").string()));
  ASSERT_EQ(result.net_tonnes.size(), 1u);
  const NetTonnes& net = result.net_tonnes[0];
  ASSERT_EQ(net.taken.size(), 2u);
  double sum = net.net_t;
  for (const auto& taken : net.taken) sum += taken.in_order_t;
  EXPECT_NEAR(sum, net.gross_t, 1e-9 * net.gross_t);
  // truth.csv, oxide above 1 %: 243,516 t, in the permit 217,329, outside the setback 202,214, both
  // 176,027.
  const double gross = net.gross_t;
  std::printf("permit takes %.2f %% (truth 10.75), river %.2f %% (16.96), left %.2f %% (72.29)\n",
              100 * net.taken[0].alone_t / gross, 100 * net.taken[1].alone_t / gross,
              100 * net.net_t / gross);
  EXPECT_NEAR(net.taken[0].alone_t / gross, 1.0 - 217329.0 / 243516.0, 0.02);
  EXPECT_NEAR(net.taken[1].alone_t / gross, 1.0 - 202214.0 / 243516.0, 0.02);
  EXPECT_NEAR(net.net_t / gross, 176027.0 / 243516.0, 0.02);
}

}  // namespace
}  // namespace lode::test
