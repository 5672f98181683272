#include "libgeo/estimation/kriging_run.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <mutex>
#include <numeric>

#include "libgeo/core/parallel.h"

namespace lode::kriging {

namespace {

constexpr std::size_t most_rows = 65536;
constexpr std::size_t most_in_a_group = 18;
constexpr std::size_t most_blocks_in_a_group = 32;
using Shape = std::array<std::size_t, 3>;

/// Rows of a slab in the order of work, cut into groups.
struct Groups {
  std::vector<std::uint32_t> rows;
  std::vector<std::size_t> start;
};

/// Consecutive targets: of a grid, a box of blocks one of whose sides may be cut.
struct Range {
  std::size_t first = 0, rows = 0;
  std::array<std::size_t, 3> low{}, high{};
};

// How many blocks along each axis share a search: as many as leave the group small beside the
// neighbourhood. It changes the time, never the results.
Shape shape_of(const Plan& plan, const TargetSource& targets) {
  Shape shape{1, 1, 1};
  if (!targets.targets().is_grid) return shape;
  const BlockGrid& grid = targets.targets().grid;
  const Metric& metric = plan.metrics.front();
  const std::size_t wanted = plan.options.search.passes.front().max_samples;
  double reach = metric.limit;
  for (const auto& sets : plan.sets)
    for (const SampleSet& set : sets)
      if (wanted > 0 && !set.sample.empty() && plan.options.local_angles.empty())
        reach = std::min(reach, 0.44 * set.passes.front().tree.usual_radius(wanted + 1));
  Place step;
  for (std::size_t c = 0; c < 3; ++c) {
    Place along = targets.block_axes()[c];
    for (double& part : along) part *= grid.spacing[c];
    const Place scaled = metric.scale(along);
    step[c] = std::sqrt(scaled[0] * scaled[0] + scaled[1] * scaled[1] + scaled[2] * scaled[2]);
  }
  while (true) {
    std::size_t best = 3;
    for (std::size_t c = 0; c < 3; ++c) {
      Shape next = shape;
      ++next[c];
      double square = 0.0;
      for (std::size_t d = 0; d < 3; ++d) {
        const double side = static_cast<double>(next[d] - 1) * step[d];
        square += side * side;
      }
      if (next[c] > grid.count[c] || next[0] * next[1] * next[2] > most_blocks_in_a_group ||
          0.5 * std::sqrt(square) > 0.29 * reach)
        continue;
      if (best == 3 ||
          static_cast<double>(shape[c]) * step[c] < static_cast<double>(shape[best]) * step[best])
        best = c;
    }
    if (best == 3) return shape;
    ++shape[best];
  }
}

std::vector<Range> ranges_of(const TargetSource& targets, const Shape& shape, std::size_t cap) {
  std::vector<Range> ranges;
  const std::size_t n = targets.size();
  if (!targets.targets().is_grid) {
    for (std::size_t first = 0; first < n; first += cap)
      ranges.push_back({first, std::min(cap, n - first), {}, {}});
    return ranges;
  }
  const auto& count = targets.targets().grid.count;
  std::array<std::size_t, 3> step{count[0], count[1], 1};
  const std::size_t layer = count[0] * count[1];
  if (layer <= cap) {
    const std::size_t layers = cap / layer;
    step[2] = layers > 1 ? layers / shape[2] * shape[2] : 1;
  } else if (count[0] <= cap) {
    const std::size_t lines = cap / count[0];
    step[1] = lines > shape[1] ? lines / shape[1] * shape[1] : lines;
  } else {
    step = {cap, 1, 1};
  }
  for (std::size_t k = 0; k < count[2]; k += step[2])
    for (std::size_t j = 0; j < count[1]; j += step[1])
      for (std::size_t i = 0; i < count[0]; i += step[0]) {
        Range range;
        range.low = {i, j, k};
        range.rows = 1;
        for (std::size_t c = 0; c < 3; ++c) {
          range.high[c] = std::min(count[c], range.low[c] + step[c]);
          range.rows *= range.high[c] - range.low[c];
        }
        range.first = i + count[0] * (j + count[1] * k);
        ranges.push_back(range);
      }
  return ranges;
}

void grid_groups(const Range& range, const Shape& b, Groups& groups) {
  const std::size_t nx = range.high[0] - range.low[0], ny = range.high[1] - range.low[1],
                    nz = range.high[2] - range.low[2];
  for (std::size_t k = 0; k < nz; k += b[2])
    for (std::size_t j = 0; j < ny; j += b[1])
      for (std::size_t i = 0; i < nx; i += b[0]) {
        groups.start.push_back(groups.rows.size());
        for (std::size_t z = k; z < std::min(nz, k + b[2]); ++z)
          for (std::size_t y = j; y < std::min(ny, j + b[1]); ++y)
            for (std::size_t x = i; x < std::min(nx, i + b[0]); ++x)
              groups.rows.push_back(static_cast<std::uint32_t>(x + nx * (y + ny * z)));
      }
}

// Halves the longest side until few enough targets are left.
void list_groups(const std::vector<Place>& places, std::uint32_t* begin, std::uint32_t* end,
                 std::size_t offset, Groups& groups) {
  const auto n = static_cast<std::size_t>(end - begin);
  if (n <= most_in_a_group) {
    groups.start.push_back(offset);
    return;
  }
  Place low = places[*begin], high = low;
  for (const std::uint32_t* i = begin; i < end; ++i)
    for (std::size_t c = 0; c < 3; ++c) {
      low[c] = std::min(low[c], places[*i][c]);
      high[c] = std::max(high[c], places[*i][c]);
    }
  std::size_t widest = 0;
  for (std::size_t c = 1; c < 3; ++c)
    if (high[c] - low[c] > high[widest] - low[widest]) widest = c;
  std::uint32_t* middle = begin + n / 2;
  std::nth_element(begin, middle, end, [&](std::uint32_t a, std::uint32_t b) {
    return places[a][widest] != places[b][widest] ? places[a][widest] < places[b][widest] : a < b;
  });
  list_groups(places, begin, middle, offset, groups);
  list_groups(places, middle, end, offset + n / 2, groups);
}

// Cuts groups where the domain changes, and into single targets where each has its own angles.
Groups cut(Groups groups, const Plan& plan, const TargetSource& targets, std::size_t first) {
  const bool single = !plan.options.local_angles.empty();
  if (plan.domains.empty() && !single) return groups;
  Groups result;
  groups.start.push_back(groups.rows.size());
  for (std::size_t g = 0; g + 1 < groups.start.size(); ++g) {
    const auto begin = groups.rows.begin() + static_cast<std::ptrdiff_t>(groups.start[g]);
    const auto end = groups.rows.begin() + static_cast<std::ptrdiff_t>(groups.start[g + 1]);
    std::stable_sort(begin, end, [&](std::uint32_t a, std::uint32_t b) {
      return targets.domain(first + a) < targets.domain(first + b);
    });
    for (auto i = begin; i < end; ++i) {
      if (i == begin || single ||
          targets.domain(first + *i) != targets.domain(first + result.rows.back()))
        result.start.push_back(result.rows.size());
      result.rows.push_back(*i);
    }
  }
  return result;
}

Groups groups_of(const Plan& plan, const TargetSource& targets, const Shape& shape,
                 const Range& range) {
  Groups groups;
  if (targets.targets().is_grid) {
    grid_groups(range, shape, groups);
  } else {
    std::vector<Place> places;
    for (std::size_t i = 0; i < range.rows; ++i) places.push_back(targets.place(range.first + i));
    groups.rows.resize(range.rows);
    std::iota(groups.rows.begin(), groups.rows.end(), 0u);
    list_groups(places, groups.rows.data(), groups.rows.data() + range.rows, 0, groups);
  }
  return cut(std::move(groups), plan, targets, range.first);
}

void clear(Slab& slab, const Plan& plan, const Range& range) {
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  EstimateChunk& chunk = slab.chunk;
  slab.first = chunk.first = range.first;
  chunk.value.resize(plan.variables);
  for (auto& column : chunk.value) column.assign(range.rows, missing);
  for (auto* column : {&chunk.variance, &chunk.slope, &chunk.efficiency, &chunk.nearest_m})
    column->assign(range.rows, missing);
  chunk.samples.assign(range.rows, 0);
  chunk.holes.assign(range.rows, 0);
  chunk.pass.assign(range.rows, 0);
  slab.flags.assign(range.rows, 0);
}

std::size_t rows_at_once(const Plan& plan, bool with_weights) {
  if (!with_weights) return most_rows;
  std::size_t most = 1;
  for (const SearchPass& pass : plan.options.search.passes)
    for (const auto& sets : plan.sets)
      for (const SampleSet& set : sets)
        most = std::max(most, pass.max_samples == 0 ? set.sample.size() : pass.max_samples);
  return std::clamp<std::size_t>((std::size_t{1} << 21) / most, 64, most_rows);
}

/// Workers kept between blocks of work, so that their room is asked for once.
class Pool {
 public:
  Pool(const Plan& plan, const TargetSource& targets, const SharedSystems& shared,
       const Progress& progress)
      : plan_(plan), targets_(targets), shared_(shared), progress_(progress) {}
  std::unique_ptr<Worker> take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return std::make_unique<Worker>(plan_, targets_, shared_, progress_);
    auto worker = std::move(free_.back());
    free_.pop_back();
    return worker;
  }
  void give(std::unique_ptr<Worker> worker) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(worker));
  }

 private:
  const Plan& plan_;
  const TargetSource& targets_;
  const SharedSystems& shared_;
  const Progress& progress_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Worker>> free_;
};

}  // namespace

