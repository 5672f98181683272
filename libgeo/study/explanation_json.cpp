#include "libgeo/study/explanation_json.h"

#include <cmath>

namespace lode {

namespace {

Json or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json list_of(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const auto& text : texts) list.push_back(text);
  return list;
}

/// One number a criterion under its name; null when there are none.
Json by_criterion(const StudyResult& result, const std::vector<double>& values) {
  if (values.size() != result.criteria.size()) return {};
  Json all = Json::object();
  for (std::size_t c = 0; c < values.size(); ++c) all[result.criteria[c].name] = values[c];
  return all;
}

Json square(const std::vector<double>& values, std::size_t side) {
  Json rows = Json::array();
  for (std::size_t a = 0; a < side && values.size() >= side * side; ++a) {
    Json row = Json::array();
    for (std::size_t b = 0; b < side; ++b) row.push_back(values[a * side + b]);
    rows.push_back(row);
  }
  return rows;
}

Json criteria_of(const StudyResult& result) {
  Json list = Json::array();
  for (const auto& criterion : result.criteria) {
    Json one = Json::object();
    one["name"] = criterion.name;
    one["unit"] = or_null(criterion.unit);
    one["direction"] = criterion.direction;
    one["scale"] = criterion.scale;
    one["weight"] = criterion.weight;
    one["low_bound"] = criterion.low_bound;
    one["high_bound"] = criterion.high_bound;
    list.push_back(one);
  }
  return list;
}

Json sites_of(const StudyResult& result) {
  Json list = Json::array();
  for (const auto& standing : result.ranking) {
    const Site& site = result.sites[standing.site];
    Json one = Json::object();
    one["rank"] = standing.rank;
    one["id"] = site.id;
    one["name"] = or_null(site.name);
    one["score"] = standing.score;
    one["first_acceptability"] = standing.first_acceptability;
    one["first_error"] = standing.first_error;
    Json contributions = Json::object();
    for (const auto& [name, share] : standing.contributions) contributions[name] = share;
    one["contributions"] = contributions;
    one["central_weights"] = by_criterion(result, standing.central_weights);
    one["confidence"] = standing.confidence;
    one["rank_entropy"] = standing.rank_entropy;
    one["holistic_acceptability"] = standing.holistic_acceptability;
    one["regret"] = standing.regret;
    one["pareto_front"] = standing.pareto_front == 0 ? Json() : Json(standing.pareto_front);
    one["dominators"] = standing.pareto_front == 0 ? Json() : Json(standing.dominators);
    one["missing"] = list_of(standing.missing);
    one["cautions"] = list_of(standing.cautions);
    list.push_back(one);
  }
  return list;
}

Json weight_flip(const WeightFlip& flip, const StudyResult& result) {
  if (!turns(flip) || flip.criterion >= result.criteria.size()) return {};
  Json one = Json::object();
  one["criterion"] = result.criteria[flip.criterion].name;
  one["from"] = flip.from;
  one["to"] = flip.to;
  return one;
}

Json value_flip(const ValueFlip& flip, const Explanation& why, const StudyResult& result) {
  if (!turns(flip) || flip.criterion >= result.criteria.size()) return {};
  Json one = Json::object();
  one["site"] = flip.of_a ? why.a : why.b;
  one["criterion"] = result.criteria[flip.criterion].name;
  one["from"] = flip.from;
  one["to"] = flip.to;
  one["share_of_scale"] = flip.share;
  return one;
}

Json sobol_of(const SobolIndex& index) {
  if (std::isnan(index.total)) return {};
  Json one = Json::object();
  one["first"] = index.first;
  one["total"] = index.total;
  return one;
}

/// What each criterion's data and weight do to the pair, by name.
void put_by_criterion(const Explanation& why, const StudyResult& result, Json& row) {
  Json flips = Json::object(), tornado = Json::object(), sobol = Json::object();
  for (std::size_t c = 0; c < result.criteria.size(); ++c) {
    const std::string& name = result.criteria[c].name;
    Json flip = Json::object();
    flip["weight"] =
        c < why.weight_flips.size() ? weight_flip(why.weight_flips[c], result) : Json();
    flip["value"] =
        c < why.value_flips.size() ? value_flip(why.value_flips[c], why, result) : Json();
    flips[name] = flip;
    if (c < why.tornado.size()) {
      const TornadoBar& bar = why.tornado[c];
      if (!std::isnan(bar.a_low) || !std::isnan(bar.a_high) || !std::isnan(bar.b_low) ||
          !std::isnan(bar.b_high)) {
        Json one = Json::object();
        one["a_low"] = bar.a_low;
        one["a_high"] = bar.a_high;
        one["b_low"] = bar.b_low;
        one["b_high"] = bar.b_high;
        tornado[name] = one;
      }
    }
    if (c < why.sobol.size() && !std::isnan(why.sobol[c].total))
      sobol[name] = sobol_of(why.sobol[c]);
  }
  sobol["weights"] = sobol_of(why.sobol_weights);
  row["flips"] = flips;
  row["tornado"] = tornado;
  row["sobol"] = sobol;
}

Json words_of(const Narrative& words) {
  Json one = Json::object();
  one["headline"] = words.headline;
  one["in_favour"] = list_of(words.in_favour);
  one["against"] = list_of(words.against);
  one["flips"] = list_of(words.flips);
  one["certainty"] = list_of(words.certainty);
  one["cautions"] = list_of(words.cautions);
  return one;
}

Json pair_of(const PairExplained& pair, const StudyResult& result) {
  const Explanation& why = pair.why;
  Json row = Json::object();
  row["a"] = why.a;
  row["b"] = why.b;
  row["name_a"] = or_null(result.sites[pair.a].name);
  row["name_b"] = or_null(result.sites[pair.b].name);
  row["rank_a"] = why.rank_a;
  row["rank_b"] = why.rank_b;
  row["score_a"] = why.score_a;
  row["score_b"] = why.score_b;
  row["margin"] = why.margin;
  row["split"] = by_criterion(result, why.split);
  row["split_kind"] = why.split.empty() ? Json() : Json(why.additive ? "additive" : "shapley");
  row["win_probability"] = why.win_probability;
  row["flip_weight"] = weight_flip(why.flip_weight, result);
  row["flip_value"] = value_flip(why.flip_value, why, result);
  put_by_criterion(why, result, row);
  row["margin_deviation"] = why.margin_deviation;
  row["words"] = words_of(pair.words);
  return row;
}

Json stability_of(const StudyResult& result) {
  Json list = Json::array();
  for (const auto& weight : result.checks.stability) {
    if (weight.criterion >= result.criteria.size()) continue;
    Json one = Json::object();
    one["criterion"] = result.criteria[weight.criterion].name;
    one["weight"] = weight.weight;
    one["low"] = weight.low;
    one["high"] = weight.high;
    one["below"] = or_null(weight.below);
    one["above"] = or_null(weight.above);
    list.push_back(one);
  }
  return list;
}

Json agreement_of(const StudyResult& result) {
  Json list = Json::array();
  for (const auto& other : result.checks.agreement) {
    Json one = Json::object();
    one["method"] = to_text(other.method);
    one["variant"] = or_null(other.variant);
    one["kendall_tau"] = other.tau;
    one["spearman_rho"] = other.rho;
    one["weighted_rho"] = other.rw;
    one["ws"] = other.ws;
    one["top"] = other.top;
    one["overlap"] = other.overlap;
    one["first"] = or_null(other.first);
    one["rank_of_first"] = other.refused.empty() ? Json(other.rank_of_first) : Json();
    one["refused"] = or_null(other.refused);
    list.push_back(one);
  }
  return list;
}

Json reversal_of(const StudyResult& result) {
  if (!result.checks.reversal) return {};
  Json one = Json::object();
  one["trials"] = result.checks.reversal->trials;
  one["changed"] = result.checks.reversal->changed;
  one["causes"] = list_of(result.checks.reversal->causes);
  one["paired"] = result.checks.reversal->paired;
  one["pairs"] = result.checks.reversal->pairs;
  one["against"] = result.checks.reversal->against;
  one["circles"] = result.checks.reversal->circles;
  one["transitivity"] = result.checks.reversal->transitivity;
  one["circle"] = list_of(result.checks.reversal->circle);
  return one;
}

Json screening_of(const StudyResult& result) {
  Json list = Json::array();
  for (const auto& count : result.checks.screening) {
    Json one = Json::object();
    one["rule"] = count.rule;
    one["alone"] = count.alone;
    one["in_order"] = count.in_order;
    one["only"] = count.only;
    one["missing"] = count.missing;
    list.push_back(one);
  }
  return list;
}

Json pairwise_of(const StudyResult& result) {
  const std::size_t count = result.checks.paired;
  if (count == 0) return {};
  Json ids = Json::array();
  for (std::size_t k = 0; k < count; ++k) ids.push_back(result.sites[result.ranking[k].site].id);
  Json one = Json::object();
  one["sites"] = ids;
  one["wins"] = square(result.checks.pairwise, count);
  return one;
}

}  // namespace

Json explanation_json(const StudyResult& result) {
  const RankingChecks& checks = result.checks;
  Json json = Json::object();
  json["method"] = result.method;
  json["weights"] = result.weights_mode;
  json["weights_note"] = or_null(checks.weights_note);
  json["consistency_ratio"] = checks.consistency_ratio;
  json["draws"] = result.draws;
  json["seed"] = static_cast<std::int64_t>(result.seed);
  json["standard_error"] = checks.standard_error;
  json["rank_bin_width"] = checks.rank_bin_width;
  json["criteria"] = criteria_of(result);
  json["pairs"] = Json::array();
  for (const auto& pair : result.explained) json["pairs"].push_back(pair_of(pair, result));
  json["stability"] = stability_of(result);
  json["agreement"] = agreement_of(result);
  json["reversal"] = reversal_of(result);
  json["screening"] = screening_of(result);
  json["correlation"] =
      checks.correlation.empty() ? Json() : square(checks.correlation, result.criteria.size());
  json["inflation"] = by_criterion(result, checks.inflation);
  json["pairwise"] = pairwise_of(result);
  json["sites"] = sites_of(result);
  return json;
}

}  // namespace lode
