#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/method_parts.h"
#include "libgeo/ranking/order.h"

namespace lode {

namespace {

constexpr std::size_t pairwise_limit = 20000;

struct Sorted {
  std::vector<double> x;
  std::vector<std::uint32_t> site;
};

Sorted sorted_values(const double* value, std::size_t n) {
  Sorted out;
  out.x.resize(n);
  out.site.resize(n);
  OrderScratch scratch;
  descending_order(value, n, out.site.data(), scratch);
  std::reverse(out.site.begin(), out.site.end());
  for (std::size_t k = 0; k < n; ++k) out.x[k] = value[out.site[k]];
  return out;
}

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

/// Two pointers over the sorted values: the windows of a site move only forward as its value grows.
void ramp_flows(const Sorted& s, const Ramp& ramp, double* phi_plus, double* phi_minus) {
  const std::size_t n = s.x.size();
  const double centre = s.x[n / 2];  // keeps prefix sums small
  std::vector<double> prefix(n + 1, 0.0);
  for (std::size_t k = 0; k < n; ++k) prefix[k + 1] = prefix[k] + (s.x[k] - centre);
  std::size_t far_below = 0, below = 0, above = 0, far_above = 0;
  for (std::size_t k = 0; k < n; ++k) {
    const double x = s.x[k];
    while (far_below < n && x - s.x[far_below] > ramp.p) ++far_below;
    while (below < n && x - s.x[below] > ramp.q) ++below;
    while (above < n && !(s.x[above] - x > ramp.q)) ++above;
    while (far_above < n && !(s.x[far_above] - x > ramp.p)) ++far_above;
    const auto count = [](std::size_t from, std::size_t to) {
      return static_cast<double>(to - from);
    };
    const double near = count(far_below, below), over = count(above, far_above);
    const double own = x - centre;
    phi_plus[s.site[k]] =
        static_cast<double>(far_below) + ramp.middle * near +
        ramp.slope * (near * (own - ramp.q) - (prefix[below] - prefix[far_below]));
    phi_minus[s.site[k]] =
        count(far_above, n) + ramp.middle * over +
        ramp.slope * ((prefix[far_above] - prefix[above]) - over * (own + ramp.q));
  }
}

void gaussian_pairs(const Sorted& s, double sigma, double* phi_plus, double* phi_minus) {
  const std::size_t n = s.x.size();
  for (std::size_t k = 0; k < n; ++k) {
    const double x = s.x[k];
    double plus = 0.0, minus = 0.0;
    for (std::size_t b = 0; b < k; ++b) plus += preference(x - s.x[b], Shape::gaussian, 0.0, sigma);
    for (std::size_t b = k + 1; b < n; ++b)
      minus += preference(s.x[b] - x, Shape::gaussian, 0.0, sigma);
    phi_plus[s.site[k]] = plus;
    phi_minus[s.site[k]] = minus;
  }
}

/// Sums of exp(-(x - x_b)^2/(2 s^2)) by Hermite expansion about the centres of boxes half a sigma
/// wide (Greengard & Strain 1991). With |u| <= 1/4 the k-th term is below 1.09 u^k/sqrt(k!)
/// (Cramer), so 14 terms leave less than 3e-13 a pair; boxes beyond 9 sigma hold less than 3e-18.
class GaussSums {
 public:
  static constexpr int terms = 14;
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

void gaussian_boxes(const Sorted& s, double sigma, double* phi_plus, double* phi_minus) {
  const std::size_t n = s.x.size();
  std::vector<double> sums(n), mirrored(n);
  GaussSums(s.x, sigma).below(sums);
  for (std::size_t k = 0; k < n; ++k) phi_plus[s.site[k]] = static_cast<double>(k) - sums[k];
  for (std::size_t k = 0; k < n; ++k) mirrored[k] = -s.x[n - 1 - k];
  GaussSums(mirrored, sigma).below(sums);
  for (std::size_t k = 0; k < n; ++k)
    phi_minus[s.site[n - 1 - k]] = static_cast<double>(k) - sums[k];
}

/// Equal values have no preference over each other; the running sums count those before them.
void level_equal(const Sorted& s, double* phi_plus, double* phi_minus) {
  const std::size_t n = s.x.size();
  for (std::size_t k = 1; k < n; ++k)
    if (s.x[k] == s.x[k - 1]) phi_plus[s.site[k]] = phi_plus[s.site[k - 1]];
  for (std::size_t k = n - 1; k-- > 0;)
    if (s.x[k] == s.x[k + 1]) phi_minus[s.site[k]] = phi_minus[s.site[k + 1]];
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
  const Sorted s = sorted_values(value, sites);
  if (shape != Shape::gaussian) {
    ramp_flows(s, ramp_of(shape, q, p), phi_plus, phi_minus);
  } else {
    if (sites <= pairwise_limit)
      gaussian_pairs(s, p, phi_plus, phi_minus);
    else
      gaussian_boxes(s, p, phi_plus, phi_minus);
    level_equal(s, phi_plus, phi_minus);
  }
  const double others = sites > 1 ? static_cast<double>(sites - 1) : 1.0;
  for (std::size_t i = 0; i < sites; ++i) {
    phi_plus[i] /= others;
    phi_minus[i] /= others;
  }
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
  if (shape == Shape::gaussian && !(top > 0.0))
    top = 1.0;  // nothing differs: no preference either way
  p.q[j] = q;
  p.p[j] = top;
}

}  // namespace

void prepare_promethee(PreparedMethod& p, const std::vector<double>& columns) {
  const std::size_t n = p.sites, m = p.criteria.size();
  p.toward.resize(n * m);
  p.away.resize(n * m);
  if (p.options.method == Method::promethee2) p.raw.resize(n * m);
  p.q.assign(m, 0.0);
  p.p.assign(m, 0.0);
  std::vector<Shape> shapes(m);
  for (std::size_t j = 0; j < m; ++j) {
    shapes[j] = p.criteria[j].shape.value_or(p.options.preference);
    fill_thresholds(p, j, shapes[j], columns.data() + j * n);
  }
  parallel_blocks(m, 1, p.options.jobs, [&](std::size_t j, std::size_t, std::size_t) {
    std::vector<double> value(n);
    for (std::size_t i = 0; i < n; ++i) {
      value[i] = oriented(p.criteria[j], columns[j * n + i]);
      if (!std::isfinite(value[i]))
        throw Error("ranking.not_positive",
                    "a log scale cannot take the value " + number_text(columns[j * n + i]),
                    p.criteria[j].name, "Use a linear scale for this criterion.");
    }
    preference_flows(value.data(), n, shapes[j], p.q[j], p.p[j], p.toward.data() + j * n,
                     p.away.data() + j * n);
    if (p.options.method != Method::promethee2) return;
    for (std::size_t i = 0; i < n; ++i) p.raw[j * n + i] = p.toward[j * n + i] - p.away[j * n + i];
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

void promethee_merits(const PreparedMethod& p, const double* w, double* merit) {
  const std::size_t n = p.sites, m = p.criteria.size();
  if (p.options.method == Method::promethee2) return weighted_columns(p.raw.data(), n, m, w, merit);
  std::vector<double> plus(n), minus(n);
  weighted_columns(p.toward.data(), n, m, w, plus.data());
  weighted_columns(p.away.data(), n, m, w, minus.data());
  const auto by = outranked_by(plus, minus);
  for (std::size_t i = 0; i < n; ++i) merit[i] = -by[i];
}

void promethee_score(const PreparedMethod& p, const std::vector<double>& w, Scored& out) {
  const std::size_t n = p.sites, m = w.size();
  out.phi_plus.resize(n);
  out.phi_minus.resize(n);
  weighted_columns(p.toward.data(), n, m, w.data(), out.phi_plus.data());
  weighted_columns(p.away.data(), n, m, w.data(), out.phi_minus.data());
  out.contributions.resize(n * m);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < m; ++j)
      out.contributions[i * m + j] = w[j] * (p.toward[j * n + i] - p.away[j * n + i]);
  out.score.resize(n);
  out.merit.resize(n);
  if (p.options.method == Method::promethee2) {
    weighted_columns(p.raw.data(), n, m, w.data(), out.score.data());
    out.merit = out.score;
    return;
  }
  out.score = outranked_by(out.phi_plus, out.phi_minus);
  out.lower_is_better = true;
  for (std::size_t i = 0; i < n; ++i) out.merit[i] = -out.score[i];
}

}  // namespace method_parts

}  // namespace lode
