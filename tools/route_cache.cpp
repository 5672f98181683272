#include "tools/route_cache.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/open.h"
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
  for (const auto& text : arguments.texts("network")) {
    const NetworkArgument network = parse_network_argument(text);
    const PathAndLayer parts = split_layer(network_path(network));
    std::error_code failed;
    if (parts.path.starts_with("/vsi") || !fs::is_regular_file(parts.path, failed)) return {};
    key += network.mode + "=" + network.path + "\n" + sha256_of_file(parts.path) + "\n";
    // What stands beside a shapefile belongs to it.
    for (const char* beside : {".dbf", ".shx", ".prj", ".cpg"}) {
      const std::string other = fs::path(parts.path).replace_extension(beside).string();
      if (other != parts.path && fs::is_regular_file(other, failed))
        key += beside + sha256_of_file(other) + "\n";
    }
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
  std::ifstream file(path_, std::ios::binary);
  if (!file) return std::nullopt;
  std::stringstream bytes;
  bytes << file.rdbuf();
  try {
    std::string note;
    Network network = unpack_network(bytes.str(), &note);
    read_note(Json::parse(note), sources, findings);
    return network;
  } catch (const Error&) {
    // A cache that cannot be used is built again, and overwritten.
    sources.clear();
    return std::nullopt;
  }
}

void NetworkCache::store(const Network& network, const std::vector<Source>& sources,
                         const Findings& layers, Findings& findings) const {
  if (path_.empty()) return;
  std::error_code failed;
  fs::create_directories(folder_, failed);
  const std::string aside = path_ + "." + std::to_string(getpid());
  const std::string bytes = pack_network(network, note_of(sources, layers));
  std::ofstream file(aside, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (file) fs::rename(aside, path_, failed);
  if (!file || failed) {
    fs::remove(aside, failed);
    findings.add("route.no_cache", Severity::note, "--cache",
                 "the network could not be kept for the next run: the folder cannot be written");
  }
}

}  // namespace lode::tools
