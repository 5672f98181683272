#include "libgeo/ranking/explain.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/narrative.h"
#include "libgeo/ranking/stability.h"
#include "tools/ranking_parts.h"

namespace lode::tools {

namespace {

using Names = std::vector<std::string>;

Json weight_flip(const WeightFlip& flip, const Names& criteria) {
  if (!turns(flip)) return {};
  Json one = Json::object();
  one["criterion"] = criteria[flip.criterion];
  one["from"] = flip.from;
  one["to"] = flip.to;
  return one;
}

Json value_flip(const ValueFlip& flip, const Explanation& why) {
  if (!turns(flip)) return {};
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

bool has_bar(const TornadoBar& bar) {
  return !(std::isnan(bar.a_low) && std::isnan(bar.a_high) && std::isnan(bar.b_low) &&
           std::isnan(bar.b_high));
}

Json bar_of(const TornadoBar& bar) {
  Json one = Json::object();
  one["a_low"] = bar.a_low;
  one["a_high"] = bar.a_high;
  one["b_low"] = bar.b_low;
  one["b_high"] = bar.b_high;
  one["both_low"] = bar.both_low;
  one["both_high"] = bar.both_high;
  return one;
}

Json tornado_of(const Explanation& why) {
  Json all = Json::object();
  for (std::size_t j = 0; j < why.ranking.criteria.size(); ++j)
    if (has_bar(why.tornado[j])) all[why.ranking.criteria[j]] = bar_of(why.tornado[j]);
  return all;
}

Json groups_of(const Explanation& why) {
  Json all = Json::object();
  for (const auto& group : why.tornado_groups) all[group.group] = bar_of(group.bar);
  return all;
}

Json sobol_of(const SobolIndex& index) {
  if (std::isnan(index.total)) return {};
  Json one = Json::object();
  one["first"] = index.first;
  one["total"] = index.total;
  one["first_error"] = index.first_error;
  one["total_error"] = index.total_error;
  return one;
}

Json all_sobol(const Explanation& why) {
  Json all = Json::object();
  for (std::size_t j = 0; j < why.sobol.size(); ++j)
    if (!std::isnan(why.sobol[j].total)) all[why.ranking.criteria[j]] = sobol_of(why.sobol[j]);
  all["weights"] = sobol_of(why.sobol_weights);
  return all;
}

Json sobol_inputs(const Explanation& why) {
  Json all = Json::array();
  for (const auto& input : why.sobol_inputs) {
    Json one = sobol_of(input.index);
    Names names;
    for (const auto j : input.criteria) names.push_back(why.ranking.criteria[j]);
    one["criteria"] = Json(names);
    all.push_back(one);
  }
  return all;
}

Json values_of(const Explanation& why) {
  Json all = Json::object();
  for (const auto& c : why.criteria) {
    Json one = Json::object();
    one["unit"] = c.unit.empty() ? Json() : Json(c.unit);
    one["weight"] = c.weight;
    one["bounds"] = Json(std::vector<double>{c.lo, c.hi});
    one["a"] = c.value_a;
    one["b"] = c.value_b;
    one["merit_a"] = c.merit_a;
    one["merit_b"] = c.merit_b;
    one["better"] = c.better > 0 ? Json(why.a) : c.better < 0 ? Json(why.b) : Json();
    if (c.filled_a || c.filled_b) {
      Names filled;
      if (c.filled_a) filled.push_back(why.a);
      if (c.filled_b) filled.push_back(why.b);
      one["filled"] = Json(filled);
    }
    all[c.name] = one;
  }
  return all;
}

Json distances_of(const Explanation& why) {
  if (why.method != Method::topsis) return {};
  Json all = Json::object();
  Json plus = Json::object(), minus = Json::object(), shares = Json::object();
  for (const bool of_a : {true, false}) {
    const TopsisDistance& own = of_a ? why.topsis_a : why.topsis_b;
    const std::string key = of_a ? "a" : "b";
    plus[key] = own.plus;
    minus[key] = own.minus;
    Json one = Json::object();
    one["d_plus"] = by_name(why.ranking.criteria, own.plus_shares);
    one["d_minus"] = by_name(why.ranking.criteria, own.minus_shares);
    shares[key] = one;
  }
  all["d_plus"] = plus;
  all["d_minus"] = minus;
  all["shares_of_squares"] = shares;
  return all;
}

Names sentences_of(const Narrative& words) {
  Names all = {words.headline};
  for (const auto* part :
       {&words.in_favour, &words.against, &words.flips, &words.certainty, &words.cautions})
    all.insert(all.end(), part->begin(), part->end());
  return all;
}

Json row_of(const Explanation& why, const Narrative& words) {
  Json row = Json::object();
  row["a"] = why.a;
  row["b"] = why.b;
  row["name_a"] = why.name_a.empty() ? Json() : Json(why.name_a);
  row["name_b"] = why.name_b.empty() ? Json() : Json(why.name_b);
  row["rank_a"] = why.rank_a;
  row["rank_b"] = why.rank_b;
  row["score_a"] = why.score_a;
  row["score_b"] = why.score_b;
  row["margin"] = why.margin;
  row["split"] = why.split.empty() ? Json() : by_name(why.ranking.criteria, why.split);
  row["split_kind"] = why.split.empty() ? Json() : Json(why.additive ? "additive" : "shapley");
  if (!why.split_error.empty()) row["split_error"] = by_name(why.ranking.criteria, why.split_error);
  row["topsis"] = distances_of(why);
  row["values"] = values_of(why);
  row["dominates"] = why.dominance > 0 ? Json(why.a) : why.dominance < 0 ? Json(why.b) : Json();
  row["win_probability"] = why.win_probability;
  row["win_error"] = why.win_error;
  row["level_probability"] = why.level_probability;
  row["flip_weight"] = weight_flip(why.flip_weight, why.ranking.criteria);
  row["flip_value"] = value_flip(why.flip_value, why);
  row["flips"] = flips_by_criterion(why);
  row["tornado"] = tornado_of(why);
  row["tornado_groups"] = groups_of(why);
  row["sobol"] = all_sobol(why);
  row["sobol_inputs"] = sobol_inputs(why);
  row["margin_deviation"] = why.margin_deviation;
  row["words"] = Json(sentences_of(words));
  return row;
}

Json stability_of(const std::vector<StableWeight>& all, const Names& criteria) {
  Json list = Json::array();
  for (const auto& one : all) {
    Json row = Json::object();
    row["criterion"] = criteria[one.criterion];
    row["weight"] = one.weight;
    row["low"] = one.low;
    row["high"] = one.high;
    row["first_below"] = one.below.empty() ? Json() : Json(one.below);
    row["first_above"] = one.above.empty() ? Json() : Json(one.above);
    list.push_back(row);
  }
  return list;
}

/// One row a criterion and pair, for spreadsheets.
OutputLayer layer_of(const std::vector<Explanation>& all) {
  struct Field {
    const char* name;
    double (*value)(const Explanation&, std::size_t);
  };
  static const std::vector<Field> fields = {
      {"weight", [](const auto& why, std::size_t j) { return why.criteria[j].weight; }},
      {"value_a", [](const auto& why, std::size_t j) { return why.criteria[j].value_a; }},
      {"value_b", [](const auto& why, std::size_t j) { return why.criteria[j].value_b; }},
      {"merit_a", [](const auto& why, std::size_t j) { return why.criteria[j].merit_a; }},
      {"merit_b", [](const auto& why, std::size_t j) { return why.criteria[j].merit_b; }},
      {"split", [](const auto& why,
                   std::size_t j) { return why.split.empty() ? not_stated : why.split[j]; }},
      {"flip_weight_to",
       [](const auto& why, std::size_t j) {
         return turns(why.weight_flips[j]) ? why.weight_flips[j].to : not_stated;
       }},
      {"flip_value_to",
       [](const auto& why, std::size_t j) {
         return turns(why.value_flips[j]) ? why.value_flips[j].to : not_stated;
       }},
      {"margin_a_low", [](const auto& why, std::size_t j) { return why.tornado[j].a_low; }},
      {"margin_a_high", [](const auto& why, std::size_t j) { return why.tornado[j].a_high; }},
      {"margin_b_low", [](const auto& why, std::size_t j) { return why.tornado[j].b_low; }},
      {"margin_b_high", [](const auto& why, std::size_t j) { return why.tornado[j].b_high; }},
      {"sobol_first", [](const auto& why, std::size_t j) { return why.sobol[j].first; }},
      {"sobol_total", [](const auto& why, std::size_t j) { return why.sobol[j].total; }}};
  OutputLayer out;
  out.name = out.table.name = "explanation";
  Names a, b, criterion, unit, flip_site;
  std::vector<std::vector<double>> columns(fields.size());
  for (const auto& why : all)
    for (std::size_t j = 0; j < why.criteria.size(); ++j) {
      a.push_back(why.a);
      b.push_back(why.b);
      criterion.push_back(why.criteria[j].name);
      unit.push_back(why.criteria[j].unit);
      const ValueFlip& flip = why.value_flips[j];
      flip_site.push_back(!turns(flip) ? "" : flip.of_a ? why.a : why.b);
      for (std::size_t k = 0; k < fields.size(); ++k) columns[k].push_back(fields[k].value(why, j));
    }
  out.table.add(text_column("a", a));
  out.table.add(text_column("b", b));
  out.table.add(text_column("criterion", criterion));
  out.table.add(text_column("unit", unit));
  for (std::size_t k = 0; k < fields.size(); ++k) {
    if (std::string(fields[k].name) == "flip_value_to")
      out.table.add(text_column("flip_value_site", flip_site));
    out.table.add(number_column(fields[k].name, columns[k]));
  }
  return out;
}

/// The same for people, in paragraphs.
std::string text_of(const Narrative& words) {
  std::string text = words.headline + "\n";
  for (const auto* part :
       {&words.in_favour, &words.against, &words.flips, &words.certainty, &words.cautions})
    for (const auto& sentence : *part) text += "  " + sentence + "\n";
  return text;
}

std::string range_text(const std::vector<StableWeight>& all, const Names& criteria,
                       const std::string& first) {
  if (all.empty()) return {};
  std::string text = first + " stays first while the weight of\n";
  for (const auto& one : all) {
    if (std::isnan(one.low)) continue;
    text += "  " + printable(criteria[one.criterion]) + " is from " + fixed_text(one.low, 3) +
            " to " + fixed_text(one.high, 3) + " (it is " + fixed_text(one.weight, 3) + ")";
    if (!one.below.empty()) text += "; below that " + printable(one.below) + " is first";
    if (!one.above.empty()) text += "; above that " + printable(one.above) + " is first";
    text += "\n";
  }
  return text;
}

/// An id, or a name that one site alone has.
std::string id_of(const DecisionTable& table, const std::string& text) {
  if (std::find(table.ids.begin(), table.ids.end(), text) != table.ids.end()) return text;
  Names found;
  for (std::size_t i = 0; i < table.names.size(); ++i)
    if (lower(trim(table.names[i])) == lower(trim(text))) found.push_back(table.ids[i]);
  if (found.size() == 1) return found.front();
  if (found.size() > 1)
    throw Error("ranking.ambiguous_site",
                std::to_string(found.size()) + " sites are named '" + printable(text) + "'", {},
                "Say which by its id: " + join(found, ", ") + ".");
  Names known = table.ids;
  known.insert(known.end(), table.names.begin(), table.names.end());
  throw Error("ranking.no_such_site", "there is no site '" + printable(text) + "'", {},
              suggestion(text, known));
}

/// The sites asked for; with fewer than two, the first by rank is put beside them.
Names sites_of(const Arguments& arguments, const RankingInput& input) {
  Names sites;
  for (const auto* word : {"A", "B", "MORE"})
    for (const auto& text : arguments.texts(word)) sites.push_back(id_of(input.table, text));
  if (sites.size() > 1) return sites;
  RankOptions plain = input.options;
  plain.draws.draws = 0;
  const RankResult ranking = rank(input.table, plain);
  if (ranking.sites.size() < 2)
    throw Error("ranking.same_site", "there is one site only", printable(ranking.sites[0].id),
                "It takes two to compare.");
  const std::string &first = ranking.sites[0].id, &second = ranking.sites[1].id;
  if (sites.empty()) return {first, second};
  return sites[0] == first ? Names{first, second} : Names{first, sites[0]};
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const RankingInput input =
      read_ranking_input(arguments, session, session.progress.part(0.0, 0.1), outcome);
  const Names sites = sites_of(arguments, input);
  const auto all =
      explain_in_order(input.table, sites, input.options, session.progress.part(0.1, 0.9));
  for (std::size_t k = 0; k < all.size(); ++k) {
    outcome.findings.add(all[k].ranking.findings);
    const Narrative words = narrate(all[k]);
    outcome.results.push_back(row_of(all[k], words));
    outcome.text += (k > 0 ? "\n" : "") + text_of(words);
  }
  const RankResult& ranking = all.front().ranking;
  Findings more;
  const auto stable =
      weight_stability(input.table, input.options, session.progress.part(0.9, 1.0), &more);
  outcome.findings.add(more);
  outcome.summary = ranking_summary(ranking, input.options);
  outcome.summary["first"] = ranking.sites.front().id;
  outcome.summary["stability"] = stability_of(stable, ranking.criteria);
  const RankedSite& first = ranking.sites.front();
  const std::string ranges =
      range_text(stable, ranking.criteria, printable(first.name.empty() ? first.id : first.name));
  if (!ranges.empty()) outcome.text += "\n" + ranges;
  write_output(arguments, session, layer_of(all), outcome);
  return outcome;
}

}  // namespace

Command explain_command() {
  Command command;
  command.name = "explain";
  command.summary = "why one site stands above another, and what would turn it round";
  command.group = "Ranking";
  command.parameters = {
      {.name = "TABLE",
       .kind = Kind::table,
       .help = "table or layer, one row a site",
       .positional = true,
       .required = true},
      {.name = "A",
       .kind = Kind::text,
       .help = "id or name of one site; none = the first in rank against the second",
       .positional = true},
      {.name = "B",
       .kind = Kind::text,
       .help = "id or name of the other; none = A against the first in rank",
       .positional = true},
      {.name = "MORE",
       .kind = Kind::text,
       .help = "further sites, each explained against the one before it",
       .positional = true,
       .repeatable = true}};
  append(command.parameters, ranking_parameters());
  append(command.parameters, ranking_naming_parameters());
  append(command.parameters, ranking_reading_parameters());
  append(command.parameters, output_parameters());
  command.setup = check_ranking;
  command.run = run;
  return command;
}

}  // namespace lode::tools
