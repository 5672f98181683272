// The command `blocks section`: what the plane cuts in closed form, traces, and refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "libgeo/core/text.h"
#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

using testing::HasSubstr;

class BlocksSection : public testing::Test {
 protected:
  // 4 x 4 x 2 blocks of 10 x 10 x 5 m; the grade is the column from the west, the pit the upper
  // bench of the two middle columns.
  void SetUp() override {
    std::string text = "x,y,z,dx,dy,dz,treo_pct,pit\n";
    for (int k = 0; k < 2; ++k)
      for (int j = 0; j < 4; ++j)
        for (int i = 0; i < 4; ++i)
          text += std::to_string(1005 + 10 * i) + "," + std::to_string(2005 + 10 * j) + "," +
                  (k == 0 ? "2.5" : "7.5") + ",10,10,5," + std::to_string(i + 1) + "," +
                  (k == 1 && (i == 1 || i == 2) ? std::to_string(i) : "0") + "\n";
    std::ofstream(dir / "blocks.csv", std::ios::binary) << text;
  }
  RunResult run(std::vector<std::string> more) const {
    std::vector<std::string> args{"blocks",
                                  "section",
                                  (dir / "blocks.csv").string(),
                                  "--grade",
                                  "treo_pct",
                                  "--input-crs",
                                  "EPSG:32629",
                                  "--overwrite",
                                  "--json",
                                  "-o",
                                  (dir / "section.svg").string()};
    args.insert(args.end(), more.begin(), more.end());
    return run_lode(args);
  }
  Json row(const std::vector<std::string>& more) const {
    const RunResult result = run(more);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.json().at("results").items().at(0);
  }
  std::string code(const std::vector<std::string>& more) const {
    const RunResult result = run(more);
    if (result.exit_code == 0) return "none";
    return result.json().at("error").at("code").as_string();
  }
  TempDir dir;
};

TEST_F(BlocksSection, WhatThePlaneCuts) {
  // Along the second row from 5 m before the blocks to their middle.
  Json one = row({"--from", "995,2012", "--to", "1020,2012"});
  EXPECT_EQ(one.at("length_m").as_number(), 25.0);
  EXPECT_EQ(one.at("blocks_cut").as_number(), 4.0);
  EXPECT_NEAR(one.at("area_m2").as_number(), 20.0 * 10.0, 1e-9);
  EXPECT_NEAR(one.at("mean").as_number(), 1.5, 1e-12);
  EXPECT_THAT(slurp(dir / "section.svg"), HasSubstr("Elevation (m)"));
  // The diagonal meets one block a column and bench.
  one = row({"--from", "1000,2000", "--to", "1040,2040", "--pit", "pit"});
  EXPECT_EQ(one.at("blocks_cut").as_number(), 8.0);
  EXPECT_NEAR(one.at("area_m2").as_number(), 40.0 * std::sqrt(2.0) * 10.0, 1e-9);
  EXPECT_NEAR(one.at("pit_m2").as_number(), 20.0 * std::sqrt(2.0) * 5.0, 1e-9);
  one = row({"--from", "1000,2000", "--to", "1040,2040", "--pit", "pit", "--pit-shell", "1"});
  EXPECT_NEAR(one.at("pit_m2").as_number(), 10.0 * std::sqrt(2.0) * 5.0, 1e-9);
  // Along a common face, once.
  EXPECT_EQ(row({"--from", "1000,2010", "--to", "1040,2010"}).at("blocks_cut").as_number(), 8.0);
}

TEST_F(BlocksSection, TracesAndLimits) {
  std::string dem = "ncols 12\nnrows 12\nxllcorner 960\nyllcorner 1960\ncellsize 10\n";
  for (int i = 0; i < 12; ++i) dem += "12 12 12 12 12 12 12 12 12 12 12 12\n";
  std::ofstream(dir / "dem.asc") << dem;
  std::ofstream(dir / "far.obj")
      << "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 3 2\nf 1 2 4\nf 2 3 4\n"
         "f 3 1 4\n";
  std::ofstream(dir / "permit.csv")
      << "id,wkt\nA,\"POLYGON ((1010 1990, 1030 1990, 1030 2050, 1010 2050, 1010 1990))\"\n";
  const RunResult result =
      run({"--from", "1000,2012", "--to", "1040,2012", "--surface", (dir / "dem.asc").string(),
           "--solid", (dir / "far.obj").string(), "--within", (dir / "permit.csv").string()});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json json = result.json();
  const auto& within = json.at("results").items()[0].at("within").items();
  ASSERT_EQ(within.size(), 1u);
  EXPECT_NEAR(within[0].at("from_m").as_number(), 10.0, 1e-9);
  EXPECT_NEAR(within[0].at("to_m").as_number(), 30.0, 1e-9);
  EXPECT_THAT(json.at("findings").dump(), HasSubstr("section.missed"));
  EXPECT_THAT(slurp(dir / "section.svg"), HasSubstr("dem.asc"));
}

TEST_F(BlocksSection, Refusals) {
  EXPECT_EQ(code({"--from", "1,1", "--to", "1,1"}), "usage.section");
  EXPECT_EQ(code({"--from", "1,1", "--to", "1"}), "usage.list");
  EXPECT_EQ(code({"--from", "1,1", "--to", "2,2", "--pit-shell", "1"}), "usage.section");
  EXPECT_EQ(code({"--from", "1,1", "--to", "2,2"}), "section.empty");
  EXPECT_FALSE(std::filesystem::exists(dir / "section.svg"));
}

}  // namespace
}  // namespace lode::test
