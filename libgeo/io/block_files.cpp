#include "libgeo/io/block_files.h"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/quantity.h"
#include "libgeo/core/text.h"
#include "libgeo/io/cells.h"

namespace lode {

namespace {

constexpr std::size_t chunk_bytes = std::size_t{8} << 20;
constexpr std::size_t longest_line = std::size_t{1} << 20;
constexpr double missing_value = std::numeric_limits<double>::quiet_NaN();

const std::array<std::vector<std::string>, 6> aliases{
    {{"x", "xc", "xcentre", "xcenter", "xcentroid", "x_centre", "x_center", "centroid_x", "east",
      "easting", "xmid", "mid_x", "xworld"},
     {"y", "yc", "ycentre", "ycenter", "ycentroid", "y_centre", "y_center", "centroid_y", "north",
      "northing", "ymid", "mid_y", "yworld"},
     {"z", "zc", "zcentre", "zcenter", "zcentroid", "z_centre", "z_center", "centroid_z", "elev",
      "elevation", "rl", "zmid", "mid_z", "zworld"},
     {"dx", "xinc", "xsize", "x_size", "size_x", "dim_x", "xlength", "xdim", "x_length", "_east"},
     {"dy", "yinc", "ysize", "y_size", "size_y", "dim_y", "ylength", "ydim", "y_length", "_north"},
     {"dz", "zinc", "zsize", "z_size", "size_z", "dim_z", "zlength", "zdim", "z_length", "_rl"}}};
constexpr std::array<const char*, 6> place_names{"x", "y", "z", "dx", "dy", "dz"};

std::string unquoted(std::string_view cell) {
  cell = trim(cell);
  if (cell.size() < 2 || cell.front() != '"' || cell.back() != '"') return std::string(cell);
  std::string text;
  for (std::size_t i = 1; i + 1 < cell.size(); ++i) {
    text.push_back(cell[i]);
    if (cell[i] == '"' && cell[i + 1] == '"') ++i;
  }
  return text;
}

// Cells of a line; a separator within quotes separates nothing.
template <class Visit>
std::size_t for_each_cell(std::string_view line, char separator, Visit visit) {
  std::size_t column = 0, begin = 0;
  const char* const data = line.data();
  const std::size_t n = line.size();
  for (std::size_t i = 0; i <= n; ++i) {
    if (i < n && data[i] == '"' && i == begin) {
      for (++i; i < n && (data[i] != '"' || (i + 1 < n && data[i + 1] == '"')); ++i)
        if (data[i] == '"') ++i;
      continue;
    }
    if (i < n && data[i] != separator) continue;
    visit(column++, line.substr(begin, i - begin));
    begin = i + 1;
  }
  return column;
}

template <class Visit>
std::size_t for_each_word(std::string_view line, Visit visit) {
  std::size_t column = 0;
  for (std::size_t at = 0; at < line.size();) {
    while (at < line.size() && (line[at] == ' ' || line[at] == '\t')) ++at;
    const std::size_t begin = at;
    while (at < line.size() && line[at] != ' ' && line[at] != '\t') ++at;
    if (at > begin) visit(column++, line.substr(begin, at - begin));
  }
  return column;
}

// Vulcan writes what its variables are in lines behind their names.
bool is_line_of_types(std::string_view line) {
  std::string small = lower(trim(line));
  if (small.starts_with('"')) small.erase(0, 1);
  return small.starts_with("variable descriptions") || small.starts_with("variable types") ||
         small.starts_with("variable defaults");
}

std::string_view without_return(std::string_view line) {
  return !line.empty() && line.back() == '\r' ? line.substr(0, line.size() - 1) : line;
}

}  // namespace

BlockFile::BlockFile(const std::string& path, BlockReadOptions options)
    : path_(path), options_(std::move(options)) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0)
    throw Error("io.missing_file", "there is no such file", path, "Check the path.");
  if (!S_ISREG(status.st_mode))
    throw Error("io.not_a_file", "a folder or device is no block model", path, "Name a file.");
  size_ = static_cast<std::uint64_t>(status.st_size);
  file_ = std::fopen(path.c_str(), "rbe");
  if (file_ == nullptr)
    throw Error("io.read", "the file cannot be read", path, "Check its rights.");
  try {
    read_header();
    find_places();
    add_numbers();
  } catch (...) {
    std::fclose(file_);
    throw;
  }
  rewind();
}

