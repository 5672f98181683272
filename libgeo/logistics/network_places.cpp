#include "libgeo/logistics/network_places.h"

#include <array>
#include <bit>
#include <limits>

#include "libgeo/core/parallel.h"

namespace lode {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
/// Vertices are dealt out by their hash: each share fits a processor's cache.
constexpr int kShareBits = 8;
constexpr std::size_t kShares = std::size_t{1} << kShareBits;
constexpr std::size_t kBlock = std::size_t{1} << 17;

std::uint64_t hash(std::uint16_t carrier, LonLat at) {
  std::uint64_t h = std::bit_cast<std::uint64_t>(at.lon_deg) * 0x9e3779b97f4a7c15ULL;
  h ^= h >> 29;
  h += std::bit_cast<std::uint64_t>(at.lat_deg) * 0xbf58476d1ce4e5b9ULL + carrier;
  h *= 0x94d049bb133111ebULL;
  return h ^ (h >> 31);
}

std::size_t share_of(std::uint64_t hashed) {
  return static_cast<std::size_t>(hashed >> (64 - kShareBits));
}

/// Vertices by share, in their order within one; `first` has where each share begins.
struct Dealt {
  std::vector<std::uint32_t> vertices;
  std::array<std::size_t, kShares + 1> first{};
};

Dealt deal(const std::vector<LonLat>& vertices, const std::vector<std::uint16_t>& carriers,
           int jobs) {
  std::vector<std::array<std::size_t, kShares>> counts((vertices.size() + kBlock - 1) / kBlock);
  parallel_blocks(vertices.size(), kBlock, jobs,
                  [&](std::size_t begin, std::size_t end, std::size_t block) {
                    counts[block].fill(0);
                    for (std::size_t i = begin; i < end; ++i)
                      ++counts[block][share_of(hash(carriers[i], vertices[i]))];
                  });
  Dealt dealt;
  std::size_t before = 0;
  for (std::size_t share = 0; share < kShares; ++share) {
    dealt.first[share] = before;
    for (auto& count : counts) {
      const std::size_t here = count[share];
      count[share] = before;
      before += here;
    }
  }
  dealt.first[kShares] = before;
  dealt.vertices.resize(vertices.size());
  parallel_blocks(vertices.size(), kBlock, jobs,
                  [&](std::size_t begin, std::size_t end, std::size_t block) {
                    for (std::size_t i = begin; i < end; ++i)
                      dealt.vertices[counts[block][share_of(hash(carriers[i], vertices[i]))]++] =
                          static_cast<std::uint32_t>(i);
                  });
  return dealt;
}

}  // namespace

NetworkPlaces number_places(const std::vector<LonLat>& vertices,
                            const std::vector<std::uint16_t>& carriers, std::vector<char> ends,
                            int jobs) {
  NetworkPlaces places;
  places.is_end = std::move(ends);
  places.is_node.assign(vertices.size(), 0);
  places.place.resize(vertices.size());
  const Dealt dealt = deal(vertices, carriers, jobs);
  parallel_blocks(kShares, 1, jobs, [&](std::size_t share, std::size_t, std::size_t) {
    const std::size_t begin = dealt.first[share], end = dealt.first[share + 1];
    // Linear probing, at most half full.
    const std::size_t mask = std::bit_ceil(2 * (end - begin) + 1) - 1;
    std::vector<std::uint32_t> slots(mask + 1, kNone);
    for (std::size_t k = begin; k < end; ++k) {
      const std::uint32_t vertex = dealt.vertices[k];
      const std::uint16_t carrier = carriers[vertex];
      const LonLat at = vertices[vertex];
      std::size_t slot = hash(carrier, at) & mask;
      while (slots[slot] != kNone &&
             !(vertices[slots[slot]] == at && carriers[slots[slot]] == carrier))
        slot = (slot + 1) & mask;
      const bool known = slots[slot] != kNone;
      if (!known) slots[slot] = vertex;
      const std::uint32_t place = places.place[vertex] = slots[slot];
      // A vertex's own mark is read once, here; later ones at the place are added to its first.
      if (places.is_end[vertex] != 0) places.is_end[place] = 1;
      if (known || places.is_end[vertex] != 0) places.is_node[place] = 1;
    }
  });
  return places;
}

}  // namespace lode
