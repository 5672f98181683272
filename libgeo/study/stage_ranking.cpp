// Last stage: the order of the located sites, and what is to be known about it.
#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/study/ranking_stage.h"

namespace lode {

namespace {

RankOptions rank_options(StudyContext& context, const RankingWork& work) {
  const RankingTable& said = context.study.ranking;
  RankOptions options = said.options;
  options.method.jobs = options.draws.jobs = context.options.jobs;
  options.draws.seed = context.result.seed;
  options.rules = hard_rules(context, work.rows);
  if (!said.pairwise.empty())
    options.judgements = read_judgements(context.read_text(said.pairwise, said.line),
                                         options.weights, context.study.criteria, said.pairwise);
  if (!said.unused.empty())
    context.result.findings.add(
        "study.option_unused", Severity::note, context.where(said.line),
        "options of [ranking] have no say with method = " +
            std::string(to_text(options.method.method)) +
            ", weights = " + std::string(to_text(options.weights)) +
            " (the comparison of methods apart): " + join(said.unused, ", "),
        said.unused.size());
  return options;
}

void keep_criteria(StudyContext& context, const RankResult& ranked) {
  for (std::size_t c = 0; c < ranked.used.size(); ++c) {
    const Criterion& used = ranked.used[c];
    UsedCriterion one;
    one.name = used.name;
    one.unit = used.unit;
    if (const auto* column = find_indicator(context, used.name); column && one.unit.empty())
      one.unit = column->unit;
    one.direction = to_text(used.direction);
    one.scale = to_text(used.scale);
    one.weight = c < ranked.weights.weights.size() ? ranked.weights.weights[c] : unknown;
    one.low_bound = used.lo;
    one.high_bound = used.hi;
    context.result.criteria.push_back(std::move(one));
  }
}

SiteStanding standing_of(const RankedSite& site, const RankResult& ranked,
                         const std::vector<std::size_t>& rows) {
  SiteStanding standing;
  standing.site = rows[site.row];
  standing.rank = static_cast<int>(site.rank);
  standing.score = site.score;
  standing.rank_p05 = site.rank_p05;
  standing.rank_p50 = site.rank_p50;
  standing.rank_p95 = site.rank_p95;
  standing.first_acceptability = site.first_acceptability;
  standing.rank_acceptability = site.rank_acceptability;
  for (std::size_t c = 0; c < ranked.criteria.size() && c < site.contributions.size(); ++c)
    standing.contributions.emplace_back(ranked.criteria[c], site.contributions[c]);
  standing.central_weights = site.central_weights;
  standing.confidence = site.confidence;
  standing.first_error = site.first_error;
  standing.rank_entropy = site.rank_entropy;
  standing.holistic_acceptability = site.holistic_acceptability;
  standing.regret = site.regret;
  standing.pareto_front = site.pareto_front;
  standing.dominators = site.dominators;
  standing.missing = site.missing;
  return standing;
}

void keep(StudyContext& context, const RankingWork& work) {
  StudyResult& result = context.result;
  const RankResult& ranked = work.ranked;
  keep_criteria(context, ranked);
  for (const auto& site : ranked.sites)
    result.ranking.push_back(standing_of(site, ranked, work.rows));
  for (const auto& dropped : ranked.dropped)
    result.left_out.push_back(
        {dropped.id, result.sites[work.rows[dropped.row]].name, "rule '" + dropped.rule + "'"});
  result.findings.add(ranked.findings);
  const RankOptions& options = context.study.ranking.options;
  result.method = to_text(options.method.method);
  result.weights_mode = to_text(options.weights);
  result.missing = to_text(options.missing);
  result.draws = options.draws.draws;
  result.figures.push_back({"sites ranked", static_cast<double>(result.ranking.size()), ""});
}

/// Where in the study file stands what an error of the ranking is about; the ranking room knows
/// criteria and rules by their names alone.
[[noreturn]] void rethrow_with_line(const StudyContext& context, const Error& error) {
  const StudyFile& study = context.study;
  const RankingTable& said = study.ranking;
  int line = said.line;
  if (error.code == "ranking.weight_limits")
    line = said.keys.line_of(said.keys.has("weight_limits") ? "weight_limits" : "weight_ratios");
  for (std::size_t j = 0; j < std::min(study.criteria.size(), study.criteria_keys.size()); ++j)
    if (study.criteria[j].name == error.where) line = study.criteria_keys[j].line;
  for (std::size_t r = 0; r < std::min(study.rules.size(), study.rule_keys.size()); ++r)
    if (study.rules[r].name == error.where) line = study.rule_keys[r].line;
  std::string place = context.where(line);
  if (!said.pairwise.empty() &&
      (error.code == "ranking.not_reciprocal" || error.code == "ranking.judgement" ||
       error.code == "ranking.not_square"))
    place = said.pairwise;
  Error with(error.code, error.what(), error.where.empty() ? place : place + ", " + error.where,
             error.hint);
  with.more = error.more;
  throw with;
}

}  // namespace

void stage_ranking(StudyContext& context, const Progress& progress) {
  progress.update(0.0, "ranking");
  say_turned_round(context);
  RankingWork work;
  for (std::size_t i = 0; i < context.result.sites.size(); ++i)
    if (context.result.sites[i].located) work.rows.push_back(i);
  fill_decision_table(context, work);
  work.options = rank_options(context, work);
  try {
    work.ranked = rank(work.table, work.options, progress.part(0.0, 0.3));
  } catch (const Error& error) {
    if (error.code.rfind("ranking.", 0) != 0) throw;
    rethrow_with_line(context, error);
  }
  keep(context, work);
  say_cautions(context);
  explain_ranking(context, work, progress.part(0.3, 1.0));
}

}  // namespace lode
