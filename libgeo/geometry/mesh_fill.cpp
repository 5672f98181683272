// Holes closed by triangles: the rim is laid on the plane that fits it and cut into ears.
#include <algorithm>
#include <unordered_map>

#include "libgeo/geometry/mesh_border.h"
#include "libgeo/geometry/mesh_report.h"

namespace lode {

using namespace mesh_parts;

namespace {

using Flat = std::array<double, 2>;

double turn_of(const Flat& a, const Flat& b, const Flat& c) {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

bool cross_within(const Flat& a, const Flat& b, const Flat& c, const Flat& d) {
  const double s = turn_of(a, b, c), t = turn_of(a, b, d), u = turn_of(c, d, a),
               v = turn_of(c, d, b);
  return ((s > 0.0 && t < 0.0) || (s < 0.0 && t > 0.0)) &&
         ((u > 0.0 && v < 0.0) || (u < 0.0 && v > 0.0));
}

// A rim in the order in which its filling runs.
struct Rim {
  std::vector<std::uint32_t> vertices;
  std::vector<Flat> flat;
  double across_m = 0.0, off_m = 0.0;
};

// Lays the rim on the plane of its area (Newell); false when it has none.
bool lay_flat(const TriangleMesh& mesh, Rim& rim) {
  const std::size_t n = rim.vertices.size();
  const Vec origin = mesh.vertices[rim.vertices[0]];
  Vec normal{0.0, 0.0, 0.0}, low{0.0, 0.0, 0.0}, high{0.0, 0.0, 0.0};
  for (std::size_t i = 0; i < n; ++i) {
    const Vec a = minus(mesh.vertices[rim.vertices[i]], origin);
    const Vec b = minus(mesh.vertices[rim.vertices[(i + 1) % n]], origin);
    const Vec part = cross(a, b);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      normal[axis] += part[axis];
      low[axis] = std::min(low[axis], a[axis]);
      high[axis] = std::max(high[axis], a[axis]);
    }
  }
  rim.across_m = distance(low, high);
  const double size = length(normal);
  if (!(size > 1e-12 * rim.across_m * rim.across_m)) return false;
  for (double& c : normal) c /= size;
  const std::size_t least = std::abs(normal[0]) < std::abs(normal[1])
                                ? (std::abs(normal[0]) < std::abs(normal[2]) ? 0 : 2)
                                : (std::abs(normal[1]) < std::abs(normal[2]) ? 1 : 2);
  Vec u{0.0, 0.0, 0.0};
  u[least] = 1.0;
  u = cross(u, normal);
  const double scale = length(u);
  for (double& c : u) c /= scale;
  const Vec v = cross(normal, u);
  double lowest = 0.0, highest = 0.0;
  for (const std::uint32_t corner : rim.vertices) {
    const Vec a = minus(mesh.vertices[corner], origin);
    rim.flat.push_back({dot(a, u), dot(a, v)});
    lowest = std::min(lowest, dot(a, normal));
    highest = std::max(highest, dot(a, normal));
  }
  rim.off_m = highest - lowest;
  return true;
}

bool crosses_itself(const Rim& rim) {
  const std::size_t n = rim.flat.size();
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 2; j < n; ++j)
      if (!(i == 0 && j + 1 == n) &&
          cross_within(rim.flat[i], rim.flat[(i + 1) % n], rim.flat[j], rim.flat[(j + 1) % n]))
        return true;
  return false;
}

// Ears one by one: any corner whose triangle holds no other.
bool cut_ears(const Rim& rim, std::vector<Corners>& pieces) {
  std::vector<std::size_t> left(rim.vertices.size());
  for (std::size_t i = 0; i < left.size(); ++i) left[i] = i;
  while (left.size() > 3) {
    bool cut = false;
    for (std::size_t i = 0; i < left.size() && !cut; ++i) {
      const std::size_t n = left.size(), before = left[(i + n - 1) % n], at = left[i],
                        after = left[(i + 1) % n];
      const Flat &a = rim.flat[before], &b = rim.flat[at], &c = rim.flat[after];
      if (!(turn_of(a, b, c) > 0.0)) continue;
      const bool empty = std::none_of(left.begin(), left.end(), [&](std::size_t k) {
        if (k == before || k == at || k == after) return false;
        const Flat& p = rim.flat[k];
        return turn_of(a, b, p) >= 0.0 && turn_of(b, c, p) >= 0.0 && turn_of(c, a, p) >= 0.0;
      });
      if (!empty) continue;
      pieces.push_back({rim.vertices[before], rim.vertices[at], rim.vertices[after]});
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(i));
      cut = true;
    }
    if (!cut) return false;
  }
  pieces.push_back({rim.vertices[left[0]], rim.vertices[left[1]], rim.vertices[left[2]]});
  return true;
}

