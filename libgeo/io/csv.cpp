#include <algorithm>
#include <array>
#include <string_view>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/cells.h"
#include "libgeo/io/door.h"

namespace lode::cells {
namespace {

/// How many fields the first lines have with each separator, outside quotes.
char find_separator(std::string_view text) {
  static constexpr std::array<char, 4> kSeparators{',', ';', '\t', '|'};
  std::array<std::vector<std::size_t>, 4> counts;
  std::array<std::size_t, 4> line{};
  bool quoted = false, blank = true;
  std::size_t lines = 0;
  const auto end_line = [&] {
    for (std::size_t k = 0; k < kSeparators.size(); ++k) {
      if (!blank) counts.at(k).push_back(line.at(k));
    }
    lines += blank ? 0 : 1;
    line.fill(0);
    blank = true;
  };
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '\n' || c == '\r')) {
      end_line();
      if (lines == 50) break;
      continue;
    }
    if (c != ' ') blank = false;
    for (std::size_t k = 0; k < kSeparators.size(); ++k) {
      if (!quoted && c == kSeparators.at(k)) ++line.at(k);
    }
  }
  end_line();
  char best = ',';
  std::size_t best_lines = 0, best_count = 0;
  for (std::size_t k = 0; k < kSeparators.size(); ++k) {
    auto& column = counts.at(k);
    std::sort(column.begin(), column.end());
    const std::size_t middle = column.empty() ? 0 : column[column.size() / 2];
    if (middle == 0) continue;
    const auto same = static_cast<std::size_t>(std::count(column.begin(), column.end(), middle));
    if (same > best_lines || (same == best_lines && middle > best_count)) {
      best = kSeparators.at(k);
      best_lines = same;
      best_count = middle;
    }
  }
  return best;
}

std::string decoded(const std::string& bytes, const std::string& encoding, const std::string& where,
                    Findings& findings) {
  const std::string_view head = std::string_view(bytes).substr(0, 3);
  if (head == "\xEF\xBB\xBF") return decoded(bytes.substr(3), encoding, where, findings);
  if (head.substr(0, 2) == "\xFF\xFE" || head.substr(0, 2) == "\xFE\xFF") {
    throw Error("io.unknown_encoding", "the table is written in UTF-16", where,
                "Save it as UTF-8.");
  }
  if (!encoding.empty()) return door::utf8_from(bytes, encoding, where);
  if (is_valid_utf8(bytes)) return bytes;
  findings.add("io.encoding_assumed", Severity::warning, where,
               "the text is not UTF-8 and was read as Windows-1252; --encoding says otherwise");
  return door::utf8_from_cp1252(bytes);
}

class Parser {
 public:
  Parser(std::string_view text, char separator, const std::string& where, Findings& findings)
      : text_(text), separator_(separator), where_(where), findings_(findings) {}

  Grid run(const Progress& progress) {
    while (at_ < text_.size()) {
      if ((grid_.rows.size() & 4095U) == 0)
        progress.update(static_cast<double>(at_) / static_cast<double>(text_.size()), "reading");
      const std::size_t start = line_;
      std::vector<std::string> row = read_row();
      const bool blank =
          std::all_of(row.begin(), row.end(), [](const auto& cell) { return trim(cell).empty(); });
      if (blank) continue;
      grid_.rows.push_back(std::move(row));
      grid_.places.push_back(start);
    }
    return std::move(grid_);
  }

 private:
  [[nodiscard]] bool at_line_end() const {
    return at_ >= text_.size() || text_[at_] == '\n' || text_[at_] == '\r';
  }

  std::vector<std::string> read_row() {
    std::vector<std::string> row;
    for (;;) {
      row.push_back(read_cell());
      if (at_line_end()) break;
      ++at_;  // the separator
    }
    if (at_ < text_.size()) {
      if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
      ++at_;
      ++line_;
    }
    return row;
  }

  std::string read_cell() {
    std::string cell;
    std::size_t probe = at_;
    while (probe < text_.size() && text_[probe] == ' ') ++probe;
    if (probe < text_.size() && text_[probe] == '"') {
      at_ = probe + 1;
      read_quoted(cell);
      if (blank_to_cell_end()) return cell;
      // Without its marks "1"5 would be the number 15.
      cell = text_.substr(probe, at_ - probe);
      say_mark();
    }
    while (!at_line_end() && text_[at_] != separator_) {
      if (text_[at_] == '"') say_mark();
      cell += text_[at_++];
    }
    return cell;
  }

  void say_mark() {
    findings_.add("csv.quote_in_field", Severity::warning, where_,
                  "a quotation mark within a field (line " + std::to_string(line_) +
                      ") was read as it stands");
  }

  /// Passes over blanks after a closing mark; false, staying there, when text follows.
  bool blank_to_cell_end() {
    std::size_t end = at_;
    while (end < text_.size() && text_[end] == ' ') ++end;
    const bool ends =
        end >= text_.size() || text_[end] == '\n' || text_[end] == '\r' || text_[end] == separator_;
    if (ends) at_ = end;
    return ends;
  }

  void read_quoted(std::string& cell) {
    const std::size_t start = line_;
    for (;; ++at_) {
      if (at_ >= text_.size()) {
        throw Error("csv.unbalanced_quote", "a quotation mark is opened and never closed",
                    where_ + ", line " + std::to_string(start),
                    "Close it, or write it twice where it belongs to the text.");
      }
      if (text_[at_] == '"') {
        if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') break;
        ++at_;
      }
      if (text_[at_] == '\n') ++line_;
      cell += text_[at_];
    }
    ++at_;
  }

  std::string_view text_;
  char separator_;
  const std::string& where_;
  Findings& findings_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  Grid grid_;
};

}  // namespace

Grid parse_csv(const std::string& bytes, const std::string& encoding, const std::string& where,
               Findings& findings, const Progress& progress) {
  const std::string text = decoded(bytes, encoding, where, findings);
  if (text.find('\0') != std::string::npos) {
    throw Error("io.corrupt", "the table holds zero bytes: it is no text file", where,
                "Save it as UTF-8 text.");
  }
  const char separator = find_separator(text);
  if (separator != ',') {
    findings.add("csv.separator", Severity::note, where,
                 std::string("columns are separated by ") + (separator == ';'    ? "semicolons"
                                                             : separator == '\t' ? "tabs"
                                                                                 : "|"));
  }
  return Parser(text, separator, where, findings).run(progress);
}

}  // namespace lode::cells
