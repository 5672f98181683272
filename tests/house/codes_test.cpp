// Every error and finding code stands in a manual page and in a test.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/house/tree.h"

namespace lode::house {
namespace {

// Where each code is first thrown or found.
std::map<std::string, std::string> codes() {
  // A dotted literal that is the first argument of a call, a braced value, or one arm of a choice.
  const std::regex dotted("(?:[({,?:]|=|return|<<)\\s*\"([a-z]+\\.[a-z0-9_]+(?:\\.[a-z0-9_]+)?)\"");
  // Endings of file names and the like, which look the same.
  static const std::set<std::string> endings{
      "csv", "gpkg", "shp", "html",    "json", "toml", "cpp", "md",  "h",   "tif", "qml",
      "txt", "db",   "fgb", "geojson", "xlsx", "svg",  "pdf", "png", "bin", "zip"};
  const std::regex usage("\\busage\\(\"([a-z_]+)\"");
  std::map<std::string, std::string> found;
  for (const fs::path& path : sources())
    for (const std::string& code : matches(without_comments(read(path), true), dotted))
      if (!endings.contains(code.substr(code.rfind('.') + 1))) found.emplace(code, name_of(path));
  for (const fs::path& path : sources())
    for (const std::string& rest : matches(read(path), usage))
      found.emplace("usage." + rest, name_of(path));
  return found;
}

std::string all_of(const std::string& folder, const std::vector<std::string>& endings) {
  std::string text;
  for (const fs::path& path : files(folder, endings)) text += read(path);
  return text;
}

TEST(Codes, StandInTheManual) {
  const std::string manual = all_of("tools", {".md"});
  for (const auto& [code, where] : codes())
    EXPECT_NE(manual.find("`" + code + "`"), std::string::npos)
        << code << " (" << where << ") stands in no DIAGNOSTICS chapter, nor in tools/errors.md";
}

TEST(Codes, HaveATest) {
  const std::string tests = all_of("tests", {".cpp", ".h", ".csv", ".py", ".toml"});
  // Codes still without a test are kept in sight in untested_codes.txt: a new code must come with a
  // test, and a code that has got one must leave the list.
  std::set<std::string> owed;
  for (const std::string& line : lines_of(read(root() / "tests/house/untested_codes.txt")))
    if (!line.empty() && line[0] != '#') owed.insert(line);
  for (const auto& [code, where] : codes()) {
    const bool tested = tests.find(code) != std::string::npos;
    EXPECT_TRUE(tested || owed.contains(code)) << code << " (" << where << ") has no test";
    EXPECT_FALSE(tested && owed.contains(code)) << code << " has a test: take it off the list";
  }
}

TEST(Codes, OfTheManualExist) {
  const auto known = codes();
  const std::regex heading("(?:^|\\n)(`[^\\n]*`[^\\n]*)\\n:");
  const std::regex quoted("`([a-z]+\\.[a-z0-9_.]+)`");
  for (const fs::path& path : files("tools", {".md"}))
    for (const std::string& line : matches(read(path), heading))
      for (const std::string& code : matches(line, quoted))
        EXPECT_TRUE(known.contains(code))
            << name_of(path) << " explains " << code << ", which nothing throws or finds";
}

}  // namespace
}  // namespace lode::house
