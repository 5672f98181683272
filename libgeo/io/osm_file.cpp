#include "libgeo/io/osm_file.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/osm_lines.h"

namespace lode {

namespace {

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

[[noreturn]] void no_blocks(const std::string& path, const std::string& what) {
  throw Error("osm.syntax", "this is no OpenStreetMap file in PBF: " + what, path,
              "Take a sound copy of the extract; XML belongs in a file named .osm.");
}

[[noreturn]] void cut(const std::string& path, std::uintmax_t size) {
  throw Error("osm.cut", "the file ends mid-way, at byte " + std::to_string(size), path,
              "Download the extract again and compare its checksum.");
}

/// What a BlobHeader says: field 1 is the type, 3 the bytes that follow (protocol buffers).
struct BlockHead {
  std::string type;
  std::uint64_t bytes = 0;
};

bool read_varint(std::string_view& text, std::uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 64 && !text.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(text.front());
    text.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
    if (byte < 0x80U) return true;
  }
  return false;
}

bool read_head(std::string_view text, BlockHead& head) {
  while (!text.empty()) {
    std::uint64_t key = 0, value = 0;
    if (!read_varint(text, key) || !read_varint(text, value)) return false;
    if ((key & 7U) == 2U) {  // a text of `value` bytes
      if (value > text.size()) return false;
      if (key >> 3U == 1U) head.type = std::string(text.substr(0, value));
      text.remove_prefix(value);
    } else if ((key & 7U) == 0U) {
      if (key >> 3U == 3U) head.bytes = value;
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace

bool is_osm_path(const std::string& path) {
  const std::string name = lower(path);
  for (const char* end : {".pbf", ".osm", ".osm.gz", ".osm.bz2", ".osh", ".osh.gz", ".osh.bz2",
                          ".osc", ".osc.gz", ".osc.bz2"})
    if (ends_with(name, end)) return true;
  return false;
}

osm::Packing osm::check_file(const std::string& path) {
  std::error_code failed;
  const auto status = std::filesystem::status(path, failed);
  if (path.rfind("/vsi", 0) == 0 ||
      (!std::filesystem::exists(status) && path.find("://") != std::string::npos))
    throw Error("io.forbidden_path", "extracts are read from plain files only", path,
                "Fetch and unpack the file first, and name it.");
  if (!std::filesystem::exists(status))
    throw Error("io.missing_file", "there is no such file", path,
                "Check the spelling and the folder you are in.");
  if (!std::filesystem::is_regular_file(status))
    throw Error("io.not_a_file", "this is a folder, a device or a pipe, not a file", path,
                "Name a regular file.");
  const std::string name = lower(path);
  if (ends_with(name, ".osh.pbf"))
    throw Error("osm.history", "this is a history of the map, not its state", path,
                "Take an extract without history: osmium time-filter makes one.");
  if (ends_with(name, ".pbf")) return Packing::pbf;
  if (ends_with(name, ".osm")) return Packing::xml;
  if (ends_with(name, ".osm.gz")) return Packing::xml_gzip;
  if (ends_with(name, ".bz2"))
    throw Error(
        "io.unsupported_format", "extracts packed with bzip2 are not read", path,
        "Unpack it (bunzip2), or convert it: osmium cat extract.osm.bz2 -o extract.osm.pbf.");
  if (name.find(".osh") != std::string::npos || name.find(".osc") != std::string::npos)
    throw Error("osm.history", "this is a history or a list of changes, not a state of the map",
                path, "Take an extract of one day: .osm.pbf, .osm or .osm.gz.");
  throw Error("io.unsupported_format", "this is no extract of OpenStreetMap by its name", path,
              "Lode reads .osm.pbf, .osm and .osm.gz.");
}

void osm::check_blocks(const std::string& path, const Progress& progress) {
  std::ifstream file(path, std::ios::binary);
  std::error_code failed;
  const std::uintmax_t size = std::filesystem::file_size(path, failed);
  if (!file || failed)
    throw Error("io.read", "the file cannot be read", path, "Check the rights of the file.");
  std::uintmax_t at = 0;
  std::size_t blocks = 0;
  while (at < size) {
    std::array<unsigned char, 4> prefix{};
    if (!file.read(reinterpret_cast<char*>(prefix.data()), 4)) cut(path, size);
    const std::uint32_t length = static_cast<std::uint32_t>(prefix[0]) << 24U |
                                 static_cast<std::uint32_t>(prefix[1]) << 16U |
                                 static_cast<std::uint32_t>(prefix[2]) << 8U | prefix[3];
    if (length == 0 || length > 64U * 1024U)
      no_blocks(path, "no block starts at byte " + std::to_string(at));
    std::string text(length, '\0');
    if (!file.read(text.data(), length)) {
      // The first bytes of some other file may stand for a length by chance.
      if (blocks == 0 && size > 4 && text.find("OSMHeader") == std::string::npos)
        no_blocks(path, "it does not start with a header");
      cut(path, size);
    }
    BlockHead head;
    if (!read_head(text, head) || head.type.empty() || head.bytes == 0 ||
        (blocks == 0 && head.type != "OSMHeader"))
      no_blocks(path, blocks == 0 ? std::string("it does not start with a header")
                                  : "the block at byte " + std::to_string(at) + " is damaged");
    if (head.bytes > 32U * 1024U * 1024U)
      no_blocks(path, "the block at byte " + std::to_string(at) + " is too large");
    at += 4 + length + head.bytes;
    if (at > size) cut(path, size);
    file.seekg(static_cast<std::streamoff>(at));
    if (++blocks % 256 == 0) progress.check();
  }
  if (blocks == 0) throw Error("osm.cut", "the file is empty", path, "Download the extract again.");
}

}  // namespace lode
