// The commands `drillholes ...`: keys, conventions, verdicts and refusals as scripts see them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "libgeo/core/text.h"
#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

// A folder with one inclined and one vertical hole.
class Holes {
 public:
  Holes() {
    write(dir_ / "collar.csv", "hole,x,y,z,depth_m\nA,1000,2000,500,20\nB,1050,2000,500,20\n");
    write(dir_ / "survey.csv", "hole,at_m,azimuth_deg,dip_deg\nA,0,90,45\nB,0,0,90\n");
    write(dir_ / "assay.csv",
          "hole,from_m,to_m,treo_pct,density_t_m3\nA,0,4,1,2.5\nA,4,10,2,2.7\nA,10,20,0.5,2.6\n"
          "B,0,10,3,2.8\nB,10,20,,2.6\n");
    write(dir_ / "lithology.csv", "hole,from_m,to_m,rock\nA,0,8,ore\nA,8,20,waste\nB,0,20,ore\n");
  }
  [[nodiscard]] std::filesystem::path file(const std::string& name) const { return dir_ / name; }
  [[nodiscard]] RunResult run(const std::string& command, std::vector<std::string> more = {},
                              bool crs = true) const {
    std::vector<std::string> words{"drillholes", command, "--json"};
    for (const char* table : {"collar", "survey", "assay"}) {
      words.push_back("--" + std::string(table) + "s");
      words.push_back((dir_ / (std::string(table) + ".csv")).string());
    }
    if (crs) words.insert(words.end(), {"--input-crs", "local:m"});
    words.insert(words.end(), more.begin(), more.end());
    return run_lode(words);
  }
  [[nodiscard]] std::string code(const std::string& command, std::vector<std::string> more = {},
                                 int exit_code = 1, bool crs = true) const {
    const RunResult result = run(command, std::move(more), crs);
    EXPECT_EQ(result.exit_code, exit_code) << result.err;
    return result.json().at("error").at("code").as_string();
  }

 private:
  TempDir dir_;
};

std::vector<std::string> codes_in(const Json& json) {
  std::vector<std::string> codes;
  for (const Json& finding : json.at("findings").items())
    codes.push_back(finding.at("severity").as_string() + " " + finding.at("code").as_string());
  return codes;
}

TEST(DrillholesCommand, CheckOfSoundTables) {
  const Holes holes;
  const RunResult run = holes.run("check");
  ASSERT_EQ(run.exit_code, 0) << run.err << run.out;
  const Json json = run.json();
  EXPECT_EQ(json.at("summary").at("holes").as_integer(), 2);
  EXPECT_EQ(json.at("summary").at("samples").as_integer(), 5);
  EXPECT_EQ(json.at("summary").at("metres").as_number(), 40.0);
  EXPECT_EQ(json.at("summary").at("warnings").as_integer(), 0);
  EXPECT_THAT(codes_in(json), testing::Contains("note drillholes.unit"));
  const Json& row = json.at("results").items().at(0);
  EXPECT_EQ(row.at("hole").as_string(), "A");
  EXPECT_EQ(row.at("end_m").as_number(), 20.0);
  EXPECT_NEAR(row.at("end_z").as_number(), 500 - 20 * std::sqrt(0.5), 1e-9);
  EXPECT_EQ(holes.run("check", {}, false).exit_code, 0);
}

