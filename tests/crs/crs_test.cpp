// CRSs read from every form they come in, and refused where they cannot place things on a map.
#include "libgeo/crs/crs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <thread>
#include <vector>

#include "libgeo/core/error.h"

namespace lode {
namespace {

std::string code_of(const std::string& text) {
  try {
    (void)parse_crs(text, "file.prj");
  } catch (const Error& e) {
    if (e.code == "crs.unknown") {
      EXPECT_EQ(e.where, "file.prj");
    }
    EXPECT_FALSE(e.hint.empty());
    return e.code;
  }
  return "";
}

TEST(ParseCrs, TakesCodes) {
  const Crs utm = parse_crs("EPSG:32611");
  EXPECT_EQ(utm.name, "WGS 84 / UTM zone 11N");
  EXPECT_EQ(utm.authority, "EPSG:32611");
  EXPECT_TRUE(utm.is_projected());
  EXPECT_EQ(utm.metres_per_unit, 1.0);
  EXPECT_EQ(utm.west, -120.0);
  EXPECT_EQ(utm.east, -114.0);
  EXPECT_EQ(parse_crs(" epsg:32611 "), utm);
  EXPECT_EQ(parse_crs("urn:ogc:def:crs:EPSG::32611"), utm);
  EXPECT_EQ(parse_crs("ESRI:102008").authority, "ESRI:102008");
}

// In memory longitude comes first for all of them, and heights are not kept.
TEST(ParseCrs, HoldsOneWgs84) {
  EXPECT_EQ(parse_crs("OGC:CRS84"), wgs84());
  EXPECT_EQ(parse_crs("urn:ogc:def:crs:OGC:1.3:CRS84"), wgs84());
  EXPECT_EQ(parse_crs("EPSG:4979"), wgs84());
  EXPECT_EQ(parse_crs("+proj=longlat +datum=WGS84 +no_defs"), wgs84());
  EXPECT_EQ(wgs84().authority, "EPSG:4326");
  EXPECT_TRUE(wgs84().is_geographic());
}

const char* const esri_utm =
    "PROJCS[\"WGS_1984_UTM_Zone_13N\",GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\","
    "SPHEROID[\"WGS_1984\",6378137.0,298.257223563]],PRIMEM[\"Greenwich\",0.0],"
    "UNIT[\"Degree\",0.0174532925199433]],PROJECTION[\"Transverse_Mercator\"],"
    "PARAMETER[\"False_Easting\",500000.0],PARAMETER[\"False_Northing\",0.0],"
    "PARAMETER[\"Central_Meridian\",-105.0],PARAMETER[\"Scale_Factor\",0.9996],"
    "PARAMETER[\"Latitude_Of_Origin\",0.0],UNIT[\"Meter\",1.0]]";

TEST(ParseCrs, IdentifiesShapefileProjections) {
  EXPECT_EQ(parse_crs(esri_utm), parse_crs("EPSG:32613"));
  // Axis order of the database is north, east; the shapefile's is east, north.
  const Crs nz = parse_crs(
      "PROJCS[\"NZGD_2000_New_Zealand_Transverse_Mercator\",GEOGCS[\"GCS_NZGD_2000\","
      "DATUM[\"D_NZGD_2000\",SPHEROID[\"GRS_1980\",6378137.0,298.257222101]],"
      "PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]],"
      "PROJECTION[\"Transverse_Mercator\"],PARAMETER[\"False_Easting\",1600000.0],"
      "PARAMETER[\"False_Northing\",10000000.0],PARAMETER[\"Central_Meridian\",173.0],"
      "PARAMETER[\"Scale_Factor\",0.9996],PARAMETER[\"Latitude_Of_Origin\",0.0],"
      "UNIT[\"Meter\",1.0]]");
  EXPECT_EQ(nz.authority, "EPSG:2193");
}

std::string california(const std::string& unit) {
  return "PROJCS[\"California V\",GEOGCS[\"GCS_North_American_1983\","
         "DATUM[\"D_North_American_1983\",SPHEROID[\"GRS_1980\",6378137.0,298.257222101]],"
         "PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]],"
         "PROJECTION[\"Lambert_Conformal_Conic\"],PARAMETER[\"False_Easting\",6561666.666666666],"
         "PARAMETER[\"False_Northing\",1640416.666666667],PARAMETER[\"Central_Meridian\",-118.0],"
         "PARAMETER[\"Standard_Parallel_1\",34.03333333333333],"
         "PARAMETER[\"Standard_Parallel_2\",35.46666666666667],"
         "PARAMETER[\"Latitude_Of_Origin\",33.5]," +
         unit + "]";
}

// 1 US survey foot = 1200/3937 m; the international foot is 2 ppm shorter and must not pass for it.
TEST(ParseCrs, TellsTheFeetApart) {
  const Crs us = parse_crs(california("UNIT[\"Foot_US\",0.3048006096012192]"));
  EXPECT_EQ(us.authority, "EPSG:2229");
  EXPECT_NEAR(us.metres_per_unit, 1200.0 / 3937.0, 1e-15);
  const Crs international = parse_crs(california("UNIT[\"Foot\",0.3048]"));
  EXPECT_EQ(international.authority, "");
  EXPECT_EQ(international.metres_per_unit, 0.3048);
  EXPECT_FALSE(us == international);
}

TEST(ParseCrs, KeepsUnitsAndEllipsoid) {
  const Crs paris = parse_crs("EPSG:4807");
  EXPECT_NEAR(paris.radians_per_unit, 3.14159265358979323846 / 200.0, 1e-16);
  EXPECT_EQ(paris.semi_major_m, 6378249.2);
  const Crs osgb = parse_crs("EPSG:27700");
  EXPECT_NEAR(osgb.semi_major_m, 6377563.396, 1e-9);
  EXPECT_NEAR(osgb.inverse_flattening, 299.3249646, 1e-9);
  EXPECT_EQ(parse_crs("EPSG:3857").semi_major_m, 6378137.0);
}

TEST(ParseCrs, TakesTheHorizontalPart) {
  EXPECT_EQ(parse_crs("EPSG:7405"), parse_crs("EPSG:27700"));
  EXPECT_EQ(parse_crs("EPSG:27700+5701"), parse_crs("EPSG:27700"));
}

TEST(ParseCrs, DoesNotTrustACodeThatIsNotTrue) {
  std::string lie = parse_crs("EPSG:32611").wkt;
  const auto at = lie.find("-117");
  ASSERT_NE(at, std::string::npos);
  lie.replace(at, 4, "-116");
  EXPECT_EQ(parse_crs(lie).authority, "");
}

TEST(ParseCrs, TakesMineGrids) {
  const Crs feet = parse_crs("local:ft");
  EXPECT_TRUE(feet.is_local());
  EXPECT_EQ(feet.metres_per_unit, 0.3048);
  EXPECT_EQ(feet.label(), "local:ft");
  EXPECT_FALSE(feet == parse_crs("local:m"));
  EXPECT_THROW((void)geodetic_base(feet), Error);
}

TEST(ParseCrs, ReadsItsOwnText) {
  for (const char* code : {"EPSG:4326", "EPSG:32611", "EPSG:3857", "EPSG:2193", "EPSG:2053",
                           "EPSG:4807", "EPSG:27572", "EPSG:3031", "ESRI:102008"}) {
    const Crs crs = parse_crs(code);
    const Crs again = parse_crs(crs.wkt);
    EXPECT_EQ(again, crs) << code;
    EXPECT_EQ(again.authority, code);
  }
}

TEST(ParseCrs, RefusesWhatPlacesNothing) {
  for (const char* text :
       {"", "  ", "EPSG:99999", "EPSG:4978", "EPSG:5703", "WGS 84", "http://example.org/a.prj",
        "/etc/hostname", "LOCAL_CS[\"mine\",UNIT[\"m\",1]]", "PROJCS[\"x\"", "{\"type\":1}",
        "+proj=nothing", "EPSG:", "GEOGCS", "local:yd"})
    EXPECT_EQ(code_of(text), "crs.unknown") << text;
}

TEST(ParseCrs, OpensNoFile) {
  for (const char* text : {"+init=epsg:4326", "+proj=longlat +nadgrids=/etc/hostname",
                           "+proj=longlat +geoidgrids=x.gtx",
                           "+proj=pipeline +step +proj=hgridshift +grids=/etc/hostname"})
    EXPECT_EQ(code_of(text), "crs.unknown") << text;
  EXPECT_EQ(parse_crs("+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 "
                      "+units=m +nadgrids=@null +wktext +no_defs")
                .authority,
            "EPSG:3857");
}

TEST(ParseCrs, BoundsWhatItReads) {
  EXPECT_EQ(code_of("GEOGCS" + std::string(100000, '[')), "crs.unknown");
  EXPECT_EQ(code_of("{" + std::string(100000, '[')), "crs.unknown");
  EXPECT_EQ(code_of("GEOGCS[" + std::string(2u << 20, 'x') + "]"), "crs.unknown");
}

TEST(ParseCrs, KeepsTheShiftOfABoundCrs) {
  const Crs bound =
      parse_crs("+proj=longlat +ellps=bessel +towgs84=598.1,73.7,418.2,0.2,0,-2.5,6.7");
  EXPECT_THAT(bound.wkt, ::testing::HasSubstr("598.1"));
  EXPECT_TRUE(bound.is_geographic());
}

// A thread's first use looks for proj.db, so a new thread sees the folders as they are then.
TEST(ParseCrs, SaysThatProjHasNoDatabase) {
  const char* before = std::getenv("PROJ_DATA");
  const std::string kept = before == nullptr ? "" : before;
  setenv("PROJ_DATA", "/nonexistent", 1);
  setenv("PROJ_LIB", "/nonexistent", 1);
  std::string code;
  std::thread([&] { code = code_of("EPSG:32611"); }).join();
  unsetenv("PROJ_LIB");
  if (before == nullptr)
    unsetenv("PROJ_DATA");
  else
    setenv("PROJ_DATA", kept.c_str(), 1);
  EXPECT_EQ(code, "crs.no_database");
}

TEST(GeodeticBase, IsTheDatumsOwn) {
  EXPECT_EQ(geodetic_base(parse_crs("EPSG:32611")), wgs84());
  EXPECT_EQ(geodetic_base(parse_crs("EPSG:3857")), wgs84());
  EXPECT_EQ(geodetic_base(parse_crs("EPSG:27572")).authority, "EPSG:4807");
  EXPECT_EQ(geodetic_base(wgs84()), wgs84());
}

TEST(ParseCrs, WorksFromSeveralThreads) {
  std::vector<std::thread> threads;
  std::vector<std::string> seen(4);
  for (std::size_t i = 0; i < seen.size(); ++i)
    threads.emplace_back([&seen, i] { seen[i] = parse_crs(esri_utm).authority; });
  for (auto& thread : threads) thread.join();
  EXPECT_THAT(seen, ::testing::Each("EPSG:32613"));
}

}  // namespace
}  // namespace lode
