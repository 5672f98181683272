// Interval arithmetic of lines and circles against stadia (Minkowski sums of segments and discs).
#include "libgeo/environment/near_ground_cuts.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lode {
namespace {

constexpr double kPi = std::numbers::pi;
/// Nearer to tangent than this share of the radius, curves are taken to coincide.
constexpr double kTie = 1e-9;

double dot(Point a, Point b) {
  return a.x * b.x + a.y * b.y;
}
double cross(Point a, Point b) {
  return a.x * b.y - a.y * b.x;
}
Point minus(Point a, Point b) {
  return {a.x - b.x, a.y - b.y};
}

void widen(std::optional<NearCut>& cut, const NearCut& by) {
  if (!cut) {
    cut = by;
    return;
  }
  if (by.begin < cut->begin) cut->begin = by.begin, cut->begin_at = by.begin_at;
  if (by.end > cut->end) cut->end = by.end, cut->end_at = by.end_at;
}

double wrapped(double angle) {
  return angle - 2.0 * kPi * std::round(angle / (2.0 * kPi));
}

/// Where value(t) = at + slope * t lies within low..high.
bool within(double at, double slope, double low, double high, double& begin, double& end,
            bool& rising) {
  rising = slope > 0.0;
  if (slope == 0.0) {
    begin = -1e300, end = 1e300;
    return at > low && at < high;
  }
  const double t0 = (low - at) / slope, t1 = (high - at) / slope;
  begin = std::min(t0, t1), end = std::max(t0, t1);
  return true;
}

}  // namespace

BesideLine NearCuts::beside(const NearEdge& edge, bool left) const {
  BesideLine out;
  out.edge = edge.id;
  out.from = left ? edge.to : edge.from;
  out.to = left ? edge.from : edge.to;
  out.name = 2 * edge.id + (left ? 1 : 0);
  out.along = left ? Point{-edge.along.x, -edge.along.y} : edge.along;
  out.outward = {out.along.y, -out.along.x};
  const Point origin = left ? edge.b : edge.a;
  out.start = {origin.x + d_ * out.outward.x, origin.y + d_ * out.outward.y};
  out.length = edge.length;
  return out;
}

void NearCuts::disc_on_line(const BesideLine& line, Point centre, std::uint32_t node,
                            std::optional<NearCut>& cut) const {
  // The circle about the line's own node touches it there and takes nothing.
  if (node == line.from || node == line.to) return;
  const Point gap = minus(line.start, centre);
  const double off = std::abs(cross(gap, line.along));
  const double square = (d_ - off) * (d_ + off);
  if (square <= 0.0) return;
  const double half = std::sqrt(square), middle = -dot(gap, line.along);
  widen(cut, {middle - half, middle + half, circle(node), circle(node)});
}

void NearCuts::band_on_line(const BesideLine& line, const NearEdge& other,
                            std::optional<NearCut>& cut) const {
  const Point gap = minus(line.start, other.a);
  const double s0 = dot(gap, other.along), s1 = dot(line.along, other.along);
  const double v0 = cross(other.along, gap), v1 = cross(other.along, line.along);
  double begin = 0.0, end = 0.0, low = 0.0, high = 0.0;
  bool forward = false, leftward = false;
  if (!within(s0, s1, 0.0, other.length, begin, end, forward)) return;
  NearCut band{begin, end, circle(forward ? other.from : other.to),
               circle(forward ? other.to : other.from)};
  if (std::abs(v1) < 1e-12) {
    // Beside one another: the same line twice counts once, one against another bounds nothing.
    const double inside = d_ - std::abs(v0);
    if (inside < -kTie * d_) return;
    if (inside <= kTie * d_) {
      const Point left{-other.along.y, other.along.x};
      const bool same = (v0 > 0.0 ? 1.0 : -1.0) * dot(line.outward, left) > 0.0;
      if (same && other.id > line.edge) return;
    }
  } else {
    static_cast<void>(within(v0, v1, -d_, d_, low, high, leftward));
    const NearCurve right_name = 2 * other.id, left_name = 2 * other.id + 1;
    if (low > band.begin) band.begin = low, band.begin_at = leftward ? right_name : left_name;
    if (high < band.end) band.end = high, band.end_at = leftward ? left_name : right_name;
  }
  if (band.begin < band.end) widen(cut, band);
}

