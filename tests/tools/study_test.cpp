// The study commands as a user runs them: outputs, determinism, rerun, refusals.
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "libgeo/core/provenance.h"
#include "tests/study/sample.h"
#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

namespace fs = std::filesystem;

/// What a run of the sample looks for: a plan of supply takes most of the time, then economics.
enum class Look { sites, economics, plan };

/// A copy of the sample study, so that nothing is written into the tree.
class Sample {
 public:
  explicit Sample(Look look = Look::sites) {
    fs::copy(fs::path(LODE_SOURCE_DIR) / "sample_data" / "us_allied_ree", folder(),
             fs::copy_options::recursive);
    fs::remove_all(folder() / "results");  // of a demo run before the tests
    if (look == Look::economics) leave_plan_out(folder() / "study.toml");
    if (look == Look::sites) leave_economics_out(folder() / "study.toml");
  }
  /// With the results of one run in `out`: the run is the first asker's, the copies are everyone's.
  static const Sample& that_ran(Look look = Look::sites) {
    static std::map<Look, Sample> ran;
    const auto [at, is_new] = ran.try_emplace(look, look);
    if (is_new) {
      const RunResult run = at->second.run({"study", "run", "study.toml", "-o", "out", "-q"});
      EXPECT_EQ(run.exit_code, 0) << run.err;
    }
    return at->second;
  }
  Sample(const Sample& other) { fs::copy(other.folder(), folder(), fs::copy_options::recursive); }
  [[nodiscard]] fs::path folder() const { return box_ / "study"; }
  [[nodiscard]] RunResult run(std::vector<std::string> args) const {
    return run_lode(args, folder().string());
  }
  void replace(const std::string& from, const std::string& to) const {
    std::string text = slurp(folder() / "study.toml");
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    std::ofstream(folder() / "study.toml") << text;
  }

 private:
  TempDir box_;
};

std::set<std::string> files_in(const fs::path& folder) {
  std::set<std::string> names;
  if (fs::exists(folder))
    for (const auto& entry : fs::directory_iterator(folder))
      names.insert(entry.path().filename().string());
  return names;
}

const std::set<std::string> every_file = {
    "explanation.json", "indicators.csv",       "ranking.csv",         "report.html",
    "run.json",         "sites.gpkg",           "supply_alliance.csv", "supply_balance.csv",
    "supply_curve.csv", "supply_economics.csv", "supply_members.csv",  "supply_portfolio.csv",
    "supply_shock.csv", "supply_shortfall.csv", "supply_sources.csv"};

