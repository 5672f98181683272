// The command `simulate`: keys of the contract, files, zones, and what it refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

/// Thirty samples in a mine grid of 100 x 80 x 20 m, and a model of their scores.
class SimulateCommand : public testing::Test {
 protected:
  void SetUp() override {
    std::ofstream samples(dir_ / "s.csv");
    samples << "x,y,z,treo_pct,ndpr_pct,w,note\n";
    for (int i = 0; i < 30; ++i) {
      const double u = std::fmod(i * 0.618034, 1.0), v = std::fmod(i * 0.754878, 1.0),
                   w = std::fmod(i * 0.569840, 1.0), g = std::fmod(i * 0.324718, 1.0);
      samples << 100 * u << ',' << 80 * v << ',' << 20 * w << ',' << std::exp(g) << ','
              << 0.2 * std::exp(g) + 0.05 * u << ',' << 1 + i % 3 << ",n\n";
    }
    std::ofstream(dir_ / "v.json")
        << R"({"nugget":0.1,"structures":[{"type":"spherical","sill":0.9,"ranges_m":[40,40,15]}]})";
  }
  RunResult run(std::vector<std::string> more = {}, const std::string& method = "fft",
                const std::string& value = "treo_pct", bool tails = true) {
    std::vector<std::string> words{"simulate", "s.csv",    "--input-crs", "local:m",   "--value",
                                   value,      "--origin", "0,0,0",       "--spacing", "10,10,5 m",
                                   "--count",  "10,8,4",   "--method",    method,      "--json"};
    if (tails) words.insert(words.end(), {"--tails", "0,5 %"});
    const auto given = [&](const std::string& name) {
      return std::find(more.begin(), more.end(), name) != more.end();
    };
    if (!given("--variogram")) words.insert(words.end(), {"--variogram", "v.json"});
    if (!given("--realizations") && !given("--realisations"))
      words.insert(words.end(), {"--realizations", "12"});
    words.insert(words.end(), more.begin(), more.end());
    return run_lode(words, dir_.path().string());
  }
  std::string code(std::vector<std::string> more, const std::string& method = "fft",
                   const std::string& value = "treo_pct", bool tails = true) {
    const RunResult result = run(std::move(more), method, value, tails);
    EXPECT_NE(result.exit_code, 0);
    const std::string code = result.json().at("error").at("code").as_string();
    EXPECT_EQ(result.exit_code, code.starts_with("usage.") ? 2 : 1) << code;
    return code;
  }
  TempDir dir_;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::stringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST_F(SimulateCommand, KeysOfTheContract) {
  for (const std::string method : {"fft", "sgs"}) {
    const RunResult result = run({"--cutoffs", "1.2,2 %", "--density", "2.5 t/m3", "-o",
                                  method + ".csv", "--summary-output", method + "_sum.csv"},
                                 method);
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const Json json = result.json();
    const Json& summary = json.at("summary");
    EXPECT_EQ(summary.at("realizations").size(), 12u);
    EXPECT_TRUE(summary.at("realizations").items()[0].has("mean"));
    EXPECT_TRUE(summary.at("realizations").items()[0].has("variance"));
    EXPECT_EQ(summary.at("seed").as_number(), 1.0);
    const Json& validation = summary.at("validation").items()[0];
    EXPECT_NEAR(validation.at("mean").as_number(), validation.at("sample_mean").as_number(), 0.3);
    EXPECT_EQ(summary.at("curve").size(), 2u);
    const Json& row = json.at("results").items()[0];
    for (const std::string key :
         {"cutoff", "rock_p10_t", "rock_p50_t", "rock_p90_t", "product_p10_t", "product_p50_t",
          "product_p90_t", "mean_grade_p50_pct"})
      EXPECT_TRUE(row.has(key)) << key;
    EXPECT_EQ(row.at("cutoff").as_number(), 1.2);
    EXPECT_LE(row.at("rock_p10_t").as_number(), row.at("rock_p90_t").as_number());
    EXPECT_LE(row.at("rock_p90_t").as_number(), 320 * 500 * 2.5);
    const auto lines = lines_of(slurp(dir_ / (method + ".csv")));
    ASSERT_EQ(lines.size(), 321u);
    EXPECT_TRUE(lines[0].starts_with("x,y,z,dx,dy,dz,r1_treo_pct,r2_treo_pct,"));
    EXPECT_TRUE(lines[1].starts_with("5,5,2.5,10,10,5,"));
    const auto sums = lines_of(slurp(dir_ / (method + "_sum.csv")));
    ASSERT_EQ(sums.size(), 321u);
    EXPECT_EQ(sums[0],
              "x,y,z,dx,dy,dz,mean_treo_pct,sd_treo_pct,p10_treo_pct,p50_treo_pct,p90_treo_pct,"
              "treo_pct_above_1.2,treo_pct_above_2");
    EXPECT_EQ(json.at("outputs").size(), 2u);
  }
}

TEST_F(SimulateCommand, SameBytesForAnyThreadsAndEitherSpelling) {
  for (const std::string method : {"fft", "sgs"}) {
    const auto text = [&](const std::string& jobs, const std::string& seed) {
      const RunResult result =
          run({"--realisations", "5", "--jobs", jobs, "--seed", seed, "-o", "o.csv", "--overwrite"},
              method);
      EXPECT_EQ(result.exit_code, 0) << result.err;
      return slurp(dir_ / "o.csv");
    };
    const std::string one = text("1", "1");
    EXPECT_EQ(one, text("2", "1"));
    EXPECT_EQ(one, text("7", "1"));
    EXPECT_NE(one, text("1", "2"));
  }
}

TEST_F(SimulateCommand, CutoffsInAnotherUnitAreTheSame) {
  const Json percent =
      run({"--cutoffs", "1.5 %", "--density", "2.5 t/m3"}).json().at("results").items()[0];
  const Json ppm =
      run({"--cut-offs", "15000 ppm", "--density", "2500 kg/m3"}).json().at("results").items()[0];
  EXPECT_NEAR(percent.at("product_p50_t").as_number(), ppm.at("product_p50_t").as_number(), 1e-6);
  EXPECT_EQ(ppm.at("cutoff").as_number(), 1.5);
  EXPECT_EQ(ppm.at("cutoff_unit").as_string(), "%");
}

TEST_F(SimulateCommand, DividesTheTonnesByClassAndPermit) {
  std::ofstream blocks(dir_ / "b.csv");
  blocks << "x,y,z,class\n";
  for (int k = 0; k < 4; ++k)
    for (int j = 0; j < 8; ++j)
      for (int i = 0; i < 10; ++i)
        blocks << 10 * i + 5 << ',' << 10 * j + 5 << ',' << 5 * k + 2.5 << ','
               << (i < 5   ? "indicated"
                   : j < 7 ? "inferred"
                           : "")
               << '\n';
  blocks.close();
  std::ofstream(dir_ / "p.csv") << "id,wkt\nA,\"POLYGON((0 0,25 0,25 80,0 80,0 0))\"\n";
  const RunResult result = run({"--cutoffs", "0 %", "--density", "2 t/m3", "--class-blocks",
                                "b.csv", "--class", "class", "--permits", "p.csv"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json json = result.json();
  const auto& rows = json.at("results").items();
  ASSERT_EQ(rows.size(), 4u);
  // Everything lies above 0: 100 x 80 x 20 m at 2 t/m3 and its parts.
  const std::pair<const char*, double> expected[] = {
      {"all", 320000}, {"indicated", 160000}, {"inferred", 140000}, {"A", 80000}};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(rows[i].at("zone").as_string(), expected[i].first);
    EXPECT_NEAR(rows[i].at("rock_p50_t").as_number(), expected[i].second, 1e-6);
  }
  EXPECT_THAT(result.out, testing::HasSubstr("simulate.class_missing"));
  // A quarter of each block of the class.
  std::ofstream(dir_ / "q.csv") << "x,y,z,class,part,bad\n5,5,2.5,a,0.25,2\n";
  const std::vector<std::string> quarter{"--cutoffs",      "0 %",   "--density", "2 t/m3",
                                         "--class-blocks", "q.csv", "--class",   "class",
                                         "--proportion"};
  auto good = quarter, bad = quarter;
  good.emplace_back("part");
  bad.emplace_back("bad");
  const Json part = run(good).json();
  EXPECT_NEAR(part.at("results").items().at(1).at("rock_p50_t").as_number(), 250.0, 1e-9);
  EXPECT_EQ(code(bad), "simulate.proportion");
}

TEST_F(SimulateCommand, SimulatesSeveralValuesTogetherAndReblocks) {
  for (const std::string how : {"pca", "none"}) {
    const RunResult result =
        run({"--decorrelate", how, "--reblock", "5,4,2", "--weights", "w", "-o", how + ".gpkg"},
            "fft", "treo_pct,ndpr_pct");
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const Json json = result.json();
    EXPECT_EQ(json.at("summary").at("realizations").size(), 24u);
    EXPECT_EQ(json.at("results").size(), 24u);
    EXPECT_EQ(json.at("summary").at("grid").at("count").items()[0].as_number(), 2.0);
    EXPECT_TRUE(std::filesystem::exists(dir_ / (how + ".gpkg")));
  }
  EXPECT_EQ(
      run({"--decorrelate", "maf", "--maf-lag", "30 m"}, "sgs", "treo_pct,ndpr_pct").exit_code, 0);
}

TEST_F(SimulateCommand, RefusesWhatWasAskedWrongly) {
  const std::vector<std::string> tonnes{"--cutoffs", "1 %", "--density", "2 t/m3"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), tonnes.begin(), tonnes.end());
    return more;
  };
  EXPECT_EQ(code({"--cutoffs", "2,1 %", "--density", "2 t/m3"}), "usage.cutoffs");
  EXPECT_EQ(code({"--cutoffs", "1,1 %", "--density", "2 t/m3"}), "usage.cutoffs");
  EXPECT_EQ(code({"--cutoffs", "1,2", "--density", "2 t/m3"}), "usage.quantity");
  EXPECT_EQ(code({"--cutoffs", "1 m", "--density", "2 t/m3"}), "usage.quantity");
  EXPECT_EQ(code({"--cutoffs", "x %", "--density", "2 t/m3"}), "usage.quantity");
  EXPECT_EQ(code({"--cutoffs", "1 %"}), "usage.density");
  EXPECT_EQ(code({"--density", "2 t/m3"}), "usage.cutoffs");
  EXPECT_EQ(code({"--tails", "0,5"}, "fft", "treo_pct", false), "usage.quantity");
  EXPECT_EQ(code({"--tails", "5 %"}, "fft", "treo_pct", false), "usage.tails");
  EXPECT_EQ(code({}, "fft", "treo_pct", false), "usage.missing");
  EXPECT_EQ(code({"--lower-tail", "hyperbolic:2"}), "usage.tail");
  EXPECT_EQ(code({"--upper-tail", "power"}), "usage.tail");
  EXPECT_EQ(code({"--upper-tail", "bent"}), "usage.tail");
  EXPECT_EQ(code({}, "fft", "treo_pct,ndpr_pct"), "usage.decorrelate");
  EXPECT_EQ(code({"--decorrelate", "pca"}), "usage.decorrelate");
  EXPECT_EQ(code({"--decorrelate", "maf"}, "fft", "treo_pct,ndpr_pct"), "usage.decorrelate");
  EXPECT_EQ(code({}, "fft", ","), "usage.value");
  EXPECT_EQ(code({"--variogram", "v.json", "--variogram", "v.json"}), "usage.variogram");
  EXPECT_EQ(code({"--reblock", "3,1,1"}), "usage.reblock");
  EXPECT_EQ(code({"--multigrid", "2"}), "usage.search");
  EXPECT_EQ(code({"--max-per-octant", "2"}, "sgs"), "usage.search");
  EXPECT_EQ(code(with({"--class", "class"})), "usage.class");
  EXPECT_EQ(code(with({"--proportion", "part"})), "usage.class");
  EXPECT_EQ(code(with({"--permit-id", "id"})), "usage.permits");
  EXPECT_EQ(code({"--permits", "p.csv"}), "usage.cutoffs");
  EXPECT_EQ(code({"--radius", "40,30"}), "usage.quantity");
  EXPECT_EQ(code({"--search-angles", "40,30"}), "usage.list");
  EXPECT_EQ(code({"--realizations", "0"}), "usage.range");
}

