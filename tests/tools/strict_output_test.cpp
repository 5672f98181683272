// --strict is about what writing finds too, and nothing written aside shows in what is said.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

class StrictOutput : public testing::Test {
 protected:
  StrictOutput() {
    std::ofstream(box_ / "s.csv") << "x,y,z,treo_pct\n10,10,0,1\n20,10,0,2\n10,30,1,3\n";
  }
  RunResult estimate(const std::string& output, std::vector<std::string> more) {
    std::vector<std::string> words{"estimate",    (box_ / "s.csv").string(),
                                   "--input-crs", "local:m",
                                   "--value",     "treo_pct",
                                   "--method",    "nn",
                                   "--origin",    "0,0,0",
                                   "--spacing",   "10 m",
                                   "--count",     "2,2,1",
                                   "-o",          (box_ / output).string()};
    words.insert(words.end(), more.begin(), more.end());
    return run_lode(words);
  }
  TempDir box_;
};

TEST_F(StrictOutput, LeavesNothingWhenWritingFindsAWarning) {
  // slope_of_regression does not fit into a shapefile's field names.
  const RunResult result = estimate("out.shp", {"--strict"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("write.short_name"), std::string::npos) << result.err;
  for (const auto& entry : std::filesystem::directory_iterator(box_.path()))
    EXPECT_EQ(entry.path().filename(), "s.csv");
}

TEST_F(StrictOutput, AMineGridGoesIntoAGeoPackageWithoutAWord) {
  const RunResult result = estimate("out.gpkg", {"--strict", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out.find("gdal.warning"), std::string::npos);
  EXPECT_EQ(result.out.find(".part-"), std::string::npos);
}

}  // namespace
}  // namespace lode::test
