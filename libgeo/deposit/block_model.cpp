#include "libgeo/deposit/block_model.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

using Triple = std::array<double, 3>;

Triple size_of(const BlockChunk& chunk, std::size_t row) {
  return {chunk.dx[row], chunk.dy[row], chunk.dz[row]};
}
Triple centre_of(const BlockChunk& chunk, std::size_t row) {
  return {chunk.x[row], chunk.y[row], chunk.z[row]};
}

// True when `length` is a whole number of `step`, within a share of the step.
bool is_multiple(double length, double step, double tolerance) {
  const double times = length / step;
  return std::abs(times - std::round(times)) <= tolerance;
}

// Rows that stand for a chunk in searches: all of a small one, evenly spread ones of a large one.
std::vector<std::size_t> some_rows(const BlockChunk& chunk) {
  std::vector<std::size_t> rows;
  const std::size_t step = std::max<std::size_t>(1, chunk.size() / 20000);
  for (std::size_t r = 0; r < chunk.size(); r += step) rows.push_back(r);
  return rows;
}

// Whether centroids stand on a lattice when turned by an angle: of their size when all have one
// (which tells the two axes apart), else of half the smallest.
bool fits(const BlockChunk& chunk, double rotation_deg, double tolerance) {
  BlockGrid axes;
  axes.origin = centre_of(chunk, 0);
  axes.rotation_deg = rotation_deg;
  const auto [low_x, high_x] = std::minmax_element(chunk.dx.begin(), chunk.dx.end());
  const auto [low_y, high_y] = std::minmax_element(chunk.dy.begin(), chunk.dy.end());
  const double parts = *high_x == *low_x && *high_y == *low_y ? 1.0 : 2.0;
  for (const std::size_t r : some_rows(chunk)) {
    const Triple at = to_grid(axes, centre_of(chunk, r));
    if (!is_multiple(at[0], *low_x / parts, parts * tolerance) ||
        !is_multiple(at[1], *low_y / parts, parts * tolerance))
      return false;
  }
  return true;
}

// An angle that fits roughly, sharpened with the places of all rows: the mean turn between where
// the lattice has them and where they are.
double sharpened(const BlockChunk& chunk, double angle_deg) {
  const double dx = chunk.dx[0] / 2, dy = chunk.dy[0] / 2;
  double reach = 16.0 * std::max(dx, dy);
  for (int round = 0; round < 24; ++round, reach *= 3.0) {
    BlockGrid axes;
    axes.origin = centre_of(chunk, 0);
    axes.rotation_deg = angle_deg;
    double across = 0.0, along = 0.0;
    // The lattice number of far blocks is only sure once the angle is: start with the near ones.
    for (const std::size_t r : some_rows(chunk)) {
      const Triple at = to_grid(axes, centre_of(chunk, r));
      if (std::hypot(at[0], at[1]) > reach) continue;
      const double u = std::round(at[0] / dx) * dx, v = std::round(at[1] / dy) * dy;
      across += u * at[1] - v * at[0];
      along += u * at[0] + v * at[1];
    }
    if (along > 0.0) angle_deg -= std::atan2(across, along) * 180.0 / std::numbers::pi;
  }
  return angle_deg;
}

// The angle itself or a quarter turn on, made sharp, when the blocks stand on a lattice there.
std::optional<double> angle_from(const BlockChunk& chunk, double angle, double tolerance) {
  while (angle > 45.0) angle -= 90.0;
  while (angle <= -45.0) angle += 90.0;
  double reach = 0.0;
  for (const std::size_t r : some_rows(chunk))
    reach = std::max(reach, std::hypot(chunk.x[r] - chunk.x[0], chunk.y[r] - chunk.y[0]));
  // What moves no block by more than a five-thousandth of its size.
  const double near = 2e-4 * std::min(chunk.dx[0], chunk.dy[0]) / reach * 180.0 / std::numbers::pi;
  for (const double turn : {angle, angle + 90.0, angle - 90.0}) {
    const double sharp = sharpened(chunk, turn);
    // Angles are declared in round figures, and files round coordinates: the round one counts when
    // it is as near as that.
    for (const double digits : {1.0, 10.0, 100.0, 1000.0, 10000.0}) {
      const double round = std::round(sharp * digits) / digits;
      if (std::abs(round - sharp) <= near && fits(chunk, round, tolerance)) return round;
    }
    if (fits(chunk, sharp, tolerance)) return sharp;
  }
  return std::nullopt;
}

}  // namespace

