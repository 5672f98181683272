#include "libgeo/environment/zonal.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <optional>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"
#include "libgeo/environment/zonal_parts.h"
#include "libgeo/geometry/cell_areas.h"

namespace lode {

namespace {

using namespace zonal;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
// Memory that all threads together take for their windows.
constexpr std::size_t most_bytes = std::size_t{96} << 20;
constexpr std::size_t good_window = 65536;    // cells
constexpr std::size_t most_window = 2097152;  // cells of bands and weights
// Windows whose parts are kept until they are added up in order.
constexpr std::size_t batch = 256;
// A zone that lies in no more windows is made ready again in each.
constexpr std::size_t few_windows = 4;

// One zone in one window.
struct Part {
  std::size_t zone = 0;
  double cells = 0.0, area = 0.0;  // whether or not they have a value
  bool known = true;               // the area
  std::vector<Moments> bands;
  std::vector<Run> runs;
};

// Cells of a row that have a value.
struct Valid {
  std::vector<double> value, share, weight, area;
  std::vector<std::uint32_t> column;  // of the zone's part of the window
  std::uint64_t first_at = 0;         // row x columns + column of the first of them
  std::size_t count = 0;
  void room(std::size_t n) {
    if (value.size() >= n) return;
    for (auto* list : {&value, &share, &weight, &area}) list->resize(n);
    column.resize(n);
  }
};

// What one thread works with.
struct Work {
  std::vector<std::unique_ptr<RasterReader>> readers;
  std::unique_ptr<RasterReader> weights;
  std::vector<std::vector<float>> single;
  std::vector<std::vector<double>> numbers;
  std::vector<double> weight_numbers;
  RasterWindow window, under;
  bool read = false;
  std::size_t from = 0, to = 0;  // columns of a row that the zone covers
  std::vector<double> u, v, share, area, weight, piece_u, piece_v, piece_share;
  CellAreas::Basis basis;
  Valid valid;
};

struct ZoneSums {
  Sum cells, area;
  bool known = true;
  std::vector<BandSums> bands;
};

class ZonalRun {
 public:
  ZonalRun(const ZonalInputs& inputs, const ZonalOptions& options);
  Zonal run(const Progress& progress);

 private:
  void check_grids() const;
  void choose_windows();
  void list_windows();
  [[nodiscard]] RasterWindow window_at(std::size_t index) const;
  [[nodiscard]] std::unique_ptr<Work> make_work() const;
  void process(std::size_t index, Work& work, std::vector<Part>& parts, const Progress& progress);
  [[nodiscard]] bool cover(std::size_t zone, const RasterWindow& window, Work& work) const;
  void read(Work& work) const;
  void add_zone(std::size_t zone, Work& work, Part& part) const;
  void weigh(std::size_t zone, std::size_t row, Work& work) const;
  void share_pieces(std::size_t zone, std::size_t row, Work& work) const;
  template <class T>
  void gather(const std::vector<T>& numbers, std::size_t band, std::size_t row, Work& work) const;
  void add_row(const Valid& valid, Moments& moments, Run& run) const;
  void fold(std::vector<std::vector<Part>>& parts, const Progress& progress);
  void finish(Zonal& result, const Progress& progress);
  void finish_zone(std::size_t zone, ZonalRow& row, const Progress& progress);

