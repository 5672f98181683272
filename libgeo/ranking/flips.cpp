#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/ranking/crossing.h"
#include "libgeo/ranking/setting.h"

namespace lode::ranking_work {

namespace {

constexpr int fine_steps = 200;     // trials on the way from a value to its bound
constexpr int coarse_steps = 40;    // where a trial is dear
constexpr double most_cost = 1e10;  // nanoseconds or so, of one thread

std::vector<double> shifted(const std::vector<double>& weights, std::size_t j, double to) {
  std::vector<double> out(weights);
  for (std::size_t k = 0; k < out.size(); ++k)
    if (k != j) out[k] *= (1.0 - to) / (1.0 - weights[j]);
  out[j] = to;
  return out;
}

/// The nearer of the ways up and down; one that turns the order before one that only levels it.
void keep_nearer(WeightFlip& flip, const Crossing& cross) {
  if (std::isnan(cross.at)) return;
  const double way = std::abs(cross.at - flip.from), best = std::abs(flip.to - flip.from);
  if (flip.found && (cross.level_only == flip.level_only ? way > best : cross.level_only)) return;
  flip.found = true;
  flip.to = cross.at;
  flip.level_only = cross.level_only;
}

/// margin(t) = t own + (1 - t) rest.
void flip_of_line(double own, double rest, WeightFlip& flip) {
  const double at = rest / (rest - own);
  if (!std::isfinite(at) || at < 0.0 || at > 1.0) return;
  constexpr double rounding = 1e-12;  // at an end, up to the last bits, there is no way beyond
  keep_nearer(flip, {at, at <= rounding || at >= 1.0 - rounding});
}

/// What the other criteria give of a column when they share all the weight.
double rest_of(const Setting& s, const std::vector<double>& columns, std::size_t site,
               std::size_t j, int power) {
  double sum = 0.0;
  for (std::size_t k = 0; k < s.weights.size(); ++k)
    if (k != j)
      sum += std::pow(s.weights[k] / (1.0 - s.weights[j]), power) * columns[k * s.sites + site];
  return sum;
}

/// TOPSIS: the squared distances are t^2 own + (1 - t)^2 rest, so with x = t^2/(1 - t)^2 the sites
/// change places where a quadratic in x changes sign.
void flip_of_conic(const Setting& s, std::size_t j, WeightFlip& flip) {
  const auto& away = s.prepared.away;
  const auto& toward = s.prepared.toward;
  const double a = away[j * s.sites + s.a], b = away[j * s.sites + s.b];
  const double c = toward[j * s.sites + s.a], d = toward[j * s.sites + s.b];
  const double ra = rest_of(s, away, s.a, j, 2), rb = rest_of(s, away, s.b, j, 2);
  const double rc = rest_of(s, toward, s.a, j, 2), rd = rest_of(s, toward, s.b, j, 2);
  const double c2 = a * d - b * c;
  const double w = flip.from, x = w * w / ((1.0 - w) * (1.0 - w));
  for (const double root : sign_changes(c2, a * rd + ra * d - b * rc - rb * c, ra * rd - rb * rc)) {
    if (root > 0.0 && root != x)
      keep_nearer(flip, {std::sqrt(root) / (1.0 + std::sqrt(root)), false});
  }
  if (!flip.found && c2 == 0.0) keep_nearer(flip, {1.0, true});
}

bool all_finite(const Setting& s) {
  return std::all_of(s.prepared.toward.begin(), s.prepared.toward.end(),
                     [](double x) { return std::isfinite(x); });
}

WeightFlip weight_flip(const Setting& s, std::size_t j, double margin,
                       const std::vector<double>& split, int steps, const Progress& progress) {
  WeightFlip flip;
  flip.criterion = j;
  flip.from = s.weights[j];
  if (margin == 0.0 || s.weights[j] >= 1.0) return flip;
  const auto& columns = s.prepared.toward;
  if (is_additive(s.options.method)) {
    const double rest = (margin - split[j]) / (1.0 - s.weights[j]);
    double own = 0.0;
    if (s.weights[j] > 0.0) {
      own = split[j] / s.weights[j];
    } else {
      std::vector<double> only(s.weights.size(), 0.0);
      only[j] = 1.0;
      own = margin_with(s, only);
    }
    flip_of_line(own, rest, flip);
  } else if (s.options.method == Method::wpm && all_finite(s)) {
    flip_of_line(columns[j * s.sites + s.a] - columns[j * s.sites + s.b],
                 rest_of(s, columns, s.a, j, 1) - rest_of(s, columns, s.b, j, 1), flip);
  } else if (s.options.method == Method::topsis) {
    flip_of_conic(s, j, flip);
  } else {
    const auto at = [&](double t) {
      progress.check();
      return margin_with(s, shifted(s.weights, j, t));
    };
    for (const double end : {1.0, 0.0})
      keep_nearer(
          flip, first_crossing(flip.from, margin, stops_between(flip.from, end, steps), true, at));
  }
  return flip;
}

bool is_log(const Criterion& c) {
  return c.scale == Scale::log && c.curve.empty();
}
double on_scale(const Criterion& c, double x) {
  return is_log(c) ? std::log(x) : x;
}
double off_scale(const Criterion& c, double t) {
  return is_log(c) ? std::exp(t) : t;
}

/// Values at which the merit turns or bends.
std::vector<double> corners_of(const Criterion& c, const Bounds& bounds) {
  std::vector<double> corners = {bounds.lo, bounds.hi};
  for (const auto& point : c.curve) corners.push_back(point.at);
  if (!std::isnan(c.ideal)) corners.push_back(c.ideal);
  if (!std::isnan(c.ideal_to)) corners.push_back(c.ideal_to);
  std::vector<double> out;
  for (const double x : corners)
    if (!is_log(c) || x > 0.0) out.push_back(on_scale(c, x));
  return out;
}

/// A better value of a never lowers its lead, corners apart, so that only the corners need trying.
bool is_monotone(const Setting& s, const NetFlows* flows) {
  if (flows != nullptr) return flows->fixed_thresholds();
  return s.sites == 2 && stands_alone(s) && !is_electre(s.options.method);
}

/// The margin with one value changed.
class Trial {
 public:
  Trial(const Setting& s, std::size_t j, bool of_a, const NetFlows* flows, double margin,
        const Progress& progress)
      : s_(s), j_(j), of_a_(of_a), flows_(flows), progress_(progress), columns_(s.columns) {
    if (flows_ == nullptr) return;
    a_ = columns_[j * s.sites + s.a];
    b_ = columns_[j * s.sites + s.b];
    rest_ = margin - s.weights[j] * flows_->difference(a_, b_);
  }

