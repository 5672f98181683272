// The command `volume mesh`: keys, units, refusals, repair and the mended file as scripts see them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "libgeo/core/text.h"
#include "libgeo/io/mesh_files.h"
#include "tests/geometry/solids.h"
#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

using testing::Contains;
using testing::HasSubstr;

const std::array<double, 3> corner{500000.0, 4200000.0, 1000.0};

std::string obj_file(const TempDir& dir, const std::string& name, const TriangleMesh& mesh) {
  const std::string path = (dir / name).string();
  std::ofstream(path) << obj_text(mesh);
  return path;
}

RunResult measure(const std::string& path, std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"volume", "mesh", path, "--json"});
  return run_lode(more);
}

Json first(const RunResult& run) {
  return run.json().at("results").items().at(0);
}

std::vector<std::string> codes(const RunResult& run, const std::string& severity) {
  std::vector<std::string> found;
  const Json json = run.json();
  for (const Json& finding : json.at("findings").items())
    if (finding.at("severity").as_string() == severity)
      found.push_back(finding.at("code").as_string());
  return found;
}

void expect_no_volume(const RunResult& run, const std::string& code) {
  EXPECT_EQ(run.exit_code, 1) << run.out;
  EXPECT_TRUE(first(run).at("volume_m3").is_null());
  EXPECT_TRUE(first(run).at("tonnage_t").is_null());
  EXPECT_TRUE(run.json().at("summary").at("volume_sum_m3").is_null());
  EXPECT_THAT(codes(run, "error"), Contains(code));
}

void expect_volume(const RunResult& run, double volume, double within = 1e-6) {
  ASSERT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_NEAR(first(run).at("volume_m3").as_number(), volume, within);
  EXPECT_THAT(codes(run, "error"), testing::IsEmpty());
}

TEST(VolumeMeshCommand, KeysOfTheContract) {
  const TempDir dir;
  const std::string path = obj_file(dir, "stope.obj", cube(corner, 10.0));
  const RunResult run = measure(path, {"--density", "2.7 t/m3"});
  expect_volume(run, 1000.0);
  const Json row = first(run);
  EXPECT_EQ(row.at("name").as_string(), "stope");
  EXPECT_EQ(row.at("triangles").as_number(), 12.0);
  EXPECT_TRUE(row.at("closed").as_bool());
  EXPECT_TRUE(row.at("oriented").as_bool());
  EXPECT_FALSE(row.at("self_intersecting").as_bool());
  EXPECT_EQ(row.at("components").as_number(), 1.0);
  EXPECT_NEAR(row.at("area_m2").as_number(), 600.0, 1e-6);
  EXPECT_NEAR(row.at("tonnage_t").as_number(), 2700.0, 1e-5);
  EXPECT_NEAR(row.at("centroid_m").items().at(2).as_number(), 1005.0, 1e-9);
  EXPECT_NEAR(row.at("upper_m").items().at(0).as_number(), 500010.0, 1e-9);
  EXPECT_TRUE(row.at("defects").items().empty());
  EXPECT_FALSE(row.at("repaired").as_bool());
  EXPECT_TRUE(first(measure(path)).at("tonnage_t").is_null());
}

TEST(VolumeMeshCommand, UnitsOfLength) {
  const TempDir dir;
  const std::string path = obj_file(dir, "box.obj", cube({0, 0, 0}, 10.0));
  const auto volume = [&](const std::string& unit) {
    return first(measure(path, {"--unit", unit})).at("volume_m3").as_number();
  };
  EXPECT_NEAR(volume("ft"), 28.316846592, 1e-9);  // 0.3048^3 x 1000
  EXPECT_NEAR(volume("us-ft") / volume("ft"), std::pow(1200.0 / 3937.0 / 0.3048, 3), 1e-12);
  EXPECT_NEAR(volume("in"), 0.016387064, 1e-12);
  EXPECT_NEAR(volume("mm"), 1e-6, 1e-18);
  EXPECT_EQ(measure(path, {"--unit", "yd"}).exit_code, 2);
  const std::string large = obj_file(dir, "large.obj", cube({0, 0, 0}, 200000.0));
  EXPECT_THAT(codes(measure(large), "warning"), Contains("mesh.size"));
  EXPECT_THAT(codes(measure(large, {"--unit", "mm"}), "warning"), testing::IsEmpty());
}