/// The whole sample study and its results, with what `--json` said in said.json: the ones that
/// ctest made for all who want them (tests/study/CMakeLists.txt), or made here.
class WholeStudy : public testing::Test {
 protected:
  WholeStudy() {
    const char* made = std::getenv("LODE_SAMPLE_STUDY");
    if (made != nullptr && *made != '\0') {
      fs::copy(made, folder(), fs::copy_options::recursive);
      made_in_ = made;
      return;
    }
    fs::copy(Sample(Look::plan).folder(), folder(), fs::copy_options::recursive);
    const RunResult result = run({"study", "run", "study.toml", "--jobs", "1", "--json"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    std::ofstream(folder() / "said.json") << result.out;
    made_in_ = folder().string();
  }
  [[nodiscard]] fs::path folder() const { return box_ / "study"; }
  [[nodiscard]] RunResult run(const std::vector<std::string>& args) const {
    return run_lode(args, folder().string());
  }
  std::string made_in_;

 private:
  TempDir box_;
};

TEST_F(WholeStudy, LeavesEveryFileAndRanksEverySite) {
  EXPECT_EQ(files_in(folder() / "results"), every_file);
  const Json json = Json::parse(slurp(folder() / "said.json"));
  EXPECT_GE(json.at("summary").at("ranked").as_integer(), 60);
  EXPECT_EQ(static_cast<std::int64_t>(json.at("results").size()),
            json.at("summary").at("ranked").as_integer());
  std::set<std::string> groups, kinds;
  for (const auto& row : json.at("results").items()) {
    groups.insert(row.at("group").as_string());
    kinds.insert(row.at("kind").as_string());
  }
  EXPECT_EQ(groups, (std::set<std::string>{"allied", "domestic", "other"}));
  EXPECT_EQ(kinds, (std::set<std::string>{"primary", "secondary"}));
  EXPECT_EQ(json.at("outputs").size(), every_file.size());
  for (const auto& output : json.at("outputs").items())
    EXPECT_EQ(sha256_of_file((folder() / output.at("path").as_string()).string()),
              output.at("sha256").as_string());
  // The first line of ranking.csv begins as the contract's.
  const std::string csv = slurp(folder() / "results" / "ranking.csv");
  EXPECT_EQ(csv.substr(0, csv.find_first_of("\r\n")),
            "rank,id,name,group,kind,score,rank_p05,rank_p50,rank_p95,first_acceptability,"
            "first_error,rank_entropy,confidence,pareto_front,cautions");
  EXPECT_EQ(slurp(folder() / "results" / "run.json").find(made_in_), std::string::npos);
}

TEST_F(WholeStudy, SameBytesForAnyThreadsAndRerun) {
  ASSERT_EQ(run({"study", "rerun", "results/run.json", "-o", "deep/again", "--jobs", "7", "-q"})
                .exit_code,
            0);
  for (const auto& name : every_file)
    EXPECT_EQ(sha256_of_file((folder() / "deep/again" / name).string()),
              sha256_of_file((folder() / "results" / name).string()))
        << name;
}

TEST(StudyRun, SameBytesForAnyThreadsAndRerun) {
  const Sample sample(Look::economics);
  for (const char* jobs : {"1", "7"})
    ASSERT_EQ(sample
                  .run({"study", "run", "study.toml", "-o", std::string("j") + jobs, "--jobs", jobs,
                        "-q"})
                  .exit_code,
              0);
  ASSERT_EQ(sample.run({"study", "rerun", "j1/run.json", "-o", "deep/again", "-q"}).exit_code, 0);
  const std::set<std::string> names = files_in(sample.folder() / "j1");
  EXPECT_EQ(names.count("supply_economics.csv"), 1u);
  EXPECT_EQ(files_in(sample.folder() / "j7"), names);
  EXPECT_EQ(files_in(sample.folder() / "deep/again"), names);
  for (const auto& name : names) {
    const std::string first = sha256_of_file((sample.folder() / "j1" / name).string());
    EXPECT_EQ(sha256_of_file((sample.folder() / "j7" / name).string()), first) << name;
    EXPECT_EQ(sha256_of_file((sample.folder() / "deep/again" / name).string()), first) << name;
  }
}

TEST(StudyRun, RefusesToOverwriteUnlessAsked) {
  const Sample sample = Sample::that_ran();
  const RunResult again = sample.run({"study", "run", "study.toml", "-o", "out", "-q"});
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_NE(again.err.find("[io.exists]"), std::string::npos) << again.err;
  EXPECT_EQ(sample.run({"study", "run", "study.toml", "-o", "out", "-q", "--overwrite"}).exit_code,
            0);
}

TEST(StudyRun, TakesAwayTheTablesThatItWroteBeforeAndHasNoMore) {
  const Sample sample = Sample::that_ran(Look::economics);
  const std::vector<std::string> run = {"study", "run", "study.toml", "-o",
                                        "out",   "-q",  "--overwrite"};
  const fs::path out = sample.folder() / "out";
  ASSERT_EQ(files_in(out).count("supply_economics.csv"), 1u);
  std::ofstream(out / "mine.csv") << "id\n";  // of the user, whatever it is
  sample.replace("metal_prices = \"metal_prices.csv\"", "");
  const RunResult again = sample.run(run);
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(files_in(out).count("supply_economics.csv"), 0u);
  EXPECT_EQ(files_in(out).count("supply_sources.csv"), 1u);
  EXPECT_EQ(files_in(out).count("mine.csv"), 1u);
  // A file of that name that no record says is ours is left alone.
  std::ofstream(out / "supply_economics.csv") << "id\n";
  ASSERT_EQ(sample.run(run).exit_code, 0);
  EXPECT_TRUE(fs::exists(out / "supply_economics.csv"));
}

TEST(StudyRun, StrictEndsBeforeAnythingIsWritten) {
  const Sample sample;
  const RunResult result =
      sample.run({"study", "run", "study.toml", "-o", "out", "--strict", "-q"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("[strict.finding]"), std::string::npos);
  EXPECT_FALSE(fs::exists(sample.folder() / "out"));
}

TEST(StudyRun, SeedIsTheStudysUnlessSaid) {
  const Sample sample;
  ASSERT_EQ(sample.run({"study", "run", "study.toml", "-o", "a", "-q", "--seed", "5"}).exit_code,
            0);
  EXPECT_EQ(
      Json::parse(slurp(sample.folder() / "a" / "run.json")).at("options").at("seed").as_integer(),
      5);
}

TEST(StudyRun, PathsStayUnderTheStudy) {
  const Sample sample;
  fs::copy_file(sample.folder() / "prices.csv", sample.folder() / ".." / "prices.csv");
  sample.replace("prices = \"prices.csv\"", "prices = \"../prices.csv\"");
  const RunResult refused = sample.run({"study", "run", "study.toml", "-o", "out"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_NE(refused.err.find("[study.path]"), std::string::npos) << refused.err;
  EXPECT_EQ(sample.run({"study", "check", "study.toml", "--allow-path", ".."}).exit_code, 0);
}

TEST(StudyRun, ResultsNeverGoAmongTheInputs) {
  const Sample sample;
  const RunResult result = sample.run({"study", "run", "study.toml", "-o", ".", "--overwrite"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("[study.output_is_input]"), std::string::npos) << result.err;
  sample.replace("output = \"results\"", "output = \"../elsewhere\"");
  EXPECT_NE(sample.run({"study", "run", "study.toml"}).err.find("[study.path]"), std::string::npos);
}

TEST(StudyRun, EveryFaultOfSitesHasItsCode) {
  struct Case {
    const char *from, *to, *code;
  };
  for (const Case& one :
       {Case{"id = \"SITE_ID\"", "id = \"SITE_IDD\"", "table.no_field"},
        Case{"id = \"SITE_ID\"", "id = { value = \"X\" }", "study.duplicate_id"},
        Case{"id = \"SITE_ID\"", "id = { value = \" \" }", "study.no_id"},
        Case{"home = \"USA\"", "home = \"QQQ\"", "study.country"},
        Case{"ports = \"ports.csv\"", "ports = \"ports.csv\"\navoid = [\"QQQ\"]", "study.country"},
        Case{"allies = \"MSP_with_EU27\"", "allies = \"MSP_EU27\"", "study.value"},
        Case{"name = \"recoverable_ndpr_t\"", "name = \"recoverable_ndpr\"", "study.criterion"},
        Case{"path = \"deposits.shp\"", "path = \"deposit.shp\"", "io.missing_file"},
        Case{"country = \"ISO3\"", "countries = \"protected.shp\"", "study.field"},
        Case{"path = \"deposits.shp\"", "path = \"deposits.shp\"\nwhere = \"ORE_MT < 0\"",
             "io.empty_layer"}}) {
    const Sample sample;
    sample.replace(one.from, one.to);
    const RunResult result = sample.run({"study", "run", "study.toml", "-o", "out", "-q"});
    EXPECT_EQ(result.exit_code, 1) << one.to;
    EXPECT_NE(result.err.find(std::string("[") + one.code + "]"), std::string::npos)
        << one.to << "\n"
        << result.err;
    EXPECT_FALSE(fs::exists(sample.folder() / "out")) << one.to;
  }
}

TEST(StudyRun, FindingsAreSaid) {
  struct Case {
    const char *from, *to, *code;
  };
  for (const Case& one :
       {Case{"confidence = \"CLASS\"", "confidence = \"STATUS\"", "study.unknown_class"},
        Case{"country = \"ISO3\"", "country = \"TYPE\"", "study.unknown_country"},
        Case{"country = \"ISO3\"", "country = { value = \"BRA\" }", "study.country_differs"},
        Case{"tariff = \"tariff.toml\"", "", "study.built_in_tariff"},
        Case{"where = \"CLASS = 'reserve'\"", "", "study.seed"},
        Case{"metal_prices = \"metal_prices.csv\"", "", "study.supply_part"},
        Case{"site_field = \"SITE_ID\"", "site_field = \"NAME\"", "study.outline_without_site"}}) {
    const Sample sample(one.code == std::string("study.supply_part") ? Look::economics
                                                                     : Look::sites);
    sample.replace(one.from, one.to);
    const RunResult result = sample.run({"study", "run", "study.toml", "-o", "out", "--json"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_NE(result.out.find(std::string("\"") + one.code + "\""), std::string::npos) << one.code;
  }
}

TEST(StudyRun, WithoutOutlinesItSaysSo) {
  const Sample sample;
  const TempDir alone;  // a copy of the program that has nothing beside it
  fs::copy_file(LODE_PROGRAM, alone / "lode");
  const std::string command = "cd '" + sample.folder().string() + "' && LODE_SHARE= '" +
                              (alone / "lode").string() + "' study check study.toml --json > '" +
                              (alone / "out.json").string() + "' 2>/dev/null";
  EXPECT_EQ(std::system(command.c_str()), 0);
  EXPECT_NE(slurp(alone / "out.json").find("\"study.no_outlines\""), std::string::npos);
}

TEST(StudyRerun, RefusesAnotherInput) {
  const Sample sample = Sample::that_ran();
  std::ofstream(sample.folder() / "prices.csv", std::ios::app) << "\n";
  const std::string governance = slurp(sample.folder() / "governance.csv");
  std::ofstream(sample.folder() / "governance.csv", std::ios::app) << "ZZZ,Nowhere,0,5,none\n";
  const RunResult result = sample.run({"study", "rerun", "out/run.json", "-o", "again", "-q"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("[rerun.input_changed]"), std::string::npos) << result.err;
  EXPECT_FALSE(fs::exists(sample.folder() / "again"));
  std::ofstream(sample.folder() / "governance.csv") << governance;
  std::ofstream(sample.folder() / "study.toml", std::ios::app) << "# changed\n";
  EXPECT_NE(sample.run({"study", "rerun", "out/run.json", "-o", "again", "-q"})
                .err.find("[rerun.input_changed]"),
            std::string::npos);
}

TEST(StudyRerun, RefusesAttributesThatChangedBesideAShapefile) {
  const Sample sample = Sample::that_ran();
  // One digit of the table; the .shp stays as it is.
  std::string table = slurp(sample.folder() / "deposits.dbf");
  const auto digit = table.find("16.7131");
  ASSERT_NE(digit, std::string::npos);
  table[digit + 6] = '2';
  std::ofstream(sample.folder() / "deposits.dbf", std::ios::binary) << table;
  const RunResult result = sample.run({"study", "rerun", "out/run.json", "-o", "again", "-q"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("[rerun.input_changed] deposits.dbf"), std::string::npos) << result.err;
}

TEST(StudyRerun, RefusesWhatIsNoRecord) {
  const Sample sample = Sample::that_ran();
  std::ofstream(sample.folder() / "x.json") << "{}";
  EXPECT_NE(sample.run({"study", "rerun", "x.json"}).err.find("[rerun.not_a_record]"),
            std::string::npos);
  std::string text = slurp(sample.folder() / "out" / "run.json");
  text.replace(text.find("\"lode\": \""), 9, "\"lode\": \"9");
  std::ofstream(sample.folder() / "out" / "run.json") << text;
  EXPECT_NE(
      sample.run({"study", "rerun", "out/run.json", "-o", "b", "-q"}).err.find("[rerun.version]"),
      std::string::npos);
}

TEST(StudyInit, WritesWhatCheckAccepts) {
  const Sample sample;
  const RunResult result =
      sample.run({"study", "init", "mine.toml", "--sites", "deposits.shp", "--secondary",
                  "recyclers.shp", "--home", "USA", "--permits", "permits.shp", "--constraint",
                  "rivers=rivers.shp=200 m", "--as-of", "2026-11-01"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(sample.run({"study", "check", "mine.toml"}).exit_code, 0);
  EXPECT_EQ(sample.run({"study", "run", "mine.toml", "-q"}).exit_code, 0);
  EXPECT_NE(sample.run({"study", "init", "mine.toml", "--sites", "deposits.shp", "--home", "USA"})
                .err.find("[io.exists]"),
            std::string::npos);
  EXPECT_EQ(sample
                .run({"study", "init", "o.toml", "--sites", "deposits.shp", "--home", "USA",
                      "--constraint", "rivers"})
                .exit_code,
            2);
}

TEST(StudyInit, NeedsAFieldThatNamesSites) {
  const TempDir box;
  std::ofstream(box / "p.csv") << "lon,lat,what\n1,2,a\n";
  const RunResult result = run_lode(
      {"study", "init", "s.toml", "--sites", "p.csv", "--home", "USA"}, box.path().string());
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("[study.init_no_id]"), std::string::npos) << result.err;
}

}  // namespace
}  // namespace lode::test
