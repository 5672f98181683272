// Every table and key that a study file may hold stands in its manual page.
#include <gtest/gtest.h>

#include "tests/house/tree.h"

namespace lode::house {
namespace {

TEST(StudyKeys, StandInTheirPage) {
  const std::string page = read(root() / "tools/study_file.md");
  const auto stands = [&](const std::string& key) {
    return std::regex_search(page, std::regex("`([^`]*[^a-z_`])?" + key + "([^a-z_`][^`]*)?`"));
  };
  const std::string reader = read(root() / "libgeo/study/study_file.cpp");
  const auto keys = matches(
      reader,
      std::regex(
          "\\.(?:text|texts|field|choice|quantity|number|boolean|date|ask)\\(\"([a-z_]+)\""));
  EXPECT_GT(keys.size(), 60u);
  // The other spelling, and keys of tables that are refused.
  const std::set<std::string> apart{"normalize", "collars", "surveys", "assays"};
  for (const std::string& key : keys) EXPECT_TRUE(apart.contains(key) || stands(key)) << key;
  const auto asked =
      matches(read(root() / "libgeo/study/ranking_file.cpp"),
              std::regex("\\b(?:choice|whole|flag|text|texts|number|boolean|ask)\\(\"([a-z_]+)\""));
  EXPECT_GT(asked.size(), 25u);
  for (const std::string& key : asked) EXPECT_TRUE(apart.contains(key) || stands(key)) << key;
  for (const std::string& key : matches(reader, std::regex("\\{\"([a-z_]+)\", \"[a-z_]+\"\\}")))
    EXPECT_TRUE(stands(key)) << key;
}

}  // namespace
}  // namespace lode::house
