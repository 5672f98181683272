#include "libgeo/environment/drainage_fill.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace lode {

namespace {

// Marks in `state` while flooding.
constexpr std::uint8_t reached = 253, raised_mark = 252;
constexpr std::size_t between_checks = std::size_t{1} << 20;

struct Waiting {
  std::uint64_t key;
  std::uint32_t cell;
};

// Lowest first, where nothing is put in that is lower than what was last taken out: a radix heap
// (Ahuja, Mehlhorn, Orlin & Tarjan 1990), three times as fast as a binary one here.
class RisingQueue {
 public:
  void push(double height_m, std::size_t cell) { put({key_of(height_m), as_number(cell)}); }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  void restart() { last_ = 0; }
  std::uint32_t pop() {
    if (bucket_[0].empty()) refill();
    const std::uint32_t cell = bucket_[0].back().cell;
    bucket_[0].pop_back();
    --count_;
    return cell;
  }

 private:
  static std::uint32_t as_number(std::size_t cell) { return static_cast<std::uint32_t>(cell); }
  // Whole numbers in the order of the heights; -0 is 0.
  static std::uint64_t key_of(double height_m) {
    const auto bits = std::bit_cast<std::uint64_t>(height_m + 0.0);
    const std::uint64_t sign = std::uint64_t{1} << 63;
    return (bits & sign) != 0 ? ~bits : bits | sign;
  }
  void put(const Waiting& one) {
    bucket_[static_cast<std::size_t>(std::bit_width(one.key ^ last_))].push_back(one);
    ++count_;
  }
  void refill() {
    std::size_t b = 1;
    while (bucket_[b].empty()) ++b;
    std::vector<Waiting> moved;
    moved.swap(bucket_[b]);
    last_ = moved.front().key;
    for (const Waiting& one : moved) last_ = std::min(last_, one.key);
    count_ -= moved.size();
    for (const Waiting& one : moved) put(one);
    moved.clear();
    // Its room is kept for what comes to it next.
    if (bucket_[b].empty()) bucket_[b].swap(moved);
  }

  std::array<std::vector<Waiting>, 65> bucket_;
  std::uint64_t last_ = 0;
  std::size_t count_ = 0;
};

// Barnes, Lehman & Mulla 2014 with the slopes kept out of the queue (Zhou, Sun & Fu 2016): a cell
// that is climbed to has its own height for its level at once, and waits in the queue only when a
// neighbour that was not reached lies no higher.
class Flood {
 public:
  Flood(ElevationGrid& grid, std::vector<std::uint8_t>& state, const Progress& progress)
      : height_(grid.height_m),
        state_(state),
        shape_{grid.place.columns, grid.place.rows},
        progress_(progress) {}

  /// For seeds lower than what was flooded before.
  void restart() { queue_.restart(); }
  void seed(std::size_t cell) {
    state_[cell] = reached;
    push(cell);
  }

  // Cells that were lower than their level are added with the height that they had.
  void run(std::vector<RaisedCell>& raised) {
    while (!queue_.empty()) {
      spread(queue_.pop(), raised);
      while (!pit_.empty()) {
        const std::uint32_t next = pit_.back();
        pit_.pop_back();
        spread(next, raised);
      }
    }
  }

 private:
  void push(std::size_t cell) { queue_.push(height_[cell], cell); }

  void count() {
    if (++done_ % between_checks == 0)
      progress_.update(static_cast<double>(done_) / static_cast<double>(shape_.size()));
  }

  // From a cell whose level is final and lower than that of all that waits.
  void spread(std::size_t cell, std::vector<RaisedCell>& raised) {
    count();
    const double level = height_[cell];
    shape_.around(cell, [&](std::size_t n, std::uint8_t) {
      if (state_[n] != drainage_undecided) return;
      if (height_[n] > level) {
        state_[n] = reached;
        slope_.push_back(static_cast<std::uint32_t>(n));
        return;
      }
      state_[n] = reached;
      if (height_[n] < level) {
        state_[n] = raised_mark;
        raised.push_back({height_[n], static_cast<std::uint32_t>(n)});
        height_[n] = level;
      }
      pit_.push_back(static_cast<std::uint32_t>(n));
    });
    climb();
  }

  void climb() {
    // In rings: cells that are climbed to early wait for fewer of their neighbours.
    for (std::size_t i = 0; i < slope_.size(); ++i) {
      const std::size_t cell = slope_[i];
      count();
      const double level = height_[cell];
      bool waits = false;
      shape_.around(cell, [&](std::size_t n, std::uint8_t) {
        if (state_[n] != drainage_undecided) return;
        if (height_[n] > level) {
          state_[n] = reached;
          slope_.push_back(static_cast<std::uint32_t>(n));
        } else {
          waits = true;
        }
      });
      if (waits) push(cell);
    }
    slope_.clear();
  }

  std::vector<double>& height_;
  std::vector<std::uint8_t>& state_;
  GridShape shape_;
  const Progress& progress_;
  RisingQueue queue_;
  std::vector<std::uint32_t> pit_, slope_;
  std::size_t done_ = 0;
};

bool by_cell(const RaisedCell& a, const RaisedCell& b) {
  return a.cell < b.cell;
}

// Lowest cells of the hollows within one filled hollow that are deeper than the limit: each lower
// place counts from where its water would first run over into a lower one (or out).
class DeepHollow {
 public:
  // `cells` ascending by cell.
  DeepHollow(const std::vector<RaisedCell>& cells, double most_fill_m)
      : cells_(cells), most_fill_m_(most_fill_m), parent_(cells.size()) {}

