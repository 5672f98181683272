// Block model files: columns by any name, units, strict numbers, GSLIB, and the writer.
#include "libgeo/io/block_files.h"

#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/io/surface_files.h"
#include "tests/io/scratch.h"

namespace lode {
namespace {

BlockChunk all_of(BlockFile& file) {
  BlockChunk all, chunk;
  while (file.next(chunk)) {
    all.x.insert(all.x.end(), chunk.x.begin(), chunk.x.end());
    all.z.insert(all.z.end(), chunk.z.begin(), chunk.z.end());
    all.dx.insert(all.dx.end(), chunk.dx.begin(), chunk.dx.end());
    all.line.insert(all.line.end(), chunk.line.begin(), chunk.line.end());
    all.numbers.resize(chunk.numbers.size());
    for (std::size_t c = 0; c < chunk.numbers.size(); ++c)
      all.numbers[c].insert(all.numbers[c].end(), chunk.numbers[c].begin(), chunk.numbers[c].end());
    all.words.resize(chunk.words.size());
    for (std::size_t c = 0; c < chunk.words.size(); ++c)
      all.words[c].insert(all.words[c].end(), chunk.words[c].begin(), chunk.words[c].end());
  }
  return all;
}

TEST(BlockFiles, ColumnsByTheNamesThatProgramsUse) {
  const Scratch scratch;
  BlockReadOptions options;
  options.numbers = {"TREO_pct"};
  options.texts = {"class"};
  BlockFile file(
      scratch.write("a.csv",
                    "# written by hand\nXC;YC;ZC;XINC;YINC;ZINC;treo_pct;class\n"
                    "5;5;2.5;10;10;5;1.25;\"ind;icated\"\n15;5;2.5;10;10;5;;measured\n\n"),
      options);
  const BlockChunk all = all_of(file);
  EXPECT_EQ(all.x, (std::vector<double>{5, 15}));
  EXPECT_EQ(all.line, (std::vector<std::size_t>{3, 4}));
  EXPECT_EQ(all.numbers[0][0], 1.25);
  EXPECT_TRUE(std::isnan(all.numbers[0][1]));
  EXPECT_EQ(file.words(0)[all.words[0][0]], "ind;icated");
  EXPECT_EQ(file.words(0)[all.words[0][1]], "measured");
  // And again from the front.
  file.rewind();
  EXPECT_EQ(all_of(file).x.size(), 2u);
}

TEST(BlockFiles, UnitsOfLengths) {
  const Scratch scratch;
  const std::string path = scratch.write("a.csv", "x,y,z_m,dx_ft,dy_ft,dz_m\n100,200,30,50,50,5\n");
  BlockReadOptions options;
  options.metres_per_unit = 0.3048;
  BlockFile file(path, options);
  BlockChunk chunk;
  ASSERT_TRUE(file.next(chunk));
  EXPECT_NEAR(chunk.x[0], 30.48, 1e-12);
  EXPECT_NEAR(chunk.z[0], 30.0, 1e-12);
  EXPECT_NEAR(chunk.dx[0], 15.24, 1e-12);
  EXPECT_NEAR(chunk.dz[0], 5.0, 1e-12);
}

TEST(BlockFiles, LongFilesComeInChunks) {
  const Scratch scratch;
  std::string text = "x,y,z,dx,dy,dz,g_pct\n";
  for (int i = 0; i < 400000; ++i)
    text += std::to_string(i) + ".5,0.5,0.5,1,1,1," + std::to_string(i % 97) + ".125\n";
  BlockReadOptions options;
  options.numbers = {"g_pct"};
  options.jobs = 2;
  BlockFile file(scratch.write("long.csv", text), options);
  BlockChunk chunk;
  std::size_t n = 0, chunks = 0;
  while (file.next(chunk)) {
    ++chunks;
    EXPECT_EQ(chunk.first, n);
    for (std::size_t r = 0; r < chunk.size(); ++r, ++n) {
      ASSERT_EQ(chunk.x[r], static_cast<double>(n) + 0.5);
      ASSERT_EQ(chunk.numbers[0][r], static_cast<double>(n % 97) + 0.125);
      ASSERT_EQ(chunk.line[r], n + 2);
    }
  }
  EXPECT_EQ(n, 400000u);
  EXPECT_GT(chunks, 1u);
}

TEST(BlockFiles, BadCellsAreRefusedWithTheirLine) {
  const Scratch scratch;
  const auto code = [&](const std::string& rows, BlockReadOptions options = {}) {
    options.numbers = {"g_pct"};
    return error_code_of([&] {
      BlockFile file(scratch.write("a.csv", "x,y,z,dx,dy,dz,g_pct\n" + rows), options);
      BlockChunk chunk;
      while (file.next(chunk)) {
      }
    });
  };
  EXPECT_EQ(code("1,1,1,1,1,1,1.5\n"), "");
  EXPECT_EQ(code("1,1,1,1,1,1,1.5x\n"), "table.bad_number");
  EXPECT_EQ(code("1,1,1,1,1,1,0x1A\n"), "table.bad_number");
  EXPECT_EQ(code("1,1,1,1,1,1,nan\n"), "table.bad_number");
  EXPECT_EQ(code("1,1,1,1,1,1,<0.01\n"), "table.bad_number");
  EXPECT_EQ(code("1,1,1,1,1,1,-9999\n"), "table.sentinel");
  EXPECT_EQ(code("1,1,1,1,1,1\n"), "table.ragged_row");
  EXPECT_EQ(code("1,1,1,1,1,1,1,2\n"), "table.ragged_row");
  EXPECT_EQ(code("1,1,1,1,1,1,\"1.5\n"), "table.ragged_row");
  EXPECT_EQ(code("1,,1,1,1,1,1\n"), "blocks.place");
  EXPECT_EQ(code("1,1e300,1,1,1,1,1\n"), "blocks.place");
  EXPECT_EQ(code(""), "io.empty_layer");
  BlockReadOptions options;
  options.missing = {"-9999", "n.d."};
  options.below_detection = BelowDetection::half;
  EXPECT_EQ(code("1,1,1,1,1,1,-9999\n2,1,1,1,1,1,n.d.\n3,1,1,1,1,1,<0.01\n", options), "");
  try {
    BlockFile file(scratch.write("a.csv", "x,y,z,dx,dy,dz\n1,1,1,1,1,1\n1,1,one,1,1,1\n"), {});
    BlockChunk chunk;
    (void)file.next(chunk);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.where.find("line 3, column 'z'"), std::string::npos) << error.where;
  }
}

TEST(BlockFiles, ColumnsThatAreNotThere) {
  const Scratch scratch;
  const auto code = [&](const std::string& text, BlockReadOptions options = {}) {
    return error_code_of([&] { BlockFile file(scratch.write("a.csv", text), options); });
  };
  EXPECT_EQ(code("x,y,dx,dy,dz\n1,1,1,1,1\n"), "blocks.no_column");
  EXPECT_EQ(code("x,y,z\n1,1,1\n"), "blocks.no_size");
  EXPECT_EQ(code("XC,EAST,y,z,dx,dy,dz\n1,1,1,1,1,1,1\n"), "blocks.ambiguous_column");
  EXPECT_EQ(code(std::string("x,y\0z", 5)), "blocks.header");
  EXPECT_EQ(code("# only a comment\n"), "io.empty_layer");
  BlockReadOptions options;
  options.fields = {{"x", "EAST"}};
  EXPECT_EQ(code("XC,EAST,y,z,dx,dy,dz\n1,1,1,1,1,1,1\n", options), "");
  options.numbers = {"treo"};
  EXPECT_EQ(code("XC,EAST,y,z,dx,dy,dz\n1,1,1,1,1,1,1\n", options), "table.no_field");
  options = {};
  options.size_m = {{5.0, 5.0, 2.0}};
  EXPECT_EQ(code("x,y,z\n1,1,1\n", options), "");
  EXPECT_EQ(error_code_of([&] { BlockFile file(scratch / "none.csv", {}); }), "io.missing_file");
  EXPECT_EQ(error_code_of([&] { BlockFile file(scratch.path().string(), {}); }), "io.not_a_file");
}

TEST(BlockFiles, ManyWordsAreNoClass) {
  const Scratch scratch;
  std::string text = "x,y,z,dx,dy,dz,name\n";
  for (int i = 0; i < 65540; ++i)
    text += std::to_string(i) + ",0,0,1,1,1,n" + std::to_string(i) + "\n";
  BlockReadOptions options;
  options.texts = {"name"};
  BlockFile file(scratch.write("a.csv", text), options);
  BlockChunk chunk;
  EXPECT_EQ(error_code_of([&] {
              while (file.next(chunk)) {
              }
            }),
            "blocks.too_many_words");
}

TEST(BlockFiles, GslibInTheOrderOfItsGrid) {
  const Scratch scratch;
  BlockReadOptions options;
  options.grid = BlockGrid{{100.0, 200.0, 0.0}, {10.0, 10.0, 5.0}, {2, 2, 1}, 0.0};
  options.numbers = {"treo_pct"};
  const std::string head = "a model\n2\ntreo_pct\nvar\n";
  BlockFile file(scratch.write("a.dat", head + "1.0 0.1\n 2.0 0.2\n3.0 0.3\n4.0   0.4\n"), options);
  const BlockChunk all = all_of(file);
  EXPECT_EQ(all.x, (std::vector<double>{105, 115, 105, 115}));
  EXPECT_EQ(all.z, (std::vector<double>{2.5, 2.5, 2.5, 2.5}));
  EXPECT_EQ(all.numbers[0], (std::vector<double>{1, 2, 3, 4}));
  for (const char* rows : {"1 1\n2 2\n3 3\n", "1 1\n2 2\n3 3\n4 4\n5 5\n"}) {
    BlockFile wrong(scratch.write("b.dat", head + rows), options);
    EXPECT_EQ(error_code_of([&] { (void)all_of(wrong); }), "blocks.count");
  }
}

TEST(BlockFiles, NumbersAndLinesAreWrittenAndReadBack) {
  const Scratch scratch;
  const std::string path = scratch / "out.csv";
  BlockWriter writer(path, path);
  std::string text;
  append_number(text, 0.1);
  text += ',';
  append_number(text, std::nan(""));
  writer.write(text);
  writer.finish();
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  EXPECT_EQ(line, "0.1,");
}

TEST(SurfaceFiles, ARasterIsTheTinOfItsCentres) {
  const Scratch scratch;
  const std::string path =
      scratch.write("dem.asc",
                    "ncols 3\nnrows 3\nxllcorner 0\nyllcorner 0\ncellsize 10\nNODATA_value -9999\n"
                    "30 31 32\n20 21 22\n10 11 -9999\n");
  Box window{0.0, 0.0, 30.0, 30.0};
  const SurfaceFile surface = read_surface(path, window, "local:m", 1.0);
  EXPECT_EQ(surface.mesh.vertices.size(), 8u);
  EXPECT_EQ(surface.mesh.triangles.size(), 6u);  // the square with NoData has none
  const Box3 box = bounds_of(surface.mesh);
  EXPECT_EQ(box.lower, (std::array<double, 3>{5, 5, 10}));
  EXPECT_EQ(box.upper, (std::array<double, 3>{25, 25, 32}));
  window = {100.0, 100.0, 110.0, 110.0};
  EXPECT_EQ(error_code_of([&] { (void)read_surface(path, window, "local:m", 1.0); }),
            "surface.no_cells");
  window = {0.0, 0.0, 30.0, 30.0};
  EXPECT_EQ(error_code_of([&] { (void)read_surface(path, window, "local:m", 1.0, 8); }),
            "surface.too_large");
}

}  // namespace
}  // namespace lode
