// Outputs appear whole or not at all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <csignal>

#include "libgeo/core/provenance.h"
#include "libgeo/core/text.h"
#include "libgeo/io/door.h"
#include "libgeo/io/layer.h"
#include "libgeo/io/writers.h"
#include "tests/io/scratch.h"
#include "tests/io/told.h"

namespace lode {
namespace {

using testing::HasSubstr;

OutputLayer points(std::size_t count) {
  OutputLayer layer;
  layer.name = "points";
  layer.crs = parse_crs("EPSG:4326");
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) {
    layer.geometry.push_back(
        point_geometry(static_cast<double>(i % 170), 0.001 * static_cast<double>(i % 80000)));
    values.push_back(static_cast<double>(i) / 7);
  }
  layer.table.add(number_column("value", values));
  return layer;
}

std::size_t entries(const std::filesystem::path& folder) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    static_cast<void>(entry);
    ++count;
  }
  return count;
}

std::string code_of_writing(const std::string& path, const std::vector<OutputLayer>& layers,
                            const WriteOptions& options = {}) {
  return error_code_of([&] {
    Findings findings;
    write_layers(path, layers, options, findings);
  });
}

TEST(OutputSet, RefusesWhatItMustNotTouch) {
  const Scratch scratch;
  const std::string path = scratch / "a/r.csv";
  EXPECT_EQ(code_of_writing(path, {points(2)}), "");
  EXPECT_EQ(code_of_writing(path, {points(2)}), "io.exists");
  WriteOptions overwrite;
  overwrite.overwrite = true;
  EXPECT_EQ(code_of_writing(path, {points(3)}, overwrite), "");
  EXPECT_EQ(code_of_writing(scratch / "none/r.csv", {points(2)}), "io.no_folder");
  EXPECT_EQ(code_of_writing("/proc/lode-result.csv", {points(2)}), "io.cannot_write");
  EXPECT_EQ(code_of_writing(scratch / "a", {points(2)}), "io.unsupported_format");
  std::filesystem::create_directory(scratch / "d.csv");
  EXPECT_EQ(code_of_writing(scratch / "d.csv", {points(2)}, overwrite), "io.not_a_file");
  EXPECT_EQ(code_of_writing(scratch / "r.kml", {points(2)}), "io.unsupported_format");
  EXPECT_EQ(code_of_writing(scratch / "r.fgb", {points(1), points(1)}), "write.several_layers");
  OutputLayer mixed = points(1);
  mixed.geometry.push_back(polygon_geometry({{0, 0}, {1, 0}, {1, 1}, {0, 0}}));
  mixed.table = {};
  mixed.table.add(number_column("v", {1, 2}));
  EXPECT_EQ(code_of_writing(scratch / "r.shp", {mixed}), "write.mixed_kinds");
  mixed.table.columns[0].numbers.pop_back();
  EXPECT_EQ(code_of_writing(scratch / "r.gpkg", {mixed}), "write.length");
  OutputLayer table = points(1);
  table.geometry.clear();
  EXPECT_EQ(code_of_writing(scratch / "r.shp", {table}), "write.no_geometry");
  EXPECT_EQ(entries(scratch.path() / "a"), 1U);
}

TEST(OutputSet, WhatIsNotCommittedIsGone) {
  const Scratch scratch;
  {
    OutputSet outputs(false);
    outputs.write_text(scratch / "a/one.txt", "1");
    Findings findings;
    outputs.write_layers(scratch / "a/two.gpkg", {points(5)}, {}, findings);
    EXPECT_EQ(entries(scratch.path() / "a"), 2U);
    EXPECT_FALSE(std::filesystem::exists(scratch / "a/one.txt"));
  }
  EXPECT_EQ(entries(scratch.path() / "a"), 0U);
  OutputSet outputs(false);
  outputs.write_text(scratch / "a/one.txt", "1");
  outputs.commit();
  EXPECT_EQ(outputs.written()[0].sha256, sha256("1"));
  EXPECT_EQ(entries(scratch.path() / "a"), 1U);
}

