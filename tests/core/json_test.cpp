// JSON after RFC 8259: its own examples, escapes, what must be refused, and numbers that come back.
#include "libgeo/core/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "libgeo/core/text.h"
#include "tests/core/code_of.h"

namespace lode {
namespace {

std::string again(const std::string& text) {
  return Json::parse(text).dump();
}
std::string parse_code(const std::string& text) {
  return code_of([&] { (void)Json::parse(text); });
}

// RFC 8259, section 13.
TEST(Json, TheExamplesOfTheStandard) {
  const Json image = Json::parse(R"({"Image":{"Width":800,"Height":600,
    "Title":"View from 15th Floor","Thumbnail":{"Url":"http://www.example.com/image/481989943",
    "Height":125,"Width":100},"Animated":false,"IDs":[116,943,234,38793]}})");
  EXPECT_EQ(image.at("Image").at("Width").as_integer(), 800);
  EXPECT_EQ(image.at("Image").at("Thumbnail").at("Height").as_number(), 125.0);
  EXPECT_FALSE(image.at("Image").at("Animated").as_bool());
  EXPECT_EQ(image.at("Image").at("IDs").items()[3].as_integer(), 38793);
  const Json places =
      Json::parse(R"([{"precision":"zip","Latitude":37.7668,"Longitude":-122.3959}])");
  EXPECT_EQ(places.items()[0].at("Longitude").as_number(), -122.3959);
  for (const char* text : {"\"Hello world!\"", "42", "true", "null"}) EXPECT_EQ(again(text), text);
}

TEST(Json, KeysKeepTheirOrder) {
  EXPECT_EQ(again(R"({"z":1,"a":{"y":[],"b":{}},"m":[1,[2,{"k":null}]]})"),
            R"({"z":1,"a":{"y":[],"b":{}},"m":[1,[2,{"k":null}]]})");
  Json json;
  json["b"] = 1;
  json["a"] = 2;
  json["b"] = 3;
  EXPECT_EQ(json.dump(), R"({"b":3,"a":2})");
}

// RFC 8259, section 7: the escapes, and the clef U+1D11E as a surrogate pair.
TEST(Json, Escapes) {
  EXPECT_EQ(Json::parse(R"("\"\\\/\b\f\n\r\t\u00e9\uD834\uDD1E")").as_string(),
            "\"\\/\b\f\n\r\t\xc3\xa9\xf0\x9d\x84\x9e");
  EXPECT_EQ(Json(std::string("a\"b\\c\n\r\t\b\x01\x7f\0d", 13)).dump(),
            R"("a\"b\\c\n\r\t\u0008\u0001\u007f\u0000d")");
  EXPECT_EQ(again("\"\xc3\xa9\xf0\x9d\x84\x9e/\""), "\"\xc3\xa9\xf0\x9d\x84\x9e/\"");
}

TEST(Json, WhatIsNotUtf8IsNeverWritten) {
  EXPECT_EQ(Json("M\xfcnchen \xc3\xa9 \xe2\x82").dump(),
            "\"M\xef\xbf\xbdnchen \xc3\xa9 \xef\xbf\xbd\xef\xbf\xbd\"");
  EXPECT_EQ(parse_code("\"M\xfcnchen\""), "json.syntax");
}

// The cases of "Parsing JSON is a minefield" (Seriot 2016) that a strict reader refuses.
TEST(Json, RefusesWhatIsNotJson) {
  for (const char* text : {"",
                           " ",
                           "[1,]",
                           "{\"a\":1,}",
                           "[1 2]",
                           "{a:1}",
                           "{'a':1}",
                           "[01]",
                           "[+1]",
                           "[.5]",
                           "[1.]",
                           "[1e]",
                           "[0x1A]",
                           "[1_000]",
                           "[NaN]",
                           "[Infinity]",
                           "[-]",
                           "[\"a\tb\"]",
                           "[\"\\x41\"]",
                           "[\"\\uD800\"]",
                           "[\"\\u12\"]",
                           "nul",
                           "[1] x",
                           "[1][2]",
                           "{\"a\" 1}",
                           "[\"abc",
                           "[",
                           "]",
                           "// c\n1",
                           "[1e999]",
                           "{\"a\":1,\"a\":2}"})
    EXPECT_EQ(parse_code(text), "json.syntax") << text;
}

