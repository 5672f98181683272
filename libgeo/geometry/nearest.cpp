// Nearest places of two geometries: a bound on chords in space first, then geodesics.
#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

#include "libgeo/core/error.h"
#include "libgeo/geometry/nearest_ready.h"

namespace lode {
namespace {

using Impl = NearestReady::Impl;

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double touching_m = 1e-6;
constexpr double radius_m = 6371e3;

struct Shares {
  double s = 0.0, t = 0.0;
  double distance = 0.0;
};

/// Nearest shares of two chords (Ericson 2005, "Real-time collision detection", 5.1.9).
Shares nearest_on_chords(const Piece& p, const Piece& q) {
  const Space d1 = p.b - p.a, d2 = q.b - q.a, r = p.a - q.a;
  const double a = dot(d1, d1), e = dot(d2, d2), f = dot(d2, r), c = dot(d1, r), b = dot(d1, d2);
  Shares out;
  const auto unit = [](double v) { return std::clamp(v, 0.0, 1.0); };
  if (a == 0.0 && e == 0.0) {
  } else if (a == 0.0) {
    out.t = unit(f / e);
  } else if (e == 0.0) {
    out.s = unit(-c / a);
  } else {
    const double denominator = a * e - b * b;
    out.s = denominator > 1e-14 * a * e ? unit((b * f - c * e) / denominator) : 0.0;
    out.t = (b * out.s + f) / e;
    if (out.t < 0.0 || out.t > 1.0) {
      out.t = unit(out.t);
      out.s = unit((b * out.t - c) / a);
    }
  }
  out.distance = norm((p.a + out.s * d1) - (q.a + out.t * d2));
  return out;
}

struct Candidate {
  double chord = 0.0;
  double bound = 0.0;  ///< no place of the two pieces is nearer in space
  std::uint32_t p = 0, q = 0;
};

class Search {
 public:
  Search(const Impl& a, const Impl& b, double within_m) : a_(a), b_(b), within_(within_m) {
    best_.distance_m = infinite;
    best_chord_ = within_m;
  }

  Nearest run() {
    if (contained()) return best_;
    collect();
    std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& x, const Candidate& y) {
      return std::tie(x.bound, x.chord, x.p, x.q) < std::tie(y.bound, y.chord, y.p, y.q);
    });
    for (const Candidate& c : candidates_) {
      if (c.bound > reach() || best_.distance_m == 0.0) continue;
      refine(a_.pieces[c.p], b_.pieces[c.q]);
    }
    if (found_) {
      best_.on_a = a_.place_of(on_a_);
      best_.on_b = b_.place_of(on_b_);
    }
    if (best_.distance_m < touching_m) best_.distance_m = 0.0;
    if (best_.distance_m > within_) best_.distance_m = infinite;
    return best_;
  }

 private:
  /// A chord longer than this cannot belong to the nearest pair. Chords order as geodesics do but
  /// for the ellipsoid: curvature changes by 1 % over directions and latitudes, and the excess of
  /// an arc over its chord is k2/24R2 of it.
  [[nodiscard]] double margin(double chord) const {
    if (a_.planar || std::isinf(chord)) return 0.0;
    const double k = chord / radius_m;
    const double likeness = std::min(1.0, 4.0 * extent_ / std::max(chord, 1.0));
    return chord * 0.03 * k * k / 24.0 * (k > 1.0 ? 4.0 : 1.0) * likeness + 1e-8;
  }
  [[nodiscard]] double reach() const { return best_chord_ + margin(best_chord_); }

  bool contained() {
    const auto check = [&](const Impl& holder, const Impl& held) {
      if (holder.geometry.polygons.empty()) return false;
      for (const auto& [place, degrees] : held.firsts) {
        if (!holder.holds(place, degrees)) continue;
        best_ = {0.0, place, place};
        return true;
      }
      return false;
    };
    return check(a_, b_) || check(b_, a_);
  }

  /// Pairs of pieces that may hold the nearest places, by descending both trees at once.
  void collect() {
    const auto diagonal = [](const Impl& g) {
      const SpaceBox& box = g.levels.back().front().box;
      return norm(box.high - box.low);
    };
    extent_ = diagonal(a_) + diagonal(b_);
    descend(static_cast<int>(a_.levels.size()) - 1, 0, static_cast<int>(b_.levels.size()) - 1, 0);
  }

  struct Pair {
    double bound;
    std::uint32_t i, j;
  };

