// Open Mining Format: published samples with known answers, and models that come back as written.
#include <gtest/gtest.h>

#include <bit>
#include <cstdlib>

#include "libgeo/core/json.h"
#include "libgeo/core/text.h"
#include "tests/io/omf_cases.h"
#include "tests/io/scratch.h"
#include "tests/io/told.h"

namespace lode {
namespace {

using omf_cases::bytes_of;
using omf_cases::said;
using Kind = ModelColumn::Kind;
using Place = ModelColumn::Place;

std::string samples() {
  const std::string folder = data_folder() + "/omf_samples";
  return std::filesystem::is_directory(folder) ? folder : std::string();
}

ModelFile sample(const std::string& name) {
  return omf_cases::read(bytes_of(samples() + "/" + name));
}

std::string refusal(const std::string& name) {
  try {
    (void)sample(name);
  } catch (const Error& error) {
    return error.code + " " + error.where + " " + error.what();
  }
  return {};
}

const ModelObject& named(const ModelFile& model, const std::string& name) {
  for (const ModelObject& object : model.objects)
    if (object.name == name) return object;
  throw std::runtime_error("no object " + name);
}

double volume(const ModelObject& object) {
  double sum = 0.0;
  for (const auto& t : object.triangles) {
    const auto &a = object.vertices[t[0]], &b = object.vertices[t[1]], &c = object.vertices[t[2]];
    sum += a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) +
           a[2] * (b[0] * c[1] - b[1] * c[0]);
  }
  return sum / 6.0;
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!(std::isnan(a[i]) && std::isnan(b[i])) &&
        std::bit_cast<std::uint64_t>(a[i]) != std::bit_cast<std::uint64_t>(b[i]))
      return false;
  return true;
}

// The indexes of files as the independent reader has them; null where there is no python3.
Json decoded(const std::vector<std::string>& paths, const Scratch& scratch) {
  if (std::system("python3 -c pass > /dev/null 2>&1") != 0) return {};
  std::string command = "python3 '" + std::string(LODE_SOURCE_DIR) + "/tests/io/omf_decode.py'";
  for (const std::string& path : paths) command += " '" + path + "'";
  EXPECT_EQ(std::system((command + " > '" + (scratch / "decoded") + "'").c_str()), 0);
  return Json::parse(bytes_of(scratch / "decoded"));
}

TEST(OmfSamples, PyramidHasItsVolume) {
  if (samples().empty()) GTEST_SKIP() << "no OMF samples; set LODE_DATA";
  const ModelFile model = sample("pyramid.omf");
  EXPECT_EQ(model.format, "omf2");
  EXPECT_EQ(model.author, "Somebody");
  const ModelObject& surface = named(model, "Pyramid surface");
  EXPECT_DOUBLE_EQ(volume(surface), 4.0 / 3.0);
  EXPECT_EQ(surface.colour, 0xFFFF00FFU);
  const ModelObject& lines = named(model, "Pyramid outline");
  EXPECT_EQ(lines.kind, ModelObject::Kind::lines);
  ASSERT_EQ(lines.segments.size(), 8U);
  EXPECT_EQ(lines.segments[7], (std::array<std::uint32_t, 2>{3, 4}));
  EXPECT_EQ(lines.vertices[4], (std::array<double, 3>{0, 0, 1}));
  EXPECT_TRUE(said(model.lost, "2 metadata (revision, tags)"));
}

