// The command `convert`: counts, losses, objects, units, and refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

using testing::HasSubstr;

RunResult lode(const std::vector<std::string>& words, const std::filesystem::path& folder) {
  return run_lode(words, folder.string());
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

const std::string two_groups =
    "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\ng ore\nf 1 3 2\nf 1 2 4\ng waste\nf 1 4 3\nf 2 3 4\n";

TEST(Convert, CountsObjectsAndSaysLosses) {
  const TempDir folder;
  write(folder / "a.obj", two_groups);
  const RunResult run = lode(
      {"convert", "a.obj", "-o", "a.dxf", "--json", "--input-crs", "EPSG:32629"}, folder.path());
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  EXPECT_EQ(json.at("results").items().size(), 2u);
  EXPECT_EQ(json.at("results").items()[0].at("name").as_string(), "ore");
  EXPECT_EQ(json.at("results").items()[0].at("parts").as_number(), 2);
  EXPECT_EQ(json.at("summary").at("triangles").as_number(), 4);
  EXPECT_EQ(json.at("summary").at("surfaces").as_number(), 2);
  EXPECT_THAT(run.out, HasSubstr("the CRS (EPSG:32629)"));
  EXPECT_THAT(run.out, HasSubstr("convert.lost"));
  EXPECT_EQ(lode({"convert", "a.obj", "-o", "b.dxf", "--strict", "--input-crs", "EPSG:32629"},
                 folder.path())
                .exit_code,
            1);
  EXPECT_FALSE(std::filesystem::exists(folder / "b.dxf"));
  EXPECT_EQ(lode({"convert", "a.obj", "-o", "b.dxf", "--strict"}, folder.path()).exit_code, 0);
}

TEST(Convert, OneObjectInAnotherUnit) {
  const TempDir folder;
  write(folder / "a.obj", two_groups);
  const RunResult run = lode({"convert", "a.obj", "-o", "w.obj", "--object", "waste",
                              "--input-unit", "ft", "--unit", "m", "--json"},
                             folder.path());
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("convert.unit_changed"));
  std::ifstream in(folder / "w.obj");
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  EXPECT_THAT(text, HasSubstr("0.3048"));
  EXPECT_THAT(text, testing::Not(HasSubstr("ore")));
  const auto refused = [&](std::vector<std::string> words) {
    std::vector<std::string> all{"convert", "a.obj", "-o", "x.obj"};
    all.insert(all.end(), words.begin(), words.end());
    return lode(all, folder.path()).err;
  };
  EXPECT_THAT(refused({"--object", "wast"}), HasSubstr("[convert.no_object]"));
  EXPECT_THAT(refused({"--unit", "m"}), HasSubstr("[convert.unit]"));
}

TEST(Convert, TablesOfBlocks) {
  const TempDir folder;
  write(folder / "b.csv", "x,y,z,cu,rock\n5,5,5,1,a\n15,5,5,,b\n");
  const RunResult run =
      lode({"convert", "b.csv", "--block-size", "10 m", "-o", "b.vtu", "--json"}, folder.path());
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.json().at("summary").at("blocks").as_number(), 2);
  ASSERT_EQ(lode({"convert", "b.vtu", "-o", "c.csv"}, folder.path()).exit_code, 0);
  std::ifstream in(folder / "c.csv");
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  EXPECT_EQ(text, "x,y,z,dx,dy,dz,cu,rock\n5,5,5,10,10,10,1,a\n15,5,5,10,10,10,,b\n");
}

TEST(Convert, EveryLossIsAWarningAndAbsentBlocksAreNotFilledIn) {
  const TempDir folder;
  write(folder / "b.csv",
        "x,y,z,dx,dy,dz,cu\n5,5,5,10,10,10,1\n15,5,5,10,10,10,2\n"
        "5,15,5,10,10,10,3\n");
  EXPECT_THAT(lode({"convert", "b.csv", "-o", "b.omf", "--format", "omf1"}, folder.path()).err,
              HasSubstr("[model.nothing]"));
  EXPECT_FALSE(std::filesystem::exists(folder / "b.omf"));
  write(folder / "t.csv", "x,y,z,cu,rock\n1,2,3,1,a\n2,3,4,2,b\n");
  const Json json = lode({"convert", "t.csv", "-o", "t.obj", "--input-crs", "EPSG:32629",
                          "--input-unit", "m", "--json"},
                         folder.path())
                        .json();
  const std::size_t lost = json.at("summary").at("lost").items().size();
  std::size_t warnings = 0;
  for (const Json& finding : json.at("findings").items())
    warnings += finding.at("code").as_string() == "convert.lost" ? 1U : 0U;
  EXPECT_GE(lost, 3u);
  EXPECT_EQ(warnings, lost);
}

TEST(Convert, Refusals) {
  const TempDir folder;
  write(folder / "a.obj", two_groups);
  EXPECT_EQ(lode({"convert", "a.obj", "-o", "a.dtm"}, folder.path()).exit_code, 2);
  EXPECT_THAT(lode({"convert", "a.obj", "-o", "a.dtm"}, folder.path()).err,
              HasSubstr("[usage.output]"));
  EXPECT_THAT(lode({"convert", "a.obj", "-o", "a.csv"}, folder.path()).err,
              HasSubstr("[model.nothing]"));
  EXPECT_THAT(lode({"convert", "a.obj", "-o", "a.obj", "--overwrite"}, folder.path()).err,
              HasSubstr("[io.output_is_input]"));
  write(folder / "t.ts",
        "GOCAD TSurf 1\nHEADER {\nname:t\n}\nGOCAD_ORIGINAL_COORDINATE_SYSTEM\nNAME \"EPSG:1\"\n"
        "END_ORIGINAL_COORDINATE_SYSTEM\nTFACE\nVRTX 1 0 0 0\nVRTX 2 1 0 0\nVRTX 3 0 1 0\nTRGL 1 2 "
        "3\nEND\n");
  EXPECT_THAT(
      lode({"convert", "t.ts", "-o", "t.vtu", "--input-crs", "EPSG:32629"}, folder.path()).err,
      HasSubstr("[convert.crs]"));
}

}  // namespace
}  // namespace lode::test
