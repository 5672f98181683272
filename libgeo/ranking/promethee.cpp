#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <mutex>
#include <numeric>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/method_parts.h"
#include "libgeo/ranking/order.h"

namespace lode {

namespace {

/// Up to here Gaussian flows are summed pair by pair; above, by the expansion of GaussSums.
constexpr std::size_t pairwise_limit = 1000;

/// Working space of one column, kept from one to the next: fresh memory costs more than the sums.
struct Scratch {
  std::vector<double> value, x;  ///< as given; rising
  std::vector<std::uint32_t> site;
  std::vector<double> plus, minus;  ///< in rising order
  OrderScratch order;
};

void sort_values(const double* value, std::size_t n, Scratch& s) {
  s.x.resize(n);
  s.site.resize(n);
  s.plus.resize(n);
  s.minus.resize(n);
  descending_order(value, n, s.site.data(), s.order);
  std::reverse(s.site.begin(), s.site.end());
  for (std::size_t k = 0; k < n; ++k) s.x[k] = value[s.site[k]];
}

/// A running sum whose rounding errors are carried along, so that what is taken out again leaves
/// nothing behind.
struct WindowSum {
  double high = 0.0, low = 0.0;

  void add(double x) {
    const double sum = high + x;
    const double part = sum - high;
    low += (high - (sum - part)) + (x - part);
    high = sum;
  }
  [[nodiscard]] double value() const { return high + low; }
};

/// All shapes but the Gaussian are 0 up to `q`, 1 above `p`, and in between `middle` or a ramp.
struct Ramp {
  double q = 0.0, p = 0.0;
  double middle = 0.0;  ///< value between q and p
  double slope = 0.0;   ///< of (difference - q) between q and p
};

Ramp ramp_of(Shape shape, double q, double p) {
  switch (shape) {
    case Shape::usual:
      return {0.0, 0.0, 0.0, 0.0};
    case Shape::ushape:
      return {q, q, 0.0, 0.0};
    case Shape::vshape:
      return {0.0, p, 0.0, p > 0.0 ? 1.0 / p : 0.0};
    case Shape::level:
      return {q, p, 0.5, 0.0};
    default:
      return {q, p, 0.0, p > q ? 1.0 / (p - q) : 0.0};
  }
}

/// Two pointers over the sorted values: the windows of a site, its values between q and p below and
/// above, move only forward as its own value grows.
void ramp_flows(Scratch& s, const Ramp& ramp) {
  const std::vector<double>& xs = s.x;
  const std::size_t n = xs.size();
  std::size_t far_below = 0, below = 0, above = 0, far_above = 0;
  WindowSum under, over;
  for (std::size_t k = 0; k < n; ++k) {
    const double x = xs[k];
    while (below < n && x - xs[below] > ramp.q) under.add(xs[below++]);
    while (far_below < n && x - xs[far_below] > ramp.p) under.add(-xs[far_below++]);
    while (far_above < n && !(xs[far_above] - x > ramp.p)) over.add(xs[far_above++]);
    while (above < n && !(xs[above] - x > ramp.q)) over.add(-xs[above++]);
    const double near_under = static_cast<double>(below - far_below);
    const double near_over = static_cast<double>(far_above - above);
    const double all_under = static_cast<double>(far_below);
    const double all_over = static_cast<double>(n - far_above);
    s.plus[k] = all_under + ramp.middle * near_under +
                ramp.slope * ((near_under * x - under.value()) - near_under * ramp.q);
    s.minus[k] = all_over + ramp.middle * near_over +
                 ramp.slope * ((over.value() - near_over * x) - near_over * ramp.q);
  }
}

void gaussian_pairs(Scratch& s, double sigma) {
  const std::size_t n = s.x.size();
  std::fill(s.plus.begin(), s.plus.end(), 0.0);
  std::fill(s.minus.begin(), s.minus.end(), 0.0);
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t b = 0; b < k; ++b) {
      const double over = preference(s.x[k] - s.x[b], Shape::gaussian, 0.0, sigma);
      s.plus[k] += over;
      s.minus[b] += over;
    }
}

/// Sums of exp(-(x - x_b)^2/(2 s^2)) by Hermite expansion about the centres of boxes half a sigma
/// wide (Greengard & Strain 1991). With |u| <= 1/4 the k-th term is below 1.09 u^k/sqrt(k!)
/// (Cramer), so 16 terms leave less than 6e-17 a pair; boxes beyond 9 sigma hold less than 3e-18.
/// Both are below the rounding of the sum.
class GaussSums {
 public:
  static constexpr int terms = 16;
  using Moments = std::array<double, terms>;

