#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/door.h"

namespace lode::door {
namespace {

namespace fs = std::filesystem;

struct DatabaseCloser {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
using Database = std::unique_ptr<sqlite3, DatabaseCloser>;
struct StatementCloser {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, StatementCloser>;

[[noreturn]] void corrupt(const std::string& where, const std::string& what) {
  throw Error("io.corrupt", what, where, "Take a sound copy of the file.");
}

std::string uri_of(const std::string& path) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string uri = "file:";
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '/' || c == '.' || c == '-' || c == '_';
    if (plain) {
      uri += c;
    } else {
      uri += '%';
      uri += kHex[static_cast<unsigned char>(c) >> 4];
      uri += kHex[static_cast<unsigned char>(c) & 15];
    }
  }
  return uri + "?immutable=1";
}

/// Read-only and immutable: SQLite then neither locks, nor reads or removes a journal beside it.
Database open_read_only(const Input& input, std::string& bytes) {
  sqlite3* raw = nullptr;
  int result = SQLITE_OK;
  if (input.path == input.file || input.path.rfind("/vsi", 0) != 0) {
    result = sqlite3_open_v2(uri_of(input.path).c_str(), &raw,
                             SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, nullptr);
  } else {
    bytes = read_bytes(input.path);
    result = sqlite3_open_v2(":memory:", &raw, SQLITE_OPEN_READWRITE, nullptr);
    if (result == SQLITE_OK) {
      result = sqlite3_deserialize(raw, "main", reinterpret_cast<unsigned char*>(bytes.data()),
                                   static_cast<sqlite3_int64>(bytes.size()),
                                   static_cast<sqlite3_int64>(bytes.size()),
                                   SQLITE_DESERIALIZE_READONLY);
    }
  }
  Database database(raw);
  if (result != SQLITE_OK) corrupt(input.given, "the database cannot be opened");
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  return database;
}

std::vector<std::vector<std::string>> query(sqlite3* database, const std::string& sql,
                                            const std::string& where) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(database, sql.c_str(), -1, &raw, nullptr) != SQLITE_OK) {
    corrupt(where, std::string("the database is damaged: ") + printable(sqlite3_errmsg(database)));
  }
  const Statement statement(raw);
  std::vector<std::vector<std::string>> rows;
  int step = SQLITE_ROW;
  while ((step = sqlite3_step(raw)) == SQLITE_ROW) {
    std::vector<std::string> row;
    for (int i = 0; i < sqlite3_column_count(raw); ++i) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(raw, i));
      row.emplace_back(text == nullptr ? "" : text);
    }
    rows.push_back(std::move(row));
  }
  if (step != SQLITE_DONE) {
    corrupt(where, std::string("the database is damaged: ") + printable(sqlite3_errmsg(database)));
  }
  return rows;
}

std::string quoted(const std::string& name) {
  std::string text = "\"";
  for (const char c : name) {
    text += c;
    if (c == '"') text += c;
  }
  return text + "\"";
}

/// The number types of the GeoPackage standard and their SQL synonyms, sizes left aside.
bool is_numeric_type(const std::string& declared) {
  const std::string type = lower(trim(declared.substr(0, declared.find('('))));
  for (const char* name : {"int", "integer", "tinyint", "smallint", "mediumint", "bigint", "real",
                           "double", "double precision", "float", "numeric", "decimal"}) {
    if (type == name) return true;
  }
  return false;
}

/// SQLite keeps text in a REAL column and GDAL would read "12,5 Mt" as 12.
void check_numbers(sqlite3* database, const std::string& table, const std::string& where) {
  std::vector<std::string> columns;
  for (const auto& row : query(database, "PRAGMA table_info(" + quoted(table) + ")", where)) {
    if (row.size() > 2 && is_numeric_type(row[2])) columns.push_back(row[1]);
  }
  if (columns.empty()) return;
  std::string condition;
  for (const auto& column : columns) {
    condition += (condition.empty() ? "" : " OR ") + std::string("typeof(") + quoted(column) +
                 ") IN ('text','blob')";
  }
  std::string list;
  for (const auto& column : columns) {
    list += ", CASE WHEN typeof(" + quoted(column) + ") IN ('text','blob') THEN " + quoted(column) +
            " END";
  }
  const auto bad = query(
      database,
      "SELECT rowid" + list + " FROM " + quoted(table) + " WHERE " + condition + " LIMIT 1", where);
  if (bad.empty()) return;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (bad[0][i + 1].empty()) continue;
    throw Error("table.bad_number",
                "'" + printable(bad[0][i + 1]) + "' in number field '" + printable(columns[i]) +
                    "' is not a number",
                where + ":" + printable(table) + ", feature " + bad[0][0],
                "Correct the value in its source.");
  }
}