TEST(OmfSamples, BunnyHasItsCentroids) {
  if (samples().empty()) GTEST_SKIP() << "no OMF samples; set LODE_DATA";
  const ModelFile model = sample("bunny_blocks.omf");
  const ModelBlocks& blocks = model.objects.at(0).blocks;
  const ModelColumn& column = model.objects[0].columns.at(0);
  EXPECT_EQ(blocks.sub_blocks, ModelBlocks::SubBlocks::octree);
  EXPECT_EQ(blocks.parents(), 384U);
  EXPECT_EQ(column.words, (std::vector<std::string>{"Air", "Body"}));
  EXPECT_EQ(column.place, Place::sub_blocks);
  ASSERT_EQ(blocks.parent.size(), column.numbers.size());
  // The published rows: centre and size of each sub-block of the body, in the file's order.
  std::istringstream rows(bytes_of(samples() + "/bunny_centroids_out.csv"));
  std::string line;
  std::getline(rows, line);
  std::size_t compared = 0;
  for (std::size_t i = 0; i < blocks.parent.size(); ++i) {
    if (column.numbers[i] != 1.0) continue;
    ASSERT_TRUE(std::getline(rows, line)) << i;
    std::array<double, 6> due{};
    std::istringstream cells(line);
    for (std::size_t k = 0; k < 6; ++k) {
      std::string cell;
      std::getline(cells, cell, ',');
      due[k] = parse_number(cell).value_or(0.0);
    }
    std::array<double, 3> centre = blocks.origin;
    for (std::size_t a = 0; a < 3; ++a) {
      const double middle = (blocks.corners[i][a] + blocks.corners[i][a + 3]) / 2.0;
      const double size = blocks.sizes[a][blocks.parent[i][a]];
      for (std::size_t k = 0; k < 3; ++k)
        centre[k] += (blocks.parent[i][a] + middle) * size * blocks.axes[a][k];
      EXPECT_NEAR((blocks.corners[i][a + 3] - blocks.corners[i][a]) * size, due[a + 3], 1e-9);
    }
    for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(centre[k], due[k], 1e-6) << i;
    ++compared;
  }
  EXPECT_GT(compared, 1000U);
  EXPECT_FALSE(std::getline(rows, line));
}

TEST(OmfSamples, OneOfEverything) {
  if (samples().empty()) GTEST_SKIP() << "no OMF samples; set LODE_DATA";
  for (const char* file : {"one_of_everything.omf", "one_of_everything_omf_python.omf"}) {
    const ModelFile model = sample(file);
    ASSERT_EQ(model.objects.size(), 11U);
    const ModelObject& points = named(model, "Pyramid points");
    EXPECT_EQ(points.columns[0].numbers, (std::vector<double>{0, 0, 0, 0, 1}));
    EXPECT_EQ(points.columns[0].unit, "whatever");
    EXPECT_EQ(points.columns[0].colours, (std::vector<std::uint32_t>{0xFF8000FF, 0x0080FFFF}));
    EXPECT_EQ(points.columns[1].name, "Categories/Layer");
    EXPECT_EQ(points.columns[1].numbers, (std::vector<double>{1, 1, 1, 1, 2}));
    EXPECT_EQ(points.columns[2].kind, Kind::vector2);
    EXPECT_TRUE(std::isnan(points.columns[2].numbers[8]));
    EXPECT_EQ(named(model, "Pyramid lines").columns[0].words[4], "sw");
    EXPECT_EQ(named(model, "Regular block model").columns[0].kind, Kind::boolean);
    const ModelColumn& times = named(model, "Pyramid surface").columns[2];
    EXPECT_EQ(times.kind, Kind::date_time);
    EXPECT_EQ(times.numbers[0], 946684800.0);  // 2000-01-01
    const ModelObject& grid = named(model, "Pyramid grid surface");
    EXPECT_EQ(grid.vertices[0], (std::array<double, 3>{-1.5, -1.5, 0}));
    EXPECT_EQ(grid.triangles.size(), 8U);
    EXPECT_DOUBLE_EQ(volume(named(model, "Composite/Cube faces")), 1.0);
    EXPECT_EQ(named(model, "Tensor block model").blocks.parents(), 8U);
    for (const char* name :
         {"Sub-blocked block model, regular", "Sub-blocked block model, free-form"}) {
      const ModelBlocks& blocks = named(model, name).blocks;
      double sum = 0.0;
      for (const auto& c : blocks.corners) sum += (c[3] - c[0]) * (c[4] - c[1]) * (c[5] - c[2]);
      // Seven whole parents; the eighth has three steps, each a third high, or an eighth of it and
      // three 64ths.
      const bool free = blocks.sub_blocks == ModelBlocks::SubBlocks::free;
      EXPECT_NEAR(sum, free ? 7.0 + 0.3333 + 0.5625 * 0.3333 + 0.25 * 0.3334 : 7.0 + 11.0 / 64.0,
                  1e-6);
    }
    EXPECT_TRUE(said(model.lost, "Textured: the texture 'Projected'"));
    EXPECT_TRUE(said(model.lost, "colour map of column 'Date-times'"));
    EXPECT_TRUE(model.findings.has("omf.composite"));
    EXPECT_TRUE(model.findings.has("omf.grid_triangles"));
  }
}

