// What the files of the ranking stage hand to one another; used inside this room only.
#pragma once

#include <cstddef>
#include <vector>

#include "libgeo/ranking/rank.h"
#include "libgeo/study/context.h"

namespace lode {

/// The ranking on its way: what is ranked, how, and what came out.
struct RankingWork {
  std::vector<std::size_t> rows;  ///< sites that are ranked: indices into StudyResult::sites
  DecisionTable table;
  RankOptions options;
  RankResult ranked;
};

[[nodiscard]] const IndicatorColumn* find_indicator(const StudyContext& context,
                                                    const std::string& name);
/// The column that a criterion reads: its field, else its name.
[[nodiscard]] inline const std::string& field_of(const Criterion& criterion) {
  return criterion.field.empty() ? criterion.name : criterion.field;
}
/// Criteria, values, spread and simulations of the sites in `work.rows`; a criterion that names a
/// field brings it in as an indicator. Error "ranking.unit".
void fill_decision_table(StudyContext& context, RankingWork& work);
/// Hard rules of numbers and of words, with one value a ranked site.
[[nodiscard]] std::vector<HardRule> hard_rules(const StudyContext& context,
                                               const std::vector<std::size_t>& rows);
/// A rule of words may look at these where no column of the sites is called so.
[[nodiscard]] const std::vector<std::string>& word_fields();

/// Why one site stands above another, and what was asked of the ranking as a whole.
void explain_ranking(StudyContext& context, const RankingWork& work, const Progress& progress);

/// A criterion that turns an indicator round is a slip more often than a wish.
void say_turned_round(StudyContext& context);
/// What the figures do not carry: tonnes in the ground, economics on weak classes, partial suites,
/// a first place on next to no tonnes. Fills `cautions` of the standings.
void say_cautions(StudyContext& context);

}  // namespace lode
