#include "libgeo/core/share.h"

#include <cstdlib>
#include <filesystem>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {

namespace fs = std::filesystem;

std::vector<std::string> share_folders() {
  std::vector<std::string> folders;
  const char* said = std::getenv("LODE_SHARE");
  if (said != nullptr && *said != '\0') folders.emplace_back(said);
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  if (!failed) {
    const fs::path folder = program.parent_path();
    folders.push_back((folder.parent_path() / "share" / "lode").string());
    folders.push_back((folder / "data").string());
    folders.push_back((folder.parent_path() / "data").string());
  }
  return folders;
}

std::string share_file(const std::string& name) {
  const std::vector<std::string> folders = share_folders();
  for (const std::string& folder : folders) {
    std::error_code failed;
    const fs::path path = fs::path(folder) / name;
    if (fs::is_regular_file(path, failed)) return path.string();
  }
  throw Error("io.no_share", "the shipped file " + name + " was not found", join(folders, ", "),
              "Set LODE_SHARE to the folder that holds it.");
}

}  // namespace lode
