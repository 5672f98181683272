#include "libgeo/geometry/dissolve.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <unordered_map>

#include "libgeo/core/parallel.h"
#include "libgeo/geometry/overlay.h"

namespace lode {
namespace {

constexpr std::size_t kUniteAtOnce = 512;

/// FNV-1a over the bits of the coordinates.
std::uint64_t hash_of(const Geometry& g) {
  std::uint64_t h = 1469598103934665603ull;
  const auto mix = [&](const Path& path) {
    for (const Point& p : path) {
      h = (h ^ std::bit_cast<std::uint64_t>(p.x)) * 1099511628211ull;
      h = (h ^ std::bit_cast<std::uint64_t>(p.y)) * 1099511628211ull;
    }
  };
  mix(g.points);
  for (const Path& line : g.lines) mix(line);
  for (const Polygon& polygon : g.polygons) {
    mix(polygon.shell);
    for (const Path& hole : polygon.holes) mix(hole);
  }
  return h;
}

}  // namespace

Distinct distinct_of(const std::vector<const Geometry*>& geometries) {
  Distinct out;
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> known;  // hash -> places in `first`
  for (const Geometry* g : geometries) {
    auto& same_hash = known[hash_of(*g)];
    const auto at = std::find_if(same_hash.begin(), same_hash.end(),
                                 [&](std::size_t k) { return *geometries[out.first[k]] == *g; });
    if (at != same_hash.end()) {
      out.of.push_back(*at);
      continue;
    }
    same_hash.push_back(out.first.size());
    out.first.push_back(out.of.size());
    out.of.push_back(out.first.size() - 1);
  }
  return out;
}

Distinct distinct_of(const std::vector<Geometry>& geometries) {
  std::vector<const Geometry*> pointers;
  for (const Geometry& g : geometries) pointers.push_back(&g);
  return distinct_of(pointers);
}

namespace {

/// A binary tree over boxes from which those that were found are taken: every box is found once, so
/// that a stack in which all meet all costs no more than one query.
class UnmetBoxes {
 public:
  explicit UnmetBoxes(const std::vector<Box>& boxes) {
    for (std::size_t i = 0; i < boxes.size(); ++i)
      if (!boxes[i].empty()) order_.push_back(i);
    leaves_ = std::bit_ceil(std::max<std::size_t>(order_.size(), 1));
    nodes_.resize(2 * leaves_);
    split(boxes, 0, order_.size(), true);
    for (std::size_t i = 0; i < order_.size(); ++i) nodes_[leaves_ + i] = boxes[order_[i]];
    for (std::size_t n = leaves_; n-- > 1;) join(n);
  }

  /// Takes out the boxes that meet `box` and adds their indices to `met`.
  void take(const Box& box, std::vector<std::size_t>& met, std::size_t node = 1) {
    if (nodes_[node].empty() || !nodes_[node].meets(box)) return;
    if (node >= leaves_) {
      met.push_back(order_[node - leaves_]);
      nodes_[node] = Box{};
      return;
    }
    take(box, met, 2 * node);
    take(box, met, 2 * node + 1);
    join(node);
  }

 private:
  /// Halves by the middles of the boxes, along x and y in turn.
  void split(const std::vector<Box>& boxes, std::size_t begin, std::size_t end, bool along_x) {
    if (end - begin < 2) return;
    const std::size_t half = std::bit_ceil(end - begin) / 2;
    const auto at = [&](std::size_t i) { return order_.begin() + static_cast<std::ptrdiff_t>(i); };
    std::nth_element(at(begin), at(begin + half), at(end), [&](std::size_t a, std::size_t b) {
      const double of_a =
          along_x ? boxes[a].min_x + boxes[a].max_x : boxes[a].min_y + boxes[a].max_y;
      const double of_b =
          along_x ? boxes[b].min_x + boxes[b].max_x : boxes[b].min_y + boxes[b].max_y;
      return of_a < of_b || (of_a == of_b && a < b);
    });
    split(boxes, begin, begin + half, !along_x);
    split(boxes, begin + half, end, !along_x);
  }
  void join(std::size_t node) {
    nodes_[node] = nodes_[2 * node];
    nodes_[node].add(nodes_[2 * node + 1]);
  }

