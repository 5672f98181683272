#include <cmath>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/explain.h"
#include "tools/ranking_parts.h"

namespace lode::tools {

namespace {

const std::vector<std::string> result_fields = {"LD_RANK", "LD_SCORE", "LD_R05", "LD_R95",
                                                "LD_ACC1"};

void put_method_keys(const RankedSite& site, const RankResult& result, const RankOptions& options,
                     Json& row) {
  const Method method = options.method.method;
  if (method == Method::vikor) {
    row["s"] = site.s;
    row["r"] = site.r;
    row["compromise"] = site.compromise;
  }
  if (method == Method::promethee1 || method == Method::promethee2) {
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
}

Json row_of(const RankedSite& site, const RankResult& result, const RankOptions& options,
            const std::vector<std::string>& ids) {
  Json row = Json::object();
  row["rank"] = site.rank;
  row["id"] = site.id;
  row["name"] = site.name.empty() ? Json() : Json(site.name);
  row["score"] = site.score;
  row["rank_p05"] = site.rank_p05;
  row["rank_p50"] = site.rank_p50;
  row["rank_p95"] = site.rank_p95;
  row["first_acceptability"] = site.first_acceptability;
  row["rank_acceptability"] = Json(site.rank_acceptability);
  row["contributions"] = by_name(result.criteria, site.contributions);
  row["central_weights"] =
      site.central_weights.empty() ? Json() : by_name(result.criteria, site.central_weights);
  row["confidence"] = site.confidence;
  put_method_keys(site, result, options, row);
  row["regret"] = site.regret;
  if (!site.missing.empty()) row["missing"] = Json(site.missing);
  std::vector<std::string> dominators;
  for (const auto other : site.dominated_by) dominators.push_back(ids[other]);
  if (!dominators.empty()) row["dominated_by"] = Json(dominators);
  return row;
}

/// One column of the output, its rows in the order of `rows`.
Column reordered(const Column& column, const std::vector<std::size_t>& rows) {
  Column out;
  out.name = column.name;
  out.kind = column.kind;
  out.unit = column.unit;
  for (const auto row : rows) {
    if (column.kind == ColumnKind::number)
      out.numbers.push_back(column.numbers[row]);
    else
      out.texts.push_back(column.texts[row]);
  }
  return out;
}

/// The input in rank order with the result beside it; what a rule left out stands last, unranked.
OutputLayer output_of(const Layer& layer, const RankResult& result) {
  OutputLayer out;
  out.name = "ranked";
  out.crs = layer.crs;
  std::vector<std::size_t> rows;
  std::vector<std::vector<double>> columns(result_fields.size());
  for (const auto& site : result.sites) {
    rows.push_back(site.row);
    const double values[] = {static_cast<double>(site.rank), site.score, site.rank_p05,
                             site.rank_p95, site.first_acceptability};
    for (std::size_t k = 0; k < columns.size(); ++k) columns[k].push_back(values[k]);
  }
  for (const auto& dropped : result.dropped) {
    rows.push_back(dropped.row);
    for (auto& column : columns) column.push_back(not_stated);
  }
  const std::set<std::string> ours(result_fields.begin(), result_fields.end());
  out.table.name = out.name;
  for (const auto& column : layer.table.columns)
    if (ours.count(column.name) == 0) out.table.add(reordered(column, rows));
  for (std::size_t k = 0; k < columns.size(); ++k)
    out.table.add(number_column(result_fields[k], columns[k]));
  if (layer.has_geometry())
    for (const auto row : rows) out.geometry.push_back(layer.geometry[row]);
  return out;
}

Json agreement_of(const std::vector<Agreement>& all) {
  Json list = Json::array();
  for (const auto& one : all) {
    Json row = Json::object();
    row["method"] = to_text(one.method);
    row["kendall_tau"] = one.tau;
    row["ws"] = one.ws;
    row["first"] = one.first.empty() ? Json() : Json(one.first);
    row["refused"] = one.refused.empty() ? Json() : Json(one.refused);
    list.push_back(row);
  }
  return list;
}

Json reversal_of(const ReversalTest& test) {
  Json one = Json::object();
  one["trials"] = test.trials;
  one["changed"] = test.changed;
  one["causes"] = Json(test.causes);
  return one;
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const RankingInput input =
      read_ranking_input(arguments, session, session.progress.part(0.0, 0.2), outcome);
  const RankResult result = rank(input.table, input.options, session.progress.part(0.2, 0.95));
  outcome.findings.add(result.findings);
  outcome.summary = ranking_summary(result, input.options);
  if (arguments.flag("compare"))
    outcome.summary["agreement"] = agreement_of(compare_methods(input.table, input.options));
  if (arguments.flag("reversal"))
    outcome.summary["rank_reversal"] = reversal_of(test_rank_reversal(input.table, input.options));
  outcome.shown = {"rank", "id", "name", "score", "rank_p05", "rank_p95", "first_acceptability"};
  add_results(session, outcome, result.sites.size(), [&](std::size_t i) {
    return row_of(result.sites[i], result, input.options, input.table.ids);
  });
  write_output(arguments, session, output_of(input.layer, result), outcome);
  return outcome;
}

}  // namespace

Command rank_command() {
  Command command;
  command.name = "rank";
  command.summary = "order of sites by many criteria, and how sure it is";
  command.group = "Ranking";
  command.parameters = {{.name = "TABLE",
                         .kind = Kind::table,
                         .help = "table or layer, one row a site",
                         .positional = true,
                         .required = true}};
  append(command.parameters, ranking_parameters());
  append(command.parameters,
         {{.name = "compare",
           .kind = Kind::flag,
           .help = "how far the other methods agree: Kendall's tau, WS",
           .group = "Method"},
          {.name = "reversal",
           .kind = Kind::flag,
           .help = "does leaving out a site that is not first change the first?",
           .group = "Method"}});
  append(command.parameters, naming_parameters());
  append(command.parameters, ranking_reading_parameters());
  append(command.parameters, output_parameters());
  command.setup = check_ranking;
  command.run = run;
  return command;
}

}  // namespace lode::tools
