// Surpac strings (.str, text and binary) and triangulations (.dtm): number, Y (north), X (east), Z,
// and up to a hundred description fields D1, D2, ...
#include <algorithm>
#include <bit>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/block_files.h"
#include "libgeo/io/model_parts.h"
#include "libgeo/io/model_text.h"

namespace lode::model_files {

namespace {

constexpr double most_place = 1e12;
constexpr std::size_t most_fields = 100;
constexpr std::int64_t most_string = 2147483647;

struct Record {
  std::int64_t string = 0;  // 0 ends a segment
  std::array<double, 3> place{};
  std::vector<std::string> fields;
};

std::vector<std::string> fields_of(std::string_view text) {
  std::vector<std::string> fields;
  for (const std::string& one : split(text, ',')) fields.emplace_back(trim(one));
  while (!fields.empty() && fields.back().empty()) fields.pop_back();
  if (fields.size() > most_fields) fields.resize(most_fields);
  return fields;
}

// "n, y, x, z, fields"; false at the END.
bool text_record(std::string_view line, const std::string& where, Record& record,
                 std::vector<std::string_view>& cells) {
  cells_of(line, cells);
  if (cells.size() < 4) refuse("model.syntax", "a record has fewer than four numbers", where);
  record.string = integer_at(cells[0], where);
  if (record.string < 0 || record.string > most_string)
    refuse("model.syntax", "a string has a number that cannot be", where);
  record.place = {number_at(cells[2], where), number_at(cells[1], where),
                  number_at(cells[3], where)};
  for (const double c : record.place)
    if (std::abs(c) > most_place) refuse("model.syntax", "a place cannot be", where);
  record.fields.clear();
  if (cells.size() > 4)
    record.fields = fields_of(line.substr(static_cast<std::size_t>(cells[4].data() - line.data())));
  return !(record.string == 0 && !record.fields.empty() && record.fields[0] == "END");
}

std::uint64_t big_endian(std::string_view bytes, std::size_t at, std::size_t n) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < n; ++i) bits = bits << 8 | static_cast<unsigned char>(bytes[at + i]);
  return bits;
}

// A record of a binary file: number, y, x, z (big-endian), text up to a zero byte.
bool binary_record(std::string_view bytes, std::size_t& at, Record& record) {
  if (bytes.size() < 29 || at > bytes.size() - 29) return false;
  record.string = static_cast<std::int32_t>(big_endian(bytes, at, 4));
  const auto number = [&](std::size_t place) {
    return std::bit_cast<double>(big_endian(bytes, at + 4 + 8 * place, 8));
  };
  record.place = {number(1), number(0), number(2)};
  const auto end = bytes.find('\0', at + 28);
  if (end == std::string_view::npos || end - at > 65536 || record.string < 0) return false;
  for (const double c : record.place)
    if (!(std::abs(c) <= most_place) || (c != 0.0 && std::abs(c) < 1e-9)) return false;
  record.fields = fields_of(bytes.substr(at + 28, end - at - 28));
  at = end + 1;
  return true;
}

std::vector<Record> binary_records(std::string_view bytes, std::size_t begin,
                                   const std::string& path) {
  // A few zero bytes stand between the header and the first record.
  for (const std::size_t skip : {std::size_t{5}, std::size_t{4}, std::size_t{0}, std::size_t{1},
                                 std::size_t{2}, std::size_t{3}, std::size_t{6}}) {
    std::size_t at = begin + skip;
    Record record;
    if (bytes.size() < at || !binary_record(bytes, at, record) || record.string == 0) continue;
    std::vector<Record> records{record};
    for (;;) {
      const std::size_t before = at;
      if (!binary_record(bytes, at, record))
        refuse("model.syntax", "a record makes no sense, or the file is cut",
               path + ", byte " + std::to_string(before));
      if (record.string == 0 && !record.fields.empty() && record.fields[0] == "END") return records;
      records.push_back(record);
    }
  }
  refuse("model.syntax", "no record of a string follows the header", path);
}

// All records of a string file up to its END, whether text or binary.
std::vector<Record> string_records(std::string_view bytes, const std::string& path,
                                   std::string* title) {
  Lines lines(bytes, path);
  std::string_view line;
  if (!lines.next(line) || line.find(',') == std::string_view::npos ||
      line.find('\0') != std::string_view::npos)
    refuse("model.syntax", "the first line is no header of a Surpac file", lines.where());
  if (title != nullptr) *title = std::string(trim(line.substr(0, line.find(','))));
  if (!lines.next(line) || line.substr(0, 1) != "0")
    refuse("model.syntax", "the second line is no axis record (0, ...)", lines.where());
  const std::size_t body = lines.position();
  if (bytes.substr(std::min(body, bytes.size())).find('\0') != std::string_view::npos)
    return binary_records(bytes, body, path);
  std::vector<Record> records;
  std::vector<std::string_view> cells;
  Record record;
  while (lines.next(line)) {
    if (trim(line).empty()) continue;
    if (!text_record(line, lines.where(), record, cells)) return records;
    records.push_back(record);
  }
  refuse("model.syntax", "the file ends before its END record", lines.where());
}

