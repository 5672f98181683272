#include "libgeo/ranking/stability.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "libgeo/core/parallel.h"
#include "libgeo/ranking/crossing.h"
#include "libgeo/ranking/work.h"

namespace lode {

namespace {

using ranking_work::Crossing;
using ranking_work::Work;

constexpr int steps = 200;
constexpr double most_cost = 1e10;   // nanoseconds or so, of one thread
constexpr double tolerance = 1e-12;  // of ranks: nearer than this two sites stand level

/// All sites under the weights in use, and the one that is first.
struct Field {
  PreparedMethod prepared;
  std::vector<double> weights;
  std::size_t sites = 0, criteria = 0, first = 0;
  std::vector<char> level;  ///< sites that share the first place
  const std::vector<std::string>* ids = nullptr;
};

/// Where site `by` passes the first one, on the way of one weight up and down.
struct Passing {
  double up = 1.0, down = 0.0;
  std::string above, below;
  double lead_up = 0.0, lead_down = 0.0;  ///< how fast: of several at once the fastest is first
};

void keep(Passing& best, bool up, double at, double speed, const std::string& id) {
  double& end = up ? best.up : best.down;
  std::string& who = up ? best.above : best.below;
  double& lead = up ? best.lead_up : best.lead_down;
  const bool nearer = up ? at < end - tolerance : at > end + tolerance;
  const bool same = std::abs(at - end) <= tolerance;
  if (who.empty() ? (up ? at < 1.0 - tolerance : at > tolerance)
                  : nearer || (same && (speed > lead || (speed == lead && id < who)))) {
    end = at;
    who = id;
    lead = speed;
  }
}

/// The columns in which a score is linear, and their sign; nullptr for other methods.
const std::vector<double>* linear_columns(const PreparedMethod& p, double& sign) {
  sign = p.options.method == Method::spotis ? -1.0 : 1.0;
  switch (p.options.method) {
    case Method::wsm:
      return &p.norm.merit;
    case Method::promethee2:
      return &p.raw;
    case Method::spotis:
      return &p.toward;
    case Method::wpm:  // in logarithms, unless a merit is 0
      return std::all_of(p.toward.begin(), p.toward.end(),
                         [](double x) { return std::isfinite(x); })
                 ? &p.toward
                 : nullptr;
    default:
      return nullptr;
  }
}

/// What every site has of the other criteria when they share all the weight.
std::vector<double> rest_of(const Field& f, const std::vector<double>& columns, std::size_t j,
                            int power) {
  std::vector<double> rest(f.sites, 0.0);
  for (std::size_t k = 0; k < f.criteria; ++k) {
    if (k == j) continue;
    const double w = std::pow(f.weights[k] / (1.0 - f.weights[j]), power);
    for (std::size_t i = 0; i < f.sites; ++i) rest[i] += w * columns[k * f.sites + i];
  }
  return rest;
}

/// Score of i at weight t: t own + (1 - t) rest; the lead of the first over it is a line too.
Passing pass_lines(const Field& f, const std::vector<double>& columns, double sign, std::size_t j) {
  Passing best;
  const auto rest = rest_of(f, columns, j, 1);
  const double w = f.weights[j];
  const double* own = columns.data() + j * f.sites;
  for (std::size_t i = 0; i < f.sites; ++i) {
    if (i == f.first) continue;
    const double at_one = sign * (own[f.first] - own[i]),
                 at_zero = sign * (rest[f.first] - rest[i]);
    const double slope = at_one - at_zero;
    if (std::abs(slope) <= tolerance) continue;
    const double at = f.level[i] != 0 ? w : at_zero / (at_zero - at_one);
    const bool up = slope < 0.0;
    if (up ? at >= w : at <= w) keep(best, up, at, std::abs(slope), (*f.ids)[i]);
  }
  return best;
}

/// TOPSIS: squared distances are t^2 own + (1 - t)^2 rest, so with x = t^2/(1 - t)^2 the first is
/// ahead of i while (away_f x + r)(toward_i x + s) - (away_i x + u)(toward_f x + v) > 0.
Passing pass_conics(const Field& f, std::size_t j) {
  Passing best;
  const auto& p = f.prepared;
  const auto away = rest_of(f, p.away, j, 2), toward = rest_of(f, p.toward, j, 2);
  const double* a = p.away.data() + j * f.sites;
  const double* d = p.toward.data() + j * f.sites;
  const double w = f.weights[j], x = w * w / ((1.0 - w) * (1.0 - w));
  const std::size_t o = f.first;
  for (std::size_t i = 0; i < f.sites; ++i) {
    if (i == o) continue;
    const double c2 = a[o] * d[i] - a[i] * d[o];
    const double c1 = a[o] * toward[i] + away[o] * d[i] - a[i] * toward[o] - away[i] * d[o];
    const double c0 = away[o] * toward[i] - away[i] * toward[o];
    const auto speed = [&](double at) { return 2.0 * c2 * at + c1; };
    const auto weight = [](double at) { return std::sqrt(at) / (1.0 + std::sqrt(at)); };
    if (f.level[i] != 0) {
      if (std::abs(speed(x)) <= tolerance) continue;
      keep(best, speed(x) < 0.0, w, std::abs(speed(x)), (*f.ids)[i]);
    }
    for (const double root : ranking_work::sign_changes(c2, c1, c0)) {
      if (!(root >= 0.0) || (f.level[i] != 0 && std::abs(root - x) <= 1e-9 * (1.0 + x))) continue;
      const bool up = root > x;
      if (up ? speed(root) < 0.0 : speed(root) > 0.0)
        keep(best, up, weight(root), std::abs(speed(root)), (*f.ids)[i]);
    }
  }
  return best;
}

std::vector<double> moved(const Field& f, std::size_t j, double to) {
  std::vector<double> out(f.weights);
  for (std::size_t k = 0; k < out.size(); ++k)
    if (k != j) out[k] *= (1.0 - to) / (1.0 - f.weights[j]);
  out[j] = to;
  return out;
}

Passing pass_by_search(const Field& f, std::size_t j, const Progress& progress) {
  Passing best;
  std::vector<double> merit(f.sites);
  std::size_t leader = f.first;
  const auto lead = [&](double t) {
    progress.check();
    const auto weights = moved(f, j, t);
    merits(f.prepared, weights.data(), merit.data());
    double most = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < f.sites; ++i) {
      if (i == f.first || !(merit[i] > most)) continue;
      most = merit[i];
      leader = i;
    }
    const double ahead = merit[f.first] - most;
    // A site that shares the first place passes when it is ahead, not while it is level.
    return ahead >= 0.0 && ahead <= tolerance ? tolerance : ahead;
  };
  const double w = f.weights[j], here = lead(w);
  for (const bool up : {true, false}) {
    const Crossing cross = ranking_work::first_crossing(
        w, std::max(here, tolerance), ranking_work::stops_between(w, up ? 1.0 : 0.0, steps), true,
        lead);
    if (std::isnan(cross.at) || cross.level_only) continue;
    static_cast<void>(lead(cross.at));
    (up ? best.up : best.down) = cross.at;
    (up ? best.above : best.below) = (*f.ids)[leader];
  }
  return best;
}

/// Nanoseconds or so that one scoring of all sites takes.
double cost_of(const Field& f) {
  const double cells = static_cast<double>(f.sites) * static_cast<double>(f.criteria);
  switch (f.prepared.options.method) {
    case Method::electre3:
      return 15.0 * cells * static_cast<double>(f.sites) +
             60.0 * static_cast<double>(f.sites) * static_cast<double>(f.sites);
    case Method::fuzzy:
    case Method::owa:
    case Method::wpm:
    case Method::waspas:
    case Method::electre_tri:
      return 40.0 * cells;
    case Method::promethee1:
      return cells + 100.0 * static_cast<double>(f.sites);
    default:
      return 8.0 * cells;
  }
}

Field field_of(const DecisionTable& table, const Work& work, const RankOptions& options) {
  Field f;
  f.sites = work.rows.size();
  f.criteria = table.criteria.size();
  f.ids = &work.inputs.ids;
  f.weights = ranking_work::base_weights(table, work, options).weights;
  MethodOptions method = options.method;
  f.prepared =
      prepare_method(table.criteria, work.inputs.columns, f.sites, method, work.inputs.ids);
  f.prepared.options.jobs = 1;  // criteria are dealt to the threads
  const auto ranks = competition_ranks(score(f.prepared, f.weights).merit);
  f.level.assign(f.sites, 0);
  for (std::size_t i = 0; i < f.sites; ++i) f.level[i] = ranks[i] == 1 ? 1 : 0;
  f.first = static_cast<std::size_t>(std::find(ranks.begin(), ranks.end(), 1u) - ranks.begin());
  return f;
}

}  // namespace

