// Volumes by the divergence theorem along z: each triangle counts the prism between it and a level
// through the middle of the box. Differences of coordinates are exact or nearly so, whatever the
// offset of the system, and no large terms cancel.
#include <algorithm>
#include <cmath>

#include "libgeo/core/sum.h"
#include "libgeo/geometry/mesh_parts.h"

namespace lode {

namespace {

using mesh_parts::cross;
using mesh_parts::dot;
using mesh_parts::minus;
using mesh_parts::Vec;

double middle_height(const TriangleMesh& mesh) {
  if (mesh.vertices.empty()) return 0.0;
  // Four at a time, so that no comparison waits for the one before.
  std::array<double, 4> low, high;
  low.fill(mesh.vertices.front()[2]);
  high = low;
  const std::size_t n = mesh.vertices.size(), fours = n / 4 * 4;
  for (std::size_t v = 0; v < fours; v += 4)
    for (std::size_t i = 0; i < 4; ++i) {
      const double z = mesh.vertices[v + i][2];
      low[i] = z < low[i] ? z : low[i];
      high[i] = z > high[i] ? z : high[i];
    }
  for (std::size_t v = fours; v < n; ++v) {
    low[0] = std::min(low[0], mesh.vertices[v][2]);
    high[0] = std::max(high[0], mesh.vertices[v][2]);
  }
  return (*std::min_element(low.begin(), low.end()) + *std::max_element(high.begin(), high.end())) /
         2;
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

double signed_volume_m3(const TriangleMesh& mesh) {
  const double level = middle_height(mesh);
  const Vec* const vertices = mesh.vertices.data();
  const auto term = [&](const std::array<std::uint32_t, 3>& corners) {
    const Vec &a = vertices[corners[0]], &b = vertices[corners[1]], &c = vertices[corners[2]];
    const double height = (a[2] - level) + (b[2] - level) + (c[2] - level);
    return height * ((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]));
  };
  // Four plain sums of 64 terms each, joined with a carry: as good as a carry for every term.
  constexpr std::size_t block = 256;
  const std::size_t n = mesh.triangles.size();
  Sum sum;
  for (std::size_t begin = 0; begin < n; begin += block) {
    const std::size_t end = std::min(begin + block, n);
    double s0 = 0.0, s1 = 0.0, s2 = 0.0, s3 = 0.0;
    std::size_t t = begin;
    for (; t + 4 <= end; t += 4) {
      s0 += term(mesh.triangles[t]);
      s1 += term(mesh.triangles[t + 1]);
      s2 += term(mesh.triangles[t + 2]);
      s3 += term(mesh.triangles[t + 3]);
    }
    for (; t < end; ++t) s0 += term(mesh.triangles[t]);
    sum += (s0 + s1) + (s2 + s3);
  }
  return sum.value() / 6.0;
}

namespace mesh_parts {

std::vector<ShellVolume> shell_volumes(const TriangleMesh& mesh, const Shells& shells) {
  constexpr double far = std::numeric_limits<double>::infinity();
  struct Parts {
    Sum volume, area;
    std::array<Sum, 3> moment;
  };
  std::vector<ShellVolume> volumes(shells.count);
  std::vector<Parts> parts(shells.count);
  for (ShellVolume& shell : volumes) shell.box = {{far, far, far}, {-far, -far, -far}};
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    ShellVolume& shell = volumes[shells.of[t]];
    ++shell.triangles;
    for (const std::uint32_t v : mesh.triangles[t])
      for (std::size_t axis = 0; axis < 3; ++axis) {
        shell.box.lower[axis] = std::min(shell.box.lower[axis], mesh.vertices[v][axis]);
        shell.box.upper[axis] = std::max(shell.box.upper[axis], mesh.vertices[v][axis]);
      }
  }
  for (ShellVolume& shell : volumes)
    for (std::size_t axis = 0; axis < 3; ++axis)
      shell.about[axis] = (shell.box.lower[axis] + shell.box.upper[axis]) / 2;
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    const ShellVolume& shell = volumes[shells.of[t]];
    Parts& part = parts[shells.of[t]];
    const auto& [ia, ib, ic] = mesh.triangles[t];
    const Vec &va = mesh.vertices[ia], &vb = mesh.vertices[ib], &vc = mesh.vertices[ic];
    const Vec normal = cross(minus(vb, va), minus(vc, va));
    const Vec a = minus(va, shell.about), b = minus(vb, shell.about), c = minus(vc, shell.about);
    part.volume += (a[2] + b[2] + c[2]) * normal[2];
    part.area += length(normal);
    // The integral of x over the solid is that of x^2/2 over the surface, along x; and so on.
    for (std::size_t i = 0; i < 3; ++i)
      part.moment[i] += normal[i] * (a[i] * a[i] + b[i] * b[i] + c[i] * c[i] + a[i] * b[i] +
                                     b[i] * c[i] + c[i] * a[i]);
  }
  for (std::size_t s = 0; s < shells.count; ++s) {
    volumes[s].volume_m3 = parts[s].volume.value() / 6.0;
    volumes[s].area_m2 = parts[s].area.value() / 2.0;
    for (std::size_t i = 0; i < 3; ++i) volumes[s].moment[i] = parts[s].moment[i].value() / 24.0;
  }
  return volumes;
}

}  // namespace mesh_parts

}  // namespace lode
