#include "libgeo/geometry/mesh_border.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "libgeo/geometry/box_tree.h"

namespace lode::mesh_parts {

namespace {

Box3 around(const Vec& v, double by) {
  return {{v[0] - by, v[1] - by, v[2] - by}, {v[0] + by, v[1] + by, v[2] + by}};
}

double size_of(const Vec& v) {
  return std::max({std::abs(v[0]), std::abs(v[1]), std::abs(v[2])});
}

}  // namespace

std::vector<Side> open_sides(const std::vector<Side>& sides) {
  std::vector<Side> open;
  for_each_edge(sides, [&](std::size_t begin, std::size_t end) {
    if (end - begin == 1) open.push_back(sides[begin]);
  });
  return open;
}

std::vector<std::uint32_t> open_vertices(const std::vector<Side>& open) {
  std::vector<std::uint32_t> vertices;
  for (const Side& side : open) {
    vertices.push_back(side.low);
    vertices.push_back(side.high);
  }
  std::sort(vertices.begin(), vertices.end());
  vertices.erase(std::unique(vertices.begin(), vertices.end()), vertices.end());
  return vertices;
}

std::size_t count_rims(const std::vector<Side>& open) {
  const auto vertices = open_vertices(open);
  const auto place = [&](std::uint32_t v) {
    return static_cast<std::size_t>(std::lower_bound(vertices.begin(), vertices.end(), v) -
                                    vertices.begin());
  };
  std::vector<std::size_t> root(vertices.size());
  std::iota(root.begin(), root.end(), std::size_t{0});
  const auto find = [&](std::size_t v) {
    while (root[v] != v) v = root[v] = root[root[v]];
    return v;
  };
  std::size_t rims = vertices.size();
  for (const Side& side : open) {
    const std::size_t a = find(place(side.low)), b = find(place(side.high));
    if (a == b) continue;
    root[std::max(a, b)] = std::min(a, b);
    --rims;
  }
  return rims;
}

std::vector<TJunction> t_junctions(const TriangleMesh& mesh, const std::vector<Side>& open,
                                   double width_m, const Progress& progress) {
  std::vector<TJunction> found;
  if (open.empty()) return found;
  const auto width = [&](const Side& side) {
    const Vec &a = mesh.vertices[side.low], &b = mesh.vertices[side.high];
    const double rounding = 4.5e-16 * std::max(size_of(a), size_of(b));
    return std::max({width_m, 1e-6 * distance(a, b), rounding});
  };
  std::vector<Box3> boxes;
  for (const Side& side : open) {
    const double by = width(side);
    Box3 box = around(mesh.vertices[side.low], by);
    const Box3 other = around(mesh.vertices[side.high], by);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      box.lower[axis] = std::min(box.lower[axis], other.lower[axis]);
      box.upper[axis] = std::max(box.upper[axis], other.upper[axis]);
    }
    boxes.push_back(box);
  }
  const BoxTree tree(boxes);
  std::vector<std::uint32_t> near;
  for (const std::uint32_t v : open_vertices(open)) {
    progress.check();
    const Vec& p = mesh.vertices[v];
    tree.meeting({p, p}, near);
    for (const std::uint32_t s : near) {
      const Side& side = open[s];
      const auto& corners = mesh.triangles[side.triangle];
      if (std::find(corners.begin(), corners.end(), v) != corners.end()) continue;
      const Vec &a = mesh.vertices[side.low], &b = mesh.vertices[side.high];
      const Vec along = minus(b, a), to = minus(p, a);
      const double share = dot(along, to) / dot(along, along), by = width(side);
      const double off = length(minus(to, {along[0] * share, along[1] * share, along[2] * share}));
      // Near an end it is no T but a crack.
      if (!(off <= by) || !(share > 0.0 && share < 1.0)) continue;
      if (distance(p, a) <= by || distance(p, b) <= by) continue;
      found.push_back({v, s, share, off});
    }
  }
  std::sort(found.begin(), found.end(), [](const TJunction& a, const TJunction& b) {
    if (a.side != b.side) return a.side < b.side;
    return a.share != b.share ? a.share < b.share : a.vertex < b.vertex;
  });
  return found;
}

Cracks find_cracks(const TriangleMesh& mesh, const std::vector<Side>& open,
                   const Progress& progress) {
  Cracks cracks;
  std::unordered_map<std::uint32_t, double> reach;
  for (const Side& side : open) {
    const double tenth = 0.1 * distance(mesh.vertices[side.low], mesh.vertices[side.high]);
    for (const std::uint32_t v : {side.low, side.high}) {
      const auto [at, is_new] = reach.emplace(v, tenth);
      if (!is_new) at->second = std::min(at->second, tenth);
    }
  }
  const auto vertices = open_vertices(open);
  std::vector<Box3> boxes;
  for (const std::uint32_t v : vertices) boxes.push_back(around(mesh.vertices[v], 0.0));
  const BoxTree tree(boxes);
  std::vector<std::uint32_t> near;
  for (const std::uint32_t v : vertices) {
    progress.check();
    const double within = reach.at(v);
    tree.meeting(around(mesh.vertices[v], within), near);
    double nearest = within;
    std::uint32_t other = none;
    for (const std::uint32_t n : near) {
      if (vertices[n] == v || within > 1.5 * reach.at(vertices[n])) continue;
      const double gap = distance(mesh.vertices[v], mesh.vertices[vertices[n]]);
      if (gap > nearest || (gap == nearest && vertices[n] > other)) continue;
      nearest = gap;
      other = vertices[n];
    }
    if (other == none) continue;
    if (cracks.count++ == 0) {
      cracks.first = v;
      cracks.other = other;
    }
    cracks.width_m = std::max(cracks.width_m, nearest);
  }
  return cracks;
}

}  // namespace lode::mesh_parts
