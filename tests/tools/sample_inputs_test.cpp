// Samples as all commands read them: values that cannot be, domains spelt in two ways.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

class SampleInputsOfCommands : public testing::Test {
 protected:
  // Four samples in a row, the last of the given value and domain.
  RunResult run(const std::string& column, const std::string& value,
                const std::vector<std::string>& more = {}, const std::string& domain = "D1") {
    std::ofstream(dir_ / "s.csv") << "x,y,z,domain," << column
                                  << "\n500001,6000001,1,D1,1\n500002,6000001,1,D1,2\n"
                                     "500003,6000001,1,D1,4\n500004,6000001,1,"
                                  << domain << "," << value << "\n";
    std::vector<std::string> words{"variogram", (dir_ / "s.csv").string(),
                                   "--value",   column,
                                   "--lag",     "1 m",
                                   "--lags",    "3",
                                   "--json",    "--input-crs",
                                   "EPSG:32629"};
    words.insert(words.end(), more.begin(), more.end());
    return run_lode(words);
  }
  static std::string code(const RunResult& result) {
    if (result.exit_code == 0) return "none";
    EXPECT_EQ(result.exit_code, 1) << result.out;
    return result.json().at("error").at("code").as_string();
  }
  TempDir dir_;
};

TEST_F(SampleInputsOfCommands, GradesOutsideNoughtToHundredPercent) {
  for (const auto& [column, value] : {std::pair{"treo_pct", "-0.5"},
                                      {"treo_pct", "100.1"},
                                      {"au_ppm", "-5"},
                                      {"au_ppm", "1000001"},
                                      {"au_g_t", "2e6"}})
    EXPECT_EQ(code(run(column, value)), "samples.grade") << column << " " << value;
  for (const auto& [column, value] : {std::pair{"treo_pct", "100"},
                                      {"treo_pct", "0"},
                                      {"au_ppm", "1000000"},
                                      {"treo_pct", ""},
                                      {"treo_pct_variance", "-0.5"},
                                      {"basket_usd_per_t", "5000"},
                                      {"score", "-2.5"}})
    EXPECT_EQ(code(run(column, value)), "none") << column << " " << value;
}

TEST_F(SampleInputsOfCommands, GradesByTheUnitThatIsSaid) {
  EXPECT_EQ(code(run("treo", "120", {"--field-unit", "treo=%"})), "samples.grade");
  EXPECT_EQ(code(run("treo", "120", {"--field-unit", "treo=ppm"})), "none");
  EXPECT_EQ(code(run("treo_pct", "120", {"--field-unit", "treo_pct=ppm"})), "none");
  EXPECT_EQ(code(run("treo_pct", "-0.5", {"--missing=-0.5"})), "none");
}

TEST_F(SampleInputsOfCommands, SayRowFieldAndCure) {
  const Json error = run("treo_pct", "-0.5").json().at("error");
  EXPECT_THAT(error.at("message").as_string(),
              testing::AllOf(testing::HasSubstr("-0.5 %"), testing::HasSubstr("treo_pct")));
  EXPECT_THAT(error.at("where").as_string(),
              testing::AnyOf(testing::HasSubstr("row"), testing::HasSubstr("line")));
  EXPECT_THAT(error.at("hint").as_string(), testing::AllOf(testing::HasSubstr("--missing -0.5"),
                                                           testing::HasSubstr("--field-unit")));
}

TEST_F(SampleInputsOfCommands, ValuesWhoseSquaresOverflow) {
  EXPECT_EQ(code(run("score", "1e200")), "samples.too_large");
  EXPECT_EQ(code(run("score", "1e101")), "samples.too_large");
  EXPECT_EQ(code(run("score", "1e99")), "none");
}

TEST_F(SampleInputsOfCommands, DomainsThatDifferInCaseOrBlanks) {
  for (const char* domain : {"d1", "D 1"}) {
    const RunResult result = run("treo_pct", "3", {"--domain", "domain"}, domain);
    ASSERT_EQ(result.exit_code, 0) << result.out;
    bool said = false;
    const Json json = result.json();
    for (const Json& one : json.at("findings").items()) {
      if (one.at("code").as_string() != "samples.near_domains") continue;
      said = true;
      EXPECT_EQ(one.at("severity").as_string(), "warning");
      EXPECT_EQ(one.at("count").as_integer(), 1);
      EXPECT_THAT(one.at("message").as_string(),
                  testing::AllOf(testing::HasSubstr("'D1'"), testing::HasSubstr(domain)));
    }
    EXPECT_TRUE(said) << domain;
  }
  EXPECT_THAT(run("treo_pct", "3", {"--domain", "domain"}, "D2").out,
              testing::Not(testing::HasSubstr("near_domains")));
}

TEST(QuantitiesOfOptions, WithoutAFittingUnitAreWrongUsage) {
  const TempDir dir;
  const auto code = [&](const std::string& origin, const std::string& spacing) {
    const RunResult result =
        run_lode({"blocks", "create", "--origin", origin, "--spacing", spacing, "--count", "2,2,2",
                  "--input-crs", "EPSG:32629", "-o", (dir / "b.csv").string(), "--json"});
    EXPECT_EQ(result.exit_code, 2) << result.out;
    return result.json().at("error").at("code").as_string();
  };
  EXPECT_EQ(code("500000,4000000,0", "10,20,5"), "usage.quantity");
  EXPECT_EQ(code("500000,4000000,0", "10,20,5 t"), "usage.quantity");
  EXPECT_EQ(code("500000,4000000,0", "10,,5 m"), "usage.quantity");
  EXPECT_EQ(code("500000,4000000,0 t", "10,20,5 m"), "usage.quantity");
  EXPECT_EQ(code("500000,4000000,0", "10,20 m"), "usage.list");
}

}  // namespace
}  // namespace lode::test
