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
  bool area_fits = true;    ///< lies between the bounds that hold for any such buffer
  [[nodiscard]] bool passes(double tolerance_m) const {
    return worst_m <= tolerance_m && holds_input && area_fits;
  }
};

/// What distances are measured from: the features, or their boundaries when the setback is inward.
[[nodiscard]] std::vector<Geometry> judged_features(const BufferInputs& inputs,
                                                    const std::vector<std::size_t>& members,
                                                    bool inwards);

/// Ground that a buffer with round ends can take: a disc and the features themselves at least;
/// their areas, a strip along their whole boundary and a disc for each part at most (Steiner's
/// formula; on a globe strips and discs are smaller). Inwards nothing at least, the features at
/// most.
struct AreaBounds {
  double least_m2 = 0.0;
  double most_m2 = 0.0;
};
[[nodiscard]] AreaBounds area_bounds(const BufferInputs& inputs,
                                     const std::vector<std::size_t>& members, double distance_m,
                                     bool inwards, const BufferOptions& options);

/// Probes vertices and middles of edges, about `most` of them, evenly.
[[nodiscard]] BufferCheck check_buffer(const Geometry& buffer, const NearIndex& index,
                                       const std::vector<Geometry>& features, double distance_m,
                                       bool inwards, const BufferOptions& options, const Crs& crs,
                                       std::size_t most, const Progress& stop = {});

}  // namespace lode
