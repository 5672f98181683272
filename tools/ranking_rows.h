// The result of lode rank as JSON, and in sentences for people.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libgeo/ranking/compare.h"
#include "libgeo/ranking/explain.h"
#include "libgeo/ranking/narrative.h"
#include "libgeo/ranking/stability.h"
#include "tools/ranking_parts.h"

namespace lode::tools {

/// Everything that a run of lode rank came to.
struct Ranked {
  RankingInput input;
  RankResult result;
  std::string group_field;              ///< --group-by, "" = none
  std::vector<std::string> group;       ///< by place in `result.sites`; "" = not known
  std::vector<std::size_t> group_rank;  ///< likewise; 0 = its group is not known
  bool drawn = false;                   ///< weights or data differ from draw to draw
  std::optional<std::vector<StableWeight>> stability;  ///< --stability
  std::vector<Agreement> agreement;                    ///< --compare: the other methods
  std::vector<Agreement> variants;                     ///< --compare: other scales and weightings
  std::optional<ReversalTest> reversal;                ///< --reversal
  struct Pair {
    std::string a, b;
    Narrative words;
  };
  std::vector<Pair> pairs;  ///< --explain
};

/// One site, by its place in rank order.
[[nodiscard]] Json rank_row(const Ranked& ranked, std::size_t place);

/// The summary with what was asked for beside the order. `wins`: the shares of draws in which one
/// site beats another, by their ids.
[[nodiscard]] Json rank_summary(const Ranked& ranked, bool wins);

/// "Alpha (A)", or the id alone.
[[nodiscard]] std::string site_name(const RankedSite& site);

/// The table for people, up to `rows` sites, and what it means: who is first, how sure, what was
/// left out, what to be careful of.
[[nodiscard]] std::string rank_words(const Ranked& ranked, std::size_t rows,
                                     const Findings& findings);

}  // namespace lode::tools
