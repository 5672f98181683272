#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/exact_sum.h"
#include "libgeo/io/surface_files.h"
#include "tools/block_classes.h"
#include "tools/block_inputs.h"

namespace lode::tools {

namespace {

constexpr const char* nearest_column = "nearest_hole_m";
constexpr const char* spacing_column = "hole_spacing_m";
constexpr const char* net_column = "net_share";

// One column of shares, and the body that it is of.
struct Body {
  std::string column, path;
  std::unique_ptr<ColumnCutter> cutter;
  std::unique_ptr<PlanCutter> plan;
  std::unique_ptr<GridShares> on_grid;  // of a regular model: each column is cut once
  bool surface = false;
};

// True when --within, --outside, --below or --above is there: they make one column together.
bool asks_for_net(const Arguments& arguments) {
  for (const Cut cut : {Cut::within, Cut::outside, Cut::below, Cut::above})
    if (arguments.has(std::string(to_text(cut)))) return true;
  return false;
}

// NAME=FILE of --solid, --surface and --polygon.
std::vector<Body> named_bodies(const Arguments& arguments) {
  std::vector<Body> bodies;
  std::set<std::string> names;
  if (asks_for_net(arguments)) names.insert(net_column);
  for (const std::string option : {"solid", "surface", "polygon"})
    for (const std::string& text : arguments.texts(option)) {
      const auto equals = text.find('=');
      if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
        throw Error("usage.pairs", "'" + printable(text) + "' is not NAME=FILE", "--" + option,
                    "For example --" + option + " ore=ore.obj: a column 'ore' of shares.");
      Body body;
      body.column = text.substr(0, equals);
      body.path = text.substr(equals + 1);
      body.surface = option == "surface";
      if (!names.insert(lower(body.column)).second ||
          body.column.find_first_of(",;\t\"\n") != std::string::npos)
        throw Error("usage.name", "'" + printable(body.column) + "' cannot name one more column",
                    "--" + option, "Give each its own name, without separators.");
      bodies.push_back(std::move(body));
    }
  return bodies;
}

void load(Body& body, const std::string& option, const Arguments& arguments, const Session& session,
          const BlockLayout& layout, const BlockCrs& crs, Outcome& outcome) {
  using Form = ColumnCutter::Form;
  if (option == "polygon") {
    body.plan = std::make_unique<PlanCutter>(
        read_polygons(plan_source(body.path, "--polygon"), arguments, session, crs, outcome),
        layout.grid);
    return;
  }
  if (option == "solid") {
    body.cutter = std::make_unique<ColumnCutter>(read_solid(body.path, crs, outcome), Form::solid,
                                                 layout.grid);
  } else {
    body.cutter = std::make_unique<ColumnCutter>(
        read_surface_for(body.path, arguments, layout, crs, outcome), Form::surface, layout.grid);
  }
  if (layout.regular)
    body.on_grid = std::make_unique<GridShares>(layout.grid, *body.cutter, session.jobs,
                                                session.progress.part(0.3, 0.4));
}

struct Part {
  std::string text;
  std::vector<ExactSum> inside;
  std::vector<std::size_t> cut;
  std::size_t uncovered = 0, missing = 0;
};

struct Columns {
  bool domain = false, samples = false;
  std::size_t holes = 3;
};

// Everything that a block is held against.
struct Coding {
  std::vector<Body> bodies;
  std::unique_ptr<Constraints> net;  // null = none said
  Columns columns;
  std::optional<BlockClasses> classes;
  Samples samples;
  std::vector<std::string> names;  // of the new columns

