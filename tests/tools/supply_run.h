// A run of `lode` that gives JSON, or the code of its error.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/tools/run_lode.h"

namespace lode::test {

using Words = std::vector<std::string>;

inline RunResult run_with_json(Words words, const std::string& cwd = {}) {
  if (std::find(words.begin(), words.end(), "--json") == words.end()) words.push_back("--json");
  return run_lode(words, cwd);
}

inline Json json_of(const Words& words, const std::string& cwd = {}) {
  const RunResult run = run_with_json(words, cwd);
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  return run.json();
}

/// "none" when it succeeds after all. The exit code is 2 for what was asked wrongly, else 1.
inline std::string error_code_of(const Words& words) {
  const RunResult run = run_with_json(words);
  if (run.exit_code == 0) return "none";
  const std::string code = run.json().at("error").at("code").as_string();
  EXPECT_EQ(run.exit_code, code.rfind("usage.", 0) == 0 ? 2 : 1) << run.out;
  return code;
}
inline std::string error_code_of(const Words& words, int exit_code) {
  const RunResult run = run_with_json(words);
  EXPECT_EQ(run.exit_code, exit_code) << run.out;
  return run.exit_code == 0 ? "none" : run.json().at("error").at("code").as_string();
}

}  // namespace lode::test
