#include "libgeo/io/model_blocks.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <optional>
#include <tuple>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/spatial_index.h"
#include "libgeo/io/model_text.h"

namespace lode::model_files {

namespace {

using Axes = std::array<std::array<double, 3>, 3>;

constexpr double most_cells = 1e7;    // along one axis
constexpr double off_grid = 1e-3;     // of a block: how far a centre may stand off the grid
constexpr double same_size = 1e-6;    // relative
constexpr double rounded_off = 0.02;  // of a block: what neighbours in rounded files may share
constexpr std::size_t most_turns = 24;
constexpr double whole_corner = 1e-7;  // of a parent: a corner this near to its face lies on it

std::array<double, 3> along(const Axes& axes, const std::array<double, 3>& place) {
  std::array<double, 3> local{};
  for (std::size_t a = 0; a < 3; ++a)
    local[a] = axes[a][0] * place[0] + axes[a][1] * place[1] + axes[a][2] * place[2];
  return local;
}

std::array<double, 3> against(const Axes& axes, const std::array<double, 3>& local) {
  std::array<double, 3> place{};
  for (std::size_t c = 0; c < 3; ++c)
    place[c] = axes[0][c] * local[0] + axes[1][c] * local[1] + axes[2][c] * local[2];
  return place;
}

bool are_equal(double a, double b) {
  return std::abs(a - b) <= same_size * std::max(std::abs(a), std::abs(b));
}

// What a try at a grid gives: parents, and where in them each row stands.
struct Fit {
  std::array<double, 3> lower{};  // in the axes
  std::array<std::vector<double>, 3> sizes;
  std::vector<std::array<std::uint32_t, 3>> parent;
  std::vector<std::array<double, 6>> corners;  // empty: every row fills its parent
  double off = 0.0;                            // farthest centre from the grid
};

std::optional<Fit> equal_blocks(const std::vector<BlockBoxRow>& rows) {
  const auto& size = rows[0].size;
  for (const auto& row : rows)
    for (std::size_t a = 0; a < 3; ++a)
      if (!are_equal(row.size[a], size[a])) return std::nullopt;
  Fit fit;
  fit.parent.resize(rows.size());
  for (std::size_t a = 0; a < 3; ++a) {
    double least = rows[0].centre[a], most = least;
    for (const auto& row : rows) {
      least = std::min(least, row.centre[a]);
      most = std::max(most, row.centre[a]);
    }
    if (!((most - least) / size[a] < most_cells)) return std::nullopt;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const double cell = (rows[r].centre[a] - least) / size[a], whole = std::round(cell);
      if (std::abs(cell - whole) > off_grid) return std::nullopt;
      fit.off = std::max(fit.off, std::abs(cell - whole) * size[a]);
      fit.parent[r][a] = static_cast<std::uint32_t>(whole);
    }
    fit.lower[a] = least - size[a] / 2.0;
    fit.sizes[a].assign(static_cast<std::size_t>(std::round((most - least) / size[a])) + 1,
                        size[a]);
  }
  return fit;
}

// Layers of one thickness each along every axis.
std::optional<Fit> tensor(const std::vector<BlockBoxRow>& rows) {
  Fit fit;
  fit.parent.resize(rows.size());
  double cells = 1.0;
  for (std::size_t a = 0; a < 3; ++a) {
    std::vector<std::size_t> order(rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto lower = [&](std::size_t r) { return rows[r].centre[a] - rows[r].size[a] / 2.0; };
    std::sort(order.begin(), order.end(),
              [&](std::size_t l, std::size_t r) { return lower(l) < lower(r); });
    double start = 0.0;
    for (const std::size_t r : order) {
      const double size = rows[r].size[a];
      if (fit.sizes[a].empty()) {
        start = fit.lower[a] = lower(r);
        fit.sizes[a].push_back(size);
      } else if (std::abs(lower(r) - start) > off_grid * size) {
        if (std::abs(start + fit.sizes[a].back() - lower(r)) > off_grid * size) return std::nullopt;
        start = lower(r);
        fit.sizes[a].push_back(size);
      }
      if (!are_equal(fit.sizes[a].back(), size)) return std::nullopt;
      fit.parent[r][a] = static_cast<std::uint32_t>(fit.sizes[a].size() - 1);
    }
    cells *= static_cast<double>(fit.sizes[a].size());
  }
  if (cells > 8.0 * static_cast<double>(rows.size())) return std::nullopt;
  return fit;
}

double on_face(double share) {
  if (std::abs(share) <= whole_corner) return 0.0;
  return std::abs(share - 1.0) <= whole_corner ? 1.0 : share;
}

// Parents of the largest size, every block within one.
std::optional<Fit> in_parents(const std::vector<BlockBoxRow>& rows) {
  Fit fit;
  fit.parent.resize(rows.size());
  fit.corners.resize(rows.size());
  for (std::size_t a = 0; a < 3; ++a) {
    double size = 0.0, start = 0.0, least = INFINITY, most = -INFINITY;
    for (const auto& row : rows) {
      const double lower = row.centre[a] - row.size[a] / 2.0;
      if (row.size[a] > size) {
        size = row.size[a];
        start = lower;
      }
      least = std::min(least, lower);
      most = std::max(most, lower + row.size[a]);
    }
    if (!((most - least) / size < most_cells)) return std::nullopt;
    const double first = std::floor((least - start) / size + off_grid);
    fit.lower[a] = start + first * size;
    std::uint32_t last = 0;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const double from = (rows[r].centre[a] - rows[r].size[a] / 2.0 - fit.lower[a]) / size;
      const double cell = std::floor(from + off_grid);
      const double to = from + rows[r].size[a] / size;
      if (to - cell > 1.0 + off_grid) return std::nullopt;
      fit.parent[r][a] = static_cast<std::uint32_t>(std::max(cell, 0.0));
      last = std::max(last, fit.parent[r][a]);
      fit.corners[r][a] = on_face(std::max(from - cell, 0.0));
      fit.corners[r][3 + a] = on_face(std::min(to - cell, 1.0));
    }
    fit.sizes[a].assign(std::size_t{last} + 1, size);
  }
  return fit;
}

Fit one_parent(const std::vector<BlockBoxRow>& rows) {
  Fit fit;
  fit.parent.assign(rows.size(), {0, 0, 0});
  fit.corners.resize(rows.size());
  for (std::size_t a = 0; a < 3; ++a) {
    double least = INFINITY, most = -INFINITY;
    for (const auto& row : rows) {
      least = std::min(least, row.centre[a] - row.size[a] / 2.0);
      most = std::max(most, row.centre[a] + row.size[a] / 2.0);
    }
    fit.lower[a] = least;
    fit.sizes[a] = {most - least};
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const auto& row = rows[r];
      fit.corners[r][a] = on_face((row.centre[a] - row.size[a] / 2.0 - least) / (most - least));
      fit.corners[r][3 + a] = on_face((row.centre[a] + row.size[a] / 2.0 - least) / (most - least));
    }
  }
  return fit;
}

