#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/id_keys.h"
#include "tools/ranking_reading.h"

namespace lode::tools {

std::vector<double> values_of(const Table& table, const std::string& field,
                              const Criterion& criterion, const std::string& unit_if_unsaid) {
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

namespace {

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

/// Two ids that people cannot tell apart are most often one site twice.
void compare_ids(const std::vector<std::string>& ids, const std::string& where,
                 Findings& findings) {
  std::map<std::string, std::string> seen;
  for (const auto& id : ids) {
    const auto [first, fresh] = seen.emplace(id_key(id), id);
    if (!fresh && first->second != id)
      findings.add("ranking.alike_ids", Severity::warning, where,
                   "ids differ by case, blanks or accents only, first '" +
                       printable(first->second) + "' and '" + printable(id) + "'");
  }
}

void read_rules(const Layer& layer, const Arguments& arguments, std::vector<RuleText> rules,
                RankOptions& options) {
  for (const auto& text : arguments.texts("require")) rules.push_back(parse_rule(text));
  for (const auto& rule : rules)
    options.rules.push_back(is_of_words(rule) ? with_texts(rule, layer.table.texts(rule.field))
                                              : with_values(rule, layer.table.numbers(rule.field)));
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
  options.method.electre_alpha = arguments.number("electre-alpha");
  options.method.electre_beta = arguments.number("electre-beta");
  options.method.optimistic = arguments.flag("optimistic");
  options.method.jobs = options.draws.jobs = session.jobs;
  options.pareto = parse_pareto(arguments.text("pareto"), "--pareto");
  options.missing = parse_missing(arguments.text("missing"), "--missing");
  options.draws.draws = static_cast<std::size_t>(arguments.integer("draws"));
  options.draws.seed = session.seed;
  options.draws.spread = parse_spread(arguments.text("spread"), "--spread");
  options.draws.kept_ranks = static_cast<std::size_t>(arguments.integer("kept-ranks"));
  options.draws.quasi_random = !arguments.flag("pseudo-random");
  return options;
}

CriteriaFile criteria_of(const Arguments& arguments, Outcome& outcome) {
  CriteriaFile file;
  if (arguments.has("criteria")) {
    const std::string path = arguments.text("criteria");
    file = read_criteria(read_small_file(path, outcome), path);
  }
  for (auto& criterion : inline_criteria(arguments)) file.criteria.push_back(std::move(criterion));
  return file;
}

}  // namespace

bool anything_is_drawn(const DecisionTable& table, const RankOptions& options) {
  const auto any = [](const std::vector<double>& values) {
    for (const double value : values)
      if (!std::isnan(value)) return true;
    return false;
  };
  if (options.weights == WeightScheme::free || options.weights == WeightScheme::uncertain ||
      options.weights == WeightScheme::ordered)
    return true;
  return !table.draws.empty() || any(table.low) || any(table.high) ||
         (options.missing == Missing::interval &&
          std::any_of(table.values.begin(), table.values.end(),
                      [](double value) { return std::isnan(value); }));
}

namespace {

RankingInput read_all(const Arguments& arguments, const Session& session, const Progress& progress,
                      Outcome& outcome) {
  RankingInput input;
  ReadOptions reading = read_options(arguments, session);
  reading.missing =
      arguments.has("missing-text") ? arguments.texts("missing-text") : std::vector<std::string>{};
  reading.need_crs = reading.need_geometry = false;
  input.layer = read_layer(arguments.text("TABLE"), reading, progress.part(0.0, 0.8));
  outcome.inputs.push_back(input.layer.source);
  outcome.findings.add(input.layer.findings);
  const CriteriaFile file = criteria_of(arguments, outcome);
  const auto names = feature_names(input.layer, arguments.text("name"));
  input.table = table_of(input.layer, feature_ids(input.layer, arguments.text("id")), names,
                         file.criteria, outcome.findings);
  compare_ids(input.table.ids, input.layer.table.name, outcome.findings);
  input.options = options_of(arguments, session);
  read_weighting(arguments, file.criteria, input.options, outcome);
  read_rules(input.layer, arguments, file.rules, input.options);
  read_realizations(arguments, session, progress.part(0.8, 1.0), input, outcome);
  return input;
}

}  // namespace

RankingInput read_ranking_input(const Arguments& arguments, const Session& session,
                                const Progress& progress, Outcome& outcome) {
  try {
    return read_all(arguments, session, progress, outcome);
  } catch (Error& error) {
    // Readers speak of --missing, which says another thing here.
    const std::string option = "--missing ";
    const auto at = error.hint.find(option);
    if (error.code == "table.bad_number" && at != std::string::npos)
      error.hint.insert(at + option.size() - 1, "-text");
    throw;
  }
}

}  // namespace lode::tools
