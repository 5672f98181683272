#include "libgeo/logistics/bytes.h"

#include <sys/mman.h>

#include <cstring>

namespace lode {

namespace {

/// The mixer of Stafford 2011, variant 13.
std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

}  // namespace

void ask_for_large_pages(void* begin, std::size_t bytes) {
  constexpr std::uintptr_t kPage = 1U << 21;
  const auto at = reinterpret_cast<std::uintptr_t>(begin);
  const auto from = (at + kPage - 1) / kPage * kPage, to = (at + bytes) / kPage * kPage;
  if (to > from) (void)madvise(reinterpret_cast<void*>(from), to - from, MADV_HUGEPAGE);
}

// Four lanes of 64-bit words, each multiplied and folded.
std::uint64_t check_of(std::string_view bytes) {
  std::uint64_t lane[4] = {1, 2, 3, 4};
  std::size_t at = 0;
  for (; at + 32 <= bytes.size(); at += 32)
    for (std::size_t k = 0; k < 4; ++k) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data() + at + 8 * k, 8);
      lane[k] = (lane[k] ^ word) * 0x9e3779b97f4a7c15ULL;
      lane[k] ^= lane[k] >> 29;
    }
  for (; at < bytes.size(); ++at)
    lane[0] = (lane[0] ^ static_cast<unsigned char>(bytes[at])) * 0x9e3779b97f4a7c15ULL;
  std::uint64_t sum = bytes.size();
  for (const auto one : lane) sum = mixed(sum ^ one);
  return sum;
}

}  // namespace lode
