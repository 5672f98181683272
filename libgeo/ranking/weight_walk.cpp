#include "libgeo/ranking/weight_walk.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/small_lp.h"

namespace lode {

namespace {

constexpr std::uint64_t direction_stream = 6;  // and 7 for the steps
constexpr std::uint64_t pilot_seed = 20250101, pilot_stream = 8;
constexpr double flat = 1e-9;  // a body thinner than this has a direction less
constexpr int pilots = 4;
constexpr std::uint64_t start_stream = 64;
constexpr std::size_t starts = 256;

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += a[k] * b[k];
  return sum;
}

/// What is left of `v` beside orthonormal directions; twice, for the rounding of the first.
void remove(const std::vector<std::vector<double>>& directions, std::vector<double>& v) {
  for (int pass = 0; pass < 2; ++pass)
    for (const auto& q : directions) {
      const double along = dot(q, v);
      for (std::size_t k = 0; k < v.size(); ++k) v[k] -= along * q[k];
    }
}

/// Adds the direction of `v` unless the others have it already.
void add_direction(std::vector<std::vector<double>>& directions, std::vector<double> v) {
  const double before = std::sqrt(dot(v, v));
  remove(directions, v);
  const double length = std::sqrt(dot(v, v));
  if (!(length > 1e-10 * before)) return;
  for (auto& x : v) x /= length;
  directions.push_back(std::move(v));
}

/// Lower triangle of a covariance matrix, with a trace of its diagonal added.
std::vector<double> cholesky(std::vector<double> c, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) c[i * n + i] *= 1.0 + 1e-9;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = c[i * n + j];
      for (std::size_t k = 0; k < j; ++k) sum -= c[i * n + k] * c[j * n + k];
      c[i * n + j] = i == j ? std::sqrt(std::max(sum, 1e-30)) : sum / c[j * n + j];
    }
  return c;
}

/// Steps of a draw's own walk: what is left of its start falls by a factor within about as many
/// steps as there are directions, and twenty times as slowly in the corners of a simplex.
std::size_t steps_of(std::size_t directions) {
  return 100 + 60 * directions;
}

}  // namespace

WeightWalk::WeightWalk(const WeightDraws& weights, const std::vector<std::size_t>& order,
                       const std::vector<std::string>& names)
    : weights_(weights), order_(order), m_(weights.base.size()) {
  add_scheme();
  add_limits(names);
  if (!feasible(std::vector<char>(rows_.size(), 0))) name_contradiction();
  find_centre();
  if (depth_ < flat) {
    find_hidden_equalities();
    find_centre();
  }
}

/// The simplex, or the box that weights are drawn from before they are rescaled.
void WeightWalk::add_scheme() {
  for (std::size_t j = 0; j < m_; ++j) {
    std::vector<double> unit(m_, 0.0);
    unit[j] = -1.0;
    if (weights_.scheme != WeightScheme::uncertain) {
      rows_.push_back({unit, 0.0, "", false});
      continue;
    }
    const double base = weights_.base[j], reach = weights_.spread * base;
    rows_.push_back({unit, -(base - reach), "", !(reach > 0.0)});
    unit[j] = 1.0;
    if (reach > 0.0) rows_.push_back({unit, base + reach, "", false});
  }
  if (weights_.scheme != WeightScheme::uncertain)
    rows_.push_back({std::vector<double>(m_, 1.0), 1.0, "", true});
}

/// `by` . w <= most for weights that sum to 1, as a row that holds whatever they sum to.
void WeightWalk::add_limit(std::vector<double> by, double most, std::string name, bool equal) {
  for (auto& x : by) x -= most;
  if (weights_.scheme == WeightScheme::ordered) {
    // w = sum_k x_k (1/(k + 1) for each of the first k + 1 criteria in order)
    std::vector<double> corner(m_);
    double sum = 0.0;
    for (std::size_t k = 0; k < m_; ++k) {
      sum += by[order_[k]];
      corner[k] = sum / static_cast<double>(k + 1);
    }
    by = std::move(corner);
  }
  rows_.push_back({std::move(by), 0.0, std::move(name), equal});
}

void WeightWalk::add_limits(const std::vector<std::string>& names) {
  const auto name = [&](std::size_t j) {
    return j < names.size() ? names[j] : "criterion " + std::to_string(j + 1);
  };
  for (std::size_t j = 0; j < weights_.limits.size(); ++j) {
    const auto [low, high] = weights_.limits[j];
    std::vector<double> unit(m_, 0.0), minus(m_, 0.0);
    unit[j] = 1.0;
    minus[j] = -1.0;
    if (low == high)
      add_limit(unit, high, name(j) + " = " + number_text(high), true);
    else {
      if (high < 1.0) add_limit(unit, high, name(j) + " <= " + number_text(high), false);
      if (low > 0.0) add_limit(minus, -low, name(j) + " >= " + number_text(low), false);
    }
  }
  for (const auto& ratio : weights_.ratios) {
    const std::string what = name(ratio.numerator) + "/" + name(ratio.denominator);
    std::vector<double> above(m_, 0.0), below(m_, 0.0);
    above[ratio.numerator] = 1.0;
    above[ratio.denominator] = -ratio.high;
    below[ratio.numerator] = -1.0;
    below[ratio.denominator] = ratio.low;
    if (ratio.low == ratio.high) {
      add_limit(below, 0.0, what + " = " + number_text(ratio.low), true);
    } else {
      if (std::isfinite(ratio.high))
        add_limit(above, 0.0, what + " <= " + number_text(ratio.high), false);
      if (ratio.low > 0.0) add_limit(below, 0.0, what + " >= " + number_text(ratio.low), false);
    }
  }
}

