#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/grade_tonnage.h"
#include "tools/block_inputs.h"
#include "tools/sample_inputs.h"

namespace lode::tools {

namespace {

// The parents' grid: its own options, or the blocks' bounds cut into --size.
BlockGrid parents_of(const Arguments& arguments, const BlockLayout& layout, double unit) {
  if (asks_for_grid(arguments)) {
    BlockGrid grid = read_grid(arguments, unit);
    if (!arguments.has("rotation")) grid.rotation_deg = layout.grid.rotation_deg;
    return grid;
  }
  const auto size = lengths_of(arguments.text("size"), 3, "size");
  BlockGrid grid = layout.grid;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double length = layout.grid.spacing[axis] * static_cast<double>(layout.grid.count[axis]);
    grid.spacing[axis] = size[axis];
    grid.count[axis] =
        static_cast<std::size_t>(std::max(1.0, std::ceil(length / size[axis] - 1e-6)));
  }
  return grid;
}

void write_parents(const Reblocking& parents, const BlockGrid& grid, double unit,
                   const Session& session, BlockWriter& writer, Outcome& outcome) {
  std::size_t written = 0;
  double most = 0.0;
  std::string text;
  for (std::size_t p = 0; p < grid.size(); ++p) {
    const auto parent = parents.at(p);
    if (parent.volume_m3 > 0.0) {
      ++written;
      most = std::max(most, parent.share);
      for (const double c : centre_of(grid, p)) {
        append_number(text, c / unit);
        text += ',';
      }
      for (const double size : grid.spacing) {
        append_number(text, size / unit);
        text += ',';
      }
      append_number(text, std::abs(parent.share - 1.0) < 1e-9 ? 1.0 : parent.share);
      for (const double value : parent.values) {
        text += ',';
        append_number(text, value);
      }
      text += '\n';
    }
    if (text.size() > (std::size_t{1} << 20) || p + 1 == grid.size()) {
      writer.write(text);
      text.clear();
      session.progress.update(
          0.8 + 0.18 * static_cast<double>(p) / static_cast<double>(grid.size()),
          "writing parents");
    }
  }
  outcome.summary["parents"] = grid.size();
  outcome.summary["written"] = written;
}

void write_model(const Arguments& arguments, const Session& session, const Reblocking& parents,
                 const BlockGrid& grid, const std::vector<std::string>& names, double unit,
                 Outcome& outcome) {
  const std::string output = arguments.text("output");
  OutputSet outputs(session.overwrite);
  BlockWriter writer(outputs.stage(output), output);
  std::string header = "x,y,z,dx,dy,dz,share";
  for (const std::string& name : names) header += "," + name;
  writer.write(header + "\n");
  write_parents(parents, grid, unit, session, writer, outcome);
  writer.finish();
  outputs.commit();
  outcome.outputs = outputs.written();
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const std::string path = arguments.text("BLOCKS");
  const BlockCrs crs = block_crs(arguments);
  const double unit = crs.crs.metres_per_unit;
  // The grid that is said is the parents', not the one that the blocks stand on.
  Arguments without_grid = arguments;
  for (const char* name : {"origin", "spacing", "count", "rotation"})
    without_grid.values.erase(name);
  BlockReadOptions reading = block_options(without_grid, session, crs);
  BlockFile first(path, reading);
  const BlockLayout layout =
      scan_layout(first, without_grid, crs, session.progress.part(0.0, 0.3), outcome);

  std::vector<std::string> names;
  for (const std::string& name : list_of(arguments, "value")) names.push_back(first.column(name));
  Reblocking::Options options;
  options.parents = parents_of(arguments, layout, unit);
  if (arguments.has("density")) {
    options.density = static_cast<int>(names.size());
    names.push_back(first.column(arguments.text("density")));
  }
  options.values = names.size();
  reading.numbers = names;
  Reblocking parents(options);
  BlockFile file(path, reading);
  OverlapWatch watch(layout, file);
  BlockChunk chunk;
  const Progress progress = session.progress.part(0.3, 0.8);
  while (file.next(chunk, progress)) {
    watch.add(chunk);
    for (std::size_t r = 0; options.density >= 0 && r < chunk.size(); ++r)
      check_density(chunk.numbers[static_cast<std::size_t>(options.density)][r], path,
                    chunk.line[r]);
    parents.add(layout, chunk);
    progress.update(file.fraction(), "joining blocks");
  }
  watch.finish(progress);
  Source source = file.source();
  source.features = layout.blocks;
  outcome.inputs.push_back(source);
  if (parents.outside_m3() > 0.0)
    outcome.findings.add(
        "reblock.outside", Severity::warning, path,
        number_text(parents.outside_m3()) + " m3 of blocks lie outside the parents");
  enforce_strict(session, outcome.findings);
  refuse_unmet_units(arguments, session);

  write_model(arguments, session, parents, options.parents, names, unit, outcome);
  outcome.summary["blocks"] = layout.blocks;
  outcome.summary["volume_m3"] = layout.volume_m3 - parents.outside_m3();
  outcome.summary["weights"] = options.density >= 0 ? "mass; the density by volume" : "volume";
  outcome.results.push_back(outcome.summary);
  return outcome;
}

}  // namespace

Command blocks_reblock_command() {
  Command command;
  command.name = "blocks reblock";
  command.summary =
      "joins the blocks of a model into larger ones, or sub-blocks into their parents";
  command.group = "Deposit";
  command.parameters = block_parameters("BLOCKS");
  for (Parameter& parameter : command.parameters)
    if (parameter.name == "origin" || parameter.name == "spacing" || parameter.name == "count" ||
        parameter.name == "rotation")
      parameter.group = "Parents";
  std::vector<Parameter> own = {
      {.name = "size",
       .help = "of the parents, from the model's lower corner on: '20,20,10 m'",
       .group = "Parents"},
      {.name = "value",
       .help = "columns to be averaged: F,F,...",
       .required = true,
       .repeatable = true,
       .group = "Parents"},
      {.name = "density",
       .kind = Kind::field,
       .help = "column of the density in t/m3: values are then weighted by mass",
       .parent = "BLOCKS",
       .group = "Parents"},
      {.name = "output",
       .kind = Kind::vector_out,
       .help = "the parents as CSV: x y z dx dy dz share and the values",
       .required = true,
       .aliases = {"-o"},
       .group = "Result"}};
  append(command.parameters, own);
  command.setup = [](const Arguments& arguments) {
    check_csv_output(arguments);
    if (asks_for_grid(arguments) == arguments.has("size"))
      throw Error("usage.grid", "the parents take --size, or --origin, --spacing and --count",
                  "blocks reblock", "For example --size '20,20,10 m'.");
  };
  command.run = run;
  return command;
}

}  // namespace lode::tools
