#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <mutex>
#include <optional>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/surface_join.h"
#include "libgeo/deposit/surface_parts.h"
#include "libgeo/geometry/cell_areas.h"
#include "libgeo/geometry/cell_coverage.h"
#include "libgeo/geometry/measure.h"

namespace lode::surface_parts {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
// Memory that all threads together take for their windows.
constexpr std::size_t most_bytes = std::size_t{40} << 20;
constexpr std::size_t good_window = 65536;    // cells
constexpr std::size_t most_window = 2097152;  // cells
constexpr std::size_t most_base_window = 1048576;

[[noreturn]] void refuse_infinite(const std::string& where) {
  throw Error("raster.not_finite", "cells are infinite", where, "Set them to NoData.");
}

[[noreturn]] void refuse_fill(double value, const std::string& where) {
  throw Error("raster.nodata_unset",
              "cells hold " + number_text(value) + ", which is not declared as NoData", where,
              "Declare it: gdal_edit.py -a_nodata " + number_text(value) + " FILE.");
}

template <class T>
void judge_number(T value, const RasterPlace& place) {
  if (std::isnan(value) || static_cast<double>(value) == place.nodata) return;
  if (std::isinf(value)) refuse_infinite(place.name);
  if (is_fill_value(value)) refuse_fill(value, place.name);
  if (!(std::abs(static_cast<double>(value) * place.factor + place.shift) <= most_height_m))
    throw Error("surface.height",
                "cells hold " + number_text(static_cast<double>(value)) +
                    ": a height lies within 1,000,000 m",
                place.name, "Set them to NoData, or say the unit of the heights.");
}

// Numbers as metres, NaN where there is none.
template <class T>
void to_metres(const std::vector<T>& numbers, std::size_t count, const RasterPlace& place,
               std::vector<double>& metres) {
  metres.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = static_cast<double>(numbers[i]);
    judge_number(value, place);
    metres[i] =
        std::isnan(value) || value == place.nodata ? kNan : value * place.factor + place.shift;
  }
}

// What one thread works with.
struct Work {
  std::unique_ptr<RasterReader> top, base;
  std::vector<float> top_single, base_single, scratch;
  std::vector<double> top_m, base_m, numbers, row_top, row_base, area, weight, share, sampled;
  std::vector<double> u, v;
  CellAreas::Basis basis;
};

void read_metres(RasterReader& reader, const RasterPlace& place, const RasterWindow& window,
                 Work& work, std::vector<double>& metres) {
  if (place.single) {
    work.scratch.resize(window.size());
    reader.read(window, work.scratch.data());
    to_metres(work.scratch, window.size(), place, metres);
  } else {
    work.numbers.resize(window.size());
    reader.read(window, work.numbers.data());
    to_metres(work.numbers, window.size(), place, metres);
  }
}

class RasterRun {
 public:
  RasterRun(const RasterSource& top, const SurfaceBase& base, const SurfaceZones& zones,
            const SurfaceOptions& options)
      : top_(top),
        base_(base.surface.raster),
        levels_(base.surface.raster == nullptr ? base.levels_m : std::vector<double>{}),
        zones_(zones),
        jobs_(options.jobs),
        place_(top.place()),
        areas_(place_.crs, place_.transform, place_.columns, place_.rows) {
    if (base_ != nullptr) join_.emplace(place_, base_->place(), options.resample);
    fast_ = base_ != nullptr && join_->kind() == GridJoin::Kind::same && plain(place_) &&
            plain(base_->place());
    choose_windows();
    const std::size_t n = zones.polygons == nullptr ? 1 : zones.polygons->size();
    for (std::size_t z = 0; zones.polygons != nullptr && z < n; ++z)
      covers_.emplace_back((*zones.polygons)[z], place_.transform);
    zone_.resize(n);
    if (levels_.size() > 1)
      bins_.assign(n, LevelBins(levels_));
    else
      sums_.resize(n);
  }

  SurfaceResult run(const Progress& progress);

