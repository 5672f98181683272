// Archives built byte by byte, sound and hostile.
#include <gtest/gtest.h>

#include "libgeo/io/door.h"
#include "libgeo/io/layer.h"
#include "tests/io/scratch.h"

namespace lode {
namespace {

struct Member {
  std::string name, content;
  std::uint32_t attributes = 0;  ///< Unix mode in the upper half
  std::uint16_t flags = 0;
  bool wrong_crc = false;
  std::uint32_t claimed = 0;  ///< expanded size, when it is to lie
};

std::string little(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>((value >> (8 * i)) & 0xFF);
  return text;
}

std::uint32_t crc32(const std::string& text) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char c : text) {
    crc ^= static_cast<unsigned char>(c);
    for (int k = 0; k < 8; ++k) crc = (crc & 1U) != 0 ? 0xEDB88320U ^ (crc >> 1) : crc >> 1;
  }
  return crc ^ 0xFFFFFFFFU;
}

/// Members stored without compression (APPNOTE 4.3).
std::string zip_of(const std::vector<Member>& members) {
  std::string body, directory;
  for (const auto& m : members) {
    const std::uint32_t crc = crc32(m.content) ^ (m.wrong_crc ? 1U : 0U);
    const std::uint32_t size =
        m.claimed != 0 ? m.claimed : static_cast<std::uint32_t>(m.content.size());
    const std::string common = little(20, 2) + little(m.flags, 2) + little(0, 2) + little(0, 4) +
                               little(crc, 4) + little(m.content.size(), 4) + little(size, 4) +
                               little(m.name.size(), 2) + little(0, 2);
    directory += "PK\x01\x02" + little(0x0314, 2) + common + little(0, 2) + little(0, 2) +
                 little(0, 2) + little(m.attributes, 4) + little(body.size(), 4) + m.name;
    body += "PK\x03\x04" + common + m.name + m.content;
  }
  return body + directory + "PK\x05\x06" + little(0, 4) + little(members.size(), 2) +
         little(members.size(), 2) + little(directory.size(), 4) + little(body.size(), 4) +
         little(0, 2);
}

const char* const kTable = "id,lon,lat\nA,10,50\n";

std::string code_of(const Scratch& scratch, const std::vector<Member>& members) {
  const std::string path = scratch.write("a.zip", zip_of(members));
  return error_code_of([&] { static_cast<void>(read_layer(path)); });
}

TEST(Archives, ASoundOneIsRead) {
  const Scratch scratch;
  const std::string path =
      scratch.write("a.zip", zip_of({{"notes.md", "x"}, {"in/t.csv", kTable}}));
  EXPECT_EQ(read_layer(path).size(), 1U);
  EXPECT_EQ(read_layer("/vsizip/" + path + "/in/t.csv").size(), 1U);
  EXPECT_EQ(read_layer("/vsizip/{" + path + "}/in/t.csv").size(), 1U);
  EXPECT_EQ(error_code_of([&] { static_cast<void>(read_layer("/vsizip/" + path + "/no.csv")); }),
            "io.missing_file");
}

TEST(Archives, HostileOnesAreRefused) {
  const Scratch scratch;
  EXPECT_EQ(code_of(scratch, {{"t.csv", kTable}, {"../t.csv", kTable}}), "archive.unsafe_path");
  EXPECT_EQ(code_of(scratch, {{"/etc/t.csv", kTable}}), "archive.unsafe_path");
  EXPECT_EQ(code_of(scratch, {{"a\\..\\..\\t.csv", kTable}}), "archive.unsafe_path");
  EXPECT_EQ(code_of(scratch, {{"t.csv", kTable, 0120777U << 16}}), "archive.unsafe_path") << "link";
  EXPECT_EQ(code_of(scratch, {{"t.csv", kTable}, {"t.csv", kTable}}), "archive.corrupt");
  EXPECT_EQ(code_of(scratch, {{"t.csv", kTable, 0, 0, true}}), "archive.corrupt");
  EXPECT_EQ(code_of(scratch, {{"t.csv", kTable, 0, 1}}), "io.unsupported_format") << "encrypted";
  EXPECT_EQ(code_of(scratch, {{"t.csv", kTable, 0, 0, false, 0x50000000U}}), "archive.bomb");
  EXPECT_EQ(code_of(scratch, {{"t.csv", kTable}, {"u.csv", kTable}}), "io.several_layers");
  EXPECT_EQ(code_of(scratch, {{"t.md", "x"}}), "io.unsupported_format");
  const std::string whole = zip_of({{"t.csv", kTable}});
  const std::string cut = scratch.write("cut.zip", whole.substr(0, whole.size() - 30));
  EXPECT_EQ(error_code_of([&] { static_cast<void>(read_layer(cut)); }), "archive.corrupt");
}

}  // namespace
}  // namespace lode
