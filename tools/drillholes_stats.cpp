#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/top_cut.h"
#include "tools/command.h"
#include "tools/drillhole_inputs.h"

namespace lode::tools {

namespace {

constexpr const char* all_domains = "all";

struct Group {
  std::size_t variable = 0;
  std::string domain;
  GradeStatistics stats;
  double length_m = 0.0;  ///< over which the value is known
};

Json caps_json(const GradeStatistics& stats) {
  Json caps = Json::array();
  for (const CapEffect& cap : stats.caps) {
    Json one;
    one["cap"] = cap.cap;
    one["at_pct"] = cap.at_pct;
    one["capped"] = cap.capped;
    one["capped_length_pct"] = cap.capped_weight_pct;
    one["mean"] = cap.mean;
    one["cv"] = cap.cv;
    one["metal_removed_pct"] = cap.metal_removed_pct;
    caps.push_back(one);
  }
  return caps;
}

// Value against normal score: a straight line on this plot of a lognormal grade's logarithm.
Json probability_json(const GradeStatistics& stats) {
  Json plot = Json::array();
  for (std::size_t q = 0; q < quantile_points.size(); ++q) {
    Json one;
    one["pct"] = quantile_points[q];
    one["normal_score"] = inverse_normal(quantile_points[q] / 100.0);
    one["value"] = stats.quantiles[q];
    one["log10_value"] = stats.quantiles[q] > 0.0 ? std::log10(stats.quantiles[q]) : std::nan("");
    plot.push_back(one);
  }
  return plot;
}

Json row_of(const DrillholeSet& set, const Group& group) {
  const GradeStatistics& s = group.stats;
  Json row;
  row["value"] = set.assays.variables[group.variable];
  row["unit"] =
      set.assays.units[group.variable].empty() ? Json() : Json(set.assays.units[group.variable]);
  row["domain"] = group.domain;
  row["n"] = s.n;
  row["missing"] = s.missing;
  row["length_m"] = group.length_m;
  row["weight"] = s.weight;
  row["min"] = s.min;
  row["max"] = s.max;
  row["mean"] = s.mean;
  row["sd"] = s.sd;
  row["cv"] = s.cv;
  for (std::size_t q = 0; q < quantile_points.size(); ++q)
    row[quantile_points[q] == 50.0 ? "median"
                                   : "p" + std::string(quantile_points[q] < 10.0 ? "0" : "") +
                                         number_text(quantile_points[q])] = s.quantiles[q];
  row["log_mean"] = s.log_mean;
  row["log_sd"] = s.log_sd;
  row["top_10_pct_metal_pct"] = s.top_tenth_metal_pct;
  row["top_1_pct_metal_pct"] = s.top_hundredth_metal_pct;
  row["gap_above"] = s.gap_value;
  row["gap_next"] = s.gap_next;
  row["probability"] = probability_json(s);
  row["caps"] = caps_json(s);
  return row;
}

std::vector<Group> groups_of(const Arguments& arguments, const Session& session,
                             const DrillholeSet& set) {
  const std::vector<double> weights = interval_weights(set);
  const std::vector<NamedCap> caps = caps_of(arguments, set.assays);
  std::vector<Group> groups;
  for (std::size_t v = 0; v < set.assays.variables.size(); ++v) {
    StatisticsOptions options;
    options.gap_pct = arguments.number("gap");
    for (const NamedCap& cap : caps)
      if (cap.variable == v) options.caps.push_back(cap.cap);
    session.progress.check();
    groups.push_back({v, all_domains, statistics_of(set.assays.values[v], weights, options)});
    std::vector<double> length(set.domain_names.size(), 0.0);
    for (std::size_t i = 0; i < set.assays.size(); ++i) {
      if (std::isnan(set.assays.values[v][i]) || !(weights[i] > 0.0)) continue;
      const double own_m = set.assays.to_m[i] - set.assays.from_m[i];
      groups.back().length_m += own_m;
      if (set.has_domain) length[set.assays.domain[i]] += own_m;
    }
    if (!set.has_domain) continue;
    std::vector<std::vector<double>> values(set.domain_names.size()), own(set.domain_names.size());
    for (std::size_t i = 0; i < set.assays.size(); ++i) {
      values[set.assays.domain[i]].push_back(set.assays.values[v][i]);
      own[set.assays.domain[i]].push_back(weights[i]);
    }
    for (std::size_t d = 0; d < values.size(); ++d) {
      session.progress.check();
      if (!values[d].empty())
        groups.push_back(
            {v, set.domain_names[d], statistics_of(values[d], own[d], options), length[d]});
    }
  }
  return groups;
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const DrillholeInputs inputs = read_drillhole_inputs(arguments, session, {.crs = false},
                                                       session.progress.part(0.0, 0.7), outcome);
  if (inputs.set.assays.variables.empty())
    throw Error("drillholes.no_value", "no column holds values", outcome.inputs.back().path,
                "Name some with --value.");
  const std::vector<Group> groups = groups_of(arguments, session, inputs.set);
  summarise(inputs, outcome);
  outcome.summary["weighted_by"] = std::string("length") +
                                   (inputs.set.assays.density_t_m3.empty() ? "" : " x density") +
                                   (inputs.set.assays.recovery_pct.empty() ? "" : " x recovery");
  outcome.shown = {"value", "domain", "n",   "missing", "min", "max", "mean",
                   "sd",    "cv",     "p10", "median",  "p90", "p99", "gap_above"};
  add_results(session, outcome, groups.size(),
              [&](std::size_t i) { return row_of(inputs.set, groups[i]); });
  OutputLayer out;
  out.name = "statistics";
  out.table.name = out.name;
  std::vector<std::string> value, domain;
  std::vector<double> cap, capped, mean, cv, removed;
  for (const Group& group : groups)
    for (const CapEffect& one : group.stats.caps) {
      value.push_back(inputs.set.assays.variables[group.variable]);
      domain.push_back(group.domain);
      cap.push_back(one.cap);
      capped.push_back(static_cast<double>(one.capped));
      mean.push_back(one.mean);
      cv.push_back(one.cv);
      removed.push_back(one.metal_removed_pct);
    }
  out.table.add(text_column("value", value));
  out.table.add(text_column("domain", domain));
  out.table.add(number_column("cap", cap));
  out.table.add(number_column("capped", capped));
  out.table.add(number_column("mean", mean));
  out.table.add(number_column("cv", cv));
  out.table.add(number_column("metal_removed_pct", removed, "%"));
  write_output(arguments, session, std::move(out), outcome);
  return outcome;
}

}  // namespace

Command drillholes_stats_command() {
  Command command;
  command.name = "drillholes stats";
  command.summary = "length-weighted statistics of grades by domain, and what top-cuts would do";
  command.group = "Deposit";
  append(command.parameters, drillhole_parameters());
  append(command.parameters, weighting_parameters());
  append(command.parameters,
         {cap_parameter("a top-cut to try besides the usual percentiles: 'treo_pct=5 %'"),
          {.name = "gap",
           .kind = Kind::number,
           .help = "step between neighbours above P90, per cent, at which the tail falls apart",
           .default_text = "15",
           .range = "above 0",
           .minimum = 0.001,
           .group = "Weights and domains"}});
  append(command.parameters, output_parameters());
  command.setup = [](const Arguments& arguments) {
    check_drillhole_options(arguments);
    if (arguments.has("collars") && !arguments.has("assays"))
      throw Error("usage.drillholes", "--assays names no table", "drillholes stats",
                  "There are no statistics without assays.");
  };
  command.run = run;
  return command;
}

}  // namespace lode::tools
