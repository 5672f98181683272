#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/environment/zonal_parts.h"

namespace lode {

namespace zonal {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

const std::map<std::string, Figure>& figures() {
  static const std::map<std::string, Figure> list{{"count", Figure::count},
                                                  {"sum", Figure::sum},
                                                  {"mean", Figure::mean},
                                                  {"min", Figure::min},
                                                  {"max", Figure::max},
                                                  {"range", Figure::range},
                                                  {"median", Figure::quantile},
                                                  {"mode", Figure::mode},
                                                  {"majority", Figure::mode},
                                                  {"minority", Figure::minority},
                                                  {"variety", Figure::variety},
                                                  {"variance", Figure::variance},
                                                  {"stdev", Figure::stdev},
                                                  {"coefficient_of_variation", Figure::variation},
                                                  {"fraction", Figure::fraction},
                                                  {"frac", Figure::fraction},
                                                  {"unique", Figure::fraction},
                                                  {"min_center_x", Figure::min_x},
                                                  {"min_center_y", Figure::min_y},
                                                  {"max_center_x", Figure::max_x},
                                                  {"max_center_y", Figure::max_y}};
  return list;
}

bool can_be_weighted(const std::string& name) {
  static const std::vector<std::string> list{
      "count",    "sum",   "mean",     "median",   "mode", "majority",
      "minority", "stdev", "variance", "fraction", "frac", "coefficient_of_variation"};
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::optional<double> percent_of(const std::string& name) {
  if (name.size() < 2 || name[0] != 'p') return std::nullopt;
  if (name[1] < '0' || name[1] > '9') return std::nullopt;
  const auto number = parse_number(name.substr(1));
  if (!number || !(*number >= 0.0 && *number <= 100.0)) return std::nullopt;
  return number;
}

[[noreturn]] void refuse(const std::string& name) {
  std::vector<std::string> known;
  for (const auto& [word, figure] : figures()) known.push_back(word);
  for (const auto& [word, figure] : figures())
    if (can_be_weighted(word)) known.push_back("weighted_" + word);
  const auto near = nearest_name(name, known);
  throw Error("zonal.statistic", "'" + printable(name) + "' is no statistic that Lode knows",
              "statistics",
              (near ? "Did you mean '" + *near + "'? " : std::string()) + "Known: p0 to p100 and " +
                  join(known, ", ") + ".");
}

// What of two moments of weights wa and wb about their means lies between the means.
double between(double wa, double ma, double wb, double mb) {
  const double all = wa + wb;
  return all > 0.0 ? (mb - ma) * (mb - ma) * (wa * wb / all) : 0.0;
}

double pooled(double spread_a, const Sum& wa, const Sum& va, double spread_b, const Sum& wb,
              const Sum& vb) {
  const double a = wa.value(), b = wb.value();
  if (std::isnan(a) || std::isnan(b)) return kNan;
  if (a == 0.0) return spread_b;
  if (b == 0.0) return spread_a;
  return spread_a + spread_b + between(a, va.value() / a, b, vb.value() / b);
}

double share_of(const Entry& entry, bool weighted) {
  return weighted ? entry.weight : entry.share;
}

// Type 7 of Hyndman and Fan 1996 for weighted cells, with Kish's effective number of them (Akinshin
// 2023, "Weighted quantile estimators", section 3): whole cells give what R and numpy do, and a
// cell that is hardly covered hardly counts.
double quantile_of(const Run& run, double percent, bool weighted, const Moments& m) {
  const double all = weighted ? m.weight.value() : m.share.value();
  const double squares = weighted ? m.square_weight.value() : m.square.value();
  if (!(all > 0.0) || !(squares > 0.0)) return kNan;
  const double cells = std::max(1.0, all * all / squares);
  const double left = percent / 100.0 * (cells - 1.0);  // from it one effective cell on
  double passed = 0.0, before = 0.0, sum = 0.0;
  double last = kNan;
  for (const Entry& entry : run) {
    passed += share_of(entry, weighted);
    const double here = std::clamp(passed / all * cells - left, 0.0, 1.0);
    // Rounding leaves a trace of the neighbour where the place is that of one value.
    if (here - before > 1e-12) {
      sum += (here - before) * entry.value;
      last = entry.value;
      if (here - before > 1.0 - 1e-12) return entry.value;
      before = here;
    }
    if (here >= 1.0) break;
  }
  if (before < 1.0 && !run.empty())
    sum += (1.0 - before) * (std::isnan(last) ? run.back().value : last);
  return sum;
}

// Equal shares but for rounding: the greatest value is the mode, the least one the minority.
double mode_of(const Run& run, bool weighted, bool least) {
  double best = kNan, value = kNan;
  for (const Entry& entry : run) {
    const double share = share_of(entry, weighted);
    if (std::isnan(share)) return kNan;
    const double slack = 1e-11 * std::max(std::abs(share), std::abs(best));
    if (std::isnan(best) || (least ? share < best - slack : share >= best - slack)) {
      best = share;
      value = entry.value;
    }
  }
  return value;
}

}  // namespace

Wanted wanted_of(const ZonalStatistic& statistic) {
  std::string name = statistic.name;
  Wanted wanted;
  if (name.starts_with("weighted_")) {
    wanted.weighted = true;
    name.erase(0, 9);
  }
  if (const auto percent = percent_of(name)) {
    wanted.figure = Figure::quantile;
    wanted.percent = *percent;
    return wanted;
  }
  const auto found = figures().find(name);
  if (found == figures().end() || (wanted.weighted && !can_be_weighted(name)))
    refuse(statistic.name);
  wanted.figure = found->second;
  return wanted;
}

Needs needs_of(const std::vector<Wanted>& wanted, const ZonalOptions& options) {
  Needs needs;
  needs.values = options.include_fractions;
  needs.weights = options.weights != ZonalWeights::none;
  for (const Wanted& w : wanted) {
    switch (w.figure) {
      case Figure::quantile:
      case Figure::mode:
      case Figure::minority:
      case Figure::variety:
      case Figure::fraction:
        needs.values = true;
        break;
      case Figure::variance:
      case Figure::stdev:
      case Figure::variation:
        needs.spread = true;
        break;
      default:
        break;
    }
    if (w.weighted && !needs.weights)
      throw Error("zonal.weights", "a weighted statistic was asked for, and there are no weights",
                  "statistics", "Say what cells are weighted by: their area or a raster.");
  }
  return needs;
}

void tidy(Run& run) {
  std::stable_sort(run.begin(), run.end(),
                   [](const Entry& a, const Entry& b) { return a.value < b.value; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < run.size(); ++i) {
    if (kept > 0 && run[kept - 1].value == run[i].value) {
      Entry& into = run[kept - 1];
      into.share += run[i].share;
      into.weight += run[i].weight;
      into.area += run[i].area;
    } else {
      run[kept++] = run[i];
    }
  }
  run.resize(kept);
}

Run merged(const Run& a, const Run& b, const Progress& progress) {
  Run out;
  out.reserve(a.size() + b.size());
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    if ((out.size() & 0xfffff) == 0xfffff) progress.check();
    if (j == b.size() || (i < a.size() && a[i].value < b[j].value)) {
      out.push_back(a[i++]);
    } else if (i == a.size() || b[j].value < a[i].value) {
      out.push_back(b[j++]);
    } else {
      Entry both = a[i++];
      both.share += b[j].share;
      both.weight += b[j].weight;
      both.area += b[j++].area;
      out.push_back(both);
    }
  }
  if (out.capacity() > 2 * out.size()) out.shrink_to_fit();
  return out;
}

void Moments::add(const Moments& more, bool pool) {
  if (pool) {
    spread = pooled(spread, share, value, more.spread, more.share, more.value);
    weighted_spread =
        pooled(weighted_spread, weight, valued, more.weighted_spread, more.weight, more.valued);
  }
  share += more.share.value();
  value += more.value.value();
  square += more.square.value();
  weight += more.weight.value();
  valued += more.valued.value();
  square_weight += more.square_weight.value();
  area += more.area.value();
  if (more.min < min || (more.min == min && more.min_at < min_at)) {
    min = more.min;
    min_at = more.min_at;
  }
  if (more.max > max || (more.max == max && more.max_at < max_at)) {
    max = more.max;
    max_at = more.max_at;
  }
}

void BandSums::add(const Moments& more, bool pool, Run run, const Progress& progress) {
  moments.add(more, pool);
  if (run.empty()) return;
  runs.push_back(std::move(run));
  while (runs.size() > 1 && runs[runs.size() - 2].size() <= 2 * runs.back().size()) {
    Run both = merged(runs[runs.size() - 2], runs.back(), progress);
    runs.pop_back();
    runs.back() = std::move(both);
  }
}

Run joined(std::vector<Run>& runs, const Progress& progress) {
  while (runs.size() > 1) {
    Run both = merged(runs[runs.size() - 2], runs.back(), progress);
    runs.pop_back();
    runs.back() = std::move(both);
  }
  return runs.empty() ? Run{} : std::move(runs.front());
}

double figure_of(const Wanted& wanted, const Moments& m, const Run& run, const RasterPlace& place) {
  const bool w = wanted.weighted;
  const double count = m.share.value();
  if (wanted.figure == Figure::count && !w) return count;
  if (!(count > 0.0)) return kNan;
  const double all = w ? m.weight.value() : count;
  const double sum = w ? m.valued.value() : m.value.value();
  const double variance = all != 0.0 ? (w ? m.weighted_spread : m.spread) / all : kNan;
  const auto centre = [&](std::uint64_t at, std::size_t axis) {
    const double u = static_cast<double>(at % place.columns) + 0.5;
    const double v = static_cast<double>(at / place.columns) + 0.5;
    const auto& t = place.transform;
    return t[3 * axis] + u * t[3 * axis + 1] + v * t[3 * axis + 2];
  };
  switch (wanted.figure) {
    case Figure::count:
      return all;
    case Figure::sum:
      return sum;
    case Figure::mean:
      return all != 0.0 ? sum / all : kNan;
    case Figure::min:
      return m.min;
    case Figure::max:
      return m.max;
    case Figure::range:
      return m.max - m.min;
    case Figure::quantile:
      return quantile_of(run, wanted.percent, w, m);
    case Figure::mode:
      return mode_of(run, w, false);
    case Figure::minority:
      return mode_of(run, w, true);
    case Figure::variety:
      return static_cast<double>(run.size());
    case Figure::variance:
      return variance;
    case Figure::stdev:
      return std::sqrt(variance);
    case Figure::variation:
      return std::sqrt(variance) / (sum / all);
    case Figure::min_x:
      return centre(m.min_at, 0);
    case Figure::min_y:
      return centre(m.min_at, 1);
    case Figure::max_x:
      return centre(m.max_at, 0);
    case Figure::max_y:
      return centre(m.max_at, 1);
    case Figure::fraction:
      break;
  }
  return kNan;
}

}  // namespace zonal

std::vector<ZonalStatistic> parse_zonal_statistics(const std::string& text) {
  std::vector<ZonalStatistic> list;
  for (const std::string& word : split(text, ',')) {
    ZonalStatistic statistic;
    statistic.name = lower(trim(word));
    const zonal::Wanted wanted = zonal::wanted_of(statistic);
    if (wanted.figure == zonal::Figure::quantile) statistic.percent = wanted.percent;
    const bool again = std::any_of(list.begin(), list.end(), [&](const ZonalStatistic& other) {
      return other.name == statistic.name;
    });
    if (!again) list.push_back(std::move(statistic));
  }
  return list;
}

}  // namespace lode
