// What packed formats share: a limit on what a file may grow to, zlib, gzip and Snappy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lode::unpack {

/// What may still be unpacked of one file: 1 GiB, or a hundred times its size when that is more.
/// Every reader takes from it before it sets memory aside.
class Allowance {
 public:
  Allowance(std::size_t file_bytes, std::string where);
  /// Error "archive.bomb".
  void take(std::size_t count, std::size_t bytes_each = 1);
  [[nodiscard]] std::size_t left() const { return left_; }
  [[nodiscard]] const std::string& where() const { return where_; }

 private:
  std::size_t left_;
  std::string where_;
};

enum class Wrap { raw, zlib, gzip };
/// All of a deflated stream; nothing may stand after it. Errors "archive.corrupt" (damaged, cut, or
/// more bytes follow), "archive.bomb".
[[nodiscard]] std::string inflate(std::string_view packed, Wrap wrap, Allowance& allowance,
                                  const std::string& where);
/// The same input gives the same bytes: no time and no name stand in the header.
[[nodiscard]] std::string deflate(std::string_view bytes, Wrap wrap);
/// The block format of Snappy. Errors "archive.corrupt", "archive.bomb".
[[nodiscard]] std::string unsnappy(std::string_view packed, Allowance& allowance,
                                   const std::string& where);
[[nodiscard]] std::uint32_t crc32_of(std::string_view bytes);

/// A little-endian number of `count` bytes; the caller has seen that they are there.
[[nodiscard]] std::uint64_t little(std::string_view bytes, std::size_t at, std::size_t count);
void put_little(std::string& bytes, std::uint64_t value, std::size_t count);

}  // namespace lode::unpack