bool WeightWalk::feasible(const std::vector<char>& left_out) const {
  SmallLp lp;
  lp.cost.assign(m_, 0.0);
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    if (left_out[r] != 0) continue;
    auto& cells = rows_[r].equal ? lp.equal : lp.less;
    cells.insert(cells.end(), rows_[r].by.begin(), rows_[r].by.end());
    (rows_[r].equal ? lp.equal_rhs : lp.less_rhs).push_back(rows_[r].most);
  }
  try {
    (void)solve_small_lp(lp);
    return true;
  } catch (const Error&) {
    return false;
  }
}

/// Leaves out one limit after the other that the contradiction does not need.
void WeightWalk::name_contradiction() const {
  std::vector<char> left_out(rows_.size(), 0);
  std::vector<std::string> names;
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    if (rows_[r].name.empty()) continue;
    left_out[r] = 1;
    if (!feasible(left_out)) continue;
    left_out[r] = 0;
    names.push_back(rows_[r].name);
  }
  const std::string rest =
      weights_.scheme == WeightScheme::ordered     ? " in the order of the given weights"
      : weights_.scheme == WeightScheme::uncertain ? " within the spread of the given weights"
                                                   : "";
  throw Error("ranking.weight_limits",
              "no weights from 0 up that sum to 1" + rest + " satisfy " + join(names, ", "),
              "weight limits",
              "Loosen one of these: lower limits must sum to less than 1, upper ones to more, and "
              "ratios must agree with both.");
}

/// The point farthest from all limits, within the equalities (Chebyshev centre).
void WeightWalk::find_centre() {
  fixed_.clear();
  for (const auto& row : rows_)
    if (row.equal) add_direction(fixed_, row.by);
  free_ = m_ - std::min(m_, fixed_.size());
  SmallLp lp;
  lp.cost.assign(m_ + 1, 0.0);
  lp.cost[m_] = -1.0;
  for (const auto& row : rows_) {
    auto& cells = row.equal ? lp.equal : lp.less;
    cells.insert(cells.end(), row.by.begin(), row.by.end());
    auto across = row.by;
    remove(fixed_, across);
    cells.push_back(row.equal ? 0.0 : std::sqrt(dot(across, across)));
    (row.equal ? lp.equal_rhs : lp.less_rhs).push_back(row.most);
  }
  lp.less.insert(lp.less.end(), m_, 0.0);  // a body of one point has no wall to be far from
  lp.less.push_back(1.0);
  lp.less_rhs.push_back(1.0);
  const auto solved = solve_small_lp(lp);
  centre_.assign(solved.x.begin(), solved.x.begin() + static_cast<std::ptrdiff_t>(m_));
  depth_ = solved.x[m_];
}

/// Inequalities that hold as equalities in every point, since others press against them.
void WeightWalk::find_hidden_equalities() {
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    if (rows_[r].equal) continue;
    SmallLp lp;
    lp.cost = rows_[r].by;
    for (const auto& row : rows_) {
      auto& cells = row.equal ? lp.equal : lp.less;
      cells.insert(cells.end(), row.by.begin(), row.by.end());
      (row.equal ? lp.equal_rhs : lp.less_rhs).push_back(row.most);
    }
    if (rows_[r].most - solve_small_lp(lp).objective < flat) rows_[r].equal = true;
  }
}

/// Orthonormal coordinates of what the equalities leave free.
void WeightWalk::to_subspace() {
  auto all = fixed_;
  for (std::size_t j = 0; j < m_ && all.size() < m_; ++j) {
    std::vector<double> unit(m_, 0.0);
    unit[j] = 1.0;
    remove(all, unit);
    if (dot(unit, unit) > 1e-6) add_direction(all, unit);
  }
  free_ = all.size() - fixed_.size();
  basis_.assign(m_ * free_, 0.0);
  for (std::size_t k = 0; k < free_; ++k)
    for (std::size_t j = 0; j < m_; ++j) basis_[j * free_ + k] = all[fixed_.size() + k][j];
}

