#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "tools/params.h"
#include "tools/pit_inputs.h"

namespace lode::tools {

namespace {

constexpr const char* pit_column = "pit";

Json row_of(const PitShell& shell, bool with_product) {
  Json row;
  row["revenue_factor"] = shell.factor;
  row["value"] = shell.value;
  row["value_at_factor"] = shell.value_at_factor;
  row["blocks_mined"] = shell.blocks_mined;
  row["ore_blocks"] = shell.ore_blocks;
  row["volume_m3"] = shell.volume_m3;
  row["rock_t"] = shell.rock_t;
  row["ore_t"] = shell.ore_t;
  row["waste_t"] = shell.rock_t - shell.ore_t;
  row["strip_ratio"] = shell.strip_ratio;
  if (with_product) row["product_t"] = shell.product_t;
  return row;
}

// The pit at the prices as they are; without one, the largest.
std::size_t main_shell(const Pit& pit) {
  for (std::size_t s = 0; s < pit.shells.size(); ++s)
    if (pit.shells[s].factor == 1.0) return s;
  return pit.shells.size() - 1;
}

void fill_results(const Pit& pit, const PitPlan& plan, Outcome& outcome) {
  const bool with_product = plan.has_mass() && !plan.products.empty();
  Json row = row_of(pit.shells[main_shell(pit)], with_product);
  Json shells = Json::array();
  for (std::size_t s = 0; s < pit.shells.size(); ++s) {
    Json shell;
    shell["pit"] = s + 1;
    const Json rest = row_of(pit.shells[s], with_product);
    for (const auto& [key, value] : rest.members()) shell[key] = value;
    shells.push_back(shell);
  }
  row["shells"] = shells;
  outcome.results.push_back(row);
}

// Cells without a block that lie in the pit, below the highest block of their column.
std::size_t holes_in(const PitInputs& inputs, const Pit& pit) {
  const BlockGrid& grid = inputs.blocks.grid;
  const std::size_t plan = grid.count[0] * grid.count[1];
  std::vector<std::uint32_t> lowest(plan, UINT32_MAX), highest(plan, 0), mined(plan, 0);
  for (std::size_t b = 0; b < inputs.blocks.cell.size(); ++b) {
    const std::size_t column = inputs.blocks.cell[b] % plan;
    const auto level = static_cast<std::uint32_t>(inputs.blocks.cell[b] / plan);
    highest[column] = std::max(highest[column], level);
    if (pit.shell[b] == 0) continue;
    lowest[column] = std::min(lowest[column], level);
    ++mined[column];
  }
  std::size_t holes = 0;
  for (std::size_t c = 0; c < plan; ++c)
    if (mined[c] > 0) holes += highest[c] - lowest[c] + 1 - mined[c];
  return holes;
}

void fill_summary(const PitPlan& plan, const PitInputs& inputs, const Pit& pit, Outcome& outcome) {
  Json& summary = outcome.summary;
  summary["blocks"] = inputs.listed;
  summary["waste_blocks_added"] = inputs.blocks.cell.size() - inputs.listed;
  summary["value_unit"] = plan.unit_said ? "USD" : "as the column";
  summary["strip_ratio_basis"] = plan.has_mass() ? "mass" : "volume";
  summary["precedence"] = inputs.slopes;
  std::size_t offsets = 0;
  for (const auto& pattern : inputs.precedence.patterns)
    offsets = std::max(offsets, pattern.size());
  summary["pattern_blocks"] = offsets;
  summary["candidates"] = pit.candidates;
  const PitShell& last = pit.shells.back();
  Json proof;
  proof["revenue_factor"] = last.factor;
  proof["units_per_money"] = pit.scale;
  proof["rounded"] = !pit.exact;
  proof["positive"] = last.positive;
  proof["max_flow"] = last.positive - last.bound;
  proof["value"] = last.whole_value;
  proof["gap"] = last.bound - last.whole_value;
  proof["precedences_checked"] = pit.precedences;
  summary["proof"] = proof;
  summary["note"] = "undiscounted, in support of a competent person; no statement of reserves";
}

void add_findings(const PitPlan& plan, const PitInputs& inputs, const Pit& pit,
                  const std::string& path, Outcome& outcome) {
  if (!plan.unit_said)
    outcome.findings.add("pit.value_unit", Severity::note, path,
                         "the columns of money do not say a unit: values are in theirs");
  if (!plan.has_mass())
    outcome.findings.add(
        "pit.no_density", Severity::note, path,
        "neither --density nor --tonnage: no tonnes, and the strip ratio is one of "
        "volumes");
  if (inputs.blank > 0)
    outcome.findings.add("pit.blank", Severity::warning, path,
                         plan.blank_is_air ? "blocks without a value count as air"
                                           : "blocks without a value count as waste",
                         inputs.blank);
  if (const std::size_t holes = holes_in(inputs, pit); holes > 0)
    outcome.findings.add("pit.holes", Severity::warning, path,
                         "cells of the pit under blocks have no block themselves and count as air: "
                         "if there is rock, list it or say --waste-below",
                         holes);
  std::size_t uncovered = 0;
  const std::size_t columns = inputs.column_uncovered.size();
  if (columns > 0)
    for (std::size_t b = 0; b < inputs.blocks.cell.size(); ++b)
      uncovered += pit.shell[b] != 0 && inputs.column_uncovered[inputs.blocks.cell[b] % columns];
  if (uncovered > 0)
    outcome.findings.add(
        "pit.uncovered", Severity::warning, path,
        "blocks of the pit stand where the surface of --waste-below ends: waste is "
        "missing there",
        uncovered);
  if (pit.shells.back().blocks_mined == 0)
    outcome.findings.add("pit.empty", Severity::warning, path, "no pit pays: none has a value");
}

// Streams the model to the output with the number of the first pit that holds each block.
void write_blocks(const Arguments& arguments, const Session& session,
                  const BlockReadOptions& reading, const Pit& pit, Outcome& outcome) {
  BlockReadOptions options = reading;
  options.numbers.clear();
  options.texts.clear();
  options.keep_lines = true;
  BlockFile file(arguments.text("BLOCKS"), options);
  std::vector<std::string> inputs{arguments.text("BLOCKS")};
  for (const Source& input : outcome.inputs) inputs.push_back(input.path);
  refuse_input_as_output(arguments.text("output"), inputs);
  OutputSet outputs(session.overwrite);
  BlockWriter writer(outputs.stage(arguments.text("output")), arguments.text("output"));
  writer.write(file.header() + file.separator() + pit_column + "\n");
  BlockChunk chunk;
  std::string text;
  const Progress progress = session.progress.part(0.85, 0.99);
  while (file.next(chunk, progress)) {
    text.clear();
    for (std::size_t r = 0; r < chunk.size(); ++r) {
      text += chunk.text[r];
      text += file.separator();
      append_number(text, pit.shell[chunk.first + r]);
      text += '\n';
    }
    writer.write(text);
    progress.update(file.fraction(), "writing blocks");
  }
  writer.finish();
  refuse_unmet_units(arguments, session);
  outputs.commit();
  outcome.outputs = outputs.written();
}

std::string people_text(const Pit& pit, const Outcome& outcome) {
  std::vector<std::vector<std::string>> rows{
      {"pit", "factor", "value", "blocks", "rock_t", "ore_t", "strip_ratio"}};
  const auto shown = [](double value, int digits) {
    return std::isnan(value) ? std::string("-") : fixed_text(value, digits);
  };
  for (std::size_t s = 0; s < pit.shells.size(); ++s) {
    const PitShell& shell = pit.shells[s];
    rows.push_back({std::to_string(s + 1), number_text(shell.factor), shown(shell.value, 0),
                    std::to_string(shell.blocks_mined), shown(shell.rock_t, 0),
                    shown(shell.ore_t, 0), shown(shell.strip_ratio, 3)});
  }
  std::vector<std::size_t> width(rows[0].size(), 0);
  for (const auto& row : rows)
    for (std::size_t c = 0; c < row.size(); ++c) width[c] = std::max(width[c], row[c].size());
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c)
      text += (c > 0 ? "  " : "") + std::string(width[c] - row[c].size(), ' ') + row[c];
    text += "\n";
  }
  text += "\n" + outcome.summary.at("precedence").as_string() + "; proved: no pit is worth more (" +
          std::to_string(pit.precedences) + " precedences checked)\n";
  for (const auto& output : outcome.outputs) text += "wrote " + printable(output.path) + "\n";
  return text;
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const std::string path = arguments.text("BLOCKS");
  const BlockCrs crs = block_crs(arguments);
  BlockReadOptions reading = block_options(arguments, session, crs);
  BlockFile header(path, reading);
  if (arguments.has("output")) {
    if (header.is_gslib())
      throw Error("blocks.not_csv", "the model is GSLIB text, whose rows take no further column",
                  path, "Write it as CSV first: lode blocks reblock, or your own program.");
    if (header.has_column(pit_column))
      throw Error("blocks.column_exists", "the model has a column 'pit' already", path,
                  "Take the old one out, or rename it.");
  }
  const PitPlan plan = make_pit_plan(arguments, session, header);
  const BlockLayout layout =
      scan_layout(header, arguments, crs, session.progress.part(0.0, 0.25), outcome);
  reading.numbers = plan.numbers;
  if (!plan.zone.empty()) reading.texts = {plan.zone};
  BlockFile file(path, reading);
  const PitInputs inputs = read_pit_inputs(arguments, session, plan, layout, crs, file,
                                           session.progress.part(0.25, 0.5), outcome);
  Source source = file.source();
  source.crs = crs.said ? crs.crs.label() : "";
  source.features = layout.blocks;
  outcome.inputs.insert(outcome.inputs.begin(), source);
  PitOptions options;
  options.precedence = inputs.precedence;
  options.factors = revenue_factors(arguments);
  const Pit pit = ultimate_pit(inputs.blocks, options, session.progress.part(0.6, 0.85));
  add_findings(plan, inputs, pit, path, outcome);
  fill_results(pit, plan, outcome);
  fill_summary(plan, inputs, pit, outcome);
  enforce_strict(session, outcome.findings);
  if (arguments.has("output")) write_blocks(arguments, session, reading, pit, outcome);
  outcome.text = people_text(pit, outcome);
  return outcome;
}

