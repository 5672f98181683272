// Which file of OpenStreetMap data lies at a path, and whether it is whole.
#pragma once

#include <string>

#include "libgeo/core/progress.h"

namespace lode::osm {

enum class Packing { pbf, xml, xml_gzip };

/// A regular local file with an ending that is read. Errors "io.missing_file", "io.not_a_file",
/// "io.forbidden_path", "io.unsupported_format".
[[nodiscard]] Packing check_file(const std::string& path);

/// Follows the blocks of a .pbf from head to end, so that a file cut inside one is told before its
/// first half is taken for the whole. Errors "osm.cut", "osm.syntax", "io.read".
void check_blocks(const std::string& path, const Progress& progress);

}  // namespace lode::osm
