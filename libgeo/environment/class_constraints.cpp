#include "libgeo/environment/class_constraints.h"

#include <map>
#include <set>
#include <utility>

#include "libgeo/core/jurisdiction.h"
#include "libgeo/core/text.h"
#include "libgeo/environment/rules.h"

namespace lode {
namespace {

/// The rules that name a class of the features; only these can be applied wrongly.
std::vector<const SetbackRule*> met_rules(const std::vector<const SetbackRule*>& rules,
                                          const std::vector<std::string>& feature_class) {
  std::set<std::string> met;
  for (const std::string& text : feature_class) met.insert(class_key(text));
  std::vector<const SetbackRule*> out;
  for (const SetbackRule* rule : rules)
    if (met.contains(class_key(rule->feature_class))) out.push_back(rule);
  return out;
}

/// A rule of a part of the place said (or of one of several places, when none was said) may govern
/// features that lie outside it.
void say_places(const std::vector<const SetbackRule*>& rules, const std::string& place,
                const std::string& where, Findings& findings) {
  std::set<std::string> places;
  for (const SetbackRule* rule : rules)
    if (!rule->jurisdiction.empty() &&
        (place.empty() || !jurisdiction_within(place, rule->jurisdiction)))
      places.insert(rule->jurisdiction);
  if (places.empty() || (place.empty() && places.size() == 1)) return;
  findings.add("setbacks.several_jurisdictions", Severity::warning, where,
               "rules of " + join({places.begin(), places.end()}, ", ") +
                   " are applied to all features alike" +
                   (place.empty() ? "" : ", wherever in " + place + " they lie") +
                   ": say in which place the sites lie",
               places.size());
}

void say_dates(const std::vector<const SetbackRule*>& rules, const std::string& where,
               Findings& findings) {
  std::size_t dated = 0;
  for (const SetbackRule* rule : rules) dated += rule->from || rule->to;
  if (dated > 0)
    findings.add("setbacks.dates_unused", Severity::note, where,
                 "rules have dates and no day was said: they are applied", dated);
}

/// The features that have a rule of one kind, as one layer; geometry that no layer after this one
/// needs (`needed_after` none) is moved.
void add_layer(ClassedFeatures& features, const std::vector<const SetbackRule*>& rules,
               const std::vector<std::size_t>& rule_of,
               const std::vector<std::size_t>* needed_after, ClassConstraints& out) {
  const bool hard = needed_after != nullptr;
  ConstraintLayer layer;
  layer.name = hard ? features.name : review_name(features.name);
  layer.hard = hard;
  layer.setback_m.clear();
  for (std::size_t i = 0; i < rule_of.size(); ++i) {
    if (rule_of[i] == StrictestRules::none) continue;
    const SetbackRule& rule = *rules[rule_of[i]];
    if (hard && (*needed_after)[i] != StrictestRules::none)
      layer.geometry.push_back(features.geometry[i]);
    else
      layer.geometry.push_back(std::move(features.geometry[i]));
    if (!features.ids.empty()) layer.ids.push_back(features.ids[i]);
    layer.setback_m.push_back(rule.setback_m);
    layer.rules.push_back(rule_name(rule));
    layer.classes.push_back(features.feature_class[i]);
  }
  if (!layer.geometry.empty()) out.layers.push_back(std::move(layer));
}

/// Which rules govern, and which others are for the same classes.
void say_uses(const ClassedFeatures& features, const std::vector<const SetbackRule*>& rules,
              const std::vector<std::string>& table_of, const StrictestRules& strictest,
              ClassConstraints& out) {
  std::vector<std::size_t> governed(rules.size(), 0);
  std::map<std::pair<std::string, bool>, std::size_t> by_class;  // the rule of a class met
  for (const bool hard : {true, false})
    for (const std::size_t r : hard ? strictest.hard : strictest.review) {
      if (r == StrictestRules::none) continue;
      ++governed[r];
      by_class[{class_key(rules[r]->feature_class), hard}] = r;
    }
  for (std::size_t r = 0; r < rules.size(); ++r) {
    const auto winner = by_class.find({class_key(rules[r]->feature_class), rules[r]->hard});
    if (winner == by_class.end()) continue;
    RuleUse use{rules[r]->hard ? features.name : review_name(features.name),
                rule_name(*rules[r]),
                table_of[r],
                *rules[r],
                governed[r],
                {}};
    if (governed[r] == 0) use.overruled_by = rule_name(*rules[winner->second]);
    (governed[r] > 0 ? out.rules : out.overruled).push_back(std::move(use));
  }
}

bool binds_more(const BindingRule& a, const BindingRule& b) {
  if (b.constraint == BindingRule::none) return a.constraint != BindingRule::none;
  if (a.constraint == BindingRule::none) return false;
  return a.taken_m2 != b.taken_m2 ? a.taken_m2 > b.taken_m2 : a.reach_m > b.reach_m;
}

}  // namespace

ClassConstraints constraints_of_classes(ClassedFeatures features,
                                        const std::vector<SetbackTable>& tables,
                                        const std::string& jurisdiction,
                                        const std::optional<Date>& day) {
  std::vector<const SetbackRule*> rules;
  std::vector<std::string> table_of;
  for (const SetbackTable& table : tables)
    for (const SetbackRule* rule : rules_in_force(table, jurisdiction, day)) {
      rules.push_back(rule);
      table_of.push_back(table.name);
    }
  ClassConstraints out;
  StrictestRules strictest = rules_of_classes(rules, features.feature_class, features.where);
  out.findings = std::move(strictest.findings);
  const auto met = met_rules(rules, features.feature_class);
  say_places(met, jurisdiction, features.where, out.findings);
  if (!day) say_dates(met, features.where, out.findings);
  add_layer(features, rules, strictest.hard, &strictest.review, out);
  add_layer(features, rules, strictest.review, nullptr, out);
  say_uses(features, rules, table_of, strictest, out);
  return out;
}

BindingRule binding_rule(const std::vector<ConstraintLayer>& layers, const SiteScreening& site,
                         std::size_t constraint) {
  const ConstraintLayer& layer = layers[constraint];
  std::vector<BindingRule> candidates;  // in the order of their first feature
  std::map<std::string, std::size_t> place;
  for (const TouchedFeature& touched : site.constraints[constraint].touched) {
    const std::string rule = layer.rules.empty() ? std::string() : layer.rules[touched.feature];
    const double setback = layer.setback_m[layer.setback_m.size() == 1 ? 0 : touched.feature];
    const double reach = setback - touched.distance_m;
    const auto [at, fresh] = place.try_emplace(rule, candidates.size());
    if (fresh) candidates.push_back({constraint, rule, 0.0, reach});
    BindingRule& one = candidates[at->second];
    one.taken_m2 += touched.overlap_m2;
    if (reach > one.reach_m) one.reach_m = reach;
  }
  BindingRule best;
  for (const BindingRule& one : candidates)
    if (binds_more(one, best)) best = one;
  return best;
}

BindingRule binding_rule(const std::vector<ConstraintLayer>& layers, const SiteScreening& site) {
  BindingRule best;
  for (const bool hard : {true, false}) {
    for (std::size_t k = 0; k < layers.size(); ++k) {
      if (layers[k].hard != hard) continue;
      const BindingRule one = binding_rule(layers, site, k);
      if (binds_more(one, best)) best = one;
    }
    if (best.constraint != BindingRule::none) break;
  }
  return best;
}

}  // namespace lode
