// Patches as a network: links by probability, best paths between all, and a change of some patches.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "libgeo/core/progress.h"

namespace lode {

/// Lists of one length each behind one another: those of `i` are [start[i], start[i + 1]).
struct HabitatLinks {
  std::vector<std::size_t> start;
  std::vector<std::uint32_t> node;  ///< ascending within a list
  std::vector<double> cost;         ///< -ln p
};

/// What stands in place of some nodes: parts with their areas and links.
struct HabitatChange {
  std::vector<std::uint32_t> gone;  ///< ascending
  struct Part {
    double area = 0.0;
    std::vector<std::uint32_t> node;  ///< of the network, not gone, ascending
    std::vector<double> cost;
    std::vector<double> to_part;  ///< cost to every part, infinite = none
  };
  std::vector<Part> parts;
};

/// Nodes with areas and symmetric links. Best paths are products of probabilities (Dijkstra on
/// -ln p); those above `most_cost` count as none.
class HabitatNetwork {
 public:
  /// `links` holds each link from both ends. Error "habitat.too_many_pairs".
  HabitatNetwork(std::vector<double> area, HabitatLinks links, double most_cost, int jobs,
                 const Progress& progress);

  /// Sum of a_i a_j p_ij over ordered pairs, i = j too.
  [[nodiscard]] double connected() const { return connected_; }
  /// The same after a change that only takes ground away; works on what it reaches alone. Safe to
  /// call from any number of threads.
  [[nodiscard]] double connected_after(const HabitatChange& change) const;

 private:
  struct Row {
    std::vector<std::uint32_t> node;  ///< ascending, without the source
    std::vector<double> cost;
  };
  class Update;

  void keep_undominated();
  [[nodiscard]] Row best_from(std::uint32_t source) const;

  std::vector<double> area_;
  HabitatLinks links_;  ///< all
  HabitatLinks kept_;   ///< without those that a path over a third patch makes needless
  double most_cost_ = 0.0;
  std::vector<Row> best_;
  double connected_ = 0.0;
};

}  // namespace lode
