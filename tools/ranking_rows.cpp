#include "tools/ranking_rows.h"

#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/ranking/families.h"

namespace lode::tools {

namespace {

void put_method_keys(const RankedSite& site, const RankResult& result, Method method, Json& row) {
  if (method == Method::vikor) {
    row["s"] = site.s;
    row["r"] = site.r;
    row["compromise"] = site.compromise;
  }
  if (is_promethee(method)) {
    row["phi_plus"] = site.phi_plus;
    row["phi_minus"] = site.phi_minus;
    row["phi"] = site.phi_plus - site.phi_minus;
  }
  if (method == Method::electre3) {
    row["descending"] = site.descending;
    row["ascending"] = site.ascending;
    std::vector<std::string> others;
    for (const auto& other : result.sites) others.push_back(other.id);
    row["credibility"] = by_name(others, site.credibility);
  }
  if (method == Method::electre_tri) {
    row["category"] = site.category;
    std::vector<std::string> profiles;
    for (std::size_t k = 0; k < site.credibility.size(); ++k)
      profiles.push_back("profile_" + std::to_string(k + 1));
    row["credibility"] = by_name(profiles, site.credibility);
  }
  if (method == Method::electre3 || method == Method::promethee1) {
    row["preferred_to"] = Json(site.preferred_to);
    row["incomparable"] = Json(site.incomparable);
  }
}

void put_dominance(const RankedSite& site, const std::vector<std::string>& ids, Json& row) {
  const bool looked = site.pareto_front > 0;
  row["pareto_front"] = looked ? Json(site.pareto_front) : Json();
  row["dominators"] = looked ? Json(site.dominators) : Json();
  row["dominates"] = looked ? Json(site.dominates) : Json();
  std::vector<std::string> dominators;
  for (const auto other : site.dominated_by) dominators.push_back(ids[other]);
  if (!dominators.empty()) row["dominated_by"] = Json(dominators);
}

Json screening_of(const RankResult& result) {
  Json list = Json::array();
  for (const auto& count : result.screening) {
    Json one = Json::object();
    one["rule"] = count.rule;
    one["alone"] = count.alone;
    one["in_order"] = count.in_order;
    one["only"] = count.only;
    one["missing"] = count.missing;
    list.push_back(std::move(one));
  }
  return list;
}

Json dropped_of(const RankResult& result) {
  Json list = Json::array();
  for (const auto& site : result.dropped) {
    Json one = Json::object();
    one["id"] = site.id;
    one["rule"] = site.rule;
    one["value"] = site.value;
    one["text"] = site.text.empty() ? Json() : Json(site.text);
    one["failed"] = Json(site.failed);
    list.push_back(std::move(one));
  }
  return list;
}

/// A square of numbers by the names of its rows and columns; null when it was not computed.
Json square_by_name(const std::vector<std::string>& names, const std::vector<double>& values) {
  const std::size_t n = names.size();
  if (values.size() != n * n || n == 0) return {};
  Json all = Json::object();
  for (std::size_t i = 0; i < n; ++i) {
    const auto row = values.begin() + static_cast<std::ptrdiff_t>(i * n);
    all[names[i]] = by_name(names, {row, row + static_cast<std::ptrdiff_t>(n)});
  }
  return all;
}

Json bounds_json(const RankResult& result) {
  Json bounds = Json::object();
  for (const auto& c : result.used) bounds[c.name] = Json(std::vector<double>{c.lo, c.hi});
  return bounds;
}

Json id_or_null(const std::string& id) {
  return id.empty() ? Json() : Json(id);
}

/// How consistent judgements are, which to mend, and who of several judges said what.
void put_consistency(const RankResult& result, const RankOptions& options, Json& summary) {
  const Weights& weights = result.weights;
  summary["consistency_ratio"] = weights.consistency_ratio;
  summary["lambda_max"] = weights.lambda_max;
  summary["random_index"] = options.weights == WeightScheme::ahp ? Json("Saaty") : Json();
  if (options.weights == WeightScheme::ahp) {
    summary["random_index_value"] = weights.random_index;
    summary["geometric_index"] = weights.geometric_index;
  }
  if (options.weights == WeightScheme::bwm) {
    summary["input_ratio"] = weights.input_ratio;
    summary["input_limit"] = weights.input_limit;
    summary["output_ratio"] = weights.output_ratio;
  }
  if (!std::isnan(weights.mend.stated)) {
    Json& mend = summary["mend"];
    mend["row"] =
        options.weights == WeightScheme::bwm ? "best_to" : result.criteria[weights.mend.row];
    mend["column"] = result.criteria[weights.mend.column];
    mend["stated"] = weights.mend.stated;
    mend["value"] = weights.mend.value;
    mend["ratio_after"] = weights.mend.ratio_after;
  }
  if (weights.judges.empty()) return;
  Json& judges = summary["judges"];
  for (const auto& judge : weights.judges) {
    Json one = Json::object();
    one["name"] = judge.name;
    one["weights"] = by_name(result.criteria, judge.weights);
    one["consistency_ratio"] = judge.consistency_ratio;
    one["factor_from_others"] = judge.factor_from_others;
    one["stands_apart"] = judge.stands_apart;
    judges.push_back(std::move(one));
  }
}

void put_draws(const RankResult& result, const RankOptions& options, Json& summary) {
  summary["draws"] = result.draws;
  summary["seed"] = static_cast<std::size_t>(options.draws.seed);
  summary["standard_error"] = result.standard_error;
  summary["rank_bin_width"] = result.rank_bin_width;
  const std::size_t width = result.rank_bin_width, n = result.sites.size();
  summary["bins"] = width > 1 ? Json((n + width - 1) / width) : Json();
}

Json stability_of(const Ranked& ranked) {
  Json list = Json::array();
  for (const auto& one : *ranked.stability) {
    Json row = Json::object();
    row["criterion"] = ranked.result.criteria[one.criterion];
    row["weight"] = one.weight;
    row["low"] = one.low;
    row["high"] = one.high;
    row["below"] = id_or_null(one.below);
    row["above"] = id_or_null(one.above);
    list.push_back(std::move(row));
  }
  return list;
}

Json agreement_of(const std::vector<Agreement>& all) {
  Json list = Json::array();
  for (const auto& one : all) {
    const bool taken = one.refused.empty();
    Json row = Json::object();
    row["method"] = to_text(one.method);
    if (!one.variant.empty()) row["variant"] = one.variant;
    row["kendall_tau"] = one.tau;
    row["ws"] = one.ws;
    row["spearman_rho"] = one.rho;
    row["weighted_rho"] = one.rw;
    row["first"] = id_or_null(one.first);
    row["rank_of_first"] = taken ? Json(one.rank_of_first) : Json();
    row["top"] = taken ? Json(one.top) : Json();
    row["overlap"] = taken ? Json(one.overlap) : Json();
    row["refused"] = id_or_null(one.refused);
    list.push_back(std::move(row));
  }
  return list;
}

Json reversal_of(const ReversalTest& test) {
  Json one = Json::object();
  one["trials"] = test.trials;
  one["changed"] = test.changed;
  one["causes"] = Json(test.causes);
  one["paired"] = test.paired;
  one["pairs"] = test.pairs;
  one["against"] = test.against;
  one["circles"] = test.circles;
  one["circle"] = Json(test.circle);
  one["transitivity"] = test.transitivity;
  return one;
}

Json words_json(const std::vector<Ranked::Pair>& pairs) {
  Json list = Json::array();
  for (const auto& pair : pairs) {
    Json one = Json::object();
    one["a"] = pair.a;
    one["b"] = pair.b;
    one["headline"] = pair.words.headline;
    one["in_favour"] = Json(pair.words.in_favour);
    one["against"] = Json(pair.words.against);
    one["flips"] = Json(pair.words.flips);
    one["certainty"] = Json(pair.words.certainty);
    one["cautions"] = Json(pair.words.cautions);
    list.push_back(std::move(one));
  }
  return list;
}

/// How many of all rankings that were compared have which site first.
Json first_places_of(const Ranked& ranked) {
  std::vector<Agreement> all = ranked.agreement;
  all.insert(all.end(), ranked.variants.begin(), ranked.variants.end());
  Json list = Json::array();
  for (const auto& place : first_places(ranked.result.sites.front().id, all)) {
    Json one = Json::object();
    one["id"] = place.id;
    one["count"] = place.count;
    list.push_back(std::move(one));
  }
  return list;
}

/// Of every group, in the order in which they come in the ranking, how many sites and the first.
Json groups_of(const Ranked& ranked) {
  Json groups = Json::object();
  for (std::size_t i = 0; i < ranked.group.size(); ++i) {
    if (ranked.group[i].empty()) continue;
    Json& one = groups[ranked.group[i]];
    if (one.is_null()) {
      one["sites"] = std::size_t{0};
      one["first"] = ranked.result.sites[i].id;
      one["best_rank"] = ranked.result.sites[i].rank;
    }
    one["sites"] = static_cast<std::size_t>(one.at("sites").as_integer() + 1);
  }
  return groups;
}

}  // namespace

Json by_name(const std::vector<std::string>& names, const std::vector<double>& values) {
  // Names of criteria and sites are told apart already: looking for each would be quadratic.
  Json::Object object;
  for (std::size_t k = 0; k < names.size() && k < values.size(); ++k)
    object.emplace_back(names[k], values[k]);
  return Json(std::move(object));
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
  put_consistency(result, options, summary);
  summary["bounds"] = bounds_json(result);
  summary["missing"] = to_text(options.missing);
  put_draws(result, options, summary);
  summary["screening"] = screening_of(result);
  summary["dropped"] = dropped_of(result);
  summary["pareto"] = to_text(options.pareto);
  summary["correlation"] = square_by_name(result.criteria, result.correlation);
  summary["inflation"] =
      result.inflation.empty() ? Json() : by_name(result.criteria, result.inflation);
  return summary;
}

std::string site_name(const RankedSite& site) {
  if (site.name.empty() || site.name == site.id) return printable(site.id);
  return printable(site.name) + " (" + printable(site.id) + ")";
}

Json rank_row(const Ranked& ranked, std::size_t place) {
  const RankResult& result = ranked.result;
  const RankedSite& site = result.sites[place];
  Json row = Json::object();
  row["rank"] = site.rank;
  if (!ranked.group_field.empty()) {
    const std::size_t within = ranked.group_rank[place];
    row["group"] = id_or_null(ranked.group[place]);
    row["rank_in_group"] = within > 0 ? Json(within) : Json();
  }
  row["id"] = site.id;
  row["name"] = id_or_null(site.name);
  row["score"] = site.score;
  row["rank_p05"] = site.rank_p05;
  row["rank_p50"] = site.rank_p50;
  row["rank_p95"] = site.rank_p95;
  row["first_acceptability"] = site.first_acceptability;
  row["first_acceptability_se"] = result.draws > 0 ? Json(site.first_error) : Json();
  row["rank_acceptability"] = Json(site.rank_acceptability);
  row["holistic_acceptability"] = site.holistic_acceptability;
  row["rank_entropy"] = site.rank_entropy;
  row["contributions"] = by_name(result.criteria, site.contributions);
  row["central_weights"] =
      site.central_weights.empty() ? Json() : by_name(result.criteria, site.central_weights);
  row["confidence"] = site.confidence;
  put_method_keys(site, result, ranked.input.options.method.method, row);
  row["regret"] = site.regret;
  if (!site.missing.empty()) row["missing"] = Json(site.missing);
  put_dominance(site, ranked.input.table.ids, row);
  return row;
}

Json rank_summary(const Ranked& ranked, bool wins) {
  const RankResult& result = ranked.result;
  Json summary = ranking_summary(result, ranked.input.options);
  if (!ranked.group_field.empty()) summary["groups"] = groups_of(ranked);
  if (wins) {
    std::vector<std::string> ids;
    for (const auto& site : result.sites) ids.push_back(site.id);
    summary["pairwise_wins"] = square_by_name(ids, result.pairwise);
  }
  if (ranked.stability) summary["stability"] = stability_of(ranked);
  if (!ranked.agreement.empty()) {
    summary["agreement"] = agreement_of(ranked.agreement);
    summary["agreement_variants"] = agreement_of(ranked.variants);
    summary["first_places"] = first_places_of(ranked);
  }
  if (ranked.reversal) summary["rank_reversal"] = reversal_of(*ranked.reversal);
  if (!ranked.pairs.empty()) summary["words"] = words_json(ranked.pairs);
  return summary;
}

}  // namespace lode::tools