void WeightWalk::round_off() {
  to_subspace();
  room_.clear();
  for (const auto& row : rows_)
    if (!row.equal) room_.push_back(std::max(0.0, row.most - dot(row.by, centre_)));
  const auto set_slopes = [&] {
    slope_.clear();
    for (const auto& row : rows_) {
      if (row.equal) continue;
      for (std::size_t k = 0; k < free_; ++k) {
        double sum = 0.0;
        for (std::size_t j = 0; j < m_; ++j) sum += row.by[j] * basis_[j * free_ + k];
        slope_.push_back(sum);
      }
    }
  };
  set_slopes();
  for (int pilot = 0; pilot < pilots && free_ > 0; ++pilot) {
    std::vector<double> y(free_, 0.0), moments(free_ + free_ * free_, 0.0);
    const std::size_t steps = 4000 + 200 * free_;
    walk(pilot_seed, pilot_stream + 2 * static_cast<std::uint64_t>(pilot), 0, steps, y, &moments);
    const double count = static_cast<double>(steps);
    std::vector<double> covariance(free_ * free_);
    for (std::size_t a = 0; a < free_; ++a)
      for (std::size_t b = 0; b < free_; ++b)
        covariance[a * free_ + b] =
            moments[free_ + std::max(a, b) * free_ + std::min(a, b)] / count -
            moments[a] / count * (moments[b] / count);
    const auto lower = cholesky(std::move(covariance), free_);
    std::vector<double> turned(m_ * free_, 0.0);
    for (std::size_t j = 0; j < m_; ++j)
      for (std::size_t k = 0; k < free_; ++k)
        for (std::size_t i = k; i < free_; ++i)
          turned[j * free_ + k] += basis_[j * free_ + i] * lower[i * free_ + k];
    basis_ = std::move(turned);
    set_slopes();
  }
  // One long walk in the round coordinates: its states, about uniform, are where draws start.
  std::vector<double> y(free_, 0.0);
  walk(pilot_seed, start_stream, 0, 2000 + 100 * free_, y, nullptr);
  for (std::size_t k = 0; k < starts; ++k) {
    walk(pilot_seed, start_stream + 2, k, 20 + 16 * free_, y, nullptr);
    starts_.insert(starts_.end(), y.begin(), y.end());
  }
}

/// `moments`, if given, receives sums of y and of products y_a y_b (b <= a) after every step.
void WeightWalk::walk(std::uint64_t seed, std::uint64_t stream, std::size_t draw, std::size_t steps,
                      std::vector<double>& y, std::vector<double>* moments) const {
  const std::size_t pairs = (free_ + 1) / 2, rows = room_.size();
  const Random directions{seed, stream}, lengths{seed, stream + 1};
  std::vector<double> d(2 * pairs), room = room_, slope(rows);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t k = 0; k < free_; ++k) room[r] -= slope_[r * free_ + k] * y[k];
  for (std::size_t step = 0; step < steps; ++step) {
    const std::size_t at = draw * steps + step;
    fill_normal_pairs(directions, at * pairs, d.data(), pairs);
    double low = -1e300, high = 1e300;
    for (std::size_t r = 0; r < rows; ++r) {
      double sum = 0.0;
      for (std::size_t k = 0; k < free_; ++k) sum += slope_[r * free_ + k] * d[k];
      slope[r] = sum;
      if (sum > 0.0)
        high = std::min(high, room[r] / sum);
      else if (sum < 0.0)
        low = std::max(low, room[r] / sum);
    }
    if (!(low < high) || low < -1e299 || high > 1e299) continue;
    const double t = low + (high - low) * lengths.uniform(at);
    for (std::size_t k = 0; k < free_; ++k) y[k] += t * d[k];
    for (std::size_t r = 0; r < rows; ++r) room[r] = std::max(0.0, room[r] - t * slope[r]);
    if (moments == nullptr) continue;
    for (std::size_t a = 0; a < free_; ++a) {
      (*moments)[a] += y[a];
      for (std::size_t b = 0; b <= a; ++b) (*moments)[free_ + a * free_ + b] += y[a] * y[b];
    }
  }
}

void WeightWalk::to_weights(const std::vector<double>& y, double* w) const {
  std::vector<double> x = centre_;
  for (std::size_t j = 0; j < m_; ++j) {
    for (std::size_t k = 0; k < free_; ++k) x[j] += basis_[j * free_ + k] * y[k];
    x[j] = std::max(0.0, x[j]);
  }
  if (weights_.scheme == WeightScheme::ordered) {
    double tail = 0.0;
    for (std::size_t k = m_; k-- > 0;) {
      tail += x[k] / static_cast<double>(k + 1);
      w[order_[k]] = tail;
    }
  } else {
    std::copy(x.begin(), x.end(), w);
  }
  double sum = 0.0;
  for (std::size_t j = 0; j < m_; ++j) sum += w[j];
  for (std::size_t j = 0; j < m_; ++j) w[j] /= sum;
  for (std::size_t j = 0; j < weights_.limits.size(); ++j)  // off by the last digit at most
    w[j] = std::clamp(w[j], weights_.limits[j].first, weights_.limits[j].second);
}

void WeightWalk::draw(std::uint64_t seed, std::size_t draw, double* weights) const {
  const auto start = starts_.begin() + static_cast<std::ptrdiff_t>(draw % starts * free_);
  std::vector<double> y(start, start + static_cast<std::ptrdiff_t>(free_));
  if (free_ > 0) walk(seed, direction_stream, draw, steps_of(free_), y, nullptr);
  to_weights(y, weights);
}

}  // namespace lode
