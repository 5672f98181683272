#include "libgeo/study/drillhole_volumes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/json.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/deposit/composites.h"
#include "libgeo/deposit/drill_resource.h"
#include "libgeo/deposit/drillholes.h"
#include "libgeo/deposit/grade_tonnage.h"
#include "libgeo/geometry/joint_share.h"
#include "libgeo/study/rock_volumes.h"
#include "libgeo/study/volume_parts.h"

namespace lode {

namespace {

struct Holes {
  Crs crs;
  DrillholeSet set;
  CompositeResult composites;
  std::vector<std::size_t> kept;  ///< composites of the ore's domains
};

Table read_sibling(StudyContext& context, const VolumesTable& table, const std::string& path) {
  LayerRef reference = table.layer;
  reference.path = path;
  reference.layer.clear();
  reference.where.clear();
  return context.read(reference, false).table;
}

Holes read_holes(StudyContext& context, const VolumesTable& table) {
  const DrillholeVolume& drill = table.drill;
  Holes holes;
  holes.crs = volume_crs(context, table, "drillholes");
  const Table collars = read_sibling(context, table, table.layer.path);
  const Table assays = read_sibling(context, table, drill.assays);
  Table surveys, lithology;
  if (!drill.surveys.empty()) surveys = read_sibling(context, table, drill.surveys);
  if (!drill.lithology.empty()) lithology = read_sibling(context, table, drill.lithology);
  DrillholeTables tables;
  tables.collars = &collars;
  tables.assays = &assays;
  if (!drill.surveys.empty()) tables.surveys = &surveys;
  if (!drill.lithology.empty()) tables.lithology = &lithology;
  DrillholeOptions options;
  options.metres_per_unit = holes.crs.metres_per_unit;
  options.projected = true;
  options.values = {table.grade.field};
  for (const auto* parts : {&drill.ndpr, &drill.dytb})
    options.values.insert(options.values.end(), parts->begin(), parts->end());
  options.density = table.density.field;
  options.domain = drill.domain;
  if (!table.layer.below_detection.empty())
    options.negative =
        static_cast<NegativeValue>(parse_below_detection(table.layer.below_detection));
  holes.set = read_drillholes(tables, options);
  context.result.findings.add(holes.set.findings);
  require_sound(holes.set);
  CompositeOptions cut;
  cut.length_m = drill.composite_m;
  cut.residual = Residual::merge;
  cut.min_coverage_pct = 50.0;
  holes.composites = composite(holes.set, cut);
  context.result.findings.add(holes.composites.findings);
  const std::set<std::string> wanted(drill.domains.begin(), drill.domains.end());
  for (const std::string& name : wanted)
    if (std::find(holes.set.domain_names.begin(), holes.set.domain_names.end(), name) ==
        holes.set.domain_names.end())
      throw Error("study.volume", "no interval has the domain '" + printable(name) + "'",
                  context.where(table.layer.line), suggestion(name, holes.set.domain_names));
  for (std::size_t i = 0; i < holes.composites.composites.size(); ++i)
    if (wanted.empty() ||
        wanted.contains(holes.set.domain_names[holes.composites.composites[i].domain]))
      holes.kept.push_back(i);
  return holes;
}

Samples samples_from(const StudyContext& context, const VolumesTable& table, const Holes& holes) {
  const Samples all = samples_of(holes.set, holes.composites);
  Samples kept;
  kept.variables = all.variables;
  kept.values.resize(all.values.size());
  kept.hole_names = all.hole_names;
  std::vector<double> factor;
  for (const std::string& variable : all.variables)
    factor.push_back(grade_column_factor(context, table, variable,
                                         factor.empty() ? table.grade.unit : std::string(),
                                         !factor.empty()));
  for (const std::size_t i : holes.kept) {
    kept.x.push_back(all.x[i]);
    kept.y.push_back(all.y[i]);
    kept.z.push_back(all.z[i]);
    kept.hole.push_back(all.hole[i]);
    kept.names.push_back(all.name(i));
    for (std::size_t v = 0; v < all.values.size(); ++v)
      kept.values[v].push_back(all.values[v][i] * factor[v]);
  }
  return kept;
}

double density_of(const StudyContext& context, const VolumesTable& table, const Holes& holes) {
  if (!table.density.constant.empty())
    return parse_quantity(table.density.constant, Dimension::density,
                          context.where(table.layer.line));
  Sum mass, length;
  for (const std::size_t i : holes.kept) {
    const double density = holes.composites.density_t_m3[i];
    if (std::isnan(density)) continue;
    const Composite& one = holes.composites.composites[i];
    mass.add(density * (one.to_m - one.from_m));
    length.add(one.to_m - one.from_m);
  }
  if (!(length.value() > 0.0))
    throw Error("study.volume", "no composite has a density", context.where(table.layer.line),
                "Give a constant: density = { value = \"2.9 t/m3\" }.");
  return mass.value() / length.value();
}

// Blocks over the composites and as far around as the search reaches; over the body where there is
// one. Corners on whole multiples of the block, so that a further hole leaves the grid where it
// was.
BlockGrid grid_over(const Samples& samples, const DrillholeVolume& drill, const Box3* body) {
  std::array<double, 3> low{1e308, 1e308, 1e308}, high{-1e308, -1e308, -1e308};
  const auto add = [&](std::size_t axis, double from, double to) {
    low[axis] = std::min(low[axis], from);
    high[axis] = std::max(high[axis], to);
  };
  const std::array<const std::vector<double>*, 3> places{&samples.x, &samples.y, &samples.z};
  for (std::size_t axis = 0; axis < 3; ++axis)
    for (const double at : *places[axis]) {
      const double reach = body != nullptr ? 0.0 : drill.radius_m[axis];
      add(axis, at - reach, at + reach);
    }
  BlockGrid grid;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (body != nullptr) add(axis, body->lower[axis], body->upper[axis]);
    const double size = drill.block_m[axis];
    grid.spacing[axis] = size;
    grid.origin[axis] = std::floor(low[axis] / size) * size;
    grid.count[axis] =
        static_cast<std::size_t>(std::max(1.0, std::ceil((high[axis] - grid.origin[axis]) / size)));
  }
  return grid;
}

// Shares of the blocks inside the solid and below the ground, whichever of them there is.
std::vector<double> shares(const std::optional<ColumnCutter>& solid,
                           const std::optional<ColumnCutter>& ground, const BlockGrid& grid,
                           int jobs, const Progress& progress) {
  if (!solid && !ground) return {};
  JointCutter both;
  if (solid) both.add(*solid, JointCutter::Keep::inside);
  if (ground) both.add(*ground, JointCutter::Keep::inside);
  const std::uint64_t all = both.size() == 2 ? 3 : 1;
  std::vector<double> share(grid.size());
  parallel_blocks(
      grid.count[0] * grid.count[1], 16, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t column = begin; column < end; ++column) {
          const std::size_t i = column % grid.count[0], j = column / grid.count[0];
          const double x = static_cast<double>(i) * grid.spacing[0],
                       y = static_cast<double>(j) * grid.spacing[1];
          const Footprint plan{x, y, x + grid.spacing[0], y + grid.spacing[1]};
          for (std::size_t k = 0; k < grid.count[2]; ++k) {
            const double z = static_cast<double>(k) * grid.spacing[2];
            share[grid.index(i, j, k)] = both.share(plan, z, z + grid.spacing[2], all);
          }
        }
      },
      progress);
  return share;
}

