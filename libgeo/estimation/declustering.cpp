#include "libgeo/estimation/declustering.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

constexpr double origin_gap_m = 0.01;  // GSLIB's
constexpr double most_cells = 1048576.0;

// The samples that have a value.
struct Known {
  std::vector<std::size_t> index;
  std::vector<double> x, y, z, value;
  std::array<double, 3> low{}, high{};
};

Known known_of(const Samples& samples, std::size_t variable) {
  Known known;
  const auto& values = samples.values.at(variable);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (std::isnan(values[i])) continue;
    known.index.push_back(i);
    known.x.push_back(samples.x[i]);
    known.y.push_back(samples.y[i]);
    known.z.push_back(samples.z[i]);
    known.value.push_back(values[i]);
  }
  if (known.index.size() < 2)
    throw Error("declustering.values", "fewer than two samples have a value",
                samples.variables.at(variable), "There is nothing to weigh.");
  const std::vector<double>* axes[] = {&known.x, &known.y, &known.z};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const auto [low, high] = std::minmax_element(axes[axis]->begin(), axes[axis]->end());
    known.low[axis] = *low;
    known.high[axis] = *high;
  }
  return known;
}

double weighted_mean(const std::vector<double>& weights, const std::vector<double>& values) {
  Sum total, weight;
  for (std::size_t i = 0; i < values.size(); ++i) {
    total += weights[i] * values[i];
    weight += weights[i];
  }
  return total.value() / weight.value();
}

// Counts samples by cell in a table of open addresses; `slot` holds each sample's place in it.
class CellCounts {
 public:
  explicit CellCounts(std::size_t samples) {
    std::size_t size = 16;
    while (size < samples * 2) size *= 2;
    keys_.resize(size);
    counts_.resize(size);
    slot_.resize(samples);
  }

  void count(const std::vector<std::uint64_t>& cells) {
    std::fill(counts_.begin(), counts_.end(), 0U);
    const std::size_t mask = keys_.size() - 1;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      std::size_t at = (cells[i] * 0x9e3779b97f4a7c15ULL >> 20U) & mask;
      while (counts_[at] != 0 && keys_[at] != cells[i]) at = (at + 1) & mask;
      keys_[at] = cells[i];
      ++counts_[at];
      slot_[i] = at;
    }
  }
  [[nodiscard]] double in_cell_of(std::size_t sample) const {
    return static_cast<double>(counts_[slot_[sample]]);
  }

 private:
  std::vector<std::uint64_t> keys_;
  std::vector<std::uint32_t> counts_;
  std::vector<std::size_t> slot_;
};

// Weights of one size of cell; they sum to the number of origins.
std::vector<double> weights_of(const Known& known, double size_m, const CellOptions& options,
                               const Progress& progress) {
  const std::array<double, 3> side{size_m, size_m * options.y_ratio, size_m * options.z_ratio};
  const std::size_t n = known.index.size();
  std::vector<double> weights(n, 0.0);
  std::vector<std::uint64_t> cells(n);
  CellCounts counts(n);
  const auto origins = static_cast<double>(options.offsets);
  for (std::size_t k = 0; k < options.offsets; ++k) {
    progress.check();
    std::array<double, 3> origin{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double step =
          std::min(side[axis] / origins, 0.5 * (known.high[axis] - known.low[axis]));
      origin[axis] = known.low[axis] - origin_gap_m - static_cast<double>(k) * step;
    }
    const auto cell = [&](double place, std::size_t axis) {
      return static_cast<std::uint64_t>((place - origin[axis]) / side[axis]);
    };
    for (std::size_t i = 0; i < n; ++i)
      cells[i] = cell(known.x[i], 0) | cell(known.y[i], 1) << 21U | cell(known.z[i], 2) << 42U;
    counts.count(cells);
    Sum cells_met;
    for (std::size_t i = 0; i < n; ++i) cells_met += 1.0 / counts.in_cell_of(i);
    const double scale = options.origins_alike ? 1.0 / cells_met.value() : 1.0;
    for (std::size_t i = 0; i < n; ++i) weights[i] += scale / counts.in_cell_of(i);
  }
  return weights;
}

void check(const CellOptions& options, const Known& known) {
  const bool good = options.smallest_m > 0.0 && options.largest_m >= options.smallest_m &&
                    std::isfinite(options.largest_m) && options.sizes >= 1 &&
                    options.offsets >= 1 && options.y_ratio > 0.0 && options.z_ratio > 0.0;
  if (!good)
    throw Error("declustering.cell", "sizes of cells are lengths above 0, the largest last", {},
                "At least one size and one origin; ratios above 0.");
  const double ratio[] = {1.0, options.y_ratio, options.z_ratio};
  for (std::size_t axis = 0; axis < 3; ++axis)
    if ((known.high[axis] - known.low[axis]) / (options.smallest_m * ratio[axis]) > most_cells)
      throw Error("declustering.cells",
                  "cells of " + number_text(options.smallest_m) +
                      " m are more than 1,048,576 along an axis",
                  {}, "Take larger cells.");
}

