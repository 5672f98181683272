#include "libgeo/geometry/mesh_parts.h"

#include <algorithm>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode::mesh_parts {

std::string place_text(const Vec& v) {
  return "(" + number_text(v[0]) + " " + number_text(v[1]) + " " + number_text(v[2]) + ")";
}

std::string edge_text(const TriangleMesh& mesh, const Side& side) {
  return place_text(mesh.vertices[side.low]) + " to " + place_text(mesh.vertices[side.high]);
}

// Counted into buckets of their low ends, in the triangles' order; then each bucket, a handful of
// sides, by the high ends.
std::vector<Side> sorted_sides(const TriangleMesh& mesh) {
  std::vector<std::size_t> from(mesh.vertices.size() + 1, 0);
  for (const auto& [a, b, c] : mesh.triangles) {
    ++from[std::min(a, b) + 1];
    ++from[std::min(b, c) + 1];
    ++from[std::min(c, a) + 1];
  }
  for (std::size_t v = 1; v < from.size(); ++v) from[v] += from[v - 1];
  std::vector<Side> sides(mesh.triangles.size() * 3);
  std::vector<std::size_t> at(from.begin(), from.end() - (from.empty() ? 0 : 1));
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    for (std::size_t c = 0; c < 3; ++c) {
      const std::uint32_t a = mesh.triangles[t][c], b = mesh.triangles[t][c == 2 ? 0 : c + 1];
      sides[at[std::min(a, b)]++] = {std::min(a, b), std::max(a, b), static_cast<std::uint32_t>(t),
                                     a < b};
    }
  const auto less = [](const Side& a, const Side& b) { return a.high < b.high; };
  for (std::size_t v = 0; v + 1 < from.size(); ++v) {
    const std::size_t begin = from[v], end = from[v + 1];
    if (end - begin > 24) {
      std::stable_sort(sides.begin() + static_cast<std::ptrdiff_t>(begin),
                       sides.begin() + static_cast<std::ptrdiff_t>(end), less);
      continue;
    }
    for (std::size_t i = begin + 1; i < end; ++i) {
      const Side side = sides[i];
      std::size_t to = i;
      for (; to > begin && less(side, sides[to - 1]); --to) sides[to] = sides[to - 1];
      sides[to] = side;
    }
  }
  return sides;
}

bool walk(const TriangleMesh& mesh, const std::vector<Side>& sides, Shells& shells,
          std::vector<char>& turn) {
  const std::size_t n = mesh.triangles.size();
  // The neighbour's number, and in the lowest bit whether the two wind against each other.
  std::vector<std::array<std::uint64_t, 3>> next(n);
  std::vector<unsigned char> used(n, 0);
  for_each_edge(sides, [&](std::size_t begin, std::size_t end) {
    if (end - begin != 2) return;
    const Side &a = sides[begin], &b = sides[begin + 1];
    const std::uint64_t clash = a.rising == b.rising ? 1 : 0;
    next[a.triangle][used[a.triangle]++] = std::uint64_t{b.triangle} << 1 | clash;
    next[b.triangle][used[b.triangle]++] = std::uint64_t{a.triangle} << 1 | clash;
  });
  shells.count = 0;
  shells.of.assign(n, none);
  turn.assign(n, 0);
  bool consistent = true;
  std::vector<std::uint32_t> stack;
  for (std::uint32_t first = 0; first < n; ++first) {
    if (shells.of[first] != none) continue;
    const auto shell = static_cast<std::uint32_t>(shells.count++);
    shells.of[first] = shell;
    stack.push_back(first);
    while (!stack.empty()) {
      const std::uint32_t t = stack.back();
      stack.pop_back();
      for (std::size_t c = 0; c < used[t]; ++c) {
        const auto other = static_cast<std::uint32_t>(next[t][c] >> 1);
        const char wanted = static_cast<char>(turn[t] ^ static_cast<char>(next[t][c] & 1));
        if (shells.of[other] == none) {
          shells.of[other] = shell;
          turn[other] = wanted;
          stack.push_back(other);
        } else if (turn[other] != wanted) {
          consistent = false;
        }
      }
    }
  }
  return consistent;
}

std::size_t wind(TriangleMesh& mesh, const Shells& shells, const std::vector<char>& turn,
                 const std::vector<char>& cavity, std::vector<ShellVolume>& volumes,
                 std::uint32_t* first) {
  std::size_t turned = 0;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    const std::uint32_t s = shells.of[t];
    const bool inward = volumes[s].volume_m3 < 0.0, wanted = cavity[s] != 0;
    if (inward != wanted) std::swap(mesh.triangles[t][1], mesh.triangles[t][2]);
    if ((inward != wanted) == (turn[t] != 0)) continue;
    if (turned++ == 0 && first != nullptr) *first = static_cast<std::uint32_t>(t);
  }
  for (std::size_t s = 0; s < shells.count; ++s)
    if ((volumes[s].volume_m3 < 0.0) != (cavity[s] != 0)) {
      volumes[s].volume_m3 = -volumes[s].volume_m3;
      for (double& m : volumes[s].moment) m = -m;
    }
  return turned;
}

bool is_flat(const std::vector<ShellVolume>& volumes) {
  double whole = 0.0, rounding = 0.0;
  for (const ShellVolume& shell : volumes) {
    whole += std::abs(shell.volume_m3);
    rounding += 4e-15 * shell.area_m2 * distance(shell.box.lower, shell.box.upper);
  }
  return whole <= rounding;
}

}  // namespace lode::mesh_parts
