// Ends are matched with beginnings by the pair of curves they lie on, the rest by place.
#include "libgeo/environment/near_ground_rings.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "libgeo/geometry/overlay.h"
#include "libgeo/geometry/wrap.h"

namespace lode {
namespace {

constexpr double kMetresPerDegree = 111195.0;
constexpr std::uint32_t kNone = 0xffffffffu;

class Joiner {
 public:
  Joiner(const std::vector<OutlinePiece>& pieces, const std::vector<Path>& vertices,
         const JoinOptions& options)
      : pieces_(pieces), vertices_(vertices), options_(options), next_(pieces.size(), kNone) {}

  std::optional<Geometry> run() {
    link_by_name();
    options_.stop.check();
    if (!link_by_place()) return std::nullopt;
    std::vector<Ring> rings = trace();
    return nest(rings);
  }

 private:
  struct Ring {
    Path path;
    std::uint32_t body = 0;
    bool winds = false;  ///< around a pole
    double area = 0.0;
  };

  [[nodiscard]] Point begin_of(std::size_t i) const {
    return vertices_[pieces_[i].block][pieces_[i].first];
  }
  [[nodiscard]] double apart_m(Point a, Point b) const {
    if (options_.planar) return std::hypot(a.x - b.x, a.y - b.y);
    const double east = (longitude_near(b.x, a.x) - a.x) * std::cos(a.y * std::numbers::pi / 180.0);
    return kMetresPerDegree * std::sqrt(east * east + (b.y - a.y) * (b.y - a.y));
  }

  void link_by_name() {
    struct Named {
      std::uint64_t key;
      std::uint32_t piece;
    };
    const auto key = [](NearCurve from, NearCurve to) {
      return static_cast<std::uint64_t>(from) << 32 | to;
    };
    std::vector<Named> begins, ends;
    for (std::uint32_t i = 0; i < pieces_.size(); ++i) {
      const OutlinePiece& p = pieces_[i];
      if (p.before != kNoCurve) begins.push_back({key(p.before, p.curve), i});
      if (p.after != kNoCurve) ends.push_back({key(p.curve, p.after), i});
    }
    const auto order = [](const Named& a, const Named& b) {
      return a.key < b.key || (a.key == b.key && a.piece < b.piece);
    };
    std::sort(begins.begin(), begins.end(), order);
    std::sort(ends.begin(), ends.end(), order);
    taken_.assign(pieces_.size(), false);
    std::size_t b = 0;
    for (std::size_t e = 0; e < ends.size();) {
      std::size_t e_end = e;
      while (e_end < ends.size() && ends[e_end].key == ends[e].key) ++e_end;
      while (b < begins.size() && begins[b].key < ends[e].key) ++b;
      std::size_t b_end = b;
      while (b_end < begins.size() && begins[b_end].key == ends[e].key) ++b_end;
      if (e_end - e == 1 && b_end - b == 1 &&
          apart_m(pieces_[ends[e].piece].end, begin_of(begins[b].piece)) <=
              100.0 * options_.apart_m) {
        next_[ends[e].piece] = begins[b].piece;
        taken_[begins[b].piece] = true;
      }
      e = e_end;
      b = b_end;
    }
  }

  /// The few whose names do not match (curves that all but touch) go to the nearest beginning.
  bool link_by_place() {
    std::vector<std::uint32_t> begins;
    for (std::uint32_t i = 0; i < pieces_.size(); ++i)
      if (!taken_[i]) begins.push_back(i);
    const auto order = [&](std::uint32_t a, std::uint32_t b) {
      const double ya = begin_of(a).y, yb = begin_of(b).y;
      return ya < yb || (ya == yb && a < b);
    };
    std::sort(begins.begin(), begins.end(), order);
    struct Match {
      double apart;
      std::uint32_t end, begin;
    };
    std::vector<Match> matches;
    const double reach =
        options_.planar ? options_.apart_m : options_.apart_m / (0.99 * kMetresPerDegree);
    std::size_t open = 0;
    for (std::uint32_t i = 0; i < pieces_.size(); ++i) {
      if (next_[i] != kNone) continue;
      ++open;
      const Point end = pieces_[i].end;
      auto at = std::lower_bound(begins.begin(), begins.end(), end.y - reach,
                                 [&](std::uint32_t b, double y) { return begin_of(b).y < y; });
      for (; at != begins.end() && begin_of(*at).y <= end.y + reach; ++at) {
        const double apart = apart_m(end, begin_of(*at));
        if (apart <= options_.apart_m) matches.push_back({apart, i, *at});
      }
    }
    if (open != begins.size()) return false;
    std::sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) {
      if (a.apart != b.apart) return a.apart < b.apart;
      return a.end != b.end ? a.end < b.end : a.begin < b.begin;
    });
    for (const Match& match : matches) {
      if (next_[match.end] != kNone || taken_[match.begin]) continue;
      next_[match.end] = match.begin;
      taken_[match.begin] = true;
      --open;
    }
    return open == 0;
  }

  void append(Path& path, Point p) const {
    if (!path.empty()) {
      if (!options_.planar) p.x = longitude_near(p.x, path.back().x);
      if (apart_m(path.back(), p) <= options_.least_m) return;
    }
    path.push_back(p);
  }

