// Shapefiles and GeoPackages that do not keep to their formats.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cpl_error.h>

#include <fstream>

#include "libgeo/io/door.h"
#include "libgeo/io/layer.h"
#include "libgeo/io/open.h"
#include "libgeo/io/writers.h"
#include "tests/io/scratch.h"
#include "tests/io/sql.h"
#include "tests/io/told.h"

namespace lode {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Three points; a record of the .shp has 28 bytes, one of the .shx 8.
std::string points(const Scratch& scratch, const std::string& name) {
  OutputLayer layer;
  layer.name = "sites";
  layer.crs = parse_crs("EPSG:32613");
  for (const double x : {508000, 508100, 508200}) {
    layer.geometry.push_back(point_geometry(x, 3461000));
  }
  layer.table.add(number_column("v", {1, 2, 3}));
  Findings findings;
  write_layers(scratch / name, {layer}, {}, findings);
  return scratch / name;
}

/// Says another length in the header of a .shp or .shx.
void claim(const std::string& path, std::uint32_t bytes) {
  std::string text = door::read_bytes(path);
  for (std::size_t i = 0; i < 4; ++i) {
    text[24 + i] = static_cast<char>((bytes / 2) >> (24 - 8 * i) & 0xFFU);
  }
  std::ofstream(path, std::ios::binary) << text;
}

void append(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::app) << text;
}

std::string code_of(const std::string& path) {
  return error_code_of([&] { static_cast<void>(read_layer(path)); });
}

TEST(Shapefile, BytesBehindItsEndAreNotRead) {
  for (const bool indexed : {true, false}) {
    const Scratch scratch;
    const std::string path = points(scratch, "s.shp");
    const std::string record = door::read_bytes(path).substr(100, 28);
    EXPECT_EQ(told(read_layer(path).findings, "io.trailing_bytes"), "");
    append(path, record);
    if (!indexed) std::filesystem::remove(scratch / "s.shx");
    const Layer layer = read_layer(path);
    EXPECT_EQ(told(layer.findings, "io.trailing_bytes"), "warning 1 s.shp") << indexed;
    EXPECT_THAT(layer.table.numbers("v"), ElementsAre(1, 2, 3)) << indexed;
    EXPECT_EQ(layer.geometry[2].points[0], (Point{508200, 3461000})) << indexed;
  }
}

TEST(Shapefile, HeadersThatCountTooFewAreRefused) {
  // A writer that was killed leaves them so. GDAL passes over what they do not count.
  {
    const Scratch scratch;
    const std::string path = points(scratch, "s.shp");
    claim(path, 100 + 2 * 28);
    EXPECT_EQ(code_of(path), "io.corrupt") << "the index points behind the end";
    std::filesystem::remove(scratch / "s.shx");
    EXPECT_EQ(code_of(path), "io.corrupt") << "two records in the .shp, three in the .dbf";
  }
  const Scratch scratch;
  const std::string path = points(scratch, "s.shp");
  claim(scratch / "s.shx", 100 + 2 * 8);
  EXPECT_EQ(code_of(path), "io.corrupt") << "two records in the .shx, three in the .dbf";
  claim(scratch / "s.shx", 100 + 4 * 8);
  EXPECT_EQ(code_of(path), "io.corrupt") << "the .shx is shorter than it says";
}

TEST(Shapefile, WithoutIndexItsRecordsAreCounted) {
  const Scratch scratch;
  const std::string path = points(scratch, "s.shp");
  std::filesystem::remove(scratch / "s.shx");
  EXPECT_EQ(read_layer(path).size(), 3U);
  std::string dbf = door::read_bytes(scratch / "s.dbf");
  dbf[4] = 2;
  scratch.write("s.dbf", dbf);
  EXPECT_EQ(code_of(path), "io.corrupt") << "GDAL would give two features of three";
  dbf[4] = 3;
  scratch.write("s.dbf", dbf);
  claim(path, 100 + 3 * 28 - 8);
  EXPECT_EQ(code_of(path), "io.corrupt") << "the last record is cut";
}

TEST(GeoPackage, OneThatDoesNotSaySoIsReadAndSaid) {
  const Scratch scratch;
  const std::string path = points(scratch, "s.gpkg");
  EXPECT_EQ(told(read_layer(path).findings, "gpkg.non_conformant"), "");
  run_sql(path, "PRAGMA application_id = 0");
  const Layer layer = read_layer(path);
  EXPECT_EQ(told(layer.findings, "gpkg.non_conformant"), "warning 1 s.gpkg");
  EXPECT_THAT(layer.table.numbers("v"), ElementsAre(1, 2, 3));
  EXPECT_EQ(layer.geometry[2].points[0], (Point{508200, 3461000}));
}

TEST(Gdal, EachOfItsWarningsIsKept) {
  const Scratch scratch;
  const std::string path = points(scratch, "s.gpkg");
  EXPECT_FALSE(read_layer(path).findings.has("gdal.warning"));
  // One is said when the file is opened, the other when its features are read.
  run_sql(path,
          "PRAGMA application_id = 0; UPDATE gpkg_geometry_columns SET geometry_type_name = "
          "'POLYGON'");
  const Layer layer = read_layer(path);
  EXPECT_EQ(told(layer.findings, "gdal.warning"), "warning 1 s.gpkg");
  std::string all;
  for (const auto& finding : layer.findings.list()) {
    if (finding.code == "gdal.warning") all += finding.message + "\n";
  }
  EXPECT_THAT(all, HasSubstr("bad application_id"));
  EXPECT_THAT(all, HasSubstr("not consistent"));
  EXPECT_EQ(layer.size(), 3U);
}

TEST(Gdal, ManyOfItsWarningsBecomeOne) {
  Findings findings;
  guard_gdal("io.corrupt", "a.tif", findings, [] {
    for (int i = 0; i < 50; ++i) {
      CPLError(CE_Warning, CPLE_AppDefined, "feature %d is odd", i);
      CPLError(CE_Warning, CPLE_AppDefined, "feature 0 is odd");
    }
  });
  ASSERT_EQ(findings.list().size(), 21U);
  EXPECT_EQ(findings.list()[0].count, 51U);
  EXPECT_EQ(findings.list()[19].message, "feature 19 is odd");
  EXPECT_EQ(findings.list()[20].count, 30U);
}

}  // namespace
}  // namespace lode