BlockFile::~BlockFile() {
  std::fclose(file_);
}

// The lines at the head of a file, one after the other.
class BlockFile::Head {
 public:
  explicit Head(std::string text) : text_(std::move(text)) {
    at = text_.starts_with("\xef\xbb\xbf") ? 3 : 0;
  }
  std::optional<std::string> take() {
    if (at >= text_.size()) return std::nullopt;
    const std::size_t end = std::min(text_.find('\n', at), text_.size());
    std::string line(without_return(std::string_view(text_).substr(at, end - at)));
    at = std::min(end + 1, text_.size());
    ++lines;
    return line;
  }
  std::size_t at = 0, lines = 0;

 private:
  std::string text_;
};

// The number of columns and their names, a line each; false when the second line is no such number.
bool BlockFile::read_gslib_header(Head& head, const std::string& title) {
  const auto second = head.take();
  if (!second) return false;
  const auto words = split(std::string(trim(*second)), ' ');
  const auto count = parse_number(words.front());
  const bool one_cell = second->find_first_of(",;\t") == std::string::npos &&
                        title.find_first_of(",;\t") == std::string::npos;
  if (!count || !one_cell || *count < 1 || *count > 10000 || *count != std::floor(*count))
    return false;
  gslib_ = true;
  for (double i = 0; i < *count; ++i) {
    const auto name = head.take();
    if (!name)
      throw Error("blocks.header", "the file ends within the names of its columns", path_,
                  "A GSLIB file has a title, the number of columns, and a name a line.");
    columns_.emplace_back(trim(*name));
  }
  return true;
}

void BlockFile::read_header() {
  std::string text(longest_line, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file_));
  if (text.find('\0') != std::string::npos)
    throw Error("blocks.header", "the file is not text", path_,
                "Block models are read as CSV or GSLIB text.");
  Head head(std::move(text));
  std::optional<std::string> line = head.take();
  while (line && (trim(*line).empty() || line->front() == '#')) line = head.take();
  if (!line)
    throw Error("io.empty_layer", "the file has no header", path_, "Give a table of blocks.");
  const std::size_t after_first = head.at, lines_first = head.lines;
  if (read_gslib_header(head, *line)) {
    data_at_ = static_cast<long>(head.at);
    header_lines_ = head.lines;
    return;
  }
  head.at = after_first;
  header_ = *line;
  data_at_ = static_cast<long>(head.at);
  std::size_t most = 0;
  for (const char candidate : {',', ';', '\t'}) {
    const auto n = static_cast<std::size_t>(std::count(header_.begin(), header_.end(), candidate));
    if (n > most) {
      most = n;
      separator_ = candidate;
    }
  }
  for_each_cell(header_, separator_,
                [&](std::size_t, std::string_view cell) { columns_.push_back(unquoted(cell)); });
  header_lines_ = lines_first;
  for (auto next = head.take(); next && is_line_of_types(*next); next = head.take()) {
    data_at_ = static_cast<long>(head.at);
    ++header_lines_;
  }
}

std::optional<std::size_t> BlockFile::find(const std::string& name) const {
  std::optional<std::size_t> found;
  for (std::size_t c = 0; c < columns_.size(); ++c)
    if (columns_[c] == name) {
      if (found)
        throw Error("blocks.ambiguous_column", "two columns are called '" + printable(name) + "'",
                    path_, "Rename one.");
      found = c;
    }
  if (found) return found;
  for (std::size_t c = 0; c < columns_.size(); ++c)
    if (lower(columns_[c]) == lower(name)) {
      if (found)
        throw Error("blocks.ambiguous_column",
                    "'" + printable(columns_[*found]) + "' and '" + printable(columns_[c]) +
                        "' both fit '" + printable(name) + "'",
                    path_, "Rename one.");
      found = c;
    }
  return found;
}

