// Thrift's compact protocol, as far as the headers of Parquet files need it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lode::parquet {

/// A value of a message: a number, bytes, a list or a message with numbered fields.
struct Thrift {
  enum class Kind { none, boolean, integer, real, bytes, list, message };
  Kind kind = Kind::none;
  std::int64_t integer = 0;  ///< also 0 or 1 of a boolean
  std::string bytes;
  std::vector<Thrift> list;  ///< of a list, or the values of a message's fields
  std::vector<int> numbers;  ///< of a message's fields

  /// The field with a number; one of kind `none` when there is none.
  [[nodiscard]] const Thrift& at(int field) const;
  [[nodiscard]] bool has(int field) const { return at(field).kind != Kind::none; }
  /// The integer of a field, which must be there and not negative. Error "parquet.corrupt".
  [[nodiscard]] std::uint64_t count(int field, const std::string& where) const;
};

/// Reads a message that starts at `at` and moves `at` behind it. Nothing is set aside by a length
/// in it, and it nests at most 16 deep. Error "parquet.corrupt".
[[nodiscard]] Thrift read_thrift(std::string_view bytes, std::size_t& at, const std::string& where);

/// A number in seven bits a byte. Error "parquet.corrupt" when it is cut or longer than 64 bits.
[[nodiscard]] std::uint64_t read_varint(std::string_view bytes, std::size_t& at,
                                        const std::string& where);
[[nodiscard]] std::int64_t unzigzag(std::uint64_t value);
void put_varint(std::string& bytes, std::uint64_t value);

/// A message as it is written: fields in rising order.
class ThriftWriter {
 public:
  void boolean(int field, bool value);
  void i16(int field, std::int64_t value) { integer(field, 4, value); }
  void i32(int field, std::int64_t value) { integer(field, 5, value); }
  void i64(int field, std::int64_t value) { integer(field, 6, value); }
  void byte(int field, int value);
  void bytes(int field, std::string_view value);
  void message(int field, const ThriftWriter& value);
  void messages(int field, const std::vector<ThriftWriter>& values);
  void integers(int field, const std::vector<std::int64_t>& values);
  void texts(int field, const std::vector<std::string>& values);
  /// The message with its end.
  [[nodiscard]] std::string text() const { return text_ + '\0'; }

 private:
  void head(int field, unsigned type);
  void list_head(int field, unsigned type, std::size_t count);
  void integer(int field, unsigned type, std::int64_t value);
  std::string text_;
  int last_ = 0;
};

}  // namespace lode::parquet