TEST(OmfSamples, NullsAreMissing) {
  if (samples().empty()) GTEST_SKIP() << "no OMF samples; set LODE_DATA";
  const ModelFile model = sample("null_attribute_values.omf");
  const ModelObject& surface = model.objects.at(0);
  ASSERT_EQ(surface.columns.size(), 8U);
  for (const ModelColumn& column : surface.columns) {
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(std::isnan(column.numbers[i]), i == 2);
  }
  EXPECT_EQ(surface.columns[2].kind, Kind::integer);
  EXPECT_EQ(surface.columns[3].kind, Kind::date);
  EXPECT_EQ(surface.columns[3].numbers[0], 9251.0);  // 1995-05-01
  EXPECT_EQ(surface.columns[7].numbers[3], static_cast<double>(0xFF0000FFU));
}

TEST(OmfSamples, VersionOne) {
  if (samples().empty()) GTEST_SKIP() << "no OMF samples; set LODE_DATA";
  const ModelFile model = sample("plane_surface.omf");
  EXPECT_EQ(model.format, "omf1");
  EXPECT_EQ(model.name, "Plane surface");
  const ModelObject& plane = model.objects.at(0);
  EXPECT_EQ(plane.colour, 0xFF9896FFU);
  EXPECT_EQ(plane.columns.at(0).place, Place::parts);
  EXPECT_TRUE(said(model.lost, "plane: 1 textures"));
  const Scratch scratch;
  const Json other = decoded({samples() + "/plane_surface.omf"}, scratch);
  if (other.is_null()) GTEST_SKIP() << "no python3 for the independent reader: install python3";
  const Json& geometry = other.items()[0].at("elements").items()[0].at("geometry");
  const auto& vertices = geometry.at("vertices").at("array").items();
  ASSERT_EQ(vertices.size(), 3 * plane.vertices.size());
  for (std::size_t i = 0; i < vertices.size(); ++i)
    EXPECT_EQ(vertices[i].as_number(), plane.vertices[i / 3][i % 3]);
  const auto& triangles = geometry.at("triangles").at("array").items();
  ASSERT_EQ(triangles.size(), 3 * plane.triangles.size());
  for (std::size_t i = 0; i < triangles.size(); ++i)
    EXPECT_EQ(triangles[i].as_number(), plane.triangles[i / 3][i % 3]);
}

TEST(OmfSamples, BrokenOnesAreRefused) {
  if (samples().empty()) GTEST_SKIP() << "no OMF samples; set LODE_DATA";
  const std::string length = refusal("array_length_mismatch.omf");
  EXPECT_EQ(length.rfind("omf.array_length", 0), 0U) << length;
  EXPECT_NE(length.find("4 rows where 999"), std::string::npos) << length;
  const std::string twice = refusal("duplicate_element_name.omf");
  EXPECT_EQ(twice.rfind("omf.duplicate_name", 0), 0U) << twice;
  const std::string missing = refusal("missing_parquet.omf");
  EXPECT_EQ(missing.rfind("omf.missing_array", 0), 0U) << missing;
  EXPECT_NE(missing.find("1.parquet"), std::string::npos) << missing;
}

void expect_same(const ModelColumn& made, const ModelColumn& back, const std::string& where) {
  EXPECT_EQ(made.name, back.name) << where;
  EXPECT_EQ(made.unit, back.unit) << where;
  EXPECT_EQ(made.description, back.description) << where;
  EXPECT_EQ(made.place, back.place) << where;
  EXPECT_EQ(made.kind, back.kind) << where;
  EXPECT_TRUE(same_bits(made.numbers, back.numbers)) << where;
  EXPECT_EQ(made.words, back.words) << where;
  EXPECT_EQ(made.colours, back.colours) << where;
}

void expect_same(const ModelObject& made, const ModelObject& back, const std::string& where) {
  EXPECT_EQ(made.kind, back.kind) << where;
  EXPECT_EQ(made.name, back.name) << where;
  EXPECT_EQ(made.description, back.description) << where;
  EXPECT_EQ(made.colour, back.colour) << where;
  EXPECT_EQ(made.vertices, back.vertices) << where;
  EXPECT_EQ(made.segments, back.segments) << where;
  EXPECT_EQ(made.triangles, back.triangles) << where;
  EXPECT_EQ(made.blocks.origin, back.blocks.origin) << where;
  EXPECT_EQ(made.blocks.axes, back.blocks.axes) << where;
  EXPECT_EQ(made.blocks.sizes, back.blocks.sizes) << where;
}

