// Small files written by hand in each dialect, real ones of other programs, and their known
// answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <iomanip>
#include <set>
#include <sstream>

#include "libgeo/io/mesh_files.h"
#include "libgeo/io/model_files.h"
#include "tests/io/scratch.h"

namespace lode {
namespace {

using Kind = ModelObject::Kind;
using Faces = std::multiset<std::multiset<std::array<double, 3>>>;

Faces faces_of(const TriangleMesh& mesh) {
  Faces list;
  for (const auto& t : mesh.triangles)
    list.insert({mesh.vertices[t[0]], mesh.vertices[t[1]], mesh.vertices[t[2]]});
  return list;
}

ModelFile read(const std::string& name, const std::string& text,
               const ModelReadOptions& options = {}) {
  const Scratch scratch;
  return read_model(scratch.write(name, text), options);
}

std::string code(const std::string& name, const std::string& text) {
  return error_code_of([&] { (void)read(name, text); });
}

TEST(Surpac, DateAndWordsOfTheHeaderAreSaidToBeLost) {
  const std::string body =
      "0, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000\n1, 1, 2, 3,\n1, 2, 2, 3,\n"
      "0, 0, 0, 0,\n0, 0.000, 0.000, 0.000, END\n";
  const ModelFile dated = read("a.str", "pit,29-Nov-26,,note\n" + body);
  ASSERT_EQ(dated.lost.size(), 1u);
  EXPECT_THAT(dated.lost[0].what, testing::HasSubstr("29-Nov-26,,note"));
  EXPECT_TRUE(read("a.str", "pit,01-Jan-70,,\n" + body).lost.empty());
}

TEST(Surpac, TextAndBinaryHoldTheSameStrings) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "SKIPPED: no real data; set LODE_DATA";
  const ModelFile text = read_model(data + "/mine_surpac_dxf/test310text.str");
  const ModelFile binary = read_model(data + "/mine_surpac_dxf/test310binary.str");
  ASSERT_EQ(text.objects.size(), binary.objects.size());
  std::size_t vertices = 0;
  for (std::size_t o = 0; o < text.objects.size(); ++o) {
    const ModelObject &a = text.objects[o], &b = binary.objects[o];
    EXPECT_EQ(a.name, b.name);
    EXPECT_EQ(a.segments, b.segments);
    ASSERT_EQ(a.vertices.size(), b.vertices.size());
    vertices += a.vertices.size();
    // The text has millimetres.
    for (std::size_t v = 0; v < a.vertices.size(); ++v)
      for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(a.vertices[v][c], b.vertices[v][c], 0.00051);
    ASSERT_EQ(a.columns.size(), b.columns.size());
    for (std::size_t k = 0; k < a.columns.size(); ++k) {
      EXPECT_EQ(a.columns[k].words, b.columns[k].words);
      EXPECT_EQ(a.columns[k].numbers, b.columns[k].numbers);
    }
  }
  EXPECT_GT(vertices, 350u);
  // The first vertex as the file's first record has it: Y, X, Z.
  EXPECT_EQ(text.objects[0].name, "511");
  EXPECT_EQ(text.objects[0].vertices[0], (std::array<double, 3>{478337.755, 6772122.145, 310.0}));
}

TEST(Surpac, TriangulationEqualsTheDxfOfTheSameProgram) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "SKIPPED: no real data; set LODE_DATA";
  const std::string base = data + "/mine_surpac_dxf/24m-west-wall-presplits";
  const MeshFile dtm = read_mesh(base + ".dtm"), dxf = read_mesh(base + ".dxf");
  EXPECT_EQ(dtm.mesh.triangles.size(), 292u);
  EXPECT_EQ(dtm.mesh.vertices.size(), dxf.mesh.vertices.size());
  EXPECT_EQ(faces_of(dtm.mesh), faces_of(dxf.mesh));
  EXPECT_FALSE(dtm.findings.has("mesh.border"));
  std::set<std::array<double, 3>> strings, used;
  for (const auto& object : read_model(base + ".str").objects)
    strings.insert(object.vertices.begin(), object.vertices.end());
  used.insert(dtm.mesh.vertices.begin(), dtm.mesh.vertices.end());
  EXPECT_EQ(strings, used);
}

