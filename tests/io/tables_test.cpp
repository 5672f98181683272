// Doubts about the header and the cells of a table: what is said, and what the cells become.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/io/door.h"
#include "libgeo/io/layer.h"
#include "libgeo/io/writers.h"
#include "tests/io/scratch.h"
#include "tests/io/sql.h"
#include "tests/io/told.h"

namespace lode {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Layer table(const std::string& text) {
  const Scratch scratch;
  return read_table(scratch.write("a.csv", text));
}

OutputLayer points(const std::string& first, const std::string& second) {
  OutputLayer layer;
  layer.name = "sites";
  layer.crs = parse_crs("EPSG:32613");
  layer.geometry = {point_geometry(508000, 3461000), point_geometry(508800, 3461800)};
  layer.table.add(number_column(first, {1.5, 2.5}));
  layer.table.add(number_column(second, {3.5, 4.5}));
  return layer;
}

std::string written(const std::string& path, const OutputLayer& layer) {
  Findings findings;
  write_layers(path, {layer}, {}, findings);
  return path;
}

std::string code_of(const std::string& path) {
  return error_code_of([&] { static_cast<void>(read_table(path)); });
}

TEST(Tables, AMarkWithinAFieldStaysInTheText) {
  const Layer layer =
      table("id,name,v\n1,5\" pipe,3\n2,\"a,b\"c,4\n3,x,\"1\"5\n4, \"plain, so\" ,7\n");
  EXPECT_EQ(told(layer.findings, "csv.quote_in_field"), "warning 3 a.csv");
  EXPECT_THAT(message_of(layer.findings, "csv.quote_in_field"), HasSubstr("line 2"));
  EXPECT_THAT(layer.table.texts("name"), ElementsAre("5\" pipe", "\"a,b\"c", "x", "plain, so"));
  EXPECT_EQ(layer.table.at("v").texts[2], "\"1\"5") << "not the number 15";
  EXPECT_EQ(error_code_of([&] { static_cast<void>(layer.table.numbers("v")); }),
            "table.bad_number");
  EXPECT_EQ(told(table("id,v\n1,\"2\"\n\"3\",4\n").findings, "csv.quote_in_field"), "");
}

TEST(Tables, AHeaderOfNumbersIsTakenAsNamesAndSaid) {
  const Layer layer = table("1,2.5\n3,4\n5,6\n");
  EXPECT_EQ(told(layer.findings, "table.numeric_header"), "warning 1 a.csv");
  EXPECT_THAT(layer.table.numbers("2.5"), ElementsAre(4, 6));
  EXPECT_EQ(told(table("id,2020\nA,4\nB,6\n").findings, "table.numeric_header"), "");
}

TEST(Tables, TheLaterOfTwoColumnsOfOneNameGetsANumber) {
  const Layer layer = table("id,v,v,v_2,v\nA,1,2,3,4\n");
  EXPECT_EQ(told(layer.findings, "table.repeated_column"), "warning 2 a.csv");
  EXPECT_EQ(layer.table.numbers("v")[0], 1);
  EXPECT_EQ(layer.table.numbers("v_2")[0], 3) << "the column that has the name keeps it";
  EXPECT_EQ(layer.table.numbers("v_3")[0], 2);
  EXPECT_EQ(layer.table.numbers("v_4")[0], 4);
}

TEST(Tables, FieldsOfOneNameInADbfAreToldApart) {
  const Scratch scratch;
  const std::string path = written(scratch / "s.shp", points("treo_pct", "ndpr_pct"));
  std::string dbf = door::read_bytes(scratch / "s.dbf");
  dbf.replace(dbf.find("ndpr_pct"), 8, "treo_pct");
  scratch.write("s.dbf", dbf);
  const Layer layer = read_layer(path);
  EXPECT_EQ(told(layer.findings, "table.repeated_column"), "warning 1 s.shp");
  EXPECT_THAT(layer.table.numbers("treo_pct"), ElementsAre(1.5, 2.5));
  EXPECT_THAT(layer.table.numbers("treo_pct_2"), ElementsAre(3.5, 4.5));
}

TEST(Tables, NamesCutToTenLettersAreSaid) {
  const Scratch scratch;
  const Layer layer =
      read_layer(written(scratch / "s.shp", points("grade_treo_pct", "grade_treo_ppm")));
  EXPECT_EQ(told(layer.findings, "table.truncated_name"), "warning 1 s.shp");
  EXPECT_THAT(message_of(layer.findings, "table.truncated_name"),
              HasSubstr("'grade_treo' and 'grade_tr_2'"));
  EXPECT_THAT(layer.table.numbers("grade_treo"), ElementsAre(1.5, 2.5));
  EXPECT_THAT(layer.table.numbers("grade_tr_2"), ElementsAre(3.5, 4.5));
  // A name that ends in a number by itself is no cut one.
  EXPECT_EQ(told(read_layer(written(scratch / "t.shp", points("grade", "sample_t_2"))).findings,
                 "table.truncated_name"),
            "");
}

TEST(Tables, CellsThatARowLacksAreBlank) {
  const Layer layer = table("id,v,w\nA,1,2\nB\nC,3\nD,4,\n");
  EXPECT_EQ(told(layer.findings, "table.short_row"), "warning 2 a.csv");
  ASSERT_EQ(layer.size(), 4U);
  EXPECT_THAT(layer.table.numbers("v"), ElementsAre(1, testing::IsNan(), 3, 4));
  EXPECT_THAT(layer.table.numbers("w"),
              ElementsAre(2, testing::IsNan(), testing::IsNan(), testing::IsNan()));
}

TEST(Tables, InfinityIsRefused) {
  const Scratch scratch;
  const std::string feature = R"(,"geometry":{"type":"Point","coordinates":[1,2]}})";
  const std::string json = scratch.write(
      "a.geojson", R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":)"
                   R"({"v":1})" +
                       feature + R"(,{"type":"Feature","properties":{"v":-1e999})" + feature +
                       "]}");
  EXPECT_EQ(code_of(json), "table.not_finite");
  try {
    static_cast<void>(read_table(json));
  } catch (const Error& error) {
    EXPECT_THAT(error.where, HasSubstr("feature 1")) << "counted from 0 as GDAL does";
  }
  const std::string gpkg = written(scratch / "s.gpkg", points("v", "w"));
  EXPECT_EQ(code_of(gpkg), "");
  run_sql(gpkg, "UPDATE sites SET w = 9e999 WHERE fid = 2");
  EXPECT_EQ(code_of(gpkg), "table.not_finite");
  // Written out it is a text like any other, and no number.
  const Layer text = table("id,v\nA,inf\nB,1e999\n");
  EXPECT_EQ(text.table.at("v").kind, ColumnKind::text);
}

TEST(Tables, BinaryFieldsAreLeftOutAndSaid) {
  const Scratch scratch;
  const std::string path = written(scratch / "s.gpkg", points("v", "w"));
  run_sql(path,
          "ALTER TABLE sites ADD COLUMN photo BLOB; UPDATE sites SET photo = x'00ff';"
          "ALTER TABLE sites ADD COLUMN after REAL; UPDATE sites SET after = fid");
  const Layer layer = read_layer(path);
  EXPECT_EQ(told(layer.findings, "table.field_skipped"), "note 1 s.gpkg");
  EXPECT_THAT(message_of(layer.findings, "table.field_skipped"), HasSubstr("'photo'"));
  EXPECT_THAT(layer.table.names(), ElementsAre("v", "w", "after"));
  EXPECT_THAT(layer.table.numbers("after"), ElementsAre(1, 2));
}

}  // namespace
}  // namespace lode
