#include "libgeo/study/pipeline.h"

#include "libgeo/core/error.h"
#include "libgeo/environment/footprint.h"
#include "libgeo/environment/setback_table.h"
#include "libgeo/io/open.h"
#include "libgeo/permits/required.h"
#include "libgeo/study/freight_inputs.h"

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
  const auto& supply = study.supply;
  for (const auto* path :
       {&supply.production, &supply.demand, &supply.prices, &supply.governance, &supply.stages,
        &supply.composition, &supply.imports, &supply.origins, &supply.trade, &supply.territories,
        &supply.factors, &supply.uses, &supply.willingness})
    want(*path, supply.line);
  want(study.ranking.pairwise, study.ranking.line);
  std::vector<Error> faults;
  for (const auto& [path, line] : paths) {
    try {
      (void)context.resolve(split_layer(path).path, line);
    } catch (const Error& error) {
      faults.push_back(error);
    }
  }
  if (faults.empty()) return;
  Error first = faults.front();
  first.more.assign(faults.begin() + 1, faults.end());
  throw first;
}

namespace {

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
  if (faults.empty()) return;
  Error first = faults.front();
  first.more.assign(faults.begin() + 1, faults.end());
  throw first;
}

}  // namespace

StudyResult check_study(const StudyFile& study, const StudyOptions& options,
                        const Progress& progress) {
  StudyContext context(study, options);
  context.checking = true;
  start(context);
  stage_sites(context, progress.part(0.0, 0.4));
  check_criteria(context);
  stage_deposit(context, progress.part(0.4, 0.6));
  check_inputs(context, progress.part(0.6, 0.7));
  look_into_files(context, progress.part(0.7, 1.0));
  progress.update(1.0, "checked");
  return std::move(context.result);
}

StudyResult run_study(const StudyFile& study, const StudyOptions& options,
                      const Progress& progress) {
  StudyContext context(study, options);
  start(context);
  stage_sites(context, progress.part(0.0, 0.1));
  check_criteria(context);
  check_inputs(context, progress.part(0.1, 0.12));
  stage_deposit(context, progress.part(0.12, 0.2));
  stage_permits(context, progress.part(0.2, 0.35));
  stage_environment(context, progress.part(0.35, 0.45));
  stage_surroundings(context, progress.part(0.45, 0.55));
  stage_net(context, progress.part(0.55, 0.6));
  stage_logistics(context, progress.part(0.6, 0.84));
  stage_footprint(context, progress.part(0.84, 0.85));
  stage_supply(context, progress.part(0.85, 0.87));
  stage_ranking(context, progress.part(0.87, 1.0));
  progress.update(1.0, "done");
  return std::move(context.result);
}

}  // namespace lode
