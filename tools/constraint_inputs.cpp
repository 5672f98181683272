#include "tools/constraint_inputs.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "libgeo/core/error.h"
#include "libgeo/core/jurisdiction.h"
#include "libgeo/core/provenance.h"
#include "libgeo/core/text.h"
#include "libgeo/io/layer_parts.h"
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
  const std::string field = "class:", one = "class_is:";
  if (setback.starts_with(field) && setback.size() > field.size()) {
    rule.class_field = setback.substr(field.size());
  } else if (setback.starts_with(one) && setback.size() > one.size()) {
    rule.class_is = setback.substr(one.size());
  } else if (looks_like_quantity(setback)) {
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
    ConstraintRule rule = rule_of_argument(text);
    if (!names.insert(rule.name).second) throw taken(rule.name);
    if (rule.by_class()) {
      if (!names.insert(review_name(rule.name)).second) throw taken(review_name(rule.name));
      rule.setbacks = arguments.texts("setbacks");
    }
    rules.push_back(std::move(rule));
  }
  if (!arguments.has("rules")) return rules;
  const std::string file = arguments.text("rules");
  const auto beside = [&](std::string& path) {
    if (!path.starts_with("/vsi") && std::filesystem::path(path).is_relative())
      path = (std::filesystem::path(file).parent_path() / path).string();
  };
  for (ConstraintRule& rule : parse_rules(text_of_file(file), file)) {
    if (names.contains(rule.name)) throw taken(rule.name);
    if (rule.by_class() && names.contains(review_name(rule.name)))
      throw taken(review_name(rule.name));
    beside(rule.path);
    for (std::string& table : rule.setbacks) beside(table);
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
  // Where edges keep their plane, only what a site may meet is checked, by the screening.
  options.check_geometry = false;
  Layer layer = read_layer(rule.path, options);
  if (!(layer.crs == crs))
    parts::repair_geometries(layer, options, session.progress.part(0.1, 0.1));
  return brought_to(std::move(layer), crs, arguments);
}

/// The constraint of that name, which several rules may fill.
std::size_t place_of(ScreenConstraints& all, const ConstraintRule& rule, const std::string& name,
                     bool hard) {
  std::size_t k = 0;
  while (k < all.layers.size() && all.layers[k].name != name) ++k;
  if (k == all.layers.size()) {
    all.layers.emplace_back();
    all.layers.back().name = name;
    all.layers.back().hard = hard;
    all.layers.back().setback_m.clear();
    all.rules.push_back(rule);
  }
  return k;
}

void add_rule(ScreenConstraints& all, const ConstraintRule& rule, Layer layer) {
  const auto ids = feature_ids(layer, rule.id);
  std::vector<double> setbacks(layer.size(), rule.setback_m);
  if (!rule.setback_field.empty())
    setbacks =
        quantity_column(layer.table, rule.setback_field, Dimension::length, rule.setback_unit);
  ConstraintLayer& into = all.layers[place_of(all, rule, rule.name, rule.hard)];
  const std::string words = rule.citation.empty() ? rule.where : rule.citation;
  for (std::size_t i = 0; i < layer.size(); ++i) {
    into.geometry.push_back(std::move(layer.geometry[i]));
    into.ids.push_back(ids[i]);
    into.setback_m.push_back(setbacks[i]);
    into.rules.push_back(words);
  }
}

/// Tables are read once, however many layers go by them.
class Tables {
 public:
  [[nodiscard]] const SetbackTable& read(const std::string& path, ScreenConstraints& all) {
    const auto [at, fresh] = read_.try_emplace(path);
    if (!fresh) return at->second;
    at->second = read_setback_table(path, all.inputs);
    SetbackTable head = at->second;
    head.rules.clear();
    if (!head.disclaimer.empty())
      all.findings.add("setbacks.disclaimer", Severity::note, path, printable(head.disclaimer));
    all.tables.push_back(std::move(head));
    return at->second;
  }

 private:
  std::map<std::string, SetbackTable> read_;
};

