// `supply risk` on the tables of data/domain and the World Bank's file, as they are.
#include <gtest/gtest.h>

#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

class RealSupply : public testing::Test {
 protected:
  void SetUp() override {
    data_ = data_folder();
    if (data_.empty()) GTEST_SKIP() << "the real data are not here: set LODE_DATA to their folder";
    domain_ = data_ + "/domain/";
  }
  Json run(std::vector<std::string> words) {
    words.insert(words.begin(), {"supply", "risk", domain_ + "production_reserves_mcs2025.csv"});
    words.push_back("--json");
    const RunResult result = run_lode(words);
    EXPECT_EQ(result.exit_code, 0) << result.err << result.out;
    return result.json();
  }
  static double of(const Json& json, const std::string& key, std::size_t row = 0) {
    return json.at("results").items().at(row).at(key).as_number();
  }

  std::string data_, domain_;
};

TEST_F(RealSupply, MineOutputAndReservesOfMcs2025) {
  const Json json = run({"--value", "mine_2024e_t_REO", "--value", "reserves_t_REO", "--governance",
                         domain_ + "wgi_mean6.csv", "--allies", "MSP_with_EU27", "--alliances",
                         domain_ + "alliances.csv"});
  EXPECT_NEAR(of(json, "hhi"), 0.492362, 5.1e-7);
  EXPECT_NEAR(of(json, "hhi", 1), 0.301680, 5.1e-7);
  EXPECT_NEAR(of(json, "hhi_wgi"), 2.688733, 5.1e-7);
  EXPECT_NEAR(of(json, "allied_share"), 0.155, 5.1e-4);
  EXPECT_NEAR(of(json, "allied_share", 1), 0.169, 5.1e-4);
  EXPECT_EQ(of(json, "total_t"), 393950);
  for (const auto& [rule, hhi] :
       {std::pair<const char*, double>{"total-only", 0.492355}, {"exclude", 0.495116}})
    EXPECT_NEAR(of(run({"--value", "mine_2024e_t_REO", "--other", rule}), "hhi"), hhi, 5.1e-7);
}

TEST_F(RealSupply, ExposureOfTheUnitedStates) {
  const std::vector<std::string> words{
      "--value",
      "mine_2024e_t_REO",
      "--governance",
      domain_ + "wgi_mean6.csv",
      "--imports",
      domain_ + "us_import_sources_2020_23.csv",
      "--trade",
      domain_ + "us_salient_mcs2025.csv",
      "--trade-series",
      "production=production_compounds_metals_t",
      "--trade-series",
      "imports=imports_compounds_t+imports_ferrocerium_alloys_t+imports_metals_Sc_Y_t",
      "--recycling-rate",
      "0.01",
      "--substitution",
      "0.9"};
  auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), words.begin(), words.end());
    return more;
  };
  const Json json = run(with({"--other-governance", "5"}));
  EXPECT_NEAR(of(json, "import_reliance"), 0.80303, 5e-6);
  EXPECT_EQ(of(json, "import_reliance_printed"), 0.8);  // MCS prints 80 for 80.3
  EXPECT_NEAR(of(json, "weighted_import_share"), 0.425686, 5.1e-7);
  EXPECT_NEAR(of(json, "geopolrisk"), 0.209592, 5.1e-7);
  // The sourcing without Other's governance, and the EU's risk at a reliance of 0.8 and of 1.
  const auto plain = [&](const std::string& reliance) {
    return run({"--value", "mine_2024e_t_REO", "--governance", domain_ + "wgi_mean6.csv",
                "--imports", domain_ + "us_import_sources_2020_23.csv", "--reliance-printed",
                reliance, "--recycling-rate", "0.01", "--substitution", "0.9"});
  };
  EXPECT_NEAR(plain("80").at("summary").at("sourcing_hhi_wgi").as_number(), 2.773043, 5.1e-7);
  EXPECT_NEAR(of(plain("80"), "eu_supply_risk"), 2.440733, 5.1e-7);
  EXPECT_NEAR(of(plain("100"), "eu_supply_risk"), 2.433221, 5.1e-7);
  // 2023: "> 95", beside 97.5 % computed.
  const Json before = run(with({"--other-governance", "5", "--trade-period", "2023"}));
  EXPECT_EQ(of(before, "import_reliance_printed"), 0.95);
  EXPECT_NEAR(of(before, "import_reliance"), 1 - 250.0 / 10100, 1e-12);
}

TEST_F(RealSupply, GovernanceOfTheWorldBanksFile) {
  const std::string file = data_ +
                           "/supply_wgi_1996_2019/"
                           "2020_Worldwide_Governance_Indicators_1996-2019.csv.gz";
  // By hand from the file: mean of the six estimates of 2019, OTHER without a figure.
  const Json json = run({"--value", "mine_2024e_t_REO", "--governance", file});
  EXPECT_NEAR(of(json, "hhi_wgi"), 2.7843921390627555, 1e-9);
  EXPECT_EQ(json.at("summary").at("governance").as_string(), "year 2019, mean of 6 indicators");
}

}  // namespace
}  // namespace lode::test
