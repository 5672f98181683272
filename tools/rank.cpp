#include <cmath>
#include <map>
#include <memory>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "tools/rank_output.h"

namespace lode::tools {

namespace {

/// People do not read further than this unless they ask to.
constexpr std::size_t shown_rows = 50;
constexpr std::size_t most_wins = 200;
constexpr std::size_t reversal_trials = 200;

bool is_shapefile(const Arguments& arguments) {
  const std::string format = lower(arguments.text("format"));
  if (!format.empty()) return format.find("shape") != std::string::npos;
  const std::string path = lower(arguments.text("output"));
  return path.ends_with(".shp") || path.ends_with(".shz") || path.ends_with(".shp.zip");
}

/// The field that names sites, for labels of the map.
std::string label_field(const Arguments& arguments, const Table& table) {
  for (const char* option : {"name", "id"}) {
    const std::string said = arguments.text(option);
    if (const Column* column = table.find(said.empty() ? option : said)) return column->name;
  }
  return {};
}

/// Ranks within each group, ties as in the whole order.
void rank_groups(const Arguments& arguments, Ranked& ranked, Findings& findings) {
  if (!arguments.has("group-by")) return;
  const Table& table = ranked.input.layer.table;
  ranked.group_field = table.at(arguments.text("group-by")).name;
  const auto texts = table.texts(ranked.group_field);
  struct Standing {
    std::size_t count = 0, rank = 0, of = 0;
  };
  std::map<std::string, Standing> groups;
  for (const auto& site : ranked.result.sites) {
    const std::string group(trim(texts[site.row]));
    ranked.group.push_back(group);
    ranked.group_rank.push_back(0);
    if (group.empty()) {
      findings.add("ranking.no_group", Severity::warning, table.name + ", " + ranked.group_field,
                   "sites of no known group have no rank in one, first " + printable(site.id));
      continue;
    }
    Standing& standing = groups[group];
    ++standing.count;
    if (site.rank != standing.of) standing.rank = standing.count;
    standing.of = site.rank;
    ranked.group_rank.back() = standing.rank;
  }
}

/// Neighbours in rank order, each pair in words.
void explain_pairs(const Arguments& arguments, const Progress& progress, Ranked& ranked) {
  if (!arguments.has("explain")) return;
  const auto& sites = ranked.result.sites;
  const std::size_t pairs =
      std::min(static_cast<std::size_t>(arguments.integer("explain")), sites.size() - 1);
  if (pairs == 0) return;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i <= pairs; ++i) ids.push_back(sites[i].id);
  const auto all = explain_in_order(ranked.input.table, ids, ranked.input.options, progress);
  for (std::size_t k = 0; k < pairs; ++k)
    ranked.pairs.push_back({ids[k], ids[k + 1], narrate(all[k])});
}

void look_further(const Arguments& arguments, const Session& session, Ranked& ranked,
                  Findings& findings) {
  const DecisionTable& table = ranked.input.table;
  const RankOptions& options = ranked.input.options;
  rank_groups(arguments, ranked, findings);
  if (arguments.flag("stability"))
    ranked.stability =
        weight_stability(table, options, session.progress.part(0.6, 0.65), &findings);
  if (arguments.flag("compare")) {
    ranked.agreement = compare_methods(table, options, session.progress.part(0.65, 0.7));
    ranked.variants = compare_variants(table, options, session.progress.part(0.7, 0.75));
  }
  if (arguments.flag("reversal"))
    ranked.reversal =
        test_rank_reversal(table, options, reversal_trials, session.progress.part(0.75, 0.8));
  explain_pairs(arguments, session.progress.part(0.8, 0.95), ranked);
  ranked.drawn = anything_is_drawn(table, options);
  if (options.draws.draws > 0 && !ranked.drawn)
    findings.add("ranking.nothing_drawn", Severity::note, "--draws",
                 "neither a weight nor a value has a spread: all draws are alike and say nothing "
                 "of how sure the order is");
  if (arguments.flag("wins") && ranked.result.pairwise.empty())
    findings.add("ranking.no_wins", Severity::warning, "--wins",
                 options.draws.draws == 0
                     ? "without draws there are no wins to count"
                     : "wins are counted between up to " + std::to_string(most_wins) + " sites");
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const auto ranked = std::make_shared<Ranked>();
  ranked->input = read_ranking_input(arguments, session, session.progress.part(0.0, 0.2), outcome);
  ranked->result =
      rank(ranked->input.table, ranked->input.options, session.progress.part(0.2, 0.6));
  outcome.findings.add(ranked->result.findings);
  look_further(arguments, session, *ranked, outcome.findings);
  const std::size_t sites = ranked->result.sites.size();
  const std::size_t top = static_cast<std::size_t>(arguments.integer("top"));
  const std::size_t rows = top == 0 ? sites : std::min(top, sites);
  outcome.summary = rank_summary(*ranked, arguments.flag("wins"));
  Findings of_writing;  // what only a file would lack
  Findings& said = arguments.has("output") ? outcome.findings : of_writing;
  if (wants_output(arguments, session))
    write_output(arguments, session,
                 ranked_layer(*ranked, is_shapefile(arguments),
                              label_field(arguments, ranked->input.layer.table), said),
                 outcome);
  else
    enforce_strict(session, outcome.findings);
  if (session.json) {
    stream_results(session, outcome, rows,
                   [ranked](std::size_t place) { return rank_row(*ranked, place); });
    return outcome;
  }
  outcome.text =
      rank_words(*ranked, top == 0 ? std::min(sites, shown_rows) : rows, outcome.findings);
  for (const auto& output : outcome.outputs)
    outcome.text += "wrote " + printable(output.path) + "\n";
  return outcome;
}

std::vector<Parameter> looking_parameters() {
  std::vector<Parameter> list = {
      {.name = "compare",
       .kind = Kind::flag,
       .help = "how far other methods, scales and weightings agree: Kendall's tau, WS"},
      {.name = "reversal",
       .kind = Kind::flag,
       .help = "does leaving out a site that is not first change the first?"},
      {.name = "stability",
       .kind = Kind::flag,
       .help = "how far each weight may move before another site is first"},
      {.name = "wins",
       .kind = Kind::flag,
       .help = "share of draws in which each site beats each other, up to 200 sites"},
      {.name = "explain",
       .kind = Kind::integer,
       .help = "say in words why the first N stand above the one behind",
       .range = "1 to 50",
       .minimum = 1,
       .maximum = 50},
      {.name = "top",
       .kind = Kind::integer,
       .help = "only the first N sites in the results; 0 = all; -o always has all",
       .default_text = "0",
       .range = "0 to 1000000000",
       .minimum = 0,
       .maximum = 1e9},
      {.name = "group-by",
       .kind = Kind::field,
       .help = "rank within the groups of this field too, such as domestic and allied",
       .parent = "TABLE"}};
  for (auto& parameter : list) parameter.group = "Looking further";
  return list;
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
  append(command.parameters, looking_parameters());
  append(command.parameters, ranking_naming_parameters());
  append(command.parameters, ranking_reading_parameters());
  append(command.parameters, output_parameters());
  command.setup = check_ranking;
  command.run = run;
  return command;
}

}  // namespace lode::tools
