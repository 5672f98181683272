#include "libgeo/logistics/network_cache.h"

#include <cstddef>
#include <cstring>
#include <iterator>
#include <limits>
#include <type_traits>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/provenance.h"
#include "libgeo/logistics/bytes.h"

namespace lode {

namespace {

/// Changes whenever a field of the network does.
constexpr std::string_view kMagic = "LODENET\4";
constexpr std::size_t kDigest = 64;
/// Checked by the piece, on all threads; the digest of the whole is that of the pieces' checks.
constexpr std::size_t kPiece = std::size_t{1} << 22;

// What stands in a cache as it stands in memory.
static_assert(sizeof(NetworkLine) == 80 && std::is_trivially_copyable_v<NetworkLine>);
static_assert(sizeof(NetworkEdge) == 32 && std::is_trivially_copyable_v<NetworkEdge>);
static_assert(sizeof(Network::Border) == 16 && sizeof(LonLat) == 16);

std::string digest_of(std::string_view bytes, int jobs) {
  std::vector<std::uint64_t> pieces((bytes.size() + kPiece - 1) / kPiece);
  parallel_blocks(bytes.size(), kPiece, jobs,
                  [&](std::size_t begin, std::size_t end, std::size_t piece) {
                    pieces[piece] = check_of(bytes.substr(begin, end - begin));
                  });
  pieces.push_back(bytes.size());
  const std::string_view all(reinterpret_cast<const char*>(pieces.data()),
                             pieces.size() * sizeof(pieces[0]));
  return sha256(all);
}

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
  /// Plain numbers, or records without gaps, as one run of bytes.
  template <class T>
  void run(const std::vector<T>& all) {
    static_assert(std::is_trivially_copyable_v<T>);
    value(static_cast<std::uint64_t>(all.size()));
    bytes_.append(reinterpret_cast<const char*>(all.data()), all.size() * sizeof(T));
  }
  void expect(std::size_t bytes) { bytes_.reserve(bytes); }
  void head(std::string_view bytes) { bytes_.append(bytes); }
  [[nodiscard]] std::string& bytes() { return bytes_; }

 private:
  std::string bytes_;
};

/// A line's bytes may be anything until they are looked at: a bool of 2 is no bool.
bool sound_lines(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(NetworkLine))
    if (static_cast<unsigned char>(bytes[at + offsetof(NetworkLine, restricted)]) > 1 ||
        static_cast<unsigned char>(bytes[at + offsetof(NetworkLine, oneway)]) > 2)
      return false;
  return true;
}

/// Walks over records in bytes that may stand at any address, so that a vector is filled without
/// being cleared first.
template <class T>
struct Record {
  using iterator_category = std::forward_iterator_tag;
  using value_type = T;
  using difference_type = std::ptrdiff_t;
  using pointer = const T*;
  using reference = T;

  const char* at = nullptr;

  T operator*() const {
    T value;
    std::memcpy(static_cast<void*>(&value), at, sizeof(T));
    return value;
  }
  Record& operator++() {
    at += sizeof(T);
    return *this;
  }
  Record operator++(int) {
    const Record before = *this;
    at += sizeof(T);
    return before;
  }
  bool operator==(const Record&) const = default;
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
    static_assert(std::is_trivially_copyable_v<T>);
    const std::size_t count = size(sizeof(T));
    const auto bytes = take(count * sizeof(T));
    if constexpr (std::is_same_v<T, NetworkLine>)
      if (!sound_lines(bytes))
        throw Error("network.bad_cache", "a line of the cached network is no line");
    reserve_large(all, count);
    all.assign(Record<T>{bytes.data()}, Record<T>{bytes.data() + bytes.size()});
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
  io.run(net.lines);
  io.run(net.nodes);
  io.run(net.edges);
  io.run(net.shape);
  io.run(net.borders);
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

/// Whether all numbers lead to something that is there.
bool sound(const Network& net) {
  const std::size_t nodes = net.nodes.size(), texts = net.texts.size();
  constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  for (const auto& line : net.lines)
    if (line.surface >= texts || line.gate >= texts || line.country >= texts ||
        (line.layer != kNone && line.layer >= net.layers.size()))
      return false;
  for (const auto& edge : net.edges)
    if (edge.a >= nodes || edge.b >= nodes || edge.line >= net.lines.size() ||
        edge.carrier >= net.carriers.size() || edge.vertices < 2 ||
        edge.first_vertex > net.shape.size() ||
        edge.vertices > net.shape.size() - edge.first_vertex)
      return false;
  for (const auto& border : net.borders)
    if (border.a >= nodes || border.b >= nodes || border.country_a >= texts ||
        border.country_b >= texts)
      return false;
  for (const auto part : net.component)
    if (part >= net.component_edges.size()) return false;
  return net.component.size() == net.edges.size();
}

}  // namespace

std::string pack_network(const Network& network, std::string_view note, int jobs) {
  Packer pack;
  pack.expect((std::size_t{1} << 20) + note.size() + network.lines.size() * sizeof(NetworkLine) +
              network.edges.size() * (sizeof(NetworkEdge) + sizeof(std::uint32_t)) +
              (network.nodes.size() + network.shape.size()) * sizeof(LonLat));
  pack.head(kMagic);
  pack.head(std::string(kDigest, '0'));
  pack.text(version());
  pack.text(note);
  pack.text(network.crs.wkt);
  walk(pack, network);
  walk_findings(pack, network.findings.list());
  std::string bytes = std::move(pack.bytes());
  const std::size_t head = kMagic.size() + kDigest;
  bytes.replace(kMagic.size(), kDigest, digest_of(std::string_view(bytes).substr(head), jobs));
  return bytes;
}

Network unpack_network(std::string_view bytes, std::string* note, int jobs) {
  const std::size_t head = kMagic.size() + kDigest;
  if (bytes.size() < head || bytes.substr(0, kMagic.size()) != kMagic)
    throw Error("network.bad_cache", "this is no cached network");
  const std::string_view body = bytes.substr(head);
  if (digest_of(body, jobs) != bytes.substr(kMagic.size(), kDigest))
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
  if (!sound(network))
    throw Error("network.bad_cache", "a number in the cached network leads nowhere");
  if (note != nullptr) *note = std::move(kept);
  return network;
}

}  // namespace lode