struct Segment {
  std::size_t begin = 0, end = 0;  // of the records
};

void add_columns(ModelObject& object, const std::vector<std::size_t>& record_of,
                 const std::vector<Record>& records) {
  std::size_t most = 0;
  for (const std::size_t r : record_of) most = std::max(most, records[r].fields.size());
  for (std::size_t f = 0; f < most; ++f) {
    std::vector<std::string> texts;
    bool any = false;
    for (const std::size_t r : record_of) {
      texts.push_back(f < records[r].fields.size() ? records[r].fields[f] : std::string());
      any = any || !texts.back().empty();
    }
    if (any)
      object.columns.push_back(
          column_of_texts("d" + std::to_string(f + 1), ModelColumn::Place::vertices, texts));
  }
}

void add_string(std::int64_t number, const std::vector<Segment>& segments, bool lines,
                const std::vector<Record>& records, ModelFile& model) {
  ModelObject object;
  object.kind = lines ? ModelObject::Kind::lines : ModelObject::Kind::points;
  object.name = std::to_string(number);
  std::vector<std::size_t> record_of;
  for (const Segment& segment : segments) {
    if ((segment.end - segment.begin > 1) != lines) continue;
    // A closed segment ends at its first vertex, which then stands once only.
    const bool closed = segment.end - segment.begin > 3 &&
                        records[segment.begin].place == records[segment.end - 1].place &&
                        records[segment.begin].fields == records[segment.end - 1].fields;
    const auto first = static_cast<std::uint32_t>(object.vertices.size());
    for (std::size_t r = segment.begin; r < segment.end - (closed ? 1 : 0); ++r) {
      object.vertices.push_back(records[r].place);
      record_of.push_back(r);
      const auto n = static_cast<std::uint32_t>(object.vertices.size());
      if (n - 1 > first) object.segments.push_back({n - 2, n - 1});
    }
    if (closed)
      object.segments.push_back({static_cast<std::uint32_t>(object.vertices.size()) - 1, first});
  }
  if (object.vertices.empty()) return;
  add_columns(object, record_of, records);
  model.objects.push_back(std::move(object));
}

// The date and the words of the header, which nothing here holds; what Lode writes has none.
void lose_header(std::string_view bytes, ModelFile& model) {
  const std::string_view line = bytes.substr(0, bytes.find('\n'));
  const auto comma = line.find(',');
  std::string rest(trim(line.substr(std::min(comma, line.size() - 1) + 1)));
  while (!rest.empty() && (rest.back() == ',' || rest.back() == ' ')) rest.pop_back();
  if (comma == std::string_view::npos || rest.empty() || rest == "01-Jan-70") return;
  model.lost.push_back({"", "the date and the words of the header (" + printable(rest) + ")"});
}

}  // namespace

void read_surpac_strings(std::string_view bytes, ModelFile& model) {
  const std::vector<Record> records = string_records(bytes, model.source.path, &model.name);
  lose_header(bytes, model);
  std::vector<std::int64_t> order;
  std::map<std::int64_t, std::vector<Segment>> segments;
  for (std::size_t r = 0; r < records.size();) {
    if (records[r].string == 0) {
      ++r;
      continue;
    }
    Segment segment{r, r};
    const std::int64_t number = records[r].string;
    while (segment.end < records.size() && records[segment.end].string == number) ++segment.end;
    r = segment.end;
    auto& of = segments[number];
    if (of.empty()) order.push_back(number);
    of.push_back(segment);
  }
  for (const std::int64_t number : order)
    for (const bool lines : {true, false})
      add_string(number, segments[number], lines, records, model);
}

