// Round trips: what each format gives back, and that what it cannot hold is said.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "libgeo/io/mesh_files.h"
#include "libgeo/io/model_files.h"
#include "tests/io/model_sketch.h"
#include "tests/io/scratch.h"

namespace lode {
namespace {

using Kind = ModelObject::Kind;
using testing::HasSubstr;

struct Back {
  ModelFile model;
  std::vector<ModelLoss> lost;
  std::string losses;  // all in one text
};

Back through(const ModelFile& model, const std::string& ending, const std::string& format = "") {
  const Scratch scratch;
  const std::string path = scratch / ("a." + ending);
  Back back;
  back.lost = write_model(path, path, model, format);
  for (const auto& loss : back.lost) back.losses += loss.object + ": " + loss.what + "\n";
  back.model = read_model(path);
  return back;
}

ModelFile of(std::vector<ModelObject> objects) {
  ModelFile model;
  model.name = "site";
  model.objects = std::move(objects);
  return model;
}

const ModelObject* find(const ModelFile& model, Kind kind) {
  for (const auto& object : model.objects)
    if (object.kind == kind) return &object;
  return nullptr;
}

const ModelColumn* find(const ModelObject& object, const std::string& name) {
  for (const auto& one : object.columns)
    if (one.name == name) return &one;
  return nullptr;
}

// Triangles as sets of three places: whatever the order of vertices.
std::multiset<std::multiset<std::array<double, 3>>> faces(const ModelObject& object) {
  std::multiset<std::multiset<std::array<double, 3>>> list;
  for (const auto& t : object.triangles) {
    std::multiset<std::array<double, 3>> face;
    for (const auto v : t) face.insert(object.vertices[v]);
    list.insert(face);
  }
  return list;
}

std::multiset<std::multiset<std::array<double, 3>>> pieces(const ModelObject& object) {
  std::multiset<std::multiset<std::array<double, 3>>> list;
  for (const auto& s : object.segments) list.insert({object.vertices[s[0]], object.vertices[s[1]]});
  return list;
}

void same_numbers(const ModelColumn* got, const ModelColumn& want) {
  ASSERT_NE(got, nullptr) << want.name;
  ASSERT_EQ(got->numbers.size(), want.numbers.size()) << want.name;
  for (std::size_t i = 0; i < want.numbers.size(); ++i) {
    if (want.kind == ModelColumn::Kind::category && got->kind == want.kind) {
      EXPECT_EQ(got->words[static_cast<std::size_t>(got->numbers[i])],
                want.words[static_cast<std::size_t>(want.numbers[i])]);
    } else if (std::isnan(want.numbers[i])) {
      EXPECT_TRUE(std::isnan(got->numbers[i])) << want.name << " " << i;
    } else {
      EXPECT_EQ(got->numbers[i], want.numbers[i]) << want.name << " " << i;
    }
  }
}

// The table of what holds what: s surface, l lines, p points, b blocks, u sub-blocks; capital: its
// columns come back too.
struct Row {
  const char *ending, *format, *holds;
};
const std::vector<Row> table{{"vtu", "", "SLPBU"},     {"vtp", "", "SLP"},     {"vti", "", "B"},
                             {"str", "", "lP"},        {"dxf", "", "slp"},     {"obj", "", "slp"},
                             {"stl", "stl-text", "s"}, {"ply", "", "S"},       {"off", "", "s"},
                             {"ts", "", "SLP"},        {"csv", "", "PBU"},     {"gslib", "", "PBU"},
                             {"omf", "", "SLPBU"},     {"omf", "omf1", "SLPB"}};

TEST(ModelRoundTrip, SurfacesKeepEveryFaceAndDigit) {
  for (const Row& row : table) {
    SCOPED_TRACE(std::string(row.ending) + row.format);
    const std::string holds = row.holds;
    if (holds.find_first_of("sS") == std::string::npos) continue;
    const ModelObject want = sketch_surface();
    const Back back = through(of({want}), row.ending, row.format);
    const ModelObject* got = find(back.model, Kind::surface);
    ASSERT_NE(got, nullptr);
    EXPECT_EQ(faces(*got), faces(want));
    if (holds.find('S') == std::string::npos)
      EXPECT_THAT(back.losses, HasSubstr("grade"));
    else
      same_numbers(find(*got, "grade"), want.columns[0]);
  }
}

TEST(ModelRoundTrip, LinesStayOpenOrClosed) {
  for (const Row& row : table) {
    SCOPED_TRACE(std::string(row.ending) + row.format);
    const std::string holds = row.holds;
    if (holds.find_first_of("lL") == std::string::npos) continue;
    const ModelObject want = sketch_lines();
    const Back back = through(of({want}), row.ending, row.format);
    const ModelObject* got = find(back.model, Kind::lines);
    ASSERT_NE(got, nullptr);
    EXPECT_EQ(pieces(*got), pieces(want));
    EXPECT_EQ(got->vertices.size(), want.vertices.size());
    if (holds.find('L') != std::string::npos) same_numbers(find(*got, "d1"), want.columns[0]);
    if (std::string(row.ending) != "omf") {
      EXPECT_EQ(got->name, "7");
    }
  }
}

TEST(ModelRoundTrip, PointsKeepPlacesAndColumns) {
  for (const Row& row : table) {
    SCOPED_TRACE(std::string(row.ending) + row.format);
    const std::string holds = row.holds, ending = row.ending;
    if (holds.find_first_of("pP") == std::string::npos) continue;
    const ModelObject want = sketch_points();
    const Scratch scratch;
    const std::string path = scratch / ("a." + ending);
    std::string losses;
    for (const auto& loss : write_model(path, path, of({want}), row.format)) losses += loss.what;
    ModelReadOptions options;
    options.missing = {"-999"};
    const ModelFile back = read_model(path, options);
    const ModelObject* got = find(back, Kind::points);
    ASSERT_NE(got, nullptr);
    EXPECT_EQ(got->vertices, want.vertices);
    if (holds.find('P') == std::string::npos) {
      EXPECT_THAT(losses, HasSubstr("rock"));
      continue;
    }
    same_numbers(find(*got, ending == "str" ? "d1" : "treo"), want.columns[0]);
    if (ending == "gslib" || ending == "ts") {
      EXPECT_THAT(losses, HasSubstr("rock"));
    } else if (ending != "str") {  // a comma in a word ends a field there
      same_numbers(find(*got, "rock"), want.columns[1]);
    }
  }
}

TEST(ModelRoundTrip, BlocksKeepTheirGrid) {
  for (const Row& row : table) {
    SCOPED_TRACE(std::string(row.ending) + row.format);
    const std::string holds = row.holds, ending = row.ending;
    if (holds.find('B') == std::string::npos) continue;
    for (const double azimuth : {0.0, 30.0}) {
      const ModelObject want = sketch_blocks(azimuth);
      const Scratch scratch;
      const std::string path = scratch / ("a." + ending);
      (void)write_model(path, path, of({want}), row.format);
      ModelReadOptions options;
      options.missing = {"-999"};
      const ModelFile back = read_model(path, options);
      const ModelObject* got = find(back, Kind::blocks);
      ASSERT_NE(got, nullptr);
      EXPECT_EQ(got->blocks.sub_blocks, ModelBlocks::SubBlocks::none);
      for (std::size_t a = 0; a < 3; ++a) {
        EXPECT_NEAR(got->blocks.origin[a], want.blocks.origin[a], 1e-6);
        ASSERT_EQ(got->blocks.sizes[a].size(), want.blocks.sizes[a].size());
        EXPECT_NEAR(got->blocks.sizes[a][0], want.blocks.sizes[a][0], 1e-6);
        for (std::size_t c = 0; c < 3; ++c)
          EXPECT_NEAR(got->blocks.axes[a][c], want.blocks.axes[a][c], 1e-9);
      }
      same_numbers(find(*got, "treo_pct"), want.columns[0]);
      if (ending != "gslib") same_numbers(find(*got, "zone"), want.columns[1]);
    }
  }
}

TEST(ModelRoundTrip, SubBlocksKeepTheirCorners) {
  for (const Row& row : table) {
    SCOPED_TRACE(std::string(row.ending) + row.format);
    if (std::string(row.holds).find('U') == std::string::npos) continue;
    const ModelObject want = sketch_sub_blocks();
    const Back back = through(of({want}), row.ending, row.format);
    const ModelObject* got = find(back.model, Kind::blocks);
    ASSERT_NE(got, nullptr);
    EXPECT_EQ(got->blocks.parent, want.blocks.parent);
    ASSERT_EQ(got->blocks.corners.size(), 4u);
    for (std::size_t b = 0; b < 4; ++b)
      for (std::size_t c = 0; c < 6; ++c)
        EXPECT_NEAR(got->blocks.corners[b][c], want.blocks.corners[b][c], 1e-12);
    EXPECT_EQ(got->blocks.divisions, want.blocks.divisions);
    same_numbers(find(*got, "grade"), want.columns[0]);
  }
}

TEST(ModelRoundTrip, SeveralObjectsKeepTheirNames) {
  const ModelFile model =
      of({sketch_surface("pit"), sketch_surface("dump"), sketch_lines(), sketch_points()});
  for (const std::string ending : {"vtu", "vtp", "dxf", "obj", "ts", "omf"}) {
    SCOPED_TRACE(ending);
    const Back back = through(model, ending);
    ASSERT_EQ(back.model.objects.size(), 4u);
    std::multiset<std::string> names;
    for (const auto& object : back.model.objects) names.insert(object.name);
    EXPECT_EQ(names, (std::multiset<std::string>{"7", "9", "dump", "pit"}));
  }
  const Back solids =
      through(of({sketch_surface("pit"), sketch_surface("dump")}), "stl", "stl-text");
  ASSERT_EQ(solids.model.objects.size(), 2u);
  EXPECT_EQ(solids.model.objects[1].name, "dump");
}

TEST(ModelRoundTrip, UnequalLayersAreATensorGrid) {
  ModelObject want = sketch_blocks();
  want.blocks.sizes[2] = {5.0, 12.5};
  for (const std::string ending : {"vtu", "csv", "omf"}) {
    const Back back = through(of({want}), ending);
    ASSERT_EQ(back.model.objects.size(), 1u) << ending;
    EXPECT_EQ(back.model.objects[0].blocks.sizes, want.blocks.sizes) << ending;
  }
  EXPECT_EQ(error_code_of([&] { (void)through(of({want}), "vti"); }), "model.nothing");
}

TEST(ModelRoundTrip, WhatCannotBeHeldIsSaidOrRefused) {
  ModelFile model = of({sketch_surface(), sketch_blocks(), sketch_lines()});
  model.crs = "EPSG:32629";
  EXPECT_THAT(through(model, "dxf").losses,
              HasSubstr("model: the whole object: DXF holds no blocks"));
  EXPECT_THAT(through(model, "dxf").losses, HasSubstr("the CRS (EPSG:32629)"));
  EXPECT_EQ(through(model, "vtu").model.crs, "EPSG:32629");
  EXPECT_THAT(through(model, "csv").losses,
              HasSubstr("pit: the whole object: CSV holds no surface"));
  EXPECT_THAT(through(of({sketch_surface()}), "stl").losses, HasSubstr("largest error is 0.1"));
  EXPECT_THAT(through(of({sketch_surface(), sketch_lines()}), "str").losses,
              HasSubstr("4 triangles, of which the vertices are kept"));
  EXPECT_EQ(error_code_of([&] { (void)through(of({sketch_blocks()}), "dxf"); }), "model.nothing");
  EXPECT_EQ(error_code_of([&] { (void)through(of({sketch_surface()}), "csv"); }), "model.nothing");
  EXPECT_EQ(error_code_of([&] { (void)through(of({sketch_surface()}), "dtm"); }),
            "model.unsupported");
  ModelObject bad = sketch_blocks();
  bad.columns[0].numbers[0] = -999;
  EXPECT_EQ(error_code_of([&] { (void)through(of({bad}), "gslib"); }), "model.missing_value");
}

TEST(ModelRoundTrip, MeshesAreReadByGroup) {
  const Scratch scratch;
  for (const std::string ending : {"obj", "dxf", "ts", "vtu", "vtp", "omf"}) {
    SCOPED_TRACE(ending);
    const std::string path = scratch / ("a." + ending);
    (void)write_model(path, path, of({sketch_surface("pit"), sketch_surface("dump")}), "");
    const auto meshes = read_meshes(path);
    ASSERT_EQ(meshes.size(), 2u);
    EXPECT_EQ(meshes[1].group, "dump");
    EXPECT_EQ(meshes[1].mesh.name, path + ", group 'dump'");
    EXPECT_EQ(meshes[1].mesh.vertices.size(), 4u);
    EXPECT_EQ(read_mesh(path, 2.0).mesh.triangles.size(), 8u);
    EXPECT_EQ(read_mesh(path, 2.0).mesh.vertices[0][2], 668.0);
  }
}

}  // namespace
}  // namespace lode
