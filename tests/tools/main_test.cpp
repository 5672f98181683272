// The program as a whole: help, usage errors, exit codes, signals, full disks, hostile
// surroundings.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cmath>
#include <fstream>
#include <iomanip>
#include <random>
#include <regex>
#include <thread>

#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

const std::string sample = std::string(LODE_SOURCE_DIR) + "/sample_data/us_allied_ree/";
const std::string outlines = sample + "outlines.gpkg";

std::string error_code(const RunResult& run) {
  const Json json = run.json();
  EXPECT_EQ(json.size(), 1u) << run.out;
  for (const char* key : {"code", "where", "message", "hint"})
    EXPECT_TRUE(json.at("error").has(key)) << run.out;
  EXPECT_THAT(run.err, HasSubstr("lode: error [" + json.at("error").at("code").as_string() + "]"));
  return json.at("error").at("code").as_string();
}

std::size_t entries(const TempDir& dir) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(dir.path())) count += entry.exists() ? 1 : 0;
  return count;
}

TEST(Program, WithoutArgumentsShowsTheOverviewAndFails) {
  const RunResult run = execute_lode({});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.err, HasSubstr("volume outline"));
}

TEST(Program, Version) {
  for (const char* word : {"--version", "-V"}) {
    const RunResult run = execute_lode({word});
    EXPECT_EQ(run.exit_code, 0);
    EXPECT_TRUE(std::regex_match(run.out, std::regex("lode [0-9]+\\.[0-9]+\\.[0-9]+\n")))
        << run.out;
    EXPECT_EQ(run.err, "");
  }
}

TEST(Program, HelpIsTheLastWordOfAnyHalfTypedLine) {
  const std::string overview = execute_lode({"help"}).out;
  const std::string outline = execute_lode({"help", "volume", "outline"}).out;
  EXPECT_THAT(overview, HasSubstr("volume outline"));
  EXPECT_THAT(outline, HasSubstr("--thickness FIELD|QUANTITY"));
  const auto shows = [](const std::vector<std::string>& words, const std::string& text) {
    const RunResult run = execute_lode(words);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.out, text);
  };
  shows({"--help"}, overview);
  shows({"-h"}, overview);
  shows({"volume", "outline", "--help"}, outline);
  shows({"volume", "outline", "no such file", "--thickness", "--help"}, outline);
  shows({"volume", "outline", "--nonsense", "--json", "-h"}, outline);
  const RunResult permits = execute_lode({"permits", "--help"});
  EXPECT_EQ(permits.exit_code, 0);
  EXPECT_THAT(permits.out, HasSubstr("--as-of"));
}

TEST(Program, UnknownCommandsAreMetWithTheNearest) {
  const auto hint = [](std::vector<std::string> words) {
    words.push_back("--json");
    const RunResult run = execute_lode(words);
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_EQ(error_code(run), "usage.command");
    return run.json().at("error").at("hint").as_string();
  };
  EXPECT_EQ(hint({"volme", "outline"}), "Did you mean 'volume'?");
  EXPECT_EQ(hint({"volume", "outlin"}), "Did you mean 'outline'?");
  EXPECT_EQ(hint({"help", "volume", "outlin"}), "Did you mean 'volume outline'?");
  EXPECT_EQ(hint({"describe", "oxide"}), "Did you mean 'oxides'?");
  EXPECT_THAT(hint({"zzzzzzzz"}), HasSubstr("volume"));
  const RunResult half = execute_lode({"volume"});
  EXPECT_EQ(half.exit_code, 2);
  EXPECT_THAT(half.err, HasSubstr("wants a subcommand: outline"));
}

