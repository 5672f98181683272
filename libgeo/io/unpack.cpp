#include "libgeo/io/unpack.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

#include "libgeo/core/error.h"

namespace lode::unpack {

namespace {

constexpr std::size_t kGiB = std::size_t{1} << 30;
// zlib packs at most 1032 to 1.
constexpr std::size_t kDensest = 1032;

[[noreturn]] void corrupt(const std::string& what, const std::string& where) {
  throw Error("archive.corrupt", what, where, "Take a sound copy of the file.");
}

int window_bits(Wrap wrap) {
  return wrap == Wrap::raw ? -MAX_WBITS : wrap == Wrap::zlib ? MAX_WBITS : MAX_WBITS + 16;
}

struct Inflater {
  z_stream stream{};
  explicit Inflater(Wrap wrap) {
    if (inflateInit2(&stream, window_bits(wrap)) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
};

struct Deflater {
  z_stream stream{};
  explicit Deflater(Wrap wrap) {
    if (deflateInit2(&stream, 6, Z_DEFLATED, window_bits(wrap), 8, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::bad_alloc();
  }
  ~Deflater() { deflateEnd(&stream); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
};

// zlib counts in 32 bits: what it is given at once.
uInt at_once(std::size_t bytes) {
  return static_cast<uInt>(std::min<std::size_t>(bytes, std::size_t{1} << 30));
}

// zlib takes its input through a pointer to bytes that it does not change.
Bytef* bytes_at(std::string_view text, std::size_t at) {
  return const_cast<Bytef*>(reinterpret_cast<const Bytef*>(text.data() + at));
}

}  // namespace

Allowance::Allowance(std::size_t file_bytes, std::string where)
    : left_(std::max(kGiB, file_bytes > std::numeric_limits<std::size_t>::max() / 100
                               ? std::numeric_limits<std::size_t>::max()
                               : 100 * file_bytes)),
      where_(std::move(where)) {}

void Allowance::take(std::size_t count, std::size_t bytes_each) {
  if (bytes_each != 0 && count > left_ / bytes_each)
    throw Error("archive.bomb", "the file unpacks to more than 1 GiB and 100 times its size",
                where_, "Ask its maker for a file with fewer or smaller objects.");
  left_ -= count * bytes_each;
}

std::string inflate(std::string_view packed, Wrap wrap, Allowance& allowance,
                    const std::string& where) {
  Inflater inflater(wrap);
  std::string result;
  std::array<char, 1 << 15> buffer{};
  std::size_t given = 0;
  int state = Z_OK;
  while (state != Z_STREAM_END) {
    if (inflater.stream.avail_in == 0 && given < packed.size()) {
      inflater.stream.next_in = bytes_at(packed, given);
      inflater.stream.avail_in = at_once(packed.size() - given);
      given += inflater.stream.avail_in;
    }
    inflater.stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    inflater.stream.avail_out = static_cast<uInt>(buffer.size());
    state = ::inflate(&inflater.stream, Z_NO_FLUSH);
    if (state != Z_OK && state != Z_STREAM_END)
      corrupt(state == Z_BUF_ERROR ? "the packed bytes end too soon" : "packed bytes are damaged",
              where);
    const std::size_t made = buffer.size() - inflater.stream.avail_out;
    allowance.take(made);
    result.append(buffer.data(), made);
    if (result.size() > kDensest * (packed.size() + 64)) corrupt("packed bytes are damaged", where);
  }
  if (inflater.stream.avail_in != 0 || given != packed.size())
    corrupt("bytes stand after the end of the packed ones", where);
  return result;
}

std::string deflate(std::string_view bytes, Wrap wrap) {
  Deflater deflater(wrap);
  std::string result;
  std::array<char, 1 << 15> buffer{};
  std::size_t given = 0;
  int state = Z_OK;
  while (state != Z_STREAM_END) {
    if (deflater.stream.avail_in == 0 && given < bytes.size()) {
      deflater.stream.next_in = bytes_at(bytes, given);
      deflater.stream.avail_in = at_once(bytes.size() - given);
      given += deflater.stream.avail_in;
    }
    deflater.stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    deflater.stream.avail_out = static_cast<uInt>(buffer.size());
    state = ::deflate(&deflater.stream, given == bytes.size() ? Z_FINISH : Z_NO_FLUSH);
    if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR) throw std::bad_alloc();
    result.append(buffer.data(), buffer.size() - deflater.stream.avail_out);
  }
  return result;
}

std::string unsnappy(std::string_view packed, Allowance& allowance, const std::string& where) {
  std::size_t at = 0;
  std::uint64_t length = 0;
  for (unsigned shift = 0;; shift += 7) {
    if (at >= packed.size() || shift > 28) corrupt("packed bytes are damaged", where);
    const auto byte = static_cast<unsigned char>(packed[at++]);
    length |= static_cast<std::uint64_t>(byte & 127U) << shift;
    if (byte < 128) break;
  }
  allowance.take(length);
  std::string result;
  while (at < packed.size()) {
    const auto tag = static_cast<unsigned char>(packed[at++]);
    const unsigned kind = tag & 3U;
    std::size_t count = (tag >> 2U) + 1U;
    if (kind == 0) {
      if (count > 60) {
        const std::size_t bytes = count - 60;
        if (packed.size() - at < bytes) corrupt("the packed bytes end too soon", where);
        count = little(packed, at, bytes) + 1;
        at += bytes;
      }
      if (packed.size() - at < count || length - result.size() < count)
        corrupt("packed bytes are damaged", where);
      result.append(packed.substr(at, count));
      at += count;
      continue;
    }
    const std::size_t bytes = kind == 3 ? 4 : kind;
    if (packed.size() - at < bytes) corrupt("the packed bytes end too soon", where);
    std::size_t back = little(packed, at, bytes);
    at += bytes;
    if (kind == 1) {
      back |= static_cast<std::size_t>(tag >> 5U) << 8U;
      count = ((tag >> 2U) & 7U) + 4U;
    }
    if (back == 0 || back > result.size() || length - result.size() < count)
      corrupt("packed bytes are damaged", where);
    for (std::size_t i = 0; i < count; ++i) result.push_back(result[result.size() - back]);
  }
  if (result.size() != length) corrupt("the packed bytes end too soon", where);
  return result;
}

std::uint32_t crc32_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::uint64_t little(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = count; i-- > 0;)
    value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

void put_little(std::string& bytes, std::uint64_t value, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(value >> (8 * i) & 255U);
}

}  // namespace lode::unpack
