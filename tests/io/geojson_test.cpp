// Departures from RFC 7946: what is said of each, and what becomes of the data.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <ogr_spatialref.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmath>

#include "libgeo/geometry/measure.h"
#include "libgeo/io/layer.h"
#include "libgeo/io/open.h"
#include "tests/io/scratch.h"
#include "tests/io/told.h"

namespace lode {
namespace {

using testing::HasSubstr;

Layer read(const std::string& text) {
  const Scratch scratch;
  return read_layer(scratch.write("a.geojson", text));
}

std::string code(const std::string& text) {
  return error_code_of([&] { static_cast<void>(read(text)); });
}

std::string geometry(const std::string& type, const std::string& coordinates) {
  return R"({"type":")" + type + R"(","coordinates":)" + coordinates + "}";
}

/// One feature at 50, 34, with members added to the file, the feature or its geometry.
std::string file(const std::string& top, const std::string& feature = "",
                 const std::string& inner = "") {
  return R"({"type":"FeatureCollection",)" + top + R"("features":[{"type":"Feature",)" + feature +
         R"("properties":null,"geometry":{"type":"Point",)" + inner +
         R"("coordinates":[50,34]}}]})";
}

TEST(GeoJson, AFeatureWithoutGeometryIsKeptWithoutAPlace) {
  const Layer layer = read(
      R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"A"}},)"
      R"({"type":"Feature","properties":{"id":"B"},"geometry":{"type":"Point","coordinates":[1,2]}},)"
      R"({"type":"Feature","properties":{"id":"C"}}]})");
  EXPECT_EQ(told(layer.findings, "geojson.no_geometry"), "warning 2 a.geojson");
  ASSERT_EQ(layer.size(), 3U);
  EXPECT_EQ(layer.table.texts("id")[2], "C");
  EXPECT_EQ(layer.geometry[0].kind, GeometryKind::none);
  EXPECT_EQ(layer.geometry[1].points[0], (Point{1, 2}));
  // A geometry said to be null is no fault of the file.
  const Layer null = read(
      R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":null},)"
      R"({"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1,2]}}]})");
  EXPECT_EQ(told(null.findings, "geojson.no_geometry"), "");
}

TEST(GeoJson, AnOpenRingIsClosed) {
  const Layer open = read(geometry("Polygon", "[[[0,0],[1,0],[1,1],[0,1]]]"));
  const Layer closed = read(geometry("Polygon", "[[[0,0],[1,0],[1,1],[0,1],[0,0]]]"));
  EXPECT_EQ(told(open.findings, "geojson.open_ring"), "warning 1 a.geojson");
  EXPECT_EQ(told(closed.findings, "geojson.open_ring"), "");
  EXPECT_EQ(open.geometry[0].polygons[0].shell, closed.geometry[0].polygons[0].shell);
}

TEST(GeoJson, ARingOfThreePositionsIsATriangleOrNothing) {
  // Three corners that are not closed make a triangle; two corners make nothing.
  const Layer triangle = read(geometry("Polygon", "[[[0,0],[1,0],[0,1]]]"));
  EXPECT_EQ(told(triangle.findings, "geojson.open_ring"), "warning 1 a.geojson");
  EXPECT_EQ(told(triangle.findings, "geojson.short_ring"), "");
  EXPECT_EQ(triangle.geometry[0].polygons[0].shell.size(), 4U);
  const std::string square = "[[0,0],[9,0],[9,9],[0,9],[0,0]]";
  const double whole = area_m2(read(geometry("Polygon", "[" + square + "]")).geometry[0], wgs84());
  for (const char* ring : {"[[2,2],[3,3],[2,2]]", "[[2,2],[3,3]]", "[[2,2]]"}) {
    const Layer layer = read(geometry("Polygon", "[" + square + "," + ring + "]"));
    EXPECT_EQ(told(layer.findings, "geojson.short_ring"), "warning 1 a.geojson") << ring;
    EXPECT_TRUE(layer.geometry[0].polygons[0].holes.empty()) << ring;
    EXPECT_EQ(area_m2(layer.geometry[0], layer.crs), whole) << ring;
    EXPECT_EQ(code(geometry("Polygon", std::string("[") + ring + "]")), "geometry.missing") << ring;
  }
}