TEST(OutputSet, SweepsWhatDeadRunsLeft) {
  const Scratch scratch;
  const pid_t child = fork();
  if (child == 0) {
    OutputSet outputs(false);
    outputs.write_text(scratch / "a/r.csv", "half");
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(entries(scratch.path() / "a"), 1U);
  Findings findings;
  write_layers(scratch / "a/r.csv", {points(2)}, {}, findings);
  EXPECT_EQ(entries(scratch.path() / "a"), 1U);
  EXPECT_TRUE(std::filesystem::exists(scratch / "a/r.csv"));
}

TEST(OutputSet, AKilledRunLeavesTheOldResultOrTheNewOne) {
  const Scratch scratch;
  const std::string path = scratch / "a/r.gpkg";
  WriteOptions overwrite;
  overwrite.overwrite = true;
  Findings findings;
  write_layers(path, {points(10)}, overwrite, findings);
  for (int i = 0; i < 20; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      Findings passed;
      write_layers(path, {points(3000)}, overwrite, passed);
      _exit(0);
    }
    ::usleep(static_cast<useconds_t>(2500 * i));
    ::kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    const std::size_t size = read_layer(path).size();
    EXPECT_TRUE(size == 10 || size == 3000) << size;
  }
  write_layers(path, {points(10)}, overwrite, findings);
  EXPECT_EQ(entries(scratch.path() / "a"), 1U);
}

/// RLIMIT_FSIZE stands in for a full disk: every write beyond it fails.
class FullDisk : public testing::TestWithParam<const char*> {};