// Closed ways along open edges, each against its triangle.
std::vector<Rim> rims_of(const std::vector<Side>& open, const std::vector<char>& turn) {
  std::unordered_multimap<std::uint32_t, std::size_t> from;
  std::vector<std::array<std::uint32_t, 2>> ways;
  for (const Side& side : open) {
    const bool rising = side.rising != (turn[side.triangle] != 0);
    from.emplace(rising ? side.high : side.low, ways.size());
    ways.push_back({rising ? side.high : side.low, rising ? side.low : side.high});
  }
  std::vector<char> used(ways.size(), 0);
  std::vector<Rim> rims;
  for (std::size_t first = 0; first < ways.size(); ++first) {
    if (used[first]) continue;
    Rim rim;
    // A way that comes back to a vertex it has passed closes there; the rest goes on.
    std::unordered_map<std::uint32_t, std::size_t> passed;
    std::size_t way = first;
    for (bool going = true; going;) {
      used[way] = 1;
      passed.emplace(ways[way][0], rim.vertices.size());
      rim.vertices.push_back(ways[way][0]);
      const std::uint32_t to = ways[way][1];
      if (const auto back = passed.find(to); back != passed.end()) {
        Rim closed;
        closed.vertices.assign(rim.vertices.begin() + static_cast<std::ptrdiff_t>(back->second),
                               rim.vertices.end());
        const std::size_t keep = back->second;
        for (std::size_t i = keep; i < rim.vertices.size(); ++i) passed.erase(rim.vertices[i]);
        rim.vertices.resize(keep);
        rims.push_back(std::move(closed));
      }
      going = false;
      const auto [begin, end] = from.equal_range(to);
      for (auto it = begin; it != end && !going; ++it)
        if (!used[it->second]) {
          way = it->second;
          going = true;
        }
    }
  }
  return rims;
}

}  // namespace

MeshMending fill_holes(TriangleMesh& mesh, double small_m) {
  constexpr std::size_t most_corners = 4000;  // ears of more take too long
  MeshMending done;
  check_numbers(mesh);
  join_vertices(mesh);
  drop_pointed(mesh);
  drop_repeated(mesh);
  const auto sides = sorted_sides(mesh);
  const auto open = open_sides(sides);
  if (open.empty()) return done;
  Shells shells;
  std::vector<char> turn;
  if (!walk(mesh, sides, shells, turn)) return done;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    if (turn[t]) std::swap(mesh.triangles[t][1], mesh.triangles[t][2]);
  for (Rim& rim : rims_of(open, turn)) {
    if (rim.vertices.size() < 3 || rim.vertices.size() > most_corners) continue;
    if (!lay_flat(mesh, rim) || crosses_itself(rim)) continue;
    if (rim.off_m > 1e-3 * rim.across_m && rim.across_m > small_m) continue;
    std::vector<Corners> pieces;
    if (!cut_ears(rim, pieces)) continue;
    ++done.vertices;
    done.triangles += pieces.size();
    done.most_m = std::max(done.most_m, rim.off_m);
    for (const auto& [a, b, c] : pieces)
      done.area_m2 += length(cross(minus(mesh.vertices[b], mesh.vertices[a]),
                                   minus(mesh.vertices[c], mesh.vertices[a]))) /
                      2;
    mesh.triangles.insert(mesh.triangles.end(), pieces.begin(), pieces.end());
  }
  return done;
}

}  // namespace lode
