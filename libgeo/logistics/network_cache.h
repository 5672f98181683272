// A network as bytes and back, so that a graph built once need not be built again.
#pragma once

#include <string>
#include <string_view>

#include "libgeo/logistics/network.h"

namespace lode {

/// The whole network with its report and findings. Little-endian, one machine's cache: no format to
/// hand on. `note` is kept beside it (the tool puts the inputs' names and checksums there).
[[nodiscard]] std::string pack_network(const Network& network, std::string_view note = {},
                                       int jobs = 0);

/// Error "network.bad_cache" for bytes that are not whole, of another version, or changed.
[[nodiscard]] Network unpack_network(std::string_view bytes, std::string* note = nullptr,
                                     int jobs = 0);

}  // namespace lode