  [[nodiscard]] std::size_t share_columns() const { return bodies.size() + (net ? 1 : 0); }
};

double share_of(const Body& body, const BlockLayout& layout, const BlockChunk& chunk,
                std::size_t row, const BlockBox& box, bool& uncovered) {
  if (body.plan) return body.plan->share(box.plan);
  if (body.on_grid) {
    const auto ijk = layout.grid.ijk(cell_of(layout, chunk, row));
    uncovered = uncovered || (body.surface && body.on_grid->covered(ijk[0], ijk[1]) < 1.0);
    return body.on_grid->at(ijk[0], ijk[1], ijk[2]);
  }
  double covered = 1.0;
  const double share = body.cutter->share(box.plan, box.z0, box.z1, &covered);
  uncovered = uncovered || (body.surface && covered < 1.0);
  return share;
}

// The share that all constraints leave together.
double net_of(const Constraints& constraints, const BlockBox& box, BlockShares& shares,
              bool& uncovered) {
  constraints.shares(box, shares);
  uncovered = uncovered || shares.uncovered;
  return shares.so_far.back();
}

// The lines of a run of blocks with their new cells.
void code_rows(const Coding& coding, const BlockLayout& layout, const BlockFile& file,
               const BlockChunk& chunk, const HoleSpacing& spacing, std::size_t begin,
               std::size_t end, Part& part) {
  const char separator = file.separator();
  const std::vector<Body>& bodies = coding.bodies;
  const Columns& columns = coding.columns;
  BlockShares shares(coding.net ? coding.net->size() : 0);
  part.inside.resize(coding.share_columns());
  part.cut.resize(coding.share_columns());
  for (std::size_t r = begin; r < end; ++r) {
    part.text += chunk.text[r];
    const BlockBox box = box_of(layout, chunk, r);
    const double volume = chunk.dx[r] * chunk.dy[r] * chunk.dz[r];
    bool uncovered = false;
    double most = 0.0;
    const std::string* domain = nullptr;
    const auto add_share = [&](std::size_t column, double share) {
      part.inside[column] += share * volume;
      part.cut[column] += share > 0.0 && share < 1.0 ? 1 : 0;
      part.text += separator;
      append_number(part.text, share);
    };
    for (std::size_t b = 0; b < bodies.size(); ++b) {
      const double share = share_of(bodies[b], layout, chunk, r, box, uncovered);
      add_share(b, share);
      if (bodies[b].surface || !(share > most)) continue;
      most = share;
      domain = &bodies[b].column;
    }
    if (coding.net) add_share(bodies.size(), net_of(*coding.net, box, shares, uncovered));
    part.uncovered += uncovered ? 1 : 0;
    if (columns.domain) {
      part.text += separator;
      if (domain != nullptr) part.text += *domain;
    }
    if (columns.samples) {
      part.text += separator;
      append_number(part.text, spacing.nearest_m[r]);
      part.text += separator;
      append_number(part.text, spacing.mean_m[r]);
    }
    if (coding.classes) {
      bool missing = false;
      part.text += separator;
      part.text += coding.classes->rules().names()[coding.classes->of(chunk, r, 0, missing)];
      part.missing += missing ? 1 : 0;
    }
    part.text += '\n';
  }
}

// Samples with their holes, in metres.
Samples read_holes(const Arguments& arguments, const Session& session, const BlockCrs& crs,
                   Outcome& outcome) {
  const std::string path = arguments.text("samples");
  ReadOptions reading = other_read_options(arguments, session);
  if (!crs.said) reading.input_crs = "local:m";
  const Layer layer = read_layer(path, reading);
  outcome.inputs.push_back(layer.source);
  outcome.findings.add(layer.findings);
  if (!(layer.crs == crs.crs))
    throw Error("blocks.other_crs",
                "the samples stand in " + layer.crs.label() + ", the blocks in " + crs.crs.label(),
                path, "Bring them into one CRS first: nothing is reprojected unasked.");
  std::string field;
  for (const char* name : {"z", "elevation", "rl", "zc"})
    if (field.empty() && layer.table.find(name) != nullptr) field = name;
  if (field.empty())
    throw Error("blocks.sample_z", "the samples have no elevation", path,
                "Distances to holes need z: name the column z.");
  const auto z = layer.table.numbers(field);
  const auto holes = layer.table.texts(arguments.text("hole"));
  Samples samples;
  std::map<std::string, std::uint32_t> known;
  const double unit = crs.crs.metres_per_unit;
  for (std::size_t row = 0; row < layer.size(); ++row) {
    if (layer.geometry[row].kind != GeometryKind::point || !std::isfinite(z[row])) continue;
    samples.x.push_back(layer.geometry[row].points[0].x * unit);
    samples.y.push_back(layer.geometry[row].points[0].y * unit);
    samples.z.push_back(z[row] * unit);
    const auto [at, is_new] =
        known.emplace(holes[row], static_cast<std::uint32_t>(samples.hole_names.size()));
    if (is_new) samples.hole_names.push_back(holes[row]);
    samples.hole.push_back(at->second);
  }
  return samples;
}

std::vector<std::string> new_columns(const std::vector<Body>& bodies, const Columns& columns,
                                     bool net, bool classes, const BlockFile& file) {
  std::vector<std::string> names;
  for (const Body& body : bodies) names.push_back(body.column);
  if (net) names.emplace_back(net_column);
  if (columns.domain) names.emplace_back("domain");
  if (columns.samples) {
    names.emplace_back(nearest_column);
    names.emplace_back(spacing_column);
  }
  if (classes) names.emplace_back("class");
  for (const std::string& name : names)
    if (file.has_column(name))
      throw Error("blocks.column_exists",
                  "the model has a column '" + printable(name) + "' already", file.path(),
                  "Give the new one another name, or take the old one out.");
  return names;
}

// The columns of the rules that the file has: --samples makes the other ones in this run.
std::vector<std::string> columns_read(const ClassRules& rules, bool samples) {
  std::vector<std::string> names = rules.columns();
  if (samples)
    std::erase_if(names, [](const std::string& name) {
      return lower(name) == nearest_column || lower(name) == spacing_column;
    });
  return names;
}

// All columns of the rules, in their order, from those that were read.
void complete_columns(const ClassRules& rules, const HoleSpacing& spacing, BlockChunk& chunk) {
  std::vector<std::vector<double>> all;
  std::size_t next = 0;
  for (const std::string& name : rules.columns()) {
    if (lower(name) == nearest_column)
      all.push_back(spacing.nearest_m);
    else if (lower(name) == spacing_column)
      all.push_back(spacing.mean_m);
    else
      all.push_back(std::move(chunk.numbers[next++]));
  }
  chunk.numbers = std::move(all);
}

HoleSpacing spacing_of(const Coding& coding, const BlockChunk& chunk, const Session& session) {
  return hole_spacing(coding.samples, chunk.x, chunk.y, chunk.z, coding.columns.holes,
                      session.jobs);
}

// The classes of the rules, which may hold against columns that --samples makes.
void classify(const ClassRules& rules, const BlockLayout& layout, const BlockReadOptions& reading,
              const std::string& path, const Session& session, Coding& coding, Outcome& outcome) {
  MadeColumns made;
  made.read = columns_read(rules, coding.columns.samples);
  made.complete = [&](BlockChunk& chunk) {
    if (coding.columns.samples) complete_columns(rules, spacing_of(coding, chunk, session), chunk);
  };
  coding.classes.emplace(rules, layout, path, reading, session, session.progress.part(0.4, 0.5),
                         outcome, &made);
}

// Streams the model to the output with its new cells.
Part code_model(const Coding& coding, const BlockLayout& layout, BlockFile& file,
                BlockWriter& writer, const Session& session) {
  std::string header = file.header();
  for (const std::string& name : coding.names) header += file.separator() + name;
  writer.write(header + "\n");
  OverlapWatch watch(layout, file);
  const std::size_t n = coding.share_columns();
  Part total;
  total.inside.resize(n);
  total.cut.resize(n);
  BlockChunk chunk;
  const Progress progress = session.progress.part(0.5, 0.98);
  while (file.next(chunk, progress)) {
    watch.add(chunk);
    HoleSpacing spacing;
    if (coding.columns.samples) {
      spacing = spacing_of(coding, chunk, session);
      if (coding.classes) complete_columns(coding.classes->rules(), spacing, chunk);
    }
    std::vector<Part> parts((chunk.size() + 4095) / 4096);
    parallel_blocks(chunk.size(), 4096, session.jobs,
                    [&](std::size_t begin, std::size_t end, std::size_t block) {
                      progress.check();
                      code_rows(coding, layout, file, chunk, spacing, begin, end, parts[block]);
                    });
    for (const Part& part : parts) {
      writer.write(part.text);
      for (std::size_t b = 0; b < n; ++b) {
        total.inside[b] += part.inside[b];
        total.cut[b] += part.cut[b];
      }
      total.uncovered += part.uncovered;
      total.missing += part.missing;
    }
    progress.update(file.fraction(), "coding blocks");
  }
  watch.finish(progress);
  writer.finish();
  return total;
}

void fill_outcome(const Coding& coding, const BlockLayout& layout, const Part& total,
                  const std::string& path, Outcome& outcome) {
  add_cut_findings(total.uncovered, path, outcome);
  if (total.missing > 0)
    outcome.findings.add("resources.no_class_value", Severity::warning, path,
                         "blocks lack a value that a class asks for: they cannot be of that class",
                         total.missing);
  for (std::size_t b = 0; b < coding.share_columns(); ++b) {
    Json row;
    row["column"] = coding.names[b];
    row["volume_m3"] = total.inside[b].value();
    row["cut_blocks"] = total.cut[b];
    outcome.results.push_back(row);
  }
  outcome.summary["blocks"] = layout.blocks;
  outcome.summary["model_m3"] = layout.volume_m3;
  outcome.summary["columns"] = Json(coding.names);
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const std::string path = arguments.text("BLOCKS");
  const BlockCrs crs = block_crs(arguments);
  BlockReadOptions reading = block_options(arguments, session, crs);
  Coding coding;
  coding.bodies = named_bodies(arguments);
  coding.columns.domain = arguments.flag("domain");
  coding.columns.samples = arguments.has("samples");
  const std::optional<ClassRules> rules = read_class_rules(arguments, outcome);
  BlockFile first(path, reading);
  if (first.is_gslib())
    throw Error("blocks.not_csv", "the model is GSLIB text, which takes no columns of text", path,
                "Write it as CSV first: lode blocks reblock, or your own program.");
  const bool net = asks_for_net(arguments);
  coding.names = new_columns(coding.bodies, coding.columns, net, rules.has_value(), first);
  const BlockLayout layout =
      scan_layout(first, arguments, crs, session.progress.part(0.0, 0.3), outcome);
  std::size_t at = 0;
  for (const std::string option : {"solid", "surface", "polygon"})
    for (std::size_t i = 0; i < arguments.texts(option).size(); ++i)
      load(coding.bodies[at++], option, arguments, session, layout, crs, outcome);
  if (net) coding.net = std::make_unique<Constraints>(arguments, session, layout, crs, outcome);
  if (coding.columns.samples) coding.samples = read_holes(arguments, session, crs, outcome);
  if (rules) classify(*rules, layout, reading, path, session, coding, outcome);
  enforce_strict(session, outcome.findings);

  reading.keep_lines = true;
  if (rules) reading.numbers = columns_read(*rules, coding.columns.samples);
  BlockFile file(path, reading);
  std::vector<std::string> inputs{path};
  for (const Source& input : outcome.inputs) inputs.push_back(input.path);
  refuse_input_as_output(arguments.text("output"), inputs);
  OutputSet outputs(session.overwrite);
  BlockWriter writer(outputs.stage(arguments.text("output")), arguments.text("output"));
  const Part total = code_model(coding, layout, file, writer, session);
  Source source = file.source();
  source.crs = crs.said ? crs.crs.label() : "";
  source.features = layout.blocks;
  outcome.inputs.insert(outcome.inputs.begin(), source);
  fill_outcome(coding, layout, total, path, outcome);
  enforce_strict(session, outcome.findings);
  refuse_unmet_units(arguments, session);
  outputs.commit();
  outcome.outputs = outputs.written();
  return outcome;
}

}  // namespace

Command blocks_code_command() {
  Command command;
  command.name = "blocks code";
  command.summary =
      "codes a block model: exact shares in solids, surfaces and polygons, hole spacing, class";
  command.group = "Deposit";
  command.parameters = block_parameters("BLOCKS");
  std::vector<Parameter> own = {
      {.name = "solid",
       .help = "NAME=FILE: share of each block inside a closed solid",
       .repeatable = true},
      {.name = "surface",
       .help = "NAME=FILE: share of each block below a raster or TIN",
       .repeatable = true},
      {.name = "polygon",
       .help = "NAME=FILE[:layer]: share of each block within polygons, in plan",
       .repeatable = true},
      {.name = "domain",
       .kind = Kind::flag,
       .help = "a column with the solid or polygons that hold most of the block"},
      {.name = "samples",
       .kind = Kind::vector_layer,
       .help = "points of drillholes: distance to the nearest hole, mean of the nearest three"},
      {.name = "hole",
       .kind = Kind::field,
       .help = "column of the drillhole of a sample",
       .parent = "samples"},
      {.name = "classify", .kind = Kind::file, .help = "rules of classes (TOML): a column 'class'"},
      {.name = "output",
       .kind = Kind::vector_out,
       .help = "the model with its new columns, as CSV",
       .required = true,
       .aliases = {"-o"}}};
  for (Parameter& parameter : own)
    parameter.group = parameter.name == "output" ? "Result" : "Coding";
  append(command.parameters, own);
  std::vector<Parameter> constraints = constraint_parameters();
  for (Parameter& parameter : constraints)
    parameter.help += " (column net_share, of all of them together)";
  append(command.parameters, constraints);
  command.setup = [](const Arguments& arguments) {
    check_csv_output(arguments);
    const auto bodies = named_bodies(arguments);
    if (arguments.has("samples") != arguments.has("hole"))
      throw Error("usage.hole", "--samples and --hole go together", "blocks code",
                  "Name the points and the column of their drillhole.");
    if (bodies.empty() && !arguments.has("samples") && !arguments.has("classify") &&
        !asks_for_net(arguments))
      throw Error("usage.nothing", "nothing is to be coded", "blocks code",
                  "Give --solid, --surface, --polygon, --within, --outside, --below, --above, "
                  "--samples or --classify.");
  };
  command.run = run;
  return command;
}

}  // namespace lode::tools
