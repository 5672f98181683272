// What every file keeps to: a first line of purpose, sizes, and words and calls that are not used.
#include <gtest/gtest.h>

#include <cstdio>
#include <map>

#include "tests/house/tree.h"

namespace lode::house {
namespace {

TEST(Style, HeadersOpenWithTheirPurpose) {
  for (const fs::path& path : sources({".h"})) {
    const auto lines = lines_of(read(path));
    ASSERT_GE(lines.size(), 2u) << name_of(path);
    EXPECT_TRUE(lines[0].starts_with("// ") && lines[0].ends_with(".") && lines[0].size() > 20)
        << name_of(path) << ": the first line is to be one sentence of purpose: " << lines[0];
    EXPECT_EQ(lines[0].find(". "), std::string::npos) << name_of(path) << ": one sentence";
    EXPECT_EQ(lines[1], "#pragma once") << name_of(path);
  }
}

TEST(Style, EveryRoomHasItsPage) {
  for (const auto& entry : fs::directory_iterator(root() / "libgeo")) {
    if (!entry.is_directory()) continue;
    const std::string room = entry.path().filename().string();
    const auto lines = lines_of(read(entry.path() / "README.md"));
    ASSERT_FALSE(lines.empty()) << room << " has no README.md that says what is in it";
    EXPECT_TRUE(lines[0] == "# " + room || lines[0].starts_with("# " + room + ":"))
        << room << "/README.md opens with: " << lines[0];
    EXPECT_LE(lines.size(), 80u) << room << "/README.md is to be one page";
  }
}

TEST(Style, FilesAreShort) {
  auto all = sources();
  for (const std::string folder : {"tests", "plugins", "cmake"})
    for (const fs::path& path : files(folder, {".h", ".cpp", ".py", ".cmake"})) all.push_back(path);
  for (const fs::path& path : all) {
    const auto lines = lines_of(read(path));
    const bool says_why = !lines.empty() && lines[0].find("long because") != std::string::npos;
    EXPECT_TRUE(lines.size() <= 600 || says_why)
        << name_of(path) << " has " << lines.size()
        << " lines: split it, or say in its first line that it is long because ...";
  }
}

// Lines inside raw strings (built-in tables, style sheets): data, not code.
std::vector<bool> raw_lines(const std::vector<std::string>& lines) {
  std::vector<bool> raw(lines.size(), false);
  static const std::regex opens("R\"([a-z]*)\\(");
  std::string closing;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::smatch found;
    if (!closing.empty()) {
      raw[i] = true;
      if (lines[i].find(closing) != std::string::npos) closing.clear();
    } else if (std::regex_search(lines[i], found, opens)) {
      const std::string end = ")" + found[1].str() + "\"";
      if (lines[i].find(end) == std::string::npos) closing = end;
    }
  }
  return raw;
}

// A definition starts at the margin, as clang-format leaves it.
bool may_start_function(const std::string& line) {
  if (line.empty() || std::string_view(" \t#/})").find(line[0]) != std::string_view::npos)
    return false;
  const auto open = line.find('(');
  return open != std::string::npos && open < line.find('=') && !line.starts_with("namespace") &&
         !line.starts_with("TEST");
}

TEST(Style, FunctionsAreShort) {
  for (const fs::path& path : sources()) {
    const auto lines = lines_of(read(path));
    const auto raw = raw_lines(lines);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (raw[i] || !may_start_function(lines[i])) continue;
      // Up to the opening brace; a declaration ends before there is one.
      std::size_t open = i;
      while (open < lines.size() && !lines[open].ends_with("{") && !lines[open].ends_with(";") &&
             !lines[open].ends_with("}"))
        ++open;
      if (open == lines.size() || !lines[open].ends_with("{")) continue;
      std::size_t end = open, length = open - i + 1;
      while (end + 1 < lines.size() && (raw[end] || !lines[end].starts_with("}")))
        length += raw[++end] ? 0 : 1;
      const bool says_why = i > 0 && lines[i - 1].find("long because") != std::string::npos;
      EXPECT_TRUE(length <= 60 || says_why)
          << name_of(path) << ':' << i + 1 << " is a function of " << length
          << " lines: split it, or say above it that it is long because ...";
      i = end;
    }
  }
}

