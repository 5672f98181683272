// Tables in Parquet files: the part of the format that Open Mining Format uses.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/io/unpack.h"

namespace lode::parquet {

/// How a column is stored (the format's own numbers).
enum class Store : std::uint8_t {
  boolean = 0,
  int32 = 1,
  int64 = 2,
  float32 = 4,
  float64 = 5,
  bytes = 6
};

/// What its numbers or bytes mean. `date`: days, `micros`: microseconds since 1970 in UTC.
enum class Meaning : std::uint8_t { plain, text, date, micros, u8, u16, u32, other };

/// One column. Whole numbers (and truth values) stand in `integers`, real ones in `reals`, bytes in
/// `texts`: one for each row, whatever stands there when the row is missing.
struct Column {
  std::string group;  ///< name of the group that it lies in; "" = none
  std::string name;
  Store store = Store::float64;
  Meaning meaning = Meaning::plain;
  bool optional = false;              ///< rows (of the group, when there is one) may be missing
  std::vector<std::uint8_t> present;  ///< of optional columns, a 1 or 0 for each row
  std::vector<std::int64_t> integers;
  std::vector<double> reals;
  std::vector<std::string> texts;

  [[nodiscard]] bool missing(std::size_t row) const { return optional && present[row] == 0; }
};

struct Table {
  std::size_t rows = 0;
  std::vector<Column> columns;
};

/// The schema in one line: "optional group vector { required double x; required double y }",
/// "required int32 (u32) a; ...".
[[nodiscard]] std::string schema_text(const Table& table);

/// All of a file. Pages of version 1 and 2; encodings PLAIN, dictionary, RLE and
/// DELTA_BINARY_PACKED; packed by gzip, Snappy or not. Groups one deep, nothing repeated.
/// `rows` is what the table must have; it is compared before anything is unpacked.
/// Errors "parquet.corrupt", "parquet.unsupported", "parquet.rows", "archive.bomb".
[[nodiscard]] Table read_table(std::string_view bytes, std::size_t rows,
                               unpack::Allowance& allowance, const std::string& where);

/// One row group, pages of version 2, PLAIN, gzip: what omf-rust writes. Columns of one group stand
/// one after the other. The same table gives the same bytes.
[[nodiscard]] std::string table_bytes(const Table& table);

}  // namespace lode::parquet
