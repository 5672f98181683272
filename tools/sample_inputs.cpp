#include "tools/sample_inputs.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/provenance.h"
#include "libgeo/core/text.h"
#include "libgeo/io/cells.h"
#include "tools/cutoffs.h"
#include "tools/params.h"

namespace lode::tools {

std::vector<Parameter> sample_parameters(const std::string& parent) {
  std::vector<Parameter> list = {
      {.name = "z", .help = "column of the elevation (default: z, elevation or rl)"},
      {.name = "hole", .help = "column of the drillhole that a sample is of"},
      {.name = "domain", .help = "column of the domain; boundaries between domains are hard"}};
  for (Parameter& parameter : list) {
    parameter.kind = Kind::field;
    parameter.parent = parent;
    parameter.group = "Samples";
  }
  return list;
}

std::vector<std::string> list_of(const Arguments& arguments, const std::string& name) {
  std::vector<std::string> words;
  for (const std::string& text : arguments.texts(name))
    for (const std::string& word : split(text, ','))
      if (!trim(word).empty()) words.emplace_back(trim(word));
  return words;
}

namespace {

// Elevations in metres, one a row; empty when the table has none.
std::vector<double> elevations(const Arguments& arguments, const Layer& layer,
                               double metres_per_unit) {
  std::string field = arguments.text("z");
  if (field.empty())
    for (const char* name : {"z", "elevation", "rl", "zc", "zcentre", "z_m"})
      if (field.empty() && layer.table.find(name) != nullptr) field = name;
  if (field.empty()) return {};
  std::vector<double> z = layer.table.numbers(field);
  const std::string unit = unit_of_field_name(field);
  const double factor = !unit.empty() && is_unit_of(unit, Dimension::length)
                            ? unit_factor(unit, Dimension::length)
                            : metres_per_unit;
  for (double& one : z) one *= factor;
  return z;
}

void refuse_sentinel(double value, const Table& table, const std::string& field, std::size_t row) {
  if (!cells::is_sentinel(value)) return;
  throw Error("table.sentinel",
              number_text(value) + " in field '" + printable(field) + "' looks like \"no value\"",
              table.name + ", " + table.row_name(row),
              "Blank it with --missing " + number_text(value) + " or correct it.");
}

// Factors to mass fractions, one a field: NaN where a field is no grade.
std::vector<double> grade_factors(const Table& table, const std::vector<std::string>& fields) {
  std::vector<double> factors;
  for (const std::string& field : fields) {
    const std::string unit = unit_of_column(table, field);
    factors.push_back(!unit.empty() && is_unit_of(unit, Dimension::grade)
                          ? unit_factor(unit, Dimension::grade)
                          : std::numeric_limits<double>::quiet_NaN());
  }
  return factors;
}

// What no sample can hold: squares of larger numbers overflow, and a grade is a share of a rock.
void refuse_impossible(double value, double grade_factor, const Table& table,
                       const std::string& field, std::size_t row) {
  constexpr double largest = 1e100, hair = 1e-9;
  const std::string where = table.name + ", " + table.row_name(row);
  const std::string blank = "Blank it with --missing " + number_text(value) + ", or correct it";
  if (std::abs(value) > largest)
    throw Error("samples.too_large",
                number_text(value) + " in field '" + printable(field) + "' is no measured value",
                where, blank + ".");
  const double share = value * grade_factor;
  if (share < 0.0 || share > 1.0 + hair)
    throw Error("samples.grade",
                number_text(value) + " " + unit_of_column(table, field) + " in field '" +
                    printable(field) + "' cannot be: a grade is from 0 to 100 %",
                where,
                blank + "; where the column is in another unit, say --field-unit " +
                    printable(field) + "=UNIT.");
}

// Two spellings of one domain would be two domains, with a hard boundary between.
void say_near_domains(const SampleInputs& inputs, Findings& findings) {
  std::map<std::string, std::size_t> counts;
  for (const std::string& domain : inputs.samples.domain) ++counts[domain];
  std::map<std::string, std::string> first;  // by what is left without case and blanks
  for (const auto& [domain, count] : counts) {
    std::string key;
    for (const char c : lower(domain))
      if (c != ' ' && c != '\t') key += c;
    const auto [at, is_new] = first.emplace(key, domain);
    if (is_new) continue;
    findings.add("samples.near_domains", Severity::warning,
                 inputs.layer.table.name + ", domain '" + printable(domain) + "'",
                 "'" + printable(at->second) + "' (" + std::to_string(counts[at->second]) +
                     " samples) and '" + printable(domain) + "' (" + std::to_string(count) +
                     " samples) differ in case or blanks only and count as two domains",
                 std::min(counts[at->second], count));
  }
}

void add_groups(const Arguments& arguments, const Layer& layer, SampleInputs& inputs) {
  if (!arguments.text("hole").empty()) {
    const auto holes = layer.table.texts(arguments.text("hole"));
    std::map<std::string, std::uint32_t> known;
    for (const std::size_t row : inputs.row) {
      const auto [at, is_new] =
          known.emplace(holes[row], static_cast<std::uint32_t>(inputs.samples.hole_names.size()));
      if (is_new) inputs.samples.hole_names.push_back(holes[row]);
      inputs.samples.hole.push_back(at->second);
    }
  }
  if (!arguments.text("domain").empty()) {
    const auto domains = layer.table.texts(arguments.text("domain"));
    for (const std::size_t row : inputs.row) inputs.samples.domain.push_back(domains[row]);
  }
}

void check_places(const Layer& layer) {
  if (layer.crs.is_geographic())
    throw Error("samples.geographic",
                "the samples stand in degrees (" + layer.crs.label() +
                    "), and distances between them are wanted",
                layer.source.path, "Bring them to a projected CRS, e.g. with --x and --y of UTM.");
  for (std::size_t row = 0; row < layer.size(); ++row)
    if (layer.geometry[row].kind != GeometryKind::none &&
        (layer.geometry[row].kind != GeometryKind::point || layer.geometry[row].points.size() != 1))
      throw Error("samples.not_points", "a sample must be one point",
                  layer.table.name + ", " + layer.table.row_name(row),
                  "Give points, one a sample.");
}

}  // namespace

SampleInputs read_samples(const Arguments& arguments, const Session& session,
                          const std::string& path, const std::vector<std::string>& fields,
                          const Progress& progress, Outcome& outcome) {
  SampleInputs inputs;
  inputs.layer = read_layer(path, read_options(arguments, session), progress);
  const Layer& layer = inputs.layer;
  outcome.inputs.push_back(layer.source);
  outcome.findings.add(layer.findings);
  check_places(layer);
  inputs.metres_per_unit = layer.crs.metres_per_unit;
  const auto z = elevations(arguments, layer, inputs.metres_per_unit);
  inputs.has_z = !z.empty();
  if (!inputs.has_z)
    outcome.findings.add("samples.no_z", Severity::note, layer.source.path,
                         "no elevation: all samples lie in one plane (--z names a column)");
  Samples& samples = inputs.samples;
  samples.variables = fields;
  samples.values.resize(fields.size());
  std::vector<std::vector<double>> columns;
  for (const std::string& field : fields) columns.push_back(layer.table.numbers(field));
  const std::vector<double> factors = grade_factors(layer.table, fields);
  for (std::size_t row = 0; row < layer.size(); ++row) {
    if (layer.geometry[row].kind == GeometryKind::none) continue;
    if (inputs.has_z && !std::isfinite(z[row]))
      throw Error("samples.bad_z", "the sample has no elevation",
                  layer.table.name + ", " + layer.table.row_name(row),
                  "Fill it in, or leave the row out with --where.");
    samples.x.push_back(layer.geometry[row].points[0].x * inputs.metres_per_unit);
    samples.y.push_back(layer.geometry[row].points[0].y * inputs.metres_per_unit);
    samples.z.push_back(inputs.has_z ? z[row] : 0.0);
    samples.names.push_back(layer.table.row_name(row));
    for (std::size_t v = 0; v < fields.size(); ++v) {
      refuse_sentinel(columns[v][row], layer.table, fields[v], row);
      refuse_impossible(columns[v][row], factors[v], layer.table, fields[v], row);
      samples.values[v].push_back(columns[v][row]);
    }
    inputs.row.push_back(row);
  }
  add_groups(arguments, layer, inputs);
  say_near_domains(inputs, outcome.findings);
  return inputs;
}

std::vector<Parameter> grid_parameters() {
  std::vector<Parameter> list = {
      {.name = "origin", .help = "lower corner of the first block: x,y,z"},
      {.name = "spacing", .help = "size of a block: '25,25,5 m'"},
      {.name = "count", .help = "blocks along x, y and z: 40,60,12"},
      {.name = "rotation",
       .kind = Kind::number,
       .help = "degrees that the grid turns about its origin, clockwise from grid north",
       .default_text = "0",
       .range = "-360 to 360",
       .minimum = -360.0,
       .maximum = 360.0}};
  for (Parameter& parameter : list) parameter.group = "Blocks";
  return list;
}

bool asks_for_grid(const Arguments& arguments) {
  const bool any = arguments.has("origin") || arguments.has("spacing") || arguments.has("count");
  if (any && !(arguments.has("origin") && arguments.has("spacing") && arguments.has("count")))
    throw Error("usage.grid", "a grid takes --origin, --spacing and --count together", "--origin",
                "For example --origin 0,0,0 --spacing '25,25,5 m' --count 40,60,12.");
  return any;
}

std::vector<double> numbers_of(const std::string& text, std::size_t n, const std::string& option) {
  std::vector<double> numbers;
  for (const std::string& part : split(text, ',')) {
    const auto number = parse_number(part);
    if (!number) {
      numbers.clear();
      break;
    }
    numbers.push_back(*number);
  }
  if (numbers.size() != n)
    throw Error("usage.list", "'" + printable(text) + "' is not " + std::to_string(n) + " numbers",
                "--" + option, "Write them with commas between.");
  return numbers;
}

std::vector<double> lengths_of(const std::string& text, std::size_t n, const std::string& option) {
  std::vector<double> lengths = option_quantities(text, Dimension::length, "--" + option);
  if (lengths.size() == 1) lengths.assign(n, lengths.front());
  bool good = lengths.size() == n;
  for (const double length : lengths) good = good && length > 0.0;
  if (!good)
    throw Error("usage.list",
                "'" + printable(text) + "' is not " + std::to_string(n) + " lengths above 0",
                "--" + option, "For example '150,90,40 m'.");
  return lengths;
}

BlockGrid read_grid(const Arguments& arguments, double metres_per_unit) {
  BlockGrid grid;
  const std::string origin = arguments.text("origin");
  const bool bare = !origin.empty() && parse_number(origin.substr(origin.rfind(',') + 1));
  std::vector<double> corner;
  if (bare) {
    corner = numbers_of(origin, 3, "origin");
    for (double& one : corner) one *= metres_per_unit;
  } else {
    corner = option_quantities(origin, Dimension::length, "--origin");
  }
  if (corner.size() != 3)
    throw Error("usage.grid", "'" + printable(origin) + "' is not x,y,z", "--origin",
                "Three coordinates of the lower corner of the first block.");
  const auto spacing = lengths_of(arguments.text("spacing"), 3, "spacing");
  const auto count = numbers_of(arguments.text("count"), 3, "count");
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (count[axis] < 1.0 || count[axis] != std::floor(count[axis]) || count[axis] > 1e12)
      throw Error("usage.grid", "'" + printable(arguments.text("count")) + "' are no counts",
                  "--count", "Three whole numbers from 1 up: blocks along x, y and z.");
    grid.origin[axis] = corner[axis];
    grid.spacing[axis] = spacing[axis];
    grid.count[axis] = static_cast<std::size_t>(count[axis]);
  }
  grid.rotation_deg = arguments.number("rotation");
  check_grid(grid, "--origin");
  return grid;
}

VariogramModel read_variogram(const std::string& path, Outcome& outcome) {
  const std::string text = text_of_file(path, {}, std::size_t{4} << 20);
  Source source;
  source.path = path;
  source.sha256 = sha256(text);
  outcome.inputs.push_back(source);
  return model_from_json(Json::parse(text, path), path);
}

}  // namespace lode::tools
