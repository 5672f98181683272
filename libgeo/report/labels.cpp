// Label placement: first come first served in rank order, so that the best sites keep their names.
#include <algorithm>
#include <array>
#include <cmath>

#include "libgeo/report/map.h"

namespace lode::report {
namespace {

struct Candidate {
  double dx = 0.0, dy = 0.0;  ///< direction from the symbol
};
// Right first, as a reader expects, then left, above, below and the corners.
constexpr std::array<Candidate, 12> kDirections{{{1, 0},
                                                 {0.8, -0.6},
                                                 {0.8, 0.6},
                                                 {-1, 0},
                                                 {-0.8, -0.6},
                                                 {-0.8, 0.6},
                                                 {0, -1},
                                                 {0, 1},
                                                 {0.45, -0.9},
                                                 {0.45, 0.9},
                                                 {-0.45, -0.9},
                                                 {-0.45, 0.9}}};
constexpr std::array<double, 7> kDistances{4.0, 16.0, 30.0, 46.0, 64.0, 86.0, 112.0};

bool disc_meets(const Disc& disc, const Box& box) {
  const double dx = disc.centre.x - std::clamp(disc.centre.x, box.min_x, box.max_x);
  const double dy = disc.centre.y - std::clamp(disc.centre.y, box.min_y, box.max_y);
  return dx * dx + dy * dy < disc.radius * disc.radius;
}

/// True when the segment passes through the box (sampled finely enough for text boxes).
bool segment_meets(Point a, Point b, const Box& box) {
  for (int i = 0; i <= 24; ++i) {
    const double t = i / 24.0;
    const Point p{a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t};
    if (p.x >= box.min_x && p.x <= box.max_x && p.y >= box.min_y && p.y <= box.max_y) return true;
  }
  return false;
}

double cross(Point a, Point b, Point c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}
bool segments_cross(Point a, Point b, Point c, Point d) {
  return cross(a, b, c) * cross(a, b, d) < 0.0 && cross(c, d, a) * cross(c, d, b) < 0.0;
}

struct Leader {
  Point from, to;
};

struct Sheet {
  const std::vector<Disc>& symbols;
  double width_px, height_px;
  std::vector<Box> taken;
  std::vector<Leader> leaders;

  [[nodiscard]] bool is_free(const Box& box, const Leader* leader, Point own) const {
    if (box.min_x < 3.0 || box.min_y < 3.0 || box.max_x > width_px - 3.0 ||
        box.max_y > height_px - 3.0)
      return false;
    for (const auto& other : taken) {
      if (box.meets(other)) return false;
      if (leader && segment_meets(leader->from, leader->to, other)) return false;
    }
    for (const auto& other : leaders) {
      if (segment_meets(other.from, other.to, box)) return false;
      if (leader && segments_cross(leader->from, leader->to, other.from, other.to)) return false;
    }
    for (const auto& disc : symbols) {
      if (disc_meets(disc, box)) return false;
      if (!leader || disc.centre == own) continue;
      const Box near{disc.centre.x - disc.radius * 0.7, disc.centre.y - disc.radius * 0.7,
                     disc.centre.x + disc.radius * 0.7, disc.centre.y + disc.radius * 0.7};
      if (disc.radius > 5.0 && segment_meets(leader->from, leader->to, near)) return false;
    }
    return true;
  }
};

}  // namespace

std::vector<PlacedLabel> place_labels(const std::vector<MapLabel>& labels,
                                      const std::vector<Disc>& symbols, double width_px,
                                      double height_px, double size_px) {
  std::vector<PlacedLabel> placed(labels.size());
  Sheet sheet{symbols, width_px, height_px, {}, {}};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto& label = labels[i];
    const double width = text_width(label.words, size_px, label.bold);
    const double height = size_px * 1.16;
    for (const double distance : kDistances) {
      for (const auto& direction : kDirections) {
        const double reach = label.radius + distance;
        const Point near{label.at.x + direction.dx * reach, label.at.y + direction.dy * reach};
        const double left = direction.dx > 0.3    ? near.x
                            : direction.dx < -0.3 ? near.x - width
                                                  : near.x - width / 2.0;
        const double top = direction.dy < -0.7  ? near.y - height
                           : direction.dy > 0.7 ? near.y
                                                : near.y - height / 2.0;
        const Box box{left - 1.5, top, left + width + 1.5, top + height};
        const bool with_leader = distance > kDistances.front();
        const Leader leader{
            {label.at.x + direction.dx * label.radius, label.at.y + direction.dy * label.radius},
            {label.at.x + direction.dx * (reach - 2.0), label.at.y + direction.dy * (reach - 2.0)}};
        if (!sheet.is_free(box, with_leader ? &leader : nullptr, label.at)) continue;
        auto& result = placed[i];
        result.placed = true;
        // Anchored on the symbol's side, so that a face of another width moves away from it.
        result.anchor = direction.dx > 0.3    ? Anchor::start
                        : direction.dx < -0.3 ? Anchor::end
                                              : Anchor::middle;
        result.text = {result.anchor == Anchor::start ? left
                       : result.anchor == Anchor::end ? left + width
                                                      : left + width / 2.0,
                       top + height * 0.79};
        result.leader = with_leader;
        result.leader_end = leader.to;
        sheet.taken.push_back(box);
        if (with_leader) sheet.leaders.push_back(leader);
        break;
      }
      if (placed[i].placed) break;
    }
  }
  return placed;
}

}  // namespace lode::report
