// The constraints of a study: layers with the setbacks that hold on its day, ready for screening.
#pragma once

#include <string>
#include <vector>

#include "libgeo/environment/screening.h"
#include "libgeo/study/context.h"

namespace lode {

/// One constraint as the stage screens it.
struct StudyConstraint {
  ConstraintLayer layer;
  std::string indicator;  ///< begins the names of its indicators: "streams", "streams_review"
  std::string path;       ///< of the layer, as the study names it (the first, of several rules)
  std::vector<std::string> citation;  ///< one a feature, "" = none said
};

/// Reads every rule that holds on the study's day. Findings "screen.rule_not_in_force" and those of
/// `constraints_of_classes`.
[[nodiscard]] std::vector<StudyConstraint> read_constraints(StudyContext& context);

/// "500 m setback" of a feature; with the rule's name where a table of rules says it.
[[nodiscard]] std::string setback_words(const ConstraintLayer& layer, std::size_t feature);

}  // namespace lode
