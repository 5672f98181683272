#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "tools/ranking_reading.h"

namespace lode::tools {

namespace {

void in_group(std::vector<Parameter>& to, const std::string& group, std::vector<Parameter> list) {
  for (auto& parameter : list) {
    parameter.group = group;
    to.push_back(std::move(parameter));
  }
}

/// All names that the library prints for a choice, so that none is typed twice.
template <class Choice>
std::vector<std::string> names_of() {
  std::vector<std::string> names;
  for (int k = 0; !to_text(static_cast<Choice>(k)).empty(); ++k)
    names.emplace_back(to_text(static_cast<Choice>(k)));
  return names;
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
       .help = "hard rule, e.g. 'valid_coverage_pct >= 50' or 'STATUS = Active|Issued'; who fails "
               "it is "
               "left out",
       .repeatable = true},
      {.name = "pareto",
       .kind = Kind::choice,
       .help = "sites that another beats or equals everywhere: named, or left out with drop",
       .choices = names_of<Pareto>(),
       .default_text = "automatic"},
      {.name = "missing",
       .kind = Kind::choice,
       .help = "what to do with a missing value",
       .choices = names_of<Missing>(),
       .default_text = "refuse"}};
}

std::vector<Parameter> overlay_parameters() {
  return {
      fraction("orness", "OWA: 0.5 is the weighted sum, towards 1 the best criterion counts more",
               "0.5", 0.000001, 0.999999),
      {.name = "order-weights", .help = "OWA: order weights, best criterion first: 0.5,0.3,0.2"},
      {.name = "fuzzy-operator",
       .kind = Kind::choice,
       .help = "fuzzy overlay: how memberships combine",
       .choices = names_of<FuzzyOperator>(),
       .default_text = "gamma"},
      fraction("gamma", "fuzzy overlay: 0 is the product, 1 the sum", "0.9"),
      fraction("cut", "ELECTRE TRI: credibility that counts as outranking", "0.75", 0.5, 1.0),
      {.name = "optimistic",
       .kind = Kind::flag,
       .help = "ELECTRE TRI: assign by the optimistic rule"},
      fraction("electre-alpha", "ELECTRE III: distillation threshold alpha - beta x credibility",
               "0.3"),
      fraction("electre-beta", "ELECTRE III: the same threshold's beta", "0.15")};
}

std::vector<Parameter> method_parameters() {
  std::vector<Parameter> list = {
      {.name = "method",
       .kind = Kind::choice,
       .help = "how criteria become one order",
       .choices = names_of<Method>(),
       .default_text = "topsis"},
      {.name = "normalise",
       .kind = Kind::choice,
       .help = "how values become comparable",
       .choices = names_of<Normalise>(),
       .default_text = "bounds",
       .aliases = {"normalize"}},
      {.name = "preference",
       .kind = Kind::choice,
       .help = "PROMETHEE: preference shape of criteria that do not say theirs",
       .choices = names_of<Shape>(),
       .default_text = "linear"},
      fraction("waspas-lambda", "WASPAS: share of the sum against the product", "0.5"),
      fraction("vikor-v", "VIKOR: weight of the sum of regrets against the worst one", "0.5")};
  append(list, overlay_parameters());
  return list;
}

std::vector<Parameter> weight_parameters() {
  return {{.name = "weights",
           .kind = Kind::choice,
           .help = "where weights come from, and whether they are drawn",
           .choices = names_of<WeightScheme>(),
           .default_text = "given"},
          {.name = "rescale-weights",
           .kind = Kind::flag,
           .help = "divide weights that do not sum to 1 by their sum"},
          {.name = "pairwise",
           .kind = Kind::file,
           .help = "CSV of judgements for ahp, bwm, swara, or an order of criteria; several for "
                   "ahp: one a judge",
           .repeatable = true},
          {.name = "geometric",
           .kind = Kind::flag,
           .help = "AHP: row geometric means instead of the eigenvector"},
          fraction("weight-spread",
                   "uncertain: each weight between 1 - spread and 1 + spread times itself", "0.5"),
          {.name = "weight-limit",
           .help = "limits of a drawn weight: name=0.1:0.4",
           .repeatable = true},
          {.name = "weight-ratio",
           .help = "limits of the ratio of two drawn weights: 'a/b=1:3', 'a/b>=1' or 'a/b<=3'",
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
           .choices = names_of<Spread>(),
           .default_text = "p10-p90"},
          {.name = "realizations",
           .kind = Kind::table,
           .help = "simulated values of sites: id, realization and a column a criterion, or id and "
                   "columns r1_<field>, r2_<field> ..."},
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

void check_judgements(const Arguments& arguments) {
  const std::string weights = arguments.text("weights");
  const bool judged = weights == "ahp" || weights == "bwm" || weights == "swara";
  const bool by_order = is_from_order(parse_weight_scheme(weights, "--weights"));
  if (judged && !arguments.has("pairwise"))
    throw Error("usage.pairwise", "--weights " + weights + " needs judgements", "--pairwise",
                "Give a CSV file; the manual page shows its form.");
  if (!judged && !by_order && arguments.has("pairwise"))
    throw Error("usage.pairwise", "--weights " + weights + " takes no judgements", "--pairwise",
                "Say --weights ahp, bwm, swara, roc, rank-sum or rank-reciprocal.");
  if (weights != "ahp" && arguments.texts("pairwise").size() > 1)
    throw Error("usage.pairwise", "--weights " + weights + " takes the judgements of one person",
                "--pairwise", "Say --weights ahp to join those of several.");
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

std::vector<Parameter> ranking_naming_parameters() {
  std::vector<Parameter> list = naming_parameters();
  for (auto& parameter : list) parameter.parent = "TABLE";
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
  static_cast<void>(weight_ratios(arguments));
  check_judgements(arguments);
  if (arguments.has("realizations") && arguments.integer("draws") == 0)
    throw Error("usage.realizations", "with --draws 0 no realization is used", "--realizations",
                "Leave one of the two out.");
}

}  // namespace lode::tools
