#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/exact_sum.h"
#include "tools/block_inputs.h"
#include "tools/sample_inputs.h"

namespace lode::tools {

namespace {

struct Part {
  std::string text;
  ExactSum volume;
  std::size_t written = 0, cut = 0, uncovered = 0;
};

// The rows of consecutive blocks, and what they add up to.
Part part_of(const BlockLayout& layout, const Constraints& constraints, bool all, double unit,
             std::size_t begin, std::size_t end) {
  Part part;
  const BlockGrid& grid = layout.grid;
  BlockShares shares(constraints.size());
  for (std::size_t b = begin; b < end; ++b) {
    const auto at = grid.ijk(b);
    std::array<double, 3> low{}, high{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      low[axis] = static_cast<double>(at[axis]) * grid.spacing[axis];
      high[axis] = static_cast<double>(at[axis] + 1) * grid.spacing[axis];
    }
    double share = 1.0;
    bool uncovered = false;
    if (constraints.size() > 0) {
      const BlockBox box{{low[0], low[1], high[0], high[1]}, low[2], high[2]};
      constraints.shares(box, shares);
      share = shares.so_far.back();
      uncovered = shares.uncovered;
    }
    part.uncovered += uncovered ? 1 : 0;
    part.cut += share > 0.0 && share < 1.0 ? 1 : 0;
    part.volume += share * grid.block_m3();
    if (share == 0.0 && !all) continue;
    ++part.written;
    const auto centre = centre_of(grid, b);
    for (const double c : centre) {
      append_number(part.text, c / unit);
      part.text += ',';
    }
    for (std::size_t axis = 0; axis < 3; ++axis) {
      append_number(part.text, grid.spacing[axis] / unit);
      if (axis < 2 || constraints.size() > 0) part.text += ',';
    }
    if (constraints.size() > 0) append_number(part.text, share);
    part.text += '\n';
  }
  return part;
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const BlockCrs crs = block_crs(arguments);
  BlockLayout layout;
  layout.grid = read_grid(arguments, crs.crs.metres_per_unit);
  layout.on_grid = layout.regular = true;
  layout.blocks = layout.grid.size();
  const Constraints constraints(arguments, session, layout, crs, outcome);
  enforce_strict(session, outcome.findings);
  refuse_unmet_units(arguments, session);

  OutputSet outputs(session.overwrite);
  const std::string path = arguments.text("output");
  BlockWriter writer(outputs.stage(path), path);
  writer.write(constraints.size() > 0 ? "x,y,z,dx,dy,dz,share\n" : "x,y,z,dx,dy,dz\n");
  Part total;
  const std::size_t n = layout.grid.size(), stride = 8192, at_once = 64;
  for (std::size_t first = 0; first < n; first += stride * at_once) {
    const std::size_t count = std::min(n - first, stride * at_once);
    std::vector<Part> parts((count + stride - 1) / stride);
    parallel_blocks(count, stride, session.jobs,
                    [&](std::size_t begin, std::size_t end, std::size_t block) {
                      session.progress.check();
                      parts[block] = part_of(layout, constraints, arguments.flag("all"),
                                             crs.crs.metres_per_unit, first + begin, first + end);
                    });
    for (const Part& part : parts) {
      writer.write(part.text);
      total.volume += part.volume;
      total.written += part.written;
      total.cut += part.cut;
      total.uncovered += part.uncovered;
    }
    session.progress.update(static_cast<double>(first + count) / static_cast<double>(n),
                            "cutting blocks");
  }
  writer.finish();
  add_cut_findings(total.uncovered, path, outcome);
  enforce_strict(session, outcome.findings);
  outputs.commit();
  outcome.outputs = outputs.written();
  Json row;
  row["blocks"] = n;
  row["written"] = total.written;
  row["cut_blocks"] = total.cut;
  row["volume_m3"] = total.volume.value();
  row["block_m3"] = layout.grid.block_m3();
  outcome.results.push_back(row);
  outcome.summary = row;
  return outcome;
}

}  // namespace

Command blocks_create_command() {
  Command command;
  command.name = "blocks create";
  command.summary =
      "a block model on a grid, with the exact share of each block in solids and polygons";
  command.group = "Deposit";
  command.parameters = grid_parameters();
  for (Parameter& parameter : command.parameters)
    if (parameter.name != "rotation") parameter.required = true;
  append(command.parameters, constraint_parameters());
  for (const Parameter& parameter : reading_parameters())
    if (parameter.name == "input-crs") command.parameters.push_back(parameter);
  command.parameters.push_back({.name = "all",
                                .kind = Kind::flag,
                                .help = "write blocks with a share of 0 too",
                                .group = "Result"});
  command.parameters.push_back({.name = "output",
                                .kind = Kind::vector_out,
                                .help = "the model as CSV: x y z dx dy dz, and share",
                                .required = true,
                                .aliases = {"-o"},
                                .group = "Result"});
  command.setup = [](const Arguments& arguments) { check_csv_output(arguments); };
  command.run = run;
  return command;
}

}  // namespace lode::tools
