#include "libgeo/ranking/work.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode::ranking_work {

namespace {

std::vector<std::size_t> rows_by_id(const DecisionTable& table) {
  std::vector<std::size_t> rows(table.ids.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  std::sort(rows.begin(), rows.end(),
            [&](std::size_t a, std::size_t b) { return table.ids[a] < table.ids[b]; });
  return rows;
}

std::string rule_text(const HardRule& rule) {
  return rule.name.empty() ? "rule" : rule.name;
}

/// Leaves out what a hard rule forbids; the first rule that a site fails stands in the log.
std::vector<std::size_t> screen_rows(const DecisionTable& table, const std::vector<HardRule>& rules,
                                     RankResult& result) {
  for (const auto& rule : rules)
    if (rule.values.size() != table.ids.size())
      throw Error("ranking.shape", "a hard rule does not have one value a site", rule_text(rule));
  std::vector<char> out(table.ids.size(), 0);
  for (std::size_t i = 0; i < table.ids.size(); ++i)
    for (const auto& rule : rules) {
      const double x = rule.values[i];
      const bool passes = std::isnan(x) ? rule.missing_passes : x >= rule.min && x <= rule.max;
      if (passes) continue;
      result.dropped.push_back({i, table.ids[i], rule_text(rule), x});
      result.findings.add("ranking.dropped", Severity::note, rule_text(rule),
                          "sites that fail this rule were left out before scoring");
      out[i] = 1;
      break;
    }
  std::vector<std::size_t> rows;
  for (const auto row : rows_by_id(table))
    if (out[row] == 0) rows.push_back(row);
  if (rows.empty())
    throw Error("ranking.all_dropped", "every site fails a hard rule", rule_text(rules.front()),
                "Loosen the rules; the first site fails '" + result.dropped.front().rule + "'.");
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
    work.inputs.low[k] = work.inputs.high[k] = not_stated;
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
            RankResult& result) {
  Work work;
  work.rows = std::move(rows);
  const std::size_t n = work.rows.size(), m = table.criteria.size();
  work.missing.resize(n);
  work.inputs.columns.resize(n * m);
  work.inputs.low.assign(n * m, not_stated);
  work.inputs.high.assign(n * m, not_stated);
  if (options.missing == Missing::interval) work.inputs.anywhere.assign(n * m, 0);
  std::vector<std::size_t> place(table.ids.size(), table.ids.size());
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

}  // namespace

Work make_work(const DecisionTable& table, const RankOptions& options, RankResult& result) {
  return gather(table, screen_rows(table, options.rules, result), options, result);
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