bool BlockFile::has_column(const std::string& name) const {
  return find(name).has_value();
}

std::string BlockFile::column(const std::string& name) const {
  const auto found = find(name);
  if (!found)
    throw Error("table.no_field", "there is no column '" + printable(name) + "'", path_,
                suggestion(name, columns_));
  return columns_[*found];
}

std::optional<BlockFile::Wanted> BlockFile::place_column(
    const std::string& name, const std::vector<std::string>& names) const {
  Wanted wanted;
  const auto unit_of = [&](const std::string& field) -> std::string {
    const auto said = options_.units.find(field);
    if (said != options_.units.end()) {
      if (options_.units_met) options_.units_met->insert(field);
      return said->second;
    }
    const std::string unit = unit_of_field_name(field);
    return is_unit_of(unit, Dimension::length) ? unit : "";
  };
  std::optional<std::size_t> found;
  if (const auto said = options_.fields.find(name); said != options_.fields.end()) {
    found = find(column(said->second));
  } else {
    // The exact name first; of several others none is taken for granted.
    for (const std::string& alias : names) {
      for (std::size_t c = 0; c < columns_.size(); ++c) {
        std::string base = lower(columns_[c]);
        const std::string unit = unit_of_field_name(columns_[c]);
        if (!unit.empty() && is_unit_of(unit, Dimension::length) && base.rfind('_') != 0 &&
            base.rfind('_') != std::string::npos)
          base = base.substr(0, base.rfind('_'));
        if (base != alias && lower(columns_[c]) != alias) continue;
        if (found && *found != c)
          throw Error("blocks.ambiguous_column",
                      "columns '" + printable(columns_[*found]) + "' and '" +
                          printable(columns_[c]) + "' may both be " + name,
                      path_, "Say which: --fields " + name + "=" + printable(columns_[c]) + ".");
        found = c;
      }
      if (found && alias == name) break;
    }
  }
  if (!found) return std::nullopt;
  wanted.column = *found;
  const std::string unit = unit_of(columns_[*found]);
  wanted.factor =
      unit.empty() ? options_.metres_per_unit : unit_factor(unit, Dimension::length, path_);
  return wanted;
}

void BlockFile::find_places() {
  for (std::size_t p = 0; p < 6; ++p) {
    const auto found = place_column(place_names[p], aliases[p]);
    if (!found) continue;
    place_[p] = static_cast<int>(wanted_.size());
    wanted_.push_back(*found);
  }
  const bool no_place = place_[0] < 0 && place_[1] < 0 && place_[2] < 0;
  if (no_place && options_.grid) return;
  for (std::size_t p = 0; p < 3; ++p)
    if (place_[p] < 0)
      throw Error(
          "blocks.no_column",
          std::string("no column holds ") + place_names[p] + " of the centroids", path_,
          std::string("Name it: --fields ") + place_names[p] + "=COLUMN" +
              (no_place ? "; a file in grid order takes --origin, --spacing and --count." : "."));
  for (std::size_t p = 3; p < 6; ++p)
    if (place_[p] < 0 && !options_.size_m)
      throw Error("blocks.no_size", std::string("no column holds the size ") + place_names[p],
                  path_,
                  std::string("Name it (--fields ") + place_names[p] +
                      "=COLUMN) or say the size of every block (--block-size '10,10,5 m').");
}

void BlockFile::add_numbers() {
  role_.assign(columns_.size(), -1);
  for (const std::string& name : options_.numbers) {
    Wanted wanted;
    wanted.column = *find(column(name));
    wanted.value = true;
    wanted_.push_back(wanted);
  }
  // A column may serve several times; the first in the list is parsed, the others copied.
  for (std::size_t w = wanted_.size(); w-- > 0;) role_[wanted_[w].column] = static_cast<int>(w);
  for (std::size_t t = 0; t < options_.texts.size(); ++t) {
    const std::size_t c = *find(column(options_.texts[t]));
    if (role_[c] != -1)
      throw Error("blocks.ambiguous_column",
                  "column '" + printable(columns_[c]) + "' cannot be number and text", path_,
                  "Name two columns.");
    role_[c] = -2 - static_cast<int>(t);
  }
  words_.resize(options_.texts.size());
  known_.resize(options_.texts.size());
}