TEST(VolumeMeshCommand, OpenSolidsHaveNoVolumeUnlessRepaired) {
  // Row 21: one triangle missing at UTM coordinates, for which a naive sum gives -10,532,500.
  const TempDir dir;
  TriangleMesh mesh = cube(corner, 10.0);
  mesh.triangles.erase(mesh.triangles.begin() + 4);
  const std::string path = obj_file(dir, "open.obj", mesh);
  const RunResult run = measure(path);
  expect_no_volume(run, "mesh.open");
  EXPECT_FALSE(first(run).at("closed").as_bool());
  EXPECT_EQ(first(run).at("open_edges").as_number(), 3.0);
  EXPECT_EQ(first(run).at("holes").as_number(), 1.0);
  EXPECT_THAT(run.out, HasSubstr("(500000 4200000 1000) to "));
  EXPECT_EQ(first(run).at("defects").items().at(0).at("code").as_string(), "mesh.open");

  const std::string out = (dir / "mended.obj").string();
  EXPECT_EQ(measure(path, {"-o", out}).exit_code, 1);
  EXPECT_FALSE(std::filesystem::exists(out));
  const RunResult mended = measure(path, {"--repair", "-o", out});
  expect_volume(mended, 1000.0);
  EXPECT_THAT(codes(mended, "warning"), Contains("mesh.filled"));
  EXPECT_THAT(codes(mended, "warning"), Contains("mesh.open"));
  const Json row = first(mended);
  EXPECT_TRUE(row.at("repaired").as_bool());
  EXPECT_TRUE(row.at("closed").as_bool());
  EXPECT_NEAR(row.at("volume_before_m3").as_number() + row.at("volume_change_m3").as_number(),
              1000.0, 1e-9);
  expect_volume(measure(out), 1000.0);
  EXPECT_EQ(measure(path, {"--repair", "--strict"}).exit_code, 1);
}

TEST(VolumeMeshCommand, WindingIsMendedAndCounted) {
  // Row 22: faces turned at random sum up to 0 to 667 for 1,000.
  const TempDir dir;
  TriangleMesh mesh = cube(corner, 10.0);
  for (std::size_t t = 1; t < 6; ++t) std::swap(mesh.triangles[t][0], mesh.triangles[t][1]);
  const RunResult mixed = measure(obj_file(dir, "mixed.obj", mesh));
  expect_volume(mixed, 1000.0);
  EXPECT_FALSE(first(mixed).at("oriented").as_bool());
  EXPECT_EQ(first(mixed).at("turned").as_number(), 5.0);
  EXPECT_THAT(codes(mixed, "warning"), Contains("mesh.turned"));
}

TEST(VolumeMeshCommand, NestedShellsAreCavities) {
  const TempDir dir;
  const RunResult run = measure(obj_file(
      dir, "hollow.obj", joined(cube(corner, 10.0), cube({500002.0, 4200002.0, 1002.0}, 5.0))));
  expect_volume(run, 875.0);
  EXPECT_EQ(first(run).at("components").as_number(), 2.0);
  EXPECT_EQ(first(run).at("cavities").as_number(), 1.0);
  EXPECT_THAT(codes(run, "note"), Contains("mesh.cavity"));
}

TEST(VolumeMeshCommand, OverlapsAreNeverSummed) {
  // Row 22: 2,000 for 1,875.
  const TempDir dir;
  const std::string path =
      obj_file(dir, "overlap.obj", joined(cube({0, 0, 0}, 10.0), cube({5, 5, 5}, 10.0)));
  const RunResult run = measure(path);
  expect_no_volume(run, "mesh.self_intersecting");
  EXPECT_TRUE(first(run).at("self_intersecting").as_bool());
  EXPECT_EQ(first(run).at("cavities").as_number(), 0.0) << "no shell is inside another";
  const RunResult united = measure(path, {"--repair"});
  expect_volume(united, 1875.0);
  EXPECT_THAT(codes(united, "warning"), Contains("mesh.united"));
  EXPECT_NEAR(first(united).at("volume_before_m3").as_number(), 2000.0, 1e-9);
  EXPECT_NEAR(first(united).at("volume_change_m3").as_number(), -125.0, 1e-9);
  // Wound against each other they may be meant to be subtracted: only a wrap is left.
  TriangleMesh against = cube({5, 5, 5}, 10.0);
  for (auto& t : against.triangles) std::swap(t[0], t[1]);
  const RunResult doubtful =
      measure(obj_file(dir, "against.obj", joined(cube({0, 0, 0}, 10.0), against)), {"--repair"});
  EXPECT_THAT(codes(doubtful, "warning"), Contains("mesh.wrapped"));
  EXPECT_THAT(codes(doubtful, "warning"), testing::Not(Contains("mesh.united")));
  // Overlapping faces within one surface: wrapped, which lies a little outside.
  TriangleMesh bow = cube({0, 0, 0}, 10.0);
  bow.vertices[7] = {-3.0, -3.0, 4.0};
  const std::string crossed = obj_file(dir, "crossed.obj", bow);
  expect_no_volume(measure(crossed), "mesh.self_intersecting");
  const RunResult wrapped = measure(crossed, {"--repair", "--alpha", "0.2 m"});
  ASSERT_EQ(wrapped.exit_code, 0) << wrapped.out;
  EXPECT_THAT(codes(wrapped, "warning"), Contains("mesh.wrapped"));
}

