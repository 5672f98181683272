// Solids of closed lines from DXF, STR and others: closed forms, order, gaps, units, refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <numbers>
#include <regex>

#include "libgeo/core/text.h"
#include "libgeo/io/mesh_files.h"
#include "tests/geometry/solids.h"
#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

using testing::HasSubstr;
using testing::Not;

using Vec = std::array<double, 3>;
using Lines = std::vector<std::vector<Vec>>;  // each ends where it is written to

// Along the strike, across it, up: a section plane of a body that strikes 30 degrees, far out.
Vec at(double along, double across, double up) {
  const double a = std::numbers::pi / 6.0;
  return {464000.0 + along * std::sin(a) + across * std::cos(a),
          2265000.0 + along * std::cos(a) - across * std::sin(a), 400.0 + up};
}

// A regular polygon on a section.
std::vector<Vec> polygon(double along, int n, double radius, double across = 0.0) {
  std::vector<Vec> ring;
  for (int i = 0; i < n; ++i) {
    const double a = 2.0 * std::numbers::pi * i / n;
    ring.push_back(at(along, across + radius * std::cos(a), radius * std::sin(a)));
  }
  return ring;
}
double polygon_area(int n, double radius) {
  return n / 2.0 * radius * radius * std::sin(2.0 * std::numbers::pi / n);
}
double frustum(double height, double a, double b) {
  return height / 3.0 * (a + b + std::sqrt(a * b));
}

std::string dxf_lines(const std::string& layer, const Lines& lines, bool closed) {
  std::string text;
  for (const auto& line : lines) {
    text += "0\nPOLYLINE\n8\n" + layer + "\n66\n1\n70\n" + (closed ? "9" : "8") + "\n";
    for (const Vec& v : line)
      text += "0\nVERTEX\n8\n" + layer + "\n10\n" + number_text(v[0]) + "\n20\n" +
              number_text(v[1]) + "\n30\n" + number_text(v[2]) + "\n70\n32\n";
    text += "0\nSEQEND\n";
  }
  return text;
}
std::string dxf(const std::string& entities, const std::string& unit = "") {
  return (unit.empty() ? std::string()
                       : "0\nSECTION\n2\nHEADER\n9\n$INSUNITS\n70\n" + unit + "\n0\nENDSEC\n") +
         "0\nSECTION\n2\nENTITIES\n" + entities + "0\nENDSEC\n0\nEOF\n";
}

// Surpac: y, x, z; a closed segment repeats its first vertex.
std::string str(const std::vector<Lines>& strings) {
  std::string text = "rings,01-Jan-70,,\n0, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000\n";
  int number = 0;
  for (const Lines& lines : strings) {
    ++number;
    for (auto line : lines) {
      line.push_back(line.front());
      for (const Vec& v : line)
        text += std::to_string(number) + ", " + number_text(v[1]) + ", " + number_text(v[0]) +
                ", " + number_text(v[2]) + ", \n";
      text += "0, 0.000, 0.000, 0.000,\n";
    }
  }
  return text + "0, 0.000, 0.000, 0.000, END\n";
}

class SectionLines : public testing::Test {
 protected:
  void write(const std::string& file, const std::string& text) {
    std::ofstream(dir / file, std::ios::binary) << text;
  }
  RunResult run(const std::string& file, const std::vector<std::string>& more = {}) {
    std::vector<std::string> args{"solid", path(file), "--from", "sections", "--json"};
    args.insert(args.end(), more.begin(), more.end());
    return run_lode(args);
  }
  Json sound(const std::string& file, const std::vector<std::string>& more = {}) {
    const RunResult result = run(file, more);
    EXPECT_EQ(result.exit_code, 0) << file << ": " << result.out << result.err;
    return result.json();
  }
  // The code, and where.
  std::string refused(const std::string& file, const std::vector<std::string>& more = {}) {
    const RunResult result = run(file, more);
    if (result.exit_code == 0) return "none";
    const Json error = result.json().at("error");
    return error.at("code").as_string() + " " + error.at("where").as_string() + " " +
           error.at("message").as_string();
  }
  static double number(const Json& json, const std::string& key, std::size_t row = 0) {
    return json.at("results").items()[row].at(key).as_number();
  }
  static std::string findings(const Json& json) { return json.at("findings").dump(); }
  [[nodiscard]] std::string path(const std::string& file) const { return (dir / file).string(); }
  TempDir dir;
};

