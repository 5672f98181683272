#include "libgeo/estimation/nearest_points.h"

#include <cmath>
#include <limits>
#include <nanoflann.hpp>

#include "libgeo/core/parallel.h"

namespace lode {

namespace {

struct Cloud {
  const std::vector<std::array<double, 3>>* points;
  [[nodiscard]] std::size_t kdtree_get_point_count() const { return points->size(); }
  [[nodiscard]] double kdtree_get_pt(std::size_t i, std::size_t axis) const {
    return (*points)[i][axis];
  }
  template <class Box>
  bool kdtree_get_bbox(Box& /*box*/) const {
    return false;
  }
};
using Tree =
    nanoflann::KDTreeSingleIndexAdaptor<nanoflann::L2_Simple_Adaptor<double, Cloud>, Cloud, 3>;

// Keeps the nearest point that is not `excluded`; ties go to the lower index.
struct Nearest {
  using DistanceType = double;
  std::size_t excluded;
  std::size_t point = std::numeric_limits<std::size_t>::max();
  double squared = std::numeric_limits<double>::infinity();

  [[nodiscard]] std::size_t size() const { return 1; }
  [[nodiscard]] bool full() const { return true; }
  // The tree leaves out what is exactly as far: a hair more keeps ties in sight.
  [[nodiscard]] double worstDist() const {
    return std::nextafter(squared, std::numeric_limits<double>::infinity());
  }
  template <class Index>
  bool addPoint(double distance, Index index) {
    const auto at = static_cast<std::size_t>(index);
    if (at == excluded) return true;
    if (distance < squared || (distance == squared && at < point)) {
      squared = distance;
      point = at;
    }
    return true;
  }
};

}  // namespace

std::vector<NearestPoint> nearest_points(const std::vector<std::array<double, 3>>& points,
                                         const std::vector<std::array<double, 3>>& places,
                                         bool other_than_itself, int jobs,
                                         const Progress& progress) {
  constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
  std::vector<NearestPoint> found(places.size(), {none, std::numeric_limits<double>::infinity()});
  if (points.empty()) return found;
  const Cloud cloud{&points};
  const Tree tree(3, cloud, nanoflann::KDTreeSingleIndexAdaptorParams(16));
  parallel_blocks(places.size(), 512, jobs, [&](std::size_t begin, std::size_t end, std::size_t) {
    progress.check();
    for (std::size_t i = begin; i < end; ++i) {
      Nearest nearest{other_than_itself ? i : none};
      tree.findNeighbors(nearest, places[i].data(), nanoflann::SearchParams());
      found[i] = {nearest.point, std::sqrt(nearest.squared)};
    }
  });
  return found;
}

}  // namespace lode