TEST(Json, AFaultIsPlaced) {
  try {
    (void)Json::parse("{\"a\": 1,\n \"b\": tru}", "model.json");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.where, "model.json");
    EXPECT_NE(std::string(error.what()).find("at byte 19"), std::string::npos) << error.what();
  }
  try {
    (void)Json::parse("{\"sill\":1,\"sill\":2}");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "not valid JSON: key 'sill' stands twice in one object");
  }
}

TEST(Json, NestingIsBounded) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(parse_code(nested(200)), "no error");
  EXPECT_EQ(parse_code(nested(201)), "json.syntax");
  EXPECT_EQ(parse_code(nested(1000000)), "json.syntax");
}

TEST(Json, ManyKeysAreNoBurden) {
  std::string text = "{\"k\":0";
  for (int i = 0; i < 200000; ++i) text += ",\"k" + std::to_string(i) + "\":1";
  EXPECT_EQ(Json::parse(text + "}").size(), 200001u);
}

TEST(Json, NumbersPrintShortestAndComeBack) {
  const std::pair<double, const char*> cases[] = {
      {0.1, "0.1"},
      {1.0 / 3.0, "0.3333333333333333"},
      {5e-324, "5e-324"},
      {1e21, "1e+21"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {100.0, "100"},
      {-0.0, "0"},
      {0.1 + 0.2, "0.30000000000000004"},
      {1e15, "1000000000000000"},
      {2.2250738585072014e-308, "2.2250738585072014e-308"}};
  for (const auto& [value, text] : cases) EXPECT_EQ(Json(value).dump(), text);
  for (std::uint64_t i = 0; i < 100000; ++i) {
    const std::uint64_t bits = Random{.seed = 11}.bits(i);
    double value = 0.0;
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) continue;
    ASSERT_EQ(Json::parse(Json(value).dump()).as_number(), value);
  }
}

TEST(Json, IntegersStayExact) {
  EXPECT_EQ(again("[9007199254740993,-9223372036854775808,9223372036854775807]"),
            "[9007199254740993,-9223372036854775808,9223372036854775807]");
  EXPECT_EQ(Json::parse("18446744073709551615").as_number(), 18446744073709551615.0);
  EXPECT_EQ(Json(std::numeric_limits<std::size_t>::max()).as_number(), 18446744073709551615.0);
  EXPECT_TRUE(Json(std::size_t{7}).is_integer());
}

TEST(Json, WhatIsNoNumberIsNull) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  EXPECT_EQ(Json(std::vector<double>{nan, inf, -inf, 1.5}).dump(), "[null,null,null,1.5]");
  EXPECT_TRUE(std::isnan(Json().as_number()));
}

TEST(Json, WrongTypesAreSaid) {
  const Json text("x"), number(1.5), list = Json::array();
  EXPECT_EQ(code_of([&] { (void)text.as_number(); }), "json.type");
  EXPECT_EQ(code_of([&] { (void)text.as_bool(); }), "json.type");
  EXPECT_EQ(code_of([&] { (void)number.as_integer(); }), "json.type");
  EXPECT_EQ(code_of([&] { (void)number.as_string(); }), "json.type");
  EXPECT_EQ(code_of([&] { (void)number.items(); }), "json.type");
  EXPECT_EQ(code_of([&] { (void)list.members(); }), "json.type");
  EXPECT_EQ(code_of([] { Json("x")["key"] = 1; }), "json.type");
  EXPECT_EQ(code_of([] { Json("x").push_back(1); }), "json.type");
}

TEST(Json, NullGrowsIntoWhatIsPutInIt) {
  Json json;
  json["a"]["b"].push_back(1);
  EXPECT_EQ(json.dump(), R"({"a":{"b":[1]}})");
  EXPECT_TRUE(json.has("a"));
  EXPECT_FALSE(json.has("b"));
  EXPECT_TRUE(json.at("no").at("where").is_null());
  EXPECT_EQ(json.dump(2), "{\n  \"a\": {\n    \"b\": [\n      1\n    ]\n  }\n}");
  EXPECT_EQ(Json(std::vector<std::string>{"x", "y"}).dump(), R"(["x","y"])");
}

}  // namespace
}  // namespace lode
