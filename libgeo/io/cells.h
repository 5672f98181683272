// Text cells of CSV files and sheets, and the rules that turn text columns into numbers.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/core/table.h"
#include "libgeo/io/layer.h"

namespace lode::cells {

/// Rows as they stand in the file; `places` is the line or row number of each, counted from 1.
struct Grid {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::size_t> places;
  std::string place_word = "line";
};

/// RFC 4180 with , ; tab or | (found from the first lines, said when it is no comma), a byte order
/// mark, any line ends, UTF-8 or `encoding` (Windows-1252 with a warning when it is neither).
/// Errors "csv.unbalanced_quote", "io.unknown_encoding", "io.corrupt".
[[nodiscard]] Grid parse_csv(const std::string& bytes, const std::string& encoding,
                             const std::string& where, Findings& findings,
                             const Progress& progress = {});

/// Columns of text under one header row; blank rows and titles above it are passed over and said.
/// Error "table.ragged_row" for a row with more cells than the header, "io.empty_layer".
[[nodiscard]] Table table_of(Grid grid, const std::string& where, Findings& findings);

/// Blank cells and those of `options.missing` become missing, "<0.01" follows the rule, and a text
/// column of nothing but numbers becomes a number column unless a value has leading zeros.
/// Says sentinels such as -9999, decimal commas, values below detection. Error "table.not_finite".
void settle_columns(Table& table, const ReadOptions& options, Findings& findings);

/// Column names, those that stand more than once with a number behind them, and said.
[[nodiscard]] std::vector<std::string> unlike(std::vector<std::string> names,
                                              const std::string& where, Findings& findings);

/// True for -9999, -99999, -999999, 1e31 and their like: numbers that stand for "no value".
[[nodiscard]] bool is_sentinel(double value);

}  // namespace lode::cells
