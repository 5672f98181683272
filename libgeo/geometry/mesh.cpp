#include "libgeo/geometry/mesh.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

using Vec = std::array<double, 3>;

Vec minus(const Vec& a, const Vec& b) {
  return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}
double dot(const Vec& a, const Vec& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
Vec cross(const Vec& a, const Vec& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

// One side of a triangle: its ends in rising order, and whether it runs from low to high.
struct Side {
  std::uint32_t low = 0, high = 0, triangle = 0;
  bool rising = false;
};

std::vector<Side> sorted_sides(const TriangleMesh& mesh) {
  std::vector<Side> sides;
  sides.reserve(mesh.triangles.size() * 3);
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    for (std::size_t c = 0; c < 3; ++c) {
      const std::uint32_t a = mesh.triangles[t][c], b = mesh.triangles[t][(c + 1) % 3];
      sides.push_back({std::min(a, b), std::max(a, b), static_cast<std::uint32_t>(t), a < b});
    }
  std::sort(sides.begin(), sides.end(), [](const Side& a, const Side& b) {
    return std::array{a.low, a.high, a.triangle} < std::array{b.low, b.high, b.triangle};
  });
  return sides;
}

// Calls visit(first, last) for the sides of every edge.
template <class Visit>
void for_each_edge(const std::vector<Side>& sides, Visit visit) {
  for (std::size_t begin = 0; begin < sides.size();) {
    std::size_t end = begin + 1;
    while (end < sides.size() && sides[end].low == sides[begin].low &&
           sides[end].high == sides[begin].high)
      ++end;
    visit(begin, end);
    begin = end;
  }
}

std::string place_text(const Vec& v) {
  return "(" + number_text(v[0]) + " " + number_text(v[1]) + " " + number_text(v[2]) + ")";
}

std::string edge_text(const TriangleMesh& mesh, const Side& side) {
  return place_text(mesh.vertices[side.low]) + " to " + place_text(mesh.vertices[side.high]);
}

// Shells that hang together by edges with exactly two triangles; which one each triangle is in.
struct Shells {
  std::vector<std::uint32_t> of;
  std::size_t count = 0;
};

// Walks the neighbours from the first triangle of each shell. `turn[t]` says that triangle t winds
// the other way than that one; returns false when no consistent winding exists.
bool walk(const TriangleMesh& mesh, const std::vector<Side>& sides, Shells& shells,
          std::vector<char>& turn) {
  constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  const std::size_t n = mesh.triangles.size();
  std::vector<std::array<std::uint32_t, 3>> next(n, {none, none, none});
  std::vector<std::array<char, 3>> against(n, {0, 0, 0});
  std::vector<unsigned char> used(n, 0);
  for_each_edge(sides, [&](std::size_t begin, std::size_t end) {
    if (end - begin != 2) return;
    const Side &a = sides[begin], &b = sides[begin + 1];
    const char clash = a.rising == b.rising ? 1 : 0;
    next[a.triangle][used[a.triangle]] = b.triangle;
    against[a.triangle][used[a.triangle]++] = clash;
    next[b.triangle][used[b.triangle]] = a.triangle;
    against[b.triangle][used[b.triangle]++] = clash;
  });
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
        const std::uint32_t other = next[t][c];
        const char wanted = static_cast<char>(turn[t] ^ against[t][c]);
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

double volume_of(const TriangleMesh& mesh, const std::vector<std::uint32_t>* shell_of,
                 std::uint32_t shell) {
  const Box3 box = bounds_of(mesh);
  const Vec middle{(box.lower[0] + box.upper[0]) / 2, (box.lower[1] + box.upper[1]) / 2,
                   (box.lower[2] + box.upper[2]) / 2};
  Sum sum;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    if (shell_of != nullptr && (*shell_of)[t] != shell) continue;
    const auto& [a, b, c] = mesh.triangles[t];
    const Vec p = minus(mesh.vertices[a], middle);
    sum += dot(p, cross(minus(mesh.vertices[b], middle), minus(mesh.vertices[c], middle)));
  }
  return sum.value() / 6.0;
}

// Times that a shell winds about a place (Van Oosterom and Strackee 1983): 1 or -1 inside.
double winding(const TriangleMesh& mesh, const std::vector<std::uint32_t>& shell_of,
               std::uint32_t shell, const Vec& place) {
  Sum sum;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    if (shell_of[t] != shell) continue;
    const Vec a = minus(mesh.vertices[mesh.triangles[t][0]], place);
    const Vec b = minus(mesh.vertices[mesh.triangles[t][1]], place);
    const Vec c = minus(mesh.vertices[mesh.triangles[t][2]], place);
    const double la = std::sqrt(dot(a, a)), lb = std::sqrt(dot(b, b)), lc = std::sqrt(dot(c, c));
    sum += 2.0 * std::atan2(dot(a, cross(b, c)),
                            la * lb * lc + dot(a, b) * lc + dot(b, c) * la + dot(c, a) * lb);
  }
  return sum.value() / (4.0 * std::numbers::pi);
}

// Boxes of the shells, so that far ones need no winding.
std::vector<Box3> shell_boxes(const TriangleMesh& mesh, const Shells& shells) {
  constexpr double far = std::numeric_limits<double>::infinity();
  std::vector<Box3> boxes(shells.count, Box3{{far, far, far}, {-far, -far, -far}});
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    for (const std::uint32_t v : mesh.triangles[t])
      for (std::size_t axis = 0; axis < 3; ++axis) {
        Box3& box = boxes[shells.of[t]];
        box.lower[axis] = std::min(box.lower[axis], mesh.vertices[v][axis]);
        box.upper[axis] = std::max(box.upper[axis], mesh.vertices[v][axis]);
      }
  return boxes;
}

bool holds(const Box3& outer, const Box3& inner) {
  for (std::size_t axis = 0; axis < 3; ++axis)
    if (inner.lower[axis] < outer.lower[axis] || inner.upper[axis] > outer.upper[axis])
      return false;
  return true;
}

// By shell: whether it lies in an odd number of others.
std::vector<char> cavities(const TriangleMesh& mesh, const Shells& shells) {
  std::vector<char> cavity(shells.count, 0);
  const auto boxes = shell_boxes(mesh, shells);
  std::vector<std::uint32_t> vertex(shells.count, 0);
  for (std::size_t t = mesh.triangles.size(); t-- > 0;) vertex[shells.of[t]] = mesh.triangles[t][0];
  for (std::uint32_t inner = 0; inner < shells.count; ++inner)
    for (std::uint32_t outer = 0; outer < shells.count; ++outer)
      if (inner != outer && holds(boxes[outer], boxes[inner]) &&
          std::abs(winding(mesh, shells.of, outer, mesh.vertices[vertex[inner]])) > 0.5)
        cavity[inner] ^= 1;
  return cavity;
}

}  // namespace