TEST(Dxf, EqualsTheObjOfAnotherProgram) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "SKIPPED: no real data; set LODE_DATA";
  const MeshFile dxf = read_mesh(data + "/mine_surpac_dxf/KIRRA_DXF_3DFACE.dxf");
  const MeshFile obj = read_mesh(data + "/mine_surpac_dxf/KIRRA_OBJ_CC.obj");
  ASSERT_EQ(dxf.mesh.triangles.size(), obj.mesh.triangles.size());
  // CloudCompare wrote the corners in the same order, in single precision about an own origin.
  double worst = 0.0;
  for (std::size_t t = 0; t < dxf.mesh.triangles.size(); ++t)
    for (std::size_t c = 0; c < 3; ++c)
      for (std::size_t a = 0; a < 3; ++a)
        worst = std::max(worst, std::abs(dxf.mesh.vertices[dxf.mesh.triangles[t][c]][a] -
                                         obj.mesh.vertices[obj.mesh.triangles[t][c]][a]));
  EXPECT_LT(worst, 1e-3);
}

const std::string str_head = "pit,01-Jan-24,,\n0, 0, 0, 0, 0, 0, 0\n";

TEST(Surpac, StringsSegmentsAndFields) {
  const ModelFile model =
      read("a.str", str_head +
                        "5, 10.0, 20.0, 30.0, ore,1.5\n5, 11.0, 20.0, 30.0, ore,\n"
                        "0, 0.0, 0.0, 0.0,\n7, 1, 2, 3,\n0, 0, 0, 0,\n"
                        "5, 1, 1, 1, waste\n5, 2, 1, 1\n5, 2, 2, 1\n5, 1, 1, "
                        "1, waste\n0, 0, 0, 0,\n0, 0, 0, 0, END\n");
  ASSERT_EQ(model.objects.size(), 2u);
  EXPECT_EQ(model.name, "pit");
  const ModelObject& five = model.objects[0];
  EXPECT_EQ(five.vertices.size(), 5u);
  EXPECT_EQ(five.segments.size(), 4u);  // one, and a triangle that closes
  EXPECT_EQ(five.vertices[0], (std::array<double, 3>{20.0, 10.0, 30.0}));
  ASSERT_EQ(five.columns.size(), 2u);
  EXPECT_EQ(five.columns[0].words, (std::vector<std::string>{"ore", "waste"}));
  EXPECT_EQ(five.columns[1].numbers[0], 1.5);
  EXPECT_EQ(model.objects[1].kind, Kind::points);
  EXPECT_EQ(model.objects[1].name, "7");
  EXPECT_EQ(code("b.str", str_head + "5, 1, 2, 3,\n"), "model.syntax");  // no END
  EXPECT_EQ(code("c.str", str_head + "5, 1, x, 3,\n"), "model.syntax");
  EXPECT_EQ(code("d.str", str_head + "5, 1, nan, 3,\n"), "model.syntax");
  EXPECT_EQ(code("e.str", "no header\n"), "model.syntax");
  EXPECT_EQ(code("f.str", str_head + "0, 0, 0, 0, END\n"), "model.nothing");
}

