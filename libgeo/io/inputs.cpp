#include <cpl_conv.h>
#include <cpl_vsi.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <memory>
#include <utility>

#include "libgeo/core/error.h"
#include "libgeo/core/provenance.h"
#include "libgeo/core/text.h"
#include "libgeo/io/door.h"

namespace lode::door {
namespace {

struct FileCloser {
  void operator()(VSILFILE* file) const { VSIFCloseL(file); }
};
using File = std::unique_ptr<VSILFILE, FileCloser>;

constexpr std::string_view kEndings =
    "Lode reads .shp .dbf .gpkg .geojson .json .fgb .csv .tsv .txt .xlsx .tif .asc, each also "
    "within .zip and .gz.";

bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}
bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

constexpr std::array<std::pair<std::string_view, Format>, 15> kFormats{{
    {".shp", Format::shapefile},
    {".dbf", Format::dbf},
    {".gpkg", Format::geopackage},
    {".geojson", Format::geojson},
    {".json", Format::geojson},
    {".fgb", Format::flatgeobuf},
    {".csv", Format::csv},
    {".tsv", Format::csv},
    {".txt", Format::csv},
    {".xlsx", Format::xlsx},
    {".tif", Format::geotiff},
    {".tiff", Format::geotiff},
    {".asc", Format::ascii_grid},
    {".grd", Format::ascii_grid},
    {".agr", Format::ascii_grid},
}};

const Format* format_of_name(std::string_view name) {
  const std::string small = lower(name);
  for (const auto& [ending, format] : kFormats) {
    if (ends_with(small, ending)) return &format;
  }
  return nullptr;
}

Format known_format(const std::string& name, const std::string& given) {
  if (const Format* format = format_of_name(name)) return *format;
  throw Error("io.unsupported_format", "files of this kind are not read", given,
              std::string(kEndings));
}

std::string_view without_bom(std::string_view head) {
  if (starts_with(head, "\xEF\xBB\xBF")) head.remove_prefix(3);
  return head;
}

bool content_fits(Format format, std::string_view head) {
  switch (format) {
    case Format::shapefile:
      return starts_with(head, std::string_view("\x00\x00\x27\x0a", 4));
    case Format::dbf:
      return !head.empty() && (head[0] == 0x03 || head[0] == 0x30 || head[0] == 0x04 ||
                               static_cast<unsigned char>(head[0]) == 0x83 ||
                               static_cast<unsigned char>(head[0]) == 0xF5);
    case Format::geopackage:
      return starts_with(head, std::string_view("SQLite format 3\0", 16));
    case Format::geojson: {
      const auto text = without_bom(head);
      const auto first = text.find_first_not_of(" \t\r\n");
      return first == std::string_view::npos || text[first] == '{' || text[first] == '[';
    }
    case Format::flatgeobuf:
      return starts_with(head, "fgb");
    case Format::xlsx:
      return starts_with(head, "PK\x03\x04");
    case Format::geotiff:
      return starts_with(head, std::string_view("II\x2A\x00", 4)) ||
             starts_with(head, std::string_view("MM\x00\x2A", 4)) ||
             starts_with(head, std::string_view("II\x2B\x00", 4)) ||
             starts_with(head, std::string_view("MM\x00\x2B", 4));
    case Format::ascii_grid: {
      const std::string start = lower(head.substr(0, 200));
      const auto first = start.find_first_not_of(" \t\r\n");
      if (first == std::string::npos) return false;
      const auto text = std::string_view(start).substr(first);
      return starts_with(text, "ncols") || starts_with(text, "nrows") || starts_with(text, "xll") ||
             starts_with(text, "yll") || starts_with(text, "cellsize") || starts_with(text, "dx") ||
             starts_with(text, "dy");
    }
    case Format::csv: {
      // UTF-16 holds zero bytes and is named by its mark; anything else with one is no text.
      if (starts_with(head, "\xFF\xFE") || starts_with(head, "\xFE\xFF")) return true;
      const auto text = without_bom(head);
      return head.find('\0') == std::string_view::npos && !starts_with(text, "<?xml") &&
             !starts_with(text, "<OGRVRT") && !starts_with(text, "<VRT");
    }
  }
  return false;
}

void check_content(const Input& input) {
  const std::string head = read_head(input.path, 512);
  if (head.empty()) {
    throw Error("io.corrupt", "the file is empty", input.given, "Take a sound copy of it.");
  }
  if (content_fits(input.format, head)) return;
  throw Error("io.corrupt", "the content is not what the file's ending says", input.given,
              "Name the file after its format, or take a sound copy of it.");
}

/// True for "http:", "PG:", "/vsicurl/..." and the like: not a plain path.
bool looks_like_connection(std::string_view path) {
  const auto colon = path.find(':');
  if (starts_with(path, "<")) return true;
  if (colon == std::string_view::npos || colon < 2) return false;
  return std::all_of(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '+';
  });
}