  const ZonalInputs& inputs_;
  const ZonalOptions& options_;
  const RasterPlace& place_;
  std::vector<Wanted> wanted_;
  Needs needs_;
  CellAreas areas_;
  std::optional<WeightGrid> weight_grid_;
  std::vector<GridZone> zones_;
  std::vector<std::unique_ptr<CellCoverage>> covers_;  // of zones in many windows
  std::size_t wide_ = 1, high_ = 1, across_ = 1, down_ = 1;
  std::vector<std::size_t> start_, list_;  // zones of each window
  std::vector<std::size_t> windows_;       // that a zone meets
  std::vector<ZoneSums> sums_;
  std::vector<double> cells_;  // that each zone covers, with a value or not
  int jobs_ = 1;
  std::mutex mutex_;  // of idle_
  std::vector<std::unique_ptr<Work>> idle_;
};

const RasterPlace& first_place(const ZonalInputs& inputs) {
  if (inputs.bands.empty())
    throw Error("zonal.grid", "there is no raster", "bands", "Give at least one band.");
  return inputs.bands.front()->place();
}

ZonalRun::ZonalRun(const ZonalInputs& inputs, const ZonalOptions& options)
    : inputs_(inputs),
      options_(options),
      place_(first_place(inputs)),
      areas_(place_.crs, place_.transform, place_.columns, place_.rows) {
  for (const ZonalStatistic& statistic : options.statistics)
    wanted_.push_back(wanted_of(statistic));
  if (wanted_.empty())
    for (const char* name : {"count", "mean", "min", "max", "sum"})
      wanted_.push_back(wanted_of({.name = name}));
  needs_ = needs_of(wanted_, options);
  check_grids();
  if (options.weights == ZonalWeights::raster)
    weight_grid_.emplace(place_, inputs.weights->place());
  choose_windows();
}

void ZonalRun::check_grids() const {
  if (options_.weights == ZonalWeights::raster && inputs_.weights == nullptr)
    throw Error("zonal.weights", "there is no raster of weights", "weights", "Give one.");
  for (const RasterSource* band : inputs_.bands) {
    const RasterPlace& other = band->place();
    if (other.columns == place_.columns && other.rows == place_.rows &&
        other.transform == place_.transform && other.crs == place_.crs)
      continue;
    throw Error("zonal.grid", "the bands lie on different grids", other.name,
                "Take the grids one by one, or resample them to one.");
  }
}

// Windows of whole blocks, cut where those are large.
void ZonalRun::choose_windows() {
  const std::size_t bands = inputs_.bands.size();
  const std::size_t pieces = weight_grid_ ? weight_grid_->across() * weight_grid_->down() : 0;
  const std::size_t most = std::max<std::size_t>(1, most_window / (bands + pieces));
  wide_ = std::clamp<std::size_t>(place_.block_columns, 1, place_.columns);
  high_ = std::clamp<std::size_t>(place_.block_rows, 1, place_.rows);
  wide_ = std::min(wide_, most);
  if (wide_ * high_ > most) high_ = std::max<std::size_t>(1, most / wide_);
  const std::size_t step = high_, good = std::min(good_window, most);
  // Strips one upon the other lie in the window as they do in the file, also for several bands.
  while (wide_ == place_.columns && high_ < place_.rows && wide_ * (high_ + step) <= good)
    high_ += step;
  if (bands == 1 && wide_ < place_.columns && wide_ * high_ * 2 <= good)
    wide_ = std::min(place_.columns, wide_ * (good / (wide_ * high_)));
  high_ = std::min(high_, place_.rows);
  across_ = (place_.columns + wide_ - 1) / wide_;
  down_ = (place_.rows + high_ - 1) / high_;
  const std::size_t bytes = wide_ * high_ * (8 * bands + 8 * pieces + 24);
  const std::size_t threads = std::max<std::size_t>(1, most_bytes / bytes);
  jobs_ = static_cast<int>(
      std::min(static_cast<std::size_t>(std::max(1, thread_count(options_.jobs))), threads));
}

RasterWindow ZonalRun::window_at(std::size_t index) const {
  RasterWindow w;
  w.column = index % across_ * wide_;
  w.row = index / across_ * high_;
  w.columns = std::min(wide_, place_.columns - w.column);
  w.rows = std::min(high_, place_.rows - w.row);
  return w;
}

// Which zones may meet which windows, by their bounds.
void ZonalRun::list_windows() {
  const auto range = [](double low, double high, std::size_t size, std::size_t count) {
    const auto first = static_cast<std::size_t>(std::max(0.0, low)) / size;
    const auto last = static_cast<std::size_t>(std::max(0.0, std::ceil(high) - 1.0)) / size;
    return std::pair(std::min(first, count - 1), std::min(last, count - 1));
  };
  const auto each = [&](auto visit) {
    for (std::size_t z = 0; z < zones_.size(); ++z) {
      const GridZone& zone = zones_[z];
      if (zone.kind == GeometryKind::none || zone.outside) continue;
      const auto [c0, c1] = range(zone.bounds.min_x, zone.bounds.max_x, wide_, across_);
      const auto [r0, r1] = range(zone.bounds.min_y, zone.bounds.max_y, high_, down_);
      for (std::size_t r = r0; r <= r1; ++r)
        for (std::size_t c = c0; c <= c1; ++c)
          visit(z, r * across_ + c, (r1 - r0 + 1) * (c1 - c0 + 1));
    }
  };
  start_.assign(across_ * down_ + 1, 0);
  each([&](std::size_t, std::size_t window, std::size_t) { ++start_[window + 1]; });
  for (std::size_t w = 0; w + 1 < start_.size(); ++w) {
    if (start_[w + 1] > 0) windows_.push_back(w);
    start_[w + 1] += start_[w];
  }
  list_.resize(start_.back());
  std::vector<std::size_t> next(start_.begin(), start_.end() - 1);
  covers_.resize(zones_.size());
  each([&](std::size_t z, std::size_t window, std::size_t all) {
    list_[next[window]++] = z;
    if (all > few_windows && !covers_[z] && zones_[z].kind == GeometryKind::polygon)
      covers_[z] = std::make_unique<CellCoverage>(zones_[z].on_grid(), place_.transform);
  });
}

std::unique_ptr<Work> ZonalRun::make_work() const {
  auto work = std::make_unique<Work>();
  for (const RasterSource* band : inputs_.bands)
    work->readers.push_back(work->readers.empty() ? band->reader()
                                                  : band->reader_beside(*work->readers.front()));
  if (weight_grid_) work->weights = inputs_.weights->reader();
  work->single.resize(inputs_.bands.size());
  work->numbers.resize(inputs_.bands.size());
  return work;
}

// Shares of the zone's cells in the window, in work.u x work.v; false when there is none.
bool ZonalRun::cover(std::size_t z, const RasterWindow& window, Work& work) const {
  const GridZone& zone = zones_[z];
  const auto first = [](double low, std::size_t from) {
    return std::max(from, static_cast<std::size_t>(std::max(0.0, std::floor(low))));
  };
  const auto end = [](double high, std::size_t from, std::size_t count) {
    return std::min(from + count, static_cast<std::size_t>(std::max(0.0, std::ceil(high))));
  };
  const std::size_t c0 = first(zone.bounds.min_x, window.column);
  const std::size_t c1 = end(zone.bounds.max_x, window.column, window.columns);
  const std::size_t r0 = first(zone.bounds.min_y, window.row);
  const std::size_t r1 = end(zone.bounds.max_y, window.row, window.rows);
  if (c0 >= c1 || r0 >= r1) return false;
  work.u.resize(c1 - c0 + 1);
  work.v.resize(r1 - r0 + 1);
  for (std::size_t c = 0; c < work.u.size(); ++c) work.u[c] = static_cast<double>(c0 + c);
  for (std::size_t r = 0; r < work.v.size(); ++r) work.v[r] = static_cast<double>(r0 + r);
  if (zone.kind != GeometryKind::polygon) {
    work.share.assign((c1 - c0) * (r1 - r0), 0.0);
    bool any = false;
    for (std::size_t r = r0; r < r1; ++r) {
      const std::uint64_t from = r * place_.columns + c0, to = r * place_.columns + c1;
      auto cell = std::lower_bound(zone.cells.begin(), zone.cells.end(), from);
      for (; cell != zone.cells.end() && *cell < to; ++cell, any = true)
        work.share[(r - r0) * (c1 - c0) + static_cast<std::size_t>(*cell - from)] = 1.0;
    }
    return any;
  }
  if (covers_[z]) {
    covers_[z]->shares(work.u, work.v, work.share);
  } else {
    const CellCoverage here(zone.on_grid(), place_.transform);
    here.shares(work.u, work.v, work.share);
  }
  return std::any_of(work.share.begin(), work.share.end(), [](double s) { return s > 0.0; });
}

// The window of all bands, block by block where blocks may hold several of them.
void ZonalRun::read(Work& work) const {
  const RasterWindow& w = work.window;
  const std::size_t bands = inputs_.bands.size();
  for (std::size_t b = 0; b < bands; ++b) {
    if (inputs_.bands[b]->place().single)
      work.single[b].resize(w.size());
    else
      work.numbers[b].resize(w.size());
  }
  const std::size_t step =
      bands == 1 ? w.rows : std::clamp<std::size_t>(place_.block_rows, 1, w.rows);
  for (std::size_t row = 0; row < w.rows; row += step)
    for (std::size_t b = 0; b < bands; ++b) {
      const RasterWindow strip{w.column, w.row + row, w.columns, std::min(step, w.rows - row)};
      if (inputs_.bands[b]->place().single)
        work.readers[b]->read(strip, work.single[b].data() + row * w.columns);
      else
        work.readers[b]->read(strip, work.numbers[b].data() + row * w.columns);
    }
  if (weight_grid_) {
    work.under = weight_grid_->under(w);
    work.weight_numbers.resize(work.under.size());
    if (work.under.size() > 0) work.weights->read(work.under, work.weight_numbers.data());
    to_weights(work.weight_numbers, inputs_.weights->place());
  }
  work.read = true;
}

// Weights of the cells in a row of work.share: their share of each times what it weighs.
void ZonalRun::weigh(std::size_t zone, std::size_t row, Work& work) const {
  const std::size_t columns = work.u.size() - 1;
  work.weight.resize(columns);
  if (!weight_grid_) {
    std::copy_n(work.area.begin(), columns, work.weight.begin());
    return;
  }
  const std::size_t m = weight_grid_->across(), n = weight_grid_->down();
  const double* const share = &work.share[row * columns];
  const double* pieces = share;
  if (m * n > 1) {
    share_pieces(zone, row, work);
    pieces = work.piece_share.data();
  }
  weight_grid_->weigh(
      {static_cast<std::size_t>(work.u[0]), static_cast<std::size_t>(work.v[row]), columns, 1},
      share, pieces, work.under, work.weight_numbers, work.weight.data());
}

// Shares of the pieces that finer weights cut the cells of a row into.
void ZonalRun::share_pieces(std::size_t zone, std::size_t row, Work& work) const {
  const std::size_t columns = work.u.size() - 1;
  const std::size_t m = weight_grid_->across(), n = weight_grid_->down();
  if (zones_[zone].kind != GeometryKind::polygon) {
    work.piece_share.assign(columns * m * n, 1.0);
    return;
  }
  work.piece_u.resize(columns * m + 1);
  work.piece_v.resize(n + 1);
  for (std::size_t i = 0; i < work.piece_u.size(); ++i)
    work.piece_u[i] = work.u[0] + static_cast<double>(i) / static_cast<double>(m);
  for (std::size_t j = 0; j <= n; ++j)
    work.piece_v[j] = work.v[row] + static_cast<double>(j) / static_cast<double>(n);
  if (covers_[zone])
    covers_[zone]->shares(work.piece_u, work.piece_v, work.piece_share);
  else
    CellCoverage(zones_[zone].on_grid(), place_.transform)
        .shares(work.piece_u, work.piece_v, work.piece_share);
}

// Cells of a row, from work.from to work.to, that the zone covers and that have a value.
template <class T>
void ZonalRun::gather(const std::vector<T>& numbers, std::size_t band, std::size_t row,
                      Work& work) const {
  const RasterPlace& place = inputs_.bands[band]->place();
  const std::size_t columns = work.u.size() - 1;
  const auto top = static_cast<std::size_t>(work.v[row]);
  const auto first = static_cast<std::size_t>(work.u[0]);
  const double* const share = &work.share[row * columns];
  const T* const from =
      &numbers[(top - work.window.row) * work.window.columns + (first - work.window.column)];
  Valid& out = work.valid;
  out.room(columns);
  out.first_at = std::uint64_t{top} * place_.columns + first;
  std::size_t n = 0;
  const double nodata = place.nodata, factor = place.factor, shift = place.shift;
  const bool weighed = needs_.weights;
  for (std::size_t c = work.from; c < work.to; ++c) {
    const auto number = static_cast<double>(from[c]);
    if (share[c] == 0.0 || std::isnan(number) || number == nodata) continue;
    // All numbers that stand for nothing lie there.
    if ((number <= -9999.0 || number >= 1e30) && (std::isinf(number) || is_fill_value(number)))
      refuse_number(number, place);
    out.value[n] = number * factor + shift;
    out.share[n] = share[c];
    if (weighed) out.weight[n] = work.weight[c];
    out.area[n] = work.area[c];
    out.column[n++] = static_cast<std::uint32_t>(c);
  }
  out.count = n;
}

void ZonalRun::add_row(const Valid& valid, Moments& moments, Run& run) const {
  const std::size_t n = valid.count;
  if (n == 0) return;
  double share = 0.0, value = 0.0, square = 0.0, area = 0.0;
  std::size_t least = 0, most = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double s = valid.share[i], x = valid.value[i];
    share += s;
    value += s * x;
    square += s * s;
    area += valid.area[i];
    if (x < valid.value[least]) least = i;
    if (x > valid.value[most]) most = i;
  }
  Moments row;
  row.share += share;
  row.value += value;
  row.square += square;
  row.area += area;
  row.min = valid.value[least];
  row.min_at = valid.first_at + valid.column[least];
  row.max = valid.value[most];
  row.max_at = valid.first_at + valid.column[most];
  double weight = 0.0, valued = 0.0, square_weight = 0.0;
  for (std::size_t i = 0; needs_.weights && i < n; ++i) {
    const double w = valid.weight[i];
    weight += w;
    valued += w * valid.value[i];
    square_weight += w * w;
  }
  row.weight += weight;
  row.valued += valued;
  row.square_weight += square_weight;
  if (needs_.spread) {
    const double mean = value / share, weighted_mean = weight > 0.0 ? valued / weight : 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      const double d = valid.value[i] - mean, e = valid.value[i] - weighted_mean;
      row.spread += valid.share[i] * d * d;
      if (needs_.weights) row.weighted_spread += valid.weight[i] * e * e;
    }
  }
  moments.add(row, needs_.spread);
  for (std::size_t i = 0; needs_.values && i < n; ++i)
    run.push_back(
        {valid.value[i], valid.share[i], needs_.weights ? valid.weight[i] : 0.0, valid.area[i]});
}

