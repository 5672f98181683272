// Where the data that ship with the program lie: country outlines and the like.
#pragma once

#include <string>
#include <vector>

namespace lode {

/// Folders that are searched, in order: $LODE_SHARE; beside the running program ../share/lode (as
/// installed), data, ../data (in a build tree).
[[nodiscard]] std::vector<std::string> share_folders();

/// Path of a shipped file, e.g. "countries.gpkg".
/// Error "io.no_share", naming the places that were searched.
[[nodiscard]] std::string share_file(const std::string& name);

}  // namespace lode
