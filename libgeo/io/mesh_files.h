// Triangle meshes from OBJ, STL, PLY, OFF, VTP and exchange files, strictly: no count is trusted.
#pragma once

#include <string>

#include "libgeo/core/finding.h"
#include "libgeo/core/provenance.h"
#include "libgeo/crs/crs.h"
#include "libgeo/geometry/mesh.h"

namespace lode {

struct MeshFile {
  TriangleMesh mesh;  ///< as the file has it, times `metres_per_unit`; not yet tidied
  Source source;
  std::string format;   ///< "obj", "stl", "ply", "off", "vtp", or as `ModelFile` names it
  std::string crs;      ///< as the file says it; "" = it says nothing
  double unit_m = 0.0;  ///< of length, when the file says it: it went into the vertices
  std::string group;    ///< the name of a part of the file; "" = all of it
  Findings findings;
};

/// True when the ending is that of a mesh format.
[[nodiscard]] bool is_mesh_file(const std::string& path);

/// Error "mesh.other_crs" when the file says a CRS that is not `crs`; warning "mesh.crs_unknown"
/// when what it says cannot be read.
void check_mesh_crs(const MeshFile& file, const Crs& crs, Findings& findings);

/// By the ending: OBJ; STL and PLY, text or binary; OFF; VTP (VTK PolyData, text, base64 or raw,
/// zlib or not); all surfaces of VTU, DXF, DTM, GOCAD and OMF files, joined. Polygons with more
/// than three corners are cut into fans (note "mesh.polygons_split"); single precision far from the
/// origin is said ("mesh.single_precision"). Memory: the file and the mesh. Errors
/// "mesh.unsupported", "mesh.syntax" (line or byte), "mesh.count" (a count that the file does not
/// bear out), "mesh.index", "io.missing_file", "io.too_large".
/// A unit of length that the file says goes before `metres_per_unit` (warning "mesh.unit" when it
/// is another; a drawing's is only said, being often wrong); error "mesh.unknown_unit" when it is
/// none.
[[nodiscard]] MeshFile read_mesh(const std::string& path, double metres_per_unit = 1.0);

/// Every named solid or surface of a file, in its order: groups and objects of OBJ, solids of STL,
/// elements of the other formats of `read_model`; one without name when there are none.
[[nodiscard]] std::vector<MeshFile> read_meshes(const std::string& path,
                                                double metres_per_unit = 1.0);

/// OBJ text of a mesh: shortest numbers that read back to the same doubles.
[[nodiscard]] std::string obj_text(const TriangleMesh& mesh);

}  // namespace lode
