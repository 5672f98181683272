#include "libgeo/ranking/rank.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "libgeo/core/sum.h"
#include "libgeo/ranking/choices.h"

namespace lode {

namespace {

constexpr ranking_choices::Names<Missing, 5> missing_names{{{Missing::refuse, "refuse"},
                                                            {Missing::worst, "worst"},
                                                            {Missing::neutral, "neutral"},
                                                            {Missing::interval, "interval"},
                                                            {Missing::impute, "impute"}}};
constexpr std::size_t dominance_sites = 2000;
constexpr std::size_t correlation_sites = 5;

/// The table after screening, in the order of ids, column-major.
struct Work {
  std::vector<std::size_t> rows;  ///< table rows
  DrawInputs inputs;
  std::vector<std::vector<std::string>> missing;  ///< per site
};

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

Weights base_weights(const DecisionTable& table, const Work& work, const RankOptions& options) {
  const std::size_t n = work.rows.size(), m = table.criteria.size();
  const auto& columns = work.inputs.columns;
  switch (options.weights) {
    case WeightScheme::equal:
    case WeightScheme::free:
      return equal_weights(m);
    case WeightScheme::ahp:
      return ahp_weights(options.judgements.matrix, m, options.ahp);
    case WeightScheme::bwm:
      return bwm_weights(options.judgements.best, options.judgements.worst,
                         options.judgements.best_to, options.judgements.to_worst);
    case WeightScheme::swara:
      return swara_weights(options.judgements.order, options.judgements.step);
    case WeightScheme::entropy:
      return entropy_weights(columns, n, m);
    case WeightScheme::critic:
      return critic_weights(table.criteria, columns, n);
    case WeightScheme::merec:
      return merec_weights(table.criteria, columns, n);
    case WeightScheme::given:
    case WeightScheme::uncertain:
      return given_weights(table.criteria, options.rescale_weights);
    case WeightScheme::ordered:
    case WeightScheme::roc:
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
  return roc_weights(order);
}

/// Makes a column of mean 0 and length 1 (all 0 when constant), so that correlations are products.
void standardise(double* x, std::size_t n) {
  Sum sum, squares;
  for (std::size_t i = 0; i < n; ++i) sum += x[i];
  const double mean = sum.value() / static_cast<double>(n);
  for (std::size_t i = 0; i < n; ++i) {
    x[i] -= mean;
    squares += x[i] * x[i];
  }
  const double length = std::sqrt(squares.value());
  for (std::size_t i = 0; i < n; ++i) x[i] = length > 0.0 ? x[i] / length : 0.0;
}

double dot(const double* a, const double* b, std::size_t n) {
  double lanes[4] = {0.0, 0.0, 0.0, 0.0};
  for (std::size_t i = 0; i + 4 <= n; i += 4)
    for (std::size_t k = 0; k < 4; ++k) lanes[k] += a[i + k] * b[i + k];
  double sum = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
  for (std::size_t i = n - n % 4; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

void correlate(const DecisionTable& table, const Work& work, const RankOptions& options,
               RankResult& result) {
  const std::size_t n = work.rows.size(), m = table.criteria.size();
  if (n < correlation_sites) return;
  std::vector<double> columns(n * m);
  for (std::size_t j = 0; j < m; ++j) {
    for (std::size_t i = 0; i < n; ++i) {
      const double t = oriented(table.criteria[j], work.inputs.columns[j * n + i]);
      columns[j * n + i] =
          std::isfinite(t) ? t : -745.0;  // the logarithm of nothing: of the least double
    }
    standardise(columns.data() + j * n, n);
  }
  result.correlation.assign(m * m, 1.0);
  for (std::size_t j = 0; j < m; ++j)
    for (std::size_t k = j + 1; k < m; ++k) {
      const double r = dot(columns.data() + j * n, columns.data() + k * n, n);
      result.correlation[j * m + k] = result.correlation[k * m + j] = r;
      if (std::abs(r) < options.correlated_above) continue;
      const bool twin = r > 0.999;
      result.findings.add(
          twin ? "ranking.duplicate_criteria" : "ranking.correlated_criteria",
          twin ? Severity::warning : Severity::note,
          table.criteria[j].name + ", " + table.criteria[k].name,
          "correlation " + fixed_text(r, 3) +
              (r > 0.0 ? ": the same thing may count twice" : ": what one gains the other loses"));
    }
}

/// Rows that are at least as good on every criterion and better on one, up to three.
std::vector<std::vector<std::size_t>> dominators(const DecisionTable& table, const Work& work) {
  const std::size_t n = work.rows.size(), m = table.criteria.size();
  std::vector<std::vector<std::size_t>> out(n);
  if (n > dominance_sites) return out;
  std::vector<double> rows(n * m);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < m; ++j)
      rows[i * m + j] = oriented(table.criteria[j], work.inputs.columns[j * n + i]);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t k = 0; k < n && out[i].size() < 3; ++k) {
      bool better = false, worse = false;
      for (std::size_t j = 0; j < m && !worse; ++j) {
        worse = rows[k * m + j] < rows[i * m + j];
        better = better || rows[k * m + j] > rows[i * m + j];
      }
      if (better && !worse) out[i].push_back(work.rows[k]);
    }
  return out;
}

std::string category_name(std::size_t category, std::size_t profiles) {
  static constexpr const char* three[] = {"reject", "watch", "ready"};
  return profiles == 2 ? three[category] : "category " + std::to_string(category + 1);
}

/// One line of the result from the vectors of all.
void fill_site(const Scored& scored, const PreparedMethod& prepared, std::size_t i,
               RankedSite& site) {
  const std::size_t m = prepared.criteria.size();
  site.score = scored.score[i];
  site.contributions.assign(
      scored.contributions.begin() + static_cast<std::ptrdiff_t>(i * m),
      scored.contributions.begin() + static_cast<std::ptrdiff_t>((i + 1) * m));
  if (!scored.s.empty()) {
    site.s = scored.s[i];
    site.r = scored.r[i];
    site.compromise = scored.compromise[i];
  }
  if (!scored.phi_plus.empty()) {
    site.phi_plus = scored.phi_plus[i];
    site.phi_minus = scored.phi_minus[i];
  }
  if (!scored.descending.empty()) {
    site.descending = scored.descending[i];
    site.ascending = scored.ascending[i];
  }
  if (!scored.category.empty())
    site.category = category_name(scored.category[i], prepared.profiles.size());
  if (prepared.options.method == Method::electre_tri) {
    const std::size_t k = prepared.profiles.size();
    site.credibility.assign(scored.credibility.begin() + static_cast<std::ptrdiff_t>(i * k),
                            scored.credibility.begin() + static_cast<std::ptrdiff_t>((i + 1) * k));
  }
}

void fill_uncertainty(const RankUncertainty& u, std::size_t i, std::size_t m, RankedSite& site) {
  site.rank_p05 = u.p05[i];
  site.rank_p50 = u.p50[i];
  site.rank_p95 = u.p95[i];
  site.first_acceptability = u.first[i];
  site.rank_acceptability.assign(
      u.acceptability.begin() + static_cast<std::ptrdiff_t>(i * u.kept),
      u.acceptability.begin() + static_cast<std::ptrdiff_t>((i + 1) * u.kept));
  if (!std::isnan(u.central[i * m]))
    site.central_weights.assign(u.central.begin() + static_cast<std::ptrdiff_t>(i * m),
                                u.central.begin() + static_cast<std::ptrdiff_t>((i + 1) * m));
  if (!u.regret.empty()) site.regret = u.regret[i];
}

struct Scoring {
  PreparedMethod prepared;
  Scored scored;
  std::vector<std::size_t> ranks;
  std::vector<std::size_t> order;  ///< positions in `work`, in rank order
};

Scoring score_all(const DecisionTable& table, const Work& work, const RankOptions& options,
                  RankResult& result) {
  Scoring s;
  s.prepared = prepare_method(table.criteria, work.inputs.columns, work.rows.size(), options.method,
                              work.inputs.ids);
  s.scored = score(s.prepared, result.weights.weights);
  s.ranks = competition_ranks(s.scored.merit);
  s.order.resize(work.rows.size());
  std::iota(s.order.begin(), s.order.end(), std::size_t{0});
  std::stable_sort(s.order.begin(), s.order.end(),
                   [&](std::size_t a, std::size_t b) { return s.ranks[a] < s.ranks[b]; });
  result.findings.add(s.prepared.findings);
  result.findings.add(s.scored.findings);
  result.lower_is_better = s.scored.lower_is_better;
  return s;
}

RankUncertainty draw_all(const Work& work, const Scoring& s, const RankOptions& options,
                         const RankResult& result, const Progress& progress) {
  DrawOptions draws = options.draws;
  std::map<std::size_t, std::size_t> place;
  if (!draws.pairs.empty())
    for (std::size_t i = 0; i < work.rows.size(); ++i) place[work.rows[i]] = i;
  for (auto& [a, b] : draws.pairs) {
    if (place.count(a) == 0 || place.count(b) == 0)
      throw Error("ranking.no_such_site", "a site of the pair was left out by a hard rule", "pair");
    a = place[a];
    b = place[b];
  }
  WeightDraws weights;
  weights.scheme = options.weights;
  weights.base = result.weights.weights;
  weights.spread = options.weight_spread;
  weights.limits = options.weight_limits;
  return rank_draws(s.prepared, work.inputs, weights, draws, progress);
}

void say_what_is_special(const Work& work, const RankUncertainty& u, RankResult& result) {
  if (work.rows.size() == 1)
    result.findings.add("ranking.one_site", Severity::note, work.inputs.ids.front(),
                        "there is one site only: its rank says nothing");
  if (u.bin_width > 1)
    result.findings.add(
        "ranking.binned_ranks", Severity::note, "rank_p05, rank_p50, rank_p95",
        "above 10,000 sites rank quantiles are counted in bins of " + std::to_string(u.bin_width));
}

}  // namespace

std::string_view to_text(Missing missing) {
  return ranking_choices::name_of(missing_names, missing);
}
Missing parse_missing(std::string_view text, const std::string& where) {
  return ranking_choices::choice_of(missing_names, text, "rule for missing values", where);
}

RankResult rank(const DecisionTable& table, const RankOptions& options, const Progress& progress) {
  check_table(table);
  RankResult result;
  const std::size_t m = table.criteria.size();
  for (const auto& c : table.criteria) result.criteria.push_back(c.name);
  const Work work = gather(table, screen_rows(table, options.rules, result), options, result);
  const std::size_t n = work.rows.size();
  check_draw_cost(options.method.method, n, options.draws.draws);
  result.weights = base_weights(table, work, options);
  result.findings.add(result.weights.findings);
  const Scoring s = score_all(table, work, options, result);
  correlate(table, work, options, result);
  for (std::size_t j = 0; j < m; ++j) {
    const Bounds bounds = bounds_of(table.criteria[j], work.inputs.columns.data() + j * n, n);
    result.used.push_back(table.criteria[j]);
    result.used.back().lo = bounds.lo;
    result.used.back().hi = bounds.hi;
  }
  RankUncertainty u;
  const bool drawn = options.draws.draws > 0;
  if (drawn) u = draw_all(work, s, options, result, progress);
  const auto dominated = dominators(table, work);
  for (const auto i : s.order) {
    RankedSite site;
    site.row = work.rows[i];
    site.id = table.ids[site.row];
    site.name = table.names.empty() ? "" : table.names[site.row];
    site.rank = s.ranks[i];
    site.rank_p05 = site.rank_p50 = site.rank_p95 = static_cast<double>(site.rank);
    site.first_acceptability = site.rank == 1 ? 1.0 : 0.0;
    site.missing = work.missing[i];
    site.dominated_by = dominated[i];
    fill_site(s.scored, s.prepared, i, site);
    if (drawn) fill_uncertainty(u, i, m, site);
    if (s.prepared.options.method == Method::electre3 && !s.scored.credibility.empty())
      for (const auto k : s.order) site.credibility.push_back(s.scored.credibility[i * n + k]);
    result.sites.push_back(std::move(site));
  }
  result.draws = u.draws;
  result.rank_bin_width = u.bin_width;
  result.standard_error = u.standard_error;
  result.pair_wins = u.pair_wins;
  if (!u.pairwise.empty())
    for (const auto i : s.order)
      for (const auto k : s.order) result.pairwise.push_back(u.pairwise[i * n + k]);
  say_what_is_special(work, u, result);
  progress.update(1.0, "ranked");
  return result;
}

}  // namespace lode
