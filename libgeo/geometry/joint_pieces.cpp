#include "libgeo/geometry/joint_pieces.h"

#include <algorithm>

namespace lode {

void JointPieces::gather(const std::vector<JointPart>& parts, const Footprint& place, double z0,
                         double z1) {
  place_ = place;
  z0_ = z0;
  height_ = z1 - z0;
  triangles.clear();
  lines.clear();
  edges.clear();
  keys_.clear();
  for (std::uint32_t p = 0; p < parts.size(); ++p) {
    if (parts[p].body != nullptr)
      take_body(parts, p);
    else
      take_polygons(*parts[p].polygons, p);
  }
  take_edges(parts);
}

void JointPieces::add_line(PlanLine line, std::uint32_t part) {
  if (line.bx < line.ax || (line.bx == line.ax && line.by < line.ay))
    line = {line.bx, line.by, line.ax, line.ay};
  if (clip_line(line, {0.0, 0.0, place_.x1 - place_.x0, place_.y1 - place_.y0}))
    lines.push_back({line, part});
}

// The triangles of a body that stand over or under the block; those of a solid that lie below it
// say nothing about it.
void JointPieces::take_body(const std::vector<JointPart>& parts, std::uint32_t p) {
  const ColumnCutter& body = *parts[p].body;
  const TriangleMesh& mesh = body.mesh();
  const bool surface = parts[p].is_surface();
  body.near(place_, near_);
  for (const std::uint32_t index : near_) {
    const auto& ids = mesh.triangles[index];
    JointTriangle t;
    t.part = p;
    for (std::size_t c = 0; c < 3; ++c) {
      const JointVertex& v = mesh.vertices[ids[c]];
      t.at[c] = {v[0] - place_.x0, v[1] - place_.y0, v[2] - z0_};
    }
    t.low = std::min({t.at[0][2], t.at[1][2], t.at[2][2]});
    t.high = std::max({t.at[0][2], t.at[1][2], t.at[2][2]});
    t.in_range = t.high > 0.0 && t.low < height_ && parts[p].keeps != Keeps::footprint;
    if (!surface && t.high <= 0.0) continue;
    const auto number = static_cast<std::uint32_t>(triangles.size());
    if (t.in_range || surface)
      for (std::uint8_t c = 0; c < 3; ++c) {
        const auto [a, b] = std::minmax(ids[c], ids[(c + 1) % 3]);
        keys_.push_back({p, a, b, number, c});
      }
    const auto swap_if = [&](std::size_t i, std::size_t j) {
      if (!(t.at[j] < t.at[i])) return;
      std::swap(t.at[i], t.at[j]);
      t.even = !t.even;
    };
    swap_if(0, 1);
    swap_if(1, 2);
    swap_if(0, 1);
    t.box.x0 = t.at[0][0];
    t.box.x1 = t.at[2][0];
    t.box.y0 = std::min({t.at[0][1], t.at[1][1], t.at[2][1]});
    t.box.y1 = std::max({t.at[0][1], t.at[1][1], t.at[2][1]});
    const JointVertex &o = t.at[0], &u = t.at[1], &v = t.at[2];
    const double det = (u[0] - o[0]) * (v[1] - o[1]) - (u[1] - o[1]) * (v[0] - o[0]);
    t.has_slope = det != 0.0;
    if (t.has_slope) {
      t.slope_x = ((u[2] - o[2]) * (v[1] - o[1]) - (u[1] - o[1]) * (v[2] - o[2])) / det;
      t.slope_y = ((u[0] - o[0]) * (v[2] - o[2]) - (u[2] - o[2]) * (v[0] - o[0])) / det;
    }
    triangles.push_back(t);
    if (t.in_range) add_levels(t);
  }
}

// Where a triangle passes through the foot and the head of the block.
void JointPieces::add_levels(const JointTriangle& t) {
  for (const double level : {0.0, height_}) {
    if (!(t.low < level && t.high > level)) continue;
    std::array<std::array<double, 2>, 4> at{};
    std::size_t n = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      const JointVertex &a = t.at[c == 2 ? 0 : c], &b = t.at[c == 0 ? 1 : 2];
      if ((a[2] < level) == (b[2] < level)) continue;
      const double share = (level - a[2]) / (b[2] - a[2]);
      at[n++] = {a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])};
    }
    if (n == 2) add_line({at[0][0], at[0][1], at[1][0], at[1][1]}, t.part);
  }
}

// Each edge once. Of triangles out of range only the rim of a surface matters.
void JointPieces::take_edges(const std::vector<JointPart>& parts) {
  std::sort(keys_.begin(), keys_.end());
  for (std::size_t i = 0, end = 0; i < keys_.size(); i = end) {
    bool in_range = false;
    for (end = i; end < keys_.size() && keys_[end].same(keys_[i]); ++end)
      in_range = in_range || triangles[keys_[end].triangle].in_range;
    const EdgeKey& key = keys_[i];
    const bool rim = parts[key.part].is_surface() && end - i == 1;
    if (!in_range && !rim) continue;
    const TriangleMesh& mesh = parts[key.part].body->mesh();
    const JointVertex &a = mesh.vertices[key.a], &b = mesh.vertices[key.b];
    const bool above = a[2] - z0_ > height_ && b[2] - z0_ > height_;
    const bool below = a[2] - z0_ < 0.0 && b[2] - z0_ < 0.0;
    if (rim || !(above || below))
      add_line({a[0] - place_.x0, a[1] - place_.y0, b[0] - place_.x0, b[1] - place_.y0}, key.part);
  }
}

void JointPieces::take_polygons(const PlanCutter& polygons, std::uint32_t p) {
  polygons.near(place_, near_edges_);
  for (const PlanCutter::Edge& e : near_edges_) {
    const PlanLine line{e.ax - place_.x0, e.ay - place_.y0, e.bx - place_.x0, e.by - place_.y0};
    add_line(line, p);
    if (e.ax == e.bx) continue;
    if (e.bx < e.ax)
      edges.push_back({{line.bx, line.by, line.ax, line.ay}, p, 1});
    else
      edges.push_back({line, p, -1});
  }
}

}  // namespace lode
