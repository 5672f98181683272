#include "libgeo/study/rock_volumes.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/quantity.h"
#include "libgeo/deposit/exact_sum.h"
#include "libgeo/deposit/grade_tonnage.h"
#include "libgeo/io/block_files.h"
#include "libgeo/study/heap_volume.h"
#include "libgeo/study/volume_parts.h"

namespace lode {

namespace {

// ---- solids

// Columns over a solid, so that permits find the part of it that lies in them.
constexpr double solid_columns = 128.0;

void take_solid(StudyContext& context, const VolumesTable& table, std::size_t site, bool checking,
                const Progress& progress) {
  const Crs crs = volume_crs(context, table, "solids");
  const TriangleMesh solid = read_volume_solid(context, table, table.layer.path, crs);
  const Box3 box = bounds_of(solid);
  check_volume_place(context, table, crs, site, box.lower, "the solid");
  BlockGrid grid;
  const double widest = std::max(box.upper[0] - box.lower[0], box.upper[1] - box.lower[1]);
  grid.origin = box.lower;
  for (const std::size_t axis : {std::size_t{0}, std::size_t{1}}) {
    const double length = box.upper[axis] - box.lower[axis];
    const double count = std::max(1.0, std::round(solid_columns * length / widest));
    grid.count[axis] = static_cast<std::size_t>(count);
    grid.spacing[axis] = length / count;
  }
  grid.spacing[2] = box.upper[2] - box.lower[2];
  const TriangleMesh ground = read_volume_ground(context, table, table.rock.topography, crs, grid);
  if (checking) return;
  auto rock = std::make_shared<RockBody>(crs, grid);
  rock->keep_inside(solid);
  if (!ground.empty()) rock->keep_below(ground);
  for (std::size_t j = 0; j < grid.count[1]; ++j)
    for (std::size_t i = 0; i < grid.count[0]; ++i) {
      const double x = static_cast<double>(i) * grid.spacing[0],
                   y = static_cast<double>(j) * grid.spacing[1];
      rock->add({{x, y, x + grid.spacing[0], y + grid.spacing[1]}, 0.0, grid.spacing[2]},
                grid.block_m3(), grid.block_m3());
    }
  const double whole_m3 = signed_volume_m3(solid);
  double volume_m3 = whole_m3;
  std::string what = table.layer.path + ": solid of " + fixed_text(whole_m3, 0) + " m3";
  if (!ground.empty()) {
    volume_m3 = rock->gross(context.options.jobs, progress).volume_m3;
    what += ", " + fixed_text(volume_m3, 0) + " m3 of it below " + table.rock.topography;
    if (!(volume_m3 > 0.0))
      throw Error("study.volume", "no part of the solid lies below the ground", table.layer.path,
                  "Check the heights of both, and their units.");
  }
  keep_volume(context, table, site, volume_m3, what);
  keep_rock(context, table, site, rock, rock->footprint());
}

// ---- block models

// Columns asked of the file and what they are multiplied by.
struct BlockColumns {
  BlockReadOptions reading;
  double grade_factor = 1.0, density_factor = 1.0, density_t_m3 = unknown;
  int density = -1, share = -1, pit = -1;  // places among the numbers; the grade is the first
  std::vector<std::size_t> ndpr, dytb;
  std::vector<double> part_factor;  // of the numbers
};

BlockColumns plan_columns(const StudyContext& context, const VolumesTable& table, const Crs& crs) {
  const RockVolume& rock = table.rock;
  BlockColumns plan;
  plan.reading.metres_per_unit = crs.metres_per_unit;
  plan.reading.missing = table.layer.missing;
  plan.reading.jobs = context.options.jobs;
  if (!table.layer.below_detection.empty())
    plan.reading.below_detection = parse_below_detection(table.layer.below_detection);
  for (const auto& [axis, name] : {std::pair{"x", &table.layer.x}, {"y", &table.layer.y}})
    if (!name->empty()) plan.reading.fields[axis] = *name;
  const auto ask = [&](const std::string& name) {
    plan.reading.numbers.push_back(name);
    plan.part_factor.push_back(1.0);
    return plan.reading.numbers.size() - 1;
  };
  ask(table.grade.field);
  plan.grade_factor = grade_column_factor(context, table, table.grade.field, table.grade.unit,
                                          table.grade.basis == "element");
  if (!table.density.constant.empty()) {
    plan.density_t_m3 =
        parse_quantity(table.density.constant, Dimension::density, context.where(table.layer.line));
  } else {
    plan.density = static_cast<int>(ask(table.density.field));
    std::string unit = table.density.unit;
    if (unit.empty()) unit = unit_of_field_name(table.density.field);
    if (unit.empty())
      throw Error("unit.missing",
                  "the unit of column '" + printable(table.density.field) + "' is not known",
                  context.where(table.layer.line),
                  "Say it: density = { field = \"...\", unit = \"t/m3\" }.");
    plan.density_factor = unit_factor(unit, Dimension::density, table.density.field);
  }
  if (!rock.share.empty()) plan.share = static_cast<int>(ask(rock.share));
  if (!rock.pit.empty()) plan.pit = static_cast<int>(ask(rock.pit));
  for (const auto& [columns, to] : {std::pair{&rock.ndpr, &plan.ndpr}, {&rock.dytb, &plan.dytb}})
    for (const std::string& name : *columns) {
      to->push_back(ask(name));
      plan.part_factor.back() = grade_column_factor(context, table, name, "", true);
    }
  if (!rock.class_field.empty()) plan.reading.texts = {rock.class_field};
  return plan;
}

// One reading of a model, added up above the cut-off.
struct BlockTally {
  std::shared_ptr<RockBody> rock;
  ExactSum ore, product, ndpr, dytb;  // before topography
  std::map<std::string, ExactSum> product_by_class;
  std::size_t blocks = 0, counted = 0, no_grade = 0, no_density = 0, no_part = 0;
};

double part_of(const BlockColumns& plan, const BlockChunk& chunk, std::size_t row,
               const std::vector<std::size_t>& columns, bool& missing) {
  double sum = 0.0;
  for (const std::size_t c : columns) {
    const double value = chunk.numbers[c][row] * plan.part_factor[c];
    if (std::isnan(value))
      missing = true;
    else
      sum += value;
  }
  return sum;
}

void add_block(const VolumesTable& table, const BlockColumns& plan, const BlockLayout& layout,
               const BlockFile& file, const BlockChunk& chunk, std::size_t row, BlockTally& tally) {
  const auto number = [&](int at) { return chunk.numbers[static_cast<std::size_t>(at)][row]; };
  ++tally.blocks;
  if (plan.pit >= 0) {
    const double shell = number(plan.pit);
    const double last = table.rock.pit_shell > 0.0 ? table.rock.pit_shell : 1e9;
    if (!(shell >= 1.0 && shell <= last)) return;
  }
  double share = 1.0;
  if (plan.share >= 0) {
    share = number(plan.share);
    check_share(share, table.rock.share, table.layer.path, chunk.line[row]);
    if (!(share > 0.0)) return;
  }
  const double grade = chunk.numbers[0][row] * plan.grade_factor;
  check_grade(grade, table.grade.field, table.layer.path, chunk.line[row]);
  const double density =
      plan.density < 0 ? plan.density_t_m3 : number(plan.density) * plan.density_factor;
  check_density(density, table.layer.path, chunk.line[row]);
  tally.no_grade += std::isnan(grade) ? 1 : 0;
  tally.no_density += std::isnan(density) ? 1 : 0;
  // As in grade-tonnage curves: 5000 ppm meets 0.5 %.
  if (std::isnan(density) || !(grade >= table.rock.cutoff * (1.0 - 1e-12))) return;
  const double ore_t = chunk.dx[row] * chunk.dy[row] * chunk.dz[row] * share * density;
  tally.rock->add(box_of(layout, chunk, row), ore_t, ore_t * grade);
  tally.ore.add(ore_t);
  tally.product.add(ore_t * grade);
  bool missing = false;
  tally.ndpr.add(ore_t * part_of(plan, chunk, row, plan.ndpr, missing));
  tally.dytb.add(ore_t * part_of(plan, chunk, row, plan.dytb, missing));
  tally.no_part += missing ? 1 : 0;
  if (!chunk.words.empty())
    tally.product_by_class[file.words(0)[chunk.words[0][row]]].add(ore_t * grade);
  ++tally.counted;
}

BlockLayout layout_of(StudyContext& context, BlockFile& file, const std::string& name,
                      const Progress& progress) {
  LayoutScan scan({}, name);
  BlockChunk chunk;
  while (file.next(chunk, progress)) {
    scan.add(chunk);
    progress.update(file.fraction(), "reading blocks");
  }
  BlockLayout layout = scan.finish();
  context.result.findings.add(layout.findings);
  return layout;
}

BlockTally add_up_blocks(const VolumesTable& table, const BlockColumns& plan,
                         const BlockLayout& layout, const Crs& crs, BlockFile& file,
                         const Progress& progress) {
  BlockTally tally;
  tally.rock = std::make_shared<RockBody>(crs, layout.grid);
  OverlapCheck overlaps(layout, table.layer.path);
  BlockChunk chunk;
  file.rewind();
  while (file.next(chunk, progress)) {
    overlaps.add(chunk);
    for (std::size_t row = 0; row < chunk.size(); ++row)
      add_block(table, plan, layout, file, chunk, row, tally);
    progress.update(file.fraction(), "counting blocks");
  }
  if (overlaps.count() > 0) {
    file.rewind();
    while (file.next(chunk, progress))
      if (overlaps.find_partner(chunk)) break;
    overlaps.refuse();
  }
  return tally;
}

void say_blocks(StudyContext& context, const VolumesTable& table, const BlockTally& tally) {
  const auto say = [&](const char* code, const std::string& what, std::size_t count) {
    if (count > 0)
      context.result.findings.add(code, Severity::warning, table.layer.path, what, count);
  };
  say("study.blocks_no_grade", "blocks have no grade and do not count", tally.no_grade);
  say("study.blocks_no_density", "blocks have no density and do not count", tally.no_density);
  say("study.blocks_no_part", "blocks lack one of the parts (ndpr, dytb): it counts as 0",
      tally.no_part);
  if (tally.counted == 0)
    throw Error("study.volume",
                "none of the " + std::to_string(tally.blocks) + " blocks meets the cut-off",
                table.layer.path, "Check the cut-off, the pit's shells and the grade's unit.");
}

// What the study gives to each class, by oxide.
void class_confidence(StudyContext& context, const VolumesTable& table, const BlockTally& tally,
                      SiteFacts& facts) {
  if (tally.product_by_class.empty()) return;
  double sum = 0.0, known = 0.0, factor = 0.0, weak = 0.0;
  std::string words, strange;
  for (const auto& [name, product] : tally.product_by_class) {
    const std::string plain = lower(trim(name));
    double left = class_factor_of(context.study, plain);
    if (std::isnan(left)) left = class_factor_of(context.study, "unknown");
    factor += product.value() * left;
    if (is_below_indicated(context.study, plain)) weak += product.value();
    const auto at = context.study.confidence.find(plain);
    if (at == context.study.confidence.end()) {
      strange += (strange.empty() ? "'" : ", '") + printable(name) + "'";
      continue;
    }
    sum += product.value() * at->second;
    known += product.value();
    words += (words.empty() ? "" : ", ") + name + " " +
             fixed_text(100.0 * product.value() / tally.product.value(), 1) + " %";
  }
  if (!strange.empty())
    context.result.findings.add(
        "study.unknown_class", Severity::warning, table.layer.path,
        "classes of blocks are not known and count as no confidence: " + strange);
  facts.class_factor = factor / tally.product.value();
  facts.below_indicated = weak / tally.product.value();
  facts.resource_class = "by block";
  facts.class_source = "by block, weighed by oxide";
  if (!(known > 0.0)) return;
  facts.confidence = sum / tally.product.value();
  facts.confidence_source = table.layer.path + ": oxide by class, " + words;
}

void keep_blocks(StudyContext& context, const VolumesTable& table, const BlockTally& tally,
                 const RockBody::Tonnes& gross, std::size_t site) {
  SiteFacts& facts = context.facts[site];
  facts.ore_t = only_base(gross.ore_t);
  facts.treo_t = only_base(gross.product_t);
  facts.treo = only_base(gross.product_t / gross.ore_t);
  std::string trace = table.layer.path + ": " + std::to_string(tally.counted) + " of " +
                      std::to_string(tally.blocks) + " blocks at or above " +
                      number_text(table.rock.cutoff * 100.0) + " % of column '" +
                      table.grade.field + "'";
  if (!table.rock.pit.empty())
    trace += ", inside the pit of column '" + table.rock.pit + "'" +
             (table.rock.pit_shell > 0.0 ? " up to shell " + number_text(table.rock.pit_shell)
                                         : std::string());
  if (!table.rock.topography.empty()) trace += ", below " + table.rock.topography;
  facts.ore_source = facts.treo_source = facts.tonnage_source = trace;
  facts.simulated_t.clear();
  facts.simulated_treo.clear();
  const double product = tally.product.value();
  if (!table.rock.ndpr.empty()) facts.ndpr_share = tally.ndpr.value() / product;
  if (!table.rock.dytb.empty()) facts.dytb_share = tally.dytb.value() / product;
  for (const double share : {facts.ndpr_share, facts.dytb_share})
    if (share > 1.0 + 1e-9)
      throw Error("study.volume", "the parts of the oxide are more than all of it",
                  table.layer.path, "Check ndpr and dytb, and their units.");
  if (!table.rock.ndpr.empty() || !table.rock.dytb.empty())
    facts.share_source = table.layer.path + ": columns " + join(table.rock.ndpr, " + ") +
                         (table.rock.dytb.empty() ? "" : " and " + join(table.rock.dytb, " + "));
  class_confidence(context, table, tally, facts);
}

void take_blocks(StudyContext& context, const VolumesTable& table, std::size_t site, bool checking,
                 const Progress& progress) {
  const Crs crs = volume_crs(context, table, "blocks");
  const BlockColumns plan = plan_columns(context, table, crs);
  const std::string path = context.resolve(table.layer.path, table.layer.line);
  BlockFile file(path, plan.reading);
  if (checking) {
    // The header is read; the first blocks say whether their columns can be.
    BlockChunk chunk;
    (void)file.next(chunk, progress);
    return;
  }
  const BlockLayout layout = layout_of(context, file, table.layer.path, progress.part(0.0, 0.3));
  check_volume_place(context, table, crs, site, layout.grid.origin, "the block model");
  const TriangleMesh ground =
      read_volume_ground(context, table, table.rock.topography, crs, layout.grid);
  BlockTally tally = add_up_blocks(table, plan, layout, crs, file, progress.part(0.3, 0.7));
  Source source = file.source();
  source.crs = crs.label();
  source.features = layout.blocks;
  context.keep_source(source, table.layer.path);
  say_blocks(context, table, tally);
  if (!ground.empty()) tally.rock->keep_below(ground);
  const RockBody::Tonnes gross =
      ground.empty() ? RockBody::Tonnes{0.0, tally.ore.value(), tally.product.value()}
                     : tally.rock->gross(context.options.jobs, progress.part(0.7, 1.0));
  if (!(gross.product_t > 0.0))
    throw Error("study.volume", "nothing of the blocks counts", table.layer.path,
                "Check their grades, and the heights of blocks and ground.");
  keep_blocks(context, table, tally, gross, site);
  keep_rock(context, table, site, tally.rock, tally.rock->footprint());
}

}  // namespace

double grade_column_factor(const StudyContext& context, const VolumesTable& table,
                           const std::string& field, const std::string& unit, bool to_oxide) {
  try {
    const ProductColumn column =
        product_column(field, unit, to_oxide ? "oxide" : "", OxideBasis::trade);
    return to_oxide ? column.factor * column.to_oxide : column.factor;
  } catch (const Error& error) {
    throw Error(error.code, error.what(), context.where(table.layer.line), error.hint);
  }
}

void take_rock(StudyContext& context, const VolumesTable& table, bool checking,
               const Progress& progress) {
  progress.update(0.0, "rock of " + table.site);
  const std::size_t site = volume_site(context, table);
  if (table.kind == "mesh")
    take_solid(context, table, site, checking, progress);
  else if (table.kind == "blocks")
    take_blocks(context, table, site, checking, progress);
  else
    take_heap(context, table, site, checking, progress);
}

}  // namespace lode
