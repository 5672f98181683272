#include "libgeo/io/writers.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/provenance.h"
#include "libgeo/core/text.h"
#include "libgeo/io/format_writers.h"

namespace lode {
namespace {

namespace fs = std::filesystem;

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "host";
  std::string host;
  for (const char* c = name.data(); *c != '\0'; ++c) {
    const bool plain =
        (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9');
    host += plain ? *c : '_';
  }
  return host;
}

/// ".name.part-HOST-PID-": the host, so that a job on another machine is never taken for dead.
std::string part_prefix(const std::string& name) {
  return "." + name + ".part-" + host_name() + "-";
}

/// Removes what earlier runs on this machine left beside `path` when they were killed.
void sweep(const fs::path& folder, const std::string& name) {
  const std::string prefix = part_prefix(name);
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string file = entry.path().filename().string();
    if (file.compare(0, prefix.size(), prefix) != 0) continue;
    long pid = 0;
    const char* begin = file.data() + prefix.size();
    const auto parsed = std::from_chars(begin, file.data() + file.size(), pid);
    if (parsed.ec != std::errc{} || pid <= 0 || pid == ::getpid()) continue;
    if (::kill(static_cast<pid_t>(pid), 0) == 0 || errno != ESRCH) continue;
    std::error_code ignored;
    fs::remove_all(entry.path(), ignored);
  }
}

fs::path folder_of(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

[[noreturn]] void fail(const std::string& code, const std::string& what, const std::string& path,
                       int reason, const std::string& hint) {
  throw Error(code, reason == 0 ? what : what + ": " + std::strerror(reason), path, hint);
}

void sync(const std::string& path, const std::string& name, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) fail("io.write", "the result cannot be made safe on disk", name, errno, "");
  const int result = ::fsync(file);
  const int reason = errno;
  ::close(file);
  // Some file systems have no sync for folders; the rename is still whole.
  if (result != 0 && reason != EINVAL && reason != ENOTSUP) {
    fail("io.write", "the result cannot be made safe on disk", name, reason,
         "Check the free space of the disk.");
  }
}

void write_file(const std::string& path, const std::string& name, const std::string& content) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (file < 0) fail("io.cannot_write", "the result cannot be written", name, errno, "");
  std::size_t done = 0;
  int reason = 0;
  while (done < content.size() && reason == 0) {
    const auto count = ::write(file, content.data() + done, content.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0)
      reason = count < 0 ? errno : ENOSPC;
    else
      done += static_cast<std::size_t>(count);
  }
  if (::close(file) != 0 && reason == 0) reason = errno;
  if (reason != 0) {
    fail("io.write", "the result cannot be written", name, reason,
         "Check the free space of the disk.");
  }
  if (sha256_of_file(path) != sha256(content)) {
    fail("io.write", "what was read back is not what was written", name, 0,
         "The disk or its file system is faulty.");
  }
}

/// The files that make up one result: a shapefile set moves as one, .shp last.
std::vector<std::string> files_of(const std::string& temporary) {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(fs::path(temporary).parent_path())) {
    files.push_back(entry.path().filename().string());
  }
  std::sort(files.begin(), files.end());
  const std::string last = fs::path(temporary).filename().string();
  std::erase(files, last);
  files.push_back(last);
  return files;
}

/// Old indexes beside an overwritten shapefile would speak of the old one.
void remove_stale_sidecars(const fs::path& target, const std::vector<std::string>& files) {
  if (lower(target.extension().string()) != ".shp") return;
  for (const char* ending : {".qix", ".sbn", ".sbx", ".idm", ".ind", ".cpg", ".prj"}) {
    fs::path file = target;
    file.replace_extension(ending);
    std::error_code ignored;
    if (std::find(files.begin(), files.end(), file.filename().string()) == files.end()) {
      fs::remove(file, ignored);
    }
  }
}

}  // namespace

OutputSet::OutputSet(bool overwrite) : overwrite_(overwrite) {}

OutputSet::~OutputSet() {
  for (const auto& entry : entries_) {
    std::error_code ignored;
    fs::remove_all(fs::path(entry.temporary).parent_path(), ignored);
  }
}