TEST_F(SimulateCommand, WantsAGrid) {
  for (const bool half : {false, true}) {
    std::vector<std::string> words{
        "simulate", "s.csv",          "--value", "treo_pct", "--variogram", "v.json", "--method",
        "fft",      "--realizations", "2",       "--tails",  "0,5 %",       "--json"};
    if (half) words.insert(words.end(), {"--origin", "0,0,0"});
    const RunResult result = run_lode(words, dir_.path().string());
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.json().at("error").at("code").as_string(), "usage.grid");
  }
}

TEST_F(SimulateCommand, RefusesWhatTheDataDoNotAllow) {
  EXPECT_EQ(code({"--tails", "2,5 %"}, "fft", "treo_pct", false), "simulate.tails");
  EXPECT_EQ(code({"--bbox", "1000,1000,1001,1001"}), "io.empty_layer");
  std::ofstream(dir_ / "power.json")
      << R"({"nugget":0,"structures":[{"type":"power","sill":1,"ranges_m":40,"exponent":1}]})";
  EXPECT_EQ(code({"--variogram", "power.json"}), "simulate.unbounded");
  std::ofstream(dir_ / "raw.json")
      << R"({"nugget":0,"structures":[{"type":"spherical","sill":5,"ranges_m":40}]})";
  EXPECT_EQ(code({"--variogram", "raw.json"}), "simulate.sill");
  std::ofstream(dir_ / "far.csv") << "x,y,z,class\n9000,9000,1,a\n";
  EXPECT_EQ(code({"--cutoffs", "1 %", "--density", "2 t/m3", "--class-blocks", "far.csv", "--class",
                  "class"}),
            "simulate.no_class");
}