const Lines frustum_lines{polygon(0, 8, 10), polygon(12, 8, 6)};
const Lines prism_lines{polygon(100, 6, 5), polygon(110, 6, 5), polygon(125, 6, 5)};

TEST_F(SectionLines, FrustumAndPrismInClosedForm) {
  write("rings.dxf",
        dxf(dxf_lines("frustum", frustum_lines, true) + dxf_lines("prism", prism_lines, true)));
  write("rings.str", str({frustum_lines, prism_lines}));
  const double first = frustum(12.0, polygon_area(8, 10), polygon_area(8, 6));
  const double second = 25.0 * polygon_area(6, 5);
  for (const std::string file : {"rings.dxf", "rings.str"}) {
    const Json json = sound(file, {"--input-crs", "EPSG:32629", "--density", "2 t/m3"});
    ASSERT_EQ(json.at("results").items().size(), 2u) << file;
    EXPECT_NEAR(number(json, "volume_m3", 0) / first, 1.0, 1e-8) << file;
    EXPECT_NEAR(number(json, "volume_m3", 1) / second, 1.0, 1e-8) << file;
    EXPECT_NEAR(number(json, "tonnage_t", 1) / second, 2.0, 1e-8) << file;
    EXPECT_EQ(number(json, "rings", 1), 3) << file;
    EXPECT_EQ(number(json, "sections", 1), 3) << file;
    EXPECT_EQ(json.at("results").items()[1].at("order").as_string(), "file");
    EXPECT_TRUE(json.at("findings").items().empty()) << file << findings(json);
    EXPECT_EQ(json.at("results").items()[1].at("name").as_string(),
              file.ends_with("dxf") ? "prism" : "2");
  }
  const Json one = sound("rings.dxf", {"--object", "prism", "--ends", "2 m"});
  ASSERT_EQ(one.at("results").items().size(), 1u);
  EXPECT_NEAR(number(one, "volume_m3") / (29.0 * polygon_area(6, 5)), 1.0, 1e-8);
  EXPECT_THAT(findings(one), HasSubstr("solid.no_crs"));
}

// The other formats, written by the program that is not under test here.
TEST_F(SectionLines, EveryFormatOfLines) {
  write("rings.dxf",
        dxf(dxf_lines("frustum", frustum_lines, true) + dxf_lines("prism", prism_lines, true)));
  const double second = 25.0 * polygon_area(6, 5);
  for (const std::string file : {"a.omf", "a.vtp", "a.vtu", "a.pl", "a.obj", "a.str"}) {
    ASSERT_EQ(
        run_lode({"convert", path("rings.dxf"), "-o", path(file), "--input-crs", "EPSG:32629"})
            .exit_code,
        0);
    const Json json = sound(file);
    ASSERT_EQ(json.at("results").items().size(), 2u) << file;
    EXPECT_NEAR(number(json, "volume_m3", 1) / second, 1.0, 1e-8) << file;
    EXPECT_EQ(number(json, "rings", 1), 3) << file;
    // These say their CRS.
    EXPECT_EQ(findings(json).find("solid.no_crs") != std::string::npos,
              file == "a.obj" || file == "a.str")
        << file;
  }
  EXPECT_THAT(findings(sound("a.omf", {"--input-crs", "EPSG:32628"})), HasSubstr("convert.crs"));
  EXPECT_THAT(findings(sound("a.omf", {"--input-crs", "EPSG:32629"})),
              Not(HasSubstr("convert.crs")));
  // Words about the file are no reason to stop.
  EXPECT_EQ(run("a.omf", {"--strict"}).exit_code, 0);
}