 private:
  static bool plain(const RasterPlace& place) {
    return place.single && place.factor == 1.0 && place.shift == 0.0;
  }
  void choose_windows();
  [[nodiscard]] RasterWindow window_at(std::size_t index) const {
    RasterWindow w;
    w.column = index % across_ * wide_;
    w.row = index / across_ * high_;
    w.columns = std::min(wide_, place_.columns - w.column);
    w.rows = std::min(high_, place_.rows - w.row);
    return w;
  }
  [[nodiscard]] std::vector<std::size_t> zones_in(const RasterWindow& window) const;
  void process(const RasterWindow& window, const std::vector<std::size_t>& near, Work& work,
               const Progress& progress);
  void process_fast(const RasterWindow& window, const std::vector<std::size_t>& near, Work& work);
  void process_joined(const RasterWindow& window, const std::vector<std::size_t>& near, Work& work,
                      const Progress& progress);
  template <class Heights>
  void add_zones(const std::vector<std::size_t>& near, Work& work, Heights& heights);
  template <class Heights>
  void add_zone(std::size_t zone, bool whole, Work& work, Heights& heights);
  template <class Heights>
  void check_known(const Work& work, Heights& heights) const;
  [[nodiscard]] double outside_m2(std::size_t zone) const;

  const RasterSource& top_;
  const RasterSource* base_;
  std::vector<double> levels_;
  const SurfaceZones& zones_;
  int jobs_;
  const RasterPlace& place_;
  CellAreas areas_;
  std::optional<GridJoin> join_;
  bool fast_ = false;
  std::size_t wide_ = 1, high_ = 1, across_ = 1, down_ = 1;
  std::vector<CellCoverage> covers_;

  std::mutex mutex_;  // of what follows
  std::vector<Zone> zone_;
  std::vector<Sums> sums_;
  std::vector<LevelBins> bins_;
  std::vector<std::unique_ptr<Work>> idle_;
};

// Windows of whole blocks of both, where that can be.
void RasterRun::choose_windows() {
  wide_ = std::max<std::size_t>(1, place_.block_columns);
  high_ = std::max<std::size_t>(1, place_.block_rows);
  if (base_ != nullptr && join_->kind() == GridJoin::Kind::same) {
    wide_ = std::max(wide_, base_->place().block_columns);
    high_ = std::max(high_, base_->place().block_rows);
  }
  wide_ = std::min(wide_, place_.columns);
  high_ = std::min(high_, place_.rows);
  if (wide_ * high_ > most_window) high_ = std::max<std::size_t>(1, most_window / wide_);
  const std::size_t step = high_;
  if (wide_ < place_.columns && wide_ * high_ * 2 <= good_window) {
    const std::size_t more = good_window / (wide_ * high_);
    wide_ = std::min(place_.columns, wide_ * more);
  }
  while (wide_ == place_.columns && wide_ * (high_ + step) <= good_window) high_ += step;
  high_ = std::min(high_, place_.rows);
  across_ = (place_.columns + wide_ - 1) / wide_;
  down_ = (place_.rows + high_ - 1) / high_;
  const std::size_t bytes = wide_ * high_ * (fast_ ? 8 : 24) + (fast_ ? 0 : 8 * most_base_window);
  const std::size_t most = std::max<std::size_t>(1, most_bytes / bytes);
  jobs_ = static_cast<int>(
      std::min<std::size_t>(static_cast<std::size_t>(std::max(1, thread_count(jobs_))), most));
}

std::vector<std::size_t> RasterRun::zones_in(const RasterWindow& window) const {
  if (zones_.polygons == nullptr) return {0};
  const Box box{static_cast<double>(window.column), static_cast<double>(window.row),
                static_cast<double>(window.column + window.columns),
                static_cast<double>(window.row + window.rows)};
  std::vector<std::size_t> near;
  for (std::size_t z = 0; z < covers_.size(); ++z)
    if (!covers_[z].bounds().empty() && covers_[z].bounds().meets(box)) near.push_back(z);
  return near;
}

