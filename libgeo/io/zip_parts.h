// Members of a ZIP archive held in memory, checked before use, and a ZIP of stored members.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libgeo/io/unpack.h"

namespace lode::zip_parts {

/// Names and places of the members of an archive; their content is unpacked and its checksum
/// compared when it is asked for.
class Archive {
 public:
  /// Errors "archive.corrupt" (no or a damaged directory, a name that stands twice, members that
  /// overlap or lie outside), "archive.unsafe_path", "io.unsupported_format" (encrypted or packed
  /// by something other than deflate).
  Archive(std::string_view bytes, unpack::Allowance& allowance);
  [[nodiscard]] const std::string& comment() const { return comment_; }
  [[nodiscard]] bool has(const std::string& name) const { return members_.count(name) > 0; }
  /// Error "archive.corrupt" when the member does not match its size or checksum.
  [[nodiscard]] std::string content(const std::string& name) const;

 private:
  struct Member {
    std::size_t begin = 0, packed = 0, expanded = 0;
    std::uint32_t crc = 0;
    bool deflated = false;
  };
  [[nodiscard]] Member member_at(std::size_t at, std::string& name) const;
  [[nodiscard]] std::string_view packed_bytes(const Member& member, const std::string& name) const;

  std::string_view bytes_;
  unpack::Allowance* allowance_;
  std::string comment_;
  std::map<std::string, Member> members_;
};

/// An archive of stored members in their order, dated 1980-01-01. Error "io.too_large" beyond 4
/// GiB.
[[nodiscard]] std::string stored_zip(
    const std::vector<std::pair<std::string, std::string>>& members, const std::string& comment);

}  // namespace lode::zip_parts
