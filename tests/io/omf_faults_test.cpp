// Open Mining Format files that lie, are cut or damaged: refused by name, never a crash.
#include <gtest/gtest.h>

#include <functional>

#include "tests/io/omf_cases.h"
#include "tests/io/scratch.h"
#include "tests/io/told.h"

namespace lode {
namespace {

using namespace omf_cases;

std::string code_of(const std::string& bytes) {
  return error_code_of([&] { (void)read(bytes); });
}

const std::string kFour =
    table({reals("x", {0, 1, 1, 0}), reals("y", {0, 0, 1, 1}), reals("z", {0, 0, 0, 5})});

std::string surface_of(const std::string& triangles) {
  return omf2_of("{\"type\":\"Surface\"," + array_of("vertices", 1, 4) + "," +
                     array_of("triangles", 2, 1) + "}",
                 {kFour, triangles});
}

std::string points_with(const std::string& data, const std::vector<std::string>& tables,
                        const std::string& location = "Vertices") {
  std::vector<std::string> all{kFour};
  all.insert(all.end(), tables.begin(), tables.end());
  return omf2_of("{\"type\":\"PointSet\"," + array_of("vertices", 1, 4) + "}", all,
                 R"([{"name":"c","location":")" + location + "\",\"data\":" + data + "}]");
}

std::string blocks_with(const std::string& orient, const std::string& grid,
                        const std::string& rest = "", const std::vector<std::string>& tables = {},
                        const std::string& attributes = "[]") {
  return omf2_of(R"({"type":"BlockModel","orient":)" + orient + ",\"grid\":" + grid + rest + "}",
                 tables, attributes);
}

const std::string kOrient = R"({"origin":[0,0,0]})";
const std::string kGrid = R"({"type":"Regular","size":[1,1,1],"count":[2,2,2]})";

TEST(OmfFaults, SoundFilesOfTheSameMakingAreRead) {
  EXPECT_EQ(code_of(surface_of(table({wholes("a", {0}), wholes("b", {1}), wholes("c", {2})}))), "");
  const ModelFile model = read(omf2(
      R"({"date":"2026-01-01T00:00:00Z","origin":[10,20,30],"units":"feet","elements":[{"name":"p",)"
      R"("geometry":{"type":"PointSet","origin":[1,2,3],)" +
          array_of("vertices", 1, 4) + "}}]}",
      {kFour}));
  EXPECT_EQ(model.objects.at(0).vertices.at(3), (std::array<double, 3>{11, 23, 38}));
  EXPECT_EQ(model.unit, "feet");
  EXPECT_TRUE(said(model.lost, "its date (2026"));
  EXPECT_EQ(code_of(blocks_with(kOrient, kGrid)), "");
}

TEST(OmfFaults, FilesThatAreNoSuchFile) {
  EXPECT_EQ(code_of(""), "omf.unknown");
  EXPECT_EQ(code_of("OMF"), "omf.unknown");
  EXPECT_EQ(code_of(omf2("{}", {}, "a comment")), "omf.version");
  EXPECT_EQ(code_of(omf2("{}", {}, "Open Mining Format 3.0")), "omf.version");
  EXPECT_EQ(code_of(zip_parts::stored_zip({}, "Open Mining Format 2.0")), "omf.missing_array");
  EXPECT_EQ(code_of("PK"), "archive.corrupt");
  EXPECT_EQ(code_of(omf2("[1]", {})), "omf.syntax");
  EXPECT_EQ(code_of(omf2("{", {})), "json.syntax");
  EXPECT_EQ(code_of(omf2(R"({"elements":[{"name":"a"}]})", {})), "omf.syntax");
  EXPECT_EQ(code_of(omf2_of(R"({"type":"Sphere"})", {})), "omf.syntax");
  EXPECT_EQ(code_of(omf2(R"({"origin":[1,2]})", {})), "omf.syntax");
  EXPECT_EQ(code_of(omf2(R"({"name":5})", {})), "omf.syntax");
}

TEST(OmfFaults, IndicesAndVertices) {
  EXPECT_EQ(code_of(surface_of(table({wholes("a", {0}), wholes("b", {1}), wholes("c", {4})}))),
            "omf.index");
  EXPECT_EQ(code_of(surface_of(table({wholes("a", {0}), wholes("b", {-1}), wholes("c", {2})}))),
            "omf.index");
  EXPECT_EQ(code_of(surface_of(table({wholes("a", {0}), wholes("b", {1})}))), "omf.schema");
  EXPECT_EQ(code_of(surface_of(table({reals("a", {0}), reals("b", {1}), reals("c", {2})}))),
            "omf.schema");
  const std::string nan = table({reals("x", {0}), reals("y", {std::nan("")}), reals("z", {0})});
  EXPECT_EQ(code_of(omf2_of("{\"type\":\"PointSet\"," + array_of("vertices", 1, 1) + "}", {nan})),
            "omf.vertex");
  EXPECT_EQ(code_of(omf2_of("{\"type\":\"PointSet\"," + array_of("vertices", 1, 3) + "}", {kFour})),
            "omf.array_length");
  EXPECT_EQ(code_of(omf2_of("{\"type\":\"PointSet\"," + array_of("vertices", 2, 4) + "}", {kFour})),
            "omf.missing_array");
}

TEST(OmfFaults, Columns) {
  const std::string numbers = table({optional(reals("number", {1, 2, 3, 4}), {1, 1, 0, 1})});
  const auto number = [&](int which, std::size_t count) {
    return R"({"type":"Number",)" + array_of("values", which, count) + "}";
  };
  const ModelFile sound = read(points_with(number(2, 4), {numbers}));
  EXPECT_TRUE(std::isnan(sound.objects[0].columns[0].numbers[2]));
  EXPECT_EQ(code_of(points_with(number(2, 3), {numbers})), "omf.array_length");
  EXPECT_EQ(code_of(points_with(number(2, 4), {numbers}, "Primitives")), "omf.syntax");
  EXPECT_EQ(code_of(points_with(number(2, 4), {numbers}, "Subblocks")), "omf.syntax");
  EXPECT_EQ(code_of(points_with(number(1, 4), {})), "omf.schema");
  EXPECT_EQ(code_of(points_with(R"({"type":"Sound",)" + array_of("values", 2, 4) + "}", {numbers})),
            "omf.syntax");
  const std::string index = table({optional(wholes("index", {0, 1, 2, 0}), {1, 1, 1, 1})});
  const std::string category =
      R"({"type":"Category",)" + array_of("values", 2, 4) + "," + array_of("names", 3, 2) + "}";
  EXPECT_EQ(code_of(points_with(category, {index, table({texts("name", {"a", "b"})})})),
            "omf.index");
  const std::string big = table({optional(
      wholes("number", {(1LL << 60) + 1, 2, 3, 4}, parquet::Store::int64, parquet::Meaning::plain),
      {1, 1, 1, 1})});
  const ModelFile rounded = read(points_with(number(2, 4), {big}));
  EXPECT_EQ(told(rounded.findings, "omf.integer_precision"),
            "warning 1 file.omf, object 'thing', column 'c'");
}

TEST(OmfFaults, Blocks) {
  EXPECT_EQ(code_of(blocks_with(R"({"origin":[0,0,0],"u":[2,0,0]})", kGrid)), "omf.axes");
  EXPECT_EQ(code_of(blocks_with(R"({"origin":[0,0,0],"u":[0.6,0.8,0]})", kGrid)), "omf.axes");
  const auto grid = [](const std::string& size, const std::string& count) {
    return R"({"type":"Regular","size":)" + size + ",\"count\":" + count + "}";
  };
  EXPECT_EQ(code_of(blocks_with(kOrient, grid("[1,0,1]", "[1,1,1]"))), "omf.block_size");
  EXPECT_EQ(code_of(blocks_with(kOrient, grid("[1,1,1]", "[1,0,1]"))), "omf.block_size");
  EXPECT_EQ(code_of(blocks_with(kOrient, grid("[1,1,1]", "[1,4294967295,1]"))), "omf.block_size");
  EXPECT_EQ(code_of(blocks_with(kOrient, grid("[1,1,1]", "[1,-1,1]"))), "omf.syntax");
  EXPECT_EQ(code_of(blocks_with(kOrient, grid("[1,1]", "[1,1,1]"))), "omf.syntax");
  const auto subs = [&](std::int64_t parent, double low, double high) {
    std::vector<parquet::Column> columns;
    for (const char* axis : {"u", "v", "w"})
      columns.push_back(wholes(std::string("parent_") + axis, {parent}));
    for (const char* axis : {"u", "v", "w"})
      columns.push_back(reals(std::string("corner_min_") + axis, {low}));
    for (const char* axis : {"u", "v", "w"})
      columns.push_back(reals(std::string("corner_max_") + axis, {high}));
    return blocks_with(kOrient, kGrid,
                       R"(,"subblocks":{"type":"Freeform",)" + array_of("subblocks", 1, 1) + "}",
                       {table(columns)});
  };
  EXPECT_EQ(code_of(subs(1, 0.25, 0.5)), "");
  EXPECT_EQ(code_of(subs(2, 0.25, 0.5)), "omf.index");
  EXPECT_EQ(code_of(subs(1, 0.5, 0.5)), "omf.sub_block");
  EXPECT_EQ(code_of(subs(1, -0.5, 0.5)), "omf.sub_block");
  EXPECT_EQ(code_of(subs(1, 0.5, 1.5)), "omf.sub_block");
  EXPECT_EQ(code_of(subs(1, std::nan(""), 1.5)), "omf.sub_block");
  EXPECT_EQ(
      code_of(blocks_with(kOrient, kGrid,
                          R"(,"subblocks":{"type":"Regular","mode":"Octree","count":[3,2,2],)" +
                              array_of("subblocks", 1, 1) + "}",
                          {kFour})),
      "omf.sub_block");
}

TEST(OmfFaults, Grids) {
  const auto grid = [](const std::string& count, const std::string& rest,
                       const std::vector<std::string>& tables = {}) {
    return omf2_of(R"({"type":"GridSurface","orient":{"origin":[0,0,1]},"grid":{"type":"Regular",)"
                   R"("size":[1,2],"count":)" +
                       count + "}" + rest + "}",
                   tables,
                   tables.empty()
                       ? "[]"
                       : R"([{"name":"c","location":"Primitives","data":{"type":"Number",)" +
                             array_of("values", 2, 2) + "}}]");
  };
  const std::string heights = table({reals("scalar", {0, 1, 2, 3, 4, 5})});
  const ModelFile model = read(grid("[2,1]", "," + array_of("heights", 1, 6),
                                    {heights, table({optional(reals("number", {7, 8}), {1, 1})})}));
  const ModelObject& object = model.objects.at(0);
  EXPECT_EQ(object.vertices.at(4), (std::array<double, 3>{1, 2, 5}));
  EXPECT_EQ(object.triangles.size(), 4U);
  EXPECT_EQ(object.columns.at(0).numbers, (std::vector<double>{7, 7, 8, 8}));
  EXPECT_EQ(told(model.findings, "omf.grid_triangles"), "note 1 file.omf, object 'thing'");
  EXPECT_EQ(code_of(grid("[2,2]", "," + array_of("heights", 1, 6), {heights, heights})),
            "omf.array_length");
  // A line of text that asks for 10^12 vertices.
  EXPECT_EQ(code_of(grid("[1000000,1000000]", "")), "omf.block_size");
}

TEST(OmfFaults, VersionOne) {
  const auto file = [](const std::string& geometry, const std::string& data,
                       const std::string& location) {
    Omf1 made;
    const std::string vertices = made.array("Vector3Array", std::vector<double>{0, 0, 0, 1, 1, 1});
    const std::string segments = made.array("Int2Array", std::vector<std::int64_t>{0, 1});
    const std::string bad = made.array("Int2Array", std::vector<std::int64_t>{0, 7});
    const std::string one = made.array("ScalarArray", std::vector<double>{4});
    const std::string eight =
        made.array("ScalarArray", std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7});
    const bool volume = geometry == "v";
    return made.file(
        R"("x":)" + vertices + R"(,"s":)" + segments + R"(,"b":)" + bad + R"(,"o":)" + one +
            R"(,"n":)" + eight +
            R"(,"names":{"__class__":"StringArray","array":["ore","waste"]},"l":{"__class__":"Legend","name":"","values":"names"})" +
            R"(,"c":{"__class__":"MappedData","name":"rock","location":")" + location +
            R"(","array":"o","legends":["l"]})" +
            R"(,"d":{"__class__":"ScalarData","name":"d","location":")" + location +
            R"(","array":"n"},"v":{"__class__":"VolumeGridGeometry","tensor_u":[1,1],"tensor_v":[1,1],"tensor_w":[1,1]},"g":{"__class__":"LineSetGeometry","vertices":"x","segments":"s"},"h":{"__class__":"LineSetGeometry","vertices":"x","segments":"b"},)" +
            R"("e":{"__class__":")" + (volume ? "VolumeElement" : "LineSetElement") +
            R"(","name":"thing","geometry":")" + geometry + R"(","data":[)" + data + "]}",
        "\"e\"");
  };
  const ModelFile lines = read(file("g", "", "segments"));
  EXPECT_EQ(lines.objects.at(0).vertices.at(1), (std::array<double, 3>{101, 1, 1}));
  EXPECT_EQ(lines.unit, "m");
  EXPECT_EQ(code_of(file("h", "", "segments")), "omf.index");
  EXPECT_EQ(code_of(file("nowhere", "", "segments")), "omf.missing_array");
  EXPECT_EQ(code_of(file("x", "", "segments")), "omf.syntax");
  EXPECT_EQ(code_of(file("g", "\"c\"", "segments")), "omf.index");
  EXPECT_EQ(code_of(file("g", "\"d\"", "segments")), "omf.array_length");
  EXPECT_EQ(code_of(file("g", "\"d\"", "cells")), "omf.syntax");
  const ModelFile volume = read(file("v", "\"d\"", "cells"));
  EXPECT_EQ(volume.objects.at(0).blocks.origin, (std::array<double, 3>{100, 0, 0}));
  EXPECT_EQ(volume.objects[0].columns.at(0).kind, ModelColumn::Kind::integer);
  EXPECT_EQ(told(volume.findings, "omf.block_order"), "warning 1 file.omf, object 'thing'");
  std::string later = file("g", "", "segments");
  later.replace(4, 10, "OMF-v9.0.0");
  EXPECT_EQ(code_of(later), "omf.version");
  later.replace(4, 10, "OMF-v0.9.0");
  later.replace(52, 8, std::string(8, '\x7F'));
  EXPECT_EQ(code_of(later), "omf.syntax");
  EXPECT_EQ(code_of(later.substr(0, 40)), "omf.syntax");
}