void run_slabs(const Plan& plan, const TargetSource& targets, bool with_weights,
               const SlabSink& sink, const Progress& progress) {
  const SharedSystems shared =
      share_systems(plan, !targets.without_sample.empty(), progress.part(0.0, 0.05));
  Pool pool(plan, targets, shared, progress);
  const Shape shape = shape_of(plan, targets);
  const auto ranges = ranges_of(targets, shape, rows_at_once(plan, with_weights));
  const std::size_t at_once = shared.empty() ? 64 : 2;
  const auto total = static_cast<double>(std::max<std::size_t>(targets.size(), 1));
  Slab slab;
  std::vector<WeightRows> weights;
  for (const Range& range : ranges) {
    clear(slab, plan, range);
    Groups groups = groups_of(plan, targets, shape, range);
    const std::size_t count = groups.start.size();
    groups.start.push_back(groups.rows.size());
    weights.assign(with_weights ? (count + at_once - 1) / at_once : 0, WeightRows{});
    const double from = 0.05 + 0.95 * static_cast<double>(range.first) / total;
    const double to = 0.05 + 0.95 * static_cast<double>(range.first + range.rows) / total;
    parallel_blocks(
        count, at_once, plan.options.jobs,
        [&](std::size_t begin, std::size_t end, std::size_t block) {
          auto worker = pool.take();
          for (std::size_t g = begin; g < end; ++g)
            for (std::size_t v = 0; v < plan.groups.size(); ++v)
              worker->group(v, &groups.rows[groups.start[g]], groups.start[g + 1] - groups.start[g],
                            slab, with_weights ? &weights[block] : nullptr);
          worker->finish();
          pool.give(std::move(worker));
        },
        progress.part(from, to));
    sink(slab, weights);
  }
}