  void descend(int level_a, std::uint32_t i, int level_b, std::uint32_t j) {
    const Impl::Node& n = a_.levels[static_cast<std::size_t>(level_a)][i];
    const Impl::Node& m = b_.levels[static_cast<std::size_t>(level_b)][j];
    if (distance(n.box, m.box) - n.gap - m.gap > reach()) return;
    if (level_a == 0 && level_b == 0) return meet(n, m);
    // Open the larger of the two, nearer children first.
    const bool open_a = level_b == 0 || (level_a > 0 && norm(n.box.high - n.box.low) >=
                                                            norm(m.box.high - m.box.low));
    const Impl::Node& opened = open_a ? n : m;
    std::array<Pair, 8> children{};
    for (std::uint32_t k = 0; k < opened.count; ++k) {
      const std::uint32_t child = opened.first + k;
      const auto below = static_cast<std::size_t>((open_a ? level_a : level_b) - 1);
      const Impl::Node& c = open_a ? a_.levels[below][child] : b_.levels[below][child];
      const Impl::Node& other = open_a ? m : n;
      children[k] = {distance(c.box, other.box) - c.gap - other.gap, open_a ? child : i,
                     open_a ? j : child};
    }
    for (std::uint32_t k = 1; k < opened.count; ++k)  // a handful: by insertion
      for (std::uint32_t l = k; l > 0 && children[l].bound < children[l - 1].bound; --l)
        std::swap(children[l], children[l - 1]);
    for (std::uint32_t k = 0; k < opened.count; ++k)
      if (children[k].bound <= reach())
        descend(level_a - (open_a ? 1 : 0), children[k].i, level_b - (open_a ? 0 : 1),
                children[k].j);
  }

  void meet(const Impl::Node& n, const Impl::Node& m) {
    for (std::uint32_t i = n.first; i < n.first + n.count; ++i) {
      for (std::uint32_t j = m.first; j < m.first + m.count; ++j) {
        const Piece& p = a_.pieces[i];
        const Piece& q = b_.pieces[j];
        const double chord = nearest_on_chords(p, q).distance;
        const double bound = chord - p.gap - q.gap;
        if (bound > reach()) continue;
        candidates_.push_back({chord, bound, i, j});
        best_chord_ = std::min(best_chord_, chord + p.gap + q.gap);
      }
    }
    if (candidates_.size() > 4096)
      std::erase_if(candidates_, [&](const Candidate& c) { return c.bound > reach(); });
  }

  void offer(const Impl::At& x, const Impl::At& y) {
    const double chord = norm(x.space - y.space);
    if (!a_.planar && chord > best_.distance_m) return;
    const double d = a_.planar ? chord : a_.geodesic.distance_m(x.degrees, y.degrees);
    best_chord_ = std::min(best_chord_, chord);
    if (d < best_.distance_m) take(d, x, y);
  }

  void take(double d, const Impl::At& x, const Impl::At& y) {
    best_.distance_m = d;
    on_a_ = x;
    on_b_ = y;
    found_ = true;
  }

  /// A piece with its edge ready to be walked along.
  struct Curve {
    Curve(const Impl& of_, const Piece& piece_)
        : of(of_), piece(piece_), walk(of_.walk(piece_.edge)), chord(norm(piece_.b - piece_.a)) {}
    [[nodiscard]] Impl::At at(double share) const { return of.at(walk, share); }
    [[nodiscard]] double share(double part) const {
      return piece.from + part * (piece.to - piece.from);
    }
    [[nodiscard]] bool is_point() const { return piece.gap == 0.0 && chord == 0.0; }
    const Impl& of;
    const Piece& piece;
    Impl::Walk walk;
    double chord;
  };

  void refine(const Piece& piece_a, const Piece& piece_b) {
    const Shares first = nearest_on_chords(piece_a, piece_b);
    const Curve p(a_, piece_a), q(b_, piece_b);
    double s = p.share(first.s), t = q.share(first.t);
    if (a_.planar || (p.is_point() && q.is_point())) return offer(p.at(s), q.at(t));
    if (p.is_point()) {
      const Impl::At x = p.at(s);
      return offer(x, foot(q, x.space, t));
    }
    if (q.is_point()) {
      const Impl::At y = q.at(t);
      return offer(foot(p, y.space, s), y);
    }
    if (first.distance <= p.piece.gap + q.piece.gap + 1e-3 && crossing(p, q, s, t)) return;
    ends_to(p, q);
    // Bent edges may be nearest between their ends: from one foot to the other.
    Impl::At x = p.at(s);
    for (int i = 0; i < (a_.edges == Edges::straight ? 3 : 1); ++i) {
      const Impl::At y = foot(q, x.space, t);
      x = foot(p, y.space, s);
      offer(x, y);
    }
  }

  /// The four ends against the other piece: straight lines that do not cross are nearest at an end.
  void ends_to(const Curve& p, const Curve& q) {
    for (const bool last : {false, true}) {
      const Space x = last ? p.piece.b : p.piece.a;
      const Shares near = nearest_on_chords({x, x, 0.0, 0.0, 0.0, 0}, q.piece);
      if (near.distance - q.piece.gap > reach()) continue;
      double t = q.share(near.t);
      const Impl::At y = foot(q, x, t);
      offer(p.at(last ? p.piece.to : p.piece.from), y);
    }
    for (const bool last : {false, true}) {
      const Space y = last ? q.piece.b : q.piece.a;
      const Shares near = nearest_on_chords(p.piece, {y, y, 0.0, 0.0, 0.0, 0});
      if (near.distance - p.piece.gap > reach()) continue;
      double s = p.share(near.s);
      const Impl::At x = foot(p, y, s);
      offer(x, q.at(last ? q.piece.to : q.piece.from));
    }
  }