std::vector<StableWeight> weight_stability(const DecisionTable& table, const RankOptions& options,
                                           const Progress& progress, Findings* findings) {
  check_table(table);
  RankResult screened;
  const Work work = ranking_work::make_work(table, options, screened);
  const Field f = field_of(table, work, options);
  double sign = 1.0;
  const auto* columns = linear_columns(f.prepared, sign);
  const bool conic = f.prepared.options.method == Method::topsis;
  if (columns == nullptr && !conic &&
      cost_of(f) * static_cast<double>(f.criteria) * 2.0 * steps > most_cost) {
    if (findings != nullptr)
      findings->add("ranking.no_stability", Severity::note,
                    std::string(to_text(options.method.method)),
                    "how far each weight may move was not looked for: over so many sites it would "
                    "take too long");
    return {};
  }
  std::vector<StableWeight> out(f.criteria);
  parallel_blocks(
      f.criteria, 1, options.method.jobs,
      [&](std::size_t j, std::size_t, std::size_t) {
        out[j] = {j, f.weights[j], 0.0, 1.0, "", ""};
        if (f.criteria == 1 || f.sites == 1) return;
        if (f.weights[j] >= 1.0) {  // the others have no proportions to keep
          out[j].low = out[j].high = not_stated;
          return;
        }
        const Passing passing = conic                ? pass_conics(f, j)
                                : columns != nullptr ? pass_lines(f, *columns, sign, j)
                                                     : pass_by_search(f, j, progress);
        out[j].low = passing.down;
        out[j].high = passing.up;
        out[j].below = passing.below;
        out[j].above = passing.above;
      },
      progress);
  return out;
}

}  // namespace lode