TEST(Surpac, TheBorderTellsHowVerticesAreCounted) {
  const Scratch scratch;
  // Two segments: with the zero record counted, the second begins at 5.
  scratch.write("t.str", str_head +
                             "1, 0, 0, 0,\n1, 0, 10, 0,\n1, 10, 10, 0,\n0, 0, 0, 0,\n1, 10, 0, "
                             "5,\n0, 0, 0, 0,\n0, 0, 0, 0, END\n");
  const auto dtm = [&](const std::string& triangles, const std::string& corner = "10, 0, 5") {
    return scratch.write("t.dtm",
                         "t.str,123;algorithm=standard;fields=x,y\n1, 0, 0, 0,\n1, 0, 10, "
                         "0,\n1, 10, 10, 0,\n1, " +
                             corner +
                             ",\n0, 0, 0, 0,\n0, 0, 0, 0, END\nOBJECT, 1,\nTRISOLATION, "
                             "1, neighbours=yes\n" +
                             triangles + "END\n");
  };
  const MeshFile plain = read_mesh(dtm("1, 1, 2, 3, 0, 0, 2,\n2, 1, 3, 4, 1, 0, 0,\n"));
  const MeshFile counted = read_mesh(dtm("1, 1, 2, 3, 0, 0, 2,\n2, 1, 3, 5, 1, 0, 0,\n"));
  EXPECT_EQ(faces_of(plain.mesh), faces_of(counted.mesh));
  EXPECT_EQ(plain.group, "");
  EXPECT_TRUE(read_model(dtm("1, 1, 2, 3, 0, 0, 2,\n2, 1, 3, 4, 1, 0, 0,\n", "10, 0, 6"))
                  .findings.has("model.border"));
  EXPECT_TRUE(read_model(scratch / "t.dtm").findings.has("model.beside"));
  EXPECT_EQ(error_code_of([&] { (void)read_model(dtm("1, 1, 2, 9, 0, 0, 0,\n")); }), "model.index");
  EXPECT_EQ(error_code_of([&] { (void)read_mesh(dtm("1, 1, 2, 0, 0, 0, 0,\n")); }), "mesh.index");
  (void)dtm("1, 1, 2, 3, 0, 0, 2,\n");
  std::filesystem::remove(scratch / "t.str");
  EXPECT_EQ(error_code_of([&] { (void)read_model(scratch / "t.dtm"); }), "io.missing_file");
}

std::string dxf(const std::string& entities, const std::string& header = "") {
  return "0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1015\n" + header +
         "0\nENDSEC\n0\nSECTION\n2\nENTITIES\n" + entities + "0\nENDSEC\n0\nEOF\n";
}

TEST(Dxf, EntitiesOfEveryKind) {
  const std::string face =
      "0\n3DFACE\n8\nTOPO\n10\n0\n20\n0\n30\n0\n11\n1\n21\n0\n31\n0\n12\n1\n22\n1\n32\n0\n13\n0\n23"
      "\n1"
      "\n33\n0\n";
  const std::string lwpolyline =
      "0\nLWPOLYLINE\n8\nCREST\n90\n3\n70\n1\n38\n12.5\n10\n0\n20\n0\n10\n5\n20\n0\n10\n5\n20\n5\n";
  const std::string flat =
      "0\nPOLYLINE\n8\nOLD\n66\n1\n10\n0\n20\n0\n30\n7\n70\n0\n"
      "0\nVERTEX\n8\nOLD\n10\n1\n20\n2\n30\n0\n0\nVERTEX\n8\nOLD\n10\n3\n20\n4"
      "\n30\n0\n0\nSEQEND\n";
  const std::string polyface =
      "0\nPOLYLINE\n8\nSOLID\n70\n64\n71\n4\n72\n1\n"
      "0\nVERTEX\n70\n192\n10\n0\n20\n0\n30\n0\n0\nVERTEX\n70\n192\n10\n1\n20\n0\n30\n0\n"
      "0\nVERTEX\n70\n192\n10\n0\n20\n1\n30\n0\n0\nVERTEX\n70\n128\n71\n1\n72\n-"
      "2\n73\n3\n0\nSEQEND\n";
  const std::string mesh =
      "0\nPOLYLINE\n8\nMESH\n70\n16\n71\n2\n72\n2\n"
      "0\nVERTEX\n70\n64\n10\n0\n20\n0\n30\n0\n0\nVERTEX\n70\n64\n10\n1\n20\n0\n30\n0\n"
      "0\nVERTEX\n70\n64\n10\n0\n20\n1\n30\n0\n0\nVERTEX\n70\n64\n10\n1\n20\n1\n30\n1\n0\nSEQEND\n";
  const ModelFile model = read(
      "a.dxf", dxf(face + lwpolyline + flat + polyface + mesh +
                       "0\nLINE\n8\nCREST\n10\n1\n20\n1\n30\n1\n11\n2\n21\n2\n31\n2\n"
                       "0\nPOINT\n8\nP\n10\n4\n20\n5\n30\n6\n0\nTEXT\n1\nhello\n0\nINSERT\n2\nB\n",
                   "9\n$INSUNITS\n70\n2\n"));
  EXPECT_EQ(model.unit, "ft");
  ASSERT_EQ(model.objects.size(), 6u);
  EXPECT_EQ(model.objects[0].name, "TOPO");
  EXPECT_EQ(model.objects[0].triangles.size(), 2u);
  EXPECT_EQ(model.objects[0].vertices.size(), 4u);
  EXPECT_TRUE(model.findings.has("model.polygons_split"));
  EXPECT_EQ(model.objects[1].segments.size(), 4u);  // three of the ring, one line
  EXPECT_EQ(model.objects[1].vertices[2], (std::array<double, 3>{5, 5, 12.5}));
  EXPECT_EQ(model.objects[2].vertices[1], (std::array<double, 3>{3, 4, 7}));
  EXPECT_EQ(model.objects[3].triangles.size(), 1u);
  EXPECT_EQ(model.objects[4].triangles.size(), 2u);
  EXPECT_EQ(model.objects[5].vertices[0], (std::array<double, 3>{4, 5, 6}));
  ASSERT_EQ(model.lost.size(), 2u);
  EXPECT_EQ(model.lost[0].what, "1 INSERT");
}

