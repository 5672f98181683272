#include "libgeo/io/zip_parts.h"

#include <algorithm>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode::zip_parts {

namespace {

using unpack::little;
using unpack::put_little;

constexpr std::size_t kMaxMembers = 100000;
constexpr std::uint64_t kFourGiB = 0xFFFFFFFF;

[[noreturn]] void corrupt(const std::string& where, const std::string& what) {
  throw Error("archive.corrupt", what, where, "Take a sound copy of the file.");
}

bool unsafe_name(const std::string& name) {
  if (name.empty() || name.front() == '/' || name.find('\0') != std::string::npos) return true;
  if (name.find('\\') != std::string::npos || name.find(':') != std::string::npos) return true;
  const auto parts = split(name, '/');
  return std::find(parts.begin(), parts.end(), "..") != parts.end();
}

// Where the record at the end of the directory begins (APPNOTE 4.3.16): the one whose comment ends
// with the file.
std::size_t end_record(std::string_view bytes, const std::string& where) {
  const std::size_t lowest = bytes.size() > 65557 ? bytes.size() - 65557 : 0;
  for (std::size_t at = bytes.size() < 22 ? 0 : bytes.size() - 21; at-- > lowest;)
    if (bytes.compare(at, 4, "PK\x05\x06", 4) == 0 &&
        at + 22 + little(bytes, at + 20, 2) == bytes.size())
      return at;
  corrupt(where, "the archive has no directory at its end: it is cut");
}

}  // namespace

Archive::Member Archive::member_at(std::size_t at, std::string& name) const {
  const std::string& where = allowance_->where();
  if (at + 46 > bytes_.size() || bytes_.compare(at, 4, "PK\x01\x02", 4) != 0)
    corrupt(where, "the archive's directory is damaged");
  const std::size_t name_length = little(bytes_, at + 28, 2);
  if (at + 46 + name_length > bytes_.size()) corrupt(where, "the archive's directory is cut");
  name = std::string(bytes_.substr(at + 46, name_length));
  if (unsafe_name(name))
    throw Error("archive.unsafe_path",
                "member '" + printable(name) + "' points outside the archive", where,
                "Do not trust this file; ask its sender for a clean one.");
  const auto method = little(bytes_, at + 10, 2);
  if ((little(bytes_, at + 8, 2) & 1U) != 0 || (method != 0 && method != 8))
    throw Error("io.unsupported_format",
                "member '" + printable(name) + "' is encrypted or packed in a way that is not read",
                where, "Have it written without compression.");
  Member member;
  member.deflated = method == 8;
  member.crc = static_cast<std::uint32_t>(little(bytes_, at + 16, 4));
  member.packed = little(bytes_, at + 20, 4);
  member.expanded = little(bytes_, at + 24, 4);
  const std::size_t local = little(bytes_, at + 42, 4);
  if (member.packed == kFourGiB || member.expanded == kFourGiB || local == kFourGiB)
    throw Error("io.too_large", "archives beyond 4 GiB are not read", where);
  if (local + 30 > bytes_.size() || bytes_.compare(local, 4, "PK\x03\x04", 4) != 0 ||
      local + 30 + little(bytes_, local + 26, 2) > bytes_.size() ||
      bytes_.substr(local + 30, little(bytes_, local + 26, 2)) != name)
    corrupt(where, "member '" + printable(name) + "' is not where the directory says");
  member.begin = local + 30 + name_length + little(bytes_, local + 28, 2);
  if (member.begin + member.packed > bytes_.size())
    corrupt(where, "member '" + printable(name) + "' is cut");
  return member;
}