std::optional<NearCut> NearCuts::of_line(const BesideLine& line, const NearEdge& other) const {
  std::optional<NearCut> cut;
  disc_on_line(line, other.a, other.from, cut);
  if (other.length > 0.0) {
    disc_on_line(line, other.b, other.to, cut);
    band_on_line(line, other, cut);
  }
  if (cut && cut->end - cut->begin < kTie * d_) cut.reset();
  return cut;
}

std::optional<NearCut> NearCuts::of_circle(Point centre, const NearEdge& other) const {
  const Point gap = minus(centre, other.a);
  const double s = dot(gap, other.along);
  const double on = std::clamp(s, 0.0, other.length);
  const Point nearest{other.a.x + on * other.along.x, other.a.y + on * other.along.y};
  const Point to = minus(nearest, centre);
  const double distance2 = dot(to, to);
  if (distance2 >= 4.0 * d_ * d_) return std::nullopt;
  if (distance2 < kTie * kTie * d_ * d_) return NearCut{-kPi, kPi, kNoCurve, kNoCurve};
  const double towards = std::atan2(to.y, to.x);
  NearCut cut{1e300, -1e300, kNoCurve, kNoCurve};
  const auto take = [&](double low, double high, NearCurve name) {
    if (low < cut.begin) cut.begin = low, cut.begin_at = name;
    if (high > cut.end) cut.end = high, cut.end_at = name;
  };
  const auto disc = [&](Point p, std::uint32_t node) {
    const Point way = minus(p, centre);
    const double square = dot(way, way);
    if (square >= 4.0 * d_ * d_) return;
    const double middle = wrapped(std::atan2(way.y, way.x) - towards);
    const double half = std::acos(std::sqrt(square) / (2.0 * d_));
    take(middle - half, middle + half, circle(node));
  };
  disc(other.a, other.from);
  if (other.length > 0.0) {
    disc(other.b, other.to);
    const double off = cross(other.along, gap);
    const double y = 1.0 - std::abs(off) / d_;
    if (y > -1.0) {
      const bool left = off > 0.0;
      const double x = std::sqrt(std::max(0.0, (1.0 - y) * (1.0 + y)));
      const Point normal =
          left ? Point{-other.along.y, other.along.x} : Point{other.along.y, -other.along.x};
      for (const double side : {-x, x}) {
        const double at = s + d_ * side;
        if (at < 0.0 || at > other.length) continue;
        const double angle = wrapped(
            std::atan2(normal.y * y + other.along.y * side, normal.x * y + other.along.x * side) -
            towards);
        take(angle, angle, 2 * other.id + (left ? 1u : 0u));
      }
    }
  }
  if (!(cut.end - cut.begin > kTie)) return std::nullopt;
  cut.begin += towards;
  cut.end += towards;
  return cut;
}

std::vector<NearCut> left_over(std::vector<NearCut>& cuts, double length, NearCurve first,
                               NearCurve last, double least) {
  std::sort(cuts.begin(), cuts.end(), [](const NearCut& a, const NearCut& b) {
    return a.begin < b.begin || (a.begin == b.begin && a.end < b.end);
  });
  std::vector<NearCut> out;
  double at = 0.0;
  NearCurve from = first;
  for (const NearCut& cut : cuts) {
    if (cut.end <= 0.0) continue;
    if (cut.begin >= length) break;
    if (cut.begin > at + least) out.push_back({at, cut.begin, from, cut.begin_at});
    if (cut.end > at) at = cut.end, from = cut.end_at;
  }
  if (at < length - least) out.push_back({at, length, from, last});
  return out;
}

}  // namespace lode