namespace {

struct Trisolation {
  std::string name;
  std::vector<std::array<std::int64_t, 3>> triangles;  // counted from 1
};

struct DtmText {
  std::string strings;  // the file beside
  std::vector<std::array<double, 3>> border;
  std::vector<Trisolation> list;
};

void dtm_triangles(Lines& lines, DtmText& dtm) {
  std::string_view line;
  std::vector<std::string_view> cells;
  std::string object = "1";
  while (lines.next(line)) {
    if (trim(line).empty()) continue;
    if (trim(line) == "END") return;
    cells_of(line, cells);
    if (cells[0] == "OBJECT" && cells.size() > 1) {
      object = std::string(cells[1]);
    } else if (cells[0] == "TRISOLATION" && cells.size() > 1) {
      std::string name = "object " + object;
      if (cells[1] != "1") name += " trisolation " + std::string(cells[1]);
      dtm.list.push_back({name, {}});
    } else if (dtm.list.empty() || cells.size() < 4) {
      refuse("model.syntax", "a line is neither OBJECT, TRISOLATION nor a triangle", lines.where());
    } else {
      dtm.list.back().triangles.push_back({integer_at(cells[1], lines.where()),
                                           integer_at(cells[2], lines.where()),
                                           integer_at(cells[3], lines.where())});
      for (const auto v : dtm.list.back().triangles.back())
        if (v < 1) refuse("model.index", "a triangle names a vertex below 1", lines.where());
    }
  }
  refuse("model.syntax", "the file ends before its END", lines.where());
}

DtmText dtm_text(std::string_view bytes, const std::string& path) {
  if (bytes.find('\0') != std::string_view::npos)
    refuse("model.unsupported", "a binary .dtm is not read: save it as text", path);
  DtmText dtm;
  Lines lines(bytes, path);
  std::string_view line;
  if (!lines.next(line) || line.find(',') == std::string_view::npos)
    refuse("model.syntax", "the first line does not name the string file", lines.where());
  dtm.strings = std::string(trim(line.substr(0, line.find(','))));
  std::vector<std::string_view> cells;
  Record record;
  for (;;) {
    if (!lines.next(line))
      refuse("model.syntax", "the file ends before its triangles", lines.where());
    if (trim(line).empty()) continue;
    if (line.substr(0, 6) == "OBJECT")
      refuse("model.syntax", "the border does not end before OBJECT", lines.where());
    if (!text_record(line, lines.where(), record, cells)) break;
    if (record.string != 0) dtm.border.push_back(record.place);
  }
  dtm_triangles(lines, dtm);
  return dtm;
}

using Places = std::vector<std::array<double, 3>>;

// Corners of edges that have one triangle, as places.
std::set<std::array<double, 3>> border_of(const DtmText& dtm, const Places& places) {
  std::map<std::array<std::int64_t, 2>, int> edges;
  for (const auto& part : dtm.list)
    for (const auto& t : part.triangles)
      for (std::size_t c = 0; c < 3; ++c)
        ++edges[{std::min(t[c], t[(c + 1) % 3]), std::max(t[c], t[(c + 1) % 3])}];
  std::set<std::array<double, 3>> border;
  for (const auto& [edge, times] : edges)
    if (times == 1)
      for (const auto v : edge)
        if (static_cast<std::size_t>(v) <= places.size())
          border.insert(places[static_cast<std::size_t>(v) - 1]);
  return border;
}

// Whether the zero records of the strings are counted among the vertices shows at the border that
// the triangulation repeats.
Places places_of(const DtmText& dtm, const std::vector<Record>& records, ModelFile& model) {
  Places vertices, all;
  for (const Record& record : records) {
    if (record.string != 0) vertices.push_back(record.place);
    all.push_back(record.place);
  }
  std::int64_t last = 0;
  for (const auto& part : dtm.list)
    for (const auto& t : part.triangles) last = std::max({last, t[0], t[1], t[2]});
  const std::set<std::array<double, 3>> said(dtm.border.begin(), dtm.border.end());
  const bool fits = static_cast<std::size_t>(last) <= vertices.size();
  if (said.empty()) return fits ? vertices : all;
  if (fits && border_of(dtm, vertices) == said) return vertices;
  if (border_of(dtm, all) == said) return all;
  model.findings.add(
      "model.border", Severity::warning, model.source.path,
      "the border that the triangulation states is not that of its triangles over '" +
          printable(dtm.strings) + "': is this the string file it was made from?");
  return fits ? vertices : all;
}

}  // namespace

void read_surpac_dtm(std::string_view bytes, ModelFile& model) {
  const std::string& path = model.source.path;
  const DtmText dtm = dtm_text(bytes, path);
  // Only a file beside: a name with a folder in it is another machine's.
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::string name = dtm.strings.substr(dtm.strings.find_last_of("/\\") + 1);
  std::string beside = (folder / name).string();
  std::error_code ignored;
  if (name.empty() || !std::filesystem::is_regular_file(beside, ignored)) {
    std::string own = std::filesystem::path(path).replace_extension(".str").string();
    if (name.empty() || std::filesystem::is_regular_file(own, ignored)) beside = own;
  }
  const std::string strings = text_of_file(
      beside, "A .dtm holds triangles only; its .str lies beside it.", std::size_t{4} << 30);
  model.findings.add("model.beside", Severity::note, path,
                     "the vertices were read from '" +
                         printable(std::filesystem::path(beside).filename().string()) +
                         "' beside it (sha256 " + sha256(strings) + ")");
  const std::vector<Record> records = string_records(strings, beside, &model.name);
  const Places places = places_of(dtm, records, model);
  for (const Trisolation& part : dtm.list) {
    ModelObject surface;
    surface.name = part.name;
    surface.vertices = places;
    for (const auto& t : part.triangles) {
      surface.triangles.emplace_back();
      for (std::size_t c = 0; c < 3; ++c)
        surface.triangles.back()[c] = index_at(t[c] - 1, places.size(), "vertex", path);
    }
    drop_unused(surface);
    model.objects.push_back(std::move(surface));
  }
}

