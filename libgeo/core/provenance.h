// Where a number came from: checksums of inputs and the version of the program.
#pragma once

#include <string>
#include <string_view>

#include "libgeo/core/progress.h"

namespace lode {

[[nodiscard]] std::string_view version();  ///< "x.y.z"

/// SHA-256 as 64 lower-case hex digits.
[[nodiscard]] std::string sha256(std::string_view bytes);
/// The same of a file's content, streamed; `progress` can stop it. Error "io.missing_file",
/// "io.not_a_file", "io.read" or "run.interrupted".
[[nodiscard]] std::string sha256_of_file(const std::string& path, const Progress& progress = {});
/// All of a small text file (study, criteria, rules, tariff, record). A device or a pipe never
/// ends, and more than `most` bytes is some other file. Error "io.missing_file", "io.not_a_file",
/// "io.too_large" or "io.read".
[[nodiscard]] std::string text_of_file(const std::string& path, const std::string& hint = {},
                                       std::size_t most = std::size_t{64} << 20);

/// One input as it stands in results and run records.
struct Source {
  std::string path;  ///< as the user gave it
  std::string sha256;
  std::string layer;
  std::size_t features = 0;
  std::string crs;  ///< "" when it has none or needs none
  bool operator==(const Source&) const = default;
};

}  // namespace lode