TEST_P(FullDisk, NeverLeavesAResult) {
  const Scratch scratch;
  const std::string path = scratch / ("a/r" + std::string(GetParam()));
  for (const rlim_t limit : {0, 1000, 4096, 20000, 60000, 100000}) {
    const pid_t child = fork();
    if (child == 0) {
      ::signal(SIGXFSZ, SIG_IGN);
      const rlimit size{limit, limit};
      ::setrlimit(RLIMIT_FSIZE, &size);
      const std::string code = code_of_writing(path, {points(5000)});
      _exit(code == "io.write" ? 1 : code.empty() ? 0 : 2);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 1) << GetParam() << " at " << limit;
    EXPECT_EQ(entries(scratch.path() / "a"), 0U) << GetParam() << " at " << limit;
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, FullDisk,
                         testing::Values(".gpkg", ".shp", ".geojson", ".fgb", ".csv"));

/// A text that no database or .dbf keeps: it ends at its zero byte.
OutputLayer with_a_zero_byte() {
  OutputLayer layer = points(2);
  layer.table.add(text_column("note", {std::string("a\0b", 3), "c"}));
  return layer;
}

TEST(OutputSet, WhatDoesNotReadBackTheSameIsNoResult) {
  const Scratch scratch;
  for (const char* ending : {".gpkg", ".shp", ".fgb"}) {
    const std::string path = scratch / ("a/r" + std::string(ending));
    EXPECT_EQ(code_of_writing(path, {with_a_zero_byte()}), "io.write") << ending;
    EXPECT_EQ(entries(scratch.path() / "a"), 0U) << ending;
  }
}

TEST(OutputSet, ANameTakenMeanwhileIsToldAndNothingIsLeft) {
  const Scratch scratch;
  {
    OutputSet outputs(false);
    outputs.write_text(scratch / "a/r.csv", "1");
    std::filesystem::create_directory(scratch / "a/r.csv");
    EXPECT_EQ(error_code_of([&] { outputs.commit(); }), "io.write");
  }
  EXPECT_EQ(entries(scratch.path() / "a"), 1U);
  EXPECT_TRUE(std::filesystem::is_directory(scratch / "a/r.csv"));
}

TEST(OutputSet, AnInputIsNeverTheOutput) {
  const Scratch scratch;
  const std::string path = scratch.write("in.csv", "a\n1\n");
  std::filesystem::create_hard_link(path, scratch / "link.csv");
  std::filesystem::create_symlink(path, scratch / "soft.csv");
  const auto code = [&](const std::string& out) {
    return error_code_of([&] { refuse_input_as_output(out, {path}); });
  };
  EXPECT_EQ(code(scratch / "link.csv"), "io.output_is_input");
  EXPECT_EQ(code(scratch / "soft.csv"), "io.output_is_input");
  EXPECT_EQ(code(scratch / "a/../in.csv"), "io.output_is_input");
  EXPECT_EQ(code(scratch / "other.csv"), "");
}

TEST(Csv, GuardsFormulasAndKeepsNumbers) {
  Table table;
  table.add(text_column("t", {"=1+1", "@SUM(1)", "-2+3", "-5", "a,\"b\"", "+x\ny"}));
  table.add(number_column("n", {0.1, 1e300, -5, std::nan(""), 1.0 / 3, 2}));
  EXPECT_EQ(csv_text(table),
            "t,n\n'=1+1,0.1\n'@SUM(1),1e+300\n'-2+3,-5\n-5,\n\"a,\"\"b\"\"\",0.3333333333333333\n"
            "\"'+x\ny\",2\n");
}

TEST(Shapefile, NamesAreShortAndMissingNumbersBlank) {
  const Scratch scratch;
  OutputLayer layer = points(2);
  layer.table = {};
  layer.table.add(number_column("grade_treo_pct", {1, std::nan("")}));
  layer.table.add(number_column("grade_treo_ppm", {1e-7, 2}));
  layer.table.add(text_column("long", {std::string(300, 'x'), "b"}));
  Findings findings;
  write_layers(scratch / "r.shp", {layer}, {}, findings);
  EXPECT_TRUE(findings.has("write.short_name"));
  EXPECT_TRUE(findings.has("write.text_cut"));
  const Layer back = read_layer(scratch / "r.shp");
  EXPECT_EQ(back.table.columns[0].name, "grade_treo");
  EXPECT_EQ(back.table.columns[1].name, "grade_tr_2");
  EXPECT_FALSE(back.findings.has("table.asterisks"));
  EXPECT_TRUE(std::isnan(back.table.columns[0].numbers[1]));
}

TEST(Shapefile, SmallNumbersAreRoundedAndCounted) {
  const Scratch scratch;
  OutputLayer layer = points(3);
  layer.table = {};
  layer.table.add(number_column("v", {1e-7 / 3, 1.0 / 3, 2e-17}));
  Findings findings;
  write_layers(scratch / "r.shp", {layer}, {}, findings);
  EXPECT_EQ(told(findings, "write.rounded"), "warning 2 r.shp");
  const auto values = read_layer(scratch / "r.shp").table.numbers("v");
  EXPECT_EQ(values[0], 33333333e-15) << "15 decimals";
  EXPECT_NEAR(values[1], 1.0 / 3, 1e-15);
  EXPECT_EQ(values[2], 0);
  Findings none;
  write_layers(scratch / "r.gpkg", {layer}, {}, none);
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(read_layer(scratch / "r.gpkg").table.numbers("v")[2], 2e-17);
}

TEST(Shapefile, ANumberThatBecameAnotherIsNoResult) {
  // GDAL cuts 1e300 to the 24 figures of its field: 1e23.
  const Scratch scratch;
  for (const double value : {1e300, -1e24}) {
    OutputLayer layer = points(2);
    layer.table = {};
    layer.table.add(number_column("v", {1, value}));
    EXPECT_EQ(code_of_writing(scratch / "a/r.shp", {layer}), "io.write") << value;
    EXPECT_EQ(entries(scratch.path() / "a"), 0U) << value;
    EXPECT_EQ(code_of_writing(scratch / ("b/r" + number_text(value) + ".gpkg"), {layer}), "");
  }
}

TEST(GeoPackage, CarriesADefaultStyle) {
  const Scratch scratch;
  OutputLayer layer = points(2);
  layer.style_qml = "<qgis/>";
  OutputLayer table = points(2);
  table.name = "table";
  table.geometry.clear();
  Findings findings;
  write_layers(scratch / "r.gpkg", {layer, table}, {}, findings);
  EXPECT_FALSE(std::filesystem::exists(scratch / "r.gpkg-wal"));
  const auto names = list_layers(scratch / "r.gpkg", findings);
  ASSERT_EQ(names.size(), 2U) << "the style table is no layer of data";
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open((scratch / "r.gpkg").c_str(), &database), SQLITE_OK);
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(
      database,
      "SELECT s.styleQML, s.useAsDefault, s.f_geometry_column, c.data_type FROM layer_styles s, "
      "gpkg_contents c WHERE c.table_name = 'layer_styles' AND s.f_table_name = 'points'",
      -1, &statement, nullptr);
  ASSERT_EQ(sqlite3_step(statement), SQLITE_ROW);
  EXPECT_STREQ(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)), "<qgis/>");
  EXPECT_EQ(sqlite3_column_int(statement, 1), 1);
  EXPECT_STREQ(reinterpret_cast<const char*>(sqlite3_column_text(statement, 2)), "geom");
  EXPECT_STREQ(reinterpret_cast<const char*>(sqlite3_column_text(statement, 3)), "attributes");
  sqlite3_finalize(statement);
  sqlite3_close(database);
}

