#include "libgeo/ranking/merge.h"

#include <cmath>

#include "libgeo/core/parallel.h"

namespace lode::ranking_work {

namespace {

constexpr std::size_t block_sites = 4096;

std::vector<double> row_of(const std::vector<double>& rows, std::size_t i, std::size_t width) {
  if (rows.size() < (i + 1) * width) return {};
  const auto from = rows.begin() + static_cast<std::ptrdiff_t>(i * width);
  return {from, from + static_cast<std::ptrdiff_t>(width)};
}

std::string category_name(std::size_t category, std::size_t profiles) {
  static constexpr const char* three[] = {"reject", "watch", "ready"};
  return profiles == 2 ? three[category] : "category " + std::to_string(category + 1);
}

void fill_score(const Parts& parts, std::size_t i, RankedSite& site) {
  const Scored& scored = parts.scored;
  site.score = scored.score[i];
  site.contributions = row_of(scored.contributions, i, parts.prepared.criteria.size());
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
  const std::size_t profiles = parts.prepared.profiles.size();
  if (!scored.category.empty()) site.category = category_name(scored.category[i], profiles);
  if (parts.prepared.options.method == Method::electre_tri)
    site.credibility = row_of(scored.credibility, i, profiles);
}

void fill_uncertainty(const Parts& parts, std::size_t i, RankedSite& site) {
  if (!parts.drawn) return;  // how sure the rank is stays unknown
  const RankUncertainty& u = parts.uncertainty;
  const std::size_t m = parts.prepared.criteria.size();
  site.rank_p05 = u.p05[i];
  site.rank_p50 = u.p50[i];
  site.rank_p95 = u.p95[i];
  site.first_acceptability = u.first[i];
  site.rank_acceptability = row_of(u.acceptability, i, u.kept);
  if (!std::isnan(u.central[i * m])) site.central_weights = row_of(u.central, i, m);
  if (!u.regret.empty()) site.regret = u.regret[i];
  if (!u.first_error.empty()) site.first_error = u.first_error[i];
  if (!u.rank_entropy.empty()) site.rank_entropy = u.rank_entropy[i];
  if (!u.holistic.empty()) site.holistic_acceptability = u.holistic[i];
  if (!parts.confidence.empty()) site.confidence = parts.confidence[i];
}

void fill_dominance(const Work& work, const Parts& parts, std::size_t i, RankedSite& site) {
  if (!parts.compared) return;
  const Dominance& d = parts.dominance;
  site.dominators = d.dominated_by[i];
  site.dominates = d.dominates[i];
  site.pareto_front = d.front[i];
  for (const auto k : d.named[i]) site.dominated_by.push_back(work.rows[k]);
}

/// What stands between each two sites: credibilities and the partial order, both in rank order.
void fill_relations(const Work& work, const Parts& parts, std::size_t i, RankedSite& site) {
  const std::size_t n = work.rows.size();
  const Scored& scored = parts.scored;
  if (parts.prepared.options.method == Method::electre3 && scored.credibility.size() == n * n)
    for (const auto k : parts.order) site.credibility.push_back(scored.credibility[i * n + k]);
  if (scored.relation.size() != n * n) return;
  for (const auto k : parts.order) {
    if (k == i) continue;
    const char relation = scored.relation[i * n + k];
    if (relation == 'P') site.preferred_to.push_back(work.inputs.ids[k]);
    if (relation == 'R') site.incomparable.push_back(work.inputs.ids[k]);
  }
}

}  // namespace

void merge_sites(const DecisionTable& table, const Work& work, const Parts& parts, int jobs,
                 RankResult& result) {
  const std::size_t n = work.rows.size();
  result.sites.resize(n);
  parallel_blocks(n, block_sites, jobs, [&](std::size_t from, std::size_t to, std::size_t) {
    for (std::size_t at = from; at < to; ++at) {
      const std::size_t i = parts.order[at];
      RankedSite& site = result.sites[at];
      site.row = work.rows[i];
      site.id = table.ids[site.row];
      if (!table.names.empty()) site.name = table.names[site.row];
      site.rank = parts.ranks[i];
      if (!work.missing.empty()) site.missing = work.missing[i];
      fill_score(parts, i, site);
      fill_uncertainty(parts, i, site);
      fill_dominance(work, parts, i, site);
      fill_relations(work, parts, i, site);
    }
  });
  const RankUncertainty& u = parts.uncertainty;
  result.draws = u.draws;
  result.rank_bin_width = u.bin_width;
  result.standard_error = u.standard_error;
  result.pair_wins = u.pair_wins;
  result.pair_ties = u.pair_ties;
  if (u.pairwise.empty()) return;
  result.pairwise.reserve(n * n);
  for (const auto i : parts.order)
    for (const auto k : parts.order) result.pairwise.push_back(u.pairwise[i * n + k]);
}

}  // namespace lode::ranking_work
