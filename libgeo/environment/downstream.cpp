#include "libgeo/environment/downstream.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "libgeo/core/parallel.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/spatial_index.h"

namespace lode {

namespace {

constexpr std::size_t edges_a_piece = 64;

Geometry line_of(const Path& line, std::size_t from, std::size_t to) {
  Geometry g;
  g.kind = GeometryKind::line;
  g.lines.emplace_back(line.begin() + static_cast<std::ptrdiff_t>(from),
                       line.begin() + static_cast<std::ptrdiff_t>(to) + 1);
  return g;
}

// A path in pieces of some edges, made ready for distances when first asked for.
class Way {
 public:
  Way(const Geometry& path, const Crs& crs)
      : line_(path.lines.empty() ? path.points : path.lines.front()), crs_(crs) {
    km_.assign(1, 0.0);
    for (std::size_t i = 0; i + 1 < line_.size(); ++i)
      km_.push_back(km_.back() + length_m(line_of(line_, i, i + 1), crs, Edges::straight) / 1000.0);
    pieces_.resize((line_.size() + edges_a_piece - 2) / edges_a_piece);
  }

  [[nodiscard]] std::optional<Passed> first(const NearestReady& receptor, double reach_m) {
    if (line_.size() < 2) return at_place(receptor, reach_m);
    for (std::size_t p = 0; p < pieces_.size(); ++p) {
      const std::size_t from = p * edges_a_piece;
      const std::size_t to = std::min(from + edges_a_piece, line_.size() - 1);
      if (!pieces_[p]) pieces_[p].emplace(line_of(line_, from, to), crs_, Edges::straight);
      if (!(nearest(*pieces_[p], receptor, reach_m).distance_m <= reach_m)) continue;
      for (std::size_t i = from; i < to; ++i) {
        const NearestReady edge(line_of(line_, i, i + 1), crs_, Edges::straight);
        const Nearest found = nearest(edge, receptor, reach_m);
        if (!(found.distance_m <= reach_m)) continue;
        Geometry part;
        part.kind = GeometryKind::line;
        part.lines.push_back({line_[i], found.on_a});
        const double along =
            line_[i] == found.on_a ? 0.0 : length_m(part, crs_, Edges::straight) / 1000.0;
        return Passed{0, std::min(km_[i] + along, km_[i + 1]), found.distance_m};
      }
    }
    return std::nullopt;
  }

 private:
  // Water that leaves at once has a place for its way.
  [[nodiscard]] std::optional<Passed> at_place(const NearestReady& receptor, double reach_m) const {
    const NearestReady place(point_geometry(line_[0].x, line_[0].y), crs_, Edges::straight);
    const double away = nearest(place, receptor, reach_m).distance_m;
    if (!(away <= reach_m)) return std::nullopt;
    return Passed{0, 0.0, away};
  }

  Path line_;
  const Crs& crs_;
  std::vector<double> km_;
  std::vector<std::optional<NearestReady>> pieces_;
};

// Boxes in the plane of the CRS, grown by the reach and a share more for its scale.
Box grown(Box box, const Crs& crs, double reach_m) {
  if (box.empty()) return box;
  double x = reach_m / crs.metres_per_unit, y = x;
  if (crs.is_geographic()) {
    const double degree = crs.semi_major_m * crs.radians_per_unit;
    y = reach_m / (0.98 * degree);
    const double far =
        std::max(std::abs(box.min_y), std::abs(box.max_y)) * crs.radians_per_unit + reach_m / 6.3e6;
    x = y / std::max(1e-6, std::cos(std::min(far, 1.5707)));
  } else if (crs.is_projected()) {
    // The scale of a projection is never told by its plane: tenfold holds up to 84 degrees in the
    // Mercator projection, and costs a few candidates more.
    x = y = 10.0 * x;
  }
  return {box.min_x - x, box.min_y - y, box.max_x + x, box.max_y + y};
}

}  // namespace

std::vector<std::vector<Passed>> receptors_passed(const std::vector<Geometry>& paths,
                                                  const std::vector<Geometry>& receptors,
                                                  const Crs& crs, double reach_m, int jobs,
                                                  const Progress& progress) {
  std::vector<Box> boxes;
  for (const Geometry& receptor : receptors) boxes.push_back(grown(box_of(receptor), crs, reach_m));
  const SpatialIndex index(std::move(boxes));
  std::vector<std::vector<std::size_t>> near(paths.size());
  std::vector<bool> wanted(receptors.size(), false);
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (paths[i].lines.empty() && paths[i].points.empty()) continue;
    near[i] = index.query(box_of(paths[i]));
    for (const std::size_t r : near[i]) wanted[r] = true;
  }
  std::vector<std::optional<NearestReady>> ready(receptors.size());
  for (std::size_t r = 0; r < receptors.size(); ++r)
    if (wanted[r] && !receptors[r].empty()) ready[r].emplace(receptors[r], crs, Edges::straight);
  std::vector<std::vector<Passed>> found(paths.size());
  parallel_blocks(
      paths.size(), 1, jobs,
      [&](std::size_t from, std::size_t to, std::size_t) {
        for (std::size_t i = from; i < to; ++i) {
          if (near[i].empty()) continue;
          Way way(paths[i], crs);
          for (const std::size_t r : near[i]) {
            progress.check();
            if (!ready[r]) continue;
            auto passed = way.first(*ready[r], reach_m);
            if (!passed) continue;
            passed->receptor = r;
            found[i].push_back(*passed);
          }
          std::stable_sort(found[i].begin(), found[i].end(),
                           [](const Passed& a, const Passed& b) { return a.km < b.km; });
        }
      },
      progress);
  return found;
}

}  // namespace lode