std::optional<double> rotation_of(const BlockChunk& chunk, double tolerance) {
  if (chunk.size() < 2 || fits(chunk, 0.0, tolerance)) return 0.0;
  // Neighbours that lie side by side on one level show the direction of an axis: in the list, or,
  // where rows are shuffled, anywhere in it.
  int tries = 0;
  const auto try_pair = [&](std::size_t a, std::size_t b) -> std::optional<double> {
    const double east = chunk.x[b] - chunk.x[a], north = chunk.y[b] - chunk.y[a];
    const double apart = std::hypot(east, north);
    const double by_x = (chunk.dx[b] + chunk.dx[a]) / 2, by_y = (chunk.dy[b] + chunk.dy[a]) / 2;
    const bool level = std::abs(chunk.z[b] - chunk.z[a]) <= 0.01 * chunk.dz[b];
    if (!level || (std::abs(apart - by_x) > 0.02 * by_x && std::abs(apart - by_y) > 0.02 * by_y))
      return std::nullopt;
    ++tries;
    return angle_from(chunk, std::atan2(-north, east) * 180.0 / std::numbers::pi, tolerance);
  };
  for (std::size_t r = 1; r < chunk.size() && tries < 20; ++r)
    if (const auto angle = try_pair(r - 1, r)) return angle;
  for (std::size_t anchor = 0; anchor < std::min<std::size_t>(20, chunk.size()); ++anchor)
    for (std::size_t r = 0; r < chunk.size() && tries < 60; ++r)
      if (r != anchor)
        if (const auto angle = try_pair(anchor, r)) return angle;
  return std::nullopt;
}

std::string LayoutScan::where(const BlockChunk& chunk, std::size_t row) const {
  return name_ + ", line " + std::to_string(chunk.line[row]);
}

void LayoutScan::start(const BlockChunk& chunk) {
  started_ = true;
  const std::optional<double> found = rotation_of(chunk, options_.tolerance);
  std::optional<double> said = options_.rotation_deg;
  if (options_.declared) said = options_.declared->rotation_deg;
  axes_.rotation_deg = said ? *said : found.value_or(0.0);
  fits_ = said ? fits(chunk, *said, options_.tolerance) : found.has_value();
  if (said && !fits_ && found) {
    std::size_t row = 1;
    BlockGrid axes;
    axes.origin = centre_of(chunk, 0);
    axes.rotation_deg = *said;
    for (; row + 1 < chunk.size(); ++row) {
      const Triple at = to_grid(axes, centre_of(chunk, row));
      if (!is_multiple(at[0], chunk.dx[row] / 2, 2 * options_.tolerance) ||
          !is_multiple(at[1], chunk.dy[row] / 2, 2 * options_.tolerance))
        break;
    }
    throw Error("blocks.rotation",
                "the blocks are turned by " + number_text(*found) +
                    " degrees, and the grid is said "
                    "to be turned by " +
                    number_text(*said),
                where(chunk, row), "Say --rotation " + number_text(*found) + ", or mend the file.");
  }
  Triple least = size_of(chunk, 0);
  for (std::size_t r = 0; r < chunk.size(); ++r)
    for (std::size_t axis = 0; axis < 3; ++axis)
      least[axis] = std::min(least[axis], size_of(chunk, r)[axis]);
  // Cells that divide every size seen: the smallest block, or a part of it.
  for (std::size_t axis = 0; axis < 3; ++axis) {
    cell_[axis] = least[axis];
    for (int parts = 1; parts <= 12; ++parts) {
      bool all = true;
      for (const std::size_t r : some_rows(chunk))
        all = all && is_multiple(size_of(chunk, r)[axis], least[axis] / parts, 1e-3);
      if (!all) continue;
      cell_[axis] = least[axis] / parts;
      break;
    }
  }
  axes_.origin = centre_of(chunk, 0);
  axes_.spacing = cell_;
  if (options_.declared) axes_.origin = options_.declared->origin;
  layout_.largest_m = layout_.smallest_m = size_of(chunk, 0);
  const Triple at = to_grid(axes_, centre_of(chunk, 0));
  for (std::size_t axis = 0; axis < 3; ++axis)
    anchor_[axis] = low_[axis] = high_[axis] = at[axis] - size_of(chunk, 0)[axis] / 2;
}

