// What the commands that make or mend solids share: -o and --format, and what a format loses.
#pragma once

#include <string>
#include <vector>

#include "libgeo/crs/crs.h"
#include "libgeo/geometry/mesh.h"
#include "tools/command.h"

namespace lode::tools {

/// Solids in metres, as they go into one file.
struct SolidOutput {
  struct Solid {
    std::string name;
    const TriangleMesh* mesh = nullptr;
  };
  std::vector<Solid> solids;
  std::string name;              ///< of the file's contents
  std::string unit;              ///< in which coordinates are written; "" = not said
  double metres_per_unit = 1.0;  ///< of that unit
  std::string crs;               ///< "" = not known, or a mine grid
};
/// The unit and the CRS of a result are those of its input; a mine grid has no name to write.
void set_crs(const Crs& crs, bool said, SolidOutput& output);

/// -o and --format.
[[nodiscard]] std::vector<Parameter> solid_output_parameters(const std::string& what);
/// Error "usage.output" unless the ending of -o, or --format, is of a format that holds surfaces.
void check_solid_output(const Arguments& arguments);

/// Writes to -o when it was asked for, whole or not at all, without vertices that nothing uses;
/// checks --strict first. Note "convert.lost" for each thing that the format does not hold.
/// Errors "io.output_is_input", "io.exists", "strict.finding", those of `write_model`.
void write_solids(const Arguments& arguments, const Session& session, const SolidOutput& output,
                  Outcome& outcome);

}  // namespace lode::tools