Axes axes_at(double angle) {
  const double c = std::cos(angle), s = std::sin(angle);
  return Axes{{{c, s, 0.0}, {-s, c, 0.0}, {0.0, 0.0, 1.0}}};
}

// Directions that neighbours side by side on one level show, in radians within a quarter turn; the
// round figure beside each, since files round their coordinates.
std::vector<double> turns_of(const std::vector<BlockBoxRow>& rows) {
  constexpr double degree = std::numbers::pi / 180.0;
  std::vector<double> turns;
  const auto add = [&](double angle) {
    const auto known = [&](double turn) { return std::abs(turn - angle) < 1e-12; };
    if (angle != 0.0 && std::none_of(turns.begin(), turns.end(), known)) turns.push_back(angle);
  };
  const std::size_t most = std::min<std::size_t>(rows.size(), 4096);
  for (std::size_t r = 1; r < most && turns.size() < most_turns; ++r)
    for (const std::size_t from : {std::size_t{0}, r - 1}) {
      const double dx = rows[r].centre[0] - rows[from].centre[0];
      const double dy = rows[r].centre[1] - rows[from].centre[1];
      const double reach = std::hypot(dx, dy);
      if (rows[r].centre[2] != rows[from].centre[2] || reach == 0.0) continue;
      const auto beside = [&](std::size_t a) {
        const double apart = (rows[r].size[a] + rows[from].size[a]) / 2.0;
        return std::abs(reach - apart) <= off_grid * apart;
      };
      for (const std::size_t a : {std::size_t{0}, std::size_t{1}}) {
        if (!beside(a)) continue;
        double angle = std::atan2(dy, dx) - (a == 1 ? std::numbers::pi / 2.0 : 0.0);
        while (angle > std::numbers::pi / 2.0) angle -= std::numbers::pi;
        while (angle <= -std::numbers::pi / 2.0) angle += std::numbers::pi;
        const double round = std::round(angle / degree * 100.0) / 100.0 * degree;
        if (std::abs(round - angle) < 1e-6 * degree) {
          add(round);
        } else {
          add(angle);
          add(round);
        }
      }
    }
  return turns;
}

