// Freight of the sample study: shut passages and countries change the ways they should, no others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

#include "libgeo/study/pipeline.h"
#include "tests/study/sample.h"
#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

namespace fs = std::filesystem;

/// A copy of the sample study, run in this process with keys added to its [logistics], and without
/// the plan of supply and the economics, which take long.
class SampleFreight : public testing::Test {
 protected:
  SampleFreight() {
    unsetenv("LODE_SHARE");  // a test before this one may have set it
    fs::copy(fs::path(LODE_SOURCE_DIR) / "sample_data" / "us_allied_ree", box_ / "study");
  }
  StudyResult run(const std::string& keys) const {
    const fs::path file = box_ / "study" / "study.toml";
    std::string text = slurp(fs::path(LODE_SOURCE_DIR) / "sample_data/us_allied_ree/study.toml");
    const std::string table = "[logistics]\n";
    text.insert(text.find(table) + table.size(), keys);
    const std::string draws = "draws = 10000";
    text.replace(text.find(draws), draws.size(), "draws = 0");
    std::ofstream(file) << text;
    leave_economics_out(file);
    leave_out(file, {"scenario"});
    return run_study(read_study(file.string()));
  }
  /// With every passage and country open: run once for all tests.
  const StudyResult& open_run() const {
    static const StudyResult open = run("");
    return open;
  }
  /// The way to the plant of each site, by its id.
  static std::map<std::string, const SiteRoute*> ways(const StudyResult& result) {
    std::map<std::string, const SiteRoute*> found;
    for (const auto& route : result.routes)
      if (route.role == "plant") found[result.sites[route.site].id] = &route;
    return found;
  }
  TempDir box_;
};

TEST_F(SampleFreight, ShuttingAPassageChangesTheWaysThatPassIt) {
  const StudyResult& open = open_run();
  const StudyResult shut = run("close = [\"malacca\"]\n");
  if (open.countries.empty()) GTEST_SKIP() << "no country outlines: install qgis-common";
  const auto before = ways(open), after = ways(shut);
  // What the open run says that shutting Malacca would cost is what it costs when it is shut.
  std::map<std::string, const GateClosure::Hit*> hits;
  for (const auto& closure : open.closures)
    if (closure.gate == "malacca")
      for (const auto& hit : closure.hits) hits[open.sites[hit.site].id] = &hit;
  EXPECT_FALSE(hits.empty());
  EXPECT_LT(hits.size(), before.size() / 2);
  for (const auto& [id, way] : before) {
    const SiteRoute& now = *after.at(id);
    const auto hit = hits.find(id);
    if (!way->reachable) continue;
    if (hit == hits.end()) {
      EXPECT_EQ(now.cost_usd_per_t, way->cost_usd_per_t) << id;
      EXPECT_EQ(now.detour_usd_per_t, 0.0) << id;
    } else if (hit->second->lost) {
      EXPECT_FALSE(now.reachable) << id;
    } else {
      EXPECT_NEAR(now.cost_usd_per_t, way->cost_usd_per_t + hit->second->usd_per_t, 1e-9) << id;
      EXPECT_NEAR(now.detour_usd_per_t, hit->second->usd_per_t, 1e-9) << id;
      EXPECT_GT(now.detour_usd_per_t, 0.0) << id;
    }
  }
}

TEST_F(SampleFreight, ShuttingPanamaMakesChainsThatPassItDearer) {
  const StudyResult& open = open_run();
  const StudyResult shut = run("close = [\"panama\"]\n");
  if (open.countries.empty()) GTEST_SKIP() << "no country outlines: install qgis-common";
  std::size_t dearer = 0, same = 0;
  for (std::size_t i = 0; i < open.chains.size(); ++i) {
    if (!open.chains[i].reachable || !shut.chains[i].reachable) continue;
    const double more = shut.chains[i].usd_per_kg - open.chains[i].usd_per_kg;
    EXPECT_GE(more, -1e-9) << open.sites[open.chains[i].site].id;
    ++(more > 1e-9 ? dearer : same);
  }
  EXPECT_GT(dearer, 0U);
  EXPECT_GT(same, 0U);
}

TEST_F(SampleFreight, AlliedOnlyKeepsOutOfOtherCountries) {
  const StudyResult& open = open_run();
  const StudyResult allied = run("only = [\"allied\"]\n");
  if (open.countries.empty()) GTEST_SKIP() << "no country outlines: install qgis-common";
  const auto before = ways(open), after = ways(allied);
  std::size_t cut_off = 0;
  for (const auto& [id, way] : before) {
    const SiteRoute& now = *after.at(id);
    const Site& site = open.sites[way->site];
    if (!way->reachable) continue;
    if (!now.reachable) {
      ++cut_off;
      EXPECT_EQ(site.group, "other") << id << " " << now.reason;
      EXPECT_THAT(now.reason, testing::HasSubstr("with everything open it would be")) << id;
      continue;
    }
    EXPECT_GE(now.cost_usd_per_t, way->cost_usd_per_t - 1e-9) << id;
  }
  EXPECT_GT(cut_off, 0U);
  EXPECT_TRUE(allied.findings.has("study.cut_off"));
  // Sites in China load on Chinese roads alone.
  for (const auto& [id, way] : after)
    if (open.sites[way->site].country == "CHN") {
      EXPECT_FALSE(way->reachable) << id;
    }
}

TEST_F(SampleFreight, EveryWayAndChainAddsUp) {
  const StudyResult& result = open_run();
  if (result.countries.empty()) GTEST_SKIP() << "no country outlines: install qgis-common";
  std::size_t chains = 0, shut_months = 0;
  for (const auto& route : result.routes) {
    if (!route.reachable) continue;
    double cost = 0.0, drawn = 0.0;
    for (const auto& leg : route.legs) cost += leg.cost_usd_per_t;
    EXPECT_NEAR(cost, route.cost_usd_per_t, 1e-9 * cost);
    for (const auto& part : route.parts) drawn += static_cast<double>(part.line.size());
    EXPECT_GT(drawn, 1.0);
    if (route.role != "plant") continue;
    ASSERT_TRUE(route.months);
    shut_months += static_cast<std::size_t>(12 - route.months->months_open);
    for (const double month : route.months->cost_usd_per_t)
      if (!std::isnan(month)) {
        EXPECT_GE(month, route.cost_usd_per_t - 1e-9);
      }
  }
  EXPECT_GT(shut_months, 0U);  // winter roads and frozen docks
  for (const auto& chain : result.chains) {
    if (!chain.reachable) continue;
    ++chains;
    double cost = 0.0, recovery = 1.0;
    for (const auto& step : chain.steps) {
      cost += step.haul_usd_per_kg + step.process_usd_per_kg;
      recovery *= step.recovery;
    }
    EXPECT_NEAR(cost, chain.usd_per_kg, 1e-9 * cost);
    EXPECT_NEAR(recovery, chain.recovery, 1e-12);
    EXPECT_EQ(chain.steps.back().stage, "magnet making");
  }
  EXPECT_GT(chains, 30U);
}

}  // namespace
}  // namespace lode::test
