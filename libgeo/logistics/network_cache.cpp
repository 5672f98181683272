#include "libgeo/logistics/network_cache.h"

#include <cstring>
#include <type_traits>

#include "libgeo/core/error.h"
#include "libgeo/core/provenance.h"

namespace lode {

namespace {

/// Changes whenever a field of the network does.
constexpr std::string_view kMagic = "LODENET\2";
constexpr std::size_t kDigest = 64;

class Packer {
 public:
  template <class T>
  void value(const T& v) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&v), sizeof(T));
  }
  void text(std::string_view v) {
    value(static_cast<std::uint64_t>(v.size()));
    bytes_.append(v);
  }
  template <class T, class Each>
  void list(const std::vector<T>& all, Each each) {
    value(static_cast<std::uint64_t>(all.size()));
    for (const auto& one : all) each(one);
  }
  /// Plain numbers as one run of bytes.
  template <class T>
  void run(const std::vector<T>& all) {
    static_assert(std::is_arithmetic_v<T> || std::is_same_v<T, LonLat>);
    value(static_cast<std::uint64_t>(all.size()));
    bytes_.append(reinterpret_cast<const char*>(all.data()), all.size() * sizeof(T));
  }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}

  template <class T>
  void value(T& v) {
    std::memcpy(&v, take(sizeof(T)).data(), sizeof(T));
  }
  void text(std::string& v) { v = take(size(1)); }
  template <class T, class Each>
  void list(std::vector<T>& all, Each each) {
    all.resize(size(1));
    for (auto& one : all) each(one);
  }
  template <class T>
  void run(std::vector<T>& all) {
    all.resize(size(sizeof(T)));
    const auto bytes = take(all.size() * sizeof(T));
    if (!all.empty()) std::memcpy(all.data(), bytes.data(), bytes.size());
  }
  [[nodiscard]] bool done() const { return bytes_.empty(); }

 private:
  /// A count that the bytes left can hold, so that no lying length allocates.
  std::size_t size(std::size_t each) {
    std::uint64_t count = 0;
    value(count);
    if (count > bytes_.size() / each) throw Error("network.bad_cache", "the cached network is cut");
    return count;
  }
  std::string_view take(std::size_t count) {
    if (count > bytes_.size()) throw Error("network.bad_cache", "the cached network is cut");
    const auto part = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return part;
  }
  std::string_view bytes_;
};

/// One walk over all fields, for both ways.
template <class Io, class Net>
void walk(Io& io, Net& net) {
  io.list(net.layers, [&](auto& v) { io.text(v); });
  io.list(net.texts, [&](auto& v) { io.text(v); });
  io.list(net.carriers, [&](auto& v) {
    io.text(v.mode);
    io.value(v.gauge_mm);
  });
  io.list(net.lines, [&](auto& v) {
    io.value(v.layer), io.value(v.feature), io.value(v.speed_kmh), io.value(v.max_weight_t);
    io.value(v.axle_load_t), io.value(v.months_closed), io.value(v.oneway), io.value(v.surface);
    io.value(v.gate), io.value(v.country), io.value(v.toll_usd), io.value(v.length_m);
    io.value(v.length_factor), io.value(v.max_draught_m), io.value(v.restricted);
  });
  io.run(net.nodes);
  io.list(net.edges, [&](auto& v) {
    io.value(v.a), io.value(v.b), io.value(v.line), io.value(v.first_vertex);
    io.value(v.vertices), io.value(v.carrier), io.value(v.length_m);
  });
  io.run(net.shape);
  io.list(net.borders, [&](auto& v) {
    io.value(v.a), io.value(v.b), io.value(v.country_a), io.value(v.country_b);
  });
  io.run(net.component);
  io.run(net.component_edges);
  io.list(net.report, [&](auto& v) {
    io.text(v.mode);
    io.value(v.lines), io.value(v.edges), io.value(v.nodes), io.value(v.length_km);
    io.value(v.components), io.value(v.largest_component_edges), io.value(v.dangling_ends);
    io.value(v.crossings_without_node), io.value(v.joined_by_tolerance);
    io.value(v.largest_gap_m);
  });
}

template <class Io, class List>
void walk_findings(Io& io, List& list) {
  io.list(list, [&](auto& v) {
    io.text(v.code);
    io.value(v.severity);
    io.text(v.where);
    io.value(v.count);
    io.text(v.message);
  });
}

}  // namespace

std::string pack_network(const Network& network, std::string_view note) {
  Packer pack;
  pack.text(version());
  pack.text(note);
  pack.text(network.crs.wkt);
  walk(pack, network);
  walk_findings(pack, network.findings.list());
  const std::string body = pack.take();
  return std::string(kMagic) + sha256(body) + body;
}

Network unpack_network(std::string_view bytes, std::string* note) {
  const std::size_t head = kMagic.size() + kDigest;
  if (bytes.size() < head || bytes.substr(0, kMagic.size()) != kMagic)
    throw Error("network.bad_cache", "this is no cached network");
  const std::string_view body = bytes.substr(head);
  if (sha256(body) != bytes.substr(kMagic.size(), kDigest))
    throw Error("network.bad_cache", "the cached network has changed or is cut");
  Unpacker unpack(body);
  std::string maker, kept, wkt;
  unpack.text(maker);
  if (maker != version())
    throw Error("network.bad_cache", "the network was cached by another version");
  unpack.text(kept);
  unpack.text(wkt);
  Network network;
  network.crs = wkt == wgs84().wkt ? wgs84() : parse_crs(wkt);
  walk(unpack, network);
  std::vector<Finding> findings;
  walk_findings(unpack, findings);
  for (auto& finding : findings) network.findings.add(std::move(finding));
  if (!unpack.done()) throw Error("network.bad_cache", "the cached network is too long");
  if (note != nullptr) *note = std::move(kept);
  return network;
}

}  // namespace lode
