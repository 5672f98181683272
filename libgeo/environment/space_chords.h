// Boxes, chords and their least distances in earth-centred space, for `near_index`.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "libgeo/geometry/geometry.h"

namespace lode::space {

using Xyz = std::array<double, 3>;
inline constexpr double kRadius = 6356752.0;  ///< the least of the Earth's

inline Xyz minus(const Xyz& a, const Xyz& b) {
  return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}
inline double dot(const Xyz& a, const Xyz& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
inline double clamp01(double t) {
  return t < 0.0 ? 0.0 : (t > 1.0 ? 1.0 : t);
}

/// How far the middle of a geodesic lies above its chord.
inline double sagitta(double chord) {
  return chord * chord / (8.0 * kRadius);
}

struct ChordBox {
  Xyz low{1e308, 1e308, 1e308}, high{-1e308, -1e308, -1e308};
  void add(const Xyz& p) {
    for (int k = 0; k < 3; ++k) low[k] = std::min(low[k], p[k]), high[k] = std::max(high[k], p[k]);
  }
  void add(const ChordBox& b) {
    add(b.low);
    add(b.high);
  }
  [[nodiscard]] double distance(const Xyz& p) const {
    double sum = 0.0;
    for (int k = 0; k < 3; ++k) {
      const double d = std::max({low[k] - p[k], 0.0, p[k] - high[k]});
      sum += d * d;
    }
    return std::sqrt(sum);
  }
  [[nodiscard]] double distance(const ChordBox& b) const {
    double sum = 0.0;
    for (int k = 0; k < 3; ++k) {
      const double d = std::max({low[k] - b.high[k], 0.0, b.low[k] - high[k]});
      sum += d * d;
    }
    return std::sqrt(sum);
  }
};

struct ClosestApproach {
  double distance = 0.0;
  double s = 0.0;  ///< place on the first segment, 0 to 1
};

inline double point_to_chord(const Xyz& p, const Xyz& a, const Xyz& b) {
  const Xyz d = minus(b, a), r = minus(p, a);
  const double square = dot(d, d);
  const double t = square > 0.0 ? clamp01(dot(r, d) / square) : 0.0;
  const Xyz gap{r[0] - t * d[0], r[1] - t * d[1], r[2] - t * d[2]};
  return std::sqrt(dot(gap, gap));
}

/// ClosestApproach approach of two segments in space (Ericson 2005, Real-Time Collision
/// Detection, 5.1.9).
inline ClosestApproach closest(const Xyz& p1, const Xyz& q1, const Xyz& p2, const Xyz& q2) {
  const Xyz d1 = minus(q1, p1), d2 = minus(q2, p2), r = minus(p1, p2);
  const double a = dot(d1, d1), e = dot(d2, d2), f = dot(d2, r);
  double s = 0.0, t = 0.0;
  if (a <= 0.0 && e <= 0.0) {
    s = t = 0.0;
  } else if (a <= 0.0) {
    t = clamp01(f / e);
  } else {
    const double c = dot(d1, r);
    if (e <= 0.0) {
      s = clamp01(-c / a);
    } else {
      const double b = dot(d1, d2);
      const double denominator = a * e - b * b;
      s = denominator > 0.0 ? clamp01((b * f - c * e) / denominator) : 0.0;
      t = (b * s + f) / e;
      if (t < 0.0) {
        t = 0.0;
        s = clamp01(-c / a);
      } else if (t > 1.0) {
        t = 1.0;
        s = clamp01((b - c) / a);
      }
    }
  }
  Xyz gap;
  for (int k = 0; k < 3; ++k) gap[k] = r[k] + s * d1[k] - t * d2[k];
  return {std::sqrt(dot(gap, gap)), s};
}

inline double cross(Point o, Point a, Point b) {
  return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

inline double to_segment(Point p, Point a, Point b) {
  const double dx = b.x - a.x, dy = b.y - a.y;
  const double square = dx * dx + dy * dy;
  const double t = square > 0.0 ? clamp01(((p.x - a.x) * dx + (p.y - a.y) * dy) / square) : 0.0;
  return std::hypot(a.x + t * dx - p.x, a.y + t * dy - p.y);
}

/// Planar distance of two segments, 0 when they cross.
inline double planar_distance(Point a, Point b, Point c, Point d) {
  const double c1 = cross(a, b, c), c2 = cross(a, b, d), c3 = cross(c, d, a), c4 = cross(c, d, b);
  const bool astride =
      ((c1 > 0 && c2 < 0) || (c1 < 0 && c2 > 0)) && ((c3 > 0 && c4 < 0) || (c3 < 0 && c4 > 0));
  if (astride) return 0.0;
  return std::min(std::min(to_segment(a, c, d), to_segment(b, c, d)),
                  std::min(to_segment(c, a, b), to_segment(d, a, b)));
}

}  // namespace lode::space