TEST(Program, WhatIsAskedWronglyIsTwo) {
  const auto code = [](std::vector<std::string> words) {
    words.insert(words.begin(), {"volume", "outline", "--json"});
    const RunResult run = execute_lode(words);
    EXPECT_EQ(run.exit_code, 2) << run.out;
    return error_code(run);
  };
  EXPECT_EQ(code({outlines, "--thicknes", "3 m"}), "usage.option");
  EXPECT_EQ(code({outlines, "--thickness", "3 m", "--layr=x"}), "usage.option");
  EXPECT_EQ(code({outlines, "--thickness", "3 m", "-w"}), "usage.option");
  EXPECT_EQ(code({outlines}), "usage.missing");
  EXPECT_EQ(code({"--thickness", "3 m"}), "usage.missing");
  EXPECT_EQ(code({outlines, outlines, "--thickness", "3 m"}), "usage.extra");
  EXPECT_EQ(code({outlines, "--thickness", "3 m", "--layer"}), "usage.arguments");
  EXPECT_EQ(code({outlines, "--thickness", "3 m", "--layer", "a", "--layer", "b"}),
            "usage.arguments");
  EXPECT_EQ(code({outlines, "--thickness", "3 m", "--progress", "loud"}), "usage.choice");
  EXPECT_EQ(code({outlines, "--thickness", "3 m", "--jobs", "many"}), "usage.number");
  EXPECT_EQ(code({outlines, "--thickness", "3 m", "--jobs", "1.5"}), "usage.number");
  EXPECT_EQ(code({outlines, "--thickness", "3 m", "--jobs", "-1"}), "usage.range");
  EXPECT_EQ(code({outlines, "--thickness", "3 parsec"}), "usage.quantity");
  EXPECT_EQ(code({outlines, "--thickness", "1,5 m"}), "usage.quantity");
  EXPECT_EQ(code({outlines, "--thickness", "3 m", "--layer", ""}), "usage.empty");
  EXPECT_EQ(code({outlines, "--thickness", "3 m", "--layer", "M\xfcnchen"}), "usage.encoding");
  EXPECT_EQ(code({outlines, "--thickness", "3 m", "--bbox", "1,2,3"}), "usage.bbox");
  EXPECT_EQ(code({outlines, "--thickness", "3 m", "--fields", "x"}), "usage.pairs");
  EXPECT_EQ(code({outlines, "--thickness", "thickness_m", "--field-unit", "thicknes_m=ft"}),
            "usage.field_unit");
  const RunResult day = execute_lode({"permits", sample + "deposits.shp", sample + "permits.shp",
                                      "--as-of", "2026-02-30", "--json"});
  EXPECT_EQ(day.exit_code, 2);
  EXPECT_EQ(error_code(day), "usage.date");
  const RunResult mistyped = execute_lode({"volume", "outline", outlines, "--thicknes", "3 m"});
  EXPECT_THAT(mistyped.err, HasSubstr("Did you mean '--thickness'?"));
  const RunResult extra = execute_lode({"help", "volume", "outline", "--", "-x", "--json"});
  EXPECT_EQ(extra.exit_code, 2);
  EXPECT_EQ(extra.out, "");  // after "--" a word is no option, so no JSON was asked for
}

