#include "libgeo/study/pipeline.h"

#include "libgeo/core/error.h"
#include "libgeo/environment/footprint.h"
#include "libgeo/environment/setback_table.h"
#include "libgeo/io/open.h"
#include "libgeo/permits/required.h"
#include "libgeo/study/freight_inputs.h"
#include "libgeo/study/supply_files.h"

namespace lode {

namespace {

void start(StudyContext& context) {
  const StudyFile& study = context.study;
  StudyResult& result = context.result;
  result.title = study.title;
  result.home = study.home;
  result.as_of = study.as_of;
  result.seed = context.options.seed.value_or(study.seed);
  result.crs = study.crs;
  result.caveats = study.caveats;
  result.findings.add("study.seed", Severity::note, study.path,
                      "random numbers start from seed " + std::to_string(result.seed));
}

}  // namespace

void throw_together(const std::vector<Error>& faults) {
  if (faults.empty()) return;
  Error first = faults.front();
  first.more.assign(faults.begin() + 1, faults.end());
  throw first;
}

namespace {

/// The files of `[supply]`, "" where there is none, each with the line that names it.
std::vector<std::pair<std::string, int>> supply_paths(const SupplyTable& supply) {
  std::vector<std::pair<std::string, int>> paths;
  for (const auto& [key, path] : {std::pair{"production", &supply.production},
                                  {"demand", &supply.demand},
                                  {"prices", &supply.prices},
                                  {"governance", &supply.governance},
                                  {"stages", &supply.stages},
                                  {"composition", &supply.composition},
                                  {"imports", &supply.imports},
                                  {"origins", &supply.origins},
                                  {"trade", &supply.trade},
                                  {"territories", &supply.territories},
                                  {"factors", &supply.factors},
                                  {"uses", &supply.uses},
                                  {"willingness", &supply.willingness},
                                  {"candidates", &supply.candidates},
                                  {"metal_prices", &supply.metal_prices},
                                  {"today", &supply.today},
                                  {"scenario", &supply.scenario},
                                  {"policy", &supply.policy},
                                  {"economics", &supply.economics},
                                  {"stocks", &supply.stocks},
                                  {"capacities", &supply.capacities},
                                  {"member_demand", &supply.member_demand}})
    paths.emplace_back(*path, supply.keys.line_of(key));
  return paths;
}

}  // namespace

void check_inputs(StudyContext& context, const Progress& progress) {
  progress.update(0.0, "checking inputs");
  const StudyFile& study = context.study;
  std::vector<std::pair<std::string, int>> paths;
  const auto want = [&](const std::string& path, int line) {
    if (!path.empty()) paths.emplace_back(path, line);
  };
  for (const auto& table : study.volumes)
    for (const auto* path : {&table.layer.path, &table.drill.surveys, &table.drill.assays,
                             &table.drill.lithology, &table.drill.solid, &table.drill.topography,
                             &table.drill.variogram, &table.drill.variogram_scores,
                             &table.rock.topography, &table.rock.base, &table.rock.within})
      want(*path, table.layer.line);
  for (const auto& table : study.reported) want(table.layer.path, table.layer.line);
  for (const auto& table : study.permits) want(table.layer.path, table.layer.line);
  for (const auto& rule : study.constraints) want(rule.path, rule.line);
  for (const auto& table : study.surroundings) want(table.layer.path, table.layer.line);
  want(study.footprint.routes, study.footprint.line);
  for (const auto& table : study.networks) {
    if (table.layer.path != "installed") want(table.layer.path, table.layer.line);
    want(table.gates, table.layer.line);
  }
  const auto& logistics = study.logistics;
  for (const auto* path :
       {&logistics.terminals, &logistics.plants, &logistics.ports, &logistics.tariff})
    want(*path, logistics.line);
  if (logistics.chain != "built-in") want(logistics.chain, logistics.line);
  for (const auto& [path, line] : supply_paths(study.supply)) want(path, line);
  want(study.ranking.pairwise, study.ranking.keys.line_of("pairwise"));
  std::vector<Error> faults;
  for (const auto& [path, line] : paths) {
    try {
      (void)context.resolve(split_layer(path).path, line);
    } catch (const Error& error) {
      faults.push_back(error);
    }
  }
  check_supply_names(context, faults);
  throw_together(faults);
}

namespace {

/// Reads the sites, then every mistake of the study file that shows without computing, at once.
void read_sites_and_check(StudyContext& context, const Progress& reading,
                          const Progress& checking) {
  std::vector<Error> faults;
  const auto keep = [&](auto look) {
    try {
      look();
      return true;
    } catch (const Error& error) {
      if (error.code == "run.interrupted") throw;
      faults.push_back(error);
      faults.back().more.clear();
      faults.insert(faults.end(), error.more.begin(), error.more.end());
      return false;
    }
  };
  const bool read = keep([&] { stage_sites(context, reading); });
  faults.insert(faults.begin(), context.faults.begin(), context.faults.end());
  if (read) keep([&] { check_criteria(context); });
  const bool found = keep([&] { check_inputs(context, checking); });
  // A policy that cannot be read is told before an hour of freight, not after it.
  if (read && found) keep([&] { read_supply_files(context); });
  throw_together(faults);
}

/// What only a look into files can tell that no earlier stage reads.
void look_into_files(StudyContext& context, const Progress& progress) {
  std::vector<Error> faults;
  const auto keep = [&](auto look) {
    try {
      look();
    } catch (const Error& error) {
      if (error.code == "run.interrupted") throw;
      faults.push_back(error);
    }
  };
  for (const auto& table : context.study.surroundings) {
    progress.check();
    keep([&] {
      if (table.kind == "terrain") {
        (void)context.read_heights(table.layer, table.height_unit);
      } else if (table.kind == "raster" || (table.kind == "people" && table.field.empty())) {
        (void)context.read_raster(table.layer, table.band);
      } else {
        const Layer layer = context.read(table.layer, true);
        if (!table.field.empty()) (void)layer.table.numbers(table.field);
      }
    });
  }
  if (!context.study.required_permits.empty())
    keep([&] {
      (void)parse_required_permits(
          context.read_text_or_shipped(context.study.required_permits, "permit_requirements", 0),
          context.study.required_permits);
    });
  for (const auto& rule : context.study.constraints)
    for (const auto& path : rule.setbacks)
      keep([&] {
        (void)parse_setback_table(context.read_text_or_shipped(path, "setback_rules", rule.line),
                                  path);
      });
  if (!context.study.footprint.routes.empty())
    keep([&] {
      const FootprintTable& table = context.study.footprint;
      (void)parse_process_routes(context.read_text(table.routes, table.line), table.routes);
    });
  if (!context.study.ranking.pairwise.empty())
    keep([&] {
      const RankingTable& table = context.study.ranking;
      (void)read_judgements(context.read_text(table.pairwise, table.line), table.options.weights,
                            context.study.criteria, table.pairwise);
    });
  look_into_freight(context, [&](const std::function<void()>& look) {
    progress.check();
    keep(look);
  });
  throw_together(faults);
}

}  // namespace

StudyResult check_study(const StudyFile& study, const StudyOptions& options,
                        const Progress& progress) {
  StudyContext context(study, options);
  context.checking = true;
  start(context);
  read_sites_and_check(context, progress.part(0.0, 0.4), progress.part(0.4, 0.45));
  stage_deposit(context, progress.part(0.45, 0.7));
  check_class_rules(context);
  look_into_files(context, progress.part(0.7, 1.0));
  progress.update(1.0, "checked");
  return std::move(context.result);
}

StudyResult run_study(const StudyFile& study, const StudyOptions& options,
                      const Progress& progress) {
  StudyContext context(study, options);
  start(context);
  // The search for a portfolio takes most of the time where one is asked for.
  const double searched = study.supply.policy.empty() ? 0.9 : 0.2;
  const Progress sites = progress.part(0.0, searched);
  read_sites_and_check(context, sites.part(0.0, 0.1), sites.part(0.1, 0.12));
  stage_deposit(context, sites.part(0.12, 0.22));
  check_class_rules(context);
  stage_permits(context, sites.part(0.22, 0.38));
  stage_environment(context, sites.part(0.38, 0.5));
  stage_surroundings(context, sites.part(0.5, 0.6));
  stage_net(context, sites.part(0.6, 0.66));
  stage_logistics(context, sites.part(0.66, 0.97));
  stage_footprint(context, sites.part(0.97, 0.98));
  stage_supply(context, sites.part(0.98, 1.0));
  stage_portfolio(context, progress.part(searched, 0.92));
  stage_ranking(context, progress.part(0.92, 1.0));
  progress.update(1.0, "done");
  return std::move(context.result);
}

}  // namespace lode
