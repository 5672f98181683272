// Countries and their parts by ISO 3166 code, and which of them a law of another reaches.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lode {

/// ISO 3166 as it is compared: "usa" and "us" are "US", "USA-NV" and "us-nv" are "US-NV". "EU"
/// stands for the European Union. Empty when the text is no such code; a part of a country is
/// checked for its form only.
[[nodiscard]] std::optional<std::string> jurisdiction_code(std::string_view text);

/// True when a rule made for `rule` holds somewhere in `place` (codes as `jurisdiction_code` gives
/// them): "US" holds in "US-NV", "US-NV" in a part of "US", "EU" in "SE"; "" holds everywhere.
[[nodiscard]] bool jurisdiction_meets(std::string_view rule, std::string_view place);

/// True when all of `place` lies in `other`: "US-NV" in "US", "SE" in "EU", anything in "".
[[nodiscard]] bool jurisdiction_within(std::string_view place, std::string_view other);

}  // namespace lode