TEST(DrillholesCommand, CheckListsAllFaultsAndFails) {
  const Holes holes;
  write(holes.file("assay.csv"),
        "hole,from_m,to_m,treo_pct\nA,0,4,1\nA,3,10,2\nB,10,5,3\nC,0,1,2\nB,15,25,1\n");
  const RunResult run = holes.run("check");
  EXPECT_EQ(run.exit_code, 1);
  const auto codes = codes_in(run.json());
  for (const char* code : {"overlap", "bad_interval", "unknown_hole", "beyond_end"})
    EXPECT_THAT(codes, testing::Contains(std::string("error drillholes.") + code));
  EXPECT_EQ(run.json().at("summary").at("errors").as_integer(), 4);
  // The others refuse, with all of them.
  const RunResult refused = holes.run("composite", {"--length", "5 m"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(refused.json().at("more").size(), 3U);
}

TEST(DrillholesCommand, Desurvey) {
  const Holes holes;
  const RunResult run =
      holes.run("desurvey", {"--value", "treo_pct", "-o", holes.file("out.csv").string()});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  ASSERT_EQ(json.at("results").size(), 5U);
  const Json& row = json.at("results").items().at(1);
  const double r = std::sqrt(0.5);
  EXPECT_EQ(row.at("from_m").as_number(), 4.0);
  EXPECT_NEAR(row.at("x").as_number(), 1000 + 7 * r, 1e-9);
  EXPECT_EQ(row.at("y").as_number(), 2000.0);
  EXPECT_NEAR(row.at("z").as_number(), 500 - 7 * r, 1e-9);
  EXPECT_NEAR(row.at("azimuth_deg").as_number(), 90.0, 1e-12);
  EXPECT_NEAR(row.at("dip_deg").as_number(), 45.0, 1e-12);
  EXPECT_EQ(row.at("treo_pct").as_number(), 2.0);
  EXPECT_TRUE(json.at("results").items().at(4).at("treo_pct").is_null());
  EXPECT_THAT(slurp(holes.file("out.csv")),
              testing::StartsWith("x,y,z,hole,from_m,to_m,length_m,azimuth_deg,dip_deg,treo_pct"));
}

TEST(DrillholesCommand, FeetAreFeet) {
  const Holes holes;
  write(holes.file("assay.csv"), "hole,from,to,treo_pct\nB,0,20,3\n");
  write(holes.file("collar.csv"), "hole,x,y,z,depth\nB,1050,2000,500,20\n");
  write(holes.file("survey.csv"), "hole,at,azimuth,dip\nB,0,0,90\n");
  const RunResult run = holes.run("desurvey", {"--unit", "ft"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  const Json& row = json.at("results").items().at(0);
  EXPECT_NEAR(row.at("z").as_number(), 500 - 3.048, 1e-9);
  EXPECT_NEAR(row.at("to_m").as_number(), 6.096, 1e-12);
  // A mine grid in feet: places stay in feet, depths come in metres.
  const RunResult feet = holes.run("desurvey", {"--input-crs", "local:ft"}, false);
  ASSERT_EQ(feet.exit_code, 0) << feet.err;
  EXPECT_NEAR(feet.json().at("results").items().at(0).at("z").as_number(), 490, 1e-9);
  EXPECT_NEAR(feet.json().at("results").items().at(0).at("x").as_number(), 1050, 1e-9);
}

TEST(DrillholesCommand, AzimuthAdd) {
  const Holes holes;
  for (const std::string turn : {"90", "90 deg"}) {
    const RunResult run = holes.run("desurvey", {"--azimuth-add", turn});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const Json json = run.json();
    EXPECT_NEAR(json.at("results").items().at(0).at("azimuth_deg").as_number(), 180.0, 1e-9);
    EXPECT_NEAR(json.at("results").items().at(0).at("x").as_number(), 1000.0, 1e-9);
  }
}

TEST(DrillholesCommand, Composites) {
  const Holes holes;
  const RunResult run = holes.run(
      "composite", {"--value", "treo_pct", "--length", "5 m", "-o", holes.file("c.gpkg").string()});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  // A: 4 composites; B: 2, the others not assayed.
  ASSERT_EQ(json.at("results").size(), 6U);
  const Json& row = json.at("results").items().at(0);
  for (const char* key : {"hole", "from_m", "to_m", "x", "y", "z", "length_m", "treo_pct"})
    EXPECT_TRUE(row.has(key)) << key;
  EXPECT_NEAR(row.at("treo_pct").as_number(), (4 * 1 + 1 * 2) / 5.0, 1e-12);
  const Json& balance = json.at("summary").at("balance").items().at(0);
  EXPECT_NEAR(balance.at("assay_mean").as_number(), balance.at("composite_mean").as_number(),
              1e-12);
  EXPECT_NEAR(balance.at("assayed_m").as_number(), 30.0, 1e-12);
  EXPECT_TRUE(std::filesystem::exists(holes.file("c.gpkg")));
  EXPECT_THAT(codes_in(json), testing::Contains("note composites.unsampled"));
}

TEST(DrillholesCommand, CompositesByDomainDensityCapAndStructure) {
  const Holes holes;
  const RunResult run = holes.run(
      "composite", {"--lithology", holes.file("lithology.csv").string(), "--domain", "rock",
                    "--value", "treo_pct", "--length", "20 m", "--density", "density_t_m3", "--cap",
                    "15000 ppm", "--structure-azimuth", "90", "--structure-dip", "0"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  const Json& ore = json.at("results").items().at(0);
  EXPECT_EQ(ore.at("domain").as_string(), "ore");
  EXPECT_EQ(ore.at("to_m").as_number(), 8.0);
  EXPECT_NEAR(ore.at("treo_pct").as_number(), (4 * 2.5 * 1 + 4 * 2.7 * 1.5) / (4 * 2.5 + 4 * 2.7),
              1e-12);
  EXPECT_NEAR(ore.at("density_t_m3").as_number(), 2.6, 1e-12);
  EXPECT_NEAR(ore.at("true_thickness_m").as_number(), 8 * std::sqrt(0.5), 1e-12);
  EXPECT_EQ(json.at("results").items().at(1).at("domain").as_string(), "waste");
  EXPECT_THAT(codes_in(json), testing::Contains("note composites.capped"));
}

TEST(DrillholesCommand, CompositesOfBenchesAndResiduals) {
  const Holes holes;
  const RunResult run = holes.run("composite", {"--value", "treo_pct", "--bench", "5 m"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NEAR(run.json().at("results").items().at(0).at("to_m").as_number(), 5 * std::sqrt(2.0),
              1e-9);
  const RunResult drop =
      holes.run("composite", {"--value", "treo_pct", "--length", "7 m", "--residual", "drop"});
  ASSERT_EQ(drop.exit_code, 0) << drop.err;
  EXPECT_NEAR(drop.json().at("summary").at("dropped_m").as_number(), 12.0, 1e-9);
  EXPECT_THAT(codes_in(drop.json()), testing::Contains("warning composites.dropped"));
}

TEST(DrillholesCommand, Statistics) {
  const Holes holes;
  const RunResult run = holes.run(
      "stats", {"--value", "treo_pct", "--lithology", holes.file("lithology.csv").string(),
                "--domain", "rock", "--cap", "2 %", "-o", holes.file("s.csv").string()});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  const Json& all = json.at("results").items().at(0);
  EXPECT_EQ(all.at("domain").as_string(), "all");
  EXPECT_NEAR(all.at("mean").as_number(), (4 + 12 + 5 + 30) / 30.0, 1e-12);
  EXPECT_EQ(all.at("missing").as_integer(), 1);
  EXPECT_NEAR(all.at("length_m").as_number(), 30.0, 1e-12);
  bool met = false;
  for (const Json& cap : all.at("caps").items())
    if (cap.at("cap").as_number() == 2.0) {
      met = true;
      EXPECT_NEAR(cap.at("metal_removed_pct").as_number(), 100 * 10.0 / 51, 1e-9);
    }
  EXPECT_TRUE(met);
  EXPECT_EQ(json.at("results").size(), 3U);
  EXPECT_THAT(slurp(holes.file("s.csv")), testing::HasSubstr("metal_removed_pct"));
}

TEST(DrillholesCommand, Decluster) {
  const Holes holes;
  write(holes.file("p.csv"), "x,y,z,v\n0,0,0,10\n1,1,0,20\n25,0,0,3\n");
  const std::vector<std::string> base{
      "drillholes",  "decluster", "--samples", holes.file("p.csv").string(), "--value", "v",
      "--input-crs", "local:m",   "--json"};
  auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), base.begin(), base.end());
    return run_lode(more);
  };
  const RunResult run =
      with({"--cell", "10 m", "--offsets", "1", "-o", holes.file("w.csv").string()});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_DOUBLE_EQ(run.json().at("results").items().at(0).at("declustered_mean").as_number(), 9.0);
  EXPECT_THAT(slurp(holes.file("w.csv")), testing::HasSubstr("25,0,0,3,1.5"));
  const RunResult range = with({});
  ASSERT_EQ(range.exit_code, 0) << range.err;
  EXPECT_THAT(codes_in(range.json()), testing::Contains("note decluster.range"));
  const RunResult up = with({"--seek", "max"});
  EXPECT_THAT(codes_in(up.json()), testing::Contains("warning decluster.none_better"));
  const RunResult polygon = with({"--by", "polygon", "--margin", "5 m"});
  ASSERT_EQ(polygon.exit_code, 0) << polygon.err;
  EXPECT_EQ(with({"--cell", "5 m", "--cell-range", "5,10 m"}).exit_code, 2);
  EXPECT_EQ(
      with({"--cell", "5 m", "--cell-range", "5,10 m"}).json().at("error").at("code").as_string(),
      "usage.decluster");
  const RunResult triple = holes.run("decluster", {"--value", "treo_pct", "--cell", "20 m"});
  ASSERT_EQ(triple.exit_code, 0) << triple.err;
  EXPECT_THAT(codes_in(triple.json()), testing::Contains("warning decluster.lengths"));
}

TEST(DrillholesCommand, QualityControl) {
  const TempDir dir;
  write(dir / "s.csv", "standard,v_ppm,expected,sd\nS,100,100,5\nS,120,100,5\n");
  write(dir / "b.csv", "v_ppm\n1\n20\n");
  write(dir / "d.csv", "v_ppm,v_ppm_duplicate\n1,3\n10,10\n0,0\n");
  const RunResult run =
      run_lode({"drillholes", "qaqc", "--value", "v_ppm", "--standards", (dir / "s.csv").string(),
                "--blanks", (dir / "b.csv").string(), "--blank-limit", "10 ppm", "--duplicates",
                (dir / "d.csv").string(), "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  ASSERT_EQ(json.at("results").size(), 3U);
  EXPECT_EQ(json.at("summary").at("failures").as_integer(), 2);
  EXPECT_NEAR(json.at("results").items().at(2).at("mean_hard_pct").as_number(), 25.0, 1e-12);
  EXPECT_THAT(codes_in(json),
              testing::IsSupersetOf({"warning qaqc.standard_failures",
                                     "warning qaqc.blank_failures", "warning qaqc.left_out"}));
  const auto code = [&](std::vector<std::string> more, int exit_code) {
    std::vector<std::string> words{"drillholes", "qaqc", "--value", "v_ppm", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    const RunResult bad = run_lode(words);
    EXPECT_EQ(bad.exit_code, exit_code);
    return bad.json().at("error").at("code").as_string();
  };
  EXPECT_EQ(code({}, 2), "usage.qaqc");
  EXPECT_EQ(code({"--blanks", (dir / "b.csv").string()}, 2), "usage.qaqc");
  EXPECT_EQ(code({"--blanks", (dir / "b.csv").string(), "--blank-limit", "10"}, 2),
            "usage.blank_limit");
  EXPECT_EQ(code({"--standards", (dir / "b.csv").string()}, 1), "qaqc.no_column");
}

TEST(DrillholesCommand, ALimitOfBlanksIsTheSameInEveryUnit) {
  const TempDir dir;
  write(dir / "b.csv", "sample,v_pct\nB1,0.0007\nB2,0.0008\n");
  for (const char* limit : {"7 ppm", "0.0007 %", "7000 ppb"}) {
    const RunResult run = run_lode({"drillholes", "qaqc", "--value", "v_pct", "--blanks",
                                    (dir / "b.csv").string(), "--blank-limit", limit, "--json"});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const Json row = run.json().at("results").items().front();
    EXPECT_EQ(row.at("limit").as_number(), 0.0007) << limit;
    EXPECT_EQ(row.at("failures").as_integer(), 1) << limit;
  }
}

TEST(DrillholesCommand, QualityControlOfOneTable) {
  const TempDir dir;
  write(dir / "q.csv",
        "sample,kind,standard,expected_ppm,sd_ppm,value_pct,original_pct\n1,standard,S,10000,500,"
        "1.02,\n2,blank,,,,0.001,\n3,duplicate,,,,1.1,0.9\n4,umpire,,,,1,1\n");
  const RunResult run = run_lode({"drillholes", "qaqc", "--assays", (dir / "q.csv").string(),
                                  "--blank-limit", "100 ppm", "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  ASSERT_EQ(json.at("results").size(), 3U);
  EXPECT_NEAR(json.at("results").items().at(0).at("expected").as_number(), 1.0, 1e-12);
  EXPECT_NEAR(json.at("results").items().at(0).at("mean_z").as_number(), 0.4, 1e-9);
  EXPECT_EQ(json.at("results").items().at(1).at("failures").as_integer(), 0);
  EXPECT_NEAR(json.at("results").items().at(2).at("bias_pct").as_number(), 100 * 0.2 / 0.9, 1e-9);
  EXPECT_THAT(codes_in(json), testing::Contains("warning qaqc.other_kind"));
  const RunResult no_limit =
      run_lode({"drillholes", "qaqc", "--assays", (dir / "q.csv").string(), "--json"});
  EXPECT_EQ(no_limit.json().at("error").at("code").as_string(), "usage.qaqc");
}

TEST(DrillholesCommand, RefusesWhatItCannotMean) {
  const Holes holes;
  EXPECT_EQ(holes.code("desurvey", {}, 1, false), "crs.missing");
  EXPECT_EQ(holes.code("desurvey", {"--input-crs", "EPSG:4326"}, 1, false),
            "drillholes.geographic");
  EXPECT_EQ(holes.code("desurvey", {"--desurveyed", holes.file("assay.csv").string()}, 2),
            "usage.drillholes");
  EXPECT_EQ(holes.code("desurvey", {"--azimuth-add", "3 m"}, 2), "usage.quantity");
  EXPECT_EQ(holes.code("composite", {}, 2), "usage.composite");
  EXPECT_EQ(holes.code("composite", {"--length", "5 m", "--structure-dip", "5"}, 2),
            "usage.composite");
  EXPECT_EQ(holes.code("composite", {"--length", "5 m", "--min-coverage", "120"}, 2),
            "usage.percentage");
  EXPECT_EQ(holes.code("composite", {"--length", "5"}, 2), "usage.quantity");
  EXPECT_EQ(holes.code("composite", {"--length", "5 m", "--cap", "3 %"}, 2), "usage.cap");
  EXPECT_EQ(holes.code("composite", {"--length", "5 m", "--value", "treo_pct", "--cap", "3"}, 2),
            "usage.cap");
  EXPECT_EQ(holes.code("check", {"--fields", "nest=BHID"}, 2), "usage.fields");
  EXPECT_EQ(holes.code("check", {"--fields", "hole=BHID"}, 2), "usage.fields");
  EXPECT_EQ(holes.code("check", {"--value", "au"}), "drillholes.no_value");
  write(holes.file("assay.csv"), "hole,from_m,to_m,treo_pct\nA,0,4,\n");
  EXPECT_EQ(holes.code("composite", {"--length", "5 m"}), "composites.none");
}

TEST(DrillholesCommand, BelowDetectionFollowsTheRule) {
  const Holes holes;
  write(holes.file("assay.csv"), "hole,from_m,to_m,treo_ppm\nA,0,10,<10\nA,10,20,-8\nB,0,20,100\n");
  EXPECT_EQ(holes.run("check").exit_code, 0);
  const RunResult refused = holes.run("composite", {"--length", "20 m"});
  EXPECT_EQ(refused.exit_code, 1);
  const RunResult half = holes.run("composite", {"--length", "20 m", "--below-detection", "half"});
  ASSERT_EQ(half.exit_code, 0) << half.err;
  EXPECT_NEAR(half.json().at("results").items().at(0).at("treo_ppm").as_number(), 4.5, 1e-12);
}

// Verdicts of the open set of bad drillholes.
TEST(DrillholesCommand, BadInputsGetTheirVerdict) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "SKIPPED: no real data; set LODE_DATA";
  std::ifstream manifest(data + "/bad_inputs/manifest.csv");
  std::size_t cases = 0;
  for (std::string line; std::getline(manifest, line);) {
    if (!line.starts_with("drill/")) continue;
    ++cases;
    const std::string folder =
        data + "/bad_inputs/" + line.substr(0, line.rfind('/', line.find(',')));
    const bool reject = line.find(",reject,") != std::string::npos;
    const bool accept = line.find(",accept,") != std::string::npos;
    const RunResult run = run_lode({"drillholes", "check", "--collars", folder + "/collar.csv",
                                    "--surveys", folder + "/survey.csv", "--assays",
                                    folder + "/assay.csv", "--input-crs", "local:m", "--json"});
    // Decimal commas: "detected and stated, or rejected" says the set; they are rejected.
    const bool commas = line.find("d_semicolon") != std::string::npos;
    EXPECT_EQ(run.exit_code, reject || commas ? 1 : 0) << line << run.err;
    if (!reject && !commas) {
      const auto warnings = run.json().at("summary").at("warnings").as_integer();
      EXPECT_EQ(warnings == 0, accept) << line << run.out;
    }
  }
  EXPECT_EQ(cases, 15U);
}

TEST(DrillholesCommand, InspectTakesTheTablesTogether) {
  const Holes holes;
  const auto inspect = [&](const std::vector<std::string>& names) {
    std::vector<std::string> words{"inspect", "--as",        "drillholes",
                                   "--json",  "--input-crs", "local:m"};
    for (const std::string& name : names) words.push_back(holes.file(name + ".csv").string());
    return run_lode(words);
  };
  const RunResult good = inspect({"assay", "lithology", "collar", "survey"});
  EXPECT_EQ(good.exit_code, 0) << good.out;
  const Json json = good.json();
  ASSERT_EQ(json.at("results").size(), 4U);
  EXPECT_EQ(json.at("results").items().at(0).at("kind").as_string(), "drillholes");
  EXPECT_EQ(json.at("results").items().at(0).at("table").as_string(), "assays");
  EXPECT_EQ(json.at("results").items().at(1).at("table").as_string(), "lithology");
  EXPECT_EQ(json.at("results").items().at(3).at("table").as_string(), "surveys");
  const RunResult twice = inspect({"collar", "survey", "survey"});
  EXPECT_EQ(twice.exit_code, 1);
  EXPECT_THAT(codes_in(twice.json()), testing::Contains("error drillholes.not_a_table"));
  const RunResult none = inspect({"survey"});
  EXPECT_THAT(codes_in(none.json()), testing::Contains("error drillholes.no_collars"));
  write(holes.file("assay.csv"), "hole,from_m,to_m,treo_pct\nA,0,4,1\nA,3,10,2\n");
  const RunResult bad = inspect({"collar", "survey", "assay"});
  EXPECT_EQ(bad.exit_code, 1);
  EXPECT_THAT(codes_in(bad.json()), testing::Contains("error drillholes.overlap"));
}

// pygslib's demonstration holes: every composite keeps the gold, and paths end where step-by-step
// textbook minimum curvature (ratio factor) ends.
TEST(DrillholesCommand, RealHolesOfPygslib) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "SKIPPED: no real data; set LODE_DATA";
  const std::string folder = data + "/drill_pygslib_demo1/";
  const std::vector<std::string> triple{
      "--collars", folder + "collar.csv", "--surveys",   folder + "survey.csv",
      "--assays",  folder + "assay.csv",  "--input-crs", "local:m",
      "--json"};
  const auto run = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "drillholes");
    words.insert(words.end(), triple.begin(), triple.end());
    return run_lode(words);
  };
  const RunResult check = run({"check"});
  ASSERT_EQ(check.exit_code, 0) << check.err;
  EXPECT_EQ(check.json().at("summary").at("holes").as_integer(), 29);
  EXPECT_EQ(check.json().at("summary").at("samples").as_integer(), 1882);
  std::map<std::string, std::array<double, 3>> ends;
  std::map<std::string, std::array<double, 3>> last;  // at, dip, azimuth of the station above
  std::ifstream collars(folder + "collar.csv"), surveys(folder + "survey.csv");
  std::string line;
  std::getline(collars, line);
  while (std::getline(collars, line)) {
    const auto cells = split(std::string(trim(line)), ',');
    if (cells.size() < 5) continue;
    ends[cells[0]] = {*parse_number(cells[1]), *parse_number(cells[2]), *parse_number(cells[3])};
  }
  std::getline(surveys, line);
  while (std::getline(surveys, line)) {
    const auto cells = split(std::string(trim(line)), ',');
    if (cells.size() < 4) continue;
    constexpr double rad = M_PI / 180.0;
    const double at = *parse_number(cells[1]), dip = *parse_number(cells[2]) * rad,
                 azimuth = *parse_number(cells[3]) * rad;
    const auto known = last.find(cells[0]);
    if (known != last.end()) {
      const auto [at1, dip1, azimuth1] = known->second;
      const double cosine = std::sin(dip1) * std::sin(dip) +
                            std::cos(dip1) * std::cos(dip) * std::cos(azimuth - azimuth1);
      const double bend = std::acos(std::min(1.0, cosine));
      const double ratio = bend < 1e-6 ? 1.0 : 2.0 / bend * std::tan(bend / 2.0);
      const double half = (at - at1) / 2.0 * ratio;
      auto& end = ends[cells[0]];
      end[0] += half * (std::cos(dip1) * std::sin(azimuth1) + std::cos(dip) * std::sin(azimuth));
      end[1] += half * (std::cos(dip1) * std::cos(azimuth1) + std::cos(dip) * std::cos(azimuth));
      end[2] -= half * (std::sin(dip1) + std::sin(dip));
    }
    last[cells[0]] = {at, dip, azimuth};
  }
  const Json checked = check.json();
  for (const Json& row : checked.at("results").items()) {
    const auto& end = ends.at(row.at("hole").as_string());
    EXPECT_NEAR(row.at("end_x").as_number(), end[0], 1e-5);
    EXPECT_NEAR(row.at("end_y").as_number(), end[1], 1e-5);
    EXPECT_NEAR(row.at("end_z").as_number(), end[2], 1e-5);
  }
  const RunResult composites = run({"composite", "--length", "5 m"});
  ASSERT_EQ(composites.exit_code, 0) << composites.err;
  const Json balance = composites.json().at("summary").at("balance").items().at(0);
  EXPECT_NEAR(balance.at("composite_mean").as_number(), balance.at("assay_mean").as_number(),
              1e-12);
}

// Real rare-earth assays, desurveyed already; "-" is not assayed.
TEST(DrillholesCommand, RealRareEarthsOfThePhosphateMine) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "SKIPPED: no real data; set LODE_DATA";
  const RunResult run = run_lode({"drillholes", "composite", "--desurveyed",
                                  data + "/drill_ree_phosphate_mine/drillholes.csv", "--input-crs",
                                  "local:m", "--missing", "-", "--value", "CEO2,PR2O3", "--length",
                                  "5 m", "--domain", "LITO", "--residual", "share", "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  EXPECT_EQ(json.at("summary").at("holes").as_integer(), 409);
  EXPECT_EQ(json.at("summary").at("samples").as_integer(), 12697);
  for (const Json& balance : json.at("summary").at("balance").items()) {
    EXPECT_NEAR(balance.at("composite_mean").as_number(), balance.at("assay_mean").as_number(),
                1e-12);
    EXPECT_NEAR(balance.at("composited_m").as_number(), balance.at("assayed_m").as_number(), 1e-6);
  }
  // Without the rule for "-" the cells are named, not taken for 0.
  const RunResult refused = run_lode(
      {"drillholes", "composite", "--desurveyed", data + "/drill_ree_phosphate_mine/drillholes.csv",
       "--input-crs", "local:m", "--value", "PR2O3", "--length", "5 m", "--json"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(refused.json().at("error").at("code").as_string(), "table.bad_number");
}

}  // namespace
}  // namespace lode::test
