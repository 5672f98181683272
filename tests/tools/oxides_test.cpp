// The command `oxides`: keys, conventions, output and refusals as scripts see them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

TEST(OxidesCommand, KeysOfTheContract) {
  const TempDir dir;
  // Mountain Pass after Weng et al. 2015: 8.1891 % TREO in the trade forms.
  write(dir / "mp.csv",
        "id,name,Y_ppm,La_ppm,Ce_ppm,Pr_ppm,Nd_ppm,Sm_ppm,Eu_ppm,Gd_ppm,Tb_ppm,Dy_ppm,Ho_ppm,"
        "Er_ppm,Tm_ppm,Yb_ppm\n"
        "MP,Mountain Pass,81.7291,23003.5,33802.8,2810.68,7639.06,585.226,72.3976,145.463,11.0984,"
        "23.6523,2.78791,4.18927,1.39816,1.4023\n");
  write(dir / "prices.csv", "oxide,price_usd_per_kg\nNd2O3,56\nDy2O3,260\n");
  const RunResult run = run_lode(
      {"oxides", (dir / "mp.csv").string(), "--prices", (dir / "prices.csv").string(), "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  const Json& row = json.at("results").items().at(0);
  EXPECT_EQ(row.at("id").as_string(), "MP");
  EXPECT_NEAR(row.at("treo_pct").as_number(), 8.1891, 5e-5);
  EXPECT_NEAR(row.at("ndpr_pct").as_number(), 8.1891 * 0.15027, 1e-4);
  EXPECT_NEAR(row.at("lreo_pct").as_number() + row.at("hreo_pct").as_number(),
              row.at("treo_pct").as_number(), 1e-12);
  EXPECT_NEAR(row.at("mreo_pct").as_number(), 8.1891 * (0.15027 + 0.00049), 2e-4);
  EXPECT_NEAR(row.at("La2O3_pct").as_number(), 2.30035 * 1.172769, 1e-5);
  EXPECT_NEAR(row.at("basket_usd_per_t").as_number(),
              7639.06e-6 * 1.166377 * 56000 + 23.6523e-6 * 1.147683 * 260000, 1e-3);
  EXPECT_EQ(row.at("partial").items().at(0).as_string(), "Lu");
  EXPECT_EQ(json.at("summary").at("basis").as_string(), "trade");
  EXPECT_EQ(json.at("summary").at("line").as_string(), "usgs");
}

TEST(OxidesCommand, OxidesAreNotConvertedAgainAndGoBackToElements) {
  const TempDir dir;
  write(dir / "t.csv", "id,La2O3_pct,Ce_ppm\n1,2.0,10000\n");
  for (const std::string basis : {"trade", "sesquioxide"}) {
    const RunResult run =
        run_lode({"oxides", (dir / "t.csv").string(), "--basis", basis, "--json"});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const Json json = run.json();
    const Json& row = json.at("results").items().at(0);
    EXPECT_NEAR(row.at("La2O3_pct").as_number(), 2.0, 1e-12);
    EXPECT_NEAR(row.at("La_ppm").as_number(), 20000 / 1.172769, 0.01);
    EXPECT_NEAR(row.at("treo_pct").as_number(), 2.0 + (basis == "trade" ? 1.228368 : 1.171276),
                1e-5);
  }
}

TEST(OxidesCommand, WritesTheTable) {
  const TempDir dir;
  write(dir / "t.csv", "id,La_ppm\n1,100\n");
  const RunResult run =
      run_lode({"oxides", (dir / "t.csv").string(), "-o", (dir / "out.csv").string()});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(slurp(dir / "out.csv"), testing::HasSubstr("treo_pct"));
}

TEST(OxidesCommand, RefusesWhatItCannotMean) {
  const TempDir dir;
  const auto code = [&](const std::string& csv, std::vector<std::string> more = {}) {
    write(dir / "t.csv", csv);
    std::vector<std::string> words{"oxides", (dir / "t.csv").string(), "--json"};
    words.insert(words.end(), more.begin(), more.end());
    const RunResult run = run_lode(words);
    EXPECT_NE(run.exit_code, 0);
    return run.json().at("error").at("code").as_string();
  };
  EXPECT_EQ(code("id,gold_ppm\n1,2\n"), "oxides.no_column");
  EXPECT_EQ(code("id,La_ppm\n1,-2\n"), "oxides.negative_grade");
  EXPECT_EQ(code("id,CEO2\n1,2\n"), "unit.missing");
  EXPECT_EQ(code("id,TREO_pct\n1,120\n"), "oxides.grade_above_100");
}

}  // namespace
}  // namespace lode::test
