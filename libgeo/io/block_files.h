// Block models as CSV or GSLIB text, streamed: chunks of blocks in bounded memory, and a writer.
#pragma once

#include <array>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/core/provenance.h"
#include "libgeo/geometry/blocks.h"
#include "libgeo/geometry/grid.h"
#include "libgeo/io/layer.h"

namespace lode {

struct BlockReadOptions {
  std::map<std::string, std::string> fields;  ///< x y z dx dy dz -> name in the file
  std::map<std::string, std::string> units;   ///< field -> unit (--field-unit), of lengths here
  std::shared_ptr<std::set<std::string>> units_met;
  std::vector<std::string> missing;  ///< texts that mean "no value", besides blank
  BelowDetection below_detection = BelowDetection::refuse;
  double metres_per_unit = 1.0;      ///< of coordinates and sizes whose name says no unit
  std::vector<std::string> numbers;  ///< further columns to be read as numbers
  std::vector<std::string> texts;    ///< columns to be read as words, e.g. a class
  std::optional<std::array<double, 3>> size_m;  ///< of every block, where no column says it
  std::optional<BlockGrid> grid;  ///< places of a file without coordinates: x fastest, then y, z
  bool keep_lines = false;
  int jobs = 0;
};

/// A block model file, read from front to back in chunks of a few megabytes. Memory: a chunk.
class BlockFile {
 public:
  /// Reads the header. CSV (comma, semicolon or tab; lines that start with '#' before the header
  /// are passed over, as are lines of types behind it) or GSLIB (title, number of columns, their
  /// names, blanks between numbers). Columns are found by name (x, XC, XCENTRE, EAST, ...; dx,
  /// XINC, ...) or by `fields`; a suffix such as _ft is a unit. Errors "io.*" of a file that is
  /// none, "blocks.no_column", "blocks.ambiguous_column", "blocks.no_size", "blocks.header",
  /// "io.empty_layer".
  BlockFile(const std::string& path, BlockReadOptions options);
  ~BlockFile();
  BlockFile(const BlockFile&) = delete;
  BlockFile& operator=(const BlockFile&) = delete;

  /// The next blocks; false at the end. Views of lines hold until the next call.
  /// Errors "table.bad_number", "table.ragged_row", "table.sentinel",
  /// "blocks.place" (a coordinate or size is missing), "blocks.count" (rows against the grid), all
  /// with the line.
  bool next(BlockChunk& chunk, const Progress& progress = {});
  /// Back to the first block.
  void rewind();
  /// Share of the file that has been read.
  [[nodiscard]] double fraction() const;

  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  /// Words of text column `c`, in the order of their first appearance.
  [[nodiscard]] const std::vector<std::string>& words(std::size_t c) const { return words_[c]; }
  /// How many text columns were asked for.
  [[nodiscard]] std::size_t words_known() const { return words_.size(); }
  /// A column's name in the file, any case; error "table.no_field" with the nearest.
  [[nodiscard]] std::string column(const std::string& name) const;
  [[nodiscard]] bool has_column(const std::string& name) const;
  /// The column that holds x, y, z, dx, dy or dz (0 to 5); "" when none does.
  [[nodiscard]] std::string name_of_place(std::size_t place) const {
    return place_[place] < 0 ? std::string()
                             : columns_[wanted_[static_cast<std::size_t>(place_[place])].column];
  }
  /// The header, for a file with more columns; the separator between cells (CSV).
  [[nodiscard]] const std::string& header() const { return header_; }
  [[nodiscard]] bool is_gslib() const { return gslib_; }
  [[nodiscard]] char separator() const { return separator_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] Source source() const;  ///< with the checksum; reads the file

 private:
  struct Wanted {
    std::size_t column = 0;
    double factor = 1.0;
    bool value = false;  ///< a value rather than a place: sentinels are refused
  };
  class Head;
  void read_header();
  bool read_gslib_header(Head& head, const std::string& title);
  void find_places();
  void add_numbers();
  [[nodiscard]] std::optional<std::size_t> find(const std::string& name) const;
  [[nodiscard]] std::optional<Wanted> place_column(const std::string& name,
                                                   const std::vector<std::string>& aliases) const;
  bool fill();
  void split_lines(BlockChunk& chunk);
  void parse(BlockChunk& chunk, std::size_t begin, std::size_t end,
             std::vector<std::vector<std::string>>& words) const;
  [[nodiscard]] double cell_number(std::string_view cell, const Wanted& wanted,
                                   std::size_t line) const;
  void settle(BlockChunk& chunk, const std::vector<std::vector<std::string>>& words);

  std::string path_;
  BlockReadOptions options_;
  std::FILE* file_ = nullptr;
  std::uint64_t size_ = 0, read_ = 0;
  bool gslib_ = false;
  char separator_ = ',';
  std::string header_;
  std::vector<std::string> columns_;
  long data_at_ = 0;  ///< first byte behind the header
  std::size_t header_lines_ = 0;
  std::vector<Wanted> wanted_;  ///< x y z dx dy dz (those that are columns), then numbers
  std::vector<int> role_;       ///< of each column: place in wanted_, -1 none, -2 - t text column t
  std::array<int, 6> place_{-1, -1, -1, -1, -1, -1};  ///< in wanted_
  std::string buffer_;
  std::size_t begin_ = 0;  ///< first byte of the buffer not yet handed out
  bool ended_ = false;
  std::size_t line_ = 0, blocks_ = 0;
  std::vector<std::string_view> lines_;
  std::vector<std::size_t> numbers_of_lines_;
  std::vector<std::vector<std::string>> words_;
  std::vector<std::map<std::string, std::uint32_t, std::less<>>> known_;
};

/// Lines of text to a staged file, read back at the end.
class BlockWriter {
 public:
  /// `path` as `OutputSet::stage` gave it.
  explicit BlockWriter(const std::string& path, std::string shown);
  ~BlockWriter();
  BlockWriter(const BlockWriter&) = delete;
  BlockWriter& operator=(const BlockWriter&) = delete;
  void write(std::string_view text);
  /// Closes and compares what is read back. Error "io.write".
  void finish();

 private:
  std::string path_, shown_;
  std::FILE* file_ = nullptr;
  std::uint64_t bytes_ = 0, mix_ = 0;
};

/// Appends the shortest text that reads back to the same double; nothing for NaN.
void append_number(std::string& text, double value);

}  // namespace lode
