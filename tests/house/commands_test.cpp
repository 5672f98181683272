// The list of commands, their files, their manual pages, help and description agree.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/house/tree.h"
#include "tests/tools/run_lode.h"

namespace lode::house {
namespace {

std::vector<std::string> listed() {
  std::vector<std::string> names;
  for (const std::string& line : lines_of(read(root() / "tools/commands.list")))
    if (!line.empty() && line[0] != '#') names.push_back(line);
  return names;
}

// "study_run" is the command "study run".
std::vector<std::string> words_of(std::string name) {
  std::vector<std::string> words;
  std::replace(name.begin(), name.end(), '_', ' ');
  std::istringstream in(name);
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

TEST(Commands, ListFilesAndPagesAgree) {
  const std::vector<std::string> list = listed();
  const std::set<std::string> names(list.begin(), list.end());
  EXPECT_EQ(names.size(), list.size()) << "tools/commands.list names one twice";
  for (const std::string& name : names) {
    EXPECT_TRUE(fs::exists(root() / "tools" / (name + ".cpp"))) << name;
    EXPECT_TRUE(fs::exists(root() / "tools" / (name + ".md"))) << name;
  }
  const std::regex declares("Command ([a-z_]+)_command\\(\\) \\{");
  for (const fs::path& path : files("tools", {".cpp"}))
    for (const std::string& name : matches(read(path), declares)) {
      EXPECT_TRUE(names.contains(name)) << name_of(path) << " is not in tools/commands.list";
      EXPECT_EQ(path.stem(), name);
    }
  const auto topics = topic_pages();
  for (const fs::path& path : files("tools", {".md"}))
    EXPECT_TRUE(names.contains(path.stem().string()) || topics.contains(path.stem().string()))
        << name_of(path);
  for (const std::string& topic : topics)
    EXPECT_TRUE(fs::exists(root() / "tools" / (topic + ".md"))) << topic;
}

TEST(Commands, PagesHaveTheirChapters) {
  const std::vector<std::string> chapters{"NAME",        "SYNOPSIS",     "DESCRIPTION", "EXAMPLES",
                                          "DIAGNOSTICS", "MEMORY USAGE", "SEE ALSO"};
  for (const std::string& name : listed()) {
    const fs::path path = root() / "tools" / (name + ".md");
    if (!fs::exists(path)) continue;  // said by the test above
    std::vector<std::string> found;
    bool fenced = false;
    for (const std::string& line : lines_of(read(path))) {
      if (line.starts_with("```")) fenced = !fenced;
      if (!fenced && line.starts_with("# ")) found.push_back(line.substr(2));
    }
    EXPECT_EQ(found, chapters) << name_of(path);
    std::string page = name;
    std::replace(page.begin(), page.end(), '_', '-');
    EXPECT_NE(read(path).find("lode-" + page + " - "), std::string::npos)
        << name_of(path) << ": NAME is to be 'lode-" << page << " - what it does'";
  }
}

TEST(Commands, DescribeListsThemAll) {
  const test::RunResult run = test::run_lode({"describe"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  std::vector<std::string> described;
  for (const Json& one : json.at("results").items()) {
    described.push_back(one.at("command").as_string());
    for (const Json& parameter : one.at("parameters").items()) {
      for (const char* key :
           {"name", "kind", "positional", "unit", "choices", "range", "default", "help"})
        EXPECT_TRUE(parameter.has(key))
            << described.back() << ' ' << parameter.dump() << ' ' << key;
      EXPECT_FALSE(parameter.at("help").as_string().empty())
          << described.back() << " --" << parameter.at("name").as_string();
    }
  }
  std::vector<std::string> expected;
  for (const std::string& name : listed()) {
    std::string words;
    for (const std::string& word : words_of(name)) words += (words.empty() ? "" : " ") + word;
    expected.push_back(words);
  }
  EXPECT_EQ(described, expected);
}

TEST(Commands, EachHasHelp) {
  for (const std::string& name : listed()) {
    std::vector<std::string> words = words_of(name);
    words.push_back("--help");
    const test::RunResult last_word = test::run_lode(words);
    EXPECT_EQ(last_word.exit_code, 0) << name << last_word.err;
    words.pop_back();
    words.insert(words.begin(), "help");
    const test::RunResult help = test::run_lode(words);
    EXPECT_EQ(help.exit_code, 0) << name << help.err;
    EXPECT_EQ(help.out, last_word.out) << name;
    EXPECT_THAT(help.out, testing::HasSubstr("--json")) << name;
  }
}

TEST(Commands, CommonOptionsAreNotDeclaredTwice) {
  const Json json = test::run_lode({"describe"}).json();
  for (const Json& one : json.at("results").items()) {
    std::set<std::string> names;
    for (const Json& parameter : one.at("parameters").items())
      EXPECT_TRUE(names.insert(parameter.at("name").as_string()).second)
          << one.at("command").as_string() << " --" << parameter.at("name").as_string();
  }
}

}  // namespace
}  // namespace lode::house
