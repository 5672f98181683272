// Runs `lode` as a user would, and keeps what it said.
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "libgeo/core/json.h"

#ifdef LODE_WITHIN
int lode_main(int argc, char** argv);  // main of tools/main.cpp
#endif

namespace lode::test {

struct RunResult {
  int exit_code = -1;
  std::string out;
  std::string err;
  [[nodiscard]] Json json() const { return Json::parse(out, "stdout"); }
};

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A folder that is gone when the test is.
class TempDir {
 public:
  TempDir() {
    std::string name = (std::filesystem::temp_directory_path() / "lode-test-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
    return path_ / name;
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A file of that text in the folder; its path.
inline std::string file_with(const TempDir& dir, const std::string& name, const std::string& text) {
  const std::string path = (dir / name).string();
  std::ofstream(path) << text;
  return path;
}

/// Runs `run` in a child of this process; what it returns is the exit code.
template <class Run>
RunResult in_a_child(const std::string& cwd, const Run& run) {
  const TempDir box;
  const std::string out = (box / "out").string(), err = (box / "err").string();
  std::cout.flush();
  std::fflush(stdout);  // or the child would say it once more
  const pid_t child = fork();
  if (child == 0) {
    if (!cwd.empty() && chdir(cwd.c_str()) != 0) _exit(126);
    dup2(open(out.c_str(), O_CREAT | O_WRONLY, 0600), STDOUT_FILENO);
    dup2(open(err.c_str(), O_CREAT | O_WRONLY, 0600), STDERR_FILENO);
    _exit(run());
  }
  int status = 0;
  waitpid(child, &status, 0);
  RunResult result;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.out = slurp(out);
  result.err = slurp(err);
  return result;
}

inline std::vector<char*> words_of_main(const std::vector<std::string>& args) {
  std::vector<char*> argv = {const_cast<char*>(LODE_PROGRAM)};
  for (const auto& arg : args) argv.push_back(const_cast<char*>(arg.c_str()));
  argv.push_back(nullptr);
  return argv;
}

/// The built program itself. `cwd` empty: where the test runs. `environment` holds NAME=VALUE that
/// the child gets on top.
inline RunResult execute_lode(const std::vector<std::string>& args, const std::string& cwd = {},
                              const std::vector<std::string>& environment = {}) {
  return in_a_child(cwd, [&] {
    for (const auto& pair : environment) putenv(const_cast<char*>(pair.c_str()));
    execv(LODE_PROGRAM, words_of_main(args).data());
    return 127;
  });
}

/// What `lode` does, says and leaves. Where its main is part of the test (see lode_within in
/// tests/CMakeLists.txt) a child of the test calls that, with all that the test has loaded: to load
/// the libraries anew takes longer than most commands.
inline RunResult run_lode(const std::vector<std::string>& args, const std::string& cwd = {}) {
#ifdef LODE_WITHIN
  return in_a_child(cwd, [&] {
    const int code = ::lode_main(static_cast<int>(args.size()) + 1, words_of_main(args).data());
    std::cout.flush();
    std::cerr.flush();
    std::fflush(stdout);
    std::fflush(stderr);
    return code;
  });
#else
  return execute_lode(args, cwd);
#endif
}

/// The folder with the real data: LODE_DATA, or the one beside the checkout; "" when absent.
inline std::string data_folder() {
  const char* said = std::getenv("LODE_DATA");
  const std::filesystem::path folder =
      said && *said ? std::filesystem::path(said)
                    : std::filesystem::path(LODE_SOURCE_DIR) / ".." / "shared" / "data";
  std::error_code ignored;
  return std::filesystem::is_directory(folder, ignored) ? folder.string() : std::string();
}

}  // namespace lode::test
