// What the files of this room share: GDAL's set-up, checked inputs, and private copies in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/io/open.h"

namespace lode::door {

/// Formats that Lode reads; anything else is refused by name.
enum class Format {
  shapefile,
  dbf,
  geopackage,
  geojson,
  flatgeobuf,
  csv,
  xlsx,
  geotiff,
  ascii_grid
};

/// Bytes that an archive or a compressed stream may grow to, and by how much.
inline constexpr std::uint64_t kMaxExpandedBytes = std::uint64_t{1} << 30;
inline constexpr std::uint64_t kMaxRatio = 100;

/// A checked input. `given` is the user's text, `path` what the readers open (it may lie in
/// memory), `file` the regular file whose checksum names the input ("" for standard input).
struct Input {
  std::string given;
  std::string path;
  std::string file;
  std::string sha256;  ///< set only for standard input, which cannot be read twice
  Format format = Format::csv;
};

/// Registers the allowed drivers and sets every GDAL option that matters, whatever the
/// environment says. Cheap after the first call; callable from any thread.
void set_up();

/// Checks path, kind of file, archive limits and that the content is what the ending says.
/// Errors: "io.missing_file", "io.forbidden_path", "io.not_a_file", "io.unsupported_format",
/// "io.corrupt", "io.too_large", "archive.*".
[[nodiscard]] Input resolve_input(const std::string& path);

/// The part of `open_dataset` after the path has been judged.
[[nodiscard]] DatasetHandle open_input(Input input, OpenKind kind, Findings& findings);

/// The whole file (real, zipped or in memory). Errors "io.read", "io.too_large".
[[nodiscard]] std::string read_bytes(const std::string& path,
                                     std::uint64_t limit = kMaxExpandedBytes);
/// At most `count` bytes from the start.
[[nodiscard]] std::string read_head(const std::string& path, std::size_t count);
[[nodiscard]] bool file_exists(const std::string& path);
[[nodiscard]] std::uint64_t file_size(const std::string& path);
/// A new folder in memory; `DatasetCloser` removes it with the dataset that lies in it.
[[nodiscard]] std::string memory_folder();
void write_memory(const std::string& path, const std::string& bytes);
/// Removes the private copy (in memory or in the temporary folder) that `path` lies in, if any.
void remove_private(const std::string& path);

/// The sidecar of a file with another ending, in lower or upper case; "" when there is none.
[[nodiscard]] std::string sidecar(const std::string& path, const std::string& ending);

/// Zip: names within the archive, sizes and ratio, CRC of each member.
/// Errors "archive.unsafe_path", "archive.bomb", "archive.corrupt".
struct ArchiveMember {
  std::string name;
  std::uint64_t compressed = 0;
  std::uint64_t expanded = 0;
  std::uint32_t crc = 0;
};
[[nodiscard]] std::vector<ArchiveMember> check_archive(const std::string& file);

/// Faults of a shapefile set that GDAL passes over: sizes, counts, numbers in the .dbf.
/// Returns the path to open: the same, or a copy in memory when the .shx had to be rebuilt.
/// Errors "io.missing_sidecar", "io.corrupt", "table.bad_number".
[[nodiscard]] std::string check_shapefile(const Input& input, Findings& findings);
/// GDAL writes a missing number as asterisks; blank cells cannot be taken for an overflow.
void blank_asterisks(const std::string& dbf);

/// Strict reading of a GeoJSON text: RFC 8259 syntax, depth, repeated keys, RFC 7946 structure.
/// Errors "geojson.*", "io.forbidden_path" (crs link), "crs.unknown" (crs that GDAL cannot read).
void check_geojson(const std::string& text, const std::string& where, Findings& findings);

/// Every cell of an ESRI ASCII grid must be a number, and there must be as many as it says: GDAL
/// reads other text as 0. Errors "raster.bad_number", "raster.corrupt".
void check_ascii_grid(const Input& input);

/// Faults of a GeoPackage that GDAL passes over. Errors "io.corrupt", "gpkg.*", "table.bad_number".
/// Returns the path to open: the same, or a private copy when a write-ahead log lies beside it.
[[nodiscard]] std::string check_geopackage(const Input& input, Findings& findings);

/// Text in a Windows-1252 encoding as UTF-8.
[[nodiscard]] std::string utf8_from_cp1252(const std::string& text);
/// From any encoding that the C library knows. Error "io.unknown_encoding".
[[nodiscard]] std::string utf8_from(const std::string& text, const std::string& encoding,
                                    const std::string& where);

}  // namespace lode::door
