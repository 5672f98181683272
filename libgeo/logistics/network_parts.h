// The steps of building a network that stand in files of their own.
#pragma once

#include <cstdint>
#include <vector>

#include "libgeo/logistics/network.h"

namespace lode {

/// Sets of indices that are linked; roots are the lowest index of each set.
class LinkedSets {
 public:
  explicit LinkedSets(std::size_t count) : parent_(count) {
    for (std::size_t i = 0; i < count; ++i) parent_[i] = static_cast<std::uint32_t>(i);
  }
  [[nodiscard]] std::uint32_t root(std::uint32_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  /// False when the two were linked already.
  bool link(std::uint32_t a, std::uint32_t b) {
    a = root(a);
    b = root(b);
    if (a == b) return false;
    if (a < b)
      parent_[b] = a;
    else
      parent_[a] = b;
    return true;
  }

 private:
  std::vector<std::uint32_t> parent_;
};

/// What is known of the nodes while a network is built.
struct NodeFacts {
  std::vector<std::uint16_t> carrier;
  std::vector<std::uint32_t> country;
  std::vector<char> line_end;  ///< a line of the input ends here
};

/// Joins ends by connectors within the tolerance (see NetworkOptions::snap_tolerance_m).
void join_within_tolerance(Network& network, NodeFacts& facts, const NetworkOptions& options);

/// Renumbers nodes along a space-filling curve and finds the components.
void number_nodes(Network& network, NodeFacts& facts);
void find_components(Network& network);

/// Fills `report` and the findings that come from it.
void report_network(Network& network, const NetworkOptions& options);

}  // namespace lode
