// Where the data that ship with the program lie: country outlines and the like.
#pragma once

#include <string>
#include <vector>

namespace lode {

/// Folders that are searched, in order: $LODE_SHARE, then those beside the library and the program.
[[nodiscard]] std::vector<std::string> share_folders();

/// <prefix>/share/lode for a library anywhere under <prefix>/lib, and `data` one or two folders
/// above it (in a build tree); then, beside the program, ../share/lode, data and ../data. The
/// library comes first: the program may be anyone's (Python's) that loaded it. "" = there is none.
[[nodiscard]] std::vector<std::string> share_folders_beside(const std::string& program,
                                                            const std::string& library);

/// Path of a shipped file, e.g. "countries.gpkg".
/// Error "io.no_share", naming the places that were searched.
[[nodiscard]] std::string share_file(const std::string& name);

}  // namespace lode