constexpr std::string_view kField = "field:";

/// FIELD of --jurisdiction field:FIELD.
std::string jurisdiction_field_of(const Arguments& arguments) {
  const std::string text = arguments.text("jurisdiction");
  return text.starts_with(kField) ? text.substr(kField.size()) : std::string();
}

void add_by_class(ScreenConstraints& all, const ConstraintRule& rule, Layer layer, Tables& tables,
                  const Arguments& arguments) {
  ClassedFeatures features;
  features.name = rule.name;
  features.where = layer.table.name;
  features.ids = feature_ids(layer, rule.id);
  features.feature_class = rule.class_field.empty()
                               ? std::vector<std::string>(layer.size(), rule.class_is)
                               : layer.table.texts(rule.class_field);
  features.geometry = std::move(layer.geometry);
  std::vector<SetbackTable> used;
  for (const std::string& path : rule.setbacks) used.push_back(tables.read(path, all));
  std::optional<Date> day;
  if (arguments.has("as-of")) day = parse_date(arguments.text("as-of"));
  std::string place = rule.jurisdiction, field = rule.jurisdiction_field;
  if (place.empty() && field.empty()) {
    field = jurisdiction_field_of(arguments);
    if (field.empty()) place = jurisdiction_of(arguments);
  }
  if (!field.empty()) features.jurisdiction = layer.table.texts(field);
  ClassConstraints made = constraints_of_classes(std::move(features), used, place, day);
  all.findings.add(made.findings);
  all.uses.insert(all.uses.end(), made.rules.begin(), made.rules.end());
  all.overruled.insert(all.overruled.end(), made.overruled.begin(), made.overruled.end());
  ConstraintRule words = rule;  // the law stands in summary.rules
  words.jurisdiction.clear();
  for (ConstraintLayer& from : made.layers) {
    ConstraintLayer& into = all.layers[place_of(all, words, from.name, from.hard)];
    for (std::size_t i = 0; i < from.geometry.size(); ++i) {
      into.geometry.push_back(std::move(from.geometry[i]));
      into.ids.push_back(std::move(from.ids[i]));
      into.setback_m.push_back(from.setback_m[i]);
      into.rules.push_back(std::move(from.rules[i]));
      into.classes.push_back(std::move(from.classes[i]));
    }
  }
}

/// One value for all is cheaper than one each.
void merge_equal_setbacks(ConstraintLayer& layer) {
  for (const double setback : layer.setback_m)
    if (setback != layer.setback_m.front()) return;
  if (!layer.setback_m.empty()) layer.setback_m.resize(1);
}

}  // namespace

std::vector<Parameter> setback_parameters() {
  return {{.name = "setbacks",
           .kind = Kind::file,
           .help = "TOML with [[setbacks]], for FILE=class:FIELD and FILE=class_is:CLASS",
           .repeatable = true},
          {.name = "jurisdiction",
           .kind = Kind::text,
           .help = "where it lies, as ISO 3166: US, US-NV, AU-WA, or field:FIELD of the "
                   "constraint; rules of other places are passed over"}};
}

std::string jurisdiction_of(const Arguments& arguments) {
  if (!arguments.has("jurisdiction")) return {};
  const std::string text = arguments.text("jurisdiction");
  const auto code = jurisdiction_code(text);
  if (!code)
    throw Error("usage.jurisdiction", "'" + printable(text) + "' is no code of ISO 3166",
                "--jurisdiction", "Write US, US-NV, CA-ON, AU-WA or EU.");
  return *code;
}

SetbackTable read_setback_table(const std::string& path, std::vector<Source>& inputs) {
  SetbackTable table = parse_setback_table(text_of_file(path, {}, std::size_t{4} << 20), path);
  Source source;
  source.path = path;
  source.sha256 = sha256_of_file(path);
  source.features = table.rules.size();
  inputs.push_back(std::move(source));
  return table;
}