TEST(Dxf, NonsenseIsRefused) {
  EXPECT_EQ(code("a.dxf", "AutoCAD Binary DXF\r\n\x1a"), "model.unsupported");
  EXPECT_EQ(code("b.dxf", "0\nSECTION\n2\nENTITIES\n0\nPOINT\n10\n1\n"), "model.syntax");
  EXPECT_EQ(code("c.dxf", "hello\nworld\n"), "model.syntax");
  EXPECT_EQ(code("d.dxf", dxf("0\nPOINT\n10\nnan\n20\n0\n")), "model.syntax");
  EXPECT_EQ(
      code("e.dxf", dxf("0\nPOLYLINE\n70\n64\n0\nVERTEX\n70\n192\n10\n0\n0\nVERTEX\n70\n128\n71\n"
                        "1\n72\n2\n73\n9\n0\nSEQEND\n")),
      "model.index");
  EXPECT_EQ(
      code("f.dxf", dxf("0\nPOLYLINE\n70\n16\n71\n99\n72\n9\n0\nVERTEX\n70\n64\n10\n0\n0\nSEQEND"
                        "\n")),
      "model.count");
  EXPECT_EQ(code("g.dxf", dxf("")), "model.nothing");
}

TEST(Gocad, SurfacesLinesAndPoints) {
  const ModelFile model = read(
      "a.gp",
      "GOCAD HomogeneousGroup 1\nHEADER {\nname:all\n}\nTYPE TSurf\nBEGIN_MEMBERS\n"
      "GOCAD TSurf 1\nHEADER {\nname: fault A\n}\nGOCAD_ORIGINAL_COORDINATE_SYSTEM\nNAME Default\n"
      "AXIS_NAME \"X\" \"Y\" \"Z\"\nAXIS_UNIT \"m\" \"m\" \"m\"\nZPOSITIVE Depth\n"
      "END_ORIGINAL_COORDINATE_SYSTEM\nPROPERTIES dip vec\nNO_DATA_VALUES -99999 -99999\n"
      "ESIZES 1 3\nUNITS deg none\nTFACE\nPVRTX 1 0 0 10 45 1 2 3\nPVRTX 2 1 0 10 -99999 4 5 6\n"
      "VRTX 3 0 1 20\nPATOM 9 3 60 7 8 9\nTRGL 1 2 9\nBSTONE 1\nEND\n"
      "GOCAD PLine 1\nHEADER{name:line}\nILINE\nVRTX 1 0 0 0\nVRTX 2 1 1 1\nSEG 1 2\nEND\n"
      "GOCAD VSet 1\nHEADER {\nname:pts\n}\nSUBVSET\nVRTX 5 1 2 3\nEND\nEND_MEMBERS\nEND\n");
  ASSERT_EQ(model.objects.size(), 3u);
  const ModelObject& fault = model.objects[0];
  EXPECT_EQ(fault.name, "fault A");
  EXPECT_EQ(fault.vertices[2], (std::array<double, 3>{0, 1, -20}));
  EXPECT_TRUE(model.findings.has("model.depth"));
  EXPECT_EQ(fault.triangles[0], (std::array<std::uint32_t, 3>{0, 1, 3}));
  ASSERT_EQ(fault.columns.size(), 2u);
  EXPECT_EQ(fault.columns[0].unit, "deg");
  EXPECT_TRUE(std::isnan(fault.columns[0].numbers[1]));
  EXPECT_EQ(fault.columns[0].numbers[3], 60);
  EXPECT_EQ(fault.columns[1].numbers[11], 9);
  EXPECT_EQ(model.objects[1].name, "line");
  EXPECT_EQ(model.objects[2].vertices.size(), 1u);
  EXPECT_EQ(code("a.ts", "GOCAD Voxet 1\nHEADER {\n}\nEND\n"), "model.unsupported");
  EXPECT_EQ(code("b.ts", "GOCAD TSurf 1\nVRTX 1 0 0 0\nTRGL 1 2 3\nEND\n"), "model.index");
  EXPECT_EQ(code("c.ts", "GOCAD TSurf 1\nVRTX 1 0 0 0\n"), "model.syntax");
  EXPECT_EQ(code("d.ts", "GOCAD TSurf 1\nPROPERTIES a b\nPVRTX 1 0 0 0 1\nEND\n"), "model.count");
}

