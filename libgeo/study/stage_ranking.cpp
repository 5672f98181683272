// Last stage: the criteria's columns as a decision table, and the order of the located sites.
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/quantity.h"
#include "libgeo/core/text.h"
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

const std::string& field_of(const Criterion& criterion) {
  return criterion.field.empty() ? criterion.name : criterion.field;
}

/// Where a criterion's spread stands: the field it names, else `<field>_low` and its like, if
/// there.
std::string spread_field(const Layer& layer, const std::string& named, const std::string& usual) {
  return !named.empty() || !layer.table.find(usual) ? named : usual;
}

/// A column in the criterion's unit; nothing but NaN when there is none of that name. A spread is
/// in the unit of the criterion's field unless it says its own.
std::vector<double> in_unit_of(const Layer& layer, const std::string& field,
                               const Criterion& criterion) {
  const Column* column = field.empty() ? nullptr : layer.table.find(field);
  if (column == nullptr) return std::vector<double>(layer.size(), unknown);
  std::vector<double> values = layer.table.numbers(field);
  const std::string& has =
      column->unit.empty() ? layer.table.at(field_of(criterion)).unit : column->unit;
  if (has.empty()) return values;
  const auto ratio = unit_ratio(has, criterion.unit);
  if (!ratio)
    throw Error(
        "ranking.unit",
        "the field is in " + printable(has) + ", the criterion in " + printable(criterion.unit),
        layer.table.name + ", " + printable(field), "State the criterion in that unit.");
  for (auto& value : values) value *= *ratio;
  return values;
}

/// A criterion that names a numeric field of a site layer brings that field in as an indicator.
void take_field(StudyContext& context, const Criterion& criterion) {
  const std::string& field = field_of(criterion);
  for (std::size_t t = 0; t < context.site_layers.size(); ++t) {
    const Layer& layer = context.site_layers[t];
    if (!layer.table.find(field)) continue;
    const auto values = in_unit_of(layer, field, criterion);
    const auto low =
        in_unit_of(layer, spread_field(layer, criterion.low_field, field + "_low"), criterion);
    const auto high =
        in_unit_of(layer, spread_field(layer, criterion.high_field, field + "_high"), criterion);
    for (std::size_t i = 0; i < context.site_rows.size(); ++i) {
      const auto [table, row] = context.site_rows[i];
      if (table == t)
        context.set(criterion.name, criterion.unit, i, {low[row], values[row], high[row]},
                    context.result.sites[i].source + ", field " + field);
    }
  }
}

const IndicatorColumn* find_indicator(const StudyContext& context, const std::string& name) {
  for (const auto& column : context.result.indicators)
    if (column.name == name) return &column;
  return nullptr;
}

/// Values of the ranked sites that a rule looks at: an indicator, or a field of the site layers.
std::vector<double> ruled_values(const StudyContext& context, const std::string& name,
                                 const std::vector<std::size_t>& rows) {
  std::vector<double> values(rows.size(), unknown);
  if (const IndicatorColumn* column = find_indicator(context, name)) {
    for (std::size_t r = 0; r < rows.size(); ++r) values[r] = column->value[rows[r]];
    return values;
  }
  for (std::size_t t = 0; t < context.site_layers.size(); ++t) {
    if (!context.site_layers[t].table.find(name)) continue;
    const auto numbers = context.site_layers[t].table.numbers(name);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const auto [table, row] = context.site_rows[rows[r]];
      if (table == t) values[r] = numbers[row];
    }
  }
  return values;
}

/// The same as texts, for a rule of words; numbers in shortest form.
std::vector<std::string> ruled_texts(const StudyContext& context, const std::string& name,
                                     const std::vector<std::size_t>& rows) {
  std::vector<std::string> texts(rows.size());
  if (find_indicator(context, name) != nullptr) {
    const auto values = ruled_values(context, name, rows);
    for (std::size_t r = 0; r < rows.size(); ++r) texts[r] = number_text(values[r]);
    return texts;
  }
  for (std::size_t t = 0; t < context.site_layers.size(); ++t) {
    if (!context.site_layers[t].table.find(name)) continue;
    const auto column = context.site_layers[t].table.texts(name);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const auto [table, row] = context.site_rows[rows[r]];
      if (table == t) texts[r] = column[row];
    }
  }
  return texts;
}

