// Tables: fields by name, strict numbers, and every refusal.
#include "libgeo/core/table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "tests/core/code_of.h"

namespace lode {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Table sample() {
  Table table;
  table.name = "assays.csv";
  table.add(text_column("HoleId", {"A", "B", "C"}));
  table.add(number_column("treo_pct", {1.5, nan, 0.1}));
  table.add(text_column("depth", {"12.5", " ", "-3e2"}));
  return table;
}

TEST(Table, FieldsAreFoundByNameInAnyCase) {
  const Table table = sample();
  EXPECT_EQ(table.rows(), 3u);
  EXPECT_EQ(table.names(), (std::vector<std::string>{"HoleId", "treo_pct", "depth"}));
  EXPECT_EQ(table.at("holeid").name, "HoleId");
  EXPECT_EQ(table.find("no"), nullptr);
  EXPECT_EQ(table.at("treo_pct").unit, "%");
}

TEST(Table, TheExactNameWinsWhereverItStands) {
  Table table;
  for (const char* name : {"Id", "ID", "id"}) table.add(text_column(name, {name}));
  EXPECT_EQ(table.at("id").texts.front(), "id");
  EXPECT_EQ(table.at("ID").texts.front(), "ID");
  EXPECT_EQ(code_of([&] { (void)table.find("iD"); }), "table.ambiguous_field");
}

TEST(Table, AMissingFieldIsNamedWithTheNearest) {
  try {
    (void)sample().at("hole_id");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "table.no_field");
    EXPECT_EQ(error.where, "assays.csv");
    EXPECT_EQ(error.hint, "Did you mean 'HoleId'?");
  }
}

TEST(Table, ColumnsHaveOneLength) {
  Table table = sample();
  EXPECT_EQ(code_of([&] { table.add(number_column("x", {1.0})); }), "table.length");
}

TEST(Table, TextAsNumbersIsStrict) {
  Table table = sample();
  const auto depth = table.numbers("depth");
  EXPECT_EQ(depth[0], 12.5);
  EXPECT_TRUE(std::isnan(depth[1]));
  EXPECT_EQ(depth[2], -300.0);
  for (const char* wrong : {"1,5", "12 m", "<0.01", "0x1A", "nan", "-"}) {
    table.columns[2].texts[1] = wrong;
    try {
      (void)table.numbers("depth");
      ADD_FAILURE() << wrong;
    } catch (const Error& error) {
      EXPECT_EQ(error.code, "table.bad_number");
      EXPECT_EQ(error.where, "assays.csv, row 2");
    }
  }
  table.row_names = {"feature 10", "feature 11", "feature 12"};
  EXPECT_EQ(table.row_name(1), "feature 11");
}

TEST(Table, NumbersAsTextAreShortest) {
  EXPECT_EQ(sample().texts("treo_pct"), (std::vector<std::string>{"1.5", "", "0.1"}));
  EXPECT_EQ(sample().texts("holeid"), (std::vector<std::string>{"A", "B", "C"}));
}

}  // namespace
}  // namespace lode