void LayoutScan::check_declared(const BlockChunk& chunk) {
  const BlockGrid& grid = *options_.declared;
  for (std::size_t r = 0; r < chunk.size(); ++r) {
    const Triple at = to_grid(grid, centre_of(chunk, r)), size = size_of(chunk, r);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double slack = options_.tolerance * grid.spacing[axis];
      const double from = at[axis] - size[axis] / 2, to = at[axis] + size[axis] / 2;
      const double end = grid.spacing[axis] * static_cast<double>(grid.count[axis]);
      const char letter = "xyz"[axis];
      if (from < -slack || to > end + slack)
        throw Error("blocks.outside_grid",
                    std::string("the block lies outside the declared grid along ") + letter + " (" +
                        number_text(from) + " to " + number_text(to) + " of 0 to " +
                        number_text(end) + " m)",
                    where(chunk, r), "Correct --origin, --spacing, --count or --rotation.");
      // A whole block stands on the grid; a part of one lies within its parent.
      const double parent = std::floor((at[axis]) / grid.spacing[axis]) * grid.spacing[axis];
      if (from < parent - slack || to > parent + grid.spacing[axis] + slack)
        throw Error("blocks.off_grid",
                    std::string("the block does not stand on the declared grid along ") + letter,
                    where(chunk, r), "Correct --origin, --spacing or --rotation.");
    }
  }
}

void LayoutScan::add(const BlockChunk& chunk) {
  for (std::size_t r = 0; r < chunk.size(); ++r)
    if (!(chunk.dx[r] >= 1e-6 && chunk.dy[r] >= 1e-6 && chunk.dz[r] >= 1e-6))
      throw Error("blocks.size",
                  "the block has a size of " + number_text(chunk.dx[r]) + " x " +
                      number_text(chunk.dy[r]) + " x " + number_text(chunk.dz[r]) + " m",
                  where(chunk, r), "Sizes are above 0: a micrometre at least.");
  if (chunk.size() == 0) return;
  if (!started_) start(chunk);
  if (options_.declared) check_declared(chunk);
  for (std::size_t r = 0; r < chunk.size(); ++r) {
    const Triple at = to_grid(axes_, centre_of(chunk, r)), size = size_of(chunk, r);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double from = at[axis] - size[axis] / 2;
      low_[axis] = std::min(low_[axis], from);
      high_[axis] = std::max(high_[axis], from + size[axis]);
      layout_.largest_m[axis] = std::max(layout_.largest_m[axis], size[axis]);
      layout_.smallest_m[axis] = std::min(layout_.smallest_m[axis], size[axis]);
      fits_ = fits_ && is_multiple(size[axis], cell_[axis], 1e-3) &&
              is_multiple(from - anchor_[axis], cell_[axis], 4 * options_.tolerance);
    }
    volume_ += size[0] * size[1] * size[2];
  }
  layout_.blocks += chunk.size();
}

