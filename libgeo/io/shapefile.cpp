#include <cpl_conv.h>
#include <cpl_vsi.h>

#include <algorithm>
#include <cctype>
#include <memory>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/door.h"

namespace lode::door {
namespace {

struct FileCloser {
  void operator()(VSILFILE* file) const { VSIFCloseL(file); }
};
using File = std::unique_ptr<VSILFILE, FileCloser>;

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t count, bool big) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t k = big ? at + i : at + count - 1 - i;
    value = (value << 8) | static_cast<unsigned char>(bytes[k]);
  }
  return value;
}

[[noreturn]] void corrupt(const std::string& where, const std::string& what) {
  throw Error("io.corrupt", what, where, "Take a complete copy of the shapefile set.");
}

struct DbfField {
  std::string name;
  char type = 'C';
  std::size_t offset = 0;
  std::size_t width = 0;
};

struct Dbf {
  std::uint64_t records = 0;
  std::size_t header = 0;
  std::size_t record = 0;
  std::vector<DbfField> fields;
};

Dbf dbf_header(const std::string& path, const std::string& where) {
  const std::string head = read_head(path, 65600);
  if (head.size() < 33) corrupt(where, "the .dbf is cut in its header");
  Dbf dbf;
  dbf.records = number_at(head, 4, 4, false);
  dbf.header = number_at(head, 8, 2, false);
  dbf.record = number_at(head, 10, 2, false);
  if (dbf.header < 33 || dbf.header > head.size() || dbf.record < 1) {
    corrupt(where, "the .dbf has a header that cannot be");
  }
  std::size_t offset = 1;
  for (std::size_t at = 32; at + 32 <= dbf.header && head[at] != '\r'; at += 32) {
    DbfField field;
    field.name = head.substr(at, 11).c_str();
    field.type = head[at + 11];
    field.width = static_cast<unsigned char>(head[at + 16]);
    if (field.type == 'C') field.width += 256U * static_cast<unsigned char>(head[at + 17]);
    field.offset = offset;
    offset += field.width;
    if (offset > dbf.record) corrupt(where, "the fields of the .dbf are wider than its records");
    dbf.fields.push_back(std::move(field));
  }
  const std::uint64_t needed = dbf.header + dbf.records * dbf.record;
  if (file_size(path) < needed) {
    corrupt(where, "the .dbf is cut: " + std::to_string(file_size(path)) + " bytes where " +
                       std::to_string(needed) + " belong");
  }
  return dbf;
}

/// Every number of the .dbf must be one: GDAL would read "12 Mt" as 12. Asterisks are how some
/// programs write an overflow and others (GDAL too) a missing value: missing, and said.
void check_numbers(const std::string& path, const Dbf& dbf, const std::string& where,
                   Findings& findings) {
  std::vector<const DbfField*> numeric;
  for (const auto& field : dbf.fields) {
    if (field.type == 'N' || field.type == 'F') numeric.push_back(&field);
  }
  if (numeric.empty()) return;
  const File file(VSIFOpenL(path.c_str(), "rb"));
  VSIFSeekL(file.get(), dbf.header, SEEK_SET);
  const std::size_t batch = std::max<std::size_t>(1, (1 << 20) / dbf.record);
  std::string bytes(batch * dbf.record, '\0');
  for (std::uint64_t row = 0; row < dbf.records; row += batch) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(batch, dbf.records - row));
    if (VSIFReadL(bytes.data(), dbf.record, count, file.get()) != count) {
      corrupt(where, "the .dbf cannot be read to its end");
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (bytes[i * dbf.record] == '*') continue;  // deleted
      for (const auto* field : numeric) {
        std::string_view cell(bytes.data() + i * dbf.record + field->offset, field->width);
        while (!cell.empty() && cell.back() == '\0') cell.remove_suffix(1);
        cell = trim(cell);
        if (cell.empty() || parse_number(cell)) continue;
        const std::string place = where + ", row " + std::to_string(row + i + 1);
        if (cell.find_first_not_of('*') == std::string_view::npos) {
          findings.add("table.asterisks", Severity::warning,
                       where + ", field '" + printable(field->name) + "'",
                       "cells of asterisks (first in row " + std::to_string(row + i + 1) +
                           "): no value, or one that did not fit and was lost; read as missing");
          continue;
        }
        if (lower(cell) == "nan" || lower(cell) == "-nan") continue;
        throw Error(
            "table.bad_number",
            "'" + printable(cell) + "' in field '" + printable(field->name) + "' is not a number",
            place, "Correct the value or make the field a text field.");
      }
    }
  }
}

/// Names cut to ten letters so that only a number tells them apart.
void check_names(const Dbf& dbf, const std::string& where, Findings& findings) {
  for (const auto& field : dbf.fields) {
    const auto mark = field.name.rfind('_');
    if (field.name.size() != 10 || mark == std::string::npos || mark < 7 || mark + 1 == 10)
      continue;
    const bool digits = std::all_of(field.name.begin() + static_cast<std::ptrdiff_t>(mark) + 1,
                                    field.name.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!digits) continue;
    for (const auto& other : dbf.fields) {
      if (other.name == field.name || other.name.compare(0, mark, field.name, 0, mark) != 0)
        continue;
      findings.add("table.truncated_name", Severity::warning, where,
                   "fields '" + printable(other.name) + "' and '" + printable(field.name) +
                       "' are two names cut to 10 letters: say which one is meant");
      break;
    }
  }
}