TEST(GeoJson, ALineOfOnePositionIsLeftOut) {
  const Layer layer = read(geometry("MultiLineString", "[[[0,0]],[[1,1],[2,2]]]"));
  EXPECT_EQ(told(layer.findings, "geojson.short_line"), "warning 1 a.geojson");
  EXPECT_EQ(told(layer.findings, "geometry.short_part"), "warning 1 a.geojson, feature 0");
  ASSERT_EQ(layer.geometry[0].lines.size(), 1U);
  EXPECT_EQ(layer.geometry[0].lines[0], (Path{{1, 1}, {2, 2}}));
  EXPECT_EQ(code(geometry("LineString", "[[0,0]]")), "geometry.missing");
}

TEST(GeoJson, AClockwiseShellIsTurned) {
  // A square of 1e-6 degrees far from 0, 0 shows that its sense is not lost in the digits.
  for (const char* corners : {"[[[0,0],[0,1],[1,1],[1,0],[0,0]]]",
                              "[[[179,89],[179,89.000001],[179.000001,89.000001],[179,89]]]"}) {
    const Layer layer = read(geometry("Polygon", corners));
    EXPECT_EQ(told(layer.findings, "geojson.winding"), "warning 1 a.geojson") << corners;
    const Path& shell = layer.geometry[0].polygons[0].shell;
    EXPECT_LT(shell[0].y, shell[2].y) << corners;
    EXPECT_LT(shell[0].x, shell[1].x) << corners << ": east first, then north";
  }
  for (const char* corners :
       {"[[[179,89],[179.000001,89],[179.000001,89.000001],[179,89]]]",
        "[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[2,2],[2,3],[3,3],[3,2],[2,2]]]"}) {
    EXPECT_EQ(told(read(geometry("Polygon", corners)).findings, "geojson.winding"), "") << corners;
  }
}

TEST(GeoJson, ANestedCollectionGivesItsParts) {
  const Layer layer = read(
      R"({"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},)"
      R"({"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[3,4]}]}]})");
  EXPECT_EQ(told(layer.findings, "geojson.nested_collection"), "warning 1 a.geojson");
  EXPECT_THAT(layer.geometry[0].points, testing::ElementsAre(Point{1, 2}, Point{3, 4}));
  EXPECT_EQ(told(read(R"({"type":"GeometryCollection","geometries":[{"type":"Point",)"
                      R"("coordinates":[1,2]}]})")
                     .findings,
                 "geojson.nested_collection"),
            "");
}

TEST(GeoJson, ABoxThatIsNoneIsPassedOver) {
  for (const char* box : {R"("0,0,9,9")", "null", R"([0,0,"9",9])", "{}"}) {
    const Layer layer = read(file(R"("bbox":)" + std::string(box) + ","));
    EXPECT_EQ(told(layer.findings, "geojson.bad_bbox"), "warning 1 a.geojson") << box;
    EXPECT_EQ(layer.geometry[0].points[0], (Point{50, 34})) << box;
  }
  EXPECT_EQ(told(read(file(R"("bbox":[50,34,50,34],)")).findings, "geojson.bad_bbox"), "");
}

TEST(GeoJson, ANamedCrsIsFollowedAndSaid) {
  const Layer layer = read(
      R"({"type":"Feature","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32613"}},)"
      R"("properties":null,"geometry":{"type":"Point","coordinates":[508000,3461000]}})");
  EXPECT_EQ(told(layer.findings, "geojson.crs_member"), "note 1 a.geojson");
  EXPECT_EQ(layer.crs.authority, "EPSG:32613");
  const Layer old = read(file(R"("crs":{"type":"EPSG","properties":{"code":4258}},)"));
  EXPECT_EQ(old.crs.authority, "EPSG:4258");
  EXPECT_EQ(told(old.findings, "geojson.crs_member"), "note 1 a.geojson");
}

