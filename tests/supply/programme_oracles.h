// The cbc and glpsol programs run on an LP file, for what they find.
#pragma once

#include <sys/wait.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

#include "libgeo/core/text.h"
#include "tests/tools/run_lode.h"

namespace lode::test {

[[nodiscard]] inline bool has_program(const std::string& name) {
  return std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0;
}

/// What an oracle says: NaN = infeasible; nothing = it could not read the file.
using Said = std::optional<double>;

[[nodiscard]] inline std::string text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// First line of the solution file: "Optimal - objective value 12.3" or "Infeasible - ...".
[[nodiscard]] inline Said cbc_objective(const TempDir& dir, const std::string& lp,
                                        double gap = 0.0) {
  std::ofstream(dir / "p.lp") << lp;
  const std::string at = dir.path().string();
  const std::string command = "cd " + at + " && cbc p.lp ratio " + number_text(gap) +
                              " solve solution cbc.txt >cbc.log 2>&1";
  std::filesystem::remove(dir / "cbc.txt");
  if (std::system(command.c_str()) != 0) return {};
  std::string line;
  std::ifstream in(dir / "cbc.txt");
  std::getline(in, line);
  if (text_of(dir / "cbc.log").find("### ERROR") != std::string::npos) return {};
  if (line.find("nfeasible") != std::string::npos) return std::nan("");
  const auto value = line.find("objective value");
  if (value == std::string::npos) return {};
  return parse_number(line.substr(value + 15));
}

[[nodiscard]] inline Said glpsol_objective(const TempDir& dir, const std::string& lp) {
  std::ofstream(dir / "p.lp") << lp;
  const std::string at = dir.path().string();
  std::filesystem::remove(dir / "glpsol.txt");
  if (std::system(("cd " + at + " && glpsol --lp p.lp -o glpsol.txt >glpsol.log 2>&1").c_str()) !=
      0)
    return {};
  const std::string log = text_of(dir / "glpsol.log");
  if (log.find("HAS NO PRIMAL FEASIBLE") != std::string::npos ||
      log.find("HAS NO INTEGER FEASIBLE") != std::string::npos)
    return std::nan("");
  const std::string text = text_of(dir / "glpsol.txt");
  auto at_value = text.find("Objective:  obj = ");
  if (at_value == std::string::npos) return {};
  const std::string rest = text.substr(at_value + 18);
  return parse_number(rest.substr(0, rest.find(' ')));
}

}  // namespace lode::test
