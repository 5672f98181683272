#include "tools/constraint_inputs.h"

#include <filesystem>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/provenance.h"
#include "libgeo/core/text.h"
#include "libgeo/io/open.h"
#include "tools/ground_inputs.h"

namespace lode::tools {
namespace {

ConstraintRule rule_of_argument(const std::string& text) {
  const auto equals = text.rfind('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    throw Error("usage.constraint", "'" + printable(text) + "' is not FILE=SETBACK", "--constraint",
                "Write --constraint rivers.shp='200 m'.");
  ConstraintRule rule;
  rule.path = text.substr(0, equals);
  const std::string setback = text.substr(equals + 1);
  if (looks_like_quantity(setback)) {
    try {
      rule.setback_m = parse_quantity(setback, Dimension::length, "--constraint");
    } catch (const Error& error) {
      throw Error("usage.quantity", error.what(), "--constraint", error.hint);
    }
  } else {
    rule.setback_field = setback;
  }
  const PathAndLayer parts = split_layer(rule.path);
  rule.name = parts.layer.empty() ? std::filesystem::path(parts.path).stem().string() : parts.layer;
  return rule;
}

std::vector<ConstraintRule> rules_of(const Arguments& arguments, Findings& findings) {
  std::vector<ConstraintRule> rules;
  std::set<std::string> names;
  const auto taken = [](const std::string& name) {
    return Error("screen.duplicate_name", "two constraints are named '" + printable(name) + "'",
                 "--constraint", "Name them in a file of --rules.");
  };
  for (const std::string& text : arguments.texts("constraint")) {
    rules.push_back(rule_of_argument(text));
    if (!names.insert(rules.back().name).second) throw taken(rules.back().name);
  }
  if (!arguments.has("rules")) return rules;
  const std::string file = arguments.text("rules");
  for (ConstraintRule& rule : parse_rules(text_of_file(file), file)) {
    if (names.contains(rule.name)) throw taken(rule.name);
    const bool virtual_path = rule.path.starts_with("/vsi");
    if (!virtual_path && std::filesystem::path(rule.path).is_relative())
      rule.path = (std::filesystem::path(file).parent_path() / rule.path).string();
    if (rule.from || rule.to) {
      if (!arguments.has("as-of")) {
        findings.add("screen.rule_dates_unused", Severity::note, rule.name,
                     "the rule has dates and no --as-of was said: it is applied");
      } else if (!rule.holds_on(*parse_date(arguments.text("as-of")))) {
        findings.add("screen.rule_not_in_force", Severity::note, rule.name,
                     "the rule does not hold on " + arguments.text("as-of") + " and is left out");
        continue;
      }
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

Layer read_constraint(const ConstraintRule& rule, const Arguments& arguments,
                      const Session& session, const Crs& crs) {
  ReadOptions options = other_read_options(arguments, session);
  options.layer = rule.layer;
  options.where = rule.where;
  options.x = rule.x;
  options.y = rule.y;
  if (!rule.crs.empty()) options.input_crs = rule.crs;
  if (!rule.encoding.empty()) options.encoding = rule.encoding;
  if (!rule.missing.empty()) options.missing = rule.missing;
  if (!rule.below_detection.empty())
    options.below_detection = parse_below_detection(rule.below_detection);
  return brought_to(read_layer(rule.path, options), crs, arguments);
}

void add_rule(ScreenConstraints& all, const ConstraintRule& rule, Layer layer) {
  const auto ids = feature_ids(layer, rule.id);
  std::vector<double> setbacks(layer.size(), rule.setback_m);
  if (!rule.setback_field.empty())
    setbacks =
        quantity_column(layer.table, rule.setback_field, Dimension::length, rule.setback_unit);
  all.inputs.push_back(layer.source);
  all.findings.add(layer.findings);
  std::size_t k = 0;
  while (k < all.layers.size() && all.layers[k].name != rule.name) ++k;
  if (k == all.layers.size()) {
    all.layers.emplace_back();
    all.layers.back().name = rule.name;
    all.layers.back().hard = rule.hard;
    all.layers.back().setback_m.clear();
    all.rules.push_back(rule);
  }
  ConstraintLayer& into = all.layers[k];
  const std::string words = rule.citation.empty() ? rule.where : rule.citation;
  for (std::size_t i = 0; i < layer.size(); ++i) {
    into.geometry.push_back(std::move(layer.geometry[i]));
    into.ids.push_back(ids[i]);
    into.setback_m.push_back(setbacks[i]);
    into.rules.push_back(words);
  }
}

/// One value for all is cheaper than one each.
void merge_equal_setbacks(ConstraintLayer& layer) {
  for (const double setback : layer.setback_m)
    if (setback != layer.setback_m.front()) return;
  if (!layer.setback_m.empty()) layer.setback_m.resize(1);
}

}  // namespace

void check_constraint_arguments(const Arguments& arguments) {
  for (const std::string& text : arguments.texts("constraint"))
    static_cast<void>(rule_of_argument(text));
}

ScreenConstraints read_constraints(const Arguments& arguments, const Session& session,
                                   const Crs& crs) {
  ScreenConstraints constraints;
  for (const ConstraintRule& rule : rules_of(arguments, constraints.findings))
    add_rule(constraints, rule, read_constraint(rule, arguments, session, crs));
  if (constraints.layers.empty())
    throw Error("screen.no_constraint", "no rule holds on that day", arguments.text("rules"),
                "Choose another --as-of, or mend the dates.");
  for (ConstraintLayer& layer : constraints.layers) merge_equal_setbacks(layer);
  return constraints;
}

}  // namespace lode::tools