Box3 bounds_of(const TriangleMesh& mesh) {
  if (mesh.vertices.empty()) return {};
  Box3 box{mesh.vertices.front(), mesh.vertices.front()};
  for (const Vec& v : mesh.vertices)
    for (std::size_t axis = 0; axis < 3; ++axis) {
      box.lower[axis] = std::min(box.lower[axis], v[axis]);
      box.upper[axis] = std::max(box.upper[axis], v[axis]);
    }
  return box;
}

MeshCheck check_mesh(const TriangleMesh& mesh) {
  MeshCheck check;
  const auto sides = sorted_sides(mesh);
  check.oriented = true;
  for_each_edge(sides, [&](std::size_t begin, std::size_t end) {
    const std::size_t n = end - begin;
    if (n == 1) ++check.open_edges;
    if (n > 2) ++check.crowded_edges;
    if (n != 2 && check.fault.empty()) check.fault = edge_text(mesh, sides[begin]);
    if (n != 2 || sides[begin].rising == sides[begin + 1].rising) check.oriented = false;
  });
  check.closed = !mesh.empty() && check.open_edges == 0 && check.crowded_edges == 0;
  Shells shells;
  std::vector<char> turn;
  walk(mesh, sides, shells, turn);
  check.components = shells.count;
  return check;
}

