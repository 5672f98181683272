#include "libgeo/geometry/plan_cells.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace lode {

bool clip_line(PlanLine& line, const Footprint& place) {
  const double dx = line.bx - line.ax, dy = line.by - line.ay;
  double from = 0.0, to = 1.0;
  const auto within = [&](double delta, double room) {
    // delta * t <= room
    if (delta == 0.0) return room >= 0.0;
    const double t = room / delta;
    if (delta > 0.0)
      to = std::min(to, t);
    else
      from = std::max(from, t);
    return from < to;
  };
  if (!within(-dx, line.ax - place.x0) || !within(dx, place.x1 - line.ax) ||
      !within(-dy, line.ay - place.y0) || !within(dy, place.y1 - line.ay))
    return false;
  PlanLine part = line;
  if (from > 0.0) {
    part.ax = line.ax + from * dx;
    part.ay = line.ay + from * dy;
  }
  if (to < 1.0) {
    part.bx = line.ax + to * dx;
    part.by = line.ay + to * dy;
  }
  part.ax = std::clamp(part.ax, place.x0, place.x1);
  part.bx = std::clamp(part.bx, place.x0, place.x1);
  part.ay = std::clamp(part.ay, place.y0, place.y1);
  part.by = std::clamp(part.by, place.y0, place.y1);
  line = part;
  return line.ax != line.bx || line.ay != line.by;
}

namespace {

double height_at(const PlanLine& line, double x) {
  if (x <= line.ax) return line.ay;
  if (x >= line.bx) return line.by;
  return line.ay + (line.by - line.ay) * ((x - line.ax) / (line.bx - line.ax));
}

}  // namespace

void PlanCells::divide(const Footprint& place, const std::vector<PlanLine>& lines) {
  slabs_.clear();
  cells_.clear();
  ends_.assign({place.x0, place.x1});
  sorted_.clear();
  for (const PlanLine& line : lines) {
    ends_.push_back(line.ax);
    ends_.push_back(line.bx);
    if (line.ax < line.bx) sorted_.push_back(line);
  }
  std::sort(ends_.begin(), ends_.end());
  ends_.erase(std::unique(ends_.begin(), ends_.end()), ends_.end());
  std::sort(sorted_.begin(), sorted_.end(), [](const PlanLine& a, const PlanLine& b) {
    return std::tie(a.ax, a.ay, a.bx, a.by) < std::tie(b.ax, b.ay, b.bx, b.by);
  });
  sorted_.erase(std::unique(sorted_.begin(), sorted_.end(),
                            [](const PlanLine& a, const PlanLine& b) {
                              return std::tie(a.ax, a.ay, a.bx, a.by) ==
                                     std::tie(b.ax, b.ay, b.bx, b.by);
                            }),
                sorted_.end());
  active_.clear();
  std::size_t next = 0;
  const double tolerance = 1e-14 * (place.y1 - place.y0);
  for (std::size_t i = 0; i + 1 < ends_.size(); ++i) {
    const double from = ends_[i], to = ends_[i + 1];
    while (next < sorted_.size() && sorted_[next].ax <= from) active_.push_back(next++);
    std::erase_if(active_, [&](std::size_t l) { return sorted_[l].bx <= from; });
    across_.clear();
    for (const std::size_t l : active_)
      across_.push_back({height_at(sorted_[l], from), height_at(sorted_[l], to)});
    const auto by_middle = [](const Across& a, const Across& b) {
      return a.left_y + a.right_y < b.left_y + b.right_y;
    };
    std::sort(across_.begin(), across_.end(), by_middle);
    if (!find_crossings(from, to, tolerance)) {
      part_ = across_;
      add_slab(place, from, to);
      continue;
    }
    for (std::size_t c = 0; c <= crossings_.size(); ++c) {
      const double left = c == 0 ? from : crossings_[c - 1];
      const double right = c == crossings_.size() ? to : crossings_[c];
      const auto share = [&](const Across& a, double x) {
        return a.left_y + (a.right_y - a.left_y) * ((x - from) / (to - from));
      };
      part_.clear();
      for (const Across& a : across_) part_.push_back({share(a, left), share(a, right)});
      std::sort(part_.begin(), part_.end(), by_middle);
      add_slab(place, left, right);
    }
  }
}

// Where lines of a slab cross, rising; false where none does.
bool PlanCells::find_crossings(double from, double to, double tolerance) {
  bool any = false;
  for (std::size_t i = 0; i + 1 < across_.size() && !any; ++i)
    any = across_[i].left_y > across_[i + 1].left_y + tolerance ||
          across_[i].right_y > across_[i + 1].right_y + tolerance;
  if (!any) return false;
  crossings_.clear();
  for (std::size_t i = 0; i < across_.size(); ++i)
    for (std::size_t j = i + 1; j < across_.size(); ++j) {
      const double left = across_[i].left_y - across_[j].left_y;
      const double right = across_[i].right_y - across_[j].right_y;
      const bool crosses =
          (left > tolerance && right < -tolerance) || (left < -tolerance && right > tolerance);
      if (!crosses) continue;
      const double x = from + (to - from) * (left / (left - right));
      if (x > from && x < to) crossings_.push_back(x);
    }
  std::sort(crossings_.begin(), crossings_.end());
  crossings_.erase(std::unique(crossings_.begin(), crossings_.end()), crossings_.end());
  return !crossings_.empty();
}

void PlanCells::add_slab(const Footprint& place, double from, double to) {
  Across lower{place.y0, place.y0};
  for (const Across& upper : part_) {
    add_cells(from, to, lower, upper);
    lower = upper;
  }
  add_cells(from, to, lower, {place.y1, place.y1});
  slabs_.push_back({from + (to - from) / 2.0, cells_.size()});
}

void PlanCells::add_cells(double from, double to, const Across& lower, const Across& upper) {
  const double left = std::max(0.0, upper.left_y - lower.left_y);
  const double right = std::max(0.0, upper.right_y - lower.right_y);
  if (!(left + right > 0.0)) return;
  PlanCell cell;
  cell.area = (to - from) * (left + right) / 2.0;
  cell.x = from + (to - from) * ((left + 2.0 * right) / (3.0 * (left + right)));
  // Two triangles: one on the left side, one on the right side.
  const double left_centre = (lower.left_y + upper.left_y + upper.right_y) / 3.0;
  const double right_centre = (lower.left_y + lower.right_y + upper.right_y) / 3.0;
  cell.y = (left * left_centre + right * right_centre) / (left + right);
  cell.middle_y = (lower.left_y + lower.right_y + upper.left_y + upper.right_y) / 4.0;
  if (cell.area > 0.0) cells_.push_back(cell);
}

}  // namespace lode