TEST(GeoPackage, CarriesTitlesThatNoOtherLayerHas) {
  const Scratch scratch;
  OutputLayer first = points(2), second = points(2), third = points(2);
  first.title = "Things, \"seen\"";
  first.abstract = "Where they are; 100 % of them = all.";
  second.name = "second";
  second.title = "third";  // the name of another: each title stands once in a GeoPackage
  third.name = "third";
  Findings findings;
  write_layers(scratch / "r.gpkg", {first, second, third}, {}, findings);
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open((scratch / "r.gpkg").c_str(), &database), SQLITE_OK);
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(database,
                     "SELECT group_concat(identifier || '/' || coalesce(description, ''), '|') "
                     "FROM (SELECT * FROM gpkg_contents ORDER BY table_name)",
                     -1, &statement, nullptr);
  ASSERT_EQ(sqlite3_step(statement), SQLITE_ROW);
  EXPECT_STREQ(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)),
               "Things, \"seen\"/Where they are; 100 % of them = all.|second/|third/");
  sqlite3_finalize(statement);
  sqlite3_close(database);
  EXPECT_EQ(read_layer(scratch / "r.gpkg:points").table.rows(), 2U);
}

TEST(GeoJson, OtherCoordinatesBecomeLonLatAndSaySo) {
  const Scratch scratch;
  OutputLayer layer = points(1);
  layer.crs = parse_crs("EPSG:32613");
  layer.geometry = {point_geometry(500000, 0)};  // on the equator, on the zone's own meridian
  Findings findings;
  write_layers(scratch / "r.geojson", {layer}, {}, findings);
  EXPECT_EQ(told(findings, "write.lon_lat"), "note 1 points");
  EXPECT_THAT(message_of(findings, "write.lon_lat"), HasSubstr("EPSG:32613"));
  const Layer back = read_layer(scratch / "r.geojson");
  EXPECT_EQ(back.crs, wgs84());
  EXPECT_NEAR(back.geometry[0].points[0].x, -105, 1e-9);
  EXPECT_NEAR(back.geometry[0].points[0].y, 0, 1e-9);
  Findings none;
  write_layers(scratch / "s.geojson", {points(1)}, {}, none);
  EXPECT_TRUE(none.empty());
}

TEST(GeoJson, IsLonLatCutAtTheAntimeridian) {
  const Scratch scratch;
  OutputLayer layer;
  layer.name = "a";
  layer.crs = parse_crs("EPSG:4326");
  layer.geometry = {
      polygon_geometry({{179.9, 60}, {-179.9, 60}, {-179.9, 60.1}, {179.9, 60.1}, {179.9, 60}})};
  layer.table.add(text_column("id", {"A"}));
  Findings findings;
  write_layers(scratch / "r.geojson", {layer}, {}, findings);
  const std::string text = door::read_bytes(scratch / "r.geojson");
  EXPECT_THAT(text, HasSubstr("MultiPolygon"));
  EXPECT_FALSE(read_layer(scratch / "r.geojson").findings.has("geometry.antimeridian"));
}

TEST(Formats, FieldsNamedLikeTheFormatsOwnAreKept) {
  const Scratch scratch;
  OutputLayer layer = points(2);
  layer.table = {};
  layer.table.add(number_column("fid", {7, 7}));
  layer.table.add(text_column("GEOM", {"a", "b"}));
  Findings findings;
  write_layers(scratch / "r.gpkg", {layer}, {}, findings);
  const Layer back = read_layer(scratch / "r.gpkg");
  EXPECT_THAT(back.table.numbers("fid"), testing::ElementsAre(7, 7));
  EXPECT_THAT(back.table.texts("GEOM"), testing::ElementsAre("a", "b"));
}

}  // namespace
}  // namespace lode
