#include "libgeo/ranking/data_draws.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/draw_kernels.h"
#include "libgeo/ranking/method_parts.h"
#include "libgeo/ranking/spread.h"

namespace lode {

namespace {

constexpr std::uint64_t common_stream = 5;
constexpr std::uint64_t highest = std::uint64_t{1} << 63;

/// FNV-1a: a site's id names its random stream, so other sites do not disturb its draws.
std::uint64_t stream_of(const std::string& id, const char* purpose) {
  std::uint64_t hash = 14695981039346656037ull;
  const auto add = [&](unsigned char c) { hash = (hash ^ c) * 1099511628211ull; };
  for (const char c : id) add(static_cast<unsigned char>(c));
  for (; *purpose != 0; ++purpose) add(static_cast<unsigned char>(*purpose));
  return hash | highest;  // apart from the streams of the weights
}

/// The standard normal distribution function, kept inside (0, 1).
double normal_share(double z) {
  const double u = 0.5 * std::erfc(-z * 0.70710678118654752440);
  return std::clamp(u, 0x1p-60, 1.0 - 0x1p-53);
}

bool any_stated(const std::vector<double>& v, std::size_t from, std::size_t to) {
  for (std::size_t k = from; k < std::min(to, v.size()); ++k)
    if (!std::isnan(v[k])) return true;
  return false;
}

}  // namespace

DataSampler::DataSampler(const PreparedMethod& prepared, const DrawInputs& inputs,
                         const DrawOptions& options)
    : criteria_(prepared.criteria),
      inputs_(inputs),
      n_(prepared.sites),
      m_(prepared.criteria.size()),
      seed_(options.seed),
      draws_(options.draws),
      columns_(m_) {
  std::map<std::string, std::size_t> groups;
  bool mixed = false;
  for (std::size_t j = 0; j < m_; ++j) {
    const Criterion& c = criteria_[j];
    const std::string key =
        c.spread_group.empty() ? "criterion " + c.name : "group " + c.spread_group;
    Column& column = columns_[j];
    column.group = groups.emplace(key, groups.size()).first->second;
    column.spread = c.spread.value_or(options.spread);
    const double r = c.spread_correlation, common = c.spread_common;
    if (!(r >= 0.0 && r <= 1.0 && common >= 0.0 && common <= r))
      throw Error("ranking.option",
                  "spread_correlation " + number_text(r) + " and spread_common " +
                      number_text(common) + " are not 0 <= common <= correlation <= 1",
                  c.name);
    column.mixed = r < 1.0 || common > 0.0;
    column.common = std::sqrt(common);
    column.shared = std::sqrt(r - common);
    column.own = std::sqrt(1.0 - r);
    prepare_column(j);
    varies_ = varies_ || column.varies;
    mixed = mixed || (column.mixed && column.varies);
  }
  take_cells(inputs.cell_draws);
  if (!varies_) return;
  none_.assign(n_, not_stated);
  for (const auto& id : inputs.ids) stream_.push_back(stream_of(id, ""));
  if (mixed)
    for (const auto& id : inputs.ids) own_stream_.push_back(stream_of(id, "\x1fown"));
}

double DataSampler::low_of(std::size_t k) const {
  return inputs_.low.empty() || std::isnan(inputs_.low[k]) ? inputs_.columns[k] : inputs_.low[k];
}
double DataSampler::high_of(std::size_t k) const {
  return inputs_.high.empty() || std::isnan(inputs_.high[k]) ? inputs_.columns[k] : inputs_.high[k];
}

/// Checks the column's spread, and takes logarithms once where every draw would take them.
void DataSampler::prepare_column(std::size_t j) {
  Column& column = columns_[j];
  const std::size_t from = j * n_, to = from + n_;
  if (!any_stated(inputs_.low, from, to) && !any_stated(inputs_.high, from, to)) return;
  column.varies = true;
  column.logs = column.spread == Spread::lognormal ||
                (column.spread == Spread::p10_p90 && criteria_[j].scale == Scale::log);
  if (column.logs) {
    column.low.resize(n_);
    column.base.resize(n_);
    column.high.resize(n_);
  }
  for (std::size_t i = 0; i < n_; ++i) {
    const double low = low_of(from + i), base = inputs_.columns[from + i], high = high_of(from + i);
    const bool anywhere = !inputs_.anywhere.empty() && inputs_.anywhere[from + i] != 0;
    const auto where = [&] { return inputs_.ids[i] + ", " + criteria_[j].name; };
    if (!(low <= high && (anywhere || (low <= base && base <= high))))
      throw Error("ranking.spread_order",
                  "low " + number_text(low) + ", value " + number_text(base) + " and high " +
                      number_text(high) + " are not in rising order",
                  where());
    const bool spread = low < high;
    if (spread && !anywhere && column.spread == Spread::lognormal && !(low > 0.0))
      throw Error("ranking.spread_not_positive",
                  "a lognormal spread cannot reach down to " + number_text(low), where(),
                  "Give a low above 0, or state spread = \"p10-p90\" for the criterion.");
    if (anywhere || (column.logs && !(low > 0.0))) column.special.push_back({i, nullptr});
    if (!column.logs) continue;
    column.low[i] = low > 0.0 ? std::log(low) : 0.0;
    column.base[i] = low > 0.0 ? std::log(base) : 0.0;
    column.high[i] = low > 0.0 ? std::log(high) : 0.0;
  }
}

void DataSampler::take_cells(const std::vector<CellDraws>& cells) {
  std::map<std::size_t, std::size_t> count_of;
  for (const auto& cell : cells) {
    if (cell.site >= n_ || cell.criterion >= m_ || cell.values.empty())
      throw Error("ranking.shape", "a cell's draws lie outside the table or are empty");
    const std::string where = inputs_.ids[cell.site] + ", " + criteria_[cell.criterion].name;
    for (std::size_t k = 0; k < cell.values.size(); ++k)
      if (!std::isfinite(cell.values[k]))
        throw Error("ranking.cell_draws",
                    "realization " + std::to_string(k + 1) + " of " +
                        std::to_string(cell.values.size()) + " is missing or infinite",
                    where, "Every realization needs a value; leave the others out of all cells.");
    const auto [known, fresh] = count_of.emplace(cell.site, cell.values.size());
    if (!fresh && known->second != cell.values.size())
      findings_.add("ranking.unpaired_realizations", Severity::warning, inputs_.ids[cell.site],
                    "its criteria have different numbers of realizations, so draws do not keep "
                    "those of one realization together");
    if (cell.values.size() < draws_)
      findings_.add("ranking.realizations_repeat", Severity::note, criteria_[cell.criterion].name,
                    "there are fewer realizations than draws (the first cell has " +
                        std::to_string(cell.values.size()) + "): they repeat in turn");
    columns_[cell.criterion].varies = varies_ = true;
    columns_[cell.criterion].special.push_back({cell.site, &cell});
  }
  for (auto& column : columns_)  // of one cell's two entries the realizations come last and count
    std::stable_sort(column.special.begin(), column.special.end(),
                     [](const Cell& a, const Cell& b) { return a.site < b.site; });
}

/// From uniforms of (site, group) to those of the copula.
void DataSampler::mix(std::size_t d, std::size_t j, std::size_t from, std::size_t to,
                      double* u) const {
  const Column& column = columns_[j];
  const double all =
      column.common > 0.0
          ? column.common * Random{seed_, common_stream}.normal(d * m_ + column.group)
          : 0.0;
  for (std::size_t i = from; i < to; ++i) {
    double z = all;
    if (column.shared > 0.0) z += column.shared * inverse_normal(u[i - from]);
    if (column.own > 0.0) z += column.own * Random{seed_, own_stream_[i]}.normal(d * m_ + j);
    u[i - from] = normal_share(z);
  }
}

void DataSampler::column(std::size_t d, std::size_t j, std::size_t from, std::size_t to, double* u,
                         double* value) const {
  const Column& column = columns_[j];
  const std::size_t count = to - from, k = j * n_ + from;
  const double* base = inputs_.columns.data() + k;
  if (!column.varies) {
    std::copy(base, base + count, value);
    return;
  }
  const auto& kernels = draw_kernels::kernels();
  kernels.uniforms(seed_, stream_.data() + from, count, d * m_ + column.group, u);
  if (column.mixed) mix(d, j, from, to, u);
  const double* low = inputs_.low.empty() ? none_.data() : inputs_.low.data() + k;
  const double* high = inputs_.high.empty() ? none_.data() : inputs_.high.data() + k;
  if (column.logs) {
    spread_parts::log_values(column.low.data() + from, column.base.data() + from,
                             column.high.data() + from, u, count, column.spread, value);
    for (std::size_t i = 0; i < count; ++i)
      if (column.low[from + i] == column.high[from + i]) value[i] = base[i];
  } else if (column.spread == Spread::p10_p90) {
    kernels.halves(low, base, high, u, count, value);
  } else {
    for (std::size_t i = 0; i < count; ++i)
      value[i] = sample_value(low[i], base[i], high[i], u[i], column.spread, false);
  }
  const auto first = std::lower_bound(column.special.begin(), column.special.end(), from,
                                      [](const Cell& c, std::size_t at) { return c.site < at; });
  for (auto cell = first; cell != column.special.end() && cell->site < to; ++cell) {
    const std::size_t i = cell->site - from;
    if (cell->draws != nullptr) {
      value[i] = cell->draws->values[d % cell->draws->values.size()];
    } else {
      const bool anywhere = !inputs_.anywhere.empty() && inputs_.anywhere[k + i] != 0;
      value[i] =
          sample_value(low[i], base[i], high[i], u[i], anywhere ? Spread::uniform : column.spread,
                       criteria_[j].scale == Scale::log);
    }
  }
}

bool StreamedMerits::possible(const PreparedMethod& prepared) {
  switch (prepared.options.method) {
    case Method::wsm:
    case Method::wpm:
    case Method::waspas:
    case Method::topsis:
    case Method::owa:
    case Method::fuzzy:
      if (prepared.options.normalise != Normalise::bounds) return false;
      break;
    case Method::spotis:
      break;
    default:
      return false;
  }
  return std::all_of(prepared.criteria.begin(), prepared.criteria.end(), [&](const Criterion& c) {
    if (prepared.options.method == Method::spotis && !std::isnan(c.ideal)) return false;
    if (!std::isnan(c.lo) && !std::isnan(c.hi)) return c.lo < c.hi;
    return !c.curve.empty() && c.curve.front().at < c.curve.back().at;
  });
}

StreamedMerits::StreamedMerits(const PreparedMethod& prepared)
    : prepared_(prepared), u_(most_sites), value_(most_sites), far_(most_sites), near_(most_sites) {
  local_.options = prepared.options;
  local_.criteria = prepared.criteria;
  local_.norm.criteria = prepared.criteria.size();
  local_.norm.best.assign(prepared.criteria.size(), 1.0);
  local_.norm.worst.assign(prepared.criteria.size(), 0.0);
}

/// What normalise() does with a column under fixed bounds.
void StreamedMerits::fill_merits(std::size_t j, const double* value, std::size_t count,
                                 double* merit) const {
  const Criterion& c = prepared_.criteria[j];
  if (!c.curve.empty()) {
    for (std::size_t i = 0; i < count; ++i) merit[i] = oriented(c, value[i]);
    return;
  }
  const auto scaled = [&](double x) { return c.scale == Scale::log ? std::log(x) : x; };
  const double lo = scaled(c.lo), hi = scaled(c.hi);
  if (!std::isnan(c.ideal)) {
    const double from = scaled(c.ideal);
    const double to = std::isnan(c.ideal_to) ? from : scaled(c.ideal_to);
    for (std::size_t i = 0; i < count; ++i) {
      const double t = scaled(std::clamp(value[i], c.lo, c.hi));
      merit[i] = t < from ? 1.0 - (from - t) / (from - lo)
                 : t > to ? 1.0 - (t - to) / (hi - to)
                          : 1.0;
    }
    return;
  }
  const bool cost = c.direction == Direction::min;
  if (c.scale == Scale::linear)
    return draw_kernels::kernels().bounded(value, count, lo, hi, cost, merit);
  for (std::size_t i = 0; i < count; ++i) {
    const double t = std::log(std::clamp(value[i], c.lo, c.hi));
    merit[i] = cost ? (hi - t) / (hi - lo) : (t - lo) / (hi - lo);
  }
}

void StreamedMerits::merits(const DataSampler& data, std::size_t d, std::size_t from,
                            std::size_t to, const double* weights, double* merit) {
  const std::size_t count = to - from, m = prepared_.criteria.size();
  if (prepared_.options.method == Method::topsis) {
    const auto& kernels = draw_kernels::kernels();
    std::fill(far_.begin(), far_.end(), 0.0);
    std::fill(near_.begin(), near_.end(), 0.0);
    for (std::size_t j = 0; j < m; ++j) {
      data.column(d, j, from, to, u_.data(), value_.data());
      fill_merits(j, value_.data(), count, u_.data());
      kernels.add_distances(u_.data(), count, weights[j] * weights[j], far_.data(), near_.data());
    }
    for (std::size_t i = 0; i < count; ++i) {
      const double both = far_[i] + near_[i];
      merit[i] = both > 0.0 ? near_[i] / both : 0.5;
    }
    return;
  }
  local_.sites = local_.norm.sites = count;
  local_.norm.merit.resize(count * m);
  for (std::size_t j = 0; j < m; ++j) {
    data.column(d, j, from, to, u_.data(), value_.data());
    fill_merits(j, value_.data(), count, local_.norm.merit.data() + j * count);
  }
  method_parts::prepare_rows(local_);
  method_parts::row_merits(local_, weights, merit);
}

}  // namespace lode