// Centres in the axes, counted from `from`: far from it the axes' last digits would move them.
std::vector<BlockBoxRow> turned(const std::vector<BlockBoxRow>& rows, const Axes& axes,
                                const std::array<double, 3>& from) {
  std::vector<BlockBoxRow> local = rows;
  for (auto& row : local) {
    for (std::size_t c = 0; c < 3; ++c) row.centre[c] -= from[c];
    row.centre = along(axes, row.centre);
  }
  return local;
}

bool share_ground(const BlockBoxRow& a, const BlockBoxRow& b) {
  for (std::size_t i = 0; i < 3; ++i) {
    const double common = (a.size[i] + b.size[i]) / 2.0 - std::abs(a.centre[i] - b.centre[i]);
    if (common <= rounded_off * std::min(a.size[i], b.size[i])) return false;
  }
  return true;
}

using Pair = std::array<std::size_t, 2>;

std::optional<Pair> overlap_among(const std::vector<std::size_t>& some,
                                  const std::vector<BlockBoxRow>& rows) {
  std::vector<Box> boxes;
  for (const std::size_t r : some) {
    const auto& row = rows[r];
    boxes.push_back({row.centre[0] - row.size[0] / 2.0, row.centre[1] - row.size[1] / 2.0,
                     row.centre[0] + row.size[0] / 2.0, row.centre[1] + row.size[1] / 2.0});
  }
  const std::vector<Box> plan = boxes;
  const SpatialIndex index(std::move(boxes));
  for (std::size_t i = 0; i < some.size(); ++i)
    for (const std::size_t other : index.query(plan[i]))
      if (other > i && share_ground(rows[some[i]], rows[some[other]]))
        return Pair{std::min(some[i], some[other]), std::max(some[i], some[other])};
  return std::nullopt;
}

// Two rows that share ground: blocks of different parents do not.
std::optional<Pair> overlap_in(const Fit& fit, const std::vector<BlockBoxRow>& rows) {
  std::vector<std::size_t> order(rows.size()), some;
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t l, std::size_t r) {
    return std::tie(fit.parent[l], l) < std::tie(fit.parent[r], r);
  });
  for (std::size_t from = 0, to = 0; from < order.size(); from = to) {
    while (to < order.size() && fit.parent[order[to]] == fit.parent[order[from]]) ++to;
    if (to - from == 1) continue;
    if (fit.corners.empty()) return Pair{order[from], order[from + 1]};
    some.assign(order.begin() + static_cast<std::ptrdiff_t>(from),
                order.begin() + static_cast<std::ptrdiff_t>(to));
    if (const auto pair = overlap_among(some, rows)) return pair;
  }
  return std::nullopt;
}

void refuse_overlap(const Fit& fit, const std::vector<BlockBoxRow>& rows,
                    const std::string& where) {
  const auto pair = overlap_in(fit, rows);
  if (!pair) return;
  throw Error("model.blocks",
              "blocks " + std::to_string((*pair)[0] + 1) + " and " +
                  std::to_string((*pair)[1] + 1) + " share ground",
              where,
              "Take one of them out. Is the model turned? Say --rotation, or give a format that "
              "says its axes, such as OMF or VTU.");
}

// A grid along the axes in which no two blocks share ground.
std::optional<Fit> sound_fit(const std::vector<BlockBoxRow>& local) {
  for (const auto make : {equal_blocks, tensor, in_parents}) {
    std::optional<Fit> fit = make(local);
    if (fit && !overlap_in(*fit, local)) return fit;
  }
  return std::nullopt;
}

