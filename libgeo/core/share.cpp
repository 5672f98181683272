#include "libgeo/core/share.h"

#include <dlfcn.h>
#include <link.h>

#include <cstdlib>
#include <filesystem>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {

namespace fs = std::filesystem;

namespace {

/// The shared library that this code was loaded from; "" when it is part of the program.
std::string own_library() {
  Dl_info info{};
  void* entry = nullptr;
  const auto* here = reinterpret_cast<const void*>(&share_file);
  if (dladdr1(here, &info, &entry, RTLD_DL_LINKMAP) == 0 || entry == nullptr) return {};
  const char* name = static_cast<const link_map*>(entry)->l_name;
  if (name == nullptr || *name == '\0') return {};
  std::error_code failed;
  const fs::path file = fs::canonical(name, failed);
  return failed ? std::string() : file.string();
}

}  // namespace

std::vector<std::string> share_folders_beside(const std::string& program,
                                              const std::string& library) {
  std::vector<std::string> folders;
  if (!library.empty()) {
    fs::path folder = fs::path(library).parent_path();
    for (int up = 0; folder.has_relative_path(); ++up, folder = folder.parent_path()) {
      if (up > 0 && up < 3) folders.push_back((folder / "data").string());
      if (folder.filename() == "lib" || folder.filename() == "lib64")
        folders.push_back((folder.parent_path() / "share" / "lode").string());
    }
  }
  if (!program.empty()) {
    const fs::path folder = fs::path(program).parent_path();
    folders.push_back((folder.parent_path() / "share" / "lode").string());
    folders.push_back((folder / "data").string());
    folders.push_back((folder.parent_path() / "data").string());
  }
  return folders;
}

std::vector<std::string> share_folders() {
  std::vector<std::string> folders;
  const char* said = std::getenv("LODE_SHARE");
  if (said != nullptr && *said != '\0') folders.emplace_back(said);
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  for (auto& folder : share_folders_beside(program.string(), own_library()))
    folders.push_back(std::move(folder));
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