BlockLayout LayoutScan::finish() {
  layout_.volume_m3 = volume_.value();
  layout_.on_grid = fits_;
  layout_.grid = axes_;
  layout_.grid.origin = from_grid(axes_, low_);
  // To a micrometre, so that the row that came first leaves no trace in the last bits.
  for (double& c : layout_.grid.origin) c = std::round(c * 1e6) / 1e6;
  double cells = 1.0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double n = std::max(1.0, std::round((high_[axis] - low_[axis]) / cell_[axis]));
    cells *= n;
    layout_.grid.count[axis] = static_cast<std::size_t>(std::min(n, 1e12));
  }
  // A bit for each cell takes a gigabyte at most.
  if (cells > 8e9) layout_.on_grid = false;
  bool one_size = true;
  for (std::size_t axis = 0; axis < 3; ++axis)
    one_size = one_size && layout_.largest_m[axis] <= layout_.smallest_m[axis] * (1.0 + 1e-3);
  layout_.regular = one_size && layout_.on_grid;
  if (options_.declared && one_size && layout_.blocks != options_.declared->size())
    throw Error("blocks.count",
                "the declared grid has " + std::to_string(options_.declared->size()) +
                    " blocks, the file " + std::to_string(layout_.blocks),
                name_,
                "Correct --count; leave --origin, --spacing and --count out when the file "
                "lists part of a grid.");
  if (axes_.rotation_deg != 0.0 && !options_.declared && !options_.rotation_deg)
    layout_.findings.add("blocks.rotated", Severity::note, name_,
                         "the centroids stand on a grid turned by " +
                             number_text(axes_.rotation_deg) + " degrees clockwise");
  if (!one_size)
    layout_.findings.add(
        "blocks.sub_blocked", Severity::note, name_,
        "blocks from " + number_text(layout_.smallest_m[0]) + " x " +
            number_text(layout_.smallest_m[1]) + " x " + number_text(layout_.smallest_m[2]) +
            " to " + number_text(layout_.largest_m[0]) + " x " + number_text(layout_.largest_m[1]) +
            " x " + number_text(layout_.largest_m[2]) + " m");
  if (!layout_.on_grid)
    layout_.findings.add("blocks.free", Severity::warning, name_,
                         "the blocks stand on no common grid: they were taken one by one, along "
                         "the axes");
  return layout_;
}

BlockBox box_of(const BlockLayout& layout, const BlockChunk& chunk, std::size_t row) {
  const Triple at = to_grid(layout.grid, centre_of(chunk, row));
  const Triple half{chunk.dx[row] / 2, chunk.dy[row] / 2, chunk.dz[row] / 2};
  return {{at[0] - half[0], at[1] - half[1], at[0] + half[0], at[1] + half[1]},
          at[2] - half[2],
          at[2] + half[2]};
}

OverlapCheck::OverlapCheck(const BlockLayout& layout, std::string name)
    : layout_(layout), name_(std::move(name)) {
  if (layout_.on_grid) bits_.assign((layout_.grid.size() + 63) / 64, 0);
}

OverlapCheck::Place OverlapCheck::place_of(const BlockChunk& chunk, std::size_t row) const {
  const BlockBox box = box_of(layout_, chunk, row);
  return {{box.plan.x0, box.plan.y0, box.z0}, {box.plan.x1, box.plan.y1, box.z1}, chunk.line[row]};
}

bool OverlapCheck::set_bits(const Place& place) {
  std::array<std::size_t, 3> from{}, to{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double step = layout_.grid.spacing[axis];
    const auto count = static_cast<double>(layout_.grid.count[axis]);
    const double first = std::round(place.lower[axis] / step);
    const double last = first + std::round((place.upper[axis] - place.lower[axis]) / step);
    from[axis] = static_cast<std::size_t>(std::clamp(first, 0.0, count));
    to[axis] = static_cast<std::size_t>(std::clamp(last, 0.0, count));
  }
  bool taken = false;
  for (std::size_t k = from[2]; k < to[2]; ++k)
    for (std::size_t j = from[1]; j < to[1]; ++j)
      for (std::size_t i = from[0]; i < to[0]; ++i) {
        const std::size_t cell = layout_.grid.index(i, j, k);
        std::uint64_t& word = bits_[cell / 64];
        const std::uint64_t bit = std::uint64_t{1} << (cell % 64);
        taken = taken || (word & bit) != 0;
        word |= bit;
      }
  return taken;
}