  void sinks(const GridShape& shape, std::vector<std::uint32_t>& found, const Progress& progress) {
    std::vector<std::uint32_t> order(cells_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      const RaisedCell &p = cells_[a], &q = cells_[b];
      return p.height_m != q.height_m ? p.height_m < q.height_m : p.cell < q.cell;
    });
    rank_.assign(cells_.size(), 0);
    for (std::size_t i = 0; i < order.size(); ++i)
      rank_[order[i]] = static_cast<std::uint32_t>(i) + 1;
    for (std::uint32_t i = 0; i < parent_.size(); ++i) parent_[i] = i;
    for (const std::uint32_t i : order) {
      if (rank_[i] % 65536 == 0) progress.check();
      shape.around(cells_[i].cell, [&](std::size_t n, std::uint8_t) {
        const std::size_t j = place_of(n);
        if (j < cells_.size() && rank_[j] < rank_[i])
          join(i, static_cast<std::uint32_t>(j), cells_[i].height_m, found);
      });
    }
    found.push_back(cells_[order.front()].cell);  // the deepest: the hollow is deeper than allowed
  }

 private:
  [[nodiscard]] std::size_t place_of(std::size_t cell) const {
    const RaisedCell wanted{0.0, static_cast<std::uint32_t>(cell)};
    const auto it = std::lower_bound(cells_.begin(), cells_.end(), wanted, by_cell);
    return it != cells_.end() && it->cell == cell ? static_cast<std::size_t>(it - cells_.begin())
                                                  : cells_.size();
  }
  std::uint32_t root(std::uint32_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  // The root of a group is its lowest cell.
  void join(std::uint32_t a, std::uint32_t b, double at, std::vector<std::uint32_t>& found) {
    a = root(a);
    b = root(b);
    if (a == b) return;
    if (rank_[a] < rank_[b]) std::swap(a, b);
    if (at - cells_[a].height_m > most_fill_m_) found.push_back(cells_[a].cell);
    parent_[a] = b;
  }

  const std::vector<RaisedCell>& cells_;
  double most_fill_m_;
  std::vector<std::uint32_t> parent_, rank_;
};

// Hollows deeper than allowed have their heights again, and are flooded from their sinks.
void reopen_deep(ElevationGrid& grid, double most_fill_m, std::vector<std::uint8_t>& state,
                 FilledHollows& result, const Progress& progress) {
  const GridShape shape{grid.place.columns, grid.place.rows};
  const std::vector<RaisedCell> all = std::move(result.raised);
  result.raised.clear();
  const auto was = [&](std::size_t cell) {
    return *std::lower_bound(all.begin(), all.end(),
                             RaisedCell{0.0, static_cast<std::uint32_t>(cell)}, by_cell);
  };
  std::vector<RaisedCell> hollow;
  Flood flood(grid, state, progress);
  std::size_t seen = 0;
  for (const RaisedCell& first : all) {
    if (state[first.cell] != raised_mark) continue;
    hollow.assign(1, first);
    state[first.cell] = reached;
    double deepest = 0.0;
    const double level = grid.height_m[first.cell];
    for (std::size_t i = 0; i < hollow.size(); ++i) {
      if (++seen % between_checks == 0) progress.check();
      deepest = std::max(deepest, level - hollow[i].height_m);
      shape.around(hollow[i].cell, [&](std::size_t n, std::uint8_t) {
        if (state[n] != raised_mark) return;
        state[n] = reached;
        hollow.push_back(was(n));
      });
    }
    if (deepest <= most_fill_m) {
      result.raised.insert(result.raised.end(), hollow.begin(), hollow.end());
      continue;
    }
    std::sort(hollow.begin(), hollow.end(), by_cell);
    std::vector<std::uint32_t> sinks;
    DeepHollow(hollow, most_fill_m).sinks(shape, sinks, progress);
    for (const RaisedCell& cell : hollow) {
      grid.height_m[cell.cell] = cell.height_m;
      state[cell.cell] = drainage_undecided;
    }
    flood.restart();
    for (const std::uint32_t sink : sinks) flood.seed(sink);
    std::vector<RaisedCell> raised;
    flood.run(raised);
    for (const RaisedCell& cell : raised) state[cell.cell] = reached;
    result.raised.insert(result.raised.end(), raised.begin(), raised.end());
    result.sinks.insert(result.sinks.end(), sinks.begin(), sinks.end());
  }
  std::sort(result.sinks.begin(), result.sinks.end());
  std::sort(result.raised.begin(), result.raised.end(), by_cell);
}

}  // namespace

FilledHollows fill_hollows(ElevationGrid& grid, double most_fill_m,
                           std::vector<std::uint8_t>& state, const Progress& progress) {
  const GridShape shape{grid.place.columns, grid.place.rows};
  Flood flood(grid, state, progress);
  const std::vector<bool> edge = edge_of_data(shape, state);
  for (std::size_t cell = 0; cell < shape.size(); ++cell)
    if (edge[cell]) flood.seed(cell);
  FilledHollows result;
  flood.run(result.raised);
  std::sort(result.raised.begin(), result.raised.end(), by_cell);
  if (std::isfinite(most_fill_m)) reopen_deep(grid, most_fill_m, state, result, progress);
  for (std::uint8_t& s : state)
    if (s != drainage_none) s = drainage_undecided;
  return result;
}

}  // namespace lode
