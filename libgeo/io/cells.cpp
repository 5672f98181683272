#include "libgeo/io/cells.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/quantity.h"
#include "libgeo/core/text.h"

namespace lode::cells {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::size_t filled(const std::vector<std::string>& row) {
  return static_cast<std::size_t>(
      std::count_if(row.begin(), row.end(), [](const auto& cell) { return !trim(cell).empty(); }));
}

/// The first row that is about as wide as the rows of the table usually are.
std::size_t header_row(const Grid& grid) {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < grid.rows.size() && i < 200; ++i)
    widths.push_back(filled(grid.rows[i]));
  std::sort(widths.begin(), widths.end());
  const std::size_t usual = widths[widths.size() / 2];
  for (std::size_t i = 0; i < grid.rows.size() && i < 200; ++i) {
    const std::size_t width = filled(grid.rows[i]);
    if (2 * width > usual && (width >= 2 || usual < 2)) return i;
  }
  return 0;
}

std::vector<std::string> column_names(const std::vector<std::string>& header, std::size_t width,
                                      const std::string& where, Findings& findings) {
  std::vector<std::string> names;
  bool numeric = true;
  for (std::size_t k = 0; k < width; ++k) {
    std::string name(k < header.size() ? trim(header[k]) : std::string_view{});
    for (char& c : name) c = c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
    numeric = numeric && (name.empty() || parse_number(name));
    if (name.empty()) name = "column_" + std::to_string(k + 1);
    names.push_back(std::move(name));
  }
  if (numeric && width > 0) {
    findings.add("table.numeric_header", Severity::warning, where,
                 "the header is made of numbers and was taken as names; if it is data, put a "
                 "header above it");
  }
  return unlike(std::move(names), where, findings);
}

bool has_leading_zeros(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  return text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9';
}

