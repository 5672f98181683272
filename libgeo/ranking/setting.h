// Inside of the ranking room: two sites in their setting, and their margin under what-ifs.
#pragma once

#include <string>
#include <vector>

#include "libgeo/ranking/explain.h"
#include "libgeo/ranking/work.h"

namespace lode::ranking_work {

/// The two sites in their setting: everything a what-if needs.
struct Setting {
  const DecisionTable& table;
  MethodOptions options;
  std::vector<std::string> ids;
  std::vector<double> columns;
  std::size_t sites = 0, a = 0, b = 0;
  std::vector<double> weights;
  PreparedMethod prepared;
};

/// How far a is ahead of b; PROMETHEE I by net flows.
[[nodiscard]] double margin_of(const Scored& scored, Method method, std::size_t a, std::size_t b);
[[nodiscard]] double margin_with(const Setting& setting, const std::vector<double>& columns,
                                 const std::vector<double>& weights);
[[nodiscard]] double margin_with(const Setting& setting, const std::vector<double>& weights);

/// True when no other site has a say in the scores of these two: then they may be scored alone.
[[nodiscard]] bool stands_alone(const Setting& setting);
/// The same setting with the two sites only.
[[nodiscard]] Setting alone(const Setting& setting);

/// Fills `sobol`, `sobol_weights` and `margin_deviation`.
void find_sobol(const Setting& setting, const Work& work, const RankOptions& options,
                const Progress& progress, Explanation& out);

}  // namespace lode::ranking_work
