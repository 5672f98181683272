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

/// Features of one place, and the rules that hold there.
struct PlaceGroup {
  std::string place;
  std::vector<std::size_t> features;
};

constexpr const char* kNowhere = "??";  ///< a place in which only rules of no place hold

std::vector<PlaceGroup> groups_of(const ClassedFeatures& features, const std::string& jurisdiction,
                                  Findings& findings) {
  std::map<std::string, std::vector<std::size_t>> by_place;
  std::size_t unknown = 0;
  for (std::size_t i = 0; i < features.feature_class.size(); ++i) {
    std::string place = jurisdiction;
    if (!features.jurisdiction.empty()) {
      const auto code = jurisdiction_code(features.jurisdiction[i]);
      unknown += !code;
      place = code.value_or(kNowhere);
    }
    by_place[place].push_back(i);
  }
  if (unknown > 0)
    findings.add("setbacks.no_jurisdiction", Severity::warning, features.where,
                 "features whose jurisdiction is blank or no code of ISO 3166: rules of a place "
                 "are not applied to them",
                 unknown);
  std::vector<PlaceGroup> out;
  for (auto& [place, members] : by_place) out.push_back({place, std::move(members)});
  if (out.empty()) out.push_back({jurisdiction, {}});
  return out;
}

/// All rules in force on the day, and what was chosen among them.
struct Chosen {
  std::vector<const SetbackRule*> rules;
  std::vector<std::string> table;         ///< of each rule
  std::vector<std::size_t> hard, review;  ///< rule of each feature
  std::vector<std::string> overruled_by;  ///< of each rule that another beat where both hold
};

/// Applies the rules of the group's place to its features.
void choose(const ClassedFeatures& features, const PlaceGroup& group, bool one_place,
            const std::optional<Date>& day, Chosen& chosen, Findings& findings) {
  std::vector<const SetbackRule*> rules;
  std::vector<std::size_t> place_in_all;
  for (std::size_t r = 0; r < chosen.rules.size(); ++r)
    if (jurisdiction_meets(chosen.rules[r]->jurisdiction, group.place)) {
      rules.push_back(chosen.rules[r]);
      place_in_all.push_back(r);
    }
  std::vector<std::string> classes;
  for (const std::size_t i : group.features) classes.push_back(features.feature_class[i]);
  const std::string where = one_place ? features.where : features.where + " in " + group.place;
  const StrictestRules strictest = rules_of_classes(rules, classes, where);
  for (const Finding& finding : strictest.findings.list())
    if (one_place || finding.code != "setbacks.rule_unused") findings.add(finding);
  const auto met = met_rules(rules, classes);
  say_places(met, group.place, where, findings);
  if (!day) say_dates(met, where, findings);
  std::map<std::pair<std::string, bool>, std::size_t> winner;
  for (const bool hard : {true, false}) {
    const auto& of = hard ? strictest.hard : strictest.review;
    for (std::size_t k = 0; k < of.size(); ++k) {
      if (of[k] == StrictestRules::none) continue;
      (hard ? chosen.hard : chosen.review)[group.features[k]] = place_in_all[of[k]];
      winner[{class_key(rules[of[k]]->feature_class), hard}] = of[k];
    }
  }
  for (std::size_t r = 0; r < rules.size(); ++r) {
    const auto at = winner.find({class_key(rules[r]->feature_class), rules[r]->hard});
    if (at != winner.end() && at->second != r)
      chosen.overruled_by[place_in_all[r]] = rule_name(*rules[at->second]);
  }
}

/// Which rules govern, and which were beaten wherever they hold.
void say_uses(const std::string& name, const Chosen& chosen, ClassConstraints& out) {
  std::vector<std::size_t> governed(chosen.rules.size(), 0);
  for (const auto* each : {&chosen.hard, &chosen.review})
    for (const std::size_t r : *each)
      if (r != StrictestRules::none) ++governed[r];
  for (std::size_t r = 0; r < chosen.rules.size(); ++r) {
    const SetbackRule& rule = *chosen.rules[r];
    if (governed[r] == 0 && chosen.overruled_by[r].empty()) continue;
    RuleUse use{rule.hard ? name : review_name(name),
                rule_name(rule),
                chosen.table[r],
                rule,
                governed[r],
                {}};
    if (governed[r] == 0) use.overruled_by = chosen.overruled_by[r];
    (governed[r] > 0 ? out.rules : out.overruled).push_back(std::move(use));
  }
}

/// Rules of the places met whose class no feature of any place has.
void say_unused(const ClassedFeatures& features, const std::vector<PlaceGroup>& groups,
                const Chosen& chosen, Findings& findings) {
  std::vector<const SetbackRule*> rules;
  for (const SetbackRule* rule : chosen.rules)
    for (const PlaceGroup& group : groups)
      if (jurisdiction_meets(rule->jurisdiction, group.place)) {
        rules.push_back(rule);
        break;
      }
  const StrictestRules all = rules_of_classes(rules, features.feature_class, features.where);
  for (const Finding& finding : all.findings.list())
    if (finding.code == "setbacks.rule_unused") findings.add(finding);
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
  ClassConstraints out;
  Chosen chosen;
  for (const SetbackTable& table : tables)
    for (const SetbackRule* rule : rules_in_force(table, "", day)) {
      chosen.rules.push_back(rule);
      chosen.table.push_back(table.name);
    }
  chosen.hard.assign(features.feature_class.size(), StrictestRules::none);
  chosen.review = chosen.hard;
  chosen.overruled_by.resize(chosen.rules.size());
  const auto groups = groups_of(features, jurisdiction, out.findings);
  const bool one_place = features.jurisdiction.empty();
  for (const PlaceGroup& group : groups)
    choose(features, group, one_place, day, chosen, out.findings);
  if (!one_place) say_unused(features, groups, chosen, out.findings);
  add_layer(features, chosen.rules, chosen.hard, &chosen.review, out);
  add_layer(features, chosen.rules, chosen.review, nullptr, out);
  say_uses(features.name, chosen, out);
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
