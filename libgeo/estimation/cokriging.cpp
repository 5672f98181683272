#include "libgeo/estimation/cokriging.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/estimation/error_figures.h"
#include "libgeo/estimation/target_parts.h"

namespace lode {

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t part_size = 16384;  // targets whose neighbours are held at once
using Place = std::array<double, 3>;
using Index = Eigen::Index;

// Samples at one place: refused, averaged, or the first kept.
void settle_duplicates(Samples& one, DuplicatePolicy policy, std::size_t& duplicates) {
  std::map<Place, std::size_t> first;
  std::vector<std::size_t> kept;
  std::vector<double> count;
  for (std::size_t i = 0; i < one.size(); ++i) {
    const auto [at, is_new] = first.emplace(Place{one.x[i], one.y[i], one.z[i]}, kept.size());
    if (is_new) {
      kept.push_back(i);
      count.push_back(1.0);
      continue;
    }
    ++duplicates;
    const std::size_t other = kept[at->second];
    if (policy == DuplicatePolicy::refuse)
      throw Error("cokriging.duplicates",
                  one.name(other) + " and " + one.name(i) + " lie at one place", {},
                  "Take them together with --duplicates average, or the first of them.");
    if (policy != DuplicatePolicy::average) continue;
    double& n = count[at->second];
    n += 1.0;
    one.values[0][other] += (one.values[0][i] - one.values[0][other]) / n;
  }
  const auto keep = [&](auto& list) {
    if (list.empty()) return;
    for (std::size_t k = 0; k < kept.size(); ++k) list[k] = list[kept[k]];
    list.resize(kept.size());
  };
  keep(one.x);
  keep(one.y);
  keep(one.z);
  keep(one.values[0]);
  keep(one.hole);
  keep(one.domain);
  keep(one.names);
}

std::vector<Samples> by_variable(const Samples& samples, DuplicatePolicy policy,
                                 std::size_t& duplicates) {
  std::vector<Samples> result;
  for (std::size_t v = 0; v < samples.values.size(); ++v) {
    Samples one;
    one.variables = {samples.variables[v]};
    one.values.resize(1);
    one.hole_names = samples.hole_names;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (std::isnan(samples.values[v][i])) continue;
      one.x.push_back(samples.x[i]);
      one.y.push_back(samples.y[i]);
      one.z.push_back(samples.z[i]);
      one.values[0].push_back(samples.values[v][i]);
      if (!samples.hole.empty()) one.hole.push_back(samples.hole[i]);
      if (!samples.domain.empty()) one.domain.push_back(samples.domain[i]);
      one.names.push_back(samples.name(i));
    }
    if (one.size() == 0)
      throw Error("cokriging.no_values", samples.variables[v] + " has no value", {},
                  "Leave it out.");
    settle_duplicates(one, policy, duplicates);
    result.push_back(std::move(one));
  }
  return result;
}

// Neighbours of the targets of a part, of one variable.
struct Neighbourhoods {
  std::vector<std::size_t> start{0};
  std::vector<std::uint32_t> sample;
};

// The search is that of `kriging_weights`; with a nugget alone its weights cost nothing.
Neighbourhoods neighbourhoods(const Samples& samples, const Targets& part,
                              const CokrigingOptions& options, const Progress& progress) {
  EstimateOptions plain;
  plain.method = EstimationMethod::ok;
  plain.model.nugget = 1.0;
  plain.search = options.search;
  plain.soft_boundaries = options.soft_boundaries;
  plain.jobs = options.jobs;
  Neighbourhoods found;
  kriging_weights(
      samples, part, plain,
      [&](const WeightChunk& chunk) {
        const std::size_t before = found.sample.size();
        for (std::size_t t = 1; t < chunk.start.size(); ++t)
          found.start.push_back(before + chunk.start[t]);
        found.sample.insert(found.sample.end(), chunk.sample.begin(), chunk.sample.end());
      },
      false, progress);
  return found;
}