std::vector<Parameter> money_parameters() {
  std::vector<Parameter> list = {
      {.name = "value",
       .kind = Kind::field,
       .help = "column of the money that mining a block brings, costs taken off",
       .parent = "BLOCKS"},
      {.name = "revenue",
       .kind = Kind::field,
       .help = "column of the money that a block's product brings; with --cost",
       .parent = "BLOCKS"},
      {.name = "cost",
       .kind = Kind::field,
       .help = "column of the money that mining and treating a block costs",
       .parent = "BLOCKS"},
      {.name = "grade", .help = "columns of the grades that are sold: F,F,..."},
      {.name = "price",
       .help = "of the product in place of --value: '12 USD/kg', one a grade or one for all"},
      {.name = "recovery",
       .help = "of the product: '70 %', one a grade or one for all; 100 % unless said"},
      {.name = "selling-cost", .help = "of the product: '0.4 USD/kg', one a grade or one for all"},
      {.name = "cost-mining",
       .kind = Kind::quantity,
       .help = "of a tonne of rock",
       .dimension = Dimension::price_per_mass},
      {.name = "cost-processing",
       .kind = Kind::quantity,
       .help = "of a tonne of ore",
       .dimension = Dimension::price_per_mass}};
  for (Parameter& parameter : list) parameter.group = "Money";
  return list;
}