TEST(OmfFaults, LegendsTimesAndColoursOfVersionOne) {
  Omf1 made;
  const std::string vertices = made.array("Vector3Array", std::vector<double>{0, 0, 0, 1, 1, 1});
  const std::string places = made.array("ScalarArray", std::vector<std::int64_t>{1, -1});
  const std::string density = made.array("ScalarArray", std::vector<double>{2.5, 3.5});
  const ModelFile model = read(made.file(
      R"("x":)" + vertices + R"(,"i":)" + places + R"(,"r":)" + density +
          R"(,"n":{"__class__":"StringArray","array":["ore","waste"]},)"
          R"("k":{"__class__":"ColorArray","array":[[1,2,3],[4,5,6]]},)"
          R"("w":{"__class__":"DateTimeArray","array":["1970-01-02T00:00:00.5+01:00",null]},)"
          R"("l1":{"__class__":"Legend","name":"name","values":"n"},)"
          R"("l2":{"__class__":"Legend","name":"colour","values":"k"},)"
          R"("l3":{"__class__":"Legend","name":"density","values":"r"},)"
          R"("a":{"__class__":"MappedData","name":"rock","location":"vertices","array":"i","legends":["l1","l2","l3"]},)"
          R"("b":{"__class__":"DateTimeData","name":"when","location":"vertices","array":"w"},)"
          R"("c":{"__class__":"ColorData","name":"paint","location":"vertices","array":"k"},)"
          R"("g":{"__class__":"PointSetGeometry","origin":[1,0,0],"vertices":"x"},)"
          R"("e":{"__class__":"PointSetElement","name":"thing","subtype":"collar","geometry":"g","data":["a","b","c"]})",
      "\"e\""));
  const auto& columns = model.objects.at(0).columns;
  ASSERT_EQ(columns.size(), 4U);
  EXPECT_EQ(model.objects[0].vertices[0], (std::array<double, 3>{101, 0, 0}));
  EXPECT_EQ(columns[0].words, (std::vector<std::string>{"ore", "waste"}));
  EXPECT_EQ(columns[0].colours, (std::vector<std::uint32_t>{0x010203FF, 0x040506FF}));
  EXPECT_EQ(columns[0].numbers[0], 1.0);
  EXPECT_TRUE(std::isnan(columns[0].numbers[1]));
  EXPECT_EQ(columns[1].name, "rock/density");
  EXPECT_EQ(columns[1].numbers[0], 3.5);
  EXPECT_TRUE(std::isnan(columns[1].numbers[1]));
  EXPECT_EQ(columns[2].numbers[0], 86400.5 - 3600.0);
  EXPECT_TRUE(std::isnan(columns[2].numbers[1]));
  EXPECT_EQ(columns[3].numbers[1], static_cast<double>(0x040506FFU));
  EXPECT_TRUE(said(model.lost, "its subtype (collar)"));
}