Archive::Archive(std::string_view bytes, unpack::Allowance& allowance)
    : bytes_(bytes), allowance_(&allowance) {
  const std::string& where = allowance.where();
  const std::size_t end = end_record(bytes, where);
  comment_ = std::string(bytes.substr(end + 22));
  const std::size_t count = little(bytes, end + 10, 2), length = little(bytes, end + 12, 4),
                    begin = little(bytes, end + 16, 4);
  if (begin + length > end) corrupt(where, "the archive's directory lies outside the file");
  std::vector<std::pair<std::size_t, std::size_t>> spans;
  for (std::size_t at = begin; at < begin + length;) {
    std::string name;
    const Member member = member_at(at, name);
    at += 46 + name.size() + little(bytes, at + 30, 2) + little(bytes, at + 32, 2);
    spans.emplace_back(member.begin, member.begin + member.packed);
    if (!members_.emplace(name, member).second)
      corrupt(where, "member '" + printable(name) + "' stands twice in the archive");
    if (members_.size() > kMaxMembers)
      throw Error("io.too_large", "the archive has more than 100000 members", where);
  }
  if ((members_.size() & 0xFFFFU) != count)
    corrupt(where, "the archive's directory says " + std::to_string(count) + " members and has " +
                       std::to_string(members_.size()));
  std::sort(spans.begin(), spans.end());
  for (std::size_t i = 1; i < spans.size(); ++i)
    if (spans[i].first < spans[i - 1].second)
      corrupt(where, "members of the archive overlap: no program that packs files writes such");
}

std::string_view Archive::packed_bytes(const Member& member, const std::string& name) const {
  if (!member.deflated && member.packed != member.expanded)
    corrupt(allowance_->where(), "member '" + printable(name) + "' does not have the size it says");
  return bytes_.substr(member.begin, member.packed);
}

std::string Archive::content(const std::string& name) const {
  const auto found = members_.find(name);
  const std::string where = allowance_->where() + ", " + printable(name);
  if (found == members_.end()) corrupt(where, "the archive has no such member");
  const Member& member = found->second;
  const std::string_view packed = packed_bytes(member, name);
  std::string result;
  if (member.deflated) {
    result = unpack::inflate(packed, unpack::Wrap::raw, *allowance_, where);
  } else {
    allowance_->take(packed.size());
    result = std::string(packed);
  }
  if (result.size() != member.expanded || unpack::crc32_of(result) != member.crc)
    corrupt(where, "the member does not match its checksum");
  return result;
}

std::string stored_zip(const std::vector<std::pair<std::string, std::string>>& members,
                       const std::string& comment) {
  std::string bytes, directory;
  for (const auto& [name, content] : members) {
    const std::size_t local = bytes.size();
    if (local + content.size() + directory.size() + 1024 > kFourGiB || members.size() > 65534)
      throw Error("io.too_large", "an archive of more than 4 GiB is not written", name);
    // Version 2.0, no flags, stored, 1980-01-01 00:00, checksum, both sizes, lengths of names.
    std::string shared;
    for (const unsigned field : {20U, 0U, 0U, 0U, 33U}) put_little(shared, field, 2);
    put_little(shared, unpack::crc32_of(content), 4);
    put_little(shared, content.size(), 4);
    put_little(shared, content.size(), 4);
    put_little(shared, name.size(), 2);
    put_little(shared, 0, 2);
    bytes += "PK\x03\x04" + shared + name + content;
    directory += "PK\x01\x02";
    put_little(directory, 20 | 3U << 8U, 2);  // made on Unix, whose modes the next fields hold
    directory += shared;
    for (int i = 0; i < 3; ++i) put_little(directory, 0, 2);
    put_little(directory, 0100644U << 16U, 4);
    put_little(directory, local, 4);
    directory += name;
  }
  const std::size_t begin = bytes.size();
  bytes += directory;
  bytes += "PK\x05\x06";
  put_little(bytes, 0, 4);
  put_little(bytes, members.size(), 2);
  put_little(bytes, members.size(), 2);
  put_little(bytes, directory.size(), 4);
  put_little(bytes, begin, 4);
  put_little(bytes, comment.size(), 2);
  return bytes + comment;
}

}  // namespace lode::zip_parts
