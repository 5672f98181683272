// The criteria's columns as a decision table: indicators, fields of the sites, rules; their check.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/quantity.h"
#include "libgeo/core/random.h"
#include "libgeo/study/ranking_stage.h"

namespace lode {

namespace {

const std::vector<std::string>& contract_indicators() {
  static const std::vector<std::string> names = {
      "gross_treo_t",       "net_treo_t",         "net_ndpr_t",
      "net_dytb_t",         "net_mreo_t",         "recoverable_treo_t",
      "recoverable_ndpr_t", "recoverable_dytb_t", "recoverable_mreo_t",
      "treo_grade_pct",     "mreo_share_pct",     "basket_usd_per_t",
      "ndpr_t_per_yr",      "dytb_t_per_yr",      "resource_confidence",
      "thorium_ppm",        "governance_risk",    "group"};
  return names;
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

bool is_site_column(const StudyContext& context, const std::string& name) {
  return std::any_of(context.site_layers.begin(), context.site_layers.end(),
                     [&](const Layer& layer) { return layer.table.find(name) != nullptr; });
}

/// What the study itself knows of a site in words.
std::string own_word(const StudyContext& context, const std::string& name, std::size_t i) {
  const Site& site = context.result.sites[i];
  if (name == "group") return site.group;
  if (name == "kind") return site.kind;
  return name == "country" ? site.country : context.facts[i].resource_class;
}

/// The same as `ruled_values` of a rule of words; "" where there is none.
std::vector<std::string> ruled_texts(const StudyContext& context, const std::string& name,
                                     const std::vector<std::size_t>& rows) {
  std::vector<std::string> texts(rows.size());
  if (!is_site_column(context, name)) {
    for (std::size_t r = 0; r < rows.size(); ++r) texts[r] = own_word(context, name, rows[r]);
    return texts;
  }
  for (std::size_t t = 0; t < context.site_layers.size(); ++t) {
    const Column* column = context.site_layers[t].table.find(name);
    if (column == nullptr) continue;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const auto [table, row] = context.site_rows[rows[r]];
      if (table != t) continue;
      if (column->kind == ColumnKind::text)
        texts[r] = column->texts[row];
      else if (!std::isnan(column->numbers[row]))
        texts[r] = number_text(column->numbers[row]);
    }
  }
  return texts;
}

/// A criterion shares its spread as its indicator does, unless the study file says its own.
void share_spread(const IndicatorColumn& column, const StatedKeys& stated, Criterion& criterion) {
  const auto any = [](const std::vector<double>& values) {
    return std::any_of(values.begin(), values.end(), [](double x) { return !std::isnan(x); });
  };
  if (!any(column.low) && !any(column.high) && column.simulated.empty()) return;
  for (const char* key : {"spread_group", "spread_correlation", "spread_common"})
    if (stated.has(key)) return;
  criterion.spread_group = column.spread.group;
  criterion.spread_correlation = column.spread.correlation;
  criterion.spread_common = column.spread.common;
}

/// The tonnes of a secondary source are its rate times its life: tonnes and yearly output then come
/// from one figure, which groups of criteria cannot say of some sites alone. Such sites get draws
/// of their own, the same quantile for all of these criteria.
void share_rates(const StudyContext& context, RankingWork& work) {
  // A prime, so that the draws do not fall in step with the points of the weights.
  constexpr std::size_t count = 1009;
  DecisionTable& table = work.table;
  const std::size_t m = table.criteria.size();
  for (std::size_t r = 0; r < work.rows.size(); ++r) {
    if (!context.facts[work.rows[r]].recovered) continue;
    std::vector<std::size_t> shared;
    for (std::size_t c = 0; c < m; ++c) {
      const std::string& group = table.criteria[c].spread_group;
      const std::size_t k = r * m + c;
      if ((group == ore_body_spread.group || group == rate_spread.group) &&
          !std::isnan(table.values[k]) && !(std::isnan(table.low[k]) && std::isnan(table.high[k])))
        shared.push_back(c);
    }
    if (shared.size() < 2) continue;
    // FNV-1a: the id names the stream, so that other sites do not disturb it.
    std::uint64_t stream = 14695981039346656037ull;
    for (const char c : table.ids[r])
      stream = (stream ^ static_cast<unsigned char>(c)) * 1099511628211ull;
    const Random random{context.result.seed, stream | (std::uint64_t{1} << 62)};
    for (const std::size_t c : shared) {
      const Criterion& criterion = table.criteria[c];
      const std::size_t k = r * m + c;
      const Spread spread = criterion.spread.value_or(context.study.ranking.options.draws.spread);
      CellDraws cell{r, c, {}};
      for (std::size_t d = 0; d < count; ++d)
        cell.values.push_back(sample_value(table.low[k], table.values[k], table.high[k],
                                           random.uniform(d), spread,
                                           criterion.scale == Scale::log));
      table.draws.push_back(std::move(cell));
    }
  }
}

}  // namespace

const IndicatorColumn* find_indicator(const StudyContext& context, const std::string& name) {
  for (const auto& column : context.result.indicators)
    if (column.name == name) return &column;
  return nullptr;
}

void fill_decision_table(StudyContext& context, RankingWork& work) {
  DecisionTable& table = work.table;
  table.criteria = context.study.criteria;
  const auto& keys = context.study.criteria_keys;
  for (const std::size_t i : work.rows) {
    table.ids.push_back(context.result.sites[i].id);
    table.names.push_back(context.result.sites[i].name);
  }
  const std::size_t m = table.criteria.size();
  table.values.assign(work.rows.size() * m, unknown);
  table.low = table.high = table.values;
  for (std::size_t c = 0; c < m; ++c) {
    Criterion& criterion = table.criteria[c];
    if (!find_indicator(context, criterion.name)) take_field(context, criterion);
    const IndicatorColumn& column = context.indicator(criterion.name, criterion.unit);
    if (criterion.unit.empty()) criterion.unit = column.unit;
    const auto ratio = unit_ratio(column.unit, criterion.unit);
    if (!ratio)
      throw Error(
          "ranking.unit",
          "the indicator is in " + column.unit + ", the criterion in " + printable(criterion.unit),
          context.study.path + ", criterion " + criterion.name, "State its bounds in that unit.");
    share_spread(column, c < keys.size() ? keys[c] : StatedKeys(), criterion);
    for (std::size_t r = 0; r < work.rows.size(); ++r) {
      const std::size_t i = work.rows[r];
      table.values[r * m + c] = column.value[i] * *ratio;
      table.low[r * m + c] = column.low[i] * *ratio;
      table.high[r * m + c] = column.high[i] * *ratio;
      const auto simulated = column.simulated.find(i);
      if (simulated == column.simulated.end()) continue;
      table.draws.push_back({r, c, simulated->second});
      for (double& value : table.draws.back().values) value *= *ratio;
    }
  }
  share_rates(context, work);
}

const std::vector<std::string>& word_fields() {
  static const std::vector<std::string> names = {"group", "kind", "country", "class"};
  return names;
}

std::vector<HardRule> hard_rules(const StudyContext& context,
                                 const std::vector<std::size_t>& rows) {
  std::vector<HardRule> rules;
  for (const auto& text : context.study.rules) {
    HardRule rule;
    rule.name = text.name;
    rule.missing_passes = text.missing_passes;
    rule.words = text.words;
    // Sites stand under their codes, so "Australia" is to meet "AUS".
    if (text.field == "country" && !is_site_column(context, text.field))
      for (auto& word : rule.words) word = country_id(word, context.countries);
    rule.none_of = text.none_of;
    rule.min = text.min;
    rule.max = text.max;
    if (rule.words.empty())
      rule.values = ruled_values(context, text.field, rows);
    else
      rule.texts = ruled_texts(context, text.field, rows);
    rules.push_back(std::move(rule));
  }
  return rules;
}

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
  for (const auto& name : economics_indicators(study)) names.push_back(name);
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

/// "study.toml, line 12, rule R": of the key where it is stated.
std::string rule_place(const StudyContext& context, std::size_t at, const char* key) {
  const auto& keys = context.study.rule_keys;
  return context.where(at < keys.size() ? keys[at].line_of(key) : 0) + ", rule " +
         printable(context.study.rules[at].name);
}

void unknown_word(const StudyContext& context, std::size_t at, const std::string& word,
                  const std::vector<std::string>& known, std::vector<Error>& faults) {
  const RuleText& rule = context.study.rules[at];
  const std::string near = suggestion(std::string(trim(word)), known);
  faults.emplace_back("study.value",
                      "'" + printable(word) + "' is no " + rule.field + " that a site can have",
                      rule_place(context, at, rule.none_of ? "none_of" : "any_of"),
                      near.empty() ? "Known: " + join(known, ", ") + "." : near);
}

/// A slip in a word of a closed list would drop, or keep, sites without a word said. Classes are
/// looked at once the sites have theirs.
void check_words(const StudyContext& context, std::size_t at, std::vector<Error>& faults) {
  const RuleText& rule = context.study.rules[at];
  std::vector<std::string> known;
  if (rule.field == "group") known = {"domestic", "allied", "other"};
  if (rule.field == "kind") known = {"primary", "secondary"};
  const bool country = rule.field == "country" && !context.countries.list().empty();
  if (country)
    for (const auto& one : context.countries.list()) {
      known.push_back(one.iso3);
      known.push_back(one.name);
    }
  if (known.empty()) return;
  for (const auto& word : rule.words) {
    const bool found =
        country ? !country_code(word, context.countries).empty()
                : std::find(known.begin(), known.end(), lower(trim(word))) != known.end();
    if (found) continue;
    if (country && !nearest_name(std::string(trim(word)), known))
      faults.emplace_back("study.value", "'" + printable(word) + "' is no country we know",
                          rule_place(context, at, rule.none_of ? "none_of" : "any_of"),
                          "Give its ISO 3166-1 alpha-3 code, such as USA, or its English name.");
    else
      unknown_word(context, at, word, known, faults);
  }
}

/// A rule of numbers looks at an indicator or a field, a rule of words at a text of the sites.
void check_rule(const StudyContext& context, std::size_t at, const std::vector<std::string>& known,
                std::vector<Error>& faults) {
  const RuleText& rule = context.study.rules[at];
  const auto fault = [&](const std::string& what, const std::string& hint) {
    faults.emplace_back("study.criterion", what, rule_place(context, at, "field"), hint);
  };
  const auto is_one_of = [&](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), rule.field) != names.end();
  };
  const bool is_field = is_site_column(context, rule.field);
  if (rule.words.empty()) {
    if (!is_one_of(known) && !is_field)
      fault("no stage of this study gives '" + printable(rule.field) + "'",
            suggestion(rule.field, known));
    for (const auto& layer : context.site_layers) {
      if (is_one_of(known) || !layer.table.find(rule.field)) continue;
      try {
        (void)layer.table.numbers(rule.field);
      } catch (const Error& error) {
        return fault("the rule asks for numbers of '" + printable(rule.field) +
                         "': " + error.what() + " (" + error.where + ")",
                     "For a field of words say any_of or none_of in place of min and max.");
      }
    }
    return;
  }
  if (is_field) return;
  if (is_one_of(word_fields())) return check_words(context, at, faults);
  if (is_one_of(known))
    fault("'" + printable(rule.field) + "' holds numbers, and the rule is one of words",
          "Use min and max, or name a column of the sites.");
  else
    fault("the sites have no column '" + printable(rule.field) + "'",
          suggestion(rule.field, word_fields()));
}