// Places within a block: the centres of nx x ny x nz equal cells; one = the centre.
std::vector<Place> points_of(const Targets& part, std::size_t target,
                             const std::array<int, 3>& discretise) {
  const bool points = !part.is_grid && part.dx.empty();
  const Place centre = part.is_grid ? centre_of(part.grid, target)
                                    : Place{part.x[target], part.y[target], part.z[target]};
  if (points || (discretise[0] * discretise[1] * discretise[2] == 1)) return {centre};
  const Place size =
      part.is_grid ? part.grid.spacing : Place{part.dx[target], part.dy[target], part.dz[target]};
  const auto offset = [&](std::size_t axis, int i) {
    return size[axis] * ((i + 0.5) / discretise[axis] - 0.5);
  };
  std::vector<Place> places;
  for (int k = 0; k < discretise[2]; ++k)
    for (int j = 0; j < discretise[1]; ++j)
      for (int i = 0; i < discretise[0]; ++i) {
        const Place off{offset(0, i), offset(1, j), offset(2, k)};
        if (!part.is_grid) {
          places.push_back({centre[0] + off[0], centre[1] + off[1], centre[2] + off[2]});
          continue;
        }
        const auto at = part.grid.ijk(target);
        Place local{};
        for (std::size_t axis = 0; axis < 3; ++axis)
          local[axis] = (static_cast<double>(at[axis]) + 0.5) * size[axis] + off[axis];
        places.push_back(from_grid(part.grid, local));
      }
  return places;
}

// One equation of a system: a sample of a variable.
struct Row {
  std::size_t variable;
  Place place;
  double value;
};

class Covariance {
 public:
  explicit Covariance(const Coregionalisation& model) : model_(model) {
    for (const auto& part : model.parts)
      axes_.push_back(scaled_axes(part.structure.angles, part.structure.ranges_m));
  }
  /// What structures give at a separation, before their sills: the same for all variables.
  void correlations(const Place& a, const Place& b, bool nugget_counts,
                    std::vector<double>& into) const {
    const Place d{a[0] - b[0], a[1] - b[1], a[2] - b[2]};
    into[0] = nugget_counts && d[0] == 0.0 && d[1] == 0.0 && d[2] == 0.0 ? 1.0 : 0.0;
    for (std::size_t s = 0; s < axes_.size(); ++s) {
      double square = 0.0;
      for (const auto& axis : axes_[s]) {
        const double along = axis[0] * d[0] + axis[1] * d[1] + axis[2] * d[2];
        square += along * along;
      }
      into[s + 1] = 1.0 - unit_gamma(model_.parts[s].structure, std::sqrt(square));
    }
  }
  [[nodiscard]] std::size_t size() const { return axes_.size() + 1; }
  [[nodiscard]] double weighed(const std::vector<double>& correlations, std::size_t i,
                               std::size_t j) const {
    double sum = model_.nugget[i][j] * correlations[0];
    for (std::size_t s = 0; s < axes_.size(); ++s)
      sum += model_.parts[s].sill[i][j] * correlations[s + 1];
    return sum;
  }
  /// Mean over the pairs of two sets of places; the nugget counts between two single points alone.
  void mean_correlations(const std::vector<Place>& a, const std::vector<Place>& b,
                         std::vector<double>& into) const {
    std::vector<double> one(size());
    std::fill(into.begin(), into.end(), 0.0);
    const bool points = a.size() == 1 && b.size() == 1;
    for (const Place& from : a)
      for (const Place& to : b) {
        correlations(from, to, points, one);
        for (std::size_t s = 0; s < one.size(); ++s) into[s] += one[s];
      }
    for (double& sum : into) sum /= static_cast<double>(a.size() * b.size());
  }

 private:
  const Coregionalisation& model_;
  std::vector<Matrix3> axes_;
};

// What one target gets.
struct Solved {
  std::vector<double> value, variance;
  bool negative = false, singular = false;
};

class Solver {
 public:
  Solver(const CokrigingOptions& options, std::vector<double> means)
      : options_(options), covariance_(options.model), means_(std::move(means)) {
    for (std::size_t v = 0; v < options.model.size(); ++v)
      deviation_.push_back(std::sqrt(options.model.sill(v, v)));
  }

  [[nodiscard]] Solved solve(const std::vector<Row>& rows, const std::vector<Place>& target) const {
    const std::size_t variables = options_.model.size();
    Solved result;
    result.value.assign(variables, nothing);
    result.variance.assign(variables, nothing);
    std::vector<std::size_t> count(variables, 0);
    for (const Row& row : rows) ++count[row.variable];
    if (rows.empty()) return result;
    Eigen::MatrixXd right;
    const Eigen::MatrixXd conditions = conditions_of(rows, count);
    const Eigen::LLT<Eigen::MatrixXd> left(left_of(rows));
    if (!is_sound(left)) {
      result.singular = true;
      return result;
    }
    right = right_of(rows, target);
    const Eigen::MatrixXd through = left.solve(conditions);
    const Eigen::LLT<Eigen::MatrixXd> schur(conditions.transpose() * through);
    if (!is_sound(schur)) {
      result.singular = true;
      return result;
    }
    const Eigen::MatrixXd free = left.solve(right);
    std::vector<double> within(covariance_.size());
    covariance_.mean_correlations(target, target, within);
    for (std::size_t v = 0; v < variables; ++v) {
      if (count[v] == 0) continue;
      const Eigen::VectorXd wanted = wanted_of(v, count);
      const auto column = static_cast<Index>(v);
      const Eigen::VectorXd multiplier =
          schur.solve(conditions.transpose() * free.col(column) - wanted);
      const Eigen::VectorXd weight = free.col(column) - through * multiplier;
      finish(rows, weight, v, result);
      result.variance[v] =
          std::max(0.0, covariance_.weighed(within, v, v) - weight.dot(right.col(column)) -
                            multiplier.dot(wanted));
    }
    return result;
  }