std::vector<Parameter> rock_parameters() {
  std::vector<Parameter> list = {
      {.name = "density",
       .kind = Kind::field_or_quantity,
       .help = "dry bulk density: a column, or a quantity for every block",
       .dimension = Dimension::density,
       .parent = "BLOCKS"},
      {.name = "tonnage",
       .kind = Kind::field,
       .help = "column of the mass of each block, in place of --density",
       .parent = "BLOCKS"},
      {.name = "share",
       .kind = Kind::field,
       .help = "column of the share of each block that is ore, 0 to 1; the rest is waste",
       .parent = "BLOCKS"},
      {.name = "ore",
       .kind = Kind::field,
       .help = "column that is above 0 for ore, for the strip ratio",
       .parent = "BLOCKS"},
      {.name = "no-value",
       .kind = Kind::choice,
       .help = "what blocks without value, grade or mass are",
       .choices = {"refuse", "air", "waste"},
       .default_text = "refuse"},
      {.name = "revenue-factors",
       .help = "nested pits, one for each of these times the revenue: 0.4,0.6,0.8,1"},
      {.name = "waste-below",
       .kind = Kind::raster,
       .help = "raster or TIN: cells without a block are waste as far as they lie below it"},
      {.name = "waste-density",
       .kind = Kind::quantity,
       .help = "dry bulk density of that waste",
       .dimension = Dimension::density}};
  for (Parameter& parameter : list) parameter.group = "Rock";
  return list;
}

std::vector<Parameter> slope_parameters() {
  std::vector<Parameter> list = {
      {.name = "slope", .help = "of the walls: degrees from the horizontal, or a column of them"},
      {.name = "sectors",
       .kind = Kind::table,
       .help = "slopes by bearing: azimuth_deg, slope_deg, and zone where --zone is said"},
      {.name = "zone",
       .kind = Kind::field,
       .help = "column of the zone of slopes that a block lies in",
       .parent = "BLOCKS"},
      {.name = "benches",
       .kind = Kind::integer,
       .help = "height of the cones, in blocks, within which slopes hold exactly",
       .default_text = "8",
       .range = "1 to 100",
       .minimum = 1,
       .maximum = 100},
      {.name = "pattern",
       .kind = Kind::choice,
       .help = "in place of slopes: the block above and its 4 or 8 neighbours",
       .choices = {"cone", "1-5", "1-9"},
       .default_text = "cone"}};
  for (Parameter& parameter : list) parameter.group = "Slopes";
  return list;
}