/// Whether less of it is better, whatever the site; nothing where that depends on what a raster or
/// a layer of the study measures.
std::optional<bool> less_is_better(const StudyFile& study, const std::string& indicator) {
  static const std::set<std::string> less = {"permit_conflicts",
                                             "excluded_pct",
                                             "thorium_ppm",
                                             "plant_distance_km",
                                             "port_distance_km",
                                             "delivered_usd_per_t",
                                             "delivered_usd_per_kg",
                                             "delivered_hours",
                                             "delivered_co2e_kg_per_t",
                                             "delivered_dearest_usd_per_t",
                                             "detour_usd_per_t",
                                             "chain_usd_per_kg",
                                             "chain_co2e_kg_per_kg",
                                             "haul_class7",
                                             "governance_risk",
                                             "group",
                                             "access_km"};
  for (const auto& table : study.surroundings)
    if ((table.kind == "raster" || table.kind == "value") && indicator.starts_with(table.name))
      return std::nullopt;
  const auto places = surroundings_indicators(study);
  if (std::find(places.begin(), places.end(), indicator) != places.end())
    return !indicator.ends_with("_nearest_m");
  const auto costs = footprint_indicators(study);
  if (std::find(costs.begin(), costs.end(), indicator) != costs.end()) return true;
  return less.count(indicator) > 0 || indicator.ends_with("_overlap_ha");
}

/// A criterion that turns an indicator round is a slip more often than a wish.
void say_turned_round(const StudyContext& context, Findings& findings) {
  const auto known = indicator_names(context);
  for (const auto& criterion : context.study.criteria) {
    const bool judged_otherwise = !criterion.curve.empty() || !std::isnan(criterion.ideal);
    if (judged_otherwise || std::find(known.begin(), known.end(), criterion.name) == known.end())
      continue;
    const auto answer = less_is_better(context.study, criterion.name);
    if (!answer || *answer == (criterion.direction == Direction::min)) continue;
    const bool less = *answer;
    findings.add("study.direction", Severity::warning,
                 context.study.path + ", criterion " + criterion.name,
                 std::string("its direction prefers ") + (less ? "more" : "less") +
                     " of it, although " + (less ? "less" : "more") + " is better");
  }
}

RankOptions rank_options(const StudyContext& context, const std::vector<std::size_t>& rows) {
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
  for (const auto& rule : study.rules)
    options.rules.push_back(is_of_words(rule)
                                ? with_texts(rule, ruled_texts(context, rule.field, rows))
                                : with_values(rule, ruled_values(context, rule.field, rows)));
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

}  // namespace

std::vector<std::string> indicator_names(const StudyContext& context) {
  std::vector<std::string> names = contract_indicators();
  const StudyFile& study = context.study;
  if (!study.permits.empty())
    names.insert(names.end(), {"permit_coverage_pct", "valid_coverage_pct", "days_to_expiry",
                               "permit_conflicts"});
  if (!study.permits.empty() && !study.required_permits.empty())
    names.emplace_back("missing_permits");
  for (const auto& rule : study.constraints)
    for (const std::string& name : {rule.name, rule.name + "_review"}) {
      if (name != rule.name && !rule.by_class()) continue;
      names.push_back(name + "_nearest_m");
      names.push_back(name + "_overlap_ha");
      if (name == "protected") names.push_back("protected_nearest_km");
    }
  if (!study.constraints.empty()) names.push_back("excluded_pct");
  if (!study.logistics.plants.empty()) names.push_back("plant_distance_km");
  if (!study.logistics.ports.empty()) names.push_back("port_distance_km");
  if (study.logistics.given) {
    if (!study.networks.empty())
      names.insert(names.end(), {"delivered_usd_per_t", "delivered_usd_per_kg", "delivered_hours",
                                 "delivered_co2e_kg_per_t", "access_km"});
    if (study.logistics.months)
      names.insert(names.end(), {"delivered_months_open", "delivered_dearest_usd_per_t"});
    if (!study.logistics.close.empty() || !study.logistics.avoid.empty() ||
        !study.logistics.only.empty())
      names.emplace_back("detour_usd_per_t");
    if (!study.logistics.chain.empty())
      names.insert(names.end(), {"chain_usd_per_kg", "chain_co2e_kg_per_kg", "chain_recovery_pct"});
    const auto& said = study.logistics;
    if (!said.chain.empty() || !std::isnan(said.thorium_share) || !std::isnan(said.uranium_share))
      names.emplace_back("haul_class7");
  }
  for (const auto& name : surroundings_indicators(study)) names.push_back(name);
  for (const auto& name : footprint_indicators(study)) names.push_back(name);
  return names;
}