void Tally::add(const Slab& slab) {
  const EstimateChunk& chunk = slab.chunk;
  so_far_.by_pass.resize(plan_.metrics.size(), 0);
  for (std::size_t row = 0; row < chunk.rows(); ++row) {
    ++so_far_.targets;
    const std::uint8_t flags = slab.flags[row];
    so_far_.ties += (flags & flag_tie) != 0 ? 1 : 0;
    so_far_.negative_weights += (flags & flag_negative) != 0 ? 1 : 0;
    so_far_.not_positive_definite += (flags & flag_bad) != 0 ? 1 : 0;
    no_drift_ += (flags & flag_no_drift) != 0 ? 1 : 0;
    for (std::size_t v = 0; v < chunk.value.size(); ++v)
      if (!std::isnan(chunk.value[v][row])) {
        sums_[v].add(chunk.value[v][row]);
        ++counts_[v];
      }
    if (chunk.pass[row] == 0) continue;
    ++so_far_.estimated;
    ++so_far_.by_pass[std::min<std::size_t>(chunk.pass[row], so_far_.by_pass.size()) - 1];
    if (!std::isnan(chunk.variance[row])) {
      variance_.add(chunk.variance[row]);
      ++variances_;
    }
  }
}

EstimateSummary Tally::summary() const {
  EstimateSummary s = so_far_;
  s.unestimated = s.targets - s.estimated;
  s.duplicates = plan_.duplicates;
  s.samples_dropped = plan_.dropped;
  s.samples_used = plan_.stands_for.size() - plan_.dropped;
  for (std::size_t v = 0; v < sums_.size(); ++v)
    s.mean.push_back(counts_[v] > 0 ? sums_[v].value() / static_cast<double>(counts_[v])
                                    : std::numeric_limits<double>::quiet_NaN());
  if (variances_ > 0) s.mean_kriging_variance = variance_.value() / static_cast<double>(variances_);
  s.findings = plan_.findings;
  const auto of_all = [&](std::size_t n) {
    return std::to_string(n) + " of " + std::to_string(s.targets) + " targets";
  };
  if (s.not_positive_definite > 0)
    s.findings.add("estimate.not_positive_definite", Severity::warning, "targets",
                   of_all(s.not_positive_definite) +
                       " have a system of equations without a sound solution and are not "
                       "estimated: samples too close for the model, or too few or too regular for "
                       "the drift",
                   s.not_positive_definite);
  if (no_drift_ > 0)
    s.findings.add("estimate.no_target_drift", Severity::warning, "targets",
                   of_all(no_drift_) + " lack the drift variable and are not estimated", no_drift_);
  if (const std::size_t few =
          s.unestimated - std::min(s.unestimated, s.not_positive_definite + no_drift_);
      few > 0)
    s.findings.add("estimate.too_few", Severity::warning, "targets",
                   of_all(few) + " find too few samples in the search and are not estimated", few);
  if (s.ties > 0)
    s.findings.add("estimate.ties", Severity::note, "targets",
                   of_all(s.ties) +
                       " have samples as far as each other where the search ends; the one that "
                       "comes first in the samples is taken",
                   s.ties);
  return s;
}

}  // namespace lode::kriging