VariogramModel read_model(StudyContext& context, const std::string& path, int line) {
  const std::string text = text_of_file(context.resolve(path, line), {}, std::size_t{4} << 20);
  Source source;
  source.sha256 = sha256(text);
  context.keep_source(source, path);
  return model_from_json(Json::parse(text, path), path);
}

std::string range_text(const LowBaseHigh& value, double factor, int digits) {
  return fixed_text(value.low * factor, digits) + " to " + fixed_text(value.high * factor, digits);
}

// How the figure came about, for the report's trace.
std::string trace_of(const VolumesTable& table, const DrillResource& found, double density_t_m3) {
  const DrillholeVolume& drill = table.drill;
  const auto sizes = [](const std::array<double, 3>& m) {
    return number_text(m[0]) + " x " + number_text(m[1]) + " x " + number_text(m[2]) + " m";
  };
  return table.layer.path + ": " + std::to_string(found.composites) + " composites of " +
         number_text(drill.composite_m) + " m; " + std::to_string(found.estimated) + " of " +
         std::to_string(found.blocks) + " blocks of " + sizes(drill.block_m) + " within " +
         sizes(drill.radius_m) + " of them; " + fixed_text(density_t_m3, 2) + " t/m3; cut-off " +
         number_text(drill.cutoff * 100.0) + " %; median of " + number_text(drill.realizations) +
         " simulations, ore " + range_text(found.ore_t, 1e-6, 2) +
         " Mt (P10 to P90); ordinary kriging says " + fixed_text(found.kriged_ore_t * 1e-6, 2) +
         " Mt at " + fixed_text(found.kriged_grade * 100.0, 3) + " %; variograms " +
         (found.fitted ? "fitted" : drill.variogram) + " and, of scores, " +
         (found.fitted_scores ? "fitted" : drill.variogram_scores);
}