TEST(VolumeMeshCommand, DuplicateAndFlatFacesLeave) {
  // Row 22: 1,167 for 1,000.
  const TempDir dir;
  TriangleMesh mesh = cube(corner, 10.0);
  mesh.triangles.push_back(mesh.triangles[0]);
  mesh.triangles.push_back({5, 5, 6});
  const RunResult run = measure(obj_file(dir, "twice.obj", mesh));
  expect_volume(run, 1000.0);
  EXPECT_THAT(codes(run, "warning"), Contains("mesh.duplicate_triangle"));
  EXPECT_THAT(codes(run, "note"), Contains("mesh.flat_triangle"));
}

TEST(VolumeMeshCommand, CracksAreWeldedWhenAsked) {
  const TempDir dir;
  TriangleMesh mesh = cube(corner, 10.0);
  mesh.vertices.push_back({500010.0005, 4200010.0, 1010.0});
  mesh.triangles[11][1] = 8;
  const std::string path = obj_file(dir, "crack.obj", mesh);
  const RunResult run = measure(path);
  expect_no_volume(run, "mesh.crack");
  EXPECT_THAT(run.out, HasSubstr("welding within 0.00050000002"));
  expect_no_volume(measure(path, {"--weld", "0.1 mm"}), "mesh.crack");
  const RunResult welded = measure(path, {"--weld", "1 mm"});
  expect_volume(welded, 1000.0);
  EXPECT_THAT(codes(welded, "warning"), Contains("mesh.welded"));
}

TEST(VolumeMeshCommand, TJunctionsAreSplitByRepair) {
  const TempDir dir;
  TriangleMesh mesh = cube(corner, 10.0);
  mesh.vertices.push_back({500005.0, 4200000.0, 1000.0});
  mesh.triangles[4] = {0, 8, 4};
  mesh.triangles.push_back({8, 1, 4});
  const std::string path = obj_file(dir, "tee.obj", mesh);
  const RunResult run = measure(path);
  expect_no_volume(run, "mesh.t_junction");
  EXPECT_THAT(run.out, HasSubstr("(500005 4200000 1000) lies on the edge from"));
  const RunResult mended = measure(path, {"--repair"});
  expect_volume(mended, 1000.0);
  EXPECT_THAT(codes(mended, "warning"), Contains("mesh.split"));
  EXPECT_THAT(codes(mended, "warning"), testing::Not(Contains("mesh.wrapped")));
}

TEST(VolumeMeshCommand, ShellsThatTouchAlongAnEdgeAreToldApart) {
  const TempDir dir;
  const std::string path =
      obj_file(dir, "touch.obj", joined(cube({0, 0, 0}, 10.0), cube({10, 10, 0}, 10.0)));
  expect_no_volume(measure(path), "mesh.crowded_edge");
  const RunResult parted = measure(path, {"--repair"});
  expect_volume(parted, 2000.0);
  EXPECT_THAT(codes(parted, "warning"), Contains("mesh.parted"));
}