TEST(Omf2, WhatIsWrittenComesBack) {
  const Scratch scratch;
  const std::string path = scratch / "model.omf";
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const ModelFile made = omf_cases::Maker(seed).model();
    EXPECT_TRUE(model_files::write_omf2(path, made).empty()) << seed;
    const std::string bytes = bytes_of(path);
    const ModelFile back = omf_cases::read(bytes);
    EXPECT_EQ(back.name, made.name);
    EXPECT_EQ(back.author, made.author);
    EXPECT_EQ(back.crs, made.crs);
    EXPECT_EQ(back.unit, made.unit);
    ASSERT_EQ(back.objects.size(), made.objects.size());
    for (std::size_t i = 0; i < made.objects.size(); ++i) {
      const ModelObject &a = made.objects[i], &b = back.objects[i];
      const std::string where = std::to_string(seed) + " " + a.name;
      expect_same(a, b, where);
      EXPECT_EQ(a.blocks.sub_blocks, b.blocks.sub_blocks) << where;
      EXPECT_EQ(a.blocks.divisions, b.blocks.divisions) << where;
      EXPECT_EQ(a.blocks.parent, b.blocks.parent) << where;
      EXPECT_EQ(a.blocks.corners, b.blocks.corners) << where;
      ASSERT_EQ(a.columns.size(), b.columns.size()) << where;
      for (std::size_t c = 0; c < a.columns.size(); ++c)
        expect_same(a.columns[c], b.columns[c], where + " " + a.columns[c].name);
    }
    (void)model_files::write_omf2(path, made);
    EXPECT_EQ(bytes, bytes_of(path)) << seed;
  }
}

// Sub-blocks without a column on their parents have nothing that OMF 1 holds.
bool held_by_omf1(const ModelObject& object) {
  if (object.blocks.sub_blocks == ModelBlocks::SubBlocks::none) return true;
  for (const ModelColumn& column : object.columns)
    if (column.place == Place::parts) return true;
  return false;
}

TEST(Omf1, SubBlocksAloneAreRefusedAndAbsentParentsSaid) {
  const Scratch scratch;
  const std::string path = scratch / "model.omf";
  ModelFile model;
  model.objects.resize(1);
  ModelObject& object = model.objects[0];
  object.kind = ModelObject::Kind::blocks;
  object.name = "ore";
  object.blocks.sizes = {{{10, 10}, {10}, {10}}};
  object.blocks.sub_blocks = ModelBlocks::SubBlocks::regular;
  object.blocks.parent = {{0, 0, 0}};
  object.blocks.corners = {{0, 0, 0, 1, 1, 1}};
  object.columns.resize(1);
  object.columns[0].name = "grade";
  object.columns[0].place = Place::sub_blocks;
  object.columns[0].numbers = {1.0};
  EXPECT_EQ(error_code_of([&] { (void)model_files::write_omf1(path, model); }), "model.nothing");
  ModelObject points;
  points.kind = ModelObject::Kind::points;
  points.vertices = {{1, 2, 3}};
  model.objects.push_back(points);
  EXPECT_TRUE(said(model_files::write_omf1(path, model), "ore: the whole object"));
  EXPECT_EQ(omf_cases::read(bytes_of(path)).objects.size(), 1u);
  model.objects[0].columns[0].place = Place::parts;
  model.objects[0].columns[0].numbers = {1.0, 2.0};
  EXPECT_TRUE(said(model_files::write_omf1(path, model), "ore: that 1 parents have no block"));
}

