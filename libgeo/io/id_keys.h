// Ids without what people cannot see or type differently: case, blanks, composed letters.
#pragma once

#include <string>
#include <string_view>

namespace lode {

/// Two ids whose keys are equal are likely the same; Latin letters with marks are taken apart as in
/// Unicode's canonical decomposition, so that both ways to write "ä" meet.
[[nodiscard]] std::string id_key(std::string_view id);

}  // namespace lode