/// More digits than a double keeps: an identifier, not a measurement.
bool too_many_digits(std::string_view text) {
  return text.size() > 15 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_decimal_comma(std::string_view text) {
  const auto comma = text.find(',');
  if (comma == std::string_view::npos) return false;
  std::string dotted(text);
  dotted[comma] = '.';
  return parse_number(dotted).has_value();
}

/// The limit in "<0.01" and "< 0.01".
std::optional<double> below_limit(std::string_view text) {
  if (text.empty() || text.front() != '<') return std::nullopt;
  const auto limit = parse_number(text.substr(1));
  if (!limit || *limit < 0) return std::nullopt;
  return limit;
}

double by_rule(double limit, BelowDetection rule) {
  switch (rule) {
    case BelowDetection::half:
      return limit / 2;
    case BelowDetection::zero:
      return 0.0;
    case BelowDetection::limit:
      return limit;
    default:
      return kNan;
  }
}

struct Census {
  std::size_t blank = 0, numbers = 0, below = 0, commas = 0, others = 0;
  bool identifiers = false;  ///< leading zeros, too many digits, "1.10" in an id column
};

bool is_id_name(const std::string& name) {
  const std::string small = lower(name);
  return small == "id" || (small.size() > 2 && (small.substr(small.size() - 3) == "_id" ||
                                                name.substr(name.size() - 2) == "Id" ||
                                                name.substr(name.size() - 2) == "ID"));
}

Census census_of(const Column& column) {
  Census census;
  const bool id = is_id_name(column.name);
  for (const auto& text : column.texts) {
    const auto cell = trim(text);
    if (cell.empty()) {
      ++census.blank;
    } else if (const auto value = parse_number(cell)) {
      ++census.numbers;
      if (has_leading_zeros(cell) || too_many_digits(cell) || (id && number_text(*value) != cell)) {
        census.identifiers = true;
      }
    } else if (below_limit(cell)) {
      ++census.below;
    } else if (is_decimal_comma(cell)) {
      ++census.commas;
    } else {
      ++census.others;
    }
  }
  return census;
}

void blank_missing(Column& column, const std::set<std::string>& missing) {
  std::set<double> numbers;
  for (const auto& text : missing) {
    if (const auto value = parse_number(text)) numbers.insert(*value);
  }
  for (auto& text : column.texts) {
    const std::string cell(trim(text));
    if (cell.empty() || missing.count(cell) > 0) {
      text.clear();
    } else if (!numbers.empty()) {
      const auto value = parse_number(cell);
      if (value && numbers.count(*value) > 0) text.clear();
    }
  }
  for (double& value : column.numbers) {
    if (numbers.count(value) > 0) value = kNan;
  }
}

void to_numbers(Column& column, BelowDetection rule) {
  column.numbers.assign(column.texts.size(), kNan);
  for (std::size_t i = 0; i < column.texts.size(); ++i) {
    const auto cell = trim(column.texts[i]);
    if (const auto value = parse_number(cell)) {
      column.numbers[i] = *value;
    } else if (const auto limit = below_limit(cell)) {
      column.numbers[i] = by_rule(*limit, rule);
    }
  }
  column.kind = ColumnKind::number;
  column.unit = unit_of_field_name(column.name);
  column.texts.clear();
  column.texts.shrink_to_fit();
}

/// Blanks that are no ASCII (no-break, thin, zero-width) around a cell, as spreadsheets leave them.
std::string_view strip_blanks(std::string_view cell) {
  static constexpr std::array<std::string_view, 6> kBlanks{
      "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89", "\xE2\x80\x8B", "\xEF\xBB\xBF", "\xE3\x80\x80"};
  for (bool again = true; again;) {
    again = false;
    cell = trim(cell);
    for (const auto blank : kBlanks) {
      if (cell.starts_with(blank)) {
        cell.remove_prefix(blank.size());
        again = true;
      } else if (cell.ends_with(blank)) {
        cell.remove_suffix(blank.size());
        again = true;
      }
    }
  }
  return cell;
}

void strip_column(Column& column) {
  for (auto& text : column.texts) {
    const auto ascii = [](unsigned char c) { return c < 0x80; };
    if (text.empty() || (ascii(static_cast<unsigned char>(text.front())) &&
                         ascii(static_cast<unsigned char>(text.back())) && text.front() != ' ' &&
                         text.back() != ' ')) {
      continue;
    }
    text = std::string(strip_blanks(text));
  }
}

void settle_text(Column& column, const ReadOptions& options, const std::string& where,
                 Findings& findings) {
  const Census census = census_of(column);
  const std::string field = "field '" + printable(column.name) + "'";
  const bool rule = options.below_detection != BelowDetection::refuse;
  if (census.below > 0 && census.others + census.commas == 0) {
    static constexpr std::array<const char*, 5> kRules{"", "half the limit", "0", "the limit",
                                                       "missing"};
    findings.add("table.below_detection", Severity::warning, where + ", " + field,
                 rule ? std::string("values below a detection limit were read as ") +
                            kRules.at(static_cast<std::size_t>(options.below_detection))
                      : "values below a detection limit (\"<...\") are text until "
                        "--below-detection gives a rule",
                 census.below);
  }
  if (census.commas > 0 && census.others + census.below == 0) {
    findings.add("table.decimal_comma", Severity::warning, where + ", " + field,
                 "values with a comma in them are not read as numbers", census.commas);
  }
  const bool numbers = census.numbers + (rule ? census.below : 0) > 0;
  if (numbers && !census.identifiers && census.others + census.commas == 0 &&
      (rule || census.below == 0)) {
    to_numbers(column, options.below_detection);
  }
}

void check_numbers(const Table& table, const Column& column, Findings& findings) {
  std::size_t sentinels = 0;
  double first = 0.0;
  for (std::size_t row = 0; row < column.numbers.size(); ++row) {
    const double value = column.numbers[row];
    if (std::isinf(value)) {
      throw Error("table.not_finite", "field '" + printable(column.name) + "' is infinite",
                  table.name + ", " + table.row_name(row), "Correct the value or leave it blank.");
    }
    if (is_sentinel(value) && sentinels++ == 0) first = value;
  }
  if (sentinels > 0) {
    findings.add("table.sentinel", Severity::warning,
                 table.name + ", field '" + printable(column.name) + "'",
                 "values such as " + number_text(first) +
                     " look like \"no value\" but were read as they stand; --missing " +
                     number_text(first) + " blanks them",
                 sentinels);
  }
}

/// How many columns the rows use. A header that names too few is said; a single row with too many
/// cells is refused, since its values stand in the wrong columns.
std::size_t checked_width(const Grid& grid, std::size_t header, std::size_t width,
                          const std::string& where, Findings& findings) {
  std::size_t used = width, short_rows = 0, long_rows = 0, first_long = 0;
  for (std::size_t i = grid.rows.size(); i-- > header + 1;) {
    const auto& row = grid.rows[i];
    std::size_t cells = row.size();
    while (cells > 0 && trim(row[cells - 1]).empty()) --cells;
    used = std::max(used, cells);
    if (row.size() < width) ++short_rows;
    if (cells <= grid.rows[header].size()) continue;
    ++long_rows;
    first_long = i;
  }
  if (long_rows > 0 && long_rows + header + 1 < grid.rows.size()) {
    throw Error("table.ragged_row",
                "the row has " + std::to_string(grid.rows[first_long].size()) +
                    " cells, the header " + std::to_string(width),
                where + ", " + grid.place_word + " " + std::to_string(grid.places[first_long]),
                "Quote the text that holds the separator, or take the extra cell away.");
  }
  if (long_rows > 0) {
    findings.add("table.unnamed_column", Severity::warning, where,
                 "every row has more cells than the header has names", used - width);
  }
  if (short_rows > 0 && grid.place_word == "line") {
    findings.add("table.short_row", Severity::warning, where,
                 "rows with fewer cells than the header: the rest is blank", short_rows);
  }
  return used;
}

}  // namespace

