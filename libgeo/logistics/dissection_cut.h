// Cuts of a part of a graph: a small set of nodes that leaves two parts of fair size.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "libgeo/core/progress.h"

namespace lode {

/// An undirected graph without loops and parallel edges; neighbours in ascending order.
struct DissectionPart {
  std::vector<std::uint32_t> node;   ///< number of each in the whole graph, ascending
  std::vector<std::uint32_t> first;  ///< nodes + 1
  std::vector<std::uint32_t> head;   ///< numbers within the part

  [[nodiscard]] std::uint32_t nodes() const { return static_cast<std::uint32_t>(node.size()); }
};

/// A place as a unit vector from the centre of the Earth.
using UnitVector = std::array<double, 3>;

/// 0 and 1 for the two sides, 2 for the separator; no edge joins 0 and 1. The part is connected and
/// has at least two nodes; `at` are the places of all nodes of the whole graph. With `jobs` above 1
/// directions are tried at the same time; the cut does not depend on it.
[[nodiscard]] std::vector<std::uint8_t> separate(const DissectionPart& part,
                                                 const std::vector<UnitVector>& at, int jobs,
                                                 const Progress& progress);

}  // namespace lode
