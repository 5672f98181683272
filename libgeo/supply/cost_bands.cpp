#include "libgeo/supply/cost_bands.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <memory>
#include <mutex>

#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/supply/tails.h"

namespace lode {

namespace {

constexpr std::size_t cells_at_once = 4'000'000;  // of sources x draws held by a thread: 80 MB
constexpr std::size_t most_together = 64;         // draws
constexpr std::size_t most_steps = 2048;          // of 40 draws they fit a core's own cache
constexpr std::size_t fine_steps = 1 << 14;
constexpr double edge = 1e-12;  // sums of the same tonnes in another order are the same tonnage

/// Steps of cost with about as many sources in each, by the first draw. Where they lie changes the
/// time that a draw takes and not what it gives.
class CostSteps {
 public:
  explicit CostSteps(const std::vector<CostDraws>& sources) {
    DrawRoom room;
    std::vector<double> costs, cost(1 + cost_lanes::spare), tonnes(cost.size());
    for (const auto& source : sources) {
      source.draws(0, 1, room, cost.data(), tonnes.data());
      if (std::isfinite(cost.front())) costs.push_back(cost.front());
    }
    std::sort(costs.begin(), costs.end());
    count_ = std::min(most_steps, std::bit_floor(1 + costs.size() / 32));
    // What is far off does not make the steps wide: it falls into the first and the last.
    const double low = costs.empty() ? 0.0 : costs[costs.size() / 200];
    const double high = costs.empty() ? 0.0 : costs[costs.size() - 1 - costs.size() / 200];
    if (count_ == 1 || !(low < high)) {
      count_ = 1;
      of_.assign(1, 0);
      return;
    }
    scale_.low = low;
    scale_.steps_per_usd = static_cast<double>(fine_steps) / (high - low);
    scale_.last = static_cast<double>(fine_steps - 1);
    std::size_t below = 0;
    for (std::size_t fine = 0; fine < fine_steps; ++fine) {
      of_.push_back(static_cast<std::uint16_t>(below * count_ / (costs.size() + 1)));
      const double end = scale_.low + static_cast<double>(fine + 1) / scale_.steps_per_usd;
      while (below < costs.size() && costs[below] < end) ++below;
    }
  }
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] const cost_lanes::Scale& scale() const { return scale_; }
  [[nodiscard]] std::uint16_t of(std::int32_t fine) const {
    return of_[static_cast<std::size_t>(fine)];
  }

 private:
  std::size_t count_ = 1;
  cost_lanes::Scale scale_;
  std::vector<std::uint16_t> of_;  ///< by fine step
};

/// Some draws of all sources, one thread's.
class DrawsTogether {
 public:
  DrawsTogether(const std::vector<CostDraws>& sources, const CostSteps& steps,
                const BandsAsked& asked, std::size_t most)
      : sources_(sources), steps_(steps), asked_(asked), most_(most) {}
  void answer(std::size_t first, std::size_t count, BandsDrawn& into);

 private:
  struct Cell {
    double usd_per_kg, tonnes;
  };
  void draw_all(std::size_t first);
  void find_steps(std::size_t d);
  void pick_cells();
  void put_marginal(std::size_t d, double* marginal);

