// Extracts of OpenStreetMap written by hand and by libosmium, whole, cut and spoilt.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <osmium/io/gzip_compression.hpp>
#include <osmium/io/pbf_output.hpp>
#include <osmium/io/reader.hpp>
#include <osmium/io/xml_input.hpp>
#include <osmium/io/xml_output.hpp>
#include <sstream>

#include "libgeo/crs/geodesic.h"
#include "libgeo/io/osm_lines.h"
#include "tests/io/scratch.h"

namespace lode {
namespace {

std::string node(long id, const std::string& lon, const std::string& lat) {
  return "<node id=\"" + std::to_string(id) + "\" version=\"1\" lat=\"" + lat + "\" lon=\"" + lon +
         "\"/>\n";
}

std::string way(long id, const std::vector<long>& nodes,
                const std::vector<std::pair<std::string, std::string>>& tags,
                const std::string& more = "") {
  std::string text = "<way id=\"" + std::to_string(id) + "\" version=\"1\"" + more + ">\n";
  for (const long n : nodes) text += "<nd ref=\"" + std::to_string(n) + "\"/>\n";
  for (const auto& [k, v] : tags) text += "<tag k=\"" + k + "\" v=\"" + v + "\"/>\n";
  return text + "</way>\n";
}

std::string osm(const std::string& body) {
  return "<?xml version='1.0' encoding='UTF-8'?>\n<osm version=\"0.6\" generator=\"test\">\n" +
         body + "</osm>\n";
}

/// Roads 1 and 2 meet at node 3; rail 5, canal 6, ferry 7, and ways of no use.
std::string small() {
  return osm(
      node(1, "10.0000001", "50.0") + node(2, "10.1", "50.0") + node(3, "10.2", "50.1234567") +
      node(4, "10.3", "50.2") + node(5, "-10.4", "-50.2") + node(6, "-10.5", "-50.2") +
      node(9000000000L, "10.6", "50.0") +
      way(1, {1, 2, 3}, {{"highway", "primary"}, {"name", "Ost &amp; West"}, {"maxweight", "20"}}) +
      way(2, {3, 4}, {{"highway", "track"}, {"access", "private"}, {"oneway", "-1"}}) +
      way(3, {5, 6}, {{"highway", "track"}, {"ice_road", "yes"}}) +
      way(4, {1, 4}, {{"highway", "footway"}}) +
      way(5, {2, 4}, {{"railway", "rail"}, {"gauge", "1520"}}) +
      way(6, {2, 9000000000L}, {{"waterway", "canal"}, {"CEMT", "Va"}, {"maxdraft", "2.8"}}) +
      way(7, {1, 9000000000L}, {{"route", "ferry"}, {"hgv", "yes"}, {"duration", "2:00"}}) +
      "<relation id=\"1\" version=\"1\"><member type=\"way\" ref=\"1\" role=\"\"/></relation>\n");
}

/// The same objects in another format, by libosmium's writer.
void convert(const std::string& from, const std::string& to) {
  osmium::io::Reader reader(from);
  osmium::io::Writer writer(to, reader.header(), osmium::io::overwrite::allow);
  while (osmium::memory::Buffer buffer = reader.read()) writer(std::move(buffer));
  writer.close();
  reader.close();
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

const Finding* finding(const OsmLayer& layer, const std::string& code) {
  for (const auto& one : layer.lines.findings.list())
    if (one.code == code) return &one;
  return nullptr;
}

struct OsmLines : testing::Test {
  std::string write(const std::string& body) { return dir.write("x.osm", osm(body)); }
  std::string code(const std::string& body) {
    const std::string path = write(body);
    return error_code_of([&] { (void)read_osm_lines(path); });
  }
  Scratch dir;
};

void check_small(const std::vector<OsmLayer>& layers) {
  ASSERT_EQ(layers.size(), 3u);
  const OsmLayer& road = layers[0];
  EXPECT_EQ(road.mode, "road");
  EXPECT_EQ(layers[1].mode, "rail");
  EXPECT_EQ(layers[2].mode, "barge");
  const Table& table = road.lines.table;
  EXPECT_EQ(table.numbers("osm_id"), (std::vector<double>{1, 2, 3, 7}));
  EXPECT_EQ(table.texts("highway"), (std::vector<std::string>{"primary", "track", "track", ""}));
  EXPECT_EQ(table.texts("name")[0], "Ost & West");
  EXPECT_EQ(table.texts("oneway"), (std::vector<std::string>{"", "-1", "", ""}));
  EXPECT_EQ(table.texts("access"), (std::vector<std::string>{"", "private", "", "yes"}));
  EXPECT_EQ(table.numbers("max_weight_t")[0], 20.0);
  EXPECT_TRUE(std::isnan(table.numbers("max_weight_t")[1]));
  EXPECT_EQ(table.texts("ferry"), (std::vector<std::string>{"", "", "", "yes"}));
  // July to September is winter in the south.
  EXPECT_EQ(table.texts("months_closed")[2], "1,2,3,4,5,6,10,11,12");
  EXPECT_EQ(table.find("axle_load_t"), nullptr);
  EXPECT_EQ(table.row_name(1), "way 2");
  const Path& first = road.lines.geometry[0].lines.at(0);
  ASSERT_EQ(first.size(), 3u);
  EXPECT_EQ(first[0].x, 10.0000001);
  EXPECT_EQ(first[2].y, 50.1234567);
  EXPECT_EQ(first[2], road.lines.geometry[1].lines.at(0)[0]);
  const double km = Geodesic().distance_m({10.0000001, 50}, {10.6, 50}) / 1000.0;
  EXPECT_NEAR(table.numbers("speed_kmh")[3], km / 2.0, 0.005);
  EXPECT_EQ(layers[1].lines.table.texts("gauge_mm")[0], "1520");
  EXPECT_EQ(layers[2].lines.table.numbers("max_draught_m")[0], 2.8);
  EXPECT_TRUE(road.lines.crs == wgs84());
  EXPECT_EQ(road.lines.source.sha256.size(), 64u);
  EXPECT_NE(finding(road, "osm.ice_road"), nullptr);
}

TEST_F(OsmLines, TheSameFromXmlGzipAndPbf) {
  const std::string xml = dir.write("x.osm", small());
  check_small(read_osm_lines(xml));
  for (const char* name : {"x.osm.gz", "x.osm.pbf"}) {
    convert(xml, dir / name);
    check_small(read_osm_lines(dir / name));
  }
  OsmOptions options;
  options.modes = {"rail"};
  const auto rail = read_osm_lines(dir / "x.osm.pbf", options);
  ASSERT_EQ(rail.size(), 1u);
  EXPECT_EQ(rail[0].mode, "rail");
  options.modes = {"road"};
  options.highways = {"primary"};
  EXPECT_EQ(read_osm_lines(xml, options)[0].lines.size(), 1u);
  for (const int jobs : {1, 4}) {
    options.jobs = jobs;
    EXPECT_EQ(read_osm_lines(dir / "x.osm.pbf", options)[0].lines.geometry,
              read_osm_lines(xml, options)[0].lines.geometry);
  }
}

TEST_F(OsmLines, LocationsOnWaysAreUsed) {
  // osmium add-locations-to-ways leaves nodes out and keeps their places in the ways.
  const std::string xml = dir.write("x.osm", small());
  const std::string pbf = dir / "x.osm.pbf";
  const std::string command =
      "osmium add-locations-to-ways -O -o " + pbf + " " + xml + " > /dev/null 2>&1";
  if (std::system("osmium --version > /dev/null 2>&1") != 0)
    GTEST_SKIP() << "no osmium-tool (Debian: apt install osmium-tool)";
  ASSERT_EQ(std::system(command.c_str()), 0);
  check_small(read_osm_lines(pbf));
}

TEST_F(OsmLines, MissingNodesCutTheWay) {
  const auto layers = read_osm_lines(
      write(node(1, "1", "1") + node(2, "2", "1") + node(4, "4", "1") + node(5, "5", "1") +
            way(8, {1, 2, 3, 4, 5, 6}, {{"highway", "primary"}}) +
            way(9, {1, 7}, {{"highway", "primary"}}) + way(10, {1, 2}, {{"highway", "primary"}})));
  ASSERT_EQ(layers[0].lines.size(), 2u);
  EXPECT_EQ(layers[0].lines.geometry[0].lines.size(), 2u);
  const Finding* missing = finding(layers[0], "osm.missing_node");
  ASSERT_NE(missing, nullptr);
  EXPECT_EQ(missing->count, 2u);
  EXPECT_THAT(missing->message, testing::HasSubstr("way 8 at node 3"));
}

TEST_F(OsmLines, OddWays) {
  const auto layers = read_osm_lines(
      write(node(1, "1", "1") + node(2, "2", "1") + node(3, "2", "1") + node(4, "3", "2") +
            way(1, {1, 2, 2, 4, 1}, {{"highway", "primary"}}) +  // closed, a node twice
            way(2, {1}, {{"highway", "primary"}}) +              // one node
            way(3, {2, 3}, {{"highway", "primary"}}) +           // one place
            way(4, {}, {{"highway", "primary"}}) +               // none
            way(5, {1, 4}, {{"highway", "primary"}}, " visible=\"false\"") +  // deleted
            way(1, {1, 4}, {{"highway", "primary"}}) +                        // again
            way(6, {1, 4}, {{"railway", "narrow_gauge"}}) +
            way(7, {1, 4}, {{"highway", "primary"}, {"seasonal", "yes"}}) +
            way(8, {1, 4}, {{"highway", "primary"}, {"hgv:conditional", "no @ (22:00-06:00)"}}) +
            way(9, {1, 4}, {{"highway", "primary"}, {"maxweight", "heavy"}}) + node(2, "5", "5")));
  ASSERT_EQ(layers.size(), 1u);
  EXPECT_EQ(layers[0].lines.table.numbers("osm_id"), (std::vector<double>{1, 7, 8, 9}));
  EXPECT_EQ(layers[0].lines.geometry[0].lines.at(0).size(), 4u);
  for (const auto& [what, count] : std::map<std::string, std::size_t>{{"osm.no_length", 3},
                                                                      {"osm.deleted", 1},
                                                                      {"osm.repeated", 2},
                                                                      {"osm.no_gauge", 1},
                                                                      {"osm.seasonal", 1},
                                                                      {"osm.condition", 1},
                                                                      {"osm.bad_tag", 1},
                                                                      {"osm.duplicate_place", 1},
                                                                      {"osm.no_lines", 2}}) {
    std::size_t met = 0;
    for (const auto& one : layers[0].lines.findings.list())
      if (one.code == what) met += one.count;
    EXPECT_EQ(met, count) << what;
  }
}

TEST_F(OsmLines, RefusesWhatIsNoPlace) {
  const std::string road = way(1, {1, 2}, {{"highway", "primary"}});
  EXPECT_EQ(code(node(1, "1", "95") + node(2, "1", "1") + road), "osm.bad_coordinate");
  EXPECT_EQ(code(node(1, "181", "5") + node(2, "1", "1") + road), "osm.bad_coordinate");
  EXPECT_EQ(code(node(1, "east", "5") + node(2, "1", "1") + road), "osm.bad_coordinate");
  EXPECT_EQ(code(node(1, "999", "5") + node(2, "1", "1") + road), "osm.bad_coordinate");
}

TEST_F(OsmLines, NamesNodesWithoutAPlaceAndNumbersOutOfRange) {
  const auto error_of = [&](const std::string& body) {
    try {
      (void)read_osm_lines(dir.write("bad.osm", osm(body)));
    } catch (const Error& error) {
      return error;
    }
    return Error("none", "");
  };
  const std::string road = way(1, {1, 2}, {{"highway", "primary"}});
  const Error placeless = error_of(node(1, "1", "1") + "<node id=\"2\" version=\"1\"/>" + road);
  EXPECT_EQ(placeless.code, "osm.syntax");
  EXPECT_THAT(placeless.where, testing::EndsWith("bad.osm: node 2"));
  const Error large =
      error_of("<node id=\"9223372036854775807\" version=\"1\" lat=\"1\" lon=\"1\"/>" + road);
  EXPECT_EQ(large.code, "osm.syntax");
  EXPECT_THAT(std::string(large.what()), testing::HasSubstr("9223372036854775807"));
  EXPECT_THAT(large.hint, testing::HasSubstr("libosmium"));
}

TEST_F(OsmLines, RefusesWhatHoldsNoLines) {
  EXPECT_EQ(code(""), "osm.empty");
  EXPECT_EQ(code(node(1, "1", "1") + node(2, "1", "2")), "osm.empty");
  EXPECT_EQ(code(way(1, {1, 2}, {{"highway", "primary"}})), "osm.empty");
  EXPECT_EQ(code(node(1, "1", "1") + node(2, "1", "2") + way(1, {1, 2}, {{"highway", "steps"}})),
            "osm.empty");
}

TEST_F(OsmLines, RefusesOtherFiles) {
  const auto refused = [&](const std::string& path) {
    return error_code_of([&] { (void)read_osm_lines(path); });
  };
  EXPECT_EQ(refused(dir / "none.osm"), "io.missing_file");
  EXPECT_EQ(refused(dir / "none.osm.pbf"), "io.missing_file");
  std::filesystem::create_directory(dir / "folder.osm");
  EXPECT_EQ(refused(dir / "folder.osm"), "io.not_a_file");
  EXPECT_EQ(refused("/vsicurl/http://example.org/x.osm.pbf"), "io.forbidden_path");
  EXPECT_EQ(refused("http://example.org/x.osm.pbf"), "io.forbidden_path");
  EXPECT_EQ(refused(dir.write("x.osm.bz2", "BZh9")), "io.unsupported_format");
  EXPECT_EQ(refused(dir.write("x.shp", "")), "io.unsupported_format");
  EXPECT_EQ(refused(dir.write("x.osc.gz", "")), "osm.history");
  EXPECT_EQ(refused(dir.write("x.osh.pbf", "")), "osm.history");
  EXPECT_EQ(refused(dir.write("y.osm", "<osmChange version=\"0.6\"><create/></osmChange>")),
            "osm.history");
  EXPECT_EQ(refused(dir.write("text.osm.pbf", small())), "osm.syntax");
  EXPECT_EQ(refused(dir.write("words.osm.pbf", "some words that are no map at all\n")),
            "osm.syntax");
  EXPECT_EQ(refused(dir.write("zero.osm.pbf", std::string(100, '\0'))), "osm.syntax");
  EXPECT_EQ(refused(dir.write("none.osm.pbf", "")), "osm.cut");
  EXPECT_EQ(refused(dir.write("json.osm", "{\"type\": 3}")), "osm.syntax");
  EXPECT_EQ(refused(dir.write("html.osm", "<html><body>sorry</body></html>")), "osm.syntax");
  EXPECT_EQ(refused(dir.write("tags.osm", osm("<node id=\"1\"></way>"))), "osm.syntax");
  EXPECT_EQ(refused(dir.write("bomb.osm", "<!DOCTYPE osm [<!ENTITY a \"aaaa\">]>" + small())),
            "osm.syntax");
  convert(dir.write("x.osm", small()), dir / "x.osm.pbf");
  EXPECT_EQ(refused(dir.write("z.osm.gz", bytes_of(dir / "x.osm.pbf"))), "osm.syntax");
  EXPECT_EQ(error_code_of([&] { (void)osm_modes("sea"); }), "osm.no_mode");
  EXPECT_EQ(osm_modes("osm").size(), 3u);
}

TEST_F(OsmLines, CutAnywhereIsSaid) {
  const std::string xml = dir.write("x.osm", small());
  for (const char* name : {"x.osm.gz", "x.osm.pbf"}) convert(xml, dir / name);
  for (const std::string name : {"x.osm", "x.osm.gz", "x.osm.pbf"}) {
    const std::string whole = bytes_of(dir / name);
    const std::size_t step = std::max<std::size_t>(1, whole.size() / 150);
    for (std::size_t size = 0; size<whole.size(); size += size + 40> whole.size() ? 1 : step) {
      const std::string path = dir.write("cut-" + name, whole.substr(0, size));
      std::string met;
      try {
        const auto layers = read_osm_lines(path);
        // All that may be missing is the line feed after </osm>.
        if (name == "x.osm" && size + 1 >= whole.size()) continue;
        met = layers[0].lines.findings.has("osm.maybe_cut") ? "osm.maybe_cut" : "taken as whole";
      } catch (const Error& error) {
        met = error.code;
      }
      if (name == "x.osm.pbf")
        EXPECT_THAT(met, testing::AnyOf("osm.cut", "osm.empty", "osm.syntax", "osm.maybe_cut"))
            << size;
      else
        EXPECT_EQ(met, "osm.cut") << name << " " << size << " of " << whole.size();
    }
  }
}

TEST_F(OsmLines, AnyByteChangedIsReadOrSaid) {
  const std::string xml = dir.write("x.osm", small());
  convert(xml, dir / "x.osm.pbf");
  for (const std::string name : {"x.osm", "x.osm.pbf"}) {
    const std::string whole = bytes_of(dir / name);
    for (std::size_t at = 0; at < whole.size(); at += std::max<std::size_t>(1, whole.size() / 200))
      for (const unsigned flip : {0xffU, 0x01U}) {
        std::string bytes = whole;
        bytes[at] = static_cast<char>(static_cast<unsigned>(bytes[at]) ^ flip);
        const std::string path = dir.write("spoilt-" + name, bytes);
        try {
          (void)read_osm_lines(path);
        } catch (const Error& error) {
          EXPECT_TRUE(error.code.rfind("osm.", 0) == 0) << error.code << " " << at;
        }
      }
  }
}

TEST_F(OsmLines, CanBeStopped) {
  const std::string path = dir.write("x.osm", small());
  const Progress stop({}, [] { return true; });
  EXPECT_EQ(error_code_of([&] { (void)read_osm_lines(path, {}, stop); }), "run.interrupted");
}

/// A grid of streets, `side` by `side` crossings, each street one way of all its crossings.
std::string grid(int side) {
  std::string nodes, ways;
  const auto id = [&](int x, int y) { return static_cast<long>(y) * side + x + 1; };
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x)
      nodes += node(id(x, y), std::to_string(10.0 + x * 0.001), std::to_string(50.0 + y * 0.001));
  for (int k = 0; k < side; ++k) {
    std::vector<long> along, across;
    for (int i = 0; i < side; ++i) {
      along.push_back(id(i, k));
      across.push_back(id(k, i));
    }
    ways += way(2 * k + 1, along, {{"highway", "residential"}});
    ways += way(2 * k + 2, across, {{"highway", k % 2 == 0 ? "service" : "footway"}});
  }
  return osm(nodes + ways);
}

TEST_F(OsmLines, AgreesWithGdal) {
  // GDAL's OSM driver is another reader with other code.
  if (std::system("ogrinfo --formats 2> /dev/null | grep -q OSM") != 0)
    GTEST_SKIP() << "no ogrinfo with the OSM driver (Debian: apt install gdal-bin)";
  convert(dir.write("grid.osm", grid(30)), dir / "grid.osm.pbf");
  const auto layers = read_osm_lines(dir / "grid.osm.pbf");
  const std::string out = dir / "out.csv";
  const std::string command =
      "ogr2ogr -f CSV " + out + " " + (dir / "grid.osm.pbf") +
      " -dialect SQLite -sql \"SELECT count(*) AS n, sum(ST_Length(geometry)) AS degrees FROM "
      "lines WHERE highway IN ('residential','service')\" > /dev/null 2>&1";
  ASSERT_EQ(std::system(command.c_str()), 0);
  std::ifstream file(out);
  std::string head, line;
  std::getline(file, head);
  std::getline(file, line);
  double degrees = 0.0;
  for (const auto& g : layers[0].lines.geometry)
    for (const auto& part : g.lines)
      for (std::size_t i = 1; i < part.size(); ++i)
        degrees += std::hypot(part[i].x - part[i - 1].x, part[i].y - part[i - 1].y);
  line.erase(std::remove(line.begin(), line.end(), '"'), line.end());
  const auto comma = line.find(',');
  ASSERT_NE(comma, std::string::npos) << line;
  EXPECT_EQ(line.substr(0, comma), std::to_string(layers[0].lines.size()));
  EXPECT_EQ(layers[0].lines.size(), 45u);
  EXPECT_NEAR(std::strtod(line.c_str() + comma + 1, nullptr), degrees, 1e-9);
}

}  // namespace
}  // namespace lode
