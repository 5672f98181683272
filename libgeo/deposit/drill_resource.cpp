#include "libgeo/deposit/drill_resource.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/estimation/estimate.h"
#include "libgeo/estimation/recoverable.h"
#include "libgeo/estimation/simulation.h"
#include "libgeo/estimation/variogram.h"
#include "libgeo/estimation/variogram_fit.h"
#include "libgeo/geometry/overlay.h"

namespace lode {

namespace {

constexpr std::size_t fewest_composites = 10;
constexpr std::size_t most_nodes = 20'000'000;
constexpr std::size_t fit_lags = 12;
constexpr std::size_t most_batches = 25;     // of realisations that share a histogram
constexpr double least_weight = 1e-3;        // of a hole that is not drawn
constexpr std::uint64_t redraw_stream = 77;  // apart from those of the simulation

void check(const DrillResourceInputs& inputs, const DrillResourceOptions& options) {
  check_grid(inputs.grid, "blocks");
  if (!(inputs.density_t_m3 > 0.0) || !std::isfinite(inputs.density_t_m3))
    throw Error("deposit.density", "the density is " + number_text(inputs.density_t_m3) + " t/m3",
                "drillholes", "Give the dry bulk density, such as 2.9 t/m3.");
  std::size_t known = 0;
  double least = 1e308, most = -1e308;
  for (const double grade : inputs.composites.values.front()) {
    if (std::isnan(grade)) continue;
    ++known;
    least = std::min(least, grade);
    most = std::max(most, grade);
  }
  if (known < fewest_composites)
    throw Error("deposit.too_few_composites",
                std::to_string(known) + " composites have a grade; " +
                    std::to_string(fewest_composites) + " are the fewest that tell a spread",
                "drillholes", "Check domains, units and the length of composites.");
  if (least == most)
    throw Error("deposit.composites_alike",
                "all composites have the grade " + number_text(least * 100.0) + " %", "drillholes",
                "There is nothing to estimate; give the tonnage by an outline.");
  check_blocks(inputs.grid, options);
}

// The composites that have every variable: those that share weights.
Samples complete(const Samples& all) {
  Samples kept = all;
  kept.x.clear(), kept.y.clear(), kept.z.clear(), kept.hole.clear(), kept.names.clear();
  kept.domain.clear();
  for (auto& values : kept.values) values.clear();
  for (std::size_t i = 0; i < all.size(); ++i) {
    bool whole = true;
    for (const auto& values : all.values) whole = whole && !std::isnan(values[i]);
    if (!whole) continue;
    kept.x.push_back(all.x[i]);
    kept.y.push_back(all.y[i]);
    kept.z.push_back(all.z[i]);
    if (!all.hole.empty()) kept.hole.push_back(all.hole[i]);
    kept.names.push_back(all.name(i));
    for (std::size_t v = 0; v < all.values.size(); ++v) kept.values[v].push_back(all.values[v][i]);
  }
  return kept;
}

// One range for all directions, or those of the search ellipsoid: sparse holes seldom carry a fit
// of angles, and the search already says how the geologist sees the body.
VariogramModel fitted(const Samples& samples, std::vector<double> values,
                      const DrillResourceOptions& options, Findings& findings,
                      const Progress& progress) {
  const auto& radius = options.search.passes.front().radius_m;
  // In the axes of the search, scaled so that its ellipsoid is a ball of its major radius.
  const Matrix3 axes = scaled_axes(options.search.angles, radius);
  Samples scaled;
  scaled.variables = {"grade"};
  scaled.values = {std::move(values)};
  for (std::size_t i = 0; i < samples.size(); ++i) {
    std::array<double, 3> place{};
    for (std::size_t a = 0; a < 3; ++a)
      place[a] = radius[0] * (axes[a][0] * (samples.x[i] - samples.x[0]) +
                              axes[a][1] * (samples.y[i] - samples.y[0]) +
                              axes[a][2] * (samples.z[i] - samples.z[0]));
    scaled.x.push_back(place[0]);
    scaled.y.push_back(place[1]);
    scaled.z.push_back(place[2]);
  }
  VariogramOptions measure;
  measure.lag_m = radius[0] / static_cast<double>(fit_lags);
  measure.lags = fit_lags;
  measure.jobs = options.jobs;
  FitOptions fit;
  fit.types = {StructureType::spherical, StructureType::exponential};
  fit.structures = 1;
  const ExperimentalVariogram experimental = experimental_variogram(scaled, measure, progress);
  FitResult result = fit_variogram(experimental, fit, progress);
  findings.add(result.findings);
  for (Structure& structure : result.model.structures) {
    const double range = structure.ranges_m[0];
    structure.angles = options.search.angles;
    for (std::size_t a = 0; a < 3; ++a) structure.ranges_m[a] = range * radius[a] / radius[0];
  }
  return result.model;
}

struct Kriged {
  std::vector<std::vector<double>> value;  ///< by variable, then block
  std::vector<bool> reached;
};

Kriged krige(const Samples& samples, const DrillResourceInputs& inputs,
             const DrillResourceOptions& options, DrillResource& result, const Progress& progress) {
  EstimateOptions how;
  how.method = EstimationMethod::ok;
  how.model = result.model;
  how.search = options.search;
  for (std::size_t a = 0; a < 3; ++a) how.discretise[a] = static_cast<int>(options.nodes[a]);
  how.duplicates = DuplicatePolicy::average;
  how.jobs = options.jobs;
  Targets targets;
  targets.is_grid = true;
  targets.grid = inputs.grid;
  Kriged kriged;
  kriged.value.assign(samples.values.size(), std::vector<double>(inputs.grid.size()));
  kriged.reached.assign(inputs.grid.size(), false);
  const EstimateSummary summary = estimate(
      samples, targets, how,
      [&](const EstimateChunk& chunk) {
        for (std::size_t row = 0; row < chunk.rows(); ++row) {
          kriged.reached[chunk.first + row] = chunk.pass[row] != 0;
          for (std::size_t v = 0; v < kriged.value.size(); ++v)
            kriged.value[v][chunk.first + row] = chunk.value[v][row];
        }
      },
      progress);
  result.findings.add(summary.findings);
  return kriged;
}

// Tonnes above the cut-off of the kriged blocks, and what the parts are of the oxide in them.
void add_up(const Kriged& kriged, const std::vector<double>& share,
            const DrillResourceInputs& inputs, double cutoff, DrillResource& result) {
  const double block_t = inputs.grid.block_m3() * inputs.density_t_m3;
  Sum ore;
  std::vector<Sum> parts(kriged.value.size());
  for (std::size_t block = 0; block < share.size(); ++block) {
    if (share[block] <= 0.0 || !(kriged.value[0][block] >= cutoff)) continue;
    ore.add(share[block] * block_t);
    for (std::size_t v = 0; v < parts.size(); ++v)
      parts[v].add(share[block] * block_t * kriged.value[v][block]);
  }
  result.kriged_ore_t = ore.value();
  result.kriged_contained_t = parts[0].value();
  result.kriged_grade = result.kriged_contained_t / result.kriged_ore_t;
  for (std::size_t v = 1; v < parts.size(); ++v)
    result.part_share.push_back(parts[v].value() / result.kriged_contained_t);
}

LowBaseHigh spread_of(const LowMiddleHigh& percentiles) {
  LowBaseHigh spread;
  spread.low = percentiles.p10;
  spread.base = percentiles.p50;
  spread.high = percentiles.p90;
  return spread;
}

// What each composite stands for: the part of the body that lies nearer to it than to any other, in
// the distance of the search. Rich ground is drilled more densely than poor, and a plain histogram
// would carry that into every realisation.
std::vector<double> nearest_volumes(const Samples& samples, const std::vector<double>& share,
                                    const DrillResourceInputs& inputs,
                                    const DrillResourceOptions& options, const Progress& progress) {
  Samples numbered = samples;
  numbered.variables = {"number"};
  numbered.values.assign(1, std::vector<double>(samples.size()));
  for (std::size_t i = 0; i < samples.size(); ++i) numbered.values[0][i] = static_cast<double>(i);
  EstimateOptions nearest;
  nearest.method = EstimationMethod::nn;
  SearchPass pass = options.search.passes.front();
  pass.min_samples = pass.max_samples = 1;
  pass.max_per_hole = pass.max_per_octant = pass.min_holes = 0;
  nearest.search.angles = options.search.angles;
  nearest.search.passes = {pass};
  nearest.duplicates = DuplicatePolicy::first;
  nearest.jobs = options.jobs;
  Targets targets;
  targets.is_grid = true;
  targets.grid = inputs.grid;
  std::vector<double> weights(samples.size(), 0.0);
  (void)estimate(
      numbered, targets, nearest,
      [&](const EstimateChunk& chunk) {
        for (std::size_t row = 0; row < chunk.rows(); ++row)
          if (chunk.pass[row] != 0)
            weights[static_cast<std::size_t>(chunk.value[0][row])] += share[chunk.first + row];
      },
      progress);
  return weights;
}

// The holes drawn anew, with replacement: what the histogram would have been had others been
// drilled (Efron 1979; by hole, since composites of one hole are no independent draws). A hole that
// is not drawn keeps a trace of weight, so that every score stays finite.
std::vector<double> redrawn(const Samples& samples, const std::vector<double>& weights,
                            std::uint64_t seed, std::size_t batch) {
  if (samples.hole.empty()) return weights;
  const std::set<std::uint32_t> drilled(samples.hole.begin(), samples.hole.end());
  const std::vector<std::uint32_t> holes(drilled.begin(), drilled.end());
  std::map<std::uint32_t, double> times;
  const Random random{seed, redraw_stream + batch};
  for (std::size_t draw = 0; draw < holes.size(); ++draw)
    times[holes[static_cast<std::size_t>(random.uniform(draw) *
                                         static_cast<double>(holes.size()))]] += 1.0;
  std::vector<double> result = weights;
  for (std::size_t i = 0; i < result.size(); ++i) {
    const auto found = times.find(samples.hole[i]);
    result[i] *= found == times.end() ? least_weight : found->second;
  }
  return result;
}

SimulationOptions simulation_options(const Samples& samples, const DrillResourceOptions& options,
                                     const DrillResource& result) {
  SimulationOptions how;
  how.models = {result.score_model};
  how.search = options.search.passes.front();
  // Simulation conditions on nodes that are near; how many samples and holes a block needs is
  // kriging's question.
  how.search.min_samples = 1;
  how.search.min_holes = how.search.max_per_hole = 0;
  how.search_angles = options.search.angles;
  NormalScoreOptions tails;
  tails.min = 0.0;
  tails.max = *std::max_element(samples.values[0].begin(), samples.values[0].end());
  how.scores = {tails};
  how.in_one_node = NodePolicy::average;
  how.outside = OutsidePolicy::drop;
  how.reblock = options.nodes;
  how.jobs = options.jobs;
  return how;
}

void simulate_range(const Samples& samples, const std::vector<double>& share,
                    const DrillResourceInputs& inputs, const DrillResourceOptions& options,
                    DrillResource& result, const Progress& progress) {
  BlockGrid nodes = inputs.grid;
  for (std::size_t a = 0; a < 3; ++a) {
    nodes.count[a] *= options.nodes[a];
    nodes.spacing[a] /= static_cast<double>(options.nodes[a]);
  }
  Samples grades = samples;
  grades.values.resize(1);
  grades.variables.resize(1);
  SimulationOptions how = simulation_options(grades, options, result);
  const auto weights = nearest_volumes(samples, share, inputs, options, progress.part(0.0, 0.05));
  const std::size_t batches = std::clamp<std::size_t>(options.realizations / 4, 1, most_batches);
  Simulation all;
  for (std::size_t batch = 0; batch < batches; ++batch) {
    how.weights = redrawn(samples, weights, options.seed, batch);
    // Batches differ in length by one at most and have streams of their own.
    how.realizations =
        options.realizations * (batch + 1) / batches - options.realizations * batch / batches;
    how.seed = Random{options.seed, redraw_stream}.bits(1'000'000 + batch) >> 11;
    const double from = 0.05 + 0.9 * static_cast<double>(batch) / static_cast<double>(batches);
    Simulation one = simulate(grades, nodes, how,
                              progress.part(from, from + 0.9 / static_cast<double>(batches)));
    if (batch == 0) {
      all = std::move(one);
      result.findings.add(all.findings);
      continue;
    }
    all.values[0].insert(all.values[0].end(), one.values[0].begin(), one.values[0].end());
    all.realizations += one.realizations;
  }
  RecoverableOptions curve;
  curve.cutoffs = {options.cutoff};
  curve.density_t_m3 = inputs.density_t_m3;
  curve.fraction_per_value = 1.0;
  curve.jobs = options.jobs;
  const auto points =
      recoverable_curve(all, 0, {{"body", "", share}}, curve, progress.part(0.95, 1.0));
  result.ore_t = spread_of(points.front().rock_t);
  result.grade = spread_of(points.front().grade);
  result.contained_t = spread_of(points.front().product_t);
  result.ore_draws_t = points.front().rock_by_realization_t;
  result.contained_draws_t = points.front().product_by_realization_t;
}

// The columns of blocks that hold any of the body, as one geometry.
Geometry footprint_of(const BlockGrid& grid, const std::vector<double>& share) {
  Geometry all;
  all.kind = GeometryKind::polygon;
  const auto corner = [&](double i, double j) {
    const auto place = from_grid(grid, {i * grid.spacing[0], j * grid.spacing[1], 0.0});
    return Point{place[0], place[1]};
  };
  const auto any = [&](std::size_t i, std::size_t j) {
    for (std::size_t k = 0; k < grid.count[2]; ++k)
      if (share[grid.index(i, j, k)] > 0.0) return true;
    return false;
  };
  std::vector<Geometry> runs;
  for (std::size_t j = 0; j < grid.count[1]; ++j)
    for (std::size_t i = 0; i < grid.count[0]; ++i) {
      if (!any(i, j)) continue;
      const std::size_t first = i;
      while (i + 1 < grid.count[0] && any(i + 1, j)) ++i;
      const double west = static_cast<double>(first), east = static_cast<double>(i + 1);
      const double south = static_cast<double>(j), north = static_cast<double>(j + 1);
      runs.push_back(
          polygon_geometry({corner(west, south), corner(east, south), corner(east, north),
                            corner(west, north), corner(west, south)}));
    }
  return runs.empty() ? Geometry{} : unite(runs);
}

}  // namespace

void check_blocks(const BlockGrid& grid, const DrillResourceOptions& options) {
  const double nodes = static_cast<double>(grid.size()) *
                       static_cast<double>(options.nodes[0] * options.nodes[1] * options.nodes[2]);
  if (nodes > static_cast<double>(most_nodes))
    throw Error("deposit.too_many_nodes",
                "the blocks and their nodes would be " + number_text(nodes) + ", more than " +
                    std::to_string(most_nodes),
                "drillholes", "Take larger blocks.");
}

DrillResource drill_resource(const DrillResourceInputs& inputs, const DrillResourceOptions& options,
                             const Progress& progress) {
  if (inputs.composites.values.empty())
    throw Error("deposit.too_few_composites", "the composites have no grade", "drillholes",
                "Name the column of the grade.");
  check(inputs, options);
  const Samples samples = complete(inputs.composites);
  DrillResource result;
  result.composites = samples.size();
  if (samples.size() < inputs.composites.size())
    result.findings.add("deposit.partial_composites", Severity::warning, "drillholes",
                        "composites without the grade or one of its parts are left out",
                        inputs.composites.size() - samples.size());
  if (samples.size() < fewest_composites)
    throw Error("deposit.too_few_composites",
                std::to_string(samples.size()) + " composites have the grade and all its parts",
                "drillholes", "Name fewer parts, or look for blanks among the assays.");
  result.fitted = !options.model;
  result.fitted_scores = !options.score_model;
  const Progress fitting = progress.part(0.0, 0.1);
  result.model = options.model
                     ? *options.model
                     : fitted(samples, samples.values[0], options, result.findings, fitting);
  result.score_model = options.score_model
                           ? *options.score_model
                           : fitted(samples, transformed(samples, 0, VariogramTransform::nscore),
                                    options, result.findings, fitting);
  const Kriged kriged = krige(samples, inputs, options, result, progress.part(0.1, 0.4));
  std::vector<double> share = inputs.share;
  if (share.empty()) share.assign(inputs.grid.size(), 1.0);
  for (std::size_t block = 0; block < share.size(); ++block) {
    if (share[block] <= 0.0) continue;
    ++result.blocks;
    if (kriged.reached[block]) {
      ++result.estimated;
    } else {
      ++result.unestimated;
      share[block] = 0.0;
    }
  }
  if (result.estimated == 0)
    throw Error("deposit.no_blocks",
                result.blocks == 0 ? "no block lies inside the body"
                                   : "no block of the body has enough composites within the radius",
                "drillholes", "Check the CRS of body and holes, the blocks and the search radius.");
  if (result.unestimated > 0 && !inputs.share.empty())
    result.findings.add("deposit.blocks_not_reached", Severity::warning, "drillholes",
                        "blocks of the body lie too far from the composites and have no tonnage",
                        result.unestimated);
  add_up(kriged, share, inputs, options.cutoff, result);
  result.kriged = kriged.value[0];
  for (std::size_t block = 0; block < share.size(); ++block)
    if (share[block] <= 0.0) result.kriged[block] = std::numeric_limits<double>::quiet_NaN();
  simulate_range(samples, share, inputs, options, result, progress.part(0.4, 1.0));
  result.footprint = footprint_of(inputs.grid, share);
  return result;
}

}  // namespace lode
