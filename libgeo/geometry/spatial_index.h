// A static R-tree over boxes: which of many things lie near this one.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "libgeo/geometry/geometry.h"

namespace lode {

/// Sort-tile-recursive packing (Leutenegger, Lopez, Edgington 1997). Built once, then safe to
/// query from any number of threads. Items are reported in index order, so answers do not depend
/// on the tree.
class SpatialIndex {
 public:
  SpatialIndex() = default;
  explicit SpatialIndex(std::vector<Box> boxes);

  /// Indices of the boxes that meet `box`, ascending.
  [[nodiscard]] std::vector<std::size_t> query(const Box& box) const;

  /// Indices in order of growing lower bound: `bound(box)` must be a lower bound of the distance
  /// to anything in the box; `visit(index)` returns the best distance so far, and boxes whose
  /// bound exceeds it are left out.
  void nearest(const std::function<double(const Box&)>& bound,
               const std::function<double(std::size_t)>& visit) const;
  [[nodiscard]] std::size_t size() const { return boxes_.size(); }

 private:
  struct Node {
    Box box;
    std::size_t first = 0;  ///< first child node, or first entry of order_ in a leaf
    std::size_t count = 0;
    bool leaf = true;
  };
  std::vector<Box> boxes_;
  std::vector<std::size_t> order_;
  std::vector<Node> nodes_;  ///< the root is the last
};

}  // namespace lode