namespace {

bool share_ground(const Triple& low_a, const Triple& high_a, const Triple& low_b,
                  const Triple& high_b) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double common = std::min(high_a[axis], high_b[axis]) - std::max(low_a[axis], low_b[axis]);
    const double least = std::min(high_a[axis] - low_a[axis], high_b[axis] - low_b[axis]);
    if (common <= 0.02 * least) return false;
  }
  return true;
}

}  // namespace

bool OverlapCheck::meets_kept(const Place& place) {
  if (kept_.size() >= 20000000)
    throw Error("blocks.too_many",
                "more than 20 million blocks stand on no common grid, and whether they overlap "
                "cannot be told in bounded memory",
                name_ + ", line " + std::to_string(place.line),
                "Bring the model to a grid, e.g. with its own program, or read it in parts.");
  const auto index = static_cast<std::uint32_t>(kept_.size());
  kept_.push_back(place);
  std::array<std::int64_t, 3> from{}, to{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    from[axis] = static_cast<std::int64_t>(std::floor(place.lower[axis] / layout_.largest_m[axis]));
    to[axis] = static_cast<std::int64_t>(std::floor(place.upper[axis] / layout_.largest_m[axis]));
  }
  bool hit = false;
  for (std::int64_t k = from[2]; k <= to[2]; ++k)
    for (std::int64_t j = from[1]; j <= to[1]; ++j)
      for (std::int64_t i = from[0]; i <= to[0]; ++i) {
        const std::uint64_t key = static_cast<std::uint64_t>(i & 0x1fffff) |
                                  static_cast<std::uint64_t>(j & 0x1fffff) << 21 |
                                  static_cast<std::uint64_t>(k & 0x1fffff) << 42;
        auto& bin = bins_[key];
        for (const std::uint32_t other : bin)
          hit =
              hit || share_ground(kept_[other].lower, kept_[other].upper, place.lower, place.upper);
        bin.push_back(index);
      }
  return hit;
}

void OverlapCheck::add(const BlockChunk& chunk) {
  for (std::size_t r = 0; r < chunk.size(); ++r) {
    const Place place = place_of(chunk, r);
    if (!(layout_.on_grid ? set_bits(place) : meets_kept(place))) continue;
    if (overlaps_++ == 0) first_ = place;
  }
}

bool OverlapCheck::find_partner(const BlockChunk& chunk) {
  for (std::size_t r = 0; r < chunk.size(); ++r) {
    const Place place = place_of(chunk, r);
    if (place.line >= first_.line ||
        !share_ground(place.lower, place.upper, first_.lower, first_.upper))
      continue;
    partner_ = place;
    return true;
  }
  return false;
}

void OverlapCheck::refuse() const {
  bool same = partner_.line != 0;
  for (std::size_t axis = 0; axis < 3; ++axis)
    same = same &&
           std::abs(partner_.lower[axis] - first_.lower[axis]) <=
               0.01 * (first_.upper[axis] - first_.lower[axis]) &&
           std::abs(partner_.upper[axis] - first_.upper[axis]) <=
               0.01 * (first_.upper[axis] - first_.lower[axis]);
  const std::string pair =
      "lines " + std::to_string(partner_.line) + " and " + std::to_string(first_.line);
  const std::string more =
      overlaps_ > 1 ? "; " + std::to_string(overlaps_) + " blocks in all do" : std::string();
  if (same)
    throw Error("blocks.duplicate", "two blocks are one: " + pair + more, name_ + ", " + pair,
                "Leave one of them out: their tonnage would count twice.");
  throw Error("blocks.overlap", "two blocks share ground: " + pair + more, name_ + ", " + pair,
              "Correct their places or sizes: their tonnage would count twice.");
}

