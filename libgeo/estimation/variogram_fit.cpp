#include "libgeo/estimation/variogram_fit.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/estimation/orientation.h"

namespace lode {

namespace {

constexpr std::size_t most_structures = 3;
constexpr double aicc_step = 10.0;

struct Point {
  double distance = 0.0;
  std::array<double, 3> way{1.0, 0.0, 0.0};  ///< unit vector; of no account when isotropic
  double gamma = 0.0, pairs = 0.0;
};

// What is searched: logarithms of ranges (by structure: one, two or three), then angles (radians:
// none, azimuth, or azimuth, dip and rake).
struct Shape {
  std::vector<StructureType> types;
  std::size_t ranges = 1;  ///< a structure
  std::size_t angles = 0;
  [[nodiscard]] std::size_t size() const { return types.size() * ranges + angles; }
};

struct Problem {
  std::vector<Point> points;
  Eigen::VectorXd weight;  ///< square roots
  double nugget = std::numeric_limits<double>::quiet_NaN();
  double low = 0.0, high = 0.0, minor_low = 0.0;  ///< bounds of ranges, m

  [[nodiscard]] bool free_nugget() const { return std::isnan(nugget); }
};

struct Trial {
  Eigen::VectorXd theta;
  Eigen::VectorXd sills;  ///< nugget first when free, then by structure
  double cost = std::numeric_limits<double>::infinity();
};

using Theta = Eigen::VectorXd;

Matrix3 axes_at(const Shape& shape, const Theta& theta) {
  const auto first = static_cast<Eigen::Index>(shape.types.size() * shape.ranges);
  constexpr double degree = std::numbers::pi / 180.0;
  Angles angles;
  if (shape.angles > 0) angles.azimuth_deg = theta[first] / degree;
  if (shape.angles > 1) {
    angles.dip_deg = theta[first + 1] / degree;
    angles.rake_deg = theta[first + 2] / degree;
  }
  return axes_of(angles);
}

std::array<double, 3> ranges_at(const Shape& shape, const Theta& theta, std::size_t structure) {
  std::array<double, 3> ranges{};
  for (std::size_t axis = 0; axis < 3; ++axis)
    ranges[axis] = std::exp(theta[static_cast<Eigen::Index>(structure * shape.ranges +
                                                            std::min(axis, shape.ranges - 1))]);
  return ranges;
}

// One column a sill: the weighted semivariance of a unit sill at each point.
Eigen::MatrixXd design(const Problem& problem, const Shape& shape, const Theta& theta) {
  const auto rows = static_cast<Eigen::Index>(problem.points.size());
  const Eigen::Index lead = problem.free_nugget() ? 1 : 0;
  Eigen::MatrixXd matrix(rows, lead + static_cast<Eigen::Index>(shape.types.size()));
  if (lead == 1) matrix.col(0) = problem.weight;
  const Matrix3 axes = axes_at(shape, theta);
  for (std::size_t s = 0; s < shape.types.size(); ++s) {
    const auto ranges = ranges_at(shape, theta, s);
    Structure unit;
    unit.type = shape.types[s];
    for (Eigen::Index r = 0; r < rows; ++r) {
      const Point& point = problem.points[static_cast<std::size_t>(r)];
      double h = point.distance / ranges[0];
      if (shape.ranges > 1) {
        double square = 0.0;
        for (std::size_t a = 0; a < 3; ++a) {
          const double part =
              axes[a][0] * point.way[0] + axes[a][1] * point.way[1] + axes[a][2] * point.way[2];
          square += part * part / (ranges[a] * ranges[a]);
        }
        h = point.distance * std::sqrt(square);
      }
      matrix(r, lead + static_cast<Eigen::Index>(s)) = problem.weight[r] * unit_gamma(unit, h);
    }
  }
  return matrix;
}

Eigen::VectorXd target(const Problem& problem) {
  Eigen::VectorXd wanted(problem.weight.size());
  for (Eigen::Index r = 0; r < wanted.size(); ++r) {
    const double gamma = problem.points[static_cast<std::size_t>(r)].gamma;
    wanted[r] = problem.weight[r] * (problem.free_nugget() ? gamma : gamma - problem.nugget);
  }
  return wanted;
}

// At most four columns: no memory is asked for.
using Small = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, 4, 4>;
using SmallVector = Eigen::Matrix<double, Eigen::Dynamic, 1, 0, 4, 1>;

// Least squares with no coefficient below 0: every choice of those that are not 0 is tried.
Eigen::VectorXd non_negative(const Eigen::MatrixXd& matrix, const Eigen::VectorXd& wanted) {
  const Eigen::Index n = matrix.cols();
  const Small square = matrix.transpose() * matrix;
  const SmallVector right = matrix.transpose() * wanted;
  Eigen::VectorXd best = Eigen::VectorXd::Zero(n);
  double least = wanted.squaredNorm();
  for (unsigned chosen = (1u << n) - 1; chosen > 0; --chosen) {
    std::array<Eigen::Index, 4> columns{};
    Eigen::Index count = 0;
    for (Eigen::Index c = 0; c < n; ++c)
      if ((chosen >> c & 1u) != 0) columns[static_cast<std::size_t>(count++)] = c;
    const auto column = [&](Eigen::Index c) { return columns[static_cast<std::size_t>(c)]; };
    Small part(count, count);
    SmallVector side(count);
    for (Eigen::Index a = 0; a < count; ++a) {
      side[a] = right[column(a)];
      for (Eigen::Index b = 0; b < count; ++b) part(a, b) = square(column(a), column(b));
    }
    const Eigen::LDLT<Small> solver(part);
    Eigen::VectorXd found = Eigen::VectorXd::Zero(n);
    // A second round with the residual gives back the digits that the normal equations lose.
    for (int round = 0; round < 2; ++round) {
      if (round == 1) {
        const SmallVector left = matrix.transpose() * (wanted - matrix * found);
        for (Eigen::Index a = 0; a < count; ++a) side[a] = left[column(a)];
      }
      const SmallVector step = solver.solve(side);
      for (Eigen::Index a = 0; a < count; ++a) found[column(a)] += step[a];
    }
    if (!found.allFinite() || found.minCoeff() < 0.0) continue;
    const double cost = (matrix * found - wanted).squaredNorm();
    if (cost < least) {
      least = cost;
      best = found;
    }
    // All of them free and none below 0 is the best there is.
    if (chosen == (1u << n) - 1) break;
  }
  return best;
}

Eigen::VectorXd residual(const Problem& problem, const Shape& shape, const Theta& theta,
                         const Eigen::VectorXd& wanted, Eigen::VectorXd& sills) {
  const Eigen::MatrixXd matrix = design(problem, shape, theta);
  sills = non_negative(matrix, wanted);
  return matrix * sills - wanted;
}

void clamp(const Problem& problem, const Shape& shape, Theta& theta) {
  for (std::size_t i = 0; i < shape.types.size() * shape.ranges; ++i) {
    const double low = shape.ranges > 1 ? problem.minor_low : problem.low;
    auto& one = theta[static_cast<Eigen::Index>(i)];
    one = std::clamp(one, std::log(low), std::log(problem.high));
  }
}

// Levenberg-Marquardt with central differences; the sills are solved anew at every step.
Trial improve(const Problem& problem, const Shape& shape, Theta theta) {
  const Eigen::VectorXd wanted = target(problem);
  clamp(problem, shape, theta);
  Trial at;
  at.theta = theta;
  Eigen::VectorXd r = residual(problem, shape, theta, wanted, at.sills);
  at.cost = r.squaredNorm();
  double damping = 1e-2;
  const Eigen::Index n = theta.size();
  for (int round = 0; round < 100 && at.cost > 0.0; ++round) {
    Eigen::MatrixXd jacobian(r.size(), n);
    Eigen::VectorXd unused;
    for (Eigen::Index p = 0; p < n; ++p) {
      constexpr double step = 1e-6;
      Theta up = at.theta, down = at.theta;
      up[p] += step;
      down[p] -= step;
      jacobian.col(p) = (residual(problem, shape, up, wanted, unused) -
                         residual(problem, shape, down, wanted, unused)) /
                        (2.0 * step);
    }
    const Eigen::MatrixXd square = jacobian.transpose() * jacobian;
    const Eigen::VectorXd slope = jacobian.transpose() * r;
    bool better = false;
    double moved = 0.0, gained = 0.0;
    for (int attempt = 0; attempt < 12 && !better; ++attempt) {
      Eigen::MatrixXd damped = square;
      const double floor = 1e-12 * (square.trace() + 1e-300);
      for (Eigen::Index p = 0; p < n; ++p) damped(p, p) += damping * (square(p, p) + floor);
      Theta next = at.theta - damped.ldlt().solve(slope);
      if (!next.allFinite()) {
        damping *= 10.0;
        continue;
      }
      clamp(problem, shape, next);
      Trial trial;
      trial.theta = next;
      const Eigen::VectorXd tried = residual(problem, shape, next, wanted, trial.sills);
      trial.cost = tried.squaredNorm();
      if (trial.cost < at.cost) {
        better = true;
        moved = (next - at.theta).cwiseAbs().maxCoeff();
        gained = (at.cost - trial.cost) / at.cost;
        at = trial;
        r = tried;
        damping = std::max(damping * 0.2, 1e-12);
      } else {
        damping *= 5.0;
      }
    }
    if (!better || (moved < 1e-10 && gained < 1e-10)) break;
  }
  return at;
}

// Lists of ascending shares of the longest lag, one a structure.
std::vector<std::vector<double>> range_starts(std::size_t structures, bool few) {
  const std::vector<double> shares =
      few ? std::vector<double>{0.15, 0.4, 1.0}
          : std::vector<double>{0.05, 0.12, 0.25, 0.45, 0.7, 1.0, 2.0};
  std::vector<std::vector<double>> lists;
  for (std::size_t a = 0; a < shares.size(); ++a) {
    if (structures == 1) lists.push_back({shares[a]});
    for (std::size_t b = a + 1; structures > 1 && b < shares.size(); ++b) {
      if (structures == 2) lists.push_back({shares[a], shares[b]});
      for (std::size_t c = b + 1; structures > 2 && c < shares.size(); ++c)
        lists.push_back({shares[a], shares[b], shares[c]});
    }
  }
  return lists;
}

// Orientations to start from: azimuth (and dip, rake) in radians.
std::vector<std::vector<double>> angle_starts(std::size_t angles) {
  constexpr double degree = std::numbers::pi / 180.0;
  std::vector<std::vector<double>> starts;
  if (angles == 0) return {{}};
  for (double azimuth = 0.0; azimuth < 180.0; azimuth += 30.0) {
    if (angles == 1) {
      starts.push_back({azimuth * degree});
      continue;
    }
    for (const double dip : {-60.0, -20.0, 20.0, 60.0})
      for (const double rake : {-45.0, 0.0, 45.0, 90.0})
        starts.push_back({azimuth * degree, dip * degree, rake * degree});
  }
  return starts;
}

Theta start_of(const Shape& shape, const std::vector<double>& shares,
               const std::vector<double>& angles, const std::array<double, 3>& ratio,
               double longest) {
  Theta theta(static_cast<Eigen::Index>(shape.size()));
  for (std::size_t s = 0; s < shape.types.size(); ++s)
    for (std::size_t r = 0; r < shape.ranges; ++r)
      theta[static_cast<Eigen::Index>(s * shape.ranges + r)] =
          std::log(shares[s] * longest * ratio[r]);
  for (std::size_t a = 0; a < shape.angles; ++a)
    theta[static_cast<Eigen::Index>(shape.types.size() * shape.ranges + a)] = angles[a];
  return theta;
}

double longest_of(const Problem& problem) {
  double longest = 0.0;
  for (const Point& point : problem.points) longest = std::max(longest, point.distance);
  return longest;
}

double shortest_of(const Problem& problem) {
  double shortest = std::numeric_limits<double>::infinity();
  for (const Point& point : problem.points) shortest = std::min(shortest, point.distance);
  return shortest;
}

// The best of one structure from all orientations; for more structures, from its orientation and
// ratios.
Trial search(const Problem& problem, const Shape& shape, const Trial* first,
             const Progress& progress) {
  Trial best;
  const double longest = longest_of(problem);
  const auto consider = [&](const Theta& start) {
    progress.check();
    Trial trial = improve(problem, shape, start);
    if (trial.cost < best.cost) best = std::move(trial);
  };
  if (first != nullptr && shape.ranges > 1) {
    std::array<double, 3> ratio{1.0, 1.0, 1.0};
    std::vector<double> angles;
    for (std::size_t r = 1; r < shape.ranges; ++r)
      ratio[r] = std::exp(first->theta[static_cast<Eigen::Index>(r)] - first->theta[0]);
    for (std::size_t a = 0; a < shape.angles; ++a)
      angles.push_back(first->theta[static_cast<Eigen::Index>(shape.ranges + a)]);
    for (const auto& shares : range_starts(shape.types.size(), false)) {
      consider(start_of(shape, shares, angles, ratio, longest));
      consider(start_of(shape, shares, angles, {1.0, 1.0, 1.0}, longest));
    }
    return best;
  }
  const std::array<double, 3> ratio = shape.ranges > 1 ? std::array<double, 3>{1.0, 0.5, 0.3}
                                                       : std::array<double, 3>{1.0, 1.0, 1.0};
  for (const auto& angles : angle_starts(shape.angles))
    for (const auto& shares : range_starts(shape.types.size(), shape.ranges > 1))
      consider(start_of(shape, shares, angles, ratio, longest));
  return best;
}

// All ways to give `structures` types, order apart.
void combinations(const std::vector<StructureType>& types, std::size_t structures, std::size_t from,
                  std::vector<StructureType>& chosen,
                  std::vector<std::vector<StructureType>>& all) {
  if (chosen.size() == structures) {
    all.push_back(chosen);
    return;
  }
  for (std::size_t t = from; t < types.size(); ++t) {
    chosen.push_back(types[t]);
    combinations(types, structures, t, chosen, all);
    chosen.pop_back();
  }
}

// Models are judged by residuals weighted with the pairs, whatever weights they were fitted with:
// those near the error of sampling, while N / h^2 would let the first lag decide alone.
double aicc(const Problem& problem, const Shape& shape, const Trial& trial,
            std::size_t parameters) {
  const auto count = static_cast<double>(problem.points.size());
  const auto p = static_cast<double>(parameters);
  if (count - p - 1.0 <= 0.0) return std::numeric_limits<double>::infinity();
  const Eigen::VectorXd residuals =
      design(problem, shape, trial.theta) * trial.sills - target(problem);
  Sum cost, scale;
  for (Eigen::Index r = 0; r < residuals.size(); ++r) {
    const Point& point = problem.points[static_cast<std::size_t>(r)];
    const double off = residuals[r] / problem.weight[r];
    cost += point.pairs * off * off;
    scale += point.pairs * point.gamma * point.gamma;
  }
  // Below rounding one fit is as exact as another.
  const double misfit = std::max(cost.value(), 1e-20 * scale.value());
  return count * std::log(misfit / count) + 2.0 * p + 2.0 * p * (p + 1.0) / (count - p - 1.0);
}

// Each structure with its longest range first, and the angles that go with it.
VariogramModel model_of(const Problem& problem, const Shape& shape, const Trial& trial) {
  VariogramModel model;
  const Eigen::Index lead = problem.free_nugget() ? 1 : 0;
  model.nugget = problem.free_nugget() ? trial.sills[0] : problem.nugget;
  const Matrix3 axes = axes_at(shape, trial.theta);
  for (std::size_t s = 0; s < shape.types.size(); ++s) {
    Structure structure;
    structure.type = shape.types[s];
    structure.sill = trial.sills[lead + static_cast<Eigen::Index>(s)];
    if (!(structure.sill > 0.0)) continue;
    const auto ranges = ranges_at(shape, trial.theta, s);
    std::array<std::size_t, 3> order{0, 1, 2};
    if (shape.ranges == 2 && ranges[1] > ranges[0]) order = {1, 0, 2};
    if (shape.ranges == 3)
      std::stable_sort(order.begin(), order.end(),
                       [&](std::size_t a, std::size_t b) { return ranges[a] > ranges[b]; });
    Matrix3 turned{};
    for (std::size_t a = 0; a < 3; ++a) {
      structure.ranges_m[a] = ranges[order[a]];
      turned[a] = axes[order[a]];
    }
    // Level data say nothing of the upright range.
    if (shape.ranges == 2) structure.ranges_m[2] = structure.ranges_m[1];
    if (shape.ranges > 1) structure.angles = angles_of(turned);
    model.structures.push_back(structure);
  }
  std::stable_sort(model.structures.begin(), model.structures.end(),
                   [](const Structure& a, const Structure& b) { return a.ranges_m < b.ranges_m; });
  return model;
}

void set_weights(Problem& problem, FitWeights weights, const VariogramModel* model) {
  problem.weight.resize(static_cast<Eigen::Index>(problem.points.size()));
  for (Eigen::Index r = 0; r < problem.weight.size(); ++r) {
    const Point& point = problem.points[static_cast<std::size_t>(r)];
    double weight = 1.0;
    if (weights != FitWeights::equal) weight = point.pairs;
    if (weights == FitWeights::pairs_over_h2) weight /= point.distance * point.distance;
    if (weights == FitWeights::pairs_over_gamma2) {
      // Cressie's weights need a model; the experimental value stands in for the first one.
      double gamma = point.gamma;
      if (model != nullptr)
        gamma = gamma_at(*model, point.distance * point.way[0], point.distance * point.way[1],
                         point.distance * point.way[2]);
      weight /= std::max(gamma * gamma, 1e-300);
    }
    problem.weight[r] = std::sqrt(weight);
  }
}

struct Fitted {
  Shape shape;
  Trial trial;
  double aicc = std::numeric_limits<double>::infinity();
  std::size_t parameters = 0;
};

Fitted fit_count(const Problem& problem, const FitOptions& options, std::size_t structures,
                 const Trial* first, const Progress& progress) {
  std::vector<std::vector<StructureType>> all;
  std::vector<StructureType> chosen;
  combinations(options.types, structures, 0, chosen, all);
  Fitted best;
  for (const auto& types : all) {
    Fitted fitted;
    fitted.shape.types = types;
    if (options.anisotropic) {
      fitted.shape.ranges = options.planar ? 2 : 3;
      fitted.shape.angles = options.planar ? 1 : 3;
    }
    fitted.parameters = fitted.shape.size() + structures + (problem.free_nugget() ? 1 : 0);
    fitted.trial = search(problem, fitted.shape, first, progress);
    fitted.aicc = aicc(problem, fitted.shape, fitted.trial, fitted.parameters);
    if (best.shape.types.empty() || fitted.trial.cost < best.trial.cost) best = std::move(fitted);
  }
  return best;
}

// The nugget by itself.
Fitted fit_nugget(const Problem& problem) {
  Fitted fitted;
  const Eigen::VectorXd wanted = target(problem);
  fitted.trial.theta.resize(0);
  Eigen::VectorXd left = -wanted;
  if (problem.free_nugget()) {
    fitted.parameters = 1;
    fitted.trial.sills.resize(1);
    fitted.trial.sills[0] =
        std::max(0.0, problem.weight.dot(wanted) / problem.weight.squaredNorm());
    left += problem.weight * fitted.trial.sills[0];
  }
  fitted.trial.cost = left.squaredNorm();
  fitted.aicc = aicc(problem, fitted.shape, fitted.trial, fitted.parameters);
  return fitted;
}

Fitted choose(const Problem& problem, const FitOptions& options, const Progress& progress) {
  const std::size_t from = options.structures == 0 ? 1 : options.structures;
  const std::size_t to = options.structures == 0 ? most_structures : options.structures;
  const Fitted one = fit_count(problem, options, 1, nullptr, progress.part(0.0, 0.5));
  Fitted best = one;
  for (std::size_t n = from; n <= to; ++n) {
    // Nothing is left for a further structure when the fit is exact.
    const bool exact = best.trial.cost <= 1e-20 * target(problem).squaredNorm();
    if (n == 1 || (options.structures == 0 && exact)) continue;
    Fitted more = fit_count(problem, options, n, &one.trial,
                            progress.part(0.4 + 0.1 * static_cast<double>(n), 0.9));
    if (options.structures == n || more.aicc < best.aicc - aicc_step) best = std::move(more);
  }
  const Fitted flat = fit_nugget(problem);
  const bool no_sill =
      best.trial.sills.size() > 0 &&
      best.trial.sills.tail(static_cast<Eigen::Index>(best.shape.types.size())).maxCoeff() <= 0.0;
  // A model with as many parameters as lags has no AICc; it is taken when it was asked for.
  const bool judged = std::isfinite(best.aicc);
  if (no_sill || (judged && flat.aicc <= best.aicc)) return flat;
  return best;
}

std::size_t pairs_wanted(const ExperimentalVariogram& experimental, const FitOptions& options) {
  if (options.min_pairs > 0) return options.min_pairs;
  constexpr std::size_t usual = 30, lags_enough = 5;
  std::size_t good = 0;
  for (const DirectionalVariogram& one : experimental.directions)
    for (const VariogramLag& lag : one.lags) good += lag.pairs >= usual ? 1 : 0;
  return good >= lags_enough ? usual : 1;
}

std::vector<Point> points_of(const ExperimentalVariogram& experimental, std::size_t min_pairs) {
  std::vector<Point> points;
  for (const DirectionalVariogram& one : experimental.directions) {
    const auto straight = axes_of({one.direction.azimuth_deg, one.direction.dip_deg, 0.0})[0];
    for (const VariogramLag& lag : one.lags) {
      if (lag.pairs < min_pairs || !(lag.distance_m > 0.0) || !std::isfinite(lag.gamma)) continue;
      Point point{lag.distance_m, straight, lag.gamma, static_cast<double>(lag.pairs)};
      const auto& way = lag.separation_m;
      const double length = std::hypot(way[0], way[1], way[2]);
      if (!one.direction.omnidirectional && length > 0.0)
        point.way = {way[0] / length, way[1] / length, way[2] / length};
      points.push_back(point);
    }
  }
  return points;
}

// Anisotropy shows in directions that span the plane, or space.
void check_directions(const std::vector<Point>& points, const FitOptions& options,
                      const ExperimentalVariogram& experimental) {
  bool omni = false;
  for (const auto& one : experimental.directions) omni = omni || one.direction.omnidirectional;
  Eigen::Matrix3d spread = Eigen::Matrix3d::Zero();
  for (const Point& point : points) {
    const Eigen::Vector3d way(point.way[0], point.way[1], point.way[2]);
    spread += way * way.transpose();
  }
  const Eigen::Vector3d values =
      Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d>(spread).eigenvalues();
  const double least = 1e-6 * values[2];
  if (omni || values[1] < least || (!options.planar && values[0] < least))
    throw Error("variogram.fit_directions",
                "the directions with pairs do not span " +
                    std::string(options.planar ? "the plane" : "space"),
                "--azimuth",
                options.planar ? "Give at least two azimuths, better four or more."
                               : "Give azimuths and dips in at least three directions not in one "
                                 "plane, better many.");
}

void check_fit(const ExperimentalVariogram& experimental, const FitOptions& options) {
  const VariogramType type = experimental.type;
  if (type != VariogramType::semivariogram && type != VariogramType::general_relative &&
      type != VariogramType::pairwise_relative)
    throw Error("variogram.fit_type",
                "no model of semivariances fits a " + std::string(to_text(type)), "--type",
                "Fit a semivariogram, general_relative or pairwise_relative.");
  bool power = options.types.empty();
  for (const StructureType one : options.types) power = power || one == StructureType::power;
  if (power || options.structures > most_structures ||
      (!std::isnan(options.nugget) && !(options.nugget >= 0.0)))
    throw Error("variogram.fit_options", "the fit cannot be done like this", "--structures",
                "0 to 3 structures, types other than power, a nugget of 0 or more.");
}

}  // namespace

FitResult fit_variogram(const ExperimentalVariogram& experimental, const FitOptions& options,
                        const Progress& progress) {
  check_fit(experimental, options);
  Problem problem;
  const std::size_t min_pairs = pairs_wanted(experimental, options);
  problem.points = points_of(experimental, min_pairs);
  problem.nugget = options.nugget;
  const std::size_t n = problem.points.size();
  if (n < 3)
    throw Error("variogram.too_few_lags", std::to_string(n) + " lags have enough pairs", "--fit",
                "A model needs at least 3: change --lag and --lags.");
  bool zero = true;
  for (const Point& point : problem.points) zero = zero && point.gamma == 0.0;
  if (zero)
    throw Error("variogram.fit_zero", "the variogram is 0 at every lag", "--fit",
                "Nothing varies within the lags: check the values.");
  if (options.anisotropic) check_directions(problem.points, options, experimental);
  problem.low = 0.5 * shortest_of(problem);
  problem.high = 5.0 * longest_of(problem);
  problem.minor_low = std::min(problem.low, 0.01 * longest_of(problem));
  set_weights(problem, options.weights, nullptr);
  Fitted fitted = choose(problem, options, progress);
  FitResult result;
  result.model = model_of(problem, fitted.shape, fitted.trial);
  if (options.weights == FitWeights::pairs_over_gamma2) {
    // The weights hang on the model: fitted again until they stand still.
    if (!fitted.shape.types.empty()) {
      for (int round = 0; round < 50; ++round) {
        const double before = fitted.trial.cost;
        set_weights(problem, options.weights, &result.model);
        fitted.trial = improve(problem, fitted.shape, fitted.trial.theta);
        result.model = model_of(problem, fitted.shape, fitted.trial);
        if (std::abs(fitted.trial.cost - before) <= 1e-12 * before) break;
      }
      fitted.aicc = aicc(problem, fitted.shape, fitted.trial, fitted.parameters);
    }
  }
  result.weighted_residual = fitted.trial.cost;
  result.aicc = fitted.aicc;
  result.lags = n;
  result.min_pairs = min_pairs;
  result.parameters = fitted.parameters;
  result.nugget_only = result.model.structures.empty();
  if (result.nugget_only)
    result.findings.add("variogram.nugget_only", Severity::warning, "--fit",
                        "no structure is seen at these lags: the model is a nugget alone, and "
                        "samples say nothing of places near them");
  const double longest = longest_of(problem);
  for (const Structure& structure : result.model.structures)
    if (structure.ranges_m[0] > longest)
      result.findings.add("variogram.range_beyond_lags", Severity::warning, "--fit",
                          "a range is longer than the longest lag, so its sill is a guess");
  check_model(result.model, "--fit");
  return result;
}

}  // namespace lode
