// The command `supply portfolio`: keys of the contract, layers, the LP file, the check by cbc,
// refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/tools/supply_run.h"

namespace lode::test {
namespace {

using testing::HasSubstr;

const std::string sample = std::string(LODE_SOURCE_DIR) + "/sample_data/us_allied_ree/";

const std::string head =
    "id,country,capacity_t_per_year,share_NdPr,opex_usd_per_kg,capex_usd,lead_years,operating\n";
const std::string two = head + "old,United States,100,1,10,,0,yes\nnew,AUS,100,1,5,1e6,1,no\n";

/// Two sources, three years, the policy given.
struct Small {
  TempDir dir;
  std::string sources, demand, policy;
  explicit Small(const std::string& rules, const std::string& table = two)
      : sources(file_with(dir, "sources.csv", table)),
        demand(file_with(dir, "demand.csv", "year,NdPr_t\n2026,150\n2027,150\n2028,150\n")),
        policy(file_with(dir, "policy.toml", rules)) {}
  [[nodiscard]] Words words(const Words& more) const {
    Words all{"supply", "portfolio", sources, "--demand", demand, "--policy", policy};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  [[nodiscard]] RunResult run(const Words& more) const { return run_with_json(words(more)); }
  [[nodiscard]] std::string error(Words more = {}, int exit_code = 1) const {
    return error_code_of(words(std::move(more)), exit_code);
  }
};

const std::string free_rules = "base_year = 2026\ndiscount = 0\nallow_shortfall = true\n";

bool cbc_is_there() {
  return std::system("command -v cbc >/dev/null 2>&1") == 0;
}

TEST(SupplyPortfolioCommand, KeysOfTheContract) {
  const Small small(free_rules);
  const RunResult run = small.run({});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  const Json& fresh = json.at("results").items().at(1);
  EXPECT_EQ(fresh.at("id").as_string(), "new");
  EXPECT_EQ(fresh.at("start_year").as_number(), 2027);
  EXPECT_NEAR(fresh.at("tonnes").at("2027").as_number(), 100, 1e-6);
  EXPECT_EQ(json.at("results").items().at(0).at("country").as_string(), "USA");
  const Json& summary = json.at("summary");
  // By hand in tests/supply/portfolio_test.cpp.
  EXPECT_NEAR(summary.at("objective_usd").as_number(), 29e6, 29e3);
  EXPECT_LE(summary.at("gap").as_number(), 1e-3);
  EXPECT_NEAR(summary.at("hhi").as_number(), (1.0 + 10.0 / 9.0) / 3.0, 1e-6);
  EXPECT_NEAR(summary.at("shortfall_t").as_number(), 50, 1e-6);
  EXPECT_EQ(summary.at("free_from").at("NdPr").as_number(), 2027);
  EXPECT_EQ(summary.at("matters_most").as_string(), "old");
  EXPECT_TRUE(summary.at("certificate").has("bound_usd"));
  EXPECT_EQ(small.run({"--jobs", "1"}).out, small.run({"--jobs", "2"}).out);
}

TEST(SupplyPortfolioCommand, TheSampleAnswersABanAndWritesItsLayers) {
  const TempDir dir;
  const std::string out = (dir / "plan.gpkg").string(), lp = (dir / "plan.lp").string();
  const RunResult run = run_lode({"supply", "portfolio", sample + "sources.csv", "--demand",
                                  sample + "demand.csv", "--policy", sample + "policy.toml",
                                  "--no-values", "--json", "--lp", lp, "-o", out});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json summary = run.json().at("summary");
  EXPECT_EQ(summary.at("status").as_string(), "optimal");
  EXPECT_LE(summary.at("gap").as_number(), 1e-3);
  EXPECT_THAT(summary.at("words").as_string(), HasSubstr("new sources leave"));
  for (const auto& cell : summary.at("balance").items()) {
    const double least = cell.at("year").as_number() >= 2032 ? 0.05 : 0.0;
    EXPECT_GE(cell.at("recycled_share").as_number(), least - 1e-9);
  }
  EXPECT_EQ(summary.at("scenarios").size(), 3u);
  // Cost is without penalties here as in the summary; the regret is a difference of objectives.
  for (const auto& one : summary.at("scenarios").items()) {
    const auto usd = [&](const char* key) { return one.at(key).as_number(); };
    EXPECT_LE(usd("cost_usd"), usd("objective_usd"));
    EXPECT_NEAR(usd("regret_usd"), usd("objective_usd") - usd("objective_if_known_usd"), 1.0);
  }
  std::ifstream in(lp);
  std::string first;
  std::getline(in, first);
  EXPECT_EQ(first, "Minimize");
  for (const char* layer : {"portfolio", "output", "balance"}) {
    const RunResult seen = run_lode({"inspect", out + ":" + layer, "--json"});
    EXPECT_EQ(seen.exit_code, 0) << layer << seen.err;
  }
}

TEST(SupplyPortfolioCommand, CbcAgrees) {
  if (!cbc_is_there()) GTEST_SKIP() << "no cbc (Debian: apt install coinor-cbc)";
  const RunResult run = Small(free_rules + "gap = 0.0\n").run({"--check", "cbc"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json check = run.json().at("summary").at("check");
  EXPECT_EQ(check.at("program").as_string(), "cbc");
  EXPECT_NEAR(check.at("objective_usd").as_number(), 29e6, 1.0);
  EXPECT_NEAR(check.at("difference").as_number(), 0.0, 1e-6);
}

/// A program named cbc that prints what we say, before the true one on the path.
class FalseCbc {
 public:
  explicit FalseCbc(const std::string& script) : old_(std::getenv("PATH")) {
    if (!script.empty()) {
      const std::string path = file_with(dir_, "cbc", "#!/bin/sh\n" + script);
      std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    }
    setenv("PATH", (dir_.path().string() + (script.empty() ? "" : ":/bin:/usr/bin")).c_str(), 1);
  }
  ~FalseCbc() { setenv("PATH", old_.c_str(), 1); }
  FalseCbc(const FalseCbc&) = delete;
  FalseCbc& operator=(const FalseCbc&) = delete;

 private:
  TempDir dir_;
  std::string old_;
};

TEST(SupplyPortfolioCommand, ACheckThatFailsOrDiffersIsSaid) {
  const Small small(free_rules);
  {
    const FalseCbc nothing("");
    EXPECT_EQ(small.error({"--check", "cbc"}), "supply.no_program");
  }
  {
    const FalseCbc broken("exit 3\n");
    EXPECT_EQ(small.error({"--check", "cbc"}), "supply.check");
  }
  const FalseCbc other("echo 'Optimal - objective value 31.0' > \"$6\"\n");
  const RunResult run = small.run({"--check", "cbc"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("supply.check_differs"));
}

TEST(SupplyPortfolioCommand, NoPlanIsAnErrorWithItsReason) {
  const Small none("base_year = 2026\n");
  const RunResult run = none.run({});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(run.json().at("error").at("code").as_string(), "supply.infeasible");
  EXPECT_THAT(run.json().at("error").at("message").as_string(),
              HasSubstr("demand of NdPr in 2026 cannot be kept"));
}

TEST(SupplyPortfolioCommand, NodesThatRunOutBeforeAnyPlanAreSaid) {
  // Eight mines of which no whole set within the budget gives 186 t: the least costs 184 million,
  // counted over all 256 sets; parts of mines would do it for 179.2.
  const int capacity[] = {31, 37, 41, 43, 47, 53, 59, 61},
            capex[] = {33, 36, 44, 41, 50, 52, 63, 58};
  std::string table = head;
  for (int i = 0; i < 8; ++i)
    table += std::string(1, static_cast<char>('a' + i)) + ",USA," + std::to_string(capacity[i]) +
             ",1,10," + std::to_string(capex[i]) + "e6,0,no\n";
  Small small("base_year = 2026\ndiscount = 0\nbudget_usd = 183.8e6\nnodes = 1\n", table);
  file_with(small.dir, "demand.csv", "year,NdPr_t\n2026,186\n");
  EXPECT_EQ(small.error(), "supply.unsolved");
}

TEST(SupplyPortfolioCommand, RefusesWhatItCannotMean) {
  EXPECT_EQ(Small("discont = 0.1\n").error(), "policy.invalid");
  EXPECT_EQ(Small("discount = \n").error(), "policy.syntax");
  EXPECT_EQ(Small(free_rules + "require = [\"x\"]\n").error(), "supply.policy");
  EXPECT_EQ(Small(free_rules + "resell_surplus = true\n").error(), "supply.no_price");
  EXPECT_EQ(Small(free_rules).error({"--check", "cbc", "--aim", "shortfall"}, 2), "usage.check");
  EXPECT_EQ(Small(free_rules + "aim = \"shortfall\"\n").error({"--check", "cbc"}, 2),
            "usage.check");
  EXPECT_EQ(Small(free_rules, head + "a,USA,-1,1,1,,,\n").error(), "supply.negative");
  EXPECT_EQ(Small(free_rules, head + "a,USA,1,1.5,1,,,\n").error(), "supply.shares_over_one");
  EXPECT_EQ(Small(free_rules, head + "a,USA,1,1,,,,\n").error(), "supply.no_cost");
}

TEST(SupplyPortfolioCommand, CountriesThatAreNoneAreRefused) {
  const auto run = [](const std::string& more) { return Small(free_rules + more).run({}); };
  const std::string limit = "[[limit]]\nmax_share = 0\n";
  for (const char* more :
       {"country = \"CHNN\"\n", "country = \"CN\"\n", "each_country = true\nbut = [\"CHNX\"]\n"}) {
    const RunResult found = run(limit + more);
    ASSERT_EQ(found.exit_code, 1) << more;
    EXPECT_EQ(found.json().at("error").at("code").as_string(), "supply.policy") << more;
  }
  EXPECT_THAT(run(limit + "country = \"CHNN\"\n").out, HasSubstr("Did you mean 'CHN'?"));
  EXPECT_EQ(Small(free_rules + "[[scenario]]\nlost_countries = [\"CHNN\"]\n").error(),
            "supply.policy");
  EXPECT_EQ(Small(free_rules + "[[cap]]\nburden = \"co2e_kg\"\nmax = 1\ncountry = \"USAA\"\n",
                  "id,country,capacity_t_per_year,share_NdPr,opex_usd_per_kg,operating,"
                  "burden_co2e_kg\nold,USA,100,1,10,yes,1\n")
                .error(),
            "supply.policy");
  // A country that no source is of is a warning, under its code and under its name.
  for (const char* name : {"CHN", "China"}) {
    const RunResult unused = run(limit + "country = \"" + name + "\"\n");
    EXPECT_EQ(unused.exit_code, 0) << unused.err;
    EXPECT_THAT(unused.out, HasSubstr("supply.policy_unused"));
    EXPECT_THAT(unused.out, HasSubstr("no source is of the country CHN"));
  }
  // So is a country that is none, when sources are of it.
  EXPECT_EQ(
      Small(free_rules + limit + "country = \"Erewhon\"\n", head + "old,Erewhon,100,1,10,,0,yes\n")
          .run({})
          .exit_code,
      0);
}

TEST(SupplyPortfolioCommand, MoneyThatIsNoUsdIsSaid) {
  const std::string euros =
      "id,country,capacity_t_per_year,share_NdPr,opex_usd_per_kg,operating,currency\n"
      "old,USA,100,1,10,yes,EUR\n";
  const RunResult run = Small(free_rules, euros).run({});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.json().at("summary").at("currency").as_string(), "EUR");
  EXPECT_THAT(run.json().at("summary").at("words").as_string(), HasSubstr("All money is in EUR."));
  EXPECT_EQ(Small(free_rules + "[penalty]\nNdPr = 300\n", euros).error(), "supply.money");
  const Json plain = Small(free_rules).run({}).json().at("summary");
  EXPECT_EQ(plain.at("currency").as_string(), "USD");
  EXPECT_THAT(plain.at("words").as_string(), testing::Not(HasSubstr("money")));
}

TEST(SupplyPortfolioCommand, FiguresThatAreTooFarApartAreRefused) {
  EXPECT_EQ(Small(free_rules + "[penalty]\nNdPr = 1e12\n").error(), "supply.programme");
}

}  // namespace
}  // namespace lode::test