 private:
  // Rows and columns are divided by the variables' standard deviations, so that ppm beside %
  // does not spoil the numbers.
  [[nodiscard]] Eigen::MatrixXd left_of(const std::vector<Row>& rows) const {
    const auto n = static_cast<Index>(rows.size());
    Eigen::MatrixXd left(n, n);
    std::vector<double> correlations(covariance_.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (std::size_t j = 0; j <= i; ++j) {
        covariance_.correlations(rows[i].place, rows[j].place, true, correlations);
        const double value = covariance_.weighed(correlations, rows[i].variable, rows[j].variable) /
                             (deviation_[rows[i].variable] * deviation_[rows[j].variable]);
        left(static_cast<Index>(i), static_cast<Index>(j)) = value;
        left(static_cast<Index>(j), static_cast<Index>(i)) = value;
      }
    return left;
  }

  [[nodiscard]] Eigen::MatrixXd right_of(const std::vector<Row>& rows,
                                         const std::vector<Place>& target) const {
    const std::size_t variables = options_.model.size();
    Eigen::MatrixXd right(static_cast<Index>(rows.size()), static_cast<Index>(variables));
    std::vector<double> correlations(covariance_.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      covariance_.mean_correlations({rows[i].place}, target, correlations);
      for (std::size_t v = 0; v < variables; ++v)
        right(static_cast<Index>(i), static_cast<Index>(v)) =
            covariance_.weighed(correlations, rows[i].variable, v) / deviation_[rows[i].variable];
    }
    return right;
  }

  // One column a condition on the weights: a variable's own sum, or the sum of all.
  [[nodiscard]] Eigen::MatrixXd conditions_of(const std::vector<Row>& rows,
                                              const std::vector<std::size_t>& count) const {
    const auto columns = columns_of(count);
    const auto width =
        options_.standardised ? Index{1} : 1 + *std::max_element(columns.begin(), columns.end());
    Eigen::MatrixXd conditions = Eigen::MatrixXd::Zero(static_cast<Index>(rows.size()), width);
    for (std::size_t i = 0; i < rows.size(); ++i)
      conditions(static_cast<Index>(i), columns[rows[i].variable]) =
          options_.standardised ? 1.0 : 1.0 / deviation_[rows[i].variable];
    return conditions;
  }

  [[nodiscard]] std::vector<Index> columns_of(const std::vector<std::size_t>& count) const {
    std::vector<Index> columns(count.size(), options_.standardised ? 0 : -1);
    Index next = 0;
    for (std::size_t v = 0; v < count.size() && !options_.standardised; ++v)
      if (count[v] > 0) columns[v] = next++;
    return columns;
  }

  [[nodiscard]] Eigen::VectorXd wanted_of(std::size_t variable,
                                          const std::vector<std::size_t>& count) const {
    if (options_.standardised) return Eigen::VectorXd::Constant(1, deviation_[variable]);
    const auto columns = columns_of(count);
    Eigen::VectorXd wanted =
        Eigen::VectorXd::Zero(1 + *std::max_element(columns.begin(), columns.end()));
    wanted(columns[variable]) = 1.0;
    return wanted;
  }

  void finish(const std::vector<Row>& rows, const Eigen::VectorXd& weight, std::size_t variable,
              Solved& result) const {
    double value = options_.standardised ? means_[variable] : 0.0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const double w = weight(static_cast<Index>(i)) / deviation_[rows[i].variable];
      double z = rows[i].value;
      if (options_.standardised) z -= means_[rows[i].variable];
      value += w * z;
      result.negative = result.negative || (rows[i].variable == variable && w < 0.0);
    }
    result.value[variable] = value;
  }

  [[nodiscard]] static bool is_sound(const Eigen::LLT<Eigen::MatrixXd>& factor) {
    if (factor.info() != Eigen::Success) return false;
    const Eigen::VectorXd diagonal = factor.matrixLLT().diagonal();
    // Squared these are pivots; below this the weights are rounding.
    return diagonal.minCoeff() > 1e-7 * diagonal.maxCoeff();
  }