void BlockFile::rewind() {
  std::fseek(file_, data_at_, SEEK_SET);
  read_ = static_cast<std::uint64_t>(data_at_);
  buffer_.clear();
  begin_ = 0;
  ended_ = false;
  line_ = header_lines_;
  blocks_ = 0;
}

double BlockFile::fraction() const {
  return size_ == 0 ? 1.0 : std::min(1.0, static_cast<double>(read_) / static_cast<double>(size_));
}

Source BlockFile::source() const {
  Source source;
  source.path = path_;
  source.sha256 = sha256_of_file(path_);
  source.features = blocks_;
  return source;
}

// Moves what is left to the front and reads on; false when nothing is left.
bool BlockFile::fill() {
  buffer_.erase(0, begin_);
  begin_ = 0;
  if (!ended_) {
    const std::size_t kept = buffer_.size();
    buffer_.resize(kept + chunk_bytes);
    const std::size_t got = std::fread(buffer_.data() + kept, 1, chunk_bytes, file_);
    if (got < chunk_bytes && std::ferror(file_) != 0)
      throw Error("io.read", "the file cannot be read on", path_, "Check the disk.");
    buffer_.resize(kept + got);
    read_ += got;
    ended_ = got == 0 || (got < chunk_bytes && std::feof(file_) != 0);
  }
  return !buffer_.empty();
}

void BlockFile::split_lines(BlockChunk& chunk) {
  lines_.clear();
  chunk.line.clear();
  const std::string_view all(buffer_);
  while (begin_ < all.size()) {
    const void* hit = std::memchr(all.data() + begin_, '\n', all.size() - begin_);
    if (hit == nullptr && !ended_) {
      if (all.size() - begin_ > longest_line)
        throw Error("table.ragged_row", "the line is longer than a megabyte",
                    path_ + ", line " + std::to_string(line_ + 1),
                    "Take a sound copy of the file.");
      break;
    }
    const std::size_t end =
        hit == nullptr ? all.size()
                       : static_cast<std::size_t>(static_cast<const char*>(hit) - all.data());
    const std::string_view line = without_return(all.substr(begin_, end - begin_));
    begin_ = std::min(end + 1, all.size());
    ++line_;
    if (line.empty() || (line.size() < 64 && trim(line).empty())) continue;
    lines_.push_back(line);
    chunk.line.push_back(line_);
  }
}

double BlockFile::cell_number(std::string_view cell, const Wanted& wanted, std::size_t line) const {
  while (!cell.empty() && (cell.front() == ' ' || cell.front() == '\t')) cell.remove_prefix(1);
  while (!cell.empty() && (cell.back() == ' ' || cell.back() == '\t')) cell.remove_suffix(1);
  if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"')
    cell = trim(cell.substr(1, cell.size() - 2));
  if (cell.empty()) return missing_value;
  for (const std::string& text : options_.missing)
    if (cell == text) return missing_value;
  double value = 0.0;
  const auto [end, fault] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  const auto where = [&] {
    return path_ + ", line " + std::to_string(line) + ", column '" +
           printable(columns_[wanted.column]) + "'";
  };
  if (fault != std::errc() || end != cell.data() + cell.size() || !std::isfinite(value)) {
    if (wanted.value && cell.front() == '<' && options_.below_detection != BelowDetection::refuse) {
      if (const auto limit = parse_number(cell.substr(1))) {
        if (options_.below_detection == BelowDetection::half) return *limit / 2.0;
        if (options_.below_detection == BelowDetection::zero) return 0.0;
        return options_.below_detection == BelowDetection::limit ? *limit : missing_value;
      }
    }
    const auto strict = parse_number(cell);
    if (!strict || !std::isfinite(*strict))
      throw Error("table.bad_number", "'" + printable(cell.substr(0, 60)) + "' is not a number",
                  where(), "Correct it, or name it with --missing when it means 'no value'.");
    value = *strict;
  }
  if (wanted.value && cells::is_sentinel(value))
    throw Error("table.sentinel", number_text(value) + " looks like \"no value\"", where(),
                "Blank it with --missing " + std::string(cell) + " or correct it.");
  return value * wanted.factor;
}

