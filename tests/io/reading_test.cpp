// Faults and repairs of reading, each from a file made for it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "libgeo/core/provenance.h"
#include "libgeo/io/door.h"
#include "libgeo/io/inspect.h"
#include "libgeo/io/layer.h"
#include "libgeo/io/open.h"
#include "libgeo/io/writers.h"
#include "tests/io/scratch.h"
#include "tests/io/sql.h"

namespace lode {
namespace {

using testing::HasSubstr;

std::string code_of_reading(const std::string& path, const ReadOptions& options = {}) {
  return error_code_of([&] { static_cast<void>(read_layer(path, options)); });
}

std::string code_of_table(const std::string& path, const ReadOptions& options = {}) {
  return error_code_of([&] { static_cast<void>(read_table(path, options)); });
}

OutputLayer square(const std::string& crs = "EPSG:32613") {
  OutputLayer layer;
  layer.name = "sites";
  layer.crs = parse_crs(crs);
  layer.geometry = {polygon_geometry({{508000, 3461000},
                                      {508800, 3461000},
                                      {508800, 3461800},
                                      {508000, 3461800},
                                      {508000, 3461000}})};
  layer.table.add(text_column("id", {"A"}));
  layer.table.add(number_column("tonnage_mt", {5}));
  return layer;
}

std::string written(const Scratch& scratch, const std::string& name, OutputLayer layer = square()) {
  Findings findings;
  write_layers(scratch / name, {std::move(layer)}, {}, findings);
  return scratch / name;
}

TEST(Paths, OnlyLocalFilesAreOpened) {
  const Scratch scratch;
  EXPECT_EQ(code_of_reading(scratch / "none.shp"), "io.missing_file");
  EXPECT_EQ(code_of_reading(scratch / "a"), "io.not_a_file");
  for (const char* path : {"http://127.0.0.1/a.geojson", "PG:dbname=x", "WFS:http://127.0.0.1/",
                           "/vsicurl/http://127.0.0.1/a.geojson", "/vsis3/bucket/a.shp",
                           "/vsizip//vsicurl/http://127.0.0.1/a.zip", "<OGRVRTDataSource/>",
                           "/vsimem/a.shp", "/vsisubfile/0_1,/etc/hostname"}) {
    EXPECT_EQ(code_of_reading(path), "io.forbidden_path") << path;
  }
  EXPECT_EQ(code_of_reading("/dev/null"), "io.not_a_file");
  EXPECT_EQ(code_of_reading(scratch.write("a.kml", "<kml/>")), "io.unsupported_format");
}

TEST(Paths, SizesAreBounded) {
  const Scratch scratch;
  const std::string path = scratch.write("a.csv", "id\n1\n");
  EXPECT_EQ(error_code_of([&] { static_cast<void>(door::read_bytes(path, 4)); }), "io.too_large");
  const std::string packed = scratch / "b.csv.gz";
  const std::string command = "head -c 90000000 /dev/zero | tr '\\0' ' ' | gzip > '" + packed + "'";
  if (std::system(command.c_str()) != 0) GTEST_SKIP() << "no gzip here: install gzip";
  EXPECT_EQ(code_of_table(packed), "archive.bomb");
}

TEST(Paths, AFileThatChangesWhileItIsReadIsRefused) {
  const Scratch scratch;
  const std::string path = written(scratch, "s.gpkg");
  bool done = false;
  const Progress touching(
      [&](double, const std::string&) {
        if (!done) std::ofstream(path, std::ios::app) << "x";
        done = true;
      },
      [] { return false; });
  EXPECT_EQ(error_code_of([&] { static_cast<void>(read_layer(path, {}, touching)); }),
            "io.changed");
}

TEST(Paths, ContentMustBeWhatTheEndingSays) {
  const Scratch scratch;
  const std::string vrt =
      "<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/vsicurl/http://127.0.0.1/"
      "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>";
  for (const char* name : {"v.shp", "v.gpkg", "v.geojson", "v.fgb", "v.csv", "v.xlsx", "v.dbf"}) {
    EXPECT_EQ(code_of_reading(scratch.write(name, vrt)), "io.corrupt") << name;
  }
  for (const char* name : {"v.tif", "v.asc"}) {
    EXPECT_EQ(error_code_of([&] { static_cast<void>(inspect_raster(scratch.write(name, vrt))); }),
              "io.corrupt");
  }
  EXPECT_EQ(code_of_reading(scratch.write("empty.csv", "")), "io.corrupt");
}

TEST(Paths, ALayerMayFollowAColon) {
  const Scratch scratch;
  const std::string path = written(scratch, "s.gpkg");
  EXPECT_EQ(split_layer(path + ":roads").layer, "roads");
  EXPECT_EQ(split_layer(path + ":roads").path, path);
  EXPECT_EQ(split_layer("http://host/x").layer, "");
  EXPECT_EQ(read_layer(path + ":sites").size(), 1U);
  EXPECT_EQ(code_of_reading(path + ":sitse"), "io.no_layer");
}

TEST(GdalOptions, TheEnvironmentIsIgnored) {
  const Scratch scratch;
  std::string path = written(scratch, "s.shp");
  std::filesystem::remove(scratch / "s.shx");
  setenv("SHAPE_RESTORE_SHX", "YES", 1);
  setenv("OGR_SQLITE_LOAD_EXTENSIONS", "/nonexistent.so", 1);
  setenv("GDAL_DRIVER_PATH", (scratch / "a").c_str(), 1);
  const Layer layer = read_layer(path);
  EXPECT_TRUE(layer.findings.has("io.index_rebuilt"));
  EXPECT_FALSE(std::filesystem::exists(scratch / "s.shx"));
  unsetenv("SHAPE_RESTORE_SHX");
  unsetenv("OGR_SQLITE_LOAD_EXTENSIONS");
  unsetenv("GDAL_DRIVER_PATH");
}

TEST(Shapefile, SetMustBeWholeAndAgree) {
  const Scratch scratch;
  const std::string path = written(scratch, "s.shp");
  const std::string dbf = door::read_bytes(scratch / "s.dbf"),
                    shx = door::read_bytes(scratch / "s.shx");
  scratch.write("s.dbf", dbf.substr(0, dbf.size() - 20));
  EXPECT_EQ(code_of_reading(path), "io.corrupt");
  scratch.write("s.dbf", dbf);
  scratch.write("s.shx", shx.substr(0, 100));
  EXPECT_EQ(code_of_reading(path), "io.corrupt") << "the .shx counts none, the .dbf one";
  std::string wrong = shx;
  wrong[101] = '\x7f';
  scratch.write("s.shx", wrong);
  EXPECT_EQ(code_of_reading(path), "io.corrupt") << "offset outside the .shp";
  scratch.write("s.shx", shx);
  std::filesystem::remove(scratch / "s.dbf");
  EXPECT_EQ(code_of_reading(path), "io.missing_sidecar");
}

TEST(Shapefile, NumbersInTheDbfMustBeNumbers) {
  const Scratch scratch;
  const std::string path = written(scratch, "s.shp");
  std::string dbf = door::read_bytes(scratch / "s.dbf");
  const auto at = dbf.rfind('5');
  dbf.replace(at - 3, 4, "12 M");
  scratch.write("s.dbf", dbf);
  EXPECT_EQ(code_of_reading(path), "table.bad_number");
  dbf.replace(at - 17, 18, 18, '*');
  scratch.write("s.dbf", dbf);
  const Layer layer = read_layer(path);
  EXPECT_TRUE(layer.findings.has("table.asterisks"));
  EXPECT_TRUE(std::isnan(layer.table.numbers("tonnage_mt")[0]));
  EXPECT_TRUE(check_role(layer, Role::deposits).has("table.asterisks"));
  EXPECT_EQ(check_role(layer, Role::deposits).worst(), Severity::error);
}

TEST(Shapefile, EncodingIsDeclaredSaidOrDetected) {
  const Scratch scratch;
  OutputLayer layer = square();
  layer.table.columns[0].texts = {"K\xC3\xA4rr"};
  const std::string path = written(scratch, "s.shp", layer);
  EXPECT_EQ(read_layer(path).table.texts("id")[0], "Kärr");
  std::string dbf = door::read_bytes(scratch / "s.dbf");
  const auto at = dbf.find("\xC3\xA4");
  ASSERT_NE(at, std::string::npos);
  dbf.replace(at, 2, "\x84r");  // CP437: a with diaeresis
  scratch.write("s.dbf", dbf);
  std::filesystem::remove(scratch / "s.cpg");
  dbf[29] = 0;
  scratch.write("s.dbf", dbf);
  ReadOptions options;
  options.encoding = "CP437";
  EXPECT_EQ(read_layer(path, options).table.texts("id")[0].substr(0, 3), "K\xC3\xA4");
  options.encoding = "KLINGON";
  EXPECT_EQ(code_of_reading(path, options), "io.unknown_encoding");
  EXPECT_TRUE(read_layer(path).findings.has("io.encoding_assumed"));
}

TEST(Shapefile, CrsMustBeKnown) {
  const Scratch scratch;
  const std::string path = written(scratch, "s.shp");
  scratch.write("s.prj", "http://example.org/crs");
  EXPECT_EQ(code_of_reading(path), "crs.unknown");
  std::filesystem::remove(scratch / "s.prj");
  EXPECT_EQ(code_of_reading(path), "crs.missing");
  ReadOptions options;
  options.input_crs = "EPSG:32613";
  EXPECT_EQ(read_layer(path, options).crs.authority, "EPSG:32613");
  options.input_crs = "EPSG:4326";
  EXPECT_EQ(code_of_reading(path, options), "crs.mismatch");
  options.input_crs = "local:m";
  EXPECT_TRUE(read_layer(path, options).crs.is_local());
  ReadOptions lenient;
  lenient.need_crs = false;
  EXPECT_FALSE(read_layer(path, lenient).has_crs);
}

TEST(GeoPackage, InputStaysAsItIsWithALogBesideIt) {
  const Scratch scratch;
  const std::string path = written(scratch, "s.gpkg");
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  drop_triggers(database);
  sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  ASSERT_EQ(sqlite3_exec(database, "PRAGMA journal_mode=WAL; UPDATE sites SET tonnage_mt = 7",
                         nullptr, nullptr, nullptr),
            SQLITE_OK)
      << sqlite3_errmsg(database);
  sqlite3_close(database);
  ASSERT_TRUE(std::filesystem::exists(path + "-wal"));
  const std::string before = sha256_of_file(path), log = sha256_of_file(path + "-wal");
  const Layer layer = read_layer(path);
  EXPECT_EQ(layer.table.numbers("tonnage_mt")[0], 7)
      << "what stands in the log belongs to the data";
  EXPECT_TRUE(layer.findings.has("gpkg.write_ahead_log"));
  EXPECT_EQ(sha256_of_file(path), before);
  EXPECT_EQ(sha256_of_file(path + "-wal"), log);
  const char* folder = std::getenv("TMPDIR");
  const std::string kept = folder == nullptr ? "" : folder;
  for (const std::string& nowhere : {scratch / "none", std::string("/proc")}) {
    setenv("TMPDIR", nowhere.c_str(), 1);
    EXPECT_EQ(code_of_reading(path), "io.write") << "never without what stands in the log";
  }
  kept.empty() ? unsetenv("TMPDIR") : setenv("TMPDIR", kept.c_str(), 1);
  std::filesystem::remove(path + "-wal");
  std::filesystem::remove(path + "-shm");
  EXPECT_EQ(read_layer(path).size(), 1U);
  EXPECT_FALSE(std::filesystem::exists(path + "-wal"));
  EXPECT_FALSE(std::filesystem::exists(path + "-shm"));
}

TEST(GeoPackage, SaysWhichTablesDisagree) {
  const Scratch scratch;
  const std::string path = written(scratch, "s.gpkg");
  run_sql(path, "UPDATE gpkg_contents SET srs_id = 4326");
  EXPECT_EQ(code_of_reading(path), "gpkg.srs_disagree");
}

TEST(GeoPackage, IntegersBeyondADoubleStayText) {
  const Scratch scratch;
  const std::string path = written(scratch, "s.gpkg");
  run_sql(path, "ALTER TABLE sites ADD COLUMN big INTEGER");
  run_sql(path, "UPDATE sites SET big = 9007199254740993");
  const Layer layer = read_table(path);
  ASSERT_EQ(layer.table.at("big").kind, ColumnKind::text);
  EXPECT_EQ(layer.table.at("big").texts[0], "9007199254740993");
}

TEST(GeoJson, IsReadByTheRfc) {
  const Scratch scratch;
  const auto code = [&](const std::string& text) {
    return code_of_reading(scratch.write("a.geojson", text));
  };
  const std::string point = R"({"type":"Point","coordinates":[1,2]})";
  EXPECT_EQ(code(point), "");
  EXPECT_EQ(
      code(
          R"({"type":"Point","coordinates":[1,2],"crs":{"type":"link","properties":{"href":"http://127.0.0.1/"}}})"),
      "io.forbidden_path");
  EXPECT_EQ(code(R"({"type":"Point","coordinates":[1,2]} x)"), "geojson.syntax");
  EXPECT_EQ(code(R"({"type":"Point","coordinates":[1,NaN]})"), "geojson.syntax");
  EXPECT_EQ(code(R"({"type":"Point","coordinates":[01,2]})"), "geojson.syntax");
  EXPECT_EQ(code(R"({"type":"Point","coordinates":[1]})"), "geojson.bad_coordinates");
  EXPECT_EQ(code(R"({"type":"Point","coordinates":[1,2],"x":)" + std::string(200, '[') +
                 std::string(200, ']') + "}"),
            "geojson.too_deep");
  EXPECT_EQ(
      code(R"({"type":"Feature","type":"Feature","properties":null,"geometry":)" + point + "}"),
      "geojson.repeated_key");
  EXPECT_EQ(code(R"({"type":"Topology","objects":{}})"), "geojson.bad_type");
  EXPECT_EQ(code(R"({"type":"FeatureCollection"})"), "geojson.bad_structure");
  EXPECT_EQ(code(R"({"type":"Point","coordinates":[1e999,2]})"), "geometry.bad_coordinate");
}

TEST(Csv, SeparatorsMarksAndEncodings) {
  const Scratch scratch;
  const Layer semicolons =
      read_layer(scratch.write("a.csv", "\xEF\xBB\xBFid;lon;lat\r\nA;10;50\r\nB;11;51\r\n"));
  EXPECT_EQ(semicolons.size(), 2U);
  EXPECT_EQ(semicolons.table.columns[0].name, "id");
  EXPECT_TRUE(semicolons.findings.has("csv.separator"));
  EXPECT_TRUE(semicolons.findings.has("crs.assumed"));
  EXPECT_EQ(semicolons.crs.authority, "EPSG:4326");
  EXPECT_EQ(read_layer(scratch.write("b.csv", "id\tlon\tlat\nA\t10\t50\n")).size(), 1U);
  const Layer latin = read_table(scratch.write("c.csv", "id,name\n1,K\xE4rr\n"));
  EXPECT_EQ(latin.table.texts("name")[0], "Kärr");
  EXPECT_TRUE(latin.findings.has("io.encoding_assumed"));
  EXPECT_EQ(code_of_table(scratch.write("d.csv", "\xFF\xFEi\0d\0")), "io.unknown_encoding");
  EXPECT_EQ(code_of_table(scratch.write("e.csv", "id,name\n1,\"open\n2,b\n")),
            "csv.unbalanced_quote");
  EXPECT_EQ(code_of_table(scratch.write("f.csv", "id,v\n1,2\n2,1,5\n")), "table.ragged_row");
  EXPECT_EQ(code_of_table(scratch.write("g.csv", "id,v\n")), "io.empty_layer");
  const Layer quoted = read_table(scratch.write("h.csv", "id,name\n1,\"a, \"\"b\"\"\nc\"\n2,d\n"));
  EXPECT_EQ(quoted.table.texts("name")[0], "a, \"b\"\nc");
  EXPECT_EQ(quoted.table.row_name(1), "line 4");
}

TEST(Csv, PlacesComeFromNamedColumnsOrWkt) {
  const Scratch scratch;
  const std::string path = scratch.write("a.csv", "id,E,N\nA,508000,3461000\nB,,\n");
  EXPECT_EQ(code_of_reading(path), "geometry.missing");
  ReadOptions options;
  options.x = "E";
  options.y = "N";
  EXPECT_EQ(code_of_reading(path, options), "crs.missing");
  options.input_crs = "EPSG:32613";
  const Layer layer = read_layer(path, options);
  EXPECT_EQ(layer.geometry[0].points[0], (Point{508000, 3461000}));
  EXPECT_EQ(layer.geometry[1].kind, GeometryKind::none);
  EXPECT_TRUE(layer.findings.has("geometry.empty"));
  options.y = "";
  EXPECT_EQ(code_of_reading(path, options), "usage.missing");
  options.y = "X";
  EXPECT_EQ(code_of_reading(path, options), "table.no_field");
  EXPECT_EQ(code_of_reading(scratch.write("b.csv", "id,lon,lat\nA,10,x\n")), "table.bad_number");
  ReadOptions wkt;
  wkt.input_crs = "EPSG:4326";
  const Layer lines =
      read_layer(scratch.write("c.csv", "id,WKT\nA,\"LINESTRING (1 2,3 4)\"\n"), wkt);
  EXPECT_EQ(lines.geometry[0].kind, GeometryKind::line);
  EXPECT_EQ(
      code_of_reading(scratch.write("d.csv", "id,WKT\nA,POINT (1 2)\nB,POINT (1 2) x\n"), wkt),
      "geometry.bad_wkt");
  EXPECT_EQ(code_of_reading(scratch.write("e.csv", "id,WKT\nA,POINT (1e400 2)\n"), wkt),
            "geometry.bad_coordinate");
}

TEST(Columns, NumbersAreStrictAndIdsKeepTheirZeros) {
  const Scratch scratch;
  const Layer layer = read_table(scratch.write("a.csv",
                                               "id,zip,v,comma,mixed,big\n1.10,007,1.5,\"1,25\",3,"
                                               "12345678901234567\n1.1,08,,\"2,5\",x,1\n"));
  const auto kind = [&](const char* name) { return layer.table.at(name).kind; };
  EXPECT_EQ(kind("id"), ColumnKind::text) << "1.10 is not 1.1";
  EXPECT_EQ(kind("zip"), ColumnKind::text);
  EXPECT_EQ(kind("v"), ColumnKind::number);
  EXPECT_TRUE(std::isnan(layer.table.numbers("v")[1])) << "blank is never 0";
  EXPECT_EQ(kind("comma"), ColumnKind::text);
  EXPECT_TRUE(layer.findings.has("table.decimal_comma"));
  EXPECT_EQ(kind("big"), ColumnKind::text);
  EXPECT_EQ(error_code_of([&] {
              static_cast<void>(quantity_column(layer.table, "mixed", Dimension::number));
            }),
            "table.bad_number");
}

TEST(Columns, RulesForMissingAndBelowDetection) {
  const Scratch scratch;
  const std::string path = scratch.write("a.csv", "id,ree_ppm\nA,<0.5\nB,-\nC,12\nD,-9999\n");
  ReadOptions options;
  options.missing = {"-", "-9999"};
  EXPECT_EQ(read_table(path, options).table.at("ree_ppm").kind, ColumnKind::text);
  options.below_detection = BelowDetection::half;
  const Layer layer = read_table(path, options);
  const auto values = layer.table.numbers("ree_ppm");
  EXPECT_EQ(values[0], 0.25);
  EXPECT_TRUE(std::isnan(values[1]));
  EXPECT_EQ(values[2], 12);
  EXPECT_TRUE(std::isnan(values[3]));
  EXPECT_TRUE(layer.findings.has("table.below_detection"));
  const auto grades = quantity_column(layer.table, "ree_ppm", Dimension::grade);
  EXPECT_DOUBLE_EQ(grades[2], 12e-6);
  EXPECT_EQ(parse_below_detection("Half"), BelowDetection::half);
  EXPECT_EQ(error_code_of([] { static_cast<void>(parse_below_detection("third")); }),
            "usage.choice");
}

TEST(Columns, SentinelsAndUnits) {
  const Scratch scratch;
  const Layer layer = read_table(scratch.write("a.csv", "id,g_pct,v\nA,-9999,1\nB,2,2\n"));
  EXPECT_TRUE(layer.findings.has("table.sentinel"));
  EXPECT_EQ(error_code_of([&] {
              static_cast<void>(quantity_column(layer.table, "g_pct", Dimension::grade));
            }),
            "table.sentinel");
  EXPECT_EQ(
      error_code_of([&] { static_cast<void>(quantity_column(layer.table, "v", Dimension::mass)); }),
      "unit.missing");
  EXPECT_EQ(quantity_column(layer.table, "v", Dimension::mass, "Mt")[1], 2e6);
  EXPECT_EQ(
      error_code_of([&] { static_cast<void>(quantity_column(layer.table, "w", Dimension::mass)); }),
      "table.no_field");
}

TEST(Columns, FieldsAreRenamedAndFiltered) {
  const Scratch scratch;
  const std::string path = scratch.write("a.csv", "BHID,v\nA,1\nB,2\nC,3\n");
  ReadOptions options;
  options.fields = {{"hole", "BHID"}};
  options.units = {{"v", "ppm"}};
  options.where = "v > 1.5";
  const Layer layer = read_table(path, options);
  EXPECT_THAT(layer.table.texts("hole"), testing::ElementsAre("B", "C"));
  EXPECT_EQ(layer.table.at("v").unit, "ppm");
  EXPECT_EQ(layer.table.row_name(0), "line 3");
  options.fields = {{"v", "BHID"}};
  EXPECT_EQ(code_of_table(path, options), "table.ambiguous_field");
  options.fields = {{"x", "NONE"}};
  EXPECT_EQ(code_of_table(path, options), "table.no_field");
  ReadOptions filter;
  filter.where = "v >";
  EXPECT_EQ(code_of_table(path, filter), "usage.where");
  try {
    static_cast<void>(read_table(path, filter));
  } catch (const Error& error) {
    EXPECT_THAT(error.hint, HasSubstr("as in SQL"));
  }
  filter.where = "v > 9";
  EXPECT_EQ(code_of_table(path, filter), "io.empty_layer");
}

TEST(Places, BoxFilterAndLongitudesBeyond180) {
  const Scratch scratch;
  const std::string path = scratch.write("a.csv", "id,lon,lat\nA,10,50\nB,190,50\n");
  ReadOptions options;
  EXPECT_TRUE(read_layer(path).findings.has("crs.beyond_180"));
  options.bbox = {{0, 40, 20, 60}};
  EXPECT_EQ(read_layer(path, options).size(), 1U);
  ReadOptions projected;
  projected.input_crs = "EPSG:32613";
  projected.x = "x";
  projected.y = "y";
  const std::string wrong_zone =
      scratch.write("b.csv", "id,x,y\nA,508000,9000\nB,5080000,3461000\n");
  EXPECT_TRUE(read_layer(wrong_zone, projected).findings.has("crs.outside_area"));
  EXPECT_EQ(code_of_reading(scratch.write("c.csv", "id,x,y\nA,1e12,3461000\n"), projected),
            "crs.mismatch");
}

TEST(Archives, AreReadInPlace) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "set LODE_DATA to the folder of real data";
  const std::string gpkg = data + "/conservation_tasmania/tas_pu.gpkg.zip";
  EXPECT_EQ(read_layer(gpkg).size(), 1130U);
  EXPECT_EQ(read_layer("/vsizip/" + gpkg).size(), 1130U);
  const std::string csv = data + "/occ_usgs_california/california_mines.csv.gz";
  const Layer mines = read_layer(csv);
  EXPECT_EQ(mines.size(), 42744U);
  EXPECT_EQ(mines.source.sha256, sha256_of_file(csv));
}

TEST(Sheets, TitlesAboveTheHeaderArePassedOver) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "set LODE_DATA to the folder of real data";
  const std::string path = data + "/occ_ga_critical_minerals/147741_01_0.xlsx";
  EXPECT_EQ(code_of_reading(path), "io.several_layers");
  Findings findings;
  const auto sheets = list_layers(path, findings);
  ASSERT_GE(sheets.size(), 2U);
  ReadOptions options;
  options.layer = sheets[1].name;
  options.input_crs = "EPSG:7844";
  const Layer layer = read_layer(path, options);
  EXPECT_EQ(layer.size(), 354U) << "the workbook's own filter spans A13:F367 with the header";
  EXPECT_TRUE(layer.findings.has("table.title_rows"));
}

TEST(RealLayers, ReadWithTheNumbersOfTheirReadme) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "set LODE_DATA to the folder of real data";
  EXPECT_EQ(read_layer(data + "/occ_usgs_major_deposits/major_deposits.csv").size(), 3168U);
  EXPECT_EQ(read_layer(data + "/permits_blm_norcal/blm_mining_claims_active.geojson").size(), 823U);
  EXPECT_EQ(read_layer(data + "/base_natural_earth/ne_10m_populated_places_simple.gpkg").size(),
            7343U);
  EXPECT_EQ(read_layer(data + "/base_natural_earth/ne_10m_admin_0_countries.gpkg").size(), 258U);
}