  std::vector<std::size_t> order_;
  std::size_t leaves_ = 1;
  std::vector<Box> nodes_;  ///< what is left below; children of n are 2n and 2n + 1
};

}  // namespace

std::vector<std::vector<std::size_t>> clusters_of(const std::vector<const Geometry*>& geometries) {
  std::vector<Box> boxes;
  for (const Geometry* g : geometries) boxes.push_back(g->empty() ? Box{} : box_of(*g));
  UnmetBoxes unmet(boxes);
  std::vector<std::size_t> cluster_of(boxes.size(), boxes.size());
  std::vector<std::size_t> met;
  std::size_t clusters = 0;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (boxes[i].empty() || cluster_of[i] != boxes.size()) continue;
    met.clear();
    unmet.take(boxes[i], met);
    for (std::size_t k = 0; k < met.size(); ++k) {
      cluster_of[met[k]] = clusters;
      unmet.take(boxes[met[k]], met);
    }
    ++clusters;
  }
  std::vector<std::vector<std::size_t>> out(clusters);
  for (std::size_t i = 0; i < boxes.size(); ++i)
    if (!boxes[i].empty()) out[cluster_of[i]].push_back(i);
  return out;
}

Geometry united(const std::vector<const Geometry*>& geometries, const std::string& what,
                const std::string& where, Findings& findings) {
  OverlayOutcome all = try_unite(geometries);
  if (all.done) {
    report_overlay(all, what, where, findings);
    return std::move(all.geometry);
  }
  Geometry sum;
  for (const Geometry* g : geometries) {
    OverlayOutcome next = try_unite({&sum, g});
    report_overlay(next, what, where, findings);
    if (next.done) sum = std::move(next.geometry);
  }
  return sum;
}

std::vector<Geometry> dissolve(const std::vector<const Geometry*>& geometries, int jobs,
                               const Progress& progress, Findings* findings) {
  const auto clusters = clusters_of(geometries);
  std::vector<std::vector<const Geometry*>> members(clusters.size());
  // Large clusters are united in slices first, side by side; members are near each other in files.
  struct Slice {
    std::size_t cluster, begin, end;
  };
  std::vector<Slice> slices;
  for (std::size_t c = 0; c < clusters.size(); ++c) {
    for (const std::size_t i : clusters[c]) members[c].push_back(geometries[i]);
    std::vector<const Geometry*> kept;
    for (const std::size_t i : distinct_of(members[c]).first) kept.push_back(members[c][i]);
    members[c] = std::move(kept);
    for (std::size_t i = 0; i < members[c].size(); i += kUniteAtOnce)
      slices.push_back({c, i, std::min(i + kUniteAtOnce, members[c].size())});
  }
  std::vector<Geometry> parts(slices.size());
  std::vector<Findings> slice_said(slices.size()), cluster_said(clusters.size());
  const auto join = [&](const std::vector<const Geometry*>& some, Findings& said) {
    return findings == nullptr ? unite(some) : united(some, "ground counted once", {}, said);
  };
  parallel_blocks(
      slices.size(), 1, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        const OverlayStop stop(progress);
        for (std::size_t s = begin; s < end; ++s) {
          const auto& all = members[slices[s].cluster];
          if (slices[s].end - slices[s].begin == 1) {
            parts[s] = *all[slices[s].begin];
            continue;
          }
          parts[s] = join({all.begin() + static_cast<std::ptrdiff_t>(slices[s].begin),
                           all.begin() + static_cast<std::ptrdiff_t>(slices[s].end)},
                          slice_said[s]);
        }
      },
      progress);
  std::vector<Geometry> out(clusters.size());
  std::vector<std::vector<std::size_t>> by_cluster(clusters.size());
  for (std::size_t s = 0; s < slices.size(); ++s) by_cluster[slices[s].cluster].push_back(s);
  parallel_blocks(clusters.size(), 1, jobs, [&](std::size_t begin, std::size_t end, std::size_t) {
    const OverlayStop stop(progress);
    for (std::size_t c = begin; c < end; ++c) {
      if (by_cluster[c].size() == 1) {
        out[c] = std::move(parts[by_cluster[c].front()]);
        continue;
      }
      std::vector<const Geometry*> own;
      for (const std::size_t s : by_cluster[c]) own.push_back(&parts[s]);
      out[c] = join(own, cluster_said[c]);
    }
  });
  if (findings != nullptr) {
    for (const Findings& said : slice_said) findings->add(said);
    for (const Findings& said : cluster_said) findings->add(said);
  }
  return out;
}

}  // namespace lode
