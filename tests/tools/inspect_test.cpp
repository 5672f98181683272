// The command `inspect`: keys, exit codes and roles as scripts see them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

std::string file(const TempDir& dir, const std::string& name, const std::string& content) {
  const std::string path = (dir / name).string();
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

std::vector<std::string> codes(const Json& json, const std::string& severity) {
  std::vector<std::string> list;
  for (const auto& finding : json.at("findings").items()) {
    if (finding.at("severity").as_string() == severity)
      list.push_back(finding.at("code").as_string());
  }
  return list;
}

TEST(InspectCommand, KeysOfTheContract) {
  const TempDir dir;
  const std::string path =
      file(dir, "sites.csv", "id,lon,lat,treo_pct\nA,-104.9,31.2,1.5\nB,-104.8,31.3,\n");
  const RunResult run = run_lode({"inspect", path, "--as", "deposits", "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.out << run.err;
  const Json json = run.json();
  EXPECT_EQ(json.at("command").as_string(), "inspect");
  const Json& row = json.at("results").items().at(0);
  EXPECT_EQ(row.at("kind").as_string(), "vector");
  EXPECT_EQ(row.at("driver").as_string(), "CSV");
  EXPECT_EQ(row.at("crs").as_string(), "EPSG:4326");
  EXPECT_EQ(row.at("features").as_integer(), 2);
  ASSERT_EQ(row.at("extent").size(), 4U);
  EXPECT_EQ(row.at("extent").items()[0].as_number(), -104.9);
  const Json& grade = row.at("fields").items().at(3);
  EXPECT_EQ(grade.at("name").as_string(), "treo_pct");
  EXPECT_EQ(grade.at("type").as_string(), "number");
  EXPECT_EQ(grade.at("unit").as_string(), "%");
  EXPECT_EQ(grade.at("missing").as_integer(), 1);
  EXPECT_EQ(json.at("inputs").items().at(0).at("sha256").as_string().size(), 64U);
}

TEST(InspectCommand, AFaultIsAFindingAndExitOne) {
  const TempDir dir;
  const RunResult run =
      run_lode({"inspect", file(dir, "swapped.csv", "id,lon,lat\nA,31.28,-104.92\n"),
                file(dir, "good.csv", "id,v\nA,1\n"), "--json"});
  EXPECT_EQ(run.exit_code, 1);
  const Json json = run.json();
  EXPECT_THAT(codes(json, "error"), testing::ElementsAre("crs.mismatch"));
  ASSERT_EQ(json.at("results").size(), 2U);
  EXPECT_TRUE(json.at("results").items()[0].at("driver").is_null());
  EXPECT_EQ(json.at("results").items()[1].at("kind").as_string(), "table");
  EXPECT_EQ(run_lode({"inspect", (dir / "none.shp").string(), "--json"}).exit_code, 1);
}

std::string told(const Json& json, const std::string& code) {
  for (const auto& finding : json.at("findings").items()) {
    if (finding.at("code").as_string() != code) continue;
    const std::string where = finding.at("where").as_string();
    return finding.at("severity").as_string() + " " +
           std::to_string(finding.at("count").as_integer()) + " " +
           where.substr(where.rfind('/') + 1) + ": " + finding.at("message").as_string();
  }
  return {};
}

TEST(InspectCommand, ExchangedAxesAndLostPartsNameTheFeature) {
  using testing::HasSubstr;
  using testing::StartsWith;
  const TempDir dir;
  // Berlin and Munich in ETRS89, latitude first.
  const RunResult swapped =
      run_lode({"inspect", file(dir, "a.csv", "id,x,y\nB,52.52,13.4\nM,48.14,11.58\n"),
                "--input-crs", "EPSG:4258", "--x", "x", "--y", "y", "--json"});
  EXPECT_EQ(swapped.exit_code, 0) << swapped.out;
  EXPECT_THAT(told(swapped.json(), "geometry.swapped"), StartsWith("warning 2 a.csv, line 2: "));
  const RunResult certain = run_lode(
      {"inspect", file(dir, "b.csv", "id,lon,lat\nC,-35.3,149.1\nP,-31.95,115.86\n"), "--json"});
  EXPECT_EQ(certain.exit_code, 1);
  EXPECT_THAT(told(certain.json(), "crs.mismatch"),
              HasSubstr("latitude and longitude are exchanged"));
  const RunResult parts =
      run_lode({"inspect",
                file(dir, "c.csv",
                     "id,WKT\nA,POINT (1 2)\nB,POINT Z (1 2 3)\n"
                     "C,\"GEOMETRYCOLLECTION (POINT (9 9),LINESTRING (0 0,9 9))\"\n"
                     "D,\"CIRCULARSTRING (0 0,1 1,2 0)\"\n"),
                "--input-crs", "local:m", "--json"});
  const Json json = parts.json();
  EXPECT_THAT(told(json, "geometry.z_dropped"), StartsWith("note 1 c.csv, line 3: "));
  EXPECT_THAT(told(json, "geometry.z_dropped"), HasSubstr("the first is id B"));
  EXPECT_THAT(told(json, "geometry.collection"), StartsWith("warning 1 c.csv, line 4: "));
  EXPECT_THAT(told(json, "geometry.curve"), StartsWith("warning 1 c.csv, line 5: "));
}

TEST(InspectCommand, NumbersLikeDegreesAreSaidWhereNoCrsIs) {
  const TempDir dir;
  const RunResult run = run_lode(
      {"inspect", file(dir, "a.csv", "id,x,y\nA,-117.3,33.9\n"), "--x", "x", "--y", "y", "--json"});
  EXPECT_THAT(told(run.json(), "crs.missing"),
              testing::HasSubstr("they look like degrees: --input-crs EPSG:4326"));
}

TEST(InspectCommand, DepositsNeedIdsGradesAndPossibleValues) {
  const TempDir dir;
  const auto judge = [&](const std::string& text) {
    const RunResult run =
        run_lode({"inspect", file(dir, "d.csv", text), "--as", "deposits", "--json"});
    EXPECT_EQ(run.exit_code, 1) << text;
    return codes(run.json(), "error");
  };
  using testing::ElementsAre;
  EXPECT_THAT(judge("name,treo_pct\nA,1\n"), ElementsAre("role.no_id"));
  EXPECT_THAT(judge("id,ore_mt\nA,1\n"), ElementsAre("role.no_grade"));
  EXPECT_THAT(judge("id,treo_pct\nA,1\nA,2\n"), ElementsAre("table.duplicate_id"));
  EXPECT_THAT(judge("id,treo_pct\nA,1\n,2\n"), ElementsAre("table.blank_id"));
  EXPECT_THAT(judge("id,treo_pct\nA,100.5\n"), ElementsAre("grade.over_100"));
  EXPECT_THAT(judge("id,Nd2O3_ppm\nA,1000001\n"), ElementsAre("grade.over_100"));
  EXPECT_THAT(judge("id,treo_pct\nA,-1\n"), ElementsAre("grade.negative"));
  EXPECT_THAT(judge("id,treo_pct\nA,-9999\n"), ElementsAre("table.sentinel"));
  EXPECT_THAT(judge("id,treo_pct\nA,\"1,25\"\n"), ElementsAre("table.bad_number"));
  EXPECT_THAT(judge("id,treo_pct,ore_mt\nA,1,-5\n"), ElementsAre("mass.negative"));
  EXPECT_THAT(judge("id,treo_pct,density_t_m3\nA,1,2700\n"), ElementsAre("density.impossible"));
}

TEST(InspectCommand, DoubtsAreWarnings) {
  const TempDir dir;
  const auto judge = [&](const std::string& text) {
    const RunResult run =
        run_lode({"inspect", file(dir, "d.csv", text), "--as", "deposits", "--json"});
    EXPECT_EQ(run.exit_code, 0) << run.out;
    return codes(run.json(), "warning");
  };
  using testing::ElementsAre;
  EXPECT_THAT(judge("id,treo_pct\nA 1,1\na1,2\n"), ElementsAre("table.near_duplicate_id"));
  EXPECT_THAT(judge("id,treo_pct\nK\xC3\xA4rr,1\nKa\xCC\x88rr,2\n"),
              ElementsAre("table.near_duplicate_id"));
  EXPECT_THAT(judge("id,grade\nA,1\n"), ElementsAre("unit.missing"));
  EXPECT_THAT(judge("id,treo_pct,ore_mt\nA,1,200000\n"), ElementsAre("mass.unlikely"));
  EXPECT_THAT(judge("id,treo_pct\nA,<0.01\nB,2\n"), ElementsAre("table.below_detection"));
  EXPECT_EQ(
      run_lode({"inspect", file(dir, "d.csv", "id,grade\nA,1\n"), "--as", "deposits", "--strict"})
          .exit_code,
      1);
}

TEST(InspectCommand, PermitsNeedPolygonsAndDatesInOrder) {
  const TempDir dir;
  const std::string polygon = "\"POLYGON ((0 0,1 0,1 1,0 1,0 0))\"";
  const auto judge = [&](const std::string& text, const std::string& severity) {
    const RunResult run = run_lode({"inspect", file(dir, "p.csv", text), "--as", "permits",
                                    "--input-crs", "EPSG:4326", "--json"});
    return codes(run.json(), severity);
  };
  using testing::ElementsAre;
  EXPECT_THAT(judge("id,granted,expires,WKT\nA,2025-02-31,2026-01-01," + polygon + "\n", "error"),
              ElementsAre("permit.bad_date"));
  EXPECT_THAT(judge("id,granted,expires,WKT\nA,2027-01-01,2026-01-01," + polygon + "\n", "error"),
              ElementsAre("permit.dates_reversed"));
  EXPECT_THAT(judge("id,WKT\nA,POINT (1 2)\n", "error"), ElementsAre("role.kind"));
  EXPECT_THAT(judge("id,WKT\nA," + polygon + "\n", "warning"), ElementsAre("permit.no_expiry"));
}

TEST(InspectCommand, PlacesFarFromTheStudy) {
  const TempDir dir;
  const std::string study = file(dir, "study.csv", "id,lon,lat\nA,-105,31\nB,-104,32\n");
  const RunResult some =
      run_lode({"inspect", file(dir, "a.csv", "id,lon,lat\nA,-104.5,31.5\nB,104.5,31.5\n"),
                "--near", study, "--json"});
  EXPECT_EQ(some.exit_code, 0);
  EXPECT_THAT(codes(some.json(), "warning"), testing::ElementsAre("place.far"));
  const RunResult none = run_lode(
      {"inspect", file(dir, "b.csv", "id,lon,lat\nA,104.5,31.5\n"), "--near", study, "--json"});
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(codes(none.json(), "error"), testing::ElementsAre("place.nothing_near"));
}

TEST(InspectCommand, RolesAreKnown) {
  EXPECT_EQ(run_lode({"inspect", "none.csv", "--as", "nonsense"}).exit_code, 2);
  EXPECT_EQ(run_lode({"inspect", "none.csv", "--as", "points"}).exit_code, 1) << "read, not there";
}

TEST(InspectCommand, BlockModelsAndObjectsOfExchangeFiles) {
  const TempDir dir;
  const std::string blocks =
      file(dir, "b.csv", "x,y,z,dx,dy,dz,cu,rock\n5,5,5,10,10,10,1,a\n15,5,5,10,10,10,,b\n");
  const RunResult model = run_lode({"inspect", blocks, "--as", "blocks", "--json"});
  EXPECT_EQ(model.exit_code, 0) << model.out;
  const Json said = model.json();
  const Json& row = said.at("results").items()[0];
  EXPECT_EQ(row.at("kind").as_string(), "block_model");
  EXPECT_EQ(row.at("features").as_integer(), 2);
  EXPECT_EQ(row.at("fields").items()[0].at("missing").as_integer(), 1);
  EXPECT_EQ(row.at("extent").items()[2].as_number(), 20.0);
  const RunResult points =
      run_lode({"inspect", file(dir, "p.csv", "x,y,z\n1,2,3\n"), "--as", "blocks", "--json"});
  EXPECT_EQ(points.exit_code, 1);
  EXPECT_THAT(codes(points.json(), "error"), testing::ElementsAre("model.no_blocks"));
  const std::string omf = (dir / "b.omf").string();
  ASSERT_EQ(run_lode({"convert", blocks, "-o", omf}).exit_code, 0);
  const RunResult whole = run_lode({"inspect", omf, "--json"});
  EXPECT_EQ(whole.exit_code, 0) << whole.out;
  EXPECT_EQ(whole.json().at("results").items()[0].at("kind").as_string(), "omf");
  EXPECT_EQ(whole.json().at("results").items()[1].at("kind").as_string(), "block_model");
  const RunResult lines = run_lode(
      {"inspect",
       file(dir, "l.dxf",
            "0\nSECTION\n2\nENTITIES\n0\nLINE\n8\nA\n10\n0\n20\n0\n30\n0\n11\n1\n21\n0\n31\n0\n0\n"
            "TEXT\n1\nx\n0\nENDSEC\n0\nEOF\n"),
       "--json"});
  EXPECT_EQ(lines.exit_code, 0) << lines.out;
  EXPECT_THAT(lines.out, testing::HasSubstr("model.passed_over"));
}

TEST(InspectCommand, MeshesAreJudgedAsSolids) {
  const TempDir dir;
  const std::string faces = "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 3 2\nf 1 2 4\nf 2 3 4\n";
  const std::string whole = file(dir, "whole.obj", faces + "f 3 1 4\n");
  const RunResult sound = run_lode({"inspect", whole, "--as", "mesh", "--json"});
  EXPECT_EQ(sound.exit_code, 0) << sound.out;
  const Json row = sound.json().at("results").items().at(0);
  EXPECT_EQ(row.at("kind").as_string(), "mesh");
  EXPECT_EQ(row.at("driver").as_string(), "OBJ");
  EXPECT_EQ(row.at("features").as_number(), 4.0);
  EXPECT_TRUE(row.at("closed").as_bool());
  const std::string open = file(dir, "open.obj", faces);
  const RunResult refused = run_lode({"inspect", open, "--as", "mesh", "--json"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(codes(refused.json(), "error"), testing::ElementsAre("mesh.open"));
  EXPECT_EQ(run_lode({"inspect", open, "--json"}).exit_code, 0) << "a surface is no fault";
  const std::string lying = file(dir, "lying.off", "OFF\n3 9 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n");
  const RunResult bad = run_lode({"inspect", lying, "--json"});
  EXPECT_EQ(bad.exit_code, 1);
  EXPECT_THAT(codes(bad.json(), "error"), testing::ElementsAre("mesh.count"));
}

TEST(InspectCommand, AStudyFileIsCheckedWhole) {
  const TempDir dir;
  const RunResult run =
      run_lode({"inspect", file(dir, "s.toml", "[study]\ntitle = 1\nnonsense = 2\n"), "--json"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(run.json().at("results").items()[0].at("kind").as_string(), "study");
}

}  // namespace
}  // namespace lode::test
