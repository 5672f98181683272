// Solids of closed 3-D lines, drawn on sections in other programs: DXF, STR, OMF, GOCAD, OBJ, VTK.
#pragma once

#include <string>

#include "tools/solid_sources.h"

namespace lode::tools {

/// True when the ending is that of a format with lines.
[[nodiscard]] bool is_line_file(const std::string& path);

/// One solid of the lines of each object, or of all of them with --together. Each closed line is a
/// ring; neighbours in one plane are rings of one section.
/// Errors "solid.open_line", "solid.order" (file order jumps along the strike), "solid.no_lines",
/// "solid.no_object", "solid.unit", "solid.section", those of `read_model`.
[[nodiscard]] MadeSolids solids_of_lines(const Arguments& arguments, const Session& session,
                                         Outcome& outcome);

}  // namespace lode::tools