// GOCAD holds segments: here in any order and direction.
TEST_F(SectionLines, LooseSegmentsBecomeRings) {
  std::string text = "GOCAD PLine 1\nHEADER {\nname:body\n}\nILINE\n";
  int vertex = 0;
  for (const auto& line : frustum_lines)
    for (const Vec& v : line)
      text += "VRTX " + std::to_string(++vertex) + " " + number_text(v[0]) + " " +
              number_text(v[1]) + " " + number_text(v[2]) + "\n";
  const auto segment = [](int a, int b) {
    return "SEG " + std::to_string(a) + " " + std::to_string(b) + "\n";
  };
  for (const int i : {3, 0, 5, 1, 7, 2, 6, 4})
    for (const int ring : {0, 8}) {
      const int a = ring + i + 1, b = ring + (i + 1) % 8 + 1;
      text += i % 3 == 0 ? segment(b, a) : segment(a, b);
    }
  write("loose.pl", text + "END\n");
  const Json json = sound("loose.pl");
  EXPECT_EQ(number(json, "rings"), 2);
  EXPECT_NEAR(number(json, "volume_m3") / frustum(12.0, polygon_area(8, 10), polygon_area(8, 6)),
              1.0, 1e-8);
}

TEST_F(SectionLines, OpenLinesAreClosedWhenAsked) {
  Lines lines = frustum_lines;
  lines[0].push_back(lines[0].front());
  write("exact.dxf", dxf(dxf_lines("body", lines, false)));
  EXPECT_THAT(refused("exact.dxf"), HasSubstr("solid.open_line"));
  EXPECT_THAT(refused("exact.dxf"), HasSubstr("body, line 2"));
  lines[1].push_back(lines[1].front());
  write("exact.dxf", dxf(dxf_lines("body", lines, false)));
  const double volume = frustum(12.0, polygon_area(8, 10), polygon_area(8, 6));
  const Json exact = sound("exact.dxf", {"--input-crs", "local:m"});
  EXPECT_NEAR(number(exact, "volume_m3") / volume, 1.0, 1e-8);
  EXPECT_TRUE(exact.at("findings").items().empty()) << "they end where they began";

  lines[1].back()[2] += 0.25;
  write("gap.dxf", dxf(dxf_lines("body", lines, false)));
  EXPECT_THAT(refused("gap.dxf"), HasSubstr("0.25 m apart"));
  EXPECT_THAT(refused("gap.dxf", {"--weld", "0.2 m"}), HasSubstr("solid.open_line"));
  const Json closed = sound("gap.dxf", {"--weld", "0.3 m"});
  EXPECT_NEAR(number(closed, "volume_m3") / volume, 1.0, 1e-8);
  EXPECT_THAT(findings(closed), HasSubstr("solid.ring_closed"));
  EXPECT_THAT(findings(closed), HasSubstr("0.25 m"));
  EXPECT_THAT(refused("gap.dxf", {"--weld", "0.3 m", "--strict"}), HasSubstr("strict.finding"));
}

TEST_F(SectionLines, OrderAlongTheStrike) {
  const Lines mixed{polygon(0, 6, 5), polygon(30, 6, 5), polygon(10, 6, 5), polygon(20, 6, 5)};
  write("mixed.dxf", dxf(dxf_lines("body", mixed, true)));
  EXPECT_THAT(refused("mixed.dxf"), HasSubstr("solid.order"));
  EXPECT_THAT(refused("mixed.dxf"), HasSubstr("turns back at line 3"));
  const Json json = sound("mixed.dxf", {"--order", "strike"});
  EXPECT_NEAR(number(json, "volume_m3") / (30.0 * polygon_area(6, 5)), 1.0, 1e-8);
  EXPECT_EQ(json.at("results").items()[0].at("order").as_string(), "strike");
  // As it stands it crosses itself: the places are named.
  const std::string kept = refused("mixed.dxf", {"--order", "file"});
  EXPECT_THAT(kept, HasSubstr("solid.section"));
  EXPECT_THAT(kept, HasSubstr("mixed.dxf, body"));

  // Planes all about an axis have no mean direction.
  Lines around;
  for (const int degrees : {0, 60, 120, 180, 240, 300}) {
    const double a = degrees * std::numbers::pi / 180.0;
    std::vector<Vec> ring;
    for (const auto& [r, z] : {std::pair{50.0, 0.0}, {60.0, 0.0}, {60.0, 10.0}, {50.0, 10.0}})
      ring.push_back({r * std::cos(a), r * std::sin(a), z});
    around.push_back(ring);
  }
  write("around.dxf", dxf(dxf_lines("body", around, true)));
  EXPECT_THAT(refused("around.dxf", {"--order", "strike"}), HasSubstr("solid.order"));
}