// Weights by sample, 1 in the mean.
void spread(const Known& known, const std::vector<double>& weights, std::size_t samples,
            Declustering& result) {
  Sum total;
  for (const double weight : weights) total += weight;
  const double scale = static_cast<double>(weights.size()) / total.value();
  result.weights.assign(samples, std::nan(""));
  for (std::size_t i = 0; i < weights.size(); ++i)
    result.weights[known.index[i]] = weights[i] * scale;
}

}  // namespace

Declustering decluster_cells(const Samples& samples, std::size_t variable,
                             const CellOptions& options, const Progress& progress) {
  const Known known = known_of(samples, variable);
  check(options, known);
  Declustering result;
  result.n = known.index.size();
  const std::vector<double> alike(result.n, 1.0);
  result.naive_mean = result.mean = weighted_mean(alike, known.value);
  result.tried.resize(options.sizes);
  const double step = options.sizes > 1 ? (options.largest_m - options.smallest_m) /
                                              static_cast<double>(options.sizes - 1)
                                        : 0.0;
  parallel_blocks(
      options.sizes, 1, options.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t s = begin; s < end; ++s) {
          const double size = options.smallest_m + static_cast<double>(s) * step;
          result.tried[s] = {
              size, weighted_mean(weights_of(known, size, options, progress), known.value)};
        }
      },
      progress);
  const bool lowest = options.choice == CellChoice::lowest_mean;
  for (const auto& [size, mean] : result.tried) {
    const bool better = lowest ? mean < result.mean : mean > result.mean;
    if (!better && options.sizes > 1) continue;
    result.mean = mean;
    result.cell_m = size;
  }
  spread(known, result.cell_m > 0.0 ? weights_of(known, result.cell_m, options, progress) : alike,
         samples.size(), result);
  return result;
}

Ring rectangle_about(const Samples& samples, double margin_m) {
  if (samples.size() == 0) return {};
  const auto [west, east] = std::minmax_element(samples.x.begin(), samples.x.end());
  const auto [south, north] = std::minmax_element(samples.y.begin(), samples.y.end());
  return {{*west - margin_m, *south - margin_m},
          {*east + margin_m, *south - margin_m},
          {*east + margin_m, *north + margin_m},
          {*west - margin_m, *north + margin_m}};
}

namespace {

using Point = std::array<double, 2>;

double area_of(const Ring& ring) {
  Sum twice;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Point& a = ring[i];
    const Point& b = ring[(i + 1) % ring.size()];
    twice += a[0] * b[1] - b[0] * a[1];
  }
  return std::abs(twice.value()) / 2.0;
}

// Even-odd, the edge inside.
bool is_inside(const Ring& ring, const Point& p) {
  bool inside = false;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Point& a = ring[i];
    const Point& b = ring[(i + 1) % ring.size()];
    const double cross = (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
    if (cross == 0.0 && p[0] >= std::min(a[0], b[0]) && p[0] <= std::max(a[0], b[0]) &&
        p[1] >= std::min(a[1], b[1]) && p[1] <= std::max(a[1], b[1]))
      return true;
    if ((a[1] > p[1]) != (b[1] > p[1]) && (cross > 0.0) == (b[1] > a[1])) inside = !inside;
  }
  return inside;
}

// What of the ring (about the origin) lies nearer to the origin than to `other`.
void clip(Ring& ring, const Point& other, Ring& room) {
  const double half = (other[0] * other[0] + other[1] * other[1]) / 2.0;
  const auto past = [&](const Point& p) { return p[0] * other[0] + p[1] * other[1] - half; };
  room.clear();
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Point& a = ring[i];
    const Point& b = ring[(i + 1) % ring.size()];
    const double da = past(a), db = past(b);
    if (da <= 0.0) room.push_back(a);
    if ((da < 0.0 && db > 0.0) || (da > 0.0 && db < 0.0)) {
      const double t = da / (da - db);
      room.push_back({a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])});
    }
  }
  ring.swap(room);
}

// Places in square bins, for finding those round one of them.
class Bins {
 public:
  Bins(const std::vector<Point>& places, const Point& low, const Point& high) : low_(low) {
    const double width = std::max(high[0] - low[0], 1e-9),
                 height = std::max(high[1] - low[1], 1e-9);
    const auto n = static_cast<double>(places.size());
    side_ = std::max(std::sqrt(width * height / n), std::max(width, height) / (4.0 * n));
    columns_ = static_cast<long>(width / side_) + 1;
    rows_ = static_cast<long>(height / side_) + 1;
    bins_.resize(static_cast<std::size_t>(columns_ * rows_));
    for (std::size_t i = 0; i < places.size(); ++i) bins_[bin_of(places[i])].push_back(i);
  }