TEST(GeoJson, ACrsThatGdalWouldTakeForWgs84IsNotGuessed) {
  for (const char* crs :
       {R"({"type":"name","properties":{"name":"nonsense"}})", R"({"type":"name"})",
        R"({"type":"name","properties":{"name":"EPSG:999999"}})",
        R"({"type":"EPSG","properties":{"code":"999999"}})", R"({"type":"EPSG"})",
        R"({"type":"other","properties":{"name":"EPSG:32613"}})", R"("EPSG:32613")", "[]"}) {
    EXPECT_EQ(code(file(R"("crs":)" + std::string(crs) + ",")), "crs.unknown") << crs;
  }
  const Layer null = read(file(R"("crs":null,)"));
  EXPECT_EQ(told(null.findings, "geojson.crs_member"), "warning 1 a.geojson");
  EXPECT_EQ(null.crs, wgs84());
}

TEST(GeoJson, ACrsBelowTheTopIsPassedOverAndSaid) {
  const std::string crs = R"("crs":{"type":"name","properties":{"name":"EPSG:4267"}},)";
  for (const auto& text : {file("", crs), file("", "", crs)}) {
    const Layer layer = read(text);
    EXPECT_EQ(told(layer.findings, "geojson.crs_member"), "warning 1 a.geojson");
    EXPECT_THAT(message_of(layer.findings, "geojson.crs_member"), HasSubstr("passed over"));
    EXPECT_EQ(layer.crs, wgs84());
    EXPECT_EQ(layer.geometry[0].points[0], (Point{50, 34}));
  }
}

TEST(GeoJson, NamesInOtherCapitalsAreRefused) {
  // GDAL would take the first that fits, in any case, and place this feature at 5, 3.
  EXPECT_EQ(code(R"({"type":"Point","Coordinates":[5,3],"coordinates":[50,34]})"),
            "geojson.bad_structure");
  EXPECT_EQ(code(R"({"type":"Feature","properties":null,"Geometry":null,"geometry":null})"),
            "geojson.bad_structure");
  EXPECT_EQ(code(file(R"("CRS":{"type":"name","properties":{"name":"EPSG:32613"}},)")),
            "geojson.bad_structure");
  EXPECT_EQ(code(R"({"type":"Feature","properties":{"v":1,"\u0076":2},"geometry":null})"),
            "geojson.repeated_key");
  EXPECT_EQ(code(R"({"type":"Point","coordinates":[5,3],"x":"\ud83d\u0041"})"), "geojson.syntax");
}

/// A port of this machine on which nobody may call.
class Listener {
 public:
  Listener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(socket_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(socket_, 8);
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/";
  }
  ~Listener() { ::close(socket_); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] bool called() const {
    const int call = ::accept(socket_, nullptr, nullptr);
    if (call >= 0) ::close(call);
    return call >= 0;
  }

 private:
  int socket_;
  std::string url_;
};

TEST(Network, ACrsLinkIsRefusedHoweverItIsWrittenAndWhereverItStands) {
  const Listener listener;
  const std::string rest =
      R"(","properties":{"href":")" + listener.url() + R"(","url":")" + listener.url() + R"("}},)";
  for (const char* type : {"link", "Link", "linkx", "URL", "\\u006cink"}) {
    for (const char* key : {"crs", "\\u0063rs"}) {
      const std::string member = "\"" + std::string(key) + R"(":{"type":")" + type + rest;
      EXPECT_EQ(code(file(member)), "io.forbidden_path") << member;
      EXPECT_EQ(code(file("", member)), "io.forbidden_path") << member;
      EXPECT_EQ(code(file("", "", member)), "io.forbidden_path") << member;
    }
  }
  EXPECT_EQ(code(file(R"("crs":{"type":"name","properties":{"name":")" + listener.url() + "\"}},")),
            "crs.unknown");
  EXPECT_FALSE(listener.called());
}

TEST(Network, GdalFetchesNothing) {
  const Listener listener;
  Findings findings;
  std::string said;
  try {
    guard_gdal("io.corrupt", "here", findings, [&] {
      EXPECT_NE(OGRSpatialReference().importFromUrl(listener.url().c_str()), OGRERR_NONE);
    });
  } catch (const Error& error) {
    said = error.what();
  }
  EXPECT_THAT(said, HasSubstr("no network is used"));
  EXPECT_FALSE(listener.called());
}

}  // namespace
}  // namespace lode
