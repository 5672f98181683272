// A folder for one test that is gone after it, with subfolders a and b.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "libgeo/core/error.h"

namespace lode {

class Scratch {
 public:
  Scratch() {
    std::string pattern = (std::filesystem::temp_directory_path() / "lode-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no scratch folder");
    path_ = pattern;
    std::filesystem::create_directories(path_ / "a");
    std::filesystem::create_directories(path_ / "b");
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& content) const {
    std::ofstream(path_ / name, std::ios::binary) << content;
    return (path_ / name).string();
  }
  std::filesystem::path path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The code of the Error that `call` throws, "" when it throws none.
template <class Call>
std::string error_code_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code;
  }
  return {};
}

/// The folder of real data: LODE_DATA, or shared/data beside the checkout; "" when absent.
inline std::string data_folder() {
  const char* said = std::getenv("LODE_DATA");
  const std::filesystem::path folder =
      said != nullptr ? std::filesystem::path(said)
                      : std::filesystem::path(LODE_SOURCE_DIR) / ".." / "shared" / "data";
  std::error_code ignored;
  return std::filesystem::is_directory(folder, ignored) ? folder.string() : std::string{};
}

}  // namespace lode
