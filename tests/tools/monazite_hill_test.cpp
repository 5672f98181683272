// The sample deposit: its generator, its mendable defects, and each of its broken sets.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "libgeo/core/text.h"
#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

namespace fs = std::filesystem;

fs::path hill() {
  return fs::path(LODE_SOURCE_DIR) / "sample_data/monazite_hill";
}

TEST(MonaziteHill, IsWhatItsGeneratorWrites) {
  if (std::system("python3 -c pass > /dev/null 2>&1") != 0)
    GTEST_SKIP() << "no python3, which the generator is written in: install python3";
  const TempDir dir;
  const std::string command = "python3 '" + (hill() / "generate.py").string() + "' '" +
                              dir.path().string() + "' > /dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0);
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(dir.path())) {
    if (!entry.is_regular_file()) continue;
    const fs::path name = fs::relative(entry.path(), dir.path());
    EXPECT_EQ(slurp(entry.path()), slurp(hill() / name)) << name;
    ++files;
  }
  EXPECT_GT(files, 50u);
}

TEST(MonaziteHill, CanBeMended) {
  const RunResult result =
      run_lode({"drillholes", "check", "--collars", "collar.csv", "--surveys", "survey.csv",
                "--assays", "assay.csv", "--lithology", "lithology.csv", "--input-crs",
                "EPSG:32629", "--below-detection", "half", "--json"},
               hill().string());
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json json = result.json();
  EXPECT_EQ(json.at("summary").at("holes").as_integer(), 66);
  EXPECT_EQ(json.at("summary").at("samples").as_integer(), 1843);
  for (const Json& finding : json.at("findings").items())
    EXPECT_NE(finding.at("severity").as_string(), "error") << finding.dump();
}

// The command that meets a broken set, by its name.
std::vector<std::string> command_for(const std::string& name) {
  const std::string crs = name.starts_with("degrees") ? "EPSG:4326" : "EPSG:32629";
  if (name.ends_with("/"))
    return {"drillholes",  "composite",
            "--collars",   name + "collar.csv",
            "--surveys",   name + "survey.csv",
            "--assays",    name + "assay.csv",
            "--value",     "treo_pct",
            "--length",    "5 m",
            "--input-crs", crs};
  if (name.starts_with("variogram"))
    return {"estimate",        "../composites.csv",
            "--input-crs",     crs,
            "--value",         "treo_pct",
            "--method",        "ok",
            "--variogram",     name,
            "--max-samples",   "8",
            "--cross-validate"};
  if (name.ends_with(".obj"))
    return {"resources", "../blocks.csv", "--input-crs", crs,   "--grade",  "treo_pct",
            "--density", "density_t_m3",  "--cutoffs",   "1 %", "--within", name};
  const std::string file = name.substr(0, name.find(','));
  std::vector<std::string> command{"resources", file,        "--input-crs",  crs,         "--grade",
                                   "treo_pct",  "--density", "density_t_m3", "--cutoffs", "1 %"};
  if (name.find(".json") == std::string::npos) return command;
  const Json header =
      Json::parse(slurp(hill() / "broken" / (file.substr(0, file.find('.')) + ".json")), "header");
  const auto list = [&](const char* key) {
    std::vector<std::string> numbers;
    for (const Json& one : header.at(key).items()) numbers.push_back(number_text(one.as_number()));
    return join(numbers, ",");
  };
  for (const auto& [option, value] :
       {std::pair{"--origin", list("origin")},
        {"--spacing", list("spacing") + " m"},
        {"--count", list("count")},
        {"--rotation", number_text(header.at("rotation_deg").as_number())}}) {
    command.emplace_back(option);
    command.push_back(value);
  }
  return command;
}

TEST(MonaziteHill, BrokenSetsAreRefusedWithTheirCode) {
  std::ifstream readme(hill() / "broken/README.md");
  std::size_t sets = 0;
  for (std::string line; std::getline(readme, line);) {
    if (!line.starts_with("| `")) continue;
    const auto cells = split(line, '|');
    const auto bare = [](std::string_view cell) {
      const std::string_view inside = trim(cell);
      return std::string(inside.substr(1, inside.size() - 2));
    };
    const std::string name = bare(cells.at(1)), code = bare(cells.at(3));
    const RunResult result = run_lode(command_for(name), (hill() / "broken").string());
    EXPECT_EQ(result.exit_code, 1) << name << '\n' << result.err;
    EXPECT_NE(result.err.find("error [" + code + "]"), std::string::npos)
        << name << " should be " << code << '\n'
        << result.err;
    ++sets;
  }
  EXPECT_EQ(sets, 21u);
}

}  // namespace
}  // namespace lode::test