/// Two tables that would give indicators of one name: the later one would take the place of the
/// first without a word.
void check_indicator_names(const StudyContext& context, std::vector<Error>& faults) {
  const StudyFile& study = context.study;
  std::map<std::string, std::string> owner;
  const auto give = [&](const std::string& name, const std::string& by, int line) {
    const auto [at, fresh] = owner.try_emplace(name, by);
    if (!fresh && at->second != by)
      faults.emplace_back(
          "study.value",
          by + " would give the indicator '" + name + "', which " + at->second + " gives already",
          context.where(line), "Choose another name.");
  };
  StudyFile plain = study;
  plain.constraints.clear();
  plain.surroundings.clear();
  const StudyContext without(plain, context.options);
  for (const auto& name : indicator_names(without)) give(name, "Lode", 0);
  for (const auto& rule : study.constraints)
    for (const std::string& name : {rule.name, rule.name + "_review"}) {
      if (name != rule.name && !rule.by_class()) continue;
      const std::string by = "[[constraints]] '" + rule.name + "'";
      give(name + "_nearest_m", by, rule.line);
      give(name + "_overlap_ha", by, rule.line);
    }
  for (const auto& table : study.surroundings) {
    StudyFile one;
    one.surroundings = {table};
    // Terrain of several regions fills the same indicators, each its own sites.
    const std::string by =
        table.kind == "terrain"
            ? std::string("[[surroundings]] of terrain")
            : "[[surroundings]] '" + table.name + "' of line " + std::to_string(table.layer.line);
    for (const auto& name : surroundings_indicators(one)) give(name, by, table.layer.line);
  }
}

void check_criteria(const StudyContext& context) {
  const auto known = indicator_names(context);
  std::vector<Error> faults;
  check_indicator_names(context, faults);
  const auto is_indicator = [&](const std::string& name) {
    return std::find(known.begin(), known.end(), name) != known.end();
  };
  const auto is_field = [&](const std::string& name) {
    return std::any_of(context.site_layers.begin(), context.site_layers.end(),
                       [&](const Layer& layer) { return layer.table.find(name) != nullptr; });
  };
  for (const auto& criterion : context.study.criteria) {
    const std::string where = context.study.path + ", criterion " + criterion.name;
    const bool own_fields =
        !criterion.field.empty() || !criterion.low_field.empty() || !criterion.high_field.empty();
    const auto fault = [&](const std::string& what, const std::string& hint) {
      faults.emplace_back("study.criterion", what, where, hint);
    };
    if (is_indicator(criterion.name)) {
      if (own_fields)
        fault("'" + criterion.name + "' is computed, so it takes no field",
              "Give a criterion that reads a field a name of its own.");
      continue;
    }
    if (!is_field(field_of(criterion)))
      fault("no stage of this study gives '" + printable(field_of(criterion)) + "'",
            suggestion(field_of(criterion), known));
    else if (criterion.unit.empty())
      fault("the field '" + printable(field_of(criterion)) + "' needs its unit in the criterion",
            "Add unit = \"...\".");
    for (const auto* named : {&criterion.low_field, &criterion.high_field})
      if (!named->empty() && !is_field(*named))
        fault("there is no field '" + printable(*named) + "' in the site layers",
              "Name one that there is, or leave it out.");
  }
  for (const auto& rule : context.study.rules)
    if (!is_indicator(rule.field) && !is_field(rule.field))
      faults.emplace_back(
          "study.criterion", "no stage of this study gives '" + printable(rule.field) + "'",
          context.study.path + ", rule " + printable(rule.name), suggestion(rule.field, known));
  if (faults.empty()) return;
  Error first = faults.front();
  first.more.assign(faults.begin() + 1, faults.end());
  throw first;
}

void stage_ranking(StudyContext& context, const Progress& progress) {
  progress.update(0.0, "ranking");
  say_turned_round(context, context.result.findings);
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
    if (table.criteria[c].unit.empty()) table.criteria[c].unit = column.unit;
    const auto ratio = unit_ratio(column.unit, table.criteria[c].unit);
    if (!ratio)
      throw Error("ranking.unit",
                  "the indicator is in " + column.unit + ", the criterion in " +
                      printable(table.criteria[c].unit),
                  context.study.path + ", criterion " + name, "State its bounds in that unit.");
    for (std::size_t r = 0; r < rows.size(); ++r) {
      table.values[r * m + c] = column.value[rows[r]] * *ratio;
      table.low[r * m + c] = column.low[rows[r]] * *ratio;
      table.high[r * m + c] = column.high[rows[r]] * *ratio;
    }
  }
  const RankOptions options = rank_options(context, rows);
  keep(context, rank(table, options, progress), rows);
  result.method = context.study.method;
  result.weights_mode = context.study.weights;
  result.missing = context.study.missing;
  result.draws = context.study.draws;
  result.figures.push_back({"sites ranked", static_cast<double>(result.ranking.size()), ""});
}

}  // namespace lode