Reblocking::Reblocking(const Options& options) : options_(options) {
  check_grid(options.parents, "parents");
  if (options.parents.size() > (std::size_t{1} << 28) / (options.values + 1))
    throw Error("reblock.too_many",
                std::to_string(options.parents.size()) + " parents are too many to hold", "--count",
                "Take larger blocks or fewer columns.");
  volume_.resize(options.parents.size());
  weight_.resize(options.parents.size() * options.values);
  sum_.resize(options.parents.size() * options.values);
}

void Reblocking::add(const BlockLayout& layout, const BlockChunk& chunk) {
  if (std::abs(std::remainder(layout.grid.rotation_deg - options_.parents.rotation_deg, 360.0)) >
      1e-6)
    throw Error("reblock.rotation",
                "the blocks are turned by " + number_text(layout.grid.rotation_deg) +
                    " degrees, the parents by " + number_text(options_.parents.rotation_deg),
                "--rotation", "Give the parents the rotation of the blocks.");
  const BlockGrid& grid = options_.parents;
  for (std::size_t r = 0; r < chunk.size(); ++r) {
    const Triple at = to_grid(grid, centre_of(chunk, r)), size = size_of(chunk, r);
    std::array<std::size_t, 3> from{}, to{};
    std::array<std::vector<double>, 3> shares;
    double inside = 1.0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double step = grid.spacing[axis];
      const auto count = static_cast<double>(grid.count[axis]);
      double low = at[axis] - size[axis] / 2, high = at[axis] + size[axis] / 2;
      // Edges that rounding has moved off a parent's face go back to it.
      const double slack = 1e-6 * step;
      for (double* edge : {&low, &high})
        if (std::abs(*edge - std::round(*edge / step) * step) < slack)
          *edge = std::round(*edge / step) * step;
      from[axis] = static_cast<std::size_t>(std::clamp(std::floor(low / step), 0.0, count));
      to[axis] = static_cast<std::size_t>(std::clamp(std::ceil(high / step), 0.0, count));
      double along = 0.0;
      for (std::size_t i = from[axis]; i < to[axis]; ++i) {
        const double a = std::max(low, static_cast<double>(i) * step);
        const double b = std::min(high, static_cast<double>(i + 1) * step);
        shares[axis].push_back(std::max(0.0, (b - a) / (high - low)));
        along += shares[axis].back();
      }
      inside *= along;
    }
    double volume = size[0] * size[1] * size[2];
    if (options_.share >= 0) {
      const double share = chunk.numbers[static_cast<std::size_t>(options_.share)][r];
      volume *= std::isnan(share) ? 0.0 : share;
    }
    if (inside < 1.0 - 1e-9) outside_ += volume * (1.0 - inside);
    for (std::size_t k = from[2]; k < to[2]; ++k)
      for (std::size_t j = from[1]; j < to[1]; ++j)
        for (std::size_t i = from[0]; i < to[0]; ++i) {
          const double part =
              volume * shares[0][i - from[0]] * shares[1][j - from[1]] * shares[2][k - from[2]];
          const std::size_t parent = grid.index(i, j, k);
          volume_[parent] += part;
          for (std::size_t v = 0; v < options_.values; ++v) {
            const double value = chunk.numbers[v][r];
            double weight = part;
            if (options_.density >= 0 && static_cast<int>(v) != options_.density)
              weight *= chunk.numbers[static_cast<std::size_t>(options_.density)][r];
            if (std::isnan(value) || std::isnan(weight)) continue;
            weight_[parent * options_.values + v] += weight;
            sum_[parent * options_.values + v] += weight * value;
          }
        }
  }
}

Reblocking::Parent Reblocking::at(std::size_t parent) const {
  Parent one;
  one.volume_m3 = volume_[parent].value();
  one.share = one.volume_m3 / options_.parents.block_m3();
  for (std::size_t v = 0; v < options_.values; ++v) {
    const double weight = weight_[parent * options_.values + v].value();
    one.values.push_back(weight > 0.0 ? sum_[parent * options_.values + v].value() / weight : NAN);
  }
  return one;
}

}  // namespace lode
