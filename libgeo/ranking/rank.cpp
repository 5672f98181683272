#include "libgeo/ranking/rank.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "libgeo/ranking/choices.h"
#include "libgeo/ranking/families.h"
#include "libgeo/ranking/guards.h"
#include "libgeo/ranking/merge.h"
#include "libgeo/ranking/work.h"

namespace lode {

namespace {

constexpr ranking_choices::Names<Missing, 5> missing_names{{{Missing::refuse, "refuse"},
                                                            {Missing::worst, "worst"},
                                                            {Missing::neutral, "neutral"},
                                                            {Missing::interval, "interval"},
                                                            {Missing::impute, "impute"}}};
constexpr ranking_choices::Names<Pareto, 4> pareto_names{{{Pareto::automatic, "automatic"},
                                                          {Pareto::report, "report"},
                                                          {Pareto::drop, "drop"},
                                                          {Pareto::off, "off"}}};
constexpr std::size_t dominance_sites = 20000;

using ranking_work::Parts;
using ranking_work::Work;

void score_all(const DecisionTable& table, const Work& work, const RankOptions& options,
               Parts& parts, RankResult& result) {
  parts.prepared = prepare_method(table.criteria, work.inputs.columns, work.rows.size(),
                                  options.method, work.inputs.ids);
  parts.scored = score(parts.prepared, result.weights.weights);
  parts.ranks = competition_ranks(parts.scored.merit);
  parts.order.resize(work.rows.size());
  std::iota(parts.order.begin(), parts.order.end(), std::size_t{0});
  std::stable_sort(parts.order.begin(), parts.order.end(),
                   [&](std::size_t a, std::size_t b) { return parts.ranks[a] < parts.ranks[b]; });
  result.findings.add(parts.prepared.findings);
  result.findings.add(parts.scored.findings);
  result.lower_is_better = parts.scored.lower_is_better;
}

void guard(const DecisionTable& table, const Work& work, const RankOptions& options,
           RankResult& result) {
  const std::size_t n = work.rows.size();
  const auto& columns = work.inputs.columns;
  result.correlation = criteria_correlation(table.criteria, columns, n, options.method.jobs);
  result.inflation = inflation_factors(result.correlation, n);
  result.findings.add(overlap_findings(table.criteria, result.correlation, result.inflation, n,
                                       {options.correlated_above, options.inflated_above}));
  result.findings.add(meaning_findings(table.criteria, columns, n, result.weights.weights));
  if (!clamps_to_bounds(options.method.method, options.method.normalise))
    result.findings.add(floor_findings(table.criteria, columns, n));
  if (options.draws.draws > 0) result.findings.add(spread_findings(table));
}

void keep_bounds(const DecisionTable& table, const Work& work, RankResult& result) {
  const std::size_t n = work.rows.size();
  for (std::size_t j = 0; j < table.criteria.size(); ++j) {
    const Bounds bounds = bounds_of(table.criteria[j], work.inputs.columns.data() + j * n, n);
    result.used.push_back(table.criteria[j]);
    result.used.back().lo = bounds.lo;
    result.used.back().hi = bounds.hi;
  }
}

/// Pairs are asked for by table row and drawn by place in `work`.
std::vector<std::pair<std::size_t, std::size_t>> pairs_of(const DecisionTable& table,
                                                          const Work& work,
                                                          const RankOptions& options) {
  auto pairs = options.draws.pairs;
  if (pairs.empty()) return pairs;
  constexpr auto none = static_cast<std::size_t>(-1);
  std::vector<std::size_t> place(table.ids.size(), none);
  for (std::size_t i = 0; i < work.rows.size(); ++i) place[work.rows[i]] = i;
  for (auto& [a, b] : pairs) {
    for (auto* row : {&a, &b}) {
      if (*row >= place.size())
        throw Error("ranking.no_such_site", "the table has no row " + std::to_string(*row), "pair");
      if (place[*row] == none)
        throw Error("ranking.no_such_site", "a site of the pair was left out before scoring",
                    table.ids[*row], "Loosen the rule that it fails.");
      *row = place[*row];
    }
  }
  return pairs;
}

void draw_all(const DecisionTable& table, const Work& work, const RankOptions& options,
              const RankResult& result, const Progress& progress, Parts& parts) {
  DrawOptions draws = options.draws;
  draws.pairs = pairs_of(table, work, options);
  WeightDraws weights;
  weights.scheme = options.weights;
  weights.base = result.weights.weights;
  weights.spread = options.weight_spread;
  weights.limits = options.weight_limits;
  weights.ratios = options.weight_ratios;
  parts.uncertainty = rank_draws(parts.prepared, work.inputs, weights, draws, progress);
  parts.drawn = true;
}

/// Dominance of what is ranked, or a word that it was not looked at.
void compare(const DecisionTable& table, Work& work, const RankOptions& options,
             const Progress& progress, Parts& parts, RankResult& result) {
  const std::size_t n = work.rows.size();
  if (options.pareto == Pareto::off) return;
  if (options.pareto == Pareto::automatic && n > dominance_sites) {
    result.findings.add("ranking.dominance_skipped", Severity::note, "dominated_by",
                        "who dominates whom was not looked at among " + std::to_string(n) +
                            " sites: above 20,000 it is done on request only");
    return;
  }
  parts.compared = true;
  parts.dominance = options.pareto == Pareto::drop
                        ? std::move(work.dominance)
                        : ranking_work::dominance_of(table, work, options, progress);
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
std::string_view to_text(Pareto pareto) {
  return ranking_choices::name_of(pareto_names, pareto);
}
Pareto parse_pareto(std::string_view text, const std::string& where) {
  return ranking_choices::choice_of(pareto_names, text, "way to treat dominated sites", where);
}

RankResult rank(const DecisionTable& table, const RankOptions& options, const Progress& progress) {
  check_table(table);
  RankResult result;
  for (const auto& c : table.criteria) result.criteria.push_back(c.name);
  const bool drawn = options.draws.draws > 0, drop = options.pareto == Pareto::drop;
  const double before = drop ? 0.3 : 0.0, after = drawn ? before + 0.1 : 0.9;
  Work work = ranking_work::make_work(table, options, result, progress.part(0.0, before), true);
  check_draw_cost(options.method.method, work.rows.size(), options.draws.draws);
  result.weights = ranking_work::base_weights(table, work, options);
  result.findings.add(result.weights.findings);
  Parts parts;
  score_all(table, work, options, parts, result);
  progress.check();
  guard(table, work, options, result);
  keep_bounds(table, work, result);
  compare(table, work, options, progress.part(before, after), parts, result);
  if (drawn) {
    draw_all(table, work, options, result, progress.part(after, 1.0), parts);
    parts.confidence =
        confidence_factors(parts.prepared, work.inputs, parts.uncertainty, options.draws, progress);
    result.findings.add(parts.uncertainty.findings);
  }
  ranking_work::merge_sites(table, work, parts, options.method.jobs, result);
  say_what_is_special(work, parts.uncertainty, result);
  progress.update(1.0, "ranked");
  return result;
}

}  // namespace lode
