#include "libgeo/deposit/net_volume.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "libgeo/core/parallel.h"
#include "libgeo/deposit/exact_sum.h"

namespace lode {

namespace {

// About so many triangles of the solid in a column.
constexpr double triangles_a_column = 8.0;
constexpr std::size_t most_columns = 256;  // along one side

struct Kept {
  ExactSum gross, net;
  std::vector<ExactSum> alone, so_far, without;
  std::size_t uncovered = 0;
  explicit Kept(std::size_t n) : alone(n), so_far(n), without(n) {}
};

void add_column(BoxShares& column, const Footprint& place, double z0, double z1, Kept& kept) {
  column.start(place, z0, z1);
  const double volume = place.area() * (z1 - z0);
  bool uncovered = false;
  const double solid = column.measure(0, uncovered);
  if (!(solid > 0.0)) return;
  const std::size_t n = kept.alone.size();
  for (std::size_t c = 0; c < n; ++c) (void)column.measure(1 + c, uncovered);
  kept.uncovered += uncovered ? 1 : 0;
  kept.gross += volume * solid;
  const std::uint64_t all = n == 63 ? ~std::uint64_t{0} : (std::uint64_t{1} << (n + 1)) - 1;
  double net = solid;
  for (std::size_t c = 0; c < n; ++c) {
    net = std::min(net, column.together(all >> (n - 1 - c)));
    kept.alone[c] += volume * std::min(solid, column.together(1 | std::uint64_t{2} << c));
    kept.so_far[c] += volume * net;
  }
  for (std::size_t c = 0; c < n; ++c)
    kept.without[c] += volume * std::max(net, column.together(all & ~(std::uint64_t{2} << c)));
  kept.net += volume * net;
}

}  // namespace

NetVolume net_volume(const JointCutter& cutter, const Box3& bounds, std::size_t triangles, int jobs,
                     const Progress& progress) {
  const std::size_t n = cutter.size() - 1;
  const double width = bounds.upper[0] - bounds.lower[0], depth = bounds.upper[1] - bounds.lower[1];
  const double side = std::sqrt(std::max(width * depth, 1e-12) * triangles_a_column /
                                static_cast<double>(triangles + 1));
  const auto count = [&](double length) {
    return static_cast<std::size_t>(
        std::clamp(std::ceil(length / side), 1.0, static_cast<double>(most_columns)));
  };
  const std::size_t nx = count(width), ny = count(depth);
  const auto edge = [&](std::size_t i, std::size_t of, std::size_t axis) {
    if (i == of) return bounds.upper[axis];
    return bounds.lower[axis] + (bounds.upper[axis] - bounds.lower[axis]) *
                                    (static_cast<double>(i) / static_cast<double>(of));
  };
  constexpr std::size_t at_once = 64;
  std::vector<Kept> parts((nx * ny + at_once - 1) / at_once, Kept(n));
  parallel_blocks(
      nx * ny, at_once, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t block) {
        BoxShares column(cutter);
        for (std::size_t c = begin; c < end; ++c) {
          progress.check();
          const std::size_t i = c % nx, j = c / nx;
          const Footprint place{edge(i, nx, 0), edge(j, ny, 1), edge(i + 1, nx, 0),
                                edge(j + 1, ny, 1)};
          add_column(column, place, bounds.lower[2], bounds.upper[2], parts[block]);
        }
      },
      progress);
  Kept total(n);
  for (const Kept& part : parts) {
    total.gross += part.gross;
    total.net += part.net;
    total.uncovered += part.uncovered;
    for (std::size_t c = 0; c < n; ++c) {
      total.alone[c] += part.alone[c];
      total.so_far[c] += part.so_far[c];
      total.without[c] += part.without[c];
    }
  }
  const auto less = [](ExactSum from, const ExactSum& what) { return (from -= what).value(); };
  NetVolume net;
  net.gross_m3 = total.gross.value();
  net.net_m3 = total.net.value();
  net.uncovered = total.uncovered;
  for (std::size_t c = 0; c < n; ++c) {
    net.alone_m3.push_back(less(total.gross, total.alone[c]));
    net.in_order_m3.push_back(less(c == 0 ? total.gross : total.so_far[c - 1], total.so_far[c]));
    net.marginal_m3.push_back(less(total.without[c], total.net));
  }
  return net;
}

}  // namespace lode
