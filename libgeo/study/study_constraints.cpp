#include "libgeo/study/study_constraints.h"

#include <map>
#include <utility>

#include "libgeo/core/error.h"
#include "libgeo/environment/class_constraints.h"

namespace lode {

namespace {

LayerRef layer_of(const ConstraintRule& rule) {
  LayerRef layer;
  layer.path = rule.path;
  layer.layer = rule.layer;
  layer.where = rule.where;
  layer.crs = rule.crs;
  layer.x = rule.x;
  layer.y = rule.y;
  layer.encoding = rule.encoding;
  layer.missing = rule.missing;
  layer.below_detection = rule.below_detection;
  layer.line = rule.line;
  return layer;
}

/// The constraint of that name, which several rules may fill.
StudyConstraint& constraint_of(std::vector<StudyConstraint>& all, const ConstraintRule& rule,
                               const std::string& name, bool hard) {
  for (StudyConstraint& one : all)
    if (one.layer.name == name) return one;
  StudyConstraint made;
  made.layer.name = name;
  made.layer.hard = hard;
  made.layer.setback_m.clear();
  made.indicator = name == rule.name ? name : rule.name + "_review";
  made.path = rule.path;
  all.push_back(std::move(made));
  return all.back();
}

void add_feature(StudyConstraint& to, Geometry geometry, std::string id, double setback_m,
                 std::string rule, std::string citation) {
  to.layer.geometry.push_back(std::move(geometry));
  to.layer.ids.push_back(std::move(id));
  to.layer.setback_m.push_back(setback_m);
  to.layer.rules.push_back(std::move(rule));
  to.citation.push_back(std::move(citation));
}

void add_plain(std::vector<StudyConstraint>& all, const ConstraintRule& rule, Layer layer) {
  const auto ids = feature_ids(layer, rule.id);
  std::vector<double> setbacks(layer.size(), rule.setback_m);
  if (!rule.setback_field.empty())
    setbacks =
        quantity_column(layer.table, rule.setback_field, Dimension::length, rule.setback_unit);
  StudyConstraint& to = constraint_of(all, rule, rule.name, rule.hard);
  for (std::size_t i = 0; i < layer.size(); ++i)
    add_feature(to, std::move(layer.geometry[i]), ids[i], setbacks[i], "", rule.citation);
}

std::vector<SetbackTable> tables_of(StudyContext& context, const ConstraintRule& rule) {
  std::vector<SetbackTable> tables;
  for (const std::string& path : rule.setbacks) {
    tables.push_back(
        parse_setback_table(context.read_text_or_shipped(path, "setback_rules", rule.line), path));
    if (!tables.back().disclaimer.empty())
      context.result.findings.add("setbacks.disclaimer", Severity::note, path,
                                  printable(tables.back().disclaimer));
  }
  return tables;
}

void add_by_class(StudyContext& context, std::vector<StudyConstraint>& all,
                  const ConstraintRule& rule, Layer layer) {
  ClassedFeatures features;
  features.name = rule.name;
  features.where = rule.path;
  features.ids = feature_ids(layer, rule.id);
  features.feature_class = rule.class_field.empty()
                               ? std::vector<std::string>(layer.size(), rule.class_is)
                               : layer.table.texts(rule.class_field);
  if (!rule.jurisdiction_field.empty())
    features.jurisdiction = layer.table.texts(rule.jurisdiction_field);
  features.geometry = std::move(layer.geometry);
  ClassConstraints made = constraints_of_classes(std::move(features), tables_of(context, rule),
                                                 rule.jurisdiction, context.study.as_of);
  context.result.findings.add(made.findings);
  std::map<std::string, std::string> citations;
  for (const RuleUse& use : made.rules) {
    citations[use.name] = use.rule.citation;
    context.result.rules.push_back({use.constraint, use.name, use.rule.feature_class,
                                    use.rule.citation, use.rule.jurisdiction, use.table,
                                    use.rule.hard, use.rule.setback_m, use.features});
  }
  for (ConstraintLayer& from : made.layers) {
    StudyConstraint& to = constraint_of(all, rule, from.name, from.hard);
    for (std::size_t i = 0; i < from.geometry.size(); ++i)
      add_feature(to, std::move(from.geometry[i]), std::move(from.ids[i]),
                  from.setback_m[from.setback_m.size() == 1 ? 0 : i], from.rules[i],
                  citations[from.rules[i]]);
  }
}

void show_on_map(StudyContext& context, const StudyConstraint& constraint) {
  MapLayer on_map;
  on_map.name = constraint.layer.name;
  on_map.role = "constraint";
  on_map.geometry = constraint.layer.geometry;
  on_map.label = constraint.layer.ids;
  context.result.layers.push_back(std::move(on_map));
}

}  // namespace

std::vector<StudyConstraint> read_constraints(StudyContext& context) {
  std::vector<StudyConstraint> all;
  for (const ConstraintRule& rule : context.study.constraints) {
    if (!rule.holds_on(context.study.as_of)) {
      context.result.findings.add(
          "screen.rule_not_in_force", Severity::note, rule.name,
          "the rule does not hold on " + to_text(context.study.as_of) + " and is left out");
      continue;
    }
    Layer layer = context.read(layer_of(rule), true);
    try {
      if (rule.by_class())
        add_by_class(context, all, rule, std::move(layer));
      else
        add_plain(all, rule, std::move(layer));
    } catch (const Error& error) {
      if (error.code == "run.interrupted" || error.where.starts_with(context.study.path)) throw;
      throw Error(error.code, error.what(), context.where(rule.line) + ": " + error.where,
                  error.hint);
    }
  }
  for (StudyConstraint& one : all) {
    // One value for all is cheaper than one each.
    auto& setbacks = one.layer.setback_m;
    bool same = !setbacks.empty();
    for (const double setback : setbacks) same = same && setback == setbacks.front();
    if (same) setbacks.resize(1);
    show_on_map(context, one);
  }
  return all;
}

std::string setback_words(const ConstraintLayer& layer, std::size_t feature) {
  const double setback_m = layer.setback_m[layer.setback_m.size() == 1 ? 0 : feature];
  const std::string words = number_text(setback_m) + " m setback";
  const std::string& rule = layer.rules[feature];
  return rule.empty() ? words : words + ", " + rule;
}

}  // namespace lode
