// Strict numbers, days, near names, and text that is safe to print.
#include "libgeo/core/text.h"

#include <gtest/gtest.h>

#include <clocale>
#include <cmath>
#include <limits>

namespace lode {
namespace {

TEST(Text, PaddingCountsCharactersNotBytes) {
  EXPECT_EQ(shown_width("Saint-Honor\u00e9"), 12u);
  EXPECT_EQ(padded("\u00e9", 3), "\u00e9  ");
  EXPECT_EQ(padded_left("\u00e9", 3), "  \u00e9");
  EXPECT_EQ(padded("long", 2), "long");
}

TEST(Text, NumbersThatAreNumbers) {
  const std::pair<const char*, double> cases[] = {
      {"12", 12},
      {" -3.5 ", -3.5},
      {"+7", 7},
      {".5", 0.5},
      {"5.", 5},
      {"1e3", 1000},
      {"1E-2", 0.01},
      {"-0", 0},
      {"007", 7},
      {"4.9e-324", 4.9e-324},
      {"\t2\r\n", 2},
      {"1e+02", 100},
      {"0.1", 0.1},
      {"-.5", -0.5},
      {"1.7976931348623157e308", 1.7976931348623157e308}};
  for (const auto& [text, value] : cases) {
    ASSERT_TRUE(parse_number(text).has_value()) << text;
    EXPECT_EQ(*parse_number(text), value) << text;
  }
}

TEST(Text, NumbersThatAreNone) {
  for (const char* text : {"",
                           " ",
                           "1,5",
                           "1,234.5",
                           "0x1A",
                           "1_000",
                           "1'000",
                           "1 000",
                           "nan",
                           "NaN",
                           "inf",
                           "-inf",
                           "infinity",
                           "1e999",
                           "-1e999",
                           "1e-999",
                           "1e",
                           "e5",
                           "--5",
                           "+-5",
                           "- 5",
                           "5-",
                           "1.2.3",
                           "<0.01",
                           "12m",
                           "****",
                           "-",
                           "+",
                           ".",
                           "-.",
                           "1f",
                           "1d0",
                           "\xd9\xa1",
                           "1\xc2\xa0"
                           "000",
                           "\xe2\x88\x92"
                           "5"})
    EXPECT_FALSE(parse_number(text).has_value()) << text;
}

TEST(Text, TheLocaleDoesNotMatter) {
  for (const char* name : {"de_DE.UTF-8", "fr_FR.UTF-8", "C"}) {
    if (std::setlocale(LC_ALL, name) == nullptr) continue;
    EXPECT_EQ(parse_number("1.5"), 1.5);
    EXPECT_FALSE(parse_number("1,5").has_value());
    EXPECT_EQ(number_text(1234.5), "1234.5");
    EXPECT_EQ(fixed_text(1234.5, 2), "1234.50");
  }
  std::setlocale(LC_ALL, "C");
}

TEST(Text, NumbersForPeople) {
  EXPECT_EQ(fixed_text(-0.001, 2), "0.00");
  EXPECT_EQ(fixed_text(-1.005, 1), "-1.0");
  EXPECT_EQ(fixed_text(1e300, 0).size(), 301u);
  EXPECT_EQ(fixed_text(std::numeric_limits<double>::quiet_NaN(), 2), "");
  EXPECT_EQ(number_text(std::numeric_limits<double>::quiet_NaN()), "");
  EXPECT_EQ(number_text(-12345678.0), "-12345678");
  EXPECT_EQ(number_text(9007199254740993.0), "9007199254740992");
}

TEST(Text, TrimSplitJoinLower) {
  EXPECT_EQ(trim(" \t\r\n a b\v\f "), "a b");
  EXPECT_EQ(trim(" "), "");
  EXPECT_EQ(split("a,,b,", ','), (std::vector<std::string>{"a", "", "b", ""}));
  EXPECT_EQ(split("", ','), (std::vector<std::string>{""}));
  EXPECT_EQ(join({"a", "b"}, ", "), "a, b");
  EXPECT_EQ(lower("\xc3\x84"
                  "bC"),
            "\xc3\x84"
            "bc");
}

TEST(Text, NearNames) {
  const std::vector<std::string> names = {"volume outline", "permits", "screen", "--thickness"};
  EXPECT_EQ(nearest_name("permit", names), "permits");
  EXPECT_EQ(nearest_name("premits", names), "permits");  // two letters swapped
  EXPECT_EQ(nearest_name("--THICKNES", names), "--thickness");
  EXPECT_FALSE(nearest_name("buffer", names).has_value());
  EXPECT_FALSE(nearest_name("", {"x"}).has_value());
  EXPECT_FALSE(nearest_name("q", {"x"}).has_value());
  EXPECT_FALSE(nearest_name(std::string(100000, 'a'), {std::string(100000, 'a')}).has_value());
  EXPECT_EQ(suggestion("sceen", names), "Did you mean 'screen'?");
  EXPECT_EQ(suggestion("zzzzzz", {"ab", "cd"}), "Known: ab, cd.");
  EXPECT_EQ(suggestion("zzzzzz", {}), "");
  const std::vector<std::string> hundred(100, "ab");
  EXPECT_EQ(suggestion("zzzzzz", hundred).find("..."), std::string::npos);
  EXPECT_NE(suggestion("zzzzzz", std::vector<std::string>(101, "ab")).find("..."),
            std::string::npos);
}

TEST(Text, Days) {
  EXPECT_EQ(parse_date("2026-11-01"), (Date{2026, 11, 1}));
  EXPECT_EQ(parse_date(" 2026/11/1 "), (Date{2026, 11, 1}));
  EXPECT_EQ(parse_date("2024-02-29"), (Date{2024, 2, 29}));
  EXPECT_EQ(parse_date("2000-02-29"), (Date{2000, 2, 29}));
  for (const char* text : {"2026-11-01T12:30:00Z", "2026/11/01 12:30:00+00", "2026-11-01T24:00",
                           "2026-11-01 12:30:00.123456+05:30", "2026-11-01T12:30-0800"})
    EXPECT_EQ(parse_date(text), (Date{2026, 11, 1})) << text;
  EXPECT_EQ(to_text(Date{45, 3, 9}), "0045-03-09");
}

TEST(Text, NoDays) {
  for (const char* text : {"",
                           "2026",
                           "2026-11",
                           "2026-02-29",
                           "1900-02-29",
                           "2026-13-01",
                           "2026-00-10",
                           "2026-04-31",
                           "2026-11-00",
                           "01.11.2026",
                           "11/01/2026",
                           "1/11/26",
                           "2026-11/01",
                           "26-11-01",
                           "20261101",
                           "2026-11-01x",
                           "2026-11-012",
                           "2026-11-01 to 2027-11-01",
                           "2026-11-01T",
                           "2026-11-01T25:00",
                           "2026-11-01 12",
                           "2026-11-01T12:60",
                           "2026-11-01T12:30:",
                           "2026-11-01T12:30:00Zx",
                           "2026-11-01T12:30+5",
                           "-2026-11-01",
                           "2026-11-01 or later"})
    EXPECT_FALSE(parse_date(text).has_value()) << text;
}

// Differences of Julian day numbers: JD 2451604.5 is 2000-03-01, 2440587.5 is 1970-01-01,
// 2299160.5 is 1582-10-15 (Meeus, Astronomical Algorithms, chapter 7).
TEST(Text, DaysBetween) {
  EXPECT_EQ(days_between({1970, 1, 1}, {2000, 3, 1}), 11017);
  EXPECT_EQ(days_between({1582, 10, 15}, {1970, 1, 1}), 141427);
  EXPECT_EQ(days_between({2026, 11, 1}, {2026, 10, 31}), -1);
  EXPECT_EQ(days_between({2000, 2, 28}, {2000, 3, 1}), 2);
  EXPECT_EQ(days_between({1900, 2, 28}, {1900, 3, 1}), 1);
  EXPECT_LT((Date{2026, 2, 28}), (Date{2026, 11, 1}));
}

// Markus Kuhn, "UTF-8 decoder capability and stress test": overlong forms, surrogates, loose ends.
TEST(Text, KeysThatNestTooDeep) {
  std::string deep = "[a", spaced = "a";
  for (int i = 0; i < 300; ++i) deep += ".b", spaced += " . \"b\"";
  EXPECT_TRUE(nests_too_deep(deep + "]"));
  EXPECT_TRUE(nests_too_deep(spaced + " = 1"));
  std::string numbers = "x = [", prose = "note = \"";
  for (int i = 0; i < 300; ++i) numbers += "0.5, ", prose += "One sentence. ";
  EXPECT_FALSE(nests_too_deep(numbers + "]"));
  EXPECT_FALSE(nests_too_deep(prose + "\""));
  EXPECT_FALSE(nests_too_deep("# " + std::string(1000, '.')));
}

TEST(Text, ValidUtf8) {
  for (const char* text :
       {"", "abc", "\xce\xba\xe1\xbd\xb9", "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf", "\xee\x80\x80"})
    EXPECT_TRUE(is_valid_utf8(text));
  for (const char* text :
       {"\x80", "\xbf", "\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xc1\xbf", "\xe0\x9f\xbf",
        "\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xfe", "\xff",
        "\xc3", "\xe2\x82", "\xc3(", "M\xfcnchen"})
    EXPECT_FALSE(is_valid_utf8(text)) << printable(text);
}

TEST(Text, WhatCouldDeceiveATerminalIsShown) {
  EXPECT_EQ(printable("a\x1b[31mred\n"), "a\\x1b[31mred\\x0a");
  EXPECT_EQ(printable("\xe2\x80\xae"
                      "abc"),
            "\\xe2\\x80\\xae"
            "abc");
  EXPECT_EQ(printable("\xe2\x81\xa6"), "\\xe2\\x81\\xa6");
  EXPECT_EQ(printable("a\xe2\x80\xa8"
                      "b"),
            "a\\xe2\\x80\\xa8"
            "b");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\xc2\\x9b"
            "31m");
  EXPECT_EQ(printable("M\xfcnchen"), "M\\xfcnchen");
  EXPECT_EQ(printable("Kiruna \xc3\xa5\xc3\xa4\xc3\xb6 \xe2\x80\x93 ok"),
            "Kiruna \xc3\xa5\xc3\xa4\xc3\xb6 \xe2\x80\x93 ok");
}

}  // namespace
}  // namespace lode
