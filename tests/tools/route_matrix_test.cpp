// --matrix: the same numbers as the rows, whole or not at all; and what the cache folder keeps.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "libgeo/core/text.h"
#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

struct RouteMatrix : testing::Test {
  RouteMatrix() {
    write("sites.csv", "id,lon,lat\n\"A, north\",0.3,0.1\n=B,2,0.1\nC,60,60\n");
    write("places.csv", "id,lon,lat\nP,9.5,0.1\nQ,1,0\n");
    // Two ways round, so that there is something to choose.
    write(
        "roads.geojson",
        R"({"type":"FeatureCollection","features":[)"
        R"({"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[0,0],[1,0],[5,1],[9,0],[10,0]]}},)"
        R"({"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[1,0],[5,-3],[9,0]]}}]})");
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(dir / name, std::ios::binary) << text;
  }
  RunResult run(std::vector<std::string> more, const std::string& cache = "cache") {
    std::vector<std::string> words = {"route", "sites.csv", "--to", "places.csv", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    words.insert(words.end(), {"--cache", cache});
    return run_lode(words, dir.path().string());
  }
  std::vector<std::string> lines_of(const std::string& name) {
    std::vector<std::string> lines;
    for (const auto& line : split(slurp(dir / name), '\n'))
      if (!line.empty()) lines.emplace_back(line);
    return lines;
  }
  /// The matrix must say what the rows of the same run say.
  void expect_same(std::vector<std::string> words) {
    const RunResult rows = run(words);
    ASSERT_EQ(rows.exit_code, 0) << rows.err;
    words.insert(words.end(), {"--matrix", "-o", "m.csv", "--overwrite"});
    const RunResult matrix = run(words);
    ASSERT_EQ(matrix.exit_code, 0) << matrix.err;
    const Json expected = rows.json();
    const auto lines = lines_of("m.csv");
    ASSERT_EQ(lines.size(), expected.at("results").size() + 1);
    EXPECT_EQ(lines[0], "from,to,distance_km,cost_usd_per_t,hours,co2e_kg_per_t");
    for (const char* key : {"pairs", "unreachable"})
      EXPECT_EQ(matrix.json().at("summary").at(key).as_integer(),
                expected.at("summary").at(key).as_integer());
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const Json row = expected.at("results").items()[i - 1];
      const auto cells = split(lines[i], ',');
      ASSERT_GE(cells.size(), 6u);
      const char* const keys[] = {"distance_km", "cost_usd_per_t", "hours", "co2e_kg_per_t"};
      for (std::size_t k = 0; k < 4; ++k) {
        const auto cell = cells[cells.size() - 4 + k];
        if (row.at(keys[k]).is_null()) {
          EXPECT_EQ(cell, "") << lines[i];
          continue;
        }
        const double number = row.at(keys[k]).as_number();
        EXPECT_NEAR(parse_number(cell).value_or(-1.0), number, 1e-9 * (1.0 + number)) << lines[i];
      }
    }
  }
  TempDir dir;
};

TEST_F(RouteMatrix, SaysWhatTheRowsSay) {
  const std::vector<std::vector<std::string>> ways = {{"--network", "road=roads.geojson"},
                                                      {"--straight"}};
  for (const auto& way : ways) {
    expect_same(way);
    for (const char* nearest : {"1", "2"}) {
      auto words = way;
      words.insert(words.end(), {"--nearest", nearest});
      expect_same(words);
    }
  }
  write("places.csv", "id,lon,lat\nP,9.5,0.1\nQ,1,0\nR,5,1\n");
  for (auto words : ways) {
    words.emplace_back("--pairwise");
    expect_same(words);
  }
}

TEST_F(RouteMatrix, IdsAreQuotedAndGuarded) {
  ASSERT_EQ(run({"--straight", "--matrix", "-o", "m.csv"}).exit_code, 0);
  const auto lines = lines_of("m.csv");
  ASSERT_EQ(lines.size(), 7u);
  EXPECT_THAT(lines[1], testing::StartsWith("\"A, north\",P,"));
  EXPECT_THAT(lines[3], testing::StartsWith("'=B,P,"));
  EXPECT_THAT(lines[5], testing::EndsWith(",,,"));
}

TEST_F(RouteMatrix, WhatFailsLeavesNothing) {
  // C is out of reach: a warning, which --strict does not pass.
  const RunResult refused =
      run({"--network", "road=roads.geojson", "--matrix", "-o", "m.csv", "--strict"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_FALSE(std::filesystem::exists(dir / "m.csv"));
  for (const auto& file : std::filesystem::directory_iterator(dir.path()))
    EXPECT_THAT(file.path().filename().string(), testing::Not(testing::HasSubstr("m.csv")));
  EXPECT_NE(run({"--straight", "--matrix", "-o", "sites.csv", "--overwrite"}).exit_code, 0);
}

TEST_F(RouteMatrix, TheSameBytesForAnyJobs) {
  const std::vector<std::string> words = {"--network", "road=roads.geojson", "--matrix", "-o"};
  for (const char* jobs : {"1", "2", "5"}) {
    auto more = words;
    more.insert(more.end(), {std::string("m") + jobs + ".csv", "--jobs", jobs});
    ASSERT_EQ(run(more).exit_code, 0);
    EXPECT_EQ(slurp(dir / (std::string("m") + jobs + ".csv")), slurp(dir / "m1.csv"));
  }
}

TEST_F(RouteMatrix, TheCacheMakesRoomOfItsOwnOldest) {
  const std::vector<std::string> words = {"--network", "road=roads.geojson"};
  const std::string first = run(words).out;
  const auto folder = dir / "cache";
  const auto sparse = [&](const std::string& name) {
    std::ofstream(folder / name, std::ios::binary) << "x";
    std::filesystem::resize_file(folder / name, std::uintmax_t{3} << 30);
    std::filesystem::last_write_time(
        folder / name, std::filesystem::file_time_type::clock::now() - std::chrono::hours(48));
  };
  const std::string digits(32, 'a');
  sparse("network-" + digits + ".bin");
  sparse("blocks.bin");               // another's
  sparse("copy-of-" + digits + "z");  // another's
  sparse("network-" + digits + ".bin.part-Xy12Zz");
  write("roads2.geojson", slurp(dir / "roads.geojson"));
  ASSERT_EQ(run({"--network", "road=roads2.geojson"}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(folder / ("network-" + digits + ".bin")));
  EXPECT_FALSE(std::filesystem::exists(folder / ("network-" + digits + ".bin.part-Xy12Zz")));
  EXPECT_TRUE(std::filesystem::exists(folder / "blocks.bin"));
  EXPECT_TRUE(std::filesystem::exists(folder / ("copy-of-" + digits + "z")));
  EXPECT_EQ(run(words).out, first);
}

TEST_F(RouteMatrix, OrdersOfHierarchiesAreKept) {
  const std::vector<std::string> words = {"--network", "road=roads.geojson", "--algorithm", "cch"};
  const std::string first = run(words).out;
  std::size_t kept = 0;
  for (const auto& file : std::filesystem::directory_iterator(dir / "cache"))
    if (file.path().filename().string().starts_with("cch-")) {
      ++kept;
      std::filesystem::resize_file(file.path(), 70);
    }
  EXPECT_EQ(kept, 1u);
  EXPECT_EQ(run(words).out, first);  // a damaged one is made again
  EXPECT_EQ(run(words, "/proc/no/such/folder").exit_code, 0);
}

}  // namespace
}  // namespace lode::test
