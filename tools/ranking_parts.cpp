#include "tools/ranking_parts.h"

#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/provenance.h"
#include "libgeo/core/text.h"

namespace lode::tools {

namespace {

/// Criteria and judgements are a page or two; more is another file.
constexpr std::size_t largest_text = 1 << 22;

std::string read_small_file(const std::string& path, Outcome& outcome) {
  std::string text = text_of_file(path, {}, largest_text);
  Source source;
  source.path = path;
  source.sha256 = sha256(text);
  outcome.inputs.push_back(source);
  return text;
}

void in_group(std::vector<Parameter>& to, const std::string& group, std::vector<Parameter> list) {
  for (auto& parameter : list) {
    parameter.group = group;
    to.push_back(std::move(parameter));
  }
}

Parameter fraction(const std::string& name, const std::string& help, const std::string& value,
                   double least = 0.0, double most = 1.0) {
  return {.name = name,
          .kind = Kind::number,
          .help = help,
          .default_text = value,
          .range = number_text(least) + " to " + number_text(most),
          .minimum = least,
          .maximum = most};
}

std::vector<Parameter> criteria_parameters() {
  return {
      {.name = "criteria",
       .kind = Kind::file,
       .help = "TOML file with [[criteria]] and [[rules]] tables"},
      {.name = "criterion",
       .help = "one criterion: name=net_ndpr_t,direction=max,weight=0.3,scale=log,bounds=1e2:1e6",
       .repeatable = true},
      {.name = "require",
       .help = "hard rule, e.g. 'valid_coverage_pct >= 50'; who fails it is left out",
       .repeatable = true},
      {.name = "missing",
       .kind = Kind::choice,
       .help = "what to do with a missing value",
       .choices = {"refuse", "worst", "neutral", "interval", "impute"},
       .default_text = "refuse"}};
}

std::vector<Parameter> method_parameters() {
  return {
      {.name = "method",
       .kind = Kind::choice,
       .help = "how criteria become one order",
       .choices = {"wsm", "wpm", "waspas", "topsis", "vikor", "promethee1", "promethee2",
                   "electre3", "electre-tri", "spotis", "owa", "fuzzy"},
       .default_text = "topsis"},
      {.name = "normalise",
       .kind = Kind::choice,
       .help = "how values become comparable",
       .choices = {"bounds", "minmax", "vector", "max", "sum", "none"},
       .default_text = "bounds",
       .aliases = {"normalize"}},
      {.name = "preference",
       .kind = Kind::choice,
       .help = "PROMETHEE: preference shape of criteria that do not say theirs",
       .choices = {"usual", "ushape", "vshape", "level", "linear", "gaussian"},
       .default_text = "linear"},
      fraction("waspas-lambda", "WASPAS: share of the sum against the product", "0.5"),
      fraction("vikor-v", "VIKOR: weight of the sum of regrets against the worst one", "0.5"),
      fraction("orness", "OWA: 0.5 is the weighted sum, towards 1 the best criterion counts more",
               "0.5", 0.000001, 0.999999),
      {.name = "order-weights", .help = "OWA: order weights, best criterion first: 0.5,0.3,0.2"},
      {.name = "fuzzy-operator",
       .kind = Kind::choice,
       .help = "fuzzy overlay: how memberships combine",
       .choices = {"and", "or", "product", "sum", "gamma"},
       .default_text = "gamma"},
      fraction("gamma", "fuzzy overlay: 0 is the product, 1 the sum", "0.9"),
      fraction("cut", "ELECTRE TRI: credibility that counts as outranking", "0.75", 0.5, 1.0),
      {.name = "optimistic",
       .kind = Kind::flag,
       .help = "ELECTRE TRI: assign by the optimistic rule"}};
}

std::vector<Parameter> weight_parameters() {
  return {{.name = "weights",
           .kind = Kind::choice,
           .help = "where weights come from, and whether they are drawn",
           .choices = {"given", "equal", "free", "uncertain", "ordered", "ahp", "bwm", "swara",
                       "roc", "entropy", "critic", "merec"},
           .default_text = "given"},
          {.name = "rescale-weights",
           .kind = Kind::flag,
           .help = "divide weights that do not sum to 1 by their sum"},
          {.name = "pairwise",
           .kind = Kind::file,
           .help = "CSV of judgements for ahp, bwm, swara or roc"},
          {.name = "geometric",
           .kind = Kind::flag,
           .help = "AHP: row geometric means instead of the eigenvector"},
          fraction("weight-spread",
                   "uncertain: each weight between 1 - spread and 1 + spread times itself", "0.5"),
          {.name = "weight-limit",
           .help = "limits of a drawn weight: name=0.1:0.4",
           .repeatable = true}};
}

std::vector<Parameter> draw_parameters() {
  return {{.name = "draws",
           .kind = Kind::integer,
           .help = "draws of weights and data; 0 = none",
           .default_text = "1000",
           .range = "0 to 10000000",
           .minimum = 0,
           .maximum = 10000000},
          {.name = "spread",
           .kind = Kind::choice,
           .help = "what <field>_low and <field>_high mean: 10th and 90th percentile, or the ends",
           .choices = {"p10-p90", "triangular", "pert", "normal", "lognormal", "uniform"},
           .default_text = "p10-p90"},
          {.name = "kept-ranks",
           .kind = Kind::integer,
           .help = "leading ranks in rank_acceptability; 0 = all up to 200 sites, else 20",
           .default_text = "0",
           .range = "0 to 1000",
           .minimum = 0,
           .maximum = 1000},
          {.name = "pseudo-random",
           .kind = Kind::flag,
           .help = "plain random weights instead of Sobol points"}};
}

std::vector<Criterion> inline_criteria(const Arguments& arguments) {
  std::vector<Criterion> criteria;
  for (const auto& text : arguments.texts("criterion")) criteria.push_back(parse_criterion(text));
  return criteria;
}

std::vector<double> order_weights(const Arguments& arguments) {
  std::vector<double> order;
  if (!arguments.has("order-weights")) return order;
  for (const auto& part : split(arguments.text("order-weights"), ',')) {
    const auto number = parse_number(part);
    if (!number)
      throw Error("usage.order_weights", "'" + printable(part) + "' is not a number",
                  "--order-weights", "Write one number a criterion, best first: 0.5,0.3,0.2.");
    order.push_back(*number);
  }
  return order;
}

struct WeightLimit {
  std::string criterion;
  double low = 0.0, high = 1.0;
};

std::vector<WeightLimit> weight_limits(const Arguments& arguments) {
  std::vector<WeightLimit> limits;
  for (const auto& text : arguments.texts("weight-limit")) {
    const auto equals = text.find('=');
    const auto colon = text.find(':', equals == std::string::npos ? 0 : equals);
    std::optional<double> low, high;
    if (equals != std::string::npos && colon != std::string::npos) {
      low = parse_number(text.substr(equals + 1, colon - equals - 1));
      high = parse_number(text.substr(colon + 1));
    }
    if (!low || !high || !(*low >= 0.0 && *low <= *high && *high <= 1.0))
      throw Error("usage.weight_limit", "'" + printable(text) + "' is no limit of a weight",
                  "--weight-limit", "Write name=0.1:0.4, both ends from 0 to 1.");
    limits.push_back({std::string(trim(text.substr(0, equals))), *low, *high});
  }
  return limits;
}

}  // namespace

std::vector<Parameter> ranking_parameters() {
  std::vector<Parameter> list;
  in_group(list, "Criteria", criteria_parameters());
  in_group(list, "Method", method_parameters());
  in_group(list, "Weights", weight_parameters());
  in_group(list, "Uncertainty", draw_parameters());
  return list;
}

std::vector<Parameter> ranking_reading_parameters() {
  std::vector<Parameter> list = reading_parameters();
  for (auto& parameter : list)
    if (parameter.name == "missing") parameter.name = "missing-text";
  return list;
}

void check_ranking(const Arguments& arguments) {
  if (!arguments.has("criteria") && !arguments.has("criterion"))
    throw Error("usage.criteria", "no criterion is named", "--criteria",
                "Give a TOML file with --criteria, or name each with --criterion.");
  static_cast<void>(inline_criteria(arguments));
  for (const auto& text : arguments.texts("require")) static_cast<void>(parse_rule(text));
  static_cast<void>(order_weights(arguments));
  static_cast<void>(weight_limits(arguments));
  const std::string weights = arguments.text("weights");
  const bool judged = weights == "ahp" || weights == "bwm" || weights == "swara";
  if (judged && !arguments.has("pairwise"))
    throw Error("usage.pairwise", "--weights " + weights + " needs judgements", "--pairwise",
                "Give a CSV file; the manual page shows its form.");
  if (!judged && weights != "roc" && arguments.has("pairwise"))
    throw Error("usage.pairwise", "--weights " + weights + " takes no judgements", "--pairwise",
                "Say --weights ahp, bwm, swara or roc.");
}

namespace {

/// Numbers of a criterion's column in the criterion's unit.
std::vector<double> values_of(const Table& table, const std::string& field,
                              const Criterion& criterion, const std::string& unit_if_unsaid = {}) {
  std::vector<double> values = table.numbers(field);
  const Column& column = table.at(field);
  const std::string& has = column.unit.empty() ? unit_if_unsaid : column.unit;
  if (criterion.unit.empty() || has.empty() || has == criterion.unit) return values;
  if (const auto ratio = unit_ratio(has, criterion.unit)) {
    for (auto& value : values) value *= *ratio;
    return values;
  }
  throw Error(
      "ranking.unit",
      "the field is in " + printable(has) + ", the criterion in " + printable(criterion.unit),
      table.name + ", " + printable(field),
      "State the criterion's bounds in the field's unit, or say the field's with --field-unit.");
}

/// The column of a criterion's low or high values, when there is one beside its field; it is in the
/// field's unit unless it says its own.
std::vector<double> spread_of(const Table& table, const std::string& named,
                              const std::string& field, const std::string& suffix,
                              const Criterion& criterion) {
  const Column* column = named.empty() ? table.find(field + suffix) : &table.at(named);
  if (column == nullptr) return {};
  return values_of(table, column->name, criterion, table.at(field).unit);
}

void put(std::vector<double>& to, std::size_t sites, std::size_t m, std::size_t j,
         const std::vector<double>& values) {
  if (values.empty()) return;
  to.resize(sites * m, not_stated);
  for (std::size_t i = 0; i < sites; ++i) to[i * m + j] = values[i];
}

DecisionTable table_of(const Layer& layer, const std::vector<std::string>& ids,
                       const std::vector<std::string>& names,
                       const std::vector<Criterion>& criteria, Findings& findings) {
  DecisionTable table;
  table.ids = ids;
  table.names = names;
  table.criteria = criteria;
  const std::size_t n = ids.size(), m = criteria.size();
  table.values.resize(n * m, not_stated);
  for (std::size_t j = 0; j < m; ++j) {
    const std::string field = criteria[j].field.empty() ? criteria[j].name : criteria[j].field;
    put(table.values, n, m, j, values_of(layer.table, field, criteria[j]));
    const auto low = spread_of(layer.table, criteria[j].low_field, field, "_low", criteria[j]);
    const auto high = spread_of(layer.table, criteria[j].high_field, field, "_high", criteria[j]);
    put(table.low, n, m, j, low);
    put(table.high, n, m, j, high);
    if ((!low.empty() && criteria[j].low_field.empty()) ||
        (!high.empty() && criteria[j].high_field.empty()))
      findings.add("ranking.spread_found", Severity::note, layer.table.name + ", " + field,
                   "columns " + field + "_low and " + field + "_high give its spread");
  }
  return table;
}

void read_rules(const Layer& layer, const Arguments& arguments, std::vector<RuleText> rules,
                RankOptions& options) {
  for (const auto& text : arguments.texts("require")) rules.push_back(parse_rule(text));
  for (const auto& rule : rules)
    options.rules.push_back(
        {rule.name, layer.table.numbers(rule.field), rule.min, rule.max, rule.missing_passes});
}

void read_weighting(const Arguments& arguments, const std::vector<Criterion>& criteria,
                    RankOptions& options, Outcome& outcome) {
  options.weights = parse_weight_scheme(arguments.text("weights"), "--weights");
  options.rescale_weights = arguments.flag("rescale-weights");
  options.weight_spread = arguments.number("weight-spread");
  options.ahp.geometric = arguments.flag("geometric");
  if (arguments.has("pairwise")) {
    const std::string path = arguments.text("pairwise");
    options.judgements =
        read_judgements(read_small_file(path, outcome), options.weights, criteria, path);
  }
  for (const auto& limit : weight_limits(arguments)) {
    options.weight_limits.resize(criteria.size(), {0.0, 1.0});
    std::vector<std::string> known;
    bool found = false;
    for (std::size_t j = 0; j < criteria.size(); ++j) {
      known.push_back(criteria[j].name);
      if (criteria[j].name != limit.criterion) continue;
      options.weight_limits[j] = {limit.low, limit.high};
      found = true;
    }
    if (!found)
      throw Error("ranking.unknown_criterion",
                  "'" + printable(limit.criterion) + "' is not a criterion", "--weight-limit",
                  suggestion(limit.criterion, known));
  }
}

RankOptions options_of(const Arguments& arguments, const Session& session) {
  RankOptions options;
  options.method.method = parse_method(arguments.text("method"), "--method");
  options.method.normalise = parse_normalise(arguments.text("normalise"), "--normalise");
  options.method.preference = parse_shape(arguments.text("preference"), "--preference");
  options.method.waspas_lambda = arguments.number("waspas-lambda");
  options.method.vikor_v = arguments.number("vikor-v");
  options.method.owa_orness = arguments.number("orness");
  options.method.owa_order = order_weights(arguments);
  options.method.fuzzy = parse_fuzzy_operator(arguments.text("fuzzy-operator"), "--fuzzy-operator");
  options.method.fuzzy_gamma = arguments.number("gamma");
  options.method.electre_cut = arguments.number("cut");
  options.method.optimistic = arguments.flag("optimistic");
  options.method.jobs = options.draws.jobs = session.jobs;
  options.missing = parse_missing(arguments.text("missing"), "--missing");
  options.draws.draws = static_cast<std::size_t>(arguments.integer("draws"));
  options.draws.seed = session.seed;
  options.draws.spread = parse_spread(arguments.text("spread"), "--spread");
  options.draws.kept_ranks = static_cast<std::size_t>(arguments.integer("kept-ranks"));
  options.draws.quasi_random = !arguments.flag("pseudo-random");
  return options;
}

}  // namespace

RankingInput read_ranking_input(const Arguments& arguments, const Session& session,
                                const Progress& progress, Outcome& outcome) {
  RankingInput input;
  ReadOptions reading = read_options(arguments, session);
  reading.missing =
      arguments.has("missing-text") ? arguments.texts("missing-text") : std::vector<std::string>{};
  reading.need_crs = reading.need_geometry = false;
  input.layer = read_layer(arguments.text("TABLE"), reading, progress);
  outcome.inputs.push_back(input.layer.source);
  outcome.findings.add(input.layer.findings);
  CriteriaFile file;
  if (arguments.has("criteria")) {
    const std::string path = arguments.text("criteria");
    file = read_criteria(read_small_file(path, outcome), path);
  }
  for (auto& criterion : inline_criteria(arguments)) file.criteria.push_back(std::move(criterion));
  const auto names = feature_names(input.layer, arguments.text("name"));
  input.table = table_of(input.layer, feature_ids(input.layer, arguments.text("id")), names,
                         file.criteria, outcome.findings);
  input.options = options_of(arguments, session);
  read_weighting(arguments, file.criteria, input.options, outcome);
  read_rules(input.layer, arguments, file.rules, input.options);
  return input;
}

Json by_name(const std::vector<std::string>& names, const std::vector<double>& values) {
  Json object = Json::object();
  for (std::size_t k = 0; k < names.size() && k < values.size(); ++k) object[names[k]] = values[k];
  return object;
}

Json ranking_summary(const RankResult& result, const RankOptions& options) {
  Json summary = Json::object();
  summary["sites"] = result.sites.size();
  summary["method"] = to_text(options.method.method);
  summary["normalise"] = to_text(options.method.normalise);
  summary["lower_is_better"] = result.lower_is_better;
  summary["weights"] = by_name(result.criteria, result.weights.weights);
  summary["weights_mode"] = to_text(options.weights);
  summary["weights_note"] = result.weights.note;
  summary["consistency_ratio"] = result.weights.consistency_ratio;
  summary["lambda_max"] = result.weights.lambda_max;
  Json bounds = Json::object();
  for (const auto& c : result.used) bounds[c.name] = Json(std::vector<double>{c.lo, c.hi});
  summary["bounds"] = bounds;
  summary["missing"] = to_text(options.missing);
  summary["draws"] = result.draws;
  summary["seed"] = static_cast<std::size_t>(options.draws.seed);
  summary["standard_error"] = result.standard_error;
  summary["rank_bin_width"] = result.rank_bin_width;
  Json dropped = Json::array();
  for (const auto& site : result.dropped) {
    Json one = Json::object();
    one["id"] = site.id;
    one["rule"] = site.rule;
    one["value"] = site.value;
    dropped.push_back(one);
  }
  summary["dropped"] = dropped;
  return summary;
}

}  // namespace lode::tools