// A quarter of a ring road: between the fanned sections lie wedges with plane sides.
TEST_F(SectionLines, FannedSections) {
  const auto section = [](int i) {
    const double a = i * std::numbers::pi / 18.0;
    std::vector<Vec> ring;
    for (const auto& [r, z] : {std::pair{50.0, 0.0}, {60.0, 0.0}, {60.0, 8.0}, {50.0, 8.0}})
      ring.push_back({5000.0 + r * std::cos(a), 7000.0 + r * std::sin(a), z});
    return ring;
  };
  Lines ordered, mixed;
  for (int i = 0; i <= 9; ++i) ordered.push_back(section(i));
  for (const int i : {4, 9, 0, 2, 7, 1, 3, 8, 6, 5}) mixed.push_back(section(i));
  const double volume =
      9.0 * 8.0 * (60.0 * 60.0 - 50.0 * 50.0) / 2.0 * std::sin(std::numbers::pi / 18.0);
  write("fan.dxf", dxf(dxf_lines("fan", ordered, true)));
  EXPECT_NEAR(number(sound("fan.dxf"), "volume_m3"), volume, 1e-6);
  write("mixed.dxf", dxf(dxf_lines("fan", mixed, true)));
  EXPECT_NEAR(number(sound("mixed.dxf", {"--order", "strike"}), "volume_m3"), volume, 1e-6);
}

TEST_F(SectionLines, RingsOfOnePlaneAreOneSection) {
  // Two bodies side by side, in one layer.
  const Lines lines{polygon(0, 6, 5), polygon(0, 6, 5, 20.0), polygon(12, 6, 5),
                    polygon(12, 6, 5, 20.0)};
  write("two.dxf", dxf(dxf_lines("body", lines, true)));
  const Json json = sound("two.dxf");
  EXPECT_EQ(number(json, "rings"), 4);
  EXPECT_EQ(number(json, "sections"), 2);
  EXPECT_EQ(number(json, "components"), 2);
  EXPECT_NEAR(number(json, "volume_m3") / (24.0 * polygon_area(6, 5)), 1.0, 1e-8);
  // Sections a hundredth of their size apart are still two.
  write("thin.dxf", dxf(dxf_lines("body", {polygon(0, 6, 5), polygon(0.1, 6, 5)}, true)));
  EXPECT_NEAR(number(sound("thin.dxf"), "volume_m3") / (0.1 * polygon_area(6, 5)), 1.0, 1e-6);
}

TEST_F(SectionLines, ARingAnObject) {
  std::string text;
  int vertex = 0;
  for (const auto& line : frustum_lines) {
    text += "g section_" + std::to_string(vertex) + "\n";
    for (const Vec& v : line)
      text += "v " + number_text(v[0]) + " " + number_text(v[1]) + " " + number_text(v[2]) + "\n";
    text += "l";
    for (int i = 0; i < 8; ++i) text += " " + std::to_string(vertex + i + 1);
    text += " " + std::to_string(vertex + 1) + "\n";
    vertex += 8;
  }
  write("groups.obj", text);
  write("no_name.obj", std::regex_replace(text, std::regex("g section_[0-9]+\n"), ""));
  EXPECT_EQ(sound("no_name.obj").at("results").items()[0].at("name").as_string(), "no_name");
  EXPECT_THAT(refused("groups.obj"), HasSubstr("solid.section"));
  EXPECT_NEAR(number(sound("groups.obj", {"--together"}), "volume_m3") /
                  frustum(12.0, polygon_area(8, 10), polygon_area(8, 6)),
              1.0, 1e-8);
}