std::vector<std::string> unlike(std::vector<std::string> names, const std::string& where,
                                Findings& findings) {
  std::set<std::string> given(names.begin(), names.end()), taken;
  for (auto& name : names) {
    if (taken.insert(name).second) continue;
    std::string unique;
    for (int n = 2; unique.empty() || !given.insert(unique).second; ++n) {
      unique = name + "_" + std::to_string(n);
    }
    findings.add("table.repeated_column", Severity::warning, where,
                 "column '" + printable(name) + "' stands more than once; the later one is '" +
                     printable(unique) + "'");
    name = unique;
  }
  return names;
}

bool is_sentinel(double value) {
  return value == -9999 || value == -99999 || value == -999999 || value == -9999999 ||
         value == 1e31 || value == -1e31 || value == 1e30 || value == -1e30 || value <= -1e38;
}

Table table_of(Grid grid, const std::string& where, Findings& findings) {
  if (grid.rows.empty()) {
    throw Error("io.empty_layer", "the table has no rows", where, "Name a table with data in it.");
  }
  const std::size_t header = header_row(grid);
  if (header > 0) {
    findings.add("table.title_rows", Severity::note, where,
                 "rows above the header (" + grid.place_word + " " +
                     std::to_string(grid.places[header]) + ") were passed over",
                 header);
  }
  const auto& head = grid.rows[header];
  std::size_t width = head.size();
  while (width > 0 && trim(head[width - 1]).empty()) --width;
  const std::size_t used = checked_width(grid, header, width, where, findings);
  Table table;
  table.name = where;
  for (auto& name : column_names(head, used, where, findings)) {
    table.columns.push_back(text_column(std::move(name), {}));
  }
  for (std::size_t i = header + 1; i < grid.rows.size(); ++i) {
    auto& row = grid.rows[i];
    if (filled(row) == 0) continue;
    for (std::size_t k = 0; k < used; ++k) {
      table.columns[k].texts.push_back(k < row.size() ? std::move(row[k]) : std::string{});
    }
    table.row_names.push_back(grid.place_word + " " + std::to_string(grid.places[i]));
  }
  return table;
}

void settle_columns(Table& table, const ReadOptions& options, Findings& findings) {
  std::set<std::string> missing;
  for (const auto& text : options.missing) missing.insert(std::string(trim(text)));
  for (auto& column : table.columns) {
    strip_column(column);
    blank_missing(column, missing);
    if (column.kind == ColumnKind::text) settle_text(column, options, table.name, findings);
    if (column.kind == ColumnKind::number) check_numbers(table, column, findings);
  }
}

}  // namespace lode::cells