/// The length in bytes that the header of a .shp or .shx says; more than there are is a cut file.
std::uint64_t claimed_size(const std::string& path, const std::string& ending,
                           const std::string& where) {
  const std::string head = read_head(path, 100);
  if (head.size() < 100) corrupt(where, "the " + ending + " is cut in its header");
  const std::uint64_t claimed = 2 * number_at(head, 24, 4, true);
  const std::uint64_t size = file_size(path);
  if (claimed < 100 || size < claimed) {
    corrupt(where, "the " + ending + " is cut: " + std::to_string(size) + " bytes where " +
                       std::to_string(claimed) + " belong");
  }
  return claimed;
}

void check_count(const std::string& what, std::uint64_t count, const Dbf& dbf,
                 const std::string& where) {
  if (count == dbf.records) return;
  corrupt(where, "the " + what + " counts " + std::to_string(count) + " records, the .dbf " +
                     std::to_string(dbf.records));
}

/// Each record of a .shp begins with its own length.
std::uint64_t records_of(std::string_view shp, const std::string& where) {
  std::uint64_t count = 0;
  for (std::uint64_t at = 100; at < shp.size(); ++count) {
    const std::uint64_t length = at + 8 <= shp.size() ? 2 * number_at(shp, at + 4, 4, true) : 0;
    at += 8 + length;
    if (at > shp.size()) {
      corrupt(where + ", record " + std::to_string(count + 1), "the .shp is cut in this record");
    }
  }
  return count;
}

void check_offsets(const std::string& shx, std::uint64_t shp_size, std::uint64_t count,
                   const std::string& where) {
  const std::string index = read_bytes(shx, std::uint64_t{1} << 32);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto offset = 2 * number_at(index, 100 + 8 * i, 4, true);
    const auto length = 2 * number_at(index, 104 + 8 * i, 4, true);
    if (offset < 100 || offset + 8 + length > shp_size) {
      corrupt(where + ", record " + std::to_string(i + 1),
              "the record lies outside the .shp: the file is cut or its index is wrong");
    }
  }
}

std::string copy_for_new_index(const Input& input, const std::string& dbf, const std::string& shp,
                               Findings& findings) {
  const std::string folder = memory_folder();
  const std::string path = folder + "/layer.shp";
  write_memory(path, shp);
  write_memory(folder + "/layer.dbf", read_bytes(dbf));
  for (const char* ending : {".prj", ".cpg"}) {
    const std::string from = sidecar(input.path, ending);
    if (!from.empty()) write_memory(folder + "/layer" + ending, read_bytes(from));
  }
  CPLSetThreadLocalConfigOption("SHAPE_RESTORE_SHX", "YES");
  findings.add("io.index_rebuilt", Severity::warning, input.given,
               "the .shx is missing: the index was rebuilt in memory, nothing was written beside "
               "the input");
  return path;
}

}  // namespace

void blank_asterisks(const std::string& path) {
  const Dbf dbf = dbf_header(path, path);
  const File file(VSIFOpenL(path.c_str(), "r+b"));
  if (!file) throw Error("io.write", "the .dbf cannot be written", path);
  std::string record(dbf.record, '\0');
  for (std::uint64_t row = 0; row < dbf.records; ++row) {
    const vsi_l_offset at = dbf.header + row * dbf.record;
    VSIFSeekL(file.get(), at, SEEK_SET);
    bool changed = false;
    if (VSIFReadL(record.data(), 1, record.size(), file.get()) != record.size()) {
      throw Error("io.write", "the .dbf cannot be read back", path);
    }
    for (const auto& field : dbf.fields) {
      if (field.type != 'N' && field.type != 'F') continue;
      if (record.compare(field.offset, field.width, std::string(field.width, '*')) != 0) continue;
      record.replace(field.offset, field.width, field.width, ' ');
      changed = true;
    }
    if (!changed) continue;
    VSIFSeekL(file.get(), at, SEEK_SET);
    if (VSIFWriteL(record.data(), 1, record.size(), file.get()) != record.size()) {
      throw Error("io.write", "the .dbf cannot be written to its end", path,
                  "Check the free space of the disk.");
    }
  }
  if (VSIFFlushL(file.get()) != 0) {
    throw Error("io.write", "the .dbf cannot be written to its end", path,
                "Check the free space of the disk.");
  }
}

std::string check_shapefile(const Input& input, Findings& findings) {
  const std::string& where = input.given;
  if (input.format == Format::dbf) {
    check_numbers(input.path, dbf_header(input.path, where), where, findings);
    return input.path;
  }
  CPLSetThreadLocalConfigOption("SHAPE_RESTORE_SHX", nullptr);
  const std::string dbf_path = sidecar(input.path, ".dbf");
  if (dbf_path.empty()) {
    throw Error("io.missing_sidecar", "the .dbf of this shapefile is missing", where,
                "Copy the whole set: .shp .shx .dbf .prj.");
  }
  const std::uint64_t claimed = claimed_size(input.path, ".shp", where);
  if (file_size(input.path) > claimed) {
    findings.add("io.trailing_bytes", Severity::warning, where,
                 "the .shp is longer than its header says; the rest was not read");
  }
  const Dbf dbf = dbf_header(dbf_path, where);
  check_numbers(dbf_path, dbf, where, findings);
  check_names(dbf, where, findings);
  const std::string shx = sidecar(input.path, ".shx");
  if (shx.empty()) {
    const std::string shp = read_bytes(input.path).substr(0, claimed);
    check_count(".shp", records_of(shp, where), dbf, where);
    return copy_for_new_index(input, dbf_path, shp, findings);
  }
  // What GDAL reads is what the header of the index says, be the file longer or not.
  const std::uint64_t count = (claimed_size(shx, ".shx", where) - 100) / 8;
  check_count(".shx", count, dbf, where);
  check_offsets(shx, claimed, count, where);
  return input.path;
}

}  // namespace lode::door