void BlockFile::parse(BlockChunk& chunk, std::size_t begin, std::size_t end,
                      std::vector<std::vector<std::string>>& words) const {
  std::vector<double> row(wanted_.size(), missing_value);
  std::array<std::vector<double>*, 6> places{&chunk.x,  &chunk.y,  &chunk.z,
                                             &chunk.dx, &chunk.dy, &chunk.dz};
  const std::size_t first_number = wanted_.size() - options_.numbers.size();
  for (std::size_t r = begin; r < end; ++r) {
    const auto take = [&](std::size_t column, std::string_view cell) {
      if (column >= role_.size() || role_[column] == -1) return;
      if (role_[column] >= 0) {
        const auto w = static_cast<std::size_t>(role_[column]);
        row[w] = cell_number(cell, wanted_[w], chunk.line[r]);
      } else {
        words[static_cast<std::size_t>(-2 - role_[column])][r] = unquoted(cell);
      }
    };
    const std::size_t cells =
        gslib_ ? for_each_word(lines_[r], take) : for_each_cell(lines_[r], separator_, take);
    if (cells != columns_.size())
      throw Error("table.ragged_row",
                  "the row has " + std::to_string(cells) + " cells, the header " +
                      std::to_string(columns_.size()),
                  path_ + ", line " + std::to_string(chunk.line[r]), "Mend the row.");
    for (std::size_t w = 0; w < wanted_.size(); ++w) {
      const auto from = static_cast<std::size_t>(role_[wanted_[w].column]);
      const double factor = from == w ? 1.0 : wanted_[w].factor / wanted_[from].factor;
      if (w >= first_number) chunk.numbers[w - first_number][r] = row[from] * factor;
    }
    for (std::size_t p = 0; p < 6; ++p) {
      if (place_[p] < 0) continue;
      const double value = row[static_cast<std::size_t>(place_[p])];
      if (!(std::abs(value) <= 1e12))
        throw Error(
            "blocks.place",
            std::string(place_names[p]) + (std::isnan(value) ? " is missing" : " cannot be"),
            path_ + ", line " + std::to_string(chunk.line[r]),
            "Every block needs its centroid and size.");
      (*places[p])[r] = value;
    }
  }
}

bool BlockFile::next(BlockChunk& chunk, const Progress& progress) {
  do {
    if (!fill()) {
      if (options_.grid && place_[0] < 0 && blocks_ != options_.grid->size())
        throw Error("blocks.count",
                    "the grid has " + std::to_string(options_.grid->size()) + " blocks, the file " +
                        std::to_string(blocks_) + " rows",
                    path_, "A file without coordinates has one row a block, x fastest.");
      if (blocks_ == 0)
        throw Error("io.empty_layer", "the file has no block", path_, "Give a table of blocks.");
      chunk = BlockChunk{};
      return false;
    }
    split_lines(chunk);
  } while (lines_.empty());
  const std::size_t n = lines_.size();
  chunk.first = blocks_;
  for (auto* place : {&chunk.x, &chunk.y, &chunk.z, &chunk.dx, &chunk.dy, &chunk.dz})
    place->resize(n);
  chunk.numbers.resize(options_.numbers.size());
  for (auto& column : chunk.numbers) column.resize(n);
  std::vector<std::vector<std::string>> words(options_.texts.size(), std::vector<std::string>(n));
  parallel_blocks(n, 8192, options_.jobs, [&](std::size_t begin, std::size_t end, std::size_t) {
    progress.check();
    parse(chunk, begin, end, words);
  });
  settle(chunk, words);
  blocks_ += n;
  return true;
}