// Divisions of the parents on whose lines all corners lie; {0, 0, 0} when there are none.
std::array<std::uint32_t, 3> divisions_of(const std::vector<std::array<double, 6>>& corners) {
  std::array<std::uint32_t, 3> divisions{1, 1, 1};
  for (std::size_t a = 0; a < 3; ++a) {
    double least = 1.0;
    for (const auto& c : corners) least = std::min(least, c[3 + a] - c[a]);
    const double n = std::round(1.0 / least);
    if (!(n >= 1.0 && n <= 256.0)) return {0, 0, 0};
    for (const auto& c : corners)
      for (const std::size_t end : {a, 3 + a})
        if (std::abs(c[end] * n - std::round(c[end] * n)) > 1e-6) return {0, 0, 0};
    divisions[a] = static_cast<std::uint32_t>(n);
  }
  return divisions;
}

// A full grid takes its columns in its own order; returns false when it is not full.
bool fill_grid(ModelObject& object, const Fit& fit) {
  const double cells = static_cast<double>(fit.sizes[0].size()) *
                       static_cast<double>(fit.sizes[1].size()) *
                       static_cast<double>(fit.sizes[2].size());
  if (cells != static_cast<double>(fit.parent.size())) return false;
  constexpr auto none = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> row_of(fit.parent.size(), none);
  bool in_order = true;
  for (std::size_t r = 0; r < fit.parent.size(); ++r) {
    const auto& p = fit.parent[r];
    const std::size_t cell =
        p[0] + fit.sizes[0].size() * (p[1] + fit.sizes[1].size() * std::size_t{p[2]});
    if (row_of[cell] != none) return false;
    row_of[cell] = static_cast<std::uint32_t>(r);
    in_order = in_order && cell == r;
  }
  if (in_order) return true;
  for (ModelColumn& column : object.columns) column = spread(column, row_of);
  return true;
}

}  // namespace

std::size_t blocks_of(const ModelBlocks& blocks) {
  return blocks.sub_blocks == ModelBlocks::SubBlocks::none ? blocks.parents()
                                                           : blocks.corners.size();
}

std::vector<double> edges_of(const std::vector<double>& sizes) {
  std::vector<double> edges{0.0};
  const bool equal =
      std::all_of(sizes.begin(), sizes.end(), [&](double size) { return size == sizes[0]; });
  for (std::size_t i = 0; i < sizes.size(); ++i)
    edges.push_back(equal ? static_cast<double>(i + 1) * sizes[0] : edges.back() + sizes[i]);
  return edges;
}

void each_block(const ModelBlocks& blocks,
                const std::function<void(std::size_t, const BlockBoxRow&)>& visit) {
  std::array<std::vector<double>, 3> edges;
  for (std::size_t a = 0; a < 3; ++a) edges[a] = edges_of(blocks.sizes[a]);
  BlockBoxRow row;
  if (blocks.sub_blocks != ModelBlocks::SubBlocks::none) {
    for (std::size_t b = 0; b < blocks.corners.size(); ++b) {
      for (std::size_t a = 0; a < 3; ++a) {
        const std::size_t p = blocks.parent[b][a];
        const double from = edges[a][p], size = blocks.sizes[a][p];
        const double lower = blocks.corners[b][a], upper = blocks.corners[b][3 + a];
        row.centre[a] = from + (lower + upper) / 2.0 * size;
        row.size[a] = (upper - lower) * size;
      }
      visit(b, row);
    }
    return;
  }
  std::size_t b = 0;
  for (std::size_t k = 0; k < blocks.sizes[2].size(); ++k)
    for (std::size_t j = 0; j < blocks.sizes[1].size(); ++j)
      for (std::size_t i = 0; i < blocks.sizes[0].size(); ++i) {
        const std::array<std::size_t, 3> at{i, j, k};
        for (std::size_t a = 0; a < 3; ++a) {
          row.size[a] = blocks.sizes[a][at[a]];
          row.centre[a] = edges[a][at[a]] + row.size[a] / 2.0;
        }
        visit(b++, row);
      }
}

std::array<double, 3> in_the_file(const ModelBlocks& blocks, const std::array<double, 3>& local) {
  std::array<double, 3> place = against(blocks.axes, local);
  for (std::size_t c = 0; c < 3; ++c) place[c] += blocks.origin[c];
  return place;
}

