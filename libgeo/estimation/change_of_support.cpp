#include "libgeo/estimation/change_of_support.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/random.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

// Scores beyond this are as good as never.
constexpr double limit = 8.0;
constexpr std::size_t steps = 1600;
constexpr double step = 2.0 * limit / static_cast<double>(steps);

double normal_density(double y) {
  return std::exp(-0.5 * y * y) / std::sqrt(2.0 * std::numbers::pi);
}
double normal_below(double y) {
  return 0.5 * std::erfc(-y / std::numbers::sqrt2);
}

// Nodes and weights on [0, 1], by Newton's method on the Legendre polynomial.
struct Rule {
  std::vector<double> node, weight;
};
Rule gauss_legendre(int n) {
  Rule rule;
  for (int i = 1; i <= n; ++i) {
    double x = std::cos(std::numbers::pi * (i - 0.25) / (n + 0.5)), slope = 1.0;
    for (int round = 0; round < 100; ++round) {
      double p = 1.0, before = 0.0;
      for (int k = 1; k <= n; ++k) {
        const double older = before;
        before = p;
        p = ((2.0 * k - 1.0) * x * before - (k - 1.0) * older) / k;
      }
      slope = n * (x * p - before) / (x * x - 1.0);
      const double move = p / slope;
      x -= move;
      if (std::abs(move) < 1e-15) break;
    }
    rule.node.push_back(0.5 * (1.0 - x));
    rule.weight.push_back(1.0 / ((1.0 - x * x) * slope * slope));
  }
  return rule;
}

// Distances along one side between two places in it, and the weight of each. The nodes crowd
// towards 0, where semivariograms bend most.
Rule side_rule(double length, const Rule& unit) {
  if (length == 0.0) return {{0.0}, {1.0}};
  Rule rule;
  for (std::size_t i = 0; i < unit.node.size(); ++i) {
    const double t = unit.node[i];
    rule.node.push_back(length * t * t);
    rule.weight.push_back(unit.weight[i] * 4.0 * t * (1.0 - t * t));
  }
  return rule;
}

}  // namespace

double mean_gamma_in_block(const VariogramModel& model, const std::array<double, 3>& size_m,
                           double rotation_deg) {
  check_model(model);
  for (const double size : size_m)
    if (!std::isfinite(size) || size < 0.0)
      throw Error("support.block_size", "a block of size " + number_text(size) + " m", {},
                  "Sizes are 0 or more.");
  if (size_m[0] == 0.0 && size_m[1] == 0.0 && size_m[2] == 0.0) return 0.0;
  const Rule unit = gauss_legendre(32);
  std::array<Rule, 3> sides;
  for (std::size_t a = 0; a < 3; ++a) sides[a] = side_rule(size_m[a], unit);
  // The block's own axes: y at the azimuth of the rotation, x a quarter turn on.
  const Matrix3 turned = axes_of({rotation_deg, 0.0, 0.0});
  const auto& north = turned[0];
  const auto& west = turned[1];
  double total = model.nugget;
  for (const Structure& structure : model.structures) {
    const Matrix3 axes = scaled_axes(structure.angles, structure.ranges_m);
    Sum mean;
    for (std::size_t i = 0; i < sides[0].node.size(); ++i)
      for (std::size_t j = 0; j < sides[1].node.size(); ++j)
        for (std::size_t k = 0; k < sides[2].node.size(); ++k) {
          double gamma = 0.0;
          // Half of the sign combinations; the others are opposites.
          for (const double sy : {1.0, -1.0})
            for (const double sz : {1.0, -1.0}) {
              const double u = sides[0].node[i], v = sy * sides[1].node[j];
              const double dx = -u * west[0] + v * north[0], dy = -u * west[1] + v * north[1];
              const double dz = sz * sides[2].node[k];
              double square = 0.0;
              for (const auto& axis : axes) {
                const double part = axis[0] * dx + axis[1] * dy + axis[2] * dz;
                square += part * part;
              }
              gamma += 0.25 * unit_gamma(structure, std::sqrt(square));
            }
          mean += gamma * sides[0].weight[i] * sides[1].weight[j] * sides[2].weight[k];
        }
    total += structure.sill * mean.value();
  }
  return total;
}