TEST(Ids, AreTakenByNameElseFeatureNumber) {
  const Scratch scratch;
  const Layer named = read_table(scratch.write("a.csv", "ID,Name\nA,x\n,y\n"));
  EXPECT_THAT(feature_ids(named, ""), testing::ElementsAre("A", "2"));
  EXPECT_THAT(feature_names(named, ""), testing::ElementsAre("x", "y"));
  EXPECT_THAT(feature_ids(named, "Name"), testing::ElementsAre("x", "y"));
  const Layer bare = read_table(scratch.write("b.csv", "v,w\n5,6\n7,8\n"));
  EXPECT_THAT(feature_ids(bare, ""), testing::ElementsAre("1", "2"));
}

TEST(ToCrs, MovesPlacesAndKeepsRows) {
  const Scratch scratch;
  const Layer layer = to_crs(read_layer(written(scratch, "s.gpkg")), wgs84());
  EXPECT_EQ(layer.crs, wgs84());
  EXPECT_NEAR(layer.extent().min_x, -104.9162, 1e-3);
  ReadOptions lenient;
  lenient.need_crs = false;
  Layer lost = read_layer(scratch.write("a.csv", "id,x,y\nA,1,2\n"), lenient);
  EXPECT_EQ(error_code_of([&] { static_cast<void>(to_crs(lost, wgs84())); }), "crs.missing");
}

}  // namespace
}  // namespace lode
