// The command `validate`: swaths, quantiles, bias and change of support as scripts see them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "libgeo/core/text.h"
#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

class ValidateCommand : public testing::Test {
 protected:
  void SetUp() override {
    // A slope of grade; blocks see it exactly, samples stand on every second block.
    std::string blocks = "x,y,z,dx,dy,dz,au_ppm\n", samples = "x,y,z,au_ppm\n";
    for (int j = 0; j < 10; ++j)
      for (int i = 0; i < 10; ++i) {
        const std::string place =
            number_text(500005.0 + 10 * i) + "," + number_text(6000005.0 + 10 * j) + ",55,";
        blocks += place + "10,10,10," + number_text(1.0 + i) + "\n";
        samples += place + number_text(1.0 + i) + "\n";
      }
    write(dir_ / "b.csv", blocks);
    write(dir_ / "s.csv", samples);
    write(dir_ / "v.json",
          R"({"nugget":2,"structures":[{"type":"spherical","sill":6,"ranges_m":60}]})");
  }
  RunResult run(std::vector<std::string> more) const {
    std::vector<std::string> words{"validate",    path("b.csv"), path("s.csv"),
                                   "--input-crs", "EPSG:32629",  "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return run_lode(words);
  }
  std::string code(std::vector<std::string> more) const {
    const RunResult result = run(std::move(more));
    EXPECT_NE(result.exit_code, 0) << result.out;
    return result.json().at("error").at("code").as_string();
  }
  std::string path(const std::string& name) const { return (dir_ / name).string(); }
  TempDir dir_;
};

TEST_F(ValidateCommand, SwathsQuantilesAndBias) {
  const RunResult result = run(
      {"--value", "au_ppm", "--slice", "20,50,10 m", "--svg", path("f.svg"), "-o", path("r.json")});
  ASSERT_EQ(result.exit_code, 0) << result.err << result.out;
  const Json json = result.json();
  const Json& summary = json.at("summary");
  EXPECT_DOUBLE_EQ(summary.at("estimate_mean").as_number(), 5.5);
  EXPECT_DOUBLE_EQ(summary.at("declustered_mean").as_number(), 5.5);
  EXPECT_NEAR(summary.at("bias_pct").as_number(), 0.0, 1e-12);
  EXPECT_NEAR(summary.at("variance_ratio").as_number(), 1.0, 1e-12);
  EXPECT_EQ(summary.at("volume_m3").as_number(), 100000.0);
  ASSERT_EQ(json.at("results").size(), 5u + 2u + 1u);
  const Json& first = json.at("results").items().front();
  EXPECT_EQ(first.at("axis").as_string(), "x");
  EXPECT_DOUBLE_EQ(first.at("estimate_mean").as_number(), 1.5);
  EXPECT_EQ(summary.at("swath").size(), 8u);
  EXPECT_EQ(summary.at("qq").size(), 19u);
  EXPECT_THAT(slurp(dir_ / "f.svg"), testing::HasSubstr("swath along x"));
  EXPECT_EQ(Json::parse(slurp(dir_ / "r.json"), "r.json").dump(), summary.dump());
}

TEST_F(ValidateCommand, ChangeOfSupport) {
  const RunResult result = run({"--value", "au_ppm", "--variogram", path("v.json"), "--cutoffs",
                                "0,0.0005 %", "--figure", path("f.svg")});
  ASSERT_EQ(result.exit_code, 0) << result.err << result.out;
  const Json support = result.json().at("summary").at("change_of_support");
  const double share = support.at("variance_share").as_number();
  // Nugget 2 of 8 is lost whole; the cube of 10 m keeps nearly all of the rest: the mean distance
  // in it is 6.617 m, so that gamma is near 6 * 1.5 * 6.617 / 60.
  EXPECT_NEAR(share, 1.0 - (2.0 + 6.0 * 1.5 * 6.617 / 60.0) / 8.0, 1e-3);
  EXPECT_NEAR(support.at("smoothing_ratio").as_number(), 1.0 / share, 1e-9);
  const auto& curve = support.at("curve").items();
  ASSERT_EQ(curve.size(), 2u);
  EXPECT_EQ(curve[1].at("cutoff").as_number(), 5.0);
  EXPECT_DOUBLE_EQ(curve[0].at("theory_tonnage_share").as_number(), 1.0);
  EXPECT_NEAR(curve[0].at("theory_mean").as_number(), 5.5, 1e-6);
  EXPECT_DOUBLE_EQ(curve[1].at("estimate_tonnage_share").as_number(), 0.6);
  EXPECT_DOUBLE_EQ(curve[1].at("estimate_mean").as_number(), 7.5);
  EXPECT_THAT(slurp(dir_ / "f.svg"), testing::HasSubstr("share of the tonnage"));
}

TEST_F(ValidateCommand, BlocksWithoutSizes) {
  write(dir_ / "b.csv", "x,y,z,est\n500010,6000010,55,3\n500080,6000010,55,\n");
  const RunResult result = run({"--value", "est", "--sample-value", "au_ppm"});
  ASSERT_EQ(result.exit_code, 0) << result.err << result.out;
  EXPECT_THAT(result.out, testing::HasSubstr("validate.no_size"));
  EXPECT_THAT(result.out, testing::HasSubstr("validate.not_estimated"));
  EXPECT_TRUE(result.json().at("summary").at("volume_m3").is_null());
  EXPECT_EQ(code({"--value", "est", "--sample-value", "au_ppm", "--variogram", path("v.json")}),
            "validate.block_size");
}

TEST_F(ValidateCommand, BlocksThatShareGround) {
  const std::string head =
      "x,y,z,dx,dy,dz,au_ppm\n500005,6000005,55,10,10,10,3\n"
      "500015,6000005,55,10,10,10,3\n";
  write(dir_ / "b.csv", head + "500005,6000005,55,10,10,10,9\n");
  RunResult result = run({"--value", "au_ppm"});
  ASSERT_NE(result.exit_code, 0);
  EXPECT_EQ(result.json().at("error").at("code").as_string(), "blocks.duplicate");
  EXPECT_THAT(result.out, testing::HasSubstr("2 and 4"));
  write(dir_ / "b.csv", head + "500012.5,6000005,55,5,10,10,9\n");
  EXPECT_EQ(code({"--value", "au_ppm"}), "blocks.overlap");
  // Without the rows that share ground the others serve.
  result = run({"--value", "au_ppm", "--where", "au_ppm < 5"});
  EXPECT_EQ(result.exit_code, 0) << result.err << result.out;
}

TEST_F(ValidateCommand, SharesOfBlocks) {
  write(dir_ / "b.csv",
        "x,y,z,dx,dy,dz,au_ppm,share\n500005,6000005,55,10,10,10,1,0.5\n"
        "500015,6000005,55,10,10,10,4,0.25\n500025,6000005,55,10,10,10,9,\n"
        "500035,6000005,55,10,10,10,9,0\n");
  RunResult result = run({"--value", "au_ppm", "--share", "share"});
  ASSERT_EQ(result.exit_code, 0) << result.err << result.out;
  EXPECT_DOUBLE_EQ(result.json().at("summary").at("volume_m3").as_number(), 750.0);
  EXPECT_DOUBLE_EQ(result.json().at("summary").at("estimate_mean").as_number(), 2.0);
  EXPECT_THAT(result.out, testing::HasSubstr("validate.no_share"));
  EXPECT_THAT(result.out, testing::Not(testing::HasSubstr("validate.share_unused")));
  result = run({"--value", "au_ppm"});
  ASSERT_EQ(result.exit_code, 0) << result.err << result.out;
  EXPECT_THAT(result.out, testing::HasSubstr("validate.share_unused"));
  EXPECT_DOUBLE_EQ(result.json().at("summary").at("volume_m3").as_number(), 4000.0);
  write(dir_ / "b.csv", "x,y,z,dx,dy,dz,au_ppm,share\n500005,6000005,55,10,10,10,1,1.5\n");
  EXPECT_EQ(code({"--value", "au_ppm", "--share", "share"}), "blocks.share");
}

TEST_F(ValidateCommand, Refuses) {
  EXPECT_EQ(code({"--value", "au_ppm", "--cutoffs", "1 ppm"}), "usage.validate");
  EXPECT_EQ(code({"--value", "au_ppm", "--sample-value", "a,b"}), "usage.list");
  EXPECT_EQ(code({"--value", "au_ppm", "--slice", "1,2 m"}), "usage.list");
  EXPECT_EQ(code({"--value", "au_ppm", "--variogram", path("v.json"), "--cutoffs", "2,1 ppm"}),
            "usage.cutoff");
  EXPECT_EQ(code({"--value", "au_ppm", "--variogram", path("v.json"), "--cutoffs", "2"}),
            "usage.quantity");
  write(dir_ / "b.csv", "x,y,z,dx,dy,dz,au_ppm\n500010,6000010,55,0,1,1,3\n");
  EXPECT_EQ(code({"--value", "au_ppm"}), "validate.block_size");
  write(dir_ / "b.csv", "x,y,z,au_ppm\n600010,6000010,55,3\n");
  EXPECT_EQ(code({"--value", "au_ppm"}), "validate.apart");
}

}  // namespace
}  // namespace lode::test
