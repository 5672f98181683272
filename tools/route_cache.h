// Where networks that were built once are kept: files named by the checksums of their inputs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libgeo/logistics/keep.h"
#include "libgeo/logistics/network.h"
#include "tools/command.h"

namespace lode::tools {

/// The cache holds no more than this; what was used longest ago goes first.
inline constexpr std::uintmax_t kMostCached = std::uintmax_t{2} << 30;

/// Other things that can be worked out once, in the same folder under the names of their keys. A
/// folder that cannot be written keeps nothing and fails nothing.
[[nodiscard]] Keep keep_in(const std::string& folder, std::uintmax_t most = kMostCached);

/// One cache folder: --cache, else the user's. Without a folder it keeps nothing.
class NetworkCache {
 public:
  /// `key` is everything the network depends on; empty = nothing can be kept.
  NetworkCache(const std::string& folder, const std::string& key);

  /// The network with the sources and findings of its layers, if it is kept and whole.
  [[nodiscard]] std::optional<Network> load(std::vector<Source>& sources, Findings& findings) const;
  /// Keeps it; where that cannot be done, a note "route.no_cache" says so.
  void store(const Network& network, const std::vector<Source>& sources, const Findings& layers,
             Findings& findings) const;

 private:
  std::string folder_;
  std::string path_;
};

/// Everything a network depends on, as text: modes, files with their checksums, options. Empty for
/// inputs that are not plain files.
[[nodiscard]] std::string network_key(const Arguments& arguments);

}  // namespace lode::tools