bool is_regular(const ModelBlocks& blocks) {
  for (const auto& sizes : blocks.sizes)
    for (const double size : sizes)
      if (size != sizes[0]) return false;
  return blocks.sub_blocks == ModelBlocks::SubBlocks::none;
}

bool is_turned(const ModelBlocks& blocks) {
  return blocks.axes != ModelBlocks{}.axes;
}

std::vector<ModelColumn> columns_of_list(const ModelObject& object, std::vector<ModelLoss>& lost) {
  std::vector<ModelColumn> columns;
  const ModelBlocks& blocks = object.blocks;
  const bool sub = blocks.sub_blocks != ModelBlocks::SubBlocks::none;
  std::vector<std::uint32_t> parent_of;
  std::size_t corners = 0, repeated = 0;
  for (const ModelColumn& column : object.columns) {
    if (column.place == ModelColumn::Place::vertices) {
      ++corners;
    } else if (sub == (column.place == ModelColumn::Place::sub_blocks)) {
      columns.push_back(column);
    } else if (sub) {
      ++repeated;
      if (parent_of.empty())
        for (const auto& p : blocks.parent)
          parent_of.push_back(static_cast<std::uint32_t>(
              p[0] + blocks.sizes[0].size() * (p[1] + blocks.sizes[1].size() * std::size_t{p[2]})));
      columns.push_back(spread(column, parent_of));
    }
  }
  if (corners > 0)
    lost.push_back({object.name, std::to_string(corners) + " columns on the corners of the grid"});
  if (repeated > 0)
    lost.push_back({object.name, "that " + std::to_string(repeated) +
                                     " columns stand on parents: repeated for each sub-block"});
  return columns;
}

void fit_blocks(ModelObject& object, const std::vector<BlockBoxRow>& rows, const Axes& axes,
                Findings& findings, const std::string& where) {
  if (rows.empty()) refuse("model.count", "there is no block", where);
  for (const auto& row : rows)
    for (std::size_t a = 0; a < 3; ++a)
      if (!(row.size[a] > 0.0 && row.size[a] < 1e12 && std::abs(row.centre[a]) < 1e12))
        refuse("model.syntax", "a block has no place or size that can be", where);
  Axes used = axes;
  std::array<double, 3> from{0.0, 0.0, 0.0};
  if (axes != ModelBlocks{}.axes) from = rows[0].centre;
  std::vector<BlockBoxRow> local = turned(rows, used, from);
  std::optional<Fit> fit = sound_fit(local);
  if (!fit && axes == ModelBlocks{}.axes)
    for (const double turn : turns_of(rows)) {
      const Axes found = axes_at(turn);
      fit = sound_fit(turned(rows, found, rows[0].centre));
      if (!fit) continue;
      used = found;
      from = rows[0].centre;
      break;
    }
  if (!fit) {
    fit = one_parent(local);
    refuse_overlap(*fit, local, where);
    findings.add("model.one_parent", Severity::note, where,
                 "the blocks lie in no grid of parents: one parent around all holds them", 1);
  }
  if (fit->off > 1e-6)
    findings.add("model.snapped", Severity::note, where,
                 "centres stand up to " + number_text(fit->off) +
                     " off a regular grid, and were moved onto it");
  ModelBlocks& blocks = object.blocks;
  blocks.axes = used;
  blocks.origin = against(used, fit->lower);
  for (std::size_t c = 0; c < 3; ++c) blocks.origin[c] += from[c];
  blocks.sizes = fit->sizes;
  for (ModelColumn& column : object.columns) column.place = ModelColumn::Place::parts;
  if (fit->corners.empty() && fill_grid(object, *fit)) return;
  if (fit->corners.empty()) fit->corners.assign(rows.size(), {0, 0, 0, 1, 1, 1});
  for (ModelColumn& column : object.columns) column.place = ModelColumn::Place::sub_blocks;
  blocks.divisions = divisions_of(fit->corners);
  blocks.sub_blocks =
      blocks.divisions[0] > 0 ? ModelBlocks::SubBlocks::regular : ModelBlocks::SubBlocks::free;
  if (blocks.divisions[0] == 0) blocks.divisions = {1, 1, 1};
  blocks.parent = std::move(fit->parent);
  blocks.corners = std::move(fit->corners);
}

}  // namespace lode::model_files
