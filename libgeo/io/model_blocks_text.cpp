// Tables of blocks or points: CSV and GSLIB text, read through `BlockFile`, and written.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/block_files.h"
#include "libgeo/io/model_blocks.h"
#include "libgeo/io/model_parts.h"
#include "libgeo/io/model_text.h"

namespace lode::model_files {

namespace {

using Kind = ModelObject::Kind;
using Place = ModelColumn::Place;

constexpr std::size_t most_words = 65536;  // of a column of classes
constexpr std::array<const char*, 6> place_names{"x", "y", "z", "dx", "dy", "dz"};

void cells_of_line(std::string_view line, bool gslib, char separator,
                   std::vector<std::string_view>& cells) {
  cells.clear();
  if (gslib) return words_of(line, cells);
  std::size_t begin = 0;
  bool quoted = false;
  for (std::size_t i = 0; i <= line.size(); ++i) {
    if (i < line.size() && line[i] == '"') quoted = !quoted;
    if (i < line.size() && (quoted || line[i] != separator)) continue;
    cells.push_back(trim(line.substr(begin, i - begin)));
    begin = i + 1;
  }
}

BlockReadOptions table_options(const ModelReadOptions& options) {
  BlockReadOptions reading;
  for (const auto& [place, name] : options.fields) reading.fields[place] = name;
  reading.missing = options.missing;
  if (options.block_m[0] > 0.0) reading.size_m = options.block_m;
  reading.grid = options.grid;
  if (options.grid && !reading.size_m) reading.size_m = options.grid->spacing;
  reading.jobs = 1;
  return reading;
}

// Digits that a number would not keep: 007, or whole ones of more than 15 digits.
bool is_code(std::string_view cell) {
  return cell.size() > 1 && cell.find_first_not_of("0123456789") == std::string_view::npos &&
         (cell.front() == '0' || cell.size() > 15);
}

// Which columns hold values: numbers, or words of which there are not too many.
struct Values {
  std::vector<std::string> numbers, texts;
};

Values values_of_table(const std::string& path, BlockReadOptions reading, ModelFile& model,
                       const Progress& progress) {
  reading.keep_lines = true;
  BlockFile file(path, reading);
  std::set<std::string> places;
  for (std::size_t p = 0; p < 6; ++p) places.insert(file.name_of_place(p));
  const std::size_t n = file.columns().size();
  std::vector<bool> text(n, false), coded(n, false);
  std::vector<std::set<std::string, std::less<>>> words(n);
  BlockChunk chunk;
  std::vector<std::string_view> cells;
  while (file.next(chunk, progress)) {
    for (const std::string_view line : chunk.text) {
      cells_of_line(line, file.is_gslib(), file.separator(), cells);
      for (std::size_t c = 0; c < std::min(n, cells.size()); ++c) {
        const std::string_view cell = cells[c];
        if (cell.empty() || std::find(reading.missing.begin(), reading.missing.end(), cell) !=
                                reading.missing.end())
          continue;
        if (!text[c] && !parse_number(cell)) text[c] = true;
        if (!coded[c] && is_code(cell)) coded[c] = true;
        if (words[c].size() <= most_words && !words[c].contains(cell)) words[c].emplace(cell);
      }
    }
    progress.update(file.fraction(), "reading the table");
  }
  Values values;
  for (std::size_t c = 0; c < n; ++c) {
    const std::string& name = file.columns()[c];
    if (places.contains(name)) continue;
    if (name.empty() || std::count(file.columns().begin(), file.columns().end(), name) > 1) {
      model.lost.push_back({"", "column " + std::to_string(c + 1) + ": it has no name of its own"});
    } else if (!text[c] && (!coded[c] || words[c].size() >= most_words)) {
      values.numbers.push_back(name);
      if (coded[c])
        model.lost.push_back({"", "digits of column " + name +
                                      ": codes such as 007, too many for words, became numbers"});
    } else if (words[c].size() >= most_words) {
      model.lost.push_back({"", "column " + name + ": it has more than 65,535 words"});
    } else {
      values.texts.push_back(name);
    }
  }
  return values;
}

std::array<std::array<double, 3>, 3> axes_of(const ModelReadOptions& options) {
  ModelBlocks none;
  if (!options.grid || options.grid->rotation_deg == 0.0) return none.axes;
  const double turn = options.grid->rotation_deg * std::numbers::pi / 180.0;
  return {{{std::cos(turn), -std::sin(turn), 0.0},
           {std::sin(turn), std::cos(turn), 0.0},
           {0.0, 0.0, 1.0}}};
}

}  // namespace

void read_block_text(const std::string& path, const ModelReadOptions& options, ModelFile& model,
                     const Progress& progress) {
  BlockReadOptions reading = table_options(options);
  ModelObject object;
  object.kind = Kind::blocks;
  try {
    (void)BlockFile(path, reading);
  } catch (const Error& error) {
    if (error.code != "blocks.no_size") throw;
    object.kind = Kind::points;
    reading.size_m = {0.0, 0.0, 0.0};
  }
  const Values values = values_of_table(path, reading, model, progress.part(0.0, 0.4));
  reading.numbers = values.numbers;
  reading.texts = values.texts;
  BlockFile file(path, reading);
  const std::size_t n = values.numbers.size();
  object.columns.resize(n + values.texts.size());
  for (std::size_t c = 0; c < object.columns.size(); ++c) {
    object.columns[c].name = c < n ? values.numbers[c] : values.texts[c - n];
    if (c >= n) object.columns[c].kind = ModelColumn::Kind::category;
  }
  std::vector<BlockBoxRow> rows;
  BlockChunk chunk;
  while (file.next(chunk, progress.part(0.4, 1.0))) {
    for (std::size_t r = 0; r < chunk.size(); ++r)
      rows.push_back(
          {{chunk.x[r], chunk.y[r], chunk.z[r]}, {chunk.dx[r], chunk.dy[r], chunk.dz[r]}});
    for (std::size_t c = 0; c < n; ++c)
      object.columns[c].numbers.insert(object.columns[c].numbers.end(), chunk.numbers[c].begin(),
                                       chunk.numbers[c].end());
    for (std::size_t t = 0; t < values.texts.size(); ++t)
      for (const auto word : chunk.words[t])
        object.columns[n + t].numbers.push_back(static_cast<double>(word));
    progress.update(0.4 + 0.5 * file.fraction(), "reading the table");
  }
  for (std::size_t t = 0; t < values.texts.size(); ++t) {
    ModelColumn& column = object.columns[n + t];
    column.words = file.words(t);
    // The blank word, and those that mean "no value".
    for (double& code : column.numbers) {
      const std::string& word = column.words[static_cast<std::size_t>(code)];
      if (word.empty() ||
          std::find(reading.missing.begin(), reading.missing.end(), word) != reading.missing.end())
        code = NAN;
    }
  }
  if (object.kind == Kind::points) {
    for (const auto& row : rows) object.vertices.push_back(row.centre);
  } else {
    fit_blocks(object, rows, axes_of(options), model.findings, path);
  }
  model.objects.push_back(std::move(object));
}

namespace {

// The one kind that a table takes: blocks when there are any, else points.
Kind kind_of_table(const ModelFile& model) {
  for (const ModelObject& object : model.objects)
    if (object.kind == Kind::blocks) return Kind::blocks;
  return Kind::points;
}

struct Table {
  Kind kind = Kind::points;
  std::vector<const ModelObject*> objects;
  std::vector<std::vector<ModelColumn>> columns;  // by object
  std::vector<std::string> names;                 // of all columns
};

std::string free_name(const std::string& name) {
  const std::string small = lower(name);
  for (const char* place : place_names)
    if (small == place || small == "object") return name + "_value";
  return name.empty() ? "value" : name;
}

// Vectors become a column a component.
std::vector<ModelColumn> flat(const std::vector<ModelColumn>& columns) {
  std::vector<ModelColumn> list;
  for (const ModelColumn& column : columns) {
    const std::size_t width = width_of(column.kind);
    for (std::size_t w = 0; w < width; ++w) {
      ModelColumn one = column;
      one.name = free_name(column.name);
      if (width > 1) {
        one.name += "_" + std::string(1, "xyz"[w]);
        one.kind = ModelColumn::Kind::number;
        one.numbers.clear();
        for (std::size_t v = 0; v < values_of(column); ++v)
          one.numbers.push_back(column.numbers[v * width + w]);
      }
      list.push_back(std::move(one));
    }
  }
  return list;
}

Table table_of(const ModelFile& model, const std::string& format, std::vector<ModelLoss>& lost) {
  Table table;
  table.kind = kind_of_table(model);
  if (!lose_kinds(model, {table.kind}, format, lost))
    throw Error("model.nothing", format + " holds blocks or points, and there are none", {},
                "Write surfaces as DXF, OBJ or VTU.");
  lose_words(model, true, lost);
  for (const ModelObject& object : model.objects) {
    if (object.kind != table.kind) continue;
    table.objects.push_back(&object);
    if (object.kind == Kind::blocks && is_turned(object.blocks))
      lost.push_back({object.name,
                      "the directions of the axes: centres stand where they are, "
                      "sizes are along the model's own axes"});
    table.columns.push_back(
        flat(object.kind == Kind::blocks ? columns_of_list(object, lost) : object.columns));
    for (const ModelColumn& column : table.columns.back())
      if (std::find(table.names.begin(), table.names.end(), column.name) == table.names.end())
        table.names.push_back(column.name);
  }
  return table;
}

// Calls `row` with the place, the size and the row's number of each block or point.
template <class Row>
void each_row(const ModelObject& object, Row row) {
  if (object.kind == Kind::points) {
    for (std::size_t v = 0; v < object.vertices.size(); ++v) row(v, object.vertices[v], nullptr);
    return;
  }
  each_block(object.blocks, [&](std::size_t b, const BlockBoxRow& box) {
    const auto place = in_the_file(object.blocks, box.centre);
    row(b, place, &box.size);
  });
}

std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

std::vector<ModelLoss> write_csv(const std::string& staged, const ModelFile& model) {
  std::vector<ModelLoss> lost;
  const Table table = table_of(model, "CSV", lost);
  const bool several = table.objects.size() > 1;
  BlockWriter out(staged, staged);
  std::string head = table.kind == Kind::blocks ? "x,y,z,dx,dy,dz" : "x,y,z";
  for (const auto& name : table.names) head += "," + cell(name);
  out.write(head + (several ? ",object\n" : "\n"));
  for (std::size_t o = 0; o < table.objects.size(); ++o) {
    std::vector<const ModelColumn*> columns(table.names.size(), nullptr);
    for (const ModelColumn& column : table.columns[o])
      columns[static_cast<std::size_t>(
          std::find(table.names.begin(), table.names.end(), column.name) - table.names.begin())] =
          &column;
    std::string text;
    each_row(*table.objects[o], [&](std::size_t r, const std::array<double, 3>& place,
                                    const std::array<double, 3>* size) {
      for (std::size_t a = 0; a < 3; ++a) {
        if (a > 0) text += ',';
        append_number(text, place[a]);
      }
      for (std::size_t a = 0; size != nullptr && a < 3; ++a) {
        text += ',';
        append_number(text, (*size)[a]);
      }
      for (const ModelColumn* column : columns) {
        text += ',';
        if (column != nullptr) text += cell(value_text(*column, r));
      }
      if (several) text += "," + cell(table.objects[o]->name);
      text += '\n';
      if (text.size() > (std::size_t{1} << 20)) {
        out.write(text);
        text.clear();
      }
    });
    out.write(text);
  }
  out.finish();
  return lost;
}

namespace {

constexpr double gslib_missing = -999.0;

// Columns of numbers, in the order of their first appearance. Error "model.missing_value".
std::vector<std::string> gslib_columns(const Table& table, const std::string& staged,
                                       std::vector<ModelLoss>& lost) {
  std::vector<std::string> kept;
  bool blank = table.objects.size() > 1;
  for (std::size_t o = 0; o < table.objects.size(); ++o) {
    std::vector<std::string> words;
    for (const ModelColumn& column : table.columns[o]) {
      if (!is_numeric(column.kind)) {
        words.push_back(column.name);
        continue;
      }
      if (std::find(kept.begin(), kept.end(), column.name) == kept.end())
        kept.push_back(column.name);
      for (const double value : column.numbers) {
        blank = blank || std::isnan(value);
        if (value == gslib_missing)
          throw Error("model.missing_value",
                      "column '" + printable(column.name) +
                          "' has the value -999, which means missing in GSLIB",
                      staged, "Write CSV, or mend the value.");
      }
    }
    if (!words.empty())
      lost.push_back({table.objects[o]->name, std::to_string(words.size()) + " columns of words (" +
                                                  join(words, ", ") + "): GSLIB holds numbers"});
  }
  if (blank) lost.push_back({"", "blanks: missing values are written as -999"});
  return kept;
}

}  // namespace

std::vector<ModelLoss> write_gslib(const std::string& staged, const ModelFile& model) {
  std::vector<ModelLoss> lost;
  const Table table = table_of(model, "GSLIB", lost);
  if (table.objects.size() > 1) lost.push_back({"", "the names and borders of the objects"});
  const std::vector<std::string> kept = gslib_columns(table, staged, lost);
  BlockWriter out(staged, staged);
  const std::size_t places = table.kind == Kind::blocks ? 6 : 3;
  std::string head =
      plain_name(model.name, "lode") + "\n" + std::to_string(places + kept.size()) + "\n";
  for (std::size_t p = 0; p < places; ++p) head += std::string(place_names[p]) + "\n";
  for (const auto& name : kept) head += plain_name(name, "value") + "\n";
  out.write(head);
  for (std::size_t o = 0; o < table.objects.size(); ++o) {
    std::string text;
    each_row(*table.objects[o], [&](std::size_t r, const std::array<double, 3>& place,
                                    const std::array<double, 3>* size) {
      for (const double c : place) text += number_text(c) + " ";
      for (std::size_t a = 0; size != nullptr && a < 3; ++a) text += number_text((*size)[a]) + " ";
      for (const auto& name : kept) {
        double value = NAN;
        for (const ModelColumn& column : table.columns[o])
          if (column.name == name && is_numeric(column.kind) && r < column.numbers.size())
            value = column.numbers[r];
        text += number_text(std::isnan(value) ? gslib_missing : value) + " ";
      }
      text.back() = '\n';
      if (text.size() > (std::size_t{1} << 20)) {
        out.write(text);
        text.clear();
      }
    });
    out.write(text);
  }
  out.finish();
  return lost;
}

}  // namespace lode::model_files