  /// True when the foot on the chord is that on the curve to 1e-4 of the distance, which changes
  /// the distance by 5e-9: the curve turns from its chord by 4 gap / length, but a geodesic only
  /// downwards, where it matters by the place's own depth d2/2R below the chord.
  static bool chord_will_do(const Curve& curve, double distance) {
    constexpr double r2 = radius_m * radius_m;
    const double l = curve.chord;
    if (curve.of.edges == Edges::straight) return 4.0 * curve.piece.gap <= 1e-4 * l;
    return distance * l / (4.0 * r2) + l * l * l / (8.0 * r2 * std::max(distance, 1e-9)) <= 1e-4;
  }

  /// The place of a curve nearest to a point in space: the vertex of the parabola through three
  /// squared distances, which are nearly quadratic along the curve; repeated closer in.
  static Impl::At foot(const Curve& curve, Space from, double& share) {
    const Piece& piece = curve.piece;
    const double span = piece.to - piece.from;
    Impl::At best = curve.at(share);
    if (span <= 0.0 || chord_will_do(curve, norm(best.space - from))) return best;
    const auto squared = [&](const Impl::At& at) {
      const Space d = at.space - from;
      return dot(d, d);
    };
    double step = 0.25 * span;
    for (int i = 0; i < 6; ++i) {
      const double low = std::max(piece.from, share - step);
      const double high = std::min(piece.to, share + step);
      const double mid = 0.5 * (low + high), half = 0.5 * (high - low);
      if (half <= 0.0) break;
      const double f0 = squared(curve.at(low)), f2 = squared(curve.at(high));
      const double f1 = squared(mid == share ? best : curve.at(mid));
      const double bend = f0 - 2.0 * f1 + f2;
      const double next = bend > 0.0 ? std::clamp(mid + 0.5 * half * (f0 - f2) / bend, low, high)
                                     : (f0 < f2 ? low : high);
      const double moved = std::abs(next - share);
      const Impl::At there = curve.at(next);
      const double before = squared(best);
      if (squared(there) <= before) {
        best = there;
        share = next;
      }
      if (moved / span * curve.chord < 1e-5 * std::sqrt(before) + 1e-7) break;
      step = std::clamp(2.0 * moved, 1e-3 * step, 0.5 * step);
    }
    return best;
  }

  /// Follows the tangents of both curves to their crossing. The answer is 0 when it lies on both.
  bool crossing(const Curve& p, const Curve& q, double s, double t) {
    const auto slack = [](const Curve& c) {
      return touching_m / std::max(c.chord, 1e-9) * (c.piece.to - c.piece.from);
    };
    const double slack_p = slack(p), slack_q = slack(q);
    for (int i = 0; i < 12; ++i) {
      const Impl::At x = p.at(s), y = q.at(t);
      const Space gap = y.space - x.space;
      if (norm(gap) < touching_m) {
        take(0.0, x, y);
        return true;
      }
      const Space d1 = tangent(p, s), d2 = tangent(q, t);
      const double a = dot(d1, d1), e = dot(d2, d2), b = dot(d1, d2);
      const double denominator = a * e - b * b;
      if (denominator < 1e-12 * a * e) return false;
      const double ds = (dot(gap, d1) * e - dot(gap, d2) * b) / denominator;
      const double dt = (dot(gap, d1) * b - dot(gap, d2) * a) / denominator;
      const double next_s = std::clamp(s + ds, p.piece.from - slack_p, p.piece.to + slack_p);
      const double next_t = std::clamp(t + dt, q.piece.from - slack_q, q.piece.to + slack_q);
      if (next_s == s && next_t == t) return false;
      s = next_s;
      t = next_t;
    }
    return false;
  }

  /// Change of the place in space with the share, from places about 10 m (or a hundredth) apart.
  static Space tangent(const Curve& curve, double share) {
    const double span = curve.piece.to - curve.piece.from;
    const double step = span * std::min(0.01, 10.0 / std::max(curve.chord, 1e-6));
    const double low = std::max(0.0, share - step), high = std::min(1.0, share + step);
    return (1.0 / (high - low)) * (curve.at(high).space - curve.at(low).space);
  }

  const Impl& a_;
  const Impl& b_;
  double within_;
  double extent_ = 0.0;
  double best_chord_ = infinite;
  Nearest best_;
  Impl::At on_a_, on_b_;  ///< of the best, when `found_`
  bool found_ = false;
  std::vector<Candidate> candidates_;
};

}  // namespace

Nearest nearest(const NearestReady& a, const NearestReady& b, double within_m) {
  if (!(a.impl->crs == b.impl->crs) || a.impl->edges != b.impl->edges)
    throw Error("crs.mixed", "a distance needs one CRS and one kind of edges, not " +
                                 a.impl->crs.label() + " and " + b.impl->crs.label());
  if (a.impl->pieces.empty() || b.impl->pieces.empty()) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    return {nan, {nan, nan}, {nan, nan}};
  }
  return Search(*a.impl, *b.impl, within_m).run();
}

Nearest nearest(const Geometry& a, const Geometry& b, const Crs& crs, Edges edges) {
  return nearest(NearestReady(a, crs, edges), NearestReady(b, crs, edges));
}

}  // namespace lode
