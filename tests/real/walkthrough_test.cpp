// The script of lode-deposit-walkthrough(7) on the real drillholes it was written for.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "libgeo/core/text.h"
#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

namespace fs = std::filesystem;

// The fenced blocks of the page, in order: one script.
std::string script_of(const fs::path& page) {
  std::ifstream file(page);
  std::string script;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line == "```")
      inside = !inside;
    else if (inside)
      script += line + "\n";
  }
  return script;
}

// Row of a CSV whose first cells are `key`.
std::vector<double> row_of(const fs::path& path, const std::string& key) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(key)) continue;
    std::vector<double> cells;
    for (const auto& cell : split(line, ','))
      cells.push_back(parse_number(cell).value_or(std::nan("")));
    return cells;
  }
  ADD_FAILURE() << path << " has no row " << key;
  return {};
}

TEST(Walkthrough, RunsAndGivesTheFiguresOfThePage) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "the real data are not here: set LODE_DATA to their folder";
  const TempDir dir;
  fs::copy(fs::path(data) / "drill_ree_phosphate_mine/drillholes.csv", dir / "drillholes.csv");
  fs::copy(fs::path(LODE_SOURCE_DIR) / "sample_data/us_allied_ree/prices.csv", dir / "prices.csv");
  std::ofstream(dir / "script.sh")
      << "set -eu\ncd '" << dir.path().string() << "'\n"
      << script_of(fs::path(LODE_SOURCE_DIR) / "tools/deposit_walkthrough.md");
  const std::string path =
      fs::path(LODE_PROGRAM).parent_path().string() + ":" + std::getenv("PATH");
  setenv("PATH", path.c_str(), 1);
  const std::string command =
      "bash '" + (dir / "script.sh").string() + "' > '" + (dir / "log").string() + "' 2>&1";
  ASSERT_EQ(std::system(command.c_str()), 0) << slurp(dir / "log");
  // Columns: class, cut-off, volume, rock, product, basis, mean grade. The page prints them
  // rounded.
  const auto at_0 = row_of(dir / "grade_tonnage.csv", "all,0,");
  EXPECT_NEAR(at_0.at(3), 1817e6, 0.5e6);
  EXPECT_NEAR(at_0.at(4), 15059e3, 0.5e3);
  const auto at_1 = row_of(dir / "grade_tonnage.csv", "all,1,");
  EXPECT_NEAR(at_1.at(3), 569e6, 0.5e6);
  EXPECT_NEAR(at_1.at(4), 7548e3, 0.5e3);
  EXPECT_TRUE(fs::exists(dir / "swath.svg"));
  EXPECT_TRUE(fs::exists(dir / "realizations.csv"));
  // The range of the simulated tonnes holds what kriging says in all.
  const std::string log = slurp(dir / "log");
  EXPECT_NE(log.find("product_p50_t"), std::string::npos);
}

}  // namespace
}  // namespace lode::test