namespace {

class StringWriter {
 public:
  StringWriter(const std::string& staged, const ModelFile& model) : out_(staged, staged) {
    std::string title = plain_name(model.name, "lode");
    // The date is fixed: the same model gives the same bytes.
    out_.write(title + ",01-Jan-70,,\n0, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000\n");
  }
  void vertex(std::int64_t string, const ModelObject& object, std::size_t v,
              const std::vector<const ModelColumn*>& columns) {
    const auto& p = object.vertices[v];
    std::string line = std::to_string(string) + ", " + number_text(p[1]) + ", " +
                       number_text(p[0]) + ", " + number_text(p[2]) + ", ";
    for (std::size_t c = 0; c < columns.size(); ++c) {
      std::string text = value_text(*columns[c], v);
      for (char& one : text)
        if (one == ',' || one == '\n' || one == '\r' || one == '\0') one = ' ';
      line += (c > 0 ? "," : "") + text;
    }
    out_.write(line + "\n");
  }
  void end_segment() { out_.write("0, 0.000, 0.000, 0.000,\n"); }
  void finish() {
    out_.write("0, 0.000, 0.000, 0.000, END\n");
    out_.finish();
  }

 private:
  BlockWriter out_;
};

// Numbers that are names stay; other objects take the next free number.
std::vector<std::int64_t> string_numbers(const ModelFile& model, std::vector<ModelLoss>& lost) {
  std::vector<std::int64_t> numbers;
  std::set<std::int64_t> taken;
  for (const ModelObject& object : model.objects) {
    const auto said = parse_number(object.name);
    const bool good = said && *said == std::floor(*said) && *said >= 1 && *said <= 32767;
    numbers.push_back(good ? static_cast<std::int64_t>(*said) : 0);
    if (good) taken.insert(numbers.back());
  }
  std::int64_t next = 1;
  for (std::size_t o = 0; o < numbers.size(); ++o) {
    if (numbers[o] != 0) continue;
    while (taken.contains(next)) ++next;
    numbers[o] = next;
    taken.insert(next);
    if (!model.objects[o].name.empty() && model.objects[o].kind != ModelObject::Kind::blocks)
      lost.push_back({model.objects[o].name, "the name: it is string " + std::to_string(next)});
  }
  return numbers;
}

}  // namespace

std::vector<ModelLoss> write_str(const std::string& staged, const ModelFile& model) {
  using Kind = ModelObject::Kind;
  std::vector<ModelLoss> lost;
  lose_kinds(model, {Kind::points, Kind::lines, Kind::surface}, "a Surpac string file", lost);
  lose_words(model, true, lost);
  const auto numbers = string_numbers(model, lost);
  StringWriter out(staged, model);
  for (std::size_t o = 0; o < model.objects.size(); ++o) {
    const ModelObject& object = model.objects[o];
    if (object.kind == Kind::blocks) continue;
    std::vector<const ModelColumn*> columns;
    std::set<std::string> kept;
    for (const ModelColumn& column : object.columns)
      if (column.place == ModelColumn::Place::vertices && width_of(column.kind) == 1 &&
          columns.size() < most_fields) {
        columns.push_back(&column);
        kept.insert(column.name);
      }
    lose_columns(object, kept, lost);
    for (std::size_t c = 0; c < columns.size(); ++c)
      if (columns[c]->name != "d" + std::to_string(c + 1))
        lost.push_back({object.name, "the column name " + columns[c]->name + ": it is field d" +
                                         std::to_string(c + 1)});
    if (object.kind == Kind::surface)
      lost.push_back({object.name, std::to_string(object.triangles.size()) +
                                       " triangles, of which the vertices are kept: a .dtm that "
                                       "Surpac loads needs a checksum that is not published"});
    if (object.kind == Kind::lines) {
      for (const auto& run : runs_of(object)) {
        for (const auto v : run) out.vertex(numbers[o], object, v, columns);
        out.end_segment();
      }
      continue;
    }
    for (std::size_t v = 0; v < object.vertices.size(); ++v) {
      out.vertex(numbers[o], object, v, columns);
      if (object.kind == Kind::points) out.end_segment();
    }
    if (object.kind == Kind::surface) out.end_segment();
  }
  out.finish();
  return lost;
}

}  // namespace lode::model_files