// A model of everything in both versions.
std::vector<std::string> both_versions(std::uint64_t seed) {
  const Scratch scratch;
  const ModelFile model = omf_cases::Maker(seed).model();
  (void)model_files::write_omf1(scratch / "1.omf", model);
  (void)model_files::write_omf2(scratch / "2.omf", model);
  return {bytes_of(scratch / "1.omf"), bytes_of(scratch / "2.omf")};
}

TEST(OmfFaults, CutFilesAreRefused) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed)
    for (const std::string& bytes : both_versions(seed))
      for (std::size_t part = 0; part < 20; ++part)
        EXPECT_NE(code_of(bytes.substr(0, part * bytes.size() / 20)), "") << seed << " " << part;
}

TEST(OmfFaults, DamagedBytesNeverCrash) {
  std::mt19937_64 random(4);
  std::size_t refused = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed)
    for (const std::string& sound : both_versions(seed))
      for (int i = 0; i < 100; ++i) {
        std::string bytes = sound;
        for (std::uint64_t n = 1 + random() % 3; n > 0; --n)
          bytes[random() % bytes.size()] = static_cast<char>(random());
        refused += code_of(bytes).empty() ? 0 : 1;
      }
  EXPECT_GT(refused, 2000U);
}

// Checksums hide most damage from the reader of tables: here they are mended.
TEST(OmfFaults, DamagedTablesAndIndexesNeverCrash) {
  const std::string index = table({optional(wholes("index", {0, 1, 1, 0}), {1, 1, 0, 1})});
  const std::string color = R"([{"name":"c","location":"Vertices","data":{"type":"Category",)" +
                            array_of("values", 2, 4) + "," + array_of("names", 3, 2) + "}}]";
  const std::string geometry = "{\"type\":\"PointSet\"," + array_of("vertices", 1, 4) + "}";
  const std::vector<std::string> tables{kFour, index, table({texts("name", {"a", "b"})})};
  std::mt19937_64 random(5);
  std::size_t refused = 0;
  for (int i = 0; i < 6000; ++i) {
    std::vector<std::string> damaged = tables;
    std::string text = geometry;
    std::string& hit = i % 4 == 3 ? text : damaged[static_cast<std::size_t>(i % 4)];
    hit[random() % hit.size()] = static_cast<char>(random());
    refused += code_of(omf2_of(text, damaged, color)).empty() ? 0 : 1;
  }
  EXPECT_GT(refused, 3000U);
}

}  // namespace
}  // namespace lode
