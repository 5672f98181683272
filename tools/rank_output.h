// What lode rank writes with -o: the input in rank order, the result in columns, a style for QGIS.
#pragma once

#include <string>

#include "tools/ranking_rows.h"

namespace lode::tools {

/// The input in rank order with the result beside it: LD_RANK LD_SCORE LD_R05 LD_R95 LD_ACC1, with
/// rules LD_RULE, with groups LD_GRANK, with classes LD_CLASS, with gaps LD_MISS, and unless
/// `short_names` (shapefiles) LD_C_<criterion>, the contributions. What a rule left out stands
/// last, unranked. Columns of an earlier result are replaced: note "ranking.replaced_columns".
[[nodiscard]] OutputLayer ranked_layer(const Ranked& ranked, bool short_names,
                                       const std::string& label_field, Findings& findings);

/// QGIS style (QML, 3.22 and later): coloured by rank, the first fifteen labelled.
[[nodiscard]] std::string rank_style(GeometryKind kind, std::size_t sites,
                                     const std::string& label_field);

}  // namespace lode::tools