  [[nodiscard]] double side() const { return side_; }
  [[nodiscard]] long rings() const { return std::max(columns_, rows_); }

  /// Calls body(place) for those in bins `ring` bins away from that of `p`.
  template <class Body>
  void visit(const Point& p, long ring, Body body) const {
    const long column = column_of(p), row = row_of(p);
    for (long r = std::max(0L, row - ring); r <= std::min(rows_ - 1, row + ring); ++r) {
      const bool edge = std::abs(r - row) == ring;
      const long step = edge || ring == 0 ? 1 : 2 * ring;
      for (long c = column - ring; c <= column + ring; c += step)
        if (c >= 0 && c < columns_)
          for (const std::size_t i : bins_[static_cast<std::size_t>(r * columns_ + c)]) body(i);
    }
  }

 private:
  [[nodiscard]] long column_of(const Point& p) const {
    return std::min(columns_ - 1, static_cast<long>((p[0] - low_[0]) / side_));
  }
  [[nodiscard]] long row_of(const Point& p) const {
    return std::min(rows_ - 1, static_cast<long>((p[1] - low_[1]) / side_));
  }
  [[nodiscard]] std::size_t bin_of(const Point& p) const {
    return static_cast<std::size_t>(row_of(p) * columns_ + column_of(p));
  }
  Point low_;
  double side_ = 1.0;
  long columns_ = 1, rows_ = 1;
  std::vector<std::vector<std::size_t>> bins_;
};

double cell_area(const std::vector<Point>& places, const Bins& bins, const Ring& boundary,
                 std::size_t own) {
  const Point& centre = places[own];
  Ring ring, room;
  for (const Point& p : boundary) ring.push_back({p[0] - centre[0], p[1] - centre[1]});
  for (long away = 0; away <= bins.rings(); ++away) {
    bins.visit(centre, away, [&](std::size_t i) {
      if (i == own) return;
      clip(ring, {places[i][0] - centre[0], places[i][1] - centre[1]}, room);
    });
    double reach = 0.0;
    for (const Point& p : ring) reach = std::max(reach, std::hypot(p[0], p[1]));
    // Places in the bins still unseen are at least `away` bins off; a bisector that far cuts
    // nothing once it lies past the farthest corner.
    if (static_cast<double>(away) * bins.side() > 2.0 * reach) break;
  }
  return area_of(ring);
}

// Places that differ, and which of them each sample has.
std::vector<Point> unlike_places(const Known& known, std::vector<std::size_t>& place_of) {
  std::vector<std::size_t> order(known.x.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (known.x[a] != known.x[b]) return known.x[a] < known.x[b];
    return known.y[a] != known.y[b] ? known.y[a] < known.y[b] : a < b;
  });
  std::vector<Point> places;
  place_of.resize(order.size());
  for (const std::size_t i : order) {
    const Point p{known.x[i], known.y[i]};
    if (places.empty() || places.back() != p) places.push_back(p);
    place_of[i] = places.size() - 1;
  }
  return places;
}

}  // namespace

Declustering decluster_polygons(const Samples& samples, std::size_t variable, const Ring& boundary,
                                int jobs, const Progress& progress) {
  const Known known = known_of(samples, variable);
  if (boundary.size() < 3 || !(area_of(boundary) > 0.0))
    throw Error("declustering.boundary", "the boundary has no area", {},
                "Widen it, or give a polygon about the samples.");
  for (std::size_t i = 0; i < known.x.size(); ++i)
    if (!is_inside(boundary, {known.x[i], known.y[i]}))
      throw Error("declustering.boundary", "a sample lies outside of the boundary",
                  samples.name(known.index[i]), "Widen it, or leave the sample out.");
  std::vector<std::size_t> place_of;
  const std::vector<Point> places = unlike_places(known, place_of);
  const Bins bins(places, {known.low[0], known.low[1]}, {known.high[0], known.high[1]});
  std::vector<double> area(places.size());
  parallel_blocks(
      places.size(), 256, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i) area[i] = cell_area(places, bins, boundary, i);
      },
      progress);
  std::vector<double> shared(places.size(), 0.0);
  for (const std::size_t place : place_of) shared[place] += 1.0;
  std::vector<double> weights(known.x.size());
  for (std::size_t i = 0; i < weights.size(); ++i)
    weights[i] = area[place_of[i]] / shared[place_of[i]];
  Declustering result;
  result.n = weights.size();
  result.naive_mean = weighted_mean(std::vector<double>(weights.size(), 1.0), known.value);
  result.mean = weighted_mean(weights, known.value);
  spread(known, weights, samples.size(), result);
  return result;
}

}  // namespace lode
