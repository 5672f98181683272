#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/block_model.h"
#include "libgeo/deposit/grade_tonnage.h"
#include "libgeo/estimation/change_of_support.h"
#include "libgeo/estimation/validation.h"
#include "tools/cutoffs.h"
#include "tools/sample_figures.h"
#include "tools/sample_inputs.h"

namespace lode::tools {

namespace {

constexpr const char* axis_names[] = {"x", "y", "z"};

Json finite(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

// Options of the first input alone are not those of the samples.
Arguments for_samples(const Arguments& arguments) {
  Arguments rest = arguments;
  for (const char* name : {"layer", "where", "bbox", "x", "y", "fields", "z", "domain", "hole"})
    rest.values.erase(name);
  if (arguments.has("sample-domain")) rest.values["domain"] = arguments.values.at("sample-domain");
  if (arguments.has("sample-where")) rest.values["where"] = arguments.values.at("sample-where");
  return rest;
}

std::vector<double> lengths_in(const Table& table, const std::string& name,
                               double metres_per_unit) {
  std::vector<double> values = table.numbers(name);
  for (double& one : values) one *= metres_per_unit;
  return values;
}

// The number in a row's name, such as 7 of "line 7".
std::size_t line_of(const Table& table, std::size_t row) {
  const std::string name = table.row_name(row);
  const auto number = parse_number(name.substr(name.find_last_not_of("0123456789") + 1));
  return number ? static_cast<std::size_t>(*number) : row + 1;
}

// Blocks that stand twice in the list would weigh twice.
void refuse_shared_ground(const EstimatedBlocks& blocks, const SampleInputs& inputs,
                          double rotation_deg) {
  // Without elevations, levels cannot be told apart.
  if (blocks.dx.empty() || !inputs.has_z) return;
  BlockChunk chunk;
  chunk.x = blocks.x;
  chunk.y = blocks.y;
  chunk.z = blocks.z;
  chunk.dx = blocks.dx;
  chunk.dy = blocks.dy;
  chunk.dz = blocks.dz;
  for (const std::size_t row : inputs.row) chunk.line.push_back(line_of(inputs.layer.table, row));
  LayoutScan::Options options;
  if (rotation_deg != 0.0) options.rotation_deg = rotation_deg;
  LayoutScan scan(options, inputs.layer.source.path);
  scan.add(chunk);
  OverlapCheck check(scan.finish(), inputs.layer.source.path);
  check.add(chunk);
  if (check.count() == 0) return;
  (void)check.find_partner(chunk);
  check.refuse();
}

void read_shares(const Arguments& arguments, const SampleInputs& inputs, EstimatedBlocks& blocks,
                 Outcome& outcome) {
  const Table& table = inputs.layer.table;
  const std::string& path = inputs.layer.source.path;
  if (!arguments.has("share")) {
    for (const char* name : {"share", "proportion"})
      if (table.find(name) != nullptr)
        outcome.findings.add("validate.share_unused", Severity::warning, path,
                             std::string("column '") + name +
                                 "' looks like a share of each block and was not used; say "
                                 "--share " +
                                 name + " to multiply volumes by it");
    return;
  }
  const std::string field = arguments.text("share");
  const auto shares = table.numbers(field);
  std::size_t missing = 0;
  for (const std::size_t row : inputs.row) {
    check_share(shares[row], field, path, line_of(table, row));
    missing += std::isnan(shares[row]) ? 1 : 0;
    blocks.share.push_back(shares[row]);
  }
  if (missing > 0)
    outcome.findings.add("validate.no_share", Severity::warning, path,
                         "blocks without a share were left out", missing);
}

EstimatedBlocks blocks_of(const SampleInputs& inputs, Outcome& outcome) {
  EstimatedBlocks blocks;
  const Samples& places = inputs.samples;
  blocks.x = places.x;
  blocks.y = places.y;
  blocks.z = places.z;
  blocks.domain = places.domain;
  const Table& table = inputs.layer.table;
  const bool sized =
      table.find("dx") != nullptr && table.find("dy") != nullptr && table.find("dz") != nullptr;
  if (!sized) {
    outcome.findings.add("validate.no_size", Severity::note, inputs.layer.source.path,
                         "no columns dx, dy and dz: all blocks count alike");
    return blocks;
  }
  const auto dx = lengths_in(table, "dx", inputs.metres_per_unit);
  const auto dy = lengths_in(table, "dy", inputs.metres_per_unit);
  const auto dz = lengths_in(table, "dz", inputs.metres_per_unit);
  for (const std::size_t row : inputs.row) {
    for (const double size : {dx[row], dy[row], dz[row]})
      if (!(size > 0.0) || !std::isfinite(size))
        throw Error("validate.block_size", "the block's size is " + number_text(size),
                    table.name + ", " + table.row_name(row), "dx, dy and dz are lengths above 0.");
    blocks.dx.push_back(dx[row]);
    blocks.dy.push_back(dy[row]);
    blocks.dz.push_back(dz[row]);
  }
  return blocks;
}

// The size that holds most of the volume.
std::array<double, 3> usual_size(const EstimatedBlocks& blocks) {
  std::map<std::array<double, 3>, double> volume;
  for (std::size_t b = 0; b < blocks.dx.size(); ++b)
    if (std::isfinite(blocks.value[b]))
      volume[{blocks.dx[b], blocks.dy[b], blocks.dz[b]}] +=
          blocks.dx[b] * blocks.dy[b] * blocks.dz[b];
  std::array<double, 3> best{};
  double most = 0.0;
  for (const auto& [size, sum] : volume)
    if (sum > most) {
      most = sum;
      best = size;
    }
  return best;
}

std::array<double, 3> slices_of(const Arguments& arguments) {
  std::array<double, 3> slices{};
  if (!arguments.has("slice")) return slices;
  const auto widths = lengths_of(arguments.text("slice"), 3, "slice");
  std::copy(widths.begin(), widths.end(), slices.begin());
  return slices;
}

// Without --slice: at most some twenty slices along an axis, whole numbers of the largest block
// wide, or rounded to two digits where no size is known.
void usual_slices(const EstimatedBlocks& blocks, std::array<double, 3>& slices) {
  const std::vector<double>* axes[] = {&blocks.x, &blocks.y, &blocks.z};
  std::array<double, 3> block{};
  for (std::size_t b = 0; b < blocks.dx.size(); ++b)
    block = {std::max(block[0], blocks.dx[b]), std::max(block[1], blocks.dy[b]),
             std::max(block[2], blocks.dz[b])};
  for (std::size_t a = 0; a < 3; ++a) {
    const auto [low, high] = std::minmax_element(axes[a]->begin(), axes[a]->end());
    const double rough = (*high - *low) / 20.0;
    if (!(rough > 0.0)) continue;
    const double power = std::pow(10.0, std::floor(std::log10(rough)) - 1.0);
    slices[a] = block[a] > 0.0 ? std::max(1.0, std::ceil(rough / block[a] - 1e-9)) * block[a]
                               : std::ceil(rough / power) * power;
  }
}

Json swath_json(const SwathSlice& slice) {
  Json row;
  row["axis"] = axis_names[slice.axis];
  row["from_m"] = slice.from_m;
  row["to_m"] = slice.to_m;
  row["blocks"] = slice.blocks;
  row["estimate_mean"] = finite(slice.estimate_mean);
  row["nearest_mean"] = finite(slice.nearest_mean);
  row["samples"] = slice.samples;
  row["declustered_mean"] = finite(slice.declustered_mean);
  row["sample_mean"] = finite(slice.sample_mean);
  return row;
}

// What the discrete Gaussian model says of blocks, beside the estimates.
Json support_json(const Validation& one, const VariogramModel& model,
                  const std::array<double, 3>& size, const std::vector<double>& cutoffs,
                  const Arguments& arguments, const Session& session) {
  const double share = block_variance_share(model, size, arguments.number("rotation"));
  const Anamorphosis anamorphosis(one.declustered);
  const double r = anamorphosis.coefficient_for(share);
  const auto theory =
      DiscreteGaussian(anamorphosis, r, session.jobs, session.progress).curve(cutoffs);
  const auto estimates = grade_tonnage(one.estimates, cutoffs);
  const auto points = grade_tonnage(one.declustered, cutoffs);
  Json json;
  json["block_m"] = Json(std::vector<double>(size.begin(), size.end()));
  json["variance_share"] = share;
  json["support_coefficient"] = r;
  json["block_variance"] = share * one.declustered_variance;
  // Below 1: the estimates are smoother than blocks are.
  json["smoothing_ratio"] = finite(one.estimate_variance / (share * one.declustered_variance));
  json["curve"] = Json::array();
  for (std::size_t i = 0; i < cutoffs.size(); ++i) {
    Json row;
    row["cutoff"] = cutoffs[i];
    row["theory_tonnage_share"] = theory[i].tonnage_share;
    row["theory_mean"] = finite(theory[i].mean_above);
    row["estimate_tonnage_share"] = estimates[i].tonnage_share;
    row["estimate_mean"] = finite(estimates[i].mean_above);
    row["sample_tonnage_share"] = points[i].tonnage_share;
    row["sample_mean"] = finite(points[i].mean_above);
    json["curve"].push_back(row);
  }
  return json;
}

Json summary_json(const std::string& value, const Validation& one) {
  Json json;
  json["value"] = value;
  json["blocks"] = one.blocks;
  json["volume_m3"] = finite(one.volume_m3);
  json["samples"] = one.samples;
  json["estimate_mean"] = one.estimate_mean;
  json["declustered_mean"] = one.declustered_mean;
  json["sample_mean"] = one.sample_mean;
  json["bias_pct"] = finite(one.bias_pct);
  json["estimate_variance"] = one.estimate_variance;
  json["declustered_variance"] = one.declustered_variance;
  json["sample_variance"] = one.sample_variance;
  json["variance_ratio"] = finite(one.variance_ratio);
  json["swath"] = Json::array();
  for (const SwathSlice& slice : one.swath) json["swath"].push_back(swath_json(slice));
  json["qq"] = Json::array();
  for (const QuantilePair& pair : one.quantiles) {
    Json row;
    row["probability"] = pair.probability;
    row["estimate"] = pair.estimate;
    row["sample"] = pair.sample;
    json["qq"].push_back(row);
  }
  return json;
}

Plot swath_plot(const std::string& value, const Validation& one, std::size_t axis) {
  Plot plot;
  plot.title = value + ": swath along " + axis_names[axis];
  plot.x_label = std::string(axis_names[axis]) + " (m)";
  plot.y_label = "Mean " + value;
  plot.bars_label = "Blocks";
  PlotSeries bars{PlotSeries::Kind::bars, "Blocks", 3, {}, {}, {}};
  PlotSeries estimate{PlotSeries::Kind::line, "Estimates", 0, {}, {}, {}};
  PlotSeries nearest{PlotSeries::Kind::line, "Nearest samples", 1, {}, {}, {}};
  PlotSeries samples{PlotSeries::Kind::points, "Declustered samples", 2, {}, {}, {}};
  for (const SwathSlice& slice : one.swath) {
    if (slice.axis != axis) continue;
    const double middle = 0.5 * (slice.from_m + slice.to_m);
    const auto add = [&](PlotSeries& series, double y) {
      series.x.push_back(middle);
      series.y.push_back(y);
    };
    add(bars, static_cast<double>(slice.blocks));
    bars.tooltip.push_back(std::to_string(slice.blocks) + " blocks, " +
                           std::to_string(slice.samples) + " samples");
    add(estimate, slice.estimate_mean);
    add(nearest, slice.nearest_mean);
    add(samples, slice.declustered_mean);
    samples.tooltip.push_back(std::to_string(slice.samples) +
                              " samples: " + number_text(slice.declustered_mean));
  }
  if (!bars.x.empty()) plot.series = {bars, estimate, nearest, samples};
  return plot;
}

Plot quantile_plot(const std::string& value, const Validation& one) {
  Plot plot;
  plot.title = value + ": quantiles";
  plot.x_label = "Declustered samples";
  plot.y_label = "Estimates";
  PlotSeries pairs{PlotSeries::Kind::points, "Quantiles", 0, {}, {}, {}};
  PlotSeries same{PlotSeries::Kind::line, "Equal", 3, {}, {}, {}};
  for (const QuantilePair& pair : one.quantiles) {
    pairs.x.push_back(pair.sample);
    pairs.y.push_back(pair.estimate);
    pairs.tooltip.push_back(number_text(pair.probability * 100.0) + " %");
    same.x.push_back(pair.sample);
    same.y.push_back(pair.sample);
  }
  plot.series = {same, pairs};
  return plot;
}

Plot support_plot(const std::string& value, const Json& support) {
  Plot plot;
  plot.title = value + ": share of the tonnage above a cut-off";
  plot.x_label = "Cut-off";
  plot.y_label = "Share";
  PlotSeries estimates{PlotSeries::Kind::line, "Estimates", 0, {}, {}, {}};
  PlotSeries theory{PlotSeries::Kind::line, "Blocks, in theory", 1, {}, {}, {}};
  for (const Json& row : support.at("curve").items()) {
    for (PlotSeries* series : {&estimates, &theory})
      series->x.push_back(row.at("cutoff").as_number());
    estimates.y.push_back(row.at("estimate_tonnage_share").as_number());
    theory.y.push_back(row.at("theory_tonnage_share").as_number());
  }
  plot.series = {estimates, theory};
  return plot;
}

void write_figure(const Arguments& arguments, const Session& session,
                  const std::vector<Plot>& plots, Outcome& outcome) {
  enforce_strict(session, outcome.findings);
  refuse_unmet_units(arguments, session);
  std::vector<std::string> inputs;
  for (const Source& input : outcome.inputs) inputs.push_back(input.path);
  OutputSet set(session.overwrite);
  if (arguments.has("output")) {
    refuse_input_as_output(arguments.text("output"), inputs);
    set.write_text(arguments.text("output"), outcome.summary.dump(2) + "\n");
  }
  if (arguments.has("svg")) {
    refuse_input_as_output(arguments.text("svg"), inputs);
    set.write_text(arguments.text("svg"),
                   report::to_svg(draw_plots("Estimates against samples", plots)));
  }
  set.commit();
  outcome.outputs = set.written();
}

struct Asked {
  std::vector<std::string> values, sample_values;
  std::optional<VariogramModel> model;
};

Asked asked_of(const Arguments& arguments, Outcome& outcome) {
  Asked asked;
  asked.values = list_of(arguments, "value");
  asked.sample_values =
      arguments.has("sample-value") ? list_of(arguments, "sample-value") : asked.values;
  if (asked.sample_values.size() != asked.values.size())
    throw Error("usage.list",
                std::to_string(asked.values.size()) + " columns of blocks and " +
                    std::to_string(asked.sample_values.size()) + " of samples",
                "--sample-value", "One for each --value, in the same order.");
  if (arguments.has("variogram")) {
    if (asked.values.size() != 1)
      throw Error("usage.list", "a variogram is of one value", "--variogram",
                  "Run the command once for each value.");
    asked.model = read_variogram(arguments.text("variogram"), outcome);
  } else if (arguments.has("cutoffs")) {
    throw Error("usage.validate", "cut-offs are for the change of support", "--cutoffs",
                "Give --variogram too.");
  }
  return asked;
}

// Summary, rows and plots of the values, put together one after the other.
struct Report {
  Json values = Json::array();
  std::vector<Json> rows;
  std::vector<Plot> plots;
};

std::vector<double> cutoffs_for(const Arguments& arguments, const Table& table,
                                const std::string& value, const Distribution& samples) {
  if (arguments.has("cutoffs"))
    return cutoffs_of(arguments.text("cutoffs"), unit_of_column(table, value), "cutoffs");
  std::vector<double> cutoffs;
  for (int q = 0; q < 20; ++q)
    if (const double cutoff = samples.quantile(0.05 * q);
        cutoffs.empty() || cutoff > cutoffs.back())
      cutoffs.push_back(cutoff);
  return cutoffs;
}

void add_value(const Arguments& arguments, const Session& session, const Asked& asked,
               const Validation& one, const EstimatedBlocks& blocks, const Table& table,
               const std::string& value, Report& report) {
  Json summary = summary_json(value, one);
  for (std::size_t axis = 0; axis < 3; ++axis)
    if (Plot plot = swath_plot(value, one, axis); !plot.series.empty())
      report.plots.push_back(std::move(plot));
  report.plots.push_back(quantile_plot(value, one));
  if (asked.model) {
    if (blocks.dx.empty())
      throw Error("validate.block_size", "the size of the blocks is not known",
                  arguments.text("BLOCKS"), "A change of support needs columns dx, dy and dz.");
    const auto cutoffs = cutoffs_for(arguments, table, value, one.declustered);
    summary["change_of_support"] =
        support_json(one, *asked.model, usual_size(blocks), cutoffs, arguments, session);
    report.plots.push_back(support_plot(value, summary.at("change_of_support")));
  }
  for (const Json& slice : summary.at("swath").items()) {
    Json row;
    row["value"] = value;
    for (const auto& [key, cell] : slice.members()) row[key] = cell;
    report.rows.push_back(row);
  }
  report.values.push_back(summary);
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const Asked asked = asked_of(arguments, outcome);
  const SampleInputs block_inputs =
      read_samples(arguments, session, arguments.text("BLOCKS"), asked.values,
                   session.progress.part(0.0, 0.3), outcome);
  const SampleInputs inputs =
      read_samples(for_samples(arguments), session, arguments.text("SAMPLES"), asked.sample_values,
                   session.progress.part(0.3, 0.4), outcome);
  if (block_inputs.layer.crs.label() != inputs.layer.crs.label())
    throw Error("crs.mixed",
                "blocks stand in " + block_inputs.layer.crs.label() + ", samples in " +
                    inputs.layer.crs.label(),
                arguments.text("SAMPLES"), "Bring one to the CRS of the other.");
  EstimatedBlocks blocks = blocks_of(block_inputs, outcome);
  refuse_shared_ground(blocks, block_inputs, arguments.number("rotation"));
  read_shares(arguments, block_inputs, blocks, outcome);
  ValidationOptions options;
  options.slice_m = slices_of(arguments);
  if (!arguments.has("slice")) usual_slices(blocks, options.slice_m);
  options.rotation_deg = arguments.number("rotation");
  options.quantiles = static_cast<std::size_t>(arguments.integer("quantiles"));
  options.jobs = session.jobs;
  Report report;
  for (std::size_t v = 0; v < asked.values.size(); ++v) {
    options.variable = v;
    blocks.value = block_inputs.samples.values[v];
    const double share = 0.6 / static_cast<double>(asked.values.size());
    const double at = 0.4 + share * static_cast<double>(v);
    const Validation one =
        validate_estimates(blocks, inputs.samples, options, session.progress.part(at, at + share));
    outcome.findings.add(one.findings);
    add_value(arguments, session, asked, one, blocks, block_inputs.layer.table, asked.values[v],
              report);
  }
  outcome.summary = report.values.items().front();
  if (asked.values.size() > 1) outcome.summary["values"] = report.values;
  add_results(session, outcome, report.rows.size(), [&](std::size_t i) { return report.rows[i]; });
  write_figure(arguments, session, report.plots, outcome);
  return outcome;
}

}  // namespace

// Declares the parameters, long because every one is a row of it.
Command validate_command() {
  const ValidationOptions options;
  Command command;
  command.name = "validate";
  command.summary = "block estimates against samples: swaths, quantiles, bias, smoothing";
  command.group = "Deposit";
  command.run = run;
  std::vector<Parameter>& list = command.parameters;
  list = {{.name = "BLOCKS",
           .kind = Kind::table,
           .help = "block centres x y z with estimates, and sizes dx dy dz",
           .positional = true,
           .required = true},
          {.name = "SAMPLES",
           .kind = Kind::table,
           .help = "points with the values",
           .positional = true,
           .required = true},
          {.name = "value",
           .kind = Kind::field,
           .help = "columns of the estimates, and of the samples where --sample-value is not said",
           .required = true,
           .repeatable = true,
           .parent = "BLOCKS",
           .group = "Comparison"},
          {.name = "sample-value",
           .kind = Kind::field,
           .help = "columns of the samples, in the same order",
           .repeatable = true,
           .parent = "SAMPLES",
           .group = "Comparison"},
          {.name = "share",
           .kind = Kind::field,
           .help = "column of the share of each block, 0 to 1: volumes are multiplied by it",
           .parent = "BLOCKS",
           .group = "Comparison"},
          {.name = "slice",
           .help = "width of the slices along x, y and z: '50,50,10 m'; about 20 slices without it",
           .group = "Comparison"},
          {.name = "rotation",
           .kind = Kind::number,
           .help = "degrees that the axes (and blocks) turn about z, clockwise from grid north",
           .default_text = "0",
           .range = "-360 to 360",
           .minimum = -360.0,
           .maximum = 360.0,
           .group = "Comparison"},
          {.name = "quantiles",
           .kind = Kind::integer,
           .help = "steps of the Q-Q table",
           .default_text = std::to_string(options.quantiles),
           .range = "2 to 1000",
           .minimum = 2,
           .maximum = 1000,
           .group = "Comparison"},
          {.name = "variogram",
           .kind = Kind::file,
           .help = "model of the samples (JSON): adds the change of support",
           .group = "Comparison"},
          {.name = "cutoffs",
           .help = "for the change of support: '0.5,1,2 %'; 20 quantiles of the samples without it",
           .group = "Comparison"},
          {.name = "sample-domain",
           .kind = Kind::field,
           .help = "column of the samples' domain; --domain is that of the blocks",
           .parent = "SAMPLES",
           .group = "Samples"},
          {.name = "sample-where",
           .help = "attribute filter of the samples; --where is that of the blocks",
           .group = "Samples"}};
  std::vector<Parameter> places = sample_parameters("BLOCKS");
  std::erase_if(places, [](const Parameter& one) { return one.name == "hole"; });
  append(list, places);
  append(list, reading_parameters());
  append(list, {{.name = "output",
                 .kind = Kind::file_out,
                 .help = "the summary as JSON",
                 .aliases = {"-o"},
                 .group = "Result"},
                {.name = "svg",
                 .kind = Kind::file_out,
                 .help = "figures: swaths, quantiles, and with --variogram the change of support",
                 .aliases = {"figure"},
                 .group = "Result"}});
  return command;
}

}  // namespace lode::tools