TEST(BlockTables, DialectsOfThePackages) {
  // Datamine: centres and sizes beside the definition of the parents.
  const ModelFile datamine =
      read("a.csv",
           "IJK,XC,YC,ZC,XINC,YINC,ZINC,XMORIG,YMORIG,ZMORIG,NX,NY,NZ,AU,ROCK\n"
           "0,5,5,5,10,10,10,0,0,0,2,1,1,1.5,ox\n1,12.5,2.5,5,5,5,10,0,0,0,2,1,1,2.5,fr\n"
           "1,17.5,2.5,5,5,5,10,0,0,0,2,1,1,,fr\n1,15,7.5,5,10,5,10,0,0,0,2,1,1,3,fr\n");
  const ModelBlocks& parents = datamine.objects[0].blocks;
  EXPECT_EQ(parents.sizes[0], (std::vector<double>{10, 10}));
  ASSERT_EQ(parents.corners.size(), 4u);
  EXPECT_EQ(parents.corners[2], (std::array<double, 6>{0.5, 0, 0, 1, 0.5, 1}));
  EXPECT_EQ(parents.parent[2], (std::array<std::uint32_t, 3>{1, 0, 0}));
  // Vulcan: three lines of types behind the names.
  const ModelFile vulcan = read("b.csv",
                                "centroid_x,centroid_y,centroid_z,dim_x,dim_y,dim_z,cu,zone\n"
                                "Variable descriptions:,,,,,,copper,domain\n"
                                "Variable types:,double,double,double,double,double,double,name\n"
                                "Variable defaults:,0,0,0,0,0,-1,none\n"
                                "15,5,5,10,10,10,0.5,a\n5,5,5,10,10,10,0.25,b\n");
  ASSERT_EQ(vulcan.objects[0].columns.size(), 2u);
  EXPECT_EQ(vulcan.objects[0].blocks.parents(), 2u);
  EXPECT_EQ(vulcan.objects[0].columns[0].numbers, (std::vector<double>{0.25, 0.5}));  // x fastest
  // Leapfrog and others: a definition in comments; blocks that are not there stay away.
  const ModelFile leapfrog = read("c.csv",
                                  "# block model: m\n# parent block size: 10 10 10\n"
                                  "x,y,z,dx,dy,dz,cu\n5,5,5,10,10,10,1\n25,5,5,10,10,10,2\n");
  EXPECT_EQ(leapfrog.objects[0].blocks.parents(), 3u);
  EXPECT_EQ(leapfrog.objects[0].blocks.corners.size(), 2u);
  // Micromine.
  const ModelFile micromine =
      read("d.csv", "EAST,NORTH,RL,_EAST,_NORTH,_RL,AU\n5,5,5,10,10,10,1\n5,15,5,10,10,10,2\n");
  EXPECT_EQ(micromine.objects[0].blocks.sizes[1].size(), 2u);
  // Points: no sizes anywhere.
  EXPECT_EQ(read("e.csv", "x,y,z,au\n1,2,3,4\n").objects[0].kind, Kind::points);
  ModelReadOptions sized;
  sized.block_m = {1, 1, 1};
  EXPECT_EQ(read("e.csv", "x,y,z,au\n1,2,3,4\n", sized).objects[0].kind, Kind::blocks);
  ModelReadOptions grid;
  grid.grid = BlockGrid{{100, 200, 0}, {10, 10, 5}, {2, 2, 1}, 0.0};
  const ModelFile gslib = read("g.out", "a model\n1\ncu\n1\n2\n3\n4\n", grid);
  EXPECT_EQ(gslib.objects[0].blocks.origin, (std::array<double, 3>{100, 200, 0}));
  EXPECT_EQ(gslib.objects[0].columns[0].numbers, (std::vector<double>{1, 2, 3, 4}));
}