void ZonalRun::add_zone(std::size_t zone, Work& work, Part& part) const {
  const std::size_t columns = work.u.size() - 1, rows = work.v.size() - 1;
  const std::size_t bands = inputs_.bands.size();
  part.zone = zone;
  part.bands.resize(bands);
  part.runs.resize(needs_.values ? bands : 0);
  work.basis = {};
  work.area.resize(columns);
  Sum cells, area;
  Run none;
  for (std::size_t r = 0; r < rows; ++r) {
    const double* const share = &work.share[r * columns];
    work.from = 0;
    work.to = columns;
    while (work.from < work.to && share[work.from] == 0.0) ++work.from;
    while (work.to > work.from && share[work.to - 1] == 0.0) --work.to;
    if (work.from == work.to) continue;
    areas_.row(work.u, work.v[r], work.v[r + 1], work.basis, work.area.data());
    double row_cells = 0.0, row_area = 0.0;
    for (std::size_t c = work.from; c < work.to; ++c) {
      if (share[c] > 0.0 && work.area[c] == 0.0) part.known = false;
      work.area[c] *= share[c];
      row_cells += share[c];
      row_area += work.area[c];
    }
    cells += row_cells;
    area += row_area;
    if (needs_.weights) weigh(zone, r, work);
    for (std::size_t b = 0; b < bands; ++b) {
      if (inputs_.bands[b]->place().single)
        gather(work.single[b], b, r, work);
      else
        gather(work.numbers[b], b, r, work);
      add_row(work.valid, part.bands[b], needs_.values ? part.runs[b] : none);
    }
  }
  if (!part.known && options_.weights == ZonalWeights::area)
    throw Error(
        "zonal.area",
        "the area of cells cannot be had: " + place_.crs.label() + " cannot be undone there",
        zone_name(inputs_, zone), "Cut the raster to the area of use of its CRS, or reproject it.");
  for (Run& run : part.runs) tidy(run);
  part.cells = cells.value();
  part.area = area.value();
}

