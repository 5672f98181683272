#include "libgeo/ranking/explain.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/setting.h"

namespace lode {

namespace {

using ranking_work::Setting;
using ranking_work::Work;

std::size_t row_of(const DecisionTable& table, const std::string& id) {
  const auto at = std::find(table.ids.begin(), table.ids.end(), id);
  if (at == table.ids.end())
    throw Error("ranking.no_such_site", "there is no site '" + printable(id) + "'", {},
                suggestion(id, table.ids));
  return static_cast<std::size_t>(at - table.ids.begin());
}

const RankedSite& ranked(const RankResult& result, std::size_t row, const std::string& id) {
  for (const auto& site : result.sites)
    if (site.row == row) return site;
  throw Error("ranking.no_such_site", "the site was left out by a hard rule", printable(id),
              "Loosen the rule to compare it.");
}

/// Where a value stands on its criterion's scale, 0 to 1; NaN where the scale cannot take it.
void place_on_scale(const Criterion& used, ComparedCriterion& c) {
  try {
    const auto norm = normalise({used}, {c.value_a, c.value_b}, 2, Normalise::bounds);
    c.merit_a = std::isfinite(norm.merit[0]) ? norm.merit[0] : not_stated;
    c.merit_b = std::isfinite(norm.merit[1]) ? norm.merit[1] : not_stated;
  } catch (const Error&) {
    c.merit_a = c.merit_b = not_stated;
  }
}

ComparedCriterion compared(const Setting& s, const Work& work, const Criterion& used,
                           std::size_t j) {
  ComparedCriterion c;
  const Criterion& own = s.table.criteria[j];
  c.name = own.name;
  c.unit = own.unit;
  c.direction = own.direction;
  c.ideal = own.ideal;
  c.ideal_to = own.ideal_to;
  c.curve = !own.curve.empty();
  c.weight = s.weights[j];
  c.lo = used.lo;
  c.hi = used.hi;
  c.observed = own.curve.empty() && (std::isnan(own.lo) || std::isnan(own.hi));
  const std::size_t a = j * s.sites + s.a, b = j * s.sites + s.b;
  c.value_a = s.columns[a];
  c.value_b = s.columns[b];
  c.low_a = work.inputs.low[a];
  c.high_a = work.inputs.high[a];
  c.low_b = work.inputs.low[b];
  c.high_b = work.inputs.high[b];
  place_on_scale(used, c);
  const bool by_merit = clamps_to_bounds(s.options.method, s.options.normalise) &&
                        !std::isnan(c.merit_a) && !std::isnan(c.merit_b);
  const double x = by_merit ? c.merit_a : oriented(own, c.value_a);
  const double y = by_merit ? c.merit_b : oriented(own, c.value_b);
  c.better = x > y ? 1 : x < y ? -1 : 0;
  const auto filled = [&](std::size_t site) {
    const auto& names = work.missing[site];
    return std::find(names.begin(), names.end(), own.name) != names.end();
  };
  c.filled_a = filled(s.a);
  c.filled_b = filled(s.b);
  return c;
}

void find_dominance(Explanation& out) {
  bool a = false, b = false;
  for (const auto& c : out.criteria) {
    a = a || c.better > 0;
    b = b || c.better < 0;
  }
  out.dominance = a && !b ? 1 : b && !a ? -1 : 0;
}

void find_correlated(const RankOptions& options, Explanation& out) {
  const auto& r = out.ranking.correlation;
  const std::size_t m = out.criteria.size();
  if (r.size() != m * m) return;
  for (std::size_t j = 0; j < m; ++j)
    for (std::size_t k = j + 1; k < m; ++k)
      if (std::abs(r[j * m + k]) >= options.correlated_above)
        out.correlated.push_back({j, k, r[j * m + k]});
}

TopsisDistance distance_of(const Setting& s, std::size_t site) {
  TopsisDistance out;
  const std::size_t m = s.weights.size();
  double plus = 0.0, minus = 0.0;
  for (std::size_t j = 0; j < m; ++j) {
    const double w2 = s.weights[j] * s.weights[j];
    out.plus_shares.push_back(w2 * s.prepared.toward[j * s.sites + site]);
    out.minus_shares.push_back(w2 * s.prepared.away[j * s.sites + site]);
    plus += out.plus_shares.back();
    minus += out.minus_shares.back();
  }
  out.plus = std::sqrt(plus);
  out.minus = std::sqrt(minus);
  for (std::size_t j = 0; j < m; ++j) {
    out.plus_shares[j] = plus > 0.0 ? out.plus_shares[j] / plus : 0.0;
    out.minus_shares[j] = minus > 0.0 ? out.minus_shares[j] / minus : 0.0;
  }
  return out;
}

/// What the ranking says of the two.
void keep_standing(const RankOptions& options, const RankResult& ranking,
                   const std::pair<std::size_t, std::size_t>& rows, Explanation& out) {
  const RankedSite& a = ranked(ranking, rows.first, out.a);
  const RankedSite& b = ranked(ranking, rows.second, out.b);
  out.rank_a = a.rank;
  out.rank_b = b.rank;
  out.score_a = a.score;
  out.score_b = b.score;
  out.name_a = a.name;
  out.name_b = b.name;
  out.method = options.method.method;
  out.normalise = options.method.normalise;
  out.missing = options.missing;
  out.draws = out.ranking.draws;
}

void find_wins(const RankResult& ranking, std::size_t pair, Explanation& out) {
  if (pair >= ranking.pair_wins.size()) {
    out.win_probability = out.margin > 0.0 ? 1.0 : out.margin == 0.0 ? 0.5 : 0.0;
    return;
  }
  const double p = out.win_probability = ranking.pair_wins[pair];
  const double ties = out.level_probability = ranking.pair_ties[pair];
  // A draw counts 0, 1/2 or 1, so its mean square is p less a quarter of the ties.
  if (out.draws > 0)
    out.win_error =
        std::sqrt(std::max(0.0, p - 0.25 * ties - p * p) / static_cast<double>(out.draws));
}

}  // namespace

bool stand_level(const Explanation& why) {
  return std::abs(why.margin) <=
         1e-12 * std::max({1.0, std::abs(why.score_a), std::abs(why.score_b)});
}

namespace {

/// Screened and filled once for all pairs.
struct Base {
  const DecisionTable& table;
  const RankOptions& options;
  const Work& work;
  std::size_t place_of(const std::string& id) const {
    const std::size_t row = row_of(table, id);
    const auto at = std::find(work.rows.begin(), work.rows.end(), row);
    if (at == work.rows.end())
      throw Error("ranking.no_such_site", "the site was left out by a hard rule", printable(id),
                  "Loosen the rule to compare it.");
    return static_cast<std::size_t>(at - work.rows.begin());
  }
};

/// Everything but the standing and the wins, which the ranking has said.
void account_for(const Base& base, Setting& s, const Scored& scored, const Progress& progress,
                 Explanation& out) {
  out.margin = ranking_work::margin_of(scored, s.options.method, s.a, s.b);
  for (std::size_t j = 0; j < base.table.criteria.size(); ++j)
    out.criteria.push_back(compared(s, base.work, out.ranking.used[j], j));
  find_dominance(out);
  find_correlated(base.options, out);
  if (s.options.method == Method::topsis) {
    out.topsis_a = distance_of(s, s.a);
    out.topsis_b = distance_of(s, s.b);
  }
  ranking_work::find_split(s, scored, progress.part(0.0, 0.2), out);
  ranking_work::find_flips(s, progress.part(0.2, 0.7), out);
  ranking_work::find_tornado(s, base.work, out);
  ranking_work::find_sobol(s, base.work, base.options, progress.part(0.7, 1.0), out);
}

/// The ranking without its sites.
RankResult frame_of(const RankResult& ranking) {
  RankResult out;
  out.criteria = ranking.criteria;
  out.weights = ranking.weights;
  out.used = ranking.used;
  out.lower_is_better = ranking.lower_is_better;
  out.draws = ranking.draws;
  out.correlation = ranking.correlation;
  out.inflation = ranking.inflation;
  return out;
}

}  // namespace

std::vector<Explanation> explain_in_order(const DecisionTable& table,
                                          const std::vector<std::string>& sites,
                                          RankOptions options, const Progress& progress) {
  if (sites.size() < 2)
    throw Error("ranking.same_site", "fewer than two sites are compared", {}, "Name two sites.");
  options.draws.pairs.clear();
  for (std::size_t k = 0; k + 1 < sites.size(); ++k) {
    options.draws.pairs.emplace_back(row_of(table, sites[k]), row_of(table, sites[k + 1]));
    if (options.draws.pairs.back().first == options.draws.pairs.back().second)
      throw Error("ranking.same_site", "a site is compared with itself", printable(sites[k]),
                  "Name two sites.");
  }
  RankResult screened;
  check_table(table);
  const Work work = ranking_work::make_work(table, options, screened);
  const Base base{table, options, work};
  for (const auto& id : sites) static_cast<void>(base.place_of(id));
  RankResult ranking = rank(table, options, progress.part(0.0, 0.5));
  Setting s{table,
            options.method,
            work.inputs.ids,
            work.inputs.columns,
            work.rows.size(),
            0,
            0,
            ranking.weights.weights,
            {}};
  s.prepared = prepare_method(table.criteria, s.columns, s.sites, s.options, s.ids);
  const Scored scored = score(s.prepared, s.weights);
  const std::size_t pairs = sites.size() - 1;
  std::vector<Explanation> all(pairs);
  for (std::size_t k = 0; k < pairs; ++k) {
    Explanation& out = all[k];
    out.a = sites[k];
    out.b = sites[k + 1];
    s.a = base.place_of(out.a);
    s.b = base.place_of(out.b);
    out.ranking = frame_of(ranking);
    keep_standing(options, ranking, options.draws.pairs[k], out);
    const double from = static_cast<double>(k) / static_cast<double>(pairs);
    const double to = static_cast<double>(k + 1) / static_cast<double>(pairs);
    account_for(base, s, scored, progress.part(0.5 + 0.5 * from, 0.5 + 0.5 * to), out);
    find_wins(ranking, k, out);
  }
  Findings own = all[0].ranking.findings;
  all[0].ranking = std::move(ranking);
  all[0].ranking.findings.add(own);
  return all;
}

Explanation explain(const DecisionTable& table, const std::string& a, const std::string& b,
                    RankOptions options, const Progress& progress) {
  return std::move(explain_in_order(table, {a, b}, std::move(options), progress).front());
}

}  // namespace lode
