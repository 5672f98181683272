// What the figures of a ranking do not carry: said as findings, and beside the sites they concern.
#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "libgeo/core/quantity.h"
#include "libgeo/study/ranking_stage.h"

namespace lode {

namespace {

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

}  // namespace

void say_turned_round(StudyContext& context) {
  const auto known = indicator_names(context);
  for (const auto& criterion : context.study.criteria) {
    const bool judged_otherwise = !criterion.curve.empty() || !std::isnan(criterion.ideal);
    if (judged_otherwise || std::find(known.begin(), known.end(), criterion.name) == known.end())
      continue;
    const auto answer = less_is_better(context.study, criterion.name);
    if (!answer || *answer == (criterion.direction == Direction::min)) continue;
    const bool less = *answer;
    context.result.findings.add("study.direction", Severity::warning,
                                context.study.path + ", criterion " + criterion.name,
                                std::string("its direction prefers ") + (less ? "more" : "less") +
                                    " of it, although " + (less ? "less" : "more") + " is better");
  }
}

namespace {

bool counts(const UsedCriterion& criterion) {
  return !(criterion.weight <= 0.0);
}

/// Money that somebody earns or spends on the material: by name, or by unit.
bool is_economic(const UsedCriterion& criterion) {
  const std::string name = lower(criterion.name), unit = lower(criterion.unit);
  if (unit.find("usd") != std::string::npos || unit.find('$') != std::string::npos) return true;
  for (const char* word : {"usd", "npv", "irr", "basket", "capex", "opex"})
    if (name.starts_with(word) || name.find("_" + std::string(word)) != std::string::npos)
      return true;
  return false;
}

/// Tonnes, or tonnes a year.
bool is_tonnage(const UsedCriterion& criterion) {
  if (criterion.unit.empty() || criterion.direction != "max") return false;
  return unit_ratio(criterion.unit, "t").has_value() ||
         unit_ratio(criterion.unit, "t/yr").has_value();
}

std::string percent(double share) {
  return fixed_text(100.0 * share, share < 0.0995 ? 1 : 0) + " %";
}

/// Economics may stand on material that no code lets carry them: each such site is told so.
void caution_economics(StudyContext& context) {
  StudyResult& result = context.result;
  std::size_t sites = 0;
  std::set<std::string> named;
  std::string first;
  for (SiteStanding& standing : result.ranking) {
    const SiteFacts& facts = context.facts[standing.site];
    if (!(facts.below_indicated > 0.0)) continue;
    std::vector<std::string> criteria;
    for (const UsedCriterion& one : result.criteria) {
      const IndicatorColumn* column = find_indicator(context, one.name);
      if (counts(one) && is_economic(one) && column != nullptr &&
          !std::isnan(column->value[standing.site]))
        criteria.push_back(one.name);
    }
    if (criteria.empty()) continue;
    named.insert(criteria.begin(), criteria.end());
    if (sites++ == 0) first = result.sites[standing.site].id;
    const std::string what =
        facts.below_indicated < 1.0
            ? percent(facts.below_indicated) + " of its oxide, which is below indicated"
        : facts.resource_class.empty()
            ? std::string("material whose class is not stated")
            : "material of class '" + printable(facts.resource_class) + "', below indicated";
    standing.cautions.push_back(join(criteria, ", ") +
                                (criteria.size() > 1 ? " rest on " : " rests on ") + what +
                                ": too uncertain to carry economics");
  }
  if (sites > 0)
    result.findings.add("study.economics_on_inferred", Severity::warning, context.study.path,
                        join(std::vector<std::string>(named.begin(), named.end()), ", ") +
                            " of ranked sites rest on a resource below indicated (first: " + first +
                            "); ranking.csv and the report say which",
                        sites);
}

/// A criterion of tonnes in the ground says less than it seems to where recovery and class differ.
void note_in_place(StudyContext& context) {
  StudyResult& result = context.result;
  for (const UsedCriterion& one : result.criteria) {
    const bool gross = one.name.starts_with("gross_");
    if (!counts(one) || (!gross && !one.name.starts_with("net_"))) continue;
    const std::string better = "recoverable_" + one.name.substr(one.name.find('_') + 1);
    const IndicatorColumn* given = find_indicator(context, one.name);
    const IndicatorColumn* recoverable = find_indicator(context, better);
    if (given == nullptr || recoverable == nullptr) continue;
    std::size_t differ = 0;
    for (const SiteStanding& standing : result.ranking) {
      const double a = given->value[standing.site], b = recoverable->value[standing.site];
      if (a - b > 0.01 * a) ++differ;
    }
    if (differ > 0)
      result.findings.add(
          "study.in_place_tonnage", Severity::note, context.study.path + ", criterion " + one.name,
          std::string("counts ") +
              (gross ? "tonnes in the ground, before permits, setbacks, recovery"
                     : "tonnes after permits, setbacks and stated recovery, but before any "
                       "discount for the class of the resource") +
              "; " + better + " of these sites is less",
          differ);
  }
}

/// Recoverable tonnes of sites that do not say what their recovery or class is.
void say_unstated(StudyContext& context) {
  StudyResult& result = context.result;
  const bool asked = std::any_of(
      result.criteria.begin(), result.criteria.end(),
      [](const UsedCriterion& one) { return counts(one) && one.name.starts_with("recoverable_"); });
  if (!asked) return;
  std::size_t no_recovery = 0, no_class = 0;
  std::string first_recovery, first_class;
  for (const SiteStanding& standing : result.ranking) {
    const SiteFacts& facts = context.facts[standing.site];
    const std::string& id = result.sites[standing.site].id;
    if (!facts.treo_t.known()) continue;
    if (!facts.recovered && !facts.recovery_stated && no_recovery++ == 0) first_recovery = id;
    if (facts.resource_class.empty() && no_class++ == 0) first_class = id;
  }
  if (no_recovery > 0)
    result.findings.add("study.no_recovery", Severity::warning, context.study.path,
                        "sites with a tonnage state no recovery: it counts 1, which favours them "
                        "(first: " +
                            first_recovery + ")",
                        no_recovery);
  if (no_class > 0)
    result.findings.add("study.no_class", Severity::warning, context.study.path,
                        "sites with a tonnage state no class of resource: where their table has a "
                        "class they count as unknown, else they are not discounted (first: " +
                            first_class + ")",
                        no_class);
}

/// A class that only [study] names: misspelt, its figure would count nowhere without a word.
void say_unused_classes(StudyContext& context) {
  std::set<std::string> seen = {"proven",     "proved",      "measured",     "probable",
                                "indicated",  "producing",   "inferred",     "historic",
                                "historical", "exploration", "illustrative", "unknown"};
  for (const SiteFacts& facts : context.facts) {
    if (facts.resource_class == "by block") return;  // blocks have classes of their own
    seen.insert(facts.resource_class);
  }
  std::set<std::string> unused;
  for (const auto* figures : {&context.study.class_factor, &context.study.confidence})
    for (const auto& [name, figure] : *figures)
      if (seen.count(name) == 0) unused.insert(printable(name));
  if (!unused.empty())
    context.result.findings.add(
        "study.class_unused", Severity::warning, context.study.path,
        "[study] gives figures to classes that no site has: " +
            join(std::vector<std::string>(unused.begin(), unused.end()), ", "),
        unused.size());
}

void caution_suites(StudyContext& context) {
  std::size_t sites = 0;
  std::string first;
  for (SiteStanding& standing : context.result.ranking) {
    const SiteFacts& facts = context.facts[standing.site];
    if (facts.suite_missing == 0) continue;
    if (!facts.suite_unused && sites++ == 0) first = context.result.sites[standing.site].id;
    const std::string how_many = std::to_string(facts.suite_missing) + " of 15 oxides";
    standing.cautions.push_back(
        facts.suite_unused
            ? "its reported suite lacks " + how_many + " and is no TREO: it was not used"
            : "its suite is partial, " + how_many +
                  " are not reported: tonnage and grade are lower bounds, shares upper ones");
  }
  if (sites > 0)
    context.result.findings.add("study.suite_lower_bound", Severity::note, context.study.path,
                                "ranked sites report only part of the suite, so that their tonnage "
                                "is a lower bound (first: " +
                                    first + ")",
                                sites);
}

/// A site must not be first on next to no tonnes without a word.
void caution_small_first(StudyContext& context) {
  StudyResult& result = context.result;
  for (SiteStanding& standing : result.ranking) {
    if (standing.rank != 1) break;
    for (const UsedCriterion& one : result.criteria) {
      if (!counts(one) || !is_tonnage(one)) continue;
      const IndicatorColumn* column = find_indicator(context, one.name);
      if (column == nullptr) continue;
      const auto ratio = unit_ratio(column->unit, one.unit);
      const double value = column->value[standing.site] * ratio.value_or(1.0);
      if (value > one.low_bound) continue;
      const std::string words =
          std::isnan(value) ? one.name + " is not known"
                            : one.name + " of " + fixed_text(value, value < 10.0 ? 2 : 0) + " " +
                                  one.unit + " is not above the lower bound of its scale, " +
                                  number_text(one.low_bound) + " " + one.unit;
      standing.cautions.push_back("first, although its " + words);
      result.findings.add("study.small_first", Severity::warning,
                          result.sites[standing.site].id + ", " + one.name,
                          "the site stands first although its " + words);
    }
  }
}

}  // namespace

void say_cautions(StudyContext& context) {
  note_in_place(context);
  say_unstated(context);
  say_unused_classes(context);
  caution_economics(context);
  caution_suites(context);
  caution_small_first(context);
}

}  // namespace lode