void keep(StudyContext& context, const VolumesTable& table, const DrillResource& found,
          double density_t_m3, std::size_t site) {
  SiteFacts& facts = context.facts[site];
  const std::string trace = trace_of(table, found, density_t_m3);
  facts.ore_t = found.ore_t;
  facts.treo = found.grade;
  facts.treo_t = found.contained_t;
  facts.ore_source = facts.treo_source = facts.tonnage_source = trace;
  facts.simulated_t = found.contained_draws_t;
  facts.simulated_treo.clear();
  for (std::size_t r = 0; r < found.ore_draws_t.size(); ++r)
    facts.simulated_treo.push_back(found.ore_draws_t[r] > 0.0
                                       ? found.contained_draws_t[r] / found.ore_draws_t[r]
                                       : found.grade.base);
  auto part = found.part_share.begin();
  for (const auto& [columns, share] :
       {std::pair{&table.drill.ndpr, &facts.ndpr_share}, {&table.drill.dytb, &facts.dytb_share}}) {
    if (columns->empty()) continue;
    *share = std::accumulate(part, part + static_cast<std::ptrdiff_t>(columns->size()), 0.0);
    part += static_cast<std::ptrdiff_t>(columns->size());
    facts.share_source = table.layer.path + ": kriged " + join(table.drill.ndpr, " + ") +
                         (table.drill.dytb.empty() ? "" : " and " + join(table.drill.dytb, " + "));
  }
  const std::string& id = context.result.sites[site].id;
  context.result.figures.push_back({"ore of " + id + " by kriging", found.kriged_ore_t, "t"});
  context.result.figures.push_back({"ore of " + id + ", P10", found.ore_t.low, "t"});
  context.result.figures.push_back({"ore of " + id + ", P50", found.ore_t.base, "t"});
  context.result.figures.push_back({"ore of " + id + ", P90", found.ore_t.high, "t"});
}