  /// NaN where the method cannot take the value.
  double operator()(double value) {
    progress_.check();
    try {
      if (flows_ != nullptr)
        return rest_ + s_.weights[j_] * flows_->difference(of_a_ ? value : a_, of_a_ ? b_ : value);
      columns_[j_ * s_.sites + (of_a_ ? s_.a : s_.b)] = value;
      return margin_with(s_, columns_, s_.weights);
    } catch (const Error& error) {
      if (error.code == "run.interrupted") throw;
      return not_stated;
    }
  }

 private:
  const Setting& s_;
  std::size_t j_;
  bool of_a_;
  const NetFlows* flows_;
  const Progress& progress_;
  std::vector<double> columns_;
  double a_ = 0.0, b_ = 0.0, rest_ = 0.0;
};

/// The nearest value of one cell at which the margin changes sign, towards both bounds.
ValueFlip value_flip(const Setting& s, std::size_t j, bool of_a, const Bounds& bounds,
                     const NetFlows* flows, double margin, int steps, const Progress& progress) {
  ValueFlip flip;
  flip.of_a = of_a;
  flip.criterion = j;
  const Criterion& c = s.table.criteria[j];
  flip.from = s.columns[j * s.sites + (of_a ? s.a : s.b)];
  if (margin == 0.0 || s.weights[j] == 0.0 || !(bounds.lo < bounds.hi) ||
      (is_log(c) && !(bounds.lo > 0.0)))
    return flip;
  // A value beyond the bounds starts where it is; one that the scale cannot take, at the bound.
  const double start = on_scale(c, is_log(c) && !(flip.from > 0.0) ? bounds.lo : flip.from);
  const double low = on_scale(c, bounds.lo), high = on_scale(c, bounds.hi);
  const bool monotone = is_monotone(s, flows);
  Trial trial(s, j, of_a, flows, margin, progress);
  const auto at = [&](double t) { return trial(off_scale(c, t)); };
  for (const double end : {low, high}) {
    const auto stops = stops_between(start, end, monotone ? 1 : steps, corners_of(c, bounds));
    const Crossing cross = first_crossing(start, margin, stops, !monotone, at);
    const double share = std::abs(cross.at - start) / (high - low);
    if (std::isnan(cross.at)) continue;
    if (flip.found &&
        (cross.level_only == flip.level_only ? share >= flip.share : cross.level_only))
      continue;
    flip.found = true;
    flip.to = off_scale(c, cross.at);
    flip.share = share;
    flip.level_only = cross.level_only;
  }
  return flip;
}

/// A change that turns the order counts before one that only makes them level.
template <class Flip>
bool is_smaller(const Flip& one, const Flip& best, double size, double best_size) {
  if (!one.found || !best.found) return one.found;
  if (one.level_only != best.level_only) return best.level_only;
  return size < best_size * (1.0 - 1e-9);  // level ones: the first, whatever the last bit says
}

struct Plan {
  bool sought = true;
  int steps = fine_steps;
};

Plan plan_for(double cost, double searches) {
  for (const int steps : {fine_steps, coarse_steps})
    if (cost * searches * (steps + 60) <= most_cost) return {true, steps};
  return {false, 0};
}

void choose(Explanation& out) {
  for (const auto& weight : out.weight_flips)
    if (is_smaller(weight, out.flip_weight, std::abs(weight.to - weight.from),
                   std::abs(out.flip_weight.to - out.flip_weight.from)))
      out.flip_weight = weight;
  for (const auto& value : out.value_flips)
    if (is_smaller(value, out.flip_value, value.share, out.flip_value.share))
      out.flip_value = value;
}

}  // namespace

void find_flips(const Setting& whole, const Progress& progress, Explanation& out) {
  const std::size_t m = whole.table.criteria.size();
  const double searches = 4.0 * static_cast<double>(m);
  Setting by_weight = essential(whole, true), by_value = essential(whole, false);
  // Criteria are dealt to the threads, so a trial keeps to one.
  for (Setting* s : {&by_weight, &by_value}) s->options.jobs = s->prepared.options.jobs = 1;
  const bool flows = is_promethee(whole.options.method);
  const bool closed = is_additive(whole.options.method) || whole.options.method == Method::topsis;
  const Plan weights = plan_for(closed ? 1.0 : scoring_cost(by_weight), 0.5 * searches);
  const Plan values = plan_for(
      flows ? 8.0 * static_cast<double>(whole.sites) : scoring_cost(by_value) + 2000.0, searches);
  out.weight_flips_sought = weights.sought;
  out.value_flips_sought = values.sought;
  out.weight_flips.resize(m);
  out.value_flips.resize(m);
  if (!weights.sought || !values.sought)
    out.ranking.findings.add("ranking.no_flips", Severity::note,
                             whole.ids[whole.a] + ", " + whole.ids[whole.b],
                             std::string("which change of a ") +
                                 (values.sought    ? "weight"
                                  : weights.sought ? "value"
                                                   : "weight or value") +
                                 " would turn the order takes too long to find by this method "
                                 "over so many sites");
  parallel_blocks(
      m, 1, whole.options.jobs,
      [&](std::size_t j, std::size_t, std::size_t) {
        out.weight_flips[j].criterion = out.value_flips[j].criterion = j;
        out.weight_flips[j].from = whole.weights[j];
        if (weights.sought)
          out.weight_flips[j] =
              weight_flip(by_weight, j, out.margin, out.split, weights.steps, progress);
        if (!values.sought) return;
        const Bounds bounds{out.criteria[j].lo, out.criteria[j].hi, false};
        std::optional<NetFlows> flows_of;
        if (flows) flows_of.emplace(by_value, j);
        const NetFlows* net = flows ? &*flows_of : nullptr;
        ValueFlip value =
            value_flip(by_value, j, true, bounds, net, out.margin, values.steps, progress);
        const ValueFlip other =
            value_flip(by_value, j, false, bounds, net, out.margin, values.steps, progress);
        if (is_smaller(other, value, other.share, value.share)) value = other;
        out.value_flips[j] = value;
      },
      progress);
  choose(out);
}

}  // namespace lode::ranking_work