  std::vector<Ring> trace() {
    std::vector<Ring> out;
    std::vector<bool> seen(pieces_.size(), false);
    for (std::uint32_t first = 0; first < pieces_.size(); ++first) {
      if (first % 4096 == 0) options_.stop.check();
      if (seen[first]) continue;
      Ring ring;
      ring.body = pieces_[first].body;
      for (std::uint32_t i = first; !seen[i]; i = next_[i]) {
        seen[i] = true;
        const Path& from = vertices_[pieces_[i].block];
        for (std::uint32_t k = 0; k < pieces_[i].count; ++k)
          append(ring.path, from[pieces_[i].first + k]);
      }
      close(ring);
      if (ring.path.size() >= 4) out.push_back(std::move(ring));
    }
    return out;
  }

  void close(Ring& ring) const {
    Path& path = ring.path;
    while (path.size() > 1 && apart_m(path.back(), path.front()) <= options_.least_m)
      path.pop_back();
    Point last = path.front();
    if (!options_.planar) last.x = longitude_near(last.x, path.back().x);
    ring.winds = std::abs(last.x - path.front().x) > 180.0 && !options_.planar;
    path.push_back(last);
    if (options_.reversed) std::reverse(path.begin(), path.end());
    double twice = 0.0;
    for (std::size_t i = 1; i < path.size(); ++i)
      twice += (path[i - 1].x - path[0].x) * (path[i].y - path[0].y) -
               (path[i].x - path[0].x) * (path[i - 1].y - path[0].y);
    ring.area = 0.5 * twice;
  }

  /// A ring with ground inside it is a shell; one around a pole stands for its body's shell.
  [[nodiscard]] std::optional<Geometry> nest(std::vector<Ring>& rings) const {
    std::stable_sort(rings.begin(), rings.end(),
                     [](const Ring& a, const Ring& b) { return a.body < b.body; });
    Geometry out;
    out.kind = GeometryKind::polygon;
    for (std::size_t begin = 0; begin < rings.size();) {
      std::size_t end = begin;
      while (end < rings.size() && rings[end].body == rings[begin].body) ++end;
      if (!nest_body(rings, begin, end, out)) return std::nullopt;
      begin = end;
    }
    return out;
  }

  bool nest_body(std::vector<Ring>& rings, std::size_t begin, std::size_t end,
                 Geometry& out) const {
    std::vector<std::size_t> shells, holes;
    std::size_t winding = end;
    for (std::size_t i = begin; i < end; ++i)
      if (rings[i].winds && (winding == end || rings[i].path.back().x > rings[i].path.front().x))
        winding = i;
    for (std::size_t i = begin; i < end; ++i) {
      const bool shell = winding == end ? rings[i].area > 0.0 : i == winding;
      (shell ? shells : holes).push_back(i);
    }
    if (winding != end)
      for (const std::size_t i : holes)
        if (!rings[i].winds && rings[i].area > 0.0) return false;
    if (shells.empty()) return false;
    for (std::size_t i = begin; i < end; ++i)
      if (rings[i].winds) begin_at_pole(rings[i].path, i == winding);
    const std::size_t first = out.polygons.size();
    // Smallest shells first, so that a hole goes to the innermost one that holds it.
    std::stable_sort(shells.begin(), shells.end(),
                     [&](std::size_t a, std::size_t b) { return rings[a].area < rings[b].area; });
    for (const std::size_t i : shells) out.polygons.push_back({std::move(rings[i].path), {}});
    for (const std::size_t h : holes) {
      std::size_t home = shells.size() == 1 ? 0 : shells.size();
      for (std::size_t s = 0; s < shells.size() && home == shells.size(); ++s)
        if (holds(out.polygons[first + s].shell, rings[h].path)) home = s;
      if (home == shells.size()) return false;
      out.polygons[first + home].holes.push_back(std::move(rings[h].path));
    }
    return true;
  }

  /// Begun with the edge over the antimeridian that is nearest to the pole it encloses: closed over
  /// the pole there, the ring crosses itself nowhere.
  static void begin_at_pole(Path& path, bool shell) {
    const double turn = path.back().x > path.front().x ? 360.0 : -360.0;
    const bool north = (turn > 0.0) == shell;
    std::size_t best = path.size();
    double highest = -1e300;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
      const Point a = path[i], b = path[i + 1];
      if (std::floor((a.x + 180.0) / 360.0) == std::floor((b.x + 180.0) / 360.0)) continue;
      const double height = 0.5 * (a.y + b.y) * (north ? 1.0 : -1.0);
      if (height > highest) highest = height, best = i;
    }
    if (best == path.size()) return;
    path.pop_back();
    std::rotate(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(best), path.end());
    path.front().x = longitude_near(path.front().x, 0.0);
    for (std::size_t i = 1; i < path.size(); ++i)
      path[i].x = longitude_near(path[i].x, path[i - 1].x);
    path.push_back({path.front().x + turn, path.front().y});
  }

  [[nodiscard]] bool holds(const Path& shell, const Path& hole) const {
    Box box;
    for (const Point& p : shell) box.add(p);
    Geometry one = polygon_geometry(shell);
    const Point place = hole.front();
    for (const double turn : {0.0, 360.0, -360.0}) {
      if (options_.planar && turn != 0.0) break;
      const Point p{place.x + turn, place.y};
      if (box.meets({p.x, p.y, p.x, p.y}) && covers(one, p)) return true;
    }
    return false;
  }

  const std::vector<OutlinePiece>& pieces_;
  const std::vector<Path>& vertices_;
  JoinOptions options_;
  std::vector<std::uint32_t> next_;
  std::vector<bool> taken_;
};

}  // namespace

std::optional<Geometry> join_pieces(const std::vector<OutlinePiece>& pieces,
                                    const std::vector<Path>& vertices, const JoinOptions& options) {
  return Joiner(pieces, vertices, options).run();
}

}  // namespace lode
