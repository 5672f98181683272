// Features with a class each, as constraints by tables of rules; and which rule binds a site.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "libgeo/environment/screening.h"
#include "libgeo/environment/setback_table.h"

namespace lode {

/// A layer before the tables have said how far to keep off.
struct ClassedFeatures {
  std::string name;   ///< of the constraint
  std::string where;  ///< of the layer, for messages
  std::vector<Geometry> geometry;
  std::vector<std::string> ids;            ///< as many as features, or empty
  std::vector<std::string> feature_class;  ///< as many as features
  /// Where each feature lies, as ISO 3166; empty = the one jurisdiction said for all.
  std::vector<std::string> jurisdiction;
};

/// A rule that governs features of a constraint.
struct RuleUse {
  std::string constraint;  ///< name of the ConstraintLayer
  std::string name;        ///< as in ConstraintLayer::rules
  std::string table;       ///< file
  SetbackRule rule;
  std::size_t features = 0;
  std::string overruled_by;  ///< name of the stricter rule, "" where this one governs
};

struct ClassConstraints {
  /// Hard rules under the name, those under review under `review_name`; one without features is
  /// left out. `rules` of each feature is the strictest rule's `rule_name`, `classes` as written.
  std::vector<ConstraintLayer> layers;
  std::vector<RuleUse> rules;      ///< in the tables' order
  std::vector<RuleUse> overruled;  ///< rules for the features' classes that a stricter one beats
  Findings findings;
};

/// The rules of all tables for a jurisdiction ("" = all) on a day (none = all days): each feature
/// keeps the strictest hard one and the strictest one under review. Features of classes without a
/// rule are left out. Features whose own jurisdiction is blank or no code have the rules of no
/// place alone ("setbacks.no_jurisdiction"). Findings of `rules_of_classes`,
/// "setbacks.dates_unused" (no day, but rules with dates) and "setbacks.several_jurisdictions"
/// (rules of a part of the jurisdiction, or of several places when none was said).
[[nodiscard]] ClassConstraints constraints_of_classes(ClassedFeatures features,
                                                      const std::vector<SetbackTable>& tables,
                                                      const std::string& jurisdiction,
                                                      const std::optional<Date>& day);

/// The rule whose setbacks take most of a site (the sum over its features; for equal takes, as of
/// points, the one that reaches farthest past the site, then the first).
struct BindingRule {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::size_t constraint = none;
  std::string rule;       ///< as in ConstraintLayer::rules; "" where none is known
  double taken_m2 = 0.0;  ///< summed over its features
  double reach_m = 0.0;   ///< setback less distance, of the feature where this is most
};
/// Of one constraint; `constraint` stays none when no setback meets the site.
[[nodiscard]] BindingRule binding_rule(const std::vector<ConstraintLayer>& layers,
                                       const SiteScreening& site, std::size_t constraint);
/// Of all hard constraints; of those under review where no hard one meets the site.
[[nodiscard]] BindingRule binding_rule(const std::vector<ConstraintLayer>& layers,
                                       const SiteScreening& site);

}  // namespace lode
