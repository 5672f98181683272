// VTK's XML files: arrays of numbers as text, base64 or raw bytes, zlib or not, and a writer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lode::mesh_files {

enum class Type { none, i8, u8, i16, u16, i32, u32, i64, u64, f32, f64 };
[[nodiscard]] std::size_t size_of(Type type);
[[nodiscard]] Type type_of(std::string_view name);  ///< of PLY and VTK
/// A number from its bytes; 64-bit whole numbers above 2^53 are no index that can be.
[[nodiscard]] double value_at(const char* bytes, Type type, bool big_endian);
/// Error "mesh.index".
[[nodiscard]] std::int64_t index_of(double value, const std::string& where);
/// Of an opening tag; "" when it has none of that name.
[[nodiscard]] std::string attribute(std::string_view tag, const std::string& name);

struct VtkArray {
  std::string name;
  Type type = Type::none;
  std::size_t components = 1;
  std::vector<double> numbers;
  bool is_text = false;
  std::vector<std::string> words;
};

/// One file of one piece. Errors "mesh.syntax", "mesh.count", "mesh.unsupported".
class VtkFile {
 public:
  VtkFile(std::string_view text, const std::string& path);
  [[nodiscard]] const std::string& type() const { return kind_; }  ///< "PolyData", ...
  /// An attribute of the first tag of that name; "" when there is none.
  [[nodiscard]] std::string said(const std::string& tag, const std::string& name) const;
  /// A count that <Piece> states; 0 when it does not.
  [[nodiscard]] double count(const std::string& name) const;
  [[nodiscard]] bool has(const std::string& section) const;
  /// The first array in <section> whose name matches ("" = any); `type` takes its type.
  [[nodiscard]] std::vector<double> read(const std::string& section, const std::string& name,
                                         Type& type) const;
  /// All arrays of a section, none where there is no such section.
  [[nodiscard]] std::vector<VtkArray> all(const std::string& section) const;

 private:
  [[nodiscard]] std::string_view part(const std::string& section) const;
  [[nodiscard]] VtkArray array(std::string_view part, std::size_t at) const;
  [[nodiscard]] std::string take(std::string_view data, bool raw, std::size_t& at,
                                 std::uint64_t wanted) const;
  [[nodiscard]] std::uint64_t word(const std::string& bytes, std::uint64_t i) const;
  [[nodiscard]] std::string packed(std::string_view data, bool raw) const;
  [[nodiscard]] std::vector<double> numbers(std::string_view data, bool raw, Type type) const;

  std::string_view text_, appended_;
  std::string path_, kind_;
  bool big_ = false, raw_ = false, compressed_ = false;
  Type header_ = Type::u32;
};

/// Bytes of numbers, least significant first.
class NumberBytes {
 public:
  void add(double value) { put(&value, sizeof value); }
  void add(std::int64_t value) { put(&value, sizeof value); }
  void add(std::int32_t value) { put(&value, sizeof value); }
  void add(std::uint8_t value) { put(&value, sizeof value); }
  std::string bytes;

 private:
  void put(const void* value, std::size_t n);
};

/// Gathers a file: text of tags, arrays as raw bytes behind them, packed by zlib.
class VtkWriter {
 public:
  /// `type` is "UnstructuredGrid", ...; `attributes` stand in its tag.
  VtkWriter(const std::string& type, const std::string& attributes);
  void open(const std::string& tag) { text_ += "<" + tag + ">\n"; }
  void close(const std::string& tag) { text_ += "</" + tag + ">\n"; }
  void array(const std::string& name, const std::string& type, std::size_t components,
             const std::string& bytes);
  void words(const std::string& name, const std::vector<std::string>& words);
  /// Error "io.write".
  void write(const std::string& staged);

 private:
  std::string type_, text_, appended_;
};

}  // namespace lode::mesh_files
