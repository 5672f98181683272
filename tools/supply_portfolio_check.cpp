// The cbc program run on an LP file of ours, as a check that shares no code with the solver.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "tools/supply_portfolio_parts.h"

extern char** environ;

namespace lode::tools {

namespace {

/// A folder of our own that goes with us.
class Bench {
 public:
  Bench() {
    std::string name = (std::filesystem::temp_directory_path() / "lode-check-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
      throw Error("supply.check", "no folder for the check can be made", name);
    path_ = name;
  }
  ~Bench() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;
  [[nodiscard]] std::string at(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// Runs the program without a shell; what it prints goes to `log`.
void run_program(std::vector<std::string> words, const std::string& log) {
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  pid_t child = 0;
  const int failed =
      posix_spawnp(&child, words[0].c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0)
    throw Error("supply.no_program", "the program " + words[0] + " is not installed", "--check",
                "Install it (Debian: coinor-cbc), or leave --check out.");
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw Error("supply.check", "the program " + words[0] + " failed", "--check");
}

}  // namespace

double objective_by(const std::string& program, const std::string& lp, double gap) {
  const Bench bench;
  const std::string file = bench.at(std::string("plan") + ".lp");
  std::ofstream(file) << lp;
  run_program({program, file, "ratio", number_text(gap), "solve", "solution", bench.at("plan.txt")},
              bench.at("log.txt"));
  // First line: "Optimal - objective value 12.3", or "Infeasible - ...".
  std::string line;
  std::ifstream found(bench.at("plan.txt"));
  std::getline(found, line);
  const std::string word = "objective value";
  const auto at = line.find(word);
  if (line.rfind("Optimal", 0) != 0 || at == std::string::npos) return std::nan("");
  const auto value = parse_number(line.substr(at + word.size()));
  if (!value)
    throw Error("supply.check", "the program " + program + " printed '" + printable(line) + "'",
                "--check");
  return *value;
}

}  // namespace lode::tools