void check_constraint_arguments(const Arguments& arguments) {
  bool by_class = false;
  for (const std::string& text : arguments.texts("constraint"))
    by_class = rule_of_argument(text).by_class() || by_class;
  if (jurisdiction_field_of(arguments).empty()) static_cast<void>(jurisdiction_of(arguments));
  if (by_class && !arguments.has("setbacks"))
    throw Error("usage.setbacks", "a constraint by class, and no table of setbacks", "--constraint",
                "Add --setbacks us_federal.toml.");
  if (!by_class && arguments.has("setbacks"))
    throw Error("usage.setbacks", "a table of setbacks, and no --constraint by class", "--setbacks",
                "Write --constraint streams.shp=class:TYPE.");
  if (!by_class && arguments.has("jurisdiction") && !arguments.has("rules"))
    throw Error("usage.setbacks",
                "a jurisdiction chooses among the rules of tables; there are none",
                "--jurisdiction", "Add --setbacks, or take it out.");
}

ScreenConstraints read_constraints(const Arguments& arguments, const Session& session,
                                   const Crs& crs) {
  ScreenConstraints constraints;
  Tables tables;
  bool by_class = false;
  for (const ConstraintRule& rule : rules_of(arguments, constraints.findings)) {
    Layer layer = read_constraint(rule, arguments, session, crs);
    constraints.inputs.push_back(layer.source);
    constraints.findings.add(layer.findings);
    if (rule.by_class())
      add_by_class(constraints, rule, std::move(layer), tables, arguments);
    else
      add_rule(constraints, rule, std::move(layer));
    by_class = by_class || rule.by_class();
  }
  if (!by_class && arguments.has("jurisdiction"))
    throw Error("usage.setbacks", "no constraint goes by a table of setbacks", "--jurisdiction",
                "Take it out, or write class and setbacks in the rules.");
  if (constraints.layers.empty() && by_class)
    throw Error("screen.no_constraint", "no rule in force governs any feature",
                join(arguments.texts("constraint"), ", ") + arguments.text("rules"),
                "Compare the classes of the layer with lode setbacks TABLE; check --jurisdiction "
                "and --as-of.");
  if (constraints.layers.empty())
    throw Error("screen.no_constraint", "no rule holds on that day", arguments.text("rules"),
                "Choose another --as-of, or mend the dates.");
  for (ConstraintLayer& layer : constraints.layers) merge_equal_setbacks(layer);
  return constraints;
}

Json rules_in_use(const std::vector<RuleUse>& uses) {
  Json out = Json::array();
  const auto day = [](const std::optional<Date>& date) {
    return date ? Json(to_text(*date)) : Json();
  };
  for (const RuleUse& use : uses) {
    Json one;
    one["rule"] = use.name;
    one["constraint"] = use.constraint;
    one["class"] = use.rule.feature_class;
    one["setback_m"] = use.rule.setback_m;
    one["setback"] = use.rule.setback;
    one["hard"] = use.rule.hard;
    one["citation"] = use.rule.citation;
    one["jurisdiction"] = use.rule.jurisdiction;
    one["from"] = day(use.rule.from);
    one["to"] = day(use.rule.to);
    one["features"] = use.features;
    one["table"] = use.table;
    if (!use.overruled_by.empty()) one["overruled_by"] = use.overruled_by;
    out.push_back(std::move(one));
  }
  return out;
}

std::string disclaimers(const std::vector<SetbackTable>& tables) {
  std::vector<std::string> said;
  for (const SetbackTable& table : tables) {
    const std::string text = printable(table.disclaimer);
    if (!text.empty() && std::find(said.begin(), said.end(), text) == said.end())
      said.push_back(text);
  }
  return join(said, " ");
}

Json tables_in_use(const ScreenConstraints& constraints) {
  Json out = Json::array();
  for (const SetbackTable& table : constraints.tables) {
    Json one;
    one["file"] = table.name;
    one["title"] = table.title;
    one["disclaimer"] = table.disclaimer;
    one["as_of"] = table.as_of ? Json(to_text(*table.as_of)) : Json();
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace lode::tools
