#include "tools/simulate_outputs.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/crs/transform.h"
#include "libgeo/geometry/measure.h"
#include "tools/layer_looks.h"

namespace lode::tools {

namespace {

/// A column that gives its number of a block when asked.
struct BlockColumn {
  std::string name, unit;
  std::function<double(std::size_t)> at;
};

std::vector<BlockColumn> place_columns(const BlockGrid& blocks, double metres_per_unit) {
  std::vector<BlockColumn> columns;
  const char* centre[] = {"x", "y", "z"};
  const char* size[] = {"dx", "dy", "dz"};
  for (std::size_t axis = 0; axis < 3; ++axis)
    columns.push_back({centre[axis], "", [&blocks, metres_per_unit, axis](std::size_t block) {
                         return centre_of(blocks, block)[axis] / metres_per_unit;
                       }});
  for (std::size_t axis = 0; axis < 3; ++axis)
    columns.push_back({size[axis], "", [&blocks, metres_per_unit, axis](std::size_t) {
                         return blocks.spacing[axis] / metres_per_unit;
                       }});
  return columns;
}

bool is_csv(const Arguments& arguments, const std::string& path) {
  const std::string format = lower(arguments.text("format"));
  return !arguments.has("crs") &&
         (format == "csv" || (format.empty() && lower(path).ends_with(".csv")));
}

[[noreturn]] void cannot_write(const std::string& path) {
  throw Error("io.write", std::string("the result cannot be written: ") + std::strerror(errno),
              path, "Check the free space of the disk.");
}

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

// Rows in pieces of a megabyte; what the disk gives back is compared with what was written.
void stream_csv(OutputSet& set, const std::string& path, const std::vector<BlockColumn>& columns,
                std::size_t rows, const Progress& progress) {
  const std::string temporary = set.stage(path);
  std::size_t check = 0;
  const auto mix = [](std::size_t hash, const std::string& text) {
    return hash * 1099511628211ULL ^ std::hash<std::string_view>()(text);
  };
  Table header;
  for (const BlockColumn& column : columns)
    header.columns.push_back(number_column(column.name, {}));
  std::string text = csv_text(header);
  std::vector<std::size_t> pieces;
  {
    File file(std::fopen(temporary.c_str(), "wbx"), std::fclose);
    if (!file) cannot_write(path);
    const auto flush = [&] {
      if (std::fwrite(text.data(), 1, text.size(), file.get()) != text.size()) cannot_write(path);
      check = mix(check, text);
      pieces.push_back(text.size());
      text.clear();
    };
    for (std::size_t row = 0; row < rows; ++row) {
      if (row % 256 == 0) progress.update(static_cast<double>(row) / static_cast<double>(rows));
      for (std::size_t c = 0; c < columns.size(); ++c) {
        if (c > 0) text += ',';
        text += number_text(columns[c].at(row));
      }
      text += '\n';
      if (text.size() > (std::size_t{1} << 20)) flush();
    }
    flush();
    if (std::fclose(file.release()) != 0) cannot_write(path);
  }
  std::size_t read_check = 0;
  File back(std::fopen(temporary.c_str(), "rb"), std::fclose);
  if (!back) cannot_write(path);
  for (const std::size_t piece : pieces) {
    text.resize(piece);
    if (std::fread(text.data(), 1, piece, back.get()) != piece) cannot_write(path);
    read_check = mix(read_check, text);
  }
  if (read_check != check)
    throw Error("io.write", "what was read back is not what was written", path,
                "The disk or its file system is faulty.");
}

void write_layer(OutputSet& set, const Arguments& arguments, const std::string& path,
                 const SampleInputs& inputs, const std::vector<BlockColumn>& columns,
                 std::size_t rows, const Progress& progress, Outcome& outcome) {
  OutputLayer layer;
  layer.name = "simulation";
  layer.crs = inputs.layer.crs;
  layer.table.name = layer.name;
  for (std::size_t row = 0; row < rows; ++row)
    layer.geometry.push_back(point_geometry(columns[0].at(row), columns[1].at(row)));
  if (arguments.has("crs")) {
    const Transform transform(layer.crs, parse_crs(arguments.text("crs"), "--crs"));
    for (Geometry& geometry : layer.geometry) geometry = reproject(geometry, transform);
    layer.crs = transform.to();
  }
  for (std::size_t c = 2; c < columns.size(); ++c) {
    progress.check();
    std::vector<double> numbers(rows);
    for (std::size_t row = 0; row < rows; ++row) numbers[row] = columns[c].at(row);
    layer.table.add(number_column(columns[c].name, std::move(numbers), columns[c].unit));
  }
  WriteOptions options;
  options.format = arguments.text("format");
  std::vector<OutputLayer> layers;
  layers.push_back(std::move(layer));
  dress(layers, path, options.format);
  set.write_layers(path, layers, options, outcome.findings);
}

}  // namespace

void write_simulation(const Arguments& arguments, const Session& session,
                      const SampleInputs& inputs, const Simulation& simulation,
                      const std::vector<std::string>& units,
                      const std::vector<std::vector<double>>& cutoffs, Outcome& outcome) {
  enforce_strict(session, outcome.findings);
  refuse_unmet_units(arguments, session);
  const BlockGrid& blocks = simulation.blocks;
  std::vector<std::string> read;
  for (const Source& source : outcome.inputs) read.push_back(source.path);
  OutputSet set(session.overwrite);
  const auto write = [&](const char* option, const std::vector<BlockColumn>& more,
                         const Progress& progress) {
    const std::string path = arguments.text(option);
    refuse_input_as_output(path, read);
    auto columns = place_columns(blocks, inputs.metres_per_unit);
    columns.insert(columns.end(), more.begin(), more.end());
    if (is_csv(arguments, path))
      stream_csv(set, path, columns, blocks.size(), progress);
    else
      write_layer(set, arguments, path, inputs, columns, blocks.size(), progress, outcome);
  };
  if (arguments.has("output")) {
    std::vector<BlockColumn> columns;
    for (std::size_t v = 0; v < simulation.variables.size(); ++v)
      for (std::size_t r = 0; r < simulation.realizations; ++r)
        columns.push_back({"r" + std::to_string(r + 1) + "_" + simulation.variables[v], units[v],
                           [&, v, r](std::size_t block) {
                             return simulation.values[v][r * blocks.size() + block];
                           }});
    write("output", columns, session.progress.part(0.85, 0.95));
  }
  if (arguments.has("summary-output")) {
    std::vector<BlockSummary> summaries;
    std::vector<BlockColumn> columns;
    for (std::size_t v = 0; v < simulation.variables.size(); ++v)
      summaries.push_back(summarise_blocks(simulation, v, cutoffs[v], session.jobs));
    for (std::size_t v = 0; v < simulation.variables.size(); ++v) {
      const std::string& name = simulation.variables[v];
      const BlockSummary& s = summaries[v];
      const std::pair<const char*, const std::vector<double>*> parts[] = {
          {"mean_", &s.mean}, {"sd_", &s.sd}, {"p10_", &s.p10}, {"p50_", &s.p50}, {"p90_", &s.p90}};
      for (const auto& [prefix, column] : parts)
        columns.push_back({prefix + name, units[v],
                           [values = column](std::size_t block) { return (*values)[block]; }});
      for (std::size_t c = 0; c < cutoffs[v].size(); ++c)
        columns.push_back(
            {name + "_above_" + number_text(cutoffs[v][c]), "",
             [values = &s.probability[c]](std::size_t block) { return (*values)[block]; }});
    }
    write("summary-output", columns, session.progress.part(0.95, 1.0));
  }
  set.commit();
  outcome.outputs = set.written();
}

}  // namespace lode::tools