// Heights of the pieces of cells between work.u and work.v; `heights.row(r)` fills the rows of TOP
// and BASE and `heights.add` puts them through the kernel of their type.
template <class Heights>
void RasterRun::add_zones(const std::vector<std::size_t>& near, Work& work, Heights& heights) {
  work.basis = {};
  work.area.resize(work.u.size() - 1);
  work.weight.resize(work.u.size() - 1);
  for (const std::size_t z : near) {
    const bool whole = zones_.polygons == nullptr;
    if (!whole) covers_[z].shares(work.u, work.v, work.share);
    add_zone(z, whole, work, heights);
  }
  const double u0 = work.u.front(), u1 = work.u.back(), v0 = work.v.front(), v1 = work.v.back();
  bool known = true;
  for (const double u : {u0 + 0.5, u1 - 0.5})
    for (const double v : {v0 + 0.5, v1 - 0.5}) known = known && areas_.known(u, v);
  if (!known) check_known(work, heights);
}

template <class Heights>
void RasterRun::add_zone(std::size_t zone, bool whole, Work& work, Heights& heights) {
  const std::size_t columns = work.u.size() - 1, rows = work.v.size() - 1;
  CutFill part;
  Sum all;
  LevelBins bins(levels_);
  for (std::size_t r = 0; r < rows; ++r) {
    const double* share = whole ? nullptr : &work.share[r * columns];
    if (!whole && std::all_of(share, share + columns, [](double s) { return s == 0.0; })) continue;
    areas_.row(work.u, work.v[r], work.v[r + 1], work.basis, work.area.data());
    const double height = work.v[r + 1] - work.v[r];
    const bool pieces = heights.pieces();
    if (!whole || pieces) {
      // The part of a whole cell that each piece is.
      for (std::size_t c = 0; c < columns; ++c) {
        const double s = whole ? 1.0 : share[c];
        work.area[c] *= s;
        work.weight[c] = pieces ? s * height * (work.u[c + 1] - work.u[c]) : s;
      }
    }
    all += lane_sum(work.area.data(), columns);
    const double* cells = !whole || pieces ? work.weight.data() : nullptr;
    heights.row(r);
    if (levels_.size() > 1)
      heights.add_levels(work.area.data(), cells, columns, bins);
    else
      heights.add(work.area.data(), cells, columns, part);
  }
  heights.seen(part);
  const std::lock_guard lock(mutex_);
  zone_[zone].all_m2 += all.value();
  if (levels_.size() > 1)
    bins_[zone].add(bins);
  else
    sums_[zone].add(part);
}

// Cells with a height whose area cannot be had would be left out unsaid.
template <class Heights>
void RasterRun::check_known(const Work& work, Heights& heights) const {
  for (std::size_t r = 0; r + 1 < work.v.size(); ++r) {
    heights.row(r);
    for (std::size_t c = 0; c + 1 < work.u.size(); ++c) {
      const double u = (work.u[c] + work.u[c + 1]) / 2.0, v = (work.v[r] + work.v[r + 1]) / 2.0;
      if (!heights.valid(c) || areas_.known(u, v)) continue;
      throw Error("surface.area",
                  "the area of cells cannot be had: " + place_.crs.label() +
                      " cannot be undone near column " + number_text(std::floor(u)) + ", row " +
                      number_text(std::floor(v)),
                  place_.name, "Cut the raster to the area of use of its CRS, or reproject it.");
    }
  }
}

namespace {

// Rows of single precision in a window that both have alike.
struct SingleRows {
  const Work& work;
  std::size_t columns;
  CutFillMissing missing;
  bool short_of = false, large = false;
  const float *top = nullptr, *base = nullptr;