TEST(Omf1, WhatIsWrittenComesBackOrIsSaidToBeLost) {
  const Scratch scratch;
  const std::string path = scratch / "model.omf";
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    ModelFile made = omf_cases::Maker(seed).model();
    std::erase_if(made.objects, [](const ModelObject& object) { return !held_by_omf1(object); });
    const auto lost = model_files::write_omf1(path, made);
    const std::string bytes = bytes_of(path);
    const ModelFile back = omf_cases::read(bytes);
    EXPECT_EQ(back.format, "omf1");
    EXPECT_EQ(back.unit, made.unit);
    EXPECT_EQ(said(lost, "coordinate reference system"), !made.crs.empty());
    ASSERT_EQ(back.objects.size(), made.objects.size());
    for (std::size_t i = 0; i < made.objects.size(); ++i) {
      const ModelObject &a = made.objects[i], &b = back.objects[i];
      const std::string where = std::to_string(seed) + " " + a.name;
      expect_same(a, b, where);
      EXPECT_EQ(said(lost, a.name + ": " + std::to_string(a.blocks.parent.size()) + " sub-blocks"),
                a.blocks.sub_blocks != ModelBlocks::SubBlocks::none);
      std::size_t next = 0;
      for (const ModelColumn& column : a.columns) {
        if (column.place == Place::sub_blocks) {
          EXPECT_TRUE(said(lost, "column '" + column.name + "' on sub-blocks")) << where;
          continue;
        }
        ASSERT_LT(next, b.columns.size()) << where;
        ModelColumn due = column;
        const ModelColumn& got = b.columns[next++];
        EXPECT_EQ(said(lost, a.name + ": the unit of column '" + due.name + "'"), !due.unit.empty())
            << where;
        due.unit.clear();
        if (due.kind != got.kind) {
          EXPECT_TRUE(said(lost, "column '" + due.name + "'")) << where;
          if (due.kind == Kind::date)
            for (double& number : due.numbers) number *= 86400.0;
          due.kind = got.kind;
        }
        if (due.kind == Kind::colour) {
          for (double& number : due.numbers)
            if (std::isnan(number)) number = static_cast<double>(0x808080FFU);
        }
        expect_same(due, got, where + " " + due.name);
      }
      EXPECT_EQ(next, b.columns.size());
    }
    (void)model_files::write_omf1(path, made);
    EXPECT_EQ(bytes, bytes_of(path)) << seed;
  }
}

// Every schema of a file that was read and written again is that of the sample, whatever the
// precision of its real numbers.
void compare_schemas(const Json& due, const Json& got, std::size_t& compared) {
  if (due.is_object() && due.has("schema")) {
    ASSERT_EQ(due.at("schema").size(), got.at("schema").size());
    for (std::size_t i = 0; i < due.at("schema").size(); ++i) {
      const std::string text = due.at("schema").items()[i].dump();
      std::string as_double = text;
      const auto at = as_double.find("\"1\":4");
      if (at != std::string::npos) as_double[at + 4] = '5';
      EXPECT_EQ(as_double, got.at("schema").items()[i].dump());
    }
    EXPECT_EQ(due.at("rows").dump(), got.at("rows").dump());
    ++compared;
    return;
  }
  if (due.is_object())
    for (const auto& [key, value] : due.members())
      if (got.has(key)) compare_schemas(value, got.at(key), compared);
  if (due.is_array() && got.is_array() && due.size() == got.size())
    for (std::size_t i = 0; i < due.size(); ++i)
      compare_schemas(due.items()[i], got.items()[i], compared);
}

TEST(Omf2, AnIndependentReaderFindsTheTablesOfTheSamples) {
  if (samples().empty()) GTEST_SKIP() << "no OMF samples; set LODE_DATA";
  const Scratch scratch;
  std::vector<std::string> paths;
  for (const char* name : {"one_of_everything.omf", "null_attribute_values.omf", "bunny_blocks.omf",
                           "pyramid.omf", "continuous_colormap.omf"}) {
    paths.push_back(samples() + "/" + name);
    paths.push_back(scratch / name);
    (void)model_files::write_omf2(paths.back(), sample(name));
  }
  const Json files = decoded(paths, scratch);
  if (files.is_null()) GTEST_SKIP() << "no python3 for the independent reader: install python3";
  std::size_t compared = 0;
  for (std::size_t i = 0; i < files.size(); i += 2)
    for (const Json& element : files.items()[i].at("elements").items())
      for (const Json& other : files.items()[i + 1].at("elements").items())
        if (element.at("name").dump() == other.at("name").dump())
          compare_schemas(element, other, compared);
  EXPECT_GE(compared, 40U);
}

