#include "libgeo/geometry/dissolve.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <numeric>

#include "libgeo/core/parallel.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/geometry/spatial_index.h"

namespace lode {
namespace {

constexpr std::size_t kUniteAtOnce = 512;

std::size_t root(std::vector<std::size_t>& parent, std::size_t i) {
  while (parent[i] != i) i = parent[i] = parent[parent[i]];
  return i;
}

std::uint64_t hash_of(const Geometry& g) {
  std::uint64_t h = 1469598103934665603ull;
  const auto mix = [&](std::uint64_t v) { h = (h ^ v) * 1099511628211ull; };
  for (const Polygon& polygon : g.polygons) {
    mix(polygon.shell.size());
    for (const Point& p : polygon.shell) {
      mix(std::bit_cast<std::uint64_t>(p.x));
      mix(std::bit_cast<std::uint64_t>(p.y));
    }
  }
  return h;
}

/// The first of each set of equal geometries.
std::vector<std::size_t> distinct(const std::vector<const Geometry*>& all,
                                  const std::vector<std::size_t>& members) {
  std::vector<std::pair<std::uint64_t, std::size_t>> keys;
  for (const std::size_t i : members) keys.emplace_back(hash_of(*all[i]), i);
  std::sort(keys.begin(), keys.end());
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < keys.size();) {
    const std::size_t first_kept = out.size();
    std::size_t end = i;
    for (; end < keys.size() && keys[end].first == keys[i].first; ++end) {
      const Geometry& g = *all[keys[end].second];
      const bool known = std::any_of(out.begin() + static_cast<std::ptrdiff_t>(first_kept),
                                     out.end(), [&](std::size_t k) { return *all[k] == g; });
      if (!known) out.push_back(keys[end].second);
    }
    i = end;
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

std::vector<std::vector<std::size_t>> clusters_of(const std::vector<const Geometry*>& geometries) {
  std::vector<Box> boxes;
  for (const Geometry* g : geometries) boxes.push_back(g->empty() ? Box{} : box_of(*g));
  const SpatialIndex index(boxes);
  std::vector<std::size_t> parent(boxes.size());
  std::iota(parent.begin(), parent.end(), std::size_t{0});
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (boxes[i].empty()) continue;
    for (const std::size_t j : index.query(boxes[i])) {
      if (j >= i) break;
      const std::size_t a = root(parent, i), b = root(parent, j);
      parent[std::max(a, b)] = std::min(a, b);
    }
  }
  std::vector<std::vector<std::size_t>> out;
  std::vector<std::size_t> place(boxes.size(), boxes.size());
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (boxes[i].empty()) continue;
    const std::size_t r = root(parent, i);
    if (place[r] == boxes.size()) {
      place[r] = out.size();
      out.emplace_back();
    }
    out[place[r]].push_back(i);
  }
  return out;
}

std::vector<Geometry> dissolve(const std::vector<const Geometry*>& geometries, int jobs,
                               const Progress& progress) {
  const auto clusters = clusters_of(geometries);
  std::vector<std::vector<const Geometry*>> members(clusters.size());
  // Large clusters are united in slices first, side by side; members are near each other in files.
  struct Slice {
    std::size_t cluster, begin, end;
  };
  std::vector<Slice> slices;
  for (std::size_t c = 0; c < clusters.size(); ++c) {
    for (const std::size_t i : distinct(geometries, clusters[c]))
      members[c].push_back(geometries[i]);
    for (std::size_t i = 0; i < members[c].size(); i += kUniteAtOnce)
      slices.push_back({c, i, std::min(i + kUniteAtOnce, members[c].size())});
  }
  std::vector<Geometry> parts(slices.size());
  parallel_blocks(
      slices.size(), 1, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t s = begin; s < end; ++s) {
          const auto& all = members[slices[s].cluster];
          if (slices[s].end - slices[s].begin == 1) {
            parts[s] = *all[slices[s].begin];
            continue;
          }
          parts[s] = unite(std::vector<const Geometry*>(
              all.begin() + static_cast<std::ptrdiff_t>(slices[s].begin),
              all.begin() + static_cast<std::ptrdiff_t>(slices[s].end)));
        }
      },
      progress);
  std::vector<Geometry> out(clusters.size());
  std::vector<std::vector<std::size_t>> by_cluster(clusters.size());
  for (std::size_t s = 0; s < slices.size(); ++s) by_cluster[slices[s].cluster].push_back(s);
  parallel_blocks(clusters.size(), 1, jobs, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t c = begin; c < end; ++c) {
      if (by_cluster[c].size() == 1) {
        out[c] = std::move(parts[by_cluster[c].front()]);
        continue;
      }
      std::vector<const Geometry*> own;
      for (const std::size_t s : by_cluster[c]) own.push_back(&parts[s]);
      out[c] = unite(own);
    }
  });
  return out;
}

}  // namespace lode