TEST(Style, NumbersAreNotReadOrWrittenByTheLocale) {
  const std::regex forbidden(
      "\\b(stod|stof|stold|atof|strtod|strtof|strtold|scanf|sscanf|fscanf|setlocale)\\s*\\(");
  for (const fs::path& path : sources())
    for (const std::string& call : matches(without_comments(read(path)), forbidden))
      ADD_FAILURE() << name_of(path) << " calls " << call << "; use core/text's parse_number";
}

TEST(Style, ATypesNameMeansOneThing) {
  // Two types of one name in one namespace are undefined behaviour once both are linked in, and no
  // compiler says so.
  const std::regex type("^(?:struct|class|enum class) (\\w+)(?: [^;]*)?\\{");
  const std::regex space("^namespace ([a-z:_]+) \\{");
  std::map<std::string, std::string> first;
  for (const fs::path& path : sources({".h"})) {
    std::string name_space;
    for (const std::string& line : lines_of(read(path))) {
      std::smatch found;
      if (std::regex_search(line, found, space)) name_space = found[1];
      if (!std::regex_search(line, found, type)) continue;
      const auto [at, is_new] = first.emplace(name_space + "::" + found[1].str(), name_of(path));
      EXPECT_TRUE(is_new) << at->first << " is in " << at->second << " and in " << name_of(path);
    }
  }
}

TEST(Style, NoFloatingPointToString) {
  // std::to_string of a double leaves this helper of libstdc++ behind; of an integer it does not.
  // The library only: CLI11 inside the program does it too, for its own messages.
  const std::string command = "nm -C '" LODE_BINARY_DIR "/libgeo/liblodegeo.a' 2>/dev/null";
  FILE* pipe = popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string symbols;
  char part[4096];
  for (std::size_t n = 0; (n = fread(part, 1, sizeof part, pipe)) > 0;) symbols.append(part, n);
  pclose(pipe);
  if (symbols.empty())
    GTEST_SKIP() << "no nm, or no library in the build tree: install binutils and build lode";
  EXPECT_EQ(symbols.find("__to_xstring"), std::string::npos)
      << "std::to_string of a double somewhere; use core/text's number_text";
}

TEST(Style, NoRanges) {
  // clang 14 does not take libstdc++ 12's views.
  const std::regex forbidden("(#include <ranges>|std::views::|std::ranges::views)");
  for (const fs::path& path : sources())
    EXPECT_TRUE(matches(read(path), forbidden).empty()) << name_of(path);
}

TEST(Style, NothingIsLeftForLater) {
  // Put together here, so that this file does not find itself.
  const std::string words = std::string("\\b(TO") + "DO|FIX" + "ME|X" + "XX|HA" + "CK)\\b";
  const std::string later = std::string("not imple") + "mented";
  const std::string filler = std::string("place") + "holder";
  const std::string paths = std::string("(/wo") + "rk/|/ro" + "ot/|/ho" + "me/)";
  const std::regex marks(words), machine(paths);
  auto all = sources({".h", ".cpp", ".md", ".txt", ".in", ".list"});
  for (const std::string folder : {"tests", "plugins", "cmake", "sample_data", ".ci"})
    for (const fs::path& path :
         files(folder, {".h", ".cpp", ".py", ".cmake", ".md", ".toml", ".csv", ".txt", ""}))
      if (path.string().find("/results/") == std::string::npos) all.push_back(path);
  for (const auto& entry : fs::directory_iterator(root()))
    // In a worktree .git is a file that says where the repository lies.
    if (entry.is_regular_file() && entry.path().filename() != "LICENSE" &&
        entry.path().filename() != ".git")
      all.push_back(entry.path());
  for (const fs::path& path : all) {
    // HTML and Qt call the grey text of an empty field that; it is set, not left for later.
    const std::string text =
        std::regex_replace(read(path), std::regex(filler + " ?="), std::string());
    for (const std::string& word : matches(text, marks))
      ADD_FAILURE() << name_of(path) << " says " << word;
    for (const std::string& word : matches(text, machine))
      ADD_FAILURE() << name_of(path) << " names a path of one machine: " << word;
    EXPECT_EQ(text.find(later), std::string::npos) << name_of(path);
    EXPECT_EQ(text.find(filler), std::string::npos) << name_of(path);
  }
}

}  // namespace
}  // namespace lode::house
