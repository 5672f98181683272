// Parquet tables, zip archives and packed bytes: what is written comes back, what lies is refused.
#include "libgeo/io/parquet.h"

#include <gtest/gtest.h>

#include "libgeo/io/thrift.h"
#include "tests/io/omf_cases.h"
#include "tests/io/scratch.h"

namespace lode {
namespace {

using namespace omf_cases;
using parquet::Meaning;
using parquet::Store;

parquet::Table read_table(const std::string& bytes, std::size_t rows) {
  unpack::Allowance allowance(bytes.size(), "table");
  return parquet::read_table(bytes, rows, allowance, "table");
}

std::string code_of(const std::string& bytes, std::size_t rows) {
  return error_code_of([&] { (void)read_table(bytes, rows); });
}

TEST(Parquet, SchemasAsOmfHasThem) {
  const auto schema = [](const std::string& bytes, std::size_t rows) {
    return parquet::schema_text(read_table(bytes, rows));
  };
  EXPECT_EQ(schema(table({wholes("a", {1}), wholes("b", {2})}), 1),
            "required int32 (u32) a; required int32 (u32) b");
  EXPECT_EQ(schema(table({optional(texts("text", {"x"}), {1})}), 1),
            "optional byte_array (string) text");
  std::vector<parquet::Column> group{optional(reals("x", {1, 2}), {1, 0}),
                                     optional(reals("y", {1, 2}), {1, 0})};
  for (auto& column : group) column.group = "vector";
  EXPECT_EQ(schema(table(group), 2),
            "optional group vector { required double x; required double y }");
  EXPECT_EQ(schema(table({optional(wholes("number", {1}, Store::int64, Meaning::micros), {1})}), 1),
            "optional int64 (micros) number");
}

TEST(Parquet, LongColumnsWithGapsComeBack) {
  // More than one page, runs and single gaps.
  const std::size_t rows = (std::size_t{1} << 20) + 1234;
  parquet::Column numbers = reals("number", {}),
                  truths = wholes("bool", {}, Store::boolean, Meaning::plain);
  std::mt19937_64 random(3);
  for (std::size_t i = 0; i < rows; ++i) {
    numbers.reals.push_back(static_cast<double>(random()));
    numbers.present.push_back(i < 100000 || random() % 3 != 0 ? 1 : 0);
    truths.integers.push_back(static_cast<std::int64_t>(random() % 2));
  }
  numbers.optional = true;
  const parquet::Table back = read_table(table({numbers, truths}), rows);
  EXPECT_EQ(back.columns[0].present, numbers.present);
  std::size_t unlike = 0;
  for (std::size_t i = 0; i < rows; ++i)
    unlike += numbers.present[i] != 0 && back.columns[0].reals[i] != numbers.reals[i] ? 1 : 0;
  EXPECT_EQ(unlike, 0U);
  EXPECT_EQ(back.columns[1].integers, truths.integers);
  EXPECT_EQ(read_table(table({reals("scalar", {})}), 0).rows, 0U);
}

// A table of one required int32 column from pages made by hand, as other programs write them.
std::string by_hand(const std::vector<std::string>& pages, std::int64_t rows, std::int64_t codec,
                    std::int64_t type = 1) {
  std::string file = "PAR1";
  for (const std::string& page : pages) file += page;
  parquet::ThriftWriter root, element, meta, chunk, group, footer;
  root.bytes(4, "schema");
  root.i32(5, 1);
  element.i32(1, type);
  element.i32(3, 0);
  element.bytes(4, "v");
  meta.i32(1, type);
  meta.integers(2, {0});
  meta.texts(3, {"v"});
  meta.i32(4, codec);
  meta.i64(5, rows);
  meta.i64(6, 0);
  meta.i64(7, static_cast<std::int64_t>(file.size()) - 4);
  meta.i64(9, 4);
  chunk.message(3, meta);
  group.messages(1, {chunk});
  group.i64(3, rows);
  footer.i32(1, 1);
  footer.messages(2, {root, element});
  footer.i64(3, rows);
  footer.messages(4, {group});
  const std::string text = footer.text();
  file += text;
  unpack::put_little(file, text.size(), 4);
  return file + "PAR1";
}

std::string page_of(std::int64_t type, std::int64_t count, std::int64_t encoding,
                    const std::string& packed, std::size_t expanded) {
  parquet::ThriftWriter detail, head;
  detail.i32(1, count);
  detail.i32(2, encoding);
  head.i32(1, type);
  head.i32(2, static_cast<std::int64_t>(expanded));
  head.i32(3, static_cast<std::int64_t>(packed.size()));
  head.message(type == 0 ? 5 : 7, detail);
  return head.text() + packed;
}

std::string four_bytes(const std::vector<std::uint32_t>& values) {
  std::string bytes;
  for (const auto value : values) unpack::put_little(bytes, value, 4);
  return bytes;
}

using Integers = std::vector<std::int64_t>;

TEST(Parquet, DictionariesAndRuns) {
  const std::string words = four_bytes({7, 9, 11});
  // Width 2; a run of four of place 1; then a group of eight by bits: 0 1 2 0 1 2 0 0.
  const std::string places("\x02\x08\x01\x03\x24\x09", 6);
  const std::string file = by_hand(
      {page_of(2, 3, 0, words, words.size()), page_of(0, 10, 8, places, places.size())}, 10, 0);
  EXPECT_EQ(read_table(file, 10).columns[0].integers, (Integers{9, 9, 9, 9, 7, 9, 11, 7, 9, 11}));
  const std::string beyond("\x02\x14\x03", 3);
  EXPECT_EQ(code_of(by_hand({page_of(2, 3, 0, words, words.size()),
                             page_of(0, 10, 8, beyond, beyond.size())},
                            10, 0),
                    10),
            "parquet.corrupt");
  EXPECT_EQ(code_of(by_hand({page_of(0, 10, 8, places, places.size())}, 10, 0), 10),
            "parquet.corrupt");
}

TEST(Parquet, DifferencesAsInTheFormatsOwnExamples) {
  // The format's specification: 1, 2, 3, 4, 5 packs to block 128, 4 parts, 5 values, first 1
  // (zigzag 2), least difference 1 (2), widths 0; and 7, 5, 3, 1, 2, 3, 4, 5 to least -2 (3), width
  // 2 and differences 0 0 0 3 3 3 3 by bits, lowest first.
  const std::string one("\x80\x01\x04\x05\x02\x02\x00\x00\x00\x00", 10);
  EXPECT_EQ(read_table(by_hand({page_of(0, 5, 5, one, one.size())}, 5, 0), 5).columns[0].integers,
            (Integers{1, 2, 3, 4, 5}));
  const std::string two("\x80\x01\x04\x08\x0E\x03\x02\x00\x00\x00\xC0\x3F\x00\x00\x00\x00\x00\x00",
                        18);
  EXPECT_EQ(read_table(by_hand({page_of(0, 8, 5, two, two.size())}, 8, 0), 8).columns[0].integers,
            (Integers{7, 5, 3, 1, 2, 3, 4, 5}));
  EXPECT_EQ(code_of(by_hand({page_of(0, 8, 5, two.substr(0, 12), 12)}, 8, 0), 8),
            "parquet.corrupt");
}

TEST(Parquet, SnappyAndPagesOfVersionOne) {
  // Eight bytes as they are, then a copy of 24 from 8 back (tag 2, two bytes of distance).
  const std::string snappy("\x20\x1C\x01\x00\x00\x00\x02\x00\x00\x00\x5E\x08\x00", 13);
  EXPECT_EQ(read_table(by_hand({page_of(0, 8, 0, snappy, 32)}, 8, 1), 8).columns[0].integers,
            (Integers{1, 2, 1, 2, 1, 2, 1, 2}));
  std::string bad = snappy;
  bad[11] = 9;  // from before the beginning
  EXPECT_EQ(code_of(by_hand({page_of(0, 8, 0, bad, 32)}, 8, 1), 8), "archive.corrupt");
  EXPECT_EQ(code_of(by_hand({page_of(0, 8, 0, snappy.substr(0, 10), 32)}, 8, 1), 8),
            "archive.corrupt");
}

TEST(Parquet, WhatIsNotRead) {
  const std::string values = four_bytes({1, 2});
  EXPECT_EQ(code_of(by_hand({page_of(0, 2, 0, values, 8)}, 2, 0), 2), "");
  EXPECT_EQ(code_of(by_hand({page_of(0, 2, 0, values, 8)}, 2, 6), 2), "parquet.unsupported");
  EXPECT_EQ(code_of(by_hand({page_of(0, 2, 9, values, 8)}, 2, 0), 2), "parquet.unsupported");
  EXPECT_EQ(code_of(by_hand({page_of(0, 2, 0, values, 8)}, 2, 0, 3), 2), "parquet.unsupported");
  EXPECT_EQ(code_of(by_hand({page_of(0, 2, 0, values, 8)}, 2, 0), 3), "parquet.rows");
  EXPECT_EQ(code_of(by_hand({page_of(0, 3, 0, values, 8)}, 2, 0), 2), "parquet.corrupt");
  EXPECT_EQ(code_of(by_hand({page_of(0, 3, 0, values, 8)}, 3, 0), 3), "parquet.corrupt");
  EXPECT_EQ(code_of(by_hand({page_of(0, 2, 0, values, 9)}, 2, 0), 2), "parquet.corrupt");
  EXPECT_EQ(code_of("PAR1PAR1", 0), "parquet.corrupt");
  EXPECT_EQ(code_of("", 0), "parquet.corrupt");
}

TEST(Parquet, CountsAreNotTrusted) {
  // Two bytes that say a thousand million values of a dictionary of one.
  const std::string words = four_bytes({7}), places("\x00\x80\xA8\xD6\xB9\x07", 6);
  EXPECT_EQ(code_of(by_hand({page_of(2, 1, 0, words, 4),
                             page_of(0, 1000000000, 8, places, places.size())},
                            1000000000, 0),
                    1000000000),
            "archive.bomb");
  EXPECT_EQ(code_of(by_hand({page_of(2, 2000000000, 0, words, 4)}, 1, 0), 1), "archive.bomb");
}

TEST(Parquet, DamagedTablesNeverCrash) {
  std::mt19937_64 random(6);
  std::vector<parquet::Column> group{optional(reals("x", {1, 2, 3}), {1, 0, 1}),
                                     optional(reals("y", {4, 5, 6}), {1, 0, 1})};
  for (auto& column : group) column.group = "vector";
  group.push_back(optional(texts("text", {"a", "", "ccc"}), {1, 0, 1}));
  group.push_back(wholes("a", {1, 2, 3}));
  const std::string words = four_bytes({7, 9, 11}), places("\x02\x08\x01\x03\x24\x09", 6);
  const std::vector<std::string> sound{
      table(group),
      by_hand({page_of(2, 3, 0, words, words.size()), page_of(0, 10, 8, places, places.size())}, 10,
              0)};
  for (int i = 0; i < 10000; ++i) {
    std::string bytes = sound[static_cast<std::size_t>(i % 2)];
    bytes[random() % bytes.size()] = static_cast<char>(random());
    (void)code_of(bytes, i % 2 == 0 ? 3 : 10);
    (void)code_of(bytes.substr(0, random() % bytes.size()), 3);
  }
}

TEST(Thrift, DeepMessagesAreRefused) {
  std::size_t at = 0;
  EXPECT_EQ(
      error_code_of([&] { (void)parquet::read_thrift(std::string(100000, '\x1C'), at, "deep"); }),
      "parquet.corrupt");
  at = 0;
  EXPECT_EQ(error_code_of([&] {
              (void)parquet::read_thrift(std::string("\x19\xFC\xFF\xFF\xFF\xFF\x0F", 7), at,
                                         "long");
            }),
            "parquet.corrupt");
}

TEST(ZipParts, ArchivesThatLie) {
  const std::string sound = zip_parts::stored_zip({{"a", "hello"}, {"b/c", "world"}}, "note");
  const auto code = [](const std::string& bytes, const std::string& member = "a") {
    return error_code_of([&] {
      unpack::Allowance allowance(bytes.size(), "z");
      const zip_parts::Archive archive(bytes, allowance);
      (void)archive.content(member);
    });
  };
  EXPECT_EQ(code(sound), "");
  EXPECT_EQ(code(sound, "no"), "archive.corrupt");
  std::string damaged = sound;
  damaged[31] = 'E';  // the first byte of "hello", after 30 bytes of header and a name of one
  EXPECT_EQ(code(damaged), "archive.corrupt");
  EXPECT_EQ(code(sound.substr(0, sound.size() - 1)), "archive.corrupt");
  EXPECT_EQ(code(zip_parts::stored_zip({{"a", "x"}, {"a", "y"}}, "")), "archive.corrupt");
  EXPECT_EQ(code(zip_parts::stored_zip({{"../a", "x"}}, "")), "archive.unsafe_path");
  EXPECT_EQ(code(zip_parts::stored_zip({{"/a", "x"}}, "")), "archive.unsafe_path");
  std::string encrypted = sound;
  encrypted[sound.find("PK\x01\x02") + 8] = 1;
  EXPECT_EQ(code(encrypted), "io.unsupported_format");
  // Both members made to lie at the same place.
  std::string overlap = zip_parts::stored_zip({{"a", "hello"}, {"a", "hello"}}, "");
  const auto second = overlap.find("PK\x01\x02", overlap.find("PK\x01\x02") + 1);
  overlap.replace(second + 42, 4, std::string(4, '\0'));
  EXPECT_EQ(code(overlap), "archive.corrupt");
  std::string count = sound;
  count[sound.find("PK\x05\x06") + 10] = 3;
  EXPECT_EQ(code(count), "archive.corrupt");
}

TEST(Unpack, BombsAreStopped) {
  const std::string zeros(std::size_t{1} << 22, '\0');
  const std::string packed = unpack::deflate(zeros, unpack::Wrap::zlib);
  EXPECT_LT(packed.size(), std::size_t{1} << 13);
  unpack::Allowance allowance(packed.size(), "bomb");
  EXPECT_EQ(allowance.left(), std::size_t{1} << 30);
  allowance.take(allowance.left() - zeros.size() / 2);
  EXPECT_EQ(
      error_code_of([&] { (void)unpack::inflate(packed, unpack::Wrap::zlib, allowance, "bomb"); }),
      "archive.bomb");
  unpack::Allowance other(0, "cut");
  EXPECT_EQ(error_code_of([&] {
              (void)unpack::inflate(packed.substr(0, 100), unpack::Wrap::zlib, other, "cut");
            }),
            "archive.corrupt");
  EXPECT_EQ(error_code_of(
                [&] { (void)unpack::inflate(packed + "x", unpack::Wrap::zlib, other, "more"); }),
            "archive.corrupt");
}

}  // namespace
}  // namespace lode