namespace {

void check_numbers(TriangleMesh& mesh) {
  if (mesh.triangles.empty())
    throw Error("mesh.empty", "there is no triangle", mesh.name, "Give a mesh with faces.");
  for (std::size_t v = 0; v < mesh.vertices.size(); ++v)
    for (double& c : mesh.vertices[v]) {
      if (!std::isfinite(c) || std::abs(c) > 1e12)
        throw Error("mesh.bad_vertex", "a coordinate is not a finite number of metres",
                    mesh.name + ", vertex " + std::to_string(v + 1), "Correct or remove it.");
      c += 0.0;  // -0 and 0 are one place
    }
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    for (const std::uint32_t v : mesh.triangles[t])
      if (v >= mesh.vertices.size())
        throw Error("mesh.index",
                    "there is no vertex " + std::to_string(std::uint64_t{v} + 1) +
                        ": the mesh has " + std::to_string(mesh.vertices.size()),
                    mesh.name + ", triangle " + std::to_string(t + 1), "Take a sound copy of it.");
}

void join_vertices(TriangleMesh& mesh) {
  std::vector<std::uint32_t> order(mesh.vertices.size()), becomes(mesh.vertices.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return mesh.vertices[a] != mesh.vertices[b] ? mesh.vertices[a] < mesh.vertices[b] : a < b;
  });
  for (std::size_t i = 0; i < order.size(); ++i)
    becomes[order[i]] = i > 0 && mesh.vertices[order[i]] == mesh.vertices[order[i - 1]]
                            ? becomes[order[i - 1]]
                            : order[i];
  for (auto& triangle : mesh.triangles)
    for (std::uint32_t& v : triangle) v = becomes[v];
}

std::size_t drop(TriangleMesh& mesh, const std::vector<char>& gone) {
  std::size_t kept = 0;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    if (!gone[t]) mesh.triangles[kept++] = mesh.triangles[t];
  const std::size_t dropped = mesh.triangles.size() - kept;
  mesh.triangles.resize(kept);
  return dropped;
}

std::size_t drop_flat(TriangleMesh& mesh) {
  std::vector<char> gone(mesh.triangles.size(), 0);
  for (std::size_t t = 0; t < gone.size(); ++t) {
    const auto& [a, b, c] = mesh.triangles[t];
    gone[t] = a == b || b == c || c == a ? 1 : 0;
  }
  return drop(mesh, gone);
}

// Of triangles that stand several times one stays where its edges need it to be whole, none where
// they are whole without it: a fin of no thickness, whose two sides cancel.
std::size_t drop_repeated(TriangleMesh& mesh) {
  std::vector<std::pair<std::array<std::uint32_t, 3>, std::uint32_t>> keys;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    auto key = mesh.triangles[t];
    std::sort(key.begin(), key.end());
    keys.emplace_back(key, static_cast<std::uint32_t>(t));
  }
  std::sort(keys.begin(), keys.end());
  const auto sides = sorted_sides(mesh);
  const auto count = [&](std::uint32_t low, std::uint32_t high) {
    const auto less = [](const Side& side, const std::array<std::uint32_t, 2>& ends) {
      return std::array{side.low, side.high} < ends;
    };
    const auto from = std::lower_bound(sides.begin(), sides.end(), std::array{low, high}, less);
    const auto to = std::lower_bound(from, sides.end(), std::array{low, high + 1}, less);
    return static_cast<std::size_t>(to - from);
  };
  std::vector<char> gone(mesh.triangles.size(), 0);
  for (std::size_t begin = 0, end = 0; begin < keys.size(); begin = end) {
    for (end = begin + 1; end < keys.size() && keys[end].first == keys[begin].first;) ++end;
    const std::size_t n = end - begin;
    if (n == 1) continue;
    const auto& [a, b, c] = keys[begin].first;
    const bool whole =
        (count(a, b) - n) % 2 == 0 && (count(b, c) - n) % 2 == 0 && (count(a, c) - n) % 2 == 0;
    for (std::size_t i = begin + (whole ? 0 : 1); i < end; ++i) gone[keys[i].second] = 1;
  }
  return drop(mesh, gone);
}

}  // namespace