TEST(VolumeMeshCommand, OneSidedAndFlatSurfacesAreRefused) {
  const TempDir dir;
  TriangleMesh plane;
  plane.vertices = {{0, 0, 0}, {4, 0, 1}, {0, 4, 2}, {4, 4, 3}, {2, 1, 5}, {1, 2, 7}};
  plane.triangles = {{0, 1, 2}, {0, 2, 3}, {0, 3, 4}, {0, 4, 5}, {0, 5, 1},
                     {1, 2, 4}, {2, 3, 5}, {3, 4, 1}, {4, 5, 2}, {5, 1, 3}};
  expect_no_volume(measure(obj_file(dir, "plane.obj", plane)), "mesh.not_orientable");
  TriangleMesh sheet;
  sheet.vertices = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {1, 1, 0}};
  sheet.triangles = {{0, 1, 2}, {1, 3, 2}, {0, 2, 3}, {0, 3, 1}};
  expect_no_volume(measure(obj_file(dir, "sheet.obj", sheet)), "mesh.flat");
  // So small that its volume is no number: wrapping it would divide by 0.
  expect_no_volume(measure(obj_file(dir, "tiny.obj", cube({0, 0, 0}, 1e-120)), {"--repair"}),
                   "mesh.flat");
}

TEST(VolumeMeshCommand, AWrapThatCreepsInIsNoVolume) {
  // A ball without its upper half: a wrap of a fortieth of the box goes inside.
  const TempDir dir;
  TriangleMesh bowl = sphere({0, 0, 0}, 100.0, 4);
  std::erase_if(bowl.triangles, [&](const auto& t) {
    double z = 0.0, x = 0.0;
    for (const auto v : t) {
      z += bowl.vertices[v][2];
      x += bowl.vertices[v][0];
    }
    return z + 0.7 * std::abs(x) > 0.0;
  });
  const RunResult run = measure(obj_file(dir, "bowl.obj", bowl), {"--repair"});
  expect_no_volume(run, "mesh.not_wrapped");
}

TEST(VolumeMeshCommand, SinglePrecisionIsSeenInText) {
  const TempDir dir;
  TriangleMesh mesh = sphere({500000.0, 4200000.0, 1000.0}, 30.0, 2);
  EXPECT_THAT(codes(measure(obj_file(dir, "double.obj", mesh)), "warning"), testing::IsEmpty());
  for (auto& v : mesh.vertices)
    for (double& c : v) c = static_cast<double>(static_cast<float>(c));
  const RunResult run = measure(obj_file(dir, "single.obj", mesh));
  EXPECT_EQ(run.exit_code, 0) << run.out;
  EXPECT_THAT(codes(run, "warning"), Contains("mesh.single_precision"));
  // Whole metres are numbers of both.
  const RunResult whole = measure(obj_file(dir, "whole.obj", cube(corner, 10.0)));
  EXPECT_THAT(codes(whole, "warning"), testing::IsEmpty());
}

TEST(VolumeMeshCommand, SeveralFilesAddUpAndAreWrittenTogether) {
  const TempDir dir;
  const std::string a = obj_file(dir, "a.obj", cube(corner, 10.0));
  const std::string b = obj_file(dir, "b.obj", cube({0, 0, 0}, 2.0));
  const std::string out = (dir / "both.obj").string();
  const RunResult run =
      run_lode({"volume", "mesh", a, b, "--unit", "ft", "-o", out, "--jobs", "2", "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.out;
  EXPECT_EQ(run.json().at("results").items().size(), 2u);
  const double sum = run.json().at("summary").at("volume_sum_m3").as_number();
  EXPECT_NEAR(sum, 1008.0 * std::pow(0.3048, 3), 1e-6);
  // Written in the unit of the input.
  const auto parts = read_meshes(out);
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[1].group, "b");
  EXPECT_EQ(read_mesh(out).mesh.triangles.size(), 24u);
  const std::string stl = (dir / "both.stl").string();
  const RunResult single = run_lode({"volume", "mesh", a, b, "-o", stl, "--json"});
  EXPECT_EQ(single.exit_code, 0) << single.out;
  EXPECT_THAT(codes(single, "note"), Contains("convert.lost")) << "names, digits";
  EXPECT_NEAR(bounds_of(read_mesh(out).mesh).upper[0], 500010.0, 1e-6);
  EXPECT_EQ(run_lode({"volume", "mesh", a, "-o", out}).exit_code, 1) << "it exists";
  EXPECT_EQ(run_lode({"volume", "mesh", a, "-o", a, "--overwrite"}).exit_code, 1) << "an input";
}

TEST(VolumeMeshCommand, RefusesWhatItCannotMean) {
  const TempDir dir;
  const std::string path = obj_file(dir, "box.obj", cube({0, 0, 0}, 10.0));
  const auto code = [&](const std::vector<std::string>& more) {
    return measure(path, more).json().at("error").at("code").as_string();
  };
  EXPECT_EQ(code({"--density", "2700 t/m3"}), "usage.range");
  EXPECT_EQ(code({"--weld", "0 m"}), "usage.range");
  EXPECT_EQ(code({"--alpha", "1 m"}), "usage.range");
  EXPECT_EQ(code({"--weld", "1"}), "usage.quantity");
  EXPECT_EQ(code({"-o", (dir / "x.docx").string()}), "usage.output");
  EXPECT_EQ(code({"-o", (dir / "x.str").string()}), "usage.output") << "it holds no triangles";
  EXPECT_EQ(code({"--format", "dxf"}), "usage.output");
  EXPECT_EQ(measure((dir / "none.obj").string()).exit_code, 1);
}

TEST(VolumeMeshCommand, BadInputsAreAnsweredAsTheirTableSays) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "no real data: set LODE_DATA to their folder";
  const std::string folder = data + "/bad_inputs/mesh/";
  expect_volume(measure(folder + "m_inverted.off"), 343.0);
  expect_volume(measure(folder + "m_one_flipped.off"), 343.0);
  expect_volume(measure(folder + "m_dup_vertices.stl"), 343.0);
  expect_no_volume(measure(folder + "m_open.off"), "mesh.open");
  expect_no_volume(measure(folder + "m_self_overlap.off"), "mesh.self_intersecting");
  expect_volume(measure(folder + "m_self_overlap.off", {"--repair"}), 643.125, 1e-4);
  EXPECT_THAT(codes(measure(folder + "m_stl_utm.stl"), "warning"),
              Contains("mesh.single_precision"));
  for (const std::string name : {"m_nan.off", "m_index_range.off", "m_count_lie.off"})
    EXPECT_EQ(measure(folder + name).exit_code, 1) << name;
}

