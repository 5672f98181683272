#include "tools/route_cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <tuple>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"
#include "libgeo/io/open.h"
#include "libgeo/logistics/bytes.h"
#include "libgeo/logistics/network_cache.h"
#include "tools/route_inputs.h"
#include "tools/sea_inputs.h"

namespace lode::tools {

namespace {

namespace fs = std::filesystem;

std::string user_folder() {
  const char* said = std::getenv("XDG_CACHE_HOME");
  if (said != nullptr && *said == '/') return (fs::path(said) / "lode").string();
  const char* home = std::getenv("HOME");
  return home != nullptr && *home == '/' ? (fs::path(home) / ".cache" / "lode").string() : "";
}

/// Of a file, and of what belongs to a shapefile beside it.
std::string checksums_of(const std::string& path) {
  std::string sums = sha256_of_file(path) + "\n";
  std::error_code failed;
  for (const char* beside : {".dbf", ".shx", ".prj", ".cpg"}) {
    const std::string other = fs::path(path).replace_extension(beside).string();
    if (other != path && fs::is_regular_file(other, failed))
      sums += beside + sha256_of_file(other) + "\n";
  }
  return sums;
}

constexpr std::size_t kDigest = 64;
/// Temporary files older than this were left by runs that died.
constexpr auto kStale = std::chrono::hours(24);

/// A file's content, read without being cleared first.
struct Bytes {
  std::unique_ptr<char[]> data;
  std::size_t size = 0;
  [[nodiscard]] std::string_view view() const { return {data.get(), size}; }
};

/// Nothing where there is no such file, or it cannot be read to its end.
std::optional<Bytes> bytes_of(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  struct stat state {};
  std::optional<Bytes> bytes;
  if (::fstat(file, &state) == 0 && S_ISREG(state.st_mode)) {
    bytes.emplace();
    bytes->size = static_cast<std::size_t>(state.st_size);
    bytes->data = std::make_unique_for_overwrite<char[]>(bytes->size);
    ask_for_large_pages(bytes->data.get(), bytes->size);
    std::atomic<bool> whole{true};
    parallel_blocks(
        bytes->size, std::size_t{1} << 24, 0, [&](std::size_t begin, std::size_t end, std::size_t) {
          while (begin < end) {
            const auto got =
                ::pread(file, bytes->data.get() + begin, end - begin, static_cast<off_t>(begin));
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) {
              whole = false;
              return;
            }
            begin += static_cast<std::size_t>(got);
          }
        });
    // What is used stays: the oldest go first when room is needed.
    if (whole)
      (void)::futimens(file, nullptr);
    else
      bytes.reset();
  }
  ::close(file);
  return bytes;
}

/// Written aside and renamed, so that others see the old file or the new one. False when it could
/// not be; nothing is left then.
bool write_whole(const std::string& path, std::string_view bytes) {
  std::error_code failed;
  fs::create_directories(fs::path(path).parent_path(), failed);
  std::string aside = path + ".part-XXXXXX";
  const int file = ::mkstemp(aside.data());
  if (file < 0) return false;
  bool good = true;
  while (good && !bytes.empty()) {
    const auto put = ::write(file, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    good = put > 0;
    if (good) bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  good = ::close(file) == 0 && good;
  if (good) fs::rename(aside, path, failed);
  if (good && !failed) return true;
  fs::remove(aside, failed);
  return false;
}

/// word-DIGEST.bin: the names that the cache gives. Any other file in the folder is another's.
bool is_ours(const std::string& name) {
  constexpr std::size_t least_digits = 32;
  const auto digits_at = name.rfind('-');
  if (!name.ends_with(".bin") || digits_at == std::string::npos || digits_at == 0) return false;
  const std::string digits = name.substr(digits_at + 1, name.size() - digits_at - 5);
  return digits.size() >= least_digits &&
         digits.find_first_not_of("0123456789abcdef") == std::string::npos;
}

/// Removes what was used longest ago until the cache's own files are no more than `most` bytes
/// together; `kept` stays. Other runs may do the same at the same time.
void make_room(const std::string& folder, std::uintmax_t most, const std::string& kept) {
  struct Old {
    fs::file_time_type used;
    std::uintmax_t size = 0;
    fs::path path;
  };
  std::vector<Old> files;
  std::uintmax_t total = 0;
  std::error_code failed;
  const auto now = fs::file_time_type::clock::now();
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    const fs::path& path = at->path();
    std::error_code gone;
    Old old{fs::last_write_time(path, gone), 0, path};
    if (gone || !fs::is_regular_file(fs::symlink_status(path, gone))) continue;
    old.size = fs::file_size(path, gone);
    if (gone) continue;
    const std::string name = path.filename().string();
    const auto part = name.find(".part-");
    if (part != std::string::npos && is_ours(name.substr(0, part))) {
      if (now - old.used > kStale) fs::remove(path, gone);
      continue;
    }
    if (!is_ours(name)) continue;
    total += old.size;
    if (path != fs::path(kept)) files.push_back(std::move(old));
  }
  std::sort(files.begin(), files.end(), [](const Old& a, const Old& b) {
    return std::tie(a.used, a.path) < std::tie(b.used, b.path);
  });
  for (const auto& old : files) {
    if (total <= most) return;
    std::error_code gone;
    fs::remove(old.path, gone);
    total -= old.size;
  }
}

/// Sources and findings of the layers, kept beside the network so that a cached run says the same.
std::string note_of(const std::vector<Source>& sources, const Findings& findings) {
  Json note;
  note["sources"] = Json::array();
  for (const auto& source : sources) {
    Json one;
    one["path"] = source.path;
    one["sha256"] = source.sha256;
    one["layer"] = source.layer;
    one["features"] = source.features;
    one["crs"] = source.crs;
    note["sources"].push_back(one);
  }
  note["findings"] = Json::array();
  for (const auto& finding : findings.list()) {
    Json one;
    one["code"] = finding.code;
    one["severity"] = static_cast<int>(finding.severity);
    one["where"] = finding.where;
    one["count"] = finding.count;
    one["message"] = finding.message;
    note["findings"].push_back(one);
  }
  return note.dump();
}

void read_note(const Json& note, std::vector<Source>& sources, Findings& findings) {
  for (const auto& one : note.at("sources").items())
    sources.push_back(
        {one.at("path").as_string(), one.at("sha256").as_string(), one.at("layer").as_string(),
         static_cast<std::size_t>(one.at("features").as_integer()), one.at("crs").as_string()});
  for (const auto& one : note.at("findings").items())
    findings.add(one.at("code").as_string(), static_cast<Severity>(one.at("severity").as_integer()),
                 one.at("where").as_string(), one.at("message").as_string(),
                 static_cast<std::size_t>(one.at("count").as_integer()));
}

}  // namespace

std::string network_key(const Arguments& arguments) {
  std::string key = "lode " + std::string(version()) + "\n";
  for (const auto& text : network_texts(arguments)) {
    const NetworkArgument network = parse_network_argument(text);
    const PathAndLayer parts = split_layer(network_path(network));
    std::error_code failed;
    if (parts.path.starts_with("/vsi") || !fs::is_regular_file(parts.path, failed)) return {};
    key += network.mode + "=" + network.path + "\n" + checksums_of(parts.path);
  }
  if (arguments.has("locate-countries")) {
    // The built-in outlines change with the version only.
    const std::string outlines = split_layer(outlines_file(arguments)).path;
    std::error_code failed;
    if (!outlines.empty() && !fs::is_regular_file(outlines, failed)) return {};
    key += "countries=" + outlines_file(arguments) + "\n" +
           (outlines.empty() ? "" : checksums_of(outlines));
  }
  for (const char* option : {"fields", "field-unit", "input-crs", "encoding", "missing",
                             "below-detection", "snap-tolerance"})
    for (const auto& value : arguments.texts(option))
      key += std::string(option) + "=" + value + "\n";
  const std::string sea = sea_key(arguments);
  return sea == "unkept" ? std::string() : key + sea;
}

NetworkCache::NetworkCache(const std::string& folder, const std::string& key)
    : folder_(folder.empty() ? user_folder() : folder) {
  if (!folder_.empty() && !key.empty())
    path_ = (fs::path(folder_) / ("network-" + sha256(key).substr(0, 32) + ".bin")).string();
}

std::optional<Network> NetworkCache::load(std::vector<Source>& sources, Findings& findings) const {
  if (path_.empty()) return std::nullopt;
  const auto bytes = bytes_of(path_);
  if (!bytes) return std::nullopt;
  try {
    std::string note;
    Network network = unpack_network(bytes->view(), &note);
    read_note(Json::parse(note), sources, findings);
    return network;
  } catch (const Error&) {
    // A cache that cannot be used is built again, and overwritten.
    sources.clear();
    findings = {};
    return std::nullopt;
  }
}

void NetworkCache::store(const Network& network, const std::vector<Source>& sources,
                         const Findings& layers, Findings& findings) const {
  if (path_.empty()) return;
  if (write_whole(path_, pack_network(network, note_of(sources, layers)))) {
    make_room(folder_, kMostCached, path_);
    return;
  }
  findings.add("route.no_cache", Severity::note, "--cache",
               "the network could not be kept for the next run: the folder cannot be written");
}

Keep keep_in(const std::string& folder, std::uintmax_t most) {
  const std::string where = folder.empty() ? user_folder() : folder;
  if (where.empty()) return {};
  const auto path_of = [where](const std::string& key) {
    // Keys other than words with a digest are digested: none can name a file elsewhere.
    const bool plain =
        key.size() <= 100 && !key.empty() &&
        key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == std::string::npos;
    const std::string name = key + ".bin";
    return (fs::path(where) / (plain && is_ours(name) ? name : "other-" + sha256(key) + ".bin"))
        .string();
  };
  Keep keep;
  keep.load = [path_of](const std::string& key) -> std::optional<std::string> {
    const auto bytes = bytes_of(path_of(key));
    if (!bytes || bytes->size < kDigest) return std::nullopt;
    const std::string_view body = bytes->view().substr(kDigest);
    if (sha256(body) != bytes->view().substr(0, kDigest)) return std::nullopt;
    return std::string(body);
  };
  keep.store = [where, path_of, most](const std::string& key, std::string_view bytes) {
    const std::string path = path_of(key);
    if (write_whole(path, sha256(bytes) + std::string(bytes))) make_room(where, most, path);
  };
  return keep;
}

}  // namespace lode::tools
