// How far a finished setback line is from where it should be, by the geodesic inverse problem.
#pragma once

#include <cstddef>

#include "libgeo/environment/buffer.h"
#include "libgeo/environment/near_index.h"

namespace lode {

struct BufferCheck {
  double worst_m = 0.0;  ///< largest difference from the distance asked for
  std::size_t probes = 0;
  bool holds_input = true;  ///< vertices of the input lie inside (buffers that grow)
};

/// What distances are measured from: the features, or their boundaries when the setback is inward.
[[nodiscard]] std::vector<Geometry> judged_features(const BufferInputs& inputs,
                                                    const std::vector<std::size_t>& members,
                                                    bool inwards);

/// Probes vertices and middles of edges, about `most` of them, evenly.
[[nodiscard]] BufferCheck check_buffer(const Geometry& buffer, const NearIndex& index,
                                       const std::vector<Geometry>& features, double distance_m,
                                       bool inwards, const BufferOptions& options, const Crs& crs,
                                       std::size_t most);

}  // namespace lode
