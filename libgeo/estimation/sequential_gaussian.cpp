#include "libgeo/estimation/sequential_gaussian.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "libgeo/core/error.h"

namespace lode {

namespace {

// Nodes correlated by less than this share of the sill are not looked for.
constexpr double least_share = 1e-3;
constexpr std::size_t largest_table = std::size_t{1} << 23;
// Of the sill: a pivot below it makes the weights a matter of rounding.
constexpr double least_pivot = 1e-9;

}  // namespace

SequentialGaussian::SequentialGaussian(const BlockGrid& grid, const VariogramModel& model,
                                       std::vector<std::size_t> node, std::vector<double> score,
                                       const SequentialOptions& options, const Progress& progress)
    : grid_(grid),
      covariance_(grid, model),
      options_(options),
      node_(std::move(node)),
      score_(std::move(score)) {
  if (options.search.max_samples < 1 || options.search.max_samples > 256)
    throw Error("simulate.max_samples",
                "sequential simulation takes between 1 and 256 nearest nodes", "--max-samples",
                "Between 12 and 40 are usual; the time grows with the cube.");
  wind_spiral(progress);
  fill_table();
}

void SequentialGaussian::wind_spiral(const Progress& progress) {
  const auto reach = covariance_.reach(least_share);
  std::array<int, 3> most{};
  for (std::size_t axis = 0; axis < 3; ++axis)
    most[axis] = static_cast<int>(
        std::min(static_cast<double>(grid_.count[axis] - 1), std::ceil(reach[axis])));
  // The search ellipsoid measures in its own radii; infinite ones measure nothing.
  Matrix3 scaled = axes_of(options_.search_angles);
  for (std::size_t row = 0; row < 3; ++row)
    for (double& part : scaled[row]) part /= options_.search.radius_m[row];
  BlockGrid turn;
  turn.rotation_deg = grid_.rotation_deg;
  for (int k = -most[2]; k <= most[2]; ++k) {
    progress.check();
    for (int j = -most[1]; j <= most[1]; ++j)
      for (int i = -most[0]; i <= most[0]; ++i) {
        if (i == 0 && j == 0 && k == 0) continue;
        const auto away =
            from_grid(turn, {i * grid_.spacing[0], j * grid_.spacing[1], k * grid_.spacing[2]});
        double square = 0.0;
        for (const auto& row : scaled) {
          const double along = row[0] * away[0] + row[1] * away[1] + row[2] * away[2];
          square += along * along;
        }
        if (square > 1.0) continue;
        const double value = covariance_.smooth(i, j, k);
        if (value > least_share * covariance_.sill()) spiral_.push_back({{i, j, k}, value});
      }
  }
  // Stable: offsets of equal covariance keep the order of the grid.
  std::stable_sort(spiral_.begin(), spiral_.end(),
                   [](const Offset& a, const Offset& b) { return a.covariance > b.covariance; });
}

void SequentialGaussian::fill_table() {
  std::array<int, 3> reach{};
  for (const Offset& offset : spiral_)
    for (std::size_t axis = 0; axis < 3; ++axis)
      reach[axis] = std::max(reach[axis], std::abs(offset.step[axis]));
  double entries = 1.0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    table_reach_[axis] = std::min(2 * reach[axis], static_cast<int>(grid_.count[axis] - 1));
    entries *= 2.0 * table_reach_[axis] + 1.0;
  }
  if (entries > static_cast<double>(largest_table)) return;
  table_.reserve(static_cast<std::size_t>(entries));
  for (int k = -table_reach_[2]; k <= table_reach_[2]; ++k)
    for (int j = -table_reach_[1]; j <= table_reach_[1]; ++j)
      for (int i = -table_reach_[0]; i <= table_reach_[0]; ++i)
        table_.push_back(covariance_.smooth(i, j, k));
}

double SequentialGaussian::covariance(const std::array<int, 3>& a,
                                      const std::array<int, 3>& b) const {
  const int i = a[0] - b[0], j = a[1] - b[1], k = a[2] - b[2];
  if (table_.empty()) return covariance_.smooth(i, j, k);
  const std::size_t row = static_cast<std::size_t>(2 * table_reach_[0] + 1);
  const std::size_t layer = row * static_cast<std::size_t>(2 * table_reach_[1] + 1);
  return table_[static_cast<std::size_t>(i + table_reach_[0]) +
                row * static_cast<std::size_t>(j + table_reach_[1]) +
                layer * static_cast<std::size_t>(k + table_reach_[2])];
}