void check_size(const std::string& head, std::uint64_t size, const std::string& where) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(head[i]); };
  if (head.size() < 100) corrupt(where, "the database is cut in its header");
  std::uint64_t page = byte(16) * 256U + byte(17);
  if (page == 1) page = 65536;
  const std::uint64_t pages = (static_cast<std::uint64_t>(byte(28)) << 24) | (byte(29) << 16U) |
                              (byte(30) << 8U) | byte(31);
  if (page < 512 || size < page * pages) {
    corrupt(where, "the database is cut: " + std::to_string(size) + " bytes where " +
                       std::to_string(page * pages) + " belong");
  }
}

/// What a crashed or still running writer left in a -wal belongs to the data: it is joined into a
/// private copy, and the input's folder stays as it is.
std::string copy_with_log(const Input& input, Findings& findings) {
  const std::string log = input.file + "-wal";
  std::error_code error;
  if (!fs::exists(log, error) || fs::file_size(log, error) == 0) return input.path;
  std::string pattern = (fs::temp_directory_path(error) / "lode-copy-XXXXXX").string();
  if (error || ::mkdtemp(pattern.data()) == nullptr) {
    throw Error(
        "io.write", "no private copy could be made for its write-ahead log", input.given,
        "Let TMPDIR name a folder with free space, or close the program that writes to it.");
  }
  const std::string copy = pattern + "/" + fs::path(input.file).filename().string();
  fs::copy_file(input.file, copy, error);
  if (!error) fs::copy_file(log, copy + "-wal", error);
  sqlite3* raw = nullptr;
  int result = SQLITE_ERROR;
  if (!error) result = sqlite3_open_v2(copy.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
  const Database database(raw);
  if (result == SQLITE_OK) {
    result = sqlite3_exec(raw, "PRAGMA journal_mode=DELETE", nullptr, nullptr, nullptr);
  }
  if (error || result != SQLITE_OK) {
    fs::remove_all(pattern, error);
    corrupt(input.given, "the write-ahead log (-wal) beside it cannot be joined to it");
  }
  findings.add("gpkg.write_ahead_log", Severity::warning, input.given,
               "a write-ahead log (-wal) lies beside the file: it was joined in a private copy; "
               "the file may still be open elsewhere");
  return copy;
}

}  // namespace

std::string check_geopackage(const Input& input, Findings& findings) {
  const std::string& where = input.given;
  const std::string head = read_head(input.path, 100);
  check_size(head, file_size(input.path), where);
  const std::string id = head.substr(68, 4);
  if (id != "GPKG" && id != "GP10" && id != "GP11") {
    findings.add("gpkg.non_conformant", Severity::warning, where,
                 "the file does not mark itself as a GeoPackage (application_id)");
  }
  std::string bytes;
  Input checked = input;
  if (!input.file.empty() && input.path.rfind("/vsi", 0) != 0) {
    checked.path = copy_with_log(input, findings);
  }
  const Database database = open_read_only(checked, bytes);
  const auto tables =
      query(database.get(),
            "SELECT c.table_name, c.srs_id, g.srs_id FROM gpkg_contents c "
            "LEFT JOIN gpkg_geometry_columns g ON lower(g.table_name) = lower(c.table_name) "
            "WHERE c.data_type IN ('features', 'attributes', 'aspatial')",
            where);
  for (const auto& row : tables) {
    if (row[0] == "layer_styles") continue;
    if (!row[1].empty() && !row[2].empty() && row[1] != row[2]) {
      throw Error("gpkg.srs_disagree",
                  "gpkg_contents says srs_id " + row[1] + ", gpkg_geometry_columns " + row[2],
                  where + ":" + printable(row[0]), "Write the layer anew with one CRS.");
    }
    check_numbers(database.get(), row[0], where);
  }
  return checked.path;
}

}  // namespace lode::door