  [[nodiscard]] static bool pieces() { return false; }
  void row(std::size_t r) {
    top = &work.top_single[r * columns];
    base = &work.base_single[r * columns];
  }
  void add(const double* area, const double* cells, std::size_t count, CutFill& sum) const {
    add_cut_fill(top, base, area, cells, count, missing, sum);
  }
  void add_levels(const double*, const double*, std::size_t, LevelBins&) const {}
  void seen(const CutFill& part) {
    short_of = short_of || part.valid < part.cells;
    large = large || part.largest >= 9999.0;
  }
  [[nodiscard]] bool valid(std::size_t c) const {
    return std::isfinite(top[c]) && std::isfinite(base[c]) && top[c] != missing.top &&
           base[c] != missing.base;
  }
};

// Rows of metres: of whole cells, or of the pieces that two grids cut each other into.
struct JoinedRows {
  Work& work;
  bool level;               // the row of BASE serves all rows
  const JoinedWindow* cut;  // null: cells of TOP as they are
  std::size_t columns;      // of TOP's window
  const double *top = nullptr, *base = nullptr;

  [[nodiscard]] bool pieces() const { return cut != nullptr; }
  void row(std::size_t r) {
    if (cut == nullptr) {
      top = &work.top_m[r * columns];
      base = level ? work.row_base.data() : &work.base_m[r * columns];
      return;
    }
    const std::size_t n = cut->top_column.size();
    work.row_top.resize(n);
    work.row_base.assign(n, kNan);
    const double* const from = &work.top_m[cut->top_row[r] * columns];
    for (std::size_t c = 0; c < n; ++c) work.row_top[c] = from[cut->top_column[c]];
    if (cut->base_row[r] != JoinedWindow::none) {
      const double* const under = &work.base_m[cut->base_row[r] * cut->base.columns];
      for (std::size_t c = 0; c < n; ++c)
        if (cut->base_column[c] != JoinedWindow::none)
          work.row_base[c] = under[cut->base_column[c]];
    }
    top = work.row_top.data();
    base = work.row_base.data();
  }
  void add(const double* area, const double* cells, std::size_t count, CutFill& sum) const {
    add_cut_fill(top, base, area, cells, count, {}, sum);
  }
  void add_levels(const double* area, const double* cells, std::size_t count,
                  LevelBins& bins) const {
    for (std::size_t c = 0; c < count; ++c)
      if (!std::isnan(top[c]) && area[c] > 0.0)
        bins.add(top[c], area[c], cells == nullptr ? 1.0 : cells[c]);
  }
  void seen(const CutFill&) const {}
  [[nodiscard]] bool valid(std::size_t c) const {
    return !std::isnan(top[c]) && !std::isnan(base[c]);
  }
};

void whole_breaks(const RasterWindow& window, Work& work) {
  work.u.resize(window.columns + 1);
  work.v.resize(window.rows + 1);
  for (std::size_t c = 0; c < work.u.size(); ++c)
    work.u[c] = static_cast<double>(window.column + c);
  for (std::size_t r = 0; r < work.v.size(); ++r) work.v[r] = static_cast<double>(window.row + r);
}

}  // namespace

void RasterRun::process_fast(const RasterWindow& window, const std::vector<std::size_t>& near,
                             Work& work) {
  work.top_single.resize(window.size());
  work.base_single.resize(window.size());
  work.top->read(window, work.top_single.data());
  work.base->read(window, work.base_single.data());
  whole_breaks(window, work);
  SingleRows rows{work, window.columns, {place_.nodata, base_->place().nodata}};
  add_zones(near, work, rows);
  // Infinite numbers make no valid cell, and numbers that stand for nothing are large ones.
  if (!rows.short_of && !rows.large) return;
  for (const float t : work.top_single) judge_number(t, place_);
  for (const float b : work.base_single) judge_number(b, base_->place());
}

