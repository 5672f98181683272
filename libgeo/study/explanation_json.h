// Why sites stand where they do and how far the order holds, as the JSON file beside the ranking.
#pragma once

#include "libgeo/core/json.h"
#include "libgeo/study/result.h"

namespace lode {

/// `criteria`, `sites` in rank order with what is known beside their rank, `pairs` with the keys of
/// lode-explain(1) and their `words`, and what was asked of the ranking: `stability`, `agreement`,
/// `reversal`, `screening`, `correlation`, `inflation`, `pairwise`. null = not known, or not asked.
[[nodiscard]] Json explanation_json(const StudyResult& result);

}  // namespace lode
