#include "libgeo/ranking/work.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode::ranking_work {

namespace {

std::vector<std::size_t> rows_by_id(const DecisionTable& table) {
  std::vector<std::size_t> rows(table.ids.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  if (!std::is_sorted(table.ids.begin(), table.ids.end()))
    std::sort(rows.begin(), rows.end(),
              [&](std::size_t a, std::size_t b) { return table.ids[a] < table.ids[b]; });
  return rows;
}

/// The rows that pass the hard rules, in the order of their ids.
std::vector<std::size_t> screen_rows(const DecisionTable& table, const std::vector<HardRule>& rules,
                                     RankResult& result) {
  std::vector<std::size_t> rows = rows_by_id(table);
  if (rules.empty()) return rows;
  RuleScreening screening = screen(table.ids, rules);
  result.dropped = std::move(screening.dropped);
  result.screening = std::move(screening.counts);
  result.findings.add(screening.findings);
  std::vector<char> passed(table.ids.size(), 0);
  for (const auto row : screening.passed) passed[row] = 1;
  rows.erase(
      std::remove_if(rows.begin(), rows.end(), [&](std::size_t row) { return !passed[row]; }),
      rows.end());
  return rows;
}

double middle(const Criterion& c, double a, double b) {
  return c.scale == Scale::log && a > 0.0 && b > 0.0 ? std::sqrt(a * b) : 0.5 * (a + b);
}

double worst_value(const Criterion& c, const Bounds& bounds) {
  if (!c.curve.empty())
    return std::min_element(c.curve.begin(), c.curve.end(),
                            [](const auto& a, const auto& b) { return a.value < b.value; })
        ->at;
  if (!std::isnan(c.ideal)) return bounds.lo < c.ideal ? bounds.lo : bounds.hi;
  return c.direction == Direction::max ? bounds.lo : bounds.hi;
}

/// Where the criterion's merit is halfway.
double neutral_value(const Criterion& c, const Bounds& bounds) {
  if (!std::isnan(c.ideal))
    return bounds.lo < c.ideal
               ? middle(c, bounds.lo, c.ideal)
               : middle(c, std::isnan(c.ideal_to) ? c.ideal : c.ideal_to, bounds.hi);
  if (c.curve.empty()) return middle(c, bounds.lo, bounds.hi);
  const auto [low, high] =
      std::minmax_element(c.curve.begin(), c.curve.end(),
                          [](const auto& a, const auto& b) { return a.value < b.value; });
  const double half = 0.5 * (low->value + high->value);
  for (std::size_t k = 1; k < c.curve.size(); ++k) {
    const auto& a = c.curve[k - 1];
    const auto& b = c.curve[k];
    if ((a.value - half) * (b.value - half) > 0.0 || a.value == b.value) continue;
    return a.at + (half - a.value) / (b.value - a.value) * (b.at - a.at);
  }
  return middle(c, bounds.lo, bounds.hi);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return n % 2 == 1 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

std::string policy_words(Missing policy) {
  switch (policy) {
    case Missing::worst:
      return "taken as the worst bound";
    case Missing::neutral:
      return "taken as the middle of the scale";
    case Missing::interval:
      return "taken as anything between the bounds";
    default:
      return "taken as the median of the other sites";
  }
}

/// Fills column j of `work`; what was filled is flagged.
void fill_column(const DecisionTable& table, std::size_t j, Missing policy, Work& work,
                 RankResult& result) {
  const Criterion& c = table.criteria[j];
  const std::size_t n = work.rows.size();
  double* column = work.inputs.columns.data() + j * n;
  std::vector<double> present;
  std::vector<std::size_t> gaps;
  for (std::size_t i = 0; i < n; ++i) {
    if (std::isnan(column[i]))
      gaps.push_back(i);
    else
      present.push_back(column[i]);
  }
  if (gaps.empty()) return;
  if (present.empty())
    throw Error("ranking.empty_criterion", "no site has a value for this criterion", c.name,
                "Check the field's name, or leave the criterion out.");
  const Bounds bounds = bounds_of(c, present.data(), present.size());
  const double filled = policy == Missing::worst    ? worst_value(c, bounds)
                        : policy == Missing::impute ? median(present)
                                                    : neutral_value(c, bounds);
  for (const auto i : gaps) {
    const std::size_t k = j * n + i;
    column[i] = filled;
    if (!work.inputs.low.empty()) work.inputs.low[k] = work.inputs.high[k] = not_stated;
    if (policy == Missing::interval) {
      work.inputs.low[k] = bounds.lo;
      work.inputs.high[k] = bounds.hi;
      work.inputs.anywhere[k] = 1;
    }
    work.missing[i].push_back(c.name);
  }
  result.findings.add({"ranking.missing_filled", Severity::warning, c.name, gaps.size(),
                       "missing and " + policy_words(policy) + " (" + std::string(to_text(policy)) +
                           "), first at " + work.inputs.ids[gaps.front()]});
}

void refuse_missing(const DecisionTable& table, const Work& work) {
  const std::size_t m = table.criteria.size();
  std::string first;
  std::size_t count = 0;
  for (const auto row : work.rows)
    for (std::size_t j = 0; j < m; ++j)
      if (std::isnan(table.values[row * m + j]) && count++ == 0)
        first = table.ids[row] + ", " + table.criteria[j].name;
  if (count > 0)
    throw Error("ranking.missing_value",
                "the value is missing" +
                    (count > 1 ? " (and " + std::to_string(count - 1) + " more)" : std::string()),
                first, "Fill it in, or say --missing worst, neutral, interval or impute.");
}

Work gather(const DecisionTable& table, std::vector<std::size_t> rows, const RankOptions& options,
            RankResult& result, bool lean) {
  Work work;
  work.rows = std::move(rows);
  const std::size_t n = work.rows.size(), m = table.criteria.size();
  work.missing.resize(n);
  work.inputs.columns.resize(n * m);
  if (!lean || !table.low.empty() || !table.high.empty() || options.missing == Missing::interval) {
    work.inputs.low.assign(n * m, not_stated);
    work.inputs.high.assign(n * m, not_stated);
  }
  if (options.missing == Missing::interval) work.inputs.anywhere.assign(n * m, 0);
  std::vector<std::size_t> place(table.ids.size(), table.ids.size());
  work.inputs.ids.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t row = work.rows[i];
    place[row] = i;
    work.inputs.ids.push_back(table.ids[row]);
    for (std::size_t j = 0; j < m; ++j) {
      work.inputs.columns[j * n + i] = table.values[row * m + j];
      if (!table.low.empty()) work.inputs.low[j * n + i] = table.low[row * m + j];
      if (!table.high.empty()) work.inputs.high[j * n + i] = table.high[row * m + j];
    }
  }
  for (const auto& cell : table.draws)
    if (place[cell.site] < n)
      work.inputs.cell_draws.push_back({place[cell.site], cell.criterion, cell.values});
  if (options.missing == Missing::refuse)
    refuse_missing(table, work);
  else
    for (std::size_t j = 0; j < m; ++j) fill_column(table, j, options.missing, work, result);
  return work;
}

/// A value as dominance compares it: the value itself where more is simply better or worse, so that
/// neither a logarithm of nothing nor rounding makes two values alike.
double for_dominance(const Criterion& c, double value) {
  if (c.curve.empty() && std::isnan(c.ideal)) return c.direction == Direction::max ? value : -value;
  const double x = oriented(c, value);
  return std::isnan(x) ? -std::numeric_limits<double>::infinity() : x;
}

template <class Value>
void keep_entries(std::vector<Value>& list, const std::vector<std::size_t>& kept) {
  for (std::size_t i = 0; i < kept.size(); ++i)
    if (kept[i] != i) list[i] = std::move(list[kept[i]]);
  list.resize(kept.size());
}

template <class Value>
void keep_columns(std::vector<Value>& cells, std::size_t n, const std::vector<std::size_t>& kept) {
  if (cells.empty()) return;
  const std::size_t m = cells.size() / n;
  std::size_t to = 0;
  for (std::size_t j = 0; j < m; ++j)
    for (const auto i : kept) cells[to++] = cells[j * n + i];
  cells.resize(to);
}

void keep_sites(Work& work, const std::vector<std::size_t>& kept) {
  const std::size_t n = work.rows.size();
  keep_columns(work.inputs.columns, n, kept);
  keep_columns(work.inputs.low, n, kept);
  keep_columns(work.inputs.high, n, kept);
  keep_columns(work.inputs.anywhere, n, kept);
  std::vector<std::size_t> place(n, n);
  for (std::size_t i = 0; i < kept.size(); ++i) place[kept[i]] = i;
  std::vector<CellDraws> draws;
  for (auto& cell : work.inputs.cell_draws)
    if (place[cell.site] < n)
      draws.push_back({place[cell.site], cell.criterion, std::move(cell.values)});
  work.inputs.cell_draws = std::move(draws);
  keep_entries(work.rows, kept);
  keep_entries(work.inputs.ids, kept);
  keep_entries(work.missing, kept);
  keep_entries(work.dominance.dominated_by, kept);
  keep_entries(work.dominance.dominates, kept);
  keep_entries(work.dominance.front, kept);
  keep_entries(work.dominance.named, kept);
}

bool has_spread(const Work& work) {
  const auto any = [](const std::vector<double>& cells) {
    return std::any_of(cells.begin(), cells.end(), [](double x) { return !std::isnan(x); });
  };
  return !work.inputs.cell_draws.empty() || any(work.inputs.low) || any(work.inputs.high);
}

/// Leaves out whoever is dominated, as if by a last rule.
void drop_dominated(const DecisionTable& table, const RankOptions& options, Work& work,
                    RankResult& result, const Progress& progress) {
  work.dominance = dominance_of(table, work, options, progress);
  const std::size_t n = work.rows.size();
  std::vector<std::size_t> kept;
  std::string first;
  for (std::size_t i = 0; i < n; ++i) {
    if (work.dominance.dominated_by[i] == 0) {
      kept.push_back(i);
      continue;
    }
    DroppedSite site;
    site.row = work.rows[i];
    site.id = work.inputs.ids[i];
    site.rule = "dominated";
    site.text = work.inputs.ids[work.dominance.named[i].front()];
    site.failed = {site.rule};
    if (first.empty()) first = site.id + " by " + site.text;
    result.dropped.push_back(std::move(site));
  }
  const std::size_t taken = n - kept.size();
  result.screening.push_back({"dominated", taken, taken, taken, 0});
  if (taken == 0) return;
  std::sort(result.dropped.begin(), result.dropped.end(),
            [](const auto& a, const auto& b) { return a.row < b.row; });
  result.findings.add(
      "ranking.dominated", Severity::note, "dominated",
      "left out before scoring: another site is at least as good on every "
      "criterion and better on one, " +
          first + (taken > 1 ? " first" : "") +
          (has_spread(work) ? "; judged by base values, whatever their spread" : ""),
      taken);
  keep_sites(work, kept);
}

}  // namespace

Dominance dominance_of(const DecisionTable& table, const Work& work, const RankOptions& options,
                       const Progress& progress) {
  const std::size_t n = work.rows.size(), m = table.criteria.size();
  std::vector<double> columns(n * m);
  for (std::size_t j = 0; j < m; ++j)
    for (std::size_t i = 0; i < n; ++i)
      columns[j * n + i] = for_dominance(table.criteria[j], work.inputs.columns[j * n + i]);
  DominanceOptions how;
  how.jobs = options.method.jobs;
  return dominance(columns, n, m, how, progress);
}

Work make_work(const DecisionTable& table, const RankOptions& options, RankResult& result,
               const Progress& progress, bool lean) {
  Work work = gather(table, screen_rows(table, options.rules, result), options, result, lean);
  if (options.pareto == Pareto::drop) drop_dominated(table, options, work, result, progress);
  return work;
}

Weights base_weights(const DecisionTable& table, const Work& work, const RankOptions& options) {
  const std::size_t n = work.rows.size(), m = table.criteria.size();
  if (is_from_data(options.weights))
    return data_weights(options.weights, table.criteria, work.inputs.columns, n);
  switch (options.weights) {
    case WeightScheme::equal:
    case WeightScheme::free:
      return equal_weights(m);
    case WeightScheme::ahp:
      return ahp_weights(options.judgements, m, options.ahp);
    case WeightScheme::bwm:
      return bwm_weights(options.judgements.best, options.judgements.worst,
                         options.judgements.best_to, options.judgements.to_worst);
    case WeightScheme::swara:
      return swara_weights(options.judgements.order, options.judgements.step);
    case WeightScheme::given:
    case WeightScheme::uncertain:
      return given_weights(table.criteria, options.rescale_weights);
    default:  // ranks
      break;
  }
  std::vector<std::size_t> order = options.judgements.order;
  if (order.empty()) {  // the given weights say the order, else the order of the criteria does
    order.resize(m);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return table.criteria[a].weight > table.criteria[b].weight;
    });
  }
  return rank_order_weights(options.weights, order);
}

}  // namespace lode::ranking_work