  const std::vector<CostDraws>& sources_;
  const CostSteps& steps_;
  const BandsAsked& asked_;
  const std::size_t most_;
  std::size_t count_ = 0;
  DrawRoom room_;
  std::vector<std::int32_t> fine_;
  std::vector<double> usd_per_kg_, tonnes_;  ///< [source * most + draw]
  std::vector<std::uint16_t> step_;          ///< the same
  std::vector<double> in_step_;              ///< [draw * steps + step], tonnes
  std::vector<double> total_, carry_;        ///< [line * most + draw]
  /// Steps of each draw in which points of the grid are reached, and tonnes before them.
  struct Reached {
    std::size_t step, point, points;
    double before_t;
  };
  std::vector<std::vector<Reached>> reached_;  ///< by draw
  std::vector<std::uint16_t> slot_;            ///< [draw * steps + step]: 1 + place, 0 = none
  std::vector<std::vector<std::vector<Cell>>> cells_;  ///< by draw and place
};

void DrawsTogether::draw_all(std::size_t first) {
  const std::size_t wide = most_ + cost_lanes::spare, steps = steps_.count();
  const cost_lanes::Kernels& with = cost_lanes::kernels();
  usd_per_kg_.resize(sources_.size() * most_ + cost_lanes::spare);
  tonnes_.resize(usd_per_kg_.size());
  step_.resize(usd_per_kg_.size());
  fine_.assign(wide, 0);
  in_step_.assign(count_ * steps, 0.0);
  total_.assign(asked_.line_usd_per_kg.size() * wide, 0.0);
  carry_.assign(total_.size(), 0.0);
  for (std::size_t k = 0; k < sources_.size(); ++k) {
    double* cost = &usd_per_kg_[k * most_];
    double* tonnes = &tonnes_[k * most_];
    std::uint16_t* step = &step_[k * most_];
    sources_[k].draws(first, count_, room_, cost, tonnes);
    if (steps > 1) with.steps(steps_.scale(), cost, count_, fine_.data());
    for (std::size_t d = 0; d < count_; ++d) {
      step[d] = steps_.of(fine_[d]);
      in_step_[d * steps + step[d]] += tonnes[d];
    }
    for (std::size_t l = 0; l < asked_.line_usd_per_kg.size(); ++l)
      with.add_below(asked_.line_usd_per_kg[l], cost, tonnes, count_, &total_[l * wide],
                     &carry_[l * wide]);
  }
}

/// In which steps of cost the points are reached.
void DrawsTogether::find_steps(std::size_t d) {
  const std::size_t steps = steps_.count(), points = asked_.grid_t.size();
  std::vector<Reached>& reached = reached_[d];
  reached.clear();
  std::size_t point = 0;
  Sum cumulated;
  for (std::size_t s = 0; s < steps && point < points; ++s) {
    const double before = cumulated.value();
    cumulated += in_step_[d * steps + s];
    const double reach = cumulated.value() * (1.0 + edge);
    const std::size_t from = point;
    while (point < points && asked_.grid_t[point] <= reach) ++point;
    if (point == from) continue;
    reached.push_back({s, from, point, before});
    slot_[d * steps + s] = static_cast<std::uint16_t>(reached.size());
  }
}

void DrawsTogether::pick_cells() {
  const std::size_t steps = steps_.count();
  for (std::size_t d = 0; d < count_; ++d) {
    cells_[d].resize(std::max(cells_[d].size(), reached_[d].size()));
    for (auto& some : cells_[d]) some.clear();
  }
  for (std::size_t k = 0; k < sources_.size(); ++k)
    for (std::size_t d = 0; d < count_; ++d) {
      const std::size_t at = k * most_ + d;
      const std::uint16_t slot = slot_[d * steps + step_[at]];
      if (slot != 0) cells_[d][slot - 1u].push_back({usd_per_kg_[at], tonnes_[at]});
    }
}

void DrawsTogether::put_marginal(std::size_t d, double* marginal) {
  std::size_t point = 0;
  for (std::size_t r = 0; r < reached_[d].size(); ++r) {
    const Reached& reached = reached_[d][r];
    std::vector<Cell>& cells = cells_[d][r];
    std::sort(cells.begin(), cells.end(), [](const Cell& a, const Cell& b) {
      return a.usd_per_kg != b.usd_per_kg ? a.usd_per_kg < b.usd_per_kg : a.tonnes < b.tonnes;
    });
    Sum cumulated;
    cumulated += reached.before_t;
    double last = std::numeric_limits<double>::infinity();
    for (const auto& one : cells) {
      if (point == reached.points || !std::isfinite(one.usd_per_kg)) break;
      cumulated += one.tonnes;
      last = one.usd_per_kg;
      const double reach = cumulated.value() * (1.0 + edge);
      while (point < reached.points && asked_.grid_t[point] <= reach) marginal[point++] = last;
    }
    // The step's tonnes reach them; summed in this order they may miss by a rounding.
    while (point < reached.points) marginal[point++] = last;
  }
  while (point < asked_.grid_t.size()) marginal[point++] = std::numeric_limits<double>::infinity();
}

void DrawsTogether::answer(std::size_t first, std::size_t count, BandsDrawn& into) {
  count_ = count;
  reached_.resize(most_);
  cells_.resize(most_);
  slot_.assign(count * steps_.count(), 0);
  draw_all(first);
  for (std::size_t d = 0; d < count; ++d) find_steps(d);
  pick_cells();
  const std::size_t points = asked_.grid_t.size(), lines = asked_.line_usd_per_kg.size();
  for (std::size_t d = 0; d < count; ++d) {
    put_marginal(d, &into.marginal[(first + d) * points]);
    for (std::size_t l = 0; l < lines; ++l) {
      const std::size_t at = l * (most_ + cost_lanes::spare) + d;
      into.below[(first + d) * lines + l] = total_[at] + carry_[at];
    }
  }
}

}  // namespace

std::vector<CostTails> cost_tails(const std::vector<CostDraws>& sources, std::size_t draws,
                                  int jobs, const Progress& progress) {
  std::vector<CostTails> tails(sources.size());
  parallel_blocks(
      sources.size(), 16, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        DrawRoom room;
        TailRoom order;
        std::vector<double> usd_per_kg(draws + cost_lanes::spare), tonnes(usd_per_kg.size());
        for (std::size_t k = begin; k < end; ++k) {
          const bool costs = sources[k].cost_varies(), amounts = sources[k].tonnes_vary();
          const std::size_t count = costs || amounts ? draws : 1;
          sources[k].draws(0, count, room, usd_per_kg.data(), tonnes.data());
          tails[k] = {tails_of(usd_per_kg.data(), costs ? draws : 1, order),
                      tails_of(tonnes.data(), amounts ? draws : 1, order)};
        }
      },
      progress);
  return tails;
}

BandsDrawn cost_bands(const std::vector<CostDraws>& sources, const BandsAsked& asked,
                      const Progress& progress) {
  BandsDrawn drawn;
  drawn.marginal.resize(asked.draws * asked.grid_t.size());
  drawn.below.resize(asked.draws * asked.line_usd_per_kg.size());
  const CostSteps steps(sources);
  const std::size_t together =
      std::clamp(cells_at_once / sources.size() / cost_lanes::spare * cost_lanes::spare,
                 cost_lanes::spare, most_together);
  // Their memory is taken once a thread.
  std::vector<std::unique_ptr<DrawsTogether>> idle;
  std::mutex guard;
  parallel_blocks(
      asked.draws, together, asked.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        std::unique_ptr<DrawsTogether> mine;
        {
          const std::lock_guard lock(guard);
          if (!idle.empty()) {
            mine = std::move(idle.back());
            idle.pop_back();
          }
        }
        if (!mine) mine = std::make_unique<DrawsTogether>(sources, steps, asked, together);
        mine->answer(begin, end - begin, drawn);
        const std::lock_guard lock(guard);
        idle.push_back(std::move(mine));
      },
      progress);
  return drawn;
}

}  // namespace lode