// The blocks above the cut-off, for what permits and setbacks take of them.
std::shared_ptr<const RockBody> rock_of(const DrillResourceInputs& inputs, double cutoff,
                                        const DrillResource& found, const Crs& crs,
                                        const TriangleMesh& solid, const TriangleMesh& ground) {
  const BlockGrid& grid = inputs.grid;
  auto rock = std::make_shared<RockBody>(crs, grid);
  if (!solid.empty()) rock->keep_inside(solid);
  if (!ground.empty()) rock->keep_below(ground);
  const double block_t = grid.block_m3() * inputs.density_t_m3;
  for (std::size_t block = 0; block < grid.size(); ++block) {
    const double grade = found.kriged[block];
    if (!(grade >= cutoff)) continue;  // not reached, or below the cut-off
    const auto [i, j, k] = grid.ijk(block);
    const auto low = [&](std::size_t axis, std::size_t at) {
      return static_cast<double>(at) * grid.spacing[axis];
    };
    rock->add({{low(0, i), low(1, j), low(0, i + 1), low(1, j + 1)}, low(2, k), low(2, k + 1)},
              block_t, block_t * grade);
  }
  return rock;
}

DrillResourceOptions options_of(StudyContext& context, const VolumesTable& table) {
  const DrillholeVolume& drill = table.drill;
  DrillResourceOptions options;
  if (!drill.variogram.empty())
    options.model = read_model(context, drill.variogram, table.layer.line);
  if (!drill.variogram_scores.empty())
    options.score_model = read_model(context, drill.variogram_scores, table.layer.line);
  SearchPass pass;
  pass.radius_m = drill.radius_m;
  pass.min_samples = static_cast<std::size_t>(drill.min_samples);
  pass.max_samples = static_cast<std::size_t>(drill.max_samples);
  pass.max_per_hole = static_cast<std::size_t>(drill.max_per_hole);
  options.search.passes = {pass};
  if (options.model && !options.model->structures.empty())
    options.search.angles = options.model->structures.front().angles;
  options.cutoff = drill.cutoff;
  options.realizations = static_cast<std::size_t>(drill.realizations);
  for (std::size_t axis = 0; axis < 3; ++axis)
    options.nodes[axis] = static_cast<std::size_t>(
        std::clamp(std::round(drill.block_m[axis] / drill.composite_m), 1.0, 4.0));
  options.seed = context.result.seed;
  options.jobs = context.options.jobs;
  return options;
}

}  // namespace

void take_drillholes(StudyContext& context, const VolumesTable& table, bool checking,
                     const Progress& progress) {
  progress.update(0.0, "drillholes of " + table.site);
  const std::size_t site = volume_site(context, table);
  const Holes holes = read_holes(context, table);
  if (!holes.set.holes.empty())
    check_volume_place(context, table, holes.crs, site,
                       holes.set.holes.front().path.nodes.front().place,
                       "hole " + holes.set.holes.front().name);
  const DrillResourceOptions options = options_of(context, table);
  const TriangleMesh solid = read_volume_solid(context, table, table.drill.solid, holes.crs);
  if (checking) return;
  DrillResourceInputs inputs;
  inputs.composites = samples_from(context, table, holes);
  inputs.density_t_m3 = density_of(context, table, holes);
  const Box3 bounds = solid.empty() ? Box3{} : bounds_of(solid);
  inputs.grid = grid_over(inputs.composites, table.drill, solid.empty() ? nullptr : &bounds);
  check_blocks(inputs.grid, options);
  const TriangleMesh ground =
      read_volume_ground(context, table, table.drill.topography, holes.crs, inputs.grid);
  std::optional<ColumnCutter> body, surface;
  if (!solid.empty()) body.emplace(solid, ColumnCutter::Form::solid, inputs.grid);
  if (!ground.empty()) surface.emplace(ground, ColumnCutter::Form::surface, inputs.grid);
  inputs.share = shares(body, surface, inputs.grid, context.options.jobs, progress.part(0.1, 0.2));
  const DrillResource found = drill_resource(inputs, options, progress.part(0.2, 1.0));
  context.result.findings.add(found.findings);
  keep(context, table, found, inputs.density_t_m3, site);
  keep_rock(context, table, site, rock_of(inputs, options.cutoff, found, holes.crs, solid, ground),
            found.footprint);
}

}  // namespace lode