void RasterRun::process_joined(const RasterWindow& window, const std::vector<std::size_t>& near,
                               Work& work, const Progress& progress) {
  std::optional<JoinedWindow> cut;
  if (join_ && join_->kind() == GridJoin::Kind::parallel) cut = join_->cut(window);
  const RasterWindow base_window = !join_ ? RasterWindow{}
                                   : cut  ? cut->base
                                          : join_->base_window(window);
  if (base_window.size() > most_base_window && window.size() > 1) {
    const bool wide = window.columns > window.rows;
    RasterWindow a = window, b = window;
    (wide ? a.columns : a.rows) /= 2;
    (wide ? b.columns : b.rows) -= wide ? a.columns : a.rows;
    (wide ? b.column : b.row) += wide ? a.columns : a.rows;
    process_joined(a, near, work, progress);
    process_joined(b, near, work, progress);
    return;
  }
  if (base_window.size() > 64 * most_base_window)
    throw Error("surface.too_different", "a cell of TOP holds more than 67 million cells of BASE",
                base_->place().name, "Average BASE to larger cells first.");
  progress.check();
  read_metres(*work.top, place_, window, work, work.top_m);
  if (base_window.size() > 0)
    read_metres(*work.base, base_->place(), base_window, work, work.base_m);
  if (cut) {
    work.u = cut->u;
    work.v = cut->v;
  } else {
    whole_breaks(window, work);
  }
  if (!join_) work.row_base.assign(window.columns, levels_.front());
  if (join_ && join_->kind() == GridJoin::Kind::sampled) {
    join_->sample(window, base_window, work.base_m, work.sampled);
    std::swap(work.base_m, work.sampled);
  }
  JoinedRows rows{work, !join_, cut ? &*cut : nullptr, window.columns};
  add_zones(near, work, rows);
}

void RasterRun::process(const RasterWindow& window, const std::vector<std::size_t>& near,
                        Work& work, const Progress& progress) {
  if (fast_)
    process_fast(window, near, work);
  else
    process_joined(window, near, work, progress);
}

double RasterRun::outside_m2(std::size_t zone) const {
  if (zones_.polygons == nullptr) return 0.0;
  const Box& box = covers_[zone].bounds();
  if (box.empty() ||
      (box.min_x >= 0.0 && box.min_y >= 0.0 && box.max_x <= static_cast<double>(place_.columns) &&
       box.max_y <= static_cast<double>(place_.rows)))
    return 0.0;
  const double all = area_m2((*zones_.polygons)[zone], place_.crs, Edges::straight);
  const double rest = all - zone_[zone].all_m2.value();
  return rest > 1e-8 * all ? rest : 0.0;
}

SurfaceResult RasterRun::run(const Progress& progress) {
  SurfaceResult result;
  parallel_blocks(
      across_ * down_, 1, jobs_,
      [&](std::size_t begin, std::size_t, std::size_t) {
        const RasterWindow window = window_at(begin);
        const std::vector<std::size_t> near = zones_in(window);
        if (near.empty()) return;
        std::unique_ptr<Work> work;
        {
          const std::lock_guard lock(mutex_);
          if (!idle_.empty()) {
            work = std::move(idle_.back());
            idle_.pop_back();
          }
        }
        if (!work) {
          work = std::make_unique<Work>();
          work->top = top_.reader();
          if (base_ != nullptr) work->base = base_->reader();
        }
        process(window, near, *work, progress);
        const std::lock_guard lock(mutex_);
        idle_.push_back(std::move(work));
      },
      progress);
  for (std::size_t z = 0; z < zone_.size(); ++z) {
    const double zone_m2 = zone_[z].all_m2.value() + outside_m2(z);
    const std::vector<Sums> sums =
        levels_.size() > 1 ? bins_[z].sums() : std::vector<Sums>{sums_[z]};
    add_rows(z, zone_m2, sums, levels_, areas_.planar(), result);
  }
  result.method = "prisms over cells";
  if (join_) join_->describe(place_, base_->place(), result);
  return result;
}

}  // namespace

SurfaceResult volume_of_rasters(const RasterSource& top, const SurfaceBase& base,
                                const SurfaceZones& zones, const SurfaceOptions& options,
                                const Progress& progress) {
  return RasterRun(top, base, zones, options).run(progress);
}

}  // namespace lode::surface_parts