TEST(BlockTables, BlocksThatFitNoGrid) {
  const ModelFile odd =
      read("a.csv", "x,y,z,dx,dy,dz\n5,5,5,10,10,10\n11,5,5,2,10,10\n17,5,5,10,10,10\n");
  EXPECT_TRUE(odd.findings.has("model.one_parent") || odd.objects[0].blocks.parents() == 3u);
  const ModelFile loose = read("b.csv",
                               "x,y,z,dx,dy,dz\n5,5,5,10,10,10\n11.5,3,5,3,6,10\n12.5,8,5,5,4,10\n"
                               "17,3,5,8,6,10\n");
  EXPECT_TRUE(loose.findings.has("model.one_parent"));
  EXPECT_EQ(loose.objects[0].blocks.corners.size(), 4u);
  EXPECT_EQ(code("c.csv", "x,y,z,dx,dy,dz\n5,5,5,10,10,10\n8,5,5,9,10,10\n6,5,5,8,10,10\n"),
            "model.blocks");
  EXPECT_TRUE(read("d.csv", "x,y,z,dx,dy,dz\n5,5,5,10,10,10\n15.001,5,5,10,10,10\n")
                  .findings.has("model.snapped"));
  EXPECT_EQ(code("e.csv", "x,y,z,dx,dy,dz\n5,5,5,0,10,10\n"), "model.syntax");
}

// Rows of boxes in axes of their own, turned 30 degrees clockwise about (100, 200), to the
// micrometre.
std::string turned_text(const std::vector<std::array<double, 6>>& boxes) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(6) << "x,y,z,dx,dy,dz,v\n";
  const double c = std::sqrt(0.75), s = 0.5;
  for (std::size_t b = 0; b < boxes.size(); ++b) {
    const auto& [x, y, z, dx, dy, dz] = boxes[b];
    text << 100 + c * x + s * y << ',' << 200 - s * x + c * y << ',' << z << ',' << dx << ',' << dy
         << ',' << dz << ',' << b << '\n';
  }
  return text.str();
}

void expect_turned(const ModelBlocks& blocks, const std::array<double, 3>& origin) {
  EXPECT_NEAR(blocks.axes[0][0], std::sqrt(0.75), 1e-7);
  EXPECT_NEAR(blocks.axes[0][1], -0.5, 1e-7);
  for (std::size_t a = 0; a < 3; ++a) EXPECT_NEAR(blocks.origin[a], origin[a], 1e-4) << a;
}