  GaussSums(const std::vector<double>& x, double sigma) : x_(x), sigma_(sigma) {
    for (std::size_t k = 0; k < x.size(); ++k) {
      const double box = std::floor((x[k] - x[0]) / (0.5 * sigma));
      if (boxes_.empty() || boxes_.back().number != box)
        boxes_.push_back({box, x[0] + (box + 0.5) * 0.5 * sigma, k, k, {}});
      boxes_.back().end = k + 1;
      add(boxes_.back(), x[k], boxes_.back().moments);
      box_of_.push_back(boxes_.size() - 1);
    }
  }

  /// Sum over all smaller values by running moments of the own box, in rising order of k.
  void below(std::vector<double>& sums) const {
    Moments running{};
    for (std::size_t k = 0; k < x_.size(); ++k) {
      const Box& own = boxes_[box_of_[k]];
      if (k == own.begin) running = {};
      double sum = value(own, x_[k], running);
      for (std::size_t b = box_of_[k]; b-- > 0 && x_[k] - boxes_[b].centre < 9.5 * sigma_;)
        sum += value(boxes_[b], x_[k], boxes_[b].moments);
      sums[k] = sum;
      add(own, x_[k], running);
    }
  }

 private:
  struct Box {
    double number, centre;
    std::size_t begin, end;
    Moments moments;
  };

  void add(const Box& box, double x, Moments& moments) const {
    const double u = (x - box.centre) / sigma_;
    double power = 1.0;
    for (int k = 0; k < terms; ++k) {
      moments[k] += power;
      power *= u / (k + 1);  // u^k/k!
    }
  }
  double value(const Box& box, double x, const Moments& moments) const {
    const double t = (x - box.centre) / sigma_;
    double before = 0.0, hermite = 1.0, sum = 0.0;
    for (int k = 0; k < terms; ++k) {
      sum += hermite * moments[k];
      const double next = t * hermite - k * before;
      before = hermite;
      hermite = next;
    }
    return sum * std::exp(-0.5 * t * t);
  }

  const std::vector<double>& x_;
  double sigma_;
  std::vector<Box> boxes_;
  std::vector<std::size_t> box_of_;
};

void gaussian_boxes(Scratch& s, double sigma) {
  const std::size_t n = s.x.size();
  std::vector<double> sums(n), mirrored(n);
  GaussSums(s.x, sigma).below(sums);
  for (std::size_t k = 0; k < n; ++k) s.plus[k] = static_cast<double>(k) - sums[k];
  for (std::size_t k = 0; k < n; ++k) mirrored[k] = -s.x[n - 1 - k];
  GaussSums(mirrored, sigma).below(sums);
  for (std::size_t k = 0; k < n; ++k) s.minus[n - 1 - k] = static_cast<double>(k) - sums[k];
}

/// Equal values have no preference over each other; the running sums count those before them.
void level_equal(Scratch& s) {
  const std::size_t n = s.x.size();
  for (std::size_t k = 1; k < n; ++k)
    if (s.x[k] == s.x[k - 1]) s.plus[k] = s.plus[k - 1];
  for (std::size_t k = n - 1; k-- > 0;)
    if (s.x[k] == s.x[k + 1]) s.minus[k] = s.minus[k + 1];
}

/// Flows of one column over the n - 1 others: phi+ into `plus`, and phi- into `minus` or the net
/// flow into `net`, whichever is there.
void column_flows(const double* value, std::size_t n, Shape shape, double q, double p, Scratch& s,
                  double* plus, double* minus, double* net) {
  sort_values(value, n, s);
  if (shape != Shape::gaussian) {
    ramp_flows(s, ramp_of(shape, q, p));
  } else {
    if (n <= pairwise_limit)
      gaussian_pairs(s, p);
    else
      gaussian_boxes(s, p);
    level_equal(s);
  }
  const double others = n > 1 ? static_cast<double>(n - 1) : 1.0;
  for (std::size_t k = 0; k < n; ++k) {
    const double for_it = std::max(0.0, s.plus[k]) / others;
    const double against_it = std::max(0.0, s.minus[k]) / others;
    plus[s.site[k]] = for_it;
    if (minus != nullptr) minus[s.site[k]] = against_it;
    if (net != nullptr) net[s.site[k]] = for_it - against_it;
  }
}

}  // namespace

