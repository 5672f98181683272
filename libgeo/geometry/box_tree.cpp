#include "libgeo/geometry/box_tree.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lode {

namespace {

// The lowest 21 bits with two zeros after each.
std::uint64_t spread(std::uint64_t x) {
  x &= 0x1fffff;
  x = (x | x << 32) & 0x1f00000000ffffU;
  x = (x | x << 16) & 0x1f0000ff0000ffU;
  x = (x | x << 8) & 0x100f00f00f00f00fU;
  x = (x | x << 4) & 0x10c30c30c30c30c3U;
  return (x | x << 2) & 0x1249249249249249U;
}

struct Key {
  std::uint64_t code = 0;
  std::uint32_t item = 0;
};

// By code, stable: eight bits at a time, those in which all agree passed over.
void sort_keys(std::vector<Key>& keys) {
  std::vector<Key> other(keys.size());
  for (unsigned shift = 0; shift < 64; shift += 8) {
    std::array<std::size_t, 257> from{};
    for (const Key& key : keys) ++from[(key.code >> shift & 0xff) + 1];
    if (std::find(from.begin(), from.end(), keys.size()) != from.end()) continue;
    for (std::size_t d = 1; d < from.size(); ++d) from[d] += from[d - 1];
    for (const Key& key : keys) other[from[key.code >> shift & 0xff]++] = key;
    keys.swap(other);
  }
}

}  // namespace

BoxTree::Small BoxTree::small(const Box3& box) const {
  Small result;
  // A float of the difference, moved out by more than its rounding and that of the difference.
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double low = box.lower[axis] - middle_[axis], high = box.upper[axis] - middle_[axis];
    result.lower[axis] = static_cast<float>(low - std::abs(low) * 1.3e-7);
    result.upper[axis] = static_cast<float>(high + std::abs(high) * 1.3e-7);
  }
  return result;
}

bool BoxTree::meet(const Small& a, const Small& b) {
  // Without branches: most answers cannot be foretold.
  return static_cast<bool>(
      static_cast<int>(a.lower[0] <= b.upper[0]) & static_cast<int>(b.lower[0] <= a.upper[0]) &
      static_cast<int>(a.lower[1] <= b.upper[1]) & static_cast<int>(b.lower[1] <= a.upper[1]) &
      static_cast<int>(a.lower[2] <= b.upper[2]) & static_cast<int>(b.lower[2] <= a.upper[2]));
}

BoxTree::BoxTree(const std::vector<Box3>& boxes) {
  if (boxes.empty()) return;
  Box3 all = boxes.front();
  for (const Box3& box : boxes)
    for (std::size_t axis = 0; axis < 3; ++axis) {
      all.lower[axis] = std::min(all.lower[axis], box.lower[axis]);
      all.upper[axis] = std::max(all.upper[axis], box.upper[axis]);
    }
  double widest = 0.0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    middle_[axis] = (all.lower[axis] + all.upper[axis]) / 2;
    widest = std::max(widest, all.upper[axis] - all.lower[axis]);
  }
  const double cell = widest > 0.0 ? 2097151.0 / widest : 0.0;
  std::vector<Key> keys(boxes.size());
  for (std::uint32_t i = 0; i < boxes.size(); ++i) {
    std::array<std::uint64_t, 3> at;
    for (std::size_t axis = 0; axis < 3; ++axis)
      at[axis] = static_cast<std::uint64_t>(
          ((boxes[i].lower[axis] + boxes[i].upper[axis]) / 2 - all.lower[axis]) * cell);
    keys[i] = {spread(at[0]) << 2 | spread(at[1]) << 1 | spread(at[2]), i};
  }
  sort_keys(keys);
  for (const Key& key : keys) {
    order_.push_back(key.item);
    items_.push_back(small(boxes[key.item]));
  }
  leaves_ = (boxes.size() + leaf_size - 1) / leaf_size;
  const auto joined = [](const std::vector<Small>& from, std::size_t by) {
    std::vector<Small> level;
    for (std::size_t i = 0; i < from.size(); i += by) {
      Small box = from[i];
      for (std::size_t j = i + 1; j < std::min(i + by, from.size()); ++j)
        for (std::size_t axis = 0; axis < 3; ++axis) {
          box.lower[axis] = std::min(box.lower[axis], from[j].lower[axis]);
          box.upper[axis] = std::max(box.upper[axis], from[j].upper[axis]);
        }
      level.push_back(box);
    }
    return level;
  };
  levels_.push_back(joined(items_, leaf_size));
  while (levels_.back().size() > 1) {
    auto next = joined(levels_.back(), 2);
    levels_.push_back(std::move(next));
  }
}