double block_variance_share(const VariogramModel& model, const std::array<double, 3>& size_m,
                            double rotation_deg) {
  if (!model.bounded())
    throw Error("support.unbounded", "the variogram has no sill", {},
                "A power structure gives points no variance; fit a model with a sill.");
  return 1.0 - mean_gamma_in_block(model, size_m, rotation_deg) / model.sill();
}

double Distribution::mean() const {
  Sum sum;
  for (std::size_t i = 0; i < value.size(); ++i) sum += weight[i] * value[i];
  return sum.value();
}

double Distribution::variance() const {
  const double middle = mean();
  Sum sum;
  for (std::size_t i = 0; i < value.size(); ++i)
    sum += weight[i] * (value[i] - middle) * (value[i] - middle);
  return sum.value();
}

double Distribution::quantile(double p) const {
  Sum sum;
  for (std::size_t i = 0; i < value.size(); ++i) {
    sum += weight[i];
    // A hair, so that a share met exactly is met.
    if (sum.value() >= p - 1e-12) return value[i];
  }
  return value.back();
}

Distribution distribution_of(const std::vector<double>& values,
                             const std::vector<double>& weights) {
  std::vector<std::size_t> order;
  Sum total;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double weight = weights.empty() ? 1.0 : weights[i];
    if (!std::isfinite(weight) || weight < 0.0)
      throw Error("support.weight", "a weight of " + number_text(weight),
                  "value " + std::to_string(i + 1), "Weights are 0 or more.");
    if (!std::isfinite(values[i]) || weight == 0.0) continue;
    order.push_back(i);
    total += weight;
  }
  if (order.empty())
    throw Error("support.no_values", "no value has a weight", {}, "Check the column.");
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  Distribution result;
  for (const std::size_t i : order) {
    const double weight = (weights.empty() ? 1.0 : weights[i]) / total.value();
    if (!result.value.empty() && result.value.back() == values[i]) {
      result.weight.back() += weight;
      continue;
    }
    result.value.push_back(values[i]);
    result.weight.push_back(weight);
  }
  return result;
}

std::vector<Selectivity> grade_tonnage(const Distribution& points,
                                       const std::vector<double>& cutoffs) {
  std::vector<Selectivity> curve;
  for (const double cutoff : cutoffs) {
    Selectivity row;
    row.cutoff = cutoff;
    Sum share, metal;
    for (std::size_t i = 0; i < points.value.size(); ++i) {
      if (points.value[i] < cutoff) continue;
      share += points.weight[i];
      metal += points.weight[i] * points.value[i];
    }
    row.tonnage_share = share.value();
    row.metal = metal.value();
    row.mean_above = row.tonnage_share > 0.0 ? row.metal / row.tonnage_share
                                             : std::numeric_limits<double>::quiet_NaN();
    curve.push_back(row);
  }
  return curve;
}

Anamorphosis::Anamorphosis(Distribution points, std::size_t order)
    : points_(std::move(points)), coefficients_(order + 1, 0.0) {
  Sum below;
  const std::size_t n = points_.value.size();
  for (std::size_t i = 0; i + 1 < n; ++i) {
    below += points_.weight[i];
    score_.push_back(inverse_normal(std::clamp(below.value(), 1e-300, 1.0 - 1e-16)));
  }
  coefficients_[0] = points_.mean();
  // The integral of H_k g up to y is -H_{k-1}(y) g(y) / sqrt(k), so only the steps count.
  std::vector<Sum> sums(order + 1);
  for (std::size_t i = 0; i + 1 < n; ++i) {
    const double jump = points_.value[i + 1] - points_.value[i];
    double before = 0.0, h = 1.0;
    for (std::size_t k = 1; k <= order; ++k) {
      const double root = std::sqrt(static_cast<double>(k));
      sums[k] += jump * h * normal_density(score_[i]) / root;
      const double next = (score_[i] * h - std::sqrt(static_cast<double>(k - 1)) * before) / root;
      before = h;
      h = next;
    }
  }
  for (std::size_t k = 1; k <= order; ++k) coefficients_[k] = sums[k].value();
}