TEST(Omf2, AnIndependentReaderFindsTheValues) {
  const Scratch scratch;
  std::vector<std::string> paths;
  std::vector<ModelFile> models;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    models.push_back(omf_cases::Maker(seed).model());
    std::erase_if(models.back().objects,
                  [](const ModelObject& object) { return !held_by_omf1(object); });
    paths.push_back(scratch / (std::to_string(seed) + "-2.omf"));
    (void)model_files::write_omf2(paths.back(), models.back());
    paths.push_back(scratch / (std::to_string(seed) + "-1.omf"));
    (void)model_files::write_omf1(paths.back(), models.back());
  }
  const Json files = decoded(paths, scratch);
  if (files.is_null()) GTEST_SKIP() << "no python3 for the independent reader: install python3";
  for (std::size_t m = 0; m < models.size(); ++m) {
    const Json &two = files.items()[2 * m], &one = files.items()[2 * m + 1];
    for (std::size_t i = 0; i < models[m].objects.size(); ++i) {
      const ModelObject& object = models[m].objects[i];
      if (object.kind == ModelObject::Kind::blocks) continue;
      const auto& vertices = object.vertices;
      const auto& second =
          two.at("elements").items()[i].at("geometry").at("vertices").at("rows").items();
      const auto& first =
          one.at("elements").items()[i].at("geometry").at("vertices").at("array").items();
      ASSERT_EQ(second.size(), vertices.size());
      ASSERT_EQ(first.size(), 3 * vertices.size());
      for (std::size_t v = 0; v < 3 * vertices.size(); ++v) {
        EXPECT_EQ(second[v / 3].items()[v % 3].as_number(), vertices[v / 3][v % 3]);
        EXPECT_EQ(first[v].as_number(), vertices[v / 3][v % 3]);
      }
    }
  }
}

TEST(Omf2, WhatCannotBeHeldIsSaid) {
  ModelFile model;
  model.objects.resize(3);
  for (ModelObject& object : model.objects) {
    object.name = "twin";
    object.kind = ModelObject::Kind::points;
    object.vertices = {{1, 2, 3}};
  }
  ModelColumn column;
  column.name = "odd";
  column.kind = Kind::integer;
  column.numbers = {0.5};
  model.objects[0].columns.push_back(column);
  column.name = "late";
  column.kind = Kind::date_time;
  column.numbers = {1.00000025};
  model.objects[0].columns.push_back(column);
  model.objects[2].kind = ModelObject::Kind::blocks;
  model.objects[2].vertices.clear();
  for (auto& along : model.objects[2].blocks.sizes) along = {1.0};
  model.objects[2].columns.push_back(column);
  const Scratch scratch;
  const auto lost = model_files::write_omf2(scratch / "a.omf", model);
  EXPECT_TRUE(said(lost, "twin: column 'odd' written as numbers: not all of it are whole numbers"));
  EXPECT_TRUE(said(lost, "1 times of column 'late' beyond the microsecond"));
  EXPECT_TRUE(said(lost, "written as 'twin (2)'"));
  EXPECT_TRUE(said(lost, "written as 'twin (3)'"));
  EXPECT_TRUE(said(lost, "column 'late' on corners of blocks"));
  const ModelFile back = omf_cases::read(bytes_of(scratch / "a.omf"));
  EXPECT_EQ(back.objects[0].columns[0].numbers, std::vector<double>{0.5});
  EXPECT_EQ(back.objects[1].name, "twin (2)");
}

TEST(Omf2, WritersRefuseModelsThatContradictThemselves) {
  const Scratch scratch;
  ModelFile model;
  model.objects.resize(1);
  ModelObject& object = model.objects[0];
  object.kind = ModelObject::Kind::points;
  object.vertices = {{1, 2, 3}};
  object.columns.resize(1);
  object.columns[0].numbers = {1, 2};
  const auto code = [&](bool first) {
    return error_code_of([&] {
      if (first)
        (void)model_files::write_omf1(scratch / "a.omf", model);
      else
        (void)model_files::write_omf2(scratch / "a.omf", model);
    });
  };
  for (const bool first : {true, false}) EXPECT_EQ(code(first), "omf.array_length");
  object.columns[0].numbers = {1};
  object.columns[0].kind = Kind::category;
  for (const bool first : {true, false}) EXPECT_EQ(code(first), "omf.index");
  object.columns.clear();
  object.vertices[0][1] = std::nan("");
  for (const bool first : {true, false}) EXPECT_EQ(code(first), "omf.vertex");
  EXPECT_EQ(error_code_of([&] {
              object.vertices.clear();
              (void)model_files::write_omf2(scratch / "none" + "/a.omf", model);
            }),
            "io.write");
}

}  // namespace
}  // namespace lode
