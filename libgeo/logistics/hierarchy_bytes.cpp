#include <cstring>
#include <type_traits>

#include "libgeo/core/provenance.h"
#include "libgeo/logistics/hierarchy_parts.h"

namespace lode {

namespace {

/// Changes whenever what is packed does.
constexpr std::string_view kMagic = "LODECCH\1";
constexpr std::size_t kDigest = 64;  ///< of sha256, in hexadecimal digits

using Run = std::vector<std::uint32_t>;

std::string_view bytes_of(const Run& run) {
  return {reinterpret_cast<const char*>(run.data()), run.size() * sizeof(std::uint32_t)};
}

/// What the search relies on, so that no bytes whatever can make it leave its arrays.
bool sound(const HierarchyTopology& t) {
  const std::uint32_t nodes = t.nodes();
  if (t.first.size() != static_cast<std::size_t>(nodes) + 1 || t.first[0] != 0 ||
      t.first[nodes] != t.head.size())
    return false;
  std::vector<char> seen(nodes, 0);
  for (const auto node : t.order) {
    if (node >= nodes || seen[node] != 0) return false;
    seen[node] = 1;
  }
  for (std::uint32_t r = 0; r < nodes; ++r) {
    if (t.first[r] > t.first[r + 1]) return false;
    std::uint32_t last = r;
    for (std::uint32_t i = t.first[r]; i < t.first[r + 1]; ++i) {
      if (t.head[i] <= last || t.head[i] >= nodes) return false;
      last = t.head[i];
    }
  }
  for (const auto slot : t.slot)
    if (slot != HierarchyTopology::kNone && slot >= 2 * t.head.size()) return false;
  return true;
}

}  // namespace

std::string topology_digest(const Graph& graph) {
  Run heads;
  heads.reserve(graph.out.size());
  for (const auto& out : graph.out) heads.push_back(out.head);
  return sha256(sha256(bytes_of(graph.first)) + sha256(bytes_of(heads)));
}

std::string pack_hierarchy(const HierarchyTopology& topology, const std::string& digest) {
  std::string bytes(kMagic);
  bytes += digest;
  bytes.resize(kMagic.size() + kDigest);
  std::size_t all = 0;
  for (const auto* run : {&topology.order, &topology.first, &topology.head, &topology.slot})
    all += bytes_of(*run).size() + 8;
  bytes.reserve(bytes.size() + all + 8);
  for (const auto* run : {&topology.order, &topology.first, &topology.head, &topology.slot}) {
    const std::uint64_t count = run->size();
    bytes.append(reinterpret_cast<const char*>(&count), sizeof(count));
    bytes.append(bytes_of(*run));
  }
  const std::uint64_t check = check_of(bytes);
  bytes.append(reinterpret_cast<const char*>(&check), sizeof(check));
  return bytes;
}

std::optional<HierarchyTopology> unpack_hierarchy(std::string_view bytes,
                                                  const std::string& digest) {
  if (bytes.size() < kMagic.size() + kDigest + 8 || !bytes.starts_with(kMagic) ||
      bytes.substr(kMagic.size(), kDigest) != digest)
    return std::nullopt;
  std::uint64_t check = 0;
  std::memcpy(&check, bytes.data() + bytes.size() - 8, 8);
  bytes.remove_suffix(8);
  if (check != check_of(bytes)) return std::nullopt;
  bytes.remove_prefix(kMagic.size() + kDigest);
  HierarchyTopology topology;
  for (auto* run : {&topology.order, &topology.first, &topology.head, &topology.slot}) {
    std::uint64_t count = 0;
    if (bytes.size() < 8) return std::nullopt;
    std::memcpy(&count, bytes.data(), 8);
    bytes.remove_prefix(8);
    if (count > bytes.size() / sizeof(std::uint32_t)) return std::nullopt;
    const auto* begin = bytes.data();
    reserve_large(*run, count);
    run->resize(count);
    if (count > 0) std::memcpy(run->data(), begin, count * sizeof(std::uint32_t));
    bytes.remove_prefix(count * sizeof(std::uint32_t));
  }
  if (!bytes.empty() || !sound(topology)) return std::nullopt;
  derive(topology);
  for (std::uint32_t r = 0; r < topology.nodes(); ++r)
    for (std::uint32_t i = topology.first[r]; i < topology.first[r + 1]; ++i)
      if (topology.head_depth[i] >= topology.depth[r]) return std::nullopt;
  return topology;
}

}  // namespace lode
