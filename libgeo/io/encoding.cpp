#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>

#include <array>
#include <memory>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/door.h"

namespace lode::door {
namespace {

// Windows-1252, 0x80 to 0x9F (www.unicode.org/Public/MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252.TXT);
// the five unassigned bytes become the replacement character.
constexpr std::array<unsigned, 32> kCp1252{
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

void append_utf8(std::string& text, unsigned code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | (code >> 6));
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    text += static_cast<char>(0xE0 | (code >> 12));
    text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  }
}

}  // namespace

std::string utf8_from_cp1252(const std::string& text) {
  std::string result;
  result.reserve(text.size() + 8);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    append_utf8(result, byte >= 0x80 && byte < 0xA0 ? kCp1252.at(byte - 0x80U) : byte);
  }
  return result;
}

std::string utf8_from(const std::string& text, const std::string& encoding,
                      const std::string& where) {
  const std::string name = lower(encoding);
  if (name == "cp1252" || name == "windows-1252" || name == "1252") return utf8_from_cp1252(text);
  if (name == "utf-8" || name == "utf8") return text;
  CPLPushErrorHandler(CPLQuietErrorHandler);
  CPLErrorReset();
  char* raw = CPLCanRecode("a", encoding.c_str(), "UTF-8") != 0
                  ? CPLRecode(text.c_str(), encoding.c_str(), "UTF-8")
                  : nullptr;
  CPLPopErrorHandler();
  const std::unique_ptr<char, void (*)(void*)> recoded(raw, VSIFree);
  if (!recoded) {
    throw Error("io.unknown_encoding", "there is no encoding '" + printable(encoding) + "'", where,
                "Use one such as UTF-8, CP1252, ISO-8859-1 or CP932.");
  }
  return recoded.get();
}

}  // namespace lode::door