double preference(double d, Shape shape, double q, double p) {
  if (!(d > 0.0)) return 0.0;
  switch (shape) {
    case Shape::usual:
      return 1.0;
    case Shape::ushape:
      return d > q ? 1.0 : 0.0;
    case Shape::vshape:
      return d > p ? 1.0 : d / p;
    case Shape::level:
      return d > p ? 1.0 : d > q ? 0.5 : 0.0;
    case Shape::linear:
      return d > p ? 1.0 : d > q ? (d - q) / (p - q) : 0.0;
    case Shape::gaussian:
      return -std::expm1(-0.5 * (d / p) * (d / p));
  }
  return 0.0;
}

void preference_flows(const double* value, std::size_t sites, Shape shape, double q, double p,
                      double* phi_plus, double* phi_minus) {
  Scratch scratch;
  column_flows(value, sites, shape, q, p, scratch, phi_plus, phi_minus, nullptr);
}

namespace method_parts {

namespace {

/// Thresholds as stated; where the shape needs one that is not, the criterion's range.
void fill_thresholds(PreparedMethod& p, std::size_t j, Shape shape, const double* column) {
  const Criterion& c = p.criteria[j];
  const Bounds bounds = bounds_of(c, column, p.sites);
  const double range = c.curve.empty() && std::isnan(c.ideal)
                           ? std::abs(oriented(c, bounds.hi) - oriented(c, bounds.lo))
                           : 1.0;
  const bool needs_q = shape == Shape::ushape || shape == Shape::level || shape == Shape::linear;
  const bool needs_p = shape != Shape::usual && shape != Shape::ushape;
  double q = needs_q && !std::isnan(c.q) ? threshold(c, c.q) : 0.0;
  double top = !std::isnan(c.p) ? threshold(c, c.p) : range;
  if (needs_p && std::isnan(c.p)) {
    if (shape == Shape::gaussian) top = 0.5 * range;
    top = std::max(top, q);
    p.findings.add("ranking.default_threshold", Severity::note, c.name,
                   "no preference threshold p is stated: " +
                       std::string(shape == Shape::gaussian ? "half the range" : "the range") +
                       " of the criterion is used");
  }
  if (shape == Shape::gaussian && !(top > 0.0)) {
    if (!std::isnan(c.p))
      throw Error("ranking.bad_criterion", "a Gaussian preference needs p, its sigma, above 0",
                  c.name, "State p, or take the shape usual.");
    top = 1.0;  // nothing differs: no preference either way
  }
  p.q[j] = q;
  p.p[j] = top;
}

}  // namespace

namespace {

/// Working spaces that columns borrow, as many as there are columns at work at once.
class Scratches {
 public:
  std::unique_ptr<Scratch> borrow() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (free_.empty()) return std::make_unique<Scratch>();
    auto scratch = std::move(free_.back());
    free_.pop_back();
    return scratch;
  }
  void give_back(std::unique_ptr<Scratch> scratch) {
    const std::lock_guard<std::mutex> lock(mutex_);
    free_.push_back(std::move(scratch));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Scratch>> free_;
};

void orient(const Criterion& criterion, const double* column, std::size_t n,
            std::vector<double>& value) {
  value.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    value[i] = oriented(criterion, column[i]);
    if (!std::isfinite(value[i])) refuse_value(criterion, column[i]);
  }
}

}  // namespace

void prepare_promethee(PreparedMethod& p, const std::vector<double>& columns) {
  const std::size_t n = p.sites, m = p.criteria.size();
  const bool net = p.options.method == Method::promethee2;
  p.toward.resize(n * m);
  (net ? p.raw : p.away).resize(n * m);
  p.q.assign(m, 0.0);
  p.p.assign(m, 0.0);
  std::vector<Shape> shapes(m);
  for (std::size_t j = 0; j < m; ++j) {
    shapes[j] = p.criteria[j].shape.value_or(p.options.preference);
    fill_thresholds(p, j, shapes[j], columns.data() + j * n);
  }
  Scratches scratches;
  parallel_blocks(m, 1, p.options.jobs, [&](std::size_t j, std::size_t, std::size_t) {
    auto scratch = scratches.borrow();
    orient(p.criteria[j], columns.data() + j * n, n, scratch->value);
    column_flows(scratch->value.data(), n, shapes[j], p.q[j], p.p[j], *scratch,
                 p.toward.data() + j * n, net ? nullptr : p.away.data() + j * n,
                 net ? p.raw.data() + j * n : nullptr);
    scratches.give_back(std::move(scratch));
  });
}

