// Runs every ```sh block of every manual page in a fresh copy of the sample data, in us_allied_ree.
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/house/tree.h"
#include "tests/tools/run_lode.h"

namespace lode::house {
namespace {

std::vector<std::string> pages() {
  std::vector<std::string> names;
  for (const fs::path& path : files("tools", {".md"})) names.push_back(path.stem().string());
  return names;
}

std::vector<std::string> blocks_of(const fs::path& page) {
  std::vector<std::string> blocks;
  bool inside = false;
  for (const std::string& line : lines_of(read(page))) {
    if (!inside && line == "```sh") {
      inside = true;
      blocks.emplace_back();
    } else if (inside && line == "```") {
      inside = false;
    } else if (inside) {
      blocks.back() += line + "\n";
    }
  }
  return blocks;
}

class Examples : public testing::TestWithParam<std::string> {};

TEST_P(Examples, Run) {
  const auto blocks = blocks_of(root() / "tools" / (GetParam() + ".md"));
  const std::string program_folder = fs::path(LODE_PROGRAM).parent_path().string();
  const std::string path = program_folder + ":" + std::getenv("PATH");
  for (const std::string& block : blocks) {
    const test::TempDir dir;
    const fs::path data = dir / "us_allied_ree";
    for (const auto& set : fs::directory_iterator(root() / "sample_data")) {
      const fs::path copy = dir / set.path().filename().string();
      fs::copy(set.path(), copy, fs::copy_options::recursive);
      fs::remove_all(copy / "results");
    }
    const fs::path script = dir / "example.sh", log = dir / "log";
    // Line by line, so that the message can name the command that failed.
    std::ofstream(script) << "set -eux -o pipefail\ncd '" << data.string() << "'\n" << block;
    setenv("PATH", path.c_str(), 1);
    const int status =
        std::system(("bash '" + script.string() + "' >'" + log.string() + "' 2>&1").c_str());
    EXPECT_EQ(status, 0) << block << "\n--\n" << read(log);
  }
}

TEST_P(Examples, AreThere) {
  if (topic_pages().contains(GetParam())) return;
  EXPECT_FALSE(blocks_of(root() / "tools" / (GetParam() + ".md")).empty());
}

INSTANTIATE_TEST_SUITE_P(Pages, Examples, testing::ValuesIn(pages()),
                         [](const auto& page) { return page.param; });

}  // namespace
}  // namespace lode::house
