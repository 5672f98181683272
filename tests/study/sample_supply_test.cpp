// The sample study's answer to what ends the dependence, against the commands on the same tables.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>

#include "libgeo/core/json.h"
#include "libgeo/io/layer.h"
#include "libgeo/io/writers.h"
#include "libgeo/study/pipeline.h"
#include "libgeo/supply/sources_table.h"
#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

namespace fs = std::filesystem;

/// A copy of the sample study, run without the draws of its ranking.
class SampleSupply : public testing::Test {
 protected:
  SampleSupply() {
    unsetenv("LODE_SHARE");  // a test before this one may have set it
    fs::copy(fs::path(LODE_SOURCE_DIR) / "sample_data" / "us_allied_ree", folder());
    result_ = run();
    std::ofstream(folder() / "handed.csv") << csv_text(table_of(result_.supply->sources));
  }
  void SetUp() override {
    if (result_.countries.empty()) GTEST_SKIP() << "no country outlines: install qgis-common";
  }
  void has_every_part() const;
  void plans_as_the_command_does() const;
  void has_the_sites_of_the_table() const;

  [[nodiscard]] fs::path folder() const { return box_ / "study"; }
  [[nodiscard]] StudyResult run() const {
    std::string text = slurp(fs::path(LODE_SOURCE_DIR) / "sample_data/us_allied_ree/study.toml");
    const std::string draws = "draws = 10000";
    text.replace(text.find(draws), draws.size(), "draws = 0");
    std::ofstream(folder() / "study.toml") << text;
    return run_study(read_study((folder() / "study.toml").string()));
  }
  [[nodiscard]] const SupplyAnswer& answer() const { return *result_.supply; }
  /// The JSON of a command on the copied tables.
  [[nodiscard]] Json of_command(std::vector<std::string> args) const {
    args.insert(args.end(), {"--json", "-q"});
    const RunResult run = run_lode(args, folder().string());
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return Json::parse(run.out);
  }

  TempDir box_;
  StudyResult result_;
};

void SampleSupply::has_every_part() const {
  ASSERT_TRUE(result_.supply.has_value());
  EXPECT_EQ(answer().sources.metals, (std::vector<std::string>{"NdPr", "DyTb"}));
  EXPECT_EQ(answer().curves.size(), 2u);
  EXPECT_FALSE(answer().recycling.empty());
  ASSERT_TRUE(answer().economics.has_value());
  EXPECT_EQ(answer().economics->sites.size(), answer().sources.list.size());
  ASSERT_TRUE(answer().portfolio.has_value());
  EXPECT_EQ(answer().portfolio->status, ProgrammeStatus::optimal);
  ASSERT_TRUE(answer().disruption.has_value());
  ASSERT_FALSE(answer().shocks.empty());
  EXPECT_EQ(answer().shocks.size(), answer().shock_terms.size());
  ASSERT_TRUE(answer().alliance.has_value());
  EXPECT_FALSE(answer().alliance->words.empty());
  EXPECT_EQ(answer().site.size(), answer().sources.list.size());
  for (const char* name : {"usd_per_kg", "npv_usd", "lead_time_yr"}) {
    std::size_t known = 0;
    for (const auto& column : result_.indicators)
      if (column.name == name)
        for (std::size_t i = 0; i < column.value.size(); ++i)
          if (!std::isnan(column.value[i])) {
            ++known;
            EXPECT_FALSE(column.source[i].empty()) << name;
          }
    EXPECT_GT(known, 80u) << name;
  }
}

void SampleSupply::plans_as_the_command_does() const {
  const Json json = of_command(
      {"supply", "portfolio", "handed.csv", "--demand", "demand.csv", "--policy", "policy.toml"});
  const double objective = json.at("summary").at("objective_usd").as_number();
  EXPECT_NEAR(objective, answer().portfolio->objective_usd, 1e-9 * std::abs(objective));
}

void SampleSupply::has_the_sites_of_the_table() const {
  Findings findings;
  const SupplySources shipped =
      read_sources(read_table((folder() / "sources.csv").string()).table, findings);
  std::map<std::string, const SupplySource*> by_id;
  for (const auto& source : shipped.list) by_id[source.id] = &source;
  std::size_t compared = 0;
  for (std::size_t k = 0; k < answer().sources.list.size(); ++k) {
    if (answer().site[k] == SupplyAnswer::no_site) continue;
    const SupplySource& source = answer().sources.list[k];
    ASSERT_TRUE(by_id.count(source.id)) << source.id;
    const SupplySource& other = *by_id[source.id];
    ++compared;
    EXPECT_EQ(other.country, source.country) << source.id;
    EXPECT_NEAR(other.capacity_t_per_year.base, source.capacity_t_per_year.base,
                1e-6 * source.capacity_t_per_year.base)
        << source.id;
    for (std::size_t m = 0; m < source.share.size(); ++m)
      EXPECT_NEAR(other.share[shipped.metal(answer().sources.metals[m])], source.share[m], 1e-5)
          << source.id;
  }
  EXPECT_GT(compared, 80u);
}

// One test, as the study is run for each.
TEST_F(SampleSupply, SaysWhatTheCommandsSay) {
  has_every_part();
  plans_as_the_command_does();
  has_the_sites_of_the_table();
}

}  // namespace
}  // namespace lode::test