TEST(VolumeMeshCommand, NamedPartsOfAFileAreSolidsOfTheirOwn) {
  const TempDir dir;
  const std::string path = (dir / "bodies.obj").string();
  const TriangleMesh a = cube(corner, 10.0), b = cube({0, 0, 0}, 2.0);
  const TriangleMesh both = joined(a, b);
  std::string text = "o upper\n";
  for (const auto& v : both.vertices)
    text += "v " + number_text(v[0]) + " " + number_text(v[1]) + " " + number_text(v[2]) + "\n";
  for (std::size_t t = 0; t < both.triangles.size(); ++t) {
    if (t == a.triangles.size()) text += "o lower\n";
    text += "f";
    for (const auto v : both.triangles[t]) text += " " + std::to_string(v + 1);
    text += "\n";
  }
  std::ofstream(path) << text;
  const RunResult run = measure(path);
  ASSERT_EQ(run.exit_code, 0) << run.out;
  const Json json = run.json();
  ASSERT_EQ(json.at("results").items().size(), 2u);
  EXPECT_EQ(json.at("results").items().at(1).at("name").as_string(), "lower");
  EXPECT_NEAR(json.at("results").items().at(0).at("volume_m3").as_number(), 1000.0, 1e-9);
  EXPECT_NEAR(json.at("results").items().at(1).at("volume_m3").as_number(), 8.0, 1e-12);
  // Faces of one body sorted into two groups.
  text.clear();
  for (const auto& v : b.vertices)
    text += "v " + number_text(v[0]) + " " + number_text(v[1]) + " " + number_text(v[2]) + "\n";
  for (std::size_t t = 0; t < b.triangles.size(); ++t) {
    if (t % 6 == 0) text += "g side" + std::to_string(t) + "\n";
    text += "f";
    for (const auto v : b.triangles[t]) text += " " + std::to_string(v + 1);
    text += "\n";
  }
  std::ofstream(path) << text;
  const RunResult one = measure(path);
  expect_volume(one, 8.0);
  EXPECT_THAT(codes(one, "note"), Contains("mesh.groups_joined"));
}

TEST(VolumeMeshCommand, ADomainOfRealDrillholes) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "no real data: set LODE_DATA to their folder";
  // dom1.vtp read by python3 (base64, zlib, struct), its 13,710 determinants added up as exact
  // fractions: 516376.74008332635 m3. Two of its faces are the sides of a fin of no thickness.
  const RunResult run = measure(data + "/drill_pygslib_demo1/dom1.vtp");
  expect_volume(run, 516376.74008332635, 1e-7);
  EXPECT_THAT(codes(run, "warning"), testing::ElementsAre("mesh.duplicate_triangle"));
}

}  // namespace
}  // namespace lode::test
