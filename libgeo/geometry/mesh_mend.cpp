// What mends a mesh that does not close: welding cracks, splitting edges at vertices on them.
#include <algorithm>
#include <unordered_map>

#include "libgeo/geometry/mesh_border.h"
#include "libgeo/geometry/mesh_report.h"

namespace lode {

using namespace mesh_parts;

namespace {

// Places in cells as wide as the weld, so that those near are in the cell or next to it.
class Cells {
 public:
  Cells(const TriangleMesh& mesh, double width) : mesh_(mesh), width_(width) {}

  /// The nearest of those added within the width, the lowest of equals; `none` when there is none.
  [[nodiscard]] std::uint32_t nearest(std::uint32_t v, double& gap) const {
    std::uint32_t found = none;
    gap = width_;
    std::array<std::int64_t, 3> at = cell(v);
    for (std::int64_t n = 0; n < 27; ++n) {
      const std::array<std::int64_t, 3> near{at[0] + n % 3 - 1, at[1] + n / 3 % 3 - 1,
                                             at[2] + n / 9 - 1};
      const auto [from, to] = cells_.equal_range(hash(near));
      for (auto it = from; it != to; ++it) {
        const double d = distance(mesh_.vertices[v], mesh_.vertices[it->second]);
        if (d < gap || (d == gap && it->second < found)) {
          gap = d;
          found = it->second;
        }
      }
    }
    return found;
  }
  void add(std::uint32_t v) { cells_.emplace(hash(cell(v)), v); }

 private:
  [[nodiscard]] std::array<std::int64_t, 3> cell(std::uint32_t v) const {
    std::array<std::int64_t, 3> at;
    for (std::size_t axis = 0; axis < 3; ++axis)
      at[axis] = static_cast<std::int64_t>(
          std::clamp(std::floor(mesh_.vertices[v][axis] / width_), -9e15, 9e15));
    return at;
  }
  static std::uint64_t hash(const std::array<std::int64_t, 3>& at) {
    std::uint64_t h = 0x9e3779b97f4a7c15U;
    for (const std::int64_t c : at) {
      h = (h ^ static_cast<std::uint64_t>(c)) * 0xff51afd7ed558ccdU;
      h ^= h >> 32;
    }
    return h;
  }

  const TriangleMesh& mesh_;
  double width_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> cells_;
};

}  // namespace

MeshMending weld_mesh(TriangleMesh& mesh, double width_m) {
  MeshMending done;
  if (!(width_m > 0.0)) return done;
  check_numbers(mesh);
  join_vertices(mesh);
  drop_pointed(mesh);
  const auto open = open_sides(sorted_sides(mesh));
  Cells cells(mesh, width_m);
  std::unordered_map<std::uint32_t, std::uint32_t> becomes;
  for (const std::uint32_t v : open_vertices(open)) {
    double gap = 0.0;
    const std::uint32_t other = cells.nearest(v, gap);
    if (other == none) {
      cells.add(v);
      continue;
    }
    becomes.emplace(v, other);
    ++done.vertices;
    done.most_m = std::max(done.most_m, gap);
  }
  for (auto& triangle : mesh.triangles)
    for (std::uint32_t& v : triangle)
      if (const auto at = becomes.find(v); at != becomes.end()) v = at->second;
  drop_pointed(mesh);
  return done;
}

MeshMending split_t_junctions(TriangleMesh& mesh, double width_m) {
  MeshMending done;
  check_numbers(mesh);
  join_vertices(mesh);
  drop_pointed(mesh);
  drop_repeated(mesh);
  // One edge of a triangle a round; a split edge may in turn be split by what it now meets.
  constexpr int most_rounds = 32;
  for (int round = 0; round < most_rounds; ++round) {
    const auto open = open_sides(sorted_sides(mesh));
    const auto tees = t_junctions(mesh, open, width_m, {});
    if (tees.empty()) break;
    std::vector<char> split(mesh.triangles.size(), 0);
    for (std::size_t begin = 0, end = 0; begin < tees.size(); begin = end) {
      const Side& side = open[tees[begin].side];
      for (end = begin; end < tees.size() && tees[end].side == tees[begin].side;) ++end;
      if (split[side.triangle]) continue;
      split[side.triangle] = 1;
      const Corners old = mesh.triangles[side.triangle];
      std::uint32_t tip = old[0];
      for (const std::uint32_t v : old)
        if (v != side.low && v != side.high) tip = v;
      std::uint32_t from = side.low;
      const auto add = [&](std::uint32_t to) {
        Corners piece{from, to, tip};
        if (!side.rising) std::swap(piece[0], piece[1]);
        if (from == side.low) {
          mesh.triangles[side.triangle] = piece;
        } else {
          mesh.triangles.push_back(piece);
          ++done.triangles;
        }
        from = to;
      };
      for (std::size_t i = begin; i < end; ++i) {
        if (tees[i].vertex == from) continue;
        done.most_m = std::max(done.most_m, tees[i].off_m);
        ++done.vertices;
        add(tees[i].vertex);
      }
      add(side.high);
    }
  }
  return done;
}

}  // namespace lode
