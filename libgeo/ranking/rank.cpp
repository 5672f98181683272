#include "libgeo/ranking/rank.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "libgeo/core/sum.h"
#include "libgeo/ranking/choices.h"
#include "libgeo/ranking/work.h"

namespace lode {

namespace {

constexpr ranking_choices::Names<Missing, 5> missing_names{{{Missing::refuse, "refuse"},
                                                            {Missing::worst, "worst"},
                                                            {Missing::neutral, "neutral"},
                                                            {Missing::interval, "interval"},
                                                            {Missing::impute, "impute"}}};
constexpr std::size_t dominance_sites = 2000;
constexpr std::size_t correlation_sites = 5;

using ranking_work::Work;

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
    // The logarithm of nothing stands with the worst finite one: a far value would outweigh all
    // others and make any two criteria that share a zero look like twins.
    double worst = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < n; ++i) {
      columns[j * n + i] = oriented(table.criteria[j], work.inputs.columns[j * n + i]);
      if (std::isfinite(columns[j * n + i])) worst = std::min(worst, columns[j * n + i]);
    }
    for (std::size_t i = 0; i < n; ++i)
      if (!std::isfinite(columns[j * n + i]))
        columns[j * n + i] = std::isfinite(worst) ? worst : 0.0;
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
  site.regret = u.regret[i];
  site.first_error = u.first_error[i];
  site.rank_entropy = u.rank_entropy[i];
  site.holistic_acceptability = u.holistic[i];
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
  weights.ratios = options.weight_ratios;
  return rank_draws(s.prepared, work.inputs, weights, draws, progress);
}

void say_what_is_special(const Work& work, const RankUncertainty& u, RankResult& result) {
  if (work.rows.size() == 1)
    result.findings.add("ranking.one_site", Severity::note, work.inputs.ids.front(),
                        "there is one site only: its rank says nothing");
  if (u.bin_width > 1)
    result.findings.add(
        "ranking.binned_ranks", Severity::note, "rank_p05, rank_p50, rank_p95",
        "above 10,000 sites rank quantiles beyond the leading ranks are counted in bins of " +
            std::to_string(u.bin_width));
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
  const Work work = ranking_work::make_work(table, options, result);
  const std::size_t n = work.rows.size();
  check_draw_cost(options.method.method, n, options.draws.draws);
  result.weights = ranking_work::base_weights(table, work, options);
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
  std::vector<double> confidence(n, not_stated);
  if (drawn) {
    u = draw_all(work, s, options, result, progress);
    confidence = confidence_factors(s.prepared, work.inputs, u, options.draws, progress);
    result.findings.add(u.findings);
  }
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
    site.confidence = confidence[i];
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