void ZonalRun::process(std::size_t index, Work& work, std::vector<Part>& parts,
                       const Progress& progress) {
  work.window = window_at(index);
  work.read = false;
  for (std::size_t i = start_[index]; i < start_[index + 1]; ++i) {
    progress.check();
    if (!cover(list_[i], work.window, work)) continue;
    if (!work.read) read(work);
    parts.emplace_back();
    add_zone(list_[i], work, parts.back());
  }
}

// In the order of windows, whichever thread had them.
void ZonalRun::fold(std::vector<std::vector<Part>>& parts, const Progress& progress) {
  for (std::vector<Part>& window : parts) {
    for (Part& part : window) {
      ZoneSums& sums = sums_[part.zone];
      sums.bands.resize(inputs_.bands.size());
      sums.cells += part.cells;
      sums.area += part.area;
      sums.known = sums.known && part.known;
      for (std::size_t b = 0; b < part.bands.size(); ++b)
        sums.bands[b].add(part.bands[b], needs_.spread,
                          needs_.values ? std::move(part.runs[b]) : Run{}, progress);
    }
    window.clear();
    progress.check();
  }
}

Zonal ZonalRun::run(const Progress& progress) {
  zones_ = zones_on_grid(inputs_, options_, place_, progress.part(0.0, 0.1));
  list_windows();
  sums_.resize(zones_.size());
  const auto all = static_cast<double>(std::max<std::size_t>(1, windows_.size()));
  for (std::size_t from = 0; from < windows_.size(); from += batch) {
    const std::size_t count = std::min(batch, windows_.size() - from);
    std::vector<std::vector<Part>> parts(count);
    const Progress share = progress.part(0.1 + 0.85 * static_cast<double>(from) / all,
                                         0.1 + 0.85 * static_cast<double>(from + count) / all);
    parallel_blocks(
        count, 1, jobs_,
        [&](std::size_t begin, std::size_t, std::size_t) {
          std::unique_ptr<Work> work;
          {
            const std::lock_guard lock(mutex_);
            if (!idle_.empty()) {
              work = std::move(idle_.back());
              idle_.pop_back();
            }
          }
          if (!work) work = make_work();
          process(windows_[from + begin], *work, parts[begin], share);
          const std::lock_guard lock(mutex_);
          idle_.push_back(std::move(work));
        },
        share);
    fold(parts, progress);
  }
  Zonal result;
  finish(result, progress.part(0.95, 1.0));
  judge({inputs_, zones_, cells_, wanted_, place_}, result);
  return result;
}

