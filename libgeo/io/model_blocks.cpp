#include "libgeo/io/model_blocks.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/io/model_text.h"

namespace lode::model_files {

namespace {

using Axes = std::array<std::array<double, 3>, 3>;

constexpr double most_cells = 1e7;     // along one axis
constexpr double off_grid = 1e-3;      // of a block: how far a centre may stand off the grid
constexpr double same_size = 1e-6;     // relative
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

// The direction from a block to a neighbour of the same level at the distance of a size.
std::optional<Axes> turned_axes(const std::vector<BlockBoxRow>& rows) {
  const std::size_t most = std::min<std::size_t>(rows.size(), 4096);
  for (std::size_t r = 1; r < most; ++r)
    for (const std::size_t from : {std::size_t{0}, r - 1}) {
      const double dx = rows[r].centre[0] - rows[from].centre[0];
      const double dy = rows[r].centre[1] - rows[from].centre[1];
      const double reach = std::hypot(dx, dy);
      if (rows[r].centre[2] != rows[from].centre[2] || reach == 0.0) continue;
      double c = dx / reach, s = dy / reach;
      if (std::abs(reach - rows[0].size[0]) > 1e-4 * reach) {
        if (std::abs(reach - rows[0].size[1]) > 1e-4 * reach) continue;
        const double was = c;  // the neighbour stands along y: x lies a quarter turn clockwise
        c = s;
        s = -was;
      }
      if (c < 0.0 || (c == 0.0 && s < 0.0)) {
        c = -c;
        s = -s;
      }
      return Axes{{{c, s, 0.0}, {-s, c, 0.0}, {0.0, 0.0, 1.0}}};
    }
  return std::nullopt;
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

void refuse_overlap(const Fit& fit, const std::vector<BlockBoxRow>& rows,
                    const std::string& where) {
  Sum volume;
  for (const auto& row : rows) volume.add(row.size[0] * row.size[1] * row.size[2]);
  const double room = fit.sizes[0][0] * fit.sizes[1][0] * fit.sizes[2][0];
  if (volume.value() <= room * (1.0 + 1e-6)) return;
  throw Error("model.blocks", "the blocks overlap: they fill more than the box around them", where,
              "Is the model turned? A turned model with sub-blocks needs a format that says its "
              "axes, such as OMF or VTU.");
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
  std::optional<Fit> fit = equal_blocks(local);
  if (!fit) fit = tensor(local);
  if (!fit && axes == ModelBlocks{}.axes) {
    if (const auto found = turned_axes(rows)) {
      fit = equal_blocks(turned(rows, *found, rows[0].centre));
      if (fit) {
        used = *found;
        from = rows[0].centre;
      }
    }
  }
  if (!fit) fit = in_parents(local);
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