std::string OutputSet::stage(const std::string& path) {
  const fs::path target(path);
  const fs::path folder = folder_of(path);
  const std::string name = target.filename().string();
  std::error_code error;
  if (name.empty() || name == "." || name == ".." || path.rfind("/vsi", 0) == 0) {
    throw Error("io.not_a_file", "a result needs the name of a file", path,
                "Give it one, with an ending.");
  }
  if (!fs::is_directory(folder, error)) {
    throw Error("io.no_folder", "there is no folder " + folder.string(), path, "Make it first.");
  }
  const auto status = fs::symlink_status(target, error);
  if (fs::exists(status)) {
    if (!fs::is_regular_file(fs::status(target, error))) {
      throw Error("io.not_a_file", "the result's name is that of a folder or device", path,
                  "Give another name.");
    }
    if (!overwrite_) {
      throw Error("io.exists", "the result exists already", path,
                  "Use --overwrite, or another name.");
    }
  }
  if (std::any_of(entries_.begin(), entries_.end(),
                  [&](const auto& e) { return e.path == path; })) {
    throw Error("io.exists", "two results have one name", path, "Give each its own name.");
  }
  sweep(folder, name);
  std::string pattern =
      (folder / (part_prefix(name) + std::to_string(::getpid()) + "-XXXXXX")).string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    fail("io.cannot_write", "nothing can be written in this folder", path, errno,
         "Check the rights of the folder and the free space of the disk.");
  }
  entries_.push_back({path, pattern + "/" + name});
  return entries_.back().temporary;
}

void OutputSet::write_text(const std::string& path, const std::string& content) {
  const std::string temporary = stage(path);
  write_file(temporary, path, content);
}

void OutputSet::write_layers(const std::string& path, const std::vector<OutputLayer>& layers,
                             const WriteOptions& options, Findings& findings) {
  const writing::Kind kind = writing::kind_of(path, options.format);
  writing::check(kind, path, layers);
  const std::string temporary = stage(path);
  switch (kind) {
    case writing::Kind::csv:
      write_file(temporary, path, writing::csv_layer(layers.front()));
      writing::say_guarded(layers.front().table, path, findings);
      return;
    case writing::Kind::geojson:
      write_file(temporary, path, writing::geojson_text(layers.front(), findings));
      return;
    default:
      writing::write_with_gdal(kind, temporary, path, layers, options, findings);
  }
}

std::vector<OutputSet::Written> OutputSet::staged() const {
  std::vector<Written> list;
  for (const auto& entry : entries_) list.push_back({entry.path, sha256_of_file(entry.temporary)});
  return list;
}

void OutputSet::commit() {
  std::set<std::string> folders;
  for (const auto& entry : entries_) {
    const fs::path from = fs::path(entry.temporary).parent_path();
    for (const auto& file : files_of(entry.temporary)) sync(from / file, entry.path, O_RDONLY);
  }
  for (const auto& entry : entries_) {
    const fs::path from = fs::path(entry.temporary).parent_path();
    const fs::path folder = folder_of(entry.path);
    const std::vector<std::string> files = files_of(entry.temporary);
    remove_stale_sidecars(entry.path, files);
    for (const auto& file : files) {
      if (::rename((from / file).c_str(), (folder / file).c_str()) != 0) {
        fail("io.write", "the finished result cannot be moved to its name", entry.path, errno,
             "Check the rights of the folder.");
      }
    }
    std::error_code ignored;
    fs::remove_all(from, ignored);
    folders.insert(folder.string());
    written_.push_back({entry.path, sha256_of_file(entry.path)});
  }
  for (const auto& folder : folders) sync(folder, folder, O_RDONLY | O_DIRECTORY);
  entries_.clear();
}

std::vector<OutputSet::Written> write_layers(const std::string& path,
                                             const std::vector<OutputLayer>& layers,
                                             const WriteOptions& options, Findings& findings) {
  OutputSet outputs(options.overwrite);
  outputs.write_layers(path, layers, options, findings);
  outputs.commit();
  return outputs.written();
}

void check_output(const std::string& path, const WriteOptions& options) {
  (void)writing::kind_of(path, options.format);
  OutputSet trial(options.overwrite);
  (void)trial.stage(path);
}

void refuse_input_as_output(const std::string& output, const std::vector<std::string>& inputs) {
  const auto same = [](const std::string& a, const std::string& b) {
    struct stat first {
    }, second{};
    if (::stat(a.c_str(), &first) != 0 || ::stat(b.c_str(), &second) != 0) return false;
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino;
  };
  for (std::string input : inputs) {
    for (const char* prefix : {"/vsizip/", "/vsigzip/"}) {
      const std::string start(prefix);
      if (input.rfind(start, 0) == 0) input = input.substr(start.size());
    }
    bool clash = same(output, input);
    for (const char* ending : {".shx", ".dbf", ".prj", ".cpg"}) {
      if (lower(fs::path(input).extension().string()) != ".shp") break;
      clash = clash || same(output, fs::path(input).replace_extension(ending).string());
    }
    if (clash) {
      throw Error("io.output_is_input", "the result would be written over an input", output,
                  "Give the result another name.");
    }
  }
}

}  // namespace lode
