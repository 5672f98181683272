// Small tables of sites and the words that the tests of `lode rank` share.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "tests/tools/run_lode.h"

namespace lode::test::rank_sites {

using Words = std::vector<std::string>;

inline std::string sites_csv(const TempDir& dir) {
  return file_with(dir, "sites.csv",
                   "id,name,oxide_kt,cost_usd,years\nA,Alpha,70,30,8\nB,Beta,50,20,5\nC,Gamma,90,"
                   "55,15\nD,Delta,20,25,2\n");
}

inline const Words three = {"--criterion", "name=oxide_kt,direction=max,weight=0.4,bounds=0:100",
                            "--criterion", "name=cost_usd,direction=min,weight=0.35,bounds=10:60",
                            "--criterion", "name=years,direction=min,weight=0.25,bounds=0:20"};

inline Words with(Words first, const Words& more) {
  first.insert(first.end(), more.begin(), more.end());
  return first;
}

inline std::vector<std::string> ids_of(const Json& json) {
  std::vector<std::string> ids;
  for (const auto& row : json.at("results").items()) ids.push_back(row.at("id").as_string());
  return ids;
}

inline std::string error_of(const Words& words, int exit_code) {
  const RunResult run = run_lode(with(words, {"--json"}));
  EXPECT_EQ(run.exit_code, exit_code) << run.out << run.err;
  return run.exit_code == 0 ? "" : run.json().at("error").at("code").as_string();
}

/// The whole result; fails the test when there is none.
inline Json json_of(const Words& words) {
  const RunResult run = run_lode(with(words, {"--json"}));
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  return run.exit_code == 0 ? run.json() : Json();
}

inline bool has_finding(const Json& json, const std::string& code) {
  for (const auto& finding : json.at("findings").items())
    if (finding.at("code").as_string() == code) return true;
  return false;
}

}  // namespace lode::test::rank_sites
