#include "libgeo/io/thrift.h"

#include "libgeo/core/error.h"

namespace lode::parquet {

namespace {

constexpr int kDeepest = 16;

[[noreturn]] void corrupt(const std::string& what, const std::string& where) {
  throw Error("parquet.corrupt", what, where, "Take a sound copy of the file.");
}

unsigned byte_at(std::string_view bytes, std::size_t& at, const std::string& where) {
  if (at >= bytes.size()) corrupt("a header of the table is cut", where);
  return static_cast<unsigned char>(bytes[at++]);
}

Thrift read_message(std::string_view bytes, std::size_t& at, const std::string& where, int depth);

Thrift read_value(std::string_view bytes, std::size_t& at, unsigned type, const std::string& where,
                  int depth) {
  Thrift value;
  value.kind = Thrift::Kind::integer;
  switch (type) {
    case 1:
    case 2:
      value.kind = Thrift::Kind::boolean;
      value.integer = type == 1 ? 1 : 0;
      return value;
    case 3:
      value.integer = static_cast<signed char>(byte_at(bytes, at, where));
      return value;
    case 4:
    case 5:
    case 6:
      value.integer = unzigzag(read_varint(bytes, at, where));
      return value;
    case 7:
      if (bytes.size() - at < 8) corrupt("a header of the table is cut", where);
      value.kind = Thrift::Kind::real;
      at += 8;
      return value;
    case 8: {
      value.kind = Thrift::Kind::bytes;
      const std::uint64_t length = read_varint(bytes, at, where);
      if (length > bytes.size() - at) corrupt("a header of the table is cut", where);
      value.bytes = std::string(bytes.substr(at, length));
      at += length;
      return value;
    }
    case 9:
    case 10: {
      value.kind = Thrift::Kind::list;
      if (depth >= kDeepest) corrupt("a header of the table nests too deep", where);
      const unsigned head = byte_at(bytes, at, where);
      std::uint64_t count = head >> 4U;
      if (count == 15) count = read_varint(bytes, at, where);
      const unsigned of = head & 15U;
      const bool truths = of == 1 || of == 2;
      for (std::uint64_t i = 0; i < count; ++i) {
        // Truth values of a list have a byte each.
        const unsigned each = truths ? byte_at(bytes, at, where) : of;
        value.list.push_back(
            read_value(bytes, at, truths && each != 1 ? 2 : each, where, depth + 1));
      }
      return value;
    }
    case 12:
      return read_message(bytes, at, where, depth + 1);
    default:
      corrupt("a header of the table has a field of an unknown kind", where);
  }
}

Thrift read_message(std::string_view bytes, std::size_t& at, const std::string& where, int depth) {
  if (depth >= kDeepest) corrupt("a header of the table nests too deep", where);
  Thrift value;
  value.kind = Thrift::Kind::message;
  std::int64_t field = 0;
  for (;;) {
    const unsigned head = byte_at(bytes, at, where);
    if (head == 0) return value;
    const unsigned step = head >> 4U;
    field = step != 0 ? field + step : unzigzag(read_varint(bytes, at, where));
    if (field < 1 || field > 32767) corrupt("a header of the table is damaged", where);
    value.numbers.push_back(static_cast<int>(field));
    value.list.push_back(read_value(bytes, at, head & 15U, where, depth));
  }
}

std::uint64_t zigzag(std::int64_t value) {
  return static_cast<std::uint64_t>(value) << 1U ^ static_cast<std::uint64_t>(value >> 63U);
}

}  // namespace

std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1U ^ (~(value & 1U) + 1U));
}

const Thrift& Thrift::at(int field) const {
  static const Thrift nothing;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (numbers[i] == field) return list[i];
  return nothing;
}

std::uint64_t Thrift::count(int field, const std::string& where) const {
  const Thrift& value = at(field);
  if (value.kind != Kind::integer || value.integer < 0)
    corrupt("a header of the table lacks a number", where);
  return static_cast<std::uint64_t>(value.integer);
}

std::uint64_t read_varint(std::string_view bytes, std::size_t& at, const std::string& where) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const unsigned byte = byte_at(bytes, at, where);
    value |= static_cast<std::uint64_t>(byte & 127U) << shift;
    if (byte < 128) return value;
  }
  corrupt("a number of the table is longer than 64 bits", where);
}

Thrift read_thrift(std::string_view bytes, std::size_t& at, const std::string& where) {
  return read_message(bytes, at, where, 0);
}

void put_varint(std::string& bytes, std::uint64_t value) {
  for (; value > 127; value >>= 7U) bytes += static_cast<char>((value & 127U) | 128U);
  bytes += static_cast<char>(value);
}

void ThriftWriter::head(int field, unsigned type) {
  const int step = field - last_;
  last_ = field;
  if (step > 0 && step < 16) {
    text_ += static_cast<char>(static_cast<unsigned>(step) << 4U | type);
    return;
  }
  text_ += static_cast<char>(type);
  put_varint(text_, zigzag(field));
}

void ThriftWriter::list_head(int field, unsigned type, std::size_t count) {
  head(field, 9);
  text_ += static_cast<char>((count < 15 ? count : 15) << 4U | type);
  if (count >= 15) put_varint(text_, count);
}

void ThriftWriter::integer(int field, unsigned type, std::int64_t value) {
  head(field, type);
  put_varint(text_, zigzag(value));
}

void ThriftWriter::boolean(int field, bool value) {
  head(field, value ? 1 : 2);
}

void ThriftWriter::byte(int field, int value) {
  head(field, 3);
  text_ += static_cast<char>(value);
}

void ThriftWriter::bytes(int field, std::string_view value) {
  head(field, 8);
  put_varint(text_, value.size());
  text_ += value;
}

void ThriftWriter::message(int field, const ThriftWriter& value) {
  head(field, 12);
  text_ += value.text();
}

void ThriftWriter::messages(int field, const std::vector<ThriftWriter>& values) {
  list_head(field, 12, values.size());
  for (const ThriftWriter& value : values) text_ += value.text();
}

void ThriftWriter::integers(int field, const std::vector<std::int64_t>& values) {
  list_head(field, 5, values.size());
  for (const std::int64_t value : values) put_varint(text_, zigzag(value));
}

void ThriftWriter::texts(int field, const std::vector<std::string>& values) {
  list_head(field, 8, values.size());
  for (const std::string& value : values) {
    put_varint(text_, value.size());
    text_ += value;
  }
}

}  // namespace lode::parquet
