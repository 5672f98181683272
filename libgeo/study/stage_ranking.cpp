// Last stage: the criteria's columns as a decision table, and the order of the located sites.
#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/ranking/rank.h"
#include "libgeo/study/context.h"

namespace lode {

namespace {

const std::vector<std::string>& contract_indicators() {
  static const std::vector<std::string> names = {
      "gross_treo_t",        "net_treo_t",     "net_ndpr_t",       "net_dytb_t",    "net_mreo_t",
      "treo_grade_pct",      "mreo_share_pct", "basket_usd_per_t", "ndpr_t_per_yr", "dytb_t_per_yr",
      "resource_confidence", "thorium_ppm",    "governance_risk",  "group"};
  return names;
}

/// A numeric field of the site layers over all sites; NaN where the layer does not have it.
std::vector<double> site_field(const StudyContext& context, const std::string& field) {
  std::vector<double> out(context.site_rows.size(), unknown);
  for (std::size_t t = 0; t < context.site_layers.size(); ++t) {
    const Layer& layer = context.site_layers[t];
    if (!layer.table.find(field)) continue;
    const auto values = layer.table.numbers(field);
    for (std::size_t i = 0; i < context.site_rows.size(); ++i)
      if (context.site_rows[i].first == t) out[i] = values[context.site_rows[i].second];
  }
  return out;
}

bool is_site_field(const StudyContext& context, const std::string& field) {
  return std::any_of(context.site_layers.begin(), context.site_layers.end(),
                     [&](const Layer& layer) { return layer.table.find(field) != nullptr; });
}

/// A criterion that names a numeric field of a site layer brings that field in as an indicator.
void take_field(StudyContext& context, const Criterion& criterion) {
  const std::string& field = criterion.field.empty() ? criterion.name : criterion.field;
  const auto values = site_field(context, field);
  for (std::size_t i = 0; i < values.size(); ++i)
    context.set(criterion.name, criterion.unit, i, values[i],
                context.result.sites[i].source + ", field " + field);
}

/// From the indicator's unit to the one that the criterion states its bounds in.
double factor_to(const Criterion& criterion, const std::string& has, const std::string& where) {
  if (criterion.unit.empty() || criterion.unit == has) return 1.0;
  for (int k = 0; k <= static_cast<int>(Dimension::activity); ++k) {
    const auto dimension = static_cast<Dimension>(k);
    if (is_unit_of(has, dimension) && is_unit_of(criterion.unit, dimension))
      return unit_factor(has, dimension) / unit_factor(criterion.unit, dimension);
  }
  throw Error("ranking.unit",
              criterion.name + " is in " + has + ", which does not convert to '" +
                  printable(criterion.unit) + "'",
              where + ", criterion " + criterion.name, "Leave the criterion's unit out.");
}

const IndicatorColumn* find_indicator(const StudyContext& context, const std::string& name) {
  for (const auto& column : context.result.indicators)
    if (column.name == name) return &column;
  return nullptr;
}

RankOptions rank_options(const StudyContext& context) {
  const StudyFile& study = context.study;
  RankOptions options;
  options.method.method = parse_method(study.method);
  options.method.normalise = parse_normalise(study.normalise);
  options.method.jobs = context.options.jobs;
  options.weights = parse_weight_scheme(study.weights);
  options.rescale_weights = study.rescale_weights;
  options.missing = parse_missing(study.missing);
  options.draws.draws = study.draws;
  options.draws.seed = context.result.seed;
  options.draws.jobs = context.options.jobs;
  return options;
}

void keep(StudyContext& context, const RankResult& ranked, const std::vector<std::size_t>& rows) {
  StudyResult& result = context.result;
  for (std::size_t c = 0; c < ranked.used.size(); ++c) {
    const Criterion& used = ranked.used[c];
    UsedCriterion one;
    one.name = used.name;
    one.unit = used.unit;
    if (const auto* column = find_indicator(context, used.name); column && one.unit.empty())
      one.unit = column->unit;
    one.direction = to_text(used.direction);
    one.scale = to_text(used.scale);
    one.weight = c < ranked.weights.weights.size() ? ranked.weights.weights[c] : unknown;
    one.low_bound = used.lo;
    one.high_bound = used.hi;
    result.criteria.push_back(std::move(one));
  }
  for (const auto& site : ranked.sites) {
    SiteStanding standing;
    standing.site = rows[site.row];
    standing.rank = static_cast<int>(site.rank);
    standing.score = site.score;
    standing.rank_p05 = site.rank_p05;
    standing.rank_p50 = site.rank_p50;
    standing.rank_p95 = site.rank_p95;
    standing.first_acceptability = site.first_acceptability;
    standing.rank_acceptability = site.rank_acceptability;
    for (std::size_t c = 0; c < ranked.criteria.size() && c < site.contributions.size(); ++c)
      standing.contributions.emplace_back(ranked.criteria[c], site.contributions[c]);
    result.ranking.push_back(std::move(standing));
  }
  for (const auto& dropped : ranked.dropped)
    result.left_out.push_back(
        {dropped.id, result.sites[rows[dropped.row]].name, "rule '" + dropped.rule + "'"});
  result.findings.add(ranked.findings);
}

/// Rules over the rows that are ranked: an indicator in its own unit, or a field of the sites.
std::vector<HardRule> hard_rules(const StudyContext& context,
                                 const std::vector<std::size_t>& rows) {
  std::vector<HardRule> rules;
  for (const RuleText& text : context.study.rules) {
    const IndicatorColumn* column = find_indicator(context, text.field);
    const auto all = column ? column->value : site_field(context, text.field);
    HardRule rule{text.name, {}, text.min, text.max, text.missing_passes};
    for (const std::size_t i : rows) rule.values.push_back(all[i]);
    rules.push_back(std::move(rule));
  }
  return rules;
}

}  // namespace

std::vector<std::string> indicator_names(const StudyContext& context) {
  std::vector<std::string> names = contract_indicators();
  const StudyFile& study = context.study;
  if (!study.permits.empty())
    names.insert(names.end(), {"permit_coverage_pct", "valid_coverage_pct", "days_to_expiry",
                               "permit_conflicts"});
  for (const auto& constraint : study.constraints) {
    names.push_back(constraint.name + "_nearest_m");
    names.push_back(constraint.name + "_overlap_ha");
    if (constraint.name == "protected") names.push_back("protected_nearest_km");
  }
  if (!study.constraints.empty()) names.push_back("excluded_pct");
  if (!study.logistics.plants.empty()) names.push_back("plant_distance_km");
  if (!study.logistics.ports.empty()) names.push_back("port_distance_km");
  if (study.logistics.given) {
    if (!study.networks.empty())
      names.insert(names.end(), {"delivered_usd_per_t", "delivered_usd_per_kg", "delivered_hours",
                                 "delivered_co2e_kg_per_t", "access_km"});
  }
  return names;
}

void check_criteria(const StudyContext& context) {
  const auto known = indicator_names(context);
  std::vector<Error> faults;
  for (const auto& criterion : context.study.criteria) {
    if (std::find(known.begin(), known.end(), criterion.name) != known.end()) continue;
    const std::string& field = criterion.field.empty() ? criterion.name : criterion.field;
    if (!is_site_field(context, field))
      faults.emplace_back(
          "study.criterion", "no stage of this study gives '" + printable(criterion.name) + "'",
          context.study.path + ", criterion " + criterion.name, suggestion(criterion.name, known));
    else if (criterion.unit.empty())
      faults.emplace_back(
          "study.criterion", "the field '" + printable(field) + "' needs its unit in the criterion",
          context.study.path + ", criterion " + criterion.name, "Add unit = \"...\".");
  }
  for (const auto& rule : context.study.rules)
    if (std::find(known.begin(), known.end(), rule.field) == known.end() &&
        !is_site_field(context, rule.field))
      faults.emplace_back(
          "study.criterion", "no stage of this study gives '" + printable(rule.field) + "'",
          context.study.path + ", rule " + rule.name, suggestion(rule.field, known));
  if (faults.empty()) return;
  Error first = faults.front();
  first.more.assign(faults.begin() + 1, faults.end());
  throw first;
}

void stage_ranking(StudyContext& context, const Progress& progress) {
  progress.update(0.0, "ranking");
  StudyResult& result = context.result;
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < result.sites.size(); ++i)
    if (result.sites[i].located) rows.push_back(i);
  DecisionTable table;
  table.criteria = context.study.criteria;
  for (const std::size_t i : rows) {
    table.ids.push_back(result.sites[i].id);
    table.names.push_back(result.sites[i].name);
  }
  const std::size_t m = table.criteria.size();
  table.values.assign(rows.size() * m, unknown);
  table.low = table.high = table.values;
  for (std::size_t c = 0; c < m; ++c) {
    const std::string& name = table.criteria[c].name;
    if (!find_indicator(context, name)) take_field(context, table.criteria[c]);
    const IndicatorColumn& column = context.indicator(name, table.criteria[c].unit);
    const double factor = factor_to(table.criteria[c], column.unit, context.study.path);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      table.values[r * m + c] = column.value[rows[r]] * factor;
      table.low[r * m + c] = column.low[rows[r]] * factor;
      table.high[r * m + c] = column.high[rows[r]] * factor;
    }
    if (table.criteria[c].unit.empty()) table.criteria[c].unit = column.unit;
  }
  RankOptions options = rank_options(context);
  options.rules = hard_rules(context, rows);
  keep(context, rank(table, options, progress), rows);
  result.method = context.study.method;
  result.weights_mode = context.study.weights;
  result.missing = context.study.missing;
  result.draws = context.study.draws;
  result.figures.push_back({"sites ranked", static_cast<double>(result.ranking.size()), ""});
}

}  // namespace lode
