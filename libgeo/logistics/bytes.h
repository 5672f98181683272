// Large runs of bytes: room for them in large pages, and a fast check of what they hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace lode {

/// Makes room in large pages where the system has them: small ones take a fifth of the time.
void ask_for_large_pages(void* begin, std::size_t bytes);
template <class T>
void reserve_large(std::vector<T>& all, std::size_t count) {
  all.reserve(count);
  ask_for_large_pages(all.data(), count * sizeof(T));
}

/// A digest that is fast enough for hundreds of megabytes and tells any change of one word; no
/// guard against those who want the same digest.
[[nodiscard]] std::uint64_t check_of(std::string_view bytes);

}  // namespace lode
