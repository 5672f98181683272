// What a file holds and everything wrong with it, without giving up at the first fault.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libgeo/geometry/mesh_report.h"
#include "libgeo/io/layer.h"
#include "libgeo/io/raster.h"
#include "libgeo/io/role_checks.h"

namespace lode {

struct InspectedField {
  std::string name;
  std::string type;  ///< "number" or "text"
  std::string unit;  ///< "" when none is known
  std::size_t missing = 0;
};

/// One layer, table, raster or mesh of a file. What could not be read is left empty.
struct InspectedLayer {
  Source source;
  std::string kind;      ///< "vector", "table", "raster", "mesh"
  std::string driver;    ///< "" when the file could not be opened
  bool read = false;     ///< false: only a finding tells of it
  std::string geometry;  ///< "point", "line", "polygon", "mixed" or "none"
  std::size_t features = 0;
  std::optional<Box> extent;  ///< in its CRS
  std::vector<InspectedField> fields;
  std::optional<RasterInfo> raster;
  std::optional<MeshReport> mesh;  ///< in the role of a solid
};

struct Inspection {
  std::vector<InspectedLayer> layers;
  std::vector<Source> sidecars;
  Findings findings;
};

struct InspectOptions {
  ReadOptions reading;
  std::optional<Role> role;  ///< none: faults of the format only
  bool raster = false;       ///< in the role of an elevation model
  bool mesh = false;         ///< in the role of a solid
  bool blocks = false;       ///< in the role of a block model
  RoleFields fields;
  std::string near;  ///< places far from the extent of this layer are told ("" = not asked)
};

/// Reads every layer of a file (or the one named) and gathers findings; an Error of reading becomes
/// a finding of severity error with its code. With a role, several layers need a name.
/// Places farther from `near`'s extent than 100 km or its diagonal are "place.far" (warning); when
/// none lies within that distance, "place.nothing_near" (error).
[[nodiscard]] Inspection inspect_file(const std::string& path, const InspectOptions& options = {},
                                      const Progress& progress = {});

/// The same for a mesh file; every file that `is_mesh_file` goes there.
void inspect_mesh_file(const std::string& path, const InspectOptions& options,
                       Inspection& inspection, const Progress& progress);

/// The same for the objects of an exchange file (see `read_model`): surfaces are of kind "mesh",
/// block models "block_model", an OMF file itself "omf". Note "model.passed_over"; error
/// "model.no_blocks" in the role of a block model.
[[nodiscard]] bool is_model_file(const std::string& path);
void inspect_model_file(const std::string& path, const InspectOptions& options,
                        Inspection& inspection, const Progress& progress);

}  // namespace lode