  const CokrigingOptions& options_;
  Covariance covariance_;
  std::vector<double> means_, deviation_;
};

double distance(const Place& a, const Place& b) {
  return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

// Sums over the targets, in their order.
struct Tally {
  std::vector<Sum> value, variance;
  std::vector<double> count;
};

struct Work {
  const std::vector<Samples>& samples;
  const CokrigingOptions& options;
  const Solver& solver;
};

void take_target(const Work& work, const Targets& part,
                 const std::vector<Neighbourhoods>& neighbours, std::size_t t,
                 CokrigingChunk& chunk, std::vector<std::uint8_t>& flags) {
  const auto target = points_of(part, t, work.options.discretise);
  const Place centre =
      part.is_grid ? centre_of(part.grid, t) : Place{part.x[t], part.y[t], part.z[t]};
  std::vector<Row> rows;
  for (std::size_t v = 0; v < neighbours.size(); ++v)
    for (std::size_t k = neighbours[v].start[t]; k < neighbours[v].start[t + 1]; ++k) {
      const std::uint32_t i = neighbours[v].sample[k];
      const Samples& s = work.samples[v];
      rows.push_back({v, {s.x[i], s.y[i], s.z[i]}, s.values[0][i]});
      if (v == 0)
        chunk.nearest_m[t] = std::fmin(chunk.nearest_m[t], distance(rows.back().place, centre));
    }
  const Solved solved = work.solver.solve(rows, target);
  for (std::size_t v = 0; v < neighbours.size(); ++v) {
    chunk.value[v][t] = solved.value[v];
    chunk.variance[v][t] = solved.variance[v];
  }
  chunk.samples[t] = static_cast<std::uint32_t>(rows.size());
  chunk.own[t] = static_cast<std::uint32_t>(neighbours[0].start[t + 1] - neighbours[0].start[t]);
  chunk.estimated[t] = std::isfinite(solved.value[0]) ? 1 : 0;
  flags[t] = static_cast<std::uint8_t>((solved.negative ? 1 : 0) | (solved.singular ? 2 : 0));
}

CokrigingChunk solve_part(const Work& work, const Targets& part, std::size_t first,
                          CokrigingSummary& summary, Tally& tally, const Progress& progress) {
  const std::size_t n = part.size(), variables = work.samples.size();
  std::vector<Neighbourhoods> neighbours;
  for (const Samples& one : work.samples)
    neighbours.push_back(neighbourhoods(one, part, work.options, progress.part(0.0, 0.1)));
  CokrigingChunk chunk;
  chunk.first = first;
  chunk.value.assign(variables, std::vector<double>(n, nothing));
  chunk.variance = chunk.value;
  chunk.nearest_m.assign(n, nothing);
  chunk.samples.assign(n, 0);
  chunk.own.assign(n, 0);
  chunk.estimated.assign(n, 0);
  std::vector<std::uint8_t> flags(n, 0);
  parallel_blocks(
      n, 64, work.options.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t t = begin; t < end; ++t)
          take_target(work, part, neighbours, t, chunk, flags);
      },
      progress.part(0.1, 1.0));
  for (std::size_t t = 0; t < n; ++t) {
    summary.negative_weights += (flags[t] & 1) != 0 ? 1 : 0;
    summary.not_positive_definite += (flags[t] & 2) != 0 ? 1 : 0;
    summary.estimated += chunk.estimated[t];
    for (std::size_t v = 0; v < variables; ++v) {
      if (!std::isfinite(chunk.value[v][t])) continue;
      tally.value[v] += chunk.value[v][t];
      tally.variance[v] += chunk.variance[v][t];
      tally.count[v] += 1.0;
    }
  }
  return chunk;
}

void check_options(const Samples& samples, const CokrigingOptions& options) {
  if (samples.values.size() != options.model.size() || samples.values.empty())
    throw Error("cokriging.variables",
                "the model has " + std::to_string(options.model.size()) +
                    " variables, the samples " + std::to_string(samples.values.size()),
                {}, "Give a model of the same variables.");
  if (!options.means.empty() && options.means.size() != options.model.size())
    throw Error("cokriging.means", "means must be as many as variables", "--mean",
                "Give one a variable, or none for those of the samples.");
  check_coregionalisation(options.model);
}

std::vector<double> means_of(const std::vector<Samples>& samples, const CokrigingOptions& options) {
  if (!options.means.empty()) return options.means;
  std::vector<double> means;
  for (const Samples& one : samples) {
    Sum sum;
    for (const double value : one.values[0]) sum += value;
    means.push_back(sum.value() / static_cast<double>(one.size()));
  }
  return means;
}

