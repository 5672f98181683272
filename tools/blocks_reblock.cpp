#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/exact_sum.h"
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

// What is read of each block: the columns that are averaged first, then those of shares.
struct Columns {
  std::vector<std::string> names;  // of all
  std::size_t averaged = 0;
  int density = -1, share = -1;
  std::vector<std::size_t> unused_share;  // look like shares and are not asked for
};

Columns columns_of(const Arguments& arguments, const BlockFile& file) {
  Columns columns;
  for (const std::string& name : list_of(arguments, "value"))
    columns.names.push_back(file.column(name));
  if (arguments.has("density")) {
    columns.density = static_cast<int>(columns.names.size());
    columns.names.push_back(file.column(arguments.text("density")));
  }
  columns.averaged = columns.names.size();
  if (arguments.has("share")) {
    columns.share = static_cast<int>(columns.names.size());
    columns.names.push_back(file.column(arguments.text("share")));
    return columns;
  }
  for (const char* name : {"share", "proportion"})
    if (file.has_column(name)) {
      columns.unused_share.push_back(columns.names.size());
      columns.names.push_back(file.column(name));
    }
  return columns;
}

// Checks the cells of blocks and counts what is missing.
class Cells {
 public:
  Cells(const Columns& columns, std::string path)
      : columns_(columns),
        path_(std::move(path)),
        missing_(columns.names.size(), 0),
        missing_m3_(columns.names.size()) {}

  void add(const BlockChunk& chunk) {
    for (std::size_t r = 0; r < chunk.size(); ++r) {
      double volume = chunk.dx[r] * chunk.dy[r] * chunk.dz[r];
      if (columns_.density >= 0)
        check_density(chunk.numbers[static_cast<std::size_t>(columns_.density)][r], path_,
                      chunk.line[r]);
      for (std::size_t c = columns_.averaged; c < columns_.names.size(); ++c)
        check_share(chunk.numbers[c][r], columns_.names[c], path_, chunk.line[r]);
      if (columns_.share >= 0) {
        const auto at = static_cast<std::size_t>(columns_.share);
        const double share = chunk.numbers[at][r];
        if (std::isnan(share)) count(at, volume);
        volume *= std::isnan(share) ? 0.0 : share;
      }
      counted_ += volume;
      for (std::size_t c = 0; volume > 0.0 && c < columns_.averaged; ++c)
        if (std::isnan(chunk.numbers[c][r])) count(c, volume);
    }
  }
  [[nodiscard]] double counted_m3() const { return counted_.value(); }

  void say(Outcome& outcome) const {
    for (std::size_t c = 0; c < columns_.names.size(); ++c) {
      if (missing_[c] == 0) continue;
      std::string effect = " m3) and have no weight in its mean";
      if (static_cast<int>(c) == columns_.density) effect = " m3) and have no weight in any mean";
      if (static_cast<int>(c) == columns_.share) effect = " m3) and were left out";
      // One finding a column: the place tells them apart.
      outcome.findings.add("reblock.missing", Severity::warning,
                           path_ + ", column '" + printable(columns_.names[c]) + "'",
                           "blocks lack '" + printable(columns_.names[c]) + "' (" +
                               number_text(missing_m3_[c].value()) + effect,
                           missing_[c]);
    }
    for (const std::size_t at : columns_.unused_share) {
      const std::string name = printable(columns_.names[at]);
      outcome.findings.add("reblock.share_unused", Severity::warning, path_,
                           "column '" + name +
                               "' looks like a share of each block and was not used; say --share " +
                               name + " to multiply volumes by it");
    }
  }

 private:
  void count(std::size_t column, double volume) {
    ++missing_[column];
    missing_m3_[column] += volume;
  }

  const Columns& columns_;
  std::string path_;
  std::vector<std::size_t> missing_;
  std::vector<ExactSum> missing_m3_;
  ExactSum counted_;
};

void write_model(const Arguments& arguments, const Session& session, const Reblocking& parents,
                 const BlockGrid& grid, const Columns& columns, double unit, Outcome& outcome) {
  const std::string output = arguments.text("output");
  OutputSet outputs(session.overwrite);
  BlockWriter writer(outputs.stage(output), output);
  std::string header = "x,y,z,dx,dy,dz,share";
  for (std::size_t c = 0; c < columns.averaged; ++c) header += "," + columns.names[c];
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

  const Columns columns = columns_of(arguments, first);
  Reblocking::Options options;
  options.parents = parents_of(arguments, layout, unit);
  options.density = columns.density;
  options.share = columns.share;
  options.values = columns.averaged;
  reading.numbers = columns.names;
  Reblocking parents(options);
  BlockFile file(path, reading);
  Cells cells(columns, path);
  OverlapWatch watch(layout, file);
  BlockChunk chunk;
  const Progress progress = session.progress.part(0.3, 0.8);
  while (file.next(chunk, progress)) {
    watch.add(chunk);
    cells.add(chunk);
    parents.add(layout, chunk);
    progress.update(file.fraction(), "joining blocks");
  }
  watch.finish(progress);
  Source source = file.source();
  source.features = layout.blocks;
  outcome.inputs.push_back(source);
  cells.say(outcome);
  if (parents.outside_m3() > 0.0)
    outcome.findings.add(
        "reblock.outside", Severity::warning, path,
        number_text(parents.outside_m3()) + " m3 of blocks lie outside the parents");
  enforce_strict(session, outcome.findings);
  refuse_unmet_units(arguments, session);

  write_model(arguments, session, parents, options.parents, columns, unit, outcome);
  outcome.summary["blocks"] = layout.blocks;
  outcome.summary["volume_m3"] = cells.counted_m3() - parents.outside_m3();
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
      {.name = "share",
       .kind = Kind::field,
       .help = "column of the share of each block, 0 to 1: volumes are multiplied by it",
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