void check_regular(const std::string& file, const std::string& given) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) {
    const int reason = errno;
    if (looks_like_connection(file)) {
      throw Error("io.forbidden_path", "only files are read, no connections or addresses", given,
                  "Fetch the data first and name the file.");
    }
    if (reason == ENOENT || reason == ENOTDIR) {
      throw Error("io.missing_file", "there is no such file", given,
                  "Check the spelling and the folder you are in.");
    }
    throw Error("io.read", std::string("the file cannot be reached: ") + std::strerror(reason),
                given, "Check the rights of the file and its folders.");
  }
  if (!S_ISREG(status.st_mode)) {
    throw Error("io.not_a_file", "this is a folder, a device or a pipe, not a file", given,
                "Name a regular file; standard input is /vsistdin/.");
  }
}

/// Keeps the whole expanded stream in memory under its own name, so that it can be read twice.
std::string expand_to_memory(const std::string& from, const std::string& name,
                             std::uint64_t compressed, const std::string& given) {
  File file(VSIFOpenL(from.c_str(), "rb"));
  if (!file) throw Error("archive.corrupt", "the compressed file cannot be read", given);
  std::string bytes;
  std::array<char, 1 << 16> buffer{};
  for (;;) {
    const std::size_t count = VSIFReadL(buffer.data(), 1, buffer.size(), file.get());
    bytes.append(buffer.data(), count);
    if (count < buffer.size()) break;
    const bool too_dense = bytes.size() > (std::uint64_t{64} << 20) && compressed > 0 &&
                           bytes.size() / compressed > kMaxRatio;
    if (bytes.size() > kMaxExpandedBytes || too_dense) {
      throw Error("archive.bomb", "the compressed file grows beyond 1 GiB or a ratio of 100", given,
                  "Unpack it yourself if you trust it.");
    }
  }
  const std::string path = memory_folder() + "/" + name;
  write_memory(path, bytes);
  return path;
}

/// The regular file at the head of "folder/archive.zip/inner/file.shp".
std::pair<std::string, std::string> split_archive(const std::string& rest) {
  std::string text = rest;
  if (!text.empty() && text.front() == '{') {
    const auto close = text.find('}');
    if (close != std::string::npos) {
      const std::string inner = text.size() > close + 2 ? text.substr(close + 2) : "";
      return {text.substr(1, close - 1), inner};
    }
  }
  for (std::size_t slash = text.find('/', 1);; slash = text.find('/', slash + 1)) {
    const std::string head = text.substr(0, slash);
    struct stat status {};
    if (::stat(head.c_str(), &status) == 0 && S_ISREG(status.st_mode)) {
      return {head, slash == std::string::npos ? "" : text.substr(slash + 1)};
    }
    if (slash == std::string::npos) return {text, ""};
  }
}

Input resolve_zip(const std::string& given, const std::string& rest) {
  auto [file, inner] = split_archive(rest);
  check_regular(file, given);
  const auto members = check_archive(file);
  if (inner.empty()) {
    std::vector<std::string> candidates;
    for (const auto& member : members) {
      const Format* format = format_of_name(member.name);
      if (format != nullptr && *format != Format::dbf) candidates.push_back(member.name);
    }
    if (candidates.empty()) {
      throw Error("io.unsupported_format", "nothing in this archive is a file Lode reads", given,
                  std::string(kEndings));
    }
    if (candidates.size() > 1) {
      throw Error(
          "io.several_layers", "several files in this archive can be read", given,
          "Name one: /vsizip/" + file + "/NAME with NAME one of " + join(candidates, ", ") + ".");
    }
    inner = candidates.front();
  } else if (std::none_of(members.begin(), members.end(),
                          [&, &wanted = inner](const auto& m) { return m.name == wanted; })) {
    throw Error("io.missing_file", "the archive has no such member", given);
  }
  Input input{given, "/vsizip/{" + file + "}/" + inner, file, "", known_format(inner, given)};
  check_content(input);
  return input;
}

Input resolve_gzip(const std::string& given, const std::string& file) {
  check_regular(file, given);
  std::string name = std::filesystem::path(file).filename().string();
  if (ends_with(lower(name), ".gz")) name.resize(name.size() - 3);
  Input input{given, "", file, "", known_format(name, given)};
  input.path = expand_to_memory("/vsigzip/" + file, name, file_size(file), given);
  check_content(input);
  return input;
}

Input resolve_stdin(const std::string& given) {
  std::string bytes;
  std::array<char, 1 << 16> buffer{};
  while (std::cin.read(buffer.data(), buffer.size()), std::cin.gcount() > 0) {
    bytes.append(buffer.data(), static_cast<std::size_t>(std::cin.gcount()));
    if (bytes.size() > kMaxExpandedBytes) {
      throw Error("io.too_large", "standard input holds more than 1 GiB", given, "Use a file.");
    }
  }
  const std::array<std::pair<Format, const char*>, 5> tries{{{Format::geopackage, "stdin.gpkg"},
                                                             {Format::flatgeobuf, "stdin.fgb"},
                                                             {Format::xlsx, "stdin.xlsx"},
                                                             {Format::geotiff, "stdin.tif"},
                                                             {Format::geojson, "stdin.geojson"}}};
  Input input{given, "", "", sha256(bytes), Format::csv};
  std::string name = "stdin.csv";
  const std::string_view head = std::string_view(bytes).substr(0, 512);
  for (const auto& [format, file] : tries) {
    if (head.empty() || !content_fits(format, head)) continue;
    input.format = format;
    name = file;
    break;
  }
  input.path = memory_folder() + "/" + name;
  write_memory(input.path, bytes);
  check_content(input);
  return input;
}

}  // namespace