void check_slopes(const Arguments& arguments) {
  const auto refuse = [](const std::string& what, const std::string& hint) {
    throw Error("usage.pit_slope", what, "pit", hint);
  };
  const bool cone = arguments.text("pattern") == "cone";
  const int said = int{arguments.has("slope")} + int{arguments.has("sectors")};
  if (cone && said != 1)
    refuse("the slopes are not said once", "Give --slope 45, or --sectors FILE, or --pattern 1-5.");
  if (!cone && (said > 0 || arguments.has("benches")))
    refuse("slopes and a fixed pattern are both said",
           "Leave --slope and --sectors, or --pattern.");
  if (arguments.has("zone") && !arguments.has("sectors"))
    refuse("--zone without --sectors", "The table of --sectors gives the slopes of each zone.");
  const bool column = arguments.has("slope") && !looks_like_quantity(arguments.text("slope"));
  if (arguments.has("waste-below") && (column || arguments.has("zone")))
    refuse("--waste-below wants slopes that hold outside the blocks too",
           "Give one slope, or --sectors without zones.");
  if (arguments.has("slope") && !column) {
    Outcome unused;
    auto zones = read_slope_zones(arguments, unused);
    try {
      check_zone(zones.at(""), "--slope");
    } catch (const Error& error) {
      // Said on the command line, not read from a file.
      throw Error("usage.range", error.what(), error.where, error.hint);
    }
  }
}

void check_money(const Arguments& arguments) {
  const auto refuse = [](const std::string& what, const std::string& hint) {
    throw Error("usage.pit_value", what, "pit", hint);
  };
  const bool value = arguments.has("value");
  const bool columns = arguments.has("revenue") || arguments.has("cost");
  const bool computed = arguments.has("price");
  if (int{value} + int{columns} + int{computed} != 1)
    refuse("the value of a block is not said once",
           "Give --value F, or --revenue F and --cost F, or --price with --grade.");
  if (columns && !(arguments.has("revenue") && arguments.has("cost")))
    refuse("--revenue and --cost go together", "Name both columns.");
  const bool mass = arguments.has("density") || arguments.has("tonnage");
  if (arguments.has("density") && arguments.has("tonnage"))
    refuse("--density and --tonnage both give masses", "Leave one out.");
  if (computed && !(arguments.has("grade") && arguments.has("cost-mining") &&
                    arguments.has("cost-processing") && mass))
    refuse("--price wants more to compute a value",
           "Give --grade, --cost-mining, --cost-processing, and --density or --tonnage.");
  if (!computed && (arguments.has("cost-processing") || arguments.has("selling-cost")))
    refuse("costs of processing and selling stand beside a value that holds them",
           "Leave them out, or give --price in place of the columns.");
  if (arguments.has("waste-below") !=
      (arguments.has("waste-density") && arguments.has("cost-mining")))
    refuse("--waste-below goes with --waste-density and --cost-mining", "Give all three.");
  if (!computed && arguments.has("cost-mining") && !arguments.has("waste-below"))
    refuse("--cost-mining stands beside a value that holds it", "Leave it out.");
  if (arguments.text("no-value") == "waste" && !computed)
    refuse("--no-value waste wants the cost of mining", "Say air, or give --price.");
  if (arguments.has("share") && !computed)
    refuse("--share changes nothing in columns of money", "Leave it out, or give --price.");
  if (arguments.has("revenue-factors") && value)
    refuse("--revenue-factors want revenue and cost apart",
           "Give --revenue and --cost, or --price, in place of --value.");
}

}  // namespace

Command pit_command() {
  Command command;
  command.name = "pit";
  command.summary = "ultimate pit of a block model under slopes, proved best, and nested pits";
  command.group = "Deposit";
  command.parameters = block_parameters("BLOCKS");
  append(command.parameters, money_parameters());
  append(command.parameters, rock_parameters());
  append(command.parameters, slope_parameters());
  for (Parameter& parameter : output_parameters())
    if (parameter.name == "output") {
      parameter.help = "the model with a column 'pit', as CSV: the first pit that holds the block";
      command.parameters.push_back(parameter);
    }
  command.setup = [](const Arguments& arguments) {
    check_csv_output(arguments);
    check_money(arguments);
    check_slopes(arguments);
    (void)revenue_factors(arguments);
  };
  command.run = run;
  return command;
}

}  // namespace lode::tools
