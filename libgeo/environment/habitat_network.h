// Patches as a network: links by probability, best paths between all, and a change of some patches.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/geometry/measure.h"

namespace lode {

/// A connected piece of habitat made ready for distances, within a ball in earth-centred space.
struct HabitatPiece {
  NearestReady shape;
  std::array<double, 3> centre{};
  double radius_m = 0.0;
  double area_m2 = 0.0;
};

/// How far one gets: costs are -ln p.
struct HabitatReach {
  double cost_per_m = 0.0;
  double most_link = 0.0;  ///< dearer links are none
  double most_path = 0.0;  ///< nor are dearer paths
  /// Ordered pairs of connected patches that are held at most: 5 GB.
  std::size_t most_pairs = 400'000'000;
};

/// What stands in place of some patches.
struct HabitatChange {
  std::vector<std::uint32_t> gone;  ///< ascending
  std::vector<HabitatPiece> parts;  ///< what is left of them
};

/// Best paths are products of probabilities (Dijkstra on -ln p). Distances are measured only where
/// the balls leave room for a way that is shorter than the best path known.
class HabitatNetwork {
 public:
  /// Error "habitat.too_many_pairs".
  HabitatNetwork(std::vector<HabitatPiece> patches, const HabitatReach& reach, int jobs,
                 const Progress& progress);

  [[nodiscard]] const std::vector<HabitatPiece>& patches() const { return patches_; }
  /// Pairs that no path over other patches serves as well.
  [[nodiscard]] std::size_t links() const { return links_; }
  /// Sum of a_i a_j p_ij over ordered pairs, i = j too.
  [[nodiscard]] double connected() const { return connected_; }
  /// The same after a change that only takes ground away; works on what it reaches alone. Safe to
  /// call from any number of threads.
  [[nodiscard]] double connected_after(const HabitatChange& change) const;

 private:
  struct Link {
    double cost;
    std::uint32_t node;
  };
  struct Row {
    std::vector<std::uint32_t> node;  ///< ascending, without the source
    std::vector<double> cost;
  };
  class Update;

  [[nodiscard]] double lower(const HabitatPiece& a, const HabitatPiece& b) const;
  [[nodiscard]] double exact(const HabitatPiece& a, const HabitatPiece& b, double most) const;
  void find_links(int jobs, const Progress& progress);
  void find_links_between(double from, double to, const std::vector<std::uint32_t>& by_x, int jobs,
                          const Progress& progress);
  void find_paths(int jobs, const Progress& progress);
  [[nodiscard]] Row best_from(std::uint32_t source, double most) const;

  std::vector<HabitatPiece> patches_;
  HabitatReach reach_;
  std::vector<std::vector<Link>> link_;
  std::size_t links_ = 0;
  std::vector<Row> best_;
  double connected_ = 0.0;
};

}  // namespace lode