void BlockFile::settle(BlockChunk& chunk, const std::vector<std::vector<std::string>>& words) {
  const std::size_t n = lines_.size();
  if (place_[0] < 0) {
    const BlockGrid& grid = *options_.grid;
    if (chunk.first + n > grid.size())
      throw Error("blocks.count",
                  "the grid has " + std::to_string(grid.size()) + " blocks, the file more rows",
                  path_ + ", line " + std::to_string(chunk.line[grid.size() - chunk.first]),
                  "A file without coordinates has one row a block, x fastest.");
    for (std::size_t r = 0; r < n; ++r) {
      const auto centre = centre_of(grid, chunk.first + r);
      chunk.x[r] = centre[0];
      chunk.y[r] = centre[1];
      chunk.z[r] = centre[2];
    }
  }
  const std::array<std::vector<double>*, 3> sizes{&chunk.dx, &chunk.dy, &chunk.dz};
  for (std::size_t axis = 0; axis < 3; ++axis)
    if (place_[3 + axis] < 0)
      std::fill(sizes[axis]->begin(), sizes[axis]->end(),
                place_[0] < 0 ? options_.grid->spacing[axis] : (*options_.size_m)[axis]);
  chunk.words.resize(words.size());
  for (std::size_t t = 0; t < words.size(); ++t) {
    chunk.words[t].resize(n);
    for (std::size_t r = 0; r < n; ++r) {
      const auto at = known_[t].find(words[t][r]);
      if (at != known_[t].end()) {
        chunk.words[t][r] = at->second;
        continue;
      }
      const auto code = static_cast<std::uint32_t>(words_[t].size());
      if (code >= 65536)
        throw Error("blocks.too_many_words",
                    "column '" + printable(options_.texts[t]) + "' has more than 65536 words",
                    path_ + ", line " + std::to_string(chunk.line[r]), "Name a column of classes.");
      known_[t].emplace(words[t][r], code);
      words_[t].push_back(words[t][r]);
      chunk.words[t][r] = code;
    }
  }
  if (options_.keep_lines) chunk.text = lines_;
}

void append_number(std::string& text, double value) {
  if (std::isnan(value)) return;
  char digits[32];
  const auto [end, fault] = std::to_chars(digits, digits + sizeof digits, value);
  if (fault == std::errc()) text.append(digits, end);
}

namespace {

std::uint64_t mixed(std::uint64_t mix, std::string_view text) {
  for (const char c : text) mix = (mix ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return mix;
}

}  // namespace

BlockWriter::BlockWriter(const std::string& path, std::string shown)
    : path_(path), shown_(std::move(shown)), file_(std::fopen(path.c_str(), "wbxe")) {
  if (file_ == nullptr)
    throw Error("io.cannot_write", "the result cannot be written", shown_,
                "Check the rights of the folder and the free space of the disk.");
}

BlockWriter::~BlockWriter() {
  if (file_ != nullptr) std::fclose(file_);
}

void BlockWriter::write(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), file_) != text.size())
    throw Error("io.write", "the result cannot be written on", shown_,
                "Check the free space of the disk.");
  bytes_ += text.size();
  mix_ = mixed(mix_, text);
}

void BlockWriter::finish() {
  const bool closed = std::fclose(file_) == 0;
  file_ = nullptr;
  std::uint64_t bytes = 0, mix = 0;
  if (std::FILE* again = std::fopen(path_.c_str(), "rbe")) {
    std::string part(std::size_t{1} << 20, '\0');
    for (std::size_t got = 0; (got = std::fread(part.data(), 1, part.size(), again)) > 0;) {
      mix = mixed(mix, std::string_view(part).substr(0, got));
      bytes += got;
    }
    std::fclose(again);
  }
  if (!closed || bytes != bytes_ || mix != mix_)
    throw Error("io.write", "what is read back is not what was written", shown_,
                "Check the free space of the disk.");
}

}  // namespace lode