void tidy_mesh(TriangleMesh& mesh, Findings& findings) {
  check_numbers(mesh);
  join_vertices(mesh);
  const std::size_t flat = drop_flat(mesh), twice = drop_repeated(mesh);
  if (flat > 0)
    findings.add("mesh.flat_triangle", Severity::note, mesh.name,
                 "triangles with two corners at one place were left out", flat);
  if (twice > 0)
    findings.add("mesh.duplicate_triangle", Severity::warning, mesh.name,
                 "triangles that stand twice were taken once, or not at all where their two sides "
                 "cancel",
                 twice);
  if (mesh.triangles.empty())
    throw Error("mesh.empty", "no triangle has an area", mesh.name, "Give a mesh with faces.");
}

void make_solid(TriangleMesh& mesh, Findings& findings) {
  tidy_mesh(mesh, findings);
  const auto sides = sorted_sides(mesh);
  for_each_edge(sides, [&](std::size_t begin, std::size_t end) {
    const std::size_t n = end - begin;
    if (n == 2) return;
    const MeshCheck check = check_mesh(mesh);
    if (n == 1)
      throw Error("mesh.open",
                  "the solid is not closed: " + std::to_string(check.open_edges) +
                      " edge(s) have one triangle only, the first from " +
                      edge_text(mesh, sides[begin]),
                  mesh.name, "A volume needs a closed surface: close it where it was made.");
    throw Error("mesh.crowded_edge",
                "the edge from " + edge_text(mesh, sides[begin]) + " has " + std::to_string(n) +
                    " triangles",
                mesh.name, "An edge of a solid has two: take out the inner faces.");
  });
  Shells shells;
  std::vector<char> turn;
  if (!walk(mesh, sides, shells, turn))
    throw Error("mesh.not_orientable", "the surface has one side only, as a Moebius strip has",
                mesh.name, "Mend the surface where it was made.");
  std::size_t turned = 0;
  const auto flip = [&](std::size_t t) { std::swap(mesh.triangles[t][1], mesh.triangles[t][2]); };
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t)
    if (turn[t]) flip(t);
  const auto cavity = cavities(mesh, shells);
  std::vector<double> volume(shells.count);
  double whole = 0.0;
  for (std::uint32_t s = 0; s < shells.count; ++s) {
    volume[s] = volume_of(mesh, &shells.of, s);
    whole += std::abs(volume[s]);
  }
  if (whole == 0.0)
    throw Error("mesh.flat", "the solid has no volume", mesh.name,
                "Give a solid with a thickness.");
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    const std::uint32_t s = shells.of[t];
    const bool inward = volume[s] < 0.0, wanted = cavity[s] != 0;
    if (inward != wanted) flip(t);
    if ((inward != wanted) != (turn[t] != 0)) ++turned;
  }
  if (turned > 0)
    findings.add("mesh.turned", Severity::warning, mesh.name,
                 "triangles wound the wrong way and were turned: outward on shells, inward on "
                 "cavities",
                 turned);
}

double signed_volume_m3(const TriangleMesh& mesh) {
  return volume_of(mesh, nullptr, 0);
}

}  // namespace lode
