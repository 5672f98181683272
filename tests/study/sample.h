// Copies of the sample study, with less to do where the point is not the whole of it.
#pragma once

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>

namespace lode::test {

/// Takes lines out of the study file, each found by its key.
inline void leave_out(const std::filesystem::path& study, std::initializer_list<const char*> keys) {
  std::ifstream in(study);
  std::string kept;
  for (std::string line; std::getline(in, line);) {
    bool stays = true;
    for (const char* key : keys) stays = stays && !line.starts_with(std::string(key) + " = ");
    if (stays) kept += line + "\n";
  }
  in.close();
  std::ofstream(study) << kept;
}

/// The plan of supply takes most of the time of a run.
inline void leave_plan_out(const std::filesystem::path& study) {
  leave_out(study, {"policy", "capacities"});
}

/// And economics most of the rest.
inline void leave_economics_out(const std::filesystem::path& study) {
  leave_plan_out(study);
  leave_out(study, {"metal_prices"});
}

}  // namespace lode::test
