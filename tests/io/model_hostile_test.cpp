// Files cut short, bytes flipped, counts that lie: every one ends in an Error or a sound model.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "libgeo/core/random.h"
#include "libgeo/io/mesh_files.h"
#include "libgeo/io/model_files.h"
#include "tests/io/model_sketch.h"
#include "tests/io/scratch.h"

namespace lode {
namespace {

using Kind = ModelObject::Kind;

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Whatever is in the file: indices of what is read are in bounds, columns fit.
void is_sound(const ModelFile& model) {
  for (const ModelObject& object : model.objects) {
    for (const auto& t : object.triangles)
      for (const auto v : t) ASSERT_LT(v, object.vertices.size());
    for (const auto& s : object.segments)
      for (const auto v : s) ASSERT_LT(v, object.vertices.size());
    for (const auto& p : object.blocks.parent)
      for (std::size_t a = 0; a < 3; ++a) ASSERT_LT(p[a], object.blocks.sizes[a].size());
  }
}

// "" when it is read, else the code.
std::string outcome(const std::string& path) {
  ModelReadOptions options;
  options.missing = {"-999"};
  return error_code_of([&] { is_sound(read_model(path, options)); });
}

std::vector<std::pair<std::string, std::string>> samples(const Scratch& scratch) {
  ModelFile drawn, mixed, blocks;
  drawn.objects = {sketch_surface(), sketch_lines(), sketch_points()};
  mixed.objects = {sketch_surface(), sketch_lines(), sketch_points(), sketch_sub_blocks()};
  blocks.objects = {sketch_blocks(30.0)};
  std::vector<std::pair<std::string, std::string>> list;
  for (const auto& [ending, format, model] :
       std::vector<std::tuple<std::string, std::string, const ModelFile*>>{
           {"vtu", "", &mixed},
           {"vtp", "", &drawn},
           {"vti", "", &blocks},
           {"str", "", &drawn},
           {"dxf", "", &drawn},
           {"obj", "", &drawn},
           {"stl", "stl-text", &drawn},
           {"stl", "", &drawn},
           {"ply", "", &drawn},
           {"off", "", &drawn},
           {"ts", "", &drawn},
           {"csv", "", &blocks},
           {"gslib", "", &blocks}}) {
    const std::string path = scratch / ("sample." + ending);
    std::filesystem::remove(path);
    (void)write_model(path, path, *model, format);
    list.emplace_back(ending, bytes_of(path));
  }
  return list;
}

TEST(HostileModels, CutAtTwentyPlaces) {
  const Scratch scratch;
  for (const auto& [ending, whole] : samples(scratch)) {
    ASSERT_EQ(outcome(scratch.write("a." + ending, whole)), "") << ending;
    for (std::size_t cut = 0; cut < 20; ++cut) {
      const std::string code =
          outcome(scratch.write("a." + ending, whole.substr(0, whole.size() * cut / 20)));
      // A text table that is cut at a line's end is a smaller table; GOCAD text ends by object.
      const bool may_do = ending == "ts" || ending == "csv" || ending == "gslib" ||
                          ending == "obj" || (ending == "stl" && whole[0] == 's');
      if (!may_do) {
        EXPECT_NE(code, "") << ending << " cut at " << cut << "/20";
      }
    }
  }
}

TEST(HostileModels, FlippedBytesNeverHarm) {
  const Scratch scratch;
  const Random places(7, 1), bits(7, 2);
  std::uint64_t n = 0;
  for (const auto& [ending, whole] : samples(scratch))
    for (int round = 0; round < 60; ++round) {
      std::string bytes = whole;
      for (int flip = 0; flip <= round % 4; ++flip) {
        const double at = places.uniform(n++), bit = bits.uniform(n);
        bytes[static_cast<std::size_t>(at * static_cast<double>(bytes.size()))] ^=
            static_cast<char>(1 << static_cast<int>(bit * 8.0));
      }
      const std::string code = outcome(scratch.write("a." + ending, bytes));
      EXPECT_TRUE(code.empty() || code.find('.') != std::string::npos) << ending;
    }
}

TEST(HostileModels, CountsThatLie) {
  const Scratch scratch;
  const auto code = [&](const std::string& name, const std::string& bytes) {
    return outcome(scratch.write(name, bytes));
  };
  const std::string grid =
      "<VTKFile type=\"UnstructuredGrid\" byte_order=\"LittleEndian\">"
      "<UnstructuredGrid>";
  const auto cells = [&](const std::string& points, const std::string& corner,
                         const std::string& end) {
    return grid + "<Piece NumberOfPoints=\"" + points +
           "\" NumberOfCells=\"1\"><Points><DataArray type=\"Float64\" format=\"ascii\">0 0 0 1 0 "
           "0 "
           "0 1 0</DataArray></Points><Cells><DataArray type=\"Int64\" Name=\"connectivity\" "
           "format=\"ascii\">0 1 " +
           corner + "</DataArray><DataArray type=\"Int64\" Name=\"offsets\" format=\"ascii\">" +
           end +
           "</DataArray><DataArray type=\"UInt8\" Name=\"types\" "
           "format=\"ascii\">5</DataArray></Cells></Piece></UnstructuredGrid></VTKFile>";
  };
  EXPECT_EQ(code("a.vtu", cells("3", "2", "3")), "");
  EXPECT_EQ(code("a.vtu", cells("4000000000", "2", "3")), "model.count");
  EXPECT_EQ(code("a.vtu", cells("3", "7", "3")), "model.index");
  EXPECT_EQ(code("a.vtu", cells("3", "2", "99")), "model.count");
  EXPECT_EQ(code("a.vti",
                 "<VTKFile type=\"ImageData\"><ImageData WholeExtent=\"0 900000000 0 "
                 "900000000 0 900000000\"></ImageData></VTKFile>"),
            "model.count");
  EXPECT_EQ(code("a.vti", "<VTKFile type=\"ImageData\"><ImageData WholeExtent=\"0 x 0 1 0 1\">"),
            "model.syntax");
  EXPECT_EQ(code("a.vtu", "<VTKFile type=\"StructuredGrid\"></VTKFile>"), "model.unsupported");
  EXPECT_EQ(code("a.xyz", "1 2 3"), "model.unsupported");
  EXPECT_EQ(code("a.obj", "v 0 0 0\nf 1 2 3\n"), "model.index");
  EXPECT_EQ(code("a.off", "OFF\n1 1 0\n0 0 0\n3 0 1 2\n"), "model.index");
  EXPECT_EQ(code("a.csv", "x,y,z,dx,dy,dz\n1,2,3\n"), "table.ragged_row");
}

}  // namespace
}  // namespace lode