TEST(Program, WhatCannotBeDoneIsOne) {
  const RunResult run =
      execute_lode({"volume", "outline", "no such.gpkg", "--thickness", "3 m", "--json"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(error_code(run), "io.missing_file");
  const RunResult plain = execute_lode({"volume", "outline", "no such.gpkg", "--thickness", "3 m"});
  EXPECT_EQ(plain.out, "");
  EXPECT_EQ(plain.err, run.err);
  EXPECT_TRUE(std::regex_match(
      plain.err, std::regex("lode: error \\[io\\.missing_file\\] no such\\.gpkg: .*\n")));
}

TEST(Program, AFilterIsReadTheSameWayInEveryFormat) {
  // A database would take a misspelt name in quotes for a text and pass over a second statement.
  for (const std::string& layer : {outlines, sample + "protected.shp", sample + "plants.csv"}) {
    for (const char* filter :
         {"\"NO_SUCH\" <> 'x'", "1 = 1; DROP TABLE outlines", "NAME ='", "load_extension('x')"}) {
      const RunResult run =
          execute_lode({"buffer", layer, "--distance", "1 m", "--where", filter, "--json"});
      EXPECT_EQ(run.exit_code, 2) << layer << " " << filter << run.out;
      EXPECT_EQ(error_code(run), "usage.where") << layer << " " << filter;
    }
  }
  const RunResult some =
      execute_lode({"volume", "outline", outlines, "--thickness", "3 m", "--where",
                    "SITE_ID = 'MP-001' OR thickness_m > 0", "--json"});
  EXPECT_EQ(some.exit_code, 0) << some.out;
}

TEST(Program, EveryErrorNamesAPlace) {
  const TempDir dir;
  const std::string points = (dir / "p.csv").string();
  std::ofstream(points) << "id,lon,lat\na,1,2\na,3,4\n";
  const RunResult run = execute_lode({"volume", "outline", points, "--thickness", "3 m", "--json"});
  EXPECT_EQ(error_code(run), "outline.no_polygon");
  EXPECT_EQ(run.json().at("error").at("where").as_string(), points);
}

TEST(Program, DevicesThatNeverEndAreRefused) {
  EXPECT_EQ(execute_lode({"inspect", "/dev/zero", "--json"}).exit_code, 1);
  const RunResult study = execute_lode({"study", "check", "/dev/zero", "--json"});
  EXPECT_EQ(study.exit_code, 1);
  EXPECT_EQ(error_code(study), "io.not_a_file");
}

TEST(Program, AKeyOfFiftyThousandPartsIsAnErrorNotACrash) {
  const TempDir dir;
  const std::string path = (dir / "deep.toml").string();
  std::ofstream file(path);
  file << "[a";
  for (int i = 0; i < 50000; ++i) file << ".b";
  file << "]\n";
  file.close();
  const std::vector<std::vector<std::string>> commands{
      {"study", "check", path},
      {"screen", outlines, "--rules", path},
      {"rank", outlines, "--criteria", path},
      {"route", sample + "deposits.shp", "--to", sample + "plants.csv", "--network",
       "road=" + sample + "network.gpkg:roads", "--tariff", path}};
  for (auto words : commands) {
    words.push_back("--json");
    const RunResult run = execute_lode(words);
    EXPECT_EQ(run.exit_code, 1) << words.front() << run.err;
    EXPECT_THAT(error_code(run), HasSubstr(".syntax"));
  }
}

TEST(Program, AResultThatCannotBeWrittenIsRefusedBeforeTheWork) {
  const TempDir dir;
  const auto code = [&](const std::string& name, const std::vector<std::string>& more = {}) {
    // Reading would fail first, were the result looked at after the work.
    std::vector<std::string> words{"volume", "outline", "absent.gpkg",         "--thickness",
                                   "3 m",    "-o",      (dir / name).string(), "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return error_code(execute_lode(words));
  };
  EXPECT_EQ(code("out.xyz"), "io.unsupported_format");
  EXPECT_EQ(code("no/folder.gpkg"), "io.no_folder");
  EXPECT_EQ(code("out.gpkg", {"--crs", "EPSG:1"}), "usage.crs");
  EXPECT_EQ(code("out.gpkg"), "io.missing_file");
  EXPECT_EQ(entries(dir), 0u);
}

TEST(Program, NothingButJsonOnStdout) {
  const RunResult run = execute_lode(
      {"volume", "outline", outlines, "--thickness", "3 m", "--json", "--progress", "json", "-v"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  std::vector<std::string> keys;
  for (const auto& [key, value] : json.members()) keys.push_back(key);
  EXPECT_EQ(keys, (std::vector<std::string>{"lode", "command", "inputs", "results", "summary",
                                            "findings", "outputs"}));
  EXPECT_EQ(run.out.find(LODE_SOURCE_DIR), std::string::npos) << "an absolute path in the result";
  // Each line of progress is an object of its own.
  std::istringstream lines(run.err);
  double last = 0.0;
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const Json one = Json::parse(line, line);
    EXPECT_GE(one.at("progress").as_number(), last);
    last = one.at("progress").as_number();
  }
  EXPECT_GT(count, 0u);
  EXPECT_EQ(execute_lode({"volume", "outline", outlines, "--thickness", "3 m", "--json"}).out,
            run.out);
}

TEST(Program, DryRunTouchesNothing) {
  const TempDir dir;
  const RunResult run = execute_lode({"volume", "outline", outlines, "--thickness", "3 m", "-o",
                                      (dir / "out.gpkg").string(), "--dry-run", "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(entries(dir), 0u);
  const Json json = run.json();
  const auto& rows = json.at("results").items();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].at("action").as_string(), "read");
  EXPECT_TRUE(rows[0].at("exists").as_bool());
  EXPECT_EQ(rows[1].at("action").as_string(), "write");
  EXPECT_FALSE(rows[1].at("exists").as_bool());
}

// Two squares of which each covers half of the other.
std::string overlapping(const TempDir& dir) {
  const std::string path = (dir / "two.geojson").string();
  std::ofstream file(path);
  file << R"({"type":"FeatureCollection","features":[)";
  for (int i = 0; i < 2; ++i) {
    const double x = i * 0.005;
    file << (i ? "," : "") << R"({"type":"Feature","properties":{"id":)" << i
         << R"(},"geometry":{"type":"Polygon","coordinates":[[[)" << x << ",0],[" << x + 0.01
         << ",0],[" << x + 0.01 << ",0.01],[" << x << ",0.01],[" << x << ",0]]]}}";
  }
  file << "]}";
  return path;
}

TEST(Program, StrictTurnsAWarningIntoAnErrorBeforeAnyOutput) {
  const TempDir dir;
  const std::string path = overlapping(dir), out = (dir / "out.gpkg").string();
  RunResult run =
      execute_lode({"volume", "outline", path, "--thickness", "3 m", "-o", out, "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.json().at("findings").items().at(0).at("code").as_string(), "outline.overlap");
  fs::remove(out);
  run = execute_lode(
      {"volume", "outline", path, "--thickness", "3 m", "-o", out, "--json", "--strict"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(error_code(run), "strict.finding");
  EXPECT_EQ(entries(dir), 1u);
}

TEST(Program, AnExistingResultIsKept) {
  const TempDir dir;
  const std::string out = (dir / "out.gpkg").string();
  std::ofstream(out) << "precious";
  RunResult run =
      execute_lode({"volume", "outline", outlines, "--thickness", "3 m", "-o", out, "--json"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.json().at("error").at("hint").as_string(), HasSubstr("--overwrite"));
  EXPECT_EQ(slurp(out), "precious");
  run =
      execute_lode({"volume", "outline", outlines, "--thickness", "3 m", "-o", out, "--overwrite"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(slurp(out), "precious");
}

int exit_code_into_full_disk(const std::string& words) {
  const std::string line = "'" LODE_PROGRAM "' " + words + " >/dev/full 2>/dev/null";
  return WEXITSTATUS(std::system(line.c_str()));
}

TEST(Program, AFullDiskBehindStdoutIsAnError) {
  for (const std::string words : {"--version", "help", "volume outline --help", "describe"})
    EXPECT_EQ(exit_code_into_full_disk(words), 1) << words;
  const TempDir dir;
  const std::string err = (dir / "err").string();
  EXPECT_NE(std::system(("'" LODE_PROGRAM "' --version >/dev/full 2>'" + err + "'").c_str()), 0);
  EXPECT_THAT(slurp(err), HasSubstr("lode: error [io.stdout] stdout: "));
  EXPECT_EQ(exit_code_into_full_disk("volume outline '" + outlines + "' --thickness '3 m' --json"),
            1);
}

// Brought about by a library loaded before the others; see fault_shim.cpp.
TEST(Program, FaultsOfItsOwnAreOneErrorToo) {
#ifdef LODE_SANITIZED
  GTEST_SKIP() << "a sanitizer wants to be loaded before our shim: run it in the release preset";
#endif
  const TempDir dir;
  for (const auto& [name, code] :
       {std::pair{"out-of-memory", "run.memory"}, std::pair{"fault-inside", "run.internal"}}) {
    const std::string path = (dir / (std::string(name) + ".gpkg")).string();
    fs::copy(outlines, path);
    const RunResult run = execute_lode({"volume", "outline", path, "--thickness", "3 m", "--json"},
                                       {}, {"LD_PRELOAD=" LODE_FAULT_SHIM});
    EXPECT_EQ(run.exit_code, 1) << run.err;
    EXPECT_EQ(error_code(run), code);
  }
}

TEST(Program, LocalesDoNotMatter) {
  const std::vector<std::string> words = {"volume", "outline", outlines, "--thickness", "3.5 m"};
  std::vector<std::string> json_words = words;
  json_words.push_back("--json");
  const RunResult plain = execute_lode(words), json = execute_lode(json_words);
  ASSERT_EQ(plain.exit_code, 0) << plain.err;
  for (const char* locale : {"de_DE.UTF-8", "fr_FR.UTF-8", "tr_TR.UTF-8", "C", "nonsense"}) {
    const std::vector<std::string> environment = {std::string("LC_ALL=") + locale,
                                                  std::string("LANG=") + locale};
    EXPECT_EQ(execute_lode(words, {}, environment).out, plain.out) << locale;
    EXPECT_EQ(execute_lode(json_words, {}, environment).out, json.out) << locale;
  }
}

// Settings of GDAL and PROJ that a user may have for other programs, or a stranger for mischief.
TEST(Program, SettingsOfGdalInTheEnvironmentDoNotMatter) {
  const TempDir dir;
  const std::string log = (dir / "gdal.log").string();
  for (const std::string& path : {outlines, sample + "permits.shp"}) {
    const std::vector<std::string> words = {"volume",      "outline", path,
                                            "--thickness", "3 m",     "--json"};
    const RunResult plain = execute_lode(words);
    ASSERT_EQ(plain.exit_code, 0) << plain.err;
    const RunResult hostile = execute_lode(
        words, {},
        {"GDAL_VRT_ENABLE_PYTHON=YES", "GDAL_SKIP=GPKG,ESRI Shapefile",
         "OGR_SKIP=GPKG,ESRI Shapefile", "OSR_DEFAULT_AXIS_MAPPING_STRATEGY=AUTHORITY_COMPLIANT",
         "SHAPE_ENCODING=CP037", "OGR_FORCE_ASCII=YES", "GDAL_DRIVER_PATH=/nowhere", "CPL_DEBUG=ON",
         "CPL_LOG=" + log, "GDAL_DISABLE_READDIR_ON_OPEN=TRUE",
         "OGR_GEOMETRY_ACCEPT_UNCLOSED_RING=NO", "PROJ_NETWORK=ON", "GDAL_NUM_THREADS=1",
         "OGR_SQLITE_PRAGMA=journal_mode=WAL", "OGR_CT_FORCE_TRADITIONAL_GIS_ORDER=NO",
         "CPL_TIMESTAMP=ON", "GDAL_CACHEMAX=1", "OGR_ORGANIZE_POLYGONS=SKIP"});
    EXPECT_EQ(hostile.exit_code, 0) << hostile.err;
    EXPECT_EQ(hostile.out, plain.out);
    EXPECT_EQ(hostile.err, plain.err);
    EXPECT_FALSE(fs::exists(log)) << "written because an environment variable named it";
  }
}

// A layer that takes a while: many polygons with many vertices.
std::string large_layer(const TempDir& dir) {
  const std::string path = (dir / "large.geojson").string();
  std::ofstream file(path);
  file << R"({"type":"FeatureCollection","features":[)";
  for (int i = 0; i < 3000; ++i) {
    const double x = -150 + (i % 300) * 0.9, y = -60 + (i / 300) * 1.2;
    file << (i ? ",\n" : "") << R"({"type":"Feature","properties":{"id":)" << i
         << R"(},"geometry":{"type":"Polygon","coordinates":[[)";
    for (int k = 0; k <= 24; ++k) {
      const int corner = k % 24;
      const double dx = corner < 12 ? corner * 0.05 : (24 - corner) * 0.05;
      const double dy = corner == 0 || corner == 12 ? 0.2 : corner < 12 ? 0.0 : 0.4;
      file << (k ? "," : "") << '[' << x + dx << ',' << y + dy << ']';
    }
    file << "]]}}";
  }
  file << "]}";
  return path;
}

struct Ended {
  int exit_code = -1;  ///< 128 + n when the signal itself ended it
  std::string err;
  double seconds = 0.0;  ///< from the signal to the end
};

/// Starts the program, sends the signal after `delay_ms`, waits.
Ended run_and_stop(const std::vector<std::string>& args, int signal, int delay_ms) {
  const TempDir box;
  const std::string err = (box / "err").string();
  const pid_t child = fork();
  if (child == 0) {
    dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
    dup2(open(err.c_str(), O_CREAT | O_WRONLY, 0600), STDERR_FILENO);
    std::vector<char*> argv = {const_cast<char*>(LODE_PROGRAM)};
    for (const auto& arg : args) argv.push_back(const_cast<char*>(arg.c_str()));
    argv.push_back(nullptr);
    execv(LODE_PROGRAM, argv.data());
    _exit(127);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(delay_ms));
  const auto asked = std::chrono::steady_clock::now();
  kill(child, signal);
  int status = 0;
  waitpid(child, &status, 0);
  Ended ended;
  ended.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - asked).count();
  ended.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  ended.err = slurp(err);
  return ended;
}

class Stopped : public testing::TestWithParam<std::pair<int, int>> {};

TEST_P(Stopped, LeavesNothingHalfWritten) {
  const auto [signal, exit_code] = GetParam();
  const TempDir input, output;
  const std::string path = large_layer(input), out = (output / "out.gpkg").string();
  const std::vector<std::string> words = {"volume", "outline", path,         "--thickness", "3 m",
                                          "-o",     out,       "--progress", "none"};
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(execute_lode(words).exit_code, 0);
  const auto whole = std::chrono::duration_cast<std::chrono::milliseconds>(
                         std::chrono::steady_clock::now() - start)
                         .count();
  const std::size_t whole_size = fs::file_size(out);
  fs::remove(out);
  int stopped = 0;
  for (const int percent : {10, 30, 50, 70, 85, 95}) {
    const Ended ended = run_and_stop(words, signal, static_cast<int>(whole * percent / 100));
    if (ended.exit_code == 0) {  // it was quicker than the signal
      EXPECT_EQ(entries(output), 1u);
      EXPECT_EQ(fs::file_size(out), whole_size);
      fs::remove(out);
      continue;
    }
    ++stopped;
    EXPECT_EQ(ended.exit_code, exit_code) << ended.err;
    EXPECT_EQ(entries(output), 0u) << "after " << percent << " % of the time";
  }
  EXPECT_GT(stopped, 0);
}

INSTANTIATE_TEST_SUITE_P(Signals, Stopped,
                         testing::Values(std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}));

TEST(Program, AStopIsOneErrorOfItsOwn) {
  const TempDir input;
  const std::string path = large_layer(input);
  // A busy machine takes its time to start a program: wait longer until it is met at work.
  bool seen = false, ended_itself = false;
  for (int delay = 20; !seen && !ended_itself; delay += delay / 2) {
    const Ended ended =
        run_and_stop({"volume", "outline", path, "--thickness", "3 m"}, SIGINT, delay);
    seen = ended.err.find("lode: error [run.interrupted]") != std::string::npos;
    ended_itself = ended.exit_code == 0;
  }
  EXPECT_TRUE(seen);
}

/// 500 wavy discs of 3,000 vertices on top of each other: seconds in one call of GEOS.
std::string stacked_discs(const TempDir& dir) {
  const std::string path = (dir / "discs.csv").string();
  std::ofstream file(path);
  file << "id,WKT\n" << std::fixed << std::setprecision(4);
  std::minstd_rand random(7);
  std::uniform_real_distribution<double> place(0.0, 1000.0);
  for (int i = 0; i < 500; ++i) {
    const double x = place(random), y = place(random), phase = place(random);
    file << i << ",\"POLYGON ((";
    for (int k = 0; k <= 3000; ++k) {
      const double angle = (k % 3000) * std::acos(-1.0) / 1500.0;
      const double radius = 150.0 * (1.0 + 0.2 * std::sin(40.0 * angle + phase));
      file << (k > 0 ? "," : "") << x + radius * std::cos(angle) << ' '
           << y + radius * std::sin(angle);
    }
    file << "))\"\n";
  }
  return path;
}

TEST(Program, AStopEndsALongUnion) {
  const TempDir input;
  const std::string patches = stacked_discs(input), sites = (input / "sites.csv").string();
  std::ofstream(sites) << "id,WKT\nA,\"POLYGON ((0 0,5 0,5 5,0 5,0 0))\"\n";
  const std::vector<std::string> words = {"habitat", sites,        patches, "--half-distance",
                                          "20 m",    "--jobs",     "1",     "--input-crs",
                                          "local:m", "--progress", "none"};
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(execute_lode(words).exit_code, 0);
  const auto whole = std::chrono::duration_cast<std::chrono::milliseconds>(
                         std::chrono::steady_clock::now() - start)
                         .count();
  int stopped = 0;
  for (const int percent : {40, 55}) {
    // A busy machine may be slow to let the program run at all: the best of three.
    double quickest = 1e9;
    for (int attempt = 0; attempt < 3 && quickest > 1.0; ++attempt) {
      const Ended ended = run_and_stop(words, SIGINT, static_cast<int>(whole * percent / 100));
      quickest = std::min(quickest, ended.seconds);
      if (ended.exit_code == 0) continue;
      EXPECT_EQ(ended.exit_code, 130) << ended.err;
      stopped += ended.err.find("[run.interrupted]") != std::string::npos ? 1 : 0;
    }
    EXPECT_LT(quickest, 1.0) << "after " << percent << " % of the time";
  }
  if (stopped == 0)
    GTEST_SKIP()
        << "done before the signal came: make more boxes in this test for so fast a machine";
}

}  // namespace
}  // namespace lode::test