TEST_F(SectionLines, UnitsOfTheFile) {
  const std::string rings = dxf_lines("body", prism_lines, true);
  const double volume = 25.0 * polygon_area(6, 5);
  write("feet.dxf", dxf(rings, "2"));
  const Json feet = sound("feet.dxf");
  EXPECT_NEAR(number(feet, "volume_m3") / volume, std::pow(0.3048, 3), 1e-8);
  EXPECT_THAT(findings(feet), HasSubstr("taken as feet"));
  EXPECT_THAT(refused("feet.dxf", {"--input-crs", "EPSG:32629"}), HasSubstr("solid.unit"));
  EXPECT_EQ(run("feet.dxf", {"--input-crs", "local:ft"}).exit_code, 0);
  write("mm.dxf", dxf(rings, "4"));
  EXPECT_THAT(refused("mm.dxf"), HasSubstr("solid.unit"));
  write("m.dxf", dxf(rings, "6"));
  EXPECT_NEAR(number(sound("m.dxf"), "volume_m3") / volume, 1.0, 1e-8);
}

TEST_F(SectionLines, WhatIsNotRead) {
  const std::string rings = dxf_lines("body", prism_lines, true);
  write("more.dxf", dxf(rings + "0\nPOINT\n8\nbody\n10\n1\n20\n2\n30\n3\n" +
                        "0\nTEXT\n8\nbody\n10\n1\n20\n2\n30\n3\n1\nnote\n"));
  const Json json = sound("more.dxf");
  EXPECT_THAT(findings(json), HasSubstr("solid.not_lines"));
  EXPECT_THAT(findings(json), HasSubstr("not read: 1 TEXT"));
  write("cube.obj", obj_text(cube({0, 0, 0}, 10)));
  EXPECT_THAT(refused("cube.obj"), HasSubstr("solid.no_lines"));
  EXPECT_THAT(refused("more.dxf", {"--object", "bodi"}), HasSubstr("solid.no_object"));
  EXPECT_THAT(refused("more.dxf", {"--input-crs", "EPSG:4326"}), HasSubstr("solid."));
  write("line.dxf", dxf("0\nLINE\n8\nbody\n10\n0\n20\n0\n30\n0\n11\n12\n21\n0\n31\n0\n"));
  EXPECT_THAT(refused("line.dxf"), HasSubstr("12 m apart"));
  EXPECT_THAT(refused("line.dxf", {"--weld", "20 m"}), HasSubstr("solid.section"));
  write("cut.dxf", dxf(rings).substr(0, 600));
  EXPECT_THAT(refused("cut.dxf"), HasSubstr("model.syntax"));
  EXPECT_THAT(refused("none.dxf"), HasSubstr("io.missing_file"));
}

TEST_F(SectionLines, Usage) {
  write("a.dxf", dxf(dxf_lines("body", prism_lines, true)));
  write("t.csv", "x,y,z,s\n0,0,0,A\n");
  for (const std::vector<std::string>& more :
       std::vector<std::vector<std::string>>{{"--section", "s"}, {"--where", "s = 1"}})
    EXPECT_THAT(refused("a.dxf", more), HasSubstr("usage.section"));
  for (const std::vector<std::string>& more : std::vector<std::vector<std::string>>{
           {"--order", "strike"}, {"--weld", "1 m"}, {"--together"}, {"--object", "a"}}) {
    auto all = more;
    all.insert(all.end(), {"--section", "s"});
    EXPECT_THAT(refused("t.csv", all), HasSubstr("usage.section"));
  }
  EXPECT_THAT(refused("t.csv"), HasSubstr("usage.section"));
  EXPECT_THAT(refused("a.dxf", {"--weld", "0 m"}), HasSubstr("usage.range"));
}

}  // namespace
}  // namespace lode::test