// Coarse grids first, each in the order of random keys; equal keys by node.
void SequentialGaussian::order_path(const Random& random, Work& work) const {
  const std::size_t nodes = grid_.size();
  work.key.resize(nodes);
  work.path.resize(nodes);
  std::iota(work.path.begin(), work.path.end(), 0u);
  for (std::size_t node = 0; node < nodes; ++node) {
    const auto at = grid_.ijk(node);
    int level = 0;
    while (level < options_.multigrid) {
      const std::size_t step = std::size_t{2} << level;
      if (at[0] % step != 0 || at[1] % step != 0 || at[2] % step != 0) break;
      ++level;
    }
    // The upper bits hold the grid, finest last.
    work.key[node] =
        (static_cast<std::uint64_t>(options_.multigrid - level) << 58) | (random.bits(node) >> 6);
  }
  std::sort(work.path.begin(), work.path.end(), [&](std::uint32_t a, std::uint32_t b) {
    return work.key[a] < work.key[b] || (work.key[a] == work.key[b] && a < b);
  });
}

void SequentialGaussian::find_neighbours(std::size_t node, Work& work) const {
  const auto at = grid_.ijk(node);
  const auto& n = grid_.count;
  work.chosen.clear();
  work.place.clear();
  work.target.clear();
  for (const Offset& offset : spiral_) {
    const int i = static_cast<int>(at[0]) + offset.step[0];
    const int j = static_cast<int>(at[1]) + offset.step[1];
    const int k = static_cast<int>(at[2]) + offset.step[2];
    if (i < 0 || j < 0 || k < 0 || i >= static_cast<int>(n[0]) || j >= static_cast<int>(n[1]) ||
        k >= static_cast<int>(n[2]))
      continue;
    const std::size_t other = grid_.index(static_cast<std::size_t>(i), static_cast<std::size_t>(j),
                                          static_cast<std::size_t>(k));
    if (!work.informed[other]) continue;
    work.chosen.push_back(other);
    work.place.push_back(offset.step);
    work.target.push_back(offset.covariance);
    if (work.chosen.size() == options_.search.max_samples) return;
  }
}

// With C = L L', estimate = (L^-1 c).(L^-1 z) and variance = sill - |L^-1 c|^2: no weights needed.
void SequentialGaussian::draw(std::size_t node, double normal, Work& work, double* out,
                              std::size_t stride) const {
  find_neighbours(node, work);
  const double sill = covariance_.sill();
  const std::size_t most = options_.search.max_samples;
  work.matrix.resize(most * most);
  work.value.resize(most);
  double mean = 0.0, variance = sill;
  std::size_t rows = 0;
  for (std::size_t i = 0; i < work.chosen.size(); ++i) {
    double* row = work.matrix.data() + rows * most;
    double pivot = sill, target = work.target[i], value = out[work.chosen[i] * stride];
    for (std::size_t j = 0; j < rows; ++j) {
      const double* other = work.matrix.data() + j * most;
      double sum = covariance(work.place[i], work.place[j]);
      for (std::size_t k = 0; k < j; ++k) sum -= row[k] * other[k];
      row[j] = sum / other[j];
      pivot -= row[j] * row[j];
      target -= row[j] * work.target[j];
      value -= row[j] * work.value[j];
    }
    if (pivot <= least_pivot * sill) {
      ++work.skipped;
      continue;
    }
    const double root = std::sqrt(pivot);
    row[rows] = root;
    // Those kept stand in front: what is overwritten has been read.
    work.place[rows] = work.place[i];
    work.target[rows] = target / root;
    work.value[rows] = value / root;
    mean += work.target[rows] * work.value[rows];
    variance -= work.target[rows] * work.target[rows];
    ++rows;
  }
  out[node * stride] = mean + std::sqrt(std::max(0.0, variance)) * normal;
}

void SequentialGaussian::simulate(const Random& path, const Random& draws, Work& work, double* out,
                                  std::size_t stride, const Progress& progress) const {
  work.informed.assign(grid_.size(), 0);
  order_path(path, work);
  for (std::size_t i = 0; i < node_.size(); ++i) {
    work.informed[node_[i]] = 1;
    out[node_[i] * stride] = score_[i];
  }
  std::size_t done = 0;
  for (const std::uint32_t node : work.path) {
    if (++done % 1024 == 0) progress.check();
    if (work.informed[node]) continue;
    draw(node, draws.normal(node), work, out, stride);
    work.informed[node] = 1;
  }
}

}  // namespace lode