void ZonalRun::finish_zone(std::size_t z, ZonalRow& row, const Progress& progress) {
  GridZone& zone = zones_[z];
  ZoneSums& sums = sums_[z];
  sums.bands.resize(inputs_.bands.size());
  const bool polygon = zone.kind == GeometryKind::polygon;
  const double inside = sums.area.value(), cells = sums.cells.value();
  double outside = 0.0;
  if (polygon && zone.sticks_out && !zone.outside && sums.known) {
    const double all = area_m2(zone.whole(), place_.crs, Edges::straight);
    outside = all - inside > 1e-8 * all ? all - inside : 0.0;
  }
  zone.partly_outside =
      polygon && sums.known ? outside > 1e-7 * (inside + outside) : zone.sticks_out;
  if (polygon)
    row.area_m2 = !std::isnan(zone.area_m2) ? zone.area_m2
                  : sums.known              ? inside
                                            : area_m2(zone.whole(), place_.crs, Edges::straight);
  for (BandSums& band : sums.bands) {
    ZonalBand out;
    const Moments& m = band.moments;
    const Run run = joined(band.runs, progress);
    out.count = m.share.value();
    for (const Wanted& wanted : wanted_) out.value.push_back(figure_of(wanted, m, run, place_));
    const bool fractions = options_.include_fractions ||
                           std::any_of(wanted_.begin(), wanted_.end(), [](const Wanted& w) {
                             return w.figure == Figure::fraction;
                           });
    for (std::size_t i = 0; fractions && i < run.size(); ++i) {
      out.fraction.emplace_back(run[i].value, run[i].share / out.count);
      if (needs_.weights) out.weighted_fraction.push_back(run[i].weight / m.weight.value());
      out.fraction_m2.push_back(sums.known ? run[i].area : kNan);
    }
    const double all = polygon && sums.known ? inside + outside : cells;
    const double has = polygon && sums.known ? m.area.value() : out.count;
    const double covered = all > 0.0 ? has / all : 0.0;
    out.covered_pct = covered > 1.0 - 1e-11 ? 100.0 : 100.0 * covered;
    row.bands.push_back(std::move(out));
  }
}

void ZonalRun::finish(Zonal& result, const Progress& progress) {
  result.zones.resize(zones_.size());
  cells_.resize(zones_.size());
  parallel_blocks(
      zones_.size(), 16, options_.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t z = begin; z < end; ++z) {
          finish_zone(z, result.zones[z], progress);
          sums_[z].bands.clear();
          cells_[z] = sums_[z].cells.value();
        }
      },
      progress);
}

}  // namespace

Zonal zonal_statistics(const ZonalInputs& inputs, const ZonalOptions& options,
                       const Progress& progress) {
  return ZonalRun(inputs, options).run(progress);
}

}  // namespace lode