namespace {

/// How many sites have phi+ at least as high and phi- at most as high, one of them strictly:
/// those that outrank a site in PROMETHEE I. O(n log n) by a Fenwick tree over phi-.
std::vector<double> outranked_by(const std::vector<double>& plus,
                                 const std::vector<double>& minus) {
  const std::size_t n = plus.size();
  std::vector<double> levels(minus);
  std::sort(levels.begin(), levels.end());
  levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
  std::vector<std::size_t> tree(levels.size() + 1, 0), order(n);
  const auto level = [&](std::size_t i) {
    return static_cast<std::size_t>(std::lower_bound(levels.begin(), levels.end(), minus[i]) -
                                    levels.begin()) +
           1;
  };
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return plus[a] != plus[b]     ? plus[a] > plus[b]
           : minus[a] != minus[b] ? minus[a] < minus[b]
                                  : a < b;
  });
  std::vector<double> out(n, 0.0);
  for (std::size_t from = 0; from < n;) {
    std::size_t to = from;  // sites equal in both flows do not outrank each other
    while (to < n && plus[order[to]] == plus[order[from]] && minus[order[to]] == minus[order[from]])
      ++to;
    std::size_t count = 0;
    for (std::size_t k = level(order[from]); k > 0; k -= k & (~k + 1)) count += tree[k];
    for (std::size_t k = from; k < to; ++k) {
      out[order[k]] = static_cast<double>(count);
      for (std::size_t at = level(order[k]); at < tree.size(); at += at & (~at + 1)) ++tree[at];
    }
    from = to;
  }
  return out;
}

}  // namespace

namespace {

/// Flows that differ by rounding alone must not make sites incomparable: they are compared in steps
/// of 2^-38, far below any judgement and far above rounding.
void in_steps(std::vector<double>& flows) {
  for (auto& flow : flows) flow = std::nearbyint(std::ldexp(flow, 38));
}

/// What each criterion adds to the net flow: site-major from columns, block by block so that both
/// stay in cache.
void contributions_of(const double* gain, const double* loss, std::size_t n,
                      const std::vector<double>& w, Scored& out) {
  const std::size_t m = w.size();
  constexpr std::size_t block = 512;
  for (std::size_t from = 0; from < n; from += block)
    for (std::size_t j = 0; j < m; ++j)
      for (std::size_t i = from; i < std::min(n, from + block); ++i)
        out.contributions[i * m + j] =
            w[j] * (gain[j * n + i] - (loss == nullptr ? 0.0 : loss[j * n + i]));
}

/// The flows of PROMETHEE I as they are compared.
struct Compared {
  std::vector<double> plus, minus;
};

Compared compared_flows(std::vector<double> plus, std::vector<double> minus) {
  in_steps(plus);
  in_steps(minus);
  return {std::move(plus), std::move(minus)};
}

}  // namespace

void promethee_merits(const PreparedMethod& p, const double* w, double* merit) {
  const std::size_t n = p.sites, m = p.criteria.size();
  if (p.options.method == Method::promethee2) return weighted_columns(p.raw.data(), n, m, w, merit);
  std::vector<double> plus(n), minus(n);
  weighted_columns(p.toward.data(), n, m, w, plus.data());
  weighted_columns(p.away.data(), n, m, w, minus.data());
  const Compared flows = compared_flows(std::move(plus), std::move(minus));
  const auto by = outranked_by(flows.plus, flows.minus);
  for (std::size_t i = 0; i < n; ++i) merit[i] = -by[i];
}

void promethee_score(const PreparedMethod& p, const std::vector<double>& w, Scored& out) {
  const std::size_t n = p.sites, m = w.size();
  const bool net = p.options.method == Method::promethee2;
  out.phi_plus.resize(n);
  out.phi_minus.resize(n);
  out.contributions.resize(n * m);
  weighted_columns(p.toward.data(), n, m, w.data(), out.phi_plus.data());
  if (net) {
    out.score.resize(n);
    weighted_columns(p.raw.data(), n, m, w.data(), out.score.data());
    for (std::size_t i = 0; i < n; ++i)
      out.phi_minus[i] = std::max(0.0, out.phi_plus[i] - out.score[i]);
    contributions_of(p.raw.data(), nullptr, n, w, out);
    out.merit = out.score;
    return;
  }
  weighted_columns(p.away.data(), n, m, w.data(), out.phi_minus.data());
  contributions_of(p.toward.data(), p.away.data(), n, w, out);
  const Compared flows = compared_flows(out.phi_plus, out.phi_minus);
  out.score = outranked_by(flows.plus, flows.minus);
  out.lower_is_better = true;
  out.merit.resize(n);
  for (std::size_t i = 0; i < n; ++i) out.merit[i] = -out.score[i];
  if (n <= kept_relations) out.relation = relation_of(flows.plus, flows.minus);
}

}  // namespace method_parts

}  // namespace lode