double Anamorphosis::at(double y, double r) const {
  const double spread = std::sqrt(std::max(0.0, 1.0 - r * r));
  if (spread < 1e-9) {
    const auto above = std::upper_bound(score_.begin(), score_.end(), r * y);
    return points_.value[static_cast<std::size_t>(above - score_.begin())];
  }
  // Steps far below count whole, those far above not at all.
  constexpr double far = 9.0;
  const auto from = static_cast<std::size_t>(
      std::lower_bound(score_.begin(), score_.end(), r * y - far * spread) - score_.begin());
  const auto to = static_cast<std::size_t>(
      std::upper_bound(score_.begin(), score_.end(), r * y + far * spread) - score_.begin());
  Sum grade;
  grade += points_.value[from];
  for (std::size_t i = from; i < to; ++i)
    grade += (points_.value[i + 1] - points_.value[i]) * normal_below((r * y - score_[i]) / spread);
  return grade.value();
}

double Anamorphosis::variance(double r) const {
  Sum sum;
  double power = 1.0;
  for (std::size_t k = 1; k < coefficients_.size(); ++k) {
    power *= r * r;
    sum += coefficients_[k] * coefficients_[k] * power;
  }
  return sum.value();
}

double Anamorphosis::coefficient_for(double variance_share) const {
  if (!(variance_share > 0.0 && variance_share <= 1.0 + 1e-12))
    throw Error("support.share",
                "blocks would have " + number_text(variance_share) + " of the points' variance", {},
                "The share lies above 0 and at most at 1: check variogram and block size.");
  const double wanted = variance_share * points_.variance();
  // The expansion ends; what it lacks counts only close to points.
  if (variance(1.0) <= wanted) return 1.0;
  double low = 0.0, high = 1.0;
  for (int round = 0; round < 100; ++round) {
    const double middle = 0.5 * (low + high);
    (variance(middle) < wanted ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

DiscreteGaussian::DiscreteGaussian(const Anamorphosis& anamorphosis, double r, int jobs,
                                   const Progress& progress)
    : anamorphosis_(&anamorphosis), r_(r), table_(steps + 1) {
  if (!(r > 0.0 && r <= 1.0))
    throw Error("support.share", "the support coefficient is " + number_text(r), {},
                "It lies above 0 and at most at 1.");
  parallel_blocks(
      table_.size(), 50, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i)
          table_[i] = anamorphosis.at(-limit + static_cast<double>(i) * step, r);
      },
      progress);
}

double DiscreteGaussian::score_of(double cutoff, double r) const {
  double low = -limit, high = limit;
  if (anamorphosis_->at(low, r) >= cutoff) return low;
  if (anamorphosis_->at(high, r) < cutoff) return high;
  for (int round = 0; round < 60; ++round) {
    const double middle = 0.5 * (low + high);
    (anamorphosis_->at(middle, r) < cutoff ? low : high) = middle;
  }
  return high;
}

// Between the scores of the table; beyond it the grade hardly rises any more.
double DiscreteGaussian::grade_at(double score) const {
  const double at = std::clamp((score + limit) / step, 0.0, static_cast<double>(steps));
  const auto cell = std::min(static_cast<std::size_t>(at), steps - 1);
  const double part = at - static_cast<double>(cell);
  return table_[cell] + part * (table_[cell + 1] - table_[cell]);
}

std::vector<Selectivity> DiscreteGaussian::curve(const std::vector<double>& cutoffs) const {
  if (r_ > 1.0 - 1e-9) return grade_tonnage(anamorphosis_->points(), cutoffs);
  std::vector<Selectivity> rows;
  for (const double cutoff : cutoffs) rows.push_back({cutoff, 0.0, 0.0, 0.0});
  const auto integral = [&](double from) {
    // Simpson's rule over the table's cells, the first one cut at `from`.
    const auto f = [&](double y) { return anamorphosis_->at(y, r_) * normal_density(y); };
    const auto first = static_cast<std::size_t>(std::ceil((from + limit) / step - 1e-12));
    Sum sum;
    const double edge = -limit + static_cast<double>(first) * step;
    if (edge > from)
      sum += (edge - from) / 6.0 * (f(from) + 4.0 * f(0.5 * (from + edge)) + f(edge));
    const auto g = [&](std::size_t i) {
      return table_[i] * normal_density(-limit + static_cast<double>(i) * step);
    };
    std::size_t i = first;
    for (; i + 2 <= steps; i += 2) sum += step / 3.0 * (g(i) + 4.0 * g(i + 1) + g(i + 2));
    if (i < steps) sum += step / 2.0 * (g(i) + g(i + 1));
    return sum.value();
  };
  for (Selectivity& row : rows) {
    const double score = score_of(row.cutoff, r_);
    row.tonnage_share = score <= -limit ? 1.0 : score >= limit ? 0.0 : normal_below(-score);
    row.metal = score <= -limit  ? anamorphosis_->coefficients()[0]
                : score >= limit ? 0.0
                                 : integral(score);
    row.mean_above = row.tonnage_share > 0.0 ? row.metal / row.tonnage_share
                                             : std::numeric_limits<double>::quiet_NaN();
  }
  return rows;
}

std::vector<Selectivity> DiscreteGaussian::in_panel(double panel_mean, double panel_r,
                                                    const std::vector<double>& cutoffs) const {
  if (!(panel_r > 0.0 && panel_r < r_) || !std::isfinite(panel_mean))
    throw Error(
        "support.panel",
        "panels of coefficient " + number_text(panel_r) + " hold blocks of " + number_text(r_), {},
        "Estimates of panels vary less than blocks: 0 < panel < block.");
  const double rho = panel_r / r_;
  const double centre = rho * score_of(panel_mean, panel_r);
  const double spread = std::sqrt(1.0 - rho * rho);
  std::vector<Selectivity> rows;
  constexpr int nodes = 400;
  for (const double cutoff : cutoffs) {
    Selectivity row;
    row.cutoff = cutoff;
    const double score = score_of(cutoff, r_);
    const double from =
        score <= -limit ? centre - limit * spread : std::max(score, centre - limit * spread);
    const double to = std::max(from, centre + limit * spread);
    row.tonnage_share = score <= -limit ? 1.0 : normal_below((centre - score) / spread);
    const double wide = (to - from) / nodes;
    Sum sum;
    for (int i = 0; i <= nodes && wide > 0.0; ++i) {
      const double y = from + i * wide;
      const double factor = i == 0 || i == nodes ? 1.0 : i % 2 == 1 ? 4.0 : 2.0;
      sum += factor * grade_at(y) * normal_density((y - centre) / spread) / spread;
    }
    row.metal = sum.value() * wide / 3.0;
    row.mean_above = row.tonnage_share > 0.0 ? row.metal / row.tonnage_share
                                             : std::numeric_limits<double>::quiet_NaN();
    rows.push_back(row);
  }
  return rows;
}

namespace {

void check_share(double variance_share) {
  if (!(variance_share > 0.0 && variance_share <= 1.0))
    throw Error("support.share",
                "blocks would have " + number_text(variance_share) + " of the points' variance", {},
                "The share lies above 0 and at most at 1.");
}

}  // namespace

Distribution affine_correction(const Distribution& points, double variance_share) {
  check_share(variance_share);
  Distribution blocks = points;
  const double mean = points.mean(), factor = std::sqrt(variance_share);
  for (double& value : blocks.value) value = mean + factor * (value - mean);
  return blocks;
}

Distribution indirect_lognormal_correction(const Distribution& points, double variance_share) {
  check_share(variance_share);
  if (points.value.front() <= 0.0)
    throw Error("support.not_positive",
                "the value " + number_text(points.value.front()) + " has no logarithm", {},
                "Take the affine correction or the discrete Gaussian model.");
  const double mean = points.mean();
  const double cv2 = points.variance() / (mean * mean);
  if (cv2 == 0.0) return points;
  const double b = std::sqrt(std::log(variance_share * cv2 + 1.0) / std::log(cv2 + 1.0));
  const double a =
      mean / std::sqrt(variance_share * cv2 + 1.0) * std::pow(std::sqrt(cv2 + 1.0) / mean, b);
  Distribution blocks = points;
  for (double& value : blocks.value) value = a * std::pow(value, b);
  const double factor = mean / blocks.mean();
  for (double& value : blocks.value) value *= factor;
  return blocks;
}

}  // namespace lode
