// Mesh files: five formats to one solid, and every count that lies refused.
#include "libgeo/io/mesh_files.h"

#include <gtest/gtest.h>

#include <cstring>

#include "tests/geometry/solids.h"
#include "tests/io/scratch.h"

namespace lode {
namespace {

double volume_of(const std::string& path) {
  MeshFile file = read_mesh(path);
  Findings findings;
  make_solid(file.mesh, findings);
  return signed_volume_m3(file.mesh);
}

template <class T>
void put(std::string& bytes, T value) {
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  bytes.append(raw, sizeof value);
}

std::string binary_stl(const TriangleMesh& mesh, std::uint32_t said) {
  std::string bytes(80, 's');
  put(bytes, said);
  for (const auto& t : mesh.triangles) {
    for (int i = 0; i < 3; ++i) put(bytes, 0.0F);
    for (const auto v : t)
      for (const double c : mesh.vertices[v]) put(bytes, static_cast<float>(c));
    put(bytes, std::uint16_t{0});
  }
  return bytes;
}

std::string off_text(const TriangleMesh& mesh, std::size_t said) {
  std::string text = "OFF\n# a comment\n8 " + std::to_string(said) + " 0\n";
  for (const auto& v : mesh.vertices)
    text += std::to_string(static_cast<int>(v[0])) + " " + std::to_string(static_cast<int>(v[1])) +
            " " + std::to_string(static_cast<int>(v[2])) + "\n";
  for (const auto& t : mesh.triangles)
    text += "3 " + std::to_string(t[0]) + " " + std::to_string(t[1]) + " " + std::to_string(t[2]) +
            "\n";
  return text;
}

std::string ply_head(const std::string& format, std::size_t vertices, std::size_t faces) {
  return "ply\nformat " + format + " 1.0\ncomment by hand\nelement vertex " +
         std::to_string(vertices) +
         "\nproperty double x\nproperty double y\nproperty double z\nelement face " +
         std::to_string(faces) + "\nproperty list uchar int vertex_indices\nend_header\n";
}

std::string ply_binary(const TriangleMesh& mesh) {
  std::string bytes = ply_head("binary_little_endian", 8, 12);
  for (const auto& v : mesh.vertices)
    for (const double c : v) put(bytes, c);
  for (const auto& t : mesh.triangles) {
    put(bytes, std::uint8_t{3});
    for (const auto v : t) put(bytes, static_cast<std::int32_t>(v));
  }
  return bytes;
}

std::string vtp_text(const TriangleMesh& mesh, const std::string& points) {
  std::string text =
      "<?xml version=\"1.0\"?>\n<VTKFile type=\"PolyData\" version=\"0.1\" "
      "byte_order=\"LittleEndian\">\n<PolyData><Piece NumberOfPoints=\"" +
      points +
      "\" NumberOfVerts=\"0\" NumberOfStrips=\"0\" NumberOfPolys=\"12\">\n<Points>\n<DataArray "
      "type=\"Float64\" Name=\"Points\" NumberOfComponents=\"3\" format=\"ascii\">\n";
  for (const auto& v : mesh.vertices)
    for (const double c : v) text += std::to_string(static_cast<int>(c)) + " ";
  text +=
      "</DataArray></Points><Polys><DataArray type=\"Int64\" Name=\"connectivity\" "
      "format=\"ascii\">";
  for (const auto& t : mesh.triangles)
    for (const auto v : t) text += std::to_string(v) + " ";
  text += "</DataArray><DataArray type=\"Int64\" Name=\"offsets\" format=\"ascii\">";
  for (int f = 1; f <= 12; ++f) text += std::to_string(3 * f) + " ";
  return text + "</DataArray></Polys></Piece></PolyData></VTKFile>";
}

TEST(MeshFiles, FiveFormatsGiveOneCube) {
  const Scratch scratch;
  const TriangleMesh mesh = cube({1, 2, 3}, 10.0);
  EXPECT_EQ(volume_of(scratch.write("a.obj", obj_text(mesh))), 1000.0);
  // Quads, negative indices and normals.
  EXPECT_EQ(
      volume_of(scratch.write(
          "q.obj",
          "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nv 0 0 1\nv 1 0 1\nv 1 1 1\nv 0 1 1\nf 4//1 3//1 "
          "2//1 1//1\nf -4 -3 -2 -1\nf 1 2 6 5\nf 2 3 7 6\nf 3 4 8 7\nf 4 1 5 8\n")),
      1.0);
  EXPECT_TRUE(read_mesh(scratch / "q.obj").findings.has("mesh.polygons_split"));
  EXPECT_EQ(volume_of(scratch.write("b.stl", binary_stl(mesh, 12))), 1000.0);
  std::string text = "solid cube\n";
  for (const auto& t : mesh.triangles) {
    text += "facet normal 0 0 0\nouter loop\n";
    for (const auto v : t)
      text += "vertex " + std::to_string(static_cast<int>(mesh.vertices[v][0])) + " " +
              std::to_string(static_cast<int>(mesh.vertices[v][1])) + " " +
              std::to_string(static_cast<int>(mesh.vertices[v][2])) + "\n";
    text += "endloop\nendfacet\n";
  }
  EXPECT_EQ(volume_of(scratch.write("t.stl", text + "endsolid cube\n")), 1000.0);
  EXPECT_EQ(volume_of(scratch.write("c.off", off_text(mesh, 12))), 1000.0);
  EXPECT_EQ(volume_of(scratch.write("d.ply", ply_binary(mesh))), 1000.0);
  EXPECT_EQ(volume_of(scratch.write("e.vtp", vtp_text(mesh, "8"))), 1000.0);
}

TEST(MeshFiles, CountsThatLieAreRefused) {
  const Scratch scratch;
  const TriangleMesh mesh = cube({1, 2, 3}, 10.0);
  const auto code = [&](const std::string& name, const std::string& bytes) {
    return error_code_of([&] { (void)read_mesh(scratch.write(name, bytes)); });
  };
  // Nothing is set aside for four thousand million triangles: it is said at once.
  EXPECT_EQ(code("a.stl", binary_stl(mesh, 0xffffffffU)), "mesh.count");
  EXPECT_EQ(code("b.stl", binary_stl(mesh, 11)), "mesh.count");
  EXPECT_EQ(code("a.off", off_text(mesh, 1000000000000ULL)), "mesh.count");
  EXPECT_EQ(code("b.off", off_text(mesh, 11)), "mesh.count");
  EXPECT_EQ(code("a.ply", ply_head("ascii", std::size_t{1} << 60, 1) + "0 0 0\n"), "mesh.count");
  EXPECT_EQ(code("b.ply", ply_binary(mesh) + "x"), "mesh.count");
  EXPECT_EQ(code("a.vtp", vtp_text(mesh, "9")), "mesh.count");
  EXPECT_EQ(code("b.vtp",
                 "<VTKFile type=\"PolyData\" byte_order=\"LittleEndian\"><PolyData><Piece "
                 "NumberOfPoints=\"1\"><Points><DataArray type=\"Float64\" format=\"binary\">"
                 "////////////</DataArray></Points></Piece></PolyData></VTKFile>"),
            "mesh.count");
}

TEST(MeshFiles, NonsenseIsRefusedWithItsPlace) {
  const Scratch scratch;
  const auto code = [&](const std::string& name, const std::string& bytes) {
    return error_code_of([&] {
      MeshFile file = read_mesh(scratch.write(name, bytes));
      tidy_mesh(file.mesh, file.findings);
    });
  };
  EXPECT_EQ(code("a.obj", "v 0 0 0\nv 1 0 0\nv 0 1 zero\nf 1 2 3\n"), "mesh.syntax");
  EXPECT_EQ(code("b.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 7\n"), "mesh.index");
  EXPECT_EQ(code("c.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 -9\n"), "mesh.index");
  EXPECT_EQ(code("d.obj", "# nothing\n"), "mesh.empty");
  EXPECT_EQ(code("e.obj", "v 0 0 0\nv 1 0 0\nv 0 1e300 0\nf 1 2 3\n"), "mesh.bad_vertex");
  EXPECT_EQ(code("a.off", "COFF\n"), "mesh.syntax");
  EXPECT_EQ(code("a.stl", "solid x\nfacet\nouter loop\nvertex 0 0 0\n"), "mesh.syntax");
  EXPECT_EQ(code("b.stl", "solid x\nwhat is this\n"), "mesh.syntax");
  EXPECT_EQ(code("a.ply", "ply\nformat ascii 1.0\nelement vertex 1\nproperty list x\n"),
            "mesh.syntax");
  EXPECT_EQ(code("a.vtp", "<VTKFile type=\"UnstructuredGrid\">"), "mesh.syntax");
  EXPECT_EQ(code("b.vtp", "<VTKFile type=\"PolyData\" compressor=\"vtkLZ4DataCompressor\">"),
            "mesh.unsupported");
  EXPECT_EQ(code("a.3ds", "0\nSECTION\n"), "mesh.unsupported");
}

TEST(MeshFiles, SinglePrecisionFarAwayIsSaid) {
  const Scratch scratch;
  const auto far =
      read_mesh(scratch.write("far.stl", binary_stl(cube({500000, 4200000, 0}, 10.0), 12)));
  EXPECT_TRUE(far.findings.has("mesh.single_precision"));
  const auto near = read_mesh(scratch.write("near.stl", binary_stl(cube({5, 4, 0}, 10.0), 12)));
  EXPECT_FALSE(near.findings.has("mesh.single_precision"));
}

TEST(MeshFiles, DomainOfAnotherProgram) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "SKIPPED: no real data; set LODE_DATA";
  MeshFile file = read_mesh(data + "/drill_pygslib_demo1/dom1.vtp");
  EXPECT_EQ(file.mesh.vertices.size(), 6856u);
  EXPECT_EQ(file.mesh.triangles.size(), 13710u);
  // The range of the points as the file itself states it.
  double least = 1e300, most = 0.0;
  for (const auto& v : file.mesh.vertices) {
    const double length = std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    least = std::min(least, length);
    most = std::max(most, length);
  }
  EXPECT_NEAR(least, 30.415162979, 1e-5);
  EXPECT_NEAR(most, 289.37905266, 1e-5);
}

}  // namespace
}  // namespace lode