// Without the samples for which `out` holds.
template <class Out>
Samples without(const Samples& samples, Out out) {
  Samples rest;
  rest.variables = samples.variables;
  rest.values.resize(samples.values.size());
  rest.hole_names = samples.hole_names;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (out(i)) continue;
    rest.x.push_back(samples.x[i]);
    rest.y.push_back(samples.y[i]);
    rest.z.push_back(samples.z[i]);
    for (std::size_t v = 0; v < samples.values.size(); ++v)
      rest.values[v].push_back(samples.values[v][i]);
    if (!samples.hole.empty()) rest.hole.push_back(samples.hole[i]);
    if (!samples.domain.empty()) rest.domain.push_back(samples.domain[i]);
    rest.names.push_back(samples.name(i));
  }
  return rest;
}

}  // namespace

CokrigingSummary cokriging(const Samples& samples, const Targets& targets,
                           const CokrigingOptions& options, const CokrigingSink& sink,
                           const Progress& progress) {
  check_options(samples, options);
  CokrigingSummary summary;
  const auto each = by_variable(samples, options.duplicates, summary.duplicates);
  for (const Samples& one : each) summary.samples.push_back(one.size());
  const Solver solver(options, means_of(each, options));
  const Work work{each, options, solver};
  Tally tally;
  tally.value.resize(each.size());
  tally.variance.resize(each.size());
  tally.count.assign(each.size(), 0.0);
  const auto all = static_cast<double>(std::max<std::size_t>(targets.size(), 1));
  for (std::size_t begin = 0; begin < targets.size();) {
    const std::size_t end = part_end(targets, begin, part_size);
    sink(solve_part(
        work, part_of(targets, begin, end), begin, summary, tally,
        progress.part(static_cast<double>(begin) / all, static_cast<double>(end) / all)));
    begin = end;
  }
  summary.targets = targets.size();
  for (std::size_t v = 0; v < each.size(); ++v) {
    const bool any = tally.count[v] > 0.0;
    summary.mean.push_back(any ? tally.value[v].value() / tally.count[v] : nothing);
    summary.mean_kriging_variance.push_back(any ? tally.variance[v].value() / tally.count[v]
                                                : nothing);
  }
  return summary;
}

CrossValidation cross_validate_cokriging(const Samples& samples, const CokrigingOptions& options,
                                         bool by_hole, const Progress& progress) {
  check_options(samples, options);
  CrossValidation result;
  // Duplicates would be known to each other: they are refused as in an estimate.
  (void)by_variable(samples, options.duplicates, result.summary.duplicates);
  CokrigingOptions alone = options;
  alone.jobs = 1;
  result.estimate.assign(samples.values.size(), std::vector<double>(samples.size(), nothing));
  result.variance.assign(samples.size(), nothing);
  result.samples.assign(samples.size(), 0);
  std::vector<CokrigingSummary> each(samples.size());
  parallel_blocks(
      samples.size(), 1, options.jobs,
      [&](std::size_t i, std::size_t, std::size_t) {
        const Samples rest = without(samples, [&](std::size_t other) {
          return by_hole && !samples.hole.empty() ? samples.hole[other] == samples.hole[i]
                                                  : other == i;
        });
        for (const auto& values : rest.values)
          if (std::all_of(values.begin(), values.end(), [](double z) { return std::isnan(z); }))
            return;
        Targets target;
        target.x = {samples.x[i]};
        target.y = {samples.y[i]};
        target.z = {samples.z[i]};
        if (!samples.domain.empty()) target.domain = {samples.domain[i]};
        each[i] = cokriging(rest, target, alone, [&](const CokrigingChunk& chunk) {
          for (std::size_t v = 0; v < chunk.value.size(); ++v)
            result.estimate[v][i] = chunk.value[v][0];
          result.variance[i] = chunk.variance[0][0];
          result.samples[i] = chunk.samples[0];
        });
      },
      progress);
  result.summary.targets = samples.size();
  for (const CokrigingSummary& one : each) {
    result.summary.estimated += one.estimated;
    result.summary.negative_weights += one.negative_weights;
    result.summary.not_positive_definite += one.not_positive_definite;
  }
  result.summary.unestimated = samples.size() - result.summary.estimated;
  for (std::size_t v = 0; v < samples.values.size(); ++v)
    add_error_figures(samples.values[v], result.estimate[v],
                      v == 0 ? result.variance : std::vector<double>{}, result);
  return result;
}

}  // namespace lode
