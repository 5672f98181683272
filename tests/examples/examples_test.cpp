// Runs the examples of every manual page on a copy of the sample data, and compares what they
// print.
//
// Run are blocks fenced as ```sh, ```r and ```python, in us_allied_ree; a ```make block is the
// Makefile of the block after it. Where a ```text block follows, standard output is to be just
// that. Blocks of a command's page have a fresh copy each; a topic's page is read from top to
// bottom, so its blocks share one.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <optional>

#include "tests/house/tree.h"
#include "tests/study/sample.h"
#include "tests/tools/run_lode.h"

namespace lode::house {
namespace {

struct Example {
  std::string language, code, makefile;
  std::optional<std::string> prints;
};

std::vector<std::string> pages() {
  std::vector<std::string> names;
  for (const fs::path& path : files("tools", {".md"})) names.push_back(path.stem().string());
  return names;
}

/// Fenced blocks in order: what stands after the fence, and the text.
std::vector<std::pair<std::string, std::string>> blocks_of(const fs::path& page) {
  std::vector<std::pair<std::string, std::string>> blocks;
  bool inside = false;
  for (const std::string& line : lines_of(read(page))) {
    if (line.starts_with("```")) {
      if (!inside) blocks.emplace_back(line.substr(3), std::string());
      inside = !inside;
    } else if (inside) {
      blocks.back().second += line + "\n";
    }
  }
  return blocks;
}

fs::path path_of(const std::string& page) {
  return page == "README" ? root() / "README.md" : root() / "tools" / (page + ".md");
}

std::vector<Example> examples_of(const std::string& page) {
  std::vector<Example> examples;
  std::string makefile;
  for (const auto& [language, text] : blocks_of(path_of(page))) {
    if (language == "make") {
      makefile = text;
    } else if (language == "sh" || language == "r" || language == "python") {
      examples.push_back({language, text, makefile, std::nullopt});
      makefile.clear();
    } else if (language == "text") {
      EXPECT_FALSE(examples.empty()) << page << " shows output before anything is run";
      if (!examples.empty()) examples.back().prints = text;
    }
  }
  return examples;
}

/// Without blanks at the ends of lines and of the text, where editors differ.
std::string trimmed(const std::string& text) {
  const std::string lines = std::regex_replace(text, std::regex("[ \t]+\n"), "\n");
  return lines.substr(0, lines.find_last_not_of(" \n") + 1);
}

/// The Python that the module `lode` is made for.
std::string python() {
  const char* said = std::getenv("LODE_PYTHON");
  return said && *said ? said : "/usr/bin/python3";
}

void set_environment(const fs::path& box) {
  static const std::string first_path = std::getenv("PATH");
  const fs::path program = LODE_PROGRAM, build = LODE_BINARY_DIR;
  fs::create_directories(box / "run");
  fs::permissions(box / "run", fs::perms::owner_all);
  for (const auto& [name, value] : std::map<std::string, std::string>{
           {"PATH", program.parent_path().string() + ":" + first_path},
           {"PYTHONPATH", (build / "python").string()},
           {"PYTHONDONTWRITEBYTECODE", "1"},
           {"LODE_PROGRAM", program.string()},
           {"QT_QPA_PLATFORM", "offscreen"},
           {"MPLBACKEND", "Agg"},
           {"XDG_RUNTIME_DIR", (box / "run").string()},
           {"XDG_CACHE_HOME", (box / "cache").string()},
           {"QGIS_CUSTOM_CONFIG_PATH", (box / "profile").string()},
           {"QGIS_PLUGINPATH", (root() / "plugins/qgis").string()}})
    setenv(name.c_str(), value.c_str(), 1);
}

bool succeeds(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

/// What of the things that not everybody has the example wants and this machine lacks; "" when
/// nothing.
std::string lacking(const Example& example) {
  struct Want {
    const char *pattern, *check, *words;
  };
  static const std::vector<Want> wants{
      {"\\bjq ", "command -v jq", "jq"},
      {"\\bmake ", "command -v make", "make"},
      {"\\bparallel ", "command -v parallel", "GNU parallel"},
      {"\\bsqlite3 ", "command -v sqlite3", "sqlite3"},
      {"\\bgdal|\\bogr2?ogr|\\bogrinfo ", "command -v ogrinfo", "GDAL's programs (gdal-bin)"},
      {"\\bqgis_process", "test -x /usr/bin/qgis_process.bin", "QGIS"},
      {"library\\(sf\\)|sf::", "Rscript -e 'library(sf)'", "R's sf (r-cran-sf)"},
      {"jsonlite", "Rscript -e 'library(jsonlite)'", "R's jsonlite (r-cran-jsonlite)"},
      {"import lode", "PY -c 'import lode'", "the Python module lode"},
      {"geopandas|gpd\\.", "PY -c 'import geopandas'", "geopandas (python3-geopandas)"},
      {"matplotlib", "PY -c 'import matplotlib'", "matplotlib (python3-matplotlib)"}};
  std::string words;
  if (example.language == "r" && !succeeds("command -v Rscript")) words = "R (r-base-core)";
  if (example.language == "python" && !succeeds(python() + " -c pass")) words = python();
  for (const auto& [pattern, check, what] : wants)
    if (std::regex_search(example.code + example.makefile, std::regex(pattern)) &&
        !succeeds(std::regex_replace(std::string(check), std::regex("PY"), python())))
      words += std::string(words.empty() ? "" : ", ") + what;
  return words;
}

void copy_samples(const fs::path& box) {
  for (const auto& set : fs::directory_iterator(root() / "sample_data")) {
    const fs::path copy = box / set.path().filename();
    fs::copy(set.path(), copy, fs::copy_options::recursive);
    fs::remove_all(copy / "results");
  }
}

void run(const Example& example, const fs::path& box) {
  const fs::path data = box / "us_allied_ree";
  const fs::path script = box / "example.sh", out = box / "out", log = box / "log";
  if (!example.makefile.empty()) std::ofstream(data / "Makefile") << example.makefile;
  // Line by line, so that the message can name the command that failed.
  std::ofstream text(script);
  text << "set -eux -o pipefail\ncd '" << data.string() << "'\n";
  if (example.language == "sh") {
    text << example.code;
  } else {
    const fs::path code = box / ("example." + example.language);
    std::ofstream(code) << example.code;
    text << (example.language == "r" ? "Rscript" : python()) << " '" << code.string() << "'\n";
  }
  text.close();
  const int status = std::system(
      ("bash '" + script.string() + "' >'" + out.string() + "' 2>'" + log.string() + "' </dev/null")
          .c_str());
  EXPECT_EQ(status, 0) << example.code << "\n--\n" << read(out) << read(log);
  if (example.prints && status == 0) {
    EXPECT_EQ(trimmed(read(out)), trimmed(*example.prints)) << example.code << "\n--\n"
                                                            << read(log);
  }
}

class Examples : public testing::TestWithParam<std::string> {};

/// Runs them in order; says what was left out for want of something, "" when nothing was.
std::string run_all(const std::vector<Example>& examples, bool together) {
  std::optional<test::TempDir> box;
  std::string left_out;
  for (const Example& example : examples) {
    if (!box || !together) {
      box.emplace();
      copy_samples(box->path());
      // Topics show figures of the whole study; for a command's page some of it will do.
      if (!together) test::leave_plan_out(box->path() / "us_allied_ree" / "study.toml");
      set_environment(box->path());
    }
    if (const std::string what = lacking(example); !what.empty())
      left_out += "\nfor want of " + what + ": " + example.code;
    else
      run(example, box->path());
  }
  return left_out;
}

TEST_P(Examples, Run) {
  const std::string left_out = run_all(examples_of(GetParam()), topic_pages().contains(GetParam()));
  if (!left_out.empty()) GTEST_SKIP() << "Examples that were not run" << left_out;
}

/// Its other blocks install things.
TEST(ExamplesOfReadme, PythonRuns) {
  std::vector<Example> examples;
  for (Example& example : examples_of("README"))
    if (example.language == "python") examples.push_back(std::move(example));
  EXPECT_FALSE(examples.empty());
  const std::string left_out = run_all(examples, true);
  if (!left_out.empty()) GTEST_SKIP() << "Examples that were not run" << left_out;
}

TEST_P(Examples, AreThere) {
  if (topic_pages().contains(GetParam())) return;
  EXPECT_FALSE(examples_of(GetParam()).empty());
}

/// The one place where output is shown without being compared would be a block of another name.
TEST(ExamplesOfScripting, FiveForEach) {
  std::map<std::string, int> counted;
  std::string chapter;
  bool inside = false;
  for (const std::string& line : lines_of(read(root() / "tools/scripting.md"))) {
    if (line.starts_with("```")) {
      if (!inside && line == "```text") ++counted[chapter];
      inside = !inside;
    } else if (!inside && line.starts_with("## ")) {
      chapter = line.substr(3);
    }
  }
  for (const char* tool : {"bash", "Make", "R", "jq"}) EXPECT_GE(counted[tool], 5) << tool;
}

INSTANTIATE_TEST_SUITE_P(Pages, Examples, testing::ValuesIn(pages()),
                         [](const auto& page) { return page.param; });

}  // namespace
}  // namespace lode::house
