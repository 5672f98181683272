// Large arrays stand in large pages: touching small ones takes half the time of short commands.
#include <cstdlib>
#include <new>

#include "libgeo/logistics/bytes.h"

// A sanitizer brings an operator new of its own, which this one would hide. g++ tells by a macro,
// clang by a feature.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LODE_OWN_NEW 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define LODE_OWN_NEW 0
#endif
#endif
#ifndef LODE_OWN_NEW
#define LODE_OWN_NEW 1
#endif

#if LODE_OWN_NEW

namespace {

constexpr std::size_t kPage = std::size_t{1} << 21;
constexpr std::size_t kLarge = 2 * kPage;

void* room_for(std::size_t bytes) {
  if (bytes < kLarge) return std::malloc(bytes == 0 ? 1 : bytes);
  void* room = nullptr;
  if (posix_memalign(&room, kPage, bytes) != 0) return nullptr;
  lode::ask_for_large_pages(room, bytes);
  return room;
}

}  // namespace

// Those for arrays, and those that throw nothing, lead here.
void* operator new(std::size_t bytes) {
  while (true) {
    if (void* room = room_for(bytes)) return room;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

void operator delete(void* room) noexcept {
  std::free(room);
}

void operator delete(void* room, std::size_t) noexcept {
  std::free(room);
}

#endif
