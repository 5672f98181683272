// After the ranking: why sites stand where they do, and how far the order holds.
#include <algorithm>
#include <cmath>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/ranking/families.h"
#include "libgeo/study/ranking_stage.h"

namespace lode {

namespace {

/// Questions that are asked unless the study says otherwise, up to so many sites: each scores all
/// sites hundreds of times. ELECTRE looks at every pair of sites each time.
constexpr std::size_t asked_sites = 1000, asked_electre_sites = 100;
constexpr std::size_t paired_sites = 30;
constexpr std::size_t reversal_trials = 200;
/// Each explanation draws anew: above so many sites only the first two are explained unasked.
constexpr std::size_t usual_sites = 2000;

/// Places in the ranking: the upper site, the lower one.
using Places = std::pair<std::size_t, std::size_t>;

std::vector<Places> neighbours(std::size_t sites, double count) {
  std::vector<Places> pairs;
  for (std::size_t k = 0; k + 1 < sites && static_cast<double>(k) < count; ++k)
    pairs.emplace_back(k, k + 1);
  return pairs;
}

/// The first against the second, then against the best mine at home, with allies, and the best
/// recycler.
std::vector<Places> usual_pairs(const StudyResult& result) {
  std::vector<Places> pairs = neighbours(result.ranking.size(), 1);
  if (result.ranking.size() > usual_sites) return pairs;
  const auto best = [&](auto belongs) {
    for (std::size_t k = 0; k < result.ranking.size(); ++k)
      if (belongs(result.sites[result.ranking[k].site])) {
        const Places pair{0, k};
        if (k > 0 && std::find(pairs.begin(), pairs.end(), pair) == pairs.end())
          pairs.push_back(pair);
        return;
      }
  };
  best([](const Site& site) { return site.group == "domestic" && site.kind == "primary"; });
  best([](const Site& site) { return site.group == "allied" && site.kind == "primary"; });
  best([](const Site& site) { return site.kind == "secondary"; });
  return pairs;
}

std::vector<Places> asked_pairs(StudyContext& context) {
  const RankingTable& said = context.study.ranking;
  const StudyResult& result = context.result;
  if (said.neighbours) return neighbours(result.ranking.size(), *said.neighbours);
  if (said.pairs.empty()) return usual_pairs(result);
  std::vector<Places> pairs;
  const auto place_of = [&](const std::string& id) {
    std::size_t k = 0;
    while (k < result.ranking.size() && result.sites[result.ranking[k].site].id != id) ++k;
    return k;
  };
  for (const auto& pair : said.pairs) {
    const Places places = std::minmax({place_of(pair.a), place_of(pair.b)});
    if (places.second < result.ranking.size())
      pairs.push_back(places);
    else
      context.result.findings.add(
          "study.not_explained", Severity::warning, context.where(pair.line),
          "a site of the pair " + printable(pair.a) + ", " + printable(pair.b) +
              " does not stand in the ranking: it has no place, or a rule left it out");
  }
  return pairs;
}

/// Runs one question; a refusal leaves the ranking as it is and is said.
template <class Ask>
void ask(StudyContext& context, const std::string& what, Ask question) {
  try {
    question();
  } catch (const Error& error) {
    if (error.code == "run.interrupted") throw;
    context.result.findings.add("study.not_explained", Severity::warning,
                                context.where(context.study.ranking.line),
                                what + " was refused: " + error.what() + " [" + error.code + "]");
  }
}

void explain_pairs(StudyContext& context, const RankingWork& work, const Progress& progress) {
  const std::vector<Places> pairs = asked_pairs(context);
  StudyResult& result = context.result;
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    const double all = static_cast<double>(pairs.size()), at = static_cast<double>(k);
    PairExplained one;
    one.a = result.ranking[pairs[k].first].site;
    one.b = result.ranking[pairs[k].second].site;
    const std::string& a = result.sites[one.a].id;
    const std::string& b = result.sites[one.b].id;
    progress.update(at / all, "explaining " + a + " and " + b);
    ask(context, "explaining " + a + " and " + b, [&] {
      one.why = explain(work.table, a, b, work.options, progress.part(at / all, (at + 1.0) / all));
      one.words = narrate(one.why);
      one.why.ranking = {};
      result.explained.push_back(std::move(one));
    });
  }
}

bool asked(const std::optional<bool>& said, const RankingWork& work) {
  if (said) return *said;
  const Method method = work.options.method.method;
  const bool pairs = is_electre(method);
  return work.ranked.sites.size() <= (pairs ? asked_electre_sites : asked_sites);
}

void check_ranking(StudyContext& context, const RankingWork& work, const Progress& progress) {
  const RankingTable& said = context.study.ranking;
  RankingChecks& checks = context.result.checks;
  progress.update(0.0, "asking the ranking");
  if (asked(said.compare, work))
    ask(context, "comparing methods", [&] {
      checks.agreement = compare_methods(work.table, work.options, progress.part(0.0, 0.2));
      for (auto& one : compare_variants(work.table, work.options, progress.part(0.2, 0.3)))
        checks.agreement.push_back(std::move(one));
    });
  progress.update(0.3, "asking the ranking");
  if (asked(said.reversal, work) && work.ranked.sites.size() > 2)
    ask(context, "the test for rank reversal", [&] {
      checks.reversal =
          test_rank_reversal(work.table, work.options, reversal_trials, progress.part(0.3, 0.6));
    });
  progress.update(0.6, "asking the ranking");
  if (asked(said.stability, work) && work.ranked.sites.size() > 1)
    ask(context, "the stability of weights", [&] {
      checks.stability = weight_stability(work.table, work.options, progress.part(0.6, 1.0),
                                          &context.result.findings);
    });
}

/// What the ranking itself knows.
void keep_checks(StudyContext& context, const RankResult& ranked) {
  RankingChecks& checks = context.result.checks;
  checks.screening = ranked.screening;
  checks.correlation = ranked.correlation;
  checks.inflation = ranked.inflation;
  checks.standard_error = ranked.standard_error;
  checks.consistency_ratio = ranked.weights.consistency_ratio;
  checks.rank_bin_width = ranked.rank_bin_width;
  checks.weights_note = ranked.weights.note;
  const std::size_t n = ranked.sites.size();
  if (ranked.pairwise.size() != n * n) return;
  checks.paired = std::min(n, paired_sites);
  for (std::size_t a = 0; a < checks.paired; ++a)
    for (std::size_t b = 0; b < checks.paired; ++b)
      checks.pairwise.push_back(ranked.pairwise[a * n + b]);
}

}  // namespace

void explain_ranking(StudyContext& context, const RankingWork& work, const Progress& progress) {
  keep_checks(context, work.ranked);
  explain_pairs(context, work, progress.part(0.0, 0.6));
  check_ranking(context, work, progress.part(0.6, 1.0));
}

}  // namespace lode