Input resolve_input(const std::string& path) {
  set_up();
  const std::string zip = "/vsizip/", gzip = "/vsigzip/", standard = "/vsistdin/";
  if (path == standard || path == "/vsistdin") return resolve_stdin(path);
  if (path.find("/vsi", 1) != std::string::npos ||
      (starts_with(path, "/vsi") && !starts_with(path, zip) && !starts_with(path, gzip))) {
    struct stat status {};
    if (!starts_with(path, "/vsi") && ::stat(path.c_str(), &status) == 0) {
      // an ordinary folder whose name begins with "vsi"
    } else {
      throw Error("io.forbidden_path", "only /vsizip/, /vsigzip/ and /vsistdin/ are read this way",
                  path, "Fetch the data first and name the file.");
    }
  }
  if (starts_with(path, zip)) return resolve_zip(path, path.substr(zip.size()));
  if (starts_with(path, gzip)) return resolve_gzip(path, path.substr(gzip.size()));
  if (path.empty()) throw Error("io.missing_file", "no file was named");
  check_regular(path, path);
  const std::string small = lower(path);
  if (ends_with(small, ".zip") || ends_with(small, ".shz")) return resolve_zip(path, path);
  if (ends_with(small, ".gz")) return resolve_gzip(path, path);
  Input input{path, path, path, "", known_format(path, path)};
  // A colon makes GDAL try the name as a connection; a leading "./" or "/" does not.
  if (path.find(':') != std::string::npos && path.front() != '/') input.path = "./" + path;
  check_content(input);
  return input;
}

std::string read_bytes(const std::string& path, std::uint64_t limit) {
  File file(VSIFOpenL(path.c_str(), "rb"));
  if (!file) throw Error("io.read", "the file cannot be read", path);
  VSIFSeekL(file.get(), 0, SEEK_END);
  const auto size = static_cast<std::uint64_t>(VSIFTellL(file.get()));
  if (size > limit) {
    throw Error("io.too_large", "the file is larger than 1 GiB", path,
                "Use a GeoPackage or FlatGeobuf for data of this size.");
  }
  VSIFSeekL(file.get(), 0, SEEK_SET);
  std::string bytes(static_cast<std::size_t>(size), '\0');
  if (size > 0 && VSIFReadL(bytes.data(), 1, bytes.size(), file.get()) != bytes.size()) {
    throw Error("io.read", "the file cannot be read to its end", path);
  }
  return bytes;
}

std::string read_head(const std::string& path, std::size_t count) {
  File file(VSIFOpenL(path.c_str(), "rb"));
  if (!file) {
    throw Error("io.read", "the file cannot be read", path, "Check the rights of the file.");
  }
  std::string bytes(count, '\0');
  bytes.resize(VSIFReadL(bytes.data(), 1, count, file.get()));
  return bytes;
}

bool file_exists(const std::string& path) {
  VSIStatBufL status{};
  return VSIStatExL(path.c_str(), &status, VSI_STAT_EXISTS_FLAG) == 0;
}

std::uint64_t file_size(const std::string& path) {
  VSIStatBufL status{};
  if (VSIStatExL(path.c_str(), &status, VSI_STAT_SIZE_FLAG) != 0) return 0;
  return static_cast<std::uint64_t>(status.st_size);
}

std::string memory_folder() {
  static std::atomic<unsigned> next{0};
  return "/vsimem/lode-" + std::to_string(next.fetch_add(1));
}

void write_memory(const std::string& path, const std::string& bytes) {
  File file(VSIFOpenL(path.c_str(), "wb"));
  if (!file || VSIFWriteL(bytes.data(), 1, bytes.size(), file.get()) != bytes.size()) {
    throw Error("io.too_large", "there is not enough memory for a private copy", path);
  }
}

void remove_private(const std::string& path) {
  if (starts_with(path, "/vsimem/lode-")) {
    const auto end = path.find('/', std::string_view("/vsimem/").size());
    VSIRmdirRecursive(path.substr(0, end).c_str());
    return;
  }
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (!starts_with(folder.filename().string(), "lode-copy-")) return;
  std::error_code ignored;
  if (folder.parent_path() == std::filesystem::temp_directory_path(ignored)) {
    std::filesystem::remove_all(folder, ignored);
  }
}

std::string sidecar(const std::string& path, const std::string& ending) {
  const auto dot = path.rfind('.');
  const std::string stem = path.substr(0, dot);
  std::string large = ending;
  for (char& c : large) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  for (const auto& candidate : {stem + ending, stem + large}) {
    if (file_exists(candidate)) return candidate;
  }
  return {};
}

}  // namespace lode::door
