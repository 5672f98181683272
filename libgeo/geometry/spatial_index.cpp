// Sort-tile-recursive packing of an R-tree, and its two queries.
#include "libgeo/geometry/spatial_index.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <queue>

namespace lode {
namespace {

constexpr std::size_t fanout = 16;

/// Sorts [first, last) of `order` into tiles of `fanout` by the centres of their boxes; ties break
/// on the index, so the tree does not depend on the sort.
void tile(const std::vector<Box>& boxes, std::vector<std::size_t>& order) {
  const auto by = [&](auto key) {
    return [&boxes, key](std::size_t a, std::size_t b) {
      const double ka = key(boxes[a]), kb = key(boxes[b]);
      return ka < kb || (ka == kb && a < b);
    };
  };
  const auto centre_x = [](const Box& b) { return b.min_x + b.max_x; };
  const auto centre_y = [](const Box& b) { return b.min_y + b.max_y; };
  std::sort(order.begin(), order.end(), by(centre_x));
  const double leaves = std::ceil(static_cast<double>(order.size()) / fanout);
  const auto slice = static_cast<std::size_t>(std::ceil(std::sqrt(leaves))) * fanout;
  for (std::size_t first = 0; first < order.size(); first += slice) {
    const auto begin = order.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end =
        order.begin() + static_cast<std::ptrdiff_t>(std::min(first + slice, order.size()));
    std::sort(begin, end, by(centre_y));
  }
}

}  // namespace

SpatialIndex::SpatialIndex(std::vector<Box> boxes) : boxes_(std::move(boxes)) {
  for (std::size_t i = 0; i < boxes_.size(); ++i)
    if (!boxes_[i].empty()) order_.push_back(i);  // an empty geometry is near nothing
  if (order_.empty()) return;
  tile(boxes_, order_);
  for (std::size_t first = 0; first < order_.size(); first += fanout) {
    Node node;
    node.first = first;
    node.count = std::min(fanout, order_.size() - first);
    for (std::size_t i = 0; i < node.count; ++i) node.box.add(boxes_[order_[first + i]]);
    nodes_.push_back(node);
  }
  // Leaves lie in tile order, so neighbours in the list are neighbours in the plane.
  for (std::size_t begin = 0, end = nodes_.size(); end - begin > 1;) {
    for (std::size_t first = begin; first < end; first += fanout) {
      Node node;
      node.leaf = false;
      node.first = first;
      node.count = std::min(fanout, end - first);
      for (std::size_t i = 0; i < node.count; ++i) node.box.add(nodes_[first + i].box);
      nodes_.push_back(node);
    }
    begin = end;
    end = nodes_.size();
  }
}

std::vector<std::size_t> SpatialIndex::query(const Box& box) const {
  std::vector<std::size_t> found;
  if (nodes_.empty() || box.empty()) return found;
  std::vector<std::size_t> stack{nodes_.size() - 1};
  while (!stack.empty()) {
    const Node& node = nodes_[stack.back()];
    stack.pop_back();
    if (!node.box.meets(box)) continue;
    for (std::size_t i = 0; i < node.count; ++i) {
      if (!node.leaf) {
        stack.push_back(node.first + i);
      } else if (boxes_[order_[node.first + i]].meets(box)) {
        found.push_back(order_[node.first + i]);
      }
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

void SpatialIndex::nearest(const std::function<double(const Box&)>& bound,
                           const std::function<double(std::size_t)>& visit) const {
  struct Entry {
    double bound;
    bool item;
    std::size_t index;
    /// Least bound first; at equal bounds nodes before items, so that items leave in index order.
    bool operator<(const Entry& o) const {
      if (bound != o.bound) return bound > o.bound;
      if (item != o.item) return item;
      return index > o.index;
    }
  };
  if (nodes_.empty()) return;
  std::priority_queue<Entry> queue;
  queue.push({bound(nodes_.back().box), false, nodes_.size() - 1});
  double best = std::numeric_limits<double>::infinity();
  while (!queue.empty()) {
    const Entry entry = queue.top();
    queue.pop();
    if (entry.bound > best) return;
    if (entry.item) {
      best = visit(entry.index);
      continue;
    }
    const Node& node = nodes_[entry.index];
    for (std::size_t i = 0; i < node.count; ++i) {
      const std::size_t index = node.leaf ? order_[node.first + i] : node.first + i;
      const double b = bound(node.leaf ? boxes_[index] : nodes_[index].box);
      if (b <= best) queue.push({b, node.leaf, index});
    }
  }
}

}  // namespace lode