BoxTree BoxTree::of_triangles(const TriangleMesh& mesh) {
  std::vector<Box3> boxes(mesh.triangles.size());
  for (std::size_t t = 0; t < boxes.size(); ++t) {
    const auto& [a, b, c] = mesh.triangles[t];
    const auto &p = mesh.vertices[a], &q = mesh.vertices[b], &r = mesh.vertices[c];
    for (std::size_t axis = 0; axis < 3; ++axis) {
      boxes[t].lower[axis] = std::min(std::min(p[axis], q[axis]), r[axis]);
      boxes[t].upper[axis] = std::max(std::max(p[axis], q[axis]), r[axis]);
    }
  }
  return BoxTree(boxes);
}

void BoxTree::meeting(const Box3& box, std::vector<std::uint32_t>& found) const {
  found.clear();
  if (items_.empty()) return;
  const Small asked = small(box);
  // At most two nodes wait on each of at most 32 levels.
  std::array<std::pair<std::size_t, std::size_t>, 72> stack;
  std::size_t top = 0;
  stack[top++] = {levels_.size() - 1, 0};
  while (top > 0) {
    const auto [level, node] = stack[--top];
    if (!meet(levels_[level][node], asked)) continue;
    if (level > 0) {
      if (2 * node + 1 < levels_[level - 1].size()) stack[top++] = {level - 1, 2 * node + 1};
      stack[top++] = {level - 1, 2 * node};
      continue;
    }
    for (std::size_t i = node * leaf_size; i < std::min((node + 1) * leaf_size, items_.size()); ++i)
      if (meet(items_[i], asked)) found.push_back(order_[i]);
  }
}

void BoxTree::pairs_of_part(std::size_t part,
                            std::vector<std::array<std::uint32_t, 2>>& found) const {
  const std::size_t begin = part * leaf_size, end = std::min(begin + leaf_size, items_.size());
  for (std::size_t i = begin; i < end; ++i)
    for (std::size_t j = i + 1; j < end; ++j)
      if (meet(items_[i], items_[j])) found.push_back({order_[i], order_[j]});
  const Small own = levels_[0][part];
  std::array<std::pair<std::size_t, std::size_t>, 72> stack;
  std::size_t top = 0;
  stack[top++] = {levels_.size() - 1, 0};
  while (top > 0) {
    const auto [level, node] = stack[--top];
    // Leaves after this one only: those before have found the pairs with it.
    if (((node + 1) << level) <= part + 1 || !meet(levels_[level][node], own)) continue;
    if (level > 0) {
      if (2 * node + 1 < levels_[level - 1].size()) stack[top++] = {level - 1, 2 * node + 1};
      stack[top++] = {level - 1, 2 * node};
      continue;
    }
    const std::size_t from = node * leaf_size, to = std::min(from + leaf_size, items_.size());
    for (std::size_t i = begin; i < end; ++i) {
      if (!meet(items_[i], levels_[0][node])) continue;
      for (std::size_t j = from; j < to; ++j)
        if (meet(items_[i], items_[j])) found.push_back({order_[i], order_[j]});
    }
  }
}

}  // namespace lode
