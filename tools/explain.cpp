#include "libgeo/ranking/explain.h"

#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "tools/ranking_parts.h"

namespace lode::tools {

namespace {

Json weight_flip(const WeightFlip& flip, const std::vector<std::string>& criteria) {
  if (!flip.found) return {};
  Json one = Json::object();
  one["criterion"] = criteria[flip.criterion];
  one["from"] = flip.from;
  one["to"] = flip.to;
  return one;
}

Json value_flip(const ValueFlip& flip, const Explanation& why) {
  if (!flip.found) return {};
  Json one = Json::object();
  one["site"] = flip.of_a ? why.a : why.b;
  one["criterion"] = why.ranking.criteria[flip.criterion];
  one["from"] = flip.from;
  one["to"] = flip.to;
  one["share_of_scale"] = flip.share;
  return one;
}

Json flips_by_criterion(const Explanation& why) {
  Json all = Json::object();
  for (std::size_t j = 0; j < why.ranking.criteria.size(); ++j) {
    Json one = Json::object();
    one["weight"] = weight_flip(why.weight_flips[j], why.ranking.criteria);
    one["value"] = value_flip(why.value_flips[j], why);
    all[why.ranking.criteria[j]] = one;
  }
  return all;
}

Json tornado_of(const Explanation& why) {
  Json all = Json::object();
  for (std::size_t j = 0; j < why.ranking.criteria.size(); ++j) {
    const TornadoBar& bar = why.tornado[j];
    if (std::isnan(bar.a_low) && std::isnan(bar.a_high) && std::isnan(bar.b_low) &&
        std::isnan(bar.b_high))
      continue;
    Json one = Json::object();
    one["a_low"] = bar.a_low;
    one["a_high"] = bar.a_high;
    one["b_low"] = bar.b_low;
    one["b_high"] = bar.b_high;
    all[why.ranking.criteria[j]] = one;
  }
  return all;
}

Json sobol_of(const SobolIndex& index) {
  if (std::isnan(index.total)) return {};
  Json one = Json::object();
  one["first"] = index.first;
  one["total"] = index.total;
  return one;
}

Json all_sobol(const Explanation& why) {
  Json all = Json::object();
  for (std::size_t j = 0; j < why.sobol.size(); ++j)
    if (!std::isnan(why.sobol[j].total)) all[why.ranking.criteria[j]] = sobol_of(why.sobol[j]);
  all["weights"] = sobol_of(why.sobol_weights);
  return all;
}

Json row_of(const Explanation& why) {
  Json row = Json::object();
  row["a"] = why.a;
  row["b"] = why.b;
  row["rank_a"] = why.rank_a;
  row["rank_b"] = why.rank_b;
  row["score_a"] = why.score_a;
  row["score_b"] = why.score_b;
  row["margin"] = why.margin;
  row["split"] = why.split.empty() ? Json() : by_name(why.ranking.criteria, why.split);
  row["split_kind"] = why.split.empty() ? Json() : Json(why.additive ? "additive" : "shapley");
  row["win_probability"] = why.win_probability;
  row["flip_weight"] = weight_flip(why.flip_weight, why.ranking.criteria);
  row["flip_value"] = value_flip(why.flip_value, why);
  row["flips"] = flips_by_criterion(why);
  row["tornado"] = tornado_of(why);
  row["sobol"] = all_sobol(why);
  row["margin_deviation"] = why.margin_deviation;
  return row;
}

/// The same for people, in sentences.
std::string words_of(const Explanation& why) {
  const bool ahead = why.margin > 0.0;
  const std::string& above = ahead ? why.a : why.b;
  const std::string& below = ahead ? why.b : why.a;
  std::string text;
  if (why.margin == 0.0)
    text = why.a + " and " + why.b + " are level.\n";
  else
    text = above + " stands above " + below + " by " + fixed_text(std::abs(why.margin), 4) + ".\n";
  for (std::size_t j = 0; j < why.split.size(); ++j)
    text += "  " + why.ranking.criteria[j] + ": " +
            fixed_text(ahead ? why.split[j] : -why.split[j], 4) + "\n";
  text += why.a + " wins in " + fixed_text(100.0 * why.win_probability, 1) + " % of the draws.\n";
  const WeightFlip& w = why.flip_weight;
  if (w.found)
    text += "They change places when the weight of " + why.ranking.criteria[w.criterion] +
            " goes from " + fixed_text(w.from, 4) + " to " + fixed_text(w.to, 4) + ".\n";
  else
    text += "No change of a single weight changes their places.\n";
  const ValueFlip& v = why.flip_value;
  if (v.found)
    text += "They change places when " + why.ranking.criteria[v.criterion] + " of " +
            (v.of_a ? why.a : why.b) + " goes from " + number_text(v.from) + " to " +
            fixed_text(v.to, 6) + ".\n";
  else
    text += "No change of a single value within its bounds changes their places.\n";
  return text;
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const RankingInput input =
      read_ranking_input(arguments, session, session.progress.part(0.0, 0.2), outcome);
  const Explanation why = explain(input.table, arguments.text("A"), arguments.text("B"),
                                  input.options, session.progress.part(0.2, 1.0));
  outcome.findings.add(why.ranking.findings);
  enforce_strict(session, outcome.findings);
  outcome.results.push_back(row_of(why));
  outcome.summary = ranking_summary(why.ranking, input.options);
  outcome.text = words_of(why);
  return outcome;
}

}  // namespace

Command explain_command() {
  Command command;
  command.name = "explain";
  command.summary = "why one site stands above another, and what would turn it round";
  command.group = "Ranking";
  command.parameters = {{.name = "TABLE",
                         .kind = Kind::table,
                         .help = "table or layer, one row a site",
                         .positional = true,
                         .required = true},
                        {.name = "A",
                         .kind = Kind::text,
                         .help = "id of one site",
                         .positional = true,
                         .required = true},
                        {.name = "B",
                         .kind = Kind::text,
                         .help = "id of the other",
                         .positional = true,
                         .required = true}};
  append(command.parameters, ranking_parameters());
  append(command.parameters, ranking_naming_parameters());
  append(command.parameters, ranking_reading_parameters());
  command.setup = check_ranking;
  command.run = run;
  return command;
}

}  // namespace lode::tools