TEST(BlockTables, TurnedUnequalLayersKeepTheirTurn) {
  std::vector<std::array<double, 6>> boxes;
  const std::array<double, 3> thick{5, 10, 15}, middle{2.5, 10, 22.5};
  for (std::size_t k = 0; k < 3; ++k)
    for (int j = 0; j < 3; ++j)
      for (int i = 0; i < 4; ++i)
        boxes.push_back({12.5 + 25 * i, 10.0 + 20 * j, middle[k], 25, 20, thick[k]});
  const ModelBlocks blocks = read("t.csv", turned_text(boxes)).objects[0].blocks;
  expect_turned(blocks, {100, 200, 0});
  EXPECT_EQ(blocks.sub_blocks, ModelBlocks::SubBlocks::none);
  EXPECT_EQ(blocks.sizes[0], std::vector<double>(4, 25));
  EXPECT_EQ(blocks.sizes[1], std::vector<double>(3, 20));
  EXPECT_EQ(blocks.sizes[2], (std::vector<double>{5, 10, 15}));
}

TEST(BlockTables, TurnedSubBlocksKeepTheirTurn) {
  std::vector<std::array<double, 6>> boxes;
  for (int k = 0; k < 2; ++k)
    for (int j = 0; j < 3; ++j)
      for (int i = 0; i < 4; ++i) {
        if (i == 0 && j == 0 && k == 0) {
          for (int q = 0; q < 4; ++q)
            boxes.push_back({6.25 + 12.5 * (q % 2), 5.0 + 10 * (q / 2), 2.5, 12.5, 10, 5});
          continue;
        }
        boxes.push_back({12.5 + 25 * i, 10.0 + 20 * j, 2.5 + 5 * k, 25, 20, 5});
      }
  const ModelBlocks blocks = read("t.csv", turned_text(boxes)).objects[0].blocks;
  expect_turned(blocks, {100, 200, 0});
  EXPECT_EQ(blocks.parents(), 24u);
  EXPECT_EQ(blocks.corners.size(), 27u);
  EXPECT_EQ(blocks.divisions, (std::array<std::uint32_t, 3>{2, 2, 1}));
}

TEST(BlockTables, CodesOfDigitsKeepTheirDigits) {
  const ModelFile file = read("w.csv",
                              "x,y,z,dx,dy,dz,id,hole,v\n5,5,5,10,10,10,9007199254740993,007,0.5\n"
                              "15,5,5,10,10,10,12,7,0\n");
  const auto& columns = file.objects[0].columns;
  ASSERT_EQ(columns.size(), 3u);
  for (const ModelColumn& column : columns) {
    if (column.name == "v") {
      EXPECT_EQ(column.kind, ModelColumn::Kind::number);
      continue;
    }
    ASSERT_EQ(column.kind, ModelColumn::Kind::category) << column.name;
    EXPECT_EQ(column.words.at(static_cast<std::size_t>(column.numbers[0])),
              column.name == "id" ? "9007199254740993" : "007");
  }
}

TEST(BlockTables, BlocksThatShareGroundAreRefused) {
  const std::string head = "x,y,z,dx,dy,dz,v\n5,5,5,10,10,10,1\n";
  std::string row = head;
  for (int i = 1; i < 6; ++i) row += std::to_string(5 + 10 * i) + ",5,5,10,10,10,2\n";
  for (const std::string& text : {head + "5,5,5,10,10,10,2\n15,5,5,10,10,10,2\n",  // twice
                                  head + "5.001,5,5,10,10,10,2\n15,5,5,10,10,10,2\n",
                                  head + "5,5,12,10,10,10,2\n", row + "22.5,2.5,2.5,5,5,5,3\n"})
    EXPECT_EQ(code("d.csv", text), "model.blocks") << text;
  EXPECT_EQ(code("d.csv", row), "");
}

}  // namespace
}  // namespace lode