TEST_F(SimulateCommand, SaysWhichSampleLiesOutside) {
  std::ofstream(dir_ / "s.csv", std::ios::app) << "106,40,10,1.5,0.3,1,n\n";
  const RunResult refused = run();
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(refused.json().at("error").at("code").as_string(), "simulate.off_grid");
  EXPECT_THAT(refused.json().at("error").at("where").as_string(), testing::HasSubstr("32"));
  const RunResult dropped = run({"--outside", "drop"});
  EXPECT_EQ(dropped.exit_code, 0);
  EXPECT_THAT(dropped.out, testing::HasSubstr("simulate.outside"));
}

TEST_F(SimulateCommand, ClassesMustStandInTheSamplesCrs) {
  std::ofstream(dir_ / "b.csv") << "x,y,z,class\n5,5,2.5,a\n";
  std::ofstream(dir_ / "b.geojson") << R"({"type":"FeatureCollection","features":[
    {"type":"Feature","properties":{"class":"a","z":1},"geometry":{"type":"Point","coordinates":[5,5]}}]})";
  EXPECT_EQ(code({"--cutoffs", "1 %", "--density", "2 t/m3", "--class-blocks", "b.geojson",
                  "--class", "class"}),
            "simulate.crs_differs");
}

}  // namespace
}  // namespace lode::test
