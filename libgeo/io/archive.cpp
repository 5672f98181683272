#include <cpl_vsi.h>

#include <array>
#include <cstring>
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

constexpr std::size_t kMaxMembers = 10000;

std::uint64_t little(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = count; i-- > 0;) {
    value = (value << 8) | static_cast<unsigned char>(bytes[at + i]);
  }
  return value;
}

[[noreturn]] void corrupt(const std::string& file, const std::string& what) {
  throw Error("archive.corrupt", what, file, "Take a sound copy of the archive.");
}

/// Offset and length of the central directory, from the record at the end (APPNOTE 4.3.16).
std::pair<std::uint64_t, std::uint64_t> directory_of(VSILFILE* file, std::uint64_t size,
                                                     const std::string& name) {
  const std::uint64_t tail = std::min<std::uint64_t>(size, 65557);
  std::string bytes(tail, '\0');
  VSIFSeekL(file, size - tail, SEEK_SET);
  if (VSIFReadL(bytes.data(), 1, tail, file) != tail) corrupt(name, "the archive cannot be read");
  const auto at = bytes.rfind("PK\x05\x06");
  if (at == std::string::npos || at + 22 > bytes.size()) {
    corrupt(name, "the archive has no directory: it is cut or no zip file");
  }
  const auto length = little(bytes, at + 12, 4);
  const auto offset = little(bytes, at + 16, 4);
  if (length == 0xFFFFFFFF || offset == 0xFFFFFFFF) {
    throw Error("io.too_large", "archives beyond 4 GiB are not read", name, "Unpack it first.");
  }
  if (offset + length > size) corrupt(name, "the archive's directory lies outside the file");
  return {offset, length};
}

bool unsafe_name(const std::string& name) {
  if (name.empty() || name.front() == '/' || name.front() == '\\') return true;
  if (name.find('\0') != std::string::npos || name.find(':') != std::string::npos) return true;
  std::string text = name;
  for (char& c : text) c = c == '\\' ? '/' : c;
  for (const auto& part : split(text, '/')) {
    if (part == "..") return true;
  }
  return false;
}

constexpr std::array<std::uint32_t, 256> crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t n = 0; n < 256; ++n) {
    std::uint32_t c = n;
    for (int k = 0; k < 8; ++k) c = (c & 1U) != 0 ? 0xEDB88320U ^ (c >> 1) : c >> 1;
    table[n] = c;
  }
  return table;
}

/// CRC-32 (ISO 3309) of what the member unpacks to; stops when it grows past what it claims.
void check_content(const std::string& archive, const ArchiveMember& member) {
  static constexpr auto kTable = crc_table();
  if (member.name.back() == '/') return;
  const File file(VSIFOpenL(("/vsizip/{" + archive + "}/" + member.name).c_str(), "rb"));
  if (!file) corrupt(archive, "member '" + printable(member.name) + "' cannot be read");
  std::array<char, 1 << 16> buffer{};
  std::uint32_t crc = 0xFFFFFFFFU;
  std::uint64_t total = 0;
  for (;;) {
    const std::size_t count = VSIFReadL(buffer.data(), 1, buffer.size(), file.get());
    for (std::size_t i = 0; i < count; ++i) {
      crc = kTable.at((crc ^ static_cast<unsigned char>(buffer[i])) & 0xFFU) ^ (crc >> 8);
    }
    total += count;
    if (total > member.expanded) break;
    if (count < buffer.size()) break;
  }
  if (total != member.expanded || (crc ^ 0xFFFFFFFFU) != member.crc) {
    corrupt(archive, "member '" + printable(member.name) + "' does not match its checksum");
  }
}

void check_sizes(const std::string& file, const std::vector<ArchiveMember>& members) {
  std::uint64_t total = 0, packed = 0;
  for (const auto& member : members) {
    total += member.expanded;
    packed += member.compressed;
    const bool dense = member.expanded > (std::uint64_t{1} << 20) &&
                       member.expanded / std::max<std::uint64_t>(member.compressed, 1) > kMaxRatio;
    if (dense || member.expanded > kMaxExpandedBytes) {
      throw Error(
          "archive.bomb",
          "member '" + printable(member.name) + "' grows to " + std::to_string(member.expanded) +
              " bytes from " + std::to_string(member.compressed),
          file, "The limits are 1 GiB and a ratio of 100; unpack it yourself if you trust it.");
    }
  }
  if (total > kMaxExpandedBytes) {
    throw Error("archive.bomb", "the archive grows to more than 1 GiB", file,
                "Unpack it yourself if you trust it.");
  }
}

ArchiveMember member_at(const std::string& bytes, std::size_t at, const std::string& file) {
  if (at + 46 > bytes.size() || bytes.compare(at, 4, "PK\x01\x02") != 0) {
    corrupt(file, "the archive's directory is damaged");
  }
  if ((little(bytes, at + 8, 2) & 1U) != 0) {
    throw Error("io.unsupported_format", "the archive is encrypted", file, "Unpack it first.");
  }
  ArchiveMember member;
  member.crc = static_cast<std::uint32_t>(little(bytes, at + 16, 4));
  member.compressed = little(bytes, at + 20, 4);
  member.expanded = little(bytes, at + 24, 4);
  const auto name_length = little(bytes, at + 28, 2);
  if (at + 46 + name_length > bytes.size()) corrupt(file, "the archive's directory is cut");
  member.name = bytes.substr(at + 46, name_length);
  const auto mode = little(bytes, at + 38, 4) >> 16;
  if ((mode & 0170000U) == 0120000U || unsafe_name(member.name)) {
    throw Error("archive.unsafe_path",
                "member '" + printable(member.name) + "' points outside the archive", file,
                "Do not trust this archive; ask its sender for a clean one.");
  }
  return member;
}

}  // namespace

std::vector<ArchiveMember> check_archive(const std::string& path) {
  const File file(VSIFOpenL(path.c_str(), "rb"));
  if (!file) throw Error("io.read", "the archive cannot be read", path);
  const auto [offset, length] = directory_of(file.get(), file_size(path), path);
  std::string bytes(length, '\0');
  VSIFSeekL(file.get(), offset, SEEK_SET);
  if (VSIFReadL(bytes.data(), 1, length, file.get()) != length) {
    corrupt(path, "the archive's directory cannot be read");
  }
  std::vector<ArchiveMember> members;
  for (std::size_t at = 0; at < bytes.size();) {
    members.push_back(member_at(bytes, at, path));
    at += 46 + little(bytes, at + 28, 2) + little(bytes, at + 30, 2) + little(bytes, at + 32, 2);
    for (std::size_t i = 0; i + 1 < members.size() && members.size() < 1000; ++i) {
      if (members[i].name == members.back().name)
        corrupt(path, "a member stands twice in the archive");
    }
    if (members.size() > kMaxMembers) {
      throw Error("io.too_large", "the archive has more than 10000 members", path,
                  "Unpack it first.");
    }
  }
  check_sizes(path, members);
  for (const auto& member : members) check_content(path, member);
  return members;
}

}  // namespace lode::door