/// Pairs to be explained name sites.
void check_pairs(const StudyContext& context, std::vector<Error>& faults) {
  std::vector<std::string> ids;
  for (const auto& site : context.result.sites) ids.push_back(site.id);
  for (const auto& pair : context.study.ranking.pairs)
    for (const auto* id : {&pair.a, &pair.b})
      if (std::find(ids.begin(), ids.end(), *id) == ids.end())
        faults.emplace_back("study.value",
                            "[ranking] explain: there is no site '" + printable(*id) + "'",
                            context.where(pair.line), suggestion(*id, ids));
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
  for (std::size_t j = 0; j < context.study.criteria.size(); ++j) {
    const Criterion& criterion = context.study.criteria[j];
    const StatedKeys keys =
        j < context.study.criteria_keys.size() ? context.study.criteria_keys[j] : StatedKeys();
    const std::string where = context.where(keys.line_of(keys.has("field") ? "field" : "name")) +
                              ", criterion " + printable(criterion.name);
    const bool own_fields =
        !criterion.field.empty() || !criterion.low_field.empty() || !criterion.high_field.empty();
    const auto fault = [&](const std::string& what, const std::string& hint) {
      faults.emplace_back("study.criterion", what, where, hint);
    };
    if (is_indicator(criterion.name)) {
      if (own_fields)
        fault("'" + criterion.name + "' is computed, so it takes no field",
              "Give a criterion that reads a field a name of its own.");
      if (criterion.name == "governance_risk" && context.study.supply.governance.empty())
        fault(
            "'governance_risk' is computed from a table that the study does not name: [supply] "
            "governance is missing",
            "Add governance = \"governance.csv\" to [supply], or leave the criterion out.");
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
  for (std::size_t r = 0; r < context.study.rules.size(); ++r)
    check_rule(context, r, known, faults);
  check_pairs(context, faults);
  throw_together(faults);
}

void check_class_rules(const StudyContext& context) {
  std::set<std::string> classes;
  for (const auto* named : {&context.study.confidence, &context.study.class_factor})
    for (const auto& [name, value] : *named) classes.insert(name);
  for (const auto& one : context.facts)
    if (const std::string name = lower(trim(one.resource_class)); !name.empty())
      classes.insert(name);
  std::vector<Error> faults;
  for (std::size_t r = 0; r < context.study.rules.size(); ++r) {
    const RuleText& rule = context.study.rules[r];
    if (rule.field != "class" || is_site_column(context, rule.field)) continue;
    for (const auto& word : rule.words)
      if (classes.count(lower(trim(word))) == 0)
        unknown_word(context, r, word, {classes.begin(), classes.end()}, faults);
  }
  throw_together(faults);
}

}  // namespace lode
